"""Taking back what was done to a draft: its text is kept beside the document, as a proposal that is already answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from app.access import me
from app.database import now, session
from curriculum import ideabank
from curriculum.base import N_, Refused
from curriculum.ideabank import Document, Draft, Proposal, StepPart, ThemeDocument
from curriculum.people import Person

STEP = "Kept before a part was removed"
DRAFT = "Kept when the draft was thrown away"


def keep(draft: Draft, reason: str) -> None:
    """Keep the draft's text as it is now."""
    content = ideabank.read_draft(draft).document
    kept = Proposal(
        district_id=draft.district_id,
        document_id=draft.document_id,
        text=draft.text,
        hash=content.hash if content else "",
        reason=reason,
        by_id=me().id,
        at=now(),
        answer="declined",
        answered_at=now(),
    )
    session().add(kept)
    session().flush()


def _last_kept(document: Document, reason: str, by: Person | None = None) -> Proposal | None:
    query = select(Proposal).where(Proposal.document_id == document.id, Proposal.reason == reason)
    query = query if by is None else query.where(Proposal.by_id == by.id)
    return session().scalars(query.order_by(Proposal.id.desc()).limit(1)).first()


def _kept(document: Document, reason: str) -> Proposal:
    """The last text this person had kept. Raises Refused when there is none."""
    found = _last_kept(document, reason, me())
    if found is None:
        raise Refused(N_("There is nothing to take back."))
    return found


@dataclass(frozen=True)
class Ending:
    """What became of a document's last draft: who ended it and when; published as version `number`, or thrown away (None)."""

    by: Person
    at: datetime
    number: int | None


def ending(document: Document) -> Ending | None:
    """How the last draft ended; None when no person has ended one."""
    version, kept = ideabank.newest(document), _last_kept(document, DRAFT)
    thrower = session().get(Person, kept.by_id) if kept else None
    ends = [Ending(version.publisher, version.created_at, version.number)] if version and version.publisher else []
    ends += [Ending(thrower, kept.at, None)] if kept and thrower else []
    return max(ends, key=lambda one: one.at, default=None)


def begin_again(document: Document) -> None:
    """A draft to carry on in: from the newest version, else from what was thrown away. One that is there already is used."""
    if document.draft is not None:
        return
    kept = _last_kept(document, DRAFT)
    if ideabank.newest(document) is None and kept is not None:
        _bring_back(document, kept)
    else:
        ideabank.start_draft(session(), document, me(), now())


def put_step_back(draft: Draft, uid: str) -> None:
    """Put a removed part after the one it followed. A part that is there already stays as it is."""
    before = ideabank.read(_kept(draft.document, STEP).text).document
    theme = ideabank.read_draft(draft).document
    step = before.step(uid) if isinstance(before, ThemeDocument) else None
    if step is None or not isinstance(before, ThemeDocument) or not isinstance(theme, ThemeDocument):
        raise Refused(N_("There is nothing to take back."))
    if theme.step(uid) is None:
        restored = replace(theme, steps=_with(theme.steps, step, before.steps))
        ideabank.save_draft(
            session(), draft, ideabank.write(restored, blanks=True), seen_hash=ideabank.draft_hash(draft), by=me(), now=now()
        )


def _with(steps: tuple[StepPart, ...], step: StepPart, before: tuple[StepPart, ...]) -> tuple[StepPart, ...]:
    earlier = [one.uid for one in before[: before.index(step)]]
    place = max((index + 1 for index, one in enumerate(steps) if one.uid in earlier), default=0)
    return (*steps[:place], step, *steps[place:])


def discard(draft: Draft) -> None:
    """Throw a draft away. A document that was never published is put away with it, so that both can come back."""
    document = draft.document
    keep(draft, DRAFT)
    session().delete(draft)
    if ideabank.newest(document) is None:
        document.retired_at = now()
    session().flush()


def bring_back(document: Document) -> None:
    """Make the text of a draft that was thrown away the draft again. Raises Refused when a new one has been begun."""
    if document.draft is not None:
        raise Refused(N_("There is a draft already. Publish it or throw it away first."))
    _bring_back(document, _kept(document, DRAFT))


def _bring_back(document: Document, kept: Proposal) -> None:
    version = ideabank.newest(document)
    document.retired_at = None if version is None else document.retired_at
    again = Draft(
        district_id=document.district_id,
        document_id=document.id,
        base_id=version.id if version else None,
        text=kept.text,
        authors=[me().id],
        saved_by_id=me().id,
        saved_at=now(),
    )
    session().add(again)
    session().flush()
