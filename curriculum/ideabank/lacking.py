"""What a readable theme lacks before it can be published, each thing at its line."""

from __future__ import annotations

from collections.abc import Mapping

from curriculum.base import N_
from curriculum.ideabank.documents import SECTIONS, ThemeDocument
from curriculum.ideabank.fields import Where
from curriculum.ideabank.problems import Problems
from curriculum.ideabank.reading_sections import Body

NEEDED = {"pupils": SECTIONS, "parents": ("purpose", "steps"), "staff": ("purpose", "steps")}
"""Sections that may not be empty when a theme is published, by its audience."""

NEEDED_OF_PARENTS = ("sentence", "ask", "did")


def check_theme(theme: ThemeDocument, problems: Problems, lines: Mapping[Where, int], body: Body) -> None:
    """Note what stops a theme from being published, though a draft may have it."""
    _check_sums(theme, problems, body)
    _check_facts(theme, problems, lines)
    for key in NEEDED.get(theme.audience, ()):
        if not body.is_filled(key):
            _note_empty(problems, body.section_lines.get(key, len(body.lines)), key)
    if theme.audience == "pupils":
        _check_parents(theme, problems, body)


def needed(theme: ThemeDocument) -> frozenset[str]:
    """The sections that may not be empty when the theme is published, as editors name them."""
    parents = [f"parents.{key}" for key in NEEDED_OF_PARENTS] if theme.audience == "pupils" else []
    return frozenset([*NEEDED.get(theme.audience, ()), *parents])


def _check_sums(theme: ThemeDocument, problems: Problems, body: Body) -> None:
    line = body.section_lines.get("steps", 1)
    for name, total, limit, problem in (
        ("core_minutes", theme.core_sum, theme.core_minutes, N_("The core parts take %(total)s minutes together; there are %(limit)s.")),
        ("full_minutes", theme.full_sum, theme.full_minutes, N_("All parts take %(total)s minutes together; there are %(limit)s.")),
    ):
        if total > limit and not problems.are_at(name):
            problems.add(line, problem, N_("Shorten a part, or take one out."), at="steps", is_grave=False, total=total, limit=limit)


def _check_facts(theme: ThemeDocument, problems: Problems, lines: Mapping[Where, int]) -> None:
    if not 3 <= len(theme.terms) <= 5 and theme.audience == "pupils":
        problem = N_("The theme names one word.") if len(theme.terms) == 1 else N_("The theme names %(count)s words.")
        advice = N_("Choose three to five words of the vocabulary.")
        problems.add(lines.get(("terms",), 1), problem, advice, at="terms", is_grave=False, count=len(theme.terms))
    if not any(aim.role == "main" for aim in theme.aims):
        problem, advice = N_("The theme has no main aim."), N_("Choose at least one aim and give it role = “main”.")
        problems.add(lines.get(("aims", 0), 1), problem, advice, at="aims", is_grave=False)
    if not theme.grades:
        problems.add(lines.get(("grades",), 1), N_("The theme is for no grade."), N_("Write grades = [5, 6]."), at="grades", is_grave=False)


def _note_empty(problems: Problems, line: int, key: str) -> None:
    problems.add(line, N_("The section %(key)s is empty."), N_("Write it before you publish."), at=key, is_grave=False, key=key)


def _check_parents(theme: ThemeDocument, problems: Problems, body: Body) -> None:
    for key in NEEDED_OF_PARENTS:
        at = f"parents.{key}"
        if not theme.parents[key]:
            _note_empty(problems, body.section_lines.get(at, len(body.lines)), at)
    for key in ("sentence", "ask"):
        if len(theme.parents[key]) > 1:
            problem, advice = N_("The section %(key)s holds more than one paragraph."), N_("Keep one sentence.")
            problems.add(body.section_lines[f"parents.{key}"], problem, advice, at=f"parents.{key}", is_grave=False, key=key)
    for block, line in body.block_lines:
        if block.step and theme.step(block.step) is None:
            problem, advice = N_("There is no part “%(step)s”."), N_("Write step= and one of: %(choices)s.")
            choices = ", ".join(step.uid for step in theme.steps)
            problems.add(line, problem, advice, at=f"parents.{block.section}", is_grave=False, step=block.step, choices=choices)
