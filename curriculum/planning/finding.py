"""Finding the series a person may see."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session, defer, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from curriculum.ideabank import DocumentVersion
from curriculum.people import Person, SchoolClass, visible
from curriculum.planning.models import Lesson, Series


def series_list(db: Session, person: Person, today: date) -> list[Series]:
    """The series a person may see, the newest school year first, then by school and class. A fixed number of queries."""
    query = visible(person, Series, today).join(Series.school_class).join(SchoolClass.school)
    found = db.scalars(query.options(*_whole()).order_by(SchoolClass.school_year.desc())).unique().all()
    return sorted(found, key=lambda one: (-one.school_class.school_year, one.school_class.school.name, one.school_class.name, one.title))


def find_series(db: Session, person: Person, public_id: str, today: date) -> Series:
    """The series with this public id, with its lessons. Raises LookupError when there is none this person may see."""
    query = visible(person, Series, today).where(Series.public_id == public_id)
    found = db.scalars(query.options(*_whole())).unique().one_or_none()
    if found is None:
        raise LookupError(public_id)
    return found


def _whole() -> list[ORMOption]:
    return [
        joinedload(Series.school_class).joinedload(SchoolClass.school),
        joinedload(Series.outline_version).options(defer(DocumentVersion.text), joinedload(DocumentVersion.document)),
        selectinload(Series.agents),
        selectinload(Series.slots),
        selectinload(Series.waivers),
        selectinload(Series.lessons).options(joinedload(Lesson.theme), selectinload(Lesson.staff), selectinload(Lesson.classes)),
    ]
