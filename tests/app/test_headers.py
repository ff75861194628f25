"""Headers and cookies: every answer is protected, faults and files too; on https more so; parents' pages know no cookie."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import create_app
from app.database import store
from app.pages import STAFF_POLICY, parents_policy
from app.settings import Settings
from tests.cast import PASSWORD, Cast, make_series, sign_in

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.fixture
def file(app: Flask) -> str:
    """The address of some file of ours."""
    own = sorted(Path(app.root_path, "static", "css").glob("*.css"))[0]
    return f"/static/css/{own.name}"


@pytest.fixture
def https(database_url: str) -> Iterator[Flask]:
    """The same house under an https address."""
    app = create_app(Settings.from_env({"DATABASE_URL": database_url, "SECRET_KEY": "k" * 40, "BASE_URL": "https://kurs.example"}))
    app.config.update(WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    app.add_url_rule("/fault", view_func=fault)
    yield app
    app.extensions["doorstep"].counter.close()
    with app.app_context():
        store.engine.dispose()


def fault() -> str:
    raise RuntimeError("ours")


fault.open_to = ("everyone",)  # type: ignore[attr-defined]


def answers(app: Flask, cast: Cast, file: str) -> dict[str, TestResponse]:
    """One of each kind of answer."""
    client = app.test_client()
    base = app.config["SETTINGS"].base_url
    code = cast.parents_link.code
    found = {
        "front": client.get("/", base_url=base),
        "sign in": client.get("/logg-inn", base_url=base),
        "wrong": client.post("/logg-inn", data={"email": "x"}, base_url=base),
        "signed in": client.post("/logg-inn", data={"email": cast.agent.email, "password": PASSWORD}, base_url=base),
        "staff": client.get("/rekker", base_url=base),
        "forbidden": client.get("/oversett", base_url=base),
        "not found": client.get("/nowhere", base_url=base),
        "not allowed": client.get("/logg-ut", base_url=base),
        "file": client.get(file, base_url=base),
        "no file": client.get("/static/nowhere.css", base_url=base),
        "chooser": client.get(f"/f/{code}", base_url=base),
        "weeks": client.get(f"/f/{code}/so", base_url=base),
        "head": client.head(f"/f/{code}/so", base_url=base),
        "unchanged": client.get(f"/f/{code}/so", base_url=base, headers={"If-None-Match": "*"}),
        "mangled": client.get(f"/f/{code.upper()}/so", base_url=base),
        "wrong code": client.get("/f/wrong/so", base_url=base),
    }
    if "fault" in app.view_functions:
        found["fault"] = client.get("/fault", base_url=base)
    return found


def test_every_answer_is_protected(app: Flask, cast: Cast, file: str) -> None:
    for name, response in answers(app, cast, file).items():
        assert {key: response.headers.get(key) for key in EVERYWHERE} == EVERYWHERE, name
        assert "Strict-Transport-Security" not in response.headers, name
        assert "Access-Control-Allow-Origin" not in response.headers, name
        response.close()


def test_every_answer_has_a_policy_without_anything_unsafe(app: Flask, cast: Cast, file: str) -> None:
    for name, response in answers(app, cast, file).items():
        policy = response.headers.get("Content-Security-Policy", "")
        assert policy.startswith("default-src 'none'"), name
        assert "unsafe" not in policy, name
        assert "frame-ancestors 'none'" in policy, name
        assert policy in (STAFF_POLICY, parents_policy()), name
        response.close()


def test_the_policy_of_parents_pages_allows_their_own_style_and_files_of_ours(client: FlaskClient, cast: Cast, db: Session) -> None:
    lesson = make_series(db, cast).lessons[0].public_id
    db.commit()
    for address in (f"/f/{cast.parents_link.code}", f"/f/{cast.parents_link.code}/so", f"/f/{cast.parents_link.code}/so/{lesson}"):
        response = client.get(address)
        directives = response.headers["Content-Security-Policy"].split("; ")
        assert "script-src 'self'" in directives and "default-src 'none'" in directives
        assert len(re.findall(r"<style>(.*?)</style>", response.text, re.S)) == 1
        assert " style=" not in response.text
        for attributes, inline in re.findall(r"<script([^>]*)>(.*?)</script>", response.text, re.S):
            assert re.match(r' src="/static/[^"]+\.js" defer', attributes) and not inline
        assert not re.search(r"\son\w+=", response.text)


def test_on_https_browsers_are_told_to_stay_there(https: Flask, cast: Cast, file: str) -> None:
    for name, response in answers(https, cast, file).items():
        assert response.headers.get("Strict-Transport-Security", "").startswith("max-age=31536000"), name
        assert {key: response.headers.get(key) for key in EVERYWHERE} == EVERYWHERE, name
        response.close()


def test_on_https_the_cookie_is_the_hosts_own_and_no_script_reads_it(https: Flask, cast: Cast) -> None:
    response = https.test_client().post(
        "/logg-inn", data={"email": cast.agent.email, "password": PASSWORD}, base_url="https://kurs.example"
    )
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-kursrekka=")
    assert {part.strip().split("=")[0] for part in cookie.split(";")[1:]} == {"Secure", "HttpOnly", "Path", "SameSite", "Expires"}
    assert "SameSite=Lax" in cookie
    assert "Path=/;" in cookie + ";"


def test_on_http_the_cookie_has_no_name_that_browsers_would_refuse(client: FlaskClient, cast: Cast) -> None:
    response = client.post("/logg-inn", data={"email": cast.agent.email, "password": PASSWORD})
    assert response.headers["Set-Cookie"].startswith("kursrekka=")
    assert "HttpOnly" in response.headers["Set-Cookie"]


def test_pages_of_a_signed_in_person_are_kept_by_no_browser(client: FlaskClient, cast: Cast) -> None:
    assert sign_in(client, cast.agent).get("/rekker").headers["Cache-Control"] == "no-store"


@pytest.mark.slow
def test_parents_pages_set_no_cookie_and_read_none_even_for_staff(client: FlaskClient, cast: Cast, db: Session) -> None:
    lesson = make_series(db, cast).lessons[0].public_id
    db.commit()
    code = cast.parents_link.code
    paths = ["", "/so", f"/so/{lesson}", f"/so/{lesson}/sammen", "/xx", "/so/zzzzzz", "/so/a/b/c/d"]
    addresses = [f"/f/{code}{path}" for path in paths] + ["/f/wrong", "/f/wrong/so", f"/f/{code.upper()}"]
    plain = [client.get(address) for address in addresses]
    sign_in(client, cast.agent).post("/sprak/en")
    for address, before in zip(addresses, plain, strict=True):
        now = client.get(address)
        assert "Set-Cookie" not in before.headers, address
        assert "Set-Cookie" not in now.headers, address
        assert "Cookie" not in now.headers.get("Vary", ""), address
        assert (now.status_code, now.data) == (before.status_code, before.data), address


def test_no_page_is_to_be_found_by_searching(client: FlaskClient, cast: Cast) -> None:
    for address in ("/", "/logg-inn", f"/f/{cast.parents_link.code}", f"/f/{cast.parents_link.code}/so"):
        assert client.get(address).headers["X-Robots-Tag"] == "noindex, nofollow"
