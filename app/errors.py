"""What went wrong, in words: each kind of fault has its page, and nothing that was typed is lost."""

from __future__ import annotations

from flask import Flask, Response, g, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from app.language import gettext
from app.pages import page, refused_words
from curriculum.base import N_, Refused

WORDS: dict[int, tuple[str, str]] = {
    400: (
        N_("That did not arrive whole"),
        N_("Something in the form was missing or damaged. Go back, reload the page and try once more."),
    ),
    401: (
        N_("You have been signed out"),
        N_("Nothing was saved. What you wrote stands below, so that you can copy it. Sign in and try again."),
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
        N_("Someone changed this while you were working on it. Nothing of theirs was overwritten, and what you wrote stands below."),
    ),
    410: (N_("This link is no longer open"), N_("It has been replaced or has run out. Ask the class's teacher for the new one.")),
    413: (
        N_("That was too much at once"),
        N_("A page may carry 2 MB, a text 200,000 characters. Your browser still has the text: go back one page and make it shorter."),
    ),
    422: (N_("That cannot be done"), N_("The rules say no.")),
    429: (N_("Too many tries"), N_("Wait an hour and try again, or ask the class's teacher for the link.")),
    500: (
        N_("Something is wrong with us"),
        N_("The fault is ours and has been written down. Nothing was half-saved. Try again in a while."),
    ),
    503: (N_("The database is not answering"), N_("Nothing was saved. Wait a minute and try again.")),
}


def install(app: Flask) -> None:
    """Give each kind of fault its page."""

    @app.errorhandler(CSRFError)
    def form_too_old(_error: CSRFError) -> Response:
        words = gettext("The page was opened too long ago, or in another sign-in. Nothing was saved; what you wrote stands below.")
        return error_page(400, words=words)

    @app.errorhandler(HTTPException)
    def web_fault(error: HTTPException) -> Response:
        if error.code is None or error.code < 400:
            return app.make_response(error.get_response())
        return error_page(error.code)

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
    """The page for a fault, with the texts that were sent, so that they can be copied."""
    if status >= 500:
        g.person = None  # nothing is asked of a database that may be the fault
    title, usual = WORDS.get(status, WORDS[400] if status < 500 else WORDS[500])
    return page("errors/fault.html", status, title=gettext(title), words=words or gettext(usual), status=status, typed=_typed(status))


def _typed(status: int) -> list[str]:
    if request.method != "POST" or status == 413:
        return []
    return [value for name, value in request.form.items() if len(value) > 20 and name not in ("csrf_token", "password", "next")]
