"""Reading the idea bank: the list, a document, its versions, what changed between two, and vouching for one."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import defer, joinedload, selectinload
from werkzeug.wrappers import Response

from app.access import SIGNED_IN, can, find, me, open_to, signed_in_person, visible
from app.coordinators import changes, wording
from app.coordinators.filtering import Wish
from app.coordinators.forms import CheckForm, NewThemeForm
from app.coordinators.listing import the_bank
from app.coordinators.shelf import the_shelf
from app.coordinators.showing import show_theme, source_language
from app.coordinators.using import uses_of
from app.database import now, remember, session, today
from app.language import gettext, lang
from app.pages import done, page
from curriculum import ideabank, text
from curriculum.ideabank import Document, DocumentVersion, Draft, Review, ThemeDocument, TitleTaken
from curriculum.people import COORDINATOR, AuditEvent

blueprint = Blueprint("coordinators", __name__, template_folder="templates")


@blueprint.context_processor
def words() -> dict[str, Any]:
    """What the bank's templates know beside what every page knows."""
    choices = ("SECTIONS", "PARENTS", "STEP_KINDS", "ROOMS", "GROUPS", "AIM_ROLES", "DIVE", "KINDS", "MARKS")
    return {name: getattr(wording, name) for name in choices} | {
        "source": source_language() if signed_in_person() else None,
        "render": text.render,
        "part_title": changes.part_title,
        "part_changes": changes.part_changes,
    }


@blueprint.get("/idebank")
@open_to(SIGNED_IN)
def bank() -> Response:
    """Everything in the bank; or of its themes those that hold the words (sok) and answer to what else is asked for."""
    found = the_bank(Wish.from_address(request.args))
    answer = page("coordinators/bank.html", bank=found)
    if "HX-Request" in request.headers:
        asked: dict[str, Any] = {**found.filter.wish.address(page=found.page)}
        answer.headers["HX-Push-Url"] = url_for("coordinators.bank", **asked)  # without what is empty
    return answer


@blueprint.route("/idebank/nytt-tema", methods=["GET", "POST"])
@open_to(COORDINATOR)
def new_theme() -> Response:
    """A title is enough to begin."""
    form = NewThemeForm()
    if form.validate_on_submit():
        document = ideabank.new_theme(session(), me().district, form.title.data or "", me(), now())
        return done(
            gettext("The theme has a draft. Nobody but you who edit sees it before it is published."),
            "coordinators.draft",
            key=document.key,
        )
    refusal = g.get("refusal")
    return page("coordinators/new_theme.html", form=form, existing=refusal.key if isinstance(refusal, TitleTaken) else "")


@blueprint.get("/idebank/<key>")
@open_to(SIGNED_IN)
def document(key: str) -> Response:
    """A document as it says today."""
    found = find_document(key)
    version = newest_of(found)
    if version is None and can("edit", found) and found.draft is not None:
        return redirect(url_for("coordinators.draft", key=key), 303)
    return _shown(found, version or abort(404), is_current=True)


def find_document(key: str) -> Document:
    """The document with this key, with its draft; 404 without one."""
    return session().scalars(_with_key(visible(Document)), {"key": key}).first() or abort(404)


@lru_cache
def _with_key(seen: Select[Document]) -> Select[Document]:
    return seen.where(Document.key == bindparam("key")).options(joinedload(Document.draft).defer(Draft.text))


def newest_of(document: Document, number: int | None = None) -> DocumentVersion | None:
    """The version with this number, else the newest in effect today; with those who published and vouched for it."""
    asked = {"document": document.id, "number": number, "today": today()}
    return session().scalars(_newest(number is not None), asked).unique().first()


@cache
def _newest(has_number: bool) -> Select[DocumentVersion]:
    which = DocumentVersion.number == bindparam("number") if has_number else DocumentVersion.effective <= bindparam("today")
    people = joinedload(DocumentVersion.publisher), joinedload(DocumentVersion.reviews).joinedload(Review.person)
    query = select(DocumentVersion).where(DocumentVersion.document_id == bindparam("document"), which)
    return query.order_by(DocumentVersion.number.desc()).limit(1).options(*people, defer(DocumentVersion.text))


