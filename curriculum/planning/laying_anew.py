"""New dates for what is ahead: the rest of series laid out anew, or a lost day mended. Looked at first, then accepted as looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import partial
from hashlib import sha256

from sqlalchemy.orm import Session

from curriculum import ideabank
from curriculum.base import N_, Refused
from curriculum.people import Person
from curriculum.planning.changing import LOCAL
from curriculum.planning.engine.checking import check
from curriculum.planning.engine.costing import extra_price, objective, terms
from curriculum.planning.engine.explaining import reasons_for_moves
from curriculum.planning.engine.laying_out import lay_out
from curriculum.planning.engine.possible import Case
from curriculum.planning.engine.problem import Agent, Busy, Closed, Infeasible, Placed, Plan, Problem, Travel, Words
from curriculum.planning.making import assured
from curriculum.planning.models import CANCELLED, PLANNED, Lesson, PlanChange, Series
from curriculum.planning.moving import put_at
from curriculum.planning.recording import recorded
from curriculum.planning.retiming import followable, with_staying
from curriculum.planning.stating import busy_at, dated_slot, plan_as_it_stands, problem_for, sharing_pupils, slot_for, ways_between

LAID_ANEW, LOST_DAY = "laid out anew", "lost day"
"""What the plan's history calls the two."""

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
    free = {lesson.public_id: lesson for one in series for lesson in one.lessons if _is_free(lesson, today)}
    problem = _combined(db, series, {one: _stated(db, one, series, free, today) for one in series})
    answer = assured(problem, lay_out(problem)) if free else Plan((), {}, 0, 0, "greedy")
    if isinstance(answer, Infeasible):
        return Anew(series, (), tuple(_stuck(series, answer)))
    return Anew(series, _shifts(problem, series, free, answer, today))


def _is_free(lesson: Lesson, today: date) -> bool:
    return lesson.state == PLANNED and lesson.date > today and not lesson.date_locked and lesson.joint is None


def _stated(db: Session, series: Series, beside: Collection[Series], free: Collection[str], today: date) -> Problem:
    """The problem of a series of which these lessons may move."""
    problem = problem_for(db, series, [one for one in beside if one is not series])
    return _with_free(problem, series, [one for one in series.lessons if one.public_id in free], today)


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


def _stuck(series: Sequence[Series], answer: Infeasible) -> Iterator[Stuck]:
    """Why there is no plan, each at the series whose rule it is."""
    for conflict in followable(answer).conflicts:
        owners = {rule.owner for rule in conflict.rules}
        whose = next((one for one in series if {one.public_id, *(lesson.public_id for lesson in one.lessons)} & owners), series[0])
        yield Stuck(whose, None, conflict.words, tuple(fix.words for fix in conflict.fixes))


def _shifts(
    problem: Problem, series: Sequence[Series], free: Mapping[str, Lesson], answer: Plan, today: date, lost: Collection[str] = ()
) -> tuple[Shift, ...]:
    """The moves of a plan that something asks for, each with its reason."""
    outside = [one for one in free.values() if slot_for(one.series.slots, one) == one.public_id]
    dated = [(one.series.public_id, dated_slot(one.public_id, *_when(one))) for one in outside]
    groups = [replace(group, slots=(*group.slots, *(slot for id, slot in dated if id == group.id))) for group in problem.groups]
    problem = replace(problem, groups=tuple(groups))
    staying = {placed.session: placed for placed in answer.sessions if placed.session not in free}
    before = (staying.get(placed.session) or _as_it_stands(free[placed.session]) for placed in answer.sessions)
    titles = {one.public_id: _title(one, today) for a_series in series for one in a_series.lessons}
    price = partial(_price, problem)
    explained = reasons_for_moves(problem, replace(answer, sessions=tuple(before)), answer, wanted=lost, titles=titles, price=price)
    why = {one.session: one.why for one in explained.reasons} | dict.fromkeys(lost, Words(N_("the day is lost")))
    slots = {slot.id: slot for group in groups for slot in group.slots}
    return tuple(
        Shift(free[placed.session], placed.date, slots[placed.slot].start, slots[placed.slot].end, why[placed.session])
        for placed in explained.plan.sessions
        if placed.session in why
    )


def _price(problem: Problem, plan: Plan) -> int:
    """What a plan costs, with what laying out prices besides."""
    cases = [Case.of(problem, series) for series in problem.series]
    by_series: dict[str, list[Placed]] = {case.series.id: [] for case in cases}
    series_of = {session.id: series.id for series in problem.series for session in series.sessions}
    for placed in plan.sessions:
        by_series[series_of[placed.session]].append(placed)
    return objective(problem, terms(problem, cases, by_series)) + sum(extra_price(case, by_series[case.series.id]) for case in cases)


def _as_it_stands(lesson: Lesson) -> Placed:
    return Placed(lesson.public_id, lesson.date, slot_for(lesson.series.slots, lesson))


def _when(lesson: Lesson) -> tuple[date, time, time]:
    return lesson.date, lesson.start, lesson.end


