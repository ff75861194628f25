"""Writing the next version: a draft that several people edit section by section without losing each other's words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.base import N_, Refused
from curriculum.ideabank.blocks import free_name, slug
from curriculum.ideabank.documents import StepPart, ThemeDocument, digest
from curriculum.ideabank.editing import editable, faults_within, replace_section, reread, section_hash, with_steps
from curriculum.ideabank.fields import LONGEST_TITLE
from curriculum.ideabank.finding import find_document, newest, versions_in_effect
from curriculum.ideabank.models import THEME, Document, Draft
from curriculum.ideabank.parsing import Reading, read
from curriculum.ideabank.problems import DocumentError, DocumentErrors
from curriculum.ideabank.references import known_in_bank, unknown_references
from curriculum.ideabank.writing import front_values, write, write_toml
from curriculum.people import District, Person
from curriculum.text import refuse_personal, tidy


class Conflict(Refused):
    """Somebody else saved the same section meanwhile. Nothing is lost: `theirs` stands in the draft, `mine` was typed."""

    def __init__(self, section: str, theirs: str, mine: str, by: str) -> None:
        super().__init__(N_("%(name)s has changed this section since you opened it."), at=section, name=by)
        self.section = section
        self.theirs = theirs
        self.mine = mine


class DraftGone(Refused):
    """Somebody published the draft, or threw it away, while another was about to change it."""

    def __init__(self) -> None:
        super().__init__(N_("The draft is no longer there."))


class TitleTaken(Refused):
    """Another theme has this title; `key` is its document's."""

    def __init__(self, title: str, key: str) -> None:
        super().__init__(N_("There is a theme called “%(title)s” already. Give this one another title."), at="title", title=title)
        self.key = key


def lock_draft(db: Session, draft: Draft) -> None:
    """Read the draft as it is now and hold it until the transaction ends. Raises DraftGone when it was published or thrown away."""
    query = select(Draft).where(Draft.id == draft.id).with_for_update().execution_options(populate_existing=True)
    if db.scalars(query).first() is None:
        raise DraftGone


def draft_hash(draft: Draft) -> str:
    """16 digits that say which text of a draft was seen."""
    return digest(draft.text)[:16]


def start_draft(db: Session, document: Document, by: Person, now: datetime) -> Draft:
    """The document's draft, begun from its newest version when there is none."""
    db.refresh(document, with_for_update=True)
    version = newest(document)
    if document.draft is not None:
        return document.draft
    if version is None:
        raise Refused(N_("“%(key)s” has neither a version nor a draft."), key=document.key)
    document_now = read(version.text).document
    text = write(document_now, blanks=True) if document_now else version.text
    return _new_draft(db, document, text, by, now, base_id=version.id)


def _new_draft(db: Session, document: Document, text: str, by: Person, now: datetime, base_id: int | None) -> Draft:
    draft = Draft(district_id=document.district_id, document=document, base_id=base_id, text=text, authors=[], saved_by=by, saved_at=now)
    db.add(draft)
    db.flush()
    return draft


def new_theme(db: Session, district: District, title: str, by: Person, now: datetime) -> Document:
    """A new theme with a draft that has everything still to write.

    Raises Refused (at title) for a title that cannot be used, and TitleTaken for one that another theme has.
    """
    title = " ".join(title.split())
    if not title or len(title) > LONGEST_TITLE:
        raise Refused(N_("Give the theme a title of at most %(most)s characters."), at="title", most=LONGEST_TITLE)
    if not any(character.isalpha() for character in title):
        raise Refused(N_("Give the theme a title with letters in it."), at="title")
    _refuse_taken(db, district.id, title, now)
    key = _free_key(db, district.id, slug(title) or "tema")
    reading = read(write(ThemeDocument(key=key, title=title, grades=(5, 6), groups=("class",)), blanks=True))
    if reading.document is None:
        raise DocumentErrors((error.moved(line=1, at="title") for error in reading.problems if error.is_grave), at="title")
    document = Document(district_id=district.id, district=district, kind=THEME, key=key)
    db.add(document)
    _new_draft(db, document, reading.text, by, now, base_id=None)
    return document


