"""Looking up aims and sections, and Udir's words in the language that is read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from curriculum.goals.models import Aim, CrossTheme, Section

TT1 = "TT1"
"""Folkehelse og livsmestring. A tag is Udir's reading aid, not regulation: any aim may be linked to a theme."""

FALLBACK = ("nb", "nn", "no", "en")
"""Which language stands in for one that is missing, the nearest first."""


class Words(NamedTuple):
    """A text and the language it is in (BCP 47)."""

    text: str
    language: str


def aims_by_code(db: Session, codes: Collection[str]) -> dict[str, Aim]:
    """The aims with these codes, each with its plan; those not known are left out."""
    return {aim.code: aim for aim in db.scalars(select(Aim).options(joinedload(Aim.framework)).where(Aim.code.in_(codes)))}


def all_aims(db: Session) -> list[Aim]:
    """Every aim with its plan, also retired ones, by plan, year and place."""
    query = select(Aim).options(joinedload(Aim.framework)).order_by(Aim.framework_code, Aim.after_year, Aim.position, Aim.code)
    return list(db.scalars(query))


def sections_by_code(db: Session, codes: Collection[str]) -> dict[str, Section]:
    """The sections of the core curriculum with these codes; those not known are left out."""
    return {section.code: section for section in db.scalars(select(Section).where(Section.code.in_(codes)))}


def cross_theme_name(db: Session, code: str, language: str) -> Words | None:
    """What Udir calls a cross-curricular theme, once imported."""
    found = db.get(CrossTheme, code)
    return words_in(found.official, language) if found else None


def words_in(official: Mapping[str, str] | None, language: str) -> Words | None:
    """Udir's words in this language, else in the nearest one there is; None when nothing has been imported."""
    tags = (language, *FALLBACK, *sorted(official or {}))
    return next((Words(official[tag], tag) for tag in tags if official and tag in official), None)
