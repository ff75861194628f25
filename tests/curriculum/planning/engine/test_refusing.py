"""Why there is no plan: the rules between lessons, named alone, and what would help."""

from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from curriculum.planning.engine.laying_out import lay_out
from curriculum.planning.engine.problem import Conflict, Infeasible, Pin, Problem, Session, Slot
from tests.curriculum.planning.engine.problems import AGENT, TUESDAY_AT_NINE, problem, span, week
from tests.curriculum.planning.engine.test_laying_out import THURSDAY_AT_TEN, between

CROSSED = (Session("a", "a", "A", 45), Session("b", "b", "B", 45, Pin(week(0), "tue")))


LOCKED = tuple(replace(one, pin=Pin(week(n), "tue")) for n, one in enumerate(CROSSED))


def conflict_of(asked: Problem) -> Conflict:
    answer = lay_out(asked)
    assert isinstance(answer, Infeasible)
    return answer.conflicts[0]


@pytest.mark.parametrize(
    ("asked", "kinds"),
    [
        (between(problem(2, closed=(span(week(1), 1), span(week(2)), span(week(3)))), max_gap_weeks=1, to_date=week(4)), ["H13"]),
        (between(problem(6), min_gap_days=8), ["H12"]),
        (between(problem(2), precedence=(("s0", "s1"), ("s1", "s0"))), ["H14"]),
        (between(problem(sessions=CROSSED), order="listed", min_gap_days=2, max_gap_weeks=9), ["H14"]),
        (between(problem(sessions=LOCKED), precedence=(("b", "a"),)), ["H14"]),
        (problem(agent=replace(AGENT, max_per_day=0)), ["H09"]),
        (problem(agent=replace(AGENT, max_per_week=0)), ["H10"]),
        (
            between(
                problem(
                    sessions=tuple(replace(one, pin=Pin(week(0, n), s)) for n, s, one in ((1, "tue", CROSSED[0]), (3, "thu", CROSSED[1]))),
                    slots=(TUESDAY_AT_NINE, THURSDAY_AT_TEN),
                ),
                max_per_week=1,
            ),
            ["H11"],
        ),
    ],
    ids=[
        "too long between",
        "too short between",
        "a circle",
        "against a lock",
        "between locks",
        "no lesson a day",
        "no lesson a week",
        "two locked in a week",
    ],
)
def test_the_rule_between_the_lessons_is_named_alone(asked: Problem, kinds: list[str]) -> None:
    conflict = conflict_of(asked)
    assert [rule.kind for rule in conflict.rules] == ["H01", "H02", *kinds]
    assert str(conflict.words).startswith("The lessons cannot all be laid out by ")
    assert "%(" not in str(conflict.words)
    assert conflict.minimal


@pytest.mark.parametrize(
    ("asked", "fixes"),
    [
        (between(problem(sessions=CROSSED), order="listed"), [("unlock", "b")]),
        (between(problem(6), min_gap_days=8), [("fewer", 3)]),
        (problem(agent=replace(AGENT, max_per_day=0)), []),
        (between(problem(sessions=(*CROSSED, Session("c", "c", "C", 45, Pin(week(4), "tue")))), order="listed"), [("unlock", "b")]),
    ],
)
def test_what_is_offered_helps(asked: Problem, fixes: list[tuple[str, Any]]) -> None:
    assert [(fix.kind, fix.value) for fix in conflict_of(asked).fixes] == fixes


def test_a_second_lesson_at_the_time_of_a_locked_one_is_told_by_the_window() -> None:
    conflict = conflict_of(between(problem(sessions=CROSSED, weeks=1), max_per_week=2))
    assert [rule.kind for rule in conflict.rules] == ["H01", "H02", "H11"][: len(conflict.rules)]
    assert str(conflict.words) == f"The lessons cannot all be laid out by {week(0, 6)}."


def test_lengths_that_no_order_fits_into_the_times_are_told_by_the_window() -> None:
    long = tuple(Session(id, id, id, 60) for id in "bc")
    slots = (replace(TUESDAY_AT_NINE, to_date=week(1)), Slot("long", 1, time(9), time(10), 0, week(2), week(2)))
    asked = problem(sessions=(Session("a", "a", "A", 45), *long), slots=slots)
    assert [rule.kind for rule in conflict_of(asked).rules] == ["H01", "H02", "H03"]


def test_where_the_agents_school_is_not_hers_another_agent_is_offered() -> None:
    conflict = conflict_of(problem(agent=replace(AGENT, schools=("elvesvingen",))))
    assert [rule.kind for rule in conflict.rules][-1] == "H08"
    assert str(conflict.words) == "Kari Solvang does not work at Solbakken skole."
    assert ("agent", "kari") in [(fix.kind, fix.value) for fix in conflict.fixes]


def test_two_a_week_count_for_two() -> None:
    twice = between(problem(13, slots=(TUESDAY_AT_NINE, THURSDAY_AT_TEN)), max_per_week=2)
    assert "Lessons: 13. " in str(conflict_of(twice).words)
    assert ("fewer", 1) in [(fix.kind, fix.value) for fix in conflict_of(twice).fixes]
