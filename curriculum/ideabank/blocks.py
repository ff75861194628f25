"""Paragraphs and list items that parents read, each with a lasting name."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from curriculum.base import N_
from curriculum.ideabank.fields import KEY, LONGEST_KEY, check_addresses, check_words
from curriculum.ideabank.problems import Problems
from curriculum.text import Block

_ITEM = re.compile(r"^ {0,3}[-*+][ \t]+(?=\S)")
_FORBIDDEN = re.compile(
    r"""^(?:[ ]{4}|\t|[ ]{0,3}(?:
        \#{1,6}(?:[ \t]|$) | > | \| | `{3} | ~{3} | \d{1,9}[.)](?:[ \t]|$)   # headings, quotes, tables, code, numbered lists
        | (?:(?:-[ \t]*){3,} | (?:_[ \t]*){3,} | (?:\*[ \t]*){3,} | =+ | -+)$  # rules, and lines that underline a heading
    ))""",
    re.X,
)
_IMAGE = re.compile(r"!\[[^\]]*\]\(")
_INNER = re.compile(r"\{#[^{}\s]*|\{[^{}\n]*(?=\}$)")
_MARK = re.compile(r"[ \t]*\{([^{}\n]*)\}$")
_ATTRIBUTE = re.compile(r"#(?P<uid>\S*)|step=(?P<step>\S*)")


@dataclass(frozen=True)
class Found:
    """A block as it stands in a text: its last line's index and whether its name was written there."""

    block: Block
    first: int
    last: int


def read_blocks(lines: Sequence[str], section: str, problems: Problems, first: int, at: str) -> list[Found]:
    """The blocks of a section whose first line has number `first`."""
    gathered = _gather(lines, problems, first, at)
    found = [_block(lines, start, end, section, problems, first, at) for start, end in gathered]
    return [one for one in found if one.block.markdown]


def _gather(lines: Sequence[str], problems: Problems, first: int, at: str) -> list[tuple[int, int]]:
    """Spans of lines (both ends included) that belong together."""
    spans: list[tuple[int, int]] = []
    is_open = False
    for index, line in enumerate(lines):
        is_item = bool(_ITEM.match(line))
        if _is_forbidden(line, is_continuation=is_open):
            advice = N_("Write paragraphs with an empty line between them, or list items that begin with “- ”.")
            problems.add(first + index, N_("Only paragraphs and lists may stand in what parents read."), advice, at=at)
        if line and is_open and not is_item:
            spans[-1] = (spans[-1][0], index)
        elif line:
            spans.append((index, index))
        is_open = bool(line)
    return spans


def _is_forbidden(line: str, *, is_continuation: bool) -> bool:
    return bool(_IMAGE.search(line) or _FORBIDDEN.match(line.strip() if is_continuation else line))


def _block(lines: Sequence[str], start: int, end: int, section: str, problems: Problems, first: int, at: str) -> Found:
    item = _ITEM.match(lines[start])
    said = [lines[start][item.end() :] if item else lines[start], *lines[start + 1 : end + 1]]
    markdown = "\n".join(line.strip() for line in said)
    uid, step = "", None
    if mark := _MARK.search(markdown):
        markdown = markdown[: mark.start()].rstrip()
        uid, step = _attributes(mark.group(1), problems, first + end, at)
    if inner := _INNER.search(markdown):
        advice = N_("Write it at the end of its paragraph or item, and an empty line after it.")
        problems.add(first + start, N_("“%(mark)s}” stands within a text."), advice, at=at, mark=inner.group())
    check_words(markdown, problems, first + start, at)
    if not _IMAGE.search(markdown):  # an image cannot stand here at all
        check_addresses(markdown, problems, first + start, at)
    return Found(Block(uid, section, "li" if item else "p", markdown, step), start, end)


def _attributes(written: str, problems: Problems, line: int, at: str) -> tuple[str, str | None]:
    uid, step = "", None
    for part in written.split() or ["{}"]:
        found = _ATTRIBUTE.fullmatch(part)
        if found is None:
            advice = N_("Write {#name} or {#name step=part}, or nothing.")
            problems.add(line, N_("“%(mark)s” says nothing about a sentence."), advice, at=at, mark=part)
        elif found.group("step") is not None:
            step = found.group("step") or None
        else:
            uid = found.group("uid")
            check_uid(uid, problems, line, at)
    return uid, step


def check_uid(uid: str, problems: Problems, line: int, at: str) -> None:
    """Note a name that cannot be one."""
    if not KEY.fullmatch(uid) or len(uid) > LONGEST_KEY:
        problem, advice = (
            N_("“{#%(uid)s}” is not a name."),
            N_("Use small letters a–z, digits and hyphens, at most 60, such as {#god-venn}."),
        )
        problems.add(line, problem, advice, at=at, uid=uid)


def check_uids(uids: Iterable[tuple[str, int, str]], problems: Problems) -> set[str]:
    """Every name in use; each that stands a second time is noted at its line."""
    taken: set[str] = set()
    for uid, line, at in uids:
        if uid and uid in taken:
            advice = N_("Give it another name, or none: it gets one by itself.")
            problems.add(line, N_("“{#%(uid)s}” stands twice in the document."), advice, at=at, uid=uid)
        taken |= {uid} - {""}
    return taken


def name_blocks(blocks: Iterable[Block], taken: set[str]) -> tuple[Block, ...]:
    """The blocks, those without a name given one made from their words. `taken` holds all names of the document and grows."""
    named = []
    for block in blocks:
        uid = block.uid or free_name(f"p-{_short(block)}", taken)
        taken.add(uid)
        named.append(replace(block, uid=uid))
    return tuple(named)


def _short(block: Block) -> str:
    return hashlib.sha256(f"{block.section}\x1f{block.markdown}".encode("utf-8", "surrogatepass")).hexdigest()[:6]


def free_name(wanted: str, taken: set[str]) -> str:
    """The name, with a number after it when it is taken."""
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    return name


_NORWEGIAN = str.maketrans({"æ": "ae", "ø": "o", "å": "a"})


def slug(title: str) -> str:
    """A name for machines made from a title: “Plass til én” is plass-til-en. Empty when the title holds no Latin letter or digit."""
    plain = unicodedata.normalize("NFKD", title.lower().translate(_NORWEGIAN))
    return "-".join(re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c))))[: LONGEST_KEY - 10].strip("-")


def write_blocks(blocks: Sequence[Block], *, with_names: bool = True) -> str:
    """The blocks as Markdown; without names as an editor shows them."""
    parts = [_written(block, with_names) for block in blocks]
    glued = [
        part if index == 0 else ("\n" if blocks[index].kind == blocks[index - 1].kind == "li" else "\n\n") + part
        for index, part in enumerate(parts)
    ]
    return "".join(glued)


def _written(block: Block, with_names: bool) -> str:
    marks = [f"#{block.uid}"] if with_names else []
    marks += [f"step={block.step}"] if block.step else []
    words = block.markdown + (f" {{{' '.join(marks)}}}" if marks else "")
    return "- " + words.replace("\n", "\n  ") if block.kind == "li" else words
