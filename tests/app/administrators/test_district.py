"""The overview of a district or of the schools one leads, and confirming the weekly times."""

from __future__ import annotations

import html
import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.people import HEAD, Assignment, SchoolClass
from curriculum.planning import Absence, DateProposal, Limits, Series
from tests.app.counting import queries
from tests.cast import NOW, Cast, looking, make_series, sign_in
from tests.states import state

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


@state
def series(db: Session, cast: Cast) -> Series:
    """5A's: Wednesdays at 08:30 of week 42 (today) and 43."""
    made = make_series(db, cast, start=date(2026, 10, 12), themes=("folelser", "vennskap"))
    db.commit()
    return made


@pytest.fixture
def coordinator(client: FlaskClient, cast: Cast) -> FlaskClient:
    sign_in(client, cast.coordinator).post("/sprak/en")
    return client


@pytest.fixture
def head(client: FlaskClient, cast: Cast) -> FlaskClient:
    sign_in(client, cast.head).post("/sprak/en")
    return client


def words(page: str) -> str:
    main = page.partition("<main")[2].partition("</main>")[0]
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", main).split()))


def section(page: str, id: str) -> str:
    """What a list of the page says; empty when there is none."""
    return words("<main" + page.partition(f'aria-labelledby="{id}"')[2].partition("</section>")[0] + "</main>")


# --- The load -----------------------------------------------------------------------------------------------------------------------


def test_the_load_is_a_table_of_agents_and_weeks_with_numbers_and_shades(
    coordinator: FlaskClient, cast: Cast, series: Series, db: Session
) -> None:
    planning.set_limits(db, cast.agent, Limits(max_per_week=4, max_per_day=2))
    db.commit()
    page = coordinator.get("/bydel").text
    assert "Bydel Solbakken" in words(page)
    row = page.partition(f"/bydel/agenter/{cast.agent.public_id}")[2].partition("</tr>")[0]
    assert "at most 4 a week" in row
    assert "at most 2 a day" in row
    assert re.findall(r'data-shade="(\d)">(\d)', row)[:3] == [("1", "1"), ("1", "1"), ("0", "0")]
    assert 'style="' not in page


