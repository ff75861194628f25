"""The reasons to choose from; of a small group, which is confidential, no others are kept (product rule 3)."""

from __future__ import annotations

from collections.abc import Mapping

from curriculum.base import N_, Refused
from curriculum.people import SMALL, SchoolClass

CHANGE_REASONS = {
    "Sykdom hos ansatte": N_("Staff are ill"),
    "Rommet er opptatt": N_("The room is taken"),
    "Tur eller arrangement": N_("An excursion or an event"),
    "Prøve": N_("A test"),
    "Annet": N_("Something else"),
}
"""Why a lesson is moved or cancelled: what is kept, which like the calendar's reasons is in the source language, and how it is chosen."""

WAIVER_REASONS = {
    "Gruppa har hatt temaet før": N_("The group has had the theme before"),
    "Temaet tas sammen med klassen": N_("The theme is held together with the class"),
    "Det er ikke tid dette skoleåret": N_("There is no time this school year"),
    "Annet": N_("Something else"),
}
"""Why a small group's series may leave out a fixed theme."""


def refuse_free_text(school_class: SchoolClass, why: str, reasons: Mapping[str, str], at: str) -> None:
    """Raise Refused for anything but one of the reasons, or none, where the class is a small group."""
    if school_class.kind == SMALL and why and why not in reasons:
        raise Refused(N_("For a small group choose one of the reasons. Nothing is written about its pupils."), at=at)
