"""Finding the series a person may see, and how far each has come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, defer, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from curriculum.ideabank import DocumentVersion
from curriculum.people import AGENT, Assignment, Person, SchoolClass, visible
from curriculum.planning.calendar import closed_by_school
from curriculum.planning.closed_lessons import lessons_on_closed_days
from curriculum.planning.engine.problem import Closed
from curriculum.planning.models import CANCELLED, PLANNED, Lesson, Series, lesson_staff, series_agents
from curriculum.planning.weeks import held_until


@dataclass(frozen=True)
class SeriesSoFar:
    """A series, the names of its agents, and its lessons that are not cancelled: how many, how many of them held, and the next one.

    `closed`: how many ahead stand on a day without teaching. `agentless`: since when none of its agents is an agent of its class.
    """

    series: Series
    agents: tuple[str, ...]
    count: int
    held: int
    coming: Row[tuple[int, int, str, date, time, time, int]] | None
    """With its date, its start and its theme_id."""
    closed: int = 0
    agentless: date | None = None


def series_list(db: Session, person: Person, today: date, at: time = time.min) -> list[SeriesSoFar]:
    """The series a person may see, the newest school year first, then by school and class; `at` is the time of day.

    A fixed number of queries.
    """
    found = db.scalars(_listed(visible(person, Series, today))).all()
    found = sorted(found, key=lambda one: (-one.school_class.school_year, one.school_class.school.name, one.school_class.name, one.title))
    ids = {"ids": [one.id for one in found]}
    agents, lessons = defaultdict(list), defaultdict(list)
    for series, name in db.execute(_NAMES, ids):
        agents[series].append(name)
    for lesson in db.execute(_LESSONS, ids):
        lessons[lesson.series_id].append(lesson)
    closed = _closed(db, person, found, lessons, today)
    held = {school: held_until(today, spans) for school, spans in closed.items()}
    agentless = without_agent_since(db, ids["ids"], today)
    stand_closed, now = lessons_on_closed_days(db, person.district_id, today), datetime.combine(today, at)
    return [
        replace(
            _so_far(one, tuple(agents[one.id]), lessons[one.id], held.get(one.school_class.school_id, date.min), now),
            closed=sum(lesson.id in stand_closed for lesson in lessons[one.id]),
            agentless=agentless.get(one.id),
        )
        for one in found
    ]


@lru_cache
def _listed(seen: Select[Series]) -> Select[Series]:
    """Built once for the same rights."""
    its_class = contains_eager(Series.school_class)
    return seen.join(Series.school_class).join(SchoolClass.school).options(its_class.contains_eager(SchoolClass.school))


_NAMES = (
    select(series_agents.c.series_id, Person.name)
    .join(Person, Person.id == series_agents.c.person_id)
    .where(series_agents.c.series_id.in_(bindparam("ids", expanding=True)))
    .order_by(Person.name)
)
_LESSONS = (
    select(Lesson.series_id, Lesson.id, Lesson.state, Lesson.date, Lesson.start, Lesson.end, Lesson.theme_id)
    .where(Lesson.series_id.in_(bindparam("ids", expanding=True)), Lesson.state != CANCELLED)
    .order_by(Lesson.date, Lesson.start, Lesson.position)
)


def _closed(
    db: Session, person: Person, series: Iterable[Series], lessons: Mapping[int, Sequence[Any]], today: date
) -> Mapping[int | None, Sequence[Closed]]:
    """The days without teaching of each school since the first lesson that nobody has said anything about."""
    waiting = [lesson.date for some in lessons.values() for lesson in some if lesson.state == PLANNED and lesson.date < today]
    schools = {one.school_class.school_id for one in series}
    return closed_by_school(db, person.district_id, schools, min(waiting), today) if waiting else {}


def _so_far(series: Series, agents: tuple[str, ...], lessons: Sequence[Any], held_until: date, now: datetime) -> SeriesSoFar:
    held = sum(one.state != PLANNED or one.date <= held_until for one in lessons)
    coming = next((one for one in lessons if one.state == PLANNED and datetime.combine(one.date, one.end) > now), None)
    return SeriesSoFar(series, agents, len(lessons), held, coming)


def find_series(db: Session, person: Person, public_id: str, today: date) -> Series:
    """The series with this public id, with its lessons. Raises LookupError when there is none this person may see."""
    query = visible(person, Series, today).where(Series.public_id == public_id)
    found = db.scalars(query.options(*_whole())).unique().one_or_none()
    if found is None:
        raise LookupError(public_id)
    return found


def with_staff(lessons: Select[Lesson]) -> Select[Lesson]:
    """A query for lessons, ordered already, with who holds each by name in the same rows: no more than those of the lessons asked for.

    A joined load would put the two tables together before it looks at the lessons, and SQLite then reads all that anyone holds.
    """
    person = aliased(Person)
    return (
        lessons.outerjoin(lesson_staff, lesson_staff.c.lesson_id == Lesson.id)
        .outerjoin(person, person.id == lesson_staff.c.person_id)
        .order_by(person.name)
        .options(contains_eager(Lesson.staff.of_type(person)))
    )


def without_agent_since(db: Session, series: Iterable[int], today: date) -> Mapping[int, date]:
    """Since when none of a series' agents is an agent of its class any more, by its id; not of those of which one is, or is to be."""
    last: dict[int, list[date | None]] = {}
    for id, day in db.execute(_LAST_DAYS, {"ids": list(series)}):
        last.setdefault(id, []).append(day)
    ended = {id: [day for day in days if day is not None and day < today] for id, days in last.items()}
    return {id: max(days) + timedelta(days=1) for id, days in ended.items() if len(days) == len(last[id])}


_LAST_DAYS = (
    select(Series.id, Assignment.to_date)
    .join(SchoolClass, SchoolClass.id == Series.class_id)
    .join(series_agents, series_agents.c.series_id == Series.id)
    .join(Assignment, Assignment.person_id == series_agents.c.person_id)
    .where(
        Series.id.in_(bindparam("ids", expanding=True)),
        Assignment.role == AGENT,
        or_(Assignment.class_id == SchoolClass.id, Assignment.class_id == SchoolClass.whole_id),
    )
)


def _whole() -> list[ORMOption]:
    return [
        joinedload(Series.school_class).joinedload(SchoolClass.school),
        joinedload(Series.outline_version).options(defer(DocumentVersion.text), joinedload(DocumentVersion.document)),
        selectinload(Series.agents),
        selectinload(Series.slots),
        selectinload(Series.waivers),
        selectinload(Series.lessons).options(joinedload(Lesson.theme), selectinload(Lesson.staff), selectinload(Lesson.classes)),
    ]
