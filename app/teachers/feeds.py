"""Lessons in a teacher's own calendar, and in one of a class: the secret addresses that calendar programs read."""

from __future__ import annotations

from flask import Response, current_app, request, url_for
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response as AnyResponse

from app.access import find, me, open_to, refuse
from app.database import now, session, today
from app.language import gettext
from app.pages import Form, done, page
from app.teachers.routes import blueprint
from curriculum import people
from curriculum.people import ADMINISTRATOR, AGENT, TEACHER, SchoolClass

SHARERS = (AGENT, TEACHER, ADMINISTRATOR)


class Press(Form):
    """A button: nothing to fill in."""


# --- Her own ------------------------------------------------------------------------------------------------------------------------


@blueprint.get("/uke/kalender")
@open_to(TEACHER)
def calendar() -> Response:
    """The address of the calendar of her classes, or a button that makes one."""
    hers = [one.school_class for one in me().assignments if one.role == TEACHER and one.in_effect(today())]
    classes = sorted({one for one in hers if one is not None}, key=lambda one: one.name)
    return page("teachers/calendar.html", feed=people.open_calendar(session(), me()), base_url=_base(), classes=classes)


@blueprint.route("/uke/kalender/ny", methods=["GET", "POST"])
@open_to(TEACHER)
def new_calendar() -> AnyResponse:
    """A new address; the one it replaces, which the button carries, closes at once."""
    if Press().validate_on_submit():
        people.replace_calendar(session(), me(), request.form.get("old", ""), by=me(), now=now())
        return done(gettext("Here is the address of the calendar."), "teachers.calendar")
    return calendar()


@blueprint.route("/uke/kalender/steng", methods=["GET", "POST"])
@open_to(TEACHER)
def close_calendar() -> AnyResponse:
    """Close the address that the button carries: an old page does not close a newer one."""
    if Press().validate_on_submit():
        _close(me())
        return done(gettext("The old address of the calendar is closed."), "teachers.calendar")
    return calendar()


# --- A class's ----------------------------------------------------------------------------------------------------------------------


@blueprint.get("/klasser/<school_class>/kalender")
@open_to(*SHARERS)
def class_calendar(school_class: str) -> Response:
    """The address of a class's calendar, or a button that makes one. A half has that of its whole class."""
    return _show_class(_class(school_class))


@blueprint.route("/klasser/<school_class>/kalender/ny", methods=["GET", "POST"])
@open_to(*SHARERS)
def new_class_calendar(school_class: str) -> AnyResponse:
    """A new address; the one it replaces closes at once."""
    found = _class(school_class)
    if Press().validate_on_submit():
        people.replace_calendar(session(), found, request.form.get("old", ""), by=me(), now=now())
        return done(gettext("Here is the address of the calendar."), "teachers.class_calendar", school_class=found.public_id)
    return _show_class(found)


@blueprint.route("/klasser/<school_class>/kalender/steng", methods=["GET", "POST"])
@open_to(*SHARERS)
def close_class_calendar(school_class: str) -> AnyResponse:
    """Close the address that the button carries."""
    found = _class(school_class)
    if Press().validate_on_submit():
        _close(found)
        return done(gettext("The old address of the calendar is closed."), "teachers.class_calendar", school_class=found.public_id)
    return _show_class(found)


def _show_class(school_class: SchoolClass) -> Response:
    is_staff = people.roles(me(), today()) & {AGENT, TEACHER}
    back = url_for("teachers.this_week") if is_staff else url_for("administrators.links", ar=school_class.school_year)
    feed = people.open_calendar(session(), school_class)
    return page("teachers/class_calendar.html", feed=feed, base_url=_base(), school_class=school_class, back=back)


def _class(public_id: str) -> SchoolClass:
    """A class whose calendar she may share: that of a small group only its own staff, so that nobody else holds what leads to it."""
    load = (joinedload(SchoolClass.school),)
    found = find(SchoolClass, SchoolClass.public_id == public_id, act="share", load=load).shared_by
    if found.is_confidential and not any(one.class_id == found.id and one.in_effect(today()) for one in me().assignments):
        refuse("share")
    return found


# --- For both -----------------------------------------------------------------------------------------------------------------------


def _close(whose: people.Whose) -> None:
    feed = people.open_calendar(session(), whose)
    if feed and feed.code == request.form.get("old"):
        people.close_calendar(session(), feed, by=me(), now=now())


def _base() -> str:
    base: str = current_app.config["SETTINGS"].base_url
    return base
