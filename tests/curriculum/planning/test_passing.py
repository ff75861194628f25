"""Which lessons pass each other: told once for each pair, and only of what moves."""

from __future__ import annotations

from datetime import date, time

from curriculum.planning import CANCELLED, Series
from curriculum.planning.passing import Passed, passed
from tests.curriculum.planning.house import House


def _made(house: House) -> Series:
    return house.make()


def test_a_lesson_that_goes_past_others_comes_after_them_now(house: House) -> None:
    one, two, three = _made(house).lessons
    late = date(2026, 10, 6), time(9)
    assert passed([one, two, three], {one.id: late}) == {one.id: Passed(after=(two, three))}
    three.state = CANCELLED
    assert passed([one, two, three], {one.id: late}) == {one.id: Passed(after=(two,))}


def test_a_lesson_that_comes_forward_comes_before_them_and_of_two_that_move_it_is_told_once(house: House) -> None:
    one, two, three = _made(house).lessons
    first = date(2026, 8, 25), time(9)
    assert passed([one, two, three], {three.id: first}) == {three.id: Passed(before=(one, two))}
    swapped = {two.id: (three.date, three.start), three.id: (two.date, two.start)}
    assert passed([one, two, three], swapped) == {three.id: Passed(before=(two,))}


def test_where_the_order_stays_nothing_is_told(house: House) -> None:
    one, two, three = _made(house).lessons
    assert passed([one, two, three], {three.id: (date(2026, 10, 6), time(9))}) == {}
