"""“Rakk ikke ferdig”: the rest is taken up in the next lesson or in an extra one, and taking that back restores the plan exactly."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy.orm import Session

from curriculum import delivery, planning
from curriculum.base import Refused
from curriculum.people import Person
from curriculum.planning import CONTINUED, HELD, Lesson, Series
from curriculum.planning.carrying import _title
from curriculum.planning.changing import LOCAL
from curriculum.planning.recording import state_of_lesson, undo
from curriculum.planning.stating import _order, plan_as_it_stands
from tests.cast import Cast, make_series
from tests.states import state

NOW = datetime(2026, 10, 14, 9, 30, tzinfo=LOCAL)
"""When the first lesson has just ended."""


@state
def series(db: Session, cast: Cast) -> Series:
    """Wednesdays of week 42 to 44, of which the second begins the rest."""
    return make_series(db, cast, themes=("vennskap", "folelser", "samarbeid"))


@pytest.fixture
def held(db: Session, cast: Cast, series: Series) -> Lesson:
    """The first lesson, whose last part there was no time for."""
    return continue_(db, cast.agent, series.lessons[0])


def continue_(db: Session, by: Person, lesson: Lesson) -> Lesson:
    version = lesson.theme.versions[0]
    uid = delivery.parts_left(version, 60)[-1].uid
    return delivery.hold(db, lesson, by=by, now=NOW, unfinished=[uid])


def stand(series: Series) -> dict[str, object]:
    return {lesson.public_id: state_of_lesson(lesson) for lesson in series.lessons}


def dates(series: Series) -> list[tuple[str, str]]:
    return [(lesson.theme.key, lesson.date.isoformat()) for lesson in sorted(series.lessons, key=lambda one: (one.date, one.start))]


def test_the_next_lesson_takes_up_the_rest_and_does_not_when_that_is_taken_back(
    db: Session, cast: Cast, series: Series, held: Lesson
) -> None:
    before = stand(series)
    following, recording = planning.take_up(db, held, by=cast.agent, now=NOW)
    assert following is series.lessons[1] and following.carried_from is held
    assert planning.taken_up_in(held) is following
    with pytest.raises(Refused, match="taken up already"):
        planning.take_up(db, held, by=cast.agent, now=NOW)
    assert recording.change is not None
    undo(db, recording.change, by=cast.agent, now=NOW)
    assert stand(series) == before and planning.taken_up_in(held) is None
    assert (held.state, held.held_record is not None) == (CONTINUED, True)


def test_a_lesson_without_a_rest_has_nothing_to_take_up(db: Session, cast: Cast, series: Series) -> None:
    lesson = delivery.hold(db, series.lessons[0], by=cast.agent, now=NOW)
    assert lesson.state == HELD
    with pytest.raises(Refused, match="Nothing is left"):
        planning.take_up(db, lesson, by=cast.agent, now=NOW)
    with pytest.raises(Refused, match="Nothing is left"):
        planning.insert_extra(db, lesson, 10, "", by=cast.agent, now=NOW)


def test_the_last_lesson_has_no_next_one_but_gets_an_extra_one(db: Session, cast: Cast) -> None:
    series = make_series(db, cast)
    held = continue_(db, cast.agent, series.lessons[0])
    with pytest.raises(Refused, match="no lesson left"):
        planning.take_up(db, held, by=cast.agent, now=NOW)
    [extra] = planning.extra_lessons(db, held, 10, NOW)
    assert (extra.date, extra.start, extra.end, extra.moves) == (date(2026, 10, 21), time(8, 30), time(9, 30), ())


def test_a_lesson_takes_up_the_rest_of_one_lesson_only(db: Session, cast: Cast, series: Series, held: Lesson) -> None:
    series.lessons[1].carried_from = series.lessons[2]
    db.flush()
    with pytest.raises(Refused, match="already takes up"):
        planning.take_up(db, held, by=cast.agent, now=NOW)


def test_an_extra_lesson_comes_at_once_with_the_others_moving_on_or_at_the_first_free_time(
    db: Session, series: Series, held: Lesson
) -> None:
    soon, free = planning.extra_lessons(db, held, 10, NOW)
    assert soon.date == series.lessons[1].date
    assert [(one.lesson, one.date, str(one.why)) for one in soon.moves] == [
        (series.lessons[1], series.lessons[2].date, "“Vennskap” is held then"),
        (series.lessons[2], free.date, "“Å forstå egne og andres følelser” is held then"),
    ]
    assert (free.date, free.moves) == (series.lessons[2].date + timedelta(7), ())


def test_an_extra_lesson_is_what_was_looked_at_and_is_taken_back_exactly(db: Session, cast: Cast, series: Series, held: Lesson) -> None:
    before, was = stand(series), dates(series)
    soon, _ = planning.extra_lessons(db, held, 10, NOW)
    extra, recording = planning.insert_extra(db, held, 10, soon.seal, by=cast.agent, now=NOW)
    assert dates(series) == [was[0], ("vennskap", was[1][1]), ("folelser", was[2][1]), ("samarbeid", soon.moves[-1].date.isoformat())]
    assert (extra.carried_from, extra.pinned_version, extra.minutes) == (held, held.pinned_version, 10)
    assert [person.name for person in extra.staff] == [cast.agent.name] and extra.classes == [cast.a5]
    assert planning.taken_up_in(held) is extra
    assert planning.check(planning.problem_for(db, series), plan_of(series)).is_clean
    assert recording.change is not None and recording.change.kind == planning.EXTRA
    undo(db, recording.change, by=cast.agent, now=NOW)
    assert (stand(series), dates(series)) == (before, was)


def plan_of(series: Series) -> planning.Plan:
    return plan_as_it_stands(series)


def test_a_plan_changed_meanwhile_is_looked_at_once_more(db: Session, cast: Cast, series: Series, held: Lesson) -> None:
    soon, _ = planning.extra_lessons(db, held, 10, NOW)
    planning.move_lesson(db, series.lessons[2], series.lessons[2].date + timedelta(1), by=cast.agent, now=NOW)
    before = stand(series)
    with pytest.raises(Refused, match="has been changed since"):
        planning.insert_extra(db, held, 10, soon.seal, by=cast.agent, now=NOW)
    assert stand(series) == before


def test_a_locked_lesson_stays_and_the_others_go_around_it(db: Session, cast: Cast, series: Series, held: Lesson) -> None:
    planning.lock_lesson(db, series.lessons[1], by=cast.agent, now=NOW)
    soon, free = planning.extra_lessons(db, held, 10, NOW)
    assert soon.date == series.lessons[2].date
    assert [(one.lesson, one.date) for one in soon.moves] == [(series.lessons[2], free.date)]


def test_where_all_ahead_is_locked_only_a_free_time_is_offered(db: Session, cast: Cast, series: Series, held: Lesson) -> None:
    for lesson in series.lessons[1:]:
        planning.lock_lesson(db, lesson, by=cast.agent, now=NOW)
    assert [one.moves for one in planning.extra_lessons(db, held, 10, NOW)] == [()]


def test_a_free_time_before_the_next_lesson_is_both_soonest_and_first_free(db: Session, cast: Cast, series: Series, held: Lesson) -> None:
    planning.cancel_lesson(db, series.lessons[1], by=cast.agent, now=NOW)
    planning.move_lesson(db, series.lessons[2], series.lessons[2].date + timedelta(7), by=cast.agent, now=NOW)
    [extra] = planning.extra_lessons(db, held, 10, NOW)
    assert (extra.date, extra.moves) == (date(2026, 10, 28), ())


def test_a_rest_longer_than_the_lessons_has_no_time(db: Session, held: Lesson) -> None:
    assert planning.extra_lessons(db, held, 90, NOW) == []


def test_no_weekly_time_left_offers_none(db: Session, cast: Cast, series: Series, held: Lesson) -> None:
    series.to_date = series.lessons[2].date
    assert planning.extra_lessons(db, held, 10, NOW) == []


def test_an_extra_lesson_of_the_theme_that_comes_first_may_stand_after_others(
    db: Session, cast: Cast, series: Series, held: Lesson
) -> None:
    _, free = planning.extra_lessons(db, held, 10, NOW)
    extra, _ = planning.insert_extra(db, held, 10, free.seal, by=cast.agent, now=NOW)
    assert (_order(extra, {"vennskap": "first"}), _order(held, {"vennskap": "first"})) == ("", "first")


def test_a_theme_without_a_version_in_effect_is_named_by_its_key(db: Session, cast: Cast, series: Series, held: Lesson) -> None:
    assert _title(series.lessons[1], date(2020, 1, 1)) == "folelser"
