"""What is new to those who teach a class since last week: lessons that came, moved or went, and themes that were written anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Date, Select, bindparam, or_, select
from sqlalchemy.orm import Session, joinedload

from curriculum import summaries
from curriculum.delivery.holding import LOCAL
from curriculum.delivery.week import lessons_of_classes
from curriculum.keeping import Kept
from curriculum.people import HALF, SMALL, SchoolClass, with_halves
from curriculum.planning import ADDED, CANCELLED, MOVED, PLANNED, RESTORED, Lesson, Move, PlanChange, Series, iso_week, plan_change_series
from curriculum.summaries import Published, VersionLine

LOOKS_BACK = timedelta(weeks=1)
"""New is what was done since the Monday of last week."""


@dataclass(frozen=True)
class Changed:
    """What became of a lesson in the end: ADDED, MOVED, CANCELLED or RESTORED. The times it had before and has now."""

    lesson: str
    class_names: str
    title: str
    kind: str
    old_date: date
    old_start: time
    date: date
    start: time
    why: str
    is_of_half: bool = False
    """Whether it is the lesson of a half, so that it needs a name on its class's own page."""


@dataclass(frozen=True)
class Since:
    """What is new, lessons in the order of their dates, versions the newest first. Nothing is kept of when somebody settled a room."""

    lessons: tuple[Changed, ...]
    versions: tuple[VersionLine, ...]

    @property
    def is_any(self) -> bool:
        return bool(self.lessons or self.versions)


def new_since_last_week(db: Session, classes: Sequence[SchoolClass], today: date) -> Since:
    """What was done since the Monday of last week to lessons that were or are to be from this Monday on, and to their themes.

    Of series in use; a lesson that was changed and put back as it was is not new. As many queries for one class as for thirty; none
    while nothing changes.
    """
    return _kept.get(db, (classes[0].district_id, tuple(one.id for one in classes), today))


def _read(db: Session, asked: tuple[int, tuple[int, ...], date]) -> Since:
    district_id, ids, today = asked
    this = iso_week(today)
    since = datetime.combine(this.monday - LOOKS_BACK, time(), LOCAL).astimezone(UTC)
    lessons = db.scalars(_changed_lessons(), {"classes": ids, "since": since, "monday": this.monday}).unique()
    ahead = db.scalars(_themes_ahead(), {"classes": ids, "monday": this.monday, "sunday": this.next.sunday})
    bank = summaries.published(db, district_id, today)
    added = _added(db, ids, since, this.monday)
    changed = [change for lesson in lessons if lesson not in added and (change := _change(lesson, since, bank))]
    found = changed + [_said(lesson, ADDED, (lesson.date, lesson.start), "", bank) for lesson in added]
    return Since(tuple(sorted(found, key=lambda one: (one.date, one.start, one.class_names))), _new_versions(bank, set(ahead), since))


_kept = Kept(_read)


@cache
def _changed_lessons() -> Select[Lesson]:
    monday = bindparam("monday", type_=Date)
    moved = Lesson.moves.any((Move.at >= bindparam("since")) & or_(Move.old_date >= monday, Move.new_date >= monday))
    return (
        lessons_of_classes()
        .where(moved)
        .options(joinedload(Lesson.theme), joinedload(Lesson.classes, innerjoin=True), joinedload(Lesson.moves))
    )


def _change(lesson: Lesson, since: datetime, bank: Published) -> Changed | None:
    moves = [move for move in lesson.moves if move.at >= since]
    kind = _kind(lesson, moves)
    if kind is None:
        return None
    why = next((move.why for move in reversed(moves) if move.kind == kind), "")
    return _said(lesson, kind, (moves[0].old_date, moves[0].old_start or lesson.start), why, bank)


def _said(lesson: Lesson, kind: str, before: tuple[date, time], why: str, bank: Published) -> Changed:
    pinned = bank.versions[lesson.pinned_version_id] if lesson.pinned_version_id else None
    return Changed(
        lesson=lesson.public_id,
        class_names=", ".join(sorted(group.name for group in lesson.classes if group.kind != SMALL or len(lesson.classes) == 1)),
        title=pinned.title if pinned else bank.titles.get(lesson.theme_id, lesson.theme.key),
        kind=kind,
        old_date=before[0],
        old_start=before[1],
        date=lesson.date,
        start=lesson.start,
        why=why,
        is_of_half=all(group.kind == HALF for group in lesson.classes),
    )


def _added(db: Session, classes: Sequence[int], since: datetime, monday: date) -> Sequence[Lesson]:
    """Lessons from this Monday on that were put into a plan since then, and are to be held."""
    changes = db.scalars(_additions(), {"classes": classes, "since": since})
    ids = [item["lesson"] for lessons in changes for item in lessons if item["before"] is None]
    return db.scalars(_lessons_named(), {"classes": classes, "ids": ids, "monday": monday}).unique().all() if ids else []


@cache
def _additions() -> Select[list[dict[str, Any]]]:
    theirs = select(plan_change_series.c.change_id).join(Series, Series.id == plan_change_series.c.series_id)
    theirs = theirs.where(Series.class_id.in_(with_halves(bindparam("classes", expanding=True))))
    return select(PlanChange.lessons).where(
        PlanChange.id.in_(theirs), PlanChange.kind == ADDED, PlanChange.at >= bindparam("since"), PlanChange.undone_at.is_(None)
    )


@cache
def _lessons_named() -> Select[Lesson]:
    named = Lesson.public_id.in_(bindparam("ids", expanding=True))
    query = lessons_of_classes().where(named, Lesson.date >= bindparam("monday", type_=Date), Lesson.state != CANCELLED)
    return query.options(joinedload(Lesson.theme), joinedload(Lesson.classes, innerjoin=True))


def _kind(lesson: Lesson, moves: Sequence[Move]) -> str | None:
    if lesson.state == CANCELLED:
        return CANCELLED if any(move.kind == CANCELLED for move in moves) else None
    if (moves[0].old_date, moves[0].old_start or lesson.start) != (lesson.date, lesson.start):
        return MOVED
    return RESTORED if moves[0].kind == RESTORED else None


@cache
def _themes_ahead() -> Select[int]:
    """The themes of this week and the next that are not pinned to the version they were held with."""
    ahead = Lesson.date.between(bindparam("monday"), bindparam("sunday"))
    query = lessons_of_classes().where(ahead, Lesson.state == PLANNED, Lesson.pinned_version_id.is_(None))
    return query.with_only_columns(Lesson.theme_id)


def _new_versions(bank: Published, themes: Iterable[int], since: datetime) -> tuple[VersionLine, ...]:
    new = [line for theme in themes for line in bank.lines[theme] if line.number > 1 and line.created_at >= since]
    return tuple(sorted(new, key=lambda line: (line.created_at, line.id), reverse=True))
