"""School calendars in the database, lessons by week, and lists that ask a fixed number of questions."""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from curriculum.base import Refused
from curriculum.people import AGENT, HEAD, Assignment, Person, School, SchoolClass, may, visible
from curriculum.planning import (
    CANCELLED,
    HELD,
    Closed,
    Lesson,
    SchoolCalendar,
    Series,
    Week,
    assumed_held,
    cancel_lesson,
    closed_days,
    find_series,
    lessons_of_week,
    load_calendar,
    made_by_rule,
    school_years,
    series_list,
    teaching_week_nearest,
)
from tests.curriculum.planning.house import NOW, TODAY, House

CALENDAR = {
    "format": 1,
    "kind": "calendar",
    "name": "Solbakken 2026–2027",
    "from": date(2026, 8, 17),
    "to": date(2027, 6, 18),
    "closed": [{"from": date(2026, 9, 28), "to": date(2026, 10, 2), "reason": "Høstferie"}],
}


@contextmanager
def counting(db: Session) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    engine = db.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def closed(house: House, first: date, last: date, school: School | None = None) -> list[Closed]:
    return closed_days(house.db, house.district.id, school.id if school else None, first, last)


# --- Calendars ------------------------------------------------------------------------------------------------------------------------


def test_closed_days_are_the_calendars_with_the_public_holidays_and_the_summer(house: House) -> None:
    load_calendar(house.db, house.district, CALENDAR)
    assert closed(house, date(2026, 8, 10), date(2026, 12, 25)) == [
        Closed(date(2026, 8, 1), date(2026, 8, 16), "Sommerferie"),
        Closed(date(2026, 9, 28), date(2026, 10, 2), "Høstferie"),
        Closed(date(2026, 12, 25), date(2026, 12, 25), "Første juledag"),
    ]


def test_a_school_adds_its_own_closed_days_and_no_other_school_has_them(house: House) -> None:
    load_calendar(house.db, house.district, CALENDAR)
    other = School(district=house.district, name="Lia skole")
    house.db.add(other)
    house.db.flush()
    own = {"from": date(2026, 9, 7), "to": date(2026, 9, 7), "reason": "Planleggingsdag"}
    load_calendar(house.db, house.district, CALENDAR | {"closed": [own]}, house.school)
    day = date(2026, 9, 7)
    assert closed(house, day, day, house.school) == [Closed(day, day, "Planleggingsdag")]
    assert closed(house, day, day, other) == closed(house, day, day) == []


def test_a_school_s_own_calendar_says_when_the_year_begins_where_the_district_has_none(house: House) -> None:
    load_calendar(house.db, house.district, CALENDAR | {"from": date(2026, 8, 20)}, house.school)
    [year] = school_years(house.db, house.district.id, house.school.id, [2026])
    assert (year.from_date, year.to_date, year.is_by_rule) == (date(2026, 8, 20), date(2027, 6, 18), False)


def test_a_year_nobody_has_entered_is_made_by_rule_and_says_so(house: House) -> None:
    load_calendar(house.db, house.district, CALENDAR)
    known, guessed = school_years(house.db, house.district.id, None, [2027, 2026])
    assert (known.is_by_rule, guessed.is_by_rule) == (False, True)
    assert (guessed.from_date, guessed.to_date) == (date(2027, 8, 23), date(2028, 6, 16))
    assert closed(house, date(2028, 2, 22), date(2028, 2, 22)) == [Closed(date(2028, 2, 21), date(2028, 2, 25), "Vinterferie")]


def test_a_calendar_that_fills_the_school_year_leaves_no_summer(house: House) -> None:
    load_calendar(house.db, house.district, CALENDAR | {"from": date(2026, 8, 1), "to": date(2027, 7, 31), "closed": []})
    assert closed(house, date(2026, 8, 1), date(2026, 8, 31)) == []
    assert closed(house, date(2027, 7, 1), date(2027, 7, 31)) == []


