"""The week as those who teach a class see it: the theme, their part in it, before and after, when, where, and what parents read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache
from typing import TypeAlias

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, joinedload

from curriculum import summaries, text
from curriculum.delivery.continuing import rests_taken_up
from curriculum.delivery.sharing import bare, til_ukeplanen
from curriculum.keeping import Kept
from curriculum.people import SMALL, Person, SchoolClass, with_halves
from curriculum.planning import CANCELLED, MOVED, NO, Lesson, Series, lesson_classes, with_staff
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
    by_teacher: bool
    """The class's teacher holds it this time."""
    theme: str
    state: str
    was_held: bool
    classes: tuple[str, ...]
    """By name; a small group that shares a lesson with other classes is not named."""
    staff: tuple[str, ...]
    """Those who still are agents of the class, or hold it instead of one; none where the teacher does."""
    moved_from: Day | None
    """The day it stood on first, when it now stands on another."""
    why: str
    """Why it was moved or cancelled, for staff only."""
    takes_up: str
    """The theme of which this lesson first takes up what there was no time for; empty for none."""
    visitor: str
    """The name of who has been asked to come, unless they cannot."""
    material: str
    """What they bring or want prepared."""
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

    The number of queries is the same for one class and for thirty, and none while nothing changes. Raises ValueError for a week that the
    year does not have.
    """
    monday = date.fromisocalendar(year, number, 1)
    lessons = _kept.get(db, (tuple(one.id for one in classes), monday, today))
    return [WeekPage(one, year, number, monday, tuple(page for owners, page in lessons if one.id in owners)) for one in classes]


def _read(db: Session, asked: tuple[tuple[int, ...], date, date]) -> list[tuple[set[int | None], LessonPage]]:
    """The lessons of some classes in the week of a Monday, each with the ids of its classes and of those that they are halves of."""
    classes, monday, today = asked
    dates = {"monday": monday, "sunday": monday + timedelta(days=6)}
    lessons = db.scalars(_of_the_week(), {"classes": classes, **dates}).unique().all()
    pages = _pages(db, lessons, today)
    return [({number for group in lesson.classes for number in (group.id, group.whole_id)}, pages[lesson.id]) for lesson in lessons]


_kept = Kept(_read)


def lessons_of_classes() -> Select[Lesson]:
    """The lessons of the series in use of some `classes` (a parameter: their ids) and of their halves, as a query to refine."""
    theirs = select(lesson_classes.c.lesson_id).where(lesson_classes.c.class_id.in_(with_halves(bindparam("classes", expanding=True))))
    return select(Lesson).join(Lesson.series).where(Lesson.id.in_(theirs), Series.in_use)


@cache
def _of_the_week() -> Select[Lesson]:
    return with_staff(
        lessons_of_classes()
        .where(Lesson.date.between(bindparam("monday"), bindparam("sunday")))
        .order_by(Lesson.date, Lesson.start, Lesson.position)
        .options(joinedload(Lesson.classes, innerjoin=True), joinedload(Lesson.asked_presenter), *summaries.loaded_lessons())
    )


def _pages(db: Session, lessons: Sequence[Lesson], today: date) -> dict[int, LessonPage]:
    if not lessons:
        return {}
    serving = summaries.serving_agents(db, summaries.holders(lessons), today)
    read = summaries.summaries_for(db, lessons, lessons[0].series.district.source_language, today, serving)
    staff = summaries.holding_staff(db, lessons, serving)
    rests = rests_taken_up(db, lessons)
    return {
        lesson.id: _page(lesson, summary, staff[lesson.id], rests[lesson.id].title if lesson.id in rests else "")
        for lesson, summary in zip(lessons, read, strict=True)
    }


def _page(lesson: Lesson, summary: Summary, staff: Sequence[Person], takes_up: str) -> LessonPage:
    said = {key: text.render(words, lang=summary.source_lang) for key, words in summary.theme.sections.items()}
    terms = summary.part("terms")
    visitor = lesson.asked_presenter if lesson.presenter_answer != NO else None
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
        by_teacher=lesson.by_teacher,
        theme=summary.theme.key,
        state=lesson.state,
        was_held=summary.was_held,
        classes=tuple(one.name for one in lesson.classes if one.kind != SMALL or len(lesson.classes) == 1),
        staff=() if lesson.by_teacher else tuple(person.name for person in staff),
        moved_from=_moved_from(lesson),
        why=_why(lesson),
        takes_up=takes_up,
        visitor=visitor.name if visitor else "",
        material=visitor.material if visitor else "",
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
