"""What a parent reads about a lesson, in her language and in reading order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import TypeAlias, cast

from sqlalchemy import Date, Select, bindparam, or_, select
from sqlalchemy.orm import Session

from curriculum import text
from curriculum.ideabank import DISTRICT_TEXTS, VOCABULARY, AnyDocument, DistrictTexts, Document, ThemeDocument, VocabularyDocument
from curriculum.people import AGENT, HALF, Assignment, District, Person, School, SchoolClass, with_halves
from curriculum.planning import CANCELLED, CONTINUED, Lesson, Series, iso_week, lesson_classes, series_agents
from curriculum.summaries.bank import VersionLine, published
from curriculum.summaries.choosing import BY_A_HUMAN
from curriculum.summaries.desk import Desk, HelpNumber, gather, help_numbers, shelf_of, theme_section
from curriculum.summaries.halves import half_alone, moved_from, spokesman
from curriculum.summaries.holding import held_lessons
from curriculum.summaries.parts import term_blocks
from curriculum.summaries.sections import Section, Shelf, section, terms, titled

FIRST, UNFOLDED = ("sentence", "ask"), ("did", "try", "more", "hard")
"""The theme's sections before and after “Ord vi bruker”, in reading order (languages.md of the design, "What a parent reads")."""

LAST = ("contact", "who-we-are", "duties", "interpreter")
"""The district's texts that end every summary."""


@dataclass(frozen=True)
class Contact:
    """Whom to talk to: the school first, then those who held the lesson, by first name if they wish it."""

    school: str
    phone: str
    agents: tuple[str, ...]
    help_lines: tuple[HelpNumber, ...]


@dataclass(frozen=True)
class NextTheme:
    """What comes after: the theme's title in the source language and its sentence in the reader's."""

    year: int
    week: int
    title: str
    sentence: Section | None


@dataclass(frozen=True)
class Summary:
    """A lesson as its parents read it. Dates and flags, not notices: the web has the words. Weeks are ISO weeks.

    `title` is the theme's, in the source language. `moved_from` is the number of the week parents had been told of. `is_unread`: a
    machine wrote the source, and no person has vouched for it. `theme` is all that the shown version says, for those who teach it.
    """

    lesson: str
    lang: str
    source_lang: str
    title: str
    school: str
    year: int
    week: int
    version: int
    was_held: bool
    is_cancelled: bool
    is_continued: bool
    """There was no time for all of it: it goes on next time."""
    goes_on: bool
    """It begins where an earlier lesson stopped."""
    moved_from: int | None
    is_unread: bool
    sections: tuple[Section, ...]
    banner: Section | None
    contact: Contact
    next_theme: NextTheme | None
    theme: ThemeDocument = field(repr=False)

    @property
    def direction(self) -> text.Direction:
        return text.LANGUAGES[self.lang].direction

    @property
    def is_machine(self) -> bool:
        """Whether any of it is a machine's draft."""
        return any(part.is_machine for part in self._all)

    @property
    def is_exempt(self) -> bool:
        """Whether a machine's draft stands where a human's work is due, as in the invented district alone."""
        return any(part.is_exempt for part in self._all)

    @property
    def changed_on(self) -> date | None:
        """The latest day since which some of it says what the source said before."""
        return max((part.changed_on for part in self._all if part.changed_on), default=None)

    @property
    def fallbacks(self) -> tuple[str, ...]:
        """Keys of the sections that are in the source language because nothing else may be read."""
        return tuple(part.key for part in self._all if part.is_fallback)

    def part(self, key: str) -> Section | None:
        """The section with this key, if it is read."""
        return next((part for part in self.sections if part.key == key), None)

    @property
    def _all(self) -> tuple[Section, ...]:
        return self.sections + ((self.banner,) if self.banner else ())


