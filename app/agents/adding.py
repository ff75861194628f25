"""One more theme for a series that is there already."""

from __future__ import annotations

from werkzeug.wrappers import Response as AnyResponse

from app.access import find_by_id, me, open_to
from app.agents.changes import undo_of
from app.agents.forms import AddThemeForm
from app.agents.routes import blueprint, whole_series
from app.database import now, session, today
from app.language import clock, day, gettext, weekday
from app.pages import done, page
from curriculum import ideabank, planning
from curriculum.ideabank import DocumentVersion
from curriculum.people import AGENT
from curriculum.planning import CANCELLED, Series


@blueprint.route("/rekker/<series>/nytt-tema", methods=["GET", "POST"])
@open_to(AGENT)
def add_theme(series: str) -> AnyResponse:
    """Add a theme of the bank to a series, on a date or at the next weekly time that is free."""
    found = find_by_id(Series, series, act="plan", load=whole_series())
    themes = _themes_to_add(found)
    form = AddThemeForm()
    form.theme.choices = _choices(found, themes)
    if form.validate_on_submit():
        theme = themes[form.theme.data]
        lesson = planning.add_lesson(session(), found, theme, on=form.date.data, by=me(), today=today(), now=now())
        when = f"{weekday(lesson.date)} {day(lesson.date)} {clock(lesson.start)}"
        words = gettext("“%(title)s” is added: %(date)s.", title=theme.title, date=when)
        return done(words, "agents.series_page", series=series, undo=undo_of(found))
    return page("agents/add_theme.html", form=form, series=found, themes=themes)


def _themes_to_add(series: Series) -> dict[str, DocumentVersion]:
    """The themes of the bank that the series has no lesson of, by key: what the template has first."""
    there = {lesson.theme_id for lesson in series.lessons if lesson.state != CANCELLED}
    bank = {one.document.key: one for one in ideabank.themes(session(), series.district_id, today()) if one.document_id not in there}
    own = [place.theme for place in planning.places(series.outline_version) if place.theme in bank]
    return {key: bank[key] for key in (*own, *(key for key in bank if key not in own))}


def _choices(series: Series, themes: dict[str, DocumentVersion]) -> dict[str, list[tuple[str, str]]]:
    """The themes to choose from: the fixed ones that are missing, the template's others, and the rest of the bank."""
    fixed = planning.fixed_themes(series.outline_version)
    own = [place.theme for place in planning.places(series.outline_version)]
    found: dict[str, list[tuple[str, str]]] = {}
    for key, version in themes.items():
        kind = gettext("Fixed themes") if key in fixed else gettext("Of the template") if key in own else gettext("Others in the idea bank")
        found.setdefault(kind, []).append((key, version.title))
    return found
