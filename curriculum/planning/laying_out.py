"""Laying out: which date and weekly time each lesson gets, by the plainest rule there is. Plain values in, plain values out, no clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from functools import cached_property
from itertools import groupby

from curriculum.base import N_
from curriculum.planning.problem import (
    Agent,
    Closed,
    Conflict,
    Fix,
    Group,
    Infeasible,
    Placed,
    Plan,
    Problem,
    RuleKey,
    School,
    SeriesProblem,
    Session,
    Slot,
    Words,
)
from curriculum.planning.wording import WEEKDAYS, because


def lay_out(problem: Problem) -> Plan | Infeasible:
    """One lesson a teaching week from the week the series starts, in listed order, each week at the first of its times that works.

    Pinned and delivered sessions stay; a week in which no time works is skipped; what is not pinned comes after what is delivered.
    What is to come first is listed first, and what is to come last, last.
    Each session takes the earliest week it can, so any other layout of this kind has each session in the same week or later: when this
    one does not come to an end in time, none does. The status is "optimal" only where the objective equals a proven bound (see `_bound`).
    """
    cases = [_Case.of(problem, series) for series in problem.series]
    answers = [case.plan() for case in cases]
    conflicts = tuple(_explain(case) for case, placed in zip(cases, answers, strict=True) if placed is None)
    if conflicts:
        return Infeasible(conflicts)
    terms: Counter[str] = Counter(dict.fromkeys(problem.weights, 0))
    for case, placed in zip(cases, answers, strict=True):
        terms.update(_terms(case, placed or ()))
    objective = sum(problem.weights[name] * count for name, count in terms.items())
    bound = sum(_bound(case) for case in cases)
    sessions = tuple(one for placed in answers for one in placed or ())
    return Plan(sessions, dict(terms), objective, bound, "optimal" if objective == bound else "greedy")


def working_weeks(problem: Problem) -> set[date]:
    """The Mondays of the weeks in which the first series of a problem can have a lesson at one of its times."""
    return {_monday(day.date) for day in _Case.of(problem, problem.series[0]).days() if not day.against}


# --- One series and the days it might be held ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Day:
    """A date and a slot, and the rules that speak against it."""

    date: date
    slot: Slot
    against: frozenset[RuleKey]


@dataclass(frozen=True)
class _Case:
    """A series with all it has to do with looked up."""

    problem: Problem
    series: SeriesProblem
    group: Group
    school: School
    agents: tuple[Agent, ...]

    @classmethod
    def of(cls, problem: Problem, series: SeriesProblem) -> _Case:
        group = next(group for group in problem.groups if group.id == series.group)
        school = next(school for school in problem.schools if school.id == group.school)
        return cls(problem, series, group, school, tuple(agent for agent in problem.agents if agent.id in series.agents))

    @property
    def first(self) -> date:
        return max(self.problem.from_date, self.series.from_date)

    @property
    def last(self) -> date:
        return min(self.problem.to_date, self.series.to_date)

    @property
    def free(self) -> list[Session]:
        rank = {"first": 0, "": 1, "last": 2}
        return sorted((session for session in self.series.sessions if session.pin is None), key=lambda session: rank[session.order])

    @cached_property
    def closed(self) -> frozenset[date]:
        """The dates on which its school is closed."""
        spans = ((span.from_date, (span.to_date - span.from_date).days) for span in self.school.closed)
        return frozenset(first + timedelta(n) for first, count in spans for n in range(count + 1))

    def days(self, *, any_weekday: bool = False) -> list[_Day]:
        """Weekdays of the window with each slot that falls on them, in time order; with `any_weekday` each slot on every weekday."""
        found = []
        slots = sorted(self.group.slots, key=lambda slot: (slot.weekday, slot.start, slot.id))
        for day in _weekdays(self.first, self.last):
            for slot in slots:
                if any_weekday or _is_on(slot, day):
                    found.append(_Day(day, slot, _against(self, day, slot)))
        return found

    def plan(self) -> tuple[Placed, ...] | None:
        """Every session's place in listed order, or None when a pin breaks a rule, the free ones find no room or stand out of order."""
        if next(_broken_pins(self), None):
            return None
        found = {one.session: one for one in _fill(self, self.days())}
        pinned = {one.id: Placed(one.id, one.pin.date, one.pin.slot) for one in self.series.sessions if one.pin}
        if len(found) < len(self.free) or _disordered(self, found):
            return None
        return tuple((pinned | found)[session.id] for session in self.series.sessions)


