"""The state of a content folder and of its translations, read from the files alone: figures, and what the checks find."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from curriculum import summaries
from curriculum.base import N_, Refused
from curriculum.ideabank import AnyDocument, DocumentError, VocabularyDocument
from curriculum.interchange.checking import (
    Found,
    Place,
    Placed,
    agreed_terms,
    check_entries,
    found_at,
    holds_nothing,
    mismatch,
    without_origin,
)
from curriculum.interchange.entries import FILES, scan_entries
from curriculum.interchange.folders import check_folder
from curriculum.interchange.importing import state_kept
from curriculum.interchange.judging import ThemeState, judge_folder, state_of_theme
from curriculum.summaries import Finding, Numbers
from curriculum.text import LANGUAGES, Segment


@dataclass(frozen=True)
class LanguageState:
    """A language's five numbers, which sum to all there is to translate, and what the checks found."""

    tag: str
    numbers: Numbers
    found: tuple[Found, ...]
    lacking: Mapping[str, tuple[int, int]]
    """Files that do not hold all their sentences, not even without words: how many they lack, and of how many."""

    @property
    def errors(self) -> tuple[Found, ...]:
        return tuple(one for one in self.found if one.is_error)

    @property
    def warnings(self) -> tuple[Found, ...]:
        return tuple(one for one in self.found if not one.is_error)


@dataclass(frozen=True)
class Survey:
    """The state of everything: each theme, how many documents of each kind, each language, and the content's own faults."""

    themes: tuple[ThemeState, ...]
    terms: int
    kinds: Mapping[str, int]
    languages: tuple[LanguageState, ...]
    problems: tuple[DocumentError, ...]


def survey(content: Path, translations: Path) -> Survey:
    """The state of a content folder and of the translations beside it. Raises Refused when there is no such folder."""
    report = judge_folder(content)
    documents = [file.document for file in report.files if file.document]
    return Survey(
        themes=tuple(state for file in report.files if (state := state_of_theme(file))),
        terms=sum(len(document.terms) for document in documents if isinstance(document, VocabularyDocument)),
        kinds=Counter(file.kind for file in report.files),
        languages=tuple(_languages(documents, translations)),
        problems=report.problems,
    )


def check_languages(content: Path, translations: Path) -> list[LanguageState]:
    """Every language's translations checked against the content: of a folder of languages, or of one language's folder.

    Raises Refused when there is no such folder, or a folder is called what no language is.
    """
    return list(_languages([file.document for file in check_folder(content).files if file.document], translations))


def _languages(documents: Sequence[AnyDocument], translations: Path) -> Iterator[LanguageState]:
    folders = [translations] if _holds_translations(translations) else _folders(translations)
    segments = {(document.key, segment.uid): segment for document in documents for segment in document.segments()}
    vocabulary = [document for document in documents if isinstance(document, VocabularyDocument)]
    files = {document.key: name for document in documents for name, kind in FILES.items() if kind == document.kind}
    for folder in sorted(folders, key=lambda folder: _place_of(folder.name)):
        yield _language(folder, segments, vocabulary, files)


def _holds_translations(folder: Path) -> bool:
    return any((folder / name).is_file() for name in FILES)


def _folders(translations: Path) -> list[Path]:
    if not translations.is_dir():
        raise Refused(N_("There is no folder %(path)s."), path=translations)
    return [folder for folder in translations.iterdir() if folder.is_dir() and _holds_translations(folder)]


def _place_of(tag: str) -> int:
    if tag not in LANGUAGES:
        raise Refused(N_("There is no language “%(tag)s”."), at="language", tag=tag)
    return list(LANGUAGES).index(tag)


def _language(
    folder: Path, segments: Mapping[Place, Segment], vocabulary: Iterable[VocabularyDocument], files: Mapping[str, str]
) -> LanguageState:
    read: dict[Place, list[Placed]] = {}
    found: list[Found] = []
    wanted = Counter(files[key] for key, _ in segments)
    for name in FILES:
        path = f"{folder.name}/{name}"
        is_there = (folder / name).is_file()
        entries, faults = scan_entries((folder / name).read_bytes() if is_there else b"", path, folder.name)
        found += [_of_the_file(fault, folder.name) for fault in faults]
        if is_there and wanted[name] and not entries and not faults:
            found.append(holds_nothing(path, wanted[name], folder.name))
        for entry in entries:
            read.setdefault((entry.document, entry.uid), []).append((path, entry))
    places = {(segment.section, segment.kind) for segment in segments.values()}
    found += [one for place, some in read.items() for one in _misplaced(some, segments.get(place), places, folder.name)]
    current = {place: one for place, segment in segments.items() if (one := _current(read.get(place, []), segment))}
    finished = [placed for place, some in read.items() if place in segments for placed in some if placed[1].is_finished]
    found += [without_origin(placed, folder.name) for placed in finished if not placed[1].origin]
    terms = agreed_terms(vocabulary, {place: entry.text for place, (_, entry) in current.items()})
    found += check_entries(finished, current, terms, folder.name)
    standing = Counter(_standing(current.get(place), read.get(place, [])) for place in segments)
    faulty = {one.path for one in found if one.finding.code == "file"}
    lacking = {path: some for path, some in _lacking(folder.name, segments, read, files).items() if path not in faulty}
    return LanguageState(folder.name, Numbers(**standing), tuple(sorted(found, key=lambda one: (one.path, one.line))), lacking)


def _lacking(tag: str, segments: Iterable[Place], read: Mapping[Place, object], files: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    """How many sentences of each file stand in none of the language's files, and of how many; what is whole is left out."""
    wanted = Counter(f"{tag}/{files[key]}" for key, _ in segments)
    lacking = Counter(f"{tag}/{files[key]}" for key, uid in segments if (key, uid) not in read)
    return {path: (count, wanted[path]) for path, count in sorted(lacking.items())}


def _of_the_file(fault: DocumentError, tag: str) -> Found:
    """A fault that keeps a file from being imported."""
    return Found(fault.path, fault.line, Finding("file", summaries.ERROR, f"{fault.problem} {fault.advice}".strip(), fault.values, tag))


def _misplaced(entries: Iterable[Placed], segment: Segment | None, places: Collection[Place], tag: str) -> Iterator[Found]:
    """Entries for sentences that are not there, or whose source text or hash was changed in the file."""
    for placed in entries:
        entry = placed[1]
        if segment is None:
            yield found_at(placed, "unknown", N_("There is no such sentence in the content. Delete the entry."), tag)
        elif not entry.fits(places):
            yield mismatch(placed, (segment.text, segment.hash), tag)


def _current(entries: Iterable[Placed], segment: Segment) -> Placed | None:
    """The finished translation of today's words."""
    return next(((path, one) for path, one in entries if one.hash == segment.hash and one.is_finished), None)


def _standing(current: Placed | None, entries: Iterable[Placed]) -> str:
    """What a sentence counts as; what a file alone cannot vouch for counts as less, as it would when it is imported."""
    if current:
        return state_kept(current[1], None)
    return "stale" if any(entry.text.strip() for _, entry in entries) else "missing"
