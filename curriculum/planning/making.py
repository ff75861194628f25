"""Making series from a template, for one class or for several at once: planned together, saved all or not at all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeAlias

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from curriculum import ideabank
from curriculum.base import N_, Refused
from curriculum.ideabank import OUTLINE, DocumentVersion
from curriculum.people import AGENT, HALF, Assignment, Person, SchoolClass
from curriculum.planning.calendar import SchoolYear, closed_by_school, why_closed, years_by_school
from curriculum.planning.changing import LOCAL
from curriculum.planning.engine.checking import check
from curriculum.planning.engine.laying_out import lay_out, working_weeks
from curriculum.planning.engine.problem import Agent, Busy, Closed, Fix, Infeasible, Placed, Plan, Problem, SeriesProblem, Words
from curriculum.planning.engine.problem import Session as PlainSession
from curriculum.planning.engine.problem import Slot as PlainSlot
from curriculum.planning.heeding import Around, around_by_class
from curriculum.planning.models import Lesson, Series
from curriculum.planning.stating import agents_at, busy_at, orders_of, pupils_between, stated, ways_between
from curriculum.planning.times import as_good, as_rows, most_in_a_week
from curriculum.planning.using import fixed_themes, note
from curriculum.planning.wishing import (
    CLASS_AND_WHY,
    Start,
    Theme,
    Wish,
    chosen_themes,
    class_ids,
    first_day,
    on_the_line,
    places,
    refuse_agents,
    refuse_beside,
    refuse_second,
    refuse_shared,
    refuse_short,
    refuse_two_at_once,
    series_beside,
    series_by_template,
)

LINE = ("school_class", "weekday", "start_time", "minutes", "weeks", "a_week", "to_date")
"""What each class has for itself; its first week, its agents and its themes it has in common with the others."""


class NoPlan(Refused):
    """The lessons do not fit. `infeasible` says which wishes clash and what single changes would do; its first conflict is the sentence.

    `name` is the class, where there are several.
    """

    def __init__(self, infeasible: Infeasible, at: str = "start", name: str = "") -> None:
        words = infeasible.conflicts[0].words
        if name:
            super().__init__(CLASS_AND_WHY, at=at, name=name, why=words)
        else:
            super().__init__(words.msgid, at=at, **words.values)
        self.infeasible = infeasible


Ways: TypeAlias = Mapping[int | None, Mapping[int, int]]
"""The minutes from each school to each other, by their ids."""


@dataclass(frozen=True)
class Layout:
    """What a class's series would be: its problem, the answer, and the themes in order (session n of the plan is theme n, from 1)."""

    wish: Wish
    problem: Problem
    answer: Plan | Infeasible
    themes: tuple[Theme, ...]
    slots: tuple[PlainSlot, ...]
    from_date: date
    to_date: date

    def slot_of(self, placed: Placed) -> PlainSlot:
        """The weekly time at which a lesson of the plan stands."""
        return next(slot for slot in self.slots if slot.id == placed.slot)


# --- Seeing it ----------------------------------------------------------------------------------------------------------------------


def preview_many(
    db: Session,
    wishes: Sequence[Wish],
    *,
    outline: DocumentVersion,
    start: Start,
    agents: Sequence[Person],
    today: date,
    themes: Collection[str] | None = None,
    now: datetime | None = None,
) -> tuple[Layout, ...]:
    """What `make_many` would save, one layout a class, or why the lessons of one do not fit. A fixed number of queries.

    The series begin in the ISO week of `start`, in this week with the days that are left of it. `themes` (keys) are those chosen; None:
    all of the template's. No lesson begins before `now`. The agents are in one place at a time, and halves of one class have each theme in
    the same week. Raises Refused at the field whose wish is impossible whatever the others are: "<public id of the class>.<field>" for
    what a class has for itself (see LINE).
    """
    refuse_shared(wishes)
    common = _Common(outline, start, agents, today, now, chosen_themes(db, outline, themes, today))
    drafts = list(_side_by_side(_drafts(db, wishes, common)))
    layouts = _laid(drafts, common.themes, ways_between(db, outline.district_id))
    return _advised(db, [layouts[draft.wish.school_class] for draft in drafts], common)


def _laid(drafts: Sequence[_Draft], themes: tuple[Theme, ...], ways: Ways) -> dict[SchoolClass, Layout]:
    """One class after another; where one finds no room around those before it, once more with that one first.

    When no order tried has room for all, the answers are those of the first.
    """
    order = list(drafts)
    first = layouts = _in_turn(order, themes, ways)
    for _ in drafts:
        stuck = next((place for place, one in enumerate(order) if not _has_room(layouts, one)), None)
        if stuck is None:
            return layouts
        if stuck == 0:
            return first
        order.insert(0, order.pop(stuck))
        layouts = _in_turn(order, themes, ways)
    return first


