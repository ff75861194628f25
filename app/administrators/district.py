"""The district as a whole, or the schools one leads: who has how much when, and what waits for somebody, each with where it is mended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from flask import Response, abort, request, url_for
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.wrappers import Response as AnyResponse

from app.access import find, me, open_to, safe_next
from app.administrators.door import blueprint, note
from app.administrators.forms import Press
from app.database import now, session, today
from app.language import gettext
from app.pages import done, page, said
from curriculum import people, planning
from curriculum.people import COORDINATOR, HEAD, MANAGER, SchoolClass
from curriculum.planning import SchoolYear, Series, Week

OVERSEERS = (COORDINATOR, HEAD, MANAGER)
AT_ONCE = 12
"""Weeks beside each other."""

LISTED = 12
"""Lines of a list that stand open; the rest is unfolded."""


@dataclass(frozen=True)
class Span:
    """The weeks that are shown of a school year, and where those before and after them begin."""

    year: int
    weeks: list[Week]
    before: Week | None
    after: Week | None


@blueprint.get("/bydel")
@open_to(*OVERSEERS)
def overview() -> Response:
    """The classes one answers for: the load of their agents week by week, and everything that waits."""
    return _show()


def _show(form: Press | None = None) -> Response:
    span = _span(_first_week())
    is_whole = COORDINATOR in people.roles(me(), today())
    shown = planning.overview(session(), me(), span.year, span.weeks, today(), is_whole=is_whole)
    return page(
        "administrators/district.html",
        200 if form is None or not form.form_errors else 422,
        shown=shown,
        span=span,
        is_whole=is_whole,
        this=planning.iso_week(today()),
        written_times=planning.written_times,
        in_words=said,
        listed=LISTED,
        refusal=form.form_errors[0] if form is not None and form.form_errors else "",
    )


def _first_week() -> Week:
    """The week of the address (?fra=2026-W42), else this one. 404 for what is no week."""
    asked = request.args.get("fra", "")
    if not asked:
        return planning.iso_week(today())
    try:
        found = planning.parse_week(asked)
    except LookupError:
        abort(404)
    if not 2000 <= found.year < 2100:
        abort(404)
    return found


def _span(first: Week) -> Span:
    """The teaching weeks from a week on, so many as stand beside each other; in the summer the last of the year."""
    year = planning.school_year(first.sunday)
    [known] = planning.school_years(session(), me().district_id, None, [year])
    weeks = _teaching_weeks(known)
    at = min(sum(week < first for week in weeks), max(len(weeks) - AT_ONCE, 0))
    after = weeks[at + AT_ONCE] if at + AT_ONCE < len(weeks) else None
    return Span(year, weeks[at : at + AT_ONCE], weeks[max(at - AT_ONCE, 0)] if at else None, after)


@lru_cache
def _teaching_weeks(known: SchoolYear) -> list[Week]:
    return [week for week in _weeks(known.from_date, known.to_date) if planning.is_teaching_week(week, known.closed)]


def _weeks(first: date, last: date) -> Iterable[Week]:
    week = planning.iso_week(first)
    while week.monday <= last:
        yield week
        week = week.next


# --- The weekly times ---------------------------------------------------------------------------------------------------------------


@blueprint.route("/skole/rekker/<series>/bekreft-tidene", methods=["GET", "POST"])
@open_to(HEAD, MANAGER)
def confirm_times(series: str) -> AnyResponse:
    """The school says that the weekly times are right. The button carries those it stood beside, and the page it stood on."""
    found, form = _series(series), Press()
    if form.validate_on_submit():
        planning.confirm_times(session(), found, request.form.get("seen", ""), by=me(), now=now())
        note("weekly times confirmed", found.public_id)
        to = safe_next(request.form.get("next"), url_for("administrators.overview"))
        words = gettext("The weekly times of %(name)s are confirmed.", name=found.school_class.name)
        undo = url_for("administrators.unconfirm_times", series=series, next=to)
        return done(words, "administrators.overview", to=to, undo=undo)
    return _show(form)


@blueprint.route("/skole/rekker/<series>/tidene-ikke-bekreftet", methods=["GET", "POST"])
@open_to(HEAD, MANAGER)
def unconfirm_times(series: str) -> AnyResponse:
    """Undo that the weekly times were confirmed."""
    found, form = _series(series), Press()
    if form.validate_on_submit():
        planning.unconfirm_times(session(), found)
        note("weekly times no longer confirmed", found.public_id)
        to = safe_next(request.args.get("next"), url_for("administrators.overview"))
        words = gettext("The weekly times of %(name)s are no longer confirmed.", name=found.school_class.name)
        return done(words, "administrators.overview", to=to)
    return _show(form)


def _series(public_id: str) -> Series:
    load = (joinedload(Series.school_class).joinedload(SchoolClass.school), selectinload(Series.slots))
    return find(Series, Series.public_id == public_id, act="confirm", load=load)
