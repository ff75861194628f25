"""The independent checker: says of any plan which hard rules it breaks. Standard library only; shares nothing with what made the plan.

The rules are those of the planner's format, H01–H23: here each session's own (H01–H07, H20, H22); `checking_order` a series' (H11–H14,
H21), `checking_people` those of who is there (H08–H10, H17–H19), `checking_rooms` those of rooms and joint lessons (H15, H16, H23).
A delivered session is history: only H01 and H20 name it. It counts where others must keep clear of it, and two of them never clash.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain

from curriculum.planning.engine.checking_order import order_breaches
from curriculum.planning.engine.checking_people import people_breaches
from curriculum.planning.engine.checking_rooms import room_breaches
from curriculum.planning.engine.problem import Agent, Pin, Placed, Plan, Problem, Slot
from curriculum.planning.engine.timetable import Hour, Timetable, Violation, covering, is_within, minutes, monday

__all__ = ["Report", "Timetable", "Violation", "breaches", "breaches_of", "check"]


@dataclass(frozen=True)
class Report:
    """What the checker found."""

    violations: tuple[Violation, ...]

    @property
    def is_clean(self) -> bool:
        return not self.violations


def check(problem: Problem, plan: Plan) -> Report:
    """Every breach of a hard rule in the plan: first each session's own ones, in the order of the plan's sessions."""
    return Report((*_counted_wrong(problem, plan), *breaches(Timetable.of(problem, plan))))


def breaches(table: Timetable) -> Iterator[Violation]:
    """What `check` finds but H01, which is about sessions that the timetable does not have, or has twice."""
    own = (breach for hour in table.hours for breach in _own_breaches(table.problem, hour))
    return chain(own, order_breaches(table), people_breaches(table), room_breaches(table))


def breaches_of(table: Timetable, moved: Collection[str]) -> Iterator[Violation]:
    """The breaches that where these sessions stand (by id) may have brought, in the order of `check`.

    Whatever else `check` finds is broken too with them anywhere else. Those are their own, those of order, and of people and rooms only
    those in the weeks in which they stand; when there are joint lessons, those of all weeks: one may be named for another of its classes.
    """
    problem, hours = table.problem, [hour for hour in table.hours if hour.session.id in moved]
    for hour in hours:
        yield from _own_breaches(problem, hour)
    yield from order_breaches(table)
    there = table if problem.together else table.in_weeks({hour.week for hour in hours})
    yield from chain(people_breaches(there), room_breaches(there))


def _counted_wrong(problem: Problem, plan: Plan) -> Iterator[Violation]:
    count = Counter(placed.session for placed in plan.sessions)
    for series in problem.series:
        for session in series.sessions:
            if count.pop(session.id, 0) != 1:
                yield Violation("H01", session.id, series.id)
    for unknown in count:
        yield Violation("H01", unknown, "")


def _own_breaches(problem: Problem, hour: Hour) -> Iterator[Violation]:
    series, day = hour.series, hour.placed.date
    if hour.session.pin is not None and not _is_where_pinned(hour.session.pin, hour.placed):
        yield hour.breaks("H20", series.id)
    if hour.session.delivered:
        return
    if day < max(problem.from_date, series.from_date) or day > min(problem.to_date, series.to_date):
        yield hour.breaks("H02", series.id)
    yield from _day_breaches(problem, hour)
    if hour.slot is None or not _is_on(hour.slot, day):
        yield hour.breaks("H03", hour.group.id)
    if hour.slot is not None and minutes(hour.slot.end) - minutes(hour.slot.start) < hour.session.minutes:
        yield hour.breaks("H22", series.id)
    for agent in problem.agents:
        if agent.id in hour.agents:
            yield from _agent_breaches(agent, hour)


def _is_where_pinned(pin: Pin, placed: Placed) -> bool:
    named = ((pin.room, placed.room), (pin.presenter, placed.presenter), (pin.helper, placed.helper))
    return (pin.date, pin.slot) == (placed.date, placed.slot) and all(asked in (None, given) for asked, given in named)


def _day_breaches(problem: Problem, hour: Hour) -> Iterator[Violation]:
    day, group = hour.placed.date, hour.group
    if day.weekday() > 4:
        yield hour.breaks("H04", group.school)
    for school in problem.schools:
        for closed in covering(school.closed, day) if school.id == group.school else ():
            yield hour.breaks("H04", school.id, closed.reason)
    for away in covering(group.blocked, day):
        yield hour.breaks("H05", group.id, away.reason)


def _is_on(slot: Slot, day: date) -> bool:
    if slot.weekday != day.weekday() or not is_within(slot.from_date, day, slot.to_date):
        return False
    cycle = slot.cycle
    return cycle is None or (monday(day) - monday(cycle.anchor)).days // 7 % cycle.every in cycle.weeks


def _agent_breaches(agent: Agent, hour: Hour) -> Iterator[Violation]:
    day, slot = hour.placed.date, hour.slot
    for elsewhere in agent.welfare_weekday:
        if elsewhere.weekday == day.weekday() and is_within(elsewhere.from_date, day, elsewhere.to_date):
            yield hour.breaks("H06", agent.id)
    for absence in covering(agent.absences, day):
        yield hour.breaks("H07", agent.id, absence.reason)
    weekday = day.weekday()
    for busy in agent.busy if slot is not None else ():
        that_day = busy.weekday == weekday and (busy.from_date or day) <= day <= (busy.to_date or day)
        if that_day and max(busy.start, slot.start) < min(busy.end, slot.end):  # type: ignore[union-attr]
            yield hour.breaks("H07", agent.id, busy.reason)
