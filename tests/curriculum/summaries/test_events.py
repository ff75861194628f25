"""What is on for parents, and for their children after school."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from curriculum.base import Refused
from curriculum.people import District, School
from curriculum.summaries import (
    Activity,
    ActivityFacts,
    EventFacts,
    ParentEvent,
    activities_for,
    announce_activity,
    announce_event,
    events_for,
    put_up_again,
    take_down,
)
from tests.curriculum.summaries.world import NOW, TODAY, World

CAFE = EventFacts("cafe", TODAY + timedelta(6), time(8, 30), time(10), "Lia bibliotek", ("so", "ur"))
CLUB = ActivityFacts(
    "club", "Klubben", "Kulturhuset", "tirsdag 15–18", "5.–7. trinn", True, "22 00 00 02", "https://klubben.example/tilbud"
)


def cafe(world: World, **other: Any) -> ParentEvent:
    return announce_event(world.db, world.district, replace(CAFE, **other), today=min(other.get("date", TODAY), TODAY))


def club(world: World, **other: Any) -> Activity:
    return announce_activity(world.db, world.district, replace(CLUB, **other), today=min(other.get("until") or TODAY, TODAY))


def schools(world: World) -> tuple[School, School]:
    """The class's school, and another one of the district."""
    other = School(district=world.district, district_id=world.district.id, name="Ås skole")
    world.db.add(other)
    world.db.flush()
    return world.school_class.school, other


def test_parents_are_told_of_what_is_for_all_and_of_what_is_at_their_school_the_soonest_first(world: World) -> None:
    theirs, other = schools(world)
    later = cafe(world, kind="evening", school=theirs, date=TODAY + timedelta(20))
    cafe(world, school=other)
    soon = cafe(world)
    assert list(events_for(world.db, theirs, TODAY)) == [soon, later]
    assert (soon.place, soon.interpreters, soon.scope.published) == ("Lia bibliotek", ["so", "ur"], True)


def test_an_event_is_told_of_on_its_day_and_not_the_day_after(world: World) -> None:
    theirs, _ = schools(world)
    made = cafe(world, date=TODAY)
    assert [list(events_for(world.db, theirs, TODAY + timedelta(days))) for days in (0, 1)] == [[made], []]


def test_after_school_their_own_school_comes_first_and_what_has_ended_is_gone(world: World) -> None:
    theirs, other = schools(world)
    for_all = club(world, name="Aktiv fritid")
    own = club(world, school=theirs, until=TODAY)
    club(world, school=other)
    club(world, until=TODAY - timedelta(1))
    assert list(activities_for(world.db, theirs, TODAY)) == [own, for_all]
    assert list(activities_for(world.db, theirs, TODAY + timedelta(1))) == [for_all]
    assert (own.when, own.is_free, own.link, own.scope.published) == ("tirsdag 15–18", True, "https://klubben.example/tilbud", True)


def test_what_is_taken_down_is_told_no_more_and_can_be_put_up_again(world: World) -> None:
    theirs, _ = schools(world)
    event, activity = cafe(world), club(world)

    def told() -> list[object]:
        return [*events_for(world.db, theirs, TODAY), *activities_for(world.db, theirs, TODAY)]

    for one in (event, activity):
        take_down(world.db, one, now=NOW)
    assert told() == []
    for one in (event, activity):
        put_up_again(world.db, one)
    assert told() == [event, activity]


def test_something_else_can_be_said_of_one_that_is_there_also_when_its_day_is_over(world: World) -> None:
    past = TODAY - timedelta(3)
    event, activity = cafe(world, date=past), club(world, until=past)
    announce_event(world.db, world.district, replace(CAFE, date=past, place="Kantina"), today=TODAY, event=event)
    announce_activity(world.db, world.district, replace(CLUB, until=past, name="Taket"), today=TODAY, activity=activity)
    assert (event.place, activity.name) == ("Kantina", "Taket")
    with pytest.raises(Refused, match="This day is over"):
        announce_event(world.db, world.district, replace(CAFE, date=past - timedelta(1)), today=TODAY, event=event)


def elsewhere(world: World) -> School:
    other = District(key="myrvang", name="Myrvang")
    school = School(district=other, name="Myra skole")
    world.db.add(school)
    world.db.flush()
    return school


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("kind", "party", "Choose among those"),
        ("date", TODAY - timedelta(1), "This day is over"),
        ("date", date(2028, 1, 1), "more than a year ahead"),
        ("end", time(8, 30), "must end after it begins"),
        ("interpreters", ("so", "xx"), "Choose among those"),
        ("place", "  – ", "must be filled in"),
        ("place", "a" * 121, "At most 120 characters"),
        ("place", "Ring 22 00 00 00", "telephone"),
        ("place", "Lia\u202e bibliotek", "hidden character"),
    ],
)
def test_what_cannot_be_said_of_an_event_is_refused_at_its_field(field: str, value: Any, words: str, world: World) -> None:
    with pytest.raises(Refused) as refused:
        announce_event(world.db, world.district, replace(CAFE, **{field: value}), today=TODAY)
    assert refused.value.at == field
    assert words in refused.value.msgid % refused.value.values


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("kind", "cafe", "Choose among those"),
        ("name", "", "must be filled in"),
        ("name", "a" * 81, "At most 80 characters"),
        ("when", "", "must be filled in"),
        ("for_whom", "skriv til kari@example.org", "e-mail"),
        ("until", TODAY - timedelta(1), "This day is over"),
        ("phone", "spør i luka", "is not a telephone number"),
        ("link", "http://klubben.example", "begins with https://"),
        ("link", "https://klubben.example/" + "a" * 200, "begins with https://"),
        ("link", "https://kari:hemmelig@klubben.example", "begins with https://"),
        ("link", "javascript:alert(1)", "begins with https://"),
    ],
)
def test_what_cannot_be_said_of_something_after_school_is_refused_at_its_field(field: str, value: Any, words: str, world: World) -> None:
    with pytest.raises(Refused) as refused:
        announce_activity(world.db, world.district, replace(CLUB, **{field: value}), today=TODAY)
    assert refused.value.at == field
    assert words in refused.value.msgid % refused.value.values


def test_another_districts_school_cannot_be_chosen(world: World) -> None:
    school = elsewhere(world)
    with pytest.raises(Refused):
        announce_event(world.db, world.district, replace(CAFE, school=school), today=TODAY)
    with pytest.raises(Refused):
        announce_activity(world.db, world.district, replace(CLUB, school=school), today=TODAY)
    assert list(events_for(world.db, school, TODAY)) == []
