"""An agent's limits, and the ways between schools."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.people import School
from curriculum.planning import Limits
from tests.cast import Cast, looking, sign_in

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse


@pytest.fixture
def coordinator(client: FlaskClient, cast: Cast) -> FlaskClient:
    sign_in(client, cast.coordinator).post("/sprak/en")
    return client


@pytest.fixture
def address(cast: Cast) -> str:
    return f"/bydel/agenter/{cast.agent.public_id}"


def limits(db: Session, cast: Cast) -> Limits:
    with looking(db) as now:
        return planning.limits_of(now, cast.agent)


def ways(db: Session, cast: Cast) -> dict[tuple[int, int], int]:
    with looking(db) as now:
        return planning.ways(now, cast.district)


def undo(client: FlaskClient, answer: TestResponse) -> TestResponse:
    """Press "Undo" on the page that an act led to."""
    assert answer.status_code == 303, answer.text
    form = re.search(r'<form class="undo" method="post" action="([^"]+)"', client.get(answer.location).text)
    assert form
    return client.post(html.unescape(form[1]))


def test_limits_are_saved_shown_and_taken_back(coordinator: FlaskClient, cast: Cast, db: Session, address: str) -> None:
    assert coordinator.post(address, data={"max_per_day": "3"}).status_code == 303
    assert 'value="3"' in coordinator.get(address).text
    answer = coordinator.post(address, data={"max_per_day": "4", "max_per_week": "16", "target_per_day": "", "target_per_week": "12"})
    assert limits(db, cast) == Limits(4, 16, None, 12)
    assert undo(coordinator, answer).status_code == 303
    assert limits(db, cast) == Limits(max_per_day=3)


@pytest.mark.parametrize(
    ("typed", "at", "said"),
    [
        ({"max_per_day": "four"}, "max_per_day", "Write a whole number."),
        ({"max_per_day": "11"}, "max_per_day", "Write a number from 1 to 10."),
        ({"max_per_week": "0"}, "max_per_week", "Write a number from 1 to 40."),
        ({"max_per_week": "99999999999999999999"}, "max_per_week", "Write a number from 1 to 40."),
        ({"max_per_day": "3", "target_per_day": "5"}, "target_per_day", "This is more than the most she may have."),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_stays_typed(
    coordinator: FlaskClient, cast: Cast, db: Session, address: str, typed: dict[str, str], at: str, said: str
) -> None:
    answer = coordinator.post(address, data=typed)
    assert answer.status_code == 422
    field = answer.text.partition(f'id="{at}-error"')[2].partition("</div>")[0]
    assert said in field
    assert f'value="{typed[at]}"' in answer.text
    assert limits(db, cast) == Limits()


def test_only_an_agent_has_limits_and_only_a_coordinator_sets_them(client: FlaskClient, cast: Cast, address: str) -> None:
    sign_in(client, cast.coordinator)
    assert client.get(f"/bydel/agenter/{cast.teacher.public_id}").status_code == 404
    for who in ("head", "manager", "agent", "administrator"):
        sign_in(client, cast.persons[who])
        assert (client.get(address).status_code, client.post(address, data={"max_per_day": "1"}).status_code) == (403, 403)
    sign_in(client, cast.outsider)
    assert client.get(address).status_code == 404


def test_ways_are_saved_and_taken_back(coordinator: FlaskClient, cast: Cast, db: Session) -> None:
    way = planning.way(cast.school, cast.other_school)
    name = f"way-{cast.other_school.public_id}-{cast.school.public_id}"  # schools stand by name
    assert "Elvesvingen skole – Granlia skole" in coordinator.get("/bydel/reisetid").text
    answer = coordinator.post("/bydel/reisetid", data={name: "20"})
    assert ways(db, cast) == {way: 20}
    assert undo(coordinator, answer).status_code == 303
    assert ways(db, cast) == {}
    coordinator.post("/bydel/reisetid", data={name: "25"})
    assert 'value="25"' in coordinator.get("/bydel/reisetid").text


@pytest.mark.parametrize(("typed", "said"), [("far", "Write a whole number."), ("-1", "from 0 to 180"), ("181", "from 0 to 180")])
def test_minutes_that_no_way_takes_are_refused_at_their_field(
    coordinator: FlaskClient, cast: Cast, db: Session, typed: str, said: str
) -> None:
    name = f"way-{cast.other_school.public_id}-{cast.school.public_id}"
    answer = coordinator.post("/bydel/reisetid", data={name: typed})
    assert (answer.status_code, said in answer.text, f'value="{typed}"' in answer.text) == (422, True, True)
    assert ways(db, cast) == {}


def test_whoever_was_overtaken_is_told_so_keeps_what_she_typed_and_can_save_it(coordinator: FlaskClient, cast: Cast, db: Session) -> None:
    name, way = f"way-{cast.other_school.public_id}-{cast.school.public_id}", planning.way(cast.school, cast.other_school)
    opened = seen_in(coordinator.get("/bydel/reisetid").text)
    assert coordinator.post("/bydel/reisetid", data={name: "25", "seen": opened}).status_code == 303
    answer = coordinator.post("/bydel/reisetid", data={name: "15", "seen": opened})
    assert (answer.status_code, "Somebody changed the ways after you opened the page." in answer.text) == (422, True)
    assert ('value="15"' in answer.text, "Now it says 25." in answer.text, ways(db, cast)) == (True, True, {way: 25})
    assert coordinator.post("/bydel/reisetid", data={name: "15", "seen": seen_in(answer.text)}).status_code == 303
    assert ways(db, cast) == {way: 15}


def seen_in(page: str) -> str:
    found = re.search(r'name="seen"[^>]* value="([^"]+)"', page)
    assert found
    return found[1]


def test_nothing_changed_has_nothing_to_undo(coordinator: FlaskClient) -> None:
    answer = coordinator.post("/bydel/reisetid", data={})
    assert 'class="undo"' not in coordinator.get(answer.location).text


def test_a_district_of_one_school_has_no_way(client: FlaskClient, cast: Cast, db: Session) -> None:
    db.add(School(district_id=cast.other_district.id, name="Myra skole"))
    db.commit()
    sign_in(client, cast.outsider).post("/sprak/en")
    assert "There is no way to tell of" in client.get("/bydel/reisetid").text


@pytest.mark.parametrize("path", ["/bydel/reisetid/tilbake", "/bydel/agenter/{agent}/tilbake"])
def test_what_takes_back_needs_what_it_takes_back_to(coordinator: FlaskClient, cast: Cast, path: str) -> None:
    assert coordinator.post(path.format(agent=cast.agent.public_id)).status_code == 404


def test_the_address_of_an_undo_opens_the_page(coordinator: FlaskClient, cast: Cast, address: str) -> None:
    for path, data in (
        (address, {"max_per_day": "3"}),
        ("/bydel/reisetid", {f"way-{cast.other_school.public_id}-{cast.school.public_id}": "20"}),
    ):
        answer = coordinator.post(path, data=data)
        form = re.search(r'<form class="undo" method="post" action="([^"]+)"', coordinator.get(answer.location).text)
        assert form
        assert coordinator.get(html.unescape(form[1])).status_code == 200
