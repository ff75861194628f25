"""Words for the classroom's wall: of a theme, and of every theme of a series."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from curriculum import summaries
from curriculum.ideabank import Segment
from curriculum.people import DistrictLanguage
from curriculum.planning import Series
from tests.app.counting import queries
from tests.cast import NOW, Cast, make_series, publish, sign_in, version_of

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

THEME = "/idebank/vennskap/ordplakat"


@pytest.fixture
def series(cast: Cast, db: Session) -> Series:
    made = make_series(db, cast, themes=("vennskap", "samarbeid"))
    db.commit()
    return made


def translate(db: Session, cast: Cast, *tags: str, state: str = "translated", origin: str = "human") -> None:
    """Every word of the vocabulary, by putting the language's tag before it."""
    version = version_of(db, cast, "vocabulary")
    for segment in db.query(Segment).where(Segment.version_id == version.id):
        for tag in tags:
            summaries.add_translation(
                db, document=version.document, segment_uid=segment.uid, language=tag, source_text=segment.text, source_hash=segment.hash,
                text=f"{tag} {segment.text}", state=state, origin=origin, by=cast.translator if state != "draft" else None, now=NOW,
            )  # fmt: skip
    db.commit()


def words(page: str) -> list[str]:
    return re.findall(r"<strong>([^<]+)</strong>", page.partition("<article")[2].partition("</main>")[0])


def test_a_themes_words_stand_large_with_the_languages_that_have_them_all(
    client: FlaskClient, cast: Cast, db: Session, series: Series
) -> None:
    translate(db, cast, "so", "ur")
    page = sign_in(client, cast.teacher).get(THEME).text
    assert words(page) == ["venn", "vennskap", "lytte", "utenfor", "inkludere"]
    assert '<li lang="so" dir="ltr">so venn</li>' in page
    assert '<li lang="ur" dir="rtl">ur venn</li>' in page
    assert "English" in page.partition("ds-alert")[2].partition("</div>")[0]
    assert page.count("<article") == 1


def test_what_is_chosen_stands_there_and_only_that(client: FlaskClient, cast: Cast, db: Session, series: Series) -> None:
    translate(db, cast, "so", "ur")
    page = sign_in(client, cast.teacher).get(f"{THEME}?valgt=1&sprak=ur&sprak=tlh&sprak=nb").text
    assert ('<li lang="ur"' in page, '<li lang="so"' in page, "ds-alert" in page.partition("</main>")[0]) == (True, False, False)
    alone = client.get(f"{THEME}?valgt=1").text
    assert (words(alone)[:1], "<li lang" in alone.partition("<article")[2]) == (["venn"], False)


def test_more_languages_than_can_be_read_are_refused_in_words_and_the_first_are_shown(
    client: FlaskClient, cast: Cast, db: Session, series: Series
) -> None:
    tags = ("en", "ur", "so", "ta", "pl", "tr", "vi")
    cast.district.languages += [DistrictLanguage(tag=tag, position=9, is_open=True) for tag in tags[3:]]
    translate(db, cast, *tags)
    page = sign_in(client, cast.teacher).get(f"{THEME}?valgt=1" + "".join(f"&sprak={tag}" for tag in tags)).text
    assert "Høyst 6 språk" in page
    assert len(set(re.findall(r'<li lang="(\w+)"', page))) == 6
    assert "Høyst 6 språk" not in client.get(THEME).text


def test_a_machines_words_are_marked_on_the_paper_itself(client: FlaskClient, cast: Cast, db: Session, series: Series) -> None:
    cast.district.parents_read = "draft"
    translate(db, cast, "so", state="draft", origin="machine:x")
    paper = sign_in(client, cast.teacher).get(THEME).text.partition("<article")[2]
    assert "Maskinoversatt, ikke lest av et menneske:" in paper
    assert "Af-Soomaali" in paper


def test_a_series_has_a_page_for_each_theme_and_says_nothing_of_whose_it_is(
    client: FlaskClient, cast: Cast, db: Session, series: Series
) -> None:
    address = f"/rekker/{series.public_id}/ordplakat"
    page = sign_in(client, cast.agent).get(address).text
    assert re.findall(r'<article [^>]*aria-label="([^"]+)"', page) == ["Vennskap", "Samarbeid"]
    assert "5A" not in page.partition("<article")[2].partition("</main>")[0]
    assert address in client.get(f"/rekker/{series.public_id}").text


def test_it_asks_as_little_of_the_database_for_many_themes_as_for_one(app: Flask, client: FlaskClient, cast: Cast, db: Session) -> None:
    few = make_series(db, cast, themes=("vennskap",))
    many = make_series(db, cast, cast.b5, themes=("vennskap", "samarbeid", "respekt"))
    db.commit()
    sign_in(client, cast.agent)
    counts = []
    for one in (few, many):
        client.get(f"/rekker/{one.public_id}/ordplakat")
        counts.append(queries(app, lambda: client.get(f"/rekker/{one.public_id}/ordplakat")))  # noqa: B023
    assert counts[0] == counts[1]


def test_a_theme_without_words_says_so(client: FlaskClient, cast: Cast, db: Session) -> None:
    publish(db, cast, "district-texts", "intro")
    db.commit()
    page = sign_in(client, cast.teacher).get("/idebank/intro/ordplakat")
    assert page.status_code == 200
    assert bool(words(page.text)) != ("Det er ingen ord å skrive ut ennå" in page.text)


@pytest.mark.parametrize(("who", "status"), [("agent", 200), ("head", 200), ("other_agent", 404), ("teacher", 403)])
def test_a_series_words_are_for_those_who_read_the_series(who: str, status: int, client: FlaskClient, cast: Cast, series: Series) -> None:
    assert sign_in(client, cast.persons[who]).get(f"/rekker/{series.public_id}/ordplakat").status_code == status


def test_a_theme_that_is_not_there_is_not_found(client: FlaskClient, cast: Cast, series: Series) -> None:
    assert sign_in(client, cast.teacher).get("/idebank/ukjent/ordplakat").status_code == 404
