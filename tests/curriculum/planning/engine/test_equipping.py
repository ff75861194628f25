"""Lessons come where they could have the room, the presenter and the second adult they need, where there is such a plan."""

from dataclasses import replace
from datetime import date, time

from curriculum.planning.engine.assigning import assign
from curriculum.planning.engine.checking import check
from curriculum.planning.engine.laying_out import lay_out
from curriculum.planning.engine.problem import Helper, Needs, Offer, Plan, Presenter, Problem, Room, WeeklyTime
from tests.curriculum.planning.engine.problems import span, week
from tests.curriculum.planning.engine.test_laying_many import NINE, TEN, THURSDAY, asked, group, series

GYM, POLICE, ADULT = Needs(room="gym"), Needs(presenter="police"), Needs(helper=True)
TUESDAYS = WeeklyTime(1, time(8), time(12))


def needing(needs: Needs, *ids: str) -> Problem:
    """One lesson of each class, which needs this; the classes have different agents and Tuesday at nine, or else Thursday."""
    of = [replace(one, sessions=tuple(replace(session, needs=needs) for session in one.sessions)) for one in (series(id, 1) for id in ids)]
    made = asked([group(id, NINE, THURSDAY) for id in ids], [replace(one, agents=()) for one in of])
    rooms = (Room("gym-1", "Gymsalen", ("gym",), (WeeklyTime(3, time(8), time(12)),)), Room("7", "Rom 7"))
    return replace(made, schools=(replace(made.schools[0], rooms=rooms), made.schools[1]))


def offers(*days: date) -> tuple[Offer, ...]:
    return tuple(Offer(day, time(8), time(12)) for day in days)


def dates(problem: Problem, *, is_met: bool = True) -> list[date]:
    answer = lay_out(problem)
    assert isinstance(answer, Plan)
    assert check(problem, assign(problem, answer)).is_clean is is_met
    return [one.date for one in answer.sessions]


def test_a_lesson_comes_when_the_room_is_not_used_by_the_school_nor_by_another_class() -> None:
    assert dates(needing(GYM, "a")) == [week(0)]
    assert sorted(dates(needing(GYM, "a", "b"))) == [week(0), week(1)]


def test_a_lesson_comes_when_the_presenter_does_and_is_at_one_school_at_a_time() -> None:
    police = Presenter("politi", "Politiet", "police", None, offers(week(2), week(4)))
    assert dates(replace(needing(POLICE, "a"), presenters=(police,))) == [week(2)]
    two = replace(needing(POLICE, "a", "b"), presenters=(police,))
    assert sorted(dates(two)) == [week(2), week(4)]
    near = (group("a", NINE), group("b", TEN, school="elvesvingen"))
    assert sorted(dates(replace(two, groups=near))) == [week(2), week(4)]
    assert sorted(dates(replace(two, groups=near, default_travel_minutes=10))) == [week(2), week(2)]


def test_a_presenter_comes_to_no_more_lessons_a_day_than_they_may_and_only_to_their_schools() -> None:
    police = Presenter("politi", "Politiet", "police", ("solbakken",), offers(week(2), week(4)), max_per_day=1)
    two = replace(needing(POLICE, "a", "b"), presenters=(police,), groups=(group("a", NINE), group("b", TEN)))
    assert sorted(dates(two)) == [week(2), week(4)]
    assert dates(replace(needing(POLICE, "a"), presenters=(replace(police, schools=("elvesvingen",)),)), is_met=False) == [week(0)]


def test_a_lesson_comes_when_a_second_adult_is_at_work_and_with_no_other_class() -> None:
    adult = Helper("siv", "Siv Nordli", "solbakken", (TUESDAYS,), (span(week(0)),))
    assert dates(replace(needing(ADULT, "a"), helpers=(adult,))) == [week(1)]
    assert sorted(dates(replace(needing(ADULT, "a", "b"), helpers=(adult,)))) == [week(1), week(2)]


def test_a_joint_lesson_shares_its_room() -> None:
    joint = replace(needing(GYM, "a", "b"), together=(("a0", "b0"),))
    assert dates(joint) == [week(0), week(0)]


def test_what_no_school_has_does_not_keep_the_lessons_from_their_dates() -> None:
    assert dates(needing(Needs(room="pool"), "a"), is_met=False) == [week(0)]
