"""“I am away today”: what becomes of each lesson then, decided at once, and everyone it touches told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from flask import abort, current_app, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from app.access import me, open_to, refuse
from app.agents import telling
from app.agents.forms import AwayForm, Press
from app.agents.halving import Weeks, after_moving, in_which_week
from app.agents.one_lesson import asked_anew
from app.agents.routes import blueprint, refusal_of, themes_today
from app.database import now, session, today
from app.language import gettext
from app.pages import done, page
from curriculum import planning
from curriculum.base import Refused
from curriculum.people import AGENT, COORDINATOR, HALF, Person
from curriculum.planning import Absence, Choice, WayOut

TODAY, TOMORROW = "i-dag", "i-morgen"
"""The two days that have a button of their own."""

LESSON, SEEN = "okt-", "sett-"
"""Before a lesson's public id: the fields of what becomes of it, and of the number of the state it was seen in."""


@blueprint.route("/borte", methods=["GET", "POST"])
@open_to(AGENT, COORDINATOR)
def away() -> AnyResponse:
    """Say that somebody is away on some days, and what becomes of her lessons; herself, a colleague or the coordinator can."""
    agents = planning.agents_of_district(session(), me().district_id, today())
    hers = [one for one in agents if planning.may_report_away(me(), one, today())]
    asked = request.form if request.method == "POST" else _asked(hers)
    person = _person(asked.get("for", ""), hers, agents)
    form = AwayForm(asked)
    form.person.choices = [(one.public_id, one.name) for one in hers]
    if form.validate_on_submit():
        assert person is not None and form.first.data is not None and form.last.data is not None
        days = form.first.data, form.last.data
        absence = planning.report_away(session(), person, *days, _choices(), by=me(), now=now())
        telling.tell(absence, by=me())
        words = gettext("%(name)s is away, and her lessons are dealt with.", name=person.name)
        return done(words, "agents.away_told", absence=absence.id)  # the page itself has the button that takes it back
    ways = _ways(form, person) if form.is_submitted() or any(name in request.args for name in ("dag", "fra")) else None
    return page(
        "agents/away.html", form=form, person=person, agents=hers, proposed=ways, chosen=_chosen(ways or []), titles=_titles(ways or []),
        classes=_classes(ways or []), today_button=TODAY, tomorrow_button=TOMORROW, halves=_halves(ways or []),
        in_which_week=in_which_week, is_visited=planning.is_visited,
    )  # fmt: skip


def _asked(hers: Iterable[Person]) -> MultiDict[str, str]:
    """What the address asks for; today and oneself where it says nothing."""
    asked = MultiDict(request.args)
    day = today() + timedelta(asked.get("dag") == TOMORROW)
    if "dag" in asked or not asked.get("fra"):
        asked["fra"] = asked["til"] = day.isoformat()
    if not asked.get("til"):
        asked["til"] = asked["fra"]
    if "for" not in asked:
        asked["for"] = me().public_id if any(one.id == me().id for one in hers) else ""
    return asked


def _person(public_id: str, hers: Iterable[Person], agents: Iterable[Person]) -> Person | None:
    """Whom it is about; None while nobody is chosen. Somebody of whom it is not hers to say: 403."""
    found = next((one for one in hers if one.public_id == public_id), None)
    if found is None and public_id:
        if any(one.public_id == public_id for one in agents):
            refuse("away")
        abort(404)
    return found


def _ways(form: AwayForm, person: Person | None) -> list[WayOut]:
    if person is None or form.first.data is None or form.last.data is None:
        if not form.is_submitted():
            form.show_unread()
        return []
    try:
        return planning.ways_out(session(), person, form.first.data, form.last.data, by=me(), now=now())
    except Refused as no:
        if not form.is_submitted():
            form.refuse(no)
        return []


def _choices() -> Mapping[str, Choice]:
    """What was chosen for each lesson that was shown; those that are held as one share a choice."""
    found = {}
    for name, seen in request.form.items():
        if name.startswith(SEEN):
            public_id, _, shared = name.removeprefix(SEEN).partition(".")
            found[public_id] = _choice(request.form.get(f"{LESSON}{shared or public_id}", ""), seen)
    return found


