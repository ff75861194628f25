"""Putting districts, schools, classes and people in place: what is typed is checked here, whoever asks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from curriculum import text
from curriculum.base import N_, Refused, fold_code
from curriculum.people.links import close_link
from curriculum.people.models import (
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
    Link,
    Person,
    School,
    SchoolClass,
)
from curriculum.people.signing_in import find_person, tidy_email

GRADES = range(1, 11)
"""The years of the Norwegian grunnskole."""

SCHOOL_YEARS = range(2000, 2100)

HEADS = range(1, 61)
"""How many may be in a class."""

MOST_YEARS, HALVES = 3, 2
"""How many neighbouring years a mixed class holds at the most, and how many halves a class is split into."""

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
    school = School(district_id=district.id, name=_free_school_name(db, district.id, name), phone=checked_phone(phone))
    db.add(school)
    db.flush()
    return school


def change_school(db: Session, school: School, *, name: str, phone: str) -> None:
    """Another name or telephone number. Raises Refused as when it was added."""
    school.name, school.phone = _free_school_name(db, school.district_id, name, school), checked_phone(phone)
    db.flush()


def _free_school_name(db: Session, district_id: int, name: str, own: School | None = None) -> str:
    name = checked_name(name, 120)
    query = select(School).where(School.district_id == district_id)
    if any(one is not own and one.name.casefold() == name.casefold() for one in db.scalars(query)):
        raise Refused(N_("There is a school “%(name)s” already."), at="name", name=name)
    return name


def add_class(
    db: Session,
    school: School,
    name: str,
    *,
    grades: Iterable[int],
    year: int,
    kind: str = CLASS,
    head_count: int | None = None,
    taken_from: Collection[SchoolClass] = (),
) -> SchoolClass:
    """A class of one school year (the year it begins). Raises Refused for a name that will not do or is taken, and for wrong grades.

    A half (delt klasse) is taken from one whole class, and of its years; a small group from one or several.
    """
    if year not in SCHOOL_YEARS:
        raise Refused(N_("“%(year)s” is not the year a school year begins."), at="year", year=year)
    chosen = _grades(grades, year)
    made = SchoolClass(
        district_id=school.district_id,
        school_id=school.id,
        school_year=year,
        name=_free_class_name(db, school, year, name),
        kind=kind,
        head_count=checked_count(head_count),
        grades=chosen,
        taken_from=_sources(db, taken_from, kind, school, year, chosen),
    )
    db.add(made)
    db.flush()
    return made


def change_class(
    db: Session,
    school_class: SchoolClass,
    *,
    school: School,
    name: str,
    grades: Iterable[int],
    kind: str,
    head_count: int | None,
    taken_from: Collection[SchoolClass],
) -> None:
    """Say a class anew; halves follow it to other years. Raises Refused as when it was added.

    `planning.change_class` also looks at what is planned for it.
    """
    year = school_class.school_year
    chosen = _grades(grades, year)
    sources = _sources(db, taken_from, kind, school, year, chosen, school_class)
    _regrade(db, school_class, chosen)
    school_class.taken_from[:] = sources
    school_class.name = _free_class_name(db, school, year, name, school_class)
    school_class.school, school_class.school_id = school, school.id
    school_class.kind, school_class.head_count = kind, checked_count(head_count)
    for half in halves_of(db, school_class):
        if not {one.grade for one in half.grades} <= {one.grade for one in chosen}:
            _regrade(db, half, _grades([one.grade for one in chosen], year))
    db.flush()


def _regrade(db: Session, school_class: SchoolClass, wanted: list[ClassGrade]) -> None:
    grades = {one.grade for one in wanted}
    for one in [one for one in school_class.grades if one.grade not in grades]:
        school_class.grades.remove(one)
        db.delete(one)
    there = {one.grade for one in school_class.grades}
    school_class.grades.extend(one for one in wanted if one.grade not in there)


def split_class(db: Session, school_class: SchoolClass, names: Collection[str]) -> list[SchoolClass]:
    """Make the halves of a whole class, each with its share of the heads. Raises Refused for a class that is none, or is split already."""
    if school_class.kind != CLASS:
        raise Refused(N_("Only a whole class can be split."))
    if halves_of(db, school_class):
        raise Refused(N_("%(name)s is split already."), name=school_class.name)
    if len({" ".join(name.split()).casefold() for name in names}) < len(names):
        raise Refused(N_("The halves must have different names."), at="second")
    for field, name in zip(("first", "second"), names, strict=True):
        with at_field(field):
            _free_class_name(db, school_class.school, school_class.school_year, name)
    heads, grades = school_class.head_count, [one.grade for one in school_class.grades]
    shares = [None if heads is None else (heads + place) // len(names) for place in reversed(range(len(names)))]
    return [
        add_class(
            db,
            school_class.school,
            name,
            grades=grades,
            year=school_class.school_year,
            kind=HALF,
            head_count=share,
            taken_from=[school_class],
        )
        for name, share in zip(names, shares, strict=True)
    ]


@contextmanager
def at_field(field: str) -> Iterator[None]:
    """What is refused within stands beside this field of the form."""
    try:
        yield
    except Refused as refusal:
        raise Refused(refusal.msgid, at=field, **refusal.values) from refusal


def halves_of(db: Session, school_class: SchoolClass) -> list[SchoolClass]:
    """The halves that a class is split into, by name."""
    query = select(SchoolClass).where(SchoolClass.taken_from.any(SchoolClass.id == school_class.id)).order_by(SchoolClass.name)
    return list(db.scalars(query.where(SchoolClass.kind == HALF)))


def _free_class_name(db: Session, school: School, year: int, name: str, own: SchoolClass | None = None) -> str:
    name = checked_name(name, 40)
    query = select(SchoolClass.name).where(SchoolClass.school_id == school.id, SchoolClass.school_year == year)
    if own is not None:
        query = query.where(SchoolClass.id != own.id)
    if any(taken.casefold() == name.casefold() for taken in db.scalars(query)):
        raise Refused(N_("There is a class “%(name)s” at %(school)s already."), at="name", name=name, school=school.name)
    return name


def _grades(grades: Iterable[int], year: int) -> list[ClassGrade]:
    chosen = sorted(set(grades))
    if not chosen or not set(chosen) <= set(GRADES):
        raise Refused(N_("A class has one year or more, from 1 to 10."), at="grades")
    if len(chosen) > MOST_YEARS or chosen[-1] - chosen[0] >= len(chosen):
        raise Refused(N_("A mixed class has two or three years that follow each other, as 5 and 6."), at="grades")
    return [ClassGrade(grade=grade, cohort=year - grade + 1) for grade in chosen]


def _sources(
    db: Session,
    taken_from: Collection[SchoolClass],
    kind: str,
    school: School,
    year: int,
    grades: Collection[ClassGrade],
    own: SchoolClass | None = None,
) -> list[SchoolClass]:
    if kind not in (CLASS, HALF, SMALL):
        raise Refused(N_("A class is a whole class, a half of one, or a small group."), at="kind")
    if kind == CLASS and taken_from:
        raise Refused(N_("A whole class is not taken from others. Choose half or small group, or no class."), at="taken_from")
    if kind == HALF and len(taken_from) != 1:
        raise Refused(N_("Choose the one whole class that this is a half of."), at="taken_from")
    if kind == SMALL and not taken_from:
        raise Refused(N_("Choose the class or classes that the pupils of the group come from."), at="taken_from")
    if any(one is own or one.kind != CLASS or (one.school_id, one.school_year) != (school.id, year) for one in taken_from):
        raise Refused(N_("It can be taken from whole classes of the same school and school year only."), at="taken_from")
    if kind == HALF:
        _refuse_odd_half(db, next(iter(taken_from)), grades, own)
    return list(taken_from)


def _refuse_odd_half(db: Session, whole: SchoolClass, grades: Collection[ClassGrade], own: SchoolClass | None) -> None:
    if not {one.grade for one in grades} <= {one.grade for one in whole.grades}:
        raise Refused(N_("A half is of the same years as its class: %(name)s."), at="grades", name=whole.name)
    if len([one for one in halves_of(db, whole) if one is not own]) >= HALVES:
        raise Refused(N_("%(name)s is split in two already."), at="taken_from", name=whole.name)


def checked_count(count: int | None) -> int | None:
    """How many are in a class, when it is known. Raises Refused for what cannot be."""
    if count is not None and count not in HEADS:
        raise Refused(N_("A class has from 1 to 60 pupils. Leave it empty when you do not know."), at="head_count")
    return count


def checked_phone(phone: str) -> str:
    """A telephone number as it is kept, or none. Raises Refused when it is not a telephone number."""
    phone = phone.strip()
    if phone:
        try:
            text.phone(phone)
        except Refused as refusal:
            raise Refused(refusal.msgid, at="phone", **refusal.values) from refusal
        if len(phone) > 20:
            raise Refused(N_("A telephone number has at most 20 signs."), at="phone")
    return phone


def add_person(db: Session, district: District, email: str, name: str, *, password_hash: str | None) -> Person:
    """A member of staff, without a role yet. Raises Refused for an address or a name that will not do, or an address that is taken."""
    tidied, name = checked_email(email), checked_name(name, 120)
    if find_person(db, tidied):
        raise Refused(N_("%(email)s has an account already."), at="email", email=tidied)
    person = Person(district_id=district.id, name=name, email=tidied, password_hash=password_hash)
    db.add(person)
    db.flush()
    return person


def change_person(db: Session, person: Person, *, name: str, email: str, language: str, shows_first_name: bool) -> None:
    """Another name, address or language for a person. Raises Refused as when she was added."""
    tidied = checked_email(email)
    if find_person(db, tidied) not in (None, person):
        raise Refused(N_("%(email)s has an account already."), at="email", email=tidied)
    person.name, person.email = checked_name(name, 120), tidied
    person.language, person.shows_first_name = language, shows_first_name
    db.flush()


def checked_email(email: str) -> str:
    """An e-mail address as it is kept. Raises Refused when it is none."""
    tidied = tidy_email(email)
    if len(tidied) > 254 or not _EMAIL.fullmatch(tidied):
        raise Refused(N_("“%(email)s” is not an e-mail address."), at="email", email=email)
    return tidied


def assign(
    db: Session,
    person: Person,
    role: str,
    *,
    today: date,
    school_class: SchoolClass | None = None,
    school: School | None = None,
    language: str | None = None,
    first: date | None = None,
    until: date | None = None,
) -> Assignment:
    """Give a person a role from today or from `first`, `until` a last day.

    Raises Refused unless it is given exactly the place that such a role has, and when she has it already for some of those days.
    """
    _refuse_wrong_place(role, school_class, school, language)
    if language is not None and not text.is_language(language):
        raise Refused(N_("There is no language “%(tag)s”."), at="language", tag=language)
    if language is not None and language == person.district.source_language:
        raise Refused(N_("The texts are written in this language: there is nothing to translate into it."), at="language")
    first = first or today
    refuse_odd_day(first, today)
    if until is not None and until < max(first, today):
        words = N_("The last day is over already.") if until < today else N_("The last day is before the first.")
        raise Refused(words, at="until")
    assignment = Assignment(
        district_id=person.district_id,
        role=role,
        class_id=school_class.id if school_class else None,
        school_id=school.id if school else None,
        language=language,
        from_date=first,
        to_date=until,
    )
    refuse_overlap(person.assignments, assignment, first, until)
    person.assignments.append(assignment)
    db.flush()
    return assignment


def refuse_odd_day(first: date, today: date) -> None:
    """Raise Refused for a first day that must be a slip of the pen: before 2000, or more than two years ahead."""
    if first.year < SCHOOL_YEARS[0] or first > today + timedelta(days=2 * 366):
        words = N_("The first day is in the year %(year)s. A role begins in 2000 or later, and at most two years from now.")
        raise Refused(words, at="first", year=str(first.year))


def refuse_overlap(others: Iterable[Assignment], assignment: Assignment, first: date, last: date | None) -> None:
    """Raise Refused when a person would have the same role at the same place twice on some day."""
    for one in others:
        if one is not assignment and same_place(one, assignment) and _meet(one, first, last):
            raise Refused(N_("She has this role there already, from %(date)s."), at="role", date=one.from_date)


def same_place(one: Assignment, other: Assignment) -> bool:
    """Whether two assignments are the same role at the same place."""
    return (one.role, one.class_id, one.school_id, one.language) == (other.role, other.class_id, other.school_id, other.language)


def _meet(one: Assignment, first: date, last: date | None) -> bool:
    return one.from_date <= (last or date.max) and first <= (one.to_date or date.max)


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
    every = db.scalars(_schools(), {"district": district.id})
    return [one for one in every if name is None or one.name.casefold() == name.strip().casefold()]


@cache
def _schools() -> Select[School]:
    return select(School).where(School.district_id == bindparam("district")).order_by(School.name)


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
