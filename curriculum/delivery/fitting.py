"""What stands on one sheet of A4: letters as large as there is room for, and the least important left out when there is none.

Lines are counted by the mean width of a script's letters, which is on the safe side of how browsers and WeasyPrint break them
(tests/journeys/test_paper.py prints every language in both). Lengths are in millimetres, sizes of letters in points.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from curriculum.delivery.sharing import bare
from curriculum.summaries import Section, Summary, TermCard
from curriculum.text import LANGUAGES, SafeHtml

POINT = 25.4 / 72
WIDTH, HEIGHT = 186.0, 273.0
"""Of what is printed on: A4 less its margins of 12 mm (app/static/css/paper.css)."""

GAP = 8.0
"""Between the two columns of a sheet for the fridge."""

LESS, MUCH = 0.42, 1.2
"""The part of the width that the source language has beside a script that takes so many times its room."""

SHEET_SIZES = (16, 15, 14, 13, 12, 11, 10)
WORD_SIZES = (54, 48, 42, 36, 30, 26, 22, 18)
"""Sizes that letters step down through; those of a word poster are of the Norwegian word."""

OTHER_WORD = 0.55
"""How large a translation stands beneath a Norwegian word."""

ROW_GAP, RULE, WORD_GAP = 3.4, 1.6, 6.5
"""Around each row of a sheet, at the rule above each kind of row, and around each word of a word poster."""

HEAD, SQUARE, ADDRESS = 10.0, 34.0, 17.0
"""Of a sheet: whose it is and the week; the square at its foot, and beside that where it leads."""

NOTE, NOTE_SIZE, NOTE_WIDTH = 85, 8, 150.0
"""What is to be said of the texts, in one paragraph: letters of the longest such sentence, their size, and the width beside the square."""

WORDS_FOOT = 16.0
BOLD = 1.1
"""How much wider a letter is in bold."""


@dataclass(frozen=True)
class Letters:
    """Of a script: the mean width of a letter, spaces, marks and what is left of a line counted, and a line's height, in parts of a size.

    The widths are those of the shipped texts in columns of 89 mm, and a little more.
    """

    width: float
    line: float


SCRIPTS = {
    "Latn": Letters(0.53, 1.35),
    "Cyrl": Letters(0.58, 1.35),
    "Arab": Letters(0.41, 1.7),
    "Taml": Letters(0.68, 1.6),
    "Ethi": Letters(0.75, 1.5),
}
"""By ISO 15924. The heights are those of paper.css."""

NASTALIQ = Letters(0.425, 2.2)
"""Urdu is written in the sloping hand."""

WIDEST = Letters(0.75, 1.8)
"""Of a script that we have no measure of."""


def letters_of(tag: str) -> Letters:
    """How large a language's letters are."""
    return NASTALIQ if tag == "ur" else SCRIPTS.get(LANGUAGES[tag].script, WIDEST)


def lines_of(words: str, tag: str, size: float, width: float) -> int:
    """How many lines a paragraph takes, at least one."""
    return max(1, ceil(len(words) * letters_of(tag).width * size * POINT / width))


def height_of(words: str, tag: str, size: float, width: float) -> float:
    """How high a paragraph stands."""
    return lines_of(words, tag, size, width) * letters_of(tag).line * size * POINT


# For the fridge


@dataclass(frozen=True)
class Row:
    """A part of the sheet in both languages: `theirs` is None when it is the sheet's only language, or not translated.

    `name` is the word that a row of kind "word" is about, with its translation.
    """

    key: str
    source: SafeHtml
    theirs: SafeHtml | None
    name: str = ""
    other_name: str = ""


@dataclass(frozen=True)
class Sheet:
    """A lesson for the fridge, on one page: the rows in reading order, in letters of so many points."""

    summary: Summary
    rows: tuple[Row, ...]
    size: int
    is_shortened: bool
    """Whether some of it had no room, and stands only where there is more to read."""

    @property
    def is_bilingual(self) -> bool:
        return self.summary.lang != self.summary.source_lang

    @property
    def is_uneven(self) -> bool:
        """Whether the other language has the wider column."""
        return takes_more(self.summary)

    def part(self, key: str) -> Row | None:
        """The row of this kind, if there is one."""
        return next((row for row in self.rows if row.key == key), None)

    @property
    def words(self) -> list[Row]:
        return [row for row in self.rows if row.key == "word"]


def fridge_sheet(summary: Summary) -> Sheet:
    """A lesson in the source language beside the summary's: the sentence, the question, the words, and one thing to try.

    What has no room in the smallest letters is left out whole, from the end: the thing to try first, the sentence last.
    """
    rows = _rows(summary)
    for size in SHEET_SIZES:
        if sheet_height(summary, rows, size) <= HEIGHT:
            return Sheet(summary, tuple(rows), size, is_shortened=False)
    kept = list(rows)
    while kept and sheet_height(summary, kept, SHEET_SIZES[-1], is_shortened=True) > HEIGHT:
        kept.pop()
    return Sheet(summary, tuple(kept), SHEET_SIZES[-1], is_shortened=True)


def _rows(summary: Summary) -> list[Row]:
    """In reading order, which is also that of their importance. Of a lesson that is cancelled the words are what is left."""
    if summary.is_cancelled:
        return _word_rows(summary)
    sentence, ask, tries = (summary.part(key) for key in ("sentence", "ask", "try"))
    first = [_row(part, summary) for part in (sentence, ask) if part]
    last = [_first_of(_row(tries, summary))] if tries else []
    return [*first, *_word_rows(summary), *last]


def _row(part: Section, summary: Summary) -> Row:
    return Row(part.key, part.source_html, _theirs(part, summary, part.html))