def _choice(value: str, seen: str) -> Choice:
    how, _, more = value.partition(":")
    number = _number(seen)
    if how == planning.SHIFT:
        return Choice(how, number, rest_seen=_number(more))
    if how != planning.MOVE:
        return Choice(how, number, agent=more)
    try:
        moment = datetime.fromisoformat(more)
    except ValueError:
        return Choice("", number)
    return Choice(how, number, moment.date(), moment.time())


def _number(written: str) -> int:
    return int(written) if written.isdecimal() and len(written) < 10 else -1


def _chosen(ways: Iterable[WayOut]) -> Mapping[str, str]:
    """What stands in each lesson's field: what was chosen, else what is proposed."""
    return {one.lesson.public_id: request.form.get(f"{LESSON}{one.lesson.public_id}", "") or _proposed(one) for one in ways}


def _proposed(way: WayOut) -> str:
    if way.best == planning.MOVE and way.to is not None:
        return f"{planning.MOVE}:{way.to.date.isoformat()}T{way.to.start:%H:%M}"
    if way.best == planning.SHIFT:
        return f"{planning.SHIFT}:{way.rest_seen}"
    return f"{planning.COLLEAGUE}:{way.agents[0].public_id}" if way.best == planning.COLLEAGUE else way.best


def _titles(ways: Iterable[WayOut]) -> Mapping[int, str]:
    themes = themes_today()
    lessons = [lesson for one in ways for lesson in (one.lesson, *(shift.lesson for shift in one.shift))]
    return {one.id: themes[one.theme_id].title if one.theme_id in themes else one.theme.key for one in lessons}


def _halves(ways: Sequence[WayOut]) -> Mapping[int, Weeks]:
    """In which weeks the other halves have the theme of a lesson, or would by what is proposed for them."""
    halves = [one.lesson for one in ways if one.lesson.series.school_class.kind == HALF]
    asked = {lesson.id for way in ways for lesson in way.lessons}
    proposed = {shift.lesson.id: shift.date for way in ways for shift in way.proposed if shift.lesson.id in asked}
    return planning.weeks_of_other_halves(session(), halves, proposed)


def _classes(ways: Iterable[WayOut]) -> Mapping[int, str]:
    return {one.lesson.id: ", ".join(telling.names(lesson, me()) for lesson in one.lessons) for one in ways}


# --- Afterwards -----------------------------------------------------------------------------------------------------------------------


@blueprint.get("/borte/<int:absence>")
@open_to(AGENT, COORDINATOR)
def away_told(absence: int) -> AnyResponse:
    """What became of the lessons, who was told, and what can be copied and sent."""
    return _show_told(_absence(absence))


@blueprint.route("/borte/<int:absence>/angre", methods=["GET", "POST"])
@open_to(AGENT, COORDINATOR)
def take_back_away(absence: int) -> AnyResponse:
    """She is not away after all: every lesson is as it was, and everyone who was told is told so."""
    found = _absence(absence)
    form = Press()
    if form.validate_on_submit():
        name = found.person.name
        planning.take_back_away(session(), found, tell=partial(telling.tell_back, by=me()), by=me(), now=now())
        return done(gettext("%(name)s is not away after all. Her lessons are as they were.", name=name), "agents.away")
    return _show_told(found, refusal_of(form))


def _absence(number: int) -> Absence:
    found = session().get(Absence, number)
    if found is None or not planning.may_report_away(me(), found.person, today()):
        abort(404)
    return found


def _show_told(absence: Absence, refusal: str = "") -> AnyResponse:
    outcomes = [one for one in planning.outcomes(session(), absence.change) if telling.names(one.lesson, me())]
    moved = [one.lesson for one in outcomes if one.how == planning.MOVE]
    apart, more = after_moving(moved)
    return page(
        "agents/away_told.html",
        notes=f"{asked_anew(moved)}{apart}".strip(),
        more=more,
        absence=absence,
        outcomes=outcomes,
        lines=[telling.line(one, me(), absence.person) for one in outcomes],
        everything=telling.for_teams(outcomes, absence),
        messages=[telling.for_sms(one, absence.person) for one in outcomes],
        is_open=current_app.extensions["post"].is_open,
        refusal=refusal,
    )
