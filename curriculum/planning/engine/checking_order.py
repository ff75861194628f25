"""The checker's rules of one series after another lesson: how many a week, how far apart, in which order (H11–H14, H21)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from curriculum.planning.engine.problem import SeriesProblem
from curriculum.planning.engine.timetable import Hour, Timetable, Violation, beyond, monday


def order_breaches(table: Timetable) -> Iterator[Violation]:
    """What breaks H14 in each series, then what breaks H11–H13 and H21."""
    for series in table.problem.series:
        yield from _disordered(table, series)
    for series in table.problem.series:
        if {series.max_per_week, series.min_gap_days, series.max_gap_weeks, series.after} == {None}:
            continue
        hours = table.by_series[series.id]
        yield from _crowded(series, hours)
        yield from _badly_spaced(table, series, hours)
        yield from _too_early(table, series, hours)


def _crowded(series: SeriesProblem, hours: list[Hour]) -> Iterator[Violation]:
    """H11: more lessons in an ISO week than the series may have."""
    if series.max_per_week is None:
        return
    weeks: dict[date, list[Hour]] = defaultdict(list)
    for hour in hours:
        weeks[monday(hour.placed.date)].append(hour)
    for week in weeks.values():
        for hour in beyond(week, series.max_per_week):
            yield hour.breaks("H11", series.id)


def _badly_spaced(table: Timetable, series: SeriesProblem, hours: list[Hour]) -> Iterator[Violation]:
    """H12 and H13: neighbours with too few days or too many teaching weeks between them; the later is named, or what is not delivered."""
    for one, other in pairwise(hours):
        if one.session.delivered and other.session.delivered:
            continue
        named = one if other.session.delivered else other
        if (other.placed.date - one.placed.date).days < (series.min_gap_days or 0):
            yield named.breaks("H12", series.id)
        if series.max_gap_weeks is not None and _teaching_weeks(table, one, other) > series.max_gap_weeks:
            yield named.breaks("H13", series.id)


def _teaching_weeks(table: Timetable, one: Hour, other: Hour) -> int:
    """Teaching weeks from one lesson to a later one, breaks not counted: 1 where it stands in the next teaching week."""
    first, last = monday(one.placed.date), monday(other.placed.date)
    breaks = sum(first < week <= last for week in table.closed_weeks[one.group.school])
    return (last - first).days // 7 - breaks


def _disordered(table: Timetable, series: SeriesProblem) -> Iterator[Violation]:
    """H14: a session out of its order. The rule's owner is the session that it must not come before or after, or the series."""
    times = {
        session.id: table.by_session[session.id].when
        for session in series.sessions
        if session.id in table.by_session and table.by_session[session.id].slot and not session.delivered
    }
    for mark in series.sessions:
        for other in series.sessions if mark.order and mark.id in times else ():
            if other.id not in times or other.order == mark.order:
                continue
            if times[other.id] < times[mark.id] if mark.order == "first" else times[other.id] > times[mark.id]:
                yield Violation("H14", other.id, mark.id)
    for before, after in series.precedence:
        if before in times and after in times and times[after] < times[before]:
            yield Violation("H14", after, before)
    listed = list(times) if series.order == "listed" else []
    for before, after in pairwise(listed):
        if times[after] < times[before]:
            yield Violation("H14", after, series.id)


def _too_early(table: Timetable, series: SeriesProblem, hours: list[Hour]) -> Iterator[Violation]:
    """H21: a lesson in a week in which the series that this one follows has not ended yet."""
    if not (before := table.by_series.get(series.after or "")):
        return
    ends = monday(before[-1].placed.date)
    for hour in hours:
        if not hour.session.delivered and monday(hour.placed.date) <= ends:
            yield hour.breaks("H21", series.id)
