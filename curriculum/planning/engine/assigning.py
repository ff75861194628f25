"""Who and what the lessons of a dated plan have there: for each the first room, presenter and second adult that are free."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time

from curriculum.planning.engine.problem import Group, Helper, Placed, Plan, Presenter, Problem, Room, Session, Slot, WeeklyTime


def assign(problem: Problem, plan: Plan) -> Plan:
    """The plan with the first free room, presenter and second adult for each lesson that needs one, earlier lessons first.

    What the plan and the pins name stays. The lessons of a joint lesson share room and presenter. No date is changed, so where nobody is
    free a lesson goes without: the checker then names H15, H17 or H18.
    """
    taken, given = _Taken(problem), dict[str, Placed]()
    for lessons in sorted(_joined(problem, plan), key=lambda lessons: (not any(map(_is_settled, lessons)), lessons[0].when)):
        given |= {placed.session: placed for placed in _served(problem, taken, lessons)}
    return replace(plan, sessions=tuple(given.get(placed.session, placed) for placed in plan.sessions))


@dataclass(frozen=True)
class _Lesson:
    """A session with its place; what its pin names is in `placed` already."""

    placed: Placed
    session: Session
    group: Group
    slot: Slot

    @property
    def when(self) -> tuple[date, int, int]:
        return self.placed.date, _minute(self.slot.start), _minute(self.slot.end)


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _joined(problem: Problem, plan: Plan) -> list[list[_Lesson]]:
    """The lessons that share room and presenter: those of each joint lesson, and each other by itself."""
    groups = {group.id: group for group in problem.groups}
    slots = {(group.id, slot.id): slot for group in problem.groups for slot in group.slots}
    known = {session.id: (session, groups[series.group]) for series in problem.series for session in series.sessions}
    joint = {id: ids[0] for ids in problem.together for id in ids}
    found: dict[str, list[_Lesson]] = defaultdict(list)
    for placed in plan.sessions:
        session, group = known.get(placed.session, (None, None))
        if session and group and (slot := slots.get((group.id, placed.slot))):
            found[joint.get(session.id, session.id)].append(_Lesson(_as_pinned(placed, session), session, group, slot))
    return list(found.values())


def _as_pinned(placed: Placed, session: Session) -> Placed:
    if (pin := session.pin) is None:
        return placed
    room, presenter, helper = placed.room or pin.room, placed.presenter or pin.presenter, placed.helper or pin.helper
    return replace(placed, room=room, presenter=presenter, helper=helper)


def _is_settled(lesson: _Lesson) -> bool:
    return lesson.session.delivered or any((lesson.placed.room, lesson.placed.presenter, lesson.placed.helper))


def _served(problem: Problem, taken: _Taken, lessons: Sequence[_Lesson]) -> list[Placed]:
    """The places of lessons held together: what they share, and each one's second adult."""
    room = next((one.placed.room for one in lessons if one.placed.room), None) or _room(problem, taken, lessons)
    presenter = next((one.placed.presenter for one in lessons if one.placed.presenter), None) or _presenter(problem, taken, lessons)
    served = []
    for lesson in lessons:
        helper = lesson.placed.helper or _helper(problem, taken, lesson)
        taken.take("helper", helper, lesson)
        served.append(replace(lesson.placed, room=room, presenter=presenter, helper=helper))
    taken.take(f"room at {lessons[0].group.school}", room, *lessons)
    taken.take("presenter", presenter, *lessons)
    return served


def _room(problem: Problem, taken: _Taken, lessons: Sequence[_Lesson]) -> str | None:
    """The first room of the school with all that is needed which neither the school nor another lesson uses."""
    features = {lesson.session.needs.room for lesson in lessons if not lesson.session.delivered} - {""}
    school = lessons[0].group.school
    rooms = [room for one in problem.schools if one.id == school for room in one.rooms if features and features <= set(room.features)]
    return next((room.id for room in rooms if not _is_used(room, lessons) and taken.is_free(f"room at {school}", room.id, lessons)), None)


def _is_used(room: Room, lessons: Sequence[_Lesson]) -> bool:
    return any(_holds_part(busy, lesson) for busy in room.busy for lesson in lessons)


def _presenter(problem: Problem, taken: _Taken, lessons: Sequence[_Lesson]) -> str | None:
    """The first presenter with the skill who offers that time at that school, is free, and comes in time from the lesson before."""
    skills = {lesson.session.needs.presenter for lesson in lessons if not lesson.session.delivered} - {""}
    for one in problem.presenters:
        able = skills == {one.skill} and all(_comes(one, lesson) for lesson in lessons)
        few = one.max_per_day is None or taken.count("presenter", one.id, lessons[0]) < one.max_per_day
        if able and few and taken.is_free("presenter", one.id, lessons):
            return one.id
    return None


def _comes(presenter: Presenter, lesson: _Lesson) -> bool:
    serves = presenter.schools is None or lesson.group.school in presenter.schools
    day, slot = lesson.placed.date, lesson.slot
    return serves and any(offer.date == day and offer.start <= slot.start and slot.end <= offer.end for offer in presenter.offers)


def _helper(problem: Problem, taken: _Taken, lesson: _Lesson) -> str | None:
    """The first second adult of the school who is at work and free."""
    if not lesson.session.needs.helper or lesson.session.delivered:
        return None
    there = (one for one in problem.helpers if one.school == lesson.group.school and _is_at_work(one, lesson))
    return next((one.id for one in there if taken.is_free("helper", one.id, [lesson])), None)


def _is_at_work(helper: Helper, lesson: _Lesson) -> bool:
    day, slot = lesson.placed.date, lesson.slot
    if any(away.from_date <= day <= away.to_date for away in helper.absences):
        return False
    return any(work.weekday == day.weekday() and work.start <= slot.start and slot.end <= work.end for work in helper.weekly)


def _holds_part(busy: WeeklyTime, lesson: _Lesson) -> bool:
    return busy.weekday == lesson.placed.date.weekday() and busy.start < lesson.slot.end and lesson.slot.start < busy.end


@dataclass
class _Taken:
    """Who and what is taken on each date, and by which lessons; lessons held together are one entry."""

    problem: Problem
    entries: dict[tuple[str, str, date], list[Sequence[_Lesson]]] = field(default_factory=lambda: defaultdict(list))

    def take(self, kind: str, id: str | None, *lessons: _Lesson) -> None:
        if id is not None:
            self.entries[kind, id, lessons[0].placed.date].append(lessons)

    def count(self, kind: str, id: str, lesson: _Lesson) -> int:
        return len(self.entries[kind, id, lesson.placed.date])

    def is_free(self, kind: str, id: str, lessons: Sequence[_Lesson]) -> bool:
        there = (other for entry in self.entries[kind, id, lessons[0].placed.date] for other in entry)
        return not any(self._meet(one, other) for other in there for one in lessons)

    def _meet(self, one: _Lesson, other: _Lesson) -> bool:
        schools = {one.group.school, other.group.school}
        known = (travel.minutes for travel in self.problem.travel if set(travel.between) == schools)
        way = 0 if len(schools) == 1 else next(known, self.problem.default_travel_minutes)
        (_, start, end), (_, begun, ended) = one.when, other.when
        return start < ended + way and begun < end + way
