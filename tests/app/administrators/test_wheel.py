"""A school's year wheel: who sees it, what is on it, and its picture."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from sqlalchemy.orm import Session

from app.administrators.wheel import draw, lines_of
from curriculum import planning
from curriculum.planning import AVOIDED, HEEDED
from tests.app.counting import queries
from tests.cast import TODAY, Cast, make_series, sign_in

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


def wheel(cast: Cast, more: str = "") -> str:
    return f"/arshjul/{cast.school.public_id}{more}"


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("agent", 200),
        ("small_agent", 200),
        ("teacher", 200),
        ("coordinator", 200),
        ("head", 200),
        ("manager", 200),
        ("administrator", 200),
        ("other_agent", 404),  # of another school
        ("translator", 403),
        ("outsider", 404),
    ],
)
def test_whoever_works_at_the_school_sees_its_wheel_and_nobody_else(client: FlaskClient, cast: Cast, person: str, status: int) -> None:
    sign_in(client, cast.persons[person])
    assert client.get(wheel(cast)).status_code == status
    assert client.get(wheel(cast, ".svg")).status_code == status


def test_whoever_has_left_the_school_does_not_see_its_wheel(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.former)
    assert client.get(wheel(cast)).status_code in (302, 403)  # she has no role at all


@pytest.mark.parametrize(
    ("person", "sees"), [("teacher", False), ("agent", False), ("small_agent", True), ("head", True), ("coordinator", True)]
)
def test_a_small_group_is_on_it_only_for_those_who_may_read_it(
    client: FlaskClient, cast: Cast, db: Session, person: str, sees: bool
) -> None:
    make_series(db, cast, cast.a5)
    make_series(db, cast, cast.small, themes=("folelser",))
    planning.add_closed_days(
        db, cast.district, None, date(2026, 11, 9), date(2026, 11, 9), "Tur til fjells", today=TODAY, school_class=cast.small
    )
    db.commit()
    sign_in(client, cast.persons[person])
    for address in (wheel(cast), wheel(cast, ".svg")):
        text = client.get(address).text
        assert "5A" in text
        assert ("Bjørka" in text) == sees
    page = client.get(wheel(cast)).text
    assert ("Tur til fjells" in page, "egne og andres følelser" in page) == (sees, sees)
    assert "Bjørka" not in client.get(wheel(cast, "?uten=grupper")).text


def test_the_table_says_week_by_week_what_touches_the_timetable(client: FlaskClient, cast: Cast, db: Session) -> None:
    make_series(db, cast)
    make_series(db, cast, cast.b5, in_use=False)  # a mere plan
    first = date(2027, 2, 1)
    planning.add_closed_days(db, cast.district, cast.school, first, date(2027, 2, 3), "Samtaler", today=TODAY, kind=AVOIDED)
    planning.add_closed_days(db, cast.district, cast.school, first, first, "Fest", today=TODAY, kind=HEEDED, grades=[5])
    db.commit()
    sign_in(client, cast.teacher).post("/sprak/en")
    page = client.get(wheel(cast)).text
    rows = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in re.findall(r"<tr.*?</tr>", page, re.S)]
    assert any(row.startswith("40 ") and "Høstferie" in row for row in rows)
    assert any("5A" in row and "Vennskap" in row and "5B" not in row for row in rows)
    assert any(row.startswith("5 1 Feb") and "Samtaler" in row and "Fest" in row for row in rows), rows
    assert any(row.startswith("53 ") and "Juleferie" in row for row in rows)


def test_the_picture_is_a_file_with_a_title_and_a_description_and_no_style(client: FlaskClient, cast: Cast, db: Session) -> None:
    make_series(db, cast)
    db.commit()
    answer = sign_in(client, cast.head).get(wheel(cast, ".svg"))
    assert answer.mimetype == "image/svg+xml"
    root = ElementTree.fromstring(answer.text)
    name = "{http://www.w3.org/2000/svg}"
    assert "Granlia skole" in (root.findtext(f"{name}title") or "")
    assert root.findtext(f"{name}desc")
    assert (root.get("role"), root.get("width")) == ("img", "840")
    assert 'style="' not in answer.text
    texts = [one.text for one in root.iter(f"{name}text")]
    assert texts.count("53") == 1


@pytest.mark.parametrize("year", [2019, 2020, 2025, 2026, 2027, 2031, 2032])
def test_a_school_year_has_each_of_its_weeks_once(year: int) -> None:
    weeks = planning.weeks_of_year(year)
    assert len(weeks) == len(set(weeks)) in (52, 53)
    assert all(one.next == other for one, other in pairwise(weeks))
    assert planning.weeks_of_year(year + 1)[0] == weeks[-1].next
    assert (planning.iso_week(date(year, 12, 31)) in weeks, (53 in [week.number for week in weeks])) == (
        True,
        date(year, 12, 28).isocalendar().week == 53,
    )


def test_another_year_is_shown_and_what_is_no_year_is_not(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.head)
    assert "2027–2028" in client.get(wheel(cast, "?ar=2027")).text
    for wrong in ("x", "1999", "2026 ", "99999"):
        assert client.get(wheel(cast, f"?ar={wrong}")).status_code == 404


def test_where_there_are_many_classes_each_year_is_a_ring(app: Flask, cast: Cast, db: Session) -> None:
    for name in "CDEFG":
        planning.add_class(db, cast.school, f"5{name}", grades=[5], year=2026, kind="class", head_count=20, taken_from=[])
    make_series(db, cast)
    make_series(db, cast, cast.small, themes=("folelser",))
    found = planning.year_wheel(db, cast.head, cast.school, 2026, TODAY)
    assert [ring.name for ring in found.rings] == ["5.", "Bjørka"]
    with app.test_request_context("/"):
        picture = draw(found, TODAY)
    assert len(picture.themes) == 2
    assert [one.words for one in picture.names] == ["5.", "Bjørka"]


def test_weeks_of_one_break_are_one_line(cast: Cast, db: Session) -> None:
    found = planning.year_wheel(db, cast.head, cast.school, 2026, TODAY)
    lines = lines_of(found.weeks, 2027)
    assert [(one.first.week.number, one.last.week.number) for one in lines][-1] == (25, 30)
    assert len(lines_of(found.weeks, 2026)) < 22


def test_the_wheel_takes_as_many_queries_for_many_lessons_as_for_one(app: Flask, client: FlaskClient, cast: Cast, db: Session) -> None:
    make_series(db, cast)
    db.commit()
    sign_in(client, cast.head)
    few = queries(app, lambda: client.get(wheel(cast)))
    make_series(db, cast, cast.b5, themes=("folelser", "samarbeid", "respekt"))
    make_series(db, cast, cast.small, themes=("folelser",))
    db.commit()
    assert queries(app, lambda: client.get(wheel(cast))) <= few
