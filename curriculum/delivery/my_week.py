"""An agent's own week: the lessons she is to hold with what each needs, what nobody has confirmed yet, and what is new."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session, joinedload

from curriculum import planning, summaries, text
from curriculum.delivery.continuing import Rest, rests_taken_up, run_of
from curriculum.delivery.holding import LOCAL
from curriculum.ideabank import Document, DocumentVersion, Edition, Review, ThemeDocument, Timed, editions_of
from curriculum.keeping import Kept
from curriculum.people import Person, may, visible
from curriculum.planning import CANCELLED, NO, PLANNED, Lesson, ListedMove, Move, SeenClass, SeenLesson, Series, Week

LOOKS_BACK = timedelta(days=14)
"""How far back what is new and what is not confirmed is listed: so long a held lesson can be corrected (product rule 12)."""

Day: TypeAlias = date

Versions: TypeAlias = Mapping[int, Edition]
"""What each theme says today, by its document's id."""


@dataclass(frozen=True)
class StepTime:
    """A part of a lesson and the time of day at which it begins; minutes."""

    at: time
    title: str
    minutes: int


@dataclass(frozen=True)
class Opplegg:
    """How a lesson of so many minutes runs: all of the theme when it fits, else its core. `spare`: minutes left, below zero too few."""

    theme: str
    number: int
    is_unread: bool
    is_full: bool
    spare: int
    steps: tuple[StepTime, ...]
    preparation: text.SafeHtml
    rest: Rest | None = None
    """What it takes up first from an earlier lesson: `steps` begin with that."""


@dataclass(frozen=True)
class MyLesson:
    """A lesson as the one who holds it looks for it. An empty `room`: not settled yet (“rom ikke avklart”)."""

    lesson: SeenLesson
    title: str
    classes: tuple[SeenClass, ...]
    others: tuple[str, ...]
    """Who else holds it."""
    is_hers: bool
    """She is among those who hold it."""
    is_held: bool
    """Recorded, or counted as held since nobody has said otherwise."""
    may_confirm: bool
    """It has begun, and nobody has said yet whether it was held."""
    may_plan: bool
    opplegg: Opplegg | None

    @property
    def is_cancelled(self) -> bool:
        return self.lesson.state == CANCELLED

    @property
    def material(self) -> str:
        """What a visitor who has not said no brings or wants prepared."""
        visitor = self.lesson.asked_presenter
        return visitor.material if visitor and self.lesson.presenter_answer != NO else ""

    @property
    def school(self) -> str:
        return ", ".join(dict.fromkeys(group.school.name for group in self.classes))

    @property
    def class_names(self) -> str:
        return ", ".join(group.name for group in self.classes)

    @property
    def minutes(self) -> int:
        """From its start to its end."""
        return summaries.slot_minutes(self.lesson)


@dataclass(frozen=True)
class MovedByAnother:
    """What somebody else did to one of her lessons."""

    move: ListedMove
    lesson: SeenLesson
    title: str
    class_names: str


class NewVersion(NamedTuple):
    """A version of a theme that was published lately."""

    key: str
    number: int
    title: str
    note: str
    effective: Day
    created_at: datetime


@dataclass(frozen=True)
class News:
    """What is new since she last worked: versions of themes she holds this week or next, newest first, and what others did."""

    versions: tuple[NewVersion, ...] = ()
    moves: tuple[MovedByAnother, ...] = ()

    @property
    def is_any(self) -> bool:
        return bool(self.versions or self.moves)


@dataclass(frozen=True)
class ClosedLesson:
    """A lesson ahead on a day without teaching, and why there is none."""

    lesson: SeenLesson
    title: str
    class_names: str
    why: str


