"""Lessons as a calendar file (iCalendar, RFC 5545) for a calendar program: those of a person, of a class or of a school."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vDuration
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from curriculum.ideabank import THEME, DocumentVersion, versions_in_effect
from curriculum.people import AGENT, SMALL, TEACHER, Person, School, SchoolClass, Whose, may, with_halves
from curriculum.planning.calendar import school_year
from curriculum.planning.models import CANCELLED, Lesson, Series, lesson_classes

ZONE = "Europe/Oslo"
OFTEN = timedelta(hours=1)
"""How often a program may ask anew (RFC 7986, 5.7)."""


@dataclass(frozen=True)
class Happening:
    """What stands in a calendar as one: a lesson, or the lessons of several classes that are held as one, with the classes told of."""

    id: str
    lessons: tuple[Lesson, ...]
    classes: tuple[SchoolClass, ...]

    @property
    def first(self) -> Lesson:
        """The lesson that tells of theme, time and place."""
        return self.lessons[0]


def calendar_file(db: Session, whose: Whose, today: date, *, address: Callable[[Lesson], str], by_teacher: str) -> bytes:
    """The lessons of series in use since the school year before this one: of a person's classes of today, of a class, of a school.

    Theme, classes, school and room, and nothing that anyone wrote about a lesson; `by_teacher` says in words that the class's teacher
    holds it. A small group's lessons are in the calendars of its own staff and in its own only. A lesson keeps its UID and its SEQUENCE
    rises with every change; a cancelled one stays and says so; what is held as one stands once. `address` gives a lesson's page. As many
    queries for one lesson as for thirty.
    """
    calendar = _empty("Kursrekka" if isinstance(whose, Person) else f"Kursrekka {whose.name}")
    titles = versions_in_effect(db, whose.district_id, today, THEME)
    for happening in _happenings(db, whose, today):
        calendar.add_component(_event(happening, titles, address(happening.first), by_teacher))
    content: bytes = calendar.to_ical()
    return content


# --- Which lessons ------------------------------------------------------------------------------------------------------------------


def _happenings(db: Session, whose: Whose, today: date) -> Iterator[Happening]:
    lessons = _lessons(db, lesson_ids(whose, today), today)
    codes = {lesson.joint for lesson in lessons if lesson.joint}
    partners: dict[str | None, list[Lesson]] = defaultdict(list)
    for lesson in _lessons(db, select(Lesson.id).where(Lesson.joint.in_(codes)), today):
        if _told([lesson], whose, today):
            partners[lesson.joint].append(lesson)
    told: set[str] = set()
    for lesson in lessons:
        together = _held_as_one(lesson, partners[lesson.joint])
        id = lesson.joint if lesson.joint and together else lesson.public_id
        if id not in told:
            told.add(id)
            standing = together or [lesson]
            yield Happening(id, tuple(standing), tuple(_told(standing, whose, today)))


def _held_as_one(lesson: Lesson, partners: Sequence[Lesson]) -> list[Lesson]:
    """The lessons that are held as one with a joint one and itself, or are cancelled as one; none where it stands by itself."""
    held = [one for one in partners if one.state != CANCELLED]
    together = held or list(partners)
    is_at_once = len({(one.date, one.start, one.end) for one in together}) == 1
    return together if lesson in together and is_at_once else []


def lesson_ids(whose: Whose, today: date) -> Select[int]:
    """Ids of the lessons of a person's classes of today, of a class with its halves, or of a school's classes but its small groups."""
    if isinstance(whose, School):
        among = select(SchoolClass.id).where(SchoolClass.school_id == whose.id, SchoolClass.kind != SMALL)
    elif isinstance(whose, SchoolClass):
        among = with_halves([whose.id])
    else:
        hers = [one for one in whose.assignments if one.role in (AGENT, TEACHER) and one.in_effect(today)]
        among = with_halves([one.class_id for one in hers if one.class_id])
    return select(lesson_classes.c.lesson_id).where(lesson_classes.c.class_id.in_(among))


def _lessons(db: Session, ids: Select[int], today: date) -> Sequence[Lesson]:
    query = (
        select(Lesson)
        .join(Lesson.series)
        .where(Lesson.id.in_(ids), Series.in_use, Series.thrown_away_at.is_(None), Lesson.date >= date(school_year(today) - 1, 8, 1))
        .order_by(Lesson.date, Lesson.start, Lesson.id)
        .options(
            joinedload(Lesson.theme),
            joinedload(Lesson.pinned_version),
            joinedload(Lesson.series).joinedload(Series.district),
            selectinload(Lesson.classes).joinedload(SchoolClass.school),
            selectinload(Lesson.moves),
        )
    )
    return db.scalars(query).unique().all()


def _told(lessons: Iterable[Lesson], whose: Whose, today: date) -> list[SchoolClass]:
    """The classes that a reader is told of, by name: a small group only in the calendars of its own."""
    classes = {group for lesson in lessons for group in lesson.classes}
    return sorted((group for group in classes if not group.is_confidential or _knows(whose, group, today)), key=lambda one: one.name)


def _knows(whose: Whose, group: SchoolClass, today: date) -> bool:
    return may(whose, "read", group.scope, today) if isinstance(whose, Person) else whose is group


# --- The file -----------------------------------------------------------------------------------------------------------------------


def _empty(name: str) -> Calendar:
    calendar = Calendar()
    for key, value in (
        ("prodid", "-//Kursrekka//Kursrekka//NO"),
        ("version", "2.0"),
        ("method", "PUBLISH"),
        ("x-wr-calname", name),
    ):
        calendar.add(key, value)
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


def _event(happening: Happening, titles: Mapping[int, DocumentVersion], address: str, by_teacher: str) -> Event:
    lesson, groups = happening.first, happening.classes
    version = lesson.pinned_version or titles.get(lesson.theme_id)
    title = version.title if version else lesson.theme.key
    said = f" ({by_teacher})" if lesson.by_teacher else ""
    is_cancelled = lesson.state == CANCELLED
    event = Event()
    event.add("uid", f"{happening.id}@{lesson.series.district.key}.kursrekka")
    event.add("sequence", sum(one.version for one in happening.lessons))
    event.add("dtstamp", max(_changed(one, version) for one in happening.lessons))
    event.add("dtstart", _moment(lesson.date, lesson.start))
    event.add("dtend", _moment(lesson.date, lesson.end))
    event.add("summary", f"{title} – {', '.join(group.name for group in groups)}{said}")
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
