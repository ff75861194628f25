"""The calendar address of a school."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from icalendar import Calendar
from sqlalchemy.orm import Session

from tests.cast import Cast, make_series, sign_in

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


@pytest.mark.parametrize("who", ["head", "manager"])
def test_who_leads_a_school_makes_and_closes_its_calendar_without_its_small_groups(
    app: Flask, client: FlaskClient, cast: Cast, db: Session, who: str
) -> None:
    make_series(db, cast)
    make_series(db, cast, cast.small, weekday=3)
    make_series(db, cast, cast.a6, weekday=4)
    db.commit()
    program, path = app.test_client(), f"/skole/{cast.school.public_id}/kalender"
    sign_in(client, cast.persons[who]).post("/sprak/en")
    assert f'href="{path}"' in client.get("/skole").text
    assert "Make an address" in client.get(path).text
    page = client.post(f"{path}/ny", data={"old": ""}, follow_redirects=True).text
    found = re.search(r"/kalender/([0-9a-z]{26})\.ics", page)
    assert found
    events = Calendar.from_ical(program.get(found[0]).data).walk("VEVENT")
    assert [str(event["summary"]) for event in events] == ["Vennskap – 5A"]
    client.post(f"{path}/steng", data={"old": "another"})
    assert program.get(found[0]).status_code == 200
    assert client.post(f"{path}/steng", data={"old": found[1]}).status_code == 303
    assert program.get(found[0]).status_code == 410


def test_another_school_and_other_roles_have_none(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.head)
    assert client.get(f"/skole/{cast.other_school.public_id}/kalender").status_code == 404
    for who in ("coordinator", "administrator", "agent", "teacher"):
        sign_in(client, cast.persons[who])
        assert client.get(f"/skole/{cast.school.public_id}/kalender").status_code == 403


@pytest.mark.parametrize("act", ["ny", "steng"])
def test_the_address_of_a_button_opens_the_page(client: FlaskClient, cast: Cast, act: str) -> None:
    sign_in(client, cast.head).post("/sprak/en")
    assert "Make an address" in client.get(f"/skole/{cast.school.public_id}/kalender/{act}").text
