"""Whether the database is as it must be, and what stands in the way of a command, each in one sentence."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from app.database import alembic_config, upgrade
from app.settings import FLASK
from curriculum.base import unprotected
from curriculum.tables import metadata

TROUBLE = (SQLAlchemyError, sqlite3.Error, CommandError, OSError)
"""What a command may meet outside the program: `in_words` says it in a sentence."""

NO_TABLES = f"The database has no tables yet: run `{FLASK} upgrade`."
NO_REVISION = (
    "The database has tables but does not say of which version: it was not made by this program, or is damaged. "
    "Put a backup back, or set DATABASE_URL to another database."
)


# --- Whether it is as it must be ----------------------------------------------------------------------------------------------------


def faults(engine: Engine) -> list[str]:
    """What keeps the house from opening, in words: a schema that is not ours, or a protection that is missing. Makes no file."""
    lacking = _no_file(engine)
    if lacking:
        return [lacking]
    try:
        with engine.connect() as connection:
            fault = revision_fault(connection)
            if fault:
                return [fault]
            return [f"The table {table} has lost its protection: run `{FLASK} upgrade`." for table in unprotected(connection)]
    except TROUBLE as error:
        return [in_words(error, engine)]


def damage(engine: Engine) -> list[str]:
    """What a thorough look finds besides: a file that is damaged, rows that point nowhere, tables that differ from the program's."""
    with engine.connect() as connection:
        return [*_broken(connection), *differences(connection)]


def bring_up_to_date(engine: Engine) -> None:
    """Upgrade the database, or make it. Raises SystemExit in words, and changes nothing, where its tables are not ours."""
    if not _no_file(engine):
        with engine.connect() as connection:
            foreign = foreign_fault(connection)
        if foreign:
            raise SystemExit(foreign)
    upgrade(engine)


def foreign_fault(connection: Connection) -> str:
    """Why no upgrade can help: tables that are not ours, or of a newer program. Empty when one can."""
    current = MigrationContext.configure(connection).get_current_heads()
    if not current:
        return NO_REVISION if set(inspect(connection).get_table_names()) - {"alembic_version"} else ""
    if not set(current) <= {one.revision for one in _script().walk_revisions()}:
        return f"The database is at version {', '.join(current)}, which this program does not know: a newer program made it. Use that one."
    return ""


def revision_fault(connection: Connection) -> str:
    """Why the tables are not those of this version of the program. Empty when they are."""
    current, head = MigrationContext.configure(connection).get_current_heads(), _script().get_current_head()
    if current == (head,):
        return ""
    older = f"The database is at version {', '.join(current)}, the program at {head}: run `{FLASK} upgrade`."
    return foreign_fault(connection) or (older if current else NO_TABLES)


def _script() -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config())


def _no_file(engine: Engine) -> str:
    """That SQLite's file is not there. Asked before connecting, which would make it."""
    file = _file(engine)
    return f"There is no database at {file} yet: run `{FLASK} upgrade`." if file and not file.exists() and file.parent.is_dir() else ""


def _file(engine: Engine) -> Path | None:
    name = engine.url.database if engine.dialect.name == "sqlite" else None
    return Path(name) if name and name != ":memory:" else None


def _broken(connection: Connection) -> Iterator[str]:
    if connection.dialect.name != "sqlite":
        return
    for (said,) in connection.exec_driver_sql("PRAGMA integrity_check(5)"):
        if said != "ok":
            yield f"The file is damaged: {said}. Put a backup back."
    astray: dict[tuple[str, str], int] = {}
    for table, _, target, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        astray[table, target] = astray.get((table, target), 0) + 1
    for (table, target), count in astray.items():
        yield f"In {table}, {count} {'row points' if count == 1 else 'rows point'} to rows of {target} that are not there."


def differences(connection: Connection) -> list[str]:
    """How the tables differ from those the program's models describe, each named."""
    context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
    found: list[str] = []
    for change in compare_metadata(context, metadata):
        found += [_difference(one) for one in (change if isinstance(change, list) else [change])]
    return found


def _difference(change: Sequence[Any]) -> str:
    """One of Alembic's changes, which say what would have to be done to the database."""
    match change:
        case ("add_table", table):
            return f"The table {table.name} is missing."
        case ("remove_table", table):
            return f"The table {table.name} is not the program's."
        case ("add_column", _, table, column):
            return f"The table {table} lacks the column {column.name}."
        case ("remove_column", _, table, column):
            return f"The table {table} has a column {column.name} that is not the program's."
        case (str(kind), _, str(table), str(column), *_) if kind.startswith("modify_"):
            return f"The column {table}.{column} is not as the program's ({kind.removeprefix('modify_').replace('_', ' ')})."
        case (str(kind), thing, *_):
            table = getattr(getattr(thing, "table", None), "name", "?")
            lacks = "lacks" if kind.startswith("add_") else "has, and should not have,"
            return f"The table {table} {lacks} {kind.partition('_')[2].replace('_', ' ')} {getattr(thing, 'name', '')}."
        case _:
            return f"The tables differ from the program's: {change}."


# --- What stands in the way ---------------------------------------------------------------------------------------------------------


def in_words(error: BaseException, engine: Engine) -> str:
    """One sentence for what the database, its migrations or the file system says."""
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}." if error.filename else f"{error}."
    if isinstance(error, CommandError):
        return f"The database cannot be brought up to date: {error}"
    said = _first_line(error.orig if isinstance(error, DBAPIError) and error.orig else error)
    if "no such table" in said or ("relation" in said and "does not exist" in said):
        return NO_TABLES
    return _of_sqlite(said, _file(engine)) if engine.dialect.name == "sqlite" else f"The database does not answer: {said}"


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0].strip()


def _of_sqlite(said: str, file: Path | None) -> str:
    if file and file.is_dir():
        return f"{file} is a folder, not a database: set DATABASE_URL to a file."
    if file and not file.parent.is_dir():
        return f"There is no folder {file.parent} for the database: make it, or set DATABASE_URL to another place."
    if "not a database" in said or "malformed" in said or "disk image" in said:
        return f"{file} is damaged, or is no database: put a backup back, or set DATABASE_URL to another file."
    if "readonly" in said or "unable to open" in said:
        return f"{file} cannot be written: see to the rights of the file and of its folder."
    if "locked" in said or "busy" in said:
        return f"{file} is in use by another program: try again."
    return f"{file} does not answer: {said}."
