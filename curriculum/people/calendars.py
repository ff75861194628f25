"""The secret address at which a person's calendar program reads her lessons: made, replaced and closed by herself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.base import new_code
from curriculum.people.auditing import note
from curriculum.people.links import LONG
from curriculum.people.models import CalendarFeed, Person


def open_calendar(db: Session, person: Person) -> CalendarFeed | None:
    """The person's address that opens, or None."""
    query = select(CalendarFeed).where(CalendarFeed.person_id == person.id, CalendarFeed.revoked_at.is_(None))
    return db.scalars(query.order_by(CalendarFeed.id.desc())).first()


def replace_calendar(db: Session, person: Person, old: str, *, now: datetime) -> CalendarFeed:
    """A new address in place of the one with the code `old` (empty: the person has none), which closes at once.

    Nothing is made when `old` is no longer how things stand: a button that is pressed twice makes one address, not two.
    """
    there = open_calendar(db, person)
    if there is not None:
        if there.code != old:
            return there
        close_calendar(db, there, now=now)
    feed = CalendarFeed(district_id=person.district_id, person=person, code=new_code(LONG), made_at=now)
    db.add(feed)
    note(db, "calendar address made", by=person, now=now)
    return feed


def close_calendar(db: Session, feed: CalendarFeed, *, now: datetime) -> None:
    """Close an address for good: from now on its code is answered with 410 Gone."""
    feed.revoked_at = now
    note(db, "calendar address closed", by=feed.person, now=now)
