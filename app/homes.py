"""What is ready to send to the homes about a lesson, in words of the house and of each language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from flask import current_app, url_for
from markupsafe import Markup

from app.language import catalogue, day
from app.paper import spoken, square, whose
from curriculum import delivery
from curriculum.base import N_
from curriculum.delivery import Sheet, TextMessage
from curriculum.people import SchoolClass
from curriculum.summaries import Summary
from curriculum.text import LANGUAGES, Language, SafeHtml, isolate

READ = N_("Read about this week's theme in your language.")


@dataclass(frozen=True)
class Ready:
    """The texts for one lesson: for the weekly plan, one message for all homes, and a text message."""

    week_plan: str
    message: str
    sms: TextMessage
    link: str
    """The address in them; empty when the class's parents have no open link."""


def ready(summary: Summary, code: str, tags: Iterable[str]) -> Ready:
    """The texts about a lesson, with the parents' link by its `code` (empty for none) and a line for each of the district's languages."""
    link = address_of(code) if code else ""
    lines = [_line(tag) for tag in tags if tag != summary.source_lang]
    return Ready(
        delivery.til_ukeplanen(summary), delivery.message_to_homes(summary, lines, link), delivery.text_message(summary, link), link
    )


def address_of(code: str) -> str:
    """The class's page for its parents, as it stands on paper and in messages."""
    return str(current_app.config["SETTINGS"].base_url) + url_for("parents.choose", code=code)


def _line(tag: str) -> str:
    """The language's own name, and that there is something to read: the words only where the house speaks it."""
    words = catalogue(tag).get(READ, READ if tag == "en" else "")
    return f"{LANGUAGES[tag].endonym}: {words}" if words else LANGUAGES[tag].endonym


# The sheet for the fridge

HEADINGS = {"ask": N_("Ask your child"), "word": N_("Words we use"), "try": N_("Try together")}
READ_MORE, NOT_ALL = N_("Read more here:"), N_("Not everything had room on this page.")
UNTRANSLATED = N_("This part has not been translated yet. It is in Norwegian.")


@dataclass(frozen=True)
class Both:
    """A sentence in the source language and in the other; only the first where they are the same."""

    source: SafeHtml
    theirs: SafeHtml


@dataclass(frozen=True)
class Fridge:
    """A sheet with all the words around it. Its square leads to the lesson's page, by an address that the class's parents have."""

    sheet: Sheet
    source: Language
    theirs: Language
    whose: str
    week: Both
    headings: Mapping[str, Both]
    news: tuple[Both, ...]
    """What became otherwise than parents had been told."""
    untranslated: SafeHtml
    read_more: Both
    address: str
    square: Markup
    notes: tuple[SafeHtml, ...]
    """What is to be said of the texts, in the other language."""


def fridge(summary: Summary, school_class: SchoolClass, code: str) -> Fridge:
    """The sheet of a lesson in the source language and the summary's, for a class with an open link of this `code`."""
    source, tag = summary.source_lang, summary.lang

    def both(msgid: str, **values: object) -> Both:
        return Both(_said(source, msgid, **values), _said(tag, msgid, **values) if tag != source else SafeHtml(""))

    address = str(current_app.config["SETTINGS"].base_url) + url_for("parents.lesson", code=code, tag=tag, lesson=summary.lesson)
    sheet = delivery.fridge_sheet(summary)
    return Fridge(
        sheet,
        LANGUAGES[source],
        LANGUAGES[tag],
        whose(school_class, source),
        both(N_("Week %(number)s"), number=summary.week),
        {"sentence": both(_state(summary)), **{key: both(msgid) for key, msgid in HEADINGS.items()}},
        tuple(both(msgid, **values) for msgid, values in _news(summary)),
        _said(tag, UNTRANSLATED),
        both(READ_MORE),
        address,
        square(address),
        tuple(_said(tag, msgid, **values) for msgid, values in _notes(summary, sheet, school_class.school.district.is_demo)),
    )


def _said(tag: str, msgid: str, **values: object) -> SafeHtml:
    """A sentence in a language, its numbers kept in their own direction."""
    words = spoken(tag, msgid)
    return isolate(words % values if values else words, LANGUAGES[tag].direction)


def _state(summary: Summary) -> str:
    return N_("This is what we did") if summary.was_held or summary.is_continued else N_("This week's theme")


def _news(summary: Summary) -> Iterator[tuple[str, dict[str, object]]]:
    if summary.is_cancelled:
        yield N_("The lesson in week %(number)s is cancelled."), {"number": summary.week}
    if summary.is_continued:
        yield N_("There was not time for everything. We go on next time."), {}
    if summary.goes_on:
        yield N_("We begin where we stopped last time."), {}
    if summary.moved_from:
        yield N_("The lesson was moved here from week %(number)s."), {"number": summary.moved_from}


def _notes(summary: Summary, sheet: Sheet, is_demo: bool) -> Iterator[tuple[str, dict[str, object]]]:
    if sheet.is_shortened:
        yield NOT_ALL, {}
    if summary.is_machine:
        yield N_("A machine made this translation. No person has read it yet."), {}
    if summary.changed_on:
        words = N_("The Norwegian text was changed on %(day)s. The translation is older.")
        yield words, {"day": day(summary.changed_on, tag=summary.lang)}
    if summary.is_unread:
        yield N_("The Norwegian text is a draft. No professional has checked it yet."), {}
    if is_demo:
        yield N_("This is an invented example: there is no such place, school or class."), {}
