"""One lesson of a series: moved, cancelled, held after all, its date locked, its room, and that it was held."""

from __future__ import annotations

from flask import Response, abort, request, url_for
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.wrappers import Response as AnyResponse

from app.access import find, me, open_to
from app.agents.forms import CancelForm, MoveForm, Press, RoomForm
from app.agents.routes import blueprint, refusal_of, show_series, whole_series
from app.database import now, session, today
from app.language import day, gettext, weekday
from app.pages import done, page
from curriculum import delivery, ideabank, planning
from curriculum.base import N_
from curriculum.people import AGENT, SchoolClass
from curriculum.planning import Lesson, Move, Series

TYPED = {"date": N_("New date"), "start_time": N_("Starts at"), "why": N_("Why"), "room": N_("Room")}
"""What a form about a lesson may carry, with its label: shown again when somebody else was faster."""


@blueprint.route("/rekker/<series>/<lesson>/flytt", methods=["GET", "POST"])
@open_to(AGENT)
def move(series: str, lesson: str) -> AnyResponse:
    """Find a new date for a lesson."""
    found = _lesson(series, lesson)
    form = MoveForm(date=found.date, start_time=found.start, seen=found.version)
    if form.validate_on_submit():
        planning.move_lesson(session(), found, form.date.data, form.start_time.data, why=form.why.data or "", by=me(), now=now())
        words = gettext("“%(title)s” is moved to %(date)s.", title=_title(found), date=_when(found))
        return done(words, "agents.series_page", series=series, undo=_undo("agents.move_back", series, found))
    return page("agents/move.html", form=form, lesson=found, title=_title(found))


@blueprint.route("/rekker/<series>/<lesson>/flytt-tilbake", methods=["GET", "POST"])
@open_to(AGENT)
def move_back(series: str, lesson: str) -> AnyResponse:
    """Undo a lesson's last move."""
    found = _lesson(series, lesson)
    form = Press()
    if form.validate_on_submit():
        planning.move_back(session(), found, by=me(), now=now())
        words = gettext("“%(title)s” is back on %(date)s.", title=_title(found), date=_when(found))
        return done(words, "agents.series_page", series=series)
    return _lesson_refused(series, form)


@blueprint.route("/rekker/<series>/<lesson>/avlys", methods=["GET", "POST"])
@open_to(AGENT)
def cancel(series: str, lesson: str) -> AnyResponse:
    """Cancel a lesson: it will not be held, and the parents' page says so."""
    found = _lesson(series, lesson)
    form = CancelForm(seen=found.version)
    if form.validate_on_submit():
        planning.cancel_lesson(session(), found, why=form.why.data or "", by=me(), now=now())
        words = gettext("“%(title)s” is cancelled.", title=_title(found))
        return done(words, "agents.series_page", undo=_undo("agents.restore", series, found), series=series)
    return page("agents/cancel.html", form=form, lesson=found, title=_title(found), leaves_gap=_leaves_gap(found), refusal=refusal_of(form))


def _leaves_gap(lesson: Lesson) -> bool:
    """Whether the series would lack a fixed theme without this lesson."""
    series = lesson.series
    others = {one.theme_id for one in series.lessons if one is not lesson and one.state != planning.CANCELLED}
    is_covered = lesson.theme_id in others | {waiver.theme_id for waiver in series.waivers}
    return lesson.theme.key in planning.fixed_themes(series.outline_version) and not is_covered


@blueprint.route("/rekker/<series>/<lesson>/likevel", methods=["GET", "POST"])
@open_to(AGENT)
def restore(series: str, lesson: str) -> AnyResponse:
    """Undo a cancellation: the lesson is held after all."""
    found = _lesson(series, lesson)
    form = Press()
    if form.validate_on_submit():
        planning.restore_lesson(session(), found, by=me(), now=now())
        return done(gettext("“%(title)s” is held after all.", title=_title(found)), "agents.series_page", series=series)
    return _lesson_refused(series, form)


