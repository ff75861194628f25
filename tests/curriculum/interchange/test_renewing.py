"""A folder whose themes link retired aims is warned about, loads all the same, and gets new aims in one step."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from curriculum import interchange
from curriculum.ideabank import DocumentErrors
from tests.curriculum.ideabank.examples import NOW, THEME, TODAY, a_district, write_folder

OLD = THEME.replace("KM90001", "KM80001")
PATH = "kursrekke-9/01-mot.md"


def test_a_retired_aim_is_a_warning_with_file_and_line_and_no_problem(tmp_path: Path) -> None:
    report = interchange.check_folder(write_folder(tmp_path, **{PATH: OLD}))
    assert report.problems == ()
    assert [str(one) for one in interchange.folder_warnings(report, TODAY)] == [
        f"{PATH}, line 26: The aim “KM80001” was retired on 2026-08-01. Its successor is “KM90001”."
    ]
    assert interchange.folder_warnings(report, date(2026, 7, 31)) == []


def test_new_aims_come_into_the_files_once_and_nothing_else_changes(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, **{PATH: OLD})
    assert interchange.renew_folder(folder, TODAY) == [PATH]
    assert (folder / PATH).read_text(encoding="utf-8") == THEME
    assert interchange.renew_folder(folder, TODAY) == []


def test_notes_that_do_not_fit_in_one_are_told_with_their_line_and_nothing_is_written(tmp_path: Path) -> None:
    long = "Elevene snakker om hva mot er. " + "a" * 460
    both = OLD.replace("Elevene snakker om hva mot er.", long).replace(
        "[dive]", '[[aims]]\ncode = "KM90001"\nrole = "main"\nnote = "Elevene øver på å være modige."\n\n[dive]'
    )
    other = OLD.replace('id = "mot"', 'id = "ro"')
    folder = write_folder(tmp_path, **{PATH: both, "kursrekke-9/02-ro.md": other})
    with pytest.raises(DocumentErrors) as refused:
        interchange.renew_folder(folder, TODAY)
    assert str(refused.value) == (
        f"{PATH}, line 33: KM80001 + KM90001 become one aim, and their notes together are longer than 500 characters. "
        "Make one of them shorter."
    )
    assert [(folder / name).read_text(encoding="utf-8") for name in (PATH, "kursrekke-9/02-ro.md")] == [both, other]


def test_a_folder_with_faults_keeps_its_aims(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, **{PATH: OLD, "notes.md": "Hei\n"})
    with pytest.raises(DocumentErrors):
        interchange.renew_folder(folder, TODAY)
    assert (folder / PATH).read_text(encoding="utf-8") == OLD


def test_a_retired_aim_is_told_of_by_what_the_bank_knows(db: Session, tmp_path: Path) -> None:
    district = a_district(db)
    interchange.load_folder(db, district, write_folder(tmp_path / "all"), now=NOW, today=TODAY)
    alone = tmp_path / "one" / PATH
    alone.parent.mkdir(parents=True)
    alone.write_text(OLD, encoding="utf-8")
    report = interchange.check_folder(tmp_path / "one")
    assert interchange.folder_warnings(report, TODAY) == []
    assert [str(one) for one in interchange.bank_warnings(db, report, TODAY)] == [
        f"{PATH}, line 26: The aim “KM80001” was retired on 2026-08-01. Its successor is “KM90001”."
    ]
