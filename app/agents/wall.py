"""The words of a whole series for the classroom's wall, an A4 page for each of its themes."""

from __future__ import annotations

from flask import url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.access import find_by_id, me, open_to
from app.agents.routes import READERS, blueprint, seen_series, themes_today
from app.database import session
from app.language import gettext
from app.wall import wall_page
from curriculum import summaries
from curriculum.planning import CANCELLED, Lesson, Series


@blueprint.get("/rekker/<series>/ordplakat")
@blueprint.get("/rekker/<series>/ordplakat.pdf", endpoint="wall_words_pdf")
@open_to(*READERS)
def wall_words(series: str) -> Response:
    """A page for each theme of a series, in its order; nothing on them says whose series it is."""
    found = find_by_id(Series, series, load=seen_series())
    planned = select(Lesson.theme_id).where(Lesson.series_id == found.id, Lesson.state != CANCELLED).order_by(Lesson.date, Lesson.start)
    today = themes_today()
    themes = [summaries.theme_of(today[id]) for id in dict.fromkeys(session().scalars(planned)) if id in today]
    back = url_for("agents.series_page", series=series), gettext("The course series of %(name)s", name=found.school_class.name)
    return wall_page(me().district, themes, title=found.title, back=back, name="kursrekka")
