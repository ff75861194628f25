"""A one-time address by which someone gives herself a password: it dies when it is used, and after a week."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select

from app.database import session
from curriculum.people import Person

LIVES = timedelta(days=7)


def invite(person: Person) -> str:
    """What stands last in the address. Nothing is stored: it names the person and the password she has now."""
    return _signer().dumps([person.public_id, _digest(person)])


def invited(token: str) -> Person | None:
    """Whom an address is for; None when it is used, too old, not ours, or her account is ended."""
    try:
        public_id, digest = _signer().loads(token, max_age=int(LIVES.total_seconds()))
    except BadSignature:
        return None
    person = session().scalars(select(Person).where(Person.public_id == public_id, Person.is_active)).first()
    return person if person is not None and _digest(person) == digest else None


def _digest(person: Person) -> str:
    return hashlib.sha256((person.password_hash or "").encode()).hexdigest()[:20]


def _signer() -> URLSafeTimedSerializer:
    key = current_app.secret_key
    assert isinstance(key, str)
    return URLSafeTimedSerializer(key, salt="new password")
