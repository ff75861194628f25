"""A one-time address by which someone gives herself a password: it dies when it is used, when a newer one is made, and after a week."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import func, select

from app.database import session
from curriculum.people import AuditEvent, Person

LIVES = timedelta(days=7)
OFFERED = "new password offered"
"""How the audit tells that someone was given a new address: each such line closes the address before it."""


def invite(person: Person) -> str:
    """What stands last in the address. Nothing is stored: it names the person, the password she has now, and the newest offer to her."""
    return _signer().dumps([person.public_id, _digest(person)])


def invited(token: str) -> Person | None:
    """Whom an address is for; None when it is used, too old, overtaken by a newer one, not ours, or her account is ended."""
    try:
        public_id, digest = _signer().loads(token, max_age=int(LIVES.total_seconds()))
    except BadSignature:
        return None
    person = session().scalars(select(Person).where(Person.public_id == public_id, Person.is_active)).first()
    return person if person is not None and _digest(person) == digest else None


def _digest(person: Person) -> str:
    query = select(func.max(AuditEvent.id)).where(AuditEvent.kind == OFFERED, AuditEvent.about == person.public_id)
    said = f"{person.password_hash or ''} {session().scalar(query) or ''}"
    return hashlib.sha256(said.encode()).hexdigest()[:20]


def _signer() -> URLSafeTimedSerializer:
    key = current_app.secret_key
    assert isinstance(key, str)
    return URLSafeTimedSerializer(key, salt="new password")
