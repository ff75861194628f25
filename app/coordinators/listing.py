"""The idea bank's list: every theme with what one needs to choose it, under the course series it belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from app.access import me, visible
from app.coordinators.filtering import Aims, Filter, Served, Wish, make_filter
from app.database import session, today
from app.language import gettext
from curriculum import ideabank, people
from curriculum.ideabank import Document, DocumentVersion, Draft, OutlineDocument, PlacePart, Review, ThemeDocument


@dataclass(frozen=True)
class Line:
    """A document of the bank in a list. `version` is None while there is only a draft; `draft` is None for those who may not see it."""

    document: Document
    version: DocumentVersion | None
    content: ideabank.AnyDocument | None
    draft: Draft | None
    is_checked: bool
    place: PlacePart | None = None

    @property
    def title(self) -> str:
        return self.content.title if self.content else self.document.key


@dataclass(frozen=True)
class Group:
    """The themes of one course series, in its order."""

    title: str
    description: str = ""
    is_named: bool = True
    """Whether the title is the district's own, in its own language."""
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Bank:
    """Everything on the bank's first page."""

    groups: list[Group]
    outlines: list[Line]
    others: list[Line]
    may_write: bool
    filter: Filter

    @property
    def is_empty(self) -> bool:
        return not self.filter.total and not self.outlines and not self.others


def the_bank(wish: Wish) -> Bank:
    """The district's bank as the signed-in person may see it, of themes those that answer the wish: six queries, however many there are."""
    lines = sorted(_lines(), key=lambda line: (not line.document.path, line.document.path, line.document.key))
    by_kind = {kind: [line for line in lines if line.document.kind == kind] for kind in ideabank.KINDS}
    outlines, aims = by_kind[ideabank.OUTLINE], Aims.today()
    wish = Wish(aims.in_force(wish.code), wish.tt1)
    served = [(line, _served(line, aims)) for line in by_kind[ideabank.THEME]]
    return Bank(
        _grouped([line for line, serves in served if serves.answers(wish)], outlines),
        outlines,
        by_kind[ideabank.VOCABULARY] + by_kind[ideabank.DISTRICT_TEXTS],
        people.COORDINATOR in people.roles(me(), today()),
        make_filter(wish, (serves for _, serves in served), aims),
    )


def _served(line: Line, aims: Aims) -> Served:
    return aims.served_by(line.content) if isinstance(line.content, ThemeDocument) else Served()


def _lines() -> Iterable[Line]:
    versions = ideabank.versions_in_effect(session(), me().district_id, today())
    drafts = {draft.document_id: draft for draft in session().scalars(visible(Draft))}
    checked = set(session().scalars(select(Review.version_id).where(Review.version_id.in_([version.id for version in versions.values()]))))
    for document in session().scalars(visible(Document).where(Document.retired_at.is_(None))):
        version, draft = versions.get(document.id), drafts.get(document.id)
        if version or draft:
            yield Line(document, version, _content(version, draft), draft, version is not None and version.id in checked)


def _content(version: DocumentVersion | None, draft: Draft | None) -> ideabank.AnyDocument | None:
    if version:
        return ideabank.parsed(version)
    return ideabank.read(draft.text).document if draft else None


def _grouped(themes: list[Line], outlines: list[Line]) -> list[Group]:
    """Themes under the outlines that name them, their own series first, then those of a series without an outline, then the rest."""
    left = {line.document.key: line for line in themes}
    own = {_series(line) for line in themes}
    groups = []
    for outline in sorted(outlines, key=lambda outline: outline.document.key not in own):
        if isinstance(outline.content, OutlineDocument):
            lines = [_placed(left.pop(place.theme), place) for place in outline.content.places if place.theme in left]
            lines += [left.pop(line.document.key) for line in list(left.values()) if _series(line) == outline.document.key]
            groups.append(Group(outline.title, outline.content.description, lines=lines))
    groups += [Group(series or gettext("Other themes"), is_named=bool(series), lines=lines) for series, lines in _by_series(left).items()]
    return [group for group in groups if group.lines]


def _placed(line: Line, place: PlacePart) -> Line:
    return Line(line.document, line.version, line.content, line.draft, line.is_checked, place)


def _by_series(lines: Mapping[str, Line]) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in sorted(lines.values(), key=lambda line: not _series(line)):
        found.setdefault(_series(line), []).append(line)
    return found


def _series(line: Line) -> str:
    return line.content.series if isinstance(line.content, ThemeDocument) else ""
