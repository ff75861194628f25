"""Whether parents understand what they read: answers by theme, so that no small number can be worked out."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from curriculum import feedback
from curriculum.base import ChangeCounter
from curriculum.feedback import NO, PARTLY, YES, ThemeUnderstood
from tests.cast import Cast, document, publish


def answer(db: Session, cast: Cast, key: str, **times: int) -> None:
    for said, count in times.items():
        feedback.add_answer(db, document(db, cast, key), said, count)


def test_answers_add_up_and_those_below_five_are_not_told(cast: Cast, db: Session) -> None:
    publish(db, cast, "vennskap", "folelser")
    for _ in range(6):
        feedback.add_answer(db, document(db, cast, "vennskap"), YES)
    answer(db, cast, "vennskap", **{PARTLY: 4, NO: 5})
    assert feedback.understood(db, cast.district, cast.today) == [ThemeUnderstood("Vennskap", 5, None, 5)]


def test_one_who_knows_the_sum_cannot_compute_what_is_left_out(cast: Cast, db: Session) -> None:
    """What is shown is the same for several numbers that are not, whatever the others are."""
    publish(db, cast, "vennskap")
    seen = []
    for more in ({YES: 8, PARTLY: 1}, {PARTLY: 1}, {PARTLY: 1}, {PARTLY: 1, YES: 1}):
        answer(db, cast, "vennskap", **more)
        seen.append(feedback.understood(db, cast.district, cast.today))
    assert seen == [[ThemeUnderstood("Vennskap", 10, None, None)]] * 4


def test_a_theme_of_which_no_number_may_be_shown_is_not_named(cast: Cast, db: Session) -> None:
    publish(db, cast, "vennskap")
    answer(db, cast, "vennskap", **{YES: 4, PARTLY: 4, NO: 4})
    assert feedback.understood(db, cast.district, cast.today) == []


def test_another_districts_answers_are_its_own(cast: Cast, db: Session) -> None:
    publish(db, cast, "vennskap")
    answer(db, cast, "vennskap", **{YES: 40})
    assert feedback.understood(db, cast.other_district, cast.today) == []


def test_only_the_three_faces_are_an_answer_and_an_answer_leaves_the_parents_pages_as_they_are_kept(cast: Cast, db: Session) -> None:
    publish(db, cast, "vennskap")
    db.commit()
    before = db.scalars(select(ChangeCounter.value)).one()
    answer(db, cast, "vennskap", **{YES: 1})
    db.commit()
    assert db.execute(text("SELECT value FROM change_counter")).scalar() == before
    with pytest.raises(IntegrityError):
        answer(db, cast, "vennskap", ja=1)
    db.rollback()
