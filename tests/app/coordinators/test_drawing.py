"""The coverage picture as a file."""

from xml.etree import ElementTree

from flask.testing import FlaskClient

from app.coordinators.covering import Cell, Coverage, Row, Series
from app.coordinators.drawing import NARROWEST, draw
from curriculum.ideabank import DocumentVersion

TEXT = "{http://www.w3.org/2000/svg}text"


def test_the_picture_of_the_bank_is_a_drawing_that_names_its_themes(coordinator: FlaskClient, theme: DocumentVersion) -> None:
    answer = coordinator.get("/idebank/dekning.svg")
    assert answer.mimetype == "image/svg+xml"
    drawn = ElementTree.fromstring(answer.text)
    assert theme.title in [" ".join("".join(text.itertext()).split()) for text in drawn.iter(TEXT)]
    assert "style" not in {name for part in drawn.iter() for name in part.attrib}


def test_the_drawing_shows_its_heading_and_what_its_shapes_mean(coordinator: FlaskClient, theme: DocumentVersion) -> None:
    drawn = ElementTree.fromstring(coordinator.get("/idebank/dekning.svg").text)
    words = ["".join(text.itertext()) for text in drawn.iter(TEXT)]
    assert words[:5] == ["Themes and the subjects whose aims they serve", "Main aim", "Supporting aim", "2", "A number: that many aims"]


def test_few_subjects_leave_room_for_the_heading_and_the_legend() -> None:
    assert draw(Coverage(("Norsk",), ())).width == NARROWEST


def test_the_page_leads_to_the_file(coordinator: FlaskClient, theme: DocumentVersion) -> None:
    assert 'href="/idebank/dekning.svg"' in coordinator.get("/idebank/dekning").text


def test_main_and_supporting_aims_of_one_subject_stand_side_by_side() -> None:
    rows = (Row("a", "A theme with a name for two lines of it", (Cell(("KM1", "KM2"), ("KM3",)), Cell())), Row("b", "B", (Cell(), Cell())))
    drawing = draw(Coverage(("Norsk", "KRLE"), (Series("Kursrekke 1", True, rows),)))
    assert [(mark.role, mark.count) for mark in drawing.marks] == [("main", 2), ("supporting", 1)]
    assert drawing.marks[0].y == drawing.marks[1].y and drawing.marks[1].x - drawing.marks[0].x == 26
    assert [len(words.lines) for words in drawing.themes] == [2, 1]
    assert [words.lines for words in drawing.totals] == [("1",), ("0",)]
