"""A section leaves its editor and comes back to its place, and its sentences keep their names."""

import pytest

from curriculum import ideabank
from curriculum.base import Refused
from curriculum.ideabank.editing import match_blocks, named_again, replace_section, reread
from curriculum.text import Block
from tests.curriculum.ideabank.examples import THEME, VOCABULARY, theme


def test_every_section_has_a_name_in_reading_order() -> None:
    assert ideabank.section_names(theme()) == [
        "front", "purpose", "preparation", "steps.ring", "steps.modig-lek", "steps.ekstra", "reflection", "watch-out", "teacher",
        "parents.sentence", "parents.ask", "parents.did", "parents.try", "parents.more", "parents.hard",
    ]  # fmt: skip


def test_an_editor_shows_no_names_that_only_machines_need() -> None:
    assert ideabank.editable(theme(), "parents.hard") == "Er barnet redd? Vent litt.\n\nSnakk med læreren."
    assert ideabank.editable(theme(), "parents.did") == "- Vi sto i ring. {step=ring}\n- Vi spilte et spill om mot. {step=modig-lek}"
    assert ideabank.editable(theme(), "steps.ekstra") == "### Ekstra {minutes=15 kind=activity}\n\nTegn."
    assert ideabank.editable(theme(), "purpose").startswith("I dag øver vi")


@pytest.mark.parametrize("section", ["front", "steps.borte", "parents.alt", "steps", "annet"])
def test_a_section_that_is_not_there_is_not_shown(section: str) -> None:
    with pytest.raises(Refused):
        ideabank.editable(theme(), section)


@pytest.mark.parametrize("section", [name for name in ideabank.section_names(theme()) if name not in ("front", "parents.more")])
def test_a_section_saved_as_it_is_shown_changes_nothing(section: str) -> None:
    splice = replace_section(ideabank.read(THEME), section, ideabank.editable(theme(), section))
    assert ideabank.write(reread(splice.text)) == THEME


def test_the_hash_of_a_section_is_its_own() -> None:
    other = ideabank.parse(THEME.replace("Tegn.", "Mal."))
    assert isinstance(other, ideabank.ThemeDocument)
    changed = [name for name in ideabank.section_names(other) if ideabank.section_hash(other, name) != ideabank.section_hash(theme(), name)]
    assert changed == ["steps.ekstra"]


def test_an_edited_sentence_keeps_its_name_and_a_new_one_gets_none_yet() -> None:
    typed = "Snakk med læreren.\n\nHelt nytt her!\n\nEr barnet redd? Vent litt, og vent."
    assert (
        named_again(theme(), "parents.hard", typed)
        == "Snakk med læreren. {#p7}\n\nHelt nytt her!\n\nEr barnet redd? Vent litt, og vent. {#p6}"
    )


def test_a_sentence_keeps_its_name_when_its_step_changes() -> None:
    typed = "- Vi sto i ring. {step=ekstra}\n- Vi spilte et spill om mot."
    assert named_again(theme(), "parents.did", typed) == "- Vi sto i ring. {#p3 step=ekstra}\n- Vi spilte et spill om mot. {#p4}"


def test_a_written_name_is_not_given_to_another_sentence() -> None:
    old = [Block("a", "hard", "p", "En to tre."), Block("b", "hard", "p", "Fire fem.")]
    assert match_blocks(old, [Block("b", "hard", "p", "En to tre."), Block("", "hard", "p", "En to tre.")]) == ["", "a"]
    assert match_blocks(old, [Block("", "hard", "p", "En to tre.")] * 2) == ["a", ""]


def test_a_step_keeps_its_name_unless_another_is_written() -> None:
    assert (
        named_again(theme(), "steps.ring", "### Sirkel {minutes=5 kind=intro}\n\nStå.") == "### Sirkel {#ring minutes=5 kind=intro}\n\nStå."
    )
    assert named_again(theme(), "steps.ring", "### Sirkel {#sirkel minutes=5 kind=intro}").startswith("### Sirkel {#sirkel")
    assert named_again(theme(), "steps.ring", "### Sirkel") == "### Sirkel {#ring}"
    assert named_again(theme(), "steps.ring", "Sirkel") == "Sirkel"


def test_the_fields_of_a_form_become_a_step() -> None:
    text = ideabank.step_markdown(title=" Ring\n{x} ", minutes=5, kind="intro", is_core=True, body="Stå.\r\n", say="Hei", small="Sitt")
    assert text == "### Ring {x} {minutes=5 kind=intro core}\n\nStå.\n\n#### Si {.say}\n\nHei\n\n#### Liten gruppe {.small}\n\nSitt"


@pytest.mark.parametrize("section", ["front", "steps.borte", "annet"])
def test_words_for_a_section_that_is_not_there_are_refused(section: str) -> None:
    with pytest.raises(Refused, match="no longer there"):
        replace_section(ideabank.read(THEME), section, "x")


def test_characters_that_no_text_may_hold_are_told_with_their_line() -> None:
    with pytest.raises(ideabank.DocumentErrors) as refused:
        replace_section(ideabank.read(THEME), "purpose", "God\ndag\u202e")
    assert [(error.line, error.at) for error in refused.value.errors] == [(2, "purpose")]


def test_only_a_theme_is_edited_in_sections() -> None:
    with pytest.raises(Refused, match="Only a theme"):
        reread(VOCABULARY)
