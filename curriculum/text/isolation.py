"""Numbers and Latin words inside right-to-left text, wrapped so that they keep their own direction."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

from curriculum.base import N_, Refused
from curriculum.text.languages import Direction
from curriculum.text.safe import SafeHtml

_LETTER = "A-Za-zÀ-ÖØ-öø-ɏ"
_WORD = rf"[{_LETTER}](?:[{_LETTER}0-9.@/:+&'’()_%-]*[{_LETTER}0-9])?"
_NUMBER = r"(?<![0-9])[+−-]?\(?[0-9]+(?:[ \u00a0\u202f./:−–()-]{1,3}[0-9]+)*%?"
_RUN = re.compile(rf"(?:{_WORD}|{_NUMBER})(?:[ ,\u00a0]{{0,2}}(?:{_WORD}|{_NUMBER}))*")
_HAS_LETTER = re.compile(f"[{_LETTER}]")
_PHONE = re.compile(r"\+?[0-9][0-9 ()\u00a0-]{1,24}")


class Run(NamedTuple):
    """A piece of text; `apart` when it reads left to right by itself, `latin` when it holds Latin letters."""

    text: str
    apart: bool
    latin: bool


def runs(text: str) -> Iterator[Run]:
    """A right-to-left text in pieces that give the text when joined. Digits alone need no help and stay where they are."""
    end = 0
    for match in _RUN.finditer(text):
        if match.group().isdigit():
            continue
        if match.start() > end:
            yield Run(text[end : match.start()], False, False)
        yield Run(match.group(), True, _HAS_LETTER.search(match.group()) is not None)
        end = match.end()
    if end < len(text):
        yield Run(text[end:], False, False)


def isolate(text: str, direction: Direction) -> SafeHtml:
    """A short plain string (a date, a name, a phone number) escaped, with left-to-right runs kept in order inside right-to-left text.

    Without it "+47 22 33 44 55" is shown as "55 44 33 22 47+" (Unicode Bidirectional Algorithm, UAX 9).
    """
    if direction == "ltr":
        return SafeHtml(html.escape(text))
    return SafeHtml("".join(_apart(run.text) if run.apart else html.escape(run.text) for run in runs(text)))


def phone(number: str) -> SafeHtml:
    """A telephone number as a link that calls it, in its own direction. Eight digits alone get Norway's +47.

    Raises Refused when it is not a telephone number.
    """
    digits = re.sub(r"[^0-9]", "", number)
    if not _PHONE.fullmatch(number.strip()) or not 3 <= len(digits) <= 15:  # ITU-T E.164: at most fifteen
        raise Refused(N_("“%(number)s” is not a telephone number."), number=number)
    return SafeHtml(f'<a href="tel:{_prefix(number, digits)}{digits}">{_apart(number.strip())}</a>')


def _prefix(number: str, digits: str) -> str:
    if number.strip().startswith("+"):
        return "+"
    return "+47" if len(digits) == 8 else ""


def _apart(text: str) -> str:
    return f'<bdi dir="ltr">{html.escape(text)}</bdi>'
