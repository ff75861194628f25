"""New dates for what is ahead: the rest of series laid out anew. Looked at first, then accepted as looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum import ideabank
from curriculum.base import N_, Refused
from curriculum.people import HALF, Person
from curriculum.planning.calendar import Week, iso_week
from curriculum.planning.changing import LOCAL
from curriculum.planning.engine.checking import check
from curriculum.planning.engine.costing import extra_price, objective, terms
from curriculum.planning.engine.explaining import reasons_for_moves
from curriculum.planning.engine.laying_out import lay_out
from curriculum.planning.engine.possible import Case
from curriculum.planning.engine.problem import Agent, Busy, Infeasible, Placed, Plan, Problem, Travel, Words
from curriculum.planning.halves import other_halves
from curriculum.planning.making import assured
from curriculum.planning.models import ASKED, CANCELLED, PLANNED, YES, Lesson, PlanChange, Series
from curriculum.planning.moving import put_at
from curriculum.planning.passing import Passed, passed
from curriculum.planning.recording import recorded
from curriculum.planning.retiming import followable, with_staying
from curriculum.planning.stating import dated_slot, is_on, problem_for, sharing_pupils, slot_for, ways_between

LAID_ANEW = "laid out anew"
"""What the plan's history calls it."""

Together = Mapping[Series, Problem]


@dataclass(frozen=True)
class Shift:
    """A lesson that gets another time, and as half a sentence what asks for that."""

    lesson: Lesson
    date: date
    start: time
    end: time
    why: Words


@dataclass(frozen=True)
class Stuck:
    """What finds no date: a lesson, or a whole series; and why, in words, with what would mend it."""

    series: Series
    lesson: Lesson | None
    why: Words
    fixes: tuple[Words, ...] = ()


@dataclass(frozen=True)
class Anew:
    """What would be done to series: the lessons that move, and what finds no date."""

    series: tuple[Series, ...]
    shifts: tuple[Shift, ...]
    stuck: tuple[Stuck, ...] = ()

    def shifts_of(self, series: Series) -> list[Shift]:
        """The lessons of a series that move, by their new dates."""
        return sorted((one for one in self.shifts if one.lesson.series is series), key=lambda one: (one.date, one.start))

    def staying(self, series: Series, today: date) -> list[Lesson]:
        """The lessons of a series still ahead that keep their dates."""
        moved = {one.lesson.id for one in self.shifts} | {one.lesson.id for one in self.stuck if one.lesson}
        return [one for one in series.lessons if one.state == PLANNED and one.date > today and one.id not in moved]

    def passed(self, series: Series) -> dict[int, Passed]:
        """What the lessons of a series that move come before or after now, and did not, by their ids."""
        return passed(series.lessons, {one.lesson.id: (one.date, one.start) for one in self.shifts_of(series)})

    @property
    def seal(self) -> str:
        """Another as soon as a lesson of the series or a new date is another: what is accepted is what was looked at."""
        lessons = sorted((one.public_id, one.version) for series in self.series for one in series.lessons)
        shifts = sorted((one.lesson.public_id, f"{one.date}T{one.start:%H:%M}-{one.end:%H:%M}") for one in self.shifts)
        return sha256(repr((lessons, shifts)).encode()).hexdigest()[:32]


def accept_anew(db: Session, anew: Anew, seal: str, kind: str, *, why: str = "", by: Person | None, now: datetime) -> PlanChange:
    """Do what was looked at, as one change that is taken back as one; `seal` is that of what was looked at.

    Raises Refused when that is no longer what would be done, and when nothing would be.
    """
    if seal != anew.seal:
        raise Refused(N_("The plan has been changed since you looked at it. This is how it would be now: look at it once more."))
    if not anew.shifts:
        raise Refused(N_("There is nothing to change."))
    with recorded(db, anew.series, kind, by=by, now=now) as recording:
        for one in anew.shifts:
            put_at(one.lesson, (one.date, one.start, one.end), why, by, now)
    assert recording.change is not None
    return recording.change


