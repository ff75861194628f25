"""What a class's plan works around besides the school's closed days: when the class is away, what is avoided, what is borne in mind."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import NamedTuple, Protocol

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from curriculum.keeping import Kept
from curriculum.people import SchoolClass
from curriculum.planning.calendar import Days, Week, days_of, iso_week
from curriculum.planning.engine.problem import Closed
from curriculum.planning.models import AVOIDED, CLOSED, HEEDED, SchoolCalendar


class Around(NamedTuple):
    """A class's days by date: on which it is away while its school is open, which a plan avoids if it can, and which are advice only."""

    away: tuple[Closed, ...] = ()
    avoided: tuple[Closed, ...] = ()
    heeded: tuple[Closed, ...] = ()


NOTHING_AROUND = Around()


class Group(Protocol):
    """What is asked of a class here: a row of the table, or what else knows its id."""

    @property
    def id(self) -> int: ...


class Heed(NamedTuple):
    """Days to tell of where a plan is made, with the ids of the classes they are about; CLOSED: those classes are away."""

    kind: str
    from_date: date
    to_date: date
    reason: str
    classes: frozenset[int]


def around_by_class(db: Session, classes: Collection[Group], from_date: date, to_date: date) -> Mapping[int, Around]:
    """What stands around each of these classes (by its id) from one day through another: five queries, none while nothing has changed.

    A span for some years is a class's as soon as one of its years is among them: half of a mixed class is no class to teach. A span of one
    class is its halves' and its groups' too.
    """
    return _kept.get(db, (frozenset(one.id for one in classes), from_date, to_date))


def away_of(db: Session, school_class: SchoolClass, from_date: date, to_date: date) -> tuple[Closed, ...]:
    """The days on which a class is away while its school is open (a school camp, days for some years), by date."""
    return around_by_class(db, [school_class], from_date, to_date)[school_class.id].away


def avoided(db: Session, school_class: SchoolClass, from_date: date, to_date: date) -> tuple[Closed, ...]:
    """The days that a plan of a class avoids if the year has room (national tests, talks with parents), by date."""
    return around_by_class(db, [school_class], from_date, to_date)[school_class.id].avoided


def heeded(db: Session, school_class: SchoolClass, from_date: date, to_date: date) -> tuple[Closed, ...]:
    """The days to bear in mind, as advice only, by date."""
    return around_by_class(db, [school_class], from_date, to_date)[school_class.id].heeded


def days_to_heed(db: Session, classes: Collection[Group], from_date: date, to_date: date) -> list[Heed]:
    """The days to tell of where these classes are planned, each once with the classes it is about, by date."""
    found: dict[tuple[date, date, str, str], set[int]] = {}
    for id, around in around_by_class(db, classes, from_date, to_date).items():
        for kind, spans in zip((CLOSED, AVOIDED, HEEDED), around, strict=True):
            for span in spans:
                found.setdefault((span.from_date, span.to_date, kind, span.reason), set()).add(id)
    return [Heed(kind, first, last, reason, frozenset(ids)) for (first, last, kind, reason), ids in sorted(found.items())]


def heeds_by_week(heeds: Iterable[Heed]) -> dict[Week, list[Heed]]:
    """The days by the ISO weeks whose Monday to Friday they touch."""
    found: dict[Week, list[Heed]] = {}
    for heed in heeds:
        week = iso_week(heed.from_date)
        if heed.from_date.weekday() > 4:
            week = week.next
        while week.monday <= heed.to_date:
            found.setdefault(week, []).append(heed)
            week = week.next
    return found


def _read(db: Session, asked: tuple[frozenset[int], date, date]) -> Mapping[int, Around]:
    ids, from_date, to_date = asked
    load = selectinload(SchoolClass.grades), selectinload(SchoolClass.taken_from)
    classes = db.scalars(select(SchoolClass).where(SchoolClass.id.in_(ids)).options(*load)).all()
    spans = _spans(db, {one.district_id for one in classes}, {one.school_id for one in classes}, from_date, to_date)
    return {
        one.id: _around(one, [*spans.get((one.district_id, None), ()), *spans.get((one.district_id, one.school_id), ())]) for one in classes
    }


def _spans(
    db: Session, districts: Collection[int], schools: Collection[int], from_date: date, to_date: date
) -> dict[tuple[int, int | None], list[Days]]:
    """The spans that are more than the school's closed days, by district and school."""
    query = select(SchoolCalendar).where(
        SchoolCalendar.district_id.in_(districts),
        or_(SchoolCalendar.school_id.is_(None), SchoolCalendar.school_id.in_(schools)),
    )
    found: dict[tuple[int, int | None], list[Days]] = {}
    for calendar in db.scalars(query.options(selectinload(SchoolCalendar.closed)).order_by(SchoolCalendar.id)):
        some = (days for days in days_of(calendar) if days.from_date <= to_date and days.to_date >= from_date)
        found.setdefault((calendar.district_id, calendar.school_id), []).extend(
            days for days in some if days.kind != CLOSED or not days.is_for_all
        )
    return found


def _around(school_class: SchoolClass, spans: Iterable[Days]) -> Around:
    grades = {one.grade for one in school_class.grades}
    wholes = {school_class.id, *(one.id for one in school_class.taken_from)}
    mine = [days for days in spans if _is_about(days, grades, wholes)]
    return Around(*(_of_kind(mine, kind) for kind in (CLOSED, AVOIDED, HEEDED)))


def _is_about(days: Days, grades: Collection[int], wholes: Collection[int]) -> bool:
    if days.class_id is not None:
        return days.class_id in wholes
    return not days.grades or not set(days.grades).isdisjoint(grades)


def _of_kind(spans: Iterable[Days], kind: str) -> tuple[Closed, ...]:
    found = {days.span for days in spans if days.kind == kind}
    return tuple(sorted(found, key=lambda span: (span.from_date, span.to_date, span.reason)))


_kept = Kept(_read)
