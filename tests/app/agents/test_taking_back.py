"""Another weekly time taken back, and what is new in the themes of a series."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.planning import Series
from tests.app.agents.test_board import plain
from tests.app.agents.test_replanning import wish
from tests.app.agents.test_series_page import address, seen
from tests.cast import NOW, Cast, make_series, sign_in

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
    assert ("The change is taken back." in page, "Wednesday 08:30–09:30" in page) == (True, True)


def test_it_is_not_taken_back_once_something_else_was_done(agent: FlaskClient, changed: Series, db: Session) -> None:
    back = undo(agent, changed)
    agent.post(address(changed, 1, "las"), data=seen(db, changed, 1))
    before = stands(db, changed)
    page = agent.post(back)
    assert (page.status_code, stands(db, changed)) == (422, before)
    assert "The lesson on 23 October has been changed since. Take that back first." in page.text


def test_the_last_changes_are_taken_back_one_after_another(agent: FlaskClient, changed: Series, db: Session) -> None:
    before = stands(db, changed)
    for place, act in ((1, "las"), (2, "avlys")):
        agent.post(address(changed, place, act), data=seen(db, changed, place))
    page = plain(agent.get(address(changed)).text)
    assert "Last changes (3)" in page
    listed = page.partition("Last changes (3)")[2]
    assert "Cancelled Respekt, Friday 30 October 10:00 Ingrid Solfeng, 14 October 2026 10:00 Undo" in listed
    assert listed.index("Date locked") < listed.index("Another weekly time")
    for left in (2, 1, 0):
        newest = re.findall(r'action="(/rekker/[^"]+/angre)"', agent.get(address(changed)).text)[0]
        assert agent.post(newest).status_code == 303
        assert agent.get(address(changed)).text.count("/angre") == left
        assert (stands(db, changed) == before) == (left > 0)
    assert stands(db, changed) == ["2026-10-14 08:30–09:30", "2026-10-21 08:30–09:30", "2026-10-28 08:30–09:30"]


def test_the_board_lists_the_last_changes_of_her_classes_and_comes_back(agent: FlaskClient, changed: Series) -> None:
    page = agent.get("/rekker/tavle").text
    assert "Another weekly time · 5A" in plain(page)
    [back] = re.findall(r'action="(/rekker/[^"]+/angre[^"]*)"', page.partition('id="changes"')[2])
    assert agent.post(back.replace("&amp;", "&")).headers["Location"] == "/rekker/tavle"


def test_a_change_of_several_series_is_taken_back_only_by_who_plans_all_of_them(
    client: FlaskClient, agent: FlaskClient, cast: Cast, db: Session, changed: Series
) -> None:
    small = make_series(db, cast, cast.small)
    db.expire_all()
    with planning.recorded(db, [changed, small], "away", by=cast.agent, now=NOW) as recording:
        for one in (changed, small):
            planning.set_room(db, one.lessons[-1], "Aulaen", by=cast.agent, now=NOW)
    assert recording.change is not None
    back = f"{address(changed)}/endringer/{recording.change.public_id}/angre"
    db.commit()
    assert "Away" not in agent.get(address(changed)).text.partition("Last changes")[2]
    assert agent.post(back).status_code == 404
    assert agent.post(f"{address(changed)}/endringer/finnes-ikke/angre").status_code == 404


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
