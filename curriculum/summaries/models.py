"""What parents read and hear beside the bank: translations and recordings, each beside a copy of its text, and what is on for them."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from curriculum.base import IMMUTABLE, Base, new_code
from curriculum.ideabank import Document
from curriculum.people import Person, Placement, School, Scope, place

DRAFT, TRANSLATED, CHECKED = "draft", "translated", "checked"


class Translation(Base):
    """One translation of one segment into one language. Rows are only added; the newest for (document, uid, language) holds.

    `origin` is kept for ever: human, memory, machine, or machine-edited (a human worked on a machine's draft).
    """

    __tablename__ = "translation"
    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    uid: Mapped[str] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(10))
    source_text: Mapped[str] = mapped_column(Text)
    source_hash: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12))
    origin: Mapped[str] = mapped_column(String(40))
    translator_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    checker_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    checker_role: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime] = mapped_column()
    document: Mapped[Document] = relationship()
    translator: Mapped[Person | None] = relationship(foreign_keys=translator_id)
    __table_args__ = (
        CheckConstraint("state in ('draft', 'translated', 'checked')", name="state"),
        Index("ix_translation_place", "document_id", "language", "uid"),
        {"info": IMMUTABLE},
    )

    @property
    def scope(self) -> Scope:
        return Scope(self.district_id, language=self.language)


place(Translation, Placement(Translation.district_id, language=Translation.language.in_))


class Recording(Base):
    """A voice that reads a text to parents, beside a copy of that text: it is heard while the text still says the same.

    `about` names what is read: `summary:` and a theme's key, `term:` and a word's, or `name:` and a language's tag. The newest holds.
    """

    __tablename__ = "recording"
    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"))
    public_id: Mapped[str] = mapped_column(String(10), unique=True, default=lambda: new_code(10))
    about: Mapped[str] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    """What was read, word for word."""
    text_hash: Mapped[str] = mapped_column(String(16))
    type: Mapped[str] = mapped_column(String(20))
    seconds: Mapped[float] = mapped_column()
    size: Mapped[int] = mapped_column()
    """In bytes."""
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Whose voice was taken in; nobody's for the demo's trial sounds, which are tones."""
    at: Mapped[datetime] = mapped_column()
    withdrawn_at: Mapped[datetime | None] = mapped_column()
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    by: Mapped[Person | None] = relationship(foreign_keys=by_id)
    __table_args__ = (Index("ix_recording_about", "district_id", "about", "language"),)

    @property
    def scope(self) -> Scope:
        return Scope(self.district_id, language=self.language, published=True)


place(Recording, Placement(Recording.district_id, language=Recording.language.in_, published=True))


class ParentEvent(Base):
    """Something the district holds for parents: a café, an evening about a theme. At one school, or for those of all (no school)."""

    __tablename__ = "parent_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"))
    school_id: Mapped[int | None] = mapped_column(ForeignKey("school.id"), index=True)
    public_id: Mapped[str] = mapped_column(String(10), unique=True, default=lambda: new_code(6))
    kind: Mapped[str] = mapped_column(String(12))
    date: Mapped[date] = mapped_column()
    start: Mapped[time] = mapped_column()
    end: Mapped[time] = mapped_column()
    place: Mapped[str] = mapped_column(String(120))
    interpreters: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Tags of the languages that an interpreter is there for."""
    removed_at: Mapped[datetime | None] = mapped_column()
    version: Mapped[int] = mapped_column()
    school: Mapped[School | None] = relationship()
    __table_args__ = (Index("ix_parent_event_date", "district_id", "date"),)
    __mapper_args__ = {"version_id_col": version}

    @property
    def scope(self) -> Scope:
        return Scope(self.district_id, published=True)


class Activity(Base):
    """Something children may take part in after school, in words that are not translated. Near one school, or for all (no school)."""

    __tablename__ = "activity"
    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    school_id: Mapped[int | None] = mapped_column(ForeignKey("school.id"), index=True)
    public_id: Mapped[str] = mapped_column(String(10), unique=True, default=lambda: new_code(6))
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(80))
    place: Mapped[str] = mapped_column(String(120))
    when: Mapped[str] = mapped_column(String(120))
    for_whom: Mapped[str] = mapped_column(String(120), default="")
    is_free: Mapped[bool] = mapped_column(default=False)
    phone: Mapped[str] = mapped_column(String(20), default="")
    link: Mapped[str] = mapped_column(String(200), default="")
    until: Mapped[date | None] = mapped_column()
    """The last day on which it is shown."""
    removed_at: Mapped[datetime | None] = mapped_column()
    version: Mapped[int] = mapped_column()
    school: Mapped[School | None] = relationship()
    __mapper_args__ = {"version_id_col": version}

    @property
    def scope(self) -> Scope:
        return Scope(self.district_id, published=True)


place(ParentEvent, Placement(ParentEvent.district_id, published=True))
place(Activity, Placement(Activity.district_id, published=True))
