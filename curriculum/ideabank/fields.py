"""Reading the fields of a TOML table: each wrong one is named with its line and what to write instead."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Collection, Mapping
from typing import Any

from curriculum.base import N_, Refused
from curriculum.ideabank.problems import Problems
from curriculum.text import lost_addresses, refuse_personal, tidy

Where = tuple[str | int, ...]
"""A field's place in a document: ("title",) or ("aims", 0, "code")."""

KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_KEY, LONGEST_TITLE = 60, 200

_HEADER = re.compile(r"^\s*(\[\[?)\s*([\w-]+)\s*\]\]?\s*(?:#.*)?$")
_FIELD = re.compile(r"^\s*\"?([\w-]+)\"?\s*=")
_AT = re.compile(r" \(at line (\d+), column \d+\)$")
_HTML = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>|<!--")
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")


def toml_lines(text: str, first: int = 1) -> dict[Where, int]:
    """On which line each table and each field begins; `first` is the number of the text's first line."""
    found: dict[Where, int] = {}
    counts: dict[str, int] = {}
    table: Where = ()
    is_within = False
    for number, line in enumerate(text.split("\n"), start=first):
        if not is_within:
            if header := _HEADER.match(line):
                table = _table(header.group(2), header.group(1) == "[[", counts)
                found[table] = number
            elif field := _FIELD.match(line):
                found[(*table, field.group(1))] = number
        is_within ^= line.count('"""') % 2 == 1
    return found


def _table(name: str, is_repeated: bool, counts: dict[str, int]) -> Where:
    if not is_repeated:
        return (name,)
    counts[name] = counts.get(name, -1) + 1
    return (name, counts[name])


