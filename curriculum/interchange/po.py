"""Translations in and out as PO files: each entry names its document, its sentence, and the hash of the words it was made from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from email.parser import HeaderParser
from io import BytesIO, StringIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, denormalize, read_po, write_po
from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum import ideabank, summaries, text
from curriculum.base import N_, Refused
from curriculum.ideabank import Document, DocumentError, DocumentErrors, Problems, Segment
from curriculum.people import District, Person
from curriculum.summaries import Translation

LARGEST = 2_000_000
"""Bytes of one file."""

FILES: Mapping[str, str] = {
    "themes.po": ideabank.THEME,
    "terms.po": ideabank.VOCABULARY,
    "district.po": ideabank.DISTRICT_TEXTS,
}
"""Which file of a language's folder holds which kind of document."""

_CONTEXT = re.compile(r"([a-z0-9-]+)\|([a-z0-9.-]+)\|([0-9a-f]{16})")
_MSGCTXT = re.compile(r'^msgctxt[ \t]+("(?:[^"\\\n]|\\.)*"(?:[ \t]*\n[ \t]*"(?:[^"\\\n]|\\.)*")*)', re.M)
_HEADER = re.compile(r'^msgid[ \t]+""[ \t]*\nmsgstr[ \t]+"(?:[^"\\\n]|\\.)*"(?:[ \t]*\n[ \t]*"(?:[^"\\\n]|\\.)*")*', re.M)
_FOREIGN = re.compile(r"</?[A-Za-z!?][^<>\n]*>|%\(\w*\)[a-z]?|%[sd](?!\w)|\{[^{}\n]*\}|\$\{?\w+\}|&(?:#\w+|[A-Za-z]+);")
"""What a translation may hold only where its source does: HTML, and other programs' placeholders and character references."""

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
    state: str


@dataclass(frozen=True)
class PoReport:
    """What an import did: how many translations were added or known already, and what was passed over, with its reason."""

    added: int = 0
    unchanged: int = 0
    empty: int = 0
    """Entries without words, or marked fuzzy: nobody has finished them."""
    kept: int = 0
    """Entries that would have covered something better in the bank: a newer source's translation, or a person's work."""
    unknown: tuple[DocumentError, ...] = ()
    """Entries for documents or sentences the bank does not have."""

    def __add__(self, other: PoReport) -> PoReport:
        return PoReport(
            self.added + other.added,
            self.unchanged + other.unchanged,
            self.empty + other.empty,
            self.kept + other.kept,
            self.unknown + other.unknown,
        )


# Reading


def read_entries(data: bytes, path: str, tag: str) -> list[Entry]:
    """The entries of a PO file in the language `tag`. Raises DocumentErrors with every fault, each at its line."""
    entries, faults = scan_entries(data, path, tag)
    if faults:
        raise DocumentErrors(faults)
    return entries


def scan_entries(data: bytes, path: str, tag: str) -> tuple[list[Entry], tuple[DocumentError, ...]]:
    """The sound entries of a PO file, and every fault of the file and of the others."""
    problems = Problems(path)
    said = _decoded(data, problems)
    entries = list(_entries(said, problems, tag)) if said is not None else []
    return entries, problems.found


def _decoded(data: bytes, problems: Problems) -> str | None:
    if len(data) > LARGEST:
        problems.add(1, N_("The file holds %(size)s bytes."), N_("At most %(most)s fit. Divide it into two."), size=len(data), most=LARGEST)
        return None
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        problems.add(line, N_("The file is not written in UTF-8."), N_("Save it as UTF-8 in your program for translating."))
        return None


def _entries(said: str, problems: Problems, tag: str) -> Iterator[Entry]:
    body = _without_header(said, problems, tag)
    lines = _context_lines(body, problems)
    if plural := re.search(r"^msgid_plural", body, re.M):
        problems.add(_line(body, plural.start()), N_("There are no plural forms here."), N_("Delete msgid_plural and its translations."))
        return
    try:
        catalog = read_po(StringIO(body), abort_invalid=True)
    except PoFileError as error:
        problems.add(error.lineno + 1, N_("This line cannot be read as PO."), N_("Save the file again in your program for translating."))
        return
    except (ValueError, IndexError, AttributeError):
        problems.add(1, N_("The file cannot be read as PO."), N_("Save the file again in your program for translating."))
        return
    for message in catalog:
        if message.id:
            entry = _entry(message, lines, problems)
            if entry is not None:
                yield entry


def _line(said: str, position: int) -> int:
    return said.count("\n", 0, position) + 1


