"""The halves of a class, which have each theme in the same week unless something has parted them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from curriculum.people import HALF, SchoolClass
from curriculum.planning.calendar import Week, iso_week
from curriculum.planning.listing import Listed
from curriculum.planning.models import CANCELLED, PLANNED, Lesson, Series


def weeks_of_other_halves(db: Session, lessons: Iterable[Lesson | Listed]) -> dict[int, list[tuple[str, Week]]]:
    """In which weeks the other halves of the class have the theme of a lesson that is planned, by its id: their names, each with the week.

    A lesson that takes up the rest of another is not counted. One query, none without lessons.
    """
    ids = [one.id for one in lessons if one.state == PLANNED and one.carried_from_id is None]
    found: dict[int, list[tuple[str, Week]]] = {}
    if not ids:
        return found
    other, its, half, mine, own = aliased(Lesson), aliased(Series), aliased(SchoolClass), aliased(Series), aliased(SchoolClass)
    query = (
        select(Lesson.id, half.name, other.date)
        .join(mine, mine.id == Lesson.series_id)
        .join(own, own.id == mine.class_id)
        .join(half, (half.whole_id == own.whole_id) & (half.id != own.id))
        .join(its, its.class_id == half.id)
        .join(other, (other.series_id == its.id) & (other.theme_id == Lesson.theme_id))
        .where(
            Lesson.id.in_(ids), own.kind == HALF, its.thrown_away_at.is_(None), other.state != CANCELLED, other.carried_from_id.is_(None)
        )
        .order_by(half.name, other.date)
    )
    for id_, name, day in db.execute(query):
        found.setdefault(id_, []).append((name, iso_week(day)))
    return found


def halves_apart(db: Session, lessons: Iterable[Lesson | Listed]) -> dict[int, list[tuple[str, Week]]]:
    """As `weeks_of_other_halves`, of the lessons that stand in another week than those."""
    there = list(lessons)
    own = {one.id: iso_week(one.date) for one in there}
    apart = {id_: [(name, week) for name, week in weeks if week != own[id_]] for id_, weeks in weeks_of_other_halves(db, there).items()}
    return {id_: weeks for id_, weeks in apart.items() if weeks}