def read_toml(text: str, problems: Problems, first: int = 1) -> dict[str, Any] | None:
    """The values of a TOML text, or None with a problem noted; `first` is the number of its first line."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        found = _AT.search(said)
        line = first + int(found.group(1)) - 1 if found else first + text.count("\n")
        problems.add(
            line,
            N_("This line cannot be read as TOML (%(detail)s)."),
            N_('Write name = value, with words in "quotes" and lists in [brackets].'),
            at="front",
            detail=_AT.sub("", said),
        )
    except RecursionError:
        problems.add(first, N_("Brackets are nested too deep."), N_("Write lists in [brackets], without lists inside them."), at="front")
    return None


def check_words(words: str, problems: Problems, line: int, at: str | None, *, public: bool = True) -> None:
    """Note HTML, and numbers that no text may hold, in a text that begins at `line`."""
    for number, said in enumerate(words.split("\n"), start=line):
        if found := _HTML.search(_CODE.sub("", said)):
            advice = N_("Use Markdown: *emphasis*, **strong**, - for lists.")
            problems.add(number, N_("HTML is not allowed: %(tag)s."), advice, at=at, tag=found.group()[:40])
    try:
        refuse_personal(words, public=public)
    except Refused as refused:
        problems.add_refused(refused, line + _personal_line(words, public), at)


def _personal_line(words: str, public: bool) -> int:
    for number, said in enumerate(words.split("\n")):
        try:
            refuse_personal(said, public=public)
        except Refused:
            return number
    return 0


def check_addresses(words: str, problems: Problems, line: int, at: str | None) -> None:
    """Note links and images that readers would not get, in a Markdown text that begins at `line`. A draft may have them."""
    try:
        found = lost_addresses(words)
    except Refused:
        return  # a text too long to be read is refused by those who read it
    for lost in found:
        problem = N_("The image “%(address)s” is not shown.") if lost.is_image else N_("The link “%(address)s” is not shown.")
        advice = N_("Images come from this site: /….") if lost.is_image else N_("Links begin with https://, mailto:, tel:, / or #.")
        problems.add(line + lost.line - 1, problem, advice, at=at, is_grave=False, address=lost.address[:80])


class Table:
    """A TOML table being read. Every method gives a usable value and notes what was wrong."""

    def __init__(
        self, values: Mapping[str, Any], problems: Problems, lines: Mapping[Where, int], where: Where = (), first: int = 1
    ) -> None:
        self.values = values
        self.problems = problems
        self.lines = lines
        self.where = where
        self.first = first
        self._read: set[str] = set()

    def line(self, name: str = "") -> int:
        """The line of a field, else of its table."""
        places: list[Where] = [(*self.where, name), (*self.where, name, 0), self.where]
        return next((self.lines[place] for place in places if place in self.lines), self.first)

    def at(self, name: str) -> str:
        """A field's name for forms: title, aims.0.code."""
        return ".".join(str(part) for part in (*self.where, name))

    def add(self, name: str, problem: str, advice: str, *, is_grave: bool = True, **values: object) -> None:
        """Note a fault of this field."""
        self.problems.add(self.line(name), problem, advice, at=self.at(name), is_grave=is_grave, field=name, **values)

    def _value(self, name: str, is_required: bool) -> Any:
        self._read.add(name)
        if name not in self.values and is_required:
            self.add(name, N_("The field %(field)s is missing."), N_("Write %(field)s = …"))
        return self.values.get(name)

    def text(self, name: str, default: str | None = None, *, most: int = 10_000, public: bool = True) -> str:
        """Words without space around them; required when there is no default."""
        value = self._value(name, default is None)
        if value is None:
            return default or ""
        if not isinstance(value, str):
            self.add(name, N_("The field %(field)s must be words."), N_('Write %(field)s = "…", with quotes.'))
            return default or ""
        return self._tidied(name, value, most, public)

    def _tidied(self, name: str, value: str, most: int, public: bool) -> str:
        try:
            words = tidy(value).strip()
        except Refused as refused:
            self.problems.add_refused(refused, self.line(name), self.at(name))
            return ""
        if len(words) > most:
            self.add(name, N_("The field %(field)s is too long."), N_("At most %(most)s characters fit."), most=most)
        check_words(words, self.problems, self.line(name), self.at(name), public=public)
        return words

    def line_of_text(self, name: str, default: str | None = None, *, most: int = LONGEST_TITLE) -> str:
        """Words on one line; required, and not empty, when there is no default."""
        words = " ".join(self.text(name, default, most=most).split())
        if default is None and name in self.values and not words:
            self.add(name, N_("The field %(field)s is empty."), N_('Write %(field)s = "…" with words in it.'))
        return words

    def key(self, name: str, default: str | None = None) -> str:
        """A name for machines: small letters a–z, digits and hyphens, at most 60."""
        return self._as_key(name, self.text(name, default, most=LONGEST_KEY), is_empty_allowed=default == "")

    def _as_key(self, name: str, key: str, *, is_empty_allowed: bool = False) -> str:
        if name in self.values and not KEY.fullmatch(key) and not (is_empty_allowed and not key):
            advice = N_("Use small letters a–z, digits and hyphens only, such as god-venn.")
            self.add(name, N_("“%(value)s” cannot be used in %(field)s."), advice, value=key)
        return key

    def choice(self, name: str, choices: Collection[str], default: str | None = None) -> str:
        """One of these words."""
        word = self.text(name, default)
        return self._chosen(name, word, choices) if name in self.values else word

    def _chosen(self, name: str, word: str, choices: Collection[str]) -> str:
        if word not in choices:
            problem, advice = N_("“%(value)s” is not a value of %(field)s."), N_("Write one of: %(choices)s.")
            self.add(name, problem, advice, value=word, choices=", ".join(choices))
        return word

    def number(self, name: str, low: int, high: int) -> int:
        """A required whole number from `low` to `high`."""
        value = self._value(name, is_required=True)
        if value is None:
            return low
        if not _is_number(value) or not low <= value <= high:
            problem, advice = (
                N_("%(field)s is not a number that can be used."),
                N_("Write a whole number from %(low)s to %(high)s, without quotes."),
            )
            self.add(name, problem, advice, low=low, high=high)
            return low
        return int(value)

    def flag(self, name: str) -> bool:
        """True or false; false when it is not written."""
        value = self._value(name, is_required=False)
        if value not in (None, True, False) or _is_number(value):
            self.add(name, N_("%(field)s must be true or false."), N_("Write %(field)s = true or %(field)s = false, without quotes."))
            return False
        return bool(value)

    def _list(self, name: str, is_required: bool) -> list[Any]:
        value = self._value(name, is_required)
        if value is None:
            return []
        if not isinstance(value, list):
            self.add(name, N_("%(field)s must be a list."), N_('Write %(field)s = ["…", "…"], with brackets.'))
            return []
        return value

    def texts(self, name: str, *, is_required: bool = False, public: bool = True) -> tuple[str, ...]:
        """A list of words."""
        values = self._list(name, is_required)
        if not all(isinstance(value, str) for value in values):
            self.add(name, N_("%(field)s must be a list of words."), N_('Write %(field)s = ["…", "…"], with quotes.'))
            return ()
        return tuple(self._tidied(name, value, 2_000, public) for value in values)

    def choices(self, name: str, choices: Collection[str]) -> tuple[str, ...]:
        """A list of some of these words, each once."""
        return self._each_once(name, tuple(self._chosen(name, word, choices) for word in self.texts(name)))

    def keys(self, name: str, *, is_required: bool = False) -> tuple[str, ...]:
        """A list of names for machines, each once."""
        return self._each_once(name, tuple(self._as_key(name, word) for word in self.texts(name, is_required=is_required)))

    def numbers(self, name: str, low: int, high: int, *, is_required: bool = False) -> tuple[int, ...]:
        """A list of whole numbers from `low` to `high`, each once."""
        values = self._list(name, is_required)
        if not all(_is_number(value) and low <= value <= high for value in values):
            problem, advice = (
                N_("%(field)s must be a list of numbers."),
                N_("Write whole numbers from %(low)s to %(high)s, such as [5, 6]."),
            )
            self.add(name, problem, advice, low=low, high=high)
            return ()
        return self._each_once(name, tuple(values))

    def _each_once(self, name: str, values: tuple[Any, ...]) -> tuple[Any, ...]:
        for value in sorted({value for value in values if values.count(value) > 1}):
            self.add(name, N_("“%(value)s” stands twice in %(field)s."), N_("Delete one of them."), value=value)
        return values

    def tables(self, name: str) -> list[Table]:
        """The tables [[name]]."""
        values = self._list(name, is_required=False)
        if not all(isinstance(value, dict) for value in values):
            self.add(
                name, N_("%(field)s must be written as tables."), N_("Write [[%(field)s]] on a line of its own, and its fields below.")
            )
            return []
        return [Table(value, self.problems, self.lines, (*self.where, name, number), self.line()) for number, value in enumerate(values)]

    def table(self, name: str) -> Table:
        """The table [name], empty when it is not written."""
        value = self._value(name, is_required=False)
        if value is not None and not isinstance(value, dict):
            self.add(name, N_("%(field)s must be written as a table."), N_("Write [%(field)s] on a line of its own, and its fields below."))
            value = None
        return Table(value or {}, self.problems, self.lines, (*self.where, name), self.line())

    def finish(self) -> None:
        """Note every field that nobody asked for."""
        for name in self.values:
            if name not in self._read:
                near = difflib.get_close_matches(name, sorted(self._read), n=1)
                advice = N_("Did you mean %(near)s?") if near else N_("Delete it, or write one of: %(near)s.")
                self.add(name, N_("There is no field %(field)s here."), advice, near=near[0] if near else ", ".join(sorted(self._read)))


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
