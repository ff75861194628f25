"""Changing and removing a class: what is planned for it holds it in its place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from curriculum import people
from curriculum.base import N_, Refused
from curriculum.people import Assignment, Link, School, SchoolClass
from curriculum.planning.models import Series, lesson_classes
from curriculum.planning.problem import Words


def change_class(
    db: Session,
    school_class: SchoolClass,
    *,
    school: School,
    name: str,
    grades: Iterable[int],
    kind: str,
    head_count: int | None,
    taken_from: Collection[SchoolClass],
) -> None:
    """Say a class anew. A class with a series stays at its school and what it is: its lessons, links and rooms belong there.

    Raises Refused naming the series, and as `people.change_class` does.
    """
    if school is not school_class.school:
        _refuse_move(db, school_class, school)
    if kind != school_class.kind:
        _refuse_other_kind(db, school_class)
    people.change_class(db, school_class, school=school, name=name, grades=grades, kind=kind, head_count=head_count, taken_from=taken_from)


def _refuse_move(db: Session, school_class: SchoolClass, school: School) -> None:
    if titles := _titles(db, school_class):
        raise Refused(
            N_(
                "%(name)s has a course series here (%(series)s), whose lessons, rooms and links belong to this school. Let the class "
                "stand and cancel the lessons that will not be held. Then add the class at %(school)s, where its agent plans a new series."
            ),
            at="school",
            name=school_class.name,
            series=titles,
            school=school.name,
        )
    for what in _people_and_groups(db, school_class):
        raise Refused(
            N_("%(name)s cannot change school as long as something here belongs to it: %(what)s."),
            at="school",
            name=school_class.name,
            what=what,
        )


def _refuse_other_kind(db: Session, school_class: SchoolClass) -> None:
    for what in things_of(db, school_class):
        raise Refused(
            N_("%(name)s cannot become another kind of class as long as something belongs to it: %(what)s."),
            at="kind",
            name=school_class.name,
            what=what,
        )


def remove_class(db: Session, school_class: SchoolClass) -> None:
    """Delete a class that nothing refers to. Raises Refused naming the first thing that does."""
    for what in things_of(db, school_class):
        raise Refused(N_("%(name)s cannot be removed, for something belongs to it: %(what)s."), name=school_class.name, what=what)
    school_class.taken_from[:] = []
    for grade in list(school_class.grades):
        db.delete(grade)
    db.flush()
    db.expire(school_class, ["grades"])
    db.delete(school_class)
    db.flush()


def things_of(db: Session, school_class: SchoolClass) -> Iterator[Words]:
    """What refers to a class, in words: its series (also those thrown away), joint lessons, people, groups and links."""
    if titles := _titles(db, school_class):
        yield Words(N_("the course series %(series)s"), {"series": titles})
    elif _has(db, lesson_classes.c.class_id == school_class.id):
        yield Words(N_("lessons"))
    yield from _people_and_groups(db, school_class)
    if db.scalars(select(Link.id).where(Link.class_id == school_class.id).limit(1)).first():
        yield Words(N_("a link for parents or teachers, open or closed"))


def _people_and_groups(db: Session, school_class: SchoolClass) -> Iterator[Words]:
    query = select(Assignment).where(Assignment.class_id == school_class.id)
    names = sorted({one.person.name for one in db.scalars(query)})
    if names:
        yield Words(N_("the assignments of %(names)s"), {"names": ", ".join(names)})
    taken = select(SchoolClass.name).where(SchoolClass.taken_from.any(SchoolClass.id == school_class.id)).order_by(SchoolClass.name)
    groups = db.scalars(taken).all()
    if groups:
        yield Words(N_("the groups %(names)s"), {"names": ", ".join(groups)})


def _titles(db: Session, school_class: SchoolClass) -> str:
    titles = db.scalars(select(Series.title).where(Series.class_id == school_class.id).order_by(Series.id))
    return ", ".join(titles)


def _has(db: Session, condition: ColumnElement[bool]) -> bool:
    return db.execute(select(lesson_classes).where(condition).limit(1)).first() is not None
