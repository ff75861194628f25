"""With which other classes lessons are held as one, for who may know of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import select

from app.access import visible
from app.database import session
from curriculum import planning
from curriculum.people import SchoolClass
from curriculum.planning import Lesson, Listed, Series


def together_with(lessons: Iterable[Lesson | Listed]) -> dict[int, str]:
    """The names of the other classes with which lessons (by id) are held as one, as far as she may know of them. One query, or none."""
    shared = [one for one in lessons if one.joint]
    if not shared:
        return {}
    codes = {one.joint for one in shared}
    seen = visible(Lesson).where(Lesson.joint.in_(codes), Lesson.state != planning.CANCELLED).with_only_columns(Lesson.id)
    query = (
        select(Lesson.joint, Lesson.series_id, SchoolClass.name)
        .join(Series, Series.id == Lesson.series_id)
        .join(SchoolClass, SchoolClass.id == Series.class_id)
        .where(Lesson.id.in_(seen))
        .order_by(SchoolClass.name)
    )
    found: dict[str | None, list[tuple[int, str]]] = defaultdict(list)
    for code, series, name in session().execute(query):
        found[code].append((series, name))
    names = {one.id: ", ".join(name for series, name in found[one.joint] if series != one.series_id) for one in shared}
    return {id: words for id, words in names.items() if words}
