"""Files into the bank: after the first load the database is the truth, and a file that differs from it becomes a proposal."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.base import N_, Refused
from curriculum.ideabank.documents import AnyDocument
from curriculum.ideabank.finding import find_document, newest
from curriculum.ideabank.models import Document, DocumentVersion, Proposal
from curriculum.ideabank.parsing import parse, read
from curriculum.ideabank.problems import DocumentErrors
from curriculum.ideabank.publishing import freeze
from curriculum.ideabank.references import known_in_bank, unknown_references
from curriculum.ideabank.writing import write
from curriculum.people import District

Outcome = Literal["new", "unchanged", "next version", "proposal"]

LOADED = N_("Loaded from a file.")
"""The note of a version, and the reason of a proposal, that came from a file."""


def load_document(db: Session, district: District, text: str, path: str, *, now: datetime, today: date) -> Outcome:
    """Take a file into the bank.

    Unknown so far: its first version. Unedited here since it was loaded: the next version. Else a proposal that waits for an answer,
    never an overwrite; the same file makes it once. Raises DocumentErrors for a file with faults or with names of things that are not
    there, and Refused for one whose id another kind of document has.
    """
    said = parse(text, path=path)
    unknown = unknown_references(read(text, path), known_in_bank(db, district.id), path)
    if unknown:
        raise DocumentErrors(unknown)
    document = find_document(db, district.id, said.key)
    if document is None:
        document = Document(district_id=district.id, district=district, kind=said.kind, key=said.key, path=path)
        db.add(document)
        _freeze(db, document, said, now, today)
        return "new"
    if document.kind != said.kind:
        raise Refused(N_("%(path)s: another document of the bank has the id “%(key)s”."), path=path, key=said.key)
    return _load_again(db, document, said, path, now, today)


def _freeze(db: Session, document: Document, said: AnyDocument, now: datetime, today: date) -> None:
    document.loaded_hash = said.hash
    freeze(db, document, said, note=LOADED, now=now, today=today)


def _load_again(db: Session, document: Document, said: AnyDocument, path: str, now: datetime, today: date) -> Outcome:
    version = newest(document)
    document.path = path
    if version is not None and version.hash == said.hash:
        document.loaded_hash = said.hash
        db.flush()
        return "unchanged"
    if _is_as_loaded(document, version):
        _freeze(db, document, said, now, today)
        return "next version"
    return _propose(db, document, said, now)


def _is_as_loaded(document: Document, version: DocumentVersion | None) -> bool:
    return version is not None and version.hash == document.loaded_hash and document.draft is None


def _propose(db: Session, document: Document, said: AnyDocument, now: datetime) -> Outcome:
    """At most one proposal from files waits; a file that was declined is not offered again."""
    earlier = db.scalars(
        select(Proposal)
        .where(Proposal.document_id == document.id, Proposal.by_id.is_(None), Proposal.reason == LOADED)
        .order_by(Proposal.id)
    ).all()
    waiting = next((one for one in earlier if one.answer is None), None)
    if waiting is None and any(one.hash == said.hash for one in earlier):
        return "unchanged"
    if waiting is None:
        waiting = Proposal(district_id=document.district_id, document=document, reason=LOADED)
        db.add(waiting)
    if waiting.hash != said.hash:
        waiting.text, waiting.hash, waiting.at = write(said), said.hash, now
    db.flush()
    return "proposal"
