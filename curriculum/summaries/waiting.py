"""The translators' desk: which texts parents need first, how far each has come, and a text beside its translation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from curriculum.ideabank import THEME, Change, Document, DocumentVersion, Segment, current, versions_in_effect, word_changes
from curriculum.people import SMALL, District, SchoolClass
from curriculum.planning import CANCELLED, Lesson, Series, iso_week, lesson_classes
from curriculum.summaries.choosing import Offer, choose
from curriculum.summaries.counting import STATES, Numbers, numbers_by_document, standing
from curriculum.summaries.models import Translation
from curriculum.summaries.staleness import UNLINKED, changes_of, judge
from curriculum.summaries.staleness import Change as SourceChange


@dataclass(frozen=True)
class Need:
    """The first day from this week on which a class has a theme, and how many classes will have it."""

    on: date
    classes: int


@dataclass(frozen=True)
class Waiting:
    """A text that parents read, with the five numbers of one language. Without `need`: read all the time, or not planned (a theme)."""

    document: Document
    title: str
    numbers: Numbers
    need: Need | None

    @property
    def is_always_read(self) -> bool:
        """The words and the district's own texts stand beside every theme."""
        return self.document.kind != THEME


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


def needs(db: Session, district: District, today: date) -> dict[int, Need]:
    """When the district's open classes next have each theme (by its document's id), this week's lessons among them. One query.

    Only a date and a count: whoever translates need not know which classes there are, and groups are not counted.
    """
    query = (
        select(Lesson.theme_id, func.min(Lesson.date), func.count(SchoolClass.id.distinct()))
        .join(Series, Series.id == Lesson.series_id)
        .join(lesson_classes, lesson_classes.c.lesson_id == Lesson.id)
        .join(SchoolClass, SchoolClass.id == lesson_classes.c.class_id)
        .where(
            Lesson.district_id == district.id,
            Series.in_use,
            Series.thrown_away_at.is_(None),
            SchoolClass.kind != SMALL,
            Lesson.state != CANCELLED,
            Lesson.date >= iso_week(today).monday,
        )
        .group_by(Lesson.theme_id)
    )
    return {theme: Need(on, classes) for theme, on, classes in db.execute(query)}


def waiting_texts(db: Session, district: District, tag: str, today: date) -> list[Waiting]:
    """Everything parents read, in the order they need it: what is always read, then by the next lesson's date, then the rest.

    Six queries, however many texts there are.
    """
    counted = numbers_by_document(db, district, [tag], today)[tag]
    needed = needs(db, district, today)
    versions = versions_in_effect(db, district.id, today)
    found = [
        Waiting(versions[document].document, versions[document].title, count, needed.get(document))
        for document, count in counted.items()
        if document in versions
    ]
    return sorted(found, key=lambda one: (not one.is_always_read, one.need.on if one.need else date.max, one.document.path, one.title))


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
