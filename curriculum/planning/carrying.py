"""What there was no time for is taken up: in the next lesson of the series, or in an extra one for which others move on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from curriculum import ideabank
from curriculum.base import N_, Refused
from curriculum.people import Person
from curriculum.planning.changing import LOCAL
from curriculum.planning.engine.checking import Violation, check
from curriculum.planning.engine.explaining import reasons_for_moves
from curriculum.planning.engine.problem import Placed, Plan, Problem, Words
from curriculum.planning.engine.problem import Session as PlainSession
from curriculum.planning.models import CANCELLED, CONTINUED, PLANNED, Lesson, Series
from curriculum.planning.moving import move_lesson
from curriculum.planning.recording import Recording, recorded
from curriculum.planning.stating import dated_slot, is_on, plan_as_it_stands, problem_for

TAKEN_UP, EXTRA = "rest taken up", "extra lesson"
"""What the plan's history calls the two."""

_NEW = "extra"
"""The extra lesson's id while it is only thought of."""


@dataclass(frozen=True)
class MovesOn:
    """A lesson that makes room: where it goes, and what asks for that, as half a sentence."""

    lesson: Lesson
    date: date
    start: time
    why: Words


@dataclass(frozen=True)
class Extra:
    """When an extra lesson would be held, and which lessons would move on for it, by their new dates."""

    date: date
    start: time
    end: time
    moves: tuple[MovesOn, ...] = ()

    @property
    def seal(self) -> str:
        """Another one as soon as anything of it is another, so that what is accepted is what was looked at."""
        moves = (f"{one.lesson.public_id}.{one.lesson.version}>{one.date}T{one.start:%H:%M}" for one in self.moves)
        return " ".join((f"{self.date}T{self.start:%H:%M}-{self.end:%H:%M}", *moves))


def taken_up_in(lesson: Lesson) -> Lesson | None:
    """The lesson of the series in which the rest of this one is taken up."""
    return next((one for one in lesson.series.lessons if one.carried_from_id == lesson.id and one.state != CANCELLED), None)


def next_to_hold(lesson: Lesson, now: datetime) -> Lesson | None:
    """The series' next lesson after one that was held, if it has not begun; None when the series has no other."""
    ahead = (one for one in lesson.series.lessons if one.state == PLANNED and _begins(one) > max(now, _begins(lesson)))
    return min(ahead, key=_begins, default=None)


def take_up(db: Session, lesson: Lesson, *, by: Person | None, now: datetime) -> tuple[Lesson, Recording]:
    """The next lesson begins with what there was no time for; that lesson, and what undoes it.

    Raises Refused for a lesson without a rest or whose rest is taken up already, when no lesson is left, and when the next one takes up
    another's rest.
    """
    _refuse_without_rest(lesson)
    following = next_to_hold(lesson, now)
    if following is None:
        raise Refused(N_("The series has no lesson left. Insert an extra one."), at="how")
    if following.carried_from_id is not None:
        raise Refused(N_("The next lesson already takes up the rest of another. Insert an extra one."), at="how")
    with recorded(db, [lesson.series], TAKEN_UP, by=by, now=now) as recording:
        following.carried_from = lesson
        db.flush()
    return following, recording


def extra_lessons(db: Session, lesson: Lesson, minutes: int, now: datetime) -> list[Extra]:
    """When an extra lesson of so many minutes could be held: at once, with others moving on, and at the first free weekly time.

    One where both are the same, none when no weekly time is left. What may stand where, the checker says.
    """
    thought = _Thought(db, lesson, minutes, now)
    found = (thought.soonest(), thought.first_free())
    return list({one.seal: one for one in found if one is not None}.values())


def insert_extra(db: Session, lesson: Lesson, minutes: int, seal: str, *, by: Person | None, now: datetime) -> tuple[Lesson, Recording]:
    """Hold an extra lesson of the same theme for the rest; `seal` is that of the one among `extra_lessons` that was chosen.

    Raises Refused when that is no longer what would be done, and as `take_up`.
    """
    _refuse_without_rest(lesson)
    chosen = next((one for one in extra_lessons(db, lesson, minutes, now) if one.seal == seal), None)
    if chosen is None:
        raise Refused(N_("The plan has been changed since you opened the page. Look at it once more."), at="how")
    with recorded(db, [lesson.series], EXTRA, by=by, now=now) as recording:
        for move in sorted(chosen.moves, key=lambda move: move.date, reverse=True):
            move_lesson(db, move.lesson, move.date, move.start, by=by, now=now)
        extra = _extra_lesson(lesson, chosen, minutes)
        lesson.series.lessons.append(extra)
        db.flush()
    return extra, recording


def _refuse_without_rest(lesson: Lesson) -> None:
    if lesson.state != CONTINUED:
        raise Refused(N_("Nothing is left of this lesson to take up."))
    if taken_up_in(lesson) is not None:
        raise Refused(N_("The rest of this lesson is taken up already."))


