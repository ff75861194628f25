"""Freezing a draft as the next version, with everything that is looked up in it and what became of each sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, TypeAlias

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from curriculum.base import N_, Base, Refused
from curriculum.ideabank.documents import AnyDocument, ThemeDocument, VocabularyDocument, digest
from curriculum.ideabank.drafting import DraftGone, draft_problems, lock_draft, read_draft, refuse_unfit_words
from curriculum.ideabank.finding import newest
from curriculum.ideabank.models import (
    CRITICAL,
    MEANING,
    TYPO,
    AimLink,
    Document,
    DocumentVersion,
    Draft,
    Review,
    Segment,
    SegmentChange,
    Step,
    Term,
    TermUse,
)
from curriculum.ideabank.problems import DocumentErrors
from curriculum.ideabank.references import refuse_lost_words
from curriculum.ideabank.writing import write
from curriculum.people import COORDINATOR, Person, roles

MARKS = (TYPO, MEANING, CRITICAL)


class DraftChanged(Refused):
    """The draft says something else than what the publisher saw."""

    def __init__(self) -> None:
        super().__init__(N_("The draft has changed since you opened this page."))


def change_hash(document: Document) -> str:
    """16 digits that say which change a publisher saw: from which version, to which text. Raises DraftGone when there is no draft."""
    if document.draft is None:
        raise DraftGone
    version = newest(document)
    return digest([version.hash if version else "", document.draft.text])[:16]


def publish(
    db: Session, document: Document, *, seen: str, by: Person, why: str, now: datetime, today: date, marks: Mapping[str, str] | None = None
) -> DocumentVersion:
    """Freeze the draft as the next version; lessons not yet held follow it from `today`. The draft is gone afterwards.

    `seen` is the `change_hash` of what the publisher read. `marks` says of every changed parents' sentence, by name, whether the change
    is a typo, of meaning or critical. Raises DraftGone when there is no draft, DraftChanged when it was saved since, DocumentErrors for
    all that is wrong with it, and Refused when it says nothing new, `why` is missing, a sentence has no mark (at marks.<name>), or the
    district asks for a second person and `by` wrote it alone.
    """
    draft, why, marks = document.draft, " ".join(why.split()), marks or {}
    if draft is None:
        raise DraftGone
    lock_draft(db, draft)
    if change_hash(document) != seen:
        raise DraftChanged
    _refuse_unready(document, draft, by, why)
    said = _faultless(db, draft)
    _refuse_pointless(db, document, said)
    _refuse_unmarked(db, document, marks)
    author = draft.saved_by_id
    db.delete(draft)
    db.flush()
    db.expire(document, ["draft"])
    return freeze(db, document, said, note=why, now=now, today=today, publisher=by, author_id=author, marks=marks)


def _refuse_unready(document: Document, draft: Draft, by: Person, why: str) -> None:
    if not why:
        raise Refused(N_("Say in a few words what is new, for those who use the theme."), at="why")
    refuse_unfit_words(why, "why")
    if document.district.two_to_publish and set(draft.authors) <= {by.id}:
        raise Refused(N_("Another person must publish what you wrote alone."))


def _faultless(db: Session, draft: Draft) -> AnyDocument:
    problems, said = draft_problems(db, draft), read_draft(draft).document
    if problems or said is None:
        raise DocumentErrors(problems)
    return said


def _refuse_pointless(db: Session, document: Document, said: AnyDocument) -> None:
    version = newest(document)
    if version is not None and version.hash == said.hash:
        raise Refused(N_("The draft says the same as the newest version."))
    if isinstance(said, VocabularyDocument):
        refuse_lost_words(db, document, said)


def _refuse_unmarked(db: Session, document: Document, marks: Mapping[str, str]) -> None:
    for uid, _before, _after in changed_sentences(db, document):
        if marks.get(uid) not in MARKS:
            raise Refused(N_("Say of each changed sentence what kind of change it is."), at=f"marks.{uid}")


def freeze(
    db: Session,
    document: Document,
    said: AnyDocument,
    *,
    note: str,
    now: datetime,
    today: date,
    publisher: Person | None = None,
    author_id: int | None = None,
    marks: Mapping[str, str] | None = None,
) -> DocumentVersion:
    """Insert the next version, its index rows, and a mark for each sentence that changed."""
    before = newest(document)
    version = DocumentVersion(
        district_id=document.district_id,
        document=document,
        number=before.number + 1 if before else 1,
        title=said.title,
        text=write(said),
        hash=said.hash,
        origin=said.origin,
        author_id=author_id,
        publisher=publisher,
        note=note,
        effective=today,
        created_at=now,
    )
    db.add(version)
    db.flush()
    _insert(db, _index(version.id, said))
    if before is not None:
        db.add_all(_changes(db, before, version, said, publisher, now, marks or {}))
    db.flush()
    return version


Row: TypeAlias = tuple[type[Base], dict[str, Any]]
"""A row to be inserted: its table, and its values."""


def _insert(db: Session, rows: Iterable[Row]) -> None:
    """Many rows in one statement a table."""
    by_table: dict[type[Base], list[dict[str, Any]]] = {}
    for table, values in rows:
        by_table.setdefault(table, []).append(values)
    for table, several in by_table.items():
        db.execute(insert(table), several)


def _index(version_id: int, said: AnyDocument) -> Iterator[Row]:
    """The rows by which others find what stands in a version."""
    for position, segment in enumerate(said.segments()):
        yield (
            Segment,
            dict(
                version_id=version_id,
                uid=segment.uid,
                position=position,
                section=segment.section,
                kind=segment.kind,
                text=segment.text,
                hash=segment.hash,
                step_uid=segment.step,
            ),
        )
    if isinstance(said, ThemeDocument):
        yield from _theme_index(version_id, said)
    elif isinstance(said, VocabularyDocument):
        yield from _terms(version_id, said)


def _theme_index(version_id: int, theme: ThemeDocument) -> Iterator[Row]:
    for position, step in enumerate(theme.steps):
        yield (
            Step,
            dict(
                version_id=version_id,
                uid=step.uid,
                position=position,
                title=step.title,
                minutes=step.minutes,
                kind=step.kind,
                is_core=step.is_core,
            ),
        )
    for position, aim in enumerate(theme.aims):
        yield (
            AimLink,
            dict(version_id=version_id, code=aim.code, is_section=aim.is_section, role=aim.role, note=aim.note, position=position),
        )
    for position, key in enumerate(theme.terms):
        yield TermUse, dict(version_id=version_id, term_key=key, position=position)


def _terms(version_id: int, vocabulary: VocabularyDocument) -> Iterator[Row]:
    for position, term in enumerate(vocabulary.terms):
        yield (
            Term,
            dict(
                version_id=version_id,
                key=term.key,
                position=position,
                word=term.word,
                forms=list(term.forms),
                meaning=term.meaning,
                say=term.say,
                is_sensitive=term.is_sensitive,
            ),
        )


def _changes(
    db: Session,
    before: DocumentVersion,
    version: DocumentVersion,
    said: AnyDocument,
    by: Person | None,
    now: datetime,
    marks: Mapping[str, str],
) -> Iterator[SegmentChange]:
    found = db.execute(select(Segment.uid, Segment.hash).where(Segment.version_id == before.id))
    old = {row.uid: row.hash for row in found}
    for segment in said.segments():
        if segment.uid in old and old[segment.uid] != segment.hash:
            yield SegmentChange(
                district_id=version.district_id,
                document_id=version.document_id,
                version_id=version.id,
                uid=segment.uid,
                old_hash=old[segment.uid],
                new_hash=segment.hash,
                mark=marks.get(segment.uid, MEANING),
                by_id=by.id if by else None,
                at=now,
            )


def changed_sentences(db: Session, document: Document) -> list[tuple[str, str, str]]:
    """What publishing the draft would mark: each changed parents' sentence as (name, words before, words after)."""
    version, said = newest(document), read_draft(document.draft).document if document.draft else None
    if version is None or said is None:
        return []
    old = {
        uid: (text, hashed)
        for uid, text, hashed in db.execute(select(Segment.uid, Segment.text, Segment.hash).where(Segment.version_id == version.id))
    }
    return [(one.uid, old[one.uid][0], one.text) for one in said.segments() if one.uid in old and old[one.uid][1] != one.hash]


def review(db: Session, version: DocumentVersion, by: Person, now: datetime) -> Review:
    """Record that this person has read the version and vouches for it; a second time changes nothing.

    Raises Refused for one who has no role today.
    """
    earlier = next((one for one in version.reviews if one.person_id == by.id), None)
    if earlier is not None:
        return earlier
    held = sorted(roles(by, now.date()))
    if not held:
        raise Refused(N_("Only a person with a role today can vouch for a text."))
    role = COORDINATOR if COORDINATOR in held else held[0]
    made = Review(district_id=version.district_id, version_id=version.id, person_id=by.id, role=role, at=now)
    version.reviews.append(made)
    db.flush()
    return made


def is_checked(version: DocumentVersion) -> bool:
    """Whether any person has vouched for it."""
    return bool(version.reviews)
