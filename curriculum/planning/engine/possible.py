"""Where the lessons of one series may stand: its days and times, and what speaks against each of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from curriculum.planning.engine.problem import Agent, Busy, Closed, Group, Problem, RuleKey, School, SeriesProblem, Session, Slot


@dataclass(frozen=True)
class Day:
    """A date and a slot, and the rules that speak against it."""

    date: date
    slot: Slot
    against: frozenset[RuleKey]


@dataclass(frozen=True)
class Case:
    """A series with all it has to do with looked up."""

    problem: Problem
    series: SeriesProblem
    group: Group
    school: School
    agents: tuple[Agent, ...]

    @classmethod
    def of(cls, problem: Problem, series: SeriesProblem) -> Case:
        group = next(group for group in problem.groups if group.id == series.group)
        school = next(school for school in problem.schools if school.id == group.school)
        return cls(problem, series, group, school, tuple(agent for agent in problem.agents if agent.id in series.agents))

    @property
    def first(self) -> date:
        return max(self.problem.from_date, self.series.from_date)

    @property
    def last(self) -> date:
        return min(self.problem.to_date, self.series.to_date)

    @property
    def free(self) -> list[Session]:
        """The sessions that are not pinned, in listed order but for what is marked to come first or last."""
        rank = {"first": 0, "": 1, "last": 2}
        return sorted((session for session in self.series.sessions if session.pin is None), key=lambda session: rank[session.order])

    @cached_property
    def slots(self) -> dict[str, Slot]:
        return {slot.id: slot for slot in self.group.slots}

    @cached_property
    def closed(self) -> frozenset[date]:
        """The dates on which its school is closed."""
        spans = ((span.from_date, (span.to_date - span.from_date).days) for span in self.school.closed)
        return frozenset(first + timedelta(n) for first, count in spans for n in range(count + 1))

    @property
    def no_earlier(self) -> date:
        """The day after its last delivered session: what is not pinned comes after what is delivered."""
        held = [session.pin.date for session in self.series.sessions if session.pin and session.delivered]
        return max(held) + timedelta(1) if held else date.min

    def holders(self, session: Session) -> tuple[Agent, ...]:
        """Who holds a session: those of the series where it does not say otherwise."""
        return self.agents if session.agents is None else tuple(agent for agent in self.problem.agents if agent.id in session.agents)

    @cached_property
    def open_days(self) -> list[Day]:
        """The days and times that no rule speaks against when its agents hold the lesson, in time order."""
        return [day for day in self.days() if not day.against]

    def open_for(self, session: Session) -> list[Day]:
        """The days and times that no rule speaks against when a session is held by those who hold it, in time order."""
        if session.agents is None:
            return self.open_days
        return replace(self, agents=self.holders(session)).open_days

    def days(self, *, any_weekday: bool = False) -> list[Day]:
        """Weekdays of the window with each slot that falls on them, in time order; with `any_weekday` each slot on every weekday."""
        found = []
        slots = sorted(self.group.slots, key=lambda slot: (slot.weekday, slot.start, slot.id))
        taught = range(5) if any_weekday else {slot.weekday for slot in slots}
        for day in weekdays(self.first, self.last):
            for slot in slots if day.weekday() in taught else ():
                if any_weekday or is_on(slot, day):
                    found.append(Day(day, slot, frozenset(reasons(self, day, slot))))
        return found

    def teaches_in(self, monday: date) -> bool:
        """Whether the week has an open weekday at its school."""
        return any(monday + timedelta(n) not in self.closed for n in range(5))


def weekdays(first: date, last: date) -> Iterator[date]:
    """Mondays to Fridays from one day to another."""
    days = (first + timedelta(n) for n in range((last - first).days + 1))
    return (day for day in days if day.weekday() < 5)


def monday_of(day: date) -> date:
    """The first day of its ISO week."""
    return day - timedelta(day.weekday())


def reasons(case: Case, day: date, slot: Slot, session: Session | None = None) -> Iterator[RuleKey]:
    """The rules of the calendar, the class and its agents, or those who hold the session (H03–H08), against a day and a slot's time."""
    if not is_on(slot, day):
        yield RuleKey("H03", case.group.id)
    yield from (RuleKey("H04", case.school.id, span.reason) for span in covering(case.school.closed, day))
    yield from (RuleKey("H05", case.group.id, span.reason) for span in covering(case.group.blocked, day))
    yield from (RuleKey("H19", case.group.id, taken.reason) for taken in meeting(case.group.busy, day, slot))
    for agent in case.holders(session) if session else case.agents:
        if any(off.weekday == day.weekday() and _holds(off.from_date, off.to_date, day) for off in agent.welfare_weekday):
            yield RuleKey("H06", agent.id)
        yield from (RuleKey("H07", agent.id, span.reason) for span in covering(agent.absences, day))
        if _is_busy(agent, day, slot):
            yield RuleKey("H07", agent.id)
        if agent.schools is not None and case.school.id not in agent.schools:
            yield RuleKey("H08", agent.id, case.school.name)


