"""A class's page for its parents: choose a language, see the weeks, read a lesson, read it beside the Norwegian."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template, request, url_for
from markupsafe import Markup, escape
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from app.access import EVERYONE, find_link, open_to
from app.database import session, today
from app.homes import fridge, ready
from app.language import catalogue, gettext, lang, speak
from app.pages import parents_policy, parents_style
from app.playing import play
from app.settings import Settings
from curriculum import summaries
from curriculum.base import N_, fold_code
from curriculum.people import SMALL, District, Link, SchoolClass
from curriculum.planning import Lesson, iso_week
from curriculum.summaries import Section
from curriculum.text import LANGUAGES, isolate, negotiate, phone

blueprint = Blueprint("parents", __name__, template_folder="templates")
FAULTS: dict[int, tuple[str, str]] = {
    404: (
        N_("We cannot find this page"),
        N_("A letter in the address may be wrong. Try the link or the code from the school once more, or ask the class's teacher."),
    ),
    410: (N_("This link is no longer open"), N_("It has been replaced or has run out. Ask the class's teacher for the new one.")),
    429: (N_("Too many wrong codes"), N_("Wait an hour and try again, or ask the class's teacher for the link.")),
}
ABOUT = ("about", "who-we-are", "duties", "interpreter")
"""The district's texts on the page about us; the one about contact stands by the telephone numbers."""
PAPER_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""A page that is for paper has style and fonts of its own, from us."""

KEPT = frozenset({"parents.choose", "parents.weeks", "parents.about", "parents.lesson", "parents.together"})
"""Endpoints whose pages a telephone saves when they are read, to show them without a connection."""

COUNTED = frozenset({"parents.weeks", "parents.lesson"})
"""Endpoints whose pages are counted when they are read, in all of the district together. A small group's are not."""

READ = "kursrekka.read"
"""Where the doorstep finds whose reading a page is: the district's id."""

WORKER_POLICY = "default-src 'none'; connect-src 'self'"

OF_WHOLE_CLASSES = frozenset({"duties"})
"""Texts of the district's that say the course is for the whole class: not true of a small group, whose parents do not read them."""


@blueprint.get("/f", strict_slashes=False)
@open_to(EVERYONE)
def find() -> AnyResponse:
    """To the class whose code was typed from paper: the code alone, or an address that holds it."""
    code = fold_code(request.args.get("kode", "").rpartition("/f/")[2].partition("/")[0])
    if code:
        return redirect(url_for("parents.choose", code=code))
    speak(_language_of_fault())
    title = gettext("Open the class's page")
    return _bare("parents/fault.html", title=title, words=gettext("Type the code on the paper from the school."), asks=True)


@blueprint.get("/f/sw.js")
@open_to(EVERYONE)
def worker() -> Response:
    """What saves on a telephone the pages that were read. Where nothing shall be saved, it deletes what was and goes."""
    response = make_response(_worker("worker.js" if _is_kept() else "worker_off.js"))
    response.content_type = "text/javascript; charset=utf-8"
    response.headers["Service-Worker-Allowed"] = "/f/"
    response.headers["Content-Security-Policy"] = WORKER_POLICY
    response.headers["Cache-Control"] = "no-cache"
    return response


@cache
def _worker(name: str) -> str:
    """The script without what is for those who read it here."""
    return re.sub(r"^\s*(//.*\n)?", "", (Path(__file__).parent / name).read_text("utf-8"), flags=re.M)


def _is_kept() -> bool:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.parents_offline == "on"


@blueprint.get("/f/<code>", strict_slashes=False)
@open_to(EVERYONE)
def choose(code: str) -> AnyResponse:
    """The language chooser: every open language by its own name, the browser's first."""
    if _is_crooked(code):
        return redirect(url_for("parents.choose", code=fold_code(code)), 308)
    link = find_link("parents", code)
    tags = link.school_class.school.district.open_languages
    wanted = negotiate(request.headers.get("Accept-Language", ""), tags)
    speak(wanted or link.school_class.school.district.source_language)
    first = [wanted] if wanted else []
    languages = [LANGUAGES[tag] for tag in first + [tag for tag in tags if tag != wanted]]
    names = summaries.names_heard(session(), link.school_class.school.district)
    response = page("parents/choose.html", link, languages=languages, names=names)
    response.headers["Vary"] = "Accept-Language"
    return response


