"""A plan with everything it speaks of looked up, for the checker's rules. Standard library only; shares nothing with what made the plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cached_property
from typing import TypeVar

from curriculum.planning.engine.problem import Closed, Group, Placed, Plan, Problem, SeriesProblem, Session, Slot

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Violation:
    """A broken rule: which, by which session, whose rule it is (id of series, session, school, group, agent, room, presenter or second
    adult), the reason in the data."""

    rule: str
    session: str
    owner: str
    why: str = ""


@dataclass(frozen=True)
class Hour:
    """A session where the plan puts it. `slot` is None where its group has no such slot; `joint` names the joint lesson it is part of."""

    placed: Placed
    series: SeriesProblem
    session: Session
    group: Group
    slot: Slot | None
    joint: str

    @cached_property
    def when(self) -> tuple[date, time]:
        return self.placed.date, self.slot.start if self.slot else time.min

    @cached_property
    def week(self) -> date:
        """The Monday of its ISO week."""
        return monday(self.placed.date)

    @property
    def agents(self) -> tuple[str, ...]:
        """The ids of those who hold it."""
        return self.series.agents if self.session.agents is None else self.session.agents

    @cached_property
    def event(self) -> Hashable:
        """What counts once: the lesson itself, or the joint lesson at that time."""
        return (self.joint, *self.when) if self.joint else self.session.id

    def breaks(self, rule: str, owner: str, why: str = "") -> Violation:
        return Violation(rule, self.session.id, owner, why)


class Timetable:
    """A problem and a plan of it. `hours` are the plan's sessions that the problem knows, in the plan's order."""

    def __init__(self, problem: Problem, hours: tuple[Hour, ...]) -> None:
        self.problem, self.hours = problem, hours

    @classmethod
    def of(cls, problem: Problem, plan: Plan) -> Timetable:
        groups = {group.id: group for group in problem.groups}
        slots = {(group.id, slot.id): slot for group in problem.groups for slot in group.slots}
        known = {session.id: (series, session) for series in problem.series for session in series.sessions}
        joints = {id: ids[0] for ids in problem.together for id in ids}
        found = [(placed, *known[placed.session]) for placed in plan.sessions if placed.session in known]
        hours = [
            Hour(placed, series, session, groups[series.group], slots.get((series.group, placed.slot)), joints.get(session.id, ""))
            for placed, series, session in found
        ]
        return cls(problem, tuple(hours))

    def moved(self, times: Mapping[str, tuple[date, Slot]]) -> Timetable:
        """The same with sessions (by id) on other days, each in a slot of its own."""
        hours = [_at(hour, *times[hour.session.id]) if hour.session.id in times else hour for hour in self.hours]
        return Timetable(self.problem, tuple(hours))

    def in_weeks(self, weeks: Container[date]) -> Timetable:
        """Only the sessions in some weeks, by their Mondays."""
        return Timetable(self.problem, tuple([hour for hour in self.once if hour.week in weeks]))

    @cached_property
    def by_session(self) -> dict[str, Hour]:
        """Every session's hour: the first where the plan names it more than once."""
        return {hour.session.id: hour for hour in reversed(self.hours)}

    @cached_property
    def once(self) -> tuple[Hour, ...]:
        """The hours without those that come twice, in the plan's order."""
        if len(self.by_session) == len(self.hours):
            return self.hours
        return tuple(hour for hour in self.hours if self.by_session[hour.session.id] is hour)

    @cached_property
    def by_series(self) -> dict[str, list[Hour]]:
        """The hours of each series in the order of time."""
        found: dict[str, list[Hour]] = {series.id: [] for series in self.problem.series}
        for hour in sorted(self.once, key=lambda hour: hour.when):
            found[hour.series.id].append(hour)
        return found

    @cached_property
    def _travel(self) -> dict[frozenset[str], int]:
        return {frozenset(travel.between): travel.minutes for travel in self.problem.travel}

    def minutes_between(self, one: Hour, other: Hour) -> int:
        """Minutes of travel from the school of one lesson to that of another."""
        between = frozenset((one.group.school, other.group.school))
        return 0 if len(between) == 1 else self._travel.get(between, self.problem.default_travel_minutes)

    def clashes(
        self, users: Callable[[Hour], Iterable[Key]], *, travel: bool = False, as_one: bool = True
    ) -> Iterator[tuple[Hour, Hour, Key]]:
        """Each two lessons at once on one date with the same user, or with `travel` too close for the way between them; the later in the
        plan first.

        Where that one is delivered it is the other, and where both are they do not clash. With `as_one` a joint lesson is one lesson.
        """
        seen: dict[tuple[Key, date], list[Hour]] = defaultdict(list)
        for hour in self.once if len(self.once) > 1 else ():
            for user in users(hour):
                there = seen[user, hour.placed.date]
                for other in there:
                    if not (as_one and hour.event == other.event) and self._clash(other, hour, travel):
                        yield (other, hour, user) if hour.session.delivered else (hour, other, user)
                there.append(hour)

    def _clash(self, one: Hour, other: Hour, travel: bool) -> bool:
        if (one.session.delivered and other.session.delivered) or not (one.slot and other.slot):
            return False
        between = self.minutes_between(one, other) if travel else 0
        return _begins_before(one.slot, other.slot, between) and _begins_before(other.slot, one.slot, between)

    @cached_property
    def closed_weeks(self) -> dict[str, frozenset[date]]:
        """By school: the Mondays of the ISO weeks without any open weekday, as far as the plan reaches."""
        days = [hour.placed.date for hour in self.hours]
        return {school.id: _without_teaching(school.closed, min(days), max(days)) for school in self.problem.schools} if days else {}


