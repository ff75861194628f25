"""LK20: curricula by version, their competence aims, and the core curriculum's sections. The same for every district."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from curriculum.base import Base

Official = dict[str, str]
"""Udir's own words by language (BCP 47); "no" where Grep does not say which Norwegian."""


class Framework(Base):
    """One version of a subject's curriculum (læreplan), such as SAF01-05: in force from `valid_from` to `valid_to`, both included."""

    __tablename__ = "framework"
    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    subject_nb: Mapped[str] = mapped_column(String(120))
    subject_en: Mapped[str] = mapped_column(String(120))
    valid_from: Mapped[date | None] = mapped_column()
    """None where it was not read."""
    valid_to: Mapped[date | None] = mapped_column()
    """None while no end is known."""
    previous_code: Mapped[str | None] = mapped_column(String(20))
    language: Mapped[str | None] = mapped_column(String(10))
    """The målform it was laid down in, once imported."""

    def over_since(self, today: date) -> date | None:
        """The first day without it, when that day has come."""
        return self.valid_to + timedelta(days=1) if self.valid_to and self.valid_to < today else None


class Aim(Base):
    """A competence aim. `label_*` is our own short wording; the official sentence stands in `official` once imported (by language)."""

    __tablename__ = "aim"
    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    framework_code: Mapped[str] = mapped_column(ForeignKey("framework.code"), index=True)
    previous_code: Mapped[str | None] = mapped_column(String(20), unique=True)
    """The aim of the plan before that this one took over from: it is that aim's successor."""
    goal_set: Mapped[str | None] = mapped_column(String(20))
    after_year: Mapped[int] = mapped_column()
    position: Mapped[int] = mapped_column(default=0)
    tt1: Mapped[bool | None] = mapped_column()
    """Whether Udir tags it with folkehelse og livsmestring; None where it was not read."""
    is_withdrawn: Mapped[bool] = mapped_column(default=False)
    """Whether Grep says that it is retired, whatever its plan's dates."""
    label_nb: Mapped[str] = mapped_column(Text)
    label_en: Mapped[str] = mapped_column(Text)
    official: Mapped[Official | None] = mapped_column(JSON)
    explanation: Mapped[Official | None] = mapped_column(JSON)
    """What Udir says about it (`forklaring`), as plain paragraphs."""
    uri: Mapped[str] = mapped_column(String(200), default="")
    framework: Mapped[Framework] = relationship()


class Section(Base):
    """A section of the core curriculum (overordnet del), such as 2.5.1."""

    __tablename__ = "core_section"
    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    label_nb: Mapped[str] = mapped_column(Text)
    label_en: Mapped[str] = mapped_column(Text)


class CrossTheme(Base):
    """A cross-curricular theme (tverrfaglig tema) such as TT1, under its imported name."""

    __tablename__ = "cross_theme"
    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    official: Mapped[Official] = mapped_column(JSON)
