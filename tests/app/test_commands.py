"""The command line, as whoever runs an installation uses it."""

import shutil
import sqlite3
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app import create_app
from app.condition import in_words
from app.database import make_engine, store
from app.settings import FLASK, ROOT, Settings
from curriculum.base import reading_only
from curriculum.goals import goal_values, load_goals
from curriculum.ideabank import Document, DocumentVersion, parse
from curriculum.interchange import DEMO_CAST, FILES, read_entries
from curriculum.people import District, Person, School, SchoolClass
from curriculum.summaries import Translation
from tests.cast import Cast, make_series
from tests.curriculum.goals.responses import STATUS, aim, by_language, cross_theme, saved
from tests.curriculum.ideabank.examples import GOALS, THEME, write_folder

CONTENT = str(ROOT / "content")


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


@pytest.fixture
def alone(tmp_path: Path) -> FlaskCliRunner:
    """For what needs no database: there is none."""
    return at(f"sqlite:///{tmp_path}/none.sqlite")


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


def facts_known(db: Session) -> dict[str, object]:
    with reading_only():
        values = goal_values(db)
        db.rollback()
    return values


@pytest.mark.slow
def test_a_district_gets_its_bank_and_gives_it_back_as_the_same_files(runner: FlaskCliRunner, db: Session, tmp_path: Path) -> None:
    run(runner, "district", "add", "lia", "Bydel Lia (oppdiktet)")
    assert "vennskap: new" in run(runner, "content", "load", CONTENT)
    assert "vennskap: unchanged" in run(runner, "content", "load", CONTENT)
    run(runner, "content", "export", str(tmp_path))
    written = {file.relative_to(tmp_path): file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    shipped = {file.relative_to(CONTENT): file.read_bytes() for file in Path(CONTENT).rglob("*") if file.is_file()}
    assert written == {name: data for name, data in shipped.items() if name.name != "README.md"}
    assert "no problems" in run(runner, "content", "check", str(tmp_path))
    before = facts_known(db), count(db, DocumentVersion)
    assert "vennskap: unchanged" in run(runner, "content", "load", str(tmp_path))
    assert (facts_known(db), count(db, DocumentVersion)) == before


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
    assert f"{FLASK} demo --new-passwords" in run(runner, "demo", "--if-empty")
    assert "not empty" in run(runner, "demo", fails=True)
    assert "Password for all of them:" in run(runner, "demo", "--new-passwords")
    assert count(db, DocumentVersion) == versions
    assert "All is well." in run(runner, "verify")


def test_where_a_district_of_ones_own_stands_no_demo_is_made_and_no_sign_in_of_one_is_printed(runner: FlaskCliRunner) -> None:
    run(runner, "district", "add", "lia", "Bydel Lia (oppdiktet)")
    said = run(runner, "demo", "--if-empty")
    assert "@demo.example" not in said and "no demo was made" in said
    assert "There is no demo here" in run(runner, "demo", "--new-passwords", fails=True)


def test_people_are_added_with_a_role_and_a_password_to_hand_over(runner: FlaskCliRunner, db: Session) -> None:
    run(runner, "district", "add", "lia", "Bydel Lia (oppdiktet)")
    said = run(runner, "person", "add", "Ida@Lia.example", "Ida Oppdiktet", "--role", "administrator")
    assert "ida@lia.example" in said
    assert "has an account already" in run(runner, "person", "add", "ida@lia.example", "Ida", "--role", "coordinator", fails=True)
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


def test_official_texts_come_in_from_grep_and_retired_aims_are_named(runner: FlaskCliRunner, db: Session, tmp_path: Path) -> None:
    with db.begin():
        load_goals(db, tomllib.loads(GOALS))
    gone = STATUS + "status_utgaatt"
    old = saved(tmp_path, aim("KM80001", "SAF90-00", status=gone), aim("KM99999"), aim("KM99998", status=gone))
    said = run(runner, "goals", "import", str(old), str(saved(tmp_path, cross_theme(), name="tt1.json")))
    assert said.splitlines() == [
        "Taken in: 1 aim, 0 plans, 1 cross-curricular theme.",
        "KM80001 is retired; its successor is KM90001.",
        f"{old}, [1]: KM99999 is not in our list; nothing of it was taken in.",
        f"{old}, [2]: KM99998 is retired, and not in our list either; nothing of it was taken in.",
    ]
    assert run(runner, "goals", "import", str(old)).splitlines()[:2] == [
        "Taken in: 0 aims, 0 plans, 0 cross-curricular themes.",
        "Not changed, because the files say nothing new of them: KM80001.",
    ]
    said = run(runner, "goals", "import", str(saved(tmp_path, aim("KM80001", "SAF90-00", status=None))))
    assert "svar.json: the response tells no status; KM80001 stays retired." in said
    said = run(runner, "goals", "import", str(saved(tmp_path, aim("KM99999"))), fails=True)
    assert said.endswith("Error: Nothing was taken in.\n")
    said = run(runner, "goals", "import", str(saved(tmp_path, aim(forklaring=by_language(nob="<p>Mot</p>")))))
    assert "svar.json, forklaring[0].verdi: HTML was taken out of the explanation; its words are kept." in said
    withdrawn = str(saved(tmp_path, aim(status=gone)))
    assert "KM90001 is retired; it has no successor in our list." in run(runner, "goals", "import", withdrawn)
    assert "b.json: this has no grep-type" in run(runner, "goals", "import", str(saved(tmp_path, {}, name="b.json")), fails=True)


def test_a_file_that_waits_says_where_and_a_retired_aim_is_told_of(runner: FlaskCliRunner, db: Session, tmp_path: Path) -> None:
    run(runner, "district", "add", "lia", "Bydel Lia (oppdiktet)")
    folder, path = str(tmp_path), "kursrekke-9/01-mot.md"
    write_folder(tmp_path, **{path: THEME.replace("KM90001", "KM80001")})
    said = run(runner, "content", "load", folder)
    assert f"warning: {path}, line 26: The aim “KM80001” was retired on 2026-08-01. Its successor is “KM90001”." in said
    with db.begin():
        db.scalars(select(Document).where(Document.key == "mot")).one().loaded_hash = "edited"
    write_folder(tmp_path, **{path: THEME.replace("Tegn.", "Mal.")})
    assert (
        "mot: the bank has been edited since it was loaded, so nothing was published. "
        "The file waits as a proposal for a fagansvarlig: /idebank/mot, “Forslag”."
    ) in run(runner, "content", "load", folder)


@pytest.mark.slow
def test_a_folder_with_retired_aims_is_warned_about_and_gets_new_ones(runner: FlaskCliRunner, tmp_path: Path) -> None:
    shutil.copytree(CONTENT, tmp_path / "content")
    theme = tmp_path / "content" / "kursrekke-1" / "06-vennskap.md"
    before = theme.read_bytes()
    theme.write_bytes(before.replace(b"KM14683", b"KM1696"))
    said = run(runner, "content", "check", str(tmp_path / "content"))
    assert "warning: kursrekke-1/06-vennskap.md, line 26: The aim “KM1696” was retired on 2026-08-01. Its successor is “KM14683”." in said
    assert said.endswith("files, no errors, 1 warning.\n") and f"`{FLASK} goals migrate {tmp_path}/content`" in said
    said = run(runner, "goals", "migrate", str(tmp_path / "content"))
    assert said == "new aims: kursrekke-1/06-vennskap.md\n1 theme changed.\n"
    assert theme.read_bytes() == before
    (tmp_path / "content" / "notes.md").write_text("Hei\n")
    assert "notes.md, line 1" in run(runner, "goals", "migrate", str(tmp_path / "content"), fails=True)


def test_upgrade_is_safe_to_repeat(runner: FlaskCliRunner) -> None:
    assert run(runner, "upgrade") == run(runner, "upgrade")


@pytest.mark.slow
def test_the_state_of_everything_fits_on_one_screen(alone: FlaskCliRunner) -> None:
    said = run(alone, "content", "report", CONTENT, str(ROOT / "translations")).splitlines()
    assert len(said) < 40 and max(map(len, said)) < 110
    assert said[0].split()[:6] == ["theme", "minutes", "words", "LIX", "terms", "aims"]
    assert any(line.startswith("vennskap ") and "45/60" in line for line in said)
    *five, total = next([int(part) for part in line.split()[1:7]] for line in said if line.startswith("so "))
    assert sum(five) == total > 300
    assert "0 faults." in "\n".join(said)


def test_content_tied_to_a_place_fails_the_check_and_is_in_the_report(alone: FlaskCliRunner, tmp_path: Path) -> None:
    words = (ROOT / "content" / "vocabulary.toml").read_text(encoding="utf-8")
    (tmp_path / "vocabulary.toml").write_text(words.replace('title = "Ord vi bruker"', 'title = "Ord på Alna"'), encoding="utf-8")
    assert "vocabulary.toml, line 4: “Alna” belongs in" in run(alone, "content", "check", str(tmp_path), fails=True)
    assert "vocabulary.toml, line 4: “Alna” belongs in" in run(alone, "content", "report", str(tmp_path), str(tmp_path))


@pytest.mark.slow
def test_translations_are_checked_and_warnings_are_shown_when_asked_for(alone: FlaskCliRunner) -> None:
    said = run(alone, "translations", "check")
    assert "vocabulary:" not in said
    assert "terms.po, line" in run(alone, "translations", "check", "--warnings", str(ROOT / "translations" / "pl"))


@pytest.mark.slow
def test_a_translation_with_an_error_fails_the_check(alone: FlaskCliRunner, tmp_path: Path) -> None:
    text = (ROOT / "translations" / "so" / "terms.po").read_text(encoding="utf-8")
    (tmp_path / "so").mkdir()
    (tmp_path / "so" / "terms.po").write_text(text.replace('msgstr "aqoonsi"', 'msgstr "aqoonsi 7"'), encoding="utf-8")
    said = run(alone, "translations", "check", str(tmp_path), fails=True)
    assert "identitet.word: numbers: The numbers are not those of the source" in said
    assert "1 error in" in said
    (tmp_path / "so").rename(tmp_path / "elvish")
    assert "no language “elvish”" in run(alone, "translations", "check", str(tmp_path), fails=True)
    assert "no language “elvish”" in run(alone, "content", "report", CONTENT, str(tmp_path), fails=True)


def test_translations_that_are_not_whole_are_refused_with_file_and_line_and_nothing_comes_in(
    runner: FlaskCliRunner, db: Session, tmp_path: Path
) -> None:
    run(runner, "district", "add", "lia", "Bydel Lia (oppdiktet)")
    (tmp_path / "so").mkdir()
    file = tmp_path / "so" / "themes.po"
    whole = (ROOT / "translations" / "so" / "themes.po").read_bytes()
    entries = whole.split(b"\n\n")
    for line, fault, data in (
        (6, "The quotation mark at the end of this line is missing.", b"\n".join(whole.split(b"\n")[:6])[:-1]),
        (20, "The file is not written in UTF-8.", b"\n" * 19 + "\xe5".encode("latin-1")),
    ):
        file.write_bytes(data)
        assert f"themes.po, line {line}: {fault}" in run(runner, "translations", "import", "so", str(file), fails=True)
        assert f"so/themes.po, line {line}: file: {fault}" in run(runner, "translations", "check", str(tmp_path), fails=True)
    assert count(db, Translation) == 0
    file.write_bytes(b"\n\n".join(entries[:3]) + b"\n")
    assert "so/themes.po lacks " in run(runner, "translations", "check", str(tmp_path))


def test_a_file_that_lacks_sentences_comes_in_and_says_how_many(runner: FlaskCliRunner, tmp_path: Path) -> None:
    run(runner, "district", "add", "lia", "Bydel Lia (oppdiktet)")
    folder = write_folder(tmp_path / "content")
    run(runner, "content", "load", str(folder))
    uid, digest, source = (getattr(parse(THEME).segments()[0], name) for name in ("uid", "hash", "text"))
    (tmp_path / "themes.po").write_text(f'msgctxt "mot|{uid}|{digest}"\nmsgid "{source}"\nmsgstr ""\n', encoding="utf-8")
    said = run(runner, "translations", "import", "so", str(tmp_path / "themes.po"))
    assert f"Of the idea bank's sentences, 6 are not in {tmp_path / 'themes.po'}." in said


def test_the_programs_own_words_are_not_imported_and_that_is_said_once(runner: FlaskCliRunner) -> None:
    run(runner, "district", "add", "lia", "Bydel Lia (oppdiktet)")
    said = run(runner, "translations", "import", "so", str(ROOT / "translations" / "so" / "interface.po"), fails=True)
    assert said.count("interface.po, line") == said.count("\n") == 1


def test_the_interfaces_words_are_collected_or_their_fault_is_named(
    runner: FlaskCliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.commands.ROOT", tmp_path)
    file = tmp_path / "translations" / "nb" / "interface.po"
    file.parent.mkdir(parents=True)
    file.write_text('msgid "Gone"\nmsgstr "Borte"\n', encoding="utf-8")
    assert "nb/interface.po, line 1: “Gone” is not one of" in run(runner, "translations", "interface", "--check", fails=True)
    said = run(runner, "translations", "check", str(file.parents[1]), "--content", CONTENT, fails=True)
    assert "nb/interface.po, line 1: “Gone” is not one of" in said and "1 error in" in said
    assert "nb: 0 sentences" in run(runner, "translations", "interface")
    file.write_bytes('msgid "Save"\nmsgstr "P\xe5"\n'.encode("latin-1"))
    for words in ((), ("--check",)):
        said = run(runner, "translations", "interface", *words, fails=True)
        assert said.startswith("Error: nb/interface.po, line 2: The file is not written in UTF-8.") and said.count("\n") == 1


# --- From an empty database to a parent's page --------------------------------------------------------------------------------------


def begin(runner: FlaskCliRunner) -> None:
    run(runner, "district", "add", "lia", "Bydel Lia (oppdiktet)")
    run(runner, "school", "add", "Lia skole", "--phone", "22 00 00 00")
    run(runner, "class", "add", "5A", "--school", "Lia skole", "--grade", "5", "--grade", "6")


def test_a_district_starts_without_a_line_of_sql(runner: FlaskCliRunner, client: FlaskClient, db: Session) -> None:
    begin(runner)
    run(runner, "person", "add", "ida@lia.example", "Ida Oppdiktet", "--role", "agent", "--class", "5A")
    run(runner, "person", "assign", "IDA@lia.example", "--role", "head", "--school", "lia skole", "--until", "2199-06-30")
    address = run(runner, "link", "new", "5a").split()[0]
    assert address.startswith("http://127.0.0.1:8000/f/")
    page = client.get(address.removeprefix("http://127.0.0.1:8000") + "/en")
    assert page.status_code == 200 and "5A" in page.text and "Lia skole" in page.text
    assert "Close it first." in run(runner, "link", "new", "5A", fails=True)
    assert "closed" in run(runner, "link", "revoke", address)
    assert client.get(address.removeprefix("http://127.0.0.1:8000") + "/en").status_code == 410
    assert "closed already" in run(runner, "link", "revoke", address, fails=True)
    assert "/l/" in run(runner, "link", "new", "5A", "--school", "Lia skole", "--kind", "teacher")
    with reading_only():
        [person] = db.scalars(select(Person))
        assert [(one.role, one.class_id is None, one.school_id is None) for one in person.assignments] == [
            ("agent", False, True),
            ("head", True, False),
        ]
        [group] = db.scalars(select(SchoolClass))
        assert [one.grade for one in group.grades] == [5, 6]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("district", "add", "Bad Key!", "Lia"), "small letters"),
        (("district", "add", "x" * 41, "Lia"), "at most 40"),
        (("district", "add", "vika", " "), "A name is missing."),
        (("district", "add", "vika", "Vika", "--source-language", "xx"), "There is no language “xx”."),
        (("school", "add", "x" * 121), "at most 120 characters"),
        (("school", "add", "LIA SKOLE"), "already"),
        (("school", "add", "Vika skole", "--phone", "ring"), "not a telephone number"),
        (("class", "add", "5A", "--school", "Lia skole", "--grade", "5"), "There is a class “5A” at Lia skole already."),
        (("class", "add", "5B", "--school", "Ukjent", "--grade", "5"), "Schools: Lia skole."),
        (("class", "add", "5B", "--school", "Lia skole", "--grade", "11"), "from 1 to 10"),
        (("class", "add", "5B", "--school", "Lia skole", "--grade", "5", "--year", "26"), "the year a school year begins"),
        (("person", "add", "ida", "Ida", "--role", "administrator"), "“ida” is not an e-mail address."),
        (("person", "add", "ida@lia.example", "", "--role", "administrator"), "A name is missing."),
        (("person", "add", "ida@lia.example", "Ida 01010750160", "--role", "administrator"), "national identity number"),
        (("person", "add", "ida@lia.example", "Ida", "--role", "agent"), "assigned to a class"),
        (("person", "add", "ida@lia.example", "Ida", "--role", "head"), "assigned to a school"),
        (("person", "add", "ida@lia.example", "Ida", "--role", "translator"), "assigned to a language"),
        (("person", "add", "ida@lia.example", "Ida", "--role", "administrator", "--class", "5A"), "the whole district"),
        (("person", "add", "ida@lia.example", "Ida", "--role", "agent", "--class", "9Z"), "There is no class “9Z”"),
        (("person", "add", "ida@lia.example", "Ida", "--role", "administrator", "--until", "2001-01-01"), "over already"),
        (("person", "assign", "eva@lia.example", "--role", "administrator"), "There is no one with the address"),
        (("link", "new", "5A", "--year", "2001"), "There is no class “5A” in the school year that begins in 2001."),
        (("link", "revoke", "zzzzzzzzzz"), "There is no link with the code"),
    ],
)
def test_what_is_typed_is_checked_and_nothing_is_kept_of_what_is_refused(
    words: tuple[str, ...], said: str, runner: FlaskCliRunner, db: Session
) -> None:
    begin(runner)
    assert said in run(runner, *words, fails=True)
    assert [count(db, model) for model in (District, Person, School, SchoolClass)] == [1, 0, 1, 1]


