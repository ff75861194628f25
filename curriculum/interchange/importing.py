"""Translations into the bank: each entry beside the words it was made from, and never over something better."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from curriculum import ideabank, summaries, text
from curriculum.base import N_, Refused
from curriculum.ideabank import Document, DocumentError, DocumentErrors, Segment, VocabularyDocument
from curriculum.interchange.checking import Found, Place, Placed, agreed_terms, check_entries, holds_nothing, mismatch, without_origin
from curriculum.interchange.entries import FILES, Entry, kinds_of, scan_entries
from curriculum.people import District, Person
from curriculum.summaries import AgreedTerm, Translation


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
    lacking: int = 0
    """Sentences of the bank that the file ought to hold, and does not: it was cut off, or made of another version."""
    warnings: tuple[Found, ...] = ()
    """What a person should look at."""

    def __add__(self, other: PoReport) -> PoReport:
        return PoReport(
            self.added + other.added,
            self.unchanged + other.unchanged,
            self.empty + other.empty,
            self.kept + other.kept,
            self.unknown + other.unknown,
            self.lacking + other.lacking,
            self.warnings + other.warnings,
        )


def import_po(db: Session, district: District, tag: str, path: Path, *, now: datetime, by: Person | None = None) -> PoReport:
    """Take a PO file, or all of a language's folder, into the bank; all or nothing.

    An entry whose hash is no longer the current one becomes an older translation beside its source. Raises Refused for an unknown
    language or a missing file, and DocumentErrors for faults and for all that the checks call errors, each with its file and line. `by`
    is the person whose work it is.
    """
    if not text.is_language(tag):
        raise Refused(N_("There is no language “%(tag)s”."), at="language", tag=tag)
    files = sorted(file for name in FILES if (file := path / name).is_file()) if path.is_dir() else [path]
    if not files or not all(file.is_file() for file in files):
        raise Refused(N_("There is no PO file at %(path)s."), path=path)
    read, faults = _read_all(files, tag)
    bank = _Bank(db, district, tag)
    found = sorted(bank.judge(read), key=lambda one: (one.path, one.line))
    faults += [one.as_fault for one in found if one.is_error]
    if faults:
        raise DocumentErrors(sorted(faults, key=lambda one: (one.path, one.line)))
    with db.begin_nested():
        report = sum((bank.take(entries, name, now, by) for name, entries in read.items()), PoReport())
    lacking = bank.lacking([entry for entries in read.values() for entry in entries], kinds_of(path))
    return replace(report, lacking=lacking, warnings=tuple(found))


def _read_all(files: Iterable[Path], tag: str) -> tuple[dict[str, list[Entry]], list[DocumentError]]:
    """The sound entries of each file that can be read, and the faults of all files."""
    read: dict[str, list[Entry]] = {}
    faults: list[DocumentError] = []
    for file in files:
        entries, wrong = scan_entries(file.read_bytes(), file.name, tag)
        faults += wrong
        if entries or not wrong:
            read[file.name] = entries
    return read, faults


class _Bank:
    """The district's sentences, of all versions, and their newest translations into one language."""

    def __init__(self, db: Session, district: District, tag: str) -> None:
        self.db = db
        self.tag = tag
        query = select(Document).where(Document.district_id == district.id, Document.versions.any())
        self.documents = {document.key: document for document in db.scalars(query)}
        self.newest: dict[tuple[str, str], Translation | None] = {**newest_translations(db, district, tag)}
        self.current = _current_sentences(db, district)
        self.earlier = _earlier_places(db, district)

    def place(self, entry: Entry) -> tuple[str, str] | None:
        """Section and kind of an entry's sentence, in the newest version or an earlier one."""
        segment = self.current.get((entry.document, entry.uid))
        if segment is not None:
            return segment.section, segment.kind
        document = self.documents.get(entry.document)
        return self.earlier.get((document.id, entry.uid)) if document else None

    def judge(self, read: Mapping[str, Sequence[Entry]]) -> Iterator[Found]:
        """Everything the checks find in the files' entries for sentences that are there."""
        for name, entries in read.items():
            if not entries and (count := self.lacking((), kinds_of(Path(name)))):
                yield holds_nothing(name, count, self.tag)
        known = [(name, entry) for name, entries in read.items() for entry in entries if self.place(entry) is not None]
        for placed in known:
            if not self._fits(placed[1]):
                yield mismatch(placed, self._today(placed[1]), self.tag)
            elif not placed[1].origin and placed[1].is_finished and not self._is_known(placed[1]):
                yield without_origin(placed, self.tag)
        finished = [placed for placed in known if placed[1].is_finished]
        current = {(entry.document, entry.uid): (name, entry) for name, entry in finished if entry.hash == self._today(entry)[1]}
        yield from check_entries(finished, current, self._terms(current), self.tag)

    def _today(self, entry: Entry) -> tuple[str, str]:
        """Text and hash of an entry's sentence in the newest version; empty when it is no longer there."""
        segment = self.current.get((entry.document, entry.uid))
        return (segment.text, segment.hash) if segment else ("", "")

    def _terms(self, current: Mapping[Place, Placed]) -> list[AgreedTerm]:
        """The vocabulary in the language, as these entries have it, else as the bank does."""
        said = {place: one.text for place, one in self.newest.items() if one and place in self.current} | {
            place: entry.text for place, (_, entry) in current.items()
        }
        versions = (ideabank.newest(document) for document in self.documents.values() if document.kind == ideabank.VOCABULARY)
        documents = (ideabank.parsed(version) for version in versions if version)
        return agreed_terms([document for document in documents if isinstance(document, VocabularyDocument)], said)

    def _fits(self, entry: Entry) -> bool:
        """Whether msgid is what the hash says; a sentence may have stood in another section before."""
        place = self.place(entry)
        if place is not None and entry.fits([place]):
            return True
        document = self.documents[entry.document]
        query = select(Segment.text).join(ideabank.DocumentVersion, ideabank.DocumentVersion.id == Segment.version_id)
        known = self.db.scalars(
            query.where(ideabank.DocumentVersion.document_id == document.id, Segment.uid == entry.uid, Segment.hash == entry.hash)
        )
        return any(said == entry.source for said in known)

    def _is_known(self, entry: Entry) -> bool:
        """Whether the bank has these very words for these, and so knows whose they are."""
        newest = self.newest.get((entry.document, entry.uid))
        return newest is not None and (newest.source_hash, newest.text) == (entry.hash, text.tidy(entry.text).strip())

    def take(self, entries: Sequence[Entry], path: str, now: datetime, by: Person | None) -> PoReport:
        """Store what is new in these entries."""
        told = PoReport(unknown=tuple(self._unknown(entries, path)))
        return sum((self._take(entry, now, by) for entry in entries if self.place(entry) is not None), told)

    def lacking(self, entries: Iterable[Entry], kinds: tuple[str, ...]) -> int:
        """How many of today's sentences in documents of these kinds have no entry."""
        there = {(entry.document, entry.uid) for entry in entries}
        asked = {key for key, document in self.documents.items() if document.kind in kinds and document.retired_at is None}
        return sum(place not in there for place in self.current if place[0] in asked)

    def _take(self, entry: Entry, now: datetime, by: Person | None) -> PoReport:
        if not entry.is_finished:
            return PoReport(empty=1)
        newest = self.newest.get((entry.document, entry.uid))
        if not entry.origin:
            return PoReport(unchanged=1)  # the bank knows these words, and whose they are
        state = state_kept(entry, by)
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
            known=[newest] if newest else [],
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

    def _unknown(self, entries: Sequence[Entry], path: str) -> Iterator[DocumentError]:
        """Entries for sentences that are not there; a document that is not there is told once."""
        strangers = Counter(entry.document for entry in entries if entry.document not in self.documents)
        for entry in entries:
            if entry.document in self.documents:
                words, count = N_("There is no sentence “%(uid)s” in “%(document)s”."), int(self.place(entry) is None)
            else:
                words, count = N_("There is no document “%(document)s”."), strangers.pop(entry.document, 0)
            if count:
                advice = N_("It was passed over.") if count == 1 else N_("%(count)s entries were passed over.")
                values = {"uid": entry.uid, "document": entry.document, "count": count}
                yield DocumentError(words, advice, path=path, line=entry.line, is_grave=False, values=values)


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


def _current_sentences(db: Session, district: District) -> dict[tuple[str, str], Segment]:
    """The sentences of every document's newest version, by the document's key and their own name. One query."""
    version = ideabank.DocumentVersion
    newest = select(func.max(version.id)).where(version.district_id == district.id).group_by(version.document_id)
    query = select(Document.key, Segment).join(version, version.document_id == Document.id).join(Segment, Segment.version_id == version.id)
    return {(key, segment.uid): segment for key, segment in db.execute(query.where(version.id.in_(newest)))}


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
