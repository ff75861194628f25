"""Moving lessons: to another day, and two that change places; and which weeks a lesson could be held in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TypeAlias

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from curriculum.base import N_, Refused, is_reading
from curriculum.ideabank import Document, DocumentVersion
from curriculum.keeping import Kept
from curriculum.people import HALF, SMALL, Person, SchoolClass
from curriculum.planning.calendar import Week, is_school_day, iso_week
from curriculum.planning.changing import LOCAL, refuse_settled
from curriculum.planning.engine.checking import Timetable, Violation, breaches, breaches_of, check
from curriculum.planning.engine.problem import Busy, Closed, Plan, Problem, Words
from curriculum.planning.engine.wording import because
from curriculum.planning.history import remember
from curriculum.planning.models import CANCELLED, CONTINUED, HELD, MOVED, Lesson, Series
from curriculum.planning.partners import as_one, partners, reason_for
from curriculum.planning.recording import recorded
from curriculum.planning.stating import dated_slot, is_on, plan_as_it_stands, problem_for
from curriculum.planning.times import EARLIEST, LATEST
from curriculum.planning.wishing import CLASS_AND_WHY

SWAPPED = "swapped"
"""What the plan's history calls it when two lessons change places."""

Time: TypeAlias = tuple[date, time, time]
"""When a lesson is held: the date, from, to."""

Others: TypeAlias = Mapping[Week, Sequence[Lesson]]
"""The other lessons of a lesson's series, by week."""


# --- What the rules say ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """A series as it stands, and what is broken in it already: that is no reason to refuse anything."""

    problem: Problem
    plan: Plan
    before: tuple[Violation, ...]
    beside: tuple[Beside, ...] = ()
    """What goes where lessons of the series go."""

    def breach(self, changes: Mapping[str, Time]) -> Words | None:
        """Why lessons (by their public ids) cannot be held at other times, as half a sentence; None when they can.

        The first of them is the one that is asked about: what speaks against another is said to be about that. What speaks against one
        of another class that goes with it is said of that class.
        """
        return self._own_breach(changes) or next(self._breaches_beside(changes), None)

    def _breaches_beside(self, changes: Mapping[str, Time]) -> Iterator[Words]:
        for series, standing in {one.series: one.standing for one in self.beside}.items():
            theirs = {one.id: changes[one.of] for one in self.beside if one.series is series and one.of in changes}
            if theirs and (why := self._without(standing, changes)._own_breach(theirs)):
                yield of_class(series.school_class, why)

    def _without(self, other: Standing, changes: Mapping[str, Time]) -> Standing:
        """Another class's series while these lessons are on their way: where they stand now they are in nobody's way."""
        slots = {slot.id: slot for slot in self.problem.groups[0].slots}
        times = {(one.date, slots[one.slot].start) for one in self.plan.sessions if one.session in changes}
        return replace(other, problem=_freed(other.problem, times))

    def broken_with(self, changes: Mapping[str, Time]) -> tuple[Violation, ...]:
        """What is broken in the series with lessons (by their public ids) at other times."""
        return tuple(breaches(self._moved(changes)))

    @cached_property
    def _table(self) -> Timetable:
        """What is looked up once, however many times are asked about."""
        return Timetable.of(self.problem, self.plan)

    def _moved(self, changes: Mapping[str, Time]) -> Timetable:
        return self._table.moved({id: (when[0], dated_slot(id, *when)) for id, when in changes.items()})

    def _own_breach(self, changes: Mapping[str, Time]) -> Words | None:
        new = next((one for one in breaches_of(self._moved(changes), changes) if one not in self.before), None)
        if new is None:
            return None
        why, mine = because(self.problem, new.rule, new.owner, new.why), next(iter(changes))
        if new.session in changes and new.session != mine:
            return Words(N_("the other would stand on %(date)s: %(why)s"), {"date": changes[new.session][0], "why": why})
        return why


@dataclass(frozen=True)
class Beside:
    """A lesson of another class (its public id) that is held as one with a lesson of the series (`of`), and its own series."""

    of: str
    id: str
    series: Series
    standing: Standing


