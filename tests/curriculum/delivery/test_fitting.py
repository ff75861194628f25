"""What stands on one sheet of A4, and what is left out when not all of it can."""

from dataclasses import replace
from datetime import date

import pytest

from curriculum.delivery import WallWord, fridge_sheet, word_poster
from curriculum.delivery.fitting import HEIGHT, SHEET_SIZES, WORD_SIZES, first_block, letters_of, paragraphs, sheet_height
from curriculum.summaries import Summary
from curriculum.text import LANGUAGES, SafeHtml
from tests.curriculum.summaries.world import World

FRIDAY = date(2026, 10, 16)


@pytest.fixture
def summary(world: World) -> Summary:
    world.translate_all()
    return world.summary(world.lesson(day=FRIDAY))


def saying(summary: Summary, key: str, words: str) -> Summary:
    """The summary with other words in one section, in both languages."""
    html = SafeHtml(words)
    parts = (replace(part, source_html=html, html=html) if part.key == key else part for part in summary.sections)
    return replace(summary, sections=tuple(parts))


def test_a_sheet_has_the_sentence_the_question_the_words_and_one_thing_to_try_in_both_languages(summary: Summary) -> None:
    sheet = fridge_sheet(summary)
    assert [(row.key, row.name) for row in sheet.rows] == [
        ("sentence", ""), ("ask", ""), ("word", "venn"), ("word", "lytte"), ("word", "trist"), ("try", "")
    ]  # fmt: skip
    ask, word = sheet.part("ask"), sheet.words[0]
    assert ask is not None and ask.theirs is not None
    assert (ask.source, ask.theirs.startswith("<p>SO ")) == ("<p>Hva gjør en god venn?</p>\n", True)
    assert (word.name, word.other_name) == ("venn", "SO venn")
    assert (sheet.is_bilingual, sheet.is_shortened, sheet.size) == (True, False, SHEET_SIZES[0])
    assert sheet.part("more") is None


def test_in_norwegian_alone_there_is_one_column(world: World) -> None:
    sheet = fridge_sheet(world.summary(world.lesson(day=FRIDAY), "nb"))
    assert (sheet.is_bilingual, {row.theirs for row in sheet.rows}) == (False, {None})


def test_what_is_not_translated_stands_in_norwegian_only(world: World) -> None:
    world.translate(world.friends, "p1")
    sheet = fridge_sheet(world.summary(world.lesson(day=FRIDAY)))
    assert [row.key for row in sheet.rows if row.theirs] == ["sentence"]


def test_of_a_cancelled_lesson_the_words_are_left(summary: Summary) -> None:
    sheet = fridge_sheet(replace(summary, is_cancelled=True))
    assert {row.key for row in sheet.rows} == {"word"}


def test_sections_that_are_not_there_are_not_missed(summary: Summary) -> None:
    assert fridge_sheet(replace(summary, sections=())).rows == ()


@pytest.mark.parametrize("letters", [400, 900, 1500, 2500])
def test_longer_texts_stand_in_smaller_letters_and_still_on_one_page(letters: int, summary: Summary) -> None:
    sheet = fridge_sheet(saying(summary, "sentence", "<p>" + "lang tekst " * (letters // 11) + "</p>"))
    assert sheet_height(sheet.summary, sheet.rows, sheet.size, is_shortened=sheet.is_shortened) <= HEIGHT
    assert sheet.size < SHEET_SIZES[0] or letters < 500


def test_what_has_no_room_in_the_smallest_letters_is_left_out_whole_from_the_end(summary: Summary) -> None:
    kept = [
        [row.key for row in fridge_sheet(saying(summary, "sentence", "<p>" + "lang tekst " * count + "</p>")).rows]
        for count in range(100, 700, 20)
    ]
    whole = ["sentence", "ask", "word", "word", "word", "try"]
    assert (kept[0], kept[-1]) == (whole, [])
    assert all(rows == whole[: len(rows)] for rows in kept)
    assert [len(rows) for rows in kept] == sorted((len(rows) for rows in kept), reverse=True)
    assert len({len(rows) for rows in kept}) > 2


def test_what_was_left_out_is_told(summary: Summary) -> None:
    assert fridge_sheet(saying(summary, "sentence", "<p>" + "lang tekst " * 700 + "</p>")).is_shortened


def test_of_several_things_to_try_the_first_is_shown(summary: Summary) -> None:
    row = fridge_sheet(saying(summary, "try", "<ul>\n<li>Lek.</li>\n<li>Les.</li>\n</ul>\n")).part("try")
    assert row is not None
    assert (row.source, row.theirs) == ("<p>Lek.</p>", "<p>Lek.</p>")


@pytest.mark.parametrize(("words", "first"), [("<p>En <em>ting</em>.</p><p>To.</p>", "<p>En <em>ting</em>.</p>"), ("bare ord", "bare ord")])
def test_the_first_paragraph_is_whole(words: str, first: str) -> None:
    assert first_block(SafeHtml(words)) == first


def test_paragraphs_are_plain_and_at_least_one() -> None:
    assert paragraphs(SafeHtml("<p>Du &amp; jeg</p>\n<ul><li>En</li><li>To</li></ul>")) == ["Du & jeg", "En", "To"]
    assert paragraphs(SafeHtml("")) == [""]


def test_a_script_that_takes_much_room_has_the_wider_column(summary: Summary) -> None:
    assert not fridge_sheet(summary).is_uneven
    assert fridge_sheet(replace(summary, lang="ta")).is_uneven


def test_what_became_otherwise_has_room_too(summary: Summary) -> None:
    moved = replace(summary, moved_from=41, goes_on=True)
    assert sheet_height(moved, (), 12) > sheet_height(summary, (), 12)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_language_has_a_measure(tag: str) -> None:
    assert letters_of(tag).width > 0.4 and letters_of(tag).line >= 1.35


# --- For the wall -------------------------------------------------------------------------------------------------------------------------


def words(count: int, length: int = 6, tags: tuple[str, ...] = ("so", "ur", "ta")) -> list[WallWord]:
    return [WallWord("o" * length, tuple((tag, "x" * length) for tag in tags)) for _ in range(count)]


def test_few_words_stand_large() -> None:
    poster = word_poster("Vennskap", words(3, tags=()), "nb")
    assert (poster.title, len(poster.words), poster.size, poster.is_shortened) == ("Vennskap", 3, WORD_SIZES[0], False)


def test_more_words_and_languages_stand_smaller_and_none_is_left_out() -> None:
    sizes = [word_poster("Vennskap", words(count), "nb").size for count in (2, 4, 5, 6)]
    assert sizes == sorted(sizes, reverse=True)
    assert (sizes[0] > sizes[-1], len(word_poster("Vennskap", words(6), "nb").words)) == (True, 6)


def test_words_without_room_are_left_out_from_the_end() -> None:
    many = words(80)
    poster = word_poster("Vennskap", many, "nb")
    assert (poster.size, poster.is_shortened) == (WORD_SIZES[-1], True)
    assert 0 < len(poster.words) < 80
    assert list(poster.words) == many[: len(poster.words)]


def test_a_word_that_fills_more_than_the_page_leaves_it_empty() -> None:
    assert word_poster("Vennskap", words(1, length=9000), "nb").words == ()
