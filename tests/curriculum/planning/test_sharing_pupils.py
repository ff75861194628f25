"""Pupils are in one place at a time: a class, its halves, the groups taken from it, and all the series that they have."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.base import Refused
from curriculum.people import AGENT, Assignment, Person, SchoolClass
from curriculum.planning import Series
from tests.cast import EARLY, NOW, Cast, make_series
from tests.curriculum.planning.house import House

FRIDAY, LATE = 4, time(10)


def _agent_of(db: Session, cast: Cast, group: SchoolClass, name: str = "Siri Li") -> Person:
    person = Person(district=cast.district, district_id=cast.district.id, name=name, email=f"{name.split()[0].lower()}@example.org")
    person.assignments.append(Assignment(district_id=cast.district.id, role=AGENT, school_class=group, from_date=date(2026, 8, 1)))
    db.add(person)
    db.flush()
    return person


def _move_onto(db: Session, series: Series, other: Series) -> None:
    lesson, there = series.lessons[0], other.lessons[0]
    planning.move_lesson(db, lesson, there.date, there.start, by=None, now=EARLY)


def test_a_lesson_of_a_class_is_not_moved_to_the_time_of_a_half_of_it(db: Session, cast: Cast) -> None:
    half = make_series(db, cast, cast.half, weekday=3, agents=[_agent_of(db, cast, cast.half)], in_use=False)
    whole = make_series(db, cast, cast.a5, in_use=False)
    whole.school_class = cast.b5
    db.flush()
    with pytest.raises(Refused, match=r"the class has another lesson at that time \(5B gruppe 1\)"):
        _move_onto(db, whole, half)
    with pytest.raises(Refused, match=r"the class has another lesson at that time \(5B\)"):
        _move_onto(db, half, whole)


def test_of_a_small_group_it_is_told_only_that_the_class_is_taken(db: Session, cast: Cast) -> None:
    small = make_series(db, cast, cast.small, weekday=3)
    whole = make_series(db, cast, cast.a5)
    with pytest.raises(Refused) as refused:
        _move_onto(db, whole, small)
    assert str(refused.value).endswith("the class is taken at that time.") and cast.small.name not in str(refused.value)
    with pytest.raises(Refused, match=r"the class has another lesson at that time \(5A\)"):
        _move_onto(db, small, whole)


def test_a_group_and_a_half_of_the_same_class_may_share_pupils_and_two_halves_do_not(db: Session, cast: Cast) -> None:
    cast.small.taken_from = [cast.b5]
    other = planning.add_class(db, cast.school, "5B gruppe 2", grades=[5], year=2026, kind="half", taken_from=[cast.b5])
    db.flush()
    half = make_series(db, cast, cast.half, weekday=3, agents=[_agent_of(db, cast, cast.half)])
    small = make_series(db, cast, cast.small)
    second = make_series(db, cast, other, agents=[_agent_of(db, cast, other, "Tone Li")])
    with pytest.raises(Refused, match=r"another lesson at that time \(5B gruppe 1\)"):
        _move_onto(db, small, half)
    _move_onto(db, second, half)
    assert second.lessons[0].date == half.lessons[0].date


def test_a_new_series_is_laid_out_around_the_other_series_of_its_class(db: Session, cast: Cast) -> None:
    first = make_series(db, cast, themes=("vennskap",))
    second = make_series(db, cast, themes=("folelser",), agents=[_agent_of(db, cast, cast.a5)])
    assert second.lessons[0].date == first.lessons[0].date + timedelta(7)


def test_what_the_class_has_had_already_stands_in_no_ones_way(db: Session, cast: Cast) -> None:
    first = make_series(db, cast, themes=("vennskap", "folelser"))
    second = make_series(db, cast, themes=("samarbeid",), weekday=3, agents=[_agent_of(db, cast, cast.a5)])
    held = second.lessons[0]
    held.date, held.state, held.held_record = first.lessons[0].date, planning.HELD, {"version": 1}
    db.flush()
    planning.move_lesson(db, first.lessons[1], first.lessons[1].date + timedelta(1), by=None, now=EARLY)
    assert not [one for one in planning.check(planning.problem_for(db, second), _stand(second)).violations if one.rule == "H19"]


def _stand(series: Series) -> planning.Plan:
    from curriculum.planning.stating import plan_as_it_stands

    return plan_as_it_stands(series)


@pytest.mark.parametrize("is_whole_first", [True, False])
def test_a_class_and_its_halves_do_not_both_get_a_series(db: Session, cast: Cast, is_whole_first: bool) -> None:
    one, other = (cast.b5, cast.half) if is_whole_first else (cast.half, cast.b5)
    make_series(db, cast, one, in_use=False, agents=[_agent_of(db, cast, cast.b5)])
    with pytest.raises(Refused) as refused:
        make_series(db, cast, other, weekday=3, agents=[cast.agent])
    assert str(refused.value).startswith(f"{one.name} has a course series already, and {other.name} is the same pupils")


def test_the_series_of_a_class_is_not_put_in_use_beside_that_of_its_half(db: Session, cast: Cast) -> None:
    make_series(db, cast, cast.half, agents=[cast.agent])
    whole = make_series(db, cast, cast.a5, in_use=False, weekday=3)
    whole.school_class = cast.b5
    db.flush()
    with pytest.raises(Refused, match="the same pupils"):
        planning.put_in_use(db, whole, by=cast.agent, today=cast.today, now=NOW)


def test_two_series_of_a_class_in_use_have_no_theme_in_common(db: Session, cast: Cast) -> None:
    make_series(db, cast, themes=("vennskap",))
    second = make_series(db, cast, themes=("vennskap", "folelser"), weekday=3, in_use=False)
    with pytest.raises(Refused, match="5A has these themes in its series “Prøverekka” already: “Vennskap”"):
        planning.put_in_use(db, second, by=cast.agent, today=cast.today, now=NOW)
    planning.cancel_lesson(db, next(one for one in second.lessons if one.theme.key == "vennskap"), by=cast.agent, now=NOW)
    assert planning.put_in_use(db, second, by=cast.agent, today=cast.today, now=NOW).in_use


def test_no_lesson_is_planned_at_an_hour_that_has_passed_today(house: House) -> None:
    now = datetime(2026, 9, 1, 8, tzinfo=UTC)  # ten o'clock in Oslo, on the Tuesday
    assert house.make(now=now).lessons[0].date == date(2026, 9, 8)
    with pytest.raises(Refused) as refused:
        planning.move_lesson(
            house.db, house.make(school_class=house.class_5b, weekday=2, now=now).lessons[0], date(2026, 9, 1), by=None, now=now
        )
    assert refused.value.at == "start_time" and "today has passed" in str(refused.value)


def test_the_weeks_of_a_class_are_each_told_once_from_the_first_to_the_last(db: Session, cast: Cast) -> None:
    make_series(db, cast, themes=("folelser", "vennskap"))
    other = make_series(db, cast, themes=("mobbing", "samarbeid"), weekday=3)
    other.lessons[1].state = planning.CANCELLED
    db.flush()
    found = planning.weeks_planned(db, [cast.a5, cast.b5], date(2026, 10, 16), date(2026, 10, 16))
    assert found == {cast.a5.id: [planning.Week(2026, 42)], cast.b5.id: []}
    assert len(planning.weeks_planned(db, [cast.a5], date(2026, 8, 1), date(2027, 6, 30))[cast.a5.id]) == 2
