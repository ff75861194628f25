"""A change of the plans taken back."""

from __future__ import annotations

from functools import partial

from flask import abort, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from app.access import find_by_id, me, open_to, safe_next, visible
from app.agents import telling
from app.agents.forms import Press
from app.agents.routes import blueprint, refusal_of, show_series, whole_series
from app.database import now, session, today
from app.language import gettext
from app.pages import done
from curriculum import planning
from curriculum.people import ADMINISTRATOR, AGENT, roles
from curriculum.planning import PlanChange, Series


@blueprint.route("/rekker/<series>/endringer/<change>/angre", methods=["GET", "POST"])
@open_to(AGENT, ADMINISTRATOR)
def undo_change(series: str, change: str) -> AnyResponse:
    """Take a change back: everything is as it was before it, for all classes that it touched."""
    act = "administer" if ADMINISTRATOR in roles(me(), today()) else "plan"
    found = find_by_id(Series, series, act=act, load=whole_series())
    form = Press()
    if form.validate_on_submit():
        made = _change(found, change, act)
        person = planning.take_back(session(), made, tell=partial(telling.tell_back, by=me()), by=me(), now=now())
        to = safe_next(request.values.get("next"), url_for("agents.series_page", series=series))
        words = gettext("%(name)s is not away after all. Her lessons are as they were.", name=person.name) if person else ""
        return done(words or gettext("The change is taken back."), "agents.series_page", to=to, series=series)
    return show_series(found, refusal=refusal_of(form))


def _change(series: Series, public_id: str, act: str) -> PlanChange:
    """A change of this series, of which she may plan all the others that it touched too."""
    found = session().scalars(select(PlanChange).where(PlanChange.public_id == public_id)).first()
    if found is None or series not in found.series:
        abort(404)
    ids = {one.id for one in found.series}
    hers = visible(Series, act).where(Series.id.in_(ids)).with_only_columns(Series.id)
    if set(session().scalars(hers)) != ids:
        abort(404)
    return found
