"""A theme that links a retired aim says so, can be published all the same, and gets the successor in one step."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from curriculum import ideabank
from curriculum.base import Refused
from curriculum.goals import Retired
from curriculum.ideabank import AimPart, Document, ThemeDocument
from curriculum.people import District, Person
from tests.curriculum.ideabank.examples import NOW, THEME, TODAY, a_district, a_person, fill, found, load
from tests.states import state

OLD = THEME.replace('id = "mot"', 'id = "gammelt"').replace("KM90001", "KM80001")
RETIRED = {"KM80001": Retired("KM80001", date(2026, 8, 1), "KM90001"), "KM70001": Retired("KM70001", None, None)}


@state
def lia(db: Session) -> District:
    district = a_district(db)
    fill(db, district)
    load(db, district, OLD, "kursrekke-9/02-gammelt.md")
    return district


@state
def kaja(db: Session, lia: District) -> Person:
    return a_person(db, lia)


@pytest.fixture
def old(db: Session, lia: District) -> Document:
    """A theme whose published version links KM80001."""
    return found(db, lia, "gammelt")


def aims(draft: ideabank.Draft) -> list[tuple[str, str, str]]:
    theme = ideabank.read_draft(draft).document
    assert isinstance(theme, ThemeDocument)
    return [(aim.code, aim.role, aim.note) for aim in theme.aims]


def test_a_retired_aim_is_a_warning_in_the_draft_and_no_problem(db: Session, kaja: Person, old: Document) -> None:
    draft = ideabank.start_draft(db, old, kaja, NOW)
    assert ideabank.draft_problems(db, draft) == []
    assert [(str(one), one.at, one.is_grave) for one in ideabank.draft_warnings(db, draft, TODAY)] == [
        ("line 26: The aim “KM80001” was retired on 2026-08-01. Its successor is “KM90001”.", "aims.1.code", False)
    ]
    assert ideabank.draft_warnings(db, draft, date(2026, 7, 31)) == []


def test_an_aim_without_a_successor_says_so_and_stays() -> None:
    theme = ideabank.read(OLD.replace("KM80001", "KM70001"), "a.md")
    assert [str(one) for one in ideabank.retired_references(theme, RETIRED, "a.md")] == [
        "a.md, line 26: The aim “KM70001” is retired. It has no successor in our list."
    ]
    assert isinstance(theme.document, ThemeDocument)
    assert ideabank.with_new_aims(theme.document, RETIRED) == theme.document


def test_the_new_aim_keeps_role_note_and_place(db: Session, kaja: Person, old: Document) -> None:
    draft = ideabank.use_new_aims(db, old, kaja, NOW, TODAY)
    assert aims(draft) == [
        ("2.5.1", "main", "Elevene øver på å være modige."),
        ("KM90001", "supporting", "Elevene snakker om hva mot er."),
    ]
    assert (draft.authors, ideabank.draft_warnings(db, draft, TODAY)) == ([kaja.id], [])
    assert ideabank.use_new_aims(db, old, kaja, NOW, TODAY) is draft


def test_what_else_is_written_in_the_draft_stays(db: Session, kaja: Person, old: Document) -> None:
    draft = ideabank.start_draft(db, old, kaja, NOW)
    theme = ideabank.read_draft(draft).document
    assert isinstance(theme, ThemeDocument)
    seen = ideabank.section_hash(theme, "teacher")
    ideabank.save_section(db, draft, "teacher", "Læreren er modig.", seen_hash=seen, by=kaja, now=NOW)
    ideabank.use_new_aims(db, old, kaja, NOW, TODAY)
    assert "Læreren er modig." in draft.text and "KM90001" in draft.text


def test_two_that_become_one_are_main_if_one_was_and_keep_both_notes() -> None:
    theme = ideabank.parse(OLD)
    assert isinstance(theme, ThemeDocument)
    both = replace(
        theme,
        aims=(
            AimPart("KM80001", False, "supporting", "Først."),
            AimPart("KM80001", True, "main", "En del av overordnet del."),
            AimPart("KM90001", False, "main", "Sist."),
        ),
    )
    assert ideabank.with_new_aims(both, RETIRED).aims == (
        AimPart("KM90001", False, "main", "Først. Sist."),
        AimPart("KM80001", True, "main", "En del av overordnet del."),
    )


@pytest.mark.parametrize(
    ("notes", "together"),
    [
        (("Vi øver", "Vi snakker"), "Vi øver. Vi snakker"),
        (("Hvorfor?", "Derfor."), "Hvorfor? Derfor."),
        (("Det samme.", "Det samme."), "Det samme."),
    ],
)
def test_notes_that_come_together_read_as_sentences_and_nothing_is_said_twice(notes: tuple[str, str], together: str) -> None:
    assert [aim.note for aim in with_two(*notes).aims] == [together]


def test_nothing_is_lost_of_notes_that_do_not_fit_in_one() -> None:
    assert len(with_two("a" * 248 + ".", "b" * 250).aims[0].note) == 500
    with pytest.raises(Refused) as refused:
        with_two("a" * 249 + ".", "b" * 250)
    assert (str(refused.value), refused.value.at) == (
        "KM80001 + KM90001 become one aim, and their notes together are longer than 500 characters. Make one of them shorter.",
        "aims.1.note",
    )


def with_two(first: str, second: str) -> ThemeDocument:
    """The theme once its retired aim and that aim's successor have become one."""
    theme = ideabank.parse(OLD)
    assert isinstance(theme, ThemeDocument)
    aims = (AimPart("KM80001", False, "supporting", first), AimPart("KM90001", False, "main", second))
    return ideabank.with_new_aims(replace(theme, aims=aims), RETIRED)


def test_one_long_note_is_no_hindrance() -> None:
    theme = ideabank.parse(OLD)
    assert isinstance(theme, ThemeDocument)
    alone = replace(theme, aims=(AimPart("KM80001", False, "main", "a" * 600),))
    assert ideabank.with_new_aims(alone, RETIRED).aims == (AimPart("KM90001", False, "main", "a" * 600),)


def test_only_a_theme_has_aims(db: Session, lia: District, kaja: Person) -> None:
    words = found(db, lia, "vocabulary")
    draft = ideabank.start_draft(db, words, kaja, NOW)
    assert ideabank.draft_warnings(db, draft, TODAY) == []
    assert ideabank.retired_references(ideabank.read_draft(draft), RETIRED) == []
    with pytest.raises(Refused):
        ideabank.use_new_aims(db, words, kaja, NOW, TODAY)
