# ruff: noqa: E501 - a strategy reads best on one line
"""Equal documents are equal files, and a file read back says the same."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curriculum import ideabank
from curriculum.ideabank import (
    AimPart,
    DistrictTexts,
    OutlineDocument,
    PlacePart,
    StepPart,
    TermPart,
    TextPart,
    ThemeDocument,
    VocabularyDocument,
)
from curriculum.text import Block
from tests.curriculum.ideabank.examples import FOLDER, THEME, theme

keys = st.text("abcdefgh", min_size=1, max_size=6)
words = st.text("abæøå دوستی«»*_-.,:;?\"'|>&[]()=/€  ", max_size=25).map(lambda said: f"Å {' '.join(said.split())}".strip())
kinds: st.SearchStrategy[str] = st.sampled_from(ideabank.STEP_KINDS)
paragraphs = st.lists(words, max_size=2).map("\n\n".join)


def uniquely(strategy: Any, most: int = 4) -> Any:
    return st.lists(strategy, unique=True, max_size=most).map(tuple)


@st.composite
def themes(draw: st.DrawFn) -> ThemeDocument:
    names = iter(draw(st.lists(keys, unique=True, min_size=14, max_size=14)))
    steps = tuple(
        StepPart(
            next(names),
            draw(words),
            draw(st.integers(1, 60)),
            draw(kinds),
            draw(st.booleans()),
            draw(paragraphs),
            draw(paragraphs),
            draw(paragraphs),
        )
        for _ in range(draw(st.integers(0, 2)))
    )
    parents = {
        key: tuple(
            Block(
                next(names),
                key,
                draw(st.sampled_from(["p", "li"])),
                draw(words),
                steps[0].uid if bool(steps) and draw(st.booleans()) else None,
            )
            for _ in range(draw(st.integers(0, 2)))
        )
        for key in ideabank.PARENTS
    }
    filled = theme()
    return replace(
        filled,
        key=draw(keys),
        title=draw(words),
        series=draw(st.one_of(st.just(""), keys)),
        core_minutes=draw(st.integers(1, 45)),
        full_minutes=draw(st.integers(45, 60)),
        grades=draw(uniquely(st.integers(1, 10))),
        groups=draw(uniquely(st.sampled_from(ideabank.GROUPS))),
        terms=draw(uniquely(keys)),
        sources=draw(st.lists(words, max_size=2).map(tuple)),
        aims=tuple(
            AimPart(code, draw(st.booleans()), draw(st.sampled_from(ideabank.AIM_ROLES)), draw(words)) for code in draw(uniquely(keys, 2))
        ),
        dive={key: draw(words) for key in ideabank.DIVE if draw(st.booleans())},
        sections={key: draw(paragraphs) for key in ideabank.PROSE},
        headings=ideabank.HEADINGS,
        steps=steps,
        parents=parents,
    )


others = st.one_of(
    st.builds(
        OutlineDocument, keys, words, st.one_of(st.just(""), words), st.sampled_from(ideabank.ORIGINS),
        st.lists(st.builds(PlacePart, keys, st.booleans(), st.booleans(), st.booleans()), max_size=3, unique_by=lambda place: place.theme).map(tuple),
    ),
    st.builds(
        VocabularyDocument, keys, words, st.sampled_from(ideabank.ORIGINS),
        st.lists(st.builds(TermPart, keys, words.map(lambda said: said[:80].strip()), st.lists(words, max_size=2).map(tuple), words, words, st.booleans()), max_size=3, unique_by=lambda term: term.key).map(tuple),
    ),
    st.builds(
        DistrictTexts, keys, words, st.sampled_from(ideabank.ORIGINS),
        st.lists(words, max_size=3).map(lambda said: (TextPart("about", "Om oss", tuple(Block(f"b{number}", "about", "p", one) for number, one in enumerate(said))),)),
    ),
)  # fmt: skip


@pytest.mark.slow
@given(themes())
def test_a_theme_written_and_read_back_is_the_same_theme(document: ThemeDocument) -> None:
    for blanks in (False, True):
        text = ideabank.write(document, blanks=blanks)
        reading = ideabank.read(text)
        assert reading.document == document, [str(problem) for problem in reading.problems]
        assert reading.document.hash == document.hash
        assert ideabank.write(reading.document, blanks=blanks) == text


@pytest.mark.slow
@given(others)
def test_any_other_document_written_and_read_back_is_the_same(document: ideabank.AnyDocument) -> None:
    text = ideabank.write(document)
    reading = ideabank.read(text)
    assert reading.document == document, [str(problem) for problem in reading.problems]
    assert ideabank.write(reading.document) == text


def test_a_canonical_file_is_written_back_byte_for_byte() -> None:
    for text in FOLDER.values():
        assert ideabank.write(ideabank.parse(text)) == text


def test_an_untidy_file_becomes_canonical_and_stays_so() -> None:
    untidy = THEME.replace("\n\n## ", "\n \n\n\n## ").replace('room = ["quiet"]', "room = [\n  'quiet',\n]")
    untidy = untidy.replace("## Hva vi vil {", "##   Hva vi vil  {").replace("#purpose}\n\n", "#purpose}\n")
    untidy = untidy.replace(" {#p3 step=ring}", "\n   {#p3    step=ring }")
    assert ideabank.write(ideabank.parse(untidy)) == THEME


def test_an_empty_section_is_written_only_for_a_draft() -> None:
    bare = replace(theme(), sections={**theme().sections, "teacher": ""}, headings={**theme().headings, "teacher": "Læreren"})
    assert "{#teacher}" not in ideabank.write(bare)
    assert "## Læreren {#teacher}\n\n## Til foreldrene" in ideabank.write(bare, blanks=True)


def test_an_author_s_own_headings_are_kept_and_missing_ones_are_ours() -> None:
    text = (
        THEME.replace("### {#try}", "### Prøv dette {#try}")
        .replace("## Læreren {#teacher}", "## {#teacher}")
        .replace("#### Vi sier {.say}", "#### {.say}")
    )
    written = ideabank.write(ideabank.parse(text))
    assert "### Prøv dette {#try}" in written
    assert "## Læreren {#teacher}" in written
    assert "#### Si {.say}" in written
