"""A list from a spreadsheet: what it is written in, what stands where, and what is wrong with it."""

from __future__ import annotations

import pytest

from curriculum.base import Refused
from curriculum.interchange import Columns, decode, read_sheet, template

COLUMNS = Columns(("skole", "klasse"), ("antall",), {"skolenavn": "skole"})
ROWS = [(2, "Åsen", "5A", "24"), (3, "Åsen", "5B", "")]


def read(written: str) -> tuple[list[tuple[int, str, str, str]], list[str]]:
    """The rows, and what is wrong with the list or its rows."""
    sheet = read_sheet(written, COLUMNS)
    problems = [str(one) for one in sheet.problems] + [f"{line.number}: {one}" for line in sheet.lines for one in line.problems]
    return [(line.number, line.cells["skole"], line.cells["klasse"], line.cells["antall"]) for line in sheet.lines], problems


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_list_is_read_whatever_a_spreadsheet_wrote_it_in(separator: str, newline: str, encoding: str) -> None:
    written = newline.join(separator.join(cells) for cells in [("skole", "klasse", "antall"), ("Åsen", "5A", "24"), ("Åsen", "5B", "")])
    assert read(decode(written.encode(encoding))) == (ROWS, [])


@pytest.mark.parametrize("data", [b"PK\x03\x04 xlsx", b"a\0b", b"\xff\xfe\0", b"\x81\x8d"])
def test_what_is_no_text_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(Refused, match="This is not a text file"):
        decode(data)


def test_headings_may_stand_in_any_order_and_case_and_under_other_names() -> None:
    assert read(" KLASSE ;Skolenavn\n5A;Åsen\n") == ([(2, "Åsen", "5A", "")], [])


def test_excels_own_line_about_the_separator_is_passed_over() -> None:
    assert read("sep=,\nskole,klasse\nÅsen,5A\n") == ([(3, "Åsen", "5A", "")], [])


def test_empty_lines_are_passed_over_and_the_others_keep_their_number() -> None:
    assert read("\nskole;klasse;antall\n;;\n  \nÅsen;5A;-\n") == ([(5, "Åsen", "5A", "")], [])


def test_a_cell_in_quotation_marks_may_hold_the_separator_and_a_line_end() -> None:
    assert read('skole;klasse\n"Åsen;\nnord";5A\nÅsen;5B')[0][1] == (4, "Åsen", "5B", "")


@pytest.mark.parametrize(
    ("written", "problems"),
    [
        ("", ["The list is empty. Its first line names the columns: skole;klasse;antall."]),
        (" \n\n", ["The list is empty. Its first line names the columns: skole;klasse;antall."]),
        ("skole;klasse", ["There are no rows under the headings."]),
        (
            "skole;x;antall\nÅsen;5A;1",
            ["These columns are missing: klasse.", "There is no column “x” here. The columns are: skole;klasse;antall."],
        ),
        ("skole;klase\nÅsen;5A", ["These columns are missing: klasse.", "There is no column “klase” here. Is it “klasse”?"]),
        ("skole;klasse;Skole\nÅsen;5A;Åsen", ["The column “skole” stands there twice."]),
        ('skole;klasse\n"Åsen;5A', ["A cell begins with a quotation mark and never ends, or is too long."]),
        ("skole;klasse\n" + "Åsen;5A\n" * 501, ["The list has 501 rows; at most 500 at once."]),
    ],
)
def test_a_list_that_cannot_be_read_says_why(written: str, problems: list[str]) -> None:
    assert read(written) == ([], problems)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("Åsen;", "2: “klasse” is empty."),
        ("Åsen", "2: “klasse” is empty."),
        ("Åsen;=1+1", "2: “klasse” begins with =, as a formula does. Write it as plain text."),
        ("+Åsen;5A", "2: “skole” begins with +, as a formula does. Write it as plain text."),
        ("@Åsen;5A", "2: “skole” begins with @, as a formula does. Write it as plain text."),
        ("-1;5A", "2: “skole” begins with -, as a formula does. Write it as plain text."),
        ("Åsen;5A;1;2", "2: The row has 4 cells, the headings 2. Put a cell that holds the separator in quotation marks."),
        (
            "Åsen;01010700066",
            "2: The text holds a national identity number (fødselsnummer). Delete it: nothing about single persons is kept.",
        ),
        ("Å\x07sen;5A", "2: Line 1 holds a control character (U+0007) that cannot be seen. Delete it."),
    ],
)
def test_a_row_that_cannot_be_read_says_why(row: str, problem: str) -> None:
    assert read(f"skole;klasse\n{row}\n")[1] == [problem]


def test_a_row_may_end_in_empty_cells_beyond_the_headings() -> None:
    assert read("skole;klasse;\nÅsen;5A;;;\n") == ([(2, "Åsen", "5A", "")], [])


def test_a_file_to_fill_in_can_be_read_back_and_holds_no_formula() -> None:
    assert read(template(COLUMNS, {"skole": "Åsen", "klasse": "5A", "antall": "24"})) == (ROWS[:1], [])
    assert "'=1" in template(COLUMNS, {"skole": "=1"})
