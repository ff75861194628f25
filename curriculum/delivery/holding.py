"""Saying that a lesson was held, and keeping the texts of its day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from curriculum import summaries
from curriculum.base import N_, Refused
from curriculum.ideabank import ThemeDocument
from curriculum.people import Person
from curriculum.planning import CANCELLED, CONTINUED, HELD, Lesson

LOCAL = ZoneInfo("Europe/Oslo")
"""The clock by which a lesson's day is over or not."""


def hold(
    db: Session, lesson: Lesson, *, by: Person, now: datetime, skipped: Collection[str] | None = None, unfinished: Collection[str] = ()
) -> Lesson:
    """Record that a lesson was held: its version is pinned, and the texts of the day are kept with it for ever.

    `skipped` and `unfinished` are uids of steps; None for `skipped` means those it was meant to do without. With unfinished steps the
    lesson is continued next time. Raises Refused for a lesson that is cancelled, still to come, or recorded already, and for an unknown
    step.
    """
    today = now.astimezone(LOCAL).date()
    _refuse_unheld(lesson, now)
    version = summaries.version_held(db, lesson, today)
    theme = summaries.theme_of(version)
    skipped = _meant_to_skip(db, lesson, theme) if skipped is None else skipped
    _refuse_unknown(theme, [*skipped, *unfinished])
    lesson.pinned_version = version
    lesson.state = CONTINUED if unfinished else HELD
    lesson.held_record = {
        "at": now.isoformat(),
        "by": by.public_id,
        "document": version.document.key,
        "version": version.number,
        "hash": version.hash,
        "skipped": [step.uid for step in theme.steps if step.uid in skipped],
        "unfinished": [step.uid for step in theme.steps if step.uid in unfinished],
        "local_steps": list(lesson.local_steps),
        **summaries.texts_of_day(db, lesson, version, today),
    }
    db.flush()
    return lesson


def _meant_to_skip(db: Session, lesson: Lesson, theme: ThemeDocument) -> Collection[str]:
    return summaries.planned_without(lesson, theme, summaries.extra_rests(db, [lesson]).get(lesson.id))


@dataclass(frozen=True)
class Part:
    """A part of a lesson's theme, and whether the lesson is meant to have it."""

    uid: str
    title: str
    minutes: int
    is_meant: bool


def parts_to_tick(db: Session, lesson: Lesson, today: date) -> tuple[Part, ...]:
    """Every part of the version that a lesson is held from, in its order: those that were done are ticked, and the rest was skipped."""
    theme = summaries.theme_of(summaries.version_held(db, lesson, today))
    without = _meant_to_skip(db, lesson, theme)
    return tuple(Part(step.uid, step.title, step.minutes, step.uid not in without) for step in theme.steps)


@dataclass(frozen=True)
class Confirmed:
    """What became of the lessons that were said to be held: recorded now, or recorded by somebody before."""

    held: tuple[Lesson, ...]
    before: tuple[Lesson, ...]


def hold_several(db: Session, chosen: Sequence[tuple[Lesson, str]], *, by: Person, now: datetime) -> Confirmed:
    """Record that these lessons were held, each with the number of the state it was chosen in; all of them, or none.

    One that somebody has recorded meanwhile stays as that was recorded. Raises Refused for none, and for one that has been moved,
    cancelled or otherwise changed since.
    """
    if not chosen:
        raise Refused(N_("Choose at least one lesson."), at="lessons")
    before = tuple(lesson for lesson, _ in chosen if lesson.held_record is not None)
    for lesson, seen in chosen:
        if lesson not in before and str(lesson.version) != seen:
            raise Refused(
                N_("The lesson of %(name)s on %(date)s was changed while you were choosing. Nothing is recorded yet: choose again."),
                at="lessons",
                name=lesson.series.school_class.name,
                date=lesson.date,
            )
    return Confirmed(tuple(hold(db, lesson, by=by, now=now) for lesson, _ in chosen if lesson not in before), before)


def _refuse_unheld(lesson: Lesson, now: datetime) -> None:
    if lesson.held_record is not None:
        raise Refused(N_("It has been recorded already that this lesson was held."))
    if lesson.state == CANCELLED:
        raise Refused(N_("This lesson was cancelled."))
    if datetime.combine(lesson.date, lesson.start, LOCAL) > now:
        raise Refused(N_("This lesson has not begun yet."))


def _refuse_unknown(theme: ThemeDocument, uids: Collection[str]) -> None:
    for uid in uids:
        if theme.step(uid) is None:
            raise Refused(N_("The theme has no step “%(step)s”."), at="skipped", step=uid)
