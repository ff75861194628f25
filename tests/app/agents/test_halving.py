"""The halves of a class: every page that moves a lesson tells when they come apart, and the other half is brought along."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.people import AGENT, Assignment
from curriculum.planning import Absence, Series
from tests.app.agents.test_away import proposal
from tests.app.agents.test_board import BOARD, card, plain, put, undo_of
from tests.app.agents.test_continuing import values
from tests.app.agents.test_laying_anew import seal_of, stands
from tests.app.agents.test_series_page import address, reread, seen
from tests.app.counting import queries
from tests.cast import NOW, Cast, make_series
from tests.states import state

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

THEMES = ("folelser", "vennskap", "respekt")
ONE, TWO = "5B gruppe 1", "5B gruppe 2"


@state
def halves(db: Session, cast: Cast) -> tuple[Series, Series]:
    """The two halves of 5B, in use: Wednesdays and Thursdays from week 42."""
    other = planning.add_class(db, cast.school, TWO, grades=[5], year=2026, kind="half", taken_from=[cast.b5])
    for group in (cast.half, other):
        db.add(Assignment(district_id=cast.district.id, person=cast.agent, role=AGENT, class_id=group.id, from_date=date(2026, 8, 1)))
    db.flush()
    one = make_series(db, cast, cast.half, themes=THEMES, agents=[cast.agent])
    two = make_series(db, cast, other, themes=THEMES, agents=[cast.agent], weekday=3)
    db.commit()
    return one, two


def week_away(db: Session, cast: Cast) -> None:
    """Nothing of week 43 is left but where the halves stand."""
    for first, last in ((19, 20), (23, 23)):
        day = date(2026, 10, first), date(2026, 10, last)
        db.add(Absence(district_id=cast.district.id, person_id=cast.agent.id, from_date=day[0], to_date=day[1], at=NOW))
    db.commit()


def link(page: str) -> str:
    """Where the notice leads on to."""
    found = re.search(r'<form class="undo".*?<a class="ds-link" href="([^"]+)"', page, re.S)
    assert found is not None
    return unescape(found[1])


def test_the_dates_to_move_to_say_where_the_other_half_is(agent: FlaskClient, halves: tuple[Series, Series]) -> None:
    words = plain(agent.get(address(halves[0], 1, "flytt")).text)
    assert f"{TWO} has this in week 43. A date in another week takes the halves apart." in words
    assert f"Week 43 Monday 19 October 08:30 – free · same week as {TWO}" in words
    assert f"Week 45 Wednesday 4 November 08:30 – free · {TWO} has this in week 43." in words


def test_a_class_that_is_not_halved_reads_nothing_of_halves(agent: FlaskClient, series: Series) -> None:
    assert "has this in week" not in agent.get(address(series, 1, "flytt")).text
    agent.post(address(series, 1, "flytt"), data=put_plain("2026-W45", series, agent))
    assert "apart" not in agent.get(BOARD).text


def put_plain(week: str, series: Series, agent: FlaskClient) -> dict[str, str]:
    found = re.search(r'name="seen"[^>]* value="(\d+)"', agent.get(address(series, 1, "flytt")).text)
    assert found is not None
    return {"where": week, "seen": found[1]}


def test_a_card_that_leaves_the_other_half_is_moved_and_the_board_says_so_and_leads_to_the_other(
    agent: FlaskClient, halves: tuple[Series, Series], db: Session
) -> None:
    one, two = halves
    answer = agent.post(address(one, 1, "flytt"), data=put(db, one, "2026-W45", 1))
    assert answer.status_code == 303
    board = agent.get(BOARD).text
    assert f"The halves are apart now: {ONE} has “Vennskap” in week 45. {TWO} has this in week 43." in plain(board)
    assert f"{TWO} has this in week 43." in plain(card(board, one.lessons[1]))
    assert f"{ONE} has this in week 45." in plain(card(board, two.lessons[1]))
    assert "has this in week" not in card(board, one.lessons[0])
    assert undo_of(board)
    page = agent.get(link(board)).text
    assert f"Move {TWO} to week 45 too" in plain(board)
    chosen = re.search(r'name="where"[^>]* value="([^"]+)" checked', page)
    assert chosen is not None and chosen[1] == "2026-11-05"
    agent.post(address(two, 1, "flytt"), data={"where": chosen[1]} | seen(db, two, 1))
    board = agent.get(BOARD).text
    assert "has this in week" not in board and "The halves are apart" not in board


def test_two_that_change_places_in_one_half_may_do_so_in_the_other(agent: FlaskClient, halves: tuple[Series, Series], db: Session) -> None:
    one = halves[0]
    value = re.search(r'value="(bytt:[^"]+)"', agent.get(address(one, 1, "flytt")).text)
    assert value is not None
    agent.post(address(one, 1, "flytt"), data={"where": value[1], "next": BOARD} | seen(db, one, 1))
    page = agent.get(link(agent.get(BOARD).text)).text
    assert re.search(r'value="bytt:[^"]+" checked', page)


def test_the_other_half_is_not_offered_to_who_does_not_plan_it(
    agent: FlaskClient, cast: Cast, halves: tuple[Series, Series], db: Session
) -> None:
    one, two = halves
    hers = [assignment for assignment in cast.agent.assignments if assignment.class_id in (two.class_id, cast.b5.id)]
    for assignment in hers:
        assignment.to_date = date(2026, 10, 1)
    db.commit()
    agent.post(address(one, 1, "flytt"), data=put(db, one, "2026-W45", 1))
    board = agent.get(BOARD).text
    assert ("The halves are apart now" in board, " too</a>" in board) == (True, False)


def test_of_a_lost_week_both_halves_get_the_same_new_one(
    agent: FlaskClient, cast: Cast, halves: tuple[Series, Series], db: Session
) -> None:
    week_away(db, cast)
    lost = f"/rekker/tapt/2026-10-21?klasse={cast.half.public_id}"
    page = agent.get(lost).text
    words = plain(page)
    assert f"{TWO} Prøverekka" in words and f"Why: {ONE} has it in that week" in words
    assert "Comes after “Respekt” now." in words and "has this in week" not in words
    agent.post(lost, data={"seal": seal_of(page)})
    assert stands(db, *halves) == ["14.10", "04.11", "28.10", "15.10", "05.11", "29.10"]
    assert "The halves are apart" not in agent.get(BOARD).text


def test_where_the_other_half_cannot_go_along_the_new_dates_say_so(
    agent: FlaskClient, cast: Cast, halves: tuple[Series, Series], db: Session
) -> None:
    week_away(db, cast)
    planning.lock_lesson(db, halves[1].lessons[1], by=cast.agent, now=NOW)
    db.commit()
    page = agent.get("/rekker/tapt/2026-10-21").text
    assert f"{TWO} has this in week 43." in plain(page)
    agent.post("/rekker/tapt/2026-10-21", data={"seal": seal_of(page)})
    assert "The halves are apart now" in agent.get(BOARD).text


def test_who_is_away_is_proposed_the_week_of_the_other_half_and_reads_when_they_part(
    agent: FlaskClient, halves: tuple[Series, Series], db: Session
) -> None:
    one, two = halves
    page = agent.get("/borte?dag=i-dag").text
    assert f"Move to Fri 16 Oct 08:30 – same week as {TWO}" in page
    lesson = reread(db, one)
    apart = proposal(page) | {f"okt-{lesson.public_id}": "move:2026-11-04T08:30"}
    told = agent.get(agent.post("/borte", data=apart).location).text
    assert "The halves are apart now" in plain(told)
    assert f'href="{address(two, 0, "flytt")}?where=2026-11-05"' in told


def test_an_extra_lesson_of_one_half_says_what_it_parts(agent: FlaskClient, halves: tuple[Series, Series], db: Session) -> None:
    one, _ = halves
    form = agent.get(address(one, 0, "ikke-ferdig")).text
    [way] = [value for value in values(form, "how") if value.startswith("extra 2026-10-21")]
    assert (
        f"“Vennskap” moves from Wednesday 21 October to Wednesday 28 October: “Å forstå egne og andres følelser” is held then. {TWO} has"
        in (plain(form))
    )
    agent.post(address(one, 0, "ikke-ferdig"), data={"parts": values(form, "parts")[-1:], "how": way} | seen(db, one))
    assert f"{ONE} has “Vennskap” in week 44" in plain(agent.get(address(one)).text)


def test_the_board_asks_the_same_for_halves_in_step_and_for_halves_apart(
    app: Flask, agent: FlaskClient, halves: tuple[Series, Series], db: Session, cast: Cast
) -> None:
    def ask() -> int:
        return queries(app, lambda: agent.get(BOARD))

    ask()
    none = ask()
    for lesson, day in zip(halves[0].lessons[1:], (4, 11), strict=True):
        planning.move_lesson(db, lesson, date(2026, 11, day), by=cast.agent, now=NOW)
    db.commit()
    ask()
    assert (ask(), agent.get(BOARD).text.count("has this in week")) == (none, 4)