def _without_header(said: str, problems: Problems, tag: str) -> str:
    """The text with its header's lines empty; the header's language must be the right one."""
    found = _HEADER.search(said)
    first = _MSGCTXT.search(said)
    if found is None or (first is not None and first.start() < found.start()):
        return said
    header = HeaderParser().parsestr(denormalize(found.group().split("msgstr", 1)[1].strip()))
    language = header.get("Language", "").strip()
    if language and _plain_tag(language) not in (_plain_tag(tag), _plain_tag(text.LANGUAGES[tag].babel_locale)):
        advice = N_("Choose the file in %(tag)s, or mend the line “Language”.")
        problems.add(_line(said, found.start()), N_("The file says that it is in “%(language)s”."), advice, language=language, tag=tag)
    return said[: found.start()] + "\n" * found.group().count("\n") + said[found.end() :]


def _plain_tag(tag: str) -> str:
    return tag.replace("_", "-").lower()


def _context_lines(said: str, problems: Problems) -> dict[str, int]:
    """On which line each msgctxt stands; one that stands twice is noted."""
    lines: dict[str, int] = {}
    for found in _MSGCTXT.finditer(said):
        context, line = denormalize(found.group(1)), _line(said, found.start())
        if context in lines:
            advice = N_("It stands first on line %(first)s. Keep one of them.")
            problems.add(line, N_("msgctxt “%(context)s” stands twice."), advice, context=context, first=lines[context])
        lines.setdefault(context, line)
    return lines


def _entry(message: Message, lines: Mapping[str, int], problems: Problems) -> Entry | None:
    context = message.context or ""
    line = lines.get(context, message.lineno or 1)
    found = _CONTEXT.fullmatch(context)
    if found is None:
        advice = N_("Keep the line msgctxt as it was in the file you were given: document|sentence|hash.")
        problems.add(line, N_("This entry does not say which sentence it translates."), advice)
        return None
    note = next((match for comment in [*message.user_comments, *message.auto_comments] if (match := _NOTE.search(comment))), None)
    origin, state = note.groups() if note else ("human", summaries.TRANSLATED)
    document, uid, digest = found.groups()
    entry = Entry(line, document, uid, digest, str(message.id), str(message.string), message.fuzzy, origin, state)
    return entry if _is_sound(entry, problems) else None


def _is_sound(entry: Entry, problems: Problems) -> bool:
    """Whether the translation can stand; faults are noted at its line."""
    if entry.state not in (summaries.DRAFT, summaries.TRANSLATED, summaries.CHECKED):
        problems.add(entry.line, N_("“%(state)s” is not a state."), N_("Write draft, translated or checked."), state=entry.state)
        return False
    if not entry.text.strip() or entry.is_fuzzy:
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


# Importing


def import_po(db: Session, district: District, tag: str, path: Path, *, now: datetime, by: Person | None = None) -> PoReport:
    """Take a PO file, or all of a language's folder, into the bank; all or nothing.

    An entry whose hash is no longer the current one becomes an older translation beside its source. Raises Refused for an unknown
    language or a missing file, and DocumentErrors for faults, each with its file and line. `by` is the person whose work it is.
    """
    if not text.is_language(tag):
        raise Refused(N_("There is no language “%(tag)s”."), at="language", tag=tag)
    files = sorted(file for name in FILES if (file := path / name).is_file()) if path.is_dir() else [path]
    if not files or not all(file.is_file() for file in files):
        raise Refused(N_("There is no PO file at %(path)s."), path=path)
    read = _read_all(files, tag)
    bank = _Bank(db, district, tag)
    faults = [error for name, entries in read.items() for error in bank.mismatches(entries, name)]
    if faults:
        raise DocumentErrors(faults)
    with db.begin_nested():
        return sum((bank.take(entries, name, now, by) for name, entries in read.items()), PoReport())


def _read_all(files: Iterable[Path], tag: str) -> dict[str, list[Entry]]:
    """The entries of each file; the faults of all files at once."""
    read: dict[str, list[Entry]] = {}
    faults: list[DocumentError] = []
    for file in files:
        try:
            read[file.name] = read_entries(file.read_bytes(), file.name, tag)
        except DocumentErrors as errors:
            faults += errors.errors
    if faults:
        raise DocumentErrors(faults)
    return read


