"""How far the series of a school have come, class by class, for those who lead it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session, joinedload, selectinload

from curriculum import summaries
from curriculum.ideabank import THEME, versions_in_effect
from curriculum.people import Person, School, SchoolClass, visible
from curriculum.planning import CANCELLED, PLANNED, Lesson, Series, Waiver


@dataclass(frozen=True)
class SeriesProgress:
    """A series in numbers. Held and still to come are all its lessons but the cancelled; `unsettled`: lessons ahead without a room."""

    series: Series
    held: int
    planned: int
    cancelled: int
    unsettled: int
    next_lesson: Lesson | None
    next_title: str
    waivers: tuple[tuple[str, Waiver], ...]
    """Fixed themes that are left out by permission, by title, with the reason."""

    @property
    def total(self) -> int:
        return self.held + self.planned


@dataclass(frozen=True)
class ClassProgress:
    """A class with its series of the year, those being planned too."""

    school_class: SchoolClass
    series: tuple[SeriesProgress, ...]


def school_progress(db: Session, person: Person, school: School, year: int, today: date) -> list[ClassProgress]:
    """The classes of a school year that a person may see, by name. As many queries for one class as for thirty."""
    query = visible(person, SchoolClass, today).where(SchoolClass.school_id == school.id, SchoolClass.school_year == year)
    classes = db.scalars(query.order_by(SchoolClass.name)).unique().all()
    series = _series(db, person, [one.id for one in classes], today)
    held = summaries.held_lessons(db, [lesson for one in series for lesson in one.lessons], today)
    titles = {document: version.title for document, version in versions_in_effect(db, person.district_id, today, THEME).items()}
    of_class: dict[int, list[SeriesProgress]] = {one.id: [] for one in classes}
    for one in series:
        of_class[one.class_id].append(_progress(one, held, titles, today))
    return [ClassProgress(one, tuple(of_class[one.id])) for one in classes]


def _series(db: Session, person: Person, classes: Collection[int], today: date) -> list[Series]:
    query = visible(person, Series, today).where(Series.class_id.in_(classes)).order_by(Series.from_date, Series.id)
    whole = (
        joinedload(Series.school_class).joinedload(SchoolClass.school),
        selectinload(Series.agents),
        selectinload(Series.lessons).joinedload(Lesson.theme),
        selectinload(Series.waivers).joinedload(Waiver.theme),
    )
    return list(db.scalars(query.options(*whole)).unique())


def _progress(series: Series, held: Collection[int], titles: Mapping[int, str], today: date) -> SeriesProgress:
    real = [lesson for lesson in series.lessons if lesson.state != CANCELLED]
    ahead = [lesson for lesson in real if lesson.state == PLANNED and lesson.date >= today]
    coming = ahead[0] if ahead else None
    return SeriesProgress(
        series=series,
        held=sum(lesson.id in held for lesson in real),
        planned=sum(lesson.id not in held for lesson in real),
        cancelled=len(series.lessons) - len(real),
        unsettled=sum(not lesson.room for lesson in ahead),
        next_lesson=coming,
        next_title=titles.get(coming.theme_id, coming.theme.key) if coming else "",
        waivers=tuple((titles.get(waiver.theme_id, waiver.theme.key), waiver) for waiver in series.waivers),
    )
