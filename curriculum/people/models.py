"""Districts, schools, classes, persons and what they are assigned to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, String, Table, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from curriculum.base import IMMUTABLE, PRIVATE, Base, new_code

CLASS, HALF, SMALL = "class", "half", "small"
"""Kinds of class: a whole class, an open half of one, or a confidential small group."""

AGENT, TEACHER, COORDINATOR, TRANSLATOR = "agent", "teacher", "coordinator", "translator"
HEAD, MANAGER, ADMINISTRATOR = "head", "manager", "administrator"
ROLES = (AGENT, TEACHER, COORDINATOR, TRANSLATOR, HEAD, MANAGER, ADMINISTRATOR)
"""Sosialagent, kontaktlærer, fagansvarlig, translator, rektor, avdelingsleder, administrator."""


@dataclass(frozen=True)
class Scope:
    """Where a thing belongs. `classes` may be several (a joint lesson); `published` says that every signed-in person may read it.

    What `is_gone` is nobody's: thrown away, though it can be brought back.
    """

    district: int
    schools: frozenset[int] = frozenset()
    classes: frozenset[int] = frozenset()
    language: str | None = None
    published: bool = False
    is_gone: bool = False
    persons: frozenset[int] = frozenset()
    """Those whose own it is though its class is not theirs: who holds a lesson instead of its agents."""

    @classmethod
    def of_class(cls, district: int, school: int, id: int, whole: int | None) -> Scope:
        """A half is also of its whole class: whoever may read or plan that may the same for its halves. A small group is only itself."""
        return cls(district, frozenset({school}), frozenset({id} if whole is None else {id, whole}))


class District(Base):
    """The body that holds the course series: its languages, its policies, its help lines."""

    __tablename__ = "district"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    source_language: Mapped[str] = mapped_column(String(10), default="nb")
    parents_read: Mapped[str] = mapped_column(String(12), default="translated")
    is_demo: Mapped[bool] = mapped_column(default=False)
    two_to_publish: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()
    languages: Mapped[list[DistrictLanguage]] = relationship(order_by="DistrictLanguage.position", back_populates="district")
    help_lines: Mapped[list[HelpLine]] = relationship(order_by="HelpLine.position")
    __table_args__ = (CheckConstraint("parents_read in ('checked', 'translated', 'draft')", name="parents_read"),)
    __mapper_args__ = {"version_id_col": version}

    @property
    def open_languages(self) -> list[str]:
        """Tags of the languages parents may choose, in the district's order; the source language is always among them."""
        return [language.tag for language in self.languages if language.is_open]

    @property
    def scope(self) -> Scope:
        return Scope(self.id)


class DistrictLanguage(Base):
    """One language a district offers its parents, and whether it is open."""

    __tablename__ = "district_language"
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(10), primary_key=True)
    position: Mapped[int] = mapped_column()
    is_open: Mapped[bool] = mapped_column(default=False)
    district: Mapped[District] = relationship(back_populates="languages")


class HelpLine(Base):
    """A telephone a parent may ring; the only place where numbers stand."""

    __tablename__ = "help_line"
    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    position: Mapped[int] = mapped_column()
    name: Mapped[str] = mapped_column(String(80))
    phone: Mapped[str] = mapped_column(String(20))


class School(Base):
    """A school of the district."""

    __tablename__ = "school"
    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    public_id: Mapped[str] = mapped_column(String(10), unique=True, default=lambda: new_code(6))
    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(20), default="")
    version: Mapped[int] = mapped_column()
    district: Mapped[District] = relationship()
    __table_args__ = (UniqueConstraint("district_id", "name"),)
    __mapper_args__ = {"version_id_col": version}

    @property
    def scope(self) -> Scope:
        return Scope(self.district_id, frozenset({self.id}))


taken_from = Table(
    "class_taken_from",
    Base.metadata,
    Column("class_id", ForeignKey("school_class.id"), primary_key=True),
    Column("from_id", ForeignKey("school_class.id"), primary_key=True, index=True),
)
"""Which class or classes a half or small group is taken from."""


