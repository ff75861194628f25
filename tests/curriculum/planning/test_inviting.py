"""Those from outside: the register, asked / yes / no with what speaks against it in words, and the fallback theme."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from curriculum import ideabank, planning
from curriculum.base import Refused
from curriculum.planning import ASKED, NO, YES, Lesson, Offer, Presenter, PresenterFacts, Series, Travel
from curriculum.planning.recording import state_of_lesson, undo
from tests.cast import NOW, Cast, document, make_series, publish
from tests.states import state

POLICE = PresenterFacts("Forebyggende seksjon", "police", "post@politiet.example", "Tar med egen film.")


@state
def series(db: Session, cast: Cast) -> Series:
    """Of 5A, Wednesdays at 08:30 to 09:30; its first theme needs the police."""
    series = make_series(db, cast, themes=("vennskap", "folelser"))
    series.lessons[0].presenter = "police"
    db.flush()
    return series


@pytest.fixture
def lesson(series: Series) -> Lesson:
    return series.lessons[0]


@pytest.fixture
def police(db: Session, cast: Cast) -> Presenter:
    return planning.save_presenter(db, cast.district, None, POLICE)


def test_somebody_is_registered_told_anew_and_comes_no_more(db: Session, cast: Cast, police: Presenter) -> None:
    assert planning.facts_of(police) == POLICE
    offers = (Offer(date(2026, 10, 21), time(8), time(11)), Offer(date(2026, 10, 14), time(8), time(11)))
    said = POLICE._replace(name=" Politiet ", schools=(cast.school.public_id,), offers=offers, max_per_day=2)
    assert planning.save_presenter(db, cast.district, police, said) is police
    assert planning.facts_of(police) == said._replace(name="Politiet", offers=offers[::-1])
    assert planning.presenters(db, cast.district.id) == [police]
    planning.retire_presenter(db, police)
    assert planning.presenters(db, cast.district.id) == []
    planning.retire_presenter(db, police, is_active=True)
    assert planning.presenters(db, cast.district.id) == [police]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " "}, "Write a name"),
        ({"skill": ""}, "what they come for"),
        ({"name": POLICE.name}, "this name already"),
        ({"name": "x" * 81}, "At most 80 characters"),
        ({"material": "13097248022"}, "identity number"),
        ({"max_per_day": 0}, "from 1 to 10"),
        ({"schools": ("elsewhere",)}, "that are offered"),
        ({"offers": (Offer(date(2026, 10, 14), time(9), time(9)),)}, "end after it begins"),
        ({"offers": tuple(Offer(date(2026, 10, 14), time(8, n % 60), time(9 + n // 60)) for n in range(61))}, "At most 60 times"),
    ],
)
def test_what_cannot_be_of_somebody_is_refused(db: Session, cast: Cast, police: Presenter, changes: dict[str, Any], words: str) -> None:
    facts = PresenterFacts("Barnevernet", "child-welfare")._replace(**changes)
    with pytest.raises(Refused, match=words):
        planning.save_presenter(db, cast.district, None, facts)
    assert planning.presenters(db, cast.district.id) == [police]


def test_asked_yes_and_no_stand_with_their_day_and_each_is_taken_back(
    db: Session, cast: Cast, series: Series, lesson: Lesson, police: Presenter
) -> None:
    before = state_of_lesson(lesson)
    assert planning.answered_on(db, series.lessons) == {}
    asked = planning.ask(db, lesson, police, by=cast.agent, now=NOW)
    assert (lesson.asked_presenter, lesson.presenter_answer) == (police, ASKED)
    said = planning.answer(db, lesson, YES, by=cast.agent, now=NOW + timedelta(days=1))
    assert (lesson.presenter_answer, planning.answered_on(db, [lesson])) == (YES, {lesson.id: date(2026, 10, 15)})
    assert said.change is not None and asked.change is not None
    undo(db, said.change, by=cast.agent, now=NOW)
    assert (lesson.presenter_answer, planning.answered_on(db, [lesson])) == (ASKED, {lesson.id: date(2026, 10, 14)})
    undo(db, asked.change, by=cast.agent, now=NOW)
    assert state_of_lesson(lesson) == before


def test_who_cannot_be_asked_or_answer_is_refused(db: Session, cast: Cast, series: Series, lesson: Lesson, police: Presenter) -> None:
    other = planning.save_presenter(db, cast.district, None, PresenterFacts("Barnevernet", "child-welfare"))
    with pytest.raises(Refused, match="that are offered"):
        planning.ask(db, lesson, other, by=cast.agent, now=NOW)
    with pytest.raises(Refused, match="nobody from outside"):
        planning.ask(db, series.lessons[1], police, by=cast.agent, now=NOW)
    with pytest.raises(Refused, match="Nobody is asked"):
        planning.answer(db, lesson, YES, by=cast.agent, now=NOW)
    planning.ask(db, lesson, police, by=cast.agent, now=NOW)
    with pytest.raises(Refused, match="that are offered"):
        planning.answer(db, lesson, "maybe", by=cast.agent, now=NOW)
    planning.retire_presenter(db, police)
    with pytest.raises(Refused, match="that are offered"):
        planning.ask(db, lesson, police, by=cast.agent, now=NOW)
    planning.cancel_lesson(db, lesson, by=cast.agent, now=NOW)
    with pytest.raises(Refused, match="is cancelled"):
        planning.answer(db, lesson, NO, by=cast.agent, now=NOW)


def test_what_is_held_as_one_is_asked_for_as_one(db: Session, cast: Cast, lesson: Lesson, police: Presenter) -> None:
    other = make_series(db, cast, cast.b5, themes=("vennskap",), weekday=3).lessons[0]
    other.date, other.presenter, lesson.joint, other.joint = lesson.date, "police", "sammen", "sammen"
    db.flush()
    assert [one.warnings for one in planning.candidates(db, lesson)] == [()]
    planning.ask(db, lesson, police, by=cast.agent, now=NOW)
    recording = planning.answer(db, lesson, NO, by=cast.agent, now=NOW)
    assert (lesson.presenter_answer, other.presenter_answer) == (NO, NO)
    assert recording.change is not None and len(recording.change.series) == 2


def against(db: Session, lesson: Lesson) -> list[tuple[str, list[str]]]:
    return [(one.presenter.name, [str(words) for words in one.warnings]) for one in planning.candidates(db, lesson)]


def test_what_speaks_against_somebody_is_said_and_who_is_free_stands_first(
    db: Session, cast: Cast, lesson: Lesson, police: Presenter
) -> None:
    planning.save_presenter(db, cast.district, None, PresenterFacts("Barnevernet", "child-welfare"))
    late = (Offer(lesson.date, time(9), time(11)),)
    facts = PresenterFacts("Bydelsbetjenten", "police", schools=(cast.other_school.public_id,), offers=late)
    planning.save_presenter(db, cast.district, None, facts)
    assert against(db, lesson) == [
        ("Forebyggende seksjon", []),
        ("Bydelsbetjenten", ["does not come to Granlia skole", "has not offered that time"]),
    ]
    offered = (Offer(lesson.date, time(8), time(10)),)
    planning.save_presenter(db, cast.district, police, POLICE._replace(offers=offered, schools=(cast.school.public_id,)))
    assert against(db, lesson)[0] == ("Forebyggende seksjon", [])


def test_somebody_is_in_one_place_at_a_time_with_the_way_between_and_not_too_often_a_day(
    db: Session, cast: Cast, lesson: Lesson, police: Presenter
) -> None:
    other = make_series(db, cast, cast.a6, themes=("vennskap",), agents=[cast.other_agent]).lessons[0]
    other.presenter, other.start, other.end = "police", time(10), time(11)
    db.flush()
    planning.ask(db, other, police, by=cast.other_agent, now=NOW)
    assert against(db, lesson) == [("Forebyggende seksjon", [])]
    one, two = sorted((cast.school.id, cast.other_school.id))
    db.add(Travel(school_id=one, other_id=two, district_id=cast.district.id, minutes=45))
    db.flush()
    assert against(db, lesson) == [("Forebyggende seksjon", ["is asked to another lesson from 10:00:00 to 11:00:00"])]
    planning.save_presenter(db, cast.district, police, POLICE._replace(max_per_day=1))
    assert against(db, lesson)[0][1][1:] == ["is asked to 1 lessons that day already, and takes no more"]
    planning.answer(db, other, NO, by=cast.other_agent, now=NOW)
    assert against(db, lesson) == [("Forebyggende seksjon", [])]


def test_a_lesson_that_moves_is_asked_for_anew(db: Session, cast: Cast, lesson: Lesson, police: Presenter) -> None:
    planning.ask(db, lesson, police, by=cast.agent, now=NOW)
    planning.answer(db, lesson, YES, by=cast.agent, now=NOW)
    planning.move_lesson(db, lesson, lesson.date + timedelta(1), by=cast.agent, now=NOW)
    assert (lesson.asked_presenter, lesson.presenter_answer) == (police, ASKED)
    assert planning.answered_on(db, [lesson]) == {lesson.id: NOW.date()}
    newest = planning.changes_of(db, [lesson.series])[0]
    undo(db, newest, by=cast.agent, now=NOW)
    assert lesson.presenter_answer == YES


def test_what_a_person_may_read_and_needs_somebody_is_listed(db: Session, cast: Cast, series: Series, lesson: Lesson) -> None:
    small = make_series(db, cast, cast.small, themes=("vennskap",)).lessons[0]
    small.presenter = "police"
    db.flush()
    names = ("agent", "small_agent", "head", "other_agent")
    listed = {name: planning.invitations(db, getattr(cast, name), cast.today) for name in names}
    assert listed == {"agent": [lesson], "small_agent": [small], "head": [lesson, small], "other_agent": []}


def test_the_register_knows_what_the_themes_ask_for(db: Session, cast: Cast) -> None:
    publish(db, cast, "vennskap", "mobbing")
    asked = {theme.presenter for theme in map(ideabank.parsed, planned(db, cast)) if isinstance(theme, ideabank.ThemeDocument)} - {""}
    assert planning.skills_wanted(db, cast.district.id, cast.today) == sorted(asked)


def planned(db: Session, cast: Cast) -> list[ideabank.Edition]:
    return list(ideabank.editions(db, cast.district.id, cast.today, ideabank.THEME).values())


# --- The fallback theme -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def spare(db: Session, cast: Cast, lesson: Lesson) -> ideabank.Document:
    """A theme that the series does not have."""
    publish(db, cast, "samarbeid")
    return document(db, cast, "samarbeid")


def test_themes_that_need_nobody_and_are_new_to_the_series_are_offered(
    db: Session, cast: Cast, lesson: Lesson, spare: ideabank.Document
) -> None:
    assert [one.key for one in planning.fallback_themes(db, lesson, cast.today)] == ["samarbeid"]
    lesson.end = time(8, 40)
    db.flush()
    assert planning.fallback_themes(db, lesson, cast.today) == []


def test_the_fallback_theme_is_held_instead_without_a_visitor_and_taken_back_exactly(
    db: Session, cast: Cast, lesson: Lesson, spare: ideabank.Document, police: Presenter
) -> None:
    planning.choose_fallback(db, lesson, spare, today=cast.today, by=cast.agent, now=NOW)
    planning.ask(db, lesson, police, by=cast.agent, now=NOW)
    planning.answer(db, lesson, NO, by=cast.agent, now=NOW)
    before = state_of_lesson(lesson)
    recording, missing = planning.use_fallback(db, lesson, today=cast.today, by=cast.agent, now=NOW)
    assert (lesson.theme, lesson.fallback_theme) == (spare, None)
    assert (lesson.presenter, lesson.asked_presenter, lesson.presenter_answer) == ("", None, "")
    assert missing == [] and recording.change is not None
    undo(db, recording.change, by=cast.agent, now=NOW)
    db.refresh(lesson)
    assert state_of_lesson(lesson) == before
    planning.choose_fallback(db, lesson, None, today=cast.today, by=cast.agent, now=NOW)
    assert lesson.fallback_theme is None


def test_a_fixed_theme_that_is_then_missing_is_named(db: Session, cast: Cast, lesson: Lesson, spare: ideabank.Document) -> None:
    text = lesson.series.outline_version.text.replace('theme = "vennskap"\nfixed = false', 'theme = "vennskap"\nfixed = true')
    text = text.replace('id = "rekke-vennskap-folelser"', 'id = "fast"')
    ideabank.load_document(db, cast.district, text, "outlines/fast.toml", now=NOW, today=cast.today)
    lesson.series.outline_version = document(db, cast, "fast").versions[0]
    planning.choose_fallback(db, lesson, spare, today=cast.today, by=cast.agent, now=NOW)
    _, missing = planning.use_fallback(db, lesson, today=cast.today, by=cast.agent, now=NOW)
    assert [theme.key for theme in missing] == ["vennskap"]


def test_a_fallback_theme_that_cannot_be_held_is_refused(
    db: Session, cast: Cast, series: Series, lesson: Lesson, spare: ideabank.Document
) -> None:
    with pytest.raises(Refused, match="No fallback theme"):
        planning.use_fallback(db, lesson, today=cast.today, by=cast.agent, now=NOW)
    with pytest.raises(Refused, match="that are offered"):
        planning.choose_fallback(db, lesson, series.lessons[1].theme, today=cast.today, by=cast.agent, now=NOW)
    planning.choose_fallback(db, lesson, spare, today=cast.today, by=cast.agent, now=NOW)
    spare.retired_at = NOW
    db.flush()
    with pytest.raises(Refused, match="cannot be held in this lesson any longer"):
        planning.use_fallback(db, lesson, today=cast.today, by=cast.agent, now=NOW)
    assert lesson.theme is not spare


def test_a_rule_that_the_fallback_theme_would_break_is_named(
    db: Session, cast: Cast, series: Series, lesson: Lesson, spare: ideabank.Document
) -> None:
    text = series.outline_version.text.replace('id = "rekke-vennskap-folelser"', 'id = "sist"')
    text += '\n[[places]]\ntheme = "samarbeid"\nlast = true\n'
    ideabank.load_document(db, cast.district, text, "outlines/sist.toml", now=NOW, today=cast.today)
    series.outline_version = document(db, cast, "sist").versions[0]
    planning.choose_fallback(db, lesson, spare, today=cast.today, by=cast.agent, now=NOW)
    with pytest.raises(Refused, match=r"the template puts .* last"):
        planning.use_fallback(db, lesson, today=cast.today, by=cast.agent, now=NOW)
