"""The checker knows every rule in use, and knows it alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest

from curriculum.planning import checking
from curriculum.planning.checking import Violation, check
from curriculum.planning.problem import Agent, Busy, Closed, Pin, Placed, Plan, Problem, School, Session, Slot, WelfareDay
from tests.curriculum.planning.problems import AGENT, MONDAY, TUESDAY_AT_NINE, problem, span, week

SESSIONS = (
    Session("a", "a", "A", 45, Pin(week(0), "tue"), delivered=True),
    Session("b", "b", "B", 45, Pin(week(1), "tue")),
    Session("c", "c", "C", 45),
)
SLOTS = (
    TUESDAY_AT_NINE,
    Slot("thu", 3, time(10), time(10, 45)),
    Slot("sat", 5, time(10), time(10, 45)),
    Slot("short", 3, time(8), time(8, 30)),
    Slot("half past", 1, time(9, 30), time(10, 15)),
    Slot("dated", 3, time(12), time(12, 45), 0, week(3, 3), week(3, 3)),
)
AWAY = Agent(
    "kari",
    "Kari",
    (WelfareDay(3, week(2), week(2, 6)),),
    (span(week(3, 3), reason="Kurs"),),
    (Busy(3, time(10), time(11), week(4), week(4, 6)),),
)
RULES = replace(
    problem(sessions=SESSIONS, slots=SLOTS, agent=AWAY, closed=(span(week(2, 1)),), blocked=(span(week(3, 1), reason="Leirskole"),)),
    schools=(School("other", "Another", (Closed(MONDAY, week(9), "Stengt"),)), School("solbakken", "Solbakken", (span(week(2, 1)),))),
    agents=(AWAY, Agent("else", "Somebody else", tuple(WelfareDay(n) for n in range(5)))),
)
GOOD = (Placed("a", week(0), "tue"), Placed("b", week(1), "tue"), Placed("c", week(5), "tue"))


def violations(*sessions: Placed, asked: Problem = RULES) -> tuple[Violation, ...]:
    return check(asked, Plan(sessions, {}, 0, 0, "greedy")).violations


def c(day: date, slot: str) -> tuple[Placed, ...]:
    return (*GOOD[:2], Placed("c", day, slot))


def test_a_plan_that_keeps_all_rules_passes() -> None:
    assert violations(*GOOD) == ()
    assert check(RULES, Plan(GOOD, {}, 0, 0, "greedy")).is_clean


@pytest.mark.parametrize(
    ("sessions", "broken"),
    [
        (GOOD[:2], Violation("H01", "c", "series")),
        ((*GOOD, Placed("c", week(4), "tue")), Violation("H01", "c", "series")),
        ((*GOOD, Placed("x", week(4), "tue")), Violation("H01", "x", "")),
        (c(week(-1), "tue"), Violation("H02", "c", "series")),
        (c(week(6), "tue"), Violation("H02", "c", "series")),
        (c(week(5, 2), "tue"), Violation("H03", "c", "5a")),
        (c(week(5), "gone"), Violation("H03", "c", "5a")),
        (c(week(5, 3), "dated"), Violation("H03", "c", "5a")),
        (c(week(0, 3), "dated"), Violation("H03", "c", "5a")),
        (c(week(5, 5), "sat"), Violation("H04", "c", "solbakken")),
        (c(week(2), "tue"), Violation("H04", "c", "solbakken", "Høstferie")),
        (c(week(3), "tue"), Violation("H05", "c", "5a", "Leirskole")),
        (c(week(2, 3), "thu"), Violation("H06", "c", "kari")),
        (c(week(3, 3), "thu"), Violation("H07", "c", "kari", "Kurs")),
        (c(week(4, 3), "thu"), Violation("H07", "c", "kari")),
        (c(week(0), "half past"), Violation("H19", "c", "5a")),
        ((Placed("a", week(0, 3), "thu"), *GOOD[1:]), Violation("H20", "a", "series")),
        ((GOOD[0], Placed("b", week(4), "tue"), GOOD[2]), Violation("H20", "b", "series")),
        (c(week(5, 3), "short"), Violation("H22", "c", "series")),
    ],
)
def test_each_rule_is_caught_by_itself_alone(sessions: tuple[Placed, ...], broken: Violation) -> None:
    assert violations(*sessions) == (broken,)


@pytest.mark.parametrize("day", [week(1, 3), week(5, 3)])
def test_a_rule_with_dates_holds_only_within_them(day: date) -> None:
    assert violations(*c(day, "thu")) == ()


def test_a_delivered_lesson_is_history_whatever_the_rules_say_now() -> None:
    sessions = tuple(Session(id, id, id, 90, Pin(week(2, 5), "tue"), delivered=True) for id in "ab")
    asked = problem(sessions=sessions, closed=(span(week(2, 0), 7),), agent=replace(AGENT, absences=(span(MONDAY, 90),)))
    assert violations(*(Placed(id, week(2, 5), "tue") for id in "ab"), asked=asked) == ()


def test_the_checker_stands_on_the_standard_library_and_the_problem_alone(imported: Callable[[Path], set[str]]) -> None:
    room = Path(checking.__file__).parent
    assert imported(room / "checking.py") == {"collections", "dataclasses", "datetime", "curriculum.planning.problem"}
    assert imported(room / "problem.py") == {"collections", "dataclasses", "datetime", "types", "typing"}
