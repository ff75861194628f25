"""Moving lessons: to another day, two that change places, and back again; and which weeks a lesson could be held in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from sqlalchemy.orm import Session

from curriculum.base import N_, Refused
from curriculum.people import Person
from curriculum.planning.calendar import Week, is_school_day, iso_week
from curriculum.planning.changing import LOCAL, refuse_settled, remember
from curriculum.planning.checking import Violation, check
from curriculum.planning.models import CANCELLED, CONTINUED, HELD, MOVED, Lesson, Series
from curriculum.planning.problem import Closed, Placed, Plan, Problem, Words
from curriculum.planning.stating import dated_slot, plan_as_it_stands, problem_for
from curriculum.planning.wishing import EARLIEST, LATEST
from curriculum.planning.wording import because

Time: TypeAlias = tuple[date, time, time]
"""When a lesson is held: the date, from, to."""


# --- What the rules say ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """A series as it stands, and what is broken in it already: that is no reason to refuse anything."""

    problem: Problem
    plan: Plan
    before: tuple[Violation, ...]

    def breach(self, changes: Mapping[str, Time]) -> Words | None:
        """Why lessons (by their public ids) cannot be held at other times, as half a sentence; None when they can."""
        then, moved = self.problem, self.plan
        for id, (to, start, end) in changes.items():
            then, moved = _with_slot(then, id, to, start, end), replace(moved, sessions=tuple(_put(moved, id, to)))
        new = next((one for one in check(then, moved).violations if one not in self.before), None)
        return because(self.problem, new.rule, new.owner, new.why) if new else None


def as_it_stands(db: Session, series: Series) -> Standing:
    """A series ready to be asked what could be changed in it."""
    problem, plan = problem_for(db, series), plan_as_it_stands(series)
    return Standing(problem, plan, check(problem, plan).violations)


def _with_slot(problem: Problem, id: str, to: date, start: time, end: time) -> Problem:
    group = problem.groups[0]
    slots = (*(slot for slot in group.slots if slot.id != id), dated_slot(id, to, start, end))
    return replace(problem, groups=(replace(group, slots=slots),))


def _put(plan: Plan, id: str, to: date) -> Iterator[Placed]:
    for placed in plan.sessions:
        yield Placed(id, to, id) if placed.session == id else placed


# --- Another day ----------------------------------------------------------------------------------------------------------------------


def move_lesson(
    db: Session, lesson: Lesson, to: date, start: time | None = None, *, why: str = "", by: Person | None, now: datetime
) -> Lesson:
    """Hold a lesson on another day, or at another time of the day, as long as before; its history remembers.

    Raises Refused when it was held or cancelled, its date is locked, the new day has passed, or the move would break a rule that is not
    broken already.
    """
    refuse_settled(lesson)
    today = now.astimezone(LOCAL).date()
    if to < today:
        first, last = max(today, lesson.series.from_date), lesson.series.to_date
        words = N_("%(date)s has passed. Choose a day from %(from)s to %(to)s.")
        raise Refused(words, at="date", date=to, **{"from": first, "to": last})
    return _move(db, lesson, to, start or lesson.start, why, by, now)


def move_back(db: Session, lesson: Lesson, *, by: Person | None, now: datetime) -> Lesson:
    """Undo a lesson's last move, also to a day that has passed. Raises Refused as a move does, and when it was never moved."""
    refuse_settled(lesson)
    last = next((one for one in reversed(lesson.moves) if one.kind == MOVED), None)
    if last is None:
        raise Refused(N_("The lesson has not been moved."))
    return _move(db, lesson, last.old_date, last.old_start or lesson.start, "", by, now)


def _move(db: Session, lesson: Lesson, to: date, start: time, why: str, by: Person | None, now: datetime) -> Lesson:
    _refuse_locked(lesson)
    end = _ends(lesson, to, start)
    if (to, start) == (lesson.date, lesson.start):
        raise Refused(N_("The lesson stands there already."), at="date")
    if breach := as_it_stands(db, lesson.series).breach({lesson.public_id: (to, start, end)}):
        raise Refused(N_("The lesson cannot be held on %(date)s: %(why)s."), at="date", date=to, why=breach)
    _put_at(lesson, (to, start, end), why, by, now)
    db.flush()
    return lesson


