"""One more theme for a series, and taking it out again."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from curriculum.base import Refused
from curriculum.ideabank import DocumentVersion, OutlineDocument, PlacePart
from curriculum.planning import (
    Elsewhere,
    Lesson,
    Series,
    add_lesson,
    cancel_lesson,
    changes_of,
    check,
    lock_lesson,
    missing_themes,
    move_lesson,
    problem_for,
    undo,
)
from curriculum.planning.stating import plan_as_it_stands
from tests.curriculum.planning.house import NOW, TODAY, House, theme


@pytest.fixture
def respect(house: House) -> DocumentVersion:
    return house.publish(theme("respekt", "Respekt"))


def add(house: House, series: Series, added: DocumentVersion, on: date | None = None) -> Lesson:
    return add_lesson(house.db, series, added, on=on, by=house.agent, today=TODAY, now=NOW)


def with_a_last(house: House) -> Series:
    """Intro on 1 September and friendship, which is to be last, on 8 September."""
    places = (PlacePart("intro"), PlacePart("vennskap", last=True))
    return house.make(outline=house.publish(OutlineDocument("kort", "Kort", places=places)))


def test_a_theme_is_added_at_the_next_free_weekly_time(house: House, respect: DocumentVersion) -> None:
    series = house.make()
    lesson = add(house, series, respect)
    assert (lesson.date, lesson.start, lesson.end, lesson.position) == (date(2026, 9, 22), time(9), time(10), 4)
    assert (lesson.theme.key, lesson.staff, lesson.classes) == ("respekt", [house.agent], [house.class_5a])
    assert check(problem_for(house.db, series), plan_as_it_stands(series)).is_clean


def test_a_week_that_is_empty_is_used_but_not_that_of_a_cancelled_lesson(house: House, respect: DocumentVersion) -> None:
    series = house.make()
    cancel_lesson(house.db, series.lessons[1], by=house.agent, now=NOW)
    move_lesson(house.db, series.lessons[2], date(2026, 9, 22), by=house.agent, now=NOW)
    assert add(house, series, respect).date == date(2026, 9, 15)


def test_days_on_which_the_agent_is_elsewhere_are_passed_over(house: House, respect: DocumentVersion) -> None:
    series = house.make()
    house.db.add(
        Elsewhere(
            district_id=house.district.id, person_id=house.agent.id, weekday=1, from_date=date(2026, 9, 22), to_date=date(2026, 10, 2)
        )
    )
    assert add(house, series, respect).date == date(2026, 10, 6)


def test_a_theme_is_added_on_a_date_at_the_weekly_time(house: House, respect: DocumentVersion) -> None:
    lesson = add(house, house.make(), respect, date(2026, 9, 10))
    assert (lesson.date, lesson.start) == (date(2026, 9, 10), time(9))


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (TODAY - timedelta(1), "2026-08-31 has passed. Choose a day from 2026-09-01 to 2027-06-18."),
        (date(2026, 9, 12), "The lesson cannot be held on 2026-09-12: there is no school on a Saturday or a Sunday."),
        (date(2026, 9, 29), "The lesson cannot be held on 2026-09-29: the school is closed (Høstferie)."),
        (date(2026, 9, 8), "The lesson cannot be held on 2026-09-08: the class is taken at that time."),
        (date(2027, 8, 3), "The lesson cannot be held on 2027-08-03: the series runs from 2026-08-31 to 2027-06-18."),
    ],
)
def test_a_day_that_cannot_be_is_refused_with_the_reason_and_nothing_is_added(
    house: House, respect: DocumentVersion, day: date, words: str
) -> None:
    series = house.make()
    with pytest.raises(Refused) as caught:
        add(house, series, respect, day)
    assert (str(caught.value), caught.value.at, len(series.lessons)) == (words, "date", 3)


def test_a_theme_the_series_has_is_refused_unless_its_lesson_is_cancelled(house: House) -> None:
    series = house.make()
    friendship = series.lessons[2].theme.versions[0]
    with pytest.raises(Refused, match="The series already has “Vennskap”"):
        add(house, series, friendship)
    cancel_lesson(house.db, series.lessons[2], by=house.agent, now=NOW)
    assert [one.key for one in missing_themes(house.db, series)] == ["vennskap"]
    add(house, series, friendship)
    assert missing_themes(house.db, series) == []


def test_a_theme_too_long_for_the_lessons_is_refused(house: House) -> None:
    long = house.publish(theme("lang", "Lang", 45))
    series = house.make(themes=["intro"], minutes=30)
    with pytest.raises(Refused, match=r"“Lang” needs at least 45 minutes; the lesson is 30\.") as caught:
        add(house, series, long)
    assert caught.value.at == "theme"


def test_what_the_template_puts_last_makes_room_and_comes_back(house: House, respect: DocumentVersion) -> None:
    series = with_a_last(house)
    last = series.lessons[1]
    lesson = add(house, series, respect)
    assert (lesson.date, last.date) == (date(2026, 9, 8), date(2026, 9, 15))
    assert check(problem_for(house.db, series), plan_as_it_stands(series)).is_clean
    take_back(house, lesson)
    assert [(one.theme.key, one.date.day) for one in series.lessons] == [("intro", 1), ("vennskap", 8)]
    assert house.db.scalars(select(Lesson)).all() == series.lessons


def test_no_room_is_made_where_the_last_is_locked(house: House, respect: DocumentVersion) -> None:
    series = with_a_last(house)
    lock_lesson(house.db, series.lessons[1], by=house.agent, now=NOW)
    with pytest.raises(Refused, match=r"No weekly time is free for “Respekt”\. Choose a date\.") as caught:
        add(house, series, respect)
    assert (caught.value.at, len(series.lessons)) == ("date", 2)


def test_no_room_is_made_when_the_year_is_over_for_the_last(house: House, respect: DocumentVersion) -> None:
    series = with_a_last(house)
    house.db.add(Elsewhere(district_id=house.district.id, person_id=house.agent.id, weekday=1, from_date=date(2026, 9, 9), to_date=None))
    with pytest.raises(Refused, match="No weekly time is free"):
        add(house, series, respect)
    assert series.lessons[1].date == date(2026, 9, 8)


def test_a_theme_the_template_puts_last_can_be_added_last(house: House) -> None:
    places = (PlacePart("intro"), PlacePart("vennskap", last=True))
    series = house.make(outline=house.publish(OutlineDocument("kort", "Kort", places=places)), themes=["intro"])
    [friendship] = versions(house, "vennskap")
    assert add(house, series, friendship).date == date(2026, 9, 8)


def versions(house: House, key: str) -> list[DocumentVersion]:
    return [one for one in house.db.scalars(select(DocumentVersion)) if one.document.key == key]


def test_who_added_a_theme_is_on_record_and_what_was_changed_since_is_not_taken_out(house: House, respect: DocumentVersion) -> None:
    series = house.make()
    lesson = add(house, series, respect)
    [made] = changes_of(house.db, [series])
    assert (made.kind, made.by) == ("lesson added", house.agent)
    move_lesson(house.db, lesson, lesson.date + timedelta(1), by=house.agent, now=NOW)
    with pytest.raises(Refused, match="has been changed since"):
        undo(house.db, made, by=house.agent, now=NOW)
    assert len(series.lessons) == 4


def take_back(house: House, lesson: Lesson) -> None:
    [made] = changes_of(house.db, [lesson.series])
    undo(house.db, made, by=house.agent, now=NOW)
