"""The coverage picture as an SVG file, for a report: themes by subjects, a square for main aims and a ring for supporting ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from textwrap import wrap

from flask import Response, make_response, render_template

from app.access import SIGNED_IN, open_to
from app.coordinators.covering import MAIN, SUPPORTING, Coverage, Row, short_name, the_coverage
from app.coordinators.routes import blueprint

LABEL, COLUMN, ROW, LEGEND, NAMES, GROUP, SLANT = 232, 74, 44, 72, 128, 40, 96
"""The drawing's measures: width of the themes' names and of a subject; height of a theme, of the heading with the legend, of the subjects'
names and of a series' name; the room that the last subject's slanted name takes."""

HEAD, NARROWEST = LEGEND + NAMES, 560
"""Where the first line of the picture begins, and the width that the heading and the legend need."""

LETTERS_A_LINE, LINE = 28, 16


@dataclass(frozen=True)
class Mark:
    """A shape of the drawing, with the number of aims when there are several."""

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


@dataclass
class Drawing:
    """Everything of the picture with its place."""

    width: int
    height: int = HEAD
    subjects: list[Words] = field(default_factory=list)
    series: list[Words] = field(default_factory=list)
    themes: list[Words] = field(default_factory=list)
    rules: list[int] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    totals: list[Words] = field(default_factory=list)
    legend: tuple[Mark, ...] = (Mark(MAIN, 19, 56, 1), Mark(SUPPORTING, 179, 56, 1), Mark(MAIN, 339, 56, 2))


@blueprint.get("/idebank/dekning.svg")
@open_to(SIGNED_IN)
def coverage_drawing() -> Response:
    """The picture as a file."""
    response = make_response(render_template("coordinators/coverage.svg", drawing=draw(the_coverage())))
    response.mimetype = "image/svg+xml"
    response.headers["Content-Disposition"] = 'inline; filename="dekning.svg"'
    return response


def draw(coverage: Coverage) -> Drawing:
    """The drawing: where each name, line and shape stands."""
    drawing = Drawing(max(NARROWEST, LABEL + COLUMN * len(coverage.subjects) + SLANT))
    drawing.subjects = [Words((short_name(subject),), _middle(index), HEAD - 12) for index, subject in enumerate(coverage.subjects)]
    for series in coverage.series:
        drawing.series.append(Words((series.title,), 8, drawing.height + 26))
        drawing.height += GROUP
        for row in series.rows:
            _draw_row(drawing, row)
    drawing.rules.append(drawing.height)
    drawing.totals = [Words((str(total),), _middle(index), drawing.height + 27) for index, total in enumerate(coverage.totals)]
    drawing.height += ROW
    return drawing


def _draw_row(drawing: Drawing, row: Row) -> None:
    y = drawing.height
    drawing.rules.append(y)
    lines = tuple(wrap(row.title, LETTERS_A_LINE, max_lines=2, placeholder=" …"))
    drawing.themes.append(Words(lines, 8, y + ROW // 2 + 5 - (LINE // 2) * (len(lines) - 1)))
    for index, cell in enumerate(row.cells):
        there = [(role, len(codes)) for role, codes in ((MAIN, cell.main), (SUPPORTING, cell.supporting)) if codes]
        for place, (role, count) in enumerate(there):
            x = _middle(index) + (0 if len(there) == 1 else 26 * place - 13)
            drawing.marks.append(Mark(role, x, y + ROW // 2, count))
    drawing.height += ROW


def _middle(index: int) -> int:
    return LABEL + COLUMN * index + COLUMN // 2
