"""The same pages in a district with ten and a hundred times the data: they should not notice."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from benchmarks.house import TEACHER, House, opened
from benchmarks.staff import seconds
from benchmarks.table import Table
from curriculum import ideabank
from curriculum.base import new_code
from curriculum.people import District, Link, School, SchoolClass
from curriculum.planning import Lesson, Series, lesson_classes

FLAT = 1.5
READ = (
    ("", None, "a parents' page, made by Flask"),
    ("teacher", "/uke", "a teacher's week"),
    ("", TEACHER, "a teacher's link"),
    ("coordinator", "/idebank?sok=venn", "searching the bank"),
    ("agent", "/uka-mi", "an agent's week"),
)


def measure(house: House, table: Table, times: Sequence[int]) -> None:
    """Each page before and after the district has grown; the parents' pages of the other schools are there to be read too."""
    table.head("Growth: processor time of a page, times what it was with the demo's data")
    small = _middles(house)
    for factor in times:
        with opened(house) as db:
            grow(db, factor)
        for words, taken in _middles(house).items():
            table.hold(f"{words}, {factor} × data ({taken * 1000:.1f} ms)", taken / small[words], FLAT, "×")


def _middles(house: House) -> dict[str, float]:
    found = {}
    for who, path, words in READ:
        client = house.client(who)
        address = path or house.parents_page()
        if path is None:
            client.application = house.app
            doorstep = house.app.extensions["doorstep"]
            taken = [_without_keeping(client, doorstep, address) for _ in range(31)]
        else:
            taken = seconds(client, address)
        found[words] = statistics.median(taken)
    return found


def _without_keeping(client: Any, doorstep: Any, path: str) -> float:
    doorstep.kept.clear()
    return seconds(client, path, 1)[0]


def grow(db: Session, factor: int) -> None:
    """Copies of the demo's schools, classes, series, lessons and themes, until there are `factor` times as many."""
    district = db.scalars(select(District).where(District.key == "demo")).one()
    schools = db.scalars(select(School).where(School.district_id == district.id).order_by(School.id).limit(2)).all()
    there = len(db.scalars(select(School.id).where(School.district_id == district.id)).all()) // 2
    for number in range(there, factor):
        for school in schools:
            _copy_school(db, school, number)
    _copy_themes(db, district, factor)
    db.flush()


def _copy_school(db: Session, school: School, number: int) -> None:
    copy = School(district_id=school.district_id, name=f"{school.name} {number}", phone=school.phone)
    db.add(copy)
    db.flush()
    for group in db.scalars(select(SchoolClass).where(SchoolClass.school_id == school.id, SchoolClass.kind == "class")).unique():
        made = SchoolClass(
            district_id=group.district_id, school_id=copy.id, school_year=group.school_year, name=group.name, kind=group.kind
        )
        db.add(made)
        db.flush()
        db.add(Link(district_id=group.district_id, class_id=made.id, kind="parents", code=new_code(10), expires=date(2099, 7, 31)))
        for series in db.scalars(select(Series).where(Series.class_id == group.id)).unique():
            _copy_series(db, series, made)


def _copy_series(db: Session, series: Series, group: SchoolClass) -> None:
    made = Series(
        district_id=series.district_id, class_id=group.id, outline_version_id=series.outline_version_id, title=series.title,
        from_date=series.from_date, to_date=series.to_date, in_use=series.in_use,
    )  # fmt: skip
    db.add(made)
    db.flush()
    for lesson in series.lessons:
        columns = {name: getattr(lesson, name) for name in _COPIED}
        id = db.execute(
            insert(Lesson).values(series_id=made.id, public_id=new_code(10), version=1, **columns).returning(Lesson.id)
        ).scalar_one()
        db.execute(insert(lesson_classes).values(lesson_id=id, class_id=group.id))


_COPIED = (
    "district_id", "theme_id", "position", "pinned_version_id", "date", "start", "end", "minutes", "room_need", "room", "presenter",
    "date_locked", "state", "held_record", "local_steps",
)  # fmt: skip


def _copy_themes(db: Session, district: District, factor: int) -> None:
    """Each theme under so many other keys."""
    today = date.today()
    for version in ideabank.themes(db, district.id, today):
        key = version.document.key
        if "-copy-" in key:
            continue
        text = version.text
        for number in range(1, factor):
            if ideabank.find_document(db, district.id, f"{key}-copy-{number}") is None:
                copied = text.replace(f'id = "{key}"', f'id = "{key}-copy-{number}"')
                ideabank.load_document(db, district, copied, f"copies/{key}-{number}.md", now=datetime.now(UTC), today=today)
