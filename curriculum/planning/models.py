"""Planning's tables: series, lessons, school calendars and what a plan has to work around."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, String, Table, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from curriculum.base import IMMUTABLE, Base, new_code
from curriculum.ideabank import Document, DocumentVersion
from curriculum.people import District, Person, Placement, SchoolClass, Scope, classes_of_schools, place

PLANNED, HELD, CONTINUED, CANCELLED = "planned", "held", "continued", "cancelled"

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
    """A span of days without teaching (both ends included), and why."""

    __tablename__ = "closed_days"
    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("school_calendar.id"), index=True)
    from_date: Mapped[date] = mapped_column()
    to_date: Mapped[date] = mapped_column()
    reason: Mapped[str] = mapped_column(String(120))


class Elsewhere(Base):
    """The weekday on which an agent works elsewhere (the child welfare service), within dates. Schools see only 'not available'."""

    __tablename__ = "elsewhere"
    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    weekday: Mapped[int] = mapped_column()
    from_date: Mapped[date] = mapped_column()
    to_date: Mapped[date | None] = mapped_column()


series_agents = Table(
    "series_agent",
    Base.metadata,
    Column("series_id", ForeignKey("series.id"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True),
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
    version: Mapped[int] = mapped_column()
    district: Mapped[District] = relationship()
    school_class: Mapped[SchoolClass] = relationship()
    outline_version: Mapped[DocumentVersion] = relationship()
    slots: Mapped[list[Slot]] = relationship(order_by="Slot.weekday, Slot.start", back_populates="series")
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
    series: Mapped[Series] = relationship(back_populates="slots")
    __table_args__ = (CheckConstraint("weekday between 0 and 6", name="weekday"),)


lesson_classes = Table(
    "lesson_class",
    Base.metadata,
    Column("lesson_id", ForeignKey("lesson.id"), primary_key=True),
    Column("class_id", ForeignKey("school_class.id"), primary_key=True),
)
lesson_staff = Table(
    "lesson_staff",
    Base.metadata,
    Column("lesson_id", ForeignKey("lesson.id"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True),
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
    presenter: Mapped[str] = mapped_column(String(40), default="")
    date_locked: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(10), default=PLANNED)
    held_record: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """The texts of the day it was held: version, skipped and unfinished steps, source and translations. Never HTML."""
    local_steps: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column()
    series: Mapped[Series] = relationship(back_populates="lessons")
    theme: Mapped[Document] = relationship()
    pinned_version: Mapped[DocumentVersion | None] = relationship()
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
    ),
)
place(SchoolCalendar, Placement(SchoolCalendar.district_id, school=SchoolCalendar.school_id.in_, published=True))
