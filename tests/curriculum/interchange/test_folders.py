# ruff: noqa: E501 - a fault reads best on one line
"""A content folder comes in whole or not at all, and goes out as it came."""

import tomllib
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from curriculum import goals, ideabank, interchange, planning
from curriculum.base import Refused
from curriculum.goals import Aim
from curriculum.ideabank import Document, DocumentErrors, DocumentVersion
from curriculum.people import District
from curriculum.planning import SchoolCalendar
from tests.curriculum.ideabank.examples import (
    CALENDAR,
    FOLDER,
    GOALS,
    NOW,
    OUTLINE,
    THEME,
    TODAY,
    VOCABULARY,
    a_district,
    a_person,
    mot,
    publish_draft,
    version,
    write_folder,
)

CONTENT = Path(__file__).parents[3] / "content"


def load(db: Session, folder: Path) -> dict[str, str]:
    district = db.scalars(select(District)).one()
    return {outcome.path: outcome.what for outcome in interchange.load_folder(db, district, folder, now=NOW, today=TODAY)}


def told(folder: Path) -> list[str]:
    return [str(problem) for problem in interchange.check_folder(folder).problems]


def test_a_good_folder_is_read_whole(tmp_path: Path) -> None:
    report = interchange.check_folder(write_folder(tmp_path, **{".git/x.toml": "x"}))
    assert (report.count, report.problems) == (6, ())
    assert {file.path: file.kind for file in report.files} == {
        "calendars/stedet.toml": "calendar",
        "district-texts.toml": "district-texts",
        "goals.toml": "goals",
        "kursrekke-9/01-mot.md": "theme",
        "outlines/kursrekke-9.toml": "outline",
        "vocabulary.toml": "vocabulary",
    }


@pytest.mark.slow
def test_the_shipped_content_is_good_and_canonical(tmp_path: Path) -> None:
    assert told(CONTENT) == []
    for file in CONTENT.rglob("*"):
        if file.is_file():
            copy = tmp_path / file.relative_to(CONTENT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
    assert interchange.tidy_folder(tmp_path) == []


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="There is no folder"):
        interchange.check_folder(tmp_path / "borte")


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("kursrekke-9/01-mot.md", THEME.replace("{#p2}", "{#p1}"), "kursrekke-9/01-mot.md, line 90: “{#p1}” stands twice in the document."),
        ("kursrekke-9/01-mot.md", THEME.replace("KM90001", "KM90002"), "kursrekke-9/01-mot.md, line 26: There is no aim “KM90002”. Did you mean KM90001?"),
        ("kursrekke-9/01-mot.md", THEME.replace("KM90001", "KM80002"), "kursrekke-9/01-mot.md, line 26: There is no aim “KM80002”. Did you mean KM90001?"),
        ("kursrekke-9/01-mot.md", THEME.replace('"redd"', '"glad"'), "kursrekke-9/01-mot.md, line 13: There is no word “glad” in the vocabulary."),
        ("kursrekke-9/01-mot.md", THEME.replace('["duties"]', '["banner"]'), "kursrekke-9/01-mot.md, line 15: The district has no text “banner”."),
        ("kursrekke-9/02-mot.md", THEME, "kursrekke-9/02-mot.md, line 3: kursrekke-9/01-mot.md has the same id “mot”. Give one of them another id."),
        ("words.toml", VOCABULARY.replace('id = "vocabulary"', 'id = "words"'), "words.toml, line 3: vocabulary.toml is of the same kind (vocabulary). Put both into one file."),
        ("outlines/kursrekke-9.toml", OUTLINE.replace('theme = "mot"', 'theme = "mut"'), "outlines/kursrekke-9.toml, line 9: There is no theme “mut”. Did you mean mot?"),
        ("goals.toml", GOALS.replace("after_year = 7", "after_year = 0"), "goals.toml, line 18: after_year is missing or cannot be used."),
        ("goals.toml", GOALS.replace("tt1 = true\n", 'tt1 = "x"\n').replace("order = 3\n", "rekke = 3\n"), "goals.toml, line 19: There is no field rekke here."),
        ("calendars/stedet.toml", CALENDAR.replace("to = 2026-10-02", "to = 2026-09-02"), "calendars/stedet.toml, line 10: It ends before it begins. Write a later date in “to”."),
        ("calendars/stedet.toml", CALENDAR.replace("from = 2026-08-17", 'from = "august"'), "calendars/stedet.toml, line 5: from is missing or not a date. Write it as in: from = 2026-08-17"),
        ("calendars/stedet.toml", CALENDAR.replace('reason = "Høstferie"', ""), "calendars/stedet.toml, line 8: reason is missing or too long. Write at most 120 characters."),
        ("calendars/stedet.toml", CALENDAR.replace("[[closed]]", "[closed]"), "calendars/stedet.toml, line 8: Write [[closed]] on a line of its own, and its fields below."),
        ("calendars/stedet.toml", CALENDAR.replace("format = 1", "format = 2"), "calendars/stedet.toml, line 1: This program knows format 1 of calendars."),
        ("goals.toml", GOALS.replace("Snakke om mot", "Snakke om\u200b mot"), "goals.toml, line 22: This line holds a hidden character (U+200B). Delete it."),
        ("vocabulary.toml", VOCABULARY.replace("skummelt", "skum\u200bmelt"), "vocabulary.toml, line 11: This line holds a hidden character (U+200B). Delete it."),
        ("notes.md", "Hei\n", "notes.md, line 1: The facts of the theme are missing."),
        ("other.toml", "x = [", "other.toml, line 1: This line cannot be read as TOML"),
        (f"{'m' * 120}/{'n' * 80}.toml", OUTLINE, "The file's path is too long. At most 200 characters fit."),
    ],
)  # fmt: skip
def test_each_fault_is_told_with_its_file_and_line(tmp_path: Path, path: str, text: str, said: str) -> None:
    assert any(said in one for one in told(write_folder(tmp_path, **{path: text}))), told(tmp_path)


