"""A lesson held as one with those of other classes, and each by itself again."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from app.access import me, open_to, visible
from app.agents.changes import undo_of
from app.agents.forms import LessonForm
from app.agents.one_lesson import back_to, done_with, find_lesson, title_of, when_of
from app.agents.routes import blueprint
from app.agents.together import together_with
from app.database import now, session, today
from app.language import clock, day, gettext, weekday
from app.pages import page
from curriculum import planning
from curriculum.base import N_
from curriculum.people import AGENT
from curriculum.planning import Lesson


class JoinForm(LessonForm):
    """The lessons of other classes that are to be held as one with this one. Its choices are given by the view."""

    others = SelectMultipleField(
        N_("Which classes"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), validate_choice=False
    )


@blueprint.route("/rekker/<series>/<lesson>/sammen", methods=["GET", "POST"])
@open_to(AGENT)
def join(series: str, lesson: str) -> AnyResponse:
    """Hold lessons of other classes as one with a lesson."""
    found = find_lesson(series, lesson)
    form = JoinForm(seen=found.version)
    offered = planning.joinable(session(), found, visible(Lesson, "plan"), today())
    form.others.choices = [(one.public_id, _said(one)) for one in offered]
    if form.validate_on_submit():
        chosen = [one for one in offered if one.public_id in (form.others.data or ())]
        planning.join(session(), found, chosen, by=me(), now=now())
        names = ", ".join(one.series.school_class.name for one in chosen)
        words = gettext("“%(title)s” is held together with %(names)s on %(date)s.", title=title_of(found), names=names, date=when_of(found))
        return done_with(words, series, undo=undo_of(found.series))
    return _show(found, form, offered)


@blueprint.route("/rekker/<series>/<lesson>/hver-for-seg", methods=["GET", "POST"])
@open_to(AGENT)
def part(series: str, lesson: str) -> AnyResponse:
    """Hold each of the lessons that are one by itself again."""
    found = find_lesson(series, lesson)
    form = JoinForm(seen=found.version)
    if form.validate_on_submit():
        planning.part(session(), found, by=me(), now=now())
        words = gettext("“%(title)s” is held for each class by itself.", title=title_of(found))
        return done_with(words, series, undo=undo_of(found.series))
    offered = planning.joinable(session(), found, visible(Lesson, "plan"), today())
    form.others.choices = [(one.public_id, _said(one)) for one in offered]
    return _show(found, form, offered)


def _show(lesson: Lesson, form: JoinForm, offered: Sequence[Lesson]) -> Response:
    together = together_with([lesson]).get(lesson.id, "")
    back = back_to(lesson.series.public_id)
    return page("agents/join.html", form=form, lesson=lesson, title=title_of(lesson), offered=offered, together=together, back=back)


def _said(lesson: Lesson) -> str:
    """A lesson of another class: whose it is, and when it stands now."""
    when = f"{weekday(lesson.date)} {day(lesson.date)} {clock(lesson.start)}"
    return f"{lesson.series.school_class.name}: {when}"
