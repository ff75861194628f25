"""What of the curriculum each version of a theme serves: its aims and core sections with their subjects."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum.goals import Aim, Section, aims_by_code, sections_by_code
from curriculum.ideabank.models import AimLink

MAIN, SUPPORTING = "main", "supporting"


@dataclass(frozen=True)
class Served:
    """An aim or a section of the core curriculum that a theme serves. `aim` or `section` is None where we do not know the code."""

    code: str
    role: str
    is_section: bool
    aim: Aim | None
    section: Section | None

    @property
    def is_main(self) -> bool:
        return self.role == MAIN


def served_by(db: Session, versions: Collection[int]) -> dict[int, list[Served]]:
    """What each of these versions (by id) serves, in the theme's order. Three queries, however many they are."""
    links = db.scalars(select(AimLink).where(AimLink.version_id.in_(versions)).order_by(AimLink.version_id, AimLink.position)).all()
    aims = aims_by_code(db, {link.code for link in links if not link.is_section})
    sections = sections_by_code(db, {link.code for link in links if link.is_section})
    found: dict[int, list[Served]] = {version: [] for version in versions}
    for link in links:
        aim, section = (None, sections.get(link.code)) if link.is_section else (aims.get(link.code), None)
        found[link.version_id].append(Served(link.code, link.role, link.is_section, aim, section))
    return found
