"""What an agent takes with her: the opplegg on paper and the word cards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from curriculum.ideabank import DocumentVersion
from tests.app.coordinators.screens import publish as publish_draft
from tests.app.counting import queries
from tests.cast import Cast, publish, sign_in

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

OPPLEGG, CARDS = "/idebank/vennskap/opplegg", "/idebank/vennskap/ordkort"


def flat(client: FlaskClient, address: str) -> str:
    return " ".join(client.get(address).text.split())


@pytest.mark.usefixtures("theme")
def test_an_agent_teaches_from_the_opplegg(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.agent).post("/sprak/en")
    page = flat(client, OPPLEGG)
    for words in ("Velkommen i ring", "With everything.", "Du kan alltid si pass.", "In a group", "Watch out for", "Dette trenger du"):
        assert words in page
    assert "60 minutes" in page and "Plass til én til" in page and "{#" not in page
    assert f'href="{OPPLEGG}"' in client.get("/idebank/vennskap").text and f'href="{CARDS}"' in client.get("/idebank/vennskap").text


@pytest.mark.usefixtures("theme")
def test_in_less_time_the_short_lesson_is_shown_with_what_is_left_out(coordinator: FlaskClient) -> None:
    page = flat(coordinator, f"{OPPLEGG}?minutter=45")
    assert "The short lesson." in page
    assert 'Left out for want of time: <span lang="nb">Plass til én til, Takkelapper</span>.' in page
    assert 'id="step-plass-til-en-til"' not in page


@pytest.mark.usefixtures("theme")
def test_each_part_has_its_minutes_or_the_time_of_the_day(coordinator: FlaskClient) -> None:
    parts = re.findall(r"<tr><td>([\d:–]+)</td>", flat(coordinator, f"{OPPLEGG}?minutter=45"))
    assert parts[0].startswith("0–") and parts[-1].endswith("–45")
    clocks = re.findall(r"<tr><td>([\d:–]+)</td>", flat(coordinator, f"{OPPLEGG}?minutter=45&start=08:30"))
    assert clocks[0].startswith("08:30–") and clocks[-1].endswith("–09:15")
    assert "<strong>08:30–09:15 · 45 minutes</strong>" in flat(coordinator, f"{OPPLEGG}?minutter=45&start=08:30")


@pytest.mark.usefixtures("theme")
@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("minutter=30", "The short lesson needs 15 minutes more than that."),
        ("minutter=50", "Minutes to spare: 5."),
        ("minutter=90", "Minutes to spare: 30."),
    ],
)
def test_other_lengths_say_how_they_fit(coordinator: FlaskClient, asked: str, words: str) -> None:
    assert words in flat(coordinator, f"{OPPLEGG}?{asked}")


@pytest.mark.usefixtures("theme")
@pytest.mark.parametrize(
    "asked",
    ["minutter=x", "minutter=-1", "minutter=99999999999999999999", "start=25:00", "start=%00", "start=8", "versjon=x", "versjon=-4"],
)
def test_what_cannot_be_used_gives_the_whole_lesson(coordinator: FlaskClient, asked: str) -> None:
    page = flat(coordinator, f"{OPPLEGG}?{asked}")
    assert "<strong>60 minutes</strong>" in page and "With everything." in page


@pytest.mark.usefixtures("theme")
def test_each_word_has_a_card_with_what_the_adult_says(coordinator: FlaskClient) -> None:
    page = flat(coordinator, CARDS)
    assert page.count('<li class="word-card">') == 5
    assert page.count('class="plain-list cards"') == 2
    assert '<h2 class="word-card-name">venn</h2> <p>En du liker å være sammen med, og som vil deg vel.</p>' in page
    assert '<p class="said">«Hva gjorde du i dag som en god venn gjør?»</p>' in page


@pytest.mark.usefixtures("theme")
def test_an_older_version_is_printed_as_it_was(coordinator: FlaskClient, draft: str) -> None:
    coordinator.post(f"{draft}/deler/ring/ned")
    assert publish_draft(coordinator, "Flyttet").status_code == 303
    first, second = (re.findall(r'id="step-([\w-]+)"', coordinator.get(f"{OPPLEGG}{asked}").text) for asked in ("?versjon=1", ""))
    assert first[:2] == [second[1], second[0]] and first != second
    assert f'href="{OPPLEGG}?versjon=1"' in coordinator.get("/idebank/vennskap/versjoner/1").text
    assert 'href="/idebank/vennskap/versjoner/1"' in coordinator.get(f"{CARDS}?versjon=1").text
    assert coordinator.get(f"{OPPLEGG}?versjon=9").status_code == 404


@pytest.mark.parametrize("place", ["opplegg", "ordkort"])
def test_only_a_published_theme_of_ones_own_district_is_printed(
    coordinator: FlaskClient, client: FlaskClient, app: Flask, cast: Cast, theme: DocumentVersion, place: str
) -> None:
    coordinator.post("/idebank/nytt-tema", data={"title": "Mot"})
    assert coordinator.get(f"/idebank/mot/{place}").status_code == 404
    assert coordinator.get(f"/idebank/vocabulary/{place}").status_code == 404
    assert sign_in(app.test_client(), cast.outsider).get(f"/idebank/vennskap/{place}").status_code == 404
    assert app.test_client().get(f"/idebank/vennskap/{place}").status_code == 302


@pytest.mark.parametrize("place", ["opplegg", "ordkort"])
def test_it_takes_as_many_queries_for_a_long_theme_as_for_another(
    app: Flask, coordinator: FlaskClient, cast: Cast, db: Session, theme: DocumentVersion, place: str
) -> None:
    publish(db, cast, "samarbeid")
    db.commit()
    coordinator.get("/idebank")
    counts = [queries(app, lambda key=key: coordinator.get(f"/idebank/{key}/{place}")) for key in ("samarbeid", "vennskap")]  # type: ignore[misc]
    assert counts[0] == counts[1]


@pytest.mark.parametrize(("asked", "value"), [("start=25:99", "25:99"), ("minutter=abc", "abc"), ("minutter=999", "999")])
def test_what_the_opplegg_cannot_be_asked_for_is_said(coordinator: FlaskClient, theme: DocumentVersion, asked: str, value: str) -> None:
    words = "in the address cannot be used, and was left out."
    assert f"“{value}” {words}" in coordinator.get(f"/idebank/vennskap/opplegg?{asked}").text
    assert words not in coordinator.get("/idebank/vennskap/opplegg?minutter=45&start=08:30").text
