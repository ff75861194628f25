"""The week as those who teach a class see it: what it is about, their part in it, and what the parents read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from flask import Blueprint, Response, abort, redirect, request, url_for
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from app.access import EVERYONE, find_link, me, open_to, visible
from app.database import session, today
from app.errors import error_page
from app.homes import ready
from app.language import STAFF_LANGUAGES, catalogue, gettext, speak
from app.pages import page
from curriculum import delivery, ideabank, planning
from curriculum.base import N_, fold_code
from curriculum.delivery import LessonPage, Since, WeekPage
from curriculum.people import (
    ADMINISTRATOR,
    AGENT,
    COORDINATOR,
    HEAD,
    MANAGER,
    PARENTS,
    TEACHER,
    Link,
    SchoolClass,
    roles,
    with_halves,
)
from curriculum.planning import CANCELLED, Lesson, Series, Week, lesson_classes

blueprint = Blueprint("teachers", __name__, template_folder="templates")

READERS = (TEACHER, AGENT, COORDINATOR, HEAD, MANAGER, ADMINISTRATOR)
YEARS = range(1900, 3000)
"""Years whose weeks have an address: every week near them is a date too."""

LINK_FAULTS = {
    404: N_("A letter in the link may be wrong. Try it once more, or ask the agent of the class for it."),
    410: N_("It has been replaced or has run out. Ask the agent of the class for the new one."),
}

UNFOLDED = 3
"""So many classes' lessons are shown whole on one page; of more, one class at a time under a board of them all."""


@dataclass(frozen=True)
class Coming:
    """The first lesson after a week, with its theme's title."""

    lesson: Lesson
    title: str

    @property
    def week(self) -> Week:
        return planning.iso_week(self.lesson.date)


@dataclass(frozen=True)
class Shown:
    """What a page of a week shows: `chosen` are the classes whose lessons are shown whole, `since` is what is new, this week only.

    Of a week without lessons: `why` there is no school, what is `coming`, and whether the classes have a series at all.
    """

    week: Week
    pages: list[WeekPage]
    chosen: list[WeekPage]
    since: Since | None
    why: str
    coming: Coming | None
    has_series: bool
    answers: Mapping[str, str]
    """What became of a teacher's proposal of another day, by the lesson's public id: OPEN, ACCEPTED, DECLINED or OVERTAKEN."""

    @property
    def friday(self) -> date:
        return self.week.monday + timedelta(4)

    @property
    def lessons(self) -> list[tuple[WeekPage, LessonPage]]:
        """Every lesson with its class, in time order."""
        every = [(one, lesson) for one in self.pages for lesson in one.lessons]
        return sorted(every, key=lambda pair: (pair[1].date, pair[1].start, pair[0].school_class.name))

    @property
    def days(self) -> dict[date, list[tuple[WeekPage, LessonPage]]]:
        """The lessons by date."""
        dates = sorted({lesson.date for _, lesson in self.lessons})
        return {day: [pair for pair in self.lessons if pair[1].date == day] for day in dates}


# --- For those with an account --------------------------------------------------------------------------------------------------------


@blueprint.get("/uke")
@open_to(*READERS)
def this_week() -> Response:
    """The week of today."""
    return _my_week(planning.iso_week(today()))


@blueprint.get("/uke/<written>")
@open_to(*READERS)
def week(written: str) -> Response:
    """Any week, written 2026-W42."""
    return _my_week(_week(written))


def _my_week(week: Week) -> Response:
    classes = _my_classes(week)
    shown = _show(classes, week, request.args.get("klasse", ""))
    is_teacher = TEACHER in roles(me(), today())
    return page(
        "teachers/week.html",
        shown=shown,
        classes=classes,
        codes=_parents_codes(classes),
        this=planning.iso_week(today()),
        ready=ready,
        tongues=me().district.open_languages,
        is_teacher=is_teacher,
    )


def _my_classes(week: Week) -> list[SchoolClass]:
    """The classes a person may see in the school year of a week, by school and name; halves stand in their whole class's week."""
    found = session().scalars(_of_year(visible(SchoolClass)), {"year": planning.school_year(week.sunday)}).unique().all()
    ids = {group.id for group in found}
    return sorted((group for group in found if group.whole_id not in ids), key=lambda group: (group.school.name, group.name))


@lru_cache(maxsize=512)
def _of_year(seen: Select[SchoolClass]) -> Select[SchoolClass]:
    """Built once for those with the same rights."""
    return seen.where(SchoolClass.school_year == bindparam("year")).options(joinedload(SchoolClass.school))


# --- For those with the class's link ------------------------------------------------------------------------------------------------------


@blueprint.get("/l/<code>", strict_slashes=False)
@open_to(EVERYONE)
def link_this_week(code: str) -> AnyResponse:
    """The week of today by a class's link."""
    if _is_crooked(code):
        return redirect(url_for("teachers.link_this_week", code=fold_code(code)), 308)
    return _linked_week(code, planning.iso_week(today()))


@blueprint.get("/l/<code>/<written>", strict_slashes=False)
@open_to(EVERYONE)
def link_week(code: str, written: str) -> AnyResponse:
    """Any week by a class's link."""
    if _is_crooked(code):
        return redirect(url_for("teachers.link_week", code=fold_code(code), written=written), 308)
    return _linked_week(code, _week(written))


