"""Reach: how much the parents' pages are read in the district, and whether what is written about a theme is understood."""

from __future__ import annotations

from flask import Response

from app.access import me, open_to
from app.coordinators.routes import blueprint
from app.database import session, today
from app.pages import page
from curriculum import feedback
from curriculum.people import COORDINATOR


@blueprint.get("/rekkevidde")
@open_to(COORDINATOR)
def reach() -> Response:
    """The district's readings week by week, and the answers by theme; no number below five, and none exact."""
    weeks = feedback.reach(session(), me().district, today())
    return page(
        "coordinators/reach.html",
        weeks=weeks,
        most=max((line.times or 0 for line in weeks), default=0),
        themes=feedback.understood(session(), me().district, today()),
        least=feedback.LEAST,
    )
