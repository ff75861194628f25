"""LIX and long sentences, counted by hand."""

from __future__ import annotations

import pytest

from curriculum.text import lix, long_sentences, plain, words


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("", 0),
        ("… – 🙂", 0),
        ("Vi er her.", 3),
        ("Vi er her. Du er der.", 3),
        ("Vi snakker fint.", 36),  # "snakker" has seven letters: 3 / 1 + 100 * 1 / 3
        ("Vennskap", 101),
        ("Vi ler f.eks. ofte.", 5),
        ("Vi er her\nDu er der", 3),
    ],
)
def test_lix_is_words_per_sentence_and_long_words_in_per_cent(text: str, level: int) -> None:
    assert lix(text) == level


def test_an_abbreviation_a_number_and_a_time_end_no_sentence() -> None:
    assert lix("Den 12. mai kl. 10.30 er vi ute.") == 8
    assert lix("Husk: vi ler! Ler du? «Ja.» Nei… Så") == 1


def test_words_count_numbers_and_joined_words_once() -> None:
    assert words("Førti-fem barn i 5A, «hei»!") == 5


def test_sentences_over_the_limit_are_named() -> None:
    long = "Vi " + "og vi " * 7 + "ler."
    assert long_sentences(f"Kort. {long} Kort igjen.") == [long]
    assert long_sentences(long, limit=16) == []
    assert long_sentences(plain(f"- {long}\n- kort\n")) == [long]
