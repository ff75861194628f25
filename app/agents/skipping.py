"""A lesson that was held without some of its parts: which were done, since the parents read of those alone."""

from __future__ import annotations

from flask import abort
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectMultipleField

from app.access import me, open_to
from app.agents.forms import LessonForm
from app.agents.one_lesson import back_to, done_with, find_lesson, title_of
from app.agents.routes import blueprint
from app.database import now, session, today
from app.language import gettext
from app.pages import page
from curriculum import delivery
from curriculum.base import N_, Refused
from curriculum.people import AGENT
from curriculum.planning import CANCELLED


class DoneForm(LessonForm):
    """The parts that were done. What may be ticked, the view says."""

    parts = SelectMultipleField(N_("Parts that were done"), validate_choice=False)


@blueprint.route("/rekker/<series>/<lesson>/deler", methods=["GET", "POST"])
@open_to(AGENT)
def held_in_part(series: str, lesson: str) -> AnyResponse:
    """Record that a lesson was held, and which of its parts were done: what parents read of the others is left out."""
    found = find_lesson(series, lesson, "hold")
    parts = delivery.parts_to_tick(session(), found, today())
    form = DoneForm(seen=found.version, parts=[part.uid for part in parts if part.is_meant])
    if form.validate_on_submit():
        skipped = _skipped(parts, form.parts.data or [])
        delivery.hold(session(), found, by=me(), now=now(), skipped=skipped)
        return done_with(gettext("“%(title)s” is recorded as held.", title=title_of(found)), series)
    if found.held_record is not None or found.state == CANCELLED:
        abort(404)
    return page("agents/held_in_part.html", form=form, lesson=found, title=title_of(found), parts=parts, back=back_to(series))


def _skipped(parts: tuple[delivery.Part, ...], done: list[str]) -> list[str]:
    there = [part.uid for part in parts]
    if not set(done) <= set(there):
        raise Refused(N_("Choose among those that are offered."), at="parts")
    if not done:
        raise Refused(N_("Tick the parts that were done. If none was, move the lesson or cancel it."), at="parts")
    return [uid for uid in there if uid not in done]
