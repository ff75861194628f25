"""A person is away: what becomes of each lesson she was to hold, all at once. Why she is away is asked by nobody and kept nowhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from curriculum.base import N_, Refused
from curriculum.people import AGENT, COORDINATOR, SMALL, TEACHER, Assignment, Person, SchoolClass, may, roles
from curriculum.planning.changing import LOCAL, cancel_lesson
from curriculum.planning.engine import problem as plain
from curriculum.planning.engine.checking import check
from curriculum.planning.engine.problem import Words
from curriculum.planning.engine.wording import because
from curriculum.planning.models import CANCELLED, PLANNED, Absence, Lesson, PlanChange, Series
from curriculum.planning.moving import PossibleDate, move_lesson, possible_dates
from curriculum.planning.recording import recorded, undo
from curriculum.planning.stating import agents_between, dated_slot

AWAY = "away"
"""The kind of the change."""

MOVE, COLLEAGUE, BY_TEACHER, CANCEL = "move", "colleague", "teacher", "cancel"
"""What can become of a lesson whose agent is away."""

LONGEST_AWAY = 60
"""Days that can be dealt with at once."""

MOST_DATES = 8
"""New dates offered for a lesson."""


Day: TypeAlias = date


@dataclass(frozen=True)
class WayOut:
    """A lesson, or those that are held as one, with the dates and the colleagues it may have instead, the nearest first.

    `best` is what is proposed: MOVE, COLLEAGUE or BY_TEACHER.
    """

    lessons: tuple[Lesson, ...]
    dates: tuple[PossibleDate, ...]
    agents: tuple[Person, ...]
    best: str

    @property
    def lesson(self) -> Lesson:
        return self.lessons[0]


@dataclass(frozen=True)
class Choice:
    """What is to become of a lesson as it was seen (`seen`: the number of its state); `agent` is a public id."""

    how: str
    seen: int
    to: date | None = None
    start: time | None = None
    agent: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of a lesson: `how`, and where it stood before. `agents` are those who hold it now and did not before."""

    lesson: Lesson
    how: str
    date: Day
    start: time
    new_date: Day
    new_start: time
    agents: tuple[Person, ...] = ()


# --- Who may say so -------------------------------------------------------------------------------------------------------------------


def may_report_away(by: Person, person: Person, today: date) -> bool:
    """Whether somebody may say that an agent is away: herself, an agent of a class or a school of hers, or who leads the work."""
    if not (by.is_active and person.is_active) or by.district_id != person.district_id or AGENT not in roles(person, today):
        return False
    if by.id == person.id or COORDINATOR in roles(by, today):
        return True
    return bool(_schools(by, today) & _schools(person, today))


def _schools(person: Person, today: date) -> set[int]:
    """Ids of the schools at which she is an agent today. Who shares a class shares its school."""
    return {one.school_class.school_id for one in person.assignments if one.role == AGENT and one.school_class and one.in_effect(today)}


def agents_of_district(db: Session, district_id: int, today: date) -> list[Person]:
    """The agents of a district today, by name, with their assignments. Two queries."""
    theirs = select(Assignment.person_id).where(
        Assignment.district_id == district_id,
        Assignment.role == AGENT,
        Assignment.from_date <= today,
        or_(Assignment.to_date.is_(None), Assignment.to_date >= today),
    )
    query = select(Person).where(Person.id.in_(theirs), Person.is_active).order_by(Person.name, Person.id)
    return list(db.scalars(query.options(selectinload(Person.assignments).joinedload(Assignment.school_class))))


# --- What is proposed -----------------------------------------------------------------------------------------------------------------


