"""The demo's district: its languages, its help line, and what its parents may read."""

from __future__ import annotations

from sqlalchemy.orm import Session

from curriculum.people import District, DistrictLanguage, HelpLine
from curriculum.text import LANGUAGES

OPEN = ("nb", "en", "ur", "so", "ar", "ta", "pl")


def make_district(db: Session) -> District:
    """The district, which alone lets parents read a machine's drafts of everything."""
    district = District(
        key="demo",
        name="Bydel Solbakken (oppdiktet)",
        parents_read="draft",
        is_demo=True,
        languages=[DistrictLanguage(tag=tag, position=number, is_open=tag in OPEN) for number, tag in enumerate(LANGUAGES, start=1)],
        help_lines=[HelpLine(position=1, name="Alarmtelefonen for barn og unge", phone="116 111")],
    )
    db.add(district)
    db.flush()
    return district
