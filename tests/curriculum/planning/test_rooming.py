"""A school's rooms, which of them fit a lesson, and that the school confirms them."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.base import Refused
from curriculum.planning import CANCELLED, Busy, Lesson, Room, Series
from curriculum.planning.recording import state_of_lesson, undo
from curriculum.planning.rooming import MOST_BUSY
from tests.cast import NOW, Cast, make_series
from tests.states import state

NEEDS = ["quiet", "floor-space"]


@state
def series(db: Session, cast: Cast) -> Series:
    """Of 5A; its first lesson is on a Wednesday at 08:30 to 09:30, and needs a quiet room with an open floor."""
    series = make_series(db, cast, themes=("vennskap", "folelser"))
    for lesson in series.lessons:
        lesson.room_need = list(NEEDS)
    db.flush()
    return series


@pytest.fixture
def lesson(series: Series) -> Lesson:
    return series.lessons[0]


@pytest.fixture
def room(db: Session, cast: Cast) -> Room:
    return planning.save_room(db, cast.school, None, "Musikkrommet", NEEDS, [])


def test_a_room_is_kept_with_what_it_offers_and_when_the_school_uses_it(db: Session, cast: Cast) -> None:
    busy = [Busy(4, time(10), time(11)), Busy(0, time(8, 30), time(9, 15)), Busy(4, time(10), time(11))]
    room = planning.save_room(db, cast.school, None, "  Gymsalen ", {"gym", "floor-space"}, busy)
    assert (room.name, room.features, room.district_id) == ("Gymsalen", ["floor-space", "gym"], cast.district.id)
    assert planning.busy_of(room) == [Busy(0, time(8, 30), time(9, 15)), Busy(4, time(10), time(11))]
    other = planning.save_room(db, cast.other_school, None, "Gymsalen", (), ())
    planning.save_room(db, cast.school, room, "Gymsalen A", ["gym"], ())
    assert planning.rooms_of(db, [cast.school.id, cast.other_school.id]) == {cast.school.id: [room], cast.other_school.id: [other]}
    assert (room.name, room.features, room.busy) == ("Gymsalen A", ["gym"], [])
    planning.remove_room(db, room)
    assert planning.rooms_of(db, [cast.school.id]) == {cast.school.id: []}


@pytest.mark.parametrize(
    ("name", "features", "busy", "words"),
    [
        (" ", (), (), "Write a name"),
        ("x" * 81, (), (), "may have 80 characters"),
        ("musikkrommet", (), (), "this name already"),
        ("Rom 13097248022", (), (), "identity number"),
        ("Rom", ("sofa",), (), "that are offered"),
        ("Rom", (), (Busy(5, time(9), time(10)),), "that are offered"),
        ("Rom", (), (Busy(1, time(10), time(10)),), "end after it begins"),
        ("Rom", (), tuple(Busy(n % 5, time(8, n), time(9)) for n in range(MOST_BUSY + 1)), "40 weekly times"),
    ],
)
def test_what_cannot_be_of_a_room_is_refused(
    db: Session, cast: Cast, room: Room, name: str, features: tuple[str, ...], busy: tuple[Busy, ...], words: str
) -> None:
    with pytest.raises(Refused, match=words):
        planning.save_room(db, cast.school, None, name, features, busy)
    assert planning.rooms_of(db, [cast.school.id]) == {cast.school.id: [room]}


def test_the_rooms_that_fit_stand_first_and_the_others_say_why_not(db: Session, cast: Cast, lesson: Lesson, room: Room) -> None:
    planning.save_room(db, cast.school, None, "Biblioteket", ["quiet"], ())
    planning.save_room(db, cast.school, None, "Aulaen", NEEDS, [Busy(2, time(9), time(10)), Busy(3, time(8), time(12))])
    planning.save_room(db, cast.school, None, "Sløyden", NEEDS, [Busy(2, time(9, 30), time(10))])
    planning.save_room(db, cast.other_school, None, "Et annet sted", NEEDS, ())
    found = [(one.room.name, one.why_not and str(one.why_not)) for one in planning.room_choices(db, lesson)]
    assert found == [
        ("Musikkrommet", None),
        ("Sløyden", None),
        ("Aulaen", "the school uses it on Wednesdays from 09:00:00 to 10:00:00"),
        ("Biblioteket", "it lacks what the theme needs: open floor"),
    ]


def in_5b(db: Session, cast: Cast, lesson: Lesson) -> Lesson:
    """A lesson of 5B at the time of another."""
    other = make_series(db, cast, cast.b5, themes=("vennskap",), weekday=3).lessons[0]
    other.date = lesson.date
    db.flush()
    return other


def test_a_room_in_which_another_lesson_is_then_is_taken_unless_they_are_held_as_one(
    db: Session, cast: Cast, lesson: Lesson, room: Room
) -> None:
    other = in_5b(db, cast, lesson)
    lesson.room, other.room = "musikkrommet", "Musikkrommet"
    db.flush()
    assert str(planning.room_warning(db, lesson)) == "another lesson is in it then"
    lesson.joint = other.joint = "sammen"
    db.flush()
    assert planning.room_warning(db, lesson) is None
    lesson.joint = other.joint = None
    other.state = CANCELLED
    db.flush()
    assert planning.room_warning(db, lesson) is None


def test_a_room_that_is_in_no_register_is_taken_by_its_name_alone(db: Session, cast: Cast, lesson: Lesson) -> None:
    other = in_5b(db, cast, lesson)
    lesson.room, other.room = "Loftet", "loftet"
    db.flush()
    assert str(planning.room_warning(db, lesson)) == "another lesson is in it then"
    other.start, other.end = time(9, 30), time(10, 30)
    db.flush()
    assert planning.room_warning(db, lesson) is None
    lesson.room = ""
    db.flush()
    assert planning.room_warning(db, lesson) is None


def test_what_a_person_may_read_and_is_not_confirmed_is_listed(db: Session, cast: Cast, series: Series, lesson: Lesson) -> None:
    small = make_series(db, cast, cast.small, themes=("vennskap",)).lessons[0]
    small.room_need, lesson.room, lesson.room_confirmed = list(NEEDS), "Musikkrommet", True
    db.flush()
    names = ("agent", "small_agent", "head", "other_agent")
    found = {name: planning.unsettled_rooms(db, getattr(cast, name), cast.today) for name in names}
    listed = {name: sorted(lessons, key=lambda one: one.id) for name, lessons in found.items()}
    assert listed == {"agent": [series.lessons[1]], "small_agent": [small], "head": [series.lessons[1], small], "other_agent": []}
    series.lessons[1].room_need = []
    db.flush()
    assert planning.unsettled_rooms(db, cast.agent, cast.today) == []


def test_the_school_confirms_rooms_and_takes_that_back(db: Session, cast: Cast, series: Series, room: Room) -> None:
    for lesson in series.lessons:
        lesson.room = room.name
    db.flush()
    before = [state_of_lesson(lesson) for lesson in series.lessons]
    recording = planning.confirm_rooms(db, [(one, str(one.version)) for one in series.lessons], by=cast.manager, now=NOW)
    assert [one.room_confirmed for one in series.lessons] == [True, True]
    assert recording.change is not None and recording.change.kind == planning.CONFIRMED
    undo(db, recording.change, by=cast.manager, now=NOW)
    assert [state_of_lesson(lesson) for lesson in series.lessons] == before
    planning.confirm_rooms(db, [(series.lessons[0], str(series.lessons[0].version))], by=cast.manager, now=NOW)
    planning.unconfirm_room(db, series.lessons[0], by=cast.manager, now=NOW)
    assert [one.room_confirmed for one in series.lessons] == [False, False]


def test_what_cannot_be_confirmed_says_why_and_nothing_is(db: Session, cast: Cast, series: Series, room: Room) -> None:
    first, second = series.lessons
    with pytest.raises(Refused, match="Choose at least one"):
        planning.confirm_rooms(db, [], by=cast.head, now=NOW)
    first.room = room.name
    db.flush()
    with pytest.raises(Refused, match="has no room yet"):
        planning.confirm_rooms(db, [(second, str(second.version))], by=cast.head, now=NOW)
    with pytest.raises(Refused, match="changed while you were choosing"):
        planning.confirm_rooms(db, [(first, "0")], by=cast.head, now=NOW)
    planning.save_room(db, cast.school, room, room.name, NEEDS, [Busy(2, time(8), time(9))])
    with pytest.raises(Refused, match=r"Musikkrommet cannot be confirmed for 5A on .*: the school uses it"):
        planning.confirm_rooms(db, [(first, str(first.version))], by=cast.head, now=NOW)
    first.state = CANCELLED
    with pytest.raises(Refused, match="is cancelled"):
        planning.confirm_rooms(db, [(first, str(first.version))], by=cast.head, now=NOW)
    assert not first.room_confirmed


def test_a_confirmed_room_is_to_be_confirmed_anew_when_the_lesson_moves_or_gets_another(db: Session, cast: Cast, lesson: Lesson) -> None:
    lesson.room, lesson.room_confirmed = "Loftet", True
    db.flush()
    planning.set_room(db, lesson, " Loftet", by=cast.agent, now=NOW)
    kept = lesson.room_confirmed
    planning.set_room(db, lesson, "Aulaen", by=cast.agent, now=NOW)
    assert (kept, lesson.room_confirmed) == (True, False)
    lesson.room_confirmed = True
    db.flush()
    planning.move_lesson(db, lesson, lesson.date + timedelta(1), by=cast.agent, now=NOW)
    assert (lesson.date, lesson.room, lesson.room_confirmed) == (date(2026, 10, 15), "Aulaen", False)
