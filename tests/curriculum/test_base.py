"""What every room stands on: rows that never change, the change counter, readers that only read, times and codes."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any

import pytest
from alembic import command
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, Table, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.types import JSON, Boolean, Date, DateTime, Integer, Time

from app import database
from app.condition import faults
from app.database import alembic_config, make_engine, upgrade
from app.settings import FLASK
from curriculum.base import (
    CROCKFORD,
    Base,
    ChangeCounter,
    Refused,
    WroteWhileReading,
    codes_from,
    fold_code,
    immutable_tables,
    is_reading,
    new_code,
    protect,
    reading_only,
    start_counter,
    unprotected,
    writing,
)
from curriculum.people import AuditEvent, District, HelpLine, Person, School
from tests.cast import make_cast, publish

NOW = datetime(2026, 10, 14, 8, tzinfo=UTC)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


# --- Rows that never change ------------------------------------------------------------------------------------------------------

ALLOWED = {"mark": "typo", "state": "draft"}


def some_row(table: Table) -> dict[str, Any]:
    """A row for any table, whatever it points at."""
    day, clock = date(2026, 10, 14), time(8, 30)
    kinds: list[tuple[type[Any], Any]] = [(Boolean, True), (Integer, 1), (JSON, {}), (DateTime, NOW), (Date, day), (Time, clock)]

    def value(name: str, kind: object) -> Any:
        return ALLOWED.get(name) or next((one for known, one in kinds if isinstance(getattr(kind, "impl", kind), known)), "x")

    return {column.name: value(column.name, column.type) for column in table.columns}


def put_unchecked(engine: Engine, table: Table) -> None:
    """Insert a row without its foreign keys being looked at."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA foreign_keys=OFF")
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(insert(table).values(some_row(table)))
        connection.commit()
        connection.invalidate()


def attacks(table: Table, dialect: str) -> list[str]:
    """Every way to change or remove a row that the database knows."""
    name, column = table.name, next(iter(table.columns)).name
    common = [f"UPDATE {name} SET {column} = {column}", f"DELETE FROM {name}", f"DELETE FROM {name} WHERE {column} IS NOT NULL"]
    if dialect == "sqlite":
        return [*common, f"REPLACE INTO {name} SELECT * FROM {name}", f"UPDATE OR REPLACE {name} SET {column} = {column}"]
    keys = ", ".join(key.name for key in table.primary_key)
    replace = f"INSERT INTO {name} SELECT * FROM {name} ON CONFLICT ({keys}) DO UPDATE SET {column} = excluded.{column}"
    return [*common, replace, f"TRUNCATE {name} CASCADE"]


@pytest.mark.parametrize("name", immutable_tables())
def test_the_database_refuses_to_change_or_remove_a_row_of(name: str, engine: Engine) -> None:
    table = Base.metadata.tables[name]
    put_unchecked(engine, table)
    with engine.connect() as connection:
        for attack in attacks(table, engine.dialect.name):
            with pytest.raises(DBAPIError, match=f"rows of {name} never change"):
                connection.execute(text(attack))
            connection.rollback()
        assert len(connection.execute(select(table)).all()) == 1


def test_what_parents_and_agents_rely_on_is_among_the_rows_that_never_change() -> None:
    assert {"document_version", "segment", "segment_change", "step", "term", "translation", "review", "audit_event"} <= set(
        immutable_tables()
    )


@pytest.mark.parametrize("name", ["document_version", "audit_event"])
def test_a_protection_that_is_gone_is_named_and_keeps_the_house_closed(name: str, engine: Engine) -> None:
    assert faults(engine) == []
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text(f"DROP TRIGGER protect_{name}_delete"))
        else:
            connection.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER protect_{name}_all"))
        assert unprotected(connection) == [name]
    assert faults(engine) == [f"The table {name} has lost its protection: run `{FLASK} upgrade`."]
    upgrade(engine)
    assert faults(engine) == []


