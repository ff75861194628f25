"""The translators' desk, read only: the languages, the texts of one, and a text beside its translation."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, abort

from app.access import find, me, open_to
from app.database import session, today
from app.pages import page
from curriculum import people, summaries
from curriculum.base import N_
from curriculum.ideabank import DISTRICT_TEXTS, THEME, VOCABULARY, Document
from curriculum.people import ADMINISTRATOR, COORDINATOR, TRANSLATOR, DistrictLanguage, Scope
from curriculum.text import LANGUAGES, Language

blueprint = Blueprint("translators", __name__, template_folder="templates")

READERS = (TRANSLATOR, COORDINATOR, ADMINISTRATOR)

STATES = {
    # Translators: five states of a sentence's translation; their numbers stand on one line
    "checked": N_("Checked"),
    "translated": N_("Translated"),
    "draft": N_("Draft"),
    "stale": N_("The Norwegian text has changed"),
    "missing": N_("Missing"),
}


@blueprint.app_template_global("translation_states")
def states() -> Mapping[str, str]:
    """The five numbers' names in the order they are shown."""
    return STATES


@blueprint.get("/oversett")
@open_to(*READERS)
def desk() -> Response:
    """The languages a person may see, each with its five numbers."""
    languages = _languages()
    counted = summaries.numbers_by_document(session(), me().district, [one.tag for one in languages], today())
    numbers = {tag: summaries.total(some.values()) for tag, some in counted.items()}
    return page("translators/desk.html", languages=languages, numbers=numbers)


@blueprint.get("/oversett/<tag>")
@open_to(*READERS)
def language(tag: str) -> Response:
    """The texts of a language, in the order their parents need them."""
    spoken = _language(tag)
    texts = summaries.waiting_texts(session(), me().district, tag, today())
    return page("translators/language.html", spoken=spoken, texts=texts, all=summaries.total(one.numbers for one in texts))


@blueprint.get("/oversett/<tag>/<key>")
@open_to(*READERS)
def text(tag: str, key: str) -> Response:
    """A text beside its translation; where the source has changed since, what has changed."""
    spoken = _language(tag)
    kinds = (THEME, VOCABULARY, DISTRICT_TEXTS)
    document = find(Document, Document.key == key, Document.kind.in_(kinds), Document.retired_at.is_(None))
    try:
        version, lines = summaries.side_by_side(session(), document, tag, today())
    except LookupError:
        abort(404)
    may_record = document.kind == THEME and people.may(me(), "record", Scope(me().district_id, language=tag), today())
    return page("translators/text.html", spoken=spoken, version=version, lines=lines, may_record=may_record)


def _languages() -> list[DistrictLanguage]:
    """The district's languages in its order, without its own: all for those who answer for the district, else those she translates into."""
    roles = people.roles(me(), today())
    hers = {one.language for one in me().assignments if one.role == TRANSLATOR and one.in_effect(today())}
    is_all = bool(roles & {COORDINATOR, ADMINISTRATOR})
    own = me().district.source_language
    return [one for one in me().district.languages if one.tag != own and (is_all or one.tag in hers)]


def _language(tag: str) -> Language:
    """A language this person may see; any other is not there."""
    if tag not in {one.tag for one in _languages()}:
        abort(404)
    return LANGUAGES[tag]
