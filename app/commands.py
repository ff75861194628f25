"""The command line: `flask --app wsgi …` for those who run an installation."""

from __future__ import annotations

import secrets
from datetime import date
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import func, select

from app import interface
from app.database import faults, now, session, store, today, upgrade
from app.settings import ROOT, Settings
from curriculum import ideabank, interchange, people, summaries
from curriculum.base import Refused
from curriculum.text import LANGUAGES

content = AppGroup("content", help="The idea bank as files: check, load, export.")
translations = AppGroup("translations", help="Translations as PO files, and the interface's own words.")
district = AppGroup("district", help="Districts.")
person = AppGroup("person", help="People with an account.")
OPEN_AT_FIRST = ("nb", "en", "ur", "so", "ar", "ta", "pl")


def install(app: Flask) -> None:
    """Add the commands to `flask`."""
    for command in (content, translations, district, person, upgrade_command, verify, demo):
        app.cli.add_command(command)


def _refused(refusal: Refused) -> click.ClickException:
    return click.ClickException(str(refusal))


def _district(key: str | None) -> people.District:
    query = select(people.District).order_by(people.District.id)
    found = session().scalars(query.where(people.District.key == key) if key else query).first()
    if found is None:
        none_yet = "There is no district yet: run `flask --app wsgi district add`."
        raise click.ClickException(f"There is no district “{key}”." if key else none_yet)
    return found


@click.command("upgrade")
@with_appcontext
def upgrade_command() -> None:
    """Bring the database's tables to this version of the program. Safe to repeat."""
    upgrade(store.engine)
    click.echo("The database is up to date.")


@click.command()
@with_appcontext
def verify() -> None:
    """Say whether the database is whole: revision, protection, and that the kept hashes are true."""
    found = faults(store.engine)
    if not found:
        found = ideabank.verify(session())
    for fault in found:
        click.echo(fault, err=True)
    if found:
        raise SystemExit(1)
    click.echo("All is well.")


# --- content ------------------------------------------------------------------------------------------------------------------------


@content.command("check")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def check_content(folder: Path) -> None:
    """Read every file of FOLDER and say what is wrong, with file and line."""
    report = interchange.check_folder(folder)
    for problem in report.problems:
        click.echo(str(problem), err=True)
    if report.problems:
        raise click.ClickException(f"{len(report.problems)} problems in {folder}; nothing was loaded.")
    click.echo(f"{report.count} documents, no problems.")


@content.command("load")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--district", "key", help="The district's key; without it the first one.")
def load_content(folder: Path, key: str | None) -> None:
    """Load FOLDER into a district's bank: all of it or nothing. Where the bank has been edited since, a proposal is made instead."""
    try:
        outcomes = interchange.load_folder(session(), _district(key), folder, now=now(), today=today())
    except Refused as refusal:
        raise _refused(refusal) from refusal
    session().commit()
    for outcome in outcomes:
        click.echo(f"{outcome.key}: {outcome.what}")


@content.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--district", "key", help="The district's key; without it the first one.")
def export_content(folder: Path, key: str | None) -> None:
    """Write a district's bank to FOLDER as the files it can be loaded from."""
    count = interchange.export_folder(session(), _district(key), folder)
    click.echo(f"{count} documents written to {folder}.")


@content.command("tidy")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def tidy_content(folder: Path) -> None:
    """Rewrite the files of FOLDER in their canonical form, with the ids that are missing."""
    for path in interchange.tidy_folder(folder):
        click.echo(f"tidied {path}")


# --- translations -------------------------------------------------------------------------------------------------------------------


def _language(tag: str) -> str:
    if tag not in LANGUAGES:
        raise click.BadParameter(f"“{tag}” is not a language we know; known: {', '.join(LANGUAGES)}.")
    return tag


@translations.command("import")
@click.argument("tag")
@click.argument("place", type=click.Path(exists=True, path_type=Path))
@click.option("--district", "key", help="The district's key; without it the first one.")
def import_translations(tag: str, place: Path, key: str | None) -> None:
    """Read the translations into language TAG from PLACE, a PO file or a language's folder: all of it or nothing."""
    try:
        report = interchange.import_po(session(), _district(key), _language(tag), place, now=now())
    except Refused as refusal:
        raise _refused(refusal) from refusal
    session().commit()
    click.echo(
        f"{report.added} added, {report.unchanged} already there, {report.empty} without words, {report.kept} passed over for better ones."
    )
    for fault in report.unknown:
        click.echo(f"passed over: {fault}", err=True)


@translations.command("export")
@click.argument("tag")
@click.argument("place", type=click.Path(path_type=Path))
@click.option("--district", "key", help="The district's key; without it the first one.")
def export_translations(tag: str, place: Path, key: str | None) -> None:
    """Write everything parents read, with its translations into TAG, to PLACE: a file that ends in .po, or a folder for three of them."""
    for file in interchange.export_po(session(), _district(key), _language(tag), place, today=today()):
        click.echo(f"Written: {file}")


