"""The forms' own words."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from babel.messages.pofile import read_po

from app.pages import LIBRARY_WORDS

NEVER_SHOWN = {
    "Invalid field name '%s'.",
    "Choices cannot be None.",
    "Invalid CSRF Token.",
    "CSRF token missing.",
    "CSRF failed.",
    "CSRF token expired.",
}
"""Faults of the program, and those that have a page of their own."""


def test_everything_the_form_library_says_has_words_of_ours() -> None:
    spec = find_spec("wtforms")
    assert spec is not None and spec.origin is not None
    with (Path(spec.origin).parent / "locale" / "wtforms.pot").open("rb") as file:
        messages = [message.id for message in read_po(file) if message.id]
    said = {words for message in messages for words in ([message] if isinstance(message, str) else message)}
    assert said - NEVER_SHOWN == set(LIBRARY_WORDS)
