"""How Markdown is read: CommonMark with tables and strikethrough, no HTML, and only addresses that `addresses` allows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from curriculum.base import N_, Refused
from curriculum.text import addresses

MOST_CHARACTERS = 50_000
MOST_COLUMNS = 20
LOST = "lost"
DEEPEST = 16  # the parser drops text in silence from 20 on


def words_of(tokens: Iterable[Token] | None) -> str:
    """The words of inline tokens, without markup; an image gives its alternative text, a line break a space."""
    return "".join(_word(token) for token in tokens or ())


def _word(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return words_of(token.children) if token.type == "image" else token.content


def text_token(content: str) -> Token:
    """A token of plain text."""
    return Token("text", "", 0, content=content)


@dataclass(frozen=True)
class Lost:
    """A link or an image that is not shown for its address's sake; `line` counts from the text's first, which is 1."""

    line: int
    is_image: bool
    address: str


def _judge(children: Iterable[Token], line: int, lost: list[Lost]) -> Iterator[Token]:
    """Inline tokens without the links and images whose address is not allowed: their words stay, and `lost` takes them in."""
    kept: list[bool] = []
    for token in children:
        line += token.type in ("softbreak", "hardbreak")
        address = str(token.attrGet("href") or token.attrGet("src") or "")
        if token.type == "link_open":
            kept.append(addresses.is_safe(address))
            if kept[-1]:
                yield _link(token)
            else:
                lost.append(Lost(line, False, address))
        elif token.type == "link_close":
            if kept.pop():
                yield token
        elif token.type == "image":
            if not addresses.is_own(address):
                lost.append(Lost(line, True, address))
            yield _image(token)
        else:
            yield token


def _link(token: Token) -> Token:
    href = str(token.attrGet("href"))
    token.attrs = {"href": href}
    if addresses.is_external(href):
        token.attrs["rel"] = "noopener noreferrer"
    return token


def _image(token: Token) -> Token:
    source, alternative = str(token.attrGet("src") or ""), words_of(token.children)
    if not addresses.is_own(source):
        return text_token(alternative)
    token.attrs, token.content, token.children = {"src": source, "alt": ""}, alternative, [text_token(alternative)]
    return token


def _judge_addresses(state: StateCore) -> None:
    for token in state.tokens:
        if token.children:
            line = token.map[0] + 1 if token.map else 1
            token.children = list(_judge(token.children, line, state.env.setdefault(LOST, [])))


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    reader.validateLink = lambda url: True  # type: ignore[method-assign]  # judged above, so that a refused link keeps its words
    reader.core.ruler.push("addresses", _judge_addresses)
    return reader


READER = _reader()


def lost_addresses(markdown: str) -> list[Lost]:
    """The links and images of a text that readers will not get. Raises Refused like `parse`."""
    _refuse_long(markdown)
    kept: dict[str, list[Lost]] = {}
    READER.parse(markdown, kept)
    return kept.get(LOST, [])


def parse(markdown: str) -> list[Token]:
    """Block tokens of a text.

    Raises Refused when it is longer than 50,000 characters, or has a table over 20 columns or anything nested deeper than 16.
    """
    _refuse_long(markdown)
    tokens = READER.parse(markdown)
    _refuse_wide(tokens)
    _refuse_deep(tokens)
    return tokens


def parse_inline(markdown: str) -> list[Token]:
    """Inline tokens of one paragraph or list item, whatever its first characters. Raises Refused like `parse`."""
    _refuse_long(markdown)
    [token] = READER.parseInline(markdown.strip())
    _refuse_deep([token])
    return token.children or []


def _refuse_long(markdown: str) -> None:
    if len(markdown) > MOST_CHARACTERS:
        raise Refused(
            N_("The text has %(length)s characters. At most %(limit)s fit; divide it."), length=len(markdown), limit=MOST_CHARACTERS
        )


def _refuse_wide(tokens: Iterable[Token]) -> None:
    columns = 0
    for token in tokens:
        columns = 0 if token.type == "tr_open" else columns + (token.type == "th_open")
        if columns > MOST_COLUMNS:
            raise Refused(N_("A table has more than %(limit)s columns. Divide it into several tables."), limit=MOST_COLUMNS)


def _refuse_deep(tokens: Iterable[Token]) -> None:
    depth = 0
    for token in tokens:
        depth += token.nesting
        if depth > DEEPEST:
            raise Refused(N_("Lists, quotes or emphasis are nested more than %(limit)s deep. Make the text simpler."), limit=DEEPEST)
        _refuse_deep(token.children or ())
