"""The doorstep says what the house would say, byte for byte, and no longer than it is true."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
import time_machine
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from werkzeug.test import Client, TestResponse

from app.doorstep import PUBLIC, REPLAYED, Doorstep, accepts_gzip
from app.settings import Settings
from curriculum import interchange
from curriculum.people import AuditEvent
from curriculum.planning import Lesson
from tests.cast import CONTENT, NOW, Cast, make_series, publish
from tests.states import state

BUDGET = 14_000
"""Bytes of a parents' page with its headers: what comes in the first round trip on a bad line."""


@pytest.fixture
def door(app: Flask) -> Doorstep:
    """The doorstep as the app is behind it."""
    found: Doorstep = app.extensions["doorstep"]
    return found


@pytest.fixture
def outside(door: Doorstep) -> Client:
    """A browser before the doorstep."""
    return Client(door)


@pytest.fixture
def inside(door: Doorstep) -> Client:
    """A browser that has come in past the doorstep."""
    return Client(door.application)


@state
def lesson(db: Session, cast: Cast) -> Lesson:
    """5A's lesson of this week. 5B has one too."""
    make_series(db, cast, cast.b5, weekday=3)
    found = make_series(db, cast).lessons[0]
    db.commit()
    assert found.date == cast.today
    return found


def body(response: TestResponse) -> bytes:
    return gzip.decompress(response.data) if response.headers.get("Content-Encoding") == "gzip" else response.data


def said(response: TestResponse) -> tuple[int, dict[str, str], bytes]:
    """What must be the same on both sides."""
    kept = {name.lower(): value for name, value in response.headers if name.lower() in REPLAYED | {"location"}}
    return response.status_code, kept, body(response)


ADDRESSES = [
    "{code}/nb",
    "{code}/so",
    "{code}/ur",
    "{code}/so/{lesson}",
    "{code}/ur/{lesson}/sammen",
    "{code}/so/{lesson}?from=poster&utm_source=x",
    "{code}/ur/om-oss",
    "{code}/xx",
    "{code}/ar",
    "{code}/SO",
    "{code}/so/",
    "{code}/so/om-oss/",
    "{code}/ar/om-oss",
    "{code}/so/zzzzzz",
    "{code}/so/{other}",
    "{code}/so/{lesson}/alene",
    "{code}/so/{lesson}/sammen/x",
    "zzzzzzzzzz/so",
    "zzzzzzzzzz/so/{lesson}",
    "{upper}/so",
    "{upper}/so/{lesson}",
    "{spaced}/so",
    "{hyphened}/so/{lesson}/sammen",
    "{alike}/so",
    "{teacher}/so",
    "{code}/%2e%2e/so",
    "{code}/so/\u00e6\u00f8\u00e5",
    "%00/so",
    "sw.js",
]
PAGES = ADDRESSES[:7]
"""Those of them that are there."""

BROWSERS: dict[str, dict[str, str]] = {
    "plain": {},
    "gzip": {"Accept-Encoding": "gzip, deflate, br"},
    "no gzip": {"Accept-Encoding": "gzip;q=0, identity"},
    "long": {"Accept-Encoding": "gzip", "X-Long": "x" * 8000, "Cookie": "kursrekka=" + "y" * 4000, "Authorization": "Basic x"},
    "garbage": {"Accept-Language": ";;q=,,*-*;q=9,\u00f8", "Accept-Encoding": ";;,q=", "Range": "bytes=0-1", "If-Modified-Since": "never"},
    "urdu": {"Accept-Language": "ur-PK, en;q=0.5"},
}


def fill(address: str, cast: Cast, lesson: Lesson) -> str:
    code = cast.parents_link.code
    alike = code.translate(str.maketrans("01", "OI"))
    codes = {
        "code": code,
        "upper": code.upper() if code.upper() != code else code + " ",
        "spaced": f"{code[:4]}%20{code[4:]}",
        "hyphened": f"{code[:5]}-{code[5:]}",
        "alike": alike if alike != code else code + "-",
        "teacher": cast.teacher_link.code,
        "other": _other(lesson),
    }
    return "/f/" + address.format(lesson=lesson.public_id, **codes)


