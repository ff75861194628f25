"""The words the screens use for the idea bank's fixed choices."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.language import gettext
from curriculum import ideabank
from curriculum.base import N_
from curriculum.ideabank import Change, DocumentError, PartChange, ThemeDocument

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

ROOMS: Mapping[str, str] = {
    "quiet": N_("quiet room"),
    "floor-space": N_("open floor"),
    "projector": N_("projector"),
    "tables": N_("tables"),
    "gym": N_("gym"),
    "outdoors": N_("outdoors"),
    "kitchen": N_("kitchen"),
}

GROUPS: Mapping[str, str] = {"class": N_("whole class"), "half": N_("half class"), "small": N_("group")}

AUDIENCES: Mapping[str, str] = {"pupils": N_("pupils"), "parents": N_("parents"), "staff": N_("staff")}

AIM_ROLES: Mapping[str, str] = {"main": N_("Main aim"), "supporting": N_("Supporting aim")}

DIVE: Mapping[str, str] = {
    "define": N_("D – What is the problem?"),
    "ideas": N_("I – Ideas"),
    "choose": N_("V – Choose"),
    "evaluate": N_("E – Did it work?"),
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


def fault_words(error: DocumentError, *, with_line: bool = False) -> str:
    """A document's fault and what to write instead, in this page's language."""
    values = _shown_values(error)
    said = [gettext(error.problem, **values), gettext(error.advice, **values) if error.advice else ""]
    words = " ".join(part for part in said if part)
    return gettext("Line %(line)s: %(words)s", line=error.line, words=words) if with_line else words


def _shown_values(error: DocumentError) -> dict[str, object]:
    """A fault's values, with a section by its name on the screen."""
    key = str(error.values.get("key", ""))
    words = SECTIONS.get(key) or PARENTS.get(key.removeprefix("parents."))
    return {**error.values, "key": gettext(words)} if words else dict(error.values)


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


def part_title(part: PartChange) -> str:
    """The heading of a part in a comparison."""
    place, _, key = part.key.partition(".")
    named = {"front": FRONT, "parents": PARENTS}.get(place, SECTIONS)
    words = named.get(key if place in ("front", "parents") else part.key)
    if place == "parents":
        return gettext("To the parents: %(section)s", section=gettext(words or key))
    return gettext(words) if words else part.title


_STEP_HEADING = re.compile(r"^### (?P<title>.*?) \{minutes=(?P<minutes>\d+) kind=(?P<kind>[\w-]+)(?P<core> core)?\}$", re.M)
_SAY_OR_SMALL = re.compile(r"^#### (?P<heading>.*?) \{\.(?:say|small)\}$", re.M)


def part_changes(part: PartChange) -> list[Change]:
    """What changed in a part, with a step's marks in words: nobody reads {minutes=5 kind=talk}."""
    if not part.key.startswith("steps."):
        return list(part.changes)
    before, after = (
        "".join(change.text for change in part.changes if change.kind in kinds) for kinds in (("same", "removed"), ("same", "added"))
    )
    return ideabank.word_changes(_in_words(before), _in_words(after))


def _in_words(step: str) -> str:
    return _SAY_OR_SMALL.sub(r"\g<heading>:", _STEP_HEADING.sub(_facts, step))


def _facts(heading: re.Match[str]) -> str:
    facts = [gettext("%(minutes)s min", minutes=heading["minutes"]), gettext(STEP_KINDS.get(heading["kind"], heading["kind"]))]
    if not heading["core"]:
        facts.append(gettext("if there is time"))
    return f"{heading['title']}\n{' · '.join(facts)}"
