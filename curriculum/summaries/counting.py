"""How far a language has come: five numbers, never one percentage (product rule 8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from curriculum.summaries.choosing import Offer, choose
from curriculum.summaries.models import CHECKED, DRAFT, TRANSLATED
from curriculum.summaries.staleness import UNLINKED, Change, Place, judge

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


def count(
    documents: Collection[int],
    places: Sequence[tuple[Place, str]],
    offers: Mapping[Place, list[Offer]],
    changes: Mapping[Place, list[Change]],
) -> dict[int, Numbers]:
    """The five numbers of each document in a language, given the hash that stands at each place."""
    counts: dict[int, Counter[str]] = {document: Counter() for document in documents}
    for place, shown in places:
        counts[place[0]][standing(offers.get(place, []), shown, changes.get(place, []))] += 1
    return {document: Numbers(**states) for document, states in counts.items()}


def total(some: Iterable[Numbers]) -> Numbers:
    """Several counts as one."""
    counts: Counter[str] = Counter()
    for one in some:
        counts.update(asdict(one))
    return Numbers(**counts)


def standing(offers: list[Offer], shown: str, changes: list[Change]) -> str:
    """What a segment counts as: the state of its best translation, stale when none is current, missing when none is of this text."""
    best = choose(offers, shown, changes, STATES)
    if best and not best.changed_on:
        return best.offer.state
    tied = any(judge(offer.source_hash, shown, changes).standing != UNLINKED for offer in offers)
    return "stale" if tied else "missing"
