"""The week as a teacher sees it."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy.orm import Session

from curriculum.base import reading_only
from curriculum.delivery import LessonPage, plan_for_screen, week
from curriculum.people import SchoolClass
from curriculum.planning import CANCELLED
from tests.curriculum.summaries.world import MONDAY, TODAY, World, counted


def only(world: World, today: date = TODAY) -> LessonPage:
    """The one lesson of class 5A in week 42."""
    [page] = week(world.db, [world.school_class], 2026, 42, today)
    [lesson] = page.lessons
    return lesson


def test_a_teacher_sees_the_theme_her_part_in_it_and_what_to_do_before_and_after(world: World) -> None:
    world.lesson()
    page = only(world)
    assert (page.title, page.aim) == ("Vennskap", "I dag øver vi på å være en god venn.")
    assert page.purpose == "<p>I dag øver vi på å være en god venn. Alle kan lære det.</p>\n"
    assert page.role == "<p>Du er <strong>med</strong>.</p>\n"
    assert (page.before, page.after, page.watch_out) == ("<p>Les kortene.</p>\n", "<p>Hva lærte vi?</p>\n", "<p>Noen er alene.</p>\n")
    assert [(card.word, card.say) for card in page.words][1] == ("lytte", "<p>«Jeg hører på deg.»</p>\n")


def test_a_teacher_sees_when_where_and_with_whom(world: World) -> None:
    world.lesson(minutes=45, room="Aulaen", presenter="police")
    page = only(world)
    assert (page.date, page.start, page.end, page.minutes) == (MONDAY, time(9), time(9, 45), 45)
    assert (page.room, page.presenter, page.staff, page.classes) == ("Aulaen", "police", ("Ada Berg",), ("5A",))


def test_a_room_nobody_has_settled_is_empty(world: World) -> None:
    world.lesson()
    assert only(world).room == ""


def test_a_teacher_sees_what_parents_read(world: World) -> None:
    lesson = world.lesson()
    page = only(world)
    assert page.summary == world.summary(lesson, "nb")
    assert (page.was_held, page.state, page.version, page.is_unread) == (True, "planned", 1, False)


def test_a_teacher_sees_the_version_that_is_in_effect(world: World) -> None:
    world.lesson(day=TODAY)
    world.publish(world.friends, "Les kortene.", "Les alle kortene.")
    page = only(world)
    assert (page.version, page.before) == (2, "<p>Les alle kortene.</p>\n")


def test_a_week_holds_the_lessons_of_each_class_in_time_order(world: World) -> None:
    other = world.group("5B")
    late = world.lesson(world.teamwork, MONDAY + timedelta(days=3))
    joint = world.lesson()
    joint.classes.append(other.school_class)
    world.lesson(day=MONDAY + timedelta(weeks=1))
    pages = week(world.db, [world.school_class, other.school_class], 2026, 42, TODAY)
    assert [[lesson.lesson for lesson in page.lessons] for page in pages] == [[joint.public_id, late.public_id], [joint.public_id]]
    assert [(page.school_class.name, page.year, page.number, page.monday, page.friday) for page in pages] == [
        ("5A", 2026, 42, MONDAY, MONDAY + timedelta(days=4)),
        ("5B", 2026, 42, MONDAY, MONDAY + timedelta(days=4)),
    ]


def test_one_who_is_no_longer_an_agent_is_not_named(world: World) -> None:
    world.lesson()
    world.agent.assignments[0].to_date = TODAY - timedelta(days=1)
    world.db.flush()
    assert only(world).staff == ()


def test_a_cancelled_lesson_stays_in_the_week_and_a_series_being_planned_is_not_in_it(world: World) -> None:
    world.lesson(state=CANCELLED)
    assert only(world).state == CANCELLED
    world.series.in_use = False
    world.db.flush()
    assert week(world.db, [world.school_class], 2026, 42, TODAY)[0].lessons == ()


def test_a_whole_class_has_its_halves_lessons_too_by_their_names_and_a_half_only_its_own(world: World) -> None:
    first, second, small = world.group("5A1", "half"), world.group("5A2", "half"), world.group("Ugleredet", "small")
    for one in (first, second, small):
        one.school_class.taken_from = [world.school_class]
        world.lesson(series=one)
    joint = world.lesson(day=TODAY)
    joint.classes.append(small.school_class)
    world.db.flush()
    whole, half, group = week(world.db, [world.school_class, first.school_class, small.school_class], 2026, 42, TODAY)
    assert [whole.name_of(lesson) for lesson in whole.lessons] == ["5A1", "5A2", "5A"]
    assert [half.name_of(lesson) for lesson in half.lessons] == ["5A1"]
    assert [whole.is_said_above(lesson) for lesson in whole.lessons] == [False, True, True]
    assert [group.name_of(lesson) for lesson in group.lessons] == ["Ugleredet", "Ugleredet"]
    assert "Ugleredet" not in repr(whole.lessons)


def test_a_week_the_year_does_not_have_is_an_error(world: World) -> None:
    with pytest.raises(ValueError, match="Invalid week"):
        week(world.db, [world.school_class], 2025, 53, TODAY)


def test_a_week_of_many_classes_takes_as_many_queries_as_of_one(world: World) -> None:
    classes = [world.school_class]
    world.lesson()
    for number in range(8):
        series = world.group(f"6{number}")
        world.lesson(world.friends if number % 2 else world.teamwork, series=series)
        classes.append(series.school_class)
    counts = []
    for some in (classes[:1], classes):
        with counted(world.db) as sent:
            for one in some:
                world.db.refresh(one)
            del sent[:]
            assert len(week(world.db, some, 2026, 42, TODAY)) == len(some)
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_the_screen_shows_every_step_when_they_fit_and_else_the_core(world: World) -> None:
    version = world.friends.versions[0]
    full, core, short = (plan_for_screen(version, minutes) for minutes in (60, 45, 30))
    assert [(step.uid, step.start, step.end, step.minutes) for step in full.steps] == [("ring", 0, 40, 40), ("lek", 40, 55, 15)]
    assert (full.is_full, full.spare) == (True, 5)
    assert ([step.uid for step in core.steps], core.is_full, core.spare) == (["ring"], False, 5)
    assert (short.is_full, short.spare) == (False, -10)


def test_the_screen_shows_what_to_do_what_to_say_and_how_with_a_small_group(world: World) -> None:
    [ring] = plan_for_screen(world.friends.versions[0], 45).steps
    assert (ring.title, ring.kind) == ("Ring", "intro")
    assert (ring.body, ring.say, ring.small) == ("<p>Alle står i ring.</p>\n", "<p>Velkommen!</p>\n", "<p>Sett dere.</p>\n")


def test_a_week_is_read_once_for_all_who_only_read_until_something_changes(world: World) -> None:
    lesson, number = world.lesson(), world.school_class.id
    world.db.commit()

    def read() -> LessonPage:
        with reading_only(), Session(world.db.get_bind()) as reader:
            return week(reader, [reader.get_one(SchoolClass, number)], 2026, 42, TODAY)[0].lessons[0]

    first = read()
    assert read() is first
    lesson.room = "Biblioteket"
    world.db.commit()
    assert (first.room, read().room) == ("", "Biblioteket")
