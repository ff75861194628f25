"""Reading a document: front matter in TOML, then sections in Markdown. Every fault is found at once, each at its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from curriculum.base import N_, Refused
from curriculum.ideabank.blocks import check_uid, free_name, name_blocks, read_blocks, slug
from curriculum.ideabank.documents import (
    AIM_ROLES,
    AUDIENCES,
    DISTRICT_KEYS,
    DIVE,
    FORMAT,
    GROUPS,
    HEADINGS,
    MOST_CORE_MINUTES,
    MOST_FULL_MINUTES,
    ORIGINS,
    PARENTS,
    PROSE,
    ROOMS,
    SAY_HEADING,
    SECTIONS,
    SMALL_HEADING,
    STEP_KINDS,
    AimPart,
    AnyDocument,
    DistrictTexts,
    OutlineDocument,
    PlacePart,
    StepPart,
    TermPart,
    TextPart,
    ThemeDocument,
    VocabularyDocument,
)
from curriculum.ideabank.fields import LONGEST_TITLE, Table, Where, check_addresses, check_words, read_toml, toml_lines
from curriculum.ideabank.models import DISTRICT_TEXTS, OUTLINE, VOCABULARY
from curriculum.ideabank.problems import DocumentError, DocumentErrors, Problems
from curriculum.text import Block, plain, tidy

LARGEST = 200_000
"""Bytes of UTF-8 in one document."""

FENCE = "+++"
NEEDED = {"pupils": SECTIONS, "parents": ("purpose", "steps"), "staff": ("purpose", "steps")}
"""Sections that may not be empty when a theme is published, by its audience."""

NEEDED_OF_PARENTS = ("sentence", "ask", "did")

Span = tuple[int, int]


@dataclass(frozen=True)
class Reading:
    """What came of reading a text: the document unless a fault was grave, all faults, and where in the text things stand."""

    text: str
    document: AnyDocument | None
    problems: tuple[DocumentError, ...]
    lines: Mapping[Where, int]
    spans: Mapping[str, Span]
    """From and to (not included) which index of the text's lines a section's own words stand: purpose, steps.<uid>, parents.<key>."""


def parse(text: str, *, path: str = "") -> AnyDocument:
    """The document a text says. Raises DocumentErrors with everything that is wrong with it; `path` names its file."""
    reading = read(text, path)
    if reading.document is None or reading.problems:
        raise DocumentErrors(reading.problems)
    return reading.document


@lru_cache(maxsize=512)
def read(text: str, path: str = "") -> Reading:
    """The document and all that is wrong with it, kept for texts read lately."""
    problems = Problems(path)
    lines: dict[Where, int] = {}
    spans: dict[str, Span] = {}
    tidied = _tidied(text, problems)
    document = None
    if tidied is not None:
        document = (
            _read_theme(tidied, problems, lines, spans) if _looks_like_theme(tidied, path) else _read_toml_document(tidied, problems, lines)
        )
    return Reading(tidied or "", None if problems.are_grave else document, problems.found, lines, spans)


def _tidied(text: str, problems: Problems) -> str | None:
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > LARGEST:
        problem, advice = N_("The document holds %(size)s bytes."), N_("At most %(most)s fit. Divide it into two.")
        problems.add(1, problem, advice, size=size, most=LARGEST)
        return None
    try:
        return tidy(text)
    except Refused as refused:
        problems.add_refused(refused, 1)
        return None


def _looks_like_theme(text: str, path: str) -> bool:
    return path.endswith(".md") or text.lstrip("\n").startswith((FENCE, "#"))


# Documents wholly in TOML


def _read_toml_document(text: str, problems: Problems, lines: dict[Where, int]) -> AnyDocument | None:
    values = read_toml(text, problems)
    if values is None:
        return None
    lines.update(toml_lines(text))
    table = Table(values, problems, lines)
    readers: dict[str, Callable[[Table], AnyDocument]] = {
        VOCABULARY: _vocabulary,
        OUTLINE: _outline,
        DISTRICT_TEXTS: _district_texts,
    }
    kind = table.choice("kind", list(readers))
    if kind not in readers:
        return None
    _check_format(table)
    document = readers[kind](table)
    table.finish()
    return document


def _check_format(table: Table) -> None:
    if table.number("format", 1, 1_000_000) != FORMAT:
        table.add("format", N_("This program does not know format %(written)s."), N_("Write format = 1."), written=table.values["format"])


def _vocabulary(table: Table) -> VocabularyDocument:
    terms = tuple(_term(entry) for entry in table.tables("terms"))
    _refuse_doubled(table, "terms", "id", [term.key for term in terms])
    return VocabularyDocument(table.key("id"), table.line_of_text("title"), _origin(table), terms)


def _origin(table: Table) -> str:
    return table.choice("origin", ORIGINS, "human")


def _term(table: Table) -> TermPart:
    term = TermPart(
        table.key("id"),
        table.line_of_text("word", most=80),
        table.texts("forms"),
        table.line_of_text("meaning", most=1_000),
        table.line_of_text("say", most=1_000),
        table.flag("sensitive"),
    )
    table.finish()
    return term


def _refuse_doubled(table: Table, name: str, field_name: str, keys: Sequence[str]) -> None:
    for index, key in enumerate(keys):
        if key and key in keys[:index]:
            line = table.lines.get((*table.where, name, index, field_name), table.line(name))
            at = table.at(f"{name}.{index}.{field_name}")
            table.problems.add(line, N_("“%(value)s” stands twice."), N_("Give this one another name, or delete it."), at=at, value=key)


def _outline(table: Table) -> OutlineDocument:
    places = tuple(_place(entry) for entry in table.tables("places"))
    _refuse_doubled(table, "places", "theme", [place.theme for place in places])
    if not places:
        table.add("places", N_("The outline holds no theme."), N_("Write [[places]] and theme = “…” below it."), is_grave=False)
    return OutlineDocument(table.key("id"), table.line_of_text("title"), table.text("description", ""), _origin(table), places)


def _place(table: Table) -> PlacePart:
    place = PlacePart(table.key("theme"), table.flag("fixed"), table.flag("first"), table.flag("last"))
    table.finish()
    return place


def _district_texts(table: Table) -> DistrictTexts:
    places: list[tuple[str, int, str]] = []
    texts = [_text(entry, places) for entry in table.tables("texts")]
    _refuse_doubled(table, "texts", "key", [part.key for part in texts])
    taken = _check_uids(iter(places), table.problems)
    named = tuple(replace(part, blocks=name_blocks(part.blocks, taken)) for part in texts)
    return DistrictTexts(table.key("id"), table.line_of_text("title"), _origin(table), named)


def _text(table: Table, places: list[tuple[str, int, str]]) -> TextPart:
    """One text; `places` takes in where each of its blocks stands."""
    key = table.choice("key", DISTRICT_KEYS)
    title = table.line_of_text("title")
    written = table.values.get("body")
    body = table.text("body")
    line = table.line("body")
    if isinstance(written, str) and "\n" in written.strip("\n"):
        line += 1 + len(written) - len(written.lstrip("\n"))
    found = read_blocks(body.split("\n"), key, table.problems, line, table.at("body"))
    places += [(one.block.uid, line + one.last, table.at("body")) for one in found]
    table.finish()
    return TextPart(key, title, tuple(one.block for one in found))


def _check_uids(uids: Iterator[tuple[str, int, str]], problems: Problems) -> set[str]:
    """Every name in use; each that stands a second time is noted at its line."""
    taken: set[str] = set()
    for uid, line, at in uids:
        if uid and uid in taken:
            advice = N_("Give it another name, or none: it gets one by itself.")
            problems.add(line, N_("“{#%(uid)s}” stands twice in the document."), advice, at=at, uid=uid)
        taken |= {uid} - {""}
    return taken


# Themes


def _read_theme(text: str, problems: Problems, lines: dict[Where, int], spans: dict[str, Span]) -> ThemeDocument | None:
    written = text.split("\n")
    start = next((index for index, line in enumerate(written) if line), 0)
    end = next((index for index in range(start + 1, len(written)) if written[index] == FENCE), None)
    if written[start] != FENCE or end is None:
        problem = N_("The facts of the theme never end.") if written[start] == FENCE else N_("The facts of the theme are missing.")
        problems.add(start + 1, problem, N_("Write a line +++, then the facts such as title = “…”, then a line +++ again."), at="front")
        return None
    spans["front"] = (start + 1, end)
    front = "\n".join(written[start + 1 : end])
    values = read_toml(front, problems, start + 2)
    lines.update(toml_lines(front, start + 2))
    body = _Body(written, end + 1, problems, spans)
    body.read()
    if values is None:
        return None
    theme = _theme(Table(values, problems, lines, first=start + 1), body)
    _check_theme(theme, problems, lines, body)
    return theme


def _theme(table: Table, body: _Body) -> ThemeDocument:
    _check_format(table)
    core = table.number("core_minutes", 1, MOST_CORE_MINUTES)
    theme = ThemeDocument(
        key=table.key("id"),
        title=table.line_of_text("title"),
        series=table.key("series", ""),
        audience=table.choice("audience", AUDIENCES),
        core_minutes=core,
        full_minutes=table.number("full_minutes", core, MOST_FULL_MINUTES),
        grades=table.numbers("grades", 1, 10, is_required=True),
        groups=table.choices("groups", GROUPS),
        presenter=table.line_of_text("presenter", "", most=60),
        room=table.choices("room", ROOMS),
        terms=table.keys("terms", is_required=True),
        sensitive=table.choices("sensitive", PARENTS),
        district_texts=table.choices("district_texts", DISTRICT_KEYS),
        origin=_origin(table),
        sources=table.texts("sources", public=False),
        licence=table.line_of_text("licence", "CC BY 4.0"),
        aims=tuple(_aim(entry) for entry in table.tables("aims")),
        dive=_dive(table.table("dive")),
        headings=body.headings,
        sections=body.sections,
        steps=tuple(body.steps),
        parents=body.parents,
    )
    _refuse_doubled(table, "aims", "code", [aim.code for aim in theme.aims])
    table.finish()
    return theme


def _aim(table: Table) -> AimPart:
    is_section = "section" in table.values and "code" not in table.values
    code = table.line_of_text("section" if is_section else "code", most=20)
    if {"section", "code"} <= table.values.keys():
        table.text("section")
        table.add("section", N_("An aim has either a code or a section."), N_("Delete one of them."))
    aim = AimPart(code, is_section, table.choice("role", AIM_ROLES), table.line_of_text("note", most=500))
    table.finish()
    return aim


def _dive(table: Table) -> dict[str, str]:
    dive = {step: table.text(step, "") for step in DIVE}
    table.finish()
    return {step: words for step, words in dive.items() if words}


_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?$")
_MARKS = re.compile(r"^(.*?)[ \t]*\{([^{}]*)\}$")
_FENCED = re.compile(r"^ {0,3}(`{3,}(?=[^`]*$)|~{3,})")


@dataclass(frozen=True)
class Marks:
    """What stands in braces after a heading."""

    uid: str = ""
    classes: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()

    @classmethod
    def of(cls, written: str) -> Marks:
        parts = written.split()
        values = dict(part.split("=", 1) for part in parts if "=" in part and not part.startswith(("#", ".")))
        words = tuple(part for part in parts if "=" not in part and not part.startswith(("#", ".")))
        uid = next((part[1:] for part in parts if part.startswith("#")), "")
        return cls(uid, tuple(part[1:] for part in parts if part.startswith(".")), values, words)


@dataclass(frozen=True)
class Heading:
    """A heading that divides the document; `index` is its line's index."""

    index: int
    level: int
    title: str
    marks: Marks | None


