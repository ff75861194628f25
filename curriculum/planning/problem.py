"""The planner's problem and its answers in plain values, named as the format "sosialplan/1" names them. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from types import MappingProxyType
from typing import Literal

WEIGHTS: Mapping[str, int] = MappingProxyType({"late_weeks": 100, "idle_weeks": 20, "off_slot": 10, "order_shift": 5, "slot_penalty": 1})
"""What one unit of each term of the objective costs."""


@dataclass(frozen=True)
class Words:
    """A sentence to translate where it is shown: the English msgid and its values, which may be dates or words again."""

    msgid: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.msgid % self.values if self.values else self.msgid


# --- What is asked ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Closed:
    """A span of days (both ends included) and why nothing is held on them."""

    from_date: date
    to_date: date
    reason: str


@dataclass(frozen=True)
class School:
    id: str
    name: str
    closed: tuple[Closed, ...] = ()


@dataclass(frozen=True)
class WelfareDay:
    """A weekday (0 = Monday) on which an agent works elsewhere, in a span of dates open at either end."""

    weekday: int
    from_date: date | None = None
    to_date: date | None = None


@dataclass(frozen=True)
class Busy:
    """A weekly time at which an agent is taken, in a span of dates open at either end."""

    weekday: int
    start: time
    end: time
    from_date: date | None = None
    to_date: date | None = None


@dataclass(frozen=True)
class Agent:
    id: str
    name: str
    welfare_weekday: tuple[WelfareDay, ...] = ()
    absences: tuple[Closed, ...] = ()
    busy: tuple[Busy, ...] = ()


@dataclass(frozen=True)
class Slot:
    """A weekly time (0 = Monday), from a date to a date where it does not hold the whole year."""

    id: str
    weekday: int
    start: time
    end: time
    penalty: int = 0
    from_date: date | None = None
    to_date: date | None = None

    @property
    def minutes(self) -> int:
        """Its length in minutes."""
        return (self.end.hour - self.start.hour) * 60 + self.end.minute - self.start.minute


@dataclass(frozen=True)
class Group:
    id: str
    name: str
    school: str
    slots: tuple[Slot, ...]
    blocked: tuple[Closed, ...] = ()


@dataclass(frozen=True)
class Pin:
    """Where a locked or delivered session stands."""

    date: date
    slot: str


@dataclass(frozen=True)
class Session:
    """One lesson to be placed; `minutes` is what it needs. A delivered one says by its pin when it was.

    `order` says that it comes before every other lesson of its series (“first”), or after them (“last”).
    """

    id: str
    theme: str
    title: str
    minutes: int = 0
    pin: Pin | None = None
    delivered: bool = False
    order: Literal["", "first", "last"] = ""

    def __post_init__(self) -> None:
        if self.delivered and self.pin is None:
            raise ValueError(f"session {self.id} is delivered, but nothing says when")


@dataclass(frozen=True)
class SeriesProblem:
    id: str
    group: str
    agents: tuple[str, ...]
    title: str
    from_date: date
    to_date: date
    sessions: tuple[Session, ...]
    prefer_finish_by: date | None = None


@dataclass(frozen=True)
class Problem:
    """Everything the planner may know. `from_date` may be earlier than a series': so far back it could begin instead."""

    name: str
    from_date: date
    to_date: date
    schools: tuple[School, ...]
    agents: tuple[Agent, ...]
    groups: tuple[Group, ...]
    series: tuple[SeriesProblem, ...]
    weights: Mapping[str, int] = field(default_factory=lambda: WEIGHTS)


# --- What is answered -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Placed:
    """Where a session is put."""

    session: str
    date: date
    slot: str


@dataclass(frozen=True)
class Plan:
    """A date and a slot for every session. `bound` is a lower bound of the objective: no plan can cost less."""

    sessions: tuple[Placed, ...]
    terms: Mapping[str, int]
    objective: int
    bound: int
    status: Literal["optimal", "greedy"]


@dataclass(frozen=True, order=True)
class RuleKey:
    """A hard rule (H01…), whose it is (the id of a series, session, school, group or agent) and the reason given in the data."""

    kind: str
    owner: str
    reason: str = ""


@dataclass(frozen=True)
class Fix:
    """A single change that would mend a conflict: what to change, to what, in words."""

    kind: Literal["weekday", "start", "agent", "fewer", "template", "minutes", "unlock"]
    value: object
    words: Words


@dataclass(frozen=True)
class Conflict:
    """Rules that cannot all hold; `minimal` when they could as soon as any one of them is lifted."""

    rules: tuple[RuleKey, ...]
    minimal: bool
    fixes: tuple[Fix, ...]
    words: Words


@dataclass(frozen=True)
class Infeasible:
    """There is no plan, and why."""

    conflicts: tuple[Conflict, ...]
