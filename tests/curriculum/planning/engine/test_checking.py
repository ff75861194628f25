"""The checker knows every rule in use, and knows it alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curriculum.planning.engine import checking
from curriculum.planning.engine.checking import Timetable, Violation, breaches, breaches_of, check
from curriculum.planning.engine.problem import (
    Agent,
    Busy,
    Closed,
    Group,
    Pin,
    Placed,
    Plan,
    Problem,
    School,
    SeriesProblem,
    Session,
    Slot,
    WelfareDay,
)
from tests.curriculum.planning.engine.any_problem import any_problem
from tests.curriculum.planning.engine.district import PLAN, PROBLEM
from tests.curriculum.planning.engine.problems import AGENT, MONDAY, TUESDAY_AT_NINE, problem, span, week

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


# --- What lessons that are moved break ------------------------------------------------------------------------------------------------

districts = st.sampled_from((PROBLEM, replace(PROBLEM, together=())))


def anywhere(draw: st.DrawFn, asked: Problem, id: str) -> Placed:
    """A lesson on any day of five weeks, in any of its class's times or none, now and then with a room and people of the district."""
    [group] = [
        group for group in asked.groups for one in asked.series for session in one.sessions if (session.id, one.group) == (id, group.id)
    ]
    slot = draw(st.sampled_from([*group.slots, None]))
    weekday = slot.weekday if slot and draw(st.integers(0, 3)) else draw(st.integers(0, 6))
    names = [draw(st.sampled_from((None, name))) for name in ("gym", "officer", "mia")]
    return Placed(id, week(draw(st.integers(0, 4)), weekday), slot.id if slot else "gone", *names)


@st.composite
def moves(draw: st.DrawFn) -> tuple[Problem, Plan, Plan, list[str]]:
    """A problem, a plan of it that may break any rule, the plan with one or two of its lessons anywhere else, and which they are."""
    asked = draw(any_problem() | districts)
    ids = [session.id for series in asked.series for session in series.sessions]
    tidy = {one.session: one for one in PLAN.sessions} if asked.groups == PROBLEM.groups else {}
    stand = [tidy[id] if id in tidy and draw(st.booleans()) else anywhere(draw, asked, id) for id in ids]
    moved = draw(st.lists(st.sampled_from(ids), min_size=1, max_size=2, unique=True))
    then = [anywhere(draw, asked, one.session) if one.session in moved else one for one in stand]
    return asked, Plan(tuple(stand), {}, 0, 0, "greedy"), Plan(tuple(then), {}, 0, 0, "greedy"), moved


@given(moves())
def test_what_moved_lessons_break_is_what_the_whole_check_finds_that_was_not_broken_before(
    asked: tuple[Problem, Plan, Plan, list[str]],
) -> None:
    made, plan, then, moved = asked
    before, found = check(made, plan).violations, check(made, then).violations
    told = list(breaches_of(Timetable.of(made, then), moved))
    assert [one for one in told if one not in before] == [one for one in found if one not in before]
    assert set(told) <= set(found)


@given(moves())
def test_a_timetable_with_lessons_moved_breaks_what_it_would_made_anew(asked: tuple[Problem, Plan, Plan, list[str]]) -> None:
    made, plan, then, moved = asked
    slots = {(group.id, slot.id): slot for group in made.groups for slot in group.slots}
    group_of = {session.id: one.group for one in made.series for session in one.sessions}
    to = {one.session: one for one in then.sessions if one.session in moved and (group_of[one.session], one.slot) in slots}
    stand = [replace(one, date=to[one.session].date, slot=to[one.session].slot) if one.session in to else one for one in plan.sessions]
    there = Timetable.of(made, plan).moved({id: (one.date, slots[group_of[id], one.slot]) for id, one in to.items()})
    assert tuple(breaches(there)) == check(made, replace(plan, sessions=tuple(stand))).violations


def test_of_lessons_in_other_weeks_than_the_moved_one_nothing_is_told() -> None:
    asked = replace(RULES, agents=(replace(AWAY, max_per_week=0),))
    plan = Plan(GOOD, {}, 0, 0, "greedy")
    assert [one.session for one in check(asked, plan).violations] == ["b", "c"]
    assert list(breaches_of(Timetable.of(asked, plan), ["c"])) == [Violation("H10", "c", "kari")]


def test_a_year_of_a_thousand_lessons_is_checked_within_a_second() -> None:
    agents = tuple(Agent(f"a{n}", f"Agent {n}", max_per_day=3, max_per_week=8) for n in range(8))
    groups = [Group(f"g{n}", f"{n}A", "s", (Slot("w", n % 5, time(8 + n % 7), time(8 + n % 7, 45)),)) for n in range(72)]
    lessons = {group.id: [Session(f"{group.id}.{n}", "t", "T", 45) for n in range(15)] for group in groups}
    series = [
        SeriesProblem(id, id, (f"a{n % 8}",), "Course", MONDAY, week(20), tuple(lessons[id]), max_per_week=1, max_gap_weeks=4)
        for n, id in enumerate(lessons)
    ]
    asked = Problem("year", MONDAY, week(20), (School("s", "Solbakken"),), agents, tuple(groups), tuple(series))
    plan = [Placed(one.id, week(n, g % 5), "w") for g, id in enumerate(lessons) for n, one in enumerate(lessons[id])]
    began = process_time()
    report = check(asked, Plan(tuple(plan), {}, 0, 0, "greedy"))
    assert (process_time() - began < 0.45, len(plan), {one.rule for one in report.violations}) == (True, 1080, {"H10"})


def test_the_checker_stands_on_the_standard_library_and_the_problem_alone(imported: Callable[[Path], set[str]]) -> None:
    room = Path(checking.__file__).parent
    parts = {"checking", "checking_order", "checking_people", "checking_rooms", "timetable"}
    library = {"collections", "dataclasses", "datetime", "functools", "itertools", "types", "typing"}
    own = {f"curriculum.planning.engine.{name}" for name in (*parts, "problem")}
    for name in parts:
        assert imported(room / f"{name}.py") - library <= own - {"curriculum.planning.engine.checking"}
    assert imported(room / "problem.py") <= library
