"""A content folder and the bank: checking its files, loading them all or none, and writing them back byte for byte."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum import goals, ideabank, planning
from curriculum.base import N_, Refused
from curriculum.ideabank import AnyDocument, Document, DocumentError, DocumentErrors, Known, Problems, Reading
from curriculum.interchange.facts import fact_problems, keep_file, toml_values, write_facts
from curriculum.people import District
from curriculum.text import tidy

Kind = Literal["theme", "outline", "vocabulary", "district-texts", "goals", "calendar"]

ORDER = ("goals", "calendar", ideabank.VOCABULARY, ideabank.DISTRICT_TEXTS, ideabank.THEME, ideabank.OUTLINE)
"""In which order files are loaded, so that what one names is there."""

SINGLE = (ideabank.VOCABULARY, ideabank.DISTRICT_TEXTS)
"""Kinds of which a bank has one document."""

NOT_CONTENT = ("README.md", "LICENSE.md")
LONGEST_PATH = 200

_ID = re.compile(r'^\s*id\s*=\s*"([a-z0-9-]+)"', re.M)


@dataclass(frozen=True)
class ContentFile:
    """A file of a content folder as it was read: a document, or the values of a goals file or a calendar."""

    path: str
    kind: Kind
    text: str
    reading: Reading | None = None
    values: Mapping[str, Any] | None = None

    @property
    def document(self) -> AnyDocument | None:
        return self.reading.document if self.reading else None

    @property
    def id_line(self) -> int:
        """The line on which its id stands."""
        return self.reading.lines.get(("id",), 1) if self.reading else 1


@dataclass(frozen=True)
class Report:
    """What a content folder holds, and everything that is wrong with it."""

    files: tuple[ContentFile, ...]
    problems: tuple[DocumentError, ...]

    @property
    def count(self) -> int:
        """How many files were read."""
        return len(self.files)

    def retired_aims(self, today: date) -> dict[str, goals.Retired]:
        """The aims that are out of force today, as the folder's own goals file says."""
        return {code: one for values in _sound_goals(self.files) for code, one in goals.retired_in_file(values, today).items()}


@dataclass(frozen=True)
class Outcome:
    """What became of one file: new, unchanged, next version, proposal; goals and calendars are loaded."""

    path: str
    kind: Kind
    key: str
    what: Literal["new", "unchanged", "next version", "proposal", "loaded"]


def check_folder(path: Path, known: Known | None = None) -> Report:
    """Read every file of a content folder and say all that is wrong, also between files. `known` is what the bank already holds.

    Raises Refused when there is no such folder, or nothing in it.
    """
    if not path.is_dir():
        raise Refused(N_("There is no folder %(path)s."), path=path)
    files: list[ContentFile] = []
    errors: list[DocumentError] = []
    for file in _content_files(path):
        read = _read_file(file, file.relative_to(path).as_posix())
        files.append(read)
        errors += _problems(read)
    if not files:
        raise Refused(N_("There is nothing to load in %(path)s: no file that ends in .md or .toml."), path=path)
    return Report(tuple(files), tuple([*errors, *_between(files, known or Known())]))


def _content_files(path: Path) -> list[Path]:
    found = (file for file in path.rglob("*") if file.suffix in (".md", ".toml") and file.name not in NOT_CONTENT and file.is_file())
    return sorted(file for file in found if not any(part.startswith(".") for part in file.relative_to(path).parts))


def _read_file(file: Path, path: str) -> ContentFile:
    data = file.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        problem, advice = N_("The file is not written in UTF-8."), N_("Save it as UTF-8 in your editor.")
        return _unread(data.decode("latin-1"), DocumentError(problem, advice, path=path, line=line))
    if len(path) > LONGEST_PATH:
        problem, advice = N_("The file's path is too long."), N_("At most %(most)s characters fit.")
        return _unread(text, DocumentError(problem, advice, path=path, values={"most": LONGEST_PATH}))
    values = toml_values(text) if file.suffix == ".toml" else {}
    if values.get("kind") in ("goals", "calendar"):
        return ContentFile(path, values["kind"], text, values=values)
    reading = ideabank.read(text, path)
    kind: Kind = reading.document.kind if reading.document else ideabank.THEME  # type: ignore[assignment]
    return ContentFile(path, kind, text, reading)