@translations.command("status")
@click.option("--district", "key", help="The district's key; without it the first one.")
def translation_status(key: str | None) -> None:
    """Five numbers for each open language: never one percentage."""
    chosen = _district(key)
    for tag in chosen.open_languages:
        if tag != chosen.source_language:
            found = summaries.numbers(session(), chosen, tag, today())
            done = f"{found.checked} checked, {found.translated} translated, {found.draft} draft"
            click.echo(f"{tag}: {done}, {found.stale} stale, {found.missing} missing")


@translations.command("interface")
@click.option("--check", is_flag=True, help="Change nothing; fail when a catalogue is behind the program.")
def interface_words(check: bool) -> None:
    """Collect the interface's sentences from the program into every language's interface.po."""
    behind = interface.update(ROOT, write=not check)
    for tag, number in behind.items():
        click.echo(f"{tag}: {number} sentences without a translation")
    if check and any(behind.values()):
        raise SystemExit(1)


# --- districts and people -----------------------------------------------------------------------------------------------------------


@district.command("add")
@click.argument("key")
@click.argument("name")
@click.option("--source-language", default="nb", show_default=True, help="The language the texts are written in.")
def add_district(key: str, name: str, source_language: str) -> None:
    """Add a district with its languages."""
    if session().scalars(select(people.District).where(people.District.key == key)).first():
        raise click.ClickException(f"There is a district “{key}” already.")
    languages = [
        people.DistrictLanguage(tag=tag, position=number, is_open=tag in OPEN_AT_FIRST) for number, tag in enumerate(LANGUAGES, start=1)
    ]
    session().add(people.District(key=key, name=name, source_language=_language(source_language), languages=languages))
    session().commit()
    click.echo(f"{name} is added. Next: `flask --app wsgi content load content --district {key}`.")


@person.command("add")
@click.argument("email")
@click.argument("name")
@click.option("--role", type=click.Choice(people.ROLES), required=True)
@click.option("--language", help="For a translator: the language.")
@click.option("--district", "key", help="The district's key; without it the first one.")
def add_person(email: str, name: str, role: str, language: str | None, key: str | None) -> None:
    """Add a person with a district-wide role and print a password to hand over."""
    chosen = _district(key)
    if people.find_person(session(), email):
        raise click.ClickException(f"{email} has an account already.")
    password = secrets.token_urlsafe(12)
    hashed = people.hash_password(password)
    someone = people.Person(district_id=chosen.id, name=name, email=people.tidy_email(email), password_hash=hashed)
    spoken = _language(language) if language else None
    someone.assignments.append(people.Assignment(district_id=chosen.id, role=role, language=spoken, from_date=today()))
    session().add(someone)
    session().commit()
    click.echo(f"{name} signs in with {someone.email} and the password {password}")


# --- the demo -----------------------------------------------------------------------------------------------------------------------


@click.command()
@click.option("--if-empty", is_flag=True, help="Only where there is nothing yet; else say how to get in.")
@click.option("--new-passwords", is_flag=True, help="Give the invented people of an existing demo a new password and print it.")
@click.option("--today", "day", type=click.DateTime(["%Y-%m-%d"]), help="Make the demo as on this date.")
@with_appcontext
def demo(if_empty: bool, new_passwords: bool, day: date | None) -> None:
    """Make the demo district: invented places and people, the shipped content, a school year under way."""
    upgrade(store.engine)
    settings: Settings = current_app.config["SETTINGS"]
    count = session().scalar(select(func.count()).select_from(people.District))
    session().rollback()
    password = settings.demo_password or secrets.token_urlsafe(9)
    if new_passwords:
        hashed = people.hash_password(password)
        interchange.set_demo_passwords(session(), hashed)
        session().commit()
    elif count:
        if not if_empty:
            raise click.ClickException("The database is not empty; the demo goes into an empty one.")
        _say_demo(settings, None)
        return
    else:
        hashed = people.hash_password(password)
        chosen = day.date() if day else today()  # type: ignore[attr-defined]
        try:
            interchange.make_demo(session(), ROOT / "content", ROOT / "translations", password_hash=hashed, today=chosen, now=now())
        except Refused as refusal:
            raise _refused(refusal) from refusal
        session().commit()
    _say_demo(settings, password)


def _say_demo(settings: Settings, password: str | None) -> None:
    click.echo("The demo district is invented: no such place, school or person exists.\n")
    for words, email in interchange.DEMO_CAST:
        click.echo(f"  {words:<34} {email}")
    if password:
        click.echo(f"\n  Password for all of them: {password}")
    else:
        click.echo("\n  The passwords were printed when the demo was made; new ones: flask --app wsgi demo --new-passwords")
    click.echo(f"\n  Sign in             {settings.base_url}/logg-inn")
    for words, address in interchange.DEMO_LINKS:
        click.echo(f"  {words:<19} {settings.base_url}{address}")
    click.echo("")
