"""From rows to the planner's plain values: what has to be planned, and what it has to work around."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, time, timedelta
from typing import Literal, NamedTuple, Protocol, TypeAlias

from sqlalchemy import bindparam, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from curriculum import ideabank
from curriculum.ideabank import DocumentVersion, OutlineDocument
from curriculum.keeping import Kept
from curriculum.people import HALF, SMALL, Person, SchoolClass
from curriculum.planning.calendar import SchoolYear, closed_days, school_years
from curriculum.planning.engine import problem as plain
from curriculum.planning.heeding import NOTHING_AROUND, Around, around_by_class
from curriculum.planning.models import (
    CANCELLED,
    CONTINUED,
    HELD,
    Absence,
    Elsewhere,
    Lesson,
    Series,
    Slot,
    Travel,
    Workload,
    lesson_staff,
)

Order: TypeAlias = Literal["", "first", "last"]


def stated(
    school_class: SchoolClass,
    series: plain.SeriesProblem,
    slots: Sequence[plain.Slot],
    year: SchoolYear,
    closed: Sequence[plain.Closed],
    agents: Sequence[plain.Agent],
    pupils: Sequence[plain.Busy] = (),
    around: Around = NOTHING_AROUND,
) -> plain.Problem:
    """The problem of one series of a class; `closed` are its school's days without teaching, in that school year and around it.

    `pupils` says when they have other lessons, `around` when the class is away and which days a plan avoids.
    """
    first, last = min(year.from_date, series.from_date), max(year.to_date, series.to_date)
    within = tuple(span for span in closed if span.from_date <= last and span.to_date >= first)
    school = plain.School(school_class.school.public_id, school_class.school.name, within)
    group = plain.Group(series.group, school_class.name, school.id, tuple(slots), around.away, busy=tuple(pupils), soft=around.avoided)
    return plain.Problem(series.title, first, last, (school,), tuple(agents), (group,), (series,))


def agents_between(
    db: Session, agents: Sequence[Person], first: date, last: date, without: Collection[Series] = (), school: int | None = None
) -> list[plain.Agent]:
    """Agents with where they are elsewhere or away, and when they teach from one day to another in any series but `without`.

    A lesson at another school than `school` takes the minutes of the way there and back as well; what a small group is called is not
    told. Three queries, and one for the ways between the schools; none while nothing has changed.
    """
    return agents_at(db, agents, first, last, [school], without)[school]


def agents_at(
    db: Session, agents: Sequence[Person], first: date, last: date, schools: Collection[int | None], without: Collection[Series] = ()
) -> dict[int | None, list[plain.Agent]]:
    """`agents_between` as they are seen from each of several schools (by id). As many queries for many as for one."""
    district = agents[0].district_id if agents else 0
    who = tuple((agent.id, agent.public_id, agent.name) for agent in agents)
    return _kept_agents.get(db, _Asked(district, who, first, last, frozenset(schools), *_own(without)))


class _Asked(NamedTuple):
    """Of whom it is asked when they teach: ids, public ids and names; the schools from which they are seen, and what is not counted."""

    district: int
    who: tuple[tuple[int, str, str], ...]
    first: date
    last: date
    schools: frozenset[int | None]
    without: tuple[int, ...]
    joints: tuple[str, ...]


def _agents(db: Session, asked: _Asked) -> dict[int | None, list[plain.Agent]]:
    ids = [id for id, _, _ in asked.who]
    away = db.execute(_AWAY, {"ids": ids}).all()
    between = {"ids": ids, "first": asked.first, "last": asked.last, "without": asked.without, "joints": asked.joints}
    lessons = db.execute(_TAUGHT, between).all()
    limits = {id: limit for id, *limit in db.execute(_LIMITS, {"ids": ids})}
    ways = ways_between(db, asked.district) if ids else {}

    def seen(id: int, public_id: str, name: str, ways: Mapping[int, int]) -> plain.Agent:
        return plain.Agent(
            public_id,
            name,
            tuple(plain.WelfareDay(row.weekday, row.from_date, row.to_date) for row in away if row.person_id == id and row.weekday >= 0),
            tuple(plain.Closed(row.from_date, row.to_date, "") for row in away if row.person_id == id and row.weekday < 0),
            tuple(busy_at(row, row.date, row.start, row.end, ways) for row in lessons if row.person_id == id),
            None,
            *limits.get(id, (None, None, None, None)),
        )

    return {school: [seen(*one, ways.get(school, {})) for one in asked.who] for school in asked.schools}


_kept_agents = Kept(_agents)


def _own(without: Collection[Series]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """What is not to be counted against series: their own lessons, and the codes of those that are held as one with them."""
    joints = {lesson.joint for series in without for lesson in series.lessons if lesson.joint}
    return tuple(series.id for series in without), tuple(sorted(joints))


def ways_between(db: Session, district: int) -> Mapping[int | None, Mapping[int, int]]:
    """The minutes from each school to each other of which they are told, by their ids. No query while nothing has changed."""
    return _kept_ways.get(db, district)


def busy_at(where: ItsClass, day: date, start: time, end: time, ways: Mapping[int, int]) -> plain.Busy:
    """When a lesson of a class takes an agent: with the minutes of the way on either side, and what class it is where that may be told."""
    way = ways.get(where.school_id, 0)
    reason = "" if where.kind == SMALL else where.name
    return plain.Busy(day.weekday(), _shifted(start, -way), _shifted(end, way), day, day, reason, is_lesson=True)


class ItsClass(Protocol):
    """What is asked of a lesson's class: the class itself, or a row with these of it."""

    @property
    def school_id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...