def _unread(text: str, problem: DocumentError) -> ContentFile:
    """A file that is not looked into, though its text may tell what it is called."""
    return ContentFile(problem.path, "theme", text, Reading(text, None, (problem,), {}, {}))


def _problems(file: ContentFile) -> Iterable[DocumentError]:
    """What is wrong with one file by itself."""
    if file.reading is not None:
        return file.reading.problems
    return [*_unreadable(file), *(_at_its_line(problem, file) for problem in fact_problems(file.values or {}))]


def _unreadable(file: ContentFile) -> Iterator[DocumentError]:
    """What no text may hold, such as hidden characters, in a file of facts."""
    try:
        tidy(file.text)
    except Refused as refused:
        problems = Problems(file.path)
        problems.add_refused(refused, 1)
        yield from problems.found


def _at_its_line(problem: Refused, file: ContentFile) -> DocumentError:
    lines = ideabank.toml_lines(file.text)
    where = tuple(int(part) if part.isdigit() else part for part in (problem.at or "").split("."))
    line = lines.get(where) or lines.get(where[:-1]) or 1
    return DocumentError(problem.msgid, "", path=file.path, line=line, at=problem.at, values=problem.values)


def _between(files: list[ContentFile], known: Known) -> Iterator[DocumentError]:
    """What is wrong between files: doubled ids, a second vocabulary, names of things that are not there."""
    problem, advice = N_("%(other)s has the same id “%(key)s”."), N_("Give one of them another id.")
    yield from _doubled([(file, file.document.key) for file in files if file.document], problem, advice)
    problem, advice = N_("%(other)s is of the same kind (%(key)s)."), N_("Put both into one file.")
    yield from _doubled([(file, file.kind) for file in files if file.document and file.kind in SINGLE], problem, advice)
    if not any(_hides_names(file) for file in files):
        there = (known | _known_goals(files) | _half_known(files)).replaced_by(file.document for file in files if file.document)
        found = [error for file in files if file.reading for error in ideabank.unknown_references(file.reading, there, file.path)]
        yield from found if there.aims or there.sections else _without_goals(found)


def _hides_names(file: ContentFile) -> bool:
    """Whether other files may name what stands in this one, if only it could be read."""
    return file.path.endswith(".toml") and (not file.document if file.reading else file.kind == "goals" and not _sound_goals([file]))


def _without_goals(found: Iterable[DocumentError]) -> Iterator[DocumentError]:
    """Where no aim is known at all, that is said once instead of at each aim."""
    links = []
    for error in found:
        if (error.at or "").startswith("aims."):
            links.append(error)
        else:
            yield error
    if links:
        problem = N_("There is no goals.toml, so no aim is known (links to aims: %(count)s, the first of them here).")
        advice = N_("Put goals.toml in the folder; “content export” writes it too.")
        yield DocumentError(problem, advice, path=links[0].path, line=links[0].line, at=links[0].at, values={"count": len(links)})


def _doubled(named: Iterable[tuple[ContentFile, str]], problem: str, advice: str) -> Iterator[DocumentError]:
    seen: dict[str, str] = {}
    for file, key in named:
        if key in seen:
            yield DocumentError(problem, advice, path=file.path, line=file.id_line, at="id", values={"key": key, "other": seen[key]})
        seen.setdefault(key, file.path)


def _half_known(files: Iterable[ContentFile]) -> Known:
    """Themes that cannot be read, but say what they are called: an outline may name them."""
    texts = (file.text for file in files if file.reading and not file.document)
    return Known(themes=frozenset(found.group(1) for text in texts if (found := _ID.search(text))))


