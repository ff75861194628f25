"""Changing the lessons of a series: another day, cancelled, a date locked, a room, another weekly time. What was held stays as it is."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from curriculum import text
from curriculum.base import N_, Refused
from curriculum.people import Person
from curriculum.planning.calendar import iso_week
from curriculum.planning.checking import Violation, check
from curriculum.planning.laying_out import lay_out
from curriculum.planning.making import EARLIEST, LATEST, NoPlan, assured, weekly_slot
from curriculum.planning.models import CANCELLED, CONTINUED, HELD, MOVED, PLANNED, RESTORED, Lesson, Move, Series, Slot
from curriculum.planning.problem import Closed, Infeasible, Pin, Placed, Plan, Problem
from curriculum.planning.problem import Session as PlainSession
from curriculum.planning.problem import Slot as PlainSlot
from curriculum.planning.stating import dated_slot, plan_as_it_stands, problem_for
from curriculum.planning.wording import because

LOCAL = ZoneInfo("Europe/Oslo")
"""The clock by which a day has passed or not."""

LONGEST_ROOM = 80
"""Characters in the name of a room."""


def move_lesson(
    db: Session, lesson: Lesson, to: date, start: time | None = None, *, why: str = "", by: Person | None, now: datetime
) -> Lesson:
    """Hold a lesson on another day, or at another time of the day, as long as before; its history remembers.

    Raises Refused when it was held or cancelled, its date is locked, the new day has passed, or the move would break a rule that is not
    broken already.
    """
    _refuse_settled(lesson)
    today = now.astimezone(LOCAL).date()
    if to < today:
        first, last = max(today, lesson.series.from_date), lesson.series.to_date
        words = N_("%(date)s has passed. Choose a day from %(from)s to %(to)s.")
        raise Refused(words, at="date", date=to, **{"from": first, "to": last})
    return _move(db, lesson, to, start or lesson.start, why, by, now)


def move_back(db: Session, lesson: Lesson, *, by: Person | None, now: datetime) -> Lesson:
    """Undo a lesson's last move, also to a day that has passed. Raises Refused as a move does, and when it was never moved."""
    _refuse_settled(lesson)
    last = next((one for one in reversed(lesson.moves) if one.kind == MOVED), None)
    if last is None:
        raise Refused(N_("The lesson has not been moved."))
    return _move(db, lesson, last.old_date, last.old_start or lesson.start, "", by, now)


def _move(db: Session, lesson: Lesson, to: date, start: time, why: str, by: Person | None, now: datetime) -> Lesson:
    if lesson.date_locked:
        raise Refused(N_("The date is locked. Unlock it first."))
    end = _ends(lesson, start)
    if (to, start) == (lesson.date, lesson.start):
        raise Refused(N_("The lesson stands there already."), at="date")
    _refuse_breaches(db, lesson, to, start, end)
    _remember(db, lesson, MOVED, to, start, why, by, now)
    lesson.date, lesson.start, lesson.end = to, start, end
    db.flush()
    return lesson


def cancel_lesson(db: Session, lesson: Lesson, *, why: str = "", by: Person | None, now: datetime) -> Lesson:
    """The lesson will not be held, and no other in its place. Raises Refused when it was held or cancelled before."""
    _refuse_settled(lesson)
    _remember(db, lesson, CANCELLED, lesson.date, lesson.start, why, by, now)
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
    _remember(db, lesson, RESTORED, lesson.date, lesson.start, "", by, now)
    db.flush()
    return lesson


def lock_lesson(db: Session, lesson: Lesson, locked: bool = True) -> Lesson:
    """Keep a lesson's date when the series is laid out anew, or let it move again. Raises Refused when it was held or cancelled."""
    _refuse_settled(lesson)
    lesson.date_locked = locked
    db.flush()
    return lesson


def set_room(db: Session, lesson: Lesson, room: str) -> Lesson:
    """Say in which room a lesson is held; empty while that is not settled.

    Raises Refused when it was held or cancelled, for more than 80 characters, and for a text about a person.
    """
    _refuse_settled(lesson)
    room = text.tidy(room).strip()
    if len(room) > LONGEST_ROOM:
        raise Refused(N_("The room may have %(count)s characters."), at="room", count=LONGEST_ROOM)
    text.refuse_personal(room)
    lesson.room = room
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


def _remember(db: Session, lesson: Lesson, kind: str, to: date, start: time, why: str, by: Person | None, now: datetime) -> None:
    why = text.tidy(why).strip()
    text.refuse_personal(why)
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


