"""Was it understood? One press on a face, and no word: counted by theme, and of nobody."""

from __future__ import annotations

from flask import Response, abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.access import EVERYONE, Visitors, find_link, open_to
from app.database import now, session, today
from app.parents.routes import blueprint, lesson_of, opened, page, speak_of
from curriculum import feedback, ideabank, summaries
from curriculum.base import N_, fold_code
from curriculum.feedback import NO, PARTLY, YES
from curriculum.people import SMALL, Link

FACES = (
    ("ja", YES, "☺", N_("Yes")),
    # Translators: understood some of it
    ("litt", PARTLY, "😐", N_("Partly")),
    ("nei", NO, "☹", N_("No")),
)
"""What is sent, what it means, the face and its word."""

MOST_OF_ONE = 30
"""Answers that are counted from one address in an hour: a meeting of parents sits behind one."""

MOST_OF_ALL = 1000
"""Answers that one process counts in an hour: more are nobody's honest ones."""


blueprint.add_app_template_global(lambda: FACES, "faces")


@blueprint.post("/f/<code>/<tag>/<lesson>/forsto", strict_slashes=False)
@open_to(EVERYONE)
def understood(code: str, tag: str, lesson: str) -> AnyResponse:
    """Count an answer. Whoever has answered enough is thanked all the same: nobody is told what is counted."""
    link = find_link("parents", fold_code(code))
    _refuse_small(link)
    if not speak_of(link, tag):
        return redirect(url_for("parents.choose", code=link.code), 303)
    shown = _shown(link, tag, lesson)
    answer = next((meaning for sent, meaning, *_ in FACES if sent == request.form.get("svar")), None)
    if answer is None or shown.is_cancelled:
        return redirect(url_for("parents.lesson", code=link.code, tag=tag, lesson=shown.lesson), 303)
    theme = ideabank.find_document(session(), link.district_id, shown.theme.key)
    if theme and _is_counted(shown.lesson):
        feedback.add_answer(session(), theme, answer)
    return redirect(url_for("parents.thanks", code=link.code, tag=tag, lesson=shown.lesson), 303)


@blueprint.get("/f/<code>/<tag>/<lesson>/takk", strict_slashes=False)
@open_to(EVERYONE)
def thanks(code: str, tag: str, lesson: str) -> AnyResponse:
    """Thanks for an answer. To open it again answers nothing again."""
    link = opened(code, tag, lesson=lesson)
    _refuse_small(link)
    response: Response = page("parents/thanks.html", link, lesson=_shown(link, tag, lesson).lesson)
    return response


def _refuse_small(link: Link) -> None:
    """The parents of a small group are not asked: they are so few that each would be known."""
    if link.school_class.kind == SMALL:
        abort(404)


def _shown(link: Link, tag: str, lesson: str) -> summaries.Summary:
    return summaries.summary_for(session(), lesson_of(link, fold_code(lesson)), tag, today())


def _is_counted(lesson: str) -> bool:
    """Whether this answer counts: not a second press on the same page, not what another site sends, and not the flood of one address.

    Visitors are known by a key that lives in memory for a minute, or an hour, and by nothing else.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    minute, hour = f"{now():%Y-%m-%d %H:%M}", f"{now():%Y-%m-%d %H}"
    address = request.remote_addr or ""
    phone = f"{address} {request.headers.get('User-Agent', '')} {lesson}"
    presses: Visitors = current_app.extensions.setdefault("presses", Visitors())
    answers: Visitors = current_app.extensions.setdefault("answers", Visitors())
    if presses.of(phone, minute) or answers.of(address, hour) >= MOST_OF_ONE or answers.all(hour) >= MOST_OF_ALL:
        return False
    presses.add(phone, minute)
    answers.add(address, hour)
    return True
