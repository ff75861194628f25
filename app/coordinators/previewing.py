"""What a section becomes, while it is being written. Nothing is saved."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from app.coordinators.showing import source_language
from app.coordinators.wording import IN_SECTION, fault_words
from app.pages import Form, refused_words
from curriculum import ideabank, text
from curriculum.base import Refused
from curriculum.ideabank import Problems, StepPart, ThemeDocument
from curriculum.text import SafeHtml

STEP = "steps.part"
BLANK = ThemeDocument("preview", "Preview", grades=(5,), steps=(StepPart("part", "Part", 1, "talk", True),))
"""A theme with nothing in it but one part: the section is read within it, by the parser that saving uses."""


@dataclass(frozen=True)
class Preview:
    """A section as readers will see it, with what is wrong with it and, for the parents' part, how heavy it is to read."""

    html: SafeHtml | None = None
    step: StepPart | None = None
    faults: list[str] = field(default_factory=list)
    lix: int | None = None
    words: int = 0

    @classmethod
    def refused(cls, form: Form) -> Preview:
        """What a form's own checks say."""
        return cls(faults=[words for errors in form.errors.values() for words in errors])


def preview_section(section: str, markdown: str) -> Preview:
    """Read a section's words as saving would, and render them; what cannot be rendered is said in words."""
    try:
        preview = _rendered(section, markdown)
        return replace(preview, faults=[*preview.faults, *_lost(section, markdown)])
    except Refused as refusal:
        return Preview(faults=[refused_words(refusal)])


def _rendered(section: str, markdown: str) -> Preview:
    name = STEP if section.startswith("steps.") else section
    reading = ideabank.read(_within_blank(name, markdown))
    theme = reading.document
    faults = [fault_words(error, IN_SECTION) for error in reading.problems if error.is_grave]
    if not isinstance(theme, ThemeDocument):
        return Preview(text.render(markdown, lang=source_language().tag), faults=faults)
    if name == STEP:
        return Preview(step=theme.steps[0] if theme.steps else None, faults=faults)
    if name.startswith("parents."):
        return _parents(theme, name.removeprefix("parents."))
    return Preview(text.render(theme.sections.get(name, ""), lang=source_language().tag, heading_level=4))


def _lost(section: str, markdown: str) -> list[str]:
    """Links and images that readers would not get: they can be saved, but not published."""
    found = Problems("")
    ideabank.check_addresses(markdown, found, 1, section)
    return [fault_words(error, IN_SECTION, line=0 if section.startswith("steps.") else error.line) for error in found.found]


def _within_blank(name: str, markdown: str) -> str:
    blank = ideabank.read(ideabank.write(BLANK, blanks=True))
    lines = blank.text.split("\n")
    start, end = blank.spans.get(name, (len(lines), len(lines)))
    return "\n".join([*lines[:start], "", *markdown.split("\n"), "", *lines[end:]])


def _parents(theme: ThemeDocument, key: str) -> Preview:
    blocks = [replace(block, step=None) for block in theme.parents.get(key, ())]
    html = text.render_blocks(blocks, {}, lang=source_language().tag)
    plain = "\n".join(text.plain(block.markdown) for block in blocks)
    return Preview(html, lix=round(text.lix(plain)) if plain else None, words=text.words(plain))
