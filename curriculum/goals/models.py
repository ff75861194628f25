"""LK20: curricula by version, their competence aims, and the core curriculum's sections. The same for every district."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from curriculum.base import Base


class Framework(Base):
    """One version of a subject's curriculum (læreplan), such as SAF01-05, valid from a date."""

    __tablename__ = "framework"
    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    subject_nb: Mapped[str] = mapped_column(String(120))
    subject_en: Mapped[str] = mapped_column(String(120))
    valid_from: Mapped[date | None] = mapped_column()
    previous_code: Mapped[str | None] = mapped_column(String(20))


class Aim(Base):
    """A competence aim. `label_*` is our own short wording; the official sentence stands in `official` once imported (by language)."""

    __tablename__ = "aim"
    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    framework_code: Mapped[str] = mapped_column(ForeignKey("framework.code"), index=True)
    previous_code: Mapped[str | None] = mapped_column(String(20), index=True)
    goal_set: Mapped[str | None] = mapped_column(String(20))
    after_year: Mapped[int] = mapped_column()
    position: Mapped[int] = mapped_column(default=0)
    tt1: Mapped[bool | None] = mapped_column()
    """Whether Udir tags it with folkehelse og livsmestring; None where it was not read."""
    label_nb: Mapped[str] = mapped_column(Text)
    label_en: Mapped[str] = mapped_column(Text)
    official: Mapped[dict[str, str] | None] = mapped_column(JSON)
    uri: Mapped[str] = mapped_column(String(200), default="")
    framework: Mapped[Framework] = relationship()


class Section(Base):
    """A section of the core curriculum (overordnet del), such as 2.5.1."""

    __tablename__ = "core_section"
    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    label_nb: Mapped[str] = mapped_column(Text)
    label_en: Mapped[str] = mapped_column(Text)
