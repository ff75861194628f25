"""Another weekly time taken back."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from curriculum.base import Refused
from curriculum.planning import (
    CANCELLED,
    Elsewhere,
    NoPlan,
    Series,
    Slot,
    can_take_back,
    change_weekly_time,
    load_calendar,
    lock_lesson,
    made_by_rule,
    move_lesson,
    preview_weekly_time,
    take_back_weekly_time,
)
from tests.curriculum.planning.house import NOW, TODAY, House

LATER = NOW + timedelta(minutes=5)
BEFORE: dict[str, Any] = {"weekday": 1, "start": time(9), "minutes": 60}


@pytest.fixture
def series(house: House) -> Series:
    """Three lessons, on Tuesdays at 09:00; the first is today."""
    return house.make()


def times(series: Series) -> list[tuple[date, time, time]]:
    return [(lesson.date, lesson.start, lesson.end) for lesson in sorted(series.lessons, key=lambda lesson: lesson.position)]


def change(house: House, series: Series, weekday: int = 3, minutes: int = 45) -> Series:
    return change_weekly_time(house.db, series, weekday=weekday, start=time(10), minutes=minutes, by=house.agent, today=TODAY, now=NOW)


def take_back(house: House, series: Series) -> Series:
    return take_back_weekly_time(house.db, series, **BEFORE, changed_at=NOW, by=house.agent, now=LATER)


def test_a_weekly_time_is_taken_back_and_each_lesson_stands_where_it_stood(house: House, series: Series) -> None:
    move_lesson(house.db, series.lessons[2], date(2026, 9, 17), time(12), by=house.agent, now=NOW - timedelta(days=1))
    before = times(series)
    assert can_take_back(series)
    change(house, series)
    assert times(series) != before
    take_back(house, series)
    house.db.expire_all()
    assert times(series) == before
    [slot] = series.slots
    assert (slot.weekday, slot.start, slot.end) == (1, time(9), time(10))
    assert len(series.lessons[1].moves) == 2


def test_only_what_that_change_moved_is_moved_back(house: House, series: Series) -> None:
    lock_lesson(house.db, series.lessons[1])
    change(house, series)
    series.lessons[0].state = CANCELLED
    where = times(series)[0]
    take_back(house, series)
    assert (times(series)[0], times(series)[2]) == (where, (date(2026, 9, 15), time(9), time(10)))


def test_it_is_not_taken_back_onto_a_day_that_has_been_closed(house: House, series: Series) -> None:
    change(house, series)
    now = times(series)
    closed = {"from": date(2026, 9, 8), "to": date(2026, 9, 8), "reason": "Rørbrudd"}
    load_calendar(house.db, house.district, made_by_rule(2026) | {"closed": [closed]})
    with pytest.raises(Refused) as caught:
        take_back(house, series)
    assert str(caught.value) == "The weekly time cannot be taken back: the school is closed (Rørbrudd)."
    assert times(series) == now


def test_it_is_offered_only_where_it_would_be_exact(house: House, series: Series) -> None:
    lesson = series.lessons[2]
    lesson.end = time(10, 30)
    assert not can_take_back(series)
    lock_lesson(house.db, lesson)
    assert can_take_back(series)
    series.slots[0].from_date = date(2026, 8, 1)
    assert not can_take_back(series)
    series.slots[0].from_date = None
    series.slots.append(Slot(weekday=4, start=time(9), end=time(10)))
    assert not can_take_back(series)


def test_a_weekly_time_at_which_nothing_fits_is_refused_with_advice_that_can_be_followed(house: House, series: Series) -> None:
    house.db.add(Elsewhere(district_id=house.district.id, person_id=house.agent.id, weekday=3, from_date=date(2026, 8, 1)))
    house.db.flush()
    before = times(series)
    shown = preview_weekly_time(house.db, series, weekday=3, start=time(10), minutes=60, today=TODAY)
    assert shown.dates == {}
    with pytest.raises(NoPlan) as caught:
        change(house, series)
    fixes = {fix.kind for conflict in caught.value.infeasible.conflicts for fix in conflict.fixes}
    assert (fixes <= {"weekday", "minutes", "unlock"}, times(series)) == (True, before)


def test_the_week_of_a_cancelled_lesson_stays_empty_and_further_weekly_times_end(house: House, series: Series) -> None:
    series.lessons[1].state = CANCELLED
    series.slots.append(Slot(weekday=4, start=time(9), end=time(10)))
    house.db.flush()
    change(house, series)
    assert [day for day, _, _ in times(series)] == [date(2026, 9, 1), date(2026, 9, 8), date(2026, 9, 17)]
    house.db.expire_all()
    assert [slot.weekday for slot in series.slots] == [3]
