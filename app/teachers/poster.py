"""The poster for a class's parents: how to open their page, in each language, for a wall or a school bag."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, current_app, request, url_for
from markupsafe import Markup
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from app.access import find, open_to
from app.database import session, today
from app.language import catalogue
from app.paper import PDF, file_name, first_paragraph, on_paper, spoken, square, whose
from app.teachers.routes import blueprint
from curriculum import people, summaries
from curriculum.base import N_
from curriculum.people import ADMINISTRATOR, AGENT, PARENTS, TEACHER, Link, School, SchoolClass
from curriculum.text import LANGUAGES, Language, SafeHtml

GROUP = 5
"""Symbols of a code that are read at a glance."""

FEW = 8
"""So many lines stand one below the other in large letters; more stand in two columns."""

LONGEST_WHO = 400
"""Characters of who we are; what is longer has no room on the one page."""

SCAN = N_("Scan the code: this week's theme in your language")
NO_SIGN_IN = N_("You do not need to log in.")
HOW = N_("Point the camera of a phone at the square. Or write this address:")
OR_CODE = N_("The code is:")


@dataclass(frozen=True)
class Line:
    """What the poster says in one language; only the language's own name where the house does not speak it."""

    language: Language
    words: str


@dataclass(frozen=True)
class Poster:
    """All that stands on the paper, in the district's own language but for the `lines`. A small group's names only the school."""

    lang: Language
    whose: str
    lines: tuple[Line, ...]
    square: Markup
    how: str
    address: str
    or_code: str
    groups: tuple[str, ...]
    no_sign_in: str
    who_we_are: SafeHtml

    @property
    def has_many(self) -> bool:
        return len(self.lines) > FEW


@blueprint.get("/klasser/<school_class>/plakat")
@blueprint.get("/klasser/<school_class>/plakat.pdf", endpoint="poster_pdf")
@open_to(AGENT, TEACHER, ADMINISTRATOR)
def poster(school_class: str) -> Response:
    """An A4 page to print; of a class whose parents have no open link, only that."""
    load = (joinedload(SchoolClass.school).joinedload(School.district),)
    shared = find(SchoolClass, SchoolClass.public_id == school_class, act="share", load=load).shared_by
    link = people.open_links(session(), shared, today()).get(PARENTS)
    if link is None and request.path.endswith(PDF):
        abort(404)
    return on_paper(
        "teachers/poster.html",
        file_name("plakat", "" if shared.is_confidential else shared.name),
        poster=_poster(link) if link else None,
        school_class=shared,
    )


def _poster(link: Link) -> Poster:
    group, district = link.school_class, link.school_class.school.district
    source = district.source_language
    address = current_app.config["SETTINGS"].base_url + url_for("parents.choose", code=link.code)
    about = summaries.district_texts(session(), district, source, ["who-we-are"], today())
    who = next((first_paragraph(part.html) for part in about), SafeHtml(""))
    return Poster(
        lang=LANGUAGES[source],
        whose=whose(group, source),
        lines=tuple(Line(LANGUAGES[tag], spoken(tag, SCAN) if catalogue(tag) else "") for tag in district.open_languages),
        square=square(address),
        how=spoken(source, HOW),
        address=address,
        or_code=spoken(source, OR_CODE),
        groups=tuple(link.code[start : start + GROUP] for start in range(0, len(link.code), GROUP)),
        no_sign_in=spoken(source, NO_SIGN_IN),
        who_we_are=who if len(who) <= LONGEST_WHO else SafeHtml(""),
    )
