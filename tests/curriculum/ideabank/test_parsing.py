# ruff: noqa: E501 - a fault reads best on one line
"""A document with faults is told so with line, fault and remedy, everything at once."""

from dataclasses import replace
from pathlib import Path

import pytest

from curriculum import ideabank
from curriculum.base import Refused
from curriculum.ideabank import DistrictTexts, DocumentErrors, OutlineDocument, ThemeDocument, VocabularyDocument
from tests.curriculum.ideabank.examples import OUTLINE, TEXTS, THEME, VOCABULARY, faults, theme

CONTENT = Path(__file__).parents[3] / "content"


def test_a_theme_says_all_that_stands_in_its_file() -> None:
    mot = theme()
    assert (mot.kind, mot.key, mot.title, mot.series, mot.grades, mot.sensitive) == (
        "theme",
        "mot",
        "Mot",
        "kursrekke-9",
        (5, 6),
        ("hard",),
    )
    assert [(aim.code, aim.is_section, aim.role) for aim in mot.aims] == [("2.5.1", True, "main"), ("KM90001", False, "supporting")]
    assert mot.sections["purpose"] == "I dag øver vi på å være modige.\n\n- si nei\n- si ja"
    assert mot.headings["steps"] == "Slik gjør vi"
    ring = mot.steps[0]
    assert (ring.uid, ring.title, ring.minutes, ring.kind, ring.is_core) == ("ring", "Ring", 10, "intro", True)
    assert (ring.body, ring.say, ring.say_heading, ring.small) == ("Alle står i ring.", "Velkommen!", "Vi sier", "Sitt ned.")
    assert [(block.uid, block.kind, block.step) for block in mot.parents["did"]] == [("p3", "li", "ring"), ("p4", "li", "modig-lek")]
    assert mot.dive == {"define": "Hva er det som er skummelt?", "choose": "Velg det som er trygt."}
    assert mot.step("ring") is ring
    assert mot.step("borte") is None


def test_the_run_of_a_lesson_is_told_for_the_core_and_for_all_of_it() -> None:
    mot = theme()
    assert [(timed.step.uid, timed.start, timed.end) for timed in mot.core_run()] == [("ring", 0, 10), ("modig-lek", 10, 30)]
    assert [timed.end for timed in mot.full_run()] == [10, 30, 45]
    assert (mot.core_sum, mot.full_sum) == (30, 45)


def test_what_parents_read_becomes_segments() -> None:
    found = theme().segments()
    assert [(one.uid, one.section, one.kind, one.step) for one in found][:3] == [
        ("p1", "sentence", "p", None),
        ("p2", "ask", "p", None),
        ("p3", "did", "li", "ring"),
    ]
    assert found[1].text == "Når er du <1>modig</1>?"
    words = ideabank.parse(VOCABULARY)
    assert [one.uid for one in words.segments()][:3] == ["modig.word", "modig.meaning", "modig.say"]
    texts = ideabank.parse(TEXTS)
    assert [(one.uid, one.section, one.kind) for one in texts.segments()] == [
        ("who-we-are.title", "who-we-are", "title"),
        ("who-1", "who-we-are", "p"),
        ("who-2", "who-we-are", "li"),
        ("duties.title", "duties", "title"),
        ("duties-1", "duties", "p"),
    ]
    assert ideabank.parse(OUTLINE).segments() == []


def test_each_kind_of_file_becomes_its_kind_of_document() -> None:
    assert isinstance(ideabank.parse(VOCABULARY), VocabularyDocument)
    assert isinstance(ideabank.parse(OUTLINE), OutlineDocument)
    texts = ideabank.parse(TEXTS)
    assert isinstance(texts, DistrictTexts)
    duties = texts.text("duties")
    assert duties is not None
    assert duties.title == "Plikter"
    assert texts.text("banner") is None


