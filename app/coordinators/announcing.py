"""What the fagansvarlig tells parents is on: events for themselves, and what their children may take part in after school."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Response, abort, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, DateField, HiddenField, SelectField, SelectMultipleField, StringField, TimeField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.access import find, me, open_to
from app.coordinators.routes import blueprint
from app.database import now, session, today
from app.language import day, gettext, weekday
from app.pages import Form, FreeText, done, page
from curriculum import people, summaries
from curriculum.base import N_, Refused
from curriculum.people import COORDINATOR, School
from curriculum.summaries import (
    ACTIVITY_KINDS,
    EVENT_KINDS,
    LONGEST_LINE,
    LONGEST_LINK,
    LONGEST_NAME,
    Activity,
    ActivityFacts,
    EventFacts,
    ParentEvent,
)
from curriculum.text import LANGUAGES

EVENT, ACTIVITY = "treff", "fritid"
"""What stands in the address of each."""

_NEEDED = N_("This must be filled in.")
_DATE, _TIME = N_("Write a date, for example 2026-10-14."), N_("Write a time, for example 08:30.")


class LanguagesField(SelectMultipleField):
    """The district's open languages, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ToldForm(Form):
    """What an event and an activity have in common. Its choices are given by the view."""

    seen = HiddenField("")
    kind = SelectField(N_("What it is"))
    school = SelectField(N_("For whom"))


class EventForm(ToldForm):
    """An event for parents."""

    date = DateField(N_("Day"), validators=[InputRequired(_DATE)])
    start = TimeField(N_("Begins at"), validators=[InputRequired(_TIME)])
    end = TimeField(N_("Ends at"), validators=[InputRequired(_TIME)])
    place = StringField(N_("Where it is"), validators=[InputRequired(_NEEDED), FreeText(LONGEST_LINE, public=True)])
    interpreters = LanguagesField(N_("An interpreter is there for"))

    @property
    def facts(self) -> dict[str, Any]:
        """What was filled in."""
        return {name: getattr(self, name).data for name in ("kind", "date", "start", "end", "place")} | {
            "interpreters": tuple(self.interpreters.data or ())
        }


class ActivityForm(ToldForm):
    """Something after school."""

    name = StringField(N_("Name"), validators=[InputRequired(_NEEDED), FreeText(LONGEST_NAME, public=True)])
    place = StringField(N_("Where it is"), validators=[InputRequired(_NEEDED), FreeText(LONGEST_LINE, public=True)])
    when = StringField(N_("When"), validators=[InputRequired(_NEEDED), FreeText(LONGEST_LINE, public=True)])
    for_whom = StringField(N_("Who may come"), validators=[FreeText(LONGEST_LINE, public=True)])
    is_free = BooleanField(N_("It is free of charge"))
    phone = StringField(N_("Telephone"), validators=[Length(max=20)])
    link = StringField(N_("Web page"), validators=[Length(max=LONGEST_LINK)])
    until = DateField(N_("Shown through"), validators=[Optional()])

    @property
    def facts(self) -> dict[str, Any]:
        """What was filled in."""
        words = {name: getattr(self, name).data or "" for name in ("kind", "name", "place", "when", "for_whom", "phone", "link")}
        return words | {"is_free": self.is_free.data, "until": self.until.data}


class Press(Form):
    """A button: nothing to fill in."""


@blueprint.get("/for-foreldre")
@open_to(COORDINATOR)
def for_parents() -> Response:
    """All that parents are told is on, and what is over."""
    return _show()


def _show(form: Press | None = None) -> Response:
    events, activities = _all(ParentEvent), _all(Activity)
    return page(
        "coordinators/for_parents.html",
        200 if form is None or not form.form_errors else 422,
        events=sorted((one for one in events if one.date >= today()), key=lambda one: (one.date, one.start)),
        over=sorted((one for one in events if one.date < today()), key=lambda one: (one.date, one.start), reverse=True),
        activities=sorted((one for one in activities if _is_shown(one)), key=lambda one: one.name),
        ended=sorted((one for one in activities if not _is_shown(one)), key=lambda one: one.name),
        event_kinds=EVENT_KINDS, activity_kinds=ACTIVITY_KINDS,
        refusal=form.form_errors[0] if form is not None and form.form_errors else "",
    )  # fmt: skip


def _all(model: type[Any]) -> Sequence[Any]:
    hers = select(model).where(model.district_id == me().district_id, model.removed_at.is_(None))
    return session().scalars(hers.options(joinedload(model.school))).all()


def _is_shown(activity: Activity) -> bool:
    return activity.until is None or activity.until >= today()


# --- Events for parents ---------------------------------------------------------------------------------------------------------------


@blueprint.route("/for-foreldre/treff/nytt", methods=["GET", "POST"])
@open_to(COORDINATOR)
def new_event() -> AnyResponse:
    """Tell parents of an event."""
    return _event(None)


@blueprint.route("/for-foreldre/treff/<public_id>", methods=["GET", "POST"])
@open_to(COORDINATOR)
def edit_event(public_id: str) -> AnyResponse:
    """Say something else of an event."""
    return _event(_find(ParentEvent, public_id))


