"""Schools and classes: added, changed, split, removed; and what holds a class in its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.people import School, SchoolClass
from tests.app.administrators.conftest import Undo
from tests.app.counting import queries
from tests.cast import NOW, Cast, looking, make_series

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

LIST = "/administrasjon/skoler"


def said(school: School, **values: object) -> dict[str, object]:
    """A class as the form says it."""
    return {"school": school.public_id, "name": "5C", "grades": ["5"], "kind": "class", "head_count": "", "seen": "1"} | values


def at(school_class: SchoolClass, act: str) -> str:
    return f"/administrasjon/klasser/{school_class.public_id}/{act}"


def named(db: Session, name: str) -> SchoolClass | None:
    with looking(db) as fresh:
        found = fresh.scalars(select(SchoolClass).where(SchoolClass.name == name)).first()
        if found is not None:
            _ = [one.grade for one in found.grades], [one.name for one in found.taken_from]
            _ = [one.name for one in found.taken_from]
        return found


def test_the_schools_stand_with_the_classes_of_a_school_year(administrator: FlaskClient, cast: Cast) -> None:
    text = administrator.get(LIST).text
    assert all(name in text for name in ("Granlia skole", "Elvesvingen skole", "5A", "5B gruppe 1", "Bjørka", "confidential"))
    names = re.compile(r">\s*5A\s*<")  # a form's token may hold the same two signs
    assert (bool(names.search(text)), names.search(administrator.get(f"{LIST}?ar=2027").text)) == (True, None)


@pytest.mark.parametrize("year", ["x", "1999", "20260", "²026", "-1"])
def test_a_year_that_is_none_is_not_found(administrator: FlaskClient, year: str) -> None:
    assert administrator.get(f"{LIST}?ar={year}").status_code == 404


def test_the_list_takes_as_many_queries_for_many_classes_as_for_few(
    app: Flask, administrator: FlaskClient, cast: Cast, db: Session
) -> None:
    few = queries(app, lambda: administrator.get(LIST))
    for number in range(35):
        school = School(district_id=cast.district.id, name=f"Skole {number}")
        db.add(school)
        db.flush()
        db.add(SchoolClass(district_id=cast.district.id, school_id=school.id, school_year=2026, name="5A", taken_from=[cast.a5]))
    db.commit()
    assert queries(app, lambda: administrator.get(LIST)) == few


def test_a_school_is_added_and_changed(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    assert administrator.post(f"{LIST}/ny", data={"name": " Lia  skole ", "phone": "22 33 44 55"}).status_code == 303
    with looking(db) as fresh:
        made = fresh.scalars(select(School).where(School.name == "Lia skole")).one()
    data = {"name": "Lia barneskole", "phone": "", "seen": str(made.version)}
    assert administrator.post(f"{LIST}/{made.public_id}/endre", data=data).status_code == 303
    assert administrator.post(f"{LIST}/{made.public_id}/endre", data=data).status_code == 409
    assert "Lia barneskole" in administrator.get(LIST).text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": ""}, "Write a name."),
        ({"name": "granlia SKOLE"}, "There is a school"),
        ({"name": "Lia", "phone": "ring oss"}, "is not a telephone number"),
        ({"name": "Lia", "phone": "1" * 30}, "At most 20 characters fit here."),
    ],
)
def test_a_school_that_cannot_be_is_refused_in_words(administrator: FlaskClient, given: dict[str, str], words: str) -> None:
    answer = administrator.post(f"{LIST}/ny", data=given)
    assert (answer.status_code, words in answer.text) == (422, True), answer.text


def test_a_mixed_class_is_added_with_its_cohorts_and_can_be_undone(administrator: FlaskClient, cast: Cast, db: Session, undo: Undo) -> None:
    added = administrator.post(f"{LIST}/{cast.school.public_id}/klasser/ny", data=said(cast.school, grades=["5", "6"], head_count="24"))
    made = named(db, "5C")
    assert made is not None
    assert ([(one.grade, one.cohort) for one in made.grades], made.head_count) == ([(5, 2022), (6, 2021)], 24)
    assert undo(added).status_code == 303
    assert named(db, "5C") is None


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Write a name."),
        ({"name": "5a"}, "There is a class"),
        ({"grades": []}, "A class has one year or more"),
        ({"grades": ["11"]}, "Choose among those that are offered."),
        ({"grades": ["x"]}, "Choose among those that are offered."),
        ({"kind": "king"}, "Choose among those that are offered."),
        ({"kind": "half"}, "Choose the one whole class that this is a half of."),
        ({"head_count": "mange"}, "Write a whole number."),
        ({"head_count": "0"}, "from 1 to 60"),
        ({"head_count": "999999999999999999999"}, "from 1 to 60"),
        ({"school": "zzzzzz"}, "Choose among those that are offered."),
        ({"taken_from": ["zzzzzz"]}, "Choose among those that are offered."),
    ],
)
def test_a_class_that_cannot_be_is_refused_in_words(
    administrator: FlaskClient, cast: Cast, db: Session, wrong: dict[str, object], words: str
) -> None:
    answer = administrator.post(f"{LIST}/{cast.school.public_id}/klasser/ny", data=said(cast.school) | wrong)
    assert (answer.status_code, words in answer.text) == (422, True), answer.text
    assert named(db, "5C") is None


def test_a_half_cannot_be_of_a_class_at_another_school(administrator: FlaskClient, cast: Cast) -> None:
    data = said(cast.school, kind="half", taken_from=[cast.a6.public_id])
    answer = administrator.post(f"{LIST}/{cast.school.public_id}/klasser/ny", data=data)
    assert (answer.status_code, "of the same school and school year only" in answer.text) == (422, True)


def test_a_class_is_split_in_two_in_one_step_and_made_whole_again(administrator: FlaskClient, cast: Cast, db: Session, undo: Undo) -> None:
    assert 'value="5A1"' in administrator.get(at(cast.a5, "del")).text
    split = administrator.post(at(cast.a5, "del"), data={"first": "5A1", "second": "5A2", "seen": "1"})
    halves = [named(db, "5A1"), named(db, "5A2")]
    assert [(one.kind, one.head_count, [other.name for other in one.taken_from]) for one in halves if one] == [
        ("half", 12, ["5A"]),
        ("half", 12, ["5A"]),
    ]
    assert undo(split).status_code == 303
    assert [named(db, "5A1"), named(db, "5A2")] == [None, None]


@pytest.mark.parametrize(
    ("names", "words"),
    [(("", "5A2"), "Write a name."), (("5A1", "5a1"), "The halves must have different names."), (("5B", "5A2"), "There is a class")],
)
def test_halves_that_cannot_be_are_refused_in_words(
    administrator: FlaskClient, cast: Cast, db: Session, names: tuple[str, str], words: str
) -> None:
    answer = administrator.post(at(cast.a5, "del"), data={"first": names[0], "second": names[1], "seen": "1"})
    assert (answer.status_code, words in answer.text) == (422, True)
    assert named(db, "5A1") is None


def test_a_half_is_not_split(administrator: FlaskClient, cast: Cast) -> None:
    answer = administrator.post(at(cast.half, "del"), data={"first": "a", "second": "b", "seen": "1"})
    assert (answer.status_code, "Only a whole class can be split." in answer.text) == (422, True)


def test_a_class_is_changed_and_two_do_not_overwrite_each_other(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    data = said(cast.school, name="5A Sol", grades=["5", "6"], head_count="25")
    assert administrator.post(at(cast.a5, "endre"), data=data).status_code == 303
    changed = named(db, "5A Sol")
    assert changed is not None
    assert ([one.grade for one in changed.grades], changed.head_count) == ([5, 6], 25)
    late = administrator.post(at(cast.a5, "endre"), data=data | {"name": "Noe annet"})
    assert (late.status_code, "Noe annet" in late.text) == (409, True)


def test_a_class_with_a_series_does_not_move_to_another_school_without_a_word(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    make_series(db, cast)
    db.commit()
    answer = administrator.post(at(cast.a5, "endre"), data=said(cast.other_school, name="5A", head_count="24"))
    assert answer.status_code == 422
    assert "5A has a course series here (Prøverekka)" in answer.text
    assert "add the class at Elvesvingen skole" in answer.text
    with looking(db) as fresh:
        assert fresh.get_one(SchoolClass, cast.a5.id).school_id == cast.school.id


def test_a_class_that_nothing_belongs_to_is_removed_and_comes_back(administrator: FlaskClient, cast: Cast, db: Session, undo: Undo) -> None:
    removed = administrator.post(at(cast.half, "fjern"))
    assert named(db, "5B gruppe 1") is None
    assert undo(removed).status_code == 303
    back = named(db, "5B gruppe 1")
    assert back is not None
    assert (back.kind, back.head_count, [one.name for one in back.taken_from]) == ("half", 11, ["5B"])


def test_a_class_that_something_belongs_to_says_what(administrator: FlaskClient, cast: Cast) -> None:
    answer = administrator.post(at(cast.a5, "fjern"))
    assert answer.status_code == 422
    assert "the assignments of Ingrid Solfeng, Jonas Brekkmo, Siv Nordli" in re.sub(r"\s+", " ", answer.text)


def test_classes_of_another_district_are_not_there(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    school = School(district_id=cast.other_district.id, name="Myra skole")
    db.add(school)
    db.flush()
    theirs = SchoolClass(district_id=cast.other_district.id, school_id=school.id, school_year=2026, name="5M")
    db.add(theirs)
    db.commit()
    assert ">5M<" not in administrator.get(LIST).text
    for act in ("endre", "del", "fjern", "samle"):
        assert administrator.post(at(theirs, act)).status_code == 404
    assert administrator.get(f"{LIST}/{school.public_id}/endre").status_code == 404
    assert administrator.post(f"{LIST}/{school.public_id}/klasser/ny").status_code == 404


def test_a_class_with_a_series_is_not_split_until_the_series_is_thrown_away(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    series = make_series(db, cast, in_use=False)
    db.commit()
    halves = {"first": "5A1", "second": "5A2", "seen": "1"}
    answer = administrator.post(at(cast.a5, "del"), data=halves)
    assert (answer.status_code, f"has the course series {series.title}" in answer.text, named(db, "5A1")) == (422, True, None)
    series.thrown_away_at = NOW
    db.commit()
    assert administrator.post(at(cast.a5, "del"), data=halves).status_code == 303


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"grades": ["1", "9"]}, "follow each other"),
        ({"grades": ["3", "4", "5", "6"]}, "two or three years"),
        ({"kind": "small"}, "Choose the class or classes"),
        ({"kind": "half", "grades": ["7"]}, "of the same years as its class"),
    ],
)
def test_a_class_that_cannot_be_is_refused(administrator: FlaskClient, cast: Cast, wrong: dict[str, object], words: str) -> None:
    sources = [cast.b5.public_id] if wrong.get("kind") == "half" else []
    data = {"school": cast.school.public_id, "name": "5Å", "grades": ["5"], "kind": "class", "taken_from": sources} | wrong
    answer = administrator.post(f"/administrasjon/skoler/{cast.school.public_id}/klasser/ny", data=data)
    assert (answer.status_code, words in answer.text) == (422, True), answer.text


def test_the_state_that_was_overtaken_names_the_choices_and_not_their_keys(administrator: FlaskClient, cast: Cast) -> None:
    data = said(cast.school, name="5A", grades=["5"]) | {"seen": "7"}
    answer = administrator.post(at(cast.a5, "endre"), data=data)
    assert (answer.status_code, cast.school.name in answer.text, cast.school.public_id in answer.text) == (409, True, False)
