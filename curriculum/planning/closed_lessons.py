"""Lessons that stand on a day without teaching, since it was closed after they were planned."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.keeping import Kept
from curriculum.people import SchoolClass
from curriculum.planning.calendar import closed_by_school
from curriculum.planning.heeding import around_by_class
from curriculum.planning.models import PLANNED, Lesson, Series


def lessons_on_closed_days(db: Session, district: int, today: date) -> Mapping[int, str]:
    """Why there is no teaching on the day of each lesson (by id) from today on that needs a new date: its school is closed, its class away.

    Of the whole district: whoever shows them says who may read which. No query while nothing has changed.
    """
    return _kept.get(db, (district, today))


def _read(db: Session, asked: tuple[int, date]) -> Mapping[int, str]:
    district, today = asked
    lessons = db.execute(_COMING.where(Lesson.district_id == district, Lesson.date >= today)).all()
    if not lessons:
        return {}
    classes = db.scalars(select(SchoolClass).where(SchoolClass.id.in_({row.class_id for row in lessons}))).all()
    last = max(row.date for row in lessons)
    closed = closed_by_school(db, district, {one.school_id for one in classes}, today, last)
    around = around_by_class(db, classes, today, last)
    spans = {one.id: [*closed[one.school_id], *around[one.id].away] for one in classes}
    found = {}
    for row in lessons:
        reasons = (span.reason for span in spans[row.class_id] if span.from_date <= row.date <= span.to_date)
        if (why := next(reasons, None)) is not None:
            found[row.id] = why
    return found


_COMING = (
    select(Lesson.id, Lesson.date, Series.class_id)
    .join(Series, Series.id == Lesson.series_id)
    .where(Lesson.state == PLANNED, Series.thrown_away_at.is_(None))
)

_kept = Kept(_read)
