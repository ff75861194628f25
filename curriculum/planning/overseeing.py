"""A district, or the schools one leads, as a whole: how much each agent has each week, and everything that waits for somebody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Row, Select, bindparam, or_, select
from sqlalchemy.orm import Session

from curriculum.ideabank import THEME, editions
from curriculum.people import AGENT, HALF, Assignment, Person, School, SchoolClass, Scope, visible
from curriculum.planning.calendar import Week, iso_week
from curriculum.planning.clashing import Clash, clashes
from curriculum.planning.models import (
    CANCELLED,
    OPEN,
    PLANNED,
    YES,
    DateProposal,
    Lesson,
    Series,
    Slot,
    Workload,
    lesson_staff,
    series_agents,
)
from curriculum.planning.workload import Limits

AnyRow: TypeAlias = Row[*tuple[Any, ...]]

SHADES = 4
"""How many shades a number of lessons may have."""

MAX, TARGET = "max", "target"
"""What a week goes beyond: the most an agent may have, or what she would rather have."""


class ClassLine(NamedTuple):
    """A class, with its school."""

    id: int
    public_id: str
    name: str
    kind: str
    whole_id: int | None
    school: str
    school_name: str
    school_id: int
    district_id: int

    @property
    def scope(self) -> Scope:
        return Scope.of_class(self.district_id, self.school_id, self.id, self.whole_id)


class Time(NamedTuple):
    """A weekly time of a series, as `Slot` has it."""

    weekday: int
    start: time
    end: time
    from_date: date | None
    to_date: date | None
    cycle_anchor: date | None
    cycle_every: int | None
    cycle_weeks: list[int]


@dataclass(frozen=True)
class SeriesLine:
    """A series with its class, its weekly times, and the names of its agents."""

    id: int
    public_id: str
    title: str
    in_use: bool
    is_confirmed: bool
    group: ClassLine
    times: tuple[Time, ...]
    agents: tuple[str, ...]


@dataclass(frozen=True)
class LessonLine:
    """A lesson with its series and its theme's title."""

    series: SeriesLine
    public_id: str
    title: str
    date: date
    start: time
    presenter: str
    answer: str


@dataclass(frozen=True)
class RoomsLine:
    """How many lessons of a series are without a confirmed room, and the first of them."""

    series: SeriesLine
    count: int
    first: LessonLine


@dataclass(frozen=True)
class ProposalLine:
    """What a teacher proposed of a lesson, unanswered: the date on which it stood then, and the one she wishes for."""

    lesson: LessonLine
    stood_on: date
    wish: date | None


@dataclass(frozen=True)
class ClashLine:
    """A lesson that stands where it cannot be held, and why."""

    series: SeriesLine
    clash: Clash


class Load(NamedTuple):
    """An agent's lessons in a week: their number, MAX or TARGET when that is beyond it, and a shade from 0 (none) to SHADES."""

    lessons: int
    over: str
    shade: int


@dataclass(frozen=True)
class AgentLine:
    """An agent, week by week. `limits` are None where only a part of her lessons is counted."""

    public_id: str
    name: str
    limits: Limits | None
    weeks: tuple[Load, ...]


@dataclass(frozen=True)
class Overview:
    """What those who answer for several classes look at. Agents stand by name, never by number; classes by school and name."""

    weeks: tuple[Week, ...]
    agents: tuple[AgentLine, ...]
    unplanned: tuple[tuple[ClassLine, tuple[str, ...]], ...]
    """Classes without a series, with the names of their agents."""
    unused: tuple[SeriesLine, ...]
    unconfirmed: tuple[SeriesLine, ...]
    """Series whose weekly times the school has not confirmed."""
    rooms: tuple[RoomsLine, ...]
    presenters: tuple[LessonLine, ...]
    """Lessons ahead for which somebody from outside has not said yes."""
    clashes: tuple[ClashLine, ...]
    proposals: tuple[ProposalLine, ...]

    @property
    def waiting(self) -> int:
        """How many lines wait for somebody."""
        lists = (self.unplanned, self.unused, self.unconfirmed, self.rooms, self.presenters, self.clashes, self.proposals)
        return sum(len(one) for one in lists)


