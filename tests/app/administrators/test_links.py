"""The classes' links: made, closed at once, opened again, and their last day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.people import Link, SchoolClass, new_link
from tests.app.administrators.conftest import Undo
from tests.app.counting import queries
from tests.cast import TODAY, Cast, looking

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

LIST = "/administrasjon/lenker"


def of(school_class: SchoolClass, act: str, kind: str = "foreldre") -> str:
    return f"{LIST}/{school_class.public_id}/{kind}/{act}"


def test_every_class_stands_with_its_links_and_halves_have_none_of_their_own(administrator: FlaskClient, cast: Cast) -> None:
    text = administrator.get(LIST).text
    assert (cast.parents_link.code in text, cast.teacher_link.code in text) == (True, True)
    assert ("Bjørka" in text, "5B gruppe 1" in text) == (True, False)
    assert administrator.post(of(cast.half, "ny")).status_code == 404


def test_a_link_is_made_and_opens(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    assert administrator.post(of(cast.b5, "ny")).status_code == 303
    with looking(db) as fresh:
        made = fresh.scalars(select(Link).where(Link.class_id == cast.b5.id)).one()
    assert administrator.get(f"/f/{made.code}/nb").status_code == 200
    again = administrator.post(of(cast.b5, "ny"))
    assert (again.status_code, "Close it first." in again.text) == (422, True)


def test_a_closed_link_is_gone_at_once_and_comes_back(administrator: FlaskClient, cast: Cast, undo: Undo) -> None:
    address = f"/f/{cast.parents_link.code}/nb"
    assert administrator.get(address).status_code == 200
    closed = administrator.post(of(cast.a5, "steng"), data={"code": cast.parents_link.code})
    assert administrator.get(address).status_code == 410
    assert undo(closed).status_code == 303
    assert administrator.get(address).status_code == 200


def test_a_link_is_not_closed_by_the_page_of_an_older_one(administrator: FlaskClient, cast: Cast) -> None:
    administrator.post(of(cast.a5, "steng"), data={"code": cast.parents_link.code})
    late = administrator.post(of(cast.a5, "steng"), data={"code": cast.parents_link.code})
    assert (late.status_code, "That link is closed already." in late.text) == (422, True)


def test_the_last_day_of_a_link_is_set(administrator: FlaskClient, cast: Cast) -> None:
    assert administrator.post(of(cast.a5, "siste-dag"), data={"expires": "2026-10-14"}).status_code == 303
    assert "opens through 14 October 2026" in administrator.get(LIST).text


@pytest.mark.parametrize("day", ["", "x", "2026-10-13", "2027-08-01"])
def test_a_last_day_that_cannot_be_is_refused_in_words(administrator: FlaskClient, cast: Cast, day: str) -> None:
    answer = administrator.post(of(cast.a5, "siste-dag"), data={"expires": day})
    words = ("Write a date", "Choose a day from 14 October to 31 July 2027.")
    assert (answer.status_code, any(one in answer.text for one in words)) == (422, True)


def test_a_link_that_is_closed_has_no_last_day_to_set(administrator: FlaskClient, cast: Cast) -> None:
    assert administrator.get(of(cast.b5, "siste-dag")).status_code == 410


def test_there_are_no_other_kinds_of_link(administrator: FlaskClient, cast: Cast) -> None:
    assert administrator.post(of(cast.a5, "ny", "elever")).status_code == 404


def test_the_list_takes_as_many_queries_for_many_classes_as_for_few(
    app: Flask, administrator: FlaskClient, cast: Cast, db: Session
) -> None:
    few = queries(app, lambda: administrator.get(LIST))
    for number in range(35):
        one = SchoolClass(district_id=cast.district.id, school_id=cast.school.id, school_year=2026, name=f"4{number}")
        db.add(one)
        db.flush()
        new_link(db, one, "parents", expires=TODAY)
    db.commit()
    assert queries(app, lambda: administrator.get(LIST)) == few


def test_a_closed_link_can_be_opened_again_from_the_list_until_there_is_a_new_one(administrator: FlaskClient, cast: Cast) -> None:
    reopen = of(cast.a5, "apne")
    assert reopen not in administrator.get(LIST).text
    administrator.post(of(cast.a5, "steng"), data={"code": cast.parents_link.code})
    assert reopen in administrator.get(LIST).text
    administrator.post(of(cast.a5, "ny"))
    assert reopen not in administrator.get(LIST).text


def test_each_button_says_of_which_class_school_and_kind_of_link_it_is(administrator: FlaskClient, cast: Cast) -> None:
    assert ": 5A, Granlia skole, For parents<" in administrator.get(LIST).text
    assert ": 5A, Granlia skole, For teachers<" in administrator.get(LIST).text
