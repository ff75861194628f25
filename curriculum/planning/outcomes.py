"""What became of the lessons of somebody who was away, and who is told of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import TypeAlias

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from curriculum.people import TEACHER, Assignment, Person, SchoolClass
from curriculum.planning.away import BY_TEACHER, CANCEL, COLLEAGUE, MOVE
from curriculum.planning.models import CANCELLED, Lesson, PlanChange, Series

Day: TypeAlias = date


@dataclass(frozen=True)
class Outcome:
    """What became of a lesson: `how`, and where it stood before. `agents` are those who hold it now and did not before."""

    lesson: Lesson
    how: str
    date: Day
    start: time
    new_date: Day
    new_start: time
    agents: tuple[Person, ...] = ()


def outcomes(db: Session, change: PlanChange | None) -> list[Outcome]:
    """What became of each lesson by a change, in time order of where they stood. A fixed number of queries."""
    if change is None:
        return []
    ids = [item["lesson"] for item in change.lessons]
    query = select(Lesson).where(Lesson.public_id.in_(ids)).options(
        joinedload(Lesson.series, innerjoin=True).joinedload(Series.school_class, innerjoin=True).joinedload(SchoolClass.school),
        joinedload(Lesson.theme, innerjoin=True),
        selectinload(Lesson.classes).joinedload(SchoolClass.school),
        selectinload(Lesson.staff),
    )  # fmt: skip
    lessons = {lesson.public_id: lesson for lesson in db.scalars(query).unique()}
    staff = {id for item in change.lessons for id in item["after"]["staff"]}
    persons = {one.id: one for one in db.scalars(select(Person).where(Person.id.in_(staff)))}
    found = list(_outcomes(change, lessons, persons))
    return sorted(found, key=lambda one: (one.date, one.start, one.lesson.id))


def _outcomes(change: PlanChange, lessons: Mapping[str, Lesson], persons: Mapping[int, Person]) -> Iterator[Outcome]:
    for item in change.lessons:
        before, after = item["before"], item["after"]
        agents = tuple(persons[id] for id in after["staff"])
        if after["state"] == CANCELLED:
            how = CANCEL
        elif after["by_teacher"] and not before["by_teacher"]:
            how = BY_TEACHER
        else:
            how = MOVE if (before["date"], before["start"]) != (after["date"], after["start"]) else COLLEAGUE
        yield Outcome(
            lessons[item["lesson"]],
            how,
            date.fromisoformat(before["date"]),
            time.fromisoformat(before["start"]),
            date.fromisoformat(after["date"]),
            time.fromisoformat(after["start"]),
            agents if how == COLLEAGUE else (),
        )


def teachers_of(db: Session, lessons: Iterable[Lesson], today: date) -> dict[int, list[Person]]:
    """Those who are the teachers of each lesson's classes (by the lesson's id) today, by name. One query."""
    wanted = {lesson.id: {id for group in lesson.classes for id in (group.id, group.whole_id)} - {None} for lesson in lessons}
    query = (
        select(Assignment.class_id, Person)
        .join(Assignment.person)
        .where(
            Assignment.role == TEACHER,
            Assignment.class_id.in_(sorted({id for ids in wanted.values() for id in ids if id is not None})),
            Assignment.from_date <= today,
            or_(Assignment.to_date.is_(None), Assignment.to_date >= today),
            Person.is_active,
        )
        .order_by(Person.name, Person.id)
        .options(selectinload(Person.assignments).joinedload(Assignment.school_class))
    )
    rows = db.execute(query).all()
    return {id: list({person.id: person for group, person in rows if group in groups}.values()) for id, groups in wanted.items()}
