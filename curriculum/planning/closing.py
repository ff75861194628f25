"""Days of a calendar, entered by hand: they join that of their school year; closed ones are refused over lessons that were held."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from curriculum.base import N_, Refused
from curriculum.people import GRADES, ClassGrade, District, Person, School, SchoolClass, checked_name
from curriculum.planning.calendar import (
    KINDS,
    Days,
    as_days,
    closed_days,
    is_advice,
    load_calendar,
    made_by_rule,
    row_of,
    school_year,
    school_years,
)
from curriculum.planning.models import (
    CANCELLED,
    CLOSED,
    CONTINUED,
    HELD,
    PLANNED,
    ClosedDays,
    Elsewhere,
    Lesson,
    SchoolCalendar,
    Series,
)
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
    db: Session,
    district: District,
    school: School | None,
    first: date,
    last: date,
    reason: str,
    *,
    today: date,
    kind: str = CLOSED,
    grades: Collection[int] = (),
    school_class: SchoolClass | None = None,
) -> ClosedDays:
    """Put the days from `first` through `last` in the calendar of a school or of all: CLOSED, AVOIDED or HEEDED.

    They are for every class, for those of some `grades`, or for one `school_class`, which then is away. Lessons planned there stay: see
    `lessons_between`. Where nobody has entered a calendar, the guessed days become the district's own first, so that none is lost.
    Raises Refused for a span, a kind, years, a class or a reason that will not do, for what stands there already, and for closed days over
    lessons that were held.
    """
    year = _checked_year(first, last, today)
    reason = _checked_reason(reason)
    school = _checked_whose(school, kind, grades, school_class, year)
    if kind == CLOSED:
        there = lessons_between(db, district, school, first, last, grades=grades, school_class=school_class)
        _refuse_held(db, district, there, today)
    calendar = calendar_of_year(db, district, school, year)
    wanted = Days(first, last, reason, kind, tuple(sorted(set(grades))), school_class.id if school_class else None)
    if stands_in(calendar, wanted):
        raise Refused(N_("These days are closed already.") if kind == CLOSED else N_("This stands in the calendar already."), at="first")
    span = row_of(calendar, wanted)
    db.add(span)
    db.flush()
    db.expire(calendar, ["closed"])
    return span


def stands_in(calendar: SchoolCalendar, days: Days) -> bool:
    """Whether a calendar has such days already: closed is closed, whatever the reason; of other days the reason is what they tell."""
    return any(_is_the_same(as_days(one), days) for one in calendar.closed)


def _is_the_same(one: Days, other: Days) -> bool:
    """Whether two spans do the same: closed is closed, whatever the reason; of other days the reason is what they tell."""
    same_reason = one.kind == CLOSED or one.reason.casefold() == other.reason.casefold()
    return same_reason and (one.from_date, one.to_date, one.kind, one.grades, one.class_id) == (
        other.from_date,
        other.to_date,
        other.kind,
        other.grades,
        other.class_id,
    )


def _checked_year(first: date, last: date, today: date) -> int:
    """The school year of a span."""
    if last < first:
        raise Refused(N_("The last day is before the first."), at="last")
    year, this = school_year(first), school_year(today)
    if not this - 1 <= year <= this + 2:
        words = N_("The days are in the school year %(year)s. Days are closed from last school year through the next two.")
        raise Refused(words, at="first", year=f"{year}–{year + 1}")
    if school_year(last) != year:
        raise Refused(N_("The days must lie within one school year: 1 August to 31 July."), at="last")
    return year


def _checked_whose(school: School | None, kind: str, grades: Collection[int], school_class: SchoolClass | None, year: int) -> School | None:
    """The school whose calendar the days join: of one class its school's."""
    if kind not in KINDS:
        raise Refused(N_("Choose what the days are: closed, avoided or borne in mind."), at="kind")
    if not set(grades) <= set(GRADES):
        raise Refused(N_("Choose years from 1 to 10."), at="grades")
    if school_class is None:
        return school
    if grades:
        raise Refused(N_("Choose some years or one class, not both."), at="grades")
    if school not in (None, school_class.school):
        words = N_("%(name)s is a class of %(school)s. Choose that school, or another class.")
        raise Refused(words, at="school_class", name=school_class.name, school=school_class.school.name)
    if school_class.school_year != year:
        words = N_("%(name)s is a class of the school year %(year)s. The days are in another.")
        raise Refused(words, at="school_class", name=school_class.name, year=f"{school_class.school_year}–{school_class.school_year + 1}")
    return school_class.school


