"""The demo's series: each class's lessons around this week, held, moved, cancelled and still to come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from sqlalchemy.orm import Session

from curriculum import delivery, ideabank, planning
from curriculum.ideabank import Document, OutlineDocument
from curriculum.interchange.demo.cast import AGENT, AGENT_2, AGENT_3, ELSEWHERE, ELVESVINGEN, GRANLIA, Cast, noon
from curriculum.people import SchoolClass
from curriculum.planning import PLANNED, Lesson, Series


@dataclass(frozen=True)
class Course:
    """A class's series: its template and weekly time (0 = Monday), and which of its lessons (from 1) is this week's.

    `unsaid` of the lessons before this week have been held without anyone saying so.
    """

    school: str
    name: str
    agent: str
    outline: str
    weekday: int
    start: time
    this_week: int
    room: str = ""
    minutes: int = 60
    without: tuple[str, ...] = ()
    unsaid: int = 0
    in_use: bool = True


FIRST, SECOND, BOTH = "kursrekke-1", "kursrekke-2", "hele-kurset"
COURSES = (
    Course(GRANLIA, "5A", AGENT, FIRST, 2, time(8, 30), 6, "Musikkrommet"),
    Course(GRANLIA, "5C1", AGENT, FIRST, 1, time(8, 30), 5, "Biblioteket"),
    Course(GRANLIA, "5C2", AGENT, FIRST, 1, time(9, 45), 5, "Biblioteket"),
    Course(GRANLIA, "6A", AGENT, SECOND, 3, time(10, 15), 4, "Gymsalen"),
    Course(GRANLIA, "6B", AGENT_3, SECOND, 0, time(9), 4, "Klasserommet"),
    Course(GRANLIA, "6C", AGENT_3, SECOND, 3, time(9), -1, in_use=False),
    Course(GRANLIA, "Bjørka", AGENT_3, FIRST, 4, time(11), 7, "Grupperommet", minutes=45),
    Course(ELVESVINGEN, "5A", AGENT_2, FIRST, 0, time(8, 30), 6, "Klasserommet"),
    Course(ELVESVINGEN, "5B", AGENT_2, FIRST, 1, time(10, 15), 5, "Amfiet", without=("folelser",)),
    Course(ELVESVINGEN, "6A", AGENT_2, SECOND, 2, time(9), 5, "Amfiet", unsaid=1),
    Course(ELVESVINGEN, "5/6", AGENT_3, BOTH, 1, time(9), 8, "Klasserommet"),
)
"""The other classes have no series yet."""

WAIVED_BECAUSE = "Klassen hadde det samme temaet med helsesykepleieren i høst."
CANCELLED, CANCELLED_BECAUSE = (ELVESVINGEN, "5A", "selvfolelse"), "Klassen var på leirskole."
MOVED, MOVED_BECAUSE = (GRANLIA, "6B"), "Klassen skal på tur den dagen."
LOCKED = (GRANLIA, "6A", "politiet")
UNFINISHED = (GRANLIA, "6B", "sosiale-medier")
LAST_YEARS = Course(GRANLIA, "5A", AGENT, FIRST, 2, time(9), 1, "Musikkrommet")
LAST_YEARS_BEGAN = 8
"""How many of the weeks with teaching had gone when last year's series began."""


def teach_last_year(db: Session, cast: Cast) -> None:
    """The series of what was 5A last school year, all held: this year's 6A has had its themes."""
    days = _days(db, cast.last_year, LAST_YEARS.weekday)
    series = _make_series(db, cast, LAST_YEARS, cast.last_year, days[LAST_YEARS_BEGAN])
    _hold(db, cast, LAST_YEARS, series)


def teach_this_year(db: Session, cast: Cast) -> None:
    """The series of this year's classes with all that happens to them; lessons before this week are held."""
    made = {course: _series_around_today(db, cast, course) for course in COURSES}
    by_class = {(course.school, course.name): series for course, series in made.items()}
    _change(db, cast, by_class)
    for course, series in made.items():
        _hold(db, cast, course, series)


def _days(db: Session, school_class: SchoolClass, weekday: int) -> list[date]:
    """The school days of a class's school year that fall on a weekday."""
    [year] = planning.school_years(db, school_class.district_id, school_class.school_id, [school_class.school_year])
    span = (year.to_date - year.from_date).days + 1
    days = (year.from_date + timedelta(n) for n in range(span))
    return [day for day in days if day.weekday() == weekday and planning.is_school_day(day, year.closed)]