def test_the_hash_is_of_what_is_said_and_not_of_the_bytes() -> None:
    rearranged = THEME.replace('title = "Mot"\nseries = "kursrekke-9"', "series   = 'kursrekke-9' # serien\ntitle='Mot'").replace(
        "\n", "  \r\n"
    )
    assert ideabank.parse(rearranged).hash == theme().hash
    decomposed = THEME.replace("å", "a\u030a")
    assert ideabank.parse(decomposed).hash == theme().hash
    assert ideabank.parse(THEME.replace("Velkommen!", "Velkommen")).hash != theme().hash


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("core_minutes = 45", "core_minutes = 46", "x.md, line 7: core_minutes is not a number that can be used. Write a whole number from 1 to 45, without quotes."),
        ("core_minutes = 45", 'core_minutes = "45"', "x.md, line 7: core_minutes is not a number that can be used. Write a whole number from 1 to 45, without quotes."),
        ("full_minutes = 60", "full_minutes = 40", "x.md, line 8: full_minutes is not a number that can be used. Write a whole number from 45 to 60, without quotes."),
        ("format = 1\n", "format = 2\n", "x.md, line 2: This program does not know format 2. Write format = 1."),
        ('title = "Mot"', 'title = ""', 'x.md, line 4: The field title is empty. Write title = "…" with words in it.'),
        ('title = "Mot"', "title = 5", 'x.md, line 4: The field title must be words. Write title = "…", with quotes.'),
        ('title = "Mot"', f'title = "{"x" * 201}"', "x.md, line 4: The field title is too long. At most 200 characters fit."),
        ('title = "Mot"', 'title = "a\\u0007"', "x.md, line 4: This line holds a control character (U+0007) that cannot be seen. Delete it."),
        ('title = "Mot"\n', "", "x.md, line 1: The field title is missing. Write title = …"),
        ('presenter = ""', 'presentor = ""', "x.md, line 11: There is no field presentor here. Did you mean presenter?"),
        ('presenter = ""', "zzz = 1", "x.md, line 11: There is no field zzz here. Delete it, or write one of: "),
        ('id = "mot"', 'id = "Mot!"', "x.md, line 3: “Mot!” cannot be used in id. Use small letters a–z, digits and hyphens only, such as god-venn."),
        ('audience = "pupils"', 'audience = "alle"', "x.md, line 6: “alle” is not a value of audience. Write one of: pupils, parents, staff."),
        ('room = ["quiet"]', 'room = ["kjeller"]', "x.md, line 12: “kjeller” is not a value of room. Write one of: quiet, floor-space, "),
        ('room = ["quiet"]', "room = [1]", 'x.md, line 12: room must be a list of words. Write room = ["…", "…"], with quotes.'),
        ('room = ["quiet"]', 'room = "quiet"', 'x.md, line 12: room must be a list. Write room = ["…", "…"], with brackets.'),
        ('room = ["quiet"]', 'room = ["quiet", "quiet"]', "x.md, line 12: “quiet” stands twice in room. Delete one of them."),
        ("grades = [5, 6]", "grades = [0]", "x.md, line 9: grades must be a list of numbers. Write whole numbers from 1 to 10, such as [5, 6]."),
        ("grades = [5, 6]", "grades = []", "x.md, line 9: The theme is for no grade. Write grades = [5, 6]."),
        ('terms = ["modig", "redd", "trygg"]', "terms = []", "x.md, line 13: The theme names 0 words. Choose three to five words of the vocabulary."),
        ('terms = ["modig", "redd", "trygg"]', 'terms = ["modig"]', "x.md, line 13: The theme names one word. Choose three to five words of the vocabulary."),
        ('role = "main"', 'role = "supporting"', "x.md, line 20: The theme has no main aim. Choose at least one aim and give it role = “main”."),
        ('code = "KM90001"', 'code = "2.5.1"', "x.md, line 26: “2.5.1” stands twice. Give this one another name, or delete it."),
        ('code = "KM90001"', 'code = "KM90001"\nsection = "2.1"', "x.md, line 27: An aim has either a code or a section. Delete one of them."),
        ('origin = "machine"', "origin = machine", "x.md, line 16: This line cannot be read as TOML (Invalid value). Write name = value, with words in \"quotes\" and lists in [brackets]."),
        ("[dive]\ndefine", "[[dive]]\ndefine", "x.md, line 30: dive must be written as a table. Write [dive] on a line of its own, and its fields below."),
        ('note = "Elevene øver på å være modige."', 'note = "<b>Øver</b>"', "x.md, line 23: HTML is not allowed: <b>. Use Markdown: *emphasis*, **strong**, - for lists."),
        ("+++\n\n## Hva", "\n## Hva", "x.md, line 1: The facts of the theme never end. Write a line +++, then the facts such as title = “…”, then a line +++ again."),
        ("+++\nformat", "format", "x.md, line 1: The facts of the theme are missing. Write a line +++, then the facts such as title = “…”, then a line +++ again."),
        ("{#purpose}", "{#formal}", "x.md, line 37: “Hva vi vil” is not a section. Write ## Heading {#key} with one of: purpose, preparation, steps, "),
        ("## Hva vi vil {#purpose}", "## Hva vi vil", "x.md, line 37: “Hva vi vil” is not a section. Write ## Heading {#key} with one of: "),
        ("## Forberedelse {#preparation}", "# Forberedelse", "x.md, line 44: “Forberedelse” is not a section. Write ## "),
        ("## Forberedelse {#preparation}", "## Forberedelse {#purpose}", "x.md, line 44: The section purpose stands twice. Keep one of them."),
        ("## Hva vi vil {#purpose}", "Løst.\n\n## Hva vi vil {#purpose}", "x.md, line 37: This text stands in no section. Move it below one of the headings."),
        ("### Ring {", "Løst.\n\n### Ring {", "x.md, line 50: This text stands in no section. Move it below one of the headings."),
        ("Finn fram kortene.", "### Kort {#kort}", "x.md, line 46: “Kort” cannot have a name here. Delete what stands in {…}: only parts of the lesson and of the parents' part have names."),
        ("Finn fram kortene.", "```\nkode", "x.md, line 46: A block of code begins here and never ends. Write ``` on a line below it."),
        ("Snakk med læreren. {#p7}", "```\nkode", "x.md, line 105: A block of code begins here and never ends."),
        ("Vær med.", "~~~\nkode", "x.md, line 80: A block of code begins here and never ends. Write ~~~ on a line below it."),
        ("Finn fram kortene.", "Finn <script>alert(1)</script> fram.", "x.md, line 46: HTML is not allowed: <script>. Use Markdown: *emphasis*, **strong**, - for lists."),
        ("Finn fram kortene.", "Ring 22 33 44 55.", "x.md, line 46: Everyone can read this text, and it holds a telephone number: 22 33 44 55. Numbers stand in the contact card only."),
        ("Finn fram kortene.", "> " * 17 + "x", "x.md, line 45: Lists, quotes or emphasis are nested more than 16 deep. Make the text simpler."),
        ("kind=game", "kind=lek", "x.md, line 62: “lek” is not a kind of part. Write kind= and one of: intro, talk, activity, "),
        ("minutes=20 kind=game", "kind=game", "x.md, line 62: “Modig eller dum?” has no minutes that can be used. Write a whole number from 1 to 60, such as {minutes=10}."),
        ("minutes=20 kind=game", "minutes=61 kind=game", "x.md, line 62: “Modig eller dum?” has no minutes that can be used. Write a whole number from 1 to 60, such as {minutes=10}."),
        ("minutes=20 kind=game", "minutes=40 kind=game", "x.md, line 48: The core parts take 50 minutes together; there are 45. Shorten a part, or take one out."),
        ("minutes=15 kind=activity", "minutes=35 kind=activity", "x.md, line 48: All parts take 65 minutes together; there are 60. Shorten a part, or take one out."),
        ("kind=game core", "kind=game kjerne", "x.md, line 62: “kjerne” says nothing about a part. Write {#name minutes=10 kind=activity core}, with core or without."),
        ("{#modig-lek minutes", "{#Modig minutes", "x.md, line 62: “{#Modig}” is not a name. Use small letters a–z, digits and hyphens, at most 60, such as {#god-venn}."),
        ("### Modig eller dum? {", "### {", "x.md, line 62: The part has no title that can be used. Write ### Title {minutes=10 kind=activity}."),
        ("#### Vi sier {.say}", "#### Vi sier {.roper}", "x.md, line 54: “Vi sier” is neither said nor for a small group. Write #### Heading {.say} or #### Heading {.small}, or nothing in braces."),
        ("#### Liten gruppe {.small}", "#### Mer {.say}", "x.md, line 58: {.say} stands twice in this part. Keep one of them."),
        ("{#ekstra minutes", "{#ring minutes", "x.md, line 66: “{#ring}” stands twice in the document. Give it another name, or none: it gets one by itself."),
        ("{#p2}", "{#p1}", "x.md, line 90: “{#p1}” stands twice in the document. Give it another name, or none: it gets one by itself."),
        ("{#p2}", "{#P 2}", "x.md, line 90: “{#P}” is not a name."),
        ("{#p2}", "{#p2 viktig}", "x.md, line 90: “viktig” says nothing about a sentence. Write {#name} or {#name step=part}, or nothing."),
        ("step=modig-lek", "step=lek", "x.md, line 95: There is no part “lek”. Write step= and one of: ring, modig-lek, ekstra."),
        ("Vent litt. {#p6}\n\n", "Vent litt. {#p6}\n", "x.md, line 103: “{#p6}” stands within a text. Write it at the end of its paragraph or item, and an empty line after it."),
        ("Vent litt. {#p6}", "Vent litt. {a} {#p6}", "x.md, line 103: “{a}” stands within a text."),
        ("Vent litt. {#p6}", "Vent litt. {}", "x.md, line 103: “{}” says nothing about a sentence."),
        ("### {#try}", "### {#prov}", "x.md, line 97: “prov” is not a section of the parents' part. Write ### {#key} with one of: sentence, ask, did, try, more, hard."),
        ("### {#try}", "### {#ask}", "x.md, line 97: The section ask stands twice. Keep one of them."),
        ("Snakk med læreren. {#p7}", "| a |\n|---|", "x.md, line 105: Only paragraphs and lists may stand in what parents read. Write paragraphs "),
        ("Snakk med læreren. {#p7}", "Se ![bilde](/static/x.png). {#p7}", "x.md, line 105: Only paragraphs and lists may stand in what parents read. Write paragraphs "),
        ("Snakk med læreren. {#p7}", "Skriv til ola@lia.example. {#p7}", "x.md, line 105: Everyone can read this text, and it holds an e-mail address: ola@lia.example. Delete it."),
        ("Når er du *modig*? {#p2}", "Når er du *modig*? {#p2}\n\nOg når ikke?", "x.md, line 88: The section ask holds more than one paragraph. Keep one sentence."),
        ("Når er du *modig*? {#p2}", "", "x.md, line 88: The section parents.ask is empty. Write it before you publish."),
        ("### {#ask}\n\nNår er du *modig*? {#p2}\n", "", "x.md, line 103: The section parents.ask is empty. Write it before you publish."),
        ("Vær med.", "", "x.md, line 78: The section teacher is empty. Write it before you publish."),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line_and_what_to_write(old: str, new: str, said: str) -> None:
    assert old in THEME
    told = faults(THEME.replace(old, new, 1), "x.md")
    assert any(one.startswith(said) for one in told), told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: The field kind is missing."),
        ("kind = 1\n", "line 1: The field kind must be words."),
        ('kind = "annet"\n', "line 1: “annet” is not a value of kind. Write one of: vocabulary, outline, district-texts."),
        (OUTLINE.replace("fixed = true", 'fixed = "ja"'), "line 10: fixed must be true or false. Write fixed = true or fixed = false, without quotes."),
        (OUTLINE.replace("fixed = true", "fixed = 1"), "line 10: fixed must be true or false."),
        (OUTLINE.replace("[[places]]", "[places]"), "line 8: places must be a list."),
        (OUTLINE.split("[[places]]")[0], "line 1: The outline holds no theme. Write [[places]] and theme = “…” below it."),
        (OUTLINE.split("[[places]]")[0] + "places = [1]\n", "line 8: places must be written as tables. Write [[places]] on a line of its own, and its fields below."),
        (OUTLINE + '\n[[places]]\ntheme = "mot"\n', "line 14: “mot” stands twice. Give this one another name, or delete it."),
        (VOCABULARY.replace('meaning = "Når noe kjennes farlig."\n', ""), "line 15: The field meaning is missing. Write meaning = …"),
        (VOCABULARY.replace('id = "redd"', 'id = "modig"'), "line 16: “modig” stands twice."),
        (TEXTS.replace("#who-2", "#who-1"), "line 13: “{#who-1}” stands twice in the document."),
        (TEXTS.replace("- Vi er to.", "- Vi <i>er</i> to."), "line 13: HTML is not allowed: <i>."),
        (TEXTS.replace("- Vi er to.", "# Vi er to."), "line 13: Only paragraphs and lists may stand in what parents read."),
        ("a = " + "[" * 2000 + "]" * 2000, "line 1: Brackets are nested too deep."),
        ("#" * 200_001, "line 1: The document holds 200001 bytes. At most 200000 fit. Divide it into two."),
        ("+++\nid = 1\n\u202e+++\n", "line 3: This line holds a hidden character that turns the direction of the text. Delete it."),
        ("+++\n+++\n", "line 1: The field title is missing. Write title = …"),
    ],
)  # fmt: skip
def test_other_documents_tell_their_faults_too(text: str, said: str) -> None:
    told = faults(text)
    assert any(one.startswith(said) for one in told), told


