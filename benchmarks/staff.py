"""Staff pages inside one process: how many questions each asks the database, and how long it works."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event, select

from app.database import store, today
from benchmarks.house import TEACHER, House, opened
from benchmarks.table import Table
from benchmarks.yardstick import bare_client
from curriculum.people import Person, visible
from curriculum.planning import PLANNED, Series

MOST_MILLISECONDS = 5
TIMES = 31


def measure(house: House, table: Table) -> None:
    """The middle and the least of several requests for each reader's everyday pages, and how many times a bare page that is.

    The pages are asked in turn, so that what else the machine is doing falls on all alike, and on the bare page too: a page that takes
    long while its multiple is what it was stands on a machine that is slow just now.
    """
    table.head("Staff pages: queries, and the middle of the processor's time")
    visits = [Visit("a bare page of Flask's, for comparison", bare_client(), "/"), *(visit(house, *one) for one in pages(house))]
    plain, *taken = in_turn(house, visits)
    table.note(visits[0].words, plain.middle, "ms", beside=f"least {plain.least:.2f}")
    for one, figure in zip(visits[1:], taken, strict=True):
        beside = f"least {figure.least:5.2f}   {figure.middle / plain.middle:5.1f} × plain"
        table.hold(f"{one.words} ({asked(house, one.client, one.path)} queries)", figure.middle, MOST_MILLISECONDS, "ms", beside=beside)


@dataclass(frozen=True)
class Visit:
    """A page, what it is called, and the browser of the one who reads it."""

    words: str
    client: Any
    path: str


@dataclass(frozen=True)
class Taken:
    """Milliseconds of processor time for a page: in the middle, and at least."""

    middle: float
    least: float


def visit(house: House, who: str, path: str, words: str) -> Visit:
    """A page in the browser of its reader, who has seen it."""
    client = house.client(who)
    if client.get(path).status_code != 200:
        raise SystemExit(f"{words} is not there ({path}).")
    return Visit(words, client, path)


def in_turn(house: House, visits: Sequence[Visit], times: int = TIMES) -> list[Taken]:
    """What each page takes, asked one after the other and so many times round, once each has been made three times."""
    for one in visits:
        seconds(house, one.client, one.path, 0)
    rounds = [[once(house, one.client, one.path) * 1000 for one in visits] for _ in range(times)]
    return [Taken(statistics.median(taken), min(taken)) for taken in zip(*rounds, strict=True)]


def pages(house: House) -> list[tuple[str, str, str]]:
    """Who reads what, and what it is called."""
    series, lesson, school = hers(house)
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
        ("rektor", f"/arshjul/{school}", "a year wheel"),
        ("coordinator", "/bydel", "the district"),
        ("admin", "/administrasjon", "administration"),
        ("admin", "/administrasjon/fridager", "days without teaching"),
        ("admin", "/administrasjon/fridager/rutenett", "the grid of a school year"),
    ]


def hers(house: House) -> tuple[str, str, str]:
    """A series of the agent's that is in use, the last lesson planned in it, and its school."""
    with opened(house) as db:
        agent = db.scalars(select(Person).where(Person.email == "agent@demo.example")).one()
        query = visible(agent, Series, today(), "plan").where(Series.in_use).order_by(Series.id)
        series = db.scalars(query).first()
        planned = [lesson.public_id for lesson in series.lessons if lesson.state == PLANNED]
        return series.public_id, planned[-1], series.school_class.school.public_id


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
