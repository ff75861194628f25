"""What every room stands on: the tables' base class, times, codes, the change counter, and the protection of what must never change."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Connection, DateTime, Engine, MetaData, String, Table, TypeDecorator, event, inspect, select, text
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect, ExecutionContext
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.sql.dml import UpdateBase

PRIVATE = {"public": False}
"""Marks a table whose rows no parent can see: writing it does not raise the change counter."""

IMMUTABLE = {"immutable": True}
"""Marks a table whose rows are only ever added: `protect` makes the database refuse the rest."""


CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


class Refused(Exception):
    """A rule says no. `msgid` is the English sentence to translate, with `%(name)s` for `values`; `at` names the field it belongs to."""

    def __init__(self, msgid: str, *, at: str | None = None, **values: object) -> None:
        super().__init__(msgid % values if values else msgid)
        self.msgid = msgid
        self.at = at
        self.values = values


class Msgid(str):
    """An English sentence that is to be translated where it is shown: told apart from a title or a name that happens to read the same."""

    __slots__ = ()


def N_(msgid: str) -> Msgid:  # gettext's customary name
    """Mark a sentence for translation where it is written; the web translates it where it is shown."""
    return Msgid(msgid)


class WroteWhileReading(RuntimeError):
    """A request that only reads has written: a fault of ours, not of the visitor's."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. Naive values are refused, since nobody can tell what they mean."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base class of all tables, with names for every constraint so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime}  # noqa: RUF012 - SQLAlchemy reads it from the class


_draw: ContextVar[Callable[[str], str]] = ContextVar("draw", default=secrets.choice)


def new_code(symbols: int) -> str:
    """A random public code in Crockford's base 32 (5 bits a symbol)."""
    draw = _draw.get()
    return "".join(draw(CROCKFORD) for _ in range(symbols))


@contextmanager
def codes_from(draw: Callable[[str], str]) -> Iterator[None]:
    """Within it codes are drawn so, and can be told beforehand: for what is invented, never for anything that must stay secret."""
    token = _draw.set(draw)
    try:
        yield
    finally:
        _draw.reset(token)


def fold_code(typed: str) -> str:
    """What a person meant by a code: case, spaces, hyphens and unseen signs do not matter, o is 0, i and l are 1 (Crockford)."""
    plain = re.sub(r"[\s\u00a0_‐‑–\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff-]+", "", typed).lower()
    return plain.translate(str.maketrans("oil", "011"))


# --- The change counter: what public pages are kept for -------------------------------------------------------------------------


class ChangeCounter(Base):
    """One row: `value` rises with every transaction that changed something public; `epoch` is new after a restore."""

    __tablename__ = "change_counter"
    __table_args__ = ({"info": PRIVATE},)
    id: Mapped[int] = mapped_column(primary_key=True)
    epoch: Mapped[str] = mapped_column(String(26))
    value: Mapped[int] = mapped_column(BigInteger, default=0)


Moment = tuple[str, int]
"""Epoch and change counter: what was read at one is as it was at any later request with the same."""

_MOMENT = select(ChangeCounter.epoch, ChangeCounter.value)


def moment(db: Session) -> Moment | None:
    """The moment at which a transaction reads; None once it has changed something public itself. Ask before reading what is to be kept."""
    epoch, value = db.execute(_MOMENT).one()
    return None if db.connection().info.get("public_change") else (epoch, value)


def reads_at(db: Session, at: Moment) -> None:
    """Tell a session the moment at which it reads, when a query of one that only reads has brought it along."""
    db.info["moment"] = at


def moment_read(db: Session) -> Moment:
    """The moment at which a session of one that only reads does so: asked once, and not at all where it has been told."""
    if "moment" not in db.info:
        db.info["moment"] = moment(db)
    at: Moment = db.info["moment"]
    return at


_reading: ContextVar[bool] = ContextVar("reading", default=False)
_COMMENT = re.compile(r"\s*(?:/\*.*?\*/|--[^\n]*\n)", re.S)
_READS = re.compile(r"\s*(?:select|values|table|explain|show|pragma|set|begin|savepoint|release|rollback|commit)\b", re.I)
_WITH = re.compile(r"\s*with\b(?!.*\b(?:insert|update|delete|merge)\b)", re.I | re.S)
_TARGET = re.compile(r"\s*(?:insert\s+into|update|delete\s+from)\s+\"?(\w+)\b\"?(?!\s*[.,])[^;]*;?\s*\Z", re.I)
"""The statements whose table can be read off with certainty; every other write counts as public."""