def _title(lesson: Lesson, today: date) -> str:
    version = lesson.pinned_version or ideabank.current(lesson.theme, today)
    return version.title if version else lesson.theme.key


# --- A lost day -----------------------------------------------------------------------------------------------------------------------


def mend_lost_day(db: Session, series: Sequence[Series], day: date, now: datetime) -> Anew:
    """New dates for the lessons that series have on a day, with as few moves as can be; a number of queries for each series.

    A weekly time that is free is taken before another lesson has to move, one other before several. What stands where a rule forbids it
    gets a new date too. Locked and joint lessons, and a series in which none of this helps, are told as stuck.
    """
    today = now.astimezone(LOCAL).date()
    touched = tuple(one for one in series if any(_is_lost(lesson, day) for lesson in one.lessons))
    shifts: list[Shift] = []
    stuck: list[Stuck] = []
    for one in touched:
        lost = [lesson for lesson in one.lessons if _is_lost(lesson, day)]
        stuck += [Stuck(one, lesson, why) for lesson in lost if (why := _holds_it(lesson))]
        movable = [lesson for lesson in lost if not _holds_it(lesson)]
        found = _mended(db, one, movable, day, today, shifts) if movable else ()
        if isinstance(found, Infeasible):
            stuck += _stuck([one], found)
        else:
            shifts += found
    return Anew(touched, tuple(shifts), tuple(stuck))


def _is_lost(lesson: Lesson, day: date) -> bool:
    return lesson.state == PLANNED and lesson.date == day


def _holds_it(lesson: Lesson) -> Words | None:
    """What keeps a lesson where it is, as a sentence."""
    if lesson.date_locked:
        return Words(N_("The date is locked. Unlock it first."))
    return Words(N_("It is held together with other classes. Find a new date for it on its own.")) if lesson.joint else None


def _mended(
    db: Session, series: Series, lost: Sequence[Lesson], day: date, today: date, shifts: Sequence[Shift]
) -> tuple[Shift, ...] | Infeasible:
    """The moves of a series that mend the day, after those of other series."""
    stated = _around(db, series, problem_for(db, series), shifts)
    group = stated.groups[0]
    stated = replace(stated, groups=(replace(group, blocked=(*group.blocked, Closed(day, day, ""))),))
    ids, first = {one.public_id for one in lost}, None
    for attempts in _attempts(db, series, lost, stated, max(day, today)):
        plans: list[tuple[int, int, Problem, list[Lesson], Plan]] = []
        for free in attempts:
            problem = _with_free(stated, series, free, today)
            answer = assured(problem, lay_out(problem))
            first = first or answer
            if isinstance(answer, Plan):
                plans.append((_price(problem, answer), len(plans), problem, free, answer))
        if plans:
            _, _, problem, free, answer = min(plans, key=lambda found: found[:2])
            return _shifts(_named(problem, series), [series], {one.public_id: one for one in free}, answer, today, ids)
    assert isinstance(first, Infeasible)
    return first


def _named(problem: Problem, series: Series) -> Problem:
    """The problem with its group named as the series is, as in a problem of several."""
    [group], [stated] = problem.groups, problem.series
    name = series.public_id
    return replace(problem, groups=(replace(group, id=name),), series=(replace(stated, group=name),))


def _with_free(stated: Problem, series: Series, free: Collection[Lesson], today: date) -> Problem:
    staying = {one.public_id: one for one in series.lessons if one.state != CANCELLED and one not in free}
    weekly = [slot for slot in stated.groups[0].slots if slot.id not in {one.public_id for one in series.lessons}]
    return with_staying(stated, series, staying, weekly, today)


def _attempts(db: Session, series: Series, lost: Sequence[Lesson], stated: Problem, after: date) -> Iterator[list[list[Lesson]]]:
    """Which lessons may move: those that must, then one more of those ahead, then all of those."""
    broken = {one.session for one in check(stated, plan_as_it_stands(series)).violations}
    ahead = [one for one in series.lessons if _is_free(one, after)]
    must = [*lost, *(one for one in ahead if one.public_id in broken)]
    others = [one for one in ahead if one not in must]
    yield [must]
    yield [[*must, one] for one in reversed(others)]
    yield [[*must, *others]]


def _around(db: Session, series: Series, problem: Problem, shifts: Iterable[Shift]) -> Problem:
    """The problem with its agents and its pupils taken where other series have been given new dates."""
    group, agents = problem.groups[0], {agent.id: agent for agent in problem.agents}
    school = series.school_class
    ways, sharing = ways_between(db, school.district_id).get(school.school_id, {}), sharing_pupils(db, school.district_id)
    for one in shifts:
        other = one.lesson.series.school_class
        taken = busy_at(other, one.date, one.start, one.end, ways)
        for person in one.lesson.staff:
            if agent := agents.get(person.public_id):
                agents[agent.id] = replace(agent, busy=(*agent.busy, taken))
        if other.id in {school.id, *sharing.get(school.id, ())}:
            group = replace(group, busy=(*group.busy, busy_at(other, one.date, one.start, one.end, {})))
    return replace(problem, agents=tuple(agents.values()), groups=(group,))
