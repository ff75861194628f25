"""What a theme's page shows: the theme with its run, its aims in words, its terms, and the parents' part as parents read it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from app.access import me
from app.coordinators.shelf import the_shelf
from app.language import gettext, lang
from curriculum import goals, ideabank, text
from curriculum.goals import Retired, Words
from curriculum.ideabank import AimPart, TermPart, ThemeDocument, Timed
from curriculum.text import Language, SafeHtml

SECTION = "section "
"""Stands before the code of a section of the core curriculum in a form, to tell it from an aim's code."""


@dataclass(frozen=True)
class ShownAim:
    """An aim in words: the official sentence where we have it, else our own short wording. `words` tell which language they are in."""

    code: str
    role: str
    note: str
    words: Words
    subject: str = ""
    after_year: int | None = None
    tt1: bool = False
    is_official: bool = False
    is_known: bool = True
    explanation: Words | None = None
    retired: Retired | None = None


@dataclass(frozen=True)
class Row:
    """A line of the run sheet: a part with its minutes in the short run (None when it is left out) and in the full one."""

    step: ideabank.StepPart
    core: Timed | None
    full: Timed


@dataclass(frozen=True)
class ParentsSection:
    """A section of the parents' part as HTML."""

    key: str
    html: SafeHtml


@dataclass(frozen=True)
class Showing:
    """Everything a theme's page needs."""

    theme: ThemeDocument
    aims: list[ShownAim]
    terms: list[TermPart]
    parents: list[ParentsSection]
    tt1_name: Words | None

    @property
    def run_sheet(self) -> list[Row]:
        core = {timed.step.uid: timed for timed in self.theme.core_run()}
        return [Row(timed.step, core.get(timed.step.uid), timed) for timed in self.theme.full_run()]

    @property
    def has_tt1(self) -> bool:
        return any(aim.tt1 for aim in self.aims)

    @property
    def has_successors(self) -> bool:
        """Whether one act can put an aim in force in place of one that is not."""
        return any(aim.retired and aim.retired.successor for aim in self.aims)


def source_language() -> Language:
    """The language the signed-in person's district writes in."""
    return text.LANGUAGES[me().district.source_language]


def show_theme(theme: ThemeDocument) -> Showing:
    """Gather a theme's page from what the bank's shelf holds."""
    tt1 = the_shelf().aims.tt1
    name = goals.words_in(tt1.official, lang().tag) if tt1 else None
    return Showing(theme, show_aims(theme.aims), show_terms(theme.terms), show_parents(theme), name)


def show_parents(theme: ThemeDocument) -> list[ParentsSection]:
    """The parents' part in the source language, section by section; empty ones are left out."""
    return [
        ParentsSection(key, text.render_blocks(theme.parents[key], {}, lang=source_language().tag))
        for key in ideabank.PARENTS
        if theme.parents[key]
    ]


def show_terms(keys: tuple[str, ...]) -> list[TermPart]:
    """The words a theme names, in its order, as today's vocabulary says them; one the vocabulary lacks is left out."""
    known = the_shelf().terms
    return [known[key] for key in keys if key in known]


def show_aims(aims: tuple[AimPart, ...]) -> list[ShownAim]:
    """Aims and sections of the core curriculum in words of the page's language, in the theme's order."""
    known = the_shelf().aims
    return [
        _shown_section(aim, known.sections.get(aim.code))
        if aim.is_section
        else _shown_aim(aim, known.by_code.get(aim.code), known.retired.get(aim.code))
        for aim in aims
    ]


def _ours(words: str) -> Words:
    return Words(words, lang().tag)


def _shown_section(part: AimPart, section: goals.Section | None) -> ShownAim:
    words = _ours(section_label(section) if section else part.code)
    return ShownAim(part.code, part.role, part.note, words, is_known=section is not None)


def _shown_aim(part: AimPart, aim: goals.Aim | None, retired: Retired | None) -> ShownAim:
    if aim is None:
        return ShownAim(part.code, part.role, part.note, _ours(part.code), is_known=False)
    official = goals.words_in(aim.official, lang().tag)
    return ShownAim(
        part.code,
        part.role,
        part.note,
        official or _ours(aim_label(aim)),
        subject_name(aim.framework),
        aim.after_year,
        bool(aim.tt1),
        official is not None,
        explanation=goals.words_in(aim.explanation, lang().tag),
        retired=retired,
    )


def aim_label(aim: goals.Aim) -> str:
    """An aim in our own short wording, in the page's language."""
    return aim.label_en if _is_english() else aim.label_nb


def section_label(section: goals.Section) -> str:
    """A section of the core curriculum in our own wording, in the page's language."""
    return section.label_en if _is_english() else section.label_nb


def subject_name(framework: goals.Framework) -> str:
    """A subject in the page's language."""
    return framework.subject_en if _is_english() else framework.subject_nb


def aims_to_choose(kept: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """What a form offers: the core curriculum's sections, and by subject every aim in force.

    Those of `kept` that are retired, or not in our list, stay a choice: nobody loses an aim by saving.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    known_aims = the_shelf().aims
    for section in known_aims.sections.values():
        words = f"{section.code} {section_label(section)}"
        found.setdefault(gettext("Core curriculum"), []).append((f"{SECTION}{section.code}", words))
    for aim in known_aims.by_code.values():
        if aim.code not in known_aims.retired:
            found.setdefault(subject_name(aim.framework), []).append((aim.code, aim_words(aim)))
        elif aim.code in kept:
            found.setdefault(gettext("Retired"), []).append((aim.code, f"{aim.code} {aim_words(aim)}"))
    known = {code for choices in found.values() for code, _ in choices}
    unknown = [(code, code.removeprefix(SECTION)) for code in kept if code not in known]
    return found | ({gettext("not in our list of aims"): unknown} if unknown else {})


def aim_words(aim: goals.Aim) -> str:
    """An aim on one line of a list."""
    words = gettext("%(label)s (after year %(year)s)", label=aim_label(aim), year=aim.after_year)
    return f"{words} · {goals.TT1}" if aim.tt1 else words


def _is_english() -> bool:
    return lang().tag == "en"
