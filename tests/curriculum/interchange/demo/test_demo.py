"""The demo district: everything a reader may meet, around any day of the year."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import OSLO, make_engine
from curriculum import ideabank, planning, summaries
from curriculum.base import Base
from curriculum.ideabank import Draft, Proposal, SegmentChange
from curriculum.interchange import make_demo, set_demo_passwords
from curriculum.interchange.demo.cast import ELSEWHERE, ELVESVINGEN, GRANLIA
from curriculum.people import AGENT, CLASS, HALF, SMALL, Assignment, District, Link, Person, School, SchoolClass
from curriculum.planning import ASKED, CANCELLED, CONTINUED, HELD, PLANNED, YES, DateProposal, Elsewhere, Lesson, Move, Series, Waiver
from curriculum.summaries import Recording, Translation
from tests.conftest import SqliteTemplate

ROOT = Path(__file__).resolve().parents[4]
WEDNESDAY = date(2026, 10, 21)
WEEK = planning.iso_week(WEDNESDAY)
TRANSLATED = ("konflikt-1", "intro", "identitet-1")
"""The themes whose translations are loaded here: loading all of them takes seconds."""

Make = Callable[[date], Any]

pytestmark = pytest.mark.slow  # each makes a whole district, or waits for one that was made


@pytest.fixture(scope="module")
def languages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped translations of a few themes."""
    folder = tmp_path_factory.mktemp("translations")
    for file in ROOT.glob("translations/*/themes.po"):
        header, *entries = file.read_text(encoding="utf-8").split("\n\n")
        kept = [entry for entry in entries if any(f'msgctxt "{theme}|' in entry for theme in TRANSLATED)]
        (folder / file.parent.name).mkdir()
        (folder / file.parent.name / file.name).write_text("\n\n".join([header, *kept]), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def make(sqlite_template: SqliteTemplate, languages: Path, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Make the demo as on a date, in a database of its own: `with make(date) as db`."""

    @contextmanager
    def made(today: date) -> Iterator[Session]:
        file = tmp_path_factory.mktemp("demo") / "demo.sqlite"
        shutil.copy(sqlite_template.file, file)
        engine = make_engine(f"sqlite:///{file}")
        with Session(engine) as session:
            make_demo(session, ROOT / "content", languages, password_hash="first", today=today)
            session.commit()
            yield session
        engine.dispose()

    return made


@pytest.fixture(scope="module")
def october(make: Make) -> Iterator[Session]:
    """The demo on a Wednesday in October; nobody changes it."""
    with make(WEDNESDAY) as session:
        yield session


def class_of(db: Session, school: str, name: str, year: int = 2026) -> SchoolClass:
    query = select(SchoolClass).join(SchoolClass.school).where(School.name == school, SchoolClass.name == name)
    return db.scalars(query.where(SchoolClass.school_year == year)).one()


def series_of(db: Session, school: str, name: str, year: int = 2026) -> Series:
    return db.scalars(select(Series).where(Series.class_id == class_of(db, school, name, year).id)).unique().one()


def person(db: Session, name: str) -> Person:
    return db.scalars(select(Person).where(Person.email == f"{name}@demo.example")).one()


def theme(db: Session, key: str) -> ideabank.Document:
    found = ideabank.find_document(db, db.scalars(select(District.id)).one(), key)
    assert found is not None
    return found


def this_year(db: Session) -> list[Series]:
    """This school year's series in use."""
    query = select(Series).join(Series.school_class)
    newest = select(func.max(SchoolClass.school_year)).scalar_subquery()
    return list(db.scalars(query.where(Series.in_use, SchoolClass.school_year == newest).order_by(Series.id)).unique())


# --- Schools, classes, people -----------------------------------------------------------------------------------------------------


def test_two_schools_have_twelve_classes_one_of_two_years_and_one_in_halves_and_a_small_group(october: Session) -> None:
    db = october
    classes = db.scalars(select(SchoolClass).where(SchoolClass.school_year == 2026)).unique().all()
    assert Counter((one.school.name, one.kind) for one in classes) == {
        (GRANLIA, CLASS): 6,
        (ELVESVINGEN, CLASS): 6,
        (GRANLIA, HALF): 2,
        (GRANLIA, SMALL): 1,
    }
    assert [[grade.grade for grade in one.grades] for one in classes if len(one.grades) > 1] == [[5, 6]]
    assert all("oppdiktet" in one.school.name for one in classes)


def test_each_of_three_agents_has_classes_and_a_day_elsewhere_on_which_she_teaches_nobody(october: Session) -> None:
    db = october
    for email, weekday in ELSEWHERE.items():
        agent = person(db, email.split("@")[0])
        assert sum(one.role == AGENT and one.in_effect(WEDNESDAY) for one in agent.assignments) in (4, 5)
        assert db.scalars(select(Elsewhere.weekday).where(Elsewhere.person_id == agent.id)).all() == [weekday]
        taught = db.scalars(select(Lesson).where(Lesson.staff.contains(agent), Lesson.date >= date(2026, 8, 1))).unique().all()
        assert taught and all(lesson.date.weekday() != weekday for lesson in taught)


def test_the_links_of_the_first_class_are_always_the_same_and_every_class_with_a_series_has_links(october: Session) -> None:
    db = october
    links = {code: group for code, group in db.execute(select(Link.code, Link.class_id))}
    assert links["parent5a7k"] == links["teacher5a7k000000000000000"] == class_of(db, GRANLIA, "5A").id
    assert {one.class_id for one in this_year(db) if one.school_class.kind == CLASS} <= set(links.values())


def test_one_school_is_closed_on_days_of_its_own(october: Session) -> None:
    db = october
    tuesday = date(2026, 11, 10)
    for name, is_open in ((GRANLIA, True), (ELVESVINGEN, False)):
        school = db.scalars(select(School).where(School.name == name)).one()
        closed = planning.closed_days(db, school.district_id, school.id, tuesday, tuesday)
        assert planning.is_school_day(tuesday, closed) is is_open
        dates = {lesson.date for series in this_year(db) for lesson in series.lessons if series.school_class.school is school}
        assert (tuesday in dates) is is_open


def test_new_passwords_are_given_to_the_invented_people_only(db: Session) -> None:
    for key, email in (("demo", "agent@demo.example"), ("lia", "ida@lia.example")):
        district = District(key=key, name=f"Bydel {key} (oppdiktet)", is_demo=key == "demo")
        db.add(district)
        db.flush()
        db.add(Person(district_id=district.id, name="Ida Oppdiktet", email=email, password_hash="first"))
    set_demo_passwords(db, "second")
    assert {email: hashed for email, hashed in db.execute(select(Person.email, Person.password_hash))} == {
        "agent@demo.example": "second",
        "ida@lia.example": "first",
    }


# --- A year under way -------------------------------------------------------------------------------------------------------------


def test_behind_is_held_this_week_has_one_lesson_and_the_rest_lies_ahead(october: Session) -> None:
    db = october
    assert len(this_year(db)) == 10
    for series in this_year(db):
        behind = [lesson.state for lesson in series.lessons if lesson.date < WEEK.monday]
        assert sum(WEEK.monday <= lesson.date <= WEEK.sunday for lesson in series.lessons) == 1, series.school_class.name
        assert behind.count(PLANNED) <= 1 and set(behind) <= {HELD, CONTINUED, CANCELLED, PLANNED}
        assert {lesson.state for lesson in series.lessons if lesson.date >= WEEK.monday} == {PLANNED}
        assert any(lesson.date > WEEK.sunday for lesson in series.lessons)


def test_the_weeks_around_are_about_feelings_friendship_and_cooperation(october: Session) -> None:
    db = october
    lessons = {planning.iso_week(lesson.date): lesson.theme.key for lesson in series_of(db, GRANLIA, "5A").lessons}
    assert [lessons[week] for week in (WEEK.previous, WEEK, WEEK.next)] == ["folelser", "vennskap", "samarbeid"]


def test_halves_of_a_class_have_the_same_theme_in_the_same_week_at_another_time(october: Session) -> None:
    db = october
    one, other = series_of(db, GRANLIA, "5C1"), series_of(db, GRANLIA, "5C2")
    assert [(lesson.theme_id, lesson.date) for lesson in one.lessons] == [(lesson.theme_id, lesson.date) for lesson in other.lessons]
    assert {lesson.start for lesson in one.lessons}.isdisjoint(lesson.start for lesson in other.lessons)
    assert [whole.name for half in (one, other) for whole in half.school_class.taken_from] == ["5C", "5C"]
    assigned = select(Assignment.id).where(Assignment.class_id.in_([one.class_id, other.class_id]))
    assert db.scalars(assigned).all() == []  # who has the whole class, has its halves


def test_there_is_something_to_plan_and_a_plan_not_yet_in_use(october: Session) -> None:
    db = october
    [planned] = db.scalars(select(Series).where(~Series.in_use)).unique()
    assert planned.school_class.name == "6C" and all(lesson.date > WEDNESDAY for lesson in planned.lessons)
    with_series = db.scalars(select(Series.class_id)).all()
    without = db.scalars(select(SchoolClass.name).where(SchoolClass.id.not_in(with_series), SchoolClass.kind == CLASS)).all()
    assert sorted(without) == ["5B", "5C", "6B", "6C"]


def test_a_fixed_theme_is_waived_once_with_a_reason(october: Session) -> None:
    db = october
    [waiver] = db.scalars(select(Waiver))
    series = series_of(db, ELVESVINGEN, "5B")
    assert (waiver.series_id, waiver.theme.key) == (series.id, "folelser") and waiver.why
    assert "folelser" not in {lesson.theme.key for lesson in series.lessons}


def test_a_lesson_is_cancelled_one_moved_one_locked_and_one_not_finished(october: Session) -> None:
    db = october
    cancelled = db.scalars(select(Lesson).where(Lesson.moves.any(kind=CANCELLED))).unique().one()
    moved = db.scalars(select(Lesson).where(Lesson.moves.any(Move.why != ""), Lesson.state == PLANNED)).unique().one()
    assert cancelled.state == CANCELLED and cancelled.moves[0].why
    assert moved.state == PLANNED and moved.date > WEDNESDAY and moved.moves[0].why
    locked = db.scalars(select(Lesson).where(Lesson.date_locked)).unique()
    assert {(lesson.series.school_class.name, lesson.theme.key) for lesson in locked} == {("6A", "politiet"), ("6B", "politiet")}
    [unfinished] = db.scalars(select(Lesson).where(Lesson.state == CONTINUED)).unique()
    assert unfinished.held_record is not None and unfinished.held_record["unfinished"]
    rooms = db.scalars(select(Lesson.room)).all()
    assert "" in rooms and len(set(rooms)) > 3


def test_this_years_sixth_class_had_the_first_series_last_year(october: Session) -> None:
    db = october
    now, before = class_of(db, GRANLIA, "6A"), series_of(db, GRANLIA, "5A", year=2025)
    assert now.grades[0].cohort == before.school_class.grades[0].cohort
    assert {lesson.state for lesson in before.lessons} == {HELD}
    had = planning.cohorts_had(db, [now], WEDNESDAY)[now.id]
    assert {theme for theme, times in had.items() if times[0].school_year == 2025} == {lesson.theme_id for lesson in before.lessons}


# --- The bank and its translations --------------------------------------------------------------------------------------------------


def test_two_coordinators_have_each_published_a_new_version_with_a_note(october: Session) -> None:
    db = october
    for key, coordinator in (("grenser", "coordinator2"), ("konflikt-1", "coordinator")):
        first, second = theme(db, key).versions
        assert second.publisher is person(db, coordinator) and second.note
        assert first.effective < second.effective < WEDNESDAY
        assert "reflection" in {part.key for part in ideabank.compare(first, second).parts if part.state == "changed"}
    assert [(one.uid, one.mark) for one in db.scalars(select(SegmentChange))] == [("p-tema", "meaning")]


def test_a_draft_is_under_way_and_an_agents_proposal_waits(october: Session) -> None:
    db = october
    [draft], [proposal] = db.scalars(select(Draft)), db.scalars(select(Proposal))
    assert draft.document.key == "mobbing" and draft.saved_by is person(db, "coordinator")
    assert ideabank.draft_problems(db, draft) == []
    assert draft.base is not None and draft.text != draft.base.text
    assert ideabank.waiting_proposals(db, theme(db, "respekt")) == [proposal]
    assert proposal.by_id == person(db, "agent").id and ideabank.parse(proposal.text).hash == proposal.hash


def test_the_somali_desk_has_a_text_in_every_state(october: Session) -> None:
    db = october
    district = db.scalars(select(District)).one()
    stale = summaries.numbers(db, district, "so", WEDNESDAY, theme(db, "konflikt-1"))
    assert (stale.stale, stale.missing) == (1, 1) and stale.draft
    assert summaries.numbers(db, district, "so", WEDNESDAY, theme(db, "intro")).checked
    assert summaries.numbers(db, district, "so", WEDNESDAY, theme(db, "identitet-1")).translated
    others = [
        summaries.numbers(db, district, tag, WEDNESDAY, theme(db, "konflikt-1")) for tag in district.open_languages[1:] if tag != "so"
    ]
    assert [(one.stale, one.missing) for one in others] == [(1, 0)] * 5


def test_what_invented_people_have_done_says_that_it_was_a_machines_first(october: Session) -> None:
    db = october
    done = db.scalars(select(Translation).where(Translation.state != "draft")).all()
    assert {one.origin for one in done} == {"machine-edited"}
    assert {one.origin for one in db.scalars(select(Translation).where(Translation.state == "draft"))} == {"machine"}
    assert {one.translator_id for one in done} == {person(db, "translator").id}


# --- On any day -------------------------------------------------------------------------------------------------------------------


def test_the_same_date_gives_the_same_district(october: Session, make: Make) -> None:
    with make(WEDNESDAY) as again:
        assert everything(again) == everything(october)


def everything(db: Session) -> dict[str, list[tuple[object, ...]]]:
    tables = (table for table in Base.metadata.sorted_tables if table.name != "change_counter")
    return {table.name: sorted((tuple(row) for row in db.execute(select(table))), key=repr) for table in tables}


def moments(db: Session) -> list[datetime]:
    """Every moment that any row is dated at."""
    tables = [table for table in Base.metadata.sorted_tables if table.name != "change_counter"]
    return [value for table in tables for row in db.execute(select(table)) for value in row if isinstance(value, datetime)]


@pytest.mark.parametrize(
    ("today", "week"),
    [
        pytest.param(date(2026, 8, 1), "2026-W34", id="the first day of the school year, in the summer"),
        pytest.param(date(2027, 7, 28), "2027-W24", id="late in the summer, nearer to the next school year"),
        pytest.param(date(2026, 12, 29), "2027-W01", id="week 53"),
        pytest.param(date(2027, 6, 18), "2027-W24", id="the last school week"),
        pytest.param(date(2033, 5, 18), "2033-W20", id="a year without a calendar"),
    ],
)
def test_on_any_day_the_year_is_under_way_as_far_as_it_has_come(make: Make, today: date, week: str) -> None:
    with make(today) as db:
        nearest = planning.parse_week(week)
        assert len(this_year(db)) == 10
        for series in this_year(db):
            states = Counter(lesson.state for lesson in series.lessons if lesson.date <= min(today, nearest.monday - timedelta(1)))
            assert states[PLANNED] <= 1
            assert {lesson.state for lesson in series.lessons if lesson.date > today} <= {PLANNED, CANCELLED}
            assert all(one.date < other.date for one, other in pairwise(series.lessons))
        assert max(moments(db)) < datetime.combine(today, datetime.min.time(), OSLO), "the demo's past is over whatever time it is"


def test_the_plans_keep_within_what_is_agreed_and_some_times_wait_for_the_school(october: Session) -> None:
    district = october.scalars(select(District)).one()
    seen = planning.overview(october, person(october, "coordinator"), WEEK.year, [WEEK], WEDNESDAY, is_whole=True)
    assert (seen.clashes, {load.over for agent in seen.agents for load in agent.weeks}) == ((), {""})
    assert [agent.limits.max_per_week for agent in seen.agents if agent.limits] == [12, 12, 8]
    assert list(planning.ways(october, district).values()) == [20]
    waiting = {(one.group.name, one.group.school_name) for one in seen.unconfirmed}
    assert waiting == {("6A", GRANLIA), ("6B", GRANLIA), ("6C", GRANLIA), ("Bjørka", GRANLIA)}


def test_a_teacher_has_asked_for_another_day_and_the_classs_agent_has_not_answered(october: Session) -> None:
    [waiting] = planning.proposals_to_answer(october, person(october, "agent"), WEDNESDAY)
    asked = october.scalars(select(DateProposal).where(DateProposal.public_id == waiting.public_id)).one()
    assert (asked.lesson.series_id, planning.iso_week(asked.stood_on)) == (series_of(october, GRANLIA, "5A").id, WEEK.next)
    assert asked.wish in {one.date for one in planning.other_days(october, asked.lesson, WEDNESDAY)}
    assert planning.proposals_to_answer(october, person(october, "agent2"), WEDNESDAY) == []


def test_the_schools_have_rooms_and_the_police_have_been_asked_to_the_first_lesson_that_needs_them(october: Session) -> None:
    district = october.scalars(select(District)).one()
    schools = {school.id: school.name for school in october.scalars(select(School))}
    rooms = {schools[id]: [room.name for room in some] for id, some in planning.rooms_of(october, schools).items()}
    assert (len(rooms[GRANLIA]), len(rooms[ELVESVINGEN])) == (3, 2)
    [police] = planning.presenters(october, district.id)
    invited = planning.invitations(october, person(october, "coordinator"), WEDNESDAY)
    asked = {(one.series.school_class.name, one.presenter_answer) for one in invited if one.asked_presenter is police}
    assert asked == {("6A", ASKED), ("6A", YES), ("6B", YES)}
    assert any(one.asked_presenter is None for one in invited)


def test_the_police_come_once_for_two_classes_at_a_time_that_is_agreed(october: Session) -> None:
    first, second = (next(one for one in series_of(october, GRANLIA, name).lessons if one.joint) for name in ("6A", "6B"))
    assert first.joint == second.joint and planning.partners(october, first) == [second]
    assert (first.date, first.start, first.end) == (second.date, second.start, second.end)
    assert (first.date.weekday(), first.presenter_answer, second.presenter_answer) == (3, YES, YES)


def test_a_class_has_one_weekday_in_a_weeks_and_another_in_b_weeks_across_the_new_year(october: Session) -> None:
    series = series_of(october, ELVESVINGEN, "5/6")
    assert [(slot.weekday, planning.weeks_of(slot)) for slot in series.slots] == [(1, planning.A_WEEKS), (3, planning.B_WEEKS)]
    ahead = [lesson.date for lesson in series.lessons if lesson.date >= WEEK.monday]
    assert {(day - WEEK.monday).days // 7 % 2: day.weekday() for day in ahead} == {0: 1, 1: 3}
    assert all(day.weekday() == (3 if (day - WEEK.monday).days // 7 % 2 else 1) for day in ahead)
    assert series.confirmed_at is not None


def test_the_weeks_theme_can_be_heard_as_tones_that_are_nobodys_voice(october: Session) -> None:
    district = october.scalars(select(District)).one()
    lesson = october.scalars(
        select(Lesson).where(Lesson.series_id == series_of(october, GRANLIA, "5A").id, Lesson.date.between(WEEK.monday, WEEK.sunday))
    ).one()
    heard = {tag: summaries.heard(october, district, summaries.summary_for(october, lesson, tag, WEDNESDAY)) for tag in ("nb", "pl")}
    assert heard["nb"].summary is not None and heard["nb"].summary.is_trial
    assert len(heard["nb"].terms) == 2
    assert heard["pl"].summary is None
    assert set(summaries.names_heard(october, district)) == {"nb", "so", "ur"}
    made = october.scalars(select(Recording)).all()
    assert all(one.by_id is None and one.size < 40_000 and one.at.date() < WEDNESDAY for one in made)
