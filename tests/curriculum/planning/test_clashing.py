"""Clashes that the checker finds in all of a district's series at once."""

from __future__ import annotations

from datetime import date, time, timedelta

from sqlalchemy.orm import Session

from curriculum.people import AGENT, Assignment
from curriculum.planning import (
    ASKED,
    NO,
    Absence,
    ClosedDays,
    Elsewhere,
    Lesson,
    Limits,
    Presenter,
    Room,
    SchoolCalendar,
    Series,
    cancel_lesson,
    set_limits,
    set_ways,
    way,
)
from curriculum.planning.clashing import Clash, clashes
from tests.cast import NOW, TODAY, Cast, make_cast, make_series
from tests.states import state

THURSDAY = date(2026, 10, 22)


@state
def cast(db: Session) -> Cast:
    return make_cast(db)


@state
def series(db: Session, cast: Cast) -> Series:
    """5A's: Wednesdays at 08:30 of week 42 (today), 43 and 44."""
    return make_series(db, cast, start=date(2026, 10, 12), themes=("folelser", "vennskap", "samarbeid"))


@state
def other(db: Session, cast: Cast) -> Series:
    """5B's, by the same agent: Thursdays at 08:30 of week 42 and 43."""
    return make_series(db, cast, cast.b5, themes=("vennskap", "samarbeid"), weekday=3)


def put(lesson: Lesson, day: date, start: time = time(8, 30)) -> Lesson:
    """Where nobody could put it by hand: what the rules allowed once, and no longer do."""
    lesson.date, lesson.start, lesson.end = day, start, time(start.hour + 1, start.minute)
    return lesson


def found(db: Session, cast: Cast) -> list[Clash]:
    db.flush()
    return list(clashes(db, cast.district.id, 2026, TODAY))


def why(db: Session, cast: Cast) -> list[tuple[str, str]]:
    """Each clash as its lesson's public id and its words."""
    return [(one.lesson, str(one.why)) for one in found(db, cast)]


def test_a_district_without_series_has_no_clash(db: Session, cast: Cast) -> None:
    assert found(db, cast) == []


def test_what_stands_well_does_not_clash(db: Session, cast: Cast, series: Series, other: Series) -> None:
    assert found(db, cast) == []


def test_an_agent_of_two_classes_at_once_is_told_of_with_lesson_and_title(db: Session, cast: Cast, series: Series, other: Series) -> None:
    lesson = put(other.lessons[1], series.lessons[1].date, time(9, 0))
    [clash] = found(db, cast)
    assert clash[:5] == (other.id, lesson.public_id, "Samarbeid", date(2026, 10, 21), time(9, 0))
    assert str(clash.why) == "Ingrid Solfeng has another lesson then, or too little time to get there"


def test_the_way_between_two_schools_takes_its_time_where_it_is_told(db: Session, cast: Cast, series: Series) -> None:
    cast.agent.assignments.append(Assignment(district_id=cast.district.id, role=AGENT, school_class=cast.a6, from_date=date(2026, 8, 1)))
    db.flush()
    far = make_series(db, cast, cast.a6, themes=("vennskap", "samarbeid"), agents=[cast.agent], weekday=3)
    put(far.lessons[1], series.lessons[1].date, time(9, 40))
    assert found(db, cast) == []
    set_ways(db, cast.district, {way(cast.school, cast.other_school): 15})
    assert [one.series_id for one in found(db, cast)] == [far.id]


def test_what_is_held_as_one_does_not_clash_with_itself_but_must_stay_together(
    db: Session, cast: Cast, series: Series, other: Series
) -> None:
    joint = [series.lessons[1], put(other.lessons[1], series.lessons[1].date)]
    for lesson in joint:
        lesson.joint = "together12"
    assert found(db, cast) == []
    put(joint[1], THURSDAY)
    assert why(db, cast) == [(joint[1].public_id, "it is held together with “Vennskap”")]


def test_a_lesson_that_someone_else_holds_takes_nothing_of_her_time(db: Session, cast: Cast, series: Series, other: Series) -> None:
    lesson = put(other.lessons[1], series.lessons[1].date)
    lesson.by_teacher = True
    assert found(db, cast) == []
    lesson.by_teacher, lesson.staff = False, [cast.small_agent]
    assert found(db, cast) == []
    db.add(Absence(district_id=cast.district.id, person_id=cast.small_agent.id, from_date=lesson.date, to_date=lesson.date, at=NOW))
    assert why(db, cast) == [(lesson.public_id, "Tuva Steinvik is not available")]


def test_her_other_weekday_and_her_absence_are_told_alike_and_without_why(db: Session, cast: Cast, series: Series) -> None:
    away = {"district_id": cast.district.id, "person_id": cast.agent.id}
    db.add(Elsewhere(weekday=2, from_date=date(2026, 10, 20), to_date=date(2026, 10, 24), **away))
    db.add(Absence(from_date=date(2026, 10, 28), to_date=date(2026, 10, 30), at=NOW, **away))
    assert why(db, cast) == [(one.public_id, "Ingrid Solfeng is not available") for one in series.lessons[1:]]


