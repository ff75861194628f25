"""Signing in and out, the language of the staff pages, and each role's first page."""

from __future__ import annotations

from flask import Blueprint, abort, g, redirect, request, url_for
from flask import session as cookie
from werkzeug.wrappers import Response

from app.access import EVERYONE, SIGNED_IN, end_sign_in, keyed, me, open_to, safe_next, signed_in_person, start_sign_in
from app.accounts.forms import SignInForm
from app.assets import asset
from app.database import now, remember, session, today
from app.language import STAFF_LANGUAGES, gettext
from app.pages import done, navigation, page
from curriculum import people
from curriculum.base import N_, Refused, reading_only

blueprint = Blueprint("accounts", __name__, template_folder="templates")


@blueprint.get("/")
@open_to(EVERYONE)
def front() -> Response:
    """Each to her own first page; whoever is not signed in reads what this is."""
    if signed_in_person() is None:
        return page("accounts/front.html")
    return redirect(_first_page())


@blueprint.get("/healthz")
@open_to(EVERYONE)
def healthz() -> Response:
    """For whoever watches the server: it answers."""
    return Response("ok", mimetype="text/plain")


@blueprint.get("/robots.txt")
@open_to(EVERYONE)
def robots() -> Response:
    """No page is for search engines (RFC 9309)."""
    return Response("User-agent: *\nDisallow: /\n", mimetype="text/plain")


@blueprint.get("/favicon.ico")
@open_to(EVERYONE)
def favicon() -> Response:
    """Where browsers look for an icon of their own accord: to ours."""
    icon = asset("icon.svg")
    if not icon:
        abort(404)
    return redirect(icon)


@blueprint.route("/logg-inn", methods=["GET", "POST"])
@open_to(EVERYONE)
def sign_in() -> Response:
    form = SignInForm()
    if request.method == "GET":
        form.next.data = request.args.get("next", "")
    if form.validate_on_submit():
        person = _checked(str(form.email.data), str(form.password.data))
        start_sign_in(person)
        return redirect(safe_next(form.next.data, url_for("accounts.front")), 303)
    return page("accounts/sign_in.html", form=form)


def _checked(email: str, password: str) -> people.Person:
    """The person with this e-mail and password. The slow comparison runs while no lock is held; a failure is written whatever follows."""
    account = keyed(people.tidy_email(email))
    with reading_only():
        session().rollback()
        people.refuse_throttled(session(), account, now())
        person = people.find_person(session(), email)
        stored = person.password_hash if person and person.is_active else None
        session().rollback()
    if not people.password_matches(stored, password):
        remember(people.Failure(account=account, at=now()))
        raise Refused(N_("The e-mail and the password do not belong together."), at="password")
    found = people.find_person(session(), email)
    if found is None:
        abort(401)
    return found


@blueprint.post("/logg-ut")
@open_to(EVERYONE)
def sign_out() -> Response:
    end_sign_in()
    return done(gettext("You are signed out."), "accounts.sign_in")


@blueprint.post("/sprak/<tag>")
@open_to(EVERYONE)
def choose_language(tag: str) -> Response:
    """Remember the chosen language of the staff pages: in the cookie, and for a signed-in person with her name."""
    if tag not in STAFF_LANGUAGES:
        abort(404)
    cookie["language"] = tag
    person = signed_in_person()
    if person is not None:
        person.language = tag
    return redirect(safe_next(request.form.get("next"), url_for("accounts.front")), 303)


def _first_page() -> str:
    found = navigation()
    mine = people.roles(me(), today())
    if people.TEACHER in mine and "agent" not in mine:
        return url_for("teachers.this_week")
    return found[0][1] if found else url_for("accounts.nothing_yet")


@blueprint.get("/velkommen")
@open_to(SIGNED_IN)
def nothing_yet() -> Response:
    """For someone whose assignments have not begun, or are over; anyone else goes to her own first page."""
    if navigation():
        return redirect(_first_page())
    return page("accounts/nothing_yet.html", person=g.person)
