"""Days of a school calendar from a list or a calendar file: looked at line by line, then what is new is saved."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.access import me, open_to
from app.administrators.days import chosen_school, school_choices
from app.administrators.door import blueprint, chosen_year, keep, kept, note
from app.administrators.forms import DaysImportForm, day_kinds
from app.administrators.grid import undo_address
from app.administrators.importing import COLORS, STATES, written_in
from app.database import session, today
from app.language import gettext
from app.pages import done, page, said
from curriculum import interchange, planning
from curriculum.interchange import DAY_COLUMNS, DAY_EXAMPLE, TakenDays
from curriculum.people import ADMINISTRATOR, School
from curriculum.planning import Marked

LONGEST_ADDRESS = 6000
"""Characters of an address that every server between takes; a list that is longer is shown in answer to the form itself."""


@blueprint.get("/administrasjon/fridager/import.csv")
@open_to(ADMINISTRATOR)
def days_template() -> Response:
    """A file to fill in: the headings and one example."""
    response = Response(interchange.template(DAY_COLUMNS, DAY_EXAMPLE), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="skolerute.csv"'
    return response


@blueprint.route("/administrasjon/fridager/import", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def import_days() -> AnyResponse:
    """Look at a list or a calendar file, then save what is new: one function on the same text, which the form carries."""
    form = _form()
    if not form.validate_on_submit():
        return _show(form, None)
    form.text.data = written_in(form)
    school = chosen_school(form.school.data)
    taken = _take(form, school, save=False)
    is_seen = form.digest.data == taken.digest
    if "save" in request.form and is_seen and taken.can_be_saved:
        return _saved(_take(form, school, save=True), school, form.year.data)
    address = _address(form)
    if "save" not in request.form and taken.can_be_saved and len(address) <= LONGEST_ADDRESS:
        return redirect(address, 303)
    return _show(form, taken, is_other="save" in request.form and not is_seen)


def _address(form: DaysImportForm) -> str:
    """Where what a list would do can be looked at, and come back to from later pages: the address itself carries the list."""
    sent = {name: form[name].data for name in ("year", "school", "kind", "is_whole", "text")}
    return url_for("administrators.look_at_days", kept=keep("days list", **sent))


@blueprint.get("/administrasjon/fridager/import/sett")
@open_to(ADMINISTRATOR, writes=True)  # looking tries it, and takes all of it back
def look_at_days() -> Response:
    """What a list that was sent would do now."""
    form = _form(**kept("days list"))
    return _show(form, _take(form, chosen_school(form.school.data), save=False))


def _form(**sent: Any) -> DaysImportForm:
    this = planning.school_year(today())
    form = DaysImportForm(**{"year": max(this, min(this + 2, chosen_year()))} | sent)
    form.year.choices = [(year, f"{year}–{year + 1}") for year in (this, this + 1, this + 2)]
    form.school.choices, form.kind.choices = school_choices(), day_kinds()
    return form


def _take(form: DaysImportForm, school: School | None, *, save: bool) -> TakenDays:
    year: int = form.year.data
    found = interchange.read_days(str(form.text.data), year, form.kind.data)
    return interchange.take_days(
        session(), me().district, school, found, year=year, today=today(), save=save, is_whole=bool(form.is_whole.data)
    )


def _show(form: DaysImportForm, taken: TakenDays | None, *, is_other: bool = False) -> Response:
    """The form, below what its list would do. Nothing is saved."""
    if taken is not None:
        form.digest.process_data(taken.digest)
    year = form.year.data if form.year.data in dict(form.year.choices) else chosen_year()
    [known] = planning.school_years(session(), me().district_id, None, [year])
    response = page(
        "administrators/import_days.html",
        form=form,
        taken=taken,
        year=year,
        is_by_rule=known.is_by_rule,
        columns=DAY_COLUMNS,
        words=", ".join(interchange.DAY_KINDS),
        counts=[(gettext(words), COLORS[state], taken.count(state)) for state, words in STATES.items()] if taken else [],
        states=STATES,
        colors=COLORS,
        in_words=said,
        is_other=is_other,
    )
    if taken is not None and taken.can_be_saved and not is_other:
        response.status_code = 200
    return response


def _saved(taken: TakenDays, school: School | None, year: int) -> AnyResponse:
    note("days imported", school.public_id if school else "", year=year, new=taken.count("new"))
    words = gettext("Saved. New lines: %(new)s. Left out: %(out)s.", new=taken.count("new"), out=len(taken.rows) - taken.count("new"))
    calendar = planning.calendar_of_year(session(), me().district, school, year)
    return done(words, "administrators.days", undo=undo_address(calendar, Marked(added=taken.days)), ar=year)
