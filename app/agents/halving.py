"""The halves of a class: where a change takes them out of the same week, in words, and the way to bring the other half along."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from flask import request, url_for

from app.access import can
from app.agents.one_lesson import SWAP, title_of
from app.database import session, today
from app.language import gettext
from curriculum import planning
from curriculum.people import HALF
from curriculum.planning import Lesson, PossibleDate, Week

Weeks = Sequence[tuple[str, Week]]
"""The names of the other halves, each with the week in which it has a theme."""


def has_it_in(weeks: Weeks) -> str:
    """Which halves have a theme in which other weeks; empty where none has."""
    return " ".join(gettext("%(name)s has this in week %(number)s.", name=name, number=week.number) for name, week in weeks)


def in_which_week(halves: Weeks, on: date) -> str:
    """After a date: whether the other halves have the theme in its week; empty where there is no other."""
    if not halves:
        return ""
    apart = planning.apart_in(list(halves), planning.iso_week(on))
    return has_it_in(apart) or gettext("same week as %(names)s", names=", ".join(name for name, _ in halves))


def after_moving(lessons: Iterable[Lesson]) -> tuple[str, tuple[str, str]]:
    """After lessons have got other dates: which halves are now apart, beginning with a space, and the page that brings the other along.

    Empty where none is. Two queries at most for each half's lesson, none for others.
    """
    halves = {one.id: one for one in lessons if one.series.school_class.kind == HALF}
    apart = planning.halves_apart(session(), halves.values()) if halves else {}
    words = "".join(f" {_parted(halves[id], weeks)}" for id, weeks in apart.items())
    return words, next((found for id in apart if (found := _along(halves[id]))), ("", ""))


def _parted(lesson: Lesson, weeks: Weeks) -> str:
    name, number = lesson.series.school_class.name, planning.iso_week(lesson.date).number
    own = gettext(
        "The halves are apart now: %(name)s has “%(title)s” in week %(number)s.", name=name, title=title_of(lesson), number=number
    )
    return f"{own} {has_it_in(weeks)}"


def _along(lesson: Lesson) -> tuple[str, str] | None:
    """The way to bring the other half's lesson to the same week, where she may and it can."""
    for other, offer in planning.followers(session(), lesson, today()):
        if can("plan", other.series):
            words = gettext("Move %(name)s to week %(number)s too", name=other.series.school_class.name, number=offer.week.number)
            back, where = request.values.get("next"), _chosen(offer)
            return words, url_for("agents.move", series=other.series.public_id, lesson=other.public_id, where=where, next=back)
    return None


def _chosen(offer: PossibleDate) -> str:
    return f"{SWAP}:{offer.other.public_id}" if offer.other else offer.date.isoformat()
