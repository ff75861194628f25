"""The board: the school year's weeks down, the classes across, and every lesson a card that can be moved."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, cached_property, lru_cache

from flask import Response, request, url_for
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import contains_eager, defer, joinedload, selectinload

from app.access import can, open_to, visible
from app.agents.routes import READERS, blueprint, themes_today
from app.database import OSLO, now, session, today
from app.pages import page
from curriculum import planning
from curriculum.ideabank import DocumentVersion
from curriculum.people import HALF, SMALL, School, SchoolClass
from curriculum.planning import CANCELLED, CONTINUED, HELD, PLANNED, Closed, Lesson, Move, Series, Week

AT_ONCE = 12
"""Where someone may read more classes than this, the board begins with one school."""


@dataclass(frozen=True)
class Card:
    """A lesson on the board; what is done to it stands below its `address`. `why` is the reason of a cancellation.

    The buttons show where `may_plan` and `may_hold` say so.
    """

    lesson: Lesson
    address: str
    title: str
    is_held: bool
    why: str
    may_plan: bool
    may_hold: bool

    @property
    def is_cancelled(self) -> bool:
        return self.lesson.state == CANCELLED

    @property
    def may_move(self) -> bool:
        return self.may_plan and not self.is_held and not self.lesson.date_locked and self.lesson.state == PLANNED

    @property
    def may_change(self) -> bool:
        return self.may_plan and self.lesson.state == PLANNED and (self.may_hold or not self.is_held)


@dataclass(frozen=True)
class Column:
    """A class with its series of the year."""

    school_class: SchoolClass
    series: tuple[Series, ...]
    may_plan: bool

    @cached_property
    def place(self) -> tuple[int, int]:
        """The ids of its school and of itself."""
        return self.school_class.school_id, self.school_class.id

    @cached_property
    def weekdays(self) -> list[int]:
        """On which it has its lessons, 0 = Monday."""
        return [slot.weekday for series in self.series for slot in series.slots]

    @property
    def is_half(self) -> bool:
        return self.school_class.kind == HALF

    @property
    def is_small(self) -> bool:
        return self.school_class.kind == SMALL

    @property
    def grades(self) -> list[int]:
        """The years the class holds, where they are several."""
        grades = [one.grade for one in self.school_class.grades]
        return grades if len(grades) > 1 else []


@dataclass(frozen=True)
class Cell:
    """A week of a class: its lessons, or why it has none there. `target` is the class's public id where a lesson may be moved to."""

    column: Column
    target: str
    cards: tuple[Card, ...]
    why: str


@dataclass(frozen=True)
class Row:
    """A week. `why` is what closes every school of the board at once; then it has no cells."""

    week: Week
    cells: tuple[Cell, ...]
    why: str
    is_now: bool
    is_past: bool


@dataclass(frozen=True)
class Facts:
    """What every cell is made from: titles by theme, closed spans and days by school, reasons by lesson, addresses by series, lessons."""

    titles: Mapping[int, str]
    closed: Mapping[int | None, Sequence[Closed]]
    days: Mapping[int | None, Mapping[date, str]]
    reasons: Mapping[int, str]
    addresses: Mapping[int, str]
    lessons: Mapping[tuple[int, Week], list[Lesson]]


@blueprint.get("/rekker/tavle")
@open_to(*READERS)
def board() -> Response:
    """All classes of a school year week by week: the agent changes hers, others read."""
    columns = _columns(_year())
    shown = _chosen(columns)
    schools = list({column.school_class.school: None for column in columns})
    chosen = next((column for column in shown if column.school_class.public_id == request.args.get("klasse")), None)
    rows = _rows(shown, _year())
    return page(
        "agents/board.html",
        columns=shown,
        past=[row for row in rows if row.is_past],
        rows=[row for row in rows if not row.is_past],
        schools=schools,
        school=_school(columns, schools),
        classes=[column for column in columns if _school(columns, schools) in (None, column.school_class.school)],
        chosen=chosen,
        year=_year(),
        years=_years(),
        here=request.full_path.rstrip("?"),
        may_plan=any(column.may_plan for column in columns),
    )


# --- Which classes ----------------------------------------------------------------------------------------------------------------------


