"""The same pages in a district with ten and a hundred times the data: they should not notice."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from app.database import store
from benchmarks.growing import grow, look_through, seed
from benchmarks.house import TEACHER, House, opened
from benchmarks.staff import asked, once, seconds
from benchmarks.table import Table

FLAT = 1.5
AFTER_A_CHANGE = 11
READ = (
    ("", "", "a parents' page, made by Flask"),
    ("teacher", "/uke", "a teacher's week"),
    ("", TEACHER, "a teacher's link"),
    ("coordinator", "/idebank?sok=venn", "searching the bank"),
    ("agent", "/uka-mi", "an agent's week"),
)
"""Who reads what: each has as much of their own as before, since a copy points at its own kind. Only the bank belongs to all."""


@dataclass(frozen=True)
class Figures:
    """Seconds of processor time for one page: the first time, in the middle, and in the middle just after a change; and its queries."""

    first: float
    middle: float
    changed: float
    queries: int


def measure(house: House, table: Table, times: Sequence[int]) -> None:
    """Each page before and after the district has grown."""
    table.head("Growth: processor time of a page, times what it was with the demo's data")
    with opened(house) as db:
        base = seed(db.connection())
        look_through(db.connection())
    small = dict(_figures(house))
    for words, one in small.items():
        _note(table, f"{words}, 1 × data", one)
    before = 1
    for factor in times:
        with opened(house) as db:
            grow(db.connection(), base, range(before, factor))
        before = factor
        table.note(f"rows of the district, {factor} × data", len(base) * factor, "")
        for words, one in _figures(house):
            _note(table, f"{words}, {factor} × data", one)
            table.hold(f"{words}, {factor} × data, times the demo's", one.middle / small[words].middle, FLAT, "×")
            table.note("  just after a change, times the demo's", one.changed / small[words].changed, "×")


def _note(table: Table, words: str, one: Figures) -> None:
    table.note(f"{words} ({one.queries} queries)", one.middle * 1000, "ms")
    table.note("  just after a change", one.changed * 1000, "ms")
    table.note("  the first time", one.first * 1000, "ms")


def _figures(house: House) -> Iterator[tuple[str, Figures]]:
    for who, path, words in READ:
        client, address = house.client(who), path or house.parents_page()
        yield words, _of(house, client, address, without_keeping(house) if not path else lambda: None)


def without_keeping(house: House) -> Callable[[], None]:
    """What makes the doorstep forget its pages, so that Flask makes the next."""
    kept = house.app.extensions["doorstep"].kept
    return lambda: kept.clear()


def _of(house: House, client: Any, path: str, forget: Callable[[], None]) -> Figures:
    first = once(house, client, path)
    seconds(house, client, path, 0)
    taken = [_after(forget, house, client, path) for _ in range(31)]
    changed = [_after(lambda: _change(house), house, client, path) for _ in range(AFTER_A_CHANGE)]
    forget()
    return Figures(first, statistics.median(taken), statistics.median(changed), asked(house, client, path))


def _after(act: Callable[[], None], house: House, client: Any, path: str) -> float:
    act()
    return once(house, client, path)


def _change(house: House) -> None:
    """As if somebody had saved something parents can see: what was kept in memory holds no more."""
    with house.app.app_context():
        store.session.execute(text("UPDATE change_counter SET value = value + 1"))
        store.session.commit()
