"""What is not settled yet of the lessons ahead: the rooms that a school confirms, and the visitors who were asked."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, abort, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectMultipleField

from app.access import me, open_to, visible
from app.administrators.door import blueprint, note
from app.administrators.forms import Press
from app.database import now, session, today
from app.language import gettext
from app.pages import Form, done, page, said
from curriculum import ideabank, planning
from curriculum.base import N_, Refused
from curriculum.ideabank import THEME
from curriculum.people import AGENT, COORDINATOR, HEAD, MANAGER, School, SchoolClass
from curriculum.planning import CONFIRMED, FEATURES, UNCONFIRMED, Lesson, PlanChange, Series


class ConfirmForm(Form):
    """Lessons whose rooms are confirmed, each box named by the lesson and the number of its state. What may be ticked, the rules say."""

    lessons = SelectMultipleField(N_("Lessons"), validate_choice=False)


@blueprint.get("/rom-og-inviterte")
@open_to(AGENT, COORDINATOR, HEAD, MANAGER)
def settling() -> Response:
    """The lessons ahead that one may see: those without a confirmed room, and those that somebody from outside is to come to."""
    return _show()


@blueprint.route("/rom-og-inviterte/bekreft", methods=["GET", "POST"])
@open_to(HEAD, MANAGER)
def confirm_rooms() -> AnyResponse:
    """The school confirms the rooms of one lesson, of all that are ticked, or of all that were shown as free of doubt."""
    form = ConfirmForm()
    if form.validate_on_submit():
        chosen = _chosen(request.form.getlist("doubtless") if "all" in request.form else form.lessons.data or [])
        made = planning.confirm_rooms(session(), chosen, by=me(), now=now())
        note("rooms confirmed", count=len(chosen))
        words = gettext("Rooms confirmed: %(count)s.", count=len(chosen))
        undo = url_for("administrators.rooms_unconfirmed", change=made.change.public_id) if made.change else ""
        return done(words, "administrators.settling", undo=undo)
    return _show(form)


@blueprint.route("/rom-og-inviterte/angre/<change>", methods=["GET", "POST"])
@open_to(HEAD, MANAGER)
def rooms_unconfirmed(change: str) -> AnyResponse:
    """Undo that rooms were confirmed."""
    form = Press()
    if form.validate_on_submit():
        planning.undo(session(), _change(change), by=me(), now=now())
        note("rooms no longer confirmed")
        return done(gettext("The rooms are no longer confirmed."), "administrators.settling")
    return _show(form)


def _change(public_id: str) -> PlanChange:
    """A confirmation that she made herself, of lessons that she may still confirm."""
    query = select(PlanChange).where(PlanChange.public_id == public_id, PlanChange.by_id == me().id)
    found = session().scalars(query.where(PlanChange.kind.in_((CONFIRMED, UNCONFIRMED)))).first()
    hers = visible(Series, "confirm").with_only_columns(Series.id)
    if found is None or not {one.id for one in found.series} <= set(session().scalars(hers)):
        abort(404)
    return found


def _chosen(marks: Sequence[str]) -> list[tuple[Lesson, str]]:
    """The lessons of the ticked boxes, each with the number of the state it was ticked in. One that is not hers to confirm: 404."""
    seen = dict(mark.rpartition(".")[::2] for mark in marks)
    query = visible(Lesson, "confirm").where(Lesson.public_id.in_(seen)).order_by(Lesson.date, Lesson.start, Lesson.id)
    load = (joinedload(Lesson.series).joinedload(Series.school_class), selectinload(Lesson.classes).joinedload(SchoolClass.school))
    found = session().scalars(query.options(*load)).unique().all()
    if len(found) != len(seen):
        abort(404)
    return [(lesson, seen[lesson.public_id]) for lesson in found]


def _show(form: Form | None = None) -> Response:
    db, person = session(), me()
    rooms, invited = planning.unsettled_rooms(db, person, today()), planning.invitations(db, person, today())
    confirmed = planning.confirmed_rooms(db, person, today())
    chosen = set(request.form.getlist("lessons"))
    planned = set(db.scalars(visible(Lesson, "plan").with_only_columns(Lesson.public_id).where(Lesson.date >= today())))
    led = set(db.scalars(visible(School, "confirm").with_only_columns(School.id)))
    confirmable = {one.id for one in rooms if one.room and led & {group.school_id for group in one.classes}}
    warnings = planning.room_warnings(db, rooms)
    return page(
        "administrators/settling.html",
        rooms=rooms,
        invited=invited,
        confirmed=confirmed,
        titles={id: one.title for id, one in ideabank.editions(db, person.district_id, today(), THEME).items()},
        names={one.id: _names(one) for one in (*rooms, *confirmed, *invited)},
        warnings=warnings,
        since=planning.answered_on(db, invited),
        planned=planned,
        confirmable=confirmable,
        doubtless=[f"{one.public_id}.{one.version}" for one in rooms if one.id in confirmable and one.id not in warnings],
        features=FEATURES,
        in_words=said,
        chosen=chosen,
        refusal=_refusal(form),
    )


def _names(lesson: Lesson) -> str:
    """The classes that she may know of."""
    return ", ".join(group.name for group in planning.classes_shown(lesson, me(), today()))


def _refusal(form: Form | None) -> str:
    if form is None:
        return ""
    lessons = form.lessons.errors if isinstance(form, ConfirmForm) else ()
    return " ".join(str(words) for words in (*form.form_errors, *lessons))


@blueprint.route("/rom-og-inviterte/<lesson>/ikke-bekreftet", methods=["GET", "POST"])
@open_to(HEAD, MANAGER)
def unconfirm_room(lesson: str) -> AnyResponse:
    """The school cannot give the room after all."""
    form = Press()
    if form.validate_on_submit():
        chosen = _chosen([f"{lesson}.{request.form.get('seen', '')}"])
        if any(str(one.version) != seen for one, seen in chosen):
            raise Refused(N_("The lesson was changed meanwhile. Look at it once more."))
        made = planning.unconfirm_room(session(), chosen[0][0], by=me(), now=now())
        note("rooms no longer confirmed")
        undo = url_for("administrators.rooms_unconfirmed", change=made.change.public_id) if made.change else ""
        return done(gettext("The rooms are no longer confirmed."), "administrators.settling", undo=undo)
    return _show(form)
