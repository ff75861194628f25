"""Days marked and opened one by one, and one year's days carried over to the next."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.base import Refused
from curriculum.planning import AVOIDED, HEEDED, Carried, ClosedDays, Days, Marked, SchoolCalendar
from curriculum.planning.marking import same_weekday, spans_of
from tests.cast import TODAY, Cast, make_cast, make_series
from tests.states import state

MONDAY = date(2026, 11, 9)
FRIDAY = date(2026, 11, 13)


@state
def cast(db: Session) -> Cast:
    return make_cast(db)


@state
def calendar(db: Session, cast: Cast) -> SchoolCalendar:
    """The district's, of 2026–2027, with the guessed days."""
    return planning.use_rule(db, cast.district, 2026)


def mark(db: Session, cast: Cast, *days: date, kind: str = "closed", reason: str = "Fri") -> Marked:
    return planning.mark_days(db, cast.district, None, days, kind, reason, today=TODAY)


def day(n: int) -> date:
    return MONDAY + timedelta(n)


def spans(calendar: SchoolCalendar) -> list[tuple[date, date]]:
    """Those in week 46 and 47."""
    return [(one.from_date, one.to_date) for one in planning.days_of(calendar) if MONDAY <= one.from_date <= day(13)]


def test_neighbours_become_one_span_also_over_a_weekend() -> None:
    assert spans_of([day(1), day(4), day(0), day(7), day(9)]) == [(day(0), day(1)), (day(4), day(7)), (day(9), day(9))]
    assert len(spans_of([date(2026, 7, 31), date(2026, 8, 3)])) == 2  # two school years


def test_marked_days_stand_in_the_calendar_and_are_taken_back(db: Session, cast: Cast, calendar: SchoolCalendar) -> None:
    marked = mark(db, cast, day(0), day(1), day(3), kind=AVOIDED, reason="Samtaler")
    assert marked.added == (
        Days(day(0), day(1), "Samtaler", AVOIDED),
        Days(day(3), day(3), "Samtaler", AVOIDED),
    )
    planning.take_back_marked(db, calendar, marked, TODAY)
    assert spans(calendar) == []
    planning.take_back_marked(db, calendar, marked, TODAY)  # somebody was faster
    assert spans(calendar) == []


def test_opening_days_in_the_middle_leaves_both_ends(db: Session, cast: Cast, calendar: SchoolCalendar) -> None:
    mark(db, cast, *(day(n) for n in range(5)))
    opened = planning.open_days(db, cast.district, None, [day(2)])
    assert spans(calendar) == [(day(0), day(1)), (day(3), day(4))]
    planning.take_back_marked(db, calendar, opened, TODAY)
    assert spans(calendar) == [(day(0), day(4))]


def test_opening_a_whole_span_takes_it_away_and_the_weekend_with_it(db: Session, cast: Cast, calendar: SchoolCalendar) -> None:
    planning.add_closed_days(db, cast.district, None, day(0), day(6), "Fri", today=TODAY)
    planning.open_days(db, cast.district, None, [day(n) for n in range(5)])
    assert spans(calendar) == []


def test_the_camp_of_a_class_is_opened_and_put_back_with_its_class(db: Session, cast: Cast, calendar: SchoolCalendar) -> None:
    planning.add_closed_days(db, cast.district, None, day(0), day(4), "Leirskole", today=TODAY, school_class=cast.a5)
    own = db.scalars(select(SchoolCalendar).where(SchoolCalendar.school_id == cast.school.id)).one()
    opened = planning.open_days(db, cast.district, cast.school, [day(n) for n in range(5)])
    assert planning.days_of(own) == []
    planning.take_back_marked(db, own, opened, TODAY)
    assert [(one.class_id, one.reason) for one in planning.days_of(own)] == [(cast.a5.id, "Leirskole")]
    gone = Marked(removed=(Days(day(7), day(7), "Tur", class_id=999_999),))
    planning.take_back_marked(db, own, gone, TODAY)  # the class is gone
    assert len(planning.days_of(own)) == 1


@pytest.mark.parametrize(
    ("days", "words"),
    [([], "at least one day"), ([date(2027, 5, 17)], "stands in no span"), ([MONDAY + timedelta(n) for n in range(101)], "at most 100")],
)
def test_days_that_cannot_be_opened_are_refused(db: Session, cast: Cast, calendar: SchoolCalendar, days: list[date], words: str) -> None:
    with pytest.raises(Refused, match=words):
        planning.open_days(db, cast.district, None, days)


def test_days_over_held_lessons_are_not_closed_and_none_of_the_others_either(db: Session, cast: Cast, calendar: SchoolCalendar) -> None:
    make_series(db, cast, start=date(2026, 10, 5), themes=("folelser", "vennskap"))
    with pytest.raises(Refused, match="Lessons were held"):
        mark(db, cast, date(2026, 10, 7))


def test_the_first_and_last_school_day_are_set_within_the_year(db: Session, cast: Cast, calendar: SchoolCalendar) -> None:
    planning.set_school_days(db, cast.district, None, 2026, date(2026, 8, 18), date(2027, 6, 17))
    [year] = planning.school_years(db, cast.district.id, None, [2026])
    assert (year.from_date, year.to_date) == (date(2026, 8, 18), date(2027, 6, 17))
    for first, last, words in (
        (date(2026, 8, 18), date(2026, 8, 17), "before the first"),
        (date(2026, 7, 18), date(2027, 6, 17), "within one school year"),
        (date(2026, 8, 18), date(2027, 8, 17), "within one school year"),
    ):
        with pytest.raises(Refused, match=words):
            planning.set_school_days(db, cast.district, None, 2026, first, last)


