"""The idea bank's list: every theme with what one needs to choose it, under its course series; or what a search found, the best first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from app.access import me
from app.coordinators.filtering import Filter, Filtering, Wish
from app.coordinators.shelf import Group, Line, Shelf, the_shelf
from app.coordinators.wording import place_words
from app.database import today
from curriculum import ideabank, people
from curriculum.ideabank import Found, Hit, Marked

MOST, MOST_HITS = 60, 20
"""Themes on one page of the list, and of what a search found: the best come first, each with its sentences."""


@dataclass(frozen=True)
class ShownSentence:
    """A sentence that was found: the name of its place, and the anchor there; `is_ours` when the name is in the page's language."""

    place: str
    is_ours: bool
    anchor: str
    pieces: Marked


@dataclass(frozen=True)
class ShownHit:
    """A theme that was found, with marks."""

    line: Line
    title: Marked
    sentences: list[ShownSentence]


@dataclass(frozen=True)
class Part:
    """Some themes of a series."""

    group: Group
    lines: list[Line]


@dataclass(frozen=True)
class Bank:
    """Everything on the bank's first page: the themes under their series, or, when words were searched for, hits."""

    parts: list[Part]
    hits: list[ShownHit]
    outlines: list[Line]
    others: list[Line]
    may_write: bool
    filter: Filter
    page: int
    pages: int

    @property
    def is_empty(self) -> bool:
        return not self.filter.total and not self.outlines and not self.others


def the_bank(asked: Wish) -> Bank:
    """The district's bank as the signed-in person may see it, of themes those that answer the wish."""
    shelf = the_shelf()
    filtered = Filtering(shelf, asked).filter()
    pages = max(1, -(-filtered.shown // (MOST_HITS if filtered.found else MOST)))
    page = min(max(asked.page, 1), pages)
    return Bank(
        [] if filtered.found else _parts(shelf, filtered.answer, page),
        _hits(shelf, filtered.found, filtered.answer, page) if filtered.found else [],
        shelf.of_kind(ideabank.OUTLINE),
        shelf.of_kind(ideabank.VOCABULARY, ideabank.DISTRICT_TEXTS),
        people.COORDINATOR in people.roles(me(), today()),
        filtered,
        page,
        pages,
    )


def _on_page(places: Iterator[int], page: int, most: int) -> Iterator[int]:
    return islice(places, (page - 1) * most, page * most)


def _parts(shelf: Shelf, answer: int, page: int) -> list[Part]:
    chosen = {shelf.themes[place].key for place in _on_page(ideabank.places_in(answer), page, MOST)}
    parts = (Part(group, [line for line in group.lines if line.key in chosen]) for group in shelf.groups)
    return [part for part in parts if part.lines]


def _hits(shelf: Shelf, found: Found, answer: int, page: int) -> list[ShownHit]:
    return [_shown(shelf.themes[place], found.hit(place)) for place in _on_page(found.best_first(answer), page, MOST_HITS)]


def _shown(line: Line, hit: Hit) -> ShownHit:
    return ShownHit(line, hit.title, [_sentence(one) for one in hit.sentences])


def _sentence(found: ideabank.HitSentence) -> ShownSentence:
    words, is_ours = place_words(found.at, found.heading)
    place, _, name = found.at.partition(".")
    anchor = {"steps": f"step-{name}", "terms": "parents"}.get(place, place)
    return ShownSentence(words, is_ours, anchor, found.pieces)