def test_one_unreadable_file_does_not_make_others_wrong(tmp_path: Path) -> None:
    broken = THEME.replace("kind=game", "kind=lek")
    assert [one.split(",")[0] for one in told(write_folder(tmp_path, **{"kursrekke-9/01-mot.md": broken}))] == ["kursrekke-9/01-mot.md"]
    assert [one.split(",")[0] for one in told(write_folder(tmp_path, **{"vocabulary.toml": "kind = 1"}))] == ["vocabulary.toml"] * 2
    nameless = broken.replace('id = "mot"', 'id = "Mot"')
    assert told(write_folder(tmp_path, **{"kursrekke-9/01-mot.md": nameless}))[-1].startswith(
        "outlines/kursrekke-9.toml, line 9: There is no theme"
    )


@pytest.mark.parametrize(
    ("path", "line"), [("kursrekke-9/01-mot.md", 23), ("vocabulary.toml", 11), ("goals.toml", 4), ("outlines/kursrekke-9.toml", 4)]
)
def test_a_file_in_another_encoding_is_told_so_at_its_line_and_no_other_file_is_blamed(tmp_path: Path, path: str, line: int) -> None:
    write_folder(tmp_path, **{"outlines/kursrekke-9.toml": OUTLINE.replace("Kursrekke 9", "Kursrekke på 9")})
    file = tmp_path / path
    file.write_bytes(file.read_text(encoding="utf-8").encode("latin-1", "replace"))
    assert told(tmp_path) == [f"{path}, line {line}: The file is not written in UTF-8. Save it as UTF-8 in your editor."]


def test_a_file_in_another_encoding_keeps_the_folder_as_it_is(tmp_path: Path) -> None:
    write_folder(tmp_path, **{"outlines/kursrekke-9.toml": OUTLINE.replace(" = ", "=")})
    (tmp_path / "kursrekke-9/01-mot.md").write_bytes(THEME.encode("latin-1", "replace"))
    with pytest.raises(DocumentErrors, match="not written in UTF-8"):
        interchange.tidy_folder(tmp_path)
    assert (tmp_path / "outlines/kursrekke-9.toml").read_text(encoding="utf-8") == OUTLINE.replace(" = ", "=")


def test_a_folder_without_goals_says_so_once(db: Session, tmp_path: Path) -> None:
    write_folder(tmp_path, **{"kursrekke-9/02-ro.md": THEME.replace('id = "mot"', 'id = "ro"').replace('"redd"', '"glad"')})
    (tmp_path / "goals.toml").unlink()
    assert told(tmp_path) == [
        "kursrekke-9/02-ro.md, line 13: There is no word “glad” in the vocabulary. Check the spelling, or add it first.",
        "kursrekke-9/01-mot.md, line 21: There is no goals.toml, so no aim is known (links to aims: 4, the first of them here). "
        "Put goals.toml in the folder; “content export” writes it too.",
    ]
    (tmp_path / "kursrekke-9/01-mot.md").unlink()
    (tmp_path / "kursrekke-9/02-ro.md").unlink()
    (tmp_path / "outlines/kursrekke-9.toml").unlink()
    assert told(tmp_path) == []


