"""What stands on a school's year wheel."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.planning import CANCELLED, Wheel, WheelWeek
from tests.cast import TODAY, Cast, make_cast, make_series
from tests.states import state


@state
def cast(db: Session) -> Cast:
    return make_cast(db)


def wheel(db: Session, cast: Cast) -> Wheel:
    return planning.year_wheel(db, cast.teacher, cast.school, 2026, TODAY)


def week(found: Wheel, number: int) -> WheelWeek:
    return next(one for one in found.weeks if one.week.number == number)


def test_a_week_has_its_days_without_teaching_and_a_break_has_nothing_else(db: Session, cast: Cast) -> None:
    found = wheel(db, cast)
    assert (week(found, 40).is_break, [reason for reason, _ in week(found, 40).closed]) == (True, ["Høstferie"])
    ascension = week(found, 18)
    assert (ascension.is_break, ascension.closed) == (
        False,
        (("Kristi himmelfartsdag", (date(2027, 5, 6),)), ("Inneklemt dag", (date(2027, 5, 7),))),
    )
    assert (week(found, 41).is_quiet, week(found, 40).is_quiet) == (True, False)


def test_the_same_theme_of_two_classes_is_told_once_and_a_half_stands_in_its_classs_ring(db: Session, cast: Cast) -> None:
    make_series(db, cast, themes=("folelser", "vennskap"))
    make_series(db, cast, cast.half, agents=[cast.agent], weekday=3, themes=("folelser", "vennskap"))
    found = wheel(db, cast)
    assert [ring.name for ring in found.rings] == ["5A", "5B"]
    [taught] = week(found, 42).taught
    assert (taught.number, taught.title, taught.classes) == (1, found.themes[0], ("5A", "5B gruppe 1"))
    assert week(found, 42).rings == ((1,), (1,))
    assert [len(one.taught) for one in (week(found, 43), week(found, 44))] == [1, 0]
    assert not found.is_confidential


def test_a_cancelled_lesson_and_a_plan_not_in_use_are_not_on_it(db: Session, cast: Cast) -> None:
    make_series(db, cast).lessons[0].state = CANCELLED
    make_series(db, cast, cast.b5, in_use=False)
    assert wheel(db, cast).themes == ()


def test_a_pinned_lesson_has_the_title_it_is_pinned_to(db: Session, cast: Cast) -> None:
    lesson = make_series(db, cast).lessons[0]
    lesson.pinned_version = lesson.theme.versions[0]
    assert wheel(db, cast).themes == (lesson.theme.versions[0].title,)


def test_a_theme_that_is_not_in_effect_is_a_dash(db: Session, cast: Cast) -> None:
    make_series(db, cast)
    assert planning.year_wheel(db, cast.teacher, cast.school, 2026, date(2026, 1, 1)).themes == ("–",)


def test_days_for_some_classes_name_them(db: Session, cast: Cast) -> None:
    day = date(2026, 11, 9)
    planning.add_closed_days(db, cast.district, None, day, day, "Leirskole", today=TODAY, school_class=cast.b5)
    planning.add_closed_days(db, cast.district, None, day, day, "Prøver", today=TODAY, kind="avoided")
    told = {one.heed.reason: one.classes for one in week(wheel(db, cast), 46).told}
    assert told == {"Leirskole": ("5B",), "Prøver": ()}


def test_many_classes_are_rings_by_year_and_a_group_only_for_who_may_read_it(db: Session, cast: Cast) -> None:
    for name in "CDEFG":
        planning.add_class(db, cast.school, f"5{name}", grades=[5, 6], year=2026, kind="class", head_count=20, taken_from=[])
    assert [ring.name for ring in wheel(db, cast).rings] == ["5.", "6."]
    found = planning.year_wheel(db, cast.head, cast.school, 2026, TODAY)
    assert ([ring.name for ring in found.rings], found.is_confidential) == (["5.", "6.", "Bjørka"], True)
    without = planning.year_wheel(db, cast.head, cast.school, 2026, TODAY, groups=False)
    assert ([ring.name for ring in without.rings], without.is_confidential) == (["5.", "6."], False)
