"""Changing a lesson of a series where it stands: cancelled, its date locked, its room. What was held stays as it is."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from curriculum import text
from curriculum.base import N_, Refused
from curriculum.people import Person
from curriculum.planning.checking import check
from curriculum.planning.models import CANCELLED, CONTINUED, HELD, PLANNED, RESTORED, Lesson, Move
from curriculum.planning.reasons import CHANGE_REASONS, refuse_free_text
from curriculum.planning.stating import plan_as_it_stands, problem_for
from curriculum.planning.wording import because

LOCAL = ZoneInfo("Europe/Oslo")
"""The clock by which a day has passed or not."""

LONGEST_ROOM = 80
"""Characters in the name of a room."""


def cancel_lesson(db: Session, lesson: Lesson, *, why: str = "", by: Person | None, now: datetime) -> Lesson:
    """The lesson will not be held, and no other in its place. Raises Refused when it was held or cancelled before."""
    refuse_settled(lesson)
    remember(lesson, CANCELLED, lesson.date, lesson.start, why, by, now)
    lesson.state = CANCELLED
    db.flush()
    return lesson


def restore_lesson(db: Session, lesson: Lesson, *, by: Person | None, now: datetime) -> Lesson:
    """Take a cancellation back: the lesson stands where it stood.

    Raises Refused when it is not cancelled, or when something now stands in its way there.
    """
    if lesson.state != CANCELLED:
        raise Refused(N_("The lesson is not cancelled."))
    lesson.state = PLANNED
    db.flush()
    problem, plan = problem_for(db, lesson.series), plan_as_it_stands(lesson.series)
    for violation in check(problem, plan).violations:
        if lesson.public_id in (violation.session, violation.owner):
            why = because(problem, violation.rule, violation.owner, violation.why)
            raise Refused(N_("The lesson cannot be held on %(date)s: %(why)s."), date=lesson.date, why=why)
    remember(lesson, RESTORED, lesson.date, lesson.start, "", by, now)
    db.flush()
    return lesson


def lock_lesson(db: Session, lesson: Lesson, locked: bool = True) -> Lesson:
    """Keep a lesson's date when the series is laid out anew, or let it move again. Raises Refused when it was held or cancelled."""
    refuse_settled(lesson)
    lesson.date_locked = locked
    db.flush()
    return lesson


def set_room(db: Session, lesson: Lesson, room: str) -> Lesson:
    """Say in which room a lesson is held; empty while that is not settled.

    Raises Refused when it was held or cancelled, for more than 80 characters, and for a text about a person.
    """
    refuse_settled(lesson)
    room = text.tidy(room).strip()
    if len(room) > LONGEST_ROOM:
        raise Refused(N_("The room may have %(count)s characters."), at="room", count=LONGEST_ROOM)
    text.refuse_personal(room)
    lesson.room = room
    db.flush()
    return lesson


def refuse_settled(lesson: Lesson) -> None:
    """Raise Refused when a lesson was held or cancelled."""
    if lesson.state in (HELD, CONTINUED):
        raise Refused(N_("The lesson has been held and cannot be changed."))
    if lesson.state == CANCELLED:
        raise Refused(N_("The lesson is cancelled."))


def remember(lesson: Lesson, kind: str, to: date, start: time, why: str, by: Person | None, now: datetime) -> None:
    """Add a line to a lesson's history.

    Raises Refused for a reason that is about a person, and of a small group for one in words of one's own.
    """
    why = text.tidy(why).strip()
    text.refuse_personal(why)
    refuse_free_text(lesson.series.school_class, why, CHANGE_REASONS, at="reason")
    move = Move(
        district_id=lesson.district_id,
        kind=kind,
        old_date=lesson.date,
        new_date=to,
        old_start=lesson.start,
        new_start=start,
        why=why,
        by_id=by.id if by else None,
        at=now,
    )
    lesson.moves.append(move)
