"""The idea bank as it stands, in plain values, kept in memory for as long as nothing in it changes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, TypeVar

from flask import current_app, g
from sqlalchemy import Select, func, select

from app.access import me, visible
from app.database import session, today
from curriculum import goals, ideabank
from curriculum.base import ChangeCounter, is_reading, moment_read
from curriculum.ideabank import (
    Document,
    DocumentVersion,
    Draft,
    Index,
    OutlineDocument,
    PlacePart,
    Review,
    TermPart,
    ThemeDocument,
    VocabularyDocument,
)

AIM, TT1, SERIES, PLACE, MINUTES, GROUP, ROOM, VISITOR = "maal", "tt1", "rekke", "plass", "minutter", "gruppe", "rom", "besok"
"""What one may ask for of a theme, by its name in the address."""

FIXED, OPTIONAL, YES = "fast", "valgfritt", "1"
SHORT, WHOLE = 45, 60
"""Minutes: the short lesson must fit the first, everything the second."""


@dataclass(frozen=True)
class Line:
    """A document of the bank. `number`, `version_id` and `hash` are those of its version today, None while there is only a draft."""

    document_id: int
    key: str
    kind: str
    path: str
    version_id: int | None
    number: int | None
    hash: str | None
    is_checked: bool
    has_draft: bool = False
    content: ideabank.AnyDocument | None = None
    place: PlacePart | None = None

    @property
    def title(self) -> str:
        return self.content.title if self.content else self.key


@dataclass(frozen=True)
class Group:
    """The themes of one course series, in its order. Without a title: the themes of no series."""

    key: str
    title: str
    description: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Aims:
    """The aims as they stand today, by code, and the core curriculum's sections; no longer bound to the database."""

    by_code: Mapping[str, goals.Aim]
    retired: Mapping[str, goals.Retired]
    sections: Mapping[str, goals.Section]
    tt1: goals.CrossTheme | None
    """Once imported, with what Udir calls it."""

    def in_force(self, code: str) -> str:
        """The code, or its successor's when it is retired and has one."""
        return (self.retired[code].successor or code) if code in self.retired else code

    def plan(self, code: str) -> goals.Framework | None:
        """The curriculum with this code."""
        return next((aim.framework for aim in self.by_code.values() if aim.framework_code == code), None)

    def served_by(self, theme: ThemeDocument) -> Iterator[tuple[str, str]]:
        """What a theme serves, as wishes: plans, aims and sections by code, retired aims under their successors; and whether one is TT1."""
        for part in theme.aims:
            code = part.code if part.is_section else self.in_force(part.code)
            yield AIM, code
            aim = None if part.is_section else self.by_code.get(code)
            if aim:
                yield AIM, aim.framework_code
                yield from [(TT1, YES)] if aim.tt1 else []


Made = TypeVar("Made")
Stamp = tuple[object, ...]
"""What a shelf is valid for: the change counter, the day, and the drafts that are seen with it."""

Sets = Mapping[tuple[str, str], int]
"""The themes that answer to a wish. A set of themes is a number whose bit n is the theme with place n on the shelf."""


@dataclass(frozen=True, eq=False)
class Shelf:
    """Everything in a district's bank, as one who edits or one who reads may see it."""

    stamp: Stamp
    lines: tuple[Line, ...]
    groups: tuple[Group, ...]
    themes: tuple[Line, ...]
    """In the order in which they are listed, group by group."""
    aims: Aims
    index: Index
    sets: Sets
    made: dict[Hashable, Any] = field(default_factory=dict)
    """What is made of it in a page's language, by what it is made of."""

    def once(self, of: Hashable, make: Callable[[], Made]) -> Made:
        """What is made `of` something on this shelf, for all who read it: made once, for as long as the shelf stays."""
        if of not in self.made:
            self.made[of] = make()
        made: Made = self.made[of]
        return made

    @property
    def terms(self) -> dict[str, TermPart]:
        """The words of the vocabulary, by key."""
        vocabularies = (line.content for line in self.lines if isinstance(line.content, VocabularyDocument) and line.number)
        return {term.key: term for vocabulary in vocabularies for term in vocabulary.terms}

    @property
    def everything(self) -> int:
        """The set of all themes."""
        return (1 << len(self.themes)) - 1

    def of_kind(self, *kinds: str) -> list[Line]:
        """The documents of these kinds."""
        return [line for kind in kinds for line in self.lines if line.kind == kind]

    def titles(self) -> dict[str, str]:
        """What the published documents are called, by key."""
        return {line.key: line.title for line in self.lines if line.number}


