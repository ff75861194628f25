"""What parents can hear: recordings of a summary in a language, of a word in the source language, and of a language's own name.

A recording is heard while the text it reads is today's for whoever hears it: the copy that stands beside it is compared each time, so that
it falls silent by itself when the text moves and is there again when the text comes back.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, lru_cache
from html.parser import HTMLParser
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, joinedload, undefer

from curriculum import people, text
from curriculum.base import N_, Refused
from curriculum.ideabank import VOCABULARY, AnyDocument, Document, ThemeDocument, VocabularyDocument
from curriculum.people import District, Person, SchoolClass, Scope
from curriculum.planning import Lesson
from curriculum.summaries.bank import VersionLine, published
from curriculum.summaries.desk import shelf_of
from curriculum.summaries.models import Recording
from curriculum.summaries.reading import Summary, readable_lessons, summaries_for
from curriculum.summaries.sections import Section, section
from curriculum.summaries.sounds import ENDINGS, measure

SUMMARY, TERM, NAME = "summary", "term", "name"
"""What may be read aloud."""

READ_ALOUD = ("sentence", "ask")
"""The sections of a summary that are read: what a parent needs first, and well under a minute. The words have sounds of their own."""


@dataclass(frozen=True)
class Script:
    """A text to be read aloud as it stands today, in one language; without words where there is nothing in that language to read."""

    about: str
    language: str
    words: str
    is_machine: bool = False

    @property
    def hash(self) -> str:
        return text_hash(self.words)

    @property
    def kind(self) -> str:
        return self.about.partition(":")[0]


@dataclass(frozen=True)
class Clip:
    """A recording that is heard today. `is_trial`: a tone of the invented district, and nobody's voice."""

    public_id: str
    type: str
    file_name: str
    """What it is called when it is saved or sent on."""
    is_trial: bool


@dataclass(frozen=True)
class Heard:
    """What is heard of a summary: itself, and its words by their keys. `has_words`: there is a text in its language to be read at all."""

    has_words: bool = False
    summary: Clip | None = None
    terms: Mapping[str, Clip] = field(default_factory=dict)


@dataclass(frozen=True)
class State:
    """How far a text to be read has come: what is heard of it today, and whether all that was recorded reads another text."""

    script: Script
    recording: Recording | None
    has_moved: bool


def text_hash(words: str) -> str:
    """16 hexadecimal digits that change with any word, and not with spaces or lines."""
    plain = " ".join(unicodedata.normalize("NFC", words).split())
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


# --- What is read ----------------------------------------------------------------------------------------------------------------------


def about(kind: str, key: str) -> str:
    """What a recording is of, as it is kept."""
    return f"{kind}:{key}"


def theme_script(db: Session, district: District, theme: Document, tag: str, today: date) -> Script:
    """What is read aloud of a theme's summary in a language, by the version in effect today. Raises LookupError before the first."""
    bank = published(db, district.id, today)
    if theme.id not in bank.titles:
        raise LookupError(theme.key)
    version = bank.current(theme.id)
    document = bank.contents(db, [version])[version.id]
    assert isinstance(document, ThemeDocument)
    shelf = shelf_of(db, district, bank, tag, [theme.id])
    parts = [section(shelf, key, theme.id, document.parents[key], needs_human=key in document.sensitive) for key in READ_ALOUD]
    return _script(theme.key, tag, [part for part in parts if part])


def _script(theme: str, tag: str, parts: Iterable[Section]) -> Script:
    read = list(parts)
    words = "\n\n".join(spoken_words(part.html) for part in read) if all(part.lang == tag for part in read) else ""
    return Script(about(SUMMARY, theme), tag, words, any(part.is_machine for part in read))


def summary_script(summary: Summary) -> Script:
    """What is read aloud of a summary. A cancelled lesson's is not: what it would have been about is not news of this week."""
    parts = [part for key in READ_ALOUD if (part := summary.part(key)) and not summary.is_cancelled]
    return _script(summary.theme.key, summary.lang, parts)


def term_scripts(db: Session, district: District, today: date) -> dict[str, Script]:
    """The words of today's vocabulary in the source language, by their keys, in its order."""
    bank = published(db, district.id, today)
    vocabulary = bank.one_of(VOCABULARY)
    terms = _vocabulary(bank.contents(db, [vocabulary]), vocabulary).terms if vocabulary else ()
    return {term.key: Script(about(TERM, term.key), district.source_language, text.plain(term.word)) for term in terms}


def _vocabulary(contents: Mapping[int, AnyDocument], line: VersionLine) -> VocabularyDocument:
    found = contents[line.id]
    assert isinstance(found, VocabularyDocument)
    return found


def name_script(tag: str) -> Script:
    """A language's name in itself."""
    return Script(about(NAME, tag), tag, text.LANGUAGES[tag].endonym)


