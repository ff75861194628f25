"""Lists of classes and of people taken in, all or nothing. Looking and saving are one function: looking takes everything back again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from curriculum import people, planning
from curriculum.base import N_, Refused
from curriculum.interchange.sheets import Columns, Line, Sheet
from curriculum.people import (
    ADMINISTRATOR,
    AGENT,
    CLASS,
    COORDINATOR,
    HALF,
    HEAD,
    MANAGER,
    SMALL,
    TEACHER,
    TRANSLATOR,
    Assignment,
    District,
    Person,
    School,
    SchoolClass,
)
from curriculum.text import LANGUAGES

NEW, CHANGED, SAME, ERROR = "new", "changed", "same", "error"
NOTHING = "–"
"""An empty cell, as the preview says what stood there."""

CLASS_COLUMNS = Columns(
    ("skole", "klasse", "trinn"),
    ("slag", "antall", "av"),
    {"skolenavn": "skole", "navn": "klasse", "klassenavn": "klasse", "årstrinn": "trinn", "type": "slag", "elevtall": "antall"},
    ("antall",),
)
STAFF_COLUMNS = Columns(
    ("navn", "e-post", "rolle"),
    ("skole", "klasse", "språk", "fra", "til"),
    {"epost": "e-post", "e-postadresse": "e-post", "email": "e-post", "e-mail": "e-post", "mail": "e-post", "sprak": "språk"},
)
KINDS = {
    "klasse": CLASS,
    "hel klasse": CLASS,
    "delt klasse": HALF,
    "delt": HALF,
    "halv klasse": HALF,
    "halv": HALF,
    "gruppe": SMALL,
    "smågruppe": SMALL,
    "liten gruppe": SMALL,
}
STAFF_ROLES = {
    "sosialagent": AGENT,
    "agent": AGENT,
    "kontaktlærer": TEACHER,
    "lærer": TEACHER,
    "fagansvarlig": COORDINATOR,
    "oversetter": TRANSLATOR,
    "tospråklig lærer": TRANSLATOR,
    "rektor": HEAD,
    "avdelingsleder": MANAGER,
    "administrator": ADMINISTRATOR,
}
"""What the cells of a Norwegian list may say."""


@dataclass(frozen=True)
class Row:
    """What a row of the list does: NEW, CHANGED, SAME or ERROR with what is wrong."""

    line: int
    cells: Mapping[str, str]
    state: str
    problems: tuple[Refused, ...] = ()
    before: Mapping[str, str] = field(default_factory=dict)
    """What stands there now, by column, where the row changes it."""

    @property
    def is_confidential(self) -> bool:
        """Whether it is of a small group, which only its own staff and the leaders know of."""
        return _plain_kind(self.cells.get("slag", "")) == SMALL


@dataclass(frozen=True)
class Taken:
    """What became of a list, or would. `people` are those who are new, by public id, when it was saved."""

    rows: tuple[Row, ...]
    problems: tuple[Refused, ...]
    is_saved: bool
    people: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong, so that it can be saved."""
        return not self.problems and all(row.state != ERROR for row in self.rows)

    def count(self, state: str) -> int:
        """How many rows are in a state."""
        return sum(row.state == state for row in self.rows)

    @property
    def digest(self) -> str:
        """The same for the same outcome: what was looked at is what is saved."""
        said = "|".join(f"{row.line} {row.state} {sorted(row.cells.items())} {sorted(row.before.items())}" for row in self.rows)
        return hashlib.sha256(said.encode()).hexdigest()[:16]


Did: TypeAlias = tuple[str, Mapping[str, str]]
"""A row's state, and what it changes, by column."""

Act: TypeAlias = Callable[[Line], Did]
"""Does what a row says. Raises Refused."""

EXAMPLE_SCHOOL = "Eksempel skole"
CLASS_EXAMPLE = {"skole": EXAMPLE_SCHOOL, "klasse": "5A", "trinn": "5", "slag": "klasse", "antall": "24"}
STAFF_EXAMPLE = {"navn": "Kari Eksempel", "e-post": "kari@skole.example", "rolle": "rektor", "skole": EXAMPLE_SCHOOL}
"""The rows of the files to fill in: of a school that there is not."""