def test_more_than_she_may_have_in_a_day_or_a_week(db: Session, cast: Cast, series: Series, other: Series) -> None:
    set_limits(db, cast.agent, Limits(max_per_week=1))
    assert {words for _, words in why(db, cast)} == {"Ingrid Solfeng would have too many lessons that week"}
    set_limits(db, cast.agent, Limits(max_per_day=1))
    assert found(db, cast) == []
    put(other.lessons[1], series.lessons[1].date, time(12, 0))
    assert [words for _, words in why(db, cast)] == ["Ingrid Solfeng would have too many lessons that day"]


def test_days_that_were_closed_later_and_a_class_that_is_away(db: Session, cast: Cast, series: Series, other: Series) -> None:
    calendar = SchoolCalendar(
        district_id=cast.district.id, school_id=cast.school.id, name="2026–2027", from_date=date(2026, 8, 17), to_date=date(2027, 6, 18)
    )
    day = series.lessons[1].date
    calendar.closed = [
        ClosedDays(from_date=day, to_date=day, reason="Planleggingsdag"),
        ClosedDays(from_date=THURSDAY, to_date=THURSDAY, reason="Leirskole", class_id=cast.b5.id),
    ]
    db.add(calendar)
    assert why(db, cast) == [
        (series.lessons[1].public_id, "the school is closed (Planleggingsdag)"),
        (other.lessons[1].public_id, "the class is away (Leirskole)"),
    ]


def test_a_small_group_and_the_class_it_is_taken_from_share_their_pupils(db: Session, cast: Cast, series: Series) -> None:
    small = make_series(db, cast, cast.small, themes=("vennskap", "samarbeid"), weekday=4)
    assert found(db, cast) == []
    put(small.lessons[1], series.lessons[1].date)
    assert [words for _, words in why(db, cast)] == ["the class is taken at that time"]


def test_a_room_is_one_classes_at_a_time_and_the_schools_own_when_it_says_so(
    db: Session, cast: Cast, series: Series, other: Series
) -> None:
    room = Room(district_id=cast.district.id, school=cast.school, name="Aulaen", busy=[{"weekday": 2, "start": "08:00", "end": "09:00"}])
    db.add(room)
    series.lessons[1].room = "Aulaen"
    other.lessons[0].room = "Et annet sted"  # nobody has entered it: nothing is known of it
    assert why(db, cast) == [(series.lessons[1].public_id, "the room Aulaen cannot be used then")]
    room.busy = []
    lesson = put(other.lessons[1], series.lessons[1].date)
    lesson.room, lesson.by_teacher = "Aulaen", True
    assert why(db, cast) == [(lesson.public_id, "there is another lesson in the room Aulaen then")]


def test_somebody_from_outside_comes_when_they_offer_to(db: Session, cast: Cast, series: Series, other: Series) -> None:
    police = Presenter(district_id=cast.district.id, name="Politiet på Solbakken", skill="police")
    db.add(police)
    lesson = series.lessons[1]
    lesson.asked_presenter, lesson.presenter_answer = police, ASKED
    assert found(db, cast) == []  # nothing is said of when
    police.offers = [{"date": "2026-10-22", "start": "08:00", "end": "12:00"}]
    assert why(db, cast) == [(lesson.public_id, "Politiet på Solbakken cannot come then")]
    police.offers = [{"date": "2026-10-21", "start": "08:00", "end": "12:00"}]
    assert found(db, cast) == []
    police.schools = [cast.other_school.public_id]
    assert [words for _, words in why(db, cast)] == ["Politiet på Solbakken cannot come then"]
    lesson.presenter_answer = NO
    assert found(db, cast) == []


def test_what_is_over_cancelled_or_thrown_away_clashes_with_nothing(db: Session, cast: Cast, series: Series, other: Series) -> None:
    put(series.lessons[0], TODAY - timedelta(1))
    put(other.lessons[0], TODAY - timedelta(1))
    cancel_lesson(db, put(other.lessons[1], series.lessons[1].date), why="", by=cast.agent, now=NOW)
    assert found(db, cast) == []
    put(series.lessons[2], date(2026, 10, 25))
    series.thrown_away_at = NOW
    assert found(db, cast) == []


def test_another_year_and_another_district_are_not_asked(db: Session, cast: Cast, series: Series, other: Series) -> None:
    put(other.lessons[1], series.lessons[1].date)
    db.flush()
    assert len(clashes(db, cast.district.id, 2026, TODAY)) == 1
    assert not clashes(db, cast.district.id, 2025, TODAY)
    assert not clashes(db, cast.other_district.id, 2026, TODAY)
