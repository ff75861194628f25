"""What an agent chooses for new series: what there is to choose from, what is proposed, and the form that carries it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any

import wtforms
from flask import request
from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session, joinedload
from wtforms import DateField, FieldList, FormField, HiddenField, SelectField, SelectMultipleField, TimeField, ValidationError
from wtforms.fields import Field
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.access import me, visible
from app.agents.forms import MINUTES
from app.agents.times import BLANK, TimesRow, add_blank, show_in, this_monday, weekdays
from app.database import session, today
from app.language import day, gettext, lang
from app.pages import Form, RowMeta, refused_words, said
from curriculum import ideabank, planning
from curriculum.base import N_, Refused
from curriculum.ideabank import OUTLINE, THEME, DocumentVersion, Edition
from curriculum.keeping import Kept
from curriculum.people import AGENT, HALF, Assignment, Person, SchoolClass
from curriculum.planning import CLASS_AND_WHY, Had, Wish, Words

# --- What there is ----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Offer:
    """Everything she may choose from: a fixed number of queries, however many classes and themes there are.

    `made` are the series these classes have already, by class and template; `had` what each class has had before, by theme; `times` a
    free weekly time for each class.
    """

    classes: Sequence[SchoolClass]
    outlines: Sequence[DocumentVersion]
    themes: Mapping[str, Edition]
    agents: Sequence[Person]
    made: Mapping[tuple[int, int], str]
    had: Mapping[int, Mapping[int, Sequence[Had]]]
    times: Mapping[int, Wish]
    planned: Mapping[int, Collection[int]]
    """The themes (by document) that each class has a lesson of already this school year."""
    beside: Mapping[int, Sequence[str]]
    """The halves of each class, or the class that it is a half of, that have a series: the same pupils would have the course twice."""

    def outline(self, key: str | None) -> DocumentVersion:
        """The template with this key, else the first."""
        return next((one for one in self.outlines if one.document.key == key), self.outlines[0])

    def own(self, outline: DocumentVersion) -> list[str]:
        """The keys of the template's themes that the bank has, in its order."""
        return [place.theme for place in planning.places(outline) if place.theme in self.themes]


def offered() -> Offer:
    """What the signed-in agent may choose from today."""
    classes = _classes()
    outlines = ideabank.versions_in_effect(session(), me().district_id, today(), kind=OUTLINE).values()
    themes = ideabank.editions(session(), me().district_id, today(), THEME).values()
    return Offer(
        classes,
        sorted((one for one in outlines if one.document.retired_at is None), key=lambda one: one.title),
        {one.key: one for one in themes if not one.is_retired},
        _agents(classes),
        planning.series_by_template(session(), classes),
        planning.cohorts_had(session(), classes, today()),
        planning.propose_times(session(), me(), classes, today(), _last_day(classes)),
        planning.themes_planned(session(), classes),
        planning.series_beside(session(), classes),
    )


def _classes() -> Sequence[SchoolClass]:
    """The classes of this school year and later that she plans for, by school; halves stand under their class."""
    found = session().scalars(_from_year(visible(SchoolClass, "plan")), {"year": planning.school_year(today())}).unique().all()
    return sorted(found, key=lambda one: (one.school_year, one.school.name, *_under(one)))


@lru_cache
def _from_year(seen: Select[SchoolClass]) -> Select[SchoolClass]:
    """Built once for the same rights."""
    whole = (joinedload(SchoolClass.school), joinedload(SchoolClass.grades), joinedload(SchoolClass.taken_from))
    return seen.where(SchoolClass.school_year >= bindparam("year")).options(*whole)


def _under(school_class: SchoolClass) -> tuple[str, bool, str]:
    whole = whole_of(school_class)
    return (whole.name if whole else school_class.name), whole is not None, school_class.name


def whole_of(school_class: SchoolClass) -> SchoolClass | None:
    """The class a half is taken from."""
    return next(iter(school_class.taken_from), None) if school_class.kind == HALF else None


