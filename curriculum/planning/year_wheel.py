"""A school's year wheel (årshjul): week by week what touches the pupils' timetable, breaks, avoided days, advice and lessons' themes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session

from curriculum.ideabank import THEME, DocumentVersion, editions
from curriculum.keeping import Kept
from curriculum.people import HALF, SMALL, ClassGrade, Person, School, SchoolClass, visible
from curriculum.planning.calendar import Week, closed_by_school, iso_week, reasons_by_day
from curriculum.planning.heeding import Heed, days_to_heed, heeds_by_week
from curriculum.planning.models import CANCELLED, Lesson, Series, lesson_classes

MOST_CLASSES = 6
"""So many rings with classes; where a school has more, each ring is a year (trinn)."""


class Group(NamedTuple):
    """A class as the wheel needs it."""

    id: int
    name: str
    kind: str
    whole_id: int | None
    grades: tuple[int, ...]

    @property
    def is_confidential(self) -> bool:
        return self.kind == SMALL


@dataclass(frozen=True)
class Ring:
    """A class of the wheel, or a year with all its classes: its name, and the classes' ids."""

    name: str
    classes: frozenset[int]


@dataclass(frozen=True)
class Told:
    """Days to tell of, with the names of the classes they are about where those are not all."""

    heed: Heed
    classes: tuple[str, ...]


@dataclass(frozen=True)
class Taught:
    """A theme of a week: its number in the wheel's list, its title, and the names of the classes that have it."""

    number: int
    title: str
    classes: tuple[str, ...]


@dataclass(frozen=True)
class WheelWeek:
    """An ISO week: `closed` are its days without teaching (Monday to Friday) by reason; `rings` the themes' numbers ring by ring."""

    week: Week
    closed: tuple[tuple[str, tuple[date, ...]], ...]
    told: tuple[Told, ...]
    taught: tuple[Taught, ...]
    rings: tuple[tuple[int, ...], ...]

    @property
    def is_break(self) -> bool:
        """Whether it has no school day."""
        return sum(len(days) for _, days in self.closed) == 5

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to tell of it."""
        return not (self.closed or self.told or self.taught)


@dataclass(frozen=True)
class Wheel:
    """A school year at a school. `themes` are the titles by their numbers, from 1, in the order in which they are taught."""

    year: int
    weeks: tuple[WheelWeek, ...]
    rings: tuple[Ring, ...]
    themes: tuple[str, ...]
    is_confidential: bool
    """Whether a small group is on it, so that it should not be hung up."""


@lru_cache
def weeks_of_year(year: int) -> tuple[Week, ...]:
    """The ISO weeks of the school year that begins in `year`: those whose Thursday is in it, as ISO 8601 counts a year's weeks."""
    monday = iso_week(date(year, 8, 1)).monday
    weeks = (iso_week(monday + timedelta(weeks=n)) for n in range(54))
    return tuple(week for week in weeks if date(year, 8, 1) <= week.monday + timedelta(3) <= date(year + 1, 7, 31))


def year_wheel(db: Session, person: Person, school: School, year: int, today: date, *, groups: bool = True) -> Wheel:
    """The wheel of a school year as a person may see it: series in use of the school's classes. A fixed number of queries.

    Whoever works at a school sees what its classes are taught and when; small groups only those she may read, and with `groups` only.
    """
    classes = [one for one in _classes(db, person, school, year, today) if groups or not one.is_confidential]
    closed = _closed.get(db, (school.district_id, school.id, year))
    heeds = days_to_heed(db, classes, date(year, 8, 1), date(year + 1, 7, 31))
    lessons = _lessons(db, classes, year)
    titles = _titles(db, school.district_id, today, lessons)
    numbers = {title: number for number, title in enumerate(dict.fromkeys(titles), start=1)}
    placed: dict[Week, list[tuple[int, Group]]] = {}
    by_id = {one.id: one for one in classes}
    for (class_id, day, *_), title in zip(lessons, titles, strict=True):
        placed.setdefault(iso_week(day), []).append((numbers[title], by_id[class_id]))
    rings = _rings(classes)
    by_week = heeds_by_week(heeds)
    weeks = tuple(
        _week(week, closed[week], [_told(one, classes) for one in by_week.get(week, ())], placed.get(week, ()), rings, tuple(numbers))
        for week in weeks_of_year(year)
    )
    return Wheel(year, weeks, rings, tuple(numbers), any(one.is_confidential for one in classes))


def _classes(db: Session, person: Person, school: School, year: int, today: date) -> list[Group]:
    """The school's classes of the year by name, of its small groups only those that the person may read."""
    found: dict[int, Group] = {}
    for id, name, kind, whole_id, grade in db.execute(_of_school(visible(person, SchoolClass, today)), {"school": school.id, "year": year}):
        before = found[id].grades if id in found else ()
        found[id] = Group(id, name, kind, whole_id, before if grade is None else (*before, grade))
    return list(found.values())


