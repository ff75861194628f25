"""The interface's own sentences: collected from the program into one PO catalogue per language."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import normalize, write_po

from app.language import has_the_same_blanks, is_usable
from curriculum import interchange
from curriculum.interchange import Message

KEYWORDS = {"_": None, "gettext": None, "N_": None}
METHODS = [
    ("app/**.py", "python"),
    ("curriculum/**.py", "python"),
    ("app/**/templates/**.html", "jinja2"),
    ("app/**/templates/**.svg", "jinja2"),
    ("app/templates/**.html", "jinja2"),
]
OPTIONS = {pattern: {"newstyle_gettext": "true"} for pattern, method in METHODS if method == "jinja2"}
STAFF = ("nb", "en")
PARENTS_ROOMS = ("app/parents/", "app/homes.py", "app/teachers/poster.py", "curriculum/summaries/events.py")


def sentences(root: Path) -> Catalog:
    """Every sentence the program marks, with the places it stands in and the notes to its translator."""
    found = Catalog(project="Kursrekka", charset="utf-8", fuzzy=False)
    for file, line, message, comments, _context in extract_from_dir(
        root, METHODS, OPTIONS, KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True, directory_filter=_is_ours
    ):
        found.add(message, None, [(file, line)], auto_comments=comments)
    return found


def _is_ours(folder: str | os.PathLike[str]) -> bool:
    return Path(folder).name not in {".venv", "node_modules", "static", "instance", ".git", "tests", "build"}


@dataclass(frozen=True)
class State:
    """How many of a language's sentences lack a translation, and the translations that are there and not used, each in words."""

    behind: int
    unused: tuple[str, ...]


def update(root: Path) -> dict[str, State]:
    """Bring each language's interface.po up to date.

    Norwegian and English hold all sentences; the parents' languages hold those of the parents' pages. All files are read before one is
    written: raises Refused, with file and line, when one cannot be read.
    """
    states: dict[str, State] = {}
    for path, (messages, merged) in _catalogues(root, root / "translations").items():
        states[path.parent.name] = _state(path, messages, merged)
        path.write_bytes(_header(messages, path.parent.name) + _body(merged))
    return states


def check(root: Path, folder: Path) -> dict[str, State]:
    """How each interface.po of a folder of languages, or of one language's folder, stands; nothing is written. Raises Refused as above."""
    return {path.parent.name: _state(path, *both) for path, both in _catalogues(root, folder).items()}


def _catalogues(root: Path, folder: Path) -> dict[Path, tuple[list[Message], Catalog]]:
    """What each file holds, and what it should hold."""
    folder = folder.resolve()
    paths = sorted([*folder.glob("interface.po"), *folder.glob("*/interface.po")])
    files = {path: interchange.read_messages(path.read_bytes(), _name(path), path.parent.name) for path in paths}
    found = sentences(root) if files else Catalog()
    return {path: (messages, _merged(_wanted(found, path), messages, path.parent.name)) for path, messages in files.items()}


def _wanted(found: Catalog, path: Path) -> Catalog:
    return found if path.parent.name in STAFF else _for_parents(found)


def _state(path: Path, messages: Sequence[Message], merged: Catalog) -> State:
    behind = sum(not _is_used(str(message.id), str(message.string), message.fuzzy) for message in merged if message.id)
    return State(behind, tuple(_unused(messages, merged, _name(path))))


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _is_used(source: str, words: str, is_fuzzy: bool) -> bool:
    return bool(words) and not is_fuzzy and is_usable(source, words)


def _unused(messages: Iterable[Message], merged: Catalog, name: str) -> Iterator[str]:
    """Translations that no page shows: with other blanks than their source, with HTML of their own, or of what the program does not say."""
    for message in messages:
        where = f"{name}, line {message.line}: “{message.source}”"
        if message.source and (message.context or message.source not in merged):
            yield f"{where} is not one of the program's sentences here, and is not used."
        elif message.text and not has_the_same_blanks(message.source, message.text):
            yield f"{where}: its translation has other blanks, or a percent sign too many, and is not used."
        elif message.text and not is_usable(message.source, message.text):
            yield f"{where}: its translation brings HTML that the sentence does not have, and is not used."


def _for_parents(found: Catalog) -> Catalog:
    chosen = Catalog(project="Kursrekka", charset="utf-8", fuzzy=False)
    for message in found:
        if message.id and any(file.startswith(PARENTS_ROOMS) for file, _ in message.locations):
            chosen.add(message.id, None, message.locations, auto_comments=message.auto_comments)
    return chosen


def _merged(wanted: Catalog, messages: Iterable[Message], tag: str) -> Catalog:
    """The wanted sentences with the translations there are; what the program no longer says is dropped. English says its own sentence."""
    had = {message.source: message for message in messages if not message.context}
    merged = Catalog(charset="utf-8", fuzzy=False)
    for message in wanted:
        if message.id:
            old = had.get(str(message.id))
            merged.add(
                message.id,
                old.text if old else message.id if tag == "en" else "",
                [(file, 0) for file in sorted({file for file, _ in message.locations})],
                flags=["fuzzy"] if old and old.is_fuzzy else [],
                auto_comments=message.auto_comments,
                user_comments=old.notes if old else [],
            )
    return merged


def _header(messages: Sequence[Message], tag: str) -> bytes:
    """The header as it was, or one for a file that has none."""
    if not messages or not messages[0].is_header or not messages[0].text:
        return interchange.po_header(tag).encode()
    lines = [*messages[0].comments, 'msgid ""', f"msgstr {normalize(messages[0].text, width=0)}", "", ""]
    return "\n".join(lines).encode()


def _body(catalogue: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=0, sort_output=True, omit_header=True, include_lineno=False)
    return buffer.getvalue()