def test_a_class_name_that_several_schools_have_needs_its_school(runner: FlaskCliRunner) -> None:
    begin(runner)
    run(runner, "school", "add", "Vika skole")
    run(runner, "class", "add", "5A", "--school", "Vika skole", "--grade", "5")
    assert "add --school" in run(runner, "link", "new", "5A", fails=True)
    assert "/f/" in run(runner, "link", "new", "5A", "--school", "Vika skole")


# --- What stands in the way is said in a sentence -----------------------------------------------------------------------------------


def at(url: str) -> FlaskCliRunner:
    return create_app(Settings.from_env({"DATABASE_URL": url})).test_cli_runner()


EVERY = (("verify",), ("upgrade",), ("demo",), ("content", "load", CONTENT))


@pytest.mark.parametrize("words", EVERY, ids=lambda words: words[0])
def test_a_place_that_holds_no_database_is_named(words: tuple[str, ...], tmp_path: Path) -> None:
    junk = tmp_path / "junk.sqlite"
    junk.write_bytes(b"not a database " * 1000)
    for url, said in (
        (f"sqlite:///{tmp_path}/missing/k.sqlite", f"There is no folder {tmp_path}/missing"),
        (f"sqlite:///{tmp_path}", f"{tmp_path} is a folder"),
        (f"sqlite:///{junk}", "is damaged, or is no database"),
        ("postgresql://nobody@127.0.0.1:1/none", "The database does not answer"),
    ):
        assert said in run(at(url), *words, fails=True)


