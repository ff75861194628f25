"""What a teacher and an agent send home about a lesson: texts to paste, and the sheet for the fridge."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from curriculum.planning import Lesson
from tests.app.counting import queries
from tests.cast import NOW, Cast, make_series, publish, sign_in

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


@pytest.fixture
def lesson(cast: Cast, db: Session) -> Lesson:
    """This week's lesson of 5A, about friendship."""
    publish(db, cast, "district-texts")
    made = make_series(db, cast).lessons[0]
    db.commit()
    return made


def text_of(page: str, id: str) -> str:
    """What stands in a field of texts to send."""
    found = re.search(rf'id="[^"]*{id}"[^>]*>(.*?)</textarea>', page, re.S)
    assert found is not None
    return found[1]


def test_the_three_texts_stand_ready_with_the_parents_address_and_a_line_for_each_language(
    client: FlaskClient, cast: Cast, lesson: Lesson
) -> None:
    page = sign_in(client, cast.teacher).get(f"/okter/{lesson.public_id}/del").text
    address = f"http://127.0.0.1:8000/f/{cast.parents_link.code}"
    message = text_of(page, "-message").split("\n")
    assert (message[0], message[-1]) == ("Uke 42. Tema denne uka: Vennskap", address)
    assert [line.partition(":")[0] for line in message[-4:-1]] == ["English", "اردو", "Af-Soomaali"]
    assert text_of(page, "-sms").endswith(address)
    assert re.search(r"\d+ tegn, sendes som [12] SMS\.", page)
    assert 'id="lesson-plan"' in page


def test_the_week_and_the_class_link_have_the_same_texts(client: FlaskClient, cast: Cast, lesson: Lesson) -> None:
    sent = sign_in(client, cast.teacher).get(f"/okter/{lesson.public_id}/del").text
    week, linked = client.get("/uke").text, client.get(f"/l/{cast.teacher_link.code}").text
    for id in ("-message", "-sms"):
        assert text_of(week, id) == text_of(linked, id) == text_of(sent, id)
    assert (f"/okter/{lesson.public_id}/del" in week, f"/okter/{lesson.public_id}/del" in linked) == (True, False)
    assert f"/f/{cast.parents_link.code}/ur/{lesson.public_id}/ark" in linked


def test_the_agents_own_week_leads_there(client: FlaskClient, cast: Cast, lesson: Lesson) -> None:
    assert f"/okter/{lesson.public_id}/del" in sign_in(client, cast.agent).get("/uka-mi").text


def test_without_an_open_link_nothing_is_promised_and_there_is_no_sheet(
    client: FlaskClient, cast: Cast, db: Session, lesson: Lesson
) -> None:
    cast.parents_link.revoked_at = NOW
    db.commit()
    page = sign_in(client, cast.agent).get(f"/okter/{lesson.public_id}/del").text
    assert ("/f/" in text_of(page, "-message"), "De foresatte har ingen lenke som er åpen" in page, "/ark/" in page) == (False, True, False)
    assert client.get(f"/okter/{lesson.public_id}/ark/nb").status_code == 404


@pytest.mark.parametrize(("tag", "status"), [("nb", 200), ("ur", 200), ("ar", 404), ("xx", 404)])
def test_a_sheet_is_in_an_open_language(tag: str, status: int, client: FlaskClient, cast: Cast, lesson: Lesson) -> None:
    assert sign_in(client, cast.teacher).get(f"/okter/{lesson.public_id}/ark/{tag}").status_code == status


def test_a_sheet_has_both_languages_each_in_its_own_direction_and_leads_to_the_lesson(
    client: FlaskClient, cast: Cast, lesson: Lesson
) -> None:
    page = sign_in(client, cast.teacher).get(f"/okter/{lesson.public_id}/ark/ur").text
    assert '<div lang="nb" dir="ltr"><h2>Spør barnet ditt</h2>' in page
    assert '<div lang="ur" dir="rtl"><h2>' in page
    assert f">http://127.0.0.1:8000/f/{cast.parents_link.code}/ur/{lesson.public_id}</p>" in page


@pytest.mark.parametrize(
    ("who", "status"), [("agent", 200), ("head", 200), ("administrator", 200), ("other_agent", 404), ("translator", 403), ("former", 403)]
)
def test_who_may_read_the_week_may_send_it(who: str, status: int, client: FlaskClient, cast: Cast, lesson: Lesson) -> None:
    sign_in(client, cast.persons[who])
    for place in ("del", "ark/nb"):
        assert client.get(f"/okter/{lesson.public_id}/{place}").status_code == status


def test_a_small_groups_sheet_and_texts_say_only_the_school(client: FlaskClient, cast: Cast, db: Session) -> None:
    made = make_series(db, cast, cast.small).lessons[0]
    db.commit()
    sign_in(client, cast.small_agent)
    sheet = client.get(f"/okter/{made.public_id}/ark/nb").text.partition("<article")[2]
    page = client.get(f"/okter/{made.public_id}/del").text
    assert ("Granlia skole" in sheet, "Bjørka" in sheet) == (True, False)
    assert "Bjørka" not in text_of(page, "-message") + text_of(page, "-sms")
    assert sign_in(client, cast.teacher).get(f"/okter/{made.public_id}/del").status_code == 404


def test_a_series_that_is_not_in_use_is_not_sent(client: FlaskClient, cast: Cast, db: Session) -> None:
    made = make_series(db, cast, in_use=False).lessons[0]
    db.commit()
    assert sign_in(client, cast.agent).get(f"/okter/{made.public_id}/del").status_code == 404


def test_the_page_asks_as_little_of_the_database_for_many_languages_as_for_few(
    app: Flask, client: FlaskClient, cast: Cast, db: Session, lesson: Lesson
) -> None:
    sign_in(client, cast.teacher)
    counts = []
    for is_open in (False, True):
        for one in cast.district.languages:
            one.is_open = is_open or one.tag == "nb"
        db.commit()
        client.get(f"/okter/{lesson.public_id}/del")
        counts.append(queries(app, lambda: client.get(f"/okter/{lesson.public_id}/del")))
    assert counts[0] == counts[1]
