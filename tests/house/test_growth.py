"""Nobody's everyday page grows slower with the district: it finds its rows by an index, never by reading a table from end to end."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.database import store
from curriculum.planning import Series
from tests.cast import Cast, make_series, sign_in
from tests.states import state

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

FEW = {"change_counter", "district", "district_language", "help_line"}
"""Tables that are as short in a large district as in a small one."""

PAGES = {
    "": ("/f/{parents}/so", "/f/{parents}/so/{lesson}", "/l/{teacher}"),
    "teacher": ("/uke",),
    "agent": ("/uka-mi",),
}


@state
def series(db: Session, cast: Cast) -> Series:
    series = make_series(db, cast, themes=("folelser", "vennskap"))
    db.commit()
    return series


@contextmanager
def sent(app: Flask) -> Iterator[list[tuple[str, Any]]]:
    """The queries that are sent meanwhile, each with its values."""
    queries: list[tuple[str, Any]] = []

    def listen(_connection: object, _cursor: object, statement: str, values: Any, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            queries.append((statement, values))

    with app.app_context():
        engine = store.engine
    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield queries
    finally:
        event.remove(engine, "before_cursor_execute", listen)


def read_whole(database: sqlite3.Connection, statement: str, values: Any) -> set[str]:
    """The growing tables that a query reads from end to end."""
    names = {alias: table for table, alias in re.findall(r"(?:FROM|JOIN) \(*(\w+)(?: AS (\w+))?", statement) for alias in (alias or table,)}
    steps = [row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
    scanned = {str(found.group(1)) for step in steps if (found := re.match(r"SCAN (?!CONSTANT)(\w+)", step))}
    return {names.get(name, name) for name in scanned} - FEW


@pytest.mark.parametrize("who", PAGES)
def test_no_everyday_page_reads_a_growing_table_from_end_to_end(
    app: Flask, client: FlaskClient, cast: Cast, series: Series, database_url: str, who: str
) -> None:
    if not database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL chooses by how much there is, and rightly reads a short table whole")
    if who:
        sign_in(client, getattr(cast, who))
    codes = {"parents": cast.parents_link.code, "teacher": cast.teacher_link.code, "lesson": series.lessons[0].public_id}
    with sent(app) as queries:
        for page in PAGES[who]:
            assert client.get(page.format(**codes)).status_code == 200
    assert queries
    with sqlite3.connect(database_url.removeprefix("sqlite:///")) as database:
        found = {statement: tables for statement, values in queries if (tables := read_whole(database, statement, values))}
    database.close()
    assert found == {}


def test_a_table_read_from_end_to_end_is_seen(db: Session, database_url: str) -> None:
    if not database_url.startswith("sqlite"):
        pytest.skip("it is SQLite that is asked how it will read")
    joined = "LEFT JOIN (lesson_class AS c JOIN school_class AS s ON s.id = c.class_id) ON c.lesson_id = lesson.id"
    with sqlite3.connect(database_url.removeprefix("sqlite:///")) as database:
        assert read_whole(database, f"SELECT lesson.id FROM lesson {joined} WHERE lesson.id = ?", (1,)) == {"lesson_class"}
        assert read_whole(database, "SELECT lesson_id FROM lesson_class WHERE class_id = ?", (1,)) == set()
    database.close()
