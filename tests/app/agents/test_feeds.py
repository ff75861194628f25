"""The calendar address: made, fetched by a program, replaced, closed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from icalendar import Calendar
from sqlalchemy.orm import Session

from app.access import WRONG_CODES_AN_HOUR
from curriculum import people
from curriculum.people import CalendarFeed
from curriculum.planning import Series
from tests.cast import NOW, Cast, make_series, sign_in

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


@pytest.fixture
def feed(db: Session, cast: Cast, series: Series) -> CalendarFeed:
    made = people.replace_calendar(db, cast.agent, "", by=cast.agent, now=NOW)
    db.commit()
    return made


@pytest.fixture
def program(app: Flask) -> FlaskClient:
    """A calendar program: it signs in nowhere."""
    return app.test_client()


def test_an_agent_makes_an_address_and_her_program_fetches_her_lessons_there(
    agent: FlaskClient, program: FlaskClient, series: Series
) -> None:
    assert "Make an address" in agent.get("/uka-mi/kalender").text
    page = agent.post("/uka-mi/kalender/ny", data={"old": ""}, follow_redirects=True).text
    found = re.search(r'id="calendar-address">http://127.0.0.1:8000(/kalender/[0-9a-z]{26}\.ics)<', page)
    assert found
    assert f'href="webcal://127.0.0.1:8000{found[1]}"' in page
    answer = program.get(found[1])
    assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (200, "text/calendar", "private, no-cache")
    assert "Set-Cookie" not in answer.headers
    calendar = Calendar.from_ical(answer.data)
    assert [event["url"] for event in calendar.walk("VEVENT")] == [f"http://127.0.0.1:8000/uka-mi/2026-W{week}" for week in (42, 43)]


def test_an_unchanged_calendar_is_not_sent_again(program: FlaskClient, feed: CalendarFeed, series: Series, db: Session) -> None:
    address = f"/kalender/{feed.code}.ics"
    tag = program.get(address).headers["ETag"]
    assert program.get(address, headers={"If-None-Match": tag}).status_code == 304
    series.lessons[0].room = "Aulaen"
    db.commit()
    assert program.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_a_new_address_closes_the_old_one_and_says_so_beforehand(
    agent: FlaskClient, program: FlaskClient, feed: CalendarFeed, db: Session, cast: Cast
) -> None:
    assert "The old one closes at once and cannot be opened again" in agent.get("/uka-mi/kalender").text
    for _ in range(2):  # the second press comes from a page that is old by then
        assert agent.post("/uka-mi/kalender/ny", data={"old": feed.code}).status_code == 303
    assert program.get(f"/kalender/{feed.code}.ics").status_code == 410
    new = people.open_calendar(db, cast.agent)
    assert new
    assert program.get(f"/kalender/{new.code}.ics").status_code == 200


def test_a_closed_address_is_gone(agent: FlaskClient, program: FlaskClient, feed: CalendarFeed) -> None:
    assert agent.post("/uka-mi/kalender/steng", data={"old": "another"}).status_code == 303
    assert program.get(f"/kalender/{feed.code}.ics").status_code == 200
    assert agent.post("/uka-mi/kalender/steng", data={"old": feed.code}).status_code == 303
    answer = program.get(f"/kalender/{feed.code}.ics")
    assert (answer.status_code, "VCALENDAR" in answer.text) == (410, False)
    assert "Make an address" in agent.get("/uka-mi/kalender").text


@pytest.mark.parametrize("act", ["ny", "steng"])
def test_the_address_of_a_button_opens_the_page(agent: FlaskClient, act: str) -> None:
    assert "Make an address" in agent.get(f"/uka-mi/kalender/{act}").text


def test_the_address_of_who_has_left_is_gone(program: FlaskClient, feed: CalendarFeed, cast: Cast, db: Session) -> None:
    cast.agent.is_active = False
    db.commit()
    assert program.get(f"/kalender/{feed.code}.ics").status_code == 410


def test_who_has_no_class_any_more_has_an_empty_calendar(program: FlaskClient, feed: CalendarFeed, cast: Cast, db: Session) -> None:
    for assignment in cast.agent.assignments:
        assignment.to_date = cast.today.replace(day=1)
    db.commit()
    answer = program.get(f"/kalender/{feed.code}.ics")
    assert (answer.status_code, "VEVENT" in answer.text) == (200, False)


def test_each_reads_her_own_calendar_only(agent: FlaskClient, client: FlaskClient, feed: CalendarFeed, cast: Cast, db: Session) -> None:
    make_series(db, cast, cast.small)
    other = people.replace_calendar(db, cast.small_agent, "", by=cast.small_agent, now=NOW)
    db.commit()
    assert "Bjørka" not in agent.get(f"/kalender/{feed.code}.ics").text
    assert "Bjørka" in client.get(f"/kalender/{other.code}.ics").text
    sign_in(client, cast.other_agent)
    assert feed.code not in client.get("/uka-mi/kalender").text


def test_wrong_codes_are_counted_like_those_of_links(program: FlaskClient, feed: CalendarFeed) -> None:
    answers = [program.get("/kalender/00000000000000000000000000.ics").status_code for _ in range(WRONG_CODES_AN_HOUR + 1)]
    assert answers == [404] * WRONG_CODES_AN_HOUR + [429]
    assert program.get(f"/kalender/{feed.code}.ics").status_code == 429


def test_a_code_written_otherwise_leads_to_the_right_one(program: FlaskClient, feed: CalendarFeed) -> None:
    answer = program.get(f"/kalender/{feed.code.upper()}-.ics")
    assert (answer.status_code, answer.location) == (308, f"/kalender/{feed.code}.ics")


@pytest.mark.own_app
def test_a_fault_of_ours_is_written_down_without_the_code(
    app: Flask, program: FlaskClient, feed: CalendarFeed, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(code: str) -> str:
        raise ZeroDivisionError

    fail.open_to = ("everyone",)  # type: ignore[attr-defined]
    app.view_functions["agents.calendar_file"] = fail
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assert program.get(f"/kalender/{feed.code}.ics").status_code == 500
    [line] = [one.getMessage() for one in caplog.records if "Exception at" in one.getMessage()]
    assert line == "Exception at /kalender/<code>.ics [GET]"
