"""One series: its weeks, putting it into use, waivers, and its lessons' changes."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from curriculum import ideabank, planning
from curriculum.people import AGENT, Assignment
from curriculum.planning import CANCELLED, Lesson, Series
from tests.app.counting import queries
from tests.cast import NOW, Cast, make_series, publish, sign_in
from tests.states import state

if TYPE_CHECKING:
    import time_machine
    from flask import Flask
    from flask.testing import FlaskClient


def address(series: Series, place: int = 0, act: str = "") -> str:
    """The page of a series, or of an act on one of its lessons."""
    return f"/rekker/{series.public_id}/{series.lessons[place].public_id}/{act}" if act else f"/rekker/{series.public_id}"


def reread(db: Session, series: Series, place: int = 0) -> Lesson:
    """A lesson as it is saved now; the transaction is over afterwards, or the next request would wait for it."""
    db.expire_all()
    lesson = series.lessons[place]
    db.commit()
    return lesson


def seen(db: Session, series: Series, place: int = 0) -> dict[str, str]:
    """What every form and button about a lesson carries: the number of the state it was shown in."""
    return {"seen": str(reread(db, series, place).version)}


def is_in_use(db: Session, series: Series) -> bool:
    db.expire_all()
    return series.in_use


def test_the_weeks_show_date_time_room_and_theme(agent: FlaskClient, series: Series) -> None:
    page = agent.get(address(series)).text
    assert "Wednesday 14 October" in page
    assert "Wednesday 21 October" in page
    assert "room to be confirmed" in page
    assert 'href="/idebank/vennskap"' in page
    assert "all of it fits: 60 of 60 minutes" in page


def test_weeks_without_a_lesson_say_why(agent: FlaskClient, cast: Cast, db: Session) -> None:
    series = make_series(db, cast, themes=("folelser", "vennskap"), start=date(2026, 12, 16))
    db.commit()
    page = re.sub(r"<[^>]+>", "", agent.get(address(series)).text)
    assert page.count("No lesson: Juleferie") == 2


def test_the_links_are_shown_to_those_who_may_share_them(client: FlaskClient, cast: Cast, series: Series) -> None:
    sign_in(client, cast.agent)
    page = client.get(address(series)).text
    assert f"/f/{cast.parents_link.code}" in page
    assert f"/l/{cast.teacher_link.code}" in page
    client.post("/logg-ut")
    sign_in(client, cast.head)
    page = client.get(address(series)).text
    assert (cast.parents_link.code in page, cast.teacher_link.code in page) == (False, False)


def test_another_agents_series_is_not_there(client: FlaskClient, cast: Cast, series: Series) -> None:
    sign_in(client, cast.other_agent)
    assert client.get(address(series)).status_code == 404
    for act in ("flytt", "avlys", "las", "las-opp"):
        assert client.post(address(series, 0, act)).status_code == 404
    assert client.post(address(series) + "/ta-i-bruk").status_code == 404


def test_who_only_reads_a_series_may_not_change_it(client: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    sign_in(client, cast.coordinator)
    page = client.get(address(series))
    assert page.status_code == 200
    assert "flytt" not in page.text
    assert client.post(address(series, 0, "avlys"), data=seen(db, series)).status_code == 403
    assert reread(db, series).state == planning.PLANNED


@state
def small(db: Session, cast: Cast) -> Series:
    """The small group's series."""
    small = make_series(db, cast, cast.small)
    db.commit()
    return small


@pytest.mark.parametrize(("who", "status"), [("agent", 404), ("other_agent", 404), ("small_agent", 200), ("head", 200)])
def test_a_small_groups_series_is_there_only_for_its_own(client: FlaskClient, cast: Cast, small: Series, who: str, status: int) -> None:
    assert sign_in(client, cast.persons[who]).get(address(small)).status_code == status


