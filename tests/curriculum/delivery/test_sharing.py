"""Short texts that are ready to send: for the weekly plan, to all homes, for the phone."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from curriculum.delivery import LONGEST, MOST_SEGMENTS, TextMessage, message_to_homes, text_message, til_ukeplanen
from curriculum.summaries import Summary
from curriculum.text import SafeHtml
from tests.curriculum.summaries.world import World

FRIDAY = date(2026, 10, 16)
LINK = "https://kursrekka.example/f/parent5a7k"
LINES = ["English: Read about this week's theme in your language.", "اردو: پڑھیں"]


@pytest.fixture
def summary(world: World) -> Summary:
    return world.summary(world.lesson(day=FRIDAY))


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


# --- What has become of the lesson --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "week_plan", "first"),
    [
        ({"was_held": True}, "Dette gjorde vi i uke 42: Vennskap.", "Uke 42. Dette gjorde vi: Vennskap"),
        ({"is_cancelled": True}, "Kurset er avlyst i uke 42.", "Kurset er avlyst i uke 42."),
        (
            {"is_continued": True, "was_held": True},
            "Dette begynte vi på i uke 42: Vennskap. Vi rakk ikke alt. Vi fortsetter neste gang.",
            "Uke 42. Dette begynte vi på: Vennskap\nVi rakk ikke alt. Vi fortsetter neste gang.",
        ),
        (
            {"moved_from": 41},
            "Denne uka er temaet vennskap, for alle trenger noen. Timen er flyttet hit fra uke 41.",
            "Uke 42. Tema denne uka: Vennskap\nTimen er flyttet hit fra uke 41.\nDenne uka er temaet",
        ),
        (
            {"goes_on": True},
            "Denne uka er temaet vennskap, for alle trenger noen. Vi begynner der vi slapp sist.",
            "Uke 42. Tema denne uka: Vennskap\nVi begynner der vi slapp sist.\nDenne uka er temaet",
        ),
    ],
)
def test_each_text_says_what_is_so_on_the_day_it_is_made(state: dict[str, Any], week_plan: str, first: str, summary: Summary) -> None:
    changed = replace(summary, **state)
    assert til_ukeplanen(changed).startswith(week_plan)
    assert message_to_homes(changed, LINES, LINK).startswith(first)
    assert text_message(changed, LINK).words.startswith(first.partition("\n")[0])


@pytest.mark.parametrize("state", [{"was_held": True}, {"is_cancelled": True}, {"is_continued": True, "was_held": True}])
def test_nothing_says_this_week_of_what_is_over(state: dict[str, Any], summary: Summary) -> None:
    changed = replace(summary, goes_on=True, moved_from=41, **state)
    for words in (til_ukeplanen(changed), message_to_homes(changed, LINES, LINK), text_message(changed, LINK).words):
        assert ("enne uka" in words, "slapp sist" in words) == (False, False)
        assert ("flyttet" in words, "Spør" in words) == ((False, False) if changed.is_cancelled else (True, True))


# --- One message for all homes --------------------------------------------------------------------------------------------------------


def test_the_message_is_norwegian_then_a_line_for_each_language_and_one_address(summary: Summary) -> None:
    assert message_to_homes(summary, LINES, LINK).split("\n") == [
        "Uke 42. Tema denne uka: Vennskap",
        "Denne uka er temaet vennskap, for alle trenger noen.",
        "Spør barnet ditt: Hva gjør en god venn?",
        "Ord: venn, lytte, trist.",
        "",
        *LINES,
        LINK,
    ]


def test_where_there_is_nothing_to_open_the_message_asks_nobody_to_read_there(summary: Summary) -> None:
    message = message_to_homes(summary, LINES, "")
    assert message.endswith("Ord: venn, lytte, trist.")
    assert "language" not in message
    assert "språk" not in text_message(summary, "").words


# --- For the phone ----------------------------------------------------------------------------------------------------------------------


def test_the_text_message_has_the_week_the_theme_the_question_and_the_address(summary: Summary) -> None:
    message = text_message(summary, LINK)
    assert message.words == (
        f"Uke 42. Tema denne uka: Vennskap. Spør barnet ditt: Hva gjør en god venn? Les på ditt språk / Read in your language: {LINK}"
    )
    assert (message.is_gsm_7, message.length, message.segments) == (True, len(message.words), 1)


def test_a_question_that_would_take_a_third_segment_is_left_out(summary: Summary) -> None:
    message = text_message(saying(summary, "ask", "<p>" + "hva " * 60 + "</p>"), LINK)
    assert message.words == f"Uke 42. Tema denne uka: Vennskap. Les på ditt språk / Read in your language: {LINK}"
    assert message.segments <= MOST_SEGMENTS


def test_signs_that_would_make_each_letter_take_more_room_are_written_plainly(summary: Summary) -> None:
    message = text_message(saying(summary, "ask", "<p>Hva er «å lytte» – og hva sier du …?</p>"), LINK)
    assert 'Hva er "å lytte" - og hva sier du ...?' in message.words
    assert message.is_gsm_7


@pytest.mark.parametrize(
    ("words", "is_gsm_7", "length", "segments"),
    [
        ("", True, 0, 1),
        ("æ" * 160, True, 160, 1),
        ("a" * 161, True, 161, 2),
        ("a" * 306, True, 306, 2),
        ("a" * 307, True, 307, 3),
        ("€" * 80, True, 160, 1),
        ("€" * 153, True, 306, 3),  # the last of a part's 153 is never half of one that takes two
        ("š" * 70, False, 70, 1),
        ("š" * 71, False, 71, 2),
        ("š" * 134, False, 134, 2),
        ("😀" * 35, False, 70, 1),
        ("😀" * 67, False, 134, 3),
    ],
)
def test_the_length_is_the_phones(words: str, is_gsm_7: bool, length: int, segments: int) -> None:
    message = TextMessage(words)
    assert (message.is_gsm_7, message.length, message.segments) == (is_gsm_7, length, segments)
