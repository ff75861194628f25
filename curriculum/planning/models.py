"""Planning's tables: series, lessons, school calendars and what a plan has to work around."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, String, Table, Text, UniqueConstraint, and_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from curriculum.base import IMMUTABLE, PRIVATE, Base, new_code
from curriculum.ideabank import Document, DocumentVersion
from curriculum.people import District, Person, Placement, School, SchoolClass, Scope, classes_of_schools, place

PLANNED, HELD, CONTINUED, CANCELLED = "planned", "held", "continued", "cancelled"

CLOSED, AVOIDED, HEEDED = "closed", "avoided", "heeded"
"""Days without teaching; days that a plan avoids if the year has room (national tests); days to bear in mind, as advice only (ramadan)."""

ASKED, YES, NO = "asked", "yes", "no"
"""What a presenter has been asked and has answered."""

OPEN, ACCEPTED, DECLINED = "open", "accepted", "declined"
"""What became of a proposal."""

MOVED, RESTORED = "moved", "restored"
"""What else than CANCELLED a lesson's history tells of."""


class SchoolCalendar(Base):
    """Days without teaching in a span of dates, for a whole district or for one school of it. Data per municipality, never code."""

    __tablename__ = "school_calendar"
    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    school_id: Mapped[int | None] = mapped_column(ForeignKey("school.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    from_date: Mapped[date] = mapped_column()
    to_date: Mapped[date] = mapped_column()
    version: Mapped[int] = mapped_column()
    closed: Mapped[list[ClosedDays]] = relationship(order_by="ClosedDays.from_date")
    __table_args__ = (UniqueConstraint("district_id", "school_id", "name"),)
    __mapper_args__ = {"version_id_col": version}

    @property
    def scope(self) -> Scope:
        return Scope(self.district_id, frozenset({self.school_id} if self.school_id else ()), published=True)


class ClosedDays(Base):
    """A span of days (both ends included) on which there is no teaching, or something else to work around, and why.

    It holds for all of its calendar's classes, for those with a year (trinn) in `grades`, or for one class alone.
    """

    __tablename__ = "closed_days"
    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("school_calendar.id"), index=True)
    from_date: Mapped[date] = mapped_column()
    to_date: Mapped[date] = mapped_column()
    reason: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(8), default=CLOSED)
    """CLOSED, AVOIDED or HEEDED."""
    grades: Mapped[list[int]] = mapped_column(JSON, default=list)
    """The years it holds for; empty: all."""
    class_id: Mapped[int | None] = mapped_column(ForeignKey("school_class.id"), index=True)
    """The one class it holds for (a school camp); None: all."""
    __table_args__ = (CheckConstraint("kind in ('closed', 'avoided', 'heeded')", name="kind"),)


class Elsewhere(Base):
    """The weekday on which an agent works elsewhere (the child welfare service), within dates. Schools see only 'not available'."""

    __tablename__ = "elsewhere"
    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    weekday: Mapped[int] = mapped_column()
    from_date: Mapped[date] = mapped_column()
    to_date: Mapped[date | None] = mapped_column()


class Absence(Base):
    """Days (both ends included) on which a person is away. Why is kept nowhere: it may be about her health."""

    __tablename__ = "absence"
    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    from_date: Mapped[date] = mapped_column()
    to_date: Mapped[date] = mapped_column()
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column()
    change_id: Mapped[int | None] = mapped_column(ForeignKey("plan_change.id"), index=True)
    """What became of her lessons then: taken back, it takes the absence with it."""
    person: Mapped[Person] = relationship(foreign_keys=person_id)
    change: Mapped[PlanChange | None] = relationship()


class Workload(Base):
    """How many lessons a day and an ISO week an agent may have at most, and how many she would rather have; None: nothing is said."""

    __tablename__ = "workload"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    max_per_day: Mapped[int | None] = mapped_column()
    max_per_week: Mapped[int | None] = mapped_column()
    target_per_day: Mapped[int | None] = mapped_column()
    target_per_week: Mapped[int | None] = mapped_column()
    person: Mapped[Person] = relationship()


class Travel(Base):
    """The minutes from one school to another, either way; `school_id` is the lesser id."""

    __tablename__ = "travel"
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("school.id"), primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    minutes: Mapped[int] = mapped_column()
    __table_args__ = (CheckConstraint("school_id < other_id", name="order"),)