def test_all_faults_of_a_file_are_told_at_once_in_the_order_of_their_lines() -> None:
    broken = THEME.replace("kind=game", "kind=lek").replace('title = "Mot"\n', "").replace("{#p2}", "{#p1}")
    with pytest.raises(DocumentErrors) as refused:
        ideabank.parse(broken, path="mot.md")
    assert [error.line for error in refused.value.errors] == [1, 61, 89]
    assert refused.value.msgid % refused.value.values == "3 things must be put right first."
    assert str(refused.value).count("mot.md, line ") == 3
    assert isinstance(refused.value, Refused)


def test_an_identity_number_is_refused_in_every_text_and_never_repeated() -> None:
    for old in ("Elevene øver på å være modige.", "En bok om mot.", "Alle står i ring.", "Vær med.", "Snakk med læreren."):
        told = faults(THEME.replace(old, "Hei 13097248022."))
        assert any("national identity number" in one for one in told), old
        assert not any("13097248022" in one for one in told)


def test_a_number_broken_over_two_lines_is_refused_where_the_text_begins() -> None:
    told = faults(THEME.replace("Vær med.", "Hei 130972\n48022."))
    assert [one.split(":")[0] for one in told] == ["line 79"]


def test_an_empty_markdown_file_is_a_theme_without_facts() -> None:
    assert faults("", "tom.md")[0].startswith("tom.md, line 1: The facts of the theme are missing.")


