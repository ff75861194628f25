"""Putting a series into use with all its fixed themes, or a waiver for one; and throwing away a plan that is not in use yet."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum import text
from curriculum.base import N_, Refused
from curriculum.ideabank import Document, DocumentVersion
from curriculum.people import AuditEvent, Person, make_links
from curriculum.planning.engine.checking import check
from curriculum.planning.models import CANCELLED, CONTINUED, HELD, Series, Waiver
from curriculum.planning.reasons import WAIVER_REASONS, refuse_free_text
from curriculum.planning.stating import plan_as_it_stands, problem_for
from curriculum.planning.wishing import places, refuse_beside, refuse_second, series_beside, series_by_template


def note(db: Session, kind: str, series: Series, by: Person | None, now: datetime) -> None:
    """Put what was done to a series on record."""
    db.add(AuditEvent(district_id=series.district_id, at=now, kind=kind, person_id=by.id if by else None, about=series.public_id))
    db.flush()


def fixed_themes(outline: DocumentVersion) -> list[str]:
    """Keys of the themes that every class has, in the outline's order."""
    return [place.theme for place in places(outline) if place.fixed]


def missing_themes(db: Session, series: Series) -> list[Document]:
    """The fixed themes of the series' outline that it holds no lesson of and no waiver covers, in the outline's order."""
    lacking = missing_keys(series, {lesson.theme.key for lesson in series.lessons if lesson.state != CANCELLED})
    if not lacking:
        return []
    found = db.scalars(select(Document).where(Document.district_id == series.district_id, Document.key.in_(lacking))).all()
    return sorted(found, key=lambda theme: lacking.index(theme.key))


def missing_keys(series: Series, held: Collection[str]) -> list[str]:
    """Keys of the fixed themes of the series' outline that are not among those it holds (`held`) and no waiver covers, in its order."""
    there = {*held, *(waiver.theme.key for waiver in series.waivers)}
    return [key for key in fixed_themes(series.outline_version) if key not in there]


def put_in_use(db: Session, series: Series, *, by: Person | None, today: date, now: datetime) -> Series:
    """From now on teachers and parents see the series, by links that the class gets if it has none.

    Raises Refused while a fixed theme is missing without a waiver, where the whole class or its halves have a series in use, and where
    another series of the class in use has some of the themes.
    """
    if not series.in_use:
        refuse_beside(series.school_class, series_beside(db, [series.school_class], in_use=True))
        _refuse_twice(db, series, today)
    if missing := missing_themes(db, series):
        titles = ", ".join(f"“{_title(theme, today)}”" for theme in missing)
        raise Refused(N_("Fixed themes are missing: %(titles)s. Add them, or give a waiver with a reason."), titles=titles)
    if not series.in_use:
        series.in_use = True
        note(db, "series in use", series, by, now)
        make_links(db, series.school_class, by=by, today=today, now=now)
    return series


def _refuse_twice(db: Session, series: Series, today: date) -> None:
    """Refuse the themes that the class has in another series in use."""
    mine = {lesson.theme_id for lesson in series.lessons if lesson.state != CANCELLED}
    query = select(Series).where(Series.class_id == series.class_id, Series.id != series.id, Series.in_use).order_by(Series.id)
    for other in db.scalars(query):
        twice = {lesson.theme for lesson in other.lessons if lesson.state != CANCELLED and lesson.theme_id in mine}
        if twice:
            titles = ", ".join(sorted(f"“{_title(theme, today)}”" for theme in twice))
            words = N_(
                "%(name)s has these themes in its series “%(series)s” already: %(titles)s. Cancel them here, or throw this plan away and "
                "make one without them."
            )
            raise Refused(words, name=series.school_class.name, series=other.title, titles=titles)


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

    Raises Refused when another series was made of the same outline meanwhile, or one of its halves or whole class, or when an agent or the
    pupils have come to have another lesson at one of its times.
    """
    if series.thrown_away_at is None:
        return series
    refuse_second(series.school_class, series.outline_version, series_by_template(db, [series.school_class]))
    refuse_beside(series.school_class, series_beside(db, [series.school_class]))
    taken = [one for one in check(problem_for(db, series), plan_as_it_stands(series)).violations if one.rule in ("H07", "H19")]
    if taken:
        words = N_("The series cannot be brought back: its agents or its pupils have other lessons at its times now. Make a new one.")
        raise Refused(words)
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
