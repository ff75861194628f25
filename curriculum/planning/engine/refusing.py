"""Why a series has no calendar: the rules that clash, as few as can be, in words, and what single changes would do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date, time, timedelta
from itertools import groupby

from curriculum.base import N_
from curriculum.planning.engine.exact import best_calendar
from curriculum.planning.engine.possible import Case, Day, broken_pins, monday_of, overlap
from curriculum.planning.engine.problem import Conflict, Fix, Placed, RuleKey, Session, Slot, Words
from curriculum.planning.engine.taken import Taken
from curriculum.planning.engine.wording import WEEKDAYS, because


def fits(case: Case) -> bool:
    """Whether a series has a calendar when it is alone."""
    return best_calendar(case, Taken(case.problem, case, (), {}), priced=False) is not None


def why_not(case: Case) -> Conflict:
    """The conflict in a series that has no calendar even when it is alone."""
    if broken := next(broken_pins(case), None):
        return _pin_conflict(case, *broken)
    longest = max(case.free, key=lambda session: session.minutes, default=None)
    room = max((slot.minutes for slot in case.group.slots), default=None)
    if longest is not None and room is not None and longest.minutes > room:
        return _length_conflict(case, longest, room)
    found = {one.session: one for one in _fill(case, case.days())}
    if len(found) < len(case.free):
        return _weeks_conflict(case)
    if pair := _disordered(case, found):
        return _order_conflict(case, *pair)
    return _rules_conflict(case)


def _disordered(case: Case, found: Mapping[str, Placed]) -> tuple[Session, Session] | None:
    """What is to come first or last, and a session on the wrong side of it; free sessions are in order among themselves."""
    times = {session.id: _time_of(case, session, found) for session in case.series.sessions if not session.delivered}
    for mark in case.series.sessions:
        for other in case.series.sessions if mark.order and mark.id in times else ():
            if other.id not in times or other.order == mark.order:
                continue
            if times[other.id] < times[mark.id] if mark.order == "first" else times[other.id] > times[mark.id]:
                return mark, other
    return None


def _time_of(case: Case, session: Session, found: Mapping[str, Placed]) -> tuple[date, time]:
    placed = session.pin or found[session.id]
    return placed.date, next((slot.start for slot in case.group.slots if slot.id == placed.slot), time())


def _order_conflict(case: Case, mark: Session, other: Session) -> Conflict:
    """A locked date is the reason; that of `other`, or of `mark` where only that is locked."""
    locked = other if other.pin else mark
    assert locked.pin is not None
    values = {"title": locked.title, "date": locked.pin.date, "why": because(case.problem, "H14", mark.id)}
    words = Words(N_("“%(title)s” is locked to %(date)s, but cannot be held then: %(why)s."), values)
    unlock = Fix("unlock", locked.id, Words(N_("Unlock the date of “%(title)s”."), {"title": locked.title}))
    return Conflict((RuleKey("H14", mark.id), RuleKey("H20", case.series.id, locked.title)), True, (unlock,), words)


def _pin_conflict(case: Case, session: Session, key: RuleKey) -> Conflict:
    assert session.pin is not None
    why = because(case.problem, key.kind, key.owner, key.reason)
    values = {"title": session.title, "date": session.pin.date}
    words = Words(N_("“%(title)s” is locked to %(date)s, but cannot be held then: %(why)s."), values | {"why": why})
    unlock = Fix("unlock", session.id, Words(N_("Unlock the date of “%(title)s”."), {"title": session.title}))
    return Conflict((RuleKey("H20", case.series.id, session.title), key), True, (unlock,), words)


def _length_conflict(case: Case, session: Session, room: int) -> Conflict:
    values = {"title": session.title, "needed": session.minutes, "minutes": room}
    words = Words(N_("“%(title)s” needs %(needed)s minutes, but the lesson is only %(minutes)s minutes."), values)
    longer = Fix("minutes", session.minutes, Words(N_("Make the lesson %(minutes)s minutes."), {"minutes": session.minutes}))
    rules = (RuleKey("H01", case.series.id, session.title), RuleKey("H22", case.series.id, session.title))
    return Conflict(rules, True, (longer,), words)


def _weeks_conflict(case: Case) -> Conflict:
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


def _has_room(case: Case, days: Sequence[Day], lifted: AbstractSet[RuleKey]) -> bool:
    return len(_fill(case, days, lifted)) == len(case.free)


def _weeks_words(case: Case) -> Words:
    days = [day for day in case.days() if not _is_dated(day.slot)]
    always = frozenset[RuleKey].intersection(*(day.against for day in days)) if days else frozenset[RuleKey]()
    if away := sorted(key for key in always if key.kind == "H06"):
        name = next(agent.name for agent in case.agents if agent.id == away[0].owner)
        values: dict[str, object] = {"name": name, "weekday": WEEKDAYS[days[0].date.weekday()]}
        return Words(N_("%(name)s is elsewhere on %(weekday)s, so this time never works."), values)
    if foreign := sorted(key for key in always if key.kind == "H08"):
        name = next(agent.name for agent in case.agents if agent.id == foreign[0].owner)
        return Words(N_("%(name)s does not work at %(school)s."), {"name": name, "school": case.school.name})
    values = {"lessons": len(case.free), "weeks": len(_fill(case, case.days())), "to": case.last}
    words = N_("There is not room for all the lessons by %(to)s. Lessons: %(lessons)s. School weeks left with this time: %(weeks)s.")
    return Words(words, values)


def _fixes(case: Case, days: Sequence[Day], every: AbstractSet[RuleKey]) -> Iterator[Fix]:
    """Single changes, each tried before it is offered, the mildest first."""
    yield from _other_weekdays(case)
    yield from _earlier_start(case)
    for agent in case.agents:
        if _has_room(case, days, {key for key in every if key.owner == agent.id and key.kind in ("H06", "H07", "H08")}):
            yield Fix("agent", agent.id, Words(N_("Choose another agent than %(name)s."), {"name": agent.name}))
    if room := len(_fill(case, days)):
        count = len(case.free) - room
        yield Fix("fewer", count, Words(N_("Leave out lessons: %(count)s of them."), {"count": count}))


def _is_dated(slot: Slot) -> bool:
    """Whether it is one lesson's own time, on one date."""
    return slot.from_date is not None and slot.from_date == slot.to_date