def _weekdays(first: date, last: date) -> Iterator[date]:
    days = (first + timedelta(n) for n in range((last - first).days + 1))
    return (day for day in days if day.weekday() < 5)


def _monday(day: date) -> date:
    return day - timedelta(day.weekday())


def _against(case: _Case, day: date, slot: Slot) -> frozenset[RuleKey]:
    return frozenset(_reasons(case, day, slot))


def _reasons(case: _Case, day: date, slot: Slot) -> Iterator[RuleKey]:
    if not _is_on(slot, day):
        yield RuleKey("H03", case.group.id)
    yield from (RuleKey("H04", case.school.id, span.reason) for span in _covering(case.school.closed, day))
    yield from (RuleKey("H05", case.group.id, span.reason) for span in _covering(case.group.blocked, day))
    for agent in case.agents:
        if any(off.weekday == day.weekday() and _holds(off.from_date, off.to_date, day) for off in agent.welfare_weekday):
            yield RuleKey("H06", agent.id)
        yield from (RuleKey("H07", agent.id, span.reason) for span in _covering(agent.absences, day))
        if _is_busy(agent, day, slot):
            yield RuleKey("H07", agent.id)


def _is_on(slot: Slot, day: date) -> bool:
    return slot.weekday == day.weekday() and _holds(slot.from_date, slot.to_date, day)


def _holds(first: date | None, last: date | None, day: date) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)


def _covering(spans: Sequence[Closed], day: date) -> list[Closed]:
    return [span for span in spans if span.from_date <= day <= span.to_date]


def _is_busy(agent: Agent, day: date, slot: Slot) -> bool:
    return any(
        busy.weekday == day.weekday() and _holds(busy.from_date, busy.to_date, day) and busy.start < slot.end and slot.start < busy.end
        for busy in agent.busy
    )


def _fill(case: _Case, days: Sequence[_Day], lifted: AbstractSet[RuleKey] = frozenset()) -> list[Placed]:
    """The free sessions in listed order, each in the earliest week that has a day for it when the `lifted` rules do not count."""
    taken = {_monday(session.pin.date) for session in case.series.sessions if session.pin}
    held = [session.pin.date for session in case.series.sessions if session.pin and session.delivered]
    after = max(held, default=date.min)
    free, placed = case.free, list[Placed]()
    for monday, week in groupby(days, key=lambda day: _monday(day.date)):
        if monday in taken or len(placed) == len(free):
            continue
        session = free[len(placed)]
        works = (day for day in week if day.date > after and day.slot.minutes >= session.minutes and day.against <= lifted)
        if found := next(works, None):
            placed.append(Placed(session.id, found.date, found.slot.id))
    return placed


# --- What a plan costs --------------------------------------------------------------------------------------------------------------


def _terms(case: _Case, placed: Sequence[Placed]) -> dict[str, int]:
    """The terms of the objective for one series (see the format's definitions); those that need what is not yet asked for are nought."""
    if not placed:
        return {}
    slots = {slot.id: slot for slot in case.group.slots}
    times = [(one.date, slots[one.slot].start) if one.slot in slots else (one.date,) for one in placed]
    order = sorted(range(len(placed)), key=lambda index: times[index])
    days = [one.date for one in placed]
    return {
        "late_weeks": _late(case, max(days)),
        "idle_weeks": _idle(case, days),
        "off_slot": len(placed) - max(Counter(one.slot for one in placed).values()),
        "order_shift": sum(abs(held - listed) for held, listed in enumerate(order)),
        "slot_penalty": sum(slots[one.slot].penalty for one in placed if one.slot in slots),
    }


