"""A class's weeks as its parents see them: those gone by, this one, and the theme that comes next. Never a weekday, a time or a room."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from curriculum.people import SchoolClass, with_halves
from curriculum.planning import CANCELLED, CONTINUED, Lesson, Series, closed_days, is_teaching_week, iso_week, lesson_classes
from curriculum.summaries.desk import Desk, gather, theme_section
from curriculum.summaries.halves import half_alone, moved_from, spokesman, together
from curriculum.summaries.reading import last_day
from curriculum.summaries.sections import Section

PAST, NOW, NEXT, AWAY = "past", "now", "next", "away"
"""States of a line: a week gone by, this one, the theme that comes next, and a theme of this week that was moved to a later one."""

NOT_BEGUN, NO_LESSON, NO_SCHOOL, OVER = "not begun", "no lesson", "no school", "over"
"""Why nothing stands in this week."""


@dataclass(frozen=True)
class WeekLine:
    """A theme in the list of weeks (ISO), one line for both halves of a class. `lesson` is a public id, empty for what cannot be opened.

    `title` is the theme's in the source language; `sentence` is the summary's first, in the reader's language. Cancelled are those of
    which no half's lesson will be held. `moved_from` and `moved_to` are the numbers of other weeks of which parents had been told.
    `cancelled_half` and `moved_half` name the half of the class of which alone that is so.
    """

    year: int
    week: int
    lesson: str
    title: str
    sentence: Section | None
    state: str
    is_cancelled: bool
    moved_from: int | None
    moved_to: int | None
    cancelled_half: str
    moved_half: str
    is_continued: bool
    """There was no time for all of it: it goes on next time."""

    @property
    def is_this_week(self) -> bool:
        return self.state in (NOW, AWAY)


def weeks_for(db: Session, school_class: SchoolClass, tag: str, today: date) -> list[WeekLine]:
    """The lines of a class in time order; the number of queries is the same for one lesson and for thirty."""
    lessons = _lessons(db, school_class)
    until = last_day(today)
    so_far = together(lesson for lesson in lessons if lesson.date <= until)
    later = together(lesson for lesson in lessons if lesson.date > until and lesson.state != CANCELLED)
    away = _away(so_far, later, today)
    shown = [lesson for pair in (*so_far, *away, *later[:1]) for lesson in pair]
    if not shown:
        return []
    desk = gather(db, shown, tag, today)
    return [
        *(_line(desk, pair, *_present(pair, later, today)) for pair in so_far),
        *(_line(desk, pair, AWAY) for pair in away),
        *(_line(desk, pair, NEXT) for pair in later[:1]),
    ]


def why_empty(db: Session, school_class: SchoolClass, lines: Sequence[WeekLine], today: date) -> str:
    """Why none of a class's lines is this week's: not begun, over, no school this week or no lesson. Empty when one is."""
    states = {line.state for line in lines}
    if states & {NOW, AWAY}:
        return ""
    if PAST not in states:
        return NOT_BEGUN
    if NEXT not in states:
        return OVER
    week = iso_week(today)
    closed = closed_days(db, school_class.district_id, school_class.school_id, week.monday, week.sunday)
    return NO_LESSON if is_teaching_week(week, closed) else NO_SCHOOL


def _lessons(db: Session, school_class: SchoolClass) -> Sequence[Lesson]:
    mine = select(lesson_classes.c.lesson_id).where(lesson_classes.c.class_id.in_(with_halves([school_class.id])))
    query = (
        select(Lesson)
        .join(Lesson.series)
        .where(Lesson.id.in_(mine), Series.in_use)
        .order_by(Lesson.date, Lesson.start, Lesson.position)
        .options(selectinload(Lesson.moves))
    )
    return db.scalars(query).all()


def _away(so_far: Iterable[Sequence[Lesson]], later: Iterable[list[Lesson]], today: date) -> list[list[Lesson]]:
    """What this week was to be about, and will be later: not when a half of the class has it this week all the same."""
    this = iso_week(today)
    there = {pair[0].theme_id for pair in so_far if iso_week(pair[0].date) == this}
    return [pair for pair in later if pair[0].theme_id not in there and any(moved_from(lesson) == this for lesson in pair)]


def _present(pair: Sequence[Lesson], later: Iterable[Sequence[Lesson]], today: date) -> tuple[str, Sequence[Lesson]]:
    """The state of what stands in a week so far; and of this week, what of it one half has later."""
    week = iso_week(pair[0].date)
    if week != iso_week(today):
        return PAST, ()
    return NOW, [one for some in later for one in some if one.theme_id == pair[0].theme_id and moved_from(one) == week]


def _line(desk: Desk, pair: Sequence[Lesson], state: str, gone: Sequence[Lesson] = ()) -> WeekLine:
    lesson = spokesman(pair, desk.held)
    moved = [one for one in pair if moved_from(one)]
    theirs, before = iso_week((gone or [lesson])[0].date), moved_from(moved[0]) if moved and not gone else None
    week = iso_week(desk.bank.today) if state == AWAY else iso_week(lesson.date)
    return WeekLine(
        year=week.year,
        week=week.number,
        lesson="" if state in (AWAY, NEXT) else lesson.public_id,
        title=desk.shown[lesson.id].title,
        sentence=theme_section(desk, lesson, "sentence"),
        state=state,
        is_cancelled=lesson.state == CANCELLED,
        moved_from=before.number if before and state != AWAY else None,
        moved_to=theirs.number if state == AWAY or gone else None,
        cancelled_half=half_alone(one for one in pair if one.state == CANCELLED),
        moved_half=half_alone(gone or moved),
        is_continued=lesson.state == CONTINUED,
    )
