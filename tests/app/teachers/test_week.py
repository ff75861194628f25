"""The week of a signed-in person's classes."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from curriculum import ideabank, planning
from curriculum.ideabank.publishing import freeze
from curriculum.people import AGENT, PARENTS, Assignment, Person, open_links
from curriculum.planning import Series
from tests.app.counting import queries
from tests.cast import NOW, TODAY, Cast, make_series, sign_in, version_of
from tests.states import state

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


@state
def series(db: Session, cast: Cast) -> Series:
    """5A's series of one theme, in use: Wednesday of week 42."""
    series = make_series(db, cast)
    db.commit()
    return series


@pytest.fixture
def teacher(client: FlaskClient, cast: Cast) -> FlaskClient:
    """The teacher of 5A, in English."""
    sign_in(client, cast.teacher).post("/sprak/en")
    return client


def test_a_teacher_sees_theme_aim_role_words_time_and_what_parents_read(teacher: FlaskClient, cast: Cast, series: Series) -> None:
    page = teacher.get("/uke").text
    for words in (
        "Vennskap",
        "I dag øver vi på å være en god venn.",
        "For you as a teacher",
        "Du spiller scenen om dårlig lytting",
        "«Var det noen som var alene i friminuttet?»",
        "Wednesday 14 October",
        "08:30–09:30",
        "room to be confirmed",
        "Ingrid Solfeng",
        "What parents read",
        "Hva kan en god venn gjøre når noen står utenfor?",
    ):
        assert words in page
    assert f'href="/f/{cast.parents_link.code}/nb/{series.lessons[0].public_id}"' in page


def test_what_is_written_to_the_agent_is_folded_under_her_name(teacher: FlaskClient, series: Series) -> None:
    page = teacher.get("/uke").text
    agents = page.index("What the agent does</summary>")
    assert agents < page.index("<h4>Before the lesson</h4>") < page.index("Spør kontaktlæreren om dette før økta")
    assert page.index("Du spiller scenen om dårlig lytting") < agents


def test_the_text_for_the_weekly_plan_can_be_copied(teacher: FlaskClient, series: Series) -> None:
    page = teacher.get("/uke").text
    id = page.partition('data-copy="')[2].partition('"')[0]
    text = page.partition(f'id="{id}" lang="nb">')[2].partition("</p>")[0]
    assert text.startswith("Denne uka er temaet vennskap, fordi alle barn trenger noen å være sammen med.")
    assert len(text) <= 250


def test_the_weeks_before_and_after_are_one_press_away(teacher: FlaskClient, series: Series) -> None:
    page = teacher.get("/uke/2026-W42").text
    assert ('href="/uke/2026-W41"' in page, 'href="/uke/2026-W43"' in page) == (True, True)


def test_a_week_without_school_says_why_and_what_is_next(teacher: FlaskClient, cast: Cast, db: Session) -> None:
    make_series(db, cast, start=date(2027, 1, 6))
    db.commit()
    page = teacher.get("/uke/2026-W53").text
    assert "No school this week" in page
    assert "Juleferie" in page
    assert "Wednesday 6 January" in page
    assert 'href="/uke/2027-W01"' in page


def test_a_school_week_without_a_lesson_does_not_speak_of_holidays(teacher: FlaskClient, series: Series) -> None:
    page = teacher.get("/uke/2026-W45").text
    assert "No lesson this week" in page
    assert "No lesson is planned after this week." in page


@pytest.mark.parametrize("written", ["2026-W60", "2026-W00", "2026-42", "text", "2026-w42", "99999-W01", "0001-W01", "9999-W52"])
def test_what_is_no_week_is_not_there(teacher: FlaskClient, written: str) -> None:
    assert teacher.get(f"/uke/{written}").status_code == 404


@pytest.mark.parametrize("written", ["1900-W01", "1999-W30", "2020-W53", "2150-W10", "2999-W52"])
def test_weeks_far_away_are_only_empty(teacher: FlaskClient, written: str) -> None:
    assert teacher.get(f"/uke/{written}").status_code == 200


def test_a_series_that_is_not_in_use_is_not_shown(teacher: FlaskClient, cast: Cast, db: Session) -> None:
    make_series(db, cast, in_use=False)
    db.commit()
    assert "Vennskap" not in teacher.get("/uke").text


