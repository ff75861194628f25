"""What the demo's parents are told is on: events for themselves, and what their children may take part in after school."""

from __future__ import annotations

from datetime import date, time, timedelta

from sqlalchemy.orm import Session

from curriculum.interchange.demo.cast import GRANLIA, Cast
from curriculum.summaries import ActivityFacts, EventFacts, announce_activity, announce_event

TUESDAY, THURSDAY = 1, 3


def announce(db: Session, cast: Cast) -> None:
    """A café for all, an evening at Granlia, a café that is over, and three things after school, one of them for all."""
    district, today = cast.district, cast.today
    granlia = next(group.school for (name, _), group in cast.classes.items() if name == GRANLIA)
    over = today - timedelta(20)
    for day, facts in (
        (today, EventFacts("cafe", _next(today, TUESDAY), time(8, 30), time(10), "Solbakken bibliotek, 2. etasje", ("ur", "so", "ar"))),
        (today, EventFacts("evening", _next(today, THURSDAY), time(18), time(19, 30), "Kantina på Granlia skole", ("so", "ta"), granlia)),
        (over, EventFacts("cafe", over, time(8, 30), time(10), "Solbakken bibliotek, 2. etasje", ("so",))),
    ):
        announce_event(db, district, facts, today=day)
    for activity in (
        ActivityFacts("homework", "Leksehjelp på biblioteket", "Solbakken bibliotek", "mandag og onsdag 14.30–16.30", is_free=True),
        ActivityFacts("club", "Fritidsklubben Taket", "Kulturhuset på Solbakken", "tirsdag 15–18", "5.–7. trinn", True, "22 00 00 02"),
        ActivityFacts("sport", "Fotball i Granlihallen", "Granlihallen", "torsdag 15–16", "5.–7. trinn", school=granlia),
    ):
        announce_activity(db, district, activity, today=today)


def _next(today: date, weekday: int) -> date:
    """A weekday of the week after the next seven days."""
    later = today + timedelta(7)
    return later + timedelta((weekday - later.weekday()) % 7)
