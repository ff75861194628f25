"""The fagansvarlig sees how much parents read and whether they understand: numbers of the whole district."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from curriculum import feedback
from curriculum.feedback import NO, PARTLY, YES
from tests.app.counting import queries
from tests.cast import Cast, document, publish, sign_in

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

ADDRESS = "/rekkevidde"


def rows(html: str) -> list[str]:
    body = re.findall(r"<tr>(.*?)</tr>", html, re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body]


def fill(db: Session, cast: Cast) -> None:
    for back, times in enumerate((23, 4, 112)):
        feedback.add_readings(db, {(cast.district.id, cast.today - timedelta(weeks=back)): times})
    publish(db, cast, "vennskap")
    for answer, times in ((YES, 22), (PARTLY, 3), (NO, 9)):
        feedback.add_answer(db, document(db, cast, "vennskap"), answer, times)
    db.commit()


def test_weeks_and_themes_stand_there_rounded_with_a_bar_for_each_week(coordinator: FlaskClient, cast: Cast, db: Session) -> None:
    fill(db, cast)
    html = coordinator.get(ADDRESS).text
    assert rows(html) == [
        "Week Times Picture", "42 so far 25", "41 fewer than 5", "40 110",
        "Theme Yes Partly No", "Vennskap 20 fewer than 5 10",
    ]  # fmt: skip
    assert re.findall(r'<rect width="(\d+)"', html) == ["25", "110"]


def test_before_there_is_a_number_to_show_the_page_says_when_there_will_be(coordinator: FlaskClient, cast: Cast) -> None:
    html = coordinator.get(ADDRESS).text
    assert rows(html) == []
    assert "opened at least 5 times" in html
    assert "at least 5 have given the same answer" in html


def test_it_takes_as_many_queries_with_many_rows_as_with_none(app: Flask, coordinator: FlaskClient, cast: Cast, db: Session) -> None:
    publish(db, cast, "vennskap", "folelser")
    db.commit()
    coordinator.get(ADDRESS)
    before = queries(app, lambda: coordinator.get(ADDRESS))
    fill(db, cast)
    feedback.add_answer(db, document(db, cast, "folelser"), YES, 9)
    db.commit()
    coordinator.get(ADDRESS)
    assert queries(app, lambda: coordinator.get(ADDRESS)) == before


def test_only_the_fagansvarlig_sees_it_and_finds_it_from_the_overview(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.head)
    assert ADDRESS not in client.get("/bydel").text
    assert client.get(ADDRESS).status_code == 403
    sign_in(client, cast.coordinator)
    assert f'href="{ADDRESS}"' in client.get("/bydel").text
    assert f'href="{ADDRESS}"' in client.get("/for-foreldre").text
