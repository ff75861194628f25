"""What is new to those who teach a class since last week: lessons that got another time or none, and themes that were written anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from sqlalchemy import Date, Select, bindparam, or_, select
from sqlalchemy.orm import Session, joinedload

from curriculum import summaries
from curriculum.delivery.holding import LOCAL
from curriculum.delivery.week import lessons_of_classes
from curriculum.people import SMALL, SchoolClass
from curriculum.planning import CANCELLED, MOVED, PLANNED, RESTORED, Lesson, Move, iso_week
from curriculum.summaries import Published, VersionLine

LOOKS_BACK = timedelta(weeks=1)
"""New is what was done since the Monday of last week."""


@dataclass(frozen=True)
class Changed:
    """What became of a lesson in the end: MOVED, CANCELLED or RESTORED. The times it had and has; the old is where it stood before."""

    lesson: str
    class_names: str
    title: str
    kind: str
    old_date: date
    old_start: time
    date: date
    start: time
    why: str


@dataclass(frozen=True)
class Since:
    """What is new, lessons in the order of their dates, versions the newest first. Nothing is kept of when somebody settled a room."""

    lessons: tuple[Changed, ...]
    versions: tuple[VersionLine, ...]

    @property
    def is_any(self) -> bool:
        return bool(self.lessons or self.versions)


def new_since_last_week(db: Session, classes: Sequence[SchoolClass], today: date) -> Since:
    """What was done since the Monday of last week to lessons that were or are to be from this Monday on, and to their themes.

    Of series in use; a lesson that was changed and put back as it was is not new. As many queries for one class as for thirty.
    """
    this = iso_week(today)
    since = datetime.combine(this.monday - LOOKS_BACK, time(), LOCAL).astimezone(UTC)
    ids = [one.id for one in classes]
    lessons = db.scalars(_changed_lessons(), {"classes": ids, "since": since, "monday": this.monday}).unique()
    ahead = db.scalars(_themes_ahead(), {"classes": ids, "monday": this.monday, "sunday": this.next.sunday})
    bank = summaries.published(db, classes[0].district_id, today)
    found = [change for lesson in lessons if (change := _change(lesson, since, bank))]
    return Since(tuple(sorted(found, key=lambda one: (one.date, one.start, one.class_names))), _new_versions(bank, set(ahead), since))


@cache
def _changed_lessons() -> Select[Lesson]:
    monday = bindparam("monday", type_=Date)
    moved = select(Move.lesson_id).where(Move.at >= bindparam("since"), or_(Move.old_date >= monday, Move.new_date >= monday))
    return (
        lessons_of_classes()
        .where(Lesson.id.in_(moved))
        .options(joinedload(Lesson.theme), joinedload(Lesson.classes), joinedload(Lesson.moves))
    )


def _change(lesson: Lesson, since: datetime, bank: Published) -> Changed | None:
    moves = [move for move in lesson.moves if move.at >= since]
    kind = _kind(lesson, moves)
    if kind is None:
        return None
    pinned = bank.versions[lesson.pinned_version_id] if lesson.pinned_version_id else None
    return Changed(
        lesson=lesson.public_id,
        class_names=", ".join(sorted(group.name for group in lesson.classes if group.kind != SMALL or len(lesson.classes) == 1)),
        title=pinned.title if pinned else bank.titles.get(lesson.theme_id, lesson.theme.key),
        kind=kind,
        old_date=moves[0].old_date,
        old_start=moves[0].old_start or lesson.start,
        date=lesson.date,
        start=lesson.start,
        why=next((move.why for move in reversed(moves) if move.kind == kind), ""),
    )


def _kind(lesson: Lesson, moves: Sequence[Move]) -> str | None:
    if lesson.state == CANCELLED:
        return CANCELLED if any(move.kind == CANCELLED for move in moves) else None
    if (moves[0].old_date, moves[0].old_start or lesson.start) != (lesson.date, lesson.start):
        return MOVED
    return RESTORED if moves[0].kind == RESTORED else None


@cache
def _themes_ahead() -> Select[int]:
    """The themes of this week and the next that are not pinned to the version they were held with."""
    ahead = Lesson.date.between(bindparam("monday"), bindparam("sunday"))
    query = lessons_of_classes().where(ahead, Lesson.state == PLANNED, Lesson.pinned_version_id.is_(None))
    return query.with_only_columns(Lesson.theme_id)


def _new_versions(bank: Published, themes: Iterable[int], since: datetime) -> tuple[VersionLine, ...]:
    new = [line for theme in themes for line in bank.lines[theme] if line.number > 1 and line.created_at >= since]
    return tuple(sorted(new, key=lambda line: (line.created_at, line.id), reverse=True))
