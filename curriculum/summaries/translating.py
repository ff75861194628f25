"""Storing translations: each beside a copy of the source it was made from, and none ever changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum import text as words
from curriculum.base import N_, Refused
from curriculum.ideabank import Document
from curriculum.people import Person
from curriculum.summaries.models import CHECKED, DRAFT, TRANSLATED, Translation

ORIGINS = ("human", "memory", "machine", "machine-edited")
"""A human's work, an earlier translation, a machine's (`machine:` and its name may stand), a machine's that a human worked on."""


def add_translation(
    db: Session,
    *,
    document: Document,
    segment_uid: str,
    language: str,
    source_text: str,
    source_hash: str,
    text: str,
    state: str,
    origin: str,
    by: Person | None = None,
    now: datetime,
    known: Sequence[Translation] | None = None,
) -> Translation | None:
    """Store a translation as the newest for its segment and language; None when the newest already says exactly this.

    `known` holds that newest one, or nothing where there is none, when the caller has it already; else it is looked up.

    Raises Refused for an unknown language or the source's own, an empty text, placeholders that do not fit, personal data, and for a
    check or a finished machine text without the person who did it (product rule 7).
    """
    _refuse_language(document, language)
    _refuse_nobody(state, origin, by)
    text = _fit(source_text, text)
    newest = newest_translation(db, document, segment_uid, language) if known is None else next(iter(known), None)
    if newest and (newest.source_hash, newest.text, newest.state, newest.origin) == (source_hash, text, state, origin):
        return None
    translation = Translation(
        district_id=document.district_id,
        document=document,
        uid=segment_uid,
        language=language,
        source_text=source_text,
        source_hash=source_hash,
        text=text,
        state=state,
        origin=origin,
        **_credit(state, by, newest),
        at=now,
    )
    db.add(translation)
    db.flush()
    return translation


def _credit(state: str, by: Person | None, newest: Translation | None) -> dict[str, int | None]:
    """Who translated and who checked: checking leaves the translator's name where it was."""
    person = by.id if by else None
    if state == CHECKED:
        return {"translator_id": newest.translator_id if newest else None, "checker_id": person}
    return {"translator_id": person}


def newest_translation(db: Session, document: Document, uid: str, language: str) -> Translation | None:
    """The translation of a segment that was stored last, whatever its source said."""
    query = (
        select(Translation)
        .where(Translation.document_id == document.id, Translation.uid == uid, Translation.language == language)
        .order_by(Translation.id.desc())
        .limit(1)
    )
    return db.scalars(query).first()


def _refuse_language(document: Document, language: str) -> None:
    if not words.is_language(language):
        raise Refused(N_("“%(tag)s” is not a language we know."), at="language", tag=language)
    if language == document.district.source_language:
        raise Refused(N_("The texts are written in this language. It needs no translation."), at="language")


def is_origin(origin: str) -> bool:
    """Whether this says where a translation comes from; a machine may be named, as in machine:nllb."""
    return origin in ORIGINS or origin.startswith("machine:")


def _refuse_nobody(state: str, origin: str, by: Person | None) -> None:
    """No person's work is recorded that did not happen."""
    if state not in (DRAFT, TRANSLATED, CHECKED):
        raise Refused(N_("“%(state)s” is not a state of a translation. Write draft, translated or checked."), at="state", state=state)
    if not is_origin(origin):
        raise Refused(N_("“%(origin)s” is not an origin of a translation."), at="origin", origin=origin)
    if by is None and state == CHECKED:
        raise Refused(N_("A checked translation needs the name of the person who checked it."), at="state")
    if by is None and state == TRANSLATED and origin != "human":
        raise Refused(N_("A machine's text is a draft until a person has finished it."), at="state")


def _fit(source_text: str, text: str) -> str:
    text = words.tidy(text).strip()
    if not text:
        raise Refused(N_("The translation is empty."), at="text")
    try:
        words.refuse_personal(text, public=True)
        words.check_placeholders(source_text, text)
    except Refused as refusal:
        refusal.at = "text"
        raise
    return text
