"""The lessons that pages list: what they say, and that they are read anew when something has changed."""

from datetime import date, datetime, time

from sqlalchemy.orm import Session

from curriculum.base import reading_only
from curriculum.planning import CANCELLED, MOVED, Lesson, ListedMove, Series, cancel_lesson, listed, move_lesson
from tests.curriculum.planning.house import NOW, House


def dates(found: Series) -> list[date]:
    return [lesson.date for lesson in found.lessons]


def read(house: House, series: Series) -> list[date]:
    """The dates as a reading request lists them."""
    with reading_only(), Session(house.db.get_bind()) as db:
        return [lesson.date for lesson in listed(db, [series.id])[series.id]]


def test_lessons_are_listed_in_time_order_with_who_did_what(house: House, lesson: Lesson) -> None:
    series, before = lesson.series, lesson.date
    move_lesson(house.db, lesson, date(2026, 9, 10), why="Klassetur", by=house.agent, now=NOW)
    cancel_lesson(house.db, lesson, why="Streik", by=None, now=NOW)
    [_, found, _] = listed(house.db, [series.id])[series.id]
    assert (found.public_id, found.date, found.start, found.state) == (lesson.public_id, date(2026, 9, 10), time(9), CANCELLED)
    assert [(one.kind, one.old_date, one.why, one.by) for one in found.moves] == [
        (MOVED, before, "Klassetur", house.agent.name),
        (CANCELLED, date(2026, 9, 10), "Streik", None),
    ]
    assert found.cancelling == found.moves[1]
    assert isinstance(found.moves[0], ListedMove)
    assert isinstance(found.moves[0].at, datetime)


def test_a_lesson_that_keeps_a_version_says_what_that_says(house: House, lesson: Lesson) -> None:
    series = lesson.series
    lesson.pinned_version = lesson.theme.versions[0]
    house.db.flush()
    [first, found, _] = listed(house.db, [series.id])[series.id]
    assert found.pinned_version is not None
    assert (found.pinned_version.key, found.pinned_version.number) == (lesson.theme.key, 1)
    assert found.pinned_version_id == lesson.pinned_version_id
    assert (first.pinned_version, first.pinned_version_id, first.cancelling) == (None, None, None)


def test_who_reads_finds_what_was_changed_since(house: House, lesson: Lesson) -> None:
    series = lesson.series
    house.db.commit()
    assert read(house, series) == dates(series)
    move_lesson(house.db, lesson, date(2026, 9, 10), by=house.agent, now=NOW)
    house.db.commit()
    assert read(house, series)[1] == date(2026, 9, 10)


def test_a_series_without_lessons_lists_none(house: House) -> None:
    assert listed(house.db, [4711]) == {4711: ()}
