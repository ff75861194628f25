"""The command line: `flask --app wsgi …` for those who run an installation."""

from __future__ import annotations

import secrets
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import interface, registry
from app.condition import TROUBLE, bring_up_to_date, damage, faults, in_words
from app.database import now, session, store, today
from app.post import send_waiting
from app.registry import find_district as _district
from app.settings import FLASK, ROOT, Settings
from curriculum import goals, ideabank, interchange, people, planning, summaries
from curriculum.base import Refused
from curriculum.text import LANGUAGES

content = AppGroup("content", help="The idea bank as files: check, load, export.")
lk20 = AppGroup("goals", help="The curriculum's aims: official texts from Grep, and themes that link retired aims.")
mail = AppGroup("mail", help="Mail to staff that could not be sent at once.")
translations = AppGroup("translations", help="Translations as PO files, and the interface's own words.")


def install(app: Flask) -> None:
    """Add the commands to `flask`."""
    for command in (content, lk20, mail, translations, *registry.GROUPS, upgrade_command, verify, plan, demo):
        app.cli.add_command(command)
        for one in _single(command):
            assert one.callback is not None
            one.callback = _in_words(app, one.callback)


def _single(command: click.Command) -> Iterator[click.Command]:
    if isinstance(command, click.Group):
        yield from command.commands.values()
    else:
        yield command


def _in_words(app: Flask, callback: Callable[..., Any]) -> Callable[..., Any]:
    """The command, which says in a sentence what the rules refuse and what the database or the file system will not do."""
    plain: Callable[..., Any] = getattr(callback, "in_words_of", callback)

    @wraps(plain)
    def run(*arguments: Any, **options: Any) -> Any:
        try:
            return plain(*arguments, **options)
        except Refused as refusal:
            raise _refused(refusal) from refusal
        except IntegrityError:
            raise  # a fault of ours
        except TROUBLE as error:
            with app.app_context():
                raise click.ClickException(in_words(error, store.engine)) from error

    run.in_words_of = plain  # type: ignore[attr-defined]  # the commands outlive an app in the tests
    return run


def _number(count: int, what: str) -> str:
    """How many there are, in words: 1 theme, 2 themes."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def _refused(refusal: Refused) -> click.ClickException:
    return click.ClickException(str(refusal))


@click.command("upgrade")
@with_appcontext
def upgrade_command() -> None:
    """Bring the database's tables to this version of the program. Safe to repeat."""
    bring_up_to_date(store.engine)
    click.echo("The database is up to date.")


@click.command()
@with_appcontext
def verify() -> None:
    """Say whether the database is whole: version, protection, file and tables, and that the kept hashes are true."""
    found = faults(store.engine) or damage(store.engine) or ideabank.verify(session())
    for fault in found:
        click.echo(fault, err=True)
    if found:
        raise SystemExit(1)
    click.echo("All is well.")


@mail.command("send")
@with_appcontext
def send_mail() -> None:
    """Try to send what waits, once. For a timer: a mail that the server did not take is tried again."""
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.smtp_host:
        raise click.ClickException("SMTP_HOST is not set: no mail server is known.")
    sent = send_waiting(store.engine, settings)
    click.echo(f"{_number(sent.count, 'mail')} sent, {sent.failed} not sent.")
    if sent.failed:
        raise click.ClickException(sent.failure)


# --- content ------------------------------------------------------------------------------------------------------------------------


@content.command("check")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def check_content(folder: Path) -> None:
    """Read every file of FOLDER and say what is wrong, with file and line: also a theme that is too long, too hard or tied to a place."""
    report = interchange.judge_folder(folder)
    for problem in report.problems:
        click.echo(str(problem), err=True)
    warnings = interchange.folder_warnings(report, today())
    for warning in warnings:
        click.echo(f"warning: {warning}", err=True)
    if report.problems:
        raise click.ClickException(f"{_number(len(report.problems), 'problem')} in {folder}.")
    if warnings:
        click.echo(f"New aims for old: `{FLASK} goals migrate {shlex.quote(str(folder))}`.")
    found = f"no errors, {_number(len(warnings), 'warning')}" if warnings else "no problems"
    click.echo(f"{_number(report.count, 'file')}, {found}.")


