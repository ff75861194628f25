"""Who uses a theme, and what is new since the version one last worked from."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from app.coordinators import using
from curriculum import ideabank
from curriculum.ideabank import DocumentVersion
from curriculum.people import AGENT, Assignment, SchoolClass
from tests.app.counting import queries
from tests.cast import NOW, Cast, document, make_series, publish, sign_in

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

ADDRESS = "/idebank/vennskap"
SEPTEMBER = date(2026, 9, 7)
NOVEMBER = date(2026, 11, 16)


def uses(client: FlaskClient, address: str = ADDRESS) -> str:
    """What the page says of who uses the theme, as one line of words."""
    part = client.get(address).text.split('id="uses">')[1].split("</section>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", part).split())


def second_version(db: Session, cast: Cast, theme: DocumentVersion) -> None:
    text = theme.text.replace("I dag øver vi på", "Denne gangen øver vi på")
    ideabank.load_document(db, cast.district, text, theme.document.path, now=NOW, today=cast.today)
    db.commit()


@pytest.fixture
def agent(client: FlaskClient, cast: Cast) -> FlaskClient:
    sign_in(client, cast.agent).post("/sprak/en")
    return client


def test_the_page_lists_the_classes_that_had_it_and_those_that_will(
    agent: FlaskClient, cast: Cast, db: Session, theme: DocumentVersion
) -> None:
    make_series(db, cast, cast.a5, SEPTEMBER)
    make_series(db, cast, cast.b5, NOVEMBER)
    db.commit()
    assert uses(agent) == (
        "Who uses it 2 classes that you may see. Ahead 18 Nov 2026 5B , Granlia skole Held 9 Sept 2026 5A , Granlia skole · version 1"
    )


def test_one_class_is_counted_as_one_and_none_is_said(agent: FlaskClient, cast: Cast, db: Session, theme: DocumentVersion) -> None:
    assert uses(agent) == "Who uses it No class that you may see has this theme in its series."
    make_series(db, cast, cast.a5, NOVEMBER)
    db.commit()
    assert "One class that you may see." in uses(agent)


def test_a_class_shows_to_those_who_may_see_it_and_a_small_group_to_its_own(
    app: Flask, cast: Cast, db: Session, theme: DocumentVersion
) -> None:
    for school_class in (cast.a5, cast.a6, cast.small):
        make_series(db, cast, school_class, NOVEMBER)
    db.commit()
    sees = {
        "agent": {"5A"},
        "other_agent": {"6A"},
        "small_agent": {"Bjørka"},
        "teacher": {"5A"},
        "translator": set(),
        "head": {"5A", "Bjørka"},
        "manager": {"5A", "Bjørka"},
        "coordinator": {"5A", "6A", "Bjørka"},
        "administrator": {"5A", "6A", "Bjørka"},
    }
    for who, names in sees.items():
        page = uses(sign_in(app.test_client(), cast.persons[who]))
        assert {name for name in ("5A", "6A", "Bjørka") if name in page} == names, who
        assert (f" {len(names)} " in page or len(names) < 2) and ("Granlia" in page) == bool(names & {"5A", "Bjørka"}), who


def test_a_plan_that_is_not_in_use_shows_only_to_those_who_plan_it(app: Flask, cast: Cast, db: Session, theme: DocumentVersion) -> None:
    make_series(db, cast, cast.a5, NOVEMBER, in_use=False)
    db.commit()
    assert "5A" not in uses(sign_in(app.test_client(), cast.coordinator))
    mine = sign_in(app.test_client(), cast.agent)
    mine.post("/sprak/en")
    assert "a plan, not in use yet" in uses(mine)


def test_a_lesson_of_yesterday_that_nobody_has_spoken_of_is_not_said_to_be_ahead(
    agent: FlaskClient, cast: Cast, db: Session, theme: DocumentVersion
) -> None:
    make_series(db, cast, cast.a5, cast.today - timedelta(days=2), weekday=1)
    db.commit()
    assert "13 Oct 2026 5A , Granlia skole · not said to be held yet" in uses(agent)


def test_a_cancelled_lesson_is_no_use(agent: FlaskClient, cast: Cast, db: Session, theme: DocumentVersion) -> None:
    series = make_series(db, cast, cast.a5, NOVEMBER)
    series.lessons[0].state = "cancelled"
    db.commit()
    assert "No class" in uses(agent)


def test_only_those_whose_role_opens_a_series_are_led_to_it(app: Flask, cast: Cast, db: Session, theme: DocumentVersion) -> None:
    series = make_series(db, cast, cast.a5, NOVEMBER)
    db.commit()
    link = f'href="/rekker/{series.public_id}"'
    assert link in sign_in(app.test_client(), cast.agent).get(ADDRESS).text
    assert link not in sign_in(app.test_client(), cast.teacher).get(ADDRESS).text


def test_a_held_lesson_says_its_version_and_what_is_new_since(agent: FlaskClient, cast: Cast, db: Session, theme: DocumentVersion) -> None:
    make_series(db, cast, cast.a5, SEPTEMBER)
    second_version(db, cast, theme)
    assert "version 1 What is new since version 1?" in uses(agent)
    page = agent.get(ADDRESS).text
    assert "You last worked from version 1." in page
    assert f'href="{ADDRESS}/sammenlign?fra=1&amp;til=2"' in page


def test_a_lesson_that_keeps_to_a_version_says_which(agent: FlaskClient, cast: Cast, db: Session, theme: DocumentVersion) -> None:
    series = make_series(db, cast, cast.a5, NOVEMBER)
    series.lessons[0].pinned_version_id = theme.id
    series.lessons[0].state = "continued"
    second_version(db, cast, theme)
    assert "version 1 · goes on next time" in uses(agent)


def more_classes(db: Session, cast: Cast, number: int) -> None:
    """So many classes of both schools that have the theme from September; the agent's."""
    for place in range(number):
        school = (cast.school, cast.other_school)[place % 2]
        made = SchoolClass(district_id=cast.district.id, school=school, school_id=school.id, school_year=2026, name=f"7-{place}")
        db.add(made)
        db.flush()
        hers = Assignment(role=AGENT, class_id=made.id, school_class=made, district_id=cast.district.id, from_date=date(2026, 8, 1))
        cast.agent.assignments.append(hers)
        db.flush()
        start = SEPTEMBER + timedelta(weeks=place % 3)
        make_series(db, cast, made, start, agents=[cast.agent], weekday=place % 5)
    db.commit()


