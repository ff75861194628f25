"""A school's page, as those who lead it read it."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.people import HEAD, Assignment, SchoolClass
from curriculum.planning import Series, Waiver
from tests.app.counting import queries
from tests.cast import NOW, Cast, make_series, sign_in
from tests.states import state

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


@state
def series(db: Session, cast: Cast) -> Series:
    """5A's: held last week, one today, one next week."""
    made = make_series(db, cast, start=date(2026, 10, 7), themes=("folelser", "vennskap", "samarbeid"))
    db.commit()
    return made


@pytest.fixture
def head(client: FlaskClient, cast: Cast) -> FlaskClient:
    sign_in(client, cast.head).post("/sprak/en")
    return client


def words(html: str) -> str:
    main = html.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def test_a_head_sees_each_class_with_its_lessons_agents_and_next_lesson(head: FlaskClient, cast: Cast, db: Session, series: Series) -> None:
    planning.cancel_lesson(db, series.lessons[2], why="", by=cast.agent, now=NOW)
    series.waivers.append(
        Waiver(district_id=cast.district.id, theme=series.lessons[2].theme, why="Hatt i fjor", by_id=cast.agent.id, at=NOW)
    )
    db.commit()
    said = words(head.get("/skole").text)
    for expected in (
        "Granlia skole School year 2026–2027",
        "1 of 2",
        "held: 1 planned: 1 cancelled: 1",
        "Next No more lessons",
        "Ingrid Solfeng",
        "Samarbeid (14 October 2026): Hatt i fjor",
        "5B split in 5B gruppe 1",
    ):
        assert expected in said


def test_a_plan_says_that_it_is_being_planned(head: FlaskClient, cast: Cast, db: Session) -> None:
    make_series(db, cast, in_use=False)
    db.commit()
    assert "being planned" in words(head.get("/skole").text)


@pytest.mark.parametrize("who", ["coordinator", "administrator"])
def test_who_answers_for_the_district_chooses_the_school(client: FlaskClient, cast: Cast, series: Series, who: str) -> None:
    sign_in(client, cast.persons[who])
    page = client.get("/skole").text
    assert re.findall(r'href="/skole/(\w+)"', page) == [cast.other_school.public_id, cast.school.public_id]
    assert "Bjørka" in client.get(f"/skole/{cast.school.public_id}").text


def test_a_leader_of_two_schools_chooses_too(head: FlaskClient, cast: Cast, db: Session) -> None:
    more = Assignment(district_id=cast.district.id, role=HEAD, school_id=cast.other_school.id, from_date=cast.today)
    cast.head.assignments.append(more)
    db.commit()
    assert "Elvesvingen skole" in words(head.get("/skole").text)
    assert "6A" in words(head.get(f"/skole/{cast.other_school.public_id}").text)


def test_another_school_is_not_there(head: FlaskClient, cast: Cast) -> None:
    assert head.get(f"/skole/{cast.other_school.public_id}").status_code == 404


def test_a_school_without_classes_says_who_adds_them(head: FlaskClient, cast: Cast, db: Session) -> None:
    for group in cast.classes.values():
        group.school_year = 2025
    db.commit()
    assert "No classes in this school year yet" in head.get("/skole").text


@pytest.mark.parametrize("who", ["agent", "small_agent", "teacher", "translator", "former"])
def test_the_page_is_for_leaders(client: FlaskClient, cast: Cast, series: Series, who: str) -> None:
    sign_in(client, cast.persons[who])
    assert [client.get(address).status_code for address in ("/skole", f"/skole/{cast.school.public_id}")] == [403, 403]


def test_a_district_without_schools_says_so(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.outsider).post("/sprak/en")
    assert "There is no school here yet" in client.get("/skole").text


@pytest.mark.slow
def test_thirty_classes_take_no_more_queries_than_one(app: Flask, head: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    head.get("/skole")
    few = queries(app, lambda: head.get("/skole"))
    for number in range(30):
        db.add(SchoolClass(district_id=cast.district.id, school_id=cast.school.id, school_year=2026, name=f"7-{number}"))
    make_series(db, cast, cast.b5, weekday=3)
    db.commit()
    head.get("/skole")
    assert queries(app, lambda: head.get("/skole")) == few


def test_a_class_that_is_split_stands_with_its_halves(head: FlaskClient, cast: Cast, db: Session, series: Series) -> None:
    text = head.get("/skole").text
    assert "5B split in 5B gruppe 1 5B gruppe 1 No series yet." in words(text)


def test_an_agent_whose_role_has_ended_is_marked(head: FlaskClient, cast: Cast, db: Session, series: Series) -> None:
    assert "the role is ended" not in head.get("/skole").text
    for one in cast.agent.assignments:
        one.to_date = date(2026, 10, 13)
    db.commit()
    assert "Ingrid Solfeng the role is ended" in words(head.get("/skole").text)


def test_who_leads_several_schools_reads_each_in_short(client: FlaskClient, cast: Cast, series: Series) -> None:
    sign_in(client, cast.administrator).post("/sprak/en")
    said = words(client.get("/skole").text)
    assert "Granlia skole Series in use: 1" in said
    assert "Next 5A: Vennskap , Wednesday 14 October" not in said  # it is over
    assert "Next 5A:" in said
