"""Taking back what was done to a draft: its text is kept beside the document, as a proposal that is already answered."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from app.access import me
from app.database import now, session
from curriculum import ideabank
from curriculum.base import N_, Refused
from curriculum.ideabank import Document, Draft, Proposal, StepPart, ThemeDocument

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


def _kept(document: Document, reason: str) -> Proposal:
    """The last text this person had kept. Raises Refused when there is none."""
    query = select(Proposal).where(Proposal.document_id == document.id, Proposal.reason == reason, Proposal.by_id == me().id)
    found = session().scalars(query.order_by(Proposal.id.desc()).limit(1)).first()
    if found is None:
        raise Refused(N_("There is nothing to take back."))
    return found


def put_step_back(draft: Draft, uid: str) -> None:
    """Put a removed part after the one it followed. A part that is there already stays as it is."""
    before = ideabank.read(_kept(draft.document, STEP).text).document
    theme = ideabank.read_draft(draft).document
    step = before.step(uid) if isinstance(before, ThemeDocument) else None
    if step is None or not isinstance(before, ThemeDocument) or not isinstance(theme, ThemeDocument):
        raise Refused(N_("There is nothing to take back."))
    if theme.step(uid) is None:
        restored = replace(theme, steps=_with(theme.steps, step, before.steps))
        ideabank.save_draft(session(), draft, ideabank.write(restored, blanks=True), seen_version=draft.version, by=me(), now=now())


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
    kept, version = _kept(document, DRAFT), ideabank.newest(document)
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
