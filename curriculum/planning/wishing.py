"""What is wished for a new series, one wish at a time: what is impossible whatever the others are is refused in words at its field."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TypeAlias

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from curriculum import ideabank
from curriculum.base import N_, Refused
from curriculum.ideabank import THEME, DocumentVersion, Edition, OutlineDocument, PlacePart, ThemeDocument
from curriculum.keeping import Kept
from curriculum.people import AGENT, HALF, Person, SchoolClass
from curriculum.planning.calendar import Week, is_teaching_week, iso_week, why_closed
from curriculum.planning.engine.problem import Closed, Words
from curriculum.planning.engine.problem import Slot as PlainSlot
from curriculum.planning.models import CANCELLED, Lesson, Series
from curriculum.planning.times import FixedTime, fixed_slots, meet, weekly_slot

MOST_AGENTS = 3

CLASS_AND_WHY = N_("%(name)s: %(why)s")
"""A class, and why its series cannot be as it is wished."""

Start: TypeAlias = date | tuple[int, int]
"""When a series starts: in the week of a date, or in an ISO week (year, number)."""


@dataclass(frozen=True)
class Wish:
    """A class and the weekly time it has from its school: 0 = Monday, when it starts, how many minutes. `times`, if any, hold instead."""

    school_class: SchoolClass
    weekday: int
    start_time: time
    minutes: int
    times: tuple[FixedTime, ...] = ()

    @property
    def slots(self) -> tuple[PlainSlot, ...]:
        """The weekly times. Raises Refused as `fixed_slots` does, for a single one at its field."""
        if self.times:
            return fixed_slots(self.times)
        return (weekly_slot(self.weekday, self.start_time, self.minutes),)


@dataclass(frozen=True)
class Theme:
    """A theme of a series with its version of today."""

    version: DocumentVersion | Edition
    document: ThemeDocument

    @property
    def minutes(self) -> int:
        return self.document.core_sum


@contextmanager
def on_the_line(wish: Wish, wishes: Sequence[Wish], *fields: str) -> Iterator[None]:
    """A refusal within stands at "<class>.<field>" for these fields, and names the class where there are several.

    At one of several weekly times of the class it stands at "<class>.<place from 0>.<field>".
    """
    try:
        yield
    except Refused as refusal:
        name = (refusal.at or "").rpartition(".")[2]
        at = f"{wish.school_class.public_id}.{refusal.at}" if name in fields else refusal.at
        if len(wishes) == 1:
            raise Refused(refusal.msgid, at=at, **refusal.values) from refusal
        why = Words(refusal.msgid, refusal.values)
        raise Refused(CLASS_AND_WHY, at=at, name=wish.school_class.name, why=why) from refusal


# --- Which classes ------------------------------------------------------------------------------------------------------------------


def class_ids(school_class: SchoolClass) -> set[int]:
    """Ids of the assignments that count for a class: its own, and for a half those of the whole class too."""
    return {school_class.id, *(one.id for one in (school_class.taken_from if school_class.kind == HALF else ()))}


def series_by_template(db: Session, classes: Collection[SchoolClass]) -> Mapping[tuple[int, int], str]:
    """The series these classes have, by the class's id and the template's document id: their public ids.

    One query; none while nothing has changed.
    """
    return _kept_made.get(db, frozenset(one.id for one in classes))


def _made(db: Session, classes: frozenset[int]) -> dict[tuple[int, int], str]:
    return {(group, template): public_id for group, template, public_id in db.execute(_MADE, {"ids": list(classes)})}


_kept_made = Kept(_made)
_MADE = (
    select(Series.class_id, DocumentVersion.document_id, Series.public_id)
    .join(Series.outline_version)
    .where(Series.class_id.in_(bindparam("ids", expanding=True)), Series.thrown_away_at.is_(None))
    .order_by(Series.id)
)


def themes_planned(db: Session, classes: Collection[SchoolClass]) -> dict[int, set[int]]:
    """The themes (by document) that these classes (by id) have a lesson of in one of their series.

    One query, with `weeks_planned` of the same classes; none while nothing has changed.
    """
    return {id: {theme for theme, _ in lessons} for id, lessons in _kept_planned.get(db, frozenset(one.id for one in classes)).items()}


def weeks_planned(db: Session, classes: Collection[SchoolClass], first: date, last: date) -> dict[int, list[Week]]:
    """The weeks, from that of one day to that of another, in which these classes (by id) have a lesson of their series, in order.

    One query; none while nothing has changed.
    """
    begins, ends = iso_week(first).monday, iso_week(last).sunday
    return {
        id: list(dict.fromkeys(iso_week(day) for _, day in lessons if begins <= day <= ends))
        for id, lessons in _kept_planned.get(db, frozenset(one.id for one in classes)).items()
    }


def _planned(db: Session, classes: frozenset[int]) -> dict[int, list[tuple[int, date]]]:
    """The themes and dates of the lessons of each class, by date."""
    found: dict[int, list[tuple[int, date]]] = {id: [] for id in classes}
    for group, theme, day in db.execute(_PLANNED, {"ids": list(classes)}):
        found[group].append((theme, day))
    return found


_kept_planned = Kept(_planned)
_PLANNED = (
    select(Series.class_id, Lesson.theme_id, Lesson.date)
    .join(Lesson.series)
    .where(Lesson.state != CANCELLED, Series.thrown_away_at.is_(None), Series.class_id.in_(bindparam("ids", expanding=True)))
    .order_by(Lesson.date)
)


def refuse_second(school_class: SchoolClass, outline: DocumentVersion, made: Mapping[tuple[int, int], str]) -> None:
    """Refuse another series of the template for a class; `made` as `series_by_template` gives it."""
    if (school_class.id, outline.document_id) in made:
        raise Refused(
            N_("%(name)s already has a series from “%(title)s” this school year."),
            at="school_class", name=school_class.name, title=outline.title,
        )  # fmt: skip


def series_beside(db: Session, classes: Collection[SchoolClass], *, in_use: bool = False) -> Mapping[int, list[str]]:
    """The names of the halves, or of the whole class, whose series meet the same pupils as one of each class (by id) would.

    `in_use`: only those in use. One query; none while nothing has changed.
    """
    return _kept_beside.get(db, (frozenset((one.id, one.whole_id) for one in classes), in_use))


def _beside(db: Session, asked: tuple[frozenset[tuple[int, int | None]], bool]) -> dict[int, list[str]]:
    classes, in_use = asked
    ids, wholes = [id for id, _ in classes], [whole for _, whole in classes if whole is not None]
    query = select(SchoolClass.id, SchoolClass.whole_id, SchoolClass.name).join(Series, Series.class_id == SchoolClass.id).distinct()
    query = query.where(Series.thrown_away_at.is_(None), or_(SchoolClass.id.in_(wholes), SchoolClass.whole_id.in_(ids)))
    rows = db.execute((query.where(Series.in_use) if in_use else query).order_by(SchoolClass.name)).all()
    return {its: [name for id, whole, name in rows if id == its_whole or whole == its] for its, its_whole in classes}


_kept_beside = Kept(_beside)


def refuse_beside(school_class: SchoolClass, beside: Mapping[int, Sequence[str]]) -> None:
    """Refuse a series of a whole class beside those of its halves, and the other way round; `beside` as `series_beside` gives it."""
    if others := beside[school_class.id]:
        words = N_("%(others)s has a course series already, and %(name)s is the same pupils: they would have the course twice.")
        raise Refused(words, at="school_class", others=", ".join(others), name=school_class.name)


def refuse_shared(wishes: Sequence[Wish]) -> None:
    """Refuse no class, a class twice, and a half together with the class it is taken from."""
    if not wishes:
        raise Refused(N_("Choose at least one class."), at="classes")
    names = {wish.school_class.id: wish.school_class.name for wish in wishes}
    if len(names) < len(wishes):
        raise Refused(N_("Choose each class once."), at="classes")
    for wish in wishes:
        for whole in class_ids(wish.school_class) - {wish.school_class.id}:
            if whole in names:
                raise Refused(
                    N_("%(half)s is a part of %(name)s. Choose the whole class or its parts."),
                    at="classes", half=wish.school_class.name, name=names[whole],
                )  # fmt: skip


# --- When ---------------------------------------------------------------------------------------------------------------------------


def first_day(school_class: SchoolClass, closed: Collection[Closed], start: Start, today: date) -> date:
    """The Monday of the week in which the series starts; `closed` are its school's days without teaching."""
    year = school_class.school_year
    try:
        week = iso_week(start) if isinstance(start, date) else iso_week(date.fromisocalendar(*start, 1))
    except ValueError:
        raise Refused(N_("There is no such week in that year."), at="start") from None
    first, last = date(year, 8, 1), date(year + 1, 7, 31)
    if week.sunday < first or week.monday > last:
        raise Refused(
            N_("Week %(week)s %(year)s is not in the class’s school year, %(school_year)s."),
            at="start", **_named(week), school_year=f"{year}–{year + 1}",
        )  # fmt: skip
    if week.sunday < today:
        raise Refused(N_("Week %(week)s %(year)s has passed. Choose this week or a later one."), at="start", **_named(week))
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


