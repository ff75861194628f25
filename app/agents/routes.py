"""The course series: seeing them, making one, putting it into use, and changing its lessons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from flask import Blueprint, Response, abort, current_app, request, url_for
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption
from werkzeug.wrappers import Response as AnyResponse

from app.access import find, me, open_to, visible
from app.agents import timeline
from app.agents.forms import MINUTES, CancelForm, MoveForm, NewSeriesForm, Press, WaiverForm
from app.database import now, session, today
from app.language import day, gettext, weekday
from app.pages import done, page, refused_words, said
from curriculum import ideabank, planning, summaries
from curriculum.base import N_, Refused
from curriculum.ideabank import OUTLINE, THEME, Document, DocumentVersion
from curriculum.people import (
    ADMINISTRATOR,
    AGENT,
    COORDINATOR,
    HEAD,
    MANAGER,
    Assignment,
    Link,
    Person,
    SchoolClass,
)
from curriculum.planning import CANCELLED, PLANNED, Closed, Elsewhere, Infeasible, Layout, Lesson, Series, Waiver

blueprint = Blueprint("agents", __name__, template_folder="templates")

READERS = (AGENT, COORDINATOR, HEAD, MANAGER, ADMINISTRATOR)
FIRST_TIME = time(8, 30)


# --- The list -------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SeriesCard:
    """A series in the list: how far it has come, and its next lesson with the theme's title."""

    series: Series
    held: int
    count: int
    next_lesson: Lesson | None
    next_title: str


@blueprint.get("/rekker")
@open_to(*READERS)
def series_list() -> Response:
    """The series a person may see, by school year and school."""
    found = planning.series_list(session(), me(), today())
    held = summaries.held_lessons(session(), [lesson for series in found for lesson in series.lessons], today())
    titles = {id: version.title for id, version in _themes().items()}
    years: dict[int, dict[str, list[SeriesCard]]] = defaultdict(lambda: defaultdict(list))
    for series in found:
        group = series.school_class
        years[group.school_year][group.school.name].append(_card(series, held, titles))
    this_year = planning.school_year(today())
    return page("agents/series_list.html", years=years, this_year=this_year, may_plan=bool(_my_class_ids()))


def _card(series: Series, held: set[int], titles: dict[int, str]) -> SeriesCard:
    real = [lesson for lesson in series.lessons if lesson.state != CANCELLED]
    coming = next((lesson for lesson in real if lesson.state == PLANNED and lesson.date >= today()), None)
    return SeriesCard(
        series, sum(lesson.id in held for lesson in real), len(real), coming, titles.get(coming.theme_id, "") if coming else ""
    )


def _themes() -> dict[int, DocumentVersion]:
    return ideabank.versions_in_effect(session(), me().district_id, today(), kind=THEME)


def _my_class_ids() -> list[int]:
    """Ids of the classes she plans for today."""
    hers = [one for one in me().assignments if one.role == AGENT and one.in_effect(today())]
    return [one.class_id for one in hers if one.class_id]


# --- A new series -----------------------------------------------------------------------------------------------------------------------


@blueprint.route("/rekker/ny", methods=["GET", "POST"])
@open_to(AGENT)
def new_series() -> AnyResponse:
    """Choose, see the dates, save: preview and save are the same function on the same values."""
    classes, outlines = _plannable_classes(), _outlines()
    if not classes or not outlines:
        return page("agents/nothing_to_plan.html", classes=classes)
    form = _new_series_form(classes, outlines)
    is_preview = request.method == "GET" or "show" in request.form
    if form.validate_on_submit() and not is_preview:
        series = planning.make_series(session(), **_wishes(form, classes, outlines), by=me(), now=now())
        words = gettext("The series is planned. Look through the dates, and put it into use when they are agreed.")
        return done(words, "agents.series_page", series=series.public_id)
    if form.errors:
        return page("agents/new_series.html", form=form)
    return _show_plan(form, classes, outlines)


