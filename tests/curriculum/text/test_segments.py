"""Texts go to translators in pieces and come back with nothing added and nothing lost."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curriculum.base import Refused
from curriculum.text import Block, Segment, check_placeholders, render, render_blocks, segment_hash, segments

PROPERTY = settings(max_examples=20, deadline=None)

WORD = st.text("abcæøå129", min_size=1, max_size=6)
PIECE = st.one_of(
    WORD,
    WORD.map(lambda w: f"**{w}**"),
    WORD.map(lambda w: f"*{w} **{w}** {w}*"),
    WORD.map(lambda w: f"~~{w}~~"),
    WORD.map(lambda w: f"`{w} <1>`"),
    WORD.map(lambda w: f"[{w}](/{w})"),
    WORD.map(lambda w: f"[*{w}*](https://x.example/{w})"),
    WORD.map(lambda w: f"[{w}](javascript:{w})"),
    WORD.map(lambda w: f"![{w} & *{w}*](/{w}.png)"),
    WORD.map(lambda w: f"[![](/{w}.png)](/{w})"),
    WORD.map(lambda w: f"{w}\\\n{w}"),
    st.sampled_from(
        ["<https://x.example>", r"\<1>", "<2/>", "&lt;3>", "&amp;lt;", "&amp;", "&", "<b>", "</1>", "**", "\\*", "![z](https://x/y)"]
    ),
)


@st.composite
def paragraphs(draw: st.DrawFn) -> str:
    text = draw(WORD)
    for piece in draw(st.lists(PIECE, max_size=6)):
        text += draw(st.sampled_from([" ", "\n"])) + piece
    return text


def as_blocks(items: list[tuple[str, str]]) -> list[Block]:
    return [Block(f"u{number}", "try", kind, text) for number, (kind, text) in enumerate(items)]


def as_markdown(items: list[tuple[str, str]]) -> str:
    """The blocks as they stand in a document: list items in a row are one tight list."""
    document, before = "", ""
    for kind, text in items:
        document += ("\n" if "li" == before == kind else "\n\n") + (text if kind == "p" else "- " + text.replace("\n", "\n  "))
        before = kind
    return document


def squeezed(html: str) -> str:
    return re.sub(r"\s+", " ", html)


ITEMS = st.lists(st.tuples(st.sampled_from(["p", "li"]), paragraphs()), max_size=4)


@PROPERTY
@given(ITEMS)
def test_untranslated_blocks_render_exactly_as_their_document(items: list[tuple[str, str]]) -> None:
    assert render_blocks(as_blocks(items), {}, lang="nb") == render(as_markdown(items))


@PROPERTY
@given(ITEMS)
def test_the_source_as_its_own_translation_renders_as_the_source(items: list[tuple[str, str]]) -> None:
    blocks = as_blocks(items)
    itself = {segment.uid: segment.text for segment in segments(blocks)}
    assert squeezed(render_blocks(blocks, itself, lang="en")) == squeezed(render_blocks(blocks, {}, lang="nb"))


class Skeleton(HTMLParser):
    """Elements and attributes in their order, without the words (an image's words are its alt) and our own direction marks."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.feed(html)
        self.elements.sort(key=str)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = [(name, value) for name, value in attrs if name not in ("alt", "dir")]
        if tag != "bdi":
            self.elements.append((tag, kept))


ELEMENTS = ["<script>x</script>", "<b>", "<https://evil.example>", "&lt;i&gt;", "&amp;lt;b>", "&#60;b&#62;", "<01>", "< 1>", "<1 />", "<۱>"]
MARKDOWN = ["[a](https://evil.example)", "![x](/y.png)", "**a**", "`", "](", "\n\n# a\n\n", "\n- a\n", "javascript:"]
OTHER = ['"', "onload=x", "' x='", "اردو", "5 6"]
HOSTILE = st.lists(st.sampled_from([*ELEMENTS, *MARKDOWN, *OTHER]), max_size=4).map("".join)


@PROPERTY
@given(paragraphs(), st.data(), st.sampled_from(["en", "ur"]))
def test_a_hostile_translation_adds_no_element_attribute_or_link(markdown: str, data: st.DataObject, lang: str) -> None:
    block = Block("u", "try", "p", markdown)
    [segment] = segments([block])
    parts = re.split(r"(</?[1-9][0-9]*/?>)", segment.text)
    hostile = "".join(part if number % 2 else data.draw(HOSTILE) for number, part in enumerate(parts))
    source = Skeleton(render_blocks([block], {}, lang="nb"))
    assert Skeleton(render_blocks([block], {"u": hostile}, lang=lang)).elements == source.elements


@PROPERTY
@given(st.lists(WORD, min_size=1, max_size=8), st.data())
def test_lines_broken_anew_and_another_link_target_leave_the_hash(words: list[str], data: st.DataObject) -> None:
    gaps = [data.draw(st.sampled_from([" ", "\n", "  ", " \n "])) for _ in words]
    written = "".join(word + gap for word, gap in zip(words, gaps, strict=True)) + "[her](https://a.example) og <https://a.example>"
    [first] = segments([Block("u", "try", "p", " ".join(words) + " [her](/b) og <https://b.example/c>")])
    [again] = segments([Block("v", "try", "p", written)])
    assert again.hash == first.hash


@PROPERTY
@given(st.lists(WORD, min_size=1, max_size=6), st.lists(WORD, min_size=1, max_size=6))
def test_any_change_of_words_or_numbers_changes_the_hash(words: list[str], others: list[str]) -> None:
    assert (segment_hash("try", "p", " ".join(words)) == segment_hash("try", "p", " ".join(others))) == (words == others)


def test_section_and_kind_count_in_the_hash_and_uid_does_not() -> None:
    hashes = {segment_hash(section, kind, "Vi lytter.") for section in ("try", "did") for kind in ("p", "li")}
    assert len(hashes) == 4
    assert segment_hash("term", "word", "venn") == "474ed62b00dfedd8"


def test_a_segment_shows_markup_as_numbered_marks() -> None:
    block = Block("p1", "did", "li", "Vi **lyttet** til *[en\nvenn](/v)* ![to barn](/b.png)\\\nmed `kode` <https://x.example>", step="ring")
    [segment] = segments([block])
    text = "Vi <1>lyttet</1> til <2><3>en venn</3></2> <4>to barn</4><5/>med <6/> <7/>"
    assert segment == Segment("p1", "did", "li", text, segment_hash("did", "li", text), "ring")


def test_only_what_looks_like_a_mark_is_escaped() -> None:
    texts = [segment.text for segment in segments([Block("u", "s", "p", r"mat & drikke, 3 < 5, \<1>, &amp;lt;2/>, \<1\>")])]
    assert texts == ["mat & drikke, 3 < 5, &lt;1>, &amp;lt;2/>, &lt;1>"]


def test_a_block_without_words_needs_no_translation() -> None:
    blocks = [Block("u", "s", "p", "![](/a.png)"), Block("v", "s", "p", "…"), Block("w", "s", "p", "")]
    assert segments(blocks) == []
    assert render_blocks(blocks, {}, lang="so") == '<p><img src="/a.png" alt=""></p>\n<p>…</p>\n<p></p>\n'


@pytest.mark.parametrize(
    ("translated", "words"),
    [
        ("a <1>b</1>", "The translation lacks <2/>."),
        ("a <2/>", "The translation lacks <1>…</1>."),
        ("<1>b</1> <2/> <3/>", "<3/> is not in the source text."),
        ("<1>b</1> <2/> <3>x</3>", "<3>…</3> is not in the source text."),
        ("<1>b <2/>", "<1> is never closed."),
        ("b</1> <2/>", "</1> closes nothing."),
        ("<1>b</1/> <2/>", "</1/> closes nothing."),
        ("<1>b</1> <1>c</1> <2/>", "<1> stands twice."),
        ("<1>b</1> <2/> <2/>", "<2/> stands twice."),
        ("<1>b</1></1> <2/>", "</1> closes nothing."),
        ("<1/> <2/>", "Write <1>…</1>, not <1/>."),
        ("<1>b</1> <2>c</2>", "Write <2/>, not <2>…</2>."),
        ("<1>b <2/></1>", "<2/> may not be moved into or out of another mark."),
        ("<1>b <3>c</1> d</3>", "</1> crosses another mark. Close the inner one first."),
        ("<01>b</01> <2/>", "The translation lacks <1>…</1>."),
    ],
)
def test_a_translation_with_other_marks_than_the_source_is_refused_in_words(translated: str, words: str) -> None:
    with pytest.raises(Refused) as refusal:
        check_placeholders("a <1>b</1> <2/>", translated)
    assert str(refusal.value) == words


def test_marks_may_change_places_beside_each_other() -> None:
    check_placeholders("a <1>b</1> <2><3/></2>", "<2>x<3/></2> og <1>y</1>")


def test_a_translation_that_does_not_fit_is_never_shown() -> None:
    with pytest.raises(Refused, match="lacks"):
        render_blocks([Block("u", "s", "p", "**a**")], {"u": "b"}, lang="so")


DID = [
    Block("s1", "sentence", "p", "Denne uka øver vi på **vennskap**."),
    Block("d1", "did", "li", "Vi satt i ring.", step="ring"),
    Block("d2", "did", "li", "Vi lekte.", step="lek"),
    Block("t1", "try", "p", "Spør [her](/her)."),
    Block("t2", "try", "li", "Ring 22 33 44 55."),
]
SOMALI = {"s1": "Toddobaadkan <1>saaxiibtinimo</1>.", "d1": "Goobo.", "d2": "Ciyaar.", "t1": "<1>Halkan</1>.", "t2": "Wac 22 33 44 55."}


def test_translated_words_stand_in_the_markup_of_the_source() -> None:
    assert render_blocks(DID, SOMALI, lang="so") == (
        "<p>Toddobaadkan <strong>saaxiibtinimo</strong>.</p>\n<ul>\n<li>Goobo.</li>\n<li>Ciyaar.</li>\n</ul>\n"
        '<p><a href="/her">Halkan</a>.</p>\n<ul>\n<li>Wac 22 33 44 55.</li>\n</ul>\n'
    )


def test_what_was_skipped_in_the_lesson_is_left_out_and_with_it_an_empty_list() -> None:
    assert "Ciyaar" not in render_blocks(DID, SOMALI, lang="so", skip_steps={"lek"})
    assert render_blocks(DID[1:3], SOMALI, lang="so", skip_steps={"lek", "ring"}) == ""


def test_a_section_that_lacks_a_translation_is_wholly_norwegian_and_marked() -> None:
    lacking = {uid: text for uid, text in SOMALI.items() if uid != "d2"}
    assert render_blocks(DID[:4], lacking, lang="so") == (
        "<p>Toddobaadkan <strong>saaxiibtinimo</strong>.</p>\n"
        '<ul>\n<li lang="nb" dir="ltr">Vi satt i ring.</li>\n<li lang="nb" dir="ltr">Vi lekte.</li>\n</ul>\n'
        '<p><a href="/her">Halkan</a>.</p>\n'
    )
    assert "Vi satt" not in render_blocks(DID, lacking, lang="so", skip_steps={"lek"})


def test_a_district_that_writes_nynorsk_marks_its_own_language() -> None:
    block = Block("u", "s", "p", "Vi leikar.")
    assert render_blocks([block], {}, lang="ur", source_lang="nn") == '<p lang="nn" dir="ltr">Vi leikar.</p>\n'
    assert render_blocks([block], {}, lang="nn", source_lang="nn") == "<p>Vi leikar.</p>\n"
    assert render_blocks([block], {"u": "ہم leik"}, lang="ur", source_lang="nn") == '<p>ہم <bdi dir="ltr" lang="nn">leik</bdi></p>\n'


def test_a_corrected_norwegian_text_can_be_shown_in_norwegian() -> None:
    assert render_blocks([Block("u", "s", "p", "**a** b")], {"u": "<1>c</1>"}, lang="nb") == "<p><strong>c</strong></p>\n"


def test_the_words_of_an_image_are_translated_and_marks_in_them_lost_by_nobody() -> None:
    block = Block("u", "s", "p", "Se ![to barn](/b.png)")
    assert (
        render_blocks([block], {"u": 'Eeg <1>laba "carruur"</1>'}, lang="so")
        == '<p>Eeg <img src="/b.png" alt="laba &quot;carruur&quot;"></p>\n'
    )
