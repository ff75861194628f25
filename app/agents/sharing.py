"""The links of a class, for its parents and for its teachers: made, closed, and opened again."""

from __future__ import annotations

from flask import abort, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.access import find_by_id, me, open_to
from app.agents.forms import Press
from app.agents.routes import blueprint, refusal_of, show_series, whole_series
from app.database import now, session, today
from app.language import gettext
from app.pages import done
from curriculum import people
from curriculum.people import ADMINISTRATOR, AGENT, PARENTS, TEACHER
from curriculum.planning import Series

KINDS = {"foreldre": PARENTS, "larer": TEACHER}


@blueprint.route("/rekker/<series>/lenke/<name>/ny", methods=["GET", "POST"])
@open_to(AGENT, ADMINISTRATOR)
def make_link(series: str, name: str) -> AnyResponse:
    """A link for a class that has none of its kind."""
    found, kind, form = _series(series), _kind(name), Press()
    if form.validate_on_submit():
        people.make_link(session(), found.school_class, kind, by=me(), today=today(), now=now())
        return done(gettext(people.LINK_MADE[kind]), "agents.series_page", series=series)
    return show_series(found, refusal=refusal_of(form))


@blueprint.route("/rekker/<series>/lenke/<name>/steng", methods=["GET", "POST"])
@open_to(AGENT, ADMINISTRATOR)
def close_link(series: str, name: str) -> AnyResponse:
    """Close a link: its code answers with 410 from now on. The button carries the code, so that an old page does not close a newer one."""
    found, kind, form = _series(series), _kind(name), Press()
    if form.validate_on_submit():
        code = request.form.get("code", "")
        people.close_open_link(session(), found.school_class, kind, code, by=me(), today=today(), now=now())
        undo = url_for("agents.reopen_link", series=series, name=name)
        return done(gettext(people.LINK_CLOSED[kind]), "agents.series_page", undo=undo, series=series)
    return show_series(found, refusal=refusal_of(form))


@blueprint.route("/rekker/<series>/lenke/<name>/apne", methods=["GET", "POST"])
@open_to(AGENT, ADMINISTRATOR)
def reopen_link(series: str, name: str) -> AnyResponse:
    """Undo that a link was closed."""
    found, kind, form = _series(series), _kind(name), Press()
    if form.validate_on_submit():
        people.reopen_link(session(), found.school_class, kind, by=me(), today=today(), now=now())
        return done(gettext(people.LINK_REOPENED[kind]), "agents.series_page", series=series)
    return show_series(found, refusal=refusal_of(form))


def _series(public_id: str) -> Series:
    return find_by_id(Series, public_id, act="share", load=whole_series())


def _kind(name: str) -> str:
    if name not in KINDS:
        abort(404)
    return KINDS[name]
