"""The lessons of series as pages list them: plain values, read anew only when something has changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from curriculum.ideabank import Document, DocumentVersion, Edition, contents
from curriculum.keeping import Kept
from curriculum.people import Person
from curriculum.planning.models import CANCELLED, Lesson, Move


class ListedMove(NamedTuple):
    """What was done to a lesson, and the name of who did it."""

    kind: str
    old_date: date
    new_date: date
    old_start: time | None
    new_start: time | None
    why: str
    by: str | None
    at: datetime


class Listed(NamedTuple):
    """A lesson with its history. `pinned_version`: what its theme says where the lesson does not follow the newest version."""

    id: int
    public_id: str
    series_id: int
    theme_id: int
    date: date
    start: time
    end: time
    minutes: int
    room_need: list[str]
    room: str
    presenter: str
    date_locked: bool
    state: str
    room_confirmed: bool
    presenter_answer: str
    carried_from_id: int | None
    joint: str | None
    version: int
    pinned_version: Edition | None
    moves: tuple[ListedMove, ...]

    @property
    def pinned_version_id(self) -> int | None:
        return self.pinned_version.id if self.pinned_version else None

    @property
    def cancelling(self) -> ListedMove | None:
        """What the history says of its cancellation, the last one."""
        return next((one for one in reversed(self.moves) if one.kind == CANCELLED), None)


def listed(db: Session, series: Collection[int]) -> Mapping[int, tuple[Listed, ...]]:
    """The lessons of series (by id) in time order. Three queries at most, however many they are; none while nothing has changed."""
    return _kept.get(db, frozenset(series))


def _read(db: Session, series: frozenset[int]) -> Mapping[int, tuple[Listed, ...]]:
    asked = {"series": list(series)}
    done: Iterable[Any] = db.execute(_MOVES, asked)
    moves: dict[int, list[ListedMove]] = {}
    for lesson_id, *move in done:
        moves.setdefault(lesson_id, []).append(ListedMove(*move))
    rows: Sequence[Any] = db.execute(_LESSONS, asked).all()
    pinned = _read_pinned(db, frozenset(row.pinned_version_id for row in rows) - {None})
    found: dict[int, list[Listed]] = {id: [] for id in series}
    for *values, version in rows:
        lesson = Listed._make([*values, pinned.get(version), tuple(moves.get(values[0], ()))])
        found[lesson.series_id].append(lesson)
    return {id: tuple(some) for id, some in found.items()}


def pinned_editions(db: Session, ids: Collection[int]) -> Mapping[int, Edition]:
    """What these versions say, by their ids. No query while nothing has changed."""
    return _pinned.get(db, frozenset(ids)) if ids else {}


def _read_pinned(db: Session, ids: frozenset[int]) -> dict[int, Edition]:
    rows: Sequence[Any] = db.execute(_VERSIONS, {"ids": list(ids)}).all() if ids else ()
    said = contents(db, {row.id: row.hash for row in rows})
    return {
        row.id: Edition(
            row.id, row.document_id, row.key, row.number, row.title, row.hash, row.origin, row.retired_at is not None, said[row.id]
        )
        for row in rows
    }


_kept = Kept(_read)
_pinned = Kept(_read_pinned)

_LESSONS = (
    select(
        Lesson.id, Lesson.public_id, Lesson.series_id, Lesson.theme_id, Lesson.date, Lesson.start, Lesson.end, Lesson.minutes,
        Lesson.room_need, Lesson.room, Lesson.presenter, Lesson.date_locked, Lesson.state, Lesson.room_confirmed,
        Lesson.presenter_answer, Lesson.carried_from_id, Lesson.joint, Lesson.version, Lesson.pinned_version_id,
    )
    .where(Lesson.series_id.in_(bindparam("series", expanding=True)))
    .order_by(Lesson.date, Lesson.start, Lesson.position)
)  # fmt: skip
_MOVES = (
    select(Move.lesson_id, Move.kind, Move.old_date, Move.new_date, Move.old_start, Move.new_start, Move.why, Person.name, Move.at)
    .join(Lesson, Lesson.id == Move.lesson_id)
    .outerjoin(Move.by)
    .where(Lesson.series_id.in_(bindparam("series", expanding=True)))
    .order_by(Move.id)
)
_VERSIONS = (
    select(
        DocumentVersion.id, DocumentVersion.document_id, Document.key, DocumentVersion.number, DocumentVersion.title,
        DocumentVersion.hash, DocumentVersion.origin, Document.retired_at,
    )
    .join(DocumentVersion.document)
    .where(DocumentVersion.id.in_(bindparam("ids", expanding=True)))
)  # fmt: skip
