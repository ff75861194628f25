"""The board: who sees what on it, what a card offers, and what a move from it answers."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.people import ClassGrade, SchoolClass
from curriculum.planning import CANCELLED, Lesson, Series
from tests.app.agents.conftest import THEMES
from tests.app.agents.test_series_page import address, reread, seen
from tests.app.counting import queries
from tests.cast import NOW, Cast, make_series, sign_in

if TYPE_CHECKING:
    import time_machine
    from flask import Flask
    from flask.testing import FlaskClient

BOARD = "/rekker/tavle"
MANY = ("folelser", "vennskap", "respekt", "samarbeid")


def plain(page: str) -> str:
    """A page's words."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def card(page: str, lesson: Lesson) -> str:
    """One card, as HTML."""
    found = re.search(rf'<article[^>]*id="okt-{lesson.public_id}".*?</article>', page, re.S)
    assert found is not None
    return found[0]


def put(db: Session, series: Series, week: str, place: int = 0) -> dict[str, str]:
    """What the board sends when a card is put in another week."""
    lesson = reread(db, series, place)
    return {"where": week, "seen": str(lesson.version), "next": f"{BOARD}#okt-{lesson.public_id}"}


def undo_of(page: str) -> str:
    found = re.search(r'<form class="undo" method="post" action="([^"]+)"', page)
    assert found is not None
    return found[1].replace("&amp;", "&")


# --- What it shows -----------------------------------------------------------------------------------------------------------------------


def test_every_week_of_the_school_year_is_a_row_and_every_class_a_column(agent: FlaskClient, series: Series) -> None:
    page = agent.get(BOARD).text
    weeks = re.findall(r'<time datetime="(20\d\d-W\d\d)"', page)
    assert (weeks[0], weeks[-1], len(weeks)) == ("2026-W34", "2027-W24", 44)
    assert (f'href="{address(series)}">5A</a>' in page, "no series yet" in page) == (True, True)
    row = re.search(r"<tr data-now>.*?</tr>", page, re.S)
    assert row is not None
    assert "Week 42 This week" in plain(row[0])
    assert series.lessons[0].public_id in row[0]


def test_a_week_without_school_is_one_row_with_its_reason(agent: FlaskClient, series: Series) -> None:
    page = agent.get(BOARD).text
    closed = [plain(row) for row in re.findall(r"<tr data-closed>.*?</tr>", page, re.S)]
    assert ("Week 40 28 Sept Høstferie" in closed, "Week 53 28 Dec Juleferie" in closed) == (True, True)


def test_a_single_day_without_school_is_said_in_its_class(agent: FlaskClient, cast: Cast, db: Session) -> None:
    make_series(db, cast, themes=THEMES, weekday=3)
    db.commit()
    assert "Kristi himmelfartsdag" in agent.get(BOARD).text


def test_a_card_says_how_its_lesson_stands(agent: FlaskClient, cast: Cast, db: Session, moment: time_machine.Traveller) -> None:
    series = make_series(db, cast, themes=MANY)
    planning.lock_lesson(db, series.lessons[1], by=cast.agent, now=NOW)
    planning.cancel_lesson(db, series.lessons[2], why="Streik", by=cast.agent, now=NOW)
    planning.set_room(db, series.lessons[3], "Gymsalen", by=cast.agent, now=NOW)
    db.commit()
    moment.move_to(datetime(2026, 10, 19, 10))
    sign_in(agent, cast.agent)
    page = agent.get(BOARD).text
    held, locked, cancelled, last = (card(page, lesson) for lesson in series.lessons)
    assert "counted as held" in held
    assert ("date locked" in locked, "data-move" in locked, "/las-opp" in locked) == (True, False, True)
    assert ("cancelled: Streik" in plain(cancelled), "/likevel" in cancelled, "data-move" in cancelled) == (True, True, False)
    assert ("Gymsalen" in last, "data-move" in last, "/flytt" in last) == (True, True, True)
    assert "Move Samarbeid, 5A, week 45" in plain(last)