def _has_room(layouts: Mapping[SchoolClass, Layout], draft: _Draft) -> bool:
    return isinstance(layouts[draft.wish.school_class].answer, Plan)


def _in_turn(drafts: Iterable[_Draft], themes: tuple[Theme, ...], ways: Ways) -> dict[SchoolClass, Layout]:
    """Each class around those before it."""
    found: dict[SchoolClass, Layout] = {}
    for draft in drafts:
        group = draft.wish.school_class
        problem = _around(draft.problem, list(found.values()), ways.get(group.school_id, {}))
        answer = _answer(problem)
        found[group] = Layout(draft.wish, problem, answer, themes, draft.slots, draft.from_date, draft.to_date)
    return found


@lru_cache(maxsize=64)
def _answer(problem: Problem) -> Plan | Infeasible:
    """Kept for the same problem: a plan that is shown, shown again beside another and then saved is laid out once."""
    return assured(problem, lay_out(problem, bounded=False))


@dataclass(frozen=True)
class _Common:
    """What the classes have in common."""

    outline: DocumentVersion
    start: Start
    agents: Sequence[Person]
    today: date
    now: datetime | None
    themes: tuple[Theme, ...]

    def first_for(self, slot: PlainSlot) -> date:
        """The first day on which a lesson may be held at a time: tomorrow where it has passed today."""
        local = self.now.astimezone(LOCAL) if self.now else None
        has_passed = local is not None and local.date() == self.today and slot.start <= local.time()
        return self.today + timedelta(1) if has_passed else self.today


@dataclass(frozen=True)
class _Draft:
    """One class's problem, not yet answered."""

    wish: Wish
    slots: tuple[PlainSlot, ...]
    problem: Problem
    from_date: date
    to_date: date


def _drafts(db: Session, wishes: Sequence[Wish], common: _Common) -> list[_Draft]:
    """The classes' problems one by one; what cannot be is refused."""
    made = series_by_template(db, [wish.school_class for wish in wishes])
    beside = series_beside(db, [wish.school_class for wish in wishes])
    years, closed = _calendars(db, wishes)
    slots: dict[SchoolClass, tuple[PlainSlot, ...]] = {}
    days: list[date] = []
    for wish in wishes:
        group = wish.school_class
        with on_the_line(wish, wishes, *LINE):
            refuse_second(group, common.outline, made)
            refuse_beside(group, beside)
            days.append(first_day(group, closed[group.school_id], common.start, common.today))
            refuse_agents(group, common.agents, max(days[-1], common.today), years[group.id].to_date)
            refuse_two_at_once(wish.slots, slots)
            refuse_short(common.themes, max(slot.minutes for slot in wish.slots))
            slots[group] = wish.slots
    first = min([*days, *(year.from_date for year in years.values())])
    last = max(year.to_date for year in years.values())
    schools = {wish.school_class.school_id for wish in wishes}
    known = _Known(
        years,
        closed,
        agents_at(db, common.agents, first, last, schools),
        pupils_between(db, list(slots), first, last),
        around_by_class(db, list(slots), first, last),
    )
    return [_draft(wish, slots[wish.school_class], day, known, common) for wish, day in zip(wishes, days, strict=True)]


@dataclass(frozen=True)
class _Known:
    """What there is to work around: by the ids of the classes the years, what their pupils have and what stands around them; by those of
    the schools the closed days, and the agents as they are seen from there."""

    years: Mapping[int, SchoolYear]
    closed: Mapping[int | None, Sequence[Closed]]
    staff: Mapping[int | None, Sequence[Agent]]
    pupils: Mapping[int, tuple[Busy, ...]]
    around: Mapping[int, Around]


def _calendars(db: Session, wishes: Sequence[Wish]) -> tuple[dict[int, SchoolYear], dict[int | None, list[Closed]]]:
    """Each class's school year by the class's id, and the days each school is closed by the school's id."""
    groups = [wish.school_class for wish in wishes]
    district, schools = groups[0].district_id, {group.school_id for group in groups}
    first, last = min(group.school_year for group in groups), max(group.school_year for group in groups)
    found = years_by_school(db, district, schools, range(first, last + 1))
    years = {group.id: found[group.school_id][group.school_year - first] for group in groups}
    return years, closed_by_school(db, district, schools, date(first, 7, 25), date(last + 1, 7, 31))


