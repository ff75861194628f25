"""What a held lesson keeps for ever: the texts of its day, source and translations, never HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from curriculum.ideabank import VOCABULARY, DocumentVersion
from curriculum.people import District
from curriculum.planning import Lesson
from curriculum.summaries.bank import Published, published
from curriculum.summaries.choosing import Offer
from curriculum.summaries.desk import shelf_of
from curriculum.summaries.holding import version_shown
from curriculum.summaries.parts import term_blocks, theme_of, words_of
from curriculum.summaries.sections import segments_of
from curriculum.text import Segment


@dataclass(frozen=True)
class _Said:
    """What a document says to parents in a lesson, and which of it needs a human's translation."""

    version: DocumentVersion
    segments: Sequence[Segment]
    human: frozenset[str]


def version_held(db: Session, lesson: Lesson, today: date) -> DocumentVersion:
    """The version of its theme that a lesson is held from: its own, else the newest in effect on its day."""
    lines = published(db, lesson.district_id, today).lines
    return db.get_one(DocumentVersion, version_shown(lesson, lines, True, today))


def texts_of_day(db: Session, lesson: Lesson, version: DocumentVersion, today: date) -> dict[str, Any]:
    """`source`: what this version of the theme and its words say to parents; `translations`: what of it they may read in each open
    language today, by place ("document uid"), with its state and origin."""
    bank, district = published(db, lesson.district_id, today), lesson.series.district
    said = [_theme(version), *_words(db, bank, version)]
    return {
        "source": [_source(of.version, segment) for of in said for segment in of.segments],
        "translations": {tag: _translations(db, bank, district, tag, said) for tag in _languages(district)},
    }


def _theme(version: DocumentVersion) -> _Said:
    theme = theme_of(version)
    human = frozenset(block.uid for key in theme.sensitive for block in theme.parents[key])
    return _Said(version, segments_of(theme.blocks()), human)


def _words(db: Session, bank: Published, theme: DocumentVersion) -> list[_Said]:
    vocabulary = bank.one_of(VOCABULARY)
    return [_named(db.get_one(DocumentVersion, vocabulary.id), theme_of(theme).terms)] if vocabulary else []


def _named(version: DocumentVersion, keys: Sequence[str]) -> _Said:
    named = [term for term in words_of(version).terms if term.key in keys]
    human = frozenset(block.uid for term in named if term.is_sensitive for block in term_blocks(term))
    return _Said(version, segments_of(tuple(block for term in named for block in term_blocks(term))), human)


def _languages(district: District) -> list[str]:
    return [tag for tag in district.open_languages if tag != district.source_language]


def _source(version: DocumentVersion, segment: Segment) -> dict[str, Any]:
    return {
        "document": version.document.key,
        "version": version.number,
        "uid": segment.uid,
        "section": segment.section,
        "kind": segment.kind,
        "text": segment.text,
        "hash": segment.hash,
        "step": segment.step,
    }


def _translations(db: Session, bank: Published, district: District, tag: str, said: Sequence[_Said]) -> dict[str, dict[str, str]]:
    shelf = shelf_of(db, district, bank, tag, [of.version.document_id for of in said])
    kept: dict[str, dict[str, str]] = {}
    for of in said:
        for segment in of.segments:
            if choice := shelf.choice(of.version.document_id, segment, needs_human=segment.uid in of.human):
                kept[f"{of.version.document.key} {segment.uid}"] = _kept(choice.offer)
    return kept


def _kept(offer: Offer) -> dict[str, str]:
    return {"text": offer.text, "state": offer.state, "origin": offer.origin, "source_hash": offer.source_hash}
