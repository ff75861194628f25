"""Which translations a new version of a text makes out of date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.ideabank import Document, Segment, current
from curriculum.summaries.models import Translation
from curriculum.summaries.staleness import CURRENT, changes_of, judge


def translated_today(db: Session, document: Document, uids: Collection[str], today: date) -> dict[str, int]:
    """How many of these sentences have a translation that says what the version in effect says, by language. Four queries."""
    version = current(document, today)
    if version is None:
        return {}
    asked = select(Segment.uid, Segment.hash).where(Segment.version_id == version.id, Segment.uid.in_(uids))
    shown = {uid: hash for uid, hash in db.execute(asked)}
    changes = changes_of(db, [document.id], today)
    made = select(Translation.language, Translation.uid, Translation.source_hash).where(
        Translation.document_id == document.id, Translation.uid.in_(shown)
    )
    found: dict[str, set[str]] = defaultdict(set)
    for language, uid, source in db.execute(made):
        if judge(source, shown[uid], changes.get((document.id, uid), [])).standing == CURRENT:
            found[language].add(uid)
    return {language: len(sentences) for language, sentences in sorted(found.items())}
