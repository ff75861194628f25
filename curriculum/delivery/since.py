"""What is new to those who teach a class since last week: lessons that got another time or none, and themes that were written anew."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from curriculum.delivery.holding import LOCAL
from curriculum.ideabank import THEME, DocumentVersion, versions_in_effect
from curriculum.people import SMALL, SchoolClass, with_halves
from curriculum.planning import CANCELLED, MOVED, PLANNED, RESTORED, Lesson, Move, Series, iso_week, lesson_classes

LOOKS_BACK = timedelta(weeks=1)
"""New is what was done since the Monday of last week."""


@dataclass(frozen=True)
class Changed:
    """What became of a lesson in the end: MOVED, CANCELLED or RESTORED. The times it had and has; the old is where it stood before."""

    lesson: str
    class_names: str
    title: str
    kind: str
    old_date: date
    old_start: time
    date: date
    start: time
    why: str


@dataclass(frozen=True)
class Since:
    """What is new, lessons in the order of their dates, versions the newest first. Nothing is kept of when somebody settled a room."""

    lessons: tuple[Changed, ...]
    versions: tuple[DocumentVersion, ...]

    @property
    def is_any(self) -> bool:
        return bool(self.lessons or self.versions)


def new_since_last_week(db: Session, classes: Sequence[SchoolClass], today: date) -> Since:
    """What was done since the Monday of last week to lessons that were or are to be from this Monday on, and to their themes.

    Of series in use; a lesson that was changed and put back as it was is not new. As many queries for one class as for thirty.
    """
    this = iso_week(today)
    since = datetime.combine(this.monday - LOOKS_BACK, time(), LOCAL).astimezone(UTC)
    lessons = _changed_lessons(db, classes, since, this.monday)
    ahead = _themes_ahead(db, classes, this.monday, this.next.sunday)
    current = versions_in_effect(db, classes[0].district_id, today, THEME) if lessons else {}
    found = [change for lesson in lessons if (change := _change(lesson, since, current))]
    return Since(tuple(sorted(found, key=lambda one: (one.date, one.start, one.class_names))), _new_versions(db, ahead, since))


def _changed_lessons(db: Session, classes: Sequence[SchoolClass], since: datetime, monday: date) -> list[Lesson]:
    moved = select(Move.lesson_id).where(Move.at >= since, or_(Move.old_date >= monday, Move.new_date >= monday))
    query = (
        _lessons(classes)
        .where(Lesson.id.in_(moved))
        .options(
            joinedload(Lesson.theme),
            joinedload(Lesson.pinned_version),
            selectinload(Lesson.classes),
            selectinload(Lesson.moves),
        )
    )
    return list(db.scalars(query).unique())


def _lessons(classes: Sequence[SchoolClass]) -> Select[Lesson]:
    theirs = select(lesson_classes.c.lesson_id).where(lesson_classes.c.class_id.in_(with_halves([one.id for one in classes])))
    return select(Lesson).join(Lesson.series).where(Lesson.id.in_(theirs), Series.in_use)


def _change(lesson: Lesson, since: datetime, current: Mapping[int, DocumentVersion]) -> Changed | None:
    moves = [move for move in lesson.moves if move.at >= since]
    kind = _kind(lesson, moves)
    if kind is None:
        return None
    version = lesson.pinned_version or current.get(lesson.theme_id)
    return Changed(
        lesson=lesson.public_id,
        class_names=", ".join(sorted(group.name for group in lesson.classes if group.kind != SMALL or len(lesson.classes) == 1)),
        title=version.title if version else lesson.theme.key,
        kind=kind,
        old_date=moves[0].old_date,
        old_start=moves[0].old_start or lesson.start,
        date=lesson.date,
        start=lesson.start,
        why=next((move.why for move in reversed(moves) if move.kind == kind), ""),
    )


def _kind(lesson: Lesson, moves: Sequence[Move]) -> str | None:
    if lesson.state == CANCELLED:
        return CANCELLED if any(move.kind == CANCELLED for move in moves) else None
    if (moves[0].old_date, moves[0].old_start or lesson.start) != (lesson.date, lesson.start):
        return MOVED
    return RESTORED if moves[0].kind == RESTORED else None


def _themes_ahead(db: Session, classes: Sequence[SchoolClass], monday: date, sunday: date) -> Collection[int]:
    """The themes of this week and the next that are not pinned to the version they were held with."""
    query = _lessons(classes).where(Lesson.date.between(monday, sunday), Lesson.state == PLANNED, Lesson.pinned_version_id.is_(None))
    return set(db.scalars(query.with_only_columns(Lesson.theme_id)))


def _new_versions(db: Session, themes: Iterable[int], since: datetime) -> tuple[DocumentVersion, ...]:
    query = (
        select(DocumentVersion)
        .where(DocumentVersion.document_id.in_(list(themes)), DocumentVersion.number > 1, DocumentVersion.created_at >= since)
        .order_by(DocumentVersion.created_at.desc(), DocumentVersion.id.desc())
        .options(joinedload(DocumentVersion.document))
    )
    return tuple(db.scalars(query))
