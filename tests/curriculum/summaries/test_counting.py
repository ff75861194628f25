"""How far a language has come."""

from curriculum.ideabank import Document
from curriculum.summaries import Numbers, numbers
from tests.curriculum.summaries.world import NOW, TODAY, World, counted


def count(world: World, document: Document | None = None) -> Numbers:
    return numbers(world.db, world.district, "so", TODAY, document)


def test_a_language_nobody_has_begun_is_all_missing(world: World) -> None:
    of_friends = count(world, world.friends)
    assert of_friends == Numbers(missing=8)
    assert count(world).missing == count(world).total == 8 + 8 + 9 + 8


def test_each_sentence_is_counted_once_and_stale_takes_precedence(world: World) -> None:
    world.translate(world.friends, "p1", state="checked")
    world.translate(world.friends, "p2", "p3")
    world.translate(world.friends, "p4", state="draft", origin="machine")
    world.publish(world.friends, "Vi satt i ring.", "Vi satt i en stor ring.")
    assert count(world, world.friends) == Numbers(checked=1, translated=1, draft=1, stale=1, missing=4)


def test_a_withdrawn_translation_is_stale_and_a_typo_is_not(world: World) -> None:
    world.translate(world.friends, "p1", "p2")
    world.publish(world.friends, "god venn?", "ekte venn?", p2="critical")
    world.publish(world.friends, "temaet vennskap", "temaet  vennskap:", p1="typo")
    assert count(world, world.friends) == Numbers(translated=1, stale=1, missing=6)


def test_a_translation_of_a_sentence_that_was_taken_out_and_written_anew_is_missing(world: World) -> None:
    world.translate(world.friends, "p6")
    world.publish(world.friends, "- Hvem var du sammen med i dag? {#p6}", "- Hva lærte du? {#p9}")
    world.publish(world.friends, "- Hva lærte du? {#p9}", "- Noe helt annet? {#p6}")
    assert count(world, world.friends) == Numbers(missing=8)


def test_retired_documents_are_not_counted(world: World) -> None:
    world.teamwork.retired_at = NOW
    assert count(world).total == 8 + 9 + 8


def test_the_numbers_take_four_queries(world: World) -> None:
    world.translate_all()
    world.db.refresh(world.district)
    district = world.district.id
    with counted(world.db) as sent:
        assert count(world) == Numbers(translated=33)
    assert len([one for one in sent if "FROM district " not in one and district]) == 4
