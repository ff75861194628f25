"""How far a language has come: five numbers, never one percentage (product rule 8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.ideabank import DISTRICT_TEXTS, THEME, VOCABULARY, Document, Segment
from curriculum.people import District
from curriculum.summaries.choosing import Offer, choose, offers_of
from curriculum.summaries.holding import in_effect, version_lines
from curriculum.summaries.models import CHECKED, DRAFT, TRANSLATED
from curriculum.summaries.staleness import UNLINKED, Change, Place, changes_of, judge

STATES = frozenset({CHECKED, TRANSLATED, DRAFT})


@dataclass(frozen=True)
class Numbers:
    """Segments by what their translation is; stale takes precedence, and together they are all the segments there are."""

    checked: int = 0
    translated: int = 0
    draft: int = 0
    stale: int = 0
    missing: int = 0

    @property
    def total(self) -> int:
        return self.checked + self.translated + self.draft + self.stale + self.missing


def numbers(db: Session, district: District, tag: str, today: date, document: Document | None = None) -> Numbers:
    """The five numbers of a language for what is in effect today: everything parents read, or one document of it. Four queries."""
    return total(numbers_by_document(db, district, [tag], today, document)[tag].values())


def numbers_by_document(
    db: Session, district: District, tags: Collection[str], today: date, document: Document | None = None
) -> dict[str, dict[int, Numbers]]:
    """The five numbers of each language and of each document (by its id) that parents read today. Four queries for any number of both."""
    kinds = () if document else (THEME, VOCABULARY, DISTRICT_TEXTS)
    lines = version_lines(db, district.id, [document.id] if document else [], kinds)
    of_version = {in_effect(some, today).id: document_id for document_id, some in lines.items()}
    offers, changes = offers_of(db, lines, tags), changes_of(db, lines, today)
    query = select(Segment.version_id, Segment.uid, Segment.hash).where(Segment.version_id.in_(of_version))
    places = [((of_version[version], uid), shown) for version, uid, shown in db.execute(query)]
    return {tag: _by_document(lines, places, offers[tag], changes) for tag in tags}


def _by_document(
    documents: Collection[int],
    places: Sequence[tuple[Place, str]],
    offers: Mapping[Place, list[Offer]],
    changes: Mapping[Place, list[Change]],
) -> dict[int, Numbers]:
    counts: dict[int, Counter[str]] = {document: Counter() for document in documents}
    for place, shown in places:
        counts[place[0]][standing(offers.get(place, []), shown, changes.get(place, []))] += 1
    return {document: Numbers(**count) for document, count in counts.items()}


def total(some: Iterable[Numbers]) -> Numbers:
    """Several counts as one."""
    count: Counter[str] = Counter()
    for one in some:
        count.update(asdict(one))
    return Numbers(**count)


def standing(offers: list[Offer], shown: str, changes: list[Change]) -> str:
    """What a segment counts as: the state of its best translation, stale when none is current, missing when none is of this text."""
    best = choose(offers, shown, changes, STATES)
    if best and not best.changed_on:
        return best.offer.state
    tied = any(judge(offer.source_hash, shown, changes).standing != UNLINKED for offer in offers)
    return "stale" if tied else "missing"
