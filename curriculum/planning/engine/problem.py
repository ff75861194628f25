"""The planner's problem and its answers in plain values, named as the format "sosialplan/1" names them. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from types import MappingProxyType
from typing import Literal

WEIGHTS: Mapping[str, int] = MappingProxyType(
    {
        "late_weeks": 100,
        "idle_weeks": 20,
        "off_slot": 10,
        "order_shift": 5,
        "overload_week": 4,
        "overload_day": 4,
        "two_school_days": 3,
        "slot_penalty": 1,
    }
)
"""What one unit of each term of the objective costs."""

TRAVEL_MINUTES = 45
"""Minutes between two schools of which nothing else is said."""


@dataclass(frozen=True)
class Words:
    """A sentence to translate where it is shown: the English msgid and its values, which may be dates or words again."""

    msgid: str
    values: Mapping[str, object] = field(default_factory=dict, hash=False)

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
class WeeklyTime:
    """A weekly span of time (0 = Monday)."""

    weekday: int
    start: time
    end: time


@dataclass(frozen=True)
class Room:
    """A room of a school, what it offers, and when the school itself uses it."""

    id: str
    name: str
    features: tuple[str, ...] = ()
    busy: tuple[WeeklyTime, ...] = ()


@dataclass(frozen=True)
class School:
    id: str
    name: str
    closed: tuple[Closed, ...] = ()
    rooms: tuple[Room, ...] = ()
    district: str = ""


@dataclass(frozen=True)
class Travel:
    """The minutes from one school to another, either way."""

    between: tuple[str, str]
    minutes: int


@dataclass(frozen=True)
class WelfareDay:
    """A weekday (0 = Monday) on which an agent works elsewhere, in a span of dates open at either end."""

    weekday: int
    from_date: date | None = None
    to_date: date | None = None


@dataclass(frozen=True)
class Busy:
    """A weekly time at which an agent is taken, in a span of dates open at either end; `reason` says with what, where that may be told."""

    weekday: int
    start: time
    end: time
    from_date: date | None = None
    to_date: date | None = None
    reason: str = ""
    is_lesson: bool = False
    """A lesson of a series that is not in the problem: it counts among hers of the day and the week (H09, H10)."""


@dataclass(frozen=True)
class Agent:
    id: str
    name: str
    welfare_weekday: tuple[WelfareDay, ...] = ()
    absences: tuple[Closed, ...] = ()
    busy: tuple[Busy, ...] = ()
    schools: tuple[str, ...] | None = None
    """Ids of the schools she serves; None where that is not asked."""
    max_per_day: int | None = None
    max_per_week: int | None = None
    target_per_day: int | None = None
    target_per_week: int | None = None


@dataclass(frozen=True)
class Cycle:
    """The weeks of a repeating cycle in which a slot holds: of `every` weeks, counted from the Monday of `anchor`, the `weeks` (from 0).

    Anchored to a date, since the parity of ISO weeks breaks where a year has 53 of them.
    """

    anchor: date
    every: int
    weeks: tuple[int, ...]


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
    cycle: Cycle | None = None

    @property
    def minutes(self) -> int:
        """Its length in minutes."""
        return (self.end.hour - self.start.hour) * 60 + self.end.minute - self.start.minute


@dataclass(frozen=True)
class Group:
    """A class, half or small group; `overlaps` are the ids of groups that share pupils with it."""

    id: str
    name: str
    school: str
    slots: tuple[Slot, ...]
    blocked: tuple[Closed, ...] = ()
    level: str = ""
    kind: Literal["class", "half", "small"] = "class"
    pupils: int | None = None
    overlaps: tuple[str, ...] = ()
    soft: tuple[Closed, ...] = ()
    """Days better left alone where the year has room (national tests, talks with parents): no rule, but laying out avoids them."""
    busy: tuple[Busy, ...] = ()
    """When its pupils have lessons of series that are not in the problem: others of the class, or of a group that shares pupils."""


@dataclass(frozen=True)
class Offer:
    """A time at which a presenter can come."""

    date: date
    start: time
    end: time


@dataclass(frozen=True)
class Presenter:
    """Somebody from outside with a skill (the police), the schools they serve (None: all) and the times they offer."""

    id: str
    name: str
    skill: str
    schools: tuple[str, ...] | None = None
    offers: tuple[Offer, ...] = ()
    max_per_day: int | None = None


@dataclass(frozen=True)
class Helper:
    """A second adult of a school, and when she is at work."""

    id: str
    name: str
    school: str
    weekly: tuple[WeeklyTime, ...] = ()
    absences: tuple[Closed, ...] = ()


@dataclass(frozen=True)
class Needs:
    """What a lesson needs: a room with a feature, a presenter with a skill, a second adult."""

    room: str = ""
    presenter: str = ""
    helper: bool = False


@dataclass(frozen=True)
class Pin:
    """Where a locked or delivered session stands; None for what the pin leaves open."""

    date: date
    slot: str
    room: str | None = None
    presenter: str | None = None
    helper: str | None = None


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
    needs: Needs = Needs()
    agents: tuple[str, ...] | None = None
    """Who holds it, where that is not the series' agents (a colleague; nobody, since the class's teacher does); None: they do."""

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
    order: Literal["flexible", "listed"] = "flexible"
    """Whether H14 asks for the listed order; where it does not, each place away from it costs `order_shift`."""
    precedence: tuple[tuple[str, str], ...] = ()
    """Pairs of session ids of which the first comes before the second."""
    after: str | None = None
    """Id of the series that this one follows: it begins in a later week than that one ends."""
    max_per_week: int | None = None
    min_gap_days: int | None = None
    """Least number of days between the dates of neighbours."""
    max_gap_weeks: int | None = None
    """At most so many of the school's teaching weeks from one lesson to the next, breaks not counted."""
    begin_at_once: bool = False
    """Whether it begins in the first week it can, as somebody asked, rather than when it would run without a gap: no rule, but laying
    out keeps to it where it can."""


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
    weights: Mapping[str, int] = field(default_factory=lambda: WEIGHTS, hash=False)
    presenters: tuple[Presenter, ...] = ()
    helpers: tuple[Helper, ...] = ()
    travel: tuple[Travel, ...] = ()
    default_travel_minutes: int = TRAVEL_MINUTES
    together: tuple[tuple[str, ...], ...] = ()
    """Ids of the sessions of each joint lesson: same date and time, one room, one presenter."""
    seed: int = 1


# --- What is answered -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Placed:
    """Where a session is put, and who and what it has there."""

    session: str
    date: date
    slot: str
    room: str | None = None
    presenter: str | None = None
    helper: str | None = None


@dataclass(frozen=True)
class Plan:
    """A date and a slot for every session. `bound` is a lower bound of the objective: no plan can cost less."""

    sessions: tuple[Placed, ...]
    terms: Mapping[str, int]
    objective: int
    bound: int
    status: Literal["optimal", "gap", "greedy", "stopped"]


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
