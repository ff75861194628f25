"""Schools, classes and people as they are put in place and said anew."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from curriculum.base import Refused
from curriculum.people import (
    AGENT,
    CLASS,
    COORDINATOR,
    HALF,
    HEAD,
    SMALL,
    TRANSLATOR,
    add_class,
    add_school,
    assign,
    change_class,
    change_person,
    change_school,
    halves_of,
    split_class,
)
from tests.cast import TODAY, Cast, make_cast
from tests.states import state


@state
def cast(db: Session) -> Cast:
    return make_cast(db)


def test_a_school_may_keep_its_name_and_not_take_anothers(db: Session, cast: Cast) -> None:
    change_school(db, cast.school, name="GRANLIA skole", phone="")
    assert (cast.school.name, cast.school.phone) == ("GRANLIA skole", "")
    with pytest.raises(Refused, match="already"):
        change_school(db, cast.school, name="elvesvingen skole", phone="")
    with pytest.raises(Refused, match="at most 20 signs"):
        add_school(db, cast.district, "Lia", phone="+47 (22) 22 22 22 -- 22")


def said(cast: Cast, **values: Any) -> dict[str, Any]:
    """5A as it is, said anew but for `values`."""
    return {"school": cast.school, "name": "5A", "grades": [5], "kind": CLASS, "head_count": 24, "taken_from": []} | values


def test_a_class_is_said_anew(db: Session, cast: Cast) -> None:
    change_class(db, cast.a5, **said(cast, name="5A Sol", grades=[5, 6], head_count=None))
    db.expire_all()
    assert (cast.a5.name, [(one.grade, one.cohort) for one in cast.a5.grades], cast.a5.head_count) == (
        "5A Sol",
        [(5, 2022), (6, 2021)],
        None,
    )
    change_class(db, cast.a5, **said(cast, grades=[6]))
    db.expire_all()
    assert [one.grade for one in cast.a5.grades] == [6]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"kind": "choir"}, "a whole class, a half of one, or a small group"),
        ({"kind": HALF, "taken_from": ["half"]}, "whole classes of the same school"),
        ({"kind": HALF, "taken_from": ["a5"]}, "whole classes of the same school"),
        ({"kind": SMALL, "taken_from": ["a6"]}, "whole classes of the same school"),
        ({"taken_from": ["b5"]}, "A whole class is not taken from others"),
    ],
)
def test_what_a_class_cannot_be_taken_from_is_refused(db: Session, cast: Cast, wrong: dict[str, Any], words: str) -> None:
    given = wrong | {"taken_from": [cast.classes[name] for name in wrong.get("taken_from", [])]}
    with pytest.raises(Refused, match=words):
        change_class(db, cast.a5, **said(cast, **given))


def test_an_odd_class_is_split_with_its_heads_shared(db: Session, cast: Cast) -> None:
    cast.a5.head_count = 25
    split_class(db, cast.a5, ["5A1", "5A2"])
    assert [(one.name, one.kind, one.head_count, [grade.grade for grade in one.grades]) for one in halves_of(db, cast.a5)] == [
        ("5A1", HALF, 13, [5]),
        ("5A2", HALF, 12, [5]),
    ]
    with pytest.raises(Refused, match="split already"):
        split_class(db, cast.a5, ["a", "b"])


def test_a_class_of_unknown_size_is_split_in_halves_of_unknown_size(db: Session, cast: Cast) -> None:
    cast.a5.head_count = None
    assert [one.head_count for one in split_class(db, cast.a5, ["5A1", "5A2"])] == [None, None]


def test_only_a_whole_class_is_split(db: Session, cast: Cast) -> None:
    with pytest.raises(Refused, match="Only a whole class"):
        split_class(db, cast.small, ["a", "b"])


def test_a_school_year_that_there_is_not_is_refused(db: Session, cast: Cast) -> None:
    with pytest.raises(Refused, match="not the year a school year begins"):
        add_class(db, cast.school, "5C", grades=[5], year=1999)


def test_a_person_is_changed_and_may_keep_her_address(db: Session, cast: Cast) -> None:
    change_person(db, cast.agent, name="Ingrid  S", email="AGENT@example.com ", language="en", shows_first_name=True)
    assert (cast.agent.name, cast.agent.email, cast.agent.language, cast.agent.shows_first_name) == (
        "Ingrid S",
        "agent@example.com",
        "en",
        True,
    )
    with pytest.raises(Refused, match="has an account already"):
        change_person(db, cast.agent, name="Ingrid S", email="teacher@example.com", language="en", shows_first_name=True)


@pytest.mark.parametrize(
    ("wrong", "at", "words"),
    [
        ({"name": "5a"}, "name", "There is a class “5a” at Granlia skole already."),
        ({"grades": []}, "grades", "A class has one year or more, from 1 to 10."),
        ({"grades": [0, 5]}, "grades", "A class has one year or more, from 1 to 10."),
        ({"kind": HALF}, "taken_from", "Choose the one whole class that this is a half of."),
        ({"head_count": 61}, "head_count", "A class has from 1 to 60 pupils. Leave it empty when you do not know."),
        ({"name": "x" * 41}, "name", "A name has at most 40 characters."),
    ],
)
def test_a_class_that_cannot_be_is_refused_at_its_field(db: Session, cast: Cast, wrong: dict[str, Any], at: str, words: str) -> None:
    given: dict[str, Any] = {"name": "5C", "grades": [5], "year": 2026} | wrong
    with pytest.raises(Refused) as refusal:
        add_class(db, cast.school, **given)
    assert (refusal.value.at, str(refusal.value)) == (at, words)


def test_a_telephone_number_that_is_none_is_refused_at_its_field(db: Session, cast: Cast) -> None:
    with pytest.raises(Refused, match="is not a telephone number") as refusal:
        add_school(db, cast.district, "Lia", phone="ring oss")
    assert refusal.value.at == "phone"


@pytest.mark.parametrize(
    ("role", "place", "at"),
    [
        (AGENT, {}, "school_class"),
        (HEAD, {"language": "so"}, "school"),
        (TRANSLATOR, {}, "language"),
        (TRANSLATOR, {"language": "xx"}, "language"),
        (COORDINATOR, {"language": "so"}, "role"),
    ],
)
def test_a_role_is_refused_without_exactly_its_place(db: Session, cast: Cast, role: str, place: dict[str, Any], at: str) -> None:
    with pytest.raises(Refused) as refusal:
        assign(db, cast.teacher, role, today=TODAY, **place)
    assert refusal.value.at == at


def test_halves_follow_their_class_to_another_year(db: Session, cast: Cast) -> None:
    change_class(db, cast.b5, school=cast.school, name="6B", grades=[6], kind=CLASS, head_count=22, taken_from=[])
    assert [one.grade for one in cast.half.grades] == [6]


def test_a_class_has_two_halves_and_no_third(db: Session, cast: Cast) -> None:
    add_class(db, cast.school, "5B gruppe 2", grades=[5], year=2026, kind=HALF, taken_from=[cast.b5])
    with pytest.raises(Refused, match="5B is split in two already"):
        add_class(db, cast.school, "5B gruppe 3", grades=[5], year=2026, kind=HALF, taken_from=[cast.b5])


def test_a_half_of_another_year_and_a_group_of_no_class_are_refused(db: Session, cast: Cast) -> None:
    with pytest.raises(Refused, match="of the same years as its class"):
        add_class(db, cast.school, "7B", grades=[7], year=2026, kind=HALF, taken_from=[cast.b5])
    with pytest.raises(Refused, match="Choose the class or classes"):
        add_class(db, cast.school, "Eika", grades=[5], year=2026, kind=SMALL)
    with pytest.raises(Refused, match="different names"):
        split_class(db, cast.a5, ["5A1", "5a1"])
    with pytest.raises(Refused, match="There is a class") as refused:
        split_class(db, cast.a5, ["5A1", "5B"])
    assert refused.value.at == "second"
