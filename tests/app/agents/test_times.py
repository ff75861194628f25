"""Several weekly times, with dates and with A and B weeks: of a series that is there, and of new ones."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.orm import Session

from curriculum.people import SchoolClass
from curriculum.planning import Series
from tests.app.agents.test_new_series import ADDRESS, series_of, wishes
from tests.app.agents.test_new_series import outline as outline
from tests.app.agents.test_series_page import address
from tests.cast import Cast, make_series, publish
from tests.states import state

if TYPE_CHECKING:
    from flask.testing import FlaskClient

pytestmark = pytest.mark.usefixtures("outline")

A_WEEK = "2026-10-14"
"""TODAY, in week 42."""


@state
def plan(db: Session, cast: Cast) -> Series:
    """5A on Wednesdays at 08:30 in weeks 43 to 45: today its agent has another class then."""
    series = make_series(db, cast, themes=("folelser", "vennskap", "respekt"))
    db.commit()
    return series


def line(place: int, weekday: int, start: str, weeks: str = "", since: str = "", until: str = "", **more: str) -> dict[str, str]:
    """A line of the form."""
    values = {"weekday": str(weekday), "start_time": start, "minutes": "60", "weeks": weeks, "from_date": since, "to_date": until}
    return {f"times-{place}-{name}": value for name, value in (values | more).items()}


def send(agent: FlaskClient, series: Series, *lines: dict[str, str], **more: Any) -> Any:
    page = agent.get(address(series) + "/ukestid").text
    state = re.search(r'name="seen"[^>]* value="([^"]+)"', page)
    assert state is not None
    data = {"seen": state[1], "a_week": A_WEEK} | more
    for one in lines:
        data |= one
    return agent.post(address(series) + "/ukestid", data=data)


def dates(db: Session, series: Series) -> list[str]:
    db.expire_all()
    found = [f"{one.date:%d.%m} {one.start:%H:%M}" for one in series.lessons]
    db.commit()
    return found


def test_a_series_gets_a_and_b_times_and_shows_them(agent: FlaskClient, plan: Series, db: Session) -> None:
    assert send(agent, plan, line(0, 3, "10:00", "A"), line(1, 4, "12:00", "B"), line(2, 0, "")).status_code == 303
    assert dates(db, plan) == ["15.10 10:00", "23.10 12:00", "29.10 10:00"]
    page = agent.get(address(plan)).text
    assert ("Thursday 10:00–11:00 (A weeks)" in page, "Friday 12:00–13:00 (B weeks)" in page) == (True, True)
    again = agent.get(address(plan) + "/ukestid").text
    assert ('<option selected value="B">' in again, 'value="2026-10-12"' in again) == (True, True)


def test_another_time_from_a_date_is_shown_before_it_is_saved(agent: FlaskClient, plan: Series, db: Session) -> None:
    lines = (line(0, 2, "08:30", until="2026-10-23"), line(1, 4, "12:00", since="2026-10-24"))
    shown = send(agent, plan, *lines, show="1")
    assert (shown.status_code, "Friday 30 October" in shown.text) == (200, True)
    assert dates(db, plan) == ["21.10 08:30", "28.10 08:30", "04.11 08:30"]
    assert send(agent, plan, *lines).status_code == 303
    assert dates(db, plan) == ["21.10 08:30", "30.10 12:00", "06.11 12:00"]
    assert "Friday 12:00–13:00, from 24 October" in agent.get(address(plan)).text


@pytest.mark.parametrize(
    ("lines", "id", "words"),
    [
        ([line(0, 2, "")], "times-0-start_time", "Give at least one weekly time."),
        ([line(0, 2, ""), line(1, 3, "05:00")], "times-1-start_time", "Lessons are held between 07:00 and 17:00."),
        ([line(0, 2, "09:00"), line(1, 2, "09:30")], "times-1-start_time", "Two of the weekly times are at the same time."),
        ([line(0, 2, "09:00", since="2026-11-01", until="2026-10-01")], "times-0-to_date", "The last day is before the first."),
        ([line(0, 2, "9x")], "times-0-start_time", "Write a time, for example 08:30."),
    ],
)
@pytest.mark.parametrize("show", [{}, {"show": "1"}])
def test_a_time_that_cannot_be_is_said_at_its_field(
    agent: FlaskClient, plan: Series, lines: list[dict[str, str]], id: str, words: str, show: dict[str, str]
) -> None:
    answer = send(agent, plan, *lines, **show)
    assert answer.status_code == 422
    assert (f'id="{id}-error"' in answer.text, words in answer.text) == (True, True)


def test_without_a_day_in_an_a_week_it_is_asked_for(agent: FlaskClient, plan: Series) -> None:
    answer = send(agent, plan, line(0, 2, "09:00", "A"), a_week="")
    assert (answer.status_code, 'id="a_week-error"' in answer.text) == (422, True)


def test_a_form_without_lines_is_refused_in_words(agent: FlaskClient, plan: Series) -> None:
    answer = send(agent, plan)
    assert (answer.status_code, "Give at least one weekly time." in answer.text) == (422, True)


# --- New series -------------------------------------------------------------------------------------------------------------------------


def of(group: SchoolClass, place: int, weekday: int, start: str, weeks: str = "", **more: str) -> dict[str, str]:
    return line(place, weekday, start, weeks, school_class=group.public_id, **more)


@pytest.mark.usefixtures("outline")
def test_a_new_series_stands_on_the_times_of_its_class_instead_of_the_one_in_its_line(agent: FlaskClient, cast: Cast, db: Session) -> None:
    publish(db, cast, "folelser", "respekt")
    db.commit()
    data = wishes(cast, themes=["vennskap", "folelser", "respekt"], a_week=A_WEEK)
    data |= of(cast.a5, 0, 3, "12:00", "A") | of(cast.a5, 1, 4, "10:00", "B") | line(2, 0, "", school_class="")
    shown = agent.post(ADDRESS, data=data | {"show": "1"}).text
    assert 'Thursday <span class="when">12:00–13:00</span>, Friday <span class="when">10:00–11:00</span>' in shown
    assert agent.post(ADDRESS, data=data).status_code == 303
    [series] = series_of(db, cast.a5)
    assert [one.date for one in series.lessons] == [date(2026, 10, 15), date(2026, 10, 23), date(2026, 10, 29)]
    assert [(slot.weekday, slot.cycle_weeks) for slot in series.slots] == [(3, [0]), (4, [1])]


@pytest.mark.usefixtures("outline")
@pytest.mark.parametrize(
    ("change", "id"),
    [
        ({"times-1-start_time": "05:00"}, "times-1-start_time"),
        ({"times-1-start_time": ""}, "times-1-start_time"),
        ({"times-1-weeks": "B", "a_week": ""}, "a_week"),
    ],
)
def test_a_line_of_a_class_that_cannot_be_is_said_at_its_field(
    agent: FlaskClient, cast: Cast, db: Session, change: dict[str, str], id: str
) -> None:
    data = wishes(cast, a_week=A_WEEK) | of(cast.a5, 0, 3, "12:00") | of(cast.a5, 1, 4, "10:00") | change
    answer = agent.post(ADDRESS, data=data)
    assert (answer.status_code, f'id="{id}-error"' in answer.text) == (422, True)
    assert series_of(db, cast.a5) == []


@pytest.mark.usefixtures("outline")
def test_when_all_lines_are_filled_there_are_more(agent: FlaskClient, cast: Cast) -> None:
    data = wishes(cast, a_week=A_WEEK, show="1") | of(cast.a5, 0, 3, "12:00")
    assert 'name="times-2-weekday"' in agent.post(ADDRESS, data=data).text
    assert 'name="times-3-weekday"' in agent.get(ADDRESS).text
