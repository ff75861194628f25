"""One lesson of a series: moved, swapped with another, cancelled, held after all, its date locked, its room, and that it was held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import cache
from typing import Any, NoReturn

from flask import Response, abort, request, url_for
from sqlalchemy.orm import defer, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from app.access import find_by_id, me, open_to, safe_next
from app.agents.forms import CancelForm, MoveForm, Press, RoomForm, SwapForm
from app.agents.routes import blueprint, refusal_of, show_series, themes_today, whole_series
from app.database import OSLO, now, session, today
from app.language import day, gettext, weekday
from app.pages import done, page, said
from curriculum import delivery, ideabank, planning
from curriculum.base import N_, Refused
from curriculum.ideabank import Document, DocumentVersion
from curriculum.people import AGENT, SchoolClass
from curriculum.planning import Lesson, Move, PossibleDate, Series

TYPED = {"reason": N_("Why"), "why": N_("More about why"), "room": N_("Room")}
"""What may be written in a form about a lesson, with its label: shown again when the lesson was changed meanwhile."""

SWAP = "bytt"
"""Before the lesson to change places with, where another choice would be a week or a day."""


# --- Moved ----------------------------------------------------------------------------------------------------------------------------


@blueprint.route("/rekker/<series>/<lesson>/flytt", methods=["GET", "POST"])
@open_to(AGENT)
def move(series: str, lesson: str) -> AnyResponse:
    """Find a new date for a lesson, or let it change places with another."""
    found = _lesson(series, lesson)
    form = MoveForm(date=found.date, start_time=found.start, seen=found.version)
    if form.validate_on_submit():
        kind, _, other = (form.where.data or "").partition(":")
        if kind == SWAP:
            public_id, _, seen = other.partition(":")
            return _change_places(found, _partner(found, public_id, seen), form.whole_reason)
        planning.move_lesson(session(), found, *_chosen(found, form), why=form.whole_reason, by=me(), now=now())
        words = gettext("“%(title)s” is moved to %(date)s.", title=_title(found), date=_when(found))
        return _done(words, series, undo=_undo("agents.move_back", found))
    return _show_move(found, form)


def _chosen(lesson: Lesson, form: MoveForm) -> tuple[date, time]:
    """The day and time that were chosen: those of the fields, of a day, or of a week unless another lesson stands in it."""
    where = form.where.data
    if not where:
        return form.date.data, form.start_time.data
    try:
        if "W" not in where:
            return date.fromisoformat(where), planning.weekly_day(lesson, planning.iso_week(today()))[1]
        week = planning.parse_week(where)
    except (LookupError, ValueError):
        raise Refused(N_("Choose among those that are offered."), at="where") from None
    offered = planning.possible_in(session(), lesson, week, today())
    if offered.other is not None:
        named = {"title": _title(offered.other), "number": week.number}
        if offered.refusal is not None:
            raise Refused(N_("“%(title)s” stands in week %(number)s: %(why)s."), at="where", why=offered.refusal, **named)
        raise Refused(N_("“%(title)s” stands in week %(number)s."), at="where", **named)
    return offered.date, offered.start


def _show_move(lesson: Lesson, form: MoveForm) -> Response:
    offers = planning.possible_dates(session(), lesson, today())
    titles = _titles([offer.other for offer in offers if offer.other])
    wanted = next((offer for offer in offers if str(offer.week) == form.where.data and offer.is_swap), None)
    return page(
        "agents/move.html", form=form, lesson=lesson, title=_title(lesson), offers=offers, titles=titles, swap_value=_swap_value,
        wanted=wanted, back=_back(lesson.series.public_id), in_words=said,
    )  # fmt: skip


def _swap_value(offer: PossibleDate) -> str:
    """The choice to change places with the lesson that stands in a week, as it was seen."""
    assert offer.other is not None
    return f"{SWAP}:{offer.other.public_id}:{offer.other.version}"


@blueprint.route("/rekker/<series>/<lesson>/flytt-tilbake", methods=["GET", "POST"])
@open_to(AGENT)
def move_back(series: str, lesson: str) -> AnyResponse:
    """Undo a lesson's last move."""
    found = _lesson(series, lesson)
    form = Press()
    if form.validate_on_submit():
        planning.move_back(session(), found, by=me(), now=now())
        return _done(gettext("“%(title)s” is back on %(date)s.", title=_title(found), date=_when(found)), series)
    return _lesson_refused(series, form)