@contextmanager
def reading_only() -> Iterator[None]:
    """Within it transactions only read: SQLite begins without the write lock and a write is a fault of ours."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


def is_reading() -> bool:
    """Whether transactions only read here."""
    return _reading.get()


@contextmanager
def writing() -> Iterator[None]:
    """Within it transactions may write, also when the surrounding work only reads."""
    token = _reading.set(False)
    try:
        yield
    finally:
        _reading.reset(token)


def watch(engine: Engine) -> None:
    """Teach an engine the house's rules: how a transaction begins, that readers do not write, and that public changes are counted."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "before_cursor_execute", _notice_write)
    event.listen(engine, "commit", _count_change)
    event.listen(engine, "rollback", _forget_change)


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None  # the driver stays out of it; our `begin` event says BEGIN
    cursor = connection.cursor()
    for pragma in (
        "busy_timeout=10000",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",  # so that REPLACE meets the delete trigger
        "trusted_schema=OFF",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that reads and then writes fails at once when another has written in between; IMMEDIATE waits instead.
    connection.exec_driver_sql("BEGIN" if _reading.get() else "BEGIN IMMEDIATE")


def _notice_write(
    connection: Connection, _cursor: object, statement: str, _parameters: object, context: ExecutionContext | None, _many: bool
) -> None:
    plain = _plain(statement)
    if _READS.match(plain) or _WITH.match(plain):
        return
    if _reading.get():
        raise WroteWhileReading(f"a reading request wrote: {plain[:80]}")
    table = _written_table(plain, context)
    if table is not None and table.name == ChangeCounter.__tablename__:
        return
    if table is None or table.info.get("public", True):  # what we cannot name counts as public
        connection.info["public_change"] = True


def _plain(statement: str) -> str:
    """The statement without the comments before it."""
    start = 0
    while comment := _COMMENT.match(statement, start):
        start = comment.end()
    return statement[start:]


def _written_table(statement: str, context: ExecutionContext | None) -> Table | None:
    compiled = getattr(context, "compiled", None)
    if compiled is not None and isinstance(compiled.statement, UpdateBase) and not compiled.ctes:
        written: Any = compiled.statement.table
        return written if isinstance(written, Table) else None
    found = _TARGET.match(statement)
    return Base.metadata.tables.get(found.group(1).lower()) if found else None


def _count_change(connection: Connection) -> None:
    if connection.info.pop("public_change", False):
        connection.exec_driver_sql("UPDATE change_counter SET value = value + 1 WHERE id = 1")


def _forget_change(connection: Connection) -> None:
    connection.info.pop("public_change", None)


# --- Protection of what must never change ---------------------------------------------------------------------------------------


def immutable_tables() -> list[str]:
    """Names of the tables whose rows are only ever added."""
    return sorted(table.name for table in Base.metadata.tables.values() if table.info.get("immutable"))


def protect(connection: Connection) -> None:
    """(Re)create the triggers by which the database itself refuses to change or delete rows of immutable tables.

    Called after every upgrade: SQLite's batch migrations rebuild a table and drop its triggers without a word.
    """
    present = set(inspect(connection).get_table_names())
    make = _protect_sqlite if connection.dialect.name == "sqlite" else _protect_postgresql
    for table in immutable_tables():
        if table in present:
            make(connection, table)


def _protect_sqlite(connection: Connection, table: str) -> None:
    for act in ("update", "delete"):
        connection.execute(text(f"DROP TRIGGER IF EXISTS protect_{table}_{act}"))
        connection.execute(
            text(
                f"CREATE TRIGGER protect_{table}_{act} BEFORE {act.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} never change'); END"
            )
        )


def _protect_postgresql(connection: Connection, table: str) -> None:
    connection.execute(
        text(
            "CREATE OR REPLACE FUNCTION protect_rows() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'rows of % never change', TG_TABLE_NAME; END $$"
        )
    )
    for name, when in ((f"protect_{table}_row", "UPDATE OR DELETE"), (f"protect_{table}_all", "TRUNCATE")):
        each = "STATEMENT" if when == "TRUNCATE" else "ROW"
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name} ON {table}"))
        connection.execute(text(f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH {each} EXECUTE FUNCTION protect_rows()"))


def unprotected(connection: Connection) -> list[str]:
    """Immutable tables that lack a trigger: the house refuses to start with one."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
    )
    found = set(connection.execute(text(query)).scalars())
    ends = ("update", "delete") if connection.dialect.name == "sqlite" else ("row", "all")
    return [table for table in immutable_tables() if any(f"protect_{table}_{end}" not in found for end in ends)]


def start_counter(connection: Connection) -> None:
    """Put the change counter's one row in place, or give it a new epoch: nothing kept before may be served after."""
    connection.execute(text("DELETE FROM change_counter"))
    connection.execute(text("INSERT INTO change_counter (id, epoch, value) VALUES (1, :epoch, 1)"), {"epoch": new_code(26)})
