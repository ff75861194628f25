"""A school's page: how far each class's series has come, for those who lead the school and those who answer for the district."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask import Response
from sqlalchemy import Select, bindparam, or_, select

from app.access import find, me, open_to, visible
from app.administrators.door import blueprint
from app.database import OSLO, now, session, today
from app.pages import page
from curriculum import delivery, planning
from curriculum.delivery import ClassProgress, SeriesProgress
from curriculum.people import (
    ADMINISTRATOR,
    AGENT,
    COORDINATOR,
    HEAD,
    MANAGER,
    Assignment,
    Person,
    School,
    SchoolClass,
)

LEADERS = (HEAD, MANAGER, COORDINATOR, ADMINISTRATOR)


@blueprint.get("/skole")
@open_to(*LEADERS)
def school() -> Response:
    """The only school one leads, or a choice of several."""
    schools = session().scalars(_by_name(visible(School))).unique().all()
    if len(schools) == 1:
        return _show(schools[0])
    year = planning.school_year(today())
    classes = delivery.schools_progress(session(), me(), schools, year, today(), now().astimezone(OSLO).time())
    return page("administrators/schools_led.html", lines=[_line(one, classes[one.id]) for one in schools])


@lru_cache
def _by_name(seen: Select[School]) -> Select[School]:
    return seen.order_by(School.name)


@dataclass(frozen=True)
class Line:
    """A school in short: its series in use, how many of their lessons are held, and which lesson of which class comes next."""

    school: School
    series: int
    held: int
    total: int
    coming: tuple[str, SeriesProgress] | None


def _line(school: School, classes: Sequence[ClassProgress]) -> Line:
    used = [(one.school_class.name, series) for one in classes for series in one.series if series.series.in_use]
    ahead = [(series.next_lesson.date, series.next_lesson.start, name, series) for name, series in used if series.next_lesson]
    first = min(ahead, key=lambda one: one[:3], default=None)
    held, total = sum(series.held for _, series in used), sum(series.total for _, series in used)
    return Line(school, len(used), held, total, first and first[2:])


@blueprint.get("/skole/<public_id>")
@open_to(*LEADERS)
def one_school(public_id: str) -> Response:
    """One of the schools that one may see."""
    return _show(find(School, School.public_id == public_id), is_one_of_several=True)


def _show(school: School, *, is_one_of_several: bool = False) -> Response:
    year = planning.school_year(today())
    found = delivery.school_progress(session(), me(), school, year, today(), now().astimezone(OSLO).time())
    names = {one.school_class.id for one in found}
    halves: dict[int, list[ClassProgress]] = defaultdict(list)
    for one in found:
        if one.school_class.whole_id in names:
            halves[one.school_class.whole_id].append(one)
    return page(
        "administrators/school.html",
        school=school,
        year=year,
        classes=[one for one in found if one.school_class.whole_id not in names],
        halves=halves,
        serving=_serving(school),
        times=planning.times_by_series(session(), [series.series.id for one in found for series in one.series]),
        written_times=planning.written_times,
        is_one_of_several=is_one_of_several,
    )


def _serving(school: School) -> set[tuple[int, int | None]]:
    """Who is an agent of which class of a school today: (person's id, class's id). One whose role there has ended is not among them."""
    return {(person_id, class_id) for person_id, class_id in session().execute(_SERVING, {"school": school.id, "today": today()})}


_SERVING = (
    select(Assignment.person_id, Assignment.class_id)
    .join(Assignment.person)
    .where(
        Assignment.role == AGENT,
        Person.is_active,
        Assignment.class_id.in_(select(SchoolClass.id).where(SchoolClass.school_id == bindparam("school"))),
        Assignment.from_date <= bindparam("today"),
        or_(Assignment.to_date.is_(None), Assignment.to_date >= bindparam("today")),
    )
)
