"""What a telephone saves of the parents' pages, and what it may not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from app.doorstep import PUBLIC
from app.settings import ROOT
from curriculum.people import new_link
from tests.cast import Cast, make_series, publish
from tests.states import state

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

SAVED, SCRIPT = "data-saved hidden", "offline."
SCRIPTS = 6_000
"""Bytes of all scripts of the parents' pages together."""


@pytest.fixture
def off(app: Flask) -> Iterator[None]:
    """Nothing is to be saved on telephones."""
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(before, parents_offline="off")
    yield
    app.config["SETTINGS"] = before


def pages(code: str, lesson: str) -> list[str]:
    return [f"/f/{code}{path}" for path in ("", "/so", "/so/om-oss", f"/so/{lesson}", f"/so/{lesson}/sammen")]


@state
def lesson(db: Session, cast: Cast) -> str:
    publish(db, cast, "district-texts")
    made = make_series(db, cast).lessons[0].public_id
    db.commit()
    return made


def test_the_worker_is_a_script_of_ours_that_is_asked_for_anew_each_time(client: FlaskClient, cast: Cast) -> None:
    answer = client.get("/f/sw.js")
    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert (answer.headers["Service-Worker-Allowed"], answer.headers["Cache-Control"]) == ("/f/", "no-cache")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; connect-src 'self'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers
    assert not PUBLIC.match("/f/sw.js")
    assert re.search(r"^\s*//", answer.text, re.M) is None


def test_the_scripts_are_small_all_together(client: FlaskClient, cast: Cast) -> None:
    ours = [(ROOT / "app/static/js" / name).stat().st_size for name in ("hear.js", "offline.js")]
    offline = ours[1] + len(client.get("/f/sw.js").data)
    assert offline <= 3_200
    assert sum(ours) <= SCRIPTS


def test_what_is_read_is_prepared_to_be_saved_with_its_day_in_the_pages_language(client: FlaskClient, cast: Cast, lesson: str) -> None:
    for address in pages(cast.parents_link.code, lesson):
        html = client.get(address, headers={"Accept-Language": "so"}).text
        assert html.count(SAVED) == 1, address
        assert "La kaydiyey 14 Oktoobar." in html
        assert SCRIPT in html
    assert "Lagret 14. oktober." in client.get(f"/f/{cast.parents_link.code}/nb").text


def test_of_a_small_group_nothing_is_saved_anywhere(client: FlaskClient, cast: Cast, db: Session) -> None:
    lesson = make_series(db, cast, cast.small).lessons[0].public_id
    small = new_link(db, cast.small, "parents", expires=cast.today)
    db.commit()
    for address in pages(small.code, lesson):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
        assert (SAVED in answer.text, SCRIPT in answer.text, "<section data-keep" in answer.text) == (False, False, False)


def test_what_is_wrong_and_what_is_for_paper_is_not_saved(client: FlaskClient, cast: Cast, lesson: str) -> None:
    for address in ("/f", "/f/zzzzzzzzzz", f"/f/{cast.parents_link.code}/so/zzzzzz", f"/f/{cast.parents_link.code}/so/{lesson}/ark"):
        assert SAVED not in client.get(address).text


def test_a_parent_can_stop_it_on_the_page_about_us(client: FlaskClient, cast: Cast, lesson: str) -> None:
    html = client.get(f"/f/{cast.parents_link.code}/nb/om-oss").text
    assert "<section data-keep hidden>" in html
    assert 'data-off="Lagre det jeg leser">Ikke lagre noe, og slett det som er lagret</button>' in html


@pytest.mark.usefixtures("off")
def test_where_nothing_shall_be_saved_the_worker_deletes_what_was_and_goes(client: FlaskClient, cast: Cast, lesson: str) -> None:
    worker = client.get("/f/sw.js")
    assert worker.status_code == 200
    assert "unregister()" in worker.text and "fetch" not in worker.text
    for address in pages(cast.parents_link.code, lesson):
        html = client.get(address).text
        assert (SAVED in html, SCRIPT in html, "<section data-keep" in html) == (False, False, False)


def test_worker_and_page_mean_the_same_store_and_the_same_line() -> None:
    files = [ROOT / "app/parents/worker.js", ROOT / "app/parents/worker_off.js", ROOT / "app/static/js/offline.js"]
    assert all('"parents-pages"' in Path(file).read_text("utf-8") for file in files)
    assert f'"{SAVED}"' in files[0].read_text("utf-8")