class SchoolClass(Base):
    """A class in one school year: whole, half, or a small group that only its own staff and leaders may know of.

    Head count, never pupils.
    """

    __tablename__ = "school_class"
    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    public_id: Mapped[str] = mapped_column(String(10), unique=True, default=lambda: new_code(6))
    school_year: Mapped[int] = mapped_column()
    """The year the school year begins: 2026 for 2026–2027."""
    name: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(8), default=CLASS)
    head_count: Mapped[int | None] = mapped_column()
    version: Mapped[int] = mapped_column()
    whole_id: Mapped[int | None] = column_property(
        select(func.min(taken_from.c.from_id))
        .where(taken_from.c.class_id == id, kind == HALF)
        .correlate_except(taken_from)
        .scalar_subquery()
    )
    """Id of the whole class that a half is of; None for every other. Read with the row, so that asking a half costs no query."""
    school: Mapped[School] = relationship()
    grades: Mapped[list[ClassGrade]] = relationship(order_by="ClassGrade.grade")
    taken_from: Mapped[list[SchoolClass]] = relationship(
        secondary=taken_from,
        primaryjoin=lambda: SchoolClass.id == taken_from.c.class_id,
        secondaryjoin=lambda: SchoolClass.id == taken_from.c.from_id,
    )
    __table_args__ = (
        UniqueConstraint("school_id", "school_year", "name"),
        CheckConstraint("kind in ('class', 'half', 'small')", name="kind"),
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def is_confidential(self) -> bool:
        return self.kind == SMALL

    @property
    def shared_by(self) -> SchoolClass:
        """The class whose links and parents' page this one shares: a half that of its whole class, every other its own."""
        return self if self.whole_id is None else self.taken_from[0]

    @property
    def scope(self) -> Scope:
        return Scope.of_class(self.district_id, self.school_id, self.id, self.whole_id)


class ClassGrade(Base):
    """A year (trinn) a class holds, and the cohort (kull) those pupils are: the year they began school."""

    __tablename__ = "class_grade"
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"), primary_key=True)
    grade: Mapped[int] = mapped_column(primary_key=True)
    cohort: Mapped[int] = mapped_column()


class Person(Base):
    """A member of staff. Parents and pupils have no account and no row anywhere."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    public_id: Mapped[str] = mapped_column(String(10), unique=True, default=lambda: new_code(6))
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(10), default="nb")
    shows_first_name: Mapped[bool] = mapped_column(default=False)
    """Whether parents may read her first name."""
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column()
    district: Mapped[District] = relationship()
    assignments: Mapped[list[Assignment]] = relationship(back_populates="person", order_by="Assignment.id")
    __mapper_args__ = {"version_id_col": version}

    @property
    def first_name(self) -> str:
        return self.name.split()[0]

    @property
    def scope(self) -> Scope:
        return Scope(self.district_id)


class Assignment(Base):
    """A person's role somewhere, from a date to a date (both inclusive; no end date = until further notice)."""

    __tablename__ = "assignment"
    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(16))
    school_id: Mapped[int | None] = mapped_column(ForeignKey("school.id"), index=True)
    class_id: Mapped[int | None] = mapped_column(ForeignKey("school_class.id"), index=True)
    language: Mapped[str | None] = mapped_column(String(10))
    from_date: Mapped[date] = mapped_column()
    to_date: Mapped[date | None] = mapped_column()
    person: Mapped[Person] = relationship(back_populates="assignments")
    school_class: Mapped[SchoolClass | None] = relationship()
    __table_args__ = (CheckConstraint("role in ('" + "', '".join(ROLES) + "')", name="role"),)

    def in_effect(self, today: date) -> bool:
        return self.from_date <= today and (self.to_date is None or today <= self.to_date)


class Link(Base):
    """A way in without an account: a class's page for its parents, or its week for its teachers."""

    __tablename__ = "link"
    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    code: Mapped[str] = mapped_column(String(26), unique=True)
    expires: Mapped[date] = mapped_column()
    """The last day on which it opens."""
    revoked_at: Mapped[datetime | None] = mapped_column()
    school_class: Mapped[SchoolClass] = relationship()
    __table_args__ = (CheckConstraint("kind in ('parents', 'teacher')", name="kind"),)

    @property
    def scope(self) -> Scope:
        return self.school_class.scope


class CalendarFeed(Base):
    """The secret address of a calendar, which a calendar program reads without signing in: a person's lessons, a class's or a school's."""

    __tablename__ = "calendar_feed"
    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    class_id: Mapped[int | None] = mapped_column(ForeignKey("school_class.id"), index=True)
    school_id: Mapped[int | None] = mapped_column(ForeignKey("school.id"), index=True)
    code: Mapped[str] = mapped_column(String(26), unique=True)
    made_at: Mapped[datetime] = mapped_column()
    revoked_at: Mapped[datetime | None] = mapped_column()
    district: Mapped[District] = relationship()
    person: Mapped[Person | None] = relationship()
    school_class: Mapped[SchoolClass | None] = relationship()
    school: Mapped[School | None] = relationship()
    __table_args__ = (
        CheckConstraint(
            "(person_id is not null and class_id is null and school_id is null)"
            " or (person_id is null and class_id is not null and school_id is null)"
            " or (person_id is null and class_id is null and school_id is not null)",
            name="one_of_three",
        ),
        {"info": PRIVATE},
    )


class Mail(Base):
    """A mail to a member of staff, written in the transaction that it tells of and sent after it; kept until it is sent."""

    __tablename__ = "mail"
    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    to: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column()
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str] = mapped_column(String(200), default="")
    """Why the last try did not succeed; never what was in the mail."""
    __table_args__ = ({"info": PRIVATE},)


class SignIn(Base):
    """A signed-in browser: dead when ended or expired, so that signing out is really out."""

    __tablename__ = "sign_in"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()
    person: Mapped[Person] = relationship()
    __table_args__ = ({"info": PRIVATE},)


class Failure(Base):
    """A failed sign-in, by a keyed hash of the account: what the throttle counts."""

    __tablename__ = "sign_in_failure"
    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    __table_args__ = ({"info": PRIVATE},)


class AuditEvent(Base):
    """Something worth looking up afterwards: a sign-in, a refusal, a publication. Never an address, never a pupil."""

    __tablename__ = "audit_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"), index=True)
    at: Mapped[datetime] = mapped_column()
    kind: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    about: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    __table_args__ = ({"info": PRIVATE | IMMUTABLE},)