class _Body:
    """The part of a theme below its facts, being read."""

    def __init__(self, lines: Sequence[str], start: int, problems: Problems, spans: dict[str, Span]) -> None:
        self.lines = lines
        self.start = start
        self.problems = problems
        self.spans = spans
        self.headings: dict[str, str] = dict(HEADINGS)
        self.sections: dict[str, str] = dict.fromkeys(PROSE, "")
        self.steps: list[StepPart] = []
        self.parents: dict[str, tuple[Block, ...]] = dict.fromkeys(PARENTS, ())
        self.step_lines: list[int] = []
        self.block_lines: list[tuple[Block, int]] = []
        self.section_lines: dict[str, int] = {}

    def read(self) -> None:
        """Divide the text at its headings of the second level, and read each section."""
        headings = list(self._headings())
        tops = [heading for heading in headings if heading.level <= 2]
        self._refuse_loose(self.start, tops[0].index if tops else len(self.lines), None)
        for top, end in _spans(tops, len(self.lines)):
            self._section(top, end, [heading for heading in headings if top.index < heading.index < end])
        self._name()

    def _headings(self) -> Iterator[Heading]:
        """Every heading outside code blocks."""
        fence, opened = "", 0
        for index in range(self.start, len(self.lines)):
            line = self.lines[index]
            heading = _heading(index, line)
            if fence and heading and heading.level == 2 and heading.marks and heading.marks.uid in SECTIONS:
                self._never_closed(opened, fence)
                fence = ""
            if not fence and heading:
                yield heading
            elif found := _FENCED.match(line):
                if not fence:
                    fence, opened = found.group(1), index
                elif line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                    fence = ""
        if fence:
            self._never_closed(opened, fence)

    def _never_closed(self, index: int, fence: str) -> None:
        self.problems.add(
            index + 1, N_("A block of code begins here and never ends."), N_("Write %(fence)s on a line below it."), fence=fence
        )

    def _refuse_loose(self, start: int, end: int, at: str | None) -> None:
        for index in range(start, end):
            if self.lines[index]:
                self.problems.add(index + 1, N_("This text stands in no section."), N_("Move it below one of the headings."), at=at)
                return

    def _section(self, top: Heading, end: int, inner: Sequence[Heading]) -> None:
        key = top.marks.uid if top.marks else ""
        if top.level == 1 or key not in SECTIONS:
            advice = N_("Write ## Heading {#key} with one of: %(choices)s. A heading within a section is ###.")
            self.problems.add(top.index + 1, N_("“%(heading)s” is not a section."), advice, heading=top.title, choices=", ".join(SECTIONS))
            return
        if key in self.section_lines:
            self.problems.add(top.index + 1, N_("The section %(key)s stands twice."), N_("Keep one of them."), at=key, key=key)
            return
        self.section_lines[key] = top.index + 1
        if key in PROSE:
            self._prose(key, top, end, inner)
        else:
            (self._steps if key == "steps" else self._parents)(top, end, inner)
        if self._is_filled(key):
            self.headings[key] = top.title or HEADINGS[key]

    def _is_filled(self, key: str) -> bool:
        return bool({"steps": self.steps, "parents": any(self.parents.values())}.get(key, self.sections.get(key)))

    # One section of prose

    def _prose(self, key: str, top: Heading, end: int, inner: Sequence[Heading]) -> None:
        for heading in inner:
            if heading.marks and (heading.marks.uid or heading.marks.classes):
                advice = N_("Delete what stands in {…}: only parts of the lesson and of the parents' part have names.")
                self.problems.add(heading.index + 1, N_("“%(heading)s” cannot have a name here."), advice, at=key, heading=heading.title)
        self.spans[key] = (top.index + 1, end)
        self.sections[key] = self._markdown(top.index + 1, end, key)

    def _markdown(self, start: int, end: int, at: str) -> str:
        """The text of these lines, verbatim but for empty lines around it."""
        words = "\n".join(self.lines[start:end])
        check_words(words, self.problems, start + 1, at)
        check_addresses(words, self.problems, start + 1, at)
        try:
            plain(words)
        except Refused as refused:
            self.problems.add_refused(refused, start + 1, at)
        return words.strip("\n")

    # Steps

    def _steps(self, top: Heading, end: int, inner: Sequence[Heading]) -> None:
        heads = [heading for heading in inner if heading.level == 3]
        self._refuse_loose(top.index + 1, heads[0].index if heads else end, "steps")
        for head, limit in _spans(heads, end):
            self._step(head, limit, [heading for heading in inner if head.index < heading.index < limit and heading.marks])

    def _step(self, head: Heading, end: int, inner: Sequence[Heading]) -> None:
        marks = head.marks or Marks()
        at = f"steps.{marks.uid}" if marks.uid else "steps"
        if marks.uid:
            check_uid(marks.uid, self.problems, head.index + 1, at)
        ends = [heading.index for heading in inner] + [end]
        body = self._markdown(head.index + 1, ends[0], at)
        asides = {"say": ("", SAY_HEADING), "small": ("", SMALL_HEADING)}
        for heading, limit in zip(inner, ends[1:], strict=True):
            self._aside(heading, limit, asides, at)
        (say, say_heading), (small, small_heading) = asides["say"], asides["small"]
        minutes, kind = self._minutes(head, marks, at), self._kind(head, marks, at)
        if not head.title or len(head.title) > LONGEST_TITLE:
            self.problems.add(
                head.index + 1, N_("The part has no title that can be used."), N_("Write ### Title {minutes=10 kind=activity}."), at=at
            )
        self._check_marks(head, marks, at)
        self.steps.append(
            StepPart(marks.uid, head.title, minutes, kind, "core" in marks.words, body, say, small, say_heading, small_heading)
        )
        self.step_lines.append(head.index)
        self.spans[f"#{len(self.steps) - 1}"] = (head.index, end)

    def _aside(self, heading: Heading, end: int, asides: dict[str, tuple[str, str]], at: str) -> None:
        marks = heading.marks or Marks()
        name = marks.classes[0] if len(marks.classes) == 1 and not marks.uid else ""
        if name not in asides or heading.level != 4:
            advice = N_("Write #### Heading {.say} or #### Heading {.small}, or nothing in braces.")
            self.problems.add(
                heading.index + 1, N_("“%(heading)s” is neither said nor for a small group."), advice, at=at, heading=heading.title
            )
            return
        if asides[name][0]:
            self.problems.add(heading.index + 1, N_("{.%(name)s} stands twice in this part."), N_("Keep one of them."), at=at, name=name)
        words = self._markdown(heading.index + 1, end, at)
        if words:
            asides[name] = (words, heading.title or asides[name][1])

    def _minutes(self, head: Heading, marks: Marks, at: str) -> int:
        written = marks.values.get("minutes", "")
        if not re.fullmatch(r"[1-9][0-9]?", written) or int(written) > MOST_FULL_MINUTES:
            advice = N_("Write a whole number from 1 to %(most)s, such as {minutes=10}.")
            self.problems.add(
                head.index + 1, N_("“%(title)s” has no minutes that can be used."), advice, at=at, title=head.title, most=MOST_FULL_MINUTES
            )
            return 1
        return int(written)

    def _kind(self, head: Heading, marks: Marks, at: str) -> str:
        kind = marks.values.get("kind", "")
        if kind not in STEP_KINDS:
            problem, advice = N_("“%(kind)s” is not a kind of part."), N_("Write kind= and one of: %(choices)s.")
            choices = ", ".join(STEP_KINDS)
            self.problems.add(head.index + 1, problem, advice, at=at, kind=kind, choices=choices, title=head.title)
        return kind

    def _check_marks(self, head: Heading, marks: Marks, at: str) -> None:
        others = [*(f".{name}" for name in marks.classes), *(set(marks.words) - {"core"}), *(set(marks.values) - {"minutes", "kind"})]
        for other in sorted(others):
            advice = N_("Write {#name minutes=10 kind=activity core}, with core or without.")
            self.problems.add(head.index + 1, N_("“%(mark)s” says nothing about a part."), advice, at=at, mark=other)

    # The parents' part

    def _parents(self, top: Heading, end: int, inner: Sequence[Heading]) -> None:
        heads = [heading for heading in inner if heading.level == 3]
        self._refuse_loose(top.index + 1, heads[0].index if heads else end, "parents")
        for head, limit in _spans(heads, end):
            self._parents_section(head, limit)

    def _parents_section(self, head: Heading, end: int) -> None:
        key = head.marks.uid if head.marks else ""
        at = f"parents.{key}"
        if key not in PARENTS:
            problem, advice = N_("“%(heading)s” is not a section of the parents' part."), N_("Write ### {#key} with one of: %(choices)s.")
            self.problems.add(head.index + 1, problem, advice, at="parents", heading=head.title or key, choices=", ".join(PARENTS))
            return
        if at in self.section_lines:
            self.problems.add(head.index + 1, N_("The section %(key)s stands twice."), N_("Keep one of them."), at=at, key=key)
            return
        self.section_lines[at] = head.index + 1
        self.spans[at] = (head.index + 1, end)
        found = read_blocks(self.lines[head.index + 1 : end], key, self.problems, head.index + 2, at)
        self.parents[key] = tuple(one.block for one in found)
        self.block_lines += [(one.block, head.index + 2 + one.last) for one in found]
        if found:
            self.headings[at] = head.title

    # Names

    def _name(self) -> None:
        """Give a name to every step and block without one."""
        steps = ((step.uid, index + 1, f"steps.{step.uid}") for step, index in zip(self.steps, self.step_lines, strict=True))
        blocks = ((block.uid, line, f"parents.{block.section}") for block, line in self.block_lines)
        taken = _check_uids((place for places in (steps, blocks) for place in places), self.problems)
        for position, step in enumerate(self.steps):
            uid = step.uid or free_name(slug(step.title) or "del", taken)
            taken.add(uid)
            self.steps[position] = replace(step, uid=uid)
            self.spans[f"steps.{uid}"] = self.spans.pop(f"#{position}")
        self.parents = {key: name_blocks(blocks, taken) for key, blocks in self.parents.items()}


