"""Days of a school calendar from a list (CSV) or a calendar file (ICS): what is understood, line by line, looked at and then saved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from curriculum import planning, text
from curriculum.base import N_, Refused
from curriculum.interchange.ics import FoundEvent, is_ics, read_events
from curriculum.interchange.registers import ERROR, NEW, SAME, Row, Taken, read_date, read_grades
from curriculum.interchange.sheets import Columns, Line, read_sheet
from curriculum.people import District, School
from curriculum.planning import AVOIDED, CLOSED, HEEDED, Days, SchoolCalendar, school_year

DAY_COLUMNS = Columns(
    ("fra", "grunn"),
    ("til", "slag", "trinn"),
    {
        "fra dato": "fra",
        "fra og med": "fra",
        "dato": "fra",
        "første dag": "fra",
        "til dato": "til",
        "til og med": "til",
        "siste dag": "til",
        "årsak": "grunn",
        "hva": "grunn",
        "navn": "grunn",
        "type": "slag",
        "årstrinn": "trinn",
    },
)
DAY_KINDS = {
    "fri": CLOSED,
    "stengt": CLOSED,
    "fridag": CLOSED,
    "ferie": CLOSED,
    "borte": CLOSED,
    "unngå": AVOIDED,
    "unngås": AVOIDED,
    "hensyn": HEEDED,
    "ta hensyn": HEEDED,
}
"""What the cells of the column “slag” may say; an empty one says what the form says."""

DAY_EXAMPLE = {"fra": "28.09.2026", "til": "02.10.2026", "grunn": "Høstferie", "slag": "fri", "trinn": ""}


@dataclass(frozen=True)
class DayLine:
    """A line of the list: its number, what stands there by column, the days if they were understood, and what is wrong with it."""

    number: int
    cells: Mapping[str, str]
    days: Days | None
    problems: tuple[Refused, ...] = ()


@dataclass(frozen=True)
class DayList:
    """The lines of a list. `problems` are about the list as a whole: then there are no lines."""

    lines: tuple[DayLine, ...] = ()
    problems: tuple[Refused, ...] = ()


@dataclass(frozen=True)
class TakenDays(Taken):
    """What became of a list of days, or would: rows that are wrong are kept out, the others may be saved. A row's problems may be notes."""

    days: tuple[Days, ...] = ()
    """Those that are new."""

    @property
    def can_be_saved(self) -> bool:
        """Whether there is anything new in it."""
        return not self.problems and self.count(NEW) > 0


# --- Reading ------------------------------------------------------------------------------------------------------------------------


def read_days(written: str, year: int, kind: str = CLOSED) -> DayList:
    """The days of a list or a calendar file for the school year that begins in `year`; `kind` is what those are of which nothing is said.

    A file that is wholly of other years is refused as one; of a mixed one each line that does not fit is told.
    """
    try:
        lines = list(_event_lines(written, year, kind)) if is_ics(written) else list(_sheet_lines(written, kind))
        _refuse_other_year(lines, year)
    except _Unreadable as unreadable:
        return DayList(problems=unreadable.problems)
    except Refused as refusal:
        return DayList(problems=(refusal,))
    return DayList(tuple(_told_twice(_of_the_year(line, year) for line in lines)))


class _Unreadable(Exception):
    """The sheet as a whole cannot be read."""

    def __init__(self, problems: tuple[Refused, ...]) -> None:
        super().__init__()
        self.problems = problems


def _sheet_lines(written: str, kind: str) -> Iterator[DayLine]:
    sheet = read_sheet(written, DAY_COLUMNS)
    if sheet.problems:
        raise _Unreadable(sheet.problems)
    return (_sheet_line(line, kind) for line in sheet.lines)


def _sheet_line(line: Line, kind: str) -> DayLine:
    problems = list(line.problems)
    days = None
    try:
        days = None if problems else _row_days(line.cells, kind)
    except Refused as refusal:
        problems.append(refusal)
    return _checked(DayLine(line.number, line.cells, days, tuple(problems)))


def _row_days(cells: Mapping[str, str], kind: str) -> Days:
    first = read_date(cells["fra"], "fra")
    assert first is not None  # a needed column
    last = read_date(cells["til"], "til") or first
    if last < first:
        raise Refused(N_("It ends before it begins."))
    return Days(first, last, cells["grunn"], _kind(cells["slag"], kind), tuple(read_grades(cells["trinn"])) if cells["trinn"] else ())


def _kind(written: str, otherwise: str) -> str:
    found = DAY_KINDS.get(" ".join(written.split()).casefold()) if written else otherwise
    if found is None:
        raise Refused(N_("“%(written)s” is no kind of day. Write one of: %(kinds)s."), written=written, kinds=", ".join(DAY_KINDS))
    return found


def _event_lines(written: str, year: int, kind: str) -> Iterator[DayLine]:
    return (_event_line(event, kind) for event in read_events(written, year))


def _event_line(event: FoundEvent, kind: str) -> DayLine:
    cells = {"fra": _short(event.first), "til": _short(event.last), "grunn": event.name, "slag": "", "trinn": ""}
    if event.first is None or event.last is None:
        return DayLine(event.number, cells, None, event.problems)
    if not event.name:
        return DayLine(event.number, cells, None, (Refused(N_("The event has no name.")),))
    return _checked(DayLine(event.number, cells, Days(event.first, event.last, event.name, kind)))


