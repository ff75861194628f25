"""Which lessons of a series pass each other when some of them get other dates: what the new order of the themes is told from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from itertools import combinations

from curriculum.planning.models import CANCELLED, Lesson


@dataclass(frozen=True)
class Passed:
    """The lessons that one now comes before, or after, and did not until now, in time order."""

    before: tuple[Lesson, ...] = ()
    after: tuple[Lesson, ...] = ()


def passed(lessons: Iterable[Lesson], times: Mapping[int, tuple[date, time]]) -> dict[int, Passed]:
    """By its id, what each lesson with another time passes among the lessons of its series; `times` are the new ones, by id.

    Of two that both move it is told once: at the one that comes earlier now.
    """
    real = sorted((one for one in lessons if one.state != CANCELLED), key=lambda one: (one.date, one.start))
    now = {one.id: times.get(one.id, (one.date, one.start)) for one in real}
    before: dict[int, list[Lesson]] = {}
    after: dict[int, list[Lesson]] = {}
    for first, then in combinations(real, 2):
        if now[first.id] > now[then.id] and (first.date, first.start) < (then.date, then.start):
            if then.id in times:
                before.setdefault(then.id, []).append(first)
            else:
                after.setdefault(first.id, []).append(then)
    return {id: Passed(tuple(before.get(id, ())), tuple(after.get(id, ()))) for id in {*before, *after}}
