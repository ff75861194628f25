"""The translators' desk: what parents need first, and a text beside its translation."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from curriculum.planning import CANCELLED
from curriculum.summaries import Need, Numbers, needs, numbers, numbers_by_document, side_by_side, total, waiting_texts
from tests.curriculum.summaries.world import MONDAY, TODAY, World, counted


def test_texts_stand_in_the_order_that_parents_need_them(world: World) -> None:
    world.lesson(world.teamwork, MONDAY)
    world.lesson(world.friends, MONDAY + timedelta(weeks=2))
    texts = waiting_texts(world.db, world.district, "so", TODAY)
    assert [(one.title, one.is_always_read, one.need) for one in texts] == [
        ("Bydelens tekster", True, None),
        ("Ord vi bruker", True, None),
        ("Samarbeid", False, Need(MONDAY, 1)),
        ("Vennskap", False, Need(MONDAY + timedelta(weeks=2), 1)),
    ]


def test_what_no_class_has_ahead_comes_last(world: World) -> None:
    world.lesson(world.teamwork, MONDAY - timedelta(days=1))
    world.lesson(world.friends, TODAY)
    assert [one.title for one in waiting_texts(world.db, world.district, "so", TODAY)][-2:] == ["Vennskap", "Samarbeid"]


def test_only_open_classes_with_a_series_in_use_need_anything(world: World) -> None:
    assert needs(world.db, world.district, TODAY) == {}
    world.lesson(world.friends, TODAY, series=world.group("Bjørka", "small"))
    world.lesson(world.friends, TODAY, series=world.group("5C", in_use=False))
    world.lesson(world.friends, TODAY, state=CANCELLED)
    thrown = world.group("5D")
    thrown.thrown_away_at = world.vocabulary.versions[0].created_at
    world.lesson(world.friends, TODAY, series=thrown)
    assert needs(world.db, world.district, TODAY) == {}
    world.lesson(world.friends, TODAY + timedelta(days=7), series=world.group("5E"))
    world.lesson(world.friends, TODAY + timedelta(days=1), series=world.group("5F gruppe 1", "half"))
    assert needs(world.db, world.district, TODAY) == {world.friends.id: Need(TODAY + timedelta(days=1), 2)}


def test_each_text_has_its_five_numbers_and_together_they_are_the_languages(world: World) -> None:
    world.translate(world.friends, "p1", "p2")
    by_document = numbers_by_document(world.db, world.district, ["so", "ur"], TODAY)
    assert by_document["so"][world.friends.id] == Numbers(translated=2, missing=6)
    assert by_document["ur"][world.friends.id] == Numbers(missing=8)
    assert total(by_document["so"].values()) == numbers(world.db, world.district, "so", TODAY)


def test_a_text_that_takes_effect_later_is_not_on_the_desk_yet(world: World) -> None:
    early = date(2020, 1, 1)
    assert waiting_texts(world.db, world.district, "so", early) == []
    with pytest.raises(LookupError):
        side_by_side(world.db, world.friends, "so", early)


def test_a_text_stands_beside_its_translation_with_what_has_changed(world: World) -> None:
    world.translate(world.friends, "p1", state="checked", words={"p1": "Toddobaadkan."})
    world.translate(world.friends, "p2", words={"p2": "Maxaa?"})
    world.translate(world.friends, "p2", words={"p2": "Waa maxay?"})
    world.publish(world.friends, "god venn?", "ekte venn?")
    version, lines = side_by_side(world.db, world.friends, "so", TODAY)
    assert version.number == 2
    by_uid = {line.uid: line for line in lines}
    assert [line.uid for line in lines] == [f"p{number}" for number in range(1, 9)]
    assert (by_uid["p1"].state, by_uid["p1"].translation, by_uid["p1"].changes) == ("checked", "Toddobaadkan.", ())
    assert (by_uid["p2"].state, by_uid["p2"].translation) == ("stale", "Waa maxay?")
    assert [(one.kind, one.text) for one in by_uid["p2"].changes if one.kind != "same"] == [("removed", "god"), ("added", "ekte")]
    assert (by_uid["p3"].state, by_uid["p3"].translation, by_uid["p3"].section) == ("missing", "", "did")


def test_a_list_of_texts_takes_five_queries(world: World) -> None:
    world.translate_all()
    world.lesson()
    with counted(world.db) as sent:
        world.db.refresh(world.district)
        del sent[:]
        assert len(waiting_texts(world.db, world.district, "so", TODAY)) == 4
    assert len(sent) == 5
