"""The idea bank's tables: documents, their versions that never change, drafts, and what is indexed from each version."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from curriculum.base import IMMUTABLE, PRIVATE, Base
from curriculum.people import District, Person, Placement, Scope, place

THEME, OUTLINE, VOCABULARY, DISTRICT_TEXTS = "theme", "outline", "vocabulary", "district-texts"
KINDS = (THEME, OUTLINE, VOCABULARY, DISTRICT_TEXTS)
TYPO, MEANING, CRITICAL = "typo", "meaning", "critical"
"""How a changed sentence of the parents' part affects its translations (see `SegmentChange`)."""


class Document(Base):
    """A document of the bank under its own key, unique in the district: a theme, an outline, the vocabulary or the district's texts."""

    __tablename__ = "document"
    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(60))
    path: Mapped[str] = mapped_column(String(200), default="")
    """Where its file stands in a content folder, so that an export comes back to the same place."""
    loaded_hash: Mapped[str | None] = mapped_column(String(64))
    """Hash of the document as last loaded from a file; while it equals the current version's, the bank has not been edited here."""
    retired_at: Mapped[datetime | None] = mapped_column()
    version: Mapped[int] = mapped_column()
    district: Mapped[District] = relationship()
    versions: Mapped[list[DocumentVersion]] = relationship(order_by="DocumentVersion.number", back_populates="document")
    draft: Mapped[Draft | None] = relationship(back_populates="document")
    __table_args__ = (
        UniqueConstraint("district_id", "key"),
        CheckConstraint("kind in ('theme', 'outline', 'vocabulary', 'district-texts')", name="kind"),
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def scope(self) -> Scope:
        return Scope(self.district_id, published=True)


class DocumentVersion(Base):
    """A version of a document, frozen for ever; in words a theme's is called its ThemeVersion."""

    __tablename__ = "document_version"
    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    number: Mapped[int] = mapped_column()
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))
    origin: Mapped[str] = mapped_column(String(16))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    publisher_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(Text)
    effective: Mapped[date] = mapped_column()
    """The first day on which lessons not yet held follow it."""
    created_at: Mapped[datetime] = mapped_column()
    document: Mapped[Document] = relationship(back_populates="versions")
    publisher: Mapped[Person | None] = relationship(foreign_keys=publisher_id)
    author: Mapped[Person | None] = relationship(foreign_keys=author_id)
    reviews: Mapped[list[Review]] = relationship(order_by="Review.id")
    __table_args__ = (UniqueConstraint("document_id", "number"), {"info": IMMUTABLE})

    @property
    def scope(self) -> Scope:
        return Scope(self.district_id, published=True)


class Draft(Base):
    """What is being written for the next version. `version` rises with every save: two editors find out about each other by it."""

    __tablename__ = "draft"
    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), unique=True)
    base_id: Mapped[int | None] = mapped_column(ForeignKey("document_version.id"))
    """The version it was begun from."""
    text: Mapped[str] = mapped_column(Text)
    authors: Mapped[list[int]] = mapped_column(JSON, default=list)
    """Ids of the persons who have written in it."""
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime] = mapped_column()
    version: Mapped[int] = mapped_column()
    document: Mapped[Document] = relationship(back_populates="draft")
    base: Mapped[DocumentVersion | None] = relationship()
    saved_by: Mapped[Person | None] = relationship()
    __table_args__ = ({"info": PRIVATE},)
    __mapper_args__ = {"version_id_col": version}

    @property
    def scope(self) -> Scope:
        return Scope(self.district_id)


