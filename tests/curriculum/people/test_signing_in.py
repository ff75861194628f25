"""Passwords, e-mail addresses as keys, and the throttle on wrong tries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from sqlalchemy.orm import Session

from curriculum.base import Refused
from curriculum.people import Failure, find_person, hash_password, password_matches, refuse_throttled, tidy_email
from curriculum.people.signing_in import TRIES, WINDOW
from tests.cast import NOW, PASSWORD, make_cast, password_hash


def test_a_password_is_kept_as_argon2id_with_at_least_what_rfc_9106_asks_for() -> None:
    kept = extract_parameters(hash_password("hest på tak"))
    assert (kept.type, kept.memory_cost >= 64 * 1024, kept.time_cost >= 3) == (Type.ID, True, True)


def test_a_password_is_known_again_and_another_is_not() -> None:
    assert password_matches(password_hash(), PASSWORD)
    assert not password_matches(password_hash(), PASSWORD + " ")
    assert not password_matches(password_hash(), "")


@pytest.mark.slow
def test_nobody_signs_in_to_an_account_that_has_no_password() -> None:
    assert not password_matches(None, "nobody has this password")
    assert not password_matches(None, "")


def test_a_hash_that_cannot_be_read_lets_nobody_in() -> None:
    assert not password_matches("", PASSWORD) or pytest.fail("an empty hash let someone in")
    assert not password_matches("plain", "plain")


def test_an_address_is_the_same_in_any_case_and_with_spaces_around(db: Session) -> None:
    agent = make_cast(db).agent
    assert tidy_email("  Agent@Example.COM ") == "agent@example.com"
    assert find_person(db, " AGENT@example.com") is agent
    assert find_person(db, "nobody@example.com") is None


def fail(db: Session, times: int, account: str = "a", ago: timedelta = timedelta()) -> None:
    db.add_all(Failure(account=account, at=NOW - ago) for _ in range(times))
    db.flush()


def test_nine_wrong_tries_are_forgiven_and_the_tenth_shuts_the_account(db: Session) -> None:
    fail(db, TRIES - 1)
    refuse_throttled(db, "a", NOW)
    fail(db, 1)
    with pytest.raises(Refused) as refusal:
        refuse_throttled(db, "a", NOW)
    assert (refusal.value.at, refusal.value.values) == ("password", {"minutes": 16})
    refuse_throttled(db, "b", NOW)


def test_the_account_opens_again_after_the_window_and_the_words_say_when(db: Session) -> None:
    fail(db, TRIES, ago=WINDOW - timedelta(seconds=90))
    with pytest.raises(Refused, match="Wait 2 minutes"):
        refuse_throttled(db, "a", NOW)
    refuse_throttled(db, "a", NOW + timedelta(seconds=90))


def test_cheap_passwords_are_only_the_casts() -> None:
    assert PasswordHasher().check_needs_rehash(password_hash())