def find_lesson(db: Session, school_class: SchoolClass, public_id: str, today: date) -> Lesson:
    """The lesson a class's parents may open by its public id: theirs, of a series in use, this week's or an earlier one.

    Both halves' lessons of a theme in a week lead to the same, the one that was held or will be. Raises LookupError for every other
    id, whether or not there is such a lesson.
    """
    asked = db.scalars(_readable(school_class, today).where(Lesson.public_id == public_id)).one_or_none()
    if asked is None:
        raise LookupError(public_id)
    there = _same_week(db, school_class, asked, today)
    return asked if len(there) == 1 else spokesman(there, held_lessons(db, there, today))


def newest_lesson(db: Session, school_class: SchoolClass, today: date) -> Lesson | None:
    """What there is to tell the homes of a class now: this week's lesson that is to be held or was, else this week's, else the last before.

    Halves that have the same theme in the week have one (see `find_lesson`). None before the first week.
    """
    newest = db.scalars(_readable(school_class, today).order_by(Lesson.date.desc(), Lesson.start.desc()).limit(1)).first()
    if newest is None:
        return None
    week = iso_week(newest.date)
    there = db.scalars(
        _readable(school_class, today).where(Lesson.date.between(week.monday, week.sunday)).order_by(Lesson.date, Lesson.start)
    )
    lessons = there.all()
    best = next((one for one in reversed(lessons) if one.state != CANCELLED), lessons[-1])
    return find_lesson(db, school_class, best.public_id, today)


@dataclass(frozen=True)
class HalfNews:
    """The half of a class whose lesson alone is cancelled, or was moved, by name; empty when it is so of none or of both."""

    cancelled: str = ""
    moved: str = ""


def half_news(db: Session, school_class: SchoolClass, lesson: Lesson, today: date) -> HalfNews:
    """What parents who read a lesson must know of one half alone. One query, for the lesson of a half only."""
    if lesson.series.school_class.kind != HALF:
        return HalfNews()
    there = _same_week(db, school_class, lesson, today)
    return HalfNews(half_alone(one for one in there if one.state == CANCELLED), half_alone(one for one in there if moved_from(one)))


def readable_lessons(db: Session, school_class: SchoolClass, theme: str, today: date) -> Sequence[Lesson]:
    """The lessons of a theme (by its key) that a class's parents may open today. One query."""
    return db.scalars(_readable(school_class, today).join(Lesson.theme).where(Document.key == theme).order_by(Lesson.id)).all()


def _readable(school_class: SchoolClass, today: date) -> Select[Lesson]:
    mine = select(lesson_classes.c.lesson_id).where(lesson_classes.c.class_id.in_(with_halves([school_class.id])))
    return select(Lesson).join(Lesson.series).where(Lesson.id.in_(mine), Series.in_use, Lesson.date <= last_day(today))


def _same_week(db: Session, school_class: SchoolClass, lesson: Lesson, today: date) -> Sequence[Lesson]:
    """The class's lessons of the same theme in the same week."""
    week = iso_week(lesson.date)
    same = _readable(school_class, today).where(Lesson.theme_id == lesson.theme_id, Lesson.date.between(week.monday, week.sunday))
    return db.scalars(same.order_by(Lesson.date, Lesson.start, Lesson.position)).all()


def last_day(today: date) -> date:
    """The Sunday of this week: parents read no further."""
    return today + timedelta(days=7 - today.isoweekday())


def summary_for(db: Session, lesson: Lesson, tag: str, today: date) -> Summary:
    """The summary of a lesson in a language as parents read it today.

    Before the lesson was held, nothing says that it was (product rule 12). A lesson that is pinned or held shows its own version of the
    theme with the best translation of today; a sentence in it that was later found critically wrong gives way, with its section, to
    today's.
    """
    return summaries_for(db, [lesson], tag, today)[0]


def summaries_for(db: Session, lessons: Sequence[Lesson], tag: str, today: date, serving: Serving | None = None) -> list[Summary]:
    """Summaries of several lessons of one district; the number of queries is the same for one and for thirty.

    `serving` is what `serving_agents` says of their holders, for who has asked already.
    """
    if not lessons:
        return []
    desk = gather(db, lessons, tag, today)
    serving = serving_agents(db, holders(lessons), today) if serving is None else serving
    return [_summary(desk, lesson, serving) for lesson in lessons]


