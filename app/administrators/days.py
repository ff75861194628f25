"""The calendars of the district and of single schools by school year: days without teaching, avoided days, days to bear in mind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from flask import Response, abort, request, url_for
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload
from werkzeug.wrappers import Response as AnyResponse

from app.access import find, me, open_to, visible
from app.administrators.door import blueprint, chosen_year, keep, kept, note, schools_by_id, years_around
from app.administrators.forms import DAY_KINDS, ClosedDaysForm, Press, all_grades, day_kinds
from app.database import session, today
from app.language import day, gettext
from app.pages import done, page
from curriculum import planning
from curriculum.base import N_
from curriculum.keeping import Kept
from curriculum.people import ADMINISTRATOR, COORDINATOR, School, SchoolClass
from curriculum.planning import CLOSED, ClosedDays, Days, Lesson, SchoolCalendar


@blueprint.get("/administrasjon/fridager")
@open_to(ADMINISTRATOR, COORDINATOR)
def days() -> Response:
    """The closed days of a school year, with the lessons that stand on them; who does not administer the district reads them."""
    return _show_days(chosen_year())


def _show_days(year: int, form: Press | None = None) -> Response:
    district, schools = me().district, schools_by_id()
    [known] = planning.school_years(session(), district.id, None, [year])
    calendars = calendars_of(year)
    places = Counter(one.school_id for one in calendars)
    entered = {(span.from_date, span.to_date) for one in calendars for span in one.closed if span.kind == CLOSED}
    by_law = [span for span in known.closed if (span.from_date, span.to_date) not in entered]
    classes = {span.class_id for one in calendars for span in one.closed if span.class_id}
    names = session().execute(select(SchoolClass.id, SchoolClass.name).where(SchoolClass.id.in_(classes)))
    lessons = _lessons.get(session(), (district.id, frozenset(_days_between(entered))))
    return page(
        "administrators/days.html",
        200 if form is None or not form.form_errors else 422,
        known=known,
        by_law=by_law,
        groups=[(schools.get(one.school_id or 0), one, one.name if places[one.school_id] > 1 else "") for one in calendars],
        standing={span.id: _standing(span, one, lessons) for one in calendars for span in one.closed if span.kind == CLOSED},
        class_names={id: name for id, name in names},
        kinds=DAY_KINDS,
        year=year,
        years=years_around(year),
        refusal=form.form_errors[0] if form is not None and form.form_errors else "",
    )


def _days_between(spans: Iterable[tuple[date, date]]) -> set[date]:
    """Every date of some spans."""
    return {first + timedelta(n) for first, last in spans for n in range((last - first).days + 1)}


def calendars_of(year: int) -> Sequence[SchoolCalendar]:
    """The calendars entered for a school year, the district's first; of a place those that are advice alone last."""
    return _calendars.get(session(), (visible(SchoolCalendar), year))


def _read_calendars(db: Session, asked: tuple[Select[SchoolCalendar], int]) -> Sequence[SchoolCalendar]:
    """Apart from any session, to be kept: nobody changes anything in them."""
    seen, year = asked
    query = seen.where(SchoolCalendar.from_date < date(year + 1, 8, 1), SchoolCalendar.to_date >= date(year, 8, 1))
    with Session(db.connection()) as apart:
        found = apart.scalars(query.options(selectinload(SchoolCalendar.closed))).all()
    return sorted(found, key=lambda one: (one.school_id is not None, one.school_id, planning.is_advice(one), one.id))


def _read_lessons(db: Session, asked: tuple[int, frozenset[date]]) -> Sequence[Lesson]:
    with Session(db.connection()) as apart:
        return planning.lessons_on(apart, *asked)


_calendars, _lessons = Kept(_read_calendars), Kept(_read_lessons, most=16)


def _standing(span: ClosedDays, calendar: SchoolCalendar, lessons: Sequence[Lesson]) -> str:
    """The lessons that stand on closed days, as words; empty when there are none."""
    met = [
        lesson
        for lesson in lessons
        if span.from_date <= lesson.date <= span.to_date and any(_is_about(span, calendar, group) for group in lesson.classes)
    ]
    return planning.named_lessons(met, day)


def _is_about(span: ClosedDays, calendar: SchoolCalendar, group: SchoolClass) -> bool:
    """Whether a span of a calendar is a class's."""
    if calendar.school_id not in (None, group.school_id):
        return False
    if span.class_id is not None:
        return span.class_id in (group.id, *(one.id for one in group.taken_from))
    return not span.grades or any(one.grade in span.grades for one in group.grades)


