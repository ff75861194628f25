"""Which language a page speaks, the words for it, and dates in it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Any

from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from flask import Flask, g, request
from flask import session as cookie
from markupsafe import Markup

from app.settings import ROOT
from curriculum import interchange, planning
from curriculum.base import N_, Refused
from curriculum.text import LANGUAGES, Language, negotiate

BLANK = re.compile(r"%\((\w+)\)s")
TAG = re.compile(r"<[A-Za-z/!?][^<>]*>?")

STAFF_LANGUAGES = ("nb", "en")
DOTTED = ("nb", "nn", "bs")
"""Languages that write a full stop after the number of a day."""


def lang() -> Language:
    """The language of this page: set by a public address, else chosen, else the person's, else the browser's, else Norwegian."""
    language: Language | None = g.get("language")
    if language is None:
        language = g.language = LANGUAGES[_staff_language()]
    return language


def speak(tag: str) -> None:
    """Fix the language of this page, as a public address does."""
    g.language = LANGUAGES[tag]


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """Words in another language than the page's for a while: those of a mail, in its receiver's."""
    before = lang()
    speak(tag if tag in STAFF_LANGUAGES else STAFF_LANGUAGES[0])
    try:
        yield
    finally:
        g.language = before


def _staff_language() -> str:
    chosen = cookie.get("language") if "Cookie" in request.headers else None
    if chosen in STAFF_LANGUAGES:
        return str(chosen)
    person = g.get("person")
    if person is not None and person.language in STAFF_LANGUAGES:
        return str(person.language)
    return negotiate(request.headers.get("Accept-Language", ""), STAFF_LANGUAGES) or "nb"


@lru_cache
def catalogue(tag: str) -> dict[str, str]:
    """The interface's words in a language, read from its .po on first use. What is fuzzy or not usable is left out.

    A file that cannot be read is as if it were not there, and the log tells why: the page then stands in English.
    """
    path = ROOT / "translations" / tag / "interface.po"
    if not path.exists():
        return {}
    try:
        messages = interchange.read_messages(path.read_bytes(), f"{tag}/{path.name}", tag)
    except (Refused, OSError) as fault:
        logging.getLogger(__name__).warning("The interface's words in “%s” are not used: %s", tag, fault)
        return {}
    return {
        message.source: message.text
        for message in messages
        if message.source and message.text and not message.is_fuzzy and is_usable(message.source, message.text)
    }


def has_the_same_blanks(source: str, words: str) -> bool:
    """Whether a translation has each `%(name)s` of its source just as often, and no other percent sign: it can be filled in."""
    blanks = [sorted(BLANK.findall(said)) for said in (source, words)]
    return blanks[0] == blanks[1] and (not blanks[0] or "%" not in BLANK.sub("", words).replace("%%", ""))


def is_usable(source: str, words: str) -> bool:
    """Whether a translation can stand on a page: the blanks of its source, and no HTML that the source does not have."""
    return has_the_same_blanks(source, words) and set(TAG.findall(words)) <= set(TAG.findall(source))


@lru_cache
def _marked(tag: str) -> dict[str, Markup]:
    """The catalogue's words as markup: they are ours."""
    return {msgid: Markup(words) for msgid, words in catalogue(tag).items()}


def gettext(msgid: str, /, **values: Any) -> str:
    """The words for an English sentence in this page's language, with `%(name)s` filled in."""
    words = catalogue(lang().tag).get(msgid, msgid)
    return words % values if values else words


def _plural(one: str, many: str, number: int, /, **values: Any) -> str:
    return gettext(one if number == 1 else many, num=number, **values)


def _in_template(msgid: str, /, **values: Any) -> Markup:
    """`gettext` as `_` in a template: the values are escaped. Templates say a word hundreds of times, so it takes the shortest way."""
    tag = lang().tag
    if values and {*map(type, values.values())} == {int}:
        return _with_numbers(tag, msgid, **values)
    words = _words(tag, msgid)
    return words % values if values or "%" in words else words


def _words(tag: str, msgid: str) -> Markup:
    words = _marked(tag).get(msgid)
    return Markup(msgid) if words is None else words


@lru_cache(maxsize=4096)
def _with_numbers(tag: str, msgid: str, /, **values: int) -> Markup:
    """Kept, for a page says the same weeks and minutes again and again."""
    return _words(tag, msgid) % values


def day(value: date, form: str = "d. MMMM", tag: str = "") -> str:
    """A date in the page's language, or another, with Latin digits: "14. oktober", "14 October"."""
    language = LANGUAGES[tag] if tag else lang()
    return _date(value, form if language.tag in DOTTED else form.replace(". ", " "), language.babel_locale)


VISITORS = {"police": N_("the police")}
"""Those from outside whom themes name by a word of ours."""


def visitor(words: str) -> str:
    """Who from outside holds a lesson, in this page's language; any other words as a theme has them."""
    return gettext(VISITORS[words]) if words in VISITORS else words


def weekday(value: date) -> str:
    """The name of a date's weekday."""
    return _date(value, "EEEE", lang().babel_locale)


@lru_cache(maxsize=8192)
def _date(value: date, form: str, locale: str) -> str:
    """Kept, for a page says the same few hundred dates again and again."""
    return format_date(value, form, locale=locale)


def number(value: int) -> str:
    """A large number as the page's language writes it: "60 000", "60,000"."""
    return format_decimal(value, locale=lang().babel_locale)


def clock(value: time) -> str:
    """A time of the day: "08:30"."""
    return _time(value, lang().babel_locale)


@lru_cache(maxsize=1024)
def _time(value: time, locale: str) -> str:
    return format_time(value, "HH:mm", locale=locale)


def weekly_time(slot: planning.WeeklyTime) -> str:
    """A weekly time in words: "mandag 10:15–11:15 (A-uker), fra 1. januar, til 5. mars"."""
    words = f"{weekday(date(2024, 1, 1) + timedelta(slot.weekday))} {clock(slot.start)}–{clock(slot.end)}"
    weeks = {planning.A_WEEKS: gettext("A weeks"), planning.B_WEEKS: gettext("B weeks")}.get(planning.weeks_of(slot))
    since = slot.from_date and gettext("from %(date)s", date=day(slot.from_date))
    until = slot.to_date and gettext("until %(date)s", date=day(slot.to_date))
    return ", ".join(part for part in (f"{words} ({weeks})" if weeks else words, since, until) if part)


def install(app: Flask) -> None:
    """Give the templates their words."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext, _plural, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.globals["_"] = _in_template
    app.jinja_env.filters.update(day=day, weekday=weekday, clock=clock, visitor=visitor, weekly_time=weekly_time)
