"""Who uses a theme: the classes that have it in their series, when, and which version was held. Only what the signed-in person may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, func, or_, select

from app.access import me, visible
from app.database import session, today
from curriculum import people, planning, summaries
from curriculum.ideabank import Document, DocumentVersion
from curriculum.people import ADMINISTRATOR, AGENT, COORDINATOR, HEAD, MANAGER, School, SchoolClass
from curriculum.planning import CANCELLED, CONTINUED, HELD, PLANNED, Lesson, Series, lesson_staff

MOST = 40
"""Lessons that are listed, the newest first."""


class Row(NamedTuple):
    """A lesson of the theme as it is fetched."""

    date: date
    state: str
    pinned: int | None
    series: str
    in_use: bool
    class_id: int
    class_name: str
    school_id: int
    school: str
    is_mine: bool
    lessons: int
    """How many there are in all."""


@dataclass(frozen=True)
class Use:
    """A lesson of the theme. `number`: the version that was held, or that it keeps to; None when it follows the newest."""

    row: Row
    was_held: bool
    number: int | None

    @property
    def is_waiting(self) -> bool:
        """Whether its day is over, and nobody has said that it was held."""
        return not self.was_held and self.row.date < today()

    @property
    def goes_on(self) -> bool:
        """Whether it was not finished."""
        return self.row.state == CONTINUED


@dataclass(frozen=True)
class Uses:
    """Everything about who uses a theme."""

    ahead: list[Use]
    """The next first."""
    held: list[Use]
    """The last first."""
    may_open: bool
    """Whether the person's role opens the page of a series."""

    @property
    def listed(self) -> int:
        return len(self.ahead) + len(self.held)

    @property
    def lessons(self) -> int:
        """How many there are, listed or not."""
        return next((use.row.lessons for use in (*self.ahead, *self.held)), 0)

    @property
    def classes(self) -> int:
        """How many classes the listed lessons are for."""
        return len({use.row.class_id for use in (*self.ahead, *self.held)})

    @property
    def mine_last(self) -> int | None:
        """The version the signed-in person held last."""
        return next((use.number for use in self.held if use.row.is_mine), None)


def uses_of(theme: Document) -> Uses:
    """Four queries, however many classes there are. A small group shows only to those who may see it."""
    seen, planned = visible(Series), visible(Series, "plan")
    rows = [Row(*row) for row in session().execute(_lessons(seen, planned), {"theme": theme.id, "me": me().id})]
    held, versions = _held(rows), _versions(theme)
    uses = [_use(row, row in held, versions) for row in rows]
    opens = {AGENT, COORDINATOR, HEAD, MANAGER, ADMINISTRATOR} & people.roles(me(), today())
    return Uses([use for use in reversed(uses) if not use.was_held], [use for use in uses if use.was_held], bool(opens))


@lru_cache
def _lessons(seen: Select[Series], planned: Select[Series]) -> Select[*tuple[Any, ...]]:
    """A theme's lessons in the series one may see; of plans not in use only to those who plan them. Cancelled ones are left out."""
    mine = select(lesson_staff.c.lesson_id).where(lesson_staff.c.person_id == bindparam("me"))
    is_seen, is_planned = (Series.id.in_(some.with_only_columns(Series.id)) for some in (seen, planned))
    return (
        select(
            Lesson.date,
            Lesson.state,
            DocumentVersion.number,
            Series.public_id,
            Series.in_use,
            SchoolClass.id,
            SchoolClass.name,
            School.id,
            School.name,
            Lesson.id.in_(mine),
            func.count().over(),
        )
        .join(Lesson.series)
        .join(Series.school_class)
        .join(SchoolClass.school)
        .outerjoin(Lesson.pinned_version)
        .where(Lesson.theme_id == bindparam("theme"), Lesson.state != CANCELLED, is_seen, or_(Series.in_use, is_planned))
        .order_by(Lesson.date.desc(), Lesson.start.desc(), Lesson.id)
        .limit(MOST)
    )


def _held(rows: Sequence[Row]) -> set[Row]:
    """Those that were held: someone said so, or nobody has said otherwise for two school days."""
    waiting = [row for row in rows if row.state == PLANNED and row.date < today()]
    first = min((row.date for row in waiting), default=today())
    closed = planning.closed_by_school(session(), me().district_id, {row.school_id for row in waiting}, first, today())
    assumed = {row for row in waiting if planning.counts_as_held_from(row.date, closed[row.school_id]) <= today()}
    return assumed | {row for row in rows if row.state in (HELD, CONTINUED)}


def _versions(theme: Document) -> list[tuple[int, date]]:
    """The number of each version and the day it came into effect, the newest first."""
    lines = summaries.published(session(), theme.district_id, today()).lines.get(theme.id, [])
    return [(line.number, line.effective) for line in reversed(lines)]


def _use(row: Row, was_held: bool, versions: list[tuple[int, date]]) -> Use:
    of_the_day = next((number for number, effective in versions if effective <= row.date), 1)
    return Use(row, was_held, row.pinned or (of_the_day if was_held else None))
