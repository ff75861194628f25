"""School years, ISO weeks and public holidays."""

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curriculum.planning import Week, easter, iso_week, made_by_rule, parse_week, public_holidays, school_year, week_dates
from curriculum.planning.calendar import is_school_day, reasons_by_day, school_days_after, why_closed
from curriculum.planning.engine.problem import Closed

ANY_DAY = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.fixture(scope="module")
def known() -> dict[date, str]:
    return dict(holidays.country_holidays("NO", years=range(1990, 2100)))


def test_the_public_holidays_are_those_the_holidays_package_knows(known: dict[date, str]) -> None:
    assert [day for year in range(1990, 2100) for day in public_holidays(year)] == sorted(known)


def test_the_public_holidays_of_2027_by_name() -> None:
    assert {f"{day:%d.%m}": name for day, name in public_holidays(2027).items()} == {
        "01.01": "Første nyttårsdag",
        "25.03": "Skjærtorsdag",
        "26.03": "Langfredag",
        "28.03": "Første påskedag",
        "29.03": "Andre påskedag",
        "01.05": "Arbeidernes dag",
        "06.05": "Kristi himmelfartsdag",
        "16.05": "Første pinsedag",
        "17.05": "Andre pinsedag; Grunnlovsdag",
        "25.12": "Første juledag",
        "26.12": "Andre juledag",
    }


@pytest.mark.parametrize(
    ("year", "day"),
    [(2025, date(2025, 4, 20)), (2026, date(2026, 4, 5)), (2028, date(2028, 4, 16)), (1943, date(1943, 4, 25)), (2285, date(2285, 3, 22))],
)
def test_easter_sunday(year: int, day: date) -> None:
    assert easter(year) == day


def test_2026_has_53_weeks_and_2027_has_52() -> None:
    assert iso_week(date(2026, 12, 31)) == iso_week(date(2027, 1, 3)) == (2026, 53)
    assert Week(2026, 53).next == Week(2027, 1)
    assert Week(2027, 1).previous == Week(2026, 53)
    assert week_dates(2026, 53) == [date(2026, 12, 28) + timedelta(n) for n in range(7)]
    with pytest.raises(ValueError, match="week"):
        week_dates(2027, 53)


@given(ANY_DAY)
def test_a_week_is_written_and_read_back(day: date) -> None:
    week = iso_week(day)
    assert parse_week(str(week)) == week
    assert week.monday <= day <= week.sunday


@pytest.mark.parametrize("written", ["2026-W54", "2027-W53", "2026-W00", "2026-42", "2026-W4", "0000-W01", "2026-W4２", " 2026-W42", ""])
def test_a_week_that_does_not_exist_is_not_found(written: str) -> None:
    with pytest.raises(LookupError):
        parse_week(written)


def test_the_school_year_turns_on_the_first_of_august() -> None:
    assert [school_year(day) for day in (date(2026, 7, 31), date(2026, 8, 1), date(2027, 1, 1))] == [2025, 2026, 2026]


@pytest.mark.parametrize("year", [2025, 2026, 2027, 2031])
def test_a_calendar_made_by_rule_has_the_breaks_where_schools_have_them(year: int) -> None:
    made = made_by_rule(year)
    assert made["from"].weekday() == 0
    assert made["to"].weekday() == 4
    assert [span["reason"] for span in made["closed"]] == ["Høstferie", "Juleferie", "Vinterferie", "Påskeferie", "Inneklemt dag"]
    assert [span["from"].isocalendar().week for span in made["closed"][::2]][:2] == [40, 8]
    assert all(made["from"] < span["from"] <= span["to"] < made["to"] for span in made["closed"])


def test_school_days_are_counted_past_weekends_and_breaks() -> None:
    closed = [Closed(date(2026, 9, 28), date(2026, 10, 2), "Høstferie")]
    assert school_days_after(date(2026, 9, 24), 2, closed) == date(2026, 10, 5)
    assert school_days_after(date(2026, 9, 21), 2, closed) == date(2026, 9, 23)


@given(ANY_DAY, st.integers(1, 5))
def test_school_days_lie_between_the_day_and_the_nth_school_day_after_it(day: date, count: int) -> None:
    closed = [Closed(day + timedelta(2), day + timedelta(4), "Fri")]
    then = school_days_after(day, count, closed)
    assert sum(is_school_day(day + timedelta(n), closed) for n in range(1, (then - day).days + 1)) == count
    assert is_school_day(then, closed)


def test_a_day_within_two_closed_spans_is_named_by_the_longer() -> None:
    closed = [Closed(date(2026, 12, 25), date(2026, 12, 25), "Første juledag"), Closed(date(2026, 12, 22), date(2027, 1, 1), "Juleferie")]
    assert why_closed(date(2026, 12, 25), closed) == "Juleferie"
    assert why_closed(date(2026, 12, 21), closed) == ""
    days = [date(2026, 12, 1) + timedelta(n) for n in range(40)]
    assert reasons_by_day(closed) == {day: why for day in days if (why := why_closed(day, closed))}
