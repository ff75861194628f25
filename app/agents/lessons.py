"""One lesson of a series: moved, swapped with another, cancelled, held after all, its date locked, its room, and that it was held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, time
from typing import Any, NamedTuple

from flask import Response, abort, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from app.access import me, open_to
from app.agents.changes import undo_of
from app.agents.forms import CancelForm, MoveForm, Press, RoomForm, SwapForm
from app.agents.halving import Weeks, after_moving, has_it_in, in_which_week
from app.agents.heeding import heeds_near
from app.agents.one_lesson import (
    SWAP,
    asked_anew,
    back_to,
    done_with,
    find_lesson,
    overtaken,
    show_refused,
    title_of,
    titles_of,
    when_of,
    where_it_stands,
)
from app.agents.routes import blueprint, refusal_of
from app.database import now, session, today
from app.language import clock, day, gettext, weekday
from app.pages import page, said
from curriculum import delivery, planning
from curriculum.base import N_, Refused
from curriculum.people import AGENT, HALF
from curriculum.planning import Lesson, Mend, PossibleDate

# --- Moved ----------------------------------------------------------------------------------------------------------------------------


@blueprint.route("/rekker/<series>/<lesson>/flytt", methods=["GET", "POST"])
@open_to(AGENT)
def move(series: str, lesson: str) -> AnyResponse:
    """Find a new date for a lesson, or let it change places with another."""
    found = find_lesson(series, lesson, to_show=where_it_stands())
    form = MoveForm(seen=found.version, **_kept_choice(found))
    if form.validate_on_submit():
        kind, _, other = (form.where.data or "").partition(":")
        if kind == SWAP:
            public_id, _, seen = other.partition(":")
            return _change_places(found, _partner(found, public_id, seen), form.whole_reason)
        planning.move_lesson(session(), found, *_chosen(found, form), why=form.whole_reason, by=me(), now=now())
        words = gettext("“%(title)s” is moved to %(date)s.", title=title_of(found), date=when_of(found)) + asked_anew([found])
        apart, more = after_moving([found])
        return done_with(words + apart, series, undo=undo_of(found.series), more=more)
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
        named = {"title": title_of(offered.other), "number": week.number}
        if offered.refusal is not None:
            raise Refused(N_("“%(title)s” stands in week %(number)s: %(why)s."), at="where", why=offered.refusal, **named)
        raise Refused(N_("“%(title)s” stands in week %(number)s."), at="where", **named)
    return offered.date, offered.start


def _show_move(lesson: Lesson, form: MoveForm) -> Response:
    offers = planning.possible_dates(session(), lesson, today())
    titles = titles_of([lesson, *(offer.other for offer in offers if offer.other)])
    halves = planning.weeks_of_other_halves(session(), [lesson]).get(lesson.id, ()) if lesson.series.school_class.kind == HALF else ()
    wanted = next((offer for offer in offers if str(offer.week) == form.where.data and offer.is_swap), None)
    return page(
        "agents/move.html", form=form, lesson=lesson, title=titles[lesson.id], weeks=list(_weeks(offers, titles, halves)),
        mends=_mends(lesson, form, titles) if form.errors and not wanted else [],
        wanted=wanted, back=back_to(lesson.series.public_id), heeds=() if lesson.date_locked else heeds_near(lesson, offers),
        halves=has_it_in(halves),
    )  # fmt: skip


class WeekLine(NamedTuple):
    """A week as it is shown: the choice it is (empty: none), and in words the week, the day, the time, what stands there, and why not."""

    number: int
    value: str
    week: str
    day: str
    start: str
    title: str
    why: str
    halves: str = ""
    """Whether the other half has the theme in that week."""


def _weeks(offers: Sequence[PossibleDate], titles: Mapping[int, str], halves: Weeks) -> Iterator[WeekLine]:
    """The weeks in words, all at once: a page has some forty of them."""
    named = gettext("Week %(number)s")
    for number, offer in enumerate(offers, start=1):
        week, when = named % {"number": offer.week.number}, f"{weekday(offer.date)} {day(offer.date)}"
        title = titles[offer.other.id] if offer.other else ""
        if offer.is_here:
            yield WeekLine(number, "", week, "", "", "", gettext("the lesson stands here now"))
        elif offer.refusal:
            yield WeekLine(number, "", week, when, clock(offer.start), title, said(offer.refusal))
        else:
            value = _swap_value(offer) if title else offer.date.isoformat()
            yield WeekLine(number, value, week, when, clock(offer.start), title, "", in_which_week(halves, offer.date))


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
    named = dict(titles) | {one.id: title_of(one) for one in lesson.series.lessons if one.date == to}
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
    found = find_lesson(series, lesson)
    form = SwapForm()
    if form.validate_on_submit():
        return _change_places(found, _partner(found, form.other.data, form.other_seen.data), form.whole_reason)
    return show_refused(series, form)


def _change_places(lesson: Lesson, other: Lesson, why: str) -> AnyResponse:
    planning.swap_lessons(session(), lesson, other, why=why, by=me(), now=now())
    words = gettext(
        "“%(title)s” and “%(other)s” have changed places: %(date)s and %(other_date)s.",
        title=title_of(lesson), other=title_of(other), date=when_of(lesson), other_date=when_of(other),
    )  # fmt: skip
    apart, more = after_moving([lesson, other])
    return done_with(words + asked_anew([lesson, other]) + apart, lesson.series.public_id, undo=undo_of(lesson.series), more=more)


def _partner(lesson: Lesson, public_id: str | None, seen: str | None) -> Lesson:
    """The other lesson of the series. What was decided about another state of it than it has now is answered with the state that it has."""
    other = next((one for one in lesson.series.lessons if one.public_id == public_id), None)
    if other is None:
        abort(404)
    if seen != str(other.version):
        overtaken(other)
    return other


# --- Cancelled, locked, its room, held --------------------------------------------------------------------------------------------------


@blueprint.route("/rekker/<series>/<lesson>/avlys", methods=["GET", "POST"])
@open_to(AGENT)
def cancel(series: str, lesson: str) -> AnyResponse:
    """Cancel a lesson: it will not be held, and the parents' page says so."""
    found = find_lesson(series, lesson)
    form = CancelForm(seen=found.version)
    if form.validate_on_submit():
        planning.cancel_lesson(session(), found, why=form.whole_reason, by=me(), now=now())
        return done_with(gettext("“%(title)s” is cancelled.", title=title_of(found)), series, undo=undo_of(found.series))
    return page(
        "agents/cancel.html", form=form, lesson=found, title=title_of(found), leaves_gap=_leaves_gap(found), refusal=refusal_of(form),
        back=back_to(series),
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
    found = find_lesson(series, lesson)
    form = Press()
    if form.validate_on_submit():
        planning.restore_lesson(session(), found, by=me(), now=now())
        return done_with(gettext("“%(title)s” is held after all.", title=title_of(found)), series, undo=undo_of(found.series))
    return show_refused(series, form)


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
    found = find_lesson(series, lesson)
    form = Press()
    if form.validate_on_submit():
        planning.lock_lesson(session(), found, locked, by=me(), now=now())
        return done_with(gettext(words, title=title_of(found)), series, undo=undo_of(found.series))
    return show_refused(series, form)


@blueprint.route("/rekker/<series>/<lesson>/rom", methods=["GET", "POST"])
@open_to(AGENT)
def room(series: str, lesson: str) -> AnyResponse:
    """Say in which room a lesson is held."""
    found = find_lesson(series, lesson)
    form = RoomForm(room=found.room, seen=found.version)
    if form.validate_on_submit():
        planning.set_room(session(), found, form.room.data or "", by=me(), now=now())
        return done_with(_room_said(found), series, undo=undo_of(found.series))
    return page(
        "agents/room.html", form=form, lesson=found, title=title_of(found), refusal=refusal_of(form), back=back_to(series), in_words=said,
        choices=planning.room_choices(session(), found), features=planning.FEATURES,
    )  # fmt: skip


def _room_said(lesson: Lesson) -> str:
    """That the room is saved, and what is known against it: any room may be written all the same."""
    words = gettext("The room of “%(title)s” is saved.", title=title_of(lesson))
    if (why := planning.room_warning(session(), lesson)) is not None:
        words += " " + gettext("Note: %(why)s.", why=said(why))
    return words


@blueprint.route("/rekker/<series>/<lesson>/holdt", methods=["GET", "POST"])
@open_to(AGENT)
def hold(series: str, lesson: str) -> AnyResponse:
    """Record that a lesson was held: its texts are kept as they are today, and it cannot be undone."""
    found = find_lesson(series, lesson, "hold")
    form = Press()
    if form.validate_on_submit():
        delivery.hold(session(), found, by=me(), now=now())
        return done_with(gettext("“%(title)s” is recorded as held.", title=title_of(found)), series)
    return show_refused(series, form)
