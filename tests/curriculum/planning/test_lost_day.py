"""A lost day mended with as few moves as can be, and the rest of a series moved on."""

from __future__ import annotations

from datetime import date, time

import pytest

from curriculum.base import Refused
from curriculum.ideabank import OutlineDocument, PlacePart
from curriculum.people import AGENT
from curriculum.planning import (
    LOST_DAY,
    YES,
    Anew,
    Lesson,
    Series,
    Slot,
    accept_anew,
    load_calendar,
    lock_lesson,
    made_by_rule,
    move_lesson,
    undo,
)
from curriculum.planning.lost_day import move_on
from tests.curriculum.planning.anew import TUESDAY, accept, away, is_clean, lost, shown, stands
from tests.curriculum.planning.house import NOW, House, theme


@pytest.fixture
def series(house: House) -> Series:
    """Intro today, Identitet on 8 and Vennskap on 15 September."""
    return house.make()


def test_the_lesson_of_a_lost_day_goes_to_the_next_free_weekly_time_and_nothing_else_moves(house: House, series: Series) -> None:
    anew = lost(house, [series])
    assert (shown(anew), anew.stuck) == ([("identitet", "22.09", "the day is lost")], ())
    before = stands(series)
    change = accept_anew(house.db, anew, anew.seal, LOST_DAY, why="Sykdom", by=house.agent, now=NOW)
    assert (stands(series), change.kind, is_clean(house, series)) == (["01.09", "22.09", "15.09"], "lost day", True)
    assert series.lessons[-1].moves[-1].why == "Sykdom"
    undo(house.db, change, by=house.agent, now=NOW)
    assert stands(series) == before


def test_where_the_template_puts_one_last_that_one_makes_room(house: House) -> None:
    places = (PlacePart("intro"), PlacePart("identitet"), PlacePart("vennskap", last=True))
    series = house.make(outline=house.publish(OutlineDocument("kort", "Kort", places=places)))
    anew = lost(house, [series])
    assert shown(anew) == [
        ("identitet", "15.09", "the day is lost"),
        ("vennskap", "22.09", "“Identitet” is held then"),
    ]
    accept(house, anew, LOST_DAY)
    assert (stands(series), is_clean(house, series)) == (["01.09", "15.09", "22.09"], True)


def test_two_classes_of_a_lost_day_do_not_meet_their_agent_at_once(house: House, series: Series) -> None:
    other = house.make(school_class=house.class_5b, start_time=time(10, 15))
    series.slots.append(Slot(weekday=3, start=time(10, 15), end=time(11, 15), from_date=date(2026, 9, 7), to_date=date(2026, 9, 13)))
    other.slots.append(Slot(weekday=3, start=time(10, 15), end=time(11, 15), from_date=date(2026, 9, 7), to_date=date(2026, 9, 13)))
    house.db.flush()
    anew = lost(house, [series, other])
    assert [(one.lesson.series is other, one.date, one.start) for one in anew.shifts] == [
        (False, date(2026, 9, 10), time(10, 15)),
        (True, date(2026, 9, 22), time(10, 15)),
    ]
    accept(house, anew, LOST_DAY)
    assert is_clean(house, series, other)


def test_what_is_locked_or_held_with_others_is_told_and_stays(house: House, series: Series) -> None:
    lock_lesson(house.db, series.lessons[1], by=house.agent, now=NOW)
    other = house.make(school_class=house.class_5b, start_time=time(10, 15))
    other.lessons[1].joint = "together00"
    anew = lost(house, [series, other])
    assert [(one.lesson, str(one.why)) for one in anew.stuck] == [
        (series.lessons[1], "The date is locked. Unlock it first."),
        (other.lessons[1], "It is held together with other classes. Find a new date for it on its own."),
    ]
    with pytest.raises(Refused, match="nothing to change"):
        accept(house, anew, LOST_DAY)


def test_where_no_time_is_left_in_the_year_it_says_why(house: House, series: Series) -> None:
    away(house, date(2026, 9, 16), series)
    anew = lost(house, [series])
    assert (anew.shifts, [one.series for one in anew.stuck]) == ((), [series])
    assert "Lessons" in str(anew.stuck[0].why)


