"""Holding lessons of several classes as one, as when the police come once for both, and each by itself again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time
from itertools import chain

from sqlalchemy import Select, bindparam
from sqlalchemy.orm import Session, contains_eager

from curriculum.base import N_, Refused, new_code
from curriculum.people import Person, SchoolClass
from curriculum.planning.changing import LOCAL, refuse_settled
from curriculum.planning.engine.checking import Violation, check
from curriculum.planning.engine.problem import Words
from curriculum.planning.engine.wording import because
from curriculum.planning.models import PLANNED, Lesson, Series
from curriculum.planning.moving import Standing, Time, as_it_stands, at_length, of_class, possible_dates, put_at
from curriculum.planning.partners import as_one, partners
from curriculum.planning.recording import changes_of, recorded
from curriculum.planning.stating import plan_as_it_stands, problem_for

JOINED, PARTED = "joined", "parted"
"""What the plan's history calls it."""


# --- What may be held with it -----------------------------------------------------------------------------------------------------------


def joinable(db: Session, lesson: Lesson, among: Select[Lesson], today: date) -> Sequence[Lesson]:
    """The lessons, of those in `among`, that could be held as one with a lesson, by class and date. One query.

    Those of other series at the same school with the same theme, from today on, neither locked nor held as one with others already.
    """
    query = (
        among.join(Lesson.series)
        .join(Series.school_class)
        .where(
            Lesson.theme_id == bindparam("theme"),
            Lesson.series_id != bindparam("series"),
            SchoolClass.school_id == bindparam("school"),
            Lesson.state == PLANNED,
            Lesson.date >= bindparam("today"),
            Lesson.date_locked.is_(False),
            Lesson.joint.is_(None),
        )
        .options(contains_eager(Lesson.series).contains_eager(Series.school_class))
        .order_by(SchoolClass.name, Lesson.date, Lesson.id)
    )
    school = lesson.series.school_class.school_id
    return db.scalars(query, {"theme": lesson.theme_id, "series": lesson.series_id, "school": school, "today": today}).unique().all()


# --- Held as one ------------------------------------------------------------------------------------------------------------------------


def join(db: Session, lesson: Lesson, others: Collection[Lesson], *, by: Person | None, now: datetime) -> None:
    """Hold lessons of other classes as one with a lesson: they get its day, time, room and visitor, and from now on go where it goes.

    Raises Refused at `others` for none, for one that is of no other class, has another theme, was held, has passed, is locked or is held as
    one with others already, and when a rule of a class's plan that is not broken already would be.
    """
    refuse_settled(lesson)
    if _begins(lesson) <= now:
        raise Refused(N_("The lesson has begun. What is held as one must be agreed on before."), at="others")
    _refuse_no_partner(lesson, others, partners(db, lesson), now)
    series = list(dict.fromkeys(one.series for one in (lesson, *others)))
    before = {one: _broken(db, one) for one in series}
    with recorded(db, series, JOINED, by=by, now=now):
        lesson.joint = lesson.joint or new_code(6)
        for other in others:
            _put_with(other, lesson, by, now)
        db.flush()
        for one in series:
            _refuse_new_breach(db, one, before[one])


def _refuse_no_partner(lesson: Lesson, others: Collection[Lesson], there: Collection[Lesson], now: datetime) -> None:
    if not others:
        raise Refused(N_("Choose at least one lesson."), at="others")
    series = [one.series_id for one in (lesson, *there, *others)]
    if len(set(series)) < len(series):
        raise Refused(N_("Choose one lesson of each class."), at="others")
    for other in others:
        if (no := _no_partner(lesson, other, now)) is not None:
            raise Refused(N_("The lessons cannot be held as one: %(why)s."), at="others", why=of_class(other.series.school_class, no))


def _no_partner(lesson: Lesson, other: Lesson, now: datetime) -> Words | None:
    """Why a lesson cannot be held as one with another whatever the rules of the plan say, as half a sentence."""
    if other.theme_id != lesson.theme_id:
        return Words(N_("the lesson has another theme"))
    if other.series.school_class.school_id != lesson.series.school_class.school_id:
        return Words(N_("the class is at another school"))
    if other.state != PLANNED or _begins(other) <= now:
        return Words(N_("the lesson has been held, has passed or is cancelled"))
    if other.date_locked:
        return Words(N_("the date is locked"))
    return Words(N_("it is held as one with another class already")) if other.joint else None