# --- Another weekly time --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Retimed:
    """A series as it would be with another weekly time: the dates of the lessons that move (by their public ids), or why there are none."""

    problem: Problem
    answer: Plan | Infeasible
    slot: PlainSlot

    @property
    def dates(self) -> dict[str, date]:
        if isinstance(self.answer, Infeasible):
            return {}
        return {placed.session: placed.date for placed in self.answer.sessions if placed.slot == self.slot.id}


def preview_weekly_time(db: Session, series: Series, *, weekday: int, start: time, minutes: int, today: date) -> Retimed:
    """Where the lessons ahead would stand with another weekly time, from tomorrow on.

    What was held or is past, what is cancelled and what is locked stays where it is. Raises Refused at the field whose wish is impossible.
    """
    slot = weekly_slot(weekday, start, minutes)
    problem = _with_weekly_slot(problem_for(db, series), series, slot, today)
    answer = assured(problem, lay_out(problem))
    return Retimed(problem, _followable(answer) if isinstance(answer, Infeasible) else answer, slot)


def _followable(answer: Infeasible) -> Infeasible:
    """The answer with the advice that can be followed for a series that is there already."""
    kinds = ("weekday", "minutes", "unlock")
    return Infeasible(tuple(replace(one, fixes=tuple(fix for fix in one.fixes if fix.kind in kinds)) for one in answer.conflicts))


def _with_weekly_slot(problem: Problem, series: Series, slot: PlainSlot, today: date) -> Problem:
    lessons = {lesson.public_id: lesson for lesson in series.lessons}
    staying = {id: lesson for id, lesson in lessons.items() if (lesson.state == PLANNED and _stays(lesson, today)) or lesson.state in _DONE}
    dated = [dated_slot(id, lesson.date, lesson.start, lesson.end) for id, lesson in staying.items()]
    stated = problem.series[0]
    sessions = tuple(_pinned(session, staying.get(session.id), today) for session in stated.sessions)
    first = max(stated.from_date, today + timedelta(days=1))
    kept = tuple(_emptied(series, staying.values()))
    group = replace(problem.groups[0], slots=(slot, *dated), blocked=kept)
    return replace(problem, groups=(group,), series=(replace(stated, from_date=first, sessions=sessions),))


def _emptied(series: Series, staying: Collection[Lesson]) -> Iterator[Closed]:
    """The weeks of cancelled lessons: no other is held in their place."""
    taken = {iso_week(lesson.date) for lesson in staying}
    for lesson in series.lessons:
        week = iso_week(lesson.date)
        if lesson.state == CANCELLED and week not in taken:
            yield Closed(week.monday, week.sunday, "")


_DONE = (HELD, CONTINUED)


def _stays(lesson: Lesson, today: date) -> bool:
    return lesson.date_locked or lesson.date <= today


def _pinned(session: PlainSession, lesson: Lesson | None, today: date) -> PlainSession:
    """A session as it is now: free, or where its lesson stands; what is past counts as delivered here, whatever anyone has said of it."""
    if lesson is None:
        return replace(session, pin=None, delivered=False)
    return replace(session, pin=Pin(lesson.date, lesson.public_id), delivered=lesson.date <= today or lesson.state in _DONE)


def change_weekly_time(
    db: Session, series: Series, *, weekday: int, start: time, minutes: int, by: Person | None, today: date, now: datetime
) -> Series:
    """Save exactly what `preview_weekly_time` shows; each lesson's history remembers. Raises Refused as that does, and NoPlan."""
    shown = preview_weekly_time(db, series, weekday=weekday, start=start, minutes=minutes, today=today)
    if isinstance(shown.answer, Infeasible):
        raise NoPlan(shown.answer)
    for lesson in series.lessons:
        to = shown.dates.get(lesson.public_id)
        if to is not None and (to, shown.slot.start, shown.slot.end) != (lesson.date, lesson.start, lesson.end):
            _remember(db, lesson, MOVED, to, shown.slot.start, "", by, now)
            lesson.date, lesson.start, lesson.end = to, shown.slot.start, shown.slot.end
    _set_slot(db, series, shown.slot)
    db.flush()
    return series


def _set_slot(db: Session, series: Series, slot: PlainSlot) -> None:
    """One weekly time from now on; lessons that stay outside it bring their own."""
    for old in series.slots[1:]:
        db.delete(old)
    kept = series.slots[0] if series.slots else Slot(series=series)
    kept.weekday, kept.start, kept.end, kept.from_date, kept.to_date = slot.weekday, slot.start, slot.end, None, None
