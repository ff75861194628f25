"""Reading the idea bank."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from curriculum import ideabank
from curriculum.ideabank import DocumentVersion
from tests.app.counting import queries
from tests.cast import NOW, Cast, publish, sign_in

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

THIRTY = 30


def test_the_bank_lists_each_theme_with_its_minutes_aims_and_version(coordinator: FlaskClient, theme: DocumentVersion) -> None:
    page = coordinator.get("/idebank").text
    assert "Vennskap" in page
    assert "45 or 60 minutes · Aims: 5 · Version 1" in page
    assert "Draft, not checked by a professional" in page


def test_themes_stand_under_their_series_in_its_order_and_fixed_ones_are_marked(coordinator: FlaskClient, cast: Cast, db: Session) -> None:
    keys = ("intro", "identitet-1", "identitet-2", "selvfolelse", "folelser", "vennskap", "samarbeid", "konflikt-1")
    publish(db, cast, "district-texts", *keys, "kursrekke-1")
    db.commit()
    page = coordinator.get("/idebank").text
    places = [page.index(f'href="/idebank/{key}"') for key in keys]
    assert places == sorted(places)
    assert page.count('data-color="accent">Fixed theme<') == 2
    assert "Åtte økter for 5. og 6. trinn" in page


def test_an_empty_bank_says_how_to_begin(coordinator: FlaskClient) -> None:
    page = coordinator.get("/idebank").text
    assert "The idea bank is empty" in page
    assert 'href="/idebank/nytt-tema"' in page


@pytest.mark.parametrize("who", ["agent", "teacher", "translator", "head", "manager", "administrator"])
def test_every_signed_in_reader_reads_the_bank_and_cannot_edit(client: FlaskClient, cast: Cast, theme: DocumentVersion, who: str) -> None:
    sign_in(client, cast.persons[who])
    for address in ("/idebank", "/idebank/vennskap"):
        page = client.get(address)
        assert page.status_code == 200
        assert "utkast" not in page.text.replace("Utkast, ikke fagkontrollert", "")
    assert client.post("/idebank/vennskap/utkast/begynn").status_code == 403


def test_another_districts_fagansvarlig_finds_no_such_theme(client: FlaskClient, cast: Cast, theme: DocumentVersion) -> None:
    sign_in(client, cast.outsider)
    assert client.get("/idebank/vennskap").status_code == 404
    assert client.post("/idebank/vennskap/utkast/begynn").status_code == 404


def test_a_visitor_must_sign_in(client: FlaskClient, theme: DocumentVersion) -> None:
    assert client.get("/idebank/vennskap").status_code == 302


def test_a_theme_can_be_taught_from_its_page(coordinator: FlaskClient, theme: DocumentVersion) -> None:
    page = coordinator.get("/idebank/vennskap").text
    for words in ("Velkommen i ring", "In 45 min", "In 60 min", "left out", "Du kan alltid si pass.", "In a group", "Watch out for"):
        assert words in page
    assert "{#" not in page


def test_what_a_theme_says_stands_in_each_readers_own_language(
    coordinator: FlaskClient, app: Flask, cast: Cast, theme: DocumentVersion
) -> None:
    norwegian = sign_in(app.test_client(), cast.coordinator2)
    for _ in range(2):
        assert "Watch out for" in coordinator.get("/idebank/vennskap").text
        assert "Watch out for" not in norwegian.get("/idebank/vennskap").text


def test_aims_are_in_words_with_their_role_and_where_the_words_come_from(coordinator: FlaskClient, theme: DocumentVersion) -> None:
    page = coordinator.get("/idebank/vennskap").text
    assert "Diversity, being yourself and belonging" in page
    assert "Social studies · KM14683 · after year 7 · our own wording" in page
    assert "Main aim" in page
    assert "TT1" in page
    assert "Contains data under NLOD" in page


def test_the_parents_part_stands_as_parents_read_it_with_words_and_lines(coordinator: FlaskClient, theme: DocumentVersion) -> None:
    page = coordinator.get("/idebank/vennskap").text
    assert "<li>Vi satt i ring og snakket om hva en god venn gjør.</li>" in page
    assert "En du liker å være sammen med, og som vil deg vel." in page
    assert "«Hva gjorde du i dag som en god venn gjør?»" in page


@pytest.mark.parametrize(("key", "words"), [("vocabulary", "En du liker å være sammen med"), ("district-texts", "Hvem vi er")])
def test_words_and_texts_have_a_page(coordinator: FlaskClient, cast: Cast, db: Session, key: str, words: str) -> None:
    publish(db, cast, key)
    db.commit()
    assert words in coordinator.get(f"/idebank/{key}").text


def test_a_template_lists_its_themes_by_name(coordinator: FlaskClient, cast: Cast, db: Session) -> None:
    keys = ("intro", "identitet-1", "identitet-2", "selvfolelse", "folelser", "vennskap", "samarbeid", "konflikt-1")
    publish(db, cast, "district-texts", *keys, "kursrekke-1")
    db.commit()
    page = " ".join(coordinator.get("/idebank/kursrekke-1").text.split())
    assert "Å forstå egne og andres følelser" in page
    assert "<td> Free to swap. Comes first when it is in the series. </td>" in page
    assert "<td> Free to swap </td>" in page


def test_a_template_says_of_a_fixed_theme_that_it_always_comes_last(coordinator: FlaskClient, cast: Cast, db: Session) -> None:
    publish(db, cast, "vennskap", "samarbeid")
    places = '[[places]]\ntheme = "samarbeid"\nfixed = false\nlast = true\n\n[[places]]\ntheme = "vennskap"\nfixed = true\nlast = true\n'
    outline = f'format = 1\nkind = "outline"\nid = "to"\ntitle = "To"\ndescription = ""\norigin = "human"\n\n{places}'
    ideabank.load_document(db, cast.district, outline, "outlines/to.toml", now=NOW, today=cast.today)
    db.commit()
    page = " ".join(coordinator.get("/idebank/to").text.split())
    assert "Free to swap. Comes last when it is in the series." in page
    assert "Fixed theme</span> Always comes last." in page


@pytest.mark.parametrize("address", ["/idebank/ukjent", "/idebank/vennskap/versjoner/9", "/idebank/vennskap/sammenlign?fra=1&til=9"])
def test_what_is_not_there_is_a_404(coordinator: FlaskClient, theme: DocumentVersion, address: str) -> None:
    assert coordinator.get(address).status_code == 404


def test_a_fagansvarlig_vouches_for_a_version_once(coordinator: FlaskClient, theme: DocumentVersion) -> None:
    for _ in range(2):
        coordinator.post("/idebank/vennskap/versjoner/1/kontrollert", data={"has_read": "y"})
    page = coordinator.get("/idebank/vennskap").text
    assert page.count("Checked by Marit Ekelund on 14 October 2026.") == 1
    assert "The same person published it." not in page
    assert "not checked by a professional" not in page
    assert "not checked by a professional" not in coordinator.get("/idebank").text.split("Templates, words and texts")[0]


def test_whoever_vouches_says_first_that_she_has_read_it_all(coordinator: FlaskClient, theme: DocumentVersion) -> None:
    address = "/idebank/vennskap/versjoner/1/kontrollert"
    assert f'href="{address}"' in coordinator.get("/idebank/vennskap").text
    assert "I have read the whole version" in coordinator.get(address).text
    answer = coordinator.post(address)
    assert answer.status_code == 422
    assert "Tick when you have read the whole version." in answer.text
    assert "Checked by" not in coordinator.get("/idebank/vennskap").text


def test_an_agent_cannot_vouch_for_a_version(client: FlaskClient, cast: Cast, theme: DocumentVersion) -> None:
    assert sign_in(client, cast.agent).post("/idebank/vennskap/versjoner/1/kontrollert").status_code == 403


def test_the_list_takes_as_many_queries_for_thirty_themes_as_for_one(
    app: Flask, coordinator: FlaskClient, cast: Cast, db: Session, theme: DocumentVersion
) -> None:
    coordinator.get("/idebank")
    one = queries(app, lambda: coordinator.get("/idebank"))
    for number in range(THIRTY - 1):
        document = ideabank.new_theme(db, cast.district, f"Tema {number}", cast.coordinator, NOW)
        assert document.draft is not None
    db.commit()
    page = coordinator.get("/idebank").text
    assert "Tema 28" in page
    assert queries(app, lambda: coordinator.get("/idebank")) == one


def test_a_themes_page_takes_as_many_queries_with_many_versions(
    app: Flask, coordinator: FlaskClient, theme: DocumentVersion, draft: str
) -> None:
    coordinator.get("/idebank/vennskap")
    one = queries(app, lambda: coordinator.get("/idebank/vennskap"))
    for number in range(2):
        coordinator.post(f"{draft}/begynn")
        coordinator.post(f"{draft}/deler/ring/{'ned' if number else 'opp'}")
        coordinator.post(f"{draft}/publiser", data={"why": f"Flyttet {number}"})
    coordinator.post(f"{draft}/begynn")
    coordinator.get("/idebank/vennskap")
    assert queries(app, lambda: coordinator.get("/idebank/vennskap")) == one
