"""The demo's rooms, and who from outside takes part in its lessons."""

from __future__ import annotations

from datetime import time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.interchange.demo.cast import ELVESVINGEN, GRANLIA, Cast, noon
from curriculum.people import School
from curriculum.planning import PLANNED, Busy, Lesson, PresenterFacts, Series

ROOMS = {
    GRANLIA: (
        ("Biblioteket", ("quiet", "tables"), (Busy(4, time(13), time(14)),)),
        ("Musikkrommet", ("quiet", "projector", "floor-space"), (Busy(4, time(12, 15), time(14)),)),
        ("Gymsalen", ("floor-space", "gym"), (Busy(0, time(14), time(15)), Busy(4, time(13), time(15)))),
    ),
    ELVESVINGEN: (("Aulaen", ("projector", "floor-space"), ()), ("Grupperom 2", ("quiet", "tables"), ())),
}
POLICE = PresenterFacts(
    "Forebyggende politi (oppdiktet)",
    "police",
    "forebygging@politiet.example",
    "Tar med egen film (8 minutter). Trenger lerret og lyd.\nTo betjenter kommer i uniform.",
    max_per_day=2,
)


def furnish(db: Session, cast: Cast) -> None:
    """The rooms of both schools; the police, who are asked to the first lesson ahead that needs them."""
    for name, rooms in ROOMS.items():
        school = db.scalars(select(School).where(School.district_id == cast.district.id, School.name == name)).one()
        for room, features, busy in rooms:
            planning.save_room(db, school, None, room, features, busy)
    police = planning.save_presenter(db, cast.district, None, POLICE)
    ahead = select(Lesson).join(Lesson.series).where(
        Lesson.presenter == POLICE.skill, Lesson.state == PLANNED, Lesson.date > cast.today, Series.in_use
    )  # fmt: skip
    lesson = db.scalars(ahead.order_by(Lesson.date, Lesson.start, Lesson.id).limit(1)).first()
    if lesson is not None:
        planning.ask(db, lesson, police, by=lesson.series.agents[0], now=noon(cast.today - timedelta(3)))
