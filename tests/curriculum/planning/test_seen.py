"""What is seen of a lesson in plain values says what its row says."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from curriculum import delivery, planning
from curriculum.people import HALF, SchoolClass
from curriculum.planning import Lesson, Presenter, Series
from curriculum.planning.seen import Holder, SeenVisitor
from tests.cast import NOW, Cast, make_cast, make_series
from tests.states import state


@state
def cast(db: Session) -> Cast:
    return make_cast(db)


@state
def series(db: Session, cast: Cast) -> Series:
    return make_series(db, cast, themes=("folelser", "vennskap"))


def in_time_order() -> Select[Lesson]:
    return select(Lesson).join(Lesson.series).order_by(Lesson.date, Lesson.start)


def test_what_is_seen_is_what_the_row_says(db: Session, cast: Cast, series: Series) -> None:
    lesson = series.lessons[0]
    lesson.room, lesson.presenter, lesson.presenter_answer = "Aulaen", "police", planning.ASKED
    db.flush()
    seen = planning.seen_lessons(db, in_time_order(), {})
    assert [one.id for one in seen] == [one.id for one in series.lessons]
    [first, _] = seen
    own = set(first._fields) - {"theme", "series", "asked_presenter", "pinned_version", "classes", "staff"}
    assert {name: getattr(first, name) for name in own} == {name: getattr(lesson, name) for name in own}
    assert (first.theme.key, first.series.public_id, first.series.scope) == (lesson.theme.key, series.public_id, series.scope)
    assert first.series.in_use == series.in_use
    assert (first.asked_presenter, first.pinned_version) == (None, None)
    assert [(one.name, one.scope, one.is_confidential, one.school.name) for one in first.classes] == [
        ("5A", cast.a5.scope, False, cast.school.name)
    ]
    assert first.staff == (Holder(cast.agent.id, cast.agent.name),)


def test_all_who_share_and_hold_it_are_there_once_whoever_they_are(db: Session, cast: Cast, series: Series) -> None:
    lesson = series.lessons[0]
    lesson.classes.append(cast.small)
    lesson.staff.append(cast.other_agent)
    series.lessons[1].staff.clear()
    db.flush()
    first, second = planning.seen_lessons(db, in_time_order(), {})
    assert {(one.name, one.is_confidential) for one in first.classes} == {("5A", False), (cast.small.name, True)}
    assert [one.name for one in first.staff] == sorted([cast.agent.name, cast.other_agent.name])
    assert second.staff == ()


def test_a_half_is_seen_as_of_its_whole_class(db: Session, cast: Cast) -> None:
    half = SchoolClass(
        district_id=cast.district.id, school=cast.school, school_year=2026, name="5A gruppe 1", kind=HALF, taken_from=[cast.a5]
    )
    db.add(half)
    db.flush()
    db.refresh(half)
    make_series(db, cast, half, themes=("vennskap",), agents=[cast.agent])
    [one] = planning.seen_lessons(db, in_time_order(), {})
    assert [group.scope for group in one.classes] == [half.scope]
    assert one.series.scope.classes == {half.id, cast.a5.id}


def test_a_visitor_and_a_version_that_is_held_to_are_seen(db: Session, cast: Cast, series: Series) -> None:
    lesson = series.lessons[0]
    visitor = Presenter(district_id=cast.district.id, name="Forebyggende", skill="police", material="En veske")
    db.add(visitor)
    lesson.asked_presenter = visitor
    delivery.hold(db, lesson, by=cast.agent, now=NOW)
    db.flush()
    [first, second] = planning.seen_lessons(db, in_time_order(), {})
    assert first.asked_presenter == SeenVisitor("Forebyggende", "En veske")
    assert lesson.pinned_version is not None and first.pinned_version is not None
    assert (first.pinned_version.id, first.pinned_version.title) == (lesson.pinned_version.id, lesson.pinned_version.title)
    assert second.pinned_version is None


def test_no_lesson_is_no_lesson(db: Session, series: Series) -> None:
    assert planning.seen_lessons(db, in_time_order().where(Lesson.date < date(2020, 1, 1)), {}) == []