class _Bank:
    """The district's sentences, of all versions, and their newest translations into one language."""

    def __init__(self, db: Session, district: District, tag: str) -> None:
        self.db = db
        self.tag = tag
        query = select(Document).where(Document.district_id == district.id, Document.versions.any())
        self.documents = {document.key: document for document in db.scalars(query)}
        self.newest: dict[tuple[str, str], Translation | None] = {**newest_translations(db, district, tag)}
        self.current = {
            (key, segment.uid): segment
            for key, document in self.documents.items()
            for segment in ideabank.parsed(document.versions[-1]).segments()
        }
        self.earlier = _earlier_places(db, district)

    def place(self, entry: Entry) -> tuple[str, str] | None:
        """Section and kind of an entry's sentence, in the newest version or an earlier one."""
        segment = self.current.get((entry.document, entry.uid))
        if segment is not None:
            return segment.section, segment.kind
        document = self.documents.get(entry.document)
        return self.earlier.get((document.id, entry.uid)) if document else None

    def mismatches(self, entries: Iterable[Entry], path: str) -> Iterator[DocumentError]:
        """Entries whose source text is not the one their hash was made from."""
        for entry in entries:
            place = self.place(entry)
            if place is not None and not self._fits(entry, place):
                advice = N_("Keep msgid and msgctxt as they were in the file you were given.")
                problem = N_("The Norwegian text of “%(uid)s” was changed in the file.")
                yield DocumentError(problem, advice, path=path, line=entry.line, values={"uid": entry.uid})

    def _fits(self, entry: Entry, place: tuple[str, str]) -> bool:
        """Whether msgid is what the hash says; a sentence may have stood in another section before."""
        if text.segment_hash(*place, entry.source) == entry.hash:
            return True
        document = self.documents[entry.document]
        query = select(Segment.text).join(ideabank.DocumentVersion, ideabank.DocumentVersion.id == Segment.version_id)
        known = self.db.scalars(
            query.where(ideabank.DocumentVersion.document_id == document.id, Segment.uid == entry.uid, Segment.hash == entry.hash)
        )
        return any(said == entry.source for said in known)

    def take(self, entries: Iterable[Entry], path: str, now: datetime, by: Person | None) -> PoReport:
        """Store what is new in these entries."""
        return sum((self._take(entry, path, now, by) for entry in entries), PoReport())

    def _take(self, entry: Entry, path: str, now: datetime, by: Person | None) -> PoReport:
        if self.place(entry) is None:
            return PoReport(unknown=(self._unknown(entry, path),))
        if not entry.text.strip() or entry.is_fuzzy:
            return PoReport(empty=1)
        state = state_kept(entry, by)
        newest = self.newest.get((entry.document, entry.uid))
        if newest is not None and _says_the_same(newest, entry, state):
            return PoReport(unchanged=1)
        if newest is not None and self._is_better(newest, entry):
            return PoReport(kept=1)
        added = summaries.add_translation(
            self.db,
            document=self.documents[entry.document],
            segment_uid=entry.uid,
            language=self.tag,
            source_text=entry.source,
            source_hash=entry.hash,
            text=entry.text,
            state=state,
            origin=entry.origin,
            by=by,
            now=now,
        )
        self.newest[entry.document, entry.uid] = added or newest
        return PoReport(added=int(added is not None))

    def _is_better(self, newest: Translation, entry: Entry) -> bool:
        """Whether the bank's translation is of today's words and the file's is not, or a person's work and the file's a machine's."""
        segment = self.current.get((entry.document, entry.uid))
        if segment is not None and newest.source_hash == segment.hash != entry.hash:
            return True
        is_newer_source = segment is not None and newest.source_hash != entry.hash == segment.hash
        is_machine = entry.origin.startswith("machine") and entry.state == summaries.DRAFT
        return is_machine and not is_newer_source and newest.origin in ("human", "machine-edited")

    def _unknown(self, entry: Entry, path: str) -> DocumentError:
        where = (
            N_("There is no sentence “%(uid)s” in “%(document)s”.")
            if entry.document in self.documents
            else N_("There is no document “%(document)s”.")
        )
        values = {"uid": entry.uid, "document": entry.document}
        return DocumentError(where, N_("It was passed over."), path=path, line=entry.line, is_grave=False, values=values)


def state_kept(entry: Entry, by: Person | None) -> str:
    """A file cannot vouch for a check, nor for a person's work on a machine's text when nobody says who it was."""
    if entry.origin != "human" and by is None:
        return summaries.DRAFT
    return summaries.TRANSLATED if entry.state == summaries.CHECKED else entry.state


def _says_the_same(newest: Translation, entry: Entry, state: str) -> bool:
    said = text.tidy(entry.text).strip()
    if (newest.source_hash, newest.text, newest.origin) != (entry.hash, said, entry.origin):
        return False
    return newest.state in (entry.state, state)


