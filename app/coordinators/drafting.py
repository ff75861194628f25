"""Writing in the idea bank: a draft section by section, each saved by itself, so that two who write never lose each other's words."""

from __future__ import annotations

from typing import Any

from flask import abort, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.access import find, me, open_to
from app.coordinators import undoing
from app.coordinators.changes import changes_in_words, section_in_words
from app.coordinators.forms import FrontForm, ProseForm, PublishForm, StepForm, WholeForm
from app.coordinators.previewing import Preview, preview_section
from app.coordinators.routes import blueprint
from app.coordinators.shelf import the_shelf
from app.coordinators.showing import SECTION, aims_to_choose, show_theme
from app.coordinators.undoing import Ending
from app.coordinators.wording import IN_FIELD, IN_FILE, fault_words, section_of, section_title
from app.database import OSLO, now, session, today
from app.language import day, gettext
from app.pages import Form, done, is_partial, leaves, page
from curriculum import ideabank
from curriculum.ideabank import Conflict, Document, Draft, OutlineDocument, ThemeDocument
from curriculum.people import COORDINATOR

WHOLE = "hele"
"""Stands for a section where a document is edited as one text."""


def find_draft(key: str) -> Draft:
    """The draft of a document one may edit. One that has ended: a page that says how, 409 when she was writing in it. None begun: 404."""
    document = find(Document, Document.key == key, act="edit")
    ended = undoing.ending(document) if document.draft is None else None
    if ended is not None:
        abort(_gone(document, ended))
    return document.draft or abort(404)


