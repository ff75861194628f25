"""Whom publishing touches: the lessons ahead that follow the newest version, and the translations that no longer say what it says."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Select, bindparam, func, select

from app.access import visible
from app.database import session, today
from curriculum import summaries
from curriculum.ideabank import Document
from curriculum.planning import PLANNED, Lesson, Series
from curriculum.text import LANGUAGES, Language


@dataclass(frozen=True)
class Touched:
    """What follows a new version from today."""

    lessons: int
    """Planned from today in the series in use that the signed-in person may see, without those that keep to a version."""
    classes: int
    languages: list[tuple[Language, int]]
    """How many sentences' translations get out of date, by language."""


def touched(document: Document, sentences: Collection[str]) -> Touched:
    """What publishing touches when these parents' sentences change their meaning. Five queries."""
    lessons, classes = session().execute(_ahead(visible(Series)), {"theme": document.id, "today": today()}).one()
    found = summaries.translated_today(session(), document, sentences, today()) if sentences else {}
    return Touched(lessons, classes, [(LANGUAGES[tag], count) for tag, count in found.items() if tag in LANGUAGES])


@lru_cache
def _ahead(seen: Select[Series]) -> Select[int, int]:
    return (
        select(func.count(), func.count(Series.class_id.distinct()))
        .select_from(Lesson)
        .join(Lesson.series)
        .where(
            Lesson.theme_id == bindparam("theme"),
            Lesson.state == PLANNED,
            Lesson.date >= bindparam("today"),
            Lesson.pinned_version_id.is_(None),
            Series.in_use,
            Series.id.in_(seen.with_only_columns(Series.id)),
        )
    )
