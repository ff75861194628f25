"""What a district offers its parents: the languages and their order, how much of a translation they may read, and numbers to ring."""

from __future__ import annotations

from sqlalchemy.orm import Session

from curriculum import text
from curriculum.base import N_, Refused
from curriculum.people.models import District, DistrictLanguage, HelpLine
from curriculum.people.registering import checked_name, checked_phone

CHECKED, TRANSLATED, DRAFT = "checked", "translated", "draft"
POLICIES = (CHECKED, TRANSLATED, DRAFT)
"""What parents may read: texts another human has checked; also a human's that nobody has checked; also a machine's."""

MOST_HELP_LINES = 12


def open_language(db: Session, district: District, tag: str, is_open: bool) -> DistrictLanguage:
    """Open a language for parents, or close it. Raises Refused for a language we do not know, and for closing the source language."""
    if not text.is_language(tag):
        raise Refused(N_("There is no language “%(tag)s”."), tag=tag)
    if tag == district.source_language and not is_open:
        raise Refused(N_("The texts are written in this language: it is always open."))
    found = next((one for one in district.languages if one.tag == tag), None)
    if found is None:
        found = DistrictLanguage(tag=tag, position=max((one.position for one in district.languages), default=0) + 1)
        district.languages.append(found)
    found.is_open = is_open
    db.flush()
    return found


def move_language(db: Session, district: District, tag: str, earlier: bool) -> None:
    """Let a language change places with the open one before it, or after it. At the end of the row nothing happens."""
    row = [one for one in sorted(district.languages, key=lambda one: one.position) if one.is_open]
    place = next((number for number, one in enumerate(row) if one.tag == tag), None)
    if place is None:
        raise Refused(N_("The language is not open."))
    other = place - 1 if earlier else place + 1
    if 0 <= other < len(row):
        row[place], row[other] = row[other], row[place]
    closed = [one for one in sorted(district.languages, key=lambda one: one.position) if not one.is_open]
    for number, one in enumerate([*row, *closed], start=1):
        one.position = number
    db.flush()
    db.expire(district, ["languages"])


def choose_policy(db: Session, district: District, policy: str) -> None:
    """Choose what parents may read (one of POLICIES)."""
    if policy not in POLICIES:
        raise Refused(N_("Choose among those that are offered."), at="policy")
    district.parents_read = policy
    db.flush()


def add_help_line(db: Session, district: District, name: str, phone: str, position: int | None = None) -> HelpLine:
    """A number parents may ring, last in the list. Raises Refused for a name or a number that will not do, and for too many."""
    if len(district.help_lines) >= MOST_HELP_LINES:
        raise Refused(N_("There are %(count)s help lines already. Remove one first."), count=MOST_HELP_LINES)
    last = max((line.position for line in district.help_lines), default=0)
    line = HelpLine(name=checked_name(name, 80), phone=checked_phone(phone), position=position or last + 1)
    district.help_lines.append(line)
    db.flush()
    return line


def change_help_line(db: Session, line: HelpLine, name: str, phone: str) -> None:
    """Another name or number for a help line. Raises Refused as when it was added."""
    line.name, line.phone = checked_name(name, 80), checked_phone(phone)
    db.flush()


def remove_help_line(db: Session, district: District, line: HelpLine) -> None:
    """Take a help line away from the parents' pages."""
    district.help_lines.remove(line)
    db.delete(line)
    db.flush()