def refuse_two_at_once(slots: Iterable[PlainSlot], earlier: Mapping[SchoolClass, Sequence[PlainSlot]]) -> None:
    """Refuse weekly times of which one is at that of a class planned before it: the same agents cannot be in two places."""
    pairs = ((slot, school_class, taken) for slot in slots for school_class, some in earlier.items() for taken in some)
    for slot, school_class, taken in pairs:
        if meet(slot, taken):
            raise Refused(
                N_("%(name)s has its lesson from %(start)s to %(end)s that day. Choose another time."),
                at="start_time", name=school_class.name, start=taken.start, end=taken.end,
            )  # fmt: skip


# --- Who ----------------------------------------------------------------------------------------------------------------------------


def refuse_agents(school_class: SchoolClass, agents: Sequence[Person], first: date, last: date) -> None:
    """Refuse none, more than three, and who is not an agent of the class on any day from `first` to `last`."""
    if not 1 <= len(set(agents)) <= MOST_AGENTS or len(set(agents)) < len(agents):
        raise Refused(N_("Choose one to three agents."), at="agents")
    counting = class_ids(school_class)
    for agent in agents:
        hers = [one for one in agent.assignments if one.role == AGENT and one.class_id in counting]
        if not any(one.from_date <= last and (one.to_date is None or first <= one.to_date) for one in hers):
            raise Refused(N_("%(name)s is not an agent of %(class_name)s."), at="agents", name=agent.name, class_name=school_class.name)


