"""A school year's days marked and opened one by one, its first and last day, and the days of one year carried over to the next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from curriculum.base import N_, Msgid, Refused
from curriculum.people import District, School, SchoolClass
from curriculum.planning.calendar import (
    Days,
    are_the_same_days,
    as_days,
    calendar_values,
    easter,
    made_by_rule,
    public_holidays,
    row_of,
    school_year,
    school_years,
)
from curriculum.planning.closing import add_closed_days, calendar_of_year, stands_in
from curriculum.planning.models import CLOSED, HEEDED, ClosedDays, SchoolCalendar

MOST_MARKED = 100
"""So many days at once: more than the longest break."""


@dataclass(frozen=True)
class Marked:
    """What an act did to a calendar: the spans that came, and those that went."""

    added: tuple[Days, ...] = ()
    removed: tuple[Days, ...] = ()


def mark_days(
    db: Session,
    district: District,
    school: School | None,
    days: Collection[date],
    kind: str,
    reason: str,
    *,
    today: date,
    grades: Collection[int] = (),
    school_class: SchoolClass | None = None,
) -> Marked:
    """Put single days of a school year in a calendar; those that follow each other, weekends between, become one span.

    Raises Refused as `add_closed_days` does, and where no day is chosen.
    """
    _refuse_count(days)
    added = [
        add_closed_days(db, district, school, first, last, reason, today=today, kind=kind, grades=grades, school_class=school_class)
        for first, last in spans_of(days)
    ]
    return Marked(added=tuple(as_days(one) for one in added))


def _refuse_count(days: Collection[date]) -> None:
    if not days:
        raise Refused(N_("Choose at least one day."))
    if len(days) > MOST_MARKED:
        raise Refused(N_("You chose %(count)s days; at most %(most)s at once."), count=len(days), most=MOST_MARKED)


def spans_of(days: Iterable[date]) -> list[tuple[date, date]]:
    """Dates as spans: neighbours belong together, and so do a Friday and the Monday after it."""
    found: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        if found and _is_next(found[-1][1], day):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def _is_next(day: date, other: date) -> bool:
    """Whether no school day lies between two dates in order, and both are of one school year."""
    between = (day + timedelta(n) for n in range(1, (other - day).days))
    return all(one.weekday() > 4 for one in between) and school_year(day) == school_year(other)


def open_days(db: Session, district: District, school: School | None, days: Collection[date]) -> Marked:
    """Take single days of a school year out of every span of a calendar; what is left of a span before and after them stays.

    Raises Refused where no day is chosen, or where one is in no span of this calendar: a public holiday, or a day of all schools.
    """
    _refuse_count(days)
    calendar = calendar_of_year(db, district, school, school_year(min(days)))
    for day in sorted(days):
        if not any(one.from_date <= day <= one.to_date for one in calendar.closed):
            raise Refused(N_("%(day)s stands in no span of this calendar, so it cannot be opened here."), day=day)
    removed, added = [], []
    for row in list(calendar.closed):
        span = as_days(row)
        left = list(_left(span, days))
        if left != [span]:
            removed.append(span)
            added += left
            db.delete(row)
    db.add_all(row_of(calendar, one) for one in added)
    _written(db, calendar)
    return Marked(tuple(added), tuple(removed))


def _left(span: Days, days: Collection[date]) -> Iterator[Days]:
    """What is left of a span without some days."""
    kept = [one for n in range((span.to_date - span.from_date).days + 1) if (one := span.from_date + timedelta(n)) not in days]
    if len(kept) == (span.to_date - span.from_date).days + 1:
        yield span
        return
    for first, last in spans_of(day for day in kept if day.weekday() < 5):
        yield replace(span, from_date=first, to_date=last)


def _written(db: Session, calendar: SchoolCalendar) -> None:
    db.flush()
    db.expire(calendar, ["closed"])


def take_back_marked(db: Session, calendar: SchoolCalendar, marked: Marked, today: date) -> None:
    """Take an act back: what came goes, what went comes again. What somebody has removed since is passed over.

    A district's calendar that is empty then goes too, so that the guessed days are back. Raises Refused where a closed span would come over
    lessons that were held.
    """
    district = db.get_one(District, calendar.district_id)
    school = db.get_one(School, calendar.school_id) if calendar.school_id else None
    there = {as_days(row): row for row in calendar.closed}
    for days in marked.added:
        if days in there:
            db.delete(there[days])
    _written(db, calendar)
    for days in marked.removed:
        group = db.get(SchoolClass, days.class_id) if days.class_id else None
        if days.class_id is None or group is not None:
            add_closed_days(
                db,
                district,
                school,
                days.from_date,
                days.to_date,
                days.reason,
                today=today,
                kind=days.kind,
                grades=days.grades,
                school_class=group,
            )
    if school is None and not calendar.closed:
        db.delete(calendar)
        db.flush()


def set_school_days(db: Session, district: District, school: School | None, year: int, first: date, last: date) -> SchoolCalendar:
    """Say on which day a school year begins and on which it ends. Raises Refused for days outside it.

    A school's own days hold only where its district has no calendar.
    """
    if last <= first:
        raise Refused(N_("The last day is before the first."), at="to_date")
    for field, day in (("from_date", first), ("to_date", last)):
        if school_year(day) != year:
            raise Refused(N_("The days must lie within one school year: 1 August to 31 July."), at=field)
    calendar = calendar_of_year(db, district, school, year)
    calendar.from_date, calendar.to_date = first, last
    db.flush()
    return calendar


def take_back_school_days(db: Session, calendar: SchoolCalendar, first: date, last: date, *, was_begun: bool) -> None:
    """Set a calendar's first and last day back. One that was begun for them goes again, unless something was entered in it since."""
    calendar.from_date, calendar.to_date = first, last
    db.flush()
    if was_begun and _is_untouched(calendar):
        for row in calendar.closed:
            db.delete(row)
        db.delete(calendar)
        db.flush()