@lru_cache
def _of_school(seen: Select[SchoolClass]) -> Select[*tuple[Any, ...]]:
    """A row for each year of each class. Built once for the same rights."""
    mine = seen.with_only_columns(SchoolClass.id)
    return (
        select(SchoolClass.id, SchoolClass.name, SchoolClass.kind, SchoolClass.whole_id, ClassGrade.grade)
        .outerjoin(ClassGrade, ClassGrade.class_id == SchoolClass.id)
        .where(
            SchoolClass.school_id == bindparam("school"),
            SchoolClass.school_year == bindparam("year"),
            or_(SchoolClass.kind != SMALL, SchoolClass.id.in_(mine)),
        )
        .order_by(SchoolClass.name, ClassGrade.grade)
    )


def _read_closed(db: Session, asked: tuple[int, int, int]) -> Mapping[Week, tuple[tuple[str, tuple[date, ...]], ...]]:
    """For each week of a school year at a school its days without teaching, by reason."""
    district_id, school_id, year = asked
    reasons = reasons_by_day(closed_by_school(db, district_id, [school_id], date(year, 7, 25), date(year + 1, 8, 7))[school_id])
    found = {}
    for week in weeks_of_year(year):
        days: dict[str, list[date]] = {}
        for day in (week.monday + timedelta(n) for n in range(5)):
            if day in reasons:
                days.setdefault(reasons[day], []).append(day)
        found[week] = tuple((reason, tuple(some)) for reason, some in days.items())
    return found


_closed = Kept(_read_closed)

Row = tuple[int, date, int, str | None]
"""A lesson of a class: the class's id, the date, the theme's id, and the title it is pinned to."""


def _lessons(db: Session, classes: Collection[Group], year: int) -> Sequence[Row]:
    asked = {"classes": [one.id for one in classes], "first": date(year, 7, 25), "last": date(year + 1, 8, 7)}
    return [(class_id, day, theme, title) for class_id, day, theme, title in db.execute(_taught(), asked)]


@cache
def _taught() -> Select[*tuple[int, date, int, str | None]]:
    return (
        select(lesson_classes.c.class_id, Lesson.date, Lesson.theme_id, DocumentVersion.title)
        .join(Lesson, Lesson.id == lesson_classes.c.lesson_id)
        .join(Series, Series.id == Lesson.series_id)
        .outerjoin(DocumentVersion, DocumentVersion.id == Lesson.pinned_version_id)
        .where(
            lesson_classes.c.class_id.in_(bindparam("classes", expanding=True)),
            Lesson.date.between(bindparam("first"), bindparam("last")),
            Lesson.state != CANCELLED,
            Series.in_use,
            Series.thrown_away_at.is_(None),
        )
        .order_by(Lesson.date, Lesson.start, Lesson.id)
    )


def _titles(db: Session, district_id: int, today: date, lessons: Iterable[Row]) -> list[str]:
    """Each lesson's title: that of the version it is pinned to, else today's."""
    versions = editions(db, district_id, today, THEME)
    return [pinned or (versions[theme].title if theme in versions else "–") for _, _, theme, pinned in lessons]


def _rings(classes: Sequence[Group]) -> tuple[Ring, ...]:
    """A ring for each class, halves in their class's; where there are many, one for each year and each small group."""
    wholes = [one for one in classes if one.whole_id not in {other.id for other in classes}]
    halves = {one.id: one.whole_id for one in classes if one.kind == HALF}
    if len(wholes) <= MOST_CLASSES:
        return tuple(Ring(one.name, frozenset({one.id, *(id for id, whole in halves.items() if whole == one.id)})) for one in wholes)
    grades = sorted({grade for one in classes if one.kind != SMALL for grade in one.grades})
    years = [Ring(f"{grade}.", frozenset(one.id for one in classes if one.kind != SMALL and grade in one.grades)) for grade in grades]
    return (*years, *(Ring(one.name, frozenset({one.id})) for one in classes if one.kind == SMALL))


def _told(heed: Heed, classes: Sequence[Group]) -> Told:
    about = [one for one in classes if one.id in heed.classes]
    is_for_all = len(about) == len(classes)
    return Told(heed, () if is_for_all else tuple(one.name for one in about if one.whole_id not in heed.classes))


def _week(
    week: Week,
    closed: tuple[tuple[str, tuple[date, ...]], ...],
    told: Sequence[Told],
    lessons: Sequence[tuple[int, Group]],
    rings: Sequence[Ring],
    titles: Sequence[str],
) -> WheelWeek:
    names: dict[int, dict[str, None]] = {}
    for number, group in lessons:
        names.setdefault(number, {})[group.name] = None
    return WheelWeek(
        week,
        closed,
        tuple(told),
        tuple(Taught(number, titles[number - 1], tuple(sorted(names[number]))) for number in sorted(names)),
        tuple(_numbers(ring.classes, lessons) for ring in rings),
    )


def _numbers(classes: Collection[int], lessons: Iterable[tuple[int, Group]]) -> tuple[int, ...]:
    return tuple(sorted({number for number, group in lessons if group.id in classes}))