@content.command("report")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("languages", type=click.Path(exists=True, file_okay=False, path_type=Path))
def report_content(folder: Path, languages: Path) -> None:
    """The state of FOLDER and of its translations in LANGUAGES on one screen. Reads files only."""
    try:
        survey = interchange.survey(folder, languages)
    except Refused as refusal:
        raise _refused(refusal) from refusal
    click.echo(f"{'theme':<24}{'minutes':>9}{'words':>7}{'LIX':>5}{'terms':>7}{'aims':>7}  lacks, or names a place")
    for theme in survey.themes:
        minutes, aims = f"{theme.core}/{theme.full}", f"{theme.main}+{theme.supporting}"
        said = ", ".join(dict.fromkeys([*theme.missing, *theme.places])) or "–"
        click.echo(f"{theme.key[:23]:<24}{minutes:>9}{theme.words:>7}{theme.lix:>5}{theme.terms:>7}{aims:>7}  {said}")
    sums = (len(survey.themes), "theme"), (survey.terms, "term"), (survey.kinds[ideabank.OUTLINE], "template")
    said = ", ".join(_number(*one) for one in sums)
    click.echo(f"{said}; {_number(len(survey.problems), 'fault')}.\n")
    _say_languages(survey.languages)
    for problem in survey.problems:
        click.echo(str(problem), err=True)


def _say_languages(languages: Sequence[interchange.LanguageState]) -> None:
    """Five numbers for each language, which sum to all; then what the checks found."""
    click.echo(
        f"{'language':<10}{'checked':>8}{'translated':>12}{'draft':>7}{'stale':>7}{'missing':>9}{'all':>6}{'errors':>9}{'warnings':>10}"
    )
    for one in languages:
        five = one.numbers
        line = f"{one.tag:<10}{five.checked:>8}{five.translated:>12}{five.draft:>7}{five.stale:>7}{five.missing:>9}{five.total:>6}"
        click.echo(f"{line}{len(one.errors):>9}{len(one.warnings):>10}")
    for path, (count, total) in (item for one in languages for item in one.lacking.items()):
        click.echo(f"{path} lacks {count} of its {total} sentences.")


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
        click.echo(f"{outcome.key}: {_WAITS.format(key=outcome.key) if outcome.what == 'proposal' else outcome.what}")
    for warning in interchange.bank_warnings(session(), interchange.check_folder(folder), today()):
        click.echo(f"warning: {warning}", err=True)


_WAITS = (
    "the bank has been edited since it was loaded, so nothing was published. "
    "The file waits as a proposal for a fagansvarlig: /idebank/{key}, “Forslag”."
)


@content.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--district", "key", help="The district's key; without it the first one.")
def export_content(folder: Path, key: str | None) -> None:
    """Write a district's bank to FOLDER as the files it can be loaded from, with the aims and the district's school calendars."""
    count = interchange.export_folder(session(), _district(key), folder)
    click.echo(f"{_number(count, 'document')}, the aims and the school calendars are in {folder}.")


@content.command("tidy")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def tidy_content(folder: Path) -> None:
    """Rewrite the files of FOLDER in their canonical form, with the ids that are missing."""
    for path in interchange.tidy_folder(folder):
        click.echo(f"tidied {path}")


# --- the curriculum's aims ----------------------------------------------------------------------------------------------------------


@lk20.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_goals(files: tuple[Path, ...]) -> None:
    """Take the official texts out of FILES, responses of Udir's Grep REST API: all of them or nothing.

    Aims, sets of aims, plans and cross-curricular themes of LK20 are read. Contains data under NLOD, made available on data.udir.no.
    """
    try:
        found = goals.import_grep(session(), files)
    except Refused as refusal:
        raise _refused(refusal) from refusal
    retired = goals.retired_aims(session(), found.told, today())
    session().commit()
    taken = (found.aims, "aim"), (found.plans, "plan"), (found.cross_themes, "cross-curricular theme")
    click.echo(f"Taken in: {', '.join(_number(len(codes), what) for codes, what in taken)}.")
    if found.unchanged:
        click.echo(f"Not changed, because the files say nothing new of them: {', '.join(found.unchanged)}.")
    for code, old in retired.items():
        after = f"its successor is {old.successor}" if old.successor else "it has no successor in our list"
        click.echo(f"{code} is retired; {after}.", err=True)
    for one in found.without_status:
        click.echo(f"{one.place}: the response tells no status; {one.code} stays retired.", err=True)
    for place in found.reduced:
        click.echo(f"{place}: HTML was taken out of the explanation; its words are kept.", err=True)
    for other in found.unknown:
        what = "retired, and not in our list either" if isinstance(other, goals.ReadAim) and other.is_withdrawn else "not in our list"
        click.echo(f"{other.place}: {other.code} is {what}; nothing of it was taken in.", err=True)
    if not any((found.aims, found.plans, found.cross_themes, found.unchanged)):
        raise click.ClickException("Nothing was taken in.")


