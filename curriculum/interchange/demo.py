"""The demo district: invented places and people around the shipped content, in a school year under way. The same for the same date."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum import delivery, ideabank, planning
from curriculum.base import Refused
from curriculum.interchange.folders import load_folder
from curriculum.interchange.po import import_po
from curriculum.people import (
    ADMINISTRATOR,
    AGENT,
    COORDINATOR,
    HEAD,
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
)
from curriculum.text import LANGUAGES

DEMO_CAST = (
    ("Sosialagent (5A, 5B)", "agent@demo.example"),
    ("Sosialagent (6A)", "agent2@demo.example"),
    ("Sosialagent (gruppe)", "agent3@demo.example"),
    ("Kontaktlærer (5A)", "teacher@demo.example"),
    ("Fagansvarlig", "coordinator@demo.example"),
    ("Fagansvarlig", "coordinator2@demo.example"),
    ("Oversetter (somali)", "translator@demo.example"),
    ("Rektor", "rektor@demo.example"),
    ("Administrator", "admin@demo.example"),
)
NAMES = (
    "Ingrid Solfeng",
    "Amir Lyngdal",
    "Tuva Steinvik",
    "Jonas Brekkmo",
    "Marit Ekelund",
    "Samira Fossnes",
    "Hodan Bjerkeli",
    "Kari Vollstad",
    "Pål Granmo",
)
PARENTS_CODE, TEACHER_CODE = "parent5a7k", "teacher5a7k000000000000000"
DEMO_LINKS = (
    ("Parents of 5A", f"/f/{PARENTS_CODE}"),
    ("In Somali", f"/f/{PARENTS_CODE}/so"),
    ("Teacher's link, 5A", f"/l/{TEACHER_CODE}"),
)
OPEN = ("nb", "en", "ur", "so", "ar", "ta", "pl")
SHOWN = "vennskap"
"""The theme of this week: translated into every open language."""


def make_demo(db: Session, content: Path, translations: Path, *, password_hash: str, today: date, now: datetime) -> District:
    """Fill an empty database: a district, its content and translations, and a series whose lesson this week is `SHOWN`.

    Raises Refused when the content has a fault.
    """
    district = _district(db)
    year = planning.school_year(today)
    load_folder(db, district, content, now=now, today=date(year, 8, 1))
    _import_translations(db, district, translations, now)
    classes = _schools(db, district, year)
    people = _people(db, district, classes, password_hash, date(year, 8, 1))
    _links(db, district, classes["5A"], year)
    _series(db, district, classes["5A"], people["agent@demo.example"], today, now)
    return district


def set_demo_passwords(db: Session, password_hash: str) -> None:
    """Give the invented people a new password; nobody else's is touched."""
    demo = select(District.id).where(District.is_demo)
    for person in db.scalars(select(Person).where(Person.district_id.in_(demo), Person.email.in_([email for _, email in DEMO_CAST]))):
        person.password_hash = password_hash
    db.flush()


def _district(db: Session) -> District:
    district = District(
        key="demo",
        name="Bydel Solbakken (oppdiktet)",
        parents_read="draft",
        is_demo=True,
        languages=[DistrictLanguage(tag=tag, position=number, is_open=tag in OPEN) for number, tag in enumerate(LANGUAGES, start=1)],
        help_lines=[HelpLine(position=1, name="Alarmtelefonen for barn og unge", phone="116 111")],
    )
    db.add(district)
    db.flush()
    return district


def _import_translations(db: Session, district: District, folder: Path, now: datetime) -> None:
    for tag in OPEN:
        if tag != district.source_language:
            import_po(db, district, tag, folder / tag, now=now)


def _schools(db: Session, district: District, year: int) -> dict[str, SchoolClass]:
    granlia = School(district_id=district.id, name="Granlia skole (oppdiktet)", phone="22 00 00 00")
    elvesvingen = School(district_id=district.id, name="Elvesvingen skole (oppdiktet)", phone="22 00 00 01")
    db.add_all([granlia, elvesvingen])
    db.flush()
    classes = {
        name: SchoolClass(
            district_id=district.id,
            school_id=school.id,
            school_year=year,
            name=name,
            kind=kind,
            head_count=count,
            grades=[ClassGrade(grade=grade, cohort=year - grade + 1)],
        )
        for name, school, grade, kind, count in (
            ("5A", granlia, 5, "class", 24),
            ("5B", granlia, 5, "class", 22),
            ("6A", elvesvingen, 6, "class", 26),
            ("Bjørka", granlia, 5, SMALL, 8),
        )
    }
    classes["Bjørka"].taken_from = [classes["5A"], classes["5B"]]
    db.add_all(classes.values())
    db.flush()
    return classes


