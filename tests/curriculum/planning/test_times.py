"""Weekly times with dates and A and B weeks: stated, laid out, moved among, added to."""

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from curriculum.base import Refused
from curriculum.people import HALF, SchoolClass
from curriculum.planning import (
    A_WEEKS,
    B_WEEKS,
    CANCELLED,
    FixedTime,
    Infeasible,
    Plan,
    Series,
    Slot,
    change_times,
    fixed_time,
    make_many,
    possible_dates,
    preview_many,
    preview_times,
    weekly_day,
)
from curriculum.planning.calendar import Week
from curriculum.planning.times import as_rows, fixed_slots, holds, meet, most_in_a_week
from curriculum.planning.wishing import Wish
from tests.curriculum.planning.house import NOW, TODAY, House

TUESDAY = FixedTime(1, time(9), 60)
A_WEEK = date(2026, 9, 2)
"""A Wednesday in the week of TODAY, week 36."""
IN_A = replace(TUESDAY, weeks=A_WEEKS, a_week=A_WEEK)
IN_B = FixedTime(3, time(12), 60, weeks=B_WEEKS, a_week=A_WEEK)


@pytest.fixture
def series(house: House) -> Series:
    """Three lessons, on Tuesdays at 09:00; the first is today."""
    return house.make()


def made(house: House, *times: FixedTime) -> Series:
    wish = Wish(house.class_5a, 1, time(9), 60, times)
    common: dict[str, Any] = {
        "outline": house.outline,
        "start": (2026, 36),
        "agents": [house.agent],
        "today": TODAY,
        "now": NOW.replace(hour=4),
    }
    [series] = make_many(house.db, [wish], by=house.agent, **common)
    return series


def when(series: Series) -> list[tuple[date, time]]:
    return sorted((lesson.date, lesson.start) for lesson in series.lessons)


# --- Stated -----------------------------------------------------------------------------------------------------------------------------


def test_b_weeks_are_those_between_the_a_weeks_also_across_week_53() -> None:
    [a, b] = fixed_slots([IN_A, replace(TUESDAY, weekday=1, start_time=time(10), weeks=B_WEEKS, a_week=A_WEEK)])
    tuesdays = [date(2026, 9, 1), date(2026, 9, 8), date(2026, 12, 29), date(2027, 1, 5)]
    assert [holds(a, day) for day in tuesdays] == [True, False, False, True]
    assert [holds(b, day) for day in tuesdays] == [False, True, True, False]


def test_a_weekly_time_is_read_back_as_it_was_wished() -> None:
    wished = [IN_A, IN_B, replace(TUESDAY, start_time=time(11), from_date=date(2027, 1, 1), to_date=date(2027, 6, 1))]
    monday = date(2026, 8, 31)
    read = [fixed_time(row) for row in as_rows(fixed_slots(wished))]
    assert read == [replace(IN_A, a_week=monday), replace(IN_B, a_week=monday), wished[2]]


@pytest.mark.parametrize(
    ("times", "at", "why"),
    [
        ([], "0.start_time", "Give at least one weekly time."),
        ([TUESDAY, replace(TUESDAY, weekday=6)], "1.weekday", "Choose a weekday from Monday to Friday."),
        ([replace(TUESDAY, from_date=date(2026, 9, 2), to_date=date(2026, 9, 1))], "0.to_date", "The last day is before the first."),
        ([replace(TUESDAY, weeks="C")], "0.weeks", "Choose among those that are offered."),
        ([replace(TUESDAY, weeks=A_WEEKS)], "0.a_week", "Say when there is an A week."),
        ([TUESDAY, replace(TUESDAY, start_time=time(9, 30))], "1.start_time", "Two of the weekly times are at the same time."),
    ],
)
def test_a_weekly_time_that_cannot_be_is_refused_at_its_field(times: list[FixedTime], at: str, why: str) -> None:
    with pytest.raises(Refused) as caught:
        fixed_slots(times)
    assert (caught.value.at, str(caught.value)) == (at, why)


@pytest.mark.parametrize(
    ("other", "is_so"),
    [
        (replace(TUESDAY, weekday=2), False),
        (replace(TUESDAY, start_time=time(10)), False),
        (replace(TUESDAY, start_time=time(8, 30)), True),
        (replace(TUESDAY, from_date=date(2027, 1, 5)), True),
        (replace(IN_A, weeks=B_WEEKS), True),
    ],
)
def test_two_times_meet_only_on_a_day_that_both_have(other: FixedTime, is_so: bool) -> None:
    assert meet(*[fixed_slots([one])[0] for one in (TUESDAY, other)]) is is_so


def test_times_of_different_weeks_or_halves_of_the_year_do_not_meet() -> None:
    until, since = replace(TUESDAY, to_date=date(2026, 12, 31)), replace(TUESDAY, from_date=date(2027, 1, 1))
    assert len(fixed_slots([until, since])) == 2
    assert len(fixed_slots([IN_A, replace(IN_A, weeks=B_WEEKS)])) == 2


def test_a_week_has_as_many_lessons_as_weekly_times_hold_in_it() -> None:
    first, last = date(2026, 9, 1), date(2027, 6, 18)
    thursday = FixedTime(3, time(12), 60)
    until, since = replace(TUESDAY, to_date=date(2026, 12, 31)), replace(thursday, from_date=date(2027, 1, 1))
    asked = [[TUESDAY], [TUESDAY, thursday], [IN_A, IN_B], [until, since], [TUESDAY, IN_B]]
    assert [most_in_a_week(fixed_slots(times), first, last) for times in asked] == [None, 2, 1, 1, 2]


