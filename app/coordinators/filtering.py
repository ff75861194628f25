"""The idea bank's search and filters: what is asked for, what one may choose and how many themes it gives, and what is chosen."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from werkzeug.datastructures import MultiDict

from app.coordinators import wording
from app.coordinators.shelf import (
    AIM,
    FIXED,
    GROUP,
    MINUTES,
    OPTIONAL,
    PLACE,
    ROOM,
    SERIES,
    SHORT,
    TT1,
    VISITOR,
    WHOLE,
    YES,
    Aims,
    Shelf,
    themes_with,
)
from app.coordinators.showing import aim_label, section_label, subject_name
from app.database import today
from app.language import gettext, lang
from curriculum import goals, ideabank
from curriculum.ideabank import Found

WORDS, PAGE = "sok", "side"
ASKED = (AIM, SERIES, PLACE, MINUTES, GROUP, ROOM, TT1, VISITOR)
LONGEST_VALUE = 40
"""Characters of what an address asks for that are looked at: no code is longer."""


@dataclass(frozen=True)
class Wish:
    """What is asked for: words, and of every other question the answer that was chosen; and which page of the answer."""

    words: str = ""
    chosen: tuple[tuple[str, str], ...] = ()
    page: int = 1

    @classmethod
    def from_address(cls, values: MultiDict[str, str]) -> Wish:
        """What an address asks for; anything may stand there."""
        chosen = ((name, values.get(name, "")[:LONGEST_VALUE].replace("\0", "").strip()) for name in ASKED)
        words = " ".join(values.get(WORDS, "")[: 2 * ideabank.LONGEST_QUERY].replace("\0", " ").split())[: ideabank.LONGEST_QUERY]
        page = values.get(PAGE, "")
        return cls(
            words,
            tuple((name, value) for name, value in chosen if value),
            int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
        )

    def __bool__(self) -> bool:
        return bool(self.words or self.chosen)

    def value(self, name: str) -> str:
        """What was chosen here; empty for all."""
        return dict(self.chosen).get(name, "")

    def without(self, left_out: Collection[tuple[str, str]]) -> Wish:
        """The same without these answers."""
        return Wish(self.words, tuple(one for one in self.chosen if one not in left_out), self.page)

    def with_aim_in_force(self, aims: Aims) -> Wish:
        """The same with a retired aim's successor in its place."""
        return Wish(self.words, tuple((name, aims.in_force(value) if name == AIM else value) for name, value in self.chosen), self.page)

    def address(self, *, without: str = "", page: int = 1) -> dict[str, str]:
        """The values of an address that asks for the same, but for one thing."""
        asked = [(WORDS, self.words), *self.chosen, (PAGE, str(page) if page > 1 else "")]
        return {name: value for name, value in asked if value and name != without}


class Choice(NamedTuple):
    """A line of a list to choose from, with how many themes it would give when the other wishes are kept."""

    value: str
    words: str
    number: int


@dataclass(frozen=True)
class Question:
    """A list to choose from; `choices` under a heading each, or under none."""

    name: str
    label: str
    chosen: str
    choices: Mapping[str, list[Choice]]


@dataclass(frozen=True)
class Tick:
    """A box to tick."""

    name: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Chip:
    """Something chosen, and the address without it."""

    words: str
    address: dict[str, str]


@dataclass(frozen=True)
class AskedAim:
    """What is to be said of an aim that was asked for: that there is none, or that it is retired, since when, and what took over."""

    code: str
    retired: goals.Retired | None
    successor: str = ""
    """The successor in words."""

    @property
    def since(self) -> date | None:
        return self.retired.since if self.retired else None


@dataclass(frozen=True)
class Filter:
    """The form above the bank's list. `answer` is the set of themes that it gives; `asked_aim` is None where all is well."""

    wish: Wish
    questions: list[Question]
    ticks: list[Tick]
    chips: list[Chip]
    answer: int
    found: Found | None
    total: int
    asked_aim: AskedAim | None
    left_out: list[str]
    """Answers in the address that nobody can choose."""

    @property
    def shown(self) -> int:
        """How many themes there are."""
        return self.answer.bit_count()


