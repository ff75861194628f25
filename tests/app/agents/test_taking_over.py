"""A series in other hands, a series that ends before its time, and what is said of lessons on closed days."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.people import AGENT, Assignment
from curriculum.planning import CANCELLED, PLANNED, Series
from tests.app.counting import queries
from tests.cast import NOW, Cast, make_series, sign_in
from tests.states import state

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


@state
def left(db: Session, cast: Cast, series: Series) -> Series:
    """5A's series, whose agent was 5A's until yesterday; another is 5A's agent since then."""
    for one in cast.agent.assignments:
        if one.class_id == cast.a5.id:
            one.to_date = cast.today - timedelta(1)
    given = Assignment(district_id=cast.district.id, role=AGENT, school_class=cast.a5, from_date=cast.today)
    cast.small_agent.assignments.append(given)
    db.commit()
    return series


def _plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def _staff(db: Session, series: Series) -> list[list[str]]:
    db.expire_all()
    found = [[one.name for one in lesson.staff] for lesson in series.lessons]
    db.commit()
    return found


def test_an_agent_of_the_class_takes_over_with_one_button_and_can_undo_it(
    client: FlaskClient, cast: Cast, db: Session, left: Series
) -> None:
    sign_in(client, cast.small_agent).post("/sprak/en")
    page = client.get(f"/rekker/{left.public_id}").text
    assert f'action="/rekker/{left.public_id}/ta-over"' in page
    said = client.post(f"/rekker/{left.public_id}/ta-over", data={"agent": cast.small_agent.public_id}, follow_redirects=True).text
    assert f"{cast.small_agent.name} has taken over lessons: 2." in said
    assert _staff(db, left) == [[cast.small_agent.name]] * 2
    assert "/ta-over" not in client.get(f"/rekker/{left.public_id}").text
    undo = re.search(r'action="(/rekker/[^"]+/angre)', said)
    assert undo is not None
    client.post(undo[1])
    assert _staff(db, left) == [[cast.agent.name]] * 2


def test_the_administrator_says_who_takes_over(client: FlaskClient, cast: Cast, db: Session, left: Series) -> None:
    sign_in(client, cast.administrator).post("/sprak/en")
    address = f"/rekker/{left.public_id}/ta-over"
    assert f'href="{address}"' in client.get(f"/administrasjon/personer/{cast.agent.public_id}").text
    assert f"No longer an agent of 5A: {cast.agent.name}." in _plain(client.get(address).text)
    assert client.post(address, data={"agent": cast.other_agent.public_id}).status_code == 422
    assert client.post(address, data={"agent": cast.small_agent.public_id}).status_code == 303
    assert _staff(db, left) == [[cast.small_agent.name]] * 2


def test_a_class_without_an_agent_is_told_so(client: FlaskClient, cast: Cast, db: Session, left: Series) -> None:
    cast.small_agent.assignments[-1].to_date = cast.small_agent.assignments[-1].from_date = cast.today - timedelta(1)
    db.commit()
    sign_in(client, cast.administrator).post("/sprak/en")
    assert "5A has no agent today" in client.get(f"/rekker/{left.public_id}/ta-over").text


def test_who_is_no_agent_of_the_class_cannot_take_it_over(client: FlaskClient, cast: Cast, left: Series) -> None:
    address = f"/rekker/{left.public_id}/ta-over"
    sign_in(client, cast.other_agent)
    assert client.post(address, data={"agent": cast.other_agent.public_id}).status_code in (403, 404)


def test_who_has_left_is_named_to_no_teacher_and_no_parent(client: FlaskClient, cast: Cast, db: Session, left: Series) -> None:
    cast.agent.shows_first_name = True
    db.commit()
    first = cast.agent.name.split()[0]
    teachers, parents = f"/l/{cast.teacher_link.code}", f"/f/{cast.parents_link.code}/nb"
    for address in (teachers, parents):
        page = client.get(address, follow_redirects=True)
        assert page.status_code == 200 and first not in page.text


def test_a_series_is_ended_from_a_day_on_and_the_end_is_undone(agent: FlaskClient, db: Session, series: Series) -> None:
    address = f"/rekker/{series.public_id}/avslutt"
    assert f'href="{address}"' in agent.get(f"/rekker/{series.public_id}").text
    assert agent.post(address, data={"date": "2026-10-13"}).status_code == 422
    said = agent.post(address, data={"date": "2026-10-15", "why": "Klassen flytter"}, follow_redirects=True).text
    assert "Lessons cancelled: 1." in said
    db.expire_all()
    assert [one.state for one in series.lessons] == [PLANNED, CANCELLED]
    db.commit()
    undo = re.search(r'action="(/rekker/[^"]+/angre)', said)
    assert undo is not None
    agent.post(undo[1])
    db.expire_all()
    assert [one.state for one in series.lessons] == [PLANNED, PLANNED]