def test_a_calendar_loaded_again_replaces_what_it_said(house: House) -> None:
    first = load_calendar(house.db, house.district, CALENDAR)
    second = load_calendar(house.db, house.district, made_by_rule(2026) | {"name": CALENDAR["name"]})
    assert first is second
    assert [one.reason for one in second.closed] == ["Høstferie", "Juleferie", "Vinterferie", "Påskeferie", "Inneklemt dag"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": 2}, "This is not a school calendar"),
        ({"kind": "theme"}, "This is not a school calendar"),
        ({"name": " "}, "has no name"),
        ({"name": 7}, "has no name"),
        ({"from": "2026-08-17"}, "needs dates written as"),
        ({"to": NOW}, "needs dates written as"),
        ({"to": date(2026, 8, 1)}, "ends on 2026-08-01, before it begins on 2026-08-17"),
        ({"closed": [{"from": date(2026, 9, 28)}]}, "needs dates written as"),
        ({"closed": [{"from": date(2026, 9, 28), "to": date(2026, 9, 28), "reason": ""}]}, "the days from 2026-09-28 have no reason"),
        ({"closed": [{"from": date(2026, 9, 28), "to": date(2026, 9, 28)}]}, "the days from 2026-09-28 have no reason"),
    ],
)
def test_a_calendar_that_does_not_hold_together_is_refused_in_words(house: House, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused, match=words):
        load_calendar(house.db, house.district, CALENDAR | changes)


@pytest.mark.parametrize(
    ("today", "week"),
    [
        (date(2026, 9, 6), (2026, 36)),
        (date(2026, 9, 29), (2026, 41)),
        (date(2026, 7, 1), (2026, 24)),
        (date(2026, 8, 1), (2026, 34)),
        (date(2026, 12, 31), (2027, 1)),
        (date(2026, 12, 22), (2026, 52)),
    ],
)
def test_the_teaching_week_nearest_to_today(house: House, today: date, week: tuple[int, int]) -> None:
    assert teaching_week_nearest(house.db, house.district, today) == week


def test_a_district_without_any_school_day_has_this_week(house: House) -> None:
    for year in (2025, 2026):
        always = {"from": date(year, 8, 1), "to": date(year + 1, 7, 31), "reason": "Stengt"}
        load_calendar(
            house.db, house.district, CALENDAR | {"name": str(year), "from": always["from"], "to": always["to"], "closed": [always]}
        )
    assert teaching_week_nearest(house.db, house.district, TODAY) == (2026, 36)


# --- Lessons by week ------------------------------------------------------------------------------------------------------------------


def test_a_class_s_week_shows_series_in_use_only_cancelled_lessons_too(house: House) -> None:
    series = house.make()
    assert lessons_of_week(house.db, house.class_5a, Week(2026, 37), TODAY) == []
    series.in_use = True
    house.db.flush()
    cancel_lesson(house.db, series.lessons[1], by=house.agent, now=NOW)
    assert lessons_of_week(house.db, house.class_5a, (2026, 37), TODAY) == [series.lessons[1]]
    assert lessons_of_week(house.db, house.class_5b, (2026, 37), TODAY) == []
    assert lessons_of_week(house.db, house.class_5a, (2026, 39), TODAY) == []


def test_who_plans_a_series_sees_its_weeks_before_it_is_in_use_and_others_do_not(house: House, teacher: Person) -> None:
    series = house.make()
    house.make(school_class=house.class_5b, weekday=0)
    head = house.person("Ida Rud", HEAD)
    head.assignments.append(Assignment(district_id=house.district.id, role=HEAD, school_id=house.school.id, from_date=TODAY))
    house.db.flush()
    seen = {
        person.name: len(lessons_of_week(house.db, person, (2026, 37), TODAY)) for person in (house.agent, house.colleague, teacher, head)
    }
    assert seen == {"Kari Solvang": 2, "Ola Lunde": 1, "Nora Vik": 0, "Ida Rud": 0}
    series.in_use = True
    house.db.flush()
    assert (
        lessons_of_week(house.db, teacher, (2026, 37), TODAY) == lessons_of_week(house.db, head, (2026, 37), TODAY) == [series.lessons[1]]
    )


def test_a_lesson_counts_as_held_two_school_days_after_unless_somebody_has_said_otherwise(house: House) -> None:
    lesson = house.make(start=(2026, 39), weekday=3).lessons[0]
    days = closed(house, lesson.date, date(2026, 10, 31))
    assert lesson.date == date(2026, 9, 24)
    assert [day.isoformat() for day in (date(2026, 10, 2) + timedelta(n) for n in range(5)) if assumed_held(lesson, day, days)] == [
        "2026-10-05",
        "2026-10-06",
    ]
    lesson.state = HELD
    assert not assumed_held(lesson, date(2026, 10, 6), days)


