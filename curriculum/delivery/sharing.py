"""Short texts for a teacher to paste where the homes look anyway."""

from __future__ import annotations

import html
import re

from curriculum.summaries import Section, Summary
from curriculum.text import SafeHtml

LONGEST = 250
"""Characters in a text for the weekly plan (ukeplan)."""

ASK, WORDS = "Spør barnet ditt:", "Ord:"
"""Like the texts they stand before, these are in the source language."""


def til_ukeplanen(summary: Summary) -> str:
    """This week's theme, the question to ask at home and the words, in the source language: as much as fits whole in 250 characters.

    Only a first sentence too long by itself is cut, between two words.
    """
    pieces = [piece for piece in (_sentence(summary), _question(summary), _words(summary)) if piece]
    fitting = _shorten(pieces[0]) if pieces else ""
    for piece in pieces[1:]:
        if len(f"{fitting} {piece}") <= LONGEST:
            fitting = f"{fitting} {piece}"
    return fitting


def _sentence(summary: Summary) -> str:
    return _said(summary.part("sentence"))


def _question(summary: Summary) -> str:
    question = _said(summary.part("ask"))
    return f"{ASK} {question}" if question else ""


def _words(summary: Summary) -> str:
    terms = summary.part("terms")
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
