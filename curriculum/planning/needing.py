"""What the lessons ahead need now that they did not need when their series was made: themes go on being edited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from curriculum import ideabank
from curriculum.ideabank import DocumentVersion, Edition, ThemeDocument
from curriculum.planning.listing import Listed
from curriculum.planning.models import PLANNED, Lesson


@dataclass(frozen=True)
class ChangedNeeds:
    """A lesson, and what its theme's version of today asks for beside what was asked for when it was made. Minutes are the core's."""

    lesson: Lesson | Listed
    version: DocumentVersion | Edition
    minutes_before: int
    minutes: int
    has_other_room: bool
    presenter: str
    """Who from outside is to come now; empty when that is who was to come before."""

    @property
    def is_too_long(self) -> bool:
        """Whether the core no longer fits in the lesson."""
        lesson = self.lesson
        return self.minutes > (lesson.end.hour - lesson.start.hour) * 60 + lesson.end.minute - lesson.start.minute


def changed_needs(lessons: Iterable[Lesson | Listed], newest: Mapping[int, DocumentVersion | Edition], today: date) -> list[ChangedNeeds]:
    """The lessons from today on whose theme now takes another time, room or visitor; `newest` are the versions in effect by document.

    A lesson that keeps an older version has changed in nothing.
    """
    ahead = (one for one in lessons if one.state == PLANNED and one.date >= today and one.pinned_version_id is None)
    found = (_needs(lesson, newest[lesson.theme_id]) for lesson in ahead if lesson.theme_id in newest)
    return [one for one in found if one.minutes != one.minutes_before or one.has_other_room or one.presenter]


def _needs(lesson: Lesson | Listed, version: DocumentVersion | Edition) -> ChangedNeeds:
    theme = ideabank.parsed(version)
    assert isinstance(theme, ThemeDocument)
    presenter = theme.presenter if theme.presenter != lesson.presenter else ""
    return ChangedNeeds(lesson, version, lesson.minutes, theme.core_sum, set(theme.room) != set(lesson.room_need), presenter)
