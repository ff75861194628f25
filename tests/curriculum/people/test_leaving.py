"""Ending accounts and assignments; the district keeps an administrator."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.base import Refused
from curriculum.people import (
    ADMINISTRATOR,
    AGENT,
    AuditEvent,
    SignIn,
    assign,
    change_dates,
    end_person,
    end_sign_ins,
    note,
    open_person,
    remove_assignment,
    set_password,
)
from tests.cast import NOW, TODAY, Cast, make_cast
from tests.states import state

TOMORROW = TODAY + timedelta(1)


@state
def cast(db: Session) -> Cast:
    return make_cast(db)


def signed_in(db: Session, cast: Cast) -> SignIn:
    row = SignIn(token_hash="x", person_id=cast.agent.id, created_at=NOW, expires_at=NOW + timedelta(days=14))
    db.add(row)
    db.flush()
    return row


def test_an_ended_account_is_signed_out_and_can_be_opened_again(db: Session, cast: Cast) -> None:
    row = signed_in(db, cast)
    end_person(db, cast.agent, by=cast.administrator, today=TODAY, now=NOW)
    db.refresh(row)
    assert (cast.agent.is_active, row.ended_at) == (False, NOW)
    with pytest.raises(Refused, match="ended already"):
        end_person(db, cast.agent, by=cast.administrator, today=TODAY, now=NOW)
    open_person(db, cast.agent)
    db.refresh(row)
    assert (cast.agent.is_active, row.ended_at) == (True, NOW)


def test_a_new_password_and_signing_out_everywhere_end_what_is_open(db: Session, cast: Cast) -> None:
    row = signed_in(db, cast)
    set_password(db, cast.agent, "hash", NOW)
    db.refresh(row)
    assert (cast.agent.password_hash, row.ended_at) == ("hash", NOW)
    end_sign_ins(db, cast.agent, NOW + timedelta(hours=1))
    db.refresh(row)
    assert row.ended_at == NOW  # what has ended keeps its time


def test_nobody_ends_her_own_account(db: Session, cast: Cast) -> None:
    with pytest.raises(Refused, match="your own account"):
        end_person(db, cast.administrator, by=cast.administrator, today=TODAY, now=NOW)


def test_the_last_administrator_can_neither_be_ended_nor_lose_the_role(db: Session, cast: Cast) -> None:
    [one] = cast.administrator.assignments
    with pytest.raises(Refused, match="no administrator from 2026-10-14"), db.begin_nested():
        end_person(db, cast.administrator, by=cast.coordinator, today=TODAY, now=NOW)
    with pytest.raises(Refused, match="no administrator from 2027-01-01"), db.begin_nested():
        change_dates(db, one, one.from_date, date(2026, 12, 31), today=TODAY)
    with pytest.raises(Refused, match="no administrator from 2026-10-14"), db.begin_nested():
        change_dates(db, one, TOMORROW, None, today=TODAY)


def test_one_of_two_administrators_may_leave(db: Session, cast: Cast) -> None:
    assign(db, cast.coordinator, ADMINISTRATOR, today=TODAY)
    end_person(db, cast.administrator, by=cast.coordinator, today=TODAY, now=NOW)
    assert not cast.administrator.is_active


def test_the_next_administrator_must_have_begun_when_the_last_one_ends(db: Session, cast: Cast) -> None:
    [one] = cast.administrator.assignments
    after = assign(db, cast.coordinator, ADMINISTRATOR, today=TODAY, first=date(2027, 1, 2))
    with pytest.raises(Refused, match="no administrator from 2027-01-01"), db.begin_nested():
        change_dates(db, one, one.from_date, date(2026, 12, 31), today=TODAY)
    change_dates(db, one, one.from_date, date(2027, 1, 1), today=TODAY)
    with pytest.raises(Refused, match="no administrator from 2027-01-02"), db.begin_nested():
        remove_assignment(db, after, today=TODAY)


def test_an_assignment_that_begins_today_is_taken_back_and_an_older_one_is_not(db: Session, cast: Cast) -> None:
    made = assign(db, cast.agent, AGENT, today=TODAY, school_class=cast.a6)
    remove_assignment(db, made, today=TODAY)
    assert [one.class_id for one in cast.agent.assignments] == [cast.a5.id, cast.b5.id]
    with pytest.raises(Refused, match="in effect since 2026-08-01"):
        remove_assignment(db, cast.agent.assignments[0], today=TODAY)


def test_dates_must_follow_each_other_and_not_run_beside_the_same_role(db: Session, cast: Cast) -> None:
    [one] = cast.teacher.assignments
    with pytest.raises(Refused, match="before the first"):
        change_dates(db, one, TODAY, TODAY - timedelta(1), today=TODAY)
    change_dates(db, one, one.from_date, TODAY, today=TODAY)
    again = assign(db, cast.teacher, "teacher", today=TODAY, school_class=cast.a5, first=TOMORROW)
    with pytest.raises(Refused, match="She has this role there already"):
        change_dates(db, again, TODAY, None, today=TODAY)
    with pytest.raises(Refused, match="before the first"):
        assign(db, cast.agent, AGENT, today=TODAY, school_class=cast.a6, first=TOMORROW + timedelta(1), until=TOMORROW)


def test_the_audit_says_who_did_what_and_when(db: Session, cast: Cast) -> None:
    note(db, "school added", "abc", by=cast.administrator, now=NOW, count=2)
    [event] = db.scalars(select(AuditEvent))
    assert (event.kind, event.about, event.person_id, event.at, event.details, event.district_id) == (
        "school added",
        "abc",
        cast.administrator.id,
        NOW,
        {"count": 2},
        cast.district.id,
    )
