"""What is kept in memory holds until something changes, for readers only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, event, func, select, update
from sqlalchemy.orm import Session

from app.database import make_engine
from curriculum.base import moment_read, reading_only, reads_at, start_counter
from curriculum.keeping import Kept, KeptLonger
from curriculum.people import AuditEvent, District, HelpLine, School

NOW = datetime(2026, 10, 14, 8, tzinfo=UTC)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


def _names(db: Session, start: str) -> list[str]:
    return list(db.scalars(select(School.name).where(School.name.startswith(start)).order_by(School.name)))


@pytest.fixture
def school(db: Session) -> School:
    district = District(key="havna", name="Havna")
    db.add(district)
    db.flush()
    school = School(district_id=district.id, name="Lia")
    db.add(school)
    db.commit()
    return school


def test_readers_share_what_was_read_until_something_public_changes(db: Session, engine: Engine, school: School) -> None:
    names = Kept(_names)

    def read() -> list[str]:
        with reading_only(), Session(engine) as reader:
            return names.get(reader, "L")

    first = read()
    assert (first, read() is first) == (["Lia"], True)
    db.add(AuditEvent(at=NOW, kind="sign-in"))
    db.commit()
    assert read() is first
    school.name = "Li"
    db.commit()
    assert (read(), first) == (["Li"], ["Lia"])


def test_who_writes_neither_takes_nor_leaves_what_is_kept(db: Session, engine: Engine, school: School) -> None:
    names = Kept(_names)
    with reading_only(), Session(engine) as reader:
        names.get(reader, "L")
    school.name = "Lund"
    assert names.get(db, "L") == ["Lund"]
    db.rollback()
    with reading_only(), Session(engine) as reader:
        assert names.get(reader, "L") == ["Lia"]


def test_a_reader_who_was_told_the_moment_does_not_ask_for_it(engine: Engine, school: School) -> None:
    names = Kept(_names)
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _connection, _cursor, statement, *_rest: asked.append(statement))
    with reading_only(), Session(engine) as reader:
        at = moment_read(reader)
        assert names.get(reader, "L") == ["Lia"]
    assert sum("change_counter" in statement for statement in asked) == 1
    del asked[:]
    with reading_only(), Session(engine) as reader:
        reads_at(reader, at)
        assert (names.get(reader, "L"), asked) == (["Lia"], [])


def test_not_more_is_kept_than_was_said(engine: Engine, school: School) -> None:
    names = Kept(_names, most=2)
    with reading_only(), Session(engine) as reader:
        first = names.get(reader, "L")
        assert [names.get(reader, start) for start in "AL"] == [[], first]
        assert names.get(reader, "B") == []
        assert (names.get(reader, "L") is first, names.get(reader, "L")) == (False, ["Lia"])


def _count(db: Session, start: str) -> int:
    return db.scalar(select(func.count()).select_from(School).where(School.name.startswith(start))) or 0


def test_what_is_kept_longer_holds_until_its_own_stamp_changes(db: Session, engine: Engine, school: School) -> None:
    names = KeptLonger(_names, _count)

    def read() -> list[str]:
        with reading_only(), Session(engine) as reader:
            return names.get(reader, "L")

    first = read()
    db.add(HelpLine(district_id=school.district_id, position=0, name="Alarm", phone="116 111"))
    db.commit()
    assert (first, read() is first) == (["Lia"], True)
    db.add(School(district_id=school.district_id, name="Lund"))
    assert names.get(db, "L") == ["Lia", "Lund"]
    db.rollback()
    assert read() is first
    db.add(School(district_id=school.district_id, name="Lund"))
    db.commit()
    assert read() == ["Lia", "Lund"]


@pytest.mark.usefixtures("school")
def test_after_a_restore_nothing_kept_longer_holds(engine: Engine) -> None:
    names = KeptLonger(_names, _count)
    read: list[list[str]] = []
    for _ in range(2):
        with reading_only(), Session(engine) as reader:
            read.append(names.get(reader, "L"))
        with engine.begin() as connection:
            start_counter(connection)
    assert (read[0] == read[1], read[0] is read[1]) == (True, False)


@pytest.mark.usefixtures("school")
def test_not_more_is_kept_longer_than_was_said(db: Session, engine: Engine) -> None:
    names = KeptLonger(_names, _count, most=1)
    read: list[list[str]] = []
    for start in "LAL":
        with reading_only(), Session(engine) as reader:
            read.append(names.get(reader, start))
        db.execute(update(School).values(phone="22 00 00 00"))
        db.commit()
    assert (read[0] == read[2], read[0] is read[2]) == (True, False)
