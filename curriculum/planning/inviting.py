"""Those from outside who hold a part of a lesson: who they are, asked / yes / no, and what is held instead when they cannot come."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session, joinedload

from curriculum import ideabank, text
from curriculum.base import N_, Refused
from curriculum.ideabank import Document, ThemeDocument
from curriculum.people import District, Person, School, SchoolClass, visible
from curriculum.planning.changing import refuse_settled
from curriculum.planning.engine.checking import check
from curriculum.planning.engine.problem import Words
from curriculum.planning.engine.wording import because
from curriculum.planning.models import (
    ASKED,
    CANCELLED,
    NO,
    PLANNED,
    YES,
    Lesson,
    PlanChange,
    Presenter,
    Series,
    plan_change_series,
)
from curriculum.planning.partners import as_one
from curriculum.planning.recording import Recording, recorded
from curriculum.planning.rooming import shown_lesson
from curriculum.planning.stating import plan_as_it_stands, problem_for, ways_between
from curriculum.planning.using import missing_themes

VISITOR, FALLBACK = "visitor", "fallback theme"
"""What the plan's history calls what is done here."""

MOST_OFFERS, MOST_LESSONS_A_DAY = 60, 10
LONGEST_CONTACT, LONGEST_MATERIAL = 200, 4000
"""Characters."""


class Offer(NamedTuple):
    """A time at which somebody can come."""

    date: date
    start: time
    end: time


class PresenterFacts(NamedTuple):
    """What is said of somebody from outside. `schools` are public ids; none: all of the district."""

    name: str
    skill: str
    contact: str = ""
    material: str = ""
    schools: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    max_per_day: int | None = None


def presenters(db: Session, district_id: int) -> list[Presenter]:
    """Those of a district who still come, by name."""
    return list(db.scalars(select(Presenter).where(Presenter.district_id == district_id, Presenter.is_active).order_by(Presenter.name)))


def facts_of(presenter: Presenter) -> PresenterFacts:
    """What is said of somebody."""
    return PresenterFacts(
        presenter.name,
        presenter.skill,
        presenter.contact,
        presenter.material,
        tuple(presenter.schools),
        offers_of(presenter),
        presenter.max_per_day,
    )


def offers_of(presenter: Presenter) -> tuple[Offer, ...]:
    """When somebody can come; nothing is said where there are none."""
    return tuple(
        Offer(date.fromisoformat(one["date"]), time.fromisoformat(one["start"]), time.fromisoformat(one["end"])) for one in presenter.offers
    )


def save_presenter(db: Session, district: District, presenter: Presenter | None, facts: PresenterFacts) -> Presenter:
    """Add somebody from outside (None), or say anew who they are.

    Raises Refused for no name, one that is taken, no skill, a school of another district, a time that ends before it begins, and texts
    that are too long or hold an identity number.
    """
    name, skill = text.tidy(facts.name).strip(), text.tidy(facts.skill).strip()
    _refuse_odd(facts, name, skill)
    same = select(Presenter).where(Presenter.district_id == district.id, Presenter.name == name)
    if any(one is not presenter for one in db.scalars(same)):
        raise Refused(N_("Somebody in the register has this name already."), at="name")
    known = set(db.scalars(select(School.public_id).where(School.district_id == district.id)))
    if not set(facts.schools) <= known:
        raise Refused(N_("Choose among those that are offered."), at="schools")
    if presenter is None:
        presenter = Presenter(district_id=district.id)
        db.add(presenter)
    presenter.name, presenter.skill, presenter.max_per_day = name, skill, facts.max_per_day
    presenter.contact, presenter.material = text.tidy(facts.contact).strip(), text.tidy(facts.material).strip()
    presenter.schools = sorted(facts.schools)
    presenter.offers = [_written(one) for one in sorted(set(facts.offers))]
    db.flush()
    return presenter


def _refuse_odd(facts: PresenterFacts, name: str, skill: str) -> None:
    if not name:
        raise Refused(N_("Write a name."), at="name")
    if not skill:
        raise Refused(N_("Write what they come for, as the themes name it."), at="skill")
    contact, material = (facts.contact, LONGEST_CONTACT), (facts.material, LONGEST_MATERIAL)
    for at, (words, most) in {"name": (name, 80), "skill": (skill, 40), "contact": contact, "material": material}.items():
        if len(words) > most:
            raise Refused(N_("At most %(max)d characters fit here."), at=at, max=most)
        text.refuse_personal(words)
    if facts.max_per_day is not None and not 1 <= facts.max_per_day <= MOST_LESSONS_A_DAY:
        raise Refused(N_("Write a number from %(min)s to %(max)s."), at="max_per_day", min=1, max=MOST_LESSONS_A_DAY)
    if len(facts.offers) > MOST_OFFERS:
        raise Refused(N_("At most %(count)s times fit here."), count=MOST_OFFERS)
    if any(one.start >= one.end for one in facts.offers):
        raise Refused(N_("A time must end after it begins."))


def _written(one: Offer) -> dict[str, Any]:
    return {"date": one.date.isoformat(), "start": f"{one.start:%H:%M}", "end": f"{one.end:%H:%M}"}


