"""Adding, splitting, changing and removing a class: what is planned for it holds it in its place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from curriculum import people
from curriculum.base import N_, Refused
from curriculum.people import CLASS, HALF, Assignment, Link, School, SchoolClass
from curriculum.planning.engine.problem import Words
from curriculum.planning.models import Series, lesson_classes


def add_class(
    db: Session,
    school: School,
    name: str,
    *,
    grades: Iterable[int],
    year: int,
    kind: str = CLASS,
    head_count: int | None = None,
    taken_from: Collection[SchoolClass] = (),
) -> SchoolClass:
    """A class of one school year. Raises Refused as `people.add_class` does, and for a half of a class with a series."""
    _refuse_split(db, kind, taken_from)
    return people.add_class(db, school, name, grades=grades, year=year, kind=kind, head_count=head_count, taken_from=taken_from)


def split_class(db: Session, school_class: SchoolClass, names: Collection[str]) -> list[SchoolClass]:
    """Make the two halves of a whole class. Raises Refused as `people.split_class` does, and for a class with a series."""
    _refuse_split(db, HALF, [school_class])
    return people.split_class(db, school_class, names)


def _refuse_split(db: Session, kind: str, wholes: Iterable[SchoolClass]) -> None:
    """Halves have lessons at times of their own: a series of the whole class would meet them twice."""
    for whole in wholes if kind == HALF else ():
        query = select(Series.title).where(Series.class_id == whole.id, Series.thrown_away_at.is_(None)).order_by(Series.id)
        if titles := db.scalars(query).all():
            raise Refused(
                N_(
                    "%(name)s has the course series %(series)s, and its halves would have series of their own beside it. Throw the series "
                    "away first if it has not begun. If it has, let the class stay whole this school year."
                ),
                name=whole.name,
                series=", ".join(titles),
            )


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
    _refuse_split(db, kind, [one for one in taken_from if one not in school_class.taken_from])
    people.change_class(db, school_class, school=school, name=name, grades=grades, kind=kind, head_count=head_count, taken_from=taken_from)


def _refuse_move(db: Session, school_class: SchoolClass, school: School) -> None:
    if titles := _titles(db, school_class):
        raise Refused(
            N_(
                "%(name)s has a course series here (%(series)s), whose lessons, rooms and links belong to this school. Let the class "
                "stand, and ask its agent to end the series (“End the series before its time” on its page). Then add the class at "
                "%(school)s, where its agent plans a new one."
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
