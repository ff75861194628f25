"""Facts about LK20 out of goals.toml: plans, aims with our own short labels, and sections of the core curriculum."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from curriculum.base import N_, Base, Refused
from curriculum.goals.models import Aim, Framework, Section
from curriculum.goals.retiring import Retired, Standing, retired_of

FORMAT = 1
LONGEST_CODE = 20

_Check = Callable[[object], bool]


def _is_code(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_CODE and value == value.strip()


def _is_code_or_nothing(value: object) -> bool:
    return value is None or value == "" or _is_code(value)


def _is_words(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= 200


def _is_date_or_nothing(value: object) -> bool:
    return value is None or type(value) is date


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 1_000


_FIELDS: Mapping[str, Mapping[str, tuple[_Check, str]]] = {
    "plans": {
        "code": (_is_code, "“SAF01-05”"),
        "subject_nb": (_is_words, "“Samfunnsfag”"),
        "subject_en": (_is_words, "“Social studies”"),
        "valid_from": (_is_date_or_nothing, "2026-08-01"),
        "valid_to": (_is_date_or_nothing, "2026-07-31"),
        "predecessor": (_is_code_or_nothing, "“SAF01-04”"),
    },
    "aims": {
        "code": (_is_code, "“KM14604”"),
        "previous_code": (_is_code_or_nothing, "“KM1997”"),
        "plan": (_is_code, "“SAF01-05”"),
        "goal_set": (_is_code_or_nothing, "“KV1150”"),
        "after_year": (lambda value: _is_number(value) and value in range(1, 14), "7"),
        "order": (lambda value: value is None or _is_number(value), "3"),
        "tt1": (lambda value: value is None or isinstance(value, bool), "true"),
        "uri": (lambda value: value is None or (isinstance(value, str) and len(value) <= 200), "“http://…”"),
        "label_nb": (_is_words, "“…”"),
        "label_en": (_is_words, "“…”"),
    },
    "sections": {
        "code": (_is_code, "“2.5.1”"),
        "part": (lambda value: value is None or isinstance(value, str), "“core”"),
        "label_nb": (_is_words, "“…”"),
        "label_en": (_is_words, "“…”"),
    },
}


STAYS = ("valid_from", "valid_to", "tt1")
"""Facts that also come from Grep: where the file says nothing of them, what was imported stays."""


def goal_problems(data: Mapping[str, Any]) -> list[Refused]:
    """All that is wrong with the values of a goals file; `at` is the place, such as aims.3.label_nb."""
    found = [*_file_problems(data), *(problem for name in _FIELDS for problem in _table_problems(data, name))]
    return found or [*_plan_problems(data), *_aim_problems(data)]


def _file_problems(data: Mapping[str, Any]) -> Iterator[Refused]:
    if data.get("format") != FORMAT:
        yield Refused(N_("This program knows format 1 of goals files. Write format = 1."), at="format")
    if data.get("kind") != "goals":
        yield Refused(N_("This is not a goals file. Write kind = “goals”."), at="kind")


def _table_problems(data: Mapping[str, Any], name: str) -> Iterator[Refused]:
    entries = data.get(name, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        yield Refused(N_("Write [[%(name)s]] on a line of its own, and its fields below."), at=name, name=name)
        return
    for index, entry in enumerate(entries):
        yield from _entry_problems(entry, name, index)
    yield from _doubled(entries, name, "code", N_("“%(code)s” stands twice. Delete one of them."))


def _doubled(entries: list[dict[str, Any]], name: str, field: str, problem: str) -> Iterator[Refused]:
    codes = [entry.get(field) or None for entry in entries]
    for index, code in enumerate(codes):
        if code is not None and code in codes[:index]:
            yield Refused(problem, at=f"{name}.{index}.{field}", code=code)


def _plan_problems(data: Mapping[str, Any]) -> Iterator[Refused]:
    plans = _plans(data)
    problem = N_("The plan “%(code)s” is not in this file. Write it under [[plans]].")
    for index, entry in enumerate(data.get("plans", [])):
        if entry.get("predecessor") and entry["predecessor"] not in plans:
            yield Refused(problem, at=f"plans.{index}.predecessor", code=entry["predecessor"])
        if entry.get("valid_from") and entry.get("valid_to") and entry["valid_to"] < entry["valid_from"]:
            yield Refused(N_("The plan ends before it begins. Write a later date in valid_to."), at=f"plans.{index}.valid_to")
    yield from _circles(data.get("plans", []), "plans", "predecessor")


def _aim_problems(data: Mapping[str, Any]) -> Iterator[Refused]:
    plans, aims = _plans(data), data.get("aims", [])
    for index, entry in enumerate(aims):
        if entry["plan"] not in plans:
            problem = N_("The plan “%(code)s” is not in this file. Write it under [[plans]].")
            yield Refused(problem, at=f"aims.{index}.plan", code=entry["plan"])
        elif entry.get("previous_code") and not plans[entry["plan"]].get("predecessor"):
            problem = N_("The plan “%(code)s” names no predecessor. Write it there, or take previous_code out here.")
            yield Refused(problem, at=f"aims.{index}.previous_code", code=entry["plan"])
    yield from _doubled(aims, "aims", "previous_code", N_("“%(code)s” has two successors. It can have one."))
    yield from _circles(aims, "aims", "previous_code")


def _circles(entries: list[dict[str, Any]], table: str, field: str) -> Iterator[Refused]:
    """Each entry that comes after itself, by way of the one it names as the one before."""
    before = {entry["code"]: entry.get(field) for entry in entries}
    for index, entry in enumerate(entries):
        line = [entry["code"]]
        while (code := before.get(line[-1])) and code not in line:
            line.append(code)
        if code == entry["code"]:
            problem = N_("“%(code)s” comes after itself (%(circle)s). Write another code in %(field)s, or take it out.")
            yield Refused(problem, at=f"{table}.{index}.{field}", code=code, circle=" ← ".join([*line, code]), field=field)


def _plans(data: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {entry["code"]: entry for entry in data.get("plans", [])}


def _entry_problems(entry: Mapping[str, Any], name: str, index: int) -> Iterator[Refused]:
    fields = _FIELDS[name]
    for field, (is_right, example) in fields.items():
        if not is_right(entry.get(field)):
            problem = N_("%(field)s is missing or cannot be used. Write it as in: %(field)s = %(example)s")
            yield Refused(problem, at=f"{name}.{index}.{field}", field=field, example=example)
    for field in sorted(entry.keys() - fields.keys()):
        choices = ", ".join(fields)
        yield Refused(
            N_("There is no field %(field)s here. Write one of: %(choices)s."), at=f"{name}.{index}.{field}", field=field, choices=choices
        )


def load_goals(db: Session, data: Mapping[str, Any]) -> int:
    """Take the values of a goals file in, renewing what is there; gives the number of aims it names. Official texts already imported stay.

    The predecessor that an aim names becomes an aim too, of the plan before: a theme that links it is still understood. Raises Refused,
    naming the place, for the first thing that is wrong.
    """
    for problem in goal_problems(data):
        raise problem
    codes = [entry["previous_code"] for entry in data.get("aims", []) if entry.get("previous_code")]
    db.execute(update(Aim).where(Aim.previous_code.in_(codes)).values(previous_code=None))  # an aim has one successor, also meanwhile
    for model, rows in rows_of(data).items():
        _put(db, model, rows)
    return len(data.get("aims", []))


def rows_of(data: Mapping[str, Any]) -> dict[type[Base], dict[str, dict[str, Any]]]:
    """What a sound goals file says, by table and code."""
    ends = _ends(data)
    return {
        Framework: {entry["code"]: _framework(entry) | {"valid_to": ends.get(entry["code"])} for entry in data.get("plans", [])},
        Aim: {entry["code"]: aim_row(entry) for entry in [*_predecessors(data), *data.get("aims", [])]},
        Section: {entry["code"]: {name: entry[name] for name in ("label_nb", "label_en")} for entry in data.get("sections", [])},
    }


def _ends(data: Mapping[str, Any]) -> dict[str, date]:
    """The last day of each plan that has one: as it says, else the day before its successor begins."""
    derived = {
        entry["predecessor"]: entry["valid_from"] - timedelta(days=1)
        for entry in data.get("plans", [])
        if entry.get("predecessor") and entry.get("valid_from")
    }
    return derived | {entry["code"]: entry["valid_to"] for entry in data.get("plans", []) if entry.get("valid_to")}


def _predecessors(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The aims of the plans before, under the successor's label: they treat the same. What the file says of one itself stands instead."""
    aims, plans = data.get("aims", []), _plans(data)
    said = {entry["code"] for entry in aims}
    return [predecessor(entry, plans) for entry in aims if entry.get("previous_code") and entry["previous_code"] not in said]


