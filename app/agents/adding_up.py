"""What the chosen themes add up to: the aims of LK20 they serve, subject by subject, and those that only other themes serve."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.database import session
from app.language import gettext, lang
from curriculum import ideabank
from curriculum.base import Kept
from curriculum.goals import Aim, Section
from curriculum.ideabank import DocumentVersion, Served


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


def serving(themes: Iterable[DocumentVersion]) -> Mapping[int, Sequence[Served]]:
    """What each theme serves, by its version's id. Three queries; none while nothing has changed."""
    return _serving.get(session(), tuple(version.id for version in themes))


def _served(db: Session, versions: tuple[int, ...]) -> Mapping[int, Sequence[Served]]:
    """The aims' rows are taken out of the session: from now on they are values."""
    found = ideabank.served_by(db, versions)
    known = [one.aim or one.section for some in found.values() for one in some]
    for row in {*known, *(one.framework for one in known if isinstance(one, Aim))} - {None}:
        db.expunge(row)
    return found


_serving = Kept(_served)


def add_up(
    chosen: Collection[str], own: Collection[str], bank: Mapping[str, DocumentVersion], served: Mapping[int, Sequence[Served]]
) -> Sum:
    """What the chosen themes (keys) serve beside the template's `own` and all of the bank's."""
    subjects: dict[str, Subject] = {}
    by_aim: dict[tuple[str, bool], list[tuple[str, Served]]] = {}
    for key, version in bank.items():
        for one in served[version.id]:
            by_aim.setdefault((one.code, one.is_section), []).append((key, one))
    for uses in by_aim.values():
        first = uses[0][1]
        subject = subjects.setdefault(subject_of(first), Subject(subject_of(first)))
        mine = [one for key, one in uses if key in chosen]
        if any(one.is_main for one in mine):
            subject.main.append(first.code)
        elif mine:
            subject.supporting.append(first.code)
        else:
            titles = tuple(bank[key].title for key, _ in uses)
            subject.lacking.append(Lacking(first.code, aim_words(first), titles, any(key in own for key, _ in uses)))
    return Sum(tuple(sorted(subjects.values(), key=lambda one: (-len(one.main), -len(one.supporting), one.name))))


def subject_of(served: Served) -> str:
    """The subject of an aim in the page's language."""
    if served.is_section:
        return gettext("Core curriculum")
    if served.aim is None:
        return gettext("Other aims")
    return served.aim.framework.subject_en if lang().tag == "en" else served.aim.framework.subject_nb


def aim_words(served: Served) -> str:
    """An aim or a section in our own short words; its code where we do not know it."""
    known: Aim | Section | None = served.section if served.is_section else served.aim
    if known is None:
        return served.code
    return known.label_en if lang().tag == "en" else known.label_nb


def subjects_of(served: Iterable[Served]) -> tuple[list[str], list[str]]:
    """The subjects whose aims a theme serves, in short: as main aims, and those it only supports."""
    uses = list(served)
    main = list(dict.fromkeys(_short(subject_of(one)) for one in uses if one.is_main))
    return main, [name for name in dict.fromkeys(_short(subject_of(one)) for one in uses) if name not in main]


def _short(subject: str) -> str:
    """A subject's short name, where its name gives one in brackets, as in (KRLE)."""
    found = re.search(r"\((\w+)\)\Z", subject)
    return found[1] if found else subject
