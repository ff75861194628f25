"""Changes of plans that can be taken back exactly: each is recorded with what every lesson was before it and became by it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, load_only, selectinload

from curriculum.base import N_, Refused
from curriculum.keeping import Kept
from curriculum.people import Person, SchoolClass
from curriculum.planning.engine.checking import Violation, check
from curriculum.planning.engine.wording import because
from curriculum.planning.history import remember
from curriculum.planning.models import (
    CANCELLED,
    CONTINUED,
    HELD,
    MOVED,
    RESTORED,
    Absence,
    Lesson,
    PlanChange,
    Series,
    Slot,
    plan_change_series,
)
from curriculum.planning.stating import plan_as_it_stands, problem_for

PLAIN = (
    "theme_id", "position", "minutes", "room", "room_confirmed", "presenter", "presenter_id", "presenter_answer", "fallback_theme_id",
    "joint", "by_teacher", "carried_from_id", "date_locked", "state", "room_need", "pinned_version_id",
)  # fmt: skip
"""What of a lesson is remembered as it is; its date, times, staff and classes are remembered beside."""

_SLOT = ("weekday", "start", "end", "from_date", "to_date", "cycle_anchor", "cycle_every", "cycle_weeks")

MOST = 20
"""So many changes are listed."""

State = dict[str, Any]
"""A lesson as it stood, in values that JSON can hold."""


@dataclass
class Recording:
    """What `recorded` gives: the change, once it is over and if anything became another."""

    change: PlanChange | None = None


@contextmanager
def recorded(db: Session, series: Collection[Series], kind: str, *, by: Person | None, now: datetime) -> Iterator[Recording]:
    """Put on record what becomes of the lessons and the weekly times of these series within it.

    Within another recording nothing is recorded apart: the outermost one has it all. A refusal records nothing.
    """
    recording = Recording()
    if db.info.get("recording"):
        yield recording
        return
    _read_at_once(db, series)
    before = _states(series)
    slots = {one.public_id: _frame(one) for one in series}
    db.info["recording"] = True
    try:
        yield recording
    finally:
        db.info.pop("recording", None)
    db.flush()
    recording.change = _change(db, series, kind, before, slots, by, now)


def _change(
    db: Session,
    series: Collection[Series],
    kind: str,
    before: Mapping[str, State],
    slots: Mapping[str, Frame],
    by: Person | None,
    now: datetime,
) -> PlanChange | None:
    after = _states(series)
    ids = [*before, *(id for id in after if id not in before)]
    lessons = [{"lesson": id, "before": before.get(id), "after": after.get(id)} for id in ids if before.get(id) != after.get(id)]
    moved = {one.public_id: _framed(slots[one.public_id], _frame(one)) for one in series if slots[one.public_id] != _frame(one)}
    if not lessons and not moved:
        return None
    touched = [one for one in series if one.public_id in moved or any(_is_of(one, item) for item in lessons)]
    change = PlanChange(
        district_id=touched[0].district_id, kind=kind, lessons=lessons, slots=moved, by_id=by.id if by else None, at=now, series=touched
    )
    db.add(change)
    db.flush()
    return change


def _is_of(series: Series, item: Mapping[str, Any]) -> bool:
    return series.id in {state["series_id"] for state in (item["before"], item["after"]) if state}


def _read_at_once(db: Session, series: Collection[Series]) -> None:
    """Who holds each lesson and for which classes, in two queries instead of two a lesson."""
    query = select(Lesson).where(Lesson.series_id.in_([one.id for one in series]))
    db.scalars(query.options(load_only(Lesson.id), selectinload(Lesson.staff), selectinload(Lesson.classes))).all()


def _states(series: Collection[Series]) -> dict[str, State]:
    return {lesson.public_id: state_of_lesson(lesson) for one in series for lesson in one.lessons}


def state_of_lesson(lesson: Lesson) -> State:
    """A lesson as it stands, in values that JSON can hold: the same for the same state."""
    return {name: getattr(lesson, name) for name in PLAIN} | {
        "series_id": lesson.series_id,
        "date": lesson.date.isoformat(),
        "start": lesson.start.isoformat(),
        "end": lesson.end.isoformat(),
        "staff": sorted(person.id for person in lesson.staff),
        "classes": sorted(group.id for group in lesson.classes),
    }


def _slots(series: Series) -> list[State]:
    return sorted(({name: _plain(getattr(slot, name)) for name in _SLOT} for slot in series.slots), key=str)


Frame: TypeAlias = tuple[list[State], list[int]]
"""The weekly times of a series, and the ids of its agents."""


def _frame(series: Series) -> Frame:
    return _slots(series), sorted(agent.id for agent in series.agents)


def _framed(before: Frame, after: Frame) -> dict[str, Any]:
    """What became of a series' weekly times, and of its agents where they are others."""
    slots = {"before": before[0], "after": after[0]}
    return slots if before[1] == after[1] else slots | {"agents": {"before": before[1], "after": after[1]}}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | time) else value


