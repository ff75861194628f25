"""A series as a whole in other hands, or at its end: taken over by another agent, ended before its time, and a change taken back."""

from __future__ import annotations

from functools import cache

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.interfaces import ORMOption
from werkzeug.wrappers import Response as AnyResponse

from app.access import find_by_id, me, open_to
from app.agents.changes import undo_of
from app.agents.forms import EndSeriesForm, TakeOverForm
from app.agents.routes import blueprint, themes_today, whole_series
from app.database import now, session, today
from app.language import day, gettext
from app.pages import done, page, said
from curriculum import planning
from curriculum.people import ADMINISTRATOR, AGENT, Assignment, Person, roles
from curriculum.planning import PLANNED, Lesson, Series


@blueprint.route("/rekker/<series>/ta-over", methods=["GET", "POST"])
@open_to(AGENT, ADMINISTRATOR)
def take_over(series: str) -> AnyResponse:
    """An agent of the class takes over the lessons of those who are its agents no longer; the administrator says who."""
    is_administrator = ADMINISTRATOR in roles(me(), today())
    found = find_by_id(Series, series, act="administer" if is_administrator else "plan", load=_with_staff())
    agents = _agents_of(found) if is_administrator else [me()]
    form = TakeOverForm()
    form.agent.choices = [(one.public_id, one.name) for one in agents]
    if form.validate_on_submit():
        agent = next(one for one in agents if one.public_id == form.agent.data)
        taken = planning.take_over(session(), found, agent, by=me(), now=now())
        return done(_told(taken, agent), "agents.series_page", series=series, undo=undo_of(found))
    gone = planning.departed(session(), found, today())
    return page("agents/take_over.html", form=form, series=found, agents=agents, gone=gone)


@cache
def _with_staff() -> tuple[ORMOption, ...]:
    """A whole series with who holds each lesson, and for which classes: what a change puts on record. Built once."""
    return (*whole_series(), selectinload(Series.lessons).options(selectinload(Lesson.staff), selectinload(Lesson.classes)))


def _agents_of(series: Series) -> list[Person]:
    """Those who are agents of its class today, by name."""
    group = series.school_class
    theirs = select(Assignment.person_id).where(
        Assignment.role == AGENT,
        Assignment.class_id.in_([id for id in (group.id, group.whole_id) if id is not None]),
        Assignment.from_date <= today(),
        or_(Assignment.to_date.is_(None), Assignment.to_date >= today()),
    )
    return list(session().scalars(select(Person).where(Person.id.in_(theirs), Person.is_active).order_by(Person.name)))


def _told(taken: planning.TakenOver, agent: Person) -> str:
    """What was done, and what she cannot hold where it stands."""
    words = gettext("%(name)s has taken over lessons: %(count)s.", name=agent.name, count=taken.count)
    if not taken.clashes:
        return words
    themes = themes_today()
    lines = [
        gettext("“%(title)s” on %(date)s: %(why)s", title=theme.title, date=day(lesson.date), why=said(why))
        for lesson, why in taken.clashes
        if (theme := themes.get(lesson.theme_id))
    ]
    to_move = gettext("Some of them need a new date. %(lessons)s.", lessons="; ".join(lines))
    return f"{words} {to_move}"


@blueprint.route("/rekker/<series>/avslutt", methods=["GET", "POST"])
@open_to(AGENT)
def end_series(series: str) -> AnyResponse:
    """End a series before its time: every lesson from a day on is cancelled at once."""
    found = find_by_id(Series, series, act="plan", load=_with_staff())
    form = EndSeriesForm(date=today())
    if form.validate_on_submit():
        assert form.date.data is not None
        change = planning.end_series(session(), found, form.date.data, why=form.whole_reason, by=me(), now=now())
        words = gettext("The series ends on %(date)s. Lessons cancelled: %(count)s.", date=day(form.date.data), count=len(change.lessons))
        return done(words, "agents.series_page", series=series, undo=undo_of(found))
    coming = [one for one in found.lessons if one.state == PLANNED and one.date >= today()]
    return page("agents/end_series.html", form=form, series=found, coming=coming, lesson={"series": found})
