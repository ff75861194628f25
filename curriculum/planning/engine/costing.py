"""What a plan costs: the terms of the objective, as the planner's format defines them, and what laying out prices besides."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from curriculum.planning.engine.possible import Case, covering, monday_of, weekdays
from curriculum.planning.engine.problem import WEIGHTS, Placed, Problem

OVERLOADS = ("overload_week", "overload_day")
"""The terms that count an agent's lessons."""
SOFT = 3
"""A lesson on a soft day is worth so many idle weeks: avoided where there is room, but not at the price of ending a week late."""
LATER = 2
"""Each teaching week before the first lesson, where it is to begin at once, is worth so many idle weeks: more than waiting can save."""


def objective(problem: Problem, terms: Mapping[str, int]) -> int:
    """The weighted sum of the terms."""
    return sum(problem.weights.get(name, 0) * count for name, count in terms.items())


def terms(problem: Problem, cases: Iterable[Case], placed: Mapping[str, Sequence[Placed]]) -> dict[str, int]:
    """The terms of a whole plan, in the format's order; `placed` is by series."""
    total = Counter(dict.fromkeys(WEIGHTS, 0))
    cases = list(cases)
    for case in cases:
        total.update(own_terms(case, placed[case.series.id]))
    total.update(load_terms(problem, cases, placed))
    return {name: total[name] for name in WEIGHTS}


def own_terms(case: Case, placed: Sequence[Placed]) -> dict[str, int]:
    """The terms that speak of one series alone."""
    if not placed:
        return {}
    times = [(one.date, case.slots[one.slot].start) if one.slot in case.slots else (one.date,) for one in placed]
    order = sorted(range(len(placed)), key=lambda index: times[index])
    days = [one.date for one in placed]
    return {
        "late_weeks": late_weeks(case, max(days)),
        "idle_weeks": _idle(case, days),
        "off_slot": len(placed) - max(Counter(one.slot for one in placed).values()),
        "order_shift": sum(abs(held - listed) for held, listed in enumerate(order)),
        "slot_penalty": sum(case.slots[one.slot].penalty for one in placed if one.slot in case.slots),
    }


def late_weeks(case: Case, last: date) -> int:
    """Calendar weeks by which a last lesson on that day passes the wish."""
    wish = case.series.prefer_finish_by
    return max(0, (monday_of(last) - monday_of(wish)).days // 7) if wish else 0


def _idle(case: Case, days: Sequence[date]) -> int:
    open_days = (day for day in weekdays(min(days), max(days)) if day not in case.closed)
    return len({monday_of(day) for day in open_days} - {monday_of(day) for day in days})


def load_terms(problem: Problem, cases: Iterable[Case], placed: Mapping[str, Sequence[Placed]]) -> dict[str, int]:
    """The terms that speak of agents' days and weeks; a joint lesson counts once."""
    events = {id: ids[0] for ids in problem.together for id in ids}
    days: dict[tuple[str, date], set[str]] = defaultdict(set)
    weeks: dict[tuple[str, date], set[str]] = defaultdict(set)
    schools: dict[tuple[str, date], set[str]] = defaultdict(set)
    for case in cases:
        holders = {session.id: session.agents for session in case.series.sessions}
        for one in placed[case.series.id]:
            event, agents = events.get(one.session, one.session), holders[one.session]
            for agent in case.series.agents if agents is None else agents:
                days[agent, one.date].add(event)
                weeks[agent, monday_of(one.date)].add(event)
                schools[agent, one.date].add(case.school.id)
    return {
        "overload_week": _above({agent.id: agent.target_per_week for agent in problem.agents}, weeks),
        "overload_day": _above({agent.id: agent.target_per_day for agent in problem.agents}, days),
        "two_school_days": sum(len(there) - 1 for there in schools.values()),
    }


def _above(targets: Mapping[str, int | None], spans: Mapping[tuple[str, date], set[str]]) -> int:
    limits = ((targets.get(agent), len(events)) for (agent, _), events in spans.items())
    return sum(max(0, count - target) for target, count in limits if target is not None)


def extra_price(case: Case, placed: Sequence[Placed]) -> int:
    """What laying out prices besides the objective: lessons on soft days, and beginning later than asked (see SOFT and LATER)."""
    idle = case.problem.weights.get("idle_weeks", 0)
    soft = sum(SOFT * idle for one in placed if covering(case.group.soft, one.date) and not _is_pinned(case, one))
    if not case.series.begin_at_once or not placed:
        return soft
    monday, first, waited = monday_of(case.first), monday_of(min(one.date for one in placed)), 0
    while monday < first:
        waited += case.teaches_in(monday)
        monday += timedelta(7)
    return soft + LATER * idle * waited


def _is_pinned(case: Case, placed: Placed) -> bool:
    return any(session.id == placed.session and session.pin for session in case.series.sessions)
