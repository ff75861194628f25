"""Rendering a page, its forms, and what stands on every page: navigation, notices, headers."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from types import FunctionType, MethodType
from typing import Any, Protocol

from flask import Flask, Response, current_app, flash, g, get_flashed_messages, make_response, redirect, render_template, request, url_for
from flask.templating import Environment
from flask_htmx import HTMX
from flask_wtf import FlaskForm
from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import Expr
from jinja2.runtime import Context, Macro
from werkzeug.wrappers import Response as AnyResponse
from wtforms import FieldList, FormField, ValidationError
from wtforms.fields import Field
from wtforms.meta import DefaultMeta

from app.access import can, signed_in_person
from app.assets import asset, asset_lately
from app.database import today
from app.language import STAFF_LANGUAGES, clock, day, gettext, lang, number
from app.settings import ROOT, Settings
from curriculum import people
from curriculum.base import N_, Msgid, Refused
from curriculum.people import ADMINISTRATOR, AGENT, COORDINATOR, HEAD, MANAGER, TEACHER, TRANSLATOR
from curriculum.text import LANGUAGES, MOST_CHARACTERS, refuse_personal, tidy

htmx = HTMX()
LARGE = 10_000
"""From here on a number is written with its thousands apart."""

STAFF_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "media-src 'self' blob:; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
CLOSED_DEVICES = "camera=(), geolocation=(), payment=(), usb=()"
"""What no page of ours may ask a browser for. The microphone is open on the page where one records, and closed on every other."""

NAVIGATION = (
    # endpoint, words, roles
    ("agents.my_week", N_("My week"), {AGENT}),
    ("agents.series_list", N_("Course series"), {AGENT, COORDINATOR, HEAD, MANAGER, ADMINISTRATOR}),
    ("administrators.school", N_("The school"), {HEAD, MANAGER}),
    ("administrators.school", N_("The schools"), {COORDINATOR, ADMINISTRATOR}),
    # Translators: the page that shows a whole district, or the schools one leads
    ("administrators.overview", N_("Overview"), {COORDINATOR, HEAD, MANAGER}),
    ("teachers.this_week", N_("The week"), {TEACHER, COORDINATOR, HEAD, MANAGER}),
    ("coordinators.bank", N_("The idea bank"), {AGENT, TEACHER, COORDINATOR, HEAD, MANAGER, ADMINISTRATOR, TRANSLATOR}),
    # Translators: the page that shows how far the translations have come
    ("translators.desk", N_("Translations"), {TRANSLATOR, COORDINATOR, ADMINISTRATOR}),
    ("administrators.people", N_("Administration"), {ADMINISTRATOR}),
)
"""The way on top of every page, in this order; a place with two names has the first that is hers."""

FIRST_PAGES = (
    (AGENT, "agents.my_week"),
    (TEACHER, "teachers.this_week"),
    (COORDINATOR, "coordinators.bank"),
    (HEAD, "administrators.school"),
    (MANAGER, "administrators.school"),
    (TRANSLATOR, "translators.desk"),
    (ADMINISTRATOR, "administrators.people"),
)
"""Where a role begins; whoever has several begins with the first of hers."""


class Sentence(Protocol):
    """What the rules say: an English sentence to translate, and its values (`Refused`, the planner's words)."""

    @property
    def msgid(self) -> str: ...

    @property
    def values(self) -> Mapping[str, object]: ...


_CHOOSE = N_("Choose among those that are offered.")
_NUMBER = N_("Write a number.")
_WRONG = N_("This cannot be used here. Look at it once more.")
LIBRARY_WORDS = {
    "This field is required.": N_("This must be filled in."),
    "Invalid Choice: could not coerce.": _CHOOSE,
    "Not a valid choice.": _CHOOSE,
    "Invalid choice(s): one or more data inputs could not be coerced.": _CHOOSE,
    "'%(value)s' is not a valid choice for this field.": _CHOOSE,
    "'%(value)s' are not valid choices for this field.": _CHOOSE,
    "Invalid value, must be one of: %(values)s.": _CHOOSE,
    "Invalid value, can't be any of: %(values)s.": _WRONG,
    "Not a valid datetime value.": N_("Write a date and a time, for example 2026-10-14 08:30."),
    "Not a valid date value.": N_("Write a date, for example 2026-10-14."),
    "Not a valid time value.": N_("Write a time, for example 08:30."),
    "Not a valid week value.": N_("Write a week, for example 2026-W42."),
    "Not a valid integer value.": N_("Write a whole number."),
    "Not a valid decimal value.": _NUMBER,
    "Not a valid float value.": _NUMBER,
    "Number must be at least %(min)s.": N_("Write a number of at least %(min)s."),
    "Number must be at most %(max)s.": N_("Write a number of at most %(max)s."),
    "Number must be between %(min)s and %(max)s.": N_("Write a number from %(min)s to %(max)s."),
    "Date must be at least %(min)s.": N_("Choose %(min)s or a later day."),
    "Date must be at most %(max)s.": N_("Choose %(max)s or an earlier day."),
    "Date must be between %(min)s and %(max)s.": N_("Choose a day from %(min)s to %(max)s."),
    "Field must be at least %(min)d character long.": N_("Write at least %(min)d characters."),
    "Field must be at least %(min)d characters long.": N_("Write at least %(min)d characters."),
    "Field cannot be longer than %(max)d character.": N_("At most %(max)d characters fit here."),
    "Field cannot be longer than %(max)d characters.": N_("At most %(max)d characters fit here."),
    "Field must be exactly %(max)d character long.": N_("Write exactly %(max)d characters."),
    "Field must be exactly %(max)d characters long.": N_("Write exactly %(max)d characters."),
    "Field must be between %(min)d and %(max)d characters long.": N_("Write from %(min)d to %(max)d characters."),
    "Field must be equal to %(other_name)s.": N_("The two are not the same."),
    "Invalid input.": _WRONG,
    "Invalid email address.": N_("Write an e-mail address, for example navn@skole.example."),
    "Invalid IP address.": _WRONG,
    "Invalid Mac address.": _WRONG,
    "Invalid URL.": N_("Write an address that begins with https://."),
    "Invalid UUID.": _WRONG,
    "This field cannot be edited.": _WRONG,
    "This field is disabled and cannot have a value.": _WRONG,
}
"""What the form library says by itself, and what we say instead: to a person, in this page's language."""


class LibraryWords:
    """The form library's sentences in ours."""

    def gettext(self, words: str) -> str:
        return gettext(LIBRARY_WORDS[words]) if words in LIBRARY_WORDS else words

    def ngettext(self, one: str, many: str, count: int) -> str:
        return self.gettext(one if count == 1 else many)


class RowMeta(DefaultMeta):
    """For the rows within a form, which are forms of the library's own kind."""

    def get_translations(self, form: Any) -> Any:
        return LibraryWords()


def leaves(fields: Iterable[Field]) -> Iterator[Field]:
    """The fields a person fills in, also those in the rows of a list."""
    for field in fields:
        if isinstance(field, FieldList | FormField):
            yield from leaves(field)
        else:
            yield field


class Form(FlaskForm):
    """A form: one per act. A refusal by the rules shows beside its field (or above the form), with everything typed still there."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: FlaskForm) -> Any:
            return LibraryWords()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self:
            field.label.text = gettext(field.label.text)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field; sentences marked where a field is defined are put in this page's language."""
        is_valid = bool(super().validate(extra_validators))
        for field in leaves(self):
            field.errors = [gettext(words) for words in field.errors]
        return is_valid

    def faults(self) -> list[tuple[str, str, str]]:
        """What is wrong field by field: (the field's id, or "" when it is not seen; its label; words)."""
        return [
            ("" if getattr(field.widget, "input_type", "") == "hidden" else field.id, field.label.text, words)
            for field in leaves(self)
            for words in field.errors
        ]

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Whether the form was sent, its fields are whole, and the rules have not refused it."""
        if not self.is_submitted():
            return False
        refusal: Refused | None = g.get("refusal")
        if refusal is not None:
            self.validate()
            self._show(refusal)
            return False
        return bool(super().validate_on_submit(extra_validators))

    def _show(self, refusal: Refused) -> None:
        words = refused_words(refusal)
        if refusal.at in self._fields:
            field: Field = self._fields[refusal.at]
            field.errors = (*field.errors, words)
        else:
            self.form_errors.append(words)


_WITHOUT_LINE = {
    "Line %(line)s holds a control character (%(code)s) that cannot be seen. Delete it.": N_(
        "This holds a control character (%(code)s) that cannot be seen. Delete it."
    ),
    "Line %(line)s holds a hidden character that turns the direction of the text. Delete it.": N_(
        "This holds a hidden character that turns the direction of the text. Delete it."
    ),
    "Line %(line)s opens or closes a direction mark without its other half. Delete it.": N_(
        "This opens or closes a direction mark without its other half. Delete it."
    ),
    "Line %(line)s heaps up too many accents on one letter. Delete them.": N_("This heaps up too many accents on one letter. Delete them."),
}
"""What `tidy` refuses, said of a field with one line."""


class FreeText:
    """A validator of free text: bounded, with no hidden characters and no fødselsnummer (in a public text no telephone or e-mail).

    The field's text is from then on as it is kept: browsers send other line ends than those that are stored.
    """

    def __init__(self, limit: int = MOST_CHARACTERS, *, public: bool = False) -> None:
        self.limit = limit
        self.public = public

    def __call__(self, form: FlaskForm, field: Field) -> None:
        if field.data and len(field.data) > self.limit:
            counts = {"count": number(len(field.data)), "limit": number(self.limit)}
            raise ValidationError(gettext("This text has %(count)s characters; at most %(limit)s fit here.", **counts))
        try:
            field.data = tidy(field.data) if field.data else field.data
            refuse_personal(field.data or "", public=self.public)
        except Refused as refusal:
            is_one_line = "\n" not in field.data
            words = gettext(_WITHOUT_LINE.get(refusal.msgid, ""), **refusal.values) if is_one_line else ""
            raise ValidationError(words or refused_words(refusal)) from refusal


def refused_words(refusal: Refused) -> str:
    """A refusal in this page's language."""
    return said(refusal)


def said(sentence: Sentence) -> str:
    """A sentence of the rules in this page's language; values that are themselves sentences, dates or times are put in words too."""
    return gettext(sentence.msgid, **{name: _value_said(value) for name, value in sentence.values.items()})


def _value_said(value: object) -> object:
    if isinstance(value, Msgid):
        return gettext(value)
    if isinstance(value, int) and value >= LARGE:
        return number(value)
    if isinstance(value, date):
        return day(value) if value.year == today().year else day(value, "d. MMMM y")
    if isinstance(value, time):
        return clock(value)
    return said(value) if hasattr(value, "msgid") and hasattr(value, "values") else value


def page(template: str, status: int = 200, /, **values: Any) -> Response:
    """A page of ours as a finished response. A form that came back refused makes it 422."""
    if status == 200 and request.method == "POST":
        status = 422
    return make_response(render_template(template, **values), status)


def is_partial() -> bool:
    """Whether htmx asks for a part of a page (htmx 4 says so itself; boosted pages are whole pages)."""
    return bool(htmx) and request.headers.get("HX-Request-Type") == "partial"


def done(words: str, endpoint: str, *, undo: str = "", more: tuple[str, str] = ("", ""), to: str = "", **values: Any) -> AnyResponse:
    """After an act: say what was done, and go on to a page (303, so that reloading does not do it again).

    `undo` is the address that takes it back; beside it `more`, what may be done next: words and an address. `to` is an address of ours to
    go on to instead of the endpoint's.
    """
    said: Any = {"words": words, "undo": undo, "more": more}
    flash(said)
    return redirect(to or url_for(endpoint, **values), 303)


def navigation() -> list[tuple[str, str, bool]]:
    """What the signed-in person finds on top: (words, address, whether she is there)."""
    person = signed_in_person()
    if person is None:
        return []
    mine = people.roles(person, today())
    hers: dict[str, str] = {}
    for endpoint, words, roles in NAVIGATION:
        if roles & mine and endpoint in current_app.view_functions:
            hers.setdefault(url_for(endpoint), gettext(words))
    return [(words, address, _section(address) == _section(request.path)) for address, words in hers.items()]


def _section(address: str) -> str:
    """The part of the site an address stands in: its first word."""
    return address.split("/")[1]


def first_page() -> str | None:
    """The address where the signed-in person begins, by her roles of today; None when she has none."""
    person = signed_in_person()
    mine = people.roles(person, today()) if person else set()
    begins = [url_for(endpoint) for role, endpoint in FIRST_PAGES if role in mine and endpoint in current_app.view_functions]
    return next(iter(begins), None)


def language_links() -> list[tuple[str, str, bool]]:
    """The staff pages' languages: (tag, endonym, whether it is this one)."""
    return [(tag, LANGUAGES[tag].endonym, lang().tag == tag) for tag in STAFF_LANGUAGES]


@dataclass(frozen=True)
class Notice:
    """What an act said, with the address that takes just that back, and what may be done next: words and an address."""

    kind: str
    words: str
    undo: str = ""
    more: tuple[str, str] = ("", "")


def notices() -> list[Notice]:
    """What the last acts said, once, in their order."""
    said: Any = get_flashed_messages(with_categories=True)
    return [Notice(kind, **one) if isinstance(one, dict) else Notice(kind, one) for kind, one in said]


@lru_cache
def parents_style() -> str:
    """The one style of all parents' pages, in every language."""
    style = re.sub(r"/\*.*?\*/", "", (ROOT / "app" / "parents" / "style.css").read_text("utf-8"), flags=re.S)
    style = re.sub(r"\s*([{};,>])\s*", r"\1", re.sub(r"\s+", " ", style))
    return style.replace(": ", ":").replace(";}", "}").strip()


@lru_cache
def parents_policy() -> str:
    """Parents' pages load nothing but ours: their own inlined style, named by its hash, sounds, and a script they can do without."""
    digest = base64.b64encode(hashlib.sha256(parents_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; script-src 'self'; connect-src 'self'; "
        "img-src 'self'; media-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def protection(settings: Settings) -> dict[str, str]:
    """Headers that every answer carries, a file as well as a page."""
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": f"{CLOSED_DEVICES}, microphone=()",
    }
    if settings.is_https:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return headers


class Names(Context):
    """Jinja's, which calls functions and macros as they are: it asks each of them, at each call, what it wants to be given first."""

    def call(self, thing: Any, /, *args: Any, **kwargs: Any) -> Any:
        kind = type(thing)
        if kind is Macro or (kind in (FunctionType, MethodType) and not hasattr(thing, "jinja_pass_arg")):
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
            return thing(*args, **kwargs)
        return super().call(thing, *args, **kwargs)


class Writer(CodeGenerator):
    """Jinja's, whose templates put words that are markup already on the page as they are, not through `escape` again."""

    def _output_child_pre(self, node: Expr, frame: Frame, finalize: Any) -> None:
        if _escapes(frame, finalize):
            self.write("(_words if type(_words := (")
        else:
            super()._output_child_pre(node, frame, finalize)

    def _output_child_post(self, node: Expr, frame: Frame, finalize: Any) -> None:
        if _escapes(frame, finalize):
            self.write(")) is Markup else escape(_words))")
        else:
            super()._output_child_post(node, frame, finalize)


def _escapes(frame: Frame, finalize: Any) -> bool:
    """Whether it is known that what a template puts on the page here is escaped, and nothing else is done to it."""
    return frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None


class Templates(Environment):
    """Flask's, in the shortest way: a page calls, says and escapes hundreds of times.

    Its templates share one dictionary of what all of them know; Jinja puts a `ChainMap` over it for each template, and goes through that in
    Python for every page and every import of macros.
    """

    context_class = Names
    code_generator_class = Writer

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


def install(app: Flask, settings: Settings) -> None:
    """What every page knows, and the headers of every answer."""

    htmx.init_app(app)

    @app.context_processor
    def on_every_page() -> dict[str, Any]:
        return {
            "asset": asset if app.debug else asset_lately,  # whoever changes a file sees it at once
            "can": can,
            "lang": lang(),
            "language_links": language_links,
            "me": g.get("person"),
            "nav": navigation,
            "notices": notices,
            "today": today(),
            "LANGUAGES": LANGUAGES,
        }

    @app.after_request
    def protect_answer(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", STAFF_POLICY)
        response.headers.setdefault("Cache-Control", "no-store" if "person" in g and g.person else "no-cache")
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        for name, value in protection(settings).items():
            response.headers.setdefault(name, value)
        return response
