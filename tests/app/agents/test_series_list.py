"""The list of series."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.people import SchoolClass
from curriculum.planning import Lesson, Series
from tests.app.counting import queries
from tests.cast import Cast, make_series, sign_in

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


def test_an_agent_sees_her_class_with_its_progress_and_next_lesson(agent: FlaskClient, series: Series) -> None:
    page = agent.get("/rekker").text
    assert "The course series of 5A" in page
    assert "0 of 2" in page
    assert "Wednesday 21 October" in page  # today's is over
    assert "Vennskap" in page
    assert "in use" in page


def test_a_series_that_is_not_in_use_says_that_it_is_being_planned(agent: FlaskClient, cast: Cast, db: Session) -> None:
    make_series(db, cast, in_use=False)
    db.commit()
    assert "being planned" in agent.get("/rekker").text


def test_a_series_whose_agents_have_ended_says_since_when(client: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    head = sign_in(client, cast.head)
    head.post("/sprak/en")
    assert "without an agent" not in head.get("/rekker").text
    for one in cast.agent.assignments:
        one.to_date = date(2026, 10, 11)
    db.commit()
    assert "without an agent from 12 October 2026" in head.get("/rekker").text


def test_an_agent_without_a_series_is_told_how_to_begin(agent: FlaskClient) -> None:
    page = agent.get("/rekker").text
    assert "No series this school year yet" in page
    assert 'href="/rekker/ny"' in page


def test_a_head_has_no_button_for_a_new_series(client: FlaskClient, cast: Cast, series: Series) -> None:
    page = sign_in(client, cast.head).get("/rekker").text
    assert "5A" in page
    assert 'href="/rekker/ny"' not in page


def test_an_agent_sees_no_other_agents_class(client: FlaskClient, cast: Cast, series: Series) -> None:
    page = sign_in(client, cast.other_agent).get("/rekker")
    assert page.status_code == 200
    assert series.public_id not in page.text


@pytest.mark.parametrize(
    ("who", "sees"), [("small_agent", True), ("coordinator", True), ("head", True), ("agent", False), ("other_agent", False)]
)
def test_a_small_group_is_listed_only_for_its_own(client: FlaskClient, cast: Cast, db: Session, who: str, sees: bool) -> None:
    small = make_series(db, cast, cast.small)
    db.commit()
    page = sign_in(client, cast.persons[who]).get("/rekker").text
    assert (small.public_id in page, "Bjørka" in page) == (sees, sees)


def test_a_teacher_has_no_list_of_series(client: FlaskClient, cast: Cast) -> None:
    assert sign_in(client, cast.teacher).get("/rekker").status_code == 403


@pytest.mark.slow
def test_thirty_series_take_no_more_queries_than_one(app: Flask, client: FlaskClient, cast: Cast, db: Session) -> None:
    make_series(db, cast, cast.b5)
    db.commit()
    sign_in(client, cast.coordinator).get("/rekker")
    one = queries(app, lambda: client.get("/rekker"))
    for number in range(29):
        _more(db, cast, number)
    db.commit()
    client.get("/rekker")  # what is kept in memory is read anew after a change
    assert queries(app, lambda: client.get("/rekker")) == one


def _more(db: Session, cast: Cast, number: int) -> None:
    """Another class with the same series, as rows: laying out thirty is not what is counted."""
    pattern = db.scalars(select(Series).order_by(Series.id)).first()
    assert pattern is not None
    group = SchoolClass(
        district_id=cast.district.id, school_id=cast.school.id, school_year=cast.b5.school_year, name=f"7-{number}", kind="class"
    )
    series = Series(
        district_id=cast.district.id,
        school_class=group,
        outline_version=pattern.outline_version,
        title=pattern.title,
        from_date=pattern.from_date,
        to_date=pattern.to_date,
        in_use=True,
        agents=[cast.agent],
    )
    db.add_all([group, series])
    db.flush()
    _copy_lessons(series, pattern, group)


def _copy_lessons(series: Series, pattern: Series, group: SchoolClass) -> None:
    series.lessons = [
        Lesson(
            district_id=one.district_id,
            theme_id=one.theme_id,
            position=one.position,
            date=one.date,
            start=one.start,
            end=one.end,
            minutes=one.minutes,
            classes=[group],
            staff=list(one.staff),
        )
        for one in pattern.lessons
    ]
