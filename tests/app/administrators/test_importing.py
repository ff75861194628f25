"""Lists of classes and people: a file or pasted rows, looked at before they are saved."""

from __future__ import annotations

import html
import io
import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from curriculum.people import AuditEvent, Person, SchoolClass
from tests.cast import Cast, looking

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

CLASSES, STAFF = "/administrasjon/import/klasser", "/administrasjon/import/personer"
ROWS = "skole;klasse;trinn;slag;antall\nGranlia skole;5Å;5;klasse;20\nGranlia skole;5A;5;klasse;24\n"
PEOPLE = "navn;e-post;rolle;skole\nÅse Lindmo;aase@example.com;rektor;Granlia skole\n"


def send(client: FlaskClient, address: str, text: str = "", **values: Any) -> TestResponse:
    return client.post(address, data={"year": "2026", "text": text} | values, content_type="multipart/form-data")


def digest(page: str) -> str:
    found = re.search(r'name="digest" value="(\w+)"', page)
    assert found, page
    return found[1]


def carried(page: str) -> str:
    """The list as the form for saving carries it."""
    found = re.search(r'<textarea name="text"[^>]*hidden[^>]*>\n?(.*?)</textarea>', page, re.S)
    assert found, page
    return html.unescape(found[1])


def class_names(db: Session) -> set[str]:
    with looking(db) as fresh:
        return set(fresh.scalars(select(SchoolClass.name)))


def test_a_list_is_looked_at_row_by_row_and_saved_from_what_the_form_carries(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    looked = send(administrator, CLASSES, ROWS)
    assert looked.status_code == 200
    assert ("1 new" in looked.text, "1 the same as before" in looked.text, "5Å" in class_names(db)) == (True, True, False)
    saved = send(administrator, CLASSES, carried(looked.text), digest=digest(looked.text), save="1")
    assert saved.status_code == 303
    assert "Saved. New rows: 1. Changed: 0. As before: 1." in administrator.get(saved.location).text
    assert "5Å" in class_names(db)
    with looking(db) as fresh:
        [event] = fresh.scalars(select(AuditEvent).where(AuditEvent.kind == "klasser imported"))
    assert event.details == {"new": 1, "changed": 0}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_file_is_read_as_the_spreadsheet_wrote_it(administrator: FlaskClient, cast: Cast, encoding: str) -> None:
    looked = send(administrator, CLASSES, file=(io.BytesIO(ROWS.encode(encoding)), "klasser.csv"))
    assert (looked.status_code, "5Å" in looked.text) == (200, True)


def test_a_spreadsheets_own_file_is_refused_in_words(administrator: FlaskClient, cast: Cast) -> None:
    answer = send(administrator, CLASSES, file=(io.BytesIO(b"PK\x03\x04\0\0"), "klasser.xlsx"))
    assert (answer.status_code, "This is not a text file." in answer.text) == (422, True)


def test_a_file_and_pasted_rows_at_once_are_refused_and_the_rows_are_kept(administrator: FlaskClient, cast: Cast) -> None:
    answer = send(administrator, CLASSES, "det jeg limte inn", file=(io.BytesIO(ROWS.encode()), "klasser.csv"))
    assert (answer.status_code, "both a file and pasted rows" in answer.text, "det jeg limte inn" in answer.text) == (422, True, True)


def test_a_changed_row_shows_what_stands_there_now(administrator: FlaskClient, cast: Cast) -> None:
    looked = send(administrator, CLASSES, "skole;klasse;trinn;antall\nGranlia skole;5A;5;20\n")
    assert "<del>24</del>" in looked.text
    assert "<ins>20</ins>" in looked.text


def test_a_list_that_is_too_large_is_told_of_rows_and_not_of_themes(administrator: FlaskClient, cast: Cast) -> None:
    answer = administrator.post(CLASSES, data={"text": "x" * 2_000_001}).text
    assert ("at most 500 rows" in answer, "A section of a theme" in answer) == (True, False)


def test_less_than_nobody_in_a_class_is_told_which_numbers_there_are(administrator: FlaskClient, cast: Cast) -> None:
    answer = send(administrator, CLASSES, "skole;klasse;trinn;antall\nGranlia skole;5Å;5;-3\n")
    assert "Write a number from 1 to 60." in answer.text


def test_a_file_of_more_than_two_megabytes_is_refused(administrator: FlaskClient, cast: Cast) -> None:
    assert administrator.post(CLASSES, data={"text": "x" * 2_000_001}).status_code == 413


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "The list is empty."),
        ("skole;klase;trinn\nx;y;5", "There is no column “klase” here. Is it “klasse”?"),
        (ROWS + "Granlia skole;5B;15;;\n", "“15” are not years of a school."),
        (ROWS + "Granlia skole;=5B;5;;\n", "begins with =, as a formula does."),
        (ROWS + "Granlia skole;5C 01010700066;5;;\n", "national identity number"),
        (ROWS * 2, "There is no school “skole”."),
        (ROWS + "Granlia skole;5A;5;klasse;24\n", "The same stands on line 3."),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_what_was_written_is_kept(
    administrator: FlaskClient, cast: Cast, db: Session, text: str, words: str
) -> None:
    answer = send(administrator, CLASSES, text)
    assert (answer.status_code, words in html.unescape(answer.text)) == (422, True), answer.text
    assert text.strip() in html.unescape(answer.text)
    assert 'name="save"' not in answer.text
    forced = send(administrator, CLASSES, text, save="1", digest="x")
    assert (forced.status_code, "5Å" in class_names(db)) == (422, False)


