"""A school's rooms: what each offers, and when the school uses it itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import FieldList, FormField, HiddenField, SelectField, StringField, TimeField
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Optional

from app.access import can, find, open_to, refuse
from app.administrators.door import blueprint, keep, kept, note, refuse_overtaken
from app.administrators.forms import CheckboxesField, Press
from app.database import session
from app.language import gettext
from app.pages import Form, FreeText, RowMeta, done, page
from curriculum import planning
from curriculum.base import N_, Refused
from curriculum.people import ADMINISTRATOR, HEAD, MANAGER, School
from curriculum.planning import FEATURES, LONGEST_ROOM, Busy, Room

BLANK_ROWS = 3
"""Empty lines for weekly times below those that are filled in."""

WEEKDAYS = (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"))


class BusyRow(PlainForm):
    """A weekly time at which the school uses the room; a line without times is empty."""

    Meta = RowMeta

    weekday = SelectField(N_("Weekday"), coerce=int)
    start = TimeField(N_("From"), validators=[Optional()])
    end = TimeField(N_("To"), validators=[Optional()])


class RoomForm(Form):
    """A room of a school."""

    seen = HiddenField("")
    name = StringField(N_("Name"), validators=[InputRequired(N_("Write a name.")), FreeText(LONGEST_ROOM)])
    features = CheckboxesField(N_("What it offers"))
    busy = FieldList(FormField(BusyRow))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.features.choices = [(key, gettext(words)) for key, words in FEATURES.items()]
        if not self.is_submitted():
            for _ in range(BLANK_ROWS):
                self.busy.append_entry({"weekday": 0})
        for row in self.busy:
            row.weekday.choices = [(number, gettext(name)) for number, name in enumerate(WEEKDAYS)]
            for field in (row.weekday, row.start, row.end):
                field.label.text = gettext(field.label.text)

    @property
    def times(self) -> list[Busy]:
        """The filled lines. Raises Refused at the first of the lines for one that says only when it begins or ends."""
        rows = [row for row in self.busy if row.start.data or row.end.data]
        if any(not (row.start.data and row.end.data) for row in rows):
            raise Refused(N_("Write both when it begins and when it ends."))
        return [Busy(row.weekday.data, row.start.data, row.end.data) for row in rows]


@blueprint.route("/skole/<public_id>/rom", methods=["GET", "POST"])
@open_to(ADMINISTRATOR, HEAD, MANAGER)
def rooms(public_id: str) -> AnyResponse:
    """The rooms of a school, and one more."""
    school = _school(public_id)
    form = RoomForm()
    if form.validate_on_submit():
        room = _save(school, None, form)
        undo = url_for("administrators.room_gone", public_id=public_id, room=room.public_id)
        return done(gettext("%(name)s: added.", name=room.name), "administrators.rooms", undo=undo, public_id=public_id)
    known = planning.rooms_of(session(), [school.id])[school.id]
    return page("administrators/rooms.html", form=form, school=school, rooms=known, busy_of=_said, features=FEATURES)


@blueprint.route("/skole/<public_id>/rom/<room>", methods=["GET", "POST"])
@open_to(ADMINISTRATOR, HEAD, MANAGER)
def room(public_id: str, room: str) -> AnyResponse:
    """Say anew what a room offers and when the school uses it."""
    school = _school(public_id)
    found, back = _room(school, room), url_for("administrators.rooms", public_id=public_id)
    busy = [one._asdict() for one in planning.busy_of(found)]
    form = RoomForm(seen=found.version, name=found.name, features=list(found.features), busy=busy)
    refuse_overtaken(form, found.version, back)
    if form.validate_on_submit():
        before = _packed(found)
        _save(school, found, form)
        undo = url_for("administrators.room_back", public_id=public_id, room=room, kept=keep("room", **before))
        return done(gettext("%(name)s: saved.", name=found.name), "administrators.rooms", undo=undo, public_id=public_id)
    return page("administrators/room.html", form=form, school=school, room=found, back=back)


@blueprint.route("/skole/<public_id>/rom/<room>/tilbake", methods=["GET", "POST"])
@open_to(ADMINISTRATOR, HEAD, MANAGER)
def room_back(public_id: str, room: str) -> AnyResponse:
    """Undo what was said anew of a room."""
    school, before, form = _school(public_id), kept("room"), Press()
    found = _room(school, room)
    if form.validate_on_submit():
        planning.save_room(session(), school, found, before["name"], before["features"], _unpacked(before["busy"]))
        note("room changed", found.public_id)
        return done(gettext("%(name)s: as it was.", name=found.name), "administrators.rooms", public_id=public_id)
    return rooms(public_id)


@blueprint.route("/skole/<public_id>/rom/<room>/fjern", methods=["GET", "POST"])
@open_to(ADMINISTRATOR, HEAD, MANAGER)
def room_gone(public_id: str, room: str) -> AnyResponse:
    """Take a room out of the register; lessons keep what is written on them."""
    school, form = _school(public_id), Press()
    found = _room(school, room)
    if form.validate_on_submit():
        before, name = _packed(found), found.name
        planning.remove_room(session(), found)
        note("room removed", room)
        undo = url_for("administrators.room_again", public_id=public_id, kept=keep("room", **before))
        return done(
            gettext("%(name)s: removed. Lessons keep the room that is written on them.", name=name),
            "administrators.rooms",
            undo=undo,
            public_id=public_id,
        )
    return rooms(public_id)


@blueprint.route("/skole/<public_id>/rom-igjen", methods=["GET", "POST"])
@open_to(ADMINISTRATOR, HEAD, MANAGER)
def room_again(public_id: str) -> AnyResponse:
    """Undo that a room was removed."""
    school, before, form = _school(public_id), kept("room"), Press()
    if form.validate_on_submit():
        found = planning.save_room(session(), school, None, before["name"], before["features"], _unpacked(before["busy"]))
        note("room added", found.public_id)
        return done(gettext("%(name)s: as it was.", name=found.name), "administrators.rooms", public_id=public_id)
    return rooms(public_id)


def _school(public_id: str) -> School:
    """A school whose rooms she may say something of: an administrator's, or one that she leads."""
    school = find(School, School.public_id == public_id)
    if not (can("administer", school) or can("confirm", school)):
        refuse("rooms")
    return school


def _room(school: School, public_id: str) -> Room:
    return find(Room, Room.public_id == public_id, Room.school_id == school.id)


def _save(school: School, room: Room | None, form: RoomForm) -> Room:
    saved = planning.save_room(session(), school, room, form.name.data or "", form.features.data or [], form.times)
    note("room changed" if room else "room added", saved.public_id)
    return saved


def _packed(room: Room) -> dict[str, Any]:
    return {"name": room.name, "features": room.features, "busy": room.busy}


def _unpacked(busy: Iterable[dict[str, Any]]) -> list[Busy]:
    return planning.busy_of(Room(busy=list(busy)))


def _said(room: Room) -> list[tuple[str, Busy]]:
    return [(WEEKDAYS[one.weekday], one) for one in planning.busy_of(room)]
