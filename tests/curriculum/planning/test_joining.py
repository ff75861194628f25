"""Lessons of several classes that are held as one, and each by itself again."""

from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.base import Refused
from curriculum.people import SMALL
from curriculum.planning import (
    ASKED,
    CANCELLED,
    PLANNED,
    YES,
    Absence,
    Lesson,
    Presenter,
    Series,
    cancel_lesson,
    changes_of,
    join,
    joinable,
    lock_lesson,
    move_lesson,
    part,
    partners,
    possible_dates,
    restore_lesson,
    set_room,
    swap_lessons,
    undo,
)
from tests.curriculum.planning.house import NOW, TODAY, House

LATER = datetime(2026, 9, 2, 8, tzinfo=UTC)


@pytest.fixture
def ours(house: House) -> Series:
    """5A: Tuesdays at 09:00 from 1 September."""
    return house.make()


@pytest.fixture
def theirs(house: House, ours: Series) -> Series:
    """5B: Thursdays at 10:00 from 3 September, by the same agent."""
    return house.make(school_class=house.class_5b, weekday=3, start_time=time(10))


@pytest.fixture
def mine(ours: Series) -> Lesson:
    """5A's second lesson: Tuesday 8 September."""
    return ours.lessons[1]


@pytest.fixture
def other(theirs: Series) -> Lesson:
    """5B's lesson of the same theme: Thursday 10 September."""
    return theirs.lessons[1]


def joined(house: House, mine: Lesson, other: Lesson) -> None:
    join(house.db, mine, [other], by=house.agent, now=NOW)


def when(lesson: Lesson) -> tuple[date, time, time]:
    return lesson.date, lesson.start, lesson.end


def test_the_other_class_gets_the_day_the_time_the_room_and_the_visitor(house: House, mine: Lesson, other: Lesson) -> None:
    police = Presenter(district_id=house.district.id, name="Politiet", skill="police")
    mine.asked_presenter, mine.presenter_answer = police, YES
    set_room(house.db, mine, "Gymsalen", by=house.agent, now=NOW)
    joined(house, mine, other)
    assert when(other) == when(mine) == (date(2026, 9, 8), time(9), time(10))
    assert (other.room, other.asked_presenter, other.presenter_answer) == ("Gymsalen", police, YES)
    assert (mine.joint is not None, other.joint) == (True, mine.joint)
    assert partners(house.db, mine) == [other]


def test_what_may_be_held_with_it_is_the_same_theme_at_the_same_school_from_today_on(house: House, mine: Lesson, other: Lesson) -> None:
    assert joinable(house.db, mine, select(Lesson), TODAY) == [other]
    assert joinable(house.db, mine, select(Lesson), date(2026, 9, 11)) == []
    assert joinable(house.db, mine, select(Lesson).where(Lesson.id != other.id), TODAY) == []
    lock_lesson(house.db, other, by=house.agent, now=NOW)
    assert joinable(house.db, mine, select(Lesson), TODAY) == []


def test_moving_one_moves_all_and_is_taken_back_as_one(house: House, mine: Lesson, other: Lesson) -> None:
    joined(house, mine, other)
    move_lesson(house.db, other, date(2026, 9, 9), why="Tur", by=house.agent, now=LATER)
    assert when(mine) == when(other) == (date(2026, 9, 9), time(9), time(10))
    assert mine.moves[-1].why == other.moves[-1].why == "Tur"
    [change, *_] = changes_of(house.db, [mine.series])
    undo(house.db, change, by=house.agent, now=LATER)
    assert when(mine) == when(other) == (date(2026, 9, 8), time(9), time(10))


def test_a_move_is_refused_when_it_breaks_a_rule_for_the_other_class(house: House, mine: Lesson, other: Lesson) -> None:
    joined(house, mine, other)
    other.series.to_date = date(2026, 9, 20)
    house.db.flush()
    with pytest.raises(Refused) as caught:
        move_lesson(house.db, mine, date(2026, 9, 22), by=house.agent, now=LATER)
    assert str(caught.value).startswith("The lesson cannot be held on 2026-09-22: 5B: ")
    offers = {one.date: one for one in possible_dates(house.db, mine, TODAY)}
    assert str(offers[date(2026, 9, 22)].refusal).startswith("5B: ")


