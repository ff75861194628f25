"""Which language a page speaks, and its words, dates and times."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.pofile import read_po
from flask import Flask, render_template_string

from app import interface, language
from app.language import catalogue, clock, day, gettext, has_the_same_blanks, is_usable, lang, speak, speaking, weekday
from app.settings import ROOT
from curriculum.base import Refused
from curriculum.text import LANGUAGES

PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"

msgid "%(num)s week"
msgstr "%(num)s uke"

msgid "%(num)s weeks"
msgstr "%(num)s uker"

msgid "Hello, %(name)s"
msgstr "Hei, %(name)s"

msgid "Not yet"
msgstr ""

#, fuzzy
msgid "Maybe"
msgstr "Kanskje"
"""


@pytest.fixture
def page(app: Flask) -> Iterator[Flask]:
    with app.test_request_context():
        yield app


@pytest.fixture
def own_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A catalogue of five sentences in place of the shipped one."""
    for tag in ("nb", "so"):
        (tmp_path / "translations" / tag).mkdir(parents=True)
        (tmp_path / "translations" / tag / "interface.po").write_text(PO, "utf-8")
    monkeypatch.setattr(language, "ROOT", tmp_path)
    forget()
    yield
    forget()


def forget() -> None:
    """Read the catalogues anew."""
    catalogue.cache_clear()
    language._marked.cache_clear()


@pytest.mark.parametrize(
    ("asked", "tag"), [("", "nb"), ("en-GB,en;q=0.9", "en"), ("nn-NO", "nb"), ("so, ar", "nb"), ("so, en;q=0.1", "en"), ("*;;q=q, ,", "nb")]
)
def test_a_staff_page_speaks_the_browsers_language_if_it_knows_it_else_norwegian(asked: str, tag: str, app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": asked}):
        assert lang().tag == tag


def test_a_public_address_fixes_the_language(page: Flask) -> None:
    speak("ur")
    assert (lang().tag, lang().direction) == ("ur", "rtl")


@pytest.mark.usefixtures("own_words")
def test_words_are_translated_with_their_values_and_what_is_missing_is_said_in_english(page: Flask) -> None:
    assert gettext("Hello, %(name)s", name="Kari") == "Hei, Kari"
    assert gettext("Not yet") == "Not yet"
    assert gettext("Never heard of 100 %") == "Never heard of 100 %"
    assert gettext("") == ""


@pytest.mark.usefixtures("own_words")
def test_a_translation_that_is_marked_doubtful_is_not_used(page: Flask) -> None:
    assert gettext("Maybe") == "Maybe"


@pytest.mark.usefixtures("own_words")
def test_a_templates_words_are_translated_and_their_values_kept_harmless(page: Flask) -> None:
    template = '{{ _("Hello, %(name)s", name="<b>") }}'
    assert render_template_string(template) == "Hei, &lt;b&gt;"


def test_a_language_without_a_catalogue_has_no_words() -> None:
    assert catalogue("am") == {}


def test_dates_are_said_as_the_reader_says_them(page: Flask) -> None:
    said = {tag: _said(tag) for tag in ("nb", "en", "so")}
    assert said["nb"] == ("14. oktober", "onsdag", "08:30")
    assert said["en"][1:] == ("Wednesday", "08:30")


def _said(tag: str) -> tuple[str, str, str]:
    speak(tag)
    return day(date(2026, 10, 14)), weekday(date(2026, 10, 14)), clock(time(8, 30))


@pytest.mark.slow
def test_every_language_has_dates_with_latin_digits(page: Flask) -> None:
    for tag in LANGUAGES:
        assert Locale.parse(LANGUAGES[tag].babel_locale)
        assert "14" in _said(tag)[0], tag
        assert _said(tag)[2] == "08:30", tag


# --- The interface's own sentences -----------------------------------------------------------------------------------------------------


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small program with sentences in code and templates, and catalogues that are behind it."""
    files = {
        "app/agents/routes.py": 'N_("Course series")\n# Translators: a button\n_("Save")\n',
        "app/parents/templates/parents/x.html": '{# Translators: a heading -#}\n{{ _("Ask your child") }}{% trans %}No{% endtrans %}',
        "app/templates/base.html": '{{ _("Save") }}',
        "curriculum/base.py": 'N_("The rules say %(what)s.")',
        "tests/x.py": '_("Not ours")',
        "translations/nb/interface.po": 'msgid ""\nmsgstr ""\n\nmsgid "Save"\nmsgstr "Lagre"\n\nmsgid "Gone"\nmsgstr "Borte"\n',
        "translations/en/interface.po": 'msgid ""\nmsgstr ""\n',
        "translations/so/interface.po": 'msgid ""\nmsgstr ""\n',
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, "utf-8")
    return tmp_path


