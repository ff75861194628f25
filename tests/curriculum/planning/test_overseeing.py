"""A district or a school as a whole."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.people import AGENT, HEAD, Assignment, Person, SchoolClass
from curriculum.planning import ASKED, MAX, NO, TARGET, YES, DateProposal, Limits, Overview, Series, Week, iso_week
from tests.cast import NOW, TODAY, Cast, make_cast, make_series
from tests.states import state

WEEKS = [Week(2026, 42), Week(2026, 43)]


@state
def cast(db: Session) -> Cast:
    return make_cast(db)


@state
def series(db: Session, cast: Cast) -> Series:
    """5A's: Wednesdays at 08:30 of week 42 (today) and 43."""
    return make_series(db, cast, start=date(2026, 10, 12), themes=("folelser", "vennskap"))


def see(db: Session, person: Person, *, is_whole: bool = True) -> Overview:
    db.flush()
    return planning.overview(db, person, 2026, WEEKS, TODAY, is_whole=is_whole)


def loads(overview: Overview) -> dict[str, list[int]]:
    return {line.name: [load.lessons for load in line.weeks] for line in overview.agents}


def named(lines: object) -> list[str]:
    assert isinstance(lines, tuple)
    return [line.group.name for line in lines]


# --- The load -----------------------------------------------------------------------------------------------------------------------


def test_each_agent_stands_by_name_with_her_lessons_week_by_week(db: Session, cast: Cast, series: Series) -> None:
    make_series(db, cast, cast.b5, weekday=3)
    assert loads(see(db, cast.coordinator)) == {"Amir Lyngdal": [0, 0], "Ingrid Solfeng": [2, 1], "Tuva Steinvik": [0, 0]}


def test_what_is_held_as_one_counts_once_and_what_the_teacher_holds_or_is_cancelled_not_at_all(
    db: Session, cast: Cast, series: Series
) -> None:
    other = make_series(db, cast, cast.b5, weekday=3)
    for lesson in (series.lessons[0], other.lessons[0]):
        lesson.joint, lesson.date = "together12", TODAY
    assert loads(see(db, cast.coordinator))["Ingrid Solfeng"] == [1, 1]
    series.lessons[1].by_teacher = True
    assert loads(see(db, cast.coordinator))["Ingrid Solfeng"] == [1, 0]
    planning.cancel_lesson(db, series.lessons[0], why="", by=cast.agent, now=NOW)
    assert loads(see(db, cast.coordinator))["Ingrid Solfeng"] == [0, 0]


def test_a_colleague_from_elsewhere_who_takes_a_lesson_is_there_too(db: Session, cast: Cast, series: Series) -> None:
    series.lessons[0].staff = [cast.former]
    assert loads(see(db, cast.coordinator))["Siv Nordli"] == [1, 0]


def test_a_week_beyond_what_she_may_or_would_rather_have_is_marked(db: Session, cast: Cast, series: Series) -> None:
    other = make_series(db, cast, cast.b5, weekday=3)
    planning.move_lesson(db, other.lessons[0], TODAY, time(10, 30), by=cast.agent, now=NOW)

    def marks(*limits: int | None) -> list[str]:
        planning.set_limits(db, cast.agent, Limits(*limits))
        [line] = [line for line in see(db, cast.coordinator).agents if line.name == "Ingrid Solfeng"]
        return [load.over for load in line.weeks]

    assert marks() == ["", ""]
    assert marks(None, 2, None, 2) == ["", ""]
    assert marks(None, 1) == [MAX, ""]
    assert marks(1, 1) == [MAX, ""]
    assert marks(2, 2, 1) == [TARGET, ""]
    assert marks(2, 2, None, 1) == [TARGET, ""]


def test_the_shade_follows_what_she_may_have_or_else_the_fullest_week(db: Session, cast: Cast, series: Series) -> None:
    make_series(db, cast, cast.b5, weekday=3)

    def shades() -> list[int]:
        [line] = [line for line in see(db, cast.coordinator).agents if line.name == "Ingrid Solfeng"]
        return [load.shade for load in line.weeks]

    assert shades() == [4, 2]
    planning.set_limits(db, cast.agent, Limits(max_per_week=8))
    assert shades() == [1, 1]
    planning.set_limits(db, cast.agent, Limits(target_per_week=4))
    assert shades() == [2, 1]
    planning.set_limits(db, cast.agent, Limits(max_per_week=1))
    assert shades() == [4, 4]