@dataclass(frozen=True)
class MyWeek:
    """`lessons` are those of the week in time order. Only for the week of today: `unconfirmed`, earlier lessons too, and `news`.

    `coming` is the next lesson when none is left of the week; `why` says which holiday a week without lessons is.
    """

    week: Week
    today: Day
    lessons: tuple[MyLesson, ...]
    unconfirmed: tuple[MyLesson, ...]
    news: News
    coming: MyLesson | None
    why: str
    plans: tuple[Series, ...]
    """Her plans that are not in use yet, when there is no lesson to show."""
    closed: tuple[ClosedLesson, ...] = ()
    """Only for the week of today: her lessons ahead that stand on a day without teaching."""

    @property
    def is_this_week(self) -> bool:
        return self.week == planning.iso_week(self.today)

    @property
    def friday(self) -> Day:
        return self.week.monday + timedelta(4)

    @property
    def coming_week(self) -> Week:
        """The week of the next lesson; this one when there is none."""
        return planning.iso_week(self.coming.lesson.date) if self.coming else self.week

    @property
    def now(self) -> tuple[MyLesson, ...]:
        """Today's lessons."""
        return tuple(one for one in self.lessons if one.lesson.date == self.today)

    @property
    def days(self) -> dict[Day, list[MyLesson]]:
        """The lessons of the other days, by date."""
        found: dict[Day, list[MyLesson]] = {}
        for one in self.lessons:
            if one.lesson.date != self.today:
                found.setdefault(one.lesson.date, []).append(one)
        return found


def my_week(db: Session, person: Person, week: Week, *, now: datetime) -> MyWeek:
    """A week of all the classes a person holds lessons for, in series in use. As many queries for one lesson as for thirty."""
    today = now.astimezone(LOCAL).date()
    is_this = week == planning.iso_week(today)
    first, last = (today - LOOKS_BACK, week.next.sunday) if is_this else (week.monday, week.sunday)
    found = planning.seen_lessons(db, _between(visible(person, Lesson, today, "hold")), {"first": first, "last": last})
    shown = _shown(db, person, [one for one in found if one.date <= week.sunday], now)
    mine = tuple(one for one in shown if week.monday <= one.lesson.date <= week.sunday)
    coming = None if _is_left(mine, today) else _coming(db, person, today if is_this else week.sunday, now)
    return MyWeek(
        week=week,
        today=today,
        lessons=mine,
        unconfirmed=tuple(one for one in shown if is_this and one.may_confirm),
        news=_news(db, person, found, now) if is_this else News(),
        coming=coming,
        why="" if mine else _holiday(db, person, week),
        plans=() if mine or coming else _plans(db, person, today),
        closed=_closed(db, person, today) if is_this else (),
    )


def _is_left(lessons: Iterable[MyLesson], today: date) -> bool:
    return any(one.lesson.date >= today and not one.is_cancelled for one in lessons)


# --- The lessons ----------------------------------------------------------------------------------------------------------------------


# Built once for the same rights: building such a query takes longer than asking it.


@lru_cache
def _hers(seen: Select[Lesson]) -> Select[Lesson]:
    return seen.join(Lesson.series).where(Series.in_use).order_by(Lesson.date, Lesson.start, Lesson.id)


@lru_cache
def _between(seen: Select[Lesson]) -> Select[Lesson]:
    return _hers(seen).where(Lesson.date.between(bindparam("first"), bindparam("last")))


@lru_cache
def _next(seen: Select[Lesson]) -> Select[Lesson]:
    first = _hers(seen).where(Lesson.date > bindparam("after"), Lesson.state != CANCELLED).with_only_columns(Lesson.id).limit(1)
    return select(Lesson).join(Lesson.series).where(Lesson.id == first.scalar_subquery())


@lru_cache
def _among(seen: Select[Lesson]) -> Select[Lesson]:
    return _hers(seen).where(Lesson.id.in_(bindparam("ids", expanding=True)))


