"""What a district has published, in plain values: for who only reads, kept in memory for as long as nothing public changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from curriculum import ideabank
from curriculum.ideabank import AnyDocument, Document, DocumentVersion, Review, Segment, SegmentChange
from curriculum.keeping import Kept, KeptLonger
from curriculum.summaries.choosing import Offer, offers_of
from curriculum.summaries.counting import Numbers, count
from curriculum.summaries.staleness import Change, Place, changes_of


class VersionLine(NamedTuple):
    """A version without its text: enough to choose by. `is_unread`: a machine wrote it and no person has reviewed it (product rule 7)."""

    id: int
    document: int
    kind: str
    key: str
    path: str
    number: int
    title: str
    hash: str
    note: str
    effective: date
    created_at: datetime
    is_retired: bool
    is_unread: bool


Lines = dict[int, list[VersionLine]]
"""The versions of each document, oldest first."""


def version_lines(db: Session, district_id: int) -> Lines:
    """Every version of every document of a district. One query."""
    found: Lines = {}
    for row in db.execute(_all_versions(), {"district": district_id}):
        found.setdefault(row.document_id, []).append(VersionLine(*row))
    return found


@cache
def _all_versions() -> Select[*tuple[Any, ...]]:
    is_read = select(Review.id).where(Review.version_id == DocumentVersion.id).exists()
    return (
        select(
            DocumentVersion.id,
            DocumentVersion.document_id,
            Document.kind,
            Document.key,
            Document.path,
            DocumentVersion.number,
            DocumentVersion.title,
            DocumentVersion.hash,
            DocumentVersion.note,
            DocumentVersion.effective,
            DocumentVersion.created_at,
            Document.retired_at.is_not(None),
            (DocumentVersion.origin == "machine") & ~is_read,
        )
        .join(Document, Document.id == DocumentVersion.document_id)
        .where(Document.district_id == bindparam("district"))
        .order_by(DocumentVersion.document_id, DocumentVersion.number)
    )


def in_effect(lines: list[VersionLine], day: date) -> VersionLine:
    """The newest version in effect on a day; before the first has come into effect, the first."""
    return next((line for line in reversed(lines) if line.effective <= day), lines[0])


@dataclass(eq=False)
class Published:
    """A district's versions and the changes of their sentences as of a day; and, once they were asked for, translations and counts."""

    lines: Lines
    changes: Mapping[Place, list[Change]]
    today: date
    made: dict[Any, Any] = field(default_factory=dict)
    """What others make of it, and of nothing that is not public, to be kept as long."""
    _offers: dict[str, dict[Place, list[Offer]]] = field(default_factory=dict)
    _offered: dict[str, set[int]] = field(default_factory=dict)
    _numbers: dict[str, dict[int, Numbers]] = field(default_factory=dict)

    @cached_property
    def versions(self) -> dict[int, VersionLine]:
        """Every version by its id."""
        return {line.id: line for lines in self.lines.values() for line in lines}

    @cached_property
    def titles(self) -> dict[int, str]:
        """What the documents with a version in effect are called, by their ids; retired ones among them."""
        current = {document: in_effect(lines, self.today) for document, lines in self.lines.items()}
        return {document: line.title for document, line in current.items() if line.effective <= self.today}

    def current(self, document: int) -> VersionLine:
        """The version of a document in effect today."""
        return in_effect(self.lines[document], self.today)

    def documents(self, *kinds: str) -> list[int]:
        """Ids of the documents of these kinds, without retired ones."""
        return sorted(document for kind in kinds for document in self._in_use.get(kind, ()))

    @cached_property
    def _in_use(self) -> dict[str, list[int]]:
        """Ids of the documents that are not retired, by kind."""
        found: dict[str, list[int]] = {}
        for document, (first, *_) in self.lines.items():
            if not first.is_retired:
                found.setdefault(first.kind, []).append(document)
        return found

    def one_of(self, kind: str) -> VersionLine | None:
        """The version in effect of the district's only document of a kind, such as its vocabulary."""
        return next((self.current(document) for document in self.documents(kind)), None)

    def contents(self, db: Session, versions: Iterable[VersionLine]) -> dict[int, AnyDocument]:
        """What these versions say, by their ids. One query for those that nobody has read before."""
        return ideabank.contents(db, {line.id: line.hash for line in versions})

    def offers(self, db: Session, tag: str, documents: Collection[int]) -> Mapping[Place, list[Offer]]:
        """The translations into a language, those of these documents among them. One query for what was not asked for before."""
        offered = self._offered.setdefault(tag, set())
        offers = self._offers.setdefault(tag, {})
        if missing := set(documents) - offered:
            offers.update(offers_of(db, missing, [tag])[tag])
            offered.update(missing)
        return offers

    def numbers(self, db: Session, tags: Collection[str]) -> dict[str, dict[int, Numbers]]:
        """The five numbers of each language and of each document (by its id) today. Two queries for languages not counted before."""
        if missing := set(tags) - self._numbers.keys():
            current = {self.current(document).id: document for document in self.lines}
            query = select(Segment.version_id, Segment.uid, Segment.hash).where(Segment.version_id.in_(current))
            places = [((current[version], uid), shown) for version, uid, shown in db.execute(query)]
            offers = offers_of(db, self.lines, missing)
            self._numbers.update({tag: count(self.lines, places, offers[tag], self.changes) for tag in missing})
        return {tag: self._numbers[tag] for tag in tags}


def published(db: Session, district_id: int, today: date) -> Published:
    """What a district has published. For who only reads: no query while nothing has changed, one while nothing in the bank has."""
    return _kept.get(db, (district_id, today))


Asked = tuple[int, date]
"""A district (by id) and the day."""


def _read(db: Session, asked: Asked) -> Published:
    _, today = asked
    return Published(*_history.get(db, asked), today)


def _read_history(db: Session, asked: Asked) -> tuple[Lines, Mapping[Place, list[Change]]]:
    district_id, today = asked
    lines = version_lines(db, district_id)
    return lines, changes_of(db, lines, today)


def _length(db: Session, asked: Asked) -> tuple[int, ...]:
    """Tells of every change in the bank: versions, reviews and changes of sentences are only ever added, and a document counts its own."""
    district_id, _ = asked
    return tuple(db.execute(_lengths(), {"district": district_id}).one())


@cache
def _lengths() -> Select[*tuple[Any, ...]]:
    added = (DocumentVersion, Review, SegmentChange)
    counts = [select(func.count()).where(table.district_id == bindparam("district")).scalar_subquery() for table in added]
    theirs = select(func.coalesce(func.sum(Document.version), 0)).where(Document.district_id == bindparam("district"))
    return select(*counts, theirs.scalar_subquery())


_history = KeptLonger(_read_history, _length)


_kept = Kept(_read)