def ways_out(db: Session, person: Person, first: date, last: date, *, by: Person, now: datetime) -> list[WayOut]:
    """Each lesson of series in use that a person was to hold from one day to another, and what may become of it.

    A lesson of a small group is left out where `by` may not know of it (see `lessons_left`). Raises Refused for days that cannot be dealt
    with, and where it is not for `by` to say.
    """
    today = now.astimezone(LOCAL).date()
    _refuse(person, first, last, by, today)
    shown = [one for one in _lessons(db, person, first, last) if _may_know(by, one, today)]
    agents = [one for one in agents_of_district(db, person.district_id, today) if one.id != person.id]
    stated: Stated = {}
    taken: list[tuple[PossibleDate, Lesson]] = []
    found = []
    for lessons in _as_one(shown):
        free = _free(db, agents, lessons, (first, last), stated)
        way = _way_out(db, lessons, free, (first, last), taken, now)
        if way.best == MOVE:
            taken.append((way.dates[0], way.lesson))
        found.append(way)
    return found


def lessons_left(db: Session, person: Person, first: date, last: date, *, by: Person, today: date) -> list[Lesson]:
    """The lessons of small groups that nothing is done about, since whoever says that she is away may not know of them."""
    return [one for one in _lessons(db, person, first, last) if not _may_know(by, one, today)]


def _refuse(person: Person, first: date, last: date, by: Person, today: date) -> None:
    if not may_report_away(by, person, today):
        raise Refused(N_("It is not for you to say that %(name)s is away."), at="person", name=person.name)
    if first < today:
        raise Refused(N_("%(date)s has passed. Choose today or a later day."), at="first", date=first)
    if last < first:
        raise Refused(N_("The last day is before the first."), at="last")
    if (last - first).days >= LONGEST_AWAY:
        raise Refused(N_("At most %(count)s days can be dealt with at once."), at="last", count=LONGEST_AWAY)


def _lessons(db: Session, person: Person, first: date, last: date) -> list[Lesson]:
    """With what the planner asks of their series."""
    query = (
        select(Lesson)
        .join(Lesson.series)
        .where(
            Lesson.staff.any(Person.id == person.id),
            Lesson.state == PLANNED,
            Lesson.by_teacher.is_(False),
            Lesson.date.between(first, last),
            Series.in_use,
        )
        .order_by(Lesson.date, Lesson.start, Lesson.id)
    )
    series = joinedload(Lesson.series, innerjoin=True)
    lessons = series.selectinload(Series.lessons)
    query = query.options(
        series.joinedload(Series.school_class, innerjoin=True).joinedload(SchoolClass.school, innerjoin=True),
        series.joinedload(Series.outline_version, innerjoin=True),
        series.selectinload(Series.slots),
        series.selectinload(Series.agents),
        lessons.selectinload(Lesson.staff),
        lessons.selectinload(Lesson.classes),
        lessons.selectinload(Lesson.moves),
        lessons.joinedload(Lesson.theme, innerjoin=True),
    )
    return list(db.scalars(query).unique())


def _may_know(by: Person, lesson: Lesson, today: date) -> bool:
    holds_it = any(one.id == by.id for one in lesson.staff)
    return holds_it or all(may(by, "read", group.scope, today) for group in lesson.classes if group.is_confidential)


def series_of(db: Session, lessons: Collection[Lesson]) -> list[Series]:
    """The series of these lessons, and of those that are held as one with them."""
    found = {lesson.series_id: lesson.series for lesson in lessons}
    joints = {lesson.joint for lesson in lessons if lesson.joint}
    others = db.scalars(select(Series).where(Series.lessons.any(Lesson.joint.in_(joints)))).all() if joints else ()
    return list((found | {one.id: one for one in others}).values())


def _as_one(lessons: Iterable[Lesson]) -> list[tuple[Lesson, ...]]:
    """Lessons of several classes that are held as one go together."""
    found: dict[str, list[Lesson]] = {}
    for lesson in lessons:
        found.setdefault(lesson.joint or lesson.public_id, []).append(lesson)
    return [tuple(some) for some in found.values()]


