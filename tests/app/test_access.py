"""Fetching a thing together with the right to it, safe addresses to go on to, and sign-ins that end."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask, make_response
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.access import SIGN_IN_DAYS, SIGNED_IN, WRONG_CODES_AN_HOUR, Visitors, can, find, me, open_to, safe_next, visible
from app.database import session
from curriculum.people import AuditEvent, SchoolClass, SignIn
from tests.app.counting import queries
from tests.cast import NOW, PASSWORD, Cast, looking, sign_in


@open_to(SIGNED_IN)
def one_class(code: str, act: str) -> Response:
    found = find(SchoolClass, SchoolClass.public_id == code, act=act)
    return make_response(f"{me().name}: {found.name} {can('plan', found)}")


@open_to(SIGNED_IN)
def all_classes() -> Response:
    return make_response(", ".join(found.name for found in session().scalars(visible(SchoolClass).order_by(SchoolClass.name))))


def add_pages(app: Flask) -> None:
    app.add_url_rule("/class/<code>/<act>", view_func=one_class)
    app.add_url_rule("/classes", view_func=all_classes)


pytestmark = pytest.mark.pages(add=add_pages)


@pytest.mark.parametrize(
    ("who", "what", "act", "status"),
    [
        ("agent", "a5", "read", 200),
        ("agent", "a5", "plan", 200),
        ("head", "a5", "read", 200),
        ("head", "a5", "plan", 403),  # hers to see, not hers to do
        ("agent", "a6", "read", 404),  # not hers to see: as if it were not there
        ("agent", "a6", "plan", 404),
        ("agent", "small", "read", 404),
        ("teacher", "small", "read", 404),
        ("small_agent", "small", "plan", 200),
        ("former", "a5", "read", 403),  # no role at all
        ("outsider", "a5", "edit", 404),
        ("coordinator", "small", "edit", 200),
    ],
)
def test_a_thing_is_fetched_together_with_the_right_to_it(
    who: str, what: str, act: str, status: int, client: FlaskClient, cast: Cast
) -> None:
    sign_in(client, cast.persons[who])
    assert client.get(f"/class/{cast.classes[what].public_id}/{act}").status_code == status


def test_what_is_not_there_and_what_is_not_hers_look_the_same(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.teacher)
    hidden, absent = client.get(f"/class/{cast.small.public_id}/read"), client.get("/class/zzzzzz/read")
    assert (hidden.status_code, hidden.text.replace(cast.small.public_id, "zzzzzz")) == (absent.status_code, absent.text)


def test_a_list_holds_what_is_hers_and_a_button_is_shown_for_what_she_may_do(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.head)
    assert client.get("/classes").text == "5A, 5B, 5B gruppe 1, Bjørka"
    assert client.get(f"/class/{cast.a5.public_id}/read").text == "Kari Vollstad: 5A False"


def test_a_refusal_is_written_down(client: FlaskClient, cast: Cast, db: Session) -> None:
    sign_in(client, cast.head)
    client.get(f"/class/{cast.a5.public_id}/plan")
    with looking(db) as fresh:
        last = fresh.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert last is not None
        assert (last.kind, last.about, last.person_id, last.district_id) == ("refused", "plan", cast.head.id, cast.district.id)


# --- Where to go on to ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/", "/rekker", "/uke/2026-W42", "/idebank/vennskap?versjon=2#aim", "/a//b", "/søk"])
def test_an_address_of_our_own_is_gone_on_to(address: str) -> None:
    assert safe_next(address, "/otherwise") == address


@pytest.mark.parametrize(
    "address",
    [
        None, "", "rekker", "https://elsewhere.example", "//elsewhere.example", "///elsewhere.example", "/\\elsewhere.example",
        "\\\\elsewhere.example", "/\t/elsewhere.example", "/\n/elsewhere.example", "\t//elsewhere.example", " //elsewhere.example",
        "javascript:alert(1)", "/a\r\nSet-Cookie: x=y", "/\x00/elsewhere.example", "/.\\elsewhere.example",
    ],
)  # fmt: skip
def test_an_address_that_leads_elsewhere_is_not(address: str | None) -> None:
    assert safe_next(address, "/otherwise") == "/otherwise"


@given(st.text(alphabet="/\\\t\n .:@abc", max_size=12))
def test_whatever_is_asked_for_stays_in_the_house(address: str) -> None:
    on = safe_next(address, "/")
    browser = on.replace("\\", "/").translate(dict.fromkeys(b"\t\n\r")).strip()
    assert browser.startswith("/")
    assert not browser.startswith("//")


# --- Sign-ins -------------------------------------------------------------------------------------------------------------------------


def cookie_of(client: FlaskClient) -> str:
    found = client.get_cookie("kursrekka")
    assert found is not None
    return found.value


def test_a_copied_cookie_is_dead_after_signing_out(app: Flask, client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.head)
    copy = app.test_client()
    copy.set_cookie("kursrekka", cookie_of(client))
    assert copy.get("/classes").status_code == 200
    assert client.post("/logg-ut").status_code == 303
    assert client.get("/classes").status_code == 302
    assert copy.get("/classes").status_code == 302


def test_each_sign_in_is_a_row_of_its_own_and_the_other_browser_stays_in(app: Flask, client: FlaskClient, cast: Cast, db: Session) -> None:
    other = app.test_client()
    sign_in(client, cast.head)
    sign_in(other, cast.head)
    assert cookie_of(client) != cookie_of(other)
    client.post("/logg-ut")
    assert other.get("/classes").status_code == 200
    with looking(db) as fresh:
        assert [row.ended_at is None for row in fresh.scalars(select(SignIn).order_by(SignIn.id))] == [False, True]


def test_the_token_itself_is_not_kept(client: FlaskClient, cast: Cast, db: Session) -> None:
    sign_in(client, cast.head)
    with client.session_transaction() as cookie, looking(db) as fresh:
        kept = fresh.scalars(select(SignIn.token_hash)).one()
        assert cookie["sign_in"] != kept


def test_signing_in_again_leaves_nothing_of_the_cookie_from_before(client: FlaskClient, cast: Cast) -> None:
    with client.session_transaction() as cookie:
        cookie["planted"] = "x"
    sign_in(client, cast.head)
    with client.session_transaction() as cookie:
        assert "planted" not in cookie


def test_a_sign_in_ends_by_itself(client: FlaskClient, cast: Cast, moment: time_machine.Traveller) -> None:
    sign_in(client, cast.head)
    moment.shift(timedelta(days=SIGN_IN_DAYS, seconds=-60))
    assert client.get("/classes").status_code == 200
    moment.shift(timedelta(seconds=120))
    assert client.get("/classes").status_code == 302


def test_someone_who_has_left_is_out_at_once(client: FlaskClient, cast: Cast, db: Session) -> None:
    sign_in(client, cast.head)
    cast.head.is_active = False
    db.commit()
    assert client.get("/classes").status_code == 302
    assert client.post("/logg-inn", data={"email": cast.head.email, "password": PASSWORD}).status_code == 422


def test_a_sign_in_that_is_ended_is_dead_at_the_next_page_though_nothing_public_changed(
    client: FlaskClient, cast: Cast, db: Session
) -> None:
    sign_in(client, cast.head)
    assert client.get("/classes").status_code == 200
    db.execute(update(SignIn).values(ended_at=NOW))
    db.commit()
    assert client.get("/classes").status_code == 302


def test_what_a_person_is_given_or_loses_counts_at_the_next_page(client: FlaskClient, cast: Cast, db: Session) -> None:
    sign_in(client, cast.head)
    assert "5A" in client.get("/classes").text
    assignment = cast.head.assignments[0]
    assignment.to_date = cast.today - timedelta(days=1)
    db.commit()
    assert client.get("/classes").status_code == 403
    assignment.to_date = None
    cast.head.name = "Hedda Ny"
    db.commit()
    assert client.get(f"/class/{cast.a5.public_id}/read").text.startswith("Hedda Ny: 5A")


def test_who_is_signed_in_is_asked_in_one_query_on_every_page(app: Flask, client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.head)
    counts = [queries(app, lambda: client.get("/classes")) for _ in range(3)]
    assert counts[1:] == [2, 2]  # the other is for the classes


def test_an_assignment_that_ends_today_ends_at_midnight_in_oslo(
    client: FlaskClient, cast: Cast, db: Session, moment: time_machine.Traveller
) -> None:
    cast.head.assignments[0].to_date = cast.today
    db.commit()
    sign_in(client, cast.head)
    moment.move_to("2026-10-14T21:59:59+00:00")
    assert "5A" in client.get("/classes").text
    moment.move_to("2026-10-14T22:00:00+00:00")
    assert client.get("/classes").status_code == 403


# --- Wrong codes ----------------------------------------------------------------------------------------------------------------------


def test_wrong_codes_are_counted_by_visitor_and_hour_and_under_a_key_that_is_thrown_away() -> None:
    wrong = Visitors()
    for _ in range(3):
        wrong.add("192.0.2.1", "10")
    assert (wrong.of("192.0.2.1", "10"), wrong.of("192.0.2.2", "10")) == (3, 0)
    assert not any("192.0.2" in kept for kept in wrong.times)
    assert wrong.of("192.0.2.1", "11") == 0
    assert not wrong.times


@pytest.mark.slow
def test_after_forty_wrong_codes_an_address_waits_for_the_next_hour(
    client: FlaskClient, cast: Cast, moment: time_machine.Traveller
) -> None:
    right = f"/f/{cast.parents_link.code}"
    for number in range(WRONG_CODES_AN_HOUR):
        assert client.get(f"/f/{number:010}").status_code == 404
    assert client.get("/f/0000000000").status_code == 429
    assert client.get(right).status_code == 429
    assert client.get(right, environ_base={"REMOTE_ADDR": "192.0.2.9"}).status_code == 200
    moment.shift(timedelta(hours=1))
    assert client.get(right).status_code == 200


def test_who_has_no_role_today_is_told_so_wherever_she_goes(client: FlaskClient, cast: Cast, db: Session) -> None:
    for one in db.merge(cast.teacher).assignments:
        one.to_date = one.from_date
    db.commit()
    sign_in(client, cast.teacher)
    for address in ("/uke", "/idebank", "/idebank/vennskap", "/rekker"):
        answer = client.get(address)
        assert (answer.status_code, "Du har ingen rolle i dag" in answer.text) == (403, True)
    assert client.get("/velkommen").status_code == 200
    assert (client.post("/uke/kalender/ny").status_code, client.post("/sprak/en").status_code) == (403, 303)
