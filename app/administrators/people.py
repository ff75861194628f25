"""The people of the district: the list, each one's page, adding, changing, ending, and a way in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from flask import Response, current_app, request, url_for
from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.wrappers import Response as AnyResponse

from app.access import find, me, open_to, visible
from app.administrators.door import ROLE_NAMES, blueprint, note, refuse_overtaken, schools_by_id
from app.administrators.forms import PersonForm, Press
from app.database import now, session, today
from app.invitation import LIVES, OFFERED, invite
from app.language import STAFF_LANGUAGES, day, gettext, weekday
from app.pages import done, page
from app.settings import Settings
from curriculum import people as rules
from curriculum import planning
from curriculum.people import ADMINISTRATOR, AGENT, Assignment, Person, School, SchoolClass, mail_unsent
from curriculum.planning import Lesson, Series
from curriculum.text import LANGUAGES

MOST = 100
"""How many people one page lists."""

OF_PERSON = selectinload(Person.assignments).joinedload(Assignment.school_class).joinedload(SchoolClass.school)


# --- The list -------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wish:
    """What the list is narrowed to."""

    words: str
    role: str
    school: str
    ended: bool

    @classmethod
    def asked(cls) -> Wish:
        """As the address says it; a role that there is not counts as none."""
        given = request.args
        role = given.get("rolle", "")
        return cls(given.get("q", "").strip()[:120], role if role in ROLE_NAMES else "", given.get("skole", ""), "avsluttet" in given)

    @property
    def is_narrow(self) -> bool:
        return bool(self.words or self.role or self.school or self.ended)


@blueprint.get("/administrasjon")
@open_to(ADMINISTRATOR)
def people() -> Response:
    """Everyone with an account, by name: a fixed number of queries."""
    wish, schools = Wish.asked(), schools_by_id()
    hits = [row for row in session().execute(_narrowed(wish, schools)) if _is_named(wish.words, row.name, row.email)]
    hits.sort(key=lambda row: row.name.casefold())
    listed = hits[:MOST]
    places = _places_today([row.id for row in listed])
    rows = [(row, roles_today(places[row.id], schools)) for row in listed]
    unsent, failure = mail_unsent(session(), me().district_id)
    return page(
        "administrators/people.html", rows=rows, count=len(hits), wish=wish, schools=schools.values(), role_names=ROLE_NAMES,
        unsent=unsent, failure=failure,
    )  # fmt: skip


def _narrowed(wish: Wish, schools: Mapping[int, School]) -> Select[*tuple[Any, ...]]:
    query = _everyone(visible(Person, "administer"), wish.ended)
    school = next((one for one in schools.values() if one.public_id == wish.school), None)
    return query.where(Person.id.in_(_assigned(wish.role, school))) if wish.role or school else query


@lru_cache
def _everyone(seen: Select[Person], ended: bool) -> Select[*tuple[Any, ...]]:
    has_password = func.coalesce(Person.password_hash, "") != ""
    shown = Person.id, Person.public_id, Person.name, Person.email, has_password.label("has_password")
    return seen.where(Person.is_active.is_(not ended)).with_only_columns(*shown)


class Place(NamedTuple):
    """A role of today and where it is: one of the school, a class with its school, a language, or none of them."""

    role: str
    school: int | None
    class_school: int | None
    class_name: str | None
    language: str | None


def _places_today(ids: Sequence[int]) -> dict[int, list[Place]]:
    """What each of these persons is today, by id. One query."""
    found: dict[int, list[Place]] = {person: [] for person in ids}
    for person, *place in session().execute(_PLACES, {"persons": ids, "today": today()}):
        found[person].append(Place._make(place))
    return found


_PLACES = (
    select(Assignment.person_id, Assignment.role, Assignment.school_id, SchoolClass.school_id, SchoolClass.name, Assignment.language)
    .outerjoin(Assignment.school_class)
    .where(
        Assignment.person_id.in_(bindparam("persons", expanding=True)),
        Assignment.from_date <= bindparam("today"),
        or_(Assignment.to_date.is_(None), Assignment.to_date >= bindparam("today")),
    )
    .order_by(Assignment.id)
)


def _assigned(role: str, school: School | None) -> Select[int]:
    """Ids of those who have a role today, at a school or anywhere."""
    query = select(Assignment.person_id).where(Assignment.from_date <= today())
    query = query.where(or_(Assignment.to_date.is_(None), Assignment.to_date >= today()))
    if role:
        query = query.where(Assignment.role == role)
    if school is not None:
        query = query.where(or_(Assignment.school_id == school.id, Assignment.class_id.in_(rules.classes_of_schools([school.id]))))
    return query


def _is_named(words: str, name: str, email: str) -> bool:
    """Whether each word begins or stands in the name or the address; a database's own search does not know Å from å."""
    said = f"{name} {email}".casefold()
    return all(word in said for word in words.casefold().split())


