"""An agent's lessons in her own calendar: the secret address; and the file that calendar programs fetch there, whosever it is."""

from __future__ import annotations

import hashlib

from flask import Response, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.access import EVERYONE, find_calendar, me, open_to
from app.agents.forms import Press
from app.agents.routes import blueprint
from app.database import now, session, today
from app.language import catalogue, gettext
from app.pages import done, page
from curriculum import people, planning
from curriculum.base import N_, fold_code
from curriculum.people import AGENT, CalendarFeed
from curriculum.planning import Lesson

BY_TEACHER = N_("the teacher holds the lesson")


@blueprint.get("/uka-mi/kalender")
@open_to(AGENT)
def calendar() -> Response:
    """The address, or a button that makes one."""
    return page("agents/calendar.html", feed=people.open_calendar(session(), me()), base_url=_base())


@blueprint.route("/uka-mi/kalender/ny", methods=["GET", "POST"])
@open_to(AGENT)
def new_calendar() -> AnyResponse:
    """A new address; the one it replaces, which the button carries, closes at once."""
    if Press().validate_on_submit():
        people.replace_calendar(session(), me(), request.form.get("old", ""), by=me(), now=now())
        return done(gettext("Here is the address of the calendar."), "agents.calendar")
    return calendar()


@blueprint.route("/uka-mi/kalender/steng", methods=["GET", "POST"])
@open_to(AGENT)
def close_calendar() -> AnyResponse:
    """Close the address that the button carries: an old page does not close a newer one."""
    feed = people.open_calendar(session(), me())
    if Press().validate_on_submit():
        if feed and feed.code == request.form.get("old"):
            people.close_calendar(session(), feed, by=me(), now=now())
        return done(gettext("The old address of the calendar is closed."), "agents.calendar")
    return calendar()


@blueprint.get("/kalender/<code>.ics")
@open_to(EVERYONE)
def calendar_file(code: str) -> AnyResponse:
    """The calendar file, for as long as the address is open. Nobody but the program keeps it."""
    if code != fold_code(code):
        return redirect(url_for("agents.calendar_file", code=fold_code(code)), 308)
    content = _file(find_calendar(code))
    response = Response(content, mimetype="text/calendar")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = 'inline; filename="kursrekka.ics"'
    response.set_etag(hashlib.sha256(content).hexdigest()[:32])
    return response.make_conditional(request)


def _file(feed: CalendarFeed) -> bytes:
    whose = feed.person or feed.school_class or feed.school
    assert whose is not None
    tag = feed.person.language if feed.person else feed.district.source_language
    page_of = "agents.my_other_week" if feed.person and AGENT in people.roles(feed.person, today()) else "teachers.week"

    def address(lesson: Lesson) -> str:
        return _base() + url_for(page_of, written=str(planning.iso_week(lesson.date)))

    said = catalogue(tag).get(BY_TEACHER, BY_TEACHER)
    return planning.calendar_file(session(), whose, today(), address=address, by_teacher=said)


def _base() -> str:
    base: str = current_app.config["SETTINGS"].base_url
    return base
