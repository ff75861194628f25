"""The calendar addresses of a teacher and of a class."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from icalendar import Calendar
from sqlalchemy.orm import Session

from curriculum import people
from curriculum.planning import Series
from tests.cast import NOW, Cast, looking, make_series, sign_in
from tests.states import state

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


@state
def series(db: Session, cast: Cast) -> Series:
    made = make_series(db, cast, start=date(2026, 10, 12))
    db.commit()
    return made


@pytest.fixture
def program(app: Flask) -> FlaskClient:
    """A calendar program: it signs in nowhere."""
    return app.test_client()


def code_on(page: str) -> str:
    found = re.search(r'id="calendar-address">http://127.0.0.1:8000/kalender/([0-9a-z]{26})\.ics<', page)
    assert found, page
    return found[1]


def summaries(program: FlaskClient, code: str) -> list[str]:
    return [str(event["summary"]) for event in Calendar.from_ical(program.get(f"/kalender/{code}.ics").data).walk("VEVENT")]


def test_a_teacher_makes_an_address_of_her_classes_replaces_it_and_closes_it(
    client: FlaskClient, program: FlaskClient, cast: Cast, series: Series
) -> None:
    sign_in(client, cast.teacher).post("/sprak/en")
    assert 'href="/uke/kalender"' in client.get("/uke").text
    page = client.get("/uke/kalender").text
    assert "Make an address" in page
    assert f'href="/klasser/{cast.a5.public_id}/kalender"' in page
    old = code_on(client.post("/uke/kalender/ny", data={"old": ""}, follow_redirects=True).text)
    assert summaries(program, old) == ["Vennskap – 5A"]
    [event] = Calendar.from_ical(program.get(f"/kalender/{old}.ics").data).walk("VEVENT")
    assert event["url"] == "http://127.0.0.1:8000/uke/2026-W42"
    new = code_on(client.post("/uke/kalender/ny", data={"old": old}, follow_redirects=True).text)
    client.post("/uke/kalender/steng", data={"old": old})
    assert [program.get(f"/kalender/{code}.ics").status_code for code in (old, new)] == [410, 200]
    client.post("/uke/kalender/steng", data={"old": new})
    assert program.get(f"/kalender/{new}.ics").status_code == 410


@pytest.mark.parametrize("act", ["ny", "steng"])
def test_the_address_of_a_button_opens_the_page(client: FlaskClient, cast: Cast, act: str) -> None:
    sign_in(client, cast.teacher).post("/sprak/en")
    for path in ("/uke/kalender", f"/klasser/{cast.a5.public_id}/kalender"):
        assert "Make an address" in client.get(f"{path}/{act}").text


@pytest.mark.parametrize("who", ["teacher", "agent", "administrator"])
def test_a_classs_staff_and_the_administrator_share_its_calendar(
    client: FlaskClient, program: FlaskClient, cast: Cast, series: Series, who: str
) -> None:
    sign_in(client, cast.persons[who]).post("/sprak/en")
    path = f"/klasser/{cast.a5.public_id}/kalender"
    code = code_on(client.post(f"{path}/ny", data={"old": ""}, follow_redirects=True).text)
    assert summaries(program, code) == ["Vennskap – 5A"]
    client.post(f"{path}/steng", data={"old": "another"})
    assert program.get(f"/kalender/{code}.ics").status_code == 200
    client.post(f"{path}/steng", data={"old": code})
    assert program.get(f"/kalender/{code}.ics").status_code == 410


def test_a_half_shares_the_calendar_of_its_whole_class(client: FlaskClient, cast: Cast, db: Session) -> None:
    sign_in(client, cast.administrator).post("/sprak/en")
    answer = client.post(f"/klasser/{cast.half.public_id}/kalender/ny", data={"old": ""})
    assert answer.location == f"/klasser/{cast.b5.public_id}/kalender"
    with looking(db) as now:
        assert [people.open_calendar(now, one) is None for one in (cast.b5, cast.half)] == [False, True]


def test_a_small_groups_calendar_is_for_its_own_staff_only(client: FlaskClient, program: FlaskClient, cast: Cast, db: Session) -> None:
    group = make_series(db, cast, cast.small)
    db.commit()
    path = f"/klasser/{cast.small.public_id}/kalender"
    sign_in(client, cast.small_agent).post("/sprak/en")
    assert "give it to its own staff only" in client.get(path).text
    code = code_on(client.post(f"{path}/ny", data={"old": ""}, follow_redirects=True).text)
    assert summaries(program, code) == ["Vennskap – Bjørka"]
    assert f'href="{path}"' in client.get(f"/rekker/{group.public_id}").text
    for who, status in (("administrator", 403), ("agent", 404), ("teacher", 404), ("head", 403), ("coordinator", 403)):
        sign_in(client, cast.persons[who])
        assert (client.get(path).status_code, client.post(f"{path}/ny").status_code) == (status, status), who
    sign_in(client, cast.administrator)
    assert path not in client.get("/administrasjon/lenker").text + client.get(f"/rekker/{group.public_id}").text


def test_a_classs_address_closes_with_its_school_year(program: FlaskClient, cast: Cast, db: Session, series: Series) -> None:
    feed = people.replace_calendar(db, cast.a5, "", by=cast.agent, now=NOW)
    db.commit()
    assert program.get(f"/kalender/{feed.code}.ics").status_code == 200
    cast.a5.school_year = 2025
    db.commit()
    assert program.get(f"/kalender/{feed.code}.ics").status_code == 410


def test_the_links_of_a_class_lead_to_its_calendar(client: FlaskClient, cast: Cast, series: Series) -> None:
    path = f'href="/klasser/{cast.a5.public_id}/kalender"'
    sign_in(client, cast.administrator)
    assert path in client.get("/administrasjon/lenker").text
    sign_in(client, cast.agent)
    assert path in client.get(f"/rekker/{series.public_id}").text


def test_what_the_teacher_holds_is_said_in_the_language_of_its_reader(
    program: FlaskClient, cast: Cast, db: Session, series: Series
) -> None:
    series.lessons[0].by_teacher, cast.agent.language = True, "en"
    feeds = [people.replace_calendar(db, whose, "", by=cast.agent, now=NOW) for whose in (cast.agent, cast.a5)]
    db.commit()
    assert [summaries(program, feed.code)[0].partition("(")[2] for feed in feeds] == ["the teacher holds the lesson)", "læreren tar økta)"]