def _shown(db: Session, person: Person, lessons: Sequence[SeenLesson], now: datetime) -> list[MyLesson]:
    today = now.astimezone(LOCAL).date()
    current = _current(db, lessons, today)
    versions = {lesson.id: lesson.pinned_version or current.get(lesson.theme_id) for lesson in lessons}
    held = summaries.held_lessons(db, lessons, today)
    read = _read.get(db, frozenset((version.id, version.origin) for version in versions.values() if version))
    rests = rests_taken_up(db, lessons)
    return [_mine(lesson, person, versions[lesson.id], lesson.id in held, read, now, rests.get(lesson.id)) for lesson in lessons]


def _current(db: Session, lessons: Iterable[SeenLesson], today: date) -> Versions:
    return editions_of(db, {lesson.theme_id for lesson in lessons}, today)


def _read_by_someone(db: Session, versions: frozenset[tuple[int, str]]) -> set[int]:
    """Ids of those versions (by id and origin) that a person has written or vouched for."""
    reviewed = set(db.scalars(select(Review.version_id).where(Review.version_id.in_({id for id, _ in versions}))))
    return reviewed | {id for id, origin in versions if origin != "machine"}


_read = Kept(_read_by_someone)


def _mine(
    lesson: SeenLesson, person: Person, version: Edition | None, is_held: bool, read: Collection[int], now: datetime, rest: Rest | None
) -> MyLesson:
    today, source = now.astimezone(LOCAL).date(), person.district.source_language
    return MyLesson(
        lesson=lesson,
        title=version.title if version else lesson.theme.key,
        classes=tuple(planning.classes_shown(lesson, person, today)),
        others=tuple(one.name for one in lesson.staff if one.id != person.id),
        is_hers=any(one.id == person.id for one in lesson.staff),
        is_held=is_held,
        may_confirm=lesson.state == PLANNED and datetime.combine(lesson.date, lesson.start, LOCAL) <= now,
        may_plan=may(person, "plan", lesson.series.scope, today),
        opplegg=_opplegg(lesson, version, version.id not in read, source, rest) if version and lesson.date >= today else None,
    )


def _opplegg(lesson: SeenLesson, version: Edition, is_unread: bool, source: str, rest: Rest | None) -> Opplegg:
    theme, minutes = summaries.theme_of(version), summaries.slot_minutes(lesson)
    sheet = run_of(theme, minutes, rest)
    return Opplegg(
        theme=theme.key,
        number=version.number,
        is_unread=is_unread,
        is_full=sheet.is_full,
        spare=sheet.spare,
        steps=tuple(_step(lesson, timed) for timed in sheet.steps),
        preparation=_preparation(theme, source),
        rest=rest,
    )


def _step(lesson: SeenLesson, timed: Timed) -> StepTime:
    at = datetime.combine(lesson.date, lesson.start) + timedelta(minutes=timed.start)
    return StepTime(at.time(), timed.step.title, timed.step.minutes)


def _preparation(theme: ThemeDocument, lang: str) -> text.SafeHtml:
    return text.render(theme.sections["preparation"], lang=lang)


def _coming(db: Session, person: Person, after: date, now: datetime) -> MyLesson | None:
    today = now.astimezone(LOCAL).date()
    found = planning.seen_lessons(db, _next(visible(person, Lesson, today, "hold")), {"after": after})
    return _shown(db, person, found, now)[0] if found else None


def _closed(db: Session, person: Person, today: date) -> tuple[ClosedLesson, ...]:
    reasons = planning.lessons_on_closed_days(db, person.district_id, today)
    if not reasons:
        return ()
    found = planning.seen_lessons(db, _among(visible(person, Lesson, today, "plan")), {"ids": list(reasons)})
    current = _current(db, found, today)
    return tuple(
        ClosedLesson(one, _title(one, current), ", ".join(of.name for of in planning.classes_shown(one, person, today)), reasons[one.id])
        for one in found
    )


