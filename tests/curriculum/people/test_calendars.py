"""The secret address of a person's calendar."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.people import AuditEvent, close_calendar, open_calendar, replace_calendar
from tests.cast import NOW, Cast, make_cast


@pytest.fixture
def cast(db: Session) -> Cast:
    return make_cast(db)


def test_an_address_is_long_and_secret_and_of_one_person(db: Session, cast: Cast) -> None:
    assert open_calendar(db, cast.agent) is None
    made = replace_calendar(db, cast.agent, "", now=NOW)
    other = replace_calendar(db, cast.small_agent, "", now=NOW)
    assert (len(made.code), made.code == other.code) == (26, False)
    assert (open_calendar(db, cast.agent), open_calendar(db, cast.small_agent)) == (made, other)


def test_a_new_address_closes_the_old_one(db: Session, cast: Cast) -> None:
    old = replace_calendar(db, cast.agent, "", now=NOW)
    new = replace_calendar(db, cast.agent, old.code, now=NOW)
    assert (old.revoked_at, new.revoked_at, open_calendar(db, cast.agent)) == (NOW, None, new)


@pytest.mark.parametrize("old", ["", "somethingelse"])
def test_a_button_pressed_twice_makes_one_address(db: Session, cast: Cast, old: str) -> None:
    made = replace_calendar(db, cast.agent, "", now=NOW)
    assert replace_calendar(db, cast.agent, old, now=NOW) is made
    assert made.revoked_at is None


def test_a_closed_address_stays_closed(db: Session, cast: Cast) -> None:
    made = replace_calendar(db, cast.agent, "", now=NOW)
    close_calendar(db, made, now=NOW)
    assert (made.revoked_at, open_calendar(db, cast.agent)) == (NOW, None)


def test_the_audit_tells_what_was_done_and_never_the_code(db: Session, cast: Cast) -> None:
    made = replace_calendar(db, cast.agent, "", now=NOW)
    replace_calendar(db, cast.agent, made.code, now=NOW)
    events = db.scalars(select(AuditEvent).where(AuditEvent.person_id == cast.agent.id).order_by(AuditEvent.id)).all()
    assert [one.kind for one in events] == ["calendar address made", "calendar address closed", "calendar address made"]
    assert not any(made.code in f"{one.about}{one.details}" for one in events)
