"""Another weekly time, and back."""

from datetime import date, time, timedelta

import pytest

from curriculum.base import Refused
from curriculum.planning import (
    CANCELLED,
    Elsewhere,
    FixedTime,
    NoPlan,
    Series,
    Slot,
    change_of_now,
    change_times,
    load_calendar,
    lock_lesson,
    made_by_rule,
    move_lesson,
    preview_times,
    undo,
)
from tests.curriculum.planning.house import NOW, TODAY, House

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def series(house: House) -> Series:
    """Three lessons, on Tuesdays at 09:00; the first is today."""
    return house.make()


def times(series: Series) -> list[tuple[date, time, time]]:
    return [(lesson.date, lesson.start, lesson.end) for lesson in sorted(series.lessons, key=lambda lesson: lesson.position)]


def change(house: House, series: Series, weekday: int = 3, minutes: int = 45) -> Series:
    return change_times(house.db, series, [FixedTime(weekday, time(10), minutes)], by=house.agent, today=TODAY, now=NOW)


def take_back(house: House, series: Series) -> None:
    made = change_of_now(house.db, series, NOW)
    assert made is not None
    undo(house.db, made, by=house.agent, now=LATER)


def test_another_weekly_time_in_the_summer_moves_nothing_of_what_has_been(house: House, series: Series) -> None:
    before = times(series)
    summer = date(2027, 7, 28)
    change_times(house.db, series, [FixedTime(3, time(10), 45)], by=house.agent, today=summer, now=NOW + timedelta(days=330))
    assert (times(series), [slot.weekday for slot in series.slots]) == (before, [3])


def test_a_weekly_time_is_taken_back_and_each_lesson_stands_where_it_stood(house: House, series: Series) -> None:
    move_lesson(house.db, series.lessons[2], date(2026, 9, 17), time(12), by=house.agent, now=NOW - timedelta(days=1))
    before = times(series)
    change(house, series)
    assert times(series) != before
    take_back(house, series)
    house.db.expire_all()
    assert times(series) == before
    [slot] = series.slots
    assert (slot.weekday, slot.start, slot.end) == (1, time(9), time(10))
    assert len(series.lessons[1].moves) == 2


def test_several_weekly_times_come_back_as_they_were(house: House, series: Series) -> None:
    series.slots.append(Slot(weekday=4, start=time(9), end=time(10), from_date=date(2026, 9, 1)))
    lock_lesson(house.db, series.lessons[1], by=house.agent, now=NOW - timedelta(hours=1))
    before = times(series)
    change(house, series)
    assert [slot.weekday for slot in series.slots] == [3]
    take_back(house, series)
    assert (times(series), [(slot.weekday, slot.from_date) for slot in series.slots]) == (before, [(1, None), (4, date(2026, 9, 1))])


def test_it_is_not_taken_back_onto_a_day_that_has_been_closed(house: House, series: Series) -> None:
    change(house, series)
    closed = {"from": date(2026, 9, 8), "to": date(2026, 9, 8), "reason": "Rørbrudd"}
    load_calendar(house.db, house.district, made_by_rule(2026) | {"closed": [closed]})
    with pytest.raises(Refused) as caught:
        take_back(house, series)
    assert str(caught.value) == "This cannot be taken back now: the school is closed (Rørbrudd)."


def test_a_weekly_time_at_which_nothing_fits_is_refused_with_advice_that_can_be_followed(house: House, series: Series) -> None:
    house.db.add(Elsewhere(district_id=house.district.id, person_id=house.agent.id, weekday=3, from_date=date(2026, 8, 1)))
    house.db.flush()
    before = times(series)
    shown = preview_times(house.db, series, [FixedTime(3, time(10), 60)], today=TODAY)
    assert shown.times == {}
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
