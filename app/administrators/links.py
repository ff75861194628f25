"""The classes' links for parents and for teachers: made, closed, opened again, and their last day."""

from __future__ import annotations

from collections import defaultdict

from flask import Response, abort, current_app, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response as AnyResponse

from app.access import find, me, open_to, visible
from app.administrators.door import blueprint, chosen_year, years_around
from app.administrators.forms import LastDayForm, Press
from app.database import now, session, today
from app.language import day, gettext
from app.pages import done, page
from curriculum import people as rules
from curriculum.people import (
    ADMINISTRATOR,
    HALF,
    LINK_CLOSED,
    LINK_MADE,
    LINK_REOPENED,
    PARENTS,
    TEACHER,
    Link,
    SchoolClass,
)

KINDS = {"foreldre": PARENTS, "larer": TEACHER}
PATHS = {PARENTS: "/f/", TEACHER: "/l/"}


@blueprint.get("/administrasjon/lenker")
@open_to(ADMINISTRATOR)
def links() -> Response:
    """Every class of a school year with its links. Halves share those of their whole class. A fixed number of queries."""
    return _show_links(chosen_year())


def _show_links(year: int, form: Press | None = None) -> Response:
    query = visible(SchoolClass, "share").where(SchoolClass.school_year == year, SchoolClass.kind != HALF)
    classes = list(session().scalars(query.options(joinedload(SchoolClass.school))).unique())
    classes.sort(key=lambda one: (one.school.name, one.name))
    return page(
        "administrators/links.html",
        200 if form is None or not form.form_errors else 422,
        classes=classes,
        links=_open_links(classes),
        closed=_closed_links(classes),
        base_url=current_app.config["SETTINGS"].base_url,
        kinds=KINDS,
        paths=PATHS,
        year=year,
        years=years_around(year),
        refusal=form.form_errors[0] if form is not None and form.form_errors else "",
    )


def _open_links(classes: list[SchoolClass]) -> dict[int, dict[str, Link]]:
    """The open links of many classes at once, by kind; of several of a kind the newest."""
    query = select(Link).where(Link.class_id.in_([one.id for one in classes]), Link.revoked_at.is_(None), Link.expires >= today())
    found: dict[int, dict[str, Link]] = defaultdict(dict)
    for link in session().scalars(query.order_by(Link.id)):
        found[link.class_id][link.kind] = link
    return found


def _closed_links(classes: list[SchoolClass]) -> set[tuple[int, str]]:
    """Of which class and kind a link was closed that could be opened again."""
    query = select(Link.class_id, Link.kind).where(Link.class_id.in_([one.id for one in classes]), Link.revoked_at.is_not(None))
    return {(class_id, kind) for class_id, kind in session().execute(query.where(Link.expires >= today()))}


@blueprint.route("/administrasjon/lenker/<school_class>/<name>/ny", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def make_link(school_class: str, name: str) -> AnyResponse:
    """A link for a class that has none of its kind."""
    found, kind, form = _class(school_class), _kind(name), Press()
    if form.validate_on_submit():
        rules.make_link(session(), found, kind, by=me(), today=today(), now=now())
        return _done(LINK_MADE[kind], found)
    return _show_links(found.school_year, form)


@blueprint.route("/administrasjon/lenker/<school_class>/<name>/steng", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def close_link(school_class: str, name: str) -> AnyResponse:
    """Close a link: its code answers with 410 from now on."""
    found, kind, form = _class(school_class), _kind(name), Press()
    if form.validate_on_submit():
        code = request.form.get("code", "")
        rules.close_open_link(session(), found, kind, code, by=me(), today=today(), now=now())
        return _done(LINK_CLOSED[kind], found, undo=url_for("administrators.reopen_link", school_class=school_class, name=name))
    return _show_links(found.school_year, form)


@blueprint.route("/administrasjon/lenker/<school_class>/<name>/apne", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def reopen_link(school_class: str, name: str) -> AnyResponse:
    """Undo that a link was closed."""
    found, kind, form = _class(school_class), _kind(name), Press()
    if form.validate_on_submit():
        rules.reopen_link(session(), found, kind, by=me(), today=today(), now=now())
        return _done(LINK_REOPENED[kind], found)
    return _show_links(found.school_year, form)


@blueprint.route("/administrasjon/lenker/<school_class>/<name>/siste-dag", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def last_day_of_link(school_class: str, name: str) -> AnyResponse:
    """Let a link open for a shorter or longer time, at most through the school year."""
    found, kind = _class(school_class), _kind(name)
    link = rules.open_links(session(), found, today()).get(kind)
    if link is None:
        abort(410)
    form = LastDayForm(expires=link.expires)
    if form.validate_on_submit():
        rules.set_last_day(session(), link, form.expires.data, by=me(), today=today(), now=now())
        return _done(gettext("The link opens through %(date)s.", date=day(link.expires, "d. MMMM y")), found)
    return page("administrators/last_day.html", form=form, school_class=found, name=name, kind=kind)


def _class(public_id: str) -> SchoolClass:
    load = (joinedload(SchoolClass.school),)
    return find(SchoolClass, SchoolClass.public_id == public_id, SchoolClass.kind != HALF, act="share", load=load)


def _kind(name: str) -> str:
    if name not in KINDS:
        abort(404)
    return KINDS[name]


def _done(words: str, school_class: SchoolClass, undo: str = "") -> AnyResponse:
    said = f"{school_class.name}: {gettext(words)}"
    return done(said, "administrators.links", undo=undo, ar=school_class.school_year)
