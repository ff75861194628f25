"""What is new to those who teach a class since last week."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from curriculum.delivery import Changed, Since, new_since_last_week
from curriculum.planning import ADDED, CANCELLED, HELD, MOVED, PLANNED, RESTORED, Lesson, Move, PlanChange, Series
from tests.curriculum.summaries.world import MONDAY, TODAY, World, counted

WEEK = timedelta(weeks=1)
LAST_MONDAY = datetime(2026, 10, 4, 22, 0, tzinfo=UTC)
"""Midnight in Oslo at the beginning of last week."""

THURSDAY = MONDAY + timedelta(days=3)


def new(world: World) -> Since:
    return new_since_last_week(world.db, [world.school_class], TODAY)


def tell(
    world: World, lesson: Lesson, kind: str, before: date, why: str = "", at: datetime = LAST_MONDAY, start: time | None = None
) -> None:
    """Add a line to the history of a lesson, which stands where it stands now."""
    to = {"new_date": lesson.date, "new_start": lesson.start}
    world.db.add(
        Move(district_id=world.district.id, lesson_id=lesson.id, kind=kind, old_date=before, old_start=start, why=why, at=at, **to)
    )
    world.db.flush()
    world.db.expire(lesson, ["moves"])


def test_a_lesson_that_was_moved_says_from_where_to_where_and_why(world: World) -> None:
    lesson = world.lesson(day=THURSDAY)
    tell(world, lesson, MOVED, MONDAY, "Skolen er på tur", start=time(8, 30))
    assert new(world).lessons == (
        Changed(lesson.public_id, "5A", "Vennskap", MOVED, MONDAY, time(8, 30), THURSDAY, time(9), "Skolen er på tur"),
    )


def test_a_lesson_cancelled_or_to_be_held_after_all_is_new(world: World) -> None:
    gone, back = world.lesson(state=CANCELLED), world.lesson(world.teamwork, THURSDAY)
    tell(world, gone, CANCELLED, MONDAY)
    tell(world, back, RESTORED, THURSDAY)
    assert [(one.title, one.kind) for one in new(world).lessons] == [("Vennskap", CANCELLED), ("Samarbeid", RESTORED)]


def test_of_several_changes_only_what_came_of_them_is_told(world: World) -> None:
    lesson, other = world.lesson(day=THURSDAY), world.lesson(world.teamwork, MONDAY + WEEK)
    for before in (MONDAY, MONDAY + timedelta(days=1)):
        tell(world, lesson, MOVED, before)
    for kind in (CANCELLED, RESTORED):
        tell(world, other, kind, MONDAY + WEEK)
    assert [(one.kind, one.old_date, one.date) for one in new(world).lessons] == [(MOVED, MONDAY, THURSDAY)]


def test_what_was_done_before_last_week_or_to_weeks_gone_by_is_not_new(world: World) -> None:
    tell(world, world.lesson(day=THURSDAY), MOVED, MONDAY, at=LAST_MONDAY - timedelta(seconds=1))
    tell(world, world.lesson(world.teamwork, MONDAY - WEEK), MOVED, MONDAY - 2 * WEEK)
    cancelled_long_ago = world.lesson(world.teamwork, MONDAY + WEEK, state=CANCELLED)
    tell(world, cancelled_long_ago, CANCELLED, MONDAY + WEEK, at=LAST_MONDAY - WEEK)
    tell(world, cancelled_long_ago, MOVED, MONDAY)
    assert not new(world).is_any


def test_a_lesson_moved_out_of_this_week_is_new_though_it_has_passed_or_is_far_away(world: World) -> None:
    tell(world, world.lesson(day=MONDAY + 5 * WEEK), MOVED, MONDAY)
    tell(world, world.lesson(world.teamwork, MONDAY - WEEK), MOVED, THURSDAY)
    assert [(one.old_date, one.date) for one in new(world).lessons] == [(THURSDAY, MONDAY - WEEK), (MONDAY, MONDAY + 5 * WEEK)]


def test_a_new_version_of_this_weeks_or_next_weeks_theme_is_new_until_the_lesson_is_held(world: World) -> None:
    lesson = world.lesson(day=MONDAY + WEEK)
    assert new(world).versions == ()
    version = world.publish(world.friends, "Les kortene.", "Les alle kortene.")
    world.publish(world.teamwork, "Samarbeid", "Samarbeid nå")
    assert [(one.id, one.number) for one in new(world).versions] == [(version.id, version.number)]
    lesson.state = HELD
    world.db.flush()
    assert not new(world).is_any


def test_a_class_reads_of_its_halves_and_never_of_others_or_of_plans(world: World) -> None:
    half, small, other = world.group("5A1", "half"), world.group("Ugleredet", "small"), world.group("5B")
    for one in (half, small):
        one.school_class.taken_from = [world.school_class]
    for series in (half, small, other):
        tell(world, world.lesson(series=series), CANCELLED, MONDAY)
    tell(world, world.lesson(day=THURSDAY, series=half), MOVED, MONDAY)
    joint = world.lesson(day=THURSDAY)
    joint.classes.append(small.school_class)
    tell(world, joint, MOVED, MONDAY)
    assert [one.class_names for one in new(world).lessons] == ["5A", "5A1"]
    half.in_use = world.series.in_use = False
    world.db.flush()
    assert not new(world).is_any
    assert world.lesson(series=other).state == PLANNED


def test_many_lessons_take_as_many_queries_as_one(world: World) -> None:
    made: list[Series] = [world.series]
    tell(world, world.lesson(day=THURSDAY), MOVED, MONDAY)
    counts = []
    for more in (0, 6):
        made += [world.group(f"6{number}") for number in range(more)]
        for series in made[1:]:
            tell(world, world.lesson(world.teamwork, THURSDAY, series=series), MOVED, MONDAY)
        classes = [series.school_class for series in made]
        with counted(world.db) as sent:
            for one in classes:
                world.db.refresh(one)
            del sent[:]
            assert len(new_since_last_week(world.db, classes, TODAY).lessons) == len(classes)
        counts.append(len(sent))
    assert counts[0] == counts[1]


def add(world: World, lesson: Lesson) -> PlanChange:
    """Put on record that a lesson was added to its series last Monday."""
    item: dict[str, object] = {"lesson": lesson.public_id, "before": None, "after": {}}
    change = PlanChange(district_id=world.district.id, kind=ADDED, lessons=[item], at=LAST_MONDAY, series=[lesson.series])
    world.db.add(change)
    world.db.flush()
    return change


def test_a_lesson_added_to_the_series_is_new_until_that_is_taken_back(world: World) -> None:
    lesson, past, gone = world.lesson(day=THURSDAY), world.lesson(world.teamwork, MONDAY - WEEK), world.lesson(state=CANCELLED)
    for one in (past, gone):
        add(world, one)
    change = add(world, lesson)
    tell(world, lesson, MOVED, MONDAY)
    assert [(one.lesson, one.kind, one.date, one.why) for one in new(world).lessons] == [(lesson.public_id, ADDED, THURSDAY, "")]
    change.undone_at = LAST_MONDAY
    world.db.flush()
    assert [one.kind for one in new(world).lessons] == [MOVED]


def test_what_became_of_one_halfs_lesson_alone_is_marked_so(world: World) -> None:
    half = world.group("5A1", "half")
    half.school_class.taken_from = [world.school_class]
    for series in (half, world.series):
        tell(world, world.lesson(series=series, state=CANCELLED), CANCELLED, MONDAY)
    assert sorted((one.class_names, one.is_of_half) for one in new(world).lessons) == [("5A", False), ("5A1", True)]
