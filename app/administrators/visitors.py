"""The register of those from outside who hold a part of a lesson: who they are, when they can come, and what they bring."""

from __future__ import annotations

from typing import Any

from flask import url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse
from wtforms import DateField, FieldList, FormField, HiddenField, IntegerField, StringField, TextAreaField, TimeField
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, NumberRange, Optional

from app.access import find, me, open_to
from app.administrators.door import blueprint, keep, kept, note, refuse_overtaken, schools_by_id
from app.administrators.forms import CheckboxesField, Press
from app.database import session, today
from app.language import gettext
from app.pages import Form, FreeText, RowMeta, done, page
from curriculum import planning
from curriculum.base import N_, Refused
from curriculum.people import COORDINATOR
from curriculum.planning import LONGEST_CONTACT, LONGEST_MATERIAL, Offer, Presenter, PresenterFacts

BLANK_ROWS = 3
"""Empty lines for times below those that are filled in."""


class OfferRow(PlainForm):
    """A time at which they can come; a line without a date is empty."""

    Meta = RowMeta

    date = DateField(N_("Date"), validators=[Optional()])
    start = TimeField(N_("From"), validators=[Optional()])
    end = TimeField(N_("To"), validators=[Optional()])


class PresenterForm(Form):
    """Somebody from outside."""

    seen = HiddenField("")
    name = StringField(N_("Name"), validators=[InputRequired(N_("Write a name.")), FreeText(80)])
    skill = StringField(
        N_("What they come for"), validators=[InputRequired(N_("Write what they come for, as the themes name it.")), FreeText(40)]
    )
    contact = StringField(N_("How they are reached"), validators=[FreeText(LONGEST_CONTACT)])
    material = TextAreaField(N_("What they bring or want prepared"), validators=[FreeText(LONGEST_MATERIAL)])
    schools = CheckboxesField(N_("The schools they come to"))
    max_per_day = IntegerField(
        N_("At most so many lessons a day"), validators=[Optional(), NumberRange(1, 10, N_("Write a number from %(min)s to %(max)s."))]
    )
    offers = FieldList(FormField(OfferRow))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.schools.choices = [(one.public_id, one.name) for one in schools_by_id().values()]
        if not self.is_submitted():
            for _ in range(BLANK_ROWS):
                self.offers.append_entry()
        for row in self.offers:
            for field in (row.date, row.start, row.end):
                field.label.text = gettext(field.label.text)

    @property
    def facts(self) -> PresenterFacts:
        """What the form says. Raises Refused for a line that says only a part of a time."""
        rows = [(row.date.data, row.start.data, row.end.data) for row in self.offers]
        filled = [row for row in rows if any(row)]
        if any(not all(one is not None for one in row) for row in filled):
            raise Refused(N_("Write the date, when it begins and when it ends."))
        said = (self.name.data or "", self.skill.data or "", self.contact.data or "", self.material.data or "")
        return PresenterFacts(*said, tuple(self.schools.data or ()), tuple(Offer(*row) for row in filled), self.max_per_day.data)


@blueprint.route("/inviterte/registeret", methods=["GET", "POST"])
@open_to(COORDINATOR)
def visitors() -> AnyResponse:
    """Those from outside, and one more."""
    form = PresenterForm()
    if form.validate_on_submit():
        made = planning.save_presenter(session(), me().district, None, form.facts)
        note("visitor added", made.public_id)
        undo = url_for("administrators.visitor_gone", visitor_id=made.public_id)
        return done(gettext("%(name)s: added.", name=made.name), "administrators.visitors", undo=undo)
    known = session().scalars(select(Presenter).where(Presenter.district_id == me().district_id).order_by(Presenter.name)).all()
    names = {one.public_id: one.name for one in schools_by_id().values()}
    return page(
        "administrators/visitors.html",
        form=form,
        visitors=known,
        names=names,
        offers_of=planning.offers_of,
        skills=_skills(),
    )


@blueprint.route("/inviterte/registeret/<visitor_id>", methods=["GET", "POST"])
@open_to(COORDINATOR)
def one_visitor(visitor_id: str) -> AnyResponse:
    """Say anew who somebody is and when they can come."""
    found, back = _visitor(visitor_id), url_for("administrators.visitors")
    facts = planning.facts_of(found)
    values = facts._asdict() | {"schools": list(facts.schools), "offers": [one._asdict() for one in facts.offers]}
    form = PresenterForm(seen=found.version, **values)
    refuse_overtaken(form, found.version, back)
    if form.validate_on_submit():
        planning.save_presenter(session(), me().district, found, form.facts)
        note("visitor changed", visitor_id)
        undo = url_for("administrators.visitor_back", visitor_id=visitor_id, kept=keep("visitor", **_packed(facts)))
        return done(gettext("%(name)s: saved.", name=found.name), "administrators.visitors", undo=undo if len(undo) < 2000 else "")
    return page("administrators/visitor.html", form=form, visitor=found, back=back, skills=_skills())


@blueprint.route("/inviterte/registeret/<visitor_id>/tilbake", methods=["GET", "POST"])
@open_to(COORDINATOR)
def visitor_back(visitor_id: str) -> AnyResponse:
    """Undo what was said anew of somebody."""
    found, before, form = _visitor(visitor_id), kept("visitor"), Press()
    if form.validate_on_submit():
        offers = planning.offers_of(Presenter(offers=before["offers"]))
        facts = PresenterFacts(**before | {"schools": tuple(before["schools"]), "offers": offers})
        planning.save_presenter(session(), me().district, found, facts)
        note("visitor changed", visitor_id)
        return done(gettext("%(name)s: as it was.", name=found.name), "administrators.visitors")
    return visitors()


def _packed(facts: PresenterFacts) -> dict[str, Any]:
    offers = [{"date": str(one.date), "start": f"{one.start:%H:%M}", "end": f"{one.end:%H:%M}"} for one in facts.offers]
    return facts._asdict() | {"schools": list(facts.schools), "offers": offers}


@blueprint.route("/inviterte/registeret/<visitor_id>/kommer-ikke-mer", methods=["GET", "POST"])
@open_to(COORDINATOR)
def visitor_gone(visitor_id: str) -> AnyResponse:
    """They come no more; what was agreed with them stands."""
    return _set_active(visitor_id, False, N_("%(name)s: is not offered any longer."), "administrators.visitor_again")


@blueprint.route("/inviterte/registeret/<visitor_id>/kommer-igjen", methods=["GET", "POST"])
@open_to(COORDINATOR)
def visitor_again(visitor_id: str) -> AnyResponse:
    """They come again."""
    return _set_active(visitor_id, True, N_("%(name)s: is offered again."), "administrators.visitor_gone")


def _set_active(visitor_id: str, is_active: bool, words: str, undo: str) -> AnyResponse:
    found, form = _visitor(visitor_id), Press()
    if form.validate_on_submit():
        planning.retire_presenter(session(), found, is_active)
        note("visitor changed", visitor_id)
        return done(gettext(words, name=found.name), "administrators.visitors", undo=url_for(undo, visitor_id=visitor_id))
    return visitors()


def _visitor(public_id: str) -> Presenter:
    return find(Presenter, Presenter.public_id == public_id, act="edit")


def _skills() -> list[str]:
    """What the themes ask for, to choose among."""
    return planning.skills_wanted(session(), me().district_id, today())