# --- Two that change places -----------------------------------------------------------------------------------------------------------


@blueprint.route("/rekker/<series>/<lesson>/bytt", methods=["GET", "POST"])
@open_to(AGENT)
def swap(series: str, lesson: str) -> AnyResponse:
    """Let a lesson change places with another of its series."""
    found = _lesson(series, lesson)
    form = SwapForm()
    if form.validate_on_submit():
        return _change_places(found, _partner(found, form.other.data, form.other_seen.data), form.whole_reason)
    return _lesson_refused(series, form)


def _change_places(lesson: Lesson, other: Lesson, why: str) -> AnyResponse:
    planning.swap_lessons(session(), lesson, other, why=why, by=me(), now=now())
    words = gettext(
        "“%(title)s” and “%(other)s” have changed places: %(date)s and %(other_date)s.",
        title=_title(lesson), other=_title(other), date=_when(lesson), other_date=_when(other),
    )  # fmt: skip
    undo = _undo("agents.swap_back", lesson, other=other.public_id, other_seen=other.version)
    return _done(words, lesson.series.public_id, undo=undo)


@blueprint.route("/rekker/<series>/<lesson>/bytt-tilbake", methods=["GET", "POST"])
@open_to(AGENT)
def swap_back(series: str, lesson: str) -> AnyResponse:
    """Undo that two lessons changed places."""
    found = _lesson(series, lesson)
    form = Press()
    if form.validate_on_submit():
        other = _partner(found, request.values.get("other"), request.values.get("other_seen"))
        planning.swap_back(session(), found, other, by=me(), now=now())
        return _done(gettext("“%(title)s” and “%(other)s” are back.", title=_title(found), other=_title(other)), series)
    return _lesson_refused(series, form)


def _partner(lesson: Lesson, public_id: str | None, seen: str | None) -> Lesson:
    """The other lesson of the series. What was decided about another state of it than it has now is answered with the state that it has."""
    other = next((one for one in lesson.series.lessons if one.public_id == public_id), None)
    if other is None:
        abort(404)
    if seen != str(other.version):
        _overtaken(other)
    return other


# --- Cancelled, locked, its room, held --------------------------------------------------------------------------------------------------


@blueprint.route("/rekker/<series>/<lesson>/avlys", methods=["GET", "POST"])
@open_to(AGENT)
def cancel(series: str, lesson: str) -> AnyResponse:
    """Cancel a lesson: it will not be held, and the parents' page says so."""
    found = _lesson(series, lesson)
    form = CancelForm(seen=found.version)
    if form.validate_on_submit():
        planning.cancel_lesson(session(), found, why=form.whole_reason, by=me(), now=now())
        return _done(gettext("“%(title)s” is cancelled.", title=_title(found)), series, undo=_undo("agents.restore", found))
    return page(
        "agents/cancel.html", form=form, lesson=found, title=_title(found), leaves_gap=_leaves_gap(found), refusal=refusal_of(form),
        back=_back(series),
    )  # fmt: skip


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
        return _done(gettext("“%(title)s” is held after all.", title=_title(found)), series)
    return _lesson_refused(series, form)


@blueprint.route("/rekker/<series>/<lesson>/las", methods=["GET", "POST"])
@open_to(AGENT)
def lock(series: str, lesson: str) -> AnyResponse:
    """Lock the date of a lesson: it stays when the series is planned anew."""
    return _set_lock(series, lesson, True, N_("The date of “%(title)s” is locked."), "agents.unlock")


@blueprint.route("/rekker/<series>/<lesson>/las-opp", methods=["GET", "POST"])
@open_to(AGENT)
def unlock(series: str, lesson: str) -> AnyResponse:
    """Let the date of a lesson move again."""
    return _set_lock(series, lesson, False, N_("The date of “%(title)s” is no longer locked."), "agents.lock")


def _set_lock(series: str, lesson: str, locked: bool, words: str, undo: str) -> AnyResponse:
    found = _lesson(series, lesson)
    form = Press()
    if form.validate_on_submit():
        planning.lock_lesson(session(), found, locked)
        return _done(gettext(words, title=_title(found)), series, undo=_undo(undo, found))
    return _lesson_refused(series, form)