def overview(db: Session, person: Person, year: int, weeks: Sequence[Week], today: date, *, is_whole: bool) -> Overview:
    """The classes of a school year that a person may read, and all that waits; `weeks` are those whose lessons are counted.

    `is_whole`: she reads all of each agent's lessons, so that they are held against the agent's limits. A small group is counted and
    told of to those only who may read it. As many queries for one class as for thirty.
    """
    classes = [ClassLine(*row) for row in db.execute(_classes(visible(person, SchoolClass, today)), {"year": year})]
    series = _series_lines(db, person, classes, today)
    titles = {id: one.title for id, one in editions(db, person.district_id, today, THEME).items()}
    lessons = db.execute(_LESSONS, {"ids": list(series), "first": min(today, weeks[0].monday)}).all()
    ahead = [row for row in lessons if row.state == PLANNED and row.date >= today]
    needing = (_line(row, series, titles) for row in ahead if row.room_need and not row.room_confirmed)
    asking = (_line(row, series, titles) for row in ahead if row.presenter and row.presenter_answer != YES)
    serving = db.execute(_SERVING, {"classes": [one.id for one in classes], "today": today}).all()
    names: dict[int, list[str]] = defaultdict(list)
    for row in serving:
        names[row.class_id].append(row.name)
    return Overview(
        weeks=tuple(weeks),
        agents=tuple(_agents(db, person, serving, lessons, weeks, is_whole=is_whole)),
        unplanned=tuple((one, tuple(names[one.id])) for one in _unplanned(classes, series.values())),
        unused=tuple(one for one in series.values() if not one.in_use),
        unconfirmed=tuple(one for one in series.values() if one.times and not one.is_confirmed),
        rooms=tuple(_rooms(needing)),
        presenters=tuple(asking),
        clashes=tuple(
            ClashLine(series[one.series_id], one) for one in clashes(db, person.district_id, year, today) if one.series_id in series
        ),
        proposals=tuple(_proposals(db, person, series, titles, today)),
    )


# --- Classes and series -------------------------------------------------------------------------------------------------------------


@lru_cache
def _classes(seen: Select[SchoolClass]) -> Select[*tuple[Any, ...]]:
    """Built once for the same rights, as the others here."""
    group = SchoolClass
    columns = (group.id, group.public_id, group.name, group.kind, group.whole_id)
    school = (School.public_id, School.name, School.id, School.district_id)
    query = seen.join(School, School.id == group.school_id).where(group.school_year == bindparam("year"))
    return query.with_only_columns(*columns, *school).order_by(School.name, group.name)


def _series_lines(db: Session, person: Person, classes: Collection[ClassLine], today: date) -> dict[int, SeriesLine]:
    """The series of these classes that a person may read, by id; by school, class and title."""
    group_of = {one.id: one for one in classes}
    rows: dict[int, AnyRow] = {}
    agents: dict[int, list[str]] = defaultdict(list)
    for row in db.execute(_series(visible(person, Series, today)), {"classes": list(group_of)}):
        rows[row.id] = row
        agents[row.id] += [row.name] if row.name else []
    times = times_by_series(db, rows)
    place = {one.id: number for number, one in enumerate(classes)}
    return {
        row.id: SeriesLine(
            row.id,
            row.public_id,
            row.title,
            row.in_use,
            row.confirmed_at is not None,
            group_of[row.class_id],
            tuple(times[row.id]),
            tuple(agents[row.id]),
        )
        for row in sorted(rows.values(), key=lambda row: (place[row.class_id], row.title, row.id))
    }


def times_by_series(db: Session, series: Collection[int]) -> dict[int, list[Time]]:
    """The weekly times of these series, by their ids, those early in the week first. One query."""
    found: dict[int, list[Time]] = {id: [] for id in series}
    for id, *columns in db.execute(_TIMES, {"ids": list(series)}):
        found[id].append(Time(*columns))
    return found


@lru_cache
def _series(seen: Select[Series]) -> Select[*tuple[Any, ...]]:
    """Each series once for each of its agents."""
    columns = (Series.id, Series.public_id, Series.class_id, Series.title, Series.in_use, Series.confirmed_at)
    held = seen.outerjoin(series_agents, series_agents.c.series_id == Series.id).outerjoin(Person, Person.id == series_agents.c.person_id)
    of_classes = held.where(Series.class_id.in_(bindparam("classes", expanding=True)))
    return of_classes.with_only_columns(*columns, Person.name).order_by(Person.name)


_TIMES = (
    select(Slot.series_id, *(getattr(Slot, name) for name in Time._fields))
    .where(Slot.series_id.in_(bindparam("ids", expanding=True)))
    .order_by(Slot.weekday, Slot.start)
)


def _unplanned(classes: Sequence[ClassLine], series: Iterable[SeriesLine]) -> list[ClassLine]:
    """Those without a series: of a class that is split the halves are asked for one, not the whole."""
    planned = {one.group.id for one in series}
    halves = {one.whole_id for one in classes if one.kind == HALF}
    in_halves = {one.whole_id for one in classes if one.kind == HALF and one.id in planned}
    wanting = [one for one in classes if one.id not in planned]
    return [one for one in wanting if not (one.id in halves and one.id in in_halves) and not (one.kind == HALF and one.whole_id in planned)]


# --- Lessons ------------------------------------------------------------------------------------------------------------------------


_LESSONS = (
    select(
        Lesson.id,
        Lesson.public_id,
        Lesson.series_id,
        Lesson.theme_id,
        Lesson.state,
        Lesson.date,
        Lesson.start,
        Lesson.room_need,
        Lesson.room_confirmed,
        Lesson.presenter,
        Lesson.presenter_answer,
        Lesson.joint,
        Lesson.by_teacher,
    )
    .where(Lesson.series_id.in_(bindparam("ids", expanding=True)), Lesson.state != CANCELLED, Lesson.date >= bindparam("first"))
    .order_by(Lesson.date, Lesson.start, Lesson.id)
)