def words(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


def test_every_sentence_of_the_program_is_collected(tree: Path) -> None:
    found = {str(message.id) for message in interface.sentences(tree) if message.id}
    assert found == {"Course series", "Save", "Ask your child", "The rules say %(what)s.", "No"}


def test_catalogues_are_brought_up_to_date_and_keep_what_was_translated(tree: Path) -> None:
    assert {tag: state.behind for tag, state in interface.update(tree).items()} == {"en": 0, "nb": 4, "so": 2}
    assert words(tree / "translations/nb/interface.po")["Save"] == "Lagre"
    assert "Gone" not in words(tree / "translations/nb/interface.po")
    assert words(tree / "translations/en/interface.po")["Save"] == "Save"
    assert set(words(tree / "translations/so/interface.po")) == {"Ask your child", "No"}


def test_a_catalogue_that_is_up_to_date_is_not_touched_again(tree: Path) -> None:
    interface.update(tree)
    before = (tree / "translations/nb/interface.po").read_bytes()
    interface.update(tree)
    assert (tree / "translations/nb/interface.po").read_bytes() == before
    interface.check(tree, tree / "translations")
    assert (tree / "translations/nb/interface.po").read_bytes() == before


def test_the_header_the_notes_and_the_mark_of_a_draft_are_kept(tree: Path) -> None:
    file = tree / "translations/nb/interface.po"
    header = '# Norwegian. CC BY 4.0.\nmsgid ""\nmsgstr ""\n"Language: nb\\n"\n"POT-Creation-Date: in autumn\\n"\n\n'
    file.write_text(header + '# from Kaja\n#, fuzzy\nmsgid "Save"\nmsgstr "Lagre"\n', "utf-8")
    assert interface.update(tree)["nb"].behind == 5
    said = file.read_text("utf-8")
    assert said.startswith(header)
    assert '# from Kaja\n#. a button\n#: app/agents/routes.py app/templates/base.html\n#, fuzzy\nmsgid "Save"\nmsgstr "Lagre"\n' in said
    assert (tree / "translations/so/interface.po").read_text("utf-8").startswith('msgid ""\nmsgstr ""\n"Language: so\\n"\n')


def test_a_catalogue_that_cannot_be_read_is_named_and_none_is_written(tree: Path) -> None:
    before = (tree / "translations/en/interface.po").read_bytes()
    (tree / "translations/so/interface.po").write_bytes('msgid "Save"\nmsgstr "Kayd\xe5"\n'.encode("latin-1"))
    with pytest.raises(Refused) as refused:
        interface.update(tree)
    assert str(refused.value).startswith("so/interface.po, line 2: The file is not written in UTF-8.")
    assert (tree / "translations/en/interface.po").read_bytes() == before


def test_translations_that_no_page_shows_are_named_with_their_lines(tree: Path) -> None:
    (tree / "translations/nb/interface.po").write_text(
        'msgid "The rules say %(what)s."\nmsgstr "Reglene sier %(what)s, %(what)s."\n\nmsgid "Gone"\nmsgstr "Borte"\n\n'
        'msgctxt "mot|p1"\nmsgid "Save"\nmsgstr "Lagre"\n',
        "utf-8",
    )
    state = interface.check(tree, tree / "translations")["nb"]
    assert state.behind == 5
    assert state.unused == (
        "nb/interface.po, line 1: “The rules say %(what)s.”: "
        "its translation has other blanks, or a percent sign too many, and is not used.",
        "nb/interface.po, line 4: “Gone” is not one of the program's sentences here, and is not used.",
        "nb/interface.po, line 7: “Save” is not one of the program's sentences here, and is not used.",
    )


def test_html_that_the_sentence_does_not_have_is_named_and_not_used(tree: Path) -> None:
    file = tree / "translations/nb/interface.po"
    file.write_text('msgid "Save"\nmsgstr "Lagre<script>"\n', "utf-8")
    [state] = interface.check(tree, file.parent).values()
    said = "nb/interface.po, line 1: “Save”: its translation brings HTML that the sentence does not have, and is not used."
    assert (state.behind, state.unused) == (5, (said,))
    assert is_usable("<strong>Save</strong> 5 < 6", "<strong>Lagre</strong> 5 < 6") and not is_usable("Save", "Lagre <script src=x")


def test_notes_to_the_translator_stand_in_the_catalogue(tree: Path) -> None:
    interface.update(tree)
    assert "#. a button" in (tree / "translations/nb/interface.po").read_text("utf-8")


def test_the_shipped_catalogues_can_be_read() -> None:
    for path in (ROOT / "translations").glob("*/interface.po"):
        assert catalogue(path.parent.name) is not None


@pytest.mark.parametrize("torn", ['msgid "Not yet"\nmsgstr "Ikke \xe5"\n'.encode("latin-1"), PO[:-3].encode(), None])
def test_a_page_whose_words_cannot_be_read_stands_in_english_and_the_log_tells_once(
    torn: bytes | None, page: Flask, own_words: None, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "translations/so/interface.po"
    file.unlink()
    if torn:
        file.write_bytes(torn)
    else:
        file.mkdir()
    speak("so")
    assert [gettext("Not yet"), gettext("Hello, %(name)s", name="Ida")] == ["Not yet", "Hello, Ida"]
    [record] = caplog.records
    assert record.levelname == "WARNING" and "so/interface.po" in record.getMessage()
    speak("nb")
    assert gettext("Hello, %(name)s", name="Ida") == "Hei, Ida"


@pytest.mark.parametrize(
    ("words", "usable"),
    [
        ("Klasa %(name)s, %(school)s", True),
        ("%(school)s: %(name)s", True),
        ("Klasa %(nam)s, %(school)s", False),
        ("Klasa %(name)s 5%, %(school)s", False),
        ("Klasa %(name)s, %(name)s, %(school)s", False),
        ("Klasa %(name)s", False),
    ],
)
def test_words_with_other_blanks_than_their_source_are_not_used(words: str, usable: bool) -> None:
    assert has_the_same_blanks("Class %(name)s, %(school)s", words) is usable


def test_a_mail_is_written_in_its_receivers_language_and_the_page_goes_on_in_its_own(app: Flask) -> None:
    with app.test_request_context("/"):
        speak("nb")
        with speaking("en"):
            assert weekday(date(2026, 10, 14)) == "Wednesday"
        with speaking("so"):  # no language of the staff's pages
            assert weekday(date(2026, 10, 14)) == "onsdag"
        assert lang().tag == "nb"
        with pytest.raises(ZeroDivisionError), speaking("en"):
            raise ZeroDivisionError
        assert lang().tag == "nb"