def test_a_goals_file_with_faults_does_not_make_its_aims_unknown(tmp_path: Path) -> None:
    said = told(write_folder(tmp_path, **{"goals.toml": GOALS.replace("after_year = 7", "after_year = 0")}))
    assert said == ["goals.toml, line 18: after_year is missing or cannot be used. Write it as in: after_year = 7"]


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    write_folder(tmp_path)
    (tmp_path / "kursrekke-9/01-mot.md").write_bytes(b"\xef\xbb\xbf" + THEME.encode())
    assert told(tmp_path) == []


def test_a_folder_is_loaded_and_a_second_time_changes_nothing(db: Session, tmp_path: Path) -> None:
    a_district(db)
    write_folder(tmp_path)
    assert load(db, tmp_path) == dict.fromkeys(FOLDER, "new") | {"goals.toml": "loaded", "calendars/stedet.toml": "loaded"}
    assert load(db, tmp_path) == dict.fromkeys(FOLDER, "unchanged") | {"goals.toml": "loaded", "calendars/stedet.toml": "loaded"}
    assert db.scalar(select(func.count(DocumentVersion.id))) == 4
    assert db.scalars(select(SchoolCalendar.name)).all() == ["Stedet 2026–2027"]


def test_an_edited_theme_and_a_changed_file_give_a_proposal_beside_the_rest(db: Session, tmp_path: Path) -> None:
    district = a_district(db)
    load(db, write_folder(tmp_path))
    kaja = a_person(db, district)
    draft = ideabank.start_draft(db, mot(db, district), kaja, NOW)
    ideabank.save_draft(db, draft, THEME.replace("Tegn.", "Syng."), seen_hash=ideabank.draft_hash(draft), by=kaja, now=NOW)
    publish_draft(db, draft.document, kaja, "Sang.", now=NOW)
    outcomes = load(
        db,
        write_folder(
            tmp_path,
            **{"kursrekke-9/01-mot.md": THEME.replace("Tegn.", "Mal."), "vocabulary.toml": VOCABULARY.replace("trygge", "tryggere")},
        ),
    )
    assert (outcomes["kursrekke-9/01-mot.md"], outcomes["vocabulary.toml"]) == ("proposal", "next version")
    assert "Syng." in version(mot(db, district)).text


def test_nothing_is_loaded_when_anything_is_wrong(db: Session, tmp_path: Path) -> None:
    a_district(db)
    write_folder(tmp_path, **{"outlines/kursrekke-9.toml": OUTLINE.replace("fixed = true", "fixed = 1")})
    with pytest.raises(DocumentErrors, match=r"outlines/kursrekke-9\.toml, line 10"):
        load(db, tmp_path)
    assert (db.scalars(select(Document)).all(), db.scalars(select(Aim)).all()) == ([], [])


def test_what_was_begun_is_undone_when_a_later_file_is_refused(db: Session, tmp_path: Path) -> None:
    district = a_district(db)
    db.add(Document(district_id=district.id, kind="theme", key="kursrekke-9"))
    db.flush()
    with pytest.raises(Refused, match="another document of the bank has the id"):
        load(db, write_folder(tmp_path))
    assert (db.scalars(select(Document.key)).all(), db.scalars(select(Aim)).all()) == (["kursrekke-9"], [])


def test_a_folder_may_lean_on_what_the_bank_holds(db: Session, tmp_path: Path) -> None:
    a_district(db)
    load(db, write_folder(tmp_path / "all"))
    one = tmp_path / "one" / "kursrekke-9" / "02-ro.md"
    one.parent.mkdir(parents=True)
    one.write_text(THEME.replace('id = "mot"', 'id = "ro"'), encoding="utf-8")
    assert load(db, tmp_path / "one") == {"kursrekke-9/02-ro.md": "new"}


def test_the_bank_goes_out_byte_for_byte_as_it_came(db: Session, tmp_path: Path) -> None:
    district = a_district(db)
    load(db, write_folder(tmp_path / "in"))
    assert interchange.export_folder(db, district, tmp_path / "out") == 4
    written = {file.relative_to(tmp_path / "out").as_posix(): file.read_bytes().decode() for file in (tmp_path / "out").rglob("*.*")}
    assert {name: text for name, text in written.items() if name in FOLDER} == FOLDER
    assert written.items() - FOLDER.items() == {("goals.toml", GOALS), ("calendars/stedet.toml", CALENDAR)}


