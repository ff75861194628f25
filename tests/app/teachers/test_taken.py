"""The class is taken, says its teacher with or without an account; the agent answers, and both see what became of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.people import Mail
from curriculum.planning import DateProposal, Lesson, Series
from tests.cast import Cast, looking, make_series, sign_in
from tests.states import state

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@state
def series(db: Session, cast: Cast) -> Series:
    """5A's series of two themes, in use: Wednesdays of week 42 and 43."""
    series = make_series(db, cast, themes=("folelser", "vennskap"))
    db.commit()
    return series


@pytest.fixture
def form(cast: Cast, series: Series) -> str:
    return f"/l/{cast.teacher_link.code}/{series.lessons[0].public_id}/opptatt"


def proposals(db: Session) -> list[DateProposal]:
    with looking(db) as fresh:
        return list(fresh.scalars(select(DateProposal).order_by(DateProposal.id)))


def wishes(page: str) -> list[str]:
    return re.findall(r'<option value="(2026-\d\d-\d\d|2027-\d\d-\d\d)"', page)


def test_the_link_leads_to_a_form_and_only_there_a_cookie_is_set(client: FlaskClient, cast: Cast, form: str) -> None:
    week = client.get(f"/l/{cast.teacher_link.code}")
    assert (f'href="{form}"' in week.text, "Set-Cookie" in week.headers, "<form" in week.text) == (True, False, False)
    page = client.get(form)
    assert (page.status_code, "Set-Cookie" in page.headers, "site-nav" in page.text) == (200, False, False)