def test_a_small_group_is_not_named_to_who_moves_another_class(house: House, mine: Lesson, other: Lesson) -> None:
    joined(house, mine, other)
    house.class_5b.kind = SMALL
    other.series.to_date = date(2026, 9, 20)
    house.db.flush()
    with pytest.raises(Refused, match="for a class it is held together with: ") as caught:
        move_lesson(house.db, mine, date(2026, 9, 22), by=house.agent, now=LATER)
    assert "5B" not in str(caught.value)
    move_lesson(house.db, mine, date(2026, 9, 9), why="Tur", by=house.agent, now=LATER)
    assert (mine.moves[-1].why, other.moves[-1].why) == ("Tur", "")


def test_two_that_change_places_take_what_is_held_with_them_along(house: House, ours: Series, mine: Lesson, other: Lesson) -> None:
    joined(house, mine, other)
    third = other.series.lessons[2]
    move_lesson(house.db, third, date(2026, 9, 24), by=house.agent, now=LATER)
    swap_lessons(house.db, mine, ours.lessons[2], by=house.agent, now=LATER)
    assert when(mine) == when(other) == (date(2026, 9, 15), time(9), time(10))


def test_cancelled_locked_and_given_a_room_together(house: House, mine: Lesson, other: Lesson) -> None:
    joined(house, mine, other)
    lock_lesson(house.db, other, by=house.agent, now=LATER)
    set_room(house.db, other, "Aulaen", by=house.agent, now=LATER)
    assert (mine.date_locked, mine.room) == (True, "Aulaen")
    cancel_lesson(house.db, mine, by=house.agent, now=LATER)
    assert (mine.state, other.state) == (CANCELLED, CANCELLED)
    restore_lesson(house.db, other, by=house.agent, now=LATER)
    assert (mine.state, other.state) == (PLANNED, PLANNED)


def test_a_third_class_joins_two_that_are_one_already(house: House, mine: Lesson, other: Lesson) -> None:
    joined(house, mine, other)
    class_5c = type(house.class_5a)(district_id=house.district.id, school=house.school, school_year=2026, name="5C")
    house.agent.assignments.append(
        type(house.agent.assignments[0])(district_id=house.district.id, role="agent", school_class=class_5c, from_date=date(2026, 8, 1))
    )
    house.db.flush()
    third = house.make(school_class=class_5c, weekday=4).lessons[1]
    join(house.db, other, [third], by=house.agent, now=LATER)
    assert (third.joint, when(third)) == (mine.joint, when(mine))
    assert partners(house.db, mine) == [other, third]


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        ("none", "Choose at least one lesson."),
        ("twice", "Choose one lesson of each class."),
        ("own", "Choose one lesson of each class."),
        ("theme", "The lessons cannot be held as one: 5B: the lesson has another theme."),
        ("school", "The lessons cannot be held as one: 5B: the class is at another school."),
        ("cancelled", "The lessons cannot be held as one: 5B: the lesson has been held, has passed or is cancelled."),
        ("locked", "The lessons cannot be held as one: 5B: the date is locked."),
        ("joint", "The lessons cannot be held as one: 5B: it is held as one with another class already."),
        ("begun", "The lesson has begun. What is held as one must be agreed on before."),
    ],
)
def test_what_cannot_be_held_as_one_is_refused(house: House, mine: Lesson, other: Lesson, spoil: str, why: str) -> None:
    others, now = [other], NOW
    if spoil == "none":
        others = []
    elif spoil == "twice":
        others = [other, other.series.lessons[2]]
    elif spoil == "own":
        others = [mine.series.lessons[2]]
    elif spoil == "theme":
        others = [other.series.lessons[2]]
    elif spoil == "school":
        house.class_5b.school = type(house.school)(district=house.district, name="Dalen skole")
        house.db.flush()
    elif spoil == "cancelled":
        other.state = CANCELLED
    elif spoil == "locked":
        other.date_locked = True
    elif spoil == "joint":
        other.joint = "abcdef"
    else:
        now = datetime(2026, 9, 8, 7, 30, tzinfo=UTC)
    with pytest.raises(Refused) as caught:
        join(house.db, mine, others, by=house.agent, now=now)
    assert (str(caught.value), caught.value.at) == (why, "others")


