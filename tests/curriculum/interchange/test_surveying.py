"""The state of content and translations, read from the files."""

from pathlib import Path

import pytest

from curriculum import ideabank, interchange
from curriculum.base import Refused
from curriculum.interchange import LanguageState
from curriculum.summaries import Numbers
from curriculum.text import segment_hash
from tests.curriculum.ideabank.examples import THEME, VOCABULARY, write_folder

ROOT = Path(__file__).parents[3]
SEGMENTS = {(key, one.uid): one for key, text in (("mot", THEME), ("vocabulary", VOCABULARY)) for one in ideabank.parse(text).segments()}
ALL = 7 + 9 + 5


HUMAN = "# origin: human; state: translated\n"
MACHINE = "# origin: machine; state: draft\n"
CHECKED = "# origin: human; state: checked\n"


def entry(key: str, uid: str, said: str, *, note: str = HUMAN, **other: str) -> str:
    segment = SEGMENTS.get((key, uid))
    digest = other.get("hash", segment.hash if segment else "0" * 16)
    source = other.get("source", segment.text if segment else "?")
    return f'{note}msgctxt "{key}|{uid}|{digest}"\nmsgid "{source}"\nmsgstr "{said}"\n'


HEADER = 'msgid ""\nmsgstr "Language: so\\n"\n'
GIVEN = "in the file you were given."


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "content")


@pytest.fixture
def languages(tmp_path: Path) -> Path:
    """A folder of languages, with Somali in it and a folder that is none."""
    for name in ("so", "notes"):
        (tmp_path / "translations" / name).mkdir(parents=True)
    return tmp_path / "translations"


def somali(content: Path, languages: Path, **files: str) -> LanguageState:
    for name, text in files.items():
        (languages / "so" / f"{name}.po").write_text(text, encoding="utf-8")
    [state] = interchange.check_languages(content, languages)
    return state


def said(state: LanguageState) -> list[str]:
    return [str(one) for one in state.found]


def test_five_numbers_sum_to_all_there_is_and_a_file_vouches_for_no_check(content: Path, languages: Path) -> None:
    themes = (
        entry("mot", "p1", "Toddobaadkan mawduucu waa geesinimo.", note=CHECKED)
        + entry("mot", "p5", "Wax yar oo cabsi leh wada sameeya.", note=MACHINE)
        + entry("mot", "p3", "Goobo ayaan istaagnay.", source="Vi sto.", hash=segment_hash("did", "li", "Vi sto."))
        + entry("mot", "p4", "Ciyaar ayaan ciyaarnay.", note="#, fuzzy\n")
        + entry("mot", "p7", "")
    )
    state = somali(content, languages, themes=themes)
    assert state.numbers == Numbers(checked=0, translated=1, draft=1, stale=2, missing=ALL - 4)
    assert (state.tag, state.numbers.total, said(state)) == ("so", ALL, [])


def test_findings_have_file_line_document_and_sentence(content: Path, languages: Path) -> None:
    themes = entry("mot", "p1", "Toddobaadkan mawduucu waa geesinimo 7.") + entry("mot", "p5", "Wax yar sameeya")
    state = somali(content, languages, themes=themes)
    assert said(state) == [
        "so/themes.po, line 2: mot p1: numbers: The numbers are not those of the source: 7 instead of –.",
        "so/themes.po, line 6: mot p5: ending: It does not end with . as the source does.",
    ]
    assert ([one.line for one in state.errors], [one.line for one in state.warnings]) == ([2], [6])


def test_the_vocabulary_is_that_of_the_languages_own_file(content: Path, languages: Path) -> None:
    terms = entry("vocabulary", "modig.word", "geesi") + entry("vocabulary", "modig.say", "“Taasi waxay ahayd wax fiican.”")
    assert said(somali(content, languages, terms=terms)) == [
        "so/terms.po, line 6: vocabulary modig.say: vocabulary: "
        "“modig” is called “geesi” in our vocabulary, and that is not found here."
    ]  # fmt: skip


def test_what_does_not_belong_is_told(content: Path, languages: Path) -> None:
    themes = (
        entry("ro", "p1", "Nabad.")
        + entry("mot", "p1", "Toddobaadkan mawduucu waa geesinimo.", source="Noe annet.")
        + entry("mot", "p5", "Wax yar oo cabsi leh wada sameeya.", hash="0" * 16)
        + entry("mot", "p7", "Macallinka la hadal.", note="")
    )
    state = somali(content, languages, themes=themes)
    assert said(state) == [
        "so/themes.po, line 2: ro p1: unknown: There is no such sentence in the content. Delete the entry.",
        f"so/themes.po, line 6: mot p1: source: The Norwegian text was changed in the file. Keep msgid as it was {GIVEN}",
        f"so/themes.po, line 10: mot p5: source: The hash at the end of msgctxt was changed in the file. Keep msgctxt as it was {GIVEN}",
        "so/themes.po, line 13: mot p7: origin: It does not say who translated it. Write “# origin: human; state: translated” "
        "on a line above it, or “# origin: machine; state: draft” for a machine's text.",
    ]
    assert len(state.errors) == 4


