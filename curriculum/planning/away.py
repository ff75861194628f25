"""A person is away: what becomes of each lesson she was to hold, all at once. Why she is away is asked by nobody and kept nowhere."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from curriculum.base import N_, Refused
from curriculum.people import AGENT, COORDINATOR, HALF, Assignment, Person, SchoolClass, may, roles
from curriculum.planning.calendar import iso_week
from curriculum.planning.changing import LOCAL, cancel_lesson
from curriculum.planning.engine.problem import Words
from curriculum.planning.halves import apart_in, other_halves
from curriculum.planning.laying_anew import Shift
from curriculum.planning.lost_day import may_move_on, move_on
from curriculum.planning.models import CANCELLED, PLANNED, Absence, Lesson, PlanChange, Series
from curriculum.planning.moving import PossibleDate, Standing, as_it_stands, at_length, move_lesson, possible_dates, put_at
from curriculum.planning.recording import recorded, undo
from curriculum.planning.standing_in import (
    ANYBODY,
    OF_SCHOOL,
    Days,
    Stated,
    against,
    agents_in_weeks,
    free_agents,
    nearness,
)

AWAY = "away"
"""The kind of the change."""

MOVE, SHIFT, COLLEAGUE, BY_TEACHER, CANCEL = "move", "shift", "colleague", "teacher", "cancel"
"""What can become of a lesson whose agent is away."""

LONGEST_AWAY = 60
"""Days that can be dealt with at once."""

MOST_DATES = 8
"""New dates offered for a lesson."""


def is_in_time(to: date, end: date) -> bool:
    """Whether a date is no later than in the week of another."""
    return iso_week(to) <= iso_week(end)


@dataclass(frozen=True)
class WayOut:
    """A lesson, or those that are held as one, with the dates and the colleagues it may have instead, the nearest first.

    `best` is what is proposed: MOVE (to `to`), SHIFT, COLLEAGUE or BY_TEACHER. `end` is when the series ends as it is planned: a date after
    that is offered, and never proposed. `shift`: what moves when the rest of the series moves on; empty where that does not fit.
    """

    lessons: tuple[Lesson, ...]
    dates: tuple[PossibleDate, ...]
    agents: tuple[Person, ...]
    best: str
    end: date
    to: PossibleDate | None = None
    shift: tuple[Shift, ...] = ()

    @property
    def lesson(self) -> Lesson:
        return self.lessons[0]

    def is_in_time(self, to: date) -> bool:
        """Whether a date is at or before the planned end of the series: no later than in the week it ends."""
        return is_in_time(to, self.end)

    @property
    def proposed(self) -> Sequence[Shift]:
        """The lessons that get another time by what is proposed."""
        if self.best == SHIFT:
            return self.shift
        if self.best != MOVE or self.to is None:
            return ()
        return [Shift(one, *at_length(one, self.to.date, self.to.start), Words("")) for one in self.lessons]

    @property
    def new(self) -> Shift | None:
        """Where the lesson itself would be if the rest moved on."""
        return next((one for one in self.shift if one.lesson is self.lesson), None)

    @property
    def rest_seen(self) -> int:
        """The number of the state its series was seen in."""
        return state_of_rest(self.lesson)


@dataclass(frozen=True)
class Choice:
    """What is to become of a lesson as it was seen (`seen`: the number of its state); `agent` is a public id.

    Where the rest of the series moves on, `rest_seen` is the number of the state that was seen in.
    """

    how: str
    seen: int
    to: date | None = None
    start: time | None = None
    agent: str = ""
    rest_seen: int = -1


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

    Proposed is an agent of the class; else a free date at or before the planned end of the series, a half's in the week of the other half;
    else that the rest of the series moves on; else another agent of the school, else the teacher.

    A lesson of a small group is left out where `by` may not know of it (see `lessons_left`). Raises Refused for days that cannot be dealt
    with, and where it is not for `by` to say.
    """
    today = now.astimezone(LOCAL).date()
    _refuse(person, first, last, by, today)
    shown = [one for one in _lessons(db, person, first, last) if _may_know(by, one, today)]
    agents = [one for one in agents_of_district(db, person.district_id, today) if one.id != person.id]
    stated: Stated = {}
    asked = _Asked(db, person, (first, last), shown, now)
    for lessons in _as_one(shown):
        asked.find(lessons, free_agents(db, agents, lessons, (first, last), stated))
    return asked.found


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


