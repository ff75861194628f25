"""A lesson that needs somebody from outside: who is asked, what they answered, and what is held instead."""

from __future__ import annotations

from typing import Any

from flask import abort, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse
from wtforms import RadioField, SelectField

from app.access import me, open_to
from app.agents.changes import undo_of
from app.agents.forms import LessonForm
from app.agents.one_lesson import back_to, find_lesson, title_of, when_of
from app.agents.routes import blueprint, themes_today
from app.database import now, session, today
from app.language import clock, gettext
from app.pages import done, page, said
from curriculum import planning
from curriculum.base import N_
from curriculum.ideabank import THEME, Document
from curriculum.people import AGENT
from curriculum.planning import ASKED, NO, YES, Lesson, Presenter

ANSWERS = {ASKED: N_("No answer yet"), YES: N_("Yes, they come"), NO: N_("No, they cannot come")}


class AskForm(LessonForm):
    """Who is asked. Its choices are given by the view."""

    presenter = RadioField(N_("Who is asked"), validate_choice=False)


class AnswerForm(LessonForm):
    """What they answered."""

    answer = RadioField(N_("Their answer"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answer.choices = [(value, gettext(words)) for value, words in ANSWERS.items()]


class FallbackForm(LessonForm):
    """What is held when they cannot come. Its choices are given by the view."""

    theme = SelectField(N_("Fallback theme"))


@blueprint.route("/rekker/<series>/<lesson>/besok", methods=["GET", "POST"])
@open_to(AGENT)
def visit(series: str, lesson: str) -> AnyResponse:
    """Ask somebody from outside to a lesson: the text to send is ready, and nothing is sent from here."""
    found = _visited(series, lesson)
    form = AskForm(seen=found.version, presenter=found.asked_presenter.public_id if found.asked_presenter else "")
    if form.validate_on_submit():
        presenter = _presenter(form.presenter.data or "")
        planning.ask(session(), found, presenter, by=me(), now=now())
        return _said(gettext("%(name)s: asked. Send them the text.", name=presenter.name), found)
    return _show(found, ask=form)


@blueprint.route("/rekker/<series>/<lesson>/besok/svar", methods=["GET", "POST"])
@open_to(AGENT)
def visit_answer(series: str, lesson: str) -> AnyResponse:
    """Write down what they answered."""
    found = _visited(series, lesson)
    form = AnswerForm(seen=found.version, answer=found.presenter_answer)
    if form.validate_on_submit():
        planning.answer(session(), found, form.answer.data, by=me(), now=now())
        return _said(gettext("The answer is written down."), found)
    return _show(found, answer=form)


@blueprint.route("/rekker/<series>/<lesson>/besok/reservetema", methods=["GET", "POST"])
@open_to(AGENT)
def fallback(series: str, lesson: str) -> AnyResponse:
    """Choose what is held when they cannot come."""
    found = _visited(series, lesson)
    form = _fallback_form(found, is_sent=True)
    if form.validate_on_submit():
        mine = select(Document).where(Document.district_id == me().district_id, Document.kind == THEME)
        theme = session().scalars(mine.where(Document.key == form.theme.data)).first()
        planning.choose_fallback(session(), found, theme, today=today(), by=me(), now=now())
        return _said(gettext("The fallback theme is saved."), found)
    return _show(found, fallback=form)


@blueprint.route("/rekker/<series>/<lesson>/besok/bruk-reservetemaet", methods=["GET", "POST"])
@open_to(AGENT)
def use_fallback(series: str, lesson: str) -> AnyResponse:
    """Hold the fallback theme instead, on the same day."""
    found = _visited(series, lesson)
    form = LessonForm(seen=found.version)
    if form.validate_on_submit():
        _, missing = planning.use_fallback(session(), found, today=today(), by=me(), now=now())
        words = gettext("“%(title)s” is held on %(date)s instead.", title=title_of(found), date=when_of(found))
        if missing:
            titles = ", ".join(f"“{version_title(theme)}”" for theme in missing)
            words += " " + gettext("Fixed themes are now missing: %(titles)s. Add them, or give a waiver with a reason.", titles=titles)
        to = url_for("agents.series_page", series=series)
        return done(words, "agents.series_page", to=to, undo=undo_of(found.series), series=series)
    return _show(found, use=form)


def _visited(series: str, lesson: str) -> Lesson:
    """A lesson that somebody from outside is to come to; any other has no such page."""
    found = find_lesson(series, lesson)
    if not found.presenter:
        abort(404)
    return found


def _presenter(public_id: str) -> Presenter:
    query = select(Presenter).where(Presenter.public_id == public_id, Presenter.district_id == me().district_id)
    return session().scalars(query).first() or abort(404)


def version_title(theme: Document) -> str:
    """What a theme is called today."""
    edition = themes_today().get(theme.id)
    return edition.title if edition else theme.key


def _fallback_form(lesson: Lesson, *, is_sent: bool = False) -> FallbackForm:
    chosen = lesson.fallback_theme.key if lesson.fallback_theme else ""
    form = FallbackForm(seen=lesson.version, theme=chosen) if is_sent else FallbackForm(formdata=None, seen=lesson.version, theme=chosen)
    offered = planning.fallback_themes(session(), lesson, today())
    form.theme.choices = [("", gettext("None")), *((one.key, one.title) for one in offered)]
    return form


def _said(words: str, lesson: Lesson) -> AnyResponse:
    to = url_for("agents.visit", series=lesson.series.public_id, lesson=lesson.public_id)
    return done(words, "agents.visit", to=to, undo=undo_of(lesson.series), series=lesson.series.public_id, lesson=lesson.public_id)


def _show(
    lesson: Lesson,
    *,
    ask: AskForm | None = None,
    answer: AnswerForm | None = None,
    fallback: FallbackForm | None = None,
    use: LessonForm | None = None,
) -> AnyResponse:
    forms = [one for one in (ask, answer, fallback, use) if one is not None]
    ask = ask or AskForm(formdata=None, seen=lesson.version, presenter=lesson.asked_presenter.public_id if lesson.asked_presenter else "")
    answer = answer or AnswerForm(formdata=None, seen=lesson.version, answer=lesson.presenter_answer)
    return page(
        "agents/visit.html", lesson=lesson, title=title_of(lesson), candidates=planning.candidates(session(), lesson), ask=ask,
        answer=answer,
        fallback=fallback or _fallback_form(lesson), faulty=next(iter(forms)), in_words=said, letter=_letter(lesson),
        since=planning.answered_on(session(), [lesson]).get(lesson.id), back=back_to(lesson.series.public_id),
        fallback_title=version_title(lesson.fallback_theme) if lesson.fallback_theme else "",
    )  # fmt: skip


def _letter(lesson: Lesson) -> str:
    """The text to send: of a small group it says no more than that it is a group of the school."""
    group = lesson.series.school_class
    name = gettext("a group") if group.is_confidential else group.name
    return gettext(
        "Hello! We hope that you can take part in a lesson about “%(title)s” with %(name)s at %(school)s on %(date)s from %(start)s to "
        "%(end)s. Can you come? Regards, %(me)s",
        title=title_of(lesson), name=name, school=group.school.name, date=when_of(lesson), start=clock(lesson.start), end=clock(lesson.end),
        me=me().name,
    )  # fmt: skip
