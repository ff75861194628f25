"""The idea bank's filter: the themes that serve a subject, an aim or a section of the core curriculum, or an aim that is tagged TT1."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from app.coordinators.showing import aim_label, core_sections, section_label, subject_name
from app.database import session, today
from app.language import gettext
from curriculum import goals
from curriculum.ideabank import ThemeDocument


@dataclass(frozen=True)
class Wish:
    """What is asked for: a code (of a plan, an aim or a section; empty for all), and whether only themes with a TT1 aim are."""

    code: str = ""
    tt1: bool = False

    def __bool__(self) -> bool:
        return bool(self.code) or self.tt1


@dataclass(frozen=True)
class Served:
    """What a theme serves: plans, aims and sections by code, retired aims under their successors; and whether one is tagged TT1."""

    codes: frozenset[str] = frozenset()
    tt1: bool = False

    def answers(self, wish: Wish) -> bool:
        """Whether it is among what is asked for."""
        return (not wish.code or wish.code in self.codes) and (self.tt1 or not wish.tt1)


@dataclass(frozen=True)
class Choice:
    """A line of the list to choose from, with how many themes it would give."""

    code: str
    words: str
    count: int


@dataclass(frozen=True)
class Filter:
    """The form above the bank's list: `choices` by subject, how many themes TT1 would give, and how many are shown."""

    wish: Wish
    choices: dict[str, list[Choice]]
    tt1_count: int
    shown: int
    total: int


@dataclass(frozen=True)
class Aims:
    """The aims as they stand today, by code, and the core curriculum's sections."""

    by_code: Mapping[str, goals.Aim]
    retired: Mapping[str, goals.Retired]
    sections: Mapping[str, goals.Section] = field(default_factory=dict)

    @classmethod
    def today(cls) -> Aims:
        """Two queries."""
        aims = goals.all_aims(session())
        return cls(
            {aim.code: aim for aim in aims}, goals.retired_among(aims, today()), {section.code: section for section in core_sections()}
        )

    def in_force(self, code: str) -> str:
        """The code, or its successor's when it is retired and has one."""
        return (self.retired[code].successor or code) if code in self.retired else code

    def served_by(self, theme: ThemeDocument) -> Served:
        """What a theme serves."""
        sections = {aim.code for aim in theme.aims if aim.is_section}
        codes = {self.in_force(aim.code) for aim in theme.aims if not aim.is_section}
        known = [self.by_code[code] for code in codes if code in self.by_code]
        return Served(frozenset(sections | codes | {aim.framework_code for aim in known}), any(aim.tt1 for aim in known))


def make_filter(wish: Wish, served: Iterable[Served], aims: Aims) -> Filter:
    """The form for these themes. A count says how many themes there would be with the other wish kept."""
    themes = list(served)

    def count(one: Wish) -> int:
        return sum(1 for theme in themes if theme.answers(one))

    return Filter(
        wish,
        _choices({code for theme in themes for code in theme.codes}, aims, lambda code: count(Wish(code, wish.tt1))),
        count(Wish(wish.code, True)),
        count(wish),
        len(themes),
    )


def _choices(codes: set[str], aims: Aims, count: Callable[[str], int]) -> dict[str, list[Choice]]:
    """The core curriculum's sections, then each subject: all of it, and the aims of it that themes serve."""
    found: dict[str, list[Choice]] = {}
    for section in (section for code, section in aims.sections.items() if code in codes):
        words = f"{section.code} {section_label(section)}"
        found.setdefault(gettext("Core curriculum"), []).append(Choice(section.code, words, count(section.code)))
    for aim in (aim for code, aim in aims.by_code.items() if code in codes):
        plan = aim.framework
        of_plan = found.setdefault(_plan_name(plan), [])
        if not of_plan:
            of_plan.append(Choice(plan.code, gettext("All of %(subject)s", subject=subject_name(plan)), count(plan.code)))
        words = gettext("%(label)s (after year %(year)s)", label=aim_label(aim), year=aim.after_year)
        of_plan.append(Choice(aim.code, words, count(aim.code)))
    return found


def _plan_name(plan: goals.Framework) -> str:
    """A subject; with its plan where that is over."""
    return f"{subject_name(plan)} ({plan.code})" if plan.over_since(today()) else subject_name(plan)
