"""Schools and the classes of a school year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from flask import Response, url_for
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response as AnyResponse

from app.access import find, me, open_to, visible
from app.administrators.door import KIND_NAMES, blueprint, chosen_year, note, refuse_overtaken, schools_by_id, years_around
from app.administrators.forms import Press, SchoolForm
from app.database import session
from app.language import gettext
from app.pages import done, page
from curriculum import people as rules
from curriculum.people import ADMINISTRATOR, School, SchoolClass


@blueprint.get("/administrasjon/skoler")
@open_to(ADMINISTRATOR)
def schools() -> Response:
    """The schools with their classes of a school year: a fixed number of queries."""
    return show_schools(chosen_year())


def show_schools(year: int, form: Press | None = None) -> Response:
    """The list, with the words of a refusal above it when there is one."""
    classes: dict[int, list[SchoolClass]] = defaultdict(list)
    for one in classes_of(year):
        classes[one.school_id].append(one)
    return page(
        "administrators/schools.html",
        200 if form is None or not form.form_errors else 422,
        schools=schools_by_id().values(),
        classes=classes,
        year=year,
        years=years_around(year),
        kind_names=KIND_NAMES,
        refusal=form.form_errors[0] if form is not None and form.form_errors else "",
    )


def classes_of(year: int) -> Sequence[SchoolClass]:
    """The classes of a school year by name, groups after what they are taken from."""
    query = visible(SchoolClass, "administer").where(SchoolClass.school_year == year)
    found = session().scalars(query.options(selectinload(SchoolClass.grades), selectinload(SchoolClass.taken_from))).all()
    return sorted(found, key=lambda one: (min((other.name for other in one.taken_from), default=one.name), bool(one.taken_from), one.name))


@blueprint.route("/administrasjon/skoler/ny", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def new_school() -> AnyResponse:
    """Add a school."""
    form = SchoolForm()
    if form.validate_on_submit():
        made = rules.add_school(session(), me().district, str(form.name.data), phone=form.phone.data or "")
        note("school added", made.public_id)
        return done(gettext("%(name)s is added.", name=made.name), "administrators.schools")
    return page("administrators/school_form.html", form=form, school=None)


@blueprint.route("/administrasjon/skoler/<school>/endre", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def edit_school(school: str) -> AnyResponse:
    """Another name or telephone number."""
    found = find(School, School.public_id == school, act="administer")
    form = SchoolForm(name=found.name, phone=found.phone, seen=found.version)
    refuse_overtaken(form, found.version, url_for("administrators.edit_school", school=school))
    if form.validate_on_submit():
        rules.change_school(session(), found, name=str(form.name.data), phone=form.phone.data or "")
        note("school changed", found.public_id)
        return done(gettext("%(name)s is saved.", name=found.name), "administrators.schools")
    return page("administrators/school_form.html", form=form, school=found)
