"""What would mend a move that the rules refuse: the single changes with which a lesson could stand there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from curriculum.base import N_
from curriculum.people import AGENT, Assignment, Person
from curriculum.planning.changing import LOCAL
from curriculum.planning.engine.problem import Words
from curriculum.planning.models import PLANNED, Lesson
from curriculum.planning.moving import Standing, Time, as_it_stands, at_length, possible_dates
from curriculum.planning.stating import agents_between
from curriculum.planning.times import EARLIEST, LATEST
from curriculum.planning.wishing import class_ids

SWAP, MOVE_OTHER, UNLOCK, OTHER_AGENT, OTHER_TIME = "swap", "move other", "unlock", "other agent", "other time"
QUARTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Mend:
    """A single change and its words: what it does, to which other lesson, to which date or time."""

    kind: str
    words: Words
    other: Lesson | None = None
    date: date | None = None
    start: time | None = None


def mends(db: Session, lesson: Lesson, to: date, start: time, now: datetime, titles: dict[int, str]) -> list[Mend]:
    """Which single changes would let a lesson stand at a time where it cannot; none when it can, or when none of these would do.

    Tried are: changing places with the lesson of the series that stands there, another date for that, unlocking it, another agent of the
    class, another time of that day. `titles` are the lessons', by id.
    """
    if lesson.date_locked or lesson.state != PLANNED:
        return []
    standing, when = as_it_stands(db, lesson.series, [lesson]), at_length(lesson, to, start)
    if standing.breach({lesson.public_id: when}) is None:
        return []
    found = list(_of_another_lesson(db, standing, lesson, when, now.astimezone(LOCAL).date(), titles))
    found += _by_another_agent(db, standing, lesson, when)
    return found + list(_at_another_time(standing, lesson, to, start, now))


def _of_another_lesson(db: Session, standing: Standing, lesson: Lesson, when: Time, today: date, titles: dict[int, str]) -> Iterator[Mend]:
    """What may be done with the lesson of the series that stands in the way."""
    mine = (lesson.date, lesson.start, lesson.end)
    for other in lesson.series.lessons:
        if other is lesson or other.state != PLANNED or other.date < today or not _meet(other, when):
            continue
        named: dict[str, object] = {"title": titles.get(other.id, other.theme.key)}
        theirs = other.date, other.start, other.end
        if _unlocked(standing, other).breach({lesson.public_id: theirs, other.public_id: mine}) is None:
            yield _change_places(other, named)
        offers = [] if other.date_locked else possible_dates(db, other, today)
        for offer in (one for one in offers if one.is_free and one.date != when[0]):
            there = at_length(other, offer.date, offer.start)
            if standing.breach({lesson.public_id: when, other.public_id: there}) is None:
                yield Mend(MOVE_OTHER, Words(N_("First move “%(title)s” to %(date)s."), named | {"date": offer.date}), other, offer.date)
                break


def _unlocked(standing: Standing, other: Lesson) -> Standing:
    [series] = standing.problem.series
    sessions = tuple(replace(one, pin=None) if one.id == other.public_id else one for one in series.sessions)
    return replace(standing, problem=replace(standing.problem, series=(replace(series, sessions=sessions),)))


def _change_places(other: Lesson, named: dict[str, object]) -> Mend:
    if other.date_locked:
        return Mend(UNLOCK, Words(N_("Unlock the date of “%(title)s”, and let the two change places."), named), other)
    return Mend(SWAP, Words(N_("Let it change places with “%(title)s”."), named), other)


def _meet(other: Lesson, when: Time) -> bool:
    return other.date == when[0] and other.start < when[2] and when[1] < other.end


def _by_another_agent(db: Session, standing: Standing, lesson: Lesson, when: Time) -> Iterator[Mend]:
    """Another agent of the class who is free then, where that alone would do."""
    holders = {person.id for person in lesson.staff}
    for agent in _agents_on(db, lesson, when[0]):
        if agent.id not in holders and _is_free(db, standing, lesson, agent, when):
            yield Mend(OTHER_AGENT, Words(N_("%(name)s is free then, and could hold it."), {"name": agent.name}))


def _agents_on(db: Session, lesson: Lesson, day: date) -> list[Person]:
    """The agents of the lesson's class on a day, by name."""
    hers = select(Assignment.person_id).where(
        Assignment.role == AGENT,
        Assignment.class_id.in_(class_ids(lesson.series.school_class)),
        Assignment.from_date <= day,
        or_(Assignment.to_date.is_(None), Assignment.to_date >= day),
    )
    return list(db.scalars(select(Person).where(Person.id.in_(hers), Person.is_active).order_by(Person.name)))


def _is_free(db: Session, standing: Standing, lesson: Lesson, agent: Person, when: Time) -> bool:
    """Whether the lesson could stand there if this agent held it."""
    [series], monday = standing.problem.series, when[0] - timedelta(when[0].weekday())
    school = lesson.series.school_class.school_id
    known = [one for one in standing.problem.agents if one.id != agent.public_id]
    stated = agents_between(db, [agent], monday, monday + timedelta(6), [lesson.series], school)
    sessions = tuple(replace(one, agents=(agent.public_id,)) if one.id == lesson.public_id else one for one in series.sessions)
    problem = replace(standing.problem, agents=(*known, *stated), series=(replace(series, sessions=sessions),))
    return replace(standing, problem=problem).breach({lesson.public_id: when}) is None


def _at_another_time(standing: Standing, lesson: Lesson, to: date, start: time, now: datetime) -> Iterator[Mend]:
    """The time of the same day that is nearest to the one asked for, in quarters of an hour."""
    wanted, times = datetime.combine(to, start), []
    at = datetime.combine(to, EARLIEST)
    while at_length(lesson, to, at.time())[2] <= LATEST and at.date() == to:
        times.append(at)
        at += QUARTER
    for one in sorted(times, key=lambda one: (abs(one - wanted), one)):
        when = at_length(lesson, to, one.time())
        if one.replace(tzinfo=LOCAL) > now and standing.breach({lesson.public_id: when}) is None:
            yield Mend(OTHER_TIME, Words(N_("At %(time)s that day it can be held."), {"time": one.time()}), None, to, one.time())
            return