def _draft(wish: Wish, slots: tuple[PlainSlot, ...], first: date, known: _Known, common: _Common) -> _Draft:
    group, year = wish.school_class, known.years[wish.school_class.id]
    staff = known.staff[group.school_id]
    orders = orders_of(common.outline)
    sessions = tuple(
        PlainSession(str(place), theme.document.key, theme.version.title, theme.minutes, order=orders.get(theme.document.key, ""))
        for place, theme in enumerate(common.themes, start=1)
    )
    ids, begins = tuple(agent.id for agent in staff), max(first, *(common.first_for(slot) for slot in slots))
    series = SeriesProblem("new", group.public_id, ids, common.outline.title, begins, year.to_date, sessions, begin_at_once=True)
    series = replace(series, max_per_week=most_in_a_week(slots, begins, year.to_date))
    problem = stated(group, series, slots, year, known.closed[group.school_id], staff, known.pupils[group.id], known.around[group.id])
    no_earlier = max(problem.from_date, common.today)  # nor any advice to start in the past
    return _Draft(wish, slots, as_good(replace(problem, from_date=min(begins, no_earlier)), slots), first, year.to_date)


def _side_by_side(drafts: Sequence[_Draft]) -> Iterator[_Draft]:
    """Halves of one class have the same themes in the same weeks: a week that one of them cannot have, the others do without.

    Halves that take turns, one in A weeks and the other in B weeks, have no week in common to keep to.
    """
    working = {draft.wish.school_class: working_weeks(draft.problem) for draft in drafts if draft.wish.school_class.kind == HALF}
    for draft in drafts:
        mine = working.get(draft.wish.school_class, set())
        missing = {
            monday: other
            for other in drafts
            if _are_halves(draft.wish.school_class, other.wish.school_class) and mine & working[other.wish.school_class]
            for monday in mine - working[other.wish.school_class]
        }
        away = tuple(Closed(monday, monday + timedelta(4), _why(missing[monday], monday)) for monday in sorted(missing))
        [group] = draft.problem.groups
        yield replace(draft, problem=replace(draft.problem, groups=(replace(group, blocked=(*group.blocked, *away)),)))


def _are_halves(one: SchoolClass, other: SchoolClass) -> bool:
    """Whether both are taken from the same class."""
    return one.kind == HALF == other.kind and class_ids(one) - {one.id} == class_ids(other) - {other.id}


def _why(half: _Draft, monday: date) -> str:
    """Why a half has no lesson in a week, as the calendar says it."""
    return why_closed(monday + timedelta(half.slots[0].weekday), half.problem.schools[0].closed)


def _around(problem: Problem, earlier: Sequence[Layout], ways: Mapping[int, int]) -> Problem:
    """The problem with its agents taken where they teach the classes planned before it, and on their way there and back."""
    taken = tuple(
        busy_at(layout.wish.school_class, placed.date, layout.slot_of(placed).start, layout.slot_of(placed).end, ways)
        for layout in earlier
        if isinstance(layout.answer, Plan)
        for placed in layout.answer.sessions
    )
    return replace(problem, agents=tuple(replace(agent, busy=agent.busy + taken) for agent in problem.agents))


def assured(problem: Problem, answer: Plan | Infeasible) -> Plan | Infeasible:
    """The answer, once the independent checker has passed it. Raises RuntimeError for a plan that breaks a rule: then we are wrong."""
    if isinstance(answer, Plan) and not (report := check(problem, answer)).is_clean:
        raise RuntimeError(f"a plan of our own breaks a rule: {report.violations}")
    return answer


# --- Advice that can be followed ------------------------------------------------------------------------------------------------------


def _advised(db: Session, layouts: Sequence[Layout], common: _Common) -> tuple[Layout, ...]:
    """The layouts with advice that can be followed: another agent only where the class has one, shorter templates by their names."""
    if all(isinstance(layout.answer, Plan) for layout in layouts):
        return tuple(layouts)
    others = _classes_with_others(db, [layout.wish.school_class for layout in layouts], common.agents, common.today)
    shorter = _shorter(db, common.outline, common.today)
    fixed = fixed_themes(common.outline)
    loose = min(sum(theme.document.key not in fixed for theme in common.themes), len(common.themes) - 1)
    return tuple(_with_advice(layout, bool(class_ids(layout.wish.school_class) & others), loose, shorter) for layout in layouts)


def _with_advice(layout: Layout, has_others: bool, loose: int, shorter: Sequence[tuple[DocumentVersion, int]]) -> Layout:
    if isinstance(layout.answer, Plan):
        return layout
    conflicts = (replace(one, fixes=tuple(_followable(one.fixes, has_others, loose, shorter))) for one in layout.answer.conflicts)
    return replace(layout, answer=Infeasible(tuple(conflicts)))


