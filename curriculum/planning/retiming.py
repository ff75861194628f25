"""Other weekly times for the lessons ahead of a series."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from curriculum.people import Person
from curriculum.planning.calendar import iso_week
from curriculum.planning.engine.laying_out import lay_out
from curriculum.planning.engine.problem import Closed, Infeasible, Pin, Plan, Problem
from curriculum.planning.engine.problem import Session as PlainSession
from curriculum.planning.engine.problem import Slot as PlainSlot
from curriculum.planning.making import NoPlan, assured
from curriculum.planning.models import CANCELLED, CONTINUED, HELD, PLANNED, Lesson, Series
from curriculum.planning.moving import Time, put_at
from curriculum.planning.recording import recorded
from curriculum.planning.stating import dated_slot, problem_for
from curriculum.planning.times import FixedTime, as_good, as_rows, fixed_slots, most_in_a_week

WEEKLY_TIME = "weekly time"
"""What the plan's history calls it."""


@dataclass(frozen=True)
class Retimed:
    """A series as it would be at other weekly times: when each lesson that may move would be (by its public id), or why there is none."""

    problem: Problem
    answer: Plan | Infeasible
    slots: tuple[PlainSlot, ...]

    @property
    def times(self) -> dict[str, Time]:
        if isinstance(self.answer, Infeasible):
            return {}
        slots = {slot.id: slot for slot in self.slots}
        free = (placed for placed in self.answer.sessions if placed.slot in slots)
        return {placed.session: (placed.date, slots[placed.slot].start, slots[placed.slot].end) for placed in free}


def preview_times(db: Session, series: Series, times: Sequence[FixedTime], *, today: date) -> Retimed:
    """Where the lessons ahead would stand at other weekly times, from tomorrow on; as many a week as there are weekly times in it.

    What was held or is past, what is cancelled, locked or held as one with another class stays where it is. Raises Refused for no time at
    all, and at the field of a time that is impossible ("<place from 0>.<field>").
    """
    slots = fixed_slots(times)
    problem = _with_slots(problem_for(db, series), series, slots, today)
    answer = assured(problem, lay_out(problem, bounded=False))
    return Retimed(problem, followable(answer) if isinstance(answer, Infeasible) else answer, slots)


def followable(answer: Infeasible) -> Infeasible:
    """The answer with the advice that can be followed for a series that is there already."""
    kinds = ("weekday", "minutes", "unlock")
    return Infeasible(tuple(replace(one, fixes=tuple(fix for fix in one.fixes if fix.kind in kinds)) for one in answer.conflicts))


def _with_slots(problem: Problem, series: Series, slots: Sequence[PlainSlot], today: date) -> Problem:
    lessons = {lesson.public_id: lesson for lesson in series.lessons}
    staying = {id: lesson for id, lesson in lessons.items() if (lesson.state == PLANNED and _stays(lesson, today)) or lesson.state in DONE}
    return with_staying(problem, series, staying, slots, today)


def with_staying(problem: Problem, series: Series, staying: Mapping[str, Lesson], slots: Sequence[PlainSlot], today: date) -> Problem:
    """The problem of a series in which these lessons (by public id) stay, and the others may stand at these times from tomorrow on.

    There may be as many in a week as there are weekly times in it. The weeks of cancelled lessons stay empty.
    """
    dated = [dated_slot(id, lesson.date, lesson.start, lesson.end) for id, lesson in staying.items()]
    [stated], [group] = problem.series, problem.groups
    sessions = tuple(_as_it_is(session, staying.get(session.id), today) for session in stated.sessions)
    first = max(stated.from_date, today + timedelta(days=1))
    most = most_in_a_week(slots, first, max(first, stated.to_date))
    group = replace(group, slots=(*slots, *dated), blocked=(*group.blocked, *_emptied(series, staying.values(), most)))
    stated = replace(stated, from_date=first, sessions=sessions, max_per_week=_allowed(most, sessions))
    return as_good(replace(problem, groups=(group,), series=(stated,)), slots)


def _allowed(most: int | None, sessions: Collection[PlainSession]) -> int | None:
    """How many lessons a week may have: as many as the weekly times are for, or as stand in one already and stay."""
    weeks = [iso_week(one.pin.date) for one in sessions if one.pin]
    return None if most is None else max([most, *(weeks.count(week) for week in weeks)])


def _emptied(series: Series, staying: Collection[Lesson], most: int | None) -> Iterator[Closed]:
    """The weeks of cancelled lessons, or their days where a week has several: no other is held in their place."""
    taken = {iso_week(lesson.date) for lesson in staying}
    for lesson in series.lessons:
        week = iso_week(lesson.date)
        if lesson.state == CANCELLED and week not in taken:
            yield Closed(week.monday, week.sunday, "") if most in (None, 1) else Closed(lesson.date, lesson.date, "")


DONE = (HELD, CONTINUED)


def _stays(lesson: Lesson, today: date) -> bool:
    return lesson.date_locked or lesson.joint is not None or lesson.date <= today


def _as_it_is(session: PlainSession, lesson: Lesson | None, today: date) -> PlainSession:
    """A session as it is now: free, or where its lesson stands; what is past counts as delivered here, whatever anyone has said of it."""
    if lesson is None:
        return replace(session, pin=None, delivered=False)
    return replace(session, pin=Pin(lesson.date, lesson.public_id), delivered=lesson.date <= today or lesson.state in DONE)


def change_times(db: Session, series: Series, times: Sequence[FixedTime], *, by: Person | None, today: date, now: datetime) -> Series:
    """Save exactly what `preview_times` shows; each lesson's history remembers. Raises Refused as that does, and NoPlan.

    The school is to confirm the times anew. Lessons that stay outside them bring their own.
    """
    shown = preview_times(db, series, times, today=today)
    if isinstance(shown.answer, Infeasible):
        raise NoPlan(shown.answer)
    with recorded(db, [series], WEEKLY_TIME, by=by, now=now):
        for lesson in series.lessons:
            to = shown.times.get(lesson.public_id)
            if to is not None and to != (lesson.date, lesson.start, lesson.end):
                put_at(lesson, to, "", by, now)
        series.confirmed_at = series.confirmed_by_id = None
        series.slots[:] = as_rows(shown.slots)
    return series