def the_shelf() -> Shelf:
    """The district's bank as the signed-in person may see it. One query; seven or eight more when something has changed.

    The change counter is read first (by a query of its own for whoever writes): what changes in between is met the next time.
    """
    if "shelf" not in g:
        counter = moment_read(session()) if is_reading() else session().execute(_counter).one()
        drafts = session().execute(_draft_versions(visible(Draft))).all()
        g.shelf = _kept(
            (*counter, today(), tuple((document, version) for document, version in drafts)), {document for document, _ in drafts}
        )
    shelf: Shelf = g.shelf
    return shelf


@lru_cache
def _draft_versions(seen: Select[Draft]) -> Select[int, int]:
    return seen.with_only_columns(Draft.document_id, Draft.version).order_by(Draft.document_id)


_counter = select(ChangeCounter.epoch, ChangeCounter.value)


def _kept(stamp: Stamp, drafts: Collection[int]) -> Shelf:
    kept: dict[tuple[int, bool], Shelf] = current_app.extensions.setdefault("bank shelves", {})
    place = (me().district_id, bool(drafts))
    shelf = kept.get(place)
    if shelf is None or shelf.stamp != stamp:
        shelf = kept[place] = _filled(stamp, drafts, shelf)
    return shelf


def _filled(stamp: Stamp, drafts: Collection[int], before: Shelf | None) -> Shelf:
    lines = tuple(sorted(_lines(drafts, before), key=lambda line: (not line.path, line.path, line.key)))
    groups = tuple(
        _grouped([line for line in lines if line.kind == ideabank.THEME], [line for line in lines if line.kind == ideabank.OUTLINE])
    )
    themes = tuple(line for group in groups for line in group.lines)
    terms = {term.key: term for line in lines if isinstance(line.content, VocabularyDocument) for term in line.content.terms}
    index = ideabank.index_themes([_searched(line, terms) for line in themes], before.index if before else None)
    aims = _aims()
    return Shelf(stamp, lines, groups, themes, aims, index, _sets(groups, aims))


# --- Documents -------------------------------------------------------------------------------------------------------------------------


def _lines(drafts: Collection[int], before: Shelf | None) -> Iterator[Line]:
    bare = [line for line in _bare_lines() if line.number or line.document_id in drafts]
    known: dict[str | None, ideabank.AnyDocument | None] = {line.hash: line.content for line in before.lines} if before else {}
    known |= _read_versions([line.version_id for line in bare if line.hash and line.hash not in known])
    unpublished = _read_drafts([line.document_id for line in bare if not line.number])
    for line in bare:
        content = known[line.hash] if line.hash else unpublished[line.document_id]
        yield replace(line, content=content, has_draft=line.document_id in drafts)


def _bare_lines() -> Iterator[Line]:
    last = (
        select(DocumentVersion.document_id, func.max(DocumentVersion.number).label("number"))
        .where(DocumentVersion.district_id == me().district_id, DocumentVersion.effective <= today())
        .group_by(DocumentVersion.document_id)
        .subquery()
    )
    is_checked = select(Review.id).where(Review.version_id == DocumentVersion.id).exists()
    query = (
        visible(Document)
        .where(Document.retired_at.is_(None))
        .outerjoin(last, last.c.document_id == Document.id)
        .outerjoin(DocumentVersion, (DocumentVersion.document_id == Document.id) & (DocumentVersion.number == last.c.number))
        .with_only_columns(
            Document.id,
            Document.key,
            Document.kind,
            Document.path,
            DocumentVersion.id,
            DocumentVersion.number,
            DocumentVersion.hash,
            is_checked,
        )
    )
    for row in session().execute(query):
        yield Line(*row)


