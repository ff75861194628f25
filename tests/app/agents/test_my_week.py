"""An agent's own week on her phone."""

from __future__ import annotations

import re
from datetime import date, time
from html import unescape
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.planning import HELD, PLANNED, Lesson, Series
from tests.app.counting import queries
from tests.cast import NOW, Cast, looking, make_series, sign_in
from tests.states import state

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from time_machine import Traveller


@state
def parallel(db: Session, cast: Cast, series: Series) -> Series:
    """5B's series, an hour after 5A's on the same day."""
    made = make_series(db, cast, cast.b5, themes=("folelser", "vennskap"), weekday=3)
    for lesson, other in zip(made.lessons, series.lessons, strict=True):
        lesson.date, lesson.start, lesson.end = other.date, time(9, 30), time(10, 30)
    db.commit()
    return made


def words(html: str) -> str:
    """What the main part of a page says, without its markup."""
    main = html.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def states(db: Session, *every: Series) -> list[str]:
    with looking(db) as fresh:
        return [fresh.get_one(Lesson, series.lessons[0].id).state for series in every]


def mark(series: Series) -> str:
    return f"{series.lessons[0].public_id}.{series.lessons[0].version}"


def test_today_is_opened_wide(agent: FlaskClient, series: Series) -> None:
    page = agent.get("/uka-mi")
    said = words(page.text)
    for expected in (
        "Today, Wednesday 14 October",
        "08:30–09:30",
        "5A: Å forstå",
        "Granlia skole",
        "room to be confirmed",
        "Prepare and bring",
    ):
        assert expected in said
    sheet = re.search(r'href="(/idebank/folelser/opplegg[^"]+)"', page.text)
    assert sheet
    assert unescape(sheet[1]) == "/idebank/folelser/opplegg?minutter=60&start=08:30"
    assert agent.get(unescape(sheet[1])).status_code == 200
    assert f'href="/rekker/{series.public_id}/{series.lessons[0].public_id}/flytt"' in page.text
    assert f'href="/rekker/{series.public_id}/{series.lessons[0].public_id}/avlys"' in page.text
    assert said.index("Today") < said.index("Prepare and bring") < said.index("The run of the lesson")


def test_the_weeks_before_and_after_are_one_press_away(agent: FlaskClient, series: Series) -> None:
    page = agent.get("/uka-mi").text
    assert ('href="/uka-mi/2026-W41"' in page, 'href="/uka-mi/2026-W43"' in page) == (True, True)
    assert "Wednesday 21 October" in words(agent.get("/uka-mi/2026-W43").text)


@pytest.mark.parametrize("written", ["2026-W60", "2026-42", "text", "99999-W01", "0001-W01"])
def test_what_is_no_week_is_not_there(agent: FlaskClient, written: str) -> None:
    assert agent.get(f"/uka-mi/{written}").status_code == 404


def test_parallel_classes_are_confirmed_with_one_form(
    agent: FlaskClient, cast: Cast, series: Series, parallel: Series, db: Session, moment: Traveller
) -> None:
    moment.move_to(NOW.replace(hour=12))
    page = agent.get("/uka-mi").text
    ticked = re.findall(r'name="lessons" id="[^"]+" value="([^"]+)" checked', page)
    assert ticked == [mark(series), mark(parallel)]
    answer = agent.post("/uka-mi/gjennomfort", data={"lessons": ticked}, follow_redirects=True)
    assert "Recorded as held: 5A Å forstå egne og andres følelser; 5B Å forstå egne og andres følelser." in words(answer.text)
    assert states(db, series, parallel) == [HELD, HELD]
    again = agent.post("/uka-mi/gjennomfort", data={"lessons": ticked}, follow_redirects=True)
    assert "Somebody had recorded this already: 5A" in words(again.text)


def test_one_lesson_is_confirmed_by_its_own_button_and_the_week_shows_again(agent: FlaskClient, series: Series, db: Session) -> None:
    page = agent.get("/uka-mi").text
    assert f'name="lessons" value="{mark(series)}"' in page
    assert "Were these held?" not in page
    answer = agent.post("/uka-mi/gjennomfort", data={"lessons": mark(series)})
    assert (answer.status_code, answer.location) == (303, "/uka-mi")
    assert states(db, series) == [HELD]


def test_when_one_was_changed_meanwhile_none_is_recorded_and_the_ticks_stay(
    agent: FlaskClient, series: Series, parallel: Series, db: Session, moment: Traveller
) -> None:
    moment.move_to(NOW.replace(hour=12))
    ticked = [mark(series), mark(parallel)]
    planning.set_room(db, parallel.lessons[0], "Aulaen", by=None, now=NOW)
    db.commit()
    answer = agent.post("/uka-mi/gjennomfort", data={"lessons": ticked})
    assert (answer.status_code, "The lesson of 5B on 14 October was changed" in words(answer.text)) == (422, True)
    assert re.search(rf'value="{mark(series)}" checked', answer.text)
    assert states(db, series, parallel) == [PLANNED, PLANNED]


