"""Writing in the idea bank: a draft section by section, each saved by itself, so that two who write never lose each other's words."""

from __future__ import annotations

from typing import Any

from flask import abort, g, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from app.access import find, me, open_to
from app.coordinators import undoing
from app.coordinators.forms import FrontForm, ProseForm, StepForm, WholeForm
from app.coordinators.previewing import Preview, preview_section
from app.coordinators.routes import blueprint
from app.coordinators.showing import aims_to_choose, show_theme, vocabulary
from app.coordinators.wording import fault_words, section_of, section_title
from app.database import now, session, today
from app.language import gettext
from app.pages import done, page
from curriculum import ideabank
from curriculum.ideabank import Conflict, Document, Draft, OutlineDocument, ThemeDocument
from curriculum.people import COORDINATOR


def find_draft(key: str) -> Draft:
    """The draft of a document one may edit. None begun: 404."""
    document = find(Document, Document.key == key, act="edit")
    return document.draft or abort(404)


def find_theme(key: str) -> tuple[Draft, ThemeDocument]:
    """A theme's draft, with what it says."""
    draft = find_draft(key)
    content = ideabank.read_draft(draft).document
    return draft, content if isinstance(content, ThemeDocument) else abort(404)


def problems_by_section(draft: Draft) -> dict[str, list[str]]:
    """What must be put right before publishing, in words, by the section where it is put right."""
    found: dict[str, list[str]] = {}
    for error in ideabank.draft_problems(session(), draft):
        found.setdefault(section_of(error.at), []).append(fault_words(error))
    return found


@blueprint.route("/idebank/<key>/utkast", methods=["GET", "POST"])
@open_to(COORDINATOR)
def draft(key: str) -> Any:
    """The draft: a theme with a way into each section; another document as one text."""
    found = find_draft(key)
    if found.document.kind != ideabank.THEME:
        return _whole(found)
    content = ideabank.read_draft(found).document
    if request.method == "POST" or not isinstance(content, ThemeDocument):
        abort(405)
    hashes = {step.uid: ideabank.section_hash(content, f"steps.{step.uid}") for step in content.steps}
    return page(
        "coordinators/draft.html",
        draft=found,
        document=found.document,
        shown=show_theme(content),
        problems=problems_by_section(found),
        hashes=hashes,
        section_title=lambda section: section_title(content, section),
    )


def _whole(draft: Draft) -> Any:
    form = WholeForm()
    if request.method == "GET":
        form.text.data, form.seen_version.data = draft.text, draft.version
    if form.validate_on_submit():
        seen = form.seen_version.data or 0
        ideabank.save_draft(session(), draft, form.text.data or "", seen_version=seen, by=me(), now=now())
        return done(gettext("Saved."), "coordinators.draft", key=draft.document.key)
    conflict = conflict_here()
    if conflict:
        form.seen_version.raw_data = [str(draft.version)]
    values = {"conflict": conflict, "theirs": draft.text if conflict else "", "problems": problems_by_section(draft)}
    return page("coordinators/whole.html", 409 if conflict else 200, draft=draft, document=draft.document, form=form, **values)


@blueprint.post("/idebank/<key>/utkast/begynn")
@open_to(COORDINATOR)
def begin_draft(key: str) -> Any:
    """Begin a draft from the newest version, or go on with the one there is."""
    document = find(Document, Document.key == key, act="edit")
    ideabank.start_draft(session(), document, me(), now())
    return done(gettext("You are writing in a draft. Readers see the published version until you publish."), "coordinators.draft", key=key)


def conflict_here() -> Conflict | None:
    """What somebody else saved while this person was writing, when that is why this page is shown again."""
    refusal = g.get("refusal")
    return refusal if isinstance(refusal, Conflict) else None


# --- One section ------------------------------------------------------------------------------------------------------------------


@blueprint.route("/idebank/<key>/utkast/del/<section>", methods=["GET", "POST"])
@open_to(COORDINATOR)
def edit_section(key: str, section: str) -> Any:
    """One section's editor, with what it becomes beside it."""
    draft, theme = find_theme(key)
    if section == "front":
        return _edit_front(draft, theme)
    form = form_of(section)
    if request.method == "GET":
        if section not in ideabank.section_names(theme):
            abort(404)
        form.fill(theme, section)
        form.seen_hash.data = ideabank.section_hash(theme, section)
    if form.validate_on_submit():
        ideabank.save_section(session(), draft, section, form.written(), seen_hash=form.seen_hash.data or "", by=me(), now=now())
        return done(gettext("Saved."), "coordinators.draft", key=key, _anchor=anchor(section))
    return _section_page(draft, theme, section, form, conflict_here())


def form_of(section: str) -> ProseForm | StepForm:
    """The form that a section is written in."""
    return StepForm() if section.startswith("steps.") else ProseForm()


def anchor(section: str) -> str:
    """Where a section stands on the draft's page."""
    return section.replace(".", "-")


