"""The fagansvarlig tells parents what is on, and they read it in their own language."""

from __future__ import annotations

import re
from datetime import time, timedelta
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.people import new_link
from curriculum.summaries import Activity, ParentEvent
from tests.app.counting import queries
from tests.cast import Cast, looking, make_series, sign_in

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

EVENT: dict[str, Any] = {
    "kind": "cafe", "school": "", "date": "2026-10-20", "start": "08:30", "end": "10:00", "place": "Lia bibliotek", "interpreters": ["so"],
}  # fmt: skip
CLUB: dict[str, Any] = {
    "kind": "club", "school": "", "name": "Klubben", "place": "Kulturhuset", "when": "tirsdag 15–18", "for_whom": "5.–7. trinn",
    "is_free": "y", "phone": "22 00 00 02", "link": "https://klubben.example/tilbud", "until": "",
}  # fmt: skip
LIST = "/for-foreldre"


def undo_of(client: FlaskClient, answer: TestResponse) -> str:
    """The address of the button that takes the last act back."""
    assert answer.status_code == 303, answer.text
    button = re.search(r'<form class="undo" method="post" action="([^"]+)"', client.get(answer.location).text)
    assert button
    return unescape(button[1])


def only(db: Session, model: type[ParentEvent] | type[Activity]) -> str:
    """The public id of the one row there is."""
    with looking(db) as fresh:
        return str(fresh.scalars(select(model.public_id)).one())


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_an_event_is_read_in_every_language_on_the_weeks_and_the_lesson(coordinator: FlaskClient, cast: Cast, db: Session) -> None:
    lesson = make_series(db, cast).lessons[0].public_id
    db.commit()
    answer = coordinator.post(f"{LIST}/treff/nytt", data=EVENT)
    assert (answer.status_code, answer.location) == (303, LIST)
    assert "Parents' café, Tuesday 20 October" in words(coordinator.get(LIST).text)
    code = cast.parents_link.code
    for tag, kind, day in (
        ("nb", "Foreldrekafé", "tirsdag 20. oktober"),
        ("en", "Parents' café", "Tuesday 20 October"),
        ("so", "Kafeega", "20"),
    ):
        for path in (tag, f"{tag}/{lesson}"):
            html = coordinator.get(f"/f/{code}/{path}").text
            assert all(said in words(html) for said in (kind, day, "08:30–10:00", "Lia bibliotek"))
            assert '<bdi lang="so" dir="ltr">Af-Soomaali</bdi>' in html
    assert '<bdi lang="nb" dir="ltr">Lia bibliotek</bdi>' in coordinator.get(f"/f/{code}/ur").text


def test_what_is_on_after_school_is_read_with_a_number_to_call_and_a_page(coordinator: FlaskClient, cast: Cast, db: Session) -> None:
    assert coordinator.post(f"{LIST}/fritid/nytt", data=CLUB).status_code == 303
    html = coordinator.get(f"/f/{cast.parents_link.code}/ur").text
    assert '<a href="tel:+4722000002"><bdi dir="ltr">22 00 00 02</bdi></a>' in html
    assert '<a href="https://klubben.example/tilbud" rel="noreferrer" dir="ltr">klubben.example/tilbud</a>' in html
    assert "مفت" in html and '<bdi lang="nb" dir="ltr">Kulturhuset · tirsdag 15–18 · 5.–7. trinn</bdi>' in html


def test_one_school_alone_is_told_of_what_is_there(coordinator: FlaskClient, cast: Cast, db: Session) -> None:
    theirs = new_link(db, cast.a6, "parents", expires=cast.today)
    db.commit()
    coordinator.post(f"{LIST}/treff/nytt", data=EVENT | {"school": cast.school.public_id})
    pages = [coordinator.get(f"/f/{code}/nb").text for code in (cast.parents_link.code, theirs.code)]
    assert ["Lia bibliotek" in page for page in pages] == [True, False]


def test_an_event_is_gone_by_itself_when_its_day_is_over(coordinator: FlaskClient, cast: Cast, db: Session) -> None:
    for days in (0, -1):
        facts = {"kind": "cafe", "start": time(9), "end": time(10), "place": f"Sted {days}", "interpreters": []}
        db.add(ParentEvent(district_id=cast.district.id, date=cast.today + timedelta(days), **facts))
    db.commit()
    html = coordinator.get(f"/f/{cast.parents_link.code}/nb").text
    assert ("Sted 0" in html, "Sted -1" in html) == (True, False)
    assert "Over: 1" in coordinator.get(LIST).text


