"""Making a series for a class from an outline, and putting it into use."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from curriculum import ideabank, text
from curriculum.base import N_, Refused
from curriculum.ideabank import OUTLINE, Document, DocumentVersion, OutlineDocument, ThemeDocument
from curriculum.people import AGENT, Assignment, AuditEvent, Person, SchoolClass, make_links
from curriculum.planning.calendar import SchoolYear, Week, closed_days, is_teaching_week, iso_week, school_years, why_closed
from curriculum.planning.checking import check
from curriculum.planning.laying_out import lay_out
from curriculum.planning.models import CANCELLED, Lesson, Series, Slot, Waiver
from curriculum.planning.problem import Fix, Infeasible, Placed, Plan, Problem, SeriesProblem, Words
from curriculum.planning.problem import Session as PlainSession
from curriculum.planning.problem import Slot as PlainSlot
from curriculum.planning.stating import orders_of, plan_as_it_stands, problem_for, state

EARLIEST, LATEST = time(7), time(17)
"""Between these times a lesson is held."""

MOST_AGENTS = 3
WEEKLY = "weekly"

Start: TypeAlias = date | tuple[int, int]
"""When a series starts: in the week of a date, or in an ISO week (year, number)."""


class NoPlan(Refused):
    """The lessons do not fit. `infeasible` says which wishes clash and what single changes would do; its first conflict is the sentence."""

    def __init__(self, infeasible: Infeasible) -> None:
        words = infeasible.conflicts[0].words
        super().__init__(words.msgid, at="start", **words.values)
        self.infeasible = infeasible


@dataclass(frozen=True)
class Theme:
    """A place of the outline with the theme's version of today."""

    version: DocumentVersion
    document: ThemeDocument

    @property
    def minutes(self) -> int:
        return self.document.core_sum


@dataclass(frozen=True)
class Layout:
    """What a series would be: its problem, the answer, and the themes in order (session n of the plan is theme n, from 1)."""

    problem: Problem
    answer: Plan | Infeasible
    themes: tuple[Theme, ...]
    slot: PlainSlot
    from_date: date
    to_date: date


def preview_series(
    db: Session,
    *,
    school_class: SchoolClass,
    outline: DocumentVersion,
    start: Start,
    weekday: int,
    start_time: time,
    minutes: int,
    agents: Sequence[Person],
    today: date,
    without: Collection[str] = (),
) -> Layout:
    """What `make_series` would save, or why the lessons do not fit.

    The series begins in the ISO week of `start`; `minutes` is the length of a lesson. `without` names themes (by key) to leave out.
    Raises Refused at the field whose wish is impossible whatever the others are.
    """
    year = school_years(db, school_class.district_id, school_class.school_id, [school_class.school_year])[0]
    first = _first_day(db, school_class, year, start)
    _refuse_second(db, school_class, outline)
    _refuse_agents(school_class, agents, first, year.to_date)
    slot = weekly_slot(weekday, start_time, minutes)
    themes = _themes(db, outline, today, without)
    _refuse_short(themes, minutes)
    orders = orders_of(outline)
    sessions = tuple(
        PlainSession(str(place), theme.document.key, theme.version.title, theme.minutes, order=orders.get(theme.document.key, ""))
        for place, theme in enumerate(themes, start=1)
    )
    staff = tuple(agent.public_id for agent in agents)
    series = SeriesProblem("new", school_class.public_id, staff, outline.title, first, year.to_date, sessions)
    problem = state(db, school_class, series, [slot], agents, None)
    problem = replace(problem, from_date=min(first, max(problem.from_date, iso_week(today).monday)))  # no advice to start in the past
    answer = assured(problem, lay_out(problem))
    if isinstance(answer, Infeasible):
        answer = _advised(db, answer, school_class, agents, outline, today)
    return Layout(problem, answer, themes, slot, first, year.to_date)


