"""A school's rooms as needs: what each offers and when the school uses it, which fit a lesson, and that the school says yes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from curriculum import text
from curriculum.base import N_, Msgid, Refused
from curriculum.people import Person, School, SchoolClass, visible
from curriculum.planning.changing import LONGEST_ROOM, refuse_settled
from curriculum.planning.engine.problem import Words
from curriculum.planning.engine.wording import WEEKDAYS
from curriculum.planning.models import CANCELLED, PLANNED, Lesson, Room, Series, lesson_classes
from curriculum.planning.recording import Recording, recorded

CONFIRMED, UNCONFIRMED = "room confirmed", "room not confirmed"
"""What the plan's history calls the two."""

FEATURES: Mapping[str, Msgid] = {
    "quiet": N_("quiet room"),
    "floor-space": N_("open floor"),
    "projector": N_("projector"),
    "tables": N_("tables"),
    "gym": N_("gym"),
    "outdoors": N_("outdoors"),
    "kitchen": N_("kitchen"),
}
"""What a room may offer and a theme may ask for, as screens say it."""

MOST_BUSY = 40
"""Weekly times at which a school uses a room itself: eight a day."""


class Busy(NamedTuple):
    """A weekly time (0 = Monday) at which the school itself uses a room."""

    weekday: int
    start: time
    end: time


@dataclass(frozen=True)
class RoomChoice:
    """A room of a lesson's school, and as half a sentence why the lesson cannot be there; None when it can."""

    room: Room
    why_not: Words | None


def rooms_of(db: Session, schools: Collection[int]) -> dict[int, list[Room]]:
    """The rooms of schools (by id), by name. One query."""
    found: dict[int, list[Room]] = {id: [] for id in schools}
    for room in db.scalars(select(Room).where(Room.school_id.in_(schools)).order_by(Room.name)):
        found[room.school_id].append(room)
    return found


def save_room(db: Session, school: School, room: Room | None, name: str, features: Collection[str], busy: Iterable[Busy]) -> Room:
    """Add a room to a school (None), or say anew what one is.

    Raises Refused for no name, one that another room of the school has, a feature that no theme asks for, and a time that ends before it
    begins.
    """
    name = text.tidy(name).strip()
    if not name:
        raise Refused(N_("Write a name."), at="name")
    if len(name) > LONGEST_ROOM:
        raise Refused(N_("The room may have %(count)s characters."), at="name", count=LONGEST_ROOM)
    text.refuse_personal(name)
    others = select(Room).where(Room.school_id == school.id)
    if any(_same(one.name, name) for one in db.scalars(others) if one is not room):
        raise Refused(N_("The school has a room with this name already."), at="name")
    if not set(features) <= set(FEATURES):
        raise Refused(N_("Choose among those that are offered."), at="features")
    times = [_written(one) for one in _in_order(busy)]
    if room is None:
        room = Room(district_id=school.district_id, school=school)
        db.add(room)
    room.name, room.features, room.busy = name, [one for one in FEATURES if one in features], times
    db.flush()
    return room


def _in_order(busy: Iterable[Busy]) -> list[Busy]:
    found = sorted(set(busy))
    if len(found) > MOST_BUSY:
        raise Refused(N_("A room may have %(count)s weekly times."), count=MOST_BUSY)
    for one in found:
        if not 0 <= one.weekday <= 4:
            raise Refused(N_("Choose among those that are offered."))
        if one.start >= one.end:
            raise Refused(N_("A time must end after it begins."))
    return found


def _written(one: Busy) -> dict[str, Any]:
    return {"weekday": one.weekday, "start": f"{one.start:%H:%M}", "end": f"{one.end:%H:%M}"}


def busy_of(room: Room) -> list[Busy]:
    """When the school itself uses a room."""
    return [Busy(one["weekday"], time.fromisoformat(one["start"]), time.fromisoformat(one["end"])) for one in room.busy]


