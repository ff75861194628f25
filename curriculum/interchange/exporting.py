"""Translations out of the bank, as PO files that programs for translating can read, and that can be imported again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from sqlalchemy.orm import Session

from curriculum import ideabank, text
from curriculum.base import N_, Refused
from curriculum.interchange.entries import FILES, kinds_of
from curriculum.interchange.importing import newest_translations
from curriculum.people import District
from curriculum.summaries import Translation


def export_po(db: Session, district: District, tag: str, path: Path, *, today: date) -> list[Path]:
    """Write a language's translations: to the three files of a folder, or all to one file when `path` ends in .po.

    Every sentence of today is there, untranslated ones without words. One whose source has changed stands twice: with the new source
    and the old words marked fuzzy, and as it was made. Raises Refused for an unknown language.
    """
    if not text.is_language(tag):
        raise Refused(N_("There is no language “%(tag)s”."), at="language", tag=tag)
    if path.suffix == ".po":
        return [_write(path, _catalog(db, district, tag, kinds_of(path), today), tag)]
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


def po_header(tag: str) -> str:
    """What stands at the top of a PO file in the language `tag`."""
    return (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {tag.replace("-", "_")}\\n"\n'
        '"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n\n'
    )


def _write(path: Path, catalog: Catalog, tag: str) -> Path:
    body = BytesIO()
    write_po(body, catalog, width=0, omit_header=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(po_header(tag).encode() + body.getvalue())
    return path