def roles_today(places: Sequence[Place], schools: Mapping[int, School]) -> dict[str, list[str]]:
    """What someone is today: for each role its places, the classes of a school together ("5A, 5B – Granlia skole")."""
    found: dict[str, dict[str, list[str]]] = {}
    for one in places:
        named = found.setdefault(gettext(ROLE_NAMES[one.role]), {})
        if one.class_school and one.class_name:
            named.setdefault(schools[one.class_school].name, []).append(one.class_name)
        elif one.school:
            named.setdefault(schools[one.school].name, [])
        elif one.language:
            named.setdefault(LANGUAGES[one.language].endonym, [])
    return {
        role: [f"{', '.join(sorted(classes))} – {place}" if classes else place for place, classes in named.items()]
        for role, named in found.items()
    }


def place_of(assignment: Assignment, schools: Mapping[int, School]) -> str:
    """Where an assignment is: "5A, Granlia skole", a school, a language, or nowhere in particular."""
    if assignment.school_class:
        return f"{assignment.school_class.name}, {assignment.school_class.school.name}"
    if assignment.school_id:
        return schools[assignment.school_id].name
    return LANGUAGES[assignment.language].endonym if assignment.language else ""


# --- One person -----------------------------------------------------------------------------------------------------------------------


@blueprint.get("/administrasjon/personer/<person>")
@open_to(ADMINISTRATOR)
def person_page(person: str) -> Response:
    """What someone is, from when to when, and what can be done about it."""
    return show_person(find_person(person))


def find_person(public_id: str) -> Person:
    """The person of an address, with her assignments."""
    return find(Person, Person.public_id == public_id, act="administer", load=(OF_PERSON,))


def show_person(person: Person, form: Press | None = None) -> Response:
    """Her page, with the words of a refusal above it when there is one."""
    assignments = sorted(person.assignments, key=lambda one: (one.to_date is not None and one.to_date < today(), one.from_date, one.id))
    elsewhere = planning.elsewhere_of(session(), person)
    is_agent = any(one.role == AGENT for one in person.assignments)
    return page(
        "administrators/person.html",
        200 if form is None or not form.form_errors else 422,
        person=person,
        assignments=assignments,
        elsewhere=elsewhere,
        is_agent=is_agent,
        series=_series_of(person) if is_agent else [],
        schools=schools_by_id(),
        place_of=place_of,
        role_names=ROLE_NAMES,
        weekday_names=[weekday(date(2024, 1, 1 + number)).capitalize() for number in range(5)],
        refusal=form.form_errors[0] if form is not None and form.form_errors else "",
    )


def touched(person: Person, first: date, assignment: Assignment | None = None) -> str:
    """Words for the lessons that stand with her name from a day on; of an assignment, those of its class and the halves of it."""
    if assignment is not None and assignment.role != AGENT:
        return ""
    lessons = planning.lessons_held_by(session(), person, max(first, today()))
    hers = set(session().scalars(visible(Series).with_only_columns(Series.id)))
    count = Counter(one.series for one in lessons if one.series_id in hers and (assignment is None or _is_of(one, assignment)))
    if not count:
        return ""
    said = [
        gettext("%(name)s, %(title)s (lessons: %(count)s)", name=series.school_class.name, title=series.title, count=number)
        for series, number in count.items()
    ]
    words = gettext(
        "This touches lessons that stand with her name from %(date)s: %(series)s. Another agent must take them over.",
        date=day(max(first, today()), "d. MMMM y"),
        series="; ".join(said),
    )
    return f" {words}"


