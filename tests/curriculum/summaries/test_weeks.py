"""A class's weeks as its parents see them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from curriculum.planning import CANCELLED, CONTINUED, HELD, PLANNED, Lesson, Move, Series, add_closed_days
from curriculum.summaries import (
    AWAY,
    NEXT,
    NO_LESSON,
    NO_SCHOOL,
    NOT_BEGUN,
    OVER,
    PAST,
    HalfNews,
    WeekLine,
    find_lesson,
    half_news,
    weeks_for,
    why_empty,
)
from curriculum.summaries import NOW as THIS_WEEK
from tests.curriculum.summaries.world import MONDAY, NOW, TODAY, World, counted

WEEK = timedelta(weeks=1)


def lines(world: World, tag: str = "so") -> list[WeekLine]:
    return weeks_for(world.db, world.school_class, tag, TODAY)


def test_parents_see_past_weeks_this_one_and_the_next_theme_and_no_further(world: World) -> None:
    past, this, coming, _ = (world.lesson(day=MONDAY + n * WEEK) for n in (-1, 0, 1, 2))
    assert [(line.week, line.state, line.lesson, line.is_this_week) for line in lines(world)] == [
        (41, "past", past.public_id, False),
        (42, "now", this.public_id, True),
        (43, "next", "", False),
    ]
    assert coming.public_id not in repr(lines(world))


def test_a_line_has_the_norwegian_title_and_a_sentence_in_the_parents_language(world: World) -> None:
    world.lesson()
    world.translate(world.friends, "p1")
    [line] = lines(world)
    assert line.sentence is not None
    assert (line.year, line.title, line.sentence.lang) == (2026, "Vennskap", "so")
    assert line.sentence.html == "<p>SO Denne uka er temaet vennskap, for alle trenger noen.</p>\n"


def test_a_cancelled_lesson_is_said_to_be_and_the_next_theme_is_one_that_will_be(world: World) -> None:
    world.lesson(state=CANCELLED)
    world.lesson(day=MONDAY + WEEK, state=CANCELLED)
    world.lesson(world.teamwork, MONDAY + 2 * WEEK)
    assert [(line.week, line.title, line.is_cancelled) for line in lines(world)] == [(42, "Vennskap", True), (44, "Samarbeid", False)]


def test_a_lesson_there_was_no_time_to_finish_is_said_to_go_on(world: World) -> None:
    world.lesson(day=MONDAY - WEEK, state=CONTINUED)
    world.lesson()
    assert [line.is_continued for line in lines(world)] == [True, False]


def why(world: World) -> str:
    return why_empty(world.db, world.school_class, lines(world), TODAY)


def test_before_the_first_lesson_after_the_last_and_in_between_parents_are_told_why_the_week_is_empty(world: World) -> None:
    assert why(world) == NOT_BEGUN
    coming = world.lesson(day=MONDAY + WEEK)
    assert why(world) == NOT_BEGUN
    world.lesson(day=MONDAY - WEEK)
    assert why(world) == NO_LESSON
    add_closed_days(world.db, world.district, None, MONDAY, MONDAY + timedelta(4), "Høstferie", today=MONDAY - WEEK)
    assert why(world) == NO_SCHOOL
    coming.state = CANCELLED
    world.db.flush()
    assert why(world) == OVER


def test_a_week_with_a_lesson_or_one_that_was_moved_away_is_not_empty(world: World) -> None:
    cancelled = world.lesson(state=CANCELLED)
    assert why(world) == ""
    cancelled.series.lessons.remove(cancelled)
    world.db.delete(cancelled)
    move(world, world.lesson(day=MONDAY + WEEK), MONDAY)
    assert why(world) == ""


def move(world: World, lesson: Lesson, before: date, at: datetime = NOW) -> None:
    """Say that a lesson stood on another date."""
    world.db.add(Move(district_id=world.district.id, lesson_id=lesson.id, old_date=before, new_date=lesson.date, at=at))
    world.db.flush()
    world.db.expire(lesson, ["moves"])


def test_a_lesson_moved_to_another_week_is_said_to_be_and_to_another_day_is_not(world: World) -> None:
    move(world, world.lesson(), MONDAY + timedelta(days=2))
    move(world, world.lesson(day=MONDAY - WEEK), MONDAY - 2 * WEEK)
    assert [(line.week, line.moved_from) for line in lines(world)] == [(41, 40), (42, None)]


def test_parents_are_not_told_of_a_move_long_before_they_could_know_of_the_week(world: World) -> None:
    lesson = world.lesson()
    move(world, lesson, MONDAY - WEEK, at=datetime(2026, 9, 27, 12, tzinfo=UTC))
    assert [line.moved_from for line in lines(world)] == [None]
    move(world, lesson, MONDAY - 2 * WEEK, at=datetime(2026, 9, 21, 12, tzinfo=UTC))
    assert [line.moved_from for line in lines(world)] == [40]


def test_a_theme_moved_from_this_week_says_so_in_this_week_and_comes_next(world: World) -> None:
    move(world, world.lesson(day=MONDAY + 2 * WEEK), MONDAY)
    assert [(line.week, line.state, line.lesson, line.moved_to, line.moved_from, line.is_this_week) for line in lines(world)] == [
        (42, AWAY, "", 44, None, True),
        (44, NEXT, "", None, 42, False),
    ]


def halves(world: World) -> tuple[Series, Series]:
    """The class is split in two, each half with a series of its own."""
    first, second = world.group("5A1", "half"), world.group("5A2", "half")
    for one in (first, second):
        one.school_class.taken_from = [world.school_class]
    world.db.flush()
    return first, second


def test_parents_of_a_class_in_halves_see_each_theme_once(world: World) -> None:
    first, second = halves(world)
    monday, tuesday = MONDAY - WEEK, MONDAY - WEEK + timedelta(days=1)
    early, late = world.lesson(day=monday, series=first), world.lesson(day=tuesday, series=second)
    world.lesson(world.teamwork, series=first)
    world.lesson(world.teamwork, MONDAY + WEEK, series=second)
    assert [(line.week, line.title, line.lesson) for line in lines(world)][:1] == [(41, "Vennskap", early.public_id)]
    assert [(line.week, line.state) for line in lines(world)] == [(41, PAST), (42, THIS_WEEK), (43, NEXT)]
    for one in (early, late):
        assert find_lesson(world.db, world.school_class, one.public_id, TODAY) is early


def test_for_parents_it_was_held_if_a_half_held_it_and_cancelled_only_if_both_are(world: World) -> None:
    first, second = halves(world)
    early, late = world.lesson(day=TODAY, series=first, state=CANCELLED), world.lesson(day=TODAY + timedelta(days=1), series=second)
    assert [(line.is_cancelled, line.lesson) for line in lines(world)] == [(False, late.public_id)]
    early.state, late.state = PLANNED, HELD
    world.db.flush()
    assert find_lesson(world.db, world.school_class, early.public_id, TODAY) is late
    early.state = late.state = CANCELLED
    world.db.flush()
    assert [(line.is_cancelled, line.lesson) for line in lines(world)] == [(True, early.public_id)]


def test_a_theme_one_half_has_this_week_is_not_said_to_be_moved_away(world: World) -> None:
    first, second = halves(world)
    world.lesson(series=first)
    move(world, world.lesson(day=MONDAY + WEEK, series=second), MONDAY)
    assert [(line.week, line.state) for line in lines(world)] == [(42, THIS_WEEK), (43, NEXT)]


def test_what_is_so_of_one_half_alone_is_said_with_its_name(world: World) -> None:
    first, second = halves(world)
    early, late = world.lesson(series=first, state=CANCELLED), world.lesson(day=MONDAY + timedelta(days=1), series=second)
    assert [(line.is_cancelled, line.cancelled_half) for line in lines(world)] == [(False, "5A1")]
    assert half_news(world.db, world.school_class, late, TODAY) == HalfNews(cancelled="5A1")
    late.state = CANCELLED
    world.db.flush()
    assert [(line.is_cancelled, line.cancelled_half) for line in lines(world)] == [(True, "")]
    early.state = late.state = PLANNED
    move(world, late, MONDAY - WEEK)
    assert [(line.moved_from, line.moved_half) for line in lines(world)] == [(41, "5A2")]
    assert half_news(world.db, world.school_class, early, TODAY) == HalfNews(moved="5A2")
    move(world, early, MONDAY - WEEK)
    assert [(line.moved_from, line.moved_half) for line in lines(world)] == [(41, "")]
    assert half_news(world.db, world.school_class, world.lesson(world.teamwork), TODAY) == HalfNews()


def test_of_a_theme_that_one_half_has_later_this_week_says_so(world: World) -> None:
    first, second = halves(world)
    world.lesson(series=first)
    move(world, world.lesson(day=MONDAY + WEEK, series=second), MONDAY)
    assert [(line.state, line.moved_to, line.moved_half) for line in lines(world)] == [(THIS_WEEK, 43, "5A2"), (NEXT, None, "5A2")]


def test_a_small_group_taken_from_the_class_is_not_in_its_weeks(world: World) -> None:
    small = world.group("Ugleredet", "small")
    small.school_class.taken_from = [world.school_class]
    lesson = world.lesson(series=small)
    assert lines(world) == []
    with pytest.raises(LookupError):
        find_lesson(world.db, world.school_class, lesson.public_id, TODAY)


def test_lessons_of_other_classes_and_of_series_being_planned_are_not_listed(world: World) -> None:
    world.lesson(series=world.group("5B"))
    world.lesson(series=world.group("Ugleredet", "small"))
    world.series.in_use = False
    world.lesson()
    assert lines(world) == []


def test_thirty_lessons_take_as_many_queries_as_one(world: World) -> None:
    world.translate_all()
    world.lesson(day=MONDAY - WEEK)
    with counted(world.db) as for_one:
        lines(world)
    first, second = halves(world)
    for number in range(2, 32):
        world.lesson(world.friends if number % 2 else world.teamwork, MONDAY - number * WEEK, series=first)
        world.lesson(world.friends if number % 2 else world.teamwork, MONDAY - number * WEEK, series=second)
        world.lesson(world.friends if number % 2 else world.teamwork, MONDAY - number * WEEK)
    with counted(world.db) as for_many:
        assert len(lines(world)) == 31
    assert len(for_many) == len(for_one)
