"""Another weekly time for the lessons ahead of a series, and back to the one before."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from curriculum.base import N_, Refused
from curriculum.people import Person
from curriculum.planning.calendar import iso_week
from curriculum.planning.changing import remember
from curriculum.planning.laying_out import lay_out
from curriculum.planning.making import NoPlan, assured
from curriculum.planning.models import CANCELLED, CONTINUED, HELD, MOVED, PLANNED, Lesson, Move, Series, Slot
from curriculum.planning.moving import as_it_stands
from curriculum.planning.problem import Closed, Infeasible, Pin, Plan, Problem
from curriculum.planning.problem import Session as PlainSession
from curriculum.planning.problem import Slot as PlainSlot
from curriculum.planning.stating import dated_slot, problem_for
from curriculum.planning.wishing import weekly_slot


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
            remember(lesson, MOVED, to, shown.slot.start, "", by, now)
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


# --- And back -------------------------------------------------------------------------------------------------------------------------


def can_take_back(series: Series) -> bool:
    """Whether another weekly time could be taken back exactly: there is one weekly time, and every lesson ahead is as long as that."""
    if len(series.slots) != 1 or series.slots[0].from_date or series.slots[0].to_date:
        return False
    length = _length(series.slots[0])
    return all(_length(lesson) == length for lesson in series.lessons if lesson.state == PLANNED and not lesson.date_locked)


def _length(timed: Slot | Lesson) -> int:
    """Minutes from start to end."""
    return (timed.end.hour - timed.start.hour) * 60 + timed.end.minute - timed.start.minute


def take_back_weekly_time(
    db: Session, series: Series, *, weekday: int, start: time, minutes: int, changed_at: datetime, by: Person | None, now: datetime
) -> Series:
    """Undo the `change_weekly_time` of that moment: the weekly time before it, and each lesson where it stood; its history remembers.

    Exact where `can_take_back` said so before the change and nothing else was done since. Raises Refused when something now stands in
    the way.
    """
    slot = weekly_slot(weekday, start, minutes)
    back = {lesson.public_id: _where_it_stood(move, minutes) for lesson, move in _moved_at(series, changed_at)}
    if why := as_it_stands(db, series).breach(back):
        raise Refused(N_("The weekly time cannot be taken back: %(why)s."), why=why)
    for lesson in series.lessons:
        if lesson.public_id in back:
            to, starts, ends = back[lesson.public_id]
            remember(lesson, MOVED, to, starts, "", by, now)
            lesson.date, lesson.start, lesson.end = to, starts, ends
    _set_slot(db, series, slot)
    db.flush()
    return series


def _moved_at(series: Series, moment: datetime) -> Iterator[tuple[Lesson, Move]]:
    """The lessons whose last change is a move of that moment."""
    for lesson in series.lessons:
        last = lesson.moves[-1] if lesson.moves else None
        if last is not None and last.kind == MOVED and last.at == moment and lesson.state == PLANNED:
            yield lesson, last


def _where_it_stood(move: Move, minutes: int) -> tuple[date, time, time]:
    start = move.old_start or time()
    return move.old_date, start, (datetime.combine(move.old_date, start) + timedelta(minutes=minutes)).time()