@blueprint.get("/f/<code>/<tag>", strict_slashes=False)
@open_to(EVERYONE)
def weeks(code: str, tag: str) -> AnyResponse:
    """All the class's weeks so far, this week's first."""
    link = opened(code, tag)
    district = link.school_class.school.district
    lines = summaries.weeks_for(session(), link.school_class, tag, today())
    who = summaries.district_texts(session(), district, tag, ["who-we-are"], today())
    read = [*who, *(line.sentence for line in lines if line.lesson and line.sentence and tag != district.source_language)]
    empty = summaries.why_empty(session(), link.school_class, lines, today())
    return page("parents/weeks.html", link, weeks=lines, empty=empty, about=who, district=district, **_around(link), **_marks(read))


def _around(link: Link) -> dict[str, Any]:
    """What is on for the parents of a school, and for their children after school. Two queries."""
    school = link.school_class.school
    return {
        "events": summaries.events_for(session(), school, today()),
        "activities": summaries.activities_for(session(), school, today()),
        "event_kinds": summaries.EVENT_KINDS,
        "activity_kinds": summaries.ACTIVITY_KINDS,
    }


@blueprint.get("/f/<code>/<tag>/om-oss", strict_slashes=False)
@open_to(EVERYONE)
def about(code: str, tag: str) -> AnyResponse:
    """Who holds the course, what they may not and must do, and whom to talk to. No lesson's id has a hyphen, so no address is both."""
    link = opened(code, tag)
    district = link.school_class.school.district
    keys = [key for key in (*ABOUT, "contact") if key not in _untrue(link.school_class)]
    parts = summaries.district_texts(session(), district, tag, keys, today())
    reach = next((part for part in parts if part.key == "contact"), None)
    return page(
        "parents/about.html",
        link,
        parts=[part for part in parts if part is not reach],
        reach=reach,
        people=summaries.contact_of(session(), link.school_class, today()),
        district=district,
        **_marks(parts),
    )


def _marks(parts: Iterable[Section]) -> dict[str, Any]:
    """What is said once of all that is read: whether a machine wrote some of it, and since when the Norwegian says something else."""
    read = list(parts)
    changed_on = max((part.changed_on for part in read if part.changed_on), default=None)
    return {"is_machine": any(part.is_machine for part in read), "changed_on": changed_on}


@blueprint.get("/f/<code>/<tag>/<lesson>", strict_slashes=False)
@open_to(EVERYONE)
def lesson(code: str, tag: str, lesson: str) -> AnyResponse:
    """One lesson as its parents read it."""
    return _lesson("parents/lesson.html", code, tag, lesson)


@blueprint.get("/f/<code>/<tag>/<lesson>/sammen", strict_slashes=False)
@open_to(EVERYONE)
def together(code: str, tag: str, lesson: str) -> AnyResponse:
    """The same lesson in two languages, side by side."""
    return _lesson("parents/together.html", code, tag, lesson)


@blueprint.get("/f/<code>/<tag>/lyd/<recording>", strict_slashes=False)
@open_to(EVERYONE)
def sound(code: str, tag: str, recording: str) -> AnyResponse:
    """What is heard on a page: a summary, a word, the name of a language. The doorstep lets it by."""
    link = opened(code, tag, recording=recording)
    try:
        response = play(summaries.find_heard(session(), link.school_class, recording, tag, today()))
    except LookupError:
        abort(404)
    response.headers["Content-Security-Policy"] = parents_policy()
    return response


@blueprint.get("/f/<code>/<tag>/<lesson>/ark", strict_slashes=False)
@open_to(EVERYONE)
def sheet(code: str, tag: str, lesson: str) -> AnyResponse:
    """The same lesson on one A4 for the fridge, to print."""
    link = opened(code, tag, lesson=lesson)
    summary = summaries.summary_for(session(), lesson_of(link, lesson), tag, today())
    response = make_response(
        render_template("parents/sheet.html", bar=True, link=link, fridge=fridge(summary, link.school_class, code), summary=summary)
    )
    response.headers["Content-Security-Policy"] = PAPER_POLICY
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/f/<code>/<tag>/del", strict_slashes=False)
@open_to(EVERYONE)
def share(code: str, tag: str) -> AnyResponse:
    """Texts about this week for a parent who writes to the others (klassekontakt). No lesson's id is as short, so no address is both.

    Nobody is asked to pass on the link of a small group.
    """
    link = opened(code, tag)
    if link.school_class.kind == SMALL:
        abort(404)
    district = link.school_class.school.district
    newest = summaries.newest_lesson(session(), link.school_class, today())
    summary = summaries.summary_for(session(), newest, district.source_language, today()) if newest else None
    texts = ready(summary, code, district.open_languages) if summary else None
    return page("parents/share.html", link, texts=texts, district=district)


