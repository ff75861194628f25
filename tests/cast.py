"""The cast: invented people, schools and classes of an invented district, and what makes them a theme, a series and a sign-in."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from curriculum import goals, ideabank, planning
from curriculum.base import reading_only
from curriculum.ideabank import Document, DocumentVersion
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
    ClassGrade,
    District,
    DistrictLanguage,
    HelpLine,
    Link,
    Person,
    School,
    SchoolClass,
    new_link,
)
from curriculum.planning import Series

if TYPE_CHECKING:
    from flask.testing import FlaskClient

TODAY = date(2026, 10, 14)
"""A Wednesday in week 42 of 2026, in the middle of a school year."""

NOW = datetime(2026, 10, 14, 8, 0, tzinfo=UTC)
"""Ten in the morning of TODAY in Oslo."""

EARLY = datetime(2026, 10, 14, 4, 0, tzinfo=UTC)
"""Before school on TODAY: when the cast's series are planned."""

PASSWORD = "correct horse"
CONTENT = Path(__file__).resolve().parent.parent / "content"


@dataclass(frozen=True)
class Cast:
    """Everyone and everything there is. A class's name says the rest: `half` is taken from 5B, `small` (confidential) from 5A."""

    today: date
    district: District
    other_district: District
    school: School
    other_school: School
    a5: SchoolClass
    b5: SchoolClass
    a6: SchoolClass
    mixed56: SchoolClass
    half: SchoolClass
    small: SchoolClass
    agent: Person
    """Of 5A and 5B."""
    small_agent: Person
    """Of the small group only."""
    other_agent: Person
    """Of 6A at the other school."""
    teacher: Person
    """Of 5A."""
    coordinator: Person
    coordinator2: Person
    translator: Person
    """Into Somali."""
    head: Person
    manager: Person
    """Of the school, not the other one."""
    administrator: Person
    former: Person
    """Was an agent of 5A until yesterday."""
    outsider: Person
    """Coordinator of the other district."""
    parents_link: Link
    teacher_link: Link

    @property
    def persons(self) -> dict[str, Person]:
        """Everyone who can sign in, by name in the cast."""
        return {name: value for name, value in vars(self).items() if isinstance(value, Person)}

    @property
    def classes(self) -> dict[str, SchoolClass]:
        """Every class, by name in the cast."""
        return {name: value for name, value in vars(self).items() if isinstance(value, SchoolClass)}


def make_cast(db: Session, today: date = TODAY) -> Cast:
    """The whole cast, flushed and not committed. Afterwards what was loaded stays readable without a transaction."""
    db.expire_on_commit = False
    district, other_district = _districts(db)
    school = School(district=district, district_id=district.id, name="Granlia skole", phone="22 00 00 00")
    other_school = School(district=district, district_id=district.id, name="Elvesvingen skole", phone="22 00 00 01")
    db.add_all([school, other_school])
    db.flush()
    classes: dict[str, Any] = _classes(db, school, other_school, planning.school_year(today))
    persons: dict[str, Any] = _persons(db, district, school, classes, today)
    outsider = _person(other_district, "outsider", Assignment(role=COORDINATOR), today)
    db.add(outsider)
    db.flush()
    last = date(planning.school_year(today) + 1, 7, 31)
    return Cast(
        today,
        district,
        other_district,
        school,
        other_school,
        **classes,
        **persons,
        outsider=outsider,
        parents_link=new_link(db, classes["a5"], "parents", expires=last),
        teacher_link=new_link(db, classes["a5"], "teacher", expires=last),
    )


def _districts(db: Session) -> tuple[District, District]:
    languages = [
        DistrictLanguage(tag=tag, position=place, is_open=tag != "ar") for place, tag in enumerate(("nb", "en", "ur", "so", "ar"), start=1)
    ]
    lines = [HelpLine(position=1, name="Alarmtelefonen for barn og unge", phone="116 111")]
    district = District(key="solbakken", name="Bydel Solbakken", parents_read="translated", languages=languages, help_lines=lines)
    other = District(key="myrvang", name="Bydel Myrvang", languages=[DistrictLanguage(tag="nb", position=1, is_open=True)])
    db.add_all([district, other])
    db.flush()
    return district, other


