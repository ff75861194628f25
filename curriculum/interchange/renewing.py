"""A content folder whose themes link retired aims: saying so, and putting the successors in their place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from curriculum import goals, ideabank
from curriculum.base import Refused
from curriculum.ideabank import DocumentError, DocumentErrors, Reading, ThemeDocument
from curriculum.interchange.folders import Report, check_folder


def folder_warnings(report: Report, today: date) -> list[DocumentError]:
    """What stops nothing but should be seen to: each link of a theme to an aim that is out of force today."""
    retired = report.retired_aims(today)
    return [warning for file in report.files if file.reading for warning in ideabank.retired_references(file.reading, retired, file.path)]


def bank_warnings(db: Session, report: Report, today: date) -> list[DocumentError]:
    """The same for themes that come into a bank, by the aims that are known there. One query."""
    themes = [file.document for file in report.files if isinstance(file.document, ThemeDocument)]
    retired = goals.retired_aims(db, {aim.code for theme in themes for aim in theme.aims if not aim.is_section}, today)
    return [warning for file in report.files if file.reading for warning in ideabank.retired_references(file.reading, retired, file.path)]


def renew_folder(path: Path, today: date) -> list[str]:
    """Put the successors of retired aims in a folder's themes, in canonical form; gives the paths of those that changed.

    Raises DocumentErrors, and changes nothing, when any file has faults, or a theme's notes do not fit in one.
    """
    report = check_folder(path)
    if report.problems:
        raise DocumentErrors(report.problems)
    renewed, faults = _renewed(report, today)
    if faults:
        raise DocumentErrors(faults)
    for name, theme in renewed.items():
        (path / name).write_text(ideabank.write(theme), encoding="utf-8", newline="\n")
    return list(renewed)


def _renewed(report: Report, today: date) -> tuple[dict[str, ThemeDocument], list[DocumentError]]:
    """The themes that change, and why others cannot."""
    retired = report.retired_aims(today)
    renewed, faults = {}, []
    for file in report.files:
        if file.reading and isinstance(theme := file.document, ThemeDocument):
            try:
                new = ideabank.with_new_aims(theme, retired)
            except Refused as refused:
                faults.append(_at_its_line(refused, file.reading, file.path))
                continue
            if new != theme:
                renewed[file.path] = new
    return renewed, faults


def _at_its_line(refused: Refused, reading: Reading, path: str) -> DocumentError:
    where = tuple(int(part) if part.isdigit() else part for part in (refused.at or "").split("."))
    return DocumentError(refused.msgid, "", path=path, line=reading.lines.get(where, 1), at=refused.at, values=refused.values)
