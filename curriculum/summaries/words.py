"""The words that school and home share, by themselves: for paper, where only the word is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from sqlalchemy.orm import Session

from curriculum import text
from curriculum.ideabank import VOCABULARY, TermPart, VocabularyDocument
from curriculum.people import District
from curriculum.summaries.bank import published
from curriculum.summaries.desk import shelf_of
from curriculum.summaries.parts import term_blocks
from curriculum.summaries.sections import Shelf, word


@dataclass(frozen=True)
class SharedWords:
    """Some terms' words in one language, by the term's key: all of them or, where one may not be read yet, none (product rule 6).

    `is_machine`: a machine made some of them, and no person has read them yet.
    """

    by_key: Mapping[str, str]
    is_machine: bool = False


def words_in(db: Session, district: District, themes: Sequence[Sequence[str]], tag: str, today: date) -> list[SharedWords]:
    """For each list of terms' keys the words as parents may read them, unknown keys passed over; as few queries for many as for one."""
    bank = published(db, district.id, today)
    version = bank.one_of(VOCABULARY)
    if version is None:
        return [SharedWords({}) for _ in themes]
    vocabulary = cast(VocabularyDocument, bank.contents(db, [version])[version.id])
    every = {term.key: term for term in vocabulary.terms}
    shelf = shelf_of(db, district, bank, tag, [version.document])
    return [_words(shelf, version.document, [every[key] for key in keys if key in every]) for keys in themes]


def _words(shelf: Shelf, document: int, terms: Sequence[TermPart]) -> SharedWords:
    blocks = {term.key: term_blocks(term)[0] for term in terms}
    human = [blocks[term.key].uid for term in terms if term.is_sensitive]
    wording = word(shelf, document, list(blocks.values()), human)
    if wording.lang != shelf.tag:
        return SharedWords({})
    words = {key: text.plain(wording.translations.get(block.uid, block.markdown)) for key, block in blocks.items()}
    return SharedWords(words, any(choice.is_machine_draft for choice in wording.choices.values()))
