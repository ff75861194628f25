"""What the demo's people have done with the machine's drafts: in Somali there is a text in every state."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from curriculum import ideabank, summaries
from curriculum.ideabank import Document
from curriculum.interchange.demo.cast import COORDINATOR_2, TRANSLATOR, Cast, noon
from curriculum.interchange.demo.writing import NEW_QUESTION, RENEWED
from curriculum.summaries import CHECKED, DRAFT, TRANSLATED

LANGUAGE = "so"
FINISHED = (("intro", 40, True), ("identitet-1", 30, False))
"""Themes the translator has finished, how many days ago, and whether another has checked them since."""

NEW_QUESTION_IN = {
    "en": "What do you need when you are angry?",
    "ur": "جب تمہیں غصہ آتا ہے تو تمہیں کس چیز کی ضرورت ہوتی ہے؟",
    "ar": "ماذا تحتاج عندما تغضب؟",
    "ta": "உனக்குக் கோபம் வரும்போது என்ன தேவை?",
    "pl": "Czego potrzebujesz, kiedy się złościsz?",
}
"""A machine's drafts of the sentence that is new in a theme's second version; nobody has translated it into Somali."""


def translate(db: Session, cast: Cast) -> None:
    """Finish and check some Somali texts, and draft the new sentence in the other languages."""
    for key, days_ago, is_checked in FINISHED:
        _finish(db, cast, _theme(db, cast, key), days_ago, is_checked)
    _draft_new_question(db, cast, _theme(db, cast, RENEWED))


def _theme(db: Session, cast: Cast, key: str) -> Document:
    document = ideabank.find_document(db, cast.district.id, key)
    assert document is not None
    return document


def _finish(db: Session, cast: Cast, document: Document, days_ago: int, is_checked: bool) -> None:
    done = [(TRANSLATED, TRANSLATOR, days_ago)] + [(CHECKED, COORDINATOR_2, days_ago - 2)] * is_checked
    for segment in ideabank.parsed(document.versions[-1]).segments():
        draft = summaries.newest_translation(db, document, segment.uid, LANGUAGE)
        assert draft is not None
        for state, by, ago in done:
            summaries.add_translation(
                db,
                document=document,
                segment_uid=segment.uid,
                language=LANGUAGE,
                source_text=draft.source_text,
                source_hash=draft.source_hash,
                text=draft.text,
                state=state,
                origin="machine-edited",
                by=cast.people[by],
                now=noon(cast.today - timedelta(ago)),
            )


def _draft_new_question(db: Session, cast: Cast, document: Document) -> None:
    version = document.versions[-1]
    segment = next(one for one in ideabank.parsed(version).segments() if one.text == NEW_QUESTION)
    for tag, words in NEW_QUESTION_IN.items():
        summaries.add_translation(
            db,
            document=document,
            segment_uid=segment.uid,
            language=tag,
            source_text=segment.text,
            source_hash=segment.hash,
            text=words,
            state=DRAFT,
            origin="machine",
            now=version.created_at,
        )
