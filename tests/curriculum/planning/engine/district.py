"""A small district that uses all of the planner's format, with a plan that keeps every rule; and ways to change either."""

from collections.abc import Callable
from dataclasses import replace
from datetime import time
from typing import Any

from curriculum.planning.engine.problem import (
    Agent,
    Group,
    Helper,
    Needs,
    Offer,
    Placed,
    Plan,
    Presenter,
    Problem,
    Room,
    School,
    SeriesProblem,
    Session,
    Slot,
    Travel,
    WeeklyTime,
    WelfareDay,
)
from tests.curriculum.planning.engine.problems import MONDAY, week

Part = Agent | Group | Helper | Presenter | Room | School | SeriesProblem | Session
Change = Callable[[Problem], Problem]
Move = Callable[[Plan], Plan]

LAST = week(8, 6)


def _at(id: str, weekday: int, hour: int, minute: int = 0) -> Slot:
    return Slot(id, weekday, time(hour, minute), time(hour + (minute + 45) // 60, (minute + 45) % 60))


def _series(id: str, group: str, agent: str, *sessions: Session, **more: Any) -> SeriesProblem:
    return SeriesProblem(id, group, (agent,), f"Course {id}", MONDAY, LAST, sessions, **more)


def _session(id: str, **needs: Any) -> Session:
    return Session(id, id, f"Theme {id}", 45, needs=Needs(**needs))


PROBLEM = Problem(
    "district",
    MONDAY,
    LAST,
    (
        School("solbakken", "Solbakken", (), (Room("gym", "Gymsal", ("gym",), (WeeklyTime(0, time(8), time(9)),)), Room("hall", "Aula"))),
        School("lia", "Lia", (), (Room("loft", "Loftet"),)),
    ),
    (
        Agent("kari", "Kari", (WelfareDay(2),), schools=("solbakken", "lia"), max_per_day=2, max_per_week=3),
        Agent("ola", "Ola", schools=("solbakken",), max_per_day=1, max_per_week=1),
        Agent("per", "Per"),
    ),
    (
        Group("5a", "5A", "solbakken", (_at("tue", 1, 9), _at("thu", 3, 9), _at("fri", 4, 9))),
        Group("5b", "5B", "solbakken", (_at("tue", 1, 9), _at("later", 1, 10))),
        Group("half", "5A, half", "solbakken", (_at("noon", 1, 12), _at("tue", 1, 9)), kind="half", overlaps=("5a",)),
        Group("6a", "6A", "lia", (_at("tue", 1, 11, 30), _at("nine", 1, 9))),
    ),
    (
        _series(
            "main",
            "5a",
            "kari",
            _session("m1"),
            _session("m2", room="gym"),
            _session("m3", presenter="police"),
            _session("m4", helper=True),
            order="listed",
            max_per_week=1,
            min_gap_days=3,
            max_gap_weeks=2,
        ),
        _series("more", "5a", "kari", _session("x1"), after="main"),
        _series("lia", "6a", "kari", _session("l1"), _session("l2"), order="listed", max_gap_weeks=2),
        _series("half", "half", "ola", _session("h1"), _session("h2"), precedence=(("h1", "h2"),)),
        _series("b", "5b", "per", _session("b1", room="gym"), _session("b2", presenter="police"), _session("b3", helper=True)),
        _series("joint5b", "5b", "ola", _session("j1", room="gym", presenter="police")),
        _series("jointhalf", "half", "ola", _session("j2", presenter="police")),
    ),
    presenters=(
        Presenter("officer", "Politiet", "police", ("solbakken",), tuple(Offer(week(n), time(8), time(11)) for n in (2, 6, 7)), 1),
        Presenter("nurse", "Helsesykepleier", "health"),
    ),
    helpers=(
        Helper("mia", "Mia", "solbakken", (WeeklyTime(1, time(8), time(14)),)),
        Helper("noa", "Noa", "lia", (WeeklyTime(1, time(8), time(14)),)),
    ),
    travel=(Travel(("lia", "solbakken"), 60),),
    together=(("j1", "j2"),),
)

PLAN = Plan(
    (
        Placed("m1", week(0), "tue"),
        Placed("m2", week(1), "tue", room="gym"),
        Placed("m3", week(2), "tue", presenter="officer"),
        Placed("m4", week(3), "tue", helper="mia"),
        Placed("x1", week(4), "tue"),
        Placed("l1", week(0), "tue"),
        Placed("l2", week(1), "tue"),
        Placed("h1", week(0), "noon"),
        Placed("h2", week(1), "noon"),
        Placed("b1", week(5), "tue", room="gym"),
        Placed("b2", week(7), "tue", presenter="officer"),
        Placed("b3", week(8), "tue", helper="mia"),
        Placed("j1", week(6), "tue", "gym", "officer"),
        Placed("j2", week(6), "tue", "gym", "officer"),
    ),
    {},
    0,
    0,
    "greedy",
)


def asking(id: str, **changes: Any) -> Change:
    """Ask something else of the one thing with this id: a part of the problem, or a part of such a part."""

    def changed(part: Any) -> Any:
        if isinstance(part, tuple):
            return tuple(changed(one) for one in part)
        if not isinstance(part, Part):
            return part
        inner = {name: changed(value) for name, value in vars(part).items() if isinstance(value, tuple)}
        return replace(part, **inner | (changes if part.id == id and changes.keys() <= vars(part).keys() else {}))

    def change(problem: Problem) -> Problem:
        made = replace(problem, **{name: changed(value) for name, value in vars(problem).items() if isinstance(value, tuple)})
        assert made != problem
        return made

    return change


def putting(id: str, **changes: Any) -> Move:
    """Put a session elsewhere."""
    return lambda plan: replace(plan, sessions=tuple(replace(one, **changes) if one.session == id else one for one in plan.sessions))
