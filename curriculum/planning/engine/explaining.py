"""Why each lesson of a new plan has moved: put back alone, what would break. A move that nothing asks for is undone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from types import MappingProxyType
from typing import TypeAlias

from curriculum.base import N_
from curriculum.planning.engine.checking import Violation, check
from curriculum.planning.engine.problem import Placed, Plan, Problem, Words
from curriculum.planning.engine.wording import because


@dataclass(frozen=True)
class MoveReason:
    """A lesson that has to move: where it stood, where it is put, and what its old place would break, as half a sentence."""

    session: str
    before: Placed
    after: Placed
    why: Words


@dataclass(frozen=True)
class Explained:
    """A plan without the moves that nothing asked for, and the reason of each that is left, by the new dates."""

    plan: Plan
    reasons: tuple[MoveReason, ...]


def reasons_for_moves(
    problem: Problem,
    before: Plan,
    after: Plan,
    *,
    wanted: Collection[str] = (),
    titles: Mapping[str, str] = MappingProxyType({}),
    price: Callable[[Plan], int] = lambda plan: 0,
) -> Explained:
    """What asks for each move from one plan of a problem to another; both plans' slots are in the problem.

    A lesson is put back alone, and the checker says what that would break; where it only meets others that have moved into its place,
    they are put back with it. When nothing would break, and the plan would cost no more by `price`, the move is undone. What is `wanted`
    (ids of sessions: what somebody moved by hand, what was lost) is neither undone nor explained. `titles` (by session) are said where
    the problem's own are keys.
    """
    moves = _Moves(problem, {placed.session: placed for placed in before.sessions}, frozenset(wanted), price)
    plan = after
    while (needless := moves.needless(plan)) is not None:
        plan = moves.put_back(plan, needless)
    moved = (one for one in plan.sessions if moves.has_moved(one) and one.session not in wanted)
    reasons = (MoveReason(one.session, moves.stood[one.session], one, moves.why(plan, one.session, titles)) for one in moved)
    return Explained(plan, tuple(sorted(reasons, key=lambda reason: (reason.after.date, reason.session))))


Place: TypeAlias = tuple[str, date, time | None]
"""A class, a date and a time of day: the same place whatever its slot is called."""


class _Moves:
    """The sessions of a problem, and where they stood."""

    def __init__(self, problem: Problem, stood: Mapping[str, Placed], wanted: frozenset[str], price: Callable[[Plan], int]) -> None:
        self.problem, self.stood, self.wanted, self.price = problem, stood, wanted, price
        self.sessions = {one.id: (one, series.group) for series in problem.series for one in series.sessions}
        self.starts = {(group.id, slot.id): slot.start for group in problem.groups for slot in group.slots}

    def place(self, placed: Placed) -> Place:
        group = self.sessions[placed.session][1]
        return group, placed.date, self.starts.get((group, placed.slot))

    def has_moved(self, placed: Placed) -> bool:
        old = self.stood.get(placed.session)
        return old is not None and self.place(old) != self.place(placed)

    def needless(self, plan: Plan) -> frozenset[str] | None:
        """Lessons that could all be put back where they stood without anything breaking that is whole now."""
        for placed in plan.sessions:
            if placed.session not in self.wanted and self.has_moved(placed):
                together = self._with_those_in_its_place(plan, placed.session)
                if not together & self.wanted and self._may_be(plan, self.put_back(plan, together)):
                    return together
        return None

    def _with_those_in_its_place(self, plan: Plan, session: str) -> frozenset[str]:
        """A lesson, those of its class that have moved into its old place, those that have moved into theirs, and so on."""
        moved = {self.place(one): one.session for one in plan.sessions if self.has_moved(one)}
        found: list[str] = []
        new: str | None = session
        while new is not None and new not in found:
            found.append(new)
            new = moved.get(self.place(self.stood[new]))
        return frozenset(found)

    def put_back(self, plan: Plan, sessions: Collection[str]) -> Plan:
        return replace(plan, sessions=tuple(self.stood[one.session] if one.session in sessions else one for one in plan.sessions))

    def _may_be(self, plan: Plan, other: Plan) -> bool:
        """Whether another plan breaks nothing more than this one and costs no more."""
        return not self._breaks(plan, other) and self.price(other) <= self.price(plan)

    def _breaks(self, plan: Plan, other: Plan) -> Sequence[Violation]:
        """What is broken in another plan and not in this one."""
        before = check(self.problem, plan).violations
        return [one for one in check(self.problem, other).violations if one not in before]

    def why(self, plan: Plan, session: str, titles: Mapping[str, str]) -> Words:
        """What breaks first when a lesson stands where it stood: the lesson of its class that is there now, if one is, is named."""
        old = self.place(self.stood[session])
        for one in plan.sessions:
            if self.place(one) == old:
                title = titles.get(one.session, self.sessions[one.session][0].title)
                return Words(N_("“%(title)s” is held then"), {"title": title})
        broken = self._breaks(plan, self.put_back(plan, {session}))
        if not broken:
            return Words(N_("the lessons come closer together"))
        return because(self.problem, broken[0].rule, broken[0].owner, broken[0].why)
