"""One lesson of a series: moved, swapped with another, cancelled, held after all, its date locked, its room, and that it was held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, time
from functools import cache
from typing import Any, NoReturn

from flask import Response, abort, request, url_for
from sqlalchemy.orm import defer, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from app.access import find_by_id, me, open_to, safe_next
from app.agents.changes import undo_of
from app.agents.forms import CancelForm, MoveForm, Press, RoomForm, SwapForm
from app.agents.heeding import heeds_near
from app.agents.routes import blueprint, refusal_of, show_series, themes_today, whole_series
from app.database import OSLO, now, session, today
from app.language import day, gettext, weekday
from app.pages import done, page, said
from curriculum import delivery, ideabank, planning
from curriculum.base import N_, Refused
from curriculum.ideabank import Document, DocumentVersion
from curriculum.people import AGENT, SchoolClass
from curriculum.planning import Lesson, Mend, Move, PossibleDate, Series

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
    form = MoveForm(seen=found.version, **_kept_choice(found))
    if form.validate_on_submit():
        kind, _, other = (form.where.data or "").partition(":")
        if kind == SWAP:
            public_id, _, seen = other.partition(":")
            return _change_places(found, _partner(found, public_id, seen), form.whole_reason)
        planning.move_lesson(session(), found, *_chosen(found, form), why=form.whole_reason, by=me(), now=now())
        words = gettext("“%(title)s” is moved to %(date)s.", title=_title(found), date=_when(found)) + asked_anew([found])
        return _done(words, series, undo=undo_of(found.series))
    return _show_move(found, form)


def _kept_choice(lesson: Lesson) -> dict[str, Any]:
    """What the form begins with: where the lesson stands, or what was chosen before somebody else was quicker."""
    given = request.args if request.method == "GET" else MultiDict[str, str]()
    where, day, start = given.get("where", ""), lesson.date, lesson.start
    other = where.removeprefix(f"{SWAP}:").partition(":")[0]
    partner = next((one for one in lesson.series.lessons if where.startswith(SWAP) and one.public_id == other), None)
    with suppress(LookupError, ValueError):
        if "W" in where and partner is None:
            where = planning.weekly_day(lesson, planning.parse_week(where))[0].isoformat()
        day, start = date.fromisoformat(given.get("date", "")), time.fromisoformat(given.get("start_time", ""))
    if partner is not None:
        where = f"{SWAP}:{partner.public_id}:{partner.version}"
    return {"where": where, "date": day, "start_time": start, "reason": given.get("reason", ""), "why": given.get("why", "")}


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
    titles = _titles([lesson, *(offer.other for offer in offers if offer.other)])
    wanted = next((offer for offer in offers if str(offer.week) == form.where.data and offer.is_swap), None)
    return page(
        "agents/move.html", form=form, lesson=lesson, title=titles[lesson.id], offers=offers, titles=titles, swap_value=_swap_value,
        mends=_mends(lesson, form, titles) if form.errors and not wanted else [],
        wanted=wanted, back=_back(lesson.series.public_id), in_words=said,
        heeds=() if lesson.date_locked else heeds_near(lesson, offers),
    )  # fmt: skip


def _mends(lesson: Lesson, form: MoveForm, titles: Mapping[int, str]) -> list[tuple[str, str]]:
    """What would let the lesson stand where it was refused: words, and the address at which to do it (empty where it is done elsewhere)."""
    where, to, start = form.where.data or "", form.date.data, form.start_time.data
    with suppress(LookupError, ValueError):
        if "W" in where:
            to, start = planning.weekly_day(lesson, planning.parse_week(where))
        elif where:
            to, start = date.fromisoformat(where), planning.weekly_day(lesson, planning.iso_week(today()))[1]
    if to is None or start is None or to < today():
        return []
    named = dict(titles) | {one.id: _title(one) for one in lesson.series.lessons if one.date == to}
    return [(said(one.words), _where_to(one, lesson)) for one in planning.mends(session(), lesson, to, start, now(), named)]


def _where_to(mend: Mend, lesson: Lesson) -> str:
    """The page on which a single change is made, filled in."""
    series, back = lesson.series.public_id, request.values.get("next")
    if mend.other is None:
        at = mend.start.isoformat("minutes") if mend.start else ""
        return url_for("agents.move", series=series, lesson=lesson.public_id, date=mend.date, start_time=at, next=back) if at else ""
    if mend.date is None and not mend.other.date_locked:
        swap = f"{SWAP}:{mend.other.public_id}"
        return url_for("agents.move", series=series, lesson=lesson.public_id, where=swap, next=back)
    return url_for("agents.move", series=series, lesson=mend.other.public_id, where=mend.date, next=back)


def _swap_value(offer: PossibleDate) -> str:
    """The choice to change places with the lesson that stands in a week, as it was seen."""
    assert offer.other is not None
    return f"{SWAP}:{offer.other.public_id}:{offer.other.version}"


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
    words += asked_anew([lesson, other])
    return _done(words, lesson.series.public_id, undo=undo_of(lesson.series))


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
        return _done(gettext("“%(title)s” is cancelled.", title=_title(found)), series, undo=undo_of(found.series))
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
        return _done(gettext("“%(title)s” is held after all.", title=_title(found)), series, undo=undo_of(found.series))
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
        planning.lock_lesson(session(), found, locked, by=me(), now=now())
        return _done(gettext(words, title=_title(found)), series, undo=undo_of(found.series))
    return _lesson_refused(series, form)


@blueprint.route("/rekker/<series>/<lesson>/rom", methods=["GET", "POST"])
@open_to(AGENT)
def room(series: str, lesson: str) -> AnyResponse:
    """Say in which room a lesson is held."""
    found = _lesson(series, lesson)
    form = RoomForm(room=found.room, seen=found.version)
    if form.validate_on_submit():
        planning.set_room(session(), found, form.room.data or "", by=me(), now=now())
        return _done(_room_said(found), series, undo=undo_of(found.series))
    return page(
        "agents/room.html", form=form, lesson=found, title=_title(found), refusal=refusal_of(form), back=_back(series), in_words=said,
        choices=planning.room_choices(session(), found), features=planning.FEATURES,
    )  # fmt: skip


def asked_anew(lessons: Sequence[Lesson]) -> str:
    """After a move: which visitors must be asked whether they can come on the new day. Begins with a space; empty when nobody must.

    Whoever comes without being in the register was asked elsewhere, so that nothing here knows of an answer.
    """
    names = sorted({one.asked_presenter.name for one in lessons if one.asked_presenter and one.presenter_answer == planning.ASKED})
    words = [gettext("Ask %(name)s anew: an answer was to the old date.", name=name) for name in names]
    if any(one.presenter and one.asked_presenter is None for one in lessons):
        words.append(gettext("Somebody from outside is to come: ask whether the new date suits."))
    return "".join(" " + sentence for sentence in words)


def _room_said(lesson: Lesson) -> str:
    """That the room is saved, and what is known against it: any room may be written all the same."""
    words = gettext("The room of “%(title)s” is saved.", title=_title(lesson))
    if (why := planning.room_warning(session(), lesson)) is not None:
        words += " " + gettext("Note: %(why)s.", why=said(why))
    return words


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


# --- What they have in common -----------------------------------------------------------------------------------------------------------


def _lesson_refused(series: str, form: Press) -> Response:
    """The series' page with the words; a GET of a button's address shows the page as it is."""
    return show_series(find_by_id(Series, series, act="plan", load=whole_series()), refusal=refusal_of(form))


def _lesson(series: str, lesson: str, act: str = "plan") -> Lesson:
    """The lesson of an address. What is sent about another state of it than it has now is answered with the state that it has."""
    try:
        found = find_by_id(Lesson, lesson, act, _whole_lesson(request.method == "POST"))
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
def _whole_lesson(with_history: bool) -> tuple[ORMOption, ...]:
    """A lesson with its series: in few rows what is few, the series' lessons and their themes in queries of their own. Built once.

    The history is read where something is done to the lesson.
    """
    lessons = selectinload(Series.lessons)
    history = (lessons.selectinload(Lesson.moves).joinedload(Move.by),) if with_history else ()
    return (
        joinedload(Lesson.series, innerjoin=True).options(
            joinedload(Series.school_class, innerjoin=True).joinedload(SchoolClass.school, innerjoin=True),
            joinedload(Series.outline_version, innerjoin=True).defer(DocumentVersion.text),
            joinedload(Series.slots),
            joinedload(Series.agents),
            joinedload(Series.waivers),
            lessons.options(
                defer(Lesson.held_record), defer(Lesson.local_steps), joinedload(Lesson.pinned_version).load_only(DocumentVersion.title)
            ),
            lessons.joinedload(Lesson.theme, innerjoin=True).selectinload(Document.versions).load_only(*_OF_A_VERSION),
            *history,
        ),
        joinedload(Lesson.theme, innerjoin=True),
        joinedload(Lesson.classes, innerjoin=True),
    )


_OF_A_VERSION = (DocumentVersion.document_id, DocumentVersion.number, DocumentVersion.title, DocumentVersion.effective)


def _overtaken(lesson: Lesson) -> NoReturn:
    """409: how the lesson stands now, what was chosen, and what was typed."""
    typed = [(gettext(label), request.form[name]) for name, label in TYPED.items() if request.form.get(name)]
    changed = lesson.moves[-1].at.astimezone(OSLO) if lesson.moves else None
    abort(
        page(
            "agents/overtaken.html", 409, lesson=lesson, title=_title(lesson), chosen=_choice(lesson), typed=typed,
            back=_back(lesson.series.public_id), changed=changed, again=_again(lesson),
        )
    )  # fmt: skip


def _again(lesson: Lesson) -> str:
    """The form to move the lesson with what was chosen still in it; empty when that was not what was asked, or it cannot be moved."""
    kept: dict[str, Any] = {
        name: value for name in ("where", "date", "start_time", "reason", "why", "next") if (value := request.form.get(name))
    }
    if "other" in request.form:
        kept["where"] = f"{SWAP}:{request.form['other']}"
    if lesson.state != planning.PLANNED or not {"where", "date"} & set(kept):
        return ""
    return url_for("agents.move", series=lesson.series.public_id, lesson=lesson.public_id, **kept)


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


def _titles(lessons: Sequence[Lesson]) -> dict[int, str]:
    """What each lesson's theme is called today, or in the version it keeps; by the lesson's id."""
    themes = themes_today()
    versions = {lesson.id: lesson.pinned_version or themes.get(lesson.theme_id) for lesson in lessons}
    return {lesson.id: version.title if (version := versions[lesson.id]) else lesson.theme.key for lesson in lessons}


def _title(lesson: Lesson) -> str:
    version = lesson.pinned_version or ideabank.current(lesson.theme, today())
    return version.title if version else lesson.theme.key


def _when(lesson: Lesson) -> str:
    return f"{weekday(lesson.date)} {day(lesson.date)}"
