"""The week as those who teach a class see it: the theme, their part in it, before and after, when, where, and what parents read."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache
from typing import TypeAlias

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, joinedload

from curriculum import summaries, text
from curriculum.delivery.sharing import bare, til_ukeplanen
from curriculum.people import SMALL, SchoolClass, with_halves
from curriculum.planning import CANCELLED, MOVED, Lesson, Series, lesson_classes
from curriculum.summaries import Summary, TermCard

Day: TypeAlias = date


@dataclass(frozen=True)
class LessonPage:
    """A lesson as its teacher sees it, in the source language. An empty `room`: not settled yet (“rom ikke avklart”).

    `til_ukeplanen` has at most 250 characters.
    """

    lesson: str
    title: str
    version: int
    is_unread: bool
    aim: str
    purpose: text.SafeHtml
    role: text.SafeHtml
    words: tuple[TermCard, ...]
    before: text.SafeHtml
    after: text.SafeHtml
    watch_out: text.SafeHtml
    date: date
    start: time
    end: time
    minutes: int
    room: str
    presenter: str
    state: str
    was_held: bool
    classes: tuple[str, ...]
    """By name; a small group that shares a lesson with other classes is not named."""
    staff: tuple[str, ...]
    """Those who still are agents."""
    moved_from: Day | None
    """The day it stood on first, when it now stands on another."""
    why: str
    """Why it was moved or cancelled, for staff only."""
    summary: Summary
    til_ukeplanen: str


@dataclass(frozen=True)
class WeekPage:
    """A class's lessons in an ISO week, in time order, those of its halves among them."""

    school_class: SchoolClass
    year: int
    number: int
    monday: date
    lessons: tuple[LessonPage, ...]

    @property
    def friday(self) -> date:
        return self.monday + timedelta(days=4)

    def name_of(self, lesson: LessonPage) -> str:
        """Whose lesson it is: the class, or the half of it that has it alone."""
        mine = self.school_class.name
        return mine if mine in lesson.classes or self.school_class.is_confidential else ", ".join(lesson.classes)

    def is_said_above(self, lesson: LessonPage) -> bool:
        """Whether an earlier lesson of the week, that of the other half, is of the same theme and will be or was held."""
        before = self.lessons[: self.lessons.index(lesson)]
        return any((one.title, one.version) == (lesson.title, lesson.version) and one.state != CANCELLED for one in before)


def week(db: Session, classes: Sequence[SchoolClass], year: int, number: int, today: date) -> list[WeekPage]:
    """One page for each class, for the ISO week `number` of `year`, of the lessons of series in use.

    The number of queries is the same for one class and for thirty. Raises ValueError for a week that the year does not have.
    """
    monday = date.fromisocalendar(year, number, 1)
    dates = {"monday": monday, "sunday": monday + timedelta(days=6)}
    lessons = db.scalars(_of_the_week(), {"classes": [one.id for one in classes], **dates}).unique().all()
    pages = _pages(db, lessons, today)
    return [WeekPage(one, year, number, monday, tuple(pages[lesson.id] for lesson in lessons if _has(one, lesson))) for one in classes]


def _has(school_class: SchoolClass, lesson: Lesson) -> bool:
    """Whether a lesson is one of the class, or of a half of it."""
    return any(school_class.id in (group.id, group.whole_id) for group in lesson.classes)


def lessons_of_classes() -> Select[Lesson]:
    """The lessons of the series in use of some `classes` (a parameter: their ids) and of their halves, as a query to refine."""
    theirs = select(lesson_classes.c.lesson_id).where(lesson_classes.c.class_id.in_(with_halves(bindparam("classes", expanding=True))))
    return select(Lesson).join(Lesson.series).where(Lesson.id.in_(theirs), Series.in_use)


@cache
def _of_the_week() -> Select[Lesson]:
    return (
        lessons_of_classes()
        .where(Lesson.date.between(bindparam("monday"), bindparam("sunday")))
        .order_by(Lesson.date, Lesson.start, Lesson.position)
        .options(joinedload(Lesson.classes), *summaries.loaded_lessons())
    )


def _pages(db: Session, lessons: Sequence[Lesson], today: date) -> dict[int, LessonPage]:
    if not lessons:
        return {}
    read = summaries.summaries_for(db, lessons, lessons[0].series.district.source_language, today)
    serving = summaries.serving_agents(db, lessons[0].district_id, today)
    return {lesson.id: _page(lesson, summary, serving) for lesson, summary in zip(lessons, read, strict=True)}


def _page(lesson: Lesson, summary: Summary, serving: Collection[int]) -> LessonPage:
    said = {key: text.render(words, lang=summary.source_lang) for key, words in summary.theme.sections.items()}
    terms = summary.part("terms")
    return LessonPage(
        lesson=lesson.public_id,
        title=summary.title,
        version=summary.version,
        is_unread=summary.is_unread,
        aim=_first_sentence(said["purpose"]),
        purpose=said["purpose"],
        role=said["teacher"],
        words=terms.cards if terms else (),
        before=said["preparation"],
        after=said["reflection"],
        watch_out=said["watch-out"],
        date=lesson.date,
        start=lesson.start,
        end=lesson.end,
        minutes=summaries.slot_minutes(lesson),
        room=lesson.room,
        presenter=lesson.presenter,
        state=lesson.state,
        was_held=summary.was_held,
        classes=tuple(one.name for one in lesson.classes if one.kind != SMALL or len(lesson.classes) == 1),
        staff=tuple(person.name for person in lesson.staff if person.id in serving),
        moved_from=_moved_from(lesson),
        why=_why(lesson),
        summary=summary,
        til_ukeplanen=til_ukeplanen(summary),
    )


def _moved_from(lesson: Lesson) -> date | None:
    moves = [one for one in lesson.moves if one.kind == MOVED]
    return moves[0].old_date if moves and moves[0].old_date != lesson.date else None


def _why(lesson: Lesson) -> str:
    kind = CANCELLED if lesson.state == CANCELLED else MOVED if _moved_from(lesson) else ""
    return next((one.why for one in reversed(lesson.moves) if one.kind == kind), "")


def _first_sentence(html: text.SafeHtml) -> str:
    """The aim in a sentence: where the purpose begins."""
    return re.split(r"(?<=[.!?])\s", bare(text.SafeHtml(html.partition("</p>")[0])), maxsplit=1)[0]
