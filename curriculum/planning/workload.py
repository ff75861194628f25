"""How much an agent may have and would rather have, and the minutes between schools: what plans keep within."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.base import N_, Refused
from curriculum.people import District, Person, School
from curriculum.planning.models import Travel, Workload

MOST_A_DAY, MOST_A_WEEK, LONGEST_WAY = 10, 40, 180
"""Lessons a day and an ISO week beyond which a limit would be none; minutes beyond which nobody goes from one school to another."""


class Limits(NamedTuple):
    """Lessons of an agent a day and an ISO week: the most she may have, and how many she would rather have; None: nothing is said."""

    max_per_day: int | None = None
    max_per_week: int | None = None
    target_per_day: int | None = None
    target_per_week: int | None = None


def limits_of(db: Session, person: Person) -> Limits:
    """What is said of an agent."""
    row = db.get(Workload, person.id)
    return Limits() if row is None else Limits(row.max_per_day, row.max_per_week, row.target_per_day, row.target_per_week)


def set_limits(db: Session, person: Person, limits: Limits) -> Limits:
    """Say how much an agent may have; what was said before. Lessons that stand already stay: the overview shows what is too much.

    Raises Refused at the field where a number cannot be, or says less than another asks for.
    """
    before = limits_of(db, person)
    _refuse_odd(limits)
    row = db.get(Workload, person.id)
    if limits == Limits():
        if row is not None:
            db.delete(row)
    elif row is None:
        db.add(Workload(person_id=person.id, district_id=person.district_id, **limits._asdict()))
    else:
        for name, value in limits._asdict().items():
            setattr(row, name, value)
    db.flush()
    return before


def _refuse_odd(limits: Limits) -> None:
    for name, value in limits._asdict().items():
        most = MOST_A_DAY if name.endswith("day") else MOST_A_WEEK
        if value is not None and not 1 <= value <= most:
            raise Refused(N_("Write a number from %(min)s to %(max)s."), at=name, min=1, max=most)
    if _is_less(limits.max_per_week, limits.max_per_day):
        raise Refused(N_("This is less than the most in a day."), at="max_per_week")
    for target, most_of in (("target_per_day", limits.max_per_day), ("target_per_week", limits.max_per_week)):
        if _is_less(most_of, getattr(limits, target)):
            raise Refused(N_("This is more than the most she may have."), at=target)
    if _is_less(limits.target_per_week, limits.target_per_day):
        raise Refused(N_("This is less than what is wished for in a day."), at="target_per_week")


def _is_less(one: int | None, other: int | None) -> bool:
    return one is not None and other is not None and one < other


# --- The ways between schools -------------------------------------------------------------------------------------------------------

Way = tuple[int, int]
"""The ids of two schools, the lesser first."""


def way(one: School, other: School) -> Way:
    """The two schools of a way, whichever is named first."""
    return (one.id, other.id) if one.id < other.id else (other.id, one.id)


def ways(db: Session, district: District) -> dict[Way, int]:
    """The minutes between the district's schools, where anything is said of them."""
    rows = db.scalars(select(Travel).where(Travel.district_id == district.id))
    return {(row.school_id, row.other_id): row.minutes for row in rows}


def set_ways(db: Session, district: District, minutes: Mapping[Way, int | None]) -> dict[Way, int | None]:
    """Say how long ways take (None: nothing is said), either way; what was said before of those that changed.

    Raises ValueError for minutes that no way takes: a form asks for 0 to LONGEST_WAY.
    """
    rows = {(row.school_id, row.other_id): row for row in db.scalars(select(Travel).where(Travel.district_id == district.id))}
    before: dict[Way, int | None] = {}
    for one, new in minutes.items():
        row = rows.get(one)
        old = row.minutes if row else None
        if new == old:
            continue
        if new is not None and not 0 <= new <= LONGEST_WAY:
            raise ValueError(new)
        before[one] = old
        _set_way(db, district, one, row, new)
    db.flush()
    return before


def _set_way(db: Session, district: District, one: Way, row: Travel | None, minutes: int | None) -> None:
    if row is None:
        db.add(Travel(school_id=one[0], other_id=one[1], district_id=district.id, minutes=minutes))
    elif minutes is None:
        db.delete(row)
    else:
        row.minutes = minutes
