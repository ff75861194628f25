"""An agent's lessons in her own calendar: the secret address, and the file that calendar programs fetch there."""

from __future__ import annotations

import hashlib

from flask import Response, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.access import EVERYONE, find_calendar, me, open_to
from app.agents.forms import Press
from app.agents.routes import blueprint
from app.database import now, session, today
from app.language import gettext
from app.pages import done, page
from curriculum import people, planning
from curriculum.base import fold_code
from curriculum.people import AGENT
from curriculum.planning import Lesson


@blueprint.get("/uka-mi/kalender")
@open_to(AGENT)
def calendar() -> Response:
    """The address, or a button that makes one."""
    feed = people.open_calendar(session(), me())
    address = _base() + url_for("agents.calendar_file", code=feed.code) if feed else ""
    return page("agents/calendar.html", feed=feed, address=address, webcal="webcal" + address[address.find("://") :] if feed else "")


@blueprint.route("/uka-mi/kalender/ny", methods=["GET", "POST"])
@open_to(AGENT)
def new_calendar() -> AnyResponse:
    """A new address; the one it replaces, which the button carries, closes at once."""
    if Press().validate_on_submit():
        people.replace_calendar(session(), me(), request.form.get("old", ""), now=now())
        return done(gettext("Here is the address of your calendar."), "agents.calendar")
    return calendar()


@blueprint.route("/uka-mi/kalender/steng", methods=["GET", "POST"])
@open_to(AGENT)
def close_calendar() -> AnyResponse:
    """Close the address that the button carries: an old page does not close a newer one."""
    feed = people.open_calendar(session(), me())
    if Press().validate_on_submit():
        if feed and feed.code == request.form.get("old"):
            people.close_calendar(session(), feed, now=now())
        return done(gettext("The old address of your calendar is closed."), "agents.calendar")
    return calendar()


@blueprint.get("/kalender/<code>.ics")
@open_to(EVERYONE)
def calendar_file(code: str) -> AnyResponse:
    """The calendar file, for as long as the address is open and the person works here. Nobody but her program keeps it."""
    if code != fold_code(code):
        return redirect(url_for("agents.calendar_file", code=fold_code(code)), 308)
    feed = find_calendar(code)
    content = planning.calendar_file(session(), feed.person, today(), address=_address)
    response = Response(content, mimetype="text/calendar")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = 'inline; filename="kursrekka.ics"'
    response.set_etag(hashlib.sha256(content).hexdigest()[:32])
    return response.make_conditional(request)


def _address(lesson: Lesson) -> str:
    return _base() + url_for("agents.my_other_week", written=str(planning.iso_week(lesson.date)))


def _base() -> str:
    base: str = current_app.config["SETTINGS"].base_url
    return base