# --- New series -------------------------------------------------------------------------------------------------------------------------


def test_a_new_series_stands_on_its_a_and_b_times(house: House) -> None:
    series = made(house, IN_A, IN_B)
    assert when(series) == [(date(2026, 9, 1), time(9)), (date(2026, 9, 10), time(12)), (date(2026, 9, 15), time(9))]
    assert [(slot.weekday, slot.cycle_weeks) for slot in series.slots] == [(1, [0]), (3, [1])]


def test_two_weekly_times_give_two_lessons_a_week(house: House) -> None:
    series = made(house, TUESDAY, FixedTime(3, time(12), 60))
    assert when(series) == [(date(2026, 9, 1), time(9)), (date(2026, 9, 3), time(12)), (date(2026, 9, 8), time(9))]


def test_a_weekly_time_from_a_date_takes_over_there(house: House) -> None:
    series = made(house, replace(TUESDAY, to_date=date(2026, 9, 6)), FixedTime(4, time(8), 60, from_date=date(2026, 9, 7)))
    assert when(series) == [(date(2026, 9, 1), time(9)), (date(2026, 9, 11), time(8)), (date(2026, 9, 18), time(8))]


def test_the_times_of_another_class_are_refused_only_in_the_weeks_they_share(house: House) -> None:
    common: dict[str, Any] = {"outline": house.outline, "start": (2026, 36), "agents": [house.agent], "today": TODAY}
    ours = Wish(house.class_5a, 1, time(9), 60, (IN_A,))
    layouts = preview_many(house.db, [ours, Wish(house.class_5b, 1, time(9), 60, (replace(IN_A, weeks=B_WEEKS),))], **common)
    assert all(isinstance(layout.answer, Plan) for layout in layouts)
    with pytest.raises(Refused, match=r"5A has its lesson from .* that day"):
        preview_many(house.db, [ours, Wish(house.class_5b, 1, time(9), 60)], **common)


def test_halves_that_take_turns_have_each_theme_in_weeks_after_one_another(house: House) -> None:
    one, two = (SchoolClass(district_id=house.district.id, school=house.school, school_year=2026, name=f"5A{n}", kind=HALF) for n in (1, 2))
    one.taken_from, two.taken_from = [house.class_5a], [house.class_5a]
    house.db.add_all([one, two])
    house.db.flush()
    common: dict[str, Any] = {"outline": house.outline, "start": (2026, 36), "agents": [house.agent], "today": TODAY}
    layouts = preview_many(house.db, [Wish(one, 1, time(9), 60, (IN_A,)), Wish(two, 1, time(9), 60, (IN_B,))], **common)
    weeks = [[placed.date.isocalendar().week for placed in shown.answer.sessions] for shown in layouts if isinstance(shown.answer, Plan)]
    assert weeks == [[36, 38, 42], [37, 39, 41]]


# --- Of a series that is there --------------------------------------------------------------------------------------------------------


def test_the_lessons_ahead_get_several_weekly_times(house: House, series: Series) -> None:
    series.confirmed_at = NOW
    change_times(house.db, series, [IN_A, IN_B], by=house.agent, today=TODAY, now=NOW)
    house.db.expire_all()
    assert when(series) == [(date(2026, 9, 1), time(9)), (date(2026, 9, 10), time(12)), (date(2026, 9, 15), time(9))]
    assert len(series.slots) == 2
    assert series.confirmed_at is None


def test_with_several_a_week_a_cancelled_lesson_keeps_its_day_only(house: House, series: Series) -> None:
    series.lessons[1].state = CANCELLED
    house.db.flush()
    shown = preview_times(house.db, series, [TUESDAY, FixedTime(3, time(12), 60)], today=TODAY)
    assert list(shown.times.values()) == [(date(2026, 9, 3), time(12), time(13))]


def test_lessons_held_as_one_with_another_class_stay(house: House, series: Series) -> None:
    series.lessons[1].joint = "abcdef"
    house.db.flush()
    shown = preview_times(house.db, series, [FixedTime(3, time(12), 60)], today=TODAY)
    assert list(shown.times) == [series.lessons[2].public_id]


def test_no_plan_at_times_that_have_ended(house: House, series: Series) -> None:
    shown = preview_times(house.db, series, [replace(TUESDAY, to_date=date(2026, 9, 10))], today=TODAY)
    assert (isinstance(shown.answer, Infeasible), shown.times) == (True, {})


def test_a_lesson_is_offered_the_weekly_time_of_each_week_and_none_where_there_is_none(house: House) -> None:
    series = made(house, IN_A)
    offers = {one.week.number: one for one in possible_dates(house.db, series.lessons[2], TODAY)}
    assert str(offers[37].refusal) == "the class has no weekly time in that week"
    assert (offers[42].is_here, offers[43].is_free, offers[44].is_free) == (True, False, True)
    assert [weekly_day(series.lessons[2], Week(2026, number))[0] for number in (37, 42)] == [date(2026, 9, 8), date(2026, 10, 13)]


def test_of_two_times_in_a_week_the_one_that_is_free_is_offered(house: House) -> None:
    series = made(house, TUESDAY, FixedTime(3, time(12), 60))
    assert weekly_day(series.lessons[0], Week(2026, 37)) == (date(2026, 9, 10), time(12))
    series.slots[:] = []
    assert weekly_day(series.lessons[0], Week(2026, 37)) == (date(2026, 9, 8), time(9))
    series.slots[:] = [Slot(weekday=1, start=time(9), end=time(10))]
    assert weekly_day(series.lessons[0], Week(2026, 37)) == (date(2026, 9, 8), time(9))
