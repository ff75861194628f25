"""Signing in and out, the language of the staff pages, and each role's first page."""

from __future__ import annotations

from flask import Blueprint, abort, g, redirect, request, url_for
from flask import session as cookie
from werkzeug.wrappers import Response

from app.access import EVERYONE, SIGNED_IN, end_sign_in, keyed, open_to, safe_next, signed_in_person, start_sign_in
from app.accounts.forms import NewPasswordForm, SignInForm
from app.assets import asset
from app.database import now, remember, session
from app.errors import error_page
from app.invitation import invited
from app.language import STAFF_LANGUAGES, gettext
from app.pages import done, first_page, page
from curriculum import people
from curriculum.base import N_, Refused, reading_only
from curriculum.people import AuditEvent

blueprint = Blueprint("accounts", __name__, template_folder="templates")


@blueprint.get("/")
@open_to(EVERYONE)
def front() -> Response:
    """Each to her own first page; whoever is not signed in reads what this is."""
    if signed_in_person() is None:
        return page("accounts/front.html")
    return redirect(first_page() or url_for("accounts.nothing_yet"))


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


@blueprint.route("/nytt-passord/<token>", methods=["GET", "POST"])
@open_to(EVERYONE)
def new_password(token: str) -> Response:
    """Give oneself a password by a one-time address. It is hashed while no lock is held."""
    form = NewPasswordForm()
    with reading_only():
        whose = _invited(token)
        name, email = whose.name, whose.email
        session().rollback()
    if form.validate_on_submit():
        hashed = people.hash_password(str(form.password.data))
        person = _invited(token)
        people.set_password(session(), person, hashed, now())
        remember(AuditEvent(district_id=person.district_id, at=now(), kind="password set", person_id=person.id))
        return done(gettext("Your password is saved. Sign in with it and %(email)s.", email=email), "accounts.sign_in")
    return page("accounts/new_password.html", form=form, token=token, name=name, email=email)


def _invited(token: str) -> people.Person:
    """Whom the address is for. One that is used or too old is answered with 410."""
    person = invited(token)
    if person is None:
        words = gettext("The address was used already, is more than seven days old, or was closed by a newer one. Ask for a new one.")
        abort(error_page(410, words=words))
    return person


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


@blueprint.get("/velkommen")
@open_to(SIGNED_IN)
def nothing_yet() -> Response:
    """For someone whose assignments have not begun, or are over; anyone else goes to her own first page."""
    hers = first_page()
    if hers:
        return redirect(hers)
    return page("accounts/nothing_yet.html", person=g.person)
