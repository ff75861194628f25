"""What parents are offered: languages and their order, how much of a translation they may read, and numbers to ring."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, abort, url_for
from sqlalchemy import func, select
from werkzeug.wrappers import Response as AnyResponse

from app.access import find, me, open_to
from app.administrators.door import blueprint, keep, kept, note, refuse_overtaken
from app.administrators.forms import HelpLineForm, PolicyForm, Press
from app.database import session
from app.language import catalogue, gettext
from app.pages import done, page
from curriculum import people as rules
from curriculum.base import N_, Refused
from curriculum.people import ADMINISTRATOR, District, HelpLine
from curriculum.summaries import Translation
from curriculum.text import LANGUAGES, Language

POLICY_NAMES = {
    "checked": N_("only what a second human has checked"),
    "translated": N_("also what a human has translated and nobody has checked; the page says so"),
    "draft": N_("also what a machine has translated; every page says so"),
}


@dataclass(frozen=True)
class Line:
    """A language, whether it is open, how many texts it has, and whether the pages themselves speak it."""

    language: Language
    is_open: bool
    is_source: bool
    texts: int
    has_interface: bool


@blueprint.get("/administrasjon/sprak")
@open_to(ADMINISTRATOR)
def languages() -> Response:
    """The languages, what parents may read, and the help lines."""
    return _show_languages()


def _show_languages(form: Press | None = None) -> Response:
    district = me().district
    lines = _lines(district)
    return page(
        "administrators/languages.html",
        200 if form is None or not form.form_errors else 422,
        opened=[line for line in lines if line.is_open],
        closed=[line for line in lines if not line.is_open],
        district=district,
        policy_names=POLICY_NAMES,
        refusal=form.form_errors[0] if form is not None and form.form_errors else "",
    )


def _lines(district: District) -> list[Line]:
    """The district's languages in its order, then those it has never had."""
    query = select(Translation.language, func.count()).where(Translation.district_id == district.id).group_by(Translation.language)
    counts = {tag: count for tag, count in session().execute(query)}
    own = sorted(district.languages, key=lambda one: one.position)
    is_open = {one.tag: one.is_open for one in own}
    tags = [*is_open, *(tag for tag in LANGUAGES if tag not in is_open)]
    return [
        Line(LANGUAGES[tag], is_open.get(tag, False), tag == district.source_language, counts.get(tag, 0), _speaks(tag))
        for tag in tags
        if tag in LANGUAGES
    ]


def _speaks(tag: str) -> bool:
    return tag == "en" or bool(catalogue(tag))


@blueprint.route("/administrasjon/sprak/<tag>/<act>", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def change_language(tag: str, act: str) -> AnyResponse:
    """Open or close a language, or let it stand earlier or later in the parents' list."""
    if tag not in LANGUAGES or act not in ("apne", "steng", "opp", "ned"):
        abort(404)
    form, name = Press(), LANGUAGES[tag].endonym
    if not form.validate_on_submit():
        return _show_languages(form)
    district = _district()
    if act in ("opp", "ned"):
        rules.move_language(session(), district, tag, earlier=act == "opp")
        words, undo = gettext("%(language)s has changed places.", language=name), ""
    else:
        if act == "apne" and not _speaks(tag):
            raise Refused(
                N_(
                    "The parents' pages do not speak %(language)s yet, and would stand in English. First their own words must be "
                    "translated."
                ),
                language=name,
            )
        rules.open_language(session(), district, tag, act == "apne")
        words = gettext("Parents can choose %(language)s.", language=name)
        if act == "steng":
            words = gettext("Parents can no longer choose %(language)s.", language=name)
        undo = url_for("administrators.change_language", tag=tag, act="steng" if act == "apne" else "apne")
    note("languages changed", tag, act=act)
    return done(words, "administrators.languages", undo=undo)


@blueprint.route("/administrasjon/foreldre", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def policy() -> AnyResponse:
    """What parents may read in their language."""
    district = _district()
    form = PolicyForm(policy=district.parents_read, seen=district.version)
    form.policy.choices = [(value, gettext(POLICY_NAMES[value])) for value in rules.POLICIES]
    refuse_overtaken(form, district.version, url_for("administrators.policy"))
    if form.validate_on_submit():
        rules.choose_policy(session(), district, form.policy.data)
        note("policy chosen", form.policy.data)
        return done(gettext("Saved."), "administrators.languages")
    return page("administrators/policy.html", form=form, district=district)


def _district() -> District:
    return find(District, District.id == me().district_id, act="administer")


# --- Help lines -----------------------------------------------------------------------------------------------------------------------


@blueprint.route("/administrasjon/telefoner/ny", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def new_help_line() -> AnyResponse:
    """Add a number that parents may ring."""
    form = HelpLineForm()
    if form.validate_on_submit():
        made = rules.add_help_line(session(), _district(), str(form.name.data), str(form.phone.data))
        note("help line added")
        undo = url_for("administrators.remove_help_line", line=made.id)
        return done(gettext("%(name)s is added.", name=made.name), "administrators.languages", undo=undo)
    return page("administrators/help_line.html", form=form, line=None)


@blueprint.route("/administrasjon/telefoner/<int:line>/endre", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def edit_help_line(line: int) -> AnyResponse:
    """Another name or number."""
    found = _help_line(line)
    form = HelpLineForm(name=found.name, phone=found.phone)
    if form.validate_on_submit():
        rules.change_help_line(session(), found, str(form.name.data), str(form.phone.data))
        note("help line changed")
        return done(gettext("%(name)s is saved.", name=found.name), "administrators.languages")
    return page("administrators/help_line.html", form=form, line=found)


@blueprint.route("/administrasjon/telefoner/<int:line>/fjern", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def remove_help_line(line: int) -> AnyResponse:
    """Take a number away from the parents' pages."""
    found, form = _help_line(line), Press()
    if form.validate_on_submit():
        before = keep("help line", name=found.name, phone=found.phone, position=found.position)
        rules.remove_help_line(session(), _district(), found)
        note("help line removed")
        undo = url_for("administrators.help_line_back", kept=before)
        return done(gettext("%(name)s is removed.", name=found.name), "administrators.languages", undo=undo)
    return _show_languages(form)


@blueprint.route("/administrasjon/telefoner/tilbake", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def help_line_back() -> AnyResponse:
    """Undo that a number was removed."""
    before, form = kept("help line"), Press()
    if form.validate_on_submit():
        made = rules.add_help_line(session(), _district(), **before)
        note("help line added")
        return done(gettext("%(name)s is there again.", name=made.name), "administrators.languages")
    return _show_languages(form)


def _help_line(wanted: int) -> HelpLine:
    found = next((one for one in _district().help_lines if one.id == wanted), None)
    if found is None:
        abort(404)
    return found