class Filtering:
    """A shelf's themes looked at with a wish."""

    def __init__(self, shelf: Shelf, asked: Wish) -> None:
        self.shelf = shelf
        self.asked = asked
        self.left_out = [(name, value) for name, value in asked.chosen if not self._can_be_chosen(name, value)]
        self.wish = asked.without(self.left_out).with_aim_in_force(shelf.aims)
        self.found = ideabank.search(shelf.index, asked.words) if asked.words else None
        self.searched = self.found.themes if self.found else shelf.everything

    def filter(self) -> Filter:
        """The form, and what it gives."""
        answer = themes_with(self.shelf.sets, self.wish.chosen, self.searched)
        return Filter(
            self.wish,
            list(self._questions()),
            list(self._ticks()),
            list(self._chips()),
            answer,
            self.found,
            len(self.shelf.themes),
            self._asked_aim(),
            [value for _, value in self.left_out],
        )

    def _can_be_chosen(self, name: str, value: str) -> bool:
        """Whether an answer is one of those there are; of an aim that there is not, more is said."""
        values: Mapping[str, Collection[str]] = {
            SERIES: {group.key for group in self.shelf.groups if group.key},
            PLACE: {FIXED, OPTIONAL},
            MINUTES: {str(SHORT), str(WHOLE)},
            GROUP: wording.GROUPS,
            ROOM: wording.ROOMS,
        }
        return name == AIM or value in values.get(name, {YES})

    def _among(self, name: str) -> int:
        """The themes that answer to all other wishes."""
        return themes_with(self.shelf.sets, (wish for wish in self.wish.chosen if wish[0] != name), self.searched)

    def _choices(self, name: str, words: Mapping[str, str]) -> list[Choice]:
        among = self._among(name)
        return [Choice(value, said, (among & self.shelf.sets.get((name, value), 0)).bit_count()) for value, said in words.items()]

    def _questions(self) -> Iterator[Question]:
        yield Question(AIM, gettext("Aim or subject"), self.wish.value(AIM), self._aim_choices())
        for name, label, words in self._lists():
            if len(words) > 1 or self.wish.value(name):
                yield Question(name, label, self.wish.value(name), {"": self._choices(name, words)})

    def _lists(self) -> Iterator[tuple[str, str, Mapping[str, str]]]:
        yield (
            SERIES,
            gettext("Course series"),
            {group.key: group.title or gettext("Other themes") for group in self.shelf.groups if group.key},
        )
        yield PLACE, gettext("Fixed or free"), {FIXED: gettext("Fixed theme"), OPTIONAL: gettext("Free to swap")}
        yield (
            MINUTES,
            gettext("Time"),
            {
                str(SHORT): gettext("Can be held in %(minutes)s minutes", minutes=SHORT),
                str(WHOLE): gettext("All of it fits in %(minutes)s minutes", minutes=WHOLE),
            },
        )
        yield GROUP, gettext("For"), {key: gettext(words) for key, words in wording.GROUPS.items()}
        yield ROOM, gettext("Room"), {key: gettext(words) for key, words in wording.ROOMS.items() if (ROOM, key) in self.shelf.sets}

    def _ticks(self) -> Iterator[Tick]:
        for name, words in (
            (TT1, gettext("Only with a TT1 aim (%(count)s)", count=self._count(TT1))),
            (VISITOR, gettext("Only with a visitor (%(count)s)", count=self._count(VISITOR))),
        ):
            if (name, YES) in self.shelf.sets or self.wish.value(name):
                yield Tick(name, words, bool(self.wish.value(name)))

    def _count(self, name: str) -> int:
        return (self._among(name) & self.shelf.sets.get((name, YES), 0)).bit_count()

    # Aims

    def _aim_choices(self) -> dict[str, list[Choice]]:
        """The core curriculum's sections, then each subject: all of it, and its aims that themes serve. What is chosen is among them."""
        among, chosen, sets = self._among(AIM), self.wish.value(AIM), self.shelf.sets
        found = {
            heading: [Choice(code, words, (among & sets.get((AIM, code), 0)).bit_count()) for code, words in offered]
            for heading, offered in self._aims_offered(chosen).items()
        }
        if chosen and not any(choice.value == chosen for choices in found.values() for choice in choices):
            found[gettext("not in our list of aims")] = [
                Choice(chosen, self._aim_in_words(chosen), (among & sets.get((AIM, chosen), 0)).bit_count())
            ]
        return found

    def _aims_offered(self, chosen: str) -> dict[str, list[tuple[str, str]]]:
        """Codes and their words by heading. Kept by what is chosen only where that is one of them: anything may stand in an address."""
        aims = self.shelf.aims
        known = chosen if chosen in aims.by_code or chosen in aims.sections else ""
        return self.shelf.once((AIM, known, lang().tag), lambda: _aims_offered(self.shelf, known))

    def _aim_in_words(self, code: str) -> str:
        aims = self.shelf.aims
        if code in aims.by_code:
            return aim_words(aims.by_code[code])
        if code in aims.sections:
            return section_words(aims.sections[code])
        plan = aims.plan(code)
        return plan_name(plan) if plan else code

    def _asked_aim(self) -> AskedAim | None:
        code, aims = self.asked.value(AIM), self.shelf.aims
        if code in aims.retired:
            successor = aims.retired[code].successor
            return AskedAim(code, aims.retired[code], aim_words(aims.by_code[successor]) if successor else "")
        is_known = not code or code in aims.by_code or code in aims.sections or aims.plan(code) or (AIM, code) in self.shelf.sets
        return None if is_known else AskedAim(code, None)

    # What is chosen

    def _chips(self) -> Iterator[Chip]:
        if self.wish.words:
            yield Chip(gettext("“%(words)s”", words=self.wish.words), self.wish.address(without=WORDS))
        words = {name: said for name, _, said in self._lists()}
        for name, value in self.wish.chosen:
            yield Chip(self._chip_words(name, words.get(name, {}).get(value, value)), self.wish.address(without=name))

    def _chip_words(self, name: str, value: str) -> str:
        if name == AIM:
            return self._aim_in_words(value)
        return {TT1: gettext("With a TT1 aim"), VISITOR: gettext("With a visitor")}.get(name, value)


def _aims_offered(shelf: Shelf, chosen: str) -> dict[str, list[tuple[str, str]]]:
    """Codes and their words by heading, in the page's language."""
    found: dict[str, list[tuple[str, str]]] = {}
    for code, section in shelf.aims.sections.items():
        if (AIM, code) in shelf.sets or code == chosen:
            found.setdefault(gettext("Core curriculum"), []).append((code, section_words(section)))
    for code, aim in shelf.aims.by_code.items():
        if (AIM, code) in shelf.sets or code == chosen:
            every = aim.framework_code, gettext("All of %(subject)s", subject=subject_name(aim.framework))
            found.setdefault(plan_name(aim.framework), [every]).append((code, aim_words(aim)))
    return found


def aim_words(aim: goals.Aim) -> str:
    """An aim on one line."""
    return gettext("%(label)s (after year %(year)s)", label=aim_label(aim), year=aim.after_year)


def section_words(section: goals.Section) -> str:
    """A section of the core curriculum on one line."""
    return f"{section.code} {section_label(section)}"


def plan_name(plan: goals.Framework) -> str:
    """A subject; with its plan where that is over."""
    return f"{subject_name(plan)} ({plan.code})" if plan.over_since(today()) else subject_name(plan)
