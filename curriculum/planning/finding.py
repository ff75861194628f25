"""Finding the series a person may see, and how far each has come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session, contains_eager, defer, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from curriculum.ideabank import DocumentVersion
from curriculum.people import AGENT, Assignment, Person, SchoolClass, visible
from curriculum.planning.calendar import closed_by_school
from curriculum.planning.models import CANCELLED, PLANNED, Lesson, Series, series_agents
from curriculum.planning.problem import Closed
from curriculum.planning.weeks import assumed_held
from curriculum.planning.wishing import class_ids


@dataclass(frozen=True)
class SeriesSoFar:
    """A series, the names of its agents, and its lessons that are not cancelled: how many, how many of them held, and the next one."""

    series: Series
    agents: tuple[str, ...]
    count: int
    held: int
    coming: Row[tuple[int, str, date, time, int]] | None
    """With its date, its start and its theme_id."""


def series_list(db: Session, person: Person, today: date) -> list[SeriesSoFar]:
    """The series a person may see, the newest school year first, then by school and class. A fixed number of queries."""
    found = db.scalars(_listed(visible(person, Series, today))).all()
    found = sorted(found, key=lambda one: (-one.school_class.school_year, one.school_class.school.name, one.school_class.name, one.title))
    ids = {"ids": [one.id for one in found]}
    agents, lessons = defaultdict(list), defaultdict(list)
    for series, name in db.execute(_NAMES, ids):
        agents[series].append(name)
    for lesson in db.execute(_LESSONS, ids):
        lessons[lesson.series_id].append(lesson)
    closed = _closed(db, person, found, lessons, today)
    return [_so_far(one, tuple(agents[one.id]), lessons[one.id], closed.get(one.school_class.school_id, ()), today) for one in found]


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
    select(Lesson.series_id, Lesson.state, Lesson.date, Lesson.start, Lesson.theme_id)
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


def _so_far(series: Series, agents: tuple[str, ...], lessons: Sequence[Any], closed: Collection[Closed], today: date) -> SeriesSoFar:
    held = sum(one.state != PLANNED or (one.date < today and assumed_held(one, today, closed)) for one in lessons)
    coming = next((one for one in lessons if one.state == PLANNED and one.date >= today), None)
    return SeriesSoFar(series, agents, len(lessons), held, coming)


def find_series(db: Session, person: Person, public_id: str, today: date) -> Series:
    """The series with this public id, with its lessons. Raises LookupError when there is none this person may see."""
    query = visible(person, Series, today).where(Series.public_id == public_id)
    found = db.scalars(query.options(*_whole())).unique().one_or_none()
    if found is None:
        raise LookupError(public_id)
    return found


def without_agent_since(db: Session, series: Series, today: date) -> date | None:
    """The first day on which none of the series' agents was an agent of its class any more; None while one is, or is to be."""
    query = select(Assignment.to_date).where(
        Assignment.role == AGENT,
        Assignment.class_id.in_(class_ids(series.school_class)),
        Assignment.person_id.in_([agent.id for agent in series.agents]),
    )
    days = list(db.scalars(query))
    ended = [last for last in days if last is not None and last < today]
    return max(ended) + timedelta(days=1) if ended and len(ended) == len(days) else None


def _whole() -> list[ORMOption]:
    return [
        joinedload(Series.school_class).joinedload(SchoolClass.school),
        joinedload(Series.outline_version).options(defer(DocumentVersion.text), joinedload(DocumentVersion.document)),
        selectinload(Series.agents),
        selectinload(Series.slots),
        selectinload(Series.waivers),
        selectinload(Series.lessons).options(joinedload(Lesson.theme), selectinload(Lesson.staff), selectinload(Lesson.classes)),
    ]