# --- The rest anew --------------------------------------------------------------------------------------------------------------------


def lay_anew(db: Session, series: Sequence[Series], now: datetime) -> Anew:
    """The lessons ahead of series laid out anew, together: what is held, past, cancelled, locked or held with other classes stays.

    A lesson moves only where staying would break a rule or cost more by the planner's weights. A number of queries for each series.
    """
    today = now.astimezone(LOCAL).date()
    series = tuple(series)
    free = [lesson for one in series for lesson in one.lessons if is_free(lesson, today)]
    if not free:
        return Anew(series, ())
    stated = {one: problem_for(db, one, [other for other in series if other is not one]) for one in series}
    wishes = wishes_for(db, free)
    found, first = list[tuple[int, int, Found]](), None
    for attempt in [free, *([rest] if (rest := [one for one in free if not is_visited(one)]) and len(rest) < len(free) else [])]:
        problem = _combined(db, series, {one: with_free(stated[one], one, _of(one, attempt), today) for one in series})
        answer = assured(problem, lay_out(problem))
        first = first or answer
        if isinstance(answer, Plan):
            plans = [answer, *_in_step(problem, series, attempt, wishes, answer)]
            found += [(price(problem, wishes, plan), len(found) + n, Found(problem, attempt, plan)) for n, plan in enumerate(plans)]
    if not found:
        assert isinstance(first, Infeasible)
        return Anew(series, (), tuple(stuck_of(series, first)))
    return Anew(series, shifts_of(min(found, key=lambda one: one[:2])[2], series, wishes, today))


def is_free(lesson: Lesson, today: date) -> bool:
    """Whether a lesson may move when others ask for it."""
    return lesson.state == PLANNED and lesson.date > today and not lesson.date_locked and lesson.joint is None


def _of(series: Series, lessons: Iterable[Lesson]) -> list[Lesson]:
    return [one for one in lessons if one.series is series]


def with_free(stated: Problem, series: Series, free: Collection[Lesson], today: date) -> Problem:
    """The problem of a series of which only these lessons may move."""
    staying = {one.public_id: one for one in series.lessons if one.state != CANCELLED and one not in free}
    weekly = [slot for slot in stated.groups[0].slots if slot.id not in {one.public_id for one in series.lessons}]
    return with_staying(stated, series, staying, weekly, today)


def _in_step(problem: Problem, series: Sequence[Series], free: Collection[Lesson], wishes: Wishes, plan: Plan) -> Iterator[Plan]:
    """The plan with the lessons of a half in the weeks of the other's, for each half in turn, where no rule speaks against it."""
    for half in series:
        places = {one.public_id: there for one in _of(half, free) if (there := _place_in_step(half, one, wishes, plan))}
        sessions = tuple(places.get(placed.session, placed) for placed in plan.sessions)
        if sessions != plan.sessions and check(problem, then := replace(plan, sessions=sessions)).is_clean:
            yield then


def _place_in_step(series: Series, lesson: Lesson, wishes: Wishes, plan: Plan) -> Placed | None:
    """The weekly time of a half's lesson in the week of the other half's; None where it has no other half, or the week has no time."""
    weeks = wishes.weeks(lesson.public_id, {one.session: iso_week(one.date) for one in plan.sessions})
    days = ((week.monday + timedelta(slot.weekday), slot) for week in weeks for slot in series.slots)
    return next((Placed(lesson.public_id, day, f"slot-{slot.id}") for day, slot in days if is_on(slot, day)), None)


