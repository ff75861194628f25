"""A person is away: her lessons get another date, another who holds them, or none, all at once, and one step takes it all back."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.base import Refused
from curriculum.people import AGENT, Assignment, Person, SchoolClass
from curriculum.planning import (
    AWAY,
    BY_TEACHER,
    CANCEL,
    CANCELLED,
    COLLEAGUE,
    MOVE,
    PLANNED,
    SHIFT,
    Absence,
    Choice,
    Lesson,
    Series,
    WayOut,
)
from curriculum.planning.away import state_of_rest
from curriculum.planning.recording import state_of_lesson
from tests.cast import NOW, TODAY, Cast, make_series
from tests.states import state

THEMES = ("vennskap", "folelser", "samarbeid")


class Telling(list[Absence]):
    """Those who would be told, as the pages do."""

    def __call__(self, absence: Absence) -> None:
        self.append(absence)


@state
def series(db: Session, cast: Cast) -> Series:
    """5A's series: Wednesdays from today, Ingrid's."""
    return make_series(db, cast, themes=THEMES)


def _ways(db: Session, cast: Cast, by: Person | None = None, last: date = TODAY) -> list[WayOut]:
    return planning.ways_out(db, cast.agent, TODAY, last, by=by or cast.agent, now=NOW)


def _report(db: Session, cast: Cast, *choices: tuple[Lesson, Choice], by: Person | None = None, last: date = TODAY) -> Absence:
    chosen = {lesson.public_id: choice for lesson, choice in choices}
    return planning.report_away(db, cast.agent, TODAY, last, chosen, by=by or cast.agent, now=NOW)


def _stand(*series: Series) -> dict[str, object]:
    return {lesson.public_id: state_of_lesson(lesson) for one in series for lesson in one.lessons}


def _assign(db: Session, person: Person, school_class: SchoolClass) -> None:
    person.assignments.append(
        Assignment(district_id=person.district_id, role=AGENT, school_class=school_class, class_id=school_class.id, from_date=TODAY)
    )
    db.flush()


# --- What is proposed -----------------------------------------------------------------------------------------------------------------


def test_her_lessons_of_the_day_are_proposed_a_new_date_and_colleagues_who_are_free(db: Session, cast: Cast, series: Series) -> None:
    planning.move_lesson(db, series.lessons[-1], series.lessons[-1].date + timedelta(7), by=cast.agent, now=NOW)
    [way] = _ways(db, cast)
    assert (way.lesson, way.lessons, way.best) == (series.lessons[0], (series.lessons[0],), MOVE)
    assert way.to is not None and (way.to.date, way.end) == (date(2026, 10, 28), date(2026, 11, 4))
    assert [one.date for one in way.dates][:2] == [date(2026, 10, 28), date(2026, 11, 11)]
    assert [way.is_in_time(one.date) for one in way.dates][:2] == [True, False]
    assert [(one.lesson, one.date) for one in way.proposed] == [(way.lesson, date(2026, 10, 28))]
    assert way.agents == (cast.small_agent, cast.other_agent)


def test_an_agent_of_the_class_comes_first_and_is_proposed(db: Session, cast: Cast, series: Series) -> None:
    _assign(db, cast.other_agent, cast.a5)
    [way] = _ways(db, cast)
    assert (way.best, way.agents[0]) == (COLLEAGUE, cast.other_agent)


def test_who_holds_the_lesson_with_her_is_proposed_to_hold_it_alone(db: Session, cast: Cast, series: Series) -> None:
    lesson = series.lessons[0]
    lesson.staff.append(cast.other_agent)
    db.flush()
    [way] = _ways(db, cast)
    assert (way.best, way.agents[0]) == (COLLEAGUE, cast.other_agent)
    _report(db, cast, (lesson, Choice(COLLEAGUE, lesson.version, agent=cast.other_agent.public_id)))
    assert lesson.staff == [cast.other_agent]


def test_a_colleague_who_teaches_or_is_away_then_is_not_offered(db: Session, cast: Cast, series: Series) -> None:
    make_series(db, cast, cast.a6, themes=THEMES)
    db.add(Absence(district_id=cast.district.id, person_id=cast.small_agent.id, from_date=TODAY, to_date=TODAY, at=NOW))
    db.flush()
    assert _ways(db, cast)[0].agents == ()


def test_a_lesson_whose_date_is_locked_stays_or_gets_another_who_holds_it(db: Session, cast: Cast, series: Series) -> None:
    series.lessons[0].date_locked = True
    db.flush()
    [way] = _ways(db, cast)
    assert (way.dates, way.best) == ((), COLLEAGUE)


def test_with_no_date_and_nobody_near_the_teacher_is_proposed(db: Session, cast: Cast, series: Series) -> None:
    series.lessons[0].date_locked = True
    db.add(Absence(district_id=cast.district.id, person_id=cast.small_agent.id, from_date=TODAY, to_date=TODAY, at=NOW))
    db.flush()
    [way] = _ways(db, cast)
    assert (way.agents, way.best) == ((cast.other_agent,), BY_TEACHER)


def test_two_lessons_are_not_proposed_the_same_hour(db: Session, cast: Cast) -> None:
    one = make_series(db, cast, themes=("vennskap",))
    other = make_series(db, cast, cast.b5, themes=("folelser",), weekday=3)
    for lesson in (*one.lessons, *other.lessons):
        lesson.date = TODAY
    other.lessons[0].start, other.lessons[0].end = time(8, 30), time(9, 30)
    other.slots[0].weekday = one.slots[0].weekday
    db.flush()
    first, second = _ways(db, cast)
    assert (first.best, second.best) == (SHIFT, SHIFT)
    assert first.proposed[0].date != second.proposed[0].date


# --- The rest moves on ------------------------------------------------------------------------------------------------------------------


def _moved_on(db: Session, cast: Cast, *lessons: Lesson, last: date = TODAY, by: Person | None = None) -> Absence:
    return _report(db, cast, *((one, Choice(SHIFT, one.version, rest_seen=state_of_rest(one))) for one in lessons), last=last, by=by)


def test_where_no_date_is_free_before_the_end_the_rest_moves_on_and_comes_back_in_one_step(db: Session, cast: Cast, series: Series) -> None:
    [way] = _ways(db, cast)
    assert (way.best, way.end, way.to and way.to.date) == (SHIFT, date(2026, 10, 28), date(2026, 11, 4))
    assert [(one.lesson, one.date) for one in way.shift] == [(one, one.date + timedelta(7)) for one in series.lessons]
    assert way.new is way.shift[0]
    before = _stand(series)
    absence = _moved_on(db, cast, way.lesson)
    assert [one.date for one in series.lessons] == [one.date for one in way.shift]
    assert [one.how for one in planning.outcomes(db, absence.change)] == [MOVE] * 3
    planning.take_back_away(db, absence, tell=Telling(), by=cast.agent, now=NOW)
    assert _stand(series) == before


def test_several_lessons_of_a_series_move_on_together_and_one_that_is_cancelled_does_not(db: Session, cast: Cast, series: Series) -> None:
    first, second, third = series.lessons
    ways = _ways(db, cast, last=second.date)
    assert [way.shift for way in ways] == [ways[0].shift] * 2
    assert [one.date for one in ways[0].shift] == [date(2026, 10, 28), date(2026, 11, 4), date(2026, 11, 11)]
    choices = (first, Choice(CANCEL, first.version)), (second, Choice(SHIFT, second.version, rest_seen=state_of_rest(second)))
    _report(db, cast, *choices, last=second.date)
    assert (first.state, second.date, third.date) == (CANCELLED, date(2026, 10, 28), date(2026, 11, 4))


def test_both_move_on_when_both_are_chosen(db: Session, cast: Cast, series: Series) -> None:
    first, second = series.lessons[:2]
    _moved_on(db, cast, first, second, last=second.date)
    assert [one.date for one in series.lessons] == [date(2026, 10, 28), date(2026, 11, 4), date(2026, 11, 11)]


def test_where_the_rest_has_no_room_it_is_not_offered_and_refused_in_words(db: Session, cast: Cast, series: Series) -> None:
    later = Absence(district_id=cast.district.id, person_id=cast.agent.id, from_date=date(2026, 10, 15), to_date=series.to_date, at=NOW)
    db.add(later)
    db.flush()
    [way] = _ways(db, cast)
    assert (way.dates, way.shift, way.new, way.best, way.proposed) == ((), (), None, COLLEAGUE, ())
    with pytest.raises(Refused, match="cannot move on: there is no room"):
        _moved_on(db, cast, way.lesson)


def test_the_rest_is_not_moved_on_otherwise_than_it_was_seen(db: Session, cast: Cast, series: Series) -> None:
    [way] = _ways(db, cast)
    choice = Choice(SHIFT, way.lesson.version, rest_seen=way.rest_seen)
    planning.cancel_lesson(db, series.lessons[2], by=cast.agent, now=NOW)
    with pytest.raises(Refused, match="since you looked"):
        _report(db, cast, (way.lesson, choice))


# --- Halves -------------------------------------------------------------------------------------------------------------------------------


@state
def halves(db: Session, cast: Cast) -> tuple[Series, Series]:
    """The two halves of 5B: Wednesdays and Thursdays from today, Ingrid's."""
    other = planning.add_class(db, cast.school, "5B gruppe 2", grades=[5], year=2026, kind="half", taken_from=[cast.b5])
    for group in (cast.half, other):
        _assign(db, cast.agent, group)
    one = make_series(db, cast, cast.half, themes=THEMES, agents=[cast.agent])
    return one, make_series(db, cast, other, themes=THEMES, agents=[cast.agent], weekday=3)


