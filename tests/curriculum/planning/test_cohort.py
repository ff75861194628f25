"""What a class has had before: by cohort, across school years."""

from datetime import date, timedelta

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from curriculum.people import AGENT, HALF, SMALL, Assignment, ClassGrade, School, SchoolClass
from curriculum.planning import Had, Lesson, Series, cancel_lesson, cohorts_had
from tests.curriculum.planning.house import NOW, TODAY, House


def a_class(house: House, name: str, year: int, *grades: int, school: School | None = None, kind: str = "class") -> SchoolClass:
    made = SchoolClass(
        district_id=house.district.id,
        school=school or house.school,
        school_year=year,
        name=name,
        kind=kind,
        grades=[ClassGrade(grade=grade, cohort=year - grade + 1) for grade in grades],
    )
    house.db.add(made)
    house.db.flush()
    return made


def held_in(house: House, school_class: SchoolClass, first: date = date(2026, 9, 1), *, state: str = "held", in_use: bool = True) -> Series:
    """A series of that class with one lesson a week from a day on."""
    if not any(one.class_id == school_class.id for one in house.agent.assignments):
        assigned = Assignment(district_id=house.district.id, role=AGENT, school_class=school_class, from_date=date(2024, 8, 1))
        house.agent.assignments.append(assigned)
    series = house.make(school_class=house.class_5b)
    series.school_class, series.in_use = school_class, in_use
    for number, lesson in enumerate(series.lessons):
        lesson.date, lesson.state, lesson.classes = first + timedelta(7 * number), state, [school_class]
    house.db.flush()
    return series


def had_before(db: Session, school_class: SchoolClass, today: date) -> dict[int, list[Had]]:
    return cohorts_had(db, [school_class], today)[school_class.id]


def keys(house: House, found: dict[int, list[Had]]) -> dict[str, list[Had]]:
    titles = {lesson.theme_id: lesson.theme.key for lesson in house.db.scalars(select(Lesson))}
    return {titles[theme]: had for theme, had in found.items()}


def test_a_class_had_what_its_cohort_had_in_an_earlier_year(house: House) -> None:
    held_in(house, a_class(house, "4A", 2025, 4), date(2026, 3, 3))
    mine = a_class(house, "5C", 2026, 5)
    assert keys(house, had_before(house.db, mine, TODAY)) == {key: [Had(2025, 4, "4A")] for key in ("intro", "identitet", "vennskap")}


def test_other_cohorts_other_schools_and_small_groups_do_not_count(house: House) -> None:
    other = School(district=house.district, name="Elvesvingen skole")
    house.db.add(other)
    house.db.flush()
    held_in(house, a_class(house, "5A", 2025, 5), date(2026, 3, 3))
    held_in(house, a_class(house, "4X", 2025, 4, school=other), date(2026, 3, 3))
    held_in(house, a_class(house, "Bjørka", 2025, 4, kind=SMALL), date(2026, 3, 3))
    assert had_before(house.db, a_class(house, "5C", 2026, 5), TODAY) == {}


def test_a_parallel_class_of_the_same_year_does_not_count_but_the_class_itself_and_its_halves_do(house: House) -> None:
    mine, parallel = a_class(house, "5C", 2026, 5), a_class(house, "5D", 2026, 5)
    half = a_class(house, "5C-1", 2026, 5, kind=HALF)
    half.taken_from = [mine]
    held_in(house, parallel, date(2026, 8, 18))
    assert had_before(house.db, mine, date(2026, 9, 30)) == {}
    held_in(house, half, date(2026, 8, 18))
    assert set(keys(house, had_before(house.db, mine, date(2026, 9, 30)))["intro"]) == {Had(2026, 5, "5C-1")}
    assert [one.name for one in keys(house, had_before(house.db, half, date(2026, 9, 30)))["intro"]] == ["5C-1"]


def test_a_mixed_class_is_told_of_each_cohort(house: House) -> None:
    held_in(house, a_class(house, "4A", 2025, 4), date(2026, 3, 3))
    held_in(house, a_class(house, "4.–5.", 2024, 4, 5), date(2025, 3, 4))
    mixed = a_class(house, "5–6", 2026, 5, 6)
    assert keys(house, had_before(house.db, mixed, TODAY))["intro"] == [Had(2024, 4, "4.–5."), Had(2025, 4, "4A")]


def test_lessons_count_when_held_or_assumed_held_and_never_when_cancelled_ahead_or_of_a_plan(house: House) -> None:
    last_year, mine = a_class(house, "4A", 2025, 4), a_class(house, "5C", 2026, 5)
    series = held_in(house, last_year, TODAY - timedelta(7), state="planned")
    assert list(keys(house, had_before(house.db, mine, TODAY))) == ["intro"]
    cancel_lesson(house.db, series.lessons[0], by=house.agent, now=NOW)
    assert had_before(house.db, mine, TODAY) == {}
    held_in(house, last_year, date(2026, 3, 3), in_use=False)
    assert had_before(house.db, mine, TODAY) == {}


def test_a_series_thrown_away_does_not_count(house: House) -> None:
    series = held_in(house, a_class(house, "4A", 2025, 4), date(2026, 3, 3))
    series.thrown_away_at = NOW
    house.db.flush()
    assert had_before(house.db, a_class(house, "5C", 2026, 5), TODAY) == {}


def test_it_takes_as_many_queries_for_four_classes_as_for_one(house: House) -> None:
    held_in(house, a_class(house, "4A", 2025, 4), date(2026, 3, 3))
    held_in(house, a_class(house, "5A", 2025, 5), date(2026, 3, 3))
    many = [a_class(house, name, 2026, grade) for name, grade in (("5C", 5), ("5D", 5), ("6C", 6), ("6D", 6))]
    counts = []
    for classes in (many[:1], many):
        house.db.flush()
        house.db.expire_all()
        for one in many:
            _ = one.id, one.school_id, one.grades, one.taken_from
        seen: list[str] = []

        def notice(_connection: object, _cursor: object, statement: str, *_rest: object, seen: list[str] = seen) -> None:
            seen.append(statement)

        event.listen(house.db.get_bind(), "before_cursor_execute", notice)
        assert all(cohorts_had(house.db, classes, TODAY).values())
        event.remove(house.db.get_bind(), "before_cursor_execute", notice)
        counts.append(len(seen))
    assert counts[0] == counts[1]
