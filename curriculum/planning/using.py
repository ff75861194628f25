"""Putting a series into use with all its fixed themes, or a waiver for one; and throwing away a plan that is not in use yet."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum import text
from curriculum.base import N_, Refused
from curriculum.ideabank import Document, DocumentVersion
from curriculum.people import AuditEvent, Person, make_links
from curriculum.planning.checking import check
from curriculum.planning.models import CANCELLED, CONTINUED, HELD, Series, Waiver
from curriculum.planning.reasons import WAIVER_REASONS, refuse_free_text
from curriculum.planning.stating import plan_as_it_stands, problem_for
from curriculum.planning.wishing import places, refuse_second, series_by_template


def note(db: Session, kind: str, series: Series, by: Person | None, now: datetime) -> None:
    """Put what was done to a series on record."""
    db.add(AuditEvent(district_id=series.district_id, at=now, kind=kind, person_id=by.id if by else None, about=series.public_id))
    db.flush()


def fixed_themes(outline: DocumentVersion) -> list[str]:
    """Keys of the themes that every class has, in the outline's order."""
    return [place.theme for place in places(outline) if place.fixed]


def missing_themes(db: Session, series: Series) -> list[Document]:
    """The fixed themes of the series' outline that it holds no lesson of and no waiver covers, in the outline's order."""
    fixed = fixed_themes(series.outline_version)
    there = {lesson.theme.key for lesson in series.lessons if lesson.state != CANCELLED} | {waiver.theme.key for waiver in series.waivers}
    lacking = [key for key in fixed if key not in there]
    if not lacking:
        return []
    found = db.scalars(select(Document).where(Document.district_id == series.district_id, Document.key.in_(lacking))).all()
    return sorted(found, key=lambda theme: fixed.index(theme.key))


def put_in_use(db: Session, series: Series, *, by: Person | None, today: date, now: datetime) -> Series:
    """From now on teachers and parents see the series, by links that the class gets if it has none.

    Raises Refused while a fixed theme is missing without a waiver.
    """
    if missing := missing_themes(db, series):
        titles = ", ".join(f"“{_title(theme, today)}”" for theme in missing)
        raise Refused(N_("Fixed themes are missing: %(titles)s. Add them, or give a waiver with a reason."), titles=titles)
    if not series.in_use:
        series.in_use = True
        note(db, "series in use", series, by, now)
        make_links(db, series.school_class, by=by, today=today, now=now)
    return series


def take_out_of_use(db: Session, series: Series, *, by: Person | None, now: datetime) -> Series:
    """Undo `put_in_use`; links that it made stay. Raises Refused once a lesson has been recorded as held."""
    if any(lesson.state in (HELD, CONTINUED) for lesson in series.lessons):
        raise Refused(N_("A lesson of the series has been held; it stays in use."))
    if series.in_use:
        series.in_use = False
        note(db, "series out of use", series, by, now)
    return series


# --- Thrown away ---------------------------------------------------------------------------------------------------------------------


def throw_away(db: Session, series: Series, *, by: Person | None, now: datetime) -> Series:
    """A plan that was wrong is gone for everyone, until it is brought back. Raises Refused once it is in use."""
    if series.in_use:
        raise Refused(N_("The series is in use and cannot be thrown away."))
    series.thrown_away_at = now
    note(db, "series thrown away", series, by, now)
    return series


def bring_back(db: Session, series: Series, *, by: Person | None, now: datetime) -> Series:
    """Undo `throw_away`.

    Raises Refused when another series was made of the same outline meanwhile, or an agent has come to teach elsewhere at one of its times.
    """
    if series.thrown_away_at is None:
        return series
    refuse_second(series.school_class, series.outline_version, series_by_template(db, [series.school_class]))
    taken = [one for one in check(problem_for(db, series), plan_as_it_stands(series)).violations if one.rule == "H07"]
    if taken:
        raise Refused(N_("The series cannot be brought back: its agents teach others at its times now. Make a new one."))
    series.thrown_away_at = None
    note(db, "series brought back", series, by, now)
    return series


def _title(theme: Document, today: date) -> str:
    return next((version.title for version in reversed(theme.versions) if version.effective <= today), theme.key)


def waive(db: Session, series: Series, theme: Document, *, why: str, by: Person, now: datetime) -> Waiver:
    """Allow a series to leave out a fixed theme, with a reason, which shows on the pages of the series and of the school.

    Raises Refused for any other theme, for no reason, and for a small group's in words of one's own.
    """
    why = text.tidy(why).strip()
    if not why:
        raise Refused(N_("Write why the theme is left out."), at="why")
    text.refuse_personal(why)
    refuse_free_text(series.school_class, why, WAIVER_REASONS, at="why")
    if theme not in missing_themes(db, series):
        raise Refused(N_("Only a fixed theme that the series lacks needs a waiver."), at="theme")
    waiver = Waiver(district_id=series.district_id, series_id=series.id, theme=theme, why=why, by_id=by.id, at=now)
    series.waivers.append(waiver)
    db.flush()
    return waiver


def take_back_waiver(db: Session, series: Series, theme_key: str) -> None:
    """Undo `waive`. Nothing happens where there is no such waiver."""
    for waiver in [one for one in series.waivers if one.theme.key == theme_key]:
        series.waivers.remove(waiver)
        db.delete(waiver)
    db.flush()
