"""Numbers of readings and answers. No row is of a reader, of a class or of a language, and none has a time."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from curriculum.base import PRIVATE, Base

YES, PARTLY, NO = "yes", "partly", "no"
ANSWERS = (YES, PARTLY, NO)
"""What a parent may answer when asked whether a page was understood."""


class Reading(Base):
    """How many times the parents' pages of a district were read in an ISO week."""

    __tablename__ = "reading"
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    week: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    times: Mapped[int] = mapped_column()
    __table_args__ = (CheckConstraint("times > 0", name="times"), {"info": PRIVATE})


class Understood(Base):
    """How many times parents answered so of what they read about a theme (of one district, as every document is)."""

    __tablename__ = "understood"
    theme_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True)
    answer: Mapped[str] = mapped_column(String(8), primary_key=True)
    times: Mapped[int] = mapped_column()
    __table_args__ = (
        CheckConstraint("answer in ('yes', 'partly', 'no')", name="answer"),
        CheckConstraint("times > 0", name="times"),
        {"info": PRIVATE},
    )
