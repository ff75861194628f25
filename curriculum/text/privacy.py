"""What no text may hold: a national identity number anywhere, a telephone number or an e-mail address where everyone can read."""

from __future__ import annotations

import html
import re
from calendar import monthrange
from collections.abc import Iterator

from curriculum.base import N_, Refused
from curriculum.text.rendering import plain

_GAP = r"[\s.\-–·\u00ad\u200b-\u200d\u2060]"
_ANY_GAP = r"[ \t./\\_*~`\-–·\u00a0\u202f\u00ad\u200b-\u200d\u2060]{0,4}"  # also what Markdown takes away: **, \\-, `
_NUMBER = re.compile(
    rf"(?<!\d)(?=(\d\d{_GAP}?\d\d{_GAP}?\d\d{_GAP}{{0,3}}\d{{3}}{_GAP}?\d\d)(?!\d))"  # between its parts also over a line's end
    rf"|(?<!\d)(?=(\d(?:{_ANY_GAP}\d){{10}})(?!\d))"
)
LEAST_DIGITS = 6
"""A common help line has as few."""

_FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)

_SPACE = r"[ \u00a0\u202f-]"
_PHONE = re.compile(
    rf"(?<![\w+/=])(?:(?:\+|00)47{_SPACE}?)?(?!20)[2-9](?:\d{{7}}|\d{_SPACE}\d\d{_SPACE}\d\d{_SPACE}\d\d|\d\d{_SPACE}\d\d{_SPACE}\d{{3}}"
    rf"|\d{{3}}{_SPACE}\d{{4}})(?![\w])"
    rf"|(?<![\w+])(?:\+|00)[1-9]\d(?:{_SPACE}?\d){{5,12}}(?!\d)"
    rf"|(?<![\w+])116{_SPACE}?\d{{3}}(?!\d)"  # Europe's common help lines
)
_EMAIL = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.)+[\w-]{2,63}")


def find_fodselsnummer(text: str) -> str | None:
    """The first valid national identity number as it is written, or None.

    Also D-numbers (day + 40), H-numbers (month + 40) and made-up ones for tests (month + 80), written together or with gaps anywhere.
    Both check digits must fit (Skatteetaten, folkeregisteret), so that lists of numbers are left alone.
    """
    for match in _NUMBER.finditer(text):
        for written in match.groups(""):
            if _is_fodselsnummer([int(digit) for digit in written if digit.isdigit()]):
                return written
    return None


def _is_fodselsnummer(digits: list[int]) -> bool:
    return (
        len(digits) == len(_SECOND)
        and _is_date(digits)
        and sum(map(int.__mul__, _FIRST, digits)) % 11 == 0  # a check digit of 10 does not exist, and then no sum fits
        and sum(map(int.__mul__, _SECOND, digits)) % 11 == 0
    )


def _is_date(digits: list[int]) -> bool:
    day, month, year = (10 * digits[place] + digits[place + 1] for place in (0, 2, 4))
    day -= 40 if day > 40 else 0
    month -= 80 if month > 80 else 40 if month > 40 else 0
    return 1 <= month <= 12 and 1 <= day <= monthrange(2000 + year, month)[1]  # of any century: 2000 has the leap day that 1900 lacks


def find_phone(text: str) -> str | None:
    """The first telephone number as it is written (Norwegian, international, or a common help line 116 xxx), or None."""
    found = _PHONE.search(text)
    return found.group() if found else None


def find_email(text: str) -> str | None:
    """The first e-mail address, or None."""
    found = _EMAIL.search(text)
    return found.group() if found else None


def refuse_personal(text: str, *, public: bool = False) -> None:
    """Raise Refused for a national identity number, and in a public text for a telephone number or an e-mail address.

    The text is judged as it is written, and as readers see it. The identity number is not repeated in the refusal, so that it ends in
    no log.
    """
    for words in _readings(text):
        _refuse(words, public)


def _readings(text: str) -> Iterator[str]:
    """The text; with its entities (&#48;) as characters; and, when it could hold a number, each line of what its Markdown shows."""
    yield text
    decoded = html.unescape(text)
    if decoded != text:
        yield decoded
    if sum(map(str.isdigit, decoded)) >= LEAST_DIGITS:
        try:
            yield from plain(text).split("\n")
        except Refused:  # too long or too deep to be shown at all: another check says so
            return


def _refuse(text: str, public: bool) -> None:
    if find_fodselsnummer(text):
        raise Refused(N_("The text holds a national identity number (fødselsnummer). Delete it: nothing about single persons is kept."))
    if public and (number := find_phone(text)):
        raise Refused(
            N_("Everyone can read this text, and it holds a telephone number: %(number)s. Numbers stand in the contact card only."),
            number=number,
        )
    if public and (address := find_email(text)):
        raise Refused(N_("Everyone can read this text, and it holds an e-mail address: %(address)s. Delete it."), address=address)