def test_a_half_is_proposed_a_date_in_the_week_of_the_other(db: Session, cast: Cast, halves: tuple[Series, Series]) -> None:
    [way] = _ways(db, cast)
    assert (way.best, way.to and way.to.date) == (MOVE, date(2026, 10, 16))


def test_where_the_week_is_lost_both_halves_move_on_and_stay_together(db: Session, cast: Cast, halves: tuple[Series, Series]) -> None:
    one, two = halves
    ways = _ways(db, cast, last=date(2026, 10, 16))
    assert [way.best for way in ways] == [SHIFT, SHIFT]
    assert [shift.date for way in ways for shift in way.shift] == [lesson.date + timedelta(7) for lesson in (*one.lessons, *two.lessons)]
    _moved_on(db, cast, *(way.lesson for way in ways), last=date(2026, 10, 16))
    assert planning.halves_apart(db, [*one.lessons, *two.lessons]) == {}


def test_the_other_half_moves_on_along_with_the_rest_of_one(db: Session, cast: Cast, halves: tuple[Series, Series]) -> None:
    one, two = halves
    db.add(Absence(district_id=cast.district.id, person_id=cast.agent.id, from_date=date(2026, 10, 16), to_date=date(2026, 10, 16), at=NOW))
    db.flush()
    [way] = _ways(db, cast)
    assert (way.best, len(way.shift)) == (SHIFT, 6)
    absence = _moved_on(db, cast, way.lesson)
    assert absence.change is not None and set(absence.change.series) == {one, two}
    assert planning.halves_apart(db, [*one.lessons, *two.lessons]) == {}


