"""How much the parents' pages of a district are read, week by week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from curriculum.feedback.adding import add_times
from curriculum.feedback.models import Reading
from curriculum.feedback.rounding import shown
from curriculum.people import District
from curriculum.planning import Week, iso_week

MOST_WEEKS = 26
"""So many ISO weeks are looked back on, this one among them."""


@dataclass(frozen=True)
class WeekRead:
    """An ISO week and its readings, rounded; None of fewer than five. The week under way is not over."""

    week: Week
    times: int | None
    is_over: bool


def add_readings(db: Session, read: Mapping[tuple[int, date], int]) -> None:
    """Add to the numbers of districts (by id) and days, which become ISO weeks."""
    weeks: Counter[tuple[int, int, int]] = Counter()
    for (district_id, day), times in read.items():
        weeks[district_id, iso_week(day).year, iso_week(day).number] += times
    table = Reading.__table__
    assert isinstance(table, Table)
    for (district_id, year, number), times in sorted(weeks.items()):  # in one order, so that two who add do not wait for each other
        add_times(db, table, {"district_id": district_id, "year": year, "week": number}, times)


def reach(db: Session, district: District, today: date) -> list[WeekRead]:
    """The district's weeks up to this one, from the first that has a number to show; none where there is none. One query."""
    asked = select(Reading.year, Reading.week, Reading.times).where(Reading.district_id == district.id)
    read = {(year, number): times for year, number, times in db.execute(asked)}
    this = iso_week(today)
    weeks = [iso_week(today - timedelta(weeks=back)) for back in reversed(range(MOST_WEEKS))]
    lines = [WeekRead(week, shown(read.get((week.year, week.number), 0)), week != this) for week in weeks]
    first = next((at for at, line in enumerate(lines) if line.times), len(lines))
    return lines[first:]
