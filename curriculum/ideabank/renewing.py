"""Themes that link aims which are out of force: saying so, and putting the successors in their place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from curriculum.base import N_, Refused
from curriculum.goals import Retired, retired_aims
from curriculum.ideabank.documents import AimPart, ThemeDocument
from curriculum.ideabank.drafting import lock_draft, read_draft, save_front, start_draft
from curriculum.ideabank.editing import reread, section_hash
from curriculum.ideabank.models import Document, Draft
from curriculum.ideabank.parsing import Reading
from curriculum.ideabank.problems import DocumentError
from curriculum.ideabank.reading_themes import LONGEST_NOTE
from curriculum.ideabank.writing import front_values
from curriculum.people import Person


def retired_references(reading: Reading, retired: Mapping[str, Retired], path: str = "") -> list[DocumentError]:
    """A warning for each aim of a readable theme that is out of force. It stops nothing."""
    theme = reading.document
    if not isinstance(theme, ThemeDocument):
        return []
    return [
        _warning(retired[aim.code], reading.lines.get(("aims", index, "code"), 1), f"aims.{index}.code", path)
        for index, aim in enumerate(theme.aims)
        if not aim.is_section and aim.code in retired
    ]


def _warning(retired: Retired, line: int, at: str, path: str) -> DocumentError:
    problem = N_("The aim “%(code)s” was retired on %(date)s.") if retired.since else N_("The aim “%(code)s” is retired.")
    advice = N_("Its successor is “%(successor)s”.") if retired.successor else N_("It has no successor in our list.")
    values = {"code": retired.code, "date": retired.since, "successor": retired.successor}
    return DocumentError(problem, advice, path=path, line=line, at=at, is_grave=False, values=values)


def draft_warnings(db: Session, draft: Draft, today: date) -> list[DocumentError]:
    """What those who publish the draft should know: it can be published all the same."""
    reading = read_draft(draft)
    theme = reading.document
    return retired_references(reading, retired_aims(db, _codes(theme), today)) if isinstance(theme, ThemeDocument) else []


def _codes(theme: ThemeDocument) -> list[str]:
    return [aim.code for aim in theme.aims if not aim.is_section]


def with_new_aims(theme: ThemeDocument, retired: Mapping[str, Retired]) -> ThemeDocument:
    """The theme with the successors of its retired aims; each keeps its role and the note why.

    Where both stood, or two have the same successor, one line is left: main if one of them was, with both notes. An aim without a
    successor stays. Raises Refused, at the last of them, when notes do not fit in one.
    """
    together: dict[tuple[str, bool], list[AimPart]] = {}
    for aim in theme.aims:
        successor = None if aim.is_section or aim.code not in retired else retired[aim.code].successor
        together.setdefault((successor or aim.code, aim.is_section), []).append(aim)
    for aims in together.values():
        _refuse_crowded(aims, theme.aims.index(aims[-1]))
    return replace(theme, aims=tuple(_as_one(aims, code) for (code, _), aims in together.items()))


def _refuse_crowded(aims: Sequence[AimPart], last: int) -> None:
    if len(aims) > 1 and len(_notes_together(aims)) > LONGEST_NOTE:
        problem = N_("%(codes)s become one aim, and their notes together are longer than %(most)s characters. Make one of them shorter.")
        raise Refused(problem, at=f"aims.{last}.note", codes=" + ".join(aim.code for aim in aims), most=LONGEST_NOTE)


def _as_one(aims: Sequence[AimPart], code: str) -> AimPart:
    role = "main" if any(aim.role == "main" for aim in aims) else aims[0].role
    return replace(aims[0], code=code, role=role, note=_notes_together(aims))


def _notes_together(aims: Iterable[AimPart]) -> str:
    """Each note once; one that ends without a stop gets one before the next."""
    *first, last = dict.fromkeys(aim.note for aim in aims)
    return " ".join([*(note if note.endswith((".", "!", "?", "…")) else f"{note}." for note in first), last])


def use_new_aims(db: Session, document: Document, by: Person, now: datetime, today: date) -> Draft:
    """Put successors for retired aims in the theme's draft, begun when there is none.

    Raises Refused for a document that is no theme, and when notes do not fit in one.
    """
    draft = start_draft(db, document, by, now)
    lock_draft(db, draft)
    theme = reread(draft.text)
    aims = front_values(with_new_aims(theme, retired_aims(db, _codes(theme), today)))["aims"]
    return save_front(db, draft, {"aims": aims}, seen_hash=section_hash(theme, "front"), by=by, now=now)
