"""A plan that was wrong: thrown away and brought back, or given another weekly time."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.people import may, visible
from curriculum.planning import Series
from tests.app.agents.test_series_page import address, seen
from tests.cast import NOW, TODAY, Cast, make_series, publish, sign_in
from tests.states import state

if TYPE_CHECKING:
    import time_machine
    from flask.testing import FlaskClient

THEMES = ("folelser", "vennskap", "samarbeid")


@state
def plan(db: Session, cast: Cast) -> Series:
    """5A's plan of three themes, Wednesdays from week 42, not in use, with a lesson that was moved."""
    series = make_series(db, cast, themes=THEMES, in_use=False)
    planning.move_lesson(db, series.lessons[0], date(2026, 10, 15), by=cast.agent, now=NOW)
    db.commit()
    return series


def dates(db: Session, series: Series) -> list[str]:
    """The dates of the lessons as they are saved now."""
    db.expire_all()
    found = [lesson.date.isoformat() for lesson in series.lessons]
    db.commit()
    return found


def test_a_plan_is_thrown_away_and_brought_back(agent: FlaskClient, plan: Series, db: Session) -> None:
    before = dates(db, plan)
    assert agent.post(address(plan) + "/kast").headers["Location"] == "/rekker"
    page = agent.get("/rekker").text
    assert agent.get(address(plan)).status_code == 404
    assert "No series this school year yet" in page
    undo = re.search(r'<form class="undo" method="post" action="([^"]+)"', page)
    assert undo is not None
    assert agent.post(undo[1]).status_code == 303
    assert (agent.get(address(plan)).status_code, dates(db, plan)) == (200, before)


def test_after_a_plan_is_thrown_away_its_class_gets_a_new_one_at_the_same_time(
    agent: FlaskClient, cast: Cast, plan: Series, db: Session
) -> None:
    agent.post(address(plan) + "/kast")
    outline = plan.outline_version.document.key
    wishes = {
        "classes": [cast.a5.public_id], "outline": outline, "themes_of": outline, "themes": list(THEMES), "start": "2026-W42",
        "agents": [cast.agent.public_id], f"time_{cast.a5.public_id}-weekday": "2",
        f"time_{cast.a5.public_id}-start_time": "08:30", f"time_{cast.a5.public_id}-minutes": "60",
    }  # fmt: skip
    db.commit()
    assert agent.post("/rekker/ny", data=wishes).status_code == 303
    refused = agent.post(address(plan) + "/hent-tilbake")
    assert (refused.status_code, "5A already has a series from" in refused.text) == (422, True)


def test_a_series_in_use_is_not_thrown_away(agent: FlaskClient, series: Series) -> None:
    page = agent.post(address(series) + "/kast")
    assert (page.status_code, "The series is in use and cannot be thrown away." in page.text) == (422, True)
    assert "/kast" not in agent.get(address(series)).text.partition('id="main"')[2].partition("page-head")[2]


def test_who_does_not_plan_a_class_neither_throws_away_nor_brings_back(client: FlaskClient, cast: Cast, plan: Series) -> None:
    sign_in(client, cast.other_agent)
    assert client.post(address(plan) + "/kast").status_code == 404
    assert client.post(address(plan) + "/hent-tilbake").status_code == 404


def test_what_is_thrown_away_is_nobodys_in_lists_and_in_hand(cast: Cast, plan: Series, db: Session) -> None:
    planning.throw_away(db, plan, by=cast.agent, now=NOW)
    for person in cast.persons.values():
        for thing in (plan, plan.lessons[0]):
            assert not may(person, "read", thing.scope, TODAY)
            assert thing not in db.scalars(visible(person, type(thing), TODAY)).all()


# --- Another weekly time --------------------------------------------------------------------------------------------------------------


def wish(page: str, **changes: Any) -> dict[str, Any]:
    """What the form sends: Fridays at 10:00 for an hour."""
    state = re.search(r'name="seen"[^>]* value="([^"]+)"', page)
    assert state is not None
    at = {"weekday": "4", "start_time": "10:00", "minutes": "60", "weeks": ""}
    return {f"times-0-{name}": value for name, value in at.items()} | {"seen": state[1]} | changes


