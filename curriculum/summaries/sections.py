"""One section in one language: the ladder from the best translation the district allows down to the source text."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from curriculum import text
from curriculum.base import Refused
from curriculum.ideabank import TextPart
from curriculum.people import District
from curriculum.summaries.choosing import Choice, Offer, allowed_states, choose
from curriculum.summaries.models import CHECKED, DRAFT, TRANSLATED
from curriculum.summaries.parts import text_blocks
from curriculum.summaries.staleness import Change, Place


@dataclass(frozen=True)
class TermCard:
    """A word of “Ord vi bruker”: itself in the source language, its translation (empty in that language), and two sentences."""

    key: str
    word: str
    translation: str
    meaning: text.SafeHtml
    say: text.SafeHtml
    source_meaning: text.SafeHtml
    source_say: text.SafeHtml


@dataclass(frozen=True)
class Section:
    """A section as parents read it, in one language and no other (product rule 6).

    `state` is that of its least finished sentence, None in the source language. `changed_on`: the source has another meaning since that
    day. `is_exempt`: a machine's draft where a human's work is due, shown because the district is the invented one.
    """

    key: str
    lang: str
    is_fallback: bool
    html: text.SafeHtml
    source_html: text.SafeHtml
    title: str = ""
    cards: tuple[TermCard, ...] = ()
    state: str | None = None
    is_machine: bool = False
    is_exempt: bool = False
    changed_on: date | None = None

    @property
    def direction(self) -> text.Direction:
        return text.LANGUAGES[self.lang].direction


@dataclass(frozen=True)
class Shelf:
    """The translations into one language, as loaded, and what is needed to choose among them."""

    district: District
    tag: str
    offers: Mapping[Place, Sequence[Offer]]
    changes: Mapping[Place, Sequence[Change]]

    @property
    def source(self) -> str:
        return self.district.source_language

    def choice(self, document: int, segment: text.Segment, *, needs_human: bool) -> Choice | None:
        """The translation parents read for a segment; None when it is the source they read."""
        place = document, segment.uid
        fitting = [offer for offer in self.offers.get(place, ()) if _fits(offer, segment)]
        states = allowed_states(self.district, needs_human=needs_human)
        return choose(fitting, segment.hash, self.changes.get(place, ()), states)


def _fits(offer: Offer, segment: text.Segment) -> bool:
    """Whether it can be put into today's markup: one made from an earlier source may lack a link that is there now."""
    if offer.source_hash == segment.hash:
        return True
    try:
        text.check_placeholders(segment.text, offer.text)
    except Refused:
        return False
    return True


@dataclass(frozen=True)
class Wording:
    """Which words a section gets: its translations by uid, or none of them when one is missing."""

    lang: str
    choices: Mapping[str, Choice] = field(default_factory=dict)
    exempt: bool = False

    @property
    def translations(self) -> dict[str, str]:
        return {uid: choice.offer.text for uid, choice in self.choices.items()}

    def section(
        self, key: str, shelf: Shelf, html: text.SafeHtml, source_html: text.SafeHtml, *, title: str = "", cards: tuple[TermCard, ...] = ()
    ) -> Section:
        """A section in these words, with all that is to be said about them."""
        dates = [choice.changed_on for choice in self.choices.values() if choice.changed_on]
        return Section(
            key,
            self.lang,
            self.lang != shelf.tag,
            html,
            source_html,
            title,
            cards,
            state=_least(choice.offer.state for choice in self.choices.values()),
            is_machine=any(choice.is_machine_draft for choice in self.choices.values()),
            is_exempt=self.exempt,
            changed_on=max(dates, default=None),
        )


def _least(states: Iterable[str]) -> str | None:
    return min(states, key=(DRAFT, TRANSLATED, CHECKED).index, default=None)


def word(shelf: Shelf, document: int, blocks: Sequence[text.Block], human: Collection[str] = ()) -> Wording:
    """The words for these blocks: every segment in the reader's language, else every one in the source's.

    `human` names the segments that need a human's work.
    """
    if shelf.tag == shelf.source:
        return Wording(shelf.source)
    choices: dict[str, Choice] = {}
    for segment in segments_of(tuple(blocks)):
        choice = shelf.choice(document, segment, needs_human=segment.uid in human)
        if choice is None:
            return Wording(shelf.source)
        choices[segment.uid] = choice
    return Wording(shelf.tag, choices, any(uid in human and choice.is_machine_draft for uid, choice in choices.items()))


@lru_cache(maxsize=4096)
def segments_of(blocks: tuple[text.Block, ...]) -> tuple[text.Segment, ...]:
    """The segments of blocks, remembered: they depend on nothing else."""
    return tuple(text.segments(blocks))


def section(
    shelf: Shelf,
    key: str,
    document: int,
    blocks: Sequence[text.Block],
    *,
    skip: AbstractSet[str] = frozenset(),
    needs_human: bool = False,
) -> Section | None:
    """A section of paragraphs and lists; None when nothing of it is left to read."""
    shown = [block for block in blocks if block.step not in skip]
    if not shown:
        return None
    wording = word(shelf, document, shown, [block.uid for block in shown] if needs_human else ())
    return wording.section(key, shelf, _html(shelf, wording, shown), source_html(shelf, shown))


def _html(shelf: Shelf, wording: Wording, blocks: Iterable[text.Block]) -> text.SafeHtml:
    return text.render_blocks(blocks, wording.translations, lang=wording.lang, source_lang=shelf.source)


def source_html(shelf: Shelf, blocks: Iterable[text.Block]) -> text.SafeHtml:
    """The same in the source language: what stands beneath, beside, and in place of a missing translation."""
    return text.render_blocks(blocks, {}, lang=shelf.source, source_lang=shelf.source)


def titled(shelf: Shelf, part: TextPart, document: int, *, needs_human: bool) -> Section:
    """A district text: its title and its paragraphs are one section."""
    title, *blocks = text_blocks(part)
    wording = word(shelf, document, [title, *blocks], [block.uid for block in [title, *blocks]] if needs_human else ())
    heading = wording.translations.get(title.uid, part.title)
    return wording.section(part.key, shelf, _html(shelf, wording, blocks), source_html(shelf, blocks), title=heading)


def terms(shelf: Shelf, document: int, words: Sequence[tuple[str, Sequence[text.Block]]], human: Collection[str]) -> Section | None:
    """“Ord vi bruker”: the word stays in the source language, and all the cards have their sentences in one language.

    `words`: for each term its key and its blocks word, meaning and say; `human`: the segments that need a human's work.
    """
    if not words:
        return None
    wording = word(shelf, document, [block for _, blocks in words for block in blocks], human)
    cards = tuple(_card(shelf, wording, key, blocks) for key, blocks in words)
    empty = text.SafeHtml("")
    return wording.section("terms", shelf, empty, empty, cards=cards)


def _card(shelf: Shelf, wording: Wording, key: str, blocks: Sequence[text.Block]) -> TermCard:
    the_word, meaning, say = blocks
    return TermCard(
        key,
        text.plain(the_word.markdown),
        wording.translations.get(the_word.uid, ""),
        _html(shelf, wording, [meaning]),
        _html(shelf, wording, [say]),
        source_html(shelf, [meaning]),
        source_html(shelf, [say]),
    )