def _advised(
    db: Session, answer: Infeasible, school_class: SchoolClass, agents: Sequence[Person], outline: DocumentVersion, today: date
) -> Infeasible:
    """The answer with advice that can be followed: another agent only where the class has one, shorter templates by their names."""
    hers = select(Assignment.id).where(
        Assignment.role == AGENT,
        Assignment.class_id == school_class.id,
        Assignment.person_id.not_in([agent.id for agent in agents]),
        or_(Assignment.to_date.is_(None), Assignment.to_date >= today),
    )
    has_others = db.scalars(hers.limit(1)).first() is not None
    shorter = _shorter(db, outline, today)
    return Infeasible(tuple(replace(one, fixes=tuple(_followable(one.fixes, has_others, shorter))) for one in answer.conflicts))


def _shorter(db: Session, outline: DocumentVersion, today: date) -> list[tuple[DocumentVersion, int]]:
    """The other templates and how many lessons each has at most fewer, the longest first."""
    length = len(_outline(outline).places)
    others = ideabank.versions_in_effect(db, outline.district_id, today, kind=OUTLINE).values()
    fewer = [(one, length - len(_outline(one).places)) for one in others if one.document_id != outline.document_id]
    return sorted(((one, by) for one, by in fewer if by > 0), key=lambda pair: (pair[1], pair[0].title))


def _followable(fixes: Iterable[Fix], has_others: bool, shorter: Sequence[tuple[DocumentVersion, int]]) -> Iterator[Fix]:
    for fix in fixes:
        if fix.kind == "fewer":
            enough = (version for version, by in shorter if isinstance(fix.value, int) and by >= fix.value)
            for version in enough:
                words = Words(N_("Choose the template “%(title)s”, which has fewer lessons."), {"title": version.title})
                yield Fix("template", version.document.key, words)
        elif fix.kind != "agent" or has_others:
            yield fix


def assured(problem: Problem, answer: Plan | Infeasible) -> Plan | Infeasible:
    """The answer, once the independent checker has passed it. Raises RuntimeError for a plan that breaks a rule: then we are wrong."""
    if isinstance(answer, Plan) and not (report := check(problem, answer)).is_clean:
        raise RuntimeError(f"a plan of our own breaks a rule: {report.violations}")
    return answer


def make_series(
    db: Session,
    *,
    school_class: SchoolClass,
    outline: DocumentVersion,
    start: Start,
    weekday: int,
    start_time: time,
    minutes: int,
    agents: Sequence[Person],
    by: Person | None,
    today: date,
    now: datetime,
    without: Collection[str] = (),
) -> Series:
    """Save the series exactly as `preview_series` shows it; it is not in use yet.

    Raises Refused as that does, and NoPlan when the lessons do not fit.
    """
    layout = preview_series(
        db, school_class=school_class, outline=outline, start=start, weekday=weekday, start_time=start_time, minutes=minutes, agents=agents,
        today=today, without=without,
    )  # fmt: skip
    if isinstance(layout.answer, Infeasible):
        raise NoPlan(layout.answer)
    series = Series(
        district_id=school_class.district_id,
        school_class=school_class,
        outline_version=outline,
        title=outline.title,
        from_date=layout.from_date,
        to_date=layout.to_date,
        slots=[Slot(weekday=layout.slot.weekday, start=layout.slot.start, end=layout.slot.end)],
        agents=list(agents),
        lessons=[_lesson(school_class, agents, layout, placed) for placed in layout.answer.sessions],
    )
    db.add(series)
    db.flush()
    _note(db, "series made", series, by, now)
    return series


def _lesson(school_class: SchoolClass, agents: Sequence[Person], layout: Layout, placed: Placed) -> Lesson:
    theme = layout.themes[int(placed.session) - 1]
    return Lesson(
        district_id=school_class.district_id,
        theme_id=theme.version.document_id,
        position=int(placed.session),
        date=placed.date,
        start=layout.slot.start,
        end=layout.slot.end,
        minutes=theme.minutes,
        room_need=list(theme.document.room),
        presenter=theme.document.presenter,
        classes=[school_class],
        staff=list(agents),
    )


def _note(db: Session, kind: str, series: Series, by: Person | None, now: datetime) -> None:
    db.add(AuditEvent(district_id=series.district_id, at=now, kind=kind, person_id=by.id if by else None, about=series.public_id))
    db.flush()


# --- One wish at a time -------------------------------------------------------------------------------------------------------------