@pytest.mark.own_app
def test_what_is_sent_by_the_link_needs_the_token_of_its_form(app: Flask, cast: Cast, db: Session, form: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    client = app.test_client()
    assert client.post(form, data={"why": "Prøve"}).status_code == 400
    page = client.get(form)
    assert "Set-Cookie" in page.headers
    found = TOKEN.search(page.text)
    assert found is not None
    assert client.post(form, data={"why": "Prøve", "csrf_token": found[1]}).status_code == 303
    assert [one.why for one in proposals(db)] == ["Prøve"]


def test_the_agent_moves_the_lesson_there_and_the_teacher_is_told(
    client: FlaskClient, cast: Cast, series: Series, db: Session, form: str
) -> None:
    wish = wishes(client.get(form).text)[0]
    client.post(form, data={"why": "Tur eller arrangement", "wish": wish})
    assert "ikke svart ennå" in client.get(f"/l/{cast.teacher_link.code}").text
    sign_in(client, cast.agent).post("/sprak/en")
    for address in ("/uka-mi", "/rekker/tavle"):
        page = client.get(address).text
        assert ("The class is taken, says the teacher" in page, "An excursion or an event" in page) == (True, True)
    [proposal] = proposals(db)
    answer = f"/opptatt/{proposal.public_id}"
    assert f'value="{wish}T08:30" selected' in client.get(answer).text.replace("selected value", "value") or wish in client.get(answer).text
    assert client.post(answer, data={"dag": wish, "svar": "flytt"}).status_code == 303
    with looking(db) as fresh:
        assert fresh.get_one(Lesson, series.lessons[0].id).date.isoformat() == wish
        [mail] = fresh.scalars(select(Mail)).all()
    assert (mail.to, "5A" in mail.body) == (cast.teacher.email, True)
    assert "The class is taken, says the teacher" not in client.get("/uka-mi").text
    assert client.post(f"{answer}/angre").status_code == 303
    with looking(db) as fresh:
        assert fresh.get_one(Lesson, series.lessons[0].id).date == series.lessons[0].date


def test_not_now_is_told_too_and_shown_by_the_link(client: FlaskClient, cast: Cast, series: Series, db: Session, form: str) -> None:
    client.post(form, data={})
    sign_in(client, cast.agent).post("/sprak/en")
    answer = f"/opptatt/{proposals(db)[0].public_id}"
    assert "wishes for no day" in client.get(answer).text
    assert client.post(answer, data={"svar": "nei"}).status_code == 303
    assert "stays where it is" in client.get(answer).text
    assert client.post(answer, data={"svar": "nei"}).status_code == 422
    assert "kan ikke flytte økta" in client.get(f"/l/{cast.teacher_link.code}").text


def test_a_lesson_changed_meanwhile_closes_it_in_words(client: FlaskClient, cast: Cast, series: Series, db: Session, form: str) -> None:
    client.post(form, data={})
    sign_in(client, cast.agent).post("/sprak/en")
    lesson = series.lessons[0]
    client.post(f"/rekker/{series.public_id}/{lesson.public_id}/avlys", data={"seen": str(lesson.version)})
    answer = f"/opptatt/{proposals(db)[0].public_id}"
    assert "There is nothing to answer any more." in client.get(answer).text
    assert client.post(answer, data={"svar": "nei"}).status_code == 422


def test_another_day_can_be_chosen(client: FlaskClient, cast: Cast, series: Series, db: Session, form: str) -> None:
    client.post(form, data={})
    sign_in(client, cast.agent).post("/sprak/en")
    answer = f"/opptatt/{proposals(db)[0].public_id}"
    where = re.findall(r'<option[^>]* value="([^"]+T[^"]+)"', client.get(answer).text)[1]
    assert client.post(answer, data={"where": "2026-10-14T08:30", "svar": "flytt"}).status_code == 422
    assert client.post(answer, data={"where": where, "svar": "flytt"}).status_code == 303


def test_what_the_rules_refuse_stands_at_the_field_with_what_was_chosen(client: FlaskClient, form: str, db: Session) -> None:
    answer = client.post(form, data={"why": "Prøve", "wish": "2026-10-15"})
    assert (answer.status_code, 'selected value="Prøve"' in answer.text) == (422, True)
    client.post(form, data={})
    again = client.post(form, data={})
    assert (again.status_code, "er sagt allerede" in again.text) == (422, True)
    assert len(proposals(db)) == 1


def test_what_was_sent_is_shown_without_a_form_until_it_is_answered(
    client: FlaskClient, cast: Cast, series: Series, db: Session, form: str
) -> None:
    wish = wishes(client.get(form).text)[0]
    client.post(form, data={"why": "Prøve", "wish": wish})
    page = client.get(form).text
    assert ("er sagt allerede" in page, "<form" in page, "Prøve" in page, f'value="{wish}"' in page) == (True, False, True, False)
    sign_in(client, cast.agent)
    client.post(f"/opptatt/{proposals(db)[0].public_id}", data={"svar": "nei"})
    assert "<form" in client.get(form).text
    client.post(form, data={})
    assert "<form" not in client.get(form).text


def test_a_teacher_says_so_from_her_week(client: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    sign_in(client, cast.teacher).post("/sprak/en")
    address = f"/uke/{series.lessons[0].public_id}/opptatt"
    assert f'href="{address}"' in client.get("/uke").text
    assert client.get(address).status_code == 200
    assert client.post(address, data={"why": "Prøve"}).status_code == 303
    assert "You have said that the class is taken then." in client.get("/uke").text
    assert len(proposals(db)) == 1


def test_nobody_says_so_of_another_class_or_answers_for_another(client: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    theirs = make_series(db, cast, cast.b5, themes=("samarbeid",), weekday=3)
    small = make_series(db, cast, cast.small, themes=("samarbeid",), agents=[cast.small_agent])
    db.commit()
    for one in (theirs, small):
        assert client.get(f"/l/{cast.teacher_link.code}/{one.lessons[0].public_id}/opptatt").status_code == 404
        assert client.post(f"/l/{cast.teacher_link.code}/{one.lessons[0].public_id}/opptatt", data={}).status_code == 404
    sign_in(client, cast.teacher)
    assert client.post(f"/uke/{theirs.lessons[0].public_id}/opptatt", data={}).status_code == 404
    client.post(f"/uke/{series.lessons[0].public_id}/opptatt", data={})
    [proposal] = proposals(db)
    sign_in(client, cast.other_agent)
    assert client.post(f"/opptatt/{proposal.public_id}", data={"svar": "nei"}).status_code == 404
    assert "sier læreren" not in client.get("/uka-mi").text


def test_an_answer_that_cannot_be_taken_back_says_why(client: FlaskClient, cast: Cast, db: Session, form: str) -> None:
    client.post(form, data={})
    sign_in(client, cast.agent).post("/sprak/en")
    [proposal] = proposals(db)
    answer = client.post(f"/opptatt/{proposal.public_id}/angre")
    assert (answer.status_code, "This has been taken back already." in answer.text) == (422, True)
    assert client.post(f"/opptatt/{proposal.public_id}", data={"svar": "flytt", "dag": "2026-10-14"}).status_code == 422


def test_a_wrong_code_leads_nowhere_and_a_mangled_one_to_the_form(client: FlaskClient, cast: Cast, series: Series, form: str) -> None:
    assert client.get(form.replace(cast.teacher_link.code, "x" * 26)).status_code == 404
    assert client.get(form.replace(cast.teacher_link.code, cast.teacher_link.code.upper())).status_code == 200
    assert client.get(f"/l/{cast.teacher_link.code}/zzzzzz/opptatt").status_code == 404
