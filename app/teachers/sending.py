"""What may be sent home about a lesson: texts to paste, and the sheet for the fridge in each language."""

from __future__ import annotations

from functools import cache

from flask import abort, url_for
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption
from werkzeug.wrappers import Response

from app.access import find_by_id, open_to
from app.database import session, today
from app.homes import fridge, ready
from app.pages import page
from app.paper import can_press, file_name, on_paper
from app.teachers.routes import READERS, blueprint
from curriculum import people, planning, summaries
from curriculum.people import PARENTS, District, School, SchoolClass
from curriculum.planning import Lesson, Series
from curriculum.text import LANGUAGES


@blueprint.get("/okter/<lesson>/del")
@open_to(*READERS)
def send(lesson: str) -> Response:
    """The texts of a lesson, ready to paste, and what there is to print."""
    found = _lesson(lesson)
    group = found.series.school_class
    district = group.school.district
    code = _code(group)
    summary = summaries.summary_for(session(), found, district.source_language, today())
    return page(
        "teachers/send.html",
        lesson=found,
        group=group,
        summary=summary,
        texts=ready(summary, code, district.open_languages),
        code=code,
        tongues=[LANGUAGES[tag] for tag in district.open_languages],
        can_press=can_press(),
        back=url_for("teachers.week", written=str(planning.iso_week(found.date))),
    )


@blueprint.get("/okter/<lesson>/ark/<tag>")
@blueprint.get("/okter/<lesson>/ark/<tag>.pdf", endpoint="sheet_pdf")
@open_to(*READERS)
def sheet(lesson: str, tag: str) -> Response:
    """A lesson on one A4 for the fridge, Norwegian beside another language, also before its week. Of a class without an open link: 404."""
    found = _lesson(lesson)
    group = found.series.school_class
    code = _code(group)
    if tag not in group.school.district.open_languages or not code:
        abort(404)
    summary = summaries.summary_for(session(), found, tag, today())
    name = file_name("ark", "" if group.is_confidential else group.name, str(planning.iso_week(found.date)), tag)
    return on_paper("teachers/sheet.html", name, fridge=fridge(summary, group, code), lesson=found, tongue=LANGUAGES[tag])


def _lesson(public_id: str) -> Lesson:
    """A lesson of a series in use: parents read of no other."""
    found = find_by_id(Lesson, public_id, load=_whole())
    if not found.series.in_use:
        abort(404)
    return found


@cache
def _whole() -> tuple[ORMOption, ...]:
    group = joinedload(Lesson.series, innerjoin=True).joinedload(Series.school_class, innerjoin=True)
    district = group.joinedload(SchoolClass.school, innerjoin=True).joinedload(School.district, innerjoin=True)
    return (district.selectinload(District.languages), group.selectinload(SchoolClass.taken_from), selectinload(Lesson.moves))


def _code(group: SchoolClass) -> str:
    """That of the parents' open link of a class, or of the whole class of a half; empty when there is none."""
    link = people.open_links(session(), group.shared_by, today()).get(PARENTS)
    return link.code if link else ""
