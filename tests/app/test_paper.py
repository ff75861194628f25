"""Paper: PDFs of our pages with every letter in them, made apart from everything, and what is said when none can be made."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fontTools.ttLib import TTFont
from sqlalchemy.orm import Session

from app import paper, press
from app.assets import FONTS, VENDOR, asset, font_family
from app.language import catalogue
from app.paper import NotPressed, file_name, spoken, whose
from app.settings import ROOT
from curriculum.people import DistrictLanguage, new_link
from curriculum.text import LANGUAGES
from tests.cast import Cast, make_series, publish, sign_in
from tests.pdf import fonts, pages
from tests.states import state

if TYPE_CHECKING:
    from flask.testing import FlaskClient

SIXTEEN = ("nb", "en", "ur", "so", "ar", "ta", "pl", "tr", "fa-AF", "fa", "kmr", "ckb", "sq", "vi", "ti", "uk")
built = pytest.mark.skipif(not asset("paper-fonts.css"), reason="static/vendor is not built: `make test` does it")


@state
def sixteen(cast: Cast, db: Session) -> Cast:
    """The cast's district with sixteen open languages, a series and its texts."""
    there = {one.tag: one for one in cast.district.languages}
    for place, tag in enumerate(SIXTEEN, start=1):
        if tag in there:
            there[tag].is_open = True
        else:
            cast.district.languages.append(DistrictLanguage(tag=tag, position=place, is_open=True))
    publish(db, cast, "district-texts")
    make_series(db, cast)
    db.commit()
    return cast


