"""Markdown becomes HTML that can harm nobody, within limits."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curriculum.base import Refused
from curriculum.text import RENDERER_VERSION, SafeHtml, plain, render
from curriculum.text.addresses import LONGEST, is_safe
from curriculum.text.safe import Memory

HOSTILE = [
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](javascript:123)",
    "[a](<javascript:alert(1)>)",
    "[a](< javascript:alert(1)>)",
    "[a](java\tscript:alert(1))",
    "[a](<java\tscript:alert(1)>)",
    "[a](<java\nscript:alert(1)>)",
    "[a](java&Tab;script:alert(1))",
    "[a](java&NewLine;script:alert(1))",
    "[a](java&#x0A;script:alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a](&#x6A&#x61&#x76&#x61script:alert(1))",
    "[a](javascript&colon;alert(1))",
    "[a](javascript&#58;alert(1))",
    "[a](\\javascript:alert(1))",
    "[a](\x01javascript:alert(1))",
    "[a](\u00a0javascript:alert(1))",
    "[a](%6Aavascript:alert(1))",
    "[a](vbscript:x)",
    "[a](livescript:x)",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "[a](data:image/svg+xml,<svg/onload=alert(1)>)",
    "[a](file:///etc/passwd)",
    "[a](blob:https://x)",
    "[a](//evil.example)",
    "[a](/\\evil.example)",
    "[a](/&Tab;/evil.example)",
    "[a](\\\\evil.example)",
    "[a](https:evil.example)",
    "[a](https:///evil.example)",
    "[a](https://oslo.example@evil.example/)",
    "[a](http:\\\\evil.example)",
    "[a](relative/path)",
    "[a]()",
    "[a](?q=1)",
    "[a](tel:javascript)",
    "[a](mailto:javascript)",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "<script:alert(1)>",
    "[a][r]\n\n[r]: javascript:alert(1)",
    "[a][r]\n\n[r]: <java\tscript:alert(1)>",
    "[r]\n\n[r]: data:text/html,x 'title'",
    "![a](javascript:alert(1))",
    "![a](data:image/png;base64,AAAA)",
    "![a](https://elsewhere.example/a.png)",
    "![a](//elsewhere.example/a.png)",
    "![a][r]\n\n[r]: https://elsewhere.example/a.png",
    "![a](#x)",
    "[![a](javascript:1)](javascript:2)",
    "[[a](javascript:1)](javascript:2)",
    '[a](javascript:1 "onmouseover=alert(1)")',
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><a xlink:href='javascript:1'>a</a></svg>",
    "<iframe src=//evil.example>",
    "<style>*{display:none}</style>",
    "<p style=x class=y onclick=z>a</p>",
    "<!-- --><b>a</b>",
    "<?php a ?>",
    "<![CDATA[<b>]]>",
    "<a href='javascript:1'>a</a>",
    "<math><mtext></mtext></math>",
    "a <b onclick=x>b</b>",
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "```<script>\nalert(1)\n```",
    "```js onclick=x\nalert(1)\n```",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;",
    "| a |\n|:-:|\n| <b> |",
]
HARMLESS = {"p", "a", "em", "strong", "code", "pre", "table", "thead", "tbody", "tr", "th", "td"}


class Elements(HTMLParser):
    """The elements and attributes a browser would make."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


@pytest.mark.parametrize("markdown", HOSTILE)
def test_a_hostile_text_gives_no_link_image_or_foreign_element(markdown: str) -> None:
    made = Elements(render(markdown))
    assert set(made.tags) <= HARMLESS - {"a"}
    assert [pair for pair in made.attributes if pair != ("scope", "col")] == []


FRAGMENTS = ["[a](", "![b](", ")", "<", ">", "javascript:", "data:", "https://x.example", "//", "/", "&#106;", "&Tab;", "\t", "\n", "\n\n"]
MORE = [
    "`",
    "*",
    "**",
    "~~",
    "| a |\n|--|\n",
    "# ",
    "> ",
    "- ",
    "[r]",
    "[r]: ",
    '"',
    "'",
    "\\",
    "onload=x",
    "<script>",
    "<svg",
    "mailto:a@b",
    " ",
]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS + MORE), max_size=12).map("".join))
def test_no_mixture_of_fragments_gets_past_the_fences(markdown: str) -> None:
    made = Elements(render(markdown))
    assert {name for name, _ in made.attributes} <= {"href", "rel", "src", "alt", "start", "scope"}
    assert all(is_safe(value or "") for name, value in made.attributes if name in ("href", "src"))
    assert not {"script", "svg", "style", "iframe"} & set(made.tags)


def test_ordinary_text_becomes_ordinary_html() -> None:
    markdown = "Vi **hjelper** *hverandre* ~~ikke~~ `her`.\n\n1. en\n2. to\n\n> sitat\n\n---\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n"
    assert render(markdown) == (
        "<p>Vi <strong>hjelper</strong> <em>hverandre</em> <s>ikke</s> <code>her</code>.</p>\n<ol>\n<li>en</li>\n<li>to</li>\n</ol>\n"
        '<blockquote>\n<p>sitat</p>\n</blockquote>\n<hr>\n<table>\n<thead>\n<tr>\n<th scope="col">a</th>\n<th scope="col">b</th>\n</tr>\n'
        "</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>\n"
    )


