"""The days to bear in mind that follow with the program: their dates are recomputed, and they close nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import holidays
import pytest
from holidays.calendars.islamic import _IslamicLunar
from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.planning import HEEDED, is_advice, load_calendar
from tests.curriculum.planning.house import House

CALENDARS = Path(__file__).parents[3] / "content" / "calendars"
YEARS = (2026, 2027, 2028)
ONE_DAY, FIRST_TO_LAST_DAY_OF_RAMADAN = timedelta(1), (timedelta(28), timedelta(29))


def values_of(year: int) -> dict[str, Any]:
    return tomllib.loads((CALENDARS / f"hensyn-{year}-{year + 1}.toml").read_text(encoding="utf-8"))


@pytest.fixture(params=YEARS)
def year(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def feasts(year: int) -> Mapping[str, tuple[date, date]]:
    return {one["reason"]: (one["from"], one["to"]) for one in values_of(year)["closed"]}


def orthodox_easter(year: int) -> date:
    """Easter Sunday by the Julian computus (Meeus), as a Gregorian date; the calendars are 13 days apart from 1900 to 2099."""
    moon = (19 * (year % 19) + 15) % 30
    weekday = (2 * (year % 4) + 4 * (year % 7) - moon + 34) % 7
    month, day = divmod(moon + weekday + 114, 31)
    return date(year, month, day + 1) + timedelta(13)


def known(country: str, year: int, words: str) -> set[date]:
    """The dates of a school year that the package knows by a name in English."""
    found = holidays.country_holidays(country, years=[year, year + 1], language="en_US")
    return {day for day, name in found.items() if words in name and "observed" not in name and planning.school_year(day) == year}


def lunar(year: int, found: Iterable[tuple[date, bool]]) -> date:
    """The one date of a school year among some of the package's Islamic tables."""
    [day] = {one for one, _ in found if planning.school_year(one) == year}
    return day


def test_a_file_of_feasts_is_advice_alone_and_says_where_its_dates_are_from(year: int, feasts: Mapping[str, tuple[date, date]]) -> None:
    values = values_of(year)
    assert {one["kind"] for one in values["closed"]} == {HEEDED}
    assert "kan avvike med en dag" in values["note"] and "holidays" in values["note"]
    assert all(planning.school_year(day) == year for span in feasts.values() for day in span)
    assert sorted(feasts) == sorted(
        ("Diwali", "Id al-adha", "Id al-fitr", "Jom kippur", "Jødisk nyttår", "Ortodoks jul", "Ortodoks påske", "Ramadan", "Vesak")
    )


def test_orthodox_easter_is_as_the_julian_rule_gives_it_from_good_friday_to_monday(
    year: int, feasts: Mapping[str, tuple[date, date]]
) -> None:
    sunday = orthodox_easter(year + 1)
    assert feasts["Ortodoks påske"] == (sunday - timedelta(2), sunday + ONE_DAY)
    assert known("ER", year, "Orthodox Easter") == {sunday}


def test_orthodox_christmas_is_25_december_of_the_julian_calendar(year: int, feasts: Mapping[str, tuple[date, date]]) -> None:
    day = date(year, 12, 25) + timedelta(13)
    assert feasts["Ortodoks jul"] == (day, day)


def test_ramadan_and_both_ids_are_within_a_day_of_the_lunar_tables(year: int, feasts: Mapping[str, tuple[date, date]]) -> None:
    tables, years = _IslamicLunar(), (year, year + 1)
    begin = lunar(year, (one for of in years for one in tables.ramadan_beginning_dates(of)))
    fitr = lunar(year, (one for of in years for one in tables.eid_al_fitr_dates(of)))
    adha = lunar(year, (one for of in years for one in tables.eid_al_adha_dates(of)))
    for shipped, computed in ((feasts["Ramadan"], begin), (feasts["Id al-fitr"], fitr), (feasts["Id al-adha"], adha)):
        assert abs(shipped[0] - computed) <= ONE_DAY
    assert feasts["Ramadan"][1] + ONE_DAY == feasts["Id al-fitr"][0]
    assert feasts["Ramadan"][1] - feasts["Ramadan"][0] in FIRST_TO_LAST_DAY_OF_RAMADAN


@pytest.mark.parametrize(
    ("reason", "country", "words"),
    [
        ("Diwali", "IN", "Diwali"),
        ("Vesak", "SG", "Vesak"),
        ("Vesak", "IN", "Buddha Purnima"),
        ("Id al-fitr", "BH", "Eid al-Fitr"),
        ("Id al-adha", "BH", "Eid al-Adha"),
        ("Jødisk nyttår", "IL", "Rosh Hashanah"),
        ("Jom kippur", "IL", "Yom Kippur"),
    ],
)
def test_the_feasts_are_within_a_day_of_what_the_holidays_package_knows(
    reason: str, country: str, words: str, year: int, feasts: Mapping[str, tuple[date, date]]
) -> None:
    found = known(country, year, words)
    assert abs(feasts[reason][0] - min(found)) <= ONE_DAY
    assert abs(feasts[reason][1] - max(found)) <= ONE_DAY


def test_feasts_are_told_of_where_a_class_is_planned_and_neither_close_a_day_nor_begin_the_year(db: Session, house: House) -> None:
    before = planning.school_years(db, house.district.id, None, [2026])
    calendar = load_calendar(db, house.district, values_of(2026))
    assert is_advice(calendar)
    assert planning.school_years(db, house.district.id, None, [2026]) == before
    [ramadan] = [one for one in planning.days_to_heed(db, [house.class_5a], date(2026, 8, 1), date(2027, 7, 31)) if one.reason == "Ramadan"]
    assert (ramadan.kind, ramadan.from_date, ramadan.classes) == (HEEDED, date(2027, 2, 8), frozenset({house.class_5a.id}))
    around = planning.around_by_class(db, [house.class_5a], date(2026, 8, 1), date(2027, 7, 31))[house.class_5a.id]
    assert not around.away and not around.avoided


def test_a_calendar_of_advice_that_is_emptied_is_gone_and_does_not_say_when_the_year_begins(db: Session, house: House) -> None:
    before = planning.school_years(db, house.district.id, None, [2026])
    calendar = load_calendar(db, house.district, values_of(2026))
    for span in list(calendar.closed):
        planning.remove_closed_days(db, calendar, span)
    assert planning.school_years(db, house.district.id, None, [2026]) == before
