"""The bank as it stands on a day."""

from datetime import timedelta

from sqlalchemy.orm import Session

from curriculum import ideabank
from curriculum.ideabank import Document, DocumentVersion, Proposal
from curriculum.people import Scope
from tests.curriculum.ideabank.examples import NOW, THEME, TODAY, a_district, a_person, fill, load, mot, version


def test_the_versions_in_effect_are_those_begun_and_not_yet_followed(db: Session) -> None:
    district = a_district(db)
    fill(db, district)
    ideabank.load_document(db, district, THEME.replace("Tegn.", "Mal."), "mot.md", now=NOW, today=TODAY + timedelta(days=7))
    document = mot(db, district)
    first, second = document.versions
    assert ideabank.versions_in_effect(db, district.id, TODAY)[document.id] is first
    assert ideabank.versions_in_effect(db, district.id, TODAY + timedelta(days=7))[document.id] is second
    assert ideabank.versions_in_effect(db, district.id, TODAY - timedelta(days=1)) == {}
    assert list(ideabank.versions_in_effect(db, district.id, TODAY, ideabank.THEME)) == [document.id]
    assert ideabank.versions_in_effect(db, a_district(db, "vika").id, TODAY) == {}


def test_a_retired_theme_is_in_the_bank_and_not_in_the_list(db: Session) -> None:
    district = a_district(db)
    fill(db, district)
    assert ideabank.themes(db, district.id, TODAY) == [version(mot(db, district))]
    mot(db, district).retired_at = NOW
    db.flush()
    assert ideabank.themes(db, district.id, TODAY) == []
    assert mot(db, district).id in ideabank.versions_in_effect(db, district.id, TODAY)


def test_an_edition_says_what_the_version_in_effect_says(db: Session) -> None:
    district = a_district(db)
    fill(db, district)
    current, [edition] = version(mot(db, district)), ideabank.editions(db, district.id, TODAY, ideabank.THEME).values()
    assert (edition.id, edition.document_id, edition.key) == (current.id, current.document_id, "mot")
    assert (edition.number, edition.title, edition.hash, edition.origin) == (1, current.title, current.hash, current.origin)
    assert ideabank.parsed(edition) is ideabank.parsed(current)
    assert not edition.is_retired


def test_the_editions_of_some_documents_are_the_same_as_among_all(db: Session) -> None:
    district = a_district(db)
    fill(db, district)
    load(db, district, THEME.replace("Tegn.", "Mal."), "mot.md")
    document = mot(db, district)
    every = ideabank.editions(db, district.id, TODAY, ideabank.THEME)
    assert ideabank.editions_of(db, [document.id], TODAY) == {document.id: every[document.id]}
    assert ideabank.editions_of(db, [document.id], TODAY - timedelta(days=1)) == {}
    assert ideabank.editions_of(db, [], TODAY) == {}


def test_themes_come_in_the_order_of_their_files_then_by_title(db: Session) -> None:
    district = a_district(db)
    fill(db, district)
    for key, title, path in (("b", "B", ""), ("a", "A", ""), ("z", "Z", "kursrekke-9/00-z.md")):
        load(db, district, THEME.replace('id = "mot"\ntitle = "Mot"', f'id = "{key}"\ntitle = "{title}"'), path)
    assert [one.title for one in ideabank.themes(db, district.id, TODAY)] == ["Z", "Mot", "A", "B"]


def test_a_document_that_was_never_saved_is_still_asked_for_its_version() -> None:
    document = Document(key="mot")
    assert ideabank.current(document, TODAY) is None
    document.versions.append(DocumentVersion(number=1, effective=TODAY))
    assert ideabank.current(document, TODAY) is document.versions[0]


def test_verifying_tells_of_a_version_that_no_longer_says_what_was_published(db: Session) -> None:
    district = a_district(db)
    fill(db, district)
    assert ideabank.verify(db) == []
    document = mot(db, district)
    for number, text in ((2, THEME.replace("Tegn.", "Mal.")), (3, "+++")):
        rest = {"title": "Mot", "hash": document.versions[0].hash, "origin": "human", "note": "", "effective": TODAY, "created_at": NOW}
        db.add(DocumentVersion(district_id=district.id, document=document, number=number, text=text, **rest))
    db.flush()
    assert ideabank.verify(db)[0] == "mot 2: the text is not the one that was published"
    assert ideabank.verify(db)[1].startswith("mot 3: line 1: The facts of the theme never end.")


def test_what_is_published_is_everybody_s_and_a_draft_is_not(db: Session) -> None:
    district = a_district(db)
    fill(db, district)
    document = mot(db, district)
    draft = ideabank.start_draft(db, document, a_person(db, district), NOW)
    proposal = Proposal(district_id=district.id)
    assert [one.scope for one in (document, version(document))] == [Scope(district.id, published=True)] * 2
    assert [one.scope for one in (draft, proposal)] == [Scope(district.id)] * 2
