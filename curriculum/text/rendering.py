"""Markdown to safe HTML and to plain text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bleach.sanitizer import Cleaner
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from curriculum.base import N_, Refused
from curriculum.text.isolation import runs
from curriculum.text.languages import LANGUAGES
from curriculum.text.markdown import READER, parse, text_token, words_of
from curriculum.text.safe import Memory, SafeHtml, digest

RENDERER_VERSION = 1
"""Raised whenever the same source would give other HTML; stored HTML of another version is made anew."""

LONGEST_HTML = 300_000
SOURCE_LANGUAGE = "nb"

MEMORY = Memory(8_000_000)

_RENDERER = RendererHTML()

_BLOCKS = {
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "blockquote",
    "pre",
    "hr",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
_TAGS = frozenset(_BLOCKS | {"strong", "em", "s", "a", "img", "code", "br", "bdi"})
_ATTRIBUTES = {
    "a": ["href", "rel"],
    "img": ["src", "alt"],
    "ol": ["start"],
    "th": ["scope"],
    "p": ["lang", "dir"],
    "li": ["lang", "dir"],
    "bdi": ["lang", "dir"],
    "code": ["dir"],
}
_PROTOCOLS = frozenset({"http", "https", "mailto", "tel"})


def render(markdown: str, *, lang: str = SOURCE_LANGUAGE, heading_level: int = 3) -> SafeHtml:
    """A text as safe HTML: no HTML of its own, no style or class, only addresses we allow, images from our own host.

    `heading_level` is the level its `#` gets on the page. In right-to-left languages Latin words and numbers keep their direction.
    Raises Refused for more than 50,000 characters, 20 columns, 16 levels, or a result over 300,000 characters.
    """
    key = ("text", digest(markdown), lang, heading_level)
    return MEMORY.recall(key, lambda: _render(markdown, lang, heading_level))


def _render(markdown: str, lang: str, heading_level: int) -> SafeHtml:
    tokens = parse(markdown)
    for token in tokens:
        _adjust(token, lang, heading_level)
    return clean(_RENDERER.render(tokens, READER.options, {}))


def _adjust(token: Token, lang: str, heading_level: int) -> None:
    if token.type in ("heading_open", "heading_close"):
        token.tag = f"h{min(6, int(token.tag[1]) - 1 + heading_level)}"
    elif token.type == "th_open":
        token.attrs = {"scope": "col"}
    elif token.children:
        token.children = directed(token.children, lang, SOURCE_LANGUAGE)


def render_inline(children: list[Token]) -> str:
    """Inline tokens as HTML; `clean` is still to come."""
    return _RENDERER.renderInline(children, READER.options, {})


def clean(html: str) -> SafeHtml:
    """The second fence: whatever the renderer made, only listed elements and attributes leave. Raises Refused when it is too long."""
    if len(html) > LONGEST_HTML:
        raise Refused(N_("The text becomes too long when it is shown. Make it shorter, or use fewer and smaller tables."))
    cleaner = Cleaner(tags=_TAGS, attributes=_ATTRIBUTES, protocols=_PROTOCOLS, strip=True)  # not made for sharing between threads
    return SafeHtml(cleaner.clean(html))


def directed(children: Iterable[Token], lang: str, source_lang: str) -> list[Token]:
    """Inline tokens with left-to-right runs wrapped when `lang` is written from right to left; Latin words are in `source_lang`."""
    if LANGUAGES[lang].direction == "ltr":
        return list(children)
    return [piece for token in children for piece in _directed(token, source_lang)]


def _directed(token: Token, source_lang: str) -> Iterator[Token]:
    if token.type == "code_inline":
        token.attrs = {"dir": "ltr"}
    if token.type != "text":
        yield token
        return
    for run in runs(token.content):
        if run.apart:
            language = {"lang": source_lang} if run.latin else {}
            yield Token("bdi_open", "bdi", 1, attrs={"dir": "ltr", **language})
        yield text_token(run.text)
        if run.apart:
            yield Token("bdi_close", "bdi", -1)


def plain(markdown: str) -> str:
    """The words of a text, one line for each paragraph, heading, item or cell; for search, messages and readability.

    Raises Refused for the same limits as `render`.
    """
    lines = (_line(token) for token in parse(markdown))
    return "\n".join(line for line in lines if line)


def _line(token: Token) -> str:
    if token.type in ("fence", "code_block"):
        return token.content.strip()
    return words_of(token.children).strip()
