"""“Rakk ikke ferdig”, from the lesson to the parents' page."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from curriculum.planning import CONTINUED, HELD, PLANNED, Lesson, Series
from tests.app.agents.test_series_page import address, reread, seen
from tests.cast import Cast, looking, sign_in

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse


def values(page: str, name: str) -> list[str]:
    return [unescape(value) for value in re.findall(rf'name="{name}" id="[^"]+" value="([^"]+)"', page)]


def words(page: str) -> str:
    main = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", unescape(main)).split())


@pytest.fixture
def form(agent: FlaskClient, series: Series) -> str:
    return agent.get(address(series, 0, "ikke-ferdig")).text


def undo(client: FlaskClient, answer: TestResponse) -> TestResponse:
    assert answer.status_code == 303, answer.text
    button = re.search(r'<form class="undo" method="post" action="([^"]+)"', client.get(answer.location).text)
    assert button
    return client.post(unescape(button[1]))


def carried(db: Session, series: Series) -> list[tuple[str, bool]]:
    with looking(db) as fresh:
        lessons = fresh.get_one(Series, series.id).lessons
        return [(one.date.isoformat(), one.carried_from_id is not None) for one in lessons]


def test_the_rest_is_taken_up_in_the_next_lesson_and_everyone_reads_so(
    agent: FlaskClient, series: Series, cast: Cast, db: Session, form: str
) -> None:
    parts, ways = values(form, "parts"), values(form, "how")
    assert ways[0] == "next" and ways[-1] == "later"
    answer = agent.post(address(series, 0, "ikke-ferdig"), data={"parts": parts[-1:], "how": "next"} | seen(db, series))
    assert answer.status_code == 303
    assert reread(db, series).state == CONTINUED
    assert carried(db, series) == [("2026-10-14", False), ("2026-10-21", True)]
    page = agent.get(address(series))
    assert "What is recorded of the lesson stays, also if you undo this." in page.text
    assert "begins with the rest of an earlier lesson" in page.text
    assert "Begins with what is left of" in words(agent.get("/uka-mi/2026-W43").text)
    parents = agent.get(f"/f/{cast.parents_link.code}/en/{series.lessons[0].public_id}").text
    assert "There was not time for everything. We go on next time." in parents


def test_the_next_weeks_parents_and_teacher_read_that_the_lesson_goes_on(
    agent: FlaskClient, series: Series, cast: Cast, db: Session, form: str
) -> None:
    agent.post(address(series, 0, "ikke-ferdig"), data={"parts": values(form, "parts")[-1:], "how": "next"} | seen(db, series))
    assert "Økta tar først det som gjenstår av" in agent.get(f"/l/{cast.teacher_link.code}/2026-W43").text


def test_undo_restores_the_plan_and_leaves_the_record(agent: FlaskClient, series: Series, db: Session, form: str) -> None:
    data = {"parts": values(form, "parts")[-1:], "how": "next"} | seen(db, series)
    assert undo(agent, agent.post(address(series, 0, "ikke-ferdig"), data=data)).status_code == 303
    assert carried(db, series) == [("2026-10-14", False), ("2026-10-21", False)]
    assert reread(db, series).state == CONTINUED
    again = agent.get(address(series, 0, "ikke-ferdig"))
    assert (values(again.text, "parts"), values(again.text, "how")[0]) == ([], "next")
    assert "It does not fit" in again.text or "It fits" in again.text


def test_an_extra_lesson_moves_the_others_on_and_is_taken_back(agent: FlaskClient, series: Series, db: Session, form: str) -> None:
    [way] = [value for value in values(form, "how") if value.startswith("extra 2026-10-21")]
    assert "“Vennskap” moves from Wednesday 21 October to Wednesday 28 October" in words(form)
    data = {"parts": values(form, "parts")[-1:], "how": way} | seen(db, series)
    answer = agent.post(address(series, 0, "ikke-ferdig"), data=data)
    assert carried(db, series) == [("2026-10-14", False), ("2026-10-21", True), ("2026-10-28", False)]
    assert undo(agent, answer).status_code == 303
    assert carried(db, series) == [("2026-10-14", False), ("2026-10-21", False)]


def test_what_was_looked_at_is_what_is_done(agent: FlaskClient, series: Series, db: Session, form: str) -> None:
    way = next(value for value in values(form, "how") if value.startswith("extra 2026-10-21"))
    agent.post(address(series, 1, "flytt"), data={"date": "2026-10-22", "start_time": "08:30"} | seen(db, series, 1))
    answer = agent.post(address(series, 0, "ikke-ferdig"), data={"parts": values(form, "parts")[-1:], "how": way} | seen(db, series))
    assert answer.status_code == 422
    assert "The plan has been changed since you opened the page" in unescape(answer.text)
    assert reread(db, series).state == PLANNED  # nothing is half-saved


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"how": "next"}, "Tick the parts that are left."),
        ({"parts": ["hopp"], "how": "next"}, "Choose among those that are offered."),
        ({"parts": "first", "how": "never"}, "Choose among those that are offered."),
    ],
)
def test_what_cannot_be_is_said_at_its_field_with_what_was_ticked(
    agent: FlaskClient, series: Series, db: Session, form: str, data: dict[str, object], said: str
) -> None:
    if data.get("parts") == "first":
        data = data | {"parts": values(form, "parts")[:1]}
    answer = agent.post(address(series, 0, "ikke-ferdig"), data=data | seen(db, series))
    assert answer.status_code == 422 and said in answer.text
    assert answer.text.count("checked") >= 1
    assert reread(db, series).state == PLANNED


def test_later_records_the_lesson_and_leaves_the_plan(agent: FlaskClient, series: Series, db: Session, form: str) -> None:
    data = {"parts": values(form, "parts")[-1:], "how": "later"} | seen(db, series)
    assert agent.post(address(series, 0, "ikke-ferdig"), data=data).status_code == 303
    assert (reread(db, series).state, carried(db, series)[1]) == (CONTINUED, ("2026-10-21", False))
    assert "Where the rest is taken up" in agent.get(address(series)).text


def test_a_lesson_held_to_its_end_has_no_such_page(agent: FlaskClient, series: Series, db: Session) -> None:
    agent.post(address(series, 0, "holdt"), data=seen(db, series))
    assert reread(db, series).state == HELD
    assert agent.get(address(series, 0, "ikke-ferdig")).status_code == 404
    assert agent.post(address(series, 0, "ikke-ferdig"), data={"how": "next"} | seen(db, series)).status_code in (404, 422)


def test_nobody_else_says_so(client: FlaskClient, series: Series, cast: Cast) -> None:
    sign_in(client, cast.other_agent)
    assert client.get(address(series, 0, "ikke-ferdig")).status_code == 404


def test_the_run_sheet_begins_with_the_rest(agent: FlaskClient, series: Series, db: Session, form: str) -> None:
    agent.post(address(series, 0, "ikke-ferdig"), data={"parts": values(form, "parts")[-1:], "how": "next"} | seen(db, series))
    with looking(db) as fresh:
        following = fresh.get_one(Lesson, series.lessons[1].id)
        key, code = following.theme.key, following.public_id
    page = agent.get(f"/idebank/{key}/opplegg?minutter=60&start=08:30&okt={code}")
    assert page.status_code == 200
    assert "Begins with what is left of" in page.text


def test_a_teacher_who_holds_the_next_lesson_finds_the_rest_in_its_run_with_and_without_an_account(
    agent: FlaskClient, client: FlaskClient, series: Series, cast: Cast, db: Session, form: str
) -> None:
    agent.post(address(series, 0, "ikke-ferdig"), data={"parts": values(form, "parts")[-1:], "how": "next"} | seen(db, series))
    db.refresh(series.lessons[1])
    following, last = series.lessons[1], series.lessons[0].theme.versions[-1].title
    following.by_teacher, code, link = True, following.public_id, cast.teacher_link.code
    db.refresh(cast.teacher)
    db.expire_on_commit = False
    db.commit()
    sheet = words(client.get(f"/l/{link}/{code}/opplegg").text)
    told = re.search(rf"Begynner med det som gjenstår av «{last}»: (\d+) minutter\.", sheet)
    assert told is not None
    starts = re.findall(r"Klokka (\d\d:\d\d)", sheet)
    assert starts == sorted(set(starts)), "each part begins later than the one before it"
    sign_in(client, cast.teacher)
    week = client.get("/uke/2026-W43").text
    assert f"okt={code}" in week
    [run] = re.findall(r'href="(/idebank/[^"]+/opplegg[^"]*)"', week)
    assert f"«{last}»: {told[1]} minutter" in words(client.get(unescape(run)).text)


def test_a_rest_that_is_longer_than_the_room_for_it_is_saved_with_a_word_about_it(
    agent: FlaskClient, series: Series, db: Session, form: str
) -> None:
    agent.post(address(series, 0, "ikke-ferdig"), data={"parts": values(form, "parts"), "how": "next"} | seen(db, series))
    told = re.compile(r"The rest takes (\d+) minutes; the core of the theme leaves room for (\d+)\.")
    answer, page = (told.findall(words(agent.get(address(series)).text)) for _ in range(2))
    assert answer == [("60", "15")] * 2, "in the answer, and at the lesson"
    assert page == told.findall(words(agent.get("/uka-mi/2026-W43").text)) == [("60", "15")]
