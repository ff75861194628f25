"""After the first load the database is the truth."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum import ideabank
from curriculum.base import Refused
from curriculum.ideabank import DocumentErrors, Proposal
from curriculum.people import District, Person
from tests.curriculum.ideabank.examples import (
    LATER,
    NOW,
    OUTLINE,
    THEME,
    a_district,
    a_person,
    fill,
    load,
    mot,
    publish_draft,
    version,
)
from tests.states import state

CHANGED = THEME.replace("Tegn.", "Mal.")


@state
def district(db: Session) -> District:
    made = a_district(db)
    fill(db, made)
    return made


def edit_here(db: Session, district: District) -> Person:
    """Somebody publishes something of her own."""
    kaja = a_person(db, district)
    draft = ideabank.start_draft(db, mot(db, district), kaja, NOW)
    theme = ideabank.read_draft(draft).document
    assert isinstance(theme, ideabank.ThemeDocument)
    ideabank.save_section(db, draft, "teacher", "Hjelp til.", seen_hash=ideabank.section_hash(theme, "teacher"), by=kaja, now=NOW)
    publish_draft(db, draft.document, kaja, "Kortere.", now=NOW)
    return kaja


def test_a_file_loaded_twice_is_one_version(db: Session, district: District) -> None:
    assert load(db, district, THEME.replace("\n", "\r\n")) == "unchanged"
    document = mot(db, district)
    assert (len(document.versions), document.loaded_hash, document.path) == (1, version(document).hash, "kursrekke-9/01-mot.md")
    assert (version(document).note, version(document).publisher) == (ideabank.LOADED, None)


def test_a_changed_file_is_the_next_version_while_nobody_has_edited_here(db: Session, district: District) -> None:
    assert load(db, district, CHANGED) == "next version"
    assert (version(mot(db, district)).number, version(mot(db, district)).text) == (2, CHANGED)


def test_a_changed_file_waits_as_one_proposal_when_somebody_has_edited_here(db: Session, district: District) -> None:
    edit_here(db, district)
    assert [load(db, district, THEME), load(db, district, CHANGED), load(db, district, CHANGED)] == ["proposal"] * 3
    document = mot(db, district)
    [proposal] = ideabank.waiting_proposals(db, document)
    assert (proposal.text, proposal.reason, version(document).number) == (CHANGED, ideabank.LOADED, 2)


def test_a_file_that_says_what_the_bank_says_counts_as_loaded(db: Session, district: District) -> None:
    edit_here(db, district)
    text = version(mot(db, district)).text
    assert load(db, district, text) == "unchanged"
    assert load(db, district, text.replace("Tegn.", "Mal.")) == "next version"


def test_a_draft_under_way_is_not_overtaken_by_a_file(db: Session, district: District) -> None:
    ideabank.start_draft(db, mot(db, district), a_person(db, district), NOW)
    assert load(db, district, CHANGED) == "proposal"


def test_a_declined_file_is_not_offered_again(db: Session, district: District) -> None:
    edit_here(db, district)
    load(db, district, CHANGED)
    [proposal] = ideabank.waiting_proposals(db, mot(db, district))
    ideabank.decline(db, proposal, now=LATER)
    assert (proposal.answer, proposal.answered_at) == ("declined", LATER)
    assert load(db, district, CHANGED) == "unchanged"
    assert load(db, district, CHANGED.replace("Mal.", "Syng.")) == "proposal"
    assert len(db.scalars(select(Proposal)).all()) == 2
    with pytest.raises(Refused, match="has been answered"):
        ideabank.decline(db, proposal, now=LATER)


def test_a_taken_proposal_becomes_the_draft(db: Session, district: District) -> None:
    kaja = edit_here(db, district)
    load(db, district, CHANGED)
    document = mot(db, district)
    [proposal] = ideabank.waiting_proposals(db, document)
    draft = ideabank.start_draft(db, document, kaja, NOW)
    with pytest.raises(Refused, match="There is a draft already"):
        ideabank.take(db, proposal, by=kaja, now=LATER)
    ideabank.discard_draft(db, draft)
    taken = ideabank.take(db, proposal, by=kaja, now=LATER)
    assert (ideabank.read_draft(taken).document, proposal.answer, taken.authors) == (ideabank.parse(CHANGED), "taken", [])
    publish_draft(db, document, kaja, "Fra fila.")
    assert load(db, district, CHANGED) == "unchanged"


def test_a_person_who_proposed_is_an_author_of_the_draft(db: Session, district: District) -> None:
    kaja = edit_here(db, district)
    proposal = Proposal(
        district_id=district.id, document=mot(db, district), text=CHANGED, hash="x", reason="Fra timen.", by_id=kaja.id, at=NOW
    )
    db.add(proposal)
    db.flush()
    assert ideabank.take(db, proposal, by=kaja, now=LATER).authors == [kaja.id]


def test_a_file_with_faults_or_unknown_names_is_refused_with_its_path(db: Session, district: District) -> None:
    with pytest.raises(DocumentErrors, match=r"mot\.md, line 13: There is no word “mot” in the vocabulary"):
        load(db, district, THEME.replace('"modig"', '"mot"'), "mot.md")
    with pytest.raises(DocumentErrors, match=r"mot\.md, line 2"):
        load(db, district, THEME.replace("format = 1", "format = 9"), "mot.md")
    with pytest.raises(DocumentErrors, match="There is no theme “intro”"):
        load(db, district, OUTLINE.replace('"mot"', '"intro"'), "o.toml")


def test_an_id_belongs_to_one_kind_of_document(db: Session, district: District) -> None:
    with pytest.raises(Refused, match="another document of the bank has the id “mot”"):
        load(db, district, OUTLINE.replace('id = "kursrekke-9"', 'id = "mot"'), "o.toml")