def test_a_list_that_means_something_else_by_now_is_shown_again(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    looked = send(administrator, CLASSES, ROWS)
    row = db.get_one(SchoolClass, cast.a5.id)
    row.head_count = 10
    db.commit()
    late = send(administrator, CLASSES, ROWS, digest=digest(looked.text), save="1")
    assert (late.status_code, "Something has changed since you looked" in late.text) == (422, True)
    assert "5Å" not in class_names(db)
    assert send(administrator, CLASSES, ROWS, digest=digest(late.text), save="1").status_code == 303


def test_looking_leaves_no_trace(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    def counts() -> list[int | None]:
        with looking(db) as fresh:
            return [fresh.scalar(select(func.count()).select_from(table)) for table in (SchoolClass, Person, AuditEvent)]

    before = counts()
    send(administrator, CLASSES, ROWS)
    send(administrator, STAFF, PEOPLE)
    assert counts() == before


def test_new_people_get_their_addresses_shown_once(app: Flask, administrator: FlaskClient, cast: Cast) -> None:
    looked = send(administrator, STAFF, PEOPLE)
    saved = send(administrator, STAFF, PEOPLE, digest=digest(looked.text), save="1")
    assert saved.status_code == 201
    address = re.search(r"/nytt-passord/[\w.-]+", saved.text)
    assert address
    assert "Åse Lindmo" in app.test_client().get(address[0]).text
    again = send(administrator, STAFF, PEOPLE)
    assert "1 the same as before" in again.text
    repeated = send(administrator, STAFF, PEOPLE, digest=digest(again.text), save="1")
    assert (repeated.status_code, repeated.location) == (303, "/administrasjon")


@pytest.mark.parametrize(
    ("kind", "head"), [("klasser", "skole;klasse;trinn;slag;antall;av"), ("personer", "navn;e-post;rolle;skole;klasse;")]
)
def test_there_is_a_file_to_fill_in_whose_example_hits_nothing(administrator: FlaskClient, cast: Cast, kind: str, head: str) -> None:
    file = administrator.get(f"/administrasjon/import/{kind}.csv")
    assert file.data.decode("utf-8-sig").startswith(head)
    assert f'filename="{kind}.csv"' in file.headers["Content-Disposition"]
    looked = send(administrator, f"/administrasjon/import/{kind}", file=(io.BytesIO(file.data), "fil.csv"))
    assert (looked.status_code, "This is the example row" in looked.text, "1 cannot be taken in" in looked.text) == (422, True, True)


def test_there_are_no_other_lists(administrator: FlaskClient, cast: Cast) -> None:
    assert administrator.get("/administrasjon/import").status_code == 200
    assert [administrator.get(f"/administrasjon/import/elever{end}").status_code for end in ("", ".csv")] == [404, 404]


def test_a_school_year_that_is_not_offered_is_refused(administrator: FlaskClient, cast: Cast) -> None:
    assert send(administrator, CLASSES, ROWS, year="1999").status_code == 422


@pytest.mark.slow
def test_a_long_list_is_taken_in(administrator: FlaskClient, cast: Cast) -> None:
    text = "skole;klasse;trinn\n" + "".join(f"Granlia skole;K{number};5\n" for number in range(500))
    assert send(administrator, CLASSES, text).status_code == 200


def test_a_list_without_a_fault_folds_the_form_for_another_and_marks_a_small_group(administrator: FlaskClient, cast: Cast) -> None:
    page = send(administrator, CLASSES, "skole;klasse;trinn;slag;av\nGranlia skole;Lyset;5;gruppe;5A\n").text
    assert ("Change the list, or look at another" in page, "Another try" in page, "confidential" in page) == (True, False, True)
    page = send(administrator, CLASSES, "skole;klasse;trinn\nFjellet;5Å;5\n").text
    assert ("Change the list, or look at another" in page, "Another try" in page) == (False, True)