def test_a_half_goes_alone_to_a_date_before_the_end_rather_than_moving_on_without_the_other(
    db: Session, cast: Cast, halves: tuple[Series, Series]
) -> None:
    one, two = halves
    db.add(Absence(district_id=cast.district.id, person_id=cast.agent.id, from_date=date(2026, 10, 15), to_date=date(2026, 10, 16), at=NOW))
    two.agents[:] = [cast.other_agent]
    for lesson in two.lessons:
        lesson.staff[:] = [cast.other_agent]
    planning.move_lesson(db, one.lessons[2], date(2026, 11, 11), by=cast.agent, now=NOW)
    db.flush()
    [way] = _ways(db, cast)
    assert (way.best, way.to and way.to.date, len(way.shift)) == (MOVE, date(2026, 10, 28), 2)


def test_no_date_is_proposed_on_which_she_is_away(db: Session, cast: Cast, series: Series) -> None:
    last = series.lessons[-1].date + timedelta(14)
    ways = _ways(db, cast, last=last)
    assert len(ways) == 3
    assert min(one.date for way in ways for one in way.dates) > last


def test_lessons_held_as_one_have_one_choice(db: Session, cast: Cast, series: Series) -> None:
    other = make_series(db, cast, cast.b5, themes=("samarbeid",), weekday=4)
    mine, theirs = series.lessons[0], other.lessons[0]
    theirs.date, theirs.start, theirs.end, theirs.joint, mine.joint = mine.date, mine.start, mine.end, "politi", "politi"
    db.flush()
    [way] = _ways(db, cast)
    assert set(way.lessons) == {mine, theirs}
    choice = Choice(COLLEAGUE, mine.version, agent=cast.other_agent.public_id)
    absence = _report(db, cast, (mine, choice), (theirs, Choice("", theirs.version)) if way.lesson is mine else (theirs, choice))
    assert (mine.staff, theirs.staff) == ([cast.other_agent], [cast.other_agent])
    assert absence.change is not None and {one.id for one in absence.change.series} == {series.id, other.id}


