"""A school year as a grid of days to tick: closed, avoided, borne in mind or opened again; its ends; and its days for the next year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias
from zlib import crc32

from flask import Response, request, url_for
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response as AnyResponse

from app.access import find, me, open_to
from app.administrators.days import calendars_of, packed, school_choices, unpacked
from app.administrators.door import blueprint, chosen_year, keep, kept, note, refuse_overtaken, schools_by_id, years_around
from app.administrators.forms import DAY_KINDS, GridForm, Press, SchoolDaysForm, all_grades, day_kinds
from app.database import session, today
from app.language import day, gettext
from app.pages import done, page
from curriculum import planning
from curriculum.base import N_, Refused
from curriculum.people import ADMINISTRATOR, COORDINATOR, School
from curriculum.planning import CLOSED, Carried, ClosedDays, Marked, SchoolCalendar, Week

OPEN_AGAIN = "open"
LAW, SUMMER, ELSEWHERE = "law", "summer", "elsewhere"
"""What a day may be besides a calendar's kinds: a public holiday, outside the school year, closed for all schools."""

LONGEST_UNDO = 2000
"""Characters of an address that the browser's cookie can carry; what is longer is mended in the grid."""


class GridDay(NamedTuple):
    """A school day of the grid: its date, the day of its month, what it is already, as kinds and in words, and whether it is ticked."""

    iso: str
    day: int
    kinds: str
    words: str
    is_ticked: bool


@dataclass(frozen=True)
class Month:
    """A month: its weeks, each with its five days (None: of another month), and its spans in words."""

    first: date
    weeks: tuple[tuple[Week, tuple[GridDay | None, ...]], ...]
    spans: tuple[str, ...]


def _place() -> School | None:
    """The school of the address (?skole=…); None: all of them."""
    asked = request.args.get("skole")
    return find(School, School.public_id == asked) if asked else None


def _values(school: School | None, year: int) -> dict[str, Any]:
    """What an address of the grid says."""
    return {"ar": year, "skole": school.public_id if school else None}


@blueprint.get("/administrasjon/fridager/rutenett")
@open_to(ADMINISTRATOR, COORDINATOR)
def day_grid() -> Response:
    """The year day by day; who administers the district can tick days."""
    return _show_grid(_grid_form(), _place(), chosen_year())


@blueprint.post("/administrasjon/fridager/rutenett")
@open_to(ADMINISTRATOR)
def tick_days() -> AnyResponse:
    """Say what the ticked days are."""
    year, school, form = chosen_year(), _place(), _grid_form()
    if form.validate_on_submit():
        _refuse_stale(form, _calendars(school, year))
        marked = _act(form, school, _ticked(year))
        calendar = planning.calendar_of_year(session(), me().district, school, year)
        note("days marked", school.public_id if school else "", year=year, new=len(marked.added), gone=len(marked.removed))
        words = gettext("Saved: %(days)s.", days=_said(form.act.data, marked))
        return done(words, "administrators.day_grid", undo=undo_address(calendar, marked), **_values(school, year))
    return _show_grid(form, school, year)


def _grid_form(**values: Any) -> GridForm:
    form = GridForm(**values)
    form.act.choices, form.grades.choices = [*day_kinds(), (OPEN_AGAIN, gettext("Open again"))], all_grades()
    return form


def _refuse_stale(form: GridForm, calendars: Sequence[SchoolCalendar]) -> None:
    """What was ticked on another state of the year than it has now is shown again on this one, to be saved once more."""
    if form.seen.data and form.seen.data != _state(calendars):
        raise Refused(
            N_(
                "The calendar was changed after you opened the page, perhaps by you in another tab. "
                "It is shown as it is now, with your ticks. Look at it and save again."
            )
        )


def _state(calendars: Sequence[SchoolCalendar]) -> str:
    """A short text that is another as soon as a span is."""
    spans = [(one.id, planning.days_of(one)) for one in calendars]
    return f"{crc32(repr(spans).encode()):08x}"