def _classes(db: Session, school: School, other_school: School, year: int) -> dict[str, SchoolClass]:
    made = {
        key: SchoolClass(
            district_id=place.district_id,
            school=place,
            school_id=place.id,
            school_year=year,
            name=name,
            kind=kind,
            head_count=count,
            grades=[ClassGrade(grade=grade, cohort=year - grade + 1) for grade in grades],
        )
        for key, place, name, kind, count, grades in (
            ("a5", school, "5A", CLASS, 24, (5,)),
            ("b5", school, "5B", CLASS, 22, (5,)),
            ("a6", other_school, "6A", CLASS, 26, (6,)),
            ("mixed56", other_school, "5–6", CLASS, 18, (5, 6)),
            ("half", school, "5B gruppe 1", HALF, 11, (5,)),
            ("small", school, "Bjørka", SMALL, 6, (5,)),
        )
    }
    made["half"].taken_from, made["small"].taken_from = [made["b5"]], [made["a5"]]
    db.add_all(made.values())
    db.flush()
    return made


def _persons(db: Session, district: District, school: School, classes: dict[str, SchoolClass], today: date) -> dict[str, Person]:
    def of(role: str, *names: str) -> list[Assignment]:
        return [Assignment(role=role, school_class=classes[name], class_id=classes[name].id) for name in names]

    ended = Assignment(role=AGENT, school_class=classes["a5"], class_id=classes["a5"].id, to_date=today - timedelta(days=1))
    assigned: dict[str, list[Assignment]] = {
        "agent": of(AGENT, "a5", "b5"),
        "small_agent": of(AGENT, "small"),
        "other_agent": of(AGENT, "a6"),
        "teacher": of(TEACHER, "a5"),
        "coordinator": [Assignment(role=COORDINATOR)],
        "coordinator2": [Assignment(role=COORDINATOR)],
        "translator": [Assignment(role=TRANSLATOR, language="so")],
        "head": [Assignment(role=HEAD, school_id=school.id)],
        "manager": [Assignment(role=MANAGER, school_id=school.id)],
        "administrator": [Assignment(role=ADMINISTRATOR)],
        "former": [ended],
    }
    persons = {name: _person(district, name, *assignments, today=today) for name, assignments in assigned.items()}
    db.add_all(persons.values())
    db.flush()
    return persons


NAMES = {
    "agent": "Ingrid Solfeng",
    "small_agent": "Tuva Steinvik",
    "other_agent": "Amir Lyngdal",
    "teacher": "Jonas Brekkmo",
    "coordinator": "Marit Ekelund",
    "coordinator2": "Samira Fossnes",
    "translator": "Hodan Bjerkeli",
    "head": "Kari Vollstad",
    "manager": "Odd Tangvald",
    "administrator": "Pål Granmo",
    "former": "Siv Nordli",
    "outsider": "Gro Myrvold",
}


def _person(district: District, name: str, *assignments: Assignment | date, today: date | None = None) -> Person:
    given = [one for one in assignments if isinstance(one, Assignment)]
    for assignment in given:
        assignment.district_id, assignment.from_date = district.id, date(planning.school_year(today or TODAY), 8, 1)
    return Person(
        district=district,
        district_id=district.id,
        name=NAMES[name],
        email=f"{name}@example.com",
        password_hash=password_hash(),
        assignments=given,
    )


