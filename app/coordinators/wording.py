"""The words the screens use for the idea bank's fixed choices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.language import day, gettext, number
from curriculum import ideabank, planning
from curriculum.base import N_
from curriculum.ideabank import DocumentError, ThemeDocument

SECTIONS: Mapping[str, str] = {
    "purpose": N_("What we want with this lesson"),
    "preparation": N_("Preparation"),
    "steps": N_("How it is held"),
    "reflection": N_("Reflection"),
    "watch-out": N_("Watch out for"),
    "teacher": N_("The teacher"),
    "parents": N_("To the parents"),
    "front": N_("Facts about the theme"),
}
"""The parts of a theme, in reading order."""

PARENTS: Mapping[str, str] = {
    "sentence": N_("This week's theme and why"),
    "ask": N_("Ask your child"),
    "did": N_("What we did"),
    "try": N_("Try together"),
    "more": N_("More questions"),
    "hard": N_("If it is hard"),
}

FRONT: Mapping[str, str] = {
    "title": N_("Title"),
    "description": N_("Description"),
    "series": N_("Belongs to the series"),
    "audience": N_("For whom"),
    "core_minutes": N_("Minutes of the short lesson"),
    "full_minutes": N_("Minutes with everything"),
    "grades": N_("Grades"),
    "groups": N_("Groups"),
    "presenter": N_("Visitor"),
    "room": N_("Room"),
    "terms": N_("Words we use"),
    "sensitive": N_("Sections that only a person may translate"),
    "district_texts": N_("The district's texts beside it"),
    "origin": N_("Origin"),
    "sources": N_("Sources"),
    "licence": N_("Licence"),
    "aims": N_("Aims from the curriculum"),
    "dive": N_("DIVE"),
}

STEP_KINDS: Mapping[str, str] = {
    "intro": N_("Intro"),
    "talk": N_("Talk"),
    "activity": N_("Activity"),
    "game": N_("Game"),
    "role-play": N_("Role play"),
    "discussion": N_("Discussion"),
    "reflection": N_("Reflection"),
    "closing": N_("Closing"),
}

ROOMS: Mapping[str, str] = planning.FEATURES

GROUPS: Mapping[str, str] = {"class": N_("whole class"), "half": N_("half class"), "small": N_("group")}

AUDIENCES: Mapping[str, str] = {"pupils": N_("pupils"), "parents": N_("parents"), "staff": N_("staff")}

AIM_ROLES: Mapping[str, str] = {"main": N_("Main aim"), "supporting": N_("Supporting aim")}

DIVE: Mapping[str, str] = {
    "define": N_("D – What is the problem?"),
    "ideas": N_("I – Ideas"),
    "choose": N_("V – Choose"),
    "evaluate": N_("E – Did it work?"),
}

ORIGINS: Mapping[str, str] = {
    "human": N_("written by people"),
    "machine": N_("written by a machine"),
    "machine-edited": N_("written by a machine, edited by people"),
}

DISTRICT_TEXTS: Mapping[str, str] = {
    "who-we-are": N_("Who we are"),
    "duties": N_("Our duties"),
    "contact": N_("Contact"),
    "interpreter": N_("Interpreter"),
    "about": N_("About us"),
    "banner": N_("Banner"),
}

KINDS: Mapping[str, str] = {
    "theme": N_("Theme"),
    "outline": N_("Template for a series"),
    "vocabulary": N_("Words we use"),
    "district-texts": N_("The district's texts"),
}

MARKS: Mapping[str, tuple[str, str]] = {
    "typo": (N_("A slip of the pen"), N_("The meaning is the same. Translations stay as they are.")),
    "meaning": (
        N_("The meaning changed"),
        N_("Parents read the old translation, with a notice that the Norwegian text has changed, until it is translated anew."),
    ),
    "critical": (
        N_("It was wrong or harmful"),
        N_("The old translations are withdrawn at once. Parents read Norwegian until it is translated anew."),
    ),
}
"""What a changed parents' sentence may be marked as, and what that does to its translations."""