def _at(hour: Hour, day: date, slot: Slot) -> Hour:
    """A session on another day, with the room and the people it has."""
    was = hour.placed
    placed = Placed(was.session, day, slot.id, was.room, was.presenter, was.helper)
    return Hour(placed, hour.series, hour.session, hour.group, slot, hour.joint)


def is_within(first: date | None, day: date, last: date | None) -> bool:
    """Whether a day lies in a span open at either end."""
    return (first or day) <= day <= (last or day)


def covering(spans: Iterable[Closed], day: date) -> Iterator[Closed]:
    """The spans that a day lies in."""
    return (span for span in spans if span.from_date <= day <= span.to_date)


def monday(day: date) -> date:
    """The first day of its ISO week."""
    return day - timedelta(day.weekday())


def minutes(moment: time) -> int:
    """Minutes since midnight."""
    return moment.hour * 60 + moment.minute


def beyond(hours: Iterable[Hour], maximum: int) -> Iterator[Hour]:
    """The last hours in time that a maximum has no room for, delivered ones passed over, and a joint lesson counted once."""
    events: dict[Hashable, Hour] = {}
    for hour in hours:
        events.setdefault(hour.event, hour)
    undelivered = sorted((hour for hour in events.values() if not hour.session.delivered), key=lambda hour: hour.when)
    return iter(undelivered[-(len(events) - maximum) :] if len(events) > maximum else ())


def _begins_before(one: Slot, other: Slot, between: int) -> bool:
    """Whether one begins before the other has ended and so many minutes have passed."""
    return minutes(one.start) < minutes(other.end) + between


def _without_teaching(spans: Iterable[Closed], first: date, last: date) -> frozenset[date]:
    closed: dict[date, set[date]] = defaultdict(set)
    for span in spans:
        start, end = max(span.from_date, monday(first)), min(span.to_date, monday(last) + timedelta(6))
        for day in (start + timedelta(n) for n in range((end - start).days + 1)):
            if day.weekday() < 5:
                closed[monday(day)].add(day)
    return frozenset(week for week, days in closed.items() if len(days) == 5)
