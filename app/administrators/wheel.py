"""A school's year wheel: a picture of the school year with its table, for whoever works there, on one sheet of paper."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import cos, pi, sin

from flask import Response, abort, make_response, render_template, request
from sqlalchemy import Select, bindparam, select

from app.access import find, me, open_to, visible
from app.administrators.door import blueprint
from app.database import session, today
from app.language import day
from app.pages import page
from curriculum import planning
from curriculum.people import ADMINISTRATOR, AGENT, COORDINATOR, HEAD, MANAGER, TEACHER, School, SchoolClass
from curriculum.planning import AVOIDED, CLOSED, HEEDED, Wheel, WheelWeek

READERS = (AGENT, TEACHER, COORDINATOR, HEAD, MANAGER, ADMINISTRATOR)

SIZE, OUTER, BAND, INNER, MONTHS = 840, 348, 36, 96, 397
"""The drawing's measures: its side, the radius of the weeks' outer edge, the weeks' breadth, the inner radius of the last ring, and
the radius on which the months' names stand."""

WIDEST = 34
"""How broad a ring is at most."""


@dataclass(frozen=True)
class Cell:
    """A shape of the picture: its outline, the middle for what is written in it, and that."""

    path: str
    x: float
    y: float
    words: str
    kind: str = ""


@dataclass(frozen=True)
class Label:
    """A word of the picture, turned by some degrees."""

    words: str
    x: float
    y: float
    turn: float = 0


@dataclass(frozen=True)
class Picture:
    """Everything of the wheel with its place."""

    weeks: tuple[Cell, ...]
    themes: tuple[Cell, ...]
    marks: tuple[Cell, ...]
    months: tuple[Label, ...]
    names: tuple[Label, ...]
    circles: tuple[float, ...]
    now: str


@blueprint.get("/arshjul/<school>")
@open_to(*READERS)
def year_wheel(school: str) -> Response:
    """The wheel, and beside it the year week by week."""
    found, year = _school(school), _year()
    wheel = _wheel(found, year)
    this = planning.school_year(today())
    return page(
        "administrators/year_wheel.html",
        school=found,
        wheel=wheel,
        picture=draw(wheel, today()),
        halves=[(year, lines_of(wheel.weeks, year)), (year + 1, lines_of(wheel.weeks, year + 1))],
        year=year,
        years=sorted({this - 1, this, this + 1, year}),
        this_week=planning.iso_week(today()),
    )


@blueprint.get("/arshjul/<school>.svg")
@open_to(*READERS)
def wheel_file(school: str) -> Response:
    """The picture as a file."""
    found, year = _school(school), _year()
    wheel = _wheel(found, year)
    values = {"school": found, "wheel": wheel, "picture": draw(wheel, today()), "year": year, "is_file": True}
    response = make_response(render_template("administrators/year_wheel.svg", **values))
    response.mimetype = "image/svg+xml"
    response.headers["Content-Disposition"] = f'inline; filename="arshjul-{year}.svg"'
    return response


def _wheel(school: School, year: int) -> Wheel:
    """The wheel as she may see it; with ?uten=grupper without small groups, to be hung up."""
    return planning.year_wheel(session(), me(), school, year, today(), groups=request.args.get("uten") != "grupper")


def _school(public_id: str) -> School:
    """A school of which the signed-in person may read a class, or that she leads or answers for; else 404."""
    asked = {"public_id": public_id, "district": me().district_id}
    return session().scalars(_where_she_reads(visible(SchoolClass)), asked).first() or find(School, School.public_id == public_id)


@lru_cache
def _where_she_reads(seen: Select[SchoolClass]) -> Select[School]:
    hers = seen.with_only_columns(SchoolClass.school_id)
    return select(School).where(
        School.public_id == bindparam("public_id"), School.district_id == bindparam("district"), School.id.in_(hers)
    )


def _year() -> int:
    """The school year of the address (?ar=2026), else the present one. 404 for what is no year."""
    asked = request.args.get("ar", "")
    if not asked:
        return planning.school_year(today())
    if not re.fullmatch(r"20\d\d", asked, re.ASCII):
        abort(404)
    return int(asked)


# --- The table ------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One week of the table, or several that are the same break."""

    first: WheelWeek
    last: WheelWeek


def lines_of(weeks: Iterable[WheelWeek], year: int) -> list[Line]:
    """The weeks of a calendar year in order; neighbours that are wholly the same break are one line."""
    lines: list[Line] = []
    for week in (one for one in weeks if one.week.year == year):
        if lines and _is_same_break(lines[-1].last, week):
            lines[-1] = Line(lines[-1].first, week)
        else:
            lines.append(Line(week, week))
    return lines


