"""Whether a lesson was held, which version of its theme it shows, and which steps there was time for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.ideabank import ThemeDocument
from curriculum.people import School
from curriculum.planning import CONTINUED, HELD, PLANNED, Lesson, SeenLesson, SeenSchool
from curriculum.summaries.bank import Lines, in_effect


def version_shown(lesson: Lesson, lines: Lines, was_held: bool, today: date) -> int:
    """Id of the version a lesson shows: the pinned one; else, once assumed held, that of its own day; else today's."""
    if lesson.pinned_version_id:
        return lesson.pinned_version_id
    return in_effect(lines[lesson.theme_id], min(lesson.date, today) if was_held else today).id


def held_lessons(db: Session, lessons: Iterable[Lesson | SeenLesson], today: date) -> set[int]:
    """Ids of those that were held: someone said so, or nobody has said otherwise for two school days (product rule 12).

    Two queries for each school with a lesson that has to be reckoned out.
    """
    waiting: dict[School | SeenSchool, list[Lesson | SeenLesson]] = {}
    lessons = tuple(lessons)
    for lesson in lessons:
        if lesson.state == PLANNED and lesson.date < today:
            waiting.setdefault(lesson.series.school_class.school, []).append(lesson)
    held = {lesson.id for lesson in lessons if lesson.state in (HELD, CONTINUED)}
    for school, some in waiting.items():
        closed = planning.closed_days(db, school.district_id, school.id, min(lesson.date for lesson in some), today)
        until = planning.held_until(today, closed)
        held.update(lesson.id for lesson in some if lesson.date <= until)
    return held


def slot_minutes(lesson: Lesson | SeenLesson) -> int:
    """Minutes from the lesson's start to its end; `Lesson.minutes` says how many it needs at least."""
    return (lesson.end.hour - lesson.start.hour) * 60 + lesson.end.minute - lesson.start.minute


def left_out(theme: ThemeDocument, minutes: int) -> frozenset[str]:
    """Uids of the steps that a lesson of so many minutes has no time for: when the full run does not fit, all but the core."""
    if theme.full_sum <= minutes:
        return frozenset()
    return frozenset(step.uid for step in theme.steps if not step.is_core)


def extra_rests(db: Session, lessons: Sequence[Lesson]) -> dict[int, frozenset[str]]:
    """Of extra lessons, by their ids: uids of the steps left of an earlier lesson of the same theme, which are all that they hold.

    One query where any of the lessons takes up a rest, else none.
    """
    earlier = {lesson.carried_from_id for lesson in lessons if lesson.carried_from_id is not None}
    if not earlier:
        return {}
    rows = db.execute(select(Lesson.id, Lesson.theme_id, Lesson.held_record).where(Lesson.id.in_(earlier)))
    left = {(id, theme): frozenset(record.get("unfinished", ())) for id, theme, record in rows if record}
    wanted = ((lesson.id, (lesson.carried_from_id, lesson.theme_id)) for lesson in lessons)
    return {id: left[of] for id, of in wanted if of in left}


def planned_without(lesson: Lesson, theme: ThemeDocument, rest: frozenset[str] | None) -> frozenset[str]:
    """Uids of the steps a lesson is meant to do without: those its time leaves out; in an extra lesson all but the `rest` it holds."""
    if rest is not None:
        return frozenset(step.uid for step in theme.steps) - rest
    return left_out(theme, slot_minutes(lesson))


def skipped_steps(lesson: Lesson, theme: ThemeDocument, rest: frozenset[str] | None) -> frozenset[str]:
    """Uids of the steps the lesson did without: as recorded, with those that were left for another; else what it is meant to do without."""
    if lesson.held_record is not None:
        return frozenset([*lesson.held_record["skipped"], *lesson.held_record.get("unfinished", ())])
    return planned_without(lesson, theme, rest)
