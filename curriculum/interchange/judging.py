"""Whether a content folder is good enough to ship: the parents' part short and easy, nothing missing, and no word of any place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from curriculum.base import N_
from curriculum.ideabank import PARENTS, PROSE, DistrictTexts, DocumentError, ThemeDocument
from curriculum.interchange.folders import ContentFile, Report, check_folder
from curriculum.text import lix, plain, words

FEWEST_WORDS, MOST_WORDS = 120, 180
"""Words of a theme's parents' part: what one reads standing, on a telephone."""

HIGHEST_LIX = 32
"""A ten-year-old understands it (Björnsson 1968: under 30 is very easy)."""

OF_A_PLACE = (
    *("alna", "oslo", "groruddal", "grorud", "lutvann", "skjønnhaug", "trosterud", "tveita"),
    *("sosialagent", "barnevern", "bydel"),
)
"""Beginnings of words that belong in a district's own texts: places, the role's title, the employer."""

KNOWN_EVERYWHERE = ("barnevernet",)
"""What begins so and is right all the same: where every adult at any school has a duty to report (opplæringslova)."""

_OF_A_PLACE = re.compile(rf"\b(?!(?:{'|'.join(KNOWN_EVERYWHERE)})\b)(?:{'|'.join(OF_A_PLACE)})\w*", re.I)


@dataclass(frozen=True)
class ThemeState:
    """A theme in figures: minutes, words and LIX of the parents' part, how many terms and aims, and what it lacks."""

    path: str
    key: str
    core: int
    full: int
    words: int
    lix: int
    terms: int
    main: int
    supporting: int
    missing: tuple[str, ...]
    places: tuple[str, ...]


def judge_folder(path: Path) -> Report:
    """All that is wrong with a content folder: what stops it from being loaded, and what we do not ship.

    Raises Refused when there is no such folder.
    """
    report = check_folder(path)
    judged = (fault for file in report.files for fault in _faults(file))
    return Report(report.files, tuple([*report.problems, *judged]))


def state_of_theme(file: ContentFile) -> ThemeState | None:
    """A theme's figures; None for a file that is no theme, or cannot be read."""
    theme = file.document
    if not isinstance(theme, ThemeDocument):
        return None
    said = parents_text(theme)
    roles = [aim.role for aim in theme.aims]
    return ThemeState(
        file.path,
        theme.key,
        theme.core_sum,
        theme.full_sum,
        words(said),
        lix(said),
        len(theme.terms),
        roles.count("main"),
        roles.count("supporting"),
        tuple(_missing(theme)),
        tuple(found for _, found in _placed_words(file)),
    )


def parents_text(theme: ThemeDocument) -> str:
    """The parents' part as plain text, one block a line."""
    return "\n".join(plain(block.markdown) for block in theme.blocks())


def _missing(theme: ThemeDocument) -> Iterator[str]:
    """What a theme for pupils has, and this one has not."""
    if theme.audience != "pupils":
        return
    yield from (key for key in PROSE if not theme.sections[key])
    yield from (f"parents.{key}" for key in PARENTS if not theme.parents[key])
    for name, is_there in (("steps", theme.steps), ("say", _any(theme, "say")), ("small", _any(theme, "small"))):
        if not is_there:
            yield name


def _any(theme: ThemeDocument, name: str) -> bool:
    return any(getattr(step, name) for step in theme.steps)


def _placed_words(file: ContentFile) -> Iterator[tuple[int, str]]:
    """Words of a place with their lines (from 1). A source may be called what it is called."""
    understood = file.reading.understood if file.reading else None
    sources = understood.sources if isinstance(understood, ThemeDocument) else ()
    for number, line in enumerate(file.text.split("\n"), start=1):
        if not any(source in line for source in sources):
            yield from ((number, found) for found in _OF_A_PLACE.findall(line))


def _faults(file: ContentFile) -> Iterator[DocumentError]:
    if file.reading is None or file.reading.understood is None or isinstance(file.reading.understood, DistrictTexts):
        return
    for line, word in _placed_words(file):
        problem, advice = N_("“%(word)s” belongs in the district's own texts."), N_("Write “vi”, “den voksne” or what is meant.")
        yield DocumentError(problem, advice, path=file.path, line=line, values={"word": word})
    state = state_of_theme(file)
    if isinstance(file.document, ThemeDocument) and state and file.document.audience == "pupils":
        yield from _theme_faults(file, state)


def _theme_faults(file: ContentFile, state: ThemeState) -> Iterator[DocumentError]:
    line = next((number for number, said in enumerate(file.text.split("\n"), start=1) if "{#parents}" in said), 1)
    known = {fault.at for fault in (file.reading.problems if file.reading else ())}
    if not FEWEST_WORDS <= state.words <= MOST_WORDS:
        problem = N_("The parents' part has %(count)s words.")
        values = {"count": state.words, "fewest": FEWEST_WORDS, "most": MOST_WORDS}
        yield DocumentError(problem, N_("Write %(fewest)s to %(most)s."), path=file.path, line=line, at="parents", values=values)
    if state.lix > HIGHEST_LIX:
        problem, advice = N_("The parents' part has LIX %(lix)s."), N_("Write shorter sentences and words, to at most %(most)s.")
        yield DocumentError(problem, advice, path=file.path, line=line, at="parents", values={"lix": state.lix, "most": HIGHEST_LIX})
    for key in state.missing:
        if key not in known:
            problem, advice = N_("The theme lacks %(key)s."), N_("Write it: every theme for pupils has it.")
            yield DocumentError(problem, advice, path=file.path, line=line, at=key, values={"key": key})
