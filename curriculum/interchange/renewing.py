"""A content folder whose themes link retired aims: saying so, and putting the successors in their place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from curriculum import ideabank
from curriculum.ideabank import DocumentError, DocumentErrors, ThemeDocument
from curriculum.interchange.folders import Report, check_folder


def folder_warnings(report: Report, today: date) -> list[DocumentError]:
    """What stops nothing but should be seen to: each link of a theme to an aim that is out of force today."""
    retired = report.retired_aims(today)
    return [warning for file in report.files if file.reading for warning in ideabank.retired_references(file.reading, retired, file.path)]


def renew_folder(path: Path, today: date) -> list[str]:
    """Put the successors of retired aims in a folder's themes, in canonical form; gives the paths of those that changed.

    Raises DocumentErrors, and changes nothing, when any file has faults.
    """
    report = check_folder(path)
    if report.problems:
        raise DocumentErrors(report.problems)
    retired = report.retired_aims(today)
    themes = [(file.path, file.document) for file in report.files if isinstance(file.document, ThemeDocument)]
    renewed = {name: ideabank.with_new_aims(theme, retired) for name, theme in themes}
    changed = [name for name, theme in themes if renewed[name] != theme]
    for name in changed:
        (path / name).write_text(ideabank.write(renewed[name]), encoding="utf-8", newline="\n")
    return changed
