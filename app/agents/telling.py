"""Telling those whom a change touches: mails in each receiver's language, and texts to copy. Never a reason, never a group's name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import partial

from flask import current_app, url_for

from app.agents.routes import themes_today
from app.database import now, session, today
from app.language import clock, day, gettext, speaking, weekday
from curriculum import people, planning
from curriculum.base import N_
from curriculum.people import Person
from curriculum.planning import Absence, DateProposal, Lesson, Outcome, SeenLesson, ToAnswer

LONGEST_SMS = 160
"""Signs that a telephone sends as one message."""


# --- What is said ---------------------------------------------------------------------------------------------------------------------


def names(lesson: Lesson | SeenLesson, reader: Person) -> str:
    """The classes of a lesson that somebody may know of; empty where she may know of none, unless she holds it."""
    shown = planning.classes_shown(lesson, reader, today())
    if not shown and any(one.id == reader.id for one in lesson.staff):
        shown = [group for group in lesson.classes if group.is_confidential]
    return ", ".join(group.name for group in shown)


def line(outcome: Outcome, reader: Person, away: Person) -> str:
    """What became of a lesson, with the class and the theme, for one who may know of it."""
    return f"{_lesson(outcome.lesson, outcome.date, outcome.start, reader)}: {what(outcome, reader, away)}"


def what(outcome: Outcome, reader: Person | None, away: Person) -> str:
    """What became of a lesson, as a sentence; the teacher who holds it is told that she does."""
    if outcome.how == planning.MOVE:
        to = f"{weekday(outcome.new_date)} {day(outcome.new_date)} {clock(outcome.new_start)}"
        return gettext("The lesson is moved to %(date)s.", date=to)
    if outcome.how == planning.COLLEAGUE:
        if reader is not None and any(one.id == reader.id for one in outcome.agents):
            return gettext("You hold the lesson instead of %(name)s.", name=away.name)
        others = ", ".join(one.name for one in outcome.agents)
        return gettext("%(names)s holds the lesson instead of %(name)s.", names=others, name=away.name)
    if outcome.how == planning.CANCEL:
        return gettext("The lesson is cancelled.")
    if reader is not None and _is_teacher(outcome.lesson, reader):
        return gettext("You hold the lesson this time. The run of the lesson: %(address)s", address=_run_sheet(outcome.lesson))
    return gettext("The class's teacher holds the lesson this time.")


def title(lesson: Lesson | SeenLesson) -> str:
    """What a lesson's theme is called today."""
    theme = themes_today().get(lesson.theme_id)
    return theme.title if theme else lesson.theme.key


def _moment(outcome: Outcome) -> str:
    return f"{weekday(outcome.date)} {day(outcome.date)} {clock(outcome.start)}"


def _is_teacher(lesson: Lesson, reader: Person) -> bool:
    hers = {one.class_id for one in reader.assignments if one.role == people.TEACHER and one.in_effect(today())}
    return any({group.id, group.whole_id} & hers for group in lesson.classes)


def _run_sheet(lesson: Lesson) -> str:
    minutes = (lesson.end.hour - lesson.start.hour) * 60 + lesson.end.minute - lesson.start.minute
    okt = lesson.public_id if lesson.carried_from_id else None
    return _address(url_for("coordinators.opplegg", key=lesson.theme.key, minutter=minutes, start=f"{lesson.start:%H:%M}", okt=okt))


def _address(path: str) -> str:
    return f"{current_app.config['SETTINGS'].base_url}{path}"


def for_teams(outcomes: Sequence[Outcome], absence: Absence) -> str:
    """One text to paste for all of it; a confidential group is not named in what is copied."""
    lines = [f"{_openly(one.lesson)}, {_moment(one)}: {what(one, None, absence.person)}" for one in outcomes]
    return "\n".join(lines)


def for_sms(outcome: Outcome, away: Person) -> str:
    """One lesson in one message of a telephone, without its theme: at most 160 signs."""
    words = f"{_openly(outcome.lesson)} {_moment(outcome)}: {what(outcome, None, away)}"
    return words if len(words) <= LONGEST_SMS else words[: LONGEST_SMS - 1] + "…"


def _openly(lesson: Lesson) -> str:
    open_ones = [group.name for group in lesson.classes if not group.is_confidential]
    return ", ".join(open_ones) or gettext("The group")


# --- Mails ----------------------------------------------------------------------------------------------------------------------------


class Letters:
    """What is to be written to whom: one mail each, whatever the number of lessons."""

    def __init__(self, by: Person) -> None:
        self._by = by.id
        self._lines: dict[int, list[str]] = defaultdict(list)
        self._readers: dict[int, Person] = {}

    def add_all(self, readers: Iterable[Person], said: Callable[[Person], str]) -> None:
        """A line for each of them, in her language; none for who did it herself."""
        for reader in readers:
            if reader.id != self._by:
                with speaking(reader.language):
                    self._readers[reader.id] = reader
                    self._lines[reader.id].append(said(reader))

    def write(self, subject: str) -> None:
        """Put the mails in the outbox; `subject` is an English sentence to translate."""
        for id, reader in self._readers.items():
            with speaking(reader.language):
                is_agent = people.AGENT in people.roles(reader, today())
                way = _address(url_for("agents.my_week" if is_agent else "teachers.this_week"))
                body = "\n\n".join([*self._lines[id], way, gettext("This mail was sent by Kursrekka. Nobody reads answers to it.")])
                people.write_mail(session(), reader, gettext(subject), f"{body}\n", now=now())