def test_a_rule_that_would_break_for_the_other_class_refuses_it(house: House, mine: Lesson, other: Lesson) -> None:
    colleague = house.colleague
    other.series.agents[:] = [colleague]
    for lesson in other.series.lessons:
        lesson.staff[:] = [colleague]
    day = date(2026, 9, 8)
    house.db.add(Absence(district_id=house.district.id, person=colleague, from_date=day, to_date=day, at=NOW))
    house.db.flush()
    with pytest.raises(Refused, match=r"The lessons cannot be held as one: 5B: ") as caught:
        joined(house, mine, other)
    assert caught.value.at == "others"


def test_each_by_itself_stands_where_it_stood_before(house: House, mine: Lesson, other: Lesson) -> None:
    joined(house, mine, other)
    part(house.db, mine, by=house.agent, now=LATER)
    assert (mine.joint, other.joint) == (None, None)
    assert (when(mine), when(other)) == ((date(2026, 9, 8), time(9), time(10)), (date(2026, 9, 10), time(10), time(11)))


def test_without_its_old_time_a_lesson_gets_the_first_free_one(house: House, db: Session, mine: Lesson, other: Lesson) -> None:
    joined(house, mine, other)
    move_lesson(db, mine, date(2026, 9, 17), time(12), by=house.agent, now=LATER)
    late = datetime(2026, 9, 10, 9, tzinfo=UTC)
    part(db, other, by=house.agent, now=late)
    assert when(other) == (date(2026, 9, 17), time(12), time(13))
    assert when(mine) != when(other)
    assert mine.date > late.date()


def test_with_other_agents_both_may_stay(house: House, mine: Lesson, other: Lesson) -> None:
    mine.joint = other.joint = "abcdef"
    other.date, other.start, other.end = when(mine)
    other.series.agents[:] = [house.colleague]
    for lesson in other.series.lessons:
        lesson.staff[:] = [house.colleague]
    house.db.flush()
    part(house.db, mine, by=house.agent, now=LATER)
    assert when(mine) == when(other)


def test_no_free_time_for_one_by_itself_is_said(house: House, mine: Lesson, other: Lesson) -> None:
    mine.joint = other.joint = "abcdef"
    other.date, other.start, other.end = when(mine)
    mine.series.to_date = other.series.to_date = date(2026, 9, 7)
    house.db.flush()
    with pytest.raises(Refused, match=r"There is no free time for 5[AB] by itself"):
        part(house.db, mine, by=house.agent, now=datetime(2026, 9, 8, 6, tzinfo=UTC))


def test_a_lesson_that_stands_there_already_is_joined_where_it_is(house: House, mine: Lesson, other: Lesson) -> None:
    other.date, other.start, other.end = when(mine)
    joined(house, mine, other)
    assert (other.joint, other.moves) == (mine.joint, [])


def test_a_lesson_that_stands_alone_has_no_partner_and_cannot_be_parted(house: House, mine: Lesson) -> None:
    assert partners(house.db, mine) == []
    with pytest.raises(Refused, match="not held as one"):
        part(house.db, mine, by=house.agent, now=NOW)


def test_a_visitor_of_the_other_class_stays_where_the_lesson_has_none(house: House, mine: Lesson, other: Lesson) -> None:
    police = Presenter(district_id=house.district.id, name="Politiet", skill="police")
    other.asked_presenter, other.presenter_answer = police, YES
    joined(house, mine, other)
    assert (other.asked_presenter, other.presenter_answer) == (police, ASKED)
