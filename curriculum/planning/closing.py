"""Days without teaching, entered by hand: they join the calendar of a school year, and are refused over lessons that were held."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from curriculum.base import N_, Refused
from curriculum.people import District, Person, School, SchoolClass, checked_name
from curriculum.planning.calendar import closed_days, load_calendar, made_by_rule, school_year, school_years
from curriculum.planning.models import CANCELLED, CONTINUED, HELD, PLANNED, ClosedDays, Elsewhere, Lesson, SchoolCalendar, Series
from curriculum.planning.weeks import assumed_held

LONGEST_REASON = 120
NAMED = 8
"""How many lessons a sentence names."""


def use_rule(db: Session, district: District, year: int) -> SchoolCalendar:
    """Make the days that are guessed for a school year the district's own. Raises Refused when it has entered some already."""
    [known] = school_years(db, district.id, None, [year])
    if not known.is_by_rule:
        raise Refused(N_("The school year has a calendar already."))
    return load_calendar(db, district, made_by_rule(year))


def add_closed_days(
    db: Session, district: District, school: School | None, first: date, last: date, reason: str, *, today: date
) -> ClosedDays:
    """Close the days from `first` through `last` for a school or for all. Lessons planned there stay: see `lessons_between`.

    Where nobody has entered a calendar, the guessed days become the district's own first, so that none is lost.
    Raises Refused for a span or a reason that will not do, for days that are closed already, and over lessons that were held.
    """
    if last < first:
        raise Refused(N_("The last day is before the first."), at="last")
    year, this = school_year(first), school_year(today)
    if not this - 1 <= year <= this + 2:
        words = N_("The days are in the school year %(year)s. Days are closed from last school year through the next two.")
        raise Refused(words, at="first", year=f"{year}–{year + 1}")
    if school_year(last) != year:
        raise Refused(N_("The days must lie within one school year: 1 August to 31 July."), at="last")
    reason = _checked_reason(reason)
    _refuse_held(db, district, lessons_between(db, district, school, first, last), today)
    calendar = _calendar(db, district, school, year)
    if any((one.from_date, one.to_date) == (first, last) for one in calendar.closed):
        raise Refused(N_("These days are closed already."), at="first")
    span = ClosedDays(calendar_id=calendar.id, from_date=first, to_date=last, reason=reason)
    db.add(span)
    db.flush()
    db.expire(calendar, ["closed"])
    return span


def remove_closed_days(db: Session, calendar: SchoolCalendar, span: ClosedDays) -> None:
    """Open the days again."""
    db.delete(span)
    db.flush()
    db.expire(calendar, ["closed"])


def lessons_between(db: Session, district: District, school: School | None, first: date, last: date) -> list[Lesson]:
    """The lessons that stand on these days at a school or at all of them, cancelled ones left out, by date. A fixed number of queries."""
    query = select(Lesson).join(Lesson.series).where(Lesson.district_id == district.id, Series.thrown_away_at.is_(None))
    query = query.where(Lesson.date.between(first, last), Lesson.state != CANCELLED).order_by(Lesson.date, Lesson.start, Lesson.id)
    if school is not None:
        query = query.where(Lesson.classes.any(SchoolClass.school_id == school.id))
    return list(db.scalars(query.options(selectinload(Lesson.classes))))


def _short(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def named_lessons(lessons: Iterable[Lesson], written: Callable[[date], str] = _short) -> str:
    """Lessons as a sentence names them: each class with its date as `written`, as many as fit."""
    names = [f"{' + '.join(one.name for one in lesson.classes)} {written(lesson.date)}" for lesson in lessons]
    return "; ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")


def _refuse_held(db: Session, district: District, lessons: Sequence[Lesson], today: date) -> None:
    past = [lesson for lesson in lessons if lesson.date < today]
    if not past:
        return
    schools = {group.school_id for lesson in past for group in lesson.classes}
    closed = {school_id: closed_days(db, district.id, school_id, past[0].date, today) for school_id in schools}
    held = [
        lesson
        for lesson in past
        if lesson.state in (HELD, CONTINUED) or any(assumed_held(lesson, today, closed[group.school_id]) for group in lesson.classes)
    ]
    if held:
        raise Refused(
            N_("Lessons were held on these days, or count as held: %(lessons)s. Choose other days, or let their agent cancel them first."),
            at="first",
            lessons=named_lessons(held),
        )


