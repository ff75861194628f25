"""Lessons by week, and when a lesson counts as held."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Protocol, TypeVar

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from curriculum.people import District, Person, SchoolClass, Scope, may, visible, with_halves
from curriculum.planning.calendar import Week, closed_days, is_teaching_week, iso_week, school_days_after
from curriculum.planning.engine.problem import Closed
from curriculum.planning.models import PLANNED, Lesson, Series, lesson_classes

HELD_AFTER = 2
"""School days after its date from which a lesson nobody has said anything about counts as held."""

SEARCHED = timedelta(weeks=16)
"""How far from today the nearest teaching week is looked for: longer than any summer."""


class Group(Protocol):
    """A class, as its row or as what is seen of it."""

    @property
    def name(self) -> str: ...
    @property
    def is_confidential(self) -> bool: ...
    @property
    def scope(self) -> Scope: ...


OneGroup = TypeVar("OneGroup", bound=Group)
SomeGroup = TypeVar("SomeGroup", bound=Group, covariant=True)


class Shared(Protocol[SomeGroup]):
    """A lesson of these classes."""

    @property
    def classes(self) -> Iterable[SomeGroup]: ...


def lessons_of_week(db: Session, who: Person | SchoolClass, week: Week | tuple[int, int], today: date) -> list[Lesson]:
    """The lessons of an ISO week in time order, cancelled ones too: those a person may see, or those anyone with a class's link may see.

    A whole class has its halves' lessons too. Only series in use, but for the person who plans them. The number of queries does not
    depend on the number of lessons.
    """
    week = Week(*week)
    query = _of_class(who) if isinstance(who, SchoolClass) else _of_person(who, today)
    query = query.where(Lesson.date.between(week.monday, week.sunday)).order_by(Lesson.date, Lesson.start, Lesson.id)
    return list(db.scalars(query.options(*_whole())).unique())


def _of_class(school_class: SchoolClass) -> Select[Lesson]:
    mine = select(lesson_classes.c.lesson_id).where(lesson_classes.c.class_id.in_(with_halves([school_class.id])))
    return select(Lesson).join(Lesson.series).where(Lesson.id.in_(mine), Series.in_use)


def _of_person(person: Person, today: date) -> Select[Lesson]:
    planning = visible(person, Lesson, today, "plan").with_only_columns(Lesson.id)
    return visible(person, Lesson, today).join(Lesson.series).where(or_(Series.in_use, Lesson.id.in_(planning)))


def _whole() -> list[ORMOption]:
    return [
        joinedload(Lesson.theme),
        joinedload(Lesson.series),
        joinedload(Lesson.pinned_version),
        selectinload(Lesson.classes).joinedload(SchoolClass.school),
        selectinload(Lesson.staff),
    ]


def teaching_week_nearest(db: Session, district: District, today: date) -> Week:
    """The week with teaching in the district that is nearest to today: this one if it has any, and of two equally near the coming one."""
    closed = closed_days(db, district.id, None, today - SEARCHED, today + SEARCHED)
    this = iso_week(today)
    near = [iso_week(this.monday + timedelta(weeks=n)) for n in range(-SEARCHED.days // 7 + 1, SEARCHED.days // 7)]
    weeks = [week for week in near if is_teaching_week(week, closed)]
    return min(weeks or [this], key=lambda week: (abs((week.monday - this.monday).days), week < this))


def counts_as_held_from(day: date, closed: Collection[Closed]) -> date:
    """The first day on which a lesson of `day` counts as held if nobody says otherwise: two school days after."""
    return school_days_after(day, HELD_AFTER, closed)


def held_until(today: date, closed: Collection[Closed]) -> date:
    """The last day whose lessons count as held by now if nobody says otherwise: for who asks about many lessons of a school."""
    day = today - timedelta(1)
    while counts_as_held_from(day, closed) > today:
        day -= timedelta(1)
    return day


def assumed_held(lesson: Lesson, today: date, closed: Collection[Closed]) -> bool:
    """Whether a lesson nobody has said anything about counts as held by now. `closed` is `closed_days` of its school since its date."""
    return lesson.state == PLANNED and counts_as_held_from(lesson.date, closed) <= today


def classes_shown(lesson: Shared[OneGroup], person: Person, today: date) -> list[OneGroup]:
    """The classes of a lesson that a person may know of, by name: a small group that shares it with her class is not hers to see."""
    return sorted(
        (group for group in lesson.classes if not group.is_confidential or may(person, "read", group.scope, today)),
        key=lambda group: group.name,
    )
