"""Reading a theme's sections in Markdown: prose, the parts of the lesson, the parents' part; each thing with its lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from curriculum.base import N_, Refused
from curriculum.ideabank.blocks import check_uid, check_uids, free_name, name_blocks, read_blocks, slug
from curriculum.ideabank.documents import (
    HEADINGS,
    MOST_FULL_MINUTES,
    PARENTS,
    PROSE,
    SAY_HEADING,
    SECTIONS,
    SMALL_HEADING,
    STEP_KINDS,
    StepPart,
)
from curriculum.ideabank.fields import LONGEST_TITLE, check_addresses, check_words
from curriculum.ideabank.problems import Problems
from curriculum.text import Block, plain

Span = tuple[int, int]
"""From and to (not included): indexes of a text's lines."""

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


class Body:
    """The part of a theme below its facts, being read: what it says, and on which lines."""

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
        if self.is_filled(key):
            self.headings[key] = top.title or HEADINGS[key]

    def is_filled(self, key: str) -> bool:
        """Whether a section says anything."""
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
        taken = check_uids((place for places in (steps, blocks) for place in places), self.problems)
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