def test_a_lesson_that_has_begun_is_recorded_as_held_from_its_card(agent: FlaskClient, series: Series, db: Session) -> None:
    page = agent.get(BOARD).text
    assert ["/holdt" in card(page, lesson) for lesson in series.lessons] == [True, False]
    sent = seen(db, series) | {"next": BOARD}
    answer = agent.post(address(series, 0, "holdt"), data=sent)
    assert (answer.status_code, answer.headers["Location"]) == (303, BOARD)


@pytest.mark.parametrize("who", ["coordinator", "head", "administrator"])
def test_who_only_reads_finds_no_button(client: FlaskClient, cast: Cast, series: Series, who: str) -> None:
    page = sign_in(client, cast.persons[who]).get(BOARD).text
    assert (series.public_id in page, "/flytt" in page, "board.js" in page, "data-move" in page) == (True, False, False, False)


@pytest.mark.parametrize(
    ("who", "sees"), [("small_agent", True), ("coordinator", True), ("head", True), ("agent", False), ("other_agent", False)]
)
def test_a_small_group_is_on_the_board_only_for_its_own(client: FlaskClient, cast: Cast, db: Session, who: str, sees: bool) -> None:
    small = make_series(db, cast, cast.small)
    db.commit()
    for query in ("", f"?klasse={cast.small.public_id}"):
        page = sign_in(client, cast.persons[who]).get(BOARD + query).text
        assert (small.public_id in page, "Bjørka" in page, small.lessons[0].public_id in page) == (sees, sees, sees)


def test_halves_and_classes_of_several_years_are_marked(client: FlaskClient, cast: Cast, db: Session) -> None:
    for group in (cast.half, cast.mixed56):
        make_series(db, cast, group, agents=[_agent_of(db, cast, group)])
    db.commit()
    page = plain(sign_in(client, cast.coordinator).post("/sprak/en").text + client.get(BOARD).text)
    assert ("half of 5B" in page, "years 5–6" in page) == (True, True)


def _agent_of(db: Session, cast: Cast, group: SchoolClass) -> Any:
    """The other agent, of one more class."""
    from curriculum.people import AGENT, Assignment

    hers = Assignment(role=AGENT, school_class=group, class_id=group.id, district_id=cast.district.id, from_date=date(2026, 8, 1))
    cast.other_agent.assignments.append(hers)
    db.flush()
    return cast.other_agent


def test_on_a_phone_the_board_begins_with_a_class_that_has_a_series_and_one_without_offers_to_make_it(
    client: FlaskClient, cast: Cast, db: Session
) -> None:
    make_series(db, cast, cast.b5, agents=[cast.agent], themes=THEMES)
    db.commit()
    sign_in(client, cast.agent).post("/sprak/en")
    begins = re.findall(r'<p class="board-one">(.*?)</p>', client.get(BOARD).text, re.S)
    assert [plain(words) for words in begins] == ["5B Granlia skole"]
    begins = re.findall(r'<p class="board-one">(.*?)</p>', client.get(f"{BOARD}?klasse={cast.a5.public_id}").text, re.S)
    assert [plain(words) for words in begins] == ["5A Granlia skole · no series yet", "New series"]


def test_one_class_or_one_school_can_be_chosen(client: FlaskClient, cast: Cast, db: Session, series: Series) -> None:
    other = make_series(db, cast, cast.a6, weekday=1)
    db.commit()
    sign_in(client, cast.coordinator)
    all_of_them = client.get(BOARD).text
    assert (series.public_id in all_of_them, other.public_id in all_of_them) == (True, True)
    for query in (f"?klasse={cast.a6.public_id}", f"?skole={cast.other_school.public_id}"):
        page = client.get(BOARD + query).text
        assert (series.public_id in page, other.public_id in page) == (False, True)
    assert client.get(f"{BOARD}?klasse=finnes-ikke&skole=heller-ikke&ar=1900").status_code == 200


