"""A lost day, or a lesson whose agent is away: new dates for what cannot be held, with as few moves as can be, and halves kept in step."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from sqlalchemy.orm import Session

from curriculum.base import N_
from curriculum.people import HALF, Person
from curriculum.planning.calendar import Week, iso_week
from curriculum.planning.changing import LOCAL
from curriculum.planning.engine.checking import check
from curriculum.planning.engine.laying_out import lay_out
from curriculum.planning.engine.problem import Closed, Infeasible, Plan, Problem, Words
from curriculum.planning.halves import OtherHalf, apart_in, in_the_same_weeks, other_halves
from curriculum.planning.laying_anew import (
    Anew,
    Found,
    Shift,
    Stuck,
    Wishes,
    is_free,
    is_visited,
    price,
    shifts_of,
    stuck_of,
    wishes_for,
    with_free,
)
from curriculum.planning.making import assured
from curriculum.planning.models import PLANNED, Lesson, Series
from curriculum.planning.moving import Standing, Time, at_length
from curriculum.planning.stating import busy_at, plan_as_it_stands, problem_for, sharing_pupils, ways_between

LOST_DAY = "lost day"
"""What the plan's history calls it."""

NO_WISHES = Wishes({}, {})


def mend_lost_day(db: Session, series: Sequence[Series], day: date, now: datetime, beside: Sequence[Series] = ()) -> Anew:
    """New dates for the lessons that series have on a day, with as few moves as can be; a number of queries for each series.

    A weekly time that is free is taken before another lesson has to move, one other before several. What stands where a rule forbids it
    gets a new date too. A half's lesson takes another day of its week where it can; else the other half's, of `series` or those `beside`,
    goes to the same week if it can. Locked and joint lessons, and a series in which none of this helps, are told as stuck.
    """
    today = now.astimezone(LOCAL).date()
    known = {one.id: one for one in (*series, *beside)}
    touched = [one for one in series if any(_is_lost(lesson, day) for lesson in one.lessons)]
    shifts: list[Shift] = []
    stuck: list[Stuck] = []
    for one in touched:
        done = {shift.lesson for shift in shifts}
        lost = [lesson for lesson in one.lessons if _is_lost(lesson, day) and lesson not in done]
        stuck += [Stuck(one, lesson, why) for lesson in lost if (why := _holds_it(lesson))]
        movable = [lesson for lesson in lost if not _holds_it(lesson)]
        found = _mended(db, one, movable, day, today, shifts) if movable else ()
        if isinstance(found, Infeasible):
            stuck += stuck_of([one], found)
        else:
            shifts += found
            shifts += followed(db, found, known, shifts, today)
    return Anew((*touched, *_others(shifts, touched)), tuple(shifts), tuple(stuck))


def _others(shifts: Iterable[Shift], series: Collection[Series]) -> Iterable[Series]:
    """The series that follow others of which there are shifts."""
    return dict.fromkeys(one.lesson.series for one in shifts if one.lesson.series not in series)


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
    stated = around(db, series, problem_for(db, series), shifts)
    if in_its_week := _in_its_week(db, series, lost, day, today, stated):
        return in_its_week
    group = stated.groups[0]
    stated = replace(stated, groups=(replace(group, blocked=(*group.blocked, Closed(day, day, ""))),))
    ids, first = {one.public_id for one in lost}, None
    for attempts in _attempts(series, lost, stated, max(day, today)):
        plans: list[tuple[int, int, Found]] = []
        for free in attempts:
            problem = with_free(stated, series, free, today)
            answer = assured(problem, lay_out(problem))
            first = first or answer
            if isinstance(answer, Plan):
                wishes = replace(NO_WISHES, asked=wishes_for(db, free).asked) if any(is_visited(one) for one in free) else NO_WISHES
                plans.append((price(problem, wishes, answer), len(plans), Found(_named(problem, series), free, answer)))
        if plans:
            return shifts_of(min(plans, key=lambda found: found[:2])[2], [series], NO_WISHES, today, ids)
    assert isinstance(first, Infeasible)
    return first


