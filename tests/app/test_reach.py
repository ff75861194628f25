"""Readings are counted in memory and added once a minute: of whole districts, and never of machines, staff or small groups."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from werkzeug.test import Client

from app.database import store
from app.reach import Tally
from curriculum.feedback import Reading
from curriculum.people import new_link
from curriculum.planning import Lesson
from tests.cast import Cast, looking, make_series
from tests.states import state

PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 9) AppleWebKit/537.36 Chrome/120 Mobile", "Accept-Encoding": "gzip"}


@state
def lesson(db: Session, cast: Cast) -> Lesson:
    """5A's lesson of this week."""
    found = make_series(db, cast).lessons[0]
    db.commit()
    return found


@pytest.fixture
def tally(app: Flask) -> Iterator[Tally]:
    """What the app's doorstep counts with."""
    found: Tally = app.extensions["reach"]
    yield found
    found.forget()


@pytest.fixture
def parent(app: Flask) -> Client:
    """A browser before the doorstep."""
    return Client(app.extensions["doorstep"], use_cookies=False)


def counted(db: Session) -> list[tuple[int, int, int, int]]:
    with looking(db) as fresh:
        return [(one.district_id, one.year, one.week, one.times) for one in fresh.scalars(select(Reading))]


def test_what_parents_read_is_one_number_of_the_district(cast: Cast, lesson: Lesson, db: Session, tally: Tally, parent: Client) -> None:
    code = cast.parents_link.code
    for path in (f"/f/{code}/so", f"/f/{code}/so", f"/f/{code}/ur/{lesson.public_id}", f"/f/{code}/nb/{lesson.public_id}?fbclid=x"):
        assert parent.get(path, headers=PHONE).status_code == 200
    assert counted(db) == []
    tally.flush()
    assert counted(db) == [(cast.district.id, 2026, 42, 4)]
    parent.get(f"/f/{code}/so", headers=PHONE)
    tally.flush()
    tally.flush()
    assert counted(db) == [(cast.district.id, 2026, 42, 5)]


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("HEAD", PHONE),
        ("GET", PHONE | {"If-None-Match": "*"}),
        ("GET", PHONE | {"Sec-Purpose": "prefetch;prerender"}),
        ("GET", PHONE | {"Purpose": "prefetch"}),
        ("GET", PHONE | {"Cookie": "kursrekka=abc"}),
        ("GET", PHONE | {"Cookie": "other=1; __Host-kursrekka=abc"}),
        ("GET", PHONE | {"User-Agent": ""}),
        ("GET", PHONE | {"User-Agent": "facebookexternalhit/1.1"}),
        ("GET", PHONE | {"User-Agent": "WhatsApp/2.23 A"}),
        ("GET", PHONE | {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}),
    ],
)
def test_what_nobody_reads_is_not_counted(
    method: str, headers: dict[str, str], cast: Cast, lesson: Lesson, db: Session, tally: Tally, parent: Client
) -> None:
    for _ in ("made", "kept"):
        assert parent.open(f"/f/{cast.parents_link.code}/so", method=method, headers=headers).status_code in (200, 304)
    tally.flush()
    assert counted(db) == []
    parent.get(f"/f/{cast.parents_link.code}/so", headers=PHONE | {"Cookie": "other=1"})
    tally.flush()
    assert counted(db) == [(cast.district.id, 2026, 42, 1)]


def test_only_weeks_and_lessons_are_counted_and_nothing_that_is_not_there(
    cast: Cast, lesson: Lesson, db: Session, tally: Tally, parent: Client
) -> None:
    code = cast.parents_link.code
    for path in (
        f"/f/{code}",
        f"/f/{code}/so/om-oss",
        f"/f/{code}/so/{lesson.public_id}/sammen",
        f"/f/{code}/so/zzzzzz",
        "/f/zzzzzzzzzz/so",
    ):
        parent.get(path, headers=PHONE)
    tally.flush()
    assert counted(db) == []


def test_readings_of_a_small_group_are_not_counted(cast: Cast, db: Session, tally: Tally, parent: Client) -> None:
    link = new_link(db, cast.small, "parents", expires=cast.parents_link.expires)
    lesson = make_series(db, cast, cast.small, agents=[cast.small_agent]).lessons[0]
    db.commit()
    for path in (f"/f/{link.code}/nb", f"/f/{link.code}/nb/{lesson.public_id}"):
        assert parent.get(path, headers=PHONE).status_code == 200
    tally.flush()
    assert counted(db) == []


def test_what_is_said_of_whose_reading_it_is_stays_in_the_house(cast: Cast, lesson: Lesson, parent: Client) -> None:
    answer = parent.get(f"/f/{cast.parents_link.code}/so", headers=PHONE)
    assert "kursrekka" not in str(answer.headers).lower()


def test_the_first_reading_winds_the_clock_and_the_database_has_them_when_it_rings(app: Flask, cast: Cast, db: Session) -> None:
    own = Tally(app, seconds=0.02)
    for _ in range(3):
        own.add(cast.district.id, "2026-10-14")
    until = time.monotonic() + 10
    while not counted(db) and time.monotonic() < until:
        time.sleep(0.02)
    assert sum(times for *_, times in counted(db)) >= 1
    own.forget()


def test_what_the_database_does_not_take_is_lost_and_the_log_says_how_much(
    app: Flask, cast: Cast, tally: Tally, db: Session, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context(), store.engine.begin() as connection:
        connection.execute(text("ALTER TABLE reading RENAME TO gone"))
    tally.add(cast.district.id, "2026-10-14")
    tally.add(cast.district.id, "2026-10-14")
    with caplog.at_level(logging.ERROR):
        tally.flush()
    assert "2 readings were not counted" in caplog.text
    tally.flush()
    assert caplog.text.count("not counted") == 1