def _known_goals(files: Iterable[ContentFile]) -> Known:
    good = _sound_goals(files)
    return Known(
        aims=frozenset(code for values in good for code in goals.aim_codes(values)),
        sections=frozenset(entry["code"] for values in good for entry in values.get("sections", [])),
        ending=frozenset(code for values in good for code in goals.ending_codes(values)),
    )


def _sound_goals(files: Iterable[ContentFile]) -> list[Mapping[str, Any]]:
    return [file.values for file in files if file.kind == "goals" and file.values and not goals.goal_problems(file.values)]


def load_folder(db: Session, district: District, path: Path, *, now: datetime, today: date) -> list[Outcome]:
    """Load every file of a content folder, or none: raises DocumentErrors with all faults, or Refused, and then nothing is kept."""
    report = check_folder(path, ideabank.known_in_bank(db, district.id))
    if report.problems:
        raise DocumentErrors(report.problems)
    with db.begin_nested():
        return [
            _load(db, district, file, now, today) for file in sorted(report.files, key=lambda file: (ORDER.index(file.kind), file.path))
        ]


def _load(db: Session, district: District, file: ContentFile, now: datetime, today: date) -> Outcome:
    if file.values is not None:
        key = str(file.values.get("id", ""))
        keep_file(db, district, file.path, file.text, file.values)
        if file.kind == "goals":
            goals.load_goals(db, file.values)
        else:
            planning.load_calendar(db, district, file.values)
        return Outcome(file.path, file.kind, key, "loaded")
    outcome = ideabank.load_document(db, district, file.text, file.path, now=now, today=today)
    return Outcome(file.path, file.kind, file.document.key if file.document else "", outcome)


def export_folder(db: Session, district: District, path: Path) -> int:
    """Write the newest version of every document that is not retired as a file where it came from; gives their number.

    The aims and the district's school calendars are written beside them, where the folder does not say the same already, as they were
    loaded while they still are true.
    """
    query = (
        select(Document)
        .where(Document.district_id == district.id, Document.retired_at.is_(None))
        .order_by(Document.path == "", Document.key)
    )
    written: dict[str, str] = {}
    for document in db.scalars(query):
        version = ideabank.newest(document)
        if version is not None:
            written[_free_path(document, version, written)] = version.text
    for name, text in written.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    files = (_read_file(file, file.relative_to(path).as_posix()) for file in _content_files(path))
    write_facts(db, district, path, [file.values for file in files if file.values], written)
    return len(written)


def _free_path(document: Document, version: ideabank.DocumentVersion, taken: Mapping[str, str]) -> str:
    if document.path and document.path not in taken:
        return document.path
    folder, suffix = _usual_place(version)
    name, number = f"{folder}{document.key}{suffix}", 2
    while name in taken:
        name, number = f"{folder}{document.key}-{number}{suffix}", number + 1
    return name


def _usual_place(version: ideabank.DocumentVersion) -> tuple[str, str]:
    document = ideabank.parsed(version)
    if isinstance(document, ideabank.ThemeDocument):
        return f"{document.series or 'themes'}/", ".md"
    return "outlines/" if isinstance(document, ideabank.OutlineDocument) else "", ".toml"


def tidy_folder(path: Path) -> list[str]:
    """Rewrite every document of a content folder in its canonical form; gives the paths of those that changed.

    Raises DocumentErrors, and changes nothing, when any file has faults.
    """
    report = check_folder(path, None)
    own = [error for file in report.files for error in _problems(file)]
    if own:
        raise DocumentErrors(own)
    changed = []
    for file in report.files:
        text = ideabank.write(file.document) if file.document else file.text
        if (path / file.path).read_bytes() != text.encode():
            (path / file.path).write_text(text, encoding="utf-8", newline="\n")
            changed.append(file.path)
    return changed
