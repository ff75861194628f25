"""Weekly times to begin from: free ones, so that an agent only has to change what her schools have said otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, time

from sqlalchemy.orm import Session

from curriculum.people import Person, SchoolClass
from curriculum.planning.engine.problem import Agent, Slot
from curriculum.planning.stating import agents_between
from curriculum.planning.times import weekly_slot
from curriculum.planning.wishing import Wish

STARTS = (time(8, 30), time(9, 45), time(11, 30), time(12, 45), time(14))
"""When a lesson often starts in a Norwegian school: around the breaks, with lunch at eleven."""

MINUTES = 60


def propose_times(db: Session, agent: Person, classes: Sequence[SchoolClass], first: date, last: date) -> dict[int, Wish]:
    """A weekly time of 60 minutes for each class (by id) at which the agent is free from one day to another. Two queries.

    No two overlap, and they follow each other on the same day while there is room. When a week is full, the rest get its first time:
    they are proposals, and what cannot be is refused when the series is made.
    """
    [busy] = agents_between(db, [agent], first, last)
    free = (slot for slot in _slots() if not _is_taken(busy, slot))
    slots = {school_class: next(free, next(_slots())) for school_class in classes}
    return {one.id: Wish(one, slot.weekday, slot.start, MINUTES) for one, slot in slots.items()}


def _slots() -> Iterator[Slot]:
    return (weekly_slot(weekday, start, MINUTES) for weekday in range(5) for start in STARTS)


def _is_taken(agent: Agent, slot: Slot) -> bool:
    """Whether the agent is elsewhere on that weekday, or teaches at that time in any week."""
    away = any(one.weekday == slot.weekday for one in agent.welfare_weekday)
    return away or any(busy.weekday == slot.weekday and busy.start < slot.end and slot.start < busy.end for busy in agent.busy)
