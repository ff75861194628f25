"""A series week by week: its lessons, planned or previewed, and the weeks in between with the reason why nothing is held."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from curriculum import ideabank, planning
from curriculum.ideabank import DocumentVersion, Edition, ThemeDocument
from curriculum.planning import CANCELLED, Closed, Layout, Lesson, Listed, Plan, Retimed, Series, Week

HELD, NOW, AHEAD, OFF, WAITING = "held", "now", "ahead", "off", "waiting"
"""What a week shows: all of it held, this week, still to come, nothing held, or gone by without anyone having said how it went."""

FULL, CORE, SHORT = "full", "core", "short"
"""Whether all steps of the theme fit in the lesson, the core alone, or not even that."""


@dataclass(frozen=True)
class Line:
    """One lesson of a series. `minutes` is the length of the lesson; `core` and `full` are what the theme's runs take."""

    date: date
    start: time
    end: time
    theme: str
    title: str
    is_fixed: bool
    core: int
    full: int
    number: int
    newest: int
    is_held: bool = False
    lesson: Lesson | Listed | None = None

    @property
    def minutes(self) -> int:
        return (self.end.hour - self.start.hour) * 60 + self.end.minute - self.start.minute

    @property
    def fits(self) -> str:
        if self.full <= self.minutes:
            return FULL
        return CORE if self.core <= self.minutes else SHORT

    @property
    def is_cancelled(self) -> bool:
        return self.lesson is not None and self.lesson.state == CANCELLED

    @property
    def is_moving(self) -> bool:
        """Whether it stands elsewhere here than its lesson does now."""
        return self.lesson is not None and (self.date, self.start) != (self.lesson.date, self.lesson.start)


@dataclass(frozen=True)
class WeekRow:
    """An ISO week with its lessons, or the reason for having none (empty when there is no other than the plan)."""

    week: Week
    lines: tuple[Line, ...]
    why: str
    state: str

    @property
    def is_now(self) -> bool:
        return self.state == NOW


def of_series(
    series: Series,
    lessons: Iterable[Listed],
    newest: Mapping[int, Edition],
    held: AbstractSet[int],
    closed: Collection[Closed],
    today: date,
) -> list[WeekRow]:
    """The weeks of a saved series with these lessons. `newest` are the themes' versions in effect by document; `held`: ids of lessons."""
    fixed = _fixed(series.outline_version)
    lines = [_line(lesson, newest[lesson.theme_id], fixed, lesson.id in held) for lesson in lessons]
    return list(_weeks(lines, [slot.weekday for slot in series.slots], closed, today))


def of_layout(layout: Layout, outline: DocumentVersion, today: date) -> list[WeekRow]:
    """The weeks of a series as it would be; none when the lessons do not fit."""
    if not isinstance(layout.answer, Plan):
        return []
    fixed = _fixed(outline)
    lines = [
        _planned(layout.themes[int(placed.session) - 1].version, fixed, placed.date, slot.start, slot.end)
        for placed in layout.answer.sessions
        for slot in [layout.slot_of(placed)]
    ]
    closed = [span for school in layout.problem.schools for span in school.closed]
    closed += [span for group in layout.problem.groups for span in group.blocked]
    return list(_weeks(lines, [slot.weekday for slot in layout.slots], closed, today))


def of_retimed(series: Series, shown: Retimed, newest: Mapping[int, Edition], closed: Collection[Closed], today: date) -> list[WeekRow]:
    """The weeks of a saved series as they would be at other weekly times."""
    fixed = _fixed(series.outline_version)
    lines = []
    for lesson in series.lessons:
        line = _line(lesson, newest[lesson.theme_id], fixed, False)
        to = shown.times.get(lesson.public_id)
        lines.append(replace(line, date=to[0], start=to[1], end=to[2]) if to else line)
    return list(_weeks(lines, [slot.weekday for slot in shown.slots], closed, today))


def _fixed(outline: DocumentVersion) -> frozenset[str]:
    return frozenset(planning.fixed_themes(outline))


def _theme(version: DocumentVersion | Edition) -> ThemeDocument:
    document = ideabank.parsed(version)
    assert isinstance(document, ThemeDocument)
    return document


def _line(lesson: Lesson | Listed, newest: Edition, fixed: Collection[str], is_held: bool) -> Line:
    shown = lesson.pinned_version or newest
    theme = _theme(shown)
    return Line(
        lesson.date, lesson.start, lesson.end, theme.key, theme.title, theme.key in fixed, theme.core_sum, theme.full_sum,
        shown.number, newest.number, is_held, lesson,
    )  # fmt: skip


def _planned(version: DocumentVersion | Edition, fixed: Collection[str], day: date, start: time, end: time) -> Line:
    theme = _theme(version)
    return Line(day, start, end, theme.key, theme.title, theme.key in fixed, theme.core_sum, theme.full_sum, version.number, version.number)


def _weeks(lines: Sequence[Line], weekdays: Collection[int], closed: Collection[Closed], today: date) -> Iterator[WeekRow]:
    if not lines:
        return
    by_week: dict[Week, list[Line]] = {}
    for line in sorted(lines, key=lambda line: (line.date, line.start)):
        by_week.setdefault(planning.iso_week(line.date), []).append(line)
    week, last = min(by_week), max(by_week)
    while week <= last:
        found = tuple(by_week.get(week, ()))
        yield WeekRow(week, found, "" if found else _why(week, weekdays, closed), _state(week, found, today))
        week = week.next


def _why(week: Week, weekdays: Collection[int], closed: Collection[Closed]) -> str:
    """The reason on the day the lesson would have been, else that of a week without school."""
    days = [week.monday + timedelta(weekday) for weekday in weekdays]
    reasons = (planning.why_closed(day, closed) for day in [*days, week.monday])
    return next((reason for reason in reasons if reason), "")


def _state(week: Week, lines: Sequence[Line], today: date) -> str:
    real = [line for line in lines if not line.is_cancelled]
    if week == planning.iso_week(today):
        return NOW
    if not real:
        return OFF
    if all(line.is_held for line in real):
        return HELD
    return AHEAD if week.monday > today else WAITING