def take_classes(db: Session, district: District, sheet: Sheet, *, year: int, save: bool) -> Taken:
    """Take in a list of the classes of a school year. Whole classes come first, so that a half may stand above its class."""
    known = _Known(db, district, year)
    ordered = sorted(sheet.lines, key=lambda line: KINDS.get(line.cells["slag"].casefold(), CLASS) != CLASS)
    return _take(db, sheet, ordered, lambda line: _take_class(known, line), save)


def take_staff(db: Session, district: District, sheet: Sheet, *, year: int, today: date, save: bool) -> Taken:
    """Take in a list of people with a role on each row. Whoever is not on it stays as she is."""
    known = _Known(db, district, year)
    names: dict[str, tuple[int, str]] = {}

    def act(line: Line) -> Did:
        _refuse_two_names(names, line)
        return _take_assignment(known, line, today)

    return _take(db, sheet, sheet.lines, act, save, known)


def _take(db: Session, sheet: Sheet, lines: Iterable[Line], act: Act, save: bool, known: _Known | None = None) -> Taken:
    seen: dict[tuple[str, ...], int] = {}
    with db.begin_nested() as whole:
        rows = tuple(sorted((_row(db, line, act, seen) for line in lines), key=lambda row: row.line))
        taken = Taken(rows, sheet.problems, save, tuple(person.public_id for person in known.made) if known else ())
        if save and taken.is_whole:
            return taken
        whole.rollback()
    return Taken(rows, sheet.problems, False)


def _row(db: Session, line: Line, act: Act, seen: dict[tuple[str, ...], int]) -> Row:
    """Do what one row says; what is refused leaves nothing behind."""
    if line.problems:
        return Row(line.number, line.cells, ERROR, line.problems)
    key = tuple(cell.casefold() for cell in line.cells.values())
    if key in seen:
        return Row(line.number, line.cells, ERROR, (Refused(N_("The same stands on line %(line)s."), line=seen[key]),))
    seen[key] = line.number
    try:
        _refuse_example(line)
        with db.begin_nested():
            state, before = act(line)
            return Row(line.number, line.cells, state, before=before)
    except _Wrong as wrong:
        return Row(line.number, line.cells, ERROR, wrong.problems)
    except Refused as refusal:
        return Row(line.number, line.cells, ERROR, (refusal,))


class _Wrong(Exception):
    """Several things are wrong with one row."""

    def __init__(self, problems: tuple[Refused, ...]) -> None:
        self.problems = problems


def _all_of(*reads: Callable[[], object]) -> None:
    """Read each cell of a row. Raises _Wrong with everything that is refused, so that all of it is put right at once."""
    problems = []
    for read in reads:
        try:
            read()
        except Refused as refusal:
            problems.append(refusal)
    if problems:
        raise _Wrong(tuple(problems))


def _refuse_example(line: Line) -> None:
    if line.cells["skole"].casefold() == EXAMPLE_SCHOOL.casefold():
        raise Refused(N_("This is the example row of the file to fill in. Delete it."))


# --- What is there already ------------------------------------------------------------------------------------------------------------