def test_what_goes_out_is_a_folder_that_stands_alone_and_comes_in_as_the_same_elsewhere(db: Session, tmp_path: Path) -> None:
    district, other = a_district(db), a_district(db, "fjell")
    later = CALENDAR.replace("2027", "2028").replace("2026", "2027").replace("Stedet", "…")
    load_into(db, district, write_folder(tmp_path / "in", **{"calendars/senere.toml": later.replace("… 2027–2028", "…")}))
    db.get_one(Aim, "KM80001").tt1 = True
    interchange.export_folder(db, district, tmp_path / "out")
    assert told(tmp_path / "out") == []
    assert {file.name for file in (tmp_path / "out" / "calendars").iterdir()} == {"stedet.toml", "senere.toml"}
    before = goals.goal_values(db)
    assert load_into(db, other, tmp_path / "out").keys() == FOLDER.keys() | {
        "goals.toml",
        "calendars/stedet.toml",
        "calendars/senere.toml",
    }
    assert goals.goal_values(db) == before
    assert days(db, other) == days(db, district) != []
    interchange.export_folder(db, other, tmp_path / "again")
    assert contents(tmp_path / "again") == contents(tmp_path / "out")


def load_into(db: Session, district: District, folder: Path) -> dict[str, str]:
    return {outcome.path: outcome.what for outcome in interchange.load_folder(db, district, folder, now=NOW, today=TODAY)}


def days(db: Session, district: District) -> list[dict[str, object]]:
    return [planning.calendar_values(calendar) for calendar in planning.district_calendars(db, district.id)]