def test_a_database_that_is_not_there_is_not_made_by_asking(tmp_path: Path) -> None:
    file = tmp_path / "k.sqlite"
    assert "There is no database at" in run(at(f"sqlite:///{file}"), "verify", fails=True)
    assert not file.exists()


def test_an_empty_database_is_told_what_it_needs(tmp_path: Path) -> None:
    words = ("person", "add", "ida@lia.example", "Ida", "--role", "administrator")
    assert f"run `{FLASK} upgrade`" in run(at(f"sqlite:///{tmp_path}/k.sqlite"), *words, fails=True)


def test_tables_of_another_version_or_of_none_are_left_as_they_are(runner: FlaskCliRunner, app: Flask) -> None:
    for statement, said in (
        ("UPDATE alembic_version SET version_num = '9999'", "a newer program made it"),
        ("DELETE FROM alembic_version", "does not say of which version"),
    ):
        with app.app_context(), store.engine.begin() as connection:
            connection.exec_driver_sql(statement)
        for words in ("verify", "upgrade", "demo"):
            assert said in run(runner, words, fails=True)


def test_a_folder_that_cannot_be_written_is_named(runner: FlaskCliRunner, tmp_path: Path) -> None:
    run(runner, "district", "add", "lia", "Bydel Lia (oppdiktet)")
    run(runner, "content", "load", CONTENT)
    (tmp_path / "file").write_text("")
    assert str(tmp_path / "file") in run(runner, "content", "export", str(tmp_path / "file" / "x"), fails=True)


