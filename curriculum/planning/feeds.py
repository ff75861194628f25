"""An agent's lessons as a calendar file (iCalendar, RFC 5545) for the calendar program she already uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vDuration
from sqlalchemy.orm import Session, joinedload, selectinload

from curriculum.ideabank import THEME, DocumentVersion, versions_in_effect
from curriculum.people import Person, SchoolClass, visible
from curriculum.planning.calendar import school_year
from curriculum.planning.models import CANCELLED, Lesson, Series
from curriculum.planning.weeks import classes_shown

ZONE = "Europe/Oslo"
OFTEN = timedelta(hours=1)
"""How often a program may ask anew (RFC 7986, 5.7)."""


def calendar_file(db: Session, person: Person, today: date, *, address: Callable[[Lesson], str]) -> bytes:
    """The person's lessons since the school year before this one, of series in use and of the classes that are hers today.

    Theme, classes, school and room, and nothing that anyone wrote about a lesson. A lesson keeps its UID and its SEQUENCE rises with
    every change; a cancelled one stays and says so. `address` gives a lesson's page. As many queries for one lesson as for thirty.
    """
    calendar = _empty()
    titles = versions_in_effect(db, person.district_id, today, THEME)
    for lesson in _lessons(db, person, today):
        calendar.add_component(_event(lesson, person, today, titles, address(lesson)))
    content: bytes = calendar.to_ical()
    return content


def _lessons(db: Session, person: Person, today: date) -> list[Lesson]:
    query = (
        visible(person, Lesson, today, "hold")
        .join(Lesson.series)
        .where(Series.in_use, Lesson.date >= date(school_year(today) - 1, 8, 1))
        .order_by(Lesson.date, Lesson.start, Lesson.id)
        .options(
            joinedload(Lesson.theme),
            joinedload(Lesson.pinned_version),
            joinedload(Lesson.series).joinedload(Series.district),
            selectinload(Lesson.classes).joinedload(SchoolClass.school),
            selectinload(Lesson.moves),
        )
    )
    return list(db.scalars(query).unique())


def _empty() -> Calendar:
    calendar = Calendar()
    for name, value in (
        ("prodid", "-//Kursrekka//Kursrekka//NO"),
        ("version", "2.0"),
        ("method", "PUBLISH"),
        ("x-wr-calname", "Kursrekka"),
    ):
        calendar.add(name, value)
    calendar.add("refresh-interval", vDuration(OFTEN), {"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(OFTEN))
    calendar.add_component(_oslo())
    return calendar


@cache
def _oslo() -> Timezone:
    """Summer time from the last Sunday of March to the last of October, at 01:00 UTC (directive 2000/84/EC)."""
    zone = Timezone()
    zone.add("tzid", ZONE)
    for part, name, month, hour, before, after in (
        (TimezoneDaylight(), "CEST", 3, 2, timedelta(hours=1), timedelta(hours=2)),
        (TimezoneStandard(), "CET", 10, 3, timedelta(hours=2), timedelta(hours=1)),
    ):
        part.add("dtstart", datetime(1996, month, 31 if month == 3 else 27, hour))
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("tzname", name)
        zone.add_component(part)
    return zone


def _event(lesson: Lesson, person: Person, today: date, titles: Mapping[int, DocumentVersion], address: str) -> Event:
    groups = classes_shown(lesson, person, today)
    version = lesson.pinned_version or titles.get(lesson.theme_id)
    title = version.title if version else lesson.theme.key
    is_cancelled = lesson.state == CANCELLED
    event = Event()
    event.add("uid", f"{lesson.public_id}@{lesson.series.district.key}.kursrekka")
    event.add("sequence", lesson.version)
    event.add("dtstamp", _changed(lesson, version))
    event.add("dtstart", _moment(lesson.date, lesson.start))
    event.add("dtend", _moment(lesson.date, lesson.end))
    event.add("summary", f"{title} – {', '.join(group.name for group in groups)}")
    event.add("location", ", ".join([*dict.fromkeys(group.school.name for group in groups), *filter(None, [lesson.room])]))
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if is_cancelled else "OPAQUE")
    event.add("class", "PRIVATE")
    event.add("url", address)
    return event


def _moment(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, ZoneInfo(ZONE))


def _changed(lesson: Lesson, version: DocumentVersion | None) -> datetime:
    """When it last became another: the same for the same state, so that an unchanged calendar is the same file."""
    beginning = datetime.combine(lesson.series.from_date, time(), UTC)
    return max([beginning, *(move.at for move in lesson.moves), *([version.created_at] if version else [])])
