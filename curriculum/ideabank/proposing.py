"""Answering a proposal: its text becomes the draft, or it is declined."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from curriculum.base import N_, Refused
from curriculum.ideabank.drafting import start_draft
from curriculum.ideabank.models import Document, Draft, Proposal
from curriculum.ideabank.parsing import parse
from curriculum.ideabank.writing import write
from curriculum.people import Person


def waiting_proposals(db: Session, document: Document) -> list[Proposal]:
    """Proposals that nobody has answered, oldest first."""
    return list(db.scalars(_WAITING, {"document": document.id}))


_WAITING = select(Proposal).where(Proposal.document_id == bindparam("document"), Proposal.answer.is_(None)).order_by(Proposal.id)


def take(db: Session, proposal: Proposal, *, by: Person, now: datetime) -> Draft:
    """Make the proposal's text the draft, to be read and published. Raises Refused while there is a draft, or when it was answered."""
    _refuse_answered(proposal)
    if proposal.document.draft is not None:
        raise Refused(N_("There is a draft already. Publish it or throw it away first."))
    draft = start_draft(db, proposal.document, by, now)
    draft.text = write(parse(proposal.text), blanks=True)
    draft.authors = [proposal.by_id] if proposal.by_id else []
    _answer(db, proposal, "taken", now)
    return draft


def decline(db: Session, proposal: Proposal, *, now: datetime) -> None:
    """Answer no. Raises Refused when it was answered before."""
    _refuse_answered(proposal)
    _answer(db, proposal, "declined", now)


def _refuse_answered(proposal: Proposal) -> None:
    if proposal.answer is not None:
        raise Refused(N_("This proposal has been answered."))


def _answer(db: Session, proposal: Proposal, answer: str, now: datetime) -> None:
    proposal.answer, proposal.answered_at = answer, now
    db.flush()
