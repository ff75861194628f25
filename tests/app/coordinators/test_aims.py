"""The curriculum's aims on the bank's pages: Udir's words where they are imported, retired aims, and the filter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from curriculum import ideabank
from curriculum.goals import Aim, CrossTheme
from curriculum.ideabank import DocumentVersion
from tests.app.coordinators.screens import DRAFT, as_sent
from tests.app.coordinators.screens import publish as publish_draft
from tests.app.counting import queries
from tests.cast import NOW, Cast, document, looking, publish, sign_in
from tests.states import state

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

WARNING = "The aim “KM1696” was retired on 1 August 2026. Its successor is “KM14683”."
RENEW = f"{DRAFT}/nye-mal"


@state
def old(db: Session, cast: Cast, theme: DocumentVersion) -> None:
    """A second version of "Vennskap" that links the aim by its code before 1 August 2026."""
    text = theme.text.replace("KM14683", "KM1696")
    ideabank.load_document(db, cast.district, text, theme.document.path, now=NOW, today=cast.today)
    db.commit()


def aims_of(page: str) -> str:
    """The column of aims, as one line."""
    return " ".join(page.split('id="aims"')[1].split("</aside>")[0].split())


def shown(page: str) -> list[str]:
    """The themes that the bank lists."""
    return re.findall(r'<h3[^>]*><a href="/idebank/([\w-]+)"', page.split("Templates, words and texts")[0])


# --- Udir's words -----------------------------------------------------------------------------------------------------------------


def test_our_own_words_are_never_shown_as_the_regulation(client: FlaskClient, cast: Cast, theme: DocumentVersion) -> None:
    page = aims_of(sign_in(client, cast.agent).get("/idebank/vennskap").text)
    assert "Samfunnsfag · KM14683 · etter 7. trinn · egen formulering" in page
    assert "Inneholder data under NLOD, tilgjengeliggjort på data.udir.no" in page


def test_the_official_text_is_shown_word_for_word_once_it_is_imported(
    coordinator: FlaskClient, db: Session, theme: DocumentVersion
) -> None:
    aim = db.get_one(Aim, "KM14683")
    aim.official = {"nb": "<oppdiktet> på bokmål", "en": "invented, in English"}
    aim.explanation = {"nb": "Første linje.\nAndre & siste."}
    db.commit()
    page = aims_of(coordinator.get("/idebank/vennskap").text)
    assert "<p><strong>invented, in English</strong></p>" in page
    assert "Social studies · KM14683 · after year 7</p>" in page
    assert '<p lang="nb">Første linje.</p><p lang="nb">Andre &amp; siste.</p>' in page
    coordinator.post("/sprak/nb")
    assert "<p><strong>&lt;oppdiktet&gt; på bokmål</strong></p>" in aims_of(coordinator.get("/idebank/vennskap").text)


def test_a_text_in_another_language_is_marked_so(coordinator: FlaskClient, db: Session, theme: DocumentVersion) -> None:
    db.get_one(Aim, "KM14683").official = {"nn": "oppdikta på nynorsk"}
    db.add(CrossTheme(code="TT1", official={"nb": "Oppdiktet tema"}))
    db.commit()
    page = aims_of(coordinator.get("/idebank/vennskap").text)
    assert '<p lang="nn"><strong>oppdikta på nynorsk</strong></p>' in page
    assert 'TT1: <span lang="nb">Oppdiktet tema</span>. Contains data under NLOD' in page


# --- Retired aims -----------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("old")
def test_a_retired_aim_says_when_and_which_took_over_to_every_reader(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.agent).post("/sprak/en")
    page = aims_of(client.get("/idebank/vennskap").text)
    assert "Diversity, being yourself and belonging" in page
    assert "Retired on 1 August 2026. Its successor is KM14683." in page
    assert "Use the new aims" not in page
    assert client.post(RENEW).status_code == 403


@pytest.mark.usefixtures("theme")
def test_an_aim_in_force_says_nothing_of_the_kind(coordinator: FlaskClient) -> None:
    page = aims_of(coordinator.get("/idebank/vennskap").text)
    assert "Retired" not in page and "Use the new aims" not in page


@pytest.mark.usefixtures("theme")
def test_an_aim_that_only_grep_calls_retired_has_no_date_and_no_successor(coordinator: FlaskClient, db: Session) -> None:
    db.get_one(Aim, "KM14683").is_withdrawn = True
    db.commit()
    page = aims_of(coordinator.get("/idebank/vennskap").text)
    assert "Udir has retired this aim." in page and "successor" not in page and "Use the new aims" not in page


@pytest.mark.usefixtures("old")
def test_the_new_aims_come_into_the_draft_by_one_button_and_can_be_published(coordinator: FlaskClient, db: Session, cast: Cast) -> None:
    assert f'action="{RENEW}"' in coordinator.get("/idebank/vennskap").text
    page = coordinator.post(RENEW, follow_redirects=True).text
    assert "The draft has the new aims. Each keeps its note on why." in page
    assert "KM1696" not in page and WARNING not in page
    publish_draft(coordinator, "Nye mål fra høsten 2026")
    with looking(db) as fresh:
        before, after = (ideabank.parsed(version) for version in document(fresh, cast, "vennskap").versions[-2:])
    assert isinstance(before, ideabank.ThemeDocument) and isinstance(after, ideabank.ThemeDocument)
    assert [(aim.code, aim.note) for aim in after.aims] == [(aim.code.replace("KM1696", "KM14683"), aim.note) for aim in before.aims]


def with_both(db: Session, cast: Cast, theme: DocumentVersion, note: str) -> None:
    """A version that links an aim by its old code and, with this note, by its new one."""
    both = theme.text.replace("KM14683", "KM1696").replace(
        "\n[dive]", f'\n[[aims]]\ncode = "KM14683"\nrole = "supporting"\nnote = "{note}"\n\n[dive]', 1
    )
    ideabank.load_document(db, cast.district, both, theme.document.path, now=NOW, today=cast.today)
    db.commit()


def test_two_aims_that_become_one_in_the_draft_keep_both_notes(
    coordinator: FlaskClient, db: Session, cast: Cast, theme: DocumentVersion
) -> None:
    before = ideabank.parsed(theme)
    assert isinstance(before, ideabank.ThemeDocument)
    [note] = [aim.note for aim in before.aims if aim.code == "KM14683"]
    with_both(db, cast, theme, "Også fordi vi øver.")
    page = coordinator.post(RENEW, follow_redirects=True).text
    assert "The draft has the new aims." in page
    with looking(db) as fresh:
        draft = document(fresh, cast, "vennskap").draft
        theme_now = draft and ideabank.read_draft(draft).document
    assert isinstance(theme_now, ideabank.ThemeDocument)
    assert [(aim.role, aim.note) for aim in theme_now.aims if aim.code == "KM14683"] == [("main", f"{note} Også fordi vi øver.")]


def test_two_notes_too_long_for_one_are_refused_in_words_and_nothing_is_saved(
    coordinator: FlaskClient, db: Session, cast: Cast, theme: DocumentVersion
) -> None:
    with_both(db, cast, theme, "a" * 490)
    response = coordinator.post(RENEW)
    assert response.status_code == 422
    assert "KM1696 + KM14683 become one aim, and their notes together are longer than 500 characters." in response.text
    with looking(db) as fresh:
        assert document(fresh, cast, "vennskap").draft is None


@pytest.mark.usefixtures("old")
def test_the_draft_warns_and_can_be_published_all_the_same(coordinator: FlaskClient) -> None:
    coordinator.post(f"{DRAFT}/begynn")
    page = coordinator.get(DRAFT).text
    assert WARNING in page and f'action="{RENEW}"' in page
    coordinator.post(f"{DRAFT}/deler/ring/ned")
    assert WARNING in coordinator.get(f"{DRAFT}/publiser").text
    assert publish_draft(coordinator, "Ringen kommer senere").status_code == 303


@pytest.mark.usefixtures("old")
def test_a_form_offers_aims_in_force_and_keeps_what_the_theme_has(coordinator: FlaskClient, db: Session, theme: DocumentVersion) -> None:
    coordinator.post(f"{DRAFT}/begynn")
    page = coordinator.get(f"{DRAFT}/del/front").text
    assert 'value="KM1693"' not in page and 'value="KM14694"' in page
    assert "Identity, and limits for feelings and body (after year 7) · TT1" in page
    coordinator.post(f"{DRAFT}/del/front", data=as_sent(page) | {"title": "Venner"})
    draft = db.get_one(type(theme.document), theme.document_id, populate_existing=True).draft
    assert draft is not None
    assert 'title = "Venner"' in draft.text and 'code = "KM1696"' in draft.text


@pytest.mark.usefixtures("draft")
def test_an_aim_that_is_not_in_our_list_is_not_lost_when_the_facts_are_saved(
    coordinator: FlaskClient, db: Session, theme: DocumentVersion
) -> None:
    draft = db.get_one(type(theme.document), theme.document_id, populate_existing=True).draft
    assert draft is not None
    draft.text = draft.text.replace("KM14683", "KM99999")
    db.commit()
    page = coordinator.get(f"{DRAFT}/del/front").text
    assert '<optgroup label="not in our list of aims"><option selected value="KM99999">KM99999</option></optgroup>' in page


# --- The filter -------------------------------------------------------------------------------------------------------------------


@state
def three(db: Session, cast: Cast, theme: DocumentVersion) -> None:
    """Three themes: one with play, one with conflicts, and "Vennskap"."""
    publish(db, cast, "samarbeid", "konflikt-1")
    db.commit()


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("asked", "themes"),
    [
        ("", ["samarbeid", "vennskap", "konflikt-1"]),
        ("?maal=KM14683", ["vennskap"]),
        ("?maal=KM1696", ["vennskap"]),
        ("?maal=KRO01-06", ["samarbeid"]),
        ("?maal=SAF01-05", ["vennskap", "konflikt-1"]),
        ("?maal=KM13576&tt1=1", ["samarbeid"]),
        ("?maal=KM14170&tt1=1", []),
        ("?maal=2.5.1", ["vennskap", "konflikt-1"]),
        ("?maal=%3Cb%3E", []),
    ],
)
def test_the_bank_lists_the_themes_that_serve_what_is_asked_for(coordinator: FlaskClient, asked: str, themes: list[str]) -> None:
    page = coordinator.get(f"/idebank{asked}").text
    assert sorted(shown(page)) == sorted(themes)
    assert ("Templates, words and texts" in page) == (not asked)
    assert ("No theme answers to this" in page) == (not themes)
    if asked:
        assert (f"{len(themes)} of 3 themes are shown." if len(themes) != 1 else "1 of 3 themes is shown.") in page


@pytest.mark.usefixtures("three")
def test_each_choice_says_how_many_themes_it_gives(coordinator: FlaskClient) -> None:
    page = " ".join(coordinator.get("/idebank?maal=SAF01-05").text.split())
    assert '<option value="SAF01-05" selected>All of Social studies · 2</option>' in page
    assert '<option value="KM14683">Diversity, being yourself and belonging (after year 7) · 1</option>' in page
    assert "Only with a TT1 aim (2)" in page
    assert 'value="KM14691"' not in page


@pytest.mark.usefixtures("three")
def test_a_retired_aim_that_is_asked_for_is_named_with_its_successor_and_its_themes(coordinator: FlaskClient) -> None:
    page = " ".join(coordinator.get("/idebank?maal=KM1696").text.split())
    assert (
        "The aim KM1696 was retired on 1 August 2026. Its successor is KM14683: Diversity, being yourself and belonging (after year 7)."
        in page
    )
    assert shown(page) == ["vennskap"]
    assert '<option value="KM14683" selected>' in page


@pytest.mark.usefixtures("three")
def test_an_aim_that_is_retired_without_successor_says_so_and_stays_chosen(coordinator: FlaskClient, db: Session) -> None:
    db.get_one(Aim, "KM14683").previous_code = None
    db.commit()
    page = " ".join(coordinator.get("/idebank?maal=KM1696").text.split())
    assert "The aim KM1696 was retired on 1 August 2026. No aim has taken over." in page and "No theme answers to this" in page
    assert re.search(r'<option value="KM1696" selected>[^<]+ · 0</option>', page)


@pytest.mark.usefixtures("three")
def test_an_aim_that_only_grep_calls_retired_is_named_without_a_date(coordinator: FlaskClient, db: Session) -> None:
    db.get_one(Aim, "KM14683").is_withdrawn = True
    db.commit()
    assert "Udir has retired the aim KM14683." in coordinator.get("/idebank?maal=KM14683").text


@pytest.mark.usefixtures("three")
def test_an_aim_that_does_not_exist_is_named_and_stays_chosen(coordinator: FlaskClient) -> None:
    page = " ".join(coordinator.get("/idebank?maal=KM00000").text.split())
    assert "There is no aim “KM00000” in our list." in page
    assert '<optgroup label="not in our list of aims"><option value="KM00000" selected>KM00000 · 0</option>' in page


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("code", ["KM14691", "NAT01-05"])
def test_an_aim_or_a_subject_no_theme_serves_stays_chosen_by_its_name(coordinator: FlaskClient, code: str) -> None:
    page = " ".join(coordinator.get(f"/idebank?maal={code}").text.split())
    assert "There is no aim" not in page and "No theme answers to this" in page
    chosen = re.search(rf'<option value="{code}" selected>([^<]+) · 0</option>', page)
    assert chosen is not None and chosen.group(1) != code


@pytest.mark.usefixtures("old")
def test_a_theme_with_a_retired_aim_is_found_under_its_successor(coordinator: FlaskClient, db: Session) -> None:
    page = coordinator.get("/idebank?maal=KM14683&tt1=1").text
    assert shown(page) == ["vennskap"]
    assert 'value="KM1696"' not in page
    db.get_one(Aim, "KM14683").previous_code = None
    db.commit()
    page = coordinator.get("/idebank?maal=SAF01-04").text
    assert shown(page) == ["vennskap"] and '<optgroup label="Social studies (SAF01-04)">' in page


def test_a_bank_without_themes_has_nothing_to_filter(coordinator: FlaskClient) -> None:
    page = coordinator.get("/idebank").text
    assert 'name="maal"' not in page and "The idea bank is empty" in page


def test_a_draft_that_cannot_be_read_serves_nothing(coordinator: FlaskClient, db: Session, cast: Cast) -> None:
    made = ideabank.new_theme(db, cast.district, "Uferdig", cast.coordinator, NOW)
    assert made.draft is not None
    made.draft.text = "+++"
    db.commit()
    page = coordinator.get("/idebank?tt1=1").text
    assert shown(page) == [] and "The one theme is not among them." in page


@pytest.mark.usefixtures("theme")
def test_filtering_asks_the_database_as_often_for_one_theme_as_for_three(
    app: Flask, coordinator: FlaskClient, db: Session, cast: Cast
) -> None:
    coordinator.get("/idebank")
    one = queries(app, lambda: coordinator.get("/idebank?maal=SAF01-05&tt1=1"))
    publish(db, cast, "samarbeid", "konflikt-1")
    db.commit()
    coordinator.get("/idebank")
    assert queries(app, lambda: coordinator.get("/idebank?maal=SAF01-05&tt1=1")) == one