def remove_closed_days(db: Session, calendar: SchoolCalendar, span: ClosedDays) -> None:
    """Open the days again. A calendar of advice alone goes with its last days: empty it would say when the school year begins."""
    was_advice = is_advice(calendar)
    db.delete(span)
    db.flush()
    db.expire(calendar, ["closed"])
    if was_advice and not calendar.closed:
        db.delete(calendar)
        db.flush()


def lessons_between(
    db: Session,
    district: District,
    school: School | None,
    first: date,
    last: date,
    *,
    grades: Collection[int] = (),
    school_class: SchoolClass | None = None,
) -> list[Lesson]:
    """The lessons that stand on these days at a school or at all of them, cancelled ones left out, by date. A fixed number of queries.

    With `grades` those of classes that hold one of them; with `school_class` its own, its halves' and its groups'.
    """
    query = _standing(district.id).where(Lesson.date.between(first, last))
    if school is not None:
        query = query.where(Lesson.classes.any(SchoolClass.school_id == school.id))
    if grades:
        query = query.where(Lesson.classes.any(SchoolClass.grades.any(ClassGrade.grade.in_(grades))))
    if school_class is not None:
        own = or_(SchoolClass.id == school_class.id, SchoolClass.taken_from.any(SchoolClass.id == school_class.id))
        query = query.where(Lesson.classes.any(own))
    return list(db.scalars(query))


def lessons_on(db: Session, district_id: int, days: Collection[date]) -> list[Lesson]:
    """The lessons that stand on some days at all schools, cancelled ones left out, by date. A fixed number of queries."""
    return list(db.scalars(_standing(district_id).where(Lesson.date.in_(days))))


def _standing(district_id: int) -> Select[Lesson]:
    """The lessons of a district that are not cancelled, by date, with what tells whether a span is about them."""
    query = select(Lesson).join(Lesson.series).where(Lesson.district_id == district_id, Series.thrown_away_at.is_(None))
    of_each = selectinload(SchoolClass.grades), selectinload(SchoolClass.taken_from), joinedload(SchoolClass.school)
    query = query.where(Lesson.state != CANCELLED).order_by(Lesson.date, Lesson.start, Lesson.id)
    return query.options(selectinload(Lesson.classes).options(*of_each))


def _short(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _class_name(school_class: SchoolClass, with_school: bool) -> str:
    return f"{school_class.name} ({school_class.school.name})" if with_school else school_class.name


def named_lessons(lessons: Iterable[Lesson], written: Callable[[date], str] = _short) -> str:
    """Lessons as a sentence names them: each class with its date as `written`, as many as fit; of several schools with its school."""
    found = list(lessons)
    is_several = len({one.school_id for lesson in found for one in lesson.classes}) > 1
    names = [f"{' + '.join(_class_name(one, is_several) for one in lesson.classes)} {written(lesson.date)}" for lesson in found]
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


def calendar_of_year(db: Session, district: District, school: School | None, year: int) -> SchoolCalendar:
    """The calendar that a span joins; the school's own is made when it has none for the year.

    Where nobody has entered the district's, the guessed days become its own.
    """
    [known] = school_years(db, district.id, None, [year])
    if known.is_by_rule:
        load_calendar(db, district, made_by_rule(year))
        [known] = school_years(db, district.id, None, [year])
    school_id = school.id if school else None
    query = select(SchoolCalendar).where(
        SchoolCalendar.district_id == district.id, SchoolCalendar.school_id.is_not_distinct_from(school_id)
    )
    query = query.options(selectinload(SchoolCalendar.closed)).order_by(SchoolCalendar.id)
    name = f"{year}–{year + 1}"
    there = [one for one in db.scalars(query) if school_year(one.from_date) <= year <= school_year(one.to_date)]
    own = [one for one in there if not is_advice(one)] or [one for one in there if one.name == name]
    if own:
        return own[0]
    made = SchoolCalendar(district_id=district.id, school_id=school_id, name=name, from_date=known.from_date, to_date=known.to_date)
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
