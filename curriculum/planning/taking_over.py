"""Another agent of the class takes over what one who is its agent no longer was to hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from curriculum.base import N_, Refused
from curriculum.people import AGENT, Assignment, Person
from curriculum.planning.changing import LOCAL
from curriculum.planning.engine.checking import check
from curriculum.planning.engine.problem import Words
from curriculum.planning.engine.wording import because
from curriculum.planning.models import PLANNED, Lesson, PlanChange, Series
from curriculum.planning.recording import recorded
from curriculum.planning.stating import plan_as_it_stands, problem_for

TAKEN_OVER = "taken over"

Spans = Mapping[int, Sequence[tuple[date, date | None]]]
"""From when to when (None: until further notice) persons, by id, are agents of a class."""

_OF_AGENTS = frozenset({"H06", "H07", "H08", "H09", "H10"})
"""The hard rules that say that an agent cannot hold a lesson then."""


@dataclass(frozen=True)
class TakenOver:
    """What became of it: how many lessons have another who holds them, and those of all that she cannot hold where they stand, and why."""

    change: PlanChange
    count: int
    clashes: tuple[tuple[Lesson, Words], ...]


def departed(db: Session, series: Series, today: date) -> list[Person]:
    """Those of the series' agents who are agents of its class neither today nor later. One query."""
    spans = _spans(db, series, series.agents)
    return [agent for agent in series.agents if not _serves_from(spans, agent, today)]


def take_over(db: Session, series: Series, agent: Person, *, by: Person | None, now: datetime) -> TakenOver:
    """From now on an agent of the class holds what those of the series who are its agents no longer were to hold, as one change.

    A lesson stays with whoever is still an agent of the class on its date. The dates stay too: what she cannot hold where it stands is
    told, to be moved. Raises Refused when she is not an agent of the class today, and when nothing of the series is to be taken over.
    """
    today = now.astimezone(LOCAL).date()
    coming = [lesson for lesson in series.lessons if lesson.state == PLANNED and lesson.date >= today and not lesson.by_teacher]
    spans = _spans(db, series, [agent, *series.agents])
    if not _serves_on(spans, agent, today):
        words = N_("%(name)s is not an agent of %(class_name)s.")
        raise Refused(words, at="agent", name=agent.name, class_name=series.school_class.name)
    before = check(problem_for(db, series), plan_as_it_stands(series)).violations
    with recorded(db, [series], TAKEN_OVER, by=by, now=now) as recording:
        taken = [lesson for lesson in coming if _hand_over(lesson, series.agents, agent, spans)]
        staying = [one for one in series.agents if _serves_from(spans, one, today)]
        if taken or len(staying) < len(series.agents):
            series.agents[:] = sorted({*staying, agent}, key=lambda one: one.name)
        db.flush()
    if recording.change is None:
        raise Refused(N_("Nothing is to be taken over: the agents of the series are still agents of the class."))
    problem = problem_for(db, series)
    new = [one for one in check(problem, plan_as_it_stands(series)).violations if one.rule in _OF_AGENTS and one not in before]
    why = {one.session: because(problem, one.rule, one.owner, one.why) for one in reversed(new)}
    clashes = tuple((lesson, why[lesson.public_id]) for lesson in coming if lesson.public_id in why)
    return TakenOver(recording.change, len(taken), clashes)


def _hand_over(lesson: Lesson, agents: Collection[Person], agent: Person, spans: Spans) -> bool:
    """Let an agent hold a lesson instead of those of the series who are no agents of the class on its date. Whether there were any."""
    gone = [one for one in lesson.staff if one in agents and not _serves_on(spans, one, lesson.date)]
    if (not gone and lesson.staff) or not _serves_on(spans, agent, lesson.date):
        return False
    lesson.staff[:] = sorted({agent, *(one for one in lesson.staff if one not in gone)}, key=lambda one: one.name)
    return True


def _spans(db: Session, series: Series, persons: Collection[Person]) -> Spans:
    found: dict[int, list[tuple[date, date | None]]] = {}
    asked = {"classes": sorted(series.school_class.scope.classes), "persons": [one.id for one in persons]}
    for person, first, last in db.execute(_ASSIGNED, asked):
        found.setdefault(person, []).append((first, last))
    return found


_ASSIGNED = (
    select(Assignment.person_id, Assignment.from_date, Assignment.to_date)
    .join(Assignment.person)
    .where(
        Assignment.role == AGENT,
        Assignment.class_id.in_(bindparam("classes", expanding=True)),
        Assignment.person_id.in_(bindparam("persons", expanding=True)),
        Person.is_active,
    )
)


def _serves_on(spans: Spans, person: Person, day: date) -> bool:
    return any(first <= day <= (last or date.max) for first, last in spans.get(person.id, ()))


def _serves_from(spans: Spans, person: Person, day: date) -> bool:
    return any(day <= (last or date.max) for _, last in spans.get(person.id, ()))
