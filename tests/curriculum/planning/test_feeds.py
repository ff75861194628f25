"""An agent's lessons as a calendar file, read by a program that is not ours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import recurring_ical_events
from icalendar import Calendar
from sqlalchemy.orm import Session

from curriculum import delivery, ideabank, planning
from curriculum.people import Whose
from curriculum.planning import Lesson, Series
from tests.cast import NOW, TODAY, Cast, make_cast, make_series
from tests.curriculum.summaries.world import counted
from tests.states import state


@state
def cast(db: Session) -> Cast:
    return make_cast(db)


@state
def series(db: Session, cast: Cast) -> Series:
    """5A's: Wednesdays at 08:30 of week 42 (summer time), 43 and 44 (after the clock was set back)."""
    return make_series(db, cast, start=date(2026, 10, 12), themes=("folelser", "vennskap", "samarbeid"))


def file(db: Session, whose: Whose, today: date = TODAY) -> bytes:
    return planning.calendar_file(
        db, whose, today, address=lambda lesson: f"https://kurs.example/{lesson.public_id}", by_teacher="læreren tar økta"
    )


def events(db: Session, whose: Whose, today: date = TODAY) -> list[Any]:
    """The events of the file by time, as another library reads them."""
    read = recurring_ical_events.of(Calendar.from_ical(file(db, whose, today)))
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


@pytest.mark.parametrize("who", ["other_agent", "coordinator", "head", "administrator", "former", "translator", "outsider"])
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


# --- A teacher's, a class's and a school's ------------------------------------------------------------------------------------------


def said(db: Session, whose: Whose) -> list[str]:
    return [str(one["summary"]) for one in events(db, whose)]


def test_a_teacher_has_the_lessons_of_her_class(db: Session, cast: Cast, series: Series) -> None:
    make_series(db, cast, cast.b5, weekday=3)
    assert [one["uid"] for one in events(db, cast.teacher)] == [f"{lesson.public_id}@solbakken.kursrekka" for lesson in series.lessons]


def test_a_class_has_its_own_lessons_and_those_of_its_halves(db: Session, cast: Cast, series: Series) -> None:
    make_series(db, cast, cast.half, agents=[cast.agent], weekday=3)
    assert said(db, cast.b5) == ["Vennskap – 5B gruppe 1"]
    assert b"X-WR-CALNAME:Kursrekka 5B" in file(db, cast.b5)
    assert len(said(db, cast.a5)) == 3


def test_a_school_has_the_lessons_of_all_its_classes_but_of_no_small_group(db: Session, cast: Cast, series: Series) -> None:
    make_series(db, cast, cast.small, weekday=3)
    make_series(db, cast, cast.a6, weekday=4)
    assert [one.rpartition(" ")[2] for one in said(db, cast.school)] == ["5A"] * 3
    assert said(db, cast.other_school) == ["Vennskap – 6A"]
    assert b"Bj\xc3\xb8rka" not in file(db, cast.school) + file(db, cast.a5)


def test_a_small_groups_own_calendar_names_it(db: Session, cast: Cast) -> None:
    make_series(db, cast, cast.small)
    assert said(db, cast.small) == ["Vennskap – Bjørka"]


def test_a_lesson_that_the_teacher_holds_says_so(db: Session, cast: Cast, series: Series) -> None:
    series.lessons[0].by_teacher = True
    db.flush()
    for whose in (cast.agent, cast.teacher, cast.a5, cast.school):
        assert said(db, whose)[0] == "Å forstå egne og andres følelser – 5A (læreren tar økta)"
        assert "læreren" not in said(db, whose)[1]


@state
def joint(db: Session, cast: Cast) -> list[Lesson]:
    """The police meet 5A, 5B, 6A of the other school and the small group at once."""
    classes = (cast.a5, cast.b5, cast.a6, cast.small)
    lessons = [make_series(db, cast, group, weekday=number).lessons[0] for number, group in enumerate(classes)]
    return held_as_one(db, lessons)


def held_as_one(db: Session, lessons: list[Lesson]) -> list[Lesson]:
    for lesson in lessons:
        lesson.joint, lesson.date, lesson.start, lesson.end = "zusammen12", lessons[0].date, lessons[0].start, lessons[0].end
    db.flush()
    return lessons


@pytest.mark.parametrize(
    ("who", "classes"),
    [("agent", "5A, 5B, 6A"), ("teacher", "5A, 5B, 6A"), ("other_agent", "5A, 5B, 6A"), ("small_agent", "5A, 5B, 6A, Bjørka")],
)
def test_what_is_held_as_one_is_one_event_with_every_class_its_reader_may_know_of(
    db: Session, cast: Cast, joint: list[Lesson], who: str, classes: str
) -> None:
    [event] = events(db, cast.persons[who])
    assert (str(event["summary"]), event["uid"]) == (f"Vennskap – {classes}", "zusammen12@solbakken.kursrekka")


def test_a_change_of_any_part_of_what_is_held_as_one_raises_the_sequence(db: Session, cast: Cast, joint: list[Lesson]) -> None:
    [before] = events(db, cast.agent)
    for lesson in joint:
        lesson.room = "Aulaen"
    db.flush()
    [after] = events(db, cast.agent)
    assert (after["uid"], int(after["sequence"]) > int(before["sequence"])) == (before["uid"], True)
    assert str(after["location"]).endswith("Aulaen")


def test_a_class_whose_series_is_ended_reads_that_its_part_of_a_joint_lesson_is_cancelled(
    db: Session, cast: Cast, joint: list[Lesson]
) -> None:
    planning.end_series(db, joint[0].series, TODAY, why="", by=cast.agent, now=NOW)
    assert [(str(one["summary"]), one["status"]) for one in events(db, cast.a5)] == [("Vennskap – 5A", "CANCELLED")]
    assert [(str(one["summary"]), one["status"]) for one in events(db, cast.b5)] == [("Vennskap – 5B, 6A", "CONFIRMED")]


def test_a_joint_lesson_that_is_cancelled_for_all_keeps_its_uid(db: Session, cast: Cast, joint: list[Lesson]) -> None:
    planning.cancel_lesson(db, joint[0], why="", by=cast.agent, now=NOW)
    [event] = events(db, cast.agent)
    assert (event["uid"], event["status"], str(event["summary"])) == (
        "zusammen12@solbakken.kursrekka",
        "CANCELLED",
        "Vennskap – 5A, 5B, 6A",
    )


def test_lessons_that_were_one_and_stand_apart_are_told_apart(db: Session, cast: Cast, joint: list[Lesson]) -> None:
    joint[1].date += timedelta(1)
    db.flush()
    assert sorted(one["uid"] for one in events(db, cast.agent)) == sorted(f"{one.public_id}@solbakken.kursrekka" for one in joint[:2])
