# ruff: noqa: E501 - a fault reads best on one line
"""Translations as PO: in with every fault named, out again the same."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum import ideabank, interchange, summaries
from curriculum.base import Refused
from curriculum.ideabank import DocumentErrors
from curriculum.interchange import PoReport
from curriculum.people import District
from curriculum.summaries import Translation
from tests.curriculum.ideabank.examples import LATER, NOW, THEME, TODAY, VOCABULARY, a_district, a_person, fill, load, mot, version
from tests.states import state

HUMAN = "# origin: human; state: translated\n"
MACHINE = "# origin: machine; state: draft\n"
HASHES = {one.uid: one.hash for one in ideabank.parse(THEME).segments()}
TRANSLATIONS = Path(__file__).parents[3] / "translations"


def entry(
    uid: str = "p1", source: str = "Denne uka er temaet mot.", said: str = "Toddobaadkan mawduucu waa geesinimo.", **other: str
) -> str:
    note = other.get("note", HUMAN)
    context = other.get("context", f"mot|{uid}|{other.get('hash', HASHES.get(uid, '0' * 16))}")
    return f'{note}msgctxt "{context}"\nmsgid "{source}"\nmsgstr "{said}"\n'


@state
def district(db: Session) -> District:
    made = a_district(db)
    fill(db, made)
    return made


def take(db: Session, district: District, folder: Path, text: str | bytes, *, tag: str = "so", name: str = "themes.po") -> PoReport:
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return replace(interchange.import_po(db, district, tag, file, now=NOW), lacking=0, warnings=())


def stored(db: Session) -> list[tuple[str, str, str, str]]:
    rows = db.scalars(select(Translation).order_by(Translation.id)).all()
    return [(row.uid, row.text, row.state, row.origin) for row in rows]


def test_translations_come_in_beside_their_source(db: Session, district: District, tmp_path: Path) -> None:
    report = take(
        db, district, tmp_path, entry() + entry("p2", "Når er du <1>modig</1>?", "Goorma ayaad <1>geesi</1> tahay?", note=MACHINE)
    )
    assert report == PoReport(added=2)
    assert stored(db) == [
        ("p1", "Toddobaadkan mawduucu waa geesinimo.", "translated", "human"),
        ("p2", "Goorma ayaad <1>geesi</1> tahay?", "draft", "machine"),
    ]
    row = db.scalars(select(Translation)).first()
    assert row is not None
    assert (row.source_text, row.source_hash, row.language, row.translator_id) == ("Denne uka er temaet mot.", HASHES["p1"], "so", None)
    assert take(db, district, tmp_path, entry()) == PoReport(unchanged=1)


def test_the_same_file_out_and_in_again_is_the_same(db: Session, district: District, tmp_path: Path) -> None:
    take(db, district, tmp_path, entry() + entry("p2", "Når er du <1>modig</1>?", "Goorma ayaad <1>geesi</1> tahay?", note=MACHINE))
    take(db, district, tmp_path, entry("p5", "Gjør noe litt skummelt sammen.", 'Samee.\\n\\"Hej\\"'))
    load(
        db, district, THEME.replace("temaet mot.", "temaet mot og ro.").replace("### {#try}\n\nGjør noe litt skummelt sammen. {#p5}\n", "")
    )
    names = ["themes.po", "terms.po", "district.po"]
    first = interchange.export_po(db, district, "so", tmp_path / "first", today=TODAY)
    assert [file.name for file in first] == names
    other = a_district(db, "vika")
    for text in (THEME, version(mot(db, district)).text):
        fill(db, other) if text is THEME else load(db, other, text)
    assert interchange.import_po(db, other, "so", tmp_path / "first", now=NOW).added == 3
    second = interchange.export_po(db, other, "so", tmp_path / "second", today=TODAY)
    assert [file.read_bytes() for file in second] == [file.read_bytes() for file in first]
    said = first[0].read_text(encoding="utf-8")
    assert said.startswith('msgid ""\nmsgstr ""\n"Language: so\\n"\n')
    assert '#. Mot · did · step ring\nmsgctxt "mot|p3|' in said
    assert said.count("#, fuzzy") == 1
    assert f'#. Mot · sentence · before\nmsgctxt "mot|p1|{HASHES["p1"]}"' in said
    assert '#. term · modig · say\nmsgctxt "vocabulary|modig.say|' in first[1].read_text(encoding="utf-8")


def test_one_file_may_hold_everything_or_one_kind(db: Session, district: District, tmp_path: Path) -> None:
    [everything] = interchange.export_po(db, district, "so", tmp_path / "all.po", today=TODAY)
    [themes] = interchange.export_po(db, district, "so", tmp_path / "themes.po", today=TODAY)
    assert [file.read_text().count("msgctxt") for file in (everything, themes)] == [7 + 9 + 5, 7]
    mot(db, district).retired_at = NOW
    db.flush()
    assert interchange.export_po(db, district, "so", tmp_path / "themes.po", today=TODAY)[0].read_text().count("msgctxt") == 0


def test_a_translation_of_older_words_stands_beside_them(db: Session, district: District, tmp_path: Path) -> None:
    load(db, district, THEME.replace("temaet mot.", "temaet mot og ro."))
    assert take(db, district, tmp_path, entry()) == PoReport(added=1)
    row = db.scalars(select(Translation)).one()
    assert (row.source_text, row.source_hash) == ("Denne uka er temaet mot.", HASHES["p1"])
    new = ideabank.parsed(version(mot(db, district))).segments()[0]
    assert take(db, district, tmp_path, entry(source=new.text, said="Cusub.", hash=new.hash, note=MACHINE)) == PoReport(added=1)
    assert take(db, district, tmp_path, entry(said="Ka duwan.")) == PoReport(kept=1)


def test_a_sentence_that_moved_to_another_section_is_known_by_its_older_place(db: Session, district: District, tmp_path: Path) -> None:
    moved = THEME.replace("### {#try}\n\nGjør noe litt skummelt sammen. {#p5}\n", "### {#more}\n\nGjør noe litt skummelt sammen. {#p5}\n")
    load(db, district, moved)
    assert take(db, district, tmp_path, entry("p5", "Gjør noe litt skummelt sammen.", "Samee.")) == PoReport(added=1)


def test_a_machine_does_not_cover_a_person_s_work(db: Session, district: District, tmp_path: Path) -> None:
    take(db, district, tmp_path, entry())
    assert take(db, district, tmp_path, entry(said="Mashiin.", note=MACHINE)) == PoReport(kept=1)
    assert take(db, district, tmp_path, entry(said="Qof.")) == PoReport(added=1)


def test_a_file_vouches_for_no_check_and_for_no_unnamed_person(db: Session, district: District, tmp_path: Path) -> None:
    checked = entry(note="# origin: human; state: checked\n")
    edited = entry("p5", "Gjør noe litt skummelt sammen.", "Samee.", note="#. origin: machine-edited; state: translated\n")
    assert take(db, district, tmp_path, checked + edited).added == 2
    assert [row[2:] for row in stored(db)] == [("translated", "human"), ("draft", "machine-edited")]
    kaja = a_person(db, district)
    assert interchange.import_po(db, district, "so", tmp_path / "themes.po", now=LATER, by=kaja).added == 1
    assert stored(db)[-1][2:] == ("translated", "machine-edited")


def test_unfinished_entries_wait(db: Session, district: District, tmp_path: Path) -> None:
    assert take(db, district, tmp_path, entry(said="") + entry("p5", "Gjør noe litt skummelt sammen.", "x", note="#, fuzzy\n")) == PoReport(
        empty=2
    )


def test_entries_for_what_is_not_there_are_passed_over_and_told(db: Session, district: District, tmp_path: Path) -> None:
    report = take(db, district, tmp_path, entry() + entry("p99") + entry(context="glede|p1|" + "0" * 16))
    sad = "".join(entry(context=f"sorg|p{number}|" + "0" * 16) for number in range(3))
    [told] = take(db, district, tmp_path, sad).unknown
    assert str(told) == "themes.po, line 2: There is no document “sorg”. 3 entries were passed over."
    assert report.added == 1
    assert [str(one) for one in report.unknown] == [
        "themes.po, line 6: There is no sentence “p99” in “mot”. It was passed over.",
        "themes.po, line 10: There is no document “glede”. It was passed over.",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (entry() + entry(said="En gang til."), "line 6: msgctxt “mot|p1|{p1}” stands twice. It stands first on line 2. Keep one of them."),
        (entry() + entry("p2", "Når er du <1>modig</1>?", "Goorma?"), "line 6: The translation lacks <1>…</1>."),
        (entry("p2", "Når er du <1>modig</1>?", "<2>Goorma</2>"), "line 2: <2>…</2> is not in the source text."),
        (entry(context="mot|p1"), "line 2: This entry does not say which sentence it translates. Keep the line msgctxt as it was"),
        (entry().replace('msgctxt "mot|p1|{p1}"\n'.format(**HASHES), ""), "line 2: This entry does not say which sentence it translates."),
        (entry(source="Noe annet."), "line 2: mot p1: source: The Norwegian text was changed in the file. Keep msgid as it was in the file you were given."),
        (entry(hash="0" * 16), "line 2: mot p1: source: The hash at the end of msgctxt was changed in the file. Keep msgctxt as it was in the file you"),
        (entry(source="Noe annet.", hash="0" * 16), "line 2: mot p1: source: The Norwegian text and the hash in msgctxt do not belong together. Keep"),
        (entry(note=""), "line 1: mot p1: origin: It does not say who translated it. Write “# origin: human; state: translated” on a line above it, or"),
        (entry(said="Toddobaadkan 17 mawduucu waa geesinimo."), "line 2: mot p1: numbers: The numbers are not those of the source: 17 instead of –."),
        (entry(said="Denne uka er temaet mot."), "line 2: mot p1: untranslated: The translation is the same as the source."),
        (entry(said="Toddobaadkan ماوضوع waa geesi."), "line 2: mot p1: script: "),
        (entry(said="[x](javascript:alert)"), "line 2: [x](javascript:alert) is not in the source text. Delete it: "),
        ("", "line 1: file: The file holds no entry; 7 belong in it. Fetch it again."),
        (entry(note="# origin: human; state: perfect\n"), "line 2: “perfect” is not a state. Write draft, translated or checked."),
        (entry(said="Wac 22 33 44 55."), "line 2: Everyone can read this text, and it holds a telephone number: 22 33 44 55."),
        (entry() + entry("p5", "Gjør noe litt skummelt sammen.", "a\u202eb"), "line 6: This line holds a hidden character that turns the direction of the text. Delete it."),
        (entry() + 'msgid "x"\nmsgid_plural "y"\nmsgstr[0] "z"\n', "line 6: There are no plural forms here. Delete msgid_plural and its translations."),
        (entry() + entry("p5")[:-9], "line 8: The quotation mark at the end of this line is missing. Fetch the file again, or mend the line"),
        (entry() + entry(note="# origin: elves; state: draft\n", uid="p5"), "line 6: “elves” is not an origin of a translation. Write human, memory,"),
        (entry() + "tull\n", "line 5: This line cannot be read as PO."),
        ('msgid "x"\nmsgstr[x] "z"\n', "line 2: This line cannot be read as PO."),
        (entry().encode() + "# sm\xe5\n".encode("latin-1"), "line 5: The file is not written in UTF-8. Save it as UTF-8 in your program for translating."),
        ("#" * 2_000_001, "line 1: The file holds 2000001 bytes. At most 2000000 fit. Divide it into two."),
        ('# x\nmsgid ""\nmsgstr ""\n"Language: ur\\n"\n\n' + entry(), "line 2: The file says that it is in “ur”. Choose the file in so, or mend the line “Language”."),
    ],
)  # fmt: skip
def test_a_fault_refuses_the_file_with_its_line(db: Session, district: District, tmp_path: Path, text: str | bytes, said: str) -> None:
    with pytest.raises(DocumentErrors) as refused:
        take(db, district, tmp_path, text)
    assert f"themes.po, {said}".replace("{p1}", HASHES["p1"]) in str(refused.value)
    assert stored(db) == []


def test_files_of_other_programs_are_accepted(db: Session, district: District, tmp_path: Path) -> None:
    header = (
        'msgid ""\nmsgstr ""\n"Language: so_SO\\n"\n"Plural-Forms: nplurals=2; plural=n != 1;\\n"\n"POT-Creation-Date: in autumn\\n"\n\n'
    )
    wrapped = f'{HUMAN}msgctxt ""\n"mot|p1|"\n"{HASHES["p1"]}"\nmsgid ""\n"Denne uka er "\n"temaet mot."\nmsgstr "Waa."\n\n#~ msgid "gammel"\n#~ msgstr "x"\n'
    text = (header.replace("so_SO", "so") + wrapped).replace("\n", "\r\n")
    assert take(db, district, tmp_path, b"\xef\xbb\xbf" + text.encode()) == PoReport(added=1)
    assert take(db, district, tmp_path, entry() + '\nmsgid ""\nmsgstr ""\n').unchanged + 1 == 1


def test_a_header_may_name_the_language_as_babel_does(db: Session, district: District, tmp_path: Path) -> None:
    text = 'msgid ""\nmsgstr "Language: fa_AF\\n"\n\n' + entry(said="موضوع این هفته شجاعت است.")
    assert take(db, district, tmp_path, text, tag="fa-AF") == PoReport(added=1)


def test_faults_of_all_files_are_told_at_once(db: Session, district: District, tmp_path: Path) -> None:
    for name in ("themes.po", "terms.po"):
        (tmp_path / name).write_text(entry(context="x"), encoding="utf-8")
    with pytest.raises(DocumentErrors) as refused:
        interchange.import_po(db, district, "so", tmp_path, now=NOW)
    assert [error.path for error in refused.value.errors] == ["terms.po", "themes.po"]
    (tmp_path / "themes.po").write_text(
        entry(said="Toddobaadkan 17.") + entry("p5", "Gjør noe litt skummelt sammen.", "<b>"), encoding="utf-8"
    )
    with pytest.raises(DocumentErrors) as refused:
        interchange.import_po(db, district, "so", tmp_path, now=NOW)
    assert [(error.path, error.line) for error in refused.value.errors] == [("terms.po", 2), ("themes.po", 2), ("themes.po", 6)]


def test_an_unknown_language_or_file_is_refused(db: Session, district: District, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="There is no language “xx”"):
        interchange.import_po(db, district, "xx", tmp_path, now=NOW)
    with pytest.raises(Refused, match="There is no language “xx”"):
        interchange.export_po(db, district, "xx", tmp_path, today=TODAY)
    for path in (tmp_path, tmp_path / "borte.po"):
        with pytest.raises(Refused, match="There is no PO file"):
            interchange.import_po(db, district, "so", path, now=NOW)


def test_nothing_is_kept_when_one_entry_is_refused_by_the_summaries(db: Session, district: District, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="needs no translation"):
        take(db, district, tmp_path, entry(), tag="nb")
    assert stored(db) == []


def test_sentences_that_a_file_does_not_hold_are_counted(db: Session, district: District, tmp_path: Path) -> None:
    """Not those that stand in it without words, nor those of documents that are no longer in use or of another file."""
    (tmp_path / "themes.po").write_text(entry() + entry("p5", "Gjør noe litt skummelt sammen.", ""), encoding="utf-8")
    (tmp_path / "mine.po").write_text(entry(), encoding="utf-8")

    def lacking(place: Path) -> int:
        return interchange.import_po(db, district, "so", place, now=NOW).lacking

    assert [lacking(tmp_path / "themes.po"), lacking(tmp_path / "mine.po"), lacking(tmp_path)] == [7 - 2, 21 - 1, 21 - 2]
    mot(db, district).retired_at = NOW
    db.flush()
    assert lacking(tmp_path / "themes.po") == 0


def test_a_file_of_another_kind_is_told_once(db: Session, district: District, tmp_path: Path) -> None:
    """The program's own words have no msgctxt; a few entries that have lost theirs are something else."""
    nameless = "".join(f'msgid "{word}"\nmsgstr "x"\n\n' for word in ("Save", "Open", "Close"))
    for text, said in (
        (nameless, "line 1: No entry of this file says which sentence of the idea bank it translates. Choose themes.po, terms.po or"),
        (entry() + nameless, "line 5: 3 entries do not say which sentence they translate; the first stands here. Keep the line msgctxt"),
    ):
        with pytest.raises(DocumentErrors) as refused:
            take(db, district, tmp_path, text)
        assert len(refused.value.errors) == 1
        assert str(refused.value).startswith(f"themes.po, {said}")


