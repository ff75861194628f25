"""What the template puts first or last stays first or last; the other lessons may change their order."""

from dataclasses import replace
from datetime import date

import pytest

from curriculum.base import Refused
from curriculum.ideabank import OutlineDocument, PlacePart
from curriculum.planning import Infeasible, Plan, Problem, Series, check, lay_out, lock_lesson, move_lesson, restore_lesson
from curriculum.planning.changing import cancel_lesson
from curriculum.planning.engine.checking import Violation
from curriculum.planning.engine.problem import Pin, Placed, Session
from curriculum.planning.retiming import preview_times
from curriculum.planning.times import FixedTime
from tests.curriculum.planning.engine.problems import problem, week
from tests.curriculum.planning.house import NOW, TODAY, House, theme

A, B, C = (
    Session("a", "a", "Intro", 45, order="first"),
    Session("b", "b", "Vennskap", 45),
    Session("c", "c", "Avslutning", 45, order="last"),
)


def asked(*sessions: Session) -> Problem:
    return problem(sessions=sessions)


def violations(problem: Problem, *places: tuple[str, int]) -> tuple[Violation, ...]:
    return check(problem, Plan(tuple(Placed(id, week(number), "tue") for id, number in places), {}, 0, 0, "greedy")).violations


def test_the_checker_names_each_lesson_on_the_wrong_side_of_the_first_or_the_last() -> None:
    assert violations(asked(A, B, C), ("a", 0), ("b", 1), ("c", 2)) == ()
    assert violations(asked(A, B, C), ("a", 1), ("b", 0), ("c", 2)) == (Violation("H14", "b", "a"),)
    assert violations(asked(A, B, C), ("a", 0), ("b", 2), ("c", 1)) == (Violation("H14", "b", "c"),)


def test_what_was_delivered_is_history() -> None:
    delivered = replace(B, pin=Pin(week(0), "tue"), delivered=True)
    assert violations(asked(A, delivered, C), ("a", 1), ("b", 0), ("c", 2)) == ()


@pytest.mark.parametrize("listed", [(C, B, A), (B, A, C), (A, B, C)])
def test_lessons_are_laid_out_in_the_order_the_template_asks_for(listed: tuple[Session, ...]) -> None:
    answer = lay_out(asked(*listed))
    assert isinstance(answer, Plan)
    assert [one.session for one in sorted(answer.sessions, key=lambda one: one.date)] == ["a", "b", "c"]
    assert check(asked(*listed), answer).is_clean


@pytest.mark.parametrize(
    ("sessions", "words", "fix"),
    [
        (
            (A, replace(B, pin=Pin(week(0), "tue")), C),
            f"“Vennskap” is locked to {week(0)}, but cannot be held then: the template puts “Intro” first.",
            "b",
        ),
        (
            (A, B, replace(C, pin=Pin(week(1), "tue"))),
            f"“Avslutning” is locked to {week(1)}, but cannot be held then: the template puts “Avslutning” last.",
            "c",
        ),
    ],
)
def test_a_lock_on_the_wrong_side_is_named_and_unlocking_it_helps(sessions: tuple[Session, ...], words: str, fix: str) -> None:
    answer = lay_out(asked(*sessions))
    assert isinstance(answer, Infeasible)
    [conflict] = answer.conflicts
    assert (str(conflict.words), [(one.kind, one.value) for one in conflict.fixes]) == (words, [("unlock", fix)])
    assert isinstance(lay_out(asked(*(replace(one, pin=None) for one in sessions))), Plan)


# --- A series -------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def series(house: House) -> Series:
    """Intro (first), Identitet, Vennskap and Avslutning (last), on Tuesdays from 1 September."""
    house.publish(theme("avslutning", "Avslutning"))
    places = (PlacePart("intro", first=True), PlacePart("identitet"), PlacePart("vennskap"), PlacePart("avslutning", last=True))
    return house.make(outline=house.publish(OutlineDocument("hele", "Hele", places=places)))


@pytest.mark.parametrize(
    ("place", "to", "rule"),
    [
        (0, date(2026, 9, 10), "first"),
        (1, date(2026, 9, 24), "last"),
        (3, date(2026, 9, 10), "last"),
    ],
)
def test_a_move_past_the_first_or_the_last_is_refused_and_names_the_templates_rule(
    house: House, series: Series, place: int, to: date, rule: str
) -> None:
    title = {"first": "Intro", "last": "Avslutning"}[rule]
    with pytest.raises(Refused) as caught:
        move_lesson(house.db, series.lessons[place], to, by=house.agent, now=NOW)
    assert str(caught.value) == f"The lesson cannot be held on {to}: the template puts “{title}” {rule}."


def test_the_lessons_between_change_their_order_freely(house: House, series: Series) -> None:
    moved = move_lesson(house.db, series.lessons[1], date(2026, 9, 17), by=house.agent, now=NOW)
    assert moved.date == date(2026, 9, 17)


def test_a_cancelled_first_lesson_is_not_held_after_all_once_another_stands_before_it(house: House, series: Series) -> None:
    first, second = series.lessons[0], series.lessons[1]
    cancel_lesson(house.db, first, by=house.agent, now=NOW)
    first.date = date(2026, 9, 10)
    assert second.date < first.date
    with pytest.raises(Refused, match="the template puts “Intro” first"):
        restore_lesson(house.db, first, by=house.agent, now=NOW)


def test_another_weekly_time_keeps_the_order_around_a_lock(house: House, series: Series) -> None:
    lock_lesson(house.db, series.lessons[1], by=house.agent, now=NOW)
    shown = preview_times(house.db, series, [FixedTime(3, series.slots[0].start, 60)], today=TODAY)
    dates = [shown.times[lesson.public_id][0] for lesson in series.lessons[2:]]
    assert (len(shown.times), dates) == (2, [date(2026, 9, 17), date(2026, 9, 24)])
