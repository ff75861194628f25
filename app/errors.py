"""What went wrong, in words: each kind of fault has its page, and nothing that was typed is lost."""

from __future__ import annotations

from flask import Flask, Response, current_app, g, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from app.access import EVERYONE, signed_in_person
from app.database import today
from app.language import gettext
from app.pages import is_partial, page, refused_words
from curriculum import people
from curriculum.base import N_, Refused

WORDS: dict[int, tuple[str, str]] = {
    400: (
        N_("That did not arrive whole"),
        N_("Something in the form was missing or damaged. Go back, reload the page and try once more."),
    ),
    401: (
        N_("You have been signed out"),
        N_("Your sign-in has ended, so nothing was saved. Sign in and try again."),
    ),
    403: (
        N_("This is not yours to open"),
        N_("Your role does not give access here. If you think it should, ask the administrator of your district."),
    ),
    404: (N_("We cannot find this page"), N_("The address may be misspelt, or what stood here is gone.")),
    405: (
        N_("That cannot be done here"),
        N_("The page does not take that kind of request. Go back and use the page's own buttons."),
    ),
    409: (
        N_("Somebody else was faster"),
        N_("Someone changed this while you were working on it. Nothing of theirs was overwritten, and nothing of yours was saved."),
    ),
    410: (N_("This link is no longer open"), N_("It has been replaced or has run out. Ask the class's teacher for the new one.")),
    413: (
        N_("That was too much at once"),
        N_(
            "What you sent is larger than 2 MB. A section of a theme holds at most 50,000 characters, a document that is edited as one "
            "text 200,000. Your browser still has the text: go back one page and make it shorter."
        ),
    ),
    422: (N_("That cannot be done"), N_("The rules say no.")),
    429: (N_("Too many tries"), N_("Wait an hour and try again, or ask the class's teacher for the link.")),
    500: (
        N_("Something is wrong with us"),
        N_("The fault is ours and has been written down. Nothing was half-saved. Try again in a while."),
    ),
    503: (N_("The database is not answering"), N_("Nothing was saved. Wait a minute and try again.")),
}

NO_ROLE = (
    N_("You have no assignment today"),
    N_("Your assignment may not have begun, or it may be over. Ask the administrator of your district."),
)
"""Said instead of 403's own words to someone who has no role at all."""

LONG_LIST = N_("What you sent is larger than 2 MB. A list holds at most 500 rows at once: divide it, and take it in part by part.")
"""Said instead of 413's own words where a list from a spreadsheet was sent."""

LONG_SOUND = N_(
    "What you sent is larger than 2 MB. A recording lasts at most 60 seconds and takes at most 1 MB: record it here, or shorter."
)
"""Said instead of 413's own words where a sound was sent."""

NEVER_SHOWN = {"password", "again", "new_password", "old_password", "csrf_token", "next", "kept", "digest", "seen"}
"""Fields that are not given back on a fault's page: passwords, and what nobody typed. Each password field of a form is among them."""


def install(app: Flask) -> None:
    """Give each kind of fault its page."""

    @app.errorhandler(CSRFError)
    def form_too_old(_error: CSRFError) -> Response:
        if signed_in_person() is None and not _is_open_to_everyone():
            return error_page(401)
        return error_page(400, words=gettext("The page was opened too long ago, or in another sign-in. Nothing was saved. Try once more."))

    @app.errorhandler(HTTPException)
    def web_fault(error: HTTPException) -> Response:
        if error.code is None or error.code < 400:
            return app.make_response(error.get_response())
        response = error_page(error.code)
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
        return response

    @app.errorhandler(Refused)
    def refused(refusal: Refused) -> Response:
        return error_page(422, words=refused_words(refusal))

    @app.errorhandler(DataError)
    def unfit(_error: DataError) -> Response:
        return error_page(400)

    @app.errorhandler(StaleDataError)
    @app.errorhandler(IntegrityError)
    def overtaken(_error: Exception) -> Response:
        return error_page(409)

    @app.errorhandler(OperationalError)
    def database_gone(error: OperationalError) -> Response:
        app.logger.error("the database did not answer: %s", error)
        return error_page(503)

    @app.errorhandler(500)
    def our_fault(_error: Exception) -> Response:
        return error_page(500)


def error_page(status: int, words: str = "") -> Response:
    """The page for a fault, with the texts that were sent, so that they can be copied; a few lines where a part of a page was asked for."""
    if status >= 500:
        g.person = None  # nothing is asked of a database that may be the fault
    elif "Cookie" in request.headers and _is_for_staff():
        signed_in_person()  # her language and her menu, also where no route's rule was asked
    title, usual = WORDS.get(status, WORDS[400] if status < 500 else WORDS[500])
    person = signed_in_person() if status == 403 else None
    if person is not None and not people.roles(person, today()):
        title, usual = NO_ROLE
    values = {"title": gettext(title), "words": words or gettext(_too_much() if status == 413 else usual)}
    if is_partial():
        return page("errors/part.html", status, **values)
    return page("errors/fault.html", status, status=status, typed=_typed(status), **values)


def _is_open_to_everyone() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return EVERYONE in getattr(view, "open_to", ())


def _is_for_staff() -> bool:
    """Whether an address is no link's page, or not there at all below one."""
    return not request.path.startswith(("/f/", "/l/", "/k/")) and not (request.endpoint and _is_open_to_everyone())


def _too_much() -> str:
    """What to do about a request that is too large, by what was sent."""
    if request.path.startswith("/administrasjon/import/"):
        return LONG_LIST
    return LONG_SOUND if request.path.startswith("/opptak/") else WORDS[413][1]


def _typed(status: int) -> list[str]:
    if request.method != "POST" or status == 413:
        return []
    return [value for name, value in request.form.items() if len(value) > 20 and name not in NEVER_SHOWN]
