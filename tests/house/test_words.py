"""Our words: the screens say what people say, and never the words we decided against."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.pofile import read_po

from app.language import STAFF_LANGUAGES
from curriculum.tables import metadata

ROOT = Path(__file__).resolve().parent.parent.parent
WORDS = ROOT / "docs" / "words.md"


def table() -> list[list[str]]:
    """The rows of docs/words.md: on screen, in the code, not."""
    rows = [
        [cell.strip() for cell in line.strip("|\n ").split(" | ")] for line in WORDS.read_text("utf-8").splitlines() if line.startswith("|")
    ]
    return [[*row, ""][:3] for row in rows[2:]]


def avoided() -> set[str]:
    """Words that no Norwegian screen says."""
    return {word.strip() for _, _, words in table() for word in re.split(r",", words) if re.fullmatch(r"\s*[a-zæøå]{3,}\s*", word)}


def norwegian() -> dict[str, str]:
    path = ROOT / "translations" / "nb" / "interface.po"
    with path.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, locale="nb_NO") if message.id}


def test_the_table_of_words_can_be_read() -> None:
    assert len(table()) > 10
    assert {"modul", "serie", "sesjon", "koordinator"} <= avoided()


def test_no_norwegian_screen_says_a_word_we_decided_against() -> None:
    unwanted = re.compile(rf"\b(?:{'|'.join(sorted(avoided() - {'plan'}))})(?:en|et|er|ene|a)?\b", re.I)
    assert {msgid: found.group() for msgid, words in norwegian().items() if (found := unwanted.search(words))} == {}


def test_what_is_named_in_the_code_is_there() -> None:
    """A name in the table's middle column that looks like a class is one of our tables."""
    named = {name for _, code, _ in table() for name in re.findall(r"`([A-Z][A-Za-z]+)`", code)}
    classes = {table.name.replace("_", "") for table in metadata.tables.values()}
    assert {name for name in named if name.lower() not in classes} == set()


def test_no_table_is_called_what_we_decided_against() -> None:
    assert not {"session", "user", "pupil", "student", "child"} & {part for name in metadata.tables for part in name.split("_")}


def test_every_language_of_the_staff_pages_has_a_catalogue() -> None:
    assert [tag for tag in STAFF_LANGUAGES if not (ROOT / "translations" / tag / "interface.po").exists()] == []
