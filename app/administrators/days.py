"""Days without teaching, of the district and of single schools, by school year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import Response, abort, url_for
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response as AnyResponse

from app.access import find, me, open_to, visible
from app.administrators.door import blueprint, chosen_year, keep, kept, note, schools_by_id, years_around
from app.administrators.forms import ClosedDaysForm, Press
from app.database import session, today
from app.language import day, gettext
from app.pages import done, page
from curriculum import planning
from curriculum.people import ADMINISTRATOR, School
from curriculum.planning import ClosedDays, Lesson, SchoolCalendar


@blueprint.get("/administrasjon/fridager")
@open_to(ADMINISTRATOR)
def days() -> Response:
    """The closed days of a school year, with the lessons that stand on them."""
    return _show_days(chosen_year())


def _show_days(year: int, form: Press | None = None) -> Response:
    district, schools = me().district, schools_by_id()
    [known] = planning.school_years(session(), district.id, None, [year])
    calendars = _calendars(year)
    entered = {(span.from_date, span.to_date) for one in calendars for span in one.closed}
    by_law = [span for span in known.closed if (span.from_date, span.to_date) not in entered]
    lessons = planning.lessons_between(session(), district, None, date(year, 8, 1), date(year + 1, 7, 31))
    return page(
        "administrators/days.html",
        200 if form is None or not form.form_errors else 422,
        known=known,
        by_law=by_law,
        groups=[(schools.get(one.school_id or 0), one) for one in calendars],
        standing={span.id: _standing(span, one, lessons) for one in calendars for span in one.closed},
        year=year,
        years=years_around(year),
        refusal=form.form_errors[0] if form is not None and form.form_errors else "",
    )


def _calendars(year: int) -> Sequence[SchoolCalendar]:
    """The calendars entered for a school year, the district's first."""
    query = visible(SchoolCalendar, "administer").where(
        SchoolCalendar.from_date < date(year + 1, 8, 1), SchoolCalendar.to_date >= date(year, 8, 1)
    )
    found = session().scalars(query.options(selectinload(SchoolCalendar.closed))).all()
    return sorted(found, key=lambda one: (one.school_id is not None, one.school_id, one.id))


def _standing(span: ClosedDays, calendar: SchoolCalendar, lessons: Sequence[Lesson]) -> str:
    """The lessons that stand on closed days, as words; empty when there are none."""
    met = [
        lesson
        for lesson in lessons
        if span.from_date <= lesson.date <= span.to_date
        and (calendar.school_id is None or any(group.school_id == calendar.school_id for group in lesson.classes))
    ]
    return planning.named_lessons(met, day)


@blueprint.route("/administrasjon/fridager/ny", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def add_days() -> AnyResponse:
    """Close some days. Lessons that are planned there are named, and stay; over lessons that were held it is refused."""
    form = ClosedDaysForm()
    form.school.choices = [("", gettext("all schools")), *((one.public_id, one.name) for one in schools_by_id().values())]
    if form.validate_on_submit():
        school = find(School, School.public_id == form.school.data, act="administer") if form.school.data else None
        return _close(school, form.first.data, form.last.data, str(form.reason.data), "days closed")
    return page("administrators/days_form.html", form=form, year=chosen_year())


def _close(school: School | None, first: date, last: date, reason: str, kind: str) -> AnyResponse:
    district = me().district
    made = planning.add_closed_days(session(), district, school, first, last, reason, today=today())
    note(kind, school.public_id if school else "", first=first.isoformat(), last=last.isoformat())
    met = planning.lessons_between(session(), district, school, first, last)
    undo = url_for("administrators.remove_days", calendar=made.calendar_id, days=made.id)
    return done(_closed_words(made, school, met), "administrators.days", undo=undo, ar=planning.school_year(first))


def _closed_words(made: ClosedDays, school: School | None, met: Sequence[Lesson]) -> str:
    first, last = day(made.from_date), day(made.to_date)
    span = f"{school.name if school else gettext('All schools')}, {first if first == last else f'{first} – {last}'}"
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
    """Open closed days again."""
    found, form = (
        find(SchoolCalendar, SchoolCalendar.id == calendar, act="administer", load=(selectinload(SchoolCalendar.closed),)),
        Press(),
    )
    span = next((one for one in found.closed if one.id == days), None)
    if span is None:
        abort(404)
    year, first, last = planning.school_year(span.from_date), span.from_date, span.to_date
    if form.validate_on_submit():
        school = schools_by_id()[found.school_id].public_id if found.school_id else ""
        before = keep("days", school=school, first=first.isoformat(), last=last.isoformat(), reason=span.reason)
        planning.remove_closed_days(session(), found, span)
        note("days opened", school, first=first.isoformat(), last=last.isoformat())
        words = gettext("%(first)s – %(last)s: there is teaching again.", first=day(first), last=day(last))
        return done(words, "administrators.days", undo=url_for("administrators.days_back", kept=before), ar=year)
    return _show_days(year, form)


@blueprint.route("/administrasjon/fridager/tilbake", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def days_back() -> AnyResponse:
    """Undo that closed days were opened."""
    before, form = kept("days"), Press()
    first, last = date.fromisoformat(before["first"]), date.fromisoformat(before["last"])
    if form.validate_on_submit():
        school = find(School, School.public_id == before["school"], act="administer") if before["school"] else None
        return _close(school, first, last, before["reason"], "days closed again")
    return _show_days(planning.school_year(first), form)


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