@pytest.fixture
def with_a_batch_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped migrations and one more, which on SQLite builds the versions' table anew."""
    folder = tmp_path / "migrations"
    shutil.copytree(database.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9999_a_column_more.py").write_text(BATCH_MIGRATION.format(head=_head()), "utf-8")
    monkeypatch.setattr(database, "MIGRATIONS", folder)


def _head() -> str:
    from alembic.script import ScriptDirectory

    return str(ScriptDirectory.from_config(alembic_config()).get_current_head())


BATCH_MIGRATION = '''"""A column more."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "9999", "{head}"


def upgrade() -> None:
    with op.batch_alter_table("document_version", recreate="auto") as table:
        table.add_column(sa.Column("shoe_size", sa.Integer(), nullable=False, server_default="38"))
        table.alter_column("note", existing_type=sa.Text(), nullable=True)
'''


@pytest.mark.slow
@pytest.mark.usefixtures("with_a_batch_migration")
def test_a_batch_migration_over_data_keeps_every_row_and_the_protection(db: Session, engine: Engine) -> None:
    publish(db, make_cast(db), "vennskap")
    db.commit()
    before = db.execute(text("SELECT id, hash, text FROM document_version ORDER BY id")).all()
    db.commit()
    assert faults(engine) != []
    upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT id, hash, text FROM document_version ORDER BY id")).all() == before
        assert connection.execute(text("SELECT DISTINCT shoe_size FROM document_version")).scalar() == 38
        assert unprotected(connection) == []
        with pytest.raises(DBAPIError, match="rows of document_version never change"):
            connection.execute(text("UPDATE document_version SET shoe_size = 39"))
    assert faults(engine) == []


@pytest.mark.usefixtures("with_a_batch_migration")
def test_a_batch_migration_alone_would_lose_the_protection_on_sqlite(engine: Engine) -> None:
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "head")
        assert unprotected(connection) == (["document_version"] if engine.dialect.name == "sqlite" else [])
        protect(connection)
        assert unprotected(connection) == []


@pytest.mark.usefixtures("with_a_batch_migration")
def test_after_an_upgrade_foreign_keys_are_looked_at_again(engine: Engine) -> None:
    upgrade(engine)
    with Session(engine) as db, pytest.raises(DBAPIError):
        db.execute(text("INSERT INTO help_line (district_id, position, name, phone) VALUES (4711, 1, 'x', '1')"))


def test_an_upgrade_is_safe_to_repeat(engine: Engine) -> None:
    epoch = counter(engine)[0]
    upgrade(engine)
    assert counter(engine)[0] == epoch


# --- The change counter ----------------------------------------------------------------------------------------------------------


def counter(engine: Engine) -> tuple[str, int]:
    with reading_only(), Session(engine) as db:
        row = db.scalars(select(ChangeCounter)).one()
        return row.epoch, row.value


def _line(db: Session) -> None:
    db.add(HelpLine(district_id=db.scalars(select(District.id)).first(), position=2, name="Foreldretelefonen", phone="22 00 00 09"))


def _event(db: Session) -> None:
    db.add(AuditEvent(at=NOW, kind="sign-in"))


def _in_a_savepoint(db: Session) -> None:
    with db.begin_nested():
        _line(db)


def _line_and_event(db: Session) -> None:
    _line(db)
    db.flush()
    _event(db)


PUBLIC: dict[str, Callable[[Session], object]] = {
    "an object": _line,
    "an object changed": lambda db: setattr(db.scalars(select(School)).first(), "phone", "22 00 00 02"),
    "an object removed": lambda db: db.delete(db.scalars(select(HelpLine)).first()),
    "a built statement": lambda db: db.execute(update(School).values(phone="1")),
    "a built statement on a table": lambda db: db.execute(delete(Base.metadata.tables["help_line"])),
    "a statement in words": lambda db: db.execute(text("UPDATE school SET phone = '1'")),
    "in other letters": lambda db: db.execute(text('\n  dElEtE  from "help_line"')),
    "after comments": lambda db: db.execute(text("-- at last\n /* now */ UPDATE school SET phone = '1'")),
    "after a with": lambda db: db.execute(text("WITH a AS (SELECT id FROM audit_event) UPDATE school SET phone = '1'")),
    "a table nobody knows": lambda db: db.execute(text("CREATE TABLE shoes (size int)")),
    "inside a savepoint": _in_a_savepoint,
    "beside something private": _line_and_event,
}