def _way_out(
    db: Session,
    lessons: tuple[Lesson, ...],
    free: Sequence[tuple[int, Person]],
    away: Days,
    taken: Sequence[tuple[PossibleDate, Lesson]],
    now: datetime,
) -> WayOut:
    offers = (one for one in possible_dates(db, lessons[0], now.astimezone(LOCAL).date()) if one.is_free)
    ahead = (one for one in offers if not away[0] <= one.date <= away[1] and datetime.combine(one.date, one.start, LOCAL) > now)
    dates = [one for one in ahead if not any(_meet(lessons[0], one, other, at) for at, other in taken)][:MOST_DATES]
    near = free[0][0] if free else _ANYBODY
    best = COLLEAGUE if near < _OF_SCHOOL else MOVE if dates else COLLEAGUE if free and near < _ANYBODY else BY_TEACHER
    return WayOut(lessons, tuple(dates), tuple(one for _, one in free), best)


def _meet(lesson: Lesson, at: PossibleDate, other: Lesson, its: PossibleDate) -> bool:
    """Whether two lessons would be at the same time of the same day."""
    ends, its_ends = (_ends(one, when) for one, when in ((lesson, at), (other, its)))
    return at.date == its.date and at.start < its_ends and its.start < ends


def _ends(lesson: Lesson, at: PossibleDate) -> time:
    day = date.min
    return (datetime.combine(day, at.start) + (datetime.combine(day, lesson.end) - datetime.combine(day, lesson.start))).time()


# --- Who could hold it instead --------------------------------------------------------------------------------------------------------

_HOLDS_IT, _OF_CLASS, _OF_SCHOOL, _ANYBODY = range(4)

_OF_AGENTS = frozenset({"H06", "H07", "H08", "H09", "H10"})
"""The hard rules that say that an agent cannot hold a lesson then."""


def _nearness(agent: Person, lessons: Sequence[Lesson]) -> int | None:
    """How near an agent is to a lesson; None where she may not hold it. A small group is held by its own agents only."""
    if all(agent in lesson.staff for lesson in lessons):
        return _HOLDS_IT
    day, groups = lessons[0].date, [group for lesson in lessons for group in lesson.classes]
    hers = [one.school_class for one in agent.assignments if one.role == AGENT and one.school_class and one.in_effect(day)]
    if not hers:
        return None
    ids = {group.id for group in hers}
    if any(group.kind == SMALL and group.id not in ids for group in groups):
        return None
    if all({group.id, group.whole_id} & ids for group in groups):
        return _OF_CLASS
    return _OF_SCHOOL if {group.school_id for group in groups} & {group.school_id for group in hers} else _ANYBODY


Days: TypeAlias = tuple[date, date]
"""From one day to another, both included."""

Stated: TypeAlias = dict[tuple[int, int], dict[str, plain.Agent]]
"""Agents by public id as the checker asks for them, by school and by the series of a joint lesson: read once for all the lessons."""


def _free(db: Session, agents: Sequence[Person], lessons: Sequence[Lesson], days: Days, stated: Stated) -> list[tuple[int, Person]]:
    """Those who may hold a lesson and are free then, the nearest first. No query for a lesson at a school that was asked about before."""
    lesson = lessons[0]
    key = lesson.series.school_class.school_id, lesson.series_id if lesson.joint else 0
    if key not in stated:
        stated[key] = {one.id: one for one in _agents_in_weeks(db, agents, lesson, days)}
    may_hold = [(rank, one) for one in agents if (rank := _nearness(one, lessons)) is not None]
    free = [(rank, one) for rank, one in may_hold if _against(stated[key][one.public_id], one, lesson) is None]
    return sorted(free, key=lambda pair: (pair[0], pair[1].name))


def _agents_in_weeks(db: Session, agents: Sequence[Person], lesson: Lesson, days: Days) -> list[plain.Agent]:
    """Agents with all that takes them in the ISO weeks of some days, for what the rules say of a week."""
    first, last = (day - timedelta(day.weekday()) for day in days)
    without = [lesson.series] if lesson.joint else []
    return agents_between(db, agents, first, last + timedelta(6), without, lesson.series.school_class.school_id)


