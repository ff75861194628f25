"""People: found, added, changed, ended; and the one-time address by which someone gives herself a password."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.people import Assignment, AuditEvent, Person, SignIn, write_mail
from tests.app.administrators.conftest import Undo
from tests.app.counting import queries
from tests.cast import NOW, PASSWORD, TODAY, Cast, looking, make_series, sign_in

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from time_machine import Traveller

LIST = "/administrasjon"
NEW = "/administrasjon/personer/ny"
WANTED = {"name": "Åse Lindmo", "email": "aase@example.com", "language": "nb"}


def page_of(person: Person, act: str = "") -> str:
    return f"/administrasjon/personer/{person.public_id}{act and '/'}{act}"


def names(text: str) -> list[str]:
    """The names of the list, in its order."""
    return re.findall(r'<th scope="row"><a [^>]*>([^<]+)</a>', text)


def address_in(text: str) -> str:
    """The path of the one-time address on the page that shows it."""
    found = re.search(r"(/nytt-passord/[\w.-]+)", text)
    assert found, text
    return found[1]


def person_with(db: Session, email: str) -> Person:
    with looking(db) as fresh:
        return fresh.scalars(select(Person).where(Person.email == email)).one()


def audited(db: Session) -> list[str]:
    with looking(db) as fresh:
        return [kind for kind in fresh.scalars(select(AuditEvent.kind).order_by(AuditEvent.id)) if kind != "sign-in"]


# --- The list -------------------------------------------------------------------------------------------------------------------------


def test_everyone_of_the_district_is_listed_by_name_with_what_she_is_today(administrator: FlaskClient, cast: Cast) -> None:
    text = administrator.get(LIST).text
    assert names(text) == sorted((one.name for key, one in cast.persons.items() if key != "outsider"), key=str.casefold)
    assert "Agent: 5A, 5B – Granlia skole" in text
    assert "no role today" in text  # the former agent


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ("q=solfeng", ["Ingrid Solfeng"]),
        ("q=INGRID+sol", ["Ingrid Solfeng"]),
        ("q=p%C3%85l", ["Pål Granmo"]),
        ("q=teacher@", ["Jonas Brekkmo"]),
        ("q=%25", []),
        ("rolle=coordinator", ["Marit Ekelund", "Samira Fossnes"]),
        ("rolle=agent", ["Amir Lyngdal", "Ingrid Solfeng", "Tuva Steinvik"]),
        ("avsluttet=1", []),
    ],
)
def test_the_list_can_be_narrowed(administrator: FlaskClient, wish: str, expected: list[str]) -> None:
    assert names(administrator.get(f"{LIST}?{wish}").text) == expected


def test_the_list_can_be_narrowed_to_a_school(administrator: FlaskClient, cast: Cast) -> None:
    of_other = administrator.get(f"{LIST}?skole={cast.other_school.public_id}").text
    assert names(of_other) == ["Amir Lyngdal"]
    leaders = administrator.get(f"{LIST}?skole={cast.school.public_id}&rolle=head").text
    assert names(leaders) == ["Kari Vollstad"]


def test_a_wish_that_nobody_fits_says_so(administrator: FlaskClient) -> None:
    assert "Nobody fits" in administrator.get(f"{LIST}?q=nobody").text


@pytest.mark.parametrize("wish", ["rolle=king", "skole=zzzzzz", "q=" + "x" * 5000, "rolle=", "avsluttet="])
def test_an_odd_wish_is_no_fault(administrator: FlaskClient, wish: str) -> None:
    assert administrator.get(f"{LIST}?{wish}").status_code == 200


def test_the_list_takes_as_many_queries_for_many_people_as_for_few(app: Flask, administrator: FlaskClient, cast: Cast, db: Session) -> None:
    few = queries(app, lambda: administrator.get(LIST))
    for number in range(40):
        db.add(
            Person(
                district_id=cast.district.id,
                name=f"Ola {number:03}",
                email=f"ola{number}@example.com",
                assignments=[
                    Assignment(district_id=cast.district.id, role="agent", class_id=one.id, from_date=TODAY)
                    for one in (cast.a5, cast.a6, cast.small)
                ],
            )
        )
    db.commit()
    assert queries(app, lambda: administrator.get(LIST)) == few


def test_more_people_than_fit_are_counted(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    db.add_all(Person(district_id=cast.district.id, name=f"Ola {n:03}", email=f"ola{n}@example.com") for n in range(120))
    db.commit()
    text = administrator.get(LIST).text
    assert len(names(text)) == 100
    assert "The first 100 of 131." in text


# --- Adding and changing --------------------------------------------------------------------------------------------------------------


def test_someone_new_chooses_her_own_password_by_an_address_that_is_shown_once(app: Flask, administrator: FlaskClient, db: Session) -> None:
    shown = administrator.post(NEW, data=WANTED)
    assert shown.status_code == 201
    assert shown.headers["Cache-Control"] == "no-store"
    address = address_in(shown.text)
    made = person_with(db, "aase@example.com")
    assert (made.name, made.password_hash, made.shows_first_name) == ("Åse Lindmo", None, False)
    assert address not in administrator.get(page_of(made)).text
    hers = app.test_client()
    assert "Åse Lindmo" in hers.get(address).text
    assert hers.post(address, data={"password": "fire ord som rimer", "again": "fire ord som rimer"}).status_code == 303
    assert hers.post("/logg-inn", data={"email": "aase@example.com", "password": "fire ord som rimer"}).status_code == 303
    assert audited(db) == ["person added", "password set"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Write a name."),
        ({"name": "…"}, "A name is missing."),
        ({"name": "x" * 121}, "at most 120"),
        ({"name": "Åse 01010700066"}, "fødselsnummer"),
        ({"email": ""}, "Write an e-mail address"),
        ({"email": "aase"}, "is not an e-mail address"),
        ({"email": "AGENT@example.com"}, "has an account already"),
        ({"email": "outsider@example.com"}, "has an account already"),
        ({"language": "so"}, "Choose among those that are offered."),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_and_kept(
    administrator: FlaskClient, cast: Cast, db: Session, wrong: dict[str, str], words: str
) -> None:
    answer = administrator.post(NEW, data=WANTED | wrong)
    assert (answer.status_code, words in answer.text) == (422, True), answer.text
    assert "Åse" in answer.text or "name" in wrong
    with looking(db) as fresh:
        assert fresh.scalars(select(Person).where(Person.email == "aase@example.com")).first() is None


def test_a_person_is_changed_and_her_page_says_so(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    data = {"name": "Ingrid Solfjell", "email": "ingrid@example.com", "language": "en", "shows_first_name": "y", "seen": "1"}
    answer = administrator.post(page_of(cast.agent, "endre"), data=data)
    assert answer.status_code == 303
    changed = person_with(db, "ingrid@example.com")
    assert (changed.name, changed.language, changed.shows_first_name) == ("Ingrid Solfjell", "en", True)
    text = administrator.get(answer.location).text
    assert "Ingrid Solfjell is saved." in text
    assert "yes: Ingrid" in text


def test_two_who_change_the_same_person_do_not_overwrite_each_other(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    data = {"email": "agent@example.com", "language": "nb", "seen": "1"}
    assert administrator.post(page_of(cast.agent, "endre"), data=data | {"name": "Ingrid Først"}).status_code == 303
    late = administrator.post(page_of(cast.agent, "endre"), data=data | {"name": "Ingrid Sist"})
    assert late.status_code == 409
    assert "Ingrid Sist" in late.text  # what was typed
    assert person_with(db, "agent@example.com").name == "Ingrid Først"


@pytest.mark.parametrize("act", ["", "endre", "avslutt", "apne", "nytt-passord", "oppdrag/ny", "annen-ukedag"])
def test_nobody_of_another_district_is_there(administrator: FlaskClient, cast: Cast, act: str) -> None:
    assert administrator.get(page_of(cast.outsider, act)).status_code == 404
    assert administrator.post(page_of(cast.outsider, act)).status_code in (404, 405)


# --- Ending ---------------------------------------------------------------------------------------------------------------------------


def test_ending_an_account_signs_her_out_everywhere_at_once_and_can_be_undone(
    app: Flask, administrator: FlaskClient, cast: Cast, db: Session, undo: Undo
) -> None:
    hers = sign_in(app.test_client(), cast.agent)
    assert hers.get("/rekker").status_code == 200
    ended = administrator.post(page_of(cast.agent, "avslutt"))
    assert hers.get("/rekker").status_code == 302
    assert app.test_client().post("/logg-inn", data={"email": cast.agent.email, "password": PASSWORD}).status_code == 422
    with looking(db) as fresh:
        assert fresh.scalars(select(SignIn).where(SignIn.person_id == cast.agent.id, SignIn.ended_at.is_(None))).first() is None
    assert undo(ended).status_code == 303
    assert "Ingrid Solfeng" in names(administrator.get(LIST).text)
    assert hers.get("/rekker").status_code == 302  # the old sign-in stays dead
    sign_in(app.test_client(), cast.agent)
    assert audited(db) == ["person ended", "person opened again"]


def test_an_ended_account_is_listed_apart(administrator: FlaskClient, cast: Cast) -> None:
    administrator.post(page_of(cast.agent, "avslutt"))
    assert names(administrator.get(f"{LIST}?avsluttet=1").text) == ["Ingrid Solfeng"]
    assert "Ingrid Solfeng" not in names(administrator.get(LIST).text)


def test_nobody_ends_her_own_account(administrator: FlaskClient, cast: Cast) -> None:
    answer = administrator.post(page_of(cast.administrator, "avslutt"))
    assert answer.status_code == 422
    assert "You cannot end your own account." in answer.text


def test_ending_twice_says_so(administrator: FlaskClient, cast: Cast) -> None:
    assert administrator.post(page_of(cast.agent, "avslutt")).status_code == 303
    assert "ended already" in administrator.post(page_of(cast.agent, "avslutt")).text


# --- The one-time address -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def address(administrator: FlaskClient, cast: Cast) -> str:
    """A one-time address for the agent."""
    return address_in(administrator.post(page_of(cast.agent, "nytt-passord")).text)


GOOD = {"password": "fire ord som rimer", "again": "fire ord som rimer"}


def test_the_old_password_holds_until_the_address_is_used_and_then_she_is_signed_out(app: Flask, cast: Cast, address: str) -> None:
    hers = sign_in(app.test_client(), cast.agent)
    assert app.test_client().post(address, data=GOOD).status_code == 303
    assert hers.get("/rekker").status_code == 302
    assert app.test_client().post("/logg-inn", data={"email": cast.agent.email, "password": PASSWORD}).status_code == 422


def test_an_address_works_once(app: Flask, address: str) -> None:
    visitor = app.test_client()
    assert visitor.post(address, data=GOOD).status_code == 303
    again = visitor.post(address, data=GOOD)
    assert (again.status_code, visitor.get(address).status_code) == (410, 410)


def test_an_address_dies_after_a_week(app: Flask, address: str, moment: Traveller) -> None:
    moment.shift(timedelta(days=7))
    assert app.test_client().get(address).status_code == 200
    moment.shift(timedelta(seconds=2))
    assert app.test_client().get(address).status_code == 410


def test_an_address_dies_with_the_account(app: Flask, administrator: FlaskClient, cast: Cast, address: str) -> None:
    administrator.post(page_of(cast.agent, "avslutt"))
    assert app.test_client().get(address).status_code == 410


def test_an_ended_account_gets_no_address(administrator: FlaskClient, cast: Cast) -> None:
    administrator.post(page_of(cast.agent, "avslutt"))
    assert "/nytt-passord/" not in administrator.post(page_of(cast.agent, "nytt-passord")).text.replace(page_of(cast.agent), "")


@pytest.mark.parametrize("token", ["x", "x.y.z", "%00", "æ", "a" * 3000])
def test_an_address_that_is_not_ours_opens_nothing(app: Flask, cast: Cast, token: str) -> None:
    assert app.test_client().get(f"/nytt-passord/{token}").status_code in (404, 410)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"password": "kort", "again": "kort"}, "Write from 12 to 200 characters."),
        ({"password": "", "again": ""}, "Write a password."),
        ({"password": "x" * 201, "again": "x" * 201}, "Write from 12 to 200 characters."),
        ({"password": "fire ord som rimer", "again": "fire ord"}, "The two are not the same."),
    ],
)
def test_a_password_that_will_not_do_is_refused_in_words(app: Flask, address: str, given: dict[str, str], words: str) -> None:
    visitor = app.test_client()
    visitor.post("/sprak/en")
    answer = visitor.post(address, data=given)
    assert (answer.status_code, words in answer.text) == (422, True)


# --- Roles ----------------------------------------------------------------------------------------------------------------------------


def role(**values: str) -> dict[str, str]:
    return {"role": "agent", "school_class": "", "school": "", "language": "", "first": "2026-10-14"} | values


def test_a_role_is_given_holds_from_its_first_day_and_can_be_undone(
    administrator: FlaskClient, cast: Cast, db: Session, undo: Undo
) -> None:
    given = administrator.post(page_of(cast.agent, "oppdrag/ny"), data=role(school_class=cast.a6.public_id, until="2027-06-18"))
    with looking(db) as fresh:
        made = fresh.scalars(select(Assignment).where(Assignment.person_id == cast.agent.id).order_by(Assignment.id.desc())).first()
    assert made is not None
    assert (made.role, made.class_id, made.from_date, made.to_date) == ("agent", cast.a6.id, TODAY, date(2027, 6, 18))
    assert undo(given).status_code == 303
    with looking(db) as fresh:
        assert fresh.get(Assignment, made.id) is None
    assert audited(db) == ["assigned", "assignment taken back"]


@pytest.mark.parametrize("place", ["class", "school", "language", "district"])
def test_a_role_that_was_taken_back_is_given_again_as_it_was(
    administrator: FlaskClient, cast: Cast, db: Session, undo: Undo, place: str
) -> None:
    wanted = {
        "class": role(school_class=cast.a6.public_id, until="2027-06-18"),
        "school": role(role="head", school=cast.school.public_id),
        "language": role(role="translator", language="ta"),
        "district": role(role="coordinator"),
    }[place]
    administrator.post(page_of(cast.agent, "oppdrag/ny"), data=wanted, follow_redirects=True)
    before = _last_role(db, cast.agent)
    assert undo(administrator.post(page_of(cast.agent, f"oppdrag/{before[0]}/fjern"))).status_code == 303
    assert _last_role(db, cast.agent)[1:] == before[1:]


def _last_role(db: Session, person: Person) -> tuple[object, ...]:
    with looking(db) as fresh:
        one = fresh.scalars(select(Assignment).where(Assignment.person_id == person.id).order_by(Assignment.id.desc())).first()
        assert one is not None
        return one.id, one.role, one.class_id, one.school_id, one.language, one.from_date, one.to_date


def test_from_when_a_role_holds_is_said_also_for_a_class_of_next_year(administrator: FlaskClient, cast: Cast) -> None:
    answer = administrator.post(page_of(cast.agent, "oppdrag/ny"), data=role(school_class=cast.a6.public_id), follow_redirects=True)
    assert "has the role “Agent” from 14 October 2026." in answer.text
    assert "also where the class is of a later school year" in administrator.get(page_of(cast.agent, "oppdrag/ny")).text


def test_an_administrator_of_an_empty_district_is_told_to_begin_with_the_schools(client: FlaskClient, cast: Cast, db: Session) -> None:
    [outsider] = [one for key, one in cast.persons.items() if key == "outsider"]
    outsider.assignments.append(Assignment(district_id=outsider.district_id, role="administrator", from_date=TODAY))
    db.commit()
    page = sign_in(client, outsider)
    page.post("/sprak/en")
    assert "Begin with the schools" in client.get(LIST).text


def test_only_the_place_that_the_role_has_counts(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    data = role(role="head", school=cast.other_school.public_id, school_class=cast.a5.public_id, language="so")
    assert administrator.post(page_of(cast.head, "oppdrag/ny"), data=data).status_code == 303
    with looking(db) as fresh:
        made = fresh.scalars(select(Assignment).where(Assignment.person_id == cast.head.id).order_by(Assignment.id.desc())).first()
    assert made is not None
    assert (made.role, made.school_id, made.class_id, made.language) == ("head", cast.other_school.id, None, None)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"role": "king"}, "Choose among those that are offered."),
        ({"school_class": ""}, "An agent and a teacher are assigned to a class"),
        ({"school_class": "zzzzzz"}, "Choose among those that are offered."),
        ({"role": "head", "school": ""}, "A head and a manager are assigned to a school"),
        ({"role": "translator", "language": ""}, "A translator is assigned to a language"),
        ({"role": "translator", "language": "xx"}, "Choose among those that are offered."),
        ({"first": ""}, "Write a date, for example 2026-10-14."),
        ({"first": "14. oktober"}, "Write a date, for example 2026-10-14."),
        ({"until": "2026-10-13"}, "The last day is over already."),
        ({"first": "2026-11-02", "until": "2026-11-01"}, "The last day is before the first."),
        ({"until": "9999-99-99"}, "Write a date, for example 2026-10-14."),
    ],
)
def test_a_role_that_cannot_be_given_is_refused_in_words(administrator: FlaskClient, cast: Cast, wrong: dict[str, str], words: str) -> None:
    answer = administrator.post(page_of(cast.agent, "oppdrag/ny"), data=role(school_class=cast.a6.public_id) | wrong)
    assert (answer.status_code, words in answer.text) == (422, True), answer.text


def test_the_same_role_is_not_given_twice(administrator: FlaskClient, cast: Cast) -> None:
    answer = administrator.post(page_of(cast.agent, "oppdrag/ny"), data=role(school_class=cast.a5.public_id))
    assert (answer.status_code, "She has this role there already" in answer.text) == (422, True)


def dates_of(person: Person, assignment: Assignment) -> str:
    return page_of(person, f"oppdrag/{assignment.id}/datoer")


def test_a_role_ends_with_its_last_day_and_that_can_be_undone(
    app: Flask, administrator: FlaskClient, cast: Cast, moment: Traveller, undo: Undo
) -> None:
    hers = sign_in(app.test_client(), cast.teacher)
    [one] = cast.teacher.assignments
    ended = administrator.post(dates_of(cast.teacher, one), data={"first": "2026-08-01", "until": "2026-10-14"})
    assert hers.get("/uke").status_code == 200
    moment.shift(timedelta(days=1))
    assert hers.get("/uke").status_code == 403
    assert undo(ended).status_code == 303
    assert hers.get("/uke").status_code == 200


def test_a_role_that_was_held_cannot_be_taken_back_only_ended(administrator: FlaskClient, cast: Cast) -> None:
    [one] = cast.teacher.assignments
    answer = administrator.post(page_of(cast.teacher, f"oppdrag/{one.id}/fjern"))
    assert (answer.status_code, "Give it a last day instead." in answer.text) == (422, True)


def test_dates_that_cannot_be_are_refused_in_words(administrator: FlaskClient, cast: Cast) -> None:
    [one] = cast.teacher.assignments
    answer = administrator.post(dates_of(cast.teacher, one), data={"first": "2026-08-01", "until": "2026-07-31"})
    assert (answer.status_code, "The last day is before the first." in answer.text) == (422, True)


def test_the_last_administrator_keeps_the_role(administrator: FlaskClient, cast: Cast) -> None:
    [one] = cast.administrator.assignments
    answer = administrator.post(dates_of(cast.administrator, one), data={"first": "2026-08-01", "until": "2026-12-24"})
    assert (answer.status_code, "no administrator from 25 December" in answer.text) == (422, True)


def test_somebody_elses_assignment_is_not_found_on_her_page(administrator: FlaskClient, cast: Cast) -> None:
    [one] = cast.teacher.assignments
    assert administrator.get(dates_of(cast.agent, one)).status_code == 404
    assert administrator.get(page_of(cast.agent, "oppdrag/999999/datoer")).status_code == 404


# --- The other weekday ----------------------------------------------------------------------------------------------------------------


def test_the_other_weekday_is_said_removed_and_put_back(administrator: FlaskClient, cast: Cast, undo: Undo) -> None:
    added = administrator.post(page_of(cast.agent, "annen-ukedag"), data={"weekday": "0", "first": "2026-10-14", "until": ""})
    text = administrator.get(added.location).text
    assert "Saved. No lesson of hers stands on a Monday from now on." in text
    found = re.search(rf"{page_of(cast.agent)}/annen-ukedag/(\d+)/fjern", text)
    assert found
    removed = administrator.post(found[0])
    assert undo(removed).status_code == 303
    assert "Monday, from 14 October 2026" in administrator.get(page_of(cast.agent)).text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"weekday": "6", "first": "2026-10-14"}, "Choose among those that are offered."),
        ({"weekday": "1", "first": ""}, "Write a date"),
        ({"weekday": "1", "first": "2026-10-14", "until": "2026-10-13"}, "The last day is before the first."),
    ],
)
def test_a_weekday_that_cannot_be_is_refused_in_words(administrator: FlaskClient, cast: Cast, given: dict[str, str], words: str) -> None:
    answer = administrator.post(page_of(cast.agent, "annen-ukedag"), data=given)
    assert (answer.status_code, words in answer.text) == (422, True)


def test_the_same_weekday_is_not_said_twice(administrator: FlaskClient, cast: Cast) -> None:
    given = {"weekday": "1", "first": "2026-10-14", "until": ""}
    assert administrator.post(page_of(cast.agent, "annen-ukedag"), data=given).status_code == 303
    assert "This is said already" in administrator.post(page_of(cast.agent, "annen-ukedag"), data=given).text


def test_what_is_kept_for_taking_back_is_only_for_whom_it_was_kept(app: Flask, administrator: FlaskClient, cast: Cast) -> None:
    assert administrator.post(page_of(cast.teacher, "oppdrag/datoer-tilbake?kept=x")).status_code == 404
    assert administrator.post(page_of(cast.teacher, "oppdrag/datoer-tilbake")).status_code == 404


def test_a_newer_address_for_a_password_closes_the_older(app: Flask, administrator: FlaskClient, cast: Cast) -> None:
    def offered() -> str:
        answer = administrator.post(f"/administrasjon/personer/{cast.teacher.public_id}/nytt-passord").text
        found = re.search(r"/nytt-passord/[\w.-]+", answer)
        assert found, answer
        return found[0]

    older, newer = offered(), offered()
    assert [app.test_client().get(address).status_code for address in (older, newer)] == [410, 200]


def test_ending_a_role_names_the_series_that_stand_with_her_name(administrator: FlaskClient, cast: Cast, db: Session) -> None:
    series = make_series(db, cast, themes=("folelser", "vennskap"))
    db.commit()
    one = next(one for one in cast.agent.assignments if one.class_id == cast.a5.id)
    address = f"/administrasjon/personer/{cast.agent.public_id}/oppdrag/{one.id}/datoer"
    answer = administrator.post(address, data={"first": one.from_date.isoformat(), "until": TODAY.isoformat()})
    assert answer.status_code == 303, answer.text
    assert f"5A, {series.title} (lessons: 1)" in administrator.get(answer.location).text


def test_a_role_from_a_year_that_is_a_slip_of_the_pen_is_refused(administrator: FlaskClient, cast: Cast) -> None:
    data = {"role": "coordinator", "school_class": "", "school": "", "language": "", "first": "0206-10-14"}
    answer = administrator.post(f"/administrasjon/personer/{cast.teacher.public_id}/oppdrag/ny", data=data)
    assert (answer.status_code, "The first day is in the year 206." in answer.text) == (422, True)


def test_nobody_translates_into_the_language_of_the_texts(administrator: FlaskClient, cast: Cast) -> None:
    data = {"role": "translator", "school_class": "", "school": "", "language": "nb", "first": TODAY.isoformat()}
    answer = administrator.post(f"/administrasjon/personer/{cast.teacher.public_id}/oppdrag/ny", data=data)
    assert (answer.status_code, "nothing to translate into it" in answer.text) == (422, True)


def test_mails_that_could_not_be_sent_are_told_with_what_the_server_said(client: FlaskClient, cast: Cast, db: Session) -> None:
    sign_in(client, cast.administrator).post("/sprak/en")
    assert "could not be sent" not in client.get("/administrasjon").text
    mail = write_mail(db, cast.teacher, "Hei", "Hemmelig", now=NOW)
    mail.failure, mail.tries = "SMTPAuthenticationError 535", 1
    db.commit()
    page = client.get("/administrasjon").text
    assert "Mails that could not be sent: 1. What the mail server said last: SMTPAuthenticationError 535." in page
    assert ("mail send" in page, "Hemmelig" in page) == (True, False)