@pytest.mark.parametrize(
    ("address", "attributes"),
    [
        ("https://udir.example/lk20?a=1#b", ' rel="noopener noreferrer"'),
        ("http://udir.example:8080", ' rel="noopener noreferrer"'),
        ("HTTPS://blåbær.example/ø", ' rel="noopener noreferrer"'),
        ("/idebank/vennskap", ""),
        ("/", ""),
        ("#steps", ""),
        ("mailto:post@skole.example", ""),
        ("tel:+4722334455", ""),
    ],
)
def test_links_we_allow_stay_and_only_those_that_leave_us_say_so(address: str, attributes: str) -> None:
    html = render(f'[her]({address} "tittel")')
    assert html.startswith('<p><a href="')
    assert html.endswith(f'"{attributes}>her</a></p>\n')


def test_an_image_of_our_own_stays_and_one_from_elsewhere_becomes_its_words() -> None:
    assert render("![To barn](/bilder/a.png 'x')") == '<p><img src="/bilder/a.png" alt="To barn"></p>\n'
    assert render("Se ![to *barn*\nler](https://elsewhere.example/a.png)!") == "<p>Se to barn ler!</p>\n"


def test_a_refused_link_keeps_its_words() -> None:
    assert render("[les *mer*](javascript:1)") == "<p>les <em>mer</em></p>\n"
    assert not is_safe("/" + "a" * LONGEST)


def test_headings_start_at_the_level_the_page_gives_and_never_pass_six() -> None:
    assert render("# a\n\n###### b") == "<h3>a</h3>\n<h6>b</h6>\n"
    assert render("# a\n\n## b", heading_level=2) == "<h2>a</h2>\n<h3>b</h3>\n"


def test_numbers_and_norwegian_words_keep_their_direction_in_urdu() -> None:
    html = render("یہ **venn** ہے: +47 22 33 44 55، 5 `kode`", lang="ur")
    assert html == (
        '<p>یہ <strong><bdi dir="ltr" lang="nb">venn</bdi></strong> ہے: '
        '<bdi dir="ltr">+47 22 33 44 55</bdi>، 5 <code dir="ltr">kode</code></p>\n'
    )


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("a" * 50_001, "The text has 50001 characters. At most 50000 fit; divide it."),
        ("|a" * 21 + "\n" + "|-" * 21, "A table has more than 20 columns. Divide it into several tables."),
        (">" * 17 + "a", "Lists, quotes or emphasis are nested more than 16 deep. Make the text simpler."),
        ("**a " * 30 + "a** " * 30, "Lists, quotes or emphasis are nested more than 16 deep. Make the text simpler."),
    ],
)
def test_a_text_beyond_the_limits_is_refused_in_words(markdown: str, words: str) -> None:
    with pytest.raises(Refused) as refusal:
        render(markdown)
    assert str(refusal.value) == words


def test_a_short_text_that_becomes_very_long_html_is_refused() -> None:
    with pytest.raises(Refused, match="too long when it is shown"):
        render('"' * 50_000)


def test_twenty_columns_fit() -> None:
    assert render("|a" * 20 + "\n" + "|-" * 20).count("<th ") == 20


def test_the_same_text_is_rendered_once_and_options_are_told_apart() -> None:
    assert render("# Samme") is render("# Samme")
    assert render("# Samme") != render("# Samme", heading_level=2)
    assert RENDERER_VERSION >= 1


def test_many_readers_at_once_get_the_same_page() -> None:
    texts = [f"**{number}** og [lenke](/{number})" for number in range(20)] * 4
    with ThreadPoolExecutor(8) as readers:
        pages = list(readers.map(lambda text: render(text), texts))
    assert pages == [render(text) for text in texts]


def test_the_memory_forgets_what_was_not_asked_for_longest() -> None:
    memory = Memory(10)
    for key in ("a", "b"):
        memory.recall(key, lambda: SafeHtml("12345"))
    memory.recall("a", lambda: SafeHtml("never made"))
    memory.recall("c", lambda: SafeHtml("12345"))
    assert (len(memory), memory.size) == (2, 10)
    assert memory.recall("a", lambda: SafeHtml("made anew")) == "12345"
    assert memory.recall("b", lambda: SafeHtml("anew!")) == "anew!"


def test_templates_show_safe_html_as_it_is_and_anything_joined_to_it_escaped() -> None:
    html = render("a & b")
    assert html.__html__() == "<p>a &amp; b</p>\n"
    assert not hasattr(html + "<script>", "__html__")


def test_plain_text_has_one_line_for_each_block() -> None:
    markdown = (
        "# Ring\n\nVi *sitter*\ni [ring](/a).  \nAlle `ser` ![barn](/b.png)\n\n- en\n- to\n\n"
        "| a | b |\n|---|---|\n| 1 | |\n\n```\nkode\n```\n\n    mer\n\n---\n"
    )
    assert plain(markdown) == "Ring\nVi sitter i ring. Alle ser barn\nen\nto\na\nb\n1\nkode\nmer"
