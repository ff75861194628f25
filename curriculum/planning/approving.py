"""The school says that the weekly times of a series are right."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy.orm import Session

from curriculum.base import N_, Refused
from curriculum.people import Person
from curriculum.planning.models import Series
from curriculum.planning.times import WeeklyTime


def written_times(times: Iterable[WeeklyTime]) -> str:
    """The weekly times of a series as one line, by which a button knows whether they are still those that it stood beside."""
    return " ".join(
        f"{one.weekday},{one.start:%H:%M}-{one.end:%H:%M},{one.from_date or ''},{one.to_date or ''},{_weeks(one)}"
        for one in sorted(times, key=lambda one: (one.weekday, one.start, one.end, one.from_date or date.min, _weeks(one)))
    )


def _weeks(one: WeeklyTime) -> str:
    return f"{one.cycle_every}:{one.cycle_anchor}:{one.cycle_weeks}".replace(" ", "") if one.cycle_every else ""


def confirm_times(db: Session, series: Series, seen: str, *, by: Person, now: datetime) -> None:
    """The school confirms the weekly times; `seen` are those it looked at, as `written_times` has them. Once is enough.

    Raises Refused when there are none, or they have become others in the meantime.
    """
    if not series.slots:
        raise Refused(N_("The series has no weekly time to confirm."))
    if written_times(series.slots) != seen:
        raise Refused(N_("The weekly times have been changed since you opened the page. Look at them once more."))
    if series.confirmed_at is None:
        series.confirmed_at, series.confirmed_by_id = now, by.id
        db.flush()


def unconfirm_times(db: Session, series: Series) -> None:
    """Undo that the weekly times were confirmed."""
    series.confirmed_at = series.confirmed_by_id = None
    db.flush()
