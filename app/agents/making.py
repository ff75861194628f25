"""New series: choose classes and themes, see the dates and what they add up to, save all of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from app.access import me, open_to
from app.agents import adding_up, timeline
from app.agents.choosing import (
    NewSeriesForm,
    Offer,
    TimeRow,
    chosen_classes,
    had_by,
    leave_out_what_they_had,
    new_series_form,
    offered,
    tick_anew,
    whole_of,
    wishes,
)
from app.agents.heeding import heeds_met
from app.agents.routes import blueprint
from app.database import now, session, today
from app.language import gettext
from app.pages import done, page, refused_words, said
from curriculum import planning
from curriculum.base import Refused
from curriculum.ideabank import DocumentVersion, Edition, ThemeDocument
from curriculum.people import AGENT, SchoolClass
from curriculum.planning import Conflict, Heed, Infeasible, Layout, Plan, Series, Week


@blueprint.route("/rekker/ny", methods=["GET", "POST"])
@open_to(AGENT)
def new_series() -> AnyResponse:
    """Choose, see the dates, save: preview and save are the same function on the same values."""
    offer = offered()
    if not offer.classes or not offer.outlines:
        return page("agents/nothing_to_plan.html", classes=offer.classes)
    form = new_series_form(offer)
    is_new_template = tick_anew(form, offer)
    if "leave_out" in request.form:
        leave_out_what_they_had(form, offer)
    is_preview = request.method == "GET" or is_new_template or bool({"show", "leave_out"} & set(request.form))
    if form.validate_on_submit() and not is_preview:
        return _made(planning.make_many(session(), **wishes(form, offer), by=me(), now=now()))
    if form.errors:
        return _page(form, offer)
    return _show_plans(form, offer, is_ticked_anew=is_new_template and not {"show", "leave_out"} & set(request.form))


def _made(series: Sequence[Series]) -> AnyResponse:
    if len(series) == 1:
        words = gettext("The series is planned. Look through the dates, and put it into use when they are agreed.")
        return done(words, "agents.series_page", series=series[0].public_id)
    names = ", ".join(one.school_class.name for one in series)
    words = gettext("Planned: %(names)s. Look through the dates of each, and put it into use when they are agreed.", names=names)
    return done(words, "agents.series_list")


# --- The plans --------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ShownPlan:
    """One class's plan week by week, or the conflicts why there is none."""

    school_class: SchoolClass
    rows: Sequence[timeline.WeekRow]
    conflicts: Sequence[Conflict]
    heeds: Sequence[str]
    """Days to tell of on which a lesson would stand."""
    shared: Sequence[Week]
    """Weeks in which the class has a lesson of another series too."""

    @property
    def times(self) -> list[timeline.Line]:
        """The first lesson at each of its weekly times."""
        firsts = {(line.date.weekday(), line.start, line.end): line for line in reversed(self.lines)}
        return [firsts[when] for when in sorted(firsts)]

    @property
    def lines(self) -> list[timeline.Line]:
        return [line for row in self.rows for line in row.lines]


def _show_plans(form: NewSeriesForm, offer: Offer, *, is_ticked_anew: bool = False) -> Response:
    """The dates as they would be saved, or why there are none; `is_ticked_anew`: they were to be saved, of another template's themes."""
    layouts, problem = _preview(form, offer)
    heeds = planning.days_to_heed(session(), [one.wish.school_class for one in layouts], *_reach(layouts)) if layouts else []
    planned = planning.weeks_planned(session(), [one.wish.school_class for one in layouts], *_reach(layouts)) if layouts else {}
    plans = [_plan(layout, offer.outline(form.outline.data), heeds, planned) for layout in layouts]
    response = _page(form, offer, plans, problem, is_ticked_anew=is_ticked_anew)
    response.status_code = 200  # a plan that is shown is an answer, not a refusal
    return response


def _preview(form: NewSeriesForm, offer: Offer) -> tuple[Sequence[Layout], str]:
    """The layouts, or the words why these wishes are impossible whatever the others are.

    A refusal of what someone chose goes on up, so that it shows beside its field; what we proposed ourselves is nobody's fault.
    """
    try:
        return planning.preview_many(session(), **wishes(form, offer), now=now()), ""
    except Refused as refusal:
        if request.method == "POST":
            raise
        return (), refused_words(refusal)


def _reach(layouts: Sequence[Layout]) -> tuple[date, date]:
    """The first and last day of the series."""
    return min(one.from_date for one in layouts), max(one.to_date for one in layouts)


def _plan(layout: Layout, outline: DocumentVersion, heeds: Sequence[Heed], planned: Mapping[int, Sequence[Week]]) -> ShownPlan:
    conflicts = layout.answer.conflicts if isinstance(layout.answer, Infeasible) else ()
    rows = timeline.of_layout(layout, outline, today()) if isinstance(layout.answer, Plan) else []
    weeks = {row.week for row in rows if row.lines}
    shared = [week for week in planned[layout.wish.school_class.id] if week in weeks]
    return ShownPlan(layout.wish.school_class, rows, conflicts, heeds_met(layout, heeds), shared)


# --- The page ---------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ClassLine:
    """A class to choose, with its weekly time; `made` is the series of the chosen template that it has already."""

    school_class: SchoolClass
    row: TimeRow
    is_half: bool
    is_split: bool
    is_chosen: bool
    made: str
    beside: Sequence[str]
    """Those with the same pupils that have a series: then the class cannot have one."""

    @property
    def grades(self) -> list[int]:
        """The first and the last year the class holds, where they are several."""
        grades = [one.grade for one in self.school_class.grades]
        return [min(grades), max(grades)] if len(grades) > 1 else []