def test_a_calendar_begun_for_its_first_and_last_day_goes_with_them_unless_it_was_used(db: Session, cast: Cast) -> None:
    [guess] = planning.school_years(db, cast.district.id, None, [2026])
    for school in (None, cast.school):
        for is_used in (False, True):
            calendar = planning.set_school_days(db, cast.district, school, 2026, date(2026, 8, 18), date(2027, 6, 17))
            if is_used:
                planning.mark_days(db, cast.district, school, [day(0)], "closed", "Fri", today=TODAY)
            planning.take_back_school_days(db, calendar, guess.from_date, guess.to_date, was_begun=True)
            assert (db.get(SchoolCalendar, calendar.id) is not None) == is_used
            if is_used:
                assert (calendar.from_date, calendar.to_date) == (guess.from_date, guess.to_date)


# --- The next year ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "becomes"),
    [
        (date(2026, 9, 28), date(2027, 10, 4)),  # week 40
        (date(2026, 12, 31), date(2027, 12, 30)),  # week 53, which 2027 has not
        (date(2027, 2, 22), date(2028, 2, 21)),  # week 8
        (date(2025, 12, 22), date(2026, 12, 21)),  # week 52 stays week 52 where there is a week 53 after it
    ],
)
def test_a_day_stays_in_its_iso_week_and_on_its_weekday(day: date, becomes: date) -> None:
    assert same_weekday(day) == becomes
    assert day.weekday() == becomes.weekday()


def test_the_year_with_week_53_becomes_what_the_rule_says_of_the_next(db: Session, cast: Cast, calendar: SchoolCalendar) -> None:
    ruled = [(one["from"], one["to"], one["reason"]) for one in planning.made_by_rule(2027)["closed"]]
    found = [one.days for one in planning.carried_over(calendar.closed)]
    assert [(one.from_date, one.to_date, one.reason) for one in found if one] == ruled


def carried(db: Session, calendar: SchoolCalendar, reason: str) -> Carried:
    return next(one for one in planning.carried_over(calendar.closed) if one.was.reason == reason)


def test_public_holidays_and_the_days_of_one_class_are_not_carried_over(db: Session, cast: Cast, calendar: SchoolCalendar) -> None:
    planning.add_closed_days(db, cast.district, None, date(2027, 5, 6), date(2027, 5, 6), "Himmelfart", today=TODAY)
    planning.add_closed_days(db, cast.district, None, MONDAY, FRIDAY, "Leirskole", today=TODAY, school_class=cast.a5)
    own = db.scalars(select(SchoolCalendar).where(SchoolCalendar.school_id == cast.school.id)).one()
    assert [(carried(db, calendar, "Himmelfart").days, str(carried(db, calendar, "Himmelfart").how))] == [
        (None, "a public holiday: it counts by itself")
    ]
    assert (carried(db, own, "Leirskole").days, str(carried(db, own, "Leirskole").how)) == (
        None,
        "of one class: classes change with the year",
    )


def test_a_span_until_leap_day_around_new_year_does_not_break(db: Session, cast: Cast) -> None:
    calendar = planning.use_rule(db, cast.district, 2027)
    planning.add_closed_days(db, cast.district, None, date(2028, 1, 1), date(2028, 2, 29), "Stengt", today=TODAY)
    days = carried(db, calendar, "Stengt").days
    assert days and (days.from_date, days.to_date) == (date(2029, 1, 1), date(2029, 2, 28))


def carry(db: Session, cast: Cast, calendar: SchoolCalendar) -> Marked:
    chosen = planning.carried_over(calendar.closed)
    return planning.carry_over(db, cast.district, None, 2026, chosen, TODAY)


def test_the_next_year_begins_in_the_same_week_and_without_guesses(db: Session, cast: Cast, calendar: SchoolCalendar) -> None:
    planning.mark_days(db, cast.district, None, [MONDAY], AVOIDED, "Prøver", today=TODAY, grades=[5])
    planning.mark_days(db, cast.district, None, [MONDAY], HEEDED, "Fest", today=TODAY)
    marked = carry(db, cast, calendar)
    [year] = planning.school_years(db, cast.district.id, None, [2027])
    assert (year.is_by_rule, year.from_date, year.to_date) == (False, date(2027, 8, 23), date(2028, 6, 16))
    assert Days(date(2027, 11, 15), date(2027, 11, 15), "Prøver", AVOIDED, (5,)) in marked.added
    assert "Fest" not in [one.reason for one in marked.added]  # a feast may follow another calendar
    assert carry(db, cast, calendar) == Marked()  # all stand there already
    made = db.scalars(select(SchoolCalendar).where(SchoolCalendar.name == "2027–2028")).one()
    planning.take_back_marked(db, made, marked, TODAY)
    assert planning.school_years(db, cast.district.id, None, [2027])[0].is_by_rule
    assert len(db.scalars(select(ClosedDays)).all()) == len(planning.days_of(calendar))


def test_the_days_of_a_school_are_carried_over_to_its_own_next_calendar(db: Session, cast: Cast) -> None:
    planning.mark_days(db, cast.district, cast.school, [MONDAY], "closed", "Fri", today=TODAY)
    own = db.scalars(select(SchoolCalendar).where(SchoolCalendar.school_id == cast.school.id)).one()
    planning.carry_over(db, cast.district, cast.school, 2026, planning.carried_over(own.closed), TODAY)
    closed = planning.closed_days(db, cast.district.id, cast.school.id, date(2027, 11, 15), date(2027, 11, 15))
    assert [one.reason for one in closed] == ["Fri"]


def test_carrying_over_nothing_is_refused(db: Session, cast: Cast, calendar: SchoolCalendar) -> None:
    with pytest.raises(Refused, match="at least one line"):
        planning.carry_over(db, cast.district, None, 2026, [], TODAY)