class _Words(HTMLParser):
    """Takes the words out of our own HTML, a line for each paragraph or list item."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = [""]

    def handle_data(self, data: str) -> None:
        self.lines[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("p", "li"):
            self.lines.append("")


@lru_cache(maxsize=1024)
def spoken_words(html: str) -> str:
    """The words of a section as they are read aloud."""
    parser = _Words()
    parser.feed(html)
    parser.close()
    return "\n".join(line for one in parser.lines if (line := " ".join(one.split())))


# --- Recording -------------------------------------------------------------------------------------------------------------------------


def may_record(db: Session, person: Person, theme: Document, tag: str, today: date) -> bool:
    """Whether a person may read a theme to parents in a language: whoever translates into it or answers for the bank, and an agent for
    what her classes have.
    """
    if people.may(person, "record", Scope(theme.district_id, language=tag), today):
        return True
    hers = people.visible(person, Lesson, today, "hold").where(Lesson.theme_id == theme.id)
    return db.scalars(hers.with_only_columns(Lesson.id).limit(1)).first() is not None


def record(db: Session, district: District, script: Script, data: bytes, *, seen: str, by: Person | None, now: datetime) -> Recording:
    """Keep a sound that reads a text; it is heard from now on.

    `seen` is the hash of the text that was read. Raises Refused when the text is another by now, and for what is no sound, is too long,
    too large or damaged.
    """
    if not script.words:
        raise Refused(N_("There is no text in this language to read."), at="sound")
    if seen != script.hash:
        raise Refused(N_("The text has changed since you opened the page. Read the one that stands here now."), at="sound")
    sound = measure(data)
    recording = Recording(
        district_id=district.id,
        about=script.about,
        language=script.language,
        text=script.words,
        text_hash=script.hash,
        type=sound.type,
        seconds=round(sound.seconds, 2),
        size=len(data),
        data=data,
        by=by,
        at=now,
    )
    db.add(recording)
    db.flush()
    return recording


def withdraw(db: Session, recording: Recording, *, by: Person, now: datetime) -> None:
    """Let a recording be heard no more; the one before it is, if it still reads today's text. Raises Refused when it is withdrawn."""
    if recording.withdrawn_at is not None:
        raise Refused(N_("The recording is withdrawn already."))
    recording.withdrawn_at, recording.withdrawn_by_id = now, by.id
    db.flush()


def bring_back(db: Session, recording: Recording) -> None:
    """Take back that a recording was withdrawn."""
    recording.withdrawn_at = recording.withdrawn_by_id = None
    db.flush()


def states(db: Session, district: District, scripts: Collection[Script]) -> list[State]:
    """What has been recorded of these texts, for those who record. One query."""
    query = (
        select(Recording)
        .where(Recording.district_id == district.id, Recording.about.in_({script.about for script in scripts}))
        .where(Recording.withdrawn_at.is_(None))
        .order_by(Recording.id.desc())
        .options(joinedload(Recording.by))
    )
    made: dict[tuple[str, str], list[Recording]] = {}
    for one in db.scalars(query):
        made.setdefault((one.about, one.language), []).append(one)
    return [_state(script, made.get((script.about, script.language), [])) for script in scripts]


def _state(script: Script, made: list[Recording]) -> State:
    fitting = next((one for one in made if one.text_hash == script.hash), None)
    return State(script, fitting, fitting is None and bool(made))


# --- Hearing ---------------------------------------------------------------------------------------------------------------------------


def heard(db: Session, district: District, summary: Summary) -> Heard:
    """What of a summary is heard today: itself in its language, its words in the source language. One query."""
    script, terms = summary_script(summary), summary.part("terms")
    words = {card.key: Script(about(TERM, card.key), summary.source_lang, card.word) for card in terms.cards} if terms else {}
    clips = _clips(db, district, [script, *words.values()])
    return Heard(bool(script.words), clips.get(script), {key: clips[word] for key, word in words.items() if word in clips})


def names_heard(db: Session, district: District) -> dict[str, Clip]:
    """The open languages whose names are heard, by tag. One query."""
    scripts = [name_script(tag) for tag in district.open_languages]
    return {script.language: clip for script, clip in _clips(db, district, scripts).items()}


def _clips(db: Session, district: District, scripts: Iterable[Script]) -> dict[Script, Clip]:
    wanted = {(script.about, script.language, script.hash): script for script in scripts if script.words}
    asked = {"district": district.id, "about": sorted({about for about, _, _ in wanted})}
    clips: dict[Script, Clip] = {}
    for spoken_of, language, hash, public_id, type, by in db.execute(_heard(), asked):
        if (script := wanted.get((spoken_of, language, hash))) is not None:
            clips[script] = Clip(public_id, type, file_name(spoken_of, language, type), by is None)
    return clips  # of several the newest, which comes last


def file_name(about: str, language: str, type: str) -> str:
    """What the file of a recording is called: what is read, and in which language."""
    return f"{about.partition(':')[2]}-{language}.{ENDINGS[type]}"


@cache
def _heard() -> Select[*tuple[Any, ...]]:
    return (
        select(Recording.about, Recording.language, Recording.text_hash, Recording.public_id, Recording.type, Recording.by_id)
        .where(
            Recording.district_id == bindparam("district"),
            Recording.about.in_(bindparam("about", expanding=True)),
            Recording.withdrawn_at.is_(None),
        )
        .order_by(Recording.id)
    )


def find_heard(db: Session, school_class: SchoolClass, public_id: str, tag: str, today: date) -> Recording:
    """The recording with this public id, with its sound, if it is heard today on the page of a class in a language.

    Raises LookupError for every other: one that is withdrawn, of another district or language, that reads an older text, or a theme that
    the class's parents do not read yet.
    """
    district = school_class.school.district
    query = select(Recording).where(Recording.public_id == public_id, Recording.district_id == district.id)
    found = db.scalars(query.where(Recording.withdrawn_at.is_(None)).options(undefer(Recording.data))).one_or_none()
    if found is None or found.text_hash not in _read_today(db, school_class, found, tag, today):
        raise LookupError(public_id)
    return found


def _read_today(db: Session, school_class: SchoolClass, found: Recording, tag: str, today: date) -> set[str]:
    """The hashes of the texts that the parents of a class read today of what a recording is about, in its language."""
    kind, _, key = found.about.partition(":")
    if kind == TERM:
        words = term_scripts(db, school_class.school.district, today)
        return {words[key].hash} if key in words else set()
    if found.language != tag:
        return set()
    if kind == NAME:
        return {name_script(key).hash}
    lessons = readable_lessons(db, school_class, key, today)
    return {summary_script(one).hash for one in summaries_for(db, lessons, tag, today)}
