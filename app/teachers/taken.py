"""The class is taken when a lesson is to be held: said by its teacher, with or without an account; and how a lesson runs that she holds."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask import Response, abort, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectField

from app.access import EVERYONE, find, find_link, open_to
from app.database import now, session, today
from app.language import clock, day, gettext, speak, weekday
from app.pages import Form, done, page
from app.teachers.routes import blueprint, language_of
from curriculum import delivery, ideabank, planning
from curriculum.base import N_, fold_code
from curriculum.people import TEACHER, Link, with_halves
from curriculum.planning import CHANGE_REASONS, PLANNED, DateProposal, Lesson, Series, lesson_classes


class TakenForm(Form):
    """Why the class is taken, and a day that would do instead. The days are given by the view."""

    why = SelectField(N_("Why"), default="")
    wish = SelectField(N_("A day that would do"), default="")


@blueprint.route("/uke/<lesson>/opptatt", methods=["GET", "POST"])
@open_to(TEACHER)
def taken(lesson: str) -> AnyResponse:
    """Say that the class is taken, and wish for another day."""
    found = find(Lesson, Lesson.public_id == lesson, Lesson.series.has(Series.in_use), act="propose", load=_LOADED)
    form = _form(found)
    if form.validate_on_submit():
        _say(found, form)
        week = str(planning.iso_week(found.date))
        return done(gettext("The agent sees that the class is taken, and answers."), "teachers.week", written=week)
    back = url_for("teachers.week", written=str(planning.iso_week(found.date)))
    return page("teachers/taken.html", form=form, lesson=found, title=_title(found), back=back, sent=_sent(found), public=False)


@blueprint.route("/l/<code>/<lesson>/opptatt", methods=["GET", "POST"], strict_slashes=False)
@open_to(EVERYONE)
def link_taken(code: str, lesson: str) -> AnyResponse:
    """Say that the class is taken, by the class's link. Only this page of the link's has a form, and the cookie that a form needs."""
    link = find_link("teacher", fold_code(code))
    speak(language_of(link))
    found = _of_link(link, lesson)
    back = url_for("teachers.link_week", code=link.code, written=str(planning.iso_week(found.date)))
    form = _form(found)
    if form.validate_on_submit():
        _say(found, form)
        return redirect(back, 303)
    return page("teachers/taken.html", form=form, lesson=found, title=_title(found), back=back, sent=_sent(found), public=True)


def _of_link(link: Link, public_id: str) -> Lesson:
    """A lesson of the link's class or of its halves."""
    theirs = select(lesson_classes.c.lesson_id).where(lesson_classes.c.class_id.in_(with_halves([link.class_id])))
    query = select(Lesson).join(Lesson.series).where(Lesson.public_id == public_id, Lesson.id.in_(theirs), Series.in_use)
    return session().scalars(query.options(*_LOADED)).unique().first() or abort(404)


_LOADED = (joinedload(Lesson.series).joinedload(Series.school_class), joinedload(Lesson.theme))


def _form(lesson: Lesson) -> TakenForm:
    form = TakenForm()
    form.why.choices = [("", gettext("No reason given")), *((kept, gettext(said)) for kept, said in CHANGE_REASONS.items())]
    is_ahead = lesson.state == PLANNED and lesson.date >= today()
    days = planning.other_days(session(), lesson, today()) if is_ahead else []
    named = {one.date.isoformat(): f"{weekday(one.date)} {day(one.date)} {clock(one.start)}" for one in days}
    form.wish.choices = [("", gettext("Any other day")), *named.items()]
    return form


def _say(lesson: Lesson, form: TakenForm) -> None:
    wish = date.fromisoformat(form.wish.data) if form.wish.data else None
    planning.say_taken(session(), lesson, why=form.why.data or "", wish=wish, now=now())


def _sent(lesson: Lesson) -> DateProposal | None:
    """What was said of the lesson already and waits for an answer."""
    sent = planning.latest_proposals(session(), [lesson.public_id]).get(lesson.public_id)
    return sent if sent and planning.is_open(sent, today()) else None


def _title(lesson: Lesson) -> str:
    version = lesson.pinned_version or ideabank.current(lesson.theme, today())
    return version.title if version else lesson.theme.key


@blueprint.get("/l/<code>/<lesson>/opplegg", strict_slashes=False)
@open_to(EVERYONE)
def link_run_sheet(code: str, lesson: str) -> Response:
    """How a lesson runs that the class's teacher holds, with its words, by the class's link; of other lessons only the week tells."""
    link = find_link("teacher", fold_code(code))
    speak(language_of(link))
    found = _of_link(link, lesson)
    version = found.pinned_version or ideabank.current(found.theme, today())
    if not found.by_teacher or found.state != PLANNED or version is None:
        abort(404)
    starts = datetime.combine(found.date, found.start)
    rest = delivery.rests_taken_up(session(), [found]).get(found.id)
    sheet = delivery.plan_for_screen(version, (datetime.combine(found.date, found.end) - starts).seconds // 60, rest)
    week = planning.iso_week(found.date)
    pages = delivery.week(session(), [link.school_class], week.year, week.number, today())
    shown = next(one for one in pages[0].lessons if one.lesson == found.public_id)
    clocks = [(starts + timedelta(minutes=step.start)).time() for step in sheet.steps]
    back = url_for("teachers.link_week", code=link.code, written=str(week))
    return page(
        "teachers/run_sheet.html",
        sheet=sheet,
        rest=rest,
        lesson=shown,
        clocks=clocks,
        back=back,
        source=shown.summary.source_lang,
        public=True,
    )