def _combined(db: Session, series: Sequence[Series], stated: Together) -> Problem:
    """The problems of series as one: their agents are in one place at a time, and those who share pupils are not taught at once."""
    sharing = sharing_pupils(db, series[0].district_id)
    groups = []
    for one in series:
        its = {one.class_id, *sharing.get(one.class_id, ())}
        overlaps = tuple(other.public_id for other in series if other is not one and other.class_id in its)
        groups.append(replace(stated[one].groups[0], id=one.public_id, overlaps=overlaps))
    parts = list(stated.values())
    schools = {part.schools[0].id: part.schools[0] for part in parts}
    for part in parts:
        [school] = part.schools
        closed = dict.fromkeys((*schools[school.id].closed, *school.closed))
        schools[school.id] = replace(school, closed=tuple(closed))
    return Problem(
        parts[0].name,
        min(part.from_date for part in parts),
        max(part.to_date for part in parts),
        tuple(schools.values()),
        tuple(_agents(parts)),
        tuple(groups),
        tuple(replace(stated[one].series[0], group=one.public_id) for one in series),
        travel=tuple(_travel(db, series)),
        default_travel_minutes=0,
        weights=dict(parts[0].weights) | {"off_slot": min(part.weights.get("off_slot", 0) for part in parts)},
    )


def _agents(parts: Iterable[Problem]) -> Iterator[Agent]:
    """Each agent once, taken whenever any of the problems says so: from which school she comes makes a difference."""
    busy: dict[str, dict[Busy, None]] = defaultdict(dict)
    found: dict[str, Agent] = {}
    for part in parts:
        for agent in part.agents:
            busy[agent.id] |= dict.fromkeys(agent.busy)
            found[agent.id] = agent
    return (replace(agent, busy=tuple(busy[id])) for id, agent in found.items())


def _travel(db: Session, series: Iterable[Series]) -> Iterator[Travel]:
    schools = {one.school_class.school_id: one.school_class.school for one in series}
    for school in schools.values():
        for other, minutes in ways_between(db, school.district_id).get(school.id, {}).items():
            if other in schools and other > school.id:
                yield Travel((school.public_id, schools[other].public_id), minutes)


def stuck_of(series: Sequence[Series], answer: Infeasible) -> Iterator[Stuck]:
    """Why there is no plan, each at the series whose rule it is."""
    for conflict in followable(answer).conflicts:
        owners = {rule.owner for rule in conflict.rules}
        whose = next((one for one in series if {one.public_id, *(lesson.public_id for lesson in one.lessons)} & owners), series[0])
        yield Stuck(whose, None, conflict.words, tuple(fix.words for fix in conflict.fixes))


@dataclass(frozen=True)
class Found:
    """A plan of a problem of series, each group named as its series is, in which these lessons might move."""

    problem: Problem
    free: Collection[Lesson]
    plan: Plan


def shifts_of(found: Found, series: Sequence[Series], wishes: Wishes, today: date, lost: Collection[str] = ()) -> tuple[Shift, ...]:
    """The moves of a plan that something asks for, each with its reason; those of lost lessons (public ids) are asked for already."""
    free = {one.public_id: one for one in found.free}
    outside = [one for one in found.free if slot_for(one.series.slots, one) == one.public_id]
    dated = [(one.series.public_id, dated_slot(one.public_id, *_when(one))) for one in outside]
    groups = [replace(group, slots=(*group.slots, *(slot for id, slot in dated if id == group.id))) for group in found.problem.groups]
    problem = replace(found.problem, groups=tuple(groups))
    staying = {placed.session: placed for placed in found.plan.sessions if placed.session not in free}
    before = (staying.get(placed.session) or _as_it_stands(free[placed.session]) for placed in found.plan.sessions)
    stood = replace(found.plan, sessions=tuple(before))
    titles = {one.public_id: _title(one, today) for a_series in series for one in a_series.lessons}
    costs = partial(price, problem, wishes)
    explained = reasons_for_moves(problem, stood, found.plan, wanted=lost, titles=titles, price=costs)
    why = {one.session: one.why for one in explained.reasons} | dict.fromkeys(lost, Words(N_("the day is lost")))
    slots = {slot.id: slot for group in groups for slot in group.slots}
    return tuple(
        Shift(free[placed.session], placed.date, slots[placed.slot].start, slots[placed.slot].end, why[placed.session])
        for placed in explained.plan.sessions
        if placed.session in why
    )


