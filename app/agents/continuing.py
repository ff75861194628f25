"""“Rakk ikke ferdig”: which parts are left of a lesson, and where they are taken up."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort
from werkzeug.wrappers import Response as AnyResponse
from wtforms import RadioField, SelectMultipleField

from app.access import me, open_to
from app.agents.changes import undo_of
from app.agents.forms import LessonForm
from app.agents.halving import after_moving, has_it_in
from app.agents.one_lesson import back_to, done_with, find_lesson, title_of, titles_of, when_of
from app.agents.routes import blueprint
from app.database import now, session, today
from app.language import clock, day, gettext, weekday
from app.pages import page, said
from curriculum import delivery, ideabank, planning, summaries
from curriculum.base import N_, Refused
from curriculum.delivery import Rest, Run
from curriculum.ideabank import DocumentVersion, ThemeDocument
from curriculum.people import AGENT
from curriculum.planning import Extra, Lesson

NEXT, EXTRA, LATER = "next", "extra", "later"
"""Where the rest is taken up; before an extra lesson's seal stands `extra `."""


class UnfinishedForm(LessonForm):
    """The parts there was no time for, and where they are taken up. Its choices are given by the view."""

    parts = SelectMultipleField(N_("Parts that are left"), validate_choice=False)
    how = RadioField(N_("The rest"), default=NEXT, validate_choice=False)


@dataclass(frozen=True)
class Way:
    """One way to take up the rest: what the form sends, what it is, and what follows from it."""

    value: str
    words: str
    notes: tuple[str, ...] = ()


@blueprint.route("/rekker/<series>/<lesson>/ikke-ferdig", methods=["GET", "POST"])
@open_to(AGENT)
def unfinished(series: str, lesson: str) -> AnyResponse:
    """Record that a lesson was held without getting to its end, or say where the rest of such a one is taken up."""
    found = find_lesson(series, lesson, "hold")
    version = found.pinned_version or summaries.version_held(session(), found, today())
    form = UnfinishedForm(seen=found.version)
    if form.validate_on_submit():
        if found.held_record is None:
            _hold(found, version, form.parts.data or [])
        return _taken_up(found, form.how.data or "")
    return _show(found, version, form)


def _hold(lesson: Lesson, version: DocumentVersion, parts: list[str]) -> None:
    if not parts:
        raise Refused(N_("Tick the parts that are left. If nothing is, record the lesson as held."), at="parts")
    there = {step.uid for step in delivery.parts_left(version, summaries.slot_minutes(lesson))}
    if not set(parts) <= there:
        raise Refused(N_("Choose among those that are offered."), at="parts")
    delivery.hold(session(), lesson, by=me(), now=now(), unfinished=parts)


def _taken_up(lesson: Lesson, how: str) -> AnyResponse:
    rest, series = delivery.rest_of(lesson), lesson.series.public_id
    if rest is None:
        raise Refused(N_("Nothing is left of this lesson to take up."))
    if how == NEXT:
        following, _ = planning.take_up(session(), lesson, by=me(), now=now())
        words = gettext(
            "The rest of “%(title)s” is taken up in “%(next)s” on %(date)s. What is recorded of the lesson stays, also if you undo this.",
            title=rest.title, next=title_of(following), date=when_of(following),
        )  # fmt: skip
        return done_with(f"{words} {_too_long(_run(following, rest))}".strip(), series, undo=undo_of(lesson.series))
    kind, _, seal = how.partition(" ")
    if kind == EXTRA:
        extra, recording = planning.insert_extra(session(), lesson, rest.minutes, seal, by=me(), now=now())
        words = gettext(
            "An extra lesson of “%(title)s” is held on %(date)s. What is recorded of the lesson stays, also if you undo this.",
            title=rest.title, date=when_of(extra),
        )  # fmt: skip
        moved = {item["lesson"] for item in recording.change.lessons} if recording.change else set()
        apart, more = after_moving(one for one in lesson.series.lessons if one.public_id in moved)
        return done_with(words + apart, series, undo=undo_of(lesson.series), more=more)
    if how != LATER:
        raise Refused(N_("Choose among those that are offered."), at="how")
    return done_with(gettext("“%(title)s” is recorded: to be continued. Say later where the rest is taken up.", title=rest.title), series)


