"""An agent's lessons as a calendar file, read by a program that is not ours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import recurring_ical_events
from icalendar import Calendar
from sqlalchemy.orm import Session

from curriculum import delivery, ideabank, planning
from curriculum.people import Person
from curriculum.planning import Lesson, Series
from tests.cast import NOW, TODAY, Cast, make_cast, make_series
from tests.curriculum.summaries.world import counted


@pytest.fixture
def cast(db: Session) -> Cast:
    return make_cast(db)


@pytest.fixture
def series(db: Session, cast: Cast) -> Series:
    """5A's: Wednesdays at 08:30 of week 42 (summer time), 43 and 44 (after the clock was set back)."""
    return make_series(db, cast, themes=("folelser", "vennskap", "samarbeid"))


def file(db: Session, person: Person, today: date = TODAY) -> bytes:
    return planning.calendar_file(db, person, today, address=lambda lesson: f"https://kurs.example/{lesson.public_id}")


def events(db: Session, person: Person, today: date = TODAY) -> list[Any]:
    """The events of the file by time, as another library reads them."""
    read = recurring_ical_events.of(Calendar.from_ical(file(db, person, today)))
    return sorted(read.between(date(2024, 1, 1), date(2028, 1, 1)), key=lambda one: one["dtstart"].dt)