def _is_untouched(calendar: SchoolCalendar) -> bool:
    """Whether a calendar holds what it was begun with: a district's the guessed days, a school's nothing."""
    if calendar.school_id is not None:
        return not calendar.closed
    guessed = made_by_rule(school_year(calendar.from_date))
    return are_the_same_days(calendar_values(calendar) | {"name": guessed["name"]}, guessed)


# --- One year's days for the next ---------------------------------------------------------------------------------------------------

BY_WEEK, BY_EASTER, BY_DATE = N_("same week and weekday"), N_("moves with Easter"), N_("same date")
"""How a span finds its place in the next year."""

BY_LAW, OF_A_CLASS = N_("a public holiday: it counts by itself"), N_("of one class: classes change with the year")
ADVICE = N_("advice: many feasts follow another calendar, so enter it anew from its source")
"""Why a span is not carried over."""


@dataclass(frozen=True)
class Carried:
    """A span (by its row's id) and what it becomes in the next school year; `days` is None where it is not carried over. `how` says why."""

    id: int
    was: Days
    days: Days | None
    how: Msgid


def carried_over(calendar_rows: Iterable[ClosedDays]) -> list[Carried]:
    """What a school year's spans become in the next one, by date.

    A span stays in its ISO week and on its weekdays (week 53 becomes the last week of a year that has 52); one that touches a feast that
    moves with Easter, or the day beside it, keeps its distance to Easter; one around Christmas and New Year keeps its dates.
    """
    rows = sorted(calendar_rows, key=lambda row: as_days(row).place)
    return [_carried(row.id, as_days(row)) for row in rows]


def _carried(id: int, days: Days) -> Carried:
    if days.class_id is not None:
        return Carried(id, days, None, OF_A_CLASS)
    if days.kind == HEEDED:
        return Carried(id, days, None, ADVICE)
    year = school_year(days.from_date)
    fixed, moving = _feasts(year)
    if days.kind == CLOSED and days.is_for_all and days.from_date == days.to_date and days.from_date in fixed | moving:
        return Carried(id, days, None, BY_LAW)
    if _touches(days, moving, 1):
        shift = easter(year + 2) - easter(year + 1)
        return Carried(id, days, replace(days, from_date=days.from_date + shift, to_date=days.to_date + shift), BY_EASTER)
    if _touches(days, {date(year, 12, 25), date(year + 1, 1, 1)}, 0):
        return Carried(id, days, replace(days, from_date=_next_year(days.from_date), to_date=_next_year(days.to_date)), BY_DATE)
    first = same_weekday(days.from_date)
    return Carried(id, days, replace(days, from_date=first, to_date=first + (days.to_date - days.from_date)), BY_WEEK)


def _feasts(year: int) -> tuple[set[date], set[date]]:
    """The public holidays of a school year: those of a fixed date, and those that move with Easter."""
    sunday = easter(year + 1)
    moving = {sunday + timedelta(n) for n in (-3, -2, 0, 1, 39, 49, 50)}
    return {day for one in (year, year + 1) for day in public_holidays(one) if school_year(day) == year} - moving, moving


def _touches(days: Days, feasts: Collection[date], margin: int) -> bool:
    """Whether a feast lies in a span or at most `margin` days beside it."""
    near = timedelta(margin)
    return any(days.from_date - near <= day <= days.to_date + near for day in feasts)


def _next_year(day: date) -> date:
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def same_weekday(day: date) -> date:
    """The same weekday of the same ISO week a year later; of week 53, where the next year has none, that of its week 52."""
    year, week, weekday = day.isocalendar()
    try:
        return date.fromisocalendar(year + 1, week, weekday)
    except ValueError:
        return date.fromisocalendar(year + 1, 52, weekday)


def carry_over(db: Session, district: District, school: School | None, year: int, chosen: Sequence[Carried], today: date) -> Marked:
    """Put the chosen spans of a school year in the calendar of the next one, which begins and ends in the same weeks where it is new.

    What stands there already is passed over. Raises Refused where nothing is chosen, and as `add_closed_days` does.
    """
    wanted = [one.days for one in chosen if one.days is not None]
    if not wanted:
        raise Refused(N_("Choose at least one line."))
    this = calendar_of_year(db, district, school, year)
    _begin(db, district, school, year + 1, this)
    calendar = calendar_of_year(db, district, school, year + 1)
    added = [
        add_closed_days(db, district, school, one.from_date, one.to_date, one.reason, today=today, kind=one.kind, grades=one.grades)
        for one in wanted
        if not stands_in(calendar, one)
    ]
    return Marked(added=tuple(as_days(row) for row in added))


def _begin(db: Session, district: District, school: School | None, year: int, before: SchoolCalendar) -> None:
    """Where nobody has entered the district's calendar of a year, begin it with the weeks of the year before, and without guesses."""
    [known] = school_years(db, district.id, None, [year])
    if school is None and known.is_by_rule:
        db.add(
            SchoolCalendar(
                district_id=district.id,
                school_id=None,
                name=f"{year}–{year + 1}",
                from_date=same_weekday(before.from_date),
                to_date=same_weekday(before.to_date),
            )
        )
        db.flush()
