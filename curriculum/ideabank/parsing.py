"""Reading a document: front matter in TOML, then sections in Markdown. Every fault is found at once, each at its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from curriculum.base import N_, Refused
from curriculum.ideabank.documents import AnyDocument
from curriculum.ideabank.fields import Where
from curriculum.ideabank.problems import DocumentError, DocumentErrors, Problems
from curriculum.ideabank.reading_sections import Span
from curriculum.ideabank.reading_themes import FENCE, read_theme
from curriculum.ideabank.reading_toml import read_toml_document
from curriculum.text import tidy

LARGEST = 200_000
"""Bytes of UTF-8 in one document."""


@dataclass(frozen=True)
class Reading:
    """What came of reading a text: the document unless a fault was grave, all faults, and where in the text things stand."""

    text: str
    document: AnyDocument | None
    problems: tuple[DocumentError, ...]
    lines: Mapping[Where, int]
    spans: Mapping[str, Span]
    """From and to (not included) which index of the text's lines a section's own words stand: purpose, steps.<uid>, parents.<key>."""
    understood: AnyDocument | None = None
    """The document as far as it could be read, also when a fault was grave."""


def parse(text: str, *, path: str = "") -> AnyDocument:
    """The document a text says. Raises DocumentErrors with everything that is wrong with it; `path` names its file."""
    reading = read(text, path)
    if reading.document is None or reading.problems:
        raise DocumentErrors(reading.problems)
    return reading.document


@lru_cache(maxsize=512)
def read(text: str, path: str = "") -> Reading:
    """The document and all that is wrong with it, kept for texts read lately."""
    problems = Problems(path)
    lines: dict[Where, int] = {}
    spans: dict[str, Span] = {}
    tidied = _tidied(text, problems)
    document = None
    if tidied is not None:
        document = (
            read_theme(tidied, problems, lines, spans) if _looks_like_theme(tidied, path) else read_toml_document(tidied, problems, lines)
        )
    return Reading(tidied or "", None if problems.are_grave else document, problems.found, lines, spans, document)


def _tidied(text: str, problems: Problems) -> str | None:
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > LARGEST:
        problem, advice = N_("The document holds %(size)s bytes."), N_("At most %(most)s fit. Divide it into two.")
        problems.add(1, problem, advice, size=size, most=LARGEST)
        return None
    try:
        return tidy(text)
    except Refused as refused:
        problems.add_refused(refused, 1)
        return None


def _looks_like_theme(text: str, path: str) -> bool:
    return path.endswith(".md") or text.lstrip("\n").startswith((FENCE, "#"))