def _against(stated: plain.Agent, agent: Person, lesson: Lesson) -> Words | None:
    """Why the rules say that an agent cannot hold a lesson, as half a sentence; None when she can."""
    group = lesson.series.school_class
    if agent in lesson.staff:
        stated = replace(stated, busy=())
    slot = dated_slot(lesson.public_id, lesson.date, lesson.start, lesson.end)
    session = plain.Session(lesson.public_id, "", "", agents=(stated.id,))
    series = plain.SeriesProblem("", group.public_id, (stated.id,), "", lesson.date, lesson.date, (session,))
    school = plain.School(group.school.public_id, group.school.name)
    problem = plain.Problem(
        "", lesson.date, lesson.date, (school,), (stated,), (plain.Group(group.public_id, group.name, school.id, (slot,)),), (series,)
    )
    plan = plain.Plan((plain.Placed(session.id, lesson.date, slot.id),), {}, 0, 0, "greedy")
    broken = next((one for one in check(problem, plan).violations if one.rule in _OF_AGENTS), None)
    return because(problem, broken.rule, broken.owner, broken.why) if broken else None


# --- It is done -----------------------------------------------------------------------------------------------------------------------


def report_away(
    db: Session, person: Person, first: date, last: date, choices: Mapping[str, Choice], *, by: Person, now: datetime
) -> Absence:
    """A person is away from one day to another, and each of her lessons then is dealt with as chosen (by its public id), as one change.

    Raises Refused, in words, for days that cannot be dealt with; when a lesson was moved, held or added since the choices were made; and
    when one of them is not possible.
    """
    today = now.astimezone(LOCAL).date()
    _refuse(person, first, last, by, today)
    shown = [one for one in _lessons(db, person, first, last) if _may_know(by, one, today)]
    _refuse_changed(shown, choices)
    absence = Absence(district_id=person.district_id, person=person, from_date=first, to_date=last, by_id=by.id, at=now)
    db.add(absence)
    db.flush()
    agents = agents_of_district(db, person.district_id, today)
    chosen = [(lessons, choices[lessons[0].public_id]) for lessons in _as_one(shown)]
    series = series_of(db, shown)
    with recorded(db, series, AWAY, by=by, now=now) as recording:
        for lessons, choice in sorted(chosen, key=lambda pair: pair[1].how == MOVE):
            try:
                _deal_with(db, person, lessons, choice, absence, agents, now, by)
            except Refused as no:
                why = Words(no.msgid, no.values)
                words = N_("%(class_name)s on %(date)s: %(why)s")
                raise Refused(words, class_name=_named(lessons), date=lessons[0].date, why=why) from no
    absence.change = recording.change
    db.flush()
    return absence


def _named(lessons: Sequence[Lesson]) -> str:
    return ", ".join(lesson.series.school_class.name for lesson in lessons)


def _refuse_changed(lessons: Collection[Lesson], choices: Mapping[str, Choice]) -> None:
    now = {lesson.public_id: lesson.version for lesson in lessons}
    if now != {id: choice.seen for id, choice in choices.items()}:
        raise Refused(N_("Something has been changed in these lessons since you looked. This is how they stand now: choose once more."))


def _deal_with(
    db: Session,
    person: Person,
    lessons: Sequence[Lesson],
    choice: Choice,
    absence: Absence,
    agents: Collection[Person],
    now: datetime,
    by: Person,
) -> None:
    if choice.how == COLLEAGUE:
        _hand_over(db, person, lessons, next((one for one in agents if one.public_id == choice.agent and one is not person), None))
    elif choice.how == BY_TEACHER:
        for lesson in lessons:
            lesson.by_teacher = True
    elif choice.how == CANCEL:
        for lesson in lessons:
            if lesson.state != CANCELLED:
                cancel_lesson(db, lesson, by=by, now=now)
    elif choice.how == MOVE and choice.to is not None:
        _move(db, lessons, choice.to, choice.start, absence, now, by)
    else:
        raise Refused(N_("Choose among those that are offered."))
    db.flush()


def _hand_over(db: Session, person: Person, lessons: Sequence[Lesson], agent: Person | None) -> None:
    if agent is None or _nearness(agent, lessons) is None:
        raise Refused(N_("Choose a colleague who may hold it."))
    [stated] = _agents_in_weeks(db, [agent], lessons[0], (lessons[0].date, lessons[0].date))
    if (why := _against(stated, agent, lessons[0])) is not None:
        raise Refused(N_("%(name)s cannot hold the lesson: %(why)s."), name=agent.name, why=why)
    for lesson in lessons:
        lesson.staff[:] = sorted({agent, *lesson.staff} - {person}, key=lambda one: one.name)


