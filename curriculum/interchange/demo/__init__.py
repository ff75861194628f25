"""The demo district: invented places and people around the shipped content, in a school year under way. The same for the same date."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random

from sqlalchemy.orm import Session

from curriculum import planning
from curriculum.base import codes_from
from curriculum.interchange.demo.agreeing import agree
from curriculum.interchange.demo.announcing import announce
from curriculum.interchange.demo.arranging import arrange
from curriculum.interchange.demo.asking import ask_for_another_day
from curriculum.interchange.demo.cast import DEMO_CAST, DEMO_LINKS, Cast, make_cast, noon, set_demo_passwords
from curriculum.interchange.demo.counting import count
from curriculum.interchange.demo.district import OPEN, make_district
from curriculum.interchange.demo.furnishing import furnish
from curriculum.interchange.demo.sounding import sound
from curriculum.interchange.demo.teaching import teach_last_year, teach_this_year
from curriculum.interchange.demo.translating import translate
from curriculum.interchange.demo.writing import write
from curriculum.interchange.folders import load_folder
from curriculum.interchange.importing import import_po
from curriculum.people import District

__all__ = ["DEMO_CAST", "DEMO_LINKS", "make_demo", "set_demo_passwords"]


def make_demo(db: Session, content: Path, translations: Path, *, password_hash: str, today: date) -> District:
    """Fill an empty database: a district with its bank since last school year, two schools, and a year under way around `today`.

    The lesson of Granlia's 5A in the teaching week nearest to today is about friendship, where the school year is long enough for it.
    Raises Refused when the content has a fault.
    """
    with codes_from(Random("Bydel Solbakken").choice):
        district = make_district(db)
        _fill_bank(db, district, content, translations, date(planning.school_year(today) - 1, 8, 1))
        cast = make_cast(db, district, password_hash, today)
        teach_last_year(db, cast)
        write(db, cast)
        translate(db, cast)
        teach_this_year(db, cast)
        agree(db, cast)
        furnish(db, cast)
        ask_for_another_day(db, cast)
        sound(db, cast)
        arrange(db, cast)
        announce(db, cast)
        count(db, cast)
    return district


def _fill_bank(db: Session, district: District, content: Path, translations: Path, since: date) -> None:
    load_folder(db, district, content, now=noon(since), today=since)
    for tag in OPEN:
        if tag != district.source_language:
            import_po(db, district, tag, translations / tag, now=noon(since))
