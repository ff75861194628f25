"""A calendar from a file: looked at line by line, then what is new is saved."""

from __future__ import annotations

import html
import io
import re
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.planning import ClosedDays, load_calendar, made_by_rule
from tests.app.administrators.conftest import Undo
from tests.cast import Cast, looking, make_series

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

IMPORT = "/administrasjon/fridager/import"
LIST = "fra;til;grunn\n16.11.2026;17.11.2026;Planleggingsdager\n31.11.2026;;Fri\n"
ICS = """BEGIN:VCALENDAR
BEGIN:VEVENT
DTSTART;VALUE=DATE:20261116
DTEND;VALUE=DATE:20261118
SUMMARY:Planleggingsdager
END:VEVENT
BEGIN:VEVENT
DTSTART:20261120T080000Z
SUMMARY:Møte
END:VEVENT
END:VCALENDAR
"""


def reasons(db: Session) -> list[str]:
    with looking(db) as fresh:
        return list(fresh.scalars(select(ClosedDays.reason).order_by(ClosedDays.from_date)))


def send(administrator: FlaskClient, text: str, **more: object) -> TestResponse:
    data = {"year": "2026", "school": "", "kind": "closed", "text": text} | more
    return administrator.post(IMPORT, data=data, follow_redirects="save" not in more)


def digest(answer: TestResponse) -> str:
    found = re.search(r'name="digest" value="(\w+)"', answer.text)
    assert found, answer.text
    return found[1]


def test_what_was_understood_is_shown_and_saved_without_the_rest(administrator: FlaskClient, cast: Cast, db: Session, undo: Undo) -> None:
    load_calendar(db, cast.district, made_by_rule(2026) | {"closed": []})
    db.commit()
    for text in (LIST, ICS):
        looked = send(administrator, text)
        assert (looked.status_code, reasons(db)) == (200, [])
        assert "Planleggingsdager" in looked.text
        wrong = "“31.11.2026” in the column “fra” is not a date" if text == LIST else "The event has a time of day (20.11.2026 09:00)"
        assert wrong in html.unescape(looked.text)
        saved = send(administrator, text, digest=digest(looked), save="1")
        assert reasons(db) == ["Planleggingsdager"]
        undo(saved)
        assert reasons(db) == []
        load_calendar(db, cast.district, made_by_rule(2026) | {"closed": []})  # an empty one goes with its last day
        db.commit()


def test_a_file_of_another_year_is_refused_in_words(administrator: FlaskClient, db: Session, cast: Cast) -> None:
    data = {"year": "2026", "school": "", "kind": "closed", "text": "", "file": (io.BytesIO(ICS.replace("2026", "2025").encode()), "a.ics")}
    answer = administrator.post(IMPORT, data=data)
    assert (answer.status_code, "The file is for the school year 2025–2026, not 2026–2027." in answer.text) == (422, True)
    assert reasons(db) == []


def test_days_over_held_lessons_stay_out_and_the_rest_is_saved(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    make_series(db, cast, start=date(2026, 10, 5), themes=("folelser", "vennskap"))
    db.commit()
    text = "fra;grunn\n07.10.2026;Fri\n16.11.2026;Planleggingsdag\n"
    looked = send(administrator, text)
    assert "Lessons were held on these days, or count as held: 5A 07.10.2026." in looked.text
    send(administrator, text, digest=digest(looked), save="1")
    assert "Planleggingsdag" in reasons(db)
    assert "Fri" not in reasons(db)


def test_a_whole_year_takes_the_place_of_the_guessed_days(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    assert "leave out the days that were guessed" in administrator.get(f"{IMPORT}?ar=2026").text
    looked = send(administrator, LIST, is_whole="y")
    send(administrator, LIST, is_whole="y", digest=digest(looked), save="1")
    assert reasons(db) == ["Planleggingsdager"]
    assert "leave out the days that were guessed" not in administrator.get(f"{IMPORT}?ar=2026").text


def test_what_has_changed_since_one_looked_is_shown_again_and_not_saved(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    answer = send(administrator, LIST, digest="0" * 16, save="1")
    assert (answer.status_code, "Something has changed since you looked" in answer.text) == (422, True)
    assert reasons(db) == []


def test_a_file_and_pasted_rows_at_once_are_refused(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    data = {"year": "2026", "school": "", "kind": "closed", "text": LIST, "file": (io.BytesIO(b"fra;grunn"), "a.csv")}
    answer = administrator.post(IMPORT, data=data)
    assert (answer.status_code, "You sent both a file and pasted rows." in answer.text) == (422, True)
    assert "16.11.2026" in answer.text


def test_a_year_or_a_kind_that_is_not_offered_is_refused(administrator: FlaskClient, cast: Cast) -> None:
    for wrong in ({"year": "1999"}, {"year": "i år"}, {"kind": "maybe"}, {"school": "zzzzzz"}):
        assert send(administrator, LIST, **wrong).status_code == 422


def test_the_file_to_fill_in_has_the_headings(administrator: FlaskClient, cast: Cast) -> None:
    assert administrator.get(f"{IMPORT}.csv").text.startswith("\ufefffra;grunn;til;slag;trinn\r\n")


def test_what_a_list_would_do_has_an_address_to_come_back_to(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    load_calendar(db, cast.district, made_by_rule(2026) | {"closed": []})
    db.commit()
    looked = administrator.post(IMPORT, data={"year": "2026", "school": "", "kind": "closed", "text": LIST})
    assert (looked.status_code, looked.location.startswith(f"{IMPORT}/sett?kept=")) == (303, True)
    page = administrator.get(looked.location)
    assert (page.status_code, reasons(db)) == (200, [])
    assert send(administrator, LIST, digest=digest(page), save="1").status_code == 303
    again = administrator.get(looked.location)
    assert (again.status_code, "There is nothing new to save in it." in again.text) == (200, True)
    assert administrator.get(f"{IMPORT}/sett?kept=another").status_code == 404


def test_a_list_too_long_for_an_address_is_shown_at_once(administrator: FlaskClient, db: Session) -> None:
    noise = "".join(chr(97 + hash_of(n) % 26) for n in range(20_000))
    lines = "\n".join(f"{noise[n : n + 90]};x" for n in range(0, 20_000, 90))
    answer = administrator.post(IMPORT, data={"year": "2026", "school": "", "kind": "closed", "text": f"{LIST}\n{lines}"})
    assert (answer.status_code, "Planleggingsdager" in answer.text, reasons(db)) == (200, True, [])


def hash_of(number: int) -> int:
    """A number that looks like any other, and is the same each time."""
    return int.from_bytes(sha256(str(number).encode()).digest()[:4], "big")
