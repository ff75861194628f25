"""What is on for parents and, after school, for their children, as parents read of it. These words are in every language of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache

from sqlalchemy import Date, Select, bindparam, or_, select
from sqlalchemy.orm import Session

from curriculum.base import N_
from curriculum.people import School
from curriculum.summaries.models import Activity, ParentEvent

EVENT_KINDS = {
    # Translators: somewhere parents drop in, have coffee and talk with those who hold the course; bokmål: Foreldrekafé
    "cafe": N_("Parents' café"),
    # Translators: an evening where parents hear and talk about one theme; bokmål: Temakveld
    "evening": N_("Theme evening"),
    "meeting": N_("Parents' meeting"),
    "course": N_("Course for parents"),
}
ACTIVITY_KINDS = {
    "homework": N_("Help with homework"),
    # Translators: a place where children meet in their free time; bokmål: Fritidsklubb
    "club": N_("Youth club"),
    "sport": N_("Sport"),
    "culture": N_("Music and culture"),
    "outdoors": N_("Outdoor life"),
    # Translators: something children may take part in that is none of the other kinds
    "other": N_("Other things to do"),
}
MOST_EVENTS, MOST_ACTIVITIES = 6, 12
"""How many parents are shown: the soonest, and those of their own school first."""


def events_for(db: Session, school: School, today: date) -> Sequence[ParentEvent]:
    """What is on for the parents of a school from today on, the soonest first. One query."""
    return db.scalars(_events(), {"district": school.district_id, "school": school.id, "today": today}).all()


def activities_for(db: Session, school: School, today: date) -> Sequence[Activity]:
    """What the children of a school may take part in today, the school's own first. One query."""
    return db.scalars(_activities(), {"district": school.district_id, "school": school.id, "today": today}).all()


@cache
def _events() -> Select[ParentEvent]:
    return (
        select(ParentEvent)
        .where(
            ParentEvent.district_id == bindparam("district"),
            ParentEvent.date >= bindparam("today", type_=Date),
            ParentEvent.removed_at.is_(None),
            or_(ParentEvent.school_id.is_(None), ParentEvent.school_id == bindparam("school")),
        )
        .order_by(ParentEvent.date, ParentEvent.start, ParentEvent.id)
        .limit(MOST_EVENTS)
    )


@cache
def _activities() -> Select[Activity]:
    return (
        select(Activity)
        .where(
            Activity.district_id == bindparam("district"),
            or_(Activity.until.is_(None), Activity.until >= bindparam("today", type_=Date)),
            Activity.removed_at.is_(None),
            or_(Activity.school_id.is_(None), Activity.school_id == bindparam("school")),
        )
        .order_by(Activity.school_id.is_(None), Activity.name, Activity.id)
        .limit(MOST_ACTIVITIES)
    )