class _Known:
    """The district's schools, the classes of the year, and its people, each read once."""

    def __init__(self, db: Session, district: District, year: int) -> None:
        self.db, self.district, self.year = db, district, year
        self.schools = {school.name.casefold(): school for school in people.find_schools(db, district)}
        query = select(SchoolClass).where(SchoolClass.district_id == district.id, SchoolClass.school_year == year)
        load = (selectinload(SchoolClass.grades), selectinload(SchoolClass.taken_from), joinedload(SchoolClass.school))
        self.classes: dict[str, list[SchoolClass]] = {}
        for one in db.scalars(query.options(*load)):
            self.add(one)
        everyone = select(Person).where(Person.district_id == district.id).options(selectinload(Person.assignments))
        self.people = {person.email: person for person in db.scalars(everyone)}
        self.seen: dict[int, int] = {}
        self.made: list[Person] = []

    def add(self, school_class: SchoolClass) -> None:
        """Know a class by its name from now on."""
        self.classes.setdefault(school_class.name.casefold(), []).append(school_class)

    def remember(self, person: Person, *, is_new: bool) -> None:
        """Know a person by her address from now on."""
        self.people[person.email] = person
        if is_new and person not in self.made:
            self.made.append(person)

    def school(self, name: str) -> School:
        """The school of this name in any case. Raises Refused, with the name that was meant."""
        found = self.schools.get(" ".join(name.split()).casefold())
        if found is not None:
            return found
        near = get_close_matches(name.casefold(), self.schools, n=1)
        if near:
            raise Refused(N_("There is no school “%(name)s”. Is it “%(meant)s”?"), name=name, meant=self.schools[near[0]].name)
        raise Refused(N_("There is no school “%(name)s”. Add it first."), name=name)

    def class_at(self, school: School, name: str) -> SchoolClass | None:
        """The class of this name at a school, in any case."""
        plain = " ".join(name.split()).casefold()
        return next((one for one in self.classes.get(plain, []) if one.school_id == school.id), None)

    def one_class(self, name: str, school_name: str) -> SchoolClass:
        """The class of this name, at a school when it is named. Raises Refused when there is none, or there are several."""
        plain = " ".join(name.split()).casefold()
        school = self.school(school_name) if school_name else None
        found = [one for one in self.classes.get(plain, []) if school in (None, one.school)]
        if len(found) > 1:
            schools = ", ".join(sorted(one.school.name for one in found))
            raise Refused(N_("Several schools have a class “%(name)s”: %(schools)s. Name the school."), name=name, schools=schools)
        if not found:
            raise Refused(N_("There is no class “%(name)s” in the school year %(year)s."), name=name, year=f"{self.year}–{self.year + 1}")
        return found[0]


# --- Classes --------------------------------------------------------------------------------------------------------------------------


def _take_class(known: _Known, line: Line) -> Did:
    cells = line.cells
    _all_of(
        lambda: known.school(cells["skole"]),
        lambda: read_grades(cells["trinn"]),
        lambda: _kind(cells["slag"]),
        lambda: _count(cells["antall"]),
    )
    school = known.school(cells["skole"])
    there = known.class_at(school, cells["klasse"])
    if there is not None and there.id in known.seen:
        raise Refused(N_("The same class stands on line %(line)s."), line=known.seen[there.id])
    grades = read_grades(cells["trinn"])
    kind = _kind(cells["slag"]) if cells["slag"] or there is None else there.kind
    count = _count(cells["antall"]) if cells["antall"] or there is None else there.head_count
    sources = _sources(known, school, cells["av"]) if cells["av"] or there is None else list(there.taken_from)
    if kind == HALF and not sources:
        raise Refused(N_("Write in the column “av” which class this is a half of."))
    if there is None:
        made = planning.add_class(
            known.db, school, cells["klasse"], grades=grades, year=known.year, kind=kind, head_count=count, taken_from=sources
        )
        known.add(made)
        known.seen[made.id] = line.number
        return NEW, {}
    known.seen[there.id] = line.number
    before = dict(_class_before(there, grades, kind, count, sources))
    if not before:
        return SAME, before
    planning.change_class(known.db, there, school=school, name=there.name, grades=grades, kind=kind, head_count=count, taken_from=sources)
    return CHANGED, before


def _class_before(
    there: SchoolClass, grades: list[int], kind: str, count: int | None, sources: list[SchoolClass]
) -> Iterator[tuple[str, str]]:
    """What a row changes of a class, by column, as the column would say it; a dash for nothing."""
    had = [one.grade for one in there.grades]
    if grades != had:
        yield "trinn", ", ".join(str(grade) for grade in had)
    if kind != there.kind:
        yield "slag", next(word for word, named in KINDS.items() if named == there.kind)
    if count != there.head_count:
        yield "antall", NOTHING if there.head_count is None else str(there.head_count)
    if set(sources) != set(there.taken_from):
        yield "av", ", ".join(sorted(one.name for one in there.taken_from)) or NOTHING


