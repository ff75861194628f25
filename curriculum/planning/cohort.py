"""What the pupils of a class have had before: themes held in earlier series of their cohort (kull)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, aliased, joinedload

from curriculum.people import SMALL, ClassGrade, SchoolClass
from curriculum.planning.calendar import closed_by_school
from curriculum.planning.models import CANCELLED, PLANNED, Lesson, Series
from curriculum.planning.problem import Closed
from curriculum.planning.weeks import assumed_held


@dataclass(frozen=True, order=True)
class Had:
    """That a cohort had a theme: in which school year (the year it began) and grade, and in which class."""

    school_year: int
    grade: int
    name: str


def had_before(db: Session, school_class: SchoolClass, today: date) -> dict[int, list[Had]]:
    """The themes (by their document's id) that a class has had before, each with when: `cohorts_had` for one class."""
    return cohorts_had(db, [school_class], today)[school_class.id]


def cohorts_had(db: Session, classes: Collection[SchoolClass], today: date) -> dict[int, dict[int, list[Had]]]:
    """For each class (by id) the themes its pupils have had before, by the theme document's id. A fixed number of queries.

    Counted are lessons that were held, or are assumed held, of series in use: of any class of the same school and cohort in an earlier
    school year, since pupils change classes, and in the same school year only of the class itself and of what it shares pupils with.
    Small groups are confidential and never count.
    """
    ids, schools = [group.id for group in classes], {group.school_id for group in classes}
    others = {one.id: one for one in db.scalars(_cohorts(), {"ids": ids, "schools": list(schools)}).unique()}
    lessons = db.execute(_LESSONS, {"ids": list(others), "today": today}).all()
    district = next((group.district_id for group in classes), 0)
    closed = closed_by_school(db, district, schools, min(one.date for one in lessons), today) if lessons else {}
    held = [(others[one.class_id], one.theme_id) for one in lessons if _was_held(one, closed[others[one.class_id].school_id], today)]
    return {group.id: _had(group, held) for group in classes}


def _was_held(lesson: Any, closed: Collection[Closed], today: date) -> bool:
    return lesson.state != PLANNED or assumed_held(lesson, today, closed)


@cache
def _cohorts() -> Select[SchoolClass]:
    """The classes that share a school and a cohort with one of these (`ids`, of `schools`)."""
    mine, theirs = aliased(ClassGrade), aliased(ClassGrade)
    asked = mine.class_id.in_(bindparam("ids", expanding=True))
    cohorts = select(theirs.class_id).join(mine, mine.cohort == theirs.cohort).where(asked)
    return (
        select(SchoolClass)
        .where(
            SchoolClass.id.in_(cohorts),
            SchoolClass.school_id.in_(bindparam("schools", expanding=True)),
            SchoolClass.kind != SMALL,
        )
        .options(joinedload(SchoolClass.grades), joinedload(SchoolClass.taken_from))
    )


_LESSONS = (
    select(Series.class_id, Lesson.theme_id, Lesson.state, Lesson.date)
    .join(Lesson.series)
    .where(
        Series.class_id.in_(bindparam("ids", expanding=True)),
        Series.in_use,
        Series.thrown_away_at.is_(None),
        Lesson.date <= bindparam("today"),
        Lesson.state != CANCELLED,
    )
)
"""Lessons up to today of these classes' series in use."""


def _had(group: SchoolClass, held: Iterable[tuple[SchoolClass, int]]) -> dict[int, list[Had]]:
    found: dict[int, set[Had]] = {}
    for other, theme in held:
        if other.school_id == group.school_id and (other.school_year < group.school_year or _shares_pupils(group, other)):
            for grade in _shared_grades(group, other):
                found.setdefault(theme, set()).add(Had(other.school_year, grade, other.name))
    return {theme: sorted(had) for theme, had in found.items()}


def _shares_pupils(one: SchoolClass, other: SchoolClass) -> bool:
    return one.id == other.id or other in one.taken_from or one in other.taken_from


def _shared_grades(group: SchoolClass, other: SchoolClass) -> list[int]:
    """The grades that pupils of `group` were in when they were in the other class."""
    cohorts = {grade.cohort for grade in group.grades}
    return [grade.grade for grade in other.grades if grade.cohort in cohorts]