@lru_cache
def password_hash() -> str:
    """The hash of PASSWORD, made cheap: what costs is named in the hash, so that checking it is quick too."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


# --- The bank and a series ---------------------------------------------------------------------------------------------------------


@lru_cache
def _shipped() -> dict[str, tuple[str, str]]:
    """The shipped documents by key: path and text."""
    paths = [path for path in CONTENT.rglob("*") if path.suffix == ".md" and path.name != "README.md"]
    paths += [CONTENT / "vocabulary.toml", CONTENT / "district-texts.toml", *(CONTENT / "outlines").glob("*.toml")]
    found = {}
    for path in paths:
        text = path.read_text("utf-8")
        found[ideabank.parse(text, path=path.name).key] = str(path.relative_to(CONTENT)), text
    return found


@lru_cache
def _lk20() -> dict[str, Any]:
    return tomllib.loads((CONTENT / "goals.toml").read_text("utf-8"))


def publish(db: Session, cast: Cast, *keys: str) -> list[DocumentVersion]:
    """Load shipped documents of `content/` into the bank, the vocabulary and LK20 first; in effect since the school year began."""
    first = date(planning.school_year(cast.today), 8, 1)
    if ideabank.find_document(db, cast.district.id, "vocabulary") is None:
        goals.load_goals(db, _lk20())
        keys = ("vocabulary", *(key for key in keys if key != "vocabulary"))
    for key in keys:
        path, text = _shipped()[key]
        ideabank.load_document(db, cast.district, text, path, now=NOW, today=first)
    return [version_of(db, cast, key) for key in keys]


def version_of(db: Session, cast: Cast, key: str) -> DocumentVersion:
    """A document's version of today."""
    version = ideabank.current(document(db, cast, key), cast.today)
    assert version is not None
    return version


def document(db: Session, cast: Cast, key: str) -> Document:
    """A document of the cast's bank."""
    found = ideabank.find_document(db, cast.district.id, key)
    assert found is not None
    return found


def make_series(
    db: Session,
    cast: Cast,
    school_class: SchoolClass | None = None,
    start: date | None = None,
    *,
    themes: Collection[str] = ("vennskap",),
    agents: Collection[Person] = (),
    weekday: int = 2,
    in_use: bool = True,
) -> Series:
    """A series of published themes (published here if they are not), on Wednesdays at 08:30 from the week of `start`, else this week."""
    for key in themes:
        if ideabank.find_document(db, cast.district.id, key) is None:
            publish(db, cast, key)
    outline = _outline(db, cast, tuple(themes))
    school_class = school_class or cast.a5
    staff = (
        list(agents)
        or [
            person
            for person in cast.persons.values()
            if any(one.role == AGENT and one.class_id == school_class.id for one in person.assignments)
        ][:1]
    )
    series = planning.make_series(
        db,
        school_class=school_class,
        outline=outline,
        start=start or cast.today,
        weekday=weekday,
        start_time=time(8, 30),
        minutes=60,
        agents=staff,
        by=staff[0],
        today=min(start or cast.today, cast.today),
        now=EARLY,
    )
    return planning.put_in_use(db, series, by=staff[0], today=cast.today, now=NOW) if in_use else series


def _outline(db: Session, cast: Cast, themes: tuple[str, ...]) -> DocumentVersion:
    key = "-".join(("rekke", *themes))
    places = "".join(f'\n[[places]]\ntheme = "{theme}"\nfixed = false\n' for theme in themes)
    text = f'format = 1\nkind = "outline"\nid = "{key}"\ntitle = "Prøverekka"\ndescription = "Til prøver."\norigin = "human"\n{places}'
    first = date(planning.school_year(cast.today), 8, 1)
    ideabank.load_document(db, cast.district, text, f"outlines/{key}.toml", now=NOW, today=first)
    return version_of(db, cast, key)


@contextmanager
def looking(db: Session) -> Iterator[Session]:
    """What stands in the database now, read beside everything that `db` holds."""
    with reading_only(), Session(db.get_bind()) as fresh:
        yield fresh


# --- The web -----------------------------------------------------------------------------------------------------------------------


def sign_in(client: FlaskClient, person: Person) -> FlaskClient:
    """Sign a person of the cast in, through the form like anyone."""
    response = client.post("/logg-inn", data={"email": person.email, "password": PASSWORD})
    assert response.status_code == 303, response.text
    return client