def remove_room(db: Session, room: Room) -> None:
    """The school has the room no longer; lessons keep the name that is written on them."""
    db.delete(room)
    db.flush()


# --- Which fit a lesson -------------------------------------------------------------------------------------------------------------


def room_choices(db: Session, lesson: Lesson) -> list[RoomChoice]:
    """The rooms of a lesson's schools, those first that offer what it needs and are free then. Two queries.

    A room is told by its name as it is written on lessons: who else is in it, no matter of which class, is not told.
    """
    schools = sorted({group.school_id for group in lesson.classes})
    rooms = [room for some in rooms_of(db, schools).values() for room in some]
    taken = _taken(db, [lesson])
    found = [RoomChoice(room, _why_not(room, lesson, taken)) for room in rooms]
    return sorted(found, key=lambda one: (one.why_not is not None, one.room.name))


def room_warning(db: Session, lesson: Lesson) -> Words | None:
    """Why a lesson's room is none for it (H15, H16), as half a sentence; None when nothing is known against it."""
    return room_warnings(db, [lesson]).get(lesson.id)


def room_warnings(db: Session, lessons: Sequence[Lesson]) -> dict[int, Words]:
    """Why lessons' rooms are none for them, by the lessons' ids. Two queries for any number."""
    named = [lesson for lesson in lessons if lesson.room]
    if not named:
        return {}
    rooms = rooms_of(db, sorted({group.school_id for lesson in named for group in lesson.classes}))
    taken = _taken(db, named)
    found = {lesson.id: _against(lesson, rooms, taken) for lesson in named}
    return {id: why for id, why in found.items() if why is not None}


def _against(lesson: Lesson, rooms: Mapping[int, Sequence[Room]], taken: Sequence[_Taken]) -> Words | None:
    theirs = (room for group in lesson.classes for room in rooms[group.school_id])
    known = next((room for room in theirs if _same(room.name, lesson.room)), None)
    return _why_not(known, lesson, taken) if known else _with_another(lesson.room, lesson, taken)


def _why_not(room: Room, lesson: Lesson, taken: Sequence[_Taken]) -> Words | None:
    if missing := [one for one in lesson.room_need if one not in room.features]:
        return Words(N_("it lacks what the theme needs: %(what)s"), {"what": FEATURES[missing[0]]})
    weekday = lesson.date.weekday()
    for one in busy_of(room):
        if one.weekday == weekday and one.start < lesson.end and lesson.start < one.end:
            values = {"weekday": WEEKDAYS[weekday], "start": one.start, "end": one.end}
            return Words(N_("the school uses it on %(weekday)s from %(start)s to %(end)s"), values)
    return _with_another(room.name, lesson, taken)


class _Taken(NamedTuple):
    """A lesson in a room of a school."""

    id: int
    school_id: int
    room: str
    date: date
    start: time
    end: time
    joint: str | None


def _with_another(name: str, lesson: Lesson, taken: Sequence[_Taken]) -> Words | None:
    schools = {group.school_id for group in lesson.classes}
    for one in taken:
        is_another = one.id != lesson.id and (one.joint is None or one.joint != lesson.joint)
        at_once = one.date == lesson.date and one.start < lesson.end and lesson.start < one.end
        if is_another and at_once and one.school_id in schools and _same(one.room, name):
            return Words(N_("another lesson is in it then"))
    return None


def _taken(db: Session, lessons: Sequence[Lesson]) -> list[_Taken]:
    """The lessons with a room on these lessons' days."""
    query = (
        select(Lesson.id, SchoolClass.school_id, Lesson.room, Lesson.date, Lesson.start, Lesson.end, Lesson.joint)
        .join(lesson_classes, lesson_classes.c.lesson_id == Lesson.id)
        .join(SchoolClass, SchoolClass.id == lesson_classes.c.class_id)
        .join(Series, Series.id == Lesson.series_id)
        .where(
            Lesson.date.in_({lesson.date for lesson in lessons}),
            Lesson.district_id == lessons[0].district_id,
            Lesson.room != "",
            Lesson.state != CANCELLED,
            Series.thrown_away_at.is_(None),
        )
    )
    return [_Taken(*row) for row in db.execute(query)]


