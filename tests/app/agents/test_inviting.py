"""A lesson's visitor: asked, answered, and what is held instead; and its room."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.planning import ASKED, NO, YES, Lesson, Presenter, PresenterFacts, Series
from tests.app.agents.test_continuing import undo, words
from tests.app.agents.test_series_page import address, reread, seen
from tests.app.counting import queries
from tests.cast import Cast, make_series, publish, sign_in
from tests.states import state

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


@state
def police(db: Session, cast: Cast, series: Series) -> Presenter:
    """Whom the first lesson needs, and who comes to no more than one lesson a day."""
    publish(db, cast, "samarbeid")
    series.lessons[0].presenter = "police"
    facts = PresenterFacts("Forebyggende seksjon", "police", "post@politiet.example", "Tar med egen film.", max_per_day=1)
    made = planning.save_presenter(db, cast.district, None, facts)
    db.commit()
    return made


def test_somebody_is_asked_answers_and_both_are_taken_back(agent: FlaskClient, series: Series, db: Session, police: Presenter) -> None:
    page = agent.get(address(series, 0, "besok"))
    assert "The theme needs: the police" in words(page.text) and "not asked yet" in page.text
    answer = agent.post(address(series, 0, "besok"), data={"presenter": police.public_id} | seen(db, series))
    assert reread(db, series).presenter_answer == ASKED
    shown = agent.get(address(series, 0, "besok")).text
    assert "mailto:post%40politiet.example" in shown or "mailto:post@politiet.example" in shown
    assert "with 5A at Granlia skole on Wednesday 14 October from 08:30 to 09:30" in unescape(shown)
    assert "Tar med egen film." in shown and "Tar med egen film." in agent.get("/uka-mi").text
    said = agent.post(address(series, 0, "besok/svar"), data={"answer": YES} | seen(db, series))
    assert reread(db, series).presenter_answer == YES
    assert (undo(agent, said).status_code, reread(db, series).presenter_answer) == (303, ASKED)
    assert answer.status_code == 303
    assert "asked, no answer yet" in agent.get(address(series)).text


def test_the_teacher_sees_who_comes_and_what_they_bring(
    agent: FlaskClient, series: Series, db: Session, cast: Cast, police: Presenter
) -> None:
    agent.post(address(series, 0, "besok"), data={"presenter": police.public_id} | seen(db, series))
    page = agent.get(f"/l/{cast.teacher_link.code}/2026-W42").text
    assert ("Tar med egen film." in page, "Forebyggende seksjon" in page, "post@politiet.example" in page) == (True, True, False)
    agent.post(address(series, 0, "besok/svar"), data={"answer": NO} | seen(db, series))
    assert "Tar med egen film." not in agent.get(f"/l/{cast.teacher_link.code}/2026-W42").text


def test_a_move_asks_anew_and_says_so(agent: FlaskClient, series: Series, db: Session, police: Presenter) -> None:
    agent.post(address(series, 0, "besok"), data={"presenter": police.public_id} | seen(db, series))
    agent.post(address(series, 0, "besok/svar"), data={"answer": YES} | seen(db, series))
    answer = agent.post(address(series, 0, "flytt"), data={"date": "2026-10-15", "start_time": "12:00"} | seen(db, series))
    assert reread(db, series).presenter_answer == ASKED
    assert "Ask Forebyggende seksjon anew" in agent.get(answer.location).text


def test_new_dates_after_a_lost_day_ask_anew_and_say_so(agent: FlaskClient, series: Series, db: Session, police: Presenter) -> None:
    agent.post(address(series, 0, "besok"), data={"presenter": police.public_id} | seen(db, series))
    lost = "/rekker/tapt/2026-10-14"
    page = agent.get(lost).text
    assert "Forebyggende seksjon is asked to the old date, and must be asked anew." in page
    seal = re.search(r'name="seal"[^>]* value="([^"]+)"', page)
    assert seal is not None
    answer = agent.post(lost, data={"seal": seal[1]})
    assert "Ask Forebyggende seksjon anew" in agent.get(answer.location).text


def test_a_move_says_so_too_of_somebody_who_was_asked_elsewhere(agent: FlaskClient, series: Series, db: Session, police: Presenter) -> None:
    answer = agent.post(address(series, 0, "flytt"), data={"date": "2026-10-15", "start_time": "12:00"} | seen(db, series))
    assert "Somebody from outside is to come: ask whether the new date suits." in agent.get(answer.location).text


def test_the_fallback_theme_is_chosen_used_and_taken_back(agent: FlaskClient, series: Series, db: Session, police: Presenter) -> None:
    before = reread(db, series).theme_id
    assert agent.post(address(series, 0, "besok/reservetema"), data={"theme": "samarbeid"} | seen(db, series)).status_code == 303
    agent.post(address(series, 0, "besok"), data={"presenter": police.public_id} | seen(db, series))
    agent.post(address(series, 0, "besok/svar"), data={"answer": NO} | seen(db, series))
    agent.get(address(series, 0, "besok"))  # the notices with their Undo are gone after this
    answer = agent.post(address(series, 0, "besok/bruk-reservetemaet"), data=seen(db, series))
    assert answer.status_code == 303
    assert (reread(db, series).theme_id != before, reread(db, series).presenter) == (True, "")
    back = undo(agent, answer)
    assert (back.status_code, reread(db, series).theme_id) == (303, before), words(back.text)


@pytest.mark.parametrize(
    ("what", "data", "said"),
    [
        ("besok/svar", {"answer": "yes"}, "Nobody is asked to this lesson yet."),
        ("besok/svar", {}, "Choose among those that are offered."),
        ("besok/reservetema", {"theme": "hopp"}, "Choose among those that are offered."),
        ("besok/bruk-reservetemaet", {}, "No fallback theme is chosen."),
    ],
)
def test_what_cannot_be_is_said(
    agent: FlaskClient, series: Series, db: Session, police: Presenter, what: str, data: dict[str, str], said: str
) -> None:
    answer = agent.post(address(series, 0, what), data=data | seen(db, series))
    assert (answer.status_code, said in answer.text) == (422, True)
    assert agent.post(address(series, 0, "besok"), data={"presenter": "nobody"} | seen(db, series)).status_code == 404


def test_what_speaks_against_somebody_is_said_before_they_are_asked(
    agent: FlaskClient, series: Series, db: Session, cast: Cast, police: Presenter
) -> None:
    other = make_series(db, cast, cast.a6, themes=("vennskap",), agents=[cast.other_agent]).lessons[0]
    other.presenter, other.asked_presenter, other.presenter_answer = "police", police, YES
    db.commit()
    page = agent.get(address(series, 0, "besok"))
    assert "is asked to another lesson from 08:30 to 09:30" in page.text
    assert "6A" not in words(page.text)


def test_a_small_group_is_not_named_to_those_outside(client: FlaskClient, db: Session, cast: Cast, police: Presenter) -> None:
    small = make_series(db, cast, cast.small, themes=("vennskap",))
    small.lessons[0].presenter = "police"
    db.commit()
    sign_in(client, cast.small_agent).post("/sprak/en")
    letter = client.get(address(small, 0, "besok")).text.partition('id="letter"')[2].partition("</p>")[0]
    assert "with a group at Granlia skole" in letter and "Bjørka" not in letter


def test_a_lesson_without_a_visitor_has_no_such_page(agent: FlaskClient, series: Series) -> None:
    assert agent.get(address(series, 0, "besok")).status_code == 404


def test_the_page_takes_as_many_queries_for_one_visitor_as_for_many(
    app: Flask, agent: FlaskClient, series: Series, db: Session, cast: Cast, police: Presenter
) -> None:
    few = queries(app, lambda: agent.get(address(series, 0, "besok")))
    for number in range(10):
        planning.save_presenter(db, cast.district, None, PresenterFacts(f"Betjent {number}", "police"))
    db.commit()
    assert queries(app, lambda: agent.get(address(series, 0, "besok"))) <= few + 1


# --- Rooms ----------------------------------------------------------------------------------------------------------------------------


def test_a_lessons_room_is_chosen_among_those_that_fit_or_written(agent: FlaskClient, series: Series, db: Session, cast: Cast) -> None:
    lesson = db.get_one(Lesson, series.lessons[0].id)
    lesson.room_need = ["quiet"]
    planning.save_room(db, cast.school, None, "Biblioteket", ["quiet"], [])
    planning.save_room(db, cast.school, None, "Gymsalen", ["gym"], [])
    db.commit()
    page = agent.get(address(series, 0, "rom")).text
    assert re.findall(r'<option value="([^"]+)"', page) == ["Biblioteket"]
    assert "Gymsalen: it lacks what the theme needs: quiet room" in words(page)
    answer = agent.post(address(series, 0, "rom"), data={"room": "Gymsalen"} | seen(db, series))
    assert reread(db, series).room == "Gymsalen"
    assert "Note: it lacks what the theme needs: quiet room." in agent.get(answer.location).text
    assert "The theme needs: quiet room." in words(agent.get("/uka-mi").text)