def _named(problem: Problem, series: Series) -> Problem:
    """The problem with its group named as the series is, as in a problem of several."""
    [group], [stated] = problem.groups, problem.series
    name = series.public_id
    return replace(problem, groups=(replace(group, id=name),), series=(replace(stated, group=name),))


def _attempts(series: Series, lost: Sequence[Lesson], stated: Problem, after: date) -> Iterator[list[list[Lesson]]]:
    """Which lessons may move: those that must, then one more of those ahead, then all of those, with and without those with visitors."""
    broken = {one.session for one in check(stated, plan_as_it_stands(series)).violations}
    ahead = [one for one in series.lessons if is_free(one, after)]
    must = [*lost, *(one for one in ahead if one.public_id in broken and one not in lost)]
    others = [one for one in ahead if one not in must]
    yield [must]
    yield [[*must, one] for one in reversed(others)]
    unvisited = [one for one in others if not is_visited(one)]
    yield [[*must, *some] for some in ([others] if unvisited == others else [others, unvisited])]


def around(db: Session, series: Series, problem: Problem, shifts: Iterable[Shift]) -> Problem:
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


# --- Halves -----------------------------------------------------------------------------------------------------------------------------


def _in_its_week(db: Session, series: Series, lost: Sequence[Lesson], day: date, today: date, stated: Problem) -> tuple[Shift, ...]:
    """Another day of its week for each lost lesson of a half that is in step with the other; nothing where one of them has none."""
    if series.school_class.kind != HALF:
        return ()
    others = other_halves(db, lost)
    if not all(others.get(one.id) and not apart_in([(its.name, its.week) for its in others[one.id]], iso_week(one.date)) for one in lost):
        return ()
    plan = plan_as_it_stands(series)
    standing, times = Standing(stated, plan, check(stated, plan).violations), dict[str, Time]()
    for one in lost:
        days = (iso_week(day).monday + timedelta(n) for n in range(5))
        free = (at_length(one, on, one.start) for on in days if on != day and on > today)
        found = next((when for when in free if standing.breach({one.public_id: when} | times) is None), None)
        if found is None:
            return ()
        times[one.public_id] = found
    return tuple(Shift(one, *times[one.public_id], Words(N_("the day is lost"))) for one in lost)


def followed(db: Session, found: Sequence[Shift], known: Mapping[int, Series], shifts: Sequence[Shift], today: date) -> tuple[Shift, ...]:
    """What lessons of the other half do, in series that are `known` (by id), where these leave the week that both had the theme in."""
    moved = {one.lesson.id: one for one in found if one.lesson.series.school_class.kind == HALF}
    weeks: dict[int, dict[int, Week]] = {}
    for id, others in other_halves(db, [one.lesson for one in moved.values()]).items():
        shift = moved[id]
        for other in others:
            if _goes_along(other, shift) and other.series_id in known:
                weeks.setdefault(other.series_id, {})[other.lesson_id] = iso_week(shift.date)
    done = {one.lesson.id for one in shifts}
    followers = [_follow(db, known[id], its, found[0], shifts, today) for id, its in weeks.items() if not done & set(its)]
    return tuple(shift for some in followers for shift in some)


def _goes_along(other: OtherHalf, shift: Shift) -> bool:
    return other.week == iso_week(shift.lesson.date) != iso_week(shift.date)


def _follow(db: Session, series: Series, weeks: Mapping[int, Week], first: Shift, shifts: Sequence[Shift], today: date) -> Iterator[Shift]:
    problem, plan = around(db, series, problem_for(db, series), shifts), plan_as_it_stands(series)
    standing = Standing(problem, plan, check(problem, plan).violations)
    times = in_the_same_weeks(standing, series, {one: weeks[one.id] for one in series.lessons if one.id in weeks}, today)
    why = Words(N_("%(name)s has it in that week"), {"name": first.lesson.series.school_class.name})
    return (Shift(one, *when, why) for one, when in times.items())