@blueprint.route("/rekker/<series>/<lesson>/las", methods=["GET", "POST"])
@open_to(AGENT)
def lock(series: str, lesson: str) -> AnyResponse:
    """Lock the date of a lesson: it stays when the series is planned anew."""
    return _set_lock(series, lesson, True, N_("The date of “%(title)s” is locked."))


@blueprint.route("/rekker/<series>/<lesson>/las-opp", methods=["GET", "POST"])
@open_to(AGENT)
def unlock(series: str, lesson: str) -> AnyResponse:
    """Let the date of a lesson move again."""
    return _set_lock(series, lesson, False, N_("The date of “%(title)s” is no longer locked."))


def _set_lock(series: str, lesson: str, locked: bool, words: str) -> AnyResponse:
    found = _lesson(series, lesson)
    form = Press()
    if form.validate_on_submit():
        planning.lock_lesson(session(), found, locked)
        return done(gettext(words, title=_title(found)), "agents.series_page", series=series)
    return _lesson_refused(series, form)


@blueprint.route("/rekker/<series>/<lesson>/rom", methods=["GET", "POST"])
@open_to(AGENT)
def room(series: str, lesson: str) -> AnyResponse:
    """Say in which room a lesson is held."""
    found = _lesson(series, lesson)
    form = RoomForm(room=found.room, seen=found.version)
    if form.validate_on_submit():
        planning.set_room(session(), found, form.room.data or "")
        return done(gettext("The room of “%(title)s” is saved.", title=_title(found)), "agents.series_page", series=series)
    return page("agents/room.html", form=form, lesson=found, title=_title(found), refusal=refusal_of(form))


@blueprint.route("/rekker/<series>/<lesson>/holdt", methods=["GET", "POST"])
@open_to(AGENT)
def hold(series: str, lesson: str) -> AnyResponse:
    """Record that a lesson was held: its texts are kept as they are today, and it cannot be undone."""
    found = _lesson(series, lesson, "hold")
    form = Press()
    if form.validate_on_submit():
        delivery.hold(session(), found, by=me(), now=now())
        return done(gettext("“%(title)s” is recorded as held.", title=_title(found)), "agents.series_page", series=series)
    return _lesson_refused(series, form)


def _lesson_refused(series: str, form: Press) -> Response:
    """The series' page with the words; a GET of a button's address shows the page as it is."""
    return show_series(find(Series, Series.public_id == series, act="plan", load=whole_series()), refusal=refusal_of(form))


def _lesson(series: str, lesson: str, act: str = "plan") -> Lesson:
    """The lesson of an address. What is sent about another state of it than it has now is answered with the state that it has."""
    load = (
        joinedload(Lesson.series).options(
            joinedload(Series.school_class).joinedload(SchoolClass.school),
            joinedload(Series.outline_version),
            selectinload(Series.slots),
            selectinload(Series.agents),
            selectinload(Series.waivers),
        ),
        joinedload(Lesson.theme),
        selectinload(Lesson.moves).joinedload(Move.by),
        selectinload(Lesson.classes),
    )
    found = find(Lesson, Lesson.public_id == lesson, Lesson.series.has(Series.public_id == series), act=act, load=load)
    if request.method == "POST" and request.values.get("seen") != str(found.version):
        abort(_overtaken(found))
    return found


def _overtaken(lesson: Lesson) -> Response:
    """409: how the lesson stands now, and what was typed."""
    typed = [(gettext(label), request.form[name]) for name, label in TYPED.items() if request.form.get(name)]
    return page("agents/overtaken.html", 409, lesson=lesson, title=_title(lesson), typed=typed)


def _undo(endpoint: str, series: str, lesson: Lesson) -> str:
    """The address that takes an act back, for as long as nothing else has been done to the lesson."""
    return url_for(endpoint, series=series, lesson=lesson.public_id, seen=lesson.version)


def _title(lesson: Lesson) -> str:
    version = lesson.pinned_version or ideabank.current(lesson.theme, today())
    return version.title if version else lesson.theme.key


def _when(lesson: Lesson) -> str:
    return f"{weekday(lesson.date)} {day(lesson.date)}"
