"""The coverage picture: which subjects the themes serve, drawn and written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.coordinators.covering import Cell, Coverage, Row, Series, draw
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
    return page.split('<div class="table-box coverage"', 1)[1].split("</svg>", 1)[0]


def table(page: str) -> str:
    return page.split('<details class="coverage-table">', 1)[1].split("</details>", 1)[0]


def test_a_theme_serves_its_subjects_in_the_picture_and_in_the_table(coordinator: FlaskClient, theme: DocumentVersion) -> None:
    page = coordinator.get(ADDRESS).text
    drawn, written = picture(page), table(page)
    assert (drawn.count('class="mark-main"'), drawn.count('class="mark-supporting"')) == (2, 2)
    assert sorted(re.findall(r"(Main|Supporting) aim: ([\w.]+)", written)) == [
        ("Main", "2.5.1"),
        ("Main", "KM14683"),
        ("Supporting", "KM14604"),
        ("Supporting", "KM14668"),
        ("Supporting", "KM14722"),
    ]
    assert 'href="/idebank/vennskap"' in written


def test_the_picture_has_a_name_a_description_and_no_style_of_its_own(coordinator: FlaskClient, theme: DocumentVersion) -> None:
    page = coordinator.get(ADDRESS).text
    assert 'role="img" aria-labelledby="coverage-title coverage-desc"' in page
    assert "<title id=" in page and "<desc id=" in page
    assert "style=" not in picture(page)


def test_a_subject_no_theme_serves_is_a_column_too_and_stands_last(coordinator: FlaskClient, theme: DocumentVersion) -> None:
    heads = re.findall(r'<th scope="col">([^<]+)</th>', table(coordinator.get(ADDRESS).text))
    assert heads[0] == "Theme"
    assert {"Social studies", "Core curriculum"} <= set(heads[1:4])
    assert heads.index("Natural science") > heads.index("Social studies")
    assert '<tspan x="0">Vennskap</tspan>' in coordinator.get(ADDRESS).text


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
    assert coordinator.get(ADDRESS).text.count('<th scope="row"><a') == len(KEYS)
    assert queries(app, lambda: coordinator.get(ADDRESS)) == one


def test_the_drawing_puts_each_shape_in_its_column_with_a_number_only_when_there_are_several() -> None:
    row = Row(
        "mot", "Å tørre å si fra selv om det er ganske skummelt for alle sammen her", (Cell(("a",), ("b", "c")), Cell(), Cell((), ("d",)))
    )
    drawing = draw(Coverage(("Kristendom (KRLE)", "Norsk", "Mat og helse"), (Series("Kursrekke 9", True, (row,)),)))
    both, alone = drawing.marks[:2], drawing.marks[2]
    assert [(mark.role, mark.count) for mark in drawing.marks] == [("main", 1), ("supporting", 2), ("supporting", 1)]
    assert both[0].x < drawing.subjects[0].x < both[1].x
    assert alone.x == drawing.subjects[2].x
    assert len({mark.y for mark in drawing.marks}) == 1
    assert [words.lines for words in drawing.subjects] == [("KRLE",), ("Norsk",), ("Mat og helse",)]
    assert len(drawing.themes[0].lines) == 2 and drawing.themes[0].lines[1].endswith("…")
    assert [words.lines for words in drawing.totals] == [("1",), ("0",), ("1",)]
    assert drawing.totals[0].y < drawing.height