def _ticked(year: int) -> set[date]:
    try:
        found = {date.fromisoformat(one) for one in request.form.getlist("day")}
    except ValueError:
        found = {date.min}
    if any(planning.school_year(one) != year for one in found):
        raise Refused(N_("Choose among those that are offered."))
    return found


def _act(form: GridForm, school: School | None, days: Collection[date]) -> Marked:
    district = me().district
    if form.act.data == OPEN_AGAIN:
        return planning.open_days(session(), district, school, days)
    if not form.reason.data:
        raise Refused(N_("Write why."), at="reason")
    grades = form.grades.data or ()
    return planning.mark_days(session(), district, school, days, form.act.data, form.reason.data, today=today(), grades=grades)


def _said(act: str, marked: Marked) -> str:
    spans = marked.removed if act == OPEN_AGAIN else marked.added
    return ", ".join(day(one.from_date) if one.from_date == one.to_date else f"{day(one.from_date)} – {day(one.to_date)}" for one in spans)


def undo_address(calendar: SchoolCalendar, marked: Marked) -> str:
    """The address that takes an act on a calendar back; empty when there is nothing to take back, or too much for an address."""
    values = {"added": [packed(one) for one in marked.added], "removed": [packed(one) for one in marked.removed]}
    address = url_for("administrators.take_back_days", kept=keep("marked days", calendar=calendar.id, **values))
    return address if marked != Marked() and len(address) < LONGEST_UNDO else ""


