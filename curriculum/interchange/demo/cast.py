"""The demo's schools, classes and people: who they are, and what they are assigned to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum import people, planning
from curriculum.people import CLASS, HALF, SMALL, District, Link, Person, School, SchoolClass

GRANLIA, ELVESVINGEN = "Granlia skole (oppdiktet)", "Elvesvingen skole (oppdiktet)"
AGENT, AGENT_2, AGENT_3 = "agent@demo.example", "agent2@demo.example", "agent3@demo.example"
COORDINATOR, COORDINATOR_2, TRANSLATOR = "coordinator@demo.example", "coordinator2@demo.example", "translator@demo.example"
TEACHER, HEAD, LEADER, ADMINISTRATOR = "teacher@demo.example", "rektor@demo.example", "leader@demo.example", "admin@demo.example"

DEMO_CAST = (
    ("Sosialagent (Granlia)", AGENT),
    ("Sosialagent (Elvesvingen)", AGENT_2),
    ("Sosialagent (begge skoler)", AGENT_3),
    ("Kontaktlærer (5A på Granlia)", TEACHER),
    ("Fagansvarlig", COORDINATOR),
    ("Fagansvarlig", COORDINATOR_2),
    ("Oversetter (somali)", TRANSLATOR),
    ("Rektor (Granlia)", HEAD),
    ("Avdelingsleder (begge skoler)", LEADER),
    ("Administrator", ADMINISTRATOR),
)
NAMES = {
    AGENT: "Ingrid Solfeng",
    AGENT_2: "Amir Lyngdal",
    AGENT_3: "Tuva Steinvik",
    TEACHER: "Jonas Brekkmo",
    COORDINATOR: "Marit Ekelund",
    COORDINATOR_2: "Samira Fossnes",
    TRANSLATOR: "Hodan Bjerkeli",
    HEAD: "Kari Vollstad",
    LEADER: "Leif Myrvang",
    ADMINISTRATOR: "Pål Granmo",
}
PARENTS_CODE, TEACHER_CODE = "parent5a7k", "teacher5a7k000000000000000"
DEMO_LINKS = (
    ("Parents of 5A", f"/f/{PARENTS_CODE}"),
    ("In Somali", f"/f/{PARENTS_CODE}/so"),
    ("Teacher's link, 5A", f"/l/{TEACHER_CODE}"),
)


class Group(NamedTuple):
    """A class as it is set up: its school, its years, its agent, its head count, and the classes it is taken from."""

    school: str
    name: str
    grades: tuple[int, ...]
    agent: str
    heads: int
    kind: str = CLASS
    taken_from: tuple[str, ...] = ()


GROUPS = (
    Group(GRANLIA, "5A", (5,), AGENT, 24),
    Group(GRANLIA, "5B", (5,), AGENT, 22),
    Group(GRANLIA, "5C", (5,), AGENT, 25),
    Group(GRANLIA, "6A", (6,), AGENT, 26),
    Group(GRANLIA, "6B", (6,), AGENT_3, 23),
    Group(GRANLIA, "6C", (6,), AGENT_3, 21),
    Group(ELVESVINGEN, "5A", (5,), AGENT_2, 20),
    Group(ELVESVINGEN, "5B", (5,), AGENT_2, 24),
    Group(ELVESVINGEN, "6A", (6,), AGENT_2, 22),
    Group(ELVESVINGEN, "6B", (6,), AGENT_2, 19),
    Group(ELVESVINGEN, "6C", (6,), AGENT_3, 25),
    Group(ELVESVINGEN, "5/6", (5, 6), AGENT_3, 18),
    Group(GRANLIA, "5C1", (5,), AGENT, 13, HALF, ("5C",)),
    Group(GRANLIA, "5C2", (5,), AGENT, 12, HALF, ("5C",)),
    Group(GRANLIA, "Bjørka", (5,), AGENT_3, 8, SMALL, ("5A", "5B")),
)
"""Twelve classes, of which one holds two years and one is taught in halves, and a small group."""

LAST_YEAR = Group(GRANLIA, "5A", (5,), AGENT, 25)
"""What this year's 6A was."""

ELSEWHERE = {AGENT: 0, AGENT_2: 4, AGENT_3: 2}
"""The weekday (0 = Monday) on which each agent works in the child welfare service."""


@dataclass(frozen=True)
class Cast:
    """The district with its people (by e-mail) and its classes (by school and name), on a day of their school year."""

    district: District
    today: date
    year: int
    this_week: planning.Week
    people: Mapping[str, Person]
    classes: Mapping[tuple[str, str], SchoolClass]
    last_year: SchoolClass

    @property
    def yesterday(self) -> date:
        """The last day of which every moment has passed, whatever time it is today."""
        return self.today - timedelta(1)


def noon(day: date) -> datetime:
    """A moment of a day at which lessons of it have begun, and those of other days have not."""
    return datetime.combine(day, time(15), UTC)