class Room(Base):
    """A room of a school: what it offers, and the weekly times at which the school uses it itself.

    `busy` holds {"weekday": 0 = Monday, "start": "HH:MM", "end": "HH:MM"}.
    """

    __tablename__ = "room"
    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    public_id: Mapped[str] = mapped_column(String(10), unique=True, default=lambda: new_code(6))
    name: Mapped[str] = mapped_column(String(80))
    features: Mapped[list[str]] = mapped_column(JSON, default=list)
    busy: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column()
    school: Mapped[School] = relationship()
    __table_args__ = (UniqueConstraint("school_id", "name"),)
    __mapper_args__ = {"version_id_col": version}

    @property
    def scope(self) -> Scope:
        return Scope(self.district_id, frozenset({self.school_id}))


class Presenter(Base):
    """Somebody from outside who holds a part of a lesson (the police): what for, what they bring themselves, and how they are reached."""

    __tablename__ = "presenter"
    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    public_id: Mapped[str] = mapped_column(String(10), unique=True, default=lambda: new_code(6))
    name: Mapped[str] = mapped_column(String(80))
    skill: Mapped[str] = mapped_column(String(40))
    """What themes name as their presenter (`Lesson.presenter`)."""
    contact: Mapped[str] = mapped_column(String(200), default="")
    material: Mapped[str] = mapped_column(Text, default="")
    """What they bring or want prepared, in words."""
    schools: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Public ids of the schools they come to; empty: all of the district."""
    offers: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """When they can come: {"date": ISO, "start": "HH:MM", "end": "HH:MM"}; empty: nothing is said."""
    max_per_day: Mapped[int | None] = mapped_column()
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column()
    __table_args__ = (UniqueConstraint("district_id", "name"),)
    __mapper_args__ = {"version_id_col": version}

    @property
    def scope(self) -> Scope:
        return Scope(self.district_id, published=True)


series_agents = Table(
    "series_agent",
    Base.metadata,
    Column("series_id", ForeignKey("series.id"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True, index=True),
)


class Series(Base):
    """A class's course series for a school year, made from an outline."""

    __tablename__ = "series"
    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    public_id: Mapped[str] = mapped_column(String(10), unique=True, default=lambda: new_code(6))
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"), index=True)
    outline_version_id: Mapped[int] = mapped_column(ForeignKey("document_version.id"))
    title: Mapped[str] = mapped_column(String(120))
    from_date: Mapped[date] = mapped_column()
    to_date: Mapped[date] = mapped_column()
    in_use: Mapped[bool] = mapped_column(default=False)
    """False while it is being planned; parents and teachers see only series in use."""
    thrown_away_at: Mapped[datetime | None] = mapped_column()
    """Set when a plan was thrown away before it came into use: gone for everyone, but it can be brought back."""
    confirmed_at: Mapped[datetime | None] = mapped_column()
    """When the school said that the weekly times are right; None again once they change."""
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column()
    district: Mapped[District] = relationship()
    school_class: Mapped[SchoolClass] = relationship()
    outline_version: Mapped[DocumentVersion] = relationship()
    slots: Mapped[list[Slot]] = relationship(order_by="Slot.weekday, Slot.start", back_populates="series", cascade="all, delete-orphan")
    agents: Mapped[list[Person]] = relationship(secondary=series_agents, order_by=Person.name)
    lessons: Mapped[list[Lesson]] = relationship(order_by="Lesson.date, Lesson.start, Lesson.position", back_populates="series")
    waivers: Mapped[list[Waiver]] = relationship()
    __mapper_args__ = {"version_id_col": version}

    @property
    def scope(self) -> Scope:
        return replace(self.school_class.scope, is_gone=self.thrown_away_at is not None)


class Slot(Base):
    """A weekly time of a series, 0 = Monday, in the school's local time."""

    __tablename__ = "slot"
    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"), index=True)
    weekday: Mapped[int] = mapped_column()
    start: Mapped[time] = mapped_column()
    end: Mapped[time] = mapped_column()
    from_date: Mapped[date | None] = mapped_column()
    to_date: Mapped[date | None] = mapped_column()
    cycle_anchor: Mapped[date | None] = mapped_column()
    """The Monday of the first week of a repeating cycle (A/B weeks); None: it holds every week."""
    cycle_every: Mapped[int | None] = mapped_column()
    cycle_weeks: Mapped[list[int]] = mapped_column(JSON, default=list)
    """In which weeks of the cycle it holds, from 0."""
    series: Mapped[Series] = relationship(back_populates="slots")
    __table_args__ = (CheckConstraint("weekday between 0 and 6", name="weekday"),)


