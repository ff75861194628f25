"""The translators' desk: which texts parents need first, how far each has come, and a text beside its translation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from curriculum.ideabank import DISTRICT_TEXTS, THEME, VOCABULARY, Change, Document, DocumentVersion, Segment, current, word_changes
from curriculum.people import SMALL, District, SchoolClass
from curriculum.planning import CANCELLED, Lesson, Series, iso_week, lesson_classes
from curriculum.summaries.bank import VersionLine, published
from curriculum.summaries.choosing import Offer, choose
from curriculum.summaries.counting import STATES, Numbers, standing, total
from curriculum.summaries.models import Translation
from curriculum.summaries.staleness import UNLINKED, changes_of, judge
from curriculum.summaries.staleness import Change as SourceChange

READ = (THEME, VOCABULARY, DISTRICT_TEXTS)
"""The kinds of document that parents read."""


@dataclass(frozen=True)
class Need:
    """The first day from this week on which a class has a theme, and how many classes will have it."""

    on: date
    classes: int


@dataclass(frozen=True)
class Waiting:
    """A text that parents read, with the five numbers of one language. Without `need`: read all the time, or not planned (a theme)."""

    version: VersionLine
    numbers: Numbers
    need: Need | None

    @property
    def title(self) -> str:
        return self.version.title

    @property
    def is_always_read(self) -> bool:
        """The words and the district's own texts stand beside every theme."""
        return self.version.kind != THEME


@dataclass(frozen=True)
class Beside:
    """A sentence and its translation. `state` is one of the five numbers' names; `changes`: what the source of a stale one has become."""

    uid: str
    section: str
    kind: str
    source: str
    translation: str
    state: str
    changes: tuple[Change, ...]


def numbers(db: Session, district: District, tag: str, today: date, document: Document | None = None) -> Numbers:
    """The five numbers of a language for what is in effect today: everything parents read, or one document of it."""
    return total(numbers_by_document(db, district, [tag], today, document)[tag].values())


def numbers_by_document(
    db: Session, district: District, tags: Collection[str], today: date, document: Document | None = None
) -> dict[str, dict[int, Numbers]]:
    """The five numbers of each language and of each document (by its id) that parents read today. Four queries for any number of both."""
    bank = published(db, district.id, today)
    wanted = [document.id] if document else bank.documents(*READ)
    return {tag: {id: of_text[id] for id in wanted if id in of_text} for tag, of_text in bank.numbers(db, tags).items()}


def needs(db: Session, district: District, today: date) -> dict[int, Need]:
    """When the district's open classes next have each theme (by its document's id), this week's lessons among them. One query.

    Only a date and a count: whoever translates need not know which classes there are, and groups are not counted.
    """
    rows = db.execute(_needs(), {"district": district.id, "monday": iso_week(today).monday})
    return {theme: Need(on, classes) for theme, on, classes in rows}


@cache
def _needs() -> Select[*tuple[Any, ...]]:
    return (
        select(Lesson.theme_id, func.min(Lesson.date), func.count(SchoolClass.id.distinct()))
        .join(Series, Series.id == Lesson.series_id)
        .join(lesson_classes, lesson_classes.c.lesson_id == Lesson.id)
        .join(SchoolClass, SchoolClass.id == lesson_classes.c.class_id)
        .where(
            Lesson.district_id == bindparam("district"),
            Series.in_use,
            Series.thrown_away_at.is_(None),
            SchoolClass.kind != SMALL,
            Lesson.state != CANCELLED,
            Lesson.date >= bindparam("monday"),
        )
        .group_by(Lesson.theme_id)
    )


def waiting_texts(db: Session, district: District, tag: str, today: date) -> list[Waiting]:
    """Everything parents read, in the order they need it: what is always read, then by the next lesson's date, then the rest.

    Five queries, however many texts there are; two while nothing has changed, where what is published is kept.
    """
    bank = published(db, district.id, today)
    counted = bank.numbers(db, [tag])[tag]
    needed = needs(db, district, today)
    documents = [document for document in bank.documents(*READ) if document in bank.titles]
    found = [Waiting(bank.current(document), counted[document], needed.get(document)) for document in documents]
    return sorted(found, key=lambda one: (not one.is_always_read, one.need.on if one.need else date.max, one.version.path, one.title))


def side_by_side(db: Session, document: Document, tag: str, today: date) -> tuple[DocumentVersion, list[Beside]]:
    """The version in effect today of a document, sentence by sentence with its best translation. Raises LookupError before the first."""
    version = current(document, today)
    if version is None:
        raise LookupError(document.key)
    segments = db.scalars(select(Segment).where(Segment.version_id == version.id).order_by(Segment.position)).all()
    made = _translations(db, document, tag)
    changes = changes_of(db, [document.id], today)
    return version, [_beside(segment, made.get(segment.uid, []), changes.get((document.id, segment.uid), [])) for segment in segments]


def _translations(db: Session, document: Document, tag: str) -> Mapping[str, Sequence[Translation]]:
    query = select(Translation).where(Translation.document_id == document.id, Translation.language == tag).order_by(Translation.id)
    found: dict[str, list[Translation]] = defaultdict(list)
    for one in db.scalars(query):
        found[one.uid].append(one)
    return found


def _beside(segment: Segment, made: Sequence[Translation], changes: list[SourceChange]) -> Beside:
    offers = [Offer(one.source_hash, one.text, one.state, one.origin) for one in made]
    state = standing(offers, segment.hash, changes)
    shown = _newest_tied(made, segment, changes) if state == "stale" else None
    best = choose(offers, segment.hash, changes, STATES)
    return Beside(
        uid=segment.uid,
        section=segment.section,
        kind=segment.kind,
        source=segment.text,
        translation=shown.text if shown else best.offer.text if best else "",
        state=state,
        changes=tuple(word_changes(shown.source_text, segment.text)) if shown else (),
    )


def _newest_tied(made: Sequence[Translation], segment: Segment, changes: list[SourceChange]) -> Translation:
    """The last translation that was made of an earlier text of this sentence."""
    return next(one for one in reversed(made) if judge(one.source_hash, segment.hash, changes).standing != UNLINKED)
