"""Several people write one draft, section by section, and nobody's words are lost."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum import ideabank
from curriculum.base import Refused
from curriculum.ideabank import Conflict, Document, DocumentErrors, Draft, ThemeDocument
from curriculum.people import Person
from tests.curriculum.ideabank.examples import LATER, NOW, THEME, VOCABULARY, a_district, a_person, fill, found, mot
from tests.states import state


@state
def kaja(db: Session) -> Person:
    district = a_district(db)
    fill(db, district)
    return a_person(db, district)


@state
def draft(db: Session, kaja: Person) -> Draft:
    return ideabank.start_draft(db, mot(db, kaja.district), kaja, NOW)


def said(draft: Draft) -> ThemeDocument:
    document = ideabank.read_draft(draft).document
    assert isinstance(document, ThemeDocument)
    return document


def save(db: Session, draft: Draft, section: str, markdown: str, by: Person, seen: str | None = None) -> Draft:
    seen = seen or ideabank.section_hash(said(draft), section)
    return ideabank.save_section(db, draft, section, markdown, seen_hash=seen, by=by, now=LATER)


def test_a_draft_begins_as_the_newest_version_and_is_begun_once(db: Session, kaja: Person, draft: Draft) -> None:
    assert said(draft) == ideabank.parse(THEME)
    assert (draft.base, draft.authors, draft.document.draft) == (ideabank.newest(draft.document), [], draft)
    assert ideabank.start_draft(db, draft.document, kaja, NOW) is draft
    assert ideabank.draft_problems(db, draft) == []


def test_a_document_without_a_version_has_nothing_to_begin_from(db: Session, kaja: Person) -> None:
    empty = Document(district_id=kaja.district_id, kind="theme", key="tom")
    db.add(empty)
    db.flush()
    with pytest.raises(Refused, match="neither a version nor a draft"):
        ideabank.start_draft(db, empty, kaja, NOW)


def test_saving_a_section_changes_that_section_and_says_who_wrote(db: Session, kaja: Person, draft: Draft) -> None:
    save(db, draft, "teacher", "Vær med.\n\nHold rundt.", kaja)
    assert said(draft).sections["teacher"] == "Vær med.\n\nHold rundt."
    assert (draft.authors, draft.saved_by, draft.saved_at) == ([kaja.id], kaja, LATER)
    save(db, draft, "steps.ring", "### Sirkel {minutes=5 kind=intro}\n\nStå.", kaja)
    ring = said(draft).steps[0]
    assert (ring.uid, ring.title, ring.minutes, ring.is_core) == ("ring", "Sirkel", 5, False)
    save(db, draft, "parents.more", "- Hva er mot?", kaja)
    assert said(draft).parents["more"][0].uid.startswith("p-")


def test_two_people_in_different_sections_do_not_disturb_each_other(db: Session, kaja: Person, draft: Draft) -> None:
    other = a_person(db, kaja.district, "Ivar Dal")
    seen = {name: ideabank.section_hash(said(draft), name) for name in ("purpose", "teacher")}
    save(db, draft, "purpose", "Mot!", kaja, seen["purpose"])
    save(db, draft, "teacher", "Hjelp til.", other, seen["teacher"])
    assert (said(draft).sections["purpose"], said(draft).sections["teacher"]) == ("Mot!", "Hjelp til.")
    assert draft.authors == sorted([kaja.id, other.id])


def test_two_people_in_the_same_section_meet_a_conflict_with_both_texts(db: Session, kaja: Person, draft: Draft) -> None:
    other = a_person(db, kaja.district, "Ivar Dal")
    seen = ideabank.section_hash(said(draft), "purpose")
    save(db, draft, "purpose", "Mot!", kaja, seen)
    with pytest.raises(Conflict) as refused:
        save(db, draft, "purpose", "Trygghet!", other, seen)
    assert (refused.value.theirs, refused.value.mine, refused.value.at) == ("Mot!", "Trygghet!", "purpose")
    assert str(refused.value) == "Kaja Holm has changed this section since you opened it."
    assert save(db, draft, "purpose", "Mot!", other, seen).authors == [kaja.id]


def test_space_at_the_ends_of_lines_is_no_change(db: Session, kaja: Person, draft: Draft) -> None:
    assert save(db, draft, "purpose", "I dag øver vi på å være modige.   \r\n\r\n- si nei\r\n- si ja", kaja).authors == []


def test_a_section_that_somebody_took_out_is_a_conflict(db: Session, kaja: Person, draft: Draft) -> None:
    seen = ideabank.section_hash(said(draft), "steps.ekstra")
    ideabank.remove_step(db, draft, "ekstra", seen_hash=seen, by=kaja, now=LATER)
    with pytest.raises(Conflict) as refused:
        save(db, draft, "steps.ekstra", "### Ekstra {minutes=1 kind=game}", kaja, seen)
    assert (refused.value.theirs, refused.value.mine) == ("", "### Ekstra {minutes=1 kind=game}")
    draft.saved_by = None
    db.flush()
    with pytest.raises(Conflict, match=r"\? has changed"):
        save(db, draft, "steps.ekstra", "x", kaja, seen)


@pytest.mark.parametrize(
    ("section", "typed", "line", "words"),
    [
        ("purpose", "Hei\n\n<b>du</b>", 3, "HTML is not allowed"),
        ("purpose", "Hei\n\n## Ny del {#steps}\n", 3, "Finn fram|stands twice"),
        ("purpose", "```\nkode", 1, "never ends"),
        ("steps.ring", "### Ring {minutes=5 kind=lek}\n\nStå.", 1, "not a kind of part"),
        ("steps.ring", "Bare tekst", 1, "stands in no section"),
        ("parents.ask", "Spør 13097248022?", 1, "national identity number"),
        ("parents.did", "- Vi lekte. {#p1}", 1, "stands twice"),
    ],
)
def test_words_that_cannot_be_kept_are_refused_at_their_line(
    db: Session, kaja: Person, draft: Draft, section: str, typed: str, line: int, words: str
) -> None:
    before = draft.text
    with pytest.raises(DocumentErrors, match=words) as refused:
        save(db, draft, section, typed, kaja)
    assert (refused.value.at, refused.value.errors[0].at, refused.value.errors[0].line) == (section, section, line)
    assert draft.text == before


def test_what_is_only_unfinished_is_kept_and_told(db: Session, kaja: Person, draft: Draft) -> None:
    save(db, draft, "teacher", "", kaja)
    save(db, draft, "steps.modig-lek", "### Lek {minutes=45 kind=game core}", kaja)
    told = ideabank.draft_problems(db, draft)
    assert [(problem.at, problem.is_grave) for problem in told] == [("steps", False), ("steps", False), ("teacher", False)]


def test_the_facts_are_saved_by_their_names(db: Session, kaja: Person, draft: Draft) -> None:
    seen = ideabank.section_hash(said(draft), "front")
    fields = {"title": "Å være modig", "core_minutes": 40, "terms": ["modig"], "aims": [{"code": "KM1", "role": "main", "note": "Derfor."}]}
    ideabank.save_front(db, draft, fields, seen_hash=seen, by=kaja, now=LATER)
    assert (said(draft).title, said(draft).core_minutes, said(draft).terms, said(draft).series) == (
        "Å være modig",
        40,
        ("modig",),
        "kursrekke-9",
    )
    told = ideabank.draft_problems(db, draft)
    assert [str(problem).split(": ")[1] for problem in told] == [
        "The theme names one word. Choose three to five words of the vocabulary.",
        "There is no aim “KM1”. Check the spelling, or add it first.",
    ]
    assert ideabank.save_front(db, draft, fields, seen_hash="anything", by=kaja, now=LATER) is draft
    with pytest.raises(Conflict) as refused:
        ideabank.save_front(db, draft, {"title": "Mot igjen"}, seen_hash=seen, by=kaja, now=LATER)
    assert 'title = "Mot igjen"' in refused.value.mine


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"title": ""}, "title"),
        ({"core_minutes": "mange"}, "core_minutes"),
        ({"aims": [{"code": "", "role": "main", "note": "x"}]}, "aims.0.code"),
        ({"ny": 1}, "ny"),
    ],
)
def test_a_wrong_fact_is_refused_at_its_field(db: Session, kaja: Person, draft: Draft, fields: dict[str, object], at: str) -> None:
    seen = ideabank.section_hash(said(draft), "front")
    with pytest.raises(DocumentErrors) as refused:
        ideabank.save_front(db, draft, fields, seen_hash=seen, by=kaja, now=LATER)
    assert refused.value.errors[0].at == at


def test_steps_are_added_moved_and_taken_out(db: Session, kaja: Person, draft: Draft) -> None:
    uid = ideabank.add_step(db, draft, title="Ring igjen", minutes=5, kind="talk", after="ring", by=kaja, now=LATER)
    last = ideabank.add_step(db, draft, title="Ring", minutes=5, kind="talk", by=kaja, now=LATER)
    nameless = ideabank.add_step(db, draft, title="؟", minutes=5, kind="talk", by=kaja, now=LATER)
    assert (uid, last, nameless) == ("ring-igjen", "ring-2", "del")
    assert [step.uid for step in said(draft).steps] == ["ring", "ring-igjen", "modig-lek", "ekstra", "ring-2", "del"]
    ideabank.move_step(db, draft, "ring-2", -9, by=kaja, now=LATER)
    ideabank.move_step(db, draft, "ring", 1, by=kaja, now=LATER)
    assert [step.uid for step in said(draft).steps][:3] == ["ring-2", "ring-igjen", "ring"]
    seen = ideabank.section_hash(said(draft), "steps.ring")
    with pytest.raises(Conflict):
        ideabank.remove_step(db, draft, "ring", seen_hash="old", by=kaja, now=LATER)
    ideabank.remove_step(db, draft, "ring", seen_hash=seen, by=kaja, now=LATER)
    ideabank.remove_step(db, draft, "ring", seen_hash=seen, by=kaja, now=LATER)
    assert said(draft).step("ring") is None
    assert any("There is no part “ring”" in str(problem) for problem in ideabank.draft_problems(db, draft))
    with pytest.raises(Refused, match="no longer there"):
        ideabank.move_step(db, draft, "ring", 1, by=kaja, now=LATER)
    with pytest.raises(DocumentErrors):
        ideabank.add_step(db, draft, title="", minutes=5, kind="talk", by=kaja, now=LATER)


def test_a_document_without_sections_is_saved_whole(db: Session, kaja: Person) -> None:
    words = ideabank.start_draft(db, found(db, kaja.district, "vocabulary"), kaja, NOW)
    seen = ideabank.draft_hash(words)
    ideabank.save_draft(db, words, VOCABULARY.replace("skummelt", "vondt"), seen_hash=seen, by=kaja, now=LATER)
    assert "vondt" in words.text
    with pytest.raises(Conflict) as refused:
        ideabank.save_draft(db, words, VOCABULARY, seen_hash=seen, by=kaja, now=LATER)
    assert refused.value.mine == VOCABULARY
    with pytest.raises(Refused, match="is of the document"):
        ideabank.save_draft(db, words, THEME, seen_hash=ideabank.draft_hash(words), by=kaja, now=LATER)
    with pytest.raises(DocumentErrors):
        ideabank.save_draft(db, words, "kind = 1", seen_hash=ideabank.draft_hash(words), by=kaja, now=LATER)


def test_a_new_theme_is_a_draft_with_everything_still_to_write(db: Session, kaja: Person) -> None:
    document = ideabank.new_theme(db, kaja.district, "  Mot! ", kaja, NOW)
    assert (document.key, document.kind, document.versions) == ("mot-2", "theme", [])
    assert document.draft is not None
    assert said(document.draft).title == "Mot!"
    told = {problem.at for problem in ideabank.draft_problems(db, document.draft)}
    assert told == {"aims", "terms", *ideabank.SECTIONS, "parents.sentence", "parents.ask", "parents.did"}
    save(db, document.draft, "parents.ask", "Når er du modig?", kaja)
    assert ideabank.new_theme(db, kaja.district, "دوستی", kaja, NOW).key == "tema"


def test_a_title_that_another_theme_has_is_refused_with_the_other(db: Session, kaja: Person, draft: Draft) -> None:
    ideabank.new_theme(db, kaja.district, "Glede", kaja, NOW)
    for typed, key in (("MOT", "mot"), ("glede", "glede")):
        with pytest.raises(ideabank.TitleTaken) as taken:
            ideabank.new_theme(db, kaja.district, typed, kaja, NOW)
        assert (taken.value.key, taken.value.at) == (key, "title")
    db.query(Document).where(Document.key == "mot").one().retired_at = NOW
    assert ideabank.new_theme(db, kaja.district, "Mot", kaja, NOW).key == "mot-2"


@pytest.mark.parametrize("title", ["", " ", "😀 1", "x" * 201, "<b>Mot</b>", "13097248022"])
def test_a_title_that_cannot_be_used_is_refused_at_the_title(db: Session, kaja: Person, title: str) -> None:
    with pytest.raises(Refused) as refused:
        ideabank.new_theme(db, kaja.district, title, kaja, NOW)
    assert refused.value.at == "title"


def test_a_draft_is_thrown_away_and_with_it_what_was_never_published(db: Session, kaja: Person, draft: Draft) -> None:
    document = draft.document
    ideabank.discard_draft(db, draft)
    assert document.draft is None
    new = ideabank.new_theme(db, kaja.district, "Tull", kaja, NOW)
    assert new.draft is not None
    ideabank.discard_draft(db, new.draft)
    assert db.scalar(select(Document).where(Document.key == "tull")) is None
