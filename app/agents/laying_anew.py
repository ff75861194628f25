"""New dates for lessons ahead, to look at and to accept: the rest of series laid out anew, or a lost day mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import abort, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.access import find_by_id, me, open_to, safe_next, visible
from app.agents.changes import address_of
from app.agents.forms import AnewForm
from app.agents.halving import after_moving, has_it_in
from app.agents.one_lesson import asked_anew
from app.agents.routes import blueprint, refusal_of, themes_today, whole_series
from app.database import now, session, today
from app.language import clock, day, gettext, weekday
from app.pages import done, page, said
from curriculum import planning
from curriculum.base import N_
from curriculum.people import AGENT, HALF, SchoolClass
from curriculum.planning import LAID_ANEW, LOST_DAY, Anew, Lesson, Series

PASSED = 3
"""So many of the lessons that one passes are named."""

NAMED = 6
"""So many of the lessons that were moved are named afterwards."""


@blueprint.route("/rekker/<series>/legg-pa-nytt", methods=["GET", "POST"])
@open_to(AGENT)
def lay_anew(series: str) -> AnyResponse:
    """The lessons ahead of a series laid out anew around what stays."""
    found = find_by_id(Series, series, act="plan", load=whole_series())
    title = gettext("Lay out the rest of %(name)s anew", name=found.school_class.name)
    return _looked_at(planning.lay_anew(session(), [found], now()), LAID_ANEW, title, url_for("agents.series_page", series=series))


@blueprint.route("/rekker/legg-pa-nytt", methods=["GET", "POST"])
@open_to(AGENT)
def lay_all_anew() -> AnyResponse:
    """The lessons ahead of all her series of a school year laid out anew, together."""
    this = planning.school_year(today())
    hers = _planned_by_her(this + 1 if request.args.get("ar") == str(this + 1) else this)
    series = [one for one in hers if any(agent.id == me().id for agent in one.agents)]
    anew = planning.lay_anew(session(), series, now()) if series else Anew((), ())
    return _looked_at(anew, LAID_ANEW, gettext("Lay out the rest of all my series anew"), url_for("agents.board"))


@blueprint.route("/rekker/tapt/<on>", methods=["GET", "POST"])
@open_to(AGENT)
def lost_day(on: str) -> AnyResponse:
    """New dates for the lessons of a day on which they cannot be held: of all classes she plans for, or of one, or of one school."""
    try:
        lost = date.fromisoformat(on)
    except ValueError:
        abort(404)
    hers = series = _planned_by_her(planning.school_year(lost))
    asked: dict[str, Any] = {name: given for name in ("klasse", "skole") if (given := request.args.get(name))}
    series = [one for one in series if asked.get("klasse", one.school_class.public_id) == one.school_class.public_id]
    series = [one for one in series if asked.get("skole", one.school_class.school.public_id) == one.school_class.school.public_id]
    title = gettext("The lessons of %(day)s get new dates", day=f"{weekday(lost)} {day(lost)}")
    return _looked_at(planning.mend_lost_day(session(), series, lost, now(), hers), LOST_DAY, title, url_for("agents.board", **asked))


def _planned_by_her(year: int) -> list[Series]:
    """The series of a school year that she may change, by the names of their classes."""
    query = visible(Series, "plan").join(Series.school_class).where(SchoolClass.school_year == year)
    return list(session().scalars(query.options(*whole_series()).order_by(SchoolClass.name, Series.id)).unique())


def _looked_at(anew: Anew, kind: str, title: str, back: str) -> AnyResponse:
    """The new dates with their reasons, and the button that accepts them; the same call makes both."""
    back = safe_next(request.values.get("next"), back)
    form = AnewForm()
    if form.validate_on_submit():
        moved = _moved(anew)  # before: the lessons have their new dates afterwards
        change = planning.accept_anew(session(), anew, form.seal.data or "", kind, why=form.reason.data or "", by=me(), now=now())
        words = gettext("New dates are saved. Lessons moved: %(count)s.", count=len(anew.shifts))
        words += " " + "; ".join(moved[:NAMED]) + (" …" if len(moved) > NAMED else ".")
        words += asked_anew([one.lesson for one in anew.shifts])
        apart, more = after_moving(one.lesson for one in anew.shifts)
        return done(words + apart, "agents.board", to=back, undo=address_of(change), more=more)
    form.seal.data = anew.seal
    titles = {id: theme.title for id, theme in themes_today().items()}
    return page(
        "agents/laid_anew.html", form=form, anew=anew, heading=title, back=back, titles=titles, in_words=said, refusal=refusal_of(form),
        touched=_touched(anew), is_lost_day=kind == LOST_DAY,
        notes={one.id: _notes(anew, one, titles) for one in anew.series},
    )  # fmt: skip


def _notes(anew: Anew, series: Series, titles: Mapping[int, str]) -> dict[int, list[str]]:
    """What follows from each move of a series, by the lesson's id: another order, a visitor to ask anew, a half in another week."""
    shifts = anew.shifts_of(series)
    halves = [one.lesson for one in anew.shifts if series.school_class.kind == HALF]
    apart = planning.halves_apart(session(), halves, {one.lesson.id: one.date for one in anew.shifts}) if halves else {}
    passed = anew.passed(series)
    found = {}
    for lesson in (one.lesson for one in shifts):
        order = passed.get(lesson.id)
        lines = (
            [
                _order(N_("Comes before %(titles)s now."), order.before, titles),
                _order(N_("Comes after %(titles)s now."), order.after, titles),
            ]
            if order
            else []
        )
        if planning.is_visited(lesson) and lesson.asked_presenter:
            lines.append(gettext("%(name)s is asked to the old date, and must be asked anew.", name=lesson.asked_presenter.name))
        found[lesson.id] = [line for line in (*lines, has_it_in(apart.get(lesson.id, ()))) if line]
    return found


def _order(sentence: str, lessons: Sequence[Lesson], titles: Mapping[int, str]) -> str:
    """The lessons that one has passed, the first of them by name."""
    if not lessons:
        return ""
    named = ", ".join(gettext("“%(title)s”", title=titles.get(one.theme_id, one.theme.key)) for one in lessons[:PASSED])
    more = len(lessons) - PASSED
    return gettext(sentence, titles=gettext("%(titles)s and %(count)s more", titles=named, count=more) if more > 0 else named)


def _moved(anew: Anew) -> list[str]:
    """The lessons that get new dates, each with its class and where it goes."""
    themes = themes_today()
    return [
        gettext(
            "%(name)s “%(title)s”: %(old)s → %(new)s",
            name=series.school_class.name,
            title=themes[one.lesson.theme_id].title if one.lesson.theme_id in themes else one.lesson.theme.key,
            old=day(one.lesson.date), new=f"{weekday(one.date)} {day(one.date)} {clock(one.start)}",
        )
        for series in anew.series
        for one in anew.shifts_of(series)
    ]  # fmt: skip


def _touched(anew: Anew) -> Sequence[Series]:
    """The series of which something is to be told."""
    return [one for one in anew.series if anew.shifts_of(one) or any(stuck.series is one for stuck in anew.stuck) or len(anew.series) == 1]
