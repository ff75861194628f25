"""Short texts for the weekly plan."""

from dataclasses import replace

import pytest

from curriculum.delivery import LONGEST, til_ukeplanen
from curriculum.summaries import Summary
from curriculum.text import SafeHtml
from tests.curriculum.summaries.world import World


@pytest.fixture
def summary(world: World) -> Summary:
    return world.summary(world.lesson())


def saying(summary: Summary, key: str, words: str) -> Summary:
    """The summary with other words in one section."""
    parts = (replace(part, source_html=SafeHtml(words)) if part.key == key else part for part in summary.sections)
    return replace(summary, sections=tuple(parts))


def test_it_is_the_theme_the_question_and_the_words_in_norwegian(summary: Summary) -> None:
    assert til_ukeplanen(summary) == (
        "Denne uka er temaet vennskap, for alle trenger noen. Spør barnet ditt: Hva gjør en god venn? Ord: venn, lytte, trist."
    )


def test_markup_and_signs_become_plain_words(summary: Summary) -> None:
    assert til_ukeplanen(saying(summary, "sentence", "<p>Du &amp; <em>jeg</em>\ner venner.</p>\n")).startswith("Du & jeg er venner. Spør")


def test_what_does_not_fit_whole_is_left_out(summary: Summary) -> None:
    sentence = "<p>" + "ord " * 50 + "</p>"
    shared = til_ukeplanen(saying(summary, "sentence", sentence))
    assert shared.endswith("ord Spør barnet ditt: Hva gjør en god venn?")
    assert len(shared) <= LONGEST
    assert til_ukeplanen(saying(saying(summary, "sentence", sentence), "ask", "<p>" + "hva " * 30 + "</p>")).endswith(
        "Ord: venn, lytte, trist."
    )


@pytest.mark.parametrize("words", ["ord, " * 100, "x" * 400, "ord " * 62 + "langtord"])
def test_a_sentence_too_long_by_itself_is_never_cut_within_a_word(summary: Summary, words: str) -> None:
    shared = til_ukeplanen(saying(summary, "sentence", words))
    assert len(shared) <= LONGEST
    assert shared.endswith("…")
    assert set(shared[:-1].replace(",", "").split()) <= {"ord", "x" * (LONGEST - 1)}


def test_sections_that_are_not_there_are_not_missed(summary: Summary) -> None:
    def without(*keys: str) -> Summary:
        return replace(summary, sections=tuple(part for part in summary.sections if part.key not in keys))

    assert til_ukeplanen(without("sentence", "terms")) == "Spør barnet ditt: Hva gjør en god venn?"
    assert til_ukeplanen(without("ask", "sentence", "terms")) == ""
