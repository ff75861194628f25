"""Which translations a new version makes out of date."""

from __future__ import annotations

from curriculum.summaries import translated_today
from tests.curriculum.summaries.world import TODAY, World, counted


def test_each_language_counts_the_sentences_it_says_as_they_stand_today(world: World) -> None:
    world.translate(world.friends, "p1", "p2")
    assert translated_today(world.db, world.friends, ["p1", "p2", "p3"], TODAY) == {"so": 2}
    assert translated_today(world.db, world.friends, ["p2"], TODAY) == {"so": 1}


def test_a_translation_that_is_out_of_date_already_is_not_counted(world: World) -> None:
    world.translate(world.friends, "p1", "p2")
    world.publish(world.friends, "god venn?", "ekte venn?", p2="meaning")
    assert translated_today(world.db, world.friends, ["p1", "p2"], TODAY) == {"so": 1}


def test_a_text_that_is_not_in_effect_yet_has_none(world: World) -> None:
    assert translated_today(world.db, world.friends, ["p1"], TODAY.replace(year=2000)) == {}


def test_four_queries_answer_for_any_number_of_languages(world: World) -> None:
    for tag in ("so", "ur", "ar"):
        world.translate(world.friends, "p1", "p2", tag=tag)
    friends = world.friends
    with counted(world.db) as queries:
        assert friends.id
        queries.clear()
        translated_today(world.db, friends, ["p1", "p2"], TODAY)
    assert len(queries) == 4
