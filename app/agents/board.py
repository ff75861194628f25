"""The board: the school year's weeks down, the classes across, and every lesson a card that can be moved."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, cached_property, lru_cache
from typing import NamedTuple

from flask import Response, request, url_for
from jinja2.filters import do_urlencode
from markupsafe import Markup, escape
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.access import can, me, open_to, visible
from app.agents import telling
from app.agents.changes import Change, last_changes
from app.agents.halving import Weeks, has_it_in
from app.agents.heeding import heed_words
from app.agents.routes import READERS, blueprint, themes_today
from app.agents.together import together_with
from app.database import OSLO, now, session, today
from app.language import clock, day, gettext, lang
from app.pages import page
from curriculum import planning
from curriculum.keeping import Kept
from curriculum.people import HALF, SMALL, School, SchoolClass
from curriculum.planning import CANCELLED, CONTINUED, HELD, PLANNED, Heed, Listed, Series, Week

AT_ONCE = 12
"""Where someone may read more classes than this, the board begins with one school."""


class Card(NamedTuple):
    """A lesson on the board; what is done to it stands below its `address`, and comes `back` to it (`next`: the same within an address).

    `which` tells it from the others in a sentence; `series` is named where the class has several. The buttons show where `may_plan` and
    `may_hold` say so.
    """

    lesson: Listed
    address: str
    back: str
    next: str
    which: str
    title: str
    series: str
    date: str
    start: str
    together: str
    """The other classes with which it is held as one."""
    is_held: bool
    is_cancelled: bool
    why: str
    """Of the cancellation."""
    closed: str
    """Why there is no teaching on its day, where it needs a new date."""
    apart: str
    """Which other half has the theme in another week, where it is ahead."""
    may_plan: bool
    may_hold: bool
    may_move: bool
    may_change: bool


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
    def address(self) -> Markup:
        """Its class's public id, as each of its cells says it."""
        return escape(self.school_class.public_id)

    @cached_property
    def weekdays(self) -> list[int]:
        """On which it has its lessons, 0 = Monday."""
        return [slot.weekday for series in self.series for slot in series.slots]

    @cached_property
    def titles(self) -> Mapping[int, str]:
        """Of its series (by id), where they are several."""
        return {one.id: one.title for one in self.series} if len(self.series) > 1 else {}

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


class Cell(NamedTuple):
    """A week of a class: its lessons, or why it has none there. `target` is the class's public id where a lesson may be moved to."""

    group: SchoolClass
    target: str
    cards: tuple[Card, ...]
    why: str


class WeekWords(NamedTuple):
    """A week as it is written, named in its row, said within a sentence, and the day it begins on."""

    written: Markup
    name: Markup
    within: str
    monday: Markup


class Row(NamedTuple):
    """A week. `why` is what closes every school of the board at once; then it has no cells. `heeds`: days to tell of, in words."""

    words: WeekWords
    cells: tuple[Cell, ...]
    why: str
    is_now: bool
    is_past: bool
    heeds: tuple[str, ...] = ()
    days: tuple[tuple[str, str], ...] = ()
    """The days with lessons that may be moved, as they are written in an address and said: each may turn out to be lost."""


@dataclass(frozen=True)
class Term:
    """A school year at some schools (by id): why each day is closed, the last day whose lessons count as held, the weeks with teaching.

    `taught`: the weeks with teaching at any of them.
    """

    days: Mapping[int | None, Mapping[date, str]]
    held_until: Mapping[int | None, date]
    weeks: Mapping[int | None, frozenset[Week]]
    taught: frozenset[Week]


@dataclass(frozen=True)
class Facts:
    """What every cell is made from: titles by theme, the school year, addresses and right to hold by series, lessons by class and week."""

    titles: Mapping[int, str]
    term: Term
    addresses: Mapping[int, str]
    holdable: Collection[int]
    lessons: Mapping[tuple[int, Week], list[Listed]]
    closed: Mapping[int, str]
    """Why there is no teaching on the day of a lesson (by id)."""
    together: Mapping[int, str]
    """With which other classes a lesson (by id) is held as one."""
    apart: Mapping[int, Weeks]
    """In which other weeks the other halves have the theme of a lesson (by id)."""
    back: tuple[str, str]
    """This page as it stands before a card's id in a form, and in an address."""
    today: date
    this_week: Week
    now: datetime
    language: str
    heeds: Mapping[Week, Sequence[Heed]]


