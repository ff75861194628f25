"""How hard a Norwegian text is to read."""

from __future__ import annotations

import re

LONG_WORD = 6
"""Letters; a word with more is long (Björnsson, Läsbarhet, 1968)."""

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+|(?<=\d)[.,:]\d+)*")
_SENTENCE_END = re.compile(r"(?<=[!?:…])[\"»”’)]*\s+|(?<=\.)[\"»”’)]*\s+(?![a-zæøå0-9])|\n\s*")


def words(text: str) -> int:
    """The number of words and numbers in a plain text."""
    return len(_WORD.findall(text))


def lix(text: str) -> int:
    """LIX of a plain text with one block a line, as `plain` gives: words per sentence + long words in per cent. 0 for no words.

    Björnsson 1968; under 30 is very easy, 30–40 easy, over 50 hard. A sentence ends with . ! ? : or its line, but not where a small
    letter or a digit follows the full stop ("f.eks. slik", "kl. 10").
    """
    found = _WORD.findall(text)
    if not found:
        return 0
    long = sum(1 for word in found if sum(map(str.isalpha, word)) > LONG_WORD)
    return round(len(found) / len(_sentences(text)) + 100 * long / len(found))


def long_sentences(text: str, limit: int = 15) -> list[str]:
    """The sentences of a plain text with more than `limit` words, in their order."""
    return [sentence for sentence in _sentences(text) if words(sentence) > limit]


def _sentences(text: str) -> list[str]:
    return [sentence.strip() for sentence in _SENTENCE_END.split(text) if _WORD.search(sentence)]