def test_no_tick_is_said_in_words(agent: FlaskClient, series: Series) -> None:
    answer = agent.post("/uka-mi/gjennomfort", data={})
    assert (answer.status_code, "Choose at least one lesson." in words(answer.text)) == (422, True)


@pytest.mark.parametrize("typed", ["zzzzzz.1", "", ".", "x" * 500, "é.1"])
def test_a_lesson_that_is_not_there_is_not_found(agent: FlaskClient, series: Series, typed: str) -> None:
    assert agent.post("/uka-mi/gjennomfort", data={"lessons": typed}).status_code == 404


def test_another_agents_lesson_cannot_be_confirmed(client: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    sign_in(client, cast.other_agent)
    assert client.post("/uka-mi/gjennomfort", data={"lessons": mark(series)}).status_code == 404
    assert states(db, series) == [PLANNED]


def test_an_address_of_the_button_opens_the_week(agent: FlaskClient, series: Series) -> None:
    assert "Today" in words(agent.get("/uka-mi/gjennomfort").text)


def test_what_a_colleague_did_shows_with_her_reason(agent: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    planning.cancel_lesson(db, series.lessons[1], why="Skolen er på tur", by=cast.other_agent, now=NOW)
    db.commit()
    said = words(agent.get("/uka-mi").text)
    assert "New since last time" in said
    assert "Cancelled. Why: Skolen er på tur" in said
    assert "Amir Lyngdal" in said


def test_without_any_lesson_she_is_told_how_to_begin(agent: FlaskClient) -> None:
    page = agent.get("/uka-mi").text
    assert "No lesson is planned for you" in words(page)
    assert 'href="/rekker/ny"' in page


def test_a_plan_that_is_not_in_use_is_one_press_away(agent: FlaskClient, cast: Cast, db: Session) -> None:
    plan = make_series(db, cast, in_use=False)
    db.commit()
    page = agent.get("/uka-mi").text
    assert "These are still being planned." in words(page)
    assert f'href="/rekker/{plan.public_id}"' in page


def test_a_holiday_is_named_and_what_comes_after_it(agent: FlaskClient, cast: Cast, db: Session) -> None:
    make_series(db, cast, start=date(2027, 1, 6))
    db.commit()
    page = agent.get("/uka-mi/2026-W53").text
    assert "No school this week: Juleferie" in words(page)
    assert "Wednesday 6 January" in words(page)
    assert 'href="/uka-mi/2027-W01"' in page


def test_a_week_that_is_over_names_the_next_lesson(agent: FlaskClient, series: Series, moment: Traveller) -> None:
    moment.move_to(NOW.replace(day=16))
    said = words(agent.get("/uka-mi").text)
    assert "No lesson today. Next: 5A, Vennskap : Wednesday 21 October 08:30" in said
    assert "Were these held?" in said


@pytest.mark.parametrize(("who", "sees"), [("small_agent", True), ("agent", False), ("other_agent", False)])
def test_a_small_group_shows_to_its_own_agent_only(client: FlaskClient, cast: Cast, db: Session, who: str, sees: bool) -> None:
    small = make_series(db, cast, cast.small)
    db.commit()
    page = sign_in(client, cast.persons[who]).get("/uka-mi").text
    assert ("Bjørka" in page, small.public_id in page) == (sees, sees)


@pytest.mark.parametrize("who", ["teacher", "coordinator", "head", "translator", "administrator", "former"])
def test_the_page_is_for_agents(client: FlaskClient, cast: Cast, who: str) -> None:
    sign_in(client, cast.persons[who])
    assert [client.get(address).status_code for address in ("/uka-mi", "/uka-mi/2026-W42", "/uka-mi/kalender")] == [403] * 3


@pytest.mark.slow
def test_thirty_lessons_take_no_more_queries_than_one(app: Flask, agent: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    agent.get("/uka-mi")
    one = queries(app, lambda: agent.get("/uka-mi"))
    pattern = series.lessons[0]
    for number in range(29):
        more = Lesson(
            district_id=pattern.district_id, theme_id=pattern.theme_id, position=number + 9, date=pattern.date, start=pattern.start
        )
        more.end, more.minutes, more.classes, more.staff = pattern.end, 60, [cast.a5], [cast.agent]
        series.lessons.append(more)
    db.commit()
    agent.get("/uka-mi")  # what is kept in memory is read anew after a change
    assert queries(app, lambda: agent.get("/uka-mi")) == one
