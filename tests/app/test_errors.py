"""What went wrong, in words: each fault has its page, in the reader's language, and gives back what was typed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NoReturn

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.routing import IntegerConverter
from wtforms import PasswordField

from app import LARGEST_ID
from app.access import EVERYONE, WRONG_CODES_AN_HOUR, open_to
from app.database import store
from app.errors import NEVER_SHOWN, WORDS
from app.pages import Form
from tests.cast import NOW, Cast, sign_in

TYPED = "Dette var et langt svar som jeg nødig vil skrive en gang til."


@pytest.fixture
def english(app: Flask, client: FlaskClient, cast: Cast) -> FlaskClient:
    """A browser in English, before a house with pages where things go wrong."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    client.post("/sprak/en")
    return client


@open_to(EVERYONE)
def fault(status: int) -> NoReturn:
    abort(status)


@open_to(EVERYONE)
def fail() -> NoReturn:
    raise ZeroDivisionError("secret")


def add_pages(app: Flask) -> None:
    app.add_url_rule("/fault", view_func=fail)
    app.add_url_rule("/fault/<int:status>", view_func=fault)


pytestmark = pytest.mark.pages(add=add_pages)


@pytest.mark.parametrize(("status", "title"), [(status, title) for status, (title, _) in WORDS.items()])
def test_each_fault_has_its_page_in_words(status: int, title: str, english: FlaskClient, cast: Cast) -> None:
    response = english.get(f"/fault/{status}")
    assert response.status_code == status
    assert f"<title>{title.replace(chr(39), '&#39;')}" in response.text
    assert "<main" in response.text


def test_a_fault_nobody_thought_of_has_words_too(english: FlaskClient, cast: Cast) -> None:
    response = english.get("/fault/418")
    assert response.status_code == 418
    assert WORDS[400][0] in response.text


def test_an_address_that_is_not_there_says_so(english: FlaskClient, cast: Cast) -> None:
    response = english.get("/ikke-her")
    assert response.status_code == 404
    assert "We cannot find this page" in response.text


def test_a_faults_page_has_the_menu_of_whoever_is_signed_in(english: FlaskClient, cast: Cast) -> None:
    assert "/rekker" not in english.get("/ikke-her").text
    assert 'href="/rekker"' in sign_in(english, cast.head).get(f"/rekker/{'z' * 6}").text


@pytest.mark.parametrize("secured", [True, False])
def test_a_paste_of_five_megabytes_is_refused_in_words(secured: bool, app: Flask, english: FlaskClient, cast: Cast) -> None:
    app.config["WTF_CSRF_ENABLED"] = secured
    response = english.post("/logg-inn", data={"email": "x" * 5_000_000})
    assert response.status_code == 413
    assert "What you sent is larger than 2 MB." in response.text
    assert len(response.data) < 50_000


def test_two_megabytes_less_a_little_are_taken(english: FlaskClient, cast: Cast) -> None:
    assert english.post("/logg-inn", data={"email": "x" * 1_900_000, "password": "y"}).status_code == 422


def test_a_form_sent_after_the_sign_in_ended_gives_back_what_was_typed(english: FlaskClient, cast: Cast) -> None:
    response = english.post("/rekker/ny", data={"note": TYPED, "password": "a very long secret that stays here", "csrf_token": "x" * 40})
    assert response.status_code == 401
    assert TYPED in response.text
    assert "a very long secret" not in response.text
    assert 'href="/logg-inn"' in response.text


def test_a_form_that_was_opened_in_another_sign_in_gives_back_what_was_typed(app: Flask, english: FlaskClient, cast: Cast) -> None:
    sign_in(english, cast.agent).post("/sprak/en")
    app.config["WTF_CSRF_ENABLED"] = True
    response = english.post("/rekker/ny", data={"note": TYPED})
    assert response.status_code == 400
    assert TYPED in response.text
    assert "Nothing was saved" in response.text


