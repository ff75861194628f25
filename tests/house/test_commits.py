"""Only the web's database module and the commands commit: the domain flushes and leaves the rest to whoever called it."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ALLOWED = {"app/database.py", "app/commands.py", "app/registry.py"}


def commits(source: str) -> list[int]:
    """Lines that call something named commit, or reach for one."""
    return [node.lineno for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute) and node.attr == "commit"]


def test_nobody_else_commits() -> None:
    files = [path for room in ("app", "curriculum") for path in (ROOT / room).rglob("*.py")]
    found = {str(path.relative_to(ROOT)): lines for path in files if (lines := commits(path.read_text("utf-8")))}
    assert len(files) > 30
    assert set(found) == ALLOWED


def test_a_commit_is_found_however_it_is_called() -> None:
    assert commits("db.commit()\nfor act in [session().commit]:\n    act()\nstore.session.commit()") == [1, 2, 4]