@blueprint.route("/administrasjon/fridager/angre", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def take_back_days() -> AnyResponse:
    """Undo what was done to a calendar."""
    before, form = kept("marked days"), Press()
    load = (selectinload(SchoolCalendar.closed),)
    if session().get(SchoolCalendar, before["calendar"]) is None:
        return done(gettext("The calendar is gone already: there is nothing to take back."), "administrators.days")
    calendar = find(SchoolCalendar, SchoolCalendar.id == before["calendar"], act="administer", load=load)
    school, year = schools_by_id().get(calendar.school_id or 0), planning.school_year(calendar.from_date)
    marked = Marked(tuple(map(unpacked, before["added"])), tuple(map(unpacked, before["removed"])))
    if form.validate_on_submit():
        planning.take_back_marked(session(), calendar, marked, today())
        note("days taken back", school.public_id if school else "", year=year)
        return done(gettext("The calendar is as it was."), "administrators.day_grid", **_values(school, year))
    return _show_grid(_grid_form(formdata=None), school, year, form.form_errors)


@blueprint.route("/administrasjon/fridager/skoledager", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def school_days() -> AnyResponse:
    """Set the first and last school day of a year."""
    year, school = chosen_year(), _place()
    [known] = planning.school_years(session(), me().district_id, school.id if school else None, [year])
    own = next(
        (one for one in calendars_of(year) if one.school_id == (school.id if school else None) and not planning.is_advice(one)), None
    )
    version = own.version if own else 0
    form = SchoolDaysForm(from_date=known.from_date, to_date=known.to_date, seen=version)
    refuse_overtaken(form, version, url_for("administrators.school_days", **_values(school, year)))
    if form.validate_on_submit():
        was = (own or known).from_date.isoformat(), (own or known).to_date.isoformat()
        made = planning.set_school_days(session(), me().district, school, year, form.from_date.data, form.to_date.data)
        note("school days set", school.public_id if school else "", year=year)
        became = made.from_date.isoformat(), made.to_date.isoformat()
        before = keep("school days", calendar=made.id, was=was, became=became, was_begun=own is None)
        undo = url_for("administrators.take_back_school_days", kept=before, **_values(school, year))
        values = {"first": day(made.from_date), "last": day(made.to_date)}
        return done(gettext("School from %(first)s to %(last)s.", **values), "administrators.day_grid", undo=undo, **_values(school, year))
    return page("administrators/school_days.html", form=form, year=year, place=school)


@blueprint.route("/administrasjon/fridager/skoledager/angre", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def take_back_school_days() -> AnyResponse:
    """Undo that the first and last school day of a year were set."""
    year, school, before, form = chosen_year(), _place(), kept("school days"), Press()
    if session().get(SchoolCalendar, before["calendar"]) is None:
        return done(gettext("The calendar is gone already: there is nothing to take back."), "administrators.days", ar=year)
    calendar = find(SchoolCalendar, SchoolCalendar.id == before["calendar"], act="administer", load=(selectinload(SchoolCalendar.closed),))
    if form.validate_on_submit():
        if [calendar.from_date.isoformat(), calendar.to_date.isoformat()] != before["became"]:
            raise Refused(N_("The first and last school day were set anew since. Set them here as they should be."))
        first, last = map(date.fromisoformat, before["was"])
        planning.take_back_school_days(session(), calendar, first, last, was_begun=before["was_begun"])
        note("school days taken back", school.public_id if school else "", year=year)
        return done(gettext("The calendar is as it was."), "administrators.day_grid", **_values(school, year))
    shown = SchoolDaysForm(formdata=None, from_date=calendar.from_date, to_date=calendar.to_date, seen=calendar.version)
    status = 422 if form.form_errors else 200
    return page("administrators/school_days.html", status, form=shown, year=year, place=school, refusals=form.form_errors)


# --- The grid -------------------------------------------------------------------------------------------------------------------------


def _show_grid(form: GridForm, school: School | None, year: int, refusals: Sequence[str] = ()) -> Response:
    calendars = _calendars(school, year)
    form.seen.data = _state(calendars)
    return page(
        "administrators/day_grid.html",
        422 if form.errors or form.form_errors or refusals else 200,
        form=form,
        months=_months(calendars, school, year),
        year=year,
        years=years_around(year),
        place=school,
        places=school_choices(),
        refusals=refusals,
        is_entered=any(one.school_id == (school.id if school else None) and one.closed for one in calendars),
    )


def _calendars(school: School | None, year: int) -> list[SchoolCalendar]:
    """The calendars of a year that hold at a place."""
    return [one for one in calendars_of(year) if one.school_id in (None, school.id if school else None)]


def _months(calendars: Sequence[SchoolCalendar], school: School | None, year: int) -> list[Month]:
    """August to July."""
    ticked = set(request.form.getlist("day"))
    marks = _marks(calendars, school, year)
    spans = _spans(row for one in calendars for row in one.closed)
    firsts = [date(year + (month < 8), month, 1) for month in (8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7)]
    return [Month(first, tuple(_weeks(first, marks, ticked)), tuple(spans[first])) for first in firsts]


Marks: TypeAlias = Mapping[date, Mapping[str, str]]
"""What days are already: words by kind."""

Row: TypeAlias = tuple[Week, tuple[GridDay | None, ...]]
"""A week with its five days."""


def _weeks(first: date, marks: Marks, ticked: Collection[str]) -> Iterator[Row]:
    for week, dates in _dates(first):
        yield week, tuple(_grid_day(one, marks.get(one, {}), ticked) if one else None for one in dates)


@lru_cache(maxsize=256)
def _dates(first: date) -> tuple[tuple[Week, tuple[date | None, ...]], ...]:
    """The weeks of a month that have a school day in it, each with its five dates (None: of another month)."""
    weeks = dict.fromkeys(planning.iso_week(first + timedelta(n)) for n in range(31))
    rows = ((week, tuple(week.monday + timedelta(n) for n in range(5))) for week in weeks)
    shown = ((week, tuple(one if one.month == first.month else None for one in dates)) for week, dates in rows)
    return tuple((week, dates) for week, dates in shown if any(dates))


def _grid_day(one: date, found: Mapping[str, str], ticked: Collection[str]) -> GridDay:
    iso = one.isoformat()
    return GridDay(iso, one.day, " ".join(found), "; ".join(found.values()), iso in ticked)


def _marks(calendars: Sequence[SchoolCalendar], school: School | None, year: int) -> dict[date, dict[str, str]]:
    """What each day is already, by kind, in words."""
    [known] = planning.school_years(session(), me().district_id, school.id if school else None, [year])
    found: dict[date, dict[str, str]] = {}
    entered = {(row.from_date, row.to_date) for one in calendars for row in one.closed if row.kind == CLOSED}
    for one in calendars:
        is_own = one.school_id == (school.id if school else None)
        for row in one.closed:
            _mark(found, row.from_date, row.to_date, row.kind if is_own else ELSEWHERE, row.reason)
    for span in known.closed:
        if (span.from_date, span.to_date) not in entered:
            _mark(found, span.from_date, span.to_date, LAW, span.reason)
    _mark(found, date(year, 8, 1), known.from_date - timedelta(1), SUMMER, planning.SUMMER)
    _mark(found, known.to_date + timedelta(1), date(year + 1, 7, 31), SUMMER, planning.SUMMER)
    return found


def _mark(found: dict[date, dict[str, str]], first: date, last: date, kind: str, reason: str) -> None:
    for n in range((last - first).days + 1):
        found.setdefault(first + timedelta(n), {}).setdefault(kind, reason)


def _spans(rows: Iterable[ClosedDays]) -> dict[date, list[str]]:
    """By the first of each month the spans that begin in it, as short as they can be said."""
    found: dict[date, list[str]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.from_date, row.to_date)):
        days = day(row.from_date, "d.") if row.from_date == row.to_date else f"{day(row.from_date, 'd.')}–{day(row.to_date, 'd. MMM')}"
        found[row.from_date.replace(day=1)].append(f"{days} {row.reason}")
    return found


# --- The next year ----------------------------------------------------------------------------------------------------------------------


@blueprint.route("/administrasjon/fridager/neste-ar", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def next_year() -> AnyResponse:
    """What the days of a school year become in the next: looked at, some left out, and saved."""
    year, school, form = chosen_year(), _place(), Press()
    lines = planning.carried_over(
        row for one in calendars_of(year) if one.school_id == (school.id if school else None) for row in one.closed
    )
    there = {one.id for one in lines if one.days and _stands(one, school, year + 1)}
    if form.validate_on_submit():
        ticked = set(request.form.getlist("line"))
        if ticked - {str(one.id) for one in lines}:
            raise Refused(N_("Some of the days you ticked are no longer in the calendar. Look at the list as it is now, and save again."))
        chosen = [one for one in lines if str(one.id) in ticked]
        marked = planning.carry_over(session(), me().district, school, year, chosen, today())
        calendar = planning.calendar_of_year(session(), me().district, school, year + 1)
        note("days carried over", school.public_id if school else "", year=year + 1, new=len(marked.added))
        words = gettext("Saved for %(year)s: %(count)s spans.", year=f"{year + 1}–{year + 2}", count=len(marked.added))
        return done(words, "administrators.day_grid", undo=undo_address(calendar, marked), **_values(school, year + 1))
    ticked = set(request.form.getlist("line")) if request.method == "POST" else {str(one.id) for one in lines if one.id not in there}
    return page(
        "administrators/next_year.html",
        422 if form.form_errors else 200,
        form=form,
        lines=lines,
        there=there,
        ticked=ticked,
        year=year,
        years=years_around(year),
        place=school,
        places=school_choices(),
        kinds=DAY_KINDS,
    )


def _stands(line: Carried, school: School | None, year: int) -> bool:
    assert line.days is not None
    return any(planning.stands_in(one, line.days) for one in calendars_of(year) if one.school_id == (school.id if school else None))