def _shifted(clock: time, minutes: int) -> time:
    """A time of day so many minutes later, within the day."""
    total = min(max(clock.hour * 60 + clock.minute + minutes, 0), 24 * 60 - 1)
    return time(total // 60, total % 60)


def _ways(db: Session, district: int) -> dict[int | None, dict[int, int]]:
    found: dict[int | None, dict[int, int]] = {}
    for one, other, minutes in db.execute(select(Travel.school_id, Travel.other_id, Travel.minutes).where(Travel.district_id == district)):
        found.setdefault(one, {})[other] = minutes
        found.setdefault(other, {})[one] = minutes
    return found


_kept_ways = Kept(_ways)

_AWAY = union_all(  # type: ignore[var-annotated]
    select(Elsewhere.person_id, Elsewhere.weekday, Elsewhere.from_date, Elsewhere.to_date).where(
        Elsewhere.person_id.in_(bindparam("ids", expanding=True))
    ),
    select(Absence.person_id, literal(-1), Absence.from_date, Absence.to_date).where(
        Absence.person_id.in_(bindparam("ids", expanding=True))
    ),
).order_by("person_id", "from_date", "weekday")
_LIMITS = select(Workload.person_id, Workload.max_per_day, Workload.max_per_week, Workload.target_per_day, Workload.target_per_week).where(
    Workload.person_id.in_(bindparam("ids", expanding=True))
)
_TAUGHT = (
    select(lesson_staff.c.person_id, Lesson.date, Lesson.start, Lesson.end, SchoolClass.name, SchoolClass.kind, SchoolClass.school_id)
    .join(Lesson, Lesson.id == lesson_staff.c.lesson_id)
    .join(Series, Series.id == Lesson.series_id)
    .join(SchoolClass, SchoolClass.id == Series.class_id)
    .where(
        lesson_staff.c.person_id.in_(bindparam("ids", expanding=True)),
        Lesson.state != CANCELLED,
        Lesson.by_teacher.is_(False),
        Lesson.date.between(bindparam("first"), bindparam("last")),
        Lesson.series_id.not_in(bindparam("without", expanding=True)),
        or_(Lesson.joint.is_(None), Lesson.joint.not_in(bindparam("joints", expanding=True))),
        Series.thrown_away_at.is_(None),
    )
    .order_by(Lesson.date, Lesson.start)
)


# --- The pupils ---------------------------------------------------------------------------------------------------------------------


def pupils_between(
    db: Session, classes: Collection[SchoolClass], first: date, last: date, without: Collection[Series] = ()
) -> dict[int, tuple[plain.Busy, ...]]:
    """When the pupils of classes (by id) have a lesson from one day to another in any series but `without`.

    Another series of the class itself counts, and those of the groups that share pupils with it. What a small group is called is not
    told. One query, and one for who shares pupils; none while nothing has changed.
    """
    district = next(iter(classes)).district_id
    return _kept_pupils.get(db, (district, frozenset(one.id for one in classes), first, last, *_own(without)))


def _pupils(
    db: Session, asked: tuple[int, frozenset[int], date, date, tuple[int, ...], tuple[str, ...]]
) -> dict[int, tuple[plain.Busy, ...]]:
    district, classes, first, last, without, joints = asked
    sharing = _kept_sharing.get(db, district)
    wanted = {id: {id, *sharing.get(id, ())} for id in classes}
    between = {"classes": sorted(set().union(*wanted.values())), "first": first, "last": last, "without": without, "joints": joints}
    rows = db.execute(_PUPILS, between).all()
    return {
        id: tuple(busy_at(row, row.date, row.start, row.end, {}) for row in rows if row.class_id in others) for id, others in wanted.items()
    }


_kept_pupils = Kept(_pupils)


def sharing_pupils(db: Session, district: int) -> Mapping[int, Collection[int]]:
    """The ids of the classes that share pupils with each, where there are any. No query while nothing has changed."""
    return _kept_sharing.get(db, district)


def _sharing(db: Session, district: int) -> dict[int, set[int]]:
    """The ids of the classes that share pupils with each: a half and a small group with the class they are taken from, and each other."""
    whole = aliased(SchoolClass)
    query = select(SchoolClass.id, SchoolClass.kind, whole.id).join(SchoolClass.taken_from.of_type(whole))
    taken = db.execute(query.where(SchoolClass.district_id == district)).all()
    found: dict[int, set[int]] = {}
    for part, kind, of in taken:
        others = (other for other, its_kind, its_whole in taken if its_whole == of and {kind, its_kind} == {HALF, SMALL})
        for other in (of, *others):
            found.setdefault(part, set()).add(other)
            found.setdefault(other, set()).add(part)
    return found


_kept_sharing = Kept(_sharing)

_PUPILS = (
    select(Series.class_id, Lesson.date, Lesson.start, Lesson.end, SchoolClass.name, SchoolClass.kind, SchoolClass.school_id)
    .join(Series, Series.id == Lesson.series_id)
    .join(SchoolClass, SchoolClass.id == Series.class_id)
    .where(
        Series.class_id.in_(bindparam("classes", expanding=True)),
        Lesson.state != CANCELLED,
        Lesson.date.between(bindparam("first"), bindparam("last")),
        Lesson.series_id.not_in(bindparam("without", expanding=True)),
        or_(Lesson.joint.is_(None), Lesson.joint.not_in(bindparam("joints", expanding=True))),
        Series.thrown_away_at.is_(None),
    )
    .order_by(Lesson.date, Lesson.start)
)


# --- A series as it stands ----------------------------------------------------------------------------------------------------------


def problem_for(db: Session, series: Series, beside: Collection[Series] = ()) -> plain.Problem:
    """The problem of a series as it stands: held lessons delivered, locked ones pinned, cancelled ones gone.

    A lesson that stands outside the weekly times brings its own slot, which holds on its date only. What its agents and pupils have in
    the series `beside` is left out: they are to be laid out together with it.
    """
    lessons = [lesson for lesson in series.lessons if lesson.state != CANCELLED]
    orders = orders_of(series.outline_version)
    listed = sorted(lessons, key=lambda lesson: (lesson.position, lesson.id))
    staff_of = _staff(db, series)
    sessions = tuple(_session(series, lesson, _order(lesson, orders), staff_of.get(lesson.id, ())) for lesson in listed)
    agents = tuple(agent.public_id for agent in series.agents)
    own = plain.SeriesProblem(
        series.public_id,
        series.school_class.public_id,
        agents,
        series.title,
        series.from_date,
        series.to_date,
        sessions,
        begin_at_once=True,
    )
    group = series.school_class
    year = school_years(db, group.district_id, group.school_id, [group.school_year])[0]
    first, last = min(year.from_date, series.from_date), max(year.to_date, series.to_date)
    closed = closed_days(db, group.district_id, group.school_id, first, last)
    staff = agents_between(db, [*series.agents, *_others(db, series, staff_of)], first, last, [series, *beside], group.school_id)
    pupils = pupils_between(db, [group], first, last, [series, *beside])[group.id]
    around = around_by_class(db, [group], first, last)[group.id]
    return stated(group, own, slots_of(series, lessons), year, closed, staff, pupils, around)


def _order(lesson: Lesson, orders: Mapping[str, Order]) -> Order:
    """Where the template wants a lesson: an extra one, for what there was no time for, stands where it may."""
    is_extra = lesson.carried_from_id is not None and lesson.carried_from is not None and lesson.carried_from.theme_id == lesson.theme_id
    return "" if is_extra else orders.get(lesson.theme.key, "")


def orders_of(outline: DocumentVersion) -> dict[str, Order]:
    """Which themes (by key) the template puts first or last."""
    document = ideabank.parsed(outline)
    assert isinstance(document, OutlineDocument)
    firsts: dict[str, Order] = {place.theme: "first" for place in document.places if place.first}
    return firsts | {place.theme: "last" for place in document.places if place.last}


def _staff(db: Session, series: Series) -> dict[int, tuple[str, ...]]:
    """Who holds each lesson of a series, by the lesson's id: public ids, in the order of names. One query."""
    found: dict[int, tuple[str, ...]] = {}
    for lesson, person in db.execute(_STAFF, {"series": series.id}):
        found[lesson] = (*found.get(lesson, ()), person)
    return found


def _others(db: Session, series: Series, staff_of: Mapping[int, tuple[str, ...]]) -> Sequence[Person]:
    """Those who hold a lesson of a series and are not among its agents, by name. No query where there are none."""
    others = {id for staff in staff_of.values() for id in staff} - {agent.public_id for agent in series.agents}
    return db.scalars(select(Person).where(Person.public_id.in_(sorted(others))).order_by(Person.name)).all() if others else ()


_STAFF = (
    select(lesson_staff.c.lesson_id, Person.public_id)
    .join(Person, Person.id == lesson_staff.c.person_id)
    .join(Lesson, Lesson.id == lesson_staff.c.lesson_id)
    .where(Lesson.series_id == bindparam("series"))
    .order_by(Person.name)
)


def _session(series: Series, lesson: Lesson, order: Order, staff: tuple[str, ...]) -> plain.Session:
    is_delivered = lesson.state in (HELD, CONTINUED)
    pin = plain.Pin(lesson.date, slot_for(series.slots, lesson)) if is_delivered or lesson.date_locked else None
    title = _title(lesson) if order or pin else lesson.theme.key
    holders = () if lesson.by_teacher else staff
    others = None if set(holders) == {agent.public_id for agent in series.agents} else holders
    return plain.Session(lesson.public_id, lesson.theme.key, title, lesson.minutes, pin, is_delivered, order, agents=others)


def _title(lesson: Lesson) -> str:
    """What a sentence about the lesson calls its theme."""
    versions = lesson.theme.versions
    return versions[-1].title if versions else lesson.theme.key


def slots_of(series: Series, lessons: Iterable[Lesson]) -> list[plain.Slot]:
    """The weekly times of a series, and a dated one for each of these lessons that stands outside them."""
    weekly = [
        plain.Slot(f"slot-{slot.id}", slot.weekday, slot.start, slot.end, 0, slot.from_date, slot.to_date, cycle_of(slot))
        for slot in series.slots
    ]
    outside = [lesson for lesson in lessons if slot_for(series.slots, lesson) == lesson.public_id]
    return weekly + [dated_slot(lesson.public_id, lesson.date, lesson.start, lesson.end) for lesson in outside]


def cycle_of(slot: Slot) -> plain.Cycle | None:
    """The repeating weeks in which a weekly time holds; None: every week."""
    if slot.cycle_anchor is None or slot.cycle_every is None:
        return None
    return plain.Cycle(slot.cycle_anchor, slot.cycle_every, tuple(slot.cycle_weeks))


def dated_slot(id: str, day: date, start: time, end: time) -> plain.Slot:
    """A slot for one date."""
    return plain.Slot(id, day.weekday(), start, end, 0, day, day)


def slot_for(slots: Iterable[Slot], lesson: Lesson) -> str:
    """The id of the weekly slot a lesson stands in, or its own id when it stands in none."""
    fits = (slot for slot in slots if (slot.start, slot.end) == (lesson.start, lesson.end) and is_on(slot, lesson.date))
    found = next(fits, None)
    return f"slot-{found.id}" if found else lesson.public_id


def is_on(slot: Slot, day: date) -> bool:
    """Whether a weekly time is on a day: its weekday, within its dates, in one of its weeks."""
    within = (slot.from_date or day) <= day <= (slot.to_date or day)
    return within and slot.weekday == day.weekday() and is_in_cycle(cycle_of(slot), day)


def is_in_cycle(cycle: plain.Cycle | None, day: date) -> bool:
    """Whether a day's week is one of a cycle's: counted from the Monday of its anchor, whatever the calendar numbers them."""
    if cycle is None:
        return True
    weeks = (day - timedelta(day.weekday()) - (cycle.anchor - timedelta(cycle.anchor.weekday()))).days // 7
    return weeks % cycle.every in cycle.weeks


def plan_as_it_stands(series: Series) -> plain.Plan:
    """Where the lessons of a series stand now, as a plan to be checked."""
    lessons = [lesson for lesson in series.lessons if lesson.state != CANCELLED]
    placed = tuple(plain.Placed(lesson.public_id, lesson.date, slot_for(series.slots, lesson)) for lesson in lessons)
    return plain.Plan(placed, {}, 0, 0, "greedy")
