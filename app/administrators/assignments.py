"""What someone is, and where: giving a role, its dates, taking it back; and the weekday on which an agent works elsewhere."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import abort, url_for
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response as AnyResponse

from app.access import find, open_to, visible
from app.administrators.door import ROLE_NAMES, blueprint, keep, kept, note, schools_by_id
from app.administrators.forms import AssignmentForm, DatesForm, ElsewhereForm, Press
from app.administrators.people import find_person, place_of, show_person, touched
from app.database import session, today
from app.language import day, gettext, weekday
from app.pages import done, page
from curriculum import people as rules
from curriculum import planning
from curriculum.people import ADMINISTRATOR, AGENT, HEAD, MANAGER, TEACHER, TRANSLATOR, Assignment, Person, School, SchoolClass
from curriculum.planning import Elsewhere
from curriculum.text import LANGUAGES

PLACES = {AGENT: "school_class", TEACHER: "school_class", HEAD: "school", MANAGER: "school", TRANSLATOR: "language"}
"""Which field says where a role is held; the others are of the whole district."""


@blueprint.route("/administrasjon/personer/<person>/oppdrag/ny", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def assign(person: str) -> AnyResponse:
    """Give someone a role. Of the places in the form only the one that such a role has counts."""
    found = find_person(person)
    form = _assignment_form()
    if form.validate_on_submit():
        role, field = form.role.data, PLACES.get(form.role.data)
        place = {field: _place(field, form[field].data)} if field else {}
        made = rules.assign(session(), found, role, today=today(), first=form.first.data, until=form.until.data, **place)
        note("assigned", found.public_id, role=role)
        undo = url_for("administrators.remove_assignment", person=person, assignment=made.id) if made.from_date >= today() else ""
        since = day(made.from_date, "d. MMMM y")
        words = gettext("%(name)s has the role “%(role)s” from %(date)s.", name=found.name, role=gettext(ROLE_NAMES[role]), date=since)
        return done(words, "administrators.person_page", undo=undo, person=person)
    return page("administrators/assign.html", form=form, person=found)


def _assignment_form() -> AssignmentForm:
    form = AssignmentForm(first=today())
    none = ("", gettext("none"))
    form.role.choices = [(role, gettext(words)) for role, words in ROLE_NAMES.items()]
    form.school_class.choices = [none, *((one.public_id, _class_label(one)) for one in _classes())]
    form.school.choices = [none, *((one.public_id, one.name) for one in schools_by_id().values())]
    form.language.choices = [none, *((tag, language.endonym) for tag, language in LANGUAGES.items())]
    return form


def _classes() -> list[SchoolClass]:
    """The classes of this school year and later, by year, school and name."""
    query = visible(SchoolClass, "administer").where(SchoolClass.school_year >= planning.school_year(today()))
    found = session().scalars(query.options(joinedload(SchoolClass.school))).unique()
    return sorted(found, key=lambda one: (one.school_year, one.school.name, one.name))


def _class_label(one: SchoolClass) -> str:
    return f"{one.name}, {one.school.name}, {one.school_year}–{one.school_year + 1}"


def _place(field: str, chosen: str) -> Any:
    if not chosen:
        return None
    if field == "school_class":
        return find(SchoolClass, SchoolClass.public_id == chosen, act="administer")
    return find(School, School.public_id == chosen, act="administer") if field == "school" else chosen


@blueprint.route("/administrasjon/personer/<person>/oppdrag/<int:assignment>/datoer", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def assignment_dates(person: str, assignment: int) -> AnyResponse:
    """Another first or last day: this is also how a role ends."""
    found = find_person(person)
    one = _assignment(found, assignment)
    form = DatesForm(first=one.from_date, until=one.to_date)
    if form.validate_on_submit():
        before = keep("dates", of=one.id, first=one.from_date.isoformat(), last=one.to_date.isoformat() if one.to_date else None)
        rules.change_dates(session(), one, form.first.data, form.until.data, today=today())
        note("assignment's dates changed", found.public_id, role=one.role)
        undo = url_for("administrators.dates_back", person=person, kept=before)
        after = touched(found, form.until.data + timedelta(1), one) if form.until.data else ""
        return done(gettext("The dates are saved.") + after, "administrators.person_page", undo=undo, person=person)
    role, place = gettext(ROLE_NAMES[one.role]), place_of(one, schools_by_id())
    return page("administrators/dates.html", form=form, person=found, assignment=one, role=role, place=place)


@blueprint.route("/administrasjon/personer/<person>/oppdrag/datoer-tilbake", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def dates_back(person: str) -> AnyResponse:
    """Undo other dates."""
    found, before, form = find_person(person), kept("dates"), Press()
    if form.validate_on_submit():
        last = date.fromisoformat(before["last"]) if before["last"] else None
        one = _assignment(found, before["of"])
        rules.change_dates(session(), one, date.fromisoformat(before["first"]), last, today=today())
        note("assignment's dates changed", found.public_id, role=one.role)
        return done(gettext("The dates are as they were."), "administrators.person_page", person=person)
    return show_person(found, form)


@blueprint.route("/administrasjon/personer/<person>/oppdrag/<int:assignment>/fjern", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def remove_assignment(person: str, assignment: int) -> AnyResponse:
    """Take back a role that begins today or later."""
    found, form = find_person(person), Press()
    one = _assignment(found, assignment)
    if form.validate_on_submit():
        before = keep("role", **_written(one))
        after = touched(found, one.from_date, one)
        rules.remove_assignment(session(), one, today=today())
        note("assignment taken back", found.public_id, role=one.role)
        undo = url_for("administrators.assign_again", person=person, kept=before)
        return done(gettext("The role is taken back.") + after, "administrators.person_page", undo=undo, person=person)
    return show_person(found, form)


def _written(one: Assignment) -> dict[str, Any]:
    """A role in values that an address can hold: what it is, where, and its first and last day."""
    places = {"school_class": one.school_class.public_id if one.school_class else "", "language": one.language or ""}
    places["school"] = schools_by_id()[one.school_id].public_id if one.school_id else ""
    return {"role": one.role, **places, "first": one.from_date.isoformat(), "last": one.to_date.isoformat() if one.to_date else ""}


@blueprint.route("/administrasjon/personer/<person>/oppdrag/tilbake", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def assign_again(person: str) -> AnyResponse:
    """Undo that a role was taken back."""
    found, before, form = find_person(person), kept("role"), Press()
    if form.validate_on_submit():
        role, field = before["role"], PLACES.get(before["role"])
        place = {field: _place(field, before[field])} if field else {}
        first, last = date.fromisoformat(before["first"]), date.fromisoformat(before["last"]) if before["last"] else None
        rules.assign(session(), found, role, today=today(), first=first, until=last, **place)
        note("assigned", found.public_id, role=role)
        return done(gettext("The role is as it was."), "administrators.person_page", person=person)
    return show_person(found, form)


def _assignment(person: Person, wanted: int) -> Assignment:
    found = next((one for one in person.assignments if one.id == wanted), None)
    if found is None:
        abort(404)
    return found


# --- The other weekday ----------------------------------------------------------------------------------------------------------------


@blueprint.route("/administrasjon/personer/<person>/annen-ukedag", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def add_elsewhere(person: str) -> AnyResponse:
    """Say on which weekday an agent works elsewhere. Lessons that stand on it are named, and stay."""
    found = find_person(person)
    form = ElsewhereForm(first=today())
    form.weekday.choices = [(number, weekday(date(2024, 1, 1 + number)).capitalize()) for number in range(5)]
    if form.validate_on_submit():
        made = planning.add_elsewhere(session(), found, form.weekday.data, form.first.data, form.until.data)
        note("elsewhere added", found.public_id)
        met = planning.lessons_meeting(session(), made, today())
        undo = url_for("administrators.remove_elsewhere", person=person, elsewhere=made.id)
        return done(_said(made, met), "administrators.person_page", undo=undo, person=person)
    return page("administrators/elsewhere.html", form=form, person=found)


def _said(made: Elsewhere, met: list[planning.Lesson]) -> str:
    name = weekday(date(2024, 1, 1 + made.weekday))
    if not met:
        return gettext("Saved. No lesson of hers stands on a %(weekday)s from now on.", weekday=name)
    return gettext(
        "Saved. These lessons of hers stand on a %(weekday)s and were not moved: %(lessons)s.",
        weekday=name,
        lessons=planning.named_lessons(met),
    )


@blueprint.route("/administrasjon/personer/<person>/annen-ukedag/<int:elsewhere>/fjern", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def remove_elsewhere(person: str, elsewhere: int) -> AnyResponse:
    """She no longer works elsewhere on that weekday."""
    found, form = find_person(person), Press()
    one = next((one for one in planning.elsewhere_of(session(), found) if one.id == elsewhere), None)
    if one is None:
        abort(404)
    if form.validate_on_submit():
        last = one.to_date.isoformat() if one.to_date else None
        before = keep("elsewhere", weekday=one.weekday, first=one.from_date.isoformat(), last=last)
        session().delete(one)
        note("elsewhere removed", found.public_id)
        undo = url_for("administrators.elsewhere_back", person=person, kept=before)
        return done(gettext("The weekday is free for lessons again."), "administrators.person_page", undo=undo, person=person)
    return show_person(found, form)


@blueprint.route("/administrasjon/personer/<person>/annen-ukedag/tilbake", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def elsewhere_back(person: str) -> AnyResponse:
    """Undo that a weekday was removed."""
    found, before, form = find_person(person), kept("elsewhere"), Press()
    if form.validate_on_submit():
        last = date.fromisoformat(before["last"]) if before["last"] else None
        planning.add_elsewhere(session(), found, before["weekday"], date.fromisoformat(before["first"]), last)
        note("elsewhere added", found.public_id)
        return done(gettext("The weekday stands as it did."), "administrators.person_page", person=person)
    return show_person(found, form)
