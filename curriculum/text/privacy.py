"""What no text may hold: a national identity number anywhere, a telephone number or an e-mail address where everyone can read."""

from __future__ import annotations

import re
from calendar import monthrange

from curriculum.base import N_, Refused

_GAP = r"[\s.\-–·\u00ad\u200b-\u200d\u2060]"
_NUMBER = re.compile(rf"(?<!\d)(?=(\d\d{_GAP}?\d\d{_GAP}?\d\d{_GAP}{{0,3}}\d{{3}}{_GAP}?\d\d)(?!\d))")
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

    Also D-numbers (day + 40), H-numbers (month + 40) and made-up ones for tests (month + 80), written together or with gaps between
    the parts. Both check digits must fit (Skatteetaten, folkeregisteret).
    """
    for match in _NUMBER.finditer(text):
        if _is_fodselsnummer([int(digit) for digit in match.group(1) if digit.isdigit()]):
            return match.group(1)
    return None


def _is_fodselsnummer(digits: list[int]) -> bool:
    return (
        _is_date(digits)
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

    The identity number is not repeated in the refusal, so that it ends in no log.
    """
    if find_fodselsnummer(text):
        raise Refused(N_("The text holds a national identity number (fødselsnummer). Delete it: nothing about single persons is kept."))
    if public and (number := find_phone(text)):
        raise Refused(
            N_("Everyone can read this text, and it holds a telephone number: %(number)s. Numbers stand in the contact card only."),
            number=number,
        )
    if public and (address := find_email(text)):
        raise Refused(N_("Everyone can read this text, and it holds an e-mail address: %(address)s. Delete it."), address=address)
