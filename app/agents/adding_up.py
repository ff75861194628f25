"""What the chosen themes add up to: the aims of LK20 they serve, subject by subject, and those that only other themes serve."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.database import session
from app.language import gettext, lang
from curriculum import ideabank
from curriculum.goals import Aim, Section
from curriculum.ideabank import Edition, Served
from curriculum.keeping import Kept


@dataclass(frozen=True)
class Lacking:
    """An aim that none of the chosen themes serves: in words, and the titles of the themes that would."""

    code: str
    words: str
    themes: tuple[str, ...]
    is_in_template: bool
    """Whether one of these themes is of the template."""


@dataclass
class Subject:
    """A subject, or the core curriculum: codes of its aims that the chosen themes serve, and the aims that only others serve."""

    name: str
    main: list[str] = field(default_factory=list)
    supporting: list[str] = field(default_factory=list)
    lacking: list[Lacking] = field(default_factory=list)

    @property
    def is_served(self) -> bool:
        return bool(self.main or self.supporting)


@dataclass(frozen=True)
class Sum:
    """All subjects of the bank, those that most aims are served of first."""

    subjects: tuple[Subject, ...]

    @property
    def main(self) -> int:
        """How many aims are served as main aims."""
        return sum(len(one.main) for one in self.subjects)

    @property
    def supporting(self) -> int:
        """How many aims are served as supporting ones only."""
        return sum(len(one.supporting) for one in self.subjects)

    @property
    def served(self) -> list[str]:
        return [one.name for one in self.subjects if one.is_served]

    @property
    def unserved(self) -> list[str]:
        return [one.name for one in self.subjects if not one.is_served]

    @property
    def lacking(self) -> list[Subject]:
        return [one for one in self.subjects if one.lacking]


class Use(NamedTuple):
    """That a theme serves an aim."""

    theme: str
    title: str
    is_main: bool


class ServedAim(NamedTuple):
    """An aim and the themes that serve it; its subject and itself in words of the page's language."""

    code: str
    subject: str
    words: str
    uses: tuple[Use, ...]


@dataclass(frozen=True)
class Bank:
    """The aims that the themes serve. `subjects`: of each theme (by key) in short those it serves main aims of, and those it supports."""

    aims: tuple[ServedAim, ...]
    subjects: Mapping[str, tuple[list[str], list[str]]]


def serving(themes: Mapping[str, Edition]) -> Bank:
    """What the themes (by key) serve, in the page's language. Three queries; none while nothing has changed."""
    return _bank.get(session(), (lang().tag, tuple((key, one.id, one.title) for key, one in themes.items())))


def _read(db: Session, asked: tuple[str, tuple[tuple[str, int, str], ...]]) -> Bank:
    _, themes = asked
    served = ideabank.served_by(db, [version for _, version, _ in themes])
    by_aim: dict[tuple[str, bool], list[tuple[Served, Use]]] = {}
    for key, version, title in themes:
        for one in served[version]:
            by_aim.setdefault((one.code, one.is_section), []).append((one, Use(key, title, one.is_main)))
    aims = tuple(
        ServedAim(code, _subject_of(uses[0][0]), _aim_words(uses[0][0]), tuple(use for _, use in uses))
        for (code, _), uses in by_aim.items()
    )
    return Bank(aims, {key: _subjects_of(served[version]) for key, version, _ in themes})


_bank = Kept(_read)


def add_up(chosen: Collection[str], own: Collection[str], bank: Bank) -> Sum:
    """What the chosen themes (keys) serve beside the template's `own` and all of the bank's."""
    subjects: dict[str, Subject] = {}
    for aim in bank.aims:
        subject = subjects.setdefault(aim.subject, Subject(aim.subject))
        mine = [use for use in aim.uses if use.theme in chosen]
        if any(use.is_main for use in mine):
            subject.main.append(aim.code)
        elif mine:
            subject.supporting.append(aim.code)
        else:
            titles = tuple(use.title for use in aim.uses)
            subject.lacking.append(Lacking(aim.code, aim.words, titles, any(use.theme in own for use in aim.uses)))
    return Sum(tuple(sorted(subjects.values(), key=lambda one: (-len(one.main), -len(one.supporting), one.name))))


def _subject_of(served: Served) -> str:
    """The subject of an aim in the page's language."""
    if served.is_section:
        return gettext("Core curriculum")
    if served.aim is None:
        return gettext("Other aims")
    return served.aim.framework.subject_en if lang().tag == "en" else served.aim.framework.subject_nb


def _aim_words(served: Served) -> str:
    """An aim or a section in our own short words; its code where we do not know it."""
    known: Aim | Section | None = served.section if served.is_section else served.aim
    if known is None:
        return served.code
    return known.label_en if lang().tag == "en" else known.label_nb


def _subjects_of(served: Iterable[Served]) -> tuple[list[str], list[str]]:
    """The subjects whose aims a theme serves, in short: as main aims, and those it only supports."""
    uses = list(served)
    main = list(dict.fromkeys(_short(_subject_of(one)) for one in uses if one.is_main))
    return main, [name for name in dict.fromkeys(_short(_subject_of(one)) for one in uses) if name not in main]


def _short(subject: str) -> str:
    """A subject's short name, where its name gives one in brackets, as in (KRLE)."""
    found = re.search(r"\((\w+)\)\Z", subject)
    return found[1] if found else subject