def _put_at(lesson: Lesson, when: Time, why: str, by: Person | None, now: datetime) -> None:
    remember(lesson, MOVED, when[0], when[1], why, by, now)
    lesson.date, lesson.start, lesson.end = when


def _refuse_locked(lesson: Lesson) -> None:
    if lesson.date_locked:
        raise Refused(N_("The date is locked. Unlock it first."))


def _ends(lesson: Lesson, to: date, start: time) -> time:
    if not _is_in_school_hours(lesson, to, start):
        raise Refused(N_("Lessons are held between 07:00 and 17:00."), at="start_time")
    return _end(lesson, to, start).time()


def _end(lesson: Lesson, to: date, start: time) -> datetime:
    return datetime.combine(to, start) + (datetime.combine(to, lesson.end) - datetime.combine(to, lesson.start))


def _is_in_school_hours(lesson: Lesson, to: date, start: time) -> bool:
    return start >= EARLIEST and _end(lesson, to, start) <= datetime.combine(to, LATEST)


# --- Two that change places -----------------------------------------------------------------------------------------------------------


def swap_lessons(db: Session, lesson: Lesson, other: Lesson, *, why: str = "", by: Person | None, now: datetime) -> None:
    """Let two lessons of a series change places, each taking the other's day and time; the history of both remembers.

    Raises Refused when they are not two of one series, when either was held or cancelled, is locked or has passed, or when a rule that is
    not broken already would be.
    """
    if (no := _no_partner(lesson, other, now.astimezone(LOCAL).date())) is not None:
        raise Refused(N_("The lessons cannot change places: %(why)s."), why=no)
    _swap(db, lesson, other, why, by, now)


def swap_back(db: Session, lesson: Lesson, other: Lesson, *, by: Person | None, now: datetime) -> None:
    """Undo that two lessons changed places, also when a day has passed since. Raises Refused as a swap does, and when they did not."""
    if not _changed_places(lesson, other):
        raise Refused(N_("These two lessons have not changed places."))
    _swap(db, lesson, other, "", by, now)


def _changed_places(lesson: Lesson, other: Lesson) -> bool:
    """Whether the last thing that happened to both is that they changed places."""
    if not lesson.moves or not other.moves:
        return False
    one, two = lesson.moves[-1], other.moves[-1]
    return one.kind == two.kind == MOVED and one.at == two.at and (one.old_date, two.old_date) == (two.new_date, one.new_date)


def _swap(db: Session, lesson: Lesson, other: Lesson, why: str, by: Person | None, now: datetime) -> None:
    for one in (lesson, other):
        refuse_settled(one)
        _refuse_locked(one)
    mine, theirs = _when(lesson), _when(other)
    if breach := as_it_stands(db, lesson.series).breach({lesson.public_id: theirs, other.public_id: mine}):
        raise Refused(N_("The lessons cannot change places: %(why)s."), why=breach)
    _put_at(lesson, theirs, why, by, now)
    _put_at(other, mine, why, by, now)
    db.flush()


def _when(lesson: Lesson) -> Time:
    return lesson.date, lesson.start, lesson.end


def _no_partner(lesson: Lesson, other: Lesson, today: date) -> Words | None:
    """Why two lessons cannot change places whatever the rules of the plan say."""
    if lesson is other or lesson.series_id != other.series_id:
        return Words(N_("they are not two lessons of one series"))
    if any(one.state in (HELD, CONTINUED) for one in (lesson, other)):
        return Words(N_("one of them has been held"))
    if any(one.state == CANCELLED for one in (lesson, other)):
        return Words(N_("one of them is cancelled"))
    if any(one.date_locked for one in (lesson, other)):
        return Words(N_("the date of one of them is locked"))
    return Words(N_("the day of one of them has passed")) if min(lesson.date, other.date) < today else None