def make_cast(db: Session, district: District, password_hash: str, today: date) -> Cast:
    """Schools, classes and people of the school year that `today` belongs to, and one class of the year before."""
    year = planning.school_year(today)
    schools = {
        name: people.add_school(db, district, name, phone=phone) for name, phone in ((GRANLIA, "22 00 00 00"), (ELVESVINGEN, "22 00 00 01"))
    }
    _close_own_days(db, district, schools[ELVESVINGEN], year)
    classes: dict[tuple[str, str], SchoolClass] = {}
    for group in GROUPS:
        whole = [classes[group.school, name] for name in group.taken_from]
        classes[group.school, group.name] = _add_class(db, schools[group.school], group, year, whole)
    last_year = _add_class(db, schools[LAST_YEAR.school], LAST_YEAR, year - 1, [])
    cast = {email: people.add_person(db, district, email, name, password_hash=password_hash) for email, name in NAMES.items()}
    _assign_agents(db, cast, classes, last_year, date(year, 8, 1))
    _assign_others(db, cast, classes, schools, date(year, 8, 1))
    _add_links(db, classes[GRANLIA, "5A"])
    return Cast(district, today, year, planning.teaching_week_nearest(db, district, today), cast, classes, last_year)


def set_demo_passwords(db: Session, password_hash: str) -> None:
    """Give the invented people a new password; nobody else's is touched."""
    demo = select(District.id).where(District.is_demo)
    for person in db.scalars(select(Person).where(Person.district_id.in_(demo), Person.email.in_(NAMES))):
        person.password_hash = password_hash
    db.flush()


def _close_own_days(db: Session, district: District, school: School, year: int) -> None:
    """Two days that this school alone is closed, and some that it would rather keep free or have borne in mind.

    Where the year has no calendar of the district, the days made by rule are with them.
    """
    [there] = planning.school_years(db, district.id, None, [year])
    rule = planning.made_by_rule(year)
    days = ((year, 46, 2, "Planleggingsdag"), (year + 1, 11, 4, "Aktivitetsdag"))
    own = [{"from": day, "to": day, "reason": why} for *week, why in days for day in [date.fromisocalendar(*week)]]
    talks, photos = date.fromisocalendar(year + 1, 5, 1), date.fromisocalendar(year, 45, 3)
    own.append({"from": talks, "to": talks + timedelta(2), "reason": "Utviklingssamtaler", "kind": planning.AVOIDED})
    own.append({"from": photos, "to": photos, "reason": "Skolefoto", "kind": planning.HEEDED})
    name = f"{school.name.split()[0]} {rule['name']}"
    planning.load_calendar(db, district, {**rule, "name": name, "closed": [*(rule["closed"] if there.is_by_rule else ()), *own]}, school)


def _add_class(db: Session, school: School, group: Group, year: int, taken_from: list[SchoolClass]) -> SchoolClass:
    return people.add_class(
        db, school, group.name, grades=group.grades, year=year, kind=group.kind, head_count=group.heads, taken_from=taken_from
    )


def _assign_agents(
    db: Session, cast: Mapping[str, Person], classes: Mapping[tuple[str, str], SchoolClass], last_year: SchoolClass, since: date
) -> None:
    before = since.replace(year=since.year - 1)
    people.assign(db, cast[AGENT], people.AGENT, school_class=last_year, today=before, until=since.replace(month=7, day=31))
    for group in (one for one in GROUPS if one.kind != HALF):  # who has the whole class, has its halves
        people.assign(db, cast[group.agent], people.AGENT, school_class=classes[group.school, group.name], today=since)
    for email, weekday in ELSEWHERE.items():
        cast[email].shows_first_name = True
        db.add(planning.Elsewhere(district_id=cast[email].district_id, person_id=cast[email].id, weekday=weekday, from_date=since))


def _assign_others(
    db: Session, cast: Mapping[str, Person], classes: Mapping[tuple[str, str], SchoolClass], schools: Mapping[str, School], since: date
) -> None:
    people.assign(db, cast[TEACHER], people.TEACHER, school_class=classes[GRANLIA, "5A"], today=since)
    people.assign(db, cast[COORDINATOR], people.COORDINATOR, today=since)
    people.assign(db, cast[COORDINATOR_2], people.COORDINATOR, today=since)
    people.assign(db, cast[TRANSLATOR], people.TRANSLATOR, language="so", today=since)
    people.assign(db, cast[HEAD], people.HEAD, school=schools[GRANLIA], today=since)
    for school in schools.values():
        people.assign(db, cast[LEADER], people.MANAGER, school=school, today=since)
    people.assign(db, cast[ADMINISTRATOR], people.ADMINISTRATOR, today=since)


def _add_links(db: Session, school_class: SchoolClass) -> None:
    last = date(school_class.school_year + 1, 7, 31)
    for kind, code in (("parents", PARENTS_CODE), ("teacher", TEACHER_CODE)):
        db.add(Link(district_id=school_class.district_id, class_id=school_class.id, kind=kind, code=code, expires=last))
    db.flush()
