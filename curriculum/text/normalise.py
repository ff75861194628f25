"""A text as it is kept: one form for the same characters, and none that hide or reorder what one reads."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

from curriculum.base import N_, Refused

MOST_MARKS = 20
"""Combining marks in a row. No language needs more, and putting thousands in order takes seconds."""

_NEWLINE = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_TRAILING = re.compile(r"(?<![ \t])[ \t]+(?=\n|\Z)")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_OVERRIDE = re.compile("[\u202a-\u202e]")
_HIDDEN = re.compile("[\u180e\u200b\u2060-\u2065\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]|(?:^|(?<=[\\0-\u024f]))[\u200c\u200d]")
"""Characters that are not seen and have no use in any of the languages. Joiners have one, but after Latin letters."""

_ISOLATE = re.compile("[\u2066-\u2069]")
_CLOSES = "\u2069"


def tidy(text: str) -> str:
    """NFC, newlines as `\\n`, no space at line ends, no byte order mark.

    Raises Refused, naming the line, for control characters, overrides of direction, characters that cannot be seen, direction marks left
    open, and heaps of accents.
    """
    text = _TRAILING.sub("", _NEWLINE.sub("\n", text.removeprefix("\ufeff")))
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.isascii() or _CONTROL.search(line):
            _refuse_line(number, line)
    return unicodedata.normalize("NFC", text)


def _refuse_line(number: int, line: str) -> None:
    if found := _CONTROL.search(line):
        code = f"U+{ord(found.group()):04X}"
        raise Refused(N_("Line %(line)s holds a control character (%(code)s) that cannot be seen. Delete it."), line=number, code=code)
    if _OVERRIDE.search(line):
        raise Refused(N_("Line %(line)s holds a hidden character that turns the direction of the text. Delete it."), line=number)
    if found := _HIDDEN.search(line):
        raise Refused(N_("Line %(line)s holds a hidden character (%(code)s). Delete it."), line=number, code=f"U+{ord(found.group()):04X}")
    if not _is_balanced(line):
        raise Refused(N_("Line %(line)s opens or closes a direction mark without its other half. Delete it."), line=number)
    if any(is_mark and sum(1 for _ in run) > MOST_MARKS for is_mark, run in groupby(line, key=lambda c: unicodedata.combining(c) > 0)):
        raise Refused(N_("Line %(line)s heaps up too many accents on one letter. Delete them."), line=number)


def _is_balanced(line: str) -> bool:
    depth = 0
    for mark in _ISOLATE.findall(line):
        depth += -1 if mark == _CLOSES else 1
        if depth < 0:
            return False
    return depth == 0
