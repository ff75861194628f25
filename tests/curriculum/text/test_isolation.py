"""Numbers and Latin words keep their own direction inside right-to-left text."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curriculum.base import Refused
from curriculum.text import isolate, phone
from curriculum.text.isolation import runs


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("فون +47 22 33 44 55 پر", ["+47 22 33 44 55"]),
        ("24.11.2026", ["24.11.2026"]),
        ("10–15 منٹ", ["10–15"]),
        ("-5", ["-5"]),
        ("50% ہے", ["50%"]),
        ("منٹ 45 میں", []),
        ("یہ venn, god venn. اور", ["venn, god venn"]),
        ("Bydel Alna 22 33 44 55", ["Bydel Alna 22 33 44 55"]),
        ("5A اور 6B", ["5A", "6B"]),
        ("https://x.example/a ہے", ["https://x.example/a"]),
        ("(Sosialagent)", ["Sosialagent"]),
        ("«Særtrinn»", ["Særtrinn"]),
        ("", []),
    ],
)
def test_left_to_right_runs_are_found_whole(text: str, apart: list[str]) -> None:
    assert [run.text for run in runs(text) if run.apart] == apart


@settings(max_examples=80, deadline=None)
@given(st.text(st.sampled_from("ابپ aæB09+-–(). ,&<>\"'\u00a0")))
def test_isolating_loses_and_adds_no_character(text: str) -> None:
    assert "".join(run.text for run in runs(text)) == text
    assert html.unescape(re.sub(r'<bdi dir="ltr">|</bdi>', "", isolate(text, "rtl"))) == text


def test_a_left_to_right_page_needs_no_isolation_only_escaping() -> None:
    assert isolate("<b> 22 33 44 55", "ltr") == "&lt;b&gt; 22 33 44 55"
    assert isolate("<ب> 22 33", "rtl") == '&lt;ب&gt; <bdi dir="ltr">22 33</bdi>'


@pytest.mark.parametrize("text", ["1" * 50_000, "1 " * 25_000, "a." * 25_000, "+-" * 25_000, "((" * 25_000, "a ,"[::-1] * 16_000])
def test_a_long_text_is_split_at_once(text: str) -> None:
    assert "".join(run.text for run in runs(text)) == text


@pytest.mark.parametrize(
    ("number", "target"),
    [
        ("22 33 44 55", "+4722334455"),
        ("+47 22 33 44 55", "+4722334455"),
        ("116 111", "116111"),
        ("112", "112"),
        ("+46 (8) 123-456", "+468123456"),
    ],
)
def test_a_telephone_number_is_a_link_that_calls_it(number: str, target: str) -> None:
    assert phone(number) == f'<a href="tel:{target}"><bdi dir="ltr">{number}</bdi></a>'


@pytest.mark.parametrize("number", ["", "12", "ring meg", "1" * 16, "22 33 44 55<script>", "++4722334455"])
def test_what_is_no_telephone_number_is_refused(number: str) -> None:
    with pytest.raises(Refused, match="is not a telephone number"):
        phone(number)
