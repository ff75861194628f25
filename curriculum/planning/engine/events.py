"""The days and times at which the lessons of a series may be held around what others have taken, with what each costs and may follow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from curriculum.planning.engine.costing import LATER, SOFT, late_weeks
from curriculum.planning.engine.equipping import could_have_all
from curriculum.planning.engine.orders import precedes
from curriculum.planning.engine.possible import Case, broken_pins, covering, lessons_in, monday_of
from curriculum.planning.engine.problem import Agent, Session, Slot
from curriculum.planning.engine.taken import Stands, Taken, minutes

UNIT = 1 << 24
"""One unit of cost. Below it days are summed, so that of equally cheap calendars the one with the earlier lessons is taken."""

Holders: TypeAlias = tuple[str, ...] | None
"""The ids of those who hold a session, None for the agents of its series."""


@dataclass(frozen=True)
class _Known:
    """How many sessions stand on an agent's day and in the week, how many lessons of series that are not in the problem besides (these
    count for the maxima only), and whether the day is at other schools."""

    day: int
    week: int
    other_day: int
    other_week: int
    elsewhere: bool


@dataclass(frozen=True)
class Event:
    """A day and time; `listed` is the place of the session that stands there, None where any may be held. Week 0 is the first."""

    date: date
    slot_id: str
    slot: Slot | None
    week: int
    listed: int | None = None
    delivered: bool = False

    @property
    def start(self) -> int:
        return minutes(self.slot.start) if self.slot else 0

    @property
    def end(self) -> int:
        return minutes(self.slot.end) if self.slot else 0


class Board:
    """The events of a series with all that can be reckoned before the lessons are placed."""

    def __init__(
        self, case: Case, taken: Taken, events: list[Event], open_to: Mapping[Holders, set[tuple[date, str]]], priced: bool
    ) -> None:
        self.case, self.taken, self.events, self.open_to = case, taken, events, open_to
        self.pairs = precedes(case)
        self.weights = {name: case.problem.weights.get(name, 0) * UNIT for name in case.problem.weights}
        sessions = case.series.sessions
        start = monday_of(min([case.first, *(event.date for event in events)]))
        self.holders = {listed: case.holders(session) for listed, session in enumerate(sessions)} | {-1: ()}
        self.joint = frozenset(n for n, session in enumerate(sessions) if session.id in taken.events)
        self.alone = self.joint | {n for n, session in enumerate(sessions) if session.agents is not None}
        """Sessions that are not interchangeable with others, whatever the rules of order say."""
        self.fixed = {event.listed: index for index, event in enumerate(events) if event.listed is not None}
        self.most = case.series.max_per_week
        teaches = [case.teaches_in(start + timedelta(7 * week)) for week in range(events[-1].week + 1 if events else 0)]
        self.taught = [sum(teaches[:week]) for week in range(len(teaches) + 1)]
        """By week: how many teaching weeks there are before it."""
        self._kept: dict[tuple[str, date], _Known] = {}
        self._loads: dict[tuple[int, int, int, int], int | None] = {}
        self._reckon(priced, start)

    @classmethod
    def of(cls, case: Case, taken: Taken, priced: bool) -> Board | None:
        """None where what stands cannot stand so."""
        stand = _standing(case, taken)
        if stand is None:
            return None
        dates = [day for _, day, _, _ in stand]
        start = monday_of(min([case.first, *dates]))
        fixed = [
            Event(day, id, slot, (day - start).days // 7, listed, case.series.sessions[listed].delivered) for listed, day, id, slot in stand
        ]
        full = {event.week for event in fixed} if case.series.max_per_week in (None, 1) else set()
        open_to = _open_to(case, taken)
        found = sorted({day for days in open_to.values() for day in days})
        events = fixed + [
            Event(day, id, case.slots[id], (day - start).days // 7) for day, id in found if (day - start).days // 7 not in full
        ]
        events.sort(key=lambda event: (event.date, event.start, event.listed is None, event.listed or 0, event.slot_id))
        board = cls(case, taken, events, open_to, priced)
        return board if board._stands() else None

    def _reckon(self, priced: bool, start: date) -> None:
        events, series, weights = self.events, self.case.series, self.weights
        idle, gap = weights.get("idle_weeks", 0), series.min_gap_days or 0
        weeks = (monday_of(self.case.first) - start).days // 7
        first = self.taught[min(weeks, len(self.taught) - 1)]  # when all that stands is past, it begins after the last of them
        self.crowd = Counter(event.week for event in events if event.listed is not None)
        self.before = [0] * len(events)
        """By event: how many sessions stand before it."""
        self.low, self.upto, self.near = [0] * len(events), [-1] * len(events), [list[int]() for _ in events]
        """By event: the first and the last event of earlier weeks the lesson before it can have; and those it can have besides."""
        self.cost, self.opening, self.closing = [0] * len(events), [0] * len(events), [0] * len(events)
        stands, low, upto = -1, 0, -1
        for index, event in enumerate(events):
            self.before[index] = sum(one < index for one in self.fixed.values())
            while series.max_gap_weeks is not None and self._weeks_between(low, index) > series.max_gap_weeks:
                low += 1
            while upto + 1 < index and self._is_earlier(events[upto + 1], event, gap):
                upto += 1
            self.low[index], self.upto[index] = max(low, stands), upto
            self.near[index] = [one for one in self._candidates(index, stands) if self._follows(one, index, gap)]
            penalty = event.slot.penalty if event.slot else 0
            soft = SOFT * idle if priced and event.listed is None and covering(self.case.group.soft, event.date) else 0
            self.cost[index] = penalty * weights.get("slot_penalty", 0) + soft + (event.date - start).days
            late = weights.get("late_weeks", 0) * late_weeks(self.case, event.date)
            self.closing[index] = late
            if priced and series.begin_at_once:
                self.opening[index] = LATER * idle * max(0, self.taught[event.week] - first)
            if event.listed is not None:
                stands = index

    def _weeks_between(self, one: int, other: int) -> int:
        """Teaching weeks from one event to a later one, breaks not counted."""
        return self.taught[self.events[other].week + 1] - self.taught[self.events[one].week + 1]

    @staticmethod
    def _is_earlier(one: Event, other: Event, gap: int) -> bool:
        return one.week < other.week and (other.date - one.date).days >= gap

    def _candidates(self, index: int, stands: int) -> Iterator[int]:
        """Events before it, not from earlier weeks but for what stands, which can have come right before."""
        event = self.events[index]
        if stands >= 0 and event.delivered and self.events[stands].delivered:
            yield stands
            return
        for one in range(index - 1, max(stands, 0) - 1, -1):
            if self.events[one].week < event.week:
                return
            yield one

    def _follows(self, one: int, index: int, gap: int) -> bool:
        first, then = self.events[one], self.events[index]
        if first.delivered and then.delivered:
            return not self.low[index] <= one <= self.upto[index]
        if self.most in (None, 1) and (first.listed is None or then.listed is None):
            return False
        return (then.date - first.date).days >= gap and (first.date < then.date or first.end <= then.start)

    def _stands(self) -> bool:
        """Whether what stands keeps the rules that are not asked of each step: order, the week's maximum, the agents' maxima."""
        if any(self.fixed[one] > self.fixed[other] for one, other in self.pairs if one in self.fixed and other in self.fixed):
            return False
        standing = [listed for listed in self.fixed if not self.case.series.sessions[listed].delivered]
        crowded = any(self.most is not None and self.crowd[self.events[self.fixed[listed]].week] > self.most for listed in standing)
        return not crowded and all(self.load(self.fixed[listed], 0, 0, listed) is not None for listed in standing)

    def allowed(self, equipped: bool) -> dict[int, int]:
        """By listed place of each free session: a bit for each event at which it may be held."""
        found: dict[int, int] = {}
        masks: dict[object, int] = {}
        for listed, session in enumerate(self.case.series.sessions):
            if listed in self.fixed:
                continue
            after = max((self.fixed[one] for one, other in self.pairs if other == listed and one in self.fixed), default=-1)
            until = min((self.fixed[other] for one, other in self.pairs if one == listed and other in self.fixed), default=len(self.events))
            key = (session.minutes, session.agents, session.needs, after, until, listed if listed in self.joint else -1)
            if key not in masks:
                masks[key] = sum(1 << index for index in range(after + 1, until) if self._suits(session, self.events[index], equipped))
            found[listed] = masks[key]
        return found

    def _suits(self, session: Session, event: Event, equipped: bool) -> bool:
        if event.listed is not None or event.slot is None or event.slot.minutes < session.minutes:
            return False
        if (event.date, event.slot_id) not in self.open_to[session.agents]:
            return False
        if equipped and not could_have_all(self.case, self.taken, session, event.date, event.slot):
            return False
        name = self.taken.events.get(session.id)
        return all(_can_join(other, one, event) for other, one in self.taken.others.get(name or "", ()))

    def load(self, index: int, of_week: int, of_day: int, listed: int) -> int | None:
        """What the day and week of those who hold a session cost more by it, the last of so many placed in them.

        None where a maximum forbids it.
        """
        event, total = self.events[index], 0
        for agent in self.holders[listed]:
            known = self._known(agent, event)
            spans = (
                (known.day, known.other_day, of_day, agent.max_per_day, agent.target_per_day, "overload_day"),
                (known.week, known.other_week, of_week, agent.max_per_week, agent.target_per_week, "overload_week"),
            )
            for known_here, other, own, most, target, term in spans:
                if most is not None and known_here + other + own > most:
                    return None
                if target is not None and own and known_here + own > target:
                    total += self.weights.get(term, 0)
            total += self.weights.get("two_school_days", 0) if known.elsewhere and of_day == 1 else 0
        return total

    def load_kept(self, index: int, of_week: int, of_day: int, listed: int) -> int | None:
        """`load`, remembered."""
        key = (index, of_week, of_day, listed)
        if key not in self._loads:
            self._loads[key] = self.load(*key)
        return self._loads[key]

    def _known(self, agent: Agent, event: Event) -> _Known:
        """What stands on an agent's day and in the week of an event."""
        key, monday = (agent.id, event.date), monday_of(event.date)
        if key not in self._kept:
            there, own = self.taken.day(*key), self._own_events(agent, event.date, event.date)
            schools = {one.school for standing in there.values() for one in standing}
            week = self.taken.week(agent.id, monday) | self._own_events(agent, monday, monday + timedelta(6))
            lessons = lessons_in(agent, monday) if agent.max_per_day is not None or agent.max_per_week is not None else [0] * 7
            elsewhere = bool(schools) and self.case.school.id not in schools and not own
            self._kept[key] = _Known(len(set(there) | own), len(week), lessons[event.date.weekday()], sum(lessons), elsewhere)
        return self._kept[key]

    def _own_events(self, agent: Agent, first: date, last: date) -> set[str]:
        """The sessions of this series that stand in a span of days and are held by an agent."""
        there = [listed for listed, index in self.fixed.items() if first <= self.events[index].date <= last]
        ids = [self.case.series.sessions[listed].id for listed in there if agent in self.holders[listed]]
        return {self.taken.events.get(id, id) for id in ids}