@pytest.mark.parametrize(
    ("said_by_sqlite", "words"),
    [
        ("attempt to write a readonly database", "cannot be written"),
        ("database disk image is malformed", "is damaged"),
        ("database is locked", "in use by another program"),
        ("something else", "does not answer: something else"),
    ],
)
def test_sqlites_complaints_are_put_in_plain_words(said_by_sqlite: str, words: str, tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/k.sqlite")
    assert words in in_words(OperationalError("SELECT 1", {}, sqlite3.OperationalError(said_by_sqlite)), engine)
    engine.dispose()


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("ALTER TABLE person RENAME COLUMN name TO nickname", "The table person lacks the column name."),
        ("ALTER TABLE person ADD COLUMN hobby VARCHAR(10)", "a column hobby that is not the program's"),
        ("CREATE TABLE extra (id INTEGER PRIMARY KEY)", "The table extra is not the program's."),
        ("DROP TABLE help_line", "The table help_line is missing."),
        ("DROP INDEX ix_assignment_person_id", "The table assignment lacks index ix_assignment_person_id."),
    ],
)
@pytest.mark.slow
def test_verify_names_how_the_tables_differ_from_the_programs(statement: str, said: str, runner: FlaskCliRunner, app: Flask) -> None:
    with app.app_context(), store.engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert said in run(runner, "verify", fails=True)