def retire_presenter(db: Session, presenter: Presenter, is_active: bool = False) -> None:
    """They come no more, or (True) again; what was agreed with them stands."""
    presenter.is_active = is_active
    db.flush()


def skills_wanted(db: Session, district_id: int, today: date) -> list[str]:
    """What the district's themes of today need somebody from outside for, each once."""
    themes = (ideabank.parsed(one) for one in ideabank.editions(db, district_id, today, ideabank.THEME).values() if not one.is_retired)
    return sorted({theme.presenter for theme in themes if isinstance(theme, ThemeDocument) and theme.presenter})


# --- Asking -------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Candidate:
    """Somebody who could be asked to a lesson, and as half sentences what speaks against it (H17)."""

    presenter: Presenter
    warnings: tuple[Words, ...]


def candidates(db: Session, lesson: Lesson) -> list[Candidate]:
    """Those with the skill a lesson needs, those first against whom nothing speaks. Three queries at most for any number."""
    able = [one for one in presenters(db, lesson.district_id) if one.skill == lesson.presenter]
    engaged = _engaged(db, lesson, able)
    found = [Candidate(one, tuple(_against(db, one, lesson, engaged.get(one.id, ())))) for one in able]
    return sorted(found, key=lambda one: (len(one.warnings), one.presenter.name))


class _Engaged(NamedTuple):
    """Another lesson that somebody is asked to on the same day."""

    presenter_id: int
    start: time
    end: time
    joint: str | None
    school_id: int


def _engaged(db: Session, lesson: Lesson, able: Collection[Presenter]) -> dict[int, list[_Engaged]]:
    query = (
        select(Lesson.presenter_id, Lesson.start, Lesson.end, Lesson.joint, SchoolClass.school_id)
        .join(Series, Series.id == Lesson.series_id)
        .join(SchoolClass, SchoolClass.id == Series.class_id)
        .where(
            Lesson.presenter_id.in_([one.id for one in able]),
            Lesson.date == lesson.date,
            Lesson.id != lesson.id,
            Lesson.presenter_answer.in_((ASKED, YES)),
            Lesson.state != CANCELLED,
            or_(Lesson.joint.is_(None), Lesson.joint != (lesson.joint or "")),
            Series.thrown_away_at.is_(None),
        )
        .order_by(Lesson.start, Lesson.id)
    )
    found: dict[int, list[_Engaged]] = {}
    for one in (_Engaged._make(row) for row in db.execute(query)) if able else ():
        found.setdefault(one.presenter_id, []).append(one)
    return found


def _against(db: Session, presenter: Presenter, lesson: Lesson, engaged: Sequence[_Engaged]) -> Iterable[Words]:
    school = lesson.series.school_class.school
    if presenter.schools and school.public_id not in presenter.schools:
        yield Words(N_("does not come to %(school)s"), {"school": school.name})
    offers = offers_of(presenter)
    if offers and not any(one.date == lesson.date and one.start <= lesson.start and lesson.end <= one.end for one in offers):
        yield Words(N_("has not offered that time"))
    ways = ways_between(db, lesson.district_id).get(school.id, {})
    for one in engaged:
        way = ways.get(one.school_id, 0)
        if _minute(one.start) - way < _minute(lesson.end) and _minute(lesson.start) < _minute(one.end) + way:
            yield Words(N_("is asked to another lesson from %(start)s to %(end)s"), {"start": one.start, "end": one.end})
    events = {one.joint or (one.start, one.school_id) for one in engaged}
    if presenter.max_per_day is not None and len(events) >= presenter.max_per_day:
        yield Words(N_("is asked to %(count)s lessons that day already, and takes no more"), {"count": len(events)})


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def ask(db: Session, lesson: Lesson, presenter: Presenter, *, by: Person, now: datetime) -> Recording:
    """Somebody is asked to a lesson and has not answered.

    Raises Refused when it was held or cancelled, needs nobody, or needs somebody for something else.
    """
    refuse_settled(lesson)
    if not lesson.presenter:
        raise Refused(N_("The theme needs nobody from outside."), at="presenter")
    if presenter.skill != lesson.presenter or not presenter.is_active:
        raise Refused(N_("Choose among those that are offered."), at="presenter")
    together = as_one(db, lesson)
    with recorded(db, list(together.values()), VISITOR, by=by, now=now) as recording:
        for one in together:
            one.asked_presenter, one.presenter_answer = presenter, ASKED
        db.flush()
    return recording


def answer(db: Session, lesson: Lesson, said: str, *, by: Person, now: datetime) -> Recording:
    """What they said: YES, NO, or nothing yet (ASKED). Raises Refused when nobody is asked, and for another word."""
    refuse_settled(lesson)
    if lesson.asked_presenter is None or not lesson.presenter_answer:
        raise Refused(N_("Nobody is asked to this lesson yet."), at="answer")
    if said not in (ASKED, YES, NO):
        raise Refused(N_("Choose among those that are offered."), at="answer")
    together = as_one(db, lesson)
    with recorded(db, list(together.values()), VISITOR, by=by, now=now) as recording:
        for one in together:
            one.presenter_answer = said
        db.flush()
    return recording


