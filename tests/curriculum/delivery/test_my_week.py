"""An agent's own week, what is new in it, and confirming several lessons at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy.orm import Session

from curriculum import delivery, ideabank, planning
from curriculum.base import Refused
from curriculum.delivery import MyWeek
from curriculum.people import AGENT, HALF, Assignment, Person, SchoolClass
from curriculum.planning import CANCELLED, HELD, Lesson, SchoolCalendar, Series, Week
from tests.cast import NOW, TODAY, Cast, make_cast, make_series, publish
from tests.curriculum.summaries.world import counted
from tests.states import state

THIS = Week(2026, 42)


@dataclass(frozen=True)
class Scene:
    """The cast with a series of 5A (Wednesdays, of this week and the next) and of 5B (the same, on Thursdays)."""

    db: Session
    cast: Cast
    a5: Series
    b5: Series

    def week(self, person: Person | None = None, week: Week = THIS, now: datetime = NOW) -> MyWeek:
        return delivery.my_week(self.db, person or self.cast.agent, week, now=now)


@state
def scene(db: Session) -> Scene:
    cast = make_cast(db)
    themes = ("folelser", "vennskap")
    a5 = make_series(db, cast, themes=themes)
    b5 = make_series(db, cast, cast.b5, themes=themes, weekday=3)
    return Scene(db, cast, a5, b5)


def test_today_comes_first_and_the_other_days_follow(scene: Scene) -> None:
    week = scene.week()
    assert [one.lesson.id for one in week.now] == [scene.a5.lessons[0].id]
    assert {day: [one.class_names for one in lessons] for day, lessons in week.days.items()} == {date(2026, 10, 15): ["5B"]}
    assert (week.is_this_week, week.friday, week.coming, week.coming_week, week.why, week.plans) == (
        True,
        date(2026, 10, 16),
        None,
        THIS,
        "",
        (),
    )


def test_a_lesson_says_what_to_bring_and_when_each_part_begins(scene: Scene) -> None:
    [one] = scene.week().now
    assert one.opplegg is not None
    assert (one.title, one.school, one.class_names, one.others) == ("Å forstå egne og andres følelser", "Granlia skole", "5A", ())
    assert one.opplegg.preparation.startswith("<p>") or one.opplegg.preparation.startswith("<ul>")
    assert (one.opplegg.theme, one.opplegg.number) == ("folelser", 1)
    assert one.opplegg.steps[0].at == time(8, 30)
    ends = [(datetime.combine(TODAY, step.at) + timedelta(minutes=step.minutes)).time() for step in one.opplegg.steps]
    assert [step.at for step in one.opplegg.steps[1:]] == ends[:-1]
    assert one.opplegg.spare == 60 - sum(step.minutes for step in one.opplegg.steps)


def test_a_short_lesson_has_the_core_of_its_theme_and_a_shorter_one_too_little_time(scene: Scene) -> None:
    full = scene.week().now[0].opplegg
    scene.a5.lessons[0].end = time(9, 15)
    core = scene.week().now[0].opplegg
    scene.a5.lessons[0].end = time(9)
    short = scene.week().now[0].opplegg
    assert full and core and short
    assert (full.is_full, core.is_full, short.is_full) == (True, False, False)
    assert len(core.steps) < len(full.steps)
    assert (core.spare >= 0, short.spare < 0) == (True, True)


def test_a_machines_text_is_marked_until_a_person_has_vouched_for_it(scene: Scene) -> None:
    version = ideabank.current(scene.a5.lessons[0].theme, TODAY)
    assert version is not None
    before = scene.week().now[0].opplegg
    ideabank.review(scene.db, version, scene.cast.coordinator, NOW)
    after = scene.week().now[0].opplegg
    assert before and after
    assert (before.is_unread, after.is_unread) == (version.origin == "machine", False)


def test_who_holds_the_lesson_with_her_is_named(scene: Scene) -> None:
    scene.a5.lessons[0].staff.append(scene.cast.other_agent)
    assert scene.week().now[0].others == ("Amir Lyngdal",)


def test_a_half_of_hers_shows_with_its_own_name(scene: Scene) -> None:
    half = SchoolClass(
        district_id=scene.cast.district.id,
        school=scene.cast.other_school,
        school_year=2026,
        name="5–6 gruppe 2",
        kind=HALF,
        taken_from=[scene.cast.mixed56],
    )
    scene.cast.agent.assignments.append(
        Assignment(district_id=scene.cast.district.id, role=AGENT, school_class=half, from_date=date(2026, 8, 1))
    )
    scene.db.flush()
    make_series(scene.db, scene.cast, half, themes=("vennskap",), agents=[scene.cast.agent], weekday=4)
    assert [one.class_names for one in scene.week().lessons] == ["5A", "5B", "5–6 gruppe 2"]


def test_a_small_group_is_in_its_own_agents_week_and_in_no_other(scene: Scene) -> None:
    make_series(scene.db, scene.cast, scene.cast.small, themes=("vennskap",), weekday=4)
    assert [one.class_names for one in scene.week(scene.cast.small_agent).lessons] == ["Bjørka"]
    assert [one.class_names for one in scene.week().lessons] == ["5A", "5B"]


def test_a_small_group_that_shares_a_lesson_is_not_named_to_another_agent(scene: Scene) -> None:
    scene.a5.lessons[0].classes.append(scene.cast.small)
    scene.db.flush()
    assert scene.week().now[0].class_names == "5A"
    [shared] = scene.week(scene.cast.small_agent).lessons
    assert shared.class_names == "5A, Bjørka"


@pytest.mark.parametrize("who", ["teacher", "coordinator", "head", "former", "other_agent"])
def test_only_who_holds_the_lessons_has_them_in_her_week(scene: Scene, who: str) -> None:
    week = scene.week(scene.cast.persons[who])
    assert (week.lessons, week.unconfirmed, week.news.is_any, week.coming) == ((), (), False, None)


def test_a_plan_is_not_in_the_week_until_it_is_in_use(scene: Scene) -> None:
    for series in (scene.a5, scene.b5):
        series.in_use = False
    scene.db.flush()
    week = scene.week()
    assert (week.lessons, week.plans) == ((), (scene.a5, scene.b5))


def test_a_week_without_lessons_says_why_and_what_comes_next(scene: Scene) -> None:
    holiday = SchoolCalendar(district_id=scene.cast.district.id, name="Skoleruta", from_date=date(2026, 8, 17), to_date=date(2027, 6, 18))
    holiday.closed = [planning.ClosedDays(from_date=date(2026, 10, 5), to_date=date(2026, 10, 9), reason="Høstferie")]
    scene.db.add(holiday)
    scene.db.flush()
    week = scene.week(week=Week(2026, 41))
    assert (week.why, week.is_this_week, week.unconfirmed) == ("Høstferie", False, ())
    assert week.coming and week.coming.lesson.id == scene.a5.lessons[0].id
    later = scene.week(week=Week(2026, 45))
    assert (later.why, later.coming, later.plans) == ("", None, ())


def test_when_the_days_lessons_are_over_the_next_is_named(scene: Scene) -> None:
    week = scene.week(now=datetime(2026, 10, 16, 8, tzinfo=UTC))
    assert week.coming and week.coming.lesson.id == scene.a5.lessons[1].id
    assert week.coming_week == Week(2026, 43)


def test_what_has_begun_and_nobody_has_confirmed_waits_for_two_weeks(scene: Scene) -> None:
    [waiting] = scene.week().unconfirmed
    assert waiting.lesson.id == scene.a5.lessons[0].id
    assert scene.week(now=datetime(2026, 10, 14, 6, 29, tzinfo=UTC)).unconfirmed == ()
    monday = scene.week(week=Week(2026, 43), now=datetime(2026, 10, 19, 8, tzinfo=UTC))
    assert [(one.lesson.date.day, one.is_held, one.opplegg) for one in monday.unconfirmed] == [(14, True, None), (15, True, None)]
    late = scene.week(week=Week(2026, 44), now=datetime(2026, 10, 29, 8, tzinfo=UTC))
    assert [one.lesson.date.day for one in late.unconfirmed] == [15, 21, 22]


def test_a_cancelled_lesson_stays_in_the_week_and_asks_for_nothing(scene: Scene) -> None:
    scene.a5.lessons[0].state = CANCELLED
    week = scene.week()
    assert ([one.is_cancelled for one in week.lessons], week.unconfirmed) == ([True, False], ())


def test_new_versions_of_this_weeks_and_next_weeks_themes_are_news(scene: Scene) -> None:
    publish(scene.db, scene.cast, "samarbeid")
    for key in ("vennskap", "samarbeid"):
        _publish_anew(scene, key)
    assert [(one.title, one.number) for one in scene.week().news.versions] == [("Vennskap", 2)]
    assert scene.week(now=NOW + timedelta(days=6)).news.versions == ()  # the week of today is another then
    assert not scene.week(week=Week(2026, 43)).news.is_any


def _publish_anew(scene: Scene, key: str) -> None:
    document = ideabank.find_document(scene.db, scene.cast.district.id, key)
    assert document is not None
    draft = ideabank.start_draft(scene.db, document, scene.cast.coordinator, NOW)
    draft.text = draft.text.replace("## Refleksjon {#reflection}\n", "## Refleksjon {#reflection}\n\nSnakk sammen to og to.\n")
    scene.db.flush()
    seen = ideabank.change_hash(document)
    ideabank.publish(scene.db, document, seen=seen, by=scene.cast.coordinator, why="Mer tid til å snakke", now=NOW, today=TODAY)


def test_what_another_did_to_her_lessons_is_news_and_what_she_did_herself_is_not(scene: Scene) -> None:
    mine, theirs = scene.a5.lessons[1], scene.b5.lessons[1]
    colleague = scene.cast.other_agent
    planning.cancel_lesson(scene.db, mine, why="Tur", by=scene.cast.agent, now=NOW)
    planning.cancel_lesson(scene.db, theirs, why="Tur", by=colleague, now=NOW)
    [one] = scene.week().news.moves
    assert (one.lesson.id, one.move.by, one.class_names, one.title) == (theirs.id, colleague.name, "5B", "Vennskap")
    assert scene.week(now=NOW + timedelta(days=15), week=Week(2026, 44)).news.moves == ()


def test_a_move_of_a_lesson_already_held_names_the_version_that_was_held(scene: Scene) -> None:
    lesson = scene.a5.lessons[0]
    planning.cancel_lesson(scene.db, lesson, why="", by=scene.cast.other_agent, now=NOW)
    planning.restore_lesson(scene.db, lesson, by=scene.cast.other_agent, now=NOW)
    delivery.hold(scene.db, lesson, by=scene.cast.agent, now=NOW)
    assert {one.title for one in scene.week().news.moves} == {"Å forstå egne og andres følelser"}


def test_a_theme_without_a_version_yet_goes_by_its_key(scene: Scene) -> None:
    document = ideabank.Document(district_id=scene.cast.district.id, kind="theme", key="ny")
    scene.db.add(document)
    scene.db.flush()
    scene.a5.lessons[0].theme = document
    planning.cancel_lesson(scene.db, scene.b5.lessons[0], why="", by=scene.cast.other_agent, now=NOW)
    scene.b5.lessons[0].theme = document
    scene.db.flush()
    week = scene.week()
    assert [(one.title, one.opplegg) for one in week.now] == [("ny", None)]
    assert [one.title for one in week.news.moves] == ["ny"]


# --- Several at once --------------------------------------------------------------------------------------------------------------------


def both(scene: Scene) -> list[tuple[Lesson, str]]:
    for series in (scene.a5, scene.b5):
        series.lessons[0].date = date(2026, 10, 13)
    scene.db.flush()
    return [(series.lessons[0], str(series.lessons[0].version)) for series in (scene.a5, scene.b5)]


def test_parallel_classes_are_confirmed_together(scene: Scene) -> None:
    confirmed = delivery.hold_several(scene.db, both(scene), by=scene.cast.agent, now=NOW)
    assert (len(confirmed.held), confirmed.before) == (2, ())
    assert [one.state for one in confirmed.held] == [HELD, HELD]


def test_what_a_colleague_confirmed_meanwhile_stays_as_she_did(scene: Scene) -> None:
    chosen = both(scene)
    delivery.hold(scene.db, chosen[0][0], by=scene.cast.other_agent, now=NOW)
    confirmed = delivery.hold_several(scene.db, chosen, by=scene.cast.agent, now=NOW)
    assert (confirmed.held, confirmed.before) == ((chosen[1][0],), (chosen[0][0],))
    assert chosen[0][0].held_record and chosen[0][0].held_record["by"] == scene.cast.other_agent.public_id


def test_one_that_was_moved_meanwhile_stops_them_all(scene: Scene) -> None:
    chosen = both(scene)
    chosen[1][0].room = "Aulaen"
    scene.db.flush()
    with pytest.raises(Refused, match="5B on 2026-10-13 was changed while you were choosing") as refusal:
        delivery.hold_several(scene.db, chosen, by=scene.cast.agent, now=NOW)
    assert refusal.value.at == "lessons"
    assert [lesson.held_record for lesson, _ in chosen] == [None, None]


def test_nothing_chosen_is_said(scene: Scene) -> None:
    with pytest.raises(Refused, match="Choose at least one lesson"):
        delivery.hold_several(scene.db, [], by=scene.cast.agent, now=NOW)


@pytest.mark.slow
def test_thirty_lessons_take_no_more_queries_than_one(scene: Scene) -> None:
    scene.b5.in_use = False
    planning.cancel_lesson(scene.db, scene.a5.lessons[1], why="", by=scene.cast.other_agent, now=NOW)
    counts = []
    for many in (0, 29):
        for number in range(many):
            _one_more(scene, number)
        with counted(scene.db) as sent:
            scene.db.refresh(scene.cast.agent)
            for one in scene.cast.agent.assignments:
                scene.db.refresh(one)
            _ = scene.cast.agent.district.name
            del sent[:]
            assert len(scene.week().lessons) == 1 + many
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 14


def _one_more(scene: Scene, number: int) -> None:
    """Another lesson of 5A this week, moved by a colleague."""
    pattern = scene.a5.lessons[0]
    lesson = Lesson(
        district_id=pattern.district_id,
        theme_id=pattern.theme_id,
        position=number + 3,
        date=pattern.date,
        start=time(10),
        end=time(11),
        minutes=60,
        classes=[scene.cast.a5],
        staff=[scene.cast.agent, scene.cast.other_agent],
    )
    scene.a5.lessons.append(lesson)
    scene.db.flush()
    planning.cancel_lesson(scene.db, lesson, why="", by=scene.cast.other_agent, now=NOW)
    lesson.state = planning.PLANNED
    scene.db.flush()
