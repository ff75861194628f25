"""What summaries are made from, loaded for many lessons at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from curriculum import text
from curriculum.ideabank import DISTRICT_TEXTS, VOCABULARY, DocumentVersion, Review, ThemeDocument
from curriculum.people import District, SchoolClass
from curriculum.planning import CANCELLED, Lesson, Series
from curriculum.summaries.choosing import offers_of
from curriculum.summaries.holding import Lines, held_lessons, in_effect, skipped_steps, version_lines, version_shown
from curriculum.summaries.parts import theme_of
from curriculum.summaries.sections import Section, Shelf, section, segments_of
from curriculum.summaries.staleness import WITHDRAWN, changes_of, judge


@dataclass(frozen=True)
class Following:
    """When a lesson is followed by another, and of which theme."""

    date: date
    theme: int


@dataclass(frozen=True)
class Desk:
    """Everything the summaries are made from, loaded at once."""

    shelf: Shelf
    today: date
    held: Collection[int]
    lines: Lines
    shown: dict[int, int]
    following: dict[int, Following]
    versions: dict[int, DocumentVersion]
    unread: Collection[int]

    def theme(self, version: int) -> ThemeDocument:
        """What a loaded version of a theme says."""
        return theme_of(self.versions[version])

    def current(self, document: int) -> int:
        """Id of the version of a document in effect today."""
        return in_effect(self.lines[document], self.today).id

    def one_of(self, kind: str) -> DocumentVersion | None:
        """The version in effect of the district's only document of a kind, such as its vocabulary."""
        return next((self.versions[in_effect(lines, self.today).id] for lines in self.lines.values() if lines[0].kind == kind), None)


def gather(db: Session, lessons: Sequence[Lesson], tag: str, today: date) -> Desk:
    """Load what the summaries of these lessons (of one district, at least one) need. The number of queries does not depend on theirs."""
    district = _fill(db, lessons)
    held = held_lessons(db, lessons, today)
    following = _following(db, lessons)
    themes = {lesson.theme_id for lesson in lessons} | {after.theme for after in following.values()}
    lines = version_lines(db, district.id, themes, (VOCABULARY, DISTRICT_TEXTS))
    shown = {lesson.id: version_shown(lesson, lines, lesson.id in held, today) for lesson in lessons}
    versions = versions_by_id(db, {*shown.values(), *(in_effect(some, today).id for some in lines.values())})
    return Desk(
        load_shelf(db, district, tag, lines, today),
        today,
        held,
        lines,
        shown,
        following,
        versions,
        _unread(db, versions.values()),
    )


def load_shelf(db: Session, district: District, tag: str, documents: Iterable[int], today: date) -> Shelf:
    """The translations of these documents into a language (none into the source's) and the changes of their sources. Two queries."""
    documents = list(documents)
    offers = {} if tag == district.source_language else offers_of(db, documents, [tag])[tag]
    return Shelf(district, tag, offers, changes_of(db, documents, today))


def _fill(db: Session, lessons: Sequence[Lesson]) -> District:
    """Load what hangs on the lessons, for all of them together."""
    query = (
        select(Lesson)
        .where(Lesson.id.in_([lesson.id for lesson in lessons]))
        .options(
            joinedload(Lesson.series).joinedload(Series.district).selectinload(District.help_lines),
            joinedload(Lesson.series).joinedload(Series.school_class).joinedload(SchoolClass.school),
            selectinload(Lesson.staff),
            selectinload(Lesson.moves),
        )
    )
    return db.scalars(query).all()[0].series.district


def _following(db: Session, lessons: Sequence[Lesson]) -> dict[int, Following]:
    """By lesson, the next one of its series that is not cancelled."""
    query = (
        select(Lesson.series_id, Lesson.date, Lesson.start, Lesson.theme_id)
        .where(Lesson.series_id.in_({lesson.series_id for lesson in lessons}), Lesson.state != CANCELLED)
        .order_by(Lesson.date, Lesson.start, Lesson.position)
    )
    planned = db.execute(query).all()
    found: dict[int, Following] = {}
    for lesson in lessons:
        for row in planned:
            if row.series_id == lesson.series_id and (row.date, row.start) > (lesson.date, lesson.start):
                found[lesson.id] = Following(row.date, row.theme_id)
                break
    return found


def versions_by_id(db: Session, ids: Collection[int]) -> dict[int, DocumentVersion]:
    """Versions with their texts. One query."""
    return {version.id: version for version in db.scalars(select(DocumentVersion).where(DocumentVersion.id.in_(ids)))}


def _unread(db: Session, versions: Iterable[DocumentVersion]) -> set[int]:
    """Ids of the versions that a machine wrote and no person has reviewed (product rule 7)."""
    by_machine = {version.id for version in versions if version.origin == "machine"}
    return by_machine - set(db.scalars(select(Review.version_id).where(Review.version_id.in_(by_machine))))


def theme_section(desk: Desk, lesson: Lesson, key: str) -> Section | None:
    """A section of the parents' part in the lesson's version of its theme; what was done only once it was (product rule 12)."""
    theme = desk.theme(desk.shown[lesson.id])
    if key == "did" and lesson.id not in desk.held:
        return None
    blocks = _uncorrected(desk, lesson, theme, key)
    skip = skipped_steps(lesson, theme) if key == "did" else frozenset()
    return section(desk.shelf, key, lesson.theme_id, blocks, skip=skip, needs_human=key in theme.sensitive)


def _uncorrected(desk: Desk, lesson: Lesson, theme: ThemeDocument, key: str) -> Sequence[text.Block]:
    """The section's blocks in the lesson's version, or today's when one of them has been corrected critically since."""
    blocks = theme.parents[key]
    today = desk.theme(desk.current(lesson.theme_id)).parents[key]
    hashes = {segment.uid: segment.hash for segment in segments_of(today)}
    for segment in segments_of(blocks):
        changes = desk.shelf.changes.get((lesson.theme_id, segment.uid), ())
        if judge(segment.hash, hashes.get(segment.uid, ""), changes).standing == WITHDRAWN:
            return today
    return blocks
