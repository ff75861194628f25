"""What all of the administrators' pages share: their menu, the audit, the state a form was opened on, and what can be taken back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, request, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from wtforms.fields import Field

from app.access import me
from app.database import now, session, today
from app.language import gettext
from app.pages import Form, leaves, page
from curriculum import people, planning
from curriculum.base import N_
from curriculum.people import ADMINISTRATOR, AGENT, CLASS, COORDINATOR, HALF, HEAD, MANAGER, SMALL, TEACHER, TRANSLATOR, School

blueprint = Blueprint("administrators", __name__, template_folder="templates")

ROLE_NAMES = {
    AGENT: N_("Agent"),
    TEACHER: N_("Class teacher"),
    COORDINATOR: N_("Coordinator of the idea bank"),
    TRANSLATOR: N_("Translator"),
    HEAD: N_("Head of a school"),
    MANAGER: N_("Department manager"),
    ADMINISTRATOR: N_("Administrator"),
}
KIND_NAMES = {CLASS: N_("whole class"), HALF: N_("half class"), SMALL: N_("small group")}

MENU = (
    ("administrators.people", N_("People")),
    ("administrators.schools", N_("Schools and classes")),
    ("administrators.days", N_("Closed days")),
    ("administrators.links", N_("Links")),
    ("administrators.languages", N_("Languages and parents")),
    ("administrators.choose_import", N_("Import")),
)


@blueprint.app_template_global("administration_menu")
def menu() -> list[tuple[str, str, str]]:
    """The room's own menu: (endpoint, words, address). Whoever only reads a page of the room has none."""
    is_hers = ADMINISTRATOR in people.roles(me(), today())
    return [(endpoint, gettext(words), url_for(endpoint)) for endpoint, words in MENU if is_hers]


def note(kind: str, about: str = "", **details: object) -> None:
    """Write in the audit what the signed-in person did; `about` is a public id."""
    people.note(session(), kind, about, by=me(), now=now(), **details)


def schools_by_id() -> dict[int, School]:
    """The district's schools, by name."""
    return {school.id: school for school in people.find_schools(session(), me().district)}


def chosen_year() -> int:
    """The school year of the address (?ar=2026, the year it begins), else the present one. 404 for what is no year."""
    asked = request.values.get("ar", "")
    if not asked:
        return planning.school_year(today())
    if not (asked.isascii() and asked.isdigit() and 2000 <= int(asked) < 2100):
        abort(404)
    return int(asked)


def years_around(chosen: int) -> list[int]:
    """The school years to choose among: the last, this one, the next two, and the one that is chosen."""
    this = planning.school_year(today())
    return sorted({this - 1, this, this + 1, this + 2, chosen})


# --- Two administrators at once -------------------------------------------------------------------------------------------------------


def refuse_overtaken(form: Form, version: int, back: str) -> None:
    """409 when the form was opened on another state than the thing has now: what was typed is shown, and nothing is saved."""
    if request.method == "POST" and form.seen.data != str(version):
        typed = [(field.label.text, _typed(_named(field))) for field in leaves(form) if field.name not in ("seen", "csrf_token")]
        abort(page("administrators/overtaken.html", 409, typed=[(label, value) for label, value in typed if value], back=back))


def _named(field: Field) -> object:
    """What a field holds; of a choice its words, as the form shows them."""
    names = dict(getattr(field, "choices", None) or ())
    if isinstance(field.data, list):
        return [names.get(one, one) for one in field.data]
    return names.get(field.data, field.data) if names else field.data


def _typed(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    return "" if value in (None, False) else gettext("yes") if value is True else str(value)


# --- Taking back ----------------------------------------------------------------------------------------------------------------------


def keep(what: str, **values: Any) -> str:
    """What is needed to take an act back, signed, to stand in the address of the button: nothing is stored."""
    return _signer(what).dumps(values)


def kept(what: str) -> dict[str, Any]:
    """What the button's address brought with it. 404 when it is not ours."""
    try:
        values: dict[str, Any] = _signer(what).loads(request.values.get("kept", ""))
    except BadSignature:
        abort(404)
    return values


def _signer(what: str) -> URLSafeSerializer:
    key = current_app.secret_key
    assert isinstance(key, str)
    return URLSafeSerializer(key, salt=f"take back {what} {me().public_id}")