def _spans(headings: Sequence[Heading], end: int) -> Iterator[tuple[Heading, int]]:
    """Each heading with the index of the line where its part ends."""
    ends = [heading.index for heading in headings[1:]] + [end]
    return zip(headings, ends, strict=False)  # without headings the last end stands alone


def _heading(index: int, line: str) -> Heading | None:
    found = _HEADING.match(line)
    if found is None:
        return None
    marked = _MARKS.match(found.group(2).strip())
    if marked is None:
        return Heading(index, len(found.group(1)), found.group(2).strip(), None)
    return Heading(index, len(found.group(1)), marked.group(1).strip(), Marks.of(marked.group(2)))


def _check_theme(theme: ThemeDocument, problems: Problems, lines: Mapping[Where, int], body: _Body) -> None:
    """Note what stops a theme from being published, though a draft may have it."""
    _check_sums(theme, problems, body)
    _check_facts(theme, problems, lines)
    for key in NEEDED.get(theme.audience, ()):
        if not body._is_filled(key):
            _note_empty(problems, body.section_lines.get(key, len(body.lines)), key)
    if theme.audience == "pupils":
        _check_parents(theme, problems, body)


def needed(theme: ThemeDocument) -> frozenset[str]:
    """The sections that may not be empty when the theme is published, as editors name them."""
    parents = [f"parents.{key}" for key in NEEDED_OF_PARENTS] if theme.audience == "pupils" else []
    return frozenset([*NEEDED.get(theme.audience, ()), *parents])


