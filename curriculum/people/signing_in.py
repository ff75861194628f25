"""Who a person is: passwords (argon2id, RFC 9106), e-mail addresses as keys, and the throttle on wrong tries."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from curriculum.base import N_, Refused
from curriculum.people.models import Failure, Person, SignIn

TRIES = 10
WINDOW = timedelta(minutes=15)
_hasher = PasswordHasher()


def tidy_email(email: str) -> str:
    """The e-mail address as we store and compare it."""
    return email.strip().lower()


def find_person(db: Session, email: str) -> Person | None:
    """The person with this e-mail address, in whatever case it was typed."""
    return db.scalars(select(Person).where(Person.email == tidy_email(email))).first()


def hash_password(password: str) -> str:
    """The password as we store it. Slow by intent (about 50 ms): not while the write lock is held."""
    return _hasher.hash(password)


def password_matches(stored: str | None, password: str) -> bool:
    """Whether this is the password behind a stored hash. Takes as long for an unknown account, so that nobody can tell them apart."""
    try:
        return _hasher.verify(stored or _nobodys_hash(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


@lru_cache
def _nobodys_hash() -> str:
    return _hasher.hash("nobody has this password")


def set_password(db: Session, person: Person, password_hash: str, now: datetime) -> None:
    """Give a person a password, hashed beforehand, and sign her out everywhere."""
    person.password_hash = password_hash
    db.execute(update(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None)).values(ended_at=now))
    db.flush()


def refuse_throttled(db: Session, account: str, now: datetime) -> None:
    """Refuse after TRIES failures for an account within WINDOW, known or not; `account` is a keyed hash, never the address itself."""
    oldest, count = db.execute(
        select(func.min(Failure.at), func.count()).where(Failure.account == account, Failure.at > now - WINDOW)
    ).one()
    if count >= TRIES:
        minutes = max(1, int((oldest + WINDOW - now).total_seconds() // 60) + 1)
        raise Refused(N_("Too many wrong tries. Wait %(minutes)s minutes and try again."), at="password", minutes=minutes)
