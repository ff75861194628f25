"""What the other series of a problem have taken while one is laid out: agents' time and travel, pupils' time, joint lessons, `after`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from curriculum.planning.engine.possible import Case, monday_of
from curriculum.planning.engine.problem import Needs, Placed, Problem, Session, Slot


@dataclass(frozen=True)
class Stands:
    """A session of another series where it stands; `event` is the joint lesson it is part of, else its own id. Times in minutes."""

    event: str
    session: str
    date: date
    start: int
    end: int
    school: str
    group: str
    agents: tuple[str, ...]
    delivered: bool
    needs: Needs


_NOTHING = Needs()


class Taken:
    """The sessions known to stand: of every other series where it was put, and of those not yet laid out what is pinned."""

    def __init__(self, problem: Problem, case: Case, cases: Iterable[Case], placed: Mapping[str, Sequence[Placed]]) -> None:
        self.events = {id: ids[0] for ids in problem.together for id in ids}
        self._travel = {frozenset(one.between): one.minutes for one in problem.travel}
        self._default = problem.default_travel_minutes
        self.case = case
        self.partners: dict[str, Stands] = {}
        """By joint lesson: one session of it that stands."""
        self.others: dict[str, list[tuple[Case, Session]]] = defaultdict(list)
        """By joint lesson: the sessions of other series that are part of it, wherever they stand."""
        self._agents: dict[tuple[str, date], dict[str, list[Stands]]] = defaultdict(lambda: defaultdict(list))
        self._weeks: dict[tuple[str, date], set[str]] = defaultdict(set)
        self._pupils: dict[date, list[Stands]] = defaultdict(list)
        self._needing: dict[date, list[Stands]] = defaultdict(list)
        self.ends = date.min
        """The Monday of the week in which the series that this one follows ends; it begins later."""
        self.begins = date.max
        """The Monday of the week in which the first series that follows this one begins; it ends earlier."""
        shares = _sharing(problem, case.group.id)
        for other in cases:
            if other.series.id != case.series.id:
                self._note(other, placed.get(other.series.id), shares)

    def _note(self, other: Case, places: Sequence[Placed] | None, shares: frozenset[str]) -> None:
        stands = places if places is not None else pinned(other)
        sessions = {session.id: session for session in other.series.sessions}
        for session in other.series.sessions if self.events else ():
            if session.id in self.events:
                self.others[self.events[session.id]].append((other, session))
        for one in stands:
            self._add(_stands(other, sessions[one.session], one, self.events), shares)
        if not stands:
            return
        if self.case.series.after == other.series.id:
            self.ends = monday_of(max(one.date for one in stands))
        if other.series.after == self.case.series.id:
            undelivered = [one.date for one in stands if not sessions[one.session].delivered]
            self.begins = min([self.begins, *(monday_of(day) for day in undelivered)])

    def _add(self, one: Stands, shares: frozenset[str]) -> None:
        for agent in one.agents:
            self._agents[agent, one.date][one.event].append(one)
            self._weeks[agent, monday_of(one.date)].add(one.event)
        if one.group in shares:
            self._pupils[one.date].append(one)
        if one.needs != _NOTHING:
            self._needing[one.date].append(one)
        if one.session in self.events and one.start < one.end:
            self.partners.setdefault(one.event, one)

    def day(self, agent: str, day: date) -> dict[str, list[Stands]]:
        """What an agent teaches on a day, by event."""
        return self._agents.get((agent, day), {})

    def week(self, agent: str, monday: date) -> set[str]:
        """The events an agent teaches in a week."""
        return self._weeks.get((agent, monday), set())

    def needing(self, day: date) -> list[Stands]:
        """The sessions on a day that need a room, a presenter or a second adult."""
        return self._needing.get(day, [])

    def leaves(self, day: date, slot: Slot, session: Session) -> bool:
        """Whether the class, those it shares pupils with and who holds the session are free then, with the way between schools.

        A lesson joint with it does not stand in its agents' way, and what is delivered not in that of a delivered one.
        """
        event, delivered = self.events.get(session.id, session.id), session.delivered
        start, end = minutes(slot.start), minutes(slot.end)
        if any(_meet(one, start, end, 0) for one in self._pupils.get(day, ()) if not (delivered and one.delivered)):
            return False
        for agent in self.case.holders(session):
            for other, standing in self.day(agent.id, day).items():
                if other != event and any(self._meets(one, start, end) for one in standing if not (delivered and one.delivered)):
                    return False
        return True

    def _meets(self, one: Stands, start: int, end: int) -> bool:
        return _meet(one, start, end, self.way_from(one.school))

    def way_from(self, school: str) -> int:
        """The minutes from another school, or none from its own."""
        here = self.case.school.id
        return 0 if school == here else self._travel.get(frozenset((school, here)), self._default)


def _meet(one: Stands, start: int, end: int, way: int) -> bool:
    return one.start < one.end and one.start < end + way and start < one.end + way


def _sharing(problem: Problem, group: str) -> frozenset[str]:
    """The ids of a group and of those that share pupils with it, whichever of the two says so."""
    named = {id for one in problem.groups if one.id == group for id in one.overlaps}
    return frozenset({group} | named | {one.id for one in problem.groups if group in one.overlaps})


def _stands(case: Case, session: Session, placed: Placed, events: Mapping[str, str]) -> Stands:
    slot = case.slots.get(placed.slot)
    start, end = (minutes(slot.start), minutes(slot.end)) if slot else (0, 0)
    event = events.get(session.id, session.id)
    agents = case.series.agents if session.agents is None else session.agents
    return Stands(event, session.id, placed.date, start, end, case.school.id, case.group.id, agents, session.delivered, session.needs)


def pinned(case: Case) -> list[Placed]:
    """The sessions of a series that stand whatever is planned."""
    return [where_pinned(session) for session in case.series.sessions if session.pin]


def where_pinned(session: Session) -> Placed:
    """A pinned session where its pin says."""
    pin = session.pin
    assert pin is not None
    return Placed(session.id, pin.date, pin.slot, pin.room, pin.presenter, pin.helper)


def minutes(moment: time) -> int:
    """Minutes since midnight."""
    return moment.hour * 60 + moment.minute
