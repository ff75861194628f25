"""The command line's words for whom an installation serves: districts, schools, classes, people, and links without an account."""

from __future__ import annotations

import secrets
from datetime import date, datetime

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from app.database import now, session, today
from app.settings import FLASK, Settings
from curriculum import people, planning

district = AppGroup("district", help="Districts.")
school = AppGroup("school", help="Schools.")
school_class = AppGroup("class", help="Classes.")
person = AppGroup("person", help="People with an account.")
link = AppGroup("link", help="Links without an account, for parents and teachers.")
GROUPS = (district, school, school_class, person, link)

OPEN_AT_FIRST = ("nb", "en", "ur", "so", "ar", "ta", "pl")

of_district = click.option("--district", "key", help="The district's key; without it the first one.")
at_school = click.option("--school", "school_name", help="The school's name.")
in_year = click.option("--year", type=int, help="The year the school year begins; without it the present one.")
day = click.DateTime(["%Y-%m-%d"])


# --- Finding ------------------------------------------------------------------------------------------------------------------------


def find_district(key: str | None) -> people.District:
    """The district with this key, or the first one. Raises ClickException in words when there is none."""
    query = select(people.District).order_by(people.District.id)
    found = session().scalars(query.where(people.District.key == key) if key else query).first()
    if found is None:
        none_yet = f"There is no district yet: run `{FLASK} district add KEY NAME`."
        raise click.ClickException(f"There is no district “{key}”." if key else none_yet)
    return found


def _school(chosen: people.District, name: str) -> people.School:
    found = people.find_schools(session(), chosen, name)
    if not found:
        known = ", ".join(one.name for one in people.find_schools(session(), chosen)) or "none yet"
        raise click.ClickException(f"There is no school “{name}”. Schools: {known}.")
    return found[0]


def _class(chosen: people.District, name: str, school_name: str | None, year: int | None) -> people.SchoolClass:
    at = _school(chosen, school_name) if school_name else None
    found = people.find_classes(session(), chosen, name, year=_year(year), school=at)
    if not found:
        raise click.ClickException(f"There is no class “{name}” in the school year that begins in {_year(year)}.")
    if len(found) > 1:
        raise click.ClickException(f"Several classes are called “{name}”: add --school “{found[0].school.name}”, for example.")
    return found[0]


def _year(year: int | None) -> int:
    return planning.school_year(today()) if year is None else year


def _date(value: datetime | None) -> date | None:
    return value.date() if value else None


# --- Adding -------------------------------------------------------------------------------------------------------------------------


@district.command("add")
@click.argument("key")
@click.argument("name")
@click.option("--source-language", default="nb", show_default=True, help="The language the texts are written in.")
def add_district(key: str, name: str, source_language: str) -> None:
    """Add a district with its languages. KEY is a short name for commands: small letters, digits and hyphens."""
    made = people.add_district(session(), key, name, source_language=source_language, is_open=OPEN_AT_FIRST)
    session().commit()
    click.echo(f"{made.name} is added. Next: `{FLASK} content load content --district {made.key}`.")


@school.command("add")
@click.argument("name")
@click.option("--phone", default="", help="The school's telephone, which parents are shown.")
@of_district
def add_school(name: str, phone: str, key: str | None) -> None:
    """Add a school to a district."""
    made = people.add_school(session(), find_district(key), name, phone=phone)
    session().commit()
    click.echo(f"{made.name} is added.")


@school_class.command("add")
@click.argument("name")
@click.option("--school", "school_name", required=True, help="The school's name.")
@click.option("--grade", "grades", type=int, multiple=True, required=True, help="The class's year; again for a mixed class.")
@click.option("--kind", type=click.Choice([people.CLASS, people.HALF, people.SMALL]), default=people.CLASS, show_default=True)
@click.option("--from", "sources", multiple=True, help="For a half or a small group: the class it is taken from; again for more.")
@in_year
@of_district
def add_class(
    name: str, school_name: str, grades: tuple[int, ...], kind: str, sources: tuple[str, ...], year: int | None, key: str | None
) -> None:
    """Add a class for a school year. A small group is seen by its own staff and leaders only."""
    chosen = find_district(key)
    at = _school(chosen, school_name)
    taken_from = [_class(chosen, source, school_name, year) for source in sources]
    made = planning.add_class(session(), at, name, grades=grades, year=_year(year), kind=kind, taken_from=taken_from)
    session().commit()
    click.echo(f"{made.name} at {at.name} is added for {made.school_year}–{made.school_year + 1}.")