def _refuse_taken(db: Session, district_id: int, title: str, now: datetime) -> None:
    titles = {
        one.title.casefold(): (one.title, one.document.key)
        for one in versions_in_effect(db, district_id, now.date(), THEME).values()
        if one.document.retired_at is None
    }
    unpublished = (
        select(Draft).join(Draft.document).where(Draft.district_id == district_id, Draft.base_id.is_(None), Document.kind == THEME)
    )
    for draft in db.scalars(unpublished):
        if said := read_draft(draft).document:
            titles[said.title.casefold()] = said.title, draft.document.key
    if title.casefold() in titles:
        raise TitleTaken(*titles[title.casefold()])


def _free_key(db: Session, district_id: int, wanted: str) -> str:
    key, number = wanted, 2
    while find_document(db, district_id, key):
        key, number = f"{wanted}-{number}", number + 1
    return key


def read_draft(draft: Draft) -> Reading:
    """The draft's document and what is still wrong with it."""
    return read(draft.text)


def draft_problems(db: Session, draft: Draft) -> list[DocumentError]:
    """Everything that must be put right before the draft can be published."""
    reading = read_draft(draft)
    return [*reading.problems, *unknown_references(reading, known_in_bank(db, draft.district_id))]


def save_section(db: Session, draft: Draft, section: str, markdown: str, *, seen_hash: str, by: Person, now: datetime) -> Draft:
    """Save one section's words (purpose …, steps.<uid>, parents.<key>); see `editable` and `section_hash`.

    Raises Conflict when somebody saved the same section since `seen_hash`, and DocumentErrors, with lines counted in `markdown`, for
    words that cannot be kept. Other sections are never touched.
    """
    theme = _locked_theme(db, draft)
    theirs = _as_it_stands(theme, section)
    if theirs is not None and theirs.strip() == markdown.strip():
        return draft
    if theirs is None or section_hash(theme, section) != seen_hash:
        raise Conflict(section, theirs or "", markdown, _last_editor(draft))
    splice = replace_section(read_draft(draft), section, markdown)
    reading = read(splice.text)
    if reading.document is None:
        raise faults_within(reading, section, splice.offset, len(markdown.splitlines()))
    return _keep(db, draft, reading, by, now)


def _locked_theme(db: Session, draft: Draft) -> ThemeDocument:
    """The draft's theme as it stands now; the row is held until the transaction ends, so that two savers come one after the other."""
    lock_draft(db, draft)
    return reread(draft.text)


def _as_it_stands(theme: ThemeDocument, section: str) -> str | None:
    try:
        return editable(theme, section)
    except Refused:
        return None


def _last_editor(draft: Draft) -> str:
    return draft.saved_by.name if draft.saved_by else "?"


def _keep(db: Session, draft: Draft, reading: Reading, by: Person, now: datetime) -> Draft:
    text = write(reading.document, blanks=True) if reading.document else draft.text
    if text != draft.text:
        draft.text = text
        draft.authors = sorted({*draft.authors, by.id})
        draft.saved_by = by
        draft.saved_at = now
        db.flush()
    return draft


def save_front(db: Session, draft: Draft, fields: Mapping[str, Any], *, seen_hash: str, by: Person, now: datetime) -> Draft:
    """Save a theme's facts by the names `front_values` gives (title, core_minutes, terms, aims …); those not named stay.

    Raises Conflict, and DocumentErrors whose `at` is the field's name: title, aims.0.code.
    """
    theme = _locked_theme(db, draft)
    theirs = front_values(theme)
    wanted = {**theirs, **fields}
    if wanted == theirs:
        return draft
    if section_hash(theme, "front") != seen_hash:
        raise Conflict("front", write_toml(theirs), write_toml(wanted), _last_editor(draft))
    lines = draft.text.split("\n")
    start, end = read_draft(draft).spans["front"]
    reading = read("\n".join([*lines[:start], *write_toml(wanted).removesuffix("\n").split("\n"), *lines[end:]]))
    _refuse_grave(reading)
    return _keep(db, draft, reading, by, now)