def test_a_lesson_that_stands_on_another_closed_day_gets_a_new_date_too(house: House, series: Series) -> None:
    closed = {"from": date(2026, 9, 14), "to": date(2026, 9, 18), "reason": "Ombygging"}
    load_calendar(house.db, house.district, made_by_rule(2026) | {"closed": [closed]})
    anew = lost(house, [series])
    assert shown(anew)[1][2] == "the school is closed (Ombygging)"
    accept(house, anew, LOST_DAY)
    assert (stands(series), is_clean(house, series)) == (["01.09", "22.09", "29.09"], True)


def test_a_day_without_lessons_touches_nothing(house: House, series: Series) -> None:
    assert lost(house, [series], date(2026, 9, 9)) == Anew((), ())


def test_two_series_of_a_class_are_not_given_the_same_time(house: House, series: Series) -> None:
    other = _second(house)
    other.slots[0].start, other.slots[0].end, other.slots[0].from_date = time(9), time(10), date(2026, 9, 22)
    house.db.flush()
    anew = lost(house, [series, other])
    assert [(one.lesson.series is other, one.date, one.start) for one in anew.shifts] == [
        (False, date(2026, 9, 22), time(9)),
        (True, date(2026, 10, 6), time(9)),
    ]


def _second(house: House) -> Series:
    """Another series of 5A, Tuesdays at 10:15."""
    for key in ("samarbeid", "respekt"):
        house.publish(theme(key, key.capitalize()))
    places = (PlacePart("samarbeid"), PlacePart("respekt"))
    ulf = house.person("Ulf Berg", AGENT, house.class_5a)
    return house.make(outline=house.publish(OutlineDocument("to", "To", places=places)), start_time=time(10, 15), agents=[ulf])


def test_a_visitor_who_said_yes_is_left_alone_where_another_lesson_can_make_room(house: House) -> None:
    house.publish(theme("samarbeid", "Samarbeid"))
    keys = ("intro", "identitet", "vennskap", "samarbeid")
    series = house.make(outline=house.publish(OutlineDocument("fire", "Fire", places=tuple(PlacePart(key) for key in keys))))
    series.slots[0].to_date = date(2026, 9, 22)
    series.slots.append(Slot(weekday=1, start=time(9), end=time(9, 30), from_date=date(2026, 10, 6), to_date=date(2026, 10, 6)))
    for one in series.lessons[2:]:
        one.minutes = 30
    house.db.flush()
    assert shown(lost(house, [series]))[-1][0] == "samarbeid"
    series.lessons[3].presenter, series.lessons[3].presenter_answer = "police", YES
    house.db.flush()
    assert [one[0] for one in shown(lost(house, [series]))] == ["identitet", "vennskap"]


# --- The rest moved on ------------------------------------------------------------------------------------------------------------------


def moved_on(house: House, *some: Lesson, last: date = TUESDAY) -> list[tuple[str, str, str]]:
    shifts = move_on(house.db, some, (house.agent, TUESDAY, last), NOW)
    return [(one.lesson.theme.key, f"{one.date:%d.%m}", str(one.why)) for one in shifts]


def test_the_rest_moves_on_in_its_order(house: House, series: Series) -> None:
    move_lesson(house.db, series.lessons[1], date(2026, 9, 16), by=house.agent, now=NOW)
    move_lesson(house.db, series.lessons[2], date(2026, 9, 8), by=house.agent, now=NOW)
    why = "the rest moves on"
    assert moved_on(house, series.lessons[2]) == [("vennskap", "15.09", why), ("identitet", "22.09", why)]


def test_no_more_moves_on_than_must(house: House, series: Series) -> None:
    move_lesson(house.db, series.lessons[2], date(2026, 10, 6), by=house.agent, now=NOW)
    assert [one[:2] for one in moved_on(house, series.lessons[1])] == [("identitet", "15.09")]


def test_several_lost_lessons_move_on_together(house: House, series: Series) -> None:
    lost_ones = series.lessons[1:]
    assert [one[:2] for one in moved_on(house, *lost_ones, last=date(2026, 9, 15))] == [("identitet", "22.09"), ("vennskap", "06.10")]


def test_where_there_is_no_room_or_a_date_is_locked_nothing_moves_on(house: House, series: Series) -> None:
    assert moved_on(house, series.lessons[1], last=series.to_date) == []
    lock_lesson(house.db, series.lessons[1], by=house.agent, now=NOW)
    assert moved_on(house, series.lessons[1]) == []