def _last_day(classes: Sequence[SchoolClass]) -> date:
    """The end of the classes' last school year."""
    return date(max([one.school_year for one in classes] or [planning.school_year(today())]) + 1, 7, 31)


def _agents(classes: Sequence[SchoolClass]) -> Sequence[Person]:
    """Everyone who is an agent of one of these classes today."""
    ids = {one.id for one in classes} | {whole.id for one in classes if (whole := whole_of(one))}
    return session().scalars(_agents_of(), {"ids": list(ids), "today": today()}).unique().all()


@cache
def _agents_of() -> Select[Person]:
    hers = select(Assignment.person_id).where(
        Assignment.role == AGENT,
        Assignment.class_id.in_(bindparam("ids", expanding=True)),
        Assignment.from_date <= bindparam("today"),
        or_(Assignment.to_date.is_(None), Assignment.to_date >= bindparam("today")),
    )
    query = select(Person).where(Person.id.in_(hers), Person.is_active).order_by(Person.name)
    return query.options(joinedload(Person.assignments))


# --- The form ---------------------------------------------------------------------------------------------------------------------------


def _is_given(_form: wtforms.Form, field: Field) -> None:
    """A time must be there; unlike the library's own rule this puts no `required` on a field that may be out of sight."""
    if field.data is None and not field.process_errors:
        raise ValidationError(N_("Write when the lesson starts, for example 08:30."))


