"""The school confirms the weekly times of a series."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy.orm import Session

from curriculum.base import Refused
from curriculum.planning import (
    A_WEEKS,
    B_WEEKS,
    FixedTime,
    Series,
    Slot,
    change_times,
    confirm_times,
    unconfirm_times,
    weeks_of,
    written_times,
)
from tests.cast import NOW, TODAY, Cast, make_cast, make_series
from tests.states import state


@state
def cast(db: Session) -> Cast:
    return make_cast(db)


@state
def series(db: Session, cast: Cast) -> Series:
    return make_series(db, cast)


def test_the_first_who_confirms_is_the_one_who_did_until_it_is_undone(db: Session, cast: Cast, series: Series) -> None:
    seen = written_times(series.slots)
    confirm_times(db, series, seen, by=cast.head, now=NOW)
    confirm_times(db, series, seen, by=cast.manager, now=NOW + timedelta(1))
    assert (series.confirmed_at, series.confirmed_by_id) == (NOW, cast.head.id)
    unconfirm_times(db, series)
    assert (series.confirmed_at, series.confirmed_by_id) == (None, None)


def test_other_times_than_those_that_were_looked_at_are_not_confirmed(db: Session, cast: Cast, series: Series) -> None:
    seen = written_times(series.slots)
    series.slots[0].start = time(9)
    with pytest.raises(Refused, match="have been changed since"):
        confirm_times(db, series, seen, by=cast.head, now=NOW)
    assert series.confirmed_at is None


def test_a_series_without_a_weekly_time_has_nothing_to_confirm(db: Session, cast: Cast, series: Series) -> None:
    db.delete(series.slots[0])
    db.flush()
    db.expire(series, ["slots"])
    with pytest.raises(Refused, match="no weekly time"):
        confirm_times(db, series, "", by=cast.head, now=NOW)


def test_times_are_written_alike_in_whatever_order_they_stand() -> None:
    def slot(weekday: int, first: date | None = None) -> Slot:
        return Slot(weekday=weekday, start=time(8, 30), end=time(9, 30), from_date=first)

    early, late, dated = slot(1), slot(3), slot(1, date(2026, 10, 1))
    assert written_times([early, late, dated]) == written_times([late, dated, early]) != written_times([early, late])


def test_times_in_a_weeks_are_others_than_those_in_b_weeks_and_than_those_counted_from_another_week() -> None:
    def slot(weeks: list[int], anchor: date = date(2026, 8, 17)) -> Slot:
        return Slot(weekday=1, start=time(8, 30), end=time(9, 30), cycle_anchor=anchor, cycle_every=2, cycle_weeks=weeks)

    a, b, later = slot([0]), slot([1]), slot([0], date(2026, 8, 24))
    weekly = Slot(weekday=1, start=time(8, 30), end=time(9, 30))
    assert len({written_times([one]) for one in (a, b, later, weekly)}) == 4
    assert written_times([a, b]) == written_times([b, a])
    assert [weeks_of(one) for one in (a, b, later, weekly)] == [A_WEEKS, B_WEEKS, A_WEEKS, ""]


def test_another_weekly_time_must_be_confirmed_anew(db: Session, cast: Cast, series: Series) -> None:
    confirm_times(db, series, written_times(series.slots), by=cast.head, now=NOW)
    change_times(db, series, [FixedTime(3, time(10), 60)], by=cast.agent, today=TODAY, now=NOW)
    assert (series.confirmed_at, series.confirmed_by_id) == (None, None)
