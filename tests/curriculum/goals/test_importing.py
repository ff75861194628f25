# ruff: noqa: E501 - a fault reads best on one line
"""Udir's words come in from Grep whole or not at all, whatever shape they have there."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from curriculum import goals
from curriculum.base import Refused
from curriculum.goals import Aim, CrossTheme, Framework, GrepFaults
from curriculum.goals.grep import plain_paragraphs
from tests.curriculum.goals.responses import ONTOLOGY, STATUS, aim, by_language, cross_theme, plan, reference, saved
from tests.curriculum.goals.test_loading import TODAY, data
from tests.states import state

pytestmark = pytest.mark.usefixtures("known")

HAS = "status_publisert, status_under_arbeid, status_til_revidering, status_utgaatt, status_ugyldig"
BRAVE = {"nb": "fortelle om en dag du var modig", "nn": "fortelje om ein dag då du var modig", "en": "tell about a day when you were brave"}


@state
def known(db: Session) -> None:
    """The plans and aims that are known before anything is imported."""
    goals.load_goals(db, data())


def bring(db: Session, folder: Path, *responses: Any) -> Aim:
    """Import the responses from one file; gives the aim KM90001."""
    goals.import_grep(db, [saved(folder, *responses)])
    return db.get_one(Aim, "KM90001", populate_existing=True)


def told(db: Session, folder: Path, *responses: Any) -> list[str]:
    with pytest.raises(GrepFaults) as refused:
        goals.import_grep(db, [saved(folder, *responses)])
    assert db.get_one(Aim, "KM90001").official is None
    return within(folder, str(refused.value)).splitlines()


def within(folder: Path, said: str) -> str:
    """What is said of files, named from the folder."""
    return said.replace(f"{folder}/", "")


# --- What comes in ----------------------------------------------------------------------------------------------------------------


def test_an_aim_gets_its_official_text_in_each_language_word_for_word(db: Session, tmp_path: Path) -> None:
    found = goals.import_grep(db, [saved(tmp_path, aim())])
    assert (found.aims, found.plans, found.cross_themes, found.unknown) == (("KM90001",), (), (), ())
    assert db.get_one(Aim, "KM90001").official == BRAVE


@pytest.mark.parametrize(("tags", "tagged"), [(("TT2", "TT1"), True), (("TT3",), False), ((), False)])
def test_an_aim_is_tagged_as_udir_tags_it(db: Session, tmp_path: Path, tags: tuple[str, ...], tagged: bool) -> None:
    assert bring(db, tmp_path, aim(tags=tags)).tt1 is tagged


def test_a_list_may_leave_out_the_tags_and_spells_the_plan_with_an_underscore(db: Session, tmp_path: Path) -> None:
    listed = reference("KM90001", "kompetansemaal_lk20", BRAVE["nb"], tilhoerer_laereplan=reference("SAF90-01", "laereplan_lk20"))
    brought = bring(db, tmp_path, listed, reference("KM90009", "kompetansemaal_lk20", "noe annet"))
    assert (brought.official, brought.tt1) == ({"no": BRAVE["nb"]}, True)
    listed["tilhoerer_laereplan"]["kode"] = "MAT90-01"
    with pytest.raises(GrepFaults, match="belongs to the plan MAT90-01, our list says SAF90-01"):
        goals.import_grep(db, [saved(tmp_path, listed)])


def test_a_plan_brings_its_days_its_language_and_the_aims_within_it(db: Session, tmp_path: Path) -> None:
    within = reference("KM90001", "kompetansemaal_lk20", BRAVE["nb"])
    period = {"gyldig-fra": {"dato": "2027-08-01T00:00:00"}, "gyldig-til": {"dato": "2029-07-31T00:00:00"}}
    brought = bring(db, tmp_path, plan("SAF90-01", within, gyldighetsperiode=period))
    assert (brought.official, brought.after_year) == ({"nb": BRAVE["nb"]}, 7)
    assert (brought.framework.valid_from, brought.framework.valid_to, brought.framework.language) == (
        date(2027, 8, 1),
        date(2029, 7, 31),
        "nb",
    )


def test_a_set_of_aims_tells_the_year_by_its_code_and_never_by_its_title(db: Session, tmp_path: Path) -> None:
    within = reference("KM90001", "kompetansemaal_lk20", BRAVE["nb"])
    belongs = reference("SAF90-01", "laereplan_lk20")

    def a_set(*years: str) -> dict[str, Any]:
        fields = {"etter-aarstrinn": [reference(year, "aarstrinn", "10. trinn ") for year in years], "kompetansemaal": [within]}
        return reference("KV901", "kompetansemaalsett_lk20", "etter 10. trinn", **fields, **{"tilhoerer-laereplan": belongs})

    assert bring(db, tmp_path, a_set("aarstrinn4")).after_year == 4
    for unclear in ((), ("vg1",), ("aarstrinn99",), ("aarstrinn1", "aarstrinn2")):
        assert bring(db, tmp_path, a_set(*unclear)).after_year == 4


def test_the_default_text_is_in_the_language_its_plan_was_laid_down_in(db: Session, tmp_path: Path) -> None:
    only_default = aim(tittel={"tekst": by_language(default="vere modig")})
    assert bring(db, tmp_path, only_default).official == {"no": "vere modig"}
    assert bring(db, tmp_path, only_default, plan(language="nno")).official == {"nn": "vere modig"}
    assert bring(db, tmp_path, plan(language="sma"), plan(language="")).framework.language == "sma"


def test_a_text_of_unknown_language_stands_only_while_there_is_no_other(db: Session, tmp_path: Path) -> None:
    assert bring(db, tmp_path, aim(tittel=BRAVE["nb"])).official == {"no": BRAVE["nb"]}
    assert bring(db, tmp_path, aim()).official == BRAVE


@pytest.mark.parametrize(
    ("title", "official"),
    [
        ({"tekst": by_language(nob="noe nytt")}, {"nb": "noe nytt"}),
        ({"tekst": by_language(nob=BRAVE["nb"])}, {"nb": BRAVE["nb"]}),
        ({"tekst": by_language(default="noe nytt"), "forskrift": False}, {"no": "noe nytt"}),
        (by_language(default="noe nytt", eng="something new"), {"no": "noe nytt", "en": "something new"}),
        ("noe nytt", {"no": "noe nytt"}),
        (BRAVE["nn"], BRAVE),
    ],
)
def test_a_response_stands_whole_instead_of_the_one_before(db: Session, tmp_path: Path, title: Any, official: dict[str, str]) -> None:
    """But a bare title, which tells one language only, and that as it is known, takes no other language away."""
    bring(db, tmp_path, aim())
    found = goals.import_grep(db, [saved(tmp_path, aim(tittel=title))])
    assert (found.aims, found.unchanged) == ((), ("KM90001",)) if official == BRAVE else (("KM90001",), ())
    assert db.get_one(Aim, "KM90001", populate_existing=True).official == official


def test_a_name_that_is_told_bare_wipes_no_language_and_only_udirs_three_themes_are_themes(db: Session, tmp_path: Path) -> None:
    goals.import_grep(db, [saved(tmp_path, cross_theme())])
    found = goals.import_grep(db, [saved(tmp_path, cross_theme(tittel="Oppdiktet tema"), cross_theme(kode="TT9"))])
    assert (found.cross_themes, found.unchanged, [one.code for one in found.unknown]) == ((), ("TT1",), ["TT9"])
    assert db.get_one(CrossTheme, "TT1").official["en"] == "Invented theme"
    assert db.get(CrossTheme, "TT9") is None


def test_a_retired_aim_stays_so_when_a_response_tells_no_status(db: Session, tmp_path: Path) -> None:
    bring(db, tmp_path, aim(status=STATUS + "status_utgaatt"))
    found = goals.import_grep(db, [saved(tmp_path, aim(status=None), aim("KM80001", "SAF90-00", status=None))])
    assert [one.code for one in found.without_status] == ["KM90001"]
    assert db.get_one(Aim, "KM90001").is_withdrawn


def test_a_cross_curricular_theme_gets_its_name_in_each_language_we_know(db: Session, tmp_path: Path) -> None:
    first, second = (goals.import_grep(db, [saved(tmp_path, cross_theme())]) for _ in range(2))
    assert (first.cross_themes, first.unchanged, second.cross_themes, second.unchanged) == (("TT1",), (), (), ("TT1",))
    assert db.get_one(CrossTheme, "TT1").official == {"nb": "Oppdiktet tema", "en": "Invented theme", "se": "Hutkkáhallan"}
    assert goals.cross_theme_name(db, "TT1", "en") == ("Invented theme", "en")
    assert goals.cross_theme_name(db, "TT2", "en") is None


@pytest.mark.parametrize("name", ["0a0a0a0a-0000-4000-8000-000000000004", "uuid:0a0a0a0a-0000", "http://psi.udir.no/kl06/KM90001", None])
def test_the_id_may_have_any_form(db: Session, tmp_path: Path, name: str | None) -> None:
    assert bring(db, tmp_path, aim(id=name)).official == BRAVE


def test_an_explanation_comes_in_as_words_without_its_html(db: Session, tmp_path: Path) -> None:
    markup = '<p onclick="x()">F&aring; <b>mot</b>.</p><style>p{}</style><ul><li>&lt;i&gt;n&aring;&lt;/i&gt;</li></ul>'
    texts = by_language(nob=markup, eng="<svg><p>x</p></svg>", nno="5 < 7 &amp; 8")
    found = goals.import_grep(db, [saved(tmp_path, aim(forklaring=texts), aim("KM99999", forklaring=texts))])
    assert [within(tmp_path, place) for place in found.reduced] == [f"svar.json, [0].forklaring[{index}].verdi" for index in (0, 1)]
    words = {"nb": "Få mot.\n<i>nå</i>", "nn": "5 < 7 & 8"}
    assert db.get_one(Aim, "KM90001").explanation == words
    assert bring(db, tmp_path, reference("KM90001", "kompetansemaal_lk20", BRAVE["nb"])).explanation == words
    assert bring(db, tmp_path, aim(forklaring=[])).explanation is None


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("bare ord", "bare ord"),
        ("<p>en\n  to</p>\n<p>tre</p>", "en to\ntre"),
        ("<style>p{}</style>a<br>b</script>", "a\nb"),
        ("5 < 7 & 8", "5 < 7 & 8"),
        ("<script>a<", ""),
        ("<svg><script>a</script>b</svg>c", "c"),
    ],
)
def test_html_is_reduced_to_its_words(markup: str, words: str) -> None:
    assert plain_paragraphs(markup) == words


def test_what_is_not_in_our_list_is_passed_over_by_name(db: Session, tmp_path: Path) -> None:
    found = goals.import_grep(db, [saved(tmp_path, aim("KM99999", "SNE90-01"), plan("SNE90-01"))])
    places = [(within(tmp_path, one.place), one.code) for one in found.unknown]
    assert places == [("svar.json, [0]", "KM99999"), ("svar.json, [1]", "SNE90-01")]
    assert (db.query(Aim).count(), db.query(Framework).count(), found.plans) == (2, 2, ())


@pytest.mark.parametrize("status", ["publisert", "under_arbeid", "til_revidering", "utgaatt", "ugyldig", None])
def test_every_status_that_grep_has_comes_in(db: Session, tmp_path: Path, status: str | None) -> None:
    brought = bring(db, tmp_path, aim(status=status and f"{STATUS}status_{status}"))
    assert (brought.official, brought.is_withdrawn) == (BRAVE, status in ("utgaatt", "ugyldig"))


def test_the_set_of_aims_is_compared_where_both_sides_tell_it(db: Session, tmp_path: Path) -> None:
    assert bring(db, tmp_path, aim()).goal_set is None
    db.get_one(Aim, "KM90001").goal_set = "KV901"
    bare = reference("KM90001", "kompetansemaal_lk20", BRAVE["nb"])
    assert bring(db, tmp_path, aim(), plan("SAF90-01", bare), bare).official
    db.get_one(Aim, "KM90001").goal_set = "KV902"
    with pytest.raises(GrepFaults) as refused:
        goals.import_grep(db, [saved(tmp_path, aim(), plan("SAF90-01", bare))])
    assert within(tmp_path, str(refused.value)).splitlines() == [
        "svar.json, [0]: Grep says that KM90001 belongs to the set of aims KV901, our list says KV902.",
        "svar.json, [1].kompetansemaal-kapittel.kompetansemaalsett[0].kompetansemaal[0]: Grep says that KM90001 belongs to the set of aims KV901, our list says KV902.",
    ]


def test_a_retired_aim_keeps_its_text_and_is_known_as_retired(db: Session, tmp_path: Path) -> None:
    brought = bring(db, tmp_path, aim(status=STATUS + "status_utgaatt"))
    assert brought.official == BRAVE
    assert goals.retired_aims(db, ["KM90001", "KM80001"], TODAY) == {
        "KM90001": goals.Retired("KM90001", None, None),
        "KM80001": goals.Retired("KM80001", date(2026, 8, 1), None),
    }
    bring(db, tmp_path, aim())
    assert "KM90001" not in goals.retired_aims(db, ["KM90001"], TODAY)


# --- What does not ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("response", "said"),
    [
        (reference("KE901", "kjerneelement_lk20"), "svar.json: this is of the type “kjerneelement_lk20”. Aims, sets of aims, plans and cross-curricular themes are read."),
        (reference("KM1", "kompetansemaal"), "svar.json: this is of the type “kompetansemaal”. Aims, sets of aims, plans and cross-curricular themes are read."),
        ({"hei": 1}, "svar.json: this has no grep-type, so it is not a response of Grep."),
        ("hei", "svar.json: here an object was expected."),
        ([1], "svar.json, [0]: here an object was expected."),
        (aim(kode=None), "svar.json, kode: the code is missing or cannot be used."),
        (aim(kode=7), "svar.json, kode: here a text was expected."),
        (aim(kode="K" * 21), "svar.json, kode: the code is missing or cannot be used."),
        (aim(tittel=7), "svar.json, tittel: here a list was expected."),
        (aim(tittel={"tekst": "x"}), "svar.json, tittel.tekst: here a list was expected."),
        (aim(tittel=[]), "svar.json: KM90001 has no title in a language we know."),
        (aim(tittel=by_language(nob="<p>modig</p>")), "svar.json, tittel[0].verdi: HTML stands where plain words belong. Fetch the file again."),
        (aim(tittel=by_language(nob="v&aelig;re")), "svar.json, tittel[0].verdi: HTML stands where plain words belong. Fetch the file again."),
        (aim(tittel=by_language(nob="mo\u202edig")), "svar.json, tittel[0].verdi: Line 1 holds a hidden character that turns the direction of the text. Delete it."),
        (aim(status="tull"), f"svar.json, status: “tull” is not a status that Grep has. It has: {HAS}. Fetch the file again."),
        (plan(status=STATUS + "tull"), f"svar.json, status: “{STATUS}tull” is not a status that Grep has. It has: {HAS}. Fetch the file again."),
        (aim(forklaring=by_language(nob="<p>mot</p><SCRIPT>x()</SCRIPT>")), "svar.json, forklaring[0].verdi: <script> stands in the explanation, which Grep never writes. Fetch the file again."),
        (aim(kode="KM9\u0000"), "svar.json, kode: the code is missing or cannot be used."),
        (aim(uri="http://x/\u0000"), "svar.json, uri: this is not an address that can be used. Fetch the file again."),
        (aim(uri="x" * 201), "svar.json, uri: this is not an address that can be used. Fetch the file again."),
        (aim(tittel=by_language(nob="x" * 1_001)), "svar.json, tittel[0].verdi: the text is too long: 1001 characters. Grep's have at most 1000."),
        (aim(forklaring=by_language(nob="x" * 20_001)), "svar.json, forklaring[0].verdi: the text is too long: 20001 characters. Grep's have at most 20000."),
        (cross_theme(tittel=[]), "svar.json: TT1 has no title in a language we know."),
        (aim(plan="MAT90-01"), "svar.json: Grep says that KM90001 belongs to the plan MAT90-01, our list says SAF90-01."),
        (plan(gyldighetsperiode={"gyldig-fra": {"dato": "i høst"}}), "svar.json, gyldighetsperiode.gyldig-fra.dato: “i høst” is not a date."),
    ],
)  # fmt: skip
def test_a_response_that_is_not_as_it_should_be_is_told_with_file_and_place(db: Session, tmp_path: Path, response: Any, said: str) -> None:
    assert told(db, tmp_path, response) == [said]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b'{\n "kode": "KM90001",\n "tittel": [}', "svar.json, line 3, column 13: the JSON is damaged. Fetch the file again."),
        (b"", "svar.json, line 1, column 1: the JSON is damaged. Fetch the file again."),
        (b"\n" + '"blå"'.encode("latin-1"), "svar.json, line 2: the file is not written in UTF-8."),
        (b"[" * 100_000, "svar.json: the JSON is nested too deep to be a response of Grep."),
    ],
)
def test_a_damaged_file_is_told_with_its_line(db: Session, tmp_path: Path, written: bytes, said: str) -> None:
    path = tmp_path / "svar.json"
    path.write_bytes(written)
    with pytest.raises(Refused) as refused:
        goals.import_grep(db, [path])
    assert within(tmp_path, str(refused.value)) == said


def test_a_file_is_named_as_it_was_typed(db: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ut").mkdir()
    saved(tmp_path / "ut", {})
    with pytest.raises(GrepFaults, match=r"^ut/svar\.json: this has no grep-type"):
        goals.import_grep(db, [Path("ut/svar.json")])


def test_one_bad_file_keeps_all_others_out_and_every_bad_one_is_told(db: Session, tmp_path: Path) -> None:
    files = [
        saved(tmp_path, aim()),
        saved(tmp_path, reference("KE901", "kjerneelement_lk20"), name="b.json"),
        saved(tmp_path, {"grep-type": ONTOLOGY + "laereplan_lk20"}, name="c.json"),
    ]
    with pytest.raises(GrepFaults) as refused:
        goals.import_grep(db, files)
    assert [line[:6] for line in within(tmp_path, str(refused.value)).splitlines()] == ["b.json", "c.json"]
    assert db.get_one(Aim, "KM90001").official is None