# --- It is done, and taken back -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [MOVE, COLLEAGUE, BY_TEACHER, CANCEL])
def test_whatever_is_chosen_one_step_takes_it_all_back(how: str, db: Session, cast: Cast, series: Series) -> None:
    before, lesson, [way] = _stand(series), series.lessons[0], _ways(db, cast)
    choice = Choice(how, lesson.version, way.dates[0].date, way.dates[0].start, cast.other_agent.public_id)
    absence = _report(db, cast, (lesson, choice))
    assert absence.change is not None and absence.change.kind == AWAY
    [outcome] = planning.outcomes(db, absence.change)
    assert (outcome.how, outcome.date, outcome.agents) == (how, TODAY, (cast.other_agent,) if how == COLLEAGUE else ())
    became = (lesson.date != TODAY, lesson.staff == [cast.other_agent], lesson.by_teacher, lesson.state == CANCELLED)
    assert became == tuple(how == one for one in (MOVE, COLLEAGUE, BY_TEACHER, CANCEL))
    planning.take_back_away(db, absence, tell=Telling(), by=cast.agent, now=NOW)
    assert _stand(series) == before
    assert db.scalars(select(Absence)).all() == []


def test_days_without_lessons_are_kept_too_and_can_be_taken_back(db: Session, cast: Cast) -> None:
    absence = _report(db, cast)
    assert (absence.change, planning.outcomes(db, None)) == (None, [])
    planning.take_back_away(db, absence, tell=Telling(), by=cast.agent, now=NOW)
    assert db.scalars(select(Absence)).all() == []


def test_no_reason_can_be_kept() -> None:
    assert {column.name for column in Absence.__table__.columns} == {
        "id", "district_id", "person_id", "from_date", "to_date", "by_id", "at", "change_id",
    }  # fmt: skip


def test_the_lessons_of_several_days_are_checked_together(db: Session, cast: Cast, series: Series) -> None:
    free = series.lessons[-1].date + timedelta(7)
    first, second = series.lessons[:2]
    last = second.date
    at = free, first.start
    with pytest.raises(Refused, match="5A on"):
        _report(db, cast, (first, Choice(MOVE, first.version, *at)), (second, Choice(MOVE, second.version, *at)), last=last)


def _refused(db: Session, cast: Cast, lesson: Lesson, choice: Choice) -> str:
    with pytest.raises(Refused) as refusal:
        _report(db, cast, (lesson, choice))
    return str(refusal.value)


def test_what_cannot_be_is_refused_in_words(db: Session, cast: Cast, series: Series) -> None:
    lesson = series.lessons[0]
    seen = lesson.version
    assert "is away on 2026-10-14 too" in _refused(db, cast, lesson, Choice(MOVE, seen, TODAY, time(12)))
    assert "Choose among those that are offered" in _refused(db, cast, lesson, Choice(MOVE, seen))
    assert "Choose among those that are offered" in _refused(db, cast, lesson, Choice("paint", seen))
    for nobody in ("", cast.agent.public_id, cast.teacher.public_id):
        assert "Choose a colleague who may hold it" in _refused(db, cast, lesson, Choice(COLLEAGUE, seen, agent=nobody))


def test_a_colleague_who_was_taken_meanwhile_is_refused_in_words(db: Session, cast: Cast, series: Series) -> None:
    assert cast.other_agent in _ways(db, cast)[0].agents
    make_series(db, cast, cast.a6, themes=THEMES)
    lesson = series.lessons[0]
    words = _refused(db, cast, lesson, Choice(COLLEAGUE, lesson.version, agent=cast.other_agent.public_id))
    assert "Amir Lyngdal cannot hold the lesson:" in words and lesson.state == PLANNED


