"""What would mend a refused move: each single change is tried, and only what would do is told."""

from __future__ import annotations

from datetime import date, time

import pytest

from curriculum.people import AGENT, Assignment
from curriculum.planning import Elsewhere, Lesson, cancel_lesson, lock_lesson, mends, move_lesson
from tests.curriculum.planning.house import NOW, House


def said(house: House, lesson: Lesson, to: date, start: time = time(9)) -> list[str]:
    titles = {one.id: one.theme.key.capitalize() for one in lesson.series.lessons}
    return [str(one.words) for one in mends(house.db, lesson, to, start, NOW, titles)]


def test_the_lesson_in_the_way_may_change_places_move_or_leave_its_time(house: House, lesson: Lesson) -> None:
    assert said(house, lesson, date(2026, 9, 15)) == [
        "Let it change places with “Vennskap”.",
        "First move “Vennskap” to 2026-09-22.",
        "At 08:00:00 that day it can be held.",
    ]


def test_a_locked_one_in_the_way_is_unlocked_first(house: House, lesson: Lesson) -> None:
    lock_lesson(house.db, lesson.series.lessons[2], by=house.agent, now=NOW)
    assert said(house, lesson, date(2026, 9, 15))[:1] == ["Unlock the date of “Vennskap”, and let the two change places."]


def test_another_agent_of_the_class_is_named_when_she_is_free(house: House, lesson: Lesson) -> None:
    house.db.add(Elsewhere(district_id=house.district.id, person_id=house.agent.id, weekday=2, from_date=date(2026, 8, 1)))
    assert said(house, lesson, date(2026, 9, 9)) == []
    house.colleague.assignments.append(
        Assignment(district_id=house.district.id, role=AGENT, school_class=house.class_5a, from_date=date(2026, 8, 1))
    )
    house.db.flush()
    assert said(house, lesson, date(2026, 9, 9)) == ["Ola Lunde is free then, and could hold it."]
    house.db.add(Elsewhere(district_id=house.district.id, person_id=house.colleague.id, weekday=2, from_date=date(2026, 8, 1)))
    house.db.flush()
    assert said(house, lesson, date(2026, 9, 9)) == []


def test_nothing_mends_a_closed_day(house: House, lesson: Lesson) -> None:
    assert said(house, lesson, date(2026, 9, 30)) == []


def test_where_it_can_stand_nothing_has_to_be_mended(house: House, lesson: Lesson) -> None:
    assert said(house, lesson, date(2026, 9, 10)) == []


def test_what_the_template_puts_first_changes_places_with_none(house: House, lesson: Lesson) -> None:
    first = lesson.series.lessons[0]
    assert said(house, first, date(2026, 9, 8)) == ["First move “Identitet” to 2026-09-22.", "At 08:00:00 that day it can be held."]


@pytest.mark.parametrize("act", ["lock", "cancel"])
def test_a_lesson_that_does_not_move_has_nothing_to_mend(house: House, lesson: Lesson, act: str) -> None:
    if act == "lock":
        lock_lesson(house.db, lesson, by=house.agent, now=NOW)
    else:
        cancel_lesson(house.db, lesson, by=house.agent, now=NOW)
    assert said(house, lesson, date(2026, 9, 15)) == []


def test_a_time_of_the_day_that_has_passed_is_not_offered(house: House, lesson: Lesson) -> None:
    move_lesson(house.db, lesson, date(2026, 9, 3), by=house.agent, now=NOW)
    assert "At 07:00:00 that day it can be held." not in said(house, lesson, NOW.date())


def test_moving_another_lesson_is_no_help_where_something_else_is_in_the_way_too(house: House, lesson: Lesson) -> None:
    other = lesson.series.lessons[2]
    move_lesson(house.db, other, date(2026, 9, 16), by=house.agent, now=NOW)
    house.db.add(Elsewhere(district_id=house.district.id, person_id=house.agent.id, weekday=2, from_date=date(2026, 8, 1)))
    house.db.flush()
    assert said(house, lesson, date(2026, 9, 16)) == []
