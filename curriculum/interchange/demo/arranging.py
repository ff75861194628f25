"""What the demo's schools and agents have arranged beyond one weekly time for one class: a lesson held as one, and A and B weeks."""

from __future__ import annotations

from datetime import time

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.base import Refused
from curriculum.interchange.demo.cast import AGENT_3, ELVESVINGEN, GRANLIA, LEADER, Cast, noon
from curriculum.interchange.demo.furnishing import POLICE
from curriculum.planning import A_WEEKS, B_WEEKS, PLANNED, YES, FixedTime, Lesson, Series

TOGETHER = ((GRANLIA, "6A"), (GRANLIA, "6B"))
"""The classes to which the police come once for both, at the time of the first."""

TWO_TIMES = (ELVESVINGEN, "5/6")
TUESDAYS, THURSDAYS = (1, time(9)), (3, time(12, 15))


def arrange(db: Session, cast: Cast) -> None:
    """The police come to two classes at once and have said yes; a class has its lesson on Tuesdays in A weeks, on Thursdays in B weeks.

    Each where the school year is long enough for it, from the day after today on.
    """
    try:
        with db.begin_nested():
            _hold_as_one(db, cast)
    except Refused:  # late in the year the two have the theme in different weeks
        db.expire_all()
    try:
        with db.begin_nested():
            _take_turns(db, cast)
    except Refused:  # so late in the year no week is left to spare
        db.expire_all()


def _hold_as_one(db: Session, cast: Cast) -> None:
    lesson, other = (_with_police(db, cast, which) for which in TOGETHER)
    if lesson is None or other is None:
        return
    by, said = lesson.series.agents[0], noon(cast.yesterday)
    planning.join(db, lesson, [other], by=by, now=said)
    police = next(one for one in planning.presenters(db, cast.district.id) if one.skill == POLICE.skill)
    planning.ask(db, lesson, police, by=by, now=said)
    planning.answer(db, lesson, YES, by=by, now=said)


def _with_police(db: Session, cast: Cast, which: tuple[str, str]) -> Lesson | None:
    """The lesson ahead to which the police come, in a class's series; None when it is not ahead."""
    query = select(Lesson).join(Lesson.series).where(
        Series.class_id == cast.classes[which].id, Lesson.presenter == POLICE.skill, Lesson.state == PLANNED, Lesson.date > cast.today
    )  # fmt: skip
    return db.scalars(query).unique().one_or_none()


def _take_turns(db: Session, cast: Cast) -> None:
    """This week is an A week: what stands in it stays there. The leader confirms the times anew."""
    series = db.scalars(select(Series).where(Series.class_id == cast.classes[TWO_TIMES].id)).unique().one()
    monday, said = cast.this_week.monday, noon(cast.yesterday)
    times = [FixedTime(*when, 60, weeks=weeks, a_week=monday) for when, weeks in ((TUESDAYS, A_WEEKS), (THURSDAYS, B_WEEKS))]
    planning.change_times(db, series, times, by=cast.people[AGENT_3], today=cast.today, now=said)
    planning.confirm_times(db, series, planning.written_times(series.slots), by=cast.people[LEADER], now=said)
