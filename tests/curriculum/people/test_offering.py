"""What a district offers its parents."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from curriculum.base import Refused
from curriculum.people import (
    add_help_line,
    change_help_line,
    choose_policy,
    move_language,
    open_language,
    remove_help_line,
)
from tests.cast import Cast, make_cast
from tests.states import state


@state
def cast(db: Session) -> Cast:
    return make_cast(db)


def test_a_language_comes_last_when_it_is_new_and_keeps_its_place_when_it_is_not(db: Session, cast: Cast) -> None:
    open_language(db, cast.district, "ti", True)
    open_language(db, cast.district, "en", False)
    open_language(db, cast.district, "en", True)
    db.expire_all()
    assert cast.district.open_languages == ["nb", "en", "ur", "so", "ti"]


@pytest.mark.parametrize(("tag", "is_open"), [("nb", False), ("xx", True)])
def test_the_source_language_stays_open_and_an_unknown_one_does_not_open(db: Session, cast: Cast, tag: str, is_open: bool) -> None:
    with pytest.raises(Refused):
        open_language(db, cast.district, tag, is_open)


def test_languages_change_places_and_stop_at_the_ends(db: Session, cast: Cast) -> None:
    move_language(db, cast.district, "so", earlier=True)
    move_language(db, cast.district, "nb", earlier=True)
    move_language(db, cast.district, "ur", earlier=False)
    assert cast.district.open_languages == ["nb", "en", "so", "ur"]
    with pytest.raises(Refused, match="not open"):
        move_language(db, cast.district, "ar", earlier=True)


def test_only_a_policy_that_there_is_can_be_chosen(db: Session, cast: Cast) -> None:
    choose_policy(db, cast.district, "checked")
    assert cast.district.parents_read == "checked"
    with pytest.raises(Refused):
        choose_policy(db, cast.district, "all")


def test_help_lines_come_and_go(db: Session, cast: Cast) -> None:
    made = add_help_line(db, cast.district, "Mental helse", "116 123")
    change_help_line(db, made, "Mental  Helse", "116 124 ")
    first = cast.district.help_lines[0]
    remove_help_line(db, cast.district, first)
    add_help_line(db, cast.district, first.name, first.phone, position=1)
    db.expire_all()
    assert [(line.position, line.name, line.phone) for line in cast.district.help_lines] == [
        (1, "Alarmtelefonen for barn og unge", "116 111"),
        (2, "Mental Helse", "116 124"),
    ]


def test_a_parent_is_not_given_more_numbers_than_she_can_choose_among(db: Session, cast: Cast) -> None:
    for number in range(11):
        add_help_line(db, cast.district, f"Linje {number}", "116 111")
    with pytest.raises(Refused, match="12 help lines already"):
        add_help_line(db, cast.district, "En til", "116 111")
