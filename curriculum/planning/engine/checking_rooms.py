"""The checker's rules of rooms and of lessons held together (H15, H16, H23)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, time

from curriculum.planning.engine.problem import Room
from curriculum.planning.engine.timetable import Hour, Timetable, Violation


def room_breaches(table: Timetable) -> Iterator[Violation]:
    """What breaks H15, H16 and H23, rule by rule."""
    rooms = _rooms(table)
    for hour in table.once:
        if not hour.session.delivered:
            yield from _unsuitable(hour, rooms.get(hour.session.id))
    used = {session: (school, room.id) for session, (school, room) in rooms.items()}
    for hour, _, (_, id) in table.clashes(lambda hour: [used[hour.session.id]] if hour.session.id in used else []):
        yield hour.breaks("H16", id)
    yield from _parted(table)


def _rooms(table: Timetable) -> dict[str, tuple[str, Room]]:
    """By session: its school's room of which the plan speaks, and whose it is; of a joint lesson a room of any of its classes' schools."""
    known = {(school.id, room.id): room for school in table.problem.schools for room in school.rooms}
    schools: dict[str, list[str]] = defaultdict(list)
    for hour in table.once if known else ():
        schools[hour.joint or hour.session.id].append(hour.group.school)
    found: dict[str, tuple[str, Room]] = {}
    for hour in table.once if known else ():
        for school in (hour.group.school, *schools[hour.joint or hour.session.id]):
            if room := known.get((school, hour.placed.room or "")):
                found.setdefault(hour.session.id, (school, room))
    return found


def _unsuitable(hour: Hour, where: tuple[str, Room] | None) -> Iterator[Violation]:
    """H15: no room with the feature asked for, none of the school's, or one that the school itself uses at that time."""
    feature = hour.session.needs.room
    if feature and (where is None or feature not in where[1].features):
        yield hour.breaks("H15", hour.group.school, feature)
    elif hour.placed.room is not None and (where is None or _is_taken(where[1], hour)):
        yield hour.breaks("H15", hour.placed.room)


def _is_taken(room: Room, hour: Hour) -> bool:
    weekday, slot = hour.placed.date.weekday(), hour.slot
    return slot is not None and any(busy.weekday == weekday and max(busy.start, slot.start) < min(busy.end, slot.end) for busy in room.busy)


def _parted(table: Timetable) -> Iterator[Violation]:
    """H23: a session that has another date, start, room or presenter than the first of its joint lesson in the plan."""
    for ids in table.problem.together:
        hours = [table.by_session[id] for id in ids if id in table.by_session and table.by_session[id].slot]
        for hour in hours[1:]:
            if _shared(hour) != _shared(hours[0]) and not (hour.session.delivered and hours[0].session.delivered):
                yield (hours[0] if hour.session.delivered else hour).breaks("H23", ids[0])


def _shared(hour: Hour) -> tuple[date, time, str | None, str | None]:
    return (*hour.when, hour.placed.room, hour.placed.presenter)