def test_a_leader_counts_the_lessons_of_her_school_only_and_holds_them_against_nothing(db: Session, cast: Cast, series: Series) -> None:
    cast.agent.assignments.append(Assignment(district_id=cast.district.id, role=AGENT, school_class=cast.a6, from_date=date(2026, 8, 1)))
    db.flush()
    make_series(db, cast, cast.a6, agents=[cast.agent], weekday=3)
    planning.set_limits(db, cast.agent, Limits(max_per_week=1))
    seen = see(db, cast.manager, is_whole=False)
    assert loads(seen) == {"Ingrid Solfeng": [1, 1], "Tuva Steinvik": [0, 0]}
    assert [(line.limits, {load.over for load in line.weeks}) for line in seen.agents] == [(None, {""})] * 2
    assert loads(see(db, cast.coordinator))["Ingrid Solfeng"] == [2, 1]


# --- What waits ---------------------------------------------------------------------------------------------------------------------


def test_classes_without_a_series_are_named_with_their_agents(db: Session, cast: Cast, series: Series) -> None:
    seen = see(db, cast.coordinator)
    assert [(one.name, names) for one, names in seen.unplanned] == [
        ("5–6", ()),
        ("6A", ("Amir Lyngdal",)),
        ("5B", ("Ingrid Solfeng",)),
        ("5B gruppe 1", ()),
        ("Bjørka", ("Tuva Steinvik",)),
    ]


def test_a_class_that_waits_is_as_open_as_the_class_itself(db: Session, cast: Cast) -> None:
    lines = {one.id: one.scope for one, _ in see(db, cast.coordinator).unplanned}
    for group in (cast.a5, cast.half, cast.small):
        assert lines[group.id] == group.scope


def test_of_a_split_class_either_the_whole_or_its_halves_need_a_series(db: Session, cast: Cast) -> None:
    whole = make_series(db, cast, cast.b5)
    assert not {"5B", "5B gruppe 1"} & {one.name for one, _ in see(db, cast.coordinator).unplanned}
    whole.thrown_away_at = NOW
    make_series(db, cast, cast.half, agents=[cast.agent], weekday=3)
    assert not {"5B", "5B gruppe 1"} & {one.name for one, _ in see(db, cast.coordinator).unplanned}


def test_a_series_waits_until_it_is_in_use_and_its_times_are_confirmed(db: Session, cast: Cast) -> None:
    plan = make_series(db, cast, in_use=False)
    seen = see(db, cast.head, is_whole=False)
    assert (named(seen.unused), named(seen.unconfirmed)) == (["5A"], ["5A"])
    [line] = seen.unused
    assert (line.agents, [(one.weekday, one.start) for one in line.times]) == (("Ingrid Solfeng",), [(2, time(8, 30))])
    assert planning.written_times(line.times) == planning.written_times(plan.slots)
    planning.put_in_use(db, plan, by=cast.agent, today=TODAY, now=NOW)
    planning.confirm_times(db, plan, planning.written_times(plan.slots), by=cast.head, now=NOW)
    seen = see(db, cast.head, is_whole=False)
    assert (seen.unused, seen.unconfirmed) == ((), ())


def test_lessons_ahead_that_need_a_room_wait_until_it_is_confirmed(db: Session, cast: Cast, series: Series) -> None:
    for lesson in series.lessons:
        lesson.room_need = ["quiet"]
    [line] = see(db, cast.coordinator).rooms
    assert (line.series.group.name, line.count, line.first.date, line.first.title) == (
        "5A",
        2,
        TODAY,
        "Å forstå egne og andres følelser",
    )
    series.lessons[0].room_confirmed = True
    [line] = see(db, cast.coordinator).rooms
    assert (line.count, line.first.title) == (1, "Vennskap")
    series.lessons[1].room_need = []
    assert see(db, cast.coordinator).rooms == ()