def _is_of(lesson: Lesson, assignment: Assignment) -> bool:
    return assignment.class_id in (lesson.series.class_id, lesson.series.school_class.whole_id)


def _series_of(person: Person) -> Sequence[Series]:
    """The series she is set up to hold, this school year and later."""
    query = visible(Series).join(Series.school_class).where(SchoolClass.school_year >= planning.school_year(today()))
    query = query.where(Series.agents.any(Person.id == person.id)).options(joinedload(Series.school_class))
    return session().scalars(query.order_by(SchoolClass.name, Series.id)).unique().all()


@blueprint.route("/administrasjon/personer/ny", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def new_person() -> AnyResponse:
    """Add someone. What she needs to come in is shown once, to be handed over."""
    form = _person_form(PersonForm(language="nb"))
    if form.validate_on_submit():
        made = rules.add_person(session(), me().district, str(form.email.data), str(form.name.data), password_hash=None)
        made.language, made.shows_first_name = form.language.data, bool(form.shows_first_name.data)
        note("person added", made.public_id)
        return _hand_over(made, is_new=True)
    return page("administrators/person_form.html", form=form, person=None)


@blueprint.route("/administrasjon/personer/<person>/endre", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def edit_person(person: str) -> AnyResponse:
    """Another name, address or language."""
    found = find_person(person)
    values = {"name": found.name, "email": found.email, "language": found.language, "shows_first_name": found.shows_first_name}
    form = _person_form(PersonForm(seen=found.version, **values))
    refuse_overtaken(form, found.version, url_for("administrators.edit_person", person=person))
    if form.validate_on_submit():
        said = {name: form.data[name] for name in values}
        rules.change_person(session(), found, **said)
        note("person changed", found.public_id)
        return done(gettext("%(name)s is saved.", name=found.name), "administrators.person_page", person=person)
    return page("administrators/person_form.html", form=form, person=found)


def _person_form(form: PersonForm) -> PersonForm:
    form.language.choices = [(tag, LANGUAGES[tag].endonym) for tag in STAFF_LANGUAGES]
    return form


@blueprint.route("/administrasjon/personer/<person>/avslutt", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def end_person(person: str) -> AnyResponse:
    """Close an account: she is signed out everywhere at once."""
    found, form = find_person(person), Press()
    if form.validate_on_submit():
        rules.end_person(session(), found, by=me(), today=today(), now=now())
        note("person ended", found.public_id)
        words = gettext("%(name)s can no longer sign in, and is signed out everywhere.", name=found.name) + touched(found, today())
        undo = url_for("administrators.open_person", person=person)
        return done(words, "administrators.person_page", undo=undo, person=person)
    return show_person(found, form)


@blueprint.route("/administrasjon/personer/<person>/apne", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def open_person(person: str) -> AnyResponse:
    """Open an account again."""
    found, form = find_person(person), Press()
    if form.validate_on_submit():
        rules.open_person(session(), found)
        note("person opened again", found.public_id)
        words = gettext("%(name)s has an account again, with the assignments as they stand here.", name=found.name)
        return done(words, "administrators.person_page", person=person)
    return show_person(found, form)


@blueprint.route("/administrasjon/personer/<person>/nytt-passord", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def invite_person(person: str) -> AnyResponse:
    """A one-time address for a new password; it closes the addresses made before it. The old password holds until it is used."""
    found, form = find_person(person), Press()
    if found.is_active and form.validate_on_submit():
        note(OFFERED, found.public_id)
        return _hand_over(found)
    return show_person(found, form)


def _hand_over(person: Person, *, is_new: bool = False) -> Response:
    """The address, on the only page that ever shows it."""
    until = (now() + LIVES).date()
    return page("administrators/hand_over.html", 201, person=person, address=one_time_address(person), until=day(until), is_new=is_new)


def one_time_address(person: Person) -> str:
    """Where she gives herself a password, once, within a week."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.base_url + url_for("accounts.new_password", token=invite(person))