PRIVATE: dict[str, Callable[[Session], object]] = {
    "nothing": lambda db: None,
    "reading": lambda db: db.scalars(select(Person)).all(),
    "reading with a with": lambda db: db.execute(text("WITH a AS (SELECT id FROM school) SELECT * FROM a")).all(),
    "an audit line": _event,
    "a built statement": lambda db: db.execute(delete(Base.metadata.tables["sign_in"])),
    "a statement in words": lambda db: db.execute(text("DELETE FROM sign_in_failure")),
    "made from something public": lambda db: db.execute(
        text("INSERT INTO sign_in_failure (account, at) SELECT name, '2026-10-14' FROM school")
    ),
}


@pytest.mark.parametrize("case", PUBLIC)
def test_the_counter_rises_by_one_with_a_transaction_that_wrote_something_public(case: str, db: Session, engine: Engine) -> None:
    make_cast(db)
    db.commit()
    epoch, value = counter(engine)
    PUBLIC[case](db)
    db.commit()
    assert counter(engine) == (epoch, value + 1)


@pytest.mark.parametrize("case", PRIVATE)
def test_the_counter_stands_after_a_transaction_that_wrote_nothing_public(case: str, db: Session, engine: Engine) -> None:
    make_cast(db)
    db.commit()
    before = counter(engine)
    PRIVATE[case](db)
    db.commit()
    assert counter(engine) == before


def test_what_was_rolled_back_is_not_counted_then_nor_later(db: Session, engine: Engine) -> None:
    make_cast(db)
    db.commit()
    before = counter(engine)
    _line(db)
    db.flush()
    db.rollback()
    assert counter(engine) == before
    _event(db)
    db.commit()
    assert counter(engine) == before


