"""Laying out a series over the teaching weeks, and saying why when it cannot be done."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curriculum.planning.engine.checking import check
from curriculum.planning.engine.laying_out import lay_out, working_weeks
from curriculum.planning.engine.problem import (
    WEIGHTS,
    Agent,
    Busy,
    Closed,
    Conflict,
    Cycle,
    Infeasible,
    Pin,
    Placed,
    Plan,
    Problem,
    RuleKey,
    Session,
    Slot,
    WelfareDay,
)
from tests.curriculum.planning.engine.problems import AGENT, MONDAY, TUESDAY_AT_NINE, WEEKS, problem, problems, span, week

THURSDAY_AT_TEN = Slot("thu", 3, time(10), time(10, 45))


def plan_of(asked: Problem) -> Plan:
    answer = lay_out(asked)
    assert isinstance(answer, Plan)
    return answer


def dates_of(plan: Plan) -> list[date]:
    return [placed.date for placed in plan.sessions]


def dates(asked: Problem) -> list[date]:
    return dates_of(plan_of(asked))


def with_soft(asked: Problem, *soft: Closed) -> Problem:
    return replace(asked, groups=(replace(asked.groups[0], soft=soft),))


def with_busy_class(asked: Problem) -> Problem:
    """The pupils have something else in the second week at nine."""
    return replace(asked, groups=(replace(asked.groups[0], busy=(Busy(1, time(9), time(9, 15), week(1), week(1)),)),))


def between(asked: Problem, **rules: Any) -> Problem:
    """The problem with these rules between the lessons of its series."""
    return replace(asked, series=(replace(asked.series[0], **rules),))


def conflict_of(asked: Problem) -> Conflict:
    answer = lay_out(asked)
    assert isinstance(answer, Infeasible)
    return answer.conflicts[0]


def kinds(conflict: Conflict) -> list[str]:
    return [rule.kind for rule in conflict.rules]


# --- Where lessons come ---------------------------------------------------------------------------------------------------------------


def test_lessons_come_in_listed_order_one_a_week_from_the_first_week() -> None:
    plan = plan_of(problem(3))
    assert plan.sessions == (Placed("s0", week(0), "tue"), Placed("s1", week(1), "tue"), Placed("s2", week(2), "tue"))
    assert (plan.objective, plan.bound, plan.status) == (0, 0, "optimal")


def test_weeks_are_counted_through_week_53_and_the_turn_of_the_year() -> None:
    placed = dates(problem(10, 10))
    assert [day.isocalendar()[:2] for day in placed][7:] == [(2026, 52), (2026, 53), (2027, 1)]


@pytest.mark.parametrize(
    "asked",
    [
        problem(closed=(span(week(1)),)),
        problem(blocked=(span(week(1), reason="Leirskole"),)),
        problem(agent=replace(AGENT, absences=(span(week(1), reason="Kurs"),))),
        problem(agent=replace(AGENT, busy=(Busy(1, time(9, 30), time(10, 15), week(1), week(1)),))),
        problem(agent=replace(AGENT, welfare_weekday=(WelfareDay(1, week(1), week(1)),))),
        with_busy_class(problem()),
        problem(slots=(replace(TUESDAY_AT_NINE, to_date=week(0)), replace(TUESDAY_AT_NINE, id="later", from_date=week(2)))),
    ],
    ids=["school closed", "class away", "agent absent", "agent teaches others", "agent elsewhere", "class taken", "no slot that week"],
)
def test_a_lost_week_is_skipped(asked: Problem) -> None:
    assert dates(asked) == [week(0), week(2), week(3)]


def test_an_agent_may_teach_right_before() -> None:
    busy = Busy(1, time(8, 15), time(9), None, None)
    assert dates(problem(agent=replace(AGENT, busy=(busy,)))) == [week(0), week(1), week(2)]


def test_a_second_time_the_same_week_serves_when_the_first_is_lost() -> None:
    plan = plan_of(problem(closed=(span(week(1)),), slots=(TUESDAY_AT_NINE, replace(THURSDAY_AT_TEN, penalty=6))))
    assert [placed.date for placed in plan.sessions] == [week(0), week(1, 3), week(2)]
    assert plan.terms == dict.fromkeys(WEIGHTS, 0) | {"off_slot": 1, "slot_penalty": 6}
    assert (plan.objective, plan.bound, plan.status) == (16, 0, "greedy")


def test_one_time_for_all_of_them_is_better_than_two() -> None:
    plan = plan_of(problem(closed=(span(week(1)),), slots=(TUESDAY_AT_NINE, replace(THURSDAY_AT_TEN, penalty=3))))
    assert [placed.date for placed in plan.sessions] == [week(0, 3), week(1, 3), week(2, 3)]
    assert plan.objective == 9


@pytest.mark.parametrize(("penalty", "slots"), [(0, ["thu", "thu"]), (20, ["tue", "thu"])])
def test_a_long_theme_takes_the_longer_time_and_the_others_with_it_unless_that_costs_more(penalty: int, slots: list[str]) -> None:
    sessions = (Session("short", "a", "A", 45), Session("long", "b", "B", 60))
    asked = problem(sessions=sessions, slots=(TUESDAY_AT_NINE, Slot("thu", 3, time(10), time(11), penalty)))
    assert [placed.slot for placed in plan_of(asked).sessions] == slots


def test_locked_and_delivered_lessons_stay_and_the_others_find_their_way_around() -> None:
    sessions = (
        Session("a", "a", "A", 45, Pin(week(0), "tue"), delivered=True),
        Session("b", "b", "B", 45),
        Session("c", "c", "C", 45, Pin(week(1), "tue")),
        Session("d", "d", "D", 45),
    )
    plan = plan_of(problem(sessions=sessions))
    assert [placed.date for placed in plan.sessions] == [week(0), week(2), week(1), week(3)]
    assert plan.terms["order_shift"] == 2
    assert (plan.objective, plan.bound, plan.status) == (10, 10, "optimal")


def test_what_is_not_delivered_comes_after_what_is_even_on_a_day_since_closed_and_a_time_since_dropped() -> None:
    sessions = (Session("a", "a", "A", 45, Pin(week(2), "old"), delivered=True), Session("b", "b", "B", 45))
    assert dates(problem(sessions=sessions, closed=(span(week(2)),))) == [week(2), week(3)]


def test_the_cost_of_ending_late_and_of_idle_weeks() -> None:
    plan = plan_of(problem(3, closed=(span(week(1)),), prefer_finish_by=week(1, 4)))
    assert plan.terms["late_weeks"] == 2
    assert plan.terms["idle_weeks"] == 1
    assert (plan.objective, plan.bound, plan.status) == (220, 220, "optimal")


def test_a_break_of_the_school_is_not_an_idle_week() -> None:
    assert plan_of(problem(3, closed=(span(week(1, 0), 7),))).terms["idle_weeks"] == 0


def test_starting_as_asked_is_not_called_optimal_when_starting_later_would_leave_no_idle_week() -> None:
    plan = plan_of(problem(2, closed=(span(week(1)),)))
    assert (dates_of(plan), plan.objective, plan.bound, plan.status) == ([week(0), week(2)], 20, 0, "greedy")


def test_a_series_that_nobody_asked_to_begin_at_once_begins_when_it_can_run_without_a_gap() -> None:
    asked = problem(2, closed=(span(week(1)),))
    plan = plan_of(replace(asked, series=(replace(asked.series[0], begin_at_once=False),)))
    assert (dates_of(plan), plan.objective, plan.bound, plan.status) == ([week(2), week(3)], 0, 0, "optimal")


def test_a_soft_day_is_avoided_while_there_is_room_and_the_plan_costs_what_it_costs_without() -> None:
    soft = with_soft(problem(3), span(week(1), reason="Nasjonale prøver"))
    plan = plan_of(soft)
    assert (dates_of(plan), plan.objective, plan.bound, plan.status) == ([week(0), week(2), week(3)], 20, 0, "greedy")


def test_a_soft_first_day_is_waited_out() -> None:
    assert dates(with_soft(problem(3), span(week(0)))) == [week(1), week(2), week(3)]


def test_a_soft_day_is_used_rather_than_ending_a_week_late_or_not_at_all() -> None:
    assert dates(with_soft(problem(3, prefer_finish_by=week(2)), span(week(1)))) == [week(0), week(1), week(2)]
    assert dates(with_soft(problem(6), span(week(1)))) == [week(n) for n in range(6)]


def test_every_other_week_is_counted_from_its_anchor_through_week_53() -> None:
    slot = replace(TUESDAY_AT_NINE, cycle=Cycle(MONDAY - timedelta(14), 2, (0,)))
    placed = dates(problem(5, 10, slots=(slot,)))
    assert [day.isocalendar()[1] for day in placed] == [45, 47, 49, 51, 53]


def test_at_most_so_many_teaching_weeks_pass_between_neighbours_and_a_break_is_none() -> None:
    break_ = problem(2, closed=(span(week(1, 0), 7), span(week(2))))
    assert dates(between(break_, max_gap_weeks=2)) == [week(0), week(3)]
    assert dates(between(break_, max_gap_weeks=1)) == [week(3), week(4)]


def test_so_many_days_pass_between_neighbours() -> None:
    friday_then_monday = (Slot("fri", 4, time(9), time(9, 45), 0, week(0), week(0, 4)), Slot("mon", 0, time(9), time(9, 45), 0, week(1, 0)))
    assert dates(between(problem(2, slots=friday_then_monday), min_gap_days=3)) == [week(0, 4), week(1, 0)]
    assert dates(between(problem(2, slots=friday_then_monday), min_gap_days=4)) == [week(0, 4), week(2, 0)]


def test_two_a_week_where_the_series_may() -> None:
    twice = between(problem(4, slots=(TUESDAY_AT_NINE, THURSDAY_AT_TEN)), max_per_week=2)
    assert dates(replace(twice, weights=dict(WEIGHTS) | {"off_slot": 0})) == [week(0), week(0, 3), week(1), week(1, 3)]


def test_no_more_a_week_than_the_series_may_whatever_times_there_are() -> None:
    slots = (TUESDAY_AT_NINE, THURSDAY_AT_TEN, Slot("fri", 4, time(9), time(9, 45)))
    twice = between(problem(4, slots=slots), max_per_week=2)
    assert dates(replace(twice, weights=dict(WEIGHTS) | {"off_slot": 0})) == [week(0), week(0, 3), week(1), week(1, 3)]


def test_what_was_delivered_is_history_however_close_or_far_apart() -> None:
    held = tuple(Session(id, id, id, 45, Pin(day, "tue"), delivered=True) for id, day in (("a", week(0)), ("b", week(0)), ("c", week(3))))
    asked = between(problem(sessions=(*held, Session("d", "d", "D", 45))), max_gap_weeks=1, min_gap_days=3, max_per_week=1)
    assert dates(asked) == [week(0), week(0), week(3), week(4)]


def test_the_weeks_a_series_could_use_are_those_no_rule_speaks_against() -> None:
    assert working_weeks(problem(closed=(span(week(1)),), weeks=3)) == {MONDAY, MONDAY + timedelta(14)}


def test_a_lesson_comes_after_the_one_it_builds_on_and_the_shift_is_paid() -> None:
    plan = plan_of(between(problem(3), precedence=(("s2", "s0"),)))
    assert plan.sessions[2].date < plan.sessions[0].date
    assert (plan.terms["order_shift"], plan.status) == (4, "optimal")


def test_a_lesson_of_a_colleague_is_held_when_the_agent_is_away() -> None:
    away = replace(AGENT, absences=(span(week(1)),))
    sessions = (Session("a", "a", "A", 45), Session("b", "b", "B", 45, agents=("ola",)), Session("c", "c", "C", 45, agents=()))
    asked = problem(sessions=sessions, agent=away)
    asked = replace(asked, agents=(away, Agent("ola", "Ola Lunde", absences=(span(week(2)),))))
    assert dates(asked) == [week(0), week(1), week(2)]


@pytest.mark.parametrize("order", ["flexible", "listed"])
def test_several_lessons_a_week_of_different_holders_give_a_plan_that_does_not_claim_to_be_the_best(order: str) -> None:
    sessions = (Session("a", "a", "A", 45), Session("b", "b", "B", 45, agents=()), Session("c", "c", "C", 45))
    agent = replace(AGENT, max_per_week=1, target_per_week=0)
    asked = between(problem(sessions=sessions, slots=(TUESDAY_AT_NINE, THURSDAY_AT_TEN), agent=agent), max_per_week=2, order=order)
    plan = plan_of(asked)
    assert (plan.status, plan.objective, plan.bound) == ("greedy", 8, 0)
    assert check(asked, plan).is_clean


def test_more_orders_than_can_be_looked_at_give_a_good_plan_that_does_not_claim_to_be_the_best() -> None:
    asked = between(problem(16, weeks=18), precedence=tuple((f"s{n + 8}", f"s{n}") for n in range(8)))
    plan = plan_of(asked)
    assert check(asked, plan).is_clean
    assert (plan.status, plan.objective > plan.bound) == ("greedy", True)


def test_a_series_without_lessons_is_planned() -> None:
    assert plan_of(problem(0)).sessions == ()


def test_several_series_are_laid_out_side_by_side_and_each_conflict_is_told() -> None:
    one, other = problem(2), problem(9)
    both = replace(one, series=(one.series[0], replace(other.series[0], id="second")))
    answer = lay_out(both)
    assert isinstance(answer, Infeasible)
    assert [conflict.rules[0].owner for conflict in answer.conflicts] == ["second"]


# --- Why not --------------------------------------------------------------------------------------------------------------------------


def test_too_few_weeks_are_counted_and_every_fix_offered_works() -> None:
    conflict = conflict_of(problem(8, 5, earlier=3))
    assert str(conflict.words) == ("There is not room for all the lessons by 2026-12-06. Lessons: 8. School weeks left with this time: 5.")
    assert kinds(conflict) == ["H01", "H02"]
    assert [(fix.kind, fix.value) for fix in conflict.fixes] == [("start", MONDAY - timedelta(21)), ("fewer", 3)]
    assert str(conflict.fixes[0].words) == "Start in week 42."
    assert isinstance(lay_out(problem(8, 5, earlier=2)), Infeasible)


def test_an_agent_who_is_elsewhere_on_that_weekday_is_named_and_other_days_offered() -> None:
    conflict = conflict_of(problem(agent=Agent("kari", "Kari Solvang", (WelfareDay(1),))))
    assert str(conflict.words) == "Kari Solvang is elsewhere on Tuesdays, so this time never works."
    assert conflict.rules[2:] == (RuleKey("H03", "5a"), RuleKey("H06", "kari"))
    assert [str(fix.words) for fix in conflict.fixes] == [
        "Choose Mondays.",
        "Choose Wednesdays.",
        "Choose Thursdays.",
        "Choose Fridays.",
        "Choose another agent than Kari Solvang.",
    ]


def test_only_the_rules_that_matter_are_named() -> None:
    agent = replace(AGENT, absences=(span(week(0), 28, "Permisjon"),))
    conflict = conflict_of(problem(3, 6, agent=agent, closed=(span(week(5, 3)),), blocked=(span(week(4, 3)),)))
    assert conflict.rules[2:] == (RuleKey("H03", "5a"), RuleKey("H07", "kari", "Permisjon"))
    assert conflict.minimal


def test_a_theme_longer_than_the_lesson_is_named() -> None:
    conflict = conflict_of(problem(sessions=(Session("a", "a", "Vennskap", 60),)))
    assert str(conflict.words) == "“Vennskap” needs 60 minutes, but the lesson is only 45 minutes."
    assert [str(fix.words) for fix in conflict.fixes] == ["Make the lesson 60 minutes."]


def test_a_class_without_a_weekly_time_is_told_so_by_the_rule() -> None:
    assert kinds(conflict_of(problem(slots=()))) == ["H01", "H03"]


@pytest.mark.parametrize(
    ("asked", "pin", "rule", "why"),
    [
        (problem(closed=(span(week(1)),)), Pin(week(1), "tue"), "H04", "the school is closed (Høstferie)"),
        (problem(closed=(span(week(1), reason=""),)), Pin(week(1), "tue"), "H04", "the school is closed"),
        (problem(), Pin(week(1, 5), "tue"), "H03", "the class has no such lesson time"),
        (
            problem(slots=(Slot("sat", 5, time(9), time(9, 45)),)),
            Pin(week(1, 5), "sat"),
            "H04",
            "there is no school on a Saturday or a Sunday",
        ),
        (problem(), Pin(week(9), "tue"), "H02", "the series runs from 2026-11-02 to 2026-12-13"),
        (problem(), Pin(week(1), "gone"), "H03", "the class has no such lesson time"),
        (problem(slots=(Slot("tue", 1, time(9), time(9, 30)),)), Pin(week(1), "tue"), "H22", "the time is too short for the theme"),
        (problem(agent=replace(AGENT, absences=(span(week(1), reason=""),))), Pin(week(1), "tue"), "H07", "Kari Solvang is not available"),
    ],
)
def test_a_lesson_locked_where_it_cannot_be_held_is_named(asked: Problem, pin: Pin, rule: str, why: str) -> None:
    sessions = (Session("a", "a", "Vennskap", 45, pin),)
    conflict = conflict_of(replace(asked, series=(replace(asked.series[0], sessions=sessions),)))
    assert kinds(conflict)[0] == "H20"
    assert rule in kinds(conflict)
    assert str(conflict.words) == f"“Vennskap” is locked to {pin.date}, but cannot be held then: {why}."
    assert [str(fix.words) for fix in conflict.fixes] == ["Unlock the date of “Vennskap”."]


def test_two_lessons_locked_to_the_same_time_clash() -> None:
    sessions = tuple(Session(id, id, id, 45, Pin(week(1), "tue")) for id in "ab")
    assert kinds(conflict_of(problem(sessions=sessions))) == ["H20", "H19"]


def test_a_delivered_lesson_must_say_when_it_was() -> None:
    with pytest.raises(ValueError, match="delivered"):
        Session("a", "a", "A", delivered=True)


# --- Whatever the problem -------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@given(problems())
def test_a_plan_passes_the_checker_and_keeps_every_pin(asked: Problem) -> None:
    answer = lay_out(asked)
    if isinstance(answer, Plan):
        assert check(asked, answer).violations == ()
        placed = {one.session: (one.date, one.slot) for one in answer.sessions}
        pinned = {one.id: (one.pin.date, one.pin.slot) for one in asked.series[0].sessions if one.pin}
        assert pinned.items() <= placed.items()


@pytest.mark.slow
@given(problems())
def test_the_same_problem_gives_the_same_answer_twice(asked: Problem) -> None:
    assert repr(lay_out(asked)) == repr(lay_out(replace(asked, name=asked.name)))


@pytest.mark.slow
@given(problems())
def test_no_plan_costs_less_than_the_bound_and_an_optimal_one_costs_just_that(asked: Problem) -> None:
    answer = lay_out(asked)
    if isinstance(answer, Plan):
        assert (answer.status == "optimal") is (answer.objective == answer.bound)
        assert answer.objective >= answer.bound


def everything_possible(asked: Problem) -> Iterator[Plan]:
    """Every plan of one lesson a week in listed order that the checker lets pass, by trying all."""
    sessions, slots = asked.series[0].sessions, asked.groups[0].slots
    spots = [[(MONDAY + timedelta(7 * n + slot.weekday), slot.id) for slot in slots] for n in range(WEEKS)]
    for weeks in combinations(range(WEEKS), len(sessions)):
        for choice in product(*(spots[n] for n in weeks)):
            placed = tuple(Placed(session.id, *spot) for session, spot in zip(sessions, choice, strict=True))
            plan = Plan(placed, {}, 0, 0, "greedy")
            if check(asked, plan).is_clean:
                yield plan


def cost(asked: Problem, plan: Plan) -> int:
    """What a plan of one slot costs, reckoned anew: 100 a week late, 20 an idle week, and the slot's penalty."""
    days = [placed.date for placed in plan.sessions]
    mondays = [day - timedelta(day.weekday()) for day in days]
    wish = asked.series[0].prefer_finish_by
    late = max(0, (mondays[-1] - (wish - timedelta(wish.weekday()))).days // 7) if wish else 0
    teaching = set()
    for n in range(5 * WEEKS):
        day = MONDAY + timedelta(n // 5 * 7 + n % 5)
        if days[0] <= day <= days[-1] and not any(one.from_date <= day <= one.to_date for one in asked.schools[0].closed):
            teaching.add(day - timedelta(day.weekday()))
    return 100 * late + 20 * len(teaching - set(mondays)) + len(days) * asked.groups[0].slots[0].penalty


@pytest.mark.slow
@given(problems(most_slots=1, pins=False))
def test_with_one_weekly_time_the_bound_is_the_least_cost_there_is_and_no_plan_ends_sooner(asked: Problem) -> None:
    all_of_them = list(everything_possible(asked))
    answer = lay_out(asked)
    assert isinstance(answer, Plan) is bool(all_of_them)
    if isinstance(answer, Plan):
        assert answer.bound == min(cost(asked, plan) for plan in all_of_them)
        assert answer.objective == cost(asked, answer)
        assert answer.sessions[-1].date == min(plan.sessions[-1].date for plan in all_of_them)


@pytest.mark.slow
@given(problems(pins=False))
def test_with_two_weekly_times_a_plan_is_found_when_there_is_one_and_each_lesson_is_as_early_as_can_be(asked: Problem) -> None:
    all_of_them = list(everything_possible(asked))
    answer = lay_out(asked)
    assert isinstance(answer, Plan) is bool(all_of_them)
    if isinstance(answer, Plan):
        for index, placed in enumerate(answer.sessions):
            earliest = min(plan.sessions[index].date.isocalendar()[:2] for plan in all_of_them)
            assert placed.date.isocalendar()[:2] == earliest


def only(asked: Problem, rules: Iterable[RuleKey]) -> Problem:
    """The problem with no other rules about days than these."""
    school, group, agent, kept = asked.schools[0], asked.groups[0], asked.agents[0], set(rules)
    kari = replace(
        agent,
        welfare_weekday=agent.welfare_weekday if RuleKey("H06", agent.id) in kept else (),
        absences=tuple(one for one in agent.absences if RuleKey("H07", agent.id, one.reason) in kept),
        busy=agent.busy if RuleKey("H07", agent.id) in kept else (),
    )
    closed = tuple(one for one in school.closed if RuleKey("H04", school.id, one.reason) in kept)
    blocked = tuple(one for one in group.blocked if RuleKey("H05", group.id, one.reason) in kept)
    return replace(asked, schools=(replace(school, closed=closed),), groups=(replace(group, blocked=blocked),), agents=(kari,))


@pytest.mark.slow
@given(problems(st.integers(5, 7), pins=False))
def test_the_rules_of_a_conflict_clash_and_would_not_without_any_one_of_them(asked: Problem) -> None:
    answer = lay_out(asked)
    if isinstance(answer, Plan):
        return
    rules = answer.conflicts[0].rules
    assert isinstance(lay_out(only(asked, rules)), Infeasible)
    if any(rule.kind == "H03" for rule in rules):
        for rule in rules:
            fewer = lay_out(only(asked, set(rules) - {rule}))
            assert isinstance(fewer, Plan) is (rule.kind > "H03")


@pytest.mark.slow
@given(problems(st.integers(6, 8)))
def test_every_conflict_can_be_read(asked: Problem) -> None:
    answer = lay_out(asked)
    for conflict in answer.conflicts if isinstance(answer, Infeasible) else ():
        assert len(conflict.rules) > 1
        assert "%(" not in str(conflict.words)
        assert all("%(" not in str(fix.words) for fix in conflict.fixes)


@given(problems())
def test_who_does_not_ask_for_the_bound_gets_the_same_plan(asked: Problem) -> None:
    whole, plain = lay_out(asked), lay_out(asked, bounded=False)
    if isinstance(whole, Plan):
        whole = replace(whole, bound=0, status="optimal" if whole.objective == 0 else "greedy")
    assert plain == whole