# --- What ---------------------------------------------------------------------------------------------------------------------------


def places(outline: DocumentVersion) -> tuple[PlacePart, ...]:
    """The places of a template, in its order."""
    document = ideabank.parsed(outline)
    assert isinstance(document, OutlineDocument)
    return document.places


def in_order(outline: DocumentVersion, themes: Collection[str]) -> list[str]:
    """Themes (by key) as a series holds them: in the template's order, others after its own but before what it puts last."""
    stated = [place for place in places(outline) if place.theme in themes]
    own = {place.theme for place in stated}
    others = [key for key in dict.fromkeys(themes) if key not in own]
    return [*(one.theme for one in stated if not one.last), *others, *(one.theme for one in stated if one.last)]


def chosen_themes(db: Session, outline: DocumentVersion, themes: Collection[str] | None, today: date) -> tuple[Theme, ...]:
    """The themes of a series (None: all of the template's) in order, as they are today. Raises Refused for none and for one not there."""
    own = [place.theme for place in places(outline)]
    keys = in_order(outline, own if themes is None else themes)
    at = "outline" if themes is None else "themes"
    if not own and themes is None:
        raise Refused(N_("The outline “%(title)s” has no themes."), at="outline", title=outline.title)
    if not keys:
        raise Refused(N_("Choose at least one theme."), at="themes")
    versions = {one.key: one for one in ideabank.editions(db, outline.district_id, today, THEME).values() if not one.is_retired}
    for key in keys:
        if key in own and key not in versions:
            raise Refused(N_("The theme “%(theme)s” of the outline has not been published yet."), at=at, theme=key)
        if key not in versions:
            raise Refused(N_("There is no theme “%(theme)s” in the idea bank."), at=at, theme=key)
    return tuple(theme_of(versions[key]) for key in keys)


def theme_of(version: DocumentVersion | Edition) -> Theme:
    """A theme as it is read."""
    document = ideabank.parsed(version)
    assert isinstance(document, ThemeDocument)
    return Theme(version, document)


def refuse_short(themes: Collection[Theme], minutes: int) -> None:
    """Refuse a lesson that is too short for one of the themes."""
    longest = max(themes, key=lambda theme: theme.minutes)
    if longest.minutes > minutes:
        raise Refused(
            N_("“%(theme)s” needs at least %(needed)s minutes; the lesson is %(minutes)s."),
            at="minutes", theme=longest.version.title, needed=longest.minutes, minutes=minutes,
        )  # fmt: skip
