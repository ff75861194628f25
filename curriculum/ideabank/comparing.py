"""What changed between two versions: section by section, word by word."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from curriculum.ideabank.blocks import write_blocks
from curriculum.ideabank.documents import (
    PARENTS,
    SECTIONS,
    AnyDocument,
    OutlineDocument,
    PlacePart,
    TermPart,
    ThemeDocument,
    VocabularyDocument,
)
from curriculum.ideabank.finding import parsed
from curriculum.ideabank.models import DocumentVersion
from curriculum.ideabank.writing import front_values, write_step

MOST_COMPARED = 4_000_000
"""Pairs of words; above it a passage is shown as wholly replaced rather than letting a reader wait."""

_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True)
class Change:
    """A stretch of words that is the same, added or removed."""

    kind: Literal["same", "added", "removed"]
    text: str


@dataclass(frozen=True)
class PartChange:
    """What became of one section: `key` as editors name it (front.title, purpose, steps.<uid>, parents.<key>), `title` for its heading."""

    key: str
    title: str
    state: Literal["same", "changed", "added", "removed"]
    is_moved: bool
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Comparison:
    """Every section of two documents, in the new one's order; removed ones stand where they stood."""

    parts: tuple[PartChange, ...]

    @property
    def changed(self) -> tuple[PartChange, ...]:
        """The sections that are not as they were."""
        return tuple(part for part in self.parts if part.state != "same" or part.is_moved)


@dataclass(frozen=True)
class _Part:
    key: str
    title: str
    text: str


def compare(old: DocumentVersion, new: DocumentVersion) -> Comparison:
    """What changed from one version to another of a document."""
    return compare_documents(parsed(old), parsed(new))


def compare_documents(old: AnyDocument, new: AnyDocument) -> Comparison:
    """The same for documents that are not versions, such as a draft or a proposal."""
    return _compare(_parts(old), _parts(new))


def compare_facts(old: Mapping[str, Any], new: Mapping[str, Any]) -> Comparison:
    """What changed between two sets of a theme's facts, as `front_values` gives them."""
    return _compare(_facts(old), _facts(new))


def _compare(old: Iterable[_Part], new: Iterable[_Part]) -> Comparison:
    before, after = {part.key: part for part in old}, {part.key: part for part in new}
    moved = _moved(list(before), list(after))
    return Comparison(tuple(_part(before.get(key), after.get(key), key in moved) for key in _order(list(before), list(after))))


def _order(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """The new order, with each removed key after the one it followed."""
    order = list(after)
    for index, key in enumerate(before):
        if key not in order:
            order.insert(order.index(before[index - 1]) + 1 if index else 0, key)
    return order


def _moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Keys that no longer stand in the same order among those in both."""
    old, new = [key for key in before if key in after], [key for key in after if key in before]
    still = {
        key
        for tag, start, end, _, _ in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if tag == "equal"
        for key in old[start:end]
    }
    return set(old) - still


def _part(old: _Part | None, new: _Part | None, is_moved: bool) -> PartChange:
    if old is None or new is None:
        part = old or new
        assert part is not None
        state: Literal["added", "removed"] = "removed" if new is None else "added"
        return PartChange(part.key, part.title, state, False, (Change(state, part.text),) if part.text else ())
    state_of_both: Literal["same", "changed"] = "same" if old.text == new.text else "changed"
    return PartChange(new.key, new.title, state_of_both, is_moved, tuple(word_changes(old.text, new.text)))


def word_changes(old: str, new: str) -> list[Change]:
    """The new text with what was added and removed, first by lines, then by words within them."""
    found: list[Change] = []
    for is_same, before, after in _opcodes(_LINE.findall(old), _LINE.findall(new)):
        if is_same:
            found.append(Change("same", before))
        else:
            found += _within_lines(before, after)
    return list(_joined(found))


def _within_lines(before: str, after: str) -> Iterator[Change]:
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if len(old) * len(new) > MOST_COMPARED:
        pairs: Iterable[tuple[bool, str, str]] = [(False, before, after)]
    else:
        pairs = _opcodes(old, new)
    for is_same, removed, added in pairs:
        if is_same:
            yield Change("same", removed)
        else:
            yield Change("removed", removed)
            yield Change("added", added)


def _opcodes(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, str, str]]:
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield tag == "equal", "".join(old[a:b]), "".join(new[c:d])


def _joined(changes: Iterable[Change]) -> Iterator[Change]:
    """Neighbours of one kind as one, without empty ones."""
    waiting: Change | None = None
    for change in changes:
        if not change.text:
            continue
        if waiting is not None and waiting.kind == change.kind:
            waiting = Change(waiting.kind, waiting.text + change.text)
            continue
        if waiting is not None:
            yield waiting
        waiting = change
    if waiting is not None:
        yield waiting


# What is compared


def _parts(document: AnyDocument) -> Iterator[_Part]:
    match document:
        case ThemeDocument():
            yield from _theme(document)
        case OutlineDocument():
            yield from _front({"title": document.title, "description": document.description, "origin": document.origin})
            yield from (_Part(f"places.{place.theme}", place.theme, _place(place)) for place in document.places)
        case VocabularyDocument():
            yield from _front({"title": document.title, "origin": document.origin})
            yield from (_Part(f"terms.{term.key}", term.word, _term(term)) for term in document.terms)
        case _:
            yield from _front({"title": document.title, "origin": document.origin})
            yield from (_Part(f"texts.{part.key}", part.title, write_blocks(part.blocks, with_names=False)) for part in document.texts)


def _term(term: TermPart) -> str:
    marks = ["sensitive"] if term.is_sensitive else []
    return "\n".join([term.word, ", ".join(term.forms), term.meaning, term.say, *marks])


def _place(place: PlacePart) -> str:
    marks = [name for name in ("fixed", "first", "last") if getattr(place, name)]
    return " ".join([place.theme, *marks])


def _front(values: dict[str, Any]) -> Iterator[_Part]:
    for name, value in values.items():
        yield _Part(f"front.{name}", name, _flat(value))


def _flat(value: object) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{name}: {entry}" for name, entry in value.items())
    if isinstance(value, list):
        return "\n".join(_flat(entry).replace("\n", " · ") for entry in value)
    return str(value)


def _facts(values: Mapping[str, Any]) -> Iterator[_Part]:
    return _front({name: value for name, value in values.items() if name not in ("format", "id")})


def _theme(theme: ThemeDocument) -> Iterator[_Part]:
    yield from _facts(front_values(theme))
    for key in SECTIONS:
        if key == "steps":
            yield from (_Part(f"steps.{step.uid}", step.title, write_step(step, with_name=False)) for step in theme.steps)
        elif key == "parents":
            yield from (_Part(f"parents.{part}", part, write_blocks(theme.parents[part], with_names=False)) for part in PARENTS)
        else:
            yield _Part(key, theme.headings[key], theme.sections[key])
