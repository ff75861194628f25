"""Laying out: which date and weekly time each lesson gets. Plain values in, plain values out, no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from curriculum.planning.engine.costing import OVERLOADS, extra_price, load_terms, objective, own_terms, terms
from curriculum.planning.engine.exact import Found, best_calendar
from curriculum.planning.engine.possible import Case, monday_of
from curriculum.planning.engine.problem import Infeasible, Needs, Placed, Plan, Problem
from curriculum.planning.engine.refusing import why_not, why_not_beside
from curriculum.planning.engine.taken import Taken

NOTHING = Needs()
ROUNDS = 4
"""How often at most each series is taken out and laid anew around the others."""
ORDERS = 12
"""How many orders of the series at most are tried before one is said to have no room beside the others."""


def lay_out(problem: Problem, *, bounded: bool = True) -> Plan | Infeasible:
    """The cheapest plan of one series by the format's objective, and a good one of several. Who and what a lesson needs is assigned after.

    Kept are H01–H14 and H19–H23: at most one lesson a week where the series says nothing of it. Lessons come where they could have the
    room, the presenter and the second adult they need, where there is such a plan. Pinned and delivered sessions stay; what is
    not pinned comes after what is delivered. Of equally cheap plans the one with the earlier lessons is taken. Besides the objective,
    soft days are avoided, and a series that is to begin at once does (see `costing.extra_price`).

    One series is exact (see `exact`). Several are laid one after another, those with the least room first, each exact around those before
    it; then one after another is taken out and laid anew while that makes the plan cheaper. `bound` is the sum of what each series costs
    at least when it is alone, which no plan of them all can undercut: the terms of one series do not know of the others, and what an
    agent has above a target t in a day or week is no less for two series together than for each, as (a - t)⁺ + (b - t)⁺ ≤ (a + b - t)⁺.
    (Where lessons are joint, which count once, overloads are left out of the bound.) “optimal” is a plan that costs just its bound.
    Without `bounded` the bound is left at 0, for who does not ask what the least is: reckoning it takes as long as laying a series.
    """
    cases = [Case.of(problem, series) for series in problem.series]
    alone = [_best(case, Taken(problem, case, (), {})) for case in cases]
    conflicts = tuple(why_not(case) for case, found in zip(cases, alone, strict=True) if found is None)
    if conflicts:
        return Infeasible(conflicts)
    least = {case.series.id: found for case, found in zip(cases, alone, strict=True) if found is not None}
    placed = {id: found.places for id, found in least.items()} if len(cases) == 1 else _side_by_side(problem, cases)
    return placed if isinstance(placed, Infeasible) else _plan(problem, cases, placed, least if bounded else None)


def _best(case: Case, taken: Taken) -> Found | None:
    """The cheapest calendar in which each lesson could have what it needs; where there is none, as if it needed nothing."""
    if all(session.needs == NOTHING for session in case.free):
        return best_calendar(case, taken)
    return best_calendar(case, taken, equipped=True) or best_calendar(case, taken)


def _plan(problem: Problem, cases: Sequence[Case], placed: Mapping[str, Sequence[Placed]], alone: Mapping[str, Found] | None) -> Plan:
    counted = terms(problem, cases, placed)
    cost = objective(problem, counted)
    bound = sum(_least(case, alone[case.series.id]) for case in cases) if cost and alone is not None else 0
    sessions = tuple(one for case in cases for one in placed[case.series.id])
    return Plan(sessions, counted, cost, bound, "optimal" if cost == bound else "greedy")


def _least(case: Case, found: Found) -> int:
    """What no calendar of a series costs less than; `found` is its cheapest one by what laying out prices besides."""
    problem = replace(case.problem, weights=dict(case.problem.weights) | dict.fromkeys(OVERLOADS if case.problem.together else (), 0))
    case = replace(case, problem=problem)
    needing = any(session.needs != NOTHING for session in case.free)
    if needing or problem.together or case.series.begin_at_once or case.group.soft:
        cheapest = best_calendar(case, Taken(problem, replace(case, problem=problem), (), {}), priced=False)
        assert cheapest is not None
        found = cheapest
    return _cost(case, found.places) if found.is_exact else found.least


def _cost(case: Case, places: Sequence[Placed]) -> int:
    """What the calendar of a series costs when it is alone."""
    alone = own_terms(case, places) | load_terms(case.problem, [case], {case.series.id: places})
    return objective(case.problem, alone)


def working_weeks(problem: Problem) -> set[date]:
    """The Mondays of the weeks in which the first series of a problem can have a lesson at one of its times."""
    return {monday_of(day.date) for day in Case.of(problem, problem.series[0]).open_days}


# --- Several series -------------------------------------------------------------------------------------------------------------------


@dataclass
class _Table:
    """The series of a problem that are laid so far, and the case of each, with what is left of its window for those that follow it."""

    problem: Problem
    cases: Mapping[str, Case]
    placed: dict[str, tuple[Placed, ...]]

    def taken(self, case: Case) -> Taken:
        return Taken(self.problem, case, self.cases.values(), self.placed)

    def lay(self, id: str) -> bool:
        """Lay a series around the others, or leave it out; whether it has room."""
        self.placed.pop(id, None)
        found = _best(self.cases[id], self.taken(self.cases[id]))
        if found is not None:
            self.placed[id] = found.places
        return found is not None

    def price(self) -> int:
        """What is laid costs, with what laying out prices besides."""
        laid = [case for id, case in self.cases.items() if id in self.placed]
        extra = sum(extra_price(case, self.placed[case.series.id]) for case in laid)
        return objective(self.problem, terms(self.problem, laid, self.placed)) + extra


def _side_by_side(problem: Problem, cases: Sequence[Case]) -> dict[str, tuple[Placed, ...]] | Infeasible:
    """All the series around each other, or the first that found no room in any order tried."""
    known = {case.series.id: case for case in cases}
    shortened = {id: _before_followers(case, known) for id, case in known.items()}
    order = _hardest_first(shortened)
    missing = ""
    for _ in range(min(ORDERS, len(order))):
        table = _Table(problem, shortened, {})
        stuck = next((id for id in order if not table.lay(id) and not _made_room(table, id)), None)
        if stuck is None:
            _improve(table, order)
            return table.placed
        missing = missing or stuck
        order = _moved_up(order, stuck, known)
    return Infeasible((why_not_beside(known[missing]),))


def _before_followers(case: Case, known: Mapping[str, Case], seen: frozenset[str] = frozenset()) -> Case:
    """The case with a window that leaves the series that follow it, each alone, their weeks."""
    last, id = case.series.to_date, case.series.id
    for follower in known.values():
        if follower.series.after == id and follower.series.id not in seen:
            then = _before_followers(follower, known, seen | {id})
            last = min(last, _latest_start(then) - timedelta(1))
    last = max([last, *(session.pin.date for session in case.series.sessions if session.pin)])
    return replace(case, series=replace(case.series, to_date=last))


def _latest_start(case: Case) -> date:
    """The Monday of a week, counted back from its end, from which there are as many weeks with open days as its lessons need."""
    pins = [monday_of(session.pin.date) for session in case.series.sessions if session.pin and not session.delivered]
    most = case.series.max_per_week or 1
    mondays = sorted({monday_of(day.date) for day in case.open_days if day.date >= case.no_earlier}, reverse=True)
    needed = -(-len(case.free) // most)
    return min([*mondays[max(needed - 1, 0) : needed], *pins, date.max])


def _hardest_first(cases: Mapping[str, Case]) -> list[str]:
    """The series by how few open weeks they have to spare; one that follows another after that one, and joint ones one after another."""
    spare = {id: len({monday_of(day.date) for day in case.open_days}) - len(case.free) for id, case in cases.items()}
    order: list[str] = []
    for id in sorted(cases, key=lambda id: spare[id]):
        order.extend(one for one in _chain(id, cases) if one not in order)
    return order


def _chain(id: str, cases: Mapping[str, Case]) -> list[str]:
    """A series after those that it follows."""
    chain = [id]
    while (before := cases[chain[0]].series.after) is not None and before in cases and before not in chain:
        chain.insert(0, before)
    return chain


def _moved_up(order: Sequence[str], id: str, cases: Mapping[str, Case]) -> list[str]:
    first = _chain(id, cases)
    return first + [one for one in order if one not in first]


def _made_room(table: _Table, id: str) -> bool:
    """Whether a series finds room when one of those already laid gives way and is laid again after it."""
    for other in reversed(list(table.placed)):
        before = dict(table.placed)
        del table.placed[other]
        if table.lay(id) and table.lay(other):
            return True
        table.placed = before
    return False


def _improve(table: _Table, order: Sequence[str]) -> None:
    """Take each series out and lay it anew while the plan becomes cheaper."""
    price, began, rounds = table.price(), -1, 0
    while price != began and rounds < ROUNDS:
        began, rounds = price, rounds + 1
        for id in order:
            before = dict(table.placed)
            if table.lay(id) and (now := table.price()) < price:
                price = now
            else:
                table.placed = before
