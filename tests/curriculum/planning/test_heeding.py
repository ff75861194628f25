"""What a class's plan works around: when it is away, what is avoided, what is borne in mind."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.base import Refused, reading_only
from curriculum.people import School, SchoolClass
from curriculum.planning import AVOIDED, CLOSED, HEEDED, Around, Closed, ClosedDays
from tests.cast import TODAY, Cast, make_cast, make_series
from tests.states import state

NOW = datetime(2026, 9, 2, 4, tzinfo=UTC)
FIRST, LAST = date(2026, 8, 1), date(2027, 7, 31)


@state
def cast(db: Session) -> Cast:
    return make_cast(db)


def enter(db: Session, cast: Cast, first: date, reason: str, last: date | None = None, **more: object) -> ClosedDays:
    values: dict[str, object] = {"school": None} | more
    school = values.pop("school")
    assert school is None or isinstance(school, School)
    arguments: dict[str, object] = {"today": TODAY} | values
    return planning.add_closed_days(db, cast.district, school, first, last or first, reason, **arguments)  # type: ignore[arg-type]


def around(db: Session, *classes: SchoolClass) -> dict[str, list[list[str]]]:
    """The reasons by class: away, avoided, heeded."""
    found = planning.around_by_class(db, classes, FIRST, LAST)
    return {one.name: [[span.reason for span in spans] for spans in found[one.id]] for one in classes}


def test_days_for_some_years_are_those_of_the_classes_that_hold_one_of_them(db: Session, cast: Cast) -> None:
    enter(db, cast, date(2026, 11, 12), "Svømmedag", grades=[5])
    enter(db, cast, date(2026, 9, 14), "Nasjonale prøver", kind=AVOIDED, grades=[6, 6])
    enter(db, cast, date(2027, 2, 8), "Samefolkets uke", kind=HEEDED)
    assert around(db, cast.a5, cast.a6, cast.mixed56) == {
        "5A": [["Svømmedag"], [], ["Samefolkets uke"]],
        "6A": [[], ["Nasjonale prøver"], ["Samefolkets uke"]],
        "5–6": [["Svømmedag"], ["Nasjonale prøver"], ["Samefolkets uke"]],
    }


def test_a_classs_camp_is_its_halves_and_its_groups_too_and_nobody_elses(db: Session, cast: Cast) -> None:
    enter(db, cast, date(2026, 11, 9), "Leirskole", date(2026, 11, 13), school_class=cast.b5)
    enter(db, cast, date(2026, 11, 16), "Tur", school_class=cast.half)
    assert around(db, cast.b5, cast.half, cast.a5, cast.small) == {
        "5B": [["Leirskole"], [], []],
        "5B gruppe 1": [["Leirskole", "Tur"], [], []],
        "5A": [[], [], []],
        "Bjørka": [[], [], []],
    }


def test_the_days_of_another_school_are_not_heeded(db: Session, cast: Cast) -> None:
    enter(db, cast, date(2026, 11, 9), "Foreldresamtaler", kind=AVOIDED, school=cast.other_school)
    assert around(db, cast.a5, cast.a6) == {"5A": [[], [], []], "6A": [[], ["Foreldresamtaler"], []]}


def test_only_what_closes_the_school_for_all_is_a_closed_day(db: Session, cast: Cast) -> None:
    planning.use_rule(db, cast.district, 2026)
    before = planning.closed_days(db, cast.district.id, cast.school.id, FIRST, LAST)
    enter(db, cast, date(2026, 11, 9), "Leirskole", school_class=cast.b5)
    enter(db, cast, date(2026, 11, 10), "Prøver", kind=AVOIDED)
    enter(db, cast, date(2026, 11, 11), "Fest", kind=HEEDED)
    enter(db, cast, date(2026, 11, 12), "Svømmedag", grades=[5])
    assert planning.closed_days(db, cast.district.id, cast.school.id, FIRST, LAST) == before


def test_one_class_is_asked_for_one_kind_at_a_time_within_its_dates(db: Session, cast: Cast) -> None:
    days = date(2026, 11, 9), date(2026, 11, 13)
    enter(db, cast, days[0], "Leirskole", days[1], school_class=cast.a5)
    enter(db, cast, days[0], "Prøver", days[1], kind=AVOIDED)
    enter(db, cast, days[0], "Fest", days[1], kind=HEEDED)
    assert planning.away_of(db, cast.a5, date(2026, 11, 13), LAST) == (Closed(*days, "Leirskole"),)
    assert planning.avoided(db, cast.a5, FIRST, date(2026, 11, 9)) == (Closed(*days, "Prøver"),)
    assert planning.heeded(db, cast.a5, FIRST, LAST) == (Closed(*days, "Fest"),)
    assert planning.around_by_class(db, [cast.a5], date(2026, 11, 14), LAST)[cast.a5.id] == Around()


def test_what_is_told_where_classes_are_planned_stands_once_with_the_classes_it_is_about(db: Session, cast: Cast) -> None:
    enter(db, cast, date(2026, 11, 9), "Leirskole", date(2026, 11, 13), school_class=cast.a5)
    enter(db, cast, date(2026, 11, 14), "Fest", date(2026, 11, 16), kind=HEEDED)
    heeds = planning.days_to_heed(db, [cast.a5, cast.b5], FIRST, LAST)
    assert [(one.kind, one.reason, set(one.classes)) for one in heeds] == [
        (CLOSED, "Leirskole", {cast.a5.id}),
        (HEEDED, "Fest", {cast.a5.id, cast.b5.id}),
    ]
    weeks = planning.heeds_by_week(heeds)
    assert {str(week): [one.reason for one in some] for week, some in weeks.items()} == {"2026-W46": ["Leirskole"], "2026-W47": ["Fest"]}


def test_days_from_friday_to_monday_touch_both_weeks_across_week_53() -> None:
    heed = planning.Heed(HEEDED, date(2027, 1, 1), date(2027, 1, 4), "Fest", frozenset())
    assert [str(week) for week in planning.heeds_by_week([heed])] == ["2026-W53", "2027-W01"]


def test_what_a_reader_asks_for_twice_is_read_once(db: Session, cast: Cast) -> None:
    db.commit()
    with reading_only():
        first = planning.around_by_class(db, [cast.a5], FIRST, LAST)
        assert planning.around_by_class(db, [cast.a5], FIRST, LAST) is first


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"kind": "maybe"}, "Choose what the days are"),
        ({"grades": [11]}, "Choose years from 1 to 10"),
        ({"grades": [5], "school_class": "a5"}, "not both"),
        ({"school": "other_school", "school_class": "a5"}, "5A is a class of Granlia skole"),
        ({"first": date(2027, 9, 1), "school_class": "a5"}, "a class of the school year 2026–2027"),
    ],
)
def test_days_that_are_for_nobody_are_refused(db: Session, cast: Cast, values: dict[str, object], words: str) -> None:
    given: dict[str, Any] = {
        name: getattr(cast, value) if isinstance(value, str) and name != "kind" else value for name, value in values.items()
    }
    first = given.pop("first", date(2026, 11, 9))
    with pytest.raises(Refused, match=words):
        enter(db, cast, first, "Fri", **given)


def test_the_same_days_may_be_advised_twice_for_two_reasons_and_not_for_one(db: Session, cast: Cast) -> None:
    enter(db, cast, date(2026, 11, 9), "Fest", kind=HEEDED)
    enter(db, cast, date(2026, 11, 9), "Marked", kind=HEEDED)
    enter(db, cast, date(2026, 11, 9), "Fest", kind=HEEDED, grades=[5])
    with pytest.raises(Refused, match="stands in the calendar already"):
        enter(db, cast, date(2026, 11, 9), "fest", kind=HEEDED)


def test_only_days_on_which_the_class_is_away_are_refused_over_its_held_lessons(db: Session, cast: Cast) -> None:
    make_series(db, cast, start=date(2026, 10, 5), themes=("folelser", "vennskap"))  # 5A on 7 October
    held = date(2026, 10, 7)
    for kind, grades, group in ((AVOIDED, [], None), (HEEDED, [], None), (CLOSED, [6], None), (CLOSED, [], cast.b5)):
        enter(db, cast, held, "Fri", kind=kind, grades=grades, school_class=group)
    for grades, group in (([], None), ([5], None), ([], cast.a5)):
        with pytest.raises(Refused, match="Lessons were held"):
            enter(db, cast, held, "Fri", grades=grades, school_class=group)


def test_a_calendar_file_says_kinds_and_years_and_gives_them_back(db: Session, cast: Cast) -> None:
    closed = [
        {"from": date(2026, 9, 14), "to": date(2026, 9, 18), "reason": "Prøver", "kind": "avoided", "grades": [5, 8]},
        {"from": date(2026, 9, 28), "to": date(2026, 10, 2), "reason": "Høstferie"},
    ]
    said = planning.made_by_rule(2026) | {"closed": closed}
    calendar = planning.load_calendar(db, cast.district, said)
    assert planning.calendar_values(calendar) == said
    enter(db, cast, date(2026, 11, 9), "Leirskole", school_class=cast.a5)
    [own] = [one for one in db.query(planning.SchoolCalendar) if one.school_id]
    assert planning.calendar_values(own)["closed"] == []


@pytest.mark.parametrize(
    ("values", "words"),
    [({"kind": "maybe"}, "closed, avoided, heeded"), ({"grades": 5}, "list of numbers"), ({"grades": [0]}, "list of numbers")],
)
def test_a_calendar_file_with_an_unknown_kind_or_years_is_refused(db: Session, cast: Cast, values: dict[str, object], words: str) -> None:
    entry = {"from": date(2026, 9, 14), "to": date(2026, 9, 18), "reason": "Prøver"} | values
    with pytest.raises(Refused, match=words):
        planning.load_calendar(db, cast.district, planning.made_by_rule(2026) | {"closed": [entry]})


def test_a_calendar_of_mere_advice_does_not_say_when_school_begins(db: Session, cast: Cast) -> None:
    advice = {"format": 1, "kind": "calendar", "name": "Å ta hensyn til", "from": FIRST, "to": LAST}
    feast = {"from": date(2026, 11, 9), "to": date(2026, 11, 9), "reason": "Fest", "kind": "heeded"}
    planning.load_calendar(db, cast.district, advice | {"closed": [feast]})
    [year] = planning.school_years(db, cast.district.id, None, [2026])
    assert (year.is_by_rule, year.from_date) == (True, date(2026, 8, 17))
    enter(db, cast, date(2026, 11, 12), "Fri")
    [year] = planning.school_years(db, cast.district.id, None, [2026])
    assert (year.is_by_rule, year.from_date) == (False, date(2026, 8, 17))
    assert planning.heeded(db, cast.a5, FIRST, LAST) == (Closed(date(2026, 11, 9), date(2026, 11, 9), "Fest"),)


def test_no_lesson_is_laid_where_the_class_is_away_nor_where_days_are_avoided_and_the_year_has_room(db: Session, cast: Cast) -> None:
    enter(db, cast, date(2026, 9, 14), "Leirskole", date(2026, 9, 18), school_class=cast.a5)
    enter(db, cast, date(2026, 9, 23), "Nasjonale prøver", kind=AVOIDED, grades=[5])
    series = make_series(db, cast, start=date(2026, 9, 7), themes=("vennskap", "folelser", "samarbeid"))
    days = [lesson.date for lesson in series.lessons]
    assert date(2026, 9, 16) not in days and date(2026, 9, 23) not in days
    lesson = series.lessons[-1]
    with pytest.raises(Refused, match=r"the class is away \(Leirskole\)"):
        planning.move_lesson(db, lesson, date(2026, 9, 17), by=cast.agent, now=NOW)
    planning.move_lesson(db, lesson, date(2026, 9, 24), by=cast.agent, now=NOW)  # what is avoided is not forbidden