def test_a_cancelled_lesson_says_so(teacher: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    planning.cancel_lesson(db, series.lessons[0], by=cast.agent, now=NOW)
    db.commit()
    assert "cancelled" in teacher.get("/uke").text


def test_why_a_lesson_is_cancelled_stands_first_and_its_plan_is_folded(
    teacher: FlaskClient, cast: Cast, series: Series, db: Session
) -> None:
    planning.cancel_lesson(db, series.lessons[0], why="Skolen er på tur", by=cast.agent, now=NOW)
    db.commit()
    page = teacher.get("/uke").text
    notice = page.index("This lesson is cancelled and will not be held. Why: Skolen er på tur")
    assert notice < page.index("The plan of the lesson</summary>") < page.index("For you as a teacher")


def test_a_moved_lesson_says_from_where_and_why_to_staff_and_never_to_parents(
    teacher: FlaskClient, cast: Cast, series: Series, db: Session
) -> None:
    planning.move_lesson(db, series.lessons[0], date(2026, 10, 15), why="Skolen er på tur", by=cast.agent, now=NOW)
    db.commit()
    words = "Moved from Wednesday 14 October. Why: Skolen er på tur"
    assert words in teacher.get("/uke").text
    assert "Skolen er på tur" in teacher.get(f"/l/{cast.teacher_link.code}").text
    for address in ("nb", f"nb/{series.lessons[0].public_id}"):
        assert "Skolen er på tur" not in teacher.get(f"/f/{cast.parents_link.code}/{address}").text


@state
def everywhere(db: Session, cast: Cast) -> list[Series]:
    """A lesson this week in 5B, 6A and the small group, none in 5A."""
    made = [make_series(db, cast, group) for group in (cast.b5, cast.a6, cast.small)]
    db.commit()
    return made


@pytest.mark.parametrize(
    ("who", "classes"),
    [
        ("teacher", []),
        ("agent", ["5B"]),
        ("other_agent", ["6A"]),
        ("small_agent", ["Bjørka"]),
        ("head", ["5B", "Bjørka"]),
        ("coordinator", ["5B", "6A", "Bjørka"]),
    ],
)
def test_each_sees_the_lessons_of_her_own_classes(
    client: FlaskClient, cast: Cast, everywhere: list[Series], who: str, classes: list[str]
) -> None:
    page = re.sub(r"<[^>]+>", "", sign_in(client, cast.persons[who]).get("/uke").text)  # tokens in attributes hold any letters
    assert [name for name in ("5B", "6A", "Bjørka") if name in page] == classes


def test_a_class_that_is_not_hers_cannot_be_asked_for(teacher: FlaskClient, cast: Cast, everywhere: list[Series]) -> None:
    page = teacher.get(f"/uke/2026-W42?klasse={cast.small.public_id}")
    assert (page.status_code, "Bjørka" in page.text) == (200, False)


@pytest.mark.parametrize("who", ["translator", "former"])
def test_who_teaches_no_class_has_no_week(client: FlaskClient, cast: Cast, who: str) -> None:
    assert sign_in(client, cast.persons[who]).get("/uke").status_code == 403


def test_who_is_not_signed_in_is_asked_to(client: FlaskClient, cast: Cast) -> None:
    answer = client.get("/uke/2026-W42")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/logg-inn?next=/uke/2026-W42")


@pytest.mark.slow
def test_many_classes_show_as_a_board_and_one_opens(
    app: Flask, client: FlaskClient, cast: Cast, everywhere: list[Series], db: Session
) -> None:
    sign_in(client, cast.coordinator)
    client.get("/uke")
    three = queries(app, lambda: client.get("/uke"))
    for group, weekday in ((cast.mixed56, 3), (cast.a5, 4)):
        make_series(db, cast, group, agents=[_assigned(db, cast, group.id)], weekday=weekday)
    db.commit()
    client.get("/uke")
    assert queries(app, lambda: client.get("/uke")) <= three
    page = client.get("/uke").text
    assert "Du spiller scenen om dårlig lytting" not in page
    opened = client.get(f"/uke/2026-W42?klasse={cast.b5.public_id}").text
    assert "Du spiller scenen om dårlig lytting" in opened


def _assigned(db: Session, cast: Cast, class_id: int) -> Person:
    """The other agent, now of this class too."""
    more = Assignment(district_id=cast.district.id, role=AGENT, class_id=class_id, from_date=date(2026, 8, 1))
    cast.other_agent.assignments.append(more)
    db.flush()
    return cast.other_agent


# --- Halves -----------------------------------------------------------------------------------------------------------------------------


def test_a_class_in_halves_has_one_week_that_names_the_half_of_each_lesson(client: FlaskClient, cast: Cast, db: Session) -> None:
    make_series(db, cast, cast.half, agents=[cast.agent])
    db.commit()
    page = sign_in(client, cast.agent).get("/uke").text
    assert page.count('<article class="teaching"') == 1
    assert f">{cast.half.name}</p>" in page


def test_who_has_only_a_half_reads_its_week_and_the_whole_classs_page_for_parents(client: FlaskClient, cast: Cast, db: Session) -> None:
    agent = _assigned(db, cast, cast.half.id)
    series = make_series(db, cast, cast.half, agents=[agent])
    db.commit()
    page = sign_in(client, agent).get("/uke").text
    code = open_links(db, cast.b5, cast.today)[PARENTS].code
    assert page.count('<article class="teaching"') == 1
    assert f'href="/f/{code}/nb/{series.lessons[0].public_id}"' in page


# --- What is new ------------------------------------------------------------------------------------------------------------------------


def test_what_is_new_since_last_week_stands_first_with_old_and_new_time_and_why(
    teacher: FlaskClient, cast: Cast, series: Series, db: Session
) -> None:
    assert "New since last week" not in teacher.get("/uke").text
    planning.move_lesson(db, series.lessons[0], date(2026, 10, 15), why="Skolen er på tur", by=cast.agent, now=NOW)
    db.commit()
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", teacher.get("/uke").text))
    new = "New since last week Vennskap: Thursday 15 October 08:30 (before: Wednesday 14 October 08:30). Why: Skolen er på tur"
    assert words.index(new) < words.index("For you as a teacher")
    assert "New since last week" not in teacher.get("/uke/2026-W43").text


def test_a_new_version_is_told_of_with_a_way_to_what_was_changed_or_without_an_account_in_words(
    teacher: FlaskClient, cast: Cast, series: Series, db: Session
) -> None:
    _publish_anew(db, cast)
    compare = "/idebank/vennskap/sammenlign?fra=1&amp;til=2"
    for address, links in (("/uke", 1), (f"/l/{cast.teacher_link.code}", 0)):
        page = teacher.get(address).text
        assert ("Kortere start" in page, page.count(f'href="{compare}"')) == (True, links)


def test_what_is_new_names_the_half_also_to_who_has_one_class_and_tells_of_an_added_theme(
    client: FlaskClient, cast: Cast, db: Session
) -> None:
    make_series(db, cast, cast.a6, agents=[cast.other_agent], themes=["vennskap"])
    series = make_series(db, cast, cast.half, agents=[cast.agent], themes=["folelser"])
    planning.move_lesson(db, series.lessons[0], date(2026, 10, 21), by=cast.agent, now=NOW)
    planning.add_lesson(db, series, version_of(db, cast, "vennskap"), on=date(2026, 10, 28), by=cast.agent, today=TODAY, now=NOW)
    one = Assignment(district_id=cast.district.id, role=AGENT, class_id=cast.b5.id, from_date=date(2026, 8, 1))
    cast.translator.assignments.append(one)
    db.commit()
    sign_in(client, cast.translator).post("/sprak/en")
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", client.get("/uke").text))
    assert f"{cast.half.name}, Å forstå egne og andres følelser: Wednesday 21 October" in words
    assert f"{cast.half.name}, Vennskap: a new lesson, Wednesday 28 October 08:30" in words


def _publish_anew(db: Session, cast: Cast) -> None:
    """The second version of the theme, since Monday last week."""
    version = version_of(db, cast, "vennskap")
    text = version.text.replace("I dag øver vi på å være en god venn.", "I dag øver vi på å være gode venner.")
    assert text != version.text
    freeze(db, version.document, ideabank.parse(text), note="Kortere start", now=NOW, today=cast.today)
    db.commit()


# --- Empty weeks, and what parents see --------------------------------------------------------------------------------------------------


def test_a_class_without_a_series_says_who_makes_one(teacher: FlaskClient, cast: Cast) -> None:
    page = teacher.get("/uke").text
    assert "No series is in use yet" in page
    assert "as soon as the agent puts a series into use" in page


def test_who_has_no_class_in_a_school_year_is_told_so(teacher: FlaskClient, series: Series) -> None:
    assert "You have no class in this school year" in teacher.get("/uke/2028-W42").text


def test_the_page_parents_see_is_one_press_away_in_each_open_language(teacher: FlaskClient, cast: Cast, series: Series) -> None:
    page = teacher.get("/uke").text
    for tag in ("nb", "en", "ur", "so"):
        assert f'href="/f/{cast.parents_link.code}/{tag}/{series.lessons[0].public_id}" lang="{tag}"' in page
    assert f"/f/{cast.parents_link.code}/ar" not in page


def test_the_ways_to_other_weeks_are_marked_for_the_arrow_keys(teacher: FlaskClient, series: Series) -> None:
    page = teacher.get("/uke/2026-W43").text
    assert re.search(r'rel="prev" href="/uke/2026-W42" aria-keyshortcuts="ArrowLeft"', page)
    assert re.search(r'rel="next" href="/uke/2026-W44" aria-keyshortcuts="ArrowRight"', page)
    assert '<a class="ds-link" href="/uke">This week</a>' in page