# --- The rest moved on ------------------------------------------------------------------------------------------------------------------


def move_on(
    db: Session,
    lost: Sequence[Lesson],
    away: tuple[Person, date, date],
    now: datetime,
    *,
    stated: Problem | None = None,
    shifts: Sequence[Shift] = (),
    known: Mapping[int, Series] | None = None,
) -> tuple[Shift, ...]:
    """The lost lessons of a series and those after them, each moved on to a later weekly time, in the order in which they stand.

    As many as it takes until one need not move; a half's with those of the other half, if that series is `known` (by id). `away` is who is
    away, from when to when; `stated` is the series' problem where it is known, `shifts` are those of other series. Nothing where the rest
    does not fit, or where a lost lesson's date may not change.
    """
    today, series = now.astimezone(LOCAL).date(), lost[0].series
    if not all(may_move_on(one) for one in lost):
        return ()
    problem = _without(around(db, series, stated or problem_for(db, series), shifts), away)
    chain = sorted({*lost, *(one for one in series.lessons if is_free(one, today))}, key=lambda one: (one.date, one.start))
    chain = [one for one in chain if (one.date, one.start) >= min((each.date, each.start) for each in lost)]
    found = _moved_on(problem, series, chain, chain, today)
    if found is None:
        return ()
    needed = _until_one_stays(found, chain, lost)
    found = _moved_on(problem, series, chain, needed, today) or found
    moved = tuple(_moves(found))
    return (*moved, *followed(db, moved, known or {}, (*shifts, *moved), today))


def _moves(found: Found) -> Iterator[Shift]:
    """The lessons of a plan that are at other times than they stand, by their new ones."""
    slots = {slot.id: slot for slot in found.problem.groups[0].slots}
    free = {one.public_id: one for one in found.free}
    for placed in sorted(found.plan.sessions, key=lambda one: (one.date, one.session)):
        lesson = free.get(placed.session)
        if lesson and (placed.date, slots[placed.slot].start) != (lesson.date, lesson.start):
            yield Shift(lesson, placed.date, slots[placed.slot].start, slots[placed.slot].end, Words(N_("the rest moves on")))


def may_move_on(lesson: Lesson) -> bool:
    """Whether nothing keeps a lesson where it is."""
    return _holds_it(lesson) is None


def _without(problem: Problem, away: tuple[Person, date, date]) -> Problem:
    """The problem with one of its agents away."""
    person, first, last = away
    agents = (
        replace(agent, absences=(*agent.absences, Closed(first, last, ""))) if agent.id == person.public_id else agent
        for agent in problem.agents
    )
    return replace(problem, agents=tuple(agents))


def _moved_on(stated: Problem, series: Series, chain: Sequence[Lesson], free: Collection[Lesson], today: date) -> Found | None:
    """The cheapest plan in which these lessons move, and those of the chain keep their order; None where there is none."""
    problem = with_free(stated, series, free, today)
    [own] = problem.series
    order = tuple((one.public_id, then.public_id) for one, then in pairwise(chain))
    problem = replace(problem, series=(replace(own, precedence=(*own.precedence, *order)),))
    answer = assured(problem, lay_out(problem, bounded=False))
    return Found(_named(problem, series), free, answer) if isinstance(answer, Plan) else None


def _until_one_stays(found: Found, chain: Sequence[Lesson], lost: Collection[Lesson]) -> list[Lesson]:
    """The lessons of a chain up to the last lost one, and those after it until one would not be later than it stands."""
    days: dict[str, date] = {placed.session: placed.date for placed in found.plan.sessions}
    last = max(place for place, one in enumerate(chain) if one in lost)
    stays = (place for place, one in enumerate(chain) if place > last and days[one.public_id] <= one.date)
    return list(chain[: next(stays, len(chain))])
