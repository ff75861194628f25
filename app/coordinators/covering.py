"""The coverage picture: which subjects of the curriculum each theme serves, as a drawing and as the same table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from textwrap import wrap

from sqlalchemy import select
from werkzeug.wrappers import Response

from app.access import SIGNED_IN, open_to
from app.coordinators.filtering import Wish
from app.coordinators.listing import Line, the_bank
from app.coordinators.routes import blueprint
from app.coordinators.showing import subject_name
from app.database import session
from app.language import gettext
from app.pages import page
from curriculum import goals
from curriculum.ideabank import AimLink

MAIN, SUPPORTING = "main", "supporting"

LABEL, COLUMN, ROW, HEAD, GROUP, SLANT = 212, 74, 44, 128, 40, 96
"""The drawing's measures: width of the themes' names and of a subject; height of a theme, of the subjects' names and of a series' name; the
room that the last subject's slanted name takes."""

LETTERS_A_LINE, LINE = 28, 16


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


@dataclass(frozen=True)
class Mark:
    """A shape of the drawing: a square for main aims, a ring for supporting ones, with their number when there are several."""

    role: str
    x: int
    y: int
    count: int


@dataclass(frozen=True)
class Words:
    """A name of the drawing, line by line."""

    lines: tuple[str, ...]
    x: int
    y: int


@dataclass(frozen=True)
class Drawing:
    """Everything of the picture with its place."""

    width: int
    height: int
    subjects: list[Words]
    series: list[tuple[Words, bool]]
    themes: list[Words]
    rules: list[int]
    marks: list[Mark]
    totals: list[Words]


@blueprint.get("/idebank/dekning")
@open_to(SIGNED_IN)
def coverage() -> Response:
    """Which subjects the bank's themes serve."""
    found = the_coverage()
    return page("coordinators/coverage.html", coverage=found, drawing=draw(found))


def the_coverage() -> Coverage:
    """The themes in effect today and the subjects they serve: nine queries, however many there are."""
    groups = [(group, [line for line in group.lines if line.version]) for group in the_bank(Wish()).groups]
    cells = _cells(line for _, lines in groups for line in lines)
    subjects = _ordered(cells)
    series = (Series(group.title, group.is_named, tuple(_row(line, cells, subjects) for line in lines)) for group, lines in groups if lines)
    return Coverage(subjects, tuple(series))


def _cells(lines: Iterable[Line]) -> dict[int, dict[str, Cell]]:
    """For each version what it serves in each subject."""
    found: dict[int, dict[str, Cell]] = {line.version.id: {} for line in lines if line.version}
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
    own = cells[line.version.id] if line.version else {}
    return Row(line.document.key, line.title, tuple(own.get(subject, Cell()) for subject in subjects))


def draw(coverage: Coverage) -> Drawing:
    """The drawing: where each name, line and shape stands."""
    width = LABEL + COLUMN * len(coverage.subjects) + SLANT
    drawing = Drawing(width, 0, [], [], [], [], [], [])
    drawing.subjects.extend(Words((_short(subject),), _middle(index), HEAD - 12) for index, subject in enumerate(coverage.subjects))
    y = HEAD
    for series in coverage.series:
        drawing.series.append((Words((series.title,), 0, y + 26), series.is_named))
        y += GROUP
        for row in series.rows:
            _draw_row(drawing, row, y)
            y += ROW
    drawing.rules.append(y)
    drawing.totals.extend(Words((str(total),), _middle(index), y + 27) for index, total in enumerate(coverage.totals))
    return replace(drawing, height=y + ROW)


def _draw_row(drawing: Drawing, row: Row, y: int) -> None:
    drawing.rules.append(y)
    lines = tuple(wrap(row.title, LETTERS_A_LINE, max_lines=2, placeholder=" …"))
    drawing.themes.append(Words(lines, 0, y + ROW // 2 + 5 - (LINE // 2) * (len(lines) - 1)))
    for index, cell in enumerate(row.cells):
        there = [(role, len(codes)) for role, codes in ((MAIN, cell.main), (SUPPORTING, cell.supporting)) if codes]
        for place, (role, count) in enumerate(there):
            x = _middle(index) + (0 if len(there) == 1 else 26 * place - 13)
            drawing.marks.append(Mark(role, x, y + ROW // 2, count))


def _middle(index: int) -> int:
    return LABEL + COLUMN * index + COLUMN // 2


def _short(subject: str) -> str:
    """A subject's short name, where its name gives one in brackets, as in (KRLE)."""
    found = re.search(r"\((\w+)\)\Z", subject)
    return found.group(1) if found else subject
