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
from app.condition import faults
from app.database import MIGRATIONS, alembic_config, make_engine, store, upgrade
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


@pytest.mark.slow
def test_aims_that_were_there_before_come_along(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'old.sqlite'}")
    upgrade(engine, "0001")
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO framework (code, subject_nb, subject_en) VALUES ('SAF90-01', 'Fag', 'Subject')")
        connection.exec_driver_sql(
            "INSERT INTO aim (code, framework_code, previous_code, after_year, position, label_nb, label_en, uri) "
            "VALUES ('KM90001', 'SAF90-01', 'KM80001', 7, 1, 'Mot', 'Courage', '')"
        )
    upgrade(engine)
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT code, previous_code, is_withdrawn FROM aim").all() == [("KM90001", "KM80001", False)]
    engine.dispose()


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.name)
def test_a_migration_says_in_one_sentence_what_it_does_and_leans_on_nothing_that_will_change(path: Path) -> None:
    source = path.read_text("utf-8")
    sentence = ast.get_docstring(ast.parse(source)) or ""
    assert re.fullmatch(r"[A-ZÆØÅ][^.\n]*\.", sentence)
    assert not re.search(r"^\s*(?:from|import) (?:app|curriculum)\b", source, re.M)


def test_a_database_of_another_version_is_not_opened(database_url: str) -> None:
    engine = make_engine(database_url)
    for version, words in (("0001", "flask --app wsgi upgrade`"), ("9999", "a newer program made it")):
        with engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{version}'")
        assert words in faults(engine)[0]
    engine.dispose()


def test_a_web_server_is_not_let_in_before_the_database_is_as_it_must_be(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    opened = open_house()
    with opened.app_context(), store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM alembic_version")
    with pytest.raises(SystemExit, match="does not say of which version"):
        open_house()
    with opened.app_context():
        store.engine.dispose()


def test_every_constraint_has_a_name_that_a_migration_can_find() -> None:
    nameless = [table.name for table in metadata.tables.values() for constraint in table.constraints if not constraint.name]
    assert nameless == []


def test_nothing_is_removed_by_the_database_on_its_own() -> None:
    cascading = [f"{table.name}.{key.parent.name}" for table in metadata.tables.values() for key in table.foreign_keys if key.ondelete]
    assert cascading == []
