"""Storing translations."""

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from curriculum.base import Refused
from curriculum.summaries import Translation, add_translation, newest_translation
from tests.curriculum.summaries.world import NOW, World


def store(world: World, text: str = "Maxaa saaxiib wanaagsan sameeyaa?", **how: Any) -> Translation | None:
    [segment] = world.segments(world.friends, how.get("segment_uid", "p2"))
    given = {
        "segment_uid": "p2",
        "language": "so",
        "source_text": segment.text,
        "source_hash": segment.hash,
        "state": "draft",
        "origin": "machine",
        "now": NOW,
    }
    return add_translation(world.db, document=world.friends, text=text, **{**given, **how})


def test_a_translation_keeps_a_copy_of_the_source_it_was_made_from(world: World) -> None:
    made = store(world)
    assert made is not None
    assert (made.source_text, made.state, made.origin, made.translator) == ("Hva gjør en god venn?", "draft", "machine", None)
    assert made.scope.language == "so"


def test_storing_the_same_again_stores_nothing(world: World) -> None:
    first = store(world)
    assert store(world, "  Maxaa saaxiib wanaagsan sameeyaa?\n") is None
    assert newest_translation(world.db, world.friends, "p2", "so") == first


@pytest.mark.parametrize("change", [{"text": "Other"}, {"source_hash": "0" * 16}, {"origin": "machine:x"}])
def test_whatever_is_not_the_same_is_stored_beside_the_earlier(world: World, change: dict[str, str]) -> None:
    store(world)
    assert store(world, **change) is not None
    assert world.db.scalar(select(func.count()).select_from(Translation)) == 2


def test_a_translation_is_never_changed(world: World, db: Session) -> None:
    made = store(world)
    assert made is not None
    made.text = "other"
    with pytest.raises(DBAPIError, match="never change"):
        db.flush()


def test_checking_keeps_the_translators_name(world: World) -> None:
    store(world, state="translated", origin="human", by=world.agent)
    checked = store(world, state="checked", origin="human", by=world.agent)
    assert checked is not None
    assert (checked.translator, checked.checker_id) == (world.agent, world.agent.id)


def test_a_text_checked_at_once_has_no_translator(world: World) -> None:
    checked = store(world, state="checked", origin="human", by=world.agent)
    assert checked is not None
    assert checked.translator is None


@pytest.mark.parametrize(
    ("how", "at", "words"),
    [
        ({"language": "xx"}, "language", "“xx” is not a language we know."),
        ({"language": "nb"}, "language", "The texts are written in this language. It needs no translation."),
        ({"state": "done"}, "state", "“done” is not a state of a translation. Write draft, translated or checked."),
        ({"origin": "magic"}, "origin", "“magic” is not an origin of a translation."),
        ({"state": "checked", "origin": "human"}, "state", "A checked translation needs the name of the person who checked it."),
        ({"state": "translated"}, "state", "A machine's text is a draft until a person has finished it."),
        ({"text": " \n"}, "text", "The translation is empty."),
        ({"text": "Ring 22 33 44 55"}, "text", None),
        ({"text": "Maxaa <1>saaxiib</1>?"}, "text", "<1>…</1> is not in the source text."),
        ({"segment_uid": "p5", "text": "Akhri"}, "text", "The translation lacks <1>…</1>."),
    ],
)
def test_what_cannot_be_a_translation_is_refused_in_words_at_its_field(
    world: World, how: dict[str, str], at: str, words: str | None
) -> None:
    with pytest.raises(Refused) as refused:
        store(world, **how)
    assert refused.value.at == at
    assert words is None or str(refused.value) == words


def test_a_persons_translation_from_a_file_needs_no_account_here(world: World) -> None:
    assert store(world, state="translated", origin="human") is not None