def read_grades(written: str) -> list[int]:
    """The years of a class: "5", "5 og 6", "5,6", "5/6", "5-7", "5. trinn"."""
    plain = written.casefold().replace("trinn", " ").replace("og", " ")
    span = re.fullmatch(r"\s*(\d{1,2})\.?\s*[-–]\s*(\d{1,2})\.?\s*", plain, re.ASCII)
    if span:
        found = list(range(int(span[1]), int(span[2]) + 1))
    else:
        parts = re.split(r"[\s,/+]+", plain.strip())
        found = sorted({int(part.rstrip(".")) for part in parts if re.fullmatch(r"\d{1,2}\.?", part, re.ASCII)})
        if not all(re.fullmatch(r"\d{1,2}\.?", part, re.ASCII) for part in parts):
            found = []
    if not found or not set(found) <= set(people.GRADES):
        raise Refused(N_("“%(written)s” are not years of a school. Write 5, or 5 og 6 for a mixed class."), written=written)
    return found


def _kind(written: str) -> str:
    found = _plain_kind(written) if written else CLASS
    if found is None:
        raise Refused(N_("“%(written)s” is no kind of class. Write klasse, delt klasse or gruppe."), written=written)
    return found


def _plain_kind(written: str) -> str | None:
    return KINDS.get(" ".join(written.split()).casefold())


def _count(written: str) -> int | None:
    if not written:
        return None
    if not re.fullmatch(r"\d{1,3}", written, re.ASCII) or int(written) not in people.HEADS:
        raise Refused(N_("“%(written)s” is not how many are in a class. Write a number from 1 to 60."), written=written)
    return int(written)


def _sources(known: _Known, school: School, written: str) -> list[SchoolClass]:
    names = [name.strip() for name in re.split(r"[,+/]|\bog\b", written) if name.strip()]
    return [known.one_class(name, school.name) for name in names]


# --- People ---------------------------------------------------------------------------------------------------------------------------


def _refuse_two_names(names: dict[str, tuple[int, str]], line: Line) -> None:
    email, name = people.tidy_email(line.cells["e-post"]), " ".join(line.cells["navn"].split())
    number, before = names.setdefault(email, (line.number, name))
    if before != name:
        raise Refused(N_("On line %(line)s the same e-mail belongs to %(name)s."), line=number, name=before)


def _take_assignment(known: _Known, line: Line, today: date) -> Did:
    cells = line.cells
    _all_of(
        lambda: _role_and_place(known, cells),
        lambda: people.checked_email(cells["e-post"]),
        lambda: people.checked_name(cells["navn"], 120),
        lambda: read_date(cells["fra"], "fra"),
        lambda: read_date(cells["til"], "til"),
    )
    role, place = _role_and_place(known, cells)
    first, last = read_date(cells["fra"], "fra"), read_date(cells["til"], "til")
    before: dict[str, str] = {}
    person, state = _person(known, cells, before)
    wanted = Assignment(role=role, **{name: getattr(thing, "id", thing) for name, thing in place.items()})
    one = _assignment(person.assignments, wanted, (first, last), today)
    if one is None:
        things: dict[str, Any] = {_ARGUMENTS[name]: thing for name, thing in place.items()}
        one = people.assign(known.db, person, role, today=today, first=first, until=last, **things)
        state = state if state == NEW else CHANGED
    elif one.id in known.seen:
        raise Refused(N_("The same role of the same person stands on line %(line)s."), line=known.seen[one.id])
    elif (first or one.from_date, last or one.to_date) != (one.from_date, one.to_date):
        before |= _dates_before(one, first, last)
        people.change_dates(known.db, one, first or one.from_date, last or one.to_date, today=today)
        state = CHANGED
    known.seen[one.id] = line.number
    known.remember(person, is_new=state == NEW)
    return state, before