def answered_on(db: Session, lessons: Iterable[Lesson]) -> dict[int, date]:
    """The day on which each lesson's visitor was asked or answered last as it stands now, by the lesson's id. One query."""
    by_code = {lesson.public_id: lesson for lesson in lessons if lesson.presenter_answer}
    series = {lesson.series_id for lesson in by_code.values()}
    query = select(PlanChange.at, PlanChange.lessons).where(
        PlanChange.kind == VISITOR,
        PlanChange.undone_at.is_(None),
        PlanChange.id.in_(select(plan_change_series.c.change_id).where(plan_change_series.c.series_id.in_(series))),
    )
    found: dict[int, date] = {}
    for at, items in db.execute(query.order_by(PlanChange.id)):
        for item in items:
            lesson = by_code.get(item["lesson"])
            if lesson is not None and item["after"] is not None and _says_the_same(item["after"], lesson):
                found[lesson.id] = at.date()
    return found


def _says_the_same(state: Mapping[str, Any], lesson: Lesson) -> bool:
    return (state["presenter_id"], state["presenter_answer"]) == (lesson.presenter_id, lesson.presenter_answer)


def invitations(db: Session, person: Person, today: date, act: str = "read") -> list[Lesson]:
    """The lessons ahead that need somebody from outside, of those a person may `act` on, by date."""
    return list(db.scalars(_inviting(visible(person, Lesson, today, act)), {"today": today}).unique())


@lru_cache
def _inviting(seen: Select[Lesson]) -> Select[Lesson]:
    query = seen.where(Lesson.state == PLANNED, Lesson.date >= bindparam("today"), Lesson.presenter != "")
    return query.order_by(Lesson.date, Lesson.start, Lesson.id).options(*shown_lesson(), joinedload(Lesson.asked_presenter))


# --- The fallback theme -------------------------------------------------------------------------------------------------------------


def fallback_themes(db: Session, lesson: Lesson, today: date) -> list[ideabank.Edition]:
    """The themes that could be held instead: in effect, for pupils, with nobody from outside, new to the series, and short enough."""
    minutes = _minute(lesson.end) - _minute(lesson.start)
    there = {one.theme_id for one in lesson.series.lessons if one.state != CANCELLED}
    every = ideabank.editions(db, lesson.district_id, today, ideabank.THEME).items()
    return [one for id, one in every if id not in there and not one.is_retired and _is_for_pupils(one, minutes)]


def _is_for_pupils(edition: ideabank.Edition, minutes: int) -> bool:
    theme = ideabank.parsed(edition)
    assert isinstance(theme, ThemeDocument)
    return theme.audience == "pupils" and not theme.presenter and theme.core_sum <= minutes


def choose_fallback(db: Session, lesson: Lesson, theme: Document | None, *, today: date, by: Person, now: datetime) -> Recording:
    """Say what is held when the visitor cannot come; None: nothing is said. Raises Refused for a theme that is not offered."""
    refuse_settled(lesson)
    if theme is not None and theme.id not in {one.document_id for one in fallback_themes(db, lesson, today)}:
        raise Refused(N_("Choose among those that are offered."), at="theme")
    with recorded(db, [lesson.series], FALLBACK, by=by, now=now) as recording:
        lesson.fallback_theme = theme
        db.flush()
    return recording


def use_fallback(db: Session, lesson: Lesson, *, today: date, by: Person, now: datetime) -> tuple[Recording, list[Document]]:
    """Hold the fallback theme instead, on the same day, without a visitor; and the fixed themes that the series then lacks.

    Raises Refused when none is chosen, when the series has come to have it or the time is too short for it, and when a rule would break.
    """
    refuse_settled(lesson)
    theme = lesson.fallback_theme
    if theme is None:
        raise Refused(N_("No fallback theme is chosen."))
    chosen = next((one for one in fallback_themes(db, lesson, today) if one.document_id == theme.id), None)
    if chosen is None:
        raise Refused(N_("The fallback theme cannot be held in this lesson any longer. Choose another."))
    before = check(problem_for(db, lesson.series), plan_as_it_stands(lesson.series)).violations
    with recorded(db, [lesson.series], FALLBACK, by=by, now=now) as recording:
        _become(lesson, theme, chosen)
        db.flush()
        problem = problem_for(db, lesson.series)
        new = [one for one in check(problem, plan_as_it_stands(lesson.series)).violations if one not in before]
        if new:
            why = because(problem, new[0].rule, new[0].owner, new[0].why)
            raise Refused(N_("The lesson cannot be held on %(date)s: %(why)s."), date=lesson.date, why=why)
    return recording, missing_themes(db, lesson.series)


def _become(lesson: Lesson, theme: Document, edition: ideabank.Edition) -> None:
    said = ideabank.parsed(edition)
    assert isinstance(said, ThemeDocument)
    lesson.theme, lesson.pinned_version, lesson.fallback_theme = theme, None, None
    lesson.minutes, lesson.room_need, lesson.room_confirmed = said.core_sum, list(said.room), False
    lesson.presenter, lesson.asked_presenter, lesson.presenter_answer = "", None, ""