def test_a_lesson_is_found_only_under_its_own_series(agent: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    other = make_series(db, cast, cast.b5)
    db.commit()
    assert agent.get(f"/rekker/{other.public_id}/{series.lessons[0].public_id}/flytt").status_code == 404


# --- Into use -------------------------------------------------------------------------------------------------------------------------


def test_a_series_is_put_into_use(agent: FlaskClient, cast: Cast, db: Session) -> None:
    series = make_series(db, cast, in_use=False)
    db.commit()
    answer = agent.post(address(series) + "/ta-i-bruk")
    assert (answer.status_code, answer.headers["Location"]) == (303, address(series))
    assert is_in_use(db, series)


def with_fixed_theme(db: Session, cast: Cast) -> Series:
    """A series not in use, whose second theme is fixed."""
    publish(db, cast, "konflikt-1")
    series = make_series(db, cast, themes=("vennskap", "konflikt-1"), in_use=False)
    version = series.outline_version
    last = 'theme = "konflikt-1"\nfixed = '
    fixed = version.text.replace(f"{last}false", f"{last}true")
    ideabank.load_document(db, cast.district, fixed, version.document.path, now=NOW, today=cast.today)
    newest = ideabank.current(version.document, cast.today)
    assert newest is not None
    series.outline_version = newest
    return series


@state
def lacking(db: Session, cast: Cast) -> Series:
    """A series whose fixed theme was cancelled."""
    series = with_fixed_theme(db, cast)
    planning.cancel_lesson(db, series.lessons[1], by=cast.agent, now=NOW)
    db.commit()
    return series


def test_a_series_without_a_fixed_theme_is_not_put_into_use(agent: FlaskClient, lacking: Series, db: Session) -> None:
    page = agent.post(address(lacking) + "/ta-i-bruk")
    assert page.status_code == 422
    assert "Fixed themes are missing: “Konflikthåndtering 1”. Add them, or give a waiver with a reason." in page.text
    assert not is_in_use(db, lacking)


def test_a_waiver_needs_a_reason(agent: FlaskClient, lacking: Series, db: Session) -> None:
    page = agent.post(address(lacking) + "/unntak", data={"theme": "konflikt-1", "why": ""})
    assert page.status_code == 422
    assert "Write why the theme is left out." in page.text


def test_a_waiver_with_a_pupils_number_is_refused_and_the_text_stays(agent: FlaskClient, lacking: Series, db: Session) -> None:
    page = agent.post(address(lacking) + "/unntak", data={"theme": "konflikt-1", "why": "Gjelder 13097248022 i klassen"})
    assert page.status_code == 422
    assert "Gjelder 13097248022 i klassen" in page.text
    db.expire_all()
    assert lacking.waivers == []


def test_with_a_waiver_the_series_is_put_into_use_and_the_reason_stands_there(agent: FlaskClient, lacking: Series, db: Session) -> None:
    reason = "Klassen hadde temaet i høst."
    assert agent.post(address(lacking) + "/unntak", data={"theme": "konflikt-1", "why": reason}).status_code == 303
    assert agent.post(address(lacking) + "/ta-i-bruk").status_code == 303
    assert reason in agent.get(address(lacking)).text


def test_a_waiver_is_signed_and_can_be_taken_back(agent: FlaskClient, lacking: Series, db: Session) -> None:
    agent.post(address(lacking) + "/unntak", data={"theme": "konflikt-1", "why": "Klassen hadde temaet i høst."})
    page = agent.get(address(lacking)).text
    assert "(Ingrid Solfeng, 14 October 2026): Klassen hadde temaet i høst." in page
    undo = re.search(r'<form class="undo" method="post" action="([^"]+)"', page)
    assert undo is not None
    assert agent.post(undo[1]).status_code == 303
    db.expire_all()
    assert lacking.waivers == []


def test_a_plan_that_lacks_a_fixed_theme_offers_a_waiver_instead_of_use(agent: FlaskClient, lacking: Series) -> None:
    page = agent.get(address(lacking)).text
    assert ("/ta-i-bruk" in page, f'href="{address(lacking)}/unntak" data-variant="primary"' in page) == (False, True)
    agent.get(address(lacking) + "/unntak-tilbake")
    agent.get(address(lacking) + "/ta-ut-av-bruk")


def test_putting_into_use_is_undone_until_a_lesson_was_held(agent: FlaskClient, cast: Cast, db: Session) -> None:
    plan = make_series(db, cast, in_use=False)
    db.commit()
    agent.post(address(plan) + "/ta-i-bruk")
    undo = re.search(r'<form class="undo" method="post" action="([^"]+)"', agent.get(address(plan)).text)
    assert undo is not None
    assert [agent.post(undo[1]).status_code for _ in range(2)] == [303, 303]
    assert is_in_use(db, plan) is False
    agent.post(address(plan) + "/ta-i-bruk")
    agent.post(address(plan, 0, "holdt"), data=seen(db, plan))
    refused = agent.post(undo[1])
    assert (refused.status_code, "A lesson of the series has been held; it stays in use." in refused.text) == (422, True)


def test_a_series_whose_agents_have_ended_says_since_when(agent: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    assert "without an agent from" not in agent.get(address(series)).text
    series.agents = [cast.former]
    db.commit()
    assert "without an agent from 14 October 2026" in agent.get(address(series)).text


def test_a_visitor_is_named_in_the_pages_language(agent: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    reread(db, series).presenter = "police"
    db.commit()
    assert "the police" in agent.get(address(series)).text
    agent.post("/sprak/nb")
    page = agent.get(address(series)).text
    assert ("politiet" in page, "police" in page) == (True, False)


def test_a_waiver_of_a_small_group_has_a_reason_of_the_list(client: FlaskClient, cast: Cast, lacking: Series, db: Session) -> None:
    sign_in(client, cast.small_agent).post("/sprak/en")
    lacking.school_class = cast.small
    db.commit()
    free = client.post(address(lacking) + "/unntak", data={"theme": "konflikt-1", "why": "En av dem er lei seg"})
    assert free.status_code == 422
    reason = {"theme": "konflikt-1", "why": "Gruppa har hatt temaet før"}
    assert client.post(address(lacking) + "/unntak", data=reason).status_code == 303


# --- Lessons --------------------------------------------------------------------------------------------------------------------------


def test_a_lesson_is_moved_and_moved_back(agent: FlaskClient, series: Series, db: Session) -> None:
    answer = agent.post(address(series, 0, "flytt"), data={"date": "2026-10-15", "start_time": "12:00", "why": ""} | seen(db, series))
    assert answer.status_code == 303
    moved = reread(db, series)
    assert (moved.date, moved.start.isoformat("minutes"), moved.end.isoformat("minutes")) == (date(2026, 10, 15), "12:00", "13:00")
    page = agent.get(address(series)).text
    assert "is moved to Thursday 15 October" in page
    undo = re.search(r'<form class="undo" method="post" action="([^"]+)"', page)
    assert undo is not None
    assert agent.post(undo[1]).status_code == 303
    back = reread(db, series)
    assert (back.date, back.start.isoformat("minutes")) == (date(2026, 10, 14), "08:30")


def test_a_move_to_a_holiday_is_refused_in_words_and_the_date_stays_typed(agent: FlaskClient, series: Series, db: Session) -> None:
    page = agent.post(address(series, 0, "flytt"), data={"date": "2026-12-28", "start_time": "08:30", "why": "Tur"} | seen(db, series))
    assert page.status_code == 422
    assert "The lesson cannot be held on 28 December: the school is closed (Juleferie)." in page.text
    assert ('value="2026-12-28"' in page.text, 'value="Tur"' in page.text) == (True, True)
    assert reread(db, series).date == date(2026, 10, 14)


@pytest.mark.parametrize("typed", ["", "tomorrow", "2026-02-30", "0001-01-01", "9999-12-31"])
def test_a_date_that_cannot_be_is_refused(agent: FlaskClient, series: Series, db: Session, typed: str) -> None:
    assert agent.post(address(series, 0, "flytt"), data={"date": typed, "start_time": "08:30"} | seen(db, series)).status_code == 422
    assert reread(db, series).date == date(2026, 10, 14)


@pytest.mark.slow
def test_a_locked_date_does_not_move_until_it_is_unlocked(agent: FlaskClient, series: Series, db: Session) -> None:
    there = {"date": "2026-10-15", "start_time": "08:30"}
    assert agent.post(address(series, 0, "las"), data=seen(db, series)).status_code == 303
    refused = agent.post(address(series, 0, "flytt"), data=there | seen(db, series))
    assert refused.status_code == 422
    assert "The date is locked. Unlock it first." in refused.text
    assert "date locked" in agent.get(address(series)).text
    assert agent.post(address(series, 0, "las-opp"), data=seen(db, series)).status_code == 303
    assert agent.post(address(series, 0, "flytt"), data=there | seen(db, series)).status_code == 303


def test_a_cancelled_lesson_is_marked_and_cannot_be_cancelled_again(agent: FlaskClient, series: Series, db: Session) -> None:
    assert agent.post(address(series, 0, "avlys"), data={"why": "Klassetur"} | seen(db, series)).status_code == 303
    assert reread(db, series).state == CANCELLED
    assert "cancelled" in agent.get(address(series)).text
    again = agent.post(address(series, 0, "avlys"), data={"why": ""} | seen(db, series))
    assert again.status_code == 422
    assert "The lesson is cancelled." in again.text


def test_a_lesson_counts_as_held_two_school_days_after(agent: FlaskClient, series: Series, moment: time_machine.Traveller) -> None:
    moment.move_to(NOW.replace(day=16))
    page = agent.get(address(series)).text
    assert ("counted as held" in page, "1 of 2" in page) == (True, True)


@pytest.mark.slow
def test_a_long_series_takes_no_more_queries_than_a_short_one(app: Flask, agent: FlaskClient, cast: Cast, db: Session) -> None:
    publish(db, cast, "district-texts")
    short = make_series(db, cast, cast.b5, themes=("vennskap",))
    long = make_series(db, cast, cast.a5, themes=("intro", "identitet-1", "folelser", "vennskap", "samarbeid"))
    db.commit()
    agent.get(address(long))
    agent.get(address(short))
    assert queries(app, lambda: agent.get(address(long))) == queries(app, lambda: agent.get(address(short)))


def test_halves_that_have_come_apart_are_named_at_their_lessons_and_at_what_is_proposed(
    agent: FlaskClient, cast: Cast, db: Session
) -> None:
    other = planning.add_class(db, cast.school, "5B gruppe 2", grades=[5], year=2026, kind="half", taken_from=[cast.b5])
    for group in (cast.half, other):
        db.add(Assignment(district_id=cast.district.id, person=cast.agent, role=AGENT, class_id=group.id, from_date=date(2026, 8, 1)))
    db.flush()
    one, two = (make_series(db, cast, group, agents=[cast.agent], weekday=day) for group, day in ((cast.half, 2), (other, 3)))
    db.commit()
    told = "5B gruppe 2 has this in week 42."
    assert told not in agent.get(address(one)).text
    assert told in agent.get("/borte?fra=2026-10-14&til=2026-10-14").text
    lost = " ".join(re.sub(r"<[^>]+>", " ", agent.get("/rekker/tapt/2026-10-14").text).split())
    assert ("to Friday 16 October 08:30" in lost, told in lost) == (True, False)
    planning.move_lesson(db, one.lessons[0], date(2026, 10, 21), by=None, now=NOW)
    db.commit()
    assert told in agent.get(address(one)).text
    assert "5B gruppe 1 has this in week 43." in agent.get(address(two)).text
