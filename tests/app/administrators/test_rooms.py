"""A school's rooms, the lessons without a confirmed one, and the register of visitors."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.planning import ASKED, Lesson, PresenterFacts, Series
from tests.app.counting import queries
from tests.cast import NOW, Cast, looking, make_series, sign_in
from tests.states import state

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

LISTS = "/rom-og-inviterte"


@pytest.fixture
def head(client: FlaskClient, cast: Cast) -> FlaskClient:
    sign_in(client, cast.head).post("/sprak/en")
    return client


@pytest.fixture
def coordinator(client: FlaskClient, cast: Cast) -> FlaskClient:
    sign_in(client, cast.coordinator).post("/sprak/en")
    return client


@state
def series(db: Session, cast: Cast) -> Series:
    """Of 5A; both lessons need a quiet room, and the first has one."""
    series = make_series(db, cast, themes=("vennskap", "folelser"))
    for lesson in series.lessons:
        lesson.room_need = ["quiet"]
    series.lessons[0].room = "Biblioteket"
    db.commit()
    return series


def undo(client: FlaskClient, answer: TestResponse) -> TestResponse:
    assert answer.status_code == 303, answer.text
    form = re.search(r'<form class="undo" method="post" action="([^"]+)"', client.get(answer.location).text)
    assert form
    return client.post(unescape(form[1]))


def rooms(db: Session, cast: Cast) -> list[tuple[str, list[str], int]]:
    with looking(db) as now:
        return [(one.name, one.features, len(one.busy)) for one in planning.rooms_of(now, [cast.school.id])[cast.school.id]]


def confirmed(db: Session, series: Series) -> list[bool]:
    with looking(db) as now:
        return [one.room_confirmed for one in now.get_one(Series, series.id).lessons]


def mark(db: Session, lesson: Lesson) -> str:
    with looking(db) as now:
        return f"{lesson.public_id}.{now.get_one(Lesson, lesson.id).version}"


def test_a_room_is_added_changed_removed_and_each_is_taken_back(head: FlaskClient, cast: Cast, db: Session) -> None:
    address = f"/skole/{cast.school.public_id}/rom"
    data = {"name": "Gymsalen", "features": ["gym", "floor-space"], "busy-0-weekday": "2", "busy-0-start": "08:30", "busy-0-end": "09:15"}
    answer = head.post(address, data=data)
    assert rooms(db, cast) == [("Gymsalen", ["floor-space", "gym"], 1)]
    assert undo(head, answer).status_code == 303
    assert rooms(db, cast) == []
    head.post(address, data=data)
    with looking(db) as now:
        [[room]] = planning.rooms_of(now, [cast.school.id]).values()
        one, version = f"{address}/{room.public_id}", room.version
    assert 'value="08:30' in head.get(one).text
    answer = head.post(one, data={"name": "Salen", "seen": str(version)})
    assert rooms(db, cast) == [("Salen", [], 0)]
    assert (undo(head, answer).status_code, rooms(db, cast)) == (303, [("Gymsalen", ["floor-space", "gym"], 1)])
    assert head.post(one, data={"name": "En annen", "seen": str(version)}).status_code == 409
    answer = head.post(f"{one}/fjern")
    assert rooms(db, cast) == []
    assert (undo(head, answer).status_code, rooms(db, cast)) == (303, [("Gymsalen", ["floor-space", "gym"], 1)])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"name": ""}, "Write a name."),
        ({"name": "Salen", "features": ["sofa"]}, "Choose among those that are offered."),
        ({"name": "Salen", "busy-0-weekday": "1", "busy-0-start": "09:00"}, "Write both when it begins and when it ends."),
        ({"name": "Salen", "busy-0-weekday": "1", "busy-0-start": "09:00", "busy-0-end": "08:00"}, "A time must end after it begins."),
        ({"name": "Salen", "busy-0-weekday": "1", "busy-0-start": "ni", "busy-0-end": "08:00"}, "Write a time, for example 08:30."),
    ],
)
def test_what_cannot_be_of_a_room_is_said_and_stays_typed(
    head: FlaskClient, cast: Cast, db: Session, data: dict[str, object], said: str
) -> None:
    answer = head.post(f"/skole/{cast.school.public_id}/rom", data=data)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert f'value="{data["name"]}"' in answer.text
    assert rooms(db, cast) == []


def test_only_those_who_lead_a_school_and_the_administrator_say_which_rooms_it_has(client: FlaskClient, cast: Cast) -> None:
    address, elsewhere = (f"/skole/{one.public_id}/rom" for one in (cast.school, cast.other_school))
    found = {}
    for name in ("head", "manager", "administrator", "coordinator", "agent"):
        sign_in(client, getattr(cast, name))
        found[name] = (client.get(address).status_code, client.get(elsewhere).status_code)
    assert found == {
        "head": (200, 404), "manager": (200, 404), "administrator": (200, 200), "coordinator": (403, 403), "agent": (403, 403),
    }  # fmt: skip


# --- Confirming -----------------------------------------------------------------------------------------------------------------------


def test_a_school_confirms_the_ticked_rooms_and_takes_that_back(head: FlaskClient, series: Series, db: Session) -> None:
    page = head.get(LISTS).text
    assert re.findall(r'name="lessons" id="[^"]+" value="([^"]+)"( checked)?', page) == [(mark(db, series.lessons[0]), "")]
    answer = head.post(f"{LISTS}/bekreft", data={"lessons": [mark(db, series.lessons[0])]})
    assert confirmed(db, series) == [True, False]
    assert (undo(head, answer).status_code, confirmed(db, series)) == (303, [False, False])
    head.post(f"{LISTS}/bekreft", data={"lessons": [mark(db, series.lessons[0])]})
    page = head.get(LISTS).text
    assert "Confirmed rooms (1)" in page and f'action="{LISTS}/{series.lessons[0].public_id}/ikke-bekreftet"' in page
    answer = head.post(f"{LISTS}/{series.lessons[0].public_id}/ikke-bekreftet", data={"seen": mark(db, series.lessons[0]).split(".")[1]})
    assert (answer.status_code, confirmed(db, series)) == (303, [False, False])


def test_all_rooms_without_a_note_are_confirmed_by_one_button_and_no_other(head: FlaskClient, series: Series, db: Session) -> None:
    assert "Confirm all rooms without a note" not in head.get(LISTS).text
    series.lessons[1].room = "Loftet"
    db.commit()
    page = head.get(LISTS).text
    assert "Confirm all rooms without a note (2)" in page
    shown = re.findall(r'name="doubtless" value="([^"]+)"', page)
    assert shown == [mark(db, one) for one in series.lessons]
    answer = head.post(f"{LISTS}/bekreft", data={"doubtless": shown, "all": "1"})
    assert confirmed(db, series) == [True, True]
    assert (undo(head, answer).status_code, confirmed(db, series)) == (303, [False, False])
    head.post(f"{LISTS}/bekreft", data={"doubtless": shown, "lessons": mark(db, series.lessons[0])})
    assert confirmed(db, series) == [True, False]


def test_what_cannot_be_confirmed_says_why(head: FlaskClient, series: Series, db: Session) -> None:
    for chosen, said in (
        ([], "Choose at least one lesson."),
        ([mark(db, series.lessons[1])], "has no room yet"),
        ([f"{series.lessons[0].public_id}.0"], "changed while you were choosing"),
    ):
        answer = head.post(f"{LISTS}/bekreft", data={"lessons": chosen})
        assert (answer.status_code, said in answer.text) == (422, True)
    assert head.post(f"{LISTS}/bekreft", data={"lessons": ["elsewhere.1"]}).status_code == 404
    assert head.post(f"{LISTS}/{series.lessons[0].public_id}/ikke-bekreftet", data={"seen": "0"}).status_code == 422
    assert confirmed(db, series) == [False, False]


def test_nobody_else_confirms_a_schools_rooms_or_takes_another_s_confirmation_back(
    client: FlaskClient, cast: Cast, series: Series, db: Session
) -> None:
    sign_in(client, cast.agent)
    assert client.post(f"{LISTS}/bekreft", data={"lessons": [mark(db, series.lessons[0])]}).status_code == 403
    made = planning.confirm_rooms(db, [(series.lessons[0], str(series.lessons[0].version))], by=cast.head, now=NOW)
    db.commit()
    assert made.change is not None
    sign_in(client, cast.manager)
    assert client.post(f"{LISTS}/angre/{made.change.public_id}").status_code == 404
    assert confirmed(db, series) == [True, False]


def test_each_sees_the_lessons_that_are_hers_and_a_small_group_only_its_own(
    client: FlaskClient, cast: Cast, series: Series, db: Session
) -> None:
    small = make_series(db, cast, cast.small, themes=("vennskap",)).lessons[0]
    small.room_need = ["quiet"]
    db.commit()
    found = {}
    for name in ("agent", "small_agent", "head", "coordinator", "other_agent"):
        sign_in(client, getattr(cast, name))
        page = client.get(LISTS).text
        found[name] = ("5A, " in page, "Bjørka" in page)
    assert found == {
        "agent": (True, False), "small_agent": (False, True), "head": (True, True), "coordinator": (True, True),
        "other_agent": (False, False),
    }  # fmt: skip


def test_the_lists_take_as_many_queries_for_one_lesson_as_for_many(
    app: Flask, head: FlaskClient, series: Series, cast: Cast, db: Session
) -> None:
    series.lessons[0].presenter, series.lessons[1].room_confirmed = "police", True
    db.commit()
    few = queries(app, lambda: head.get(LISTS))
    for weekday, group in ((3, cast.b5), (4, cast.small)):
        for lesson in make_series(db, cast, group, themes=("vennskap", "samarbeid"), weekday=weekday).lessons:
            lesson.room_need, lesson.presenter, lesson.room = ["quiet"], "police", "Loftet"
            lesson.room_confirmed = lesson.position == 1
    db.commit()
    assert queries(app, lambda: head.get(LISTS)) == few


# --- The register ---------------------------------------------------------------------------------------------------------------------


def registered(db: Session, cast: Cast) -> list[PresenterFacts]:
    with looking(db) as now:
        return [planning.facts_of(one) for one in planning.presenters(now, cast.district.id)]


DATA = {
    "name": "Forebyggende seksjon", "skill": "police", "contact": "post@politiet.example", "material": "Tar med film.", "max_per_day": "2",
    "offers-0-date": "2026-10-21", "offers-0-start": "08:00", "offers-0-end": "11:00",
}  # fmt: skip


def test_somebody_is_registered_changed_and_comes_no_more_and_each_is_taken_back(coordinator: FlaskClient, cast: Cast, db: Session) -> None:
    address = "/inviterte/registeret"
    assert coordinator.post(address, data=DATA).status_code == 303
    [facts] = registered(db, cast)
    assert (facts.name, facts.max_per_day, facts.offers[0].date) == ("Forebyggende seksjon", 2, date(2026, 10, 21))
    with looking(db) as now:
        [made] = planning.presenters(now, cast.district.id)
        one, version = f"{address}/{made.public_id}", made.version
    assert 'value="2026-10-21"' in coordinator.get(one).text
    bare = {"skill": "police", "contact": "", "material": "", "max_per_day": ""}
    answer = coordinator.post(one, data={"name": "Politiet", "schools": [cast.school.public_id], "seen": str(version)} | bare)
    assert registered(db, cast) == [PresenterFacts("Politiet", "police", schools=(cast.school.public_id,))]
    assert (undo(coordinator, answer).status_code, registered(db, cast)) == (303, [facts])
    answer = coordinator.post(f"{one}/kommer-ikke-mer")
    assert registered(db, cast) == []
    assert (undo(coordinator, answer).status_code, registered(db, cast)) == (303, [facts])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "Write a name."),
        ({"skill": ""}, "Write what they come for"),
        ({"max_per_day": "0"}, "Write a number from 1 to 10."),
        ({"schools": ["elsewhere"]}, "Choose among those that are offered."),
        ({"offers-0-end": ""}, "Write the date, when it begins and when it ends."),
        ({"offers-0-end": "07:00"}, "A time must end after it begins."),
        ({"material": "13097248022"}, "identity number"),
    ],
)
def test_what_cannot_be_of_a_visitor_is_said_and_stays_typed(
    coordinator: FlaskClient, cast: Cast, db: Session, changes: dict[str, object], said: str
) -> None:
    answer = coordinator.post("/inviterte/registeret", data=DATA | changes)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert "post@politiet.example" in answer.text
    assert registered(db, cast) == []


def test_only_the_fagansvarlig_keeps_the_register(client: FlaskClient, cast: Cast) -> None:
    found = {}
    for name in ("coordinator", "head", "agent", "administrator"):
        sign_in(client, getattr(cast, name))
        found[name] = client.get("/inviterte/registeret").status_code
    assert found == {"coordinator": 200, "head": 403, "agent": 403, "administrator": 403}


def test_the_list_says_who_is_asked(head: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    police = planning.save_presenter(db, cast.district, None, PresenterFacts("Forebyggende seksjon", "police"))
    series.lessons[0].presenter, series.lessons[0].asked_presenter, series.lessons[0].presenter_answer = "police", police, ASKED
    series.lessons[1].presenter = "police"
    db.commit()
    page = head.get(LISTS).text
    assert page.count("asked, no answer yet") == 1 and page.count("not asked yet") == 1
    assert "Forebyggende seksjon" in page