_TOO_LARGE_A_HEADING = N_("“%(title)s” is too large a heading here.")
_SMALLEST_HEADING = N_("Begin its line with #### instead.")
_CHOOSE = N_("Choose among those that are offered.")
_TWICE = N_("“%(value)s” is chosen twice.")
_MEANS_NOTHING = N_("“%(mark)s” in braces means nothing here.")
_DELETE_BRACES = N_("Delete what stands in braces.")
IN_SECTION: Mapping[str, str] = {
    "HTML is not allowed: %(tag)s.": N_("“%(tag)s” cannot stand here."),
    "Use Markdown: *emphasis*, **strong**, - for lists.": N_(
        "For a list, begin each line with a hyphen and a space. Put **two stars** around what is to be bold, *one* around what is to lean."
    ),
    "“%(heading)s” is not a section.": N_("“%(heading)s” is too large a heading here."),
    "Write ## Heading {#key} with one of: %(choices)s. A heading within a section is ###.": N_("Begin its line with ### instead."),
    "“%(title)s” has no minutes that can be used.": _TOO_LARGE_A_HEADING,
    "Write a whole number from 1 to %(most)s, such as {minutes=10}.": _SMALLEST_HEADING,
    "“%(kind)s” is not a kind of part.": _TOO_LARGE_A_HEADING,
    "Write kind= and one of: %(choices)s.": _SMALLEST_HEADING,
    "“%(heading)s” is neither said nor for a small group.": N_("What stands in braces after “%(heading)s” means nothing here."),
    "Write #### Heading {.say} or #### Heading {.small}, or nothing in braces.": _DELETE_BRACES,
    "{.%(name)s} stands twice in this part.": N_("What we say, or how to do it in a group, is written twice in this part."),
    "Write ### Title {minutes=10 kind=activity}.": N_("Write a title of at most 200 characters."),
    "“%(mark)s” says nothing about a part.": _MEANS_NOTHING,
    "Write {#name minutes=10 kind=activity core}, with core or without.": _DELETE_BRACES,
    "“%(mark)s” says nothing about a sentence.": _MEANS_NOTHING,
    "Write {#name} or {#name step=part}, or nothing.": _DELETE_BRACES,
    "Use small letters a–z, digits and hyphens, at most 60, such as {#god-venn}.": _DELETE_BRACES,
    "“%(heading)s” is not a section of the parents' part.": N_("“%(heading)s” is a heading, and none can stand in what parents read."),
    "Write ### {#key} with one of: %(choices)s.": N_("Write it as a paragraph."),
    "Choose at least one aim and give it role = “main”.": N_("Choose “Main aim” for at least one of the aims."),
    "Write grades = [5, 6].": N_("Tick at least one grade."),
}
"""What a document's fault, or the advice about it, is called for one who writes in a section's form and never sees the file."""

IN_FIELD: Mapping[str, str] = {
    **IN_SECTION,
    "The field %(field)s is empty.": N_("This must be filled in."),
    'Write %(field)s = "…" with words in it.': "",
    "The field %(field)s is too long.": N_("This is too long."),
    "“%(value)s” cannot be used in %(field)s.": N_("“%(value)s” cannot be used here."),
    "Use small letters a–z, digits and hyphens only, such as god-venn.": _CHOOSE,
    "“%(value)s” is not a value of %(field)s.": N_("“%(value)s” cannot be chosen here."),
    "Write one of: %(choices)s.": _CHOOSE,
    "%(field)s is not a number that can be used.": N_("This number cannot be used."),
    "Write a whole number from %(low)s to %(high)s, without quotes.": N_("Write a whole number from %(low)s to %(high)s."),
    "%(field)s must be a list of numbers.": N_("These numbers cannot be used."),
    "Write whole numbers from %(low)s to %(high)s, such as [5, 6].": N_("Write a whole number from %(low)s to %(high)s."),
    "“%(value)s” stands twice in %(field)s.": _TWICE,
    "“%(value)s” stands twice.": _TWICE,
    "Give this one another name, or delete it.": N_("Take one of them away."),
    "Use Markdown: *emphasis*, **strong**, - for lists.": N_("Write words only, without < and >."),
}
"""The same for a field of facts, which is words or a choice and no Markdown."""

IN_FILE: Mapping[str, str] = {}
"""For one who edits the whole text, or a file: the fault speaks of the file's own writing."""

LARGE = 10_000


def fault_words(error: DocumentError, place: Mapping[str, str] = IN_FIELD, *, line: int = 0) -> str:
    """A document's fault and what to write instead, in this page's language and in the words of the place where it is mended.

    `line` counts from 1 in the text that is shown there; 0 for a field that has no lines worth counting.
    """
    values = _shown_values(error) | ({"line": line} if line else {})
    sentences = [place.get(sentence, sentence) for sentence in (error.problem, error.advice)]
    words = " ".join(gettext(sentence, **values) for sentence in sentences if sentence)
    names_line = "%(line)s" in sentences[0]
    return gettext("Line %(line)s: %(words)s", line=line, words=words) if line and not names_line else words


def _shown(value: object) -> object:
    if isinstance(value, date):
        return day(value, "d. MMMM y")
    return number(value) if isinstance(value, int) and value >= LARGE else value


def _shown_values(error: DocumentError) -> dict[str, object]:
    """A fault's values, with a section by its name on the screen, a date and a large number in words."""
    values = {name: _shown(value) for name, value in error.values.items()}
    key = str(values.get("key", ""))
    words = SECTIONS.get(key) or PARENTS.get(key.removeprefix("parents."))
    return {**values, "key": gettext(words)} if words else values


def section_of(at: str | None) -> str:
    """The section of a theme in which a fault is mended: a part or a parents' section by its name, else the facts."""
    place = at or "front"
    if place.partition(".")[0] in ("steps", "parents") or place in ideabank.PROSE:
        return place
    return "front"


def section_title(theme: ThemeDocument, section: str) -> str:
    """What a section is called on the screen."""
    place, _, key = section.partition(".")
    if place == "parents":
        return gettext(PARENTS.get(key, SECTIONS["parents"]))
    step = theme.step(key) if place == "steps" else None
    return step.title if step else gettext(SECTIONS.get(section, SECTIONS["steps"]))


def place_words(at: str, heading: str) -> tuple[str, bool]:
    """What a place that was found in is called, and whether the name is ours: a part of the lesson has its author's."""
    place, _, key = at.partition(".")
    if place == "steps":
        return heading, False
    if place == "parents":
        return gettext("To the parents: %(section)s", section=gettext(PARENTS[key])), True
    if place == "terms":
        return gettext("Words we use"), True
    if place == "dive":
        return gettext(DIVE[key]), True
    return gettext(SECTIONS.get(place, FRONT["aims"])), True