def _earlier_places(db: Session, district: District) -> dict[tuple[int, str], tuple[str, str]]:
    """Section and kind of every sentence any version ever had, by document and name; the newest holds."""
    query = (
        select(ideabank.DocumentVersion.document_id, Segment.uid, Segment.section, Segment.kind)
        .join(ideabank.DocumentVersion, ideabank.DocumentVersion.id == Segment.version_id)
        .where(ideabank.DocumentVersion.district_id == district.id)
        .order_by(Segment.version_id)
    )
    return {(document_id, uid): (section, kind) for document_id, uid, section, kind in db.execute(query)}


def newest_translations(db: Session, district: District, tag: str) -> dict[tuple[str, str], Translation]:
    """The newest translation of every sentence into a language, by the document's key and the sentence's name."""
    query = (
        select(Document.key, Translation)
        .join(Document, Document.id == Translation.document_id)
        .where(Translation.district_id == district.id, Translation.language == tag)
        .order_by(Translation.id)
    )
    return {(key, translation.uid): translation for key, translation in db.execute(query)}


# Exporting


def export_po(db: Session, district: District, tag: str, path: Path, *, today: date) -> list[Path]:
    """Write a language's translations: to the three files of a folder, or all to one file when `path` ends in .po.

    Every sentence of today is there, untranslated ones without words. One whose source has changed stands twice: with the new source
    and the old words marked fuzzy, and as it was made. Raises Refused for an unknown language.
    """
    if not text.is_language(tag):
        raise Refused(N_("There is no language “%(tag)s”."), at="language", tag=tag)
    if path.suffix == ".po":
        kinds = FILES.get(path.name)
        return [_write(path, _catalog(db, district, tag, (kinds,) if kinds else tuple(FILES.values()), today), tag)]
    return [_write(path / name, _catalog(db, district, tag, (kind,), today), tag) for name, kind in FILES.items()]


def _catalog(db: Session, district: District, tag: str, kinds: tuple[str, ...], today: date) -> Catalog:
    translations = newest_translations(db, district, tag)
    catalog = Catalog(locale=None, charset="utf-8")
    for kind in kinds:
        for version in ideabank.versions_in_effect(db, district.id, today, kind).values():
            if version.document.retired_at is None:
                _add_document(catalog, ideabank.parsed(version), translations)
    return catalog


def _add_document(catalog: Catalog, document: ideabank.AnyDocument, translations: Mapping[tuple[str, str], Translation]) -> None:
    present = set()
    for segment in document.segments():
        present.add(segment.uid)
        translation = translations.get((document.key, segment.uid))
        where = _where(document, segment)
        is_old = translation is not None and translation.source_hash != segment.hash
        context = f"{document.key}|{segment.uid}|{segment.hash}"
        _add(catalog, context, segment.text, translation, [where], is_fuzzy=is_old)
        if translation is not None and is_old:
            _add_older(catalog, document.key, translation, where)
    for (key, uid), translation in sorted(translations.items(), key=lambda pair: pair[0]):
        if key == document.key and uid not in present:
            _add_older(catalog, key, translation, document.title)


def _add_older(catalog: Catalog, key: str, translation: Translation, where: str) -> None:
    context = f"{key}|{translation.uid}|{translation.source_hash}"
    _add(catalog, context, translation.source_text, translation, [f"{where} · before"], is_fuzzy=False)


def _add(catalog: Catalog, context: str, source: str, translation: Translation | None, where: list[str], *, is_fuzzy: bool) -> None:
    catalog.add(
        source,
        string=translation.text if translation else "",
        context=context,
        auto_comments=where,
        user_comments=[f"origin: {translation.origin}; state: {translation.state}"] if translation else [],
        flags=["fuzzy"] if is_fuzzy else [],
    )


def _where(document: ideabank.AnyDocument, segment: text.Segment) -> str:
    """Where a sentence stands, for the translator."""
    if isinstance(document, ideabank.VocabularyDocument):
        key = segment.uid.rpartition(".")[0]
        word = next(term.word for term in document.terms if term.key == key)
        return f"term · {word} · {segment.kind}"
    step = [f"step {segment.step}"] if segment.step else []
    return " · ".join([document.title, segment.section, *step])


def _write(path: Path, catalog: Catalog, tag: str) -> Path:
    header = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {tag.replace("-", "_")}\\n"\n'
        '"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n\n'
    )
    body = BytesIO()
    write_po(body, catalog, width=0, omit_header=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(header.encode() + body.getvalue())
    return path
