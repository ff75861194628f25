"""Facts about LK20 out of a file: taken in once, renewed when they change, and wrong ones named."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from curriculum import goals
from curriculum.base import Refused
from curriculum.goals import Aim, Framework, Section

SHIPPED = Path(__file__).parents[3] / "content" / "goals.toml"
TODAY = date(2026, 10, 14)
FILE = """format = 1
kind = "goals"

[[plans]]
code = "SAF90-01"
subject_nb = "Samfunnsfag"
subject_en = "Social studies"
valid_from = 2026-08-01
predecessor = "SAF90-00"

[[aims]]
code = "KM90001"
previous_code = "KM80001"
plan = "SAF90-01"
goal_set = ""
after_year = 7
order = 3
tt1 = true
uri = "http://example.no/KM90001"
label_nb = "Snakke om mot"
label_en = "Talk about courage"

[[sections]]
code = "2.5.1"
part = "core"
label_nb = "Folkehelse og livsmestring"
label_en = "Health and life skills"

[[plans]]
code = "SAF90-00"
subject_nb = "Samfunnsfag"
subject_en = "Social studies"
"""


def data(text: str = FILE) -> dict[str, Any]:
    return tomllib.loads(text)


def test_aims_come_in_with_their_plans_and_sections(db: Session) -> None:
    assert goals.load_goals(db, data()) == 1
    aim = goals.aims_by_code(db, ["KM90001", "KM1"])["KM90001"]
    assert (aim.previous_code, aim.goal_set, aim.after_year, aim.position, aim.tt1, aim.official) == ("KM80001", None, 7, 3, True, None)
    assert (aim.label_nb, aim.label_en) == ("Snakke om mot", "Talk about courage")
    assert (aim.framework.subject_nb, aim.framework.valid_from, aim.framework.previous_code) == (
        "Samfunnsfag",
        date(2026, 8, 1),
        "SAF90-00",
    )
    assert goals.sections_by_code(db, ["2.5.1"])["2.5.1"].label_en == "Health and life skills"


def test_loading_again_renews_our_labels_and_keeps_the_official_text(db: Session) -> None:
    goals.load_goals(db, data())
    aim = db.get_one(Aim, "KM90001")
    aim.official = {"nb": "invented"}
    goals.load_goals(db, data(FILE.replace("Snakke om mot", "Snakke om å være modig")))
    assert (aim.label_nb, aim.official) == ("Snakke om å være modig", {"nb": "invented"})
    assert (db.query(Aim).count(), db.query(Framework).count(), db.query(Section).count()) == (2, 2, 1)


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("format = 1", "format = 2", "format"),
        ('kind = "goals"', 'kind = "mål"', "kind"),
        ('code = "KM90001"\n', "", "aims.0.code"),
        ("after_year = 7", "after_year = true", "aims.0.after_year"),
        ("after_year = 7", "after_year = 14", "aims.0.after_year"),
        ("order = 3", 'order = "tre"', "aims.0.order"),
        ("tt1 = true", 'tt1 = "unknown"', "aims.0.tt1"),
        ('label_nb = "Snakke om mot"', 'label_nb = " "', "aims.0.label_nb"),
        ("order = 3", "ordre = 3", "aims.0.ordre"),
        ("valid_from = 2026-08-01", 'valid_from = "august"', "plans.0.valid_from"),
        ('plan = "SAF90-01"', 'plan = "SAF90-02"', "aims.0.plan"),
        ("[[sections]]", "[sections]", "sections"),
        ("[[aims]]", "[aims]", "aims"),
        ('code = "KM90001"', 'code = " KM90001"', "aims.0.code"),
        ('predecessor = "SAF90-00"', 'predecessor = "SAF90-09"', "plans.0.predecessor"),
        ('predecessor = "SAF90-00"\n', "", "aims.0.previous_code"),
        ("valid_from = 2026-08-01", "valid_from = 2026-08-01\nvalid_to = 2026-07-31", "plans.0.valid_to"),
    ],
)
def test_a_wrong_fact_is_named_by_its_place(db: Session, old: str, new: str, at: str) -> None:
    wrong = data(FILE.replace(old, new, 1))
    assert at in [problem.at for problem in goals.goal_problems(wrong)]
    with pytest.raises(Refused):
        goals.load_goals(db, wrong)
    assert db.query(Aim).count() == 0


def test_an_aim_has_one_successor() -> None:
    second = FILE[FILE.index("[[aims]]") : FILE.index("[[sections]]")].replace("KM90001", "KM90002")
    assert [str(problem) for problem in goals.goal_problems(data(FILE + second))] == ["“KM80001” has two successors. It can have one."]


def test_no_aim_and_no_plan_comes_after_itself() -> None:
    itself = data(FILE.replace('previous_code = "KM80001"', 'previous_code = "KM90001"'))
    assert [(problem.at, str(problem)) for problem in goals.goal_problems(itself)] == [
        ("aims.0.previous_code", "“KM90001” comes after itself (KM90001 ← KM90001). Write another code in previous_code, or take it out.")
    ]
    aims = [
        {**data()["aims"][0], "code": f"KM{n}", "previous_code": f"KM{before}"} for n, before in ((1, 2), (2, 3), (3, 1), (4, 4), (5, 9))
    ]
    assert [problem.at for problem in goals.goal_problems(data() | {"aims": aims})] == [f"aims.{n}.previous_code" for n in range(4)]
    plans = data(FILE + 'predecessor = "SAF90-01"\n')
    assert [problem.at for problem in goals.goal_problems(plans)] == ["plans.0.predecessor", "plans.1.predecessor"]


def test_a_table_that_is_no_table_is_told() -> None:
    wrong = data() | {"plans": {"code": "SAF90-01"}}
    assert [problem.at for problem in goals.goal_problems(wrong)] == ["plans"]


def test_the_aim_before_is_kept_as_a_retired_aim_of_the_plan_before(db: Session) -> None:
    goals.load_goals(db, data())
    before = goals.aims_by_code(db, ["KM80001"])["KM80001"]
    assert (before.framework_code, before.framework.valid_to, before.label_nb, before.tt1) == (
        "SAF90-00",
        date(2026, 7, 31),
        "Snakke om mot",
        None,
    )
    assert goals.retired_aims(db, ["KM80001", "KM90001", "KM1"], TODAY) == {
        "KM80001": goals.Retired("KM80001", date(2026, 8, 1), "KM90001")
    }
    assert goals.retired_aims(db, ["KM80001"], date(2026, 7, 31)) == {}


def test_what_the_file_says_of_the_aim_before_stands(db: Session) -> None:
    own = """
