"""Publishing a draft: what changes, what it does to translations, and a note for those who use it; and answering proposals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import abort, g, request
from werkzeug.wrappers import Response

from app.access import find, me, open_to
from app.coordinators.drafting import find_draft, problems_by_section, warnings
from app.coordinators.forms import PublishForm
from app.coordinators.routes import blueprint
from app.coordinators.touching import Touched, touched
from app.coordinators.wording import section_title
from app.database import now, remember, session, today
from app.language import gettext
from app.pages import done, page
from curriculum import ideabank
from curriculum.ideabank import Change, Comparison, Document, Draft, DraftChanged, Proposal, ThemeDocument
from curriculum.people import COORDINATOR, AuditEvent

MARK = "mark-"
"""Before a sentence's name in the form."""

_PLACEHOLDER = re.compile(r"</?\d+/?>")


@dataclass(frozen=True)
class Sentence:
    """A parents' sentence that publishing changes, and what it is marked as."""

    uid: str
    changes: list[Change]
    mark: str
    """Empty when none has been chosen."""
    is_missed: bool
    """Whether the form came without a mark for it."""


@blueprint.route("/idebank/<key>/utkast/publiser", methods=["GET", "POST"])
@open_to(COORDINATOR)
def publish(key: str) -> Any:
    """See what changes, say why, and make it the version everyone reads."""
    document = find(Document, Document.key == key, act="publish")
    draft = find_draft(key)
    form = PublishForm()
    if request.method == "GET":
        form.seen.data = ideabank.change_hash(document)
    if form.validate_on_submit():
        seen, why = form.seen.data or "", form.why.data or ""
        touches = touched(document, {uid for uid, mark in _marks().items() if mark != ideabank.TYPO})
        version = ideabank.publish(session(), document, seen=seen, by=me(), why=why, now=now(), today=today(), marks=_marks())
        remember(AuditEvent(district_id=me().district_id, at=now(), kind="publication", person_id=me().id, about=f"{key} {version.number}"))
        words = [gettext("Version %(number)s is published.", number=version.number), *_touched_words(document, touches)]
        return done(" ".join(words), "coordinators.document", key=key)
    has_changed = isinstance(g.get("refusal"), DraftChanged)
    if has_changed:
        form.seen.data = ideabank.change_hash(document)
    content, newest = ideabank.read_draft(draft).document, ideabank.newest(document)
    sentences = _sentences(document, has_changed)
    return page(
        "coordinators/publish.html",
        409 if has_changed else 200,
        has_changed=has_changed,
        version=newest,
        is_same=bool(content and newest and content.hash == newest.hash),
        title=content.title if content else key,
        draft=draft,
        document=document,
        form=form,
        comparison=_comparison(document, draft),
        sentences=sentences,
        touches=_touched_words(document, touched(document, {one.uid for one in sentences if one.mark != ideabank.TYPO})),
        problems=problems_by_section(draft),
        warnings=warnings(draft),
        section_title=lambda section: section_title(content, section) if isinstance(content, ThemeDocument) else gettext("The whole text"),
    )


def _touched_words(document: Document, touches: Touched) -> list[str]:
    """Whom a new version touches, in sentences."""
    words: list[str] = []
    if document.kind == ideabank.THEME:
        counts = {"lessons": touches.lessons, "classes": touches.classes}
        words.append(gettext("Lessons ahead that you may see and that follow it from today: %(lessons)s (classes: %(classes)s).", **counts))
    if touches.languages:
        counted = ", ".join(f"{language.endonym} {count}" for language, count in touches.languages)
        words.append(gettext("Sentences whose translation is out of date from now on: %(languages)s.", languages=counted))
    return words


def _marks() -> dict[str, str]:
    return {name.removeprefix(MARK): value for name, value in request.form.items() if name.startswith(MARK)}


def _comparison(document: Document, draft: Draft) -> Comparison | None:
    """What the draft changes; None for a document's first version."""
    version, said = ideabank.newest(document), ideabank.read_draft(draft).document
    return ideabank.compare_documents(ideabank.parsed(version), said) if version and said else None


def _sentences(document: Document, has_changed: bool) -> list[Sentence]:
    """The changed sentences with the marks chosen so far; one that changed after the page was opened has none yet."""
    changed, is_sent = ideabank.changed_sentences(session(), document), request.method == "POST"
    chosen = _marks() if is_sent else {uid: ideabank.MEANING for uid, _, _ in changed}
    marks = {uid: mark for uid, mark in chosen.items() if mark in ideabank.MARKS}
    return [
        Sentence(uid, ideabank.word_changes(_plain(before), _plain(after)), marks.get(uid, ""), uid not in marks and not has_changed)
        for uid, before, after in changed
    ]


def _plain(words: str) -> str:
    return _PLACEHOLDER.sub("", words)


# --- Proposals --------------------------------------------------------------------------------------------------------------------


@blueprint.get("/idebank/<key>/forslag")
@open_to(COORDINATOR)
def proposals(key: str) -> Response:
    """What waits for an answer: texts that differ from the bank's, each beside today's version."""
    document = find(Document, Document.key == key, act="edit")
    version = ideabank.newest(document) or abort(404)
    today_says = ideabank.parsed(version)
    waiting = [
        (one, ideabank.compare_documents(today_says, ideabank.parse(one.text))) for one in ideabank.waiting_proposals(session(), document)
    ]
    return page("coordinators/proposals.html", document=document, version=version, waiting=waiting)


@blueprint.post("/idebank/<key>/forslag/<any(bruk, avsla):answer>")
@open_to(COORDINATOR)
def answer_proposal(key: str, answer: str) -> Any:
    """Make a proposal the draft, or say no."""
    document = find(Document, Document.key == key, act="edit")
    proposal = _asked(document)
    if answer == "avsla":
        ideabank.decline(session(), proposal, now=now())
        return done(gettext("The proposal is declined."), "coordinators.document", key=key)
    ideabank.take(session(), proposal, by=me(), now=now())
    return done(gettext("The proposal is now the draft. Read it through, and publish."), "coordinators.draft", key=key)


def _asked(document: Document) -> Proposal:
    waiting = ideabank.waiting_proposals(session(), document)
    return next((one for one in waiting if one.hash == request.form.get("hash")), None) or abort(404)
