# ruff: noqa: E501 - a fault reads best on one line
"""What we ship is short, easy, complete and of no place."""

from pathlib import Path

import pytest

from curriculum import interchange
from curriculum.interchange import ThemeState
from tests.curriculum.ideabank.examples import OUTLINE, TEXTS, THEME, VOCABULARY, write_folder

CONTENT = Path(__file__).parents[3] / "content"
PATH = "kursrekke-9/01-mot.md"
ENOUGH = " ".join(["Vi er modige og snille."] * 20)
GOOD = THEME.replace("Snakk med læreren. {#p7}", f"{ENOUGH} {{#p7}}\n\n### {{#more}}\n\n- Hva er mot? {{#p8}}")


def told(folder: Path, **changed: str) -> list[str]:
    report = interchange.judge_folder(write_folder(folder, **{PATH: GOOD} | changed))
    return [str(problem) for problem in report.problems]


def test_a_good_theme_has_no_fault(tmp_path: Path) -> None:
    assert told(tmp_path) == []


@pytest.mark.slow
def test_the_shipped_content_is_good_enough_to_ship() -> None:
    assert interchange.judge_folder(CONTENT).problems == ()


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        (PATH, GOOD.replace(ENOUGH, "Snakk med læreren."), ["{path}, line 82: The parents' part has 35 words. Write 120 to 180."]),
        (PATH, GOOD.replace(ENOUGH, ENOUGH * 2), ["{path}, line 82: The parents' part has 232 words. Write 120 to 180."]),
        (PATH, GOOD.replace(ENOUGH, "Barnehageforeldrene ville " * 60), ["{path}, line 82: The parents' part has LIX 57. Write shorter sentences and words, to at most 32."]),
        (PATH, GOOD.replace("### {#try}\n\nGjør noe litt skummelt sammen. {#p5}\n", ""), ["{path}, line 82: The theme lacks parents.try. Write it: every theme for pupils has it."]),
        (PATH, GOOD.replace("#### Vi sier {.say}\n\nVelkommen!\n", ""), ["{path}, line 79: The theme lacks say. Write it: every theme for pupils has it."]),
        (PATH, GOOD.replace("Vær med.", "Bydelens sosialagent i OSLO."), [
            "{path}, line 80: “Bydelens” belongs in the district's own texts. Write “vi”, “den voksne” or what is meant.",
            "{path}, line 80: “sosialagent” belongs in the district's own texts. Write “vi”, “den voksne” or what is meant.",
            "{path}, line 80: “OSLO” belongs in the district's own texts. Write “vi”, “den voksne” or what is meant.",
        ]),
        (PATH, GOOD.replace("Vær med.", "Ring oss i Oslo på 22 33 44 55."), [
            "{path}, line 80: Everyone can read this text, and it holds a telephone number: 22 33 44 55. Numbers stand in the contact card only.",
            "{path}, line 80: “Oslo” belongs in the district's own texts. Write “vi”, “den voksne” or what is meant.",
        ]),
        (PATH, GOOD.replace("Vær med.", ""), ["{path}, line 78: The section teacher is empty. Write it before you publish."]),
        (PATH, GOOD.replace("Vær med.", "Vi har plikt til å melde fra til barnevernet."), []),
        (PATH, GOOD.replace("Vær med.", "Barneverntjenesten kommer."), ["{path}, line 80: “Barneverntjenesten” belongs in the district's own texts. Write “vi”, “den voksne” or what is meant."]),
        (PATH, GOOD.replace("En bok om mot.", "Oslo kommune (2020)."), []),
        ("vocabulary.toml", VOCABULARY.replace("Når noe kjennes farlig.", "Som i Alna."), ["{path}, line 19: “Alna” belongs in the district's own texts. Write “vi”, “den voksne” or what is meant."]),
        ("outlines/kursrekke-9.toml", OUTLINE.replace("Bare mot.", "For bydelen."), ["{path}, line 5: “bydelen” belongs in the district's own texts. Write “vi”, “den voksne” or what is meant."]),
        ("district-texts.toml", TEXTS.replace("Vi er to.", "Vi er sosialagenter i bydelen."), []),
        (PATH, THEME.replace('audience = "pupils"', 'audience = "staff"'), []),
    ],
)  # fmt: skip
def test_what_we_do_not_ship_is_named_with_its_line(tmp_path: Path, path: str, text: str, said: list[str]) -> None:
    assert told(tmp_path, **{path: text}) == [words.format(path=path) for words in said]


def test_a_file_that_cannot_be_read_is_only_the_readers_matter(tmp_path: Path) -> None:
    assert all("of a place" not in words for words in told(tmp_path, **{"notes.md": "Hei fra Oslo\n"}))


def test_a_theme_is_told_in_figures(tmp_path: Path) -> None:
    report = interchange.judge_folder(write_folder(tmp_path, **{PATH: GOOD.replace("Vær med.", "Bydelen.")}))
    states = {file.path: interchange.state_of_theme(file) for file in report.files}
    assert states.pop(PATH) == ThemeState(PATH, "mot", 30, 45, 132, 5, 3, 1, 1, (), ("Bydelen",))
    assert set(states.values()) == {None}
