"""Telling parents what is on: events for themselves, and what their children may take part in after school."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from sqlalchemy.orm import Session

from curriculum import text
from curriculum.base import N_, Refused
from curriculum.people import District, School, checked_phone
from curriculum.summaries.events import ACTIVITY_KINDS, EVENT_KINDS
from curriculum.summaries.models import Activity, ParentEvent

LONGEST_NAME, LONGEST_LINE, LONGEST_LINK = 80, 120, 200
AHEAD = timedelta(days=365)
"""How far ahead a day may lie: later it would be read as this year's."""

Made = TypeVar("Made")
_LINK = re.compile(r"https://[a-z0-9][a-z0-9.-]*\.[a-z]{2,}(:\d+)?(/[^\s\"<>\\]*)?", re.IGNORECASE)


@dataclass(frozen=True)
class EventFacts:
    """What is said of an event for parents; without a school it is for those of all. `interpreters` are tags of languages."""

    kind: str
    date: date
    start: time
    end: time
    place: str
    interpreters: tuple[str, ...] = ()
    school: School | None = None


@dataclass(frozen=True)
class ActivityFacts:
    """What is said of something after school; without a school it is for the children of all. `until` is the last day it is shown."""

    kind: str
    name: str
    place: str
    when: str
    for_whom: str = ""
    is_free: bool = False
    phone: str = ""
    link: str = ""
    until: date | None = None
    school: School | None = None


def announce_event(db: Session, district: District, facts: EventFacts, *, today: date, event: ParentEvent | None = None) -> ParentEvent:
    """Tell parents of an event, or say something else of one that is there. Raises Refused at the field that will not do."""
    told = event or ParentEvent(district_id=district.id)
    _refuse_other_districts(district, facts.school)
    _refuse_kind(facts.kind, EVENT_KINDS)
    _refuse_day(facts.date, today, at="date", is_kept=event is not None and event.date == facts.date)
    if facts.end <= facts.start:
        raise Refused(N_("It must end after it begins."), at="end")
    if not all(text.is_language(tag) for tag in facts.interpreters):
        raise Refused(N_("Choose among those that are offered."), at="interpreters")
    place = _line(facts.place, "place", is_needed=True)
    told.kind, told.date, told.start, told.end, told.place = facts.kind, facts.date, facts.start, facts.end, place
    told.interpreters, told.school_id = list(facts.interpreters), facts.school.id if facts.school else None
    db.add(told)
    db.flush()
    return told


def announce_activity(db: Session, district: District, facts: ActivityFacts, *, today: date, activity: Activity | None = None) -> Activity:
    """Tell parents of something after school, or say something else of what is there. Raises Refused at the field that will not do."""
    told = activity or Activity(district_id=district.id)
    _refuse_other_districts(district, facts.school)
    _refuse_kind(facts.kind, ACTIVITY_KINDS)
    if facts.until:
        _refuse_day(facts.until, today, at="until", is_kept=activity is not None and activity.until == facts.until)
    name, place = _line(facts.name, "name", is_needed=True, most=LONGEST_NAME), _line(facts.place, "place", is_needed=True)
    when, for_whom = _line(facts.when, "when", is_needed=True), _line(facts.for_whom, "for_whom")
    phone, link = checked_phone(facts.phone), _checked_link(facts.link)
    told.kind, told.name, told.place, told.when, told.for_whom = facts.kind, name, place, when, for_whom
    told.is_free, told.phone, told.link, told.until = facts.is_free, phone, link, facts.until
    told.school_id = facts.school.id if facts.school else None
    db.add(told)
    db.flush()
    return told


def take_down(db: Session, told: ParentEvent | Activity, *, now: datetime) -> None:
    """Tell parents no more of it; it can be put up again."""
    told.removed_at = now
    db.flush()


def put_up_again(db: Session, told: ParentEvent | Activity) -> None:
    """Tell parents of it after all."""
    told.removed_at = None
    db.flush()


def _refuse_other_districts(district: District, school: School | None) -> None:
    if school is not None and school.district_id != district.id:
        raise Refused(N_("Choose among those that are offered."), at="school")


def _refuse_kind(kind: str, kinds: Mapping[str, str]) -> None:
    if kind not in kinds:
        raise Refused(N_("Choose among those that are offered."), at="kind")


def _refuse_day(day: date, today: date, *, at: str, is_kept: bool) -> None:
    if day < today and not is_kept:
        raise Refused(N_("This day is over. Choose today or a later day."), at=at)
    if day > today + AHEAD:
        raise Refused(N_("This day is more than a year ahead."), at=at)


def _line(words: str, at: str, *, is_needed: bool = False, most: int = LONGEST_LINE) -> str:
    """Words on one line as parents read them."""
    line = _at(at, lambda: " ".join(text.tidy(words).split()))
    if is_needed and not any(sign.isalnum() for sign in line):
        raise Refused(N_("This must be filled in."), at=at)
    if len(line) > most:
        raise Refused(N_("At most %(max)s characters fit here."), at=at, max=most)
    _at(at, lambda: text.refuse_personal(line, public=True))
    return line


def _at(at: str, make: Callable[[], Made]) -> Made:
    try:
        return make()
    except Refused as refusal:
        raise Refused(refusal.msgid, at=at, **refusal.values) from refusal


def _checked_link(link: str) -> str:
    link = link.strip()
    if link and (len(link) > LONGEST_LINK or not _LINK.fullmatch(link)):
        raise Refused(N_("Write an address that begins with https://."), at="link")
    return link