def _is_crooked(code: str) -> bool:
    """Whether an address is another spelling of the one that stays: a code typed otherwise, or a slash too many."""
    return request.path.endswith("/") or code != fold_code(code)


def _linked_week(code: str, week: Week) -> Response:
    """The page without menu, person or form; nothing in it is about another class."""
    link = find_link("teacher", code)
    speak(language_of(link))
    classes = [link.school_class]
    return page(
        "teachers/linked_week.html",
        shown=_show(classes, week),
        classes=classes,
        codes=_parents_codes(classes),
        this=planning.iso_week(today()),
        is_its_year=planning.school_year(week.sunday) == link.school_class.school_year,
        ready=ready,
        tongues=link.school_class.school.district.open_languages,
        code=code,
        public=True,
    )


def language_of(link: Link) -> str:
    """The language of the district's texts, if the house speaks it: nobody has chosen one, and one page is not in two."""
    source = link.school_class.school.district.source_language
    return source if catalogue(source) else STAFF_LANGUAGES[0]


@blueprint.errorhandler(404)
@blueprint.errorhandler(410)
def fault(error: HTTPException) -> Response:
    """What is wrong, and to one who has only a link, where to get the right one."""
    words = LINK_FAULTS.get(error.code or 0, "") if (request.endpoint or "").startswith("teachers.link") else ""
    return error_page(error.code or 404, gettext(words) if words else "")


# --- For both -----------------------------------------------------------------------------------------------------------------------------


def _week(written: str) -> Week:
    try:
        found = planning.parse_week(written)
    except LookupError:
        abort(404)
    if found.year not in YEARS:
        abort(404)
    return found


def _show(classes: Sequence[SchoolClass], week: Week, wanted: str = "") -> Shown:
    pages = delivery.week(session(), classes, week.year, week.number, today())
    taught = [one for one in pages if one.lessons]
    chosen = [one for one in taught if one.school_class.public_id == wanted] or (taught if len(taught) <= UNFOLDED else [])
    is_this = bool(classes) and week == planning.iso_week(today())
    is_empty = bool(classes) and not taught
    return Shown(
        week,
        pages,
        chosen,
        since=delivery.new_since_last_week(session(), classes, today()) if is_this else None,
        why=_why_empty(classes, week) if is_empty else "",
        coming=_coming(classes, week) if is_empty else None,
        has_series=not is_empty or _has_series(classes),
        answers=_answers([lesson.lesson for one in chosen for lesson in one.lessons]),
    )


def _answers(lessons: Sequence[str]) -> Mapping[str, str]:
    """Of those lessons of which somebody said that the class is taken."""
    found = planning.latest_proposals(session(), lessons)
    return {lesson: planning.state_of_proposal(proposal, today()) for lesson, proposal in found.items()}


def _why_empty(classes: Sequence[SchoolClass], week: Week) -> str:
    """The holiday of a week without school; empty when there is school."""
    schools = {group.school_id for group in classes}
    school = schools.pop() if len(schools) == 1 else None
    closed = planning.closed_days(session(), classes[0].district_id, school, week.monday, week.sunday)
    return "" if planning.is_teaching_week(week, closed) else planning.why_closed(week.monday, closed)


def _coming(classes: Sequence[SchoolClass], week: Week) -> Coming | None:
    """The first lesson of these classes after the week."""
    theirs = select(lesson_classes.c.lesson_id).where(lesson_classes.c.class_id.in_(with_halves([group.id for group in classes])))
    query = (
        select(Lesson)
        .join(Lesson.series)
        .where(Lesson.id.in_(theirs), Series.in_use, Lesson.state != CANCELLED, Lesson.date > week.sunday)
        .order_by(Lesson.date, Lesson.start)
        .options(joinedload(Lesson.theme), joinedload(Lesson.pinned_version))
    )
    lesson = session().scalars(query.limit(1)).first()
    if lesson is None:
        return None
    version = lesson.pinned_version or ideabank.current(lesson.theme, today())
    return Coming(lesson, version.title if version else lesson.theme.key)


def _has_series(classes: Sequence[SchoolClass]) -> bool:
    query = select(Series.id).where(Series.class_id.in_(with_halves([group.id for group in classes])), Series.in_use)
    return session().scalars(query.limit(1)).first() is not None


def _parents_codes(classes: Sequence[SchoolClass]) -> dict[int, str]:
    """The open parents' link of each class, by the class's id; a half has that of its whole class."""
    asked = {"classes": [group.whole_id or group.id for group in classes], "today": today()}
    codes = {class_id: code for class_id, code in session().execute(_OPEN_CODES, asked)}
    return {group.id: codes[group.whole_id or group.id] for group in classes if (group.whole_id or group.id) in codes}


_OPEN_CODES = (
    select(Link.class_id, Link.code)
    .where(
        Link.kind == PARENTS,
        Link.class_id.in_(bindparam("classes", expanding=True)),
        Link.revoked_at.is_(None),
        Link.expires >= bindparam("today"),
    )
    .order_by(Link.id)
)
