"""Lessons as pages show them, with what they belong to, in plain values: a page that only shows reads the columns it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

from sqlalchemy import Row, Select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from curriculum.ideabank import Document, Edition
from curriculum.people import SMALL, Person, School, SchoolClass, Scope
from curriculum.planning.listing import pinned_editions
from curriculum.planning.models import Lesson, Presenter, Series, lesson_classes, lesson_staff


class SeenSchool(NamedTuple):
    """A school, and its district's id."""

    id: int
    district_id: int
    name: str


class SeenClass(NamedTuple):
    """A class, and who may know of it."""

    id: int
    name: str
    kind: str
    whole_id: int | None
    school: SeenSchool

    @property
    def is_confidential(self) -> bool:
        return self.kind == SMALL

    @property
    def scope(self) -> Scope:
        return Scope.of_class(self.school.district_id, self.school.id, self.id, self.whole_id)


class SeenSeries(NamedTuple):
    """A series that is not thrown away."""

    public_id: str
    in_use: bool
    school_class: SeenClass

    @property
    def scope(self) -> Scope:
        return self.school_class.scope


class SeenTheme(NamedTuple):
    """A theme by its key: what it says depends on the day."""

    key: str


class SeenVisitor(NamedTuple):
    """Somebody from outside who is asked to hold a part, and what they bring or want prepared."""

    name: str
    material: str


class Holder(NamedTuple):
    """Who holds a lesson."""

    id: int
    name: str


class SeenLesson(NamedTuple):
    """A lesson as `Lesson` has it. `classes` in no order; `staff` by name."""

    id: int
    public_id: str
    theme_id: int
    date: date
    start: time
    end: time
    room_need: list[str]
    room: str
    room_confirmed: bool
    presenter: str
    presenter_answer: str
    by_teacher: bool
    carried_from_id: int | None
    date_locked: bool
    state: str
    version: int
    pinned_version_id: int | None
    theme: SeenTheme
    series: SeenSeries
    asked_presenter: SeenVisitor | None
    pinned_version: Edition | None
    classes: tuple[SeenClass, ...]
    staff: tuple[Holder, ...]


_COLUMNS = (
    Lesson.id, Lesson.public_id, Lesson.theme_id, Lesson.date, Lesson.start, Lesson.end, Lesson.room_need, Lesson.room,
    Lesson.room_confirmed, Lesson.presenter, Lesson.presenter_answer, Lesson.by_teacher, Lesson.carried_from_id, Lesson.date_locked,
    Lesson.state, Lesson.version, Lesson.pinned_version_id,
)  # fmt: skip


def _of_class(group: type[SchoolClass], school: type[School]) -> tuple[InstrumentedAttribute[Any], ...]:
    return group.id, group.name, group.kind, group.whole_id, school.id, school.district_id, school.name


_WITH, _ITS_SCHOOL = aliased(SchoolClass), aliased(School)
"""A class of the lesson: one or, where it is shared, another than that of its series."""
_PARTS = (
    _COLUMNS,
    (Series.public_id, Series.in_use, *_of_class(SchoolClass, School)),
    (Document.key,),
    (Presenter.name, Presenter.material),
    _of_class(_WITH, _ITS_SCHOOL),
    (Person.id, Person.name),
)
_ENDS = tuple(accumulate(len(part) for part in _PARTS))


def seen_lessons(db: Session, lessons: Select[Lesson], asked: Mapping[str, Any]) -> list[SeenLesson]:
    """The lessons of a query that has joined their series, which is kept by whoever asks: what is built on it is built once.

    One query however many lessons there are; two more for what pinned versions say, when something has changed.
    """
    rows: dict[int, list[Row[*tuple[Any, ...]]]] = {}
    for row in db.execute(_seen(lessons), asked):
        rows.setdefault(row[0], []).append(row)
    pinned = pinned_editions(db, {some[0].pinned_version_id for some in rows.values()} - {None})
    return [_lesson(some, pinned) for some in rows.values()]


@lru_cache
def _seen(lessons: Select[Lesson]) -> Select[Any]:
    """Each lesson once for each of its classes and whoever holds it: they are few."""
    whole = lessons.join(Series.school_class).join(SchoolClass.school).join(Lesson.theme).outerjoin(Lesson.asked_presenter)
    shared = whole.join(lesson_classes, lesson_classes.c.lesson_id == Lesson.id).join(_WITH, _WITH.id == lesson_classes.c.class_id)
    held = shared.join(_ITS_SCHOOL, _ITS_SCHOOL.id == _WITH.school_id).outerjoin(lesson_staff, lesson_staff.c.lesson_id == Lesson.id)
    query = held.outerjoin(Person, Person.id == lesson_staff.c.person_id).order_by(Person.name)
    return query.with_only_columns(*(column for part in _PARTS for column in part))


def _lesson(rows: Sequence[Row[*tuple[Any, ...]]], pinned: Mapping[int, Edition]) -> SeenLesson:
    row = rows[0]
    own, series, theme, visitor, *_ = (row[first:end] for first, end in zip((0, *_ENDS), _ENDS, strict=False))
    parts = (
        SeenTheme._make(theme),
        SeenSeries(series[0], series[1], _class(*series[2:])),
        SeenVisitor._make(visitor) if visitor[0] is not None else None,
        pinned.get(row.pinned_version_id),
        tuple(dict.fromkeys(_class(*one[_ENDS[3] : _ENDS[4]]) for one in rows)),
        tuple(dict.fromkeys(Holder._make(one[_ENDS[4] :]) for one in rows if one[_ENDS[4]] is not None)),
    )
    return SeenLesson._make((*own, *parts))


def _class(id: int, name: str, kind: str, whole: int | None, *school: Any) -> SeenClass:
    return SeenClass(id, name, kind, whole, SeenSchool._make(school))
