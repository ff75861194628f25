"""The coverage picture: which subjects the themes serve, in shapes and in codes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.coordinators.covering import Cell, Coverage, Row, Series, short_name
from curriculum import ideabank
from curriculum.goals import Aim
from curriculum.ideabank import DocumentVersion
from tests.app.counting import queries
from tests.cast import NOW, Cast, publish, sign_in

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

ADDRESS = "/idebank/dekning"
KEYS = ("intro", "identitet-1", "identitet-2", "selvfolelse", "folelser", "vennskap", "samarbeid", "konflikt-1")


def picture(page: str) -> str:
    return page.split('<div class="table-box coverage"', 1)[1].split("</table>", 1)[0]


def table(page: str) -> str:
    return page.split('<details class="coverage-table">', 1)[1].split("</details>", 1)[0]


def test_a_theme_serves_its_subjects_in_the_picture_and_in_the_table(coordinator: FlaskClient, theme: DocumentVersion) -> None:
    page = coordinator.get(ADDRESS).text
    drawn, written = picture(page), table(page)
    assert (drawn.count('class="mark mark-main"'), drawn.count('class="mark mark-supporting"')) == (2, 2)
    assert sorted(re.findall(r"(Main|Supporting) aim: ([\w.]+)", written)) == [
        ("Main", "2.5.1"),
        ("Main", "KM14683"),
        ("Supporting", "KM14604"),
        ("Supporting", "KM14668"),
        ("Supporting", "KM14722"),
    ]
    assert 'href="/idebank/vennskap"' in written


def test_each_shape_is_told_in_words_to_one_who_does_not_see_it(coordinator: FlaskClient, theme: DocumentVersion) -> None:
    drawn = picture(coordinator.get(ADDRESS).text)
    assert '<span class="mark mark-main" aria-hidden="true"></span><span class="ds-sr-only">Main aims: 1 </span>' in drawn
    assert '<span class="mark mark-supporting" aria-hidden="true">2</span><span class="ds-sr-only">Supporting aims: 2</span>' in drawn
    assert "style=" not in drawn


def test_a_phone_is_told_that_there_is_more_to_the_side_and_reads_the_names_whole(
    coordinator: FlaskClient, cast: Cast, db: Session
) -> None:
    publish(db, cast, "identitet-1")
    db.commit()
    page = coordinator.get(ADDRESS).text
    assert '<p class="small soft narrow-only">Swipe or scroll sideways to see every subject.' in page
    assert '<th scope="row"><a href="/idebank/identitet-1" lang="nb">Identitet 1: Hvem er jeg?</a></th>' in picture(page)


def test_a_subject_no_theme_serves_is_a_column_too_and_stands_last(coordinator: FlaskClient, theme: DocumentVersion) -> None:
    heads = re.findall(r'<th scope="col">([^<]+)</th>', table(coordinator.get(ADDRESS).text))
    assert heads[0] == "Theme"
    assert {"Social studies", "Core curriculum"} <= set(heads[1:4])
    assert heads.index("Natural science") > heads.index("Social studies")


def test_themes_stand_under_their_series_also_when_an_outline_holds_all_of_them(coordinator: FlaskClient, cast: Cast, db: Session) -> None:
    publish(db, cast, "district-texts", *KEYS, "kursrekke-1")
    everything = (
        'format = 1\nkind = "outline"\nid = "alt"\ntitle = "Alt i ett"\ndescription = ""\norigin = "human"\n\n'
        '[[places]]\ntheme = "vennskap"\nfixed = false\n'
    )
    ideabank.load_document(db, cast.district, everything, "outlines/alt.toml", now=NOW, today=cast.today)
    db.commit()
    for address in (ADDRESS, "/idebank"):
        page = coordinator.get(address).text.split("Templates, words and texts")[0]
        assert "Kursrekke 1" in page
        assert "Alt i ett" not in page


@pytest.mark.parametrize("who", ["agent", "teacher", "head", "administrator"])
def test_every_signed_in_reader_finds_it_from_the_bank(client: FlaskClient, cast: Cast, theme: DocumentVersion, who: str) -> None:
    sign_in(client, cast.persons[who])
    assert f'href="{ADDRESS}"' in client.get("/idebank").text
    assert client.get(ADDRESS).status_code == 200


def test_an_empty_bank_has_no_picture_and_says_why(coordinator: FlaskClient) -> None:
    page = coordinator.get(ADDRESS).text
    assert "When themes have been published, this page shows which subjects they serve." in page
    assert f'href="{ADDRESS}"' not in coordinator.get("/idebank").text


def test_a_draft_is_not_in_the_picture(coordinator: FlaskClient, theme: DocumentVersion) -> None:
    coordinator.post("/idebank/nytt-tema", data={"title": "Å være modig"})
    assert "modig" not in coordinator.get(ADDRESS).text


def test_an_aim_we_do_not_know_is_shown_apart(coordinator: FlaskClient, theme: DocumentVersion, db: Session) -> None:
    db.execute(delete(Aim).where(Aim.code == "KM14683"))
    db.commit()
    page = coordinator.get(ADDRESS).text
    assert '<th scope="col">Other aims</th>' in page


def test_it_takes_as_many_queries_for_eight_themes_as_for_one(
    app: Flask, coordinator: FlaskClient, cast: Cast, db: Session, theme: DocumentVersion
) -> None:
    one = queries(app, lambda: coordinator.get(ADDRESS))
    publish(db, cast, "district-texts", *(key for key in KEYS if key != "vennskap"))
    db.commit()
    assert table(coordinator.get(ADDRESS).text).count('<th scope="row"><a') == len(KEYS)
    publish(db, cast, "mobbing")
    db.commit()
    assert queries(app, lambda: coordinator.get(ADDRESS)) == one


def test_a_subject_is_named_by_its_short_name_and_counted_over_all_series() -> None:
    rows = (Row("mot", "Mot", (Cell(("a",), ("b", "c")), Cell())), Row("tillit", "Tillit", (Cell((), ("d",)), Cell())))
    coverage = Coverage(("Kristendom (KRLE)", "Norsk"), (Series("Kursrekke 8", True, rows[:1]), Series("Kursrekke 9", True, rows[1:])))
    assert coverage.totals == (2, 0)
    assert [short_name(subject) for subject in coverage.subjects] == ["KRLE", "Norsk"]
