"""Mail to members of staff: written in the transaction that it tells of, waiting until somebody sends it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from curriculum import text
from curriculum.people.models import Mail, Person

MOST_TRIES = 10
"""How often a mail is tried before it is left to a person."""


def write_mail(db: Session, to: Person, subject: str, body: str, *, now: datetime) -> Mail:
    """Put a mail to a person in the outbox; it leaves once the transaction is committed. Subject and body are in her language."""
    mail = Mail(district_id=to.district_id, to=to.email, subject=" ".join(text.tidy(subject).split())[:200], body=body, made_at=now)
    db.add(mail)
    db.flush()
    db.info["mail"] = True
    return mail


def mail_waiting(db: Session, most: int) -> Sequence[int]:
    """Ids of the mails that are to be tried, the oldest first."""
    return db.scalars(select(Mail.id).where(Mail.sent_at.is_(None), Mail.tries < MOST_TRIES).order_by(Mail.id).limit(most)).all()


def mail_unsent(db: Session, district_id: int) -> tuple[int, str]:
    """How many mails of a district could not be sent when they were tried, and why the last of them could not."""
    found = db.execute(_FAILED, {"district": district_id}).first()
    return (found.number, found.failure) if found else (0, "")


_FAILED = (
    select(func.count().over().label("number"), Mail.failure)
    .where(Mail.district_id == bindparam("district"), Mail.sent_at.is_(None), Mail.failure != "")
    .order_by(Mail.id.desc())
    .limit(1)
)
