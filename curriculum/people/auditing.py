"""Writing down what was done, for whoever must look it up afterwards."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from curriculum.people.models import AuditEvent, Person


def note(db: Session, kind: str, about: str = "", *, by: Person, now: datetime, **details: object) -> None:
    """One line in the audit: `kind` says what was done, `about` is a public id. Never an address, a code, or a name."""
    db.add(AuditEvent(district_id=by.district_id, at=now, kind=kind, person_id=by.id, about=about, details=details))
    db.flush()
