"""A list from a spreadsheet: bytes to text, text to rows under known columns, and what is wrong with it, each with its line."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from curriculum import text
from curriculum.base import N_, Refused

SEPARATORS = ";,\t"
MOST_ROWS = 500
"""Each row is two or three milliseconds under the write lock: a longer list is taken in parts."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection)."""

EMPTY = ("-", "–", "—")
"""What people write for nothing."""


@dataclass(frozen=True)
class Line:
    """A row: its line in the file, its cells by column (those of absent columns are empty), and what is wrong with it as it stands."""

    number: int
    cells: Mapping[str, str]
    problems: tuple[Refused, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """The rows of a list. `problems` are about the list as a whole: then there are no rows."""

    lines: tuple[Line, ...] = ()
    problems: tuple[Refused, ...] = ()


@dataclass(frozen=True)
class Columns:
    """The columns of a kind of list: those that must be there, those that may, and other names people give them."""

    needed: tuple[str, ...]
    possible: tuple[str, ...] = ()
    other_names: Mapping[str, str] = field(default_factory=dict)
    numbers: tuple[str, ...] = ()
    """Those that hold a number: there -3 is a number, and no formula."""

    @property
    def all(self) -> tuple[str, ...]:
        return self.needed + self.possible

    def named(self, written: str) -> str | None:
        """The column that is meant by a heading, in any case."""
        plain = " ".join(written.split()).casefold()
        return plain if plain in self.all else self.other_names.get(plain)


def decode(data: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 with its mark (Excel's "Unicode text"), else Windows-1252 (Excel's "CSV").

    Raises Refused for what is no text.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            found = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in found and not found.startswith("PK\x03\x04"):
            return found
    raise Refused(N_("This is not a text file. In the spreadsheet, choose “Save as” and the kind CSV."), at="file")


def read_sheet(written: str, columns: Columns) -> Sheet:
    """The rows of a list that stands under headings, whatever separates its cells. Empty lines are passed over."""
    try:
        rows = list(_rows(written.removeprefix("\ufeff")))
    except csv.Error:
        return Sheet(problems=(Refused(N_("A cell begins with a quotation mark and never ends, or is too long.")),))
    if not rows:
        return Sheet(
            problems=(Refused(N_("The list is empty. Its first line names the columns: %(columns)s."), columns=";".join(columns.all)),)
        )
    (_, headings), *body = rows
    problems = tuple(_heading_problems(headings, columns))
    if not problems and not body:
        problems = (Refused(N_("There are no rows under the headings.")),)
    if len(body) > MOST_ROWS:
        problems = (*problems, Refused(N_("The list has %(count)s rows; at most %(most)s at once."), count=len(body), most=MOST_ROWS))
    if problems:
        return Sheet(problems=problems)
    names = [columns.named(heading) for heading in headings]
    return Sheet(tuple(_line(number, cells, names, columns) for number, cells in body))


def _rows(written: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that say something, each with its first line. A line "sep=;" before them is Excel's own word for what separates cells."""
    first = next((line for line in written.splitlines() if line.strip()), "")
    said = re.fullmatch(r"sep=([;,\t])", first.strip(" "), re.I)
    separator = said[1] if said else max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(written, newline=""), delimiter=separator, strict=True)
    end = 0
    for cells in reader:
        start, end = end + 1, reader.line_num
        if any(cell.strip() for cell in cells) and not (said and cells[0].casefold() == "sep="):
            yield start, [cell.strip() for cell in cells]


def _heading_problems(headings: Sequence[str], columns: Columns) -> Iterator[Refused]:
    found = [columns.named(heading) for heading in headings]
    missing = [name for name in columns.needed if name not in found]
    unknown = [heading for heading, name in zip(headings, found, strict=True) if name is None and heading]
    if missing:
        yield Refused(N_("These columns are missing: %(names)s."), names=", ".join(missing))
    for heading in unknown:
        near = get_close_matches(heading.casefold(), columns.all, n=1)
        if near:
            yield Refused(N_("There is no column “%(name)s” here. Is it “%(meant)s”?"), name=heading[:40], meant=near[0])
        else:
            yield Refused(
                N_("There is no column “%(name)s” here. The columns are: %(columns)s."), name=heading[:40], columns=";".join(columns.all)
            )
    for name in columns.all:
        if found.count(name) > 1:
            yield Refused(N_("The column “%(name)s” stands there twice."), name=name)


def _line(number: int, cells: Sequence[str], names: Sequence[str | None], columns: Columns) -> Line:
    problems = []
    if len(cells) > len(names) and any(cells[len(names) :]):
        words = N_("The row has %(count)s cells, the headings %(columns)s. Put a cell that holds the separator in quotation marks.")
        problems.append(Refused(words, count=len(cells), columns=len(names)))
    given = {name: "" for name in columns.all}
    for name, cell in zip(names, cells, strict=False):
        if name is not None:
            given[name] = "" if cell in EMPTY else cell
    problems += [problem for name, cell in given.items() for problem in _cell_problems(name, cell, is_number=name in columns.numbers)]
    problems += [Refused(N_("“%(name)s” is empty."), name=name) for name in columns.needed if not given[name]]
    return Line(number, given, tuple(problems))


def _cell_problems(name: str, cell: str, *, is_number: bool) -> Iterator[Refused]:
    if cell.startswith(FORMULA) and not (is_number and re.fullmatch(r"[-+]\d+", cell)):
        yield Refused(N_("“%(name)s” begins with %(sign)s, as a formula does. Write it as plain text."), name=name, sign=cell[0])
    try:
        text.tidy(cell)
        text.refuse_personal(cell)
    except Refused as refusal:
        yield refusal


def template(columns: Columns, example: Mapping[str, str]) -> str:
    """A file to fill in: the headings and one example, as spreadsheets in Norwegian read it (semicolons, a mark that says UTF-8)."""
    rows = io.StringIO(newline="")
    writer = csv.writer(rows, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns.all)
    writer.writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in (example.get(name, "") for name in columns.all)])
    return "\ufeff" + rows.getvalue()