# How it is put together


def _summary(desk: Desk, lesson: Lesson, serving: Serving) -> Summary:
    shown = desk.shown[lesson.id]
    vocabulary, texts = desk.bank.one_of(VOCABULARY), desk.bank.one_of(DISTRICT_TEXTS)
    year, week, _ = lesson.date.isocalendar()
    before = moved_from(lesson)
    return Summary(
        lesson=lesson.public_id,
        lang=desk.shelf.tag,
        source_lang=desk.shelf.source,
        title=shown.title,
        school=lesson.series.school_class.school.name,
        year=year,
        week=week,
        version=shown.number,
        was_held=lesson.id in desk.held,
        is_cancelled=lesson.state == CANCELLED,
        is_continued=lesson.state == CONTINUED,
        goes_on=lesson.carried_from_id is not None and lesson.state != CANCELLED,
        moved_from=before.number if before else None,
        is_unread=any(version.is_unread for version in (shown, vocabulary, texts) if version),
        sections=tuple(part for part in _sections(desk, lesson, vocabulary, texts) if part),
        banner=next(iter(_texts(desk, texts, ("banner",))), None),
        contact=_contact_at(lesson.series.school_class.school, serving_staff(lesson, serving), desk.help),
        next_theme=_next_theme(desk, lesson),
        theme=desk.theme(shown),
    )


def _sections(desk: Desk, lesson: Lesson, vocabulary: VersionLine | None, texts: VersionLine | None) -> list[Section | None]:
    theme = desk.theme(desk.shown[lesson.id])
    keys = (*LAST[:1], *(key for key in theme.district_texts if key not in LAST), *LAST[1:])
    return [
        *(theme_section(desk, lesson, key) for key in FIRST),
        _terms(desk, vocabulary, theme.terms),
        *(theme_section(desk, lesson, key) for key in UNFOLDED),
        *_texts(desk, texts, keys),
    ]


def _terms(desk: Desk, vocabulary: VersionLine | None, keys: tuple[str, ...]) -> Section | None:
    return desk.once((vocabulary.id, keys), lambda: _made_terms(desk, vocabulary, keys)) if vocabulary else None


def _made_terms(desk: Desk, vocabulary: VersionLine, keys: Sequence[str]) -> Section | None:
    every = {term.key: term for term in cast(VocabularyDocument, desk.contents[vocabulary.id]).terms}
    named = [every[key] for key in keys if key in every]
    words = [(term.key, term_blocks(term)) for term in named]
    human = [block.uid for term in named if term.is_sensitive for block in term_blocks(term)]
    return terms(desk.shelf, vocabulary.document, words, human)


def _texts(desk: Desk, version: VersionLine | None, keys: tuple[str, ...]) -> list[Section]:
    if version is None:
        return []
    return desk.once((version.id, keys), lambda: _district_sections(desk.shelf, version, desk.contents, keys))


def _district_sections(shelf: Shelf, version: VersionLine, contents: Mapping[int, AnyDocument], keys: Iterable[str]) -> list[Section]:
    texts = cast(DistrictTexts, contents[version.id])
    named = [part for part in map(texts.text, keys) if part]
    return [titled(shelf, part, version.document, needs_human=part.key in BY_A_HUMAN) for part in named]


def holders(lessons: Iterable[Lesson]) -> frozenset[int]:
    """Ids of the persons who hold these lessons."""
    return frozenset(person.id for lesson in lessons for person in lesson.staff)


Serving: TypeAlias = frozenset[tuple[int, int | None]]
"""Who is an agent of which class, by their ids."""


def serving_agents(db: Session, persons: Collection[int], today: date) -> Serving:
    """Of which classes these persons (by id) are agents today: of one who no longer is that class's, no page gives the name. One query."""
    return frozenset((person, group) for person, group in db.execute(_serving(), {"persons": persons, "today": today}))


