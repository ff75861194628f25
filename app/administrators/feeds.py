"""A school's lessons in a calendar: the secret address that calendar programs read, made and closed by those who lead the school."""

from __future__ import annotations

from flask import Response, current_app, request
from werkzeug.wrappers import Response as AnyResponse

from app.access import find, me, open_to
from app.administrators.door import blueprint
from app.administrators.forms import Press
from app.database import now, session
from app.language import gettext
from app.pages import done, page
from curriculum import people
from curriculum.people import HEAD, MANAGER, School


@blueprint.get("/skole/<public_id>/kalender")
@open_to(HEAD, MANAGER)
def school_calendar(public_id: str) -> Response:
    """The address of a school's calendar, or a button that makes one."""
    return _show(_school(public_id))


@blueprint.route("/skole/<public_id>/kalender/ny", methods=["GET", "POST"])
@open_to(HEAD, MANAGER)
def new_school_calendar(public_id: str) -> AnyResponse:
    """A new address; the one it replaces, which the button carries, closes at once."""
    school = _school(public_id)
    if Press().validate_on_submit():
        people.replace_calendar(session(), school, request.form.get("old", ""), by=me(), now=now())
        return done(gettext("Here is the address of the calendar."), "administrators.school_calendar", public_id=public_id)
    return _show(school)


@blueprint.route("/skole/<public_id>/kalender/steng", methods=["GET", "POST"])
@open_to(HEAD, MANAGER)
def close_school_calendar(public_id: str) -> AnyResponse:
    """Close the address that the button carries: an old page does not close a newer one."""
    school = _school(public_id)
    feed = people.open_calendar(session(), school)
    if Press().validate_on_submit():
        if feed and feed.code == request.form.get("old"):
            people.close_calendar(session(), feed, by=me(), now=now())
        return done(gettext("The old address of the calendar is closed."), "administrators.school_calendar", public_id=public_id)
    return _show(school)


def _school(public_id: str) -> School:
    return find(School, School.public_id == public_id, act="confirm")


def _show(school: School) -> Response:
    base_url = current_app.config["SETTINGS"].base_url
    return page("administrators/school_calendar.html", school=school, feed=people.open_calendar(session(), school), base_url=base_url)