def _is_same_break(one: WheelWeek, other: WheelWeek) -> bool:
    reasons = [[reason for reason, _ in week.closed] for week in (one, other)]
    return one.is_break and other.is_break and reasons[0] == reasons[1] and not (one.told or other.told or one.taught or other.taught)


# --- The picture ----------------------------------------------------------------------------------------------------------------------


def draw(wheel: Wheel, today: date) -> Picture:
    """The picture: the weeks clockwise from the top, inside them a ring for each class or year."""
    count = len(wheel.weeks)
    breadth = min(WIDEST, (OUTER - BAND - INNER) / max(1, len(wheel.rings)))
    edges = [OUTER - BAND - breadth * n for n in range(len(wheel.rings) + 1)]
    return Picture(
        tuple(_week_cell(index, count, week) for index, week in enumerate(wheel.weeks)),
        tuple(
            _theme_cell(index, count, edges[ring], edges[ring + 1], numbers)
            for index, week in enumerate(wheel.weeks)
            for ring, numbers in enumerate(week.rings)
            if numbers
        ),
        tuple(_marks(wheel)),
        tuple(_months(wheel)),
        tuple(Label(ring.name, SIZE / 2 - 4, SIZE / 2 - edges[n] + breadth / 2 + 4) for n, ring in enumerate(wheel.rings)),
        tuple(edges),
        next((_arc(n, count, OUTER + 3, OUTER - BAND) for n, one in enumerate(wheel.weeks) if one.week == planning.iso_week(today)), ""),
    )


def _week_cell(index: int, count: int, week: WheelWeek) -> Cell:
    kind = "break" if week.is_break else "part" if week.closed else ""
    return Cell(_arc(index, count, OUTER, OUTER - BAND), *_middle(index, count, OUTER - BAND / 2), str(week.week.number), kind)


def _theme_cell(index: int, count: int, outer: float, inner: float, numbers: tuple[int, ...]) -> Cell:
    return Cell(_arc(index, count, outer - 1, inner + 1), *_middle(index, count, (outer + inner) / 2), _short(numbers))


def _short(numbers: tuple[int, ...]) -> str:
    """What fits in a cell."""
    return "/".join(map(str, numbers[:2])) + ("…" if len(numbers) > 2 else "")


def _marks(wheel: Wheel) -> list[Cell]:
    """Bands outside the weeks: avoided days, and those when classes are away; a dot for days to bear in mind."""
    count, found = len(wheel.weeks), []
    for index, week in enumerate(wheel.weeks):
        kinds = {one.heed.kind for one in week.told}
        for kind in (AVOIDED, CLOSED):
            if kind in kinds:
                reach = (OUTER + 12, OUTER + 3) if kind == AVOIDED else (OUTER + 22, OUTER + 14)
                found.append(Cell(_arc(index, count, *reach), 0, 0, "", kind))
        if HEEDED in kinds:
            found.append(Cell("", *_middle(index, count, OUTER + 27), "", HEEDED))
    return found


def _months(wheel: Wheel) -> list[Label]:
    """Each month's name at the week of its fifteenth."""
    found, first = [], wheel.weeks[0].week.monday
    for month in range(12):
        middle = date(wheel.year + (month > 4), (month + 7) % 12 + 1, 15)
        index = (middle - first).days // 7
        x, y = _middle(index, len(wheel.weeks), MONTHS)
        turn = 360 * (index + 0.5) / len(wheel.weeks)
        found.append(Label(day(middle, "LLLL"), x, y, round(turn + 180 if 90 < turn < 270 else turn, 1)))
    return found


@lru_cache(maxsize=4096)
def _arc(index: int, count: int, outer: float, inner: float) -> str:
    """The outline of a week's part of a ring."""
    gap = 0.15 / 360 * 2 * pi
    start, end = 2 * pi * index / count + gap, 2 * pi * (index + 1) / count - gap
    (ax, ay), (bx, by) = _point(start, outer), _point(end, outer)
    (cx, cy), (dx, dy) = _point(end, inner), _point(start, inner)
    outside, inside = round(outer, 1), round(inner, 1)
    return f"M{ax} {ay}A{outside} {outside} 0 0 1 {bx} {by}L{cx} {cy}A{inside} {inside} 0 0 0 {dx} {dy}Z"


@lru_cache(maxsize=4096)
def _middle(index: int, count: int, radius: float) -> tuple[float, float]:
    return _point(2 * pi * (index + 0.5) / count, radius)


def _point(angle: float, radius: float) -> tuple[float, float]:
    """A point at an angle from the top, clockwise, in tenths."""
    return round(SIZE / 2 + radius * sin(angle), 1), round(SIZE / 2 - radius * cos(angle), 1)
