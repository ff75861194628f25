"""Making a series: choose, see the dates, save."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from curriculum.planning import Elsewhere, Series
from tests.cast import Cast, make_series, sign_in

if TYPE_CHECKING:
    from flask.testing import FlaskClient

OUTLINE = "rekke-vennskap"


@pytest.fixture(autouse=True)
def outline(db: Session, cast: Cast) -> None:
    """A template of one theme, used by 5B already, and by no other class."""
    make_series(db, cast, cast.b5)
    db.commit()


def wishes(cast: Cast, **changes: Any) -> dict[str, Any]:
    """What the form sends: 5A, on Wednesdays at 08:30 from this week, held by its agent."""
    plain = {
        "school_class": cast.a5.public_id,
        "outline": OUTLINE,
        "start": "2026-W42",
        "weekday": "3",
        "start_time": "10:15",
        "minutes": "60",
        "agents": [cast.agent.public_id],
    }
    return plain | changes


def series_of_5a(db: Session, cast: Cast) -> list[Series]:
    """What is saved for 5A now; the transaction is over afterwards, or the next request would wait for it."""
    db.expire_all()
    found = list(db.scalars(select(Series).where(Series.class_id == cast.a5.id).options(selectinload(Series.lessons))))
    db.commit()
    return found


def test_the_form_opens_with_the_nearest_week_and_its_plan_and_saves_nothing(agent: FlaskClient, cast: Cast, db: Session) -> None:
    page = agent.get("/rekker/ny")
    assert page.status_code == 200
    assert 'selected value="2026-W42"' in page.text
    assert "Lessons: 1, from 12 October to 12 October" in page.text
    assert series_of_5a(db, cast) == []


def test_show_the_plan_shows_the_dates_and_saves_nothing(agent: FlaskClient, cast: Cast, db: Session) -> None:
    page = agent.post("/rekker/ny", data=wishes(cast, show="1"))
    assert page.status_code == 200
    assert "Thursday 15 October" in page.text
    assert 'value="10:15"' in page.text
    assert series_of_5a(db, cast) == []


def test_a_new_series_has_the_dates_that_were_shown(agent: FlaskClient, cast: Cast, db: Session) -> None:
    answer = agent.post("/rekker/ny", data=wishes(cast))
    made = series_of_5a(db, cast)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/rekker/{made[0].public_id}")
    assert [(lesson.date, lesson.start.isoformat("minutes")) for lesson in made[0].lessons] == [(date(2026, 10, 15), "10:15")]
    assert made[0].in_use is False
    assert "Thursday 15 October" in agent.get(answer.headers["Location"]).text


def test_a_start_in_the_holidays_is_refused_at_its_field_and_nothing_typed_is_lost(agent: FlaskClient, cast: Cast, db: Session) -> None:
    page = agent.post("/rekker/ny", data=wishes(cast, start="2026-W53", minutes="90"))
    assert page.status_code == 422
    assert "There is no school in week 53 2026 (Juleferie). The first possible week is week 1 2027." in page.text
    assert 'aria-describedby="start-help start-error"' in page.text
    assert 'value="10:15"' in page.text
    assert 'selected value="90"' in page.text
    assert series_of_5a(db, cast) == []


def test_holidays_stand_in_the_list_of_weeks_and_cannot_be_chosen(agent: FlaskClient) -> None:
    assert '<option disabled value="2026-W53">Week 53: Juleferie</option>' in agent.get("/rekker/ny").text


def test_show_the_plan_refuses_in_the_same_words_as_saving(agent: FlaskClient, cast: Cast) -> None:
    shown = agent.post("/rekker/ny", data=wishes(cast, start="2026-W53", show="1"))
    assert shown.status_code == 422
    assert "There is no school in week 53 2026 (Juleferie)." in shown.text


def test_a_day_on_which_the_agent_is_elsewhere_shows_what_would_do_instead(agent: FlaskClient, cast: Cast, db: Session) -> None:
    first = date(2026, 8, 1)
    db.add(Elsewhere(district_id=cast.district.id, person_id=cast.agent.id, weekday=3, from_date=first))
    db.commit()
    shown = agent.post("/rekker/ny", data=wishes(cast, show="1"))
    assert shown.status_code == 200
    assert "Ingrid Solfeng is elsewhere on Thursdays, so this time never works." in shown.text
    assert "<li>Choose Mondays.</li>" in shown.text
    saved = agent.post("/rekker/ny", data=wishes(cast))
    assert saved.status_code == 422
    assert "Ingrid Solfeng is elsewhere on Thursdays, so this time never works." in saved.text
    assert series_of_5a(db, cast) == []


def test_a_class_has_one_series_of_a_template(agent: FlaskClient, cast: Cast, db: Session) -> None:
    page = agent.post("/rekker/ny", data=wishes(cast, school_class=cast.b5.public_id))
    assert page.status_code == 422
    assert "5B already has a series from “Prøverekka” this school year." in page.text


def test_someone_must_hold_the_lessons(agent: FlaskClient, cast: Cast, db: Session) -> None:
    page = agent.post("/rekker/ny", data=wishes(cast, agents=[]))
    assert page.status_code == 422
    assert "Choose one to three agents." in page.text
    assert series_of_5a(db, cast) == []


@pytest.mark.parametrize(
    "broken",
    [
        {"start_time": "half past"},
        {"start_time": ""},
        {"start": "2026-W99"},
        {"start": "x"},
        {"weekday": "Friday"},
        {"weekday": "6"},
        {"minutes": "-1"},
        {"outline": "unknown"},
        {"agents": ["nobody"]},
    ],
)
def test_what_is_not_a_choice_is_refused_and_nothing_is_saved(agent: FlaskClient, cast: Cast, db: Session, broken: dict[str, Any]) -> None:
    assert agent.post("/rekker/ny", data=wishes(cast, **broken)).status_code == 422
    assert series_of_5a(db, cast) == []


@pytest.mark.parametrize("group", ["a6", "small"])
def test_an_agent_makes_no_series_for_another_agents_class(agent: FlaskClient, cast: Cast, db: Session, group: str) -> None:
    answer = agent.post("/rekker/ny", data=wishes(cast, school_class=cast.classes[group].public_id))
    assert answer.status_code == 422
    assert list(db.scalars(select(Series.class_id))) == [cast.b5.id]


def test_the_choice_of_classes_is_her_own(agent: FlaskClient) -> None:
    page = agent.get("/rekker/ny").text
    assert ("5A · Granlia skole" in page, "5B · Granlia skole" in page) == (True, True)
    assert ("6A" in page, "Bjørka" in page) == (False, False)


@pytest.mark.parametrize("who", ["teacher", "coordinator", "head", "administrator", "translator", "former"])
def test_only_agents_make_series(client: FlaskClient, cast: Cast, who: str) -> None:
    assert sign_in(client, cast.persons[who]).get("/rekker/ny").status_code == 403
