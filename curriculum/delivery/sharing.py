"""Short texts about a lesson, ready to paste where the homes look anyway: the weekly plan, a message to all, a text message.

All are in the source language, and say what is so on the day they are made: cancelled, moved, held, or not finished.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from curriculum.summaries import Section, Summary
from curriculum.text import SafeHtml

LONGEST = 250
"""Characters in a text for the weekly plan (ukeplan)."""

ASK, WORDS = "Spør barnet ditt:", "Ord:"
"""Like the texts they stand before, these are in the source language."""

READ = "Les på ditt språk / Read in your language:"
"""Stands before the one address in a text message."""

MOST_SEGMENTS = 2
"""Parts that a text message is sent in, at the most, if what must be said fits in them."""


def til_ukeplanen(summary: Summary) -> str:
    """This week's theme, the question to ask at home and the words, in the source language: as much as fits whole in 250 characters.

    Only a first sentence too long by itself is cut, between two words.
    """
    pieces = [piece for piece in (_opening(summary), *_changes(summary), _question(summary), _words(summary)) if piece]
    fitting = _shorten(pieces[0]) if pieces else ""
    for piece in pieces[1:]:
        if len(f"{fitting} {piece}") <= LONGEST:
            fitting = f"{fitting} {piece}"
    return fitting


def message_to_homes(summary: Summary, lines: Sequence[str], link: str) -> str:
    """One message for all homes: what there is to say in the source language, a line for each of the other languages, and one address.

    `lines` are in those languages already. Without a `link` (the class has none that is open) there is nothing to read there, and no line.
    """
    ours = [
        f"Uke {summary.week}. {_state(summary)}: {summary.title}",
        *_changes(summary),
        _sentence(summary),
        _question(summary),
        _words(summary),
    ]
    if summary.is_cancelled:
        ours = [_opening(summary)]
    theirs = ["", *lines, link] if link else []
    return "\n".join([*(line for line in ours if line), *theirs])


def text_message(summary: Summary, link: str) -> TextMessage:
    """The same for a phone: as much as fits whole in two segments, the week, the theme and the address first.

    Signs that would make every letter take twice the room are written plainly.
    """
    if summary.is_cancelled:
        must, may = [_opening(summary)], []
    else:
        must, may = [f"Uke {summary.week}. {_state(summary)}: {summary.title}."], [*_changes(summary), _question(summary)]
    ending = [f"{READ} {link}"] if link else []
    for piece in filter(None, may):
        longer = _plainly(" ".join([*must, piece, *ending]))
        if TextMessage(longer).segments <= MOST_SEGMENTS:
            must.append(piece)
    return TextMessage(_plainly(" ".join([*must, *ending])))


# What is said


def _opening(summary: Summary) -> str:
    """What the lesson was, once that is known; before, the theme's own sentence, which speaks of this week."""
    if summary.is_cancelled:
        return f"Kurset er avlyst i uke {summary.week}."
    if summary.is_continued or summary.was_held:
        return f"{_state(summary)} i uke {summary.week}: {summary.title}."
    return _said(summary.part("sentence"))


def _state(summary: Summary) -> str:
    """What stands before the theme's name. Nothing says "we did" before the lesson was held (product rule 12)."""
    if summary.is_continued:
        return "Dette begynte vi på"
    return "Dette gjorde vi" if summary.was_held else "Tema denne uka"


def _sentence(summary: Summary) -> str:
    """The theme's sentence, while it is true: it says "this week"."""
    return "" if summary.is_continued or summary.was_held else _said(summary.part("sentence"))


def _changes(summary: Summary) -> Iterator[str]:
    """What became otherwise than parents had been told; of a lesson that is cancelled there is no more to say."""
    if summary.is_cancelled:
        return
    if summary.moved_from:
        yield f"Timen er flyttet hit fra uke {summary.moved_from}."
    if summary.is_continued:
        yield "Vi rakk ikke alt. Vi fortsetter neste gang."
    elif summary.goes_on and not summary.was_held:
        yield "Vi begynner der vi slapp sist."


def _question(summary: Summary) -> str:
    question = "" if summary.is_cancelled else _said(summary.part("ask"))
    return f"{ASK} {question}" if question else ""


def _words(summary: Summary) -> str:
    terms = None if summary.is_cancelled else summary.part("terms")
    return f"{WORDS} {', '.join(card.word for card in terms.cards)}." if terms else ""


def _said(section: Section | None) -> str:
    return bare(section.source_html) if section else ""


def bare(words: SafeHtml) -> str:
    """The words of HTML we made ourselves, on one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", words)).split())


def _shorten(words: str) -> str:
    if len(words) <= LONGEST:
        return words
    whole = words[:LONGEST].rpartition(" ")[0] or words[: LONGEST - 1]
    return whole.rstrip(" ,;:–") + "…"


# How long a text message is

GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The letters of 7 bits that a phone sends 160 of at once (3GPP TS 23.038, 6.2.1)."""

GSM_7_TWICE = frozenset("\f^{}\\[~]|€")
"""Those that take the room of two (6.2.1.1)."""

_GSM_7_ALL = GSM_7 | GSM_7_TWICE

PLAIN = str.maketrans({"«": '"', "»": '"', "“": '"', "”": '"', "„": '"', "’": "'", "‘": "'", "–": "-", "—": "-", "…": "...", "\xa0": " "})
"""Signs that are not among them, and what says the same."""


@dataclass(frozen=True)
class TextMessage:
    """A text and how it is sent: in 7 bits a letter if all of it can be, else in 16 (UCS-2)."""

    words: str

    @cached_property
    def is_gsm_7(self) -> bool:
        return _GSM_7_ALL.issuperset(self.words)

    @cached_property
    def length(self) -> int:
        """Letters, as the phone counts them."""
        return sum(self._rooms)

    @cached_property
    def segments(self) -> int:
        """The parts it is sent in: 160 letters of 7 bits or 70 of 16, and in each of several 153 or 67, none of them cut in two."""
        alone, several = (160, 153) if self.is_gsm_7 else (70, 67)
        if self.length <= alone:
            return 1
        parts, room = 1, several
        for taken in self._rooms:
            if taken > room:
                parts, room = parts + 1, several
            room -= taken
        return parts

    @cached_property
    def _rooms(self) -> list[int]:
        """How many letters' room each takes."""
        if self.is_gsm_7:
            return [2 if letter in GSM_7_TWICE else 1 for letter in self.words]
        return [2 if ord(letter) > 0xFFFF else 1 for letter in self.words]


def _plainly(words: str) -> str:
    return words.translate(PLAIN)