@blueprint.get("/rekker/tavle")
@open_to(*READERS)
def board() -> Response:
    """All classes of a school year week by week: the agent changes hers, others read."""
    columns = _columns(_year())
    shown = _chosen(columns)
    schools = list({column.school_class.school: None for column in columns})
    chosen = next((column for column in shown if column.school_class.public_id == request.args.get("klasse")), None)
    rows = _rows(shown, _year())
    may_plan = any(column.may_plan for column in columns)
    return page(
        "agents/board.html",
        taken=telling.taken(me()) if may_plan else (),
        columns=shown,
        lead=next((place for place, column in enumerate(shown) if column.series), 0),
        past=[row for row in rows if row.is_past],
        rows=[row for row in rows if not row.is_past],
        schools=schools,
        school=_school(columns, schools),
        classes=[column for column in columns if _school(columns, schools) in (None, column.school_class.school)],
        chosen=chosen,
        year=_year(),
        years=_years(),
        may_plan=may_plan,
        changes=_changes(shown),
        here=_here(),
        lost_day=url_for("agents.lost_day", on="-").removesuffix("-"),
    )


def _changes(columns: Sequence[Column]) -> list[Change]:
    """The last changes of what she may plan here."""
    series = [one for column in columns if column.may_plan for one in column.series]
    return last_changes(series, {id: version.title for id, version in themes_today().items()}, _here()) if series else []


def _here() -> str:
    return request.full_path.rstrip("?")


# --- Which classes ----------------------------------------------------------------------------------------------------------------------


def _year() -> int:
    """The school year asked for: this one or the next."""
    this = planning.school_year(today())
    return this + 1 if request.args.get("ar") == str(this + 1) else this


def _years() -> list[int]:
    """This school year, and the next as soon as a series of it is there."""
    this = planning.school_year(today())
    if not _is_begun.get(session(), (me().district_id, this + 1)):
        return [this]
    return [this, this + 1] if session().scalars(_any_of_year(visible(Series)), {"year": this + 1}).first() else [this]


def _has_series(db: Session, asked: tuple[int, int]) -> bool:
    """Whether a district has any series of a school year, whoever may read it."""
    district, year = asked
    query = select(Series.id).join(Series.school_class).where(Series.district_id == district, SchoolClass.school_year == year)
    return db.scalars(query.limit(1)).first() is not None


_is_begun = Kept(_has_series)


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
    query = seen.join(Series.school_class).where(SchoolClass.school_year == bindparam("year")).order_by(Series.from_date, Series.id)
    return query.options(contains_eager(Series.school_class), joinedload(Series.slots))


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
    series = [one for column in columns for one in column.series]
    lessons = planning.listed(session(), [one.id for one in series])
    placed: dict[tuple[int, Week], list[Listed]] = {}
    for one in series:
        for lesson in lessons[one.id]:
            placed.setdefault((one.class_id, planning.iso_week(lesson.date)), []).append(lesson)
    for some in placed.values():
        some.sort(key=lambda lesson: (lesson.date, lesson.start))
    facts = Facts(
        {id: version.title for id, version in themes_today().items()},
        _term.get(session(), (columns[0].school_class.district_id, frozenset(column.place[0] for column in columns), year, today())),
        {one.id: url_for("agents.series_page", series=one.public_id) for one in series},
        {one.id for one in series if one.in_use and can("hold", one)},
        placed,
        planning.lessons_on_closed_days(session(), columns[0].school_class.district_id, today()),
        together_with(lesson for some in lessons.values() for lesson in some),
        planning.halves_apart(
            session(), [lesson for column in columns if column.is_half for one in column.series for lesson in lessons[one.id]]
        ),
        (back := f"{_here()}#okt-", do_urlencode(back)),
        today(),
        planning.iso_week(today()),
        now(),
        lang().tag,
        _heeds([column.school_class for column in columns], year),
    )
    weeks = facts.term.taught.union(week for _, week in placed)
    return [_row(week, columns, facts) for week in _from_to(min(weeks), max(weeks))]


def _heeds(classes: Sequence[SchoolClass], year: int) -> Mapping[Week, Sequence[Heed]]:
    return planning.heeds_by_week(planning.days_to_heed(session(), classes, date(year, 8, 1), date(year + 1, 7, 31)))


@lru_cache
def _from_to(week: Week, last: Week) -> tuple[Week, ...]:
    """All weeks from one to another."""
    found = []
    while week <= last:
        found.append(week)
        week = week.next
    return tuple(found)


def _read_term(db: Session, asked: tuple[int, frozenset[int], int, date]) -> Term:
    district, schools, year, today = asked
    closed = planning.closed_by_school(db, district, schools, date(year, 8, 1), date(year + 1, 7, 31))
    days = {school: planning.reasons_by_day(spans) for school, spans in closed.items()}
    weeks = _from_to(planning.iso_week(date(year, 8, 7)), planning.iso_week(date(year + 1, 7, 25)))
    taught = {school: frozenset(week for week in weeks if _is_open(week, some)) for school, some in days.items()}
    held_until = {school: planning.held_until(today, spans) for school, spans in closed.items()}
    return Term(days, held_until, taught, frozenset().union(*taught.values()))


