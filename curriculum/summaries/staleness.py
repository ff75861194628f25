"""Whether a translation still says what the source says: derived from hashes and recorded marks, never from a flag."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.ideabank import CRITICAL, TYPO, DocumentVersion, SegmentChange

CURRENT, OLD, WITHDRAWN, UNLINKED = "current", "old", "withdrawn", "unlinked"
"""Says the same; says what was said before a change of meaning; must not be read; was made from a text with no tie to the one shown."""

Place = tuple[int, str]
"""A document's id and a segment's uid."""


@dataclass(frozen=True)
class Change:
    """How one segment's source went from one hash to another, and the first day parents read the new one."""

    old: str
    new: str
    mark: str
    on: date


@dataclass(frozen=True)
class Verdict:
    """What a translation's source hash means for the text that is shown, and since when the source is another."""

    standing: str
    changed_on: date | None = None


def judge(made_from: str, shown: str, changes: Sequence[Change]) -> Verdict:
    """Whether a translation made from the source `made_from` may stand for the source `shown`, given the segment's changes in order.

    The last mark for a pair of hashes holds. Typos alone: current. A change of meaning on the way: old, dated by the latest of them. A
    critical one: withdrawn. A held lesson shows an earlier source than the translation's; then the same way is walked from the other end.
    """
    if made_from == shown:
        return Verdict(CURRENT)
    marked = {(change.old, change.new): change for change in changes}.values()
    typos = [change for change in marked if change.mark == TYPO]
    if shown in _after(made_from, typos):
        return Verdict(CURRENT)
    if between := _between(made_from, shown, marked):
        return _weigh(between)
    if made_from in _after(shown, typos):
        return Verdict(CURRENT)
    if between := _between(shown, made_from, marked):
        return Verdict(OLD, max(change.on for change in between if change.mark != TYPO))
    return Verdict(UNLINKED)


def _weigh(between: Collection[Change]) -> Verdict:
    heavy = [change for change in between if change.mark != TYPO]
    critical = any(change.mark == CRITICAL for change in heavy)
    return Verdict(WITHDRAWN if critical else OLD, max(change.on for change in heavy))


def _between(first: str, last: str, changes: Collection[Change]) -> list[Change]:
    """The changes on any way from `first` to `last`; none when there is no way."""
    after = _after(first, changes)
    if last not in after:
        return []
    before = _after(last, [Change(change.new, change.old, change.mark, change.on) for change in changes])
    return [change for change in changes if change.old in after and change.new in before]


def _after(start: str, changes: Iterable[Change]) -> set[str]:
    """The hashes one comes to from `start`, itself among them."""
    steps: dict[str, list[str]] = {}
    for change in changes:
        steps.setdefault(change.old, []).append(change.new)
    reached, waiting = {start}, [start]
    while waiting:
        new = [step for step in steps.get(waiting.pop(), []) if step not in reached]
        reached.update(new)
        waiting += new
    return reached


def changes_of(db: Session, documents: Collection[int], today: date) -> dict[Place, list[Change]]:
    """Every segment change of these documents that has come into effect, by place and in order. One query."""
    query = (
        select(
            SegmentChange.document_id,
            SegmentChange.uid,
            SegmentChange.old_hash,
            SegmentChange.new_hash,
            SegmentChange.mark,
            DocumentVersion.effective,
        )
        .join(DocumentVersion, DocumentVersion.id == SegmentChange.version_id)
        .where(SegmentChange.document_id.in_(documents), DocumentVersion.effective <= today)
        .order_by(SegmentChange.id)
    )
    found: dict[Place, list[Change]] = {}
    for document, uid, old, new, mark, on in db.execute(query):
        found.setdefault((document, uid), []).append(Change(old, new, mark, on))
    return found
