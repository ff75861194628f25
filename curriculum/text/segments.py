"""Texts in pieces that a translator meets one by one, and the way back: translated words in the source's own markup."""

from __future__ import annotations

import copy
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import groupby

from markdown_it.token import Token

from curriculum.base import N_, Refused
from curriculum.text.languages import LANGUAGES
from curriculum.text.markdown import parse_inline, text_token, words_of
from curriculum.text.rendering import MEMORY, SOURCE_LANGUAGE, clean, directed, render_inline
from curriculum.text.safe import SafeHtml

_PLACEHOLDER = re.compile(r"<(/?)([1-9][0-9]{0,3})(/?)>")
_LOOKALIKE = re.compile(r"<(?=/?[1-9][0-9]{0,3}/?>)")
_ENTITY = re.compile(r"&(lt|amp);")
_ENTITY_START = re.compile(r"&(?=(?:lt|amp);)")


@dataclass(frozen=True)
class Block:
    """One paragraph ("p"), list item ("li", without its marker), title, word, meaning or line to say; `step` is the step it tells about."""

    uid: str
    section: str
    kind: str
    markdown: str
    step: str | None = None


@dataclass(frozen=True)
class Segment:
    """What a translator translates: words with `<1>…</1>` and `<2/>` where the source has markup."""

    uid: str
    section: str
    kind: str
    text: str
    hash: str
    step: str | None


def segments(blocks: Iterable[Block]) -> list[Segment]:
    """One segment for each block that holds a letter or a digit."""
    made = (_segment(block) for block in blocks)
    return [segment for segment in made if re.search(r"\w", _PLACEHOLDER.sub("", segment.text))]


def _segment(block: Block) -> Segment:
    text = encode(parse_inline(block.markdown)).text
    return Segment(block.uid, block.section, block.kind, text, segment_hash(block.section, block.kind, text), block.step)


def segment_hash(section: str, kind: str, text: str) -> str:
    """16 hexadecimal digits that stay when lines are wrapped anew or a link's target changes, and change with any word or number."""
    words = " ".join(unicodedata.normalize("NFC", text).split())
    return hashlib.sha256("\x1f".join([section, kind, words]).encode("utf-8", "surrogatepass")).hexdigest()[:16]


# From markup to placeholders


@dataclass
class _Mark:
    """The source's tokens behind one placeholder; `after` is None when it stands alone."""

    before: list[Token]
    after: list[Token] | None = None


@dataclass
class Encoded:
    """A block's text with placeholders, and the tokens behind each."""

    text: str = ""
    marks: dict[int, _Mark] = field(default_factory=dict)


def encode(children: Sequence[Token]) -> Encoded:
    """Inline tokens as text with numbered placeholders. Automatic links and code stand alone: nobody translates them."""
    encoded, opened = Encoded(), list[int]()
    rest = iter(children)
    parts, literal = list[str](), ""
    for token in rest:
        if token.type in ("text", "softbreak"):
            literal += (
                " " if token.type == "softbreak" else token.content
            )  # escaped when whole: a placeholder's look-alike may be spread over several tokens
        else:
            parts += [_escape(literal), _place(token, rest, encoded, opened)]
            literal = ""
    encoded.text = re.sub(r"[ \t\n]+", " ", "".join([*parts, _escape(literal)])).strip()
    return encoded


def _place(token: Token, rest: Iterator[Token], encoded: Encoded, opened: list[int]) -> str:
    if token.nesting == -1:
        number = opened.pop()
        encoded.marks[number].after = [token]
        return f"</{number}>"
    number = len(encoded.marks) + 1
    mark = encoded.marks[number] = _mark(token, rest)
    if mark.after is not None:
        return f"<{number}>{_escape(token.content)}</{number}>"
    if token.nesting == 0 or len(mark.before) > 1:
        return f"<{number}/>"
    opened.append(number)
    return f"<{number}>"


def _mark(token: Token, rest: Iterator[Token]) -> _Mark:
    if token.type == "image" and token.content:
        return _Mark([token], [])
    if token.type == "link_open" and token.info == "auto":
        return _Mark([token, next(rest), next(rest)])
    return _Mark([token])


def _escape(literal: str) -> str:
    """Only what would read as a placeholder or as an escape is escaped, so that translators see the text as it is."""
    return _LOOKALIKE.sub("&lt;", _ENTITY_START.sub("&amp;", literal))


def _unescape(text: str) -> str:
    return _ENTITY.sub(lambda match: "<" if match.group(1) == "lt" else "&", text)


# From placeholders to markup


def check_placeholders(source_text: str, translated: str) -> None:
    """Raise Refused unless the translation has each placeholder of the source once, of the same kind and inside the same one."""
    wanted, found = _places(source_text), _places(translated)
    for number, place in found.items():
        _refuse_other(number, place, wanted.get(number))
    for number, place in wanted.items():
        if number not in found:
            raise Refused(N_("The translation lacks %(mark)s."), mark=_shown(number, place))


