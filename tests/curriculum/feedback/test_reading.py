"""How much parents' pages are read: numbers of a district and a week, shown from five on and never exactly."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from curriculum import feedback
from curriculum.base import ChangeCounter
from curriculum.feedback import MOST_WEEKS, Reading, Understood, shown
from tests.cast import Cast


def lines(db: Session, cast: Cast) -> list[tuple[int, int, int | None, bool]]:
    return [(line.week.year, line.week.number, line.times, line.is_over) for line in feedback.reach(db, cast.district, cast.today)]


@pytest.mark.parametrize(
    ("times", "seen"),
    [(0, None), (4, None), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15), (99, 100), (104, 100), (105, 110), (1234, 1230)],
)
def test_a_number_is_shown_from_five_and_rounded(times: int, seen: int | None) -> None:
    assert shown(times) == seen


def test_nobody_can_tell_from_what_is_stored_who_read_what_or_when() -> None:
    assert set(inspect(Reading).columns.keys()) == {"district_id", "year", "week", "times"}
    assert set(inspect(Understood).columns.keys()) == {"theme_id", "answer", "times"}


def test_what_several_processes_counted_is_one_number_for_the_week(cast: Cast, db: Session) -> None:
    monday, sunday = date(2026, 10, 12), date(2026, 10, 18)
    for _process in ("first", "second"):
        feedback.add_readings(db, {(cast.district.id, monday): 6, (cast.district.id, sunday): 4, (cast.other_district.id, monday): 50})
    assert db.execute(select(Reading.year, Reading.week, Reading.times).order_by(Reading.times)).all() == [(2026, 42, 20), (2026, 42, 100)]
    assert lines(db, cast) == [(2026, 42, 20, False)]


def test_days_around_the_new_year_belong_to_their_iso_week(cast: Cast, db: Session) -> None:
    feedback.add_readings(db, {(cast.district.id, date(2026, 12, 31)): 5, (cast.district.id, date(2027, 1, 3)): 5})
    assert db.execute(select(Reading.year, Reading.week, Reading.times)).all() == [(2026, 53, 10)]


def test_the_weeks_begin_with_the_first_that_may_be_shown(cast: Cast, db: Session) -> None:
    for back, times in ((MOST_WEEKS, 80), (5, 3), (4, 12), (3, 4)):
        feedback.add_readings(db, {(cast.district.id, cast.today - timedelta(weeks=back)): times})
    assert lines(db, cast) == [
        (2026, 38, 10, True), (2026, 39, None, True), (2026, 40, None, True), (2026, 41, None, True), (2026, 42, None, False),
    ]  # fmt: skip


def test_a_district_that_nobody_reads_has_no_weeks(cast: Cast, db: Session) -> None:
    feedback.add_readings(db, {(cast.district.id, cast.today): 0, (cast.other_district.id, cast.today): 90})
    assert lines(db, cast) == []


def test_counting_leaves_the_parents_pages_as_they_are_kept(cast: Cast, db: Session) -> None:
    before = db.scalars(select(ChangeCounter.value)).one()
    feedback.add_readings(db, {(cast.district.id, cast.today): 7})
    db.commit()
    assert db.execute(text("SELECT value FROM change_counter")).scalar() == before
