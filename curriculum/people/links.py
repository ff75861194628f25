"""Ways in without an account: a class's link for its parents, and one for its teachers."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from curriculum.base import N_, Refused, new_code
from curriculum.people.models import AuditEvent, Link, Person, SchoolClass

PARENTS, TEACHER = "parents", "teacher"
KINDS = (PARENTS, TEACHER)
LINK_MADE = {PARENTS: N_("The parents' page has a new link."), TEACHER: N_("The teachers' page has a new link.")}
LINK_CLOSED = {
    PARENTS: N_("The parents' link is closed. Paper with the old code no longer works."),
    TEACHER: N_("The teachers' link is closed. Paper with the old code no longer works."),
}
LINK_REOPENED = {PARENTS: N_("The parents' link works again."), TEACHER: N_("The teachers' link works again.")}
"""What is said after each act, by kind."""

SHORT, LONG = 10, 26
"""Symbols of five bits: 50 bits can be typed from a sheet of paper; 130 bits stand where more than a theme's text can be read."""


def new_link(db: Session, school_class: SchoolClass, kind: str, *, expires: date) -> Link:
    """A link for a class, for a half one of its whole class, open through the day `expires`.

    Only the parents' link of an open class is short enough to type.
    """
    school_class = school_class.shared_by
    short = kind == PARENTS and not school_class.is_confidential
    link = Link(
        district_id=school_class.district_id, school_class=school_class, kind=kind, code=new_code(SHORT if short else LONG), expires=expires
    )
    db.add(link)
    db.flush()
    return link


def open_links(db: Session, school_class: SchoolClass, today: date) -> dict[str, Link]:
    """The class's links that open today, by kind; of several of a kind the newest. A half has those of its whole class."""
    return {link.kind: link for link in db.scalars(_OPEN, {"school_class": school_class.whole_id or school_class.id, "today": today})}


_OPEN = (
    select(Link)
    .where(Link.class_id == bindparam("school_class"), Link.revoked_at.is_(None), Link.expires >= bindparam("today"))
    .order_by(Link.id)
)


def make_links(db: Session, school_class: SchoolClass, *, by: Person | None, today: date, now: datetime) -> list[Link]:
    """The links a class lacks, a half those of its whole class, open through its school year. None for a year that is over."""
    there = open_links(db, school_class, today)
    if _last_day(school_class) < today:
        return []
    return [make_link(db, school_class, kind, by=by, today=today, now=now) for kind in KINDS if kind not in there]


def make_link(db: Session, school_class: SchoolClass, kind: str, *, by: Person | None, today: date, now: datetime) -> Link:
    """A link for a class that has none of its kind, open through its school year (31 July).

    Raises Refused while there is one, and when the school year is over.
    """
    if kind in open_links(db, school_class, today):
        raise Refused(N_("The class has such a link already. Close it first."))
    if _last_day(school_class) < today:
        raise Refused(N_("The school year of the class is over."))
    link = new_link(db, school_class, kind, expires=_last_day(school_class))
    _note(db, "link made", link, by, now)
    return link


def close_link(db: Session, link: Link, *, by: Person | None, now: datetime) -> Link:
    """Close a link: from now on its code is answered with 410 Gone."""
    link.revoked_at = now
    _note(db, "link closed", link, by, now)
    return link


def close_open_link(db: Session, school_class: SchoolClass, kind: str, code: str, *, by: Person, today: date, now: datetime) -> Link:
    """Close the class's open link of a kind, if it still is the one with this code: an old page does not close a newer one."""
    link = open_links(db, school_class, today).get(kind)
    if link is None or link.code != code:
        raise Refused(N_("That link is closed already."))
    return close_link(db, link, by=by, now=now)


def set_last_day(db: Session, link: Link, last: date, *, by: Person, today: date, now: datetime) -> None:
    """Let a link open through another day, at most to the end of its class's school year. Raises Refused for a day that will not do."""
    if link.revoked_at is not None:
        raise Refused(N_("That link is closed already."))
    if not today <= last <= _last_day(link.school_class):
        raise Refused(N_("Choose a day from %(from)s to %(to)s."), at="expires", **{"from": today, "to": _last_day(link.school_class)})
    link.expires = last
    _note(db, "link's last day set", link, by, now)


def reopen_link(db: Session, school_class: SchoolClass, kind: str, *, by: Person | None, today: date, now: datetime) -> Link:
    """Open again the link of a kind that was closed last. Raises Refused when there is none, or another has come in its place."""
    if kind in open_links(db, school_class, today):
        raise Refused(N_("The class has such a link already. Close it first."))
    closed = select(Link).where(Link.class_id == school_class.shared_by.id, Link.kind == kind, Link.revoked_at.is_not(None))
    link = db.scalars(closed.where(Link.expires >= today).order_by(Link.revoked_at.desc(), Link.id.desc())).first()
    if link is None:
        raise Refused(N_("There is no link to open again."))
    link.revoked_at = None
    _note(db, "link opened again", link, by, now)
    return link


def _last_day(school_class: SchoolClass) -> date:
    return date(school_class.school_year + 1, 7, 31)


def _note(db: Session, kind: str, link: Link, by: Person | None, now: datetime) -> None:
    about = f"{link.kind} {link.school_class.public_id}"  # never the code
    db.add(AuditEvent(district_id=link.district_id, at=now, kind=kind, person_id=by.id if by else None, about=about))
    db.flush()
