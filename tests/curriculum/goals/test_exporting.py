"""What is known of LK20 goes out as a file that gives the same again."""

import tomllib
from datetime import date

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from curriculum import goals
from curriculum.goals import Aim, Framework, Section
from tests.curriculum.goals.test_loading import FILE, SHIPPED, data


def emptied(db: Session) -> None:
    for model in (Aim, Framework, Section):
        db.execute(delete(model))
    db.expire_all()


@pytest.mark.parametrize("text", [FILE, SHIPPED.read_text(encoding="utf-8")], ids=["invented", "shipped"])
def test_what_goes_out_says_the_same_as_what_came_in(db: Session, text: str) -> None:
    goals.load_goals(db, data(text))
    out = goals.goal_values(db)
    assert goals.goal_problems(out) == []
    assert goals.say_the_same(out, tomllib.loads(text))
    emptied(db)
    goals.load_goals(db, out)
    assert goals.goal_values(db) == out


def test_an_aim_that_its_successor_tells_all_about_is_not_written(db: Session) -> None:
    goals.load_goals(db, data())
    assert [aim["code"] for aim in goals.goal_values(db)["aims"]] == ["KM90001"]
    db.get_one(Aim, "KM80001").uri = "http://example.no/KM80001"
    assert [aim["code"] for aim in goals.goal_values(db)["aims"]] == ["KM80001", "KM90001"]


def test_an_aim_whose_plan_has_lost_its_predecessor_is_written_all_the_same(db: Session) -> None:
    goals.load_goals(db, data())
    db.get_one(Framework, "SAF90-01").previous_code = None
    assert [aim["code"] for aim in goals.goal_values(db)["aims"]] == ["KM80001", "KM90001"]


def test_files_that_say_other_things_are_not_the_same() -> None:
    assert goals.say_the_same(data(), data(FILE.replace("order = 3", "order = 3  # her")))
    assert not goals.say_the_same(data(), data(FILE.replace("order = 3", "order = 4")))
    assert not goals.say_the_same(data(), data(FILE.replace("valid_from = 2026-08-01", "valid_from = 2026-08-02")))


def test_aims_of_plans_with_a_last_day_are_ending_even_before_that_day() -> None:
    assert goals.ending_codes(data()) == {"KM80001"}
    assert goals.retired_in_file(data(), date(2026, 7, 31)) == {}
