"""A waiver: a series may leave out a fixed theme, for a reason that stands in the report."""

from __future__ import annotations

from werkzeug.wrappers import Response as AnyResponse

from app.access import find, me, open_to
from app.agents.forms import WaiverForm
from app.agents.routes import blueprint, themes_today, whole_series
from app.database import now, session
from app.language import gettext
from app.pages import done, page
from curriculum import planning
from curriculum.people import AGENT
from curriculum.planning import Series


@blueprint.route("/rekker/<series>/unntak", methods=["GET", "POST"])
@open_to(AGENT)
def waive(series: str) -> AnyResponse:
    """Give a waiver: this series may leave out a fixed theme, for a reason."""
    found = find(Series, Series.public_id == series, act="plan", load=whole_series())
    missing, titles = planning.missing_themes(session(), found), themes_today()
    form = WaiverForm()
    form.theme.choices = [(theme.key, titles[theme.id].title if theme.id in titles else theme.key) for theme in missing]
    if form.validate_on_submit():
        theme = next(theme for theme in missing if theme.key == form.theme.data)
        planning.waive(session(), found, theme, why=str(form.why.data), by=me(), now=now())
        return done(gettext("The waiver is given, and stands in the report."), "agents.series_page", series=series)
    return page("agents/waive.html", form=form, series=found)