def test_an_event_tells_theme_class_school_time_and_room_and_nothing_else(db: Session, cast: Cast, series: Series) -> None:
    lesson = series.lessons[0]
    lesson.room = "Musikkrommet"
    lesson.presenter = "politiet"
    planning.move_lesson(db, series.lessons[1], date(2026, 10, 22), lesson.start, why="Hemmelig grunn", by=cast.agent, now=NOW)
    first = events(db, cast.agent)[0]
    assert str(first["summary"]) == "Å forstå egne og andres følelser – 5A"
    assert str(first["location"]) == "Granlia skole, Musikkrommet"
    assert (first["dtstart"].dt.isoformat(), first["dtend"].dt.isoformat()) == ("2026-10-14T08:30:00+02:00", "2026-10-14T09:30:00+02:00")
    assert first["uid"] == f"{lesson.public_id}@solbakken.kursrekka"
    assert first["url"] == f"https://kurs.example/{lesson.public_id}"
    [kept, *_] = Calendar.from_ical(file(db, cast.agent)).walk("VEVENT")
    assert set(kept) == {*("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "STATUS", "TRANSP", "CLASS", "URL")}
    assert b"Hemmelig" not in file(db, cast.agent)


def test_a_lesson_without_a_room_is_at_its_school(db: Session, cast: Cast, series: Series) -> None:
    assert str(events(db, cast.agent)[0]["location"]) == "Granlia skole"


def test_the_clock_is_right_on_both_sides_of_summer_time_for_who_reads_the_zone_in_the_file(
    db: Session, cast: Cast, series: Series
) -> None:
    calendar = Calendar.from_ical(file(db, cast.agent))
    zone: Any = calendar.walk("VTIMEZONE")[0]
    assert zone["tzid"] == "Europe/Oslo"
    oslo = zone.to_tz(lookup_tzid=False)
    offsets = [datetime(*day, 8, 30, tzinfo=oslo).utcoffset() for day in ((2026, 10, 21), (2026, 10, 28), (2027, 3, 24), (2027, 3, 31))]
    assert offsets == [timedelta(hours=hours) for hours in (2, 1, 1, 2)]
    assert [one["dtstart"].dt.astimezone(UTC).hour for one in events(db, cast.agent)] == [6, 6, 7]


def test_a_change_keeps_the_uid_and_raises_the_sequence(db: Session, cast: Cast, series: Series) -> None:
    before = events(db, cast.agent)[0]
    lesson = series.lessons[0]
    planning.move_lesson(db, lesson, date(2026, 10, 15), lesson.start, why="", by=cast.agent, now=NOW)
    moved = events(db, cast.agent)[0]
    planning.cancel_lesson(db, lesson, why="", by=cast.agent, now=NOW + timedelta(minutes=1))
    cancelled = events(db, cast.agent)[0]
    assert {one["uid"] for one in (before, moved, cancelled)} == {before["uid"]}
    assert before["sequence"] < moved["sequence"] < cancelled["sequence"]
    assert before["dtstamp"].dt <= moved["dtstamp"].dt < cancelled["dtstamp"].dt
    assert [(one["status"], one["transp"]) for one in (moved, cancelled)] == [("CONFIRMED", "OPAQUE"), ("CANCELLED", "TRANSPARENT")]
    assert moved["dtstart"].dt.date() == date(2026, 10, 15)


def test_an_unchanged_calendar_is_the_same_file(db: Session, cast: Cast, series: Series) -> None:
    assert file(db, cast.agent) == file(db, cast.agent, TODAY + timedelta(days=1))


def test_a_held_lesson_keeps_the_title_it_had(db: Session, cast: Cast, series: Series) -> None:
    lesson = series.lessons[0]
    delivery.hold(db, lesson, by=cast.agent, now=NOW)
    assert [one["status"] for one in events(db, cast.agent)] == ["CONFIRMED"] * 3
    document = ideabank.Document(district_id=cast.district.id, kind="theme", key="ny")
    db.add(document)
    db.flush()
    series.lessons[1].theme = document
    assert [str(one["summary"]).partition(" – ")[0] for one in events(db, cast.agent)][1] == "ny"


@pytest.mark.parametrize("who", ["other_agent", "teacher", "coordinator", "head", "administrator", "former", "translator", "outsider"])
def test_whose_classes_they_are_not_has_no_lesson_in_her_calendar(db: Session, cast: Cast, series: Series, who: str) -> None:
    assert events(db, cast.persons[who]) == []


def test_when_an_assignment_has_ended_its_lessons_are_gone(db: Session, cast: Cast, series: Series) -> None:
    cast.agent.assignments[0].to_date = TODAY - timedelta(days=1)
    assert events(db, cast.agent) == []
    assert len(events(db, cast.agent, TODAY - timedelta(days=1))) == 3


def test_a_small_group_is_in_the_calendar_of_its_own_staff_only(db: Session, cast: Cast, series: Series) -> None:
    make_series(db, cast, cast.small)
    assert [str(one["summary"]) for one in events(db, cast.small_agent)] == ["Vennskap – Bjørka"]
    series.lessons[0].classes.append(cast.small)
    db.flush()
    for name, person in cast.persons.items():
        assert (b"Bj\xc3\xb8rka" in file(db, person)) == (name == "small_agent"), name


def test_plans_and_what_was_thrown_away_are_left_out(db: Session, cast: Cast) -> None:
    make_series(db, cast, in_use=False)
    assert events(db, cast.agent) == []
    thrown = make_series(db, cast, cast.b5)
    thrown.thrown_away_at = NOW
    db.flush()
    assert events(db, cast.agent) == []


def test_the_calendar_reaches_back_to_the_school_year_before(db: Session, cast: Cast, series: Series) -> None:
    series.lessons[0].date, series.lessons[1].date = date(2025, 7, 31), date(2025, 8, 1)
    db.flush()
    assert [one["dtstart"].dt.date() for one in events(db, cast.agent)] == [date(2025, 8, 1), series.lessons[2].date]


def test_words_that_would_break_the_format_stay_words(db: Session, cast: Cast, series: Series) -> None:
    series.lessons[0].room = "Rom; 1, «A»\\ \nBEGIN:VALARM"
    db.flush()
    calendar = Calendar.from_ical(file(db, cast.agent))
    assert str(calendar.walk("VEVENT")[0]["location"]) == f"Granlia skole, {series.lessons[0].room}"
    assert calendar.walk("VALARM") == []


@pytest.mark.slow
def test_thirty_lessons_take_no_more_queries_than_one(db: Session, cast: Cast, series: Series) -> None:
    counts = []
    for many in (0, 27):
        for _ in range(many):
            pattern = series.lessons[0]
            more = Lesson(district_id=pattern.district_id, theme_id=pattern.theme_id, position=9, date=pattern.date, start=pattern.start)
            more.end, more.minutes, more.classes = pattern.end, 60, [cast.a5]
            series.lessons.append(more)
        with counted(db) as sent:
            db.refresh(cast.agent)
            for one in cast.agent.assignments:
                db.refresh(one)
            del sent[:]
            assert file(db, cast.agent).count(b"BEGIN:VEVENT") == 3 + many
        counts.append(len(sent))
    assert counts[0] == counts[1]