def test_a_board_with_many_classes_begins_with_one_school(client: FlaskClient, cast: Cast, db: Session, series: Series) -> None:
    for number in range(13):
        _more(db, cast, series, number)
    other = make_series(db, cast, cast.a6, weekday=1)
    db.commit()
    sign_in(client, cast.coordinator)
    assert [public_id in client.get(BOARD).text for public_id in (series.public_id, other.public_id)] == [False, True]
    assert series.public_id in client.get(f"{BOARD}?skole=").text


def test_next_years_series_are_on_a_board_of_their_own(client: FlaskClient, cast: Cast, db: Session, series: Series) -> None:
    assert "?ar=" not in sign_in(client, cast.coordinator).get(BOARD).text
    series.school_class.school_year = 2027
    db.commit()
    assert ("?ar=2027" in client.get(BOARD).text, series.public_id in client.get(BOARD).text) == (True, False)
    assert series.public_id in client.get(f"{BOARD}?ar=2027").text


def test_an_empty_board_says_what_will_be_there(client: FlaskClient, cast: Cast) -> None:
    page = sign_in(client, cast.head)
    page.post("/sprak/en")
    assert "Nothing on the board yet" in page.get(BOARD).text


def test_a_teacher_has_no_board(client: FlaskClient, cast: Cast) -> None:
    assert sign_in(client, cast.teacher).get(BOARD).status_code == 403


# --- Moving from it ----------------------------------------------------------------------------------------------------------------------


def test_a_card_put_in_a_free_week_is_moved_to_the_weekly_day_and_the_board_comes_back_with_undo(
    agent: FlaskClient, series: Series, db: Session
) -> None:
    sent = put(db, series, "2026-W45", 1)
    answer = agent.post(address(series, 1, "flytt"), data=sent)
    assert (answer.status_code, answer.headers["Location"]) == (303, sent["next"])
    assert (reread(db, series, 1).date, reread(db, series, 1).start) == (date(2026, 11, 4), time(8, 30))
    page = agent.get(BOARD).text
    assert "is moved to Wednesday 4 November" in page
    back = agent.post(undo_of(page))
    assert (back.status_code, back.headers["Location"]) == (303, sent["next"])
    assert reread(db, series, 1).date == date(2026, 10, 21)


def test_a_card_put_in_a_week_without_school_stays_and_says_why(agent: FlaskClient, series: Series, db: Session) -> None:
    page = agent.post(address(series, 0, "flytt"), data=put(db, series, "2026-W53"))
    assert page.status_code == 422
    answer = re.search(r'<div class="answer.*?</div>', page.text, re.S)
    assert answer is not None
    assert plain(answer[0]) == "The lesson cannot be held on 30 December: the school is closed (Juleferie)."
    assert reread(db, series).date == date(2026, 10, 14)


def test_a_card_put_where_another_stands_may_change_places_with_it(agent: FlaskClient, series: Series, db: Session) -> None:
    page = agent.post(address(series, 0, "flytt"), data=put(db, series, "2026-W43"))
    assert page.status_code == 422
    answer = re.search(r'<div class="answer.*?</div>', page.text, re.S)
    assert answer is not None
    assert "“Vennskap” stands in week 43. The two may change places." in plain(answer[0])
    sent = dict(re.findall(r'name="(\w+)"[^>]*? value="([^"]*)"', answer[0]))
    swapped = agent.post(address(series, 0, "bytt"), data={name: value.replace("&#35;", "#") for name, value in sent.items()})
    assert swapped.status_code == 303
    assert dates(db, series) == ["2026-10-21", "2026-10-14"]
    board = agent.get(BOARD).text
    assert "have changed places: Wednesday 21 October and Wednesday 14 October." in board
    assert agent.post(undo_of(board)).status_code == 303
    assert dates(db, series) == ["2026-10-14", "2026-10-21"]
    assert agent.post(undo_of(board)).status_code == 422


def dates(db: Session, series: Series) -> list[str]:
    """The date of each lesson, in the template's order."""
    db.expire_all()
    found = [lesson.date.isoformat() for lesson in sorted(series.lessons, key=lambda lesson: lesson.position)]
    db.commit()
    return found


