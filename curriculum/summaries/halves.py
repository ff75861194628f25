"""A class in halves has each theme twice, at different times: its parents see them as one, and are told when a week was another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta

from curriculum.people import HALF
from curriculum.planning import CANCELLED, MOVED, Lesson, Week, iso_week

TOLD = timedelta(weeks=1)
"""How long before its week parents may have read which theme comes: a lesson moved earlier than that was never announced."""


def together(lessons: Iterable[Lesson]) -> list[list[Lesson]]:
    """These lessons, those of the same theme in the same ISO week in one list, in the order of each list's first."""
    found: dict[tuple[Week, int], list[Lesson]] = {}
    for lesson in lessons:
        found.setdefault((iso_week(lesson.date), lesson.theme_id), []).append(lesson)
    return list(found.values())


def spokesman(lessons: Sequence[Lesson], held: Collection[int]) -> Lesson:
    """The lesson that parents read of several that are one to them: one that was held, else one that will be, else a cancelled one."""
    return min(lessons, key=lambda lesson: (lesson.id not in held, lesson.state == CANCELLED))


def half_alone(lessons: Iterable[Lesson]) -> str:
    """The name of the half whose lessons alone these are; empty when they are the whole class's, of both halves, or none."""
    names = {lesson.series.school_class.name for lesson in lessons if lesson.series.school_class.kind == HALF}
    return names.pop() if len(names) == 1 else ""


def moved_from(lesson: Lesson) -> Week | None:
    """The week in which parents had been told to expect a lesson that is now in another."""
    for move in lesson.moves:
        told = iso_week(move.old_date)
        if move.kind == MOVED and told != iso_week(lesson.date) and move.at.date() >= told.monday - TOLD:
            return told
    return None
