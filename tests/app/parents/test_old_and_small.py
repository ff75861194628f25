"""A parents' page reads in a text browser and without its style: the order of the text is the order in which it is needed."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from curriculum.planning import HELD
from tests.cast import Cast, make_series, publish
from tests.states import state

if TYPE_CHECKING:
    from flask.testing import FlaskClient

UNSEEN = {"style", "script", "title", "head"}


class Text(HTMLParser):
    """What a text browser shows: no style, no script, folded parts unfolded, nothing that is hidden."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.away: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.away or tag in UNSEEN or ("hidden" in dict(attrs)):
            self.away += [tag] if tag not in ("meta", "link", "br", "input") else []

    def handle_endtag(self, tag: str) -> None:
        if self.away and self.away[-1] == tag:
            self.away.pop()

    def handle_data(self, data: str) -> None:
        if not self.away:
            self.words.append(data)


def read(html: str) -> str:
    reader = Text()
    reader.feed(html)
    return " ".join(unescape(" ".join(reader.words)).split())


@state
def lesson(db: Session, cast: Cast) -> str:
    publish(db, cast, "district-texts")
    made = make_series(db, cast, themes=("vennskap", "samarbeid")).lessons[0]
    made.state = HELD
    db.commit()
    return made.public_id


def test_the_text_alone_is_read_in_the_order_it_is_needed(client: FlaskClient, cast: Cast, lesson: str) -> None:
    text = read(client.get(f"/f/{cast.parents_link.code}/nb/{lesson}").text)
    wanted = [
        "Klasse 5A", "Dette gjorde vi", "Vennskap", "Denne uka er temaet vennskap", "Spør barnet ditt", "Hva kan en god venn gjøre",
        "Ord vi bruker", "Dette gjorde vi", "Prøv sammen", "Mer å snakke om", "Hvis det er vanskelig", "Snakk med oss", "22 00 00 00",
        "Neste tema", "Samarbeid", "Dette har vi plikt til", "Alle ukene", "Om oss",
    ]  # fmt: skip
    places = [text.find(words, 0 if not number else text.find(wanted[number - 1])) for number, words in enumerate(wanted)]
    assert -1 not in places, (wanted[places.index(-1)], text)
    assert places == sorted(places)


def test_the_way_on_is_a_link_and_not_a_script(client: FlaskClient, cast: Cast, lesson: str) -> None:
    code = cast.parents_link.code
    for path in ("", "/nb", f"/nb/{lesson}", f"/so/{lesson}/sammen", "/nb/om-oss"):
        html = client.get(f"/f/{code}{path}").text
        assert len(re.findall(rf'href="/f/{code}', html)) >= 1
        assert not re.search(r"\son\w+=|href=.javascript:|style=", html)
        assert re.findall(r"<script(?![^>]* defer)", html) == []


def test_a_page_is_not_indexed_sets_no_cookie_and_asks_nobody_else(client: FlaskClient, cast: Cast, lesson: str) -> None:
    code = cast.parents_link.code
    for path in ("", "/nb", f"/nb/{lesson}", f"/so/{lesson}/sammen", "/nb/om-oss"):
        answer = client.get(f"/f/{code}{path}")
        assert '<meta name="robots" content="noindex">' in answer.text
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert "Set-Cookie" not in answer.headers
        loaded = re.findall(r'(?:src|href)="(https?:[^"]*)"', re.sub(r"<a\b[^>]*>", "", answer.text))
        assert loaded == []