def _show_plan(form: NewSeriesForm, classes: Sequence[SchoolClass], outlines: Sequence[DocumentVersion]) -> Response:
    """The dates as they would be saved, or why there are none."""
    wishes = _wishes(form, classes, outlines)
    layout, problem = _preview(wishes)
    rows = timeline.of_layout(layout, wishes["outline"], today()) if layout else []
    conflicts = layout.answer.conflicts if layout and isinstance(layout.answer, Infeasible) else ()
    response = page("agents/new_series.html", form=form, rows=rows, conflicts=conflicts, problem=problem, in_words=said)
    response.status_code = 200  # a plan that is shown is an answer, not a refusal
    return response


def _preview(wishes: dict[str, Any]) -> tuple[Layout | None, str]:
    """The layout, or the words why these wishes are impossible whatever the others are.

    A refusal of what someone chose goes on up, so that it shows beside its field; what we proposed ourselves is nobody's fault.
    """
    try:
        return planning.preview_series(session(), **wishes), ""
    except Refused as refusal:
        if request.method == "POST":
            raise
        return None, refused_words(refusal)


def _plannable_classes() -> Sequence[SchoolClass]:
    """The classes of this school year and the next that she plans for, by school and name."""
    query = visible(SchoolClass, "plan").where(SchoolClass.school_year >= planning.school_year(today()))
    found = session().scalars(query.options(joinedload(SchoolClass.school))).unique().all()
    return sorted(found, key=lambda group: (group.school_year, group.school.name, group.name))


def _outlines() -> list[DocumentVersion]:
    found = ideabank.versions_in_effect(session(), me().district_id, today(), kind=OUTLINE)
    return sorted(found.values(), key=lambda version: version.title)


def _new_series_form(classes: Sequence[SchoolClass], outlines: Sequence[DocumentVersion]) -> NewSeriesForm:
    form = NewSeriesForm()
    form.school_class.choices = [(group.public_id, _class_label(group)) for group in classes]
    form.outline.choices = [(version.document.key, version.title) for version in outlines]
    form.weekday.choices = [(n, _weekday_name(n)) for n in range(5)]
    form.minutes.choices = [(minutes, gettext("%(minutes)s minutes", minutes=minutes)) for minutes in MINUTES]
    form.agents.choices = [(person.public_id, person.name) for person in _agents_of(classes)]
    if request.method == "GET":
        form.school_class.data, form.outline.data = _first_unplanned(classes, outlines)
    group = next((one for one in classes if one.public_id == form.school_class.data), classes[0])
    form.start.choices = _week_choices(group, _closed_ahead(group))
    if request.method == "GET":
        _set_defaults(form)
    return form


def _first_unplanned(classes: Sequence[SchoolClass], outlines: Sequence[DocumentVersion]) -> tuple[str, str]:
    """The first class that still lacks a series from one of the templates, and that template."""
    query = select(Series.class_id, DocumentVersion.document_id).join(Series.outline_version)
    planned = {(group, one) for group, one in session().execute(query.where(Series.class_id.in_([group.id for group in classes])))}
    lacking = ((group, one) for group in classes for one in outlines if (group.id, one.document_id) not in planned)
    group, outline = next(lacking, (classes[0], outlines[0]))
    return group.public_id, outline.document.key


def _weekday_name(number: int) -> str:
    """The name of a weekday, 0 = Monday."""
    return weekday(date(2024, 1, 1) + timedelta(number)).capitalize()


def _class_label(group: SchoolClass) -> str:
    return f"{group.name} · {group.school.name}"


def _set_defaults(form: NewSeriesForm) -> None:
    """The nearest week with teaching, the first weekday on which she is not elsewhere, and herself."""
    away = set(session().scalars(select(Elsewhere.weekday).where(Elsewhere.person_id == me().id)))
    form.start.data = next((value for value, _, attributes in form.start.choices if not attributes), None)
    form.weekday.data = next((n for n in range(5) if n not in away), 0)
    form.start_time.data = FIRST_TIME
    form.minutes.data = MINUTES[1]
    form.agents.data = [me().public_id]


