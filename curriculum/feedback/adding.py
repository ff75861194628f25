"""Adding to a number that several processes add to at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

_INSERT: Mapping[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def add_times(db: Session, table: Table, key: Mapping[str, object], times: int) -> None:
    """Add to the row with this key, or begin it: in one statement, so that nothing another adds is lost."""
    if not times:
        return
    row = _INSERT[db.get_bind().dialect.name](table).values(**key, times=times)
    db.execute(row.on_conflict_do_update(index_elements=list(key), set_={"times": table.c.times + row.excluded.times}))