def test_headings_within_code_and_within_sections_are_left_alone() -> None:
    body = "Finn fram:\n\n### Utstyr\n\n```\n## Ikke en del {#nei}\n```\n\n~~~ python\n``` \n~~~\n\n#### Mer\n\n`<b>` er kode."
    document = ideabank.parse(THEME.replace("Finn fram kortene.", body))
    assert isinstance(document, ThemeDocument)
    assert document.sections["preparation"] == body.replace("``` \n", "```\n")


def test_names_are_given_where_they_are_missing_and_are_the_same_every_time() -> None:
    bare = (
        THEME.replace("{#modig-lek minutes", "{minutes")
        .replace(" {#p1}", "")
        .replace(" {#p5}", "")
        .replace("step=modig-lek", "step=modig-eller-dum")
    )
    bare = bare.replace("Gjør noe litt skummelt sammen.", "Gjør noe.\n\nGjør noe.")
    first, second = ideabank.parse(bare), ideabank.parse(bare)
    assert isinstance(first, ThemeDocument)
    assert first == second
    assert first.steps[1].uid == "modig-eller-dum"
    names = [block.uid for block in first.blocks()]
    assert len(set(names)) == len(names)
    assert names[0].startswith("p-")
    assert first.parents["try"][1].uid == f"{first.parents['try'][0].uid}-2"