def _show(lesson: Lesson, version: DocumentVersion, form: UnfinishedForm) -> AnyResponse:
    if lesson.state == planning.CANCELLED or (lesson.held_record is not None and lesson.state != planning.CONTINUED):
        abort(404)
    rest = delivery.rest_of(lesson)
    parts = rest.steps if rest else delivery.parts_left(version, summaries.slot_minutes(lesson))
    minutes = rest.minutes if rest else delivery.minutes_of(parts, form.parts.data or [])
    ways = [] if planning.taken_up_in(lesson) else _ways(lesson, version, rest, minutes)
    if not any(form.how.data == way.value for way in ways):
        form.how.data = ways[0].value if ways else LATER
    return page(
        "agents/unfinished.html", form=form, lesson=lesson, title=title_of(lesson), parts=parts, is_recorded=rest is not None,
        offered=ways, taken_up=planning.taken_up_in(lesson), titles=titles_of(lesson.series.lessons), back=back_to(lesson.series.public_id),
    )  # fmt: skip


def _ways(lesson: Lesson, version: DocumentVersion, rest: Rest | None, minutes: int) -> list[Way]:
    """The ways there are, with what follows: before the parts are known, of one minute, for an extra lesson is as long as the others."""
    extras = planning.extra_lessons(session(), lesson, minutes or 1, now())
    titles = titles_of(lesson.series.lessons)
    found = [Way(f"{EXTRA} {extra.seal}", _extra_words(extra), tuple(_moves(extra, titles))) for extra in extras]
    following = planning.next_to_hold(lesson, now())
    if following is not None and following.carried_from_id is None:
        words = gettext("Take the rest in the next lesson: “%(title)s”, %(date)s", title=titles[following.id], date=when_of(following))
        found.insert(0, Way(NEXT, words, (_fits(following, version, rest),)))
    if rest is None:
        found.append(Way(LATER, gettext("Decide later")))
    return found


def _fits(following: Lesson, version: DocumentVersion, rest: Rest | None) -> str:
    """Whether the rest fits in the next lesson; before it is known, how many minutes there are for it."""
    if rest is None:
        own = _own_theme(following, version)
        spare = max(summaries.slot_minutes(following) - own.core_sum, 0)
        return gettext("The core of its own theme leaves %(minutes)s minutes for it.", minutes=spare)
    run = _run(following, rest, version)
    if run.spare < 0:
        return gettext(
            "It does not fit: %(rest)s minutes of this and %(own)s of its own are %(short)s minutes more than the lesson has.",
            rest=run.rest, own=run.own, short=-run.spare,
        )  # fmt: skip
    return gettext("It fits: %(rest)s minutes of this and %(own)s of its own.", rest=run.rest, own=run.own)


def _too_long(run: Run) -> str:
    """That the rest takes more than the lesson has beside the core of its own theme; empty when it does not."""
    if not run.is_too_long:
        return ""
    return gettext("The rest takes %(rest)s minutes; the core of the theme leaves room for %(room)s.", rest=run.rest, room=run.room)


def _own_theme(lesson: Lesson, otherwise: DocumentVersion | None = None) -> ThemeDocument:
    """What a lesson's own theme says."""
    version = lesson.pinned_version or ideabank.current(lesson.theme, today()) or otherwise
    assert version is not None
    return summaries.theme_of(version)


def _run(lesson: Lesson, rest: Rest, otherwise: DocumentVersion | None = None) -> Run:
    """How a lesson runs that takes up a rest."""
    return delivery.run_of(_own_theme(lesson, otherwise), summaries.slot_minutes(lesson), rest)


def _extra_words(extra: Extra) -> str:
    when = f"{weekday(extra.date)} {day(extra.date)} {clock(extra.start)}"
    if extra.moves:
        return gettext("Insert an extra lesson on %(when)s; the others move on", when=when)
    return gettext("Insert an extra lesson on %(when)s; nothing else moves", when=when)


def _moves(extra: Extra, titles: dict[int, str]) -> list[str]:
    """The lessons that move on, each with what asks for it, and with the half that then has the theme in another week."""
    apart = planning.halves_apart(session(), [one.lesson for one in extra.moves], {one.lesson.id: one.date for one in extra.moves})
    moves = {
        one.lesson.id: gettext(
            "“%(title)s” moves from %(old)s to %(new)s: %(why)s.",
            title=titles[one.lesson.id], old=when_of(one.lesson), new=f"{weekday(one.date)} {day(one.date)}", why=said(one.why),
        )
        for one in extra.moves
    }  # fmt: skip
    return [f"{words} {has_it_in(apart.get(id, ()))}".strip() for id, words in moves.items()]
