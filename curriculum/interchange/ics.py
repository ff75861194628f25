"""The days of a calendar file from another program (iCalendar, RFC 5545), event by event, each with its line and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Event

from curriculum.base import N_, Refused
from curriculum.planning import school_year

LOCAL = ZoneInfo("Europe/Oslo")

MOST_EVENTS = 200
"""Each is some milliseconds under the write lock, and a school year has fewer."""

_ZONE_OF_A_DATE = re.compile(r"^([A-Z-]+(?=[^:]*;VALUE=DATE[;:])[^:]*?);TZID=[^;:]*([^:]*:)", re.I)
"""A date is the same in every zone, though some programs name one."""

UNDERSTOOD = ("DTSTART", "DTEND", "DURATION", "RRULE", "EXDATE")
"""What is read of an event besides its name."""

LONGEST_EVENT = 20_000
"""Characters: more is no day of a school calendar."""

PASSED_OVER = ("VTIMEZONE", "VALARM")
"""Parts of a calendar file that hold no days of their own."""


@dataclass(frozen=True)
class FoundEvent:
    """An event: its line, what it is called, its days (both ends included) as far as they were understood, and what is wrong with it."""

    number: int
    name: str = ""
    first: date | None = None
    last: date | None = None
    problems: tuple[Refused, ...] = ()


def is_ics(written: str) -> bool:
    """Whether a text is a calendar file."""
    return written.lstrip("\ufeff \t\r\n")[:15].upper() == "BEGIN:VCALENDAR"


def read_events(written: str, year: int) -> list[FoundEvent]:
    """The events of a calendar file as days; one that repeats every year as it falls in the school year that begins in `year`.

    An event that cannot be read does not spoil the others. Raises Refused for a file without events, or with too many.
    """
    blocks = list(_blocks(written))
    if not blocks:
        raise Refused(N_("There is no event in the calendar file."))
    if len(blocks) > MOST_EVENTS:
        raise Refused(N_("The calendar file has %(count)s events; at most %(most)s at once."), count=len(blocks), most=MOST_EVENTS)
    return [_event(number, kind, lines, year) for number, kind, lines in blocks]


def _blocks(written: str) -> Iterator[tuple[int, str, list[str]]]:
    """The parts of the file that may hold days: line, kind, and the lines; one that never ends lacks its END."""
    number, kind, lines = 0, "", list[str]()
    for at, line in enumerate(re.split(r"\r\n|\n|\r", written.lstrip("\ufeff")), start=1):
        begins = re.fullmatch(r"BEGIN:(V[A-Z]+)\s*", line, re.I)
        if begins and begins[1].upper() not in ("VCALENDAR", *PASSED_OVER):
            if kind:
                yield number, kind, lines
            number, kind, lines = at, begins[1].upper(), []
        if kind:
            lines.append(line)
        if kind and re.fullmatch(rf"END:{kind}\s*", line, re.I):
            yield number, kind, lines
            kind = ""
    if kind:
        yield number, kind, lines


def _event(number: int, kind: str, lines: Sequence[str], year: int) -> FoundEvent:
    if kind != "VEVENT":
        return FoundEvent(number, problems=(Refused(N_("This is no event (%(kind)s), so it has no days."), kind=kind),))
    if not re.fullmatch(r"END:VEVENT\s*", lines[-1], re.I):
        return FoundEvent(number, problems=(Refused(N_("The event has no end: the file is cut off or damaged here.")),))
    if sum(map(len, lines)) > LONGEST_EVENT:
        return FoundEvent(number, problems=(Refused(N_("The event is too long to be a day of a school calendar.")),))
    try:
        event = Event.from_ical("\r\n".join(_ZONE_OF_A_DATE.sub(r"\1\2", line) for line in lines))
    except ValueError:
        return FoundEvent(number, problems=(Refused(N_("The event is damaged and cannot be read.")),))
    name = _name(event)
    try:
        first, last = _days(event, year)
    except Refused as refusal:
        return FoundEvent(number, name, problems=(refusal,))
    return FoundEvent(number, name, first, last)


def _name(event: Any) -> str:
    """What the event is called: the first of several names."""
    found = event.get("SUMMARY", "")
    return " ".join(str(found[0] if isinstance(found, list) else found).split())


def _days(event: Any, year: int) -> tuple[date, date]:
    """The first and last day of an event. DTEND is the day after the last (RFC 5545, 3.6.1)."""
    for name, _why in event.errors:
        if name in UNDERSTOOD:
            raise Refused(N_("“%(name)s” is not understood."), name=name)
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        raise Refused(N_("The event is cancelled."))
    if "RECURRENCE-ID" in event or "RDATE" in event:
        raise Refused(N_("The event is one of several that repeat in a way that is not understood. Write its days by hand."))
    first = _date(event, "DTSTART")
    if first is None:
        raise Refused(N_("The event has no day on which it begins."))
    last = _last(event, first)
    if last < first:
        raise Refused(N_("It ends before it begins."))
    return _in_the_year(event, first, last, year) if "RRULE" in event else (first, last)


def _last(event: Any, first: date) -> date:
    end = _date(event, "DTEND")
    if end is not None:
        return first if end == first else end - timedelta(1)
    length = getattr(event.get("DURATION"), "dt", timedelta(1))
    if not isinstance(length, timedelta) or length % timedelta(1) or not timedelta(0) < length < timedelta(366):
        raise Refused(N_("How long the event lasts is not understood. Write its days by hand."))
    return first + length - timedelta(1)


def _date(event: Any, name: str) -> date | None:
    """A date of the event; the zone of a date says nothing. Raises Refused for a time of day: such an event closes no school."""
    found = event.get(name)
    if isinstance(found, list):
        raise Refused(N_("“%(name)s” stands there twice."), name=name)
    value = getattr(found, "dt", None)
    if isinstance(value, datetime):
        clock = value.astimezone(LOCAL) if value.tzinfo else value
        raise Refused(N_("The event has a time of day (%(time)s). Only whole days are taken in."), time=f"{clock:%d.%m.%Y %H:%M}")
    if found is not None and not isinstance(value, date):
        raise Refused(N_("“%(name)s” is not a date."), name=name)
    return value


def _in_the_year(event: Any, first: date, last: date, year: int) -> tuple[date, date]:
    """What repeats once a year, as it falls in a school year. Raises Refused for every other way of repeating."""
    interval, count, until = _yearly(event.get("RRULE"), first)
    for other in (year, year + 1):
        passed = other - first.year
        if (first.month, first.day) == (2, 29) and not _is_leap(other):
            continue
        day = first.replace(year=other)
        is_one = passed >= 0 and passed % interval == 0 and passed // interval < count and day <= until
        if is_one and school_year(day) == year and day not in _left_out(event):
            return day, day + (last - first)
    raise Refused(N_("The event repeats every year, but not in the school year %(year)s."), year=f"{year}–{year + 1}")


def _is_leap(year: int) -> bool:
    return (date(year, 3, 1) - date(year, 2, 1)).days == 29


def _yearly(rule: Any, first: date) -> tuple[int, int, date]:
    """Every how many years, how many times, and until when."""
    parts: dict[str, Any] = {} if isinstance(rule, list) else {name.upper(): value for name, value in rule.items()}
    own = {"BYMONTH": [first.month], "BYMONTHDAY": [first.day]}
    known = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"} | {name for name in own if parts.get(name) == own[name]}
    interval, count = _number(parts, "INTERVAL", 1), _number(parts, "COUNT", 10_000)
    if [str(one).upper() for one in parts.get("FREQ", [])] != ["YEARLY"] or not set(parts) <= known or interval < 1:
        raise Refused(N_("The event repeats. Only what repeats once a year on the same date is understood: write its days by hand."))
    [until] = parts.get("UNTIL", [date.max])[:1] or [date.max]
    return interval, count, until.date() if isinstance(until, datetime) else until


def _number(parts: dict[str, Any], name: str, otherwise: int) -> int:
    [found] = parts.get(name, [otherwise])[:1] or [otherwise]
    return found if isinstance(found, int) else 0


def _left_out(event: Any) -> set[object]:
    """The dates on which a repeating event does not take place."""
    found = event.get("EXDATE", [])
    return {one.dt for some in (found if isinstance(found, list) else [found]) for one in some.dts}
