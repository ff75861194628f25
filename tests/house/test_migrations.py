"""The migrations lead from an empty database to exactly the tables that the models describe, on both databases."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from app import open_house
from app.database import MIGRATIONS, alembic_config, faults, make_engine, store
from curriculum.tables import metadata

VERSIONS = sorted((MIGRATIONS / "versions").glob("*.py"))


@pytest.mark.slow
def test_the_tables_are_exactly_the_models(database_url: str) -> None:
    engine = make_engine(database_url)
    with engine.connect() as connection:
        command.check(alembic_config(connection))
        assert set(inspect(connection).get_table_names()) == set(metadata.tables) | {"alembic_version"}
    assert faults(engine) == []
    engine.dispose()


def test_the_migrations_are_one_line_from_first_to_last() -> None:
    script = ScriptDirectory.from_config(alembic_config())
    assert len(script.get_heads()) == len(script.get_bases()) == 1


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.name)
def test_a_migration_says_in_one_sentence_what_it_does_and_leans_on_nothing_that_will_change(path: Path) -> None:
    source = path.read_text("utf-8")
    sentence = ast.get_docstring(ast.parse(source)) or ""
    assert re.fullmatch(r"[A-ZÆØÅ][^.\n]*\.", sentence)
    assert not re.search(r"^\s*(?:from|import) (?:app|curriculum)\b", source, re.M)


def test_a_database_of_another_version_is_not_opened(database_url: str) -> None:
    engine = make_engine(database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    assert "run `flask --app wsgi upgrade`" in faults(engine)[0]
    engine.dispose()


def test_a_web_server_is_not_let_in_before_the_database_is_as_it_must_be(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    opened = open_house()
    with opened.app_context(), store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM alembic_version")
    with pytest.raises(SystemExit, match="The database is at revision None"):
        open_house()
    with opened.app_context():
        store.engine.dispose()


def test_every_constraint_has_a_name_that_a_migration_can_find() -> None:
    nameless = [table.name for table in metadata.tables.values() for constraint in table.constraints if not constraint.name]
    assert nameless == []


def test_nothing_is_removed_by_the_database_on_its_own() -> None:
    cascading = [f"{table.name}.{key.parent.name}" for table in metadata.tables.values() for key in table.foreign_keys if key.ondelete]
    assert cascading == []