def test_a_title_without_latin_letters_still_gives_a_name() -> None:
    document = ideabank.parse(THEME.replace("### Ekstra {#ekstra ", "### دوستی {"))
    assert isinstance(document, ThemeDocument)
    assert document.steps[2].uid == "del"


def test_paragraphs_and_items_may_run_over_several_lines() -> None:
    document = ideabank.parse(THEME.replace("Gjør noe litt skummelt sammen. {#p5}", "Gjør noe\nsammen {#p5}\n- og et\n  punkt\n* til"))
    assert isinstance(document, ThemeDocument)
    assert [(block.kind, block.markdown) for block in document.parents["try"]] == [
        ("p", "Gjør noe\nsammen"),
        ("li", "og et\npunkt"),
        ("li", "til"),
    ]


def test_what_is_said_may_be_left_open() -> None:
    document = ideabank.parse(THEME.replace("Sitt ned.", ""))
    assert isinstance(document, ThemeDocument)
    assert (document.steps[0].small, document.steps[0].small_heading) == ("", "Liten gruppe")


def test_a_sentence_without_words_is_no_sentence() -> None:
    document = ideabank.parse(THEME.replace("Gjør noe litt skummelt sammen. {#p5}", "{#p5}"))
    assert isinstance(document, ThemeDocument)
    assert document.parents["try"] == ()


