"""What is agreed around the demo's plans: how much an agent may have, the way between the schools, weekly times that are confirmed."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from curriculum import planning
from curriculum.interchange.demo.cast import AGENT, AGENT_2, AGENT_3, ELVESVINGEN, GRANLIA, LEADER, Cast, noon
from curriculum.people import SMALL, SchoolClass
from curriculum.planning import Limits, Series

LIMITS = {AGENT: Limits(4, 12, 3, 10), AGENT_2: Limits(4, 12, 3, 10), AGENT_3: Limits(3, 8, None, 6)}
MINUTES = 20
WAITING = ("6A", "6B", "6C")
"""Classes of Granlia whose weekly times nobody has confirmed yet."""


def agree(db: Session, cast: Cast) -> None:
    """The limits, the way, and the confirmed times of this school year."""
    for person, limits in LIMITS.items():
        planning.set_limits(db, cast.people[person], limits)
    planning.set_ways(db, cast.district, {planning.way(*(cast.classes[school, "5A"].school for school in (GRANLIA, ELVESVINGEN))): MINUTES})
    query = select(Series).join(Series.school_class).where(Series.in_use, SchoolClass.school_year == planning.school_year(cast.today))
    for series in db.scalars(query.options(joinedload(Series.school_class).joinedload(SchoolClass.school)).order_by(Series.id)).unique():
        group = series.school_class
        if group.kind != SMALL and not (group.school.name == GRANLIA and group.name in WAITING):
            times = planning.written_times(series.slots)
            planning.confirm_times(db, series, times, by=cast.people[LEADER], now=noon(min(series.from_date, cast.yesterday)))
