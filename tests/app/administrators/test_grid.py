"""The school year day by day: days ticked and opened, its ends, and its days copied to the next year."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.people import School
from curriculum.planning import AVOIDED, CLOSED, HEEDED, Days, SchoolCalendar, load_calendar, made_by_rule
from tests.app.administrators.conftest import Undo
from tests.app.counting import queries
from tests.cast import Cast, looking, make_series, sign_in
from tests.states import state

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

pytestmark = pytest.mark.usefixtures("calendar")

GRID = "/administrasjon/fridager/rutenett?ar=2026"
NEXT = "/administrasjon/fridager/neste-ar?ar=2026"
WEEK = [f"2026-11-{n}" for n in range(16, 21)]
SCHOOL_DAYS = "/administrasjon/fridager/skoledager?ar=2026"
LATE = {"from_date": "2026-08-18", "to_date": "2027-06-18"}
GOOD = {"act": CLOSED, "reason": "Fri", "day": WEEK[:2]}


@state
def calendar(db: Session, cast: Cast) -> SchoolCalendar:
    """The district's, with the guessed days."""
    made = load_calendar(db, cast.district, made_by_rule(2026))
    db.commit()
    return made


def entered(db: Session, school: School | None = None, year: int = 2026) -> list[Days]:
    """The spans of the calendars of a place in a year, but those that were guessed."""
    ruled = {one["from"] for one in made_by_rule(2026)["closed"]}
    with looking(db) as fresh:
        calendars = [one for one in fresh.query(SchoolCalendar) if one.school_id == (school.id if school else None)]
        spans = [days for one in calendars for days in planning.days_of(one)]
        return [one for one in spans if planning.school_year(one.from_date) == year and one.from_date not in ruled]


def test_ticked_days_become_a_span_and_are_taken_back(administrator: FlaskClient, db: Session, undo: Undo) -> None:
    answer = administrator.post(GRID, data=GOOD)
    assert entered(db) == [Days(date(2026, 11, 16), date(2026, 11, 17), "Fri")]
    assert undo(answer).status_code == 303
    assert entered(db) == []


def test_days_of_one_school_are_avoided_by_some_years_there(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    administrator.post(f"{GRID}&skole={cast.school.public_id}", data=GOOD | {"act": AVOIDED, "grades": ["5", "6"]})
    assert entered(db) == []
    assert entered(db, cast.school) == [Days(date(2026, 11, 16), date(2026, 11, 17), "Fri", AVOIDED, (5, 6))]
    page = administrator.get(f"{GRID}&skole={cast.school.public_id}").text
    assert re.search(r'<td data-kind="avoided"><input type="checkbox" name="day" value="2026-11-16"', page)
    assert re.search(
        r'<td data-kind="elsewhere"><input type="checkbox" name="day" value="2026-09-28"', page
    )  # autumn break, of all schools


def test_opened_days_leave_the_rest_of_their_span(administrator: FlaskClient, db: Session, undo: Undo) -> None:
    administrator.get(administrator.post(GRID, data=GOOD | {"day": WEEK}).location)
    answer = administrator.post(GRID, data={"act": "open", "day": WEEK[2:3]})
    assert [(one.from_date.day, one.to_date.day) for one in entered(db)] == [(16, 17), (19, 20)]
    assert undo(answer).status_code == 303
    assert [(one.from_date.day, one.to_date.day) for one in entered(db)] == [(16, 20)]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"day": []}, "Choose at least one day."),
        ({"day": ["2026-13-01"]}, "Choose among those that are offered."),
        ({"day": ["2028-10-11"]}, "Choose among those that are offered."),
        ({"reason": ""}, "Write why."),
        ({"reason": "Ring 22 33 44 55"}, "holds a telephone number"),
        ({"act": "tøm"}, "Choose among those that are offered."),
        ({"act": "open"}, "stands in no span of this calendar"),
    ],
)
def test_what_cannot_be_is_refused_and_the_ticks_are_kept(
    administrator: FlaskClient, db: Session, wrong: dict[str, object], words: str
) -> None:
    answer = administrator.post(GRID, data=GOOD | wrong)
    assert (answer.status_code, words in answer.text) == (422, True), answer.text
    if "day" not in wrong:
        assert 'value="2026-11-16" id="d-2026-11-16" checked' in answer.text
    assert entered(db) == []


