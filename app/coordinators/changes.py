"""What changed between two texts, in the words the screens use: nobody reads role: main, floor-space or {minutes=5 kind=talk}."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from flask import g

from app.access import me
from app.coordinators import wording
from app.coordinators.shelf import the_shelf
from app.coordinators.showing import show_aims
from app.database import session, today
from app.language import gettext
from curriculum import ideabank
from curriculum.ideabank import AimPart, Change, PartChange


def part_title(part: PartChange) -> str:
    """The heading of a part in a comparison."""
    place, _, key = part.key.partition(".")
    if place == "parents":
        return gettext("To the parents: %(section)s", section=gettext(wording.PARENTS.get(key, key)))
    if place == "places":
        return _titles().get(key, key)
    words = wording.FRONT.get(key) if place == "front" else wording.SECTIONS.get(part.key)
    return gettext(words) if words else part.title


def part_changes(part: PartChange) -> list[Change]:
    """What changed in a part, word by word."""
    before, after = (
        "".join(change.text for change in part.changes if change.kind in kinds) for kinds in (("same", "removed"), ("same", "added"))
    )
    return changes_in_words(part.key, before, after)


def changes_in_words(section: str, before: str, after: str) -> list[Change]:
    """What changed in a section, as it reads; where only marks have changed (a word is now bold), with the marks."""
    old, new = section_in_words(section, before), section_in_words(section, after)
    readable_old, readable_new = _readable(old), _readable(new)
    if section.partition(".")[0] == "front" or (readable_old == readable_new and old != new):
        return ideabank.word_changes(old, new)
    return ideabank.word_changes(readable_old, readable_new)


def section_in_words(section: str, markdown: str) -> str:
    """A section's text as a comparison shows it."""
    put = _manner(section)
    return put(markdown) if put else markdown


_LIST_MARK = re.compile(r"^([ \t]*)[-*+][ \t]+", re.M)
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3})(?=\S)([^*\n]+?)(?<=\S)\1(?![\w*])")


def _readable(markdown: str) -> str:
    """A text without the marks for lists and emphasis."""
    return _EMPHASIS.sub(r"\2", _LIST_MARK.sub(r"\1• ", markdown))


def _manner(key: str) -> Callable[[str], str] | None:
    """How the text of this part is put in words; None for one that is words already."""
    place, _, name = key.partition(".")
    if place in _PLACES:
        return _PLACES[place]
    return _FACTS.get(name) if place == "front" else None


# A part of how a theme is held

_STEP_HEADING = re.compile(r"^### (?P<title>.*?) \{minutes=(?P<minutes>\d+) kind=(?P<kind>[\w-]+)(?P<core> core)?\}$", re.M)
_SAY_OR_SMALL = re.compile(r"^#### (?P<heading>.*?) \{\.(?:say|small)\}$", re.M)


def _step(text: str) -> str:
    return _SAY_OR_SMALL.sub(r"\g<heading>:", _STEP_HEADING.sub(_heading, text))


def _heading(heading: re.Match[str]) -> str:
    facts = [gettext("%(minutes)s min", minutes=heading["minutes"]), gettext(wording.STEP_KINDS.get(heading["kind"], heading["kind"]))]
    if not heading["core"]:
        facts.append(gettext("if there is time"))
    return f"{heading['title']}\n{' · '.join(facts)}"


# Facts

_AIM = re.compile(r"(?P<named>code|section): (?P<code>.*?) · role: (?P<role>[\w-]+) · note: (?P<note>.*)")
_DIVE = re.compile(rf"^({'|'.join(ideabank.DIVE)}): ?", re.M)


def _each_line(words: Mapping[str, str]) -> Callable[[str], str]:
    """Each line is one of these choices."""
    return lambda text: "\n".join(gettext(words[line]) if line in words else line for line in text.split("\n"))


def _aims(text: str) -> str:
    found = [_AIM.fullmatch(line) for line in text.split("\n")]
    parts = tuple(AimPart(one["code"], one["named"] == "section", one["role"], one["note"]) for one in found if one)
    return "\n".join(
        gettext(
            "%(aim)s (%(code)s, %(role)s): %(why)s",
            aim=aim.words.text,
            code=aim.code,
            role=gettext(wording.AIM_ROLES.get(aim.role, aim.role)),
            why=aim.note,
        )
        for aim in show_aims(parts)
    )


def _dive(text: str) -> str:
    """The four texts, each below its question; empty ones are left out."""
    _, *said = _DIVE.split(text)
    pairs = zip(said[::2], said[1::2], strict=True)
    return "\n".join(f"{gettext(wording.DIVE[step])} {words.strip()}" for step, words in pairs if words.strip())


def _terms(text: str) -> str:
    known = {key: term.word for key, term in the_shelf().terms.items()}
    return ", ".join(known.get(key, key) for key in text.split("\n"))


def _titled(text: str) -> str:
    return _titles().get(text, text)


def _titles() -> dict[str, str]:
    """What the bank's documents are called today, by key; asked for once."""
    if "bank_titles" not in g:
        versions = ideabank.versions_in_effect(session(), me().district_id, today()).values()
        g.bank_titles = {version.document.key: version.title for version in versions}
    titles: dict[str, str] = g.bank_titles
    return titles


_FACTS: Mapping[str, Callable[[str], str]] = {
    "series": _titled,
    "audience": _each_line(wording.AUDIENCES),
    "groups": _each_line(wording.GROUPS),
    "room": _each_line(wording.ROOMS),
    "terms": _terms,
    "sensitive": _each_line(wording.PARENTS),
    "district_texts": _each_line(wording.DISTRICT_TEXTS),
    "origin": _each_line(wording.ORIGINS),
    "aims": _aims,
    "dive": _dive,
}


# Parts of other documents


def _place(text: str) -> str:
    """A theme's place in a template."""
    theme, *marks = text.split(" ")
    said = {"fixed": gettext("Fixed theme"), "first": gettext("always first"), "last": gettext("always last")}
    return " · ".join([_titled(theme), *(said.get(mark, mark) for mark in marks)]) if theme else ""


def _term(text: str) -> str:
    """A word of the vocabulary; its last line tells whether only a person may translate it."""
    return re.sub(r"\nsensitive\Z", lambda _: "\n" + gettext("Only a person may translate this word."), text)


_PLACES: Mapping[str, Callable[[str], str]] = {"steps": _step, "places": _place, "terms": _term}
