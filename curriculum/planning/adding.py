"""Adding a theme to a series that is there already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import chain

from sqlalchemy.orm import Session

from curriculum.base import N_, Refused
from curriculum.ideabank import DocumentVersion
from curriculum.people import Person
from curriculum.planning.calendar import iso_week
from curriculum.planning.changing import LOCAL
from curriculum.planning.engine.checking import Violation, check
from curriculum.planning.engine.problem import Placed, Problem
from curriculum.planning.engine.problem import Session as PlainSession
from curriculum.planning.engine.wording import because
from curriculum.planning.making import new_lesson
from curriculum.planning.models import CANCELLED, PLANNED, Lesson, Series, Slot
from curriculum.planning.moving import move_lesson, times_in
from curriculum.planning.recording import recorded
from curriculum.planning.stating import dated_slot, is_on, orders_of, plan_as_it_stands, problem_for
from curriculum.planning.wishing import Theme, theme_of

ADDED = "lesson added"
"""What the plan's history calls it."""


def add_lesson(
    db: Session, series: Series, theme: DocumentVersion, *, on: date | None = None, by: Person | None, today: date, now: datetime
) -> Lesson:
    """Hold one more theme of the bank: on a date at the weekly time, or (None) at the next weekly time that is free after today.

    What the template puts last moves on to make room, when no time before it is free. Raises Refused when the series has a lesson of
    the theme, when its lessons are too short for it, and when the date, or every weekly time left, would break a rule that is not
    broken already.
    """
    added = theme_of(theme)
    _refuse_theme(series, added)
    with recorded(db, [series], ADDED, by=by, now=now):
        return _add(db, series, added, on, by, today, now)


def _add(db: Session, series: Series, added: Theme, on: date | None, by: Person | None, today: date, now: datetime) -> Lesson:
    day = _next_free(db, series, added, by, today, now) if on is None else _as_wished(db, series, added, on, today)
    slot = _slot(series, day)
    if datetime.combine(day, slot.start, LOCAL) <= now:
        raise Refused(N_("%(time)s today has passed. Choose another day."), at="date", time=slot.start)
    position = max((one.position for one in series.lessons), default=0) + 1
    lesson = new_lesson(series.school_class, added, series.agents, position, day, dated_slot(added.document.key, day, slot.start, slot.end))
    series.lessons.append(lesson)
    db.flush()
    return lesson


def _refuse_theme(series: Series, added: Theme) -> None:
    if any(one.theme_id == added.version.document_id and one.state != CANCELLED for one in series.lessons):
        raise Refused(N_("The series already has “%(theme)s”."), at="theme", theme=added.version.title)
    slot = series.slots[0]
    minutes = dated_slot("", date.min, slot.start, slot.end).minutes
    if added.minutes > minutes:
        raise Refused(
            N_("“%(theme)s” needs at least %(needed)s minutes; the lesson is %(minutes)s."),
            at="theme", theme=added.version.title, needed=added.minutes, minutes=minutes,
        )  # fmt: skip


def _as_wished(db: Session, series: Series, added: Theme, day: date, today: date) -> date:
    if day < today:
        words = N_("%(date)s has passed. Choose a day from %(from)s to %(to)s.")
        raise Refused(words, at="date", date=day, **{"from": max(today, series.from_date), "to": series.to_date})
    problem = problem_for(db, series)
    if new := _breaches(problem, series, added, day):
        then = _with_session(problem, series, added, day)
        why = because(then, new[0].rule, new[0].owner, new[0].why)
        raise Refused(N_("The lesson cannot be held on %(date)s: %(why)s."), at="date", date=day, why=why)
    return day


def _next_free(db: Session, series: Series, added: Theme, by: Person | None, today: date, now: datetime) -> date:
    problem, free = problem_for(db, series), list(_free_days(series, today))
    for day in free:
        if not _breaches(problem, series, added, day):
            return day
    if last := _movable_last(series, today):
        vacated = last.date
        for day in free:
            if day > vacated and _makes_room(db, last, day, by, now):
                return vacated
    raise Refused(N_("No weekly time is free for “%(theme)s”. Choose a date."), at="date", theme=added.version.title)


def _free_days(series: Series, today: date) -> Iterator[date]:
    """The weekly times after today, in weeks with fewer lessons than weekly times; a cancelled lesson keeps its place."""
    days = {lesson.date for lesson in series.lessons}
    taken = Counter(iso_week(lesson.date) for lesson in series.lessons)
    day = max(series.from_date, today + timedelta(days=1))
    while day <= series.to_date:
        is_given = day not in days and any(is_on(slot, day) for slot in series.slots)
        if is_given and taken[iso_week(day)] < len(times_in(series, iso_week(day))):
            yield day
        day += timedelta(days=1)


def _movable_last(series: Series, today: date) -> Lesson | None:
    """The lesson that the template puts last, when it stands ahead at the weekly time and may move."""
    orders = orders_of(series.outline_version)
    ahead = (one for one in series.lessons if one.state == PLANNED and not one.date_locked and one.date > today)
    return next((one for one in ahead if orders.get(one.theme.key) == "last"), None)


def _makes_room(db: Session, last: Lesson, day: date, by: Person | None, now: datetime) -> bool:
    try:
        move_lesson(db, last, day, last.start, by=by, now=now)
    except Refused:
        return False
    return True


def _slot(series: Series, day: date) -> Slot:
    """The weekly time on that weekday, or the series' first one at another day."""
    on_day = (slot for slot in series.slots if is_on(slot, day))
    same_weekday = (slot for slot in series.slots if slot.weekday == day.weekday())
    return next(chain(on_day, same_weekday), series.slots[0])


def _breaches(problem: Problem, series: Series, added: Theme, day: date) -> list[Violation]:
    """The rules that a lesson of the theme on that day would break, besides those that are broken already."""
    plan = plan_as_it_stands(series)
    then = replace(plan, sessions=(*plan.sessions, Placed(added.document.key, day, added.document.key)))
    before = check(problem, plan).violations
    return [one for one in check(_with_session(problem, series, added, day), then).violations if one not in before]


def _with_session(problem: Problem, series: Series, added: Theme, day: date) -> Problem:
    """The problem with one session more, at a time of its own; both are named by the theme's key."""
    [group], [stated], slot, key = problem.groups, problem.series, _slot(series, day), added.document.key
    order = orders_of(series.outline_version).get(key, "")
    session = PlainSession(key, key, added.version.title, added.minutes, order=order)
    slots = (*group.slots, dated_slot(key, day, slot.start, slot.end))
    return replace(problem, groups=(replace(group, slots=slots),), series=(replace(stated, sessions=(*stated.sessions, session)),))
