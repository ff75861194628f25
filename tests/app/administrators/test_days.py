"""Closed days by school year: added, removed, and what they do to lessons."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum import delivery
from curriculum.planning import ClosedDays, Lesson, SchoolCalendar, load_calendar, made_by_rule
from tests.app.administrators.conftest import Undo
from tests.app.counting import queries
from tests.cast import NOW, Cast, looking, make_series

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

LIST = "/administrasjon/fridager"
GOOD = {"school": "", "first": "2026-11-12", "last": "2026-11-13", "reason": "Planleggingsdager", "kind": "closed", "school_class": ""}


def closed(db: Session) -> list[tuple[date, date, str]]:
    """The closed days that were entered by hand."""
    with looking(db) as fresh:
        found = fresh.scalars(select(ClosedDays).order_by(ClosedDays.from_date)).all()
        ruled = {(one["from"], one["to"]) for one in made_by_rule(2026)["closed"]}
        return [(one.from_date, one.to_date, one.reason) for one in found if (one.from_date, one.to_date) not in ruled]


def test_days_are_closed_for_all_schools_removed_and_put_back(administrator: FlaskClient, cast: Cast, db: Session, undo: Undo) -> None:
    added = administrator.post(f"{LIST}/ny", data=GOOD)
    assert closed(db) == [(date(2026, 11, 12), date(2026, 11, 13), "Planleggingsdager")]
    assert "No lesson stands there." in administrator.get(added.location).text
    text = administrator.get(LIST).text
    assert "Høstferie" in text  # the guessed days became the district's own: none is lost
    with looking(db) as fresh:
        span = fresh.scalars(select(ClosedDays).where(ClosedDays.reason == "Planleggingsdager")).one()
    removed = administrator.post(f"{LIST}/{span.calendar_id}/{span.id}/fjern")
    assert closed(db) == []
    assert undo(removed).status_code == 303
    assert closed(db) == [(date(2026, 11, 12), date(2026, 11, 13), "Planleggingsdager")]


def test_days_of_one_school_stand_under_its_name(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    administrator.post(f"{LIST}/ny", data=GOOD | {"school": cast.school.public_id})
    with looking(db) as fresh:
        assert {one.school_id for one in fresh.scalars(select(SchoolCalendar))} == {None, cast.school.id}
    assert "Granlia skole" in administrator.get(LIST).text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"first": ""}, "Write a date, for example 2026-10-14."),
        ({"last": "32.13.2026"}, "Write a date, for example 2026-10-14."),
        ({"last": "2026-11-11"}, "The last day is before the first."),
        ({"last": "2027-09-01"}, "within one school year"),
        ({"reason": ""}, "Write why there is no teaching."),
        ({"reason": "Ring 22 33 44 55"}, "holds a telephone number"),
        ({"reason": "x" * 121}, "at most 120 fit here"),
        ({"school": "zzzzzz"}, "Choose among those that are offered."),
    ],
)
def test_days_that_cannot_be_are_refused_in_words(
    administrator: FlaskClient, cast: Cast, db: Session, wrong: dict[str, str], words: str
) -> None:
    answer = administrator.post(f"{LIST}/ny", data=GOOD | wrong)
    assert (answer.status_code, words in answer.text) == (422, True), answer.text
    assert closed(db) == []


def test_lessons_that_stand_on_closed_days_are_named_and_stay(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    series = make_series(db, cast, themes=("folelser", "vennskap"))
    coming = series.lessons[1]
    db.commit()
    day = coming.date.isoformat()
    added = administrator.post(f"{LIST}/ny", data=GOOD | {"first": day, "last": day})
    text = administrator.get(added.location).text
    assert f"These lessons stand there and were not moved: 5A {coming.date.day} {coming.date:%B}." in text
    with looking(db) as fresh:
        assert fresh.get_one(Lesson, coming.id).date == coming.date
    assert "Lessons stand here: 5A" in administrator.get(LIST).text


def test_days_on_which_a_lesson_was_held_are_not_closed(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    series = make_series(db, cast, start=date(2026, 10, 7), themes=("folelser", "vennskap"))
    delivery.hold(db, series.lessons[0], by=cast.agent, now=NOW)
    db.commit()
    answer = administrator.post(f"{LIST}/ny", data=GOOD | {"first": "2026-10-05", "last": "2026-10-09"})
    assert (answer.status_code, "Lessons were held on these days, or count as held: 5A 07.10.2026." in answer.text) == (422, True)
    assert closed(db) == []


def test_a_year_without_a_calendar_says_that_its_days_are_a_guess(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    assert "the days below are a guess" in administrator.get(LIST).text
    assert administrator.post(f"{LIST}/bruk-forslaget?ar=2026").status_code == 303
    assert "the days below are a guess" not in administrator.get(LIST).text
    again = administrator.post(f"{LIST}/bruk-forslaget?ar=2026")
    assert (again.status_code, "has a calendar already" in again.text) == (422, True)


def test_the_list_takes_as_many_queries_for_many_days_as_for_few(app: Flask, administrator: FlaskClient, cast: Cast, db: Session) -> None:
    load_calendar(db, cast.district, made_by_rule(2026))
    make_series(db, cast)
    db.commit()
    few = queries(app, lambda: administrator.get(LIST))
    calendar = db.scalars(select(SchoolCalendar)).one()
    for day in range(1, 31):
        one = date(2026, 11, day)
        db.add(ClosedDays(calendar_id=calendar.id, from_date=one, to_date=one, reason="Fri"))
    make_series(db, cast, cast.b5, themes=("folelser", "vennskap"))
    db.commit()
    assert queries(app, lambda: administrator.get(LIST)) == few


def test_a_calendar_of_another_district_is_not_there(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    calendar = load_calendar(db, cast.other_district, made_by_rule(2026))
    span = calendar.closed[0].id
    db.commit()
    assert administrator.post(f"{LIST}/{calendar.id}/{span}/fjern").status_code == 404
    assert administrator.post(f"{LIST}/tilbake?kept=x").status_code == 404
    with looking(db) as fresh:
        assert fresh.get(ClosedDays, span) is not None


def test_days_that_are_gone_already_are_said_to_be(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    calendar = load_calendar(db, cast.district, made_by_rule(2026))
    db.commit()
    address = f"{LIST}/{calendar.id}/999999/fjern"
    assert "out of the calendar already" in administrator.get(administrator.post(address).location).text
    assert administrator.get(address).status_code == 404
