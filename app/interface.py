"""The interface's own sentences: collected from the program into one PO catalogue per language."""

from __future__ import annotations

import io
import os
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from app.language import has_the_same_blanks
from curriculum.text import LANGUAGES

KEYWORDS = {"_": None, "gettext": None, "N_": None}
METHODS = [
    ("app/**.py", "python"),
    ("curriculum/**.py", "python"),
    ("app/**/templates/**.html", "jinja2"),
    ("app/templates/**.html", "jinja2"),
]
OPTIONS = {pattern: {"newstyle_gettext": "true"} for pattern, method in METHODS if method == "jinja2"}
STAFF = ("nb", "en")
PARENTS_ROOMS = ("app/parents/",)


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


def update(root: Path, *, write: bool) -> dict[str, int]:
    """Bring each language's interface.po up to date; returns how many of its sentences lack a translation.

    Norwegian and English hold all sentences; the parents' languages hold those of the parents' pages.
    """
    found = sentences(root)
    behind: dict[str, int] = {}
    for path in sorted((root / "translations").glob("*/interface.po")):
        tag = path.parent.name
        catalogue = read_po(io.BytesIO(path.read_bytes()), locale=LANGUAGES[tag].babel_locale)
        wanted = found if tag in STAFF else _for_parents(found)
        merged = _merged(wanted, catalogue)
        behind[tag] = sum(
            1 for message in merged if message.id and not (message.string and has_the_same_blanks(str(message.id), str(message.string)))
        )
        if write:
            buffer = io.BytesIO()
            write_po(buffer, merged, width=0, sort_output=True, omit_header=False, include_lineno=False)
            path.write_bytes(buffer.getvalue())
    return behind


def _for_parents(found: Catalog) -> Catalog:
    chosen = Catalog(project="Kursrekka", charset="utf-8", fuzzy=False)
    for message in found:
        if message.id and any(file.startswith(PARENTS_ROOMS) for file, _ in message.locations):
            chosen.add(message.id, None, message.locations, auto_comments=message.auto_comments)
    return chosen


def _merged(wanted: Catalog, had: Catalog) -> Catalog:
    """The wanted sentences with the translations there are; what the program no longer says is dropped. English says its own sentence."""
    merged = Catalog(locale=had.locale, charset="utf-8", fuzzy=False)
    merged.mime_headers, merged.header_comment = had.mime_headers, had.header_comment
    english = had.locale is not None and had.locale.language == "en"
    for message in wanted:
        if message.id:
            old = had.get(message.id)
            words = old.string if old else message.id if english else ""
            places = sorted({file for file, _ in message.locations})
            comments = old.user_comments if old else []
            merged.add(message.id, words, [(file, 0) for file in places], auto_comments=message.auto_comments, user_comments=comments)
    return merged
