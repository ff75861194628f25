"""Facts about LK20 out of goals.toml: plans, aims with our own short labels, and sections of the core curriculum."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.base import N_, Base, Refused
from curriculum.goals.models import Aim, Framework, Section

FORMAT = 1
LONGEST_CODE = 20

_Check = Callable[[object], bool]


def _is_code(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= LONGEST_CODE


def _is_code_or_nothing(value: object) -> bool:
    return value is None or value == "" or _is_code(value)


def _is_words(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= 200


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 1_000


_FIELDS: Mapping[str, Mapping[str, tuple[_Check, str]]] = {
    "plans": {
        "code": (_is_code, "“SAF01-05”"),
        "subject_nb": (_is_words, "“Samfunnsfag”"),
        "subject_en": (_is_words, "“Social studies”"),
        "valid_from": (lambda value: value is None or type(value) is date, "2026-08-01"),
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


def goal_problems(data: Mapping[str, Any]) -> list[Refused]:
    """All that is wrong with the values of a goals file; `at` is the place, such as aims.3.label_nb."""
    return [*_file_problems(data), *(problem for name in _FIELDS for problem in _table_problems(data, name))]


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
    codes = [entry.get("code") for entry in entries]
    plans = (
        {entry.get("code") for entry in data.get("plans", []) if isinstance(entry, dict)} if isinstance(data.get("plans"), list) else set()
    )
    for index, entry in enumerate(entries):
        yield from _entry_problems(entry, name, index)
        if entry.get("code") in codes[:index]:
            yield Refused(N_("“%(code)s” stands twice. Delete one of them."), at=f"{name}.{index}.code", code=entry["code"])
        if name == "aims" and _is_code(entry.get("plan")) and entry["plan"] not in plans:
            problem = N_("The plan “%(code)s” is not in this file. Write it under [[plans]].")
            yield Refused(problem, at=f"{name}.{index}.plan", code=entry["plan"])


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
    """Take the values of a goals file in, renewing what is there; gives the number of aims. Official texts already imported stay.

    Raises Refused, naming the place, for the first thing that is wrong.
    """
    for problem in goal_problems(data):
        raise problem
    for entry in data.get("plans", []):
        _put(db, Framework, entry["code"].strip(), _framework(entry))
    db.flush()
    for entry in data.get("aims", []):
        _put(db, Aim, entry["code"].strip(), _aim(entry))
    for entry in data.get("sections", []):
        _put(db, Section, entry["code"].strip(), {"label_nb": entry["label_nb"], "label_en": entry["label_en"]})
    db.flush()
    return len(data.get("aims", []))


def _framework(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "subject_nb": entry["subject_nb"],
        "subject_en": entry["subject_en"],
        "valid_from": entry.get("valid_from"),
        "previous_code": entry.get("predecessor") or None,
    }


def _aim(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "framework_code": entry["plan"].strip(),
        "previous_code": entry.get("previous_code") or None,
        "goal_set": entry.get("goal_set") or None,
        "after_year": entry["after_year"],
        "position": entry.get("order", 0),
        "tt1": entry.get("tt1"),
        "uri": entry.get("uri", ""),
        "label_nb": entry["label_nb"],
        "label_en": entry["label_en"],
    }


def _put(db: Session, model: type[Base], code: str, values: Mapping[str, Any]) -> None:
    row = db.get(model, code)
    if row is None:
        db.add(model(code=code, **values))
        return
    for name, value in values.items():
        setattr(row, name, value)


def aims_by_code(db: Session, codes: Collection[str]) -> dict[str, Aim]:
    """The aims with these codes; those not known are left out."""
    return {aim.code: aim for aim in db.scalars(select(Aim).where(Aim.code.in_(codes)))}


def sections_by_code(db: Session, codes: Collection[str]) -> dict[str, Section]:
    """The sections of the core curriculum with these codes; those not known are left out."""
    return {section.code: section for section in db.scalars(select(Section).where(Section.code.in_(codes)))}
