"""The coverage picture: which subjects of the curriculum each theme serves, as a table of shapes and as the same table in codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from werkzeug.wrappers import Response

from app.access import SIGNED_IN, open_to
from app.coordinators.routes import blueprint
from app.coordinators.shelf import Line, the_shelf
from app.coordinators.showing import subject_name
from app.database import session
from app.language import gettext
from app.pages import page
from curriculum import goals
from curriculum.ideabank import AimLink

MAIN, SUPPORTING = "main", "supporting"


@dataclass(frozen=True)
class Cell:
    """The aims of one subject that a theme serves, by their codes."""

    main: tuple[str, ...] = ()
    supporting: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.main or self.supporting)


@dataclass(frozen=True)
class Row:
    """A theme and what it serves, one cell for each subject."""

    key: str
    title: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Series:
    """The themes of one course series."""

    title: str
    is_named: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Coverage:
    """Themes by subjects; the subjects most themes serve stand first."""

    subjects: tuple[str, ...]
    series: tuple[Series, ...]

    @property
    def totals(self) -> tuple[int, ...]:
        """How many themes serve each subject."""
        rows = [row for series in self.series for row in series.rows]
        return tuple(sum(bool(row.cells[index]) for row in rows) for index in range(len(self.subjects)))


@blueprint.get("/idebank/dekning")
@open_to(SIGNED_IN)
def coverage() -> Response:
    """Which subjects the bank's themes serve."""
    return page("coordinators/coverage.html", coverage=the_coverage(), short_name=short_name)


def the_coverage() -> Coverage:
    """The themes in effect today and the subjects they serve: as many queries, however many there are."""
    groups = [(group, [line for line in group.lines if line.number]) for group in the_shelf().groups]
    cells = _cells(line for _, lines in groups for line in lines)
    subjects = _ordered(cells)
    series = (
        Series(group.title or gettext("Other themes"), bool(group.title), tuple(_row(line, cells, subjects) for line in lines))
        for group, lines in groups
        if lines
    )
    return Coverage(subjects, tuple(series))


def _cells(lines: Iterable[Line]) -> dict[int, dict[str, Cell]]:
    """For each version what it serves in each subject."""
    found: dict[int, dict[str, Cell]] = {line.version_id: {} for line in lines if line.version_id}
    links = list(session().scalars(select(AimLink).where(AimLink.version_id.in_(found)).order_by(AimLink.version_id, AimLink.position)))
    subjects = _subjects(link.code for link in links if not link.is_section)
    for link in links:
        subject = gettext("Core curriculum") if link.is_section else subjects.get(link.code, gettext("Other aims"))
        cell = found[link.version_id].get(subject, Cell())
        is_main = link.role == MAIN
        found[link.version_id][subject] = Cell(
            (*cell.main, link.code) if is_main else cell.main, cell.supporting if is_main else (*cell.supporting, link.code)
        )
    return found


def _subjects(codes: Iterable[str]) -> dict[str, str]:
    """The subject of each aim, by its code."""
    query = select(goals.Aim.code, goals.Framework).join(goals.Framework).where(goals.Aim.code.in_(set(codes)))
    return {code: subject_name(framework) for code, framework in session().execute(query)}


def _ordered(cells: Mapping[int, Mapping[str, Cell]]) -> tuple[str, ...]:
    """Every subject there is, also those no theme serves: the gaps are what one looks for."""
    known = {gettext("Core curriculum"), *(subject_name(framework) for framework in session().scalars(select(goals.Framework)))}
    served = [subject for of_version in cells.values() for subject in of_version]
    return tuple(sorted(known | set(served), key=lambda subject: (-served.count(subject), subject)))


def _row(line: Line, cells: Mapping[int, Mapping[str, Cell]], subjects: Iterable[str]) -> Row:
    own = cells[line.version_id] if line.version_id else {}
    return Row(line.key, line.title, tuple(own.get(subject, Cell()) for subject in subjects))


def short_name(subject: str) -> str:
    """A subject's short name, where its name gives one in brackets, as in (KRLE)."""
    found = re.search(r"\((\w+)\)\Z", subject)
    return found.group(1) if found else subject