def _other(lesson: Lesson) -> str:
    from sqlalchemy import select
    from sqlalchemy.orm import object_session

    db = object_session(lesson)
    assert db is not None
    found = db.scalars(select(Lesson.public_id).where(Lesson.public_id != lesson.public_id)).first()
    db.commit()
    assert found is not None
    return found


@pytest.mark.slow
@pytest.mark.parametrize("browser", BROWSERS)
def test_the_doorstep_says_what_the_house_says(browser: str, cast: Cast, lesson: Lesson, outside: Client, inside: Client) -> None:
    statuses = set()
    for address in ADDRESSES:
        path, headers = fill(address, cast, lesson), BROWSERS[browser]
        expected = said(inside.get(path, headers=headers))
        for _ in ("made", "kept"):
            response = outside.get(path, headers=headers)
            assert said(response) == expected, path
            is_kept = PUBLIC.match(path) is not None and response.status_code == 200  # not the service worker's script
            wants = accepts_gzip(headers.get("Accept-Encoding", "")) and is_kept
            assert (response.headers.get("Content-Encoding") == "gzip") == wants, path
            assert int(response.headers["Content-Length"]) == len(response.data), path
            head = outside.head(path, headers=headers)
            assert (head.status_code, dict(head.headers), head.data) == (response.status_code, dict(response.headers), b""), path
        statuses.add(expected[0])
        if address in PAGES:
            assert expected[0] == 200, path
    assert statuses >= {200, 302, 308, 404}


def test_a_revoked_and_an_expired_link_are_told_as_the_house_tells_them(
    cast: Cast, lesson: Lesson, db: Session, outside: Client, inside: Client
) -> None:
    path = fill("{code}/so", cast, lesson)
    assert outside.get(path).status_code == 200
    cast.parents_link.revoked_at = NOW
    db.commit()
    assert said(outside.get(path)) == said(inside.get(path))
    assert outside.get(path).status_code == 410


def test_what_a_browser_has_already_is_not_sent_again(cast: Cast, lesson: Lesson, outside: Client) -> None:
    path = fill("{code}/so/{lesson}", cast, lesson)
    for encoding in ("gzip", "identity"):
        first = outside.get(path, headers={"Accept-Encoding": encoding})
        assert first.status_code == 200, first.headers
        for asked in (first.headers["ETag"], f'"other", W/{first.headers["ETag"]}', "*"):
            again = outside.get(path, headers={"Accept-Encoding": encoding, "If-None-Match": asked})
            assert (again.status_code, again.data) == (304, b"")
            assert again.headers["ETag"] == first.headers["ETag"]
            assert again.headers["Vary"] == first.headers["Vary"] == "Accept-Encoding"
            assert again.headers["Cache-Control"] == "no-cache"
            assert "Content-Length" not in again.headers
        assert outside.get(path, headers={"Accept-Encoding": encoding, "If-None-Match": '"another"'}).status_code == 200
    assert outside.get(path).headers["ETag"] != outside.get(path, headers={"Accept-Encoding": "gzip"}).headers["ETag"]


def test_only_asking_is_answered_at_the_door(cast: Cast, lesson: Lesson, outside: Client) -> None:
    for method in ("POST", "PUT", "DELETE"):
        assert outside.open(fill("{code}/so", cast, lesson), method=method).status_code in (401, 405)


def test_the_chooser_looks_at_the_browser_and_is_not_kept(cast: Cast, lesson: Lesson, outside: Client, door: Doorstep) -> None:
    path = f"/f/{cast.parents_link.code}"
    somali, urdu = (outside.get(path, headers={"Accept-Language": tag}).text for tag in ("so", "ur"))
    assert somali != urdu
    assert path not in door.kept


# --- No longer than it is true ----------------------------------------------------------------------------------------------------------