def _lesson(template: str, code: str, tag: str, lesson: str) -> AnyResponse:
    link = opened(code, tag, lesson=lesson)
    found = lesson_of(link, lesson)
    summary = summaries.summary_for(session(), found, tag, today())
    is_past = (summary.year, summary.week) != (iso_week(today()).year, iso_week(today()).number)
    halves = summaries.half_news(session(), link.school_class, found, today())
    district = link.school_class.school.district
    heard = summaries.heard(session(), district, summary)
    return page(template, link, summary=summary, halves=halves, is_past=is_past, district=district, heard=heard, **_around(link))


def _untrue(school_class: SchoolClass) -> frozenset[str]:
    """Keys of the district's texts that are not true of a class."""
    return OF_WHOLE_CLASSES if school_class.kind == SMALL else frozenset()


def opened(code: str, tag: str, **places: str) -> Link:
    """The class's link, spoken of in the language of the address; `places` are the other codes in it.

    Whoever spells the address otherwise is led to the one that stays; where the district has not the language open, to the chooser.
    """
    if _is_crooked(code, *places.values()):
        folded: dict[str, Any] = {name: fold_code(place) for name, place in places.items()}
        abort(redirect(url_for(str(request.endpoint), code=fold_code(code), tag=tag, **folded), 308))
    link = find_link("parents", code)
    if not speak_of(link, tag):
        abort(redirect(url_for("parents.choose", code=code)))
    return link


def lesson_of(link: Link, lesson: str) -> Lesson:
    """The class's lesson with this public id, if its parents may read it; else 404."""
    try:
        return summaries.find_lesson(session(), link.school_class, lesson, today())
    except LookupError:
        abort(404)


def _is_crooked(*codes: str) -> bool:
    """Whether an address is another spelling of the one that stays: a code typed otherwise, or a slash too many."""
    return request.path.endswith("/") or any(code != fold_code(code) for code in codes)


def speak_of(link: Link, tag: str) -> bool:
    """Speak the language of the address if the district has it open."""
    if tag not in link.school_class.school.district.open_languages:
        return False
    speak(tag)
    return True


def page(template: str, link: Link, **values: Any) -> Response:
    """A page of a class, with what every one of them needs."""
    district: District = link.school_class.school.district
    is_chooser, is_small = request.endpoint == "parents.choose", link.school_class.kind == SMALL
    response = make_response(
        render_template(
            template,
            style=parents_style(),
            link=link,
            class_line=_class_line(link.school_class),
            is_small=is_small,
            is_kept=request.endpoint in KEPT and not is_small and _is_kept(),
            untrue=_untrue(link.school_class),
            chooser_url="" if is_chooser else url_for("parents.choose", code=link.code),
            about_url="" if is_chooser or request.endpoint == "parents.about" else _about_url(link),
            source=LANGUAGES[district.source_language],
            isolate=isolate,
            phone=phone,
            **values,
        )
    )
    response.headers["Content-Security-Policy"] = parents_policy()
    response.headers["Cache-Control"] = "no-store" if is_small else "no-cache"
    if request.endpoint in COUNTED and not is_small:
        request.environ[READ] = district.id
    return response


def _about_url(link: Link) -> str:
    """The page about us in the language that was chosen: there is none to link to before one is."""
    return url_for("parents.about", code=link.code, tag=lang().tag)


def _class_line(school_class: SchoolClass) -> Markup:
    """Whose page this is, each name in its own direction; a small group's says only the school."""
    school = Markup("<bdi>{}</bdi>").format(school_class.school.name)
    if school_class.kind == SMALL:
        return school
    name = Markup("<bdi>{}</bdi>").format(school_class.name)
    return escape(gettext("Class %(name)s, %(school)s")) % {"name": name, "school": school}


@blueprint.errorhandler(HTTPException)
def fault(error: HTTPException) -> AnyResponse:
    """What is wrong with a link or an address, in the parent's language, as light and as nameless as the pages."""
    if error.code is None or error.code < 400:
        return make_response(error.get_response())
    speak(_language_of_fault())
    title, words = FAULTS.get(error.code, FAULTS[404])
    response = _bare("parents/fault.html", title=gettext(title), words=gettext(words), asks=error.code in (404, 410))
    response.status_code = error.code
    return response


def _bare(template: str, **values: Any) -> Response:
    """A page of no class, in the browser's language."""
    response = make_response(render_template(template, style=parents_style(), **values))
    response.headers["Content-Security-Policy"] = parents_policy()
    response.headers["Vary"] = "Accept-Language"
    return response


def _language_of_fault() -> str:
    """The address's language, else the browser's, among those the words are translated into; else the first of all languages."""
    spoken = [tag for tag in LANGUAGES if catalogue(tag)]
    tag = (request.view_args or {}).get("tag")
    return tag if tag in spoken else negotiate(request.headers.get("Accept-Language", ""), spoken) or next(iter(LANGUAGES))