# --- What was done, and taking it back ------------------------------------------------------------------------------------------------


def changes_of(db: Session, series: Collection[Series], most: int = MOST) -> list[PlanChange]:
    """The last changes of these series that stand, the newest first: taken back in this order, each can be. Two queries."""
    query = select(PlanChange).where(PlanChange.undone_at.is_(None), PlanChange.series.any(Series.id.in_([one.id for one in series])))
    query = query.order_by(PlanChange.id.desc()).limit(most).options(selectinload(PlanChange.series), selectinload(PlanChange.by))
    return list(db.scalars(query))


class Recorded(NamedTuple):
    """A change that stands, as pages list it: `series` are ids, `by` is the name of who did it."""

    id: int
    public_id: str
    kind: str
    lessons: list[dict[str, Any]]
    at: datetime
    by: str | None
    series: tuple[int, ...]


def listed_changes(db: Session, series: Collection[int]) -> Sequence[Recorded]:
    """`changes_of` series (by id) as plain values. Two queries; none while nothing has changed."""
    return _kept_changes.get(db, frozenset(series))


def _read(db: Session, series: frozenset[int]) -> Sequence[Recorded]:
    touching = select(plan_change_series.c.change_id).where(plan_change_series.c.series_id.in_(series))
    query = (
        select(PlanChange.id, PlanChange.public_id, PlanChange.kind, PlanChange.lessons, PlanChange.at, Person.name)
        .outerjoin(PlanChange.by)
        .where(PlanChange.undone_at.is_(None), PlanChange.id.in_(touching))
        .order_by(PlanChange.id.desc())
        .limit(MOST)
    )
    rows: Sequence[Any] = db.execute(query).all()
    pairs = db.execute(select(plan_change_series).where(plan_change_series.c.change_id.in_([row.id for row in rows]))).all()
    return [Recorded._make((*row, tuple(one.series_id for one in pairs if one.change_id == row.id))) for row in rows]


_kept_changes = Kept(_read)


def change_of_now(db: Session, series: Series, now: datetime) -> PlanChange | None:
    """What has just been recorded of a series, at this very moment; None when nothing became another."""
    query = select(PlanChange).where(PlanChange.at == now, PlanChange.series.any(Series.id == series.id), PlanChange.undone_at.is_(None))
    return db.scalars(query.order_by(PlanChange.id.desc())).first()


def undo(db: Session, change: PlanChange, *, by: Person | None, now: datetime) -> None:
    """Take a change back: its lessons and weekly times are exactly as they were before it, and the absence it is for is not there.

    Raises Refused when that was done already, when one of the lessons has become another since (then that is taken back first), was
    recorded as held, or when something stands in the way now, in words.
    """
    if change.undone_at is not None:
        raise Refused(N_("This has been taken back already."))
    _read_at_once(db, change.series)
    there = {lesson.public_id: lesson for series in change.series for lesson in series.lessons}
    for item in change.lessons:
        _refuse_changed(there.get(item["lesson"]), item["after"])
    for series in change.series:
        if series.public_id in change.slots and _slots(series) != change.slots[series.public_id]["after"]:
            raise Refused(N_("The weekly times have been changed since. Take that back first."))
        if _frame(series)[1] != _agents(change, series).get("after", _frame(series)[1]):
            raise Refused(N_("The agents of the series have become others since. Take that back first."))
    db.execute(delete(Absence).where(Absence.change_id == change.id))
    broken = {series.id: _broken(db, series) for series in change.series}
    for item in change.lessons:
        _restore(db, change, there.get(item["lesson"]), item, by, now)
    for series in change.series:
        if series.public_id in change.slots:
            _restore_slots(series, change.slots[series.public_id]["before"])
        if agents := _agents(change, series):
            series.agents[:] = db.scalars(select(Person).where(Person.id.in_(agents["before"])).order_by(Person.name))
    db.flush()
    for series in change.series:
        db.expire(series, ["lessons", "slots"])
        _refuse_new_breach(db, series, broken[series.id])
    change.undone_at, change.undone_by_id = now, by.id if by else None
    db.flush()


