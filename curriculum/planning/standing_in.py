"""Who could hold a lesson instead of its agents: how near she is to it, and what the rules say of her day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeAlias

from sqlalchemy.orm import Session

from curriculum.people import AGENT, SMALL, Person
from curriculum.planning.engine import problem as plain
from curriculum.planning.engine.checking import check
from curriculum.planning.engine.problem import Words
from curriculum.planning.engine.wording import because
from curriculum.planning.models import Lesson
from curriculum.planning.stating import agents_between, dated_slot

HOLDS_IT, OF_CLASS, OF_SCHOOL, ANYBODY = range(4)

_OF_AGENTS = frozenset({"H06", "H07", "H08", "H09", "H10"})
"""The hard rules that say that an agent cannot hold a lesson then."""


def nearness(agent: Person, lessons: Sequence[Lesson]) -> int | None:
    """How near an agent is to a lesson; None where she may not hold it. A small group is held by its own agents only."""
    if all(agent in lesson.staff for lesson in lessons):
        return HOLDS_IT
    day, groups = lessons[0].date, [group for lesson in lessons for group in lesson.classes]
    hers = [one.school_class for one in agent.assignments if one.role == AGENT and one.school_class and one.in_effect(day)]
    if not hers:
        return None
    ids = {group.id for group in hers}
    if any(group.kind == SMALL and group.id not in ids for group in groups):
        return None
    if all({group.id, group.whole_id} & ids for group in groups):
        return OF_CLASS
    return OF_SCHOOL if {group.school_id for group in groups} & {group.school_id for group in hers} else ANYBODY


Days: TypeAlias = tuple[date, date]
"""From one day to another, both included."""

Stated: TypeAlias = dict[tuple[int, int], dict[str, plain.Agent]]
"""Agents by public id as the checker asks for them, by school and by the series of a joint lesson: read once for all the lessons."""


def free_agents(db: Session, agents: Sequence[Person], lessons: Sequence[Lesson], days: Days, stated: Stated) -> list[tuple[int, Person]]:
    """Those who may hold a lesson and are free then, the nearest first. No query for a lesson at a school that was asked about before."""
    lesson = lessons[0]
    key = lesson.series.school_class.school_id, lesson.series_id if lesson.joint else 0
    if key not in stated:
        stated[key] = {one.id: one for one in agents_in_weeks(db, agents, lesson, days)}
    may_hold = [(rank, one) for one in agents if (rank := nearness(one, lessons)) is not None]
    free = [(rank, one) for rank, one in may_hold if against(stated[key][one.public_id], one, lesson) is None]
    return sorted(free, key=lambda pair: (pair[0], pair[1].name))


def agents_in_weeks(db: Session, agents: Sequence[Person], lesson: Lesson, days: Days) -> list[plain.Agent]:
    """Agents with all that takes them in the ISO weeks of some days, for what the rules say of a week."""
    first, last = (day - timedelta(day.weekday()) for day in days)
    without = [lesson.series] if lesson.joint else []
    return agents_between(db, agents, first, last + timedelta(6), without, lesson.series.school_class.school_id)


def against(stated: plain.Agent, agent: Person, lesson: Lesson) -> Words | None:
    """Why the rules say that an agent cannot hold a lesson, as half a sentence; None when she can."""
    group = lesson.series.school_class
    if agent in lesson.staff:
        stated = replace(stated, busy=())
    slot = dated_slot(lesson.public_id, lesson.date, lesson.start, lesson.end)
    session = plain.Session(lesson.public_id, "", "", agents=(stated.id,))
    series = plain.SeriesProblem("", group.public_id, (stated.id,), "", lesson.date, lesson.date, (session,))
    school = plain.School(group.school.public_id, group.school.name)
    problem = plain.Problem(
        "", lesson.date, lesson.date, (school,), (stated,), (plain.Group(group.public_id, group.name, school.id, (slot,)),), (series,)
    )
    plan = plain.Plan((plain.Placed(session.id, lesson.date, slot.id),), {}, 0, 0, "greedy")
    broken = next((one for one in check(problem, plan).violations if one.rule in _OF_AGENTS), None)
    return because(problem, broken.rule, broken.owner, broken.why) if broken else None