def _first_day(db: Session, school_class: SchoolClass, year: SchoolYear, start: Start) -> date:
    try:
        week = iso_week(start) if isinstance(start, date) else iso_week(date.fromisocalendar(*start, 1))
    except ValueError:
        raise Refused(N_("There is no such week in that year."), at="start") from None
    first, last = date(year.year, 8, 1), date(year.year + 1, 7, 31)
    if week.sunday < first or week.monday > last:
        named = f"{year.year}–{year.year + 1}"
        raise Refused(
            N_("Week %(week)s %(year)s is not in the class’s school year, %(school_year)s."), at="start", **_named(week), school_year=named
        )
    closed = closed_days(db, school_class.district_id, school_class.school_id, week.monday, last)
    if not is_teaching_week(week, closed):
        later = (_week_on(week, n) for n in range(1, 60))
        possible = next((other for other in later if other.monday <= last and is_teaching_week(other, closed)), None)
        _refuse_holiday(week, why_closed(week.monday, closed), possible)
    return week.monday


def _week_on(week: Week, weeks: int) -> Week:
    return iso_week(week.monday + timedelta(weeks=weeks))


def _named(week: Week) -> dict[str, int]:
    return {"week": week.number, "year": week.year}


def _refuse_holiday(week: Week, holiday: str, possible: Week | None) -> None:
    if possible is None:
        raise Refused(
            N_("There is no school in week %(week)s %(year)s (%(holiday)s), nor later in that school year."),
            at="start", **_named(week), holiday=holiday,
        )  # fmt: skip
    raise Refused(
        N_("There is no school in week %(week)s %(year)s (%(holiday)s). The first possible week is week %(first)s %(first_year)s."),
        at="start", **_named(week), holiday=holiday, first=possible.number, first_year=possible.year,
    )  # fmt: skip


def _refuse_second(db: Session, school_class: SchoolClass, outline: DocumentVersion) -> None:
    of_outline = select(DocumentVersion.id).where(DocumentVersion.document_id == outline.document_id)
    query = select(Series.id).where(
        Series.class_id == school_class.id, Series.outline_version_id.in_(of_outline), Series.thrown_away_at.is_(None)
    )
    if db.scalars(query.limit(1)).first():
        raise Refused(
            N_("%(name)s already has a series from “%(title)s” this school year."),
            at="outline",
            name=school_class.name,
            title=outline.title,
        )


def _refuse_agents(school_class: SchoolClass, agents: Sequence[Person], first: date, last: date) -> None:
    if not 1 <= len(set(agents)) <= MOST_AGENTS or len(set(agents)) < len(agents):
        raise Refused(N_("Choose one to three agents."), at="agents")
    for agent in agents:
        hers = [one for one in agent.assignments if one.role == AGENT and one.class_id == school_class.id]
        if not any(one.from_date <= last and (one.to_date is None or first <= one.to_date) for one in hers):
            raise Refused(N_("%(name)s is not an agent of %(class_name)s."), at="agents", name=agent.name, class_name=school_class.name)


def weekly_slot(weekday: int, start: time, minutes: int) -> PlainSlot:
    """A weekly time of so many minutes. Raises Refused at the field that cannot be."""
    if not 0 <= weekday <= 4:
        raise Refused(N_("Choose a weekday from Monday to Friday."), at="weekday")
    if minutes < 1:
        raise Refused(N_("Say how many minutes a lesson lasts."), at="minutes")
    ends = start.hour * 60 + start.minute + minutes
    if start < EARLIEST or ends > LATEST.hour * 60:
        raise Refused(N_("Lessons are held between 07:00 and 17:00."), at="start_time")
    return PlainSlot(WEEKLY, weekday, start.replace(second=0, microsecond=0), time(*divmod(ends, 60)))


def _themes(db: Session, outline: DocumentVersion, today: date, without: Collection[str]) -> tuple[Theme, ...]:
    places = [place for place in _outline(outline).places if place.theme not in without]
    if not places:
        raise Refused(N_("The outline “%(title)s” has no themes."), at="outline", title=outline.title)
    versions = {one.document.key: one for one in ideabank.themes(db, outline.district_id, today)}
    for place in places:
        if place.theme not in versions:
            raise Refused(N_("The theme “%(theme)s” of the outline has not been published yet."), at="outline", theme=place.theme)
    return tuple(_theme(versions[place.theme]) for place in places)


