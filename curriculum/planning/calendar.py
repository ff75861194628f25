"""School years, ISO weeks, public holidays and the days on which a school is closed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from curriculum.base import N_, Refused
from curriculum.keeping import Kept
from curriculum.people import GRADES, District, School
from curriculum.planning.engine.problem import Closed
from curriculum.planning.models import AVOIDED, CLOSED, HEEDED, ClosedDays, SchoolCalendar

SUMMER = "Sommerferie"
"""The reason for days between two school years; like the public holidays' names it is data in the source language."""

KINDS = (CLOSED, AVOIDED, HEEDED)
"""What days of a calendar may be."""


@dataclass(frozen=True)
class Days:
    """A span of a calendar (both ends included) in plain values: CLOSED, AVOIDED or HEEDED, for all, for some years or for one class."""

    from_date: date
    to_date: date
    reason: str
    kind: str = CLOSED
    grades: tuple[int, ...] = ()
    class_id: int | None = None

    @property
    def place(self) -> tuple[date, date, str, str, tuple[int, ...], int]:
        """Its place among others: by date."""
        return self.from_date, self.to_date, self.reason, self.kind, self.grades, self.class_id or 0

    @property
    def is_for_all(self) -> bool:
        """Whether it holds for every class of the calendar."""
        return not self.grades and self.class_id is None

    @property
    def span(self) -> Closed:
        """Its dates and its reason, as the planner knows them."""
        return Closed(self.from_date, self.to_date, self.reason)


def days_of(calendar: SchoolCalendar) -> list[Days]:
    """The spans of a calendar in plain values, by date."""
    return sorted((as_days(one) for one in calendar.closed), key=lambda days: days.place)


def as_days(one: ClosedDays) -> Days:
    """A span in plain values."""
    return Days(one.from_date, one.to_date, one.reason, one.kind, tuple(one.grades), one.class_id)


class Week(NamedTuple):
    """An ISO week (ISO 8601): the year it belongs to and its number, 1–53."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02}"

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(6)

    @property
    def next(self) -> Week:
        return iso_week(self.monday + timedelta(7))

    @property
    def previous(self) -> Week:
        return iso_week(self.monday - timedelta(7))


def iso_week(day: date) -> Week:
    """The ISO week a date falls in."""
    year, number, _ = day.isocalendar()
    return Week(year, number)


def parse_week(written: str) -> Week:
    """The week of an address: "2026-W42". Raises LookupError for any other spelling, and for a week its year does not have."""
    found = re.fullmatch(r"(\d{4})-W(\d{2})", written, re.ASCII)
    if not found:
        raise LookupError(written)
    try:
        return iso_week(date.fromisocalendar(int(found[1]), int(found[2]), 1))
    except ValueError:
        raise LookupError(written) from None


def week_dates(year: int, number: int) -> list[date]:
    """The seven dates of an ISO week, Monday first. Raises ValueError for a week the year does not have."""
    monday = date.fromisocalendar(year, number, 1)
    return [monday + timedelta(n) for n in range(7)]


def school_year(day: date) -> int:
    """The year in which the school year a date belongs to began; it turns on 1 August (opplæringslova § 2-2)."""
    return day.year if day.month >= 8 else day.year - 1


# --- Public holidays ----------------------------------------------------------------------------------------------------------------


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (Meeus/Jones/Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    ell = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * ell) // 433
    month = (h + ell - 7 * m + 90) // 25
    return date(year, month, (h + ell - 7 * m + 33 * month + 19) % 32)


def public_holidays(year: int) -> dict[date, str]:
    """Norway's public holidays in date order, with their names.

    Lov om helligdager og helligdagsfred (24 February 1995 no. 12) § 2, and lov om 1 og 17 mai som høgtidsdagar (26 April 1947 no. 1).
    """
    sunday = easter(year)
    days = [
        (date(year, 1, 1), "Første nyttårsdag"),
        (sunday - timedelta(3), "Skjærtorsdag"),
        (sunday - timedelta(2), "Langfredag"),
        (sunday, "Første påskedag"),
        (sunday + timedelta(1), "Andre påskedag"),
        (date(year, 5, 1), "Arbeidernes dag"),
        (date(year, 5, 17), "Grunnlovsdag"),
        (sunday + timedelta(39), "Kristi himmelfartsdag"),
        (sunday + timedelta(49), "Første pinsedag"),
        (sunday + timedelta(50), "Andre pinsedag"),
        (date(year, 12, 25), "Første juledag"),
        (date(year, 12, 26), "Andre juledag"),
    ]
    named: dict[date, str] = {}
    for day, name in sorted(days):
        named[day] = f"{named[day]}; {name}" if day in named else name
    return named


# --- Calendars as data --------------------------------------------------------------------------------------------------------------


def made_by_rule(year: int) -> dict[str, Any]:
    """A calendar for the school year beginning in `year`, as a calendar file would say it, where nobody has entered one.

    A guess to be replaced by what the municipality decides: weeks 34 to 24, autumn break in week 40, Christmas from 22 December,
    winter break in week 8, Easter from the Monday before it, and the Friday after Ascension Day.
    """
    following = year + 1
    sunday = easter(following)
    spans = [
        (date.fromisocalendar(year, 40, 1), date.fromisocalendar(year, 40, 5), "Høstferie"),
        (date(year, 12, 22), date(following, 1, 1), "Juleferie"),
        (date.fromisocalendar(following, 8, 1), date.fromisocalendar(following, 8, 5), "Vinterferie"),
        (sunday - timedelta(6), sunday + timedelta(1), "Påskeferie"),
        (sunday + timedelta(40), sunday + timedelta(40), "Inneklemt dag"),
    ]
    return {
        "format": 1,
        "kind": "calendar",
        "name": f"{year}–{following}",
        "from": date.fromisocalendar(year, 34, 1),
        "to": date.fromisocalendar(following, 24, 5),
        "closed": [{"from": first, "to": last, "reason": reason} for first, last, reason in spans],
    }


def load_calendar(db: Session, district: District, data: Mapping[str, Any], school: School | None = None) -> SchoolCalendar:
    """Put a calendar file's days in the database, in place of what its name said before. Raises Refused when it does not hold together."""
    name, first, last, spans = _read(data)
    school_id = school.id if school else None
    query = select(SchoolCalendar).where(SchoolCalendar.district_id == district.id, SchoolCalendar.name == name)
    calendar = db.scalars(query.where(SchoolCalendar.school_id.is_not_distinct_from(school_id))).one_or_none()
    if calendar is None:
        calendar = SchoolCalendar(district_id=district.id, school_id=school_id, name=name)
        db.add(calendar)
    calendar.from_date, calendar.to_date = first, last
    db.flush()
    for old in db.scalars(select(ClosedDays).where(ClosedDays.calendar_id == calendar.id)).all():
        db.delete(old)
    db.add_all(row_of(calendar, span) for span in spans)
    db.flush()
    db.expire(calendar, ["closed"])
    return calendar


