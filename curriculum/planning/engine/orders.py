"""In which orders the lessons of a series may be held: the sets of sessions that can have been held so far, as few as are needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from curriculum.planning.engine.possible import Case

MOST_SETS = 4_000
"""Of more sets than this only those are looked at that come of orders near the listed one (see REACH)."""
REACH = 3
"""Of how many sessions, the first listed of those that may come next, one comes next, where not all orders are looked at."""


@dataclass(frozen=True)
class Step:
    """Holding a session next: which (its listed place), where it may be held (a bit for each event), and the set of those then held."""

    allowed: int
    listed: int
    to: int


@dataclass(frozen=True)
class Orders:
    """Sets of free sessions by number, 0 the empty one: their sizes and the steps from each. `full` is the set of all of them.

    `is_whole` when every order that matters is among them.
    """

    sizes: Sequence[int]
    steps: Sequence[Sequence[Step]]
    full: int
    is_whole: bool = True

    @property
    def is_single(self) -> bool:
        """Whether there is one order only."""
        return all(len(steps) <= 1 for steps in self.steps)

    @property
    def in_listed_order(self) -> Orders:
        """Only the order that takes the first listed session it can each time."""
        return Orders(self.sizes, [steps[:1] for steps in self.steps], self.full, False)


@dataclass(frozen=True)
class Sort:
    """Free sessions that are interchangeable: they may be held at the same events, before and after the same others.

    Among them the listed order is the cheapest: with a(1) < a(2) listed and held at places p < q, |p - a(1)| + |q - a(2)| is at most
    |p - a(2)| + |q - a(1)|, and nothing else of the objective or the rules tells them apart.
    """

    allowed: int
    listed: tuple[int, ...]
    before: frozenset[int]


def precedes(case: Case) -> frozenset[tuple[int, int]]:
    """H14 as pairs of listed places of which the first is held before the second. What is delivered is history and in no pair."""
    sessions = case.series.sessions
    places = [place for place, session in enumerate(sessions) if not session.delivered]
    numbered = {sessions[place].id: place for place in places}
    pairs = {(numbered[one], numbered[other]) for one, other in case.series.precedence if one in numbered and other in numbered}
    if case.series.order == "listed":
        pairs |= set(pairwise(places))
    for mark in places:
        others = [other for other in places if sessions[other].order != sessions[mark].order]
        pairs |= {(mark, other) for other in others if sessions[mark].order == "first"}
        pairs |= {(other, mark) for other in others if sessions[mark].order == "last"}
    return frozenset(pairs)


def orders(allowed: Mapping[int, int], pairs: frozenset[tuple[int, int]], alone: frozenset[int]) -> Orders | None:
    """The sets of the free sessions (keys of `allowed`, by listed place), or None where the rules of order go in a circle.

    `alone` are those that are not interchangeable with any other.
    """
    sorts = _sorts(allowed, pairs, alone)
    return _explored(sorts, len(allowed), None) or _explored(sorts, len(allowed), REACH)


def any_order(allowed: Mapping[int, int]) -> Orders:
    """As if all were interchangeable and each could be held wherever one of them can: less is asked than by the rules."""
    union, count = 0, len(allowed)
    for mask in allowed.values():
        union |= mask
    steps = [[Step(union, -1, size + 1)] for size in range(count)]
    return Orders(range(count + 1), [*steps, []], count)


def _sorts(allowed: Mapping[int, int], pairs: frozenset[tuple[int, int]], alone: frozenset[int]) -> list[Sort]:
    found: dict[object, list[int]] = {}
    befores: dict[object, frozenset[int]] = {}
    for place in sorted(allowed):
        before = frozenset(one for one, other in pairs if other == place and one in allowed)
        after = frozenset(other for one, other in pairs if one == place and other in allowed)
        key = (allowed[place], before, after, place if place in alone else -1)
        found.setdefault(key, []).append(place)
        befores[key] = before
    return [Sort(allowed[places[0]], tuple(places), befores[key]) for key, places in found.items()]


def _explored(sorts: Sequence[Sort], count: int, reach: int | None) -> Orders | None:
    """The sets that can be reached by holding one session after another; None when they are too many or never reach all."""
    start = (0,) * len(sorts)
    numbers = {start: 0}
    sizes, steps = [0], list[list[Step]]()
    waiting = [start]
    for held in waiting:
        here = []
        for sort in _next(sorts, held, reach):
            then = (*held[:sort], held[sort] + 1, *held[sort + 1 :])
            if then not in numbers:
                if len(numbers) >= MOST_SETS and reach is None:
                    return None
                numbers[then] = len(numbers)
                sizes.append(sum(then))
                waiting.append(then)
            here.append(Step(sorts[sort].allowed, sorts[sort].listed[held[sort]], numbers[then]))
        steps.append(sorted(here, key=lambda step: step.listed))
    full = tuple(len(sort.listed) for sort in sorts)
    return Orders(sizes, steps, numbers[full], reach is None) if full in numbers else None


def _next(sorts: Sequence[Sort], held: tuple[int, ...], reach: int | None) -> list[int]:
    """The sorts of which the next session may be held now, in listed order, the first `reach` of them."""
    done = {place for one, count in zip(sorts, held, strict=True) for place in one.listed[:count]}
    open_ones = [index for index, sort in enumerate(sorts) if held[index] < len(sort.listed) and sort.before <= done]
    return sorted(open_ones, key=lambda index: sorts[index].listed[held[index]])[:reach]
