"""A waiver: a series may leave out a fixed theme, for a reason that shows on the pages of the series and of the school."""

from __future__ import annotations

from flask import request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.access import find_by_id, me, open_to
from app.agents.forms import Press, SmallWaiverForm, WaiverForm
from app.agents.routes import blueprint, refusal_of, show_series, themes_today, whole_series
from app.database import now, session
from app.language import gettext
from app.pages import done, page
from curriculum import planning
from curriculum.people import AGENT, SMALL
from curriculum.planning import Series


@blueprint.route("/rekker/<series>/unntak", methods=["GET", "POST"])
@open_to(AGENT)
def waive(series: str) -> AnyResponse:
    """Give a waiver: this series may leave out a fixed theme, for a reason."""
    found = find_by_id(Series, series, act="plan", load=whole_series())
    missing, titles = planning.missing_themes(session(), found), themes_today()
    form = SmallWaiverForm() if found.school_class.kind == SMALL else WaiverForm()
    form.theme.choices = [(theme.key, titles[theme.id].title if theme.id in titles else theme.key) for theme in missing]
    if form.validate_on_submit():
        theme = next(theme for theme in missing if theme.key == form.theme.data)
        planning.waive(session(), found, theme, why=str(form.why.data), by=me(), now=now())
        undo = url_for("agents.take_back_waiver", series=series, theme=theme.key)
        words = gettext("The waiver is given. It shows on the pages of the series and of the school.")
        return done(words, "agents.series_page", series=series, undo=undo)
    return page("agents/waive.html", form=form, series=found)


@blueprint.route("/rekker/<series>/unntak-tilbake", methods=["GET", "POST"])
@open_to(AGENT)
def take_back_waiver(series: str) -> AnyResponse:
    """Undo a waiver."""
    found = find_by_id(Series, series, act="plan", load=whole_series())
    form = Press()
    if form.validate_on_submit():
        planning.take_back_waiver(session(), found, request.args.get("theme", ""))
        return done(gettext("The waiver is taken back."), "agents.series_page", series=series)
    return show_series(found, refusal=refusal_of(form))