def _standing(case: Case, taken: Taken) -> list[tuple[int, date, str, Slot | None]] | None:
    """The sessions that stand, by listed place, with date and slot; None where one of them cannot."""
    if next(broken_pins(case), None):
        return None
    found: list[tuple[int, date, str, Slot | None]] = []
    for listed, session in enumerate(case.series.sessions):
        if session.pin is not None:
            slot = case.slots.get(session.pin.slot)
            if not _may_stand(case, taken, session, session.pin.date, slot):
                return None
            found.append((listed, session.pin.date, session.pin.slot, slot))
        elif partner := taken.partners.get(taken.events.get(session.id, "")):
            slot = _joining(case, taken, session, partner)
            if slot is None:
                return None
            found.append((listed, partner.date, slot.id, slot))
    return found


def _may_stand(case: Case, taken: Taken, session: Session, day: date, slot: Slot | None) -> bool:
    if monday_of(day) >= taken.begins:
        return False
    partner = taken.partners.get(taken.events.get(session.id, ""))
    if partner and slot and not (session.delivered and partner.delivered) and (partner.date, partner.start) != (day, minutes(slot.start)):
        return False
    free = slot is None or taken.leaves(day, slot, session)
    return free and (session.delivered or monday_of(day) > taken.ends)


def _joining(case: Case, taken: Taken, session: Session, partner: Stands) -> Slot | None:
    """The slot at which a session can be held with the joint lesson it is part of, where that stands."""
    if partner.date < case.no_earlier:
        return None
    for day in case.open_for(session):
        fits = day.date == partner.date and minutes(day.slot.start) == partner.start and day.slot.minutes >= session.minutes
        if fits and _may_stand(case, taken, session, day.date, day.slot):
            return day.slot
    return None


def _can_join(case: Case, session: Session, event: Event) -> bool:
    """Whether a session of another series can be held at the day and time of an event, as far as its own calendar goes."""
    return any(
        day.date == event.date and minutes(day.slot.start) == event.start and day.slot.minutes >= session.minutes
        for day in case.open_for(session)
    )


def _open_to(case: Case, taken: Taken) -> dict[Holders, set[tuple[date, str]]]:
    """By who holds it: the days and slots at which a free session may be held."""
    found: dict[Holders, set[tuple[date, str]]] = {}
    for session in case.free:
        if session.agents not in found:
            days = [
                day for day in case.open_for(session) if day.date >= case.no_earlier and taken.ends < monday_of(day.date) < taken.begins
            ]
            found[session.agents] = {(day.date, day.slot.id) for day in days if taken.leaves(day.date, day.slot, session)}
    return found