def _closed_ahead(group: SchoolClass) -> list[Closed]:
    first, last = today() - timedelta(7), date(group.school_year + 1, 7, 31)
    return planning.closed_days(session(), group.district_id, group.school_id, min(first, last), last)


def _week_choices(group: SchoolClass, closed: Sequence[Closed]) -> list[tuple[str, str, dict[str, Any]]]:
    """The weeks from this one (or the school year's first) to the school year's last; those without teaching cannot be chosen."""
    week = planning.iso_week(max(today(), date(group.school_year, 8, 1)))
    choices = []
    while week.monday <= date(group.school_year + 1, 7, 31):
        choices.append(_week_choice(week, closed))
        week = week.next
    while choices and choices[-1][2]:
        choices.pop()  # the summer at the end
    return choices


def _week_choice(week: planning.Week, closed: Sequence[Closed]) -> tuple[str, str, dict[str, Any]]:
    label = gettext("Week %(number)s", number=week.number)
    if planning.is_teaching_week(week, closed):
        return str(week), f"{label}: {day(week.monday, 'd. MMM')} – {day(week.monday + timedelta(4), 'd. MMM')}", {}
    return str(week), f"{label}: {planning.why_closed(week.monday, closed)}", {"disabled": True}


def _agents_of(classes: Sequence[SchoolClass]) -> Sequence[Person]:
    """Everyone who is an agent of one of these classes today."""
    ids = [group.id for group in classes]
    hers = select(Assignment.person_id).where(
        Assignment.role == AGENT,
        Assignment.class_id.in_(ids),
        Assignment.from_date <= today(),
        or_(Assignment.to_date.is_(None), Assignment.to_date >= today()),
    )
    query = select(Person).where(Person.id.in_(hers), Person.is_active).order_by(Person.name)
    return session().scalars(query.options(selectinload(Person.assignments))).all()


def _wishes(form: NewSeriesForm, classes: Sequence[SchoolClass], outlines: Sequence[DocumentVersion]) -> dict[str, Any]:
    """What was chosen, as the rules take it. The form has checked that each is one of the choices."""
    chosen = set(form.agents.data or [])
    week = planning.parse_week(form.start.data)
    return {
        "school_class": next(group for group in classes if group.public_id == form.school_class.data),
        "outline": next(version for version in outlines if version.document.key == form.outline.data),
        "start": (week.year, week.number),
        "weekday": form.weekday.data,
        "start_time": form.start_time.data,
        "minutes": form.minutes.data,
        "agents": [person for person in _agents_of(classes) if person.public_id in chosen],
        "today": today(),
    }


# --- One series -----------------------------------------------------------------------------------------------------------------------


@blueprint.get("/rekker/<series>")
@open_to(*READERS)
def series_page(series: str) -> Response:
    """A series week by week, with what is to be done about it."""
    return _series_page(find(Series, Series.public_id == series, load=_whole_series()))


@blueprint.route("/rekker/<series>/ta-i-bruk", methods=["GET", "POST"])
@open_to(AGENT)
def put_in_use(series: str) -> AnyResponse:
    """From now on the teachers and the parents see the series."""
    found = find(Series, Series.public_id == series, act="plan", load=_whole_series())
    form = Press()
    if form.validate_on_submit():
        planning.put_in_use(session(), found, by=me(), today=today(), now=now())
        return done(gettext("The series is in use: teachers and parents see it now."), "agents.series_page", series=series)
    return _series_page(found, refusal=_refusal(form))