def _shown(document: Document, version: DocumentVersion, *, is_current: bool) -> Response:
    content = ideabank.parsed(version)
    editing = can("edit", document)
    uses = uses_of(document) if isinstance(content, ThemeDocument) else None
    values: dict[str, Any] = {
        "document": document,
        "version": version,
        "content": content,
        "is_current": is_current,
        "is_checked": ideabank.is_checked(version),
        "i_checked": any(review.person_id == me().id for review in version.reviews),
        "draft": document.draft if editing else None,
        "since": _worked_from() or (uses.mine_last if uses else None),
        "proposals": ideabank.waiting_proposals(session(), document) if editing and is_current else [],
    }
    if isinstance(content, ThemeDocument):
        return page("coordinators/theme.html", uses=uses, **_said(content, version.id if is_current else None), **values)
    return page("coordinators/document.html", titles=the_shelf().titles(), **values)


def _said(theme: ThemeDocument, kept_as: int | None) -> dict[str, Any]:
    """What a theme's page says to everyone alike; that of today's version is kept while nothing changes."""

    def make() -> dict[str, Any]:
        shown = show_theme(theme)
        parts = {name: Markup(render_template(f"coordinators/_{name}.html", shown=shown)) for name in ("taught", "aims")}
        return {"shown": shown, **parts}

    return the_shelf().once((kept_as, lang().tag), make) if kept_as else make()


def _worked_from() -> int | None:
    """The version the reader comes from (fra), as the page of a series or a lesson says it."""
    number = request.args.get("fra", 0, int)
    return number if 0 < number < 1_000_000 else None


@blueprint.get("/idebank/<key>/versjoner")
@open_to(SIGNED_IN)
def versions(key: str) -> Response:
    """Every version, the newest first."""
    people = selectinload(Document.versions)
    found = find(
        Document, Document.key == key, load=(people.joinedload(DocumentVersion.publisher), people.selectinload(DocumentVersion.reviews))
    )
    if not found.versions:
        abort(404)
    return page(
        "coordinators/versions.html",
        document=found,
        versions=list(reversed(found.versions)),
        is_checked=ideabank.is_checked,
        since=_worked_from(),
    )


@blueprint.get("/idebank/<key>/versjoner/<int(max=999999):number>")
@open_to(SIGNED_IN)
def version(key: str, number: int) -> Response:
    """One version, as it was published."""
    found = find(Document, Document.key == key)
    current = ideabank.current(found, today())
    one = newest_of(found, number)
    return _shown(found, one or abort(404), is_current=current is not None and current.number == number)


@blueprint.route("/idebank/<key>/versjoner/<int(max=999999):number>/kontrollert", methods=["GET", "POST"])
@open_to(COORDINATOR)
def check_version(key: str, number: int) -> Any:
    """A person's word that she has read this version and vouches for it: it stands for good, so she is asked before."""
    found = find(Document, Document.key == key, act="publish")
    one, form = newest_of(found, number) or abort(404), CheckForm()
    if form.validate_on_submit():
        ideabank.review(session(), one, me(), now())
        remember(AuditEvent(district_id=me().district_id, at=now(), kind="review", person_id=me().id, about=f"{key} {number}"))
        return done(gettext("It is written down that you have checked this version."), "coordinators.version", key=key, number=number)
    return page("coordinators/check.html", document=found, version=one, form=form, is_mine=one.publisher_id == me().id)


@blueprint.get("/idebank/<key>/sammenlign")
@open_to(SIGNED_IN)
def compare(key: str) -> Response:
    """What changed from one version to another."""
    found = find(Document, Document.key == key, load=(selectinload(Document.versions),))
    by_number = {one.number: one for one in found.versions}
    new = by_number.get(request.args.get("til", max(by_number, default=0), int)) or abort(404)
    old = by_number.get(request.args.get("fra", max(new.number - 1, 1), int)) or abort(404)
    notes = [by_number[number] for number in sorted(by_number, reverse=True) if old.number < number <= new.number]
    return page(
        "coordinators/compare.html",
        document=found,
        old=old,
        new=new,
        numbers=sorted(by_number),
        notes=notes,
        comparison=ideabank.compare(old, new),
    )