def _classes_with_others(db: Session, classes: Iterable[SchoolClass], agents: Sequence[Person], today: date) -> set[int]:
    """Ids of those of the classes (of a half, its whole class) that have another agent than these."""
    ids = {id for school_class in classes for id in class_ids(school_class)}
    query = select(Assignment.class_id).where(
        Assignment.role == AGENT,
        Assignment.class_id.in_(ids),
        Assignment.person_id.not_in([agent.id for agent in agents]),
        or_(Assignment.to_date.is_(None), Assignment.to_date >= today),
    )
    return {id for id in db.scalars(query) if id is not None}


def _shorter(db: Session, outline: DocumentVersion, today: date) -> list[tuple[DocumentVersion, int]]:
    """The other templates and how many lessons each has at most fewer, the longest first."""
    length = len(places(outline))
    others = ideabank.versions_in_effect(db, outline.district_id, today, kind=OUTLINE).values()
    fewer = [(one, length - len(places(one))) for one in others if one.document_id != outline.document_id]
    return sorted(((one, by) for one, by in fewer if by > 0), key=lambda pair: (pair[1], pair[0].title))


def _followable(fixes: Iterable[Fix], has_others: bool, loose: int, shorter: Sequence[tuple[DocumentVersion, int]]) -> Iterator[Fix]:
    """`loose` is how many lessons may be left out."""
    for fix in fixes:
        if fix.kind == "fewer" and isinstance(fix.value, int):
            if fix.value <= loose:
                yield fix
            for version in (version for version, by in shorter if by >= fix.value):
                words = Words(N_("Choose the template “%(title)s”, which has fewer lessons."), {"title": version.title})
                yield Fix("template", version.document.key, words)
        elif fix.kind != "agent" or has_others:
            yield fix


# --- Saving it ----------------------------------------------------------------------------------------------------------------------


def make_many(
    db: Session,
    wishes: Sequence[Wish],
    *,
    outline: DocumentVersion,
    start: Start,
    agents: Sequence[Person],
    by: Person | None,
    today: date,
    now: datetime,
    themes: Collection[str] | None = None,
) -> list[Series]:
    """Save the series exactly as `preview_many` shows them, all or none; they are not in use yet.

    Raises Refused as that does, and NoPlan at a class's weekday when its lessons do not fit.
    """
    layouts = preview_many(db, wishes, outline=outline, start=start, agents=agents, today=today, themes=themes, now=now)
    for layout in layouts:
        if isinstance(layout.answer, Infeasible):
            group = layout.wish.school_class
            raise NoPlan(layout.answer, f"{group.public_id}.weekday", group.name if len(wishes) > 1 else "")
    made = [_series(layout, outline, agents) for layout in layouts]
    db.add_all(made)
    db.flush()
    for series in made:
        note(db, "series made", series, by, now)
    return made


def _series(layout: Layout, outline: DocumentVersion, agents: Sequence[Person]) -> Series:
    assert isinstance(layout.answer, Plan)
    group = layout.wish.school_class
    return Series(
        district_id=group.district_id,
        school_class=group,
        outline_version=outline,
        title=outline.title,
        from_date=layout.from_date,
        to_date=layout.to_date,
        slots=as_rows(layout.slots),
        agents=list(agents),
        lessons=[_lesson(layout, agents, placed) for placed in layout.answer.sessions],
    )


def _lesson(layout: Layout, agents: Sequence[Person], placed: Placed) -> Lesson:
    position = int(placed.session)
    return new_lesson(layout.wish.school_class, layout.themes[position - 1], agents, position, placed.date, layout.slot_of(placed))


def new_lesson(school_class: SchoolClass, theme: Theme, agents: Sequence[Person], position: int, day: date, slot: PlainSlot) -> Lesson:
    """A lesson of a theme on a day, at a slot's time; what it needs is what the theme says today."""
    return Lesson(
        district_id=school_class.district_id,
        theme_id=theme.version.document_id,
        position=position,
        date=day,
        start=slot.start,
        end=slot.end,
        minutes=theme.minutes,
        room_need=list(theme.document.room),
        presenter=theme.document.presenter,
        classes=[school_class],
        staff=list(agents),
    )


# --- One class --------------------------------------------------------------------------------------------------------------------------


def make_series(
    db: Session,
    *,
    school_class: SchoolClass,
    weekday: int,
    start_time: time,
    minutes: int,
    outline: DocumentVersion,
    start: Start,
    agents: Sequence[Person],
    by: Person | None,
    today: date,
    now: datetime,
    themes: Collection[str] | None = None,
) -> Series:
    """`make_many` for one class."""
    wish = Wish(school_class, weekday, start_time, minutes)
    return make_many(db, [wish], outline=outline, start=start, agents=agents, by=by, today=today, now=now, themes=themes)[0]
