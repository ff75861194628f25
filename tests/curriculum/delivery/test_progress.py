"""How far a school's series have come."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from curriculum import delivery, planning
from curriculum.base import new_code
from curriculum.delivery import ClassProgress
from curriculum.ideabank import Document
from curriculum.people import SchoolClass
from curriculum.planning import CANCELLED, Lesson, Series, Waiver
from tests.cast import NOW, TODAY, Cast, make_cast, make_series
from tests.curriculum.summaries.world import counted
from tests.states import state


@state
def cast(db: Session) -> Cast:
    return make_cast(db)


@state
def series(db: Session, cast: Cast) -> Series:
    """5A's: one lesson last week, one today, and two ahead."""
    return make_series(db, cast, start=date(2026, 10, 7), themes=("folelser", "vennskap", "samarbeid", "respekt"))


def progress(db: Session, cast: Cast, who: str = "head", year: int = 2026) -> list[ClassProgress]:
    return delivery.school_progress(db, cast.persons[who], cast.school, year, TODAY)


def test_lessons_are_counted_as_held_planned_and_cancelled(db: Session, cast: Cast, series: Series) -> None:
    planning.cancel_lesson(db, series.lessons[3], why="", by=cast.agent, now=NOW)
    series.lessons[1].room = "Aulaen"
    [one] = progress(db, cast)[0].series
    assert (one.held, one.planned, one.cancelled, one.total, one.unsettled) == (1, 2, 1, 3, 1)
    assert one.next_lesson
    assert (one.next_lesson.date, one.next_lesson.room, one.next_title) == (series.lessons[1].date, "Aulaen", "Vennskap")


def test_every_class_is_there_with_or_without_a_series(db: Session, cast: Cast, series: Series) -> None:
    assert [(one.school_class.name, len(one.series)) for one in progress(db, cast)] == [
        ("5A", 1),
        ("5B", 0),
        ("5B gruppe 1", 0),
        ("Bjørka", 0),
    ]
    assert progress(db, cast, year=2025) == []


def test_a_small_group_is_known_as_one_that_few_may_know_of(db: Session, cast: Cast) -> None:
    assert [one.school_class.name for one in progress(db, cast) if one.school_class.is_confidential] == ["Bjørka"]


def test_waivers_are_there_with_their_reason(db: Session, cast: Cast, series: Series) -> None:
    unknown = Document(district_id=cast.district.id, kind="theme", key="ny")
    db.add(unknown)
    for theme in (series.lessons[1].theme, unknown):
        waiver = Waiver(district_id=cast.district.id, theme=theme, why="Lærer har hatt det", by_id=cast.agent.id, at=NOW)
        series.waivers.append(waiver)
    db.flush()
    [one] = progress(db, cast)[0].series
    assert [title for title, _ in one.waivers] == ["ny"]  # it has a lesson of the other
    series.lessons[1].state = CANCELLED
    db.flush()
    [one] = progress(db, cast)[0].series
    assert [(title, waiver.why) for title, waiver in one.waivers] == [("Vennskap", "Lærer har hatt det"), ("ny", "Lærer har hatt det")]


def test_a_series_that_is_over_has_no_next_lesson(db: Session, cast: Cast, series: Series) -> None:
    [one] = delivery.school_progress(db, cast.head, cast.school, 2026, date(2027, 6, 1))[0].series
    assert (one.held, one.planned, one.next_lesson, one.next_title) == (4, 0, None, "")


@pytest.mark.parametrize(
    ("who", "classes"),
    [
        ("head", ["5A", "5B", "5B gruppe 1", "Bjørka"]),
        ("manager", ["5A", "5B", "5B gruppe 1", "Bjørka"]),
        ("administrator", ["5A", "5B", "5B gruppe 1", "Bjørka"]),
        ("teacher", ["5A"]),
        ("small_agent", ["Bjørka"]),
        ("translator", []),
        ("former", []),
        ("outsider", []),
    ],
)
def test_each_sees_the_classes_that_the_table_of_rights_gives_her(db: Session, cast: Cast, who: str, classes: list[str]) -> None:
    assert [one.school_class.name for one in progress(db, cast, who)] == classes


@pytest.mark.slow
def test_thirty_lessons_and_classes_take_no_more_queries_than_one(db: Session, cast: Cast, series: Series) -> None:
    counts = []
    for many in (0, 28):
        for _ in range(many):
            _copy(db, cast, series)
        with counted(db) as sent:
            for row in (cast.head, cast.school, *cast.head.assignments):
                db.refresh(row)
            del sent[:]
            assert len(progress(db, cast)) == 4 + many
        counts.append(len(sent))
    assert counts[0] == counts[1]


def _copy(db: Session, cast: Cast, pattern: Series) -> None:
    group = SchoolClass(district_id=cast.district.id, school=cast.school, school_year=2026, name=f"6 {new_code(6)}")
    more = Series(
        district_id=cast.district.id, school_class=group, outline_version=pattern.outline_version, title="Prøverekka", in_use=True
    )
    more.from_date, more.to_date, more.agents = pattern.from_date, pattern.to_date, [cast.agent]
    for one in pattern.lessons[:1]:
        lesson = Lesson(district_id=one.district_id, theme_id=one.theme_id, position=1, date=one.date, start=one.start, end=one.end)
        lesson.minutes, lesson.classes = 60, [group]
        more.lessons.append(lesson)
    db.add_all([group, more])
    db.flush()