@person.command("add")
@click.argument("email")
@click.argument("name")
@click.option("--role", type=click.Choice(people.ROLES), required=True)
@click.option("--class", "class_name", help="For an agent or a teacher: the class.")
@at_school
@click.option("--language", help="For a translator: the language.")
@click.option("--until", type=day, help="The last day of it, as 2027-06-30.")
@of_district
def add_person(
    email: str,
    name: str,
    role: str,
    class_name: str | None,
    school_name: str | None,
    language: str | None,
    until: datetime | None,
    key: str | None,
) -> None:
    """Add a person with a role and print a password to hand over."""
    password = secrets.token_urlsafe(12)
    hashed = people.hash_password(password)  # slow: before the lock is taken
    chosen = find_district(key)
    someone = people.add_person(session(), chosen, email, name, password_hash=hashed)
    _assign(chosen, someone, role, class_name, school_name, language, _date(until))
    session().commit()
    click.echo(f"{someone.name} signs in with {someone.email} and the password {password}")


@person.command("assign")
@click.argument("email")
@click.option("--role", type=click.Choice(people.ROLES), required=True)
@click.option("--class", "class_name", help="For an agent or a teacher: the class.")
@at_school
@click.option("--language", help="For a translator: the language.")
@click.option("--until", type=day, help="The last day of it, as 2027-06-30.")
def assign_person(
    email: str, role: str, class_name: str | None, school_name: str | None, language: str | None, until: datetime | None
) -> None:
    """Give a person one more role from today: an agent one more class, for example."""
    someone = people.find_person(session(), email)
    if someone is None:
        raise click.ClickException(f"There is no one with the address {email}: run `{FLASK} person add`.")
    _assign(someone.district, someone, role, class_name, school_name, language, _date(until))
    session().commit()
    click.echo(f"{someone.name} is {role} from today{f' through {_date(until)}' if until else ''}.")


def _assign(
    chosen: people.District,
    someone: people.Person,
    role: str,
    class_name: str | None,
    school_name: str | None,
    language: str | None,
    until: date | None,
) -> None:
    """A class may be named together with its school; the school alone is the place of those who lead it."""
    taught = _class(chosen, class_name, school_name, None) if class_name else None
    led = _school(chosen, school_name) if school_name and not class_name else None
    people.assign(session(), someone, role, today=today(), school_class=taught, school=led, language=language, until=until)


# --- Links --------------------------------------------------------------------------------------------------------------------------


@link.command("new")
@click.argument("class_name", metavar="CLASS")
@at_school
@click.option("--kind", type=click.Choice([people.PARENTS, people.TEACHER]), default=people.PARENTS, show_default=True)
@in_year
@of_district
def new_link(class_name: str, school_name: str | None, kind: str, year: int | None, key: str | None) -> None:
    """Make a link for CLASS, open through its school year, and print it. One at a time: revoke the old one first."""
    chosen = _class(find_district(key), class_name, school_name, year)
    made = people.make_link(session(), chosen, kind, by=None, today=today(), now=now())
    session().commit()
    settings: Settings = current_app.config["SETTINGS"]
    click.echo(f"{settings.base_url}/{'f' if kind == people.PARENTS else 'l'}/{made.code}  open through {made.expires}")


@link.command("revoke")
@click.argument("code")
def revoke_link(code: str) -> None:
    """Close the link with CODE, or the address that ends in it, at once."""
    closed = people.revoke_link(session(), code, now())
    session().commit()
    click.echo(f"The link for {closed.kind} of {closed.school_class.name} is closed.")