class _Asked:
    """What may become of each lesson, with what is proposed for those before it."""

    def __init__(self, db: Session, person: Person, away: Days, lessons: Sequence[Lesson], now: datetime) -> None:
        self.db, self.person, self.away, self.lessons, self.now = db, person, away, lessons, now
        self.found: list[WayOut] = []
        self.halves = other_halves(db, [one for one in lessons if _is_half(one)])
        self.beside = _beside(db, person, lessons)
        self.shifts: dict[int, tuple[Shift, ...]] = {}
        """By series: what moves when the rest of it does."""

    def find(self, lessons: tuple[Lesson, ...], free: Sequence[tuple[int, Person]]) -> None:
        lesson = lessons[0]
        end = max(one.date for one in lesson.series.lessons if one.state != CANCELLED)
        standing = as_it_stands(self.db, lesson.series, [lesson])
        dates = sorted(
            self._dates(lesson, standing), key=lambda one: (not is_in_time(one.date, end), self._is_apart(lesson, one.date), one.date)
        )
        shift = self._shift(lesson, standing) if len(lessons) == 1 else ()
        best = self._best(lesson, free, dates, shift, end)
        shown = tuple(sorted(dates[:MOST_DATES], key=lambda one: (one.date, one.start)))
        self.found.append(WayOut(lessons, shown, tuple(one for _, one in free), best, end, dates[0] if dates else None, shift))

    def _dates(self, lesson: Lesson, standing: Standing) -> Iterator[PossibleDate]:
        taken = [one for way in self.found for one in way.proposed]
        for one in possible_dates(self.db, lesson, self.now.astimezone(LOCAL).date(), standing):
            is_ahead = not self.away[0] <= one.date <= self.away[1] and datetime.combine(one.date, one.start, LOCAL) > self.now
            if one.is_free and is_ahead and not any(_meet(lesson, one, its) for its in taken):
                yield one

    def _is_apart(self, lesson: Lesson, to: date) -> bool:
        """Whether a half would have its theme in another week than the other has it, or is proposed to."""
        asked = {one.id for one in self.lessons}
        proposed = {one.lesson.id: iso_week(one.date) for way in self.found for one in way.proposed if one.lesson.id in asked}
        others = [(one.name, proposed.get(one.lesson_id, one.week)) for one in self.halves.get(lesson.id, ())]
        return bool(apart_in(others, iso_week(to)))

    def _shift(self, lesson: Lesson, standing: Standing) -> tuple[Shift, ...]:
        if lesson.series_id not in self.shifts:
            lost = [one for one in self.lessons if one.series_id == lesson.series_id and may_move_on(one)]
            others = [one for way in self.found for one in way.proposed if one.lesson.series_id != lesson.series_id]
            away = (self.person, *self.away)
            self.shifts[lesson.series_id] = (
                move_on(self.db, lost, away, self.now, stated=standing.problem, shifts=others, known=self.beside) if lost else ()
            )
        return self.shifts[lesson.series_id] if may_move_on(lesson) else ()

    def _best(
        self, lesson: Lesson, free: Sequence[tuple[int, Person]], dates: Sequence[PossibleDate], shift: Sequence[Shift], end: date
    ) -> str:
        near = free[0][0] if free else ANYBODY
        in_time = bool(dates) and is_in_time(dates[0].date, end)
        if near < OF_SCHOOL:
            return COLLEAGUE
        if shift and not (in_time and (not self._is_apart(lesson, dates[0].date) or self._parts(lesson, shift))):
            return SHIFT
        if in_time:
            return MOVE
        return COLLEAGUE if near < ANYBODY else BY_TEACHER

    def _parts(self, lesson: Lesson, shift: Sequence[Shift]) -> bool:
        """Whether the other half stays behind when the rest moves on: it does not go with it, and is not asked about here."""
        goes = {one.lesson.id for one in shift} | {one.id for one in self.lessons}
        return any(one.lesson_id not in goes for one in self.halves.get(lesson.id, ()))


def _is_half(lesson: Lesson) -> bool:
    return lesson.series.school_class.kind == HALF


def _beside(db: Session, person: Person, lessons: Collection[Lesson]) -> dict[int, Series]:
    """The series of other halves that she is an agent of too, by their ids, without those of these lessons. One query, or none."""
    wholes = {one.series.school_class.whole_id for one in lessons if _is_half(one)}
    if not wholes:
        return {}
    query = select(Series).join(Series.school_class).where(
        SchoolClass.whole_id.in_(wholes),
        SchoolClass.kind == HALF,
        Series.agents.any(Person.id == person.id),
        Series.thrown_away_at.is_(None),
        Series.id.not_in({one.series_id for one in lessons}),
    )  # fmt: skip
    return {one.id: one for one in db.scalars(query)}