def test_too_much_is_said_in_words_and_marked(coordinator: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    other = make_series(db, cast, cast.b5, weekday=3)
    planning.move_lesson(db, other.lessons[0], cast.today, time(10, 30), by=cast.agent, now=NOW)
    for limits, said in (
        (Limits(max_per_day=1), "2 ! , more than she may have"),
        (Limits(None, 3, 1), "2 + , more than she would rather have"),
    ):
        planning.set_limits(db, cast.agent, limits)
        db.commit()
        assert said in words(coordinator.get("/bydel").text)


def test_weeks_without_teaching_have_no_column_and_the_others_are_paged_through(
    coordinator: FlaskClient, cast: Cast, series: Series
) -> None:
    page = coordinator.get("/bydel").text
    numbers = [int(number) for number in re.findall(r'aria-hidden="true">(\d+)</span></th>', page)]
    assert (numbers[0], len(numbers), 53 in numbers) == (42, 12, False)
    later = re.search(r'href="(/bydel\?fra=[^"]+)">Later', page)
    assert later
    assert "Earlier weeks" in coordinator.get(later[1]).text
    first = coordinator.get("/bydel?fra=2026-W32").text
    assert "Earlier weeks" not in first
    assert re.findall(r'aria-hidden="true">(\d+)</span></th>', first)[0] == "34"
    last = coordinator.get("/bydel?fra=2027-W25").text
    assert ("Later weeks" in last, re.findall(r'aria-hidden="true">(\d+)</span></th>', last)[-1]) == (False, "24")


@pytest.mark.parametrize("written", ["2026", "2026-W54", "1999-W10", "x"])
def test_what_is_no_week_is_not_there(coordinator: FlaskClient, written: str) -> None:
    assert coordinator.get(f"/bydel?fra={written}").status_code == 404


def test_a_district_without_anything_says_what_comes_first(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.outsider).post("/sprak/en")
    said = words(client.get("/bydel").text)
    assert "No class has an agent yet" in said
    assert "Nothing waits" in said


def test_a_leader_sees_her_own_schools_only_and_no_limits(head: FlaskClient, cast: Cast, db: Session, series: Series) -> None:
    make_series(db, cast, cast.a6, weekday=3)
    planning.set_limits(db, cast.agent, Limits(max_per_week=1))
    db.commit()
    page = head.get("/bydel").text
    assert "Lessons at your schools only" in words(page)
    for elsewhere in ("6A", "Amir Lyngdal", "at most 1", "/bydel/agenter", "/bydel/reisetid"):
        assert elsewhere not in page


@pytest.mark.parametrize("who", ["agent", "teacher", "translator", "administrator"])
def test_others_are_not_let_in(client: FlaskClient, cast: Cast, who: str) -> None:
    sign_in(client, cast.persons[who])
    assert client.get("/bydel").status_code == 403


def test_a_small_group_is_there_for_those_only_who_may_read_it(client: FlaskClient, cast: Cast, db: Session) -> None:
    make_series(db, cast, cast.small, date(2026, 10, 12))
    other_head = Assignment(district_id=cast.district.id, role=HEAD, school_id=cast.other_school.id, from_date=date(2026, 8, 1))
    cast.translator.assignments.append(other_head)
    db.commit()
    for who, is_there in (("coordinator", True), ("manager", True), ("translator", False)):
        sign_in(client, cast.persons[who])
        page = client.get("/bydel").text
        assert ("Bjørka" in page, "Tuva Steinvik" in page) == (is_there, is_there), who


# --- What waits ---------------------------------------------------------------------------------------------------------------------


def test_everything_that_waits_stands_with_where_it_is_mended(coordinator: FlaskClient, cast: Cast, db: Session, series: Series) -> None:
    plan = make_series(db, cast, cast.b5, weekday=3, in_use=False)
    lesson = series.lessons[1]
    lesson.room_need, lesson.presenter = ["quiet"], "police"
    series.lessons[0].room_need = ["quiet"]
    db.add(DateProposal(district_id=cast.district.id, lesson=lesson, stood_on=lesson.date, wish=date(2026, 10, 22), at=NOW))
    db.add(Absence(district_id=cast.district.id, person_id=cast.agent.id, from_date=lesson.date, to_date=lesson.date, at=NOW))
    db.commit()
    page = coordinator.get("/bydel").text
    when = "5A, Granlia skole : Wednesday 21 October 08:30 , Vennskap"
    assert section(page, "clashes").endswith(f"{when} Ingrid Solfeng is not available")
    assert section(page, "proposals").endswith(f"{when} Wish: Thursday 22 October")
    assert "6A, Elvesvingen skole Amir Lyngdal" in section(page, "unplanned")
    assert "5–6, Elvesvingen skole no agent" in section(page, "unplanned")
    assert section(page, "unused").endswith("5B, Granlia skole : Prøverekka Ingrid Solfeng")
    assert "5A, Granlia skole : Wednesday 08:30–09:30" in section(page, "times")
    assert "5A, Granlia skole : 2 lessons first: Wednesday 14 October 08:30" in section(page, "rooms")
    assert section(page, "presenters").endswith(f"{when} the police: not asked yet")
    for one in (series, plan):
        assert f'href="/rekker/{one.public_id}"' in page
    assert f'href="/skole/{cast.other_school.public_id}"' in page


@pytest.mark.parametrize(("answer", "said"), [("asked", "asked, no answer yet"), ("no", "cannot come"), ("yes", "")])
def test_the_answer_of_somebody_from_outside(
    coordinator: FlaskClient, cast: Cast, db: Session, series: Series, answer: str, said: str
) -> None:
    series.lessons[1].presenter, series.lessons[1].presenter_answer = "police", answer
    db.commit()
    assert section(coordinator.get("/bydel").text, "presenters").endswith(said)


def test_a_long_list_is_folded_after_its_first_lines(coordinator: FlaskClient, cast: Cast, db: Session) -> None:
    db.add_all(
        SchoolClass(district_id=cast.district.id, school_id=cast.school.id, school_year=2026, name=f"7-{number}") for number in range(20)
    )
    db.commit()
    assert "Show the other 14" in section(coordinator.get("/bydel").text, "unplanned")


# --- The weekly times ---------------------------------------------------------------------------------------------------------------


def confirmed(db: Session, series: Series) -> tuple[datetime | None, int | None]:
    with looking(db) as now:
        found = now.get_one(Series, series.id)
        return found.confirmed_at, found.confirmed_by_id


def press(client: FlaskClient, page: str) -> str:
    """Press the first button that confirms; the page that it leads to."""
    form = re.search(r'<form method="post" action="([^"]+bekreft-tidene)">(.*?)</form>', page, re.S)
    assert form, page
    data = {name: html.unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form[2])}
    answer = client.post(form[1], data=data)
    assert answer.status_code == 303, answer.text
    assert answer.location.startswith(data["next"].partition("#")[0])
    return client.get(answer.location).text


