"""One more theme for a series that is there already."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.planning import Lesson, Series
from tests.app.agents.test_board import undo_of
from tests.cast import Cast, publish, sign_in
from tests.states import state

if TYPE_CHECKING:
    from flask.testing import FlaskClient

pytestmark = pytest.mark.usefixtures("respect")


@state
def respect(db: Session, cast: Cast, series: Series) -> None:
    """A theme of the bank that the series does not have."""
    publish(db, cast, "respekt")
    db.commit()


def address(series: Series) -> str:
    return f"/rekker/{series.public_id}/nytt-tema"


def dates(db: Session, series: Series) -> list[date]:
    db.expire_all()
    found = list(db.scalars(select(Lesson.date).where(Lesson.series_id == series.id).order_by(Lesson.date)))
    db.commit()
    return found


def test_a_theme_is_added_at_the_next_free_weekly_time_and_taken_out_again(agent: FlaskClient, db: Session, series: Series) -> None:
    assert address(series) in agent.get(f"/rekker/{series.public_id}").text
    form = agent.get(address(series)).text
    assert '<option value="respekt">Respekt</option>' in form
    assert 'value="vennskap"' not in form
    answer = agent.post(address(series), data={"theme": "respekt", "date": ""})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/rekker/{series.public_id}")
    page = agent.get(answer.headers["Location"]).text
    assert "“Respekt” is added: Wednesday 28 October 08:30." in page
    assert dates(db, series)[-1] == date(2026, 10, 28)
    assert agent.post(undo_of(page)).status_code == 303
    assert "The change is taken back." in agent.get(f"/rekker/{series.public_id}").text
    assert dates(db, series) == [date(2026, 10, 14), date(2026, 10, 21)]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"date": "2026-10-18"}, "The lesson cannot be held on 18 October: there is no school on a Saturday or a Sunday."),
        ({"date": "2026-10-01"}, "1 October has passed."),
        ({"date": "someday"}, "Write a date, for example 2026-10-14."),
        ({"theme": "vennskap"}, "Choose among those that are offered."),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_stays_as_typed(
    agent: FlaskClient, db: Session, series: Series, sent: dict[str, Any], words: str
) -> None:
    page = agent.post(address(series), data={"theme": "respekt", "date": ""} | sent)
    assert page.status_code == 422
    assert words in page.text
    if "date" in sent:
        assert f'value="{sent["date"]}"' in page.text
    assert len(dates(db, series)) == 2


def test_a_series_with_every_theme_says_so(agent: FlaskClient, db: Session, series: Series) -> None:
    agent.post(address(series), data={"theme": "respekt", "date": ""})
    assert "The series has every theme of the idea bank" in agent.get(address(series)).text


def test_who_may_not_plan_adds_nothing(client: FlaskClient, cast: Cast, series: Series) -> None:
    assert sign_in(client, cast.other_agent).get(address(series)).status_code == 404
    assert "nytt-tema" not in client.get("/rekker").text
