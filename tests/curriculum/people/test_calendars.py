"""The secret address of a person's calendar."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.people import AuditEvent, Whose, close_calendar, is_calendar_open, open_calendar, replace_calendar
from tests.cast import NOW, TODAY, Cast, make_cast
from tests.states import state


@state
def cast(db: Session) -> Cast:
    return make_cast(db)


def test_an_address_is_long_and_secret_and_of_one_person(db: Session, cast: Cast) -> None:
    assert open_calendar(db, cast.agent) is None
    made = replace_calendar(db, cast.agent, "", by=cast.agent, now=NOW)
    other = replace_calendar(db, cast.small_agent, "", by=cast.small_agent, now=NOW)
    assert (len(made.code), made.code == other.code) == (26, False)
    assert (open_calendar(db, cast.agent), open_calendar(db, cast.small_agent)) == (made, other)


def test_a_new_address_closes_the_old_one(db: Session, cast: Cast) -> None:
    old = replace_calendar(db, cast.agent, "", by=cast.agent, now=NOW)
    new = replace_calendar(db, cast.agent, old.code, by=cast.agent, now=NOW)
    assert (old.revoked_at, new.revoked_at, open_calendar(db, cast.agent)) == (NOW, None, new)


@pytest.mark.parametrize("old", ["", "somethingelse"])
def test_a_button_pressed_twice_makes_one_address(db: Session, cast: Cast, old: str) -> None:
    made = replace_calendar(db, cast.agent, "", by=cast.agent, now=NOW)
    assert replace_calendar(db, cast.agent, old, by=cast.agent, now=NOW) is made
    assert made.revoked_at is None


def test_a_closed_address_stays_closed(db: Session, cast: Cast) -> None:
    made = replace_calendar(db, cast.agent, "", by=cast.agent, now=NOW)
    close_calendar(db, made, by=cast.agent, now=NOW)
    assert (made.revoked_at, open_calendar(db, cast.agent)) == (NOW, None)


def test_the_audit_tells_what_was_done_and_never_the_code(db: Session, cast: Cast) -> None:
    made = replace_calendar(db, cast.agent, "", by=cast.agent, now=NOW)
    replace_calendar(db, cast.agent, made.code, by=cast.agent, now=NOW)
    events = db.scalars(select(AuditEvent).where(AuditEvent.person_id == cast.agent.id).order_by(AuditEvent.id)).all()
    assert [one.kind for one in events] == ["calendar address made", "calendar address closed", "calendar address made"]
    assert not any(made.code in f"{one.about}{one.details}" for one in events)


@pytest.fixture(params=["agent", "b5", "other_school"])
def whose(request: pytest.FixtureRequest, cast: Cast) -> Whose:
    """A person, a class and a school."""
    found: Whose = getattr(cast, request.param)
    return found


def test_a_person_a_class_and_a_school_each_have_their_own_address(db: Session, cast: Cast, whose: Whose) -> None:
    others = [one for one in (cast.small_agent, cast.a5, cast.school) if type(one) is not type(whose)]
    assert open_calendar(db, whose) is None
    made = replace_calendar(db, whose, "", by=cast.head, now=NOW)
    assert (open_calendar(db, whose), [open_calendar(db, one) for one in others]) == (made, [None, None])
    assert (made.person or made.school_class or made.school) is whose
    assert replace_calendar(db, whose, made.code, by=cast.head, now=NOW) is not made
    assert made.revoked_at == NOW


def test_the_audit_tells_whose_class_or_school_it_is_and_who_did_it(db: Session, cast: Cast) -> None:
    for whose in (cast.b5, cast.school, cast.agent):
        replace_calendar(db, whose, "", by=cast.head, now=NOW)
    events = db.scalars(select(AuditEvent).where(AuditEvent.person_id == cast.head.id).order_by(AuditEvent.id)).all()
    assert [one.about for one in events] == [cast.b5.public_id, cast.school.public_id, ""]


def test_an_address_opens_until_it_is_closed_its_person_has_left_or_its_class_is_of_last_year(db: Session, cast: Cast) -> None:
    hers, the_class, the_school = (replace_calendar(db, one, "", by=cast.head, now=NOW) for one in (cast.agent, cast.a5, cast.school))
    assert [is_calendar_open(one, date(2027, 7, 31)) for one in (hers, the_class, the_school)] == [True] * 3
    assert [is_calendar_open(one, date(2027, 8, 1)) for one in (hers, the_class, the_school)] == [True, False, True]
    cast.agent.is_active = False
    close_calendar(db, the_school, by=cast.head, now=NOW)
    assert [is_calendar_open(one, TODAY) for one in (hers, the_class, the_school)] == [False, True, False]
