"""A school's page: how far each class's series has come, for those who lead the school and those who answer for the district."""

from __future__ import annotations

from flask import Response

from app.access import find, me, open_to, visible
from app.administrators.door import blueprint
from app.database import session, today
from app.pages import page
from curriculum import delivery, planning
from curriculum.people import ADMINISTRATOR, COORDINATOR, HEAD, MANAGER, School

LEADERS = (HEAD, MANAGER, COORDINATOR, ADMINISTRATOR)


@blueprint.get("/skole")
@open_to(*LEADERS)
def school() -> Response:
    """The only school one leads, or a choice of several."""
    schools = session().scalars(visible(School).order_by(School.name)).unique().all()
    if len(schools) == 1:
        return _show(schools[0])
    return page("administrators/schools_led.html", schools=schools)


@blueprint.get("/skole/<public_id>")
@open_to(*LEADERS)
def one_school(public_id: str) -> Response:
    """One of the schools that one may see."""
    return _show(find(School, School.public_id == public_id), is_one_of_several=True)


def _show(school: School, *, is_one_of_several: bool = False) -> Response:
    year = planning.school_year(today())
    classes = delivery.school_progress(session(), me(), school, year, today())
    return page("administrators/school.html", school=school, year=year, classes=classes, is_one_of_several=is_one_of_several)