def serving_staff(lesson: Lesson, serving: Serving) -> list[Person]:
    """Those who hold a lesson and are agents of its class."""
    return [person for person in lesson.staff if _serves(person, lesson.series.school_class, serving)]


def holding_staff(db: Session, lessons: Sequence[Lesson], serving: Serving) -> dict[int, list[Person]]:
    """By lesson, who holds it: agents of its class, and an agent elsewhere who holds it instead of those of its series. One query."""
    regular = {(id, person) for id, person in db.execute(_regular(), {"series": [lesson.series_id for lesson in lessons]})}
    anywhere = {person for person, _ in serving}

    def holds(person: Person, lesson: Lesson) -> bool:
        is_instead = person.id in anywhere and (lesson.series_id, person.id) not in regular
        return is_instead or _serves(person, lesson.series.school_class, serving)

    return {lesson.id: [person for person in lesson.staff if holds(person, lesson)] for lesson in lessons}


@cache
def _regular() -> Select[int, int]:
    """Who is an agent of which of some `series` (a parameter: their ids)."""
    return select(series_agents.c.series_id, series_agents.c.person_id).where(
        series_agents.c.series_id.in_(bindparam("series", expanding=True))
    )


def _serves(person: Person, school_class: SchoolClass, serving: Serving) -> bool:
    """Whether a person is an agent of a class, or of the whole class that it is a half of."""
    return any((person.id, id) in serving for id in (school_class.id, school_class.whole_id) if id is not None)


@cache
def _serving() -> Select[int, int | None]:
    today = bindparam("today", type_=Date)
    return (
        select(Assignment.person_id, Assignment.class_id)
        .join(Assignment.person)
        .where(
            Assignment.person_id.in_(bindparam("persons", expanding=True)),
            Assignment.role == AGENT,
            Person.is_active,
            Assignment.from_date <= today,
            or_(Assignment.to_date.is_(None), Assignment.to_date >= today),
        )
    )


def contact_of(db: Session, school_class: SchoolClass, today: date) -> Contact:
    """Whom the parents of a class may talk to about its course: the school first, then those of its series in use who are its agents."""
    theirs = select(Series.id).where(Series.class_id.in_(with_halves([school_class.id])), Series.in_use)
    holding = select(series_agents.c.person_id).where(series_agents.c.series_id.in_(theirs))
    serving = select(Assignment.person_id).where(
        Assignment.role == AGENT,
        Assignment.class_id.in_(with_halves([school_class.id])),
        Assignment.from_date <= today,
        or_(Assignment.to_date.is_(None), Assignment.to_date >= today),
    )
    hers = select(Person).where(Person.id.in_(holding), Person.id.in_(serving), Person.is_active).order_by(Person.name)
    return _contact_at(school_class.school, db.scalars(hers), help_numbers(db, school_class.district_id))


def _contact_at(school: School, holders: Iterable[Person], lines: tuple[HelpNumber, ...]) -> Contact:
    agents = tuple(person.first_name for person in holders if person.shows_first_name)
    return Contact(school.name, school.phone, agents, lines)


def _next_theme(desk: Desk, lesson: Lesson) -> NextTheme | None:
    after = desk.following.get(lesson.id)
    if after is None:
        return None
    version = desk.bank.current(after.theme)
    theme = desk.theme(version)
    sentence = desk.once(
        (version.id, "next"),
        lambda: section(desk.shelf, "sentence", after.theme, theme.parents["sentence"], needs_human="sentence" in theme.sensitive),
    )
    year, week, _ = after.date.isocalendar()
    return NextTheme(year, week, version.title, sentence)


def district_texts(db: Session, district: District, tag: str, keys: Iterable[str], today: date) -> list[Section]:
    """The district's own texts with these keys, those that there are, in a language as parents read them today."""
    bank = published(db, district.id, today)
    version = bank.one_of(DISTRICT_TEXTS)
    if version is None:
        return []
    return _district_sections(shelf_of(db, district, bank, tag, [version.document]), version, bank.contents(db, [version]), keys)
