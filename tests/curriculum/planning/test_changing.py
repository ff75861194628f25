"""Cancelling a lesson, holding it after all, and what a lesson that is settled allows."""

from datetime import date, time

import pytest

from curriculum.base import Refused
from curriculum.people import SMALL
from curriculum.planning import (
    CANCELLED,
    HELD,
    PLANNED,
    Lesson,
    Plan,
    cancel_lesson,
    lay_out,
    load_calendar,
    lock_lesson,
    made_by_rule,
    problem_for,
    restore_lesson,
    set_room,
)
from tests.curriculum.planning.house import NOW, House
from tests.curriculum.planning.test_moving import move


@pytest.mark.parametrize("state", [HELD, "continued", CANCELLED])
def test_what_is_held_or_cancelled_cannot_be_changed(house: House, lesson: Lesson, state: str) -> None:
    lesson.state = state
    with pytest.raises(Refused):
        move(house, lesson, date(2026, 9, 10))
    with pytest.raises(Refused):
        cancel_lesson(house.db, lesson, by=house.agent, now=NOW)
    with pytest.raises(Refused):
        lock_lesson(house.db, lesson, by=house.agent, now=NOW)


def test_a_cancelled_lesson_leaves_its_time_free_and_says_why(house: House, lesson: Lesson) -> None:
    cancel_lesson(house.db, lesson, why="Streik", by=None, now=NOW)
    assert (lesson.state, [(one.old_date == one.new_date, one.why, one.by_id) for one in lesson.moves]) == (
        CANCELLED,
        [(True, "Streik", None)],
    )
    assert move(house, lesson.series.lessons[2], date(2026, 9, 8)).date == date(2026, 9, 8)


def test_laid_out_anew_held_and_locked_lessons_stay_and_others_return_to_the_weekly_time(house: House, lesson: Lesson) -> None:
    first, second, third = lesson.series.lessons
    move(house, second, date(2026, 9, 10))
    move(house, third, date(2026, 9, 17), time(10))
    first.state = HELD
    lock_lesson(house.db, third, by=house.agent, now=NOW)
    answer = lay_out(problem_for(house.db, lesson.series))
    assert isinstance(answer, Plan)
    assert [placed.date for placed in answer.sessions] == [first.date, date(2026, 9, 8), third.date]


def test_a_cancellation_is_taken_back_and_the_history_remembers_both(house: House, lesson: Lesson) -> None:
    cancel_lesson(house.db, lesson, why="Klassen er på tur.", by=house.agent, now=NOW)
    restored = restore_lesson(house.db, lesson, by=house.agent, now=NOW)
    assert (restored.state, restored.date, len(restored.moves)) == (PLANNED, date(2026, 9, 8), 2)


def test_only_a_cancelled_lesson_can_be_taken_back(house: House, lesson: Lesson) -> None:
    with pytest.raises(Refused, match="The lesson is not cancelled"):
        restore_lesson(house.db, lesson, by=house.agent, now=NOW)


def test_a_cancellation_stays_when_the_day_has_been_closed_since(house: House, lesson: Lesson) -> None:
    cancel_lesson(house.db, lesson, by=house.agent, now=NOW)
    calendar = made_by_rule(2026) | {"name": "Stengt", "closed": [{"from": date(2026, 9, 8), "to": date(2026, 9, 8), "reason": "Rørbrudd"}]}
    load_calendar(house.db, house.school.district, calendar, house.school)
    with pytest.raises(Refused, match="cannot be held"):
        restore_lesson(house.db, lesson, by=house.agent, now=NOW)


def test_a_room_is_kept_tidy_short_and_about_no_person(house: House, lesson: Lesson) -> None:
    assert set_room(house.db, lesson, " Musikkrommet ", by=house.agent, now=NOW).room == "Musikkrommet"
    with pytest.raises(Refused, match="may have 80 characters"):
        set_room(house.db, lesson, "R" * 81, by=house.agent, now=NOW)
    with pytest.raises(Refused, match="identity number"):
        set_room(house.db, lesson, "Hos 01010750160", by=house.agent, now=NOW)
    assert lesson.room == "Musikkrommet"


def test_of_a_small_group_no_words_of_ones_own_are_kept_as_a_reason(house: House, lesson: Lesson) -> None:
    lesson.series.school_class.kind = SMALL
    with pytest.raises(Refused, match="small group") as caught:
        cancel_lesson(house.db, lesson, why="En av dem er lei seg", by=house.agent, now=NOW)
    assert caught.value.at == "reason"
    assert cancel_lesson(house.db, lesson, why="Sykdom hos ansatte", by=house.agent, now=NOW).state == CANCELLED
