"""Each hard rule of the planner's format has changes that break it and nothing else, and the checker names it alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time

import pytest

from curriculum.planning.engine.checking import check
from curriculum.planning.engine.problem import Busy, Cycle, Offer, Pin, Plan, Problem, Travel, WeeklyTime, WelfareDay
from curriculum.planning.engine.wording import because
from tests.curriculum.planning.engine.district import PLAN, PROBLEM, Change, Move, asking, putting
from tests.curriculum.planning.engine.problems import span, week

SAME = time(9), time(9, 45)
TUESDAY = next(slot for slot in PROBLEM.groups[0].slots if slot.id == "tue")
OTHERS = PROBLEM.groups[0].slots[1:]
TAKEN = (WeeklyTime(1, time(9, 30), time(10)),)


def unchanged(problem: Problem) -> Problem:
    return problem


def unmoved(plan: Plan) -> Plan:
    return plan


def without(id: str) -> Move:
    return lambda plan: replace(plan, sessions=tuple(one for one in plan.sessions if one.session != id))


def no_lia(plan: Plan) -> Plan:
    """The lessons at Lia in weeks of their own."""
    return both(putting("l1", date=week(6)), putting("l2", date=week(8)))(plan)


def both(*moves: Move) -> Move:
    def move(plan: Plan) -> Plan:
        for one in moves:
            plan = one(plan)
        return plan

    return move


def travelling(minutes: int) -> Change:
    return lambda problem: replace(problem, travel=(Travel(("solbakken", "lia"), minutes),))


def without_travel(problem: Problem) -> Problem:
    return replace(problem, travel=(), default_travel_minutes=120)


def tuesday(**changes: object) -> Change:
    return asking("5a", slots=(replace(TUESDAY, **changes), *OTHERS))  # type: ignore[arg-type]


MUTATIONS: Sequence[tuple[str, Change, Move, str]] = [
    ("H01", unchanged, without("x1"), "x1"),
    ("H02", asking("more", from_date=week(5)), unmoved, "x1"),
    ("H02", asking("more", to_date=week(3)), unmoved, "x1"),
    ("H02", lambda problem: replace(problem, to_date=week(7)), unmoved, "b3"),
    ("H03", unchanged, putting("x1", slot="thu"), "x1"),
    ("H03", unchanged, putting("x1", slot="of another class"), "x1"),
    ("H03", tuesday(to_date=week(3)), unmoved, "x1"),
    ("H03", tuesday(cycle=Cycle(week(0, 4), 5, (0, 1, 2, 3))), unmoved, "x1"),
    ("H03", tuesday(cycle=Cycle(week(5, 2), 5, (0, 1, 2, 3))), unmoved, "x1"),
    ("H04", asking("solbakken", closed=(span(week(4)),)), unmoved, "x1"),
    ("H05", asking("5a", blocked=(span(week(4, 0), 5),)), unmoved, "x1"),
    ("H06", asking("kari", welfare_weekday=(WelfareDay(1, week(4), week(5)),)), unmoved, "x1"),
    ("H07", asking("kari", absences=(span(week(4)),)), unmoved, "x1"),
    ("H07", asking("kari", busy=(Busy(1, *SAME, week(4), week(4)),)), unmoved, "x1"),
    ("H08", asking("kari", schools=("solbakken",)), unmoved, "l1 l2"),
    ("H08", travelling(106), unmoved, "l1 l2"),
    ("H08", without_travel, unmoved, "l1 l2"),
    ("H08", unchanged, putting("l2", slot="nine"), "l2"),
    ("H09", asking("kari", max_per_day=1), unmoved, "l1 l2"),
    ("H10", asking("kari", max_per_week=1), unmoved, "l1 l2"),
    ("H09", asking("kari", busy=(Busy(1, time(14), time(15), week(4), week(5), is_lesson=True),), max_per_day=1), no_lia, "x1"),
    ("H10", asking("kari", busy=(Busy(3, time(8), time(9), week(4, 0), week(4, 6), is_lesson=True),), max_per_week=1), no_lia, "x1"),
    ("H11", unchanged, putting("m2", date=week(0, 4), slot="fri"), "m2"),
    ("H12", asking("main", min_gap_days=8), unmoved, "m2 m3 m4"),
    ("H13", unchanged, putting("l2", date=week(4)), "l2"),
    ("H14", unchanged, both(putting("l1", date=week(1)), putting("l2", date=week(0))), "l2"),
    ("H14", unchanged, both(putting("h1", date=week(1)), putting("h2", date=week(0))), "h2"),
    ("H14", asking("l2", order="first"), unmoved, "l1"),
    ("H14", asking("h1", order="last"), unmoved, "h2"),
    ("H15", unchanged, putting("b1", room=None), "b1"),
    ("H15", unchanged, putting("b1", room="hall"), "b1"),
    ("H15", unchanged, putting("b1", room="loft"), "b1"),
    ("H15", unchanged, putting("x1", room="loft"), "x1"),
    ("H15", asking("gym", busy=TAKEN), unmoved, "m2 b1 j1 j2"),
    ("H16", unchanged, putting("b1", date=week(1)), "b1"),
    ("H17", unchanged, putting("b2", presenter=None), "b2"),
    ("H17", unchanged, putting("b2", presenter="nurse"), "b2"),
    ("H17", unchanged, putting("x1", presenter="nobody"), "x1"),
    ("H17", unchanged, putting("x1", presenter="officer"), "x1"),
    ("H17", asking("officer", schools=("lia",)), unmoved, "m3 b2 j1 j2"),
    ("H17", asking("officer", offers=tuple(Offer(week(n), time(9, 15), time(11)) for n in (2, 6, 7))), unmoved, "m3 b2 j1 j2"),
    ("H17", asking("officer", max_per_day=0), unmoved, "m3 b2 j1"),
    ("H17", asking("officer", max_per_day=2), putting("b2", date=week(2)), "b2"),
    ("H18", unchanged, putting("b3", helper=None), "b3"),
    ("H18", unchanged, putting("b3", helper="noa"), "b3"),
    ("H18", unchanged, putting("x1", helper="nobody"), "x1"),
    ("H18", asking("mia", weekly=(WeeklyTime(1, time(8), time(9, 30)),)), unmoved, "m4 b3"),
    ("H18", asking("mia", absences=(span(week(8)),)), unmoved, "b3"),
    ("H18", unchanged, putting("b3", date=week(3)), "b3"),
    ("H19", unchanged, putting("h1", slot="tue"), "h1"),
    ("H19", asking("more", after=None), putting("x1", date=week(2)), "x1"),
    ("H19", asking("5a", busy=(Busy(1, time(9, 30), time(10), week(4), week(4)), Busy(1, time(9, 45), time(10)))), unmoved, "x1"),
    ("H19", asking("5a", busy=(Busy(1, *SAME, week(4), week(4), "Helsesykepleier"), Busy(2, *SAME))), unmoved, "x1"),
    ("H20", asking("x1", pin=Pin(week(5), "tue")), unmoved, "x1"),
    ("H20", asking("x1", pin=Pin(week(4), "thu")), unmoved, "x1"),
    ("H20", asking("x1", pin=Pin(week(4), "tue", room="hall")), unmoved, "x1"),
    ("H20", asking("b2", pin=Pin(week(7), "tue", presenter="nurse")), unmoved, "b2"),
    ("H20", asking("b3", pin=Pin(week(8), "tue", helper="noa")), unmoved, "b3"),
    ("H21", unchanged, putting("x1", date=week(3, 3), slot="thu"), "x1"),
    ("H22", asking("x1", minutes=46), unmoved, "x1"),
    ("H23", unchanged, putting("j2", room="hall"), "j2"),
    ("H23", asking("j2", needs=PROBLEM.series[0].sessions[0].needs), putting("j2", presenter=None), "j2"),
]


def test_the_district_s_plan_keeps_every_rule() -> None:
    assert check(PROBLEM, PLAN).violations == ()


def test_a_lesson_that_is_first_or_last_where_it_should_be_breaks_nothing() -> None:
    assert check(asking("m1", order="first")(asking("m4", order="last")(PROBLEM)), PLAN).violations == ()


def test_every_rule_of_the_format_has_a_change_that_breaks_it() -> None:
    assert {rule for rule, *_ in MUTATIONS} == {f"H{n:02}" for n in range(1, 24)}


@pytest.mark.parametrize(("rule", "change", "move", "sessions"), MUTATIONS)
def test_a_broken_rule_is_named_alone_and_in_words(rule: str, change: Change, move: Move, sessions: str) -> None:
    problem = change(PROBLEM)
    found = check(problem, move(PLAN)).violations
    assert [(one.rule, one.session) for one in found] == [(rule, session) for session in sessions.split()]
    for one in found:
        assert "%(" not in str(because(problem, one.rule, one.owner, one.why))


@pytest.mark.parametrize(("rule", "change", "move", "sessions"), MUTATIONS)
def test_what_has_been_delivered_breaks_no_rule_any_more(rule: str, change: Change, move: Move, sessions: str) -> None:
    plan = move(PLAN)
    history = change(PROBLEM)
    for one in plan.sessions:
        history = asking(one.session, pin=Pin(one.date, one.slot), delivered=True)(history)
    assert [(one.rule, one.session) for one in check(history, plan).violations] == ([("H01", "x1")] if rule == "H01" else [])


def rules(problem: Problem, plan: Plan = PLAN) -> set[str]:
    return {one.rule for one in check(problem, plan).violations}


def delivered(id: str) -> Change:
    placed = next(one for one in PLAN.sessions if one.session == id)
    return asking(id, pin=Pin(placed.date, placed.slot), delivered=True)


def test_a_joint_lesson_counts_once_for_agent_room_and_presenter() -> None:
    apart = check(replace(PROBLEM, together=()), PLAN).violations
    assert [(one.rule, one.session) for one in apart] == [(rule, "j2") for rule in ("H08", "H09", "H10", "H17", "H17", "H16")]


def test_a_joint_lesson_at_two_times_is_no_joint_lesson() -> None:
    assert rules(PROBLEM, putting("j2", date=week(7))(PLAN)) == {"H17", "H23"}
    assert rules(delivered("j2")(PROBLEM), putting("j1", room="hall")(PLAN)) == {"H15", "H23"}


def test_each_class_of_a_joint_lesson_has_a_second_adult_of_its_own() -> None:
    assert rules(PROBLEM, both(putting("j1", helper="mia"), putting("j2", helper="mia"))(PLAN)) == {"H18"}


def test_a_joint_lesson_is_held_in_a_room_of_any_of_its_schools() -> None:
    joint = replace(PROBLEM, together=(("l2", "m2"),))
    free = replace(joint, travel=(Travel(("solbakken", "lia"), 0),), series=joint.series[:4])
    plan = putting("l2", slot="nine", room="gym")(replace(PLAN, sessions=PLAN.sessions[:9]))
    assert rules(free, plan) == set()


def test_what_is_asked_and_what_is_delivered_keep_clear_of_each_other() -> None:
    plan = putting("h1", slot="tue")(PLAN)
    for id in ("m1", "h1"):
        asked = delivered(id)(PROBLEM) if id == "m1" else asking("h1", pin=Pin(week(0), "tue"), delivered=True)(PROBLEM)
        assert [(one.rule, one.session) for one in check(asked, plan).violations] == [("H19", "h1" if id == "m1" else "m1")]
    assert [one.session for one in check(delivered("m3")(asking("main", min_gap_days=8)(PROBLEM)), PLAN).violations] == ["m2", "m2", "m4"]


def test_a_delivered_lesson_takes_its_place_in_the_most_a_day_may_hold() -> None:
    full = delivered("l1")(asking("kari", max_per_day=1)(PROBLEM))
    assert [(one.rule, one.session) for one in check(full, PLAN).violations] == [("H09", "m1"), ("H09", "l2")]


def test_a_lesson_that_others_hold_asks_nothing_of_the_agents_of_its_series() -> None:
    away = asking("kari", absences=(span(week(4)),), schools=("lia",))(PROBLEM)
    others = asking("x1", agents=())(away)
    assert [one.session for one in check(away, PLAN).violations if one.session == "x1"] == ["x1", "x1"]
    assert [one for one in check(others, PLAN).violations if one.session == "x1"] == []
    assert rules(asking("x1", agents=("ola",))(PROBLEM), putting("x1", date=week(5))(PLAN)) == set()
    assert rules(asking("x1", agents=("ola",))(PROBLEM), putting("x1", date=week(6, 3), slot="thu")(PLAN)) == {"H10"}


def test_weeks_without_teaching_do_not_count_between_two_lessons_also_across_week_53() -> None:
    before, after = date(2026, 12, 15), date(2027, 1, 5)
    long = replace(PROBLEM, to_date=after, series=tuple(replace(one, to_date=after) for one in PROBLEM.series))
    plan = both(putting("l1", date=before), putting("l2", date=after))(PLAN)
    assert rules(long, plan) == {"H13"}
    closed = (span(date(2026, 12, 19), 14), span(date(2027, 1, 2), 2), span(week(1, 0), 4))
    assert rules(asking("lia", closed=closed)(long), plan) == set()


def test_the_turn_of_the_year_lies_within_one_week() -> None:
    plan = both(putting("l1", date=date(2026, 12, 29)), putting("l2", date=date(2027, 1, 1)))(PLAN)
    fridays = (*PROBLEM.groups[3].slots, replace(OTHERS[1], id="fri"))
    long = replace(PROBLEM, to_date=date(2027, 1, 3), series=tuple(replace(one, to_date=date(2027, 1, 3)) for one in PROBLEM.series))
    asked = asking("6a", slots=fridays)(asking("lia", max_per_week=1)(long))
    assert rules(asked, putting("l2", slot="fri")(plan)) == {"H11"}


def test_nobody_comes_to_a_time_that_is_not_known_and_nothing_clashes_with_it() -> None:
    lost = both(putting("m2", slot="?"), putting("j1", slot="?"), putting("b3", slot="?"), putting("l1", slot="?"))(PLAN)
    assert rules(PROBLEM, lost) == {"H03", "H17", "H18", "H09", "H10"}


def test_a_plan_without_sessions_lacks_them_all() -> None:
    assert {one.rule for one in check(PROBLEM, replace(PLAN, sessions=())).violations} == {"H01"}