def _people(db: Session, district: District, classes: dict[str, SchoolClass], password_hash: str, since: date) -> dict[str, Person]:
    roles: dict[str, list[Assignment]] = {
        "agent@demo.example": [Assignment(role=AGENT, class_id=classes[name].id) for name in ("5A", "5B")],
        "agent2@demo.example": [Assignment(role=AGENT, class_id=classes["6A"].id)],
        "agent3@demo.example": [Assignment(role=AGENT, class_id=classes["Bjørka"].id)],
        "teacher@demo.example": [Assignment(role=TEACHER, class_id=classes["5A"].id)],
        "coordinator@demo.example": [Assignment(role=COORDINATOR)],
        "coordinator2@demo.example": [Assignment(role=COORDINATOR)],
        "translator@demo.example": [Assignment(role=TRANSLATOR, language="so")],
        "rektor@demo.example": [Assignment(role=HEAD, school_id=classes["5A"].school_id)],
        "admin@demo.example": [Assignment(role=ADMINISTRATOR)],
    }
    people = {}
    for name, (email, assignments) in zip(NAMES, roles.items(), strict=True):
        for assignment in assignments:
            assignment.district_id, assignment.from_date = district.id, since
        people[email] = Person(
            district_id=district.id,
            name=name,
            email=email,
            password_hash=password_hash,
            shows_first_name=email.startswith("agent"),
            assignments=assignments,
        )
    db.add_all(people.values())
    db.flush()
    db.add(planning.Elsewhere(district_id=district.id, person_id=people["agent@demo.example"].id, weekday=0, from_date=since))
    db.flush()
    return people


def _links(db: Session, district: District, school_class: SchoolClass, year: int) -> None:
    last = date(year + 1, 7, 31)
    for kind, code in (("parents", PARENTS_CODE), ("teacher", TEACHER_CODE)):
        db.add(Link(district_id=district.id, class_id=school_class.id, kind=kind, code=code, expires=last))
    db.flush()


def _series(db: Session, district: District, school_class: SchoolClass, agent: Person, today: date, now: datetime) -> None:
    """Kursrekke 1 for the class, begun so many weeks ago that this week's lesson is the one to show; earlier ones are held."""
    outline = ideabank.find_document(db, district.id, "kursrekke-1")
    assert outline is not None
    version = ideabank.current(outline, today)
    assert version is not None
    wish: dict[str, Any] = {
        "school_class": school_class,
        "outline": version,
        "weekday": 2,
        "start_time": time(8, 30),
        "minutes": 60,
        "agents": [agent],
        "today": today,
    }
    this_week = planning.teaching_week_nearest(db, district, today)
    start = _start(db, wish, this_week)
    series = planning.make_series(db, **wish, start=start, by=agent, now=now)
    for lesson in series.lessons:
        lesson.room = "Musikkrommet" if lesson.position % 2 else ""
    planning.put_in_use(db, series, by=agent, today=today, now=now)
    for lesson in series.lessons:
        if lesson.date < this_week.monday:
            delivery.hold(db, lesson, by=agent, now=now)


def _start(db: Session, wish: dict[str, Any], this_week: planning.Week) -> date:
    """The Monday to begin on for the shown theme to fall in this week; the nearest one where no week does so exactly."""
    best: tuple[int, date] | None = None
    for weeks in range(12, -2, -1):
        monday = this_week.monday - timedelta(weeks=weeks)
        try:
            layout = planning.preview_series(db, **wish, start=monday)
        except Refused:
            continue
        if isinstance(layout.answer, planning.Infeasible):
            continue
        place = next((number for number, theme in enumerate(layout.themes, start=1) if theme.document.key == SHOWN), 1)
        shown = next(session.date for session in layout.answer.sessions if session.session == str(place))
        distance = abs((shown - this_week.monday).days)
        if best is None or distance < best[0]:
            best = distance, monday
    assert best is not None
    return best[1]