def _extra_lesson(lesson: Lesson, chosen: Extra, minutes: int) -> Lesson:
    """Of the same theme and version, for the same class; the visitor of the lesson is not asked again."""
    return Lesson(
        district_id=lesson.district_id,
        theme=lesson.theme,
        pinned_version=lesson.pinned_version,
        position=lesson.position,
        date=chosen.date,
        start=chosen.start,
        end=chosen.end,
        minutes=minutes,
        room_need=list(lesson.room_need),
        room=lesson.room,
        carried_from=lesson,
        classes=[lesson.series.school_class],
        staff=list(lesson.series.agents),
    )


def _begins(lesson: Lesson) -> datetime:
    return datetime.combine(lesson.date, lesson.start, LOCAL)


# --- Where it could stand -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Time:
    """A weekly time on a date."""

    date: date
    start: time
    end: time


class _Thought:
    """A series with an extra lesson that is not there yet, to try where it could stand."""

    def __init__(self, db: Session, lesson: Lesson, minutes: int, now: datetime) -> None:
        self.problem = problem_for(db, lesson.series)
        self.plan = plan_as_it_stands(lesson.series)
        self.before = check(self.problem, self.plan).violations
        self.lesson, self.minutes = lesson, minutes
        self.titles = {one.public_id: _title(one, now.astimezone(LOCAL).date()) for one in lesson.series.lessons}
        after = max(now, _begins(lesson))
        times = list(_times(lesson.series, after))
        ahead = sorted((one for one in lesson.series.lessons if one.state == PLANNED and _begins(one) > after), key=_begins)
        self.movable = [one for one in ahead if not one.date_locked and not one.joint]
        taken = {(one.date, one.start) for one in lesson.series.lessons}
        self.free = [one for one in times if (one.date, one.start) not in taken]

    def first_free(self) -> Extra | None:
        """At the first weekly time at which no lesson of the series stands, nor did one that is cancelled."""
        return next((found for one in self.free if (found := self._tried(one, []))), None)

    def soonest(self) -> Extra | None:
        """Before the lessons ahead: each moves on to the next one's time, the last of those that must to the first free time that does."""
        if not self.movable:
            return None
        first = _Time(self.movable[0].date, self.movable[0].start, self.movable[0].end)
        for end in self.free:
            chain = [one for one in self.movable if (one.date, one.start) < (end.date, end.start)]
            if not chain:
                found = self._tried(end, [])
            else:
                places = [*(_Time(one.date, one.start, one.end) for one in chain[1:]), end]
                found = self._tried(first, list(zip(chain, places, strict=True)))
            if found:
                return found
        return None

    def _tried(self, at: _Time, moves: Sequence[tuple[Lesson, _Time]]) -> Extra | None:
        """The extra lesson at a time and the moves that it needs, unless a rule that is whole now would break."""
        series = self.problem.series[0]
        session = PlainSession(_NEW, self.lesson.theme.key, self.titles[self.lesson.public_id], self.minutes)
        problem = _with_slot(replace(self.problem, series=(replace(series, sessions=(*series.sessions, session)),)), _NEW, at)
        for lesson, to in moves:
            problem = _with_slot(problem, f"to-{lesson.public_id}", to)
        goes = {lesson.public_id: Placed(lesson.public_id, to.date, f"to-{lesson.public_id}") for lesson, to in moves}
        sessions = tuple(goes.get(one.session, one) for one in self.plan.sessions)
        then = replace(self.plan, sessions=(*sessions, Placed(_NEW, at.date, _NEW)))
        if self._breaks(problem, then):
            return None
        explained = reasons_for_moves(problem, self.plan, then, titles=self.titles)
        why = {one.session: one.why for one in explained.reasons}
        goes_on = (MovesOn(lesson, to.date, to.start, why[lesson.public_id]) for lesson, to in moves if lesson.public_id in why)
        return Extra(at.date, at.start, at.end, tuple(goes_on))

    def _breaks(self, problem: Problem, plan: Plan) -> list[Violation]:
        return [one for one in check(problem, plan).violations if one not in self.before]


def _with_slot(problem: Problem, id: str, at: _Time) -> Problem:
    [group] = problem.groups
    return replace(problem, groups=(replace(group, slots=(*group.slots, dated_slot(id, at.date, at.start, at.end))),))


def _times(series: Series, after: datetime) -> Iterator[_Time]:
    """The weekly times of a series after a moment, in order."""
    day = max(series.from_date, after.astimezone(LOCAL).date())
    while day <= series.to_date:
        for slot in series.slots:
            if is_on(slot, day) and datetime.combine(day, slot.start, LOCAL) > after:
                yield _Time(day, slot.start, slot.end)
        day += timedelta(1)


def _title(lesson: Lesson, today: date) -> str:
    version = lesson.pinned_version or ideabank.current(lesson.theme, today)
    return version.title if version else lesson.theme.key
