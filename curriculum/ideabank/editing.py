"""A draft's text section by section: what an editor shows, and how the typed words come back into their place."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from curriculum.base import N_, Refused
from curriculum.ideabank.blocks import Found, read_blocks, write_blocks
from curriculum.ideabank.documents import PARENTS, PROSE, StepPart, ThemeDocument, digest
from curriculum.ideabank.parsing import Reading, read
from curriculum.ideabank.problems import DocumentError, DocumentErrors, Problems
from curriculum.ideabank.writing import front_values, write_step
from curriculum.text import Block, tidy

LEAST_LIKENESS = 0.4
"""How alike two sentences must be (difflib's ratio) for the one to count as the other, edited."""

_STEP_HEADING = re.compile(r"^(\s{0,3}###[ \t].*?)(?:[ \t]*\{(?P<marks>[^{}]*)\})?[ \t]*$")


def section_names(theme: ThemeDocument) -> list[str]:
    """Every section of a theme in reading order: front, purpose, preparation, steps.<uid> …, parents.<key> …"""
    steps = [f"steps.{step.uid}" for step in theme.steps]
    return ["front", *PROSE[:2], *steps, *PROSE[2:], *(f"parents.{key}" for key in PARENTS)]


def editable(theme: ThemeDocument, section: str) -> str:
    """A section's Markdown as its editor shows it, without the names that only machines need. Raises Refused for one that is not there."""
    return _shown(theme, section, with_names=False)


def section_hash(theme: ThemeDocument, section: str) -> str:
    """16 digits that say which text of a section was seen."""
    said = front_values(theme) if section == "front" else _shown(theme, section, with_names=True)
    return digest(said)[:16]


def _shown(theme: ThemeDocument, section: str, *, with_names: bool) -> str:
    place, _, key = section.partition(".")
    if section in PROSE:
        return theme.sections[section]
    if place == "parents" and key in PARENTS:
        return write_blocks(theme.parents[key], with_names=with_names)
    step = theme.step(key) if place == "steps" else None
    if step is None:
        raise Refused(N_("The section “%(section)s” is no longer there."), section=section)
    return write_step(step, with_name=with_names)


def step_markdown(*, title: str, minutes: int, kind: str, is_core: bool, body: str, say: str = "", small: str = "") -> str:
    """A step's section as Markdown out of a form's fields, for `save_section`."""
    return write_step(
        StepPart("", " ".join(title.split()), minutes, kind, is_core, body.strip("\r\n"), say.strip("\r\n"), small.strip("\r\n")),
        with_name=False,
    )


@dataclass(frozen=True)
class Splice:
    """A document's text with one section replaced: `offset` lines stand before the section's own first line."""

    text: str
    offset: int


def replace_section(reading: Reading, section: str, typed: str) -> Splice:
    """The text with this section's words replaced; known sentences and steps keep their names.

    Raises DocumentErrors for characters no text may hold, Refused for a section that is not there.
    """
    theme = reading.document
    if not isinstance(theme, ThemeDocument) or section not in reading.spans or section == "front":
        raise Refused(N_("The section “%(section)s” is no longer there."), section=section)
    words = named_again(theme, section, _tidied(typed, section))
    lines = reading.text.split("\n")
    start, end = reading.spans[section]
    gap = [] if section.startswith("steps.") else [""]
    return Splice("\n".join([*lines[:start], *gap, *words.split("\n"), "", *lines[end:]]), start + len(gap))


def _tidied(typed: str, section: str) -> str:
    problems = Problems("")
    try:
        return tidy(typed).strip("\n")
    except Refused as refused:
        problems.add_refused(refused, 1, section)
    raise DocumentErrors(problems.found, at=section)


def named_again(theme: ThemeDocument, section: str, typed: str) -> str:
    """The typed text with the names its step or sentences had before."""
    place, _, key = section.partition(".")
    if place == "steps":
        return _named_step(typed, key)
    return _named_blocks(typed, key, theme) if place == "parents" else typed


def _named_step(typed: str, uid: str) -> str:
    first, newline, rest = typed.partition("\n")
    found = _STEP_HEADING.match(first)
    marks = (found.group("marks") or "") if found else ""
    if found is None or "#" in marks:
        return typed
    return f"{found.group(1)} {{{' '.join(['#' + uid, *marks.split()])}}}{newline}{rest}"


def _named_blocks(typed: str, key: str, theme: ThemeDocument) -> str:
    lines = typed.split("\n")
    found = read_blocks(lines, key, Problems(""), 1, "")
    kept = match_blocks(theme.parents[key], [one.block for one in found])
    for one, uid in zip(found, kept, strict=True):
        if uid:
            lines[one.last] = _marked(one, lines[one.last], uid)
    return "\n".join(lines)


def _marked(one: Found, line: str, uid: str) -> str:
    plain = re.sub(r"[ \t]*\{[^{}]*\}$", "", line) if one.block.step else line
    marks = f"#{uid} step={one.block.step}" if one.block.step else f"#{uid}"
    return f"{plain} {{{marks}}}"


def match_blocks(old: Sequence[Block], new: Sequence[Block]) -> list[str]:
    """For each new block the name of the old one it is, edited or moved; empty for one that is new or already has a name.

    Equal words first, then the most alike.
    """
    kept = [""] * len(new)
    free = {block.uid: block for block in old if block.uid not in {other.uid for other in new}}
    for likeness, index, uid in sorted(_pairs(list(free.values()), new), key=lambda pair: (-pair[0], pair[1])):
        if likeness >= LEAST_LIKENESS and not kept[index] and uid in free:
            kept[index] = uid
            del free[uid]
    return kept


def _pairs(old: Sequence[Block], new: Sequence[Block]) -> list[tuple[float, int, str]]:
    return [
        (_likeness(before.markdown, after.markdown), index, before.uid)
        for index, after in enumerate(new)
        if not after.uid
        for before in old
    ]


def _likeness(before: str, after: str) -> float:
    if before == after:
        return 1.0
    return min(0.999, difflib.SequenceMatcher(None, before.split(), after.split(), autojunk=False).ratio())


def faults_within(reading: Reading, section: str, offset: int, length: int) -> DocumentErrors:
    """The grave faults of a text as seen from one section of `length` lines that begins after `offset`."""
    grave = [error for error in reading.problems if error.is_grave]
    return DocumentErrors([_within(error, section, offset, length) for error in grave], at=section)


def _within(error: DocumentError, section: str, offset: int, length: int) -> DocumentError:
    line = min(max(error.line - offset, 1), max(length, 1))
    return error.moved(line=line, at=section)


def with_steps(theme: ThemeDocument, steps: Sequence[StepPart]) -> ThemeDocument:
    """The theme with these steps."""
    return replace(theme, steps=tuple(steps))


def reread(theme_text: str) -> ThemeDocument:
    """A readable theme's document. Raises Refused when the text is not a theme's."""
    document = read(theme_text).document
    if not isinstance(document, ThemeDocument):
        raise Refused(N_("Only a theme is edited section by section."))
    return document
