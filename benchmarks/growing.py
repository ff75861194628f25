"""A district that grows: all that belongs to a school, a person or a theme is there over and over, each time under names of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import JSON, Column, Connection, ForeignKey, MetaData, Table, insert, select, text

from curriculum import ideabank
from curriculum.base import Base, new_code
from curriculum.ideabank import THEME, ThemeDocument

Row = dict[str, Any]

STRIDE = 1_000_000
"""Between the ids of a row and those of its copies: more than the demo has rows in any table, and within 32 bits a thousand times over."""

BATCH = 20_000

ROOTS: Mapping[str, Callable[[Row], bool]] = {
    "school": lambda _row: True,
    "person": lambda _row: True,
    "presenter": lambda _row: True,
    "sign_in_failure": lambda _row: True,
    "document": lambda row: bool(row["kind"] == THEME),
}
"""What is copied for itself. All else is copied with what it points at: classes, series, lessons, moves, links, versions, translations …"""

STAYS = {
    ("lesson", "theme_id"),
    ("lesson", "fallback_theme_id"),
    ("lesson", "pinned_version_id"),
    ("series", "outline_version_id"),
    ("waiver", "theme_id"),
}
"""All schools follow the same outlines: a theme of the demo's is then taught a hundred times as often."""

CODES = {"public_id", "code", "token_hash", "account", "joint"}
"""Columns that are drawn anew."""


@dataclass(frozen=True)
class Seed:
    """The rows of which there shall be more, by table, in the order in which they can be inserted; and the ids among them."""

    rows: Mapping[str, list[Row]]
    ids: Mapping[str, frozenset[int]]

    def __len__(self) -> int:
        return sum(len(rows) for rows in self.rows.values())


def seed(connection: Connection) -> Seed:
    """What the district holds now, but for what it has once: itself, the curriculum, the outlines, the vocabulary, its own calendar."""
    rows: dict[str, list[Row]] = {}
    ids: dict[str, frozenset[int]] = {}
    for table in Base.metadata.sorted_tables:
        found = [dict(row) for row in connection.execute(select(table)).mappings()]
        rows[table.name] = [row for row in found if _is_copied(table, row, ids)]
        ids[table.name] = frozenset(row["id"] for row in rows[table.name]) if "id" in table.c else frozenset()
    return Seed({name: some for name, some in rows.items() if some}, ids)


def _is_copied(table: Table, row: Row, ids: Mapping[str, frozenset[int]]) -> bool:
    """Whether it is a root, or points at something, and only at what is copied (or at what there is only one of)."""
    if table.name in ROOTS:
        return ROOTS[table.name](row)
    pointed = [row[key.parent.name] in ids[_target(key)] for key in _moving(table) if row[key.parent.name] is not None]
    return bool(pointed) and all(pointed)


def _moving(table: Table) -> Iterator[ForeignKey]:
    """The references that a copy has to its own kind. A district and a curriculum are there once."""
    shared = {"district", "framework", table.name}
    return (key for key in table.foreign_keys if (table.name, key.parent.name) not in STAYS and _target(key) not in shared)


def _target(key: ForeignKey) -> str:
    return key.target_fullname.partition(".")[0]


def grow(connection: Connection, base: Seed, numbers: Iterable[int]) -> None:
    """A copy of everything in `base` for each number."""
    numbers, themes = list(numbers), _Themes(base)
    for name, rows in base.rows.items():
        table = Base.metadata.tables[name]
        plain, copied = _with_null(table), (_copy(table, row, base, number, themes) for number in numbers for row in rows)
        for batch in _batches(copied):
            connection.execute(insert(plain), batch)
    look_through(connection)


def look_through(connection: Connection) -> None:
    """Tell PostgreSQL how much there is now, as its autovacuum does by itself in a house that grows by the day. SQLite is never told."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("ANALYZE"))


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _with_null(table: Table) -> Table:
    """The table's columns, with NULL and not the JSON word null where there is nothing."""
    columns = (Column(one.name, JSON(none_as_null=True) if isinstance(one.type, JSON) else one.type) for one in table.c)
    return Table(table.name, MetaData(), *columns, info=table.info)


def _copy(table: Table, row: Row, base: Seed, number: int, themes: _Themes) -> Row:
    copy = dict(row)
    if "id" in copy:
        copy["id"] += number * STRIDE
    for key in table.foreign_keys:
        is_moving = (table.name, key.parent.name) not in STAYS and row[key.parent.name] in base.ids.get(_target(key), ())
        copy[key.parent.name] = row[key.parent.name] + number * STRIDE if is_moving else row[key.parent.name]
    if table.name != "aim_link":  # whose code is Udir's
        copy |= {name: new_code(len(copy[name])) for name in CODES & copy.keys() if copy[name]}
    if table.name == "school":
        copy["name"] = f"{row['name']} {number}"
    elif table.name == "person":
        copy["email"] = f"{number}.{row['email']}"
    return themes.renamed(table.name, copy, number)


class _Themes:
    """Copies of themes stand under keys of their own, and each version's hash is of what it says."""

    def __init__(self, base: Seed) -> None:
        self.keys = {row["id"]: row["key"] for row in base.rows["document"]}
        self.said = {row["hash"]: _read(row["text"]) for row in base.rows["document_version"]}

    def renamed(self, table: str, copy: Row, number: int) -> Row:
        if table == "document":
            return copy | {
                "key": f"{copy['key']}-{number}",
                "path": f"{number}/{copy['path']}" if copy["path"] else "",
                "loaded_hash": self._hash(copy["loaded_hash"], number),
            }
        if table in ("document_version", "draft", "proposal"):
            key = self.keys[copy["document_id"] - number * STRIDE]
            copy["text"] = copy["text"].replace(f'id = "{key}"', f'id = "{key}-{number}"', 1)
        if table == "document_version":
            copy["hash"] = self._hash(copy["hash"], number)
        return copy

    def _hash(self, hash: str | None, number: int) -> str | None:
        said = self.said.get(hash or "")
        return replace(said, key=f"{said.key}-{number}").hash if said else hash


def _read(said: str) -> ThemeDocument:
    document = ideabank.read(said).document
    if not isinstance(document, ThemeDocument):
        raise SystemExit("The demo holds a theme that cannot be read.")
    return document