@blueprint.route("/rekker/<series>/<lesson>/rom", methods=["GET", "POST"])
@open_to(AGENT)
def room(series: str, lesson: str) -> AnyResponse:
    """Say in which room a lesson is held."""
    found = _lesson(series, lesson)
    before = found.room
    form = RoomForm(room=before, seen=found.version)
    if form.validate_on_submit():
        planning.set_room(session(), found, form.room.data or "")
        words = gettext("The room of “%(title)s” is saved.", title=_title(found))
        return _done(words, series, undo=_undo("agents.room_back", found, room=before))
    return page("agents/room.html", form=form, lesson=found, title=_title(found), refusal=refusal_of(form), back=_back(series))


@blueprint.route("/rekker/<series>/<lesson>/rom-tilbake", methods=["GET", "POST"])
@open_to(AGENT)
def room_back(series: str, lesson: str) -> AnyResponse:
    """Undo that another room was written."""
    found = _lesson(series, lesson)
    form = Press()
    if form.validate_on_submit():
        planning.set_room(session(), found, request.args.get("room", ""))
        return _done(gettext("The room of “%(title)s” is what it was.", title=_title(found)), series)
    return _lesson_refused(series, form)


@blueprint.route("/rekker/<series>/<lesson>/holdt", methods=["GET", "POST"])
@open_to(AGENT)
def hold(series: str, lesson: str) -> AnyResponse:
    """Record that a lesson was held: its texts are kept as they are today, and it cannot be undone."""
    found = _lesson(series, lesson, "hold")
    form = Press()
    if form.validate_on_submit():
        delivery.hold(session(), found, by=me(), now=now())
        return _done(gettext("“%(title)s” is recorded as held.", title=_title(found)), series)
    return _lesson_refused(series, form)


# --- The weekly time taken back ---------------------------------------------------------------------------------------------------------


@blueprint.route("/rekker/<series>/ukestid-tilbake", methods=["GET", "POST"])
@open_to(AGENT)
def weekly_time_back(series: str) -> AnyResponse:
    """Undo another weekly time, for as long as nothing else has been done to the series."""
    found = find_by_id(Series, series, act="plan", load=whole_series())
    form = Press()
    if form.validate_on_submit():
        if request.args.get("seen") != state_of(found):
            abort(409)
        planning.take_back_weekly_time(session(), found, **_weekly_time_before(), by=me(), now=now())
        return _done(gettext("The weekly time is what it was, and each lesson is back on its day."), series)
    return show_series(found, refusal=refusal_of(form))


def _weekly_time_before() -> dict[str, Any]:
    try:
        return {
            "weekday": int(request.args["weekday"]),
            "start": time.fromisoformat(request.args["start"]),
            "minutes": int(request.args["minutes"]),
            "changed_at": datetime.fromisoformat(request.args["at"]),
        }
    except (KeyError, ValueError):
        abort(404)


def undo_weekly_time(series: Series) -> str:
    """The address that takes another weekly time back, asked before it is changed; empty where that would not be exact.

    What it says of the state of the series is filled in afterwards.
    """
    if not planning.can_take_back(series):
        return ""
    slot = series.slots[0]
    minutes = (slot.end.hour - slot.start.hour) * 60 + slot.end.minute - slot.start.minute
    before: dict[str, Any] = {
        "weekday": slot.weekday,
        "start": slot.start.isoformat("minutes"),
        "minutes": minutes,
        "at": now().isoformat(),
    }
    return url_for("agents.weekly_time_back", series=series.public_id, **before)


def state_of(series: Series) -> str:
    """Another for every change of the series or of one of its lessons."""
    return f"{series.version}.{sum(lesson.version for lesson in series.lessons)}"


# --- What they have in common -----------------------------------------------------------------------------------------------------------


def _lesson_refused(series: str, form: Press) -> Response:
    """The series' page with the words; a GET of a button's address shows the page as it is."""
    return show_series(find_by_id(Series, series, act="plan", load=whole_series()), refusal=refusal_of(form))