@pytest.mark.parametrize(
    ("what", "facts", "wrong", "said"),
    [
        ("treff", EVENT, {"place": "Ring 22 00 00 00"}, "telephone"),
        ("treff", EVENT, {"date": "i morgen"}, "Write a date"),
        ("treff", EVENT, {"date": "2026-10-13"}, "This day is over."),
        ("treff", EVENT, {"end": "08:00"}, "It must end after it begins."),
        ("treff", EVENT, {"kind": "party"}, "Choose among those"),
        ("treff", EVENT, {"school": "zzzzzz"}, "Choose among those"),
        ("treff", EVENT, {"interpreters": ["xx"]}, "Choose among those"),
        ("fritid", CLUB, {"name": ""}, "This must be filled in."),
        ("fritid", CLUB, {"link": "javascript:alert(1)"}, "begins with https://"),
        ("fritid", CLUB, {"phone": "spør i luka"}, "is not a telephone number"),
        ("fritid", CLUB, {"when": "01010112345 tirsdag <script>"}, ""),
    ],
)
def test_what_will_not_do_is_said_at_its_field_with_what_was_typed_and_nothing_is_kept(
    what: str, facts: dict[str, Any], wrong: dict[str, Any], said: str, coordinator: FlaskClient, cast: Cast, db: Session
) -> None:
    answer = coordinator.post(f"{LIST}/{what}/nytt", data=facts | wrong)
    if said:
        assert answer.status_code == 422
        assert said in words(answer.text)
        assert f'value="{facts["place"] if "place" not in wrong else wrong["place"]}"' in answer.text
        with looking(db) as fresh:
            assert not fresh.scalars(select(ParentEvent)).all() and not fresh.scalars(select(Activity)).all()
    else:
        assert answer.status_code in (303, 422)
        assert "<script>" not in coordinator.get(f"/f/{cast.parents_link.code}/nb").text.partition("<main>")[2].partition("</main>")[0]


def test_what_was_told_can_be_changed_taken_down_and_put_up_again(coordinator: FlaskClient, cast: Cast, db: Session) -> None:
    page = f"/f/{cast.parents_link.code}/nb"
    coordinator.post(f"{LIST}/treff/nytt", data=EVENT)
    coordinator.post(f"{LIST}/fritid/nytt", data=CLUB)
    event, club = only(db, ParentEvent), only(db, Activity)
    for address, facts in ((f"{LIST}/treff/{event}", EVENT), (f"{LIST}/fritid/{club}", CLUB)):
        assert facts["place"] in coordinator.get(address).text
        answer = coordinator.post(address, data=facts | {"place": "Rådhuset", "seen": "1"})
        assert answer.status_code == 303, answer.text
        assert "Rådhuset" in coordinator.get(page).text
        back = undo_of(coordinator, coordinator.post(f"{address}/fjern"))
        assert coordinator.get(page).text.count("Rådhuset") == 0
        assert coordinator.get(address).status_code == 404
        assert coordinator.post(back).status_code == 303
        assert coordinator.get(page).text.count("Rådhuset") == 1
        undo_of(coordinator, coordinator.post(f"{address}/fjern"))
    assert coordinator.post(undo_of(coordinator, coordinator.post(f"{LIST}/treff/nytt", data=EVENT))).status_code == 303
    assert "Lia bibliotek" not in coordinator.get(page).text


def test_what_another_has_changed_meanwhile_is_not_overwritten_unseen(
    coordinator: FlaskClient, other: FlaskClient, cast: Cast, db: Session
) -> None:
    coordinator.post(f"{LIST}/treff/nytt", data=EVENT)
    address = f"{LIST}/treff/{only(db, ParentEvent)}"
    assert other.post(address, data=EVENT | {"place": "Kantina", "seen": "1"}).status_code == 303
    late = coordinator.post(address, data=EVENT | {"place": "Rådhuset", "seen": "1"})
    assert late.status_code == 422
    assert "Somebody else has changed this" in late.text and 'value="Rådhuset"' in late.text
    assert 'name="seen" type="hidden" value="2"' in late.text
    assert coordinator.post(address, data=EVENT | {"place": "Rådhuset", "seen": "2"}).status_code == 303


def test_only_the_fagansvarlig_of_the_district_tells_parents(client: FlaskClient, cast: Cast, db: Session) -> None:
    event = ParentEvent(
        district_id=cast.district.id, kind="cafe", date=cast.today, start=time(9), end=time(10), place="Kantina", interpreters=[]
    )
    db.add(event)
    db.commit()
    sign_in(client, cast.outsider)
    assert "Kantina" not in client.get(LIST).text
    assert client.get(f"{LIST}/treff/{event.public_id}").status_code == 404
    for address in (f"{LIST}/treff/{event.public_id}/fjern", f"{LIST}/fritid/zzzzzz/tilbake"):
        assert client.post(address).status_code == 404
    sign_in(client, cast.agent)
    assert client.get(LIST).status_code == 403


@pytest.mark.parametrize("address", [LIST, "/f/{code}/so"])
def test_the_lists_ask_as_much_of_the_database_for_one_as_for_many(
    address: str, app: Flask, coordinator: FlaskClient, cast: Cast, db: Session
) -> None:
    counts = []
    assert coordinator.get(address.format(code=cast.parents_link.code)).status_code == 200
    for many in (1, 4):
        for number in range(many):
            facts = {"district_id": cast.district.id, "school_id": (cast.school.id, cast.other_school.id)[number % 2], "place": "Kantina"}
            db.add(ParentEvent(kind="cafe", date=cast.today, start=time(9), end=time(10), interpreters=["so"], **facts))
            db.add(Activity(kind="club", name=f"Klubben {number}", when="tirsdag", **facts))
        db.commit()
        counts.append(queries(app, lambda: coordinator.get(address.format(code=cast.parents_link.code))))
    assert counts[0] == counts[1]
