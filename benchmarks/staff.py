"""Staff pages inside one process: how many questions each asks the database, and how long it works."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, select

from app.database import store, today
from benchmarks.house import TEACHER, House, opened
from benchmarks.table import Table
from curriculum.people import Person, visible
from curriculum.planning import PLANNED, Series

MOST_MILLISECONDS = 5
TIMES = 31


def measure(house: House, table: Table) -> None:
    """The middle of several requests for each reader's everyday pages."""
    table.head("Staff pages: queries, and the middle of the processor's time")
    for who, path, words in pages(house):
        client = house.client(who)
        if client.get(path).status_code != 200:
            raise SystemExit(f"{words} is not there ({path}).")
        queries, taken = asked(house, client, path), statistics.median(seconds(house, client, path)) * 1000
        table.hold(f"{words} ({queries} queries)", taken, MOST_MILLISECONDS, "ms")


def pages(house: House) -> list[tuple[str, str, str]]:
    """Who reads what, and what it is called."""
    series, lesson = hers(house)
    return [
        ("agent", "/uka-mi", "my week"),
        ("agent", "/rekker", "the series"),
        ("agent", f"/rekker/{series}", "a series"),
        ("agent", f"/rekker/{series}/{lesson}/flytt", "moving a lesson"),
        ("agent", "/rekker/ny", "a new series"),
        ("agent", "/rekker/tavle", "the board"),
        ("teacher", "/uke", "a teacher's week"),
        ("", TEACHER, "a teacher's link"),
        ("coordinator", "/idebank", "the idea bank"),
        ("coordinator", "/idebank?sok=venn", "searching the bank"),
        ("coordinator", "/idebank/vennskap", "a theme"),
        ("translator", "/oversett", "the translation desk"),
        ("rektor", "/skole", "a school"),
        ("admin", "/administrasjon", "administration"),
    ]


def hers(house: House) -> tuple[str, str]:
    """A series of the agent's that is in use, and the last lesson planned in it."""
    with opened(house) as db:
        agent = db.scalars(select(Person).where(Person.email == "agent@demo.example")).one()
        query = visible(agent, Series, today(), "plan").where(Series.in_use).order_by(Series.id)
        series = db.scalars(query).first()
        planned = [lesson.public_id for lesson in series.lessons if lesson.state == PLANNED]
        return series.public_id, planned[-1]


def seconds(house: House, client: Any, path: str, times: int = TIMES) -> list[float]:
    """Processor time of each of so many requests, the database's too, once the page has been made three times."""
    for _ in range(3):
        client.get(path)
    return [once(house, client, path) for _ in range(times)]


def once(house: House, client: Any, path: str) -> float:
    """Processor time of one request, here and in the database's server."""
    there, here = house.database_cpu(), time.process_time()
    if client.get(path).status_code != 200:
        raise SystemExit(f"{path} is not answered.")
    here = time.process_time() - here
    return here + house.database_cpu() - there


def asked(house: House, client: Any, path: str) -> int:
    """How many statements a request sends to the database."""
    with house.app.app_context():
        engine = store.engine
    with counted(engine) as statements:
        client.get(path)
    return len(statements)


@contextmanager
def counted(engine: Any) -> Iterator[list[str]]:
    """The statements sent meanwhile."""
    statements: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", listen)
