"""A text is kept in one form and hides nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curriculum.base import Refused
from curriculum.text import tidy


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a  \nb\t\n", "a\nb\n"),
        ("\ufeffa", "a"),
        ("Ba\u030arn", "Bårn"),
        ("    kode\tmed tab", "    kode\tmed tab"),
        ("\u2067اردو\u2069 og \u2068x\u2069", "\u2067اردو\u2069 og \u2068x\u2069"),
        ("", ""),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("க்\u200dஷ", "க்\u200dஷ"),
        ("👩\u200d👧", "👩\u200d👧"),
    ],
)
def test_the_same_words_have_one_form(text: str, kept: str) -> None:
    assert tidy(text) == kept


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a\nb\x07", "Line 2 holds a control character (U+0007) that cannot be seen. Delete it."),
        ("\x00", "Line 1 holds a control character (U+0000) that cannot be seen. Delete it."),
        ("\ud800", "Line 1 holds a control character (U+D800) that cannot be seen. Delete it."),
        *(
            (f"a{hidden}b", f"Line 1 holds a hidden character (U+{ord(hidden):04X}). Delete it.")
            for hidden in "\u200b\u200c\u200d\u2060\ufeff"
        ),
        ("a\n\u200cb", "Line 2 holds a hidden character (U+200C). Delete it."),
        ("a\u202eb", "Line 1 holds a hidden character that turns the direction of the text. Delete it."),
        ("\u2067a", "Line 1 opens or closes a direction mark without its other half. Delete it."),
        ("a\u2069\u2067", "Line 1 opens or closes a direction mark without its other half. Delete it."),
        ("a" + "\u0301\u0316" * 50_000, "Line 1 heaps up too many accents on one letter. Delete them."),
    ],
)
def test_what_cannot_be_seen_is_refused_and_its_line_named(text: str, words: str) -> None:
    with pytest.raises(Refused) as refusal:
        tidy(text)
    assert str(refusal.value) == words


@settings(max_examples=80, deadline=None)
@given(st.text(st.sampled_from("aå \t\r\n\u030a\u2028ب")))
def test_a_tidy_text_stays_as_it_is(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