def _lesson(series: str, lesson: str, act: str = "plan") -> Lesson:
    """The lesson of an address. What is sent about another state of it than it has now is answered with the state that it has."""
    try:
        found = find_by_id(Lesson, lesson, act, _whole_lesson())
    except NotFound:
        if request.method != "POST":
            raise
        abort(page("agents/gone.html", 404))
    if found.series.public_id != series:
        abort(404)
    if request.method == "POST" and request.values.get("seen") != str(found.version):
        _overtaken(found)
    return found


@cache
def _whole_lesson() -> tuple[ORMOption, ...]:
    """A lesson with its series: in few rows what is few, the series' lessons and their themes in queries of their own. Built once."""
    lessons = selectinload(Series.lessons)
    return (
        joinedload(Lesson.series, innerjoin=True).options(
            joinedload(Series.school_class, innerjoin=True).joinedload(SchoolClass.school, innerjoin=True),
            joinedload(Series.outline_version, innerjoin=True).defer(DocumentVersion.text),
            joinedload(Series.slots),
            joinedload(Series.agents),
            joinedload(Series.waivers),
            lessons.options(defer(Lesson.held_record), defer(Lesson.local_steps)),
            lessons.joinedload(Lesson.theme, innerjoin=True).selectinload(Document.versions).load_only(*_OF_A_VERSION),
            lessons.selectinload(Lesson.moves).joinedload(Move.by),
        ),
        joinedload(Lesson.theme, innerjoin=True),
        joinedload(Lesson.classes),
    )


_OF_A_VERSION = (DocumentVersion.document_id, DocumentVersion.number, DocumentVersion.title, DocumentVersion.effective)


def _overtaken(lesson: Lesson) -> NoReturn:
    """409: how the lesson stands now, what was chosen, and what was typed."""
    typed = [(gettext(label), request.form[name]) for name, label in TYPED.items() if request.form.get(name)]
    changed = lesson.moves[-1].at.astimezone(OSLO) if lesson.moves else None
    abort(
        page(
            "agents/overtaken.html", 409, lesson=lesson, title=_title(lesson), chosen=_choice(lesson), typed=typed,
            back=_back(lesson.series.public_id), changed=changed,
        )
    )  # fmt: skip


def _choice(lesson: Lesson) -> str:
    """Where the lesson was to stand, in words; empty when that was not what was asked."""
    where = request.form.get("where", "")
    other = where.removeprefix(f"{SWAP}:").partition(":")[0] if where.startswith(SWAP) else request.form.get("other", "")
    partner = next((one for one in lesson.series.lessons if one.public_id == other), None)
    if partner is not None:
        return gettext("change places with “%(title)s”", title=_title(partner))
    try:
        if "W" in where:
            return gettext("week %(number)s", number=planning.parse_week(where).number)
        chosen = date.fromisoformat(where or request.form.get("date", ""))
    except (LookupError, ValueError):
        return ""
    at = "" if where else request.form.get("start_time", "")
    return f"{weekday(chosen)} {day(chosen)} {at}".rstrip()


def _back(series: str) -> str:
    """Where the person came from: an address of our own, else the series' page."""
    return safe_next(request.values.get("next"), url_for("agents.series_page", series=series))


def _done(words: str, series: str, undo: str = "") -> AnyResponse:
    """Say what was done, and go back to where she came from."""
    return done(words, "agents.series_page", to=_back(series), undo=undo, series=series)


def _undo(endpoint: str, lesson: Lesson, **more: object) -> str:
    """The address that takes an act back, for as long as nothing else has been done to the lesson; it leads back here."""
    values: dict[str, Any] = {"seen": lesson.version, **more}
    if "next" in request.values:
        values["next"] = request.values["next"]
    return url_for(endpoint, series=lesson.series.public_id, lesson=lesson.public_id, **values)


def _titles(lessons: Sequence[Lesson]) -> dict[int, str]:
    """What each lesson's theme is called today, by the lesson's id."""
    versions = themes_today() if lessons else {}
    return {lesson.id: versions[lesson.theme_id].title if lesson.theme_id in versions else lesson.theme.key for lesson in lessons}


def _title(lesson: Lesson) -> str:
    version = lesson.pinned_version or ideabank.current(lesson.theme, today())
    return version.title if version else lesson.theme.key


def _when(lesson: Lesson) -> str:
    return f"{weekday(lesson.date)} {day(lesson.date)}"