def test_the_lessons_ahead_get_another_weekly_time_and_what_is_past_or_locked_stays(agent: FlaskClient, cast: Cast, db: Session) -> None:
    series = make_series(db, cast, themes=(*THEMES, "respekt"))
    planning.lock_lesson(db, series.lessons[2], by=cast.agent, now=NOW)
    db.commit()
    form = agent.get(address(series) + "/ukestid").text
    shown = agent.post(address(series) + "/ukestid", data=wish(form, show="1"))
    assert (shown.status_code, "Friday 23 October" in shown.text) == (200, True)
    assert dates(db, series) == ["2026-10-14", "2026-10-21", "2026-10-28", "2026-11-04"]
    assert agent.post(address(series) + "/ukestid", data=wish(form)).status_code == 303
    assert dates(db, series) == ["2026-10-14", "2026-10-23", "2026-10-28", "2026-11-06"]
    page = agent.get(address(series)).text
    assert "Moved from Wednesday 21 October 08:30 to Friday 23 October 10:00" in page


def test_the_week_of_a_cancelled_lesson_stays_empty(agent: FlaskClient, cast: Cast, db: Session) -> None:
    series = make_series(db, cast, themes=THEMES)
    planning.cancel_lesson(db, series.lessons[1], by=cast.agent, now=NOW)
    db.commit()
    form = agent.get(address(series) + "/ukestid").text
    agent.post(address(series) + "/ukestid", data=wish(form))
    assert dates(db, series) == ["2026-10-14", "2026-10-21", "2026-10-30"]


def test_a_weekly_time_at_which_nothing_fits_is_refused_and_says_what_would_do(agent: FlaskClient, cast: Cast, db: Session) -> None:
    series = make_series(db, cast, themes=THEMES)
    db.add(planning.Elsewhere(district_id=cast.district.id, person_id=cast.agent.id, weekday=4, from_date=date(2026, 8, 1)))
    db.commit()
    form = agent.get(address(series) + "/ukestid").text
    shown = agent.post(address(series) + "/ukestid", data=wish(form, show="1")).text
    assert "Ingrid Solfeng is elsewhere on Fridays, so this time never works." in shown
    assert ("<li>Choose Mondays.</li>" in shown, "another agent" in shown) == (True, False)
    saved = agent.post(address(series) + "/ukestid", data=wish(form))
    assert (saved.status_code, "Ingrid Solfeng is elsewhere on Fridays" in saved.text) == (422, True)
    early = agent.post(address(series) + "/ukestid", data=wish(form, **{"times-0-start_time": "05:00"}))
    assert (early.status_code, 'id="times-0-start_time-error"' in early.text) == (422, True)


def test_a_weekly_time_decided_on_an_old_page_changes_nothing(agent: FlaskClient, cast: Cast, plan: Series, db: Session) -> None:
    form = agent.get(address(plan) + "/ukestid").text
    agent.post(address(plan, 1, "las"), data=seen(db, plan, 1))
    before = dates(db, plan)
    assert agent.post(address(plan) + "/ukestid", data=wish(form)).status_code == 409
    assert dates(db, plan) == before


def test_the_new_series_advises_only_what_its_form_can_do(agent: FlaskClient, cast: Cast, db: Session) -> None:
    publish(db, cast, *THEMES)
    make_series(db, cast, cast.b5, themes=("vennskap",))
    make_series(db, cast, cast.b5, themes=THEMES, weekday=3, in_use=False)
    db.commit()
    wishes = {
        "classes": [cast.a5.public_id],
        "outline": "rekke-folelser-vennskap-samarbeid",
        "themes_of": "rekke-folelser-vennskap-samarbeid",
        "themes": list(THEMES),
        "start": "2027-W24",
        f"time_{cast.a5.public_id}-weekday": "2",
        f"time_{cast.a5.public_id}-start_time": "08:30",
        f"time_{cast.a5.public_id}-minutes": "60",
        "agents": [cast.agent.public_id],
        "show": "1",
    }
    page = agent.post("/rekker/ny", data=wishes).text
    assert "Lessons: 3. School weeks left with this time: 1." in page
    assert ("<li>Choose the template “Prøverekka”, which has fewer lessons.</li>" in page, "Start in week" in page) == (True, True)
    assert ("Leave out lessons: 2 of them." in page, "another agent" in page) == (True, False)


def test_a_start_before_today_is_not_advised(client: FlaskClient, cast: Cast, db: Session, moment: time_machine.Traveller) -> None:
    make_series(db, cast, cast.b5, themes=THEMES)
    db.commit()
    moment.move_to(date(2027, 6, 14))
    sign_in(client, cast.agent).post("/sprak/en")
    page = client.get("/rekker/ny").text
    assert ("The lessons do not fit" in page, "Start in week" in page) == (True, False)
    assert "<li>Leave out lessons: 2 of them.</li>" in page