lesson_classes = Table(
    "lesson_class",
    Base.metadata,
    Column("lesson_id", ForeignKey("lesson.id"), primary_key=True),
    Column("class_id", ForeignKey("school_class.id"), primary_key=True, index=True),
)
lesson_staff = Table(
    "lesson_staff",
    Base.metadata,
    Column("lesson_id", ForeignKey("lesson.id"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True, index=True),
)


class Lesson(Base):
    """One dated lesson of one theme. Follows the theme's newest version until it is held, or `version_id` pins another."""

    __tablename__ = "lesson"
    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    public_id: Mapped[str] = mapped_column(String(10), unique=True, default=lambda: new_code(6))
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"), index=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    position: Mapped[int] = mapped_column()
    """Its place in the outline, from 1."""
    pinned_version_id: Mapped[int | None] = mapped_column(ForeignKey("document_version.id"))
    date: Mapped[date] = mapped_column(index=True)
    start: Mapped[time] = mapped_column()
    end: Mapped[time] = mapped_column()
    minutes: Mapped[int] = mapped_column()
    room_need: Mapped[list[str]] = mapped_column(JSON, default=list)
    room: Mapped[str] = mapped_column(String(80), default="")
    room_confirmed: Mapped[bool] = mapped_column(default=False)
    """Whether the school said that the room is free then; False again once the room, the date or the time changes."""
    presenter: Mapped[str] = mapped_column(String(40), default="")
    """The skill it needs somebody from outside for."""
    presenter_id: Mapped[int | None] = mapped_column(ForeignKey("presenter.id"), index=True)
    presenter_answer: Mapped[str] = mapped_column(String(8), default="")
    """Empty until they are asked, then ASKED, YES or NO; ASKED again once the date or the time changes."""
    fallback_theme_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    """What is held instead when the presenter cannot come."""
    joint: Mapped[str | None] = mapped_column(String(10), index=True)
    """The same code for the lessons of several classes that are held as one."""
    by_teacher: Mapped[bool] = mapped_column(default=False)
    """The class's teacher holds it, since no agent can."""
    carried_from_id: Mapped[int | None] = mapped_column(ForeignKey("lesson.id"))
    """The lesson whose unfinished steps are taken up in this one."""
    date_locked: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(10), default=PLANNED)
    held_record: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """The texts of the day it was held: version, skipped and unfinished steps, source and translations. Never HTML."""
    local_steps: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column()
    series: Mapped[Series] = relationship(back_populates="lessons")
    theme: Mapped[Document] = relationship(foreign_keys=theme_id)
    pinned_version: Mapped[DocumentVersion | None] = relationship()
    asked_presenter: Mapped[Presenter | None] = relationship()
    fallback_theme: Mapped[Document | None] = relationship(foreign_keys=fallback_theme_id)
    carried_from: Mapped[Lesson | None] = relationship(remote_side=id)
    classes: Mapped[list[SchoolClass]] = relationship(secondary=lesson_classes)
    staff: Mapped[list[Person]] = relationship(secondary=lesson_staff, order_by=Person.name)
    moves: Mapped[list[Move]] = relationship(order_by="Move.id")
    __table_args__ = (CheckConstraint("state in ('planned', 'held', 'continued', 'cancelled')", name="state"),)
    __mapper_args__ = {"version_id_col": version}

    @property
    def scope(self) -> Scope:
        return Scope(
            self.district_id,
            frozenset(group.school_id for group in self.classes),
            frozenset(id for group in self.classes for id in group.scope.classes),
            is_gone=self.series.thrown_away_at is not None,
            persons=frozenset(person.id for person in self.staff) - {agent.id for agent in self.series.agents},
        )


class Move(Base):
    """A lesson's change of date or state: its history."""

    __tablename__ = "move"
    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10), default=MOVED)
    """MOVED, CANCELLED or RESTORED."""
    old_date: Mapped[date] = mapped_column()
    new_date: Mapped[date] = mapped_column()
    old_start: Mapped[time | None] = mapped_column()
    new_start: Mapped[time | None] = mapped_column()
    why: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column()
    by: Mapped[Person | None] = relationship()
    __table_args__ = ({"info": IMMUTABLE},)