# --- Lists ----------------------------------------------------------------------------------------------------------------------------


def test_each_sees_the_series_she_may_see_by_school_and_class(house: House, teacher: Person) -> None:
    b, a = house.make(school_class=house.class_5b), house.make(start_time=time(12))
    seen = [[one.series for one in series_list(house.db, who, TODAY)] for who in (house.agent, house.coordinator, house.colleague, teacher)]
    assert seen == [[a, b], [a, b], [b], [a]]


def test_the_list_says_how_far_each_series_has_come(house: House) -> None:
    series = house.make()
    first, second, third = series.lessons
    second.state = CANCELLED
    house.db.flush()
    [before] = series_list(house.db, house.agent, first.date)
    assert (before.agents, before.count, before.held) == (tuple(agent.name for agent in series.agents), 2, 0)
    assert before.coming is not None
    assert (before.coming.date, before.coming.start, before.coming.theme_id) == (first.date, first.start, first.theme_id)
    [between] = series_list(house.db, house.agent, third.date)
    assert (between.held, between.coming and between.coming.date) == (1, third.date)
    third.state = HELD
    house.db.flush()
    [after] = series_list(house.db, house.agent, third.date)
    assert (after.count, after.held, after.coming) == (2, 2, None)


def test_a_series_is_found_by_those_who_may_see_it(house: House) -> None:
    series = house.make()
    assert find_series(house.db, house.agent, series.public_id, TODAY) is series
    for person, public_id in ((house.colleague, series.public_id), (house.agent, "nothing")):
        with pytest.raises(LookupError):
            find_series(house.db, person, public_id, TODAY)


def _read(house: House, agent: int) -> int:
    """Read everything a list and a week show, in a session that knows nothing yet; how many questions that took."""
    house.db.commit()
    with Session(house.db.get_bind()) as db, counting(db) as asked:
        person = db.get_one(Person, agent)
        for one in series_list(db, person, TODAY):
            assert all([one.series.school_class.school.name, one.agents, one.count, one.coming])
        for lesson in lessons_of_week(db, person, (2026, 37), TODAY):
            assert all([lesson.theme.key, lesson.series.title, lesson.classes[0].school.name, lesson.staff[0].name])
        return len(asked)


def test_lists_ask_the_same_number_of_questions_for_one_series_and_for_three(house: House) -> None:
    agent = house.agent.id
    house.make(weekday=1)
    one = _read(house, agent)
    for weekday, name in ((2, "5C"), (3, "5D")):
        more = SchoolClass(district_id=house.district.id, school_id=house.class_5a.school_id, school_year=2026, name=name)
        house.agent.assignments.append(Assignment(district_id=house.district.id, role=AGENT, school_class=more, from_date=date(2026, 8, 1)))
        house.db.flush()
        house.make(school_class=more, weekday=weekday)
    assert _read(house, agent) == one


def test_one_thing_and_a_list_of_them_are_open_to_the_same_people(house: House, teacher: Person) -> None:
    load_calendar(house.db, house.district, CALENDAR)
    load_calendar(house.db, house.district, CALENDAR, house.school)
    house.make()
    house.make(school_class=house.class_5b, weekday=2)
    models: tuple[Any, ...] = (Series, Lesson, SchoolCalendar)
    for model in models:
        every = house.db.scalars(select(model)).all()
        for person in (house.agent, house.colleague, house.coordinator, teacher):
            for act in ("read", "plan"):
                listed = house.db.scalars(visible(person, model, TODAY, act)).all()
                assert set(listed) == {row for row in every if may(person, act, row.scope, TODAY)}


@pytest.mark.parametrize("file", sorted(Path("content/calendars").glob("oslo-*.toml")), ids=lambda file: file.stem)
def test_the_calendars_we_ship_load_and_hold_every_public_holiday(house: House, file: Path) -> None:
    calendar = load_calendar(house.db, house.district, tomllib.loads(file.read_text()))
    [year] = school_years(house.db, house.district.id, None, [calendar.from_date.year])
    assert not year.is_by_rule
    assert {(one.from_date, one.to_date) for one in calendar.closed} == {(one.from_date, one.to_date) for one in year.closed}
