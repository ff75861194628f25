"""The rest laid out anew and a lost day mended, from the board: looked at, accepted, taken back."""

from __future__ import annotations

import re
from datetime import date, time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.planning import Series
from tests.app.agents.test_board import BOARD, plain, undo_of
from tests.app.agents.test_series_page import address
from tests.cast import NOW, Cast, make_series, sign_in

if TYPE_CHECKING:
    from flask.testing import FlaskClient

LOST = "/rekker/tapt/2026-10-21"


def stands(db: Session, *series: Series) -> list[str]:
    db.expire_all()
    found = [f"{lesson.date:%d.%m}" for one in series for lesson in sorted(one.lessons, key=lambda lesson: lesson.position)]
    db.commit()
    return found


def seal_of(page: str) -> str:
    found = re.search(r'name="seal"[^>]* value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_a_lost_day_is_mended_in_three_clicks_and_taken_back_in_one(agent: FlaskClient, series: Series, db: Session) -> None:
    board = agent.get(BOARD).text
    row = re.search(r"<tr>(?:(?!</tr>).)*?Week 43.*?</tr>", board, re.S)
    assert row is not None and "A day is lost" in row[0]
    [lost] = re.findall(r'href="(/rekker/tapt/[^"]+)"', row[0])
    looked_at = agent.get(lost.replace("&amp;", "&")).text
    words = plain(looked_at)
    assert "Nothing is saved yet. Lessons that would move: 1." in words
    assert "Vennskap From Wednesday 21 October 08:30 to Wednesday 28 October 08:30 Why: the day is lost" in words
    assert stands(db, series) == ["14.10", "21.10"]
    answer = agent.post(lost.replace("&amp;", "&"), data={"seal": seal_of(looked_at), "reason": "Sykdom hos ansatte"})
    assert (answer.status_code, answer.headers["Location"]) == (303, BOARD)
    assert stands(db, series) == ["14.10", "28.10"]
    after = agent.get(BOARD).text
    assert "New dates are saved. Lessons moved: 1. 5A “Vennskap”: 21 October → Wednesday 28 October 08:30." in after
    assert agent.post(undo_of(after)).status_code == 303
    assert stands(db, series) == ["14.10", "21.10"]


def test_only_the_class_or_the_school_that_was_looked_at_is_touched(agent: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    other = make_series(db, cast, cast.b5, themes=("respekt", "samarbeid"), weekday=3)
    planning.move_lesson(db, other.lessons[1], date(2026, 10, 21), time(12), by=cast.agent, now=NOW)
    db.commit()
    both = agent.get(LOST).text
    assert [name in plain(both) for name in ("5A Prøverekka", "5B Prøverekka")] == [True, True]
    one = agent.get(f"{LOST}?klasse={cast.a5.public_id}").text
    assert [name in plain(one) for name in ("5A Prøverekka", "5B Prøverekka")] == [True, False]
    assert "None of your classes has a lesson on that day." in agent.get(f"{LOST}?skole=finnes-ikke").text


def test_what_is_locked_on_a_lost_day_is_told(agent: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    planning.lock_lesson(db, series.lessons[1], by=cast.agent, now=NOW)
    db.commit()
    page = agent.get(LOST).text
    assert "Vennskap : The date is locked. Unlock it first. Find a new date" in plain(page)
    assert "Accept the new dates" not in page


def test_a_plan_that_was_changed_meanwhile_is_shown_anew_and_nothing_is_done(
    agent: FlaskClient, cast: Cast, series: Series, db: Session
) -> None:
    seal = seal_of(agent.get(LOST).text)
    planning.set_room(db, series.lessons[0], "Aulaen", by=cast.agent, now=NOW)
    db.commit()
    answer = agent.post(LOST, data={"seal": seal})
    assert (answer.status_code, "The plan has been changed since you looked at it." in answer.text) == (422, True)
    assert stands(db, series) == ["14.10", "21.10"]
    assert agent.post(LOST, data={"seal": seal_of(answer.text)}).status_code == 303


@pytest.mark.parametrize("on", ["i-dag", "2026-13-01"])
def test_a_day_that_is_none_is_not_there(agent: FlaskClient, on: str) -> None:
    assert agent.get(f"/rekker/tapt/{on}").status_code == 404


def test_the_rest_of_a_series_is_laid_out_anew(agent: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    planning.move_lesson(db, series.lessons[1], date(2026, 11, 25), by=cast.agent, now=NOW)
    db.commit()
    page = agent.get(address(series)).text
    assert f'href="{address(series)}/legg-pa-nytt"' in page
    looked_at = agent.get(f"{address(series)}/legg-pa-nytt").text
    assert "Why: the lessons come closer together" in plain(looked_at)
    answer = agent.post(f"{address(series)}/legg-pa-nytt", data={"seal": seal_of(looked_at)})
    assert answer.headers["Location"] == address(series)
    assert stands(db, series) == ["14.10", "21.10"]
    assert "Nothing has to move" in agent.get(f"{address(series)}/legg-pa-nytt").text


def test_all_of_hers_are_laid_out_anew_together(agent: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    other = make_series(db, cast, cast.b5, themes=("respekt", "samarbeid"), weekday=3, agents=[cast.agent])
    planning.move_lesson(db, series.lessons[1], date(2026, 11, 25), by=cast.agent, now=NOW)
    planning.move_lesson(db, other.lessons[1], date(2026, 11, 26), by=cast.agent, now=NOW)
    db.commit()
    assert 'href="/rekker/legg-pa-nytt"' in agent.get(BOARD).text
    looked_at = agent.get("/rekker/legg-pa-nytt").text
    assert agent.post("/rekker/legg-pa-nytt", data={"seal": seal_of(looked_at)}).status_code == 303
    assert stands(db, series, other) == ["14.10", "21.10", "15.10", "22.10"]
    assert "Nothing has to move" in agent.get("/rekker/legg-pa-nytt?ar=2027").text


def test_who_does_not_plan_the_class_lays_nothing_out(client: FlaskClient, cast: Cast, series: Series) -> None:
    sign_in(client, cast.other_agent)
    assert client.get(f"{address(series)}/legg-pa-nytt").status_code == 404
    assert "seal" not in client.get(LOST).text
    assert sign_in(client, cast.coordinator).get(LOST).status_code == 403