@lk20.command("migrate")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def migrate_goals(folder: Path) -> None:
    """Put the successors of retired aims in the themes of FOLDER; each keeps its role and its note, and two that become one keep both."""
    try:
        changed = interchange.renew_folder(folder, today())
    except Refused as refusal:
        raise _refused(refusal) from refusal
    for path in changed:
        click.echo(f"new aims: {path}")
    click.echo(f"{_number(len(changed), 'theme')} changed.")


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
    if report.lacking:
        click.echo(f"Of the idea bank's sentences, {report.lacking} {'is' if report.lacking == 1 else 'are'} not in {place}.", err=True)
    for fault in report.unknown:
        click.echo(str(fault), err=True)
    for warning in report.warnings:
        click.echo(f"warning: {warning}", err=True)


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


@translations.command("check")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=ROOT / "translations")
@click.option("--content", "texts", type=click.Path(exists=True, file_okay=False, path_type=Path), default=ROOT / "content")
@click.option("--warnings", is_flag=True, help="Show the warnings too.")
def check_translations(folder: Path, texts: Path, warnings: bool) -> None:
    """Check the PO files of FOLDER (all languages, or one language's folder) against the content, and each interface.po against the
    program. Errors fail; reads files only.
    """
    try:
        languages = interchange.check_languages(texts, folder)
        states = interface.check(ROOT, folder)
    except Refused as refusal:
        raise _refused(refusal) from refusal
    _say_languages(languages)
    for found in (found for one in languages for found in (one.found if warnings else one.errors)):
        click.echo(str(found), err=True)
    if not warnings and any(one.warnings for one in languages):
        click.echo("With --warnings each warning is shown.")
    _say_interface(states)
    if errors := sum(len(one.errors) for one in languages) + sum(len(state.unused) + state.behind for state in states.values()):
        raise click.ClickException(f"{_number(errors, 'error')} in {folder}.")


@translations.command("interface")
@click.option("--check", is_flag=True, help="Change nothing; fail when a catalogue is not the program's.")
def interface_words(check: bool) -> None:
    """Collect the interface's sentences from the program into every language's interface.po."""
    states = interface.check(ROOT, ROOT / "translations") if check else interface.update(ROOT)
    _say_interface(states)
    if check and any(state.behind or state.unused for state in states.values()):
        raise SystemExit(1)


def _say_interface(states: Mapping[str, interface.State]) -> None:
    for tag, state in states.items():
        for said in state.unused:
            click.echo(said, err=True)
        click.echo(f"{tag}: {_number(state.behind, 'sentence')} of the interface without a translation")


# --- plans as files -----------------------------------------------------------------------------------------------------------------


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write FILE with the plan in it here.")
def plan(file: Path, out: Path | None) -> None:
    """Plan the series of FILE, a problem in the format sosialplan/1 (JSON), anew; pinned and delivered lessons stay.

    Dates and times come first, then rooms, presenters and second adults that are free. Where there is no plan, or it breaks a rule, that is
    said in words, with exit code 1, and nothing is written.
    """
    text = _text(file)
    problem, _ = planning.read_problem(text, file.name)
    answer = planning.lay_out(problem)
    if isinstance(answer, planning.Infeasible):
        _say_conflicts(answer)
        raise click.ClickException(f"There is no plan for {file.name}.")
    answer = planning.assign(problem, answer)
    _say_plan(problem, answer)
    violations = planning.check(problem, answer).violations
    _say_violations(problem, answer, violations)
    if violations:
        raise click.ClickException(f"The plan breaks the rules in {_number(len(violations), 'place')}; it was not written.")
    click.echo("It keeps every rule.")
    if out is not None:
        out.write_text(planning.put_plan(text, answer), encoding="utf-8")
        click.echo(f"Written: {out}")


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file.name}: byte {error.start + 1} is not UTF-8.") from error


def _say_conflicts(answer: planning.Infeasible) -> None:
    for conflict in answer.conflicts:
        click.echo(str(conflict.words), err=True)
        for fix in conflict.fixes:
            click.echo(f"  {fix.words}", err=True)


