"""How much an agent may have in a day and a week, and how long it takes from one school to another."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from zlib import crc32

from flask import url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import HiddenField, IntegerField
from wtforms.validators import NumberRange, Optional

from app.access import find, me, open_to
from app.administrators.door import blueprint, keep, kept, note, schools_by_id
from app.administrators.forms import LimitsForm, Press
from app.database import session, today
from app.language import gettext
from app.pages import Form, done, page
from curriculum import people, planning
from curriculum.base import N_, Refused
from curriculum.people import AGENT, COORDINATOR, Person, School
from curriculum.planning import LONGEST_WAY, Limits


@blueprint.route("/bydel/agenter/<person>", methods=["GET", "POST"])
@open_to(COORDINATOR)
def limits(person: str) -> AnyResponse:
    """Say how much an agent may have and would rather have."""
    found = _agent(person)
    form = LimitsForm(**planning.limits_of(session(), found)._asdict())
    if form.validate_on_submit():
        before = planning.set_limits(session(), found, Limits(**{name: form[name].data for name in Limits._fields}))
        note("agent's limits changed", found.public_id)
        undo = url_for("administrators.limits_back", person=person, kept=keep("limits", **before._asdict()))
        return done(gettext("%(name)s: saved. Plans keep within it from now on.", name=found.name), "administrators.overview", undo=undo)
    may_report = planning.may_report_away(me(), found, today())
    return page("administrators/limits.html", form=form, person=found, may_report=may_report)


@blueprint.route("/bydel/agenter/<person>/tilbake", methods=["GET", "POST"])
@open_to(COORDINATOR)
def limits_back(person: str) -> AnyResponse:
    """Undo other limits."""
    found, before, form = _agent(person), kept("limits"), Press()
    if form.validate_on_submit():
        planning.set_limits(session(), found, Limits(**before))
        note("agent's limits changed", found.public_id)
        return done(gettext("%(name)s: as it was.", name=found.name), "administrators.overview")
    return limits(person)


def _agent(public_id: str) -> Person:
    """Someone who is, was or will be an agent: of nobody else a limit means anything."""
    is_agent = Person.assignments.any(people.Assignment.role == AGENT)
    return find(Person, Person.public_id == public_id, is_agent, act="edit")


# --- The ways between schools -------------------------------------------------------------------------------------------------------


@blueprint.route("/bydel/reisetid", methods=["GET", "POST"])
@open_to(COORDINATOR)
def travel() -> AnyResponse:
    """The minutes from each school to each other."""
    form, fields = _ways_form()
    known = ways_seen(planning.ways(session(), me().district))
    if form.validate_on_submit():
        if form.seen.data and form.seen.data != known:
            raise Refused(
                N_("Somebody changed the ways after you opened the page. What you wrote stands here: look at it, and save again.")
            )
        wished = {planning.way(one, other): form[name].data for name, (one, other) in fields.items()}
        before = planning.set_ways(session(), me().district, wished)
        note("ways between schools changed")
        undo = url_for("administrators.travel_back", kept=keep("ways", ways=[[*way, old] for way, old in before.items()])) if before else ""
        return done(gettext("The ways between the schools are saved."), "administrators.overview", undo=undo)
    now_said = {name: form[name].default for name in fields if form.form_errors and form[name].default not in (None, form[name].data)}
    form.seen.data = known
    return page("administrators/travel.html", form=form, fields=list(fields), longest=LONGEST_WAY, now_said=now_said)


def ways_seen(known: Mapping[tuple[int, int], int]) -> str:
    """A short text that is another as soon as a way is."""
    return f"{crc32(repr(sorted(known.items())).encode()):08x}"


@blueprint.route("/bydel/reisetid/tilbake", methods=["GET", "POST"])
@open_to(COORDINATOR)
def travel_back() -> AnyResponse:
    """Undo other ways."""
    before, form = kept("ways"), Press()
    if form.validate_on_submit():
        there = schools_by_id()
        planning.set_ways(
            session(), me().district, {(one, other): minutes for one, other, minutes in before["ways"] if {one, other} <= there.keys()}
        )
        note("ways between schools changed")
        return done(gettext("The ways between the schools are as they were."), "administrators.overview")
    return travel()


def _ways_form() -> tuple[Form, dict[str, tuple[School, School]]]:
    """A form with a field for every two schools, and which two each is about."""

    class WaysForm(Form):
        """The minutes from one school to another; `seen` is of what was said when the form was opened."""

        seen = HiddenField("")

    fields = {f"way-{one.public_id}-{other.public_id}": (one, other) for one, other in combinations(schools_by_id().values(), 2)}
    known = planning.ways(session(), me().district)
    for name, (one, other) in fields.items():
        told = NumberRange(0, LONGEST_WAY, N_("Write a number from %(min)s to %(max)s."))
        field = IntegerField(f"{one.name} – {other.name}", validators=[Optional(), told], default=known.get(planning.way(one, other)))
        setattr(WaysForm, name, field)
    return WaysForm(), fields
