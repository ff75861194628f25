"""“Ord vi bruker” for the classroom's wall: an A4 page for each theme, Norwegian with the languages that were chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from app.database import session, today
from app.paper import file_name, on_paper
from curriculum import delivery, summaries
from curriculum.delivery import WallWord, WordPoster
from curriculum.ideabank import ThemeDocument
from curriculum.people import District
from curriculum.summaries import SharedWords
from curriculum.text import LANGUAGES, Language

MOST_LANGUAGES = 6
"""Beside the source language: more cannot be read from a desk."""


@dataclass(frozen=True)
class Wall:
    """The pages, and what was chosen of the district's open languages. A language without all of a theme's words is not on that page."""

    posters: tuple[WordPoster, ...]
    source: Language
    offered: tuple[Language, ...]
    chosen: tuple[Language, ...]
    missing: tuple[Language, ...]
    """Chosen, and not on every page."""
    machine: tuple[Language, ...]
    """Of which a machine made some words that no person has read yet."""
    has_too_many: bool

    @property
    def is_shortened(self) -> bool:
        return any(poster.is_shortened for poster in self.posters)


def wall_page(district: District, themes: Sequence[ThemeDocument], *, title: str, back: tuple[str, str], name: str) -> Response:
    """The page of these themes' words in the languages that the address asks for (sprak), or the first of the district's.

    `back` is an address and its words; `name` is what the file is called.
    """
    offered = [tag for tag in district.open_languages if tag != district.source_language]
    asked = [tag for tag in offered if tag in request.args.getlist("sprak")] if "valgt" in request.args else offered[:MOST_LANGUAGES]
    wall = _wall(district, themes, offered, asked)
    return on_paper("wall.html", file_name("ord", name), wall=wall, title=title, back=back, most=MOST_LANGUAGES, is_demo=district.is_demo)


def _wall(district: District, themes: Sequence[ThemeDocument], offered: Sequence[str], asked: Sequence[str]) -> Wall:
    source, chosen = district.source_language, asked[:MOST_LANGUAGES]
    named = [theme for theme in themes if theme.terms]
    lists = [theme.terms for theme in named]
    words = {tag: summaries.words_in(session(), district, lists, tag, today()) for tag in (source, *chosen)}
    posters = [_poster(theme, number, words, source) for number, theme in enumerate(named)]
    return Wall(
        tuple(poster for poster in posters if poster.words),
        LANGUAGES[source],
        _languages(offered),
        _languages(chosen),
        _languages(tag for tag in chosen if not all(one.by_key for one in words[tag])),
        _languages(tag for tag in chosen if any(one.is_machine for one in words[tag])),
        len(asked) > MOST_LANGUAGES,
    )


def _poster(theme: ThemeDocument, number: int, words: dict[str, list[SharedWords]], source: str) -> WordPoster:
    ours = words[source][number].by_key
    theirs = {tag: lists[number].by_key for tag, lists in words.items() if tag != source and lists[number].by_key}
    shown = [WallWord(word, tuple((tag, by_key[key]) for tag, by_key in theirs.items())) for key, word in ours.items()]
    return delivery.word_poster(theme.title, shown, source)


def _languages(tags: Iterable[str]) -> tuple[Language, ...]:
    return tuple(LANGUAGES[tag] for tag in tags)
