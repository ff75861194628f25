"""What can be wrong with a calendar file, said before anything is loaded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from curriculum import planning
from curriculum.base import N_, Refused


def calendar_problems(data: Mapping[str, Any]) -> list[Refused]:
    """All that is wrong with the values of a calendar file; `at` is the place, such as closed.3.from."""
    return list(_problems(data))


def _problems(data: Mapping[str, Any]) -> Iterator[Refused]:
    if data.get("format") != 1:
        yield Refused(N_("This program knows format 1 of calendars. Write format = 1."), at="format")
    yield from _words(data, "name", "name")
    yield from _span(data, "")
    closed = data.get("closed", [])
    if not isinstance(closed, list) or not all(isinstance(entry, dict) for entry in closed):
        yield Refused(N_("Write [[%(name)s]] on a line of its own, and its fields below."), at="closed", name="closed")
        return
    for index, entry in enumerate(closed):
        yield from _words(entry, "reason", f"closed.{index}.reason")
        yield from _span(entry, f"closed.{index}.")
        yield from _whose(entry, f"closed.{index}.")


def _words(data: Mapping[str, Any], name: str, at: str) -> Iterator[Refused]:
    value = data.get(name)
    if not isinstance(value, str) or not 0 < len(value.strip()) <= 120:
        yield Refused(N_("%(field)s is missing or too long. Write at most 120 characters."), at=at, field=name)


def _span(data: Mapping[str, Any], before: str) -> Iterator[Refused]:
    wrong = [name for name in ("from", "to") if type(data.get(name)) is not date]
    for name in wrong:
        yield Refused(N_("%(field)s is missing or not a date. Write it as in: %(field)s = 2026-08-17"), at=f"{before}{name}", field=name)
    if not wrong and data["from"] > data["to"]:
        yield Refused(N_("It ends before it begins. Write a later date in “to”."), at=f"{before}to")


def _whose(entry: Mapping[str, Any], before: str) -> Iterator[Refused]:
    if entry.get("kind", planning.CLOSED) not in planning.KINDS:
        kinds = ", ".join(planning.KINDS)
        yield Refused(N_("“kind” says what the days are: one of %(kinds)s. Without it they are closed."), at=f"{before}kind", kinds=kinds)
    if not planning.are_grades(entry.get("grades", [])):
        yield Refused(N_("“grades” is a list of years from 1 to 10, such as [5, 6]. Without it all are meant."), at=f"{before}grades")
