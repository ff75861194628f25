"""A translation file's entries: each names its document, its sentence, and the hash of the words it was made from."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from curriculum import ideabank, summaries, text
from curriculum.base import N_, Refused
from curriculum.ideabank import DocumentError, DocumentErrors, Problems
from curriculum.interchange.reading_po import Message, read_messages

FILES: Mapping[str, str] = {
    "themes.po": ideabank.THEME,
    "terms.po": ideabank.VOCABULARY,
    "district.po": ideabank.DISTRICT_TEXTS,
}
"""Which file of a language's folder holds which kind of document."""

_CONTEXT = re.compile(r"([a-z0-9-]+)\|([a-z0-9.-]+)\|([0-9a-f]{16})")
_FOREIGN = re.compile(
    r"</?[A-Za-z!?][^<>\n]*>|%\(\w*\)[a-z]?|%[sd](?!\w)|\{[^{}\n]*\}|\$\{?\w+\}|&(?:#\w+|[A-Za-z]+);|!?\[[^\]\n]*\]\([^)\n]*\)?"
)
"""What a translation may hold only where its source does: HTML, links, and other programs' placeholders and character references."""

_NOTE = re.compile(r"origin:\s*([\w:.-]+)\s*;\s*state:\s*(\w+)")


@dataclass(frozen=True)
class Entry:
    """One entry of a PO file."""

    line: int
    document: str
    uid: str
    hash: str
    source: str
    text: str
    is_fuzzy: bool
    origin: str
    """Empty where the file does not say it."""
    state: str

    @property
    def is_finished(self) -> bool:
        return bool(self.text.strip()) and not self.is_fuzzy

    def fits(self, places: Collection[tuple[str, str]]) -> bool:
        """Whether msgid is what the hash was made from, in one of these places (section, kind)."""
        return any(text.segment_hash(*place, self.source) == self.hash for place in places)


def kinds_of(path: Path) -> tuple[str, ...]:
    """Which kinds of documents a file of this name holds, or a folder: one that is called otherwise holds all."""
    return (FILES[path.name],) if path.name in FILES else tuple(FILES.values())


def read_entries(data: bytes, path: str, tag: str) -> list[Entry]:
    """The entries of a PO file in the language `tag`. Raises DocumentErrors with every fault, each at its line."""
    entries, faults = scan_entries(data, path, tag)
    if faults:
        raise DocumentErrors(faults)
    return entries


def scan_entries(data: bytes, path: str, tag: str) -> tuple[list[Entry], tuple[DocumentError, ...]]:
    """The sound entries of a PO file, and every fault of the others; or none, and the one fault that keeps the file from being read."""
    try:
        messages = [message for message in read_messages(data, path, tag) if not message.is_header]
    except DocumentError as fault:
        return [], (fault,)
    problems = Problems(path)
    named = [message for message in messages if _CONTEXT.fullmatch(message.context)]
    _note_unnamed([message for message in messages if message not in named], problems, is_all=not named)
    return [entry for message in named if _is_sound(entry := _entry(message), problems)], problems.found


def _note_unnamed(messages: Sequence[Message], problems: Problems, *, is_all: bool) -> None:
    """Say once that entries are nameless, however many they are: a whole file of them is another kind of file."""
    if not messages:
        return
    line, count = messages[0].line, len(messages)
    advice = N_("Keep the line msgctxt as it was in the file you were given: document|sentence|hash.")
    if count == 1:
        problems.add(line, N_("This entry does not say which sentence it translates."), advice)
    elif is_all:
        advice = N_("Choose themes.po, terms.po or district.po. An interface.po holds the program's own words and is not imported.")
        problems.add(line, N_("No entry of this file says which sentence of the idea bank it translates."), advice)
    else:
        problems.add(line, N_("%(count)s entries do not say which sentence they translate; the first stands here."), advice, count=count)


def _entry(message: Message) -> Entry:
    document, uid, digest = message.context.split("|")
    note = next((match for comment in message.comments if (match := _NOTE.search(comment))), None)
    origin, state = note.groups() if note else ("", summaries.TRANSLATED)
    return Entry(message.line, document, uid, digest, message.source, message.text, message.is_fuzzy, origin, state)


def _is_sound(entry: Entry, problems: Problems) -> bool:
    """Whether the translation can stand; faults are noted at its line."""
    if entry.state not in (summaries.DRAFT, summaries.TRANSLATED, summaries.CHECKED):
        problems.add(entry.line, N_("“%(state)s” is not a state."), N_("Write draft, translated or checked."), state=entry.state)
        return False
    if entry.origin and not summaries.is_origin(entry.origin):
        advice = N_("Write human, memory, machine or machine-edited.")
        problems.add(entry.line, N_("“%(origin)s” is not an origin of a translation."), advice, origin=entry.origin)
        return False
    if not entry.is_finished:
        return True
    try:
        text.refuse_personal(text.tidy(entry.text), public=True)
        text.check_placeholders(entry.source, entry.text)
    except Refused as refused:
        problems.add_refused(refused, entry.line)
        return False
    for mark in _FOREIGN.findall(entry.text):
        if mark not in entry.source:
            advice = N_("Delete it: a translation holds words, and the source's own marks such as <1>…</1>.")
            problems.add(entry.line, N_("%(mark)s is not in the source text."), advice, mark=mark)
            return False
    return True