plan_change_series = Table(
    "plan_change_series",
    Base.metadata,
    Column("change_id", ForeignKey("plan_change.id"), primary_key=True),
    Column("series_id", ForeignKey("series.id"), primary_key=True, index=True),
)


class PlanChange(Base):
    """One accepted change of one or several series: what each lesson was and became, so that it can be taken back exactly."""

    __tablename__ = "plan_change"
    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    public_id: Mapped[str] = mapped_column(String(10), unique=True, default=lambda: new_code(6))
    kind: Mapped[str] = mapped_column(String(24))
    """What was done, by name (moved, swapped, cancelled, laid out anew, away …)."""
    lessons: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """{"lesson": public id, "before": {field: value} or None where it was added, "after": the same or None where it was taken out}."""
    slots: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Where weekly times or agents changed: {public id of the series: {"before": [slot …], "after": [slot …], "agents": …}}.

    "agents", where they are others: {"before": [id …], "after": [id …]}.
    """
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column()
    undone_at: Mapped[datetime | None] = mapped_column()
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column()
    by: Mapped[Person | None] = relationship(foreign_keys=by_id)
    series: Mapped[list[Series]] = relationship(secondary=plan_change_series)
    __table_args__ = ({"info": PRIVATE},)
    __mapper_args__ = {"version_id_col": version}


class DateProposal(Base):
    """What a class's teacher said through her link: the class is taken then; a day that would do instead, if she named one."""

    __tablename__ = "date_proposal"
    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    public_id: Mapped[str] = mapped_column(String(10), unique=True, default=lambda: new_code(6))
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"), index=True)
    stood_on: Mapped[date] = mapped_column()
    """The lesson's date when it was said."""
    why: Mapped[str] = mapped_column(String(120), default="")
    wish: Mapped[date | None] = mapped_column()
    state: Mapped[str] = mapped_column(String(8), default=OPEN)
    at: Mapped[datetime] = mapped_column()
    answered_at: Mapped[datetime | None] = mapped_column()
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column()
    lesson: Mapped[Lesson] = relationship()
    __table_args__ = (CheckConstraint("state in ('open', 'accepted', 'declined')", name="state"), {"info": PRIVATE})
    __mapper_args__ = {"version_id_col": version}

    @property
    def scope(self) -> Scope:
        return self.lesson.scope


class Waiver(Base):
    """A dated, reasoned permission to leave a fixed theme out of a series."""

    __tablename__ = "waiver"
    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"), index=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    why: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column()
    theme: Mapped[Document] = relationship()
    by: Mapped[Person] = relationship()


place(
    Series,
    Placement(
        Series.district_id,
        school=lambda schools: Series.class_id.in_(classes_of_schools(schools)),
        classes=Series.class_id.in_,
        there=Series.thrown_away_at.is_(None),
    ),
)
place(
    Lesson,
    Placement(
        Lesson.district_id,
        school=lambda schools: Lesson.id.in_(
            select(lesson_classes.c.lesson_id).where(lesson_classes.c.class_id.in_(classes_of_schools(schools)))
        ),
        classes=lambda classes: Lesson.id.in_(select(lesson_classes.c.lesson_id).where(lesson_classes.c.class_id.in_(classes))),
        there=Lesson.series.has(Series.thrown_away_at.is_(None)),
        own=lambda person: and_(
            Lesson.id.in_(select(lesson_staff.c.lesson_id).where(lesson_staff.c.person_id == person)),
            Lesson.series_id.not_in(select(series_agents.c.series_id).where(series_agents.c.person_id == person)),
        ),
    ),
)
place(SchoolCalendar, Placement(SchoolCalendar.district_id, school=SchoolCalendar.school_id.in_, published=True))
place(Room, Placement(Room.district_id, school=Room.school_id.in_))
place(Presenter, Placement(Presenter.district_id, published=True))
place(
    DateProposal,
    Placement(
        DateProposal.district_id,
        school=lambda schools: DateProposal.lesson_id.in_(
            select(lesson_classes.c.lesson_id).where(lesson_classes.c.class_id.in_(classes_of_schools(schools)))
        ),
        classes=lambda classes: DateProposal.lesson_id.in_(
            select(lesson_classes.c.lesson_id).where(lesson_classes.c.class_id.in_(classes))
        ),
    ),
)
