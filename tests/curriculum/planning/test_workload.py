"""How much an agent may have, and the ways between schools."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.base import Refused
from curriculum.planning import Limits, Travel, Workload, limits_of, set_limits, set_ways, way, ways
from tests.cast import Cast, make_cast
from tests.states import state


@state
def cast(db: Session) -> Cast:
    return make_cast(db)


def test_what_is_said_of_an_agent_is_kept_changed_and_forgotten(db: Session, cast: Cast) -> None:
    assert limits_of(db, cast.agent) == Limits()
    assert set_limits(db, cast.agent, Limits(4, 16, 3, 12)) == Limits()
    assert set_limits(db, cast.agent, Limits(max_per_week=10)) == Limits(4, 16, 3, 12)
    assert (limits_of(db, cast.agent), limits_of(db, cast.small_agent)) == (Limits(max_per_week=10), Limits())
    set_limits(db, cast.agent, Limits())
    assert (limits_of(db, cast.agent), db.scalars(select(Workload)).all()) == (Limits(), [])
    assert set_limits(db, cast.agent, Limits()) == Limits()


@pytest.mark.parametrize(
    ("limits", "at"),
    [
        (Limits(max_per_day=0), "max_per_day"),
        (Limits(max_per_day=11), "max_per_day"),
        (Limits(max_per_week=41), "max_per_week"),
        (Limits(target_per_week=-1), "target_per_week"),
        (Limits(max_per_day=5, max_per_week=4), "max_per_week"),
        (Limits(max_per_day=3, target_per_day=4), "target_per_day"),
        (Limits(max_per_week=9, target_per_week=10), "target_per_week"),
        (Limits(target_per_day=5, target_per_week=4), "target_per_week"),
    ],
)
def test_numbers_that_cannot_be_are_refused_at_their_field(db: Session, cast: Cast, limits: Limits, at: str) -> None:
    with pytest.raises(Refused) as refusal:
        set_limits(db, cast.agent, limits)
    assert refusal.value.at == at
    assert limits_of(db, cast.agent) == Limits()


def test_a_way_is_as_long_there_as_back_and_can_be_forgotten(db: Session, cast: Cast) -> None:
    one = way(cast.school, cast.other_school)
    assert one == way(cast.other_school, cast.school) == (cast.school.id, cast.other_school.id)
    assert (ways(db, cast.district), set_ways(db, cast.district, {one: 20})) == ({}, {one: None})
    assert set_ways(db, cast.district, {one: 25}) == {one: 20}
    assert (ways(db, cast.district), ways(db, cast.other_district)) == ({one: 25}, {})
    assert set_ways(db, cast.district, {one: 25}) == {}
    assert set_ways(db, cast.district, {one: None}) == {one: 25}
    assert db.scalars(select(Travel)).all() == []


@pytest.mark.parametrize("minutes", [-1, 181])
def test_minutes_that_no_way_takes_are_no_way(db: Session, cast: Cast, minutes: int) -> None:
    with pytest.raises(ValueError, match=str(minutes)):
        set_ways(db, cast.district, {way(cast.school, cast.other_school): minutes})
