"""A class's weeks as its parents see them."""

from datetime import timedelta

from curriculum.planning import CANCELLED, Move
from curriculum.summaries import WeekLine, weeks_for
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


def test_a_lesson_moved_to_another_week_is_said_to_be_and_to_another_day_is_not(world: World) -> None:
    for day, before in ((MONDAY, MONDAY - WEEK), (MONDAY - 2 * WEEK, MONDAY - 2 * WEEK + timedelta(days=3))):
        lesson = world.lesson(day=day)
        world.db.add(Move(district_id=world.district.id, lesson_id=lesson.id, old_date=before, new_date=day, at=NOW))
    world.db.flush()
    world.db.expire_all()
    assert [line.is_moved for line in lines(world)] == [False, True]


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
    for number in range(2, 32):
        world.lesson(world.friends if number % 2 else world.teamwork, MONDAY - number * WEEK)
    with counted(world.db) as for_many:
        assert len(lines(world)) == 31
    assert len(for_many) == len(for_one)
