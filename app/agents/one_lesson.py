"""What every act on a lesson begins and ends with: the lesson of an address, what it is called, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any, NoReturn

from flask import Response, abort, request, url_for
from sqlalchemy.orm import defer, joinedload, load_only, selectinload
from sqlalchemy.orm.interfaces import ORMOption
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from app.access import find_by_id, safe_next
from app.agents.forms import Press
from app.agents.routes import refusal_of, show_series, themes_today, whole_series
from app.database import OSLO, today
from app.language import day, gettext, weekday
from app.pages import done, page
from curriculum import ideabank, planning
from curriculum.base import N_
from curriculum.ideabank import Document, DocumentVersion
from curriculum.people import SchoolClass
from curriculum.planning import Lesson, Move, Series

TYPED = {"reason": N_("Why"), "why": N_("More about why"), "room": N_("Room")}
"""What may be written in a form about a lesson, with its label: shown again when the lesson was changed meanwhile."""

SWAP = "bytt"
"""Before the lesson to change places with, where another choice would be a week or a day."""


def show_refused(series: str, form: Press) -> Response:
    """The series' page with the words; a GET of a button's address shows the page as it is."""
    return show_series(find_by_id(Series, series, act="plan", load=whole_series()), refusal=refusal_of(form))


def find_lesson(series: str, lesson: str, act: str = "plan", *, to_show: tuple[ORMOption, ...] = ()) -> Lesson:
    """The lesson of an address. What is sent about another state of it than it has now is answered with the state that it has.

    `to_show` is what a page that is only read needs of it, where that is less than what an act does.
    """
    is_act = request.method == "POST"
    try:
        found = find_by_id(Lesson, lesson, act, to_show if to_show and not is_act else _whole_lesson(is_act))
    except NotFound:
        if request.method != "POST":
            raise
        abort(page("agents/gone.html", 404))
    if found.series.public_id != series:
        abort(404)
    if request.method == "POST" and request.values.get("seen") != str(found.version):
        overtaken(found)
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


@cache
def where_it_stands() -> tuple[ORMOption, ...]:
    """A lesson among those of its series, for what is kept of the rest (`planning.as_it_stands`): two queries. Built once."""
    return (
        joinedload(Lesson.series, innerjoin=True).options(
            joinedload(Series.school_class, innerjoin=True),
            joinedload(Series.slots),
            selectinload(Series.lessons).options(
                load_only(
                    Lesson.public_id, Lesson.series_id, Lesson.theme_id, Lesson.pinned_version_id, Lesson.date, Lesson.start, Lesson.end,
                    Lesson.date_locked, Lesson.state, Lesson.version,
                ),
                joinedload(Lesson.pinned_version).load_only(DocumentVersion.title),
            ),
        ),
        joinedload(Lesson.classes, innerjoin=True),
    )  # fmt: skip


_OF_A_VERSION = (DocumentVersion.document_id, DocumentVersion.number, DocumentVersion.title, DocumentVersion.effective)


def overtaken(lesson: Lesson) -> NoReturn:
    """409: how the lesson stands now, what was chosen, and what was typed."""
    typed = [(gettext(label), request.form[name]) for name, label in TYPED.items() if request.form.get(name)]
    changed = lesson.moves[-1].at.astimezone(OSLO) if lesson.moves else None
    abort(
        page(
            "agents/overtaken.html", 409, lesson=lesson, title=title_of(lesson), chosen=_choice(lesson), typed=typed,
            back=back_to(lesson.series.public_id), changed=changed, again=_again(lesson),
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
        return gettext("change places with “%(title)s”", title=title_of(partner))
    try:
        if "W" in where:
            return gettext("week %(number)s", number=planning.parse_week(where).number)
        chosen = date.fromisoformat(where or request.form.get("date", ""))
    except (LookupError, ValueError):
        return ""
    at = "" if where else request.form.get("start_time", "")
    return f"{weekday(chosen)} {day(chosen)} {at}".rstrip()


def back_to(series: str) -> str:
    """Where the person came from: an address of our own, else the series' page."""
    return safe_next(request.values.get("next"), url_for("agents.series_page", series=series))


def done_with(words: str, series: str, undo: str = "", more: tuple[str, str] = ("", "")) -> AnyResponse:
    """Say what was done, and go back to where she came from."""
    return done(words, "agents.series_page", to=back_to(series), undo=undo, more=more, series=series)


def titles_of(lessons: Sequence[Lesson]) -> dict[int, str]:
    """What each lesson's theme is called today, or in the version it keeps; by the lesson's id."""
    themes = themes_today()
    versions = {lesson.id: lesson.pinned_version or themes.get(lesson.theme_id) for lesson in lessons}
    return {lesson.id: version.title if (version := versions[lesson.id]) else lesson.theme.key for lesson in lessons}


def title_of(lesson: Lesson) -> str:
    """What a lesson's theme is called today, or in the version it keeps."""
    version = lesson.pinned_version or ideabank.current(lesson.theme, today())
    return version.title if version else lesson.theme.key


def when_of(lesson: Lesson) -> str:
    """Its weekday and date in the page's language."""
    return f"{weekday(lesson.date)} {day(lesson.date)}"


def asked_anew(lessons: Sequence[Lesson]) -> str:
    """After a move: which visitors must be asked whether they can come on the new day. Begins with a space; empty when nobody must.

    Whoever comes without being in the register was asked elsewhere, so that nothing here knows of an answer.
    """
    names = sorted({one.asked_presenter.name for one in lessons if one.asked_presenter and one.presenter_answer == planning.ASKED})
    words = [gettext("Ask %(name)s anew: an answer was to the old date.", name=name) for name in names]
    if any(one.presenter and one.asked_presenter is None for one in lessons):
        words.append(gettext("Somebody from outside is to come: ask whether the new date suits."))
    return "".join(" " + sentence for sentence in words)