def test_a_public_change_is_seen_by_the_next_reader(cast: Cast, lesson: Lesson, db: Session, outside: Client, inside: Client) -> None:
    path = fill("{code}/so", cast, lesson)
    assert "Granlia skole" in outside.get(path).text
    cast.school.name = "Nygata skole"
    db.commit()
    assert "Nygata skole" in outside.get(path).text
    assert said(outside.get(path)) == said(inside.get(path))


def test_a_private_change_leaves_what_is_kept(cast: Cast, lesson: Lesson, db: Session, outside: Client, door: Doorstep) -> None:
    path = fill("{code}/so", cast, lesson)
    outside.get(path)
    kept = door.kept[path]
    db.add(AuditEvent(at=NOW, kind="sign-in"))
    db.commit()
    outside.get(path)
    assert door.kept[path] is kept


def test_at_midnight_in_oslo_the_day_turns(
    cast: Cast, lesson: Lesson, db: Session, outside: Client, inside: Client, moment: time_machine.Traveller
) -> None:
    cast.parents_link.expires = cast.today
    db.commit()
    path = fill("{code}/nb", cast, lesson)
    moment.move_to("2026-10-14T21:59:59+00:00")
    assert outside.get(path).status_code == 200
    moment.move_to("2026-10-14T22:00:00+00:00")
    assert said(outside.get(path)) == said(inside.get(path))
    assert outside.get(path).status_code == 410


def test_this_week_is_last_week_when_sunday_is_over(
    cast: Cast, lesson: Lesson, outside: Client, inside: Client, moment: time_machine.Traveller
) -> None:
    path = fill("{code}/nb", cast, lesson)
    moment.move_to("2026-10-18T21:59:59+00:00")
    sunday = outside.get(path).text
    moment.move_to("2026-10-18T22:00:00+00:00")
    assert outside.get(path).text != sunday
    assert said(outside.get(path)) == said(inside.get(path))