def _same(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


# --- What the school has not said yet -----------------------------------------------------------------------------------------------


def unsettled_rooms(db: Session, person: Person, today: date, act: str = "read") -> list[Lesson]:
    """The lessons ahead that need a certain room and have none that the school has confirmed, of those a person may `act` on, by date."""
    found = db.scalars(_ahead(visible(person, Lesson, today, act), is_confirmed=False), {"today": today}).unique()
    return [lesson for lesson in found if lesson.room_need]


def confirmed_rooms(db: Session, person: Person, today: date) -> list[Lesson]:
    """The lessons ahead whose room was confirmed, of those a person may confirm, by date: a room can turn out to be needed for more."""
    return list(db.scalars(_ahead(visible(person, Lesson, today, "confirm"), is_confirmed=True), {"today": today}).unique())


@lru_cache
def _ahead(seen: Select[Lesson], is_confirmed: bool) -> Select[Lesson]:
    query = seen.where(Lesson.state == PLANNED, Lesson.date >= bindparam("today"), Lesson.room_confirmed.is_(is_confirmed))
    return query.order_by(Lesson.date, Lesson.start, Lesson.id).options(*shown_lesson())


def shown_lesson() -> tuple[Any, ...]:
    """What a line about a lesson reads of it."""
    return (
        defer(Lesson.held_record),
        defer(Lesson.local_steps),
        joinedload(Lesson.theme, innerjoin=True),
        joinedload(Lesson.series, innerjoin=True),
        selectinload(Lesson.classes).joinedload(SchoolClass.school),
    )


def confirm_rooms(db: Session, chosen: Sequence[tuple[Lesson, str]], *, by: Person, now: datetime) -> Recording:
    """The school says that these lessons have their rooms then, each as it was seen (the number of its state); all, or none.

    Raises Refused for none, for a lesson without a room, one that was changed meanwhile, held or cancelled, and one whose room is used for
    something else then.
    """
    if not chosen:
        raise Refused(N_("Choose at least one lesson."), at="lessons")
    against = room_warnings(db, [lesson for lesson, _ in chosen])
    with recorded(db, _series_of(lesson for lesson, _ in chosen), CONFIRMED, by=by, now=now) as recording:
        for lesson, seen in chosen:
            _refuse_unconfirmable(lesson, seen, against.get(lesson.id))
            lesson.room_confirmed = True
        db.flush()
    return recording


def _refuse_unconfirmable(lesson: Lesson, seen: str, against: Words | None) -> None:
    refuse_settled(lesson)
    named = {"name": lesson.series.school_class.name, "date": lesson.date}
    if str(lesson.version) != seen:
        words = N_("The lesson of %(name)s on %(date)s was changed while you were choosing. Nothing is confirmed yet: choose again.")
        raise Refused(words, at="lessons", **named)
    if not lesson.room:
        raise Refused(N_("The lesson of %(name)s on %(date)s has no room yet. Choose one first."), at="lessons", **named)
    if against is not None:
        words = N_("The room %(room)s cannot be confirmed for %(name)s on %(date)s: %(why)s.")
        raise Refused(words, at="lessons", room=lesson.room, why=against, **named)


def unconfirm_room(db: Session, lesson: Lesson, *, by: Person, now: datetime) -> Recording:
    """The school says that the lesson cannot have its room after all."""
    with recorded(db, [lesson.series], UNCONFIRMED, by=by, now=now) as recording:
        lesson.room_confirmed = False
        db.flush()
    return recording


def _series_of(lessons: Iterable[Lesson]) -> list[Series]:
    return list(dict.fromkeys(lesson.series for lesson in lessons))