def _outline(version: DocumentVersion) -> OutlineDocument:
    document = ideabank.parsed(version)
    assert isinstance(document, OutlineDocument)
    return document


def _theme(version: DocumentVersion) -> Theme:
    document = ideabank.parsed(version)
    assert isinstance(document, ThemeDocument)
    return Theme(version, document)


def _refuse_short(themes: Iterable[Theme], minutes: int) -> None:
    longest = max(themes, key=lambda theme: theme.minutes)
    if longest.minutes > minutes:
        raise Refused(
            N_("“%(theme)s” needs at least %(needed)s minutes; the lesson is %(minutes)s."),
            at="minutes", theme=longest.version.title, needed=longest.minutes, minutes=minutes,
        )  # fmt: skip


# --- Into use -----------------------------------------------------------------------------------------------------------------------


def fixed_themes(outline: DocumentVersion) -> list[str]:
    """Keys of the themes that every class has, in the outline's order."""
    return [place.theme for place in _outline(outline).places if place.fixed]


def missing_themes(db: Session, series: Series) -> list[Document]:
    """The fixed themes of the series' outline that it holds no lesson of and no waiver covers, in the outline's order."""
    fixed = fixed_themes(series.outline_version)
    there = {lesson.theme_id for lesson in series.lessons if lesson.state != CANCELLED} | {waiver.theme_id for waiver in series.waivers}
    found = db.scalars(select(Document).where(Document.district_id == series.district_id, Document.key.in_(fixed))).all()
    return sorted((theme for theme in found if theme.id not in there), key=lambda theme: fixed.index(theme.key))


def put_in_use(db: Session, series: Series, *, by: Person | None, today: date, now: datetime) -> Series:
    """From now on teachers and parents see the series, by links that the class gets if it has none.

    Raises Refused while a fixed theme is missing without a waiver.
    """
    if missing := missing_themes(db, series):
        titles = ", ".join(f"“{_title(theme, today)}”" for theme in missing)
        raise Refused(N_("Fixed themes are missing: %(titles)s. Add them, or give a waiver with a reason."), titles=titles)
    if not series.in_use:
        series.in_use = True
        _note(db, "series in use", series, by, now)
        make_links(db, series.school_class, by=by, today=today, now=now)
    return series


# --- Thrown away ---------------------------------------------------------------------------------------------------------------------


def throw_away(db: Session, series: Series, *, by: Person | None, now: datetime) -> Series:
    """A plan that was wrong is gone for everyone, until it is brought back. Raises Refused once it is in use."""
    if series.in_use:
        raise Refused(N_("The series is in use and cannot be thrown away."))
    series.thrown_away_at = now
    _note(db, "series thrown away", series, by, now)
    return series


def bring_back(db: Session, series: Series, *, by: Person | None, now: datetime) -> Series:
    """Undo `throw_away`.

    Raises Refused when another series was made of the same outline meanwhile, or an agent has come to teach elsewhere at one of its times.
    """
    if series.thrown_away_at is None:
        return series
    _refuse_second(db, series.school_class, series.outline_version)
    taken = [one for one in check(problem_for(db, series), plan_as_it_stands(series)).violations if one.rule == "H07"]
    if taken:
        raise Refused(N_("The series cannot be brought back: its agents teach others at its times now. Make a new one."))
    series.thrown_away_at = None
    _note(db, "series brought back", series, by, now)
    return series


def _title(theme: Document, today: date) -> str:
    return next((version.title for version in reversed(theme.versions) if version.effective <= today), theme.key)


def waive(db: Session, series: Series, theme: Document, *, why: str, by: Person, now: datetime) -> Waiver:
    """Allow a series to leave out a fixed theme, with a reason, which shows in the report.

    Raises Refused for any other theme and for no reason.
    """
    why = text.tidy(why).strip()
    if not why:
        raise Refused(N_("Write why the theme is left out."), at="why")
    text.refuse_personal(why)
    if theme not in missing_themes(db, series):
        raise Refused(N_("Only a fixed theme that the series lacks needs a waiver."), at="theme")
    waiver = Waiver(district_id=series.district_id, series_id=series.id, theme=theme, why=why, by_id=by.id, at=now)
    series.waivers.append(waiver)
    db.flush()
    return waiver