def contents(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*.*")}


def test_facts_that_a_folder_holds_already_stay_as_they_are_written_there(db: Session, tmp_path: Path) -> None:
    district = a_district(db)
    load(db, write_folder(tmp_path))
    before = contents(tmp_path)
    interchange.export_folder(db, district, tmp_path)
    assert contents(tmp_path) == before
    (tmp_path / "goals.toml").write_text(GOALS.replace("Snakke om mot", "Noe annet"), encoding="utf-8")
    (tmp_path / "calendars/stedet.toml").write_text('kind = "calendar"\n', encoding="utf-8")
    (tmp_path / "notes.toml").write_bytes("å = 1".encode("latin-1"))
    interchange.export_folder(db, district, tmp_path)
    assert tomllib.loads((tmp_path / "goals.toml").read_text(encoding="utf-8"))["aims"][0]["label_nb"] == "Snakke om mot"
    assert (tmp_path / "calendars/stedet.toml").read_text(encoding="utf-8") == CALENDAR


def test_facts_that_have_changed_go_out_with_the_title_and_the_note_of_their_file(db: Session, tmp_path: Path) -> None:
    district = a_district(db)
    noted = {"goals.toml": GOALS.replace('title = "Mål"', 'title = "Mål"\nnote = "Ikke kontrollert."')}
    noted["calendars/stedet.toml"] = CALENDAR.replace("\n\n[[closed]]", '\nnote = "Etter regel."\n\n[[closed]]', 1)
    load(db, write_folder(tmp_path / "in", **noted))
    interchange.export_folder(db, district, tmp_path / "same")
    assert {name: contents(tmp_path / "same")[name].decode() for name in noted} == noted
    db.get_one(Aim, "KM90001").label_nb = "Noe annet"
    [calendar] = planning.district_calendars(db, district.id)
    calendar.to_date = TODAY
    interchange.export_folder(db, district, tmp_path / "out")
    values = {name: tomllib.loads(contents(tmp_path / "out")[name].decode()) for name in noted}
    assert (values["goals.toml"]["title"], values["goals.toml"]["note"]) == ("Mål", "Ikke kontrollert.")
    assert (values["calendars/stedet.toml"]["note"], values["calendars/stedet.toml"]["to"]) == ("Etter regel.", TODAY)
    assert told(tmp_path / "out") == []


def test_facts_without_a_file_go_to_a_place_that_is_free(db: Session, tmp_path: Path) -> None:
    district, other = a_district(db), a_district(db, "fjell")
    load_into(db, district, write_folder(tmp_path / "in"))
    planning.load_calendar(db, other, tomllib.loads(CALENDAR))
    planning.load_calendar(db, other, tomllib.loads(CALENDAR) | {"name": "…"})
    ideabank.load_document(db, other, VOCABULARY, "goals.toml", now=NOW, today=TODAY)
    interchange.export_folder(db, other, tmp_path / "out")
    assert contents(tmp_path / "out").keys() == {
        "goals.toml",
        "goals-2.toml",
        "calendars/stedet-2026-2027.toml",
        "calendars/calendar.toml",
    }
    ideabank.load_document(db, district, VOCABULARY.replace("trygge", "tryggere"), "goals.toml", now=NOW, today=TODAY)
    interchange.export_folder(db, district, tmp_path / "moved")
    assert {"goals.toml", "goals-2.toml"} <= contents(tmp_path / "moved").keys()


def test_a_bank_without_aims_and_calendars_goes_out_without_them(db: Session, tmp_path: Path) -> None:
    district = a_district(db)
    ideabank.load_document(db, district, VOCABULARY, "vocabulary.toml", now=NOW, today=TODAY)
    assert interchange.export_folder(db, district, tmp_path / "out") == 1
    assert contents(tmp_path / "out").keys() == {"vocabulary.toml"}


def test_what_was_made_here_goes_to_its_usual_place(db: Session, tmp_path: Path) -> None:
    district = a_district(db)
    load(db, write_folder(tmp_path / "in"))
    for path, key in (("", "ro"), ("kursrekke-9/01-mot.md", "mot"), ("themes/mot-9.md", "sju")):
        text = THEME.replace('id = "mot"', f'id = "{key}"').replace("Tegn.", f"Tegn {key}.")
        ideabank.load_document(db, district, text, path, now=NOW, today=TODAY)
    ideabank.load_document(db, district, OUTLINE.replace('id = "kursrekke-9"', 'id = "ny"'), "", now=NOW, today=TODAY)
    ideabank.load_document(db, district, OUTLINE.replace('id = "kursrekke-9"', 'id = "gammel"'), "", now=NOW, today=TODAY)
    retired = ideabank.find_document(db, district.id, "gammel")
    assert retired is not None
    retired.retired_at = NOW
    db.add(Document(district_id=district.id, kind="theme", key="tom"))
    db.flush()
    assert interchange.export_folder(db, district, tmp_path / "out") == 7
    written = {file.relative_to(tmp_path / "out").as_posix() for file in (tmp_path / "out").rglob("*.*")}
    facts = {"goals.toml", "calendars/stedet.toml"}
    assert written - FOLDER.keys() - facts == {"kursrekke-9/ro.md", "themes/mot-9.md", "outlines/ny.toml"}


def test_two_documents_never_go_into_one_file(db: Session, tmp_path: Path) -> None:
    district = a_district(db)
    load(db, write_folder(tmp_path / "in"))
    for key, path in (("a", "kursrekke-9/ro.md"), ("b", "kursrekke-9/01-mot.md"), ("ro", "")):
        text = THEME.replace('id = "mot"', f'id = "{key}"')
        ideabank.load_document(db, district, text, path, now=NOW, today=TODAY)
    interchange.export_folder(db, district, tmp_path / "out")
    written = {file.relative_to(tmp_path / "out").as_posix() for file in (tmp_path / "out").rglob("*.md")}
    assert written == {"kursrekke-9/01-mot.md", "kursrekke-9/ro.md", "kursrekke-9/mot.md", "kursrekke-9/ro-2.md"}


def test_a_folder_is_made_canonical_once(tmp_path: Path) -> None:
    write_folder(tmp_path, **{"kursrekke-9/01-mot.md": THEME.replace(" {#p7}", "").replace("\n", "\r\n")})
    assert interchange.tidy_folder(tmp_path) == ["kursrekke-9/01-mot.md"]
    assert interchange.tidy_folder(tmp_path) == []
    assert "Snakk med læreren. {#p-" in (tmp_path / "kursrekke-9/01-mot.md").read_text(encoding="utf-8")


def test_a_folder_with_faults_is_left_as_it_is(tmp_path: Path) -> None:
    untidy = FOLDER["outlines/kursrekke-9.toml"].replace(" = ", "=")
    write_folder(tmp_path, **{"outlines/kursrekke-9.toml": untidy, "kursrekke-9/01-mot.md": THEME.replace("kind=game", "kind=lek")})
    with pytest.raises(DocumentErrors):
        interchange.tidy_folder(tmp_path)
    assert (tmp_path / "outlines/kursrekke-9.toml").read_text(encoding="utf-8") == untidy


def test_a_date_is_not_a_moment(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, **{"calendars/stedet.toml": CALENDAR.replace("from = 2026-08-17", "from = 2026-08-17T08:00:00")})
    assert "from is missing or not a date" in told(folder)[0]
