"""Whether a lesson could have the room, the presenter and the second adult it needs at a time, while dates are still being sought."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from curriculum.planning.engine.possible import Case, covering
from curriculum.planning.engine.problem import Helper, Presenter, Room, Session, Slot
from curriculum.planning.engine.taken import Stands, Taken, minutes


def could_have_all(case: Case, taken: Taken, session: Session, day: date, slot: Slot) -> bool:
    """Whether there are more rooms, presenters and second adults for a lesson then than other series' lessons that need such too (H15–H18).

    Which of them it gets is said when all lessons have their dates; so this is where it is worth to look, not a promise.
    """
    needs = session.needs
    others = [one for one in taken.needing(day) if one.session not in _joined(taken, session)]
    at_once = [one for one in others if _overlaps(one, slot, 0)]
    if needs.room:
        rooms = sum(needs.room in room.features and not _is_used(room, day, slot) for room in case.school.rooms)
        if rooms <= sum(one.school == case.school.id and one.needs.room == needs.room for one in at_once):
            return False
    if needs.presenter:
        coming = [one for one in case.problem.presenters if one.skill == needs.presenter and _comes(one, case.school.id, day, slot)]
        engaged = [one for one in others if one.needs.presenter == needs.presenter and _overlaps(one, slot, taken.way_from(one.school))]
        if len(coming) <= len({one.event for one in engaged}) or not _have_room(coming, taken, day):
            return False
    if needs.helper:
        helpers = sum(one.school == case.school.id and _works(one, day, slot) for one in case.problem.helpers)
        return helpers > sum(one.school == case.school.id and one.needs.helper for one in at_once)
    return True


def _joined(taken: Taken, session: Session) -> set[str]:
    """The sessions that share a room and a presenter with one."""
    event = taken.events.get(session.id)
    return {id for id, name in taken.events.items() if name == event} if event else set()


def _overlaps(one: Stands, slot: Slot, way: int) -> bool:
    return one.start < minutes(slot.end) + way and minutes(slot.start) < one.end + way


def _is_used(room: Room, day: date, slot: Slot) -> bool:
    return any(busy.weekday == day.weekday() and busy.start < slot.end and slot.start < busy.end for busy in room.busy)


def _comes(presenter: Presenter, school: str, day: date, slot: Slot) -> bool:
    serves = presenter.schools is None or school in presenter.schools
    return serves and any(offer.date == day and offer.start <= slot.start and slot.end <= offer.end for offer in presenter.offers)


def _have_room(coming: Sequence[Presenter], taken: Taken, day: date) -> bool:
    """Whether the presenters may have another lesson that day."""
    if any(one.max_per_day is None for one in coming):
        return True
    events = {one.event for one in taken.needing(day) if one.needs.presenter == coming[0].skill}
    return sum(one.max_per_day or 0 for one in coming) > len(events)


def _works(helper: Helper, day: date, slot: Slot) -> bool:
    there = any(one.weekday == day.weekday() and one.start <= slot.start and slot.end <= one.end for one in helper.weekly)
    return there and not covering(helper.absences, day)
