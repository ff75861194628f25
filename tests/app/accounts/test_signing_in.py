"""Signing in and out: the form, the throttle, the language, and each reader's first page."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import keyed
from curriculum.people import AuditEvent, Failure, SignIn
from curriculum.people.signing_in import TRIES, WINDOW
from tests.cast import NOW, PASSWORD, Cast, looking, sign_in


def count(db: Session, model: type[Failure] | type[SignIn] | type[AuditEvent]) -> int:
    with looking(db) as fresh:
        return fresh.scalar(select(func.count()).select_from(model)) or 0


def test_whoever_signs_in_comes_to_her_own_first_page(client: FlaskClient, cast: Cast) -> None:
    first = {}
    for name, person in cast.persons.items():
        response = client.post("/logg-inn", data={"email": person.email, "password": PASSWORD})
        assert (response.status_code, response.location) == (303, "/")
        first[name] = client.get("/").location
        assert client.get(first[name] or "").status_code == 200
    assert first == {
        "agent": "/uka-mi",
        "small_agent": "/uka-mi",
        "other_agent": "/uka-mi",
        "teacher": "/uke",
        "coordinator": "/idebank",
        "coordinator2": "/idebank",
        "translator": "/oversett",
        "head": "/skole",
        "manager": "/skole",
        "administrator": "/administrasjon",
        "former": "/velkommen",
        "outsider": "/idebank",
    }


def test_whoever_asked_for_a_page_comes_to_it_after_signing_in(client: FlaskClient, cast: Cast) -> None:
    asked = client.get("/rekker?ar=2026")
    assert asked.location == "/logg-inn?next=/rekker?ar%3D2026"
    form = client.get(asked.location)
    assert 'value="/rekker?ar=2026"' in form.text
    response = client.post("/logg-inn", data={"email": cast.agent.email, "password": PASSWORD, "next": "/rekker?ar=2026"})
    assert response.location == "/rekker?ar=2026"


def test_who_has_a_role_is_not_told_that_she_has_none(client: FlaskClient, cast: Cast) -> None:
    assert sign_in(client, cast.agent).get("/velkommen").location == "/uka-mi"


def test_search_engines_are_turned_away_and_browsers_find_the_icon(client: FlaskClient) -> None:
    assert client.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
    icon = client.get("/favicon.ico")
    assert icon.status_code == 404 or (icon.location or "").endswith(".svg")


def test_nobody_is_led_out_of_the_house(client: FlaskClient, cast: Cast) -> None:
    response = client.post("/logg-inn", data={"email": cast.agent.email, "password": PASSWORD, "next": "https://elsewhere.example/"})
    assert response.location == "/"


def test_the_address_may_be_typed_in_any_case(client: FlaskClient, cast: Cast) -> None:
    assert client.post("/logg-inn", data={"email": f" {cast.agent.email.upper()} ", "password": PASSWORD}).status_code == 303


@pytest.mark.parametrize("email", ["agent@example.com", pytest.param("nobody@example.com", marks=pytest.mark.slow)])
def test_a_wrong_password_and_an_unknown_address_are_answered_alike(email: str, client: FlaskClient, cast: Cast, db: Session) -> None:
    client.post("/sprak/en")
    response = client.post("/logg-inn", data={"email": email, "password": "wrong"})
    assert response.status_code == 422
    assert "The e-mail and the password do not belong together." in response.text
    assert f'value="{email}"' in response.text
    assert 'value="wrong"' not in response.text
    assert count(db, Failure) == 1
    assert count(db, SignIn) == 0


def test_the_address_of_a_failed_sign_in_is_not_kept(client: FlaskClient, cast: Cast, db: Session) -> None:
    client.post("/logg-inn", data={"email": cast.agent.email, "password": "wrong"})
    with looking(db) as fresh:
        kept = fresh.scalars(select(Failure)).one()
        assert (len(kept.account), kept.at) == (64, NOW)
        assert "agent" not in kept.account


def test_a_form_without_address_or_password_says_what_is_missing(client: FlaskClient, cast: Cast) -> None:
    client.post("/sprak/en")
    response = client.post("/logg-inn", data={"email": "", "password": ""})
    assert response.status_code == 422
    assert "Write your e-mail address." in response.text
    assert "Write your password." in response.text


def test_a_translator_reads_the_form_in_her_browsers_language_or_the_one_she_chose(client: FlaskClient, cast: Cast) -> None:
    assert 'lang="nb"' in client.get("/logg-inn").text
    assert 'lang="en"' in client.get("/logg-inn", headers={"Accept-Language": "en-GB,en;q=0.8"}).text
    assert client.post("/sprak/en", data={"next": "/logg-inn"}).location == "/logg-inn"
    assert 'lang="en"' in client.get("/logg-inn", headers={"Accept-Language": "nb"}).text
    assert client.post("/sprak/xx").status_code == 404


def test_a_signed_in_persons_language_follows_her_to_the_next_browser(app: Flask, client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.head).post("/sprak/en")
    other = sign_in(app.test_client(), cast.head)
    assert 'lang="en"' in other.get("/rekker").text


# --- The throttle -----------------------------------------------------------------------------------------------------------------------


def fail_often(app: Flask, db: Session, email: str, times: int = TRIES) -> None:
    with app.test_request_context():
        account = keyed(email)
    db.add_all(Failure(account=account, at=NOW) for _ in range(times))
    db.commit()


def test_ten_wrong_passwords_shut_the_account_also_for_the_right_one(client: FlaskClient, cast: Cast, db: Session) -> None:
    client.post("/sprak/en")
    for _ in range(TRIES):
        assert "do not belong together" in client.post("/logg-inn", data={"email": cast.head.email, "password": "wrong"}).text
    for password in ("wrong", PASSWORD):
        response = client.post("/logg-inn", data={"email": cast.head.email, "password": password})
        assert response.status_code == 422
        assert "Too many wrong tries. Wait 16 minutes and try again." in response.text
    assert count(db, Failure) == TRIES
    sign_in(client, cast.manager)


def test_an_unknown_account_is_shut_just_the_same(app: Flask, client: FlaskClient, cast: Cast, db: Session) -> None:
    fail_often(app, db, "nobody@example.com")
    client.post("/sprak/en")
    assert "Too many wrong tries" in client.post("/logg-inn", data={"email": "Nobody@Example.com", "password": "x"}).text


def test_the_account_opens_again_after_a_quarter_of_an_hour(
    app: Flask, client: FlaskClient, cast: Cast, db: Session, moment: time_machine.Traveller
) -> None:
    fail_often(app, db, cast.head.email)
    moment.shift(WINDOW - timedelta(seconds=1))
    assert client.post("/logg-inn", data={"email": cast.head.email, "password": PASSWORD}).status_code == 422
    moment.shift(timedelta(seconds=1))
    sign_in(client, cast.head)


def test_while_a_password_is_compared_nobody_waits_for_the_database(
    client: FlaskClient, cast: Cast, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    from curriculum import people

    compared = people.password_matches
    written = []

    def compare_while_another_writes(stored: str | None, password: str) -> bool:
        cast.school.phone = "22 00 00 05"
        db.commit()  # waits ten seconds and fails if the request holds the lock
        written.append(cast.school.phone)
        return compared(stored, password)

    monkeypatch.setattr(people, "password_matches", compare_while_another_writes)
    sign_in(client, cast.head)
    assert written == ["22 00 00 05"]


# --- Signing out ------------------------------------------------------------------------------------------------------------------------


def test_signing_in_and_out_is_written_down(client: FlaskClient, cast: Cast, db: Session) -> None:
    sign_in(client, cast.head)
    client.post("/logg-ut")
    with looking(db) as fresh:
        lines = [(event.kind, event.person_id) for event in fresh.scalars(select(AuditEvent).order_by(AuditEvent.id))]
    assert lines == [("sign-in", cast.head.id), ("sign-out", cast.head.id)]


def test_signing_out_says_so_and_twice_does_no_harm(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.head).post("/sprak/en")
    client.post("/logg-ut")
    response = client.post("/logg-ut", follow_redirects=True)
    assert response.status_code == 200
    assert client.get("/").status_code == 200


def test_a_link_cannot_sign_anyone_out(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.head)
    assert client.get("/logg-ut").status_code == 405
    assert client.get("/rekker").status_code == 200


def test_a_form_from_elsewhere_is_refused(app: Flask, client: FlaskClient, cast: Cast) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    response = client.post("/logg-inn", data={"email": cast.head.email, "password": PASSWORD})
    assert response.status_code == 400
    assert client.get("/rekker").status_code == 302


def test_the_houses_own_form_carries_its_token(app: Flask, client: FlaskClient, cast: Cast) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    token = client.get("/logg-inn").text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    response = client.post("/logg-inn", data={"email": cast.head.email, "password": PASSWORD, "csrf_token": token})
    assert response.status_code == 303


def test_whoever_watches_over_the_installation_is_told_that_it_runs(client: FlaskClient, cast: Cast) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.text) == (200, "ok")


def test_a_visitor_reads_what_this_is(client: FlaskClient, cast: Cast) -> None:
    assert client.get("/").status_code == 200
