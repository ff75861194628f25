"""What an agent takes with her to the lesson: the opplegg on paper, and cards with the words we use."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import abort, request, url_for
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from app.access import SIGNED_IN, find, open_to
from app.coordinators.routes import blueprint, newest_of
from app.coordinators.showing import show_terms
from app.database import session
from app.pages import page
from app.wall import wall_page
from curriculum import delivery, ideabank, planning
from curriculum.ideabank import Document, ThemeDocument
from curriculum.planning import Lesson

SHORTEST, LONGEST = 15, 180
"""Minutes a lesson may be asked to last."""

CARDS_A_PAGE = 4
LONGEST_VALUE = 40
"""Characters of what an address asks for that are said again."""


@blueprint.get("/idebank/<key>/opplegg")
@open_to(SIGNED_IN)
def opplegg(key: str) -> Response:
    """How the theme is held in so many minutes (minutter; all of it fits by default), by the clock from a time of the day (start)."""
    values = _theme(key)
    theme: ThemeDocument = values["theme"]
    asked = request.args.get("minutter", theme.full_minutes, int)
    minutes = asked if SHORTEST <= asked <= LONGEST else theme.full_minutes
    start = _clock(request.args.get("start", ""))
    lesson = _lesson()
    rest = delivery.rests_taken_up(session(), [lesson]).get(lesson.id) if lesson else None
    sheet = delivery.plan_for_screen(values["version"], minutes, rest)
    clocks = [(_after(start, step.start), _after(start, step.end)) for step in sheet.steps] if start else []
    left_out = [] if rest and rest.theme == key else [step for step in theme.steps if not any(step.uid == one.uid for one in sheet.steps)]
    end = _after(start, sheet.minutes - sheet.spare) if start else None
    lengths = sorted({theme.core_minutes, theme.full_minutes, minutes})
    return page(
        "coordinators/opplegg.html",
        sheet=sheet,
        start=start,
        end=end,
        clocks=clocks,
        left_out=left_out,
        lengths=lengths,
        left_out_of_address=_left_out(minutes, start),
        terms=show_terms(theme.terms),
        rest=rest,
        visitor=lesson.asked_presenter if lesson and lesson.presenter_answer != planning.NO else None,
        okt=request.args.get("okt", ""),
        **values,
    )


def _lesson() -> Lesson | None:
    """The lesson that is to be held (okt), for what it takes up and who comes to it; None where the theme alone is asked for."""
    public_id = request.args.get("okt", "")
    return find(Lesson, Lesson.public_id == public_id, load=(joinedload(Lesson.asked_presenter),)) if public_id else None


@blueprint.get("/idebank/<key>/ordkort")
@open_to(SIGNED_IN)
def word_cards(key: str) -> Response:
    """The words of the theme as cards to cut out."""
    values = _theme(key)
    return page("coordinators/word_cards.html", terms=show_terms(values["theme"].terms), a_page=CARDS_A_PAGE, **values)


@blueprint.get("/idebank/<key>/ordplakat")
@blueprint.get("/idebank/<key>/ordplakat.pdf", endpoint="wall_words_pdf")
@open_to(SIGNED_IN)
def wall_words(key: str) -> Response:
    """The words of the theme in large letters, for the classroom's wall."""
    values = _theme(key)
    theme: ThemeDocument = values["theme"]
    back = url_for("coordinators.document", key=key), theme.title
    return wall_page(values["document"].district, [theme], title=theme.title, back=back, name=key)


def _theme(key: str) -> dict[str, Any]:
    """A theme in its version of today, or in an older one (versjon)."""
    document = find(Document, Document.key == key, Document.kind == ideabank.THEME, load=(joinedload(Document.district),))
    number = request.args.get("versjon", 0, int)
    version = newest_of(document, number if 0 < number < 1_000_000 else None) or abort(404)
    return {
        "document": document,
        "version": version,
        "theme": ideabank.parsed(version),
        "older": {"versjon": number} if version.number == number else {},
        "is_checked": ideabank.is_checked(version),
    }


def _left_out(minutes: int, start: time | None) -> list[str]:
    """What the address asks for that cannot be had."""
    asked = ((request.args.get("minutter", ""), str(minutes)), (request.args.get("start", ""), start.isoformat("minutes") if start else ""))
    return [typed[:LONGEST_VALUE] for typed, used in asked if typed.strip() and typed.lstrip("0") != used.lstrip("0")]


def _clock(written: str) -> time | None:
    """A time of the day as a form sends it; None when it is none."""
    try:
        return time.fromisoformat(written) if len(written) == len("08:30") else None
    except ValueError:
        return None


def _after(start: time, minutes: int) -> time:
    return (datetime.combine(date.min, start) + timedelta(minutes=minutes)).time()
