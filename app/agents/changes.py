"""The last changes of the plans in words, the newest first, each with the address that takes it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any, NamedTuple

from flask import request, url_for

from app.database import OSLO, now, session
from app.language import clock, day, gettext, weekday
from curriculum import planning
from curriculum.base import N_
from curriculum.planning import PlanChange, Recorded, Series

KINDS = {
    "moved": N_("Moved"),
    "swapped": N_("Changed places"),
    "cancelled": N_("Cancelled"),
    "restored": N_("To be held after all"),
    "locked": N_("Date locked"),
    "unlocked": N_("Date unlocked"),
    "room": N_("Room"),
    "room confirmed": N_("Room confirmed"),
    "room not confirmed": N_("Room not confirmed"),
    "visitor": N_("Visitor"),
    "fallback theme": N_("Another theme instead"),
    "lesson added": N_("Theme added"),
    "weekly time": N_("Another weekly time"),
    "taken over": N_("Taken over"),
    "ended": N_("Ended before its time"),
    "away": N_("Away"),
    "proposed": N_("Moved as the teacher asked"),
    "rest taken up": N_("The rest is taken up in the next lesson"),
    "extra lesson": N_("Extra lesson"),
    "laid out anew": N_("The rest laid out anew"),
    "lost day": N_("A lost day"),
    "joined": N_("Held together"),
    "parted": N_("Held apart"),
}
"""What each kind of change is called."""

NAMED = 2
"""So many lessons of a change are named; of more their number is told."""


class Change(NamedTuple):
    """A change as a line of the list: what was done, for which classes, by whom and when; `address` takes it back."""

    what: str
    lessons: tuple[str, ...]
    classes: str
    who: str
    when: datetime
    address: str


def last_changes(series: Iterable[Series], titles: Mapping[int, str], back: str = "") -> list[Change]:
    """The last changes of series that she may plan, and of no others with them; `titles` are the themes' by their documents' ids."""
    hers = {one.id: one for one in series}
    recorded = planning.listed_changes(session(), hers)
    return [_line(one, hers, titles, back) for one in recorded if set(one.series) <= set(hers)]


def _line(change: Recorded, hers: Mapping[int, Series], titles: Mapping[int, str], back: str) -> Change:
    return Change(
        gettext(KINDS.get(change.kind, N_("Changed"))),
        tuple(_lesson(item, titles) for item in change.lessons) if len(change.lessons) <= NAMED else (),
        ", ".join(dict.fromkeys(hers[id].school_class.name for id in change.series)),
        change.by or "",
        change.at.astimezone(OSLO),
        url_for("agents.undo_change", series=hers[change.series[0]].public_id, change=change.public_id, next=back or None),
    )


def _lesson(item: Mapping[str, Any], titles: Mapping[int, str]) -> str:
    """A lesson that was changed, and from when to when it was moved."""
    before, after = item["before"], item["after"]
    state = after or before
    title = titles.get(state["theme_id"], "")
    if before and after and (before["date"], before["start"]) != (after["date"], after["start"]):
        return f"{title}: {_when(before)} → {_when(after)}"
    return f"{title}, {_when(state)}"


def _when(state: Mapping[str, Any]) -> str:
    on, at = date.fromisoformat(state["date"]), time.fromisoformat(state["start"])
    return f"{weekday(on)} {day(on)} {clock(at)}"


def undo_of(series: Series) -> str:
    """The address that takes back what has just been done to a series, and leads back here; empty when nothing became another."""
    change = planning.change_of_now(session(), series, now())
    return address_of(change) if change else ""


def address_of(change: PlanChange) -> str:
    """The address that takes a change back, and leads back here."""
    series = change.series[0].public_id
    return url_for("agents.undo_change", series=series, change=change.public_id, next=request.values.get("next"))