def test_a_fault_of_the_file_is_an_error_and_the_rest_is_still_checked(content: Path, languages: Path) -> None:
    themes = entry("mot", "p2", "Goorma ayaad geesi tahay?") + entry("mot", "p5", "Wax yar sameeya")
    state = somali(content, languages, themes=themes)
    assert said(state)[0] == "so/themes.po, line 2: file: The translation lacks <1>…</1>."
    assert [one.finding.code for one in state.found] == ["file", "ending"]
    assert state.numbers.draft + state.numbers.translated == 1


def test_a_file_that_lacks_sentences_says_how_many_and_a_torn_one_only_that_it_is_torn(content: Path, languages: Path) -> None:
    some = entry("mot", "p1", "Toddobaadkan mawduucu waa geesinimo.") + entry("mot", "p5", "")
    state = somali(content, languages, themes=some)
    assert state.lacking == {"so/themes.po": (7 - 2, 7), "so/terms.po": (9, 9), "so/district.po": (5, 5)}
    state = somali(content, languages, themes=some[:-2])
    assert said(state) == [
        "so/themes.po, line 8: file: The quotation mark at the end of this line is missing. "
        "Fetch the file again, or mend the line: it may have been cut off on its way."
    ]  # fmt: skip
    assert set(state.lacking) == {"so/terms.po", "so/district.po"}


def test_one_sentence_translated_in_two_ways_is_told_at_the_second(content: Path, languages: Path) -> None:
    write_folder(content, **{"kursrekke-9/01-mot.md": THEME.replace("Snakk med læreren.", "Gjør noe litt skummelt sammen.")})
    seven = next(
        one for one in ideabank.parse(THEME.replace("Snakk med læreren.", "Gjør noe litt skummelt sammen.")).segments() if one.uid == "p7"
    )
    themes = entry("mot", "p5", "Wax yar oo cabsi leh wada sameeya.") + entry(
        "mot", "p7", "Wax cabsi leh wada sameeya maanta.", hash=seven.hash, source=seven.text
    )
    assert said(somali(content, languages, themes=themes)) == [
        "so/themes.po, line 6: mot p7: inconsistent: "
        "The same sentence is translated otherwise in mot, p5: “Wax yar oo cabsi leh wada sameeya.”."
    ]


def test_a_file_that_holds_nothing_is_an_error(content: Path, languages: Path) -> None:
    state = somali(content, languages, themes=HEADER, terms="")
    assert said(state) == [
        "so/terms.po, line 1: file: The file holds no entry; 9 belong in it. Fetch it again.",
        "so/themes.po, line 1: file: The file holds no entry; 7 belong in it. Fetch it again.",
    ]
    assert state.lacking == {"so/district.po": (5, 5)}


def test_one_languages_folder_is_checked_alone(content: Path, languages: Path) -> None:
    somali(content, languages, themes=entry("mot", "p1", "Toddobaadkan mawduucu waa geesinimo."))
    [state] = interchange.check_languages(content, languages / "so")
    assert state.tag == "so"


def test_languages_stand_in_their_order_and_an_unknown_one_is_refused(content: Path, languages: Path) -> None:
    for tag in ("pl", "en", "so"):
        (languages / tag).mkdir(exist_ok=True)
        (languages / tag / "themes.po").write_text("", encoding="utf-8")
    assert [state.tag for state in interchange.check_languages(content, languages)] == ["en", "so", "pl"]
    (languages / "notes" / "themes.po").write_text("", encoding="utf-8")
    with pytest.raises(Refused, match="There is no language “notes”"):
        interchange.check_languages(content, languages)
    with pytest.raises(Refused, match="There is no folder"):
        interchange.check_languages(content, languages / "borte")


def test_a_survey_tells_the_state_of_everything(content: Path, languages: Path) -> None:
    (languages / "so" / "terms.po").write_text("", encoding="utf-8")
    survey = interchange.survey(content, languages)
    assert [theme.key for theme in survey.themes] == ["mot"]
    assert (survey.terms, survey.kinds["outline"], survey.kinds["theme"]) == (3, 1, 1)
    assert [state.numbers.missing for state in survey.languages] == [ALL]
    assert [problem.at for problem in survey.problems] == ["parents", "parents.more"]


@pytest.mark.slow
def test_the_shipped_translations_have_no_errors() -> None:
    states = interchange.check_languages(ROOT / "content", ROOT / "translations")
    assert [str(one) for state in states for one in state.errors] == []
    assert [state.tag for state in states if state.numbers.missing] == []