def _short(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""


def _checked(line: DayLine) -> DayLine:
    """The line, refused if its reason holds what a text that many read may not."""
    if line.days is None:
        return line
    try:
        text.tidy(line.days.reason)
        text.refuse_personal(line.days.reason, public=True)
    except Refused as refusal:
        return replace(line, days=None, problems=(*line.problems, refusal))
    return line


def _refuse_other_year(lines: Iterable[DayLine], year: int) -> None:
    years = sorted({school_year(line.days.from_date) for line in lines if line.days})
    if years and year not in years:
        of = ", ".join(f"{one}–{one + 1}" for one in years)
        raise Refused(N_("The file is for the school year %(other)s, not %(year)s."), other=of, year=f"{year}–{year + 1}")


def _of_the_year(line: DayLine, year: int) -> DayLine:
    if line.days is None or school_year(line.days.from_date) == year:
        return line
    other = school_year(line.days.from_date)
    problem = Refused(
        N_("The days are in the school year %(other)s, not %(year)s."), other=f"{other}–{other + 1}", year=f"{year}–{year + 1}"
    )
    return replace(line, days=None, problems=(problem,))


def _told_twice(lines: Iterable[DayLine]) -> Iterator[DayLine]:
    """The lines; the second of two with the same days is kept out."""
    seen: dict[tuple[object, ...], int] = {}
    for line in lines:
        if line.days is not None:
            days = line.days
            reason = "" if days.kind == CLOSED else days.reason.casefold()
            before = seen.setdefault((days.from_date, days.to_date, days.kind, days.grades, reason), line.number)
            if before != line.number:
                yield replace(line, days=None, problems=(Refused(N_("The same days stand on line %(line)s."), line=before),))
                continue
        yield line


# --- Taking in ----------------------------------------------------------------------------------------------------------------------


def take_days(
    db: Session,
    district: District,
    school: School | None,
    found: DayList,
    *,
    year: int,
    today: date,
    save: bool,
    is_whole: bool = False,
) -> TakenDays:
    """Take the days of a list into the calendar of a school or of all; looking takes everything back again.

    What cannot be is kept out with its reason (days over held lessons), the rest is taken. `is_whole`: the list is the district's whole
    school year, so that the days that were guessed are not kept.
    """
    with db.begin_nested() as whole:
        if is_whole and school is None:
            _begin_without_guess(db, district, year)
        known = planning.school_years(db, district.id, school.id if school else None, [year])[0]
        calendar = planning.calendar_of_year(db, district, school, year)
        rows, days = [], []
        for line in found.lines:
            row = _take(db, calendar, district, school, line, known, today)
            rows.append(row)
            if row.state == NEW and line.days:
                days.append(line.days)
        taken = TakenDays(tuple(rows), found.problems, save, days=tuple(days))
        if not (save and taken.can_be_saved):
            whole.rollback()
    return taken if taken.can_be_saved else replace(taken, is_saved=False)


def _begin_without_guess(db: Session, district: District, year: int) -> None:
    [known] = planning.school_years(db, district.id, None, [year])
    if known.is_by_rule:
        planning.load_calendar(db, district, planning.made_by_rule(year) | {"closed": []})


def _take(
    db: Session,
    calendar: SchoolCalendar,
    district: District,
    school: School | None,
    line: DayLine,
    known: planning.SchoolYear,
    today: date,
) -> Row:
    days = line.days
    if days is None:
        return Row(line.number, line.cells, ERROR, line.problems)
    if _is_by_law(days):
        return Row(line.number, line.cells, SAME, (Refused(N_("A public holiday: it counts by itself.")),))
    if planning.stands_in(calendar, days):
        return Row(line.number, line.cells, SAME)
    try:
        with db.begin_nested():
            planning.add_closed_days(
                db, district, school, days.from_date, days.to_date, days.reason, today=today, kind=days.kind, grades=days.grades
            )
    except Refused as refusal:  # without what it was raised in: that holds rows which are taken back
        return Row(line.number, line.cells, ERROR, (refusal.with_traceback(None),))
    return Row(line.number, line.cells, NEW, tuple(_notes(db, district, school, days, known)))


def _is_by_law(days: Days) -> bool:
    """Whether it is one public holiday, which counts in any case."""
    is_plain = days.kind == CLOSED and not days.grades and days.from_date == days.to_date
    return is_plain and days.from_date in planning.public_holidays(days.from_date.year)


def _notes(db: Session, district: District, school: School | None, days: Days, known: planning.SchoolYear) -> Iterator[Refused]:
    """What is worth knowing of days that are taken in."""
    if days.kind != CLOSED:
        return
    met = [span for span in known.closed if span.from_date <= days.to_date and span.to_date >= days.from_date]
    holidays = set(planning.public_holidays(known.year)) | set(planning.public_holidays(known.year + 1))
    for span in met:
        if span.from_date != span.to_date or span.from_date not in holidays:
            words = N_("Overlaps with %(reason)s, %(first)s – %(last)s, which stands there already.")
            yield Refused(words, reason=span.reason, first=span.from_date, last=span.to_date)
    lessons = planning.lessons_between(db, district, school, days.from_date, days.to_date, grades=days.grades)
    if lessons:
        yield Refused(N_("Lessons stand here and are not moved: %(lessons)s."), lessons=planning.named_lessons(lessons))
