"""Putting districts, schools, classes and people in place: what is typed is checked here, whoever asks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum import text
from curriculum.base import N_, Refused, fold_code
from curriculum.people.links import close_link
from curriculum.people.models import (
    ADMINISTRATOR,
    AGENT,
    CLASS,
    COORDINATOR,
    HEAD,
    MANAGER,
    TEACHER,
    TRANSLATOR,
    Assignment,
    ClassGrade,
    District,
    DistrictLanguage,
    Link,
    Person,
    School,
    SchoolClass,
)
from curriculum.people.signing_in import find_person, tidy_email

GRADES = range(1, 11)
"""The years of the Norwegian grunnskole."""

SCHOOL_YEARS = range(2000, 2100)

_KEY = re.compile(r"[a-z0-9-]{1,40}")
_EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]+\.[^@\s.,;<>\"]{2,}")
_OF_CLASS, _OF_SCHOOL, _OF_DISTRICT = (AGENT, TEACHER), (HEAD, MANAGER), (COORDINATOR, ADMINISTRATOR)


def add_district(db: Session, key: str, name: str, *, source_language: str, is_open: Collection[str]) -> District:
    """A district with every language we know; `is_open` and its own are open. Raises Refused for a key or a name that will not do."""
    if not _KEY.fullmatch(key):
        raise Refused(N_("The key “%(key)s” may hold small letters a–z, digits and hyphens only, at most 40."), at="key", key=key)
    if db.scalars(select(District).where(District.key == key)).first():
        raise Refused(N_("There is a district “%(key)s” already."), at="key", key=key)
    if not text.is_language(source_language):
        raise Refused(N_("There is no language “%(tag)s”."), at="source_language", tag=source_language)
    languages = [
        DistrictLanguage(tag=tag, position=number, is_open=tag in is_open or tag == source_language)
        for number, tag in enumerate(text.LANGUAGES, start=1)
    ]
    district = District(key=key, name=checked_name(name, 120), source_language=source_language, languages=languages)
    db.add(district)
    db.flush()
    return district


def add_school(db: Session, district: District, name: str, *, phone: str = "") -> School:
    """A school of a district. Raises Refused for a name that will not do or is taken, and for a telephone number that is none."""
    name, phone = checked_name(name, 120), phone.strip()
    if find_schools(db, district, name):
        raise Refused(N_("There is a school “%(name)s” already."), at="name", name=name)
    if phone:
        text.phone(phone)
    school = School(district_id=district.id, name=name, phone=phone)
    db.add(school)
    db.flush()
    return school


def add_class(db: Session, school: School, name: str, *, grades: Iterable[int], year: int, kind: str = CLASS) -> SchoolClass:
    """A class of one school year (the year it begins). Raises Refused for a name that will not do or is taken, and for wrong grades."""
    name, grades = checked_name(name, 40), sorted(set(grades))
    if not grades or not set(grades) <= set(GRADES):
        raise Refused(N_("A class has one year or more, from 1 to 10."), at="grades")
    if year not in SCHOOL_YEARS:
        raise Refused(N_("“%(year)s” is not the year a school year begins."), at="year", year=year)
    query = select(SchoolClass).where(SchoolClass.school_id == school.id, SchoolClass.school_year == year, SchoolClass.name == name)
    if db.scalars(query).first():
        raise Refused(N_("There is a class “%(name)s” at %(school)s already."), at="name", name=name, school=school.name)
    made = SchoolClass(
        district_id=school.district_id,
        school_id=school.id,
        school_year=year,
        name=name,
        kind=kind,
        grades=[ClassGrade(grade=grade, cohort=year - grade + 1) for grade in grades],
    )
    db.add(made)
    db.flush()
    return made


def add_person(db: Session, district: District, email: str, name: str, *, password_hash: str | None) -> Person:
    """A member of staff, without a role yet. Raises Refused for an address or a name that will not do, or an address that is taken."""
    tidied = tidy_email(email)
    if len(tidied) > 254 or not _EMAIL.fullmatch(tidied):
        raise Refused(N_("“%(email)s” is not an e-mail address."), at="email", email=email)
    name = checked_name(name, 120)
    if find_person(db, tidied):
        raise Refused(N_("%(email)s has an account already."), at="email", email=tidied)
    person = Person(district_id=district.id, name=name, email=tidied, password_hash=password_hash)
    db.add(person)
    db.flush()
    return person


def assign(
    db: Session,
    person: Person,
    role: str,
    *,
    today: date,
    school_class: SchoolClass | None = None,
    school: School | None = None,
    language: str | None = None,
    until: date | None = None,
) -> Assignment:
    """Give a person a role from today, `until` a last day. Raises Refused unless it is given exactly the place that such a role has."""
    _refuse_wrong_place(role, school_class, school, language)
    if language is not None and not text.is_language(language):
        raise Refused(N_("There is no language “%(tag)s”."), at="language", tag=language)
    if until is not None and until < today:
        raise Refused(N_("The last day is over already."), at="until")
    assignment = Assignment(
        district_id=person.district_id,
        role=role,
        class_id=school_class.id if school_class else None,
        school_id=school.id if school else None,
        language=language,
        from_date=today,
        to_date=until,
    )
    person.assignments.append(assignment)
    db.flush()
    return assignment


def _refuse_wrong_place(role: str, school_class: SchoolClass | None, school: School | None, language: str | None) -> None:
    given = {name for name, there in (("class", school_class), ("school", school), ("language", language)) if there}
    if role in _OF_CLASS and given != {"class"}:
        raise Refused(N_("An agent and a teacher are assigned to a class, and to nothing else."), at="school_class")
    if role in _OF_SCHOOL and given != {"school"}:
        raise Refused(N_("A head and a manager are assigned to a school, and to nothing else."), at="school")
    if role == TRANSLATOR and given != {"language"}:
        raise Refused(N_("A translator is assigned to a language, and to nothing else."), at="language")
    if role in _OF_DISTRICT and given:
        raise Refused(N_("A coordinator and an administrator are assigned to the whole district."), at="role")


def revoke_link(db: Session, code: str, now: datetime) -> Link:
    """Close the link with this code, as it was typed, at once. Raises Refused when there is none, or it is closed."""
    link = db.scalars(select(Link).where(Link.code == fold_code(code.rstrip("/").rpartition("/")[2]))).first()
    if link is None:
        raise Refused(N_("There is no link with the code “%(code)s”."), code=code)
    if link.revoked_at is not None:
        raise Refused(N_("That link is closed already."))
    return close_link(db, link, by=None, now=now)


def find_schools(db: Session, district: District, name: str | None = None) -> list[School]:
    """The district's schools, or those of this name in any case."""
    query = select(School).where(School.district_id == district.id).order_by(School.name)
    return [one for one in db.scalars(query) if name is None or one.name.casefold() == name.strip().casefold()]


def find_classes(db: Session, district: District, name: str, *, year: int, school: School | None = None) -> list[SchoolClass]:
    """The classes of this name, in any case, in a school year; of one school or of all."""
    query = select(SchoolClass).where(SchoolClass.district_id == district.id, SchoolClass.school_year == year)
    found = db.scalars(query.where(SchoolClass.school_id == school.id) if school else query.order_by(SchoolClass.id))
    return [one for one in found if one.name.casefold() == name.strip().casefold()]


def checked_name(name: str, most: int) -> str:
    """A name on one line as we keep it. Raises Refused when it is empty, too long, or holds a national identity number."""
    name = " ".join(text.tidy(name).split())
    if not any(sign.isalnum() for sign in name):
        raise Refused(N_("A name is missing."), at="name")
    if len(name) > most:
        raise Refused(N_("A name has at most %(most)s characters."), at="name", most=most)
    text.refuse_personal(name)
    return name
