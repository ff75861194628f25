"""Facts from elsewhere beside the bank's documents: the aims and the district's school calendars, as files that give them back."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum import goals, ideabank, planning
from curriculum.base import Refused
from curriculum.ideabank import FactFile
from curriculum.interchange.calendars import calendar_problems
from curriculum.people import District

Values = Mapping[str, Any]


def keep_file(db: Session, district: District, path: str, text: str, values: Values) -> None:
    """Keep a sound file of facts as it is written, instead of what was kept of the same aims or calendar."""
    kind, name = _identity(values)
    query = select(FactFile).where(FactFile.district_id == district.id, FactFile.kind == kind, FactFile.name == name)
    kept = db.scalars(query).one_or_none() or FactFile(district_id=district.id, kind=kind, name=name)
    kept.path, kept.text = path, text
    db.add(kept)
    db.flush()


def _identity(values: Values) -> tuple[str, str]:
    return values["kind"], values["name"].strip() if values["kind"] == "calendar" else ""


def write_facts(db: Session, district: District, path: Path, there: Iterable[Values], taken: Collection[str]) -> None:
    """Write the aims and the school calendars to a content folder; what one of the files `there` says is not written again.

    Each goes to where it was loaded from, word for word while it still is true, else with its title and note; never over a path that is
    `taken`.
    """
    files = [values for values in there if not fact_problems(values)]
    names = set(taken)
    for values in _facts(db, district):
        if not any(_say_the_same(file, values) for file in files):
            name, text = _as_file(values, _kept(db, district, values), names)
            names.add(name)
            file = path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")


def _say_the_same(one: Values, other: Values) -> bool:
    return bool(one["kind"] == other["kind"]) and _SAME[other["kind"]](one, other)


def _kept(db: Session, district: District, values: Values) -> FactFile | None:
    kind, name = _identity(values)
    return db.scalars(
        select(FactFile).where(FactFile.district_id == district.id, FactFile.kind == kind, FactFile.name == name)
    ).one_or_none()


def _as_file(values: Values, kept: FactFile | None, taken: Collection[str]) -> tuple[str, str]:
    """Path and text."""
    if kept is not None and kept.path not in taken:
        said = toml_values(kept.text)
        return kept.path, kept.text if _say_the_same(said, values) else ideabank.write_toml(_with_notes(values, said))
    if values["kind"] == "goals":
        return ideabank.free_name("goals", {name.removesuffix(".toml") for name in taken}) + ".toml", ideabank.write_toml(values)
    there = {name.removeprefix("calendars/").removesuffix(".toml") for name in taken}
    name = ideabank.free_name(ideabank.slug(values["name"]) or "calendar", there)
    return f"calendars/{name}.toml", ideabank.write_toml(_with_notes(values, {"id": name}))


NOTES = ("id", "title", "note", "attribution_nb", "attribution_en")
"""What a file of facts says of itself and of where the facts are from."""


def _with_notes(values: Values, said: Values) -> dict[str, Any]:
    """The values, with what a file says of itself before them."""
    facts = {name: value for name, value in values.items() if name not in NOTES}
    return {name: values[name] for name in ("format", "kind")} | {name: said[name] for name in NOTES if name in said} | facts


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


def _facts(db: Session, district: District) -> list[Values]:
    """The values of each file. Where no aim is known there is no goals file."""
    known = goals.goal_values(db)
    calendars = [planning.calendar_values(calendar) for calendar in planning.district_calendars(db, district.id)]
    return [*([known] if known["plans"] or known["sections"] else []), *calendars]
