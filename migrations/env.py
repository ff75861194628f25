"""Alembic's entry: runs the migrations on the connection the program gives it."""

from typing import Any

from alembic import context

from curriculum.base import UtcDateTime
from curriculum.tables import metadata


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Migrations name SQLAlchemy's own types only, so that old ones run whatever becomes of ours."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True, render_item=render_item)
context.run_migrations()
