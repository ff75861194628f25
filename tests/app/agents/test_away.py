"""“I am away today”: three presses on a telephone, everyone it touches told in her own language, and one press that takes it back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.people import AGENT, TEACHER, Assignment, Mail, Person, SchoolClass
from curriculum.planning import Absence, Lesson, Series
from tests.app.counting import queries
from tests.cast import NOW, TODAY, Cast, looking, make_series, sign_in

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

FIELD = re.compile(r'<input type="hidden" name="((?:for|fra|til|sett-)[^"]*)" value="([^"]*)"')
CHOICE = re.compile(r'<select class="ds-input" id="(okt-\w+)".*?</select>', re.S)
CHOSEN = re.compile(r'<option value="([^"]*)" selected>')


def proposal(page: str) -> dict[str, str]:
    """What the proposal's form sends when nothing is changed in it."""
    choices = {found[1]: chosen[1] for found in CHOICE.finditer(page) if (chosen := CHOSEN.search(found[0]))}
    return dict(FIELD.findall(page)) | choices


def mails(db: Session) -> Sequence[Mail]:
    with looking(db) as fresh:
        return fresh.scalars(select(Mail).order_by(Mail.id)).all()


def lessons(db: Session, series: Series) -> list[Lesson]:
    with looking(db) as fresh:
        query = select(Lesson).where(Lesson.series_id == series.id).order_by(Lesson.position)
        return [one for one in fresh.scalars(query) if one.staff is not None]


def give(db: Session, person: Person, role: str, school_class: SchoolClass) -> None:
    given = Assignment(district_id=person.district_id, role=role, school_class=school_class, class_id=school_class.id, from_date=TODAY)
    person.assignments.append(given)
    db.commit()


def test_three_presses_do(agent: FlaskClient, series: Series, db: Session) -> None:
    assert 'href="/borte"' in agent.get("/uka-mi").text
    assert "Today: see the proposal" in agent.get("/borte").text
    page = agent.get("/borte?dag=i-dag").text
    sent = agent.post("/borte", data=proposal(page))
    assert sent.status_code == 303
    assert lessons(db, series)[0].date > TODAY
    told = agent.get(sent.location).text
    assert "Ingrid Solfeng is away, and her lessons are dealt with." in told
    assert "The lesson is moved to Wednesday 28 October 08:30." in told


def test_the_teacher_is_told_by_mail_in_her_language_and_no_reason_is_told(
    agent: FlaskClient, cast: Cast, series: Series, db: Session
) -> None:
    page = agent.get("/borte?dag=i-dag").text
    agent.post("/borte", data=proposal(page))
    [mail] = mails(db)
    assert (mail.to, "5A" in mail.body, "/uke" in mail.body) == (cast.teacher.email, True, True)
    assert "onsdag 14. oktober 08:30" in mail.body  # hers, though the page was in English
    assert "onsdag 28. oktober" in mail.body


def test_without_a_mail_server_the_page_says_so_and_offers_the_text(agent: FlaskClient, series: Series) -> None:
    sent = agent.post("/borte", data=proposal(agent.get("/borte?dag=i-dag").text))
    told = agent.get(sent.location).text
    assert "No mail server is set up" in told
    messages = re.findall(r'<p class="pasted" id="copy-\d+">(.*?)</p>', told)
    assert [len(words) <= 160 for words in messages] == [True, True]
    assert "5A Wednesday 14 October 08:30: The lesson is moved" in messages[0]


def test_there_is_one_button_that_takes_it_back(agent: FlaskClient, series: Series) -> None:
    sent = agent.post("/borte", data=proposal(agent.get("/borte?dag=i-dag").text))
    assert agent.get(sent.location).text.count(f'action="{sent.location}/angre"') == 1


def test_the_coordinator_finds_the_way_from_the_overview_the_agent_and_the_series(client: FlaskClient, cast: Cast, series: Series) -> None:
    sign_in(client, cast.coordinator)
    hers = f'href="/borte?for={cast.agent.public_id}"'
    assert 'href="/borte"' in client.get("/bydel").text
    assert hers in client.get(f"/bydel/agenter/{cast.agent.public_id}").text
    assert hers in client.get(f"/rekker/{series.public_id}").text
    assert client.get(f"/borte?for={cast.agent.public_id}").status_code == 200
    sign_in(client, cast.head)
    assert hers not in client.get(f"/rekker/{series.public_id}").text


