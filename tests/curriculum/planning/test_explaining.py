"""Each move of a plan has a reason, and a move without one is undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from curriculum.planning.engine.explaining import reasons_for_moves
from curriculum.planning.engine.problem import Closed, Group, Placed, Plan, Problem, School, SeriesProblem, Session, Slot

FIRST = date(2026, 9, 2)
"""A Wednesday."""


def week(number: int) -> date:
    return FIRST + timedelta(weeks=number)


def stated(*closed: date, sessions: int = 3) -> Problem:
    school = School("s", "Granlia", tuple(Closed(day, day, "Tur") for day in closed))
    group = Group("5A", "5A", "s", (Slot("wed", 2, time(8, 30), time(9, 30)), Slot("same", 2, time(8, 30), time(9, 30))))
    some = tuple(Session(f"l{number}", f"t{number}", f"Tema {number}") for number in range(sessions))
    return Problem("p", FIRST, week(9), (school,), (), (group,), (SeriesProblem("r", "5A", (), "Rekka", FIRST, week(9), some),))


def plan(*weeks: int, slot: str = "wed") -> Plan:
    return Plan(tuple(Placed(f"l{number}", week(at), slot) for number, at in enumerate(weeks)), {}, 0, 0, "greedy")


def test_a_lesson_that_would_break_a_rule_where_it_stood_says_which() -> None:
    found = reasons_for_moves(stated(week(1)), plan(0, 1, 2), plan(0, 3, 2))
    assert [(one.session, one.before.date, one.after.date, str(one.why)) for one in found.reasons] == [
        ("l1", week(1), week(3), "the school is closed (Tur)")
    ]
    assert found.plan == plan(0, 3, 2)


def test_a_lesson_whose_place_another_has_taken_names_that_one() -> None:
    found = reasons_for_moves(stated(week(1)), plan(0, 1, 2), plan(0, 2, 3), titles={"l1": "Vennskap"})
    assert [(one.session, str(one.why)) for one in found.reasons] == [
        ("l1", "the school is closed (Tur)"),
        ("l2", "“Vennskap” is held then"),
    ]
    found = reasons_for_moves(stated(week(1)), plan(0, 1, 2), plan(0, 2, 3))
    assert str(found.reasons[1].why) == "“Tema 1” is held then"


def test_a_move_without_a_reason_is_undone_alone_or_with_those_that_moved_into_its_place() -> None:
    assert reasons_for_moves(stated(), plan(0, 1, 2), plan(0, 1, 5)).plan == plan(0, 1, 2)
    assert reasons_for_moves(stated(), plan(0, 1, 2), plan(1, 0, 2)).plan == plan(0, 1, 2)
    shifted = reasons_for_moves(stated(), plan(0, 1, 2), plan(1, 2, 3))
    assert (shifted.plan, shifted.reasons) == (plan(0, 1, 2), ())


def test_only_the_moves_that_a_closed_day_asks_for_are_left() -> None:
    found = reasons_for_moves(stated(week(1)), plan(0, 1, 2), plan(4, 2, 3))
    assert found.plan == plan(0, 2, 3)
    assert [one.session for one in found.reasons] == ["l1", "l2"]


def test_what_somebody_wanted_is_neither_undone_nor_explained() -> None:
    found = reasons_for_moves(stated(), plan(0, 1, 2), plan(1, 2, 3), wanted=["l0"])
    assert found.plan == plan(1, 2, 3)
    assert [(one.session, str(one.why)) for one in found.reasons] == [("l1", "“Tema 0” is held then"), ("l2", "“Tema 1” is held then")]


def test_a_slot_by_another_name_at_the_same_time_is_no_move() -> None:
    found = reasons_for_moves(stated(), plan(0, 1, 2), plan(0, 1, 2, slot="same"))
    assert (found.plan, found.reasons) == (plan(0, 1, 2, slot="same"), ())


def test_a_lesson_that_was_not_there_before_is_not_a_move() -> None:
    before = replace(plan(0, 1, 2), sessions=plan(0, 1, 2).sessions[:2])
    assert reasons_for_moves(stated(), before, plan(0, 1, 2)).reasons == ()


@pytest.mark.parametrize("weeks", [(0, 1, 2), (3, 4, 5)])
def test_a_plan_is_not_changed_against_itself(weeks: tuple[int, int, int]) -> None:
    assert reasons_for_moves(stated(week(1)), plan(*weeks), plan(*weeks)).plan == plan(*weeks)
