"""What is left of a lesson, and how the one that takes it up runs."""

from __future__ import annotations

from datetime import timedelta

from curriculum import delivery
from curriculum.delivery import Rest
from curriculum.summaries import theme_of
from tests.curriculum.summaries.world import MONDAY, NOW, TODAY, World


def continued(world: World) -> Rest:
    """The rest of a lesson of an hour that did not come to the game: 15 minutes."""
    lesson = world.lesson(day=MONDAY)
    delivery.hold(world.db, lesson, by=world.agent, now=NOW, unfinished=["lek"])
    rest = delivery.rest_of(lesson)
    assert rest is not None
    return rest


def test_what_is_left_is_told_in_the_version_that_was_held(world: World) -> None:
    lesson = world.lesson()
    assert delivery.rest_of(lesson) is None
    delivery.hold(world.db, lesson, by=world.agent, now=NOW, unfinished=["lek"])
    rest = delivery.rest_of(lesson)
    assert rest is not None
    assert (rest.lesson, rest.theme, rest.title, rest.minutes) == (lesson.public_id, "vennskap", "Vennskap", 15)
    assert [step.uid for step in rest.steps] == ["lek"]
    world.publish(world.friends, "god venn?", "ekte venn?")
    assert delivery.rest_of(lesson) == rest


def test_a_lesson_held_to_its_end_leaves_nothing(world: World) -> None:
    lesson = world.lesson()
    delivery.hold(world.db, lesson, by=world.agent, now=NOW)
    assert delivery.rest_of(lesson) is None


def test_the_parts_that_may_be_left_are_those_there_is_time_for(world: World) -> None:
    version = world.friends.versions[0]
    assert [step.uid for step in delivery.parts_left(version, 60)] == ["ring", "lek"]
    assert [step.uid for step in delivery.parts_left(version, 45)] == ["ring"]
    assert delivery.minutes_of(delivery.parts_left(version, 60), ["lek"]) == 15


def test_a_rest_comes_first_and_the_theme_gives_way_to_its_core(world: World) -> None:
    rest, theme = continued(world), theme_of(world.teamwork.versions[0])
    whole, core, short = (delivery.run_of(theme, minutes, rest) for minutes in (rest.minutes + theme.full_sum, theme.core_sum + 15, 20))
    assert whole.steps[0].step.uid == "lek" and (whole.is_full, whole.spare, whole.rest, whole.own) == (True, 0, 15, theme.full_sum)
    assert [(one.start, one.end) for one in whole.steps][:2] == [(0, 15), (15, 15 + whole.steps[1].step.minutes)]
    assert (core.own, core.spare) == (theme.core_sum, 0)
    assert short.spare == 20 - 15 - theme.core_sum


def test_an_extra_lesson_of_the_theme_has_the_rest_alone(world: World) -> None:
    rest = continued(world)
    run = delivery.run_of(theme_of(world.friends.versions[0]), 60, rest)
    assert ([one.step.uid for one in run.steps], run.own, run.spare, run.is_full) == (["lek"], 0, 45, True)


def test_without_a_rest_a_lesson_runs_as_it_always_did(world: World) -> None:
    theme = theme_of(world.friends.versions[0])
    assert delivery.run_of(theme, 60).steps == theme.full_run()
    assert delivery.run_of(theme, 45).steps == theme.core_run()


def test_each_lesson_that_takes_up_a_rest_has_it_and_no_other(world: World) -> None:
    held = world.lesson(day=MONDAY)
    delivery.hold(world.db, held, by=world.agent, now=NOW, unfinished=["lek"])
    lessons = [world.lesson(day=TODAY + timedelta(weeks=number)) for number in range(1, 4)]
    assert delivery.rests_taken_up(world.db, lessons) == {}
    lessons[0].carried_from = held
    world.db.flush()
    assert delivery.rests_taken_up(world.db, lessons) == {lessons[0].id: delivery.rest_of(held)}
    held.held_record = held.held_record and held.held_record | {"unfinished": []}
    world.db.flush()
    assert delivery.rests_taken_up(world.db, lessons) == {}


def test_a_rest_for_which_the_core_leaves_no_room_is_too_long(world: World) -> None:
    rest, theme = continued(world), theme_of(world.teamwork.versions[0])
    fits, short, none = (delivery.run_of(theme, theme.core_sum + more, rest) for more in (15, 10, -5))
    assert [(one.room, one.is_too_long) for one in (fits, short, none)] == [(15, False), (10, True), (0, True)]
    extra = delivery.run_of(theme_of(world.friends.versions[0]), 10, rest)
    assert (extra.room, extra.is_too_long) == (10, False)
    assert not delivery.run_of(theme, theme.core_sum - 5).is_too_long
