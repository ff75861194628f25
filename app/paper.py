"""What goes on paper: words in a language of its own, squares to scan, and the same page as a PDF where that is installed."""

from __future__ import annotations

import importlib.util
import logging
import os
import re
import subprocess
import sys
import threading
from functools import cache
from pathlib import Path
from typing import Any

import segno
from flask import Response, abort, flash, make_response, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from app.database import session
from app.language import catalogue, gettext
from app.pages import page
from curriculum.base import N_
from curriculum.people import SchoolClass
from curriculum.text import SafeHtml

PRESS = Path(__file__).with_name("press.py")
SECONDS = 25
"""A page is made in one or two; whatever takes this long will not be made."""

MOST_AT_ONCE, PATIENCE = 2, 3.0
"""Children of one process, and the seconds that a reader waits for one of them to end: parents' pages need the other threads."""

_room = threading.BoundedSemaphore(MOST_AT_ONCE)
PDF = ".pdf"


class NotPressed(Exception):
    """No PDF came of a page."""


@cache
def can_press() -> bool:
    """Whether the extra `pdf` is installed."""
    return importlib.util.find_spec("weasyprint") is not None


def on_paper(template: str, name: str, **values: Any) -> AnyResponse:
    """A page to look at and print; under the same address with .pdf, the same as a file called `name`.

    The template extends `frame`, and puts what is not for paper in blocks that paper.html does not have.
    """
    if not request.path.endswith(PDF):
        return page(template, frame="base.html", pdf_url=_pdf_url(), **values)
    if not can_press():
        abort(404)
    html = render_template(template, frame="paper.html", **values)
    session().rollback()  # nothing waits for the database meanwhile
    try:
        pressed = press(html)
    except NotPressed:
        flash(gettext("The PDF could not be made now. Try again in a minute, or print this page."), "warning")
        return redirect(_with_query(request.path.removesuffix(PDF)), 303)
    return as_file(pressed, name)


def _pdf_url() -> str:
    """This address as a PDF; empty where none can be made."""
    return _with_query(f"{request.path}{PDF}") if can_press() else ""


def _with_query(path: str) -> str:
    return f"{path}?{request.query_string.decode()}" if request.query_string else path


def as_file(pressed: bytes, name: str) -> Response:
    """A PDF to keep: its name may hold any letter (RFC 6266)."""
    response = make_response(pressed)
    response.headers["Content-Type"] = "application/pdf"
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}{PDF}")
    return response


def press(html: str) -> bytes:
    """The PDF of a page, made in a child process. Raises NotPressed when it fails, takes too long, or others wait already."""
    if not _room.acquire(timeout=PATIENCE):
        raise NotPressed
    try:
        return _pressed(html)
    finally:
        _room.release()


def _pressed(html: str) -> bytes:
    log = logging.getLogger(__name__)
    try:
        child = subprocess.run(
            [sys.executable, str(PRESS)], input=html.encode(), capture_output=True, timeout=SECONDS, check=False, env=_surroundings()
        )
    except subprocess.TimeoutExpired as late:
        log.error("A PDF was not made within %s seconds", SECONDS)
        raise NotPressed from late
    if child.returncode or not child.stdout.startswith(b"%PDF"):
        log.error("A PDF was not made: %s", child.stderr.decode(errors="replace")[-2000:])
        raise NotPressed
    return child.stdout


def _surroundings() -> dict[str, str]:
    """What the child may know of ours: where programs and the fonts' cache lie, and no secret."""
    return {name: os.environ[name] for name in ("HOME", "PATH", "XDG_CACHE_HOME") if name in os.environ} | {"LANG": "C.UTF-8"}


def spoken(tag: str, msgid: str) -> str:
    """A sentence in a language of its own: paper is for those who read it, whatever language the one who prints it has chosen.

    Where the house does not speak that language, the English sentence.
    """
    return catalogue(tag).get(msgid, msgid)


def square(address: str) -> Markup:
    """The address as a QR code: half of it may be dirty, and its colours are in attributes, which the page's policy allows."""
    code = segno.make(address, error="q", micro=False)
    return Markup(code.svg_inline(border=2, dark="#000", light="#fff", svgclass="square", lineclass=None, omitsize=True))  # ours alone


def first_paragraph(html: SafeHtml) -> SafeHtml:
    """Who we are, in a line."""
    return SafeHtml(html.partition("</p>")[0] + "</p>")


def whose(group: SchoolClass, tag: str) -> str:
    """Whose paper it is, in a language; a small group's says only the school."""
    if group.is_confidential:
        return group.school.name
    return spoken(tag, N_("Class %(name)s, %(school)s")) % {"name": group.name, "school": group.school.name}


def file_name(*words: str) -> str:
    """What a file is called: letters, numbers and hyphens, which every system takes."""
    return re.sub(r"[^\w.-]+", "-", " ".join(filter(None, words))).strip("-").lower()