def row_of(calendar: SchoolCalendar, days: Days) -> ClosedDays:
    """A new row of a calendar for a span."""
    return ClosedDays(
        calendar_id=calendar.id,
        from_date=days.from_date,
        to_date=days.to_date,
        reason=days.reason,
        kind=days.kind,
        grades=list(days.grades),
        class_id=days.class_id,
    )


def district_calendars(db: Session, district_id: int) -> list[SchoolCalendar]:
    """The district's own calendars with their closed days, the first school year first. Two queries."""
    query = select(SchoolCalendar).where(SchoolCalendar.district_id == district_id, SchoolCalendar.school_id.is_(None))
    return list(db.scalars(query.options(selectinload(SchoolCalendar.closed)).order_by(SchoolCalendar.from_date, SchoolCalendar.name)))


def calendar_values(calendar: SchoolCalendar) -> dict[str, Any]:
    """A calendar as a calendar file says it: loading it gives the same days. Those of one class are left out: no file knows it."""
    return {
        "format": 1,
        "kind": "calendar",
        "name": calendar.name,
        "from": calendar.from_date,
        "to": calendar.to_date,
        "closed": [_entry(days) for days in days_of(calendar) if days.class_id is None],
    }


def _entry(days: Days) -> dict[str, Any]:
    """A span as a calendar file says it: closed, and for all, where nothing else is said."""
    kind = {"kind": days.kind} if days.kind != CLOSED else {}
    grades = {"grades": list(days.grades)} if days.grades else {}
    return {"from": days.from_date, "to": days.to_date, "reason": days.reason} | kind | grades


