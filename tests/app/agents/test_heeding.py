"""Days to bear in mind show where an agent plans."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.planning import AVOIDED, CLOSED, HEEDED
from tests.cast import TODAY, Cast, make_series, sign_in

if TYPE_CHECKING:
    from flask.testing import FlaskClient


def test_a_week_of_the_board_tells_what_is_avoided_and_by_whom(client: FlaskClient, cast: Cast, db: Session) -> None:
    make_series(db, cast, themes=("folelser", "vennskap", "samarbeid", "respekt"))
    make_series(db, cast, cast.b5)
    day = date(2026, 10, 26)
    for reason, kind, group in (("Skolefoto", HEEDED, None), ("Prøver", AVOIDED, None), ("Leirskole", CLOSED, cast.b5)):
        planning.add_closed_days(db, cast.district, None, day, day, reason, today=TODAY, kind=kind, school_class=group)
    db.commit()
    sign_in(client, cast.agent).post("/sprak/en")
    page = client.get("/rekker/tavle").text
    [row] = [row for row in re.findall(r"<tr.*?</tr>", page, re.S) if 'datetime="2026-W44"' in row]
    for words in ("Skolefoto (to bear in mind)", "Prøver (avoided)", "5B, 5B gruppe 1: Leirskole (away)"):
        assert f">{words}<" in row
    assert page.count("Skolefoto") == 1


def test_a_plan_that_is_looked_at_names_its_lessons_on_days_to_heed(client: FlaskClient, cast: Cast, db: Session) -> None:
    make_series(db, cast, cast.b5)  # so that there is a template, which 5A has not had
    monday = date(2026, 10, 19)
    planning.add_closed_days(db, cast.district, None, monday, date(2026, 10, 23), "Merkeuke", today=TODAY, kind=HEEDED)
    planning.add_closed_days(db, cast.district, None, date(2026, 11, 2), date(2026, 11, 6), "Annen uke", today=TODAY, kind=HEEDED)
    db.commit()
    sign_in(client, cast.agent).post("/sprak/en")
    page = client.get("/rekker/ny").text
    assert "Lessons: 1, from 19 October to 19 October" in page
    assert "<li>19 October: Merkeuke (to bear in mind)</li>" in page
    assert "Annen uke" not in page


def test_who_moves_a_lesson_is_told_in_one_line_what_to_bear_in_mind_there(client: FlaskClient, cast: Cast, db: Session) -> None:
    series = make_series(db, cast, themes=("folelser", "vennskap", "samarbeid", "respekt"))
    lesson = series.lessons[1]
    enter = (
        ("Fastetid", HEEDED, date(2026, 10, 25), date(2026, 11, 8), None),
        ("Lysfest", HEEDED, date(2026, 10, 29), date(2026, 10, 29), None),
        ("Sommerfest", HEEDED, date(2027, 6, 28), date(2027, 6, 29), None),
        ("Prøver", AVOIDED, date(2026, 10, 28), date(2026, 10, 28), None),
        ("Bare 5B", HEEDED, date(2026, 10, 28), date(2026, 10, 28), cast.b5),
    )
    for reason, kind, first, last, group in enter:
        planning.add_closed_days(db, cast.district, None, first, last, reason, today=TODAY, kind=kind, school_class=group)
    db.commit()
    sign_in(client, cast.agent).post("/sprak/en")
    page = client.get(f"/rekker/{series.public_id}/{lesson.public_id}/flytt").text
    assert re.findall(r"To bear in mind: <span[^>]*>([^<]*)<", page) == ["Fastetid from 25 October; Lysfest 29 October"]


def test_a_plan_names_all_its_lessons_of_a_long_feast_on_one_line(client: FlaskClient, cast: Cast, db: Session) -> None:
    make_series(db, cast, cast.b5, themes=("folelser", "vennskap"))
    planning.add_closed_days(db, cast.district, None, date(2026, 10, 19), date(2026, 11, 6), "Fastetid", today=TODAY, kind=HEEDED)
    db.commit()
    sign_in(client, cast.agent).post("/sprak/en")
    page = client.get("/rekker/ny").text
    assert "<li>19 October, 26 October: Fastetid (to bear in mind)</li>" in page
