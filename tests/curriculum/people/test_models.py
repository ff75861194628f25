"""Districts, classes, assignments and links, and what the database itself refuses of them."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from curriculum.people import Assignment, District, Link, SchoolClass, new_link
from tests.cast import TODAY, make_cast


def test_parents_may_choose_the_languages_that_are_open_in_the_districts_order(db: Session) -> None:
    cast = make_cast(db)
    db.commit()
    db.expire_all()
    assert cast.district.open_languages == ["nb", "en", "ur", "so"]


def test_a_first_name_is_what_parents_may_read(db: Session) -> None:
    agent = make_cast(db).agent
    assert (agent.first_name, agent.shows_first_name) == ("Ingrid", False)


def test_a_group_knows_which_classes_it_is_taken_from_and_only_the_small_one_is_confidential(db: Session) -> None:
    cast = make_cast(db)
    assert (cast.half.taken_from, cast.small.taken_from) == ([cast.b5], [cast.a5])
    assert [name for name, school_class in cast.classes.items() if school_class.is_confidential] == ["small"]


def test_a_mixed_class_holds_several_years_with_the_year_each_began_school(db: Session) -> None:
    mixed = make_cast(db).mixed56
    assert [(grade.grade, grade.cohort) for grade in mixed.grades] == [(5, 2022), (6, 2021)]


def test_the_code_for_parents_can_be_typed_and_those_that_open_more_are_long(db: Session) -> None:
    cast = make_cast(db)
    lengths = [
        len(new_link(db, group, kind, expires=TODAY).code) for group in (cast.a5, cast.half, cast.small) for kind in ("parents", "teacher")
    ]
    assert lengths == [10, 26, 10, 26, 26, 26]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda cast: District(key="solbakken", name="Den samme en gang til"),
        lambda cast: District(key="ny", name="Ny", parents_read="everything"),
        lambda cast: SchoolClass(district_id=cast.district.id, school_id=cast.school.id, school_year=2026, name="5A"),
        lambda cast: SchoolClass(district_id=cast.district.id, school_id=cast.school.id, school_year=2026, name="5C", kind="tiny"),
        lambda cast: Assignment(district_id=cast.district.id, person_id=cast.agent.id, role="pupil", from_date=date(2026, 8, 1)),
        lambda cast: Link(district_id=cast.district.id, class_id=cast.a5.id, kind="pupils", code="abc", expires=TODAY),
        lambda cast: Link(district_id=cast.district.id, class_id=cast.a5.id, kind="parents", code=cast.parents_link.code, expires=TODAY),
        lambda cast: Link(district_id=cast.district.id, class_id=4711, kind="parents", code="abc", expires=TODAY),
    ],
)
def test_the_database_refuses(wrong: object, db: Session) -> None:
    assert callable(wrong)
    db.add(wrong(make_cast(db)))
    with pytest.raises(IntegrityError):
        db.flush()


def test_the_same_class_comes_again_next_year(db: Session) -> None:
    cast = make_cast(db)
    db.add(SchoolClass(district_id=cast.district.id, school_id=cast.school.id, school_year=2027, name="5A"))
    db.flush()