def as_it_stands(db: Session, series: Series, lessons: Collection[Lesson] = ()) -> Standing:
    """A series ready to be asked what could be changed in it; with what is held as one with these lessons of it."""
    together = [(lesson, one) for lesson in lessons for one in partners(db, lesson)]
    standings = {one.series: as_it_stands(db, one.series) for _, one in together}
    beside = tuple(Beside(lesson.public_id, one.public_id, one.series, standings[one.series]) for lesson, one in together)
    alone = _kept.get(db, series.id) if is_reading() else _by_itself(db, series)
    return replace(alone, beside=beside) if beside else alone


def _by_itself(db: Session, series: Series) -> Standing:
    problem, plan = problem_for(db, series), plan_as_it_stands(series)
    return Standing(problem, plan, check(problem, plan).violations)


def _read(db: Session, series: int) -> Standing:
    """A series (by id) of which a page may have read less than stating it asks for."""
    lessons = db.scalars(_LESSONS, {"series": series}).unique().all()
    return _by_itself(db, lessons[0].series)


_kept = Kept(_read)
_LESSONS = (
    select(Lesson)
    .where(Lesson.series_id == bindparam("series"))
    .options(
        joinedload(Lesson.theme, innerjoin=True)
        .selectinload(Document.versions)
        .load_only(DocumentVersion.document_id, DocumentVersion.number, DocumentVersion.title),
        joinedload(Lesson.series, innerjoin=True).options(
            joinedload(Series.agents), joinedload(Series.outline_version, innerjoin=True).defer(DocumentVersion.text)
        ),
    )
)


def of_class(group: SchoolClass, why: Words) -> Words:
    """What speaks against a lesson of another class, as half a sentence; what a small group is called is not told."""
    if group.kind == SMALL:
        return Words(N_("for a class it is held together with: %(why)s"), {"why": why})
    return Words(CLASS_AND_WHY, {"name": group.name, "why": why})


def _freed(problem: Problem, times: Collection[tuple[date, time]]) -> Problem:
    """The problem with nobody taken by lessons at these times."""

    def left(busy: Iterable[Busy]) -> tuple[Busy, ...]:
        return tuple(one for one in busy if not one.is_lesson or (one.from_date, one.start) not in times)

    agents = tuple(replace(agent, busy=left(agent.busy)) for agent in problem.agents)
    return replace(problem, agents=agents, groups=tuple(replace(group, busy=left(group.busy)) for group in problem.groups))


# --- Another day ----------------------------------------------------------------------------------------------------------------------


def move_lesson(
    db: Session, lesson: Lesson, to: date, start: time | None = None, *, why: str = "", by: Person | None, now: datetime
) -> Lesson:
    """Hold a lesson on another day, or at another time of the day, as long as before; its history remembers.

    What is held as one with it goes with it. Raises Refused when it was held or cancelled, its date is locked, the new day has passed, or
    the move would break a rule that is not broken already.
    """
    refuse_settled(lesson)
    today = now.astimezone(LOCAL).date()
    if to < today:
        first, last = max(today, lesson.series.from_date), lesson.series.to_date
        words = N_("%(date)s has passed. Choose a day from %(from)s to %(to)s.")
        raise Refused(words, at="date", date=to, **{"from": first, "to": last})
    if datetime.combine(to, start or lesson.start, LOCAL) <= now:
        raise Refused(N_("%(time)s today has passed. Choose a later time or another day."), at="start_time", time=start or lesson.start)
    when = _when_it_would_be(lesson, to, start or lesson.start)
    if breach := as_it_stands(db, lesson.series, [lesson]).breach({lesson.public_id: when}):
        raise Refused(N_("The lesson cannot be held on %(date)s: %(why)s."), at="date", date=to, why=breach)
    _put_all(db, {lesson: when}, MOVED, why, by, now)
    return lesson