def test_a_change_of_another_series_is_not_found(agent: FlaskClient, cast: Cast, db: Session, series: Series) -> None:
    other = make_series(db, cast, cast.b5, weekday=3)
    db.commit()
    agent.post(f"/rekker/{other.public_id}/avslutt", data={"date": "2026-10-15"})
    [change] = planning.changes_of(db, [other])
    db.commit()
    assert agent.post(f"/rekker/{series.public_id}/endringer/{change.public_id}/angre").status_code == 404


def _close(db: Session, cast: Cast, day: date) -> None:
    calendar = planning.SchoolCalendar(
        district_id=cast.district.id, name="Endringer", from_date=date(2026, 8, 1), to_date=date(2027, 7, 31)
    )
    calendar.closed = [planning.ClosedDays(from_date=day, to_date=day, reason="Streik")]
    db.add(calendar)
    db.commit()


def test_a_lesson_on_a_day_closed_after_it_is_marked_wherever_it_is_seen(
    client: FlaskClient, cast: Cast, db: Session, series: Series
) -> None:
    _close(db, cast, series.lessons[1].date)
    sign_in(client, cast.agent).post("/sprak/en")
    move = f"/rekker/{series.public_id}/{series.lessons[1].public_id}/flytt"
    db.commit()
    assert "No teaching that day: Streik." in client.get(f"/rekker/{series.public_id}").text
    assert "No teaching that day: Streik." in client.get("/rekker/tavle").text
    assert "which need a new date: 1" in client.get("/rekker").text
    week = client.get("/uka-mi").text
    assert "Lessons on days without school" in week and f'href="{move}?next=/uka-mi"' in week
    sign_in(client, cast.head).post("/sprak/en")
    assert "the school is closed that day: 1" in _plain(client.get("/skole").text)


def test_as_many_queries_for_one_closed_lesson_as_for_two(agent: FlaskClient, app: Flask, cast: Cast, db: Session, series: Series) -> None:
    _close(db, cast, series.lessons[1].date)
    agent.get("/uka-mi")
    one = queries(app, lambda: agent.get("/uka-mi"))
    make_series(db, cast, cast.b5, weekday=3)
    db.commit()
    _close_more(db, cast)
    agent.get("/uka-mi")
    assert queries(app, lambda: agent.get("/uka-mi")) == one


def _close_more(db: Session, cast: Cast) -> None:
    calendar = db.query(planning.SchoolCalendar).filter_by(name="Endringer").one()
    calendar.closed.append(planning.ClosedDays(from_date=date(2026, 10, 15), to_date=date(2026, 10, 15), reason="Streik"))
    db.commit()


def test_a_waiver_is_withdrawn_later(agent: FlaskClient, cast: Cast, db: Session, series: Series) -> None:
    waiver = planning.Waiver(district_id=cast.district.id, theme=series.lessons[0].theme, why="Var i fjor", by=cast.agent, at=NOW)
    series.waivers.append(waiver)
    db.commit()
    assert "Var i fjor" not in agent.get(f"/rekker/{series.public_id}").text  # it has a lesson of the theme
    planning.cancel_lesson(db, series.lessons[0], by=cast.agent, now=NOW)
    db.commit()
    assert "Var i fjor" in agent.get(f"/rekker/{series.public_id}").text
    agent.post(f"/rekker/{series.public_id}/unntak-tilbake?theme={waiver.theme.key}")
    assert "Var i fjor" not in agent.get(f"/rekker/{series.public_id}").text


def test_a_series_without_a_held_lesson_is_taken_out_of_use_from_its_page(agent: FlaskClient, db: Session, series: Series) -> None:
    button = f'action="/rekker/{series.public_id}/ta-ut-av-bruk"'
    assert button in agent.get(f"/rekker/{series.public_id}").text
    series.lessons[0].state, series.lessons[0].held_record = planning.HELD, {"version": 1}
    db.commit()
    assert button not in agent.get(f"/rekker/{series.public_id}").text


def test_whoever_moves_what_another_has_changed_comes_back_with_her_choice(agent: FlaskClient, db: Session, series: Series) -> None:
    lesson = series.lessons[1]
    address = f"/rekker/{series.public_id}/{lesson.public_id}/flytt"
    db.commit()
    data = {"seen": "0", "where": "", "date": "2026-10-23", "start_time": "11:15", "why": "Klassen er på tur"}
    page = agent.post(address, data=data)
    assert page.status_code == 409
    again = re.search(rf'href="({address}\?[^"]+)"', page.text)
    assert again is not None
    form = agent.get(again[1].replace("&amp;", "&")).text
    assert 'value="2026-10-23"' in form and 'value="11:15"' in form and "Klassen er på tur" in form
    assert agent.get(f"{address}?where=2026-W45").status_code == 200
    assert agent.get(f"{address}?where=2026-W99&date=x").status_code == 200


def test_a_lesson_that_is_over_today_is_not_the_next(agent: FlaskClient, cast: Cast, series: Series) -> None:
    page = _plain(agent.get("/rekker").text)
    assert "Wednesday 21 October" in page and "Wednesday 14 October" not in page
