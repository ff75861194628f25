"""Ending and dating: accounts, and the assignments people have. A district is never left without an administrator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from curriculum.base import N_, Refused
from curriculum.people.models import ADMINISTRATOR, Assignment, Person, SignIn
from curriculum.people.registering import refuse_odd_day, refuse_overlap


def end_person(db: Session, person: Person, *, by: Person, today: date, now: datetime) -> None:
    """Close an account: she is signed out everywhere at once, and nothing of what she did is lost.

    Raises Refused for one's own account, for one that is closed already, and for the last administrator.
    """
    if person is by:
        raise Refused(N_("You cannot end your own account. Another administrator can."))
    if not person.is_active:
        raise Refused(N_("The account is ended already."))
    with still_administered(db, person.district_id, today):
        person.is_active = False
    end_sign_ins(db, person, now)


def open_person(db: Session, person: Person) -> None:
    """Open an account again, with the assignments it had. What was signed in before stays signed out."""
    person.is_active = True
    db.flush()


def end_sign_ins(db: Session, person: Person, now: datetime) -> None:
    """Sign a person out everywhere."""
    db.execute(update(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None)).values(ended_at=now))


def change_dates(db: Session, assignment: Assignment, first: date, last: date | None, *, today: date) -> None:
    """Give an assignment another first and last day (None: until further notice).

    Raises Refused when it would end before it begins, run beside another of the same kind, or leave the district without an administrator.
    """
    if last is not None and last < first:
        raise Refused(N_("The last day is before the first."), at="until")
    if first != assignment.from_date:
        refuse_odd_day(first, today)
    refuse_overlap(assignment.person.assignments, assignment, first, last)
    with still_administered(db, assignment.district_id, today):
        assignment.from_date, assignment.to_date = first, last


def remove_assignment(db: Session, assignment: Assignment, *, today: date) -> None:
    """Take back an assignment that begins today or later. One that has been in effect is ended instead, so that it can be looked up."""
    if assignment.from_date < today:
        raise Refused(N_("The assignment has been in effect since %(date)s. Give it a last day instead."), date=assignment.from_date)
    with still_administered(db, assignment.district_id, today):
        assignment.person.assignments.remove(assignment)
        db.delete(assignment)


@contextmanager
def still_administered(db: Session, district_id: int, today: date) -> Iterator[None]:
    """Whatever is done within may not shorten the time for which the district has an administrator. Raises Refused when it does."""
    before = _administered_through(db, district_id, today)
    yield
    db.flush()
    after = _administered_through(db, district_id, today)
    if after < before:
        raise Refused(
            N_("The district would have no administrator from %(date)s. Make someone else administrator first."),
            date=after + timedelta(1),
        )


def _administered_through(db: Session, district_id: int, today: date) -> date:
    """The last day on which the district has an administrator, counted without a gap from today; yesterday when there is none."""
    query = select(Assignment.from_date, Assignment.to_date).join(Assignment.person).where(Person.is_active)
    query = query.where(Assignment.district_id == district_id, Assignment.role == ADMINISTRATOR).order_by(Assignment.from_date)
    through = today - timedelta(1)
    for first, last in db.execute(query):
        if first <= through + timedelta(1):
            through = max(through, last or date.max - timedelta(1))
    return through
