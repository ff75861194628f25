"""A series goes on with another agent of the class when the one who held it has left."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.base import Refused
from curriculum.people import AGENT, Assignment, Person
from curriculum.planning import Series
from tests.cast import Cast, make_series
from tests.states import state

NOW = datetime(2026, 10, 14, 6, tzinfo=UTC)


@state
def series(db: Session, cast: Cast) -> Series:
    """5A's on Wednesdays from today on."""
    return make_series(db, cast, themes=("vennskap", "folelser", "samarbeid"))


@pytest.fixture
def heir(db: Session, cast: Cast) -> Person:
    """Another agent of 5A."""
    person = Person(district=cast.district, district_id=cast.district.id, name="Siri Li", email="siri@example.org")
    person.assignments.append(Assignment(district_id=cast.district.id, role=AGENT, school_class=cast.a5, from_date=date(2026, 8, 1)))
    db.add(person)
    db.flush()
    return person


def _leave(db: Session, cast: Cast, last: date) -> None:
    for one in cast.agent.assignments:
        if one.class_id == cast.a5.id:
            one.to_date = last
    db.flush()


def test_the_lessons_ahead_get_her_who_takes_over_and_it_is_undone_as_one(db: Session, cast: Cast, series: Series, heir: Person) -> None:
    series.lessons[0].state = planning.HELD
    _leave(db, cast, cast.today - timedelta(1))
    assert planning.departed(db, series, cast.today) == [cast.agent]
    taken = planning.take_over(db, series, heir, by=heir, now=NOW)
    assert (taken.count, taken.clashes) == (2, ())
    assert [[one.name for one in lesson.staff] for lesson in series.lessons] == [[cast.agent.name], [heir.name], [heir.name]]
    assert series.agents == [heir] and planning.departed(db, series, cast.today) == []
    assert taken.change.kind == planning.TAKEN_OVER
    planning.undo(db, taken.change, by=heir, now=NOW)
    assert series.agents == [cast.agent] and {one for lesson in series.lessons for one in lesson.staff} == {cast.agent}


def test_her_role_that_ends_later_leaves_her_the_lessons_until_then(db: Session, cast: Cast, series: Series, heir: Person) -> None:
    _leave(db, cast, series.lessons[1].date)
    taken = planning.take_over(db, series, heir, by=heir, now=NOW)
    assert taken.count == 1 and series.lessons[2].staff == [heir] and series.lessons[1].staff == [cast.agent]
    assert series.agents == [cast.agent, heir]


def test_what_she_cannot_hold_where_it_stands_is_told(db: Session, cast: Cast, series: Series, heir: Person) -> None:
    cast.small_agent.assignments.append(Assignment(district_id=cast.district.id, role=AGENT, school_class=cast.a5, from_date=cast.today))
    _leave(db, cast, cast.today - timedelta(1))
    planning.move_lesson(db, series.lessons[2], series.lessons[2].date + timedelta(1), by=None, now=NOW)
    other = make_series(db, cast, cast.small, weekday=3, themes=("folelser",), agents=[cast.small_agent])
    other.lessons[0].date = series.lessons[2].date
    db.flush()
    taken = planning.take_over(db, series, cast.small_agent, by=cast.administrator, now=NOW)
    assert [lesson for lesson, _ in taken.clashes] == [series.lessons[2]]
    assert str(taken.clashes[0][1]) == f"{cast.small_agent.name} is not available"


def test_nobody_takes_over_what_is_not_hers_or_is_still_held_by_its_agents(db: Session, cast: Cast, series: Series, heir: Person) -> None:
    with pytest.raises(Refused, match="is not an agent of 5A"):
        planning.take_over(db, series, cast.other_agent, by=cast.administrator, now=NOW)
    with pytest.raises(Refused, match="Nothing is to be taken over"):
        planning.take_over(db, series, heir, by=heir, now=NOW)


def test_a_taking_over_that_others_followed_is_not_undone_before_them(db: Session, cast: Cast, series: Series, heir: Person) -> None:
    for lesson in series.lessons:
        lesson.state = planning.HELD
    _leave(db, cast, cast.today - timedelta(1))
    taken = planning.take_over(db, series, heir, by=heir, now=NOW)
    assert taken.count == 0
    series.agents[:] = [cast.small_agent]
    db.flush()
    with pytest.raises(Refused, match="agents of the series have become others since"):
        planning.undo(db, taken.change, by=heir, now=NOW)


def test_a_series_ends_before_its_time_with_all_that_is_ahead_and_comes_back_as_one(db: Session, cast: Cast, series: Series) -> None:
    change = planning.end_series(db, series, series.lessons[1].date, why="Klassen er flyttet", by=cast.agent, now=NOW)
    assert [lesson.state for lesson in series.lessons] == [planning.PLANNED, planning.CANCELLED, planning.CANCELLED]
    assert series.lessons[2].moves[-1].why == "Klassen er flyttet" and change.kind == planning.ENDED
    with pytest.raises(Refused, match="no lesson from"):
        planning.end_series(db, series, series.lessons[1].date, why="", by=cast.agent, now=NOW)
    planning.undo(db, change, by=cast.agent, now=NOW)
    assert {lesson.state for lesson in series.lessons} == {planning.PLANNED}
    with pytest.raises(Refused, match="has passed"):
        planning.end_series(db, series, cast.today - timedelta(1), why="", by=cast.agent, now=NOW)


def test_what_other_classes_hold_as_one_with_a_series_that_ends_stands_for_them(db: Session, cast: Cast, series: Series) -> None:
    other = make_series(db, cast, cast.b5, weekday=3)
    for lesson in (series.lessons[1], other.lessons[0]):
        lesson.joint, lesson.date = "together12", series.lessons[1].date
    change = planning.end_series(db, series, cast.today, why="", by=cast.agent, now=NOW)
    assert {lesson.state for lesson in series.lessons} == {planning.CANCELLED}
    assert {lesson.state for lesson in other.lessons} == {planning.PLANNED}
    planning.undo(db, change, by=cast.agent, now=NOW)
    assert series.lessons[1].joint == other.lessons[0].joint == "together12"


def test_a_lesson_on_a_day_that_was_closed_after_it_is_found(db: Session, cast: Cast, series: Series) -> None:
    assert planning.lessons_on_closed_days(db, cast.other_district.id, cast.today) == {}
    assert planning.lessons_on_closed_days(db, cast.district.id, cast.today) == {}
    closed, away = series.lessons[0], series.lessons[1]
    calendar = planning.SchoolCalendar(
        district_id=cast.district.id, name="Endringer", from_date=date(2026, 8, 1), to_date=date(2027, 7, 31)
    )
    calendar.closed = [
        planning.ClosedDays(from_date=closed.date, to_date=closed.date, reason="Streik"),
        planning.ClosedDays(from_date=away.date, to_date=away.date, reason="Leirskole", class_id=cast.a5.id),
    ]
    db.add(calendar)
    db.flush()
    assert planning.lessons_on_closed_days(db, cast.district.id, cast.today) == {closed.id: "Streik", away.id: "Leirskole"}
    planning.cancel_lesson(db, closed, by=cast.agent, now=NOW)
    assert planning.lessons_on_closed_days(db, cast.district.id, cast.today) == {away.id: "Leirskole"}
