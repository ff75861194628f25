"""The independent checker: says of any plan which hard rules it breaks. Standard library only; shares nothing with what made the plan.

The rules are those of the planner's format: H01–H07, H14 (what the template puts first or last), H19 (a class in one lesson at a time),
H20 and H22. A delivered session is history: only H01 and H20 speak of it, and it does not clash with another delivered one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from curriculum.planning.problem import Agent, Group, Placed, Plan, Problem, SeriesProblem, Session, Slot


@dataclass(frozen=True)
class Violation:
    """A broken rule: which, by which session, whose rule it is (id of series, session, school, group or agent), the reason in the data."""

    rule: str
    session: str
    owner: str
    why: str = ""


@dataclass(frozen=True)
class Report:
    """What the checker found."""

    violations: tuple[Violation, ...]

    @property
    def is_clean(self) -> bool:
        return not self.violations


def check(problem: Problem, plan: Plan) -> Report:
    """Every breach of a hard rule in the plan, in the order of the plan's sessions."""
    found = list(_counted_wrong(problem, plan))
    known = {session.id: (series, session) for series in problem.series for session in series.sessions}
    for placed in plan.sessions:
        if placed.session in known:
            found.extend(_breaches(problem, *known[placed.session], placed))
    found.extend(_disordered(problem, plan))
    found.extend(_clashes(problem, plan))
    return Report(tuple(found))


def _counted_wrong(problem: Problem, plan: Plan) -> Iterator[Violation]:
    count = Counter(placed.session for placed in plan.sessions)
    for series in problem.series:
        for session in series.sessions:
            if count.pop(session.id, 0) != 1:
                yield Violation("H01", session.id, series.id)
    for unknown in count:
        yield Violation("H01", unknown, "")


def _breaches(problem: Problem, series: SeriesProblem, session: Session, placed: Placed) -> Iterator[Violation]:
    if session.pin is not None and (placed.date, placed.slot) != (session.pin.date, session.pin.slot):
        yield Violation("H20", session.id, series.id)
    if session.delivered:
        return
    if placed.date < max(problem.from_date, series.from_date) or placed.date > min(problem.to_date, series.to_date):
        yield Violation("H02", session.id, series.id)
    group = {group.id: group for group in problem.groups}[series.group]
    yield from _day_breaches(problem, group, session, placed.date)
    slot = {slot.id: slot for slot in group.slots}.get(placed.slot)
    if slot is None or not _is_on(slot, placed.date):
        yield Violation("H03", session.id, group.id)
    if slot is not None and _minutes(slot) < session.minutes:
        yield Violation("H22", session.id, series.id)
    for agent in problem.agents:
        if agent.id in series.agents:
            yield from _agent_breaches(agent, session, placed.date, slot)


def _day_breaches(problem: Problem, group: Group, session: Session, day: date) -> Iterator[Violation]:
    if day.isoweekday() in (6, 7):
        yield Violation("H04", session.id, group.school)
    for school in problem.schools:
        for closed in school.closed if school.id == group.school else ():
            if closed.from_date <= day <= closed.to_date:
                yield Violation("H04", session.id, school.id, closed.reason)
    for away in group.blocked:
        if away.from_date <= day <= away.to_date:
            yield Violation("H05", session.id, group.id, away.reason)


def _agent_breaches(agent: Agent, session: Session, day: date, slot: Slot | None) -> Iterator[Violation]:
    for elsewhere in agent.welfare_weekday:
        if elsewhere.weekday == day.weekday() and (elsewhere.from_date or day) <= day <= (elsewhere.to_date or day):
            yield Violation("H06", session.id, agent.id)
    for absence in agent.absences:
        if absence.from_date <= day <= absence.to_date:
            yield Violation("H07", session.id, agent.id, absence.reason)
    for busy in agent.busy if slot is not None else ():
        that_day = busy.weekday == day.weekday() and (busy.from_date or day) <= day <= (busy.to_date or day)
        if that_day and max(busy.start, slot.start) < min(busy.end, slot.end):  # type: ignore[union-attr]
            yield Violation("H07", session.id, agent.id)


def _is_on(slot: Slot, day: date) -> bool:
    return slot.weekday == day.weekday() and (slot.from_date or day) <= day <= (slot.to_date or day)


def _minutes(slot: Slot) -> int:
    return slot.end.hour * 60 + slot.end.minute - slot.start.hour * 60 - slot.start.minute


def _disordered(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """H14: a session held before the one that comes first, or after the one that comes last; that one is the rule's owner."""
    when = {placed.session: placed for placed in plan.sessions}
    for series in problem.series:
        starts = {slot.id: slot.start for group in problem.groups if group.id == series.group for slot in group.slots}
        times = {
            session.id: (when[session.id].date, starts[when[session.id].slot])
            for session in series.sessions
            if session.id in when and when[session.id].slot in starts and not session.delivered
        }
        for mark in series.sessions:
            for other in series.sessions if mark.order and mark.id in times else ():
                if other.id not in times or other.order == mark.order:
                    continue
                if times[other.id] < times[mark.id] if mark.order == "first" else times[other.id] > times[mark.id]:
                    yield Violation("H14", other.id, mark.id)


def _clashes(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """H19: the later of two lessons of a class that overlap, unless both have been delivered."""
    about = {session.id: (series.group, session.delivered) for series in problem.series for session in series.sessions}
    slots = {(group.id, slot.id): slot for group in problem.groups for slot in group.slots}
    held: list[tuple[str, Placed, Slot, bool]] = []
    for placed in plan.sessions:
        group, delivered = about.get(placed.session, ("", False))
        slot = slots.get((group, placed.slot))
        if slot is None:
            continue
        for other_group, other, taken, was_delivered in held:
            same = group == other_group and placed.date == other.date and placed.session != other.session
            if same and not (delivered and was_delivered) and max(slot.start, taken.start) < min(slot.end, taken.end):
                yield Violation("H19", placed.session, group)
        held.append((group, placed, slot, delivered))
