"""The languages parents read, and which one a browser asks for."""

from __future__ import annotations

import pytest
from babel import Locale
from hypothesis import given, settings
from hypothesis import strategies as st

from curriculum.text import LANGUAGES, is_language, negotiate

OPEN = ["nb", "en", "ur", "so", "ar", "ta", "pl"]


def test_the_table_holds_every_language_in_its_order() -> None:
    assert list(LANGUAGES) == "nb en ur so ar ta pl tr fa-AF fa kmr ckb sq vi ti uk ps am ru pa bs es nn".split()  # noqa: SIM905
    assert all(tag == language.tag for tag, language in LANGUAGES.items())


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_language_agrees_with_babel_about_its_direction(tag: str) -> None:
    language = LANGUAGES[tag]
    assert Locale.parse(language.babel_locale).text_direction == language.direction
    assert (language.script == "Arab") == (language.direction == "rtl")


def test_a_tag_is_a_language_only_as_the_table_spells_it() -> None:
    assert [is_language(tag) for tag in ("fa-AF", "fa-af", "xx", "")] == [True, False, False, False]


@pytest.mark.parametrize(
    ("header", "open_tags", "chosen"),
    [
        ("so", OPEN, "so"),
        ("ur-PK,ur;q=0.9,en;q=0.8", OPEN, "ur"),
        ("en;q=0.5, so;q=0.9", OPEN, "so"),
        ("EN_gb", OPEN, "en"),
        ("no", OPEN, "nb"),
        ("nn-NO", OPEN, "nb"),
        ("nn-NO", [*OPEN, "nn"], "nn"),
        ("nb", ["nn"], "nn"),
        ("prs", ["fa", "fa-AF"], "fa-AF"),
        ("prs-AF", ["fa"], "fa"),
        ("fa", ["fa-AF"], "fa-AF"),
        ("fa-AF", ["fa"], "fa"),
        ("fa-IR", ["fa-AF", "fa"], "fa"),
        ("ku", ["ckb", "kmr"], "kmr"),
        ("ku-TR", ["ckb", "kmr"], "kmr"),
        ("ku-Arab-IQ", ["kmr", "ckb"], "ckb"),
        ("hr-HR", ["bs"], "bs"),
        ("sr-Latn-RS", ["bs"], "bs"),
        ("pa-PK", OPEN, "ur"),
        ("so;q=0, en", OPEN, "en"),
        ("so;q=0", OPEN, None),
        ("de, fr", OPEN, None),
        ("*", OPEN, None),
        ("", OPEN, None),
        ("so", [], None),
        ("so;q=9, \x00\xff<script>, ;;;, en;q=x, pl;q=0.1", OPEN, "pl"),
        ("x" * 8192 + ", so", OPEN, None),
        ("de," * 2700 + "so", OPEN, None),
    ],
)
def test_the_reader_gets_the_open_language_nearest_to_what_the_browser_asks(header: str, open_tags: list[str], chosen: str | None) -> None:
    assert negotiate(header, open_tags) == chosen


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=60).map(lambda header: header.decode("latin-1")))
def test_no_header_breaks_the_choice(header: str) -> None:
    assert negotiate(header, OPEN) in [*OPEN, None]
