"""Lessons of several classes that are held as one: what becomes of one of them becomes of all."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.people import SMALL
from curriculum.planning.models import PLANNED, Lesson, Series


def partners(db: Session, lesson: Lesson, state: str = PLANNED) -> list[Lesson]:
    """The lessons of other series that are held as one with a lesson, and are in this state. One query; none for one that stands alone."""
    if lesson.joint is None:
        return []
    query = select(Lesson).join(Lesson.series).where(
        Lesson.joint == lesson.joint,
        Lesson.district_id == lesson.district_id,
        Lesson.state == state,
        Lesson.id != lesson.id,
        Series.thrown_away_at.is_(None),
    )  # fmt: skip
    return list(db.scalars(query.order_by(Lesson.id)))


def as_one(db: Session, lesson: Lesson, state: str = PLANNED) -> dict[Lesson, Series]:
    """A lesson and its partners, each with its series; the lesson itself first."""
    return {one: one.series for one in (lesson, *partners(db, lesson, state))}


def reason_for(one: Lesson, lesson: Lesson, why: str) -> str:
    """What the history of a partner says of the reason: that of a small group holds no words about another class's lesson."""
    return "" if one is not lesson and one.series.school_class.kind == SMALL else why
