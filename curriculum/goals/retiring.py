"""Aims that are out of force, and which aim took over: from a plan's last day, or because Grep says so."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from curriculum.goals.models import Aim


@dataclass(frozen=True)
class Retired:
    """An aim out of force: `since` is the first day without it (None when Grep does not say), `successor` the aim in force, if any."""

    code: str
    since: date | None
    successor: str | None


@dataclass(frozen=True)
class Standing:
    """What decides whether an aim is in force."""

    code: str
    previous: str | None
    is_over: bool
    since: date | None = None


def retired_aims(db: Session, codes: Collection[str], today: date) -> dict[str, Retired]:
    """Those of these aims that are out of force today, by code; as a rule one query."""
    found: dict[str, Aim] = {}
    wanted = set(codes)
    while wanted:
        query = select(Aim).options(joinedload(Aim.framework)).where(Aim.code.in_(wanted) | Aim.previous_code.in_(wanted))
        new = {aim.code: aim for aim in db.scalars(query) if aim.code not in found}
        found |= new
        wanted = new.keys() - wanted
    retired = retired_among(found.values(), today)
    return {code: retired[code] for code in codes if code in retired}


def retired_among(aims: Iterable[Aim], today: date) -> dict[str, Retired]:
    """Those of all these aims that are out of force today; successors are looked for among them."""
    return retired_of([_standing(aim, today) for aim in aims])


def _standing(aim: Aim, today: date) -> Standing:
    since = aim.framework.over_since(today)
    return Standing(aim.code, aim.previous_code, aim.is_withdrawn or since is not None, since)


def retired_of(standings: Collection[Standing]) -> dict[str, Retired]:
    """The same from bare facts."""
    successors = {one.previous: one.code for one in standings if one.previous}
    over = {one.code for one in standings if one.is_over}
    return {one.code: Retired(one.code, one.since, _in_force(one.code, successors, over)) for one in standings if one.is_over}


def _in_force(code: str, successors: Mapping[str, str], over: Collection[str]) -> str | None:
    """The aim in force at the end of the line of successors."""
    seen = {code}
    while (step := successors.get(code)) and step not in seen:
        if step not in over:
            return step
        seen.add(step)
        code = step
    return None
