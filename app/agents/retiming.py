"""Another weekly time for a series: see the dates of the lessons ahead, then save them."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

from app.access import find_by_id, me, open_to
from app.agents import timeline
from app.agents.forms import MINUTES, WeeklyTimeForm
from app.agents.lessons import state_of, undo_weekly_time
from app.agents.routes import blueprint, minute_choices, themes_today, weekday_name, whole_series
from app.database import now, session, today
from app.language import gettext
from app.pages import done, page, said
from curriculum import planning
from curriculum.people import AGENT
from curriculum.planning import Infeasible, Series


@blueprint.route("/rekker/<series>/ukestid", methods=["GET", "POST"])
@open_to(AGENT)
def weekly_time(series: str) -> AnyResponse:
    """Another weekly time for the lessons ahead: see the dates, then save them."""
    found = find_by_id(Series, series, act="plan", load=whole_series())
    form = WeeklyTimeForm()
    form.weekday.choices = [(n, weekday_name(n)) for n in range(5)]
    slot = found.slots[0]
    length = (slot.end.hour - slot.start.hour) * 60 + slot.end.minute - slot.start.minute
    form.minutes.choices = minute_choices({*MINUTES, length})
    if request.method == "GET":
        form.weekday.data, form.start_time.data, form.minutes.data = slot.weekday, slot.start, length
        form.seen.data = state_of(found)
    is_preview = request.method == "GET" or "show" in request.form
    if form.validate_on_submit() and not is_preview:
        if form.seen.data != state_of(found):
            abort(409)
        undo = undo_weekly_time(found)
        planning.change_weekly_time(session(), found, **_weekly(form), by=me(), today=today(), now=now())
        words = gettext("The weekly time is changed, and the lessons ahead have new dates.")
        return done(words, "agents.series_page", series=series, undo=f"{undo}&seen={state_of(found)}" if undo else "")
    if form.errors:
        return page("agents/weekly_time.html", form=form, series=found)
    return _show_retimed(form, found)


def _weekly(form: WeeklyTimeForm) -> dict[str, Any]:
    return {"weekday": form.weekday.data, "start": form.start_time.data, "minutes": form.minutes.data}


def _show_retimed(form: WeeklyTimeForm, series: Series) -> Response:
    """The lessons ahead as they would stand, or why they do not fit."""
    shown = planning.preview_weekly_time(session(), series, **_weekly(form), today=today())
    conflicts = shown.answer.conflicts if isinstance(shown.answer, Infeasible) else ()
    days = [*shown.dates.values(), *(lesson.date for lesson in series.lessons), series.from_date]
    group = series.school_class
    closed = planning.closed_days(session(), group.district_id, group.school_id, min(days), max(days))
    rows = [] if conflicts else timeline.of_retimed(series, shown, themes_today(), closed, today())
    response = page("agents/weekly_time.html", form=form, series=series, rows=rows, conflicts=conflicts, in_words=said)
    response.status_code = 200  # a plan that is shown is an answer, not a refusal
    return response