@pytest.mark.slow
def test_the_shipped_translations_fit_the_shipped_content() -> None:
    current: dict[tuple[str, str], tuple[str, str]] = {}
    for path in (Path(__file__).parents[3] / "content").rglob("*.*"):
        if path.suffix in (".md", ".toml") and path.name not in ("README.md", "goals.toml") and path.parent.name != "calendars":
            document = ideabank.parse(path.read_text(encoding="utf-8"), path=path.name)
            current |= {(document.key, one.uid): (one.hash, one.text) for one in document.segments()}
    for file in sorted(TRANSLATIONS.glob("*/*.po")):
        if file.name in interchange.FILES:
            for one in interchange.read_entries(file.read_bytes(), file.name, file.parent.name):
                assert current[one.document, one.uid] == (one.hash, one.source), (file, one)
                assert (one.origin, one.state) == ("machine", summaries.DRAFT)


@pytest.mark.parametrize("mark", ["<b>", "</b>", "<script src=x>", "<!-- x -->", "{navn}", "{}", "%(x)s", "%s", "${x}", "&nbsp;"])
def test_html_and_other_programs_placeholders_are_refused_with_file_and_line(
    mark: str, db: Session, district: District, tmp_path: Path
) -> None:
    with pytest.raises(DocumentErrors, match=r"themes\.po, line 2: ") as refusal:
        take(db, district, tmp_path, entry(said=f"Toddobaadkan {mark} geesinimo."))
    assert f"{mark} is not in the source text." in str(refusal.value)
    assert stored(db) == []


