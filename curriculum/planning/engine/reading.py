"""Values out of a JSON file, each with its place, so that a refusal can say where: `year.json, groups[3].slots[0].start`."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, TypeVar

from curriculum.base import N_, Msgid, Refused

T = TypeVar("T")
Default = TypeVar("Default")

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
LONGEST_TEXT = 500


class _Object(dict[str, object]):
    """An object of the file, and the name of a field that is in it twice."""

    twice: str | None = None


def _object(pairs: list[tuple[str, object]]) -> _Object:
    made = _Object(pairs)
    seen: set[str] = set()
    for name, _ in pairs:
        made.twice = name if name in seen else made.twice
        seen.add(name)
    return made


@dataclass(frozen=True)
class Place:
    """A value of the file and the way to it."""

    file: str
    path: str
    value: object

    @classmethod
    def of_text(cls, text: str, file: str) -> Place:
        """The file's outermost value. Raises Refused for what is not JSON, and for brackets within brackets without end."""
        top = cls(file, "", None)
        try:
            return cls(file, "", json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_object, parse_int=_whole))
        except json.JSONDecodeError as error:
            words = N_("%(place)s: this is not JSON (line %(line)s, column %(column)s).")
            raise top.refused(words, line=error.lineno, column=error.colno) from error
        except RecursionError as error:
            raise top.refused(N_("%(place)s: too many brackets within brackets.")) from error

    def refused(self, msgid: Msgid, **values: object) -> Refused:
        """The refusal to raise, with this place in it."""
        shown: dict[str, Any] = {name: _shown(value) if isinstance(value, str) else value for name, value in values.items()}
        return Refused(msgid, place=f"{self.file}, {self.path}" if self.path else self.file, **shown)

    def text(self) -> str:
        """A text of at most LONGEST_TEXT characters, without control characters."""
        if not isinstance(self.value, str):
            raise self.refused(N_("%(place)s: a text in quotation marks is expected."))
        if len(self.value) > LONGEST_TEXT:
            raise self.refused(N_("%(place)s: a text may have %(count)s characters."), count=LONGEST_TEXT)
        if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in self.value):
            raise self.refused(N_("%(place)s: the text holds a character that cannot be shown."))
        return self.value

    def number(self, least: int = 0, most: int = 10_000) -> int:
        """A whole number within bounds."""
        if isinstance(self.value, bool) or not isinstance(self.value, int) or not least <= self.value <= most:
            raise self.refused(N_("%(place)s: a whole number from %(least)s to %(most)s is expected."), least=least, most=most)
        return self.value

    def truth(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            raise self.refused(N_("%(place)s: true or false is expected."))
        return self.value

    def date(self) -> date:
        """A date as 2026-11-24."""
        if isinstance(self.value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", self.value, re.ASCII):
            try:
                found = date.fromisoformat(self.value)
            except ValueError as error:
                raise self.refused(N_("%(place)s: there is no such date: %(date)s."), date=self.value) from error
            if FIRST_DAY <= found <= LAST_DAY:
                return found
        words = N_("%(place)s: a date is expected, written as 2026-11-24, from %(first)s to %(last)s.")
        raise self.refused(words, first=FIRST_DAY, last=LAST_DAY)

    def time(self) -> time:
        """A time of day as 08:30."""
        if isinstance(self.value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", self.value, re.ASCII):
            return time.fromisoformat(self.value)
        raise self.refused(N_("%(place)s: a time of day is expected, written as 08:30."))

    def one_of(self, allowed: Collection[str]) -> str:
        """One of some words."""
        if not isinstance(self.value, str) or self.value not in allowed:
            raise self.refused(N_("%(place)s: one of these is expected: %(words)s."), words=", ".join(allowed))
        return self.value

    def items(self, least: int = 0, most: int = 100_000) -> list[Place]:
        """The members of a list."""
        if not isinstance(self.value, list):
            raise self.refused(N_("%(place)s: a list is expected."))
        if not least <= len(self.value) <= most:
            raise self.refused(N_("%(place)s: a list of %(least)s to %(most)s is expected."), least=least, most=most)
        return [Place(self.file, f"{self.path}[{n}]", value) for n, value in enumerate(self.value)]

    def fields(self, needed: str, optional: str = "") -> Fields:
        """The fields of an object, of which `needed` must be there. Null stands for an optional one that is not there."""
        if not isinstance(self.value, _Object):
            raise self.refused(N_("%(place)s: an object in braces is expected."))
        if self.value.twice is not None:
            raise self.refused(N_("%(place)s: the field “%(name)s” is there twice."), name=self.value.twice)
        known = [*needed.split(), *optional.split()]
        for name in self.value:
            if name not in known:
                raise self.refused(N_("%(place)s: the format has no field “%(name)s” here."), name=name)
        for name in needed.split():
            if name not in self.value:
                raise self.refused(N_("%(place)s: the field “%(name)s” is missing."), name=name)
        before = f"{self.path}." if self.path else ""
        return Fields({name: Place(self.file, before + name, value) for name, value in self.value.items()})


@dataclass(frozen=True)
class Fields:
    """The fields of an object."""

    places: dict[str, Place]

    def __getitem__(self, name: str) -> Place:
        return self.places[name]

    def __contains__(self, name: str) -> bool:
        return name in self.places and self.places[name].value is not None

    def get(self, name: str, read: Callable[[Place], T], default: Default) -> T | Default:
        """A field that may be missing or null."""
        return read(self.places[name]) if name in self else default

    def many(self, name: str, read: Callable[[Place], T]) -> tuple[T, ...]:
        """The members of a list that may be missing."""
        return tuple(read(place) for place in self.places[name].items()) if name in self else ()

    def span(self) -> tuple[date, date]:
        """The dates `from` and `to`, both included."""
        first, last = self["from"].date(), self["to"].date()
        self._refuse_reversed(first, last)
        return first, last

    def open_span(self) -> tuple[date | None, date | None]:
        """The dates `from` and `to`, either of which may be missing."""
        first, last = self.get("from", Place.date, None), self.get("to", Place.date, None)
        self._refuse_reversed(first or FIRST_DAY, last or LAST_DAY)
        return first, last

    def _refuse_reversed(self, first: date, last: date) -> None:
        if last < first:
            raise self["to"].refused(N_("%(place)s: %(to)s is before %(from)s."), **{"from": first, "to": last})

    def hours(self) -> tuple[time, time]:
        """The times `start` and `end`, the latter the later."""
        start, end = self["start"].time(), self["end"].time()
        if end <= start:
            raise self["end"].refused(N_("%(place)s: the end must be later than the start."))
        return start, end


@dataclass
class Names:
    """The ids that a file gives, and where it uses them; those within something are told apart by its id."""

    given: set[tuple[str, str, str]] = field(default_factory=set)
    used: list[tuple[Place, str, str]] = field(default_factory=list)

    def new(self, kind: str, place: Place, within: str = "") -> str:
        """An id that is given here. Raises Refused when it is empty, or taken."""
        id = place.text()
        if not id:
            raise place.refused(N_("%(place)s: an id may not be empty."))
        if (kind, within, id) in self.given:
            raise place.refused(N_("%(place)s: “%(id)s” is there twice."), id=id)
        self.given.add((kind, within, id))
        return id

    def use(self, kind: str, place: Place, within: str = "") -> str:
        """An id that is given elsewhere in the file, before or after this place."""
        self.used.append((place, kind, within))
        return place.text()

    def settle(self) -> None:
        """Raise Refused at the first use of an id that nothing has."""
        for place, kind, within in self.used:
            if (kind, within, place.value) not in self.given:
                raise place.refused(_NOBODY[kind], id=str(place.value))


_NOBODY = {
    "school": N_("%(place)s: there is no school “%(id)s”."),
    "agent": N_("%(place)s: there is no agent “%(id)s”."),
    "group": N_("%(place)s: there is no group “%(id)s”."),
    "series": N_("%(place)s: there is no series “%(id)s”."),
    "session": N_("%(place)s: there is no session “%(id)s”."),
    "session of the series": N_("%(place)s: the series has no session “%(id)s”."),
}


def refuse_twice(places: Iterable[Place]) -> Iterator[Place]:
    """The same places. Raises Refused at one that says what another has said."""
    seen: set[object] = set()
    for place in places:
        if place.text() in seen:
            raise place.refused(N_("%(place)s: “%(id)s” is there twice."), id=place.text())
        seen.add(place.value)
        yield place


def _whole(digits: str) -> int | float:
    """A whole number; of one too long to be of use, infinity, which no field takes."""
    return int(digits) if len(digits) < 20 else float("inf")


def _shown(text: str) -> str:
    """A text of the file as it may stand in a sentence."""
    short = text if len(text) <= 60 else f"{text[:60]}…"
    return short if short.isprintable() else ascii(short)