@blueprint.route("/rekker/<series>/unntak", methods=["GET", "POST"])
@open_to(AGENT)
def waive(series: str) -> AnyResponse:
    """Give a waiver: this series may leave out a fixed theme, for a reason."""
    found = find(Series, Series.public_id == series, act="plan", load=_whole_series())
    missing, titles = planning.missing_themes(session(), found), _themes()
    form = WaiverForm()
    form.theme.choices = [(theme.key, titles[theme.id].title if theme.id in titles else theme.key) for theme in missing]
    if form.validate_on_submit():
        theme = next(theme for theme in missing if theme.key == form.theme.data)
        planning.waive(session(), found, theme, why=str(form.why.data), by=me(), now=now())
        return done(gettext("The waiver is given, and stands in the report."), "agents.series_page", series=series)
    return page("agents/waive.html", form=form, series=found)


def _whole_series() -> tuple[ORMOption, ...]:
    return (
        joinedload(Series.school_class).joinedload(SchoolClass.school),
        joinedload(Series.district),
        joinedload(Series.outline_version).joinedload(DocumentVersion.document),
        selectinload(Series.agents),
        selectinload(Series.slots),
        selectinload(Series.waivers).joinedload(Waiver.theme),
        selectinload(Series.lessons).options(
            joinedload(Lesson.theme), joinedload(Lesson.pinned_version), selectinload(Lesson.staff), selectinload(Lesson.moves)
        ),
    )


def _series_page(series: Series, refusal: str = "") -> Response:
    group, themes = series.school_class, _themes()
    days = [lesson.date for lesson in series.lessons] or [series.from_date]
    closed = planning.closed_days(session(), group.district_id, group.school_id, min(days), max(days) + timedelta(7))
    held = summaries.held_lessons(session(), series.lessons, today())
    return page(
        "agents/series.html",
        series=series,
        rows=timeline.of_series(series, themes, held, closed, today()),
        held=sum(lesson.id in held for lesson in series.lessons if lesson.state != CANCELLED),
        count=sum(lesson.state != CANCELLED for lesson in series.lessons),
        missing=[themes[theme.id].title if theme.id in themes else theme.key for theme in planning.missing_themes(session(), series)],
        waivers=[(themes[waiver.theme_id].title if waiver.theme_id in themes else waiver.theme.key, waiver) for waiver in series.waivers],
        newest_outline=_newest(series.outline_version.document),
        links=_links(group),
        base_url=current_app.config["SETTINGS"].base_url,
        weekday_name=_weekday_name,
        refusal=refusal,
    )


def _newest(document: Document) -> int:
    """The number of a document's version in effect today."""
    version = ideabank.current(document, today())
    return version.number if version else 0


def _links(group: SchoolClass) -> dict[str, Link]:
    """The class's open links by kind, for those who may share them."""
    query = visible(Link, "share").where(Link.class_id == group.id, Link.revoked_at.is_(None), Link.expires >= today())
    return {link.kind: link for link in session().scalars(query.order_by(Link.id))}


def _refusal(form: Press) -> str:
    return " ".join(str(words) for words in form.form_errors)


# --- One lesson -------------------------------------------------------------------------------------------------------------------------


@blueprint.route("/rekker/<series>/<lesson>/flytt", methods=["GET", "POST"])
@open_to(AGENT)
def move(series: str, lesson: str) -> AnyResponse:
    """Find a new date for a lesson."""
    found = _lesson(series, lesson)
    form = MoveForm(date=found.date, start_time=found.start)
    if form.validate_on_submit():
        start = found.start
        planning.move_lesson(session(), found, form.date.data, form.start_time.data, why=form.why.data or "", by=me(), now=now())
        words = gettext("“%(title)s” is moved to %(date)s.", title=_title(found), date=_when(found))
        back = url_for("agents.move_back", series=series, lesson=lesson, start=f"{start:%H:%M}")
        return done(words, "agents.series_page", series=series, undo=back)
    return page("agents/move.html", form=form, lesson=found, title=_title(found))


