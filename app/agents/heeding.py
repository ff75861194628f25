"""Days to tell of where classes are planned, in words: when some are away, what is avoided, what is borne in mind."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from app.database import session
from app.language import day, gettext
from curriculum import planning
from curriculum.base import N_
from curriculum.planning import AVOIDED, CLOSED, HEEDED, Heed, Layout, Lesson, Plan, PossibleDate

WORDS = {CLOSED: N_("%(reason)s (away)"), AVOIDED: N_("%(reason)s (avoided)"), HEEDED: N_("%(reason)s (to bear in mind)")}


def heed_words(heed: Heed) -> str:
    """The reason of some days, and what they are."""
    return gettext(WORDS[heed.kind], reason=heed.reason)


def heeds_met(layout: Layout, heeds: Collection[Heed]) -> list[str]:
    """The days to tell of on which lessons of a plan stand, each with the dates of those lessons."""
    if not isinstance(layout.answer, Plan):
        return []
    mine = [heed for heed in heeds if layout.wish.school_class.id in heed.classes]
    dates = sorted({placed.date for placed in layout.answer.sessions})
    met = ((heed, [one for one in dates if heed.from_date <= one <= heed.to_date]) for heed in mine)
    return [f"{', '.join(map(day, some))}: {heed_words(heed)}" for heed, some in met if some]


def heeds_near(lesson: Lesson, offers: Sequence[PossibleDate]) -> list[str]:
    """The days to bear in mind in the weeks that a lesson may move to: "Ramadan from 8 February"."""
    open_to_her = [one for one in offers if one.is_free or one.is_swap]
    if not open_to_her:
        return []
    first, last = open_to_her[0].week.monday, open_to_her[-1].week.monday + timedelta(4)
    met = planning.days_to_heed(session(), lesson.classes, first, last)
    return [_with_date(one) for one in met if one.kind == HEEDED and any(_touches(one, offer) for offer in open_to_her)]


def _touches(heed: Heed, offer: PossibleDate) -> bool:
    return heed.from_date <= offer.week.monday + timedelta(4) and offer.week.monday <= heed.to_date


def _with_date(heed: Heed) -> str:
    values = {"reason": heed.reason, "date": day(heed.from_date)}
    if heed.from_date == heed.to_date:
        return gettext("%(reason)s %(date)s", **values)
    return gettext("%(reason)s from %(date)s", **values)