@dataclass(frozen=True)
class _Place:
    alone: bool
    inside: int


def _shown(number: int, place: _Place) -> str:
    return f"<{number}/>" if place.alone else f"<{number}>…</{number}>"


def _refuse_other(number: int, place: _Place, wanted: _Place | None) -> None:
    if wanted is None:
        raise Refused(N_("%(mark)s is not in the source text."), mark=_shown(number, place))
    if place.alone != wanted.alone:
        raise Refused(N_("Write %(wanted)s, not %(mark)s."), wanted=_shown(number, wanted), mark=_shown(number, place))
    if place.inside != wanted.inside:
        raise Refused(N_("%(mark)s may not be moved into or out of another mark."), mark=_shown(number, place))


def _places(text: str) -> dict[int, _Place]:
    """Every placeholder with its kind and the one around it (0 for none)."""
    places: dict[int, _Place] = {}
    opened: list[int] = []
    for match in _PLACEHOLDER.finditer(text):
        closes, number, alone = match.group(1) == "/", int(match.group(2)), match.group(3) == "/"
        if closes:
            _close(opened, number, match)
        elif number in places:
            raise Refused(N_("%(mark)s stands twice."), mark=match.group())
        else:
            places[number] = _Place(alone, opened[-1] if opened else 0)
            opened += [] if alone else [number]
    if opened:
        raise Refused(N_("%(mark)s is never closed."), mark=f"<{opened[-1]}>")
    return places


def _close(opened: list[int], number: int, match: re.Match[str]) -> None:
    if match.group(3) or number not in opened:
        raise Refused(N_("%(mark)s closes nothing."), mark=match.group())
    if opened.pop() != number:
        raise Refused(N_("%(mark)s crosses another mark. Close the inner one first."), mark=match.group())


def decode(source: Encoded, translated: str) -> list[Token]:
    """Inline tokens with the translation's words in the source's markup. Raises Refused as `check_placeholders` does."""
    check_placeholders(source.text, translated)
    levels: list[list[Token]] = [[]]
    end = 0
    for match in _PLACEHOLDER.finditer(translated):
        levels[-1] += _literal(translated[end : match.start()])
        end = match.end()
        mark = source.marks[int(match.group(2))]
        if match.group(1):
            inner = levels.pop()
            levels[-1] += _wrapped(mark, inner)
        elif match.group(3):
            levels[-1] += copy.deepcopy(mark.before)
        else:
            levels.append([])
    return levels[-1] + _literal(translated[end:])


def _literal(text: str) -> list[Token]:
    return [text_token(_unescape(text))] if text else []


def _wrapped(mark: _Mark, inner: list[Token]) -> list[Token]:
    before = copy.deepcopy(mark.before)
    if before[0].type == "image":
        before[0].children = [text_token(words_of(inner))]
        return before
    return [*before, *inner, *copy.deepcopy(mark.after or [])]


# Whole sections


def render_blocks(
    blocks: Iterable[Block],
    translations: Mapping[str, str],
    *,
    lang: str,
    skip_steps: AbstractSet[str] = frozenset(),
    source_lang: str = SOURCE_LANGUAGE,
) -> SafeHtml:
    """Sections as HTML in `lang`: translated words by uid in the source's markup; blocks about `skip_steps` are left out.

    A section that lacks a needed translation is shown wholly in the source language and marked so: nobody reads one section in two
    languages. List items in a row form one list. Raises Refused for placeholders that do not fit and for the limits of `render`.
    """
    shown = tuple(block for block in blocks if block.step is None or block.step not in skip_steps)
    used = tuple((block.uid, translations[block.uid]) for block in shown if block.uid in translations)
    key = ("blocks", shown, used, lang, source_lang)
    return MEMORY.recall(key, lambda: clean("".join(_rendered(shown, dict(used), lang, source_lang))))


def _rendered(blocks: Sequence[Block], translations: Mapping[str, str], lang: str, source_lang: str) -> Iterator[str]:
    lacking = {segment.section for segment in segments(blocks) if segment.uid not in translations} if lang != source_lang else set()
    for (section, is_item), group in groupby(blocks, key=lambda block: (block.section, block.kind == "li")):
        language = source_lang if section in lacking else lang
        marks = "" if language == lang else f' lang="{language}" dir="{LANGUAGES[language].direction}"'
        elements = [_element(block, translations if language == lang else {}, language, source_lang, marks) for block in group]
        yield "<ul>\n" + "".join(elements) + "</ul>\n" if is_item else "".join(elements)


def _element(block: Block, translations: Mapping[str, str], lang: str, source_lang: str, marks: str) -> str:
    children = parse_inline(block.markdown)
    if block.uid in translations:
        children = decode(encode(children), translations[block.uid])
    tag = "li" if block.kind == "li" else "p"
    return f"<{tag}{marks}>{render_inline(directed(children, lang, source_lang))}</{tag}>\n"
