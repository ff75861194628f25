"""A draft becomes a version that never changes, with all that is looked up in it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from curriculum import ideabank
from curriculum.base import Refused
from curriculum.ideabank import (
    AimLink,
    Document,
    DocumentErrors,
    DocumentVersion,
    DraftChanged,
    DraftGone,
    Segment,
    SegmentChange,
    Step,
    Term,
    TermUse,
    ThemeDocument,
)
from curriculum.people import Person
from tests.curriculum.ideabank.examples import (
    LATER,
    NOW,
    TODAY,
    VOCABULARY,
    a_district,
    a_person,
    an_agent,
    fill,
    found,
    mot,
    publish_draft,
    version,
)
from tests.states import state

TOMORROW = TODAY + timedelta(days=1)


@state
def kaja(db: Session) -> Person:
    district = a_district(db)
    fill(db, district)
    return a_person(db, district)


def edit(db: Session, document: Document, by: Person, **sections: str) -> None:
    draft = ideabank.start_draft(db, document, by, NOW)
    for name, words in sections.items():
        section = name.replace("__", ".").replace("_", "-")
        theme = ideabank.read_draft(draft).document
        assert isinstance(theme, ThemeDocument)
        ideabank.save_section(db, draft, section, words, seen_hash=ideabank.section_hash(theme, section), by=by, now=NOW)


def publish(db: Session, document: Document, by: Person, why: str = "Bedre ord.", **marks: str) -> DocumentVersion:
    return publish_draft(db, document, by, why, today=TOMORROW, marks=marks)


def test_publishing_makes_the_next_version_in_effect_today_and_ends_the_draft(db: Session, kaja: Person) -> None:
    document = mot(db, kaja.district)
    edit(db, document, kaja, teacher="Hjelp til.")
    made = publish(db, document, kaja)
    assert (made.number, made.note, made.publisher, made.author, made.effective) == (2, "Bedre ord.", kaja, kaja, TOMORROW)
    assert (document.draft, ideabank.newest(document)) == (None, made)
    assert (ideabank.current(document, TODAY), ideabank.current(document, TOMORROW)) == (document.versions[0], made)
    said = ideabank.parsed(made)
    assert isinstance(said, ThemeDocument)
    assert said.sections["teacher"] == "Hjelp til."
    assert (made.hash, made.origin, made.title) == (said.hash, "machine", "Mot")


def test_a_version_is_looked_up_by_its_steps_aims_words_and_sentences(db: Session, kaja: Person) -> None:
    made = version(mot(db, kaja.district))
    steps = db.scalars(select(Step).where(Step.version_id == made.id).order_by(Step.position)).all()
    assert [(step.uid, step.minutes, step.kind, step.is_core) for step in steps][:2] == [
        ("ring", 10, "intro", True),
        ("modig-lek", 20, "game", True),
    ]
    aims = db.scalars(select(AimLink).where(AimLink.version_id == made.id).order_by(AimLink.position)).all()
    assert [(aim.code, aim.is_section, aim.role) for aim in aims] == [("2.5.1", True, "main"), ("KM90001", False, "supporting")]
    assert db.scalars(select(TermUse.term_key).where(TermUse.version_id == made.id).order_by(TermUse.position)).all() == [
        "modig",
        "redd",
        "trygg",
    ]
    segments = db.scalars(select(Segment).where(Segment.version_id == made.id).order_by(Segment.position)).all()
    assert [(one.uid, one.section, one.step_uid) for one in segments][2] == ("p3", "did", "ring")
    words = db.scalars(select(Term).order_by(Term.position)).all()
    assert (words[0].key, words[0].forms, words[0].is_sensitive) == ("modig", ["modige"], False)
    assert list(ideabank.terms(db, kaja.district_id, TODAY)) == ["modig", "redd", "trygg"]


def test_each_changed_sentence_is_marked_and_the_others_are_not(db: Session, kaja: Person) -> None:
    document = mot(db, kaja.district)
    old = {one.uid: one.hash for one in ideabank.parsed(version(document)).segments()}
    edit(db, document, kaja, parents__ask="Når er du svært *modig*?", parents__hard="Er barnet redd? Vent lenge.\n\nSnakk med læreren.")
    assert [(uid, after) for uid, _, after in ideabank.changed_sentences(db, document)] == [
        ("p2", "Når er du svært <1>modig</1>?"),
        ("p6", "Er barnet redd? Vent lenge."),
    ]
    made = publish(db, document, kaja, p6="critical", p7="typo")
    changes = db.scalars(select(SegmentChange).order_by(SegmentChange.uid)).all()
    assert [(change.uid, change.mark, change.by_id) for change in changes] == [("p2", "meaning", kaja.id), ("p6", "critical", kaja.id)]
    new = {one.uid: one.hash for one in ideabank.parsed(made).segments()}
    assert [(change.old_hash, change.new_hash) for change in changes] == [(old[uid], new[uid]) for uid in ("p2", "p6")]
    assert ideabank.changed_sentences(db, document) == []


def test_the_database_itself_refuses_to_change_a_version(db: Session, kaja: Person) -> None:
    for statement in ("UPDATE document_version SET text = ''", "DELETE FROM segment", "DELETE FROM document_version"):
        with pytest.raises(DatabaseError), db.begin_nested():
            db.execute(text(statement))


def test_there_must_be_a_draft_a_reason_and_something_new(db: Session, kaja: Person) -> None:
    document = mot(db, kaja.district)
    with pytest.raises(DraftGone):
        publish(db, document, kaja)
    with pytest.raises(DraftGone):
        ideabank.publish(db, document, seen="", by=kaja, why="Nytt.", now=LATER, today=TOMORROW)
    edit(db, document, kaja)
    with pytest.raises(Refused, match="says the same"):
        publish(db, document, kaja)
    for why in ("  ", "Hei 13097248022", "Hei \u202enoe annet"):
        with pytest.raises(Refused) as refused:
            publish(db, document, kaja, why)
        assert refused.value.at == "why"


def test_nobody_publishes_a_text_she_has_not_seen(db: Session, kaja: Person) -> None:
    document = mot(db, kaja.district)
    edit(db, document, kaja, teacher="Hjelp til.")
    seen = ideabank.change_hash(document)
    edit(db, document, a_person(db, kaja.district, "Ivar Dal"), parents__hard="Noe helt annet.")
    with pytest.raises(DraftChanged):
        ideabank.publish(db, document, seen=seen, by=kaja, why="Kortere.", now=LATER, today=TOMORROW)
    assert (len(document.versions), document.draft is None) == (1, False)


@pytest.mark.parametrize("marks", [{}, {"p2": "small"}, {"p6": "typo"}])
def test_every_changed_sentence_must_be_marked(db: Session, kaja: Person, marks: dict[str, str]) -> None:
    document = mot(db, kaja.district)
    edit(db, document, kaja, parents__ask="Når er du svært *modig*?")
    with pytest.raises(Refused, match="what kind of change") as refused:
        ideabank.publish(db, document, seen=ideabank.change_hash(document), by=kaja, why="Nytt.", now=LATER, today=TOMORROW, marks=marks)
    assert refused.value.at == "marks.p2"


def test_a_draft_that_somebody_else_published_is_gone_for_whoever_still_holds_it(db: Session, kaja: Person) -> None:
    document = mot(db, kaja.district)
    draft = ideabank.start_draft(db, document, kaja, NOW)
    edit(db, document, kaja, teacher="Hjelp til.")
    publish(db, document, kaja)
    with pytest.raises(DraftGone):
        ideabank.save_section(db, draft, "teacher", "Mitt.", seen_hash="", by=kaja, now=LATER)


def test_an_unfinished_draft_is_not_published_and_stays(db: Session, kaja: Person) -> None:
    document = mot(db, kaja.district)
    edit(db, document, kaja, teacher="")
    with pytest.raises(DocumentErrors, match="The section teacher is empty"):
        publish(db, document, kaja)
    assert document.draft is not None


def test_a_draft_that_cannot_even_be_read_is_not_published(db: Session, kaja: Person) -> None:
    document = mot(db, kaja.district)
    draft = ideabank.start_draft(db, document, kaja, NOW)
    draft.text = "+++"
    db.flush()
    with pytest.raises(DocumentErrors):
        publish(db, document, kaja)
    assert ideabank.changed_sentences(db, document) == []


def test_a_theme_cannot_name_what_is_not_there(db: Session, kaja: Person) -> None:
    document = mot(db, kaja.district)
    draft = ideabank.start_draft(db, document, kaja, NOW)
    seen = ideabank.section_hash(ideabank.read_draft(draft).document, "front")  # type: ignore[arg-type]
    fields = {"terms": ["modig", "redt", "glad"], "district_texts": ["banner"], "aims": [{"section": "9.9", "role": "main", "note": "x"}]}
    ideabank.save_front(db, draft, fields, seen_hash=seen, by=kaja, now=NOW)
    with pytest.raises(DocumentErrors) as refused:
        publish(db, document, kaja)
    assert [str(error).split(": ", 1)[1] for error in refused.value.errors] == [
        "There is no section “9.9” of the core curriculum. Check the spelling, or add it first.",
        "There is no word “redt” in the vocabulary. Did you mean redd?",
        "There is no word “glad” in the vocabulary. Check the spelling, or add it first.",
        "The district has no text “banner”. Check the spelling, or add it first.",
    ]


def test_where_two_are_needed_nobody_publishes_what_she_wrote_alone(db: Session, kaja: Person) -> None:
    kaja.district.two_to_publish = True
    document = mot(db, kaja.district)
    edit(db, document, kaja, teacher="Hjelp til.")
    with pytest.raises(Refused, match="Another person"):
        publish(db, document, kaja)
    other = a_person(db, kaja.district, "Ivar Dal")
    assert publish(db, document, other).author == kaja


def test_a_word_in_use_cannot_leave_the_vocabulary(db: Session, kaja: Person) -> None:
    document = found(db, kaja.district, "vocabulary")
    draft = ideabank.start_draft(db, document, kaja, NOW)
    fewer = VOCABULARY.split('[[terms]]\nid = "trygg"')[0]
    ideabank.save_draft(db, draft, fewer, seen_hash=ideabank.draft_hash(draft), by=kaja, now=NOW)
    with pytest.raises(Refused, match="The theme “Mot” uses the word “trygg”"):
        publish(db, document, kaja)
    ideabank.save_draft(db, draft, VOCABULARY.replace("trygge", "tryggere"), seen_hash=ideabank.draft_hash(draft), by=kaja, now=NOW)
    assert publish(db, document, kaja).number == 2
    assert ideabank.terms(db, kaja.district_id, TOMORROW)["trygg"].forms == ["tryggere", "trygt"]


def test_a_word_may_leave_when_only_a_theme_without_a_version_would_use_it(db: Session, kaja: Person) -> None:
    ideabank.new_theme(db, kaja.district, "Nytt", kaja, NOW)
    document = found(db, kaja.district, "vocabulary")
    draft = ideabank.start_draft(db, document, kaja, NOW)
    more = VOCABULARY + '\n[[terms]]\nid = "glad"\nword = "glad"\nmeaning = "Når alt er fint."\nsay = "Så fint!"\n'
    ideabank.save_draft(db, draft, more, seen_hash=ideabank.draft_hash(draft), by=kaja, now=NOW)
    assert publish(db, document, kaja).number == 2


def test_an_outline_names_published_themes_only(db: Session, kaja: Person) -> None:
    ideabank.new_theme(db, kaja.district, "Nytt", kaja, NOW)
    document = found(db, kaja.district, "kursrekke-9")
    draft = ideabank.start_draft(db, document, kaja, NOW)
    ideabank.save_draft(db, draft, draft.text + '\n[[places]]\ntheme = "nytt"\n', seen_hash=ideabank.draft_hash(draft), by=kaja, now=NOW)
    with pytest.raises(DocumentErrors, match="There is no theme “nytt”"):
        publish(db, document, kaja)


def test_a_version_is_vouched_for_by_a_person_with_a_role_once(db: Session, kaja: Person) -> None:
    made = version(mot(db, kaja.district))
    assert not ideabank.is_checked(made)
    first = ideabank.review(db, made, kaja, NOW)
    assert (first.role, ideabank.review(db, made, kaja, LATER), len(made.reviews)) == ("coordinator", first, 1)
    assert ideabank.is_checked(made)
    assert ideabank.review(db, made, an_agent(db, kaja.district), NOW).role == "agent"
    with pytest.raises(Refused, match="Only a person with a role"):
        ideabank.review(db, made, a_person(db, kaja.district, "Nils Nes", None), NOW)