@dataclass(frozen=True)
class ThemeLine:
    """A theme to tick: the subjects whose aims it serves, and what of it the chosen classes have had before."""

    key: str
    document: ThemeDocument
    is_fixed: bool
    is_ticked: bool
    subjects: tuple[str, str]
    had: Sequence[str]


def _page(
    form: NewSeriesForm, offer: Offer, plans: Sequence[ShownPlan] = (), problem: str = "", *, is_ticked_anew: bool = False
) -> Response:
    outline, ticked, chosen = offer.outline(form.outline.data), form.themes.data or [], chosen_classes(form, offer)
    fixed, bank = planning.fixed_themes(outline), adding_up.serving(offer.themes)
    lines = {
        key: ThemeLine(key, _document(one), key in fixed, key in ticked, _listed(bank.subjects[key]), list(_had_words(key, chosen, offer)))
        for key, one in offer.themes.items()
    }
    own = [lines.pop(key) for key in offer.own(outline)]
    unpublished = [place for place in planning.places(outline) if place.theme not in offer.themes]
    unticked = [one.document.title for one in own if one.is_fixed and not one.is_ticked]
    return page(
        "agents/new_series.html",
        form=form,
        schools=_by_school(form, offer),
        several_years=len({one.school_year for one in offer.classes}) > 1,
        outline=outline,
        own=own,
        others=_by_series(lines, offer),
        unpublished=[place.theme for place in unpublished],
        fixed_out=[*unticked, *(place.theme for place in unpublished if place.fixed)],
        sum=adding_up.add_up(ticked, offer.own(outline), bank),
        unticked=form.unticked,
        is_ticked_anew=is_ticked_anew,
        twice=list(_planned_twice(form, offer)),
        can_leave_out=any(one.had and one.is_ticked and not one.is_fixed for one in (*own, *lines.values())),
        plans=plans,
        problem=problem,
        in_words=said,
    )


def _listed(subjects: tuple[Sequence[str], Sequence[str]]) -> tuple[str, str]:
    return ", ".join(subjects[0]), ", ".join(subjects[1])


def _by_school(form: NewSeriesForm, offer: Offer) -> dict[tuple[str, int], list[ClassLine]]:
    """The classes by school and school year."""
    found: dict[tuple[str, int], list[ClassLine]] = {}
    split = {whole.id for one in offer.classes if (whole := whole_of(one))}
    template = offer.outline(form.outline.data).document_id
    for one in offer.classes:
        made = offer.made.get((one.id, template), "")
        is_chosen = one.public_id in (form.classes.data or ()) and not made
        line = ClassLine(one, form.line(one), whole_of(one) is not None, one.id in split, is_chosen, made, offer.beside[one.id])
        found.setdefault((one.school.name, one.school_year), []).append(line)
    return found


def _document(theme: Edition) -> ThemeDocument:
    assert isinstance(theme.content, ThemeDocument)
    return theme.content


def _planned_twice(form: NewSeriesForm, offer: Offer) -> Iterator[tuple[str, list[str]]]:
    """The chosen classes that have some of the ticked themes in another series of theirs: their names, each with the titles."""
    ticked = [offer.themes[key] for key in form.themes.data or () if key in offer.themes]
    for one in chosen_classes(form, offer):
        if titles := [theme.title for theme in ticked if theme.document_id in offer.planned[one.id]]:
            yield one.name, titles


def _had_words(key: str, chosen: Sequence[SchoolClass], offer: Offer) -> Iterator[str]:
    """When the chosen classes had a theme before; for whom, where it is not the same for all of them. A class of several years once."""
    had = had_by(chosen, key, offer)
    grades: dict[tuple[int, str], set[int]] = {}
    for once in sorted({one for some in had.values() for one in some}):
        grades.setdefault((once.school_year, once.name), set()).add(once.grade)
    names: dict[tuple[int, int, int, str], list[str]] = {}
    for (year, name), some in grades.items():
        pupils = [one.name for one in chosen if any((once.school_year, once.name) == (year, name) for once in had.get(one, ()))]
        pupils_named = ", ".join(pupils) if len(pupils) < len(chosen) and pupils != [name] else ""
        names.setdefault((year, min(some), max(some), pupils_named), []).append(name)
    for (year, first, last, pupils_named), who in names.items():
        words = _had_in(year, first, last, ", ".join(who))
        yield gettext("%(names)s: %(words)s", names=pupils_named, words=words) if pupils_named else words


def _had_in(year: int, first: int, last: int, name: str) -> str:
    """That a class had a theme, in which school year and in which of its pupils' years."""
    if year == planning.school_year(today()):
        return gettext("%(name)s has had this earlier this school year", name=name)
    span = {"from": year, "to": year + 1}
    if first < last:
        return gettext("%(name)s had this in years %(first)s–%(last)s (%(from)s–%(to)s)", name=name, first=first, last=last, **span)
    return gettext("%(name)s had this in year %(grade)s (%(from)s–%(to)s)", name=name, grade=first, **span)


def _by_series(lines: Mapping[str, ThemeLine], offer: Offer) -> dict[str, list[ThemeLine]]:
    """Themes for pupils that the template does not have, by the series they belong to."""
    titles = {outline.document.key: outline.title for outline in offer.outlines}
    found: dict[str, list[ThemeLine]] = {}
    for one in lines.values():
        if one.document.audience == "pupils" or one.is_ticked:
            title = titles.get(one.document.series, one.document.series) or gettext("Other themes")
            found.setdefault(title, []).append(one)
    return found
