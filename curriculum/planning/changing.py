"""Changing one lesson of a series: another day, cancelled, its date locked. What was held stays as it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from curriculum import text
from curriculum.base import N_, Refused
from curriculum.people import Person
from curriculum.planning.checking import Violation, check
from curriculum.planning.making import EARLIEST, LATEST
from curriculum.planning.models import CANCELLED, CONTINUED, HELD, PLANNED, Lesson, Move
from curriculum.planning.problem import Placed, Plan, Problem
from curriculum.planning.stating import dated_slot, plan_as_it_stands, problem_for
from curriculum.planning.wording import because


def move_lesson(
    db: Session, lesson: Lesson, to: date, start: time | None = None, *, why: str = "", by: Person | None, now: datetime
) -> Lesson:
    """Hold a lesson on another day, or at another time of the day, as long as before; its history remembers.

    Raises Refused when it was held or cancelled, its date is locked, or the move would break a rule that is not broken already.
    """
    _refuse_settled(lesson)
    if lesson.date_locked:
        raise Refused(N_("The date is locked. Unlock it first."))
    start = start or lesson.start
    end = _ends(lesson, start)
    if (to, start) == (lesson.date, lesson.start):
        raise Refused(N_("The lesson stands there already."), at="date")
    _refuse_breaches(db, lesson, to, start, end)
    _remember(db, lesson, to, why, by, now)
    lesson.date, lesson.start, lesson.end = to, start, end
    db.flush()
    return lesson


def cancel_lesson(db: Session, lesson: Lesson, *, why: str = "", by: Person | None, now: datetime) -> Lesson:
    """The lesson will not be held, and no other in its place. Raises Refused when it was held or cancelled before."""
    _refuse_settled(lesson)
    _remember(db, lesson, lesson.date, why, by, now)
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
        if violation.session == lesson.public_id:
            why = because(problem, violation.rule, violation.owner, violation.why)
            raise Refused(N_("The lesson cannot be held on %(date)s: %(why)s."), date=lesson.date, why=why)
    _remember(db, lesson, lesson.date, "", by, now)
    db.flush()
    return lesson


def lock_lesson(db: Session, lesson: Lesson, locked: bool = True) -> Lesson:
    """Keep a lesson's date when the series is laid out anew, or let it move again. Raises Refused when it was held or cancelled."""
    _refuse_settled(lesson)
    lesson.date_locked = locked
    db.flush()
    return lesson


def _refuse_settled(lesson: Lesson) -> None:
    if lesson.state in (HELD, CONTINUED):
        raise Refused(N_("The lesson has been held and cannot be changed."))
    if lesson.state == CANCELLED:
        raise Refused(N_("The lesson is cancelled."))


def _ends(lesson: Lesson, start: time) -> time:
    length = datetime.combine(lesson.date, lesson.end) - datetime.combine(lesson.date, lesson.start)
    end = datetime.combine(lesson.date, start) + length
    if start < EARLIEST or end > datetime.combine(lesson.date, LATEST):
        raise Refused(N_("Lessons are held between 07:00 and 17:00."), at="start_time")
    return end.time()


def _refuse_breaches(db: Session, lesson: Lesson, to: date, start: time, end: time) -> None:
    """Check the series as it would be against the series as it is: what was broken before is no reason to refuse."""
    problem, plan = problem_for(db, lesson.series), plan_as_it_stands(lesson.series)
    then = _with_slot(problem, lesson.public_id, to, start, end)
    moved = Plan(tuple(_put(placed, lesson.public_id, to) for placed in plan.sessions), plan.terms, plan.objective, plan.bound, plan.status)
    new = _new(check(problem, plan).violations, check(then, moved).violations)
    if new:
        why = because(problem, new[0].rule, new[0].owner, new[0].why)
        raise Refused(N_("The lesson cannot be held on %(date)s: %(why)s."), at="date", date=to, why=why)


def _with_slot(problem: Problem, id: str, to: date, start: time, end: time) -> Problem:
    group = problem.groups[0]
    slots = (*(slot for slot in group.slots if slot.id != id), dated_slot(id, to, start, end))
    return replace(problem, groups=(replace(group, slots=slots),))


def _put(placed: Placed, id: str, to: date) -> Placed:
    return Placed(id, to, id) if placed.session == id else placed


def _new(before: Collection[Violation], after: Collection[Violation]) -> list[Violation]:
    return [violation for violation in after if violation not in before]


def _remember(db: Session, lesson: Lesson, to: date, why: str, by: Person | None, now: datetime) -> None:
    why = text.tidy(why).strip()
    text.refuse_personal(why)
    move = Move(district_id=lesson.district_id, old_date=lesson.date, new_date=to, why=why, by_id=by.id if by else None, at=now)
    lesson.moves.append(move)
