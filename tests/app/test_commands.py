"""The command line, as whoever runs an installation uses it."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.settings import ROOT
from curriculum.base import reading_only
from curriculum.ideabank import DocumentVersion
from curriculum.interchange import DEMO_CAST, FILES, read_entries
from curriculum.people import District, Person
from curriculum.summaries import Translation

CONTENT = str(ROOT / "content")


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


def run(runner: FlaskCliRunner, *words: str, fails: bool = False) -> str:
    """What a command says; it must succeed, or fail without a traceback."""
    result = runner.invoke(args=words)
    assert (result.exit_code != 0, "Traceback" in result.output) == (fails, False), result.output
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    return result.output


def count(db: Session, model: type) -> int:
    with reading_only():
        number: int = db.scalar(select(func.count()).select_from(model)) or 0
        db.rollback()
    return number


@pytest.mark.slow
def test_a_district_gets_its_bank_and_gives_it_back_as_the_same_files(runner: FlaskCliRunner, tmp_path: Path) -> None:
    run(runner, "district", "add", "lia", "Bydel Lia (oppdiktet)")
    assert "vennskap: new" in run(runner, "content", "load", CONTENT)
    assert "vennskap: unchanged" in run(runner, "content", "load", CONTENT)
    run(runner, "content", "export", str(tmp_path))
    written = {file.relative_to(tmp_path): file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    assert len(written) >= 11
    assert written == {name: (ROOT / "content" / name).read_bytes() for name in written}


@pytest.mark.slow
def test_translations_come_in_once_and_go_out_again(runner: FlaskCliRunner, db: Session, tmp_path: Path) -> None:
    run(runner, "district", "add", "lia", "Bydel Lia (oppdiktet)")
    run(runner, "content", "load", CONTENT)
    folder = str(ROOT / "translations" / "so")
    run(runner, "translations", "import", "so", folder)
    there = count(db, Translation)
    assert run(runner, "translations", "import", "so", folder).startswith("0 added")
    assert count(db, Translation) == there
    assert "so: 0 checked, 0 translated, " in run(runner, "translations", "status")
    run(runner, "translations", "export", "so", str(tmp_path))
    for name in FILES:
        shipped, exported = Path(folder, name).read_bytes(), (tmp_path / name).read_bytes()
        assert [replace(entry, line=0) for entry in read_entries(exported, name, "so")] == [
            replace(entry, line=0) for entry in read_entries(shipped, name, "so")
        ]


@pytest.mark.slow
def test_the_demo_is_made_once_and_says_how_to_get_in(runner: FlaskCliRunner, db: Session) -> None:
    said = run(runner, "demo", "--if-empty", "--today", "2026-10-21")
    assert [email for _, email in DEMO_CAST if email not in said] == []
    assert "/f/parent5a7k" in said and "Password for all of them:" in said
    versions = count(db, DocumentVersion)
    assert "new ones: flask --app wsgi demo --new-passwords" in run(runner, "demo", "--if-empty")
    assert "not empty" in run(runner, "demo", fails=True)
    assert "Password for all of them:" in run(runner, "demo", "--new-passwords")
    assert count(db, DocumentVersion) == versions
    assert "All is well." in run(runner, "verify")


def test_people_are_added_with_a_role_and_a_password_to_hand_over(runner: FlaskCliRunner, db: Session) -> None:
    run(runner, "district", "add", "lia", "Bydel Lia (oppdiktet)")
    said = run(runner, "person", "add", "Ida@Lia.example", "Ida Oppdiktet", "--role", "administrator")
    assert "ida@lia.example" in said
    assert "has an account already" in run(runner, "person", "add", "ida@lia.example", "Ida", "--role", "agent", fails=True)
    assert count(db, Person) == 1


def test_a_district_is_added_once_with_the_languages_of_the_start_open(runner: FlaskCliRunner, db: Session) -> None:
    run(runner, "district", "add", "lia", "Bydel Lia (oppdiktet)")
    assert "already" in run(runner, "district", "add", "lia", "En annen", fails=True)
    with reading_only():
        [district] = db.scalars(select(District))
        assert district.open_languages == ["nb", "en", "ur", "so", "ar", "ta", "pl"]


def test_without_a_district_the_commands_say_what_to_do_first(runner: FlaskCliRunner) -> None:
    assert "district add" in run(runner, "content", "load", CONTENT, fails=True)
    assert "no district “lia”" in run(runner, "translations", "status", "--district", "lia", fails=True)


def test_an_unknown_language_is_refused_with_the_known_ones(runner: FlaskCliRunner, tmp_path: Path) -> None:
    run(runner, "district", "add", "lia", "Bydel Lia (oppdiktet)")
    assert "known: nb" in run(runner, "translations", "export", "xx", str(tmp_path), fails=True)


def test_a_folder_with_faults_loads_nothing_and_names_file_and_line(runner: FlaskCliRunner, db: Session, tmp_path: Path) -> None:
    run(runner, "district", "add", "lia", "Bydel Lia (oppdiktet)")
    (tmp_path / "vocabulary.toml").write_text('format = 1\nkind = "vocabulary"\nid = "vocabulary"\ntitle = "Ord\n')
    said = run(runner, "content", "check", str(tmp_path), fails=True)
    assert "vocabulary.toml, line 4" in said
    assert "vocabulary.toml, line 4" in run(runner, "content", "load", str(tmp_path), fails=True)
    assert count(db, DocumentVersion) == 0


def test_upgrade_is_safe_to_repeat(runner: FlaskCliRunner) -> None:
    assert run(runner, "upgrade") == run(runner, "upgrade")
