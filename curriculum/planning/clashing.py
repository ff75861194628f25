"""Lessons that stand where they cannot be held, found by the checker in all of a district's series at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from curriculum.ideabank import THEME, editions
from curriculum.keeping import Kept
from curriculum.people import CLASS, SchoolClass
from curriculum.planning.calendar import closed_by_school
from curriculum.planning.engine import problem as plain
from curriculum.planning.engine.checking import Violation, check
from curriculum.planning.engine.wording import because
from curriculum.planning.heeding import around_by_class
from curriculum.planning.models import CANCELLED, NO, PLANNED, Lesson, Presenter, Room, Series, Travel
from curriculum.planning.stating import agents_between, slot_for, slots_of


class Clash(NamedTuple):
    """A lesson, and why it cannot be held where it stands."""

    series_id: int
    lesson: str
    title: str
    date: date
    start: time
    why: plain.Words


def clashes(db: Session, district_id: int, year: int, today: date) -> Sequence[Clash]:
    """The lessons from today on of a school year that clash, by date: whoever shows them says who may read which series.

    What is taken up by it is that of all series together: an agent's other classes and the way between schools, groups that share pupils,
    rooms, and those from outside. No query while nothing has changed.
    """
    return _kept.get(db, (district_id, year, today))


def _read(db: Session, asked: tuple[int, int, date]) -> Sequence[Clash]:
    district_id, year, today = asked
    query = (
        select(Series)
        .join(Series.school_class)
        .where(Series.district_id == district_id, SchoolClass.school_year == year, Series.thrown_away_at.is_(None))
        .order_by(Series.id)
        .options(
            joinedload(Series.school_class).options(joinedload(SchoolClass.school), selectinload(SchoolClass.taken_from)),
            selectinload(Series.slots),
            selectinload(Series.lessons).options(
                defer(Lesson.held_record), defer(Lesson.local_steps), selectinload(Lesson.staff), joinedload(Lesson.asked_presenter)
            ),
        )
    )
    series = db.scalars(query).unique().all()
    monday = today - timedelta(today.weekday())
    lessons = {one.id: [lesson for lesson in one.lessons if lesson.state != CANCELLED and lesson.date >= monday] for one in series}
    every = [lesson for some in lessons.values() for lesson in some]
    if not every:
        return ()
    titles = {id: one.title for id, one in editions(db, district_id, today, THEME).items()}
    problem = _problem(db, [one for one in series if lessons[one.id]], lessons, titles, today)
    return _found(problem, _plan(problem, series, lessons, _rooms(db, series)), every, titles)


_kept = Kept(_read, most=16)


def _found(problem: plain.Problem, plan: plain.Plan, lessons: Iterable[Lesson], titles: Mapping[int, str]) -> tuple[Clash, ...]:
    """Each broken rule once for each lesson. The problem says nothing of order, number and length, so no rule of those is broken."""
    by_id = {lesson.public_id: lesson for lesson in lessons}
    told: dict[tuple[str, str, str], Clash] = {}
    for one in check(problem, plan).violations:
        lesson = by_id[one.session]
        title = titles.get(lesson.theme_id, "")
        clash = Clash(lesson.series_id, lesson.public_id, title, lesson.date, lesson.start, _why(problem, one))
        told.setdefault((one.rule, one.session, one.owner), clash)
    return tuple(sorted(told.values(), key=lambda clash: (clash.date, clash.start, clash.lesson)))


def _why(problem: plain.Problem, one: Violation) -> plain.Words:
    """The rule in words. Where an agent is on her other weekday is not told: she is not available."""
    return because(problem, "H07", one.owner) if one.rule == "H06" else because(problem, one.rule, one.owner, one.why)


# --- The problem --------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rooms:
    """The rooms of the schools, and which is meant by a name at a school."""

    of_school: Mapping[int, tuple[plain.Room, ...]]

    def named(self, school_id: int, name: str) -> str | None:
        """The id of the room that a lesson names; None for one that nobody has entered."""
        return next((room.id for room in self.of_school.get(school_id, ()) if room.name == name), None)


def _rooms(db: Session, series: Iterable[Series]) -> Rooms:
    found: dict[int, tuple[plain.Room, ...]] = defaultdict(tuple)
    schools = {one.school_class.school_id for one in series}
    for room in db.scalars(select(Room).where(Room.school_id.in_(schools)).order_by(Room.name)):
        busy = tuple(
            plain.WeeklyTime(one["weekday"], time.fromisoformat(one["start"]), time.fromisoformat(one["end"])) for one in room.busy
        )
        found[room.school_id] += (plain.Room(room.public_id, room.name, tuple(room.features), busy),)
    return Rooms(found)


def _problem(
    db: Session, series: Sequence[Series], lessons: Mapping[int, Sequence[Lesson]], titles: Mapping[int, str], today: date
) -> plain.Problem:
    every = [lesson for some in lessons.values() for lesson in some]
    first, last = min(lesson.date for lesson in every), max(lesson.date for lesson in every)
    return plain.Problem(
        "",
        first,
        last,
        _schools(db, series, first, last),
        _agents(db, every, first, last),
        _groups(db, series, lessons, first, last),
        tuple(_series(one, lessons[one.id], titles, today) for one in series),
        presenters=_presenters(every),
        travel=_travel(db, series),
        default_travel_minutes=0,
        together=_together(every),
    )


def _schools(db: Session, series: Iterable[Series], first: date, last: date) -> tuple[plain.School, ...]:
    schools = {one.school_class.school_id: one.school_class.school for one in series}
    district_id = next(iter(schools.values())).district_id
    closed, rooms = closed_by_school(db, district_id, schools, first, last), _rooms(db, series)
    return tuple(
        plain.School(school.public_id, school.name, tuple(closed[id]), rooms.of_school.get(id, ())) for id, school in schools.items()
    )


def _agents(db: Session, lessons: Iterable[Lesson], first: date, last: date) -> tuple[plain.Agent, ...]:
    """All who hold a lesson, with when they are elsewhere or away; what they teach stands in the problem itself."""
    persons = sorted({person for lesson in lessons for person in lesson.staff}, key=lambda person: person.id)
    found = agents_between(db, persons, first, last)
    return tuple(
        plain.Agent(
            one.id,
            one.name,
            one.welfare_weekday,
            one.absences,
            tuple(busy for busy in one.busy if not busy.is_lesson),
            None,
            one.max_per_day,
            one.max_per_week,
        )
        for one in found
    )


def _groups(
    db: Session, series: Iterable[Series], lessons: Mapping[int, Sequence[Lesson]], first: date, last: date
) -> tuple[plain.Group, ...]:
    """The classes with their own times; a half or a group shares its pupils with the classes it is taken from."""
    groups: dict[int, SchoolClass] = {one.class_id: one.school_class for one in series}
    slots: dict[int, list[plain.Slot]] = defaultdict(list)
    for one in series:
        slots[one.class_id] += slots_of(one, lessons[one.id])
    around = around_by_class(db, list(groups.values()), first, last)
    return tuple(
        plain.Group(
            group.public_id,
            group.name,
            group.school.public_id,
            tuple(slots[id]),
            around[id].away,
            overlaps=tuple(whole.public_id for whole in group.taken_from if whole.id in groups) if group.kind != CLASS else (),
        )
        for id, group in groups.items()
    )


def _series(series: Series, lessons: Iterable[Lesson], titles: Mapping[int, str], today: date) -> plain.SeriesProblem:
    sessions = tuple(_session(series, lesson, titles.get(lesson.theme_id, ""), today) for lesson in lessons)
    days = [lesson.date for lesson in lessons]
    return plain.SeriesProblem(series.public_id, series.school_class.public_id, (), series.title, min(days), max(days), sessions)


def _session(series: Series, lesson: Lesson, title: str, today: date) -> plain.Session:
    """A lesson with those who hold it: nobody of ours where the teacher does. What is over stands where it stood."""
    is_over = lesson.state != PLANNED or lesson.date < today
    pin = plain.Pin(lesson.date, slot_for(series.slots, lesson)) if is_over else None
    agents = () if lesson.by_teacher else tuple(person.public_id for person in lesson.staff)
    return plain.Session(lesson.public_id, str(lesson.theme_id), title, pin=pin, delivered=is_over, agents=agents)


def _plan(problem: plain.Problem, series: Iterable[Series], lessons: Mapping[int, Sequence[Lesson]], rooms: Rooms) -> plain.Plan:
    placed = tuple(
        plain.Placed(
            lesson.public_id,
            lesson.date,
            slot_for(one.slots, lesson),
            rooms.named(one.school_class.school_id, lesson.room),
            _presenter(lesson),
        )
        for one in series
        for lesson in lessons[one.id]
    )
    return plain.Plan(placed, {}, 0, 0, "greedy")


def _presenter(lesson: Lesson) -> str | None:
    """The one from outside who is to come: asked, and has not said no."""
    return lesson.asked_presenter.public_id if lesson.asked_presenter and lesson.presenter_answer != NO else None


def _presenters(lessons: Iterable[Lesson]) -> tuple[plain.Presenter, ...]:
    """Those who are to come. Of whom nothing is said, any time will do."""
    coming: dict[Presenter, list[Lesson]] = defaultdict(list)
    for lesson in lessons:
        if lesson.asked_presenter is not None:
            coming[lesson.asked_presenter].append(lesson)
    return tuple(
        plain.Presenter(one.public_id, one.name, one.skill, tuple(one.schools) or None, _offers(one, some), one.max_per_day)
        for one, some in coming.items()
    )


def _offers(presenter: Presenter, lessons: Iterable[Lesson]) -> tuple[plain.Offer, ...]:
    if not presenter.offers:
        return tuple(plain.Offer(lesson.date, lesson.start, lesson.end) for lesson in lessons)
    return tuple(
        plain.Offer(date.fromisoformat(one["date"]), time.fromisoformat(one["start"]), time.fromisoformat(one["end"]))
        for one in presenter.offers
    )


def _travel(db: Session, series: Iterable[Series]) -> tuple[plain.Travel, ...]:
    """The ways between schools of which the minutes are told; of the others nothing is known."""
    names = {one.school_class.school_id: one.school_class.school.public_id for one in series}
    rows = db.scalars(select(Travel).where(Travel.school_id.in_(names), Travel.other_id.in_(names)))
    return tuple(plain.Travel((names[row.school_id], names[row.other_id]), row.minutes) for row in rows)


def _together(lessons: Iterable[Lesson]) -> tuple[tuple[str, ...], ...]:
    joint: dict[str, list[str]] = defaultdict(list)
    for lesson in lessons:
        if lesson.joint:
            joint[lesson.joint].append(lesson.public_id)
    return tuple(tuple(ids) for ids in joint.values() if len(ids) > 1)
