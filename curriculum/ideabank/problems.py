"""What is wrong with a document: the file, the line, the fault in words, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from curriculum.base import N_, Refused


class DocumentError(Refused):
    """One fault of a document. `problem` and `advice` are English sentences to translate, both with `values`.

    `line` counts from 1; `at` names the section or field. A grave fault cannot even be kept in a draft; the others only stop publishing.
    """

    def __init__(
        self,
        problem: str,
        advice: str,
        *,
        path: str = "",
        line: int = 1,
        at: str | None = None,
        is_grave: bool = True,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(problem, at=at, **(values or {}))
        self.problem = problem
        self.advice = advice
        self.path = path
        self.line = line
        self.is_grave = is_grave

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.path, f"line {self.line}") if part)
        problem = self.problem.replace("Line %(line)s ", "This line ", 1)  # the line stands before it already
        said = " ".join(words % self.values if self.values else words for words in (problem, self.advice) if words)
        return f"{where}: {said}"

    def moved(self, *, line: int, at: str) -> DocumentError:
        """The same fault as seen from one section's own text."""
        return DocumentError(self.problem, self.advice, path=self.path, line=line, at=at, is_grave=self.is_grave, values=self.values)


class DocumentErrors(Refused):
    """Everything that is wrong with one or several documents, in the order of their files and lines."""

    def __init__(self, errors: Iterable[DocumentError], *, at: str | None = None) -> None:
        self.errors = tuple(errors)
        words = N_("One thing must be put right first.") if len(self.errors) == 1 else N_("%(count)s things must be put right first.")
        super().__init__(words, at=at, count=len(self.errors))

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)


class Problems:
    """The faults of one file, gathered while it is read."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._found: list[DocumentError] = []

    def add(self, line: int, problem: str, advice: str, *, at: str | None = None, is_grave: bool = True, **values: object) -> None:
        """Note a fault and go on reading."""
        self._found.append(DocumentError(problem, advice, path=self.path, line=line, at=at, is_grave=is_grave, values=values))

    def add_refused(self, refused: Refused, line: int, at: str | None = None) -> None:
        """Note what another room refused about the text that begins at `line`."""
        values = dict(refused.values)
        within = values.get("line")
        if isinstance(within, int):
            line = values["line"] = line + within - 1
        self._found.append(DocumentError(refused.msgid, "", path=self.path, line=line, at=at, values=values))

    @property
    def found(self) -> tuple[DocumentError, ...]:
        return tuple(sorted(self._found, key=lambda error: error.line))

    def are_at(self, at: str) -> bool:
        """Whether something is wrong with this field."""
        return any(error.at == at for error in self._found)

    @property
    def are_grave(self) -> bool:
        return any(error.is_grave for error in self._found)