def test_verify_says_that_all_is_well_where_it_is(runner: FlaskCliRunner) -> None:
    assert "All is well." in run(runner, "verify")


@pytest.mark.slow
def test_verify_finds_rows_that_point_nowhere(database_kind: str, runner: FlaskCliRunner, app: Flask) -> None:
    if database_kind != "sqlite":
        pytest.skip("PostgreSQL lets no row point nowhere")
    with app.app_context(), store.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys=OFF")
        driver.execute("INSERT INTO help_line (district_id, position, name, phone) VALUES (99, 1, 'x', '116 111')")
    assert "In help_line, 1 row points to rows of district that are not there." in run(runner, "verify", fails=True)


def test_a_folder_without_documents_is_no_content(runner: FlaskCliRunner, tmp_path: Path) -> None:
    assert "There is nothing to load in" in run(runner, "content", "check", str(tmp_path), fails=True)


def test_a_class_with_a_series_is_not_split_from_the_command_line_either(runner: FlaskCliRunner, cast: Cast, db: Session) -> None:
    make_series(db, cast)
    db.commit()
    split = ("class", "add", "5A1", "--school", cast.school.name, "--grade", "5", "--kind", "half", "--from", cast.a5.name)
    said = run(runner, *split, "--year", str(cast.a5.school_year), "--district", cast.district.key, fails=True)
    assert "its halves would have series of their own beside it" in said
