"""Whatever is asked of a parents' page, it answers in words: never a fault of ours, never another class's page, nothing kept amiss."""

from __future__ import annotations

import gzip
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from app.access import WRONG_CODES_AN_HOUR
from app.language import catalogue
from app.parents.routes import FAULTS
from curriculum.people import new_link
from curriculum.planning import Lesson
from tests.cast import NOW, Cast, make_series
from tests.states import state

if TYPE_CHECKING:
    from flask.testing import FlaskClient

GARBAGE = [
    ";;q=,,*-*;q=9,ø",
    "so;q=x, ur;q=-1, ar;q=2",
    "*",
    "*;q=0",
    "x" * 8000,
    ",".join(f"so-{number}" for number in range(900)),
    "\ttä;;;=,",
    "so\x7f",
]


@state
def lesson(db: Session, cast: Cast) -> Lesson:
    """5A's lesson of this week; 5B has one too."""
    make_series(db, cast, cast.b5, weekday=3)
    found = make_series(db, cast).lessons[0]
    db.commit()
    return found


def base(cast: Cast) -> str:
    return f"/f/{cast.parents_link.code}"


def test_wrong_codes_are_counted_and_then_one_must_wait_but_what_opens_is_not_counted(client: FlaskClient, cast: Cast) -> None:
    for _ in range(3 * WRONG_CODES_AN_HOUR):
        assert client.get(base(cast)).status_code == 200
    for number in range(WRONG_CODES_AN_HOUR):
        assert client.get(f"/f/zzzzzzzz{number:02}/so").status_code == 404
    answer = client.get("/f/zzzzzzzzzz", headers={"Accept-Language": "so"})
    assert answer.status_code == 429
    assert '<html lang="so"' in answer.text


@pytest.mark.parametrize("end", ["revoked", "expired"])
def test_a_closed_link_says_kindly_whom_to_ask_in_the_language_of_the_address(
    end: str, client: FlaskClient, cast: Cast, lesson: Lesson, db: Session
) -> None:
    assert client.get(f"{base(cast)}/so").status_code == 200  # kept by the doorstep, and not a moment too long
    if end == "revoked":
        cast.parents_link.revoked_at = NOW
    else:
        cast.parents_link.expires = cast.today - timedelta(1)
    db.commit()
    for path in ("", "/so", "/so/om-oss", f"/so/{lesson.public_id}", f"/so/{lesson.public_id}/sammen"):
        answer = client.get(base(cast) + path, headers={"Accept-Language": "so"})
        assert answer.status_code == 410
        assert catalogue("so")[FAULTS[410][1]] in unescape(answer.text)
        assert "Vennskap" not in answer.text and "5A" not in answer.text


def test_a_lesson_of_another_class_or_another_year_is_not_there(client: FlaskClient, cast: Cast, lesson: Lesson, db: Session) -> None:
    link = new_link(db, cast.b5, "parents", expires=cast.today)
    db.commit()
    for path in ("", "/sammen"):
        assert client.get(f"/f/{link.code}/so/{lesson.public_id}{path}").status_code == 404
        assert client.get(f"{base(cast)}/so/{lesson.public_id}{path}").status_code == 200


@pytest.mark.parametrize("header", GARBAGE)
def test_a_browser_that_says_its_languages_badly_is_answered_all_the_same(
    header: str, client: FlaskClient, cast: Cast, lesson: Lesson
) -> None:
    for path in ("", "/so", f"/so/{lesson.public_id}", "/xx", "/so/zzzzzz"):
        answer = client.get(base(cast) + path, headers={"Accept-Language": header})
        assert answer.status_code in (200, 302, 404)
    assert client.get("/f/zzzzzzzzzz", headers={"Accept-Language": header}).status_code == 404


def test_what_others_add_to_an_address_changes_nothing(client: FlaskClient, cast: Cast, lesson: Lesson) -> None:
    address = f"{base(cast)}/so/{lesson.public_id}"
    plain = client.get(address)
    for tail in ("?fbclid=IwAR0x", "?utm_source=x&lang=ur", "?" + "a=b&" * 500, "?%00", "?kode=zzzzzzzzzz"):
        answer = client.get(address + tail)
        assert (answer.status_code, answer.data, answer.headers["ETag"]) == (200, plain.data, plain.headers["ETag"])
    assert client.get(f"{base(cast)}?fbclid=x").status_code == 200


def test_eight_thousand_bytes_of_headers_and_a_stolen_cookie_change_nothing(client: FlaskClient, cast: Cast, lesson: Lesson) -> None:
    address = f"{base(cast)}/so/{lesson.public_id}"
    headers = {
        "X-Long": "x" * 8000,
        "Cookie": "kursrekka=" + "y" * 4000,
        "Authorization": "Basic x",
        "Referer": "https://elsewhere.example",
    }
    loaded = client.get(address, headers=headers)  # makes what is kept
    plain = client.get(address)
    assert (loaded.status_code, loaded.data) == (200, plain.data)
    assert "Set-Cookie" not in loaded.headers


def test_head_conditional_and_unzipped_requests_get_what_they_ask_for(client: FlaskClient, cast: Cast, lesson: Lesson) -> None:
    address = f"{base(cast)}/so/{lesson.public_id}"
    zipped = client.get(address, headers={"Accept-Encoding": "gzip"})
    plain = client.get(address, headers={"Accept-Encoding": "gzip;q=0, identity"})
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(zipped.data) == plain.data
    assert zipped.headers["ETag"] != plain.headers["ETag"]
    head = client.head(address, headers={"Accept-Encoding": "gzip"})
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", zipped.headers["ETag"])
    assert head.headers["Content-Length"] == str(len(zipped.data))
    for tag, status in ((zipped.headers["ETag"], 304), ("*", 304), (f'"x", W/{zipped.headers["ETag"]}', 304), ('"x"', 200), (",,;", 200)):
        answer = client.get(address, headers={"Accept-Encoding": "gzip", "If-None-Match": tag})
        assert answer.status_code == status
    assert client.get(address, headers={"If-Modified-Since": "never", "Range": "bytes=0-1"}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/%00", "/so/%00", "/so/%2e%2e/x", "/so/æøå", "/so/" + "a" * 4000, "/so//", "/so/om-oss/x", "/SO", "/so/sw.js"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_address_that_is_not_there_is_said_not_to_be(method: str, path: str, client: FlaskClient, cast: Cast, lesson: Lesson) -> None:
    answer = client.open(base(cast) + path, method=method)
    assert answer.status_code in (302, 308, 404)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_can_be_sent_to_a_page_that_is_read(method: str, client: FlaskClient, cast: Cast, lesson: Lesson) -> None:
    for path in ("", "/so", f"/so/{lesson.public_id}"):
        assert client.open(base(cast) + path, method=method).status_code in (200, 400, 404, 405)
    assert client.open("/f/sw.js", method=method).status_code in (200, 404, 405)
