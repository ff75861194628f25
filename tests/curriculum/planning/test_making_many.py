"""Series for several classes at once: planned around each other, halves side by side, saved all or not at all."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import select

from curriculum.base import Refused
from curriculum.ideabank import OutlineDocument, PlacePart
from curriculum.people import AGENT, HALF, School, SchoolClass
from curriculum.planning import (
    ClosedDays,
    Elsewhere,
    Infeasible,
    NoPlan,
    Plan,
    SchoolCalendar,
    Series,
    Wish,
    Workload,
    check,
    in_order,
    make_many,
    preview_many,
    propose_times,
)
from tests.curriculum.planning.house import EARLY, TODAY, House, theme


def common(house: House, **changes: Any) -> dict[str, Any]:
    return {"outline": house.outline, "start": (2026, 36), "agents": [house.agent], "today": TODAY} | changes


def wish(school_class: SchoolClass, weekday: int = 1, start: time = time(9), minutes: int = 60) -> Wish:
    return Wish(school_class, weekday, start, minutes)


def make(house: House, wishes: Sequence[Wish], **changes: Any) -> list[Series]:
    return make_many(house.db, wishes, by=house.agent, now=EARLY, **common(house, **changes))


def refusal(house: House, wishes: Sequence[Wish], **changes: Any) -> tuple[str, str | None]:
    with pytest.raises(Refused) as caught:
        make(house, wishes, **changes)
    assert house.db.scalars(select(Series)).all() == []
    return str(caught.value), caught.value.at


def halves(house: House) -> tuple[SchoolClass, SchoolClass]:
    made = [
        SchoolClass(
            district_id=house.district.id, school=house.school, school_year=2026, name=f"5A-{n}", kind=HALF, taken_from=[house.class_5a]
        )
        for n in (1, 2)
    ]
    house.db.add_all(made)
    house.db.flush()
    return made[0], made[1]


def days(series: Series) -> list[tuple[int, int]]:
    return [(lesson.date.month, lesson.date.day) for lesson in series.lessons]


def test_two_classes_get_what_was_shown_each_at_its_own_time(house: House) -> None:
    wishes = [wish(house.class_5a), wish(house.class_5b, 2, time(12, 30))]
    shown = preview_many(house.db, wishes, **common(house))
    assert house.db.scalars(select(Series)).all() == []
    made = make(house, wishes)
    for layout, series in zip(shown, made, strict=True):
        assert isinstance(layout.answer, Plan)
        assert [placed.date for placed in layout.answer.sessions] == [lesson.date for lesson in series.lessons]
    assert [(days(one)[0], one.lessons[0].start, one.school_class.name) for one in made] == [
        ((9, 1), time(9), "5A"),
        ((9, 2), time(12, 30), "5B"),
    ]


def test_a_class_is_planned_around_those_before_it(house: House) -> None:
    first, second = preview_many(house.db, [wish(house.class_5a), wish(house.class_5b, 1, time(10))], **common(house))
    [agent] = second.problem.agents
    assert isinstance(first.answer, Plan)
    assert [(busy.from_date, busy.start, busy.end) for busy in agent.busy] == [
        (placed.date, time(9), time(10)) for placed in first.answer.sessions
    ]
    assert isinstance(second.answer, Plan)
    assert check(second.problem, second.answer).is_clean


def test_a_class_with_little_room_is_planned_before_one_with_more(house: House) -> None:
    house.db.add(Workload(district_id=house.district.id, person_id=house.agent.id, max_per_week=1))
    calendar = SchoolCalendar(district_id=house.district.id, name="Ombygging", from_date=date(2026, 8, 17), to_date=date(2027, 6, 18))
    away = ClosedDays(from_date=date(2026, 9, 21), to_date=date(2027, 6, 18), reason="Ombygging", class_id=house.class_5b.id)
    calendar.closed.append(away)
    house.db.add(calendar)
    house.db.flush()
    more, little = make(house, [wish(house.class_5a), wish(house.class_5b, start=time(11))])
    assert days(little) == [(9, 1), (9, 8), (9, 15)]
    assert days(more) == [(9, 22), (9, 29), (10, 6)]


def test_where_no_order_has_room_for_all_the_first_is_told(house: House) -> None:
    house.db.add(Workload(district_id=house.district.id, person_id=house.agent.id, max_per_week=1))
    calendar = SchoolCalendar(district_id=house.district.id, name="Ombygging", from_date=date(2026, 8, 17), to_date=date(2027, 6, 18))
    calendar.closed.append(ClosedDays(from_date=date(2026, 9, 28), to_date=date(2027, 6, 18), reason="Ombygging"))
    house.db.add(calendar)
    house.db.flush()
    shown = preview_many(house.db, [wish(house.class_5a), wish(house.class_5b, start=time(11))], **common(house))
    assert [isinstance(layout.answer, Plan) for layout in shown] == [True, False]


def test_a_class_that_does_not_fit_takes_no_time_from_the_next(house: House) -> None:
    away = Elsewhere(district_id=house.district.id, person_id=house.agent.id, weekday=1, from_date=date(2026, 8, 1), to_date=None)
    house.db.add(away)
    first, second = preview_many(house.db, [wish(house.class_5a), wish(house.class_5b, 2)], **common(house))
    assert (isinstance(first.answer, Infeasible), isinstance(second.answer, Plan)) == (True, True)
    assert second.problem.agents[0].busy == ()
    with pytest.raises(NoPlan, match=r"^5A: Kari Solvang is elsewhere on Tuesdays, so this time never works\.$") as caught:
        make(house, [wish(house.class_5a), wish(house.class_5b, 2)])
    assert caught.value.at == f"{house.class_5a.public_id}.weekday"
    assert house.db.scalars(select(Series)).all() == []


@pytest.mark.parametrize(("start", "minutes"), [(time(9), 60), (time(9, 59), 60), (time(8, 1), 60), (time(8), 120)])
def test_two_classes_at_the_same_time_are_refused_at_the_second(house: House, start: time, minutes: int) -> None:
    words = "5B: 5A has its lesson from 09:00:00 to 10:00:00 that day. Choose another time."
    assert refusal(house, [wish(house.class_5a), wish(house.class_5b, 1, start, minutes)]) == (
        words,
        f"{house.class_5b.public_id}.start_time",
    )


def test_classes_follow_each_other_on_the_minute(house: House) -> None:
    assert len(make(house, [wish(house.class_5a), wish(house.class_5b, 1, time(10))])) == 2


@pytest.mark.parametrize(
    ("changes", "words", "field"),
    [
        ({"minutes": 40}, "5B: “Identitet” needs at least 45 minutes; the lesson is 40.", "minutes"),
        ({"weekday": 6}, "5B: Choose a weekday from Monday to Friday.", "weekday"),
        ({"start": time(6)}, "5B: Lessons are held between 07:00 and 17:00.", "start_time"),
    ],
)
def test_what_one_class_cannot_have_is_said_of_it_on_its_line(house: House, changes: dict[str, Any], words: str, field: str) -> None:
    at = f"{house.class_5b.public_id}.{field}"
    assert refusal(house, [wish(house.class_5a), wish(house.class_5b, **{"weekday": 3} | changes)]) == (words, at)


def test_what_the_classes_have_in_common_is_refused_at_its_own_field(house: House) -> None:
    wishes = [wish(house.class_5a), wish(house.class_5b, 2)]
    assert refusal(house, wishes, agents=[house.colleague]) == ("5A: Ola Lunde is not an agent of 5A.", "agents")
    words = "5A: There is no school in week 40 2026 (Høstferie). The first possible week is week 41 2026."
    assert refusal(house, wishes, start=(2026, 40)) == (words, "start")
    assert refusal(house, [wish(house.class_5a), wish(house.class_5a, 2)]) == ("Choose each class once.", "classes")
    assert refusal(house, []) == ("Choose at least one class.", "classes")


def test_an_assignment_that_ended_yesterday_does_not_count_though_the_week_began_before(house: House) -> None:
    gone = house.person("Siv Nordli", AGENT, house.class_5a, to=date(2026, 8, 31))
    assert refusal(house, [wish(house.class_5a)], agents=[gone]) == ("Siv Nordli is not an agent of 5A.", "agents")


def test_classes_of_two_schools_keep_each_its_own_calendar(house: House) -> None:
    other = School(district=house.district, name="Elvesvingen skole")
    house.db.add(other)
    house.db.flush()
    there = SchoolClass(district_id=house.district.id, school=other, school_year=2026, name="5C")
    house.db.add(there)
    house.db.flush()
    agent = house.person("Amir Lyng", AGENT, house.class_5a, there)
    _close(house, other, date(2026, 9, 8))
    made = make(house, [wish(house.class_5a), wish(there, 1, time(12))], agents=[agent])
    assert [days(one) for one in made] == [[(9, 1), (9, 8), (9, 15)], [(9, 1), (9, 15), (9, 22)]]


def _close(house: House, school: School, day: date) -> None:
    calendar = SchoolCalendar(
        district_id=house.district.id,
        school_id=school.id,
        name="Egne dager",
        from_date=date(2026, 8, 17),
        to_date=date(2027, 6, 18),
        closed=[ClosedDays(from_date=day, to_date=day, reason="Planleggingsdag")],
    )
    house.db.add(calendar)
    house.db.flush()


# --- Halves ----------------------------------------------------------------------------------------------------------------------------


def test_halves_have_the_same_theme_in_the_same_week_also_when_one_of_them_cannot(house: House) -> None:
    one, two = halves(house)
    _close(house, house.school, date(2026, 9, 8))
    first, second = make(house, [wish(one), wish(two, 3)])
    assert [days(first), days(second)] == [[(9, 1), (9, 15), (9, 22)], [(9, 3), (9, 17), (9, 24)]]
    assert [lesson.theme.key for lesson in first.lessons] == [lesson.theme.key for lesson in second.lessons]


def test_the_week_a_half_does_without_for_the_other_has_its_reason(house: House) -> None:
    one, two = halves(house)
    _close(house, house.school, date(2026, 9, 8))
    _, second = preview_many(house.db, [wish(one), wish(two, 3)], **common(house))
    [group] = second.problem.groups
    assert [(span.from_date, span.reason) for span in group.blocked if span.from_date < date(2026, 9, 20)] == [
        (date(2026, 9, 7), "Planleggingsdag")
    ]


def test_classes_that_are_no_halves_of_one_class_do_not_wait_for_each_other(house: House) -> None:
    one, _ = halves(house)
    _close(house, house.school, date(2026, 9, 8))
    first, second = make(house, [wish(one), wish(house.class_5b, 3)])
    assert days(second) == [(9, 3), (9, 10), (9, 17)]
    assert days(first) == [(9, 1), (9, 15), (9, 22)]


def test_whoever_is_an_agent_of_the_class_is_so_of_its_halves(house: House) -> None:
    one, _ = halves(house)
    assert make(house, [wish(one)])[0].agents == [house.agent]


def test_a_half_is_not_planned_beside_its_own_class(house: House) -> None:
    one, _ = halves(house)
    words = "5A-1 is a part of 5A. Choose the whole class or its parts."
    assert refusal(house, [wish(house.class_5a), wish(one, 2)]) == (words, "classes")


# --- Themes -----------------------------------------------------------------------------------------------------------------------------


def test_other_themes_of_the_bank_come_before_what_is_to_be_last(house: House) -> None:
    house.publish(theme("respekt", "Respekt"))
    outline = house.publish(OutlineDocument("kort", "Kort", places=(PlacePart("intro"), PlacePart("vennskap", last=True))))
    [made] = make(house, [wish(house.class_5a)], outline=outline, themes=["respekt", "vennskap", "intro", "respekt"])
    assert [(lesson.position, lesson.theme.key) for lesson in made.lessons] == [(1, "intro"), (2, "respekt"), (3, "vennskap")]
    assert in_order(outline, ["b", "vennskap", "a"]) == ["b", "a", "vennskap"]


def test_a_theme_that_is_not_in_the_bank_is_refused_at_the_themes(house: House) -> None:
    assert refusal(house, [wish(house.class_5a)], themes=["intro", "mot"]) == ("There is no theme “mot” in the idea bank.", "themes")


def test_a_ticked_theme_of_the_template_that_is_not_published_is_refused_at_the_themes(house: House) -> None:
    outline = house.publish(OutlineDocument("ny", "Ny", places=(PlacePart("intro"), PlacePart("samarbeid"))))
    words = "The theme “samarbeid” of the outline has not been published yet."
    assert refusal(house, [wish(house.class_5a)], outline=outline, themes=["samarbeid"]) == (words, "themes")


def test_a_template_without_places_is_refused_when_nothing_else_is_chosen(house: House) -> None:
    empty = house.publish(OutlineDocument("tom", "Tom"))
    assert refusal(house, [wish(house.class_5a)], outline=empty) == ("The outline “Tom” has no themes.", "outline")
    assert [lesson.theme.key for lesson in make(house, [wish(house.class_5a)], outline=empty, themes=["intro"])[0].lessons] == ["intro"]


@pytest.mark.parametrize("week", [23, 24])
def test_lessons_may_be_left_out_as_long_as_the_fixed_ones_stay(house: House, week: int) -> None:
    [layout] = preview_many(house.db, [wish(house.class_5a)], **common(house, start=(2027, week)))
    assert isinstance(layout.answer, Infeasible)
    assert "fewer" in {fix.kind for fix in layout.answer.conflicts[0].fixes}


def test_a_shorter_template_is_advised_by_its_name(house: House) -> None:
    house.publish(OutlineDocument("kort", "Kort", places=(PlacePart("intro"),)))
    house.publish(OutlineDocument("lang", "Lang", places=tuple(PlacePart(key) for key in ("intro", "identitet", "vennskap", "mot"))))
    [layout] = preview_many(house.db, [wish(house.class_5a)], **common(house, start=(2027, 24)))
    assert isinstance(layout.answer, Infeasible)
    words = [str(fix.words) for fix in layout.answer.conflicts[0].fixes if fix.kind == "template"]
    assert words == ["Choose the template “Kort”, which has fewer lessons."]


def test_no_lessons_are_advised_away_that_are_fixed(house: House) -> None:
    places = (PlacePart("intro", fixed=True), PlacePart("identitet", fixed=True), PlacePart("vennskap", fixed=True))
    outline = house.publish(OutlineDocument("fast", "Fast", places=places))
    [layout] = preview_many(house.db, [wish(house.class_5a)], **common(house, outline=outline, start=(2027, 23)))
    assert isinstance(layout.answer, Infeasible)
    assert "fewer" not in {fix.kind for fix in layout.answer.conflicts[0].fixes}


def test_another_agent_is_advised_only_where_the_class_has_one(house: House) -> None:
    house.db.add(Elsewhere(district_id=house.district.id, person_id=house.agent.id, weekday=1, from_date=date(2026, 8, 1), to_date=None))
    layouts = preview_many(house.db, [wish(house.class_5a), wish(house.class_5b, 1, time(12))], **common(house))
    kinds = [{fix.kind for fix in layout.answer.conflicts[0].fixes} for layout in layouts if isinstance(layout.answer, Infeasible)]
    assert [("agent" in one) for one in kinds] == [False, True]


# --- Times to begin from ----------------------------------------------------------------------------------------------------------------


def test_the_times_proposed_are_free_and_do_not_meet(house: House) -> None:
    house.db.add(Elsewhere(district_id=house.district.id, person_id=house.agent.id, weekday=0, from_date=date(2026, 8, 1), to_date=None))
    house.make(weekday=1, start_time=time(9))
    proposed = propose_times(house.db, house.agent, [house.class_5a, house.class_5b], TODAY, date(2027, 6, 18))
    assert [(one.weekday, one.start_time, one.minutes) for one in proposed.values()] == [(1, time(11, 30), 60), (1, time(12, 45), 60)]


def test_when_the_week_is_full_the_rest_begin_from_its_first_time(house: House) -> None:
    for weekday in range(5):
        house.db.add(
            Elsewhere(district_id=house.district.id, person_id=house.agent.id, weekday=weekday, from_date=date(2026, 8, 1), to_date=None)
        )
    [proposed] = propose_times(house.db, house.agent, [house.class_5a], TODAY, date(2027, 6, 18)).values()
    assert (proposed.weekday, proposed.start_time) == (0, time(8, 30))