def _holiday(db: Session, person: Person, week: Week) -> str:
    """The holiday of a week without school; empty when there is school."""
    closed = planning.closed_days(db, person.district_id, None, week.monday, week.sunday)
    return "" if planning.is_teaching_week(week, closed) else planning.why_closed(week.monday, closed)


def _plans(db: Session, person: Person, today: date) -> tuple[Series, ...]:
    query = visible(person, Series, today, "plan").where(~Series.in_use).options(joinedload(Series.school_class))
    return tuple(db.scalars(query.order_by(Series.id)).unique())


# --- What is new ----------------------------------------------------------------------------------------------------------------------


def _news(db: Session, person: Person, lessons: Sequence[SeenLesson], now: datetime) -> News:
    today = now.astimezone(LOCAL).date()
    ahead = [one for one in lessons if one.date >= today and one.state == PLANNED and one.pinned_version_id is None]
    versions = _new_versions(db, {one.theme_id for one in ahead}, now - LOOKS_BACK)
    return News(versions, _moved_by_others(db, person, now))


def _new_versions(db: Session, themes: Collection[int], since: datetime) -> tuple[NewVersion, ...]:
    midnight = since.replace(hour=0, minute=0, second=0, microsecond=0)
    return tuple(one for one in _new.get(db, (frozenset(themes), midnight)) if one.created_at >= since) if themes else ()


def _read_new(db: Session, asked: tuple[frozenset[int], datetime]) -> tuple[NewVersion, ...]:
    """The versions of themes (by document) since a moment, the newest first."""
    themes, since = asked
    return tuple(NewVersion._make(row) for row in db.execute(_NEW, {"themes": list(themes), "since": since}))


_NEW = (
    select(
        Document.key, DocumentVersion.number, DocumentVersion.title, DocumentVersion.note, DocumentVersion.effective,
        DocumentVersion.created_at,
    )
    .join(DocumentVersion.document)
    .where(
        DocumentVersion.document_id.in_(bindparam("themes", expanding=True)),
        DocumentVersion.number > 1,
        DocumentVersion.created_at >= bindparam("since"),
    )
    .order_by(DocumentVersion.created_at.desc(), DocumentVersion.id.desc())
)  # fmt: skip
_new = Kept(_read_new)


@lru_cache
def _moves(seen: Select[Lesson]) -> Select[int, str, date, date, time | None, time | None, str, str | None, datetime]:
    """What others than one person have done to these lessons since a moment."""
    hers = _hers(seen).with_only_columns(Lesson.id).order_by(None)
    by_another = or_(Move.by_id.is_(None), Move.by_id != bindparam("person"))
    return (
        select(Move.lesson_id, Move.kind, Move.old_date, Move.new_date, Move.old_start, Move.new_start, Move.why, Person.name, Move.at)
        .outerjoin(Move.by)
        .where(Move.lesson_id.in_(hers), Move.at >= bindparam("since"), by_another)
        .order_by(Move.id.desc())
    )


def _moved_by_others(db: Session, person: Person, now: datetime) -> tuple[MovedByAnother, ...]:
    today = now.astimezone(LOCAL).date()
    seen = visible(person, Lesson, today, "hold")
    found = db.execute(_moves(seen), {"person": person.id, "since": now - LOOKS_BACK}).all()
    moved = planning.seen_lessons(db, _among(seen), {"ids": list({id for id, *_ in found})}) if found else []
    lessons, current = {one.id: one for one in moved}, _current(db, moved, today)
    return tuple(_moved(ListedMove._make(move), lessons[id], current, person, today) for id, *move in found)


def _moved(move: ListedMove, lesson: SeenLesson, current: Versions, person: Person, today: date) -> MovedByAnother:
    names = ", ".join(one.name for one in planning.classes_shown(lesson, person, today))
    return MovedByAnother(move, lesson, _title(lesson, current), names)


def _title(lesson: SeenLesson, current: Versions) -> str:
    version = lesson.pinned_version or current.get(lesson.theme_id)
    return version.title if version else lesson.theme.key