def predecessor(entry: Mapping[str, Any], plans: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The aim that this one took over from, as far as this one's entry tells; `plans` by code."""
    told = {name: entry[name] for name in ("after_year", "label_nb", "label_en")}
    return told | {"code": entry["previous_code"], "plan": plans[entry["plan"]]["predecessor"], "order": entry.get("order", 0)}


def aim_codes(data: Mapping[str, Any]) -> frozenset[str]:
    """The aims that a sound goals file makes known, also retired ones."""
    return frozenset(entry["code"] for entry in [*_predecessors(data), *data.get("aims", [])])


def ending_codes(data: Mapping[str, Any]) -> frozenset[str]:
    """The aims of a sound goals file whose plan has a last day, be it to come."""
    ends = _ends(data)
    return frozenset(entry["code"] for entry in [*_predecessors(data), *data.get("aims", [])] if entry["plan"] in ends)


def retired_in_file(data: Mapping[str, Any], today: date) -> dict[str, Retired]:
    """The aims of a sound goals file that are out of force today."""
    ends = _ends(data)
    return retired_of([_standing(entry, ends, today) for entry in [*_predecessors(data), *data.get("aims", [])]])


def _standing(entry: Mapping[str, Any], ends: Mapping[str, date], today: date) -> Standing:
    end = ends.get(entry["plan"])
    since = end + timedelta(days=1) if end and end < today else None
    return Standing(entry["code"], entry.get("previous_code") or None, since is not None, since)


def _framework(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "subject_nb": entry["subject_nb"],
        "subject_en": entry["subject_en"],
        "valid_from": entry.get("valid_from"),
        "previous_code": entry.get("predecessor") or None,
    }


def aim_row(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An aim's entry as a row's values."""
    return {
        "framework_code": entry["plan"],
        "previous_code": entry.get("previous_code") or None,
        "goal_set": entry.get("goal_set") or None,
        "after_year": entry["after_year"],
        "position": entry.get("order", 0),
        "tt1": entry.get("tt1"),
        "uri": entry.get("uri", ""),
        "label_nb": entry["label_nb"],
        "label_en": entry["label_en"],
    }


def _put(db: Session, model: type[Base], rows: Mapping[str, Mapping[str, Any]]) -> None:
    """Renew the rows that are there and add the others, in two queries however many they are."""
    table: Any = model
    there = {row.code: row for row in db.scalars(select(table))}
    for code, values in rows.items():
        row = there.get(code)
        for name, value in values.items() if row is not None else ():
            if value is not None or name not in STAYS:
                setattr(row, name, value)
    new = [{"code": code} | dict(values) for code, values in rows.items() if code not in there]
    db.flush()
    if new:
        db.execute(insert(model), new)