def test_a_statement_that_writes_two_tables_counts_as_public(db: Session, engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no such statement")
    make_cast(db)
    db.commit()
    value = counter(engine)[1]
    gone = delete(HelpLine).returning(HelpLine.id).cte("gone")
    db.execute(insert(AuditEvent).values(at=NOW, kind="tidied", about="", details={}).add_cte(gone))
    db.commit()
    assert counter(engine)[1] == value + 1


def test_after_a_restore_the_counter_has_another_epoch(engine: Engine) -> None:
    before = counter(engine)
    with engine.begin() as connection:
        start_counter(connection)
    assert counter(engine)[0] != before[0]


# --- Readers that only read ------------------------------------------------------------------------------------------------------

SLIPS: dict[str, Callable[[Session], object]] = {
    **{name: act for name, act in PUBLIC.items() if name != "inside a savepoint"},
    "an audit line": _event,
    "taking a table away": lambda db: db.execute(text("DROP TABLE help_line")),
}


@pytest.mark.parametrize("case", SLIPS)
def test_a_reader_that_writes_crashes_and_nothing_is_written(case: str, db: Session, engine: Engine) -> None:
    make_cast(db)
    db.commit()
    before = counter(engine)
    with reading_only(), pytest.raises(WroteWhileReading):
        SLIPS[case](db)
        db.commit()
    db.rollback()
    assert counter(engine) == before
    assert len(db.scalars(select(HelpLine)).all()) == 1


def test_within_reading_a_short_piece_of_work_may_write(db: Session, engine: Engine) -> None:
    with reading_only():
        with writing():
            _event(db)
            db.commit()
        with pytest.raises(WroteWhileReading):
            db.execute(delete(HelpLine))


def test_a_reader_is_told_from_one_who_writes() -> None:
    assert not is_reading()
    with reading_only():
        assert is_reading()
        with writing():
            assert not is_reading()


# --- Many at once ----------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_eight_threads_that_read_and_then_write_lose_no_increment(db: Session, engine: Engine) -> None:
    school = make_cast(db).school
    school.phone = "0"
    db.commit()
    kept: list[int] = []
    refused: list[int] = []

    def count_up() -> None:
        for _ in range(5):
            with Session(engine) as mine:
                row = mine.get_one(School, school.id)
                row.phone = str(int(row.phone) + 1)
                try:
                    mine.commit()
                    kept.append(1)
                except StaleDataError:
                    refused.append(1)

    threads = [threading.Thread(target=count_up) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept) + len(refused) == 40
    with Session(engine) as mine:
        assert mine.get_one(School, school.id).phone == str(len(kept))
    if engine.dialect.name == "sqlite":
        assert not refused


def test_the_second_of_two_who_change_a_row_is_told(db: Session, engine: Engine) -> None:
    school = make_cast(db).school
    db.commit()
    with reading_only(), Session(engine, expire_on_commit=False) as mine:
        seen = mine.get_one(School, school.id)
        mine.commit()
    school.phone = "1"
    db.commit()
    with Session(engine) as mine, pytest.raises(StaleDataError):
        mine.add(seen)
        seen.phone = "2"
        mine.commit()


# --- Times, codes, refusals ------------------------------------------------------------------------------------------------------


def test_a_time_without_a_zone_is_refused(db: Session) -> None:
    db.add(AuditEvent(at=datetime(2026, 10, 14, 8), kind="sign-in"))
    with pytest.raises(StatementError, match="a time without a zone"):
        db.flush()


def test_a_time_comes_back_as_the_same_moment_in_utc(db: Session) -> None:
    event = AuditEvent(at=datetime(2026, 10, 14, 10, 30, 15, 42, tzinfo=timezone(timedelta(hours=2))), kind="sign-in")
    db.add(event)
    db.commit()
    assert event.at == datetime(2026, 10, 14, 8, 30, 15, 42, tzinfo=UTC)
    assert event.at.utcoffset() == timedelta(0)


@pytest.mark.parametrize("symbols", [6, 10, 26])
def test_a_code_is_made_of_symbols_that_are_not_mistaken_for_each_other(symbols: int) -> None:
    code = new_code(symbols)
    assert len(code) == symbols
    assert set(code) <= set(CROCKFORD)
    assert not set("oilu") & set(CROCKFORD)


def test_only_within_a_given_source_can_a_code_be_told_beforehand() -> None:
    with codes_from(Random(1).choice):
        code = new_code(26)
        with codes_from(Random(2).choice):
            assert new_code(26) != code
    with codes_from(Random(1).choice):
        assert new_code(26) == code
    assert new_code(26) != new_code(26)


@given(code=st.text(CROCKFORD, min_size=1, max_size=26), salt=st.randoms(use_true_random=False))
def test_a_code_is_understood_however_it_was_copied(code: str, salt: Any) -> None:
    alike = {"0": "0oO", "1": "1iIlL"}
    typed = "".join(
        salt.choice(alike.get(symbol, symbol + symbol.upper())) + salt.choice(["", "", " ", "-", "–", "\u00a0", "\u200b", "\ufeff"])
        for symbol in code
    )
    assert fold_code(typed) == code
    assert fold_code(fold_code(typed)) == fold_code(typed)


def test_a_refusal_says_its_sentence_with_its_values() -> None:
    refusal = Refused("There are only %(count)s weeks left.", at="start", count=3)
    assert str(refusal) == "There are only 3 weeks left."
    assert (refusal.msgid, refusal.at, refusal.values) == ("There are only %(count)s weeks left.", "start", {"count": 3})
    assert str(Refused("100 % of it")) == "100 % of it"