def _read_versions(ids: Collection[int | None]) -> dict[str | None, ideabank.AnyDocument | None]:
    versions = session().scalars(select(DocumentVersion).where(DocumentVersion.id.in_(ids))) if ids else ()
    return {version.hash: ideabank.parsed(version) for version in versions}


def _read_drafts(documents: Collection[int]) -> dict[int, ideabank.AnyDocument | None]:
    query = visible(Draft).where(Draft.document_id.in_(documents)).with_only_columns(Draft.document_id, Draft.text)
    return {document: ideabank.read(text).document for document, text in session().execute(query)} if documents else {}


def _searched(line: Line, terms: Mapping[str, TermPart]) -> tuple[ThemeDocument, tuple[TermPart, ...]]:
    """A theme and its words; of a draft that cannot be read, its name."""
    theme = line.content if isinstance(line.content, ThemeDocument) else ThemeDocument(line.key, line.title)
    return theme, tuple(terms[key] for key in theme.terms if key in terms)


# --- Groups ----------------------------------------------------------------------------------------------------------------------------


def _grouped(themes: Iterable[Line], outlines: Iterable[Line]) -> Iterator[Group]:
    """Themes under the outlines that name them, their own series first, then those of a series without an outline, then the rest."""
    left = {line.key: line for line in themes}
    own = {_series(line) for line in left.values()}
    for outline in sorted(outlines, key=lambda outline: outline.key not in own):
        if isinstance(outline.content, OutlineDocument):
            lines = [replace(left.pop(place.theme), place=place) for place in outline.content.places if place.theme in left]
            lines += [left.pop(line.key) for line in list(left.values()) if _series(line) == outline.key]
            yield from [Group(outline.key, outline.title, outline.content.description, tuple(lines))] if lines else []
    for series in sorted({_series(line) for line in left.values()}, key=lambda series: (not series, series)):
        yield Group(series, series, "", tuple(line for line in left.values() if _series(line) == series))


def _series(line: Line) -> str:
    return line.content.series if isinstance(line.content, ThemeDocument) else ""


# --- Aims and wishes -------------------------------------------------------------------------------------------------------------------


def _aims() -> Aims:
    """Three queries. The rows are taken out of the session: from now on they are values."""
    aims, sections = goals.all_aims(session()), session().scalars(select(goals.Section).order_by(goals.Section.code)).all()
    retired, tt1 = goals.retired_among(aims, today()), session().get(goals.CrossTheme, goals.TT1)
    for row in {*aims, *sections, *(aim.framework for aim in aims), *([tt1] if tt1 else [])}:
        session().expunge(row)
    return Aims({aim.code: aim for aim in aims}, retired, {section.code: section for section in sections}, tt1)


def _sets(groups: Iterable[Group], aims: Aims) -> Sets:
    found: dict[tuple[str, str], int] = {}
    place = 0
    for group in groups:
        for line in group.lines:
            for wish in {(SERIES, group.key), *_answered(line, aims)}:
                found[wish] = found.get(wish, 0) | 1 << place
            place += 1
    return found


def _answered(line: Line, aims: Aims) -> Iterator[tuple[str, str]]:
    """The wishes a theme answers to."""
    yield PLACE, FIXED if line.place and line.place.fixed else OPTIONAL
    theme = line.content
    if not isinstance(theme, ThemeDocument):
        return
    yield from aims.served_by(theme)
    yield from [(MINUTES, str(SHORT))] if theme.core_minutes <= SHORT else []
    yield from [(MINUTES, str(WHOLE))] if theme.full_minutes <= WHOLE else []
    yield from ((GROUP, group) for group in theme.groups)
    yield from ((ROOM, need) for need in theme.room)
    yield from [(VISITOR, YES)] if theme.presenter else []


def themes_with(sets: Sets, wishes: Iterable[tuple[str, str]], everything: int) -> int:
    """The themes that answer to all these wishes."""
    for wish in wishes:
        everything &= sets.get(wish, 0)
    return everything
