"""Facts from elsewhere beside the bank's documents: the aims and the district's school calendars, as files that give them back."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from curriculum import goals, ideabank, planning
from curriculum.base import Refused
from curriculum.interchange.calendars import calendar_problems
from curriculum.people import District

Values = Mapping[str, Any]


def write_facts(db: Session, district: District, path: Path, there: Iterable[Values]) -> None:
    """Write goals.toml and calendars/<name>.toml to a content folder; what one of the files `there` says is not written again."""
    files = [values for values in there if not fact_problems(values)]
    for name, values in _facts(db, district).items():
        same = _SAME[values["kind"]]
        if not any(file["kind"] == values["kind"] and same(file, values) for file in files):
            file = path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(ideabank.write_toml(values), encoding="utf-8", newline="\n")


def fact_problems(values: Values) -> list[Refused]:
    """What is wrong with the values of a goals file or a calendar."""
    return goals.goal_problems(values) if values.get("kind") == "goals" else calendar_problems(values)


def toml_values(text: str) -> dict[str, Any]:
    """The values of a TOML text, or none when it cannot be read: the parser of documents then says why."""
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


_SAME: Mapping[str, Callable[[Values, Values], bool]] = {"goals": goals.say_the_same, "calendar": planning.are_the_same_days}


def _facts(db: Session, district: District) -> dict[str, Values]:
    """The values of each file by its path. Where no aim is known there is no goals file."""
    known = goals.goal_values(db)
    found: dict[str, Values] = {"goals.toml": known} if known["plans"] or known["sections"] else {}
    names: set[str] = set()
    for calendar in planning.district_calendars(db, district.id):
        name = ideabank.free_name(ideabank.slug(calendar.name) or "calendar", names)
        names.add(name)
        values = planning.calendar_values(calendar)
        found[f"calendars/{name}.toml"] = {"format": values["format"], "kind": values["kind"], "id": name} | values
    return found