def _check_sums(theme: ThemeDocument, problems: Problems, body: _Body) -> None:
    line = body.section_lines.get("steps", 1)
    for total, limit, problem in (
        (theme.core_sum, theme.core_minutes, N_("The core parts take %(total)s minutes together; there are %(limit)s.")),
        (theme.full_sum, theme.full_minutes, N_("All parts take %(total)s minutes together; there are %(limit)s.")),
    ):
        if total > limit:
            problems.add(line, problem, N_("Shorten a part, or take one out."), at="steps", is_grave=False, total=total, limit=limit)


def _check_facts(theme: ThemeDocument, problems: Problems, lines: Mapping[Where, int]) -> None:
    if not 3 <= len(theme.terms) <= 5 and theme.audience == "pupils":
        problem, advice = N_("The theme names %(count)s words."), N_("Choose three to five words of the vocabulary.")
        problems.add(lines.get(("terms",), 1), problem, advice, at="terms", is_grave=False, count=len(theme.terms))
    if not any(aim.role == "main" for aim in theme.aims):
        problem, advice = N_("The theme has no main aim."), N_("Choose at least one aim and give it role = “main”.")
        problems.add(lines.get(("aims", 0), 1), problem, advice, at="aims", is_grave=False)
    if not theme.grades:
        problems.add(lines.get(("grades",), 1), N_("The theme is for no grade."), N_("Write grades = [5, 6]."), at="grades", is_grave=False)


def _note_empty(problems: Problems, line: int, key: str) -> None:
    problems.add(line, N_("The section %(key)s is empty."), N_("Write it before you publish."), at=key, is_grave=False, key=key)


def _check_parents(theme: ThemeDocument, problems: Problems, body: _Body) -> None:
    for key in NEEDED_OF_PARENTS:
        at = f"parents.{key}"
        if not theme.parents[key]:
            _note_empty(problems, body.section_lines.get(at, len(body.lines)), at)
    for key in ("sentence", "ask"):
        if len(theme.parents[key]) > 1:
            problem, advice = N_("The section %(key)s holds more than one paragraph."), N_("Keep one sentence.")
            problems.add(body.section_lines[f"parents.{key}"], problem, advice, at=f"parents.{key}", is_grave=False, key=key)
    for block, line in body.block_lines:
        if block.step and theme.step(block.step) is None:
            problem, advice = N_("There is no part “%(step)s”."), N_("Write step= and one of: %(choices)s.")
            choices = ", ".join(step.uid for step in theme.steps)
            problems.add(line, problem, advice, at=f"parents.{block.section}", is_grave=False, step=block.step, choices=choices)
