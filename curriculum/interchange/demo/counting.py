"""What the demo's parents read and understood, in numbers."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from curriculum import feedback, ideabank
from curriculum.feedback import NO, PARTLY, YES
from curriculum.interchange.demo.cast import Cast

READ = (112, 87, 4, 64, 71, 93, 58, 41, 23)
"""Readings of this week, the week before, and so on; too few in one of them to be shown."""

ANSWERED = {"identitet-1": (21, 6, 2), "folelser": (33, 11, 5), "vennskap": (12, 3, 0)}
"""Of some themes: yes, partly, no."""


def count(db: Session, cast: Cast) -> None:
    """Readings of nine weeks, and answers about three themes."""
    feedback.add_readings(db, {(cast.district.id, cast.today - timedelta(weeks=back)): times for back, times in enumerate(READ)})
    for key, numbers in ANSWERED.items():
        theme = ideabank.find_document(db, cast.district.id, key)
        assert theme is not None
        for answer, times in zip((YES, PARTLY, NO), numbers, strict=True):
            feedback.add_answer(db, theme, answer, times)