@pytest.mark.parametrize("address", ["/bydel", "/skole"])
def test_the_school_confirms_the_weekly_times_and_can_undo_it(
    head: FlaskClient, cast: Cast, db: Session, series: Series, address: str
) -> None:
    page = press(head, head.get(address).text)
    assert "The weekly times of 5A are confirmed." in words(page)
    assert confirmed(db, series) == (NOW, cast.head.id)
    assert "bekreft-tidene" not in page
    undo = re.search(r'<form class="undo" method="post" action="([^"]+)"', page)
    assert undo
    answer = head.post(html.unescape(undo[1]))
    assert "no longer confirmed" in head.get(answer.location).text
    assert confirmed(db, series) == (None, None)


def test_times_that_were_changed_meanwhile_are_not_confirmed(head: FlaskClient, db: Session, series: Series) -> None:
    answer = head.post(f"/skole/rekker/{series.public_id}/bekreft-tidene", data={"seen": "1,08:30-09:30,,,", "next": "/bydel"})
    assert answer.status_code == 422
    assert "have been changed since you opened the page" in words(answer.text)
    assert confirmed(db, series) == (None, None)


def test_who_leads_another_school_or_none_confirms_nothing(client: FlaskClient, cast: Cast, db: Session, series: Series) -> None:
    other = make_series(db, cast, cast.a6, weekday=3)
    db.commit()
    sign_in(client, cast.head)
    assert client.post(f"/skole/rekker/{other.public_id}/bekreft-tidene").status_code == 404
    sign_in(client, cast.coordinator)
    assert client.post(f"/skole/rekker/{series.public_id}/bekreft-tidene").status_code == 403
    assert "bekreft-tidene" not in client.get("/bydel").text + client.get(f"/skole/{cast.school.public_id}").text


@pytest.mark.parametrize("act", ["bekreft-tidene", "tidene-ikke-bekreftet"])
def test_the_address_of_a_button_opens_the_overview(head: FlaskClient, series: Series, act: str) -> None:
    assert "Lessons of each agent" in head.get(f"/skole/rekker/{series.public_id}/{act}").text


def test_the_button_goes_on_to_no_address_but_ours(head: FlaskClient, series: Series) -> None:
    seen = planning.written_times(series.slots)
    answer = head.post(f"/skole/rekker/{series.public_id}/bekreft-tidene", data={"seen": seen, "next": "//evil.example"})
    assert answer.location == "/bydel"


def test_times_that_hold_in_some_weeks_or_for_a_while_say_so(head: FlaskClient, db: Session, series: Series) -> None:
    slot = series.slots[0]
    slot.cycle_anchor, slot.cycle_every = date(2026, 8, 17), 2
    slot.from_date, slot.to_date = date(2026, 10, 1), date(2027, 1, 15)
    for weeks, name in (([0], "A weeks"), ([1], "B weeks")):
        slot.cycle_weeks = weeks
        db.commit()
        for address in ("/bydel", "/skole"):
            assert f"Wednesday 08:30–09:30 ({name}), from 1 October, until 15 January" in words(head.get(address).text)


@pytest.mark.slow
def test_thirty_classes_take_no_more_queries_than_one(
    app: Flask, coordinator: FlaskClient, cast: Cast, db: Session, series: Series
) -> None:
    coordinator.get("/bydel")
    few = queries(app, lambda: coordinator.get("/bydel"))
    for number in range(30):
        db.add(SchoolClass(district_id=cast.district.id, school_id=cast.school.id, school_year=2026, name=f"7-{number}"))
    for group, weekday in ((cast.b5, 3), (cast.a6, 1), (cast.small, 4)):
        make_series(db, cast, group, weekday=weekday)
    db.commit()
    coordinator.get("/bydel")
    assert queries(app, lambda: coordinator.get("/bydel")) == few
