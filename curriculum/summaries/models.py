"""Translations of what parents read: each stands beside a copy of the source it was made from."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from curriculum.base import IMMUTABLE, Base
from curriculum.ideabank import Document
from curriculum.people import Person, Placement, Scope, place

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