def _gone(document: Document, ended: Ending) -> Response:
    """That somebody ended the draft meanwhile; what was typed stands there, and goes along into a new draft."""
    words = _gone_words(ended)
    if is_partial():
        return page("errors/part.html", 409, title=gettext("The draft is no longer there"), words=words)
    was_writing = request.method == "POST"
    form = _form_sent() if was_writing else None
    typed = [
        (field.label.text, field.data) for field in leaves(form or ()) if field.type in ("StringField", "TextAreaField") and field.data
    ]
    onward = url_for("coordinators.carry_on", key=document.key, section=(request.view_args or {}).get("section", WHOLE))
    return page(
        "coordinators/gone.html",
        409 if was_writing else 404,
        document=document,
        version=ideabank.newest(document),
        words=words,
        typed=typed,
        onward=onward if typed and not isinstance(form, PublishForm) else "",
        sent=[(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"],
    )


def _gone_words(ended: Ending) -> str:
    values = {"name": ended.by.name, "date": day(ended.at.astimezone(OSLO).date()), "number": ended.number}
    if ended.by.id == me().id:
        return (
            gettext("You published this draft as version %(number)s.", **values) if ended.number else gettext("You threw this draft away.")
        )
    if request.method != "POST":
        if ended.number:
            return gettext("%(name)s published the draft as version %(number)s on %(date)s.", **values)
        return gettext("%(name)s threw the draft away on %(date)s.", **values)
    if ended.number:
        return gettext("%(name)s published the draft as version %(number)s on %(date)s, while you had it open.", **values)
    return gettext("%(name)s threw the draft away on %(date)s, while you had it open.", **values)


def _form_sent() -> Form | None:
    """The form that this request sends, when it holds texts."""
    section = (request.view_args or {}).get("section", "")
    match request.endpoint:
        case "coordinators.edit_section":
            return FrontForm() if section == "front" else form_of(section)
        case "coordinators.draft":
            return WholeForm()
        case "coordinators.publish":
            return PublishForm()
    return None


def find_theme(key: str) -> tuple[Draft, ThemeDocument]:
    """A theme's draft, with what it says."""
    draft = find_draft(key)
    content = ideabank.read_draft(draft).document
    return draft, content if isinstance(content, ThemeDocument) else abort(404)


def problems_by_section(draft: Draft) -> dict[str, list[str]]:
    """What must be put right before publishing, in words, by the section where it is put right."""
    found: dict[str, list[str]] = {}
    place = IN_FIELD if draft.document.kind == ideabank.THEME else IN_FILE
    for error in ideabank.draft_problems(session(), draft):
        found.setdefault(section_of(error.at), []).append(fault_words(error, place))
    return found


def warnings(draft: Draft) -> list[str]:
    """What those who publish should know, in words: it stops nothing."""
    return [fault_words(warning) for warning in ideabank.draft_warnings(session(), draft, today())]


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
        warnings=warnings(found),
        hashes=hashes,
        section_title=lambda section: section_title(content, section),
    )


def _whole(draft: Draft) -> Any:
    form = WholeForm()
    if request.method == "GET":
        form.text.data, form.seen_hash.data = draft.text, ideabank.draft_hash(draft)
    if form.validate_on_submit():
        ideabank.save_draft(session(), draft, form.text.data or "", seen_hash=form.seen_hash.data or "", by=me(), now=now())
        return done(gettext("Saved."), "coordinators.draft", key=draft.document.key)
    conflict = conflict_here()
    if conflict:
        form.seen_hash.data = ideabank.draft_hash(draft)
    values = {"conflict": conflict, "theirs": draft.text if conflict else "", "problems": problems_by_section(draft)}
    return page("coordinators/whole.html", 409 if conflict else 200, draft=draft, document=draft.document, form=form, **values)


@blueprint.post("/idebank/<key>/utkast/begynn")
@open_to(COORDINATOR)
def begin_draft(key: str) -> Any:
    """Begin a draft from the newest version, or go on with the one there is."""
    document = find(Document, Document.key == key, act="edit")
    ideabank.start_draft(session(), document, me(), now())
    return done(gettext("You are writing in a draft. Readers see the published version until you publish."), "coordinators.draft", key=key)


@blueprint.post("/idebank/<key>/utkast/fortsett/<section>")
@open_to(COORDINATOR)
def carry_on(key: str, section: str) -> Response:
    """What was typed when the draft had ended, sent on (307: with its form) to the same place of a new draft."""
    undoing.begin_again(find(Document, Document.key == key, act="edit"))
    if section == WHOLE:
        return redirect(url_for("coordinators.draft", key=key), 307)
    return redirect(url_for("coordinators.edit_section", key=key, section=section), 307)


@blueprint.post("/idebank/<key>/utkast/nye-mal")
@open_to(COORDINATOR)
def use_new_aims(key: str) -> Any:
    """The successors of retired aims into the draft, begun when there is none."""
    document = find(Document, Document.key == key, act="edit")
    ideabank.use_new_aims(session(), document, me(), now(), today())
    return done(gettext("The draft has the new aims. Each keeps its note on why. Read them, and publish."), "coordinators.draft", key=key)


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
    theirs_said = ideabank.editable(theme, section) if conflict and is_there else ""
    theirs = section_in_words(section, theirs_said)
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
        is_needed=section in ideabank.needed(theme),
        preview=preview_section(section, form.written()),
        conflict=conflict,
        theirs=theirs,
        changes=changes_in_words(section, theirs_said, conflict.mine.strip("\n")) if conflict else [],
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
    theirs = ideabank.front_values(theme)
    comparison = ideabank.compare_facts(theirs, theirs | form.written(theme)) if conflict else None
    values = {"conflict": conflict, "comparison": comparison}
    return page("coordinators/front.html", 409 if conflict else 200, draft=draft, document=draft.document, form=form, **values)


def _offer(form: FrontForm, theme: ThemeDocument) -> None:
    """Give the form its choices; what the theme names already stays a choice, also when the bank no longer has it."""
    words = {key: term.word for key, term in the_shelf().terms.items()}
    words |= {key: key for key in theme.terms if key not in words}
    outlines = ideabank.versions_in_effect(session(), me().district_id, today(), ideabank.OUTLINE).values()
    series = {version.document.key: version.title for version in outlines if isinstance(ideabank.parsed(version), OutlineDocument)}
    series |= {theme.series: theme.series} if theme.series and theme.series not in series else {}
    kept = [(SECTION if aim.is_section else "") + aim.code for aim in theme.aims]
    form.offer(words.items(), aims_to_choose(kept), series.items())


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
