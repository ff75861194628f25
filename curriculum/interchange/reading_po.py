"""Reading a PO file: its messages in order, or the first thing that keeps it from being read, with its line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.parser import HeaderParser

from babel.messages.pofile import unescape

from curriculum.base import N_, Refused
from curriculum.ideabank import DocumentError
from curriculum.text import LANGUAGES

LARGEST = 2_000_000
"""Bytes of one file."""

CONTEXT, SOURCE, TEXT = "msgctxt", "msgid", "msgstr"

_LINE = re.compile(rf'(?:({CONTEXT}|{SOURCE}|{TEXT})\s*)?("(?:[^"\\]|\\.)*")')
_UNFINISHED = re.compile(rf'(?:(?:{CONTEXT}|{SOURCE}|{TEXT})\s*)?(?:"(?:[^"\\]|\\.)*\\?)?')
_PLURAL = re.compile(r"msgid_plural\b|msgstr\[[0-9]+\]")

_MEND = N_("Fetch the file again, or mend the line: it may have been cut off on its way.")


@dataclass(frozen=True)
class Message:
    """One message of a PO file. `line` is where it begins; the header has neither context nor source."""

    line: int
    context: str
    source: str
    text: str
    comments: tuple[str, ...]
    """The lines above it, each with its #."""

    @property
    def is_header(self) -> bool:
        return not self.context and not self.source

    @property
    def notes(self) -> list[str]:
        """What people and programs wrote above it for themselves: the comments that no tool reads."""
        return [said for line in self.comments if line[1:2] not in (".", ":", ",", "|") and (said := line[1:].strip())]

    @property
    def is_fuzzy(self) -> bool:
        return any(line.startswith("#,") and "fuzzy" in line for line in self.comments)


def read_messages(data: bytes, path: str, tag: str) -> list[Message]:
    """The messages of a PO file in the language `tag`, the header among them.

    Raises DocumentError, with its line, for the first fault of the file's form, as in one that was cut off on its way, for plural forms,
    and for a header that names another language; Refused for an unknown language.
    """
    if tag not in LANGUAGES:
        raise Refused(N_("There is no language “%(tag)s”."), at="language", tag=tag)
    reader = _Reader(path)
    for number, line in enumerate(_decoded(data, path).split("\n"), 1):
        reader.take(number, line.strip())
    reader.end()
    for message in reader.messages[:1]:
        _refuse_another_language(message, path, tag)
    return reader.messages


def _decoded(data: bytes, path: str) -> str:
    if len(data) > LARGEST:
        values = {"size": len(data), "most": LARGEST}
        advice = N_("At most %(most)s fit. Divide it into two.")
        raise DocumentError(N_("The file holds %(size)s bytes."), advice, path=path, values=values)
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        advice = N_("Save it as UTF-8 in your program for translating.")
        raise DocumentError(N_("The file is not written in UTF-8."), advice, path=path, line=line) from error


@dataclass
class _Reader:
    """Takes a file line by line; what has begun is a message as soon as the next one begins."""

    path: str
    messages: list[Message] = field(default_factory=list)
    _lines: dict[tuple[str, str], int] = field(default_factory=dict)
    _parts: dict[str, str] = field(default_factory=dict)
    _comments: list[str] = field(default_factory=list)
    _begun: int = 0

    def take(self, number: int, line: str) -> None:
        """Read one line. What a program kept of older messages (#~) is passed over."""
        if line.startswith("#~"):
            self._finish()
            self._comments = []
        elif line.startswith("#"):
            self._finish()
            self._comments.append(line)
            self._begun = number
        elif line:
            self._take_words(number, line)

    def end(self) -> None:
        """After the last line: nothing may be left that was only begun."""
        self._finish()
        if self._comments:
            raise self._fault(self._begun, N_("There is no entry after this comment."), _MEND)

    def _take_words(self, number: int, line: str) -> None:
        found = _LINE.fullmatch(line)
        if found is None:
            raise self._unreadable(number, line)
        keyword, string = found.groups()
        if keyword == CONTEXT or (keyword == SOURCE and SOURCE in self._parts):
            self._finish()
        if keyword is None and self._parts:
            self._parts[list(self._parts)[-1]] += unescape(string)
        elif keyword is None or keyword in self._parts or (keyword == TEXT and SOURCE not in self._parts):
            raise self._unreadable(number, line)
        else:
            self._begun = self._begun if self._parts else number
            self._parts[keyword] = unescape(string)

    def _finish(self) -> None:
        """Keep the message that was begun, if there is one."""
        if not self._parts:
            return
        if TEXT not in self._parts:
            raise self._fault(self._begun, N_("This entry has no msgstr."), _MEND)
        message = Message(self._begun, self._parts.get(CONTEXT, ""), self._parts[SOURCE], self._parts[TEXT], tuple(self._comments))
        self._refuse_twice(message)
        self.messages.append(message)
        self._parts, self._comments = {}, []

    def _refuse_twice(self, message: Message) -> None:
        """A sentence has one translation: entries are told apart by msgctxt, or by msgid where there is none."""
        name = (CONTEXT, message.context) if message.context else (SOURCE, message.source)
        first = self._lines.setdefault(name, message.line)
        if first != message.line and not message.is_header:
            advice = N_("It stands first on line %(first)s. Keep one of them.")
            raise self._fault(message.line, N_("%(keyword)s “%(name)s” stands twice."), advice, keyword=name[0], name=name[1], first=first)

    def _unreadable(self, number: int, line: str) -> DocumentError:
        if _PLURAL.match(line):
            return self._fault(number, N_("There are no plural forms here."), N_("Delete msgid_plural and its translations."))
        if _UNFINISHED.fullmatch(line):
            return self._fault(number, N_("The quotation mark at the end of this line is missing."), _MEND)
        return self._fault(number, N_("This line cannot be read as PO."), _MEND)

    def _fault(self, line: int, problem: str, advice: str, **values: object) -> DocumentError:
        return DocumentError(problem, advice, path=self.path, line=line, values=values)


def _refuse_another_language(message: Message, path: str, tag: str) -> None:
    """The header, if there is one, must name the language `tag`, or none."""
    language = _header(message).get("Language", "").strip()
    if language and _plain_tag(language) not in (_plain_tag(tag), _plain_tag(LANGUAGES[tag].babel_locale)):
        values = {"language": language, "tag": tag}
        advice = N_("Choose the file in %(tag)s, or mend the line “Language”.")
        problem = N_("The file says that it is in “%(language)s”.")
        raise DocumentError(problem, advice, path=path, line=message.line, values=values)


def _header(message: Message) -> Mapping[str, str]:
    return dict(HeaderParser().parsestr(message.text)) if message.is_header else {}


def _plain_tag(tag: str) -> str:
    return tag.replace("_", "-").lower()
