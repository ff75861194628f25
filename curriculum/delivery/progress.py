"""How far the series of a school have come, class by class, for those who lead it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from curriculum import planning, summaries
from curriculum.ideabank import Document
from curriculum.people import SMALL, Person, School, SchoolClass, visible
from curriculum.planning import CANCELLED, CONTINUED, HELD, PLANNED, Lesson, Series, Waiver, series_agents


class Holder(NamedTuple):
    """Who holds the lessons of a series."""

    id: int
    name: str


class Left(NamedTuple):
    """A fixed theme that a series leaves out by permission, and why."""

    theme: int
    theme_key: str
    why: str
    at: datetime


class CountedClass(NamedTuple):
    """A class as it is counted."""

    id: int
    public_id: str
    name: str
    kind: str
    school_id: int
    whole_id: int | None

    @property
    def is_confidential(self) -> bool:
        return self.kind == SMALL


class CountedSeries(NamedTuple):
    """A series as it is counted. `agents` by name."""

    id: int
    class_id: int
    public_id: str
    title: str
    in_use: bool
    confirmed_at: datetime | None
    agents: tuple[Holder, ...]
    waivers: tuple[Left, ...]


class CountedLesson(NamedTuple):
    """A lesson as it is counted: no more of it is fetched."""

    series: int
    id: int
    state: str
    date: date
    start: time
    end: time
    room: str
    theme: int
    theme_key: str


@dataclass(frozen=True)
class SeriesProgress:
    """A series in numbers. Held and still to come are all its lessons but the cancelled; `unsettled`: lessons ahead without a room."""

    series: CountedSeries
    held: int
    planned: int
    cancelled: int
    unsettled: int
    next_lesson: CountedLesson | None
    next_title: str
    waivers: tuple[tuple[str, Left], ...]
    """Fixed themes that are left out by permission, by title, with the reason; not one that it has a lesson of after all."""
    closed: int = 0
    """Lessons ahead that stand on a day without teaching."""

    @property
    def total(self) -> int:
        return self.held + self.planned


@dataclass(frozen=True)
class ClassProgress:
    """A class with its series of the year, those being planned too."""

    school_class: CountedClass
    series: tuple[SeriesProgress, ...]


def school_progress(db: Session, person: Person, school: School, year: int, today: date, at: time = time.min) -> list[ClassProgress]:
    """The classes of a school year that a person may see, by name; `at` is the time of day. As many queries for one class as for thirty."""
    return schools_progress(db, person, [school], year, today, at)[school.id]


def schools_progress(
    db: Session, person: Person, schools: Collection[School], year: int, today: date, at: time = time.min
) -> dict[int, list[ClassProgress]]:
    """`school_progress` of several schools, by their ids. As many queries for one school as for thirty."""
    asked = {"schools": [one.id for one in schools], "year": year}
    classes = [CountedClass._make(row) for row in db.execute(_of_schools(visible(person, SchoolClass, today)), asked)]
    series = _series(db, person, classes, today)
    lessons: dict[int, list[CountedLesson]] = {one.id: [] for one in series}
    for row in db.execute(_lessons(), {"series": list(lessons)}):
        lessons[row.series_id].append(CountedLesson(*row))
    school_of = {one.id: one.school_id for one in classes}
    ahead = [(school_of[one.class_id], lesson) for one in series for lesson in lessons[one.id]]
    held = _held(db, person.district_id, ahead, today)
    titles = summaries.published(db, person.district_id, today).titles
    closed = planning.lessons_on_closed_days(db, person.district_id, today)
    of_class: dict[int, list[SeriesProgress]] = {one.id: [] for one in classes}
    for one in series:
        counted = _Counted(lessons[one.id], held[school_of[one.class_id]], closed)
        of_class[one.class_id].append(_progress(one, counted, titles, datetime.combine(today, at)))
    found: dict[int, list[ClassProgress]] = {one.id: [] for one in schools}
    for group in classes:
        found[group.school_id].append(ClassProgress(group, tuple(of_class[group.id])))
    return found


_CLASS = tuple(getattr(SchoolClass, name) for name in CountedClass._fields)


@lru_cache
def _of_schools(seen: Select[SchoolClass]) -> Select[*tuple[Any, ...]]:
    of_schools = SchoolClass.school_id.in_(bindparam("schools", expanding=True)), SchoolClass.school_year == bindparam("year")
    return seen.where(*of_schools).order_by(SchoolClass.name).with_only_columns(*_CLASS)


def _series(db: Session, person: Person, classes: Collection[CountedClass], today: date) -> list[CountedSeries]:
    """The series of these classes that a person may read, those that begin first first."""
    rows: dict[int, list[Sequence[Any]]] = {}
    for row in db.execute(_of_classes(visible(person, Series, today)), {"classes": [one.id for one in classes]}):
        rows.setdefault(row.id, []).append(row)
    return [_with_its_own(some) for some in rows.values()]


_SERIES = (Series.id, Series.class_id, Series.public_id, Series.title, Series.in_use, Series.confirmed_at)
_LEFT = (Waiver.theme_id, Document.key, Waiver.why, Waiver.at)


@lru_cache
def _of_classes(seen: Select[Series]) -> Select[*tuple[Any, ...]]:
    """Each series once for each of its agents and waivers: they are few."""
    held = seen.outerjoin(series_agents, series_agents.c.series_id == Series.id).outerjoin(Person, Person.id == series_agents.c.person_id)
    whole = held.outerjoin(Series.waivers).outerjoin(Waiver.theme)
    of_classes = whole.where(Series.class_id.in_(bindparam("classes", expanding=True)))
    return of_classes.order_by(Series.from_date, Series.id, Person.name, Waiver.id).with_only_columns(
        *_SERIES, Person.id, Person.name, *_LEFT
    )


def _with_its_own(rows: Sequence[Sequence[Any]]) -> CountedSeries:
    """A series of its rows, with the agents and waivers in them."""
    agents = dict.fromkeys(Holder(*row[6:8]) for row in rows if row[6] is not None)
    waivers = dict.fromkeys(Left(*row[8:]) for row in rows if row[8] is not None)
    return CountedSeries._make((*rows[0][:6], tuple(agents), tuple(waivers)))


@cache
def _lessons() -> Select[*tuple[Any, ...]]:
    return (
        select(Lesson.series_id, Lesson.id, Lesson.state, Lesson.date, Lesson.start, Lesson.end, Lesson.room, Lesson.theme_id, Document.key)
        .join(Lesson.theme)
        .where(Lesson.series_id.in_(bindparam("series", expanding=True)))
        .order_by(Lesson.date, Lesson.start, Lesson.position)
    )


def _held(db: Session, district_id: int, lessons: Sequence[tuple[int, CountedLesson]], today: date) -> dict[int, set[date]]:
    """By school the days whose planned lessons count as held by now (product rule 12)."""
    days: dict[int, set[date]] = {school_id: set() for school_id, _ in lessons}
    for school_id, lesson in lessons:
        if lesson.state == PLANNED and lesson.date < today:
            days[school_id].add(lesson.date)
    closed = planning.closed_by_school(db, district_id, days, min((day for some in days.values() for day in some), default=today), today)
    return {
        school_id: {day for day in some if planning.counts_as_held_from(day, closed[school_id]) <= today}
        for school_id, some in days.items()
    }


class _Counted(NamedTuple):
    """The lessons of a series, the days whose planned ones count as held, and why those (by id) on days without teaching are."""

    lessons: Sequence[CountedLesson]
    held: Collection[date]
    closed: Mapping[int, str]


def _progress(series: CountedSeries, counted: _Counted, titles: Mapping[int, str], now: datetime) -> SeriesProgress:
    lessons, held, closed = counted
    real = [lesson for lesson in lessons if lesson.state != CANCELLED]
    done = sum(lesson.state in (HELD, CONTINUED) or (lesson.state == PLANNED and lesson.date in held) for lesson in real)
    ahead = [lesson for lesson in real if lesson.state == PLANNED and datetime.combine(lesson.date, lesson.end) > now]
    coming, there = ahead[0] if ahead else None, {lesson.theme for lesson in real}
    return SeriesProgress(
        series=series,
        held=done,
        planned=len(real) - done,
        cancelled=len(lessons) - len(real),
        unsettled=sum(not lesson.room for lesson in ahead),
        next_lesson=coming,
        next_title=titles.get(coming.theme, coming.theme_key) if coming else "",
        waivers=tuple((titles.get(left.theme, left.theme_key), left) for left in series.waivers if left.theme not in there),
        closed=sum(lesson.id in closed for lesson in ahead),
    )
