"""A class's teacher says that the class is taken when a lesson is to be held; the agent answers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session, joinedload

from curriculum.base import N_, Refused
from curriculum.people import Person, visible
from curriculum.planning.away import series_of
from curriculum.planning.changing import LOCAL, refuse_settled
from curriculum.planning.models import ACCEPTED, DECLINED, OPEN, PLANNED, DateProposal, Lesson, PlanChange, Series
from curriculum.planning.moving import PossibleDate, move_lesson, possible_dates
from curriculum.planning.reasons import CHANGE_REASONS
from curriculum.planning.recording import recorded, undo
from curriculum.planning.seen import SeenLesson, seen_lessons

PROPOSED = "proposed"
"""The kind of the change that an accepted proposal makes."""

OVERTAKEN = "overtaken"
"""What a proposal is when its lesson was moved, held or cancelled before anybody answered. Derived, never stored."""

MOST_A_DAY = 5
"""Proposals for one class in 24 hours: whoever has the link needs no account."""

MOST_DAYS = 12
"""Days offered as another day."""


def other_days(db: Session, lesson: Lesson, today: date) -> list[PossibleDate]:
    """The days on which a lesson could be held instead, the nearest first."""
    return [one for one in possible_dates(db, lesson, today) if one.is_free][:MOST_DAYS]


def say_taken(db: Session, lesson: Lesson, *, why: str, wish: date | None, now: datetime) -> DateProposal:
    """The class is taken when the lesson is to be held; another day is wished for, or none.

    Raises Refused when the lesson is settled or over, when this has been said already, for a reason that is not of the list, for a day on
    which it cannot be held, and when a class has said so too often in a day.
    """
    refuse_settled(lesson)
    today = now.astimezone(LOCAL).date()
    if lesson.date < today:
        raise Refused(N_("The day of the lesson has passed."))
    if why and why not in CHANGE_REASONS:
        raise Refused(N_("Choose among those that are offered."), at="why")
    if wish is not None and all(one.date != wish for one in other_days(db, lesson, today)):
        raise Refused(N_("The lesson cannot be held on %(date)s. Choose another day, or none."), at="wish", date=wish)
    if any(is_open(one, today) for one in db.scalars(select(DateProposal).where(DateProposal.lesson_id == lesson.id))):
        raise Refused(N_("This has been said already. The agent has not answered yet."))
    _refuse_too_many(db, lesson, now)
    proposal = DateProposal(district_id=lesson.district_id, lesson=lesson, stood_on=lesson.date, why=why, wish=wish, state=OPEN, at=now)
    db.add(proposal)
    db.flush()
    return proposal


def _refuse_too_many(db: Session, lesson: Lesson, now: datetime) -> None:
    of_class = Lesson.series_id.in_(select(Series.id).where(Series.class_id == lesson.series.class_id))
    query = select(func.count()).select_from(DateProposal).join(DateProposal.lesson)
    if (db.scalar(query.where(of_class, DateProposal.at > now - timedelta(days=1))) or 0) >= MOST_A_DAY:
        raise Refused(N_("This has been said about many lessons of the class today. Talk to the agent instead."))


def is_open(proposal: DateProposal, today: date) -> bool:
    """Whether a proposal still waits for an answer."""
    return state_of_proposal(proposal, today) == OPEN


def state_of_proposal(proposal: DateProposal, today: date) -> str:
    """OPEN, ACCEPTED, DECLINED, or OVERTAKEN."""
    lesson = proposal.lesson
    if proposal.state == OPEN and (lesson.date != proposal.stood_on or lesson.state != PLANNED or lesson.date < today):
        return OVERTAKEN
    return proposal.state


def latest_proposals(db: Session, lessons: Collection[str]) -> dict[str, DateProposal]:
    """The last that was said of each lesson (by its public id), with the lesson. One query."""
    return {one.lesson.public_id: one for one in db.scalars(_OF_LESSONS, {"lessons": lessons})} if lessons else {}


_OF_LESSONS = (
    select(DateProposal)
    .join(DateProposal.lesson)
    .where(Lesson.public_id.in_(bindparam("lessons", expanding=True)))
    .order_by(DateProposal.id)
    .options(joinedload(DateProposal.lesson, innerjoin=True))
)


class ToAnswer(NamedTuple):
    """A proposal that waits for an answer."""

    public_id: str
    why: str
    wish: date | None
    lesson: SeenLesson


def proposals_to_answer(db: Session, person: Person, today: date) -> list[ToAnswer]:
    """What waits for the answer of a person who plans for the class, by the date of the lesson. A fixed number of queries."""
    found = db.execute(_to_answer(visible(person, DateProposal, today, "plan")), {"today": today}).all()
    lessons = {one.id: one for one in seen_lessons(db, _among(), {"ids": [row[0] for row in found]})} if found else {}
    return [ToAnswer(public_id, why, wish, lessons[id]) for id, public_id, why, wish in found]


@cache
def _among() -> Select[Lesson]:
    return select(Lesson).join(Lesson.series).where(Lesson.id.in_(bindparam("ids", expanding=True)))


@lru_cache
def _to_answer(seen: Select[DateProposal]) -> Select[int, str, str, date | None]:
    """Built once for the same rights: building such a query takes longer than asking it."""
    return (
        seen.join(DateProposal.lesson)
        .join(Lesson.series)
        .where(
            DateProposal.state == OPEN,
            DateProposal.stood_on == Lesson.date,
            Lesson.state == PLANNED,
            Lesson.date >= bindparam("today"),
            Series.thrown_away_at.is_(None),
        )
        .order_by(Lesson.date, Lesson.start, DateProposal.id)
        .with_only_columns(DateProposal.lesson_id, DateProposal.public_id, DateProposal.why, DateProposal.wish)
    )


def accept(db: Session, proposal: DateProposal, to: date, start: time | None = None, *, by: Person, now: datetime) -> PlanChange | None:
    """Hold the lesson on another day, as it was asked; the change can be taken back.

    Raises Refused when it was answered already or the lesson has been changed since, and as a move does.
    """
    lesson = _still_open(proposal, now)
    with recorded(db, series_of(db, [lesson]), PROPOSED, by=by, now=now) as recording:
        move_lesson(db, lesson, to, start, why=proposal.why, by=by, now=now)
    _answer(db, proposal, ACCEPTED, by, now)
    return recording.change


def decline(db: Session, proposal: DateProposal, *, by: Person, now: datetime) -> None:
    """The lesson stays where it is. Raises Refused when it was answered already or the lesson has been changed since."""
    _still_open(proposal, now)
    _answer(db, proposal, DECLINED, by, now)


def take_back_answer(db: Session, proposal: DateProposal, *, by: Person, now: datetime) -> None:
    """A proposal waits for an answer again, and its lesson is where it was.

    Raises Refused when it was not answered, and when the lesson has been changed since.
    """
    if proposal.state == OPEN:
        raise Refused(N_("This has been taken back already."))
    if proposal.state == ACCEPTED:
        moved = PlanChange.kind == PROPOSED, PlanChange.at == proposal.answered_at, PlanChange.by_id == proposal.answered_by_id
        undo(db, db.scalars(select(PlanChange).where(*moved, PlanChange.district_id == proposal.district_id)).one(), by=by, now=now)
    proposal.state, proposal.answered_at, proposal.answered_by_id = OPEN, None, None
    _still_open(proposal, now)
    db.flush()


def _still_open(proposal: DateProposal, now: datetime) -> Lesson:
    state = state_of_proposal(proposal, now.astimezone(LOCAL).date())
    if state == OVERTAKEN:
        raise Refused(N_("The lesson has been moved, held or cancelled since the teacher wrote. There is nothing to answer any more."))
    if state != OPEN:
        raise Refused(N_("Somebody has answered this already."))
    return proposal.lesson


def _answer(db: Session, proposal: DateProposal, state: str, by: Person, now: datetime) -> None:
    proposal.state, proposal.answered_at, proposal.answered_by_id = state, now, by.id
    db.flush()
