"""Moving a lesson, two that change places, and the weeks a lesson could be held in."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.base import Refused, reading_only
from curriculum.planning import (
    CANCELLED,
    HELD,
    Elsewhere,
    Lesson,
    PossibleDate,
    Series,
    Slot,
    cancel_lesson,
    change_of_now,
    load_calendar,
    lock_lesson,
    made_by_rule,
    move_lesson,
    parse_week,
    possible_dates,
    possible_in,
    swap_lessons,
    undo,
    weekly_day,
)
from tests.curriculum.planning.house import NOW, TODAY, House

LATER = NOW + timedelta(hours=1)


def move(house: House, lesson: Lesson, to: date, start: time | None = None, why: str = "") -> Lesson:
    return move_lesson(house.db, lesson, to, start, why=why, by=house.agent, now=NOW)


def test_a_lesson_moves_to_another_day_and_its_history_remembers(house: House, lesson: Lesson) -> None:
    address = lesson.public_id
    move(house, lesson, date(2026, 9, 10), time(12, 15), why=" Klassen er på tur. ")
    house.db.expire_all()
    assert (lesson.date, lesson.start, lesson.end, lesson.public_id) == (date(2026, 9, 10), time(12, 15), time(13, 15), address)
    [moved] = lesson.moves
    assert (moved.old_date, moved.new_date, moved.why, moved.by_id) == (
        date(2026, 9, 8),
        date(2026, 9, 10),
        "Klassen er på tur.",
        house.agent.id,
    )


def test_it_keeps_its_time_when_only_the_day_is_given_and_may_move_back(house: House, lesson: Lesson) -> None:
    assert move(house, lesson, date(2026, 9, 10)).start == time(9)
    assert move(house, lesson, date(2026, 9, 8)).date == date(2026, 9, 8)
    assert len(lesson.moves) == 2


def test_it_may_move_on_the_same_day(house: House, lesson: Lesson) -> None:
    assert move(house, lesson, lesson.date, time(9, 30)).end == time(10, 30)


@pytest.mark.parametrize(
    ("to", "why"),
    [
        (date(2026, 9, 30), "the school is closed (Høstferie)"),
        (date(2026, 9, 12), "there is no school on a Saturday or a Sunday"),
        (date(2026, 9, 15), "the class is taken at that time"),
        (date(2027, 6, 21), "the series runs from 2026-08-31 to 2027-06-18"),
        (date(2026, 9, 9), "Kari Solvang is elsewhere on that weekday"),
        (date(2026, 9, 11), "Kari Solvang is not available (5B)"),
    ],
)
def test_a_move_that_breaks_a_rule_is_refused_and_nothing_changes(house: House, lesson: Lesson, to: date, why: str) -> None:
    house.make(school_class=house.class_5b, weekday=4)
    house.db.add(Elsewhere(district_id=house.district.id, person_id=house.agent.id, weekday=2, from_date=date(2026, 8, 1)))
    house.db.flush()
    with pytest.raises(Refused) as caught:
        move(house, lesson, to)
    assert str(caught.value) == f"The lesson cannot be held on {to}: {why}."
    assert (caught.value.at, lesson.date, lesson.moves) == ("date", date(2026, 9, 8), [])


def test_what_was_broken_before_is_no_reason_to_refuse(house: House, lesson: Lesson) -> None:
    closed = {"from": date(2026, 9, 14), "to": date(2026, 9, 18), "reason": "Ombygging"}
    load_calendar(house.db, house.district, made_by_rule(2026) | {"closed": [closed]})
    assert move(house, lesson, date(2026, 9, 10)).date == date(2026, 9, 10)


@pytest.mark.parametrize("start", [time(6, 59), time(16, 1)])
def test_lessons_are_held_in_school_hours(house: House, lesson: Lesson, start: time) -> None:
    with pytest.raises(Refused, match=r"between 07:00 and 17:00") as caught:
        move(house, lesson, date(2026, 9, 10), start)
    assert caught.value.at == "start_time"


def test_a_move_to_where_it_stands_is_refused(house: House, lesson: Lesson) -> None:
    with pytest.raises(Refused, match="stands there already"):
        move(house, lesson, lesson.date)


def test_a_locked_date_does_not_move_until_it_is_unlocked(house: House, lesson: Lesson) -> None:
    lock_lesson(house.db, lesson, by=house.agent, now=NOW)
    with pytest.raises(Refused, match="locked"):
        move(house, lesson, date(2026, 9, 10))
    lock_lesson(house.db, lesson, False, by=house.agent, now=NOW)
    assert move(house, lesson, date(2026, 9, 10)).date == date(2026, 9, 10)


def test_no_identity_number_is_kept_as_a_reason(house: House, lesson: Lesson) -> None:
    with pytest.raises(Refused, match="identity number"):
        move(house, lesson, date(2026, 9, 10), why="01010750160")


def test_a_move_is_taken_back_also_to_a_day_that_has_passed(house: House, lesson: Lesson) -> None:
    move(house, lesson, date(2026, 9, 10), time(12))
    take_back(house, lesson)
    assert (lesson.date, lesson.start) == (date(2026, 9, 8), time(9))


def take_back(house: House, lesson: Lesson) -> None:
    made = change_of_now(house.db, lesson.series, NOW)
    assert made is not None
    undo(house.db, made, by=house.agent, now=datetime(2026, 9, 9, 8, tzinfo=UTC))


def test_a_day_that_has_passed_is_no_day_to_move_to(house: House, lesson: Lesson) -> None:
    with pytest.raises(Refused, match=r"has passed\. Choose a day from 2026-09-01 to 2027-06-18") as caught:
        move(house, lesson, date(2026, 8, 31))
    assert caught.value.at == "date"


# --- Two that change places -------------------------------------------------------------------------------------------------------------


def places(series: Series) -> dict[str, tuple[date, time, time]]:
    return {lesson.theme.key: (lesson.date, lesson.start, lesson.end) for lesson in series.lessons}


def test_two_lessons_change_places_and_the_history_of_both_remembers(house: House, lesson: Lesson) -> None:
    other = lesson.series.lessons[2]
    move(house, other, date(2026, 9, 17), time(12))
    swap_lessons(house.db, lesson, other, why="Politiet kan ikke komme.", by=house.agent, now=LATER)
    house.db.expire_all()
    assert (lesson.date, lesson.start, lesson.end) == (date(2026, 9, 17), time(12), time(13))
    assert (other.date, other.start, other.end) == (date(2026, 9, 8), time(9), time(10))
    assert [(one.moves[-1].old_date, one.moves[-1].new_date, one.moves[-1].why) for one in (lesson, other)] == [
        (date(2026, 9, 8), date(2026, 9, 17), "Politiet kan ikke komme."),
        (date(2026, 9, 17), date(2026, 9, 8), "Politiet kan ikke komme."),
    ]


def test_a_swap_is_taken_back_also_when_the_day_has_passed(house: House, lesson: Lesson) -> None:
    other, before = lesson.series.lessons[2], places(lesson.series)
    swap_lessons(house.db, lesson, other, by=house.agent, now=NOW)
    take_back(house, lesson)
    assert places(lesson.series) == before
    assert [len(one.moves) for one in (lesson, other)] == [2, 2]


def test_what_the_template_puts_first_changes_places_with_none(house: House, lesson: Lesson) -> None:
    first, before = lesson.series.lessons[0], places(lesson.series)
    with pytest.raises(Refused) as caught:
        swap_lessons(house.db, lesson, first, by=house.agent, now=NOW)
    assert str(caught.value) == "The lessons cannot change places: the template puts “Intro” first."
    assert places(lesson.series) == before


def test_a_lesson_changes_places_only_with_another_of_its_series(house: House, lesson: Lesson) -> None:
    other = house.make(school_class=house.class_5b, weekday=3).lessons[1]
    for one in (other, lesson):
        with pytest.raises(Refused, match="they are not two lessons of one series"):
            swap_lessons(house.db, lesson, one, by=house.agent, now=NOW)


@pytest.mark.parametrize(("state", "why"), [(HELD, "has been held"), ("continued", "has been held"), (CANCELLED, "is cancelled")])
def test_what_is_held_or_cancelled_changes_places_with_none(house: House, lesson: Lesson, state: str, why: str) -> None:
    other = lesson.series.lessons[2]
    other.state = state
    with pytest.raises(Refused, match=f"one of them {why}"):
        swap_lessons(house.db, lesson, other, by=house.agent, now=NOW)


def test_a_locked_lesson_changes_places_with_none_and_neither_does_one_that_has_passed(house: House, lesson: Lesson) -> None:
    other = lesson.series.lessons[2]
    with pytest.raises(Refused, match="the day of one of them has passed"):
        swap_lessons(house.db, lesson, other, by=house.agent, now=datetime(2026, 9, 9, 8, tzinfo=UTC))
    lock_lesson(house.db, other, by=house.agent, now=NOW)
    with pytest.raises(Refused, match="the date of one of them is locked"):
        swap_lessons(house.db, lesson, other, by=house.agent, now=NOW)


# --- The weeks it could be held in --------------------------------------------------------------------------------------------------------


def offer(offers: list[PossibleDate], week: str) -> PossibleDate:
    return next(one for one in offers if str(one.week) == week)


def said(offered: PossibleDate) -> str:
    return str(offered.refusal) if offered.refusal else ""


def test_every_week_from_this_one_says_what_it_offers(house: House, lesson: Lesson) -> None:
    offers = possible_dates(house.db, lesson, TODAY)
    assert (str(offers[0].week), str(offers[-1].week)) == ("2026-W36", "2027-W24")
    here, free = offer(offers, "2026-W37"), offer(offers, "2026-W39")
    assert (here.is_here, here.is_free, here.is_swap) == (True, False, False)
    assert (free.is_free, free.date, free.start) == (True, date(2026, 9, 22), time(9))
    taken = offer(offers, "2026-W38")
    assert (taken.is_swap, taken.other, taken.date) == (True, lesson.series.lessons[2], date(2026, 9, 15))
    assert said(offer(offers, "2026-W40")) == "the school is closed (Høstferie)"


def test_who_only_reads_is_offered_what_is_offered_to_whoever_moves_it(house: House, lesson: Lesson) -> None:
    def told(offers: list[PossibleDate]) -> list[tuple[date, str, int | None]]:
        return [(one.date, said(one), one.other.id if one.other else None) for one in offers]

    offers = told(possible_dates(house.db, lesson, TODAY))
    house.db.commit()
    with reading_only(), Session(house.db.get_bind()) as db:
        seen = db.scalars(select(Lesson).where(Lesson.id == lesson.id)).one()
        assert [told(possible_dates(db, seen, TODAY)) for _ in range(2)] == [offers, offers]


def test_a_lesson_that_may_not_change_places_says_why(house: House, lesson: Lesson) -> None:
    first = offer(possible_dates(house.db, lesson, TODAY), "2026-W36")
    assert (first.other, first.is_swap, said(first)) == (lesson.series.lessons[0], False, "the template puts “Intro” first")
    lock_lesson(house.db, lesson.series.lessons[2], by=house.agent, now=NOW)
    assert said(offer(possible_dates(house.db, lesson, TODAY), "2026-W38")) == "the date of one of them is locked"


def test_where_the_weekly_day_does_not_do_another_day_of_the_week_is_offered(house: House, lesson: Lesson) -> None:
    house.db.add(
        Elsewhere(
            district_id=house.district.id, person_id=house.agent.id, weekday=1, from_date=date(2026, 9, 20), to_date=date(2026, 9, 26)
        )
    )
    closed = {"from": date(2026, 9, 21), "to": date(2026, 9, 21), "reason": "Plandag"}
    load_calendar(house.db, house.district, made_by_rule(2026) | {"closed": [closed]})
    assert said(possible_in(house.db, lesson, parse_week("2026-W39"), TODAY)) == "Kari Solvang is elsewhere on that weekday"
    offered = offer(possible_dates(house.db, lesson, TODAY), "2026-W39")
    assert (offered.is_free, offered.date, offered.start) == (True, date(2026, 9, 23), time(9))


def test_this_week_offers_only_the_days_that_are_left(house: House, lesson: Lesson) -> None:
    third = lesson.series.lessons[2]
    cancel_lesson(house.db, lesson, by=house.agent, now=NOW)
    offered = possible_dates(house.db, third, date(2026, 9, 10))[0]
    assert (str(offered.week), offered.is_free, offered.date) == ("2026-W37", True, date(2026, 9, 10))
    weekend = possible_dates(house.db, third, date(2026, 9, 12))[0]
    assert (weekend.is_free, said(weekend)) == (False, "the day has passed")


def test_a_lesson_outside_the_weekly_time_is_offered_that_time_in_its_own_week(house: House, lesson: Lesson) -> None:
    move(house, lesson, date(2026, 9, 10), time(12))
    own = offer(possible_dates(house.db, lesson, TODAY), "2026-W37")
    assert (own.is_here, own.is_free, own.date, own.start) == (False, True, date(2026, 9, 8), time(9))


def test_a_week_is_full_when_it_has_as_many_lessons_as_the_series_has_weekly_times(house: House, lesson: Lesson) -> None:
    move(house, lesson.series.lessons[2], date(2026, 9, 17))
    assert offer(possible_dates(house.db, lesson, TODAY), "2026-W38").other is lesson.series.lessons[2]
    lesson.series.slots.append(Slot(weekday=4, start=time(9), end=time(10)))
    house.db.flush()
    assert offer(possible_dates(house.db, lesson, TODAY), "2026-W38").is_free


def test_what_is_offered_is_what_passes(house: House, lesson: Lesson) -> None:
    for offered in possible_dates(house.db, lesson, TODAY):
        if offered.is_free:
            move(house, lesson, offered.date, offered.start)
        elif offered.other is None and not offered.is_here:
            with pytest.raises(Refused):
                move(house, lesson, offered.date, offered.start)


def test_a_lesson_too_long_for_the_weekly_time_is_offered_no_week(house: House) -> None:
    series = house.make(start_time=time(16))
    lesson = series.lessons[2]
    lesson.start, lesson.end = time(14), time(15, 30)
    house.db.flush()
    offered = offer(possible_dates(house.db, lesson, TODAY), "2026-W41")
    assert (offered.is_free, said(offered)) == (False, "lessons are held between 07:00 and 17:00")


@pytest.mark.parametrize("state", [HELD, "continued", CANCELLED])
def test_a_lesson_whose_date_is_settled_is_offered_nothing(house: House, lesson: Lesson, state: str) -> None:
    lesson.state = state
    assert possible_dates(house.db, lesson, TODAY) == []
    lesson.state, lesson.date_locked = "planned", True
    assert possible_dates(house.db, lesson, TODAY) == []


def test_without_a_weekly_time_the_lessons_own_day_counts(house: House, lesson: Lesson) -> None:
    assert weekly_day(lesson, parse_week("2026-W41")) == (date(2026, 10, 6), time(9))
    for slot in list(lesson.series.slots):
        lesson.series.slots.remove(slot)
        house.db.delete(slot)
    house.db.flush()
    move(house, lesson, date(2026, 9, 10), time(10))
    assert weekly_day(lesson, parse_week("2026-W41")) == (date(2026, 10, 8), time(10))