def _checked_reason(reason: str) -> str:
    try:
        return checked_name(reason, LONGEST_REASON)
    except Refused as refusal:
        raise Refused(refusal.msgid, at="reason", **refusal.values) from refusal


def _calendar(db: Session, district: District, school: School | None, year: int) -> SchoolCalendar:
    """The calendar that a span joins; the school's own is made when it has none for the year."""
    [known] = school_years(db, district.id, None, [year])
    if known.is_by_rule:
        load_calendar(db, district, made_by_rule(year))
        [known] = school_years(db, district.id, None, [year])
    school_id = school.id if school else None
    query = select(SchoolCalendar).where(
        SchoolCalendar.district_id == district.id, SchoolCalendar.school_id.is_not_distinct_from(school_id)
    )
    there = [one for one in db.scalars(query.order_by(SchoolCalendar.id)) if school_year(one.from_date) <= year <= school_year(one.to_date)]
    if there:
        return there[0]
    made = SchoolCalendar(
        district_id=district.id, school_id=school_id, name=f"{year}–{year + 1}", from_date=known.from_date, to_date=known.to_date
    )
    db.add(made)
    db.flush()
    return made


# --- An agent's other weekday -------------------------------------------------------------------------------------------------------


def add_elsewhere(db: Session, person: Person, weekday: int, first: date, last: date | None) -> Elsewhere:
    """Say that an agent works elsewhere on a weekday (0 = Monday), from a day to a day. Lessons planned there stay.

    Raises Refused for a weekday or dates that will not do, and when it is said already.
    """
    if weekday not in range(5):
        raise Refused(N_("Choose a weekday from Monday to Friday."), at="weekday")
    if last is not None and last < first:
        raise Refused(N_("The last day is before the first."), at="until")
    for one in elsewhere_of(db, person):
        if one.weekday == weekday and one.from_date <= (last or date.max) and first <= (one.to_date or date.max):
            raise Refused(N_("This is said already, from %(date)s."), at="weekday", date=one.from_date)
    made = Elsewhere(district_id=person.district_id, person_id=person.id, weekday=weekday, from_date=first, to_date=last)
    db.add(made)
    db.flush()
    return made


def elsewhere_of(db: Session, person: Person) -> list[Elsewhere]:
    """The weekdays on which a person works elsewhere, with their dates."""
    query = select(Elsewhere).where(Elsewhere.person_id == person.id)
    return list(db.scalars(query.order_by(Elsewhere.from_date, Elsewhere.weekday)))


def lessons_meeting(db: Session, elsewhere: Elsewhere, today: date) -> list[Lesson]:
    """The coming lessons of the person that stand on a weekday on which she works elsewhere."""
    query = select(Lesson).join(Lesson.series).where(Series.thrown_away_at.is_(None), Lesson.state != CANCELLED)
    query = query.where(Lesson.staff.any(Person.id == elsewhere.person_id), Lesson.date >= max(today, elsewhere.from_date))
    if elsewhere.to_date is not None:
        query = query.where(Lesson.date <= elsewhere.to_date)
    found = db.scalars(query.options(selectinload(Lesson.classes)).order_by(Lesson.date, Lesson.start, Lesson.id))
    return [lesson for lesson in found if lesson.date.weekday() == elsewhere.weekday]


def lessons_held_by(db: Session, person: Person, first: date) -> list[Lesson]:
    """The planned lessons from a day on that stand with a person's name, with their series and its class, by date. One query."""
    query = select(Lesson).join(Lesson.series).where(Series.thrown_away_at.is_(None), Lesson.state == PLANNED, Lesson.date >= first)
    query = query.where(Lesson.staff.any(Person.id == person.id)).order_by(Lesson.date, Lesson.start, Lesson.id)
    return list(db.scalars(query.options(joinedload(Lesson.series).joinedload(Series.school_class))))