def _word_rows(summary: Summary) -> list[Row]:
    terms = summary.part("terms")
    return [_word_row(card, terms, summary) for card in terms.cards] if terms else []


def _word_row(card: TermCard, terms: Section, summary: Summary) -> Row:
    return Row("word", card.source_meaning, _theirs(terms, summary, card.meaning), card.word, card.translation)


def _theirs(part: Section, summary: Summary, words: SafeHtml) -> SafeHtml | None:
    return None if part.is_fallback or summary.lang == summary.source_lang else words


def _first_of(row: Row) -> Row:
    """Only the first of several things to try."""
    return Row(row.key, first_block(row.source), first_block(row.theirs) if row.theirs else None)


def first_block(words: SafeHtml) -> SafeHtml:
    """The first paragraph or list item of HTML we made ourselves, as a paragraph."""
    found = re.search(r"<(p|li)\b[^>]*>(.*?)</\1>", words, re.S)
    return SafeHtml(f"<p>{found[2].strip()}</p>") if found else words


def sheet_height(summary: Summary, rows: Sequence[Row], size: int, *, is_shortened: bool = False) -> float:
    """How high these rows stand in letters of so many points, with all that is around them."""
    title = height_of(summary.title, summary.source_lang, size * 1.7 * BOLD, WIDTH)
    rows_height = sum(_row_height(summary, row, size) for row in rows)
    return HEAD + title + _news_height(summary, size) + rows_height + _headings(summary, rows, size) + _foot(summary, is_shortened)


def _news_height(summary: Summary, size: int) -> float:
    """What became otherwise than parents had been told: a short sentence for each."""
    news = sum((summary.is_cancelled, summary.is_continued, summary.goes_on, bool(summary.moved_from)))
    return news * (2 * max(letters_of(tag).line for tag in (summary.source_lang, summary.lang)) * size * POINT + ROW_GAP)


def _foot(summary: Summary, is_shortened: bool) -> float:
    """The square, or what is said of the texts where that is higher, with room for that the district is invented."""
    notes = 1 + is_shortened + sum((summary.is_machine, summary.is_unread, summary.changed_on is not None))
    return max(SQUARE, ADDRESS + height_of("m" * NOTE * notes, summary.lang, NOTE_SIZE, NOTE_WIDTH))


def _headings(summary: Summary, rows: Sequence[Row], size: int) -> float:
    """One above each kind of row, in both languages."""
    line = max(letters_of(tag).line for tag in (summary.source_lang, summary.lang)) * size * 0.8 * POINT
    return len({row.key for row in rows}) * (line + RULE)


def _row_height(summary: Summary, row: Row, size: int) -> float:
    left, right = _columns(summary)
    larger = size * 1.15 * BOLD if row.key == "ask" else size
    ours = _column_height(row.name, row.source, summary.source_lang, larger, left)
    theirs = _column_height(row.other_name, row.theirs, summary.lang, larger, right) if row.theirs else 0
    return max(ours, theirs) + ROW_GAP


def _columns(summary: Summary) -> tuple[float, float]:
    """How wide the two are; the only one has it all."""
    if summary.lang == summary.source_lang:
        return WIDTH, 0
    share = LESS if takes_more(summary) else 0.5
    return (WIDTH - GAP) * share, (WIDTH - GAP) * (1 - share)


def takes_more(summary: Summary) -> bool:
    """Whether the other language takes so much more paper that its column is the wider."""
    ours, theirs = letters_of(summary.source_lang), letters_of(summary.lang)
    return theirs.width * theirs.line > MUCH * ours.width * ours.line


def _column_height(name: str, words: SafeHtml, tag: str, size: float, width: float) -> float:
    blocks = [name, *paragraphs(words)] if name else paragraphs(words)
    gaps = 0 if name else (len(blocks) - 1) * size * 0.35 * POINT
    return sum(height_of(block, tag, size, width) for block in blocks) + gaps


def paragraphs(words: SafeHtml) -> list[str]:
    """The plain words of each paragraph and list item, at least one."""
    blocks = [bare(SafeHtml(part)) for part in re.split(r"</(?:p|li)>", words)]
    return [block for block in blocks if block] or [""]


# For the wall


@dataclass(frozen=True)
class WallWord:
    """A word with its translations, by the language's tag."""

    word: str
    others: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class WordPoster:
    """The words of a theme for the classroom's wall, on one page, the Norwegian ones in letters of so many points."""

    title: str
    words: tuple[WallWord, ...]
    size: int
    is_shortened: bool


def word_poster(title: str, words: Sequence[WallWord], source: str) -> WordPoster:
    """The words in letters as large as there is room for; what has none in the smallest is left out, the last word first."""
    for size in WORD_SIZES:
        if _poster_height(title, words, source, size) <= HEIGHT:
            return WordPoster(title, tuple(words), size, is_shortened=False)
    kept = list(words)
    while kept and _poster_height(title, kept, source, WORD_SIZES[-1]) > HEIGHT:
        kept.pop()
    return WordPoster(title, tuple(kept), WORD_SIZES[-1], is_shortened=True)


def _poster_height(title: str, words: Sequence[WallWord], source: str, size: int) -> float:
    head = height_of(title, source, 20 * BOLD, WIDTH) + WORD_GAP
    return head + sum(_word_height(word, source, size) for word in words) + WORDS_FOOT


def _word_height(word: WallWord, source: str, size: int) -> float:
    """The word on a line of its own, beneath it the others in two columns; a longer one makes its line higher."""
    half = (WIDTH - GAP) / 2
    others = [height_of(other, tag, size * OTHER_WORD, half) for tag, other in word.others]
    pairs = [max(others[start : start + 2]) for start in range(0, len(others), 2)]
    return height_of(word.word, source, size * BOLD, WIDTH) + sum(pairs) + WORD_GAP