def _refuse_grave(reading: Reading) -> None:
    if reading.document is None:
        raise DocumentErrors(error for error in reading.problems if error.is_grave)


def save_draft(db: Session, draft: Draft, text: str, *, seen_hash: str, by: Person, now: datetime) -> Draft:
    """Save the whole text, for documents without sections: the vocabulary, outlines, district texts.

    Raises Conflict when somebody saved another text since `seen_hash` (see `draft_hash`), DocumentErrors for a text that cannot be read,
    and Refused when it is another document's text.
    """
    lock_draft(db, draft)
    if draft_hash(draft) != seen_hash and draft.text.strip() != text.strip():
        raise Conflict("text", draft.text, text, _last_editor(draft))
    reading = read(text)
    _refuse_grave(reading)
    _refuse_other(draft.document, reading)
    return _keep(db, draft, reading, by, now)


def _refuse_other(document: Document, reading: Reading) -> None:
    said = reading.document
    if said is not None and (said.kind, said.key) != (document.kind, document.key):
        raise Refused(N_("This text is of the document “%(other)s”, not of “%(key)s”."), at="text", other=said.key, key=document.key)


def add_step(db: Session, draft: Draft, *, title: str, minutes: int, kind: str, after: str | None = None, by: Person, now: datetime) -> str:
    """Add a step below the step `after`, or last; gives its name. Raises DocumentErrors for fields that cannot be used."""
    theme = _locked_theme(db, draft)
    title = " ".join(title.split())
    taken = {step.uid for step in theme.steps} | {block.uid for block in theme.blocks()}
    step = StepPart(free_name(slug(title) or "del", taken), title, minutes, kind, is_core=False)
    place = next((index + 1 for index, other in enumerate(theme.steps) if other.uid == after), len(theme.steps))
    _save_steps(db, draft, theme, [*theme.steps[:place], step, *theme.steps[place:]], by, now)
    return step.uid


def _save_steps(db: Session, draft: Draft, theme: ThemeDocument, steps: list[StepPart], by: Person, now: datetime) -> None:
    reading = read(write(with_steps(theme, steps), blanks=True))
    _refuse_grave(reading)
    _keep(db, draft, reading, by, now)


def remove_step(db: Session, draft: Draft, uid: str, *, seen_hash: str, by: Person, now: datetime) -> None:
    """Take a step out. Raises Conflict when somebody changed it since `seen_hash`; a step already gone is no fault."""
    theme = _locked_theme(db, draft)
    if theme.step(uid) is None:
        return
    section = f"steps.{uid}"
    if section_hash(theme, section) != seen_hash:
        raise Conflict(section, editable(theme, section), "", _last_editor(draft))
    _save_steps(db, draft, theme, [step for step in theme.steps if step.uid != uid], by, now)


def move_step(db: Session, draft: Draft, uid: str, places: int, *, by: Person, now: datetime) -> None:
    """Move a step so many places down (up when negative), as far as there are places."""
    theme = _locked_theme(db, draft)
    step = theme.step(uid)
    if step is None:
        raise Refused(N_("The section “%(section)s” is no longer there."), section=uid)
    others = [other for other in theme.steps if other.uid != uid]
    place = min(max(theme.steps.index(step) + places, 0), len(others))
    _save_steps(db, draft, theme, [*others[:place], step, *others[place:]], by, now)


def discard_draft(db: Session, draft: Draft) -> None:
    """Throw the draft away, and the document with it when it was never published."""
    document = draft.document
    db.delete(draft)
    db.flush()
    db.expire(document, ["draft"])
    if not document.versions:
        db.delete(document)
        db.flush()


def refuse_unfit_words(words: str, at: str) -> None:
    """Raise Refused (at this field) for words that hold a national identity number, or characters no text may hold."""
    try:
        tidy(words)
        refuse_personal(words)
    except Refused as refused:
        raise Refused(refused.msgid, at=at, **refused.values) from None