class TimeRow(wtforms.Form):
    """The weekly time of one class."""

    Meta = RowMeta

    weekday = SelectField(N_("Weekday"), coerce=int)
    start_time = TimeField(N_("Starts at"), validators=[_is_given])
    minutes = SelectField(N_("Length"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self:
            field.label.text = gettext(field.label.text)
        self.weekday.choices, self.minutes.choices = weekdays(lang().tag), _lengths(lang().tag)


@lru_cache
def _lengths(_language: str) -> list[tuple[int, str]]:
    return [(minutes, gettext("%(minutes)s min", minutes=minutes)) for minutes in MINUTES]


class ClassTimesRow(TimesRow):
    """A weekly time of one of the classes; a line without a class is empty. Its classes are given by the form."""

    school_class = SelectField(N_("Class"), default="", validate_choice=False)

    @property
    def is_filled(self) -> bool:
        """Whether it names a class."""
        return bool(self.school_class.data)


class Line(FormField):
    """A class's line of the form; it is looked at only when the class is chosen."""

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        return self.short_name.removeprefix(LINE) not in (form.classes.data or ()) or bool(super().validate(form, extra_validators))


class FirstWeek(SelectField):
    """The week a series starts in; of one that has passed since the page was opened it says so."""

    def pre_validate(self, form: Any) -> None:
        try:
            has_passed = planning.parse_week(self.data or "").sunday < today()
        except LookupError:
            has_passed = False
        if has_passed:
            raise ValidationError(N_("That week has passed. Choose this week or a later one."))
        super().pre_validate(form)


LINE = "time_"
"""Stands before a class's public id in the name of its line."""


class NewSeriesForm(Form):
    """Classes each with a weekly time, and what they have in common: a template, a first week, who holds the lessons, the themes.

    `times` are weekly times that hold for a class instead of the one in its line. `themes_of` is the template (its key) whose themes were
    last ticked: with another template they are ticked anew.
    """

    classes = SelectMultipleField(N_("Classes"))
    outline = SelectField(N_("Template"))
    start = FirstWeek(N_("First week"))
    agents = SelectMultipleField(N_("Who holds the lessons"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())
    themes = SelectMultipleField(N_("Themes"))
    themes_of = HiddenField()
    times = FieldList(FormField(ClassTimesRow))
    a_week = DateField(N_("A day in an A week"), validators=[Optional()])
    unticked: Sequence[SchoolClass] = ()
    """Classes that lost their ticks since they have a series from the template that is chosen now."""

    def line(self, school_class: SchoolClass) -> TimeRow:
        """The weekly time of a class."""
        row: TimeRow = self._fields[LINE + school_class.public_id].form
        return row

    def times_of(self, public_id: str) -> list[ClassTimesRow]:
        """The lines of weekly times that name a class."""
        return [row.form for row in self.times if row.form.school_class.data == public_id]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field; a line of weekly times that names a class says when the lesson starts."""
        is_whole = super().validate(extra_validators)
        lacking = [row.form for row in self.times if row.form.is_filled and row.form.start_time.data is None]
        for row in lacking:
            row.start_time.errors = row.start_time.errors or [gettext("Write when the lesson starts, for example 08:30.")]
            self.times.errors = [*self.times.errors, "start_time"]
        return is_whole and not lacking

    def faults(self) -> list[tuple[str, str, str]]:
        """What is wrong, each with the field's id and label; a class's own with its name."""
        found = super().faults()
        names = {id(field): f"{line.label.text}, {field.label.text}" for line in self._lines() for field in line.form}
        labels = {field.id: names[id(field)] for line in self._lines() for field in line.form}
        own = [
            (f"classes-{line.short_name.removeprefix(LINE)}", line.label.text, words)
            for line in self._lines()
            for words in line.form.form_errors
        ]
        return [(id_, labels.get(id_, label), words) for id_, label, words in found] + own

    def _lines(self) -> Iterator[Line]:
        return (field for field in self if isinstance(field, Line))

    def _show(self, refusal: Refused) -> None:
        """A refusal of a class's own wish stands on its line: at a field, or at the class itself."""
        public_id, _, place = (refusal.at or "").partition(".")
        place, _, name = place.rpartition(".")
        line = self._fields.get(LINE + public_id)
        if not isinstance(line, Line):
            super()._show(refusal)
            return
        why = refusal.values.get("why") if refusal.msgid == CLASS_AND_WHY else None  # the line says which class
        words = said(why) if isinstance(why, Words) else refused_words(refusal)
        if (rows := self.times_of(public_id)) and (name == "a_week" or name in rows[0]._fields):
            self.times.errors = [*self.times.errors, name]
            show_in(self, rows[int(place or 0)], name, words)
        elif name in line.form._fields:
            line.form[name].errors = [*line.form[name].errors, words]
        else:
            line.form.form_errors.append(words)


def new_series_form(offer: Offer) -> NewSeriesForm:
    """The form with its choices, and with what is proposed where nothing has been sent."""
    lines = {LINE + one.public_id: Line(TimeRow, label=one.name) for one in offer.classes}
    form: NewSeriesForm = type("NewSeriesFormOfHers", (NewSeriesForm,), lines)()
    form.classes.choices = [(one.public_id, one.name) for one in offer.classes]
    form.outline.choices = [(one.document.key, one.title) for one in offer.outlines]
    form.start.choices = _week_choices(offer)
    form.agents.choices = [(person.public_id, _with_classes(person, offer)) for person in offer.agents]
    form.themes.choices = [(key, version.title) for key, version in offer.themes.items()]
    if "a_week" not in request.form:
        add_blank(form.times, 2 * BLANK)
        form.a_week.data = this_monday()
    elif all(row.form.is_filled for row in form.times):
        add_blank(form.times)
    for row in form.times:
        row.form.school_class.choices = [("", gettext("Choose a class")), *form.classes.choices]
    if request.method == "GET":
        _propose(form, offer)
    for one in offer.classes:
        if f"{LINE}{one.public_id}-weekday" not in request.form:
            _propose_time(form.line(one), offer.times[one.id])
    return form


def _with_classes(person: Person, offer: Offer) -> str:
    """An agent with the classes, of those that are offered, of which she is one."""
    hers = {one.class_id for one in person.assignments if one.role == AGENT and one.in_effect(today())}
    names = [one.name for one in offer.classes if hers & {one.id, one.whole_id}]
    return f"{person.name} ({', '.join(dict.fromkeys(names))})"


def _propose(form: NewSeriesForm, offer: Offer) -> None:
    """A class that has no series yet (none is ticked where every class has one), the template most of her classes have, the nearest week
    with teaching, and herself."""
    classes, outline = _first_unplanned(offer)
    form.classes.data = [one.public_id for one in classes if one.id not in _begun(offer)]
    form.outline.data = form.themes_of.data = outline.document.key
    form.themes.data = offer.own(outline)
    weeks = form.start.choices if isinstance(form.start.choices, list) else form.start.choices[_year_words(classes[0].school_year)]
    weekday = offer.times[classes[0].id].weekday
    possible = [value for value, _, attributes in weeks if not attributes]
    form.start.data = next((value for value in possible if _is_ahead(value, weekday)), next(iter(possible), None))
    form.agents.data = [me().public_id]


def _is_ahead(week: str, weekday: int) -> bool:
    """Whether the week's day on which the class has its lesson has not passed."""
    return planning.parse_week(week).monday + timedelta(weekday) >= today()


def _propose_time(row: TimeRow, wish: Wish) -> None:
    row.weekday.data, row.start_time.data, row.minutes.data = wish.weekday, wish.start_time, wish.minutes


def _begun(offer: Offer) -> set[int]:
    """Ids of the classes whose pupils have a series, whatever its template."""
    return {group for group, _ in offer.made} | {one.id for one in offer.classes if offer.beside[one.id]}


def _first_unplanned(offer: Offer) -> tuple[list[SchoolClass], DocumentVersion]:
    """The first class without a series, else the first that lacks one from a template; of a class that is taught in halves, the halves."""
    begun = _begun(offer)
    common = [template for _, template in offer.made]
    outlines = sorted(offer.outlines, key=lambda one: -common.count(one.document_id))
    split = {whole.id for one in offer.classes if (whole := whole_of(one))}
    by_need = sorted((one for one in offer.classes if one.id not in split), key=lambda one: one.id in begun)
    lacking = ((one, outline) for one in by_need for outline in outlines if (one.id, outline.document_id) not in offer.made)
    first, outline = next(lacking, (offer.classes[0], outlines[0]))
    halves = [one for one in offer.classes if whole_of(one) is not None and whole_of(one) is whole_of(first)]
    return [one for one in halves if (one.id, outline.document_id) not in offer.made] or [first], outline


# --- The weeks --------------------------------------------------------------------------------------------------------------------------

WeekChoice = tuple[str, str, dict[str, Any]]


def _week_choices(offer: Offer) -> list[WeekChoice] | dict[str, list[WeekChoice]]:
    """The weeks from this one to the end of the classes' school years, by year where there are several; none without teaching."""
    years = sorted({one.school_year for one in offer.classes})
    found = {year: _weeks(year, offer) for year in years}
    if len(years) == 1:
        return found[years[0]]
    wanted = {one.school_year for one in offer.classes if one.public_id in request.form.getlist("classes")}
    return {_year_words(year): found[year] for year in sorted(years, key=lambda year: (bool(wanted) and year not in wanted, year))}


def _weeks(year: int, offer: Offer) -> list[WeekChoice]:
    """The weeks of a school year to choose from. Kept while nothing changes: every agent of the same schools is offered the same."""
    schools = tuple(dict.fromkeys(one.school_id for one in offer.classes if one.school_year == year))
    return _kept_weeks.get(session(), (lang().tag, me().district_id, schools, year, today()))


def _read_weeks(db: Session, asked: tuple[str, int, tuple[int, ...], int, date]) -> list[WeekChoice]:
    _, district, schools, year, first = asked
    closed = planning.closed_by_school(db, district, set(schools), first - timedelta(7), date(year + 1, 7, 31))
    return _weeks_of(year, [planning.reasons_by_day(closed[id]) for id in schools])


_kept_weeks = Kept(_read_weeks)


def _year_words(year: int) -> str:
    return gettext("School year %(from)s–%(to)s", **{"from": year, "to": year + 1})


def _weeks_of(year: int, closed: Sequence[Mapping[date, str]]) -> list[WeekChoice]:
    """The weeks of a school year from today on; those in which no school teaches on a day that is left cannot be chosen."""
    week = planning.iso_week(max(today(), date(year, 8, 1)))
    choices = []
    while week.monday <= date(year + 1, 7, 31):
        choices.append(_week_choice(week, closed))
        week = week.next
    while choices and choices[-1][2]:
        choices.pop()  # the summer at the end
    while choices and choices[0][2]:
        choices.pop(0)  # a week that is over but for its days without school
    return choices


def _week_choice(week: planning.Week, closed: Sequence[Mapping[date, str]]) -> WeekChoice:
    monday, first = week.monday, today()
    ahead = [one for one in (monday + timedelta(n) for n in range(5)) if one >= first]
    if any(one not in days for days in closed for one in ahead):
        return str(week), _said(week, ahead[0], ahead[-1], first.year, lang().tag), {}
    return str(week), f"{gettext('Week %(number)s', number=week.number)}: {closed[0].get(monday, '')}", {"disabled": True}


@lru_cache(maxsize=512)
def _said(week: planning.Week, first: date, last: date, this_year: int, _language: str) -> str:
    """Kept for each language: every agent is offered the same weeks. A day of another year than this says which."""
    written = "d. MMM" if last.year == this_year else "d. MMM y"
    return f"{gettext('Week %(number)s', number=week.number)}: {day(first, 'd. MMM')} – {day(last, written)}"


# --- What was chosen --------------------------------------------------------------------------------------------------------------------


def tick_anew(form: NewSeriesForm, offer: Offer) -> bool:
    """Tick the themes of the template when another was chosen than the one they were ticked for. Whether that was so.

    The classes that have a series from it already lose their ticks: the page shows them as what cannot be chosen, and names them.
    """
    if form.outline.data == form.themes_of.data:
        return False
    outline = offer.outline(form.outline.data)
    form.themes_of.data = form.outline.data
    form.themes.data = offer.own(outline)
    chosen = chosen_classes(form, offer)
    form.unticked = [one for one in chosen if (one.id, outline.document_id) in offer.made]
    form.classes.data = [one.public_id for one in chosen if one not in form.unticked]
    return True


def leave_out_what_they_had(form: NewSeriesForm, offer: Offer) -> None:
    """Take away the ticks of what the chosen classes have had before; fixed themes stay."""
    fixed = planning.fixed_themes(offer.outline(form.outline.data))
    ticked = [key for key in form.themes.data or () if key in offer.themes]
    form.themes.data = [key for key in ticked if key in fixed or not had_by(chosen_classes(form, offer), key, offer)]


def had_by(classes: Collection[SchoolClass], key: str, offer: Offer) -> dict[SchoolClass, Sequence[Had]]:
    """Those of the classes that have had a theme before, each with when."""
    theme = offer.themes[key].document_id
    return {one: offer.had[one.id][theme] for one in classes if theme in offer.had[one.id]}


def chosen_classes(form: NewSeriesForm, offer: Offer) -> list[SchoolClass]:
    """The classes that are ticked, in the order they are listed."""
    return [one for one in offer.classes if one.public_id in (form.classes.data or ())]


def wishes(form: NewSeriesForm, offer: Offer) -> dict[str, Any]:
    """What was chosen, as the rules take it. The form has checked that each is one of the choices."""
    week = planning.parse_week(form.start.data)
    return {
        "wishes": [_wish(one, form) for one in chosen_classes(form, offer)],
        "outline": offer.outline(form.outline.data),
        "start": (week.year, week.number),
        "agents": [person for person in offer.agents if person.public_id in (form.agents.data or ())],
        "themes": sorted(form.themes.data or (), key=list(offer.themes).index),
        "today": today(),
    }


def _wish(school_class: SchoolClass, form: NewSeriesForm) -> Wish:
    row, rows = form.line(school_class), form.times_of(school_class.public_id)
    times = tuple(one.wished(form.a_week.data) for one in rows)
    return Wish(school_class, row.weekday.data, row.start_time.data, row.minutes.data, times)
