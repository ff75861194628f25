"""From rows to the planner's plain values: what has to be planned, and what it has to work around."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import Literal, TypeAlias

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from curriculum import ideabank
from curriculum.ideabank import DocumentVersion, OutlineDocument
from curriculum.people import Person, SchoolClass
from curriculum.planning import problem as plain
from curriculum.planning.calendar import SchoolYear, closed_days, school_years
from curriculum.planning.models import CANCELLED, CONTINUED, HELD, Elsewhere, Lesson, Series, Slot, lesson_staff

Order: TypeAlias = Literal["", "first", "last"]


def stated(
    school_class: SchoolClass,
    series: plain.SeriesProblem,
    slots: Sequence[plain.Slot],
    year: SchoolYear,
    closed: Sequence[plain.Closed],
    agents: Sequence[plain.Agent],
) -> plain.Problem:
    """The problem of one series of a class; `closed` are its school's days without teaching, in that school year and around it."""
    first, last = min(year.from_date, series.from_date), max(year.to_date, series.to_date)
    within = tuple(span for span in closed if span.from_date <= last and span.to_date >= first)
    school = plain.School(school_class.school.public_id, school_class.school.name, within)
    group = plain.Group(series.group, school_class.name, school.id, tuple(slots))
    return plain.Problem(series.title, first, last, (school,), tuple(agents), (group,), (series,))


def agents_between(db: Session, agents: Sequence[Person], first: date, last: date, without: Series | None = None) -> list[plain.Agent]:
    """Agents with where they are elsewhere, and when they teach from one day to another in any series but `without`. Two queries."""
    ids = [agent.id for agent in agents]
    away = db.scalars(_AWAY, {"ids": ids}).all()
    series = 0 if without is None else without.id
    lessons = db.execute(_TAUGHT, {"ids": ids, "first": first, "last": last, "without": series}).all()
    return [
        plain.Agent(
            agent.public_id,
            agent.name,
            tuple(plain.WelfareDay(row.weekday, row.from_date, row.to_date) for row in away if row.person_id == agent.id),
            busy=tuple(plain.Busy(day.weekday(), start, end, day, day) for person, day, start, end in lessons if person == agent.id),
        )
        for agent in agents
    ]


_AWAY = select(Elsewhere).where(Elsewhere.person_id.in_(bindparam("ids", expanding=True))).order_by(Elsewhere.id)
_TAUGHT = (
    select(lesson_staff.c.person_id, Lesson.date, Lesson.start, Lesson.end)
    .join(Lesson, Lesson.id == lesson_staff.c.lesson_id)
    .join(Series, Series.id == Lesson.series_id)
    .where(
        lesson_staff.c.person_id.in_(bindparam("ids", expanding=True)),
        Lesson.state != CANCELLED,
        Lesson.date.between(bindparam("first"), bindparam("last")),
        Lesson.series_id != bindparam("without"),
        Series.thrown_away_at.is_(None),
    )
    .order_by(Lesson.date, Lesson.start)
)


def problem_for(db: Session, series: Series) -> plain.Problem:
    """The problem of a series as it stands: held lessons delivered, locked ones pinned, cancelled ones gone.

    A lesson that stands outside the weekly times brings its own slot, which holds on its date only.
    """
    lessons = [lesson for lesson in series.lessons if lesson.state != CANCELLED]
    orders = orders_of(series.outline_version)
    listed = sorted(lessons, key=lambda lesson: (lesson.position, lesson.id))
    sessions = tuple(_session(series, lesson, orders.get(lesson.theme.key, "")) for lesson in listed)
    agents = tuple(agent.public_id for agent in series.agents)
    own = plain.SeriesProblem(
        series.public_id, series.school_class.public_id, agents, series.title, series.from_date, series.to_date, sessions
    )
    group = series.school_class
    year = school_years(db, group.district_id, group.school_id, [group.school_year])[0]
    first, last = min(year.from_date, series.from_date), max(year.to_date, series.to_date)
    closed = closed_days(db, group.district_id, group.school_id, first, last)
    staff = agents_between(db, series.agents, first, last, series)
    return stated(group, own, slots_of(series, lessons), year, closed, staff)


def orders_of(outline: DocumentVersion) -> dict[str, Order]:
    """Which themes (by key) the template puts first or last."""
    document = ideabank.parsed(outline)
    assert isinstance(document, OutlineDocument)
    firsts: dict[str, Order] = {place.theme: "first" for place in document.places if place.first}
    return firsts | {place.theme: "last" for place in document.places if place.last}


def _session(series: Series, lesson: Lesson, order: Order) -> plain.Session:
    is_delivered = lesson.state in (HELD, CONTINUED)
    pin = plain.Pin(lesson.date, slot_for(series.slots, lesson)) if is_delivered or lesson.date_locked else None
    title = _title(lesson) if order or pin else lesson.theme.key
    return plain.Session(lesson.public_id, lesson.theme.key, title, lesson.minutes, pin, is_delivered, order)


def _title(lesson: Lesson) -> str:
    """What a sentence about the lesson calls its theme."""
    versions = lesson.theme.versions
    return versions[-1].title if versions else lesson.theme.key


def slots_of(series: Series, lessons: Iterable[Lesson]) -> list[plain.Slot]:
    """The weekly times of a series, and a dated one for each of these lessons that stands outside them."""
    weekly = [plain.Slot(f"slot-{slot.id}", slot.weekday, slot.start, slot.end, 0, slot.from_date, slot.to_date) for slot in series.slots]
    outside = [lesson for lesson in lessons if slot_for(series.slots, lesson) == lesson.public_id]
    return weekly + [dated_slot(lesson.public_id, lesson.date, lesson.start, lesson.end) for lesson in outside]


def dated_slot(id: str, day: date, start: time, end: time) -> plain.Slot:
    """A slot for one date."""
    return plain.Slot(id, day.weekday(), start, end, 0, day, day)


def slot_for(slots: Iterable[Slot], lesson: Lesson) -> str:
    """The id of the weekly slot a lesson stands in, or its own id when it stands in none."""
    fits = (
        slot
        for slot in slots
        if (slot.weekday, slot.start, slot.end) == (lesson.date.weekday(), lesson.start, lesson.end)
        and (slot.from_date or lesson.date) <= lesson.date <= (slot.to_date or lesson.date)
    )
    found = next(fits, None)
    return f"slot-{found.id}" if found else lesson.public_id


def plan_as_it_stands(series: Series) -> plain.Plan:
    """Where the lessons of a series stand now, as a plan to be checked."""
    lessons = [lesson for lesson in series.lessons if lesson.state != CANCELLED]
    placed = tuple(plain.Placed(lesson.public_id, lesson.date, slot_for(series.slots, lesson)) for lesson in lessons)
    return plain.Plan(placed, {}, 0, 0, "greedy")