class Review(Base):
    """A person's word that she has read a version and vouches for it. Beside the document, never in it."""

    __tablename__ = "review"
    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("document_version.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column()
    person: Mapped[Person] = relationship()
    __table_args__ = ({"info": IMMUTABLE},)


class Step(Base):
    """A part of how a theme is held, indexed from its version (minutes)."""

    __tablename__ = "step"
    version_id: Mapped[int] = mapped_column(ForeignKey("document_version.id"), primary_key=True)
    uid: Mapped[str] = mapped_column(String(60), primary_key=True)
    position: Mapped[int] = mapped_column()
    title: Mapped[str] = mapped_column(String(200))
    minutes: Mapped[int] = mapped_column()
    kind: Mapped[str] = mapped_column(String(12))
    is_core: Mapped[bool] = mapped_column()
    __table_args__ = ({"info": IMMUTABLE},)


class AimLink(Base):
    """An aim or core section that a version of a theme serves, and why."""

    __tablename__ = "aim_link"
    version_id: Mapped[int] = mapped_column(ForeignKey("document_version.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    is_section: Mapped[bool] = mapped_column()
    role: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column()
    __table_args__ = ({"info": IMMUTABLE},)


class Term(Base):
    """A word of the vocabulary as a version of it says it."""

    __tablename__ = "term"
    version_id: Mapped[int] = mapped_column(ForeignKey("document_version.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    position: Mapped[int] = mapped_column()
    word: Mapped[str] = mapped_column(String(80))
    forms: Mapped[list[str]] = mapped_column(JSON)
    meaning: Mapped[str] = mapped_column(Text)
    say: Mapped[str] = mapped_column(Text)
    is_sensitive: Mapped[bool] = mapped_column()
    __table_args__ = ({"info": IMMUTABLE},)


class TermUse(Base):
    """A word that a version of a theme names."""

    __tablename__ = "term_use"
    version_id: Mapped[int] = mapped_column(ForeignKey("document_version.id"), primary_key=True)
    term_key: Mapped[str] = mapped_column(String(60), primary_key=True)
    position: Mapped[int] = mapped_column()
    __table_args__ = ({"info": IMMUTABLE},)


class Segment(Base):
    """A sentence that parents read, indexed from a version: what is translated."""

    __tablename__ = "segment"
    version_id: Mapped[int] = mapped_column(ForeignKey("document_version.id"), primary_key=True)
    uid: Mapped[str] = mapped_column(String(80), primary_key=True)
    position: Mapped[int] = mapped_column()
    section: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(16), index=True)
    step_uid: Mapped[str | None] = mapped_column(String(60))
    __table_args__ = ({"info": IMMUTABLE},)


class SegmentChange(Base):
    """What became of a parents' sentence from one version to the next; the last mark for a pair of hashes holds.

    A typo keeps its translations current; a changed meaning shows them with a dated notice; a critical change withdraws them at once.
    """

    __tablename__ = "segment_change"
    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("document_version.id"), index=True)
    uid: Mapped[str] = mapped_column(String(80))
    old_hash: Mapped[str] = mapped_column(String(16))
    new_hash: Mapped[str] = mapped_column(String(16))
    mark: Mapped[str] = mapped_column(String(10))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column()
    __table_args__ = (CheckConstraint("mark in ('typo', 'meaning', 'critical')", name="mark"), {"info": IMMUTABLE})


class FactFile(Base):
    """A file beside the documents as it was loaded: the aims, or a school calendar by its name. It goes out as it came while it is true."""

    __tablename__ = "fact_file"
    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(120), default="")
    path: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    __table_args__ = (UniqueConstraint("district_id", "kind", "name"), {"info": PRIVATE})


class Proposal(Base):
    """A text someone offers as the next version: also what a loaded file becomes when the bank has been edited since."""

    __tablename__ = "proposal"
    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column()
    answer: Mapped[str | None] = mapped_column(String(12))
    """None while it waits; then taken or declined."""
    answered_at: Mapped[datetime | None] = mapped_column()
    version: Mapped[int] = mapped_column()
    document: Mapped[Document] = relationship()
    __table_args__ = (CheckConstraint("answer is null or answer in ('taken', 'declined')", name="answer"), {"info": PRIVATE})
    __mapper_args__ = {"version_id_col": version}

    @property
    def scope(self) -> Scope:
        return Scope(self.district_id)


place(Document, Placement(Document.district_id, published=True))
place(DocumentVersion, Placement(DocumentVersion.district_id, published=True))
place(Draft, Placement(Draft.district_id))
place(Proposal, Placement(Proposal.district_id))