def test_the_sources_own_marks_may_stand_in_its_translation() -> None:
    text = entry(source="Skriv {navn} og %(x)s.", said="Qor %(x)s iyo {navn}.")
    assert [one.text for one in interchange.read_entries(text.encode(), "themes.po", "so")] == ["Qor %(x)s iyo {navn}."]


@pytest.mark.parametrize("said", ["50 % af dhammaan", "%50", "5 < 6 & 7", "a <3 b", "R&D", "100 %.", "[x] (y)"])
def test_signs_that_are_no_marks_are_only_words(said: str) -> None:
    assert [one.text for one in interchange.read_entries(entry(said=said).encode(), "themes.po", "so")] == [said]


def test_entries_are_read_whole_or_not_at_all() -> None:
    with pytest.raises(DocumentErrors, match="<b> is not in the source text"):
        interchange.read_entries((entry() + entry("p5", "a", "<b>")).encode(), "themes.po", "so")


def test_a_lost_line_makes_no_machine_s_text_a_person_s(db: Session, district: District, tmp_path: Path) -> None:
    """What the bank has already keeps its origin; anything else must say it."""
    take(db, district, tmp_path, entry(note=MACHINE))
    assert take(db, district, tmp_path, entry(note="")) == PoReport(unchanged=1)
    assert take(db, district, tmp_path, entry("p99", note="")).unknown
    assert take(db, district, tmp_path, entry(note="", said="")) == PoReport(empty=1)
    with pytest.raises(DocumentErrors, match="It does not say who translated it"):
        take(db, district, tmp_path, entry(note="", said="Waa geesinimo."))
    assert stored(db) == [("p1", "Toddobaadkan mawduucu waa geesinimo.", "draft", "machine")]