def _put_all(db: Session, changes: Mapping[Lesson, Time], kind: str, why: str, by: Person | None, now: datetime) -> None:
    """Let lessons stand at other times, and with each what is held as one with it; on record as one change."""
    whole = {lesson: as_one(db, lesson) for lesson in changes}
    series = {one for some in whole.values() for one in some.values()}
    with recorded(db, sorted(series, key=lambda one: one.id), kind, by=by, now=now):
        for lesson, when in changes.items():
            for one in whole[lesson]:
                put_at(one, when, reason_for(one, lesson, why), by, now)


def _when_it_would_be(lesson: Lesson, to: date, start: time) -> Time:
    _refuse_locked(lesson)
    end = _ends(lesson, to, start)
    if (to, start) == (lesson.date, lesson.start):
        raise Refused(N_("The lesson stands there already."), at="date")
    return to, start, end


def put_at(lesson: Lesson, when: Time, why: str, by: Person | None, now: datetime) -> None:
    """Let a lesson stand at another time, whatever the rules say of it; its history remembers."""
    remember(lesson, MOVED, when[0], when[1], why, by, now)
    lesson.date, lesson.start, lesson.end = when


def _refuse_locked(lesson: Lesson) -> None:
    if lesson.date_locked:
        raise Refused(N_("The date is locked. Unlock it first."))


def _ends(lesson: Lesson, to: date, start: time) -> time:
    if not _is_in_school_hours(lesson, to, start):
        raise Refused(N_("Lessons are held between 07:00 and 17:00."), at="start_time")
    return _end(lesson, to, start).time()


def at_length(lesson: Lesson, to: date, start: time) -> Time:
    """A day and a time for a lesson as long as it is."""
    return to, start, _end(lesson, to, start).time()


def _end(lesson: Lesson, to: date, start: time) -> datetime:
    return datetime.combine(to, start) + (datetime.combine(to, lesson.end) - datetime.combine(to, lesson.start))


def _is_in_school_hours(lesson: Lesson, to: date, start: time) -> bool:
    return start >= EARLIEST and _end(lesson, to, start) <= datetime.combine(to, LATEST)


# --- Two that change places -----------------------------------------------------------------------------------------------------------


def swap_lessons(db: Session, lesson: Lesson, other: Lesson, *, why: str = "", by: Person | None, now: datetime) -> None:
    """Let two lessons of a series change places, each taking the other's day and time; the history of both remembers.

    What is held as one with either goes with it. Raises Refused when they are not two of one series, when either was held or cancelled, is
    locked or has passed, or when a rule that is not broken already would be.
    """
    if (no := _no_partner(lesson, other, now.astimezone(LOCAL).date())) is not None:
        raise Refused(N_("The lessons cannot change places: %(why)s."), why=no)
    mine, theirs = _when(lesson), _when(other)
    if breach := as_it_stands(db, lesson.series, [lesson, other]).breach({lesson.public_id: theirs, other.public_id: mine}):
        raise Refused(N_("The lessons cannot change places: %(why)s."), why=breach)
    _put_all(db, {lesson: theirs, other: mine}, SWAPPED, why, by, now)


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


def possible_dates(db: Session, lesson: Lesson, today: date, standing: Standing | None = None) -> list[PossibleDate]:
    """Each week from this one to the series' last, as the checker sees it: what is offered is what passes.

    On the weekly day, or where that is closed or taken on another day of the week at the weekly time; a half's lesson, in the week where
    it stands, on another day too, for there it keeps step with the other half. None for a lesson whose date cannot be changed: held,
    cancelled or locked. `standing` is the series as it stands, where it is known. The number of queries does not depend on the number of
    weeks.
    """
    if lesson.state in (HELD, CONTINUED, CANCELLED) or lesson.date_locked:
        return []
    standing, others = standing or as_it_stands(db, lesson.series, [lesson]), _others(lesson)
    closed = [span for school in standing.problem.schools for span in school.closed]
    week, last = iso_week(max(today, lesson.series.from_date)), iso_week(lesson.series.to_date)
    found = []
    while week <= last:
        found.append(_offer(standing, lesson, others, week, closed, today))
        if found[-1].is_here and lesson.series.school_class.kind == HALF:
            another = next(_on_other_days(standing, lesson, found[-1], closed, today), None)
            found += [another] if another else []
        week = week.next
    return found


