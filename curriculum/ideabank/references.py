"""What a document names outside itself: aims, words, themes and the district's texts must be there."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.base import N_, Refused
from curriculum.goals import Aim, Framework, Section
from curriculum.ideabank.documents import AnyDocument, DistrictTexts, OutlineDocument, ThemeDocument, VocabularyDocument
from curriculum.ideabank.fields import Where
from curriculum.ideabank.finding import newest, parsed
from curriculum.ideabank.models import DISTRICT_TEXTS, THEME, VOCABULARY, Document
from curriculum.ideabank.parsing import Reading
from curriculum.ideabank.problems import DocumentError


@dataclass(frozen=True)
class Known:
    """What may be named: codes of aims and core sections, and keys of words, themes and district texts.

    `ending` are the aims of plans whose last day is known, and those that Grep says are retired: known, but not proposed to anyone.
    """

    aims: frozenset[str] = frozenset()
    sections: frozenset[str] = frozenset()
    terms: frozenset[str] = frozenset()
    themes: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()
    ending: frozenset[str] = frozenset()

    def __or__(self, other: Known) -> Known:
        return Known(
            self.aims | other.aims,
            self.sections | other.sections,
            self.terms | other.terms,
            self.themes | other.themes,
            self.texts | other.texts,
            self.ending | other.ending,
        )

    def replaced_by(self, documents: Iterable[AnyDocument]) -> Known:
        """What is known once these documents are the newest: their vocabulary and texts stand instead of the old, their themes beside."""
        terms, themes, texts = self.terms, self.themes, self.texts
        for document in documents:
            match document:
                case VocabularyDocument():
                    terms = frozenset(term.key for term in document.terms)
                case DistrictTexts():
                    texts = frozenset(part.key for part in document.texts)
                case ThemeDocument():
                    themes |= {document.key}
                case _:
                    pass
        return replace(self, terms=terms, themes=themes, texts=texts)


def known_in_bank(db: Session, district_id: int) -> Known:
    """What a document of this district may name today."""
    documents = db.scalars(select(Document).where(Document.district_id == district_id, Document.versions.any())).all()
    aims = db.execute(select(Aim.code, Aim.is_withdrawn, Framework.valid_to).join(Aim.framework)).all()
    ending = frozenset(code for code, is_withdrawn, valid_to in aims if is_withdrawn or valid_to)
    goals = Known(frozenset(code for code, *_ in aims), frozenset(db.scalars(select(Section.code))), ending=ending)
    themes = frozenset(document.key for document in documents if document.kind == THEME)
    named = (newest(document) for document in documents if document.kind in (VOCABULARY, DISTRICT_TEXTS))
    return (goals | Known(themes=themes)).replaced_by(parsed(version) for version in named if version)


def unknown_references(reading: Reading, known: Known, path: str = "") -> list[DocumentError]:
    """A fault for everything a readable document names that is not there; none of them is grave."""
    match reading.document:
        case ThemeDocument() as theme:
            found = _of_theme(theme, known)
        case OutlineDocument() as outline:
            problem = N_("There is no theme “%(value)s”.")
            named = ((("places", index, "theme"), place.theme) for index, place in enumerate(outline.places))
            found = _missing(named, known.themes, known.themes, problem)
        case _:
            found = iter(())
    return [_error(reading, where, problem, value, choices, path) for where, problem, value, choices in found]


Missing = Iterator[tuple[Where, str, str, Collection[str]]]


def _of_theme(theme: ThemeDocument, known: Known) -> Missing:
    for index, aim in enumerate(theme.aims):
        where: Where = ("aims", index, "section" if aim.is_section else "code")
        problem = N_("There is no section “%(value)s” of the core curriculum.") if aim.is_section else N_("There is no aim “%(value)s”.")
        there, near = (known.sections, known.sections) if aim.is_section else (known.aims, known.aims - known.ending)
        yield from _missing([(where, aim.code)], there, near, problem)
    words, texts = ((("terms",), key) for key in theme.terms), ((("district_texts",), key) for key in theme.district_texts)
    yield from _missing(words, known.terms, known.terms, N_("There is no word “%(value)s” in the vocabulary."))
    yield from _missing(texts, known.texts, known.texts, N_("The district has no text “%(value)s”."))


def _missing(named: Iterable[tuple[Where, str]], there: Collection[str], choices: Collection[str], problem: str) -> Missing:
    return ((where, problem, value, choices) for where, value in named if value not in there)


def _error(reading: Reading, where: Where, problem: str, value: str, choices: Collection[str], path: str) -> DocumentError:
    near = difflib.get_close_matches(value, sorted(choices), n=3, cutoff=0.65)
    advice = N_("Did you mean %(near)s?") if near else N_("Check the spelling, or add it first.")
    line = reading.lines.get(where, 1)
    at = ".".join(str(part) for part in where)
    return DocumentError(problem, advice, path=path, line=line, at=at, is_grave=False, values={"value": value, "near": ", ".join(near)})


def refuse_lost_words(db: Session, document: Document, vocabulary: VocabularyDocument) -> None:
    """Raise Refused when a theme's newest version uses a word that this vocabulary no longer holds."""
    there = {term.key for term in vocabulary.terms}
    query = select(Document).where(Document.district_id == document.district_id, Document.kind == THEME, Document.retired_at.is_(None))
    for theme in db.scalars(query):
        version = newest(theme)
        said = parsed(version) if version else None
        lost = [key for key in said.terms if key not in there] if isinstance(said, ThemeDocument) else []
        if lost:
            raise Refused(
                N_("The theme “%(title)s” uses the word “%(word)s”. Take it out there first."),
                title=said.title if said else "",
                word=lost[0],
            )
