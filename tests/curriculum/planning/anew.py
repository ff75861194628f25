"""What the tests of new dates for many lessons have in common: how a series stands, what is proposed, and whether it keeps the rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from curriculum.planning import Absence, Anew, Series, accept_anew, check, mend_lost_day, problem_for
from curriculum.planning.stating import plan_as_it_stands
from tests.curriculum.planning.house import NOW, House

TUESDAY = date(2026, 9, 8)


def stands(series: Series) -> list[str]:
    """The dates in the template's order."""
    return [f"{one.date:%d.%m}" for one in sorted(series.lessons, key=lambda one: one.position)]


def shown(anew: Anew) -> list[tuple[str, str, str]]:
    return [(one.lesson.theme.key, f"{one.date:%d.%m}", str(one.why)) for one in anew.shifts]


def away(house: House, first: date, series: Series) -> None:
    house.db.add(Absence(district_id=house.district.id, person_id=house.agent.id, from_date=first, to_date=series.to_date, at=NOW))
    house.db.flush()


def is_clean(house: House, *series: Series) -> bool:
    house.db.expire_all()
    return all(check(problem_for(house.db, one), plan_as_it_stands(one)).is_clean for one in series)


def accept(house: House, anew: Anew, kind: str) -> None:
    accept_anew(house.db, anew, anew.seal, kind, by=house.agent, now=NOW)


def lost(house: House, series: Sequence[Series], day: date = TUESDAY) -> Anew:
    return mend_lost_day(house.db, series, day, NOW)
