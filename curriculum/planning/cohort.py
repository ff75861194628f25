"""What the pupils of a class have had before: themes held in earlier series of their cohort (kull)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
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
    lessons = _lessons(db, classes, today)
    closed = _closed(db, lessons, today)
    held = [one for one in lessons if one.state != PLANNED or assumed_held(one, today, closed[one.series.school_class.school_id])]
    return {group.id: _had(group, held) for group in classes}


def _lessons(db: Session, classes: Collection[SchoolClass], today: date) -> list[Lesson]:
    """Lessons up to today of classes that share a school and a cohort with one of these."""
    mine, theirs = aliased(ClassGrade), aliased(ClassGrade)
    cohorts = select(theirs.class_id).join(mine, mine.cohort == theirs.cohort).where(mine.class_id.in_([group.id for group in classes]))
    whole = joinedload(Lesson.series).joinedload(Series.school_class)
    query = (
        select(Lesson)
        .join(Lesson.series)
        .join(Series.school_class)
        .where(
            SchoolClass.id.in_(cohorts),
            SchoolClass.school_id.in_({group.school_id for group in classes}),
            SchoolClass.kind != SMALL,
            Series.in_use,
            Series.thrown_away_at.is_(None),
            Lesson.date <= today,
            Lesson.state != CANCELLED,
        )
        .options(whole.selectinload(SchoolClass.grades), whole.selectinload(SchoolClass.taken_from))
        .order_by(Lesson.date, Lesson.id)
    )
    return list(db.scalars(query).unique())


def _closed(db: Session, lessons: Sequence[Lesson], today: date) -> dict[int | None, list[Closed]]:
    if not lessons:
        return {}
    schools = {one.series.school_class.school_id for one in lessons}
    return closed_by_school(db, lessons[0].district_id, schools, min(one.date for one in lessons), today)


def _had(group: SchoolClass, lessons: Iterable[Lesson]) -> dict[int, list[Had]]:
    found: dict[int, set[Had]] = {}
    for lesson in lessons:
        other = lesson.series.school_class
        if other.school_id == group.school_id and (other.school_year < group.school_year or _shares_pupils(group, other)):
            for grade in _shared_grades(group, other):
                found.setdefault(lesson.theme_id, set()).add(Had(other.school_year, grade, other.name))
    return {theme: sorted(had) for theme, had in found.items()}


def _shares_pupils(one: SchoolClass, other: SchoolClass) -> bool:
    return one.id == other.id or other in one.taken_from or one in other.taken_from


def _shared_grades(group: SchoolClass, other: SchoolClass) -> list[int]:
    """The grades that pupils of `group` were in when they were in the other class."""
    cohorts = {grade.cohort for grade in group.grades}
    return [grade.grade for grade in other.grades if grade.cohort in cohorts]
