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
from app.agents import changes, timeline
from app.agents.forms import Press
from app.agents.together import together_with
from app.database import OSLO, now, session, today
from app.language import gettext, weekday
from app.pages import done, page
from curriculum import delivery, ideabank, planning, summaries
from curriculum.delivery import Rest, Run
from curriculum.ideabank import OUTLINE, THEME, Document, DocumentVersion, Edition
from curriculum.people import (
    ADMINISTRATOR,
    AGENT,
    COORDINATOR,
    HALF,
    HEAD,
    MANAGER,
    Person,
    SchoolClass,
    open_links,
    roles,
)
from curriculum.planning import CANCELLED, CONTINUED, HELD, PLANNED, Lesson, Listed, Move, Series, SeriesSoFar, Waiver

blueprint = Blueprint("agents", __name__, template_folder="templates")

READERS = (AGENT, COORDINATOR, HEAD, MANAGER, ADMINISTRATOR)


# --- The list -------------------------------------------------------------------------------------------------------------------------


@blueprint.get("/rekker")
@open_to(*READERS)
def series_list() -> Response:
    """The series a person may see, by school year and school."""
    titles = {id: theme.title for id, theme in themes_today().items()}
    years: dict[int, dict[str, list[SeriesSoFar]]] = defaultdict(lambda: defaultdict(list))
    for one in planning.series_list(session(), me(), today(), now().astimezone(OSLO).time()):
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
    return show_series(find_by_id(Series, series, load=seen_series()))


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
def seen_series() -> tuple[ORMOption, ...]:
    """What a series' page reads beside its lessons, in one query; a series has few agents, times and waivers. Built once."""
    return (
        joinedload(Series.school_class, innerjoin=True).joinedload(SchoolClass.school, innerjoin=True),
        joinedload(Series.outline_version, innerjoin=True).options(defer(DocumentVersion.text), joinedload(DocumentVersion.document)),
        joinedload(Series.agents),
        joinedload(Series.slots),
        joinedload(Series.waivers).options(joinedload(Waiver.theme), joinedload(Waiver.by).load_only(Person.name)),
    )


@cache
def whole_series() -> tuple[ORMOption, ...]:
    """What is done to a series reads its lessons too, in three queries. Built once."""
    return (
        *seen_series(),
        selectinload(Series.lessons).options(
            defer(Lesson.held_record),
            defer(Lesson.local_steps),
            joinedload(Lesson.theme, innerjoin=True),
            joinedload(Lesson.pinned_version).defer(DocumentVersion.text),
            selectinload(Lesson.moves).joinedload(Move.by).load_only(Person.name),
        ),
    )


def show_series(series: Series, refusal: str = "") -> Response:
    """A series' page, with the words of a refusal above it."""
    group, themes = series.school_class, themes_today()
    lessons = planning.listed(session(), [series.id])[series.id]
    real = [lesson for lesson in lessons if lesson.state != CANCELLED]
    days = [lesson.date for lesson in lessons] or [series.from_date]
    closed = planning.closed_days(session(), group.district_id, group.school_id, min(days), max(*days, today()) + timedelta(7))
    held = _held(lessons, planning.held_until(today(), closed))
    titles = {one.key: one.title for one in themes.values()}
    there = {themes[lesson.theme_id].key for lesson in real}
    gone = planning.departed(session(), series, today())
    return page(
        "agents/series.html",
        series=series,
        rows=timeline.of_series(series, lessons, themes, held, closed, today()),
        held=len(held),
        count=len(real),
        missing=[titles.get(key, key) for key in planning.missing_keys(series, there)],
        waivers=[(titles.get(waiver.theme.key, waiver.theme.key), waiver) for waiver in series.waivers if waiver.theme.key not in there],
        newest_outline=_newest(series.outline_version.document),
        news=planning.changed_needs(lessons, themes, today()),
        links=open_links(session(), group, today()) if can("share", series) else {},
        together=together_with(real),
        started={lesson.id for lesson in real if _has_begun(lesson)},
        base_url=current_app.config["SETTINGS"].base_url,
        agentless=planning.without_agent_since(session(), [series.id], today()).get(series.id),
        gone=gone,
        away_of=[one for one in series.agents if one not in gone] if COORDINATOR in roles(me(), today()) else [],
        closed_lessons=planning.lessons_on_closed_days(session(), group.district_id, today()),
        may_end=any(one.state == PLANNED and one.date >= today() for one in lessons),
        is_begun=any(one.state in (HELD, CONTINUED) for one in lessons),
        changes=changes.last_changes([series], {id: one.title for id, one in themes.items()}) if can("plan", series) else [],
        apart=planning.halves_apart(session(), lessons) if group.kind == HALF else {},
        too_long=_too_long(lessons, themes),
        refusal=refusal,
    )


def _too_long(lessons: Iterable[Listed], themes: Mapping[int, Edition]) -> dict[int, Run]:
    """The runs of the lessons ahead (by id) that take up a rest for which they have no room. One query where any takes one up."""
    ahead = {one.id: one for one in lessons if one.state == PLANNED}
    rests = delivery.rests_taken_up(session(), ahead.values())
    runs = {id: _run(ahead[id], themes, rest) for id, rest in rests.items()}
    return {id: run for id, run in runs.items() if run.is_too_long}


def _run(lesson: Listed, themes: Mapping[int, Edition], rest: Rest) -> Run:
    minutes = (lesson.end.hour - lesson.start.hour) * 60 + lesson.end.minute - lesson.start.minute
    return delivery.run_of(summaries.theme_of(lesson.pinned_version or themes[lesson.theme_id]), minutes, rest)


def _newest(document: Document) -> int:
    """The number of a document's version in effect today."""
    outline = ideabank.editions(session(), document.district_id, today(), OUTLINE).get(document.id)
    return outline.number if outline else 0


def _held(lessons: Iterable[Listed], until: date) -> set[int]:
    """Ids of those that were held: someone said so, or they are from a day that counts as held by now."""
    return {one.id for one in lessons if one.state in (HELD, CONTINUED) or (one.state == PLANNED and one.date <= until)}


def _has_begun(lesson: Listed) -> bool:
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
