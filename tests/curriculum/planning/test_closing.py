"""Days closed by hand, and the weekday on which an agent works elsewhere."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.base import Refused
from curriculum.planning import (
    CANCELLED,
    HEEDED,
    SchoolCalendar,
    Series,
    add_closed_days,
    add_elsewhere,
    closed_days,
    elsewhere_of,
    is_school_day,
    lessons_between,
    lessons_meeting,
    lessons_on,
    named_lessons,
    remove_closed_days,
    use_rule,
)
from tests.cast import TODAY, Cast, make_cast, make_series
from tests.states import state


@state
def cast(db: Session) -> Cast:
    return make_cast(db)


@state
def series(db: Session, cast: Cast) -> Series:
    """5A's: the Wednesdays of week 41, 42 and 43; the first counts as held."""
    return make_series(db, cast, start=date(2026, 10, 5), themes=("folelser", "vennskap", "samarbeid"))


def close(db: Session, cast: Cast, first: date, last: date | None = None, **values: object) -> None:
    school = cast.school if values.get("at_school") else None
    add_closed_days(db, cast.district, school, first, last or first, str(values.get("reason", "Fri")), today=TODAY)


def test_closed_days_are_no_school_days_and_the_guessed_ones_are_kept(db: Session, cast: Cast) -> None:
    before = set(closed_days(db, cast.district.id, None, date(2026, 8, 1), date(2027, 7, 31)))
    day = date(2026, 11, 12)
    close(db, cast, day)
    after = set(closed_days(db, cast.district.id, None, date(2026, 8, 1), date(2027, 7, 31)))
    assert [(one.from_date, one.reason) for one in after - before] == [(day, "Fri")]
    assert before <= after


def test_a_school_enters_advice_twice_in_one_calendar_and_it_goes_with_the_last(db: Session, cast: Cast) -> None:
    first, second = (
        add_closed_days(db, cast.district, cast.school, day, day, "Skolefoto", today=TODAY, kind=HEEDED)
        for day in (date(2026, 11, 12), date(2026, 11, 13))
    )
    assert first.calendar_id == second.calendar_id
    calendar = db.get_one(SchoolCalendar, first.calendar_id)
    remove_closed_days(db, calendar, first)
    assert db.get(SchoolCalendar, second.calendar_id) is calendar
    remove_closed_days(db, calendar, second)
    assert db.scalars(select(SchoolCalendar).where(SchoolCalendar.school_id == cast.school.id)).all() == []


def test_the_lessons_on_some_days_are_named_by_date(db: Session, cast: Cast, series: Series) -> None:
    first, second, third = series.lessons
    second.state = CANCELLED
    db.flush()
    assert lessons_on(db, cast.district.id, [third.date, second.date, first.date]) == [first, third]
    assert lessons_on(db, cast.district.id, [third.date + timedelta(1)]) == lessons_on(db, cast.district.id, []) == []


def test_days_of_one_school_are_closed_there_only(db: Session, cast: Cast) -> None:
    day = date(2026, 11, 12)
    close(db, cast, day, at_school=True)
    close(db, cast, day + timedelta(1), at_school=True)  # joins the school's own calendar
    closed = {school: closed_days(db, cast.district.id, school.id, day, day) for school in (cast.school, cast.other_school)}
    assert [is_school_day(day, closed[school]) for school in closed] == [False, True]
    assert len(db.scalars(select(SchoolCalendar).where(SchoolCalendar.school_id == cast.school.id)).all()) == 1


def test_days_that_are_opened_again_are_school_days(db: Session, cast: Cast) -> None:
    day = date(2026, 11, 12)
    span = add_closed_days(db, cast.district, None, day, day, "Fri", today=TODAY)
    remove_closed_days(db, db.get_one(SchoolCalendar, span.calendar_id), span)
    assert is_school_day(day, closed_days(db, cast.district.id, None, day, day))


@pytest.mark.parametrize(
    ("first", "last", "reason", "words"),
    [
        (date(2026, 11, 12), date(2026, 11, 11), "Fri", "before the first"),
        (date(2027, 7, 31), date(2027, 8, 1), "Fri", "within one school year"),
        (date(2026, 11, 12), date(2026, 11, 12), " ", "A name is missing"),
        (date(2026, 10, 26), date(2026, 10, 26), "Fri", "closed already"),
    ],
)
def test_days_that_cannot_be_closed_are_refused(db: Session, cast: Cast, first: date, last: date, reason: str, words: str) -> None:
    close(db, cast, date(2026, 10, 26))
    with pytest.raises(Refused, match=words):
        close(db, cast, first, last, reason=reason)


