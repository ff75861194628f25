"""The weekly times of a series as a school gives them: one, or several with dates, and A and B weeks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Protocol

from curriculum.base import N_, Refused
from curriculum.planning.engine.problem import Cycle, Problem
from curriculum.planning.engine.problem import Slot as PlainSlot
from curriculum.planning.models import Slot
from curriculum.planning.stating import is_in_cycle

EARLIEST, LATEST = time(7), time(17)
"""Between these times a lesson is held."""

WEEKLY = "weekly"

A_WEEKS, B_WEEKS = "A", "B"
"""Every other week, counted from one that is named; the weeks in between."""


@dataclass(frozen=True)
class FixedTime:
    """A weekly time as a school gives it: 0 = Monday, when it starts, how many minutes.

    From and to which date (both included), where it is not the whole year; `weeks` is empty for every week, or A_WEEKS or B_WEEKS. `a_week`
    is any day in one of the A weeks: what a school calls so is its own, and ISO weeks do not alternate across a year with 53 of them.
    """

    weekday: int
    start_time: time
    minutes: int
    from_date: date | None = None
    to_date: date | None = None
    weeks: str = ""
    a_week: date | None = None


class WeeklyTime(Protocol):
    """What is asked of a weekly time: a slot, or a row with these of it."""

    @property
    def weekday(self) -> int: ...
    @property
    def start(self) -> time: ...
    @property
    def end(self) -> time: ...
    @property
    def from_date(self) -> date | None: ...
    @property
    def to_date(self) -> date | None: ...
    @property
    def cycle_anchor(self) -> date | None: ...
    @property
    def cycle_every(self) -> int | None: ...
    @property
    def cycle_weeks(self) -> list[int]: ...


def weekly_slot(weekday: int, start: time, minutes: int) -> PlainSlot:
    """A weekly time of so many minutes. Raises Refused at the field that cannot be."""
    if not 0 <= weekday <= 4:
        raise Refused(N_("Choose a weekday from Monday to Friday."), at="weekday")
    if minutes < 1:
        raise Refused(N_("Say how many minutes a lesson lasts."), at="minutes")
    ends = start.hour * 60 + start.minute + minutes
    if start < EARLIEST or ends > LATEST.hour * 60:
        raise Refused(N_("Lessons are held between 07:00 and 17:00."), at="start_time")
    return PlainSlot(WEEKLY, weekday, start.replace(second=0, microsecond=0), time(*divmod(ends, 60)))


def fixed_slots(times: Sequence[FixedTime]) -> tuple[PlainSlot, ...]:
    """Weekly times as the planner takes them.

    Raises Refused at "<place from 0>.<field>" for one that cannot be, for two at the same time, and for none.
    """
    if not times:
        raise Refused(N_("Give at least one weekly time."), at="0.start_time")
    found: list[PlainSlot] = []
    for place, one in enumerate(times):
        try:
            found.append(_fixed_slot(one, f"{WEEKLY}-{place}"))
        except Refused as refusal:
            raise Refused(refusal.msgid, at=f"{place}.{refusal.at}", **refusal.values) from refusal
        if any(meet(found[-1], other) for other in found[:-1]):
            raise Refused(N_("Two of the weekly times are at the same time."), at=f"{place}.start_time")
    return tuple(found)


def _fixed_slot(one: FixedTime, id: str) -> PlainSlot:
    if one.from_date and one.to_date and one.to_date < one.from_date:
        raise Refused(N_("The last day is before the first."), at="to_date")
    if one.weeks not in ("", A_WEEKS, B_WEEKS):
        raise Refused(N_("Choose among those that are offered."), at="weeks")
    if one.weeks and one.a_week is None:
        raise Refused(N_("Say when there is an A week."), at="a_week")
    slot = replace(weekly_slot(one.weekday, one.start_time, one.minutes), id=id, from_date=one.from_date, to_date=one.to_date)
    if not one.weeks or one.a_week is None:
        return slot
    anchor = one.a_week - timedelta(one.a_week.weekday())
    return replace(slot, cycle=Cycle(anchor, 2, (0,) if one.weeks == A_WEEKS else (1,)))


def fixed_time(slot: Slot) -> FixedTime:
    """A weekly time of a series as it was wished."""
    minutes = (slot.end.hour - slot.start.hour) * 60 + slot.end.minute - slot.start.minute
    return FixedTime(slot.weekday, slot.start, minutes, slot.from_date, slot.to_date, weeks_of(slot), slot.cycle_anchor)


def weeks_of(slot: WeeklyTime) -> str:
    """In which weeks a weekly time is: A_WEEKS, B_WEEKS, or empty for every week."""
    return "" if slot.cycle_every is None else B_WEEKS if slot.cycle_weeks == [1] else A_WEEKS


def as_rows(slots: Iterable[PlainSlot]) -> list[Slot]:
    """Weekly times to be kept with a series."""
    return [
        Slot(
            weekday=one.weekday,
            start=one.start,
            end=one.end,
            from_date=one.from_date,
            to_date=one.to_date,
            cycle_anchor=one.cycle.anchor if one.cycle else None,
            cycle_every=one.cycle.every if one.cycle else None,
            cycle_weeks=list(one.cycle.weeks) if one.cycle else [],
        )
        for one in slots
    ]


def most_in_a_week(slots: Collection[PlainSlot], first: date, last: date) -> int | None:
    """How many lessons a week weekly times are for, from one day to another: as many as hold in one week at most.

    None for a single one, of which nothing need be said.
    """
    if len(slots) < 2:
        return None
    mondays = (first - timedelta(first.weekday()) + timedelta(weeks=n) for n in range((last - first).days // 7 + 2))
    return max(1, *(sum(holds(slot, monday + timedelta(slot.weekday)) for slot in slots) for monday in mondays))


def as_good(problem: Problem, slots: Collection[PlainSlot]) -> Problem:
    """The problem in which several weekly times that a school has given are as good as one another: none is the one to keep to."""
    return replace(problem, weights=dict(problem.weights) | {"off_slot": 0}) if len(slots) > 1 else problem


def holds(slot: PlainSlot, day: date) -> bool:
    """Whether a weekly time is on a day."""
    within = (slot.from_date or day) <= day <= (slot.to_date or day)
    return within and slot.weekday == day.weekday() and is_in_cycle(slot.cycle, day)


def meet(one: PlainSlot, other: PlainSlot) -> bool:
    """Whether two weekly times are ever at the same time."""
    if one.weekday != other.weekday or one.end <= other.start or other.end <= one.start:
        return False
    starts = [slot.from_date for slot in (one, other) if slot.from_date]
    first = max(starts) if starts else date(2024, 1, 1)
    days = (first + timedelta((one.weekday - first.weekday()) % 7 + 7 * n) for n in range(_COMMON))
    return any(holds(one, day) and holds(other, day) for day in days)


_COMMON = 4
"""So many weeks on end show whether two weekly times, each every week or every other, have one in common."""