def _late(case: _Case, last: date) -> int:
    wish = case.series.prefer_finish_by
    return max(0, (_monday(last) - _monday(wish)).days // 7) if wish else 0


def _idle(case: _Case, days: Sequence[date]) -> int:
    open_days = (day for day in _weekdays(min(days), max(days)) if day not in case.closed)
    return len({_monday(day) for day in open_days} - {_monday(day) for day in days})


def _bound(case: _Case) -> int:
    """A cost that no plan of one lesson a week can go below: exact for a series with one weekly time and nothing pinned, otherwise nought.

    Proof. Let the weeks in which that time works be w(1) < w(2) < …, and a plan of n lessons use some of them, the first a and the last b.
    All lessons use one slot, so the plan pays late(b), idle(a, b) = (teaching weeks from a to b) - n, n slot penalties, and no less than
    nothing for order. Neither late(b) nor idle(a, b) falls when b rises. The n consecutive working weeks from a on end no later than b,
    hence cost no more. So the cheapest plan is among the runs of n consecutive working weeks, and the least cost of these runs is the
    bound. The earliest run ends first: it costs this least unless a later run has so many fewer idle weeks that they outweigh its end.
    """
    sessions = case.series.sessions
    if len(case.group.slots) != 1 or len(case.free) < len(sessions) or not sessions:
        return 0
    works = [day.date for day in case.days() if not day.against]
    weights, count = case.problem.weights, len(sessions)
    runs = (works[index : index + count] for index in range(len(works) - count + 1))
    least = min(weights["late_weeks"] * _late(case, run[-1]) + weights["idle_weeks"] * _idle(case, run) for run in runs)
    return least + weights["slot_penalty"] * case.group.slots[0].penalty * count


# --- Why there is no plan -----------------------------------------------------------------------------------------------------------


def _explain(case: _Case) -> Conflict:
    if broken := next(_broken_pins(case), None):
        return _pin_conflict(case, *broken)
    longest = max(case.free, key=lambda session: session.minutes)
    room = max((slot.minutes for slot in case.group.slots), default=None)
    if room is not None and longest.minutes > room:
        return _length_conflict(case, longest, room)
    found = {one.session: one for one in _fill(case, case.days())}
    if len(found) == len(case.free) and (pair := _disordered(case, found)):
        return _order_conflict(case, *pair)
    return _weeks_conflict(case)


def _disordered(case: _Case, found: Mapping[str, Placed]) -> tuple[Session, Session] | None:
    """What is to come first or last, and a session on the wrong side of it; free sessions are in order among themselves."""
    times = {session.id: _time_of(case, session, found) for session in case.series.sessions if not session.delivered}
    for mark in case.series.sessions:
        for other in case.series.sessions if mark.order and mark.id in times else ():
            if other.id not in times or other.order == mark.order:
                continue
            if times[other.id] < times[mark.id] if mark.order == "first" else times[other.id] > times[mark.id]:
                return mark, other
    return None


def _time_of(case: _Case, session: Session, found: Mapping[str, Placed]) -> tuple[date, time]:
    placed = session.pin or found[session.id]
    return placed.date, next((slot.start for slot in case.group.slots if slot.id == placed.slot), time())


def _order_conflict(case: _Case, mark: Session, other: Session) -> Conflict:
    """A locked date is the reason; that of `other`, or of `mark` where only that is locked."""
    locked = other if other.pin else mark
    assert locked.pin is not None
    values = {"title": locked.title, "date": locked.pin.date, "why": because(case.problem, "H14", mark.id)}
    words = Words(N_("“%(title)s” is locked to %(date)s, but cannot be held then: %(why)s."), values)
    unlock = Fix("unlock", locked.id, Words(N_("Unlock the date of “%(title)s”."), {"title": locked.title}))
    return Conflict((RuleKey("H14", mark.id), RuleKey("H20", case.series.id, locked.title)), True, (unlock,), words)


def _broken_pins(case: _Case) -> Iterator[tuple[Session, RuleKey]]:
    """Pinned sessions not yet delivered that stand where they may not, with the first rule against it."""
    slots = {slot.id: slot for slot in case.group.slots}
    spans = dict[str, tuple[date, Slot]]()
    for session in case.series.sessions:
        if session.pin is None:
            continue
        day, slot = session.pin.date, slots.get(session.pin.slot)
        if not session.delivered:
            yield from ((session, key) for key in sorted(_against_pin(case, session, day, slot)))
        if slot is not None:
            if not session.delivered and any(day == other and _overlap(slot, taken) for other, taken in spans.values()):
                yield session, RuleKey("H19", case.group.id)
            spans[session.id] = (day, slot)


def _overlap(one: Slot, other: Slot) -> bool:
    return one.start < other.end and other.start < one.end


def _against_pin(case: _Case, session: Session, day: date, slot: Slot | None) -> Iterator[RuleKey]:
    if not case.first <= day <= case.last:
        yield RuleKey("H02", case.series.id)
    if day.weekday() > 4:
        yield RuleKey("H04", case.school.id)
    if slot is None:
        yield RuleKey("H03", case.group.id)
        return
    yield from _reasons(case, day, slot)
    if slot.minutes < session.minutes:
        yield RuleKey("H22", case.series.id)


def _pin_conflict(case: _Case, session: Session, key: RuleKey) -> Conflict:
    assert session.pin is not None
    why = because(case.problem, key.kind, key.owner, key.reason)
    values = {"title": session.title, "date": session.pin.date}
    words = Words(N_("“%(title)s” is locked to %(date)s, but cannot be held then: %(why)s."), values | {"why": why})
    unlock = Fix("unlock", session.id, Words(N_("Unlock the date of “%(title)s”."), {"title": session.title}))
    return Conflict((RuleKey("H20", case.series.id, session.title), key), True, (unlock,), words)


def _length_conflict(case: _Case, session: Session, room: int) -> Conflict:
    values = {"title": session.title, "needed": session.minutes, "minutes": room}
    words = Words(N_("“%(title)s” needs %(needed)s minutes, but the lesson is only %(minutes)s minutes."), values)
    longer = Fix("minutes", session.minutes, Words(N_("Make the lesson %(minutes)s minutes."), {"minutes": session.minutes}))
    rules = (RuleKey("H01", case.series.id, session.title), RuleKey("H22", case.series.id, session.title))
    return Conflict(rules, True, (longer,), words)


def _weeks_conflict(case: _Case) -> Conflict:
    """Too few weeks. The rules left after a deletion pass are minimal: each one lifted alone would make room."""
    days = case.days(any_weekday=True)
    every = {key for day in days for key in day.against}
    kept = set(every)
    for key in sorted(every, reverse=True, key=lambda key: (key.kind in ("H04", "H05"), key)):
        if not _has_room(case, days, every - kept | {key}):
            kept.discard(key)
    window = RuleKey("H02", case.series.id) if case.group.slots else RuleKey("H03", case.group.id)
    rules = (RuleKey("H01", case.series.id), window, *sorted(kept))
    return Conflict(rules, True, tuple(_fixes(case, days, every)), _weeks_words(case))


def _has_room(case: _Case, days: Sequence[_Day], lifted: AbstractSet[RuleKey]) -> bool:
    return len(_fill(case, days, lifted)) == len(case.free)


def _weeks_words(case: _Case) -> Words:
    days = [day for day in case.days() if not _is_dated(day.slot)]
    always = frozenset[RuleKey].intersection(*(day.against for day in days)) if days else frozenset[RuleKey]()
    if away := sorted(key for key in always if key.kind == "H06"):
        name = next(agent.name for agent in case.agents if agent.id == away[0].owner)
        values: dict[str, object] = {"name": name, "weekday": WEEKDAYS[days[0].date.weekday()]}
        return Words(N_("%(name)s is elsewhere on %(weekday)s, so this time never works."), values)
    values = {"lessons": len(case.free), "weeks": len(_fill(case, case.days())), "to": case.last}
    words = N_("There is not room for all the lessons by %(to)s. Lessons: %(lessons)s. School weeks left with this time: %(weeks)s.")
    return Words(words, values)


def _fixes(case: _Case, days: Sequence[_Day], every: AbstractSet[RuleKey]) -> Iterator[Fix]:
    """Single changes, each tried before it is offered, the mildest first."""
    yield from _other_weekdays(case)
    yield from _earlier_start(case)
    for agent in case.agents:
        if _has_room(case, days, {key for key in every if key.owner == agent.id and key.kind in ("H06", "H07")}):
            yield Fix("agent", agent.id, Words(N_("Choose another agent than %(name)s."), {"name": agent.name}))
    if room := len(_fill(case, days)):
        count = len(case.free) - room
        yield Fix("fewer", count, Words(N_("Leave out lessons: %(count)s of them."), {"count": count}))


def _is_dated(slot: Slot) -> bool:
    """Whether it is one lesson's own time, on one date."""
    return slot.from_date is not None and slot.from_date == slot.to_date


def _other_weekdays(case: _Case) -> Iterator[Fix]:
    weekly = [slot for slot in case.group.slots if not _is_dated(slot)]
    if len(weekly) != 1:
        return
    slot, others = weekly[0], tuple(one for one in case.group.slots if one is not weekly[0])
    for weekday in range(5):
        group = replace(case.group, slots=(replace(slot, weekday=weekday), *others))
        if weekday != slot.weekday and replace(case, group=group).plan():
            yield Fix("weekday", weekday, Words(N_("Choose %(weekday)s."), {"weekday": WEEKDAYS[weekday]}))


def _earlier_start(case: _Case) -> Iterator[Fix]:
    monday = _monday(case.series.from_date) - timedelta(7)
    while monday >= _monday(case.problem.from_date):
        if replace(case, series=replace(case.series, from_date=monday)).plan():
            yield Fix("start", monday, Words(N_("Start in week %(week)s."), {"week": monday.isocalendar().week}))
            return
        monday -= timedelta(7)
