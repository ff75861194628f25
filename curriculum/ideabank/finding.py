"""Finding documents and the versions of them that are in effect on a day."""

from __future__ import annotations

from datetime import date
from functools import cache

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session, contains_eager, defer, object_session

from curriculum.ideabank.documents import AnyDocument
from curriculum.ideabank.models import THEME, VOCABULARY, Document, DocumentVersion, Term
from curriculum.ideabank.parsing import parse, read


def find_document(db: Session, district_id: int, key: str) -> Document | None:
    """The district's document with this key."""
    return db.scalar(select(Document).where(Document.district_id == district_id, Document.key == key))


def newest(document: Document) -> DocumentVersion | None:
    """The last version published, also one that takes effect later."""
    return document.versions[-1] if document.versions else None


def current(document: Document, today: date) -> DocumentVersion | None:
    """The newest version in effect today."""
    db = object_session(document)
    if db is None:
        return next((version for version in reversed(document.versions) if version.effective <= today), None)
    return db.scalar(
        select(DocumentVersion)
        .where(DocumentVersion.document_id == document.id, DocumentVersion.effective <= today)
        .order_by(DocumentVersion.number.desc())
        .limit(1)
    )


def versions_in_effect(db: Session, district_id: int, today: date, kind: str | None = None) -> dict[int, DocumentVersion]:
    """The newest version in effect today of every document, by the document's id; one query. Retired documents are among them.

    Their texts are fetched when asked for: `parsed` seldom has to.
    """
    found = db.scalars(_in_effect(kind is not None), {"district": district_id, "today": today, "kind": kind})
    return {version.document_id: version for version in found}


@cache
def _in_effect(of_a_kind: bool) -> Select[DocumentVersion]:
    """Built once: building such a query takes as long as asking it."""
    last = (
        select(DocumentVersion.document_id, func.max(DocumentVersion.number).label("number"))
        .where(DocumentVersion.district_id == bindparam("district"), DocumentVersion.effective <= bindparam("today"))
        .group_by(DocumentVersion.document_id)
        .subquery()
    )
    query = (
        select(DocumentVersion)
        .join(last, (DocumentVersion.document_id == last.c.document_id) & (DocumentVersion.number == last.c.number))
        .join(DocumentVersion.document)
        .options(contains_eager(DocumentVersion.document), defer(DocumentVersion.text))
        .order_by(Document.path == "", Document.path, DocumentVersion.title, Document.key)
    )
    return query.where(Document.kind == bindparam("kind")) if of_a_kind else query


def themes(db: Session, district_id: int, today: date) -> list[DocumentVersion]:
    """The themes of the bank as they are in effect today, without retired ones; in the order of their files, then by title."""
    found = versions_in_effect(db, district_id, today, THEME).values()
    return [version for version in found if version.document.retired_at is None]


def terms(db: Session, district_id: int, today: date) -> dict[str, Term]:
    """The words of the vocabulary in effect today, by key."""
    versions = versions_in_effect(db, district_id, today, VOCABULARY)
    query = select(Term).where(Term.version_id.in_([version.id for version in versions.values()])).order_by(Term.version_id, Term.position)
    return {term.key: term for term in db.scalars(query)}


KEPT = 4096
"""So many parsed versions are kept in memory: a version never changes, so what was read once holds."""

_parsed: dict[str, AnyDocument] = {}


def parsed(version: DocumentVersion) -> AnyDocument:
    """The document a version says, kept by the version's hash. What newer rules would ask for is no fault of an older version."""
    known = _parsed.get(version.hash)
    if known is None:
        known = read(version.text).document or parse(version.text)
        if len(_parsed) >= KEPT:
            _parsed.clear()
        _parsed[version.hash] = known
    return known


def verify(db: Session) -> list[str]:
    """What is wrong with any version in the database: one that can no longer be read, or that no longer says what its hash says."""
    return [
        f"{version.document.key} {version.number}: {fault}" for version in db.scalars(select(DocumentVersion)) for fault in _faults(version)
    ]


def _faults(version: DocumentVersion) -> list[str]:
    reading = read(version.text)
    if reading.document is None:
        return [str(error) for error in reading.problems]
    return [] if reading.document.hash == version.hash else ["the text is not the one that was published"]
