"""What parents are offered: languages, how much they may read, and numbers to ring."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.people import District, HelpLine
from tests.app.administrators.conftest import Undo
from tests.app.counting import queries
from tests.cast import Cast, looking

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

PAGE = "/administrasjon/sprak"
LINES = "/administrasjon/telefoner"


def open_tags(db: Session, cast: Cast) -> list[str]:
    with looking(db) as fresh:
        return fresh.get_one(District, cast.district.id).open_languages


def lines(db: Session, cast: Cast) -> list[tuple[str, str]]:
    with looking(db) as fresh:
        return [(line.name, line.phone) for line in fresh.get_one(District, cast.district.id).help_lines]


def test_a_language_is_opened_closed_and_that_is_undone(administrator: FlaskClient, cast: Cast, db: Session, undo: Undo) -> None:
    assert administrator.post(f"{PAGE}/ar/apne").status_code == 303
    assert open_tags(db, cast) == ["nb", "en", "ur", "so", "ar"]
    administrator.get(PAGE)
    closed = administrator.post(f"{PAGE}/so/steng")
    assert open_tags(db, cast) == ["nb", "en", "ur", "ar"]
    assert undo(closed).status_code == 303
    assert open_tags(db, cast) == ["nb", "en", "ur", "so", "ar"]


def test_a_language_the_district_has_never_had_comes_last(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    administrator.post(f"{PAGE}/ta/apne")
    assert open_tags(db, cast) == ["nb", "en", "ur", "so", "ta"]
    text = administrator.get(PAGE).text
    assert "own words are missing" in text
    assert "no text is translated" in text


@pytest.mark.parametrize("tag", ["tr", "nn"])
def test_a_language_whose_pages_would_stand_in_english_is_not_opened(administrator: FlaskClient, cast: Cast, db: Session, tag: str) -> None:
    answer = administrator.post(f"{PAGE}/{tag}/apne")
    assert (answer.status_code, "would stand in English" in answer.text, tag in open_tags(db, cast)) == (422, True, False)
    assert f"{PAGE}/{tag}/apne" not in administrator.get(PAGE).text


def test_languages_change_places(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    assert administrator.post(f"{PAGE}/so/opp").status_code == 303
    assert open_tags(db, cast) == ["nb", "en", "so", "ur"]
    assert administrator.post(f"{PAGE}/nb/ned").status_code == 303
    assert open_tags(db, cast) == ["en", "nb", "so", "ur"]


def test_the_language_of_the_texts_is_always_open(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    answer = administrator.post(f"{PAGE}/nb/steng")
    assert (answer.status_code, "it is always open" in answer.text) == (422, True)
    assert "nb" in open_tags(db, cast)


@pytest.mark.parametrize("act", ["xx/apne", "so/slett", "../apne", "SO/apne"])
def test_there_is_no_other_language_and_no_other_act(administrator: FlaskClient, act: str) -> None:
    assert administrator.post(f"{PAGE}/{act}").status_code in (404, 405)


def test_a_closed_language_has_no_place_in_the_row(administrator: FlaskClient) -> None:
    answer = administrator.post(f"{PAGE}/ar/opp")
    assert (answer.status_code, "The language is not open." in answer.text) == (422, True)


def test_what_parents_may_read_is_chosen_and_two_do_not_overwrite_each_other(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    found = re.search(r'name="seen" type="hidden" value="(\d+)"', administrator.get("/administrasjon/foreldre").text)
    assert found
    assert administrator.post("/administrasjon/foreldre", data={"policy": "checked", "seen": found[1]}).status_code == 303
    assert administrator.post("/administrasjon/foreldre", data={"policy": "draft", "seen": found[1]}).status_code == 409
    with looking(db) as fresh:
        assert fresh.get_one(District, cast.district.id).parents_read == "checked"


def test_a_policy_that_there_is_not_is_refused(administrator: FlaskClient, cast: Cast) -> None:
    answer = administrator.post("/administrasjon/foreldre", data={"policy": "all", "seen": "1"})
    assert (answer.status_code, "Choose among those that are offered." in answer.text) == (422, True)


def test_help_lines_are_added_changed_removed_and_put_back(administrator: FlaskClient, cast: Cast, db: Session, undo: Undo) -> None:
    assert administrator.post(f"{LINES}/ny", data={"name": "Mental helse", "phone": "116 123"}).status_code == 303
    first, second = ("Alarmtelefonen for barn og unge", "116 111"), ("Mental helse", "116 123")
    assert lines(db, cast) == [first, second]
    with looking(db) as fresh:
        ids = [line.id for line in fresh.scalars(select(HelpLine).order_by(HelpLine.position))]
    administrator.post(f"{LINES}/{ids[1]}/endre", data={"name": "Mental Helse", "phone": "116 123"})
    administrator.get(PAGE)
    removed = administrator.post(f"{LINES}/{ids[0]}/fjern")
    assert lines(db, cast) == [("Mental Helse", "116 123")]
    assert undo(removed).status_code == 303
    assert lines(db, cast) == [first, ("Mental Helse", "116 123")]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": "", "phone": "116 123"}, "Write a name."),
        ({"name": "Mental helse", "phone": ""}, "Write a telephone number."),
        ({"name": "Mental helse", "phone": "ring"}, "is not a telephone number"),
        ({"name": "x" * 81, "phone": "116 123"}, "at most 80 fit here"),
    ],
)
def test_a_help_line_that_cannot_be_is_refused_in_words(
    administrator: FlaskClient, cast: Cast, db: Session, given: dict[str, str], words: str
) -> None:
    answer = administrator.post(f"{LINES}/ny", data=given)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert len(lines(db, cast)) == 1


def test_too_many_help_lines_are_refused(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    db.add_all(HelpLine(district_id=cast.district.id, position=n, name=f"Linje {n}", phone="116 111") for n in range(2, 13))
    db.commit()
    assert "There are 12 help lines already." in administrator.post(f"{LINES}/ny", data={"name": "En til", "phone": "116 123"}).text


def test_another_districts_help_line_is_not_there(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    theirs = HelpLine(district_id=cast.other_district.id, position=1, name="Deres", phone="116 123")
    db.add(theirs)
    db.commit()
    assert administrator.post(f"{LINES}/{theirs.id}/fjern").status_code == 404
    assert administrator.get(f"{LINES}/{theirs.id}/endre").status_code == 404


def test_the_page_takes_as_many_queries_for_many_help_lines_as_for_few(
    app: Flask, administrator: FlaskClient, cast: Cast, db: Session
) -> None:
    few = queries(app, lambda: administrator.get(PAGE))
    db.add_all(HelpLine(district_id=cast.district.id, position=n, name=f"Linje {n}", phone="116 111") for n in range(2, 40))
    db.commit()
    assert queries(app, lambda: administrator.get(PAGE)) == few
