"""An agent's own week: today first, what nobody has confirmed, what is new, and the other days."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, request
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response as AnyResponse

from app.access import me, open_to, visible
from app.agents import telling
from app.agents.forms import HoldSeveralForm
from app.agents.one_lesson import title_of
from app.agents.routes import blueprint
from app.database import now, session, today
from app.language import gettext
from app.pages import done, page
from curriculum import delivery, planning
from curriculum.people import AGENT
from curriculum.planning import Lesson, Series, Week

YEARS = range(1900, 3000)
"""Years whose weeks have an address: every week near them is a date too."""


@blueprint.get("/uka-mi")
@open_to(AGENT)
def my_week() -> AnyResponse:
    """The week of today."""
    return _show(planning.iso_week(today()))


@blueprint.get("/uka-mi/<written>")
@open_to(AGENT)
def my_other_week(written: str) -> AnyResponse:
    """Any week, written 2026-W42."""
    try:
        week = planning.parse_week(written)
    except LookupError:
        abort(404)
    if week.year not in YEARS:
        abort(404)
    return _show(week)


@blueprint.route("/uka-mi/gjennomfort", methods=["GET", "POST"])
@open_to(AGENT)
def hold_several() -> AnyResponse:
    """Record at once that several lessons were held, such as those of parallel classes; a GET shows the week as it is."""
    form = HoldSeveralForm()
    if form.validate_on_submit():
        confirmed = delivery.hold_several(session(), _chosen(form.lessons.data or []), by=me(), now=now())
        return done(_said(confirmed), "agents.my_week")
    return _show(planning.iso_week(today()), form)


def _show(week: Week, form: HoldSeveralForm | None = None) -> AnyResponse:
    shown = delivery.my_week(session(), me(), week, now=now())
    chosen = request.form.getlist("lessons") if form else []
    refusal = " ".join([*form.form_errors, *form.lessons.errors]) if form and form.is_submitted() else ""
    return page("agents/my_week.html", features=planning.FEATURES, shown=shown, chosen=chosen, refusal=refusal, taken=telling.taken(me()))


def _chosen(marks: Sequence[str]) -> list[tuple[Lesson, str]]:
    """The lessons of the ticked boxes, each with the number of the state it was ticked in. One that is not hers: 404."""
    seen = dict(mark.rpartition(".")[::2] for mark in marks)
    query = visible(Lesson, "hold").where(Lesson.public_id.in_(seen), Lesson.series.has(Series.in_use)).options(joinedload(Lesson.series))
    found = session().scalars(query.order_by(Lesson.date, Lesson.start, Lesson.id)).unique().all()
    if len(found) != len(seen):
        abort(404)
    return [(lesson, seen[lesson.public_id]) for lesson in found]


def _said(confirmed: delivery.Confirmed) -> str:
    """What was done, lesson by lesson."""
    words = []
    if confirmed.held:
        words.append(gettext("Recorded as held: %(lessons)s.", lessons=_named(confirmed.held)))
    if confirmed.before:
        words.append(gettext("Somebody had recorded this already: %(lessons)s.", lessons=_named(confirmed.before)))
    return " ".join(words)


def _named(lessons: Sequence[Lesson]) -> str:
    return "; ".join(f"{lesson.series.school_class.name} {title_of(lesson)}" for lesson in lessons)