def test_what_was_decided_on_an_old_board_is_answered_in_words(agent: FlaskClient, series: Series, db: Session) -> None:
    old = put(db, series, "2026-W45", 1)
    agent.post(address(series, 1, "flytt"), data=put(db, series, "2026-W44", 1))
    answer = agent.post(address(series, 1, "flytt"), data=old)
    assert answer.status_code == 409
    assert "Wednesday 28 October" in plain(answer.text)
    assert f'href="{old["next"]}"' in answer.text
    assert reread(db, series, 1).date == date(2026, 10, 28)


def test_a_swap_with_a_lesson_that_was_changed_meanwhile_is_answered_in_words(agent: FlaskClient, series: Series, db: Session) -> None:
    sent = seen(db, series) | {"other": series.lessons[1].public_id, "other_seen": seen(db, series, 1)["seen"]}
    agent.post(address(series, 1, "las"), data=seen(db, series, 1))
    answer = agent.post(address(series, 0, "bytt"), data=sent)
    assert (answer.status_code, "“Vennskap” was changed after you opened the page" in answer.text) == (409, True)
    sent["other_seen"] = seen(db, series, 1)["seen"]
    refused = agent.post(address(series, 0, "bytt"), data=sent)
    words = "The lessons cannot change places: the date of one of them is locked."
    assert (refused.status_code, words in refused.text) == (422, True)
    assert agent.post(address(series, 0, "bytt"), data=sent | {"other": "finnes-ikke"}).status_code == 404


@pytest.mark.parametrize("where", ["x", "2026-W99", "2026-13-01", "bytt:"])
def test_a_place_that_cannot_be_is_refused(agent: FlaskClient, series: Series, db: Session, where: str) -> None:
    answer = agent.post(address(series, 0, "flytt"), data=put(db, series, where))
    assert answer.status_code == (404 if where.startswith("bytt") else 422)
    assert reread(db, series).date == date(2026, 10, 14)


def test_an_address_elsewhere_is_not_gone_on_to(agent: FlaskClient, series: Series, db: Session) -> None:
    for elsewhere in ("https://evil.example", "//evil.example", "/\\evil.example"):
        answer = agent.post(address(series, 1, "las"), data=seen(db, series, 1) | {"next": elsewhere})
        assert answer.headers["Location"] == address(series)
        agent.post(address(series, 1, "las-opp"), data=seen(db, series, 1))


# --- The page that moves ------------------------------------------------------------------------------------------------------------------


def test_the_form_shows_the_weeks_before_one_chooses(agent: FlaskClient, series: Series, db: Session) -> None:
    page = agent.get(address(series, 0, "flytt"))
    words = plain(page.text)
    assert "Week 42 the lesson stands here now" in words
    assert "Week 43 Wednesday 21 October 08:30 : change places with Vennskap" in words
    assert "Week 44 Wednesday 28 October 08:30 – free" in words
    assert "Week 52 Monday 21 December 08:30 – free" in words
    assert "Week 53 Wednesday 30 December 08:30 : the school is closed (Juleferie)" in words


def test_a_day_that_is_offered_is_chosen_without_the_fields_below(agent: FlaskClient, series: Series, db: Session) -> None:
    sent = {"where": "2026-10-28", "date": "not read", "start_time": "", "why": "Tur"} | seen(db, series)
    assert agent.post(address(series, 0, "flytt"), data=sent).status_code == 303
    assert dates(db, series) == ["2026-10-28", "2026-10-21"]
    assert "Tur" in agent.get(address(series)).text


def test_the_lesson_to_change_places_with_is_one_of_the_choices(agent: FlaskClient, series: Series, db: Session) -> None:
    page = agent.get(address(series, 0, "flytt")).text
    value = re.search(r'value="(bytt:[^"]+)"', page)
    assert value is not None
    assert agent.post(address(series, 0, "flytt"), data={"where": value[1], "why": "Tur"} | seen(db, series)).status_code == 303
    assert dates(db, series) == ["2026-10-21", "2026-10-14"]
    assert [lesson.moves[-1].why for lesson in series.lessons] == ["Tur", "Tur"]


