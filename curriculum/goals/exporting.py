"""Facts about LK20 as the values of a goals file: what `load_goals` takes in, given back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.goals.finding import all_aims
from curriculum.goals.loading import FORMAT, aim_row, predecessor, rows_of
from curriculum.goals.models import Aim, Framework, Section

HEAD = {
    "format": FORMAT,
    "kind": "goals",
    "id": "lk20",
    "title": "LK20",
    "note": "label_nb og label_en er korte navn i våre egne ord, ikke læreplantekst.",
    "attribution_nb": "Inneholder data under NLOD, tilgjengeliggjort på data.udir.no",
    "attribution_en": "Contains data under NLOD, made available on data.udir.no",
}
"""How the file begins; NLOD asks for the attribution."""


def goal_values(db: Session) -> dict[str, Any]:
    """All plans, aims and core sections; none of Udir's own words. Loaded into an empty database they give the same rows."""
    plans = [_plan(plan) for plan in db.scalars(select(Framework).order_by(Framework.code))]
    sections = [_told(section, "code", "label_nb", "label_en") for section in db.scalars(select(Section).order_by(Section.code))]
    return HEAD | {"plans": plans, "aims": _without_derived(map(_aim, all_aims(db)), plans), "sections": sections}


def say_the_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two sound goals files give the same rows."""
    return rows_of(one) == rows_of(other)


def _told(row: object, *names: str, **others: str) -> dict[str, Any]:
    """Fields that hold something, by their names in the file; `others` are called otherwise in the database."""
    fields = {name: name for name in names} | others
    return {name: getattr(row, field) for name, field in fields.items() if getattr(row, field) not in (None, "")}


def _plan(plan: Framework) -> dict[str, Any]:
    return _told(plan, "code", "subject_nb", "subject_en", "valid_from", "valid_to", predecessor="previous_code")


def _aim(aim: Aim) -> dict[str, Any]:
    others = {"plan": "framework_code", "order": "position"}
    return _told(aim, "code", "previous_code", "goal_set", "after_year", "tt1", "uri", "label_nb", "label_en", **others)


def _without_derived(aims: Iterable[dict[str, Any]], plans: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The aims, without those of which their successor already says everything."""
    entries, known = list(aims), {plan["code"]: plan for plan in plans}
    heirs = [entry for entry in entries if "previous_code" in entry and "predecessor" in known[entry["plan"]]]
    derived = {heir["previous_code"]: aim_row(predecessor(heir, known)) for heir in heirs}
    return [entry for entry in entries if derived.get(entry["code"]) != aim_row(entry)]