# --- The weeks it could be held in ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PossibleDate:
    """What an ISO week offers a lesson.

    Without a `refusal` it may be held on `date`, or, where another lesson of its series stands in the week (`other`), the two may change
    places. `refusal` says as half a sentence why not.
    """

    week: Week
    date: date
    start: time
    refusal: Words | None = None
    other: Lesson | None = None
    is_here: bool = False
    """It stands there now."""

    @property
    def is_free(self) -> bool:
        return self.refusal is None and self.other is None and not self.is_here

    @property
    def is_swap(self) -> bool:
        return self.refusal is None and self.other is not None


def possible_dates(db: Session, lesson: Lesson, today: date) -> list[PossibleDate]:
    """Each week from this one to the series' last, as the checker sees it: what is offered is what passes.

    On the weekly day, or where that is closed or taken on another day of the week at the weekly time. None for a lesson whose date
    cannot be changed: held, cancelled or locked. The number of queries does not depend on the number of weeks.
    """
    if lesson.state in (HELD, CONTINUED, CANCELLED) or lesson.date_locked:
        return []
    standing = as_it_stands(db, lesson.series)
    week, last = iso_week(max(today, lesson.series.from_date)), iso_week(lesson.series.to_date)
    found = []
    while week <= last:
        found.append(_offer(standing, lesson, week, today))
        week = week.next
    return found


def possible_in(db: Session, lesson: Lesson, week: Week, today: date) -> PossibleDate:
    """What one week offers a lesson, on the weekly day only."""
    return _on_weekly_day(as_it_stands(db, lesson.series), lesson, week, today)


def _offer(standing: Standing, lesson: Lesson, week: Week, today: date) -> PossibleDate:
    weekly = _on_weekly_day(standing, lesson, week, today)
    if weekly.refusal is None or weekly.other is not None:
        return weekly
    closed = [span for school in standing.problem.schools for span in school.closed]
    return next(_on_other_days(standing, lesson, weekly, closed, today), weekly)


def _on_other_days(
    standing: Standing, lesson: Lesson, weekly: PossibleDate, closed: Collection[Closed], today: date
) -> Iterator[PossibleDate]:
    """The other days of the week on which the lesson may be held at the weekly time."""
    for n in range(5):
        day = weekly.week.monday + timedelta(n)
        is_another = day >= today and day != weekly.date and (day, weekly.start) != (lesson.date, lesson.start)
        if is_another and is_school_day(day, closed) and _against(standing, lesson, day, weekly.start) is None:
            yield replace(weekly, date=day, refusal=None)


def _on_weekly_day(standing: Standing, lesson: Lesson, week: Week, today: date) -> PossibleDate:
    day, start = weekly_day(lesson, week)
    offered = PossibleDate(week, day, start)
    if (day, start) == (lesson.date, lesson.start):
        return replace(offered, is_here=True)
    if (other := _standing_in(lesson, week)) is not None:
        no = _no_partner(lesson, other, today) or standing.breach({lesson.public_id: _when(other), other.public_id: _when(lesson)})
        return replace(offered, date=other.date, start=other.start, other=other, refusal=no)
    if day < today:
        return replace(offered, refusal=Words(N_("the day has passed")))
    return replace(offered, refusal=_against(standing, lesson, day, start))


def _against(standing: Standing, lesson: Lesson, day: date, start: time) -> Words | None:
    """Why a lesson cannot be held at a time, as half a sentence."""
    if not _is_in_school_hours(lesson, day, start):
        return Words(N_("lessons are held between 07:00 and 17:00"))
    return standing.breach({lesson.public_id: (day, start, _end(lesson, day, start).time())})


def weekly_day(lesson: Lesson, week: Week) -> tuple[date, time]:
    """The day and time of an ISO week on which the lesson's series has its lesson; without a weekly time, those of the lesson itself."""
    for slot in lesson.series.slots:
        return week.monday + timedelta(slot.weekday), slot.start
    return week.monday + timedelta(lesson.date.weekday()), lesson.start


def _standing_in(lesson: Lesson, week: Week) -> Lesson | None:
    """The lesson of the same series that fills a week: as many are held in one as the series has weekly times."""
    others = [one for one in lesson.series.lessons if one is not lesson and one.state != CANCELLED and iso_week(one.date) == week]
    return others[0] if len(others) >= max(1, len(lesson.series.slots)) else None
