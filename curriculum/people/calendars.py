"""The secret addresses at which calendar programs read lessons: a person's, a class's or a school's; made, replaced and closed."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from curriculum.base import new_code
from curriculum.people.auditing import note
from curriculum.people.links import LONG
from curriculum.people.models import CalendarFeed, Person, School, SchoolClass

Whose: TypeAlias = Person | SchoolClass | School
"""Whose lessons a calendar holds: those of a person's classes, of a class with its halves, or of a school's classes."""


def open_calendar(db: Session, whose: Whose) -> CalendarFeed | None:
    """The address of that calendar that opens, or None."""
    query = select(CalendarFeed).where(_id_of(whose) == whose.id, CalendarFeed.revoked_at.is_(None))
    return db.scalars(query.order_by(CalendarFeed.id.desc())).first()


def _id_of(whose: Whose) -> InstrumentedAttribute[int | None]:
    """The column that says whose an address is."""
    if isinstance(whose, Person):
        return CalendarFeed.person_id
    return CalendarFeed.class_id if isinstance(whose, SchoolClass) else CalendarFeed.school_id


def replace_calendar(db: Session, whose: Whose, old: str, *, by: Person, now: datetime) -> CalendarFeed:
    """A new address in place of the one with the code `old` (empty: there is none), which closes at once.

    Nothing is made when `old` is no longer how things stand: a button that is pressed twice makes one address, not two.
    """
    there = open_calendar(db, whose)
    if there is not None:
        if there.code != old:
            return there
        close_calendar(db, there, by=by, now=now)
    feed = CalendarFeed(district_id=whose.district_id, code=new_code(LONG), made_at=now)
    setattr(feed, _id_of(whose).key, whose.id)
    db.add(feed)
    db.flush()
    note(db, "calendar address made", _about(feed), by=by, now=now)
    return feed


def close_calendar(db: Session, feed: CalendarFeed, *, by: Person, now: datetime) -> None:
    """Close an address for good: from now on its code is answered with 410 Gone."""
    feed.revoked_at = now
    note(db, "calendar address closed", _about(feed), by=by, now=now)


def _about(feed: CalendarFeed) -> str:
    """The public id of the class or school in the audit; a person's own is about herself."""
    of = feed.school_class or feed.school
    return of.public_id if of is not None else ""


def is_calendar_open(feed: CalendarFeed, today: date) -> bool:
    """Whether an address opens: it is not closed, its person has not left, and the school year of its class is not over."""
    if feed.revoked_at is not None or (feed.person is not None and not feed.person.is_active):
        return False
    return feed.school_class is None or today < date(feed.school_class.school_year + 1, 8, 1)