[[aims]]
code = "KM80001"
plan = "SAF90-00"
after_year = 4
label_nb = "Tørre"
label_en = "Dare"
"""
    assert goals.aim_codes(data(FILE + own)) == {"KM80001", "KM90001"}
    goals.load_goals(db, data(FILE + own))
    assert (db.get_one(Aim, "KM80001").label_nb, db.get_one(Aim, "KM80001").after_year) == ("Tørre", 4)


def test_a_plans_own_last_day_goes_before_the_day_before_its_successor(db: Session) -> None:
    goals.load_goals(db, data(FILE + "valid_to = 2025-07-31\n"))
    assert db.get_one(Framework, "SAF90-00").valid_to == date(2025, 7, 31)


def test_where_the_file_says_nothing_what_was_imported_stays(db: Session) -> None:
    goals.load_goals(db, data())
    db.get_one(Framework, "SAF90-00").valid_from = date(2020, 8, 1)
    db.get_one(Aim, "KM80001").tt1 = True
    goals.load_goals(db, data())
    assert (db.get_one(Framework, "SAF90-00").valid_from, db.get_one(Aim, "KM80001").tt1) == (date(2020, 8, 1), True)


def test_an_aim_can_change_which_one_it_follows(db: Session) -> None:
    goals.load_goals(db, data())
    swapped = FILE.replace('code = "KM90001"', 'code = "KM90002"', 1)
    goals.load_goals(db, data(swapped))
    assert goals.retired_aims(db, ["KM80001"], TODAY)["KM80001"].successor == "KM90002"
    assert db.get_one(Aim, "KM90001").previous_code is None


def test_a_file_and_the_bank_agree_on_what_is_retired(db: Session) -> None:
    goals.load_goals(db, data())
    assert goals.retired_in_file(data(), TODAY) == goals.retired_aims(db, ["KM80001", "KM90001"], TODAY)
    assert goals.retired_in_file(data(), date(2026, 7, 31)) == {}


def test_a_code_stands_once() -> None:
    twice = FILE + FILE[FILE.index("[[sections]]") : FILE.index('[[plans]]\ncode = "SAF90-00"')]
    assert [str(problem) for problem in goals.goal_problems(data(twice))] == ["“2.5.1” stands twice. Delete one of them."]


def test_the_shipped_facts_are_sound_and_hold_no_official_text(db: Session) -> None:
    shipped = data(SHIPPED.read_text(encoding="utf-8"))
    assert goals.goal_problems(shipped) == []
    assert goals.load_goals(db, shipped) == len(shipped["aims"])
    assert db.query(Aim).filter(Aim.official.is_not(None)).count() == 0


def test_every_shipped_aim_is_understood_under_its_code_before_1_august_2026(db: Session) -> None:
    shipped = data(SHIPPED.read_text(encoding="utf-8"))
    goals.load_goals(db, shipped)
    before = {entry["previous_code"]: entry["code"] for entry in shipped["aims"]}
    retired = goals.retired_aims(db, list(before), TODAY)
    assert {code: one.successor for code, one in retired.items()} == before
    assert {one.since for one in retired.values()} == {date(2026, 8, 1)}
    assert retired["KM1680"].successor == "KM14681"
