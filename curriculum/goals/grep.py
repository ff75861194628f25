"""Reading responses of Udir's Grep REST API (v201906), whatever shape a text, a date or a reference has in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from curriculum.base import N_, Refused
from curriculum.goals.finding import TT1
from curriculum.text import tidy

AIM, PLAN, GOAL_SET, CROSS_THEME = "kompetansemaal_lk20", "laereplan_lk20", "kompetansemaalsett_lk20", "tverrfaglig_tema_lk20"

LANGUAGES: Mapping[str, str] = {"nob": "nb", "nno": "nn", "eng": "en", "sme": "se", "sma": "sma", "smj": "smj"}
"""Grep's languages as BCP 47."""

DEFAULT = "default"
"""Grep's mark on a text in its plan's own målform."""

STATUSES = ("publisert", "under_arbeid", "til_revidering", "utgaatt", "ugyldig")
"""Grep's list of statuses (data.udir.no/kl06/v201906/status/), each written status_… at the end of an address."""

RETIRED = ("utgaatt", "ugyldig")
"""What can no longer be aimed at."""

LONGEST_TITLE, LONGEST_EXPLANATION, LONGEST_URI = 1_000, 20_000, 200
"""Characters: more than any text of Grep's has."""

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,19}")
_TAG = re.compile(r"<[A-Za-z/!]|&(?:#\d+|[A-Za-z]+);")
_TAG_NAME = re.compile(r"<([A-Za-z][A-Za-z0-9]*)")


@dataclass(frozen=True)
class ReadAim:
    """A competence aim as Grep tells it; None for what a response leaves out. `texts` may hold one in DEFAULT.

    `is_bare`: its title is a bare string, as in lists and plans, which tells one language only. `reduced` are the places of explanations
    out of which HTML was taken.
    """

    place: str
    code: str
    plan: str | None
    goal_set: str | None
    after_year: int | None
    tt1: bool | None
    is_withdrawn: bool | None
    texts: Mapping[str, str]
    is_bare: bool
    explanation: Mapping[str, str] | None
    reduced: tuple[str, ...]
    uri: str


@dataclass(frozen=True)
class ReadPlan:
    """A version of a subject's curriculum: the målform it was laid down in (BCP 47), and its first and last day."""

    place: str
    code: str
    language: str | None
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class ReadCrossTheme:
    """A cross-curricular theme and its name by language."""

    place: str
    code: str
    texts: Mapping[str, str]
    is_bare: bool


Found = ReadAim | ReadPlan | ReadCrossTheme


@dataclass(frozen=True)
class Node:
    """A value of a response and where it stands."""

    value: Any
    file: str
    at: str = ""

    @property
    def place(self) -> str:
        return f"{self.file}, {self.at}" if self.at else self.file

    def part(self, *names: str) -> Node:
        """The field that has one of these names. What is not there, or stands in nothing, is None."""
        if self.value is not None and not isinstance(self.value, dict):
            raise self.refusal(N_("%(place)s: here an object was expected."))
        values: Mapping[str, Any] = self.value or {}
        name = next((name for name in names if name in values), names[0])
        return Node(values.get(name), self.file, f"{self.at}.{name}".lstrip("."))

    def parts(self) -> list[Node]:
        """The entries of a list; none when it is not there."""
        if self.value is not None and not isinstance(self.value, list):
            raise self.refusal(N_("%(place)s: here a list was expected."))
        return [Node(value, self.file, f"{self.at}[{index}]") for index, value in enumerate(self.value or [])]

    def words(self) -> str:
        """A string, empty when it is not there."""
        if self.value is not None and not isinstance(self.value, str):
            raise self.refusal(N_("%(place)s: here a text was expected."))
        return self.value or ""

    def code(self) -> str:
        """A code, such as KM14682."""
        words = self.words()
        if not _CODE.fullmatch(words):
            raise self.refusal(N_("%(place)s: the code is missing or cannot be used."))
        return words

    def day(self) -> date | None:
        """The day of a moment such as 2026-08-01T00:00:00."""
        words = self.words()
        try:
            return date.fromisoformat(words[:10]) if words else None
        except ValueError:
            raise self.refusal(N_("%(place)s: “%(date)s” is not a date."), date=words) from None

    def refusal(self, problem: str, **values: str) -> Refused:
        return Refused(problem, place=self.place, **values)