@built
@pytest.mark.slow
def test_the_poster_is_one_page_in_sixteen_languages_with_the_fonts_of_each_script(client: FlaskClient, sixteen: Cast) -> None:
    answer = sign_in(client, sixteen.teacher).get(f"/klasser/{sixteen.a5.public_id}/plakat.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == "attachment; filename=plakat-5a.pdf"
    assert pages(answer.data) == 1
    found = " ".join(fonts(answer.data)).lower()
    for family in ("latin", "latin-ext", "cyrillic", "vietnamese", "nastaliq", "naskh", "tamil", "ethiopic"):
        assert family in found


@built
@pytest.mark.slow
@pytest.mark.parametrize("tag", ["nb", "ur", "so"])
def test_the_sheet_for_the_fridge_is_one_page(tag: str, client: FlaskClient, sixteen: Cast, db: Session) -> None:
    lesson = make_series(db, sixteen, sixteen.b5).lessons[0]
    new_link(db, sixteen.b5, "parents", expires=sixteen.today)
    db.commit()
    answer = sign_in(client, sixteen.agent).get(f"/okter/{lesson.public_id}/ark/{tag}.pdf")
    assert (answer.status_code, pages(answer.data)) == (200, 1)


@built
def test_every_letter_of_the_interface_has_a_glyph_in_the_fonts_that_paper_names() -> None:
    """What a page says in a language is in fonts of ours, in the order of paper.css: no letter is left to the machine it is printed on."""
    sheet = (ROOT / "app" / "static" / "css" / "paper.css").read_text("utf-8")
    letters = {font_family(stem): _letters(stem) for stem in _stems()}
    roman = _families(re.search(r"--roman: ([^;]+);", sheet))
    for tag in SIXTEEN:
        rule = re.search(rf"\.paper[^{{}}]*:lang\({tag.partition('-')[0]}\)[^{{}}]*\{{ font-family: ([^;]+);", sheet)
        named = [*_families(rule), *roman] if rule else roman
        has = set().union(*(letters[family] for family in named if family in letters))
        said = "".join(catalogue(tag).values()) + LANGUAGES[tag].endonym
        missing = {letter for letter in html.unescape(said) if letter.isalpha() and ord(letter) not in has}
        assert not missing, (tag, missing)


def _families(rule: re.Match[str] | None) -> list[str]:
    return [name.strip() for name in rule[1].split(",")] if rule else []


def _stems() -> list[str]:
    return [f"{family}-{script}-wght-normal" for family, scripts in FONTS.items() for script in scripts]


def _letters(stem: str) -> set[int]:
    """What a font of ours has a glyph for."""
    font = TTFont(VENDOR / asset(f"{stem}.woff2").rpartition("/")[2])
    return set(font.getBestCmap())


# --- The child --------------------------------------------------------------------------------------------------------------------------


def test_the_press_reads_our_own_files_and_no_others(tmp_path: Path) -> None:
    files = press.OurFiles(frozenset())
    ours = next((press.STATIC / "css").glob("paper.css"))
    assert files.fetch(f"{press.HERE}static/css/{ours.name}").read() == ours.read_bytes()
    assert files.fetch("data:text/plain,a").read() == b"a"
    secret = tmp_path / "secret"
    secret.write_text("x")
    for address in (
        "http://example.org/static/css/paper.css",
        "https://paper.invalid/static/css/paper.css",
        f"file://{secret}",
        f"{press.HERE}static/../../pyproject.toml",
        f"{press.HERE}static/%2e%2e/%2e%2e/pyproject.toml",
        f"{press.HERE}static//etc/passwd",
        f"{press.HERE}static/css",
        f"{press.HERE}uke",
    ):
        with pytest.raises(ValueError):
            files.fetch(address)


def test_only_fonts_with_letters_of_the_page_are_unpacked() -> None:
    sheet = (
        "@font-face { font-family: a; unicode-range: U+0041-005A,U+00C5; } p { x: y } "
        "@font-face { font-family: b; unicode-range: U+0628; } @font-face { font-family: c; }"
    )

    def named(letters: str) -> list[str]:
        return re.findall(r"font-family: (\w)", press.with_fonts_for(sheet, frozenset(map(ord, letters))))

    assert (named("Å"), named("ب"), named(""), named("Bب")) == (["a", "c"], ["b", "c"], ["c"], ["a", "b", "c"])
    assert "p { x: y }" in press.with_fonts_for(sheet, frozenset())


@pytest.mark.slow
def test_a_page_that_asks_for_what_it_may_not_have_is_made_without_it() -> None:
    made = paper.press('<p>Hei</p><img alt="" src="http://example.org/a.png"><img alt="" src="file:///etc/passwd">')
    assert (made[:5], pages(made)) == (b"%PDF-", 1)


# --- When none is made ------------------------------------------------------------------------------------------------------------------


def pretending(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str) -> None:
    """Another program stands where the press is."""
    other = tmp_path / "press.py"
    other.write_text(program)
    monkeypatch.setattr(paper, "PRESS", other)


@pytest.mark.parametrize(
    "program",
    ["raise MemoryError", "print('no PDF')", "import time; time.sleep(60)", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"],
)
def test_a_press_that_fails_or_takes_too_long_is_given_up(program: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pretending(monkeypatch, tmp_path, program)
    monkeypatch.setattr(paper, "SECONDS", 0.5)
    with pytest.raises(NotPressed):
        paper.press("<p>Hei</p>")


def test_the_press_is_told_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECRET_KEY", "ours")
    pretending(monkeypatch, tmp_path, "import os; print('%PDF', sorted(os.environ))")
    assert b"SECRET_KEY" not in paper.press("<p>Hei</p>")


def test_nobody_waits_long_behind_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(paper, "PATIENCE", 0.01)
    for _ in range(paper.MOST_AT_ONCE):
        assert paper._room.acquire(blocking=False)
    try:
        with pytest.raises(NotPressed):
            paper.press("<p>Hei</p>")
    finally:
        paper._room.release(paper.MOST_AT_ONCE)


def test_without_a_pdf_the_page_to_print_stands_there_and_says_so(
    client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pretending(monkeypatch, tmp_path, "raise MemoryError")
    address = f"/klasser/{cast.a5.public_id}/plakat"
    sign_in(client, cast.teacher).post("/sprak/en")
    answer = client.get(f"{address}.pdf?x=1")
    assert (answer.status_code, answer.location) == (303, f"{address}?x=1")
    assert "The PDF could not be made now. Try again in a minute, or print this page." in client.get(answer.location).text


def test_where_the_extra_is_not_installed_no_page_offers_it(client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"/klasser/{cast.a5.public_id}/plakat"
    assert f'href="{address}.pdf"' in sign_in(client, cast.teacher).get(address).text
    monkeypatch.setattr("app.paper.can_press", lambda: False)
    assert ".pdf" not in client.get(address).text
    assert client.get(f"{address}.pdf").status_code == 404


@pytest.mark.parametrize("who", ["other_agent", "head"])
def test_a_pdf_is_for_those_who_may_see_its_page(who: str, client: FlaskClient, cast: Cast) -> None:
    address = f"/klasser/{cast.a5.public_id}/plakat"
    signed = sign_in(client, cast.persons[who])
    assert signed.get(f"{address}.pdf").status_code == signed.get(address).status_code != 200


# --- Words ------------------------------------------------------------------------------------------------------------------------------


def test_a_file_has_a_name_that_every_system_takes() -> None:
    assert (file_name("ark", "5A/B", "", "2026-W42", "fa-AF"), file_name("ord", "å lytte: «hør»")) == (
        "ark-5a-b-2026-w42-fa-af",
        "ord-å-lytte-hør",
    )


def test_paper_speaks_the_language_of_its_readers_and_names_no_small_group(cast: Cast) -> None:
    assert (spoken("nb", "Ask your child"), spoken("tr", "Ask your child")) == ("Spør barnet ditt", "Ask your child")
    assert (whose(cast.a5, "nb"), whose(cast.small, "nb")) == ("Klasse 5A, Granlia skole", "Granlia skole")


def test_the_press_knows_nothing_of_the_app() -> None:
    """It starts quickly, and has no way to the database."""
    ours = "n.partition('.')[0] in ('app', 'curriculum', 'flask', 'sqlalchemy')"
    program = f"import sys; sys.path.insert(0, 'app'); import press; print([n for n in sys.modules if {ours}])"
    asked = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert asked.stdout == "[]\n"