def _dates_before(one: Assignment, first: date | None, last: date | None) -> dict[str, str]:
    had = {"fra": (first, one.from_date), "til": (last, one.to_date)}
    return {name: f"{old:%d.%m.%Y}" if old else NOTHING for name, (new, old) in had.items() if new and new != old}


_ARGUMENTS = {"class_id": "school_class", "school_id": "school", "language": "language"}


def _person(known: _Known, cells: Mapping[str, str], before: dict[str, str]) -> tuple[Person, str]:
    """The person of a row, made when she is new; and whether she is new, changed or the same. Notes another name in `before`."""
    email = people.checked_email(cells["e-post"])
    person = known.people.get(email)
    if person is None:
        return people.add_person(known.db, known.district, email, cells["navn"], password_hash=None), NEW
    if not person.is_active:
        raise Refused(N_("The account of %(name)s is ended. Open it again first."), name=person.name)
    name = people.checked_name(cells["navn"], 120)
    if name == person.name:
        return person, NEW if person in known.made else SAME
    before["navn"] = person.name
    person.name = name
    known.db.flush()
    return person, CHANGED


def _assignment(there: Sequence[Assignment], wanted: Assignment, dates: tuple[date | None, date | None], today: date) -> Assignment | None:
    """The assignment of the same role and place that is in effect or to come, or had just these dates."""
    same = [one for one in there if people.same_place(one, wanted)]
    alive = (one for one in same if one.to_date is None or one.to_date >= today or dates == (one.from_date, one.to_date))
    return next(alive, None)


def _role_and_place(known: _Known, cells: Mapping[str, str]) -> tuple[str, dict[str, object]]:
    written = " ".join(cells["rolle"].split()).casefold()
    role = STAFF_ROLES.get(written)
    if role is None:
        near = get_close_matches(written, STAFF_ROLES, n=1)
        if near:
            raise Refused(N_("There is no role “%(name)s”. Is it “%(meant)s”?"), name=cells["rolle"], meant=near[0])
        raise Refused(N_("There is no role “%(name)s”. The roles are: %(roles)s."), name=cells["rolle"], roles=", ".join(STAFF_ROLES))
    return role, dict(_place(known, role, written, cells))


def _place(known: _Known, role: str, written: str, cells: Mapping[str, str]) -> Iterator[tuple[str, object]]:
    needed = "klasse" if role in (AGENT, TEACHER) else "skole" if role in (HEAD, MANAGER) else "språk" if role == TRANSLATOR else ""
    if needed and not cells[needed]:
        raise Refused(N_("For “%(role)s” the column “%(name)s” must be filled in."), role=written, name=needed)
    for name in ("klasse", "skole", "språk"):
        if cells[name] and name != needed and not (name == "skole" and needed == "klasse"):
            raise Refused(N_("For “%(role)s” the column “%(name)s” must be empty."), role=written, name=name)
    if needed == "klasse":
        yield "class_id", known.one_class(cells["klasse"], cells["skole"])
    elif needed == "skole":
        yield "school_id", known.school(cells["skole"])
    elif needed == "språk":
        yield "language", _language(cells["språk"])


def _language(written: str) -> str:
    """The tag of a language by its tag, its Norwegian name or its own."""
    plain = written.casefold()
    for tag, language in LANGUAGES.items():
        if plain in (tag.casefold(), language.norwegian_name.casefold(), language.endonym.casefold()):
            return tag
    raise Refused(N_("There is no language “%(tag)s”."), tag=written)


def read_date(written: str, column: str) -> date | None:
    """A date as people in Norway and spreadsheets write it: 17.08.2026, 17.8.26 or 2026-08-17."""
    if not written:
        return None
    local = re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./](\d{4}|\d\d)", written, re.ASCII)
    iso = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", written, re.ASCII)
    try:
        if local:
            year = int(local[3])
            return date(year + 2000 if year < 100 else year, int(local[2]), int(local[1]))
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
    except ValueError:
        pass
    raise Refused(N_("“%(written)s” in the column “%(name)s” is not a date. Write it as 17.08.2026."), written=written, name=column)
