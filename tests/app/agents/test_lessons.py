"""A lesson of a series: one state at a time, its history, its room, and that it was held."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.planning import CANCELLED, HELD, Series
from tests.app.agents.test_series_page import address, reread, seen, with_fixed_theme
from tests.cast import NOW, Cast, make_series, sign_in
from tests.states import state

if TYPE_CHECKING:
    import time_machine
    from flask.testing import FlaskClient

ACTS = ("flytt", "avlys", "likevel", "las", "las-opp", "rom", "holdt")
THERE = {"date": "2026-10-15", "start_time": "12:00", "why": "Skolen er på tur"}


def test_what_was_decided_on_an_old_page_changes_nothing_and_is_shown_beside_what_stands_now(
    agent: FlaskClient, series: Series, db: Session
) -> None:
    old = seen(db, series)
    agent.post(address(series, 0, "flytt"), data=THERE | old)
    answer = agent.post(address(series, 0, "flytt"), data={"date": "2026-10-16", "start_time": "09:00", "why": "Noe annet her"} | old)
    words = " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
    assert answer.status_code == 409
    assert "Thursday 15 October, 12:00–13:00" in words
    assert "Ingrid Solfeng, 14 October 2026 10:00: Skolen er på tur" in words
    assert ("You chose Friday 16 October 09:00" in words, "Noe annet her" in words) == (True, True)
    assert reread(db, series).date.isoformat() == "2026-10-15"


def test_a_week_chosen_on_an_old_page_is_named_and_the_days_of_the_form_are_not(agent: FlaskClient, series: Series, db: Session) -> None:
    old = seen(db, series)
    agent.post(address(series, 0, "flytt"), data=THERE | old)
    answer = agent.post(address(series, 0, "flytt"), data=THERE | {"where": "2026-W48"} | old)
    words = " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
    assert ("You chose week 48" in words, "Starts at" in words) == (True, False)


def test_a_week_taken_by_a_lesson_that_cannot_change_places_says_why(agent: FlaskClient, series: Series, db: Session) -> None:
    agent.post(address(series, 1, "las"), data=seen(db, series, 1))
    answer = agent.post(address(series, 0, "flytt"), data={"where": "2026-W43"} | seen(db, series))
    assert answer.status_code == 422
    assert "stands in week 43: the date of one of them is locked." in answer.text


def test_a_lesson_whose_date_is_locked_has_a_button_to_unlock_it_instead_of_a_form(agent: FlaskClient, series: Series, db: Session) -> None:
    agent.post(address(series, 0, "las"), data=seen(db, series))
    page = agent.get(address(series, 0, "flytt")).text
    assert ("The date is locked: Wednesday 14 October." in page, 'name="start_time"' in page) == (True, False)
    assert f'action="{address(series, 0, "las-opp")}"' in page


def test_a_reason_is_chosen_from_a_list_and_words_may_stand_beside_it(agent: FlaskClient, series: Series, db: Session) -> None:
    agent.post(address(series, 0, "avlys"), data={"reason": "Prøve", "why": "i norsk"} | seen(db, series))
    assert reread(db, series).moves[-1].why == "Prøve: i norsk"


def test_of_a_small_group_only_a_reason_of_the_list_is_kept(client: FlaskClient, cast: Cast, db: Session) -> None:
    series = make_series(db, cast, cast.small)
    db.commit()
    sign_in(client, cast.small_agent).post("/sprak/en")
    assert 'name="why"' not in client.get(address(series, 0, "avlys")).text
    free = client.post(address(series, 0, "avlys"), data={"why": "En av dem er lei seg"} | seen(db, series))
    assert (free.status_code, "For a small group choose one of the reasons." in free.text) == (422, True)
    assert client.post(address(series, 0, "avlys"), data={"reason": "Prøve"} | seen(db, series)).status_code == 303
    assert reread(db, series).moves[-1].why == "Prøve"


def test_who_no_longer_has_the_class_is_told_so_at_the_card(client: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    sign_in(client, cast.other_agent).post("/sprak/en")
    answer = client.post(address(series, 0, "flytt"), data={"where": "2026-W43"} | seen(db, series))
    assert (answer.status_code, "You do not have this class any longer" in answer.text) == (404, True)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("number", ["", "0", "x"])
def test_no_button_of_an_old_page_does_anything(agent: FlaskClient, series: Series, db: Session, act: str, number: str) -> None:
    before = reread(db, series).version
    answer = agent.post(address(series, 0, act), data=THERE | {"seen": number})
    assert (answer.status_code, reread(db, series).version) == (409, before)


def test_a_move_is_taken_back_once(agent: FlaskClient, series: Series, db: Session) -> None:
    agent.post(address(series, 0, "flytt"), data=THERE | seen(db, series))
    undo = re.search(r'<form class="undo" method="post" action="([^"]+)"', agent.get(address(series)).text)
    assert undo is not None
    assert [agent.post(undo[1]).status_code for _ in range(2)] == [303, 422]
    lesson = reread(db, series)
    assert (lesson.date.isoformat(), lesson.start.isoformat("minutes")) == ("2026-10-14", "08:30")


def test_a_cancelled_lesson_says_why_and_is_held_after_all_by_a_button(agent: FlaskClient, series: Series, db: Session) -> None:
    agent.post(address(series, 0, "avlys"), data={"why": "Skolen er på tur"} | seen(db, series))
    agent.get(address(series))  # the notice with its Undo is gone after this
    page = agent.get(address(series)).text
    assert "Why: Skolen er på tur" in page
    assert f'action="{address(series, 0, "likevel")}"' in page
    assert agent.post(address(series, 0, "likevel"), data=seen(db, series)).status_code == 303
    assert reread(db, series).state == planning.PLANNED


def test_the_history_tells_what_happened_who_did_it_when_and_why(agent: FlaskClient, series: Series, db: Session) -> None:
    agent.post(address(series, 0, "flytt"), data=THERE | seen(db, series))
    agent.post(address(series, 0, "avlys"), data={"why": "Streik"} | seen(db, series))
    agent.post(address(series, 0, "likevel"), data=seen(db, series))
    page = " ".join(re.sub(r"<[^>]+>", " ", agent.get(address(series)).text).split())
    history = page.partition("History")[2]
    assert "Moved from Wednesday 14 October 08:30 to Thursday 15 October 12:00: Skolen er på tur" in history
    assert "Cancelled: Streik (Ingrid Solfeng, 14 October 2026)" in history
    assert "To be held after all" in history


def test_a_day_that_has_passed_is_refused_and_the_days_to_choose_from_are_named(agent: FlaskClient, series: Series, db: Session) -> None:
    page = agent.post(address(series, 0, "flytt"), data={"date": "2026-10-13", "start_time": "08:30"} | seen(db, series))
    assert page.status_code == 422
    assert "13 October has passed. Choose a day from 14 October to 18 June 2027." in page.text


def test_a_refused_move_says_what_would_make_room_and_leads_there(agent: FlaskClient, series: Series, db: Session) -> None:
    page = agent.post(address(series, 0, "flytt"), data={"date": "2026-10-21", "start_time": "09:00"} | seen(db, series)).text
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "One of these would make room: Let it change places with “Vennskap”. First move “Vennskap” to 28 October." in words
    assert "At 09:30 that day it can be held." in words
    there = re.search(r'href="([^"]+)">First move', page)
    assert there is not None
    form = agent.get(there[1].replace("&amp;", "&")).text
    assert re.search(r'value="2026-10-28" checked', form)
    swap = re.search(r'href="([^"]+)">Let it change', page)
    assert swap is not None
    assert re.search(r'value="bytt:[^"]+" checked', agent.get(swap[1].replace("&amp;", "&")).text)
    later = re.search(r'href="([^"]+)">At 09:30', page)
    assert later is not None
    assert 'value="09:30"' in agent.get(later[1].replace("&amp;", "&")).text


def test_a_day_without_school_has_nothing_to_mend(agent: FlaskClient, series: Series, db: Session) -> None:
    for chosen in ({"where": "2026-W53"}, {"where": "2026-10-18"}, {"date": "2026-10-18", "start_time": "09:00"}):
        page = agent.post(address(series, 0, "flytt"), data=chosen | seen(db, series))
        assert (page.status_code, "would make room" in page.text) == (422, False)


def test_the_room_is_written_by_the_agent_and_may_be_taken_out_again(agent: FlaskClient, series: Series, db: Session) -> None:
    assert agent.post(address(series, 0, "rom"), data={"room": " Musikkrommet "} | seen(db, series)).status_code == 303
    assert reread(db, series).room == "Musikkrommet"
    assert "Musikkrommet" in agent.get(address(series)).text
    agent.post(address(series, 0, "rom"), data={"room": ""} | seen(db, series))
    assert reread(db, series).room == ""


@pytest.mark.parametrize("room", ["R" * 81, "Hos 13097248022"])
def test_a_room_that_is_too_long_or_about_a_person_is_refused_and_stays_typed(
    agent: FlaskClient, series: Series, db: Session, room: str
) -> None:
    page = agent.post(address(series, 0, "rom"), data={"room": room} | seen(db, series))
    assert (page.status_code, f'value="{room}"' in page.text) == (422, True)
    assert reread(db, series).room == ""


def test_a_lesson_that_has_begun_is_recorded_as_held(
    agent: FlaskClient, series: Series, db: Session, moment: time_machine.Traveller
) -> None:
    assert address(series, 1, "holdt") not in agent.get(address(series)).text
    assert f'action="{address(series, 0, "holdt")}"' in agent.get(address(series)).text
    early = agent.post(address(series, 1, "holdt"), data=seen(db, series, 1))
    assert (early.status_code, "This lesson has not begun yet." in early.text) == (422, True)
    assert agent.post(address(series, 0, "holdt"), data=seen(db, series)).status_code == 303
    assert reread(db, series).state == HELD


def test_before_a_fixed_theme_of_a_series_in_use_is_cancelled_the_page_says_what_follows(
    agent: FlaskClient, cast: Cast, fixed: Series, db: Session
) -> None:
    assert "then give a waiver with a reason" in agent.get(address(fixed, 1, "avlys")).text
    assert "fixed theme" not in agent.get(address(fixed, 0, "avlys")).text
    agent.post(address(fixed, 1, "avlys"), data={"why": ""} | seen(db, fixed, 1))
    assert reread(db, fixed, 1).state == CANCELLED
    page = agent.get(address(fixed)).text
    assert "Hold the cancelled lesson after all, on its day or another, or give a waiver with a reason." in page
    assert "cannot be put into use" not in page


@state
def fixed(db: Session, cast: Cast) -> Series:
    """A series in use of two themes, of which the second is fixed."""
    series = with_fixed_theme(db, cast)
    planning.put_in_use(db, series, by=cast.agent, today=cast.today, now=NOW)
    db.commit()
    return series
