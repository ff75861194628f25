"""The rest of series laid out anew: what is looked at is what is accepted, and it is taken back as one."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curriculum.base import Refused
from curriculum.people import AGENT, Assignment, School, SchoolClass
from curriculum.planning import (
    LAID_ANEW,
    LOST_DAY,
    YES,
    Anew,
    Series,
    Travel,
    accept_anew,
    cancel_lesson,
    lay_anew,
    load_calendar,
    lock_lesson,
    made_by_rule,
    move_lesson,
    undo,
)
from curriculum.planning.passing import Passed
from curriculum.planning.recording import state_of_lesson
from tests.curriculum.planning.anew import accept, away, is_clean, lost, shown, stands
from tests.curriculum.planning.house import NOW, House


@pytest.fixture
def series(house: House) -> Series:
    """Intro today, Identitet on 8 and Vennskap on 15 September."""
    return house.make()


def test_the_rest_is_laid_out_anew_around_what_stays_and_each_move_says_why(house: House, series: Series) -> None:
    move_lesson(house.db, series.lessons[1], date(2026, 10, 6), by=house.agent, now=NOW)
    house.db.expire_all()
    anew = lay_anew(house.db, [series], NOW)
    assert shown(anew) == [("identitet", "08.09", "the lessons come closer together")]
    assert [one.theme.key for one in anew.staying(series, NOW.date())] == ["vennskap"]
    identity, friendship = (one for one in series.lessons[1:])
    assert anew.passed(series) == {friendship.id: Passed(before=(identity,))}
    accept(house, anew, LAID_ANEW)
    assert (stands(series), is_clean(house, series)) == (["01.09", "08.09", "15.09"], True)


def test_a_visitor_who_said_yes_to_a_date_keeps_it_while_that_costs_little(house: House, series: Series) -> None:
    move_lesson(house.db, series.lessons[2], date(2026, 9, 22), by=house.agent, now=NOW)
    assert shown(lay_anew(house.db, [series], NOW)) == [("vennskap", "15.09", "the lessons come closer together")]
    series.lessons[2].presenter_answer = YES
    house.db.flush()
    assert lay_anew(house.db, [series], NOW).shifts == ()


def test_a_plan_in_which_nothing_is_wrong_stays_as_it_is(house: House, series: Series) -> None:
    assert lay_anew(house.db, [series], NOW).shifts == ()


def test_locked_cancelled_and_joint_lessons_stay_and_a_cancelled_ones_week_is_left_empty(house: House, series: Series) -> None:
    identity, friendship = series.lessons[1:]
    move_lesson(house.db, friendship, date(2026, 9, 24), by=house.agent, now=NOW)
    cancel_lesson(house.db, identity, by=house.agent, now=NOW)
    anew = lay_anew(house.db, [series], NOW)
    assert [one.date for one in anew.shifts] == [date(2026, 9, 15)]
    lock_lesson(house.db, friendship, by=house.agent, now=NOW)
    assert lay_anew(house.db, [series], NOW).shifts == ()
    lock_lesson(house.db, friendship, False, by=house.agent, now=NOW)
    friendship.joint = "together00"
    assert lay_anew(house.db, [series], NOW).shifts == ()


def test_what_stands_on_a_day_that_was_closed_moves_and_says_so(house: House, series: Series) -> None:
    closed = {"from": date(2026, 9, 14), "to": date(2026, 9, 18), "reason": "Ombygging"}
    load_calendar(house.db, house.district, made_by_rule(2026) | {"closed": [closed]})
    assert shown(lay_anew(house.db, [series], NOW)) == [("vennskap", "22.09", "the school is closed (Ombygging)")]


def test_all_series_of_an_agent_are_laid_out_together_with_the_way_between_schools(house: House, series: Series) -> None:
    far = School(district=house.district, name="Fjellet skole")
    house.db.add(far)
    house.db.flush()
    class_6a = SchoolClass(district_id=house.district.id, school=far, school_year=2026, name="6A")
    agent = Assignment(district_id=house.district.id, role=AGENT, school_class=class_6a, from_date=date(2026, 8, 1))
    house.agent.assignments.append(agent)
    house.db.flush()
    other = house.make(school_class=class_6a, start_time=time(10, 10))
    beside = house.make(school_class=house.class_5b, weekday=3)
    for one in (series, other):
        move_lesson(house.db, one.lessons[1], date(2026, 9, 10), time(13) if one is series else time(14, 30), by=house.agent, now=NOW)
    house.db.add(Travel(school_id=house.school.id, other_id=far.id, district_id=house.district.id, minutes=20))
    house.db.commit()
    anew = lay_anew(house.db, [series, other, beside], NOW)
    assert anew.stuck == ()
    held = {(one.date, one.start) for one in anew.shifts} | {
        (one.date, one.start) for each in (series, other) for one in anew.staying(each, NOW.date())
    }
    mornings = [day for day, start in held if start == time(9)]
    assert not {day for day, start in held if start == time(10, 10)} & set(mornings)
    assert anew.shifts_of(beside) == []


def test_what_was_looked_at_is_what_is_done_or_it_is_shown_anew(house: House, series: Series) -> None:
    seal = lost(house, [series]).seal
    move_lesson(house.db, series.lessons[2], date(2026, 9, 17), by=house.agent, now=NOW)
    before = stands(series)
    with pytest.raises(Refused, match="has been changed since you looked at it"):
        accept_anew(house.db, lost(house, [series]), seal, LOST_DAY, by=house.agent, now=NOW)
    assert stands(series) == before


def test_where_no_plan_is_left_each_series_says_why(house: House, series: Series) -> None:
    away(house, date(2026, 9, 2), series)
    anew = lay_anew(house.db, [series], NOW)
    assert (anew.shifts, [one.series for one in anew.stuck]) == ((), [series])


def test_a_series_that_is_over_has_nothing_to_lay_out(house: House, series: Series) -> None:
    assert lay_anew(house.db, [series], NOW + timedelta(300)) == Anew((series,), ())


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(1, 2), st.integers(8, 40)), max_size=3), st.sets(st.integers(1, 2)), st.booleans())
def test_what_is_locked_stays_what_is_accepted_is_clean_and_undo_restores_exactly(
    house: House, series: Series, moves: list[tuple[int, int]], locked: set[int], is_lost_day: bool
) -> None:
    lessons = sorted(series.lessons, key=lambda one: one.position)
    for place, days in moves:
        with suppress(Refused):
            move_lesson(house.db, lessons[place], NOW.date() + timedelta(days), by=house.agent, now=NOW)
    for place, one in enumerate(lessons[1:], start=1):
        if one.date_locked != (place in locked):
            lock_lesson(house.db, one, place in locked, by=house.agent, now=NOW)
    before = [state_of_lesson(one) for one in lessons]
    anew = lost(house, [series], lessons[1].date) if is_lost_day else lay_anew(house.db, [series], NOW)
    assert not {one.lesson for one in anew.shifts} & {lessons[0], *(lessons[place] for place in locked)}
    if anew.shifts:
        change = accept_anew(house.db, anew, anew.seal, LAID_ANEW, by=house.agent, now=NOW)
        assert is_clean(house, series)
        undo(house.db, change, by=house.agent, now=NOW)
    assert [state_of_lesson(one) for one in lessons] == before
