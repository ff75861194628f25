"""The bank's search and filters, as they stand on its page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from sqlalchemy.orm import Session

from curriculum import ideabank
from curriculum.ideabank import DocumentVersion
from tests.app.coordinators.screens import DRAFT
from tests.app.counting import queries
from tests.cast import NOW, Cast, publish, sign_in
from tests.states import state

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

THIRTY = 30


@state
def bank(db: Session, cast: Cast, theme: DocumentVersion) -> None:
    """ "Vennskap", two more of its series in a template with a fixed one, and one of another series with a visitor."""
    publish(db, cast, "district-texts", "samarbeid", "konflikt-1", "politiet")
    places = '[[places]]\ntheme = "vennskap"\nfixed = false\n\n[[places]]\ntheme = "konflikt-1"\nfixed = true\n'
    outline = f'format = 1\nkind = "outline"\nid = "kursrekke-1"\ntitle = "Kursrekke 1"\ndescription = ""\norigin = "human"\n\n{places}'
    ideabank.load_document(db, cast.district, outline, "outlines/kursrekke-1.toml", now=NOW, today=cast.today)
    db.commit()


def shown(page: str) -> list[str]:
    """Keys of the themes the page lists, in its order."""
    return re.findall(r'<h3[^>]*><a href="/idebank/([\w-]+)"', page.split("Templates, words and texts")[0])


def flat(client: FlaskClient, address: str) -> str:
    return " ".join(client.get(address).text.split())


@pytest.mark.usefixtures("bank")
def test_a_search_shows_each_theme_with_the_hit_in_its_sentence_and_where_it_stands(coordinator: FlaskClient) -> None:
    page = flat(coordinator, "/idebank?sok=venner")
    assert shown(page)[0] == "vennskap"
    assert '<a href="/idebank/vennskap" lang="nb"><mark>Vennskap</mark></a>' in page
    assert '<a class="hit-place" href="/idebank/vennskap#purpose">What we want with this lesson</a>' in page
    assert "bruke DIVE når det er vanskelig mellom <mark>venner</mark>" in page
    assert "Templates, words and texts" not in page


@pytest.mark.usefixtures("bank")
@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("lytteleken", '#step-lytteleken" lang="nb">Lytteleken'),
        ("friminuttet", '#parents">To the parents: More questions'),
        ("inkludere", '#parents">Words we use'),
        ("rare", '#dive">I – Ideas'),
        ("ellevåringer", '#aims">Aims from the curriculum'),
    ],
)
def test_the_place_of_a_hit_is_said_in_words_and_leads_there(coordinator: FlaskClient, typed: str, place: str) -> None:
    assert f'<a class="hit-place" href="/idebank/vennskap{place}</a>' in flat(coordinator, f"/idebank?sok={quote(typed)}")


@pytest.mark.usefixtures("bank")
def test_an_empty_answer_says_what_was_looked_for_and_what_to_do(coordinator: FlaskClient) -> None:
    page = coordinator.get("/idebank?sok=romskip").text
    assert "No theme has “romskip”" in page and "Try one word instead of several" in page
    assert "No theme has “venn” and what else you have chosen" in coordinator.get("/idebank?sok=venn&maal=ukjent").text
    assert "0 of 4 themes are shown." in page


@pytest.mark.usefixtures("bank")
@pytest.mark.parametrize("typed", ["x" * 10_000, "(a+)+$ [ \\", "\0\x01\x1b", "%' OR 1=1 --", "<script>alert(1)</script>", "؀‮ א"])
def test_anything_may_be_typed_and_comes_back_as_text(coordinator: FlaskClient, typed: str) -> None:
    answer = coordinator.get("/idebank", query_string={"sok": typed, "maal": typed, "side": typed, "rekke": typed, "tt1": typed})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


@pytest.mark.usefixtures("theme")
def test_a_draft_is_found_by_those_who_edit_and_by_nobody_else(app: Flask, coordinator: FlaskClient, cast: Cast) -> None:
    coordinator.post("/idebank/nytt-tema", data={"title": "Å være tapper"})
    assert shown(coordinator.get("/idebank?sok=tapper").text)[0] == "a-vaere-tapper"
    reader = sign_in(app.test_client(), cast.agent)
    for address in ("/idebank?sok=tapper", "/idebank"):
        page = reader.get(address).text
        assert "a-vaere-tapper" not in page
    assert shown(coordinator.get("/idebank").text) == ["vennskap", "a-vaere-tapper"]


def test_the_words_of_a_draft_are_not_found_before_it_is_published(app: Flask, coordinator: FlaskClient, cast: Cast, draft: str) -> None:
    coordinator.post(f"{draft}/del/purpose", data={"markdown": "Vi skal finne skatten.", "seen_hash": ""})
    assert shown(coordinator.get("/idebank?sok=skatten").text) == []
    assert shown(sign_in(app.test_client(), cast.agent).get("/idebank?sok=skatten").text) == []


@pytest.mark.usefixtures("bank")
def test_another_district_finds_nothing_of_ours(client: FlaskClient, cast: Cast) -> None:
    page = sign_in(client, cast.outsider).get("/idebank?sok=venn").text
    assert shown(page) == [] and "Vennskap" not in page


@pytest.mark.usefixtures("theme")
def test_what_is_published_is_found_at_once(coordinator: FlaskClient, cast: Cast, db: Session) -> None:
    assert "samarbeid" not in shown(coordinator.get("/idebank?sok=samarbeid").text)
    publish(db, cast, "samarbeid")
    db.commit()
    assert shown(coordinator.get("/idebank?sok=samarbeid").text)[0] == "samarbeid"


# --- Filters ---------------------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("bank")
@pytest.mark.parametrize(
    ("asked", "themes"),
    [
        ("rekke=kursrekke-1", ["vennskap", "konflikt-1", "samarbeid"]),
        ("rekke=kursrekke-2", ["politiet"]),
        ("plass=fast", ["konflikt-1"]),
        ("plass=valgfritt", ["vennskap", "samarbeid", "politiet"]),
        ("minutter=45", ["vennskap", "konflikt-1", "samarbeid", "politiet"]),
        ("minutter=60", ["vennskap", "konflikt-1", "samarbeid", "politiet"]),
        ("minutter=7&besok=1", ["politiet"]),
        ("gruppe=small", ["vennskap", "konflikt-1", "samarbeid", "politiet"]),
        ("rom=projector", ["politiet"]),
        ("besok=1", ["politiet"]),
        ("rekke=kursrekke-1&rom=tables&plass=fast", ["konflikt-1"]),
        ("sok=venn&rekke=kursrekke-2", ["politiet"]),
    ],
)
def test_a_filter_lists_the_themes_that_answer_to_it(coordinator: FlaskClient, asked: str, themes: list[str]) -> None:
    assert shown(coordinator.get(f"/idebank?{asked}").text) == themes


@pytest.mark.usefixtures("bank")
def test_each_choice_counts_with_the_other_wishes_and_the_words_kept(coordinator: FlaskClient) -> None:
    page = flat(coordinator, "/idebank?sok=lytteleken&plass=valgfritt")
    assert '<option value="fast">Fixed theme · 0</option>' in page
    assert '<option value="valgfritt" selected>Free to swap · 1</option>' in page
    assert '<option value="kursrekke-1">Kursrekke 1 · 1</option><option value="kursrekke-2">kursrekke-2 · 0</option>' in page


@pytest.mark.usefixtures("bank")
def test_what_is_chosen_can_be_taken_away_one_by_one_or_all_at_once(coordinator: FlaskClient) -> None:
    page = flat(coordinator, "/idebank?sok=venn&plass=fast&tt1=1&besok=1&maal=2.5.1")
    chips = {
        words.strip(): address for address, words in re.findall(r'class="chip" href="([^"]*)"><span[^>]*>Without </span>(.*?) <span', page)
    }
    assert [words for words in chips if not words.startswith("2.5.1")] == ["“venn”", "Fixed theme", "With a TT1 aim", "With a visitor"]
    assert chips["“venn”"] == "/idebank?maal=2.5.1&amp;plass=fast&amp;tt1=1&amp;besok=1"
    assert chips["Fixed theme"] == "/idebank?sok=venn&amp;maal=2.5.1&amp;tt1=1&amp;besok=1"
    assert '<a class="ds-link" href="/idebank">Show all themes</a>' in page


@pytest.mark.usefixtures("bank")
def test_it_is_a_plain_form_that_htmx_also_sends_while_one_types(coordinator: FlaskClient) -> None:
    page = flat(coordinator, "/idebank?sok=venn")
    assert '<form class="bank-search" method="get" action="/idebank" role="search"' in page
    assert "input changed delay:250ms from:#sok" in page and 'data-hx-push-url="true"' in page
    assert '<p class="ds-sr-only" id="count" role="status">' in page and 'id="results"' in page
    assert 'value="venn"' in page


@pytest.mark.usefixtures("bank")
def test_while_one_types_the_address_keeps_only_what_was_asked_for(coordinator: FlaskClient) -> None:
    answer = coordinator.get("/idebank?sok=venn&maal=&rekke=kursrekke-1&tt1=", headers={"HX-Request": "true"})
    assert answer.headers["HX-Push-Url"] == "/idebank?sok=venn&rekke=kursrekke-1"
    assert "HX-Push-Url" not in coordinator.get("/idebank?sok=venn").headers


@pytest.mark.usefixtures("theme")
@pytest.mark.parametrize(("asked", "words"), [("sok=venn", "One theme is shown."), ("sok=romskip", "The one theme is not among them.")])
def test_one_theme_is_counted_as_one(coordinator: FlaskClient, asked: str, words: str) -> None:
    assert words in coordinator.get(f"/idebank?{asked}").text


def test_a_large_bank_is_listed_in_pages(coordinator: FlaskClient, cast: Cast, db: Session, theme: DocumentVersion) -> None:
    for number in range(61):
        ideabank.new_theme(db, cast.district, f"Tema {number:02}", cast.coordinator, NOW)
    db.commit()
    first, second = (flat(coordinator, f"/idebank?side={side}") for side in (1, 2))
    assert len(shown(first)) == 60 and len(shown(second)) == 2
    assert "Page 1 of 2" in first and 'href="/idebank?side=2"' in first and "Previous page" not in first
    assert "Next page" not in second and 'href="/idebank" data-variant="secondary">Previous page' in second
    assert shown(flat(coordinator, "/idebank?side=9999")) == shown(second)
    assert [len(shown(flat(coordinator, f"/idebank?sok=tema&side={side}"))) for side in (1, 3, 4)] == [20, 20, 2]


def test_a_search_asks_the_database_as_often_for_thirty_themes_as_for_one(
    app: Flask, coordinator: FlaskClient, cast: Cast, db: Session, theme: DocumentVersion
) -> None:
    def ask() -> int:
        coordinator.get("/idebank")
        return queries(app, lambda: coordinator.get("/idebank?sok=tema&plass=valgfritt"))

    one = ask()
    for number in range(THIRTY):
        ideabank.new_theme(db, cast.district, f"Tema {number}", cast.coordinator, NOW)
    db.commit()
    assert ask() == one


def test_a_changed_draft_shows_at_once_to_both_who_edit(coordinator: FlaskClient, other: FlaskClient, theme: DocumentVersion) -> None:
    assert "A draft is being written" not in other.get("/idebank").text
    coordinator.post(f"{DRAFT}/begynn")
    assert "A draft is being written" in other.get("/idebank").text


@pytest.mark.usefixtures("bank")
def test_an_answer_nobody_can_choose_is_left_out_and_said(coordinator: FlaskClient) -> None:
    page = coordinator.get("/idebank?minutter=abc&rekke=zzz&besok=nei").text
    assert shown(page) == ["vennskap", "konflikt-1", "samarbeid", "politiet"]
    assert 'class="chip"' not in page
    for value in ("abc", "zzz", "nei"):
        assert f"“{value}” in the address is no answer one can choose, and was left out." in page
