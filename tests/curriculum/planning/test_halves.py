"""The halves of a class have each theme in the same week; where something has parted them, it is told."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.people import AGENT, Assignment
from curriculum.planning import CANCELLED, Series, Week
from tests.cast import NOW, Cast, make_series


@pytest.fixture
def halves(db: Session, cast: Cast) -> tuple[Series, Series]:
    """The two halves of 5B, with the same theme in the same week."""
    other = planning.add_class(db, cast.school, "5B gruppe 2", grades=[5], year=2026, kind="half", taken_from=[cast.b5])
    for group in (cast.half, other):
        db.add(Assignment(district_id=cast.district.id, person=cast.agent, role=AGENT, class_id=group.id, from_date=date(2026, 8, 1)))
    db.flush()
    return make_series(db, cast, cast.half, agents=[cast.agent]), make_series(db, cast, other, agents=[cast.agent], weekday=3)


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
