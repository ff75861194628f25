"""Parents say with one press whether they understood: no script, no cookie, no word, and nobody can tell whose press it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.parents.understanding import MOST_OF_ALL, MOST_OF_ONE
from curriculum.feedback import Understood
from curriculum.people import new_link
from curriculum.planning import Lesson
from tests.cast import NOW, Cast, looking, make_series, publish
from tests.states import state

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from time_machine import Traveller
    from werkzeug.test import TestResponse


@state
def lesson(db: Session, cast: Cast) -> Lesson:
    """5A's lesson of this week; 5B has one too."""
    publish(db, cast, "district-texts")
    make_series(db, cast, cast.b5, weekday=3)
    found = make_series(db, cast).lessons[0]
    db.commit()
    return found


def page_of(cast: Cast, lesson: Lesson, tag: str = "so") -> str:
    return f"/f/{cast.parents_link.code}/{tag}/{lesson.public_id}"


def press(client: FlaskClient, page: str, face: str = "ja", **headers: str) -> TestResponse:
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    address = said.pop("address", "192.0.2.1")
    return client.post(f"{page}/forsto", data={"svar": face}, headers=said, environ_base={"REMOTE_ADDR": address})


def counted(db: Session) -> dict[str, int]:
    with looking(db) as fresh:
        return {answer: times for answer, times in fresh.execute(select(Understood.answer, Understood.times))}


def test_a_press_is_counted_and_thanked_without_a_cookie_or_a_token(
    app: Flask, client: FlaskClient, cast: Cast, lesson: Lesson, db: Session
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    page = page_of(cast, lesson)
    html = client.get(page).text
    assert f'<form class="faces" method="post" action="{page}/forsto">' in html
    assert [html.count(f'name="svar" value="{face}"') for face in ("ja", "litt", "nei")] == [1, 1, 1]
    answer = press(client, page, "litt")
    assert (answer.status_code, answer.location) == (303, f"{page}/takk")
    assert "Set-Cookie" not in answer.headers
    thanks = client.get(answer.location)
    assert thanks.status_code == 200
    assert "Set-Cookie" not in thanks.headers
    assert f'href="{page}"' in thanks.text
    assert counted(db) == {"partly": 1}
    client.get(answer.location)
    assert counted(db) == {"partly": 1}


def test_a_double_press_is_one_answer_and_another_home_is_another(
    client: FlaskClient, cast: Cast, lesson: Lesson, db: Session, moment: Traveller
) -> None:
    page = page_of(cast, lesson)
    for _ in range(3):
        assert press(client, page, User_Agent="one").location.endswith("/takk")
    assert counted(db) == {"yes": 1}
    press(client, page, User_Agent="another")
    press(client, page, User_Agent="one", address="192.0.2.2")
    assert counted(db) == {"yes": 3}
    moment.shift(60)
    press(client, page, "nei", User_Agent="one")
    assert counted(db) == {"yes": 3, "no": 1}


def test_one_address_does_not_answer_for_a_whole_school(client: FlaskClient, cast: Cast, lesson: Lesson, db: Session, app: Flask) -> None:
    page = page_of(cast, lesson)
    for number in range(MOST_OF_ONE + 3):
        assert press(client, page, User_Agent=f"phone {number}").status_code == 303
    assert counted(db) == {"yes": MOST_OF_ONE}
    for number in range(MOST_OF_ALL):
        app.extensions["answers"].add(f"192.0.2.{number}", f"{NOW:%Y-%m-%d %H}")
    press(client, page, address="198.51.100.1")
    assert counted(db) == {"yes": MOST_OF_ONE}
    assert not any("192.0.2" in kept for kept in (*app.extensions["answers"].times, *app.extensions["presses"].times))


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_another_site_sends_is_not_counted(site: str, client: FlaskClient, cast: Cast, lesson: Lesson, db: Session) -> None:
    assert press(client, page_of(cast, lesson), Sec_Fetch_Site=site).status_code == 303
    assert counted(db) == {}
    press(client, page_of(cast, lesson), Sec_Fetch_Site="same-origin")
    assert counted(db) == {"yes": 1}


def test_what_is_no_answer_leads_back_to_the_text(client: FlaskClient, cast: Cast, lesson: Lesson, db: Session) -> None:
    page = page_of(cast, lesson)
    for data in ({}, {"svar": ""}, {"svar": "yes"}, {"svar": "x" * 9000}, {"svar": "\0"}):
        answer = client.post(f"{page}/forsto", data=data)
        assert (answer.status_code, answer.location) == (303, page)
    assert counted(db) == {}


def test_a_cancelled_lesson_asks_nothing(client: FlaskClient, cast: Cast, lesson: Lesson, db: Session) -> None:
    lesson.state = "cancelled"
    db.commit()
    page = page_of(cast, lesson)
    assert "/forsto" not in client.get(page).text
    assert press(client, page).location == page
    assert counted(db) == {}


def test_the_parents_of_a_small_group_are_not_asked(client: FlaskClient, cast: Cast, db: Session) -> None:
    link = new_link(db, cast.small, "parents", expires=cast.parents_link.expires)
    lesson = make_series(db, cast, cast.small, agents=[cast.small_agent]).lessons[0]
    db.commit()
    page = f"/f/{link.code}/nb/{lesson.public_id}"
    assert "/forsto" not in client.get(page).text
    assert press(client, page).status_code == 404
    assert client.get(f"{page}/takk").status_code == 404
    assert counted(db) == {}


def test_whoever_asks_amiss_is_told_as_on_every_parents_page(client: FlaskClient, cast: Cast, lesson: Lesson, db: Session) -> None:
    code, id = cast.parents_link.code, lesson.public_id
    assert client.get(f"/f/{code}/so/{id}/forsto").status_code == 405
    assert client.get(f"/f/{code.upper()}-/so/{id}/takk").location == f"/f/{code}/so/{id}/takk"
    for end in ("forsto", "takk"):
        ask = client.post if end == "forsto" else client.get
        assert ask(f"/f/zzzzzzzzzz/so/{id}/{end}").status_code == 404
        assert ask(f"/f/{code}/so/zzzzzz/{end}").status_code == 404
        assert ask(f"/f/{code}/xx/{id}/{end}").location == f"/f/{code}"
    cast.parents_link.revoked_at = NOW
    db.commit()
    assert client.post(f"/f/{code}/so/{id}/forsto", data={"svar": "ja"}).status_code == 410
    assert client.get(f"/f/{code}/so/{id}/takk").status_code == 410
