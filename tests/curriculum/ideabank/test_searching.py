"""Searching the themes: stems, compounds, spellings, and the sentence in which the words stand."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curriculum import ideabank
from curriculum.ideabank import Index, TermPart, ThemeDocument, index_themes, search
from curriculum.ideabank.documents import AimPart, StepPart
from curriculum.text import Block

TERM = TermPart("utenfor", "utenfor", (), "Når noen ikke får være med.", "«Hvem står alene?»", False)
FRIENDS = ThemeDocument(
    "vennskap",
    "Vennskap",
    terms=("utenfor",),
    sections={
        "purpose": "I dag øver vi på å være en god venn.\n\n- lytte til andre\n- si **unnskyld**, se [lenka](https://udir.no)",
        "teacher": "",
    },
    steps=(
        StepPart("ring", "Velkommen i ring", 5, "intro", True, "Si hei! Finn en klassekamerat.", "Alle er velkomne.", "Bare to og to."),
    ),
    parents={"ask": (Block("p1", "ask", "p", "Hvem lekte du med i friminuttet?", None),)},
    dive={"define": "En er mye alene."},
    aims=(AimPart("2.5.1", True, "main", "Elevene øver på medmenneskelighet."),),
)
CONFLICT = ThemeDocument(
    "konflikt",
    "Konflikthåndtering",
    sections={"purpose": "Vi krangler av og til.", "watch-out": "Mobbing er noe annet. Vær varsom med uvenner."},
)
FEELINGS = ThemeDocument("folelser", "Å forstå følelser", sections={"purpose": "Alle kan få vondt i magen, også på kafé."})
WAITING = ThemeDocument("vente", "Å vente på tur", sections={"purpose": "Det er en flytting fra før. Gaven kommer til slutt."})


@cache
def index() -> Index:
    return index_themes([(FRIENDS, (TERM,)), (CONFLICT, ()), (FEELINGS, ()), (WAITING, ())])


def found(typed: str, among: int = -1) -> list[str]:
    """Keys of the themes that are found, the best first."""
    result = search(index(), typed)
    return [index().themes[place].sentences[0].text.split()[-1] for place in result.best_first(among)]


def shown(typed: str, place: int = 0) -> list[tuple[str, str]]:
    """Where the words stand in a theme, and the sentence with its marks."""
    hit = search(index(), typed).hit(place)
    return [(one.at, "".join(f"[{text}]" if is_found else text for text, is_found in one.pieces)) for one in hit.sentences]


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("venn", ["Vennskap", "Konflikthåndtering"]),
        ("venner", ["Vennskap", "Konflikthåndtering"]),
        ("VENNENE", ["Vennskap", "Konflikthåndtering"]),
        ("konflikter", ["Konflikthåndtering"]),
        ("konfl", ["Konflikthåndtering"]),
        ("mobbe", ["Konflikthåndtering"]),
        ("mobbinga", ["Konflikthåndtering"]),
        ("menneskelig", ["Vennskap"]),
        ("håndtere", ["Konflikthåndtering"]),
        ("kamerater", ["Vennskap"]),
    ],
)
def test_a_word_is_found_in_its_other_forms_and_inside_compounds(typed: str, titles: list[str]) -> None:
    assert found(typed) == titles


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("følelse", ["følelser"]),
        ("folelse", ["følelser"]),
        ("foelelser", ["følelser"]),
        ("forstaa", ["følelser"]),
        ("kafe", ["følelser"]),
        ("kafé", ["følelser"]),
        ("venskap", ["Vennskap"]),
        ("vener", ["Vennskap"]),
        ("haandtering", ["Konflikthåndtering"]),
        ("gåven", []),
    ],
)
def test_what_a_keyboard_lacks_or_nynorsk_spells_otherwise_is_found(typed: str, titles: list[str]) -> None:
    assert found(typed)[:1] == titles


def test_letters_that_stand_in_a_word_by_chance_are_no_find() -> None:
    assert "tur" not in found("venn")
    assert "tur" not in found("lytte")
    assert found("lyt") == ["Vennskap"]


def test_a_letter_held_down_is_no_spelling_of_anything() -> None:
    assert [found(typed) for typed in ("aaaa", "bbbbbbbb", "vennnskap", "e" * 300)] == [[]] * 4


def test_two_letters_begin_a_word_and_one_is_a_word_of_its_own() -> None:
    assert found("gå") == []
    assert found("ga") == ["tur"]
    assert found("z") == []
    assert found("i") == ["Vennskap", "følelser"]


def test_a_theme_must_hold_all_the_words_but_small_ones() -> None:
    assert found("venn alene") == ["Vennskap"]
    assert found("venn krangler") == ["Konflikthåndtering"]
    assert found("venn magen") == []
    assert found("en venn og magen") == []
    assert search(index(), "en venn til meg").words == ("venn", "meg")
    assert search(index(), "en og").words == ("en", "og")


def test_a_title_comes_before_a_purpose_and_that_before_what_else_is_written() -> None:
    themes = [
        replace(CONFLICT, key="c", title="Tre", sections={"teacher": "Om ro."}),
        replace(CONFLICT, key="b", title="To", sections={"purpose": "Om ro."}),
        replace(CONFLICT, key="a", title="Ro", sections={}),
        replace(CONFLICT, key="d", title="Fire", sections={"purpose": "Om roing."}),
    ]
    made = index_themes([(theme, ()) for theme in themes])
    assert list(search(made, "ro").best_first(-1)) == [2, 1, 3, 0]
    assert list(search(made, "ro").best_first(0b1001)) == [3, 0]
    assert list(ideabank.places_in(search(made, "ro").themes)) == [0, 1, 2, 3]


def test_the_hit_stands_in_its_sentence_with_the_word_marked_and_its_place_named() -> None:
    assert search(index(), "venner").hit(0).title == (("Vennskap", True),)
    assert shown("venner") == [("purpose", "I dag øver vi på å være en god [venn].")]
    assert shown("unnskyld lenka") == [("purpose", "si [unnskyld], se [lenka]")]
    assert shown("velkommen") == [("steps.ring", "[Velkommen] i ring")]
    assert shown("friminutt") == [("parents.ask", "Hvem lekte du med i [friminuttet]?")]
    assert shown("utenfor") == [("terms.utenfor", "[utenfor]")]
    assert shown("medmenneske") == [("aims", "Elevene øver på [medmenneskelighet].")]
    assert shown("mye") == [("dive.define", "En er [mye] alene.")]
    assert search(index(), "klassekamerat").hit(0).sentences[0].heading == "Velkommen i ring"


def test_words_that_stand_apart_are_shown_in_two_sentences_and_no_more() -> None:
    assert [at for at, _ in shown("lytte klassekamerat")] == ["purpose", "steps.ring"]
    assert [at for at, _ in shown("lytte klassekamerat friminuttet")] == ["purpose", "parents.ask"]
    assert shown("vennskap") == []
    assert shown("vennskap lytte") == [("purpose", "[lytte] til andre")]


def test_a_sentence_that_answers_nothing_more_is_not_shown() -> None:
    theme = replace(FRIENDS, title="Ro", sections={"purpose": "Ro og mot. Mot igjen."}, steps=(), parents={}, dive={}, aims=())
    hit = search(index_themes([(theme, ())]), "ro mot").hit(0)
    assert len(hit.sentences) == 1


@pytest.mark.parametrize(("before", "after", "expected"), [(60, 0, "… "), (0, 60, " …"), (60, 60, "… ")])
def test_of_a_long_sentence_what_stands_around_the_hit_is_shown(before: int, after: int, expected: str) -> None:
    words = " ".join(["ord"] * before + ["skatten"] + ["ord"] * after)
    pieces = search(index_themes([(replace(CONFLICT, sections={"purpose": words}), ())]), "skatt").hit(0).sentences[0].pieces
    said = "".join(text for text, _ in pieces)
    assert ("skatten", True) in pieces and expected in said and len(said) < 230


def test_a_hit_far_from_the_first_in_a_long_sentence_is_left_out() -> None:
    words = " ".join(["skatten", *["ord"] * 80, "skatten"])
    pieces = search(index_themes([(replace(CONFLICT, sections={"purpose": words}), ())]), "skatt").hit(0).sentences[0].pieces
    assert [text for text, is_found in pieces if is_found] == ["skatten"]


@pytest.mark.parametrize("typed", ["", "  ", "!?", "(.*)\\", "\0", "\x1b[31m", "[", "%_", "'; drop table", "​"])
def test_what_is_not_a_word_finds_nothing_and_harms_nothing(typed: str) -> None:
    assert found(typed) == []


def test_of_a_very_long_text_only_the_beginning_is_looked_for() -> None:
    assert search(index(), "venn " * 2_000).words == ("venn",)
    assert len(search(index(), "x" * 10_000).words[0]) == 200
    assert len(search(index(), " ".join(f"ord{number}" for number in range(50))).words) == 8


@pytest.mark.slow
@given(st.text(max_size=300))
def test_any_text_may_be_typed(typed: str) -> None:
    result = search(index(), typed)
    assert all(search(index(), typed).hit(place).title for place in result.best_first(-1))


@given(st.lists(st.sampled_from(["venn", "øver", "alle", "magen", "ring", "krangle", "vondt"]), min_size=1, max_size=4))
def test_every_theme_found_holds_every_word_and_comes_once(words: list[str]) -> None:
    places = list(search(index(), " ".join(words)).best_first(-1))
    assert len(places) == len(set(places))
    each = [set(search(index(), word).best_first(-1)) for word in words]
    assert set(places) == set.intersection(*each)


def test_a_theme_that_says_the_same_is_not_read_again() -> None:
    again = index_themes([(replace(FRIENDS), (TERM,)), (replace(CONFLICT), ()), (FEELINGS, ()), (WAITING, ())], index())
    assert again is index()
    changed = index_themes([(FRIENDS, ()), (CONFLICT, ())], index())
    assert changed.themes[1] is index().themes[1]
    assert changed.themes[0] is not index().themes[0]
    assert not list(search(changed, "utenfor").best_first(-1))


def test_a_lone_letter_is_not_looked_for_and_a_lone_digit_is() -> None:
    assert search(index(), "<b>").words == ()
    assert search(index(), "b vennskap 2").words == ("vennskap", "2")
