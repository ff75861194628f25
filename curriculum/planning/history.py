"""What was done to a lesson, line by line: its history, which is only ever added to."""

from __future__ import annotations

from datetime import date, datetime, time

from curriculum import text
from curriculum.people import Person
from curriculum.planning.models import ASKED, MOVED, Lesson, Move
from curriculum.planning.reasons import CHANGE_REASONS, refuse_free_text


def remember(lesson: Lesson, kind: str, to: date, start: time, why: str, by: Person | None, now: datetime) -> None:
    """Add a line to a lesson's history; one that moves is unsettled: its room is to be confirmed and its visitor asked anew.

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
    if kind == MOVED:
        _unsettle(lesson)


def _unsettle(lesson: Lesson) -> None:
    """A lesson has another date or time: the school has not confirmed its room for that, and its visitor's answer was to the old one."""
    lesson.room_confirmed = False
    if lesson.presenter_answer:
        lesson.presenter_answer = ASKED
