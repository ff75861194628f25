"""Changing a lesson of a series where it stands: cancelled, its date locked, its room. What was held stays as it is."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from curriculum import text
from curriculum.base import N_, Refused
from curriculum.people import Person
from curriculum.planning.engine.checking import check
from curriculum.planning.engine.wording import because
from curriculum.planning.history import remember
from curriculum.planning.models import CANCELLED, CONTINUED, HELD, PLANNED, RESTORED, Lesson
from curriculum.planning.partners import as_one, reason_for
from curriculum.planning.recording import recorded
from curriculum.planning.stating import plan_as_it_stands, problem_for

LOCAL = ZoneInfo("Europe/Oslo")
"""The clock by which a day has passed or not."""

LOCKED, UNLOCKED, ROOM = "locked", "unlocked", "room"
"""What the plan's history calls these changes."""

LONGEST_ROOM = 80
"""Characters in the name of a room."""


def cancel_lesson(db: Session, lesson: Lesson, *, why: str = "", by: Person | None, now: datetime) -> Lesson:
    """The lesson will not be held, and no other in its place; nor what is held as one with it.

    Raises Refused when it was held or cancelled before.
    """
    refuse_settled(lesson)
    whole = as_one(db, lesson)
    with recorded(db, list(whole.values()), CANCELLED, by=by, now=now):
        for one in whole:
            remember(one, CANCELLED, one.date, one.start, reason_for(one, lesson, why), by, now)
            one.state = CANCELLED
    return lesson


def restore_lesson(db: Session, lesson: Lesson, *, by: Person | None, now: datetime) -> Lesson:
    """Take a cancellation back: the lesson stands where it stood, with what is held as one with it.

    Raises Refused when it is not cancelled, or when something now stands in its way there.
    """
    if lesson.state != CANCELLED:
        raise Refused(N_("The lesson is not cancelled."))
    whole = as_one(db, lesson, CANCELLED)
    with recorded(db, list(whole.values()), RESTORED, by=by, now=now):
        for one in whole:
            _restore(db, one, by, now)
    return lesson


def _restore(db: Session, lesson: Lesson, by: Person | None, now: datetime) -> None:
    lesson.state = PLANNED
    db.flush()
    problem, plan = problem_for(db, lesson.series), plan_as_it_stands(lesson.series)
    for violation in check(problem, plan).violations:
        if lesson.public_id in (violation.session, violation.owner):
            why = because(problem, violation.rule, violation.owner, violation.why)
            raise Refused(N_("The lesson cannot be held on %(date)s: %(why)s."), date=lesson.date, why=why)
    remember(lesson, RESTORED, lesson.date, lesson.start, "", by, now)


def lock_lesson(db: Session, lesson: Lesson, locked: bool = True, *, by: Person | None, now: datetime) -> Lesson:
    """Keep a lesson's date when the series is laid out anew, or let it move again; so with what is held as one with it.

    Raises Refused when it was held or cancelled.
    """
    refuse_settled(lesson)
    whole = as_one(db, lesson)
    with recorded(db, list(whole.values()), LOCKED if locked else UNLOCKED, by=by, now=now):
        for one in whole:
            one.date_locked = locked
    return lesson


def set_room(db: Session, lesson: Lesson, room: str, *, by: Person | None, now: datetime) -> Lesson:
    """Say in which room a lesson is held, and what is held as one with it; empty while that is not settled.

    Raises Refused when it was held or cancelled, for more than 80 characters, and for a text about a person.
    """
    refuse_settled(lesson)
    room = text.tidy(room).strip()
    if len(room) > LONGEST_ROOM:
        raise Refused(N_("The room may have %(count)s characters."), at="room", count=LONGEST_ROOM)
    text.refuse_personal(room)
    whole = as_one(db, lesson)
    with recorded(db, list(whole.values()), ROOM, by=by, now=now):
        for one in whole:
            one.room, one.room_confirmed = room, one.room_confirmed and room == one.room
    return lesson


def refuse_settled(lesson: Lesson) -> None:
    """Raise Refused when a lesson was held or cancelled."""
    if lesson.state in (HELD, CONTINUED):
        raise Refused(N_("The lesson has been held and cannot be changed."))
    if lesson.state == CANCELLED:
        raise Refused(N_("The lesson is cancelled."))
