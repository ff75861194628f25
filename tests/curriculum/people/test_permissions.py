"""Who may do what: the table's two readers say the same of every person, act and row, and a small group is its own business."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from curriculum import ideabank, summaries
from curriculum.ideabank import Document, DocumentVersion, Draft, Proposal
from curriculum.people import (
    AGENT,
    HALF,
    SMALL,
    TABLE,
    Assignment,
    District,
    Link,
    Person,
    School,
    SchoolClass,
    change_class,
    may,
    new_link,
    placed,
    roles,
    visible,
    with_halves,
)
from curriculum.planning import DateProposal, Lesson, Presenter, Room, SchoolCalendar, Series, Slot
from curriculum.summaries import Activity, ParentEvent, Recording, Translation
from tests.cast import NAMES, NOW, TODAY, Cast, make_cast, publish
from tests.curriculum.summaries.world import counted
from tests.states import state

YESTERDAY = TODAY - timedelta(days=1)


@dataclass(frozen=True)
class World:
    """The cast with rows in every table whose lists are filtered."""

    cast: Cast
    rows: dict[type[Any], Sequence[Any]]


@state
def world(db: Session) -> World:
    cast = make_cast(db)
    version = publish(db, cast, "vennskap")[-1]
    theirs = _elsewhere(db, cast, version)
    ideabank.start_draft(db, version.document, cast.coordinator, NOW)
    for document in (version.document, theirs):
        db.add(Proposal(district_id=document.district_id, document_id=document.id, text="", hash="", reason="", at=NOW))
    db.add(Draft(district_id=theirs.district_id, document_id=theirs.id, text="", saved_at=NOW))
    _schedule(db, cast, version)
    for language in ("so", "ur"):
        db.add(_translation(cast, version, language))
        db.add(_recording(cast.district, language))
    db.add(_recording(cast.other_district, "so"))
    for district in (cast.district, cast.other_district):
        db.add(ParentEvent(district_id=district.id, kind="cafe", date=TODAY, start=time(9), end=time(10), place="Kantina"))
        db.add(Activity(district_id=district.id, kind="club", name="Klubben", place="Taket", when="tirsdag"))
    for school in (None, cast.school, cast.other_school):
        db.add(_calendar(cast.district, school))
    db.add(_calendar(cast.other_district, None))
    new_link(db, cast.small, "parents", expires=TODAY)
    db.flush()
    return World(cast, {model: db.scalars(select(model)).unique().all() for model in placed()})


def _elsewhere(db: Session, cast: Cast, version: DocumentVersion) -> Document:
    """The other district has a school, a class and a document too: there is something that could leak."""
    school = School(district_id=cast.other_district.id, name="Myra skole")
    document = Document(district_id=cast.other_district.id, kind="theme", key="vennskap")
    db.add_all([school, document])
    db.flush()
    db.add(SchoolClass(district_id=cast.other_district.id, school_id=school.id, school_year=2026, name="5A"))
    copied = {column.key: getattr(version, column.key) for column in inspect(DocumentVersion).columns}
    db.add(DocumentVersion(**(copied | {"id": None, "district_id": document.district_id, "document_id": document.id})))
    db.flush()
    return document


def _schedule(db: Session, cast: Cast, version: DocumentVersion) -> None:
    """A series with a lesson for each class, and one lesson that 5A and 6A have together."""
    lessons = []
    for school_class in cast.classes.values():
        series = Series(
            district_id=cast.district.id,
            class_id=school_class.id,
            outline_version_id=version.id,
            title="Prøverekka",
            from_date=TODAY,
            to_date=TODAY,
            slots=[Slot(weekday=2, start=time(8, 30), end=time(9, 30))],
            lessons=[_lesson(cast, version, school_class)],
        )
        db.add(series)
        lessons.append(series)
    lessons[0].lessons.append(_lesson(cast, version, cast.a5, cast.a6))
    db.flush()
    for one in lessons:
        db.add(DateProposal(district_id=one.district_id, lesson=one.lessons[0], stood_on=TODAY, at=NOW))
    for district, name in ((cast.district, "Politiet"), (cast.district, "Utekontakten"), (cast.other_district, "Politiet")):
        db.add(Presenter(district_id=district.id, name=name, skill="police"))
    for school in (cast.school, cast.other_school):
        db.add(Room(district_id=school.district_id, school_id=school.id, name="Gymsalen"))


def _lesson(cast: Cast, version: DocumentVersion, *classes: SchoolClass) -> Lesson:
    return Lesson(
        district_id=cast.district.id,
        theme_id=version.document_id,
        position=1,
        date=TODAY,
        start=time(8, 30),
        end=time(9, 30),
        minutes=60,
        classes=list(classes),
    )


def _translation(cast: Cast, version: DocumentVersion, language: str) -> Translation:
    return Translation(
        district_id=cast.district.id,
        document_id=version.document_id,
        uid="p1",
        language=language,
        source_text="x",
        source_hash="x",
        text="y",
        state=summaries.DRAFT,
        origin="machine",
        at=NOW,
    )


def _recording(district: District, language: str) -> Recording:
    said = {"about": f"name:{language}", "text": language, "text_hash": "", "type": "audio/wav", "seconds": 1, "size": 1, "data": b"x"}
    return Recording(district_id=district.id, language=language, at=NOW, **said)


def _calendar(district: District, school: School | None) -> SchoolCalendar:
    span = {"from_date": date(2026, 8, 1), "to_date": date(2027, 7, 31)}
    return SchoolCalendar(district_id=district.id, school_id=school.id if school else None, name="Skoleruta", **span)


def test_every_table_whose_lists_are_filtered_has_rows_that_could_leak(world: World) -> None:
    assert {model.__name__ for model, rows in world.rows.items() if len(rows) < 2} == set()


@pytest.mark.slow
@pytest.mark.parametrize(("day", "who"), [(TODAY, set(NAMES)), (YESTERDAY, {"former", "agent"}), (date(2020, 1, 1), {"coordinator"})])
def test_a_list_holds_exactly_the_rows_that_a_person_may_act_on(world: World, db: Session, day: date, who: set[str]) -> None:
    assert [
        (name, act, model.__name__, row.id)
        for name, person in world.cast.persons.items()
        if name in who
        for act in TABLE
        for model, rows in world.rows.items()
        for listed in [set(db.scalars(visible(person, model, day, act).with_only_columns(model.id)))]
        for row in rows
        if may(person, act, row.scope, day) != (row.id in listed)
    ] == []


@pytest.mark.slow
def test_someone_who_has_left_may_do_nothing(world: World, db: Session) -> None:
    for person in (world.cast.coordinator, world.cast.agent):
        person.is_active = False
        for act in TABLE:
            for model, rows in world.rows.items():
                assert db.scalars(visible(person, model, TODAY, act)).all() == []
                assert not any(may(person, act, row.scope, TODAY) for row in rows)


@pytest.mark.slow
def test_nobody_reaches_into_another_district(world: World, db: Session) -> None:
    for person in (world.cast.coordinator, world.cast.administrator, world.cast.outsider):
        for act in TABLE:
            for model in world.rows:
                for row in db.scalars(visible(person, model, TODAY, act)):
                    assert row.scope.district == person.district_id


SMALL_GROUP = {
    # who: what she may do to the small group, its series, its lessons and its links
    "agent": set(),
    "small_agent": {"read", "plan", "hold", "share"},
    "other_agent": set(),
    "teacher": set(),
    "coordinator": {"read", "propose", "edit", "publish", "record"},
    "coordinator2": {"read", "propose", "edit", "publish", "record"},
    "translator": set(),
    "head": {"read", "confirm"},
    "manager": {"read", "confirm"},
    "administrator": {"read", "administer", "share"},
    "former": set(),
    "outsider": set(),
}


def test_a_small_group_is_known_to_its_own_staff_the_leaders_and_those_who_answer_for_the_district(world: World) -> None:
    cast = world.cast
    of_small = [row for model in (SchoolClass, Series, Lesson, Link) for row in world.rows[model] if row.scope.classes == {cast.small.id}]
    assert len(of_small) == 4
    for row in of_small:
        assert {name: {act for act in TABLE if may(person, act, row.scope, TODAY)} for name, person in cast.persons.items()} == SMALL_GROUP


CLASSES_READ = {
    "agent": {"a5", "b5", "half"},
    "small_agent": {"small"},
    "other_agent": {"a6"},
    "teacher": {"a5"},
    "coordinator": {"a5", "b5", "a6", "mixed56", "half", "small"},
    "coordinator2": {"a5", "b5", "a6", "mixed56", "half", "small"},
    "translator": set(),
    "head": {"a5", "b5", "half", "small"},
    "manager": {"a5", "b5", "half", "small"},
    "administrator": {"a5", "b5", "a6", "mixed56", "half", "small"},
    "former": set(),
    "outsider": set(),
}


def test_each_reads_the_classes_that_are_hers(db: Session) -> None:
    cast = make_cast(db)
    names = {school_class.id: name for name, school_class in cast.classes.items()}
    assert {
        name: {names[found.id] for found in db.scalars(visible(person, SchoolClass, TODAY))} for name, person in cast.persons.items()
    } == CLASSES_READ


def test_who_has_the_whole_class_has_its_halves_and_who_has_a_half_has_only_that(world: World, db: Session) -> None:
    cast = world.cast
    other = SchoolClass(district_id=cast.district.id, school=cast.school, school_year=2026, name="5B2", kind=HALF, taken_from=[cast.b5])
    hers = Assignment(district_id=cast.district.id, role=AGENT, class_id=cast.half.id, from_date=TODAY)
    cast.other_agent.assignments.append(hers)
    db.add(other)
    db.flush()
    whole, half = cast.agent, cast.other_agent
    assert [may(whole, "plan", one.scope, TODAY) for one in (cast.b5, cast.half, other)] == [True, True, True]
    assert [may(half, "plan", one.scope, TODAY) for one in (cast.b5, cast.half, other)] == [False, True, False]
    of_halves = [row for model in (Series, Lesson) for row in world.rows[model] if cast.half.id in row.scope.classes]
    assert len(of_halves) == 2
    assert all(may(person, act, row.scope, TODAY) for row in of_halves for person in (whole, half) for act in ("read", "plan", "hold"))


def test_a_half_put_under_another_class_is_that_ones_from_then_on(world: World, db: Session) -> None:
    cast = world.cast
    assert cast.half.scope.classes == {cast.half.id, cast.b5.id}
    change_class(db, cast.half, school=cast.school, name="5A1", grades=[5], kind=HALF, head_count=None, taken_from=[cast.a5])
    assert cast.half.scope.classes == {cast.half.id, cast.a5.id}
    change_class(db, cast.half, school=cast.school, name="5A1", grades=[5], kind=SMALL, head_count=None, taken_from=[cast.a5])
    assert cast.half.scope.classes == {cast.half.id}


def test_halves_come_with_their_whole_class_and_small_groups_never(db: Session) -> None:
    cast = make_cast(db)
    assert set(db.scalars(with_halves([cast.a5.id, cast.b5.id]))) == {cast.a5.id, cast.b5.id, cast.half.id}
    assert set(db.scalars(with_halves([cast.half.id, cast.small.id]))) == {cast.half.id, cast.small.id}
    assert db.scalars(with_halves([])).all() == []


def test_asking_where_halves_belong_costs_no_query(world: World, db: Session) -> None:
    halves = [
        SchoolClass(district_id=world.cast.district.id, school=world.cast.school, school_year=2026, name=f"5B{n}", kind=HALF)
        for n in range(3, 7)
    ]
    for half in halves:
        half.taken_from = [world.cast.b5]
    db.add_all(halves)
    with counted(db) as sent:
        found = db.scalars(visible(world.cast.administrator, SchoolClass, TODAY)).all()
        asked = len(sent)
        assert len([one.scope for one in found if one.kind == HALF and len(one.scope.classes) == 2]) == 5
    assert len(sent) == asked


def test_everyone_with_a_role_in_the_district_reads_what_is_published_and_only_the_coordinators_what_is_being_written(world: World) -> None:
    cast = world.cast
    published = world.rows[Document][0].scope, world.rows[DocumentVersion][0].scope
    readers = {name for name, person in cast.persons.items() if all(may(person, "read", scope, TODAY) for scope in published)}
    assert readers == set(cast.persons) - {"outsider", "former"}
    draft = next(row for row in world.rows[Draft] if row.district_id == cast.district.id)
    writers = {name for name, person in cast.persons.items() if may(person, "edit", draft.scope, TODAY)}
    assert writers == {"coordinator", "coordinator2"}
    assert {name for name, person in cast.persons.items() if may(person, "read", draft.scope, TODAY)} == writers | {"administrator"}


def test_the_administrator_does_not_edit_the_bank(world: World) -> None:
    scope = world.rows[Document][0].scope
    assert not any(may(world.cast.administrator, act, scope, TODAY) for act in ("edit", "publish", "propose", "translate"))


def test_a_joint_lesson_is_open_to_the_staff_of_each_of_its_classes(world: World) -> None:
    joint = next(lesson for lesson in world.rows[Lesson] if len(lesson.classes) == 2)
    holders = {name for name, person in world.cast.persons.items() if may(person, "hold", joint.scope, TODAY)}
    assert holders == {"agent", "other_agent"}


def test_a_translator_has_the_desk_of_her_own_language(world: World) -> None:
    by_language = {row.language: row.scope for row in world.rows[Translation]}
    assert may(world.cast.translator, "translate", by_language["so"], TODAY)
    assert not may(world.cast.translator, "translate", by_language["ur"], TODAY)


def test_an_assignment_holds_from_its_first_day_through_its_last(db: Session) -> None:
    cast = make_cast(db)
    scope = cast.a5.scope
    assert may(cast.former, "plan", scope, YESTERDAY)
    assert not may(cast.former, "plan", scope, TODAY)
    first = cast.agent.assignments[0].from_date
    assert may(cast.agent, "plan", scope, first)
    assert not may(cast.agent, "plan", scope, first - timedelta(days=1))
    assert (roles(cast.former, YESTERDAY), roles(cast.former, TODAY)) == ({"agent"}, set())


def test_a_calendar_of_one_school_is_confirmed_by_its_own_leaders(world: World) -> None:
    of_school = next(row for row in world.rows[SchoolCalendar] if row.school_id == world.cast.school.id)
    of_other = next(row for row in world.rows[SchoolCalendar] if row.school_id == world.cast.other_school.id)
    assert may(world.cast.head, "confirm", of_school.scope, TODAY)
    assert not may(world.cast.head, "confirm", of_other.scope, TODAY)


def test_each_person_is_of_one_district_only(world: World, db: Session) -> None:
    listed = set(db.scalars(visible(world.cast.administrator, Person, TODAY)))
    assert listed == set(world.cast.persons.values()) - {world.cast.outsider}
