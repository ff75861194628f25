"""What is new since my version, section by section and word by word."""

from sqlalchemy.orm import Session

from curriculum import ideabank
from curriculum.ideabank import Change, comparing
from tests.curriculum.ideabank.examples import OUTLINE, TEXTS, THEME, VOCABULARY, a_district, fill, load, mot


def changed(old: str, new: str) -> dict[str, tuple[str, bool]]:
    comparison = ideabank.compare_documents(ideabank.parse(old), ideabank.parse(new))
    return {part.key: (part.state, part.is_moved) for part in comparison.changed}


def test_two_versions_are_compared_word_by_word(db: Session) -> None:
    district = a_district(db)
    fill(db, district)
    load(db, district, THEME.replace("Finn fram kortene.", "Finn fram de røde kortene."))
    old, new = mot(db, district).versions
    comparison = ideabank.compare(old, new)
    [part] = comparison.changed
    assert (part.key, part.title, part.state) == ("preparation", "Forberedelse", "changed")
    assert part.changes == (Change("same", "Finn fram "), Change("added", "de røde "), Change("same", "kortene."))
    assert ideabank.compare(old, old).changed == ()


def test_steps_added_taken_out_and_moved_are_told_apart() -> None:
    ring = THEME[THEME.index("### Ring") : THEME.index("### Modig")]
    assert changed(THEME, THEME.replace("### Ekstra {#ekstra", "### Annet {#annet")) == {
        "steps.annet": ("added", False),
        "steps.ekstra": ("removed", False),
    }
    moved = THEME.replace(ring, "").replace("## Refleksjon", ring + "## Refleksjon")
    assert changed(THEME, moved) == {"steps.ring": ("same", True)}


def test_a_section_taken_out_stands_where_it_stood() -> None:
    comparison = ideabank.compare_documents(
        ideabank.parse(THEME), ideabank.parse(THEME.replace("### Ekstra {#ekstra", "### Annet {#annet"))
    )
    keys = [part.key for part in comparison.parts]
    assert keys.index("steps.ekstra") == keys.index("steps.modig-lek") + 1
    fewer = OUTLINE.replace('theme = "mot"', 'theme = "annet"')
    assert changed(OUTLINE, fewer) == {"places.annet": ("added", False), "places.mot": ("removed", False)}


def test_facts_are_compared_field_by_field() -> None:
    new = THEME.replace("core_minutes = 45", "core_minutes = 40").replace('note = "Elevene snakker om hva mot er."', 'note = "Derfor."')
    assert changed(THEME, new) == {"front.core_minutes": ("changed", False), "front.aims": ("changed", False)}


def test_other_documents_are_compared_entry_by_entry() -> None:
    assert changed(VOCABULARY, VOCABULARY.replace("kjennes farlig", "er skummelt")) == {"terms.redd": ("changed", False)}
    assert changed(TEXTS, TEXTS.replace("Vi er to.", "Vi er tre.")) == {"texts.who-we-are": ("changed", False)}
    assert changed(OUTLINE, OUTLINE.replace("first = true", "last = true")) == {"places.mot": ("changed", False)}
    assert changed(OUTLINE, OUTLINE.replace("Bare mot.", "")) == {"front.description": ("changed", False)}


def test_what_stood_first_and_is_gone_stands_first() -> None:
    two = OUTLINE + '\n[[places]]\ntheme = "slutt"\nfixed = false\n'
    parts = ideabank.compare_documents(ideabank.parse(two), ideabank.parse(OUTLINE)).parts
    assert [part.key for part in parts] == ["front.title", "front.description", "front.origin", "places.mot", "places.slutt"]
    assert comparing._order(["a", "b"], ["b"]) == ["a", "b"]


def test_words_are_compared_within_changed_lines_only() -> None:
    assert ideabank.word_changes("a\nb c\n", "a\nb d\n") == [
        Change("same", "a\nb "),
        Change("removed", "c"),
        Change("added", "d"),
        Change("same", "\n"),
    ]
    assert ideabank.word_changes("", "") == []


def test_a_passage_too_long_to_compare_is_shown_as_replaced() -> None:
    old, new = "a " * 2000, "b " * 2000
    assert ideabank.word_changes(old, new) == [Change("removed", old), Change("added", new)]
