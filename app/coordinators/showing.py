"""What a theme's page shows: the theme with its run, its aims in words, its terms, and the parents' part as parents read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.access import me
from app.database import session, today
from app.language import gettext, lang
from curriculum import goals, ideabank, text
from curriculum.ideabank import AimPart, TermPart, ThemeDocument, Timed, VocabularyDocument
from curriculum.text import Language, SafeHtml

SECTION = "section "
"""Stands before the code of a section of the core curriculum in a form, to tell it from an aim's code."""


@dataclass(frozen=True)
class ShownAim:
    """An aim in words: the official sentence where we have it, else our own short wording."""

    code: str
    role: str
    note: str
    words: str
    subject: str = ""
    after_year: int | None = None
    tt1: bool = False
    is_official: bool = False
    is_known: bool = True


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

    @property
    def run_sheet(self) -> list[Row]:
        core = {timed.step.uid: timed for timed in self.theme.core_run()}
        return [Row(timed.step, core.get(timed.step.uid), timed) for timed in self.theme.full_run()]

    @property
    def has_tt1(self) -> bool:
        return any(aim.tt1 for aim in self.aims)


def source_language() -> Language:
    """The language the signed-in person's district writes in."""
    return text.LANGUAGES[me().district.source_language]


def show_theme(theme: ThemeDocument) -> Showing:
    """Gather a theme's page: three queries, however long the theme is."""
    return Showing(theme, show_aims(theme.aims), show_terms(theme.terms), show_parents(theme))


def show_parents(theme: ThemeDocument) -> list[ParentsSection]:
    """The parents' part in the source language, section by section; empty ones are left out."""
    return [
        ParentsSection(key, text.render_blocks(theme.parents[key], {}, lang=source_language().tag))
        for key in ideabank.PARENTS
        if theme.parents[key]
    ]


def show_terms(keys: tuple[str, ...]) -> list[TermPart]:
    """The words a theme names, in its order, as today's vocabulary says them; one the vocabulary lacks is left out."""
    known = {term.key: term for term in vocabulary().terms}
    return [known[key] for key in keys if key in known]


def vocabulary() -> VocabularyDocument:
    """Today's words; none when the district has no vocabulary yet."""
    for version in ideabank.versions_in_effect(session(), me().district_id, today(), ideabank.VOCABULARY).values():
        document = ideabank.parsed(version)
        if isinstance(document, VocabularyDocument):
            return document
    return VocabularyDocument("vocabulary", "")


def show_aims(aims: tuple[AimPart, ...]) -> list[ShownAim]:
    """Aims and sections of the core curriculum in words of the page's language, in the theme's order."""
    known = goals.aims_by_code(session(), [aim.code for aim in aims if not aim.is_section])
    sections = goals.sections_by_code(session(), [aim.code for aim in aims if aim.is_section])
    subjects = {framework.code: framework for framework in session().scalars(select(goals.Framework))}
    return [
        _shown_section(aim, sections.get(aim.code)) if aim.is_section else _shown_aim(aim, known.get(aim.code), subjects) for aim in aims
    ]


def _shown_section(part: AimPart, section: goals.Section | None) -> ShownAim:
    if section is None:
        return ShownAim(part.code, part.role, part.note, part.code, is_known=False)
    return ShownAim(part.code, part.role, part.note, section.label_en if _is_english() else section.label_nb)


def _shown_aim(part: AimPart, aim: goals.Aim | None, subjects: Mapping[str, goals.Framework]) -> ShownAim:
    if aim is None:
        return ShownAim(part.code, part.role, part.note, part.code, is_known=False)
    official = (aim.official or {}).get(lang().tag)
    return ShownAim(
        part.code,
        part.role,
        part.note,
        official or aim_label(aim),
        subject_name(subjects[aim.framework_code]),
        aim.after_year,
        bool(aim.tt1),
        official is not None,
    )


def aim_label(aim: goals.Aim) -> str:
    """An aim in our own short wording, in the page's language."""
    return aim.label_en if _is_english() else aim.label_nb


def subject_name(framework: goals.Framework) -> str:
    """A subject in the page's language."""
    return framework.subject_en if _is_english() else framework.subject_nb


def aims_to_choose() -> dict[str, list[tuple[str, str]]]:
    """Every aim we know by its subject, and the core curriculum's sections: what a form offers."""
    found: dict[str, list[tuple[str, str]]] = {}
    for section in session().scalars(select(goals.Section).order_by(goals.Section.code)):
        label = section.label_en if _is_english() else section.label_nb
        found.setdefault(gettext("Core curriculum"), []).append((f"{SECTION}{section.code}", f"{section.code} {label}"))
    query = (
        select(goals.Aim)
        .options(joinedload(goals.Aim.framework))
        .order_by(goals.Aim.framework_code, goals.Aim.after_year, goals.Aim.position)
    )
    for aim in session().scalars(query):
        words = gettext("%(label)s (after year %(year)s)", label=aim_label(aim), year=aim.after_year)
        found.setdefault(subject_name(aim.framework), []).append((aim.code, words))
    return found


def _is_english() -> bool:
    return lang().tag == "en"