def test_a_lesson_changed_or_added_since_she_looked_is_refused_in_words(db: Session, cast: Cast, series: Series) -> None:
    lesson = series.lessons[0]
    assert "since you looked" in _refused(db, cast, lesson, Choice(CANCEL, lesson.version - 1))
    with pytest.raises(Refused, match="since you looked"):
        _report(db, cast)
    with pytest.raises(Refused, match="since you looked"):
        _report(db, cast, (lesson, Choice(CANCEL, lesson.version)), (series.lessons[1], Choice(CANCEL, 1)))


def test_days_that_cannot_be_dealt_with_are_refused_in_words(db: Session, cast: Cast) -> None:
    for first, last, words in (
        (TODAY - timedelta(1), TODAY, "has passed"),
        (TODAY, TODAY - timedelta(1), "before the first"),
        (TODAY, TODAY + timedelta(60), "At most 60 days"),
    ):
        with pytest.raises(Refused, match=words):
            planning.ways_out(db, cast.agent, first, last, by=cast.agent, now=NOW)


def test_today_can_be_dealt_with_after_the_lesson_has_begun(db: Session, cast: Cast, series: Series) -> None:
    evening = NOW + timedelta(hours=8)
    lesson = series.lessons[0]
    choice = {lesson.public_id: Choice(CANCEL, lesson.version)}
    planning.report_away(db, cast.agent, TODAY, TODAY, choice, by=cast.agent, now=evening)
    assert lesson.state == CANCELLED


def test_what_was_done_since_is_taken_back_first(db: Session, cast: Cast, series: Series) -> None:
    lesson = series.lessons[0]
    absence = _report(db, cast, (lesson, Choice(BY_TEACHER, lesson.version)))
    planning.cancel_lesson(db, lesson, by=cast.agent, now=NOW)
    with pytest.raises(Refused, match="Take that back first"):
        planning.take_back_away(db, absence, tell=Telling(), by=cast.agent, now=NOW)


# --- Who may, and what is nobody else's ----------------------------------------------------------------------------------------------


def test_she_a_colleague_of_a_school_of_hers_and_the_coordinator_may_say_so_and_nobody_else(db: Session, cast: Cast) -> None:
    may = {name for name, one in cast.persons.items() if planning.may_report_away(one, cast.agent, TODAY)}
    assert may == {"agent", "small_agent", "coordinator", "coordinator2"}
    assert not planning.may_report_away(cast.coordinator, cast.teacher, TODAY)
    cast.agent.is_active = False
    assert not planning.may_report_away(cast.coordinator, cast.agent, TODAY)


def test_who_may_not_is_refused_by_the_rules_too(db: Session, cast: Cast, series: Series) -> None:
    for who in (cast.teacher, cast.administrator, cast.other_agent, cast.outsider):
        with pytest.raises(Refused, match="not for you"):
            _ways(db, cast, by=who)
        with pytest.raises(Refused, match="not for you"):
            _report(db, cast, by=who)


def test_a_small_group_is_not_shown_to_a_colleague_and_nothing_is_done_about_it(db: Session, cast: Cast) -> None:
    small = make_series(db, cast, cast.small, themes=("vennskap",), agents=[cast.small_agent])
    _assign(db, cast.other_agent, cast.a5)  # of the same school as the group's agent, not of the group
    asked = (db, cast.small_agent, TODAY, TODAY)
    assert planning.ways_out(*asked, by=cast.other_agent, now=NOW) == []
    assert planning.lessons_left(*asked, by=cast.other_agent, today=TODAY) == [small.lessons[0]]
    for who in (cast.small_agent, cast.coordinator):
        assert [way.lesson for way in planning.ways_out(*asked, by=who, now=NOW)] == [small.lessons[0]]
        assert planning.lessons_left(*asked, by=who, today=TODAY) == []
    planning.report_away(*asked, {}, by=cast.other_agent, now=NOW)
    assert small.lessons[0].state == PLANNED


def test_a_small_group_is_handed_to_its_own_agents_only(db: Session, cast: Cast) -> None:
    make_series(db, cast, cast.small, themes=("vennskap",), agents=[cast.small_agent])
    [way] = planning.ways_out(db, cast.small_agent, TODAY, TODAY, by=cast.small_agent, now=NOW)
    assert way.agents == ()
    _assign(db, cast.agent, cast.small)
    [way] = planning.ways_out(db, cast.small_agent, TODAY, TODAY, by=cast.small_agent, now=NOW)
    assert way.agents == (cast.agent,)