def _other_weekdays(case: Case) -> Iterator[Fix]:
    weekly = [slot for slot in case.group.slots if not _is_dated(slot)]
    if len(weekly) != 1:
        return
    slot, others = weekly[0], tuple(one for one in case.group.slots if one is not weekly[0])
    for weekday in range(5):
        group = replace(case.group, slots=(replace(slot, weekday=weekday), *others))
        if weekday != slot.weekday and fits(replace(case, group=group)):
            yield Fix("weekday", weekday, Words(N_("Choose %(weekday)s."), {"weekday": WEEKDAYS[weekday]}))


def _earlier_start(case: Case) -> Iterator[Fix]:
    monday = monday_of(case.series.from_date) - timedelta(7)
    while monday >= monday_of(case.problem.from_date):
        if fits(replace(case, series=replace(case.series, from_date=monday))):
            yield Fix("start", monday, Words(N_("Start in week %(week)s."), {"week": monday.isocalendar().week}))
            return
        monday -= timedelta(7)


# --- The earliest calendar by the plainest rule -------------------------------------------------------------------------------------


def _fill(case: Case, days: Sequence[Day], lifted: AbstractSet[RuleKey] = frozenset()) -> list[Placed]:
    """The free sessions in listed order, each in the earliest week that has a day for it when the `lifted` rules do not count."""
    most = case.series.max_per_week or 1
    pins = [monday_of(session.pin.date) for session in case.series.sessions if session.pin]
    free, placed, after = case.free, list[Placed](), case.no_earlier
    for monday, week in groupby(days, key=lambda day: monday_of(day.date)):
        count, last = pins.count(monday), None
        for day in week:
            if count >= most or len(placed) == len(free):
                break
            session, slot = free[len(placed)], day.slot
            if day.date >= after and slot.minutes >= session.minutes and day.against <= lifted and not (last and _at_once(last, day)):
                placed.append(Placed(session.id, day.date, slot.id))
                count, last = count + 1, day
    return placed


