"""Making a series from an outline, and putting it into use."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from curriculum.base import Refused
from curriculum.ideabank import Document, OutlineDocument, PlacePart
from curriculum.people import AGENT, AuditEvent
from curriculum.planning import (
    Elsewhere,
    Infeasible,
    NoPlan,
    Plan,
    Series,
    cancel_lesson,
    check,
    missing_themes,
    problem_for,
    put_in_use,
    waive,
)
from curriculum.planning.making import assured
from curriculum.planning.stating import plan_as_it_stands
from tests.curriculum.planning.house import NOW, TODAY, House, theme


def refusal(house: House, **changes: Any) -> tuple[str, str]:
    """The words, and the field they stand at: that of the class's line or one common to all."""
    with pytest.raises(Refused) as caught:
        house.preview(**changes)
    assert caught.value.at is not None
    return str(caught.value), caught.value.at.removeprefix(f"{house.class_5a.public_id}.")


def test_a_series_gets_a_lesson_of_every_theme_as_the_themes_say(house: House) -> None:
    series = house.make()
    house.db.expire_all()
    assert [(one.position, one.theme.key, one.date, one.minutes) for one in series.lessons] == [
        (1, "intro", date(2026, 9, 1), 30),
        (2, "identitet", date(2026, 9, 8), 45),
        (3, "vennskap", date(2026, 9, 15), 45),
    ]
    last = series.lessons[-1]
    assert (last.start, last.end, last.room_need, last.presenter) == (time(9), time(10), ["quiet", "floor-space"], "police")
    assert (last.staff, last.classes, last.state, last.pinned_version_id) == ([house.agent], [house.class_5a], "planned", None)
    assert (series.title, series.from_date, series.in_use) == ("Kursrekke 1", date(2026, 8, 31), False)
    assert [(slot.weekday, slot.start, slot.end) for slot in series.slots] == [(1, time(9), time(10))]


def test_the_preview_shows_what_is_saved_and_saves_nothing(house: House) -> None:
    layout = house.preview()
    assert house.db.scalars(select(Series)).all() == []
    assert isinstance(layout.answer, Plan)
    assert [placed.date for placed in layout.answer.sessions] == [lesson.date for lesson in house.make().lessons]
    assert [one.version.title for one in layout.themes] == ["Intro", "Identitet", "Vennskap"]


def test_what_was_saved_passes_the_checker_as_it_stands(house: House) -> None:
    series = house.make()
    assert check(problem_for(house.db, series), plan_as_it_stands(series)).is_clean


def test_who_made_a_series_is_on_record(house: House) -> None:
    series = house.make()
    event = house.db.scalars(select(AuditEvent)).one()
    assert (event.kind, event.person_id, event.about) == ("series made", house.agent.id, series.public_id)


def test_the_start_may_be_given_as_a_date_and_means_its_week(house: House) -> None:
    assert house.make(start=date(2026, 9, 4)).lessons[0].date == date(2026, 9, 1)


def test_days_on_which_the_agent_is_elsewhere_or_teaches_another_class_are_passed_over(house: House) -> None:
    other = house.make(school_class=house.class_5b)
    for lesson in other.lessons[1:]:
        lesson.date += timedelta(1)
    away = Elsewhere(
        district_id=house.district.id, person_id=house.agent.id, weekday=1, from_date=date(2026, 9, 8), to_date=date(2026, 9, 8)
    )
    house.db.add(away)
    house.db.flush()
    assert [lesson.date.day for lesson in house.make().lessons] == [15, 22, 6]


def test_two_agents_may_hold_it_together(house: House) -> None:
    series = house.make(school_class=house.class_5b, agents=[house.agent, house.colleague])
    assert series.lessons[0].staff == series.agents == [house.agent, house.colleague]