def _as_it_stands(lesson: Lesson) -> Placed:
    return Placed(lesson.public_id, lesson.date, slot_for(lesson.series.slots, lesson))


def _when(lesson: Lesson) -> tuple[date, time, time]:
    return lesson.date, lesson.start, lesson.end


def _title(lesson: Lesson, today: date) -> str:
    version = lesson.pinned_version or ideabank.current(lesson.theme, today)
    return version.title if version else lesson.theme.key


# --- What is better kept ----------------------------------------------------------------------------------------------------------------

KEPT = 3
"""A half away from the week of the other, and a visitor who must be asked anew, are worth so many idle weeks: as a soft day."""


@dataclass(frozen=True)
class Wishes:
    """What no rule asks for: halves that keep the same week, and visitors who need not be asked anew. By sessions' ids.

    `halves`: the other halves' lessons of the theme, each with the week where it stands. `asked`: to which dates visitors were asked.
    """

    halves: Mapping[str, tuple[tuple[str, Week], ...]]
    asked: Mapping[str, tuple[date, time]]

    def weeks(self, session: str, weeks: Mapping[str, Week]) -> list[Week]:
        """In which weeks the other halves have what a session is about; `weeks` are those of a plan's sessions."""
        return [weeks.get(id, stands) for id, stands in self.halves.get(session, ())]


def wishes_for(db: Session, lessons: Sequence[Lesson]) -> Wishes:
    """What is better kept when these lessons may move. Two queries where a half is among them, else none."""
    halves = other_halves(db, [one for one in lessons if one.series.school_class.kind == HALF])
    ids = {other.lesson_id for others in halves.values() for other in others}
    codes = {id: code for id, code in db.execute(select(Lesson.id, Lesson.public_id).where(Lesson.id.in_(ids)))} if ids else {}
    return Wishes(
        {one.public_id: tuple((codes[other.lesson_id], other.week) for other in halves.get(one.id, ())) for one in lessons},
        {one.public_id: (one.date, one.start) for one in lessons if is_visited(one)},
    )


def is_visited(lesson: Lesson) -> bool:
    """Whether somebody from outside is asked to come, or has said yes: with another date they must be asked anew."""
    return lesson.presenter_answer in (ASKED, YES)


def price(problem: Problem, wishes: Wishes, plan: Plan) -> int:
    """What a plan costs, with what laying out prices besides and what is better kept."""
    cases = [Case.of(problem, series) for series in problem.series]
    by_series: dict[str, list[Placed]] = {case.series.id: [] for case in cases}
    series_of = {session.id: series.id for series in problem.series for session in series.sessions}
    for placed in plan.sessions:
        by_series[series_of[placed.session]].append(placed)
    own = objective(problem, terms(problem, cases, by_series)) + sum(extra_price(case, by_series[case.series.id]) for case in cases)
    return own + KEPT * problem.weights.get("idle_weeks", 0) * _not_kept(problem, wishes, plan)


def _not_kept(problem: Problem, wishes: Wishes, plan: Plan) -> int:
    """How many lessons are away from the week of another half's, and how many visitors must be asked anew."""
    weeks = {placed.session: iso_week(placed.date) for placed in plan.sessions}
    apart = sum(any(week != weeks[one] for week in wishes.weeks(one, weeks)) for one in weeks)
    if not wishes.asked:
        return apart
    starts = {slot.id: slot.start for group in problem.groups for slot in group.slots}
    times = {placed.session: (placed.date, starts.get(placed.slot)) for placed in plan.sessions}
    return apart + sum(times.get(id, when) != when for id, when in wishes.asked.items())
