"""The class is taken, says its teacher: the agent moves the lesson, or does not, and what is overtaken needs no answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.base import Refused
from curriculum.planning import ACCEPTED, DECLINED, OPEN, OVERTAKEN, DateProposal, Lesson, Series
from tests.cast import NOW, TODAY, Cast, make_series
from tests.states import state


@state
def series(db: Session, cast: Cast) -> Series:
    return make_series(db, cast, themes=("vennskap", "folelser"))


@pytest.fixture
def lesson(series: Series) -> Lesson:
    return series.lessons[1]


@pytest.fixture
def proposal(db: Session, lesson: Lesson) -> DateProposal:
    wish = planning.other_days(db, lesson, TODAY)[0].date
    return planning.say_taken(db, lesson, why="Prøve", wish=wish, now=NOW)


def test_it_waits_for_the_agent_who_plans_for_the_class_and_for_nobody_else(db: Session, cast: Cast, proposal: DateProposal) -> None:
    waiting = {name: [asked.public_id for asked in planning.proposals_to_answer(db, one, TODAY)] for name, one in cast.persons.items()}
    assert {name: some for name, some in waiting.items() if some} == {"agent": [proposal.public_id]}
    assert planning.latest_proposals(db, [proposal.lesson.public_id]) == {proposal.lesson.public_id: proposal}
    assert planning.latest_proposals(db, []) == {}


def test_the_lesson_is_moved_where_it_was_wished_with_the_reason_and_can_be_moved_back(
    db: Session, cast: Cast, proposal: DateProposal, lesson: Lesson
) -> None:
    stood, wish = lesson.date, proposal.wish
    assert wish is not None
    change = planning.accept(db, proposal, wish, by=cast.agent, now=NOW)
    assert (lesson.date, proposal.state, lesson.moves[-1].why) == (wish, ACCEPTED, "Prøve")
    assert change is not None and planning.proposals_to_answer(db, cast.agent, TODAY) == []
    planning.take_back_answer(db, proposal, by=cast.agent, now=NOW)
    assert (lesson.date, proposal.state, proposal.answered_at) == (stood, OPEN, None)


def test_not_now_leaves_the_lesson_and_can_be_taken_back(db: Session, cast: Cast, proposal: DateProposal, lesson: Lesson) -> None:
    planning.decline(db, proposal, by=cast.agent, now=NOW)
    assert (lesson.date, planning.state_of_proposal(proposal, TODAY)) == (proposal.stood_on, DECLINED)
    with pytest.raises(Refused, match="answered this already"):
        planning.accept(db, proposal, TODAY, by=cast.agent, now=NOW)
    planning.take_back_answer(db, proposal, by=cast.agent, now=NOW)
    assert planning.is_open(proposal, TODAY)
    with pytest.raises(Refused, match="taken back already"):
        planning.take_back_answer(db, proposal, by=cast.agent, now=NOW)


def test_a_lesson_that_was_moved_or_cancelled_meanwhile_needs_no_answer(
    db: Session, cast: Cast, proposal: DateProposal, lesson: Lesson
) -> None:
    planning.cancel_lesson(db, lesson, by=cast.agent, now=NOW)
    assert planning.state_of_proposal(proposal, TODAY) == OVERTAKEN
    with pytest.raises(Refused, match="nothing to answer any more"):
        planning.decline(db, proposal, by=cast.agent, now=NOW)
    with pytest.raises(Refused, match="nothing to answer any more"):
        planning.accept(db, proposal, TODAY, by=cast.agent, now=NOW)
    assert planning.proposals_to_answer(db, cast.agent, TODAY) == []


def test_it_is_said_once_until_it_is_answered_or_overtaken(db: Session, cast: Cast, proposal: DateProposal, lesson: Lesson) -> None:
    with pytest.raises(Refused, match="said already"):
        planning.say_taken(db, lesson, why="", wish=None, now=NOW)
    planning.move_lesson(db, lesson, proposal.wish or TODAY, by=cast.agent, now=NOW)
    assert planning.is_open(planning.say_taken(db, lesson, why="", wish=None, now=NOW), TODAY)


def test_what_cannot_be_is_refused_in_words(db: Session, cast: Cast, series: Series, lesson: Lesson) -> None:
    for lesson_, why, wish, at, words in (
        (lesson, "Fordi", None, NOW, "offered"),
        (lesson, "", TODAY - timedelta(3), NOW, "cannot be held on"),
        (lesson, "", None, NOW + timedelta(30), "passed"),
    ):
        with pytest.raises(Refused, match=words):
            planning.say_taken(db, lesson_, why=why, wish=wish, now=at)
    planning.cancel_lesson(db, lesson, by=cast.agent, now=NOW)
    with pytest.raises(Refused, match="cancelled"):
        planning.say_taken(db, lesson, why="", wish=None, now=NOW)


def test_a_class_can_say_so_five_times_in_a_day(db: Session, cast: Cast, series: Series, lesson: Lesson) -> None:
    for _ in range(5):
        planning.decline(db, planning.say_taken(db, lesson, why="", wish=None, now=NOW), by=cast.agent, now=NOW)
    with pytest.raises(Refused, match="many lessons of the class today"):
        planning.say_taken(db, series.lessons[0], why="", wish=None, now=NOW)
    planning.say_taken(db, lesson, why="", wish=None, now=NOW + timedelta(days=1))