def are_the_same_days(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two sound calendar files, whatever else they note, give the same calendar."""
    return _read(one) == _read(other)


def _read(data: Mapping[str, Any]) -> tuple[str, date, date, list[Days]]:
    if data.get("format") != 1 or data.get("kind") != "calendar":
        raise Refused(N_('This is not a school calendar: it must begin with format = 1 and kind = "calendar".'))
    name = data.get("name")
    if not isinstance(name, str) or not name.strip():
        raise Refused(N_("The school calendar has no name."), at="name")
    first, last = _span(data, name)
    closed = data.get("closed", [])
    return name.strip(), first, last, sorted((_days(one, name) for one in closed), key=lambda days: days.place)


def _days(data: Mapping[str, Any], name: str) -> Days:
    kind, grades = data.get("kind", CLOSED), data.get("grades", [])
    first, last = _span(data, name)
    reason = _reason(data, name)
    if kind not in KINDS:
        raise Refused(
            N_("In the calendar “%(name)s” the days from %(from)s are “%(kind)s”. They may be: %(kinds)s."),
            at="kind",
            name=name,
            kind=kind,
            kinds=", ".join(KINDS),
            **{"from": first},
        )
    if not are_grades(grades):
        raise Refused(
            N_("In the calendar “%(name)s” the years of the days from %(from)s must be a list of numbers, such as [5, 6]."),
            at="grades",
            name=name,
            **{"from": first},
        )
    return Days(first, last, reason, kind, tuple(sorted(set(grades))))


def are_grades(value: object) -> bool:
    """Whether a value of a calendar file is a list of years (trinn); an empty one means all."""
    return isinstance(value, list) and all(type(one) is int and one in GRADES for one in value)


def _span(data: Mapping[str, Any], name: str) -> tuple[date, date]:
    first, last = data.get("from"), data.get("to")
    if type(first) is not date or type(last) is not date:
        raise Refused(N_("The calendar “%(name)s” needs dates written as 2026-08-17 for “from” and “to”."), at="from", name=name)
    if last < first:
        raise Refused(
            N_("In the calendar “%(name)s” a span ends on %(to)s, before it begins on %(from)s."),
            at="to",
            name=name,
            **{"from": first, "to": last},
        )
    return first, last


def _reason(data: Mapping[str, Any], name: str) -> str:
    reason = data.get("reason")
    if not isinstance(reason, str) or not reason.strip():
        raise Refused(
            N_("In the calendar “%(name)s” the days from %(from)s have no reason."), at="reason", name=name, **{"from": data["from"]}
        )
    return reason.strip()


def _by_date(span: Closed) -> tuple[date, date, str]:
    return span.from_date, span.to_date, span.reason


# --- What a school may use ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SchoolYear:
    """The first and last school day of a school year, and the days in between without teaching."""

    year: int
    from_date: date
    to_date: date
    closed: tuple[Closed, ...]
    is_by_rule: bool
    """Nobody has entered a calendar: these days are a guess."""


def school_years(db: Session, district_id: int, school_id: int | None, years: Iterable[int]) -> list[SchoolYear]:
    """The school years as the district's and the school's own calendars say them; where none does, by rule. Two queries for all.

    A school's own calendar moves the first and last day only where the district has none; its closed days are added.
    Public holidays always count. Days that only some classes are away, that are avoided or borne in mind are not among them: for those
    see `heeding`.
    """
    return years_by_school(db, district_id, [school_id], years)[school_id]


def years_by_school(
    db: Session, district_id: int, schools: Iterable[int | None], years: Iterable[int]
) -> dict[int | None, list[SchoolYear]]:
    """`school_years` of several schools (by their ids), in two queries however many they are; none while nothing has changed."""
    return _kept_years.get(db, (district_id, frozenset(schools), tuple(sorted(years))))


def _years(db: Session, asked: tuple[int, frozenset[int | None], tuple[int, ...]]) -> dict[int | None, list[SchoolYear]]:
    district_id, schools, years = asked
    query = select(SchoolCalendar).where(
        SchoolCalendar.district_id == district_id,
        or_(SchoolCalendar.school_id.is_(None), SchoolCalendar.school_id.in_([school for school in schools if school])),
        SchoolCalendar.to_date >= date(years[0], 8, 1),
        SchoolCalendar.from_date < date(years[-1] + 1, 8, 1),
    )
    calendars = db.scalars(query.options(selectinload(SchoolCalendar.closed)).order_by(SchoolCalendar.id)).all()
    found: dict[int | None, list[SchoolYear]] = {}
    for school in schools:
        own = [one for one in calendars if one.school_id in (None, school)]
        found[school] = [_school_year(year, [one for one in own if _touches(one, year)]) for year in years]
    return found


_kept_years = Kept(_years)


def is_advice(calendar: SchoolCalendar) -> bool:
    """Whether a calendar holds nothing but days to bear in mind: such a one does not say when a school year begins and ends."""
    return bool(calendar.closed) and all(one.kind == HEEDED for one in calendar.closed)


def _touches(calendar: SchoolCalendar, year: int) -> bool:
    return school_year(calendar.from_date) <= year <= school_year(calendar.to_date)


def _school_year(year: int, calendars: Sequence[SchoolCalendar]) -> SchoolYear:
    calendars = [one for one in calendars if not is_advice(one)]
    if not calendars:
        _, first, last, days = _read(made_by_rule(year))
    else:
        leading = [one for one in calendars if one.school_id is None] or calendars
        first = max(date(year, 8, 1), min(one.from_date for one in leading))
        last = min(date(year + 1, 7, 31), max(one.to_date for one in leading))
        days = [one for calendar in calendars for one in days_of(calendar)]
    spans = [one.span for one in days if one.kind == CLOSED and one.is_for_all]
    holidays = _uncovered([*public_holidays(year).items(), *public_holidays(year + 1).items()], spans)
    inside = {span for span in [*spans, *holidays] if span.from_date <= last and span.to_date >= first}
    return SchoolYear(year, first, last, tuple(sorted(inside, key=_by_date)), not calendars)


def _uncovered(holidays: Iterable[tuple[date, str]], spans: Sequence[Closed]) -> list[Closed]:
    return [Closed(day, day, name) for day, name in holidays if not any(span.from_date <= day <= span.to_date for span in spans)]


def closed_days(db: Session, district_id: int, school_id: int | None, from_date: date, to_date: date) -> list[Closed]:
    """Spans without teaching that touch the days from `from_date` to `to_date`, by date; weekends are not listed. Two queries."""
    return closed_by_school(db, district_id, [school_id], from_date, to_date)[school_id]


def closed_by_school(
    db: Session, district_id: int, schools: Iterable[int | None], from_date: date, to_date: date
) -> dict[int | None, list[Closed]]:
    """`closed_days` of several schools (by their ids), in two queries however many they are; none while nothing has changed."""
    return _kept_closed.get(db, (district_id, frozenset(schools), from_date, to_date))


def _closed(db: Session, asked: tuple[int, frozenset[int | None], date, date]) -> dict[int | None, list[Closed]]:
    district_id, schools, from_date, to_date = asked
    found = years_by_school(db, district_id, schools, range(school_year(from_date), school_year(to_date) + 1))
    return {
        school: _between([span for year in years for span in [*_summer(year), *year.closed]], from_date, to_date)
        for school, years in found.items()
    }


_kept_closed = Kept(_closed)


def _between(spans: Iterable[Closed], from_date: date, to_date: date) -> list[Closed]:
    return sorted({span for span in spans if span.from_date <= to_date and span.to_date >= from_date}, key=_by_date)


def _summer(year: SchoolYear) -> Iterator[Closed]:
    first, last = date(year.year, 8, 1), date(year.year + 1, 7, 31)
    if first < year.from_date:
        yield Closed(first, year.from_date - timedelta(1), SUMMER)
    if year.to_date < last:
        yield Closed(year.to_date + timedelta(1), last, SUMMER)


def is_school_day(day: date, closed: Collection[Closed]) -> bool:
    """Whether there is school on a date: a Monday to Friday outside the closed spans."""
    return day.weekday() < 5 and not any(span.from_date <= day <= span.to_date for span in closed)


def is_teaching_week(week: Week, closed: Collection[Closed]) -> bool:
    """Whether an ISO week has a school day."""
    return any(is_school_day(week.monday + timedelta(n), closed) for n in range(5))


def why_closed(day: date, closed: Collection[Closed]) -> str:
    """The reason a date is closed: that of the longest span around it. Empty when none is."""
    spans = [span for span in closed if span.from_date <= day <= span.to_date]
    return max(spans, key=lambda span: (span.to_date - span.from_date, span.reason)).reason if spans else ""


def reasons_by_day(closed: Iterable[Closed]) -> dict[date, str]:
    """What `why_closed` says of every date that is closed: for who asks about many."""
    found: dict[date, str] = {}
    for span in sorted(closed, key=lambda span: (span.to_date - span.from_date, span.reason)):
        for n in range((span.to_date - span.from_date).days + 1):
            found[span.from_date + timedelta(n)] = span.reason
    return found


def school_days_after(day: date, count: int, closed: Collection[Closed]) -> date:
    """The `count`-th school day after a date (`count` at least 1)."""
    while count:
        day += timedelta(1)
        count -= is_school_day(day, closed)
    return day
