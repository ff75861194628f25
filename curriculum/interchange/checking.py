"""What the checks find in a language's entries: the same for a folder that is looked at and for a file that comes in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from curriculum import summaries
from curriculum.base import N_
from curriculum.ideabank import DocumentError, VocabularyDocument
from curriculum.interchange.entries import Entry
from curriculum.summaries import AgreedTerm, Finding, Pair

Place = tuple[str, str]
"""A document's key and a sentence's uid."""

Placed = tuple[str, Entry]
"""An entry and the file it stands in."""


@dataclass(frozen=True)
class Found:
    """Something the checks found, with its file (as in pl/themes.po) and line."""

    path: str
    line: int
    finding: Finding

    @property
    def is_error(self) -> bool:
        return self.finding.level == summaries.ERROR

    def __str__(self) -> str:
        return f"{self.path}, line {self.line}: {self._words}"

    @property
    def _words(self) -> str:
        where = " ".join(part for part in (self.finding.document, self.finding.uid) if part)
        named = f"{where}: " if where else ""
        return f"{named}{self.finding.code}: {self.finding}"

    @property
    def as_fault(self) -> DocumentError:
        """The same as a fault that keeps a file out."""
        return DocumentError("%(said)s", "", path=self.path, line=self.line, values={"said": self._words})


def found_at(placed: Placed, code: str, words: str, tag: str) -> Found:
    """An error of one entry."""
    path, entry = placed
    return Found(path, entry.line, Finding(code, summaries.ERROR, words, {}, tag, entry.document, entry.uid))


def mismatch(placed: Placed, today: tuple[str, str], tag: str) -> Found:
    """An entry whose msgid is not the one its hash was made from: which of them was changed, where today's (text, hash) tell it."""
    text, digest = today
    entry = placed[1]
    if entry.source.split() == text.split():
        words = N_("The hash at the end of msgctxt was changed in the file. Keep msgctxt as it was in the file you were given.")
    elif entry.hash == digest:
        words = N_("The Norwegian text was changed in the file. Keep msgid as it was in the file you were given.")
    else:
        words = N_("The Norwegian text and the hash in msgctxt do not belong together. Keep both as they were in the file you were given.")
    return found_at(placed, "source", words, tag)


def without_origin(placed: Placed, tag: str) -> Found:
    """An entry that does not say whose work it is: it must not become a person's by a lost line."""
    words = N_(
        "It does not say who translated it. Write “# origin: human; state: translated” on a line above it, "
        "or “# origin: machine; state: draft” for a machine's text."
    )
    return found_at(placed, "origin", words, tag)


def holds_nothing(path: str, count: int, tag: str) -> Found:
    """A file without a single entry, where so many belong in it."""
    words = N_("The file holds no entry; %(count)s belong in it. Fetch it again.")
    return Found(path, 1, Finding("file", summaries.ERROR, words, {"count": count}, tag))


def agreed_terms(vocabulary: Iterable[VocabularyDocument], said: Mapping[Place, str]) -> list[AgreedTerm]:
    """The vocabulary's words and what they are called in a language, as far as somebody has said."""
    return [
        AgreedTerm(term.word, term.forms, said.get((document.key, f"{term.key}.word"), ""))
        for document in vocabulary
        for term in document.terms
    ]


def check_entries(entries: Iterable[Placed], current: Mapping[Place, Placed], terms: Sequence[AgreedTerm], tag: str) -> Iterator[Found]:
    """What is wrong with finished entries, each beside its own source; then which of the `current` ones say the same in two ways."""
    for path, entry in entries:
        for finding in summaries.check_translation(entry.source, entry.text, tag, terms=terms):
            yield Found(path, entry.line, replace(finding, document=entry.document, uid=entry.uid))
    pairs = [Pair(*place, entry.source, entry.text) for place, (_, entry) in current.items()]
    for finding in summaries.inconsistencies(pairs, tag):
        path, entry = current[finding.document, finding.uid]
        yield Found(path, entry.line, finding)