def test_many_lessons_are_cut_and_counted(
    agent: FlaskClient, cast: Cast, db: Session, theme: DocumentVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(using, "MOST", 3)
    more_classes(db, cast, 4)
    assert "The newest 3 of 4 lessons." in uses(agent)
    assert uses(agent).count("7-") == 3


@pytest.mark.slow
def test_it_takes_as_many_queries_for_thirty_classes_as_for_one(
    app: Flask, coordinator: FlaskClient, cast: Cast, db: Session, theme: DocumentVersion
) -> None:
    def ask() -> int:
        coordinator.get(ADDRESS)
        return queries(app, lambda: coordinator.get(ADDRESS))

    make_series(db, cast, cast.a5, SEPTEMBER)
    db.commit()
    one = ask()
    more_classes(db, cast, 29)
    assert uses(coordinator).startswith("Who uses it 30 classes")
    assert ask() == one


# --- What is new since the version one worked from -----------------------------------------------------------------------------------


def test_a_reader_who_comes_from_a_version_is_told_what_is_new_since(
    agent: FlaskClient, cast: Cast, db: Session, theme: DocumentVersion
) -> None:
    second_version(db, cast, theme)
    page = agent.get(f"{ADDRESS}?fra=1").text
    assert "You last worked from version 1." in page and f'href="{ADDRESS}/sammenlign?fra=1&amp;til=2"' in page
    assert f'href="{ADDRESS}/versjoner?fra=1"' in page
    history = agent.get(f"{ADDRESS}/versjoner?fra=1").text
    assert history.index("New to you") < history.index("You last worked from this")
    assert history.index(">Version 2<") < history.index(">Version 1<")
    assert f'href="{ADDRESS}/sammenlign?fra=1&amp;til=2"' in history
    assert "Nothing is new since you last worked from it." in agent.get(f"{ADDRESS}?fra=2").text


@pytest.mark.parametrize("asked", ["fra=x", "fra=0", "fra=-1", "fra=99999999999", "fra=7", ""])
def test_a_version_that_is_none_says_nothing(agent: FlaskClient, theme: DocumentVersion, asked: str) -> None:
    for address in (ADDRESS, f"{ADDRESS}/versjoner"):
        page = agent.get(f"{address}?{asked}").text
        assert "worked from" not in page


def test_a_comparison_over_several_versions_tells_what_was_said_of_each_the_newest_first(
    agent: FlaskClient, cast: Cast, db: Session, theme: DocumentVersion
) -> None:
    found = document(db, cast, "vennskap")
    for number, words in ((2, "Denne gangen"), (3, "Denne uka")):
        draft = ideabank.start_draft(db, found, cast.coordinator, NOW)
        draft.text = theme.text.replace("I dag øver", f"{words} øver")
        db.flush()
        seen = ideabank.change_hash(found)
        ideabank.publish(db, found, seen=seen, by=cast.coordinator, why=f"Grunn {number}", now=NOW, today=cast.today)
    db.commit()
    page = agent.get(f"{ADDRESS}/sammenlign?fra=1&til=3").text
    assert 0 < page.index("Grunn 3") < page.index("Grunn 2")
    assert "Grunn 2" not in agent.get(f"{ADDRESS}/sammenlign?fra=2&til=3").text


def test_publishing_again_keeps_the_shelf_fresh(agent: FlaskClient, cast: Cast, db: Session, theme: DocumentVersion) -> None:
    assert "Version 1" in agent.get("/idebank?sok=vennskap").text or "vennskap" in agent.get("/idebank").text
    second_version(db, cast, theme)
    publish(db, cast, "samarbeid")
    db.commit()
    assert "Version 2" in agent.get("/idebank").text
