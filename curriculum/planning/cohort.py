"""What the pupils of a class have had before: themes held in earlier series of their cohort (kull)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import BindParameter, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from curriculum.keeping import Kept
from curriculum.people import SMALL, ClassGrade, SchoolClass
from curriculum.planning.calendar import closed_by_school
from curriculum.planning.models import CANCELLED, PLANNED, Lesson, Series
from curriculum.planning.weeks import held_until


@dataclass(frozen=True, order=True)
class Had:
    """That a cohort had a theme: in which school year (the year it began) and grade, and in which class."""

    school_year: int
    grade: int
    name: str


def cohorts_had(db: Session, classes: Collection[SchoolClass], today: date) -> dict[int, dict[int, list[Had]]]:
    """For each class (by id) the themes its pupils have had before, by the theme document's id. Two queries; none while nothing changed.

    Counted are lessons that were held, or are assumed held, of series in use: of any class of the same school and cohort in an earlier
    school year, since pupils change classes, and in the same school year only of the class itself and of what it shares pupils with.
    Small groups are confidential and never count.
    """
    return _kept.get(db, (frozenset(group.id for group in classes), today))


def _read(db: Session, asked: tuple[frozenset[int], date]) -> dict[int, dict[int, list[Had]]]:
    ids, today = asked
    found = {one.id: one for one in db.scalars(_cohorts(), {"ids": list(ids)}).unique()}
    others = {id: one for id, one in found.items() if one.kind != SMALL}
    lessons = db.execute(_LESSONS, {"ids": list(others), "today": today}).all()
    until = _held_until(db, others.values(), min((one.date for one in lessons), default=today), today)
    held = [
        (others[one.class_id], one.theme_id) for one in lessons if one.state != PLANNED or one.date <= until[others[one.class_id].school_id]
    ]
    return {id: _had(found[id], held) for id in ids}


def _held_until(db: Session, classes: Collection[SchoolClass], first: date, today: date) -> dict[int | None, date]:
    """The last day whose lessons count as held by now, by school."""
    schools, district = {one.school_id for one in classes}, next((one.district_id for one in classes), 0)
    return {school: held_until(today, spans) for school, spans in closed_by_school(db, district, schools, first, today).items()}


_kept = Kept(_read)


@cache
def _cohorts() -> Select[SchoolClass]:
    """These classes (`ids`), and those that share a school and a cohort with one of them."""
    mine, theirs, same = aliased(ClassGrade), aliased(ClassGrade), aliased(SchoolClass)
    ids: BindParameter[int] = bindparam("ids", expanding=True)
    asked = mine.class_id.in_(ids)
    schools = select(same.school_id).where(same.id.in_(ids))
    cohorts = select(theirs.class_id).join(mine, mine.cohort == theirs.cohort).where(asked)
    return (
        select(SchoolClass)
        .where(
            or_(
                SchoolClass.id.in_(ids),
                and_(SchoolClass.id.in_(cohorts), SchoolClass.school_id.in_(schools), SchoolClass.kind != SMALL),
            )
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