def possible_in(db: Session, lesson: Lesson, week: Week, today: date) -> PossibleDate:
    """What one week offers a lesson, on the weekly day only."""
    return _on_weekly_day(as_it_stands(db, lesson.series, [lesson]), lesson, _others(lesson), week, today)


def _offer(standing: Standing, lesson: Lesson, others: Others, week: Week, closed: Collection[Closed], today: date) -> PossibleDate:
    weekly = _on_weekly_day(standing, lesson, others, week, today)
    if weekly.refusal is None or weekly.other is not None or (lesson.series.slots and not times_in(lesson.series, week)):
        return weekly
    return next(_on_other_days(standing, lesson, weekly, closed, today), weekly)


def _on_other_days(
    standing: Standing, lesson: Lesson, weekly: PossibleDate, closed: Collection[Closed], today: date
) -> Iterator[PossibleDate]:
    """The other days of the week on which the lesson may be held at the weekly time."""
    for n in range(5):
        day = weekly.week.monday + timedelta(n)
        is_another = day >= today and day != weekly.date and (day, weekly.start) != (lesson.date, lesson.start)
        if is_another and is_school_day(day, closed) and _against(standing, lesson, day, weekly.start) is None:
            yield replace(weekly, date=day, refusal=None, is_here=False)


def _on_weekly_day(standing: Standing, lesson: Lesson, others: Others, week: Week, today: date) -> PossibleDate:
    times, there = times_in(lesson.series, week), others.get(week, ())
    day, start = _weekly_time(lesson, week, times, there)
    if (day, start) == (lesson.date, lesson.start):
        return PossibleDate(week, day, start, is_here=True)
    if len(there) >= max(1, len(times)):  # as many are held in a week as the series has weekly times
        other = there[0]
        no = _no_partner(lesson, other, today) or standing.breach({lesson.public_id: _when(other), other.public_id: _when(lesson)})
        return PossibleDate(week, other.date, other.start, no, other)
    if day < today:
        return PossibleDate(week, day, start, Words(N_("the day has passed")))
    if lesson.series.slots and not times:
        return PossibleDate(week, day, start, Words(N_("the class has no weekly time in that week")))
    return PossibleDate(week, day, start, _against(standing, lesson, day, start))


def _against(standing: Standing, lesson: Lesson, day: date, start: time) -> Words | None:
    """Why a lesson cannot be held at a time, as half a sentence."""
    if not _is_in_school_hours(lesson, day, start):
        return Words(N_("lessons are held between 07:00 and 17:00"))
    return standing.breach({lesson.public_id: at_length(lesson, day, start)})


def weekly_day(lesson: Lesson, week: Week) -> tuple[date, time]:
    """The day and time of an ISO week on which the lesson's series has its lesson: the first weekly time that no other lesson has.

    In a week without a weekly time as in other weeks; in a series without any, those of the lesson itself.
    """
    return _weekly_time(lesson, week, times_in(lesson.series, week), _others(lesson).get(week, ()))


def _weekly_time(lesson: Lesson, week: Week, times: Sequence[tuple[date, time]], there: Sequence[Lesson]) -> tuple[date, time]:
    taken = {(one.date, one.start) for one in there}
    times = times or [(week.monday + timedelta(slot.weekday), slot.start) for slot in lesson.series.slots]
    own = week.monday + timedelta(lesson.date.weekday()), lesson.start
    return next((one for one in times if one not in taken), times[0] if times else own)


def times_in(series: Series, week: Week) -> list[tuple[date, time]]:
    """The weekly times of a series in an ISO week, in order."""
    days = ((week.monday + timedelta(slot.weekday), slot) for slot in series.slots)
    return sorted((day, slot.start) for day, slot in days if is_on(slot, day))


def _others(lesson: Lesson) -> Others:
    """The other lessons of the same series by week, without those cancelled."""
    found: dict[Week, list[Lesson]] = {}
    for one in lesson.series.lessons:
        if one is not lesson and one.state != CANCELLED:
            found.setdefault(iso_week(one.date), []).append(one)
    return found
