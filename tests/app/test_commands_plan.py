"""`flask plan`: a file of series goes in, a checked plan comes out, or why there is none."""

import json
from pathlib import Path
from typing import Any

import pytest

from curriculum.planning import Plan, check, read_problem
from tests.app.test_commands import run, runner

__all__ = ["runner"]

YEAR: dict[str, Any] = {
    "format": "sosialplan/1",
    "name": "Year",
    "from": "2026-11-02",
    "to": "2026-12-13",
    "schools": [{"id": "s", "name": "Solbakken", "rooms": [{"id": "gym", "name": "Gymsal", "features": ["gym"]}]}],
    "agents": [{"id": "a", "name": "Kari", "schools": ["s"]}],
    "groups": [{"id": "g", "name": "5A", "school": "s", "slots": [{"id": "tue", "weekday": 1, "start": "09:00", "end": "09:45"}]}],
    "series": [
        {
            "id": "k",
            "group": "g",
            "agent": "a",
            "title": "Vi og de andre",
            "from": "2026-11-02",
            "to": "2026-12-13",
            "prefer_finish_by": "2026-11-29",
            "sessions": [
                {"id": "k1", "theme": "intro", "title": "Intro"},
                {"id": "k2", "theme": "samarbeid", "title": "Samarbeid", "needs": {"room": "gym"}},
            ],
        }
    ],
}


@pytest.fixture
def year(tmp_path: Path) -> Path:
    return written(tmp_path, YEAR)


def written(folder: Path, document: object) -> Path:
    file = folder / "year.json"
    file.write_text(json.dumps(document))
    return file


def test_a_file_is_planned_and_written_with_its_plan(runner: Any, year: Path, tmp_path: Path) -> None:
    out = tmp_path / "planned.json"
    said = run(runner, "plan", str(year), "--out", str(out))
    assert said.splitlines()[:3] == ["5A – Vi og de andre (k)", "  2026-11-03 09:00  Intro", "  2026-11-10 09:00  Samarbeid (gym)"]
    assert said.splitlines()[4] == "2 lessons in 1 series."
    assert said.splitlines()[-3:] == ["It costs 0; that no plan costs less is proven.", "It keeps every rule.", f"Written: {out}"]
    problem, plan = read_problem(out.read_text(), "planned.json")
    assert isinstance(plan, Plan) and check(problem, plan).is_clean
    first = out.read_bytes()
    assert {name: value for name, value in json.loads(first).items() if name != "plan"} == YEAR
    run(runner, "plan", str(out), "--out", str(out))
    assert out.read_bytes() == first


def test_a_plan_that_is_not_proven_says_how_far_off_it_may_be(runner: Any, tmp_path: Path) -> None:
    [tuesday], [series] = YEAR["groups"][0]["slots"], YEAR["series"]
    second = YEAR["groups"][0] | {"id": "h", "slots": [tuesday, tuesday | {"id": "wed", "weekday": 2, "penalty": 3}]}
    other = series | {"id": "m", "group": "h", "sessions": [{"id": f"m{n}", "theme": "intro", "title": "Intro"} for n in (1, 2)]}
    both = YEAR | {"to": "2026-11-15", "groups": [YEAR["groups"][0], second], "series": [series, other]}
    said = run(runner, "plan", str(written(tmp_path, both)))
    assert "4 lessons in 2 series." in said
    assert said.endswith("It costs 6; whether that is the least is not proven: no plan costs less than 0.\nIt keeps every rule.\n")


def test_a_lesson_without_the_room_it_needs_is_told_and_nothing_is_written(runner: Any, tmp_path: Path) -> None:
    bare = YEAR | {"schools": [{"id": "s", "name": "Solbakken"}]}
    out = tmp_path / "planned.json"
    said = run(runner, "plan", str(written(tmp_path, bare)), "--out", str(out), fails=True)
    assert "H15 k2 (5A, Samarbeid, 2026-11-10): it needs a room with this: gym\n" in said
    assert said.endswith("Error: The plan breaks the rules in 1 place; it was not written.\n")
    assert not out.exists()


def test_why_there_is_no_plan_is_said_in_words(runner: Any, tmp_path: Path) -> None:
    short = YEAR | {"series": [YEAR["series"][0] | {"to": "2026-11-08"}]}
    said = run(runner, "plan", str(written(tmp_path, short)), fails=True)
    assert "There is not room for all the lessons by 2026-11-08." in said
    assert said.endswith("Error: There is no plan for year.json.\n")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"{", "Error: year.json: this is not JSON (line 1, column 2).\n"),
        (b'{"name": "\xe5"}', "Error: year.json: byte 11 is not UTF-8.\n"),
        (json.dumps(YEAR | {"to": "2027-02-29"}).encode(), "Error: year.json, to: there is no such date: 2027-02-29.\n"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_place(runner: Any, tmp_path: Path, data: bytes, words: str) -> None:
    file = tmp_path / "year.json"
    file.write_bytes(data)
    assert run(runner, "plan", str(file), fails=True) == words


def test_a_place_that_cannot_be_written_to_is_said_in_words(runner: Any, year: Path, tmp_path: Path) -> None:
    assert "No such file" in run(runner, "plan", str(year), "--out", str(tmp_path / "gone" / "planned.json"), fails=True)