def _section_page(draft: Draft, theme: ThemeDocument, section: str, form: ProseForm | StepForm, conflict: Conflict | None) -> Response:
    is_there = section in ideabank.section_names(theme)
    if conflict and is_there:
        form.seen_hash.data = ideabank.section_hash(theme, section)
    theirs = ideabank.editable(theme, section) if conflict and is_there else ""
    return page(
        "coordinators/section.html",
        409 if conflict else 200,
        draft=draft,
        document=draft.document,
        theme=theme,
        section=section,
        anchor=anchor(section),
        title=section_title(theme, section),
        form=form,
        preview=preview_section(section, form.written()),
        conflict=conflict,
        theirs=theirs,
        changes=ideabank.word_changes(theirs, conflict.mine) if conflict else [],
    )


def _edit_front(draft: Draft, theme: ThemeDocument) -> Any:
    form = FrontForm()
    if request.method == "GET":
        form.fill(theme)
        form.add_blank_aims()
        form.seen_hash.data = ideabank.section_hash(theme, "front")
    _offer(form, theme)
    if form.validate_on_submit():
        ideabank.save_front(session(), draft, form.written(theme), seen_hash=form.seen_hash.data or "", by=me(), now=now())
        return done(gettext("Saved."), "coordinators.draft", key=draft.document.key, _anchor="front")
    conflict = conflict_here()
    if conflict:
        form.seen_hash.data = ideabank.section_hash(theme, "front")
    changes = ideabank.word_changes(conflict.theirs, conflict.mine) if conflict else []
    status = 409 if conflict else 200
    return page("coordinators/front.html", status, draft=draft, document=draft.document, form=form, conflict=conflict, changes=changes)


def _offer(form: FrontForm, theme: ThemeDocument) -> None:
    """Give the form its choices; what the theme names already stays a choice, also when the bank no longer has it."""
    words = {term.key: term.word for term in vocabulary().terms}
    words |= {key: key for key in theme.terms if key not in words}
    outlines = ideabank.versions_in_effect(session(), me().district_id, today(), ideabank.OUTLINE).values()
    series = {version.document.key: version.title for version in outlines if isinstance(ideabank.parsed(version), OutlineDocument)}
    series |= {theme.series: theme.series} if theme.series and theme.series not in series else {}
    form.offer(words.items(), aims_to_choose(), series.items())


@blueprint.post("/idebank/<key>/utkast/forhandsvis")
@open_to(COORDINATOR)
def preview(key: str) -> Response:
    """What a section becomes, while it is written: a part of a page, nothing is saved."""
    find_draft(key)
    section = request.form.get("section", "")
    form = form_of(section)
    found = preview_section(section, form.written()) if form.validate() else Preview.refused(form)
    return make_response(render_template("coordinators/_preview.html", preview=found))


# --- The parts of how it is held --------------------------------------------------------------------------------------------------


@blueprint.post("/idebank/<key>/utkast/deler")
@open_to(COORDINATOR)
def add_step(key: str) -> Any:
    """A new part, last; its editor opens."""
    draft, _theme = find_theme(key)
    uid = ideabank.add_step(session(), draft, title=gettext("New part"), minutes=5, kind="activity", by=me(), now=now())
    return done(gettext("A new part stands last. Give it a title and words."), "coordinators.edit_section", key=key, section=f"steps.{uid}")


@blueprint.post("/idebank/<key>/utkast/deler/<uid>/<any(opp, ned):way>")
@open_to(COORDINATOR)
def move_step(key: str, uid: str, way: str) -> Any:
    """A part one place up or down."""
    draft, _theme = find_theme(key)
    ideabank.move_step(session(), draft, uid, -1 if way == "opp" else 1, by=me(), now=now())
    return done(gettext("The part has been moved."), "coordinators.draft", key=key, _anchor=f"steps-{uid}")


@blueprint.post("/idebank/<key>/utkast/deler/<uid>/fjern")
@open_to(COORDINATOR)
def remove_step(key: str, uid: str) -> Any:
    """A part out of the theme; it can be put back."""
    draft, theme = find_theme(key)
    step = theme.step(uid) or abort(404)
    undoing.keep(draft, undoing.STEP)
    ideabank.remove_step(session(), draft, uid, seen_hash=request.form.get("seen_hash", ""), by=me(), now=now())
    undo = url_for("coordinators.put_step_back", key=key, uid=uid)
    return done(gettext("“%(title)s” has been removed.", title=step.title), "coordinators.draft", undo=undo, key=key)


@blueprint.post("/idebank/<key>/utkast/deler/<uid>/angre")
@open_to(COORDINATOR)
def put_step_back(key: str, uid: str) -> Any:
    """The removed part where it stood; whatever was written since stays."""
    draft, _theme = find_theme(key)
    undoing.put_step_back(draft, uid)
    return done(gettext("The part is back."), "coordinators.draft", key=key, _anchor=f"steps-{uid}")


# --- Throwing away ----------------------------------------------------------------------------------------------------------------


@blueprint.post("/idebank/<key>/utkast/forkast")
@open_to(COORDINATOR)
def discard(key: str) -> Any:
    """Away with the draft; it can be brought back."""
    draft = find_draft(key)
    undoing.discard(draft)
    return done(gettext("The draft has been thrown away."), "coordinators.bank", undo=url_for("coordinators.bring_back", key=key))


@blueprint.post("/idebank/<key>/utkast/hent-tilbake")
@open_to(COORDINATOR)
def bring_back(key: str) -> Any:
    """The draft that was thrown away, as it was."""
    undoing.bring_back(find(Document, Document.key == key, act="edit"))
    return done(gettext("The draft is back."), "coordinators.draft", key=key)