def tell(absence: Absence, *, by: Person) -> None:
    """Mails to the teachers of the classes, to who holds the lessons now, and to her who is away if another said so."""
    outcomes, away = planning.outcomes(session(), absence.change), absence.person
    letters = Letters(by)
    for outcome, readers in _with_readers(outcomes, away):
        letters.add_all(readers, partial(line, outcome, away=away))
    for lesson, readers in _left(absence, by):
        letters.add_all(readers, partial(_undecided, lesson, away=away))
    letters.write(N_("Course series: a lesson is changed"))


def tell_back(absence: Absence, *, by: Person) -> None:
    """Mails to everyone who was told, that the lessons are as they were. To be asked before they are."""
    outcomes, away = planning.outcomes(session(), absence.change), absence.person
    letters = Letters(by)
    for outcome, readers in _with_readers(outcomes, away):
        letters.add_all(readers, partial(_as_planned, outcome.lesson, outcome.date, outcome.start, away=away))
    for lesson, readers in _left(absence, by):
        letters.add_all(readers, partial(_as_planned, lesson, lesson.date, lesson.start, away=away))
    letters.write(N_("Course series: a change is taken back"))


def _undecided(lesson: Lesson, reader: Person, away: Person) -> str:
    which = _lesson(lesson, lesson.date, lesson.start, reader)
    return gettext("%(lesson)s: %(name)s is away, and nothing is decided yet.", lesson=which, name=away.name)


def _as_planned(lesson: Lesson, date: date, start: time, reader: Person, away: Person) -> str:
    which = _lesson(lesson, date, start, reader)
    return gettext("%(lesson)s: the lesson is held as planned after all, by %(name)s.", lesson=which, name=away.name)


def _with_readers(outcomes: Sequence[Outcome], away: Person) -> list[tuple[Outcome, list[Person]]]:
    """Each lesson with those who are told: who may know of one of its classes, or holds it."""
    teachers = planning.teachers_of(session(), [one.lesson for one in outcomes], today())
    found = []
    for one in outcomes:
        everyone = {reader.id: reader for reader in [*teachers[one.lesson.id], *one.lesson.staff, *one.agents, away]}
        found.append((one, [reader for reader in everyone.values() if names(one.lesson, reader)]))
    return found


def _left(absence: Absence, by: Person) -> list[tuple[Lesson, list[Person]]]:
    """The lessons of groups that whoever said so may not know of: their own teachers and agents are told that she is away."""
    lessons = planning.lessons_left(session(), absence.person, absence.from_date, absence.to_date, by=by, today=today())
    teachers = planning.teachers_of(session(), lessons, today())
    return [(one, [*teachers[one.id], *one.staff]) for one in lessons]


def _lesson(lesson: Lesson, on: date, start: time, reader: Person) -> str:
    when = f"{weekday(on)} {day(on)} {clock(start)}"
    # Translators: a lesson: its class, its theme, and when it is held
    return gettext("%(name)s, “%(title)s”, %(date)s", name=names(lesson, reader), title=title(lesson), date=when)


# --- The answer to a teacher ----------------------------------------------------------------------------------------------------------


def tell_answer(proposal: DateProposal, *, by: Person) -> None:
    """Mails to the class's teachers: what became of their proposal."""
    letters = Letters(by)
    teachers = planning.teachers_of(session(), [proposal.lesson], today())[proposal.lesson_id]
    letters.add_all(teachers, lambda reader: _answered(proposal, reader))
    letters.write(N_("Course series: an answer about a lesson"))


def _answered(proposal: DateProposal, reader: Person) -> str:
    return f"{_lesson(proposal.lesson, proposal.lesson.date, proposal.lesson.start, reader)}: {_answer(proposal)}"


def _answer(proposal: DateProposal) -> str:
    if proposal.state == planning.ACCEPTED:
        return gettext("the lesson is moved here, since the class was taken on %(date)s.", date=day(proposal.stood_on))
    if proposal.state == planning.DECLINED:
        return gettext("the agent cannot move the lesson now. It is held as planned.")
    return gettext("the answer is taken back, and another comes later. Until then it is held as planned.")


@dataclass(frozen=True)
class Taken:
    """What a teacher said of a lesson whose class is taken, as the agent reads it."""

    proposal: ToAnswer
    names: str
    title: str
    why: str


def taken(reader: Person) -> list[Taken]:
    """What waits for somebody's answer, by the date of the lesson. A fixed number of queries."""
    found = planning.proposals_to_answer(session(), reader, today())
    return [Taken(one, names(one.lesson, reader), title(one.lesson), why_taken(one)) for one in found]


def why_taken(proposal: DateProposal | ToAnswer) -> str:
    """Why the class is taken, in the page's language; empty when nothing was said."""
    return gettext(planning.CHANGE_REASONS[proposal.why]) if proposal.why in planning.CHANGE_REASONS else ""