def _series_around_today(db: Session, cast: Cast, course: Course) -> Series:
    """The series begun so that the right lesson falls in this week, as nearly as the school year is long enough for."""
    school_class = cast.classes[course.school, course.name]
    days = _days(db, school_class, course.weekday)
    now = sum(day < cast.this_week.monday for day in days)
    latest = len(days) - len(_themes(db, cast, course))
    return _make_series(db, cast, course, school_class, days[max(0, min(now - course.this_week + 1, latest))])


def _themes(db: Session, cast: Cast, course: Course) -> list[str]:
    """Keys of the course's themes, in order."""
    outline = ideabank.parsed(_document(db, cast, course.outline).versions[-1])
    assert isinstance(outline, OutlineDocument)
    return [place.theme for place in outline.places if place.theme not in course.without]


def _document(db: Session, cast: Cast, key: str) -> Document:
    document = ideabank.find_document(db, cast.district.id, key)
    assert document is not None
    return document


def _make_series(db: Session, cast: Cast, course: Course, school_class: SchoolClass, first: date) -> Series:
    made, agent = min(cast.yesterday, first - timedelta(weeks=1)), cast.people[course.agent]
    series = planning.make_series(
        db,
        school_class=school_class,
        outline=_document(db, cast, course.outline).versions[-1],
        start=first,
        weekday=course.weekday,
        start_time=course.start,
        minutes=course.minutes,
        agents=[agent],
        by=agent,
        today=made,
        now=noon(made),
        themes=_themes(db, cast, course),
    )
    for lesson in series.lessons:
        lesson.room = course.room if lesson.position % 2 else ""
    for theme in planning.missing_themes(db, series):
        planning.waive(db, series, theme, why=WAIVED_BECAUSE, by=agent, now=noon(made))
    if course.in_use:
        planning.put_in_use(db, series, by=agent, today=made, now=noon(made))
    return series


def _change(db: Session, cast: Cast, series: Mapping[tuple[str, str], Series]) -> None:
    """One lesson is cancelled, one moved, and the date of one is locked."""
    cancelled = _lesson_of(series, CANCELLED)
    planning.cancel_lesson(db, cancelled, why=CANCELLED_BECAUSE, by=cast.people[AGENT_2], now=noon(_before(cast, cancelled)))
    locked = _lesson_of(series, LOCKED)
    planning.lock_lesson(db, locked, by=cast.people[AGENT], now=noon(_before(cast, locked)))
    moved, day = _can_be_moved(db, cast, series[MOVED])
    planning.move_lesson(db, moved, day, time(13), why=MOVED_BECAUSE, by=cast.people[AGENT_3], now=noon(_before(cast, moved)))


def _lesson_of(series: Mapping[tuple[str, str], Series], which: tuple[str, str, str]) -> Lesson:
    school, name, theme = which
    return next(lesson for lesson in series[school, name].lessons if lesson.theme.key == theme)


def _before(cast: Cast, lesson: Lesson) -> date:
    """When it was known that the lesson could not be held on its day."""
    return min(cast.yesterday, lesson.date - timedelta(3))


def _can_be_moved(db: Session, cast: Cast, series: Series) -> tuple[Lesson, date]:
    """A lesson and another day of its week on which there is school and its agent is there; one after this week, if there is any."""
    closed = planning.closed_days(db, cast.district.id, series.school_class.school_id, series.from_date, series.to_date)
    later = sorted(series.lessons, key=lambda lesson: (lesson.date <= cast.this_week.sunday, lesson.date))
    return next(
        (lesson, day)
        for lesson in later
        for day in planning.week_dates(*planning.iso_week(lesson.date))
        if day.weekday() not in (lesson.date.weekday(), ELSEWHERE[AGENT_3]) and planning.is_school_day(day, closed)
    )


def _hold(db: Session, cast: Cast, course: Course, series: Series) -> None:
    """Those who were there say that the lessons before this week were held; once there was no time for the last part."""
    past = [lesson for lesson in series.lessons if lesson.date < cast.this_week.monday and lesson.state == PLANNED and series.in_use]
    for lesson in past[: len(past) - course.unsaid]:
        which = (course.school, course.name, lesson.theme.key)
        delivery.hold(
            db,
            lesson,
            by=cast.people[course.agent],
            now=noon(lesson.date),
            unfinished=_last_part(lesson) if which == UNFINISHED else (),
        )


def _last_part(lesson: Lesson) -> tuple[str, ...]:
    theme = ideabank.parsed(lesson.theme.versions[-1])
    assert isinstance(theme, ideabank.ThemeDocument)
    return (theme.steps[-2].uid,)
