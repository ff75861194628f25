"""What holds a class in its place."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.base import Refused
from curriculum.people import CLASS, HALF, SMALL, SchoolClass, add_class
from curriculum.planning import change_class, remove_class, things_of
from tests.cast import Cast, make_cast, make_series
from tests.states import state


@state
def cast(db: Session) -> Cast:
    return make_cast(db)


def said(school_class: SchoolClass, **values: Any) -> dict[str, Any]:
    """A class as it is, said anew but for `values`."""
    return {
        "school": school_class.school,
        "name": school_class.name,
        "grades": [one.grade for one in school_class.grades],
        "kind": school_class.kind,
        "head_count": school_class.head_count,
        "taken_from": list(school_class.taken_from),
    } | values


def test_a_class_with_a_series_is_renamed_but_neither_moved_nor_made_another_kind(db: Session, cast: Cast) -> None:
    make_series(db, cast)
    change_class(db, cast.a5, **said(cast.a5, name="5A Sol"))
    with pytest.raises(Refused, match="5A Sol has a course series here") as refusal:
        change_class(db, cast.a5, **said(cast.a5, school=cast.other_school))
    assert (refusal.value.at, refusal.value.values["series"]) == ("school", "Prøverekka")
    with pytest.raises(Refused, match="cannot become another kind"):
        change_class(db, cast.a5, **said(cast.a5, kind=SMALL))


def test_a_class_with_people_or_groups_is_not_moved_either(db: Session, cast: Cast) -> None:
    with pytest.raises(Refused, match="the assignments of Ingrid Solfeng"):
        change_class(db, cast.b5, **said(cast.b5, school=cast.other_school))
    with pytest.raises(Refused, match="cannot change school"):
        change_class(db, cast.a5, **said(cast.a5, school=cast.other_school))


def test_a_class_that_nothing_belongs_to_is_moved_made_another_kind_and_removed(db: Session, cast: Cast) -> None:
    made = add_class(db, cast.school, "5C", grades=[5], year=2026)
    change_class(db, made, **said(made, school=cast.other_school))
    change_class(db, made, **said(made, kind=SMALL, taken_from=[cast.a6]))
    assert (made.school, made.kind) == (cast.other_school, SMALL)
    change_class(db, made, **said(made, kind=CLASS, taken_from=[]))
    remove_class(db, made)
    assert db.get(SchoolClass, made.id) is None


def test_what_belongs_to_a_class_is_named(db: Session, cast: Cast) -> None:
    make_series(db, cast)
    assert [str(words) for words in things_of(db, cast.a5)] == [
        "the course series Prøverekka",
        "the assignments of Ingrid Solfeng, Jonas Brekkmo, Siv Nordli",
        "the groups Bjørka",
        "a link for parents or teachers, open or closed",
    ]
    with pytest.raises(Refused, match="cannot be removed"):
        remove_class(db, cast.a5)


def test_a_class_that_only_shares_a_lesson_says_so(db: Session, cast: Cast) -> None:
    series = make_series(db, cast)
    series.lessons[0].classes.append(cast.mixed56)
    db.flush()
    assert [str(words) for words in things_of(db, cast.mixed56)] == ["lessons"]


def test_a_class_with_a_series_gets_no_halves(db: Session, cast: Cast) -> None:
    half = planning.add_class(db, cast.school, "5B gruppe 2", grades=[5], year=2026, kind=HALF, taken_from=[cast.b5])
    make_series(db, cast)
    with pytest.raises(Refused, match="has the course series Prøverekka"):
        planning.split_class(db, cast.a5, ["5A1", "5A2"])
    with pytest.raises(Refused, match="has the course series Prøverekka"):
        planning.add_class(db, cast.school, "5A1", grades=[5], year=2026, kind=HALF, taken_from=[cast.a5])
    with pytest.raises(Refused, match="has the course series Prøverekka"):
        change_class(db, half, **said(half, taken_from=[cast.a5]))
