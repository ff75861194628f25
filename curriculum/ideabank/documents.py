"""The documents of the idea bank as plain values: themes, outlines, the vocabulary and the district's texts."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property

from curriculum.ideabank.models import DISTRICT_TEXTS, OUTLINE, THEME, VOCABULARY
from curriculum.text import Block, Segment, segments

FORMAT = 1
PROSE = ("purpose", "preparation", "reflection", "watch-out", "teacher")
SECTIONS = ("purpose", "preparation", "steps", "reflection", "watch-out", "teacher", "parents")
PARENTS = ("sentence", "ask", "did", "try", "more", "hard")
"""The sections of the parents' part, in reading order."""

STEP_KINDS = ("intro", "talk", "activity", "game", "role-play", "discussion", "reflection", "closing")
AUDIENCES = ("pupils", "parents", "staff")
GROUPS = ("class", "half", "small")
ROOMS = ("quiet", "floor-space", "projector", "tables", "gym", "outdoors", "kitchen")
AIM_ROLES = ("main", "supporting")
DIVE = ("define", "ideas", "choose", "evaluate")
DISTRICT_KEYS = ("who-we-are", "duties", "contact", "interpreter", "about", "banner")
ORIGINS = ("human", "machine", "machine-edited")

MOST_CORE_MINUTES, MOST_FULL_MINUTES = 45, 60

HEADINGS: Mapping[str, str] = {
    "purpose": "Hva vi vil med økta",
    "preparation": "Forberedelse",
    "steps": "Gjennomføring",
    "reflection": "Refleksjon",
    "watch-out": "Vær oppmerksom på",
    "teacher": "Læreren",
    "parents": "Til foreldrene",
} | {f"parents.{key}": "" for key in PARENTS}
"""What a section is headed when its author has not said otherwise; the parents' sections carry no heading of their own."""

SAY_HEADING, SMALL_HEADING = "Si", "Liten gruppe"


def digest(value: object) -> str:
    """SHA-256 over plain values as sorted JSON in NFC: the same for files that differ in bytes but say the same."""
    said = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(unicodedata.normalize("NFC", said).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class StepPart:
    """A part of how a theme is held (minutes): what to do, what to say, and how to do it with a small group."""

    uid: str
    title: str
    minutes: int
    kind: str
    is_core: bool
    body: str = ""
    say: str = ""
    small: str = ""
    say_heading: str = SAY_HEADING
    small_heading: str = SMALL_HEADING


@dataclass(frozen=True)
class Timed:
    """A step with the minutes after the lesson's start at which it begins and ends."""

    step: StepPart
    start: int
    end: int


@dataclass(frozen=True)
class AimPart:
    """An aim code, or a section of the core curriculum, that a theme serves, and why in one sentence."""

    code: str
    is_section: bool
    role: str
    note: str


@dataclass(frozen=True)
class TermPart:
    """A word of the vocabulary: its forms, what it means, and a line an adult says."""

    key: str
    word: str
    forms: tuple[str, ...]
    meaning: str
    say: str
    is_sensitive: bool


@dataclass(frozen=True)
class TextPart:
    """One of the district's texts."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class PlacePart:
    """A theme's place in an outline: fixed or free to swap, and whether it must come first or last."""

    theme: str
    fixed: bool = False
    first: bool = False
    last: bool = False


class _Said:
    """What every kind of document can tell of itself."""

    kind: str

    @cached_property
    def hash(self) -> str:
        """64 hexadecimal digits over the parsed values, not over the bytes."""
        return digest({"format": FORMAT, "kind": self.kind} | asdict(self))  # type: ignore[call-overload]

    def blocks(self) -> tuple[Block, ...]:
        """Everything of it that parents may read, in reading order."""
        return ()

    def segments(self) -> list[Segment]:
        """What of it is translated."""
        return segments(self.blocks())


@dataclass(frozen=True)
class ThemeDocument(_Said):
    """A theme: its facts, how it is held, and what the parents read. Minutes; Markdown in `sections` and `steps`."""

    key: str
    title: str
    series: str = ""
    audience: str = "pupils"
    core_minutes: int = MOST_CORE_MINUTES
    full_minutes: int = MOST_FULL_MINUTES
    grades: tuple[int, ...] = ()
    groups: tuple[str, ...] = ()
    presenter: str = ""
    room: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    sensitive: tuple[str, ...] = ()
    district_texts: tuple[str, ...] = ()
    origin: str = "human"
    sources: tuple[str, ...] = ()
    licence: str = "CC BY 4.0"
    aims: tuple[AimPart, ...] = ()
    dive: Mapping[str, str] = field(default_factory=dict)
    headings: Mapping[str, str] = field(default_factory=lambda: dict(HEADINGS))
    sections: Mapping[str, str] = field(default_factory=lambda: dict.fromkeys(PROSE, ""))
    steps: tuple[StepPart, ...] = ()
    parents: Mapping[str, tuple[Block, ...]] = field(default_factory=lambda: dict.fromkeys(PARENTS, ()))

    kind = THEME

    def step(self, uid: str) -> StepPart | None:
        return next((step for step in self.steps if step.uid == uid), None)

    @cached_property
    def core_sum(self) -> int:
        """Minutes of the core steps together."""
        return sum(step.minutes for step in self.steps if step.is_core)

    @cached_property
    def full_sum(self) -> int:
        """Minutes of all steps together."""
        return sum(step.minutes for step in self.steps)

    def core_run(self) -> tuple[Timed, ...]:
        """The core steps with their minutes from the lesson's start."""
        return tuple(_timed(step for step in self.steps if step.is_core))

    def full_run(self) -> tuple[Timed, ...]:
        """All steps with their minutes from the lesson's start."""
        return tuple(_timed(iter(self.steps)))

    def blocks(self) -> tuple[Block, ...]:
        return tuple(block for key in PARENTS for block in self.parents[key])


def _timed(steps: Iterator[StepPart]) -> Iterator[Timed]:
    start = 0
    for step in steps:
        yield Timed(step, start, start + step.minutes)
        start += step.minutes


@dataclass(frozen=True)
class OutlineDocument(_Said):
    """A template for a series: which themes, in which order, which of them fixed."""

    key: str
    title: str
    description: str = ""
    origin: str = "human"
    places: tuple[PlacePart, ...] = ()

    kind = OUTLINE


@dataclass(frozen=True)
class VocabularyDocument(_Said):
    """The words we use, and what they mean."""

    key: str
    title: str
    origin: str = "human"
    terms: tuple[TermPart, ...] = ()

    kind = VOCABULARY

    def blocks(self) -> tuple[Block, ...]:
        return tuple(
            Block(f"{term.key}.{kind}", "term", kind, said)
            for term in self.terms
            for kind, said in (("word", term.word), ("meaning", term.meaning), ("say", term.say))
        )


@dataclass(frozen=True)
class DistrictTexts(_Said):
    """What a district says of itself: who holds the course, its duties, how to reach it."""

    key: str
    title: str
    origin: str = "human"
    texts: tuple[TextPart, ...] = ()

    kind = DISTRICT_TEXTS

    def blocks(self) -> tuple[Block, ...]:
        return tuple(block for part in self.texts for block in (Block(f"{part.key}.title", part.key, "title", part.title), *part.blocks))

    def text(self, key: str) -> TextPart | None:
        return next((part for part in self.texts if part.key == key), None)


AnyDocument = ThemeDocument | OutlineDocument | VocabularyDocument | DistrictTexts
