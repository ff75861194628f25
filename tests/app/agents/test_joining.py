"""Lessons held as one for several classes, as the agent sees and does it."""

from __future__ import annotations

import re
from datetime import date, time
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from curriculum.planning import Series
from tests.app.agents.test_series_page import address, seen
from tests.cast import Cast, make_series, sign_in
from tests.states import state

if TYPE_CHECKING:
    from flask.testing import FlaskClient


@state
def theirs(db: Session, cast: Cast, series: Series) -> Series:
    """5B's series of the same themes, by the same agent, on Fridays."""
    theirs = make_series(db, cast, cast.b5, themes=("folelser", "vennskap"), weekday=4)
    db.commit()
    return theirs


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def times(db: Session, *series: Series) -> list[tuple[date, time]]:
    db.expire_all()
    found = [(one.lessons[1].date, one.lessons[1].start) for one in series]
    db.commit()
    return found


def join(agent: FlaskClient, db: Session, series: Series, theirs: Series) -> None:
    data = {"others": theirs.lessons[1].public_id} | seen(db, series, 1)
    assert agent.post(address(series, 1, "sammen"), data=data).status_code == 303


def test_two_classes_are_held_as_one_and_each_by_itself_again(agent: FlaskClient, series: Series, theirs: Series, db: Session) -> None:
    before = times(db, series, theirs)
    form = plain(agent.get(address(series, 1, "sammen")).text)
    assert "5B: Friday 23 October 08:30" in form
    join(agent, db, series, theirs)
    assert times(db, series, theirs) == [before[0], before[0]]
    board = agent.get("/rekker/tavle").text
    assert ("together with 5B" in board, "together with 5A" in board) == (True, True)
    assert "together with 5A" in agent.get(address(theirs)).text
    assert "Held together with 5B." in plain(agent.get(address(series, 1, "sammen")).text)
    assert agent.post(address(series, 1, "hver-for-seg"), data=seen(db, series, 1)).status_code == 303
    assert times(db, series, theirs) == before


def test_moving_one_of_them_moves_both(agent: FlaskClient, series: Series, theirs: Series, db: Session) -> None:
    join(agent, db, series, theirs)
    data = {"date": "2026-10-27", "start_time": "12:00"} | seen(db, theirs, 1)
    assert agent.post(address(theirs, 1, "flytt"), data=data).status_code == 303
    assert times(db, series, theirs) == [(date(2026, 10, 27), time(12))] * 2


def test_nothing_chosen_is_said_at_the_boxes(agent: FlaskClient, series: Series, theirs: Series, db: Session) -> None:
    answer = agent.post(address(series, 1, "sammen"), data=seen(db, series, 1))
    assert (answer.status_code, "Choose at least one lesson." in answer.text) == (422, True)


def test_what_is_not_held_as_one_cannot_be_parted(agent: FlaskClient, series: Series, db: Session) -> None:
    answer = agent.post(address(series, 1, "hver-for-seg"), data=seen(db, series, 1))
    assert (answer.status_code, "The lesson is not held as one with another." in answer.text) == (422, True)
    assert "No other class that you plan for" in agent.get(address(series, 1, "sammen")).text


def test_a_class_that_is_not_hers_to_plan_is_neither_offered_nor_joined(
    agent: FlaskClient, cast: Cast, series: Series, db: Session
) -> None:
    small = make_series(db, cast, cast.small, themes=("folelser", "vennskap"), agents=[cast.small_agent], weekday=3)
    db.commit()
    assert "Bjørka" not in agent.get(address(series, 1, "sammen")).text
    before, data = times(db, small), {"others": small.lessons[1].public_id} | seen(db, series, 1)
    assert agent.post(address(series, 1, "sammen"), data=data).status_code == 422
    assert times(db, small) == before


def test_a_small_group_that_shares_a_lesson_is_named_to_its_own_only(agent: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    small = make_series(db, cast, cast.small, themes=("folelser", "vennskap"), agents=[cast.small_agent], weekday=3)
    for one in (series, small):
        one.lessons[1].joint = "abcdef"
    db.commit()
    for page in ("/rekker/tavle", address(series), address(series, 1, "sammen")):
        shown = agent.get(page).text
        assert ("Bjørka" in shown, "Held together with" in shown, ">together with" in shown) == (False, False, False)
    sign_in(agent, cast.small_agent)
    assert "Bjørka" in agent.get("/rekker/tavle").text