@blueprint.route("/rekker/<series>/<lesson>/flytt-tilbake", methods=["GET", "POST"])
@open_to(AGENT)
def move_back(series: str, lesson: str) -> AnyResponse:
    """Undo a lesson's last move; the time of day it had comes with the address."""
    found = _lesson(series, lesson)
    if not found.moves:
        abort(404)
    form = Press()
    if form.validate_on_submit():
        planning.move_lesson(session(), found, found.moves[-1].old_date, _time_of_address() or found.start, by=me(), now=now())
        words = gettext("“%(title)s” is back on %(date)s.", title=_title(found), date=_when(found))
        return done(words, "agents.series_page", series=series)
    return _lesson_refused(series, form)


def _time_of_address() -> time | None:
    try:
        return time.fromisoformat(request.args.get("start", ""))
    except ValueError:
        return None


@blueprint.route("/rekker/<series>/<lesson>/avlys", methods=["GET", "POST"])
@open_to(AGENT)
def cancel(series: str, lesson: str) -> AnyResponse:
    """Cancel a lesson: it will not be held, and the parents' page says so."""
    found = _lesson(series, lesson)
    form = CancelForm()
    if form.validate_on_submit():
        planning.cancel_lesson(session(), found, why=form.why.data or "", by=me(), now=now())
        undo = url_for("agents.restore", series=series, lesson=lesson)
        return done(gettext("“%(title)s” is cancelled.", title=_title(found)), "agents.series_page", undo=undo, series=series)
    return page("agents/cancel.html", form=form, lesson=found, title=_title(found), refusal=_refusal(form))


@blueprint.route("/rekker/<series>/<lesson>/likevel", methods=["GET", "POST"])
@open_to(AGENT)
def restore(series: str, lesson: str) -> AnyResponse:
    """Undo a cancellation: the lesson is held after all."""
    found = _lesson(series, lesson)
    form = Press()
    if form.validate_on_submit():
        planning.restore_lesson(session(), found, by=me(), now=now())
        return done(gettext("“%(title)s” is held after all.", title=_title(found)), "agents.series_page", series=series)
    return _lesson_refused(series, form)


@blueprint.route("/rekker/<series>/<lesson>/las", methods=["GET", "POST"])
@open_to(AGENT)
def lock(series: str, lesson: str) -> AnyResponse:
    """Lock the date of a lesson: it stays when the series is planned anew."""
    return _set_lock(series, lesson, True, N_("The date of “%(title)s” is locked."))


@blueprint.route("/rekker/<series>/<lesson>/las-opp", methods=["GET", "POST"])
@open_to(AGENT)
def unlock(series: str, lesson: str) -> AnyResponse:
    """Let the date of a lesson move again."""
    return _set_lock(series, lesson, False, N_("The date of “%(title)s” is no longer locked."))


def _set_lock(series: str, lesson: str, locked: bool, words: str) -> AnyResponse:
    found = _lesson(series, lesson)
    form = Press()
    if form.validate_on_submit():
        planning.lock_lesson(session(), found, locked)
        return done(gettext(words, title=_title(found)), "agents.series_page", series=series)
    return _lesson_refused(series, form)


def _lesson_refused(series: str, form: Press) -> Response:
    """The series' page with the words; a GET of a button's address shows the page as it is."""
    return _series_page(find(Series, Series.public_id == series, act="plan", load=_whole_series()), refusal=_refusal(form))


def _lesson(series: str, lesson: str) -> Lesson:
    load = (
        joinedload(Lesson.series).options(
            joinedload(Series.school_class).joinedload(SchoolClass.school), selectinload(Series.slots), selectinload(Series.agents)
        ),
        joinedload(Lesson.theme),
        selectinload(Lesson.moves),
        selectinload(Lesson.classes),
    )
    return find(Lesson, Lesson.public_id == lesson, Lesson.series.has(Series.public_id == series), act="plan", load=load)


def _title(lesson: Lesson) -> str:
    version = lesson.pinned_version or ideabank.current(lesson.theme, today())
    return version.title if version else lesson.theme.key


def _when(lesson: Lesson) -> str:
    return f"{weekday(lesson.date)} {day(lesson.date)}"
