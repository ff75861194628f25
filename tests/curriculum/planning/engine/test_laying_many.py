"""Several series at once: around each other, good, and the one that has no room named."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from time import process_time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curriculum.planning.engine.checking import check
from curriculum.planning.engine.laying_out import lay_out
from curriculum.planning.engine.problem import (
    Agent,
    Group,
    Infeasible,
    Pin,
    Placed,
    Plan,
    Problem,
    School,
    SeriesProblem,
    Session,
    Slot,
    Travel,
)
from tests.curriculum.planning.engine.problems import MONDAY, span, week

NINE = Slot("nine", 1, time(9), time(9, 45))
TEN = Slot("ten", 1, time(10), time(10, 45))
THURSDAY = Slot("thu", 3, time(9), time(9, 45))
KARI = Agent("kari", "Kari Solvang")


def series(id: str, lessons: int = 2, group: str = "", agents: tuple[str, ...] = ("kari",), **rules: Any) -> SeriesProblem:
    sessions = tuple(Session(f"{id}{n}", "t", f"Theme {n}", 45) for n in range(lessons))
    return SeriesProblem(id, group or id, agents, f"Course {id}", MONDAY, week(5, 6), sessions, **rules)


def group(id: str, *slots: Slot, school: str = "solbakken", overlaps: tuple[str, ...] = ()) -> Group:
    return Group(id, id.upper(), school, slots, overlaps=overlaps)


def asked(groups: Sequence[Group], of: Sequence[SeriesProblem], *agents: Agent, **more: Any) -> Problem:
    schools = (School("solbakken", "Solbakken skole"), School("elvesvingen", "Elvesvingen skole"))
    return Problem("many", MONDAY, week(5, 6), schools, agents or (KARI,), tuple(groups), tuple(of), **more)


def plan_of(problem: Problem) -> Plan:
    answer = lay_out(problem)
    assert isinstance(answer, Plan)
    assert check(problem, answer).violations == ()
    return answer


def dates(plan: Plan, id: str) -> list[date]:
    return [one.date for one in plan.sessions if one.session.startswith(id)]


def test_two_classes_at_the_same_time_take_turns_when_they_have_one_agent() -> None:
    plan = plan_of(asked([group("a", NINE), group("b", NINE)], [series("a"), series("b")]))
    assert sorted(dates(plan, "a") + dates(plan, "b")) == [week(n) for n in range(4)]
    assert (plan.objective, plan.bound, plan.status) == (0, 0, "optimal")


def test_the_way_between_two_schools_takes_its_time() -> None:
    groups = [group("a", NINE), group("b", TEN, school="elvesvingen")]
    near = plan_of(asked(groups, [series("a", 6), series("b", 6)], travel=(Travel(("elvesvingen", "solbakken"), 15),)))
    assert dates(near, "a") == dates(near, "b") == [week(n) for n in range(6)]
    assert (near.terms["two_school_days"], near.objective, near.bound, near.status) == (6, 18, 0, "greedy")
    assert isinstance(lay_out(asked(groups, [series("a", 6), series("b", 6)])), Infeasible)


def test_days_at_two_schools_are_avoided_where_that_costs_nothing() -> None:
    groups = [group("a", NINE), group("b", replace(NINE, start=time(13), end=time(13, 45)), THURSDAY, school="elvesvingen")]
    plan = plan_of(asked(groups, [series("a"), series("b")]))
    assert plan.terms["two_school_days"] == 0


def test_an_agent_has_no_more_a_day_and_a_week_than_she_may_and_as_little_above_her_target_as_can_be() -> None:
    groups, both = [group("a", NINE), group("b", TEN, THURSDAY)], [series("a", 3), series("b", 3)]
    assert set(dates(plan_of(asked(groups, both, replace(KARI, max_per_day=1))), "b")) == {week(0, 3), week(1, 3), week(2, 3)}
    by_turns = plan_of(asked(groups, both, replace(KARI, max_per_week=1)))
    assert set(dates(by_turns, "a")) & set(dates(by_turns, "b")) == set()
    spread = plan_of(asked(groups, both, replace(KARI, target_per_week=1, target_per_day=1)))
    assert (spread.terms["overload_week"], spread.terms["overload_day"]) == (0, 0)


def test_groups_that_share_pupils_are_not_taught_at_once_whichever_of_them_says_so() -> None:
    for named in ("a", "b"):
        groups = [group(id, NINE, overlaps=("b",) if id == named == "a" else ("a",) if id == named else ()) for id in ("a", "b")]
        plan = plan_of(asked(groups, [series("a"), series("b", agents=("ola",))], KARI, Agent("ola", "Ola Lunde")))
        assert set(dates(plan, "a")) & set(dates(plan, "b")) == set()


def test_two_series_of_one_class_do_not_meet() -> None:
    plan = plan_of(asked([group("a", NINE)], [series("x", 3, "a"), series("y", 3, "a", agents=())]))
    assert sorted(dates(plan, "x") + dates(plan, "y")) == [week(n) for n in range(6)]


def test_a_series_begins_in_a_later_week_than_the_one_it_follows_ends_and_that_one_leaves_it_room() -> None:
    late = replace(NINE, from_date=week(3))
    groups = [group("a", NINE, THURSDAY), group("b", late)]
    plan = plan_of(asked(groups, [series("b", 3, after="a"), series("a", 3)]))
    assert (dates(plan, "a"), dates(plan, "b")) == ([week(0), week(1), week(2)], [week(3), week(4), week(5)])


def test_the_one_before_ends_before_what_is_locked_in_the_one_after() -> None:
    follower = series("b", 1, after="a")
    follower = replace(follower, sessions=(replace(follower.sessions[0], pin=Pin(week(2), "nine")),))
    assert dates(plan_of(asked([group("a", NINE), group("b", NINE)], [series("a"), follower])), "a") == [week(0), week(1)]


def test_series_that_follow_each_other_in_a_circle_have_no_plan() -> None:
    answer = lay_out(asked([group("a", NINE), group("b", NINE)], [series("a", after="b"), series("b", after="a")]))
    assert isinstance(answer, Infeasible)
    assert [rule.kind for rule in answer.conflicts[0].rules] == ["H01", "H19", "H08", "H21"]


def test_a_joint_lesson_is_held_at_one_time_and_counts_once() -> None:
    groups = [group("a", NINE, THURSDAY), group("b", replace(NINE, id="b-nine", to_date=week(1)), replace(THURSDAY, id="b-thu"))]
    agent = replace(KARI, max_per_day=1, max_per_week=2, target_per_day=1)
    plan = plan_of(asked(groups, [series("a", 3), series("b", 3)], agent, together=(("a1", "b1"),)))
    where = {one.session: one.date for one in plan.sessions}
    assert where["a1"] == where["b1"]
    assert plan.terms["overload_day"] == 0


def test_a_joint_lesson_comes_where_the_other_one_is_locked() -> None:
    locked = series("b", 1)
    locked = replace(locked, sessions=(replace(locked.sessions[0], pin=Pin(week(3), "nine")),))
    plan = plan_of(asked([group("a", NINE, TEN), group("b", NINE)], [series("a", 2), locked], together=(("b0", "a0"),)))
    assert dates(plan, "a") == [week(3), week(4)]


@pytest.mark.parametrize(
    ("slot", "pin"),
    [(TEN, None), (replace(NINE, end=time(9, 30)), None), (NINE, Pin(week(1), "nine"))],
    ids=["no time in common", "too short", "locked elsewhere"],
)
def test_joint_lessons_that_cannot_be_held_together_have_no_plan(slot: Slot, pin: Pin | None) -> None:
    first, second = series("a", 1), series("b", 1)
    first = replace(first, sessions=(replace(first.sessions[0], pin=pin, minutes=30),))
    second = replace(second, sessions=(replace(second.sessions[0], pin=Pin(week(2), "nine") if pin else None),))
    answer = lay_out(
        asked([group("a", slot), group("b", NINE)], [first, replace(second, sessions=second.sessions)], together=(("a0", "b0"),))
    )
    assert isinstance(answer, Plan) is (slot.end == time(9, 30))


def test_a_joint_lesson_that_is_locked_to_a_time_the_other_class_does_not_have_has_no_plan() -> None:
    locked = series("b", 1)
    locked = replace(locked, sessions=(replace(locked.sessions[0], pin=Pin(week(3), "ten")),))
    answer = lay_out(asked([group("a", NINE), group("b", TEN)], [series("a", 1), locked], together=(("b0", "a0"),)))
    assert isinstance(answer, Infeasible)
    assert answer.conflicts[0].rules[0].owner == "a"


def test_a_joint_lesson_delivered_at_a_time_since_dropped_holds_the_other_one_to_nothing() -> None:
    given = series("b", 1)
    given = replace(given, sessions=(replace(given.sessions[0], pin=Pin(week(3), "old"), delivered=True),))
    plan = plan_of(asked([group("a", NINE), group("b", NINE)], [series("a", 1), given], together=(("b0", "a0"),)))
    assert dates(plan, "a") == [week(0)]


def test_locks_on_the_wrong_side_of_each_other_in_series_that_follow_have_no_plan() -> None:
    first, then = series("a", 1), series("b", 1, after="a")
    first = replace(first, sessions=(replace(first.sessions[0], pin=Pin(week(3), "nine")),))
    then = replace(then, sessions=(replace(then.sessions[0], pin=Pin(week(2), "nine")),))
    answer = lay_out(asked([group("a", NINE), group("b", NINE)], [first, then]))
    assert isinstance(answer, Infeasible)


def test_what_is_locked_stays_and_the_other_series_keep_clear_of_it_however_they_are_listed() -> None:
    locked = series("b", 2)
    locked = replace(locked, sessions=(replace(locked.sessions[0], pin=Pin(week(0), "nine", room="gym")), locked.sessions[1]))
    answer = lay_out(asked([group("a", NINE), group("b", NINE)], [series("a", 2), locked]))
    assert isinstance(answer, Plan)
    assert Placed("b0", week(0), "nine", room="gym") in answer.sessions
    assert week(0) not in dates(answer, "a")


def test_locks_of_two_series_that_clash_name_one_of_them() -> None:
    both = [replace(series(id, 1), sessions=(Session(f"{id}0", "t", "T", 45, Pin(week(1), "nine")),)) for id in ("a", "b")]
    answer = lay_out(asked([group("a", NINE), group("b", NINE)], both))
    assert isinstance(answer, Infeasible)
    assert str(answer.conflicts[0].words) == "There is no room for “Course a” in A beside the other series of the class and its agents."


def test_one_that_has_no_room_at_first_gets_it_when_another_gives_way() -> None:
    groups = [group("a", NINE), group("b", NINE, replace(THURSDAY, from_date=week(4))), group("c", replace(NINE, to_date=week(3)))]
    of = [series("a", 2), replace(series("b", 2)), series("c", 2)]
    plan = plan_of(asked(groups, of, replace(KARI, max_per_week=1)))
    assert len({one.date for one in plan.sessions}) == 6


def test_a_series_already_laid_gives_way_to_one_that_can_only_stand_in_its_place() -> None:
    groups = [group("a", replace(NINE, to_date=week(3))), group("b", NINE)]
    plan = plan_of(asked(groups, [series("a"), series("b", min_gap_days=35)]))
    assert (dates(plan, "a"), dates(plan, "b")) == ([week(1), week(2)], [week(0), week(5)])


def test_a_series_is_laid_anew_when_those_after_it_make_another_time_cheaper() -> None:
    groups = [group("a", NINE, THURSDAY), group("b", replace(NINE, start=time(13), end=time(13, 45)), school="elvesvingen")]
    plan = plan_of(asked(groups, [series("a", 6), series("b", 6)]))
    assert (dates(plan, "a"), plan.objective) == ([week(n, 3) for n in range(6)], 0)


def test_series_that_are_to_begin_at_once_do_and_soft_days_are_avoided_beside_others_too() -> None:
    at_once = [series(id, begin_at_once=True) for id in "abc"]
    pinned = replace(at_once[2], sessions=(replace(at_once[2].sessions[0], pin=Pin(week(2), "nine")), at_once[2].sessions[1]))
    soft = replace(group("c", NINE), soft=(span(week(2)), span(week(3))))
    plan = plan_of(asked([group("a", NINE), group("b", TEN), soft], [at_once[0], at_once[1], pinned, series("d", 0, "a")]))
    assert (dates(plan, "a"), dates(plan, "b"), dates(plan, "c")[0]) == ([week(0), week(1)], [week(0), week(1)], week(2))
    assert dates(plan, "c")[1] in (week(4), week(5))


def test_a_joint_lesson_whose_other_part_was_before_what_is_delivered_has_no_place() -> None:
    given = series("a", 2)
    given = replace(given, sessions=(replace(given.sessions[0], pin=Pin(week(3), "nine"), delivered=True), given.sessions[1]))
    locked = series("b", 1, agents=())
    locked = replace(locked, sessions=(replace(locked.sessions[0], pin=Pin(week(1), "nine")),))
    answer = lay_out(asked([group("a", NINE), group("b", NINE)], [given, locked], together=(("a1", "b0"),)))
    assert isinstance(answer, Infeasible)


def test_as_many_lessons_as_there_are_weeks_find_their_places_and_one_more_does_not() -> None:
    groups = [group(id, NINE) for id in "abc"]
    assert len(plan_of(asked(groups, [series(id, 2) for id in "abc"])).sessions) == 6
    answer = lay_out(asked(groups, [series("a", 2), series("b", 2), series("c", 3)]))
    assert isinstance(answer, Infeasible)
    assert not answer.conflicts[0].minimal


# --- Whatever the problem -------------------------------------------------------------------------------------------------------------

slots = st.builds(
    lambda weekday, hour, penalty: Slot("x", weekday, time(hour), time(hour, 45), penalty),
    st.integers(0, 4),
    st.integers(8, 10),
    st.integers(0, 2),
)
numbers = st.sampled_from((None, 1, 2))


@st.composite
def many(draw: st.DrawFn) -> Problem:
    """Two or three series of two agents in two schools, with joint lessons, shared pupils, followers, locks and maxima."""
    ids = "abc"[: draw(st.integers(2, 3))]
    groups, of = list[Group](), list[SeriesProblem]()
    for id in ids:
        times = [replace(slot, id=f"{id}-{n}") for n, slot in enumerate(draw(st.lists(slots, min_size=1, max_size=2)))]
        overlaps = tuple(draw(st.lists(st.sampled_from([one for one in ids if one != id]), max_size=1)))
        groups.append(group(id, *times, school=draw(st.sampled_from(("solbakken", "elvesvingen"))), overlaps=overlaps))
        made = series(
            id, draw(st.integers(1, 3)), draw(st.sampled_from([one.id for one in groups])), draw(st.sampled_from((("kari",), ("ola",))))
        )
        after = draw(st.sampled_from((None, None, *(one.id for one in of))))
        sessions = tuple(draw(_perhaps_locked(one, next(one for one in groups if one.id == made.group))) for one in made.sessions)
        of.append(replace(made, after=after, sessions=sessions, max_per_week=draw(numbers), max_gap_weeks=draw(st.sampled_from((None, 2)))))
    agents = [
        Agent(id, id, max_per_day=draw(numbers), target_per_day=draw(numbers), target_per_week=draw(numbers)) for id in ("kari", "ola")
    ]
    together = ((of[0].sessions[0].id, of[1].sessions[0].id),) if draw(st.booleans()) and of[0].group != of[1].group else ()
    return asked(groups, of, *agents, together=together, default_travel_minutes=draw(st.sampled_from((15, 45))))


@st.composite
def _perhaps_locked(draw: st.DrawFn, session: Session, of: Group) -> Session:
    if draw(st.integers(0, 5)):
        return session
    slot = draw(st.sampled_from(of.slots))
    day = MONDAY + timedelta(7 * draw(st.integers(0, 5)) + slot.weekday)
    return replace(session, pin=Pin(day, slot.id), delivered=draw(st.booleans()))


@pytest.mark.slow
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(many())
def test_a_plan_of_several_series_passes_the_checker_keeps_every_lock_and_costs_no_less_than_its_bound(problem: Problem) -> None:
    answer = lay_out(problem)
    assert repr(answer) == repr(lay_out(replace(problem)))
    if isinstance(answer, Plan):
        assert check(problem, answer).violations == ()
        assert answer.bound <= answer.objective
        locked = {one.id: (one.pin.date, one.pin.slot) for each in problem.series for one in each.sessions if one.pin}
        assert locked.items() <= {one.session: (one.date, one.slot) for one in answer.sessions}.items()
    else:
        assert {conflict.rules[0].owner for conflict in answer.conflicts} <= {each.id for each in problem.series}


# --- How long it takes ----------------------------------------------------------------------------------------------------------------


def a_year(classes: int, slots: int = 1) -> Problem:
    """Classes of one agent with 15 lessons each in a school year of 40 weeks."""
    first, last = date(2026, 8, 17), date(2027, 6, 18)
    breaks = (span(date(2026, 9, 28), 5), span(date(2026, 12, 21), 14), span(date(2027, 2, 22), 5), span(date(2027, 3, 22), 8))
    groups = [
        group(str(n), *(Slot(f"{n}-{k}", (n + 2 * k) % 5, time(9 + n // 5 + k), time(9 + n // 5 + k, 45), k) for k in range(slots)))
        for n in range(classes)
    ]
    of = [replace(series(str(n), 15), from_date=first, to_date=last, prefer_finish_by=date(2026, 12, 18)) for n in range(classes)]
    made = asked(groups, of, replace(KARI, target_per_day=2, target_per_week=5))
    return replace(made, from_date=first, to_date=last, schools=(replace(made.schools[0], closed=breaks),))


@pytest.mark.slow
@pytest.mark.parametrize(("classes", "slots", "seconds"), [(1, 1, 0.05), (8, 1, 1), (8, 3, 1)])
def test_a_class_takes_no_time_and_eight_of_one_agent_about_a_second(classes: int, slots: int, seconds: float) -> None:
    problem = a_year(classes, slots)
    began = process_time()
    answer = lay_out(problem)
    assert process_time() - began < 3 * seconds
    assert isinstance(answer, Plan)
    assert check(problem, answer).is_clean