def test_what_is_made_while_something_changes_is_not_kept_for_after(cast: Cast, lesson: Lesson, db: Session, door: Doorstep) -> None:
    path, house = fill("{code}/so", cast, lesson), door.application

    def slow_house(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = list(house(environ, start_response))
        cast.school.name = "Nygata skole"
        db.commit()
        return answer

    door.application = slow_house
    assert "Granlia skole" in Client(door).get(path).text
    door.application = house
    assert "Nygata skole" in Client(door).get(path).text


def test_while_the_counter_cannot_be_read_the_house_answers_itself(cast: Cast, lesson: Lesson, door: Doorstep, inside: Client) -> None:
    path = fill("{code}/so", cast, lesson)
    blind = Doorstep(door.application, "sqlite:////nowhere/at all?.sqlite")
    assert said(Client(blind).get(path)) == said(inside.get(path))
    assert not blind.kept


HOSTILE = [
    "{code}/so/" + "x" * 65_000,
    "{code}/" + "%00" * 3,
    "{code}/so/{lesson}%00",
    "{code}/so\0/{lesson}",
    "{code}/so//{lesson}",
    "{code}/so/{lesson}/sammen%2f",
    "{code}/so/..%2f..%2fetc/passwd",
    "{code}/%F0%28%8C%28/{lesson}",
    "{code}/so/{lesson};jsessionid=1",
    "{code}/so/{lesson}%20",
    "{code}/so/{lesson}/takk/takk",
    "-/so",
    "%2e/so",
    "\u202e/so",
]


def test_nothing_that_is_asked_amiss_is_a_fault_of_ours_or_is_kept(
    cast: Cast, lesson: Lesson, outside: Client, inside: Client, door: Doorstep
) -> None:
    right = fill("{code}/so/{lesson}", cast, lesson)
    good = outside.get(right).data
    before, size = list(door.kept), door.size
    for address in HOSTILE:
        path = fill(address, cast, lesson)
        for method in ("GET", "HEAD"):
            for headers in BROWSERS.values():
                answer = outside.open(path, method=method, headers=headers)
                assert answer.status_code in (302, 308, 404, 429), (path[:80], answer.status_code)
    assert (list(door.kept), door.size) == (before, size)
    assert outside.get(right).data == good


def test_whatever_is_added_to_an_address_the_same_bytes_are_kept_once(cast: Cast, lesson: Lesson, outside: Client, door: Doorstep) -> None:
    path = fill("{code}/so/{lesson}", cast, lesson)
    for number in range(30):
        assert outside.get(f"{path}?fbclid={number}{'x' * 8000}", headers=BROWSERS["long"]).status_code == 200
    assert list(door.kept) == [path]


# --- Room -------------------------------------------------------------------------------------------------------------------------------


def page_of(size: int) -> Any:
    """A house whose pages are all so big, and do not shrink."""
    import random

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/html")])
        return [random.Random(environ["PATH_INFO"]).randbytes(size)]

    return answer


def test_what_is_kept_has_a_limit_and_the_longest_unread_goes_first(cast: Cast, database_url: str) -> None:
    url = Settings.from_env({"DATABASE_URL": database_url}).sqlalchemy_url
    door = Doorstep(page_of(1000), url, room=10_000)
    client = Client(door)
    for number in range(50):
        client.get(f"/f/code/{number}")
        client.get("/f/code/often")
        assert door.size == sum(kept.size for kept in door.kept.values()) <= 10_000
    assert "/f/code/often" in door.kept
    assert [path for path in door.kept if path != "/f/code/often"] == [f"/f/code/{number}" for number in (47, 48, 49)]
    door.counter.close()


def test_a_page_bigger_than_all_the_room_is_handed_on_and_not_kept(cast: Cast, database_url: str) -> None:
    door = Doorstep(page_of(20_000), database_url, room=10_000)
    assert len(Client(door).get("/f/code/so").data) == 20_000
    assert (door.size, len(door.kept)) == (0, 0)
    door.counter.close()


@pytest.mark.slow
@pytest.mark.parametrize("tag", ["nb", "en", "ur", "so"])
def test_a_page_with_its_headers_fits_the_first_round_trip(tag: str, db: Session, cast: Cast, outside: Client) -> None:
    cast.district.parents_read, cast.district.is_demo = "draft", True
    publish(db, cast, "district-texts", "vennskap", "samarbeid")
    for file in sorted((CONTENT.parent / "translations" / tag).glob("*.po")):
        if file.stem in ("themes", "terms", "district"):
            interchange.import_po(db, cast.district, tag, file, now=NOW)
    lesson = make_series(db, cast, start=cast.today - timedelta(days=7), themes=("samarbeid", "vennskap")).lessons[1]
    db.commit()
    for address in ("{code}/" + tag, "{code}/" + tag + "/{lesson}", "{code}/" + tag + "/{lesson}/sammen"):
        response = outside.get(fill(address, cast, lesson), headers={"Accept-Encoding": "gzip"})
        assert response.status_code == 200
        assert len(response.data) + len(str(response.headers).encode()) + len("HTTP/1.1 200 OK\r\n") <= BUDGET, address


# --- Accept-Encoding --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        ("", False), ("gzip", True), ("GZIP", True), ("gzip, br", True), ("br, gzip;q=0.001", True), ("gzip;q=0", False),
        ("gzip;q=0.000", False), ("gzip ; q=0", False), ("*", True), ("*;q=0", False), ("gzip;q=0, *", False), ("x-gzip", True),
        ("identity", False), ("*;q=0.5, gzip;q=0", False), ("gzip;q=abc", False), ("deflate, br", False), ("gzipped", False),
    ],
)  # fmt: skip
def test_gzip_is_sent_to_whoever_takes_it(header: str, taken: bool) -> None:
    assert accepts_gzip(header) is taken


@pytest.mark.slow
@given(st.text(max_size=200))
def test_no_accept_encoding_confuses_the_doorstep(header: str) -> None:
    assert accepts_gzip(header) in (True, False)
