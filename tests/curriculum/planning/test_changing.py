"""Moving, cancelling and locking a lesson."""

from datetime import date, time

import pytest

from curriculum.base import Refused
from curriculum.planning import (
    CANCELLED,
    HELD,
    PLANNED,
    Elsewhere,
    Lesson,
    Plan,
    cancel_lesson,
    lay_out,
    load_calendar,
    lock_lesson,
    made_by_rule,
    move_lesson,
    problem_for,
    restore_lesson,
)
from tests.curriculum.planning.house import NOW, House


@pytest.fixture
def lesson(house: House) -> Lesson:
    """The second of three: Tuesday 8 September at 09:00."""
    return house.make().lessons[1]


def move(house: House, lesson: Lesson, to: date, start: time | None = None, why: str = "") -> Lesson:
    return move_lesson(house.db, lesson, to, start, why=why, by=house.agent, now=NOW)


def test_a_lesson_moves_to_another_day_and_its_history_remembers(house: House, lesson: Lesson) -> None:
    address = lesson.public_id
    move(house, lesson, date(2026, 9, 10), time(12, 15), why=" Klassen er på tur. ")
    house.db.expire_all()
    assert (lesson.date, lesson.start, lesson.end, lesson.public_id) == (date(2026, 9, 10), time(12, 15), time(13, 15), address)
    [moved] = lesson.moves
    assert (moved.old_date, moved.new_date, moved.why, moved.by_id) == (
        date(2026, 9, 8),
        date(2026, 9, 10),
        "Klassen er på tur.",
        house.agent.id,
    )


def test_it_keeps_its_time_when_only_the_day_is_given_and_may_move_back(house: House, lesson: Lesson) -> None:
    assert move(house, lesson, date(2026, 9, 10)).start == time(9)
    assert move(house, lesson, date(2026, 9, 8)).date == date(2026, 9, 8)
    assert len(lesson.moves) == 2


def test_it_may_move_on_the_same_day(house: House, lesson: Lesson) -> None:
    assert move(house, lesson, lesson.date, time(9, 30)).end == time(10, 30)


@pytest.mark.parametrize(
    ("to", "why"),
    [
        (date(2026, 9, 30), "the school is closed (Høstferie)"),
        (date(2026, 9, 12), "the school is closed"),
        (date(2026, 9, 15), "the class has another lesson at that time"),
        (date(2027, 6, 21), "the series runs from 2026-08-31 to 2027-06-18"),
        (date(2026, 9, 9), "Kari Solvang is elsewhere on that weekday"),
        (date(2026, 9, 11), "Kari Solvang is not available"),
    ],
)
def test_a_move_that_breaks_a_rule_is_refused_and_nothing_changes(house: House, lesson: Lesson, to: date, why: str) -> None:
    house.make(school_class=house.class_5b, weekday=4)
    house.db.add(Elsewhere(district_id=house.district.id, person_id=house.agent.id, weekday=2, from_date=date(2026, 8, 1)))
    house.db.flush()
    with pytest.raises(Refused) as caught:
        move(house, lesson, to)
    assert str(caught.value) == f"The lesson cannot be held on {to}: {why}."
    assert (caught.value.at, lesson.date, lesson.moves) == ("date", date(2026, 9, 8), [])


def test_what_was_broken_before_is_no_reason_to_refuse(house: House, lesson: Lesson) -> None:
    closed = {"from": date(2026, 9, 14), "to": date(2026, 9, 18), "reason": "Ombygging"}
    load_calendar(house.db, house.district, made_by_rule(2026) | {"closed": [closed]})
    assert move(house, lesson, date(2026, 9, 10)).date == date(2026, 9, 10)


@pytest.mark.parametrize("start", [time(6, 59), time(16, 1)])
def test_lessons_are_held_in_school_hours(house: House, lesson: Lesson, start: time) -> None:
    with pytest.raises(Refused, match=r"between 07:00 and 17:00") as caught:
        move(house, lesson, date(2026, 9, 10), start)
    assert caught.value.at == "start_time"


def test_a_move_to_where_it_stands_is_refused(house: House, lesson: Lesson) -> None:
    with pytest.raises(Refused, match="stands there already"):
        move(house, lesson, lesson.date)


def test_a_locked_date_does_not_move_until_it_is_unlocked(house: House, lesson: Lesson) -> None:
    lock_lesson(house.db, lesson)
    with pytest.raises(Refused, match="locked"):
        move(house, lesson, date(2026, 9, 10))
    lock_lesson(house.db, lesson, False)
    assert move(house, lesson, date(2026, 9, 10)).date == date(2026, 9, 10)


@pytest.mark.parametrize("state", [HELD, "continued", CANCELLED])
def test_what_is_held_or_cancelled_cannot_be_changed(house: House, lesson: Lesson, state: str) -> None:
    lesson.state = state
    with pytest.raises(Refused):
        move(house, lesson, date(2026, 9, 10))
    with pytest.raises(Refused):
        cancel_lesson(house.db, lesson, by=house.agent, now=NOW)
    with pytest.raises(Refused):
        lock_lesson(house.db, lesson)


def test_a_cancelled_lesson_leaves_its_time_free_and_says_why(house: House, lesson: Lesson) -> None:
    cancel_lesson(house.db, lesson, why="Streik", by=None, now=NOW)
    assert (lesson.state, [(one.old_date == one.new_date, one.why, one.by_id) for one in lesson.moves]) == (
        CANCELLED,
        [(True, "Streik", None)],
    )
    assert move(house, lesson.series.lessons[2], date(2026, 9, 8)).date == date(2026, 9, 8)


def test_no_identity_number_is_kept_as_a_reason(house: House, lesson: Lesson) -> None:
    with pytest.raises(Refused, match="identity number"):
        move(house, lesson, date(2026, 9, 10), why="01010750160")


def test_laid_out_anew_held_and_locked_lessons_stay_and_others_return_to_the_weekly_time(house: House, lesson: Lesson) -> None:
    first, second, third = lesson.series.lessons
    move(house, second, date(2026, 9, 10))
    move(house, third, date(2026, 9, 17), time(10))
    first.state = HELD
    lock_lesson(house.db, third)
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
