"""The class is taken, a teacher has said: another day, or not now."""

from __future__ import annotations

from datetime import datetime

from flask import abort, request, url_for
from sqlalchemy.orm import joinedload
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from app.access import find_by_id, me, open_to, safe_next
from app.agents import telling
from app.agents.forms import AnswerForm, Press
from app.agents.one_lesson import asked_anew
from app.agents.routes import blueprint, refusal_of
from app.database import now, session, today
from app.language import clock, day, gettext, weekday
from app.pages import done, page
from curriculum import planning
from curriculum.people import AGENT
from curriculum.planning import DateProposal, Lesson, PossibleDate

NOT_NOW, THERE = "nei", "flytt"
"""The two answers."""


@blueprint.route("/opptatt/<proposal>", methods=["GET", "POST"])
@open_to(AGENT)
def answer(proposal: str) -> AnyResponse:
    """Move the lesson of which a teacher said that the class is taken, or let it stand; the teacher is told."""
    found = _proposal(proposal)
    days = planning.other_days(session(), found.lesson, today()) if planning.is_open(found, today()) else []
    asked = MultiDict(request.form)
    if "dag" in asked:  # the button with the day that the teacher wished for
        asked["where"] = _value(next((one for one in days if one.date.isoformat() == asked["dag"]), None))
    form = AnswerForm(asked if request.method == "POST" else None, where=_value(_wished(found, days)))
    form.where.choices = [(_value(one), f"{weekday(one.date)} {day(one.date)} {clock(one.start)}") for one in days]
    if request.form.get("svar") == NOT_NOW or not days:
        form.where.validators, form.where.validate_choice = (), False
    if form.validate_on_submit():
        return _decline(found) if request.form.get("svar") == NOT_NOW else _accept(found, form.where.data or "")
    state = planning.state_of_proposal(found, today())
    return page(
        "agents/answer.html", form=form, proposal=found, lesson=found.lesson, title=telling.title(found.lesson), state=state, days=days,
        wished=_wished(found, days), names=telling.names(found.lesson, me()), why=telling.why_taken(found),
        back=_back(), not_now=NOT_NOW, there=THERE,
    )  # fmt: skip


def _accept(proposal: DateProposal, where: str) -> AnyResponse:
    try:
        moment = datetime.fromisoformat(where)
    except ValueError:
        abort(400)
    planning.accept(session(), proposal, moment.date(), moment.time(), by=me(), now=now())
    telling.tell_answer(proposal, by=me())
    words = gettext(
        "“%(title)s” is moved to %(date)s, and the teacher is told.", title=telling.title(proposal.lesson), date=day(moment.date())
    )
    return done(words + asked_anew([proposal.lesson]), "agents.my_week", to=_back(), undo=_undo(proposal))


def _decline(proposal: DateProposal) -> AnyResponse:
    planning.decline(session(), proposal, by=me(), now=now())
    telling.tell_answer(proposal, by=me())
    words = gettext("“%(title)s” stays where it is, and the teacher is told.", title=telling.title(proposal.lesson))
    return done(words, "agents.my_week", to=_back(), undo=_undo(proposal))


@blueprint.route("/opptatt/<proposal>/angre", methods=["GET", "POST"])
@open_to(AGENT)
def take_back_answer(proposal: str) -> AnyResponse:
    """Take an answer back: the lesson is where it was, and the teacher's question waits again."""
    found = _proposal(proposal)
    form = Press()
    if form.validate_on_submit():
        planning.take_back_answer(session(), found, by=me(), now=now())
        telling.tell_answer(found, by=me())
        return done(gettext("The answer is taken back, and the teacher is told."), "agents.answer", proposal=proposal)
    return page("agents/refused.html", words=refusal_of(form), back=url_for("agents.answer", proposal=proposal))


def _proposal(public_id: str) -> DateProposal:
    return find_by_id(DateProposal, public_id, "plan", (joinedload(DateProposal.lesson).joinedload(Lesson.series),))


def _undo(proposal: DateProposal) -> str:
    return url_for("agents.take_back_answer", proposal=proposal.public_id)


def _wished(proposal: DateProposal, days: list[PossibleDate]) -> PossibleDate | None:
    """The day that the teacher wished for, where the lesson can be held on it."""
    return next((one for one in days if one.date == proposal.wish), None)


def _value(day: PossibleDate | None) -> str:
    return f"{day.date.isoformat()}T{day.start:%H:%M}" if day else ""


def _back() -> str:
    return safe_next(request.values.get("next"), url_for("agents.my_week"))
