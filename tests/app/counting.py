"""How many queries a request takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import event

from app.database import store

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse


def queries(app: Flask, ask: Callable[[], TestResponse]) -> int:
    """The number of SELECTs it takes to answer `ask`, which must succeed."""
    seen: list[str] = []

    def notice(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append(statement)

    with app.app_context():
        engine = store.engine
    event.listen(engine, "before_cursor_execute", notice)
    try:
        assert ask().status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", notice)
    return len(seen)
