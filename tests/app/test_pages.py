"""The forms' own words, and what the last acts said."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.pages import LIBRARY_WORDS
from tests.cast import Cast, make_series, sign_in

if TYPE_CHECKING:
    from flask.testing import FlaskClient

NEVER_SHOWN = {
    "Invalid field name '%s'.",
    "Choices cannot be None.",
    "Invalid CSRF Token.",
    "CSRF token missing.",
    "CSRF failed.",
    "CSRF token expired.",
}
"""Faults of the program, and those that have a page of their own."""


def test_everything_the_form_library_says_has_words_of_ours() -> None:
    spec = find_spec("wtforms")
    assert spec is not None and spec.origin is not None
    with (Path(spec.origin).parent / "locale" / "wtforms.pot").open("rb") as file:
        messages = [message.id for message in read_po(file) if message.id]
    said = {words for message in messages for words in ([message] if isinstance(message, str) else message)}
    assert said - NEVER_SHOWN == set(LIBRARY_WORDS)


def test_two_notices_that_nobody_has_read_have_each_their_own_undo(client: FlaskClient, cast: Cast, db: Session) -> None:
    series = make_series(db, cast, themes=("folelser", "vennskap"))
    db.commit()
    sign_in(client, cast.agent).post("/sprak/en")
    for lesson in series.lessons:
        client.post(f"/rekker/{series.public_id}/{lesson.public_id}/las", data={"seen": str(lesson.version)})
    page = client.get(f"/rekker/{series.public_id}").text
    found = re.findall(r'<form class="undo" method="post" action="([^"]+)">.*?<span>(.*?)</span>', page, re.S)
    titles = ("Å forstå egne og andres følelser", "Vennskap")
    assert [words for _, words in found] == [f"The date of “{title}” is locked." for title in titles]
    newest, older = found[1][0], found[0][0]
    assert newest != older
    assert [client.post(address).status_code for address in (older, newest)] == [303, 303]
    assert client.get(f"/rekker/{series.public_id}").text.count("The change is taken back.") == 2
    assert 'class="undo"' not in client.get(f"/rekker/{series.public_id}").text


class Drawn:
    """What has HTML of its own."""

    def __html__(self) -> str:
        return "<b>&amp;</b>"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("<i>'&\"", "&lt;i&gt;&#39;&amp;&#34;"),
        (Markup("<i>&amp;</i>"), "<i>&amp;</i>"),
        (Drawn(), "<b>&amp;</b>"),
        (7, "7"),
        (["<"], "[&#39;&lt;&#39;]"),
        (type("Own", (str,), {})("<"), "&lt;"),
    ],
)
def test_a_value_is_escaped_unless_it_is_markup_wherever_it_stands(app: Flask, value: object, written: str) -> None:
    source = (
        "{% macro said(words) %}[{{ words }}]{% endmacro %}{% macro around() %}({{ caller(value) }}){% endmacro %}"
        "{{ value }}{% for one in [value] %}{{ said(one) }}{% endfor %}{% call(one) around() %}{{ one }}{% endcall %}"
    )
    with app.test_request_context():
        assert app.jinja_env.from_string(source).render(value=value) == f"{written}[{written}]({written})"


def test_a_function_that_asks_for_the_page_it_stands_on_is_given_it(app: Flask) -> None:
    with app.test_request_context():
        assert app.jinja_env.from_string("{% for n in [1] %}{{ gettext('<%(n)s>', n=name) }}{% endfor %}").render(name="<") == "<&lt;>"