def _meet(lesson: Lesson, at: PossibleDate, its: Shift) -> bool:
    """Whether two lessons would be at the same time of the same day."""
    ends = at_length(lesson, at.date, at.start)[2]
    return at.date == its.date and at.start < its.end and its.start < ends


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
    _refuse_changed_rest(chosen)
    moving_on: dict[int, list[Lesson]] = {}
    for lessons, choice in chosen:
        if choice.how == SHIFT:
            moving_on.setdefault(lessons[0].series_id, []).append(lessons[0])
    beside = _beside(db, person, shown)
    with recorded(db, [*series_of(db, shown), *beside.values()], AWAY, by=by, now=now) as recording:
        for lessons, choice in sorted(chosen, key=lambda pair: _TURNS.get(pair[1].how, 0)):
            with _of_lesson(lessons):
                if choice.how != SHIFT:
                    _deal_with(db, person, lessons, choice, absence, agents, now, by)
                elif some := moving_on.pop(lessons[0].series_id, []):
                    _move_on(db, some, absence, beside, by, now)
    absence.change = recording.change
    db.flush()
    return absence


_TURNS = {MOVE: 1, SHIFT: 2}
"""What is done last: it goes where there is room when all else is done."""


@contextmanager
def _of_lesson(lessons: Sequence[Lesson]) -> Iterator[None]:
    """A refusal within is said to be about these."""
    on = lessons[0].date
    try:
        yield
    except Refused as no:
        words = N_("%(class_name)s on %(date)s: %(why)s")
        raise Refused(words, class_name=_named(lessons), date=on, why=Words(no.msgid, no.values)) from no


def state_of_rest(lesson: Lesson) -> int:
    """A number that is another as soon as a lesson of the series has been changed."""
    return sum(one.version for one in lesson.series.lessons)


def _refuse_changed_rest(chosen: Collection[tuple[Sequence[Lesson], Choice]]) -> None:
    for lessons, choice in chosen:
        if choice.how == SHIFT and choice.rest_seen != state_of_rest(lessons[0]):
            raise Refused(CHANGED)


def _move_on(db: Session, lost: Sequence[Lesson], absence: Absence, beside: Mapping[int, Series], by: Person, now: datetime) -> None:
    shifts = move_on(db, lost, (absence.person, absence.from_date, absence.to_date), now, known=beside)
    if not shifts:
        raise Refused(N_("the rest of the series cannot move on: there is no room for it"))
    for one in shifts:
        put_at(one.lesson, (one.date, one.start, one.end), "", by, now)
    db.flush()


def _named(lessons: Sequence[Lesson]) -> str:
    return ", ".join(lesson.series.school_class.name for lesson in lessons)


CHANGED = N_("Something has been changed in these lessons since you looked. This is how they stand now: choose once more.")


def _refuse_changed(lessons: Collection[Lesson], choices: Mapping[str, Choice]) -> None:
    now = {lesson.public_id: lesson.version for lesson in lessons}
    if now != {id: choice.seen for id, choice in choices.items()}:
        raise Refused(CHANGED)


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
    if agent is None or nearness(agent, lessons) is None:
        raise Refused(N_("Choose a colleague who may hold it."))
    [stated] = agents_in_weeks(db, [agent], lessons[0], (lessons[0].date, lessons[0].date))
    if (why := against(stated, agent, lessons[0])) is not None:
        raise Refused(N_("%(name)s cannot hold the lesson: %(why)s."), name=agent.name, why=why)
    for lesson in lessons:
        lesson.staff[:] = sorted({agent, *lesson.staff} - {person}, key=lambda one: one.name)


def _move(db: Session, lessons: Sequence[Lesson], to: date, start: time | None, absence: Absence, now: datetime, by: Person) -> None:
    if absence.from_date <= to <= absence.to_date:
        raise Refused(N_("%(name)s is away on %(date)s too."), name=absence.person.name, date=to)
    for lesson in lessons:
        if (lesson.date, lesson.start) != (to, start or lesson.start):
            move_lesson(db, lesson, to, start, by=by, now=now)


def take_back_away(db: Session, absence: Absence, *, tell: Callable[[Absence], None], by: Person, now: datetime) -> None:
    """She is not away after all: her lessons are as they were, and whoever was told is told so (`tell`, asked before they are).

    Raises Refused as `undo` does.
    """
    tell(absence)
    if absence.change is not None:
        undo(db, absence.change, by=by, now=now)
    else:
        db.delete(absence)
    db.flush()


def take_back(db: Session, change: PlanChange, *, tell: Callable[[Absence], None], by: Person, now: datetime) -> Person | None:
    """Take any change back; who is not away after all, where that was what it was for. Raises Refused as `undo` does."""
    absence = db.scalars(select(Absence).where(Absence.change_id == change.id)).first()
    if absence is None:
        undo(db, change, by=by, now=now)
        return None
    person = absence.person
    take_back_away(db, absence, tell=tell, by=by, now=now)
    return person