@pytest.mark.parametrize(
    ("changes", "words", "at"),
    [
        (
            {"start": (2026, 40)},
            "There is no school in week 40 2026 (Høstferie). The first possible week is week 41 2026.",
            "start",
        ),
        (
            {"start": (2026, 53)},
            "There is no school in week 53 2026 (Juleferie). The first possible week is week 1 2027.",
            "start",
        ),
        ({"start": (2027, 26)}, "There is no school in week 26 2027 (Sommerferie), nor later in that school year.", "start"),
        ({"start": (2027, 34)}, "Week 34 2027 is not in the class’s school year, 2026–2027.", "start"),
        ({"start": (2026, 24)}, "Week 24 2026 is not in the class’s school year, 2026–2027.", "start"),
        ({"start": (2026, 35)}, "Week 35 2026 has passed. Choose this week or a later one.", "start"),
        ({"start": (2027, 53)}, "There is no such week in that year.", "start"),
        ({"weekday": 5}, "Choose a weekday from Monday to Friday.", "weekday"),
        ({"weekday": -1}, "Choose a weekday from Monday to Friday.", "weekday"),
        ({"minutes": 0}, "Say how many minutes a lesson lasts.", "minutes"),
        ({"minutes": 40}, "“Identitet” needs at least 45 minutes; the lesson is 40.", "minutes"),
        ({"start_time": time(6, 59)}, "Lessons are held between 07:00 and 17:00.", "start_time"),
        ({"start_time": time(16, 1)}, "Lessons are held between 07:00 and 17:00.", "start_time"),
        ({"start_time": time(16), "minutes": 5000}, "Lessons are held between 07:00 and 17:00.", "start_time"),
        ({"agents": []}, "Choose one to three agents.", "agents"),
        ({"themes": []}, "Choose at least one theme.", "themes"),
    ],
)
def test_an_impossible_wish_is_refused_in_words_at_its_field(house: House, changes: Mapping[str, Any], words: str, at: str) -> None:
    assert refusal(house, **changes) == (words, at)


@pytest.mark.parametrize("start", [time(7), time(16)])
def test_the_first_and_the_last_hour_of_the_day_may_be_used(house: House, start: time) -> None:
    assert house.make(start_time=start).lessons[0].start == start


def test_a_class_has_one_series_of_an_outline_in_a_school_year(house: House) -> None:
    house.make()
    assert refusal(house) == ("5A already has a series from “Kursrekke 1” this school year.", "school_class")
    assert house.make(school_class=house.class_5b, start_time=time(12)).school_class is house.class_5b


@pytest.mark.parametrize("to", [None, date(2026, 8, 20)])
def test_the_agents_must_be_assigned_to_the_class(house: House, to: date | None) -> None:
    stranger = house.person("Liv Stran", AGENT, house.class_5a if to else house.class_5b, to=to)
    assert refusal(house, agents=[stranger]) == ("Liv Stran is not an agent of 5A.", "agents")


def test_the_same_agent_twice_or_four_agents_are_refused(house: House) -> None:
    four = [house.agent, *(house.person(name, AGENT, house.class_5a) for name in ("Aa", "Bb", "Cc"))]
    assert refusal(house, agents=[house.agent, house.agent])[1] == "agents"
    assert refusal(house, agents=four)[1] == "agents"


@pytest.mark.parametrize("effective", [None, TODAY + timedelta(1)])
def test_a_place_whose_theme_has_no_version_yet_is_named(house: House, effective: date | None) -> None:
    if effective:
        house.publish(theme("samarbeid", "Samarbeid"), effective)
    outline = house.publish(OutlineDocument("ny", "Ny", places=(PlacePart("samarbeid"),)))
    words = "The theme “samarbeid” of the outline has not been published yet."
    assert refusal(house, outline=outline) == (words, "outline")


def test_too_few_weeks_are_refused_with_the_clashing_rules_and_what_would_help(house: House) -> None:
    layout = house.preview(start=(2027, 23))
    with pytest.raises(NoPlan) as caught:
        house.make(start=(2027, 23))
    assert str(caught.value) == ("There is not room for all the lessons by 2027-06-18. Lessons: 3. School weeks left with this time: 2.")
    assert caught.value.at == f"{house.class_5a.public_id}.weekday"
    assert caught.value.infeasible == layout.answer
    assert isinstance(layout.answer, Infeasible)
    assert str(layout.answer.conflicts[0].fixes[0].words) == "Start in week 22."
    assert house.db.scalars(select(Series)).all() == []


