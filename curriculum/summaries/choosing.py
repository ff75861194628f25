"""Which translation of a segment parents read: the best that the district's policy allows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.people import District
from curriculum.summaries.models import CHECKED, DRAFT, TRANSLATED, Translation
from curriculum.summaries.staleness import CURRENT, OLD, Change, Place, judge

BY_A_HUMAN = frozenset({"contact", "duties", "interpreter", "banner"})
"""District texts that parents read as a human's work or in the source language, whatever the policy (product rule 7)."""

_ALLOWED = {
    "checked": frozenset({CHECKED}),
    "translated": frozenset({CHECKED, TRANSLATED}),
    "draft": frozenset({CHECKED, TRANSLATED, DRAFT}),
}


@dataclass(frozen=True)
class Offer:
    """A translation as stored."""

    source_hash: str
    text: str
    state: str
    origin: str


@dataclass(frozen=True)
class Choice:
    """A translation chosen for what is shown; `changed_on` is set when the source has since got another meaning."""

    offer: Offer
    changed_on: date | None

    @property
    def is_machine_draft(self) -> bool:
        return self.offer.state == DRAFT and self.offer.origin != "human"


def allowed_states(district: District, *, needs_human: bool) -> frozenset[str]:
    """The states of translation that the district lets parents read.

    Texts that need a human's work are never read as drafts; the invented demo district alone is exempt.
    """
    allowed = _ALLOWED[district.parents_read]
    return allowed - {DRAFT} if needs_human and not district.is_demo else allowed


def choose(offers: Sequence[Offer], shown: str, changes: Sequence[Change], allowed: Collection[str]) -> Choice | None:
    """The best of the offers (in the order they were made) for the source hash `shown`, or None.

    A current text before an old one, a human's finished text before a draft, then the newest.
    """
    best: tuple[tuple[bool, bool, int], Choice] | None = None
    for number, offer in enumerate(offers):
        if offer.state not in allowed:
            continue
        verdict = judge(offer.source_hash, shown, changes)
        rank = (verdict.standing == CURRENT, offer.state != DRAFT, number)
        if verdict.standing in (CURRENT, OLD) and (best is None or rank > best[0]):
            best = rank, Choice(offer, verdict.changed_on)
    return best[1] if best else None


def offers_of(db: Session, documents: Collection[int], tags: Collection[str]) -> dict[str, dict[Place, list[Offer]]]:
    """The stored translations of these documents by language and place, oldest first. One query."""
    query = (
        select(
            Translation.language,
            Translation.document_id,
            Translation.uid,
            Translation.source_hash,
            Translation.text,
            Translation.state,
            Translation.origin,
        )
        .where(Translation.document_id.in_(documents), Translation.language.in_(tags))
        .order_by(Translation.id)
    )
    found: dict[str, dict[Place, list[Offer]]] = {tag: {} for tag in tags}
    for tag, document, uid, *offer in db.execute(query):
        found[tag].setdefault((document, uid), []).append(Offer(*offer))
    return found
