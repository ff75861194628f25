"""Rooms, presenters and second adults go to the lessons that need them, and where there is none left the checker says so."""

from dataclasses import replace
from datetime import time

from curriculum.planning.engine.assigning import assign
from curriculum.planning.engine.checking import check
from curriculum.planning.engine.problem import Offer, Pin, Placed, Plan, Problem, Room, WeeklyTime
from tests.curriculum.planning.engine.district import PLAN, PROBLEM, asking, putting
from tests.curriculum.planning.engine.problems import span, week

BARE = replace(PLAN, sessions=tuple(Placed(one.session, one.date, one.slot) for one in PLAN.sessions))


def broken(problem: Problem, plan: Plan) -> list[tuple[str, str]]:
    return [(one.rule, one.session) for one in check(problem, assign(problem, plan)).violations]


def given(problem: Problem, plan: Plan, id: str) -> tuple[str | None, str | None, str | None]:
    return next((one.room, one.presenter, one.helper) for one in assign(problem, plan).sessions if one.session == id)


def test_every_lesson_gets_what_it_needs_and_nothing_else() -> None:
    assert assign(PROBLEM, BARE) == PLAN
    assert assign(PROBLEM, PLAN) == PLAN


def test_a_lesson_at_an_unknown_time_or_of_no_series_gets_nothing() -> None:
    odd = putting("m2", slot="?")(replace(BARE, sessions=(*BARE.sessions, Placed("?", week(0), "tue"))))
    assert (given(PROBLEM, odd, "m2"), given(PROBLEM, odd, "?")) == ((None, None, None), (None, None, None))


def test_the_next_room_is_taken_where_the_first_is_not_free() -> None:
    two = asking(
        "solbakken", rooms=(Room("old", "Gammel sal", ("gym",), (WeeklyTime(1, time(9, 30), time(10)),)), PROBLEM.schools[0].rooms[0])
    )
    assert given(two(PROBLEM), BARE, "m2") == ("gym", None, None)
    clash = putting("b1", date=week(1))(BARE)
    assert broken(PROBLEM, clash) == [("H15", "b1")]
    free = asking("solbakken", rooms=(PROBLEM.schools[0].rooms[0], Room("new", "Ny sal", ("gym",))))(PROBLEM)
    assert (given(free, clash, "m2")[0], given(free, clash, "b1")[0], broken(free, clash)) == ("gym", "new", [])


def test_what_is_pinned_is_served_first() -> None:
    pinned = asking("b1", pin=Pin(week(1), "tue", room="gym"))(PROBLEM)
    clash = putting("b1", date=week(1))(BARE)
    assert (given(pinned, clash, "b1")[0], given(pinned, clash, "m2")[0]) == ("gym", None)


def test_what_was_delivered_gets_nothing_anew_but_keeps_what_it_had() -> None:
    assert given(asking("m2", pin=Pin(week(1), "tue"), delivered=True)(PROBLEM), BARE, "m2") == (None, None, None)
    held = asking("b3", pin=Pin(week(8), "tue", helper="mia"), delivered=True)(PROBLEM)
    assert given(held, BARE, "b3") == (None, None, "mia")
    bare = asking("b3", pin=Pin(week(8), "tue"), delivered=True)(asking("b2", pin=Pin(week(7), "tue"), delivered=True)(PROBLEM))
    assert (given(bare, BARE, "b3"), given(bare, BARE, "b2")) == ((None, None, None), (None, None, None))


def test_a_presenter_comes_where_and_when_they_offer_and_not_too_often() -> None:
    assert broken(asking("officer", schools=("lia",))(PROBLEM), BARE) == [("H17", id) for id in ("m3", "b2", "j1", "j2")]
    later = asking("officer", offers=tuple(Offer(week(n), time(9, 30), time(11)) for n in (2, 6, 7)))(PROBLEM)
    assert broken(later, BARE) == [("H17", id) for id in ("m3", "b2", "j1", "j2")]
    twice = putting("b2", date=week(2), slot="later")(BARE)
    assert broken(PROBLEM, twice) == [("H17", "b2")]
    assert broken(asking("officer", max_per_day=None)(PROBLEM), twice) == []


def test_a_presenter_needs_time_between_two_schools() -> None:
    wanted = asking("l2", needs=PROBLEM.series[0].sessions[2].needs)
    offers = tuple(Offer(week(n), time(8), time(14)) for n in (2, 6, 7))
    free = wanted(asking("officer", schools=None, max_per_day=None, offers=offers)(PROBLEM))
    same_day = putting("l2", date=week(2))(BARE)
    assert broken(free, same_day) == []
    assert broken(replace(free, travel=(), default_travel_minutes=106), same_day) == [("H08", "l1"), ("H08", "l2"), ("H17", "l2")]


def test_a_second_adult_is_at_work_and_with_one_class_at_a_time() -> None:
    assert broken(PROBLEM, putting("b3", date=week(3))(BARE)) == [("H18", "b3")]
    assert broken(asking("mia", absences=(span(week(8)),))(PROBLEM), BARE) == [("H18", "b3")]
    assert broken(asking("mia", weekly=(WeeklyTime(1, time(9, 15), time(14)),))(PROBLEM), BARE) == [("H18", "m4"), ("H18", "b3")]
