"""The checker's rules of people: agents, classes, presenters and second adults are in one place at a time (H08–H10, H17–H19)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType

from curriculum.planning.engine.problem import Agent, Busy, Group, Helper, Presenter, Slot
from curriculum.planning.engine.timetable import Hour, Timetable, Violation, beyond, covering, is_within

NOTHING: Mapping[date, int] = MappingProxyType({})


def people_breaches(table: Timetable) -> Iterator[Violation]:
    """What breaks H19, H08–H10, H17 and H18, rule by rule."""
    yield from _class_clashes(table)
    yield from _agents(table)
    yield from _presenters(table)
    yield from _helpers(table)


# --- Classes ------------------------------------------------------------------------------------------------------------------------


def _class_clashes(table: Timetable) -> Iterator[Violation]:
    """H19: two lessons at once of a class, or of groups that share pupils; or one where the pupils have a lesson outside the problem."""
    sharing = _sharing(table.problem.groups) if len(table.once) > 1 else {}
    for hour, other, shared in table.clashes(lambda hour: sharing[hour.group.id], as_one=False):
        if len(shared) == 1 or hour.group.id != other.group.id:
            yield hour.breaks("H19", hour.group.id)
    for hour in table.once:
        for busy in hour.group.busy if not hour.session.delivered else ():
            if hour.slot and _takes(busy, hour.placed.date, hour.slot):
                yield hour.breaks("H19", hour.group.id, busy.reason)


def _sharing(groups: Iterable[Group]) -> dict[str, list[tuple[str, ...]]]:
    """By group: itself, and each two that share pupils of which it is one."""
    sharing: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for group in groups:
        sharing[group.id].add((group.id,))
        for pupils_of in group.overlaps:
            for id in (group.id, pupils_of):
                sharing[id].add(tuple(sorted((group.id, pupils_of))))
    return {id: sorted(some) for id, some in sharing.items()}


def _takes(busy: Busy, day: date, slot: Slot) -> bool:
    """Whether what takes a class is at the time of its lesson."""
    if busy.start >= slot.end or slot.start >= busy.end or busy.weekday != day.weekday():
        return False
    return is_within(busy.from_date, day, busy.to_date)


# --- Agents -------------------------------------------------------------------------------------------------------------------------


def _agents(table: Timetable) -> Iterator[Violation]:
    """H08: at a school she serves, in one place at a time with the way between. H09 and H10: not more a day or an ISO week than she may."""
    hours: dict[str, list[Hour]] = defaultdict(list)
    for hour in table.once:
        for id in hour.agents:
            hours[id].append(hour)
    names = {school.id: school.name for school in table.problem.schools}
    for agent in table.problem.agents:
        for hour in hours[agent.id]:
            if agent.schools is not None and hour.group.school not in agent.schools and not hour.session.delivered:
                yield hour.breaks("H08", agent.id, names[hour.group.school])
    for hour, other, id in table.clashes(lambda hour: hour.agents, travel=True):
        if hour.group.id != other.group.id:  # two lessons of one class at once are H19's, whoever holds them
            yield hour.breaks("H08", id)
    for agent in table.problem.agents:
        if agent.max_per_day is agent.max_per_week is None:
            continue
        days, weeks = _lessons_elsewhere(agent, hours[agent.id])
        yield from (hour.breaks("H09", agent.id) for hour in _too_many(hours[agent.id], agent.max_per_day, _date, days))
        yield from (hour.breaks("H10", agent.id) for hour in _too_many(hours[agent.id], agent.max_per_week, _week, weeks))


def _lessons_elsewhere(agent: Agent, hours: Sequence[Hour]) -> tuple[Mapping[date, int], Mapping[date, int]]:
    """How many lessons she has of series that are not in the problem, by date and by Monday, in the weeks in which she has lessons here."""
    days: dict[date, int] = defaultdict(int)
    weeks: dict[date, int] = defaultdict(int)
    for first in {hour.week for hour in hours}:
        last = first + timedelta(6)
        for busy in agent.busy:
            if busy.is_lesson and (busy.from_date or first) <= last and first <= (busy.to_date or last):
                day = first + timedelta(busy.weekday)
                if is_within(busy.from_date, day, busy.to_date):
                    days[day] += 1
                    weeks[first] += 1
    return days, weeks


def _date(hour: Hour) -> date:
    return hour.placed.date


def _week(hour: Hour) -> date:
    return hour.week


def _too_many(
    hours: Iterable[Hour], maximum: int | None, span: Callable[[Hour], date], others: Mapping[date, int] = NOTHING
) -> Iterator[Hour]:
    """The hours that a maximum for each span leaves no room for, when others are counted too."""
    if maximum is None:
        return
    spans: dict[date, list[Hour]] = defaultdict(list)
    for hour in hours:
        spans[span(hour)].append(hour)
    for key, there in spans.items():
        room = maximum - others.get(key, 0)
        yield from beyond(there, room) if len(there) > room else ()


# --- Presenters ---------------------------------------------------------------------------------------------------------------------


def _presenters(table: Timetable) -> Iterator[Violation]:
    """H17: with the skill asked for, at a school and a time they offer, in one place at a time with the way between, not too many a day."""
    known = {presenter.id: presenter for presenter in table.problem.presenters}
    coming: dict[str, list[Hour]] = defaultdict(list)
    for hour in table.once:
        skill, who = hour.session.needs.presenter, known.get(hour.placed.presenter or "")
        if who is not None:
            coming[who.id].append(hour)
        if hour.session.delivered:
            continue
        if skill and (who is None or who.skill != skill):
            yield hour.breaks("H17", hour.series.id, skill)
        elif hour.placed.presenter is not None and (who is None or not _comes(who, hour)):
            yield hour.breaks("H17", hour.placed.presenter)
    for hour, _, id in table.clashes(lambda hour: [hour.placed.presenter] if hour.placed.presenter in known else [], travel=True):
        yield hour.breaks("H17", str(id))
    for id, hours in coming.items():
        yield from (hour.breaks("H17", id) for hour in _too_many(hours, known[id].max_per_day, _date))


def _comes(presenter: Presenter, hour: Hour) -> bool:
    """Whether a presenter serves the school and offers that time."""
    serves = presenter.schools is None or hour.group.school in presenter.schools
    return serves and any(
        offer.date == hour.placed.date and hour.slot and offer.start <= hour.slot.start and hour.slot.end <= offer.end
        for offer in presenter.offers
    )


# --- Second adults ------------------------------------------------------------------------------------------------------------------


def _helpers(table: Timetable) -> Iterator[Violation]:
    """H18: a second adult of the school where one is asked for, at work, with one class at a time, joint lessons too."""
    known = {helper.id: helper for helper in table.problem.helpers}
    for hour in table.once:
        who = known.get(hour.placed.helper or "")
        if hour.session.delivered or (hour.placed.helper is None and not hour.session.needs.helper):
            continue
        if who is None:
            yield hour.breaks("H18", hour.placed.helper or hour.group.school)
        elif not _is_at_work(who, hour):
            yield hour.breaks("H18", who.id)
    for hour, _, id in table.clashes(lambda hour: [hour.placed.helper] if hour.placed.helper in known else [], as_one=False):
        yield hour.breaks("H18", str(id))


def _is_at_work(helper: Helper, hour: Hour) -> bool:
    if helper.school != hour.group.school or any(covering(helper.absences, hour.placed.date)):
        return False
    weekday = hour.placed.date.weekday()
    return any(
        work.weekday == weekday and hour.slot and work.start <= hour.slot.start and hour.slot.end <= work.end for work in helper.weekly
    )
