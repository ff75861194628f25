"""The translators' desk, read only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from curriculum import summaries
from curriculum.ideabank import Segment
from curriculum.planning import Series
from tests.app.counting import queries
from tests.cast import NOW, Cast, make_series, publish, sign_in
from tests.states import state

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


@state
def series(db: Session, cast: Cast) -> Series:
    made = make_series(db, cast, themes=("folelser", "vennskap"))
    db.commit()
    return made


@pytest.fixture
def translator(client: FlaskClient, cast: Cast) -> FlaskClient:
    """The translator into Somali, in English."""
    sign_in(client, cast.translator).post("/sprak/en")
    return client


def words(html: str) -> str:
    main = html.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def test_a_translator_sees_the_language_that_is_hers_with_five_numbers(translator: FlaskClient, series: Series) -> None:
    page = translator.get("/oversett").text
    assert re.findall(r'href="/oversett/(\w+)"', page) == ["so"]
    said = words(page)
    for name in ("Checked 0", "Translated 0", "Draft 0", "The Norwegian text has changed 0", "Missing"):
        assert name in said


@pytest.mark.parametrize("who", ["coordinator", "administrator"])
def test_who_answers_for_the_district_sees_every_language_but_its_own(client: FlaskClient, cast: Cast, series: Series, who: str) -> None:
    page = sign_in(client, cast.persons[who]).get("/oversett").text
    assert re.findall(r'href="/oversett/(\w+)"', page) == ["en", "ur", "so", "ar"]
    assert client.get("/oversett/nb").status_code == 404


def test_texts_stand_by_the_week_that_parents_need_them_without_a_class_name(
    translator: FlaskClient, cast: Cast, db: Session, series: Series
) -> None:
    publish(db, cast, "samarbeid")
    make_series(db, cast, cast.small, themes=("samarbeid",))
    db.commit()
    page = translator.get("/oversett/so")
    said = words(page.text)
    assert said.index("Å forstå egne og andres følelser Week 42 , 14 October: one class") < said.index(
        "Vennskap Week 43 , 21 October: one class"
    )
    assert "Samarbeid No class has it ahead." in said
    assert ("Bjørka" in page.text, "5A" in page.text) == (False, False)


def test_a_text_is_read_beside_its_translation(translator: FlaskClient, cast: Cast, db: Session, series: Series) -> None:
    version = publish(db, cast, "vennskap")[-1]
    segment = db.query(Segment).filter_by(version_id=version.id).order_by(Segment.position).first()
    assert segment
    summaries.add_translation(
        db,
        document=version.document,
        segment_uid=segment.uid,
        language="so",
        source_text=segment.text,
        source_hash=segment.hash,
        text="Toddobaadkan <b>saaxiibtinimo</b>.",
        state="translated",
        origin="human",
        by=cast.translator,
        now=NOW,
    )
    db.commit()
    page = translator.get("/oversett/so/vennskap").text
    assert '<p lang="so" dir="ltr">Toddobaadkan &lt;b&gt;saaxiibtinimo&lt;/b&gt;.</p>' in page
    assert ("Translated" in words(page), "Missing" in words(page), "<form" in page.partition("<main")[2]) == (True, True, False)
    assert "Translated 1" in words(translator.get("/oversett/so").text)


@pytest.mark.parametrize(
    "address", ["/oversett/ur", "/oversett/xx", "/oversett/so/finnes-ikke", "/oversett/ur/vennskap", "/oversett/so/rekke-folelser-vennskap"]
)
def test_what_is_not_hers_or_not_there_is_not_found(translator: FlaskClient, series: Series, address: str) -> None:
    assert translator.get(address).status_code == 404


def test_a_text_that_was_never_published_is_not_found(translator: FlaskClient, cast: Cast, db: Session, series: Series) -> None:
    version = publish(db, cast, "vennskap")[-1]
    db.add(type(version.document)(district_id=cast.district.id, kind="theme", key="kommer"))
    db.commit()
    assert translator.get("/oversett/so/kommer").status_code == 404


def test_an_empty_bank_and_a_translator_without_a_language_are_told_so(client: FlaskClient, cast: Cast, db: Session) -> None:
    sign_in(client, cast.translator).post("/sprak/en")
    assert "There is nothing to translate yet" in client.get("/oversett/so").text
    cast.translator.assignments[0].language = "pl"
    db.commit()
    assert "You have no language to translate into" in client.get("/oversett").text


@pytest.mark.parametrize("who", ["agent", "teacher", "head", "former"])
def test_the_desk_is_for_those_who_translate_or_answer_for_it(client: FlaskClient, cast: Cast, who: str) -> None:
    sign_in(client, cast.persons[who])
    assert [client.get(address).status_code for address in ("/oversett", "/oversett/so", "/oversett/so/vennskap")] == [403] * 3


@pytest.mark.slow
def test_many_texts_take_no_more_queries_than_one(app: Flask, client: FlaskClient, cast: Cast, db: Session) -> None:
    publish(db, cast, "vennskap")
    db.commit()
    sign_in(client, cast.coordinator)
    pages = ("/oversett", "/oversett/so", "/oversett/so/vennskap")
    _ = [client.get(page) for page in pages]
    few = [queries(app, lambda page=page: client.get(page)) for page in pages]  # type: ignore[misc]
    publish(db, cast, "folelser", "samarbeid", "respekt", "mobbing", "grenser", "district-texts")
    db.commit()
    _ = [client.get(page) for page in pages]
    assert [queries(app, lambda page=page: client.get(page)) for page in pages] == few  # type: ignore[misc]