def test_days_with_held_lessons_are_not_closed_and_the_others_are_not_either(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    series = make_series(db, cast, start=date(2026, 10, 5), themes=("folelser", "vennskap"))
    held = series.lessons[0].date
    db.commit()
    answer = administrator.post(GRID, data=GOOD | {"day": [held.isoformat(), *WEEK]})
    assert (answer.status_code, "Lessons were held on these days" in answer.text) == (422, True)
    assert entered(db) == []


def test_every_school_day_stands_in_its_iso_week_also_in_week_53(administrator: FlaskClient) -> None:
    page = administrator.get(GRID).text
    days = re.findall(r'name="day" value="([\d-]+)"', page)
    every = (date(2026, 8, 1) + timedelta(n) for n in range(365))
    assert days == [one.isoformat() for one in every if one.weekday() < 5]
    weeks = dict.fromkeys(re.findall(r'<th scope="row">(\d+)</th>', page))
    assert list(weeks)[:1] + [week for week in weeks if int(week) in (52, 53, 1)] == ["32", "52", "53", "1"]


def test_the_grid_takes_as_many_queries_for_many_days_as_for_few(app: Flask, administrator: FlaskClient, db: Session) -> None:
    few = queries(app, lambda: administrator.get(GRID))
    administrator.post(GRID, data=GOOD | {"day": [f"2026-11-{n:02}" for n in range(2, 30, 2)]})
    administrator.get(GRID)
    assert queries(app, lambda: administrator.get(GRID)) <= few


def first_and_last(db: Session, cast: Cast) -> tuple[date, date]:
    with looking(db) as fresh:
        [year] = planning.school_years(fresh, cast.district.id, None, [2026])
        return year.from_date, year.to_date


def seen_on(page: str) -> dict[str, str]:
    """The state that the form of a page was opened on, as the form sends it."""
    [found] = [one for one in re.findall(r"<input[^>]*>", page) if 'name="seen"' in one]
    return {"seen": found.partition('value="')[2].partition('"')[0]}


def test_the_first_and_last_school_day_are_set_and_taken_back(administrator: FlaskClient, cast: Cast, db: Session, undo: Undo) -> None:
    before, seen = first_and_last(db, cast), seen_on(administrator.get(SCHOOL_DAYS).text)
    wrong = administrator.post(SCHOOL_DAYS, data=seen | {"from_date": "2026-08-18", "to_date": "2027-08-18"})
    assert (wrong.status_code, "within one school year" in wrong.text) == (422, True)
    answer = administrator.post(SCHOOL_DAYS, data=seen | LATE)
    assert first_and_last(db, cast) == (date(2026, 8, 18), date(2027, 6, 18))
    assert undo(answer).status_code == 303
    assert first_and_last(db, cast) == before


def test_school_days_where_nobody_had_entered_any_are_a_guess_again_when_taken_back(
    administrator: FlaskClient, cast: Cast, db: Session
) -> None:
    address = SCHOOL_DAYS.replace("2026", "2027")
    seen = seen_on(administrator.get(address).text)
    answer = administrator.post(address, data=seen | {"from_date": "2027-08-24", "to_date": "2028-06-20"})
    button = re.search(r'<form class="undo" method="post" action="([^"]+)"', administrator.get(answer.location).text)
    assert button
    for words in ("as it was", "nothing to take back"):
        again = administrator.post(html.unescape(button[1]))
        assert words in administrator.get(again.location).text
    with looking(db) as fresh:
        assert planning.school_years(fresh, cast.district.id, None, [2027])[0].is_by_rule


def test_ticked_days_are_taken_back_once_though_their_calendar_went_with_them(administrator: FlaskClient, db: Session) -> None:
    answer = administrator.post(GRID, data=GOOD)
    button = re.search(r'<form class="undo" method="post" action="([^"]+)"', administrator.get(answer.location).text)
    db.expire_all()
    for calendar in db.query(SchoolCalendar):
        for row in calendar.closed:
            db.delete(row)
        db.delete(calendar)
    db.commit()
    assert button
    assert "nothing to take back" in administrator.get(administrator.post(html.unescape(button[1])).location).text


def test_two_who_set_the_school_days_at_once_do_not_lose_each_others(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    seen = seen_on(administrator.get(SCHOOL_DAYS).text)
    assert administrator.post(SCHOOL_DAYS, data=seen | LATE).status_code == 303
    slower = administrator.post(SCHOOL_DAYS, data=seen | {"from_date": "2026-08-20", "to_date": "2027-06-21"})
    assert (slower.status_code, "2026-08-20" in slower.text) == (409, True)
    assert first_and_last(db, cast) == (date(2026, 8, 18), date(2027, 6, 18))


def test_school_days_that_were_set_anew_since_are_not_taken_back(administrator: FlaskClient, cast: Cast, db: Session, undo: Undo) -> None:
    answer = administrator.post(SCHOOL_DAYS, data=seen_on(administrator.get(SCHOOL_DAYS).text) | LATE)
    db.expire_all()
    [calendar] = db.query(SchoolCalendar)
    calendar.from_date = date(2026, 8, 19)
    db.commit()
    refused = undo(answer)
    assert (refused.status_code, "set anew since" in refused.text, 'value="2026-08-19"' in refused.text) == (422, True, True)
    assert first_and_last(db, cast) == (date(2026, 8, 19), date(2027, 6, 18))


def test_a_grid_that_somebody_changed_meanwhile_is_shown_anew_with_the_ticks(administrator: FlaskClient, db: Session) -> None:
    seen = seen_on(administrator.get(GRID).text)
    administrator.post(GRID, data=GOOD | seen | {"day": WEEK[3:4], "reason": "Kurs"})
    slower = administrator.post(GRID, data=GOOD | seen)
    assert (slower.status_code, "changed after you opened the page" in slower.text) == (422, True)
    assert [f'value="{one}" id="d-{one}" checked' in slower.text for one in WEEK[:3]] == [True, True, False]
    assert [one.reason for one in entered(db)] == ["Kurs"]
    assert administrator.post(GRID, data=GOOD | seen_on(slower.text)).status_code == 303


def test_advice_on_a_public_holiday_does_not_hide_it(administrator: FlaskClient, db: Session, cast: Cast) -> None:
    planning.add_closed_days(db, cast.district, None, date(2027, 5, 14), date(2027, 5, 17), "Råd", today=date(2026, 10, 14), kind=HEEDED)
    db.commit()
    assert '<td data-kind="heeded law"><input type="checkbox" name="day" value="2027-05-17"' in administrator.get(GRID).text


# --- The next year ----------------------------------------------------------------------------------------------------------------------


def test_a_year_is_copied_as_it_was_looked_at_and_taken_back(administrator: FlaskClient, cast: Cast, db: Session, undo: Undo) -> None:
    page = administrator.get(NEXT).text
    assert "same week and weekday" in page
    assert "moves with Easter" in page
    lines = re.findall(r'name="line" value="(\d+)"', page)
    assert len(lines) == 5
    assert entered(db, year=2027) == []  # looking saves nothing
    answer = administrator.post(NEXT, data={"line": lines[:-1]})
    assert [one.reason for one in entered(db, year=2027)] == ["Høstferie", "Juleferie", "Vinterferie", "Påskeferie"]
    assert undo(answer).status_code == 303
    assert entered(db, year=2027) == []
    administrator.post(NEXT, data={"line": lines[:-1]})
    assert administrator.get(NEXT).text.count("stands there already") == 4


def test_copying_nothing_is_refused_and_an_empty_place_says_so(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    answer = administrator.post(NEXT, data={})
    assert (answer.status_code, "Choose at least one line." in answer.text) == (422, True)
    assert "Nothing to copy" in administrator.get(f"{NEXT}&skole={cast.school.public_id}").text


def test_a_line_that_is_gone_from_the_calendar_is_not_passed_over_in_silence(administrator: FlaskClient, db: Session) -> None:
    line = re.findall(r'name="line" value="(\d+)"', administrator.get(NEXT).text)[0]
    answer = administrator.post(NEXT, data={"line": [line, "999999"]})
    assert (answer.status_code, "no longer in the calendar" in answer.text) == (422, True)
    assert entered(db, year=2027) == []


def test_a_calendar_of_another_district_is_not_there(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    assert administrator.get(f"{GRID}&skole=zzzzzz").status_code == 404
    assert administrator.post("/administrasjon/fridager/angre?kept=x").status_code == 404


def test_an_undo_that_would_close_days_over_held_lessons_says_so(administrator: FlaskClient, cast: Cast, db: Session, undo: Undo) -> None:
    held = "2026-10-07"
    administrator.get(administrator.post(GRID, data=GOOD | {"day": [held]}).location)
    answer = administrator.post(GRID, data={"act": "open", "day": [held]})
    for lesson in make_series(db, cast, themes=("folelser", "vennskap")).lessons:
        lesson.date = date.fromisoformat(held)
    db.commit()
    refused = undo(answer)
    assert (refused.status_code, "Lessons were held on these days" in refused.text) == (422, True)


def test_only_administrators_enter(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.head)
    for address in (GRID, NEXT, "/administrasjon/fridager/import", "/administrasjon/fridager/skoledager"):
        assert client.get(address).status_code == 403


def test_the_coordinator_reads_the_calendars_and_changes_nothing_in_them(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.coordinator).post("/sprak/en")
    assert 'href="/administrasjon/fridager"' in client.get("/bydel").text
    for address in ("/administrasjon/fridager?ar=2026", GRID, f"{GRID}&skole={cast.school.public_id}"):
        page = client.get(address)
        main = page.text.partition("<main")[2]
        assert (page.status_code, "<form" in main, 'type="checkbox"' in main, "/administrasjon/personer" in page.text) == (
            200,
            False,
            False,
            False,
        )
    assert "høstferie" in client.get(GRID).text.lower()
    for address in (GRID, NEXT, "/administrasjon/fridager/import", "/administrasjon/fridager/ny", SCHOOL_DAYS):
        assert client.post(address).status_code == 403
    for address in (NEXT, "/administrasjon/fridager/import", "/administrasjon/fridager/ny", SCHOOL_DAYS):
        assert client.get(address).status_code == 403


@pytest.mark.parametrize("who", ["agent", "teacher", "head", "manager", "translator"])
def test_nobody_else_comes_to_the_administrators_calendars(client: FlaskClient, cast: Cast, who: str) -> None:
    sign_in(client, cast.persons[who])
    assert (client.get("/administrasjon/fridager").status_code, client.get(GRID).status_code) == (403, 403)
