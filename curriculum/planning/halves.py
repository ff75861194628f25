"""The halves of a class, which have each theme in the same week unless something has parted them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, aliased

from curriculum.keeping import Kept
from curriculum.people import HALF, SchoolClass
from curriculum.planning.calendar import Week, iso_week
from curriculum.planning.listing import Listed
from curriculum.planning.models import CANCELLED, PLANNED, Lesson, Series
from curriculum.planning.moving import PossibleDate, Standing, Time, at_length, possible_in, times_in

Weeks = list[tuple[str, Week]]
"""The names of the other halves, each with the week in which it has a theme."""


NOWHERE: Mapping[int, date] = MappingProxyType({})
"""No lesson is thought of on another date."""


class OtherHalf(NamedTuple):
    """The lesson (by its id) that another half of the class has of the same theme, and what that half is called."""

    lesson_id: int
    series_id: int
    name: str
    date: date

    @property
    def week(self) -> Week:
        return iso_week(self.date)


def other_halves(db: Session, lessons: Iterable[Lesson | Listed]) -> Mapping[int, list[OtherHalf]]:
    """The lessons that the other halves of the class have of the theme of a lesson that is planned, by its id, in time order.

    A lesson that takes up the rest of another is not counted. One query, none without lessons and none while nothing has changed.
    """
    ids = frozenset(one.id for one in lessons if one.state == PLANNED and one.carried_from_id is None)
    return _kept.get(db, ids) if ids else {}


def _read(db: Session, ids: frozenset[int]) -> Mapping[int, list[OtherHalf]]:
    found: dict[int, list[OtherHalf]] = {}
    for id_, *one in db.execute(_others(), {"ids": list(ids)}):
        found.setdefault(id_, []).append(OtherHalf._make(one))
    return found


_kept = Kept(_read)


@cache
def _others() -> Select[int, int, int, str, date]:
    """Built once: building it takes ten times as long as asking it."""
    other, its, half, mine, own = aliased(Lesson), aliased(Series), aliased(SchoolClass), aliased(Series), aliased(SchoolClass)
    return (
        select(Lesson.id, other.id, other.series_id, half.name, other.date)
        .join(mine, mine.id == Lesson.series_id)
        .join(own, own.id == mine.class_id)
        .join(half, (half.whole_id == own.whole_id) & (half.id != own.id))
        .join(its, its.class_id == half.id)
        .join(other, (other.series_id == its.id) & (other.theme_id == Lesson.theme_id))
        .where(
            Lesson.id.in_(bindparam("ids", expanding=True)),
            own.kind == HALF,
            its.thrown_away_at.is_(None),
            other.state != CANCELLED,
            other.carried_from_id.is_(None),
        )
        .order_by(half.name, other.date)
    )


def weeks_of_other_halves(db: Session, lessons: Iterable[Lesson | Listed], dates: Mapping[int, date] = NOWHERE) -> dict[int, Weeks]:
    """In which weeks they have it, by the lesson's id: their names, each with the week; with lessons (by id) on other dates than now."""
    found = other_halves(db, lessons)
    return {id_: [(one.name, iso_week(dates.get(one.lesson_id, one.date))) for one in others] for id_, others in found.items()}


def apart_in(others: Weeks, week: Week) -> Weeks:
    """The halves that have a theme in another week than this: what parts them, wherever it is asked."""
    return [(name, its) for name, its in others if its != week]


def halves_apart(db: Session, lessons: Iterable[Lesson | Listed], dates: Mapping[int, date] = NOWHERE) -> dict[int, Weeks]:
    """As `weeks_of_other_halves`, of the lessons that are in another week than those."""
    there = list(lessons)
    own = {one.id: iso_week(dates.get(one.id, one.date)) for one in there}
    apart = {id_: apart_in(weeks, own[id_]) for id_, weeks in weeks_of_other_halves(db, there, dates).items()}
    return {id_: weeks for id_, weeks in apart.items() if weeks}


# --- Both in the same week again ------------------------------------------------------------------------------------------------------


def followers(db: Session, lesson: Lesson, today: date) -> list[tuple[Lesson, PossibleDate]]:
    """The lessons of the other halves that stand in another week than a lesson and can come to its week, each with what that offers it."""
    week, found = iso_week(lesson.date), []
    apart = [one for one in other_halves(db, [lesson]).get(lesson.id, ()) if one.week != week]
    for other in db.scalars(select(Lesson).where(Lesson.id.in_([one.lesson_id for one in apart])).order_by(Lesson.id)) if apart else ():
        if is_free_to_follow(other, today):
            offer = possible_in(db, other, week, today)
            if offer.is_free or offer.is_swap:
                found.append((other, offer))
    return found


def is_free_to_follow(lesson: Lesson, today: date) -> bool:
    """Whether a lesson may go where the other half's goes: it is ahead, its date is not locked, and it is held with no other class."""
    return lesson.state == PLANNED and lesson.date > today and not lesson.date_locked and lesson.joint is None


def in_the_same_weeks(standing: Standing, series: Series, weeks: Mapping[Lesson, Week], today: date) -> dict[Lesson, Time]:
    """When lessons of a half would be held in the weeks into which the other half's have gone, all of them at once.

    At the first weekly time of the week that none of its other lessons has. Nothing where one of them cannot follow, since a rule would
    break or its date may not change.
    """
    staying = {(one.date, one.start) for one in series.lessons if one not in weeks and one.state != CANCELLED}
    found: dict[Lesson, Time] = {}
    for lesson, week in weeks.items():
        taken: Collection[tuple[date, object]] = staying | {when[:2] for when in found.values()}
        free = next((one for one in times_in(series, week) if one not in taken and one[0] > today), None)
        if free is None or not is_free_to_follow(lesson, today):
            return {}
        found[lesson] = at_length(lesson, *free)
    return {} if standing.breach({one.public_id: when for one, when in found.items()}) else found
