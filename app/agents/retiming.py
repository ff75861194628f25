"""Other weekly times for a series: see the dates of the lessons ahead, then save them."""

from __future__ import annotations

from flask import Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

from app.access import find_by_id, me, open_to
from app.agents import timeline
from app.agents.changes import undo_of
from app.agents.routes import blueprint, themes_today, whole_series
from app.agents.times import TimesForm
from app.database import now, session, today
from app.language import gettext
from app.pages import done, page, said
from curriculum import planning
from curriculum.people import AGENT
from curriculum.planning import Infeasible, Series


@blueprint.route("/rekker/<series>/ukestid", methods=["GET", "POST"])
@open_to(AGENT)
def weekly_time(series: str) -> AnyResponse:
    """Other weekly times for the lessons ahead: see the dates, then save them."""
    found = find_by_id(Series, series, act="plan", load=whole_series())
    form = TimesForm()
    if request.method == "GET":
        form.fill(found.slots)
        form.seen.data = state_of(found)
    is_preview = request.method == "GET" or "show" in request.form
    if form.validate_on_submit() and not is_preview:
        if form.seen.data != state_of(found):
            abort(409)
        planning.change_times(session(), found, form.wished, by=me(), today=today(), now=now())
        words = gettext("The weekly times are changed, and the lessons ahead have new dates.")
        return done(words, "agents.series_page", series=series, undo=undo_of(found))
    if form.errors:
        return page("agents/weekly_time.html", form=form, series=found)
    return _show_retimed(form, found)


def state_of(series: Series) -> str:
    """Another for every change of the series or of one of its lessons."""
    return f"{series.version}.{sum(lesson.version for lesson in series.lessons)}"


def _show_retimed(form: TimesForm, series: Series) -> Response:
    """The lessons ahead as they would stand, or why they do not fit."""
    shown = planning.preview_times(session(), series, form.wished, today=today())
    conflicts = shown.answer.conflicts if isinstance(shown.answer, Infeasible) else ()
    days = [*(time[0] for time in shown.times.values()), *(lesson.date for lesson in series.lessons), series.from_date]
    group = series.school_class
    closed = planning.closed_days(session(), group.district_id, group.school_id, min(days), max(days))
    rows = [] if conflicts else timeline.of_retimed(series, shown, themes_today(), closed, today())
    response = page("agents/weekly_time.html", form=form, series=series, rows=rows, conflicts=conflicts, in_words=said)
    response.status_code = 200  # a plan that is shown is an answer, not a refusal
    return response