def test_a_locked_lesson_offers_no_week(agent: FlaskClient, series: Series, db: Session) -> None:
    agent.post(address(series, 0, "las"), data=seen(db, series))
    assert "weeks-to-choose" not in agent.get(address(series, 0, "flytt")).text


# --- Undo ---------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("act", "sent"), [("las", {}), ("avlys", {"why": "Streik"}), ("rom", {"room": "Gymsalen"})])
def test_what_was_done_to_a_lesson_is_taken_back(agent: FlaskClient, series: Series, db: Session, act: str, sent: dict[str, str]) -> None:
    def stands() -> tuple[object, ...]:
        lesson = reread(db, series, 1)
        return lesson.date_locked, lesson.state, lesson.room

    agent.post(address(series, 1, "rom"), data={"room": "Biblioteket"} | seen(db, series, 1))
    agent.get(BOARD)  # the notice with its Undo is gone after this
    before = stands()
    agent.post(address(series, 1, act), data=sent | seen(db, series, 1) | {"next": BOARD})
    assert stands() != before
    answer = agent.post(undo_of(agent.get(BOARD).text))
    assert (answer.status_code, answer.headers["Location"], stands()) == (303, BOARD, before)


def test_unlocking_is_taken_back(agent: FlaskClient, series: Series, db: Session) -> None:
    agent.post(address(series, 0, "las"), data=seen(db, series))
    agent.get(BOARD)
    agent.post(address(series, 0, "las-opp"), data=seen(db, series))
    agent.post(undo_of(agent.get(BOARD).text))
    assert reread(db, series).date_locked


# --- How much it costs --------------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_twelve_classes_with_fifteen_lessons_take_no_more_queries_than_one(
    app: Flask, client: FlaskClient, cast: Cast, db: Session, series: Series
) -> None:
    _fill(series)
    planning.cancel_lesson(db, series.lessons[-1], by=cast.agent, now=NOW)
    db.commit()
    sign_in(client, cast.coordinator).get(BOARD)
    one = queries(app, lambda: client.get(BOARD))
    for number in range(11):
        _more(db, cast, series, number)
    db.commit()
    client.get(BOARD)  # what is kept in memory is read anew after a change
    assert queries(app, lambda: client.get(f"{BOARD}?skole=")) == one


def _fill(series: Series) -> None:
    """Fifteen lessons, as rows."""
    pattern = series.lessons[0]
    series.lessons += [_copy(pattern, series.school_class, planning.week_dates(2027, week)[2]) for week in range(1, 14)]


def _copy(one: Lesson, group: SchoolClass, day: date) -> Lesson:
    return Lesson(
        district_id=one.district_id, theme_id=one.theme_id, position=one.position, date=day, start=one.start, end=one.end,
        minutes=one.minutes, classes=[group], staff=list(one.staff), state=one.state,
    )  # fmt: skip


def _more(db: Session, cast: Cast, pattern: Series, number: int) -> Series:
    """Another class with the same series, as rows."""
    group = SchoolClass(
        district_id=cast.district.id,
        school_id=cast.school.id,
        school_year=2026,
        name=f"7-{number}",
        grades=[ClassGrade(grade=7, cohort=2020)],
    )
    series = Series(
        district_id=cast.district.id, school_class=group, outline_version=pattern.outline_version, title=pattern.title,
        from_date=pattern.from_date, to_date=pattern.to_date, in_use=True, agents=[cast.agent],
    )  # fmt: skip
    db.add_all([group, series])
    db.flush()
    series.lessons = [_copy(one, group, one.date) for one in pattern.lessons]
    db.flush()
    return series


def test_the_copies_are_what_the_count_is_about(db: Session, cast: Cast, series: Series) -> None:
    _fill(series)
    _more(db, cast, series, 0)
    assert [len(one.lessons) for one in db.scalars(select(Series))] == [15, 15]
    assert CANCELLED not in {lesson.state for lesson in series.lessons}