def test_what_is_only_to_be_looked_at_comes_in_and_is_told(db: Session, district: District, tmp_path: Path) -> None:
    text = entry(said="Waa " * 60 + "geesi.") + entry("p5", "Gjør noe litt skummelt sammen.", "Samee.")
    (tmp_path / "themes.po").write_text(text, encoding="utf-8")
    report = interchange.import_po(db, district, "so", tmp_path / "themes.po", now=NOW)
    assert (report.added, [str(one) for one in report.warnings]) == (
        2,
        [
            "themes.po, line 2: mot p1: length: It is 10.25 times as long as the source. Is something lost or added?",
            "themes.po, line 6: mot p5: length: It is 0.20 times as long as the source. Is something lost or added?",
        ],
    )


def test_the_vocabulary_of_the_bank_is_heeded_and_an_older_sentence_is_checked_beside_its_own_source(
    db: Session, district: District, tmp_path: Path
) -> None:
    words = {one.uid: one for one in ideabank.parse(VOCABULARY).segments()}
    word, say = words["modig.word"], words["modig.say"]
    terms = entry(word.uid, word.text, "geesi", context=f"vocabulary|{word.uid}|{word.hash}")
    take(db, district, tmp_path, terms, name="terms.po")
    said = entry(say.uid, say.text, "«Way fiicnayd taasi.»", context=f"vocabulary|{say.uid}|{say.hash}")
    (tmp_path / "terms.po").write_text(said, encoding="utf-8")
    [warning] = interchange.import_po(db, district, "so", tmp_path / "terms.po", now=NOW).warnings
    assert "“modig” is called “geesi” in our vocabulary" in str(warning)
    load(db, district, THEME.replace("temaet mot.", "temaet mot og ro."))
    with pytest.raises(DocumentErrors, match="17 instead of –"):
        take(db, district, tmp_path, entry(said="Toddobaadkan 17."))
    load(db, district, THEME.replace("### {#try}\n\nGjør noe litt skummelt sammen. {#p5}\n", ""))
    with pytest.raises(DocumentErrors, match="do not belong together"):
        take(db, district, tmp_path, entry("p5", "Noe annet.", "Waa wax kale."))