def test_who_holds_a_lesson_instead_may_read_and_hold_it_but_not_plan_it(db: Session, cast: Cast, series: Series) -> None:
    from curriculum.people import may, visible

    lesson = series.lessons[0]
    _report(db, cast, (lesson, Choice(COLLEAGUE, lesson.version, agent=cast.other_agent.public_id)))
    acts = {act: may(cast.other_agent, act, lesson.scope, TODAY) for act in ("read", "hold", "plan")}
    assert acts == {"read": True, "hold": True, "plan": False}
    for act, allowed in acts.items():
        assert (lesson in db.scalars(visible(cast.other_agent, Lesson, TODAY, act)).all()) == allowed
    assert series.lessons[1] not in db.scalars(visible(cast.other_agent, Lesson, TODAY)).all()
    assert planning.check(planning.problem_for(db, series), planning.recording.plan_as_it_stands(series)).violations == ()


def test_an_agent_who_has_left_the_class_keeps_nothing_of_its_lessons(db: Session, cast: Cast, series: Series) -> None:
    from curriculum.people import may

    for assignment in cast.agent.assignments:
        if assignment.class_id == cast.a5.id:
            assignment.to_date = TODAY - timedelta(1)
    db.flush()
    assert not may(cast.agent, "read", series.lessons[0].scope, TODAY)


def test_the_teachers_of_a_lesson_are_those_of_its_classes_and_of_the_whole_class(db: Session, cast: Cast, series: Series) -> None:
    half = make_series(db, cast, cast.half, themes=("folelser",), agents=[cast.agent], weekday=3)
    teachers = planning.teachers_of(db, [series.lessons[0], half.lessons[0]], TODAY)
    assert teachers == {series.lessons[0].id: [cast.teacher], half.lessons[0].id: []}
    cast.teacher.assignments[0].class_id = cast.b5.id
    db.flush()
    assert planning.teachers_of(db, [half.lessons[0]], TODAY) == {half.lessons[0].id: [cast.teacher]}


@pytest.mark.parametrize("how", [MOVE, CANCEL])
def test_what_is_held_as_one_is_moved_or_cancelled_as_one_and_taken_back_as_one(how: str, db: Session, cast: Cast, series: Series) -> None:
    other = make_series(db, cast, cast.b5, themes=("samarbeid",), weekday=4)
    mine, theirs = series.lessons[0], other.lessons[0]
    theirs.date, theirs.start, theirs.end, theirs.joint, mine.joint = mine.date, mine.start, mine.end, "politi", "politi"
    db.flush()
    before, [way] = _stand(series, other), _ways(db, cast)
    to = way.dates[0].date if way.dates else None
    absence = _report(db, cast, *((one, Choice(how, one.version, to, mine.start)) for one in way.lessons))
    assert {(one.date, one.state) for one in (mine, theirs)} == {(to, PLANNED) if how == MOVE else (TODAY, CANCELLED)}
    planning.take_back_away(db, absence, tell=Telling(), by=cast.agent, now=NOW)
    assert _stand(series, other) == before


def test_who_is_an_agent_no_longer_when_the_lesson_is_held_is_not_asked(db: Session, cast: Cast, series: Series) -> None:
    last = series.lessons[1].date
    for assignment in cast.other_agent.assignments:
        assignment.to_date = last - timedelta(1)
    db.flush()
    ways = _ways(db, cast, last=last)
    assert [cast.other_agent in way.agents for way in ways] == [True, False]


# --- One way back -------------------------------------------------------------------------------------------------------------------------


def test_whoever_takes_the_change_back_anywhere_tells_those_who_were_told(db: Session, cast: Cast, series: Series) -> None:
    before, lesson, told = _stand(series), series.lessons[0], Telling()
    absence = _report(db, cast, (lesson, Choice(BY_TEACHER, lesson.version)))
    assert absence.change is not None
    assert planning.take_back(db, absence.change, tell=told, by=cast.agent, now=NOW) is cast.agent
    assert (told, _stand(series)) == ([absence], before)


def test_another_change_is_taken_back_and_nobody_is_told(db: Session, cast: Cast, series: Series) -> None:
    before, told = _stand(series), Telling()
    planning.cancel_lesson(db, series.lessons[0], by=cast.agent, now=NOW)
    [change] = planning.changes_of(db, [series])
    assert planning.take_back(db, change, tell=told, by=cast.agent, now=NOW) is None
    assert (told, _stand(series)) == ([], before)