def _at_once(one: Day, other: Day) -> bool:
    return one.date == other.date and overlap(one.slot, other.slot)


# --- Rules between the lessons --------------------------------------------------------------------------------------------------------


def _rules_conflict(case: Case) -> Conflict:
    """There are weeks enough, but not by the rules between lessons. Those left after a deletion pass are minimal."""
    lifted, kept = case, list[RuleKey]()
    for key, lift in _lifts(case):
        without = lift(lifted)
        if fits(without):
            kept.append(key)
        else:
            lifted = without
    rules = (RuleKey("H01", case.series.id), RuleKey("H02", case.series.id), *kept)
    values: dict[str, object] = {"to": case.last}
    words = Words(N_("The lessons cannot all be laid out by %(to)s."), values)
    if kept:
        values["why"] = because(case.problem, kept[0].kind, kept[0].owner)
        words = Words(N_("The lessons cannot all be laid out by %(to)s: %(why)s."), values)
    return Conflict(rules, True, tuple(_loosened(case)), words)


def _lifts(case: Case) -> Iterator[tuple[RuleKey, Callable[[Case], Case]]]:
    """The rules between lessons that a series has, and the same case without each."""
    series, id = case.series, case.series.id
    if series.max_gap_weeks is not None:
        yield RuleKey("H13", id), lambda one: replace(one, series=replace(one.series, max_gap_weeks=None))
    if series.min_gap_days:
        yield RuleKey("H12", id), lambda one: replace(one, series=replace(one.series, min_gap_days=None))
    if series.order == "listed" or series.precedence or any(session.order for session in series.sessions):
        yield RuleKey("H14", id), _in_any_order
    if any(agent.max_per_day is not None for agent in case.agents):
        yield (
            RuleKey("H09", case.agents[0].id),
            lambda one: replace(one, agents=tuple(replace(agent, max_per_day=None) for agent in one.agents)),
        )
    if any(agent.max_per_week is not None for agent in case.agents):
        yield (
            RuleKey("H10", case.agents[0].id),
            lambda one: replace(one, agents=tuple(replace(agent, max_per_week=None) for agent in one.agents)),
        )
    if series.max_per_week is not None:
        yield RuleKey("H11", id), lambda one: replace(one, series=replace(one.series, max_per_week=len(series.sessions)))


def _in_any_order(case: Case) -> Case:
    sessions = tuple(replace(session, order="") for session in case.series.sessions)
    return replace(case, series=replace(case.series, sessions=sessions, order="flexible", precedence=()))


def _loosened(case: Case) -> Iterator[Fix]:
    sessions = case.series.sessions
    for session in (session for session in sessions if session.pin and not session.delivered):
        freed = tuple(replace(one, pin=None) if one is session else one for one in sessions)
        if fits(replace(case, series=replace(case.series, sessions=freed))):
            yield Fix("unlock", session.id, Words(N_("Unlock the date of “%(title)s”."), {"title": session.title}))
    for count in range(1, len(case.free)):
        left_out = set(case.free[-count:])
        kept = tuple(session for session in sessions if session not in left_out)
        if fits(replace(case, series=replace(case.series, sessions=kept))):
            yield Fix("fewer", count, Words(N_("Leave out lessons: %(count)s of them."), {"count": count}))
            return


def why_not_beside(case: Case) -> Conflict:
    """The conflict in a series that has a calendar when it is alone, but none was found beside the others of its class and agents."""
    rules = [RuleKey("H01", case.series.id), RuleKey("H19", case.group.id), *(RuleKey("H08", agent.id) for agent in case.agents)]
    rules += [RuleKey("H21", case.series.id)] if case.series.after else []
    values = {"title": case.series.title, "name": case.group.name}
    words = N_("There is no room for “%(title)s” in %(name)s beside the other series of the class and its agents.")
    return Conflict(tuple(rules), False, (), Words(words, values))
