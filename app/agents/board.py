"""The board: the school year's weeks down, the classes across, and every lesson a card that can be moved."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import Response, request, url_for
from sqlalchemy import select
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
    """A week of a class: its lessons, or why it has none there."""

    column: Column
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
    """What every cell is made from: titles by theme, closed days by school, reasons by lesson, addresses by series, lessons by place."""

    titles: Mapping[int, str]
    closed: Mapping[int | None, Sequence[Closed]]
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
    ahead = visible(Series).join(Series.school_class).where(SchoolClass.school_year == this + 1).with_only_columns(Series.id).limit(1)
    return [this, this + 1] if session().scalars(ahead).first() else [this]


def _columns(year: int) -> list[Column]:
    """The classes with a series she may read, and those she plans for that have none yet; by school and name.

    A class that has its series in halves is not among the latter.
    """
    series: dict[int, list[Series]] = {}
    for one in _series(year):
        series.setdefault(one.class_id, []).append(one)
    hers = visible(SchoolClass, "plan").where(SchoolClass.school_year == year)
    plannable = set(session().scalars(hers.with_only_columns(SchoolClass.id)))
    query = select(SchoolClass).where(SchoolClass.id.in_(plannable | set(series)))
    options = (joinedload(SchoolClass.school), selectinload(SchoolClass.grades), selectinload(SchoolClass.taken_from))
    found = session().scalars(query.options(*options)).unique()
    columns = [Column(group, tuple(series.get(group.id, ())), group.id in plannable) for group in found]
    divided = {whole.id for column in columns if column.is_half and column.series for whole in column.school_class.taken_from}
    shown = [column for column in columns if column.series or column.school_class.id not in divided]
    return sorted(shown, key=lambda column: (column.school_class.school.name, column.school_class.name))


def _series(year: int) -> Iterable[Series]:
    query = visible(Series).join(Series.school_class).where(SchoolClass.school_year == year)
    return (
        session()
        .scalars(
            query.options(
                contains_eager(Series.school_class),
                selectinload(Series.slots),
                selectinload(Series.lessons).options(
                    defer(Lesson.held_record),
                    defer(Lesson.local_steps),
                    defer(Lesson.room_need),
                    joinedload(Lesson.pinned_version).load_only(DocumentVersion.title),
                ),
            ).order_by(Series.from_date, Series.id)
        )
        .unique()
    )


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
        _reasons(lesson for _, lesson in lessons),
        {one.id: url_for("agents.series_page", series=one.public_id) for column in columns for one in column.series},
        placed,
    )
    weeks = {week for _, week in placed} | set(_school_weeks(closed, year))
    week, last = min(weeks), max(weeks)
    rows = []
    while week <= last:
        rows.append(_row(week, columns, facts))
        week = week.next
    return rows


def _school_weeks(closed: Mapping[int | None, Sequence[Closed]], year: int) -> list[Week]:
    """The first and the last week with teaching at any of the schools."""
    week, last = planning.iso_week(date(year, 8, 7)), planning.iso_week(date(year + 1, 7, 25))
    teaching = []
    while week <= last:
        if any(planning.is_teaching_week(week, spans) for spans in closed.values()):
            teaching.append(week)
        week = week.next
    return [teaching[0], teaching[-1]]


def _reasons(lessons: Iterable[Lesson]) -> dict[int, str]:
    """Why each cancelled lesson is cancelled, by its id."""
    ids = [lesson.id for lesson in lessons if lesson.state == CANCELLED]
    moves = session().scalars(select(Move).where(Move.lesson_id.in_(ids), Move.kind == CANCELLED).order_by(Move.id))
    return {move.lesson_id: move.why for move in moves}


def _row(week: Week, columns: Sequence[Column], facts: Facts) -> Row:
    this = planning.iso_week(today())
    open_at = {school: planning.is_teaching_week(week, spans) for school, spans in facts.closed.items()}
    if not any(open_at.values()) and not any((column.school_class.id, week) in facts.lessons for column in columns):
        spans = next(iter(facts.closed.values()))
        why = planning.why_closed(week.monday, spans) or planning.why_closed(week.monday + timedelta(4), spans)
        return Row(week, (), why, week == this, week < this)
    cells = tuple(_cell(week, column, facts, open_at[column.school_class.school_id]) for column in columns)
    return Row(week, cells, "", week == this, week < this)


def _cell(week: Week, column: Column, facts: Facts, is_open: bool) -> Cell:
    cards = tuple(_card(lesson, column, facts) for lesson in facts.lessons.get((column.school_class.id, week), ()))
    return Cell(column, cards, "" if cards else _why(week, column, facts.closed[column.school_class.school_id], is_open))


def _why(week: Week, column: Column, closed: Collection[Closed], is_open: bool) -> str:
    """What closes the school on the class's weekly day, else in the whole week."""
    days = [week.monday + timedelta(slot.weekday) for series in column.series for slot in series.slots]
    reasons = (planning.why_closed(day, closed) for day in [*days, *([] if is_open else [week.monday])])
    return next((why for why in reasons if why), "")


def _card(lesson: Lesson, column: Column, facts: Facts) -> Card:
    series = lesson.series
    is_past, closed = lesson.date < today(), facts.closed[column.school_class.school_id]
    is_held = lesson.state in (HELD, CONTINUED) or (is_past and planning.assumed_held(lesson, today(), closed))
    has_begun = is_past or (lesson.date == today() and datetime.combine(lesson.date, lesson.start, OSLO) <= now())
    may_hold = series.in_use and lesson.state == PLANNED and has_begun and can("hold", series)
    title = lesson.pinned_version.title if lesson.pinned_version else facts.titles.get(lesson.theme_id, "")
    address = f"{facts.addresses[series.id]}/{lesson.public_id}"
    return Card(lesson, address, title, is_held, facts.reasons.get(lesson.id, ""), column.may_plan, may_hold)
