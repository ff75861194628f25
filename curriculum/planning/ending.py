"""Ending a series before its time: the class has moved away, or the course stops for it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from curriculum.base import N_, Refused
from curriculum.people import Person
from curriculum.planning.changing import LOCAL
from curriculum.planning.history import remember
from curriculum.planning.models import CANCELLED, PLANNED, PlanChange, Series
from curriculum.planning.recording import recorded

ENDED = "ended"


def end_series(db: Session, series: Series, first: date, *, why: str, by: Person | None, now: datetime) -> PlanChange:
    """Cancel every lesson from a day on that is not held, for one reason, as one change that is undone as one.

    What other classes hold as one with it stands for them.
    Raises Refused for a day that has passed, when no lesson is left from then on, and for a reason that will not do.
    """
    today = now.astimezone(LOCAL).date()
    if first < today:
        raise Refused(N_("%(date)s has passed. Choose today or a later day."), at="date", date=first)
    coming = [lesson for lesson in series.lessons if lesson.state == PLANNED and lesson.date >= first]
    if not coming:
        raise Refused(N_("The series has no lesson from %(date)s on."), at="date", date=first)
    with recorded(db, [series], ENDED, by=by, now=now) as recording:
        for lesson in coming:
            remember(lesson, CANCELLED, lesson.date, lesson.start, why, by, now)
            lesson.state = CANCELLED
    assert recording.change is not None
    return recording.change