def _begins(lesson: Lesson) -> datetime:
    return datetime.combine(lesson.date, lesson.start, LOCAL)


def _put_with(other: Lesson, lesson: Lesson, by: Person | None, now: datetime) -> None:
    """What is agreed on for a lesson holds for another one too."""
    if _when(other) != _when(lesson):
        put_at(other, _when(lesson), "", by, now)
    other.joint, other.date_locked = lesson.joint, lesson.date_locked
    other.room, other.room_confirmed = lesson.room, lesson.room_confirmed
    if lesson.asked_presenter is not None:
        other.asked_presenter, other.presenter_answer = lesson.asked_presenter, lesson.presenter_answer


def _when(lesson: Lesson) -> Time:
    return lesson.date, lesson.start, lesson.end


def _broken(db: Session, series: Series) -> Sequence[Violation]:
    return check(problem_for(db, series), plan_as_it_stands(series)).violations


def _refuse_new_breach(db: Session, series: Series, before: Sequence[Violation]) -> None:
    problem = problem_for(db, series)
    new = next((one for one in check(problem, plan_as_it_stands(series)).violations if one not in before), None)
    if new is not None:
        why = of_class(series.school_class, because(problem, new.rule, new.owner, new.why))
        raise Refused(N_("The lessons cannot be held as one: %(why)s."), at="others", why=why)


# --- Each by itself ---------------------------------------------------------------------------------------------------------------------


def part(db: Session, lesson: Lesson, *, by: Person | None, now: datetime) -> None:
    """Hold each of the lessons that are one by itself again: where it stood before, else where it stands, else at the first free time.

    Raises Refused when it is not held as one with others, was held or is cancelled, and when there is no free time for one of them.
    """
    refuse_settled(lesson)
    whole = as_one(db, lesson)
    if lesson.joint is None:
        raise Refused(N_("The lesson is not held as one with another."))
    stood = {one: before for one in whole if (before := _stood(db, one, now)) is not None}
    with recorded(db, list(whole.values()), PARTED, by=by, now=now):
        for one in whole:
            one.joint = None
        db.flush()
        for one in sorted(whole, key=lambda one: (stood.get(one, _when(one)) == _when(one), one is lesson, one.id)):
            _put_apart(db, one, stood.get(one), by, now)
            db.flush()


def _stood(db: Session, lesson: Lesson, now: datetime) -> Time | None:
    """Where a lesson stood when it was joined with others; None where nothing is on record of it, or where that time has passed."""
    changes = (change for change in changes_of(db, [lesson.series]) if change.kind == JOINED)
    states = (item["before"] for change in changes for item in change.lessons if item["lesson"] == lesson.public_id)
    for state in states:
        when = date.fromisoformat(state["date"]), time.fromisoformat(state["start"]), time.fromisoformat(state["end"])
        return when if datetime.combine(when[0], when[1], LOCAL) > now else None
    return None


def _put_apart(db: Session, lesson: Lesson, stood: Time | None, by: Person | None, now: datetime) -> None:
    standing, here = as_it_stands(db, lesson.series), _when(lesson)
    times = [here] if stood is None else [stood, here]
    when = next((one for one in chain(times, _free(db, lesson, now)) if _is_whole(standing, lesson, one)), None)
    if when is None:
        words = N_("There is no free time for %(name)s by itself. Find a new date for the lesson first.")
        raise Refused(words, name=lesson.series.school_class.name)
    if when != here:
        put_at(lesson, when, "", by, now)


def _is_whole(standing: Standing, lesson: Lesson, when: Time) -> bool:
    """Whether no rule speaks against a lesson at a time."""
    broken = standing.broken_with({lesson.public_id: when})
    return not any(lesson.public_id in (one.session, one.owner) for one in broken)


def _free(db: Session, lesson: Lesson, now: datetime) -> Iterator[Time]:
    """The times that are free for a lesson, from now on; nothing is asked before the first is."""
    for offer in possible_dates(db, lesson, now.astimezone(LOCAL).date()):
        if offer.is_free and datetime.combine(offer.date, offer.start, LOCAL) > now:
            yield at_length(lesson, offer.date, offer.start)
