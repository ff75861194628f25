"""A class's weeks as its parents see them: those gone by, this one, and the theme that comes next. Never a weekday, a time or a room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from curriculum.people import SchoolClass
from curriculum.planning import CANCELLED, Lesson, Series, lesson_classes
from curriculum.summaries.desk import Desk, gather, theme_section
from curriculum.summaries.reading import last_day
from curriculum.summaries.sections import Section

PAST, NOW, NEXT = "past", "now", "next"


@dataclass(frozen=True)
class WeekLine:
    """A lesson in the list of weeks (ISO). `lesson` is its public id, empty for the next theme, which cannot be opened yet.

    `title` is the theme's in the source language; `sentence` is the summary's first, in the reader's language.
    """

    year: int
    week: int
    lesson: str
    title: str
    sentence: Section | None
    state: str
    is_cancelled: bool
    is_moved: bool

    @property
    def is_this_week(self) -> bool:
        return self.state == NOW


def weeks_for(db: Session, school_class: SchoolClass, tag: str, today: date) -> list[WeekLine]:
    """The lines of a class in time order; the number of queries is the same for one lesson and for thirty."""
    lessons = _readable(_lessons(db, school_class), today)
    if not lessons:
        return []
    desk = gather(db, lessons, tag, today)
    return [_line(desk, lesson) for lesson in lessons]


def _lessons(db: Session, school_class: SchoolClass) -> Sequence[Lesson]:
    query = (
        select(Lesson)
        .join(Lesson.series)
        .join(lesson_classes)
        .where(lesson_classes.c.class_id == school_class.id, Series.in_use)
        .order_by(Lesson.date, Lesson.start, Lesson.position)
        .options(selectinload(Lesson.moves))
    )
    return db.scalars(query).all()


def _readable(lessons: Sequence[Lesson], today: date) -> list[Lesson]:
    """Those up to this week, and the first after it that is not cancelled."""
    until = last_day(today)
    coming = [lesson for lesson in lessons if lesson.date > until and lesson.state != CANCELLED]
    return [lesson for lesson in lessons if lesson.date <= until] + coming[:1]


def _line(desk: Desk, lesson: Lesson) -> WeekLine:
    year, week = _week(lesson.date)
    state = _state(lesson.date, desk.today)
    return WeekLine(
        year=year,
        week=week,
        lesson="" if state == NEXT else lesson.public_id,
        title=desk.versions[desk.shown[lesson.id]].title,
        sentence=theme_section(desk, lesson, "sentence"),
        state=state,
        is_cancelled=lesson.state == CANCELLED,
        is_moved=any(_week(move.old_date) != _week(move.new_date) for move in lesson.moves),
    )


def _state(day: date, today: date) -> str:
    if _week(day) == _week(today):
        return NOW
    return PAST if day < today else NEXT


def _week(day: date) -> tuple[int, int]:
    year, week, _ = day.isocalendar()
    return year, week
