"""Ways in without an account: a class's link for its parents, and one for its teachers."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from curriculum.base import new_code
from curriculum.people.models import Link, SchoolClass

PARENTS, TEACHER = "parents", "teacher"
SHORT, LONG = 10, 26
"""Symbols of five bits: 50 bits can be typed from a sheet of paper; 130 bits stand where more than a theme's text can be read."""


def new_link(db: Session, school_class: SchoolClass, kind: str, *, expires: date) -> Link:
    """A link of its own for a class, open through the day `expires`. Only the parents' link of an open class is short enough to type."""
    short = kind == PARENTS and not school_class.is_confidential
    link = Link(
        district_id=school_class.district_id, school_class=school_class, kind=kind, code=new_code(SHORT if short else LONG), expires=expires
    )
    db.add(link)
    db.flush()
    return link
