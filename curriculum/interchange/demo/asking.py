"""What a teacher of the demo has asked for: her class is taken on the day of a lesson."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.interchange.demo.cast import GRANLIA, Cast, noon
from curriculum.planning import PLANNED, Lesson, Series

CLASS, WHY = (GRANLIA, "5A"), "Tur eller arrangement"


def ask_for_another_day(db: Session, cast: Cast) -> None:
    """By 5A's link the teacher has said yesterday that the class is taken at its next lesson after this week, where there is one."""
    ahead = select(Lesson).join(Lesson.series).where(
        Series.class_id == cast.classes[CLASS].id, Lesson.state == PLANNED, Lesson.date > max(cast.today, cast.this_week.sunday)
    )  # fmt: skip
    lesson = db.scalars(ahead.order_by(Lesson.date, Lesson.id).limit(1)).first()
    if lesson is not None:
        days = planning.other_days(db, lesson, cast.today)
        wish = days[0].date if days else None
        planning.say_taken(db, lesson, why=WHY, wish=wish, now=noon(cast.today - timedelta(1)))