def test_undo_takes_all_of_it_back_and_tells_so(agent: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    sent = agent.post("/borte", data=proposal(agent.get("/borte?dag=i-dag").text))
    back = agent.post(f"{sent.location}/angre")
    assert back.status_code == 303 and lessons(db, series)[0].date == TODAY
    assert [mail.to for mail in mails(db)] == [cast.teacher.email] * 2
    assert "av Ingrid Solfeng" in mails(db)[1].body
    with looking(db) as fresh:
        assert fresh.scalars(select(Absence)).all() == []
    assert agent.post(f"{sent.location}/angre").status_code == 404


@pytest.mark.parametrize("where", ["list", "flash"])
def test_whoever_takes_it_back_from_the_list_of_changes_tells_so_too(
    agent: FlaskClient, client: FlaskClient, cast: Cast, series: Series, db: Session, where: str
) -> None:
    agent.post("/borte", data=proposal(agent.get("/borte?dag=i-dag").text))
    who = cast.agent if where == "list" else cast.administrator
    if where == "list":
        [address] = re.findall(r'action="(/rekker/[^"]+/angre[^"]*)"', agent.get("/rekker/tavle").text.partition('id="changes"')[2])
    else:  # by its address alone: she who administers is no agent, and may take a change back all the same
        [change] = planning.changes_of(db, [series])
        db.commit()
        address = f"/rekker/{series.public_id}/endringer/{change.public_id}/angre"
    sign_in(client, who).post("/sprak/en")
    back = client.post(address.replace("&amp;", "&"))
    assert (back.status_code, lessons(db, series)[0].date) == (303, TODAY)
    assert [mail.to for mail in mails(db)].count(cast.teacher.email) == 2
    assert "is not away after all" in client.get(back.location).text


def test_the_rest_that_moves_on_is_told_before_and_refused_when_it_was_changed_meanwhile(
    agent: FlaskClient, cast: Cast, series: Series, db: Session
) -> None:
    page = agent.get("/borte?dag=i-dag").text
    assert "Move the rest on: this lesson to Wed 21 Oct 08:30, lessons moved: 2" in page
    assert "No date is free before the series is to end on 21 October." in page
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "Vennskap : From Wednesday 21 October to Wednesday 28 October" in words
    planning.lock_lesson(db, series.lessons[1], by=cast.agent, now=NOW)
    db.commit()
    answer = agent.post("/borte", data=proposal(page))
    assert (answer.status_code, "since you looked" in answer.text) == (422, True)


def test_where_nothing_has_room_it_says_so_plainly(agent: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    db.add(Absence(district_id=cast.district.id, person_id=cast.agent.id, from_date=TODAY + timedelta(1), to_date=series.to_date, at=NOW))
    db.commit()
    page = agent.get("/borte?dag=i-dag").text
    assert "No date is free before the series is to end on 21 October, and there is no room to move the rest on." in page
    assert ("shift:" in page, "What moves if the rest moves on" in page) == (False, False)


def test_a_visitor_who_must_be_asked_anew_is_named_before_and_after(agent: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    police = planning.Presenter(district_id=cast.district.id, name="Forebyggende seksjon", skill="police")
    db.add(police)
    series.lessons[1].presenter, series.lessons[1].asked_presenter, series.lessons[1].presenter_answer = "police", police, planning.YES
    db.commit()
    page = agent.get("/borte?dag=i-dag").text
    assert "Forebyggende seksjon is asked to the old date, and must be asked anew." in page
    told = agent.get(agent.post("/borte", data=proposal(page)).location).text
    assert "Ask Forebyggende seksjon anew" in told


def test_a_colleague_who_takes_the_lesson_is_told_and_finds_it_in_her_week(
    agent: FlaskClient, client: FlaskClient, cast: Cast, series: Series, db: Session
) -> None:
    lesson = series.lessons[0]
    data = proposal(agent.get("/borte?dag=i-dag").text) | {f"okt-{lesson.public_id}": f"colleague:{cast.other_agent.public_id}"}
    agent.post("/borte", data=data)
    by_receiver = {mail.to: mail.body for mail in mails(db)}
    assert set(by_receiver) == {cast.teacher.email, cast.other_agent.email}
    assert "Amir Lyngdal" in by_receiver[cast.teacher.email] and "/uka-mi" in by_receiver[cast.other_agent.email]
    sign_in(client, cast.other_agent).post("/sprak/en")
    week = client.get("/uka-mi").text
    assert ("5A" in week, f"/rekker/{series.public_id}" in week) == (True, False)
    assert client.get(f"/rekker/{series.public_id}").status_code == 404
    sign_in(client, cast.teacher).post("/sprak/en")
    assert "Amir Lyngdal" in client.get("/uke").text


def test_a_teacher_who_takes_the_lesson_gets_the_run_of_it_with_and_without_an_account(
    agent: FlaskClient, client: FlaskClient, cast: Cast, series: Series, db: Session
) -> None:
    lesson = series.lessons[0]
    link = f"/l/{cast.teacher_link.code}"
    assert client.get(f"{link}/{lesson.public_id}/opplegg").status_code == 404
    agent.post("/borte", data=proposal(agent.get("/borte?dag=i-dag").text) | {f"okt-{lesson.public_id}": "teacher"})
    assert "/idebank/folelser/opplegg?minutter=60&start=08:30" in mails(db)[0].body
    page = client.get(link).text
    assert f'href="{link}/{lesson.public_id}/opplegg"' in page and "Ingrid Solfeng" not in page
    sheet = client.get(f"{link}/{lesson.public_id}/opplegg")
    assert (sheet.status_code, "Set-Cookie" in sheet.headers, "Ord vi bruker" in sheet.text) == (200, False, True)
    assert client.get(f"{link}/{series.lessons[1].public_id}/opplegg").status_code == 404
    sign_in(client, cast.teacher).post("/sprak/en")
    week = client.get("/uke").text
    assert "You hold the lesson this time." in week and "/idebank/folelser/ordkort" in week
    parents = client.get(f"/f/{cast.parents_link.code}/nb").text
    assert (lesson.public_id in parents, "avlyst" in parents.lower()) == (True, False)


def test_a_lesson_moved_by_another_meanwhile_is_told_and_nothing_is_done(
    agent: FlaskClient, cast: Cast, series: Series, db: Session
) -> None:
    data = proposal(agent.get("/borte?dag=i-dag").text)
    planning.cancel_lesson(db, series.lessons[0], by=cast.agent, now=NOW)
    db.commit()
    answer = agent.post("/borte", data=data)
    assert (answer.status_code, "since you looked" in answer.text) == (422, True)
    assert mails(db) == []


@pytest.mark.parametrize(
    ("asked", "words"),
    [("fra=2026-10-13", "has passed"), ("fra=2026-10-16&til=2026-10-15", "before the first"), ("fra=i+morges", "Write a date")],
)
def test_days_that_cannot_be_are_told_at_their_field(asked: str, words: str, agent: FlaskClient, series: Series) -> None:
    page = agent.get(f"/borte?{asked}")
    assert (page.status_code, words in page.text) == (200, True)


@pytest.mark.parametrize("value", ["", "move:i morgen", "colleague:zzzz", "paint", "move:2026-10-14T09:00"])
def test_a_choice_that_is_not_offered_is_refused_in_words(value: str, agent: FlaskClient, series: Series, db: Session) -> None:
    data = proposal(agent.get("/borte?dag=i-dag").text) | {f"okt-{series.lessons[0].public_id}": value}
    answer = agent.post("/borte", data=data)
    assert (answer.status_code, "5A on 14 October" in answer.text) == (422, True)
    assert lessons(db, series)[0].date == TODAY


def test_nobody_else_may_say_that_somebody_is_away(client: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    for who, status in (
        ("teacher", 403),
        ("administrator", 403),
        ("head", 403),
        ("other_agent", 403),
        ("small_agent", 200),
        ("coordinator", 200),
    ):
        sign_in(client, cast.persons[who])
        assert client.get(f"/borte?dag=i-dag&for={cast.agent.public_id}").status_code == status, who
        sent = client.post("/borte", data={"for": cast.agent.public_id, "fra": "2026-10-20", "til": "2026-10-20"})
        assert sent.status_code == (303 if status == 200 else status), who
    assert client.get("/borte?dag=i-dag&for=zzzzzz").status_code == 404


def test_a_colleague_can_do_it_for_her_and_she_is_told(client: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    sign_in(client, cast.small_agent).post("/sprak/en")
    sent = client.post("/borte", data=proposal(client.get(f"/borte?dag=i-dag&for={cast.agent.public_id}").text))
    assert sent.status_code == 303
    assert {mail.to for mail in mails(db)} == {cast.teacher.email, cast.agent.email}


def test_the_coordinator_chooses_who_it_is_about(client: FlaskClient, cast: Cast, series: Series) -> None:
    sign_in(client, cast.coordinator).post("/sprak/en")
    page = client.get("/borte").text
    assert [name in page for name in ("Ingrid Solfeng", "Tuva Steinvik", "Amir Lyngdal", "Siv Nordli")] == [True, True, True, False]
    assert "No lesson is planned then" in client.get(f"/borte?dag=i-morgen&for={cast.agent.public_id}").text


def test_of_a_small_group_nothing_is_shown_to_a_colleague_and_its_own_are_told(client: FlaskClient, cast: Cast, db: Session) -> None:
    make_series(db, cast, cast.small, agents=[cast.small_agent])
    give(db, cast.other_agent, AGENT, cast.a5)
    give(db, cast.teacher, TEACHER, cast.small)
    sign_in(client, cast.other_agent).post("/sprak/en")
    page = client.get(f"/borte?dag=i-dag&for={cast.small_agent.public_id}").text
    assert ("Bjørka" in page, "okt-" in page) == (False, False)
    sent = client.post("/borte", data=proposal(page))
    told = client.get(sent.location).text
    assert ("Bjørka" in told, "copy-" in told) == (False, False)
    assert {mail.to: "Bjørka" in mail.body for mail in mails(db)} == {cast.teacher.email: True, cast.small_agent.email: True}


def test_a_small_group_has_no_name_in_what_is_copied(client: FlaskClient, cast: Cast, db: Session) -> None:
    make_series(db, cast, cast.small, agents=[cast.small_agent])
    db.commit()
    sign_in(client, cast.small_agent).post("/sprak/en")
    sent = client.post("/borte", data=proposal(client.get("/borte?dag=i-dag").text))
    told = client.get(sent.location).text
    assert all("Bjørka" not in words for words in re.findall(r'<p class="pasted"[^>]*>(.*?)</p>', told, re.S))
    assert "The group Wednesday" in told


def test_tomorrow_and_longer_spans_have_their_lessons(agent: FlaskClient, series: Series) -> None:
    assert "No lesson is planned then." in agent.get("/borte?dag=i-morgen").text
    span = f"fra={TODAY}&til={TODAY + timedelta(7)}"
    assert len(CHOICE.findall(agent.get(f"/borte?{span}").text)) == 2


def test_a_proposal_asks_the_same_for_few_colleagues_and_for_many(
    app: Flask, agent: FlaskClient, cast: Cast, series: Series, db: Session
) -> None:
    def ask() -> int:
        return queries(app, lambda: agent.get(f"/borte?fra={TODAY}&til={TODAY + timedelta(13)}"))

    ask()
    few = ask()
    make_series(db, cast, cast.b5, themes=("samarbeid",), weekday=3)
    db.commit()
    ask()
    of_one_lesson = ask() - few
    assert of_one_lesson < 20  # what the planner asks about one series; never by the number of agents
    for number in range(5):
        person = Person(district_id=cast.district.id, name=f"Vikar {number}", email=f"vikar{number}@example.com")
        db.add(person)
        db.flush()
        give(db, person, AGENT, cast.a6)
    ask()
    assert ask() == few + of_one_lesson


def test_her_week_asks_the_same_for_one_question_and_for_many(app: Flask, agent: FlaskClient, series: Series, db: Session) -> None:
    def ask() -> int:
        return queries(app, lambda: agent.get("/uka-mi"))

    planning.say_taken(db, series.lessons[0], why="", wish=None, now=NOW)
    db.commit()
    ask()
    one = ask()
    planning.say_taken(db, series.lessons[1], why="Prøve", wish=None, now=NOW)
    db.commit()
    ask()
    assert ask() == one


def test_each_mail_is_in_its_receivers_language(client: FlaskClient, cast: Cast, series: Series, db: Session) -> None:
    cast.teacher.language = "en"
    db.commit()
    sign_in(client, cast.agent).post("/sprak/nb")
    client.post("/borte", data=proposal(client.get("/borte?dag=i-dag").text))
    [mail] = mails(db)
    assert mail.subject == "Course series: a lesson is changed" and "is moved to Wednesday 28 October" in mail.body