def _move(db: Session, lessons: Sequence[Lesson], to: date, start: time | None, absence: Absence, now: datetime, by: Person) -> None:
    if absence.from_date <= to <= absence.to_date:
        raise Refused(N_("%(name)s is away on %(date)s too."), name=absence.person.name, date=to)
    for lesson in lessons:
        if (lesson.date, lesson.start) != (to, start or lesson.start):
            move_lesson(db, lesson, to, start, by=by, now=now)


def take_back_away(db: Session, absence: Absence, *, by: Person, now: datetime) -> None:
    """She is not away after all: her lessons are as they were. Raises Refused as `undo` does."""
    if absence.change is not None:
        undo(db, absence.change, by=by, now=now)
    else:
        db.delete(absence)
    db.flush()


# --- What became of it ----------------------------------------------------------------------------------------------------------------


def outcomes(db: Session, change: PlanChange | None) -> list[Outcome]:
    """What became of each lesson by a change, in time order of where they stood. A fixed number of queries."""
    if change is None:
        return []
    ids = [item["lesson"] for item in change.lessons]
    query = select(Lesson).where(Lesson.public_id.in_(ids)).options(
        joinedload(Lesson.series, innerjoin=True).joinedload(Series.school_class, innerjoin=True).joinedload(SchoolClass.school),
        joinedload(Lesson.theme, innerjoin=True),
        selectinload(Lesson.classes).joinedload(SchoolClass.school),
        selectinload(Lesson.staff),
    )  # fmt: skip
    lessons = {lesson.public_id: lesson for lesson in db.scalars(query).unique()}
    staff = {id for item in change.lessons for id in item["after"]["staff"]}
    persons = {one.id: one for one in db.scalars(select(Person).where(Person.id.in_(staff)))}
    found = list(_outcomes(change, lessons, persons))
    return sorted(found, key=lambda one: (one.date, one.start, one.lesson.id))


def _outcomes(change: PlanChange, lessons: Mapping[str, Lesson], persons: Mapping[int, Person]) -> Iterator[Outcome]:
    for item in change.lessons:
        before, after = item["before"], item["after"]
        agents = tuple(persons[id] for id in after["staff"])
        if after["state"] == CANCELLED:
            how = CANCEL
        elif after["by_teacher"] and not before["by_teacher"]:
            how = BY_TEACHER
        else:
            how = MOVE if (before["date"], before["start"]) != (after["date"], after["start"]) else COLLEAGUE
        yield Outcome(
            lessons[item["lesson"]],
            how,
            date.fromisoformat(before["date"]),
            time.fromisoformat(before["start"]),
            date.fromisoformat(after["date"]),
            time.fromisoformat(after["start"]),
            agents if how == COLLEAGUE else (),
        )


def teachers_of(db: Session, lessons: Iterable[Lesson], today: date) -> dict[int, list[Person]]:
    """Those who are the teachers of each lesson's classes (by the lesson's id) today, by name. One query."""
    wanted = {lesson.id: {id for group in lesson.classes for id in (group.id, group.whole_id)} - {None} for lesson in lessons}
    query = (
        select(Assignment.class_id, Person)
        .join(Assignment.person)
        .where(
            Assignment.role == TEACHER,
            Assignment.class_id.in_(sorted({id for ids in wanted.values() for id in ids if id is not None})),
            Assignment.from_date <= today,
            or_(Assignment.to_date.is_(None), Assignment.to_date >= today),
            Person.is_active,
        )
        .order_by(Person.name, Person.id)
        .options(selectinload(Person.assignments).joinedload(Assignment.school_class))
    )
    rows = db.execute(query).all()
    return {id: list({person.id: person for group, person in rows if group in groups}.values()) for id, groups in wanted.items()}
