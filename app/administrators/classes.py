"""The classes of a school year: adding, changing, splitting in two, removing."""

from __future__ import annotations

from typing import Any

from flask import url_for
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.wrappers import Response as AnyResponse

from app.access import find, open_to, visible
from app.administrators.door import KIND_NAMES, blueprint, chosen_year, keep, kept, note, refuse_overtaken, schools_by_id
from app.administrators.forms import ClassForm, Press, SplitForm
from app.administrators.schools import show_schools
from app.database import session
from app.language import gettext
from app.pages import done, page
from curriculum import people as rules
from curriculum import planning
from curriculum.people import ADMINISTRATOR, CLASS, School, SchoolClass


@blueprint.route("/administrasjon/skoler/<school>/klasser/ny", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def new_class(school: str) -> AnyResponse:
    """Add a class to a school for the school year of the address."""
    at, year = find(School, School.public_id == school, act="administer"), chosen_year()
    form = _class_form(ClassForm(school=school, kind=CLASS), year)
    if form.validate_on_submit():
        said = _said(form)
        made = planning.add_class(session(), said.pop("school"), said.pop("name"), year=year, **said)
        note("class added", made.public_id)
        undo = url_for("administrators.remove_class", school_class=made.public_id)
        return done(gettext("%(name)s is added.", name=made.name), "administrators.schools", undo=undo, ar=year)
    return page("administrators/class_form.html", form=form, school_class=None, school=at, year=year)


@blueprint.route("/administrasjon/klasser/<school_class>/endre", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def edit_class(school_class: str) -> AnyResponse:
    """Say a class anew. One with a series stays where it is, and what it is."""
    found = _class(school_class)
    form = _class_form(
        ClassForm(
            school=found.school.public_id,
            name=found.name,
            grades=[one.grade for one in found.grades],
            kind=found.kind,
            taken_from=[one.public_id for one in found.taken_from],
            head_count=found.head_count,
            seen=found.version,
        ),
        found.school_year,
        found,
    )
    refuse_overtaken(form, found.version, url_for("administrators.edit_class", school_class=school_class))
    if form.validate_on_submit():
        planning.change_class(session(), found, **_said(form))
        note("class changed", found.public_id)
        return done(gettext("%(name)s is saved.", name=found.name), "administrators.schools", ar=found.school_year)
    return page("administrators/class_form.html", form=form, school_class=found, school=found.school, year=found.school_year)


def _class_form(form: ClassForm, year: int, own: SchoolClass | None = None) -> ClassForm:
    query = visible(SchoolClass, "administer").where(SchoolClass.school_year == year, SchoolClass.kind == CLASS)
    whole = [one for one in session().scalars(query.options(joinedload(SchoolClass.school))).unique() if one is not own]
    whole.sort(key=lambda one: (one.school.name, one.name))
    form.school.choices = [(one.public_id, one.name) for one in schools_by_id().values()]
    form.grades.choices = [(grade, str(grade)) for grade in rules.GRADES]
    form.kind.choices = [(kind, gettext(words)) for kind, words in KIND_NAMES.items()]
    form.taken_from.choices = [(one.public_id, f"{one.name}, {one.school.name}") for one in whole]
    return form


def _said(form: ClassForm) -> dict[str, Any]:
    """What the form says, as the rules take it. The form has checked that each is one of the choices."""
    return {
        "school": find(School, School.public_id == form.school.data, act="administer"),
        "name": form.name.data,
        "grades": form.grades.data or [],
        "kind": form.kind.data,
        "head_count": form.head_count.data,
        "taken_from": [_class(public_id) for public_id in form.taken_from.data or []],
    }


def _class(public_id: str) -> SchoolClass:
    load = (joinedload(SchoolClass.school), selectinload(SchoolClass.grades), selectinload(SchoolClass.taken_from))
    return find(SchoolClass, SchoolClass.public_id == public_id, act="administer", load=load)


@blueprint.route("/administrasjon/klasser/<school_class>/del", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def split_class(school_class: str) -> AnyResponse:
    """Split a class in two: each half gets its share of the heads, and a series of its own."""
    found = _class(school_class)
    form = SplitForm(first=f"{found.name}1", second=f"{found.name}2", seen=found.version)
    refuse_overtaken(form, found.version, url_for("administrators.split_class", school_class=school_class))
    if form.validate_on_submit():
        made = planning.split_class(session(), found, [str(form.first.data), str(form.second.data)])
        note("class split", found.public_id)
        undo = url_for("administrators.unsplit_class", school_class=school_class)
        words = gettext("%(name)s is split in %(first)s and %(second)s.", name=found.name, first=made[0].name, second=made[1].name)
        return done(words, "administrators.schools", undo=undo, ar=found.school_year)
    return page("administrators/split.html", form=form, school_class=found)


@blueprint.route("/administrasjon/klasser/<school_class>/samle", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def unsplit_class(school_class: str) -> AnyResponse:
    """Undo a split, as long as nothing has been made for the halves."""
    found, form = _class(school_class), Press()
    if form.validate_on_submit():
        for half in rules.halves_of(session(), found):
            planning.remove_class(session(), half)
        note("class made whole", found.public_id)
        return done(gettext("%(name)s is whole again.", name=found.name), "administrators.schools", ar=found.school_year)
    return show_schools(found.school_year, form)


@blueprint.route("/administrasjon/klasser/<school_class>/fjern", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def remove_class(school_class: str) -> AnyResponse:
    """Remove a class that nothing refers to."""
    found, form = _class(school_class), Press()
    if form.validate_on_submit():
        before = keep(
            "class",
            school=found.school.public_id,
            name=found.name,
            grades=[one.grade for one in found.grades],
            year=found.school_year,
            kind=found.kind,
            head_count=found.head_count,
            taken_from=[one.public_id for one in found.taken_from],
        )
        planning.remove_class(session(), found)
        note("class removed", school_class)
        undo = url_for("administrators.class_back", kept=before)
        return done(gettext("%(name)s is removed.", name=found.name), "administrators.schools", undo=undo, ar=found.school_year)
    return show_schools(found.school_year, form)


@blueprint.route("/administrasjon/klasser/tilbake", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def class_back() -> AnyResponse:
    """Undo that a class was removed."""
    before, form = kept("class"), Press()
    if form.validate_on_submit():
        school = find(School, School.public_id == before.pop("school"), act="administer")
        taken_from = [_class(public_id) for public_id in before.pop("taken_from")]
        made = rules.add_class(session(), school, before.pop("name"), taken_from=taken_from, **before)
        note("class added", made.public_id)
        return done(gettext("%(name)s is there again.", name=made.name), "administrators.schools", ar=made.school_year)
    return show_schools(before["year"], form)