def _refuse_changed(lesson: Lesson | None, after: State | None) -> None:
    if lesson is not None and lesson.state in (HELD, CONTINUED) and lesson.held_record is not None:
        raise Refused(N_("The lesson has been held and cannot be changed."))
    if (state_of_lesson(lesson) if lesson is not None else None) != after:
        raise Refused(N_("The lesson on %(date)s has been changed since. Take that back first."), date=_date(lesson, after))


def _date(lesson: Lesson | None, after: State | None) -> date:
    if lesson is not None:
        return lesson.date
    assert after is not None
    return date.fromisoformat(after["date"])


def _broken(db: Session, series: Series) -> Sequence[Violation]:
    return check(problem_for(db, series), plan_as_it_stands(series)).violations


def _refuse_new_breach(db: Session, series: Series, before: Sequence[Violation]) -> None:
    problem = problem_for(db, series)
    new = next((one for one in check(problem, plan_as_it_stands(series)).violations if one not in before), None)
    if new is not None:
        raise Refused(N_("This cannot be taken back now: %(why)s."), why=because(problem, new.rule, new.owner, new.why))


def _restore(db: Session, change: PlanChange, lesson: Lesson | None, item: Mapping[str, Any], by: Person | None, now: datetime) -> None:
    before: State | None = item["before"]
    if before is None:
        assert lesson is not None
        _take_out(db, lesson)
        return
    if lesson is None:
        series = next(one for one in change.series if one.id == before["series_id"])
        lesson = Lesson(public_id=item["lesson"], district_id=change.district_id, series_id=series.id, **_dated(before), **_kept(before))
        series.lessons.append(lesson)
    else:
        _tell(lesson, before, by, now)
    for name, value in (_dated(before) | _kept(before)).items():
        setattr(lesson, name, value)
    _set_people(db, lesson, before)


def _take_out(db: Session, lesson: Lesson) -> None:
    """A lesson that the change added is gone again. One with a history of its own, which is kept, cannot go."""
    if lesson.moves:
        raise Refused(N_("The lesson on %(date)s has a history and cannot be taken out. Cancel it instead."), date=lesson.date)
    lesson.series.lessons.remove(lesson)
    db.delete(lesson)


def _dated(state: State) -> dict[str, Any]:
    return {"date": date.fromisoformat(state["date"]), "start": time.fromisoformat(state["start"]), "end": time.fromisoformat(state["end"])}


def _kept(state: State) -> dict[str, Any]:
    return {name: state[name] for name in PLAIN if name in state}


def _tell(lesson: Lesson, before: State, by: Person | None, now: datetime) -> None:
    """The lesson's history says what the taking back does to its state or its date."""
    when = _dated(before)
    if lesson.state != before["state"] and CANCELLED in (lesson.state, before["state"]):
        remember(lesson, CANCELLED if before["state"] == CANCELLED else RESTORED, when["date"], when["start"], "", by, now)
    elif (lesson.date, lesson.start) != (when["date"], when["start"]):
        remember(lesson, MOVED, when["date"], when["start"], "", by, now)


def _set_people(db: Session, lesson: Lesson, before: State) -> None:
    if sorted(person.id for person in lesson.staff) != before["staff"]:
        lesson.staff = list(db.scalars(select(Person).where(Person.id.in_(before["staff"]))))
    if sorted(group.id for group in lesson.classes) != before["classes"]:
        lesson.classes = list(db.scalars(select(SchoolClass).where(SchoolClass.id.in_(before["classes"]))))


def _agents(change: PlanChange, series: Series) -> dict[str, list[int]]:
    """Who the agents of a series were before a change and after it; empty where it did not change them."""
    agents: dict[str, list[int]] = change.slots.get(series.public_id, {}).get("agents", {})
    return agents


def _restore_slots(series: Series, before: Sequence[State]) -> None:
    series.slots[:] = [Slot(**{name: _typed(name, state[name]) for name in _SLOT}) for state in before]
    series.confirmed_at = series.confirmed_by_id = None


def _typed(name: str, value: Any) -> Any:
    if value is None or name not in ("start", "end", "from_date", "to_date", "cycle_anchor"):
        return value
    return time.fromisoformat(value) if name in ("start", "end") else date.fromisoformat(value)
