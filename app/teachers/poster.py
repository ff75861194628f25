"""The poster for a class's parents: how to open their page, in each language, for a wall or a school bag."""

from __future__ import annotations

from dataclasses import dataclass

import segno
from flask import Response, current_app, url_for
from markupsafe import Markup
from sqlalchemy.orm import joinedload

from app.access import find, open_to
from app.database import session, today
from app.language import catalogue
from app.pages import page
from app.teachers.routes import blueprint
from curriculum import people, summaries
from curriculum.base import N_
from curriculum.people import ADMINISTRATOR, AGENT, PARENTS, TEACHER, Link, School, SchoolClass
from curriculum.text import LANGUAGES, Language, SafeHtml

GROUP = 5
"""Symbols of a code that are read at a glance."""

TO_PARENTS = N_("What the class works with")
TO_PARENTS_OF_A_GROUP = N_("What we work with")
IN_SHORT = N_("Scan the code and choose your language. You do not need to log in.")
HOW = N_("Point the camera of a phone at the square. Or write this address:")
OR_CODE = N_("The code is:")


@dataclass(frozen=True)
class Line:
    """What the poster says in one language."""

    language: Language
    words: str
    how: str


@dataclass(frozen=True)
class Poster:
    """All that stands on the paper, in the district's own language but for the `lines`. A small group's names only the school."""

    lang: Language
    whose: str
    title: str
    lines: tuple[Line, ...]
    square: Markup
    how: str
    address: str
    or_code: str
    groups: tuple[str, ...]
    who_we_are: SafeHtml


@blueprint.get("/klasser/<school_class>/plakat")
@open_to(AGENT, TEACHER, ADMINISTRATOR)
def poster(school_class: str) -> Response:
    """An A4 page to print; of a class whose parents have no open link, only that."""
    load = (joinedload(SchoolClass.school).joinedload(School.district),)
    shared = find(SchoolClass, SchoolClass.public_id == school_class, act="share", load=load).shared_by
    link = people.open_links(session(), shared, today()).get(PARENTS)
    return page("teachers/poster.html", poster=_poster(link) if link else None, school_class=shared)


def _poster(link: Link) -> Poster:
    group, district = link.school_class, link.school_class.school.district
    source = district.source_language
    what = TO_PARENTS_OF_A_GROUP if group.is_confidential else TO_PARENTS
    address = current_app.config["SETTINGS"].base_url + url_for("parents.choose", code=link.code)
    about = summaries.district_texts(session(), district, source, ["who-we-are"], today())
    return Poster(
        lang=LANGUAGES[source],
        whose=_whose(group, source),
        title=_said(source, what),
        lines=tuple(Line(LANGUAGES[tag], _said(tag, what), _said(tag, IN_SHORT)) for tag in district.open_languages),
        square=_square(address),
        how=_said(source, HOW),
        address=address,
        or_code=_said(source, OR_CODE),
        groups=tuple(link.code[start : start + GROUP] for start in range(0, len(link.code), GROUP)),
        who_we_are=next((_first_paragraph(part.html) for part in about), SafeHtml("")),
    )


def _whose(group: SchoolClass, tag: str) -> str:
    """Whose page it is; a small group's says only the school."""
    if group.is_confidential:
        return group.school.name
    return _said(tag, N_("Class %(name)s, %(school)s")) % {"name": group.name, "school": group.school.name}


def _said(tag: str, msgid: str) -> str:
    """A sentence in a language of its own: paper is for those who read it, whatever language the one who prints it has chosen."""
    return catalogue(tag).get(msgid, msgid)


def _square(address: str) -> Markup:
    """The address as a QR code: half of it may be dirty, and its colours are in attributes, which the page's policy allows."""
    code = segno.make(address, error="q", micro=False)
    return Markup(code.svg_inline(border=2, dark="#000", light="#fff", svgclass="square", lineclass=None, omitsize=True))  # ours alone


def _first_paragraph(html: SafeHtml) -> SafeHtml:
    return SafeHtml(html.partition("</p>")[0] + "</p>")