def _year() -> int:
    """The school year asked for: this one or the next."""
    this = planning.school_year(today())
    return this + 1 if request.args.get("ar") == str(this + 1) else this


def _years() -> list[int]:
    """This school year, and the next as soon as a series of it is there."""
    this = planning.school_year(today())
    return [this, this + 1] if session().scalars(_any_of_year(visible(Series)), {"year": this + 1}).first() else [this]


def _columns(year: int) -> list[Column]:
    """The classes with a series she may read, and those she plans for that have none yet; by school and name.

    A class that has its series in halves is not among the latter.
    """
    series: dict[int, list[Series]] = {}
    for one in _series(year):
        series.setdefault(one.class_id, []).append(one)
    plannable = set(session().scalars(_ids_of_year(visible(SchoolClass, "plan")), {"year": year}))
    found = session().scalars(_classes(), {"ids": [*plannable | set(series)]}).unique()
    columns = [Column(group, tuple(series.get(group.id, ())), group.id in plannable) for group in found]
    divided = {whole.id for column in columns if column.is_half and column.series for whole in column.school_class.taken_from}
    shown = [column for column in columns if column.series or column.school_class.id not in divided]
    return sorted(shown, key=lambda column: (column.school_class.school.name, column.school_class.name))


def _series(year: int) -> Iterable[Series]:
    return session().scalars(_of_year(visible(Series)), {"year": year}).unique()


# Built once for the same rights: building such a query takes as long as asking it.


@lru_cache
def _of_year(seen: Select[Series]) -> Select[Series]:
    lessons = selectinload(Series.lessons).options(
        defer(Lesson.held_record),
        defer(Lesson.local_steps),
        defer(Lesson.room_need),
        joinedload(Lesson.pinned_version).load_only(DocumentVersion.title),
    )
    query = seen.join(Series.school_class).where(SchoolClass.school_year == bindparam("year")).order_by(Series.from_date, Series.id)
    return query.options(contains_eager(Series.school_class), joinedload(Series.slots), lessons)


@lru_cache
def _any_of_year(seen: Select[Series]) -> Select[int]:
    return seen.join(Series.school_class).where(SchoolClass.school_year == bindparam("year")).with_only_columns(Series.id).limit(1)


@lru_cache
def _ids_of_year(seen: Select[SchoolClass]) -> Select[int]:
    return seen.where(SchoolClass.school_year == bindparam("year")).with_only_columns(SchoolClass.id)


@cache
def _classes() -> Select[SchoolClass]:
    options = (joinedload(SchoolClass.school), joinedload(SchoolClass.grades), joinedload(SchoolClass.taken_from))
    return select(SchoolClass).where(SchoolClass.id.in_(bindparam("ids", expanding=True))).options(*options)


def _school(columns: Sequence[Column], schools: Sequence[School]) -> School | None:
    """The school the board is narrowed to: the one asked for, or the first where there is more than fits at once."""
    asked = request.args.get("skole")
    found = next((school for school in schools if school.public_id == asked), None)
    is_crowded = asked is None and "klasse" not in request.args and len(columns) > AT_ONCE and len(schools) > 1
    return schools[0] if is_crowded else found


def _chosen(columns: Sequence[Column]) -> list[Column]:
    """The columns that are shown: of the class or the school asked for, else all."""
    asked = [column for column in columns if column.school_class.public_id == request.args.get("klasse")]
    school = _school(columns, list({column.school_class.school: None for column in columns}))
    return asked or [column for column in columns if school in (None, column.school_class.school)]


# --- Weeks ------------------------------------------------------------------------------------------------------------------------------


