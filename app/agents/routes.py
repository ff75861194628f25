"""The course series: seeing them, making one, putting it into use or throwing it away, and its weekly time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, Response, abort, current_app, request, url_for
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption
from werkzeug.wrappers import Response as AnyResponse

from app.access import can, find, me, open_to, visible
from app.agents import timeline
from app.agents.forms import MINUTES, NewSeriesForm, Press, WaiverForm, WeeklyTimeForm
from app.database import OSLO, now, session, today
from app.language import day, gettext, weekday
from app.pages import done, page, refused_words, said
from curriculum import ideabank, planning, summaries
from curriculum.base import Refused
from curriculum.ideabank import OUTLINE, THEME, Document, DocumentVersion
from curriculum.people import (
    ADMINISTRATOR,
    AGENT,
    COORDINATOR,
    HEAD,
    MANAGER,
    Assignment,
    Person,
    SchoolClass,
    open_links,
)
from curriculum.planning import CANCELLED, PLANNED, Closed, Elsewhere, Infeasible, Layout, Lesson, Move, Series, Waiver

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
    form.minutes.choices = _minute_choices(MINUTES)
    form.agents.choices = [(person.public_id, person.name) for person in _agents_of(classes)]
    if request.method == "GET":
        form.school_class.data, form.outline.data = _first_unplanned(classes, outlines)
    group = next((one for one in classes if one.public_id == form.school_class.data), classes[0])
    form.start.choices = _week_choices(group, _closed_ahead(group))
    if request.method == "GET":
        _set_defaults(form)
    return form


def _minute_choices(lengths: Iterable[int]) -> list[tuple[int, str]]:
    return [(minutes, gettext("%(minutes)s minutes", minutes=minutes)) for minutes in sorted(lengths)]


def _first_unplanned(classes: Sequence[SchoolClass], outlines: Sequence[DocumentVersion]) -> tuple[str, str]:
    """The first class without a series, else the first that lacks one from a template; and the first template it lacks."""
    query = select(Series.class_id, DocumentVersion.document_id).join(Series.outline_version).where(Series.thrown_away_at.is_(None))
    planned = {(group, one) for group, one in session().execute(query.where(Series.class_id.in_([group.id for group in classes])))}
    has_any = {group for group, _ in planned}
    by_need = sorted(classes, key=lambda group: group.id in has_any)
    lacking = ((group, one) for group in by_need for one in outlines if (group.id, one.document_id) not in planned)
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
    return show_series(find(Series, Series.public_id == series, load=whole_series()))


@blueprint.route("/rekker/<series>/ta-i-bruk", methods=["GET", "POST"])
@open_to(AGENT)
def put_in_use(series: str) -> AnyResponse:
    """From now on the teachers and the parents see the series."""
    found = find(Series, Series.public_id == series, act="plan", load=whole_series())
    form = Press()
    if form.validate_on_submit():
        planning.put_in_use(session(), found, by=me(), today=today(), now=now())
        return done(gettext("The series is in use: teachers and parents see it now."), "agents.series_page", series=series)
    return show_series(found, refusal=refusal_of(form))


@blueprint.route("/rekker/<series>/kast", methods=["GET", "POST"])
@open_to(AGENT)
def throw_away(series: str) -> AnyResponse:
    """Throw away a plan that is not in use; the next page can bring it back."""
    found = find(Series, Series.public_id == series, act="plan", load=whole_series())
    form = Press()
    if form.validate_on_submit():
        planning.throw_away(session(), found, by=me(), now=now())
        words = gettext("The plan for %(name)s is thrown away. You can make a new one.", name=found.school_class.name)
        return done(words, "agents.series_list", undo=url_for("agents.bring_back", series=series))
    return show_series(found, refusal=refusal_of(form))


@blueprint.post("/rekker/<series>/hent-tilbake")
@open_to(AGENT)
def bring_back(series: str) -> AnyResponse:
    """Undo that a plan was thrown away."""
    found = session().scalars(select(Series).where(Series.public_id == series).options(*whole_series())).unique().first()
    if found is None or not can("plan", found.school_class):
        abort(404)
    planning.bring_back(session(), found, by=me(), now=now())
    return done(gettext("The plan is back."), "agents.series_page", series=series)


@blueprint.route("/rekker/<series>/ukestid", methods=["GET", "POST"])
@open_to(AGENT)
def weekly_time(series: str) -> AnyResponse:
    """Another weekly time for the lessons ahead: see the dates, then save them."""
    found = find(Series, Series.public_id == series, act="plan", load=whole_series())
    form = WeeklyTimeForm()
    form.weekday.choices = [(n, _weekday_name(n)) for n in range(5)]
    slot = found.slots[0]
    length = (slot.end.hour - slot.start.hour) * 60 + slot.end.minute - slot.start.minute
    form.minutes.choices = _minute_choices({*MINUTES, length})
    if request.method == "GET":
        form.weekday.data, form.start_time.data, form.minutes.data = slot.weekday, slot.start, length
        form.seen.data = _state(found)
    is_preview = request.method == "GET" or "show" in request.form
    if form.validate_on_submit() and not is_preview:
        if form.seen.data != _state(found):
            abort(409)
        planning.change_weekly_time(session(), found, **_weekly(form), by=me(), today=today(), now=now())
        return done(gettext("The weekly time is changed, and the lessons ahead have new dates."), "agents.series_page", series=series)
    if form.errors:
        return page("agents/weekly_time.html", form=form, series=found)
    return _show_retimed(form, found)


def _state(series: Series) -> str:
    """Another for every change of the series or of one of its lessons."""
    return f"{series.version}.{sum(lesson.version for lesson in series.lessons)}"


def _weekly(form: WeeklyTimeForm) -> dict[str, Any]:
    return {"weekday": form.weekday.data, "start": form.start_time.data, "minutes": form.minutes.data}


def _show_retimed(form: WeeklyTimeForm, series: Series) -> Response:
    """The lessons ahead as they would stand, or why they do not fit."""
    shown = planning.preview_weekly_time(session(), series, **_weekly(form), today=today())
    conflicts = shown.answer.conflicts if isinstance(shown.answer, Infeasible) else ()
    days = [*shown.dates.values(), *(lesson.date for lesson in series.lessons), series.from_date]
    group = series.school_class
    closed = planning.closed_days(session(), group.district_id, group.school_id, min(days), max(days))
    rows = [] if conflicts else timeline.of_retimed(series, shown, _themes(), closed, today())
    response = page("agents/weekly_time.html", form=form, series=series, rows=rows, conflicts=conflicts, in_words=said)
    response.status_code = 200  # a plan that is shown is an answer, not a refusal
    return response


@blueprint.route("/rekker/<series>/unntak", methods=["GET", "POST"])
@open_to(AGENT)
def waive(series: str) -> AnyResponse:
    """Give a waiver: this series may leave out a fixed theme, for a reason."""
    found = find(Series, Series.public_id == series, act="plan", load=whole_series())
    missing, titles = planning.missing_themes(session(), found), _themes()
    form = WaiverForm()
    form.theme.choices = [(theme.key, titles[theme.id].title if theme.id in titles else theme.key) for theme in missing]
    if form.validate_on_submit():
        theme = next(theme for theme in missing if theme.key == form.theme.data)
        planning.waive(session(), found, theme, why=str(form.why.data), by=me(), now=now())
        return done(gettext("The waiver is given, and stands in the report."), "agents.series_page", series=series)
    return page("agents/waive.html", form=form, series=found)


def whole_series() -> tuple[ORMOption, ...]:
    return (
        joinedload(Series.school_class).joinedload(SchoolClass.school),
        joinedload(Series.district),
        joinedload(Series.outline_version).joinedload(DocumentVersion.document),
        selectinload(Series.agents),
        selectinload(Series.slots),
        selectinload(Series.waivers).joinedload(Waiver.theme),
        selectinload(Series.lessons).options(
            joinedload(Lesson.theme),
            joinedload(Lesson.pinned_version),
            selectinload(Lesson.staff),
            selectinload(Lesson.moves).joinedload(Move.by),
        ),
    )


def show_series(series: Series, refusal: str = "") -> Response:
    """A series' page, with the words of a refusal above it."""
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
        links=open_links(session(), group, today()) if can("share", series) else {},
        started={lesson.id for lesson in series.lessons if _has_begun(lesson)},
        base_url=current_app.config["SETTINGS"].base_url,
        weekday_name=_weekday_name,
        refusal=refusal,
    )


def _newest(document: Document) -> int:
    """The number of a document's version in effect today."""
    version = ideabank.current(document, today())
    return version.number if version else 0


def _has_begun(lesson: Lesson) -> bool:
    return datetime.combine(lesson.date, lesson.start, OSLO) <= now()


def refusal_of(form: Press) -> str:
    """The words with which the rules refused a button."""
    return " ".join(str(words) for words in form.form_errors)