def _event(event: ParentEvent | None) -> AnyResponse:
    form = EventForm(data=_said(event, "kind", "date", "start", "end", "place", "interpreters"))
    _offer(form, EVENT_KINDS)
    form.interpreters.choices = [(tag, LANGUAGES[tag].endonym) for tag in _interpreted(event)]
    if form.validate_on_submit():
        _refuse_overtaken(form, event)
        facts = EventFacts(school=_chosen_school(form), **form.facts)
        told = summaries.announce_event(session(), me().district, facts, today=today(), event=event)
        words = gettext("Parents read of it: %(what)s, %(when)s.", what=gettext(EVENT_KINDS[told.kind]), when=_when(told.date))
        undo = "" if event else url_for("coordinators.take_down", what=EVENT, public_id=told.public_id)
        return done(words, "coordinators.for_parents", undo=undo)
    return _page("coordinators/event.html", form, event)


def _interpreted(event: ParentEvent | None) -> list[str]:
    """The languages an interpreter can be ticked for: those parents may choose, and what was ticked before."""
    district = me().district
    tags = [tag for tag in district.open_languages if tag != district.source_language]
    return tags + [tag for tag in (event.interpreters if event else ()) if tag not in tags]


def _when(date: date) -> str:
    return f"{weekday(date)} {day(date)}"


# --- After school ---------------------------------------------------------------------------------------------------------------------


@blueprint.route("/for-foreldre/fritid/nytt", methods=["GET", "POST"])
@open_to(COORDINATOR)
def new_activity() -> AnyResponse:
    """Tell parents of something after school."""
    return _activity(None)


@blueprint.route("/for-foreldre/fritid/<public_id>", methods=["GET", "POST"])
@open_to(COORDINATOR)
def edit_activity(public_id: str) -> AnyResponse:
    """Say something else of it."""
    return _activity(_find(Activity, public_id))


def _activity(activity: Activity | None) -> AnyResponse:
    form = ActivityForm(data=_said(activity, "kind", "name", "place", "when", "for_whom", "is_free", "phone", "link", "until"))
    _offer(form, ACTIVITY_KINDS)
    if form.validate_on_submit():
        _refuse_overtaken(form, activity)
        facts = ActivityFacts(school=_chosen_school(form), **form.facts)
        told = summaries.announce_activity(session(), me().district, facts, today=today(), activity=activity)
        undo = "" if activity else url_for("coordinators.take_down", what=ACTIVITY, public_id=told.public_id)
        return done(gettext("Parents read of it: %(what)s.", what=told.name), "coordinators.for_parents", undo=undo)
    return _page("coordinators/activity.html", form, activity)


# --- Both -----------------------------------------------------------------------------------------------------------------------------


@blueprint.route("/for-foreldre/<any(treff, fritid):what>/<public_id>/fjern", methods=["GET", "POST"])
@open_to(COORDINATOR)
def take_down(what: str, public_id: str) -> AnyResponse:
    """Tell parents of it no more."""
    told, form = _find(_model(what), public_id), Press()
    if form.validate_on_submit():
        summaries.take_down(session(), told, now=now())
        undo = url_for("coordinators.put_up_again", what=what, public_id=public_id)
        return done(gettext("Parents no longer read of it."), "coordinators.for_parents", undo=undo)
    return _show(form)


@blueprint.route("/for-foreldre/<any(treff, fritid):what>/<public_id>/tilbake", methods=["GET", "POST"])
@open_to(COORDINATOR)
def put_up_again(what: str, public_id: str) -> AnyResponse:
    """Undo that it was taken down."""
    told, form = _find(_model(what), public_id, is_there=False), Press()
    if form.validate_on_submit():
        summaries.put_up_again(session(), told)
        return done(gettext("Parents read of it again."), "coordinators.for_parents")
    return _show(form)


def _model(what: str) -> type[Any]:
    return {EVENT: ParentEvent, ACTIVITY: Activity}[what]


def _find(model: type[Any], public_id: str, *, is_there: bool = True) -> Any:
    """What has this public id; what was taken down is only there to be put up again."""
    found = find(model, model.public_id == public_id, act="edit", load=(joinedload(model.school),))
    if is_there and found.removed_at is not None:
        abort(404)
    return found


def _offer(form: ToldForm, kinds: Mapping[str, str]) -> None:
    form.kind.choices = [(kind, gettext(words)) for kind, words in kinds.items()]
    form.school.choices = [("", gettext("All schools")), *((school.public_id, school.name) for school in _schools())]


def _schools() -> Sequence[School]:
    return people.find_schools(session(), me().district)


def _said(told: ParentEvent | Activity | None, *names: str) -> dict[str, Any]:
    """What the form begins with: what is said already."""
    if told is None:
        return {"seen": "0"}
    school = told.school.public_id if told.school else ""
    return {name: getattr(told, name) for name in names} | {"seen": str(told.version), "school": school}


def _chosen_school(form: ToldForm) -> School | None:
    return next((school for school in _schools() if school.public_id == form.school.data), None)


def _refuse_overtaken(form: ToldForm, told: ParentEvent | Activity | None) -> None:
    if told is not None and form.seen.data != str(told.version):
        raise Refused(N_("Somebody else has changed this while you were writing. Save once more if yours is to stand."))


def _page(template: str, form: ToldForm, told: ParentEvent | Activity | None) -> Response:
    form.seen.data = str(told.version if told else 0)
    return page(template, form=form, told=told)
