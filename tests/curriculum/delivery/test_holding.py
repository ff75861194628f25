"""Saying that a lesson was held."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from curriculum import delivery
from curriculum.base import Refused
from curriculum.planning import CANCELLED, CONTINUED, HELD, Lesson
from tests.curriculum.summaries.world import MONDAY, NOW, TODAY, World


def hold(world: World, lesson: Lesson, **how: object) -> dict[str, object]:
    delivery.hold(world.db, lesson, **{"by": world.agent, "now": NOW, **how})  # type: ignore[arg-type]
    assert lesson.held_record is not None
    return lesson.held_record


def test_a_held_lesson_keeps_its_version_and_the_texts_of_its_day(world: World) -> None:
    world.translate(world.friends, "p2", words={"p2": "Maxaa?"})
    lesson = world.lesson(day=TODAY)
    record = hold(world, lesson)
    assert (lesson.state, lesson.pinned_version) == (HELD, world.friends.versions[0])
    assert (record["document"], record["version"], record["by"], record["at"]) == ("vennskap", 1, world.agent.public_id, NOW.isoformat())
    source = {f"{one['document']} {one['uid']}": one["text"] for one in record["source"]}  # type: ignore[attr-defined]
    assert source["vennskap p2"] == "Hva gjør en god venn?"
    assert source["vocabulary trist.word"] == "trist"
    [[place, kept]] = record["translations"]["so"].items()  # type: ignore[index]
    assert (place, kept["text"], kept["state"], kept["origin"]) == ("vennskap p2", "Maxaa?", "translated", "human")
    assert record["translations"].keys() == {"so", "ur"}  # type: ignore[attr-defined]


def test_the_record_is_the_same_byte_for_byte_whatever_happens_to_the_theme_later(world: World) -> None:
    world.translate_all()
    lesson = world.lesson(day=TODAY)
    hold(world, lesson)
    world.db.flush()
    world.db.refresh(lesson)
    before = json.dumps(lesson.held_record)
    world.publish(world.friends, "god venn?", "ekte venn?")
    world.publish(world.vocabulary, "Å høre etter.", "Å høre godt etter.")
    world.translate_all()
    world.db.refresh(lesson)
    assert json.dumps(lesson.held_record) == before
    assert world.part(lesson, "ask", "nb").html == "<p>Hva gjør en god venn?</p>\n"


def test_sensitive_texts_are_recorded_as_parents_read_them(world: World) -> None:
    world.district.parents_read = "draft"
    world.publish(world.friends, "sensitive = []", 'sensitive = ["hard"]')
    world.translate_all(state="draft", origin="machine")
    kept = hold(world, world.lesson(day=TODAY))["translations"]["so"]  # type: ignore[index]
    assert not {"vennskap p7", "vennskap p8", "vocabulary trist.word"} & set(kept)
    assert {"vennskap p1", "vocabulary venn.word"} <= set(kept)


def test_a_lesson_confirmed_late_has_the_version_of_its_own_day(world: World) -> None:
    lesson = world.lesson(day=MONDAY)
    world.publish(world.friends, "god venn?", "ekte venn?", on=TODAY)
    assert hold(world, lesson)["version"] == 1


def test_steps_are_skipped_as_said_or_as_the_time_leaves_out(world: World) -> None:
    assert hold(world, world.lesson())["skipped"] == []
    assert hold(world, world.lesson(minutes=45))["skipped"] == ["lek"]
    lesson = world.lesson(minutes=45)
    assert hold(world, lesson, skipped=["ring"])["skipped"] == ["ring"]
    assert world.part(lesson, "did", "nb").html == "<ul>\n<li>Vi lekte.</li>\n</ul>\n"


def test_what_was_not_finished_is_continued_next_time(world: World) -> None:
    lesson = world.lesson()
    assert hold(world, lesson, unfinished=["lek"])["unfinished"] == ["lek"]
    assert lesson.state == CONTINUED


def test_a_district_without_a_vocabulary_can_hold_lessons(world: World) -> None:
    world.vocabulary.retired_at = NOW
    record = hold(world, world.lesson())
    assert {one["document"] for one in record["source"]} == {"vennskap"}  # type: ignore[attr-defined]


def test_a_lesson_can_be_held_from_the_minute_it_begins(world: World) -> None:
    lesson = world.lesson(day=date(2026, 10, 14))  # nine in Oslo's summer is seven in UTC
    with pytest.raises(Refused, match="has not begun yet"):
        hold(world, lesson, now=datetime(2026, 10, 14, 6, 59, tzinfo=UTC))
    hold(world, lesson, now=datetime(2026, 10, 14, 7, tzinfo=UTC))


def test_a_record_is_made_once_and_never_of_a_cancelled_lesson(world: World) -> None:
    lesson = world.lesson()
    hold(world, lesson)
    with pytest.raises(Refused, match="recorded already"):
        hold(world, lesson, skipped=["ring"])
    with pytest.raises(Refused, match="was cancelled"):
        hold(world, world.lesson(day=MONDAY - timedelta(weeks=1), state=CANCELLED))


@pytest.mark.parametrize("how", ["skipped", "unfinished"])
def test_a_step_the_theme_does_not_have_is_refused(world: World, how: str) -> None:
    lesson = world.lesson()
    with pytest.raises(Refused, match="The theme has no step “hopp”"):
        hold(world, lesson, **{how: ["hopp"]})
    assert lesson.held_record is None


def ticks(world: World, lesson: Lesson) -> list[tuple[str, int, bool]]:
    return [(part.uid, part.minutes, part.is_meant) for part in delivery.parts_to_tick(world.db, lesson, TODAY)]


def test_the_parts_there_was_time_for_are_ticked_and_the_others_can_be(world: World) -> None:
    assert ticks(world, world.lesson(day=TODAY)) == [("ring", 40, True), ("lek", 15, True)]
    assert ticks(world, world.lesson(day=TODAY, minutes=45)) == [("ring", 40, True), ("lek", 15, False)]


def test_an_extra_lesson_holds_the_rest_alone_unless_something_else_is_said(world: World) -> None:
    first = world.lesson(day=MONDAY)
    hold(world, first, unfinished=["lek"])
    extra = world.lesson(day=TODAY, carried_from_id=first.id)
    assert ticks(world, extra) == [("ring", 40, False), ("lek", 15, True)]
    assert hold(world, extra)["skipped"] == ["ring"]
