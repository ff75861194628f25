"""Whether parents understand what they read about a theme."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from curriculum import ideabank
from curriculum.feedback.adding import add_times
from curriculum.feedback.models import Understood
from curriculum.feedback.rounding import shown
from curriculum.ideabank import Document
from curriculum.people import District


@dataclass(frozen=True)
class ThemeUnderstood:
    """What was answered of a theme, each number rounded; None of fewer than five. There is no sum, from which one could be computed."""

    title: str
    yes: int | None
    partly: int | None
    no: int | None


def add_answer(db: Session, theme: Document, answer: str, times: int = 1) -> None:
    """One more answered so (one of ANSWERS) of this theme, or so many more."""
    table = Understood.__table__
    assert isinstance(table, Table)
    add_times(db, table, {"theme_id": theme.id, "answer": answer}, times)


def understood(db: Session, district: District, today: date) -> list[ThemeUnderstood]:
    """The district's themes of which at least one number may be shown, in the bank's order. One query beside the bank's themes."""
    asked = select(Understood.theme_id, Understood.answer, Understood.times).join(Document).where(Document.district_id == district.id)
    answered: dict[int, dict[str, int | None]] = defaultdict(dict)
    for theme_id, answer, times in db.execute(asked):
        answered[theme_id][answer] = shown(times)
    themes = ((one.title, answered.get(one.document_id, {})) for one in ideabank.themes(db, district.id, today))
    return [
        ThemeUnderstood(title, answers.get("yes"), answers.get("partly"), answers.get("no"))
        for title, answers in themes
        if any(answers.values())
    ]
