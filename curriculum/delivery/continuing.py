"""What there was no time for in a lesson, and whether it fits in the one that takes it up."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import accumulate

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from curriculum import summaries
from curriculum.ideabank import DocumentVersion, Edition, StepPart, ThemeDocument, Timed
from curriculum.planning import Lesson, Listed, SeenLesson


@dataclass(frozen=True)
class Rest:
    """The parts of a lesson that were not finished, of the theme (by its key) and in the version that was held; minutes."""

    lesson: str
    theme: str
    title: str
    steps: tuple[StepPart, ...]

    @property
    def minutes(self) -> int:
        return sum(step.minutes for step in self.steps)


@dataclass(frozen=True)
class Run:
    """How a lesson runs: what it takes up first, then all of its own theme or the core. `spare` minutes are left, below zero too few.

    `rest` and `own` are the minutes of the two.
    """

    steps: tuple[Timed, ...]
    rest: int
    own: int
    spare: int
    is_full: bool

    @property
    def room(self) -> int:
        """The minutes that its own theme leaves for the rest."""
        return max(self.rest + self.spare, 0)

    @property
    def is_too_long(self) -> bool:
        """Whether the rest takes more than the lesson has beside the core of its own theme."""
        return self.rest > 0 and self.own > 0 and self.spare < 0


def rest_of(lesson: Lesson) -> Rest | None:
    """What is left of a lesson that was recorded as held; None when nothing is."""
    record, version = lesson.held_record, lesson.pinned_version
    if record is None or version is None or not record["unfinished"]:
        return None
    theme = summaries.theme_of(version)
    steps = (theme.step(uid) for uid in record["unfinished"])
    return Rest(lesson.public_id, theme.key, theme.title, tuple(step for step in steps if step is not None))


def rests_taken_up(db: Session, lessons: Iterable[Lesson | Listed | SeenLesson]) -> dict[int, Rest]:
    """What lessons take up from others, by their ids. One query where any does, else none."""
    wanted = {lesson.id: lesson.carried_from_id for lesson in lessons if lesson.carried_from_id is not None}
    if not wanted:
        return {}
    query = select(Lesson).where(Lesson.id.in_(set(wanted.values())))
    query = query.options(joinedload(Lesson.pinned_version).joinedload(DocumentVersion.document))
    found = {one.id: rest_of(one) for one in db.scalars(query).unique()}
    return {id: rest for id, other in wanted.items() if (rest := found[other]) is not None}


def parts_left(version: DocumentVersion | Edition, minutes: int) -> tuple[StepPart, ...]:
    """The parts there is time for in a lesson of so many minutes: those that may be left unfinished."""
    theme = summaries.theme_of(version)
    left_out = summaries.left_out(theme, minutes)
    return tuple(step for step in theme.steps if step.uid not in left_out)


def minutes_of(steps: Iterable[StepPart], uids: Collection[str]) -> int:
    """The minutes of the parts with these uids."""
    return sum(step.minutes for step in steps if step.uid in uids)


def run_of(theme: ThemeDocument, minutes: int, rest: Rest | None = None) -> Run:
    """The run of a lesson of so many minutes that takes up a rest first. The extra lesson of the same theme has the rest alone."""
    taken = rest.minutes if rest else 0
    is_extra = rest is not None and rest.theme == theme.key
    is_full = is_extra or taken + theme.full_sum <= minutes
    own = () if is_extra else theme.full_run() if is_full else theme.core_run()
    steps = (*(rest.steps if rest else ()), *(timed.step for timed in own))
    used = sum(step.minutes for step in steps)
    ends = list(accumulate(step.minutes for step in steps))
    timed = (Timed(step, end - step.minutes, end) for step, end in zip(steps, ends, strict=True))
    return Run(tuple(timed), taken, used - taken, minutes - used, is_full)
