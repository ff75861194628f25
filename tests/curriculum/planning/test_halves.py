"""The halves of a class have each theme in the same week; where something has parted them, it is told."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.people import AGENT, Assignment
from curriculum.planning import CANCELLED, Absence, Series, Week
from tests.cast import NOW, TODAY, Cast, make_series
from tests.states import state


@state
def halves(db: Session, cast: Cast) -> tuple[Series, Series]:
    """The two halves of 5B, with the same theme in the same week."""
    other = planning.add_class(db, cast.school, "5B gruppe 2", grades=[5], year=2026, kind="half", taken_from=[cast.b5])
    for group in (cast.half, other):
        db.add(Assignment(district_id=cast.district.id, person=cast.agent, role=AGENT, class_id=group.id, from_date=date(2026, 8, 1)))
    db.flush()
    return make_series(db, cast, cast.half, agents=[cast.agent]), make_series(db, cast, other, agents=[cast.agent], weekday=3)


THEMES = ("folelser", "vennskap", "respekt")


def _pair(db: Session, cast: Cast, weekday: int = 3) -> tuple[Series, Series]:
    """Two halves of 5B with three themes from week 42 on: on Wednesdays, and on Thursdays or another day."""
    other = planning.add_class(db, cast.school, "5B gruppe 2", grades=[5], year=2026, kind="half", taken_from=[cast.b5])
    for group in (cast.half, other):
        db.add(Assignment(district_id=cast.district.id, person=cast.agent, role=AGENT, class_id=group.id, from_date=date(2026, 8, 1)))
    db.flush()
    one = make_series(db, cast, cast.half, themes=THEMES, agents=[cast.agent])
    two = make_series(db, cast, other, themes=THEMES, agents=[cast.agent], weekday=weekday)
    return one, two


def _stand(*series: Series) -> list[list[str]]:
    return [[f"{one.date:%d.%m}" for one in sorted(each.lessons, key=lambda one: one.position)] for each in series]


def _agent_is_away(db: Session, cast: Cast, first: date, last: date) -> None:
    db.add(Absence(district_id=cast.district.id, person_id=cast.agent.id, from_date=first, to_date=last, at=NOW))
    db.flush()


def test_a_half_is_told_in_which_week_the_other_has_its_theme(db: Session, halves: tuple[Series, Series]) -> None:
    one, two = halves
    assert planning.weeks_of_other_halves(db, one.lessons) == {one.lessons[0].id: [("5B gruppe 2", Week(2026, 42))]}
    assert planning.weeks_of_other_halves(db, two.lessons) == {two.lessons[0].id: [("5B gruppe 1", Week(2026, 42))]}
    assert planning.halves_apart(db, one.lessons) == {}


def test_halves_that_have_come_apart_are_told_of(db: Session, halves: tuple[Series, Series]) -> None:
    one, two = halves
    planning.move_lesson(db, one.lessons[0], date(2026, 10, 21), by=None, now=NOW)
    assert planning.halves_apart(db, one.lessons) == {one.lessons[0].id: [("5B gruppe 2", Week(2026, 42))]}
    assert planning.halves_apart(db, two.lessons) == {two.lessons[0].id: [("5B gruppe 1", Week(2026, 43))]}


def test_what_is_cancelled_or_thrown_away_is_not_counted(db: Session, halves: tuple[Series, Series]) -> None:
    one, two = halves
    two.lessons[0].state = CANCELLED
    db.flush()
    assert planning.weeks_of_other_halves(db, [*one.lessons, *two.lessons]) == {}
    two.lessons[0].state = planning.PLANNED
    two.in_use, two.thrown_away_at = False, NOW
    db.flush()
    assert planning.weeks_of_other_halves(db, one.lessons) == {}


def test_a_class_that_is_not_halved_has_nobody_to_keep_step_with(db: Session, cast: Cast) -> None:
    lessons = make_series(db, cast).lessons
    assert (planning.weeks_of_other_halves(db, lessons), planning.weeks_of_other_halves(db, [])) == ({}, {})


# --- Proposals that keep them together ----------------------------------------------------------------------------------------------------


def test_a_half_may_have_its_lesson_on_another_day_of_the_week_where_it_stands(db: Session, cast: Cast) -> None:
    one, _ = _pair(db, cast)
    offers = [offer for offer in planning.possible_dates(db, one.lessons[1], TODAY) if offer.week == Week(2026, 43)]
    assert [(offer.date, offer.is_here, offer.is_free) for offer in offers] == [
        (date(2026, 10, 21), True, False),
        (date(2026, 10, 19), False, True),
    ]
    _agent_is_away(db, cast, date(2026, 10, 19), date(2026, 10, 20))
    _agent_is_away(db, cast, date(2026, 10, 23), date(2026, 10, 23))
    assert sum(offer.week == Week(2026, 43) for offer in planning.possible_dates(db, one.lessons[1], TODAY)) == 1


def test_the_lesson_of_a_half_that_was_left_behind_can_follow(db: Session, cast: Cast) -> None:
    one, two = _pair(db, cast)
    planning.move_lesson(db, one.lessons[2], date(2026, 11, 4), by=None, now=NOW)
    [(other, offer)] = planning.followers(db, one.lessons[2], TODAY)
    assert (other, offer.date, offer.is_free) == (two.lessons[2], date(2026, 11, 5), True)
    planning.lock_lesson(db, two.lessons[2], by=None, now=NOW)
    assert planning.followers(db, one.lessons[2], TODAY) == []
    assert planning.followers(db, one.lessons[0], TODAY) == []


def test_where_two_changed_places_the_other_half_may_let_them_too_and_where_there_is_no_room_it_cannot(db: Session, cast: Cast) -> None:
    one, two = _pair(db, cast)
    planning.swap_lessons(db, one.lessons[1], one.lessons[2], by=None, now=NOW)
    [(other, offer)] = planning.followers(db, one.lessons[1], TODAY)
    assert (other, offer.other, offer.is_swap) == (two.lessons[1], two.lessons[2], True)
    planning.lock_lesson(db, two.lessons[2], by=None, now=NOW)
    assert planning.followers(db, one.lessons[1], TODAY) == []


def test_a_lost_day_of_a_half_is_mended_within_the_week(db: Session, cast: Cast) -> None:
    one, two = _pair(db, cast)
    anew = planning.mend_lost_day(db, [one], date(2026, 10, 21), NOW, [two])
    assert [(shift.lesson, shift.date) for shift in anew.shifts] == [(one.lessons[1], date(2026, 10, 19))]


def test_halves_that_lose_the_same_day_both_stay_in_the_week(db: Session, cast: Cast) -> None:
    one, two = _pair(db, cast)
    for lesson in two.lessons:
        lesson.date, lesson.start, lesson.end = lesson.date - timedelta(1), time(10), time(11)
    db.flush()
    anew = planning.mend_lost_day(db, [one, two], date(2026, 10, 21), NOW)
    assert [shift.date for shift in anew.shifts] == [date(2026, 10, 19), date(2026, 10, 19)]


def test_where_the_whole_week_is_lost_the_other_half_goes_along_to_the_same_week(db: Session, cast: Cast) -> None:
    one, two = _pair(db, cast)
    _agent_is_away(db, cast, date(2026, 10, 19), date(2026, 10, 20))
    _agent_is_away(db, cast, date(2026, 10, 23), date(2026, 10, 23))
    anew = planning.mend_lost_day(db, [one], date(2026, 10, 21), NOW, [two])
    assert [(shift.lesson, shift.date) for shift in anew.shifts] == [
        (one.lessons[1], date(2026, 11, 4)),
        (two.lessons[1], date(2026, 11, 5)),
    ]
    assert str(anew.shifts[1].why) == "5B gruppe 1 has it in that week"
    assert anew.series == (one, two)
    planning.accept_anew(db, anew, anew.seal, planning.LOST_DAY, by=cast.agent, now=NOW)
    assert planning.halves_apart(db, one.lessons) == {}


@pytest.mark.parametrize("why", ["it is not hers", "its date is locked", "it has no time in that week", "a rule would break"])
def test_the_other_half_stays_where_it_cannot_go_along(db: Session, cast: Cast, why: str) -> None:
    one, two = _pair(db, cast)
    _agent_is_away(db, cast, date(2026, 10, 19), date(2026, 10, 20))
    _agent_is_away(db, cast, date(2026, 10, 23), date(2026, 10, 23))
    if why == "its date is locked":
        planning.lock_lesson(db, two.lessons[1], by=None, now=NOW)
    elif why == "it has no time in that week":
        two.slots[0].to_date = date(2026, 10, 31)
    elif why == "a rule would break":
        _agent_is_away(db, cast, date(2026, 11, 5), date(2026, 11, 5))
    db.flush()
    anew = planning.mend_lost_day(db, [one], date(2026, 10, 21), NOW, [] if why == "it is not hers" else [two])
    assert [shift.lesson for shift in anew.shifts] == [one.lessons[1]]
    dates = {shift.lesson.id: shift.date for shift in anew.shifts}
    assert planning.halves_apart(db, one.lessons, dates) == {one.lessons[1].id: [("5B gruppe 2", Week(2026, 43))]}


def test_halves_that_are_apart_already_are_mended_each_by_itself(db: Session, cast: Cast) -> None:
    one, two = _pair(db, cast)
    planning.move_lesson(db, two.lessons[1], date(2026, 11, 5), by=None, now=NOW)
    anew = planning.mend_lost_day(db, [one], date(2026, 10, 21), NOW, [two])
    assert [(shift.lesson, shift.date) for shift in anew.shifts] == [(one.lessons[1], date(2026, 11, 4))]


# --- Laid out anew ------------------------------------------------------------------------------------------------------------------------


def test_a_half_that_both_have_put_off_is_not_pulled_away_from_the_other(db: Session, cast: Cast) -> None:
    one, two = _pair(db, cast)
    for series, day in ((one, 11), (two, 12)):
        planning.move_lesson(db, series.lessons[2], date(2026, 11, day), by=None, now=NOW)
    assert planning.lay_anew(db, [one], NOW).shifts == ()


def test_a_half_that_has_come_apart_is_laid_out_in_the_weeks_of_the_other(db: Session, cast: Cast) -> None:
    one, two = _pair(db, cast)
    planning.swap_lessons(db, one.lessons[1], one.lessons[2], by=None, now=NOW)
    planning.swap_lessons(db, two.lessons[1], two.lessons[2], by=None, now=NOW)
    planning.swap_lessons(db, one.lessons[1], one.lessons[2], by=None, now=NOW)
    anew = planning.lay_anew(db, [one], NOW)
    assert _stand(one, two) == [["14.10", "21.10", "28.10"], ["15.10", "29.10", "22.10"]]
    planning.accept_anew(db, anew, anew.seal, planning.LAID_ANEW, by=cast.agent, now=NOW)
    assert _stand(one, two) == [["14.10", "28.10", "21.10"], ["15.10", "29.10", "22.10"]]


def test_both_halves_laid_out_anew_together_come_together(db: Session, cast: Cast) -> None:
    one, two = _pair(db, cast)
    planning.lock_lesson(db, one.lessons[1], by=None, now=NOW)
    planning.swap_lessons(db, two.lessons[1], two.lessons[2], by=None, now=NOW)
    anew = planning.lay_anew(db, [one, two], NOW)
    planning.accept_anew(db, anew, anew.seal, planning.LAID_ANEW, by=cast.agent, now=NOW)
    assert planning.halves_apart(db, [*one.lessons, *two.lessons]) == {}


def test_where_a_half_has_no_weekly_time_in_the_week_of_the_other_it_stays(db: Session, cast: Cast) -> None:
    one, two = _pair(db, cast)
    planning.move_lesson(db, two.lessons[2], date(2026, 11, 12), by=None, now=NOW)
    one.slots[0].to_date = date(2026, 10, 31)
    db.flush()
    assert planning.lay_anew(db, [one], NOW).shifts == ()
