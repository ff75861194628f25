"""Another weekly time taken back, and what is new in the themes of a series."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from curriculum.planning import Series
from tests.app.agents.test_replanning import wish
from tests.app.agents.test_series_page import address, seen
from tests.cast import Cast, make_series, sign_in

if TYPE_CHECKING:
    from flask.testing import FlaskClient

THEMES = ("folelser", "vennskap", "respekt")


@pytest.fixture
def changed(agent: FlaskClient, cast: Cast, db: Session) -> Series:
    """A series that has just got Fridays at 10:00 instead of Wednesdays at 08:30."""
    series = make_series(db, cast, themes=THEMES)
    db.commit()
    form = agent.get(address(series) + "/ukestid").text
    assert agent.post(address(series) + "/ukestid", data=wish(form)).status_code == 303
    return series


def stands(db: Session, series: Series) -> list[str]:
    db.expire_all()
    found = [f"{lesson.date} {lesson.start:%H:%M}–{lesson.end:%H:%M}" for lesson in series.lessons]
    db.commit()
    return found


def undo(agent: FlaskClient, series: Series) -> str:
    found = re.search(r'<form class="undo" method="post" action="([^"]+)"', agent.get(address(series)).text)
    assert found is not None
    return found[1].replace("&amp;", "&")


def test_another_weekly_time_is_taken_back(agent: FlaskClient, changed: Series, db: Session) -> None:
    assert stands(db, changed)[1] == "2026-10-23 10:00–11:00"
    assert agent.post(undo(agent, changed)).status_code == 303
    assert stands(db, changed) == ["2026-10-14 08:30–09:30", "2026-10-21 08:30–09:30", "2026-10-28 08:30–09:30"]
    page = agent.get(address(changed)).text
    assert ("The weekly time is what it was" in page, "Wednesday <span" in page) == (True, True)


def test_it_is_not_taken_back_once_something_else_was_done(agent: FlaskClient, changed: Series, db: Session) -> None:
    back = undo(agent, changed)
    agent.post(address(changed, 1, "las"), data=seen(db, changed, 1))
    before = stands(db, changed)
    assert (agent.post(back).status_code, stands(db, changed)) == (409, before)


@pytest.mark.parametrize("cut", ["weekday", "start", "minutes", "at"])
def test_an_address_that_is_damaged_takes_nothing_back(agent: FlaskClient, changed: Series, db: Session, cut: str) -> None:
    back, before = undo(agent, changed), stands(db, changed)
    assert agent.post(re.sub(rf"([?&]{cut}=)[^&]*", r"\1x", back)).status_code == 404
    assert stands(db, changed) == before


def test_who_does_not_plan_the_class_takes_nothing_back(client: FlaskClient, agent: FlaskClient, cast: Cast, changed: Series) -> None:
    back = undo(agent, changed)
    assert sign_in(client, cast.coordinator).post(back).status_code == 403
    assert sign_in(client, cast.other_agent).post(back).status_code == 404


def test_the_series_page_tells_of_a_theme_that_takes_another_time_and_room_now(agent: FlaskClient, series: Series, db: Session) -> None:
    assert "What is new since the series was made" not in agent.get(address(series)).text
    series.lessons[1].minutes, series.lessons[1].room_need = 20, ["kitchen"]
    db.commit()
    page = " ".join(re.sub(r"<[^>]+>", " ", agent.get(address(series)).text).split())
    assert "What is new since the series was made Vennskap (21 October): the core takes" in page
    assert "minutes now, it took 20. It asks for another kind of room." in page