def test_an_agent_who_is_always_elsewhere_that_day_is_named(house: House) -> None:
    away = Elsewhere(district_id=house.district.id, person_id=house.agent.id, weekday=1, from_date=date(2026, 8, 1), to_date=None)
    house.db.add(away)
    with pytest.raises(NoPlan, match=r"^Kari Solvang is elsewhere on Tuesdays, so this time never works\.$"):
        house.make()


def test_themes_may_be_left_out(house: House) -> None:
    assert [lesson.theme.key for lesson in house.make(themes=["identitet", "vennskap"]).lessons] == ["identitet", "vennskap"]


# --- Into use -------------------------------------------------------------------------------------------------------------------------


def test_a_series_is_put_in_use_once_and_on_record(house: House) -> None:
    series = house.make()
    for _ in range(2):
        put_in_use(house.db, series, by=None, today=TODAY, now=NOW)
    assert series.in_use
    kinds = list(house.db.scalars(select(AuditEvent.kind).order_by(AuditEvent.id)))
    assert kinds == ["series made", "series in use", "link made", "link made"]


def test_a_series_without_a_fixed_theme_is_not_put_in_use_until_a_waiver_says_why(house: House) -> None:
    series = house.make(themes=["intro", "identitet"])
    with pytest.raises(Refused, match="Fixed themes are missing: “Vennskap”"):
        put_in_use(house.db, series, by=house.agent, today=TODAY, now=NOW)
    [friendship] = missing_themes(house.db, series)
    waiver = waive(house.db, series, friendship, why="  Holdt i fjor. ", by=house.coordinator, now=NOW)
    assert (waiver.why, waiver.by_id, waiver.at) == ("Holdt i fjor.", house.coordinator.id, NOW)
    assert put_in_use(house.db, series, by=house.agent, today=TODAY, now=NOW).in_use


def test_a_cancelled_lesson_of_a_fixed_theme_is_missed(house: House) -> None:
    series = house.make()
    cancel_lesson(house.db, series.lessons[-1], by=house.agent, now=NOW)
    assert [document.key for document in missing_themes(house.db, series)] == ["vennskap"]


def test_a_missing_theme_that_never_had_a_version_is_named_by_its_key(house: House) -> None:
    house.db.add(Document(district_id=house.district.id, kind="theme", key="samarbeid"))
    outline = house.publish(OutlineDocument("ny", "Ny", places=(PlacePart("intro"), PlacePart("samarbeid", fixed=True))))
    series = house.make(outline=outline, themes=["intro"])
    with pytest.raises(Refused, match="“samarbeid”"):
        put_in_use(house.db, series, by=house.agent, today=TODAY, now=NOW)


@pytest.mark.parametrize("why", ["", " \n "])
def test_a_waiver_needs_a_reason(house: House, why: str) -> None:
    series = house.make(themes=["intro", "identitet"])
    with pytest.raises(Refused, match="Write why") as caught:
        waive(house.db, series, missing_themes(house.db, series)[0], why=why, by=house.agent, now=NOW)
    assert caught.value.at == "why"


def test_a_waiver_holds_no_identity_number(house: House) -> None:
    series = house.make(themes=["intro", "identitet"])
    with pytest.raises(Refused, match="identity number"):
        waive(house.db, series, missing_themes(house.db, series)[0], why="Gjelder 01010750160.", by=house.agent, now=NOW)


def test_only_a_fixed_theme_that_is_missing_is_waived(house: House) -> None:
    series = house.make(themes=["identitet", "vennskap"])
    for lesson in series.lessons:
        with pytest.raises(Refused, match="Only a fixed theme"):
            waive(house.db, series, lesson.theme, why="Derfor.", by=house.agent, now=NOW)


def test_a_plan_that_breaks_a_rule_is_never_shown_nor_saved(house: House) -> None:
    layout = house.preview()
    assert isinstance(layout.answer, Plan)
    assert assured(layout.problem, layout.answer) is layout.answer
    with pytest.raises(RuntimeError, match="breaks a rule"):
        assured(layout.problem, replace(layout.answer, sessions=layout.answer.sessions[1:]))