def _say_violations(problem: planning.Problem, found: planning.Plan, violations: Sequence[planning.Violation]) -> None:
    dates = {placed.session: placed.date for placed in found.sessions}
    groups = {group.id: group.name for group in problem.groups}
    lessons = {one.id: f"{groups[series.group]}, {one.title}, {dates[one.id]}" for series in problem.series for one in series.sessions}
    for one in violations:
        why = planning.because(problem, one.rule, one.owner, one.why)
        click.echo(f"{one.rule} {one.session} ({lessons[one.session]}): {why}", err=True)


def _say_plan(problem: planning.Problem, found: planning.Plan) -> None:
    """Every lesson by series, in the order of time; then what the plan costs, and what any plan costs at least."""
    places = {placed.session: placed for placed in found.sessions}
    groups = {group.id: group for group in problem.groups}
    for series in problem.series:
        group = groups[series.group]
        starts = {slot.id: f"{slot.start:%H:%M}" for slot in group.slots}
        click.echo(f"{group.name} – {series.title} ({series.id})")
        lines = []
        for one in series.sessions:
            placed = places[one.id]
            with_it = ", ".join(filter(None, (placed.room, placed.presenter, placed.helper)))
            lines.append(f"  {placed.date} {starts.get(placed.slot, ''):<5}  {one.title}{f' ({with_it})' if with_it else ''}")
        click.echo("\n".join(sorted(lines)))
    _say_cost(problem, found)


def _say_cost(problem: planning.Problem, found: planning.Plan) -> None:
    click.echo(f"\n{_number(len(found.sessions), 'lesson')} in {len(problem.series)} series.")
    for name, count in found.terms.items():
        click.echo(f"  {name:<16}{count:>6} × {problem.weights[name]:<4}= {count * problem.weights[name]}")
    if found.status == "optimal":
        click.echo(f"It costs {found.objective}; that no plan costs less is proven.")
    else:
        click.echo(f"It costs {found.objective}; whether that is the least is not proven: no plan costs less than {found.bound}.")


# --- the demo -----------------------------------------------------------------------------------------------------------------------


@click.command()
@click.option("--if-empty", is_flag=True, help="Only where there is nothing yet; else say how to get in.")
@click.option("--new-passwords", is_flag=True, help="Give the invented people of an existing demo a new password and print it.")
@click.option("--today", "day", type=click.DateTime(["%Y-%m-%d"]), help="Make the demo as on this date.")
@with_appcontext
def demo(if_empty: bool, new_passwords: bool, day: date | None) -> None:
    """Make the demo district: invented places and people, the shipped content, a school year under way."""
    bring_up_to_date(store.engine)
    settings: Settings = current_app.config["SETTINGS"]
    kinds = set(session().scalars(select(people.District.is_demo)))
    session().rollback()
    password = settings.demo_password or secrets.token_urlsafe(9)
    if new_passwords:
        _renew_passwords(password, True in kinds)
    elif kinds:
        if not if_empty:
            raise click.ClickException("The database is not empty; the demo goes into an empty one.")
        if True not in kinds:
            click.echo("The database holds districts of your own; no demo was made.")
            return
        _say_demo(settings, None)
        return
    else:
        hashed = people.hash_password(password)
        chosen = day.date() if day else today()  # type: ignore[attr-defined]
        interchange.make_demo(session(), ROOT / "content", ROOT / "translations", password_hash=hashed, today=chosen)
        session().commit()
    _say_demo(settings, password)


def _renew_passwords(password: str, is_there: bool) -> None:
    if not is_there:
        raise click.ClickException(f"There is no demo here: `{FLASK} demo` makes one in an empty database.")
    hashed = people.hash_password(password)  # slow: before the lock is taken
    interchange.set_demo_passwords(session(), hashed)
    session().commit()


def _say_demo(settings: Settings, password: str | None) -> None:
    click.echo("The demo district is invented: no such place, school or person exists.\n")
    for words, email in interchange.DEMO_CAST:
        click.echo(f"  {words:<34} {email}")
    if password:
        click.echo(f"\n  Password for all of them: {password}")
    else:
        click.echo(f"\n  The password was printed when the demo was made. For a new one:  {FLASK} demo --new-passwords")
    click.echo(f"\n  Sign in             {settings.base_url}/logg-inn")
    for words, address in interchange.DEMO_LINKS:
        click.echo(f"  {words:<19} {settings.base_url}{address}")
    click.echo("")
