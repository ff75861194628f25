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
    assert (db.query(Aim).count(), db.query(Framework).count(), db.query(Section).count()) == (1, 1, 1)


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
        ("[[plans]]", "[plans]", "plans"),
    ],
)
def test_a_wrong_fact_is_named_by_its_place(db: Session, old: str, new: str, at: str) -> None:
    wrong = data(FILE.replace(old, new, 1))
    assert at in [problem.at for problem in goals.goal_problems(wrong)]
    with pytest.raises(Refused):
        goals.load_goals(db, wrong)
    assert db.query(Aim).count() == 0


def test_a_code_stands_once() -> None:
    twice = FILE + FILE[FILE.index("[[sections]]") :]
    assert [str(problem) for problem in goals.goal_problems(data(twice))] == ["“2.5.1” stands twice. Delete one of them."]


def test_the_shipped_facts_are_sound_and_hold_no_official_text(db: Session) -> None:
    shipped = data(SHIPPED.read_text(encoding="utf-8"))
    assert goals.goal_problems(shipped) == []
    assert goals.load_goals(db, shipped) == len(shipped["aims"])