def _rows(columns: Sequence[Column], year: int) -> list[Row]:
    """The weeks from the school year's first to its last, and those in which a lesson stands nonetheless."""
    if not columns:
        return []
    district, schools = columns[0].school_class.district_id, {column.school_class.school_id for column in columns}
    closed = planning.closed_by_school(session(), district, schools, date(year, 8, 1), date(year + 1, 7, 31))
    lessons = [(column, lesson) for column in columns for series in column.series for lesson in series.lessons]
    placed: dict[tuple[int, Week], list[Lesson]] = {}
    for column, lesson in sorted(lessons, key=lambda pair: (pair[1].date, pair[1].start)):
        placed.setdefault((column.school_class.id, planning.iso_week(lesson.date)), []).append(lesson)
    facts = Facts(
        {id: version.title for id, version in themes_today().items()},
        closed,
        {school: planning.reasons_by_day(spans) for school, spans in closed.items()},
        _reasons(lesson for _, lesson in lessons),
        {one.id: url_for("agents.series_page", series=one.public_id) for column in columns for one in column.series},
        placed,
    )
    weeks = {week for _, week in placed} | set(_school_weeks(facts.days, year))
    week, last = min(weeks), max(weeks)
    rows = []
    while week <= last:
        rows.append(_row(week, columns, facts))
        week = week.next
    return rows


def _school_weeks(closed: Mapping[int | None, Mapping[date, str]], year: int) -> list[Week]:
    """The first and the last week with teaching at any of the schools."""
    week, last = planning.iso_week(date(year, 8, 7)), planning.iso_week(date(year + 1, 7, 25))
    teaching = []
    while week <= last:
        if any(_is_open(week, days) for days in closed.values()):
            teaching.append(week)
        week = week.next
    return [teaching[0], teaching[-1]]


def _reasons(lessons: Iterable[Lesson]) -> dict[int, str]:
    """Why each cancelled lesson is cancelled, by its id."""
    ids = [lesson.id for lesson in lessons if lesson.state == CANCELLED]
    if not ids:
        return {}
    moves = session().scalars(select(Move).where(Move.lesson_id.in_(ids), Move.kind == CANCELLED).order_by(Move.id))
    return {move.lesson_id: move.why for move in moves}


def _is_open(week: Week, closed: Collection[date]) -> bool:
    """Whether a week has a school day."""
    monday = week.monday
    return any(monday + timedelta(n) not in closed for n in range(5))


def _row(week: Week, columns: Sequence[Column], facts: Facts) -> Row:
    this = planning.iso_week(today())
    open_at = {school: _is_open(week, days) for school, days in facts.days.items()}
    if not any(open_at.values()) and not any((column.place[1], week) in facts.lessons for column in columns):
        days = next(iter(facts.days.values()))
        why = days.get(week.monday) or days.get(week.monday + timedelta(4), "")
        return Row(week, (), why, week == this, week < this)
    cells = tuple(_cell(week, column, facts, open_at[column.place[0]], week < this) for column in columns)
    return Row(week, cells, "", week == this, week < this)


def _cell(week: Week, column: Column, facts: Facts, is_open: bool, is_past: bool) -> Cell:
    school, school_class = column.place
    target = column.school_class.public_id if column.may_plan and not is_past else ""
    if lessons := facts.lessons.get((school_class, week)):
        return Cell(column, target, tuple(_card(lesson, column, facts) for lesson in lessons), "")
    return Cell(column, target, (), _why(week, column, facts.days[school], is_open))


def _why(week: Week, column: Column, closed: Mapping[date, str], is_open: bool) -> str:
    """What closes the school on the class's weekly day, else in the whole week."""
    monday = week.monday
    days = [monday + timedelta(weekday) for weekday in column.weekdays]
    return next((closed[day] for day in [*days, *([] if is_open else [monday])] if day in closed), "")


def _card(lesson: Lesson, column: Column, facts: Facts) -> Card:
    series = lesson.series
    is_past, closed = lesson.date < today(), facts.closed[column.school_class.school_id]
    is_held = lesson.state in (HELD, CONTINUED) or (is_past and planning.assumed_held(lesson, today(), closed))
    has_begun = is_past or (lesson.date == today() and datetime.combine(lesson.date, lesson.start, OSLO) <= now())
    may_hold = series.in_use and lesson.state == PLANNED and has_begun and can("hold", series)
    title = lesson.pinned_version.title if lesson.pinned_version else facts.titles.get(lesson.theme_id, "")
    address = f"{facts.addresses[series.id]}/{lesson.public_id}"
    return Card(lesson, address, title, is_held, facts.reasons.get(lesson.id, ""), column.may_plan, may_hold)
