"""The course series: the list of them and the page of one, putting it into use, and throwing it away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cache

from flask import Blueprint, Response, abort, current_app, url_for
from sqlalchemy import select
from sqlalchemy.orm import defer, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption
from werkzeug.wrappers import Response as AnyResponse

from app.access import can, find_by_id, me, open_to
from app.agents import timeline
from app.agents.forms import Press
from app.database import OSLO, now, session, today
from app.language import gettext, weekday
from app.pages import done, page
from curriculum import ideabank, planning, summaries
from curriculum.ideabank import OUTLINE, THEME, Document, DocumentVersion, Edition
from curriculum.people import (
    ADMINISTRATOR,
    AGENT,
    COORDINATOR,
    HEAD,
    MANAGER,
    SchoolClass,
    open_links,
)
from curriculum.planning import CANCELLED, Lesson, Move, Series, SeriesSoFar, Waiver

blueprint = Blueprint("agents", __name__, template_folder="templates")

READERS = (AGENT, COORDINATOR, HEAD, MANAGER, ADMINISTRATOR)


# --- The list -------------------------------------------------------------------------------------------------------------------------


@blueprint.get("/rekker")
@open_to(*READERS)
def series_list() -> Response:
    """The series a person may see, by school year and school."""
    titles = {id: theme.title for id, theme in themes_today().items()}
    years: dict[int, dict[str, list[SeriesSoFar]]] = defaultdict(lambda: defaultdict(list))
    for one in planning.series_list(session(), me(), today()):
        group = one.series.school_class
        years[group.school_year][group.school.name].append(one)
    this_year = planning.school_year(today())
    return page("agents/series_list.html", years=years, titles=titles, this_year=this_year, may_plan=bool(_my_class_ids()))


def themes_today() -> Mapping[int, Edition]:
    """What the district's themes say today, by their documents' ids."""
    return ideabank.editions(session(), me().district_id, today(), THEME)


def _my_class_ids() -> list[int]:
    """Ids of the classes she plans for today."""
    hers = [one for one in me().assignments if one.role == AGENT and one.in_effect(today())]
    return [one.class_id for one in hers if one.class_id]


# --- One series -----------------------------------------------------------------------------------------------------------------------


@blueprint.get("/rekker/<series>")
@open_to(*READERS)
def series_page(series: str) -> Response:
    """A series week by week, with what is to be done about it."""
    return show_series(find_by_id(Series, series, load=whole_series()))


@blueprint.route("/rekker/<series>/ta-i-bruk", methods=["GET", "POST"])
@open_to(AGENT)
def put_in_use(series: str) -> AnyResponse:
    """From now on the teachers and the parents see the series."""
    found = find_by_id(Series, series, act="plan", load=whole_series())
    form = Press()
    if form.validate_on_submit():
        planning.put_in_use(session(), found, by=me(), today=today(), now=now())
        words = gettext("The series is in use: teachers and parents see it now.")
        return done(words, "agents.series_page", series=series, undo=url_for("agents.take_out_of_use", series=series))
    return show_series(found, refusal=refusal_of(form))


@blueprint.route("/rekker/<series>/ta-ut-av-bruk", methods=["GET", "POST"])
@open_to(AGENT)
def take_out_of_use(series: str) -> AnyResponse:
    """Undo that the series was put into use, for as long as nothing of it was held."""
    found = find_by_id(Series, series, act="plan", load=whole_series())
    form = Press()
    if form.validate_on_submit():
        planning.take_out_of_use(session(), found, by=me(), now=now())
        return done(gettext("The series is being planned again: teachers and parents do not see it."), "agents.series_page", series=series)
    return show_series(found, refusal=refusal_of(form))


@blueprint.route("/rekker/<series>/kast", methods=["GET", "POST"])
@open_to(AGENT)
def throw_away(series: str) -> AnyResponse:
    """Throw away a plan that is not in use; the next page can bring it back."""
    found = find_by_id(Series, series, act="plan", load=whole_series())
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


@cache
def whole_series() -> tuple[ORMOption, ...]:
    """What a series' page and its acts read, in three queries; a series has few agents, times and waivers. Built once."""
    return (
        joinedload(Series.school_class, innerjoin=True).joinedload(SchoolClass.school, innerjoin=True),
        joinedload(Series.district, innerjoin=True),
        joinedload(Series.outline_version, innerjoin=True).options(defer(DocumentVersion.text), joinedload(DocumentVersion.document)),
        joinedload(Series.agents),
        joinedload(Series.slots),
        joinedload(Series.waivers).options(joinedload(Waiver.theme), joinedload(Waiver.by)),
        selectinload(Series.lessons).options(
            defer(Lesson.held_record),
            defer(Lesson.local_steps),
            joinedload(Lesson.theme, innerjoin=True),
            joinedload(Lesson.pinned_version).defer(DocumentVersion.text),
            selectinload(Lesson.moves).joinedload(Move.by),
        ),
    )


def show_series(series: Series, refusal: str = "") -> Response:
    """A series' page, with the words of a refusal above it."""
    group, themes = series.school_class, themes_today()
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
        news=planning.changed_needs(series.lessons, themes, today()),
        links=open_links(session(), group, today()) if can("share", series) else {},
        started={lesson.id for lesson in series.lessons if _has_begun(lesson)},
        base_url=current_app.config["SETTINGS"].base_url,
        agentless=planning.without_agent_since(session(), series, today()),
        weekday_name=weekday_name,
        refusal=refusal,
    )


def _newest(document: Document) -> int:
    """The number of a document's version in effect today."""
    outline = ideabank.editions(session(), document.district_id, today(), OUTLINE).get(document.id)
    return outline.number if outline else 0


def _has_begun(lesson: Lesson) -> bool:
    return datetime.combine(lesson.date, lesson.start, OSLO) <= now()


def refusal_of(form: Press) -> str:
    """The words with which the rules refused a button."""
    return " ".join(str(words) for words in form.form_errors)


def weekday_name(number: int) -> str:
    """The name of a weekday, 0 = Monday."""
    return weekday(date(2024, 1, 1) + timedelta(number)).capitalize()


def minute_choices(lengths: Iterable[int]) -> list[tuple[int, str]]:
    """Lengths of a lesson to choose from."""
    return [(minutes, gettext("%(minutes)s minutes", minutes=minutes)) for minutes in sorted(lengths)]