def test_a_theme_for_staff_needs_less() -> None:
    text = THEME.replace('audience = "pupils"', 'audience = "staff"').replace('"modig", "redd", "trygg"', "")
    assert faults(text.split("## Refleksjon")[0]) == []


@pytest.mark.slow
def test_every_shipped_document_is_read_and_is_in_its_canonical_form() -> None:
    files = [file for file in CONTENT.rglob("*") if file.suffix in (".md", ".toml") and file.name not in ("README.md", "goals.toml")]
    for file in files:
        if file.parent.name != "calendars":
            text = file.read_text(encoding="utf-8")
            assert ideabank.write(ideabank.parse(text, path=file.name)) == text


def test_a_link_or_an_image_that_readers_would_not_get_is_told_at_its_line() -> None:
    text = THEME.replace("- si nei\n", "- si [nei](javascript:alert)\n- ![x](//example.org/x.png)\n")
    line = text[: text.index("javascript")].count("\n") + 1
    reading = ideabank.read(text)
    assert reading.document is not None
    assert [(error.line, str(error.problem) % error.values, error.at) for error in reading.problems] == [
        (line, "The link “javascript:alert” is not shown.", "purpose"),
        (line + 1, "The image “//example.org/x.png” is not shown.", "purpose"),
    ]
    with pytest.raises(DocumentErrors):
        ideabank.parse(text)


@pytest.mark.parametrize(
    ("audience", "sections"),
    [
        ("staff", {"purpose", "steps"}),
        ("pupils", {*ideabank.SECTIONS, "parents.sentence", "parents.ask", "parents.did"}),
    ],
)
def test_a_theme_for_pupils_needs_more_before_it_is_published_than_one_for_staff(audience: str, sections: set[str]) -> None:
    assert ideabank.needed(replace(theme(), audience=audience)) == sections


def test_minutes_that_are_no_number_are_told_once_and_not_counted_with() -> None:
    told = [str(problem) for problem in ideabank.read(THEME.replace("core_minutes = 45", 'core_minutes = "45"'), "x.md").problems]
    assert told == ["x.md, line 7: core_minutes is not a number that can be used. Write a whole number from 1 to 45, without quotes."]
