"""Lists of classes and people from a spreadsheet: looked at row by row, then saved, all or nothing."""

from __future__ import annotations

from flask import Response, abort, request
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from app.access import me, open_to
from app.administrators.door import blueprint, note
from app.administrators.forms import DaysImportForm, ImportForm
from app.administrators.people import one_time_address
from app.database import now, session, today
from app.invitation import LIVES
from app.language import day, gettext
from app.pages import done, page, said
from curriculum import interchange, planning
from curriculum.base import N_, Refused
from curriculum.interchange import CLASS_COLUMNS, CLASS_EXAMPLE, KINDS, STAFF_COLUMNS, STAFF_EXAMPLE, STAFF_ROLES, Columns, Sheet, Taken
from curriculum.people import ADMINISTRATOR, Person

STATES = {"new": N_("new"), "changed": N_("changed"), "same": N_("the same as before"), "error": N_("cannot be taken in")}
COLORS = {"new": "success", "changed": "info", "same": "neutral", "error": "danger"}
COLUMNS: dict[str, Columns] = {"klasser": CLASS_COLUMNS, "personer": STAFF_COLUMNS}
ALLOWED = {"klasser": ("slag", ", ".join(KINDS)), "personer": ("rolle", ", ".join(STAFF_ROLES))}
"""The column that takes certain words only, and the words."""


@blueprint.get("/administrasjon/import")
@open_to(ADMINISTRATOR)
def choose_import() -> Response:
    """What can be imported, with files to fill in."""
    return page("administrators/choose_import.html", columns=COLUMNS)


@blueprint.get("/administrasjon/import/<kind>.csv")
@open_to(ADMINISTRATOR)
def import_template(kind: str) -> Response:
    """A file to fill in: the headings and one example."""
    columns = _columns(kind)
    examples = {"klasser": CLASS_EXAMPLE, "personer": STAFF_EXAMPLE | {"fra": f"{today():%d.%m.%Y}"}}
    response = Response(interchange.template(columns, examples[kind]), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{kind}.csv"'
    return response


@blueprint.route("/administrasjon/import/<kind>", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def import_list(kind: str) -> AnyResponse:
    """Look at a list, then save it: one function on the same text, which the form carries."""
    columns, form = _columns(kind), _import_form()
    if not form.validate_on_submit():
        return page("administrators/import.html", form=form, kind=kind, columns=columns, taken=None, allowed=ALLOWED[kind])
    form.text.data = written_in(form)
    sheet = interchange.read_sheet(form.text.data, columns)
    taken = _take(kind, sheet, form.year.data, save=False)
    is_seen = form.digest.data == taken.digest
    if "save" in request.form and is_seen and taken.is_whole:
        return _saved(kind, _take(kind, sheet, form.year.data, save=True), form.year.data)
    return _preview(form, kind, columns, taken, is_other="save" in request.form and not is_seen)


def _import_form() -> ImportForm:
    this = planning.school_year(today())
    form = ImportForm(year=this)
    form.year.choices = [(year, f"{year}–{year + 1}") for year in (this, this + 1)]
    return form


def written_in(form: ImportForm | DaysImportForm) -> str:
    """The text of the file when one was sent, else what was pasted. A spreadsheet's own file is refused in words."""
    file = form.file.data
    data = file.read() if file else b""
    if data and (form.text.data or "").strip():
        raise Refused(N_("You sent both a file and pasted rows. Choose one: leave the file out, or empty the field below it."), at="file")
    return interchange.decode(data) if data else form.text.data or ""


def _take(kind: str, sheet: Sheet, year: int, *, save: bool) -> Taken:
    if kind == "klasser":
        return interchange.take_classes(session(), me().district, sheet, year=year, save=save)
    return interchange.take_staff(session(), me().district, sheet, year=year, today=today(), save=save)


def _preview(form: ImportForm, kind: str, columns: Columns, taken: Taken, *, is_other: bool) -> Response:
    """What the list would do. Nothing is saved."""
    form.digest.process_data(taken.digest)
    counts = [(gettext(words), COLORS[state], taken.count(state)) for state, words in STATES.items()]
    response = page(
        "administrators/import.html",
        form=form,
        kind=kind,
        columns=columns,
        allowed=ALLOWED[kind],
        taken=taken,
        counts=counts,
        states=STATES,
        colors=COLORS,
        in_words=said,
        is_other=is_other,
    )
    response.status_code = 200 if taken.is_whole and not is_other else 422
    return response


def _saved(kind: str, taken: Taken, year: int) -> AnyResponse:
    note(f"{kind} imported", str(year), new=taken.count("new"), changed=taken.count("changed"))
    values = {"new": taken.count("new"), "changed": taken.count("changed"), "same": taken.count("same")}
    words = gettext("Saved. New rows: %(new)s. Changed: %(changed)s. As before: %(same)s.", **values)
    if kind == "klasser":
        return done(words, "administrators.schools", ar=year)
    if not taken.people:
        return done(words, "administrators.people")
    query = select(Person).where(Person.public_id.in_(taken.people)).order_by(Person.name)
    made = [(person, one_time_address(person)) for person in session().scalars(query)]
    return page("administrators/handed_over.html", 201, words=words, made=made, until=day((now() + LIVES).date()))


def _columns(kind: str) -> Columns:
    if kind not in COLUMNS:
        abort(404)
    return COLUMNS[kind]
