"""The teacher's link: the week of one class, without an account."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from curriculum.people import new_link
from curriculum.planning import Series
from tests.cast import NOW, Cast, make_series
from tests.states import state

if TYPE_CHECKING:
    from flask.testing import FlaskClient

ENGLISH = {"Accept-Language": "en"}


@state
def series(db: Session, cast: Cast) -> Series:
    """5A's series of one theme, in use: Wednesday of week 42."""
    series = make_series(db, cast)
    db.commit()
    return series


@pytest.fixture
def address(cast: Cast) -> str:
    return f"/l/{cast.teacher_link.code}"


def test_the_link_shows_the_week_without_an_account(client: FlaskClient, cast: Cast, series: Series, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    for words in ("Uke 42 · 5A", "Vennskap", "Til deg som er lærer", "onsdag 14. oktober", "Ingrid Solfeng"):
        assert words in answer.text
    assert f'href="/f/{cast.parents_link.code}/nb/{series.lessons[0].public_id}"' in answer.text


def test_the_link_speaks_the_language_of_its_texts_whatever_the_browsers(client: FlaskClient, series: Series, address: str) -> None:
    answers = [client.get(address, headers=headers) for headers in ({}, ENGLISH)]
    assert answers[0].text == answers[1].text
    assert '<html lang="nb"' in answers[0].text


def test_without_words_of_its_own_for_the_districts_language_the_link_speaks_norwegian(
    client: FlaskClient, cast: Cast, db: Session, series: Series, address: str
) -> None:
    cast.district.source_language = "nn"
    db.commit()
    assert '<html lang="nb"' in client.get(address, headers=ENGLISH).text


def test_the_link_sets_no_cookie_and_is_not_indexed(client: FlaskClient, series: Series, address: str) -> None:
    answer = client.get(address)
    assert "Set-Cookie" not in answer.headers
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert '<meta name="robots" content="noindex">' in answer.text


def test_the_link_has_no_menu_no_person_and_no_form(client: FlaskClient, series: Series, address: str) -> None:
    page = client.get(address).text
    assert ("site-nav" in page, "site-person" in page, "<form" in page, "csrf" in page) == (False, False, False, False)


def test_the_link_says_nothing_about_other_classes(client: FlaskClient, cast: Cast, db: Session, series: Series, address: str) -> None:
    for group in (cast.b5, cast.small):
        make_series(db, cast, group)
    db.commit()
    page = client.get(address).text
    assert ("5B" in page, "Bjørka" in page) == (False, False)


@pytest.mark.parametrize("mangle", [str.upper, lambda code: f"{code[:5]}-{code[5:]}", lambda code: f"{code.replace('0', 'o')} "])
def test_a_mangled_code_is_forgiven(client: FlaskClient, cast: Cast, mangle: Callable[[str], str]) -> None:
    code = cast.teacher_link.code
    assert mangle(code) != code
    for tail in ("", "/2026-W43"):
        answer = client.get(f"/l/{mangle(code)}{tail}")
        assert (answer.status_code, answer.headers["Location"]) == (308, f"/l/{code}{tail}")


def test_an_unknown_code_is_not_there(client: FlaskClient, cast: Cast) -> None:
    answer = client.get("/l/00000000000000000000000000", headers=ENGLISH)
    assert (answer.status_code, "A letter in the link may be wrong." in answer.text) == (404, True)


def test_the_parents_code_does_not_open_the_teachers_page(client: FlaskClient, cast: Cast) -> None:
    assert client.get(f"/l/{cast.parents_link.code}").status_code == 404


def test_a_revoked_link_is_gone(client: FlaskClient, cast: Cast, db: Session, series: Series, address: str) -> None:
    cast.teacher_link.revoked_at = NOW
    db.commit()
    answer = client.get(address, headers=ENGLISH)
    assert (answer.status_code, "Vennskap" in answer.text, "Ask the agent of the class" in answer.text) == (410, False, True)


def test_an_expired_link_is_gone_the_day_after_its_last(client: FlaskClient, cast: Cast, db: Session) -> None:
    last = new_link(db, cast.a5, "teacher", expires=cast.today)
    past = new_link(db, cast.a5, "teacher", expires=cast.today - timedelta(days=1))
    db.commit()
    assert [client.get(f"/l/{link.code}").status_code for link in (last, past)] == [200, 410]


@pytest.mark.parametrize("written", ["2026-W60", "text", "0001-W01", "9999-W52"])
def test_what_is_no_week_is_not_there(client: FlaskClient, address: str, written: str) -> None:
    assert client.get(f"{address}/{written}").status_code == 404


def test_a_week_without_school_says_why_and_what_is_next(client: FlaskClient, cast: Cast, db: Session, address: str) -> None:
    make_series(db, cast, start=date(2027, 1, 6))
    db.commit()
    page = re.sub(r"<[^>]+>", "", client.get(f"{address}/2026-W53").text)
    assert "Ingen skole denne uka: Juleferie" in page
    assert "onsdag 6. januar" in page
    assert "Gå til uke 1" in page


@pytest.mark.parametrize("tail", ["", "/2026-W43"])
def test_a_slash_too_many_is_forgiven(client: FlaskClient, address: str, tail: str) -> None:
    answer = client.get(f"{address}{tail}/")
    assert (answer.status_code, answer.headers["Location"]) == (308, f"{address}{tail}")


def test_a_week_of_another_school_year_says_which_year_the_class_is_of(client: FlaskClient, series: Series, address: str) -> None:
    page = client.get(f"{address}/2027-W42").text
    assert "skoleåret 2026–2027" in page
    assert "skoleåret" not in client.get(f"{address}/2026-W45").text


def test_the_page_in_halves_names_the_half(client: FlaskClient, cast: Cast, db: Session) -> None:
    make_series(db, cast, cast.half, agents=[cast.agent])
    link = new_link(db, cast.b5, "teacher", expires=cast.today)
    db.commit()
    assert f">{cast.half.name}</p>" in client.get(f"/l/{link.code}").text


def test_the_link_leads_nowhere_that_asks_for_an_account(client: FlaskClient, series: Series, address: str) -> None:
    page = client.get(address).text
    ways = {way for way in re.findall(r'href="(/[^"#]*)"', page) if not way.startswith("/static/")}
    assert {way: client.get(way).status_code for way in ways} == dict.fromkeys(ways, 200)
    assert "plakat" not in page
