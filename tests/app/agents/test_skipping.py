"""A lesson held without some of its parts: parents read of those that were done, and of no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.planning import HELD, PLANNED, Series
from tests.app.agents.test_continuing import values, words
from tests.app.agents.test_series_page import address, reread, seen
from tests.cast import NOW, Cast

if TYPE_CHECKING:
    from flask.testing import FlaskClient

DID = {"frys": "Vi lekte statuer", "fargekartet": "Vi tegnet hvor i kroppen"}


@pytest.fixture
def parts(agent: FlaskClient, series: Series) -> list[str]:
    """What the form offers."""
    return values(agent.get(address(series, 0, "deler")).text, "parts")


def test_every_part_that_there_is_time_for_is_ticked(agent: FlaskClient, series: Series, parts: list[str]) -> None:
    page = agent.get(address(series, 0, "deler")).text
    assert {"frys", "fargekartet"} <= set(parts)
    assert page.count(" checked") == len(parts)


def test_what_was_skipped_is_not_told_to_parents_in_any_language(
    agent: FlaskClient, series: Series, cast: Cast, db: Session, parts: list[str]
) -> None:
    done = [uid for uid in parts if uid != "fargekartet"]
    answer = agent.post(address(series, 0, "deler"), data={"parts": done} | seen(db, series))
    assert answer.status_code == 303
    lesson = reread(db, series)
    assert lesson.state == HELD and lesson.held_record is not None
    assert lesson.held_record["skipped"] == ["fargekartet"]
    for path in ("nb/{0}", "so/{0}", "ur/{0}/sammen"):
        html = agent.get(f"/f/{cast.parents_link.code}/" + path.format(lesson.public_id)).text
        assert (DID["frys"] in html, DID["fargekartet"] in html) == (True, False)


@pytest.mark.parametrize(("ticked", "said"), [([], "Tick the parts that were done."), (["finnes-ikke"], "Choose among those")])
def test_nothing_ticked_or_what_is_not_offered_is_refused_at_the_field_and_nothing_is_recorded(
    ticked: list[str], said: str, agent: FlaskClient, series: Series, db: Session
) -> None:
    answer = agent.post(address(series, 0, "deler"), data={"parts": ticked} | seen(db, series))
    assert answer.status_code == 422
    assert said in words(answer.text)
    assert " checked" not in answer.text
    assert reread(db, series).state == PLANNED


def test_a_lesson_that_was_recorded_or_cancelled_or_is_still_to_come_is_not_recorded_so(
    agent: FlaskClient, series: Series, cast: Cast, db: Session, parts: list[str]
) -> None:
    later = values(agent.get(address(series, 1, "deler")).text, "parts")
    early = agent.post(address(series, 1, "deler"), data={"parts": later} | seen(db, series, 1))
    assert early.status_code == 422 and "has not begun yet" in words(early.text)
    assert agent.post(address(series, 0, "deler"), data={"parts": parts} | seen(db, series)).status_code == 303
    planning.cancel_lesson(db, db.get_one(Series, series.id).lessons[1], by=cast.agent, now=NOW)
    db.commit()
    assert [agent.get(address(series, number, "deler")).status_code for number in (0, 1)] == [404, 404]


def test_the_way_there_stands_beside_the_lesson_once_it_has_begun(agent: FlaskClient, series: Series) -> None:
    page, week = agent.get(address(series)).text, agent.get("/uka-mi").text
    assert [address(series, number, "deler") in page for number in (0, 1)] == [True, False]
    assert address(series, 0, "deler") in week
