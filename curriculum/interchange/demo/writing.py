"""What the demo's coordinators have written in the bank since it was loaded: two new versions and a draft; and what an agent proposes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy.orm import Session

from curriculum import ideabank
from curriculum.ideabank import MEANING, Document, Draft, Proposal, ThemeDocument
from curriculum.interchange.demo.cast import AGENT, COORDINATOR, COORDINATOR_2, Cast, noon

RENEWED = "konflikt-1"
"""The theme whose translations no longer say what it says."""

NEW_QUESTION = "Hva trenger du når du er sint?"


@dataclass(frozen=True)
class Edit:
    """What somebody changed in a theme: whole sections, or with a leading “+” a line after what stands there."""

    theme: str
    by: str
    days_ago: int
    sections: Mapping[str, str]
    why: str = ""


PUBLISHED = (
    Edit(
        "grenser",
        COORDINATOR_2,
        45,
        {"reflection": "+- Hvordan sier vi fra om en grense når vi ikke ser hverandre, som i en chat?"},
        "Et spørsmål om grenser på nettet.",
    ),
    Edit(
        RENEWED,
        COORDINATOR,
        10,
        {
            "parents.sentence": "Ukas tema er konflikt: Barna øver på å stoppe, tenke og velge når de blir sinte.",
            "parents.more": f"+- {NEW_QUESTION}",
            "reflection": "+- Hva hjelper deg å roe deg ned?",
        },
        "Setningen til foreldrene sier nå hva barna øver på, og det er kommet et spørsmål til.",
    ),
)
UNDER_WAY = Edit("mobbing", COORDINATOR, 1, {"reflection": "+- Hva kan en som ser på, gjøre uten å bli redd selv?"})
PROPOSED = Edit(
    "respekt",
    AGENT,
    4,
    {"reflection": "+- Når er det vanskelig å vise respekt for en du er uenig med?"},
    "Elevene ville snakke mer om uenighet. Kan vi ta inn et spørsmål om det?",
)


def write(db: Session, cast: Cast) -> None:
    """Publish what was published, and leave a draft and a proposal waiting."""
    for edit in PUBLISHED:
        _publish(db, cast, edit)
    _draft(db, cast, UNDER_WAY)
    _propose(db, cast, PROPOSED)


def _publish(db: Session, cast: Cast, edit: Edit) -> None:
    day = cast.today - timedelta(edit.days_ago)
    document = _draft(db, cast, edit).document
    marks = {uid: MEANING for uid, *_ in ideabank.changed_sentences(db, document)}
    seen = ideabank.change_hash(document)
    ideabank.publish(db, document, seen=seen, by=cast.people[edit.by], why=edit.why, now=noon(day), today=day, marks=marks)


def _draft(db: Session, cast: Cast, edit: Edit) -> Draft:
    by, at = cast.people[edit.by], noon(cast.today - timedelta(edit.days_ago))
    draft = ideabank.start_draft(db, _theme(db, cast, edit), by, at)
    for section, words in edit.sections.items():
        theme = _said(ideabank.read_draft(draft).document)
        markdown = _edited(ideabank.editable(theme, section), words)
        ideabank.save_section(db, draft, section, markdown, seen_hash=ideabank.section_hash(theme, section), by=by, now=at)
    return draft


def _propose(db: Session, cast: Cast, edit: Edit) -> None:
    document = _theme(db, cast, edit)
    theme = _said(ideabank.parsed(document.versions[-1]))
    sections = {**theme.sections, **{key: _edited(theme.sections[key], words) for key, words in edit.sections.items()}}
    offered = replace(theme, sections=sections)
    proposal = Proposal(
        district_id=cast.district.id,
        document=document,
        text=ideabank.write(offered),
        hash=offered.hash,
        reason=edit.why,
        by_id=cast.people[edit.by].id,
        at=noon(cast.today - timedelta(edit.days_ago)),
    )
    db.add(proposal)
    db.flush()


def _theme(db: Session, cast: Cast, edit: Edit) -> Document:
    document = ideabank.find_document(db, cast.district.id, edit.theme)
    assert document is not None
    return document


def _said(document: ideabank.AnyDocument | None) -> ThemeDocument:
    assert isinstance(document, ThemeDocument)
    return document


def _edited(before: str, words: str) -> str:
    """`words`, or with a leading “+” `before` and a line more: a question to the pupils stands ahead of those to the adults."""
    if not words.startswith("+"):
        return words
    to_pupils, heading, to_adults = before.rstrip().partition("\n\nTil de voksne")
    return f"{to_pupils}\n{words[1:]}{heading}{to_adults}"