def read_grep(path: Path) -> list[Found]:
    """Everything of use in a file that holds a response: one element, or a list of them.

    Raises Refused, naming the file and the place in it, for a file that is damaged, of another type, or not as Grep writes.
    """
    whole = Node(_json(path), str(path))
    elements = whole.parts() if isinstance(whole.value, list) else [whole]
    return [found for element in elements for found in _element(element)]


def _json(path: Path) -> Any:
    data = path.read_bytes()
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Refused(N_("%(file)s, line %(line)s: the file is not written in UTF-8."), file=path, line=line) from None
    except json.JSONDecodeError as error:
        problem = N_("%(file)s, line %(line)s, column %(column)s: the JSON is damaged. Fetch the file again.")
        raise Refused(problem, file=path, line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise Refused(N_("%(file)s: the JSON is nested too deep to be a response of Grep."), file=path) from None


def _element(node: Node) -> Iterator[Found]:
    kind = node.part("grep-type").words().rpartition("/")[2]
    _status(node)
    match kind:
        case "kompetansemaal_lk20":
            yield _aim(node)
        case "kompetansemaalsett_lk20":
            yield from _aims_of_set(node, _reference(node))
        case "laereplan_lk20":
            yield from _plan(node)
        case "tverrfaglig_tema_lk20":
            yield ReadCrossTheme(node.place, node.part("kode").code(), _titles(node), _is_bare(node))
        case "":
            raise node.refusal(N_("%(place)s: this has no grep-type, so it is not a response of Grep."))
        case _:
            problem = N_("%(place)s: this is of the type “%(kind)s”. Aims, sets of aims, plans and cross-curricular themes are read.")
            raise node.refusal(problem, kind=kind)


def _status(node: Node) -> str:
    """Its status without status_ before it; empty when it is not told."""
    status = node.part("status")
    name = status.words().rpartition("/")[2].removeprefix("status_")
    if name and name not in STATUSES:
        problem = N_("%(place)s: “%(status)s” is not a status that Grep has. It has: %(statuses)s. Fetch the file again.")
        raise status.refusal(problem, status=status.words(), statuses=", ".join(f"status_{one}" for one in STATUSES))
    return name


def _plan(node: Node) -> Iterator[Found]:
    code, period = node.part("kode").code(), node.part("gyldighetsperiode")
    language = node.part("fastsettelsesinformasjon").part("fastsatt-spraak").part("kode").words()
    yield ReadPlan(
        node.place,
        code,
        LANGUAGES.get(language),
        period.part("gyldig-fra").part("dato").day(),
        period.part("gyldig-til").part("dato").day(),
    )
    for aims in node.part("kompetansemaal-kapittel").part("kompetansemaalsett").parts():
        yield from _aims_of_set(aims, code)


def _aims_of_set(node: Node, plan: str | None) -> Iterator[ReadAim]:
    code, year = node.part("kode").words() or None, _year(node)
    for aim in node.part("kompetansemaal").parts():
        yield _aim(aim, plan, code, year)


def _aim(node: Node, plan: str | None = None, goal_set: str | None = None, year: int | None = None) -> ReadAim:
    tags, belongs = node.part("tilknyttede-tverrfaglige-temaer"), node.part("tilhoerer-kompetansemaalsett", "tilhoerer_kompetansemaalsett")
    explanation, reduced = _explanation(node)
    return ReadAim(
        node.place,
        node.part("kode").code(),
        _reference(node) or plan,
        belongs.part("kode").words() or goal_set,
        _year(belongs) or year,
        None if tags.value is None else any(tag.part("referanse").part("kode").words() == TT1 for tag in tags.parts()),
        _status(node) in RETIRED if node.part("status").value else None,
        _titles(node),
        _is_bare(node),
        explanation,
        reduced,
        _uri(node.part("uri")),
    )


def _uri(node: Node) -> str:
    words = node.words()
    if len(words) > LONGEST_URI or not words.isprintable():
        raise node.refusal(N_("%(place)s: this is not an address that can be used. Fetch the file again."))
    return words


def _reference(node: Node) -> str | None:
    """The code of the plan it belongs to; lists spell the field with an underscore."""
    return node.part("tilhoerer-laereplan", "tilhoerer_laereplan").part("kode").words() or None


def _year(node: Node) -> int | None:
    """The year after which it is to be reached, 1 to 10, from the code (aarstrinn7): titles are untidy. Several years, or Vg: None."""
    codes = [entry.part("kode").words() for entry in node.part("etter-aarstrinn").parts()]
    found = re.fullmatch(r"aarstrinn(\d{1,2})", codes[0]) if len(codes) == 1 else None
    return int(found.group(1)) if found and 1 <= int(found.group(1)) <= 10 else None


# --- Texts ------------------------------------------------------------------------------------------------------------------------


def _titles(node: Node) -> dict[str, str]:
    """Its title, word for word. Raises Refused for markup, which has no business there."""
    titles = {}
    for tag, words in _texts(node.part("tittel")):
        if _TAG.search(words.value):
            raise words.refusal(N_("%(place)s: HTML stands where plain words belong. Fetch the file again."))
        titles[tag] = _tidied(words, words.value, LONGEST_TITLE)
    return titles


def _is_bare(node: Node) -> bool:
    return isinstance(node.part("tittel").value, str)


def _explanation(node: Node) -> tuple[dict[str, str] | None, tuple[str, ...]]:
    """Udir's words about it, out of HTML, and where HTML stood; None where it is not told. Raises Refused for HTML with a program in it."""
    told = node.part("forklaring")
    if told.value is None:
        return None, ()
    found = list(_texts(told))
    reduced = tuple(words.place for _, words in found if _has_tags(words))
    texts = {tag: _tidied(words, plain_paragraphs(words.value), LONGEST_EXPLANATION) for tag, words in found}
    return {tag: words for tag, words in texts.items() if words}, reduced


def _has_tags(words: Node) -> bool:
    names = [name.lower() for name in _TAG_NAME.findall(words.value)]
    for name in names:
        if name in PROGRAMS:
            problem = N_("%(place)s: <%(tag)s> stands in the explanation, which Grep never writes. Fetch the file again.")
            raise words.refusal(problem, tag=name)
    return bool(names)


def _texts(node: Node) -> Iterator[tuple[str, Node]]:
    """(language as BCP 47 or DEFAULT, words): from a bare string, a list by language, or such a list under `tekst`."""
    if isinstance(node.value, str):
        yield DEFAULT, node
        return
    for entry in (node.part("tekst") if isinstance(node.value, dict) else node).parts():
        tag, words = entry.part("spraak").words(), entry.part("verdi")
        if words.words().strip() and (tag == DEFAULT or tag in LANGUAGES):
            yield LANGUAGES.get(tag, DEFAULT), words


def _tidied(node: Node, words: str, most: int) -> str:
    if len(words) > most:
        problem = N_("%(place)s: the text is too long: %(count)s characters. Grep's have at most %(most)s.")
        raise Refused(problem, place=node.place, count=len(words), most=most)
    try:
        return tidy(words).strip()
    except Refused as refused:
        raise Refused(N_("%(place)s: %(problem)s"), place=node.place, problem=str(refused)) from None


PROGRAMS = frozenset({"script", "iframe", "object", "embed"})
"""Elements that run something."""


class _Plain(HTMLParser):
    """Words out of HTML: nothing of its tags, and nothing that is code."""

    BREAKS = frozenset({"p", "br", "li", "ul", "ol", "div", "tr", "h1", "h2", "h3", "h4", "h5", "h6"})
    CODE = frozenset({"script", "style", "template", "iframe", "object", "svg", "math", "noscript"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.CODE:
            self._inside.append(tag)
        if tag in self.BREAKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            self._inside.remove(tag)
        if tag in self.BREAKS:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.said.append(re.sub(r"\s+", " ", data))


def plain_paragraphs(markup: str) -> str:
    """The words of a piece of HTML, one paragraph or list item a line; scripts and tags are gone. It is still to be escaped on a page."""
    parser = _Plain()
    parser.feed(markup)
    parser.close()
    lines = (line.strip() for line in "".join(parser.said).split("\n"))
    return "\n".join(line for line in lines if line)