_term = Kept(_read_term)


def _is_open(week: Week, closed: Collection[date]) -> bool:
    """Whether a week has a school day."""
    monday = week.monday
    return any(monday + timedelta(n) not in closed for n in range(5))


@lru_cache(maxsize=512)
def _words(week: Week, _language: str) -> WeekWords:
    """Kept for each language: every reader's board says the same weeks."""
    within, name = gettext("week %(number)s", number=week.number), gettext("Week %(number)s", number=week.number)
    return WeekWords(escape(week), escape(name), within, escape(day(week.monday, "d. MMM")))


def _row(week: Week, columns: Sequence[Column], facts: Facts) -> Row:
    words, monday, is_past = _words(week, facts.language), week.monday, week < facts.this_week
    if week not in facts.term.taught and not any((column.place[1], week) in facts.lessons for column in columns):
        some = next(iter(facts.term.days.values()))
        why = some.get(monday) or some.get(monday + timedelta(4), "")
        return Row(words, (), why, week == facts.this_week, is_past)
    cells = tuple([_cell(week, monday, words.within, column, facts, is_past) for column in columns])
    heeds = tuple([_heed_words(one, columns) for one in facts.heeds.get(week, ())])
    days = {} if is_past else {card.lesson.date: card.date for cell in cells for card in cell.cards if card.may_move}
    return Row(words, cells, "", week == facts.this_week, is_past, heeds, tuple([(one.isoformat(), days[one]) for one in sorted(days)]))


def _heed_words(heed: Heed, columns: Sequence[Column]) -> str:
    """Days to tell of, with the classes they are about where those are not all of the board."""
    about = [column.school_class.name for column in columns if column.place[1] in heed.classes]
    words = heed_words(heed)
    return words if len(about) == len(columns) else f"{', '.join(about)}: {words}"


def _cell(week: Week, monday: date, within: str, column: Column, facts: Facts, is_past: bool) -> Cell:
    school, school_class = column.place
    target = column.address if column.may_plan and not is_past else ""
    if lessons := facts.lessons.get((school_class, week)):
        return Cell(column.school_class, target, tuple([_card(lesson, column, within, facts) for lesson in lessons]), "")
    return Cell(column.school_class, target, (), _why(monday, column, facts.term.days[school], week in facts.term.weeks[school]))


def _why(monday: date, column: Column, closed: Mapping[date, str], is_open: bool) -> str:
    """What closes the school on the class's weekly day, else in the whole week."""
    for weekday in column.weekdays:
        if (weekly := monday + timedelta(weekday)) in closed:
            return closed[weekly]
    return "" if is_open else closed.get(monday, "")


def _card(lesson: Listed, column: Column, within: str, facts: Facts) -> Card:
    is_planned = lesson.state == PLANNED
    title = lesson.pinned_version.title if lesson.pinned_version else facts.titles.get(lesson.theme_id, "")
    is_held = lesson.state in (HELD, CONTINUED) or (is_planned and lesson.date <= facts.term.held_until[column.place[0]])
    may_hold = is_planned and lesson.series_id in facts.holdable and _has_begun(lesson, facts)
    return Card(
        lesson=lesson,
        address=f"{facts.addresses[lesson.series_id]}/{lesson.public_id}",
        back=f"{facts.back[0]}{lesson.public_id}",
        next=f"{facts.back[1]}{lesson.public_id}",
        which=f"{title}, {column.school_class.name}, {within}",
        title=title,
        series=column.titles.get(lesson.series_id, ""),
        date=day(lesson.date, "EEE d. MMM"),
        start=clock(lesson.start),
        together=facts.together.get(lesson.id, ""),
        is_held=is_held,
        is_cancelled=lesson.state == CANCELLED,
        why=lesson.cancelling.why if lesson.cancelling else "",
        closed=facts.closed.get(lesson.id, ""),
        apart="" if is_held else has_it_in(facts.apart.get(lesson.id, ())),
        may_plan=column.may_plan,
        may_hold=may_hold,
        may_move=column.may_plan and is_planned and not is_held and not lesson.date_locked,
        may_change=column.may_plan and is_planned and (may_hold or not is_held),
    )


def _has_begun(lesson: Listed, facts: Facts) -> bool:
    return lesson.date < facts.today or datetime.combine(lesson.date, lesson.start, OSLO) <= facts.now
