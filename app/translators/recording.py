"""Reading aloud to parents: a theme's summary in a language, a word in Norwegian, a language's own name."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request, url_for
from sqlalchemy.orm import undefer
from werkzeug.wrappers import Response as AnyResponse

from app.access import SIGNED_IN, find, me, open_to, refuse
from app.database import now, session, today
from app.language import gettext
from app.pages import CLOSED_DEVICES, done, page
from app.playing import play
from app.translators.forms import Press, RecordForm
from app.translators.routes import blueprint
from curriculum import people, summaries
from curriculum.base import N_, Refused
from curriculum.ideabank import THEME, Document
from curriculum.people import ADMINISTRATOR, AGENT, COORDINATOR, TRANSLATOR
from curriculum.summaries import LARGEST, LONGEST, NAME, SUMMARY, TERM, Recording, Script, State
from curriculum.text import LANGUAGES, is_language

RECORDERS = (AGENT, TRANSLATOR, COORDINATOR)


@blueprint.get("/opptak/<key>")
@open_to(*RECORDERS)
def recordings(key: str) -> Response:
    """A theme in every language that she may read it in, and what has been recorded."""
    theme = _theme(key)
    tags = [tag for tag in me().district.open_languages if summaries.may_record(session(), me(), theme, tag, today())]
    if not tags:
        refuse("record")
    scripts = [_script(theme, tag) for tag in tags]
    title = summaries.published(session(), theme.district_id, today()).titles[theme.id]
    return page("translators/recordings.html", theme=theme, title=title, states=_states(scripts))


@blueprint.route("/opptak/<tag>/<key>", methods=["GET", "POST"])
@open_to(*RECORDERS)
def record(tag: str, key: str) -> AnyResponse:
    """Read a theme's summary to parents in a language."""
    theme = _theme(key)
    if tag not in {one.tag for one in me().district.languages}:
        abort(404)
    if not summaries.may_record(session(), me(), theme, tag, today()):
        refuse("record")
    return _record(_script(theme, tag), back=url_for("translators.recordings", key=key))


@blueprint.get("/opptak/ord")
@open_to(AGENT, COORDINATOR)
def words_to_record() -> Response:
    """The words of the vocabulary, and which of them are heard."""
    scripts = summaries.term_scripts(session(), me().district, today())
    return page("translators/words.html", states=_states(list(scripts.values())))


@blueprint.route("/opptak/ord/<key>", methods=["GET", "POST"])
@open_to(AGENT, COORDINATOR)
def record_word(key: str) -> AnyResponse:
    """Say a word in Norwegian, for parents of all languages."""
    script = summaries.term_scripts(session(), me().district, today()).get(key)
    return _record(script or abort(404), back=url_for("translators.words_to_record"))


@blueprint.route("/opptak/navn/<tag>", methods=["GET", "POST"])
@open_to(ADMINISTRATOR)
def record_name(tag: str) -> AnyResponse:
    """Say a language's name in itself, for those who choose by ear."""
    if not is_language(tag):
        abort(404)
    return _record(summaries.name_script(tag), back=url_for("administrators.languages"))


def _record(script: Script, back: str) -> AnyResponse:
    form = RecordForm(seen=script.hash)
    if form.validate_on_submit():
        if not form.sound.data:
            raise Refused(N_("Record something, or choose a file."), at="sound")
        made = summaries.record(session(), me().district, script, form.sound.data.read(), seen=form.seen.data or "", by=me(), now=now())
        undo = url_for("translators.withdraw", recording=made.public_id)
        return done(gettext("The recording is saved. Parents can hear it now."), "", to=request.path, undo=undo)
    form.seen.data = script.hash  # of the text that is shown now, also when another was read
    response = page(
        "translators/record.html", form=form, state=_states([script])[0], spoken=LANGUAGES[script.language], back=back,
        longest=LONGEST, largest=LARGEST // 1_000_000,
    )  # fmt: skip
    response.headers["Permissions-Policy"] = f"{CLOSED_DEVICES}, microphone=(self)"
    return response


def _states(scripts: list[Script]) -> list[State]:
    return summaries.states(session(), me().district, scripts)


def _theme(key: str) -> Document:
    """A theme of the bank that is in effect."""
    found = find(Document, Document.key == key, Document.kind == THEME, Document.retired_at.is_(None))
    if found.id not in summaries.published(session(), found.district_id, today()).titles:
        abort(404)
    return found


def _script(theme: Document, tag: str) -> Script:
    return summaries.theme_script(session(), me().district, theme, tag, today())


# --- One recording ---------------------------------------------------------------------------------------------------------------------


@blueprint.get("/opptak/lyd/<recording>")
@open_to(SIGNED_IN)
def listen(recording: str) -> AnyResponse:
    """What a recording sounds like."""
    return play(find(Recording, Recording.public_id == recording, load=(undefer(Recording.data),)))


@blueprint.post("/opptak/lyd/<recording>/trekk")
@open_to(*RECORDERS, ADMINISTRATOR)
def withdraw(recording: str) -> AnyResponse:
    """Let parents hear a recording no more."""
    found = _hers(recording)
    if Press().validate_on_submit():
        summaries.withdraw(session(), found, by=me(), now=now())
    undo = url_for("translators.bring_back", recording=recording)
    return done(gettext("The recording is withdrawn. Parents no longer hear it."), "", to=_page_of(found), undo=undo)


@blueprint.post("/opptak/lyd/<recording>/tilbake")
@open_to(*RECORDERS, ADMINISTRATOR)
def bring_back(recording: str) -> AnyResponse:
    """Take back that a recording was withdrawn."""
    found = _hers(recording)
    if Press().validate_on_submit():
        summaries.bring_back(session(), found)
    return done(gettext("The recording is there again."), "", to=_page_of(found))


def _hers(public_id: str) -> Recording:
    """A recording of what she may record herself."""
    found = find(Recording, Recording.public_id == public_id)
    kind, _, key = found.about.partition(":")
    if kind == NAME:
        is_hers = people.may(me(), "administer", me().district.scope, today())
    elif kind == TERM:
        is_hers = bool({AGENT, COORDINATOR} & people.roles(me(), today()))
    else:
        is_hers = summaries.may_record(session(), me(), find(Document, Document.key == key), found.language, today())
    return found if is_hers else refuse("record")


def _page_of(recording: Recording) -> str:
    """Where a recording is made anew."""
    kind, _, key = recording.about.partition(":")
    places: dict[str, tuple[str, dict[str, Any]]] = {
        SUMMARY: ("translators.record", {"tag": recording.language, "key": key}),
        TERM: ("translators.record_word", {"key": key}),
        NAME: ("translators.record_name", {"tag": key}),
    }
    endpoint, values = places[kind]
    return url_for(endpoint, **values)