def test_the_guessed_days_become_the_districts_own_once(db: Session, cast: Cast) -> None:
    calendar = use_rule(db, cast.district, 2026)
    assert [one.reason for one in calendar.closed][:2] == ["Høstferie", "Juleferie"]
    with pytest.raises(Refused, match="already"):
        use_rule(db, cast.district, 2026)


def test_days_on_which_a_lesson_counts_as_held_are_refused_and_name_it(db: Session, cast: Cast, series: Series) -> None:
    with pytest.raises(Refused, match=r"5A 07\.10\.2026\. Choose other days"):
        close(db, cast, date(2026, 10, 5), date(2026, 10, 9))
    series.lessons[0].state = CANCELLED
    close(db, cast, date(2026, 10, 5), date(2026, 10, 9))


def test_a_planned_lesson_of_yesterday_does_not_stand_in_the_way(db: Session, cast: Cast, series: Series) -> None:
    """It does not count as held yet."""
    add_closed_days(db, cast.district, None, date(2026, 10, 14), date(2026, 10, 14), "Fri", today=date(2026, 10, 15))


def test_lessons_of_several_schools_are_named_with_their_schools(db: Session, cast: Cast, series: Series) -> None:
    lessons = [series.lessons[0], *make_series(db, cast, cast.a6, themes=("samarbeid",), agents=[cast.other_agent]).lessons]
    assert [one.split(" 2")[0].rsplit(" ", 1)[0] for one in named_lessons(lessons).split("; ")] == [
        f"5A ({cast.school.name})", f"6A ({cast.other_school.name})",
    ]  # fmt: skip


def test_the_lessons_that_stand_on_some_days_are_named_with_their_classes(db: Session, cast: Cast, series: Series) -> None:
    found = lessons_between(db, cast.district, cast.school, date(2026, 10, 1), date(2026, 10, 31))
    assert named_lessons(found) == "5A 07.10.2026; 5A 14.10.2026; 5A 21.10.2026"
    assert named_lessons(found * 3).endswith("5A 14.10.2026 …")
    assert lessons_between(db, cast.district, cast.other_school, date(2026, 10, 1), date(2026, 10, 31)) == []
    assert len(lessons_between(db, cast.district, None, date(2026, 10, 14), date(2026, 10, 14))) == 1


def test_a_weekday_elsewhere_names_the_coming_lessons_that_it_meets(db: Session, cast: Cast, series: Series) -> None:
    always = add_elsewhere(db, cast.agent, 2, TODAY, None)
    assert [lesson.date for lesson in lessons_meeting(db, always, TODAY)] == [date(2026, 10, 14), date(2026, 10, 21)]
    always.to_date = date(2026, 10, 20)
    assert [lesson.date for lesson in lessons_meeting(db, always, TODAY)] == [date(2026, 10, 14)]
    other = add_elsewhere(db, cast.agent, 1, TODAY, None)
    assert lessons_meeting(db, other, TODAY) == []
    assert elsewhere_of(db, cast.agent) == [other, always]


@pytest.mark.parametrize(
    ("weekday", "first", "last", "words"),
    [
        (5, TODAY, None, "Monday to Friday"),
        (1, TODAY, TODAY - timedelta(1), "before the first"),
        (2, TODAY, None, "said already"),
    ],
)
def test_a_weekday_that_cannot_be_is_refused(db: Session, cast: Cast, weekday: int, first: date, last: date | None, words: str) -> None:
    add_elsewhere(db, cast.agent, 2, TODAY - timedelta(7), TODAY)
    with pytest.raises(Refused, match=words):
        add_elsewhere(db, cast.agent, weekday, first, last)
    add_elsewhere(db, cast.agent, 2, TODAY + timedelta(1), None)


def test_days_of_a_year_that_nobody_can_look_at_are_refused(db: Session, cast: Cast) -> None:
    for year in (2024, 2030):
        with pytest.raises(Refused, match=f"in the school year {year}–{year + 1}"):
            add_closed_days(db, cast.district, None, date(year, 10, 1), date(year, 10, 1), "Fri", today=TODAY)