def _line(row: AnyRow, series: Mapping[int, SeriesLine], titles: Mapping[int, str]) -> LessonLine:
    title = titles.get(row.theme_id, "")
    return LessonLine(series[row.series_id], row.public_id, title, row.date, row.start, row.presenter, row.presenter_answer)


def _rooms(lessons: Iterable[LessonLine]) -> list[RoomsLine]:
    """By series, those whose first lesson comes first."""
    found: dict[str, list[LessonLine]] = defaultdict(list)
    for one in lessons:
        found[one.series.public_id].append(one)
    return [RoomsLine(some[0].series, len(some), some[0]) for some in found.values()]


def _proposals(db: Session, person: Person, series: Mapping[int, SeriesLine], titles: Mapping[int, str], today: date) -> list[ProposalLine]:
    rows = db.execute(_open_proposals(visible(person, DateProposal, today)), {"ids": list(series)})
    return [ProposalLine(_line(row, series, titles), row.stood_on, row.wish) for row in rows]


@lru_cache
def _open_proposals(seen: Select[DateProposal]) -> Select[*tuple[Any, ...]]:
    lesson = (Lesson.series_id, Lesson.public_id, Lesson.theme_id, Lesson.date, Lesson.start, Lesson.presenter, Lesson.presenter_answer)
    query = seen.join(Lesson, Lesson.id == DateProposal.lesson_id).where(
        DateProposal.state == OPEN, Lesson.series_id.in_(bindparam("ids", expanding=True))
    )
    return query.with_only_columns(*lesson, DateProposal.stood_on, DateProposal.wish).order_by(Lesson.date, DateProposal.id)


# --- Agents -------------------------------------------------------------------------------------------------------------------------


_SERVING = (
    select(Assignment.class_id, Person.id, Person.name)
    .join(Person, Person.id == Assignment.person_id)
    .where(
        Assignment.role == AGENT,
        Assignment.class_id.in_(bindparam("classes", expanding=True)),
        Assignment.from_date <= bindparam("today"),
        or_(Assignment.to_date.is_(None), Assignment.to_date >= bindparam("today")),
        Person.is_active,
    )
    .order_by(Person.name, Person.id)
)
_STAFF = (
    select(lesson_staff.c.lesson_id, lesson_staff.c.person_id)
    .join(Lesson, Lesson.id == lesson_staff.c.lesson_id)
    .where(
        Lesson.series_id.in_(bindparam("ids", expanding=True)),
        Lesson.date.between(bindparam("first"), bindparam("last")),
        Lesson.state != CANCELLED,
        Lesson.by_teacher.is_(False),
    )
)
_PERSONS = (
    select(Person.id, Person.public_id, Person.name, *(getattr(Workload, name) for name in Limits._fields))
    .outerjoin(Workload, Workload.person_id == Person.id)
    .where(Person.id.in_(bindparam("ids", expanding=True)))
    .order_by(Person.name, Person.id)
)


def _agents(
    db: Session, person: Person, serving: Iterable[AnyRow], lessons: Iterable[AnyRow], weeks: Sequence[Week], *, is_whole: bool
) -> list[AgentLine]:
    """Every agent of the classes and whoever holds a lesson of theirs in these weeks. What is held as one counts once."""
    by_id = {row.id: row for row in lessons}
    asked = {"ids": list({row.series_id for row in by_id.values()}), "first": weeks[0].monday, "last": weeks[-1].sunday}
    events: dict[int, set[tuple[date, str, time]]] = defaultdict(set)
    for lesson, who in db.execute(_STAFF, asked):
        row = by_id[lesson]
        events[who].add((row.date, row.joint or row.public_id, row.start))
    found = db.execute(_PERSONS, {"ids": list({*events, *(row.id for row in serving)})}).all()
    limits = {row.id: Limits(*row[3:]) if is_whole else None for row in found}
    counts = {row.id: _counts(events[row.id], weeks) for row in found}
    busiest = max((sum(days.values()) for some in counts.values() for days in some), default=0)
    return [
        AgentLine(row.public_id, row.name, limits[row.id], tuple(_load(days, limits[row.id], busiest) for days in counts[row.id]))
        for row in found
    ]


def _counts(events: Iterable[tuple[date, str, time]], weeks: Sequence[Week]) -> list[dict[date, int]]:
    """The lessons of each day, week by week."""
    by_week: dict[Week, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for day, _, _ in events:
        by_week[iso_week(day)][day] += 1
    return [by_week[week] for week in weeks]


def _load(days: Mapping[date, int], limits: Limits | None, busiest: int) -> Load:
    count, most = sum(days.values()), max(days.values(), default=0)
    limit = limits or Limits()
    over = ""
    if _is_beyond(count, limit.max_per_week) or _is_beyond(most, limit.max_per_day):
        over = MAX
    elif _is_beyond(count, limit.target_per_week) or _is_beyond(most, limit.target_per_day):
        over = TARGET
    scale = limit.max_per_week or limit.target_per_week or busiest
    return Load(count, over, min(SHADES, -(-SHADES * count // scale)) if count else 0)


def _is_beyond(count: int, limit: int | None) -> bool:
    return limit is not None and count > limit
