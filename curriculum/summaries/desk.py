"""What summaries are made from, loaded for many lessons at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import Row, Select, bindparam, inspect, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from curriculum import text
from curriculum.ideabank import DISTRICT_TEXTS, VOCABULARY, AnyDocument, ThemeDocument
from curriculum.people import District, HelpLine, SchoolClass
from curriculum.planning import CANCELLED, Lesson, Series, with_staff
from curriculum.summaries.bank import Published, VersionLine, published
from curriculum.summaries.holding import extra_rests, held_lessons, skipped_steps, version_shown
from curriculum.summaries.sections import Section, Shelf, section, segments_of
from curriculum.summaries.staleness import WITHDRAWN, judge

Made = TypeVar("Made")


@dataclass(frozen=True)
class Following:
    """When a lesson is followed by another, and of which theme."""

    date: date
    theme: int


@dataclass(frozen=True)
class Desk:
    """Everything the summaries are made from, loaded at once."""

    shelf: Shelf
    bank: Published
    held: Collection[int]
    shown: dict[int, VersionLine]
    following: dict[int, Following]
    contents: dict[int, AnyDocument]
    help: tuple[HelpNumber, ...]
    rests: dict[int, frozenset[str]]

    def once(self, of: Hashable, make: Callable[[], Made]) -> Made:
        """What is made `of` these in this language, and of what is published besides: made once for as long as that stays."""
        place = self.shelf.tag, of
        if place not in self.bank.made:
            self.bank.made[place] = make()
        made: Made = self.bank.made[place]
        return made

    def theme(self, version: VersionLine) -> ThemeDocument:
        """What a loaded version of a theme says."""
        return cast(ThemeDocument, self.contents[version.id])


def gather(db: Session, lessons: Sequence[Lesson], tag: str, today: date) -> Desk:
    """Load what the summaries of these lessons (of one district, at least one) need. The number of queries does not depend on theirs."""
    district = _fill(db, lessons)
    held = held_lessons(db, lessons, today)
    following = _following(db, lessons)
    bank = published(db, district.id, today)
    themes = {lesson.theme_id for lesson in lessons} | {after.theme for after in following.values()}
    documents = [*themes, *bank.documents(VOCABULARY, DISTRICT_TEXTS)]
    shown = {lesson.id: bank.versions[version_shown(lesson, bank.lines, lesson.id in held, today)] for lesson in lessons}
    contents = bank.contents(db, {*shown.values(), *(bank.current(document) for document in documents)})
    shelf, rests = shelf_of(db, district, bank, tag, documents), extra_rests(db, lessons)
    return Desk(shelf, bank, held, shown, following, contents, help_numbers(db, district.id), rests)


def shelf_of(db: Session, district: District, bank: Published, tag: str, documents: Collection[int]) -> Shelf:
    """The translations of these published documents into a language, none into the source's."""
    return Shelf(district, tag, {} if tag == district.source_language else bank.offers(db, tag, documents), bank.changes)


def loaded_lessons() -> tuple[_AbstractLoad, ...]:
    """What a query for lessons of series loads beside them and who holds them, so that their summaries need not ask for it."""
    series = joinedload(Lesson.series)
    school = series.joinedload(Series.school_class).joinedload(SchoolClass.school)
    return series.joinedload(Series.district), school, joinedload(Lesson.moves)


def _fill(db: Session, lessons: Sequence[Lesson]) -> District:
    """Load what hangs on the lessons, for all of them together, unless they came with it. One query."""
    if any(inspect(lesson).unloaded & {"series", "staff", "moves"} for lesson in lessons):
        db.scalars(_with_all(), {"ids": [lesson.id for lesson in lessons]}).unique().all()
    return lessons[0].series.district


@cache
def _with_all() -> Select[Lesson]:
    return with_staff(select(Lesson).where(Lesson.id.in_(bindparam("ids", expanding=True))).options(*loaded_lessons()))


def _following(db: Session, lessons: Sequence[Lesson]) -> dict[int, Following]:
    """By lesson, the next one of its series that is not cancelled."""
    planned: dict[int, list[Row[Any]]] = {lesson.series_id: [] for lesson in lessons}
    for row in db.execute(_planned(), {"series": list(planned)}):
        planned[row.series_id].append(row)
    found: dict[int, Following] = {}
    for lesson in lessons:
        later = (row for row in planned[lesson.series_id] if (row.date, row.start) > (lesson.date, lesson.start))
        if after := next(later, None):
            found[lesson.id] = Following(after.date, after.theme_id)
    return found


@cache
def _planned() -> Select[*tuple[Any, ...]]:
    return (
        select(Lesson.series_id, Lesson.date, Lesson.start, Lesson.theme_id)
        .where(Lesson.series_id.in_(bindparam("series", expanding=True)), Lesson.state != CANCELLED)
        .order_by(Lesson.date, Lesson.start, Lesson.position)
    )


@dataclass(frozen=True)
class HelpNumber:
    """A telephone parents may ring."""

    name: str
    phone: str


def help_numbers(db: Session, district_id: int) -> tuple[HelpNumber, ...]:
    """The district's telephones, in its order. One query."""
    return tuple(HelpNumber(*row) for row in db.execute(_help_lines(), {"district": district_id}))


@cache
def _help_lines() -> Select[str, str]:
    return select(HelpLine.name, HelpLine.phone).where(HelpLine.district_id == bindparam("district")).order_by(HelpLine.position)


def theme_section(desk: Desk, lesson: Lesson, key: str) -> Section | None:
    """A section of the parents' part in the lesson's version of its theme; what was done only once it was (product rule 12).

    A list item of a step that the lesson does without is left out, in every section.
    """
    shown = desk.shown[lesson.id]
    if key == "did" and lesson.id not in desk.held:
        return None
    theme = desk.theme(shown)
    has_steps = any(block.step for block in theme.parents[key])
    skip = skipped_steps(lesson, theme, desk.rests.get(lesson.id)) if has_steps else frozenset()
    return desk.once((shown.id, key, skip), lambda: _theme_section(desk, shown, key, skip))


def _theme_section(desk: Desk, shown: VersionLine, key: str, skip: frozenset[str]) -> Section | None:
    needs_human = key in desk.theme(shown).sensitive
    return section(desk.shelf, key, shown.document, _uncorrected(desk, shown, key), skip=skip, needs_human=needs_human)


def _uncorrected(desk: Desk, shown: VersionLine, key: str) -> Sequence[text.Block]:
    """The section's blocks in the version shown, or today's when one of them has been corrected critically since."""
    blocks = desk.theme(shown).parents[key]
    today = desk.theme(desk.bank.current(shown.document)).parents[key]
    hashes = {segment.uid: segment.hash for segment in segments_of(today)}
    for segment in segments_of(blocks):
        changes = desk.shelf.changes.get((shown.document, segment.uid), ())
        if judge(segment.hash, hashes.get(segment.uid, ""), changes).standing == WITHDRAWN:
            return today
    return blocks
