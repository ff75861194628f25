"""Finding documents and the versions of them that are in effect on a day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session, contains_eager, defer, joinedload, object_session

from curriculum.ideabank.documents import AnyDocument
from curriculum.ideabank.models import THEME, VOCABULARY, Document, DocumentVersion, Term
from curriculum.ideabank.parsing import parse, read
from curriculum.keeping import Kept


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
    return db.scalar(_CURRENT, {"document": document.id, "today": today})


_CURRENT = (
    select(DocumentVersion)
    .where(DocumentVersion.document_id == bindparam("document"), DocumentVersion.effective <= bindparam("today"))
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


@dataclass(frozen=True)
class Edition:
    """What a document says on a day: its version in effect, in plain values."""

    id: int
    """Of the version."""
    document_id: int
    key: str
    number: int
    title: str
    hash: str
    origin: str
    is_retired: bool
    content: AnyDocument


def editions(db: Session, district_id: int, today: date, kind: str) -> Mapping[int, Edition]:
    """What the documents of a kind say today, by their ids, in the order of `versions_in_effect`. No query while nothing has changed."""
    return _editions.get(db, (district_id, today, kind))


def _read_editions(db: Session, asked: tuple[int, date, str]) -> Mapping[int, Edition]:
    return {id: _edition(one, parsed(one)) for id, one in versions_in_effect(db, *asked).items()}


def _edition(one: DocumentVersion, content: AnyDocument) -> Edition:
    is_retired = one.document.retired_at is not None
    return Edition(one.id, one.document_id, one.document.key, one.number, one.title, one.hash, one.origin, is_retired, content)


_editions = Kept(_read_editions)


def editions_of(db: Session, documents: Collection[int], today: date) -> Mapping[int, Edition]:
    """What these documents say today, by their ids, without reading the others. At most two queries, none while nothing has changed."""
    return _editions_of.get(db, (frozenset(documents), today)) if documents else {}


def _read_editions_of(db: Session, asked: tuple[frozenset[int], date]) -> Mapping[int, Edition]:
    documents, today = asked
    found = {one.document_id: one for one in db.scalars(_OF_DOCUMENTS, {"documents": documents, "today": today})}
    said = contents(db, {one.id: one.hash for one in found.values()})
    return {id: _edition(one, said[one.id]) for id, one in found.items()}


_editions_of = Kept(_read_editions_of)

_OF_DOCUMENTS = (
    select(DocumentVersion)
    .where(DocumentVersion.document_id.in_(bindparam("documents", expanding=True)), DocumentVersion.effective <= bindparam("today"))
    .order_by(DocumentVersion.number)
    .options(joinedload(DocumentVersion.document, innerjoin=True), defer(DocumentVersion.text))
)


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


def parsed(version: DocumentVersion | Edition) -> AnyDocument:
    """The document a version says, kept by the version's hash. What newer rules would ask for is no fault of an older version."""
    if isinstance(version, Edition):
        return version.content
    known = _parsed.get(version.hash)
    if known is None:
        known = read(version.text).document or parse(version.text)
        if len(_parsed) >= KEPT:
            _parsed.clear()
        _parsed[version.hash] = known
    return known


def contents(db: Session, hashes: Mapping[int, str]) -> dict[int, AnyDocument]:
    """What versions say, by their ids, given the hash of each. One query for those that were not read before, none without any."""
    known = {id: _parsed.get(hash) for id, hash in hashes.items()}
    unread = [id for id, document in known.items() if document is None]
    read = {version.id: parsed(version) for version in db.scalars(_BY_ID, {"ids": unread})} if unread else {}
    return {id: document or read[id] for id, document in known.items()}


_BY_ID = select(DocumentVersion).where(DocumentVersion.id.in_(bindparam("ids", expanding=True)))


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