def test_an_old_form_of_one_who_is_signed_out_meanwhile_names_that_and_the_way_back_in(
    app: Flask, english: FlaskClient, cast: Cast
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    response = english.post("/rekker/ny", data={"note": TYPED, "csrf_token": "x"})
    assert response.status_code == 401
    assert "Your sign-in has ended" in response.text
    assert 'href="/logg-inn"' in response.text


def test_only_what_was_typed_is_said_to_stand_below(app: Flask, english: FlaskClient, cast: Cast) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    response = english.post("/logg-inn", data={"email": "a@b.no", "password": "x"})
    assert response.status_code == 400
    assert "stands below" not in response.text
    assert 'href="/logg-inn"' in response.text
    assert "What you wrote stands below" in english.post("/rekker/ny", data={"note": TYPED}).text


def test_a_request_of_the_wrong_kind_is_told_which_are_right(english: FlaskClient, cast: Cast) -> None:
    assert english.get("/logg-ut").headers["Allow"] == "OPTIONS, POST"
    assert english.delete(f"/f/{cast.parents_link.code}").headers["Allow"] == "GET, HEAD, OPTIONS"


def test_what_was_typed_is_shown_and_never_run(english: FlaskClient, cast: Cast) -> None:
    response = english.post("/rekker/ny", data={"note": "</textarea><script>alert(1)</script>"})
    assert "&lt;script&gt;alert(1)" in response.text
    assert "<script>alert" not in response.text


def test_a_fault_of_ours_says_nothing_of_how(english: FlaskClient, cast: Cast) -> None:
    response = english.get("/fault")
    assert response.status_code == 500
    assert "Something is wrong with us" in response.text
    assert "secret" not in response.text
    assert "ZeroDivision" not in response.text


def test_a_database_that_is_gone_is_told_in_words_also_to_the_signed_in(app: Flask, english: FlaskClient, cast: Cast) -> None:
    sign_in(english, cast.head).post("/sprak/en")

    with Broken(app):
        response = english.get("/rekker")
    assert response.status_code == 503
    assert "The database is not answering" in response.text


class Broken:
    """From the first fault on, the database answers nothing."""

    def __init__(self, app: Flask) -> None:
        with app.app_context():
            self.engine = store.engine
        self.is_broken = False

    def _statement(self, *_: object) -> None:
        if self.is_broken:
            raise OperationalError("SELECT", {}, Exception("the connection was lost"))
        self.is_broken = True

    def __enter__(self) -> None:
        event.listen(self.engine, "before_cursor_execute", self._statement)

    def __exit__(self, *_: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._statement)


# --- Parents ----------------------------------------------------------------------------------------------------------------------------


def test_a_wrong_code_is_told_in_the_parents_language(client: FlaskClient, cast: Cast) -> None:
    response = client.get("/f/zzzzzzzzzz", headers={"Accept-Language": "en"})
    assert response.status_code == 404
    assert '<html lang="en"' in response.text
    assert "A letter in the address may be wrong." in response.text
    for address in ("/f/zzzzzzzzzz/so", "/f/zzzzzzzzzz/so/abc"):
        assert '<html lang="so"' in client.get(address, headers={"Accept-Language": "en"}).text
    assert '<html lang="nb"' in client.get("/f/zzzzzzzzzz/xx").text


def test_a_link_that_was_replaced_or_has_run_out_says_so(client: FlaskClient, cast: Cast, db: Session) -> None:
    cast.parents_link.expires = cast.today
    db.commit()
    address = f"/f/{cast.parents_link.code}/en"
    assert client.get(address).status_code == 200
    cast.parents_link.revoked_at = NOW
    db.commit()
    response = client.get(address)
    assert response.status_code == 410
    assert "This link is no longer open" in response.text


@pytest.mark.slow
def test_whoever_guesses_codes_is_told_to_wait(client: FlaskClient, cast: Cast) -> None:
    for number in range(WRONG_CODES_AN_HOUR):
        assert client.get(f"/f/{number:010}/en").status_code == 404
    response = client.get(f"/f/{cast.parents_link.code}/en")
    assert response.status_code == 429
    assert "Wait an hour" in response.text


def test_no_password_field_of_any_form_is_given_back() -> None:
    def kinds(form: type[Form]) -> Iterator[type[Form]]:
        yield form
        for kind in form.__subclasses__():
            yield from kinds(kind)

    secret = {name for form in kinds(Form) for name, field in vars(form).items() if getattr(field, "field_class", None) is PasswordField}
    assert secret
    assert secret <= NEVER_SHOWN


def test_a_password_is_not_shown_on_the_page_of_an_address_that_is_used(english: FlaskClient, cast: Cast) -> None:
    password = "et langt passord som ingen skal lese"
    answer = english.post("/nytt-passord/brukt", data={"password": password, "again": password})
    assert (answer.status_code, password in answer.text) == (410, False)


def test_an_address_that_is_not_there_speaks_her_language_and_has_her_menu(english: FlaskClient, cast: Cast) -> None:
    english.delete_cookie("kursrekka")
    answer = sign_in(english, cast.head).get("/ikke-her", headers={"Accept-Language": "en"})
    assert (answer.status_code, 'lang="nb"' in answer.text, 'href="/rekker"' in answer.text) == (404, True, True)


def test_no_address_takes_a_number_that_no_row_can_have(app: Flask) -> None:
    converters = [
        (rule.rule, converter)
        for rule in app.url_map.iter_rules()
        for converter in rule._converters.values()
        if isinstance(converter, IntegerConverter)
    ]
    assert converters
    assert [rule for rule, converter in converters if converter.max is None or converter.max > LARGEST_ID] == []


def test_a_number_that_is_far_too_large_is_an_address_that_is_not_there(english: FlaskClient, cast: Cast) -> None:
    sign_in(english, cast.administrator)
    assert english.post("/administrasjon/fridager/99999999999999999999/1/fjern").status_code == 404