def is_on(slot: Slot, day: date) -> bool:
    """Whether a slot holds on a day: its weekday, its dates and its cycle of weeks."""
    if slot.weekday != day.weekday() or not _holds(slot.from_date, slot.to_date, day):
        return False
    cycle = slot.cycle
    return cycle is None or (monday_of(day) - monday_of(cycle.anchor)).days // 7 % cycle.every in cycle.weeks


def _holds(first: date | None, last: date | None, day: date) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)


def covering(spans: Sequence[Closed], day: date) -> list[Closed]:
    """The spans that a day lies in."""
    return [span for span in spans if span.from_date <= day <= span.to_date]


def lessons_in(agent: Agent, monday: date) -> list[int]:
    """By weekday of a week: how many lessons an agent has of series that are not in the problem."""
    counts, sunday = [0] * 7, monday + timedelta(6)
    for busy in agent.busy:
        if busy.is_lesson and (busy.from_date or monday) <= sunday and monday <= (busy.to_date or sunday):
            counts[busy.weekday] += _holds(busy.from_date, busy.to_date, monday + timedelta(busy.weekday))
    return counts


def _is_busy(agent: Agent, day: date, slot: Slot) -> bool:
    return any(meeting(agent.busy, day, slot))


def meeting(busy: Iterable[Busy], day: date, slot: Slot) -> Iterator[Busy]:
    """What of it takes place on a day at a slot's time."""
    weekday = day.weekday()
    for one in busy:
        if (
            one.weekday == weekday
            and (one.from_date or day) <= day <= (one.to_date or day)
            and one.start < slot.end
            and slot.start < one.end
        ):
            yield one


def overlap(one: Slot, other: Slot) -> bool:
    """Whether two times of the same day overlap."""
    return one.start < other.end and other.start < one.end


def broken_pins(case: Case) -> Iterator[tuple[Session, RuleKey]]:
    """Pinned sessions not yet delivered that stand where they may not, with the first rule against it."""
    spans: list[tuple[Session, date, Slot]] = []
    for session in case.series.sessions:
        if session.pin is None:
            continue
        day, slot = session.pin.date, case.slots.get(session.pin.slot)
        if not session.delivered:
            yield from ((session, key) for key in sorted(_against_pin(case, session, day, slot)))
        if slot is None:
            continue
        for other, its_day, taken in spans:
            if day == its_day and overlap(slot, taken) and not (session.delivered and other.delivered):
                yield (other if session.delivered else session), RuleKey("H19", case.group.id)
        spans.append((session, day, slot))


def _against_pin(case: Case, session: Session, day: date, slot: Slot | None) -> Iterator[RuleKey]:
    if not case.first <= day <= case.last:
        yield RuleKey("H02", case.series.id)
    if day.weekday() > 4:
        yield RuleKey("H04", case.school.id)
    if slot is None:
        yield RuleKey("H03", case.group.id)
        return
    yield from reasons(case, day, slot, session)
    if slot.minutes < session.minutes:
        yield RuleKey("H22", case.series.id)
