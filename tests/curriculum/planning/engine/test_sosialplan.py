"""The planner's file format: what is written reads back the same, and what is wrong is refused with its place."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curriculum.base import Refused
from curriculum.planning.engine.checking import check
from curriculum.planning.engine.problem import WEIGHTS, Busy, Cycle, Pin, Plan, Problem, Slot, WelfareDay
from curriculum.planning.engine.sosialplan import put_plan, read_problem, write_plan
from tests.curriculum.planning.engine.district import PLAN, PROBLEM, asking
from tests.curriculum.planning.engine.problems import MONDAY, span, week

SMALL: dict[str, Any] = {
    "format": "sosialplan/1",
    "name": "Small",
    "from": "2026-08-17",
    "to": "2027-06-18",
    "schools": [{"id": "s", "name": "Solbakken"}, {"id": "t", "name": "Lia"}],
    "travel": [{"between": ["s", "t"], "minutes": 20}],
    "agents": [{"id": "a", "name": "Kari", "welfare_weekday": 2}, {"id": "b", "name": "Ola", "welfare_weekday": [{"weekday": 4}]}],
    "groups": [
        {"id": "g", "name": "5A", "school": "s", "slots": [{"id": "g1", "weekday": 1, "start": "08:30", "end": "09:15"}]},
        {"id": "h", "name": "5B", "school": "t", "level": "6–7", "slots": [], "overlaps": ["g"]},
    ],
    "series": [
        {
            "id": "k",
            "group": "g",
            "agent": "a",
            "title": "Course",
            "from": "2026-08-31",
            "to": "2026-12-18",
            "precedence": [["k1", "k2"]],
            "sessions": [
                {"id": "k1", "theme": "intro", "title": "Intro"},
                {"id": "k2", "theme": "end", "title": "End", "needs": {"helper": True}, "pin": None},
            ],
        },
        {
            "id": "m",
            "group": "h",
            "agents": ["a", "b"],
            "title": "More",
            "from": "2026-08-31",
            "to": "2026-12-18",
            "sessions": [],
            "after": "k",
        },
    ],
}


def read(document: object) -> tuple[Problem, Plan | None]:
    return read_problem(json.dumps(document), "small.json")


def refusal(text: str) -> str:
    with pytest.raises(Refused) as refused:
        read_problem(text, "small.json")
    return str(refused.value)


def test_a_file_needs_to_say_only_what_has_no_natural_none() -> None:
    problem, plan = read(SMALL)
    assert plan is None
    assert (problem.weights, problem.default_travel_minutes, problem.seed, problem.presenters) == (dict(WEIGHTS), 45, 1, ())
    [five_a, five_b], [first, second] = problem.groups, problem.series
    assert (five_a.slots, five_a.kind, five_b.level) == ((Slot("g1", 1, time(8, 30), time(9, 15)),), "class", "6–7")
    assert (first.agents, second.agents, second.after, first.precedence) == (("a",), ("a", "b"), "k", (("k1", "k2"),))
    assert (problem.agents[0].welfare_weekday, problem.agents[1].welfare_weekday) == ((WelfareDay(2),), (WelfareDay(4),))
    assert first.sessions[1].needs.helper and not first.sessions[0].needs.helper


def test_null_and_a_byte_order_mark_stand_for_nothing() -> None:
    document = SMALL | {"weights": {"late_weeks": 7}, "presenters": None, "seed": 3, "plan": None}
    problem, plan = read_problem("\ufeff" + json.dumps(document), "small.json")
    assert (problem.weights, problem.seed, problem.presenters, plan) == ({**WEIGHTS, "late_weeks": 7}, 3, (), None)


FULL = replace(
    asking("5a", blocked=(span(week(3)),), level="5", pupils=24)(
        asking("kari", absences=(span(MONDAY),), busy=(Busy(1, time(8), time(9), MONDAY),), target_per_day=2)(PROBLEM)
    ),
    weights={**WEIGHTS, "late_weeks": 1},
    seed=9,
)
CYCLED = asking("5b", slots=(Slot("ab", 1, time(9), time(9, 45), 2, MONDAY, None, Cycle(MONDAY, 2, (0,))),))(FULL)
DATED = asking("per", welfare_weekday=(WelfareDay(1, None, week(2)), WelfareDay(3)))(CYCLED)
PINNED = asking("m1", pin=Pin(week(0), "tue", room="hall"), delivered=True)(DATED)
JOINED = asking("main", agents=("kari", "ola"))(PINNED)
SOLVED = replace(PLAN, terms={"late_weeks": 1}, objective=100, bound=90, status="gap")


@pytest.mark.parametrize("problem", [PROBLEM, FULL, CYCLED, DATED, PINNED, JOINED])
def test_what_is_written_reads_back_the_same(problem: Problem) -> None:
    assert read_problem(write_plan(problem, SOLVED), "x") == (problem, SOLVED)
    assert read_problem(write_plan(problem), "x") == (problem, None)
    assert check(PROBLEM, SOLVED).is_clean


def test_that_a_lesson_is_first_or_last_is_written_as_pairs() -> None:
    marked = asking("h2", order="last")(asking("m3", order="first")(PROBLEM))
    read, _ = read_problem(write_plan(marked), "x")
    assert read.series[0].precedence == (("m3", "m1"), ("m3", "m2"), ("m3", "m4"))
    assert read.series[3].precedence == (("h1", "h2"),)


def test_a_plan_is_put_into_its_file_and_the_rest_of_the_file_stays() -> None:
    text = json.dumps(SMALL | {"plan": {"sessions": []}})
    made = json.loads(put_plan(text, Plan(PLAN.sessions[:1], {"late_weeks": 1}, 100, 100, "optimal")))
    session = {"session": "m1", "date": "2026-11-03", "slot": "tue", "room": None, "presenter": None, "helper": None}
    plan = {"sessions": [session], "terms": {"late_weeks": 1}, "objective": 100, "bound": 100, "status": "optimal"}
    assert made == SMALL | {"plan": plan}
    assert put_plan(text, PLAN) == put_plan(text, PLAN)


# --- What is refused ----------------------------------------------------------------------------------------------------------------


def at(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    """Put a value at a place of the file; ... takes the field away."""
    *way, last = [int(step) if step.isdecimal() else step for step in path.split(".")]

    def change(document: Any) -> None:
        for step in way:
            document = document[step]
        if value is ...:
            del document[last]
        elif isinstance(document, list) and last == len(document):
            document.append(value)
        else:
            document[last] = value

    return change


SPAN = {"from": "2026-09-01", "to": "2026-09-02"}
MADE = {"id": "x", "name": "X"}

WRONG = [
    ("format", "sosialplan/2", "small.json, format: the format is not sosialplan/1."),
    ("format", ..., "small.json: the field “format” is missing."),
    ("plans", 1, "small.json: the format has no field “plans” here."),
    ("n\u0000\ud800", 1, "small.json: the format has no field “'n\\x00\\ud800'” here."),
    ("name", 5, "small.json, name: a text in quotation marks is expected."),
    ("name", "x" * 501, "small.json, name: a text may have 500 characters."),
    ("name", "\ud800", "small.json, name: the text holds a character that cannot be shown."),
    ("name", "\u001b[2J", "small.json, name: the text holds a character that cannot be shown."),
    ("seed", True, "small.json, seed: a whole number from 0 to 1000000000 is expected."),
    ("seed", float("nan"), "small.json, seed: a whole number from 0 to 1000000000 is expected."),
    ("seed", 10**5000, "small.json, seed: a whole number from 0 to 1000000000 is expected."),
    ("seed", 1.0, "small.json, seed: a whole number from 0 to 1000000000 is expected."),
    ("weights", {"late": 1}, "small.json, weights: the format has no field “late” here."),
    ("weights", {"late_weeks": -1}, "small.json, weights.late_weeks: a whole number from 0 to 1000000 is expected."),
    ("to", "2026-08-16", "small.json, to: 2026-08-16 is before 2026-08-17."),
    ("to", "2099-08-16", "small.json, to: a plan is for at most 1098 days."),
    ("to", "2027-02-29", "small.json, to: there is no such date: 2027-02-29."),
    ("to", "20270618", "small.json, to: a date is expected, written as 2026-11-24, from 2000-01-01 to 2099-12-31."),
    ("to", "1999-12-31", "small.json, to: a date is expected, written as 2026-11-24, from 2000-01-01 to 2099-12-31."),
    ("to", 2027, "small.json, to: a date is expected, written as 2026-11-24, from 2000-01-01 to 2099-12-31."),
    ("schools", {}, "small.json, schools: a list is expected."),
    ("schools.0", 1, "small.json, schools[0]: an object in braces is expected."),
    ("schools.0.id", "", "small.json, schools[0].id: an id may not be empty."),
    ("schools.1.id", "s", "small.json, schools[1].id: “s” is there twice."),
    ("schools.0.rooms", [MADE, MADE], "small.json, schools[0].rooms[1].id: “x” is there twice."),
    (
        "schools.0.closed",
        [{"from": "2026-09-02", "to": "2026-09-01"}],
        "small.json, schools[0].closed[0].to: 2026-09-01 is before 2026-09-02.",
    ),
    ("travel.0.between", ["s"], "small.json, travel[0].between: a list of 2 to 2 is expected."),
    ("travel.0.between", ["s", "s"], "small.json, travel[0].between[1]: “s” is there twice."),
    ("travel.0.between.1", "u", "small.json, travel[0].between[1]: there is no school “u”."),
    ("travel.1", {"between": ["t", "s"], "minutes": 1}, "small.json, travel[1].between: the way between these schools is there twice."),
    ("agents.0.welfare_weekday", 7, "small.json, agents[0].welfare_weekday: a whole number from 0 to 6 is expected."),
    ("agents.0.schools", ["u"], "small.json, agents[0].schools[0]: there is no school “u”."),
    ("agents.1.id", "a", "small.json, agents[1].id: “a” is there twice."),
    ("groups.0.school", "u", "small.json, groups[0].school: there is no school “u”."),
    ("groups.0.school", 5, "small.json, groups[0].school: a text in quotation marks is expected."),
    ("groups.0.kind", "klass", "small.json, groups[0].kind: one of these is expected: class, half, small."),
    ("groups.0.kind", ["class"], "small.json, groups[0].kind: one of these is expected: class, half, small."),
    ("groups.1.overlaps.0", "i", "small.json, groups[1].overlaps[0]: there is no group “i”."),
    ("groups.0.slots.0.start", "8:30", "small.json, groups[0].slots[0].start: a time of day is expected, written as 08:30."),
    ("groups.0.slots.0.start", "24:00", "small.json, groups[0].slots[0].start: a time of day is expected, written as 08:30."),
    ("groups.0.slots.0.end", "08:30", "small.json, groups[0].slots[0].end: the end must be later than the start."),
    ("groups.0.slots.0.from", "2026-13-01", "small.json, groups[0].slots[0].from: there is no such date: 2026-13-01."),
    (
        "groups.0.slots.0.cycle",
        {"anchor": "2026-08-17", "every": 2, "weeks": [2]},
        "small.json, groups[0].slots[0].cycle.weeks[0]: a whole number from 0 to 1 is expected.",
    ),
    (
        "groups.0.slots.1",
        {"id": "g1", "weekday": 1, "start": "08:30", "end": "09:15"},
        "small.json, groups[0].slots[1].id: “g1” is there twice.",
    ),
    ("series.1.id", "k", "small.json, series[1].id: “k” is there twice."),
    ("series.0.group", "x", "small.json, series[0].group: there is no group “x”."),
    ("series.0.agent", "x", "small.json, series[0].agent: there is no agent “x”."),
    ("series.0.agent", ..., "small.json, series[0]: one of the fields “agent” and “agents” must be there, and not both."),
    ("series.1.agent", "a", "small.json, series[1]: one of the fields “agent” and “agents” must be there, and not both."),
    ("series.1.agents", [], "small.json, series[1].agents: a list of 1 to 3 is expected."),
    ("series.1.agents.1", "a", "small.json, series[1].agents[1]: “a” is there twice."),
    ("series.0.to", "2026-08-30", "small.json, series[0].to: 2026-08-30 is before 2026-08-31."),
    ("series.1.after", "n", "small.json, series[1].after: there is no series “n”."),
    ("series.0.after", "k", "small.json, series[0]: the series “k” follows itself."),
    ("series.0.after", "m", "small.json, series[0]: the series “k” follows itself."),
    ("series.0.precedence.0.1", "n" * 70, f"small.json, series[0].precedence[0][1]: the series has no session “{'n' * 60}…”."),
    ("series.0.precedence.0.1", "k1", "small.json, series[0].precedence[0][1]: “k1” is there twice."),
    ("series.0.sessions.1.id", "k1", "small.json, series[0].sessions[1].id: “k1” is there twice."),
    ("series.0.sessions.0.delivered", True, "small.json, series[0].sessions[0].delivered: “k1” is delivered, but no pin says when."),
    ("series.0.sessions.0.delivered", 1, "small.json, series[0].sessions[0].delivered: true or false is expected."),
    ("series.0.sessions.0.pin", {"date": "2026-09-01"}, "small.json, series[0].sessions[0].pin: the field “slot” is missing."),
    ("together", [["k1"]], "small.json, together[0]: a list of 2 to 100000 is expected."),
    ("together", [["k1", "k3"]], "small.json, together[0][1]: there is no session “k3”."),
    ("together", [["k1", "k2"], ["k1", "k2"]], "small.json, together[1][0]: “k1” is there twice."),
    ("plan", {"sessions": [], "status": "good"}, "small.json, plan.status: one of these is expected: optimal, gap, greedy, stopped."),
    ("plan", {"sessions": [{"session": "k1"}]}, "small.json, plan.sessions[0]: the field “date” is missing."),
]


@pytest.mark.parametrize(("path", "value", "words"), WRONG, ids=[path.split("\0")[0] for path, *_ in WRONG])
def test_what_is_wrong_is_refused_with_its_place(path: str, value: object, words: str) -> None:
    document = deepcopy(SMALL)
    at(path, value)(document)
    monstrous = value == 10**5000
    text = json.dumps(document if not monstrous else SMALL)
    assert refusal(text if not monstrous else text[:-1] + f', "seed": 1{"0" * 5000}}}') == words


def test_what_is_not_json_is_refused() -> None:
    assert refusal('{\n"format" "sosialplan/1"}') == "small.json: this is not JSON (line 2, column 10)."
    assert refusal("") == "small.json: this is not JSON (line 1, column 1)."
    assert refusal("[" * 200_000) == "small.json: too many brackets within brackets."
    assert refusal("[]") == "small.json: an object in braces is expected."
    assert refusal('{"a": {"b": 1}, "a": 2}') == "small.json: the field “a” is there twice."


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


def _places(value: Any, path: str = "") -> list[str]:
    """Every place of a document."""
    steps = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
    return [path] * bool(path) + [place for step, inner in steps for place in _places(inner, f"{path}.{step}" if path else str(step))]


WHOLE = write_plan(JOINED, SOLVED)


@pytest.mark.slow
@given(st.sampled_from(_places(json.loads(WHOLE))), JUNK)
def test_whatever_stands_anywhere_is_read_and_written_or_refused_in_words(path: str, junk: object) -> None:
    document = json.loads(WHOLE)
    at(path, junk)(document)
    try:
        problem, plan = read(document)
    except Refused as refused:
        assert str(refused).startswith("small.json")
    else:
        assert read_problem(write_plan(problem, plan), "x") == (problem, plan)