def test_somebody_from_outside_is_waited_for_until_they_say_yes(db: Session, cast: Cast, series: Series) -> None:
    for answer in ("", ASKED, NO, YES):
        series.lessons[1].presenter, series.lessons[1].presenter_answer = "police", answer
        lines = see(db, cast.coordinator).presenters
        assert [(one.title, one.presenter, one.answer) for one in lines] == ([] if answer == YES else [("Vennskap", "police", answer)])


def test_a_proposal_waits_until_it_is_answered(db: Session, cast: Cast, series: Series) -> None:
    lesson = series.lessons[1]
    proposal = DateProposal(district_id=cast.district.id, lesson=lesson, stood_on=lesson.date, wish=date(2026, 10, 22), at=NOW)
    db.add(proposal)
    [line] = see(db, cast.coordinator).proposals
    assert (line.lesson.public_id, line.stood_on, line.wish) == (lesson.public_id, lesson.date, date(2026, 10, 22))
    proposal.state = "declined"
    assert see(db, cast.coordinator).proposals == ()


def test_a_clash_is_told_to_whoever_may_read_the_series(db: Session, cast: Cast, series: Series) -> None:
    other = make_series(db, cast, cast.a6, weekday=3)
    db.add(
        planning.Absence(district_id=cast.district.id, person_id=cast.other_agent.id, from_date=TODAY, to_date=date(2026, 12, 1), at=NOW)
    )
    assert [line.series.id for line in see(db, cast.coordinator).clashes] == [other.id]
    assert see(db, cast.head, is_whole=False).clashes == ()


def test_lessons_that_are_over_wait_for_nothing(db: Session, cast: Cast, series: Series) -> None:
    for lesson in series.lessons:
        lesson.room_need, lesson.presenter, lesson.date = ["quiet"], "police", date(2026, 10, 13)
    seen = see(db, cast.coordinator)
    assert (seen.rooms, seen.presenters, loads(seen)["Ingrid Solfeng"]) == ((), (), [2, 0])


def test_what_waits_is_counted(db: Session, cast: Cast, series: Series) -> None:
    seen = see(db, cast.coordinator)
    assert seen.waiting == len(seen.unplanned) + len(seen.unconfirmed) + len(seen.rooms) == 5 + 1 + len(seen.rooms)


def test_a_small_group_is_counted_and_named_for_those_only_who_may_read_it(db: Session, cast: Cast) -> None:
    small = make_series(db, cast, cast.small, date(2026, 10, 12))
    small.lessons[0].room_need, small.lessons[0].presenter = ["quiet"], "police"
    db.add(DateProposal(district_id=cast.district.id, lesson=small.lessons[0], stood_on=TODAY, at=NOW))
    stranger = Person(district=cast.district, district_id=cast.district.id, name="Rut Tveit", email="rut@example.com")
    stranger.assignments = [Assignment(district_id=cast.district.id, role=HEAD, school_id=cast.other_school.id, from_date=date(2026, 8, 1))]
    db.add(stranger)
    db.flush()
    for person in (cast.coordinator, cast.head, cast.manager):
        seen = see(db, person)
        assert (named(seen.unconfirmed), loads(seen)["Tuva Steinvik"], len(seen.presenters), len(seen.proposals)) == (
            ["Bjørka"],
            [1, 0],
            1,
            1,
        )
    for person in (stranger, cast.teacher, cast.agent):
        seen = see(db, person)
        assert "Bjørka" not in str(seen)
        assert ("Tuva Steinvik" in loads(seen), seen.presenters, seen.proposals, seen.rooms) == (False, (), (), ())


def test_last_years_classes_and_the_other_district_are_left_out(db: Session, cast: Cast, series: Series) -> None:
    db.add(SchoolClass(district_id=cast.district.id, school_id=cast.school.id, school_year=2025, name="4A"))
    seen = see(db, cast.coordinator)
    assert "4A" not in {one.name for one, _ in seen.unplanned}
    assert (see(db, cast.outsider).waiting, see(db, cast.outsider).agents) == (0, ())
    assert [iso_week(TODAY), *seen.weeks[1:]] == list(seen.weeks)