@blueprint.route("/administrasjon/fridager/ny", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def add_days() -> AnyResponse:
    """Put days in a calendar. Lessons that are planned there are named, and stay; closing over lessons that were held is refused."""
    form = ClosedDaysForm()
    form.school.choices, form.kind.choices, form.grades.choices = school_choices(), day_kinds(), all_grades()
    classes = _classes()
    form.school_class.choices = [("", gettext("all classes")), *((one.public_id, f"{one.school.name}: {one.name}") for one in classes)]
    if form.validate_on_submit():
        school = chosen_school(form.school.data)
        group = next((one for one in classes if one.public_id == form.school_class.data), None)
        grades = tuple(sorted(form.grades.data or ()))
        wanted = Days(form.first.data, form.last.data, str(form.reason.data), form.kind.data, grades, group.id if group else None)
        return _close(school, wanted, "days closed")
    return page("administrators/days_form.html", form=form, year=chosen_year())


def school_choices() -> list[tuple[str, str]]:
    """All schools or one, for a form."""
    return [("", gettext("all schools")), *((one.public_id, one.name) for one in schools_by_id().values())]


def chosen_school(public_id: str | None) -> School | None:
    """The school of a form's choice; None: all of them."""
    return find(School, School.public_id == public_id, act="administer") if public_id else None


def _classes() -> Sequence[SchoolClass]:
    """The classes of this school year and those to come, by school and name."""
    query = visible(SchoolClass, "administer").where(SchoolClass.school_year >= planning.school_year(today())).join(SchoolClass.school)
    return session().scalars(query.options(joinedload(SchoolClass.school)).order_by(School.name, SchoolClass.name)).all()


def _close(school: School | None, wanted: Days, audit: str) -> AnyResponse:
    district, first, last = me().district, wanted.from_date, wanted.to_date
    group = session().get(SchoolClass, wanted.class_id) if wanted.class_id else None
    made = planning.add_closed_days(
        session(), district, school, first, last, wanted.reason, today=today(), kind=wanted.kind, grades=wanted.grades, school_class=group
    )
    note(audit, school.public_id if school else "", first=first.isoformat(), last=last.isoformat(), what=wanted.kind)
    met = planning.lessons_between(session(), district, school, first, last, grades=wanted.grades, school_class=group)
    undo = url_for("administrators.remove_days", calendar=made.calendar_id, days=made.id)
    words = _closed_words(made, school, group, met if wanted.kind == CLOSED else ())
    return done(words, "administrators.days", undo=undo, ar=planning.school_year(first))


def _closed_words(made: ClosedDays, school: School | None, group: SchoolClass | None, met: Sequence[Lesson]) -> str:
    first, last = day(made.from_date), day(made.to_date)
    place = group.name if group else school.name if school else gettext("All schools")
    span = f"{place}, {first if first == last else f'{first} – {last}'}"
    if made.kind != CLOSED:
        return gettext("%(days)s: %(what)s.", days=span, what=gettext(DAY_KINDS[made.kind]))
    if not met:
        return gettext("%(days)s: closed. No lesson stands there.", days=span)
    return gettext(
        "%(days)s: closed. These lessons stand there and were not moved: %(lessons)s. Their agents find new dates.",
        days=span,
        lessons=planning.named_lessons(met, day),
    )


@blueprint.route("/administrasjon/fridager/<int:calendar>/<int:days>/fjern", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def remove_days(calendar: int, days: int) -> AnyResponse:
    """Take days out of a calendar again."""
    found, form = (
        find(SchoolCalendar, SchoolCalendar.id == calendar, act="administer", load=(selectinload(SchoolCalendar.closed),)),
        Press(),
    )
    span = next((one for one in found.closed if one.id == days), None)
    if span is None and request.method == "POST":
        words = gettext("These days are out of the calendar already.")
        return done(words, "administrators.days", ar=planning.school_year(found.from_date))
    if span is None:
        abort(404)
    year, first, last = planning.school_year(span.from_date), span.from_date, span.to_date
    if form.validate_on_submit():
        school = schools_by_id()[found.school_id].public_id if found.school_id else ""
        before = keep("days", school=school, span=packed(planning.as_days(span)))
        planning.remove_closed_days(session(), found, span)
        note("days opened", school, first=first.isoformat(), last=last.isoformat())
        again = N_("%(first)s – %(last)s: there is teaching again."), N_("%(first)s – %(last)s: taken out of the calendar.")
        words = gettext(again[span.kind != CLOSED], first=day(first), last=day(last))
        return done(words, "administrators.days", undo=url_for("administrators.days_back", kept=before), ar=year)
    return _show_days(year, form)


@blueprint.route("/administrasjon/fridager/tilbake", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def days_back() -> AnyResponse:
    """Undo that closed days were opened."""
    before, form = kept("days"), Press()
    wanted = unpacked(before["span"])
    if form.validate_on_submit():
        return _close(chosen_school(before["school"]), wanted, "days closed again")
    return _show_days(planning.school_year(wanted.from_date), form)


def packed(days: Days) -> list[object]:
    """A span as it stands in an address that takes an act back."""
    return [days.from_date.isoformat(), days.to_date.isoformat(), days.reason, days.kind, list(days.grades), days.class_id]


def unpacked(values: list[Any]) -> Days:
    """The span that was packed."""
    first, last, reason, kind, grades, class_id = values
    return Days(date.fromisoformat(first), date.fromisoformat(last), reason, kind, tuple(grades), class_id)


@blueprint.route("/administrasjon/fridager/bruk-forslaget", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def use_rule() -> AnyResponse:
    """Make the guessed days of a school year the district's own, to be put right one by one."""
    year, form = chosen_year(), Press()
    if form.validate_on_submit():
        planning.use_rule(session(), me().district, year)
        note("calendar begun", str(year))
        return done(
            gettext("The proposed days are the district's own now. Remove and add what is different."), "administrators.days", ar=year
        )
    return _show_days(year, form)
